package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// randomCity writes a few dozen projects of three lifecycles with random statements.
func randomCity(t *rapid.T, w *world) {
	kinds := map[string][]string{
		"construction": {"reserve", "land", "approved", "recruiting", "started", "topped_out", "partly_opened", "completed", "opened", "withdrawn"},
		"investment":   {"reserve", "signed", "registered", "land", "approved", "started", "production", "enrolled", "withdrawn", "cleared"},
		"other":        {"first", "second"},
	}
	for i := range rapid.IntRange(1, 12).Draw(t, "projects") {
		kind := rapid.SampledFrom([]string{"construction", "investment", "other"}).Draw(t, "kind")
		place := rapid.SampledFrom([][2]string{{"350582", "p-jj"}, {"op", "p-op"}, {"350583", "p-na"}, {"350583", ""}, {"350500", ""}}).Draw(t, "place")
		var says []said
		for _, stage := range kinds[kind] {
			for _, way := range []string{"planned", "deemed", "claimed", "verified"} {
				for seq := range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "entries") {
					day := 20240000 + rapid.IntRange(1, 12).Draw(t, "month")*100 + rapid.IntRange(0, 28).Draw(t, "day")
					says = append(says, said{stage, way, seq + 1, day, rapid.SampledFrom([]int{0, 20240301, 20240601, 20250101}).Draw(t, "recorded")})
				}
			}
		}
		w.project(fmt.Sprintf("r%02d", i), kind, place[0], place[1], "", says...)
	}
}

func TestFunnel_everyCountOpensItsRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := dbtest.Open(t, db.SQLite)
		defer d.Close()
		w := newWorld(t, d)
		randomCity(rt, w)
		v := w.view()
		for _, code := range []string{"construction", "investment", "tenancy"} {
			for _, asOf := range []int{0, 20240630} {
				q := pipeline.Query{Scope: whole(), Lifecycle: code, AsOf: date(asOf)}
				for _, by := range []pipeline.By{pipeline.ByCounty, pipeline.ByPark} {
					_, groups, total, err := v.Funnel(q, by)
					if err != nil {
						rt.Fatalf("Funnel = %v", err)
					}
					for i, s := range total.Stages {
						q.Stage, q.Reached = s.Stage.Code, false
						if n := len(v.Select(q)); n != s.Now {
							rt.Errorf("%s by %v: %d stand in %s, the rows are %d", code, asOf, s.Now, s.Stage.Code, n)
						}
						q.Reached = true
						if n := len(v.Select(q)); n != s.Reached {
							rt.Errorf("%s by %v: %d reached %s, the rows are %d", code, asOf, s.Reached, s.Stage.Code, n)
						}
						now, reached := 0, 0
						for _, g := range groups {
							now, reached = now+g.Stages[i].Now, reached+g.Stages[i].Reached
						}
						if now != s.Now || reached != s.Reached {
							rt.Errorf("%s, %s by %s: groups give %d and %d, the total %d and %d", code, s.Stage.Code, by, now, reached, s.Now, s.Reached)
						}
						if s.Conversion != nil && (*s.Conversion < 0 || *s.Conversion > 1) {
							rt.Errorf("conversion of %s = %v", s.Stage.Code, *s.Conversion)
						}
					}
					for _, g := range groups {
						for _, s := range g.Stages {
							one := pipeline.Query{Scope: whole(), Lifecycle: code, AsOf: q.AsOf, Stage: s.Stage.Code}
							if by == pipeline.ByPark && g.Key != "" {
								one.Park = parkID(g.Key)
							} else if by == pipeline.ByCounty && g.Key != tenancytest.City {
								one.Below = "350500." + g.Key + "."
							} else {
								continue // nobody can ask for those without a park, or for the city's own, alone
							}
							if n := len(v.Select(one)); n != s.Now {
								rt.Errorf("%s of %s: %d stand in %s, the rows are %d", code, g.Key, s.Now, s.Stage.Code, n)
							}
						}
					}
				}
			}
			_, lanes, err := v.Kanban(pipeline.Query{Scope: whole(), Lifecycle: code})
			if err != nil {
				rt.Fatalf("Kanban = %v", err)
			}
			sum := 0
			for _, l := range lanes {
				if n := len(v.Select(pipeline.Query{Scope: whole(), Lifecycle: code, Stage: l.Code()})); n != l.Count {
					rt.Errorf("lane %s of %s has %d, the rows are %d", l.Code(), code, l.Count, n)
				}
				sum += l.Count
			}
			if n := len(v.Select(pipeline.Query{Scope: whole(), Lifecycle: code})); n != sum {
				rt.Errorf("the lanes of %s have %d, the rows are %d", code, sum, n)
			}
		}
	})
}

