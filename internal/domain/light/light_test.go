package light_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

type facts = map[string]rule.Value

func ruleOf(t testing.TB, template, code string) *light.Rule {
	t.Helper()
	all, err := light.Shipped()
	if err != nil {
		t.Fatalf("Shipped() = %v", err)
	}
	r := all.Rule(template, code)
	if r == nil {
		t.Fatalf("there is no rule %s.%s", template, code)
	}
	return r
}

// percent is hundredths of a percent as a ratio.
func percent(hundredths int64) rule.Value { return rule.Whole(hundredths * 100) }

func TestJudge_atTheThresholds(t *testing.T) {
	yuan := func(n int64) rule.Value { return rule.Whole(n * 100) }
	day := func(d int) rule.Value { return rule.Day(period.Date(d)) }
	two := func(a, b string, x, y rule.Value) facts { return facts{a: x, b: y} }
	progress := func(x, y int64) facts { return two("progress", "schedule", percent(x), percent(y)) }
	bonds := func(x, y int64) facts { return two("spent", "schedule", percent(x), percent(y)) }
	money := func(x, y int64) facts { return two("invested", "planned", yuan(x), yuan(y)) }
	growth := func(g, p, m int64) facts {
		return facts{"growth": percent(g), "plan": percent(p), "mean": percent(m)}
	}
	for _, x := range []struct {
		rule  string
		facts facts
		want  light.Light
		basis pack.Basis
	}{
		{"yinchuan.progress", progress(5000, 5000), light.Green, pack.Established},
		{"yinchuan.progress", progress(4999, 5000), light.Green, pack.Assumed},
		{"yinchuan.progress", progress(4001, 5000), light.Green, pack.Assumed}, // 9.99 points
		{"yinchuan.progress", progress(4000, 5000), light.Yellow, pack.Established},
		{"yinchuan.progress", progress(2000, 5000), light.Yellow, pack.Established}, // 30 points
		{"yinchuan.progress", progress(1999, 5000), light.Red, pack.Established},
		{"yinchuan.progress", facts{"progress": percent(1)}, light.Off, ""},
		{"sanya.investment", money(100_0000, 100_0000), light.Green, pack.Established},
		{"sanya.investment", money(99_9999, 100_0000), light.Yellow, pack.Established},
		{"sanya.investment", money(50_0000, 100_0000), light.Yellow, pack.Established}, // half short
		{"sanya.investment", money(49_9999, 100_0000), light.Red, pack.Established},
		{"sanya.investment", money(0, 0), light.Green, pack.Established}, // nothing was planned yet
		{"sanya.investment", facts{"planned": yuan(1)}, light.Off, ""},
		{"tianjin.growth", growth(600, 600, 600), light.Green, pack.Assumed},
		{"tianjin.growth", growth(599, 600, 599), light.Yellow, pack.Assumed},
		{"tianjin.growth", growth(599, 599, 600), light.Yellow, pack.Assumed},
		{"tianjin.growth", growth(598, 599, 599), light.Red, pack.Assumed},
		{"tianjin.growth", growth(-100, -200, -100), light.Green, pack.Assumed},
		{"tianjin.bonds", bonds(7000, 7000), light.Green, pack.Established},
		{"tianjin.bonds", bonds(6999, 7000), light.Yellow, pack.Established},
		{"tianjin.bonds", bonds(4000, 7000), light.Yellow, pack.Established},
		{"tianjin.bonds", bonds(3999, 7000), light.Red, pack.Established},
		{"xinhuang.month", facts{"done": percent(8000)}, light.Green, pack.Assumed},
		{"xinhuang.month", facts{"done": percent(7999)}, light.Watched, pack.Established},
		{"xinhuang.month", facts{"done": percent(6000)}, light.Watched, pack.Established},
		{"xinhuang.month", facts{"done": percent(5999)}, light.Yellow, pack.Established},
		{"xinhuang.month", nil, light.Off, ""},
		{"ouhai.task", facts{"due": day(20240630)}, light.Off, pack.Assumed},
		{"ouhai.task", facts{"due": day(20240629)}, light.Red, pack.Established},
		{"ouhai.task", facts{"due": day(20240629), "done": day(20240629)}, light.Green, pack.Established},
		{"ouhai.task", facts{"due": day(20240629), "done": day(20240630)}, light.Yellow, pack.Established},
		{"ouhai.task", facts{"due": day(20240629), "done": day(20240701)}, light.Red, pack.Established}, // not done on the day of the judgement
		{"ouhai.task", facts{"due": day(20240710), "done": day(20240620)}, light.Green, pack.Established},
		{"ouhai.task", facts{"done": day(20240629)}, light.Off, ""},
	} {
		template, code, _ := strings.Cut(x.rule, ".")
		j, err := ruleOf(t, template, code).Judge([]light.Month{{Month: period.MonthOf(2024, 6), Facts: x.facts}}, 20240630)
		if err != nil || j.Light != x.want || j.Basis != x.basis {
			t.Errorf("%s with %v = %v %q (missing %v), %v, want %v %q", x.rule, x.facts, j.Light, j.Basis, j.Missing, err, x.want, x.basis)
		}
		if known := x.basis != ""; (j.Why.ZH != "" && j.Why.EN != "") != known || (len(j.Missing) > 0) == known || (j.Rung >= 0) != known {
			t.Errorf("%s with %v: why %+v, missing %v, rung %d", x.rule, x.facts, j.Why, j.Missing, j.Rung)
		}
		if strings.Contains(j.Why.ZH+j.Why.EN, "—") {
			t.Errorf("%s with %v: why has a gap: %+v", x.rule, x.facts, j.Why)
		}
	}
}

