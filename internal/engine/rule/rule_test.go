package rule

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// testEnv is a form with fields of every kind.
var testEnv = Env{
	Fields: []Field{
		{Name: "p", Kind: Truth}, {Name: "q", Kind: Truth},
		{Name: "output", Kind: Quantity, Unit: "万元"}, {Name: "tax", Kind: Quantity, Unit: "万元"}, {Name: "annual_output", Kind: Quantity, Unit: "亿元"},
		{Name: "built", Kind: Quantity, Unit: "平方米"}, {Name: "leased", Kind: Quantity, Unit: "平方米"}, {Name: "land", Kind: Quantity, Unit: "亩"},
		{Name: "rate", Kind: Quantity, Unit: "%"}, {Name: "electricity", Kind: Quantity, Unit: "kWh"},
		{Name: "jobs", Kind: Quantity, Unit: "人"}, {Name: "signed", Kind: Quantity, Unit: "家"}, {Name: "fitting_out", Kind: Quantity, Unit: "家"}, {Name: "producing", Kind: Quantity, Unit: "家"},
		{Name: "stage", Kind: Word}, {Name: "d", Kind: Date}, {Name: "e", Kind: Date}, {Name: "m", Kind: Month},
	},
	Sections: []Section{{Name: "tenants", Columns: []Field{
		{Name: "area", Kind: Quantity, Unit: "平方米"}, {Name: "stage", Kind: Word}, {Name: "electricity", Kind: Quantity, Unit: "kWh"}, {Name: "since", Kind: Date},
	}}},
	Sources: []string{"record", "statistics"},
}

type values map[string]Value // by the text of the input

func row(p *Pack, v values) []Value {
	out := p.Values()
	for i, in := range p.Inputs() {
		out[i] = v[in.String()]
	}
	return out
}

func compileOne(t testing.TB, check string) *Pack {
	t.Helper()
	p, err := Compile(testEnv, Rule{Code: "r", Check: check, Severity: Error, Message: Text{"坏", "bad"}})
	if err != nil {
		t.Fatalf("Compile(%q): %v", check, err)
	}
	return p
}

func judge(t testing.TB, check string, v values) Verdict {
	t.Helper()
	p := compileOne(t, check)
	in := row(p, v)
	verdict := p.Programs()[0].Eval(in)
	if fast := p.Programs()[0].EvalFast(in); fast != verdict.State {
		t.Errorf("EvalFast(%q) = %v, Eval says %v", check, fast, verdict.State)
	}
	return verdict
}

