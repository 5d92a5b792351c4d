package lifecycle_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

const today = period.Date(20261101)

func library(t testing.TB) *lifecycle.Library {
	t.Helper()
	l, err := lifecycle.Shipped()
	if err != nil {
		t.Fatalf("Shipped() = %v", err)
	}
	return l
}

func shipped(t testing.TB, code string) *lifecycle.Pack {
	t.Helper()
	p, err := library(t).For(code, today)
	if err != nil {
		t.Fatalf("For(%q) = %v", code, err)
	}
	return p
}

func TestShipped_hasTheStagesOfTheLedger(t *testing.T) {
	var codes []string
	for _, s := range shipped(t, "tenancy").Stages {
		codes = append(codes, s.Code)
	}
	var want []string
	for _, s := range tenancy.Stages() {
		want = append(want, s.String())
	}
	if !slices.Equal(codes, want) {
		t.Errorf("stages of tenancy = %v, want those of the noun, %v", codes, want)
	}
	at := -1
	for _, s := range []project.Stage{project.Reserve, project.Land, project.Approved, project.Started, project.ToppedOut, project.Completed, project.Opened} {
		i := slices.IndexFunc(shipped(t, "construction").Stages, func(x lifecycle.Stage) bool { return x.Code == string(s) })
		if i <= at {
			t.Errorf("stage %q of construction is at %d, want it after %d", s, i, at)
		}
		at = i
	}
	for _, k := range project.Kinds() {
		if p := shipped(t, string(k)); p.Of != lifecycle.OfProject {
			t.Errorf("lifecycle of projects of kind %q is of %q", k, p.Of)
		}
	}
}

func TestGuards_atTheirEdges(t *testing.T) {
	type given = map[string]rule.Value
	day := func(d int) rule.Value { return rule.Day(period.Date(d)) }
	n, yes, no := rule.Whole, rule.Is(true), rule.Is(false)
	for _, x := range []struct {
		lifecycle, stage string
		facts            given
		want             rule.State
	}{
		{"tenancy", "signed", given{"contract_signed": yes}, rule.Holds},
		{"tenancy", "signed", given{"contract_signed": no}, rule.Fails},
		{"tenancy", "signed", nil, rule.Unknown},
		{"tenancy", "production", given{"permits": n(1), "records": n(0)}, rule.Holds}, // a permit needs no meter
		{"tenancy", "production", given{"permits": n(0), "records": n(0), "photos": n(1), "electricity": n(0)}, rule.Fails},
		{"tenancy", "production", given{"permits": n(0), "records": n(0), "photos": n(1), "electricity": n(1)}, rule.Holds},
		{"tenancy", "production", given{"permits": n(0), "records": n(0), "photos": n(1)}, rule.Unknown}, // no meter is not zero
		{"tenancy", "production", given{"permits": n(0), "records": n(0), "photos": n(0)}, rule.Fails},
		{"tenancy", "at_capacity", given{"attainment": n(999_999)}, rule.Fails},
		{"tenancy", "at_capacity", given{"attainment": n(1_000_000)}, rule.Holds},
		{"tenancy", "enrolled", given{"listed_since": rule.InMonth(24290), "producing": yes}, rule.Holds},
		{"tenancy", "enrolled", given{"listed_since": rule.InMonth(24290), "producing": no, "relocated": no}, rule.Fails},
		{"tenancy", "enrolled", given{"listed_since": rule.InMonth(24290), "producing": no, "relocated": yes}, rule.Holds},
		{"tenancy", "enrolled", given{"producing": yes}, rule.Fails}, // nobody but the bureau says so
		{"retrofit", "reserve", given{"planned_this_year": n(499_999_999)}, rule.Fails},
		{"retrofit", "reserve", given{"planned_this_year": n(500_000_000)}, rule.Holds},
		{"retrofit", "key_listed", given{"investment": n(2_000_000_000), "favoured": no}, rule.Holds},
		{"retrofit", "key_listed", given{"investment": n(1_999_999_999), "favoured": no}, rule.Fails},
		{"retrofit", "key_listed", given{"investment": n(1_000_000_000), "favoured": yes}, rule.Holds},
		{"retrofit", "key_listed", given{"investment": n(999_999_999), "favoured": yes}, rule.Fails},
		{"retrofit", "key_listed", given{"investment": n(1_000_000_000)}, rule.Unknown},
		// 10 mu (6,667 m²): 50,000 yuan per mu are 500,025 yuan.
		{"renewal", "bought_back", given{"benefit": n(50_002_499), "plot": n(6667), "permits": n(1), "records": n(0)}, rule.Holds},
		{"renewal", "bought_back", given{"benefit": n(50_002_500), "plot": n(6667), "permits": n(1), "records": n(0)}, rule.Fails},
		{"renewal", "bought_back", given{"benefit": n(90_000_000), "plot": n(3332), "permits": n(1), "records": n(0)}, rule.Holds}, // under 5 mu
		{"renewal", "bought_back", given{"benefit": n(90_000_000), "plot": n(3333), "permits": n(1), "records": n(0)}, rule.Fails}, // 5 mu
		{"renewal", "approved", given{"benefit": n(50_002_500), "plot": n(6667), "permits": n(1), "records": n(0)}, rule.Holds},
		{"renewal", "approved", given{"benefit": n(50_002_499), "plot": n(6667), "permits": n(1), "records": n(0)}, rule.Fails},
		{"renewal", "approved", given{"benefit": n(50_002_499), "plot": n(6667), "permits": n(1), "records": n(1)}, rule.Holds},
		{"pilot_platform", "cultivated", given{"equipment_value": n(800_000_000)}, rule.Holds},
		{"pilot_platform", "cultivated", given{"equipment_value": n(799_999_999)}, rule.Unknown},
		{"pilot_platform", "cultivated", given{"equipment_value": n(0), "built_since": day(20250301), "entering": day(20260301)}, rule.Holds},
		{"pilot_platform", "cultivated", given{"equipment_value": n(0), "built_since": day(20250301), "entering": day(20260302)}, rule.Fails},
		{"pilot_platform", "cultivated", given{"equipment_value": n(0), "built_since": day(20260302), "entering": day(20260301)}, rule.Fails},
	} {
		p := shipped(t, x.lifecycle)
		v, ok := p.Course().Guard(x.stage, p.Values(x.facts))
		if !ok || v.State != x.want {
			t.Errorf("%s, guard of %s with %v = %v, %v, want %v", x.lifecycle, x.stage, x.facts, v.State, ok, x.want)
		}
		if s := p.Course().Sentence(x.stage, rule.ZH, v); s == "" && x.want == rule.Fails {
			t.Errorf("%s, %s: no sentence", x.lifecycle, x.stage)
		}
	}
}