// months writes a history of truths: y kept, n missed, ? not known, _ no record of that month.
func months(from period.Month, history string, made func(kept bool) facts) (out []light.Month) {
	for i, c := range history {
		m := light.Month{Month: from + period.Month(i)}
		switch c {
		case '_':
			continue
		case 'y', 'n':
			m.Facts = made(c == 'y')
		}
		out = append(out, m)
	}
	return out
}

func TestJudge_remembersTheMonthsBefore(t *testing.T) {
	start := func(kept bool) facts { return facts{"due": rule.Is(true), "started": rule.Is(kept)} }
	listed := func(kept bool) facts { return facts{"due": rule.Is(true), "listed": rule.Is(kept)} }
	unit := func(kept bool) facts { return facts{"kept": rule.Is(kept)} }
	for _, x := range []struct {
		rule, history string
		made          func(bool) facts
		from          int // month of 2024
		want          string
	}{
		{"yinchuan.start", "y", start, 1, "green"},
		{"yinchuan.start", "n", start, 1, "yellow"},
		{"yinchuan.start", "nn", start, 1, "yellow yellow"},
		{"yinchuan.start", "nnn", start, 1, "yellow yellow red+supervision_letter"},
		{"yinchuan.start", "nnnny", start, 1, "yellow yellow red+supervision_letter red+supervision_letter green"},
		{"yinchuan.start", "nnyn", start, 1, "yellow yellow green yellow"},
		{"yinchuan.start", "nnn", start, 11, "yellow yellow red+supervision_letter"}, // no cycle: it goes on over the year's end
		{"yinchuan.start", "n?n", start, 1, "yellow off off"},                        // what is not known is neither kept nor missed
		{"yinchuan.start", "n_n", start, 1, "yellow off"},
		{"yinchuan.start", "?yn", start, 1, "off green yellow"}, // the run ends within what is known
		{"yinchuan.listing", "n", listed, 1, "yellow"},
		{"yinchuan.listing", "nn", listed, 1, "yellow red"},
		{"yinchuan.listing", "nny", listed, 1, "yellow red green"},
		{"sanya.unit", "yn", unit, 1, "green yellow"},
		{"sanya.unit", "nn", unit, 1, "yellow red"},
		{"sanya.unit", "nyn", unit, 1, "yellow green yellow+talk_vice_mayor"},
		{"sanya.unit", "nyny", unit, 1, "yellow green yellow+talk_vice_mayor green+talk_vice_mayor"},
		{"sanya.unit", "nyny", unit, 11, "yellow green yellow green"}, // the cycle is the year: one yellow in each
		{"sanya.unit", "nn", unit, 12, "yellow yellow"},               // December is not remembered in January
		{"sanya.unit", "n?yn", unit, 1, "yellow off green yellow"},    // two yellows are not known for sure
	} {
		template, code, _ := strings.Cut(x.rule, ".")
		all, err := ruleOf(t, template, code).Run(months(period.MonthOf(2024, x.from), x.history, x.made), 20250630)
		var got []string
		for _, j := range all {
			got = append(got, strings.Join(append([]string{j.Light.String()}, j.Follows...), "+"))
		}
		if g := strings.Join(got, " "); g != x.want || err != nil {
			t.Errorf("%s over %q from month %d = %q, %v, want %q", x.rule, x.history, x.from, g, err, x.want)
		}
	}
}