func TestKanban_countsConversionAndDays(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for i, x := range []struct{ approved, started int }{{20240111, 20240121}, {20240111, 20240131}, {20240111, 0}, {0, 0}, {20240100, 20240301}} {
		says := []said{{"reserve", "claimed", 1, 20240101, 0}}
		if x.approved != 0 {
			says = append(says, said{"land", "claimed", 1, 20240105, 0}, said{"approved", "claimed", 1, x.approved, 0})
		}
		if x.started != 0 {
			says = append(says, said{"started", "claimed", 1, x.started, 0})
		}
		w.project(fmt.Sprint("p", i), "construction", "350582", "p-jj", "", says...)
	}
	v := w.view()
	_, lanes, err := v.Kanban(pipeline.Query{Scope: whole(), Lifecycle: "construction"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range lanes {
		share := "?"
		if l.Conversion != nil {
			share = fmt.Sprintf("%.2f", *l.Conversion)
		}
		got[l.Code()] = fmt.Sprint(l.Count, " ", share, " ", days(l.MedianDays), " ", l.InvestmentFen, " ", len(l.Rows))
	}
	for stage, want := range map[string]string{
		"reserve":  "1 ? 4 1000000 1",     // four went on after 4 days to the land
		"land":     "0 0.80 16 0 0",       // 16, 26 and 56 days; of the third the approval is not known to the day, the land is
		"approved": "1 0.80 10 1000000 1", // 10 and 20
		"started":  "3 0.75 ? 3000000 3",  // of four that had land and approval
		"opened":   "0 ? ? 0 0",
	} {
		if stage == "land" {
			want = "0 0.80 26 0 0"
		}
		if got[stage] != want {
			t.Errorf("lane %s = %q, want %q", stage, got[stage], want)
		}
	}
	if _, ok := got[pipeline.None]; ok {
		t.Error("there is a lane for subjects without a stage, and none of them")
	}
	if n := v.Norm("construction", "reserve"); n != nil {
		t.Errorf("norm of four cases = %d, want none", *n)
	}
}

func TestNorm_needsTenCases(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	board := pipeline.NewBoard(w.d, tenancytest.City, now)
	for i := range 10 {
		if n := w.of(board).Norm("construction", "reserve"); n != nil {
			t.Fatalf("norm of %d cases = %d, want none", i, *n)
		}
		w.project(fmt.Sprint("p", i), "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0}, said{"land", "claimed", 1, 20240102 + i, 0})
	}
	if n := w.of(board).Norm("construction", "reserve"); n == nil || *n != 5 {
		t.Errorf("norm of 1…10 days = %s, want 5", days(n))
	}
}

func TestScope_othersSeeNoCount(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350583", "p-na", "e-d", said{"reserve", "claimed", 1, 20240101, 0})
	v := w.view()
	for name, want := range map[string]int{"city": 1, "350583": 1, "350582": 0, "op": 0, "e-a": 0, "none": 0} {
		_, lanes, err := v.Kanban(pipeline.Query{Scope: tenancytest.Scopes[name], Kind: "project", Lifecycle: "construction"})
		n := 0
		for _, l := range lanes {
			n += l.Count
		}
		if n != want || err != nil {
			t.Errorf("the lanes as %s hold %d, %v, want %d", name, n, err, want)
		}
		_, groups, _, err := v.Funnel(pipeline.Query{Scope: tenancytest.Scopes[name], Lifecycle: "construction"}, pipeline.ByPark)
		if len(groups) != want || err != nil {
			t.Errorf("the funnel as %s has %d parks, %v, want %d", name, len(groups), err, want)
		}
	}
	own := auth.Scope{City: tenancytest.City, Enterprise: "e-d"}
	if _, groups, _, err := v.Funnel(pipeline.Query{Scope: own, Lifecycle: "construction"}, pipeline.ByCounty); err != nil || len(groups) != 1 || groups[0].Name != "南安市" {
		t.Errorf("the funnel of e-d = %+v, %v, want its county", groups, err)
	}
}

func TestMedian_isTheMiddleOfTheSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOf(rapid.IntRange(0, 30)).Draw(t, "days")
		sorted := slices.Clone(days)
		slices.Sort(sorted)
		got := pipeline.Median(slices.Clone(days))
		if len(days) == 0 {
			if got != nil {
				t.Fatalf("Median of none = %d", *got)
			}
			return
		}
		if want := sorted[(len(sorted)-1)/2]; *got != want {
			t.Fatalf("Median(%v) = %d, want %d", days, *got, want)
		}
	})
}

func TestDaysBetween_countsAsTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) time.Time {
			return time.Date(1900, 1, 1+rapid.IntRange(0, 110_000).Draw(t, name), 0, 0, 0, 0, time.UTC)
		}
		a, b := day("a"), day("b")
		of := func(t time.Time) int { return t.Year()*10000 + int(t.Month())*100 + t.Day() }
		got := pipeline.DaysBetween(date(of(a)), date(of(b)))
		if want := int(b.Unix()-a.Unix()) / 86_400; got == nil || *got != want {
			t.Fatalf("DaysBetween(%v, %v) = %s, want %d", a, b, days(got), want)
		}
		if pipeline.DaysBetween(date(of(a)/100*100), date(of(b))) != nil {
			t.Fatal("days from a month that is known alone, want none")
		}
	})
}
