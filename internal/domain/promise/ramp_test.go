package promise

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// yuan is a number of yuan in fen.
func yuan(n int64) int64 { return n * 100 }

func ptr(n int64) *int64 { return &n }

// every fills months with one value.
func every(f Filed, m Measure, from, to period.Month, v int64) Filed {
	if f == nil {
		f = Filed{}
	}
	if f[m] == nil {
		f[m] = map[period.Month]int64{}
	}
	for at := from; at <= to; at++ {
		f[m][at] = v
	}
	return f
}

func month(y, m int) period.Month { return period.MonthOf(y, m) }

func TestClock_beginsWithTheFirstWholeMonth(t *testing.T) {
	for _, c := range []struct {
		clock Clock
		day   period.Date
		want  string // empty: not begun
	}{
		{"production", 20240601, "2024-06"},
		{"production", 20240602, "2024-07"},
		{"production", 20240600, "2024-07"}, // some day of June
		{"production", 20240000, ""},        // some month of 2024
		{"production", 0, ""},
		{"production+6m", 20240831, "2025-03"}, // a return is never split: the first whole month six months on
		{"production/year", 20240101, "2024-01"},
		{"production/year", 20240102, "2025-01"},
		{"production/year", 20241201, "2025-01"},
		{"production+36m/year", 20210315, "2025-01"},
	} {
		m, ok := c.clock.Begins(map[string]period.Date{"production": c.day})
		got := ""
		if ok {
			got = m.String()
		}
		if got != c.want {
			t.Errorf("Begins(%q, %d) = %q, want %q", c.clock, c.day, got, c.want)
		}
	}
	for _, bad := range []Clock{"", "+6m", "Production", "production+6", "production+0m", "production+999m", "a b"} {
		if _, err := bad.parse(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("parse(%q) = %v, want Invalid", bad, err)
		}
	}
}

// row renders a row as "year from..to promised/actual known/asked state".
func row(r Row) string {
	amount := func(v *int64) string {
		if v == nil {
			return "?"
		}
		if r.Measure == Jobs {
			return fmt.Sprint(*v)
		}
		return fmt.Sprint(*v / 100)
	}
	text := func(m period.Month) string {
		if m == 0 {
			return "-"
		}
		return m.String()
	}
	return fmt.Sprintf("%s%d %s..%s %s/%s %d/%d %s %s", r.Measure[:1], r.Year, text(r.From), text(r.To), amount(r.Promised), amount(r.Actual), r.Known, r.Asked,
		r.State, strings.TrimPrefix(r.Why.Key, "promise.why."))
}

// rampDay is the day on which ramps are read: the last month that is over is 2025-06.
const rampDay = period.Date(20250712)

// produced are the days of a subject that produces.
var produced = map[string]period.Date{"production": 20230601, "signed": 20220310}

// paid is tax of 100 yuan in every month since it began to produce.
func paid() Filed { return every(nil, Tax, month(2023, 6), month(2025, 6), yuan(100)) }

// rampCase is a case and its rows as row renders them.
type rampCase struct {
	in   Case
	want []string
}