func TestShipped_deemsProductionSixMonthsAfterHandOver(t *testing.T) {
	c := shipped(t, "tenancy").Course()
	s, err := c.Replay([]course.Event{{Act: course.Enter, Stage: "signed", Day: 20240105}, {Act: course.Enter, Stage: "handed_over", Day: 20240831}})
	if err != nil {
		t.Fatal(err)
	}
	for asOf, want := range map[period.Date]string{20250227: "[]", 20250228: "[{production 2025-02-28 handed_over}]"} {
		if got := fmt.Sprint(c.Deemed(s, asOf)); got != want {
			t.Errorf("Deemed(as of %v) = %v, want %v", asOf, got, want)
		}
	}
}

func TestCheck_tellsWhatCannotBe(t *testing.T) {
	type days = map[string]period.Date
	for _, x := range []struct {
		name, lifecycle string
		days            days
		want            string
	}{
		{"nothing", "tenancy", nil, ""},
		{"in order", "tenancy", days{"signed": 20240101, "handed_over": 20240301, "production": 20240901}, ""},
		{"no date is no date", "tenancy", days{"signed": 20240101, "handed_over": 0}, ""},
		{"one day back", "tenancy", days{"signed": 20240302, "handed_over": 20240301}, "negative handed_over 2024-03-01 signed 2024-03-02 1 true"},
		{"over a leap day", "tenancy", days{"signed": 20240301, "handed_over": 20240228}, "negative handed_over 2024-02-28 signed 2024-03-01 2 true"},
		{"that month may be later", "tenancy", days{"signed": 20240302, "handed_over": 20240300}, ""},
		{"the month before is not", "tenancy", days{"signed": 20240302, "handed_over": 20240200}, "negative handed_over 2024-02 signed 2024-03-02 2 false"},
		{"the year before is not", "tenancy", days{"signed": 20240102, "handed_over": 20230000}, "negative handed_over 2023 signed 2024-01-02 2 false"},
		{"behind what may be left out", "tenancy", days{"signed": 20240101, "handed_over": 20240301, "trial": 20241001, "production": 20240901},
			"negative production 2024-09-01 trial 2024-10-01 30 true"},
		{"without its forerunner", "tenancy", days{"production": 20240901}, "missing production 2024-09-01 signed  0 false"},
		{"without what may be left out", "tenancy", days{"signed": 20240101, "production": 20240901}, ""},
		{"after the end", "tenancy", days{"signed": 20240101, "cleared": 20240201, "handed_over": 20240301}, "after_end handed_over 2024-03-01 cleared 2024-02-01 29 true"},
		{"two ends", "investment", days{"signed": 20240101, "withdrawn": 20240301, "cleared": 20240401}, "two_ends withdrawn 2024-03-01 cleared 2024-04-01 31 true"},
		{"expired though it is being built", "planning", days{"submitted": 20240101, "granted": 20240201, "under_construction": 20240301, "expired": 20240401},
			"excluded expired 2024-04-01 under_construction 2024-03-01 31 true"},
		{"built after it expired", "planning", days{"submitted": 20240101, "granted": 20240201, "expired": 20240301, "under_construction": 20240401},
			"after_end under_construction 2024-04-01 expired 2024-03-01 31 true"},
		{"unknown stage", "planning", days{"submitted": 20240101, "flown": 20240201}, "unknown_stage flown 2024-02-01   0 false"},
	} {
		p := shipped(t, x.lifecycle)
		var got []string
		for _, f := range p.Check(7, x.days) {
			got = append(got, fmt.Sprint(string(f.Problem), " ", f.Stage, " ", f.Day, " ", f.Other, " ", f.OtherDay, " ", f.Days, " ", f.Exact))
			key, args := p.Message(f, rule.EN)
			if f.Row != 7 || key != "lifecycle.history."+string(f.Problem) || args["stage"] == "" {
				t.Errorf("%s: row %d, message %q %v", x.name, f.Row, key, args)
			}
		}
		if g := strings.Join(got, "; "); g != x.want {
			t.Errorf("%s: Check(%v) = %q, want %q", x.name, x.days, g, x.want)
		}
	}
}

