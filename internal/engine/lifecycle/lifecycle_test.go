package lifecycle

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// tenant is the course of the deemed rule that one pilot park published: production counts from hand-over and six months.
func tenant(t testing.TB) *Course {
	t.Helper()
	c, err := Compile(Plan{
		Code: "tenancy",
		Env:  rule.Env{Fields: []rule.Field{{Name: "evidence", Kind: rule.Quantity, Unit: "个"}}},
		Stages: []Stage{
			{Code: "intent"},
			{Code: "framework", After: []string{"intent"}, Optional: true},
			{Code: "signed", After: []string{"framework"}},
			{Code: "handed_over", After: []string{"signed"}},
			{Code: "fitting_out", After: []string{"handed_over"}, Optional: true},
			{Code: "production", After: []string{"fitting_out"}, Guard: "evidence >= 1", Deemed: Deemed{From: "handed_over", Months: 6},
				Message: rule.Text{ZH: "投产需要佐证，现有{evidence}件", EN: "production needs evidence, there are {evidence}"}},
			{Code: "land", After: []string{"intent"}},
			{Code: "abandoned", After: []string{"intent"}, Unless: []string{"signed"}},
			{Code: "cleared", End: true},
		},
	})
	if err != nil {
		t.Fatalf("Compile = %v", err)
	}
	return c
}

func TestNext_allowsTheOrderOfThePlan(t *testing.T) {
	c := tenant(t)
	enter := func(stage string, day int) Event { return Event{Act: Enter, Stage: stage, Day: period.Date(day)} }
	one := c.Values()
	one[0] = rule.Whole(1)
	upTo := func(stages ...string) (out []Event) {
		for i, s := range stages {
			out = append(out, enter(s, 20240101+i*100))
		}
		return out
	}
	for _, x := range []struct {
		name   string
		events []Event
		next   Event
		values []rule.Value
		want   string
	}{
		{"first", nil, enter("intent", 20240101), nil, ""},
		{"skips what must be", nil, enter("signed", 20240101), nil, "lifecycle.too_early"},
		{"skips what may be", upTo("intent"), enter("signed", 20240201), nil, ""},
		{"in parallel", upTo("intent", "signed"), enter("land", 20240102), nil, ""},
		{"twice", upTo("intent"), enter("intent", 20240301), nil, "lifecycle.entered"},
		{"before what it builds on", upTo("intent", "signed"), enter("handed_over", 20231231), nil, "lifecycle.before"},
		{"the month alone may be later", upTo("intent"), enter("signed", 20240100), nil, ""},
		{"the year alone may be later", upTo("intent"), enter("signed", 20240000), nil, ""},
		{"the year before is not", upTo("intent"), enter("signed", 20230000), nil, "lifecycle.before"},
		{"no day", upTo("intent"), enter("signed", 0), nil, "lifecycle.no_day"},
		{"unknown stage", nil, enter("flying", 20240101), nil, "lifecycle.unknown_stage"},
		{"unknown act", nil, Event{Act: "jump", Stage: "intent"}, nil, "lifecycle.unknown_act"},
		{"guard not known", upTo("intent", "signed", "handed_over"), enter("production", 20240601), nil, "lifecycle.guard"},
		{"guard holds", upTo("intent", "signed", "handed_over"), enter("production", 20240601), one, ""},
		{"what may be, late", upTo("intent", "signed"), enter("framework", 20240115), nil, ""},
		{"what may be, behind what builds on it", upTo("intent", "signed"), enter("framework", 20240202), nil, "lifecycle.behind"},
		{"what may be, some day of that month", upTo("intent", "signed"), enter("framework", 20240200), nil, ""},
		{"unless, not yet", upTo("intent"), enter("abandoned", 20240301), nil, ""},
		{"unless", upTo("intent", "signed"), enter("abandoned", 20240301), nil, "lifecycle.excluded"},
		{"end from anywhere", upTo("intent"), enter("cleared", 20240601), nil, ""},
		{"after the end", append(upTo("intent"), enter("cleared", 20240601)), enter("signed", 20240701), nil, "lifecycle.ended"},
		{"suspended", append(upTo("intent"), Event{Act: Suspend, Reason: "停工"}), enter("signed", 20240701), nil, "lifecycle.suspended"},
		{"cleared while suspended", append(upTo("intent"), Event{Act: Suspend, Reason: "停工"}), enter("cleared", 20240701), nil, ""},
		{"suspended twice", append(upTo("intent"), Event{Act: Suspend, Reason: "停工"}), Event{Act: Suspend, Reason: "停工"}, nil, "lifecycle.suspended"},
		{"resume what runs", upTo("intent"), Event{Act: Resume}, nil, "lifecycle.not_suspended"},
		{"suspend without a reason", upTo("intent"), Event{Act: Suspend}, nil, "lifecycle.no_reason"},
		{"suspend what ended", append(upTo("intent"), enter("cleared", 20240601)), Event{Act: Suspend, Reason: "停工"}, nil, "lifecycle.ended"},
		{"roll back without a reason", upTo("intent"), Event{Act: Rollback, Stage: "intent"}, nil, "lifecycle.no_reason"},
		{"roll back what is not", upTo("intent"), Event{Act: Rollback, Stage: "signed", Reason: "录入错误"}, nil, "lifecycle.not_entered"},
		{"roll back the end", append(upTo("intent"), enter("cleared", 20240601)), Event{Act: Rollback, Stage: "cleared", Reason: "录入错误"}, nil, ""},
	} {
		s, err := c.Replay(x.events)
		if err != nil {
			t.Errorf("%s: Replay = %v", x.name, err)
			continue
		}
		if got := key(c.Next(s, x.next, x.values)); got != x.want {
			t.Errorf("%s: Next = %q, want %q", x.name, got, x.want)
		}
	}
}