func TestJudge_notDueIsNoLight(t *testing.T) {
	j, err := ruleOf(t, "yinchuan", "start").Judge([]light.Month{{Month: period.MonthOf(2024, 6), Facts: facts{"due": rule.Is(false), "started": rule.Is(false)}}}, 20240630)
	if err != nil || j.Light != light.Off || j.Rung < 0 || len(j.Missing) > 0 {
		t.Errorf("Judge of what is not due = %+v, %v, want no light for a reason", j, err)
	}
	early, err := ruleOf(t, "yinchuan", "start").Judge([]light.Month{{Month: period.MonthOf(2024, 6), Facts: facts{"due": rule.Is(false), "started": rule.Is(true)}}}, 20240630)
	if err != nil || early.Light != light.Green {
		t.Errorf("Judge of an early start = %+v, %v, want green", early, err)
	}
}

// Catching up turns the old month yellow: the light of May depends on the day of the judgement.
func TestRun_catchingUpTurnsTheOldMonthYellow(t *testing.T) {
	r := ruleOf(t, "ouhai", "task")
	may := light.Month{Month: period.MonthOf(2024, 5), Facts: facts{"due": rule.Day(20240531), "done": rule.Day(20240612)}}
	june := light.Month{Month: period.MonthOf(2024, 6), Facts: facts{"due": rule.Day(20240630), "done": rule.Day(20240628)}}
	for asOf, want := range map[period.Date]string{
		20240531: "off off", 20240601: "red off", 20240611: "red off", 20240612: "yellow off", 20240630: "yellow green",
	} {
		all, err := r.Run([]light.Month{may, june}, asOf)
		if err != nil || len(all) != 2 || fmt.Sprint(all[0].Light, " ", all[1].Light) != want {
			t.Errorf("Run(as of %v) = %+v, %v, want %q", asOf, all, err, want)
		}
		if remind := asOf > 20240531 && asOf < 20240612; slices.Contains(all[0].Follows, "reminder") != remind {
			t.Errorf("Run(as of %v) follows %v, want a reminder: %v", asOf, all[0].Follows, remind)
		}
	}
}

func TestRun_refusesMonthsOutOfOrder(t *testing.T) {
	r := ruleOf(t, "xinhuang", "month")
	june := light.Month{Month: period.MonthOf(2024, 6)}
	if _, err := r.Run([]light.Month{june, june}, 20240630); keyOf(err) != "light.months" {
		t.Errorf("Run of a month twice = %v, want light.months", err)
	}
	if _, err := r.Judge(nil, 20240630); keyOf(err) != "light.no_months" {
		t.Errorf("Judge of nothing = %v, want light.no_months", err)
	}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return ""
}