// A history in which nothing is found can be recorded event by event, and one that can be recorded has no finding.
func TestCheck_agreesWithTheMachine(t *testing.T) {
	l := library(t)
	rapid.Check(t, func(t *rapid.T) {
		p, err := l.For(rapid.SampledFrom(l.Codes()).Draw(t, "lifecycle"), today)
		if err != nil {
			t.Fatal(err)
		}
		days := map[string]period.Date{}
		day := 0
		for _, s := range p.Stages { // mostly in order, else nearly every history were broken
			day += rapid.IntRange(-1, 3).Draw(t, "step")
			if rapid.IntRange(0, 4).Draw(t, "there") > 0 && (!s.End || rapid.Bool().Draw(t, "ends")) {
				days[s.Code] = period.Date(20240601 + min(max(day, 0), 28))
			}
		}
		order := slices.Clone(p.Stages)
		order = slices.DeleteFunc(order, func(s lifecycle.Stage) bool { return days[s.Code] == 0 })
		slices.SortStableFunc(order, func(a, b lifecycle.Stage) int {
			end := map[bool]int{true: 1}
			return 2*int(days[a.Code]-days[b.Code]) + end[a.End] - end[b.End]
		})
		var events []course.Event
		for _, s := range order {
			events = append(events, course.Event{Act: course.Enter, Stage: s.Code, Day: days[s.Code]})
		}
		_, err = p.Course().Replay(events)
		if found := p.Check(1, days); (len(found) == 0) != (err == nil) {
			t.Fatalf("%s with %v: Check = %v, Replay = %v", p.Code, days, found, err)
		}
	})
}

func TestFor_theVersionOfTheDay(t *testing.T) {
	l := library(t)
	for day, want := range map[period.Date]string{20220831: "lifecycle.not_found", 20220901: "lifecycle-renewal-2022-1", 20260131: "lifecycle-renewal-2022-1", 20260201: "lifecycle-renewal-2026-1"} {
		p, err := l.For("renewal", day)
		got := keyOf(err)
		if err == nil {
			got = p.Number
		}
		if got != want {
			t.Errorf("For(renewal, %v) = %q, want %q", day, got, want)
		}
	}
}

func TestWith_aCitysVersionGoesBefore(t *testing.T) {
	l := library(t)
	base := shipped(t, "renewal")
	own := parsed(t, strings.NewReplacer(`from: "2026-02-01"`, `from: "2025-06-01"`, "lifecycle-renewal-2026-1", "city-1").Replace(base.Body))
	city, err := l.With(own)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[period.Date]string{20250531: "lifecycle-renewal-2022-1", 20250601: "city-1", 20260301: "city-1"} {
		if p, err := city.For("renewal", day); err != nil || p.Number != want {
			t.Errorf("For(renewal, %v) = %+v, %v, want %q", day, p, err, want)
		}
	}
	if p, _ := l.For("renewal", 20260301); p != base {
		t.Error("With changed the library that it was given")
	}
	if _, err := city.With(own); keyOf(err) != "lifecycle.twice" {
		t.Errorf("With the same day again = %v, want lifecycle.twice", err)
	}
	less := parsed(t, strings.Replace(own.Body, "\n  - code: assessed\n", "\n  - code: reviewed\n", 1))
	if _, err := l.With(less); keyOf(err) != "lifecycle.stage_gone" {
		t.Errorf("With a version that lost a stage = %v, want lifecycle.stage_gone", err)
	}
	other := parsed(t, strings.Replace(own.Body, "of: project", "of: tenancy", 1))
	if _, err := l.With(other); keyOf(err) != "lifecycle.other_of" {
		t.Errorf("With a version of something else = %v, want lifecycle.other_of", err)
	}
}