func checkRamps(t *testing.T, cases map[string]rampCase) {
	t.Helper()
	for name, c := range cases {
		var got []string
		for _, r := range Ramp(c.in, rampDay) {
			got = append(got, row(r))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("Ramp(%s) = \n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestRamp_judgesEachYear(t *testing.T) {
	tax := func(year int, v int64) Promise {
		return Promise{Measure: Tax, Basis: Total, Year: year, Value: ptr(yuan(v)), Clock: ByProduction}
	}
	checkRamps(t, map[string]rampCase{
		"the years that are over and the one that begins": {
			Case{Promises: []Promise{tax(1, 1200), tax(2, 1201), tax(3, 1200), tax(4, 5)}, Days: produced, Filed: paid()},
			[]string{
				"t1 2023-06..2024-05 1200/1200 12/12 met met",
				"t2 2024-06..2025-05 1201/1200 12/12 breached breached",
				"t3 2025-06..2026-05 1200/100 1/12 unknown early",
				"t4 2026-06..2027-05 5/? 0/12 not_due not_begun",
			},
		},
		"every year after those that are named": {
			Case{Promises: []Promise{tax(0, 1000), tax(1, 600)}, Days: produced, Filed: paid()},
			[]string{
				"t2 2024-06..2025-05 1000/1200 12/12 met met",
				"t3 2025-06..2026-05 1000/100 1/12 unknown early",
				"t1 2023-06..2024-05 600/1200 12/12 met met",
			},
		},
		"the pace of three months": {
			Case{Promises: []Promise{tax(3, 1200)}, Days: map[string]period.Date{"production": 20230401}, Filed: paid()},
			[]string{"t3 2025-04..2026-03 1200/300 3/12 on_course on_course"},
		},
		"a pace that is too slow": {
			Case{Promises: []Promise{tax(3, 1201)}, Days: map[string]period.Date{"production": 20230401}, Filed: paid()},
			[]string{"t3 2025-04..2026-03 1201/300 3/12 breach_likely likely"},
		},
		"a month that nobody filed is not zero": {
			Case{Promises: []Promise{tax(1, 1200)}, Days: produced, Filed: every(nil, Tax, month(2023, 6), month(2024, 4), yuan(100))},
			[]string{"t1 2023-06..2024-05 1200/1100 11/12 unknown months"},
		},
		"a refund in a missing month may take it back": {
			Case{Promises: []Promise{tax(1, 1000)}, Days: produced, Filed: every(nil, Tax, month(2023, 6), month(2024, 4), yuan(100))},
			[]string{"t1 2023-06..2024-05 1000/1100 11/12 unknown months"},
		},
		"the clock has not begun": {
			Case{Promises: []Promise{tax(1, 1)}, Filed: paid()}, []string{"t1 -..- 1/? 0/0 not_due no_clock"},
		},
		"nothing was filed": {
			Case{Promises: []Promise{tax(1, 1)}, Days: produced}, []string{"t1 2023-06..2024-05 1/? 0/12 unknown no_returns"},
		},
		"returns of several projects": {
			Case{Promises: []Promise{tax(1, 1)}, Days: produced, Filed: paid(), Shared: true}, []string{"t1 2023-06..2024-05 1/? 0/0 unknown shared"},
		},
	})
}

func TestRamp_addsUpEachMeasureInItsWay(t *testing.T) {
	checkRamps(t, map[string]rampCase{
		"output cannot fall: a lower bound that is enough is enough": {
			Case{Promises: []Promise{{Measure: Output, Basis: Total, Year: 1, Value: ptr(yuan(1000)), Clock: ByProduction}}, Days: produced,
				Filed: every(nil, Output, month(2023, 6), month(2024, 4), yuan(100))},
			[]string{"o1 2023-06..2024-05 1000/1100 11/12 met met"},
		},
		"jobs stand at the year's end": {
			Case{Promises: []Promise{{Measure: Jobs, Basis: Total, Year: 1, Value: ptr(50), Clock: ByProduction}, {Measure: Jobs, Basis: Total, Year: 3, Value: ptr(70), Clock: ByProduction}},
				Days: produced, Filed: every(every(nil, Jobs, month(2023, 6), month(2024, 4), 10), Jobs, month(2024, 5), month(2025, 6), 60)},
			[]string{"j1 2023-06..2024-05 50/60 1/1 met met", "j3 2025-06..2026-05 70/60 0/1 breach_likely jobs"},
		},
		"investment counts up from the contract": {
			Case{Promises: []Promise{{Measure: Investment, Basis: Total, Year: 1, Value: ptr(yuan(2700)), Clock: ByProduction}, {Measure: Investment, Basis: Total, Year: 0, Value: ptr(yuan(9999)), Clock: ByProduction}},
				Days: produced, Since: month(2022, 3), Filed: every(nil, Investment, month(2022, 3), month(2025, 6), yuan(100))},
			[]string{"i1 2023-06..2024-05 2700/2700 27/27 met met", "i0 2023-06..- 9999/4000 40/40 not_due open"},
		},
		"per m² and per mu": {
			Case{Promises: []Promise{{Measure: Tax, Basis: PerM2, Year: 1, Value: ptr(yuan(2)), Clock: ByProduction}, {Measure: Tax, Basis: PerMu, Year: 1, Value: ptr(yuan(600)), Clock: ByProduction}},
				Days: produced, Filed: paid(), AreaM2: ptr(600), LandM2: ptr(2000)}, // 2000 m² are 3 mu
			[]string{"t1 2023-06..2024-05 1200/1200 12/12 met met", "t1 2023-06..2024-05 1800/1200 12/12 breached breached"},
		},
		"an area that nobody stated": {
			Case{Promises: []Promise{{Measure: Tax, Basis: PerM2, Year: 1, Value: ptr(1), Clock: ByProduction}, {Measure: Tax, Basis: PerMu, Year: 1, Value: ptr(1), Clock: ByProduction}}, Days: produced, Filed: paid()},
			[]string{"t1 2023-06..2024-05 ?/1200 12/12 unknown no_area", "t1 2023-06..2024-05 ?/1200 12/12 unknown no_land"},
		},
	})
}

// The counties' rules, with their own numbers: Yongchun asks for 120 yuan per m² and year as a mean of three years from the
// hand-over and six months; Jinjiang for 100,000 yuan per mu from the first full year at capacity.
func TestRamp_holdsTheCountiesRules(t *testing.T) {
	packs, err := Shipped()
	if err != nil {
		t.Fatalf("Shipped = %v", err)
	}
	yongchun := Case{Packs: Holds(packs, "350525", rampDay), AreaM2: ptr(1000), Days: map[string]period.Date{"handed_over": 20211201},
		Filed: every(nil, Tax, month(2022, 6), month(2025, 5), yuan(10_000))} // 1000 m² × 120 yuan × 3 years = 360,000; 36 × 10,000 filed
	if got := Ramp(yongchun, rampDay); len(got) != 1 || row(got[0]) != "t0 2022-06..2025-05 360000/360000 36/36 met met" {
		t.Errorf("Ramp(Yongchun) = %v", got)
	}
	jinjiang := Case{Packs: Holds(packs, "350582", rampDay), LandM2: ptr(20_000), Days: map[string]period.Date{"production": 20220101, "at_capacity": 20230310},
		Filed: every(every(nil, Tax, month(2024, 1), month(2025, 6), yuan(200_000)), Investment, month(2022, 1), month(2022, 12), yuan(10_000_000))}
	var got []string
	for _, r := range Ramp(jinjiang, rampDay) {
		got = append(got, row(r))
	}
	want := []string{ // 30 mu: 3 million of tax a year, 105 million of investment
		"t1 2024-01..2024-12 3000000/2400000 12/12 breached breached",
		"t2 2025-01..2025-12 3000000/1200000 6/12 breach_likely likely",
		"i0 2022-01..- 105000000/120000000 12/42 met met",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Ramp(Jinjiang) = \n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(Holds(packs, "350521", rampDay)) + len(Holds(packs, "350582", 20230927)) + len(Holds(packs, "", rampDay)); n != 0 {
		t.Errorf("Holds = %d packs for a county without a rule, the day before one, and no county, want 0", n)
	}
}

func TestAttained_isTheLeastOfWhatIsPromisedNow(t *testing.T) {
	produced := map[string]period.Date{"production": 20230601}
	p := func(m Measure, year int, v int64) Promise {
		return Promise{Measure: m, Basis: Total, Year: year, Value: ptr(v), Clock: ByProduction}
	}
	filed := every(every(every(nil, Output, month(2024, 7), month(2025, 6), 100), Tax, month(2024, 7), month(2025, 6), 10), Jobs, month(2025, 6), month(2025, 6), 30)
	for name, c := range map[string]struct {
		in   []Promise
		want int64 // -1: not known
	}{
		"exactly":                         {[]Promise{p(Output, 3, 1200)}, 1_000_000},
		"the least":                       {[]Promise{p(Output, 3, 1200), p(Tax, 3, 240)}, 500_000},
		"jobs now":                        {[]Promise{p(Jobs, 3, 40)}, 750_000},
		"a year to come asks for nothing": {[]Promise{p(Output, 3, 1200), p(Output, 9, 999_999)}, 1_000_000},
		"the last year that was named":    {[]Promise{p(Output, 1, 600), p(Output, 2, 2400)}, 500_000},
		"every year":                      {[]Promise{p(Output, 0, 4800)}, 250_000},
		"nothing promised":                {nil, -1},
		"one of them is not known":        {[]Promise{p(Output, 3, 1200), p(Investment, 0, 5)}, -1},
	} {
		got, ok := Attained(Case{Promises: c.in, Days: produced, Filed: filed}, rampDay)
		if !ok {
			got = -1
		}
		if got != c.want {
			t.Errorf("Attained(%s) = %d, want %d", name, got, c.want)
		}
	}
}

func TestLoadFrom_refusesWhatCannotBeJudged(t *testing.T) {
	const good = `
promise: p
place: {zh: 县, en: County}
divisions: ["350525"]
issuer: i
number: n
from: "2024-01-01"
source: s
lines:
  - {code: a, name: {zh: 税, en: Tax}, measure: tax, basis_of: per_m2, at_least: 120 元, clock: production, years: [1, 3], over: mean, basis: assumed}
`
	if _, err := LoadFrom(fstest.MapFS{"p.yaml": {Data: []byte(good)}}); err != nil {
		t.Fatalf("LoadFrom(good) = %v", err)
	}
	for _, change := range [][2]string{
		{"measure: tax", "measure: profit"}, {"per_m2", "per_desk"}, {"120 元", "120 人"}, {"120 元", "about 120 元"}, {"120 元", "120"},
		{"clock: production", "clock: 'production+x'"}, {"[1, 3]", "[3, 1]"}, {"[1, 3]", "[1, 0]"}, {"[1, 3]", "[1, 99]"}, {"over: mean", "over: median"},
		{"basis: assumed", "basis: sure"}, {"2024-01-01", "2024-01"}, {"source: s", "source: ' '"}, {"promise: p", "promise: p\nmore: 1"}, {"en: Tax", "en: ''"},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if text == good {
			t.Fatalf("%q is not in the pack", change[0])
		}
		if _, err := LoadFrom(fstest.MapFS{"p.yaml": {Data: []byte(text)}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("LoadFrom(%q) = %v, want Invalid", change[1], err)
		}
	}
	twice := fstest.MapFS{"p.yaml": {Data: []byte(good)}, "q.yaml": {Data: []byte(good)}}
	if _, err := LoadFrom(twice); fault.KindOf(err) != fault.Invalid {
		t.Errorf("LoadFrom(twice) = %v, want Invalid", err)
	}
}