func key(err error) string {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}

func TestReplay_rollbackVoidsWhatBuildsOnIt(t *testing.T) {
	c := tenant(t)
	s, err := c.Replay([]Event{
		{Act: Enter, Stage: "intent", Day: 20240101},
		{Act: Enter, Stage: "land", Day: 20240110},
		{Act: Enter, Stage: "signed", Day: 20240201},
		{Act: Enter, Stage: "handed_over", Day: 20240301},
		{Act: Rollback, Stage: "signed", Reason: "合同作废"},
	})
	if got := strings.Join(slices.Sorted(maps.Keys(s.Days)), " "); got != "intent land" || err != nil {
		t.Errorf("Replay = %q, %v, want intent and land", got, err)
	}
	_, err = c.Replay([]Event{{Act: Enter, Stage: "intent", Day: 20240101}, {Act: Suspend, Reason: "停工"}, {Act: Enter, Stage: "signed", Day: 20240201}})
	if f, ok := fault.Of(err); !ok || f.Key != "lifecycle.suspended" || f.Args["event"] != 3 {
		t.Errorf("Replay of a stage while suspended = %v, want lifecycle.suspended of event 3", err)
	}
	if _, err := c.Replay([]Event{{Act: Enter, Stage: "signed", Day: 20240101}}); key(err) != "lifecycle.too_early" {
		t.Errorf("Replay of a stage without its forerunner = %v, want lifecycle.too_early", err)
	}
}

func TestDeemed_countsFromTheLastPossibleDay(t *testing.T) {
	c := tenant(t)
	for _, x := range []struct {
		handedOver, asOf int
		want             string
	}{
		{20230831, 20240228, ""},
		{20230831, 20240229, "production 2024-02-29 handed_over"}, // a leap year's last of February
		{20230800, 20240228, ""},                                  // some day of August: by the 31st
		{20230800, 20240229, "production 2024-02-29 handed_over"},
		{20230000, 20240629, ""},
		{20230000, 20240630, "production 2024-06-30 handed_over"},
	} {
		s, err := c.Replay([]Event{{Act: Enter, Stage: "intent", Day: 20220101}, {Act: Enter, Stage: "signed", Day: 20220201},
			{Act: Enter, Stage: "handed_over", Day: period.Date(x.handedOver)}})
		if err != nil {
			t.Fatalf("Replay = %v", err)
		}
		var got []string
		for _, d := range c.Deemed(s, period.Date(x.asOf)) {
			got = append(got, fmt.Sprint(d.Stage, " ", d.Day, " ", d.From))
		}
		if strings.Join(got, ",") != x.want {
			t.Errorf("Deemed(handed over %d, as of %d) = %q, want %q", x.handedOver, x.asOf, got, x.want)
		}
		s.Suspended = true
		if got := c.Deemed(s, 20991231); got != nil {
			t.Errorf("Deemed while suspended = %v, want none", got)
		}
	}
}

