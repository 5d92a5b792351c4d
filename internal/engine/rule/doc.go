// Package rule is the product's expression language: what forms check, what warnings notice, what standards ask, what a
// lifecycle's guard demands. A rule is data; Compile checks its types and units once, EvalFast judges a row, and Eval
// explains the judgement with the values that it used.
//
//	env := rule.Env{Fields: []rule.Field{
//		{Name: "built", Kind: rule.Quantity, Unit: "平方米"}, {Name: "leased", Kind: rule.Quantity, Unit: "平方米"},
//	}}
//	pack, err := rule.Compile(env, rule.Rule{
//		Code: "leased_above_built", Check: "leased <= built", Severity: rule.Error,
//		Message: rule.Text{ZH: "出租面积{leased}超过建成面积{built}", EN: "{leased} are let of {built} built"},
//	})
//	values := pack.Values() // one slot per pack.Inputs(), all missing
//	values[0], values[1] = rule.Whole(5200), rule.Whole(5000)
//	v := pack.Programs()[0].Eval(values)
//	v.State // rule.Fails; v.Trace lists leased, built and the comparison
//
// # Truth
//
// Missing is neither true nor false and never zero. && || ! all exists are those of Kleene's strong three-valued logic;
// arithmetic and comparison with something missing are unknown; known(x), is_missing(x) and coalesce(x, y) ask about it.
// What cannot be computed (overflow, division by zero) is Broken, except where the rest decides: false && 1/0 > 1 is
// false. Beside an unknown it gives way in && and ||, since the answer may still decide; in arithmetic it prevails.
// This is the arrangement of the Common Expression Language's specification, as is the syntax wherever both have a thing.
//
// # Numbers
//
// A quantity is an exact fraction of int64s with a dimension made of fen, m2, kwh and count; there is no floating point.
// Adding or comparing two dimensions does not compile; * and / make new ones (fen/m2). Overflow means that a result in
// lowest terms leaves int64. A number in the text carries its unit: 5万元, 131.2亩, 88%. A plain number is of no dimension,
// or a count beside a count; only a plain 0 fits every dimension. It is never taken for "the field's unit", so a form
// that changes from 万元 to 元 does not change its rules. In a sum or comparison a number is rounded to the whole
// canonical unit, as the figure with the same text is (kit/unit), so a stated 131.2亩 is <= 131.2亩; as a factor or divisor
// it is exact: 3万元/1亩. round(x) gives the whole canonical unit, for a ratio the ppm, half away from zero.
//
// # Time
//
// A date may be a year or a month only. A comparison that the unknown part could turn is unknown: 2024 <= 2024-06 is, 2024
// < 2025-01 holds. Hence even d == d is unknown where d has no day. Months compare exactly: month(d) is unknown for a year.
// month + 6 and month - month count months, days(a, b) the days from a to b.
//
// # The language
//
//	||  &&  == != < <= > >= in  + -  * /  ! -  ( )  c ? a : b  "text" 'text' // comment   (≥ ≤ ≠ and full-width signs too)
//	known(x) is_missing(x) coalesce(x, y, …) abs(q) min(q, …) max(q, …) round(q)
//	prev(f) year_ago(f) ytd(f) ytd_year_ago(f)      the field f at another period; ytd for quantities
//	source("record", f)                             the same figure as another source has it
//	date("2024-06") month("2024-06") month(d) year(d) day(d) days(a, b) matches(t, "RE2") t in ["a", "b"]
//	s.all(r, …) s.exists(r, …) s.count(r, …) s.sum(r, …)   over the rows of a section; r.column is a value of the row
//	count(s) sum(s.column)
//
// A text has no escapes: it ends at its own quotation mark. An absent section is missing; an empty one has no rows.
//
// It is not a programming language (no loops but over given rows, no functions of one's own) and reads nothing by itself:
// the caller loads what Inputs lists. docs/adr/0007-expression-language.md says why it is not cel-go.
package rule
