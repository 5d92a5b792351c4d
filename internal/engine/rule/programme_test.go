package rule

import (
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The checks that offices of the programme ask for (anti-fake checks, its notes on workflow, 6.2).
var programme = []Rule{
	{Code: "power", When: `stage == "production"`, Check: "electricity >= 100 kWh", Severity: Warning,
		Message: Text{"已投产但用电仅{electricity}", "in production but used only {electricity}"}},
	{Code: "leased", Check: "leased <= built", Severity: Error,
		Message: Text{"出租{leased as 亩}超过建成{built as 亩}，超出{leased - built}", "{leased} let, {built} built"}},
	{Code: "tenants", Check: "producing + fitting_out <= signed", Severity: Error,
		Message: Text{"投产{producing}加装修{fitting_out}超过签约{signed}", "{producing + fitting_out} producing or fitting out, {signed} signed"}},
	{Code: "cumulative", When: `m != month("2024-01")`, Check: "output >= prev(output)", Severity: Error,
		Message: Text{"累计产值由{prev(output)}降为{output}", "cumulative output fell from {prev(output)} to {output}"}},
	{Code: "annual", Check: "ytd(output) <= annual_output && output <= annual_output", Severity: Warning,
		Message: Text{"本月{output}高于全年{annual_output}", "{output} in a month, {annual_output} in the year"}},
	{Code: "required", When: `stage in ["production", "enrolled"]`, Required: []string{"output", "jobs"}, Severity: Error,
		Message: Text{"投产企业须填产值与用工", "producing enterprises state output and jobs"}},
	{Code: "range", Range: Range{Of: "rate", Min: "0%", Max: "100%"}, Severity: Error, Message: Text{"出租率{rate}不在0到100%之间", "a rate of {rate}"}},
	{Code: "sum", Check: "sum(tenants.area) == leased", Severity: Error,
		Message: Text{"明细合计{sum(tenants.area)}与出租面积{leased}不符", "rows add up to {sum(tenants.area)}, not {leased}"}},
	{Code: "source", When: `known(source("record", tax))`, Check: `abs(tax - source("record", tax)) <= source("record", tax) * 5%`, Severity: Warning,
		Message: Text{`税收{tax}与登记{source("record", tax)}相差超过5%`, `tax {tax}, on record {source("record", tax)}`}},
	{Code: "jump", Check: "output <= year_ago(output) * 3", Severity: Note, Message: Text{"为去年同期的{output / year_ago(output)}倍", "{output / year_ago(output)} times last year"}},
	{Code: "growth", Check: "ytd(output) >= ytd_year_ago(output)", Severity: Note, Message: Text{"累计低于去年", "below last year"}},
	{Code: "rows", Check: `tenants.all(r, r.stage != "production" || r.electricity > 0)`, Severity: Warning, Message: Text{"有投产企业未用电", "a producing tenant used no electricity"}},
}

func programmePack(t testing.TB) (*Pack, map[string]*Program) {
	t.Helper()
	pack, err := Compile(testEnv, programme...)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*Program{}
	for _, p := range pack.Programs() {
		by[p.Rule().Code] = p
	}
	return pack, by
}

const wan = 1_000_000 // fen of 1 万元

func TestEval_checksOfTheProgramme(t *testing.T) {
	pack, by := programmePack(t)
	tenant := func(area int64, stage string, kwh Value) []Value { return []Value{Whole(area), Said(stage), kwh} }
	for _, c := range []struct {
		code string
		v    values
		want State
		zh   string // the sentence of a failure
	}{
		{"power", values{"stage": Said("production"), "electricity": Whole(3)}, Fails, "已投产但用电仅3 kWh"},
		{"power", values{"stage": Said("production"), "electricity": Whole(0)}, Fails, "已投产但用电仅0 kWh"},
		{"power", values{"stage": Said("production")}, Unknown, "已投产但用电仅—"},
		{"power", values{"stage": Said("signed"), "electricity": Whole(0)}, Holds, ""},
		{"power", values{"electricity": Whole(5000)}, Holds, ""}, // whatever the stage
		{"leased", values{"leased": Whole(12_000), "built": Whole(10_000)}, Fails, "出租18 亩超过建成15 亩，超出2000 平方米"},
		{"leased", values{"leased": Whole(10_000), "built": Whole(10_000)}, Holds, ""},
		{"leased", values{"leased": Whole(10_000)}, Unknown, ""},
		{"tenants", values{"producing": Whole(33), "fitting_out": Whole(24), "signed": Whole(50)}, Fails, "投产33 家加装修24 家超过签约50 家"},
		{"tenants", values{"producing": Whole(33), "fitting_out": Whole(24), "signed": Whole(57)}, Holds, ""},
		{"cumulative", values{"m": InMonth(period.MonthOf(2024, 6)), "output": Whole(90 * wan), "prev(output)": Whole(100 * wan)}, Fails, "累计产值由100 万元降为90 万元"},
		{"cumulative", values{"m": InMonth(period.MonthOf(2024, 1)), "output": Whole(9 * wan), "prev(output)": Whole(100 * wan)}, Holds, ""},
		{"cumulative", values{"m": InMonth(period.MonthOf(2024, 6)), "output": Whole(90 * wan)}, Unknown, ""},
		{"annual", values{"output": Whole(12_345 * wan), "annual_output": Whole(10_000 * wan)}, Fails, "本月12345 万元高于全年1 亿元"},
		{"annual", values{"output": Whole(1), "ytd(output)": Whole(5), "annual_output": Whole(10_000 * wan)}, Holds, ""},
		{"required", values{"stage": Said("enrolled"), "output": Whole(0)}, Fails, "投产企业须填产值与用工"},
		{"required", values{"stage": Said("enrolled"), "output": Whole(0), "jobs": Whole(0)}, Holds, ""}, // zero is an answer
		{"required", values{"stage": Said("signed")}, Holds, ""},
		{"range", values{"rate": Whole(1_000_001)}, Fails, "出租率100.0001%不在0到100%之间"},
		{"range", values{"rate": Whole(1_000_000)}, Holds, ""},
		{"range", values{}, Unknown, ""},
		{"sum", values{"tenants": Table([][]Value{tenant(10, "", Value{}), tenant(20, "", Value{})}), "leased": Whole(31)}, Fails, "明细合计30 平方米与出租面积31 平方米不符"},
		{"sum", values{"tenants": Table([][]Value{tenant(10, "", Value{}), {}}), "leased": Whole(10)}, Unknown, ""},
		{"sum", values{"tenants": Table(nil), "leased": Whole(0)}, Holds, ""}, // an empty table is known
		{"source", values{"tax": Whole(106 * wan), `source("record", tax)`: Whole(100 * wan)}, Fails, "税收106 万元与登记100 万元相差超过5%"},
		{"source", values{"tax": Whole(105 * wan), `source("record", tax)`: Whole(100 * wan)}, Holds, ""},
		{"source", values{"tax": Whole(105 * wan)}, Holds, ""},
		{"jump", values{"output": Whole(10 * wan), "year_ago(output)": Whole(3 * wan)}, Fails, "为去年同期的3.333333倍"},
		{"growth", values{"ytd(output)": Whole(1), "ytd_year_ago(output)": Whole(2)}, Fails, "累计低于去年"},
		{"rows", values{"tenants": Table([][]Value{tenant(1, "signed", Value{}), tenant(1, "production", Whole(0))})}, Fails, "有投产企业未用电"},
		{"rows", values{"tenants": Table([][]Value{tenant(1, "production", Value{}), tenant(1, "production", Whole(9))})}, Unknown, ""},
	} {
		p := by[c.code]
		v := p.Eval(row(pack, c.v))
		if v.State != c.want || p.EvalFast(row(pack, c.v)) != c.want {
			t.Errorf("%s of %v = %v, want %v", c.code, c.v, v.State, c.want)
		}
		if got := p.Sentence(ZH, v); c.zh != "" && got != c.zh {
			t.Errorf("%s says %q, want %q", c.code, got, c.zh)
		}
	}
}

func TestEval_traceShowsWhy(t *testing.T) {
	pack, by := programmePack(t)
	v := by["power"].Eval(row(pack, values{"stage": Said("production"), "electricity": Whole(3)}))
	want := []Step{
		{Part: "when", Expr: "stage", Line: 1, Column: 1, Input: Input{Name: "stage"}, Kind: Word, Text: "production"},
		{Part: "when", Expr: `stage == "production"`, Line: 1, Column: 7, Kind: Truth, Text: "true"},
		{Part: "check", Expr: "electricity", Line: 1, Column: 1, Input: Input{Name: "electricity"}, Kind: Quantity, Text: "3 kWh"},
		{Part: "check", Expr: "electricity >= 100 kWh", Line: 1, Column: 13, Kind: Truth, Text: "false"},
	}
	if !slices.Equal(v.Trace, want) || v.Missing != nil {
		t.Errorf("Trace = %+v, want %+v", v.Trace, want)
	}
}

func TestEval_traceKeepsTheRowThatDecided(t *testing.T) {
	rows := make([][]Value, 5000)
	for i := range rows {
		rows[i] = []Value{Whole(int64(i))}
	}
	v := judge(t, "tenants.all(r, r.area < 4321 m2)", values{"tenants": Table(rows)})
	want := []Step{
		{Part: "check", Expr: "tenants", Line: 1, Column: 1, Input: Input{Name: "tenants"}, Kind: Rows, Text: "5000"},
		{Part: "check", Expr: "r.area", Line: 1, Column: 18, Input: Input{Name: "tenants"}, Cell: "area", Row: 4322, Kind: Quantity, Text: "4321 平方米"},
		{Part: "check", Expr: "r.area < 4321 m2", Line: 1, Column: 23, Row: 4322, Kind: Truth, Text: "false"},
		{Part: "check", Expr: "tenants.all(r, r.area < 4321 m2)", Line: 1, Column: 9, Kind: Truth, Text: "false"},
	}
	if !slices.Equal(v.Trace, want) || v.Truncated {
		t.Errorf("Trace = %+v truncated %v, want %+v", v.Trace, v.Truncated, want)
	}
}

func TestEval_namesWhatIsMissing(t *testing.T) {
	year := Day(20240000)
	for _, c := range []struct {
		expr string
		v    values
		want []Missing
	}{
		{"output > tax", values{"tax": Whole(1)}, []Missing{{Input: Input{Name: "output"}}}},
		{"output > tax && rate > 5%", nil, []Missing{{Input: Input{Name: "output"}}, {Input: Input{Name: "tax"}}, {Input: Input{Name: "rate"}}}},
		{"(output > 0 || true) && tax > 0", nil, []Missing{{Input: Input{Name: "tax"}}}}, // output could not have changed it
		{"coalesce(output, 1元) > 0 && known(jobs) == p", nil, []Missing{{Input: Input{Name: "p"}}}},
		{`prev(tax) > source("record", year_ago(tax))`, nil, []Missing{{Input: Input{Name: "tax", At: Prev}}, {Input: Input{"tax", YearAgo, "record"}}}},
		{`d < date("2024-06-01")`, values{"d": year}, []Missing{{Input: Input{Name: "d"}, Imprecise: true}}},
		{"month(d) == m", values{"d": year, "m": InMonth(1)}, []Missing{{Input: Input{Name: "d"}, Imprecise: true}}},
		{"sum(tenants.area) > 0", values{"tenants": Table([][]Value{{Whole(1)}, {}})}, []Missing{{Input: Input{Name: "tenants"}, Cell: "area", Row: 2}}},
		{"tenants.exists(r, r.since < d)", values{"d": Day(20240601), "tenants": Table([][]Value{{3: year}})}, []Missing{{Input: Input{Name: "tenants"}, Cell: "since", Row: 1, Imprecise: true}}},
	} {
		v := judge(t, c.expr, c.v)
		if v.State != Unknown {
			t.Errorf("%s = %v, want unknown", c.expr, v.State)
		}
		if !slices.Equal(v.Missing, c.want) {
			t.Errorf("%s is missing %+v, want %+v", c.expr, v.Missing, c.want)
		}
	}
}

func TestSentence_writesUnits(t *testing.T) {
	inEnglish := map[string]string{ // where it is not the same
		"output": "1,234,500 yuan", "output as 亿元": "1,234,500 yuan", "output as 元": "1,234,500 yuan", "jobs": "41", "land": "15 mu", "d": "Jun 2024", "m": "Jun 2024",
		"-output": "-1,234,500 yuan", "rate * output": "1,086,360 yuan",
	}
	for expr, want := range map[string]string{
		"output": "123.45 万元", "output as 亿元": "0.012345 亿元", "output as 元": "1234500 元", "output / land": "123.45 元/m2", "rate": "88%", "rate as 比例": "0.88",
		"leased / built": "0.333333", "leased / built as %": "33.333333%", "jobs": "41 人", "count(tenants)": "2", "d": "2024年6月", "m": "2024年6月", "stage": "投产", "land": "15 亩",
		"electricity": "—", "output + tax": "—", "output / 0": "—", "-output": "-123.45 万元", "rate * output": "108.636 万元", "electricity / output": "—",
		"tax": "—", "jobs / jobs * 5": "5", "1 / (output / land)": "0.0081 m2/元",
	} {
		p, err := Compile(testEnv, Rule{Code: "r", Check: "p", Severity: Note, Message: Text{"{" + expr + "}", "[{" + expr + "}]"}})
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		v := p.Programs()[0].Eval(row(p, values{
			"output": Whole(123_450_000), "land": Whole(10_000), "rate": Whole(880_000), "leased": Whole(1), "built": Whole(3), "jobs": Whole(41),
			"tenants": Table(make([][]Value, 2)), "d": Day(20240600), "m": InMonth(period.MonthOf(2024, 6)), "stage": Said("投产"),
		}))
		if got := p.Programs()[0].Sentence(ZH, v); got != want {
			t.Errorf("{%s} = %q, want %q", expr, got, want)
		}
		if own, ok := inEnglish[expr]; ok {
			want = own
		}
		if got := p.Programs()[0].Sentence(EN, v); got != "["+want+"]" || len(v.Args) != 1 {
			t.Errorf("{%s} in English = %q with %d args, want %q in brackets from one", expr, got, len(v.Args), want)
		}
	}
}