// The strong tables of S. C. Kleene, Introduction to Metamathematics, 1952, §64: u is "undefined".
func TestEval_isKleenesStrongLogic(t *testing.T) {
	truth := map[byte]Value{'t': Is(true), 'f': Is(false), 'u': {}}
	state := map[byte]State{'t': Holds, 'f': Fails, 'u': Unknown}
	const order = "tfu"
	for expr, table := range map[string]string{ // rows p = t f u, in each q = t f u
		"p && q":       "tfu" + "fff" + "ufu",
		"p || q":       "ttt" + "tfu" + "tuu",
		"!p":           "fff" + "ttt" + "uuu",
		"p == q":       "tfu" + "ftu" + "uuu", // Kleene's equivalence
		"!p || q && p": "tfu" + "ttt" + "uuu",
	} {
		for i := range order {
			for j := range order {
				want := state[table[3*i+j]]
				if got := judge(t, expr, values{"p": truth[order[i]], "q": truth[order[j]]}).State; got != want {
					t.Errorf("%s with p=%c q=%c = %v, want %v", expr, order[i], order[j], got, want)
				}
			}
		}
	}
	// when → check is Kleene's implication, ¬when ∨ check.
	pack, err := Compile(testEnv, Rule{Code: "r", When: "p", Check: "q", Severity: Note, Message: Text{"坏", "bad"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range order {
		for j := range order {
			want := state[("tfu" + "ttt" + "tuu")[3*i+j]]
			v := pack.Programs()[0].Eval(row(pack, values{"p": truth[order[i]], "q": truth[order[j]]}))
			if v.State != want || v.Skipped != (order[i] == 'f') {
				t.Errorf("when %c check %c = %v skipped %v, want %v", order[i], order[j], v.State, v.Skipped, want)
			}
		}
	}
}

// The specification of the Common Expression Language, "Logical Operators" and "Partial State Evaluation" (unknowns and errors): what decides
// absorbs an error, an unknown beside an error stays unknown, arithmetic of both is the error.
func TestEval_brokenPartsYieldToWhatDecides(t *testing.T) {
	for expr, want := range map[string]State{
		"1/0 > 1": Broken, "false && 1/0 > 1": Fails, "1/0 > 1 && false": Fails, "1/0 > 1 || true": Holds, "1/0 > 1 && true": Broken,
		"1/0 > 1 || p": Unknown, "p && 1/0 > 1": Unknown, "output/0 > 1元": Unknown, "output + 1元/0 > 1元": Broken, "coalesce(1/0, 1) == 1": Broken,
		"known(1/0)": Broken, "!(1/0 > 1)": Broken,
	} {
		if got := judge(t, expr, nil).State; got != want {
			t.Errorf("%s = %v, want %v", expr, got, want)
		}
	}
}

func TestEval_missingIsNeverZero(t *testing.T) {
	for expr, want := range map[string]State{
		"output >= 0": Unknown, "output == 0": Unknown, "output + tax >= 0": Unknown, "output * 0 == 0": Unknown, "-output <= 0": Unknown,
		"known(output)": Fails, "is_missing(output)": Holds, "coalesce(output, 0) == 0": Holds, "coalesce(output, tax, 3万元) == 3万元": Holds,
		"known(coalesce(output, tax))": Fails, "min(output, 1元) <= 1元": Unknown, "abs(output) >= 0": Unknown, "p ? true : true": Unknown,
		"true ? true : p": Holds, "tenants.all(r, true)": Unknown, "count(tenants) >= 0": Unknown, "sum(tenants.area) >= 0": Unknown, "known(tenants)": Fails,
		`stage in ["a"]`: Unknown, `matches(stage, "a")`: Unknown, "m >= month(\"2024-01\")": Unknown,
	} {
		if got := judge(t, expr, nil).State; got != want {
			t.Errorf("%s without any value = %v, want %v", expr, got, want)
		}
	}
}

func TestCompile_unitAlgebra(t *testing.T) {
	for _, c := range []struct{ expr, key string }{ // key "" compiles
		{"output + tax > 5万元", ""}, {"built + output > 0", "rule.dimensions"}, {"built > 5万元", "rule.dimensions"}, {"built > 5", "rule.dimensions"},
		{"built > 0", ""}, {"built >= 0元", "rule.dimensions"}, {"jobs > 5", ""}, {"jobs > 5家", ""}, {"jobs + 1 > signed * 2", ""}, {"jobs > rate", "rule.dimensions"},
		{"output / land >= 3万元/1亩", ""}, {"output / land >= 3万元", "rule.dimensions"}, {"output / jobs > 10万元/1人", ""}, {"output / jobs > 10万元", "rule.dimensions"},
		{"leased / built >= 88%", ""}, {"leased / built >= 0.88", ""}, {"rate * built <= leased", ""}, {"output / land * land == output", ""}, {"electricity / output < 1kWh/1元", ""},
		{"built * built > 1亩 * 1亩", ""}, {"built * built > 1亩", "rule.dimensions"}, {"output > 5斤", "rule.unit_unknown"}, {"p + 1 > 0", "rule.kind"}, {"d > 5", "rule.kinds"},
		{"p < q", "rule.order"}, {"stage < 'a'", "rule.order"}, {"stage == 1", "rule.kinds"}, {"output", "rule.kind"}, {"m + 6 > m", ""}, {"m + 6家 > m", "rule.dimensions"},
		{"m - m > 6", ""}, {"m > d", "rule.kinds"}, {"coalesce(output, built) > 0", "rule.dimensions"}, {"(p ? output : built) > 0", "rule.dimensions"},
		{"max(output, 0) > 0", ""}, {"-5万元 < output", ""}, {"tenants == tenants", "rule.kinds"}, {"built*built*built*built*built*built*built*built*built > 0", "rule.exponent"},
		{"sum(tenants.area) <= built", ""}, {"sum(tenants.area) <= output", "rule.dimensions"}, {"count(tenants) == signed", ""},
	} {
		_, err := Compile(testEnv, Rule{Code: "r", Check: c.expr, Severity: Error, Message: Text{"坏", "bad"}})
		if got := keyOf(err); got != c.key {
			t.Errorf("Compile(%q) = %q (%v), want %q", c.expr, got, err, c.key)
		}
	}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return ""
}

// 1 mu = 2000/3 m² (GB 3100-93 and the programme's usage); 15 mu = 10,000 m²; 1 万元 = 10^6 fen.
func TestEval_numbersAreExact(t *testing.T) {
	v := values{
		"output": Whole(45_000_000), "land": Whole(10_000), "built": Whole(87_467), "leased": Whole(76_971), "rate": Whole(880_000),
		"jobs": Whole(3), "electricity": Whole(1 << 62),
	}
	for expr, want := range map[string]State{
		"output / land == 3万元/1亩":                                    Holds, // 45万元 on 15亩, exactly
		"output / land > 3万元/1亩":                                     Fails,
		"built <= 131.2亩":                                            Holds, // stored as 87467, and the written number is rounded alike
		"built == 131.2亩":                                            Holds,
		"rate == 88%":                                                Holds,
		"rate == 0.88":                                               Holds,
		"output / jobs * jobs == output":                             Holds, // 15000000 each, no remainder lost
		"10000元 / jobs * jobs == 1万元":                                Holds, // 1/3 is exact
		"0.1 + 0.2 == 0.3":                                           Holds,
		"leased / built > 88%":                                       Holds, // 76971/87467 = 0.880 000 2…
		"round(leased / built) == 88%":                               Holds, // 880 000.2… ppm
		"round(1元 / 3) == 0.33元":                                     Holds,
		"round(0.01元 / 2) == 0.01元":                                  Holds, // half away from zero
		"round(-0.01元 / 2) == -0.01元":                                Holds,
		"electricity + electricity > electricity":                    Broken, // 2^63 does not fit
		"electricity - electricity - electricity + electricity == 0": Holds,
		"electricity * 4 / 4 == electricity":                         Broken,
		"electricity * (4/4) == electricity":                         Holds,
		"electricity * 1.000001 > electricity":                       Broken,
		"min(electricity, 5kWh) == 5 kWh":                            Holds,
		"max(1家, 2, jobs) == 3":                                      Holds,
		"abs(-3.5) == 3.5":                                           Holds,
		"1 / jobs == 1 / 3家":                                         Holds,
	} {
		if got := judge(t, expr, v).State; got != want {
			t.Errorf("%s = %v, want %v", expr, got, want)
		}
	}
	over := judge(t, "electricity + electricity > electricity", v)
	if over.Fault == nil || over.Fault.Key != "rule.overflow" {
		t.Errorf("an overflow gives the fault %v, want rule.overflow", over.Fault)
	}
}

func TestEval_datesRespectUnknownParts(t *testing.T) {
	const h, f, u = Holds, Fails, Unknown
	for _, c := range []struct {
		a, b                string
		less, lessEqual, eq State
	}{
		{"2024", "2025", h, h, f}, {"2025", "2024", f, f, f}, {"2024", "2024", u, u, u}, {"2024", "2024-06", u, u, u}, {"2024-06", "2024", u, u, u},
		{"2024", "2024-12-31", u, h, u}, {"2024", "2024-01-01", f, u, u}, {"2024-01-01", "2024", u, h, u}, {"2024-06", "2024-07", h, h, f},
		{"2024-06", "2024-06", u, u, u}, {"2024-06", "2024-06-30", u, h, u}, {"2024-06", "2024-06-29", u, u, u}, {"2024-02", "2024-02-29", u, h, u},
		{"2023-02", "2023-02-28", u, h, u}, {"2024-06-15", "2024-06-15", f, h, h}, {"2024-06-15", "2024-06-16", h, h, f}, {"2024-06-30", "2024-07", h, h, f},
		{"2024-07", "2024-06-30", f, f, f}, {"2023", "2024-01-01", h, h, f}, {"2024-06-01", "2024-06", u, h, u},
	} {
		a, b := date(t, c.a), date(t, c.b)
		v := values{"d": Day(a), "e": Day(b)}
		for expr, want := range map[string]State{
			"d < e": c.less, "d <= e": c.lessEqual, "d == e": c.eq, "e > d": c.less, "e >= d": c.lessEqual,
			"d != e": opposite(c.eq), "d >= e": opposite(c.less), "d > e": opposite(c.lessEqual),
		} {
			if got := judge(t, expr, v).State; got != want {
				t.Errorf("%s with d=%s e=%s = %v, want %v", expr, c.a, c.b, got, want)
			}
		}
	}
}

func opposite(s State) State {
	switch s {
	case Holds:
		return Fails
	case Fails:
		return Holds
	default:
		return s
	}
}

func date(t testing.TB, s string) period.Date {
	t.Helper()
	d, err := period.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEval_monthsAndDays(t *testing.T) {
	for _, c := range []struct {
		d, e, expr string
		want       State
	}{
		{"2024-11-30", "", `month(d) + 3 == month("2025-02")`, Holds}, {"2024", "", `month(d) == month("2024-01")`, Unknown}, {"2024", "", "year(d) == 2024", Holds},
		{"2024-06", "", `month(d) - month("2023-12") == 6`, Holds}, {"2024-06", "", "day(d) <= 20", Unknown}, {"2024-06-20", "", "day(d) <= 20", Holds},
		{"2024-02-28", "2024-03-01", "days(d, e) == 2", Holds}, {"2024-02", "2024-03-01", "days(d, e) >= 1", Unknown}, {"2024-03-01", "2024-02-28", "days(d, e) == -2", Holds},
		{"2024-06", "", `month(d) + 0.5 > month("2024-01")`, Broken}, {"2024-06", "", `month(d) + 1000000 > month("2024-01")`, Broken},
		{"2024-06-30", "", `d <= date("2024-06-30") && d > date("2024-05")`, Holds}, {"2024-06", "", `year(month(d)) == 2024 && month(d) - 6 == month("2023-12")`, Holds},
	} {
		v := values{"d": Day(date(t, c.d))}
		if c.e != "" {
			v["e"] = Day(date(t, c.e))
		}
		if got := judge(t, c.expr, v).State; got != c.want {
			t.Errorf("%s with d=%s e=%s = %v, want %v", c.expr, c.d, c.e, got, c.want)
		}
	}
}

func TestCompile_faultsNameThePlace(t *testing.T) {
	for _, c := range []struct {
		expr, key    string
		line, column int
		args         map[string]any
	}{
		{"outputt > 5元", "rule.unknown_name_nearest", 1, 1, map[string]any{"name": "outputt", "nearest": "output"}},
		{"p &&\n  zzz > 5元", "rule.unknown_name", 2, 3, map[string]any{"name": "zzz"}},
		{"known(output) && knwon(tax)", "rule.unknown_name_nearest", 1, 18, map[string]any{"nearest": "known"}},
		{`source("recrod", tax) > 0`, "rule.unknown_name_nearest", 1, 8, map[string]any{"nearest": "record"}},
		{"tenants.all(r, r.aera > 0)", "rule.unknown_name_nearest", 1, 18, map[string]any{"nearest": "area"}}, {"tenants.al(r, true)", "rule.unknown_name_nearest", 1, 9, nil},
		{"built + output > 0", "rule.dimensions", 1, 7, map[string]any{"left": "m2", "right": "fen"}},
		{"stage == '漳州' && built", "rule.kind", 1, 18, map[string]any{"found": "m2", "want": "truth"}},
		{"'没有关上", "rule.text_open", 1, 1, nil}, {"output > 5万元 # x", "rule.character", 1, 14, map[string]any{"character": "#"}},
		{"output >", "rule.ends_early", 1, 9, nil}, {"", "rule.one_check", 0, 0, nil}, {"  // nothing", "rule.empty", 1, 13, nil}, {"(p", "rule.ends_early", 1, 3, nil},
		{"p q", "rule.unexpected", 1, 3, map[string]any{"found": "q"}}, {"p & q", "rule.character", 1, 3, nil}, {"1 < 2 < 3", "rule.order", 1, 7, nil},
		{"prev(prev(tax)) > 0", "rule.shift_twice", 1, 1, nil}, {"prev(tax + tax) > 0", "rule.needs_field", 1, 10, nil}, {"ytd(d) == d", "rule.kind", 1, 1, nil},
		{"prev(tax, tax) > 0", "rule.arguments", 1, 1, map[string]any{"want": 1, "found": 2}}, {"coalesce(tax) > 0", "rule.arguments", 1, 1, nil},
		{`date("2024-13") > d`, "rule.date", 1, 6, nil}, {`month("2024") > m`, "rule.date", 1, 7, nil}, {`matches(stage, "(")`, "rule.pattern", 1, 16, nil},
		{"matches(stage, stage)", "rule.needs_text", 1, 16, nil}, {"stage in stage", "rule.list", 1, 10, nil}, {"[1] == [1]", "rule.list", 1, 1, nil},
		{"tenants.all(p, true)", "rule.row_name", 1, 13, nil}, {"p.all(r, true)", "rule.needs_section", 1, 1, nil}, {"sum(tax) > 0", "rule.needs_section", 1, 5, nil},
		{"tenants.area > 0", "rule.needs_row", 1, 9, nil}, {"tenants.all(true)", "rule.loop", 1, 9, nil}, {"tenants.all(r, tenants.all(r, true))", "rule.row_name", 1, 28, nil},
		{strings.Repeat("(", 200) + "p", "rule.too_deep", 1, 101, nil}, {strings.Repeat("!", 200) + "p", "rule.too_deep", 1, 101, nil}, {strings.Repeat("p&&", 200) + "p", "rule.too_deep", 1, 1, nil},
		{strings.Repeat(" ", 5000) + "p", "rule.too_long", 1, 1, nil}, {"output > 99999999999999999999元", "rule.number", 1, 10, nil}, {"tax > 5e3", "rule.unit_unknown", 1, 7, nil},
	} {
		_, err := Compile(testEnv, Rule{Code: "r", Check: c.expr, Severity: Error, Message: Text{"坏", "bad"}})
		f, ok := fault.Of(err)
		if !ok || f.Key != c.key || f.Kind != fault.Invalid {
			t.Errorf("Compile(%.40q) = %v, want %s", c.expr, err, c.key)
			continue
		}
		if c.line > 0 && (f.Args["line"] != c.line || f.Args["column"] != c.column) {
			t.Errorf("Compile(%.40q) is at %v:%v, want %d:%d", c.expr, f.Args["line"], f.Args["column"], c.line, c.column)
		}
		for k, want := range c.args {
			if f.Args[k] != want {
				t.Errorf("Compile(%.40q) says %s=%v, want %v", c.expr, k, f.Args[k], want)
			}
		}
	}
}

func TestCompile_acceptsFullWidthSigns(t *testing.T) {
	v := values{"output": Whole(6_000_000), "rate": Whole(500_000), "stage": Said("投产")}
	for _, expr := range []string{"output ≥ 5万元", "output＞５万元　＆＆　rate≠88％", "（output ≤ 10 万元）", "stage == '投产'"} {
		if got := judge(t, expr, v).State; got != Holds {
			t.Errorf("%s = %v, want holds", expr, got)
		}
	}
}

func TestCompile_refusesBadRulesAndEnvironments(t *testing.T) {
	ok := Rule{Code: "r", Check: "p", Severity: Error, Message: Text{"坏", "bad"}}
	for key, change := range map[string]func(*Rule){
		"rule.no_code": func(r *Rule) { r.Code = "" }, "rule.severity": func(r *Rule) { r.Severity = "fatal" }, "rule.message": func(r *Rule) { r.Message.EN = " " },
		"rule.one_check": func(r *Rule) { r.Required = []string{"p"} }, "rule.brace": func(r *Rule) { r.Message.ZH = "a}{b" }, "rule.placeholder": func(r *Rule) { r.Message.ZH = "{p}" },
		"rule.placeholder_unit": func(r *Rule) { r.Message.ZH = "{output as 亩}" }, "rule.unknown_name": func(r *Rule) { r.When = "xyz" },
	} {
		r := ok
		change(&r)
		if _, err := Compile(testEnv, r); keyOf(err) != key {
			t.Errorf("Compile = %v, want %s", err, key)
		}
	}
	if _, err := Compile(testEnv, ok, ok); keyOf(err) != "rule.code_twice" {
		t.Errorf("two rules of one code = %v, want rule.code_twice", err)
	}
	var all Faults
	if _, err := Compile(testEnv, Rule{Code: "x", When: "a1", Check: "b1", Severity: Error, Message: Text{"{c1}", "e"}}); !errors.As(err, &all) || len(all) != 3 || all[2].Args["part"] != "message_zh" || all[2].Args["rule"] != "x" {
		t.Errorf("three wrong parts give %v, want three faults with rule and part", err)
	}
	for key, env := range map[string]Env{
		"rule.env_name":   {Fields: []Field{{Name: "a", Kind: Truth}, {Name: "a", Kind: Truth}}},
		"rule.field_kind": {Fields: []Field{{Name: "a"}}},
		"unit.unknown":    {Sections: []Section{{Name: "s", Columns: []Field{{Name: "a", Kind: Quantity, Unit: "斤"}}}}},
	} {
		if _, err := Compile(env); keyOf(err) != key {
			t.Errorf("Compile(%+v) = %v, want %s", env, err, key)
		}
	}
}

func TestEval_refusesValuesOfTheWrongKind(t *testing.T) {
	p := compileOne(t, "output > 0")
	for _, in := range [][]Value{{Said("x")}, {Is(true)}, {Table(nil)}, {Day(20240101)}} {
		if v := p.Programs()[0].Eval(in); v.State != Broken || v.Fault.Key != "rule.wrong_kind" {
			t.Errorf("Eval(%v) = %v %v, want broken rule.wrong_kind", in, v.State, v.Fault)
		}
	}
	if got := p.Programs()[0].EvalFast(nil); got != Unknown {
		t.Errorf("EvalFast(nil) = %v, want unknown", got)
	}
}

func TestEval_stopsAfterTooManySteps(t *testing.T) {
	rows := make([][]Value, 3000)
	for i := range rows {
		rows[i] = []Value{Whole(1)}
	}
	v := judge(t, "false && p || tenants.all(a, tenants.all(b, a.area == b.area)) || true", values{"tenants": Table(rows)})
	if v.State != Broken || v.Fault.Key != "rule.too_many_steps" {
		t.Errorf("9 million pairs = %v %v, want broken rule.too_many_steps", v.State, v.Fault)
	}
}

func TestEval_isDeterministic(t *testing.T) {
	p := compileOne(t, "output > tax && (p || rate < 5%) && tenants.exists(r, r.area > 3m2)")
	in := row(p, values{"output": Whole(5), "tax": Whole(3), "tenants": Table([][]Value{{}, {Whole(2)}})})
	first := p.Programs()[0].Eval(in)
	for range 20 {
		if again := p.Programs()[0].Eval(in); !reflect.DeepEqual(again, first) {
			t.Fatalf("Eval = %+v, first it was %+v", again, first)
		}
	}
}

func TestCompile_faultsOfARuleNameIt(t *testing.T) {
	_, err := Compile(testEnv, Rule{Code: "x7", Range: Range{Of: "rate", Min: "0%", Max: "100亩"}, Severity: Note, Message: Text{"坏", "bad"}})
	f, ok := fault.Of(err)
	if !ok || f.Key != "rule.dimensions" || f.Args["rule"] != "x7" || f.Args["part"] != "range" {
		t.Errorf("Compile = %v, want rule.dimensions of rule x7, part range", err)
	}
}

// Every unit of kit/unit has an exact size here: reading a whole number in it agrees with kit/unit, of which three are whole.
func TestOneOf_agreesWithKitUnit(t *testing.T) {
	for _, c := range []unit.Canonical{unit.AreaM2, unit.Fen, unit.PPM, unit.Count, unit.KWh} {
		for _, symbol := range unit.Symbols(c) {
			u := unit.MustOf(symbol)
			for _, text := range []string{"1", "2", "3", "7", "131.2", "0.75"} {
				n := &node{op: opNumber, name: text, unit: symbol}
				want, err := u.Parse(text)
				if err != nil || n.number(false) != nil {
					t.Fatalf("%s %s: %v", text, symbol, err)
				}
				if got := n.value.cmp(number{want, (Field{Unit: symbol}).denominator()}); got != 0 {
					t.Errorf("%s %s = %v, want %d as kit/unit has it", text, symbol, n.value.number, want)
				}
			}
		}
	}
}
