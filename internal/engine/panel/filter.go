package panel

import (
	"math"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Filter chooses the rows for which every predicate holds. The empty filter chooses all rows.
type Filter []Predicate

// Predicate is a test of one row: true or false, never a third thing. Unknown values fail every test except those that
// ask for them (In(dim, ""), IntUnknown, DateUnknown) and those turned around by Not.
// The zero Predicate is refused by Select.
type Predicate struct {
	kind   predicateKind
	column string
	match  func(string) bool // byText
	values []string          // byValue
	spans  []span            // byInt, byDate: the value lies in one of them
	inner  []Filter          // not: one filter of one predicate; anyOf: the alternatives
}

type predicateKind uint8

const (
	invalid predicateKind = iota
	byValue
	byText
	byInt
	byDate
	not
	anyOf
)

// In holds where a dimension has one of the values; the empty text asks for unknown. Without values it never holds.
func In(dim string, values ...string) Predicate {
	return Predicate{kind: byValue, column: dim, values: values}
}

// NotIn holds where a dimension has none of the values; also where it is unknown, unless the empty text is among them.
func NotIn(dim string, values ...string) Predicate { return Not(In(dim, values...)) }

// Prefix holds where a dimension begins with a text, as all org paths below an org do. The empty prefix always holds.
func Prefix(dim, prefix string) Predicate {
	return Match(dim, func(s string) bool { return strings.HasPrefix(s, prefix) })
}

// Match holds where ok gives true for a dimension's text. ok is called once per distinct text of the table (not per row),
// from the goroutine of Select; it must give the same answer for the same text.
func Match(dim string, ok func(text string) bool) Predicate {
	return Predicate{kind: byText, column: dim, match: ok}
}

// Comparison is how a number relates to a constant.
type Comparison uint8

// The comparisons. An unknown number satisfies none of them.
const (
	Equal Comparison = iota + 1
	NotEqual
	Less
	AtMost
	More
	AtLeast
)

// Compare holds where an int column is known and relates so to v. An undeclared Comparison is refused by Select.
func Compare(column string, how Comparison, v int64) Predicate {
	const least, most = unknown + 1, math.MaxInt64
	p := Predicate{kind: byInt, column: column}
	below, above := span{least, max(v, least) - 1}, span{v, most}
	if above.lo++; v == most {
		above = span{1, 0}
	}
	switch how {
	case Equal:
		p.spans = spans(span{max(v, least), v})
	case NotEqual:
		p.spans = spans(below, above)
	case Less:
		p.spans = spans(below)
	case AtMost:
		p.spans = spans(span{least, v})
	case More:
		p.spans = spans(above)
	case AtLeast:
		p.spans = spans(span{max(v, least), most})
	default:
		return Predicate{}
	}
	return p
}

// spans keeps the spans that hold a number.
func spans(in ...span) []span {
	var out []span
	for _, s := range in {
		if s.lo <= s.hi {
			out = append(out, s)
		}
	}
	return out
}

// IntKnown holds where an int column has a value.
func IntKnown(column string) Predicate {
	return Predicate{kind: byInt, column: column, spans: []span{{unknown + 1, math.MaxInt64}}}
}

// IntUnknown holds where an int column has no value.
func IntUnknown(column string) Predicate {
	return Predicate{kind: byInt, column: column, spans: []span{{unknown, unknown}}}
}

// Not holds where p does not.
func Not(p Predicate) Predicate { return Predicate{kind: not, inner: []Filter{{p}}} }

// Any holds where at least one of the filters chooses the row; without filters it never holds.
func Any(filters ...Filter) Predicate { return Predicate{kind: anyOf, inner: filters} }

// The date tests never guess an unstated part of a date: they hold where every day that the date may mean satisfies them.
// So 2024 alone is in the year 2024 and in no month or quarter of it; it is at or before the end of December 2024 and of
// no earlier month; it is after December 2023 and after no later month. 2024-06 counts as its whole month.

// DateIn holds where a date falls in a period, exactly as p.Contains(date). The zero period holds no date.
func DateIn(column string, p period.Period) Predicate {
	if p.IsZero() {
		return Predicate{kind: byDate, column: column}
	}
	return DateBetween(column, p.First(), p.Last())
}

// DateBetween holds where a date falls in the months from … to, both included; a year alone needs its twelve months there.
func DateBetween(column string, from, to period.Month) Predicate {
	return Predicate{kind: byDate, column: column, spans: monthSpans(from, to)}
}

// DateUntil holds where a date's latest possible day is at or before the last day of the month end.
func DateUntil(column string, end period.Month) Predicate {
	return DateBetween(column, firstMonth, end)
}

// DateAfter holds where a date's earliest possible day is after the last day of the month end.
func DateAfter(column string, end period.Month) Predicate {
	return DateBetween(column, end+1, lastMonth)
}

// DateKnown holds where a date column has a date of any precision.
func DateKnown(column string) Predicate {
	return Predicate{kind: byDate, column: column, spans: []span{{1, math.MaxInt32}}}
}

// DateUnknown holds where a date column has no date.
func DateUnknown(column string) Predicate {
	return Predicate{kind: byDate, column: column, spans: []span{{0, 0}}}
}

// The months that a valid date can have.
const (
	firstMonth = period.Month(1 * 12)
	lastMonth  = period.Month(9999*12 + 11)
)

// monthSpans are the numbers yyyymmdd of the dates that fall in the months from … to. A year alone is yyyy0000, just below
// its January: the lower bound takes it in if from is a January; if the last year is cut short, a gap leaves it out.
func monthSpans(from, to period.Month) []span {
	from, to = max(from, firstMonth), min(to, lastMonth)
	if from > to {
		return nil
	}
	lo := int64(from.Year()) * 10000
	if from.Month() > 1 {
		lo += int64(from.Month()) * 100
	}
	hi := int64(to.Year())*10000 + int64(to.Month())*100 + 99
	if to.Month() == 12 {
		return []span{{lo, hi}}
	}
	cut := int64(to.Year()) * 10000 // the last year alone
	return spans(span{lo, min(cut-1, hi)}, span{max(lo, cut+100), hi})
}