func TestDeemed_neverWhatIsExcluded(t *testing.T) {
	c, err := Compile(Plan{Stages: []Stage{
		{Code: "granted"}, {Code: "begun", After: []string{"granted"}},
		{Code: "expired", After: []string{"granted"}, Unless: []string{"begun"}, End: true, Deemed: Deemed{From: "granted", Months: 36}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		events []Event
		want   int
	}{
		{[]Event{{Act: Enter, Stage: "granted", Day: 20200101}}, 1},
		{[]Event{{Act: Enter, Stage: "granted", Day: 20200101}, {Act: Enter, Stage: "begun", Day: 20210101}}, 0},
	} {
		s, err := c.Replay(x.events)
		if got := c.Deemed(s, 20240101); err != nil || len(got) != x.want {
			t.Errorf("Deemed after %v = %v, %v, want %d stages", x.events, got, err, x.want)
		}
	}
}

func BenchmarkReplay(b *testing.B) {
	c := tenant(b)
	var events []Event
	for i, s := range []string{"intent", "framework", "signed", "handed_over", "fitting_out", "production", "land"} {
		events = append(events, Event{Act: Enter, Stage: s, Day: 20240101 + period.Date(i*100)})
	}
	for b.Loop() {
		if _, err := c.Replay(events); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCompile_refusesWhatIsNoPlan(t *testing.T) {
	for _, x := range []struct {
		why, about string
		stages     []Stage
	}{
		{"count", "", nil},
		{"code", "", []Stage{{Code: "a"}, {Code: "a"}}},
		{"unknown", "b", []Stage{{Code: "a", After: []string{"b"}}}},
		{"end", "a", []Stage{{Code: "a", End: true}, {Code: "b", After: []string{"a"}}}},
		{"circle", "", []Stage{{Code: "a", After: []string{"b"}}, {Code: "b", After: []string{"a"}}}},
		{"both", "a", []Stage{{Code: "a"}, {Code: "b", After: []string{"a"}, Unless: []string{"a"}}}},
		{"unknown", "c", []Stage{{Code: "a", Unless: []string{"c"}}}},
		{"deemed", "", []Stage{{Code: "a"}, {Code: "b", Deemed: Deemed{From: "a"}}}},
		{"deemed", "", []Stage{{Code: "a", Deemed: Deemed{Months: 1}}}},
	} {
		_, err := Compile(Plan{Stages: x.stages})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Key != "lifecycle.bad_plan" || f.Args["why"] != x.why || f.Args["about"] != x.about {
			t.Errorf("Compile(%+v) = %v, want a plan refused because of %s %s", x.stages, err, x.why, x.about)
		}
	}
	if _, err := Compile(Plan{Stages: []Stage{{Code: "a", Guard: "evidence >= 1"}}}); err == nil {
		t.Error("Compile of a guard over a field that is not there = nil, want an error")
	}
}

// Whatever is asked for in whatever order: what Next allows can be replayed, what is entered has everything that it builds
// on, and nothing is entered after an end.
func TestReplay_agreesWithNext(t *testing.T) {
	c := tenant(t)
	one := c.Values()
	one[0] = rule.Whole(1)
	rapid.Check(t, func(t *rapid.T) {
		var events []Event
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			e := Event{
				Act:   rapid.SampledFrom([]Act{Enter, Enter, Enter, Rollback, Suspend, Resume}).Draw(t, "act"),
				Stage: rapid.SampledFrom(c.Stages()).Draw(t, "stage").Code, Reason: "原因",
				Day: period.Date(20240101 + rapid.IntRange(0, 27).Draw(t, "day")),
			}
			s, err := c.Replay(events)
			if err != nil {
				t.Fatalf("Replay(%v) = %v", events, err)
			}
			if c.Next(s, e, one) == nil {
				events = append(events, e)
			}
		}
		s, err := c.Replay(events)
		if err != nil {
			t.Fatalf("Replay(%v) = %v", events, err)
		}
		for i, stage := range c.stages {
			for _, j := range c.before[i] {
				if s.Entered(stage.Code) && !s.Entered(c.stages[j].Code) {
					t.Fatalf("after %v %s is entered without %s", events, stage.Code, c.stages[j].Code)
				}
			}
			for _, j := range c.under[i] {
				if other := c.stages[j].Code; s.Entered(stage.Code) && s.Entered(other) && SurelyBefore(s.Days[stage.Code], s.Days[other]) {
					t.Fatalf("after %v %s lies before %s", events, stage.Code, other)
				}
			}
		}
		if (s.Ended != "") != s.Entered("cleared") {
			t.Fatalf("after %v ended is %q and cleared is %v", events, s.Ended, s.Entered("cleared"))
		}
	})
}