// What is worse never has the better light, and more that is missing never gives a light that more facts would turn.
func TestJudge_isMonotonous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, err := light.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		x := rapid.SampledFrom([]struct{ template, rule, good, against string }{
			{"yinchuan", "progress", "progress", "schedule"}, {"sanya", "investment", "invested", "planned"}, {"tianjin", "bonds", "spent", "schedule"}, {"xinhuang", "month", "done", ""},
		}).Draw(t, "rule")
		r := all.Rule(x.template, x.rule)
		against := rapid.Int64Range(0, 1_000_000).Draw(t, "against")
		a, b := rapid.Int64Range(0, 1_000_000).Draw(t, "a"), rapid.Int64Range(0, 1_000_000).Draw(t, "b")
		at := func(v int64) light.Light {
			f := facts{x.good: rule.Whole(v)}
			if x.against != "" {
				f[x.against] = rule.Whole(against)
			}
			j, err := r.Judge([]light.Month{{Month: period.MonthOf(2024, 6), Facts: f}}, 20240630)
			if err != nil || j.Rung < 0 {
				t.Fatalf("Judge(%v) = %+v, %v, want a light", f, j, err)
			}
			return j.Light
		}
		if at(min(a, b)) < at(max(a, b)) {
			t.Fatalf("%s.%s against %d: %d has %v and %d has %v", x.template, x.rule, against, min(a, b), at(min(a, b)), max(a, b), at(max(a, b)))
		}
	})
}

func TestShipped_namesItsSources(t *testing.T) {
	all, err := light.Shipped()
	if err != nil || len(all) != 5 {
		t.Fatalf("Shipped() = %d templates, %v, want 5", len(all), err)
	}
	for _, tpl := range all {
		if !strings.Contains(tpl.Source, "/") || len(tpl.Rules) == 0 {
			t.Errorf("%s: source %q, %d rules", tpl.Code, tpl.Source, len(tpl.Rules))
		}
	}
}

const small = `light: small
place: {zh: 某地, en: Somewhere}
issuer: parkbrain
number: small-1
from: "2024-01-01"
source: nobody
rules:
  - code: one
    name: {zh: 一, en: One}
    fields:
      - {field: kept, kind: truth, name: {zh: 完成, en: Kept}}
    met: kept
    lights:
      - {light: red, when: missed_in_row >= 2, basis: assumed, text: {zh: 二, en: Two}}
      - {light: green, when: kept, basis: assumed, text: {zh: 好, en: Good}}
    follow:
      - {code: talk, when: reds_in_cycle >= 1, basis: assumed, name: {zh: 谈, en: Talk}}
`

func TestParse_refusesWhatIsNoTemplate(t *testing.T) {
	if _, err := light.Parse([]byte(small)); err != nil {
		t.Fatalf("Parse(small) = %v", err)
	}
	for _, x := range []struct{ old, new, want string }{
		{"issuer: parkbrain", "issuer: ''", "light.bad_template"},
		{`from: "2024-01-01"`, `from: "2024"`, "light.bad_template"},
		{"light: red", "light: blue", "light.bad_template"},
		{"light: red", "colour: red", "light.bad_template"},
		{"kind: truth", "kind: quantity", "light.bad_template"},
		{"basis: assumed", "basis: perhaps", "light.bad_template"},
		{"    met: kept\n", "", "rule.unknown_name"}, // nothing is remembered, so nothing counts what was missed
		{"when: kept", "when: prev(kept)", "light.bad_template"},
		{"when: missed_in_row >= 2", "when: missed_in_row >=", "rule.ends_early"},
		{"when: missed_in_row >= 2", "when: reds_in_cycle >= 2", "rule.unknown_name_nearest"},
		{"    met: kept", "    cycle: week\n    met: kept", "light.bad_template"},
	} {
		_, err := light.Parse([]byte(strings.Replace(small, x.old, x.new, 1)))
		if got := keyOf(err); got != x.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("Parse with %q for %q = %q (%v), want %q", x.new, x.old, got, err, x.want)
		}
	}
}

func TestLight_isWrittenByName(t *testing.T) {
	for l := light.Off; l <= light.Red; l++ {
		raw, err := json.Marshal(l)
		var back light.Light
		if err == nil {
			err = json.Unmarshal(raw, &back)
		}
		if err != nil || back != l {
			t.Errorf("%v written as %s and read = %v, %v", l, raw, back, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, body []byte) {
		tpl, err := light.Parse(body)
		if (tpl == nil) == (err == nil) || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("Parse(%q) = %v, %v", body, tpl, err)
		}
	})
}