func parsed(t *testing.T, body string) *lifecycle.Pack {
	t.Helper()
	p, err := lifecycle.Parse([]byte(body))
	if err != nil {
		t.Fatalf("Parse = %v", err)
	}
	return p
}

const small = `lifecycle: small
of: project
name: {zh: 小, en: Small}
issuer: parkbrain
number: small-1
from: "2024-01-01"
suspended: {zh: 停, en: Paused}
fields:
  - {field: permits, kind: quantity, unit: 个, name: {zh: 许可, en: Permits}}
stages:
  - code: first
    name: {zh: 一, en: First}
    basis: assumed
  - code: second
    name: {zh: 二, en: Second}
    after: [first]
    guard: permits >= 1
    message: {zh: 要有许可, en: A permit is needed}
    deemed: {from: first, months: 1, basis: assumed}
    basis: established
    source: a rule
`

func TestParse_saysWhatIsWrongAndWhere(t *testing.T) {
	if _, err := lifecycle.Parse([]byte(small)); err != nil {
		t.Fatalf("Parse(small) = %v", err)
	}
	for _, x := range []struct{ old, new, want string }{
		{"of: project", "of: park", "2 lifecycle.bad_head"},
		{"lifecycle: small", "lifecycle: Small", "1 lifecycle.bad_code"},
		{`from: "2024-01-01"`, `from: "2024-01"`, "6 lifecycle.bad_head"},
		{"issuer: parkbrain", `issuer: ""`, "4 lifecycle.bad_head"},
		{"en: Small}", `en: ""}`, "3 lifecycle.bad_text"},
		{"en: Paused", "en: '{x}'", "7 lifecycle.bad_text"},
		{"kind: quantity", "kind: number", "9 lifecycle.bad_field"},
		{"unit: 个", "unit: 件儿", "9 unit.unknown"},
		{"    name: {zh: 一, en: First}\n", "", "11 lifecycle.bad_text"},
		{"    basis: assumed\n", "", "11 lifecycle.bad_basis"},
		{"    source: a rule\n", "", "14 lifecycle.no_source"},
		{"after: [first]", "after: [third]", "14 lifecycle.bad_plan"},
		{"    basis: assumed\n  - code: second", "    after: [second]\n    basis: assumed\n  - code: second", "13 lifecycle.order"},
		{"    message: {zh: 要有许可, en: A permit is needed}\n", "", "14 lifecycle.no_message"},
		{"permits >= 1", "permits >= ", "17 rule.ends_early"},
		{"permits >= 1", "prev(permits) >= 1", "17 lifecycle.guard_period"},
		{"en: A permit is needed", `en: "A permit is {needed}"`, "18 rule."},
		{"months: 1", "months: 0", "14 lifecycle.bad_plan"},
		{"months: 1", "weeks: 1", "19 pack.unknown_key"},
		{"number: small-1", "number: small-1\nnumber: small-2", "6 pack.twice"},
	} {
		_, err := lifecycle.Parse([]byte(strings.Replace(small, x.old, x.new, 1)))
		var many pack.Faults
		got := ""
		if errors.As(err, &many) {
			got = fmt.Sprint(pack.LineOf(many[0]), " ", many[0].Key)
		}
		if !strings.HasPrefix(got, x.want) || got == "" {
			t.Errorf("Parse with %q for %q = %q (%v), want %q", x.new, x.old, got, err, x.want)
		}
	}
	if _, err := lifecycle.Parse([]byte(strings.Repeat("#", 200_000))); keyOf(err) != "lifecycle.too_long" {
		t.Errorf("Parse of a long file = %v, want lifecycle.too_long", err)
	}
	if _, err := lifecycle.Parse(nil); err == nil {
		t.Error("Parse of nothing = nil, want an error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("stages: [{code: a, after: [a]}]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := lifecycle.Parse(body)
		if (p == nil) == (err == nil) {
			t.Fatalf("Parse(%q) = %v, %v", body, p, err)
		}
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("Parse(%q) = %v, want kind Invalid", body, err)
			}
			return
		}
		days := map[string]period.Date{}
		for _, s := range p.Stages {
			days[s.Code] = 20240601
		}
		p.Check(1, days)
	})
}
