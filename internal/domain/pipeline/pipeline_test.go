package pipeline_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestRow_followsFromItsEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.project("a", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0}, said{"approved", "claimed", 1, 20240301, 0},
			said{"approved", "verified", 1, 20240305, 0}, said{"land", "planned", 1, 20240601, 0}, said{"land", "planned", 2, 20250630, 20250301},
			said{"started", "planned", 1, 20251001, 0})
		w.project("b", "construction", "350582", "", "", said{"reserve", "claimed", 1, 20240200, 0}, said{"recruiting", "planned", 1, 20250711, 0})
		w.project("c", "construction", "350583", "p-na", "e-d", said{"reserve", "claimed", 1, 20240101, 0}, said{"withdrawn", "claimed", 1, 20250101, 0},
			said{"started", "planned", 1, 20240901, 0})
		w.project("e", "construction", "350583", "p-na", "", said{"started", "planned", 1, 20250712, 0})
		w.project("f", "construction", "350583", "p-na", "", said{"reserve", "deemed", 1, 20240101, 0}, said{"reserve", "deemed", 2, 20240109, 0},
			said{"reserve", "claimed", 1, 20240102, 0}, said{"started", "claimed", 1, 20240501, 0}, said{"topped_out", "planned", 1, 20240801, 0},
			said{"completed", "claimed", 1, 20241201, 0}, said{"flown", "claimed", 1, 20250101, 0}, said{"opened", "planned", 1, 20250700, 0})
		v := w.view()
		for id, want := range map[string]string{
			"a": "approved 2024-03-05 verified 494 days, next land 2025-06-30 slip 394 late true, ended ",
			"b": "reserve 2024-02 claimed ? days, next recruiting 2025-07-11 slip 0 late true, ended ",
			"c": "withdrawn 2025-01-01 claimed 192 days, next   slip ? late false, ended withdrawn",
			"e": "   ? days, next started 2025-07-12 slip 0 late false, ended ",
			"f": "completed 2024-12-01 claimed 223 days, next opened 2025-07 slip ? late false, ended ", // topped_out was left out
		} {
			r := row(t, v, id)
			got := fmt.Sprintf("%s %s %s %s days, next %s %s slip %s late %v, ended %s", r.Stage, r.Since, r.Way, days(r.Days), r.Next, r.NextPlanned, days(r.Slip), r.Late, r.Ended)
			if got != want {
				t.Errorf("row %s = %q, want %q", id, got, want)
			}
		}
		a := row(t, v, "a")
		land := slices.IndexFunc(a.Marks, func(m pipeline.Mark) bool { return m.Stage == "land" })
		if m := a.Marks[land]; m.First != 20240601 || m.Planned != 20250630 || m.Replans != 1 || m.Day != 0 || land != 1 {
			t.Errorf("land of a is %+v at %d, want first and last plan, one re-plan, second in order", m, land)
		}
		if m := row(t, v, "f").Marks; m[0].Day != 20240102 || m[len(m)-1].Stage != "flown" {
			t.Errorf("marks of f = %+v, want the claimed day before a deemed one and the unknown stage last", m)
		}
		if a.InvestmentFen == nil || *a.InvestmentFen != 1_000_000 || a.ParkName != "晋江园" || a.OrgPath != "350500.350582." || row(t, v, "b").Park != "" {
			t.Errorf("head of a = %+v", a.Head)
		}
		if r := row(t, v, "t-1"); r.Stage != "production" || r.Name != "甲鞋业有限公司" || *r.AreaM2 != 12_000 || r.Lifecycle != "tenancy" || r.Kind != subject.Tenancy {
			t.Errorf("t-1 = %+v, want a producing tenancy", r)
		}
	})
}

func TestSelect_showsTheScopeAndNothingElse(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "p-jj", "")
	w.project("b", "investment", "op", "", "e-a")
	w.project("c", "construction", "350583", "p-na", "e-d")
	v := w.view()
	for name, want := range map[string]string{
		"city": "a b c t-1 t-2 t-3 t-4", "350582": "a b t-1 t-3", "350583": "c t-2 t-4", "op": "b t-1", "e-a": "b t-1",
		"elsewhere": "", "none": "", "no place": "", "no dot": "",
	} {
		got := ids(v.Select(pipeline.Query{Scope: tenancytest.Scopes[name]}))
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("Select as %s = %v, want %s", name, got, want)
		}
	}
	for _, x := range []struct {
		q    pipeline.Query
		want string
	}{
		{pipeline.Query{Below: "350500.350582."}, "a b t-1 t-3"},
		{pipeline.Query{Below: "350500.350582.", Kind: "project"}, "a b"},
		{pipeline.Query{Park: "p-na"}, "c t-2 t-4"},
		{pipeline.Query{Lifecycle: "construction"}, "a c"},
		{pipeline.Query{Text: "textile"}, "t-2"},
		{pipeline.Query{Text: "南安园", Kind: "project"}, "c"},
		{pipeline.Query{Stage: pipeline.None}, "a b c"},
		{pipeline.Query{Stage: "cleared"}, "t-3"},
		{pipeline.Query{Stage: "production"}, "t-1"},
		{pipeline.Query{Stage: "production", Reached: true}, "t-1 t-3"},
		{pipeline.Query{Stage: "production", AsOf: 20240330}, "t-1 t-3"},
		{pipeline.Query{Stage: "production", AsOf: 20240109}, "t-3"},
		{pipeline.Query{Stage: "fitting_out", AsOf: 20230731}, "t-1"}, // known to the month: it counts from its beginning
		{pipeline.Query{Stage: "fitting_out", AsOf: 20230630}, ""},
		{pipeline.Query{Light: "green", Kind: "project"}, ""},
	} {
		x.q.Scope = whole()
		got := ids(v.Select(x.q))
		slices.Sort(got)
		if strings.Join(got, " ") != x.want {
			t.Errorf("Select(%+v) = %v, want %s", x.q, got, x.want)
		}
	}
}

// Whatever changes, the board that catches up shows what one that reads everything shows.
func TestNow_catchesUpWithEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.project("a", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0})
		b := pipeline.NewBoard(d, tenancytest.City, now)
		w.of(b)
		p := func(id string) audit.Touch { return audit.Touch{Kind: "project", ID: id} }
		for _, step := range []struct {
			name string
			do   func()
			anew bool
		}{
			{"a new project", func() { w.project("b", "investment", "350583", "", "e-a", said{"signed", "claimed", 1, 20240101, 0}) }, false},
			{"an entry", func() { w.say("a", said{"approved", "claimed", 1, 20240201, 20240202}) }, false},
			{"a pause", func() {
				w.exec(p("a"), `INSERT INTO milestone_pause (city, subject_kind, subject, seq, act, day, reason, recorder, recorded_at) VALUES ($1, 'project', 'a', 1, 'suspend', 20250101, '停', 'x', 1)`, tenancytest.City)
			}, false},
			{"its end", func() {
				w.exec(p("a"), `INSERT INTO milestone_pause (city, subject_kind, subject, seq, act, day, reason, recorder, recorded_at) VALUES ($1, 'project', 'a', 2, 'resume', 20250201, '', 'x', 1)`, tenancytest.City)
			}, false},
			{"an officer", func() {
				w.exec(audit.Touch{Kind: "tenancy", ID: "t-1"}, `INSERT INTO officer (city, subject_kind, subject, seq, username, since, reason, recorder, recorded_at) VALUES ($1, 'tenancy', 't-1', 1, 'office.a', 20250101, '', 'x', 1)`, tenancytest.City)
			}, false},
			{"a problem", func() {
				w.exec(p("a"), `INSERT INTO problem (city, id, subject_kind, subject, org, title, body, version, recorder, recorded_at) VALUES ($1, 'q1', 'project', 'a', '350582', '缺电', '', 1, 'x', 1)`, tenancytest.City)
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 1, 'open', 'open', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"its solution", func() {
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 2, 'solve', 'solved', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"its confirmation", func() {
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 3, 'confirm', 'closed', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"another name of a park", func() {
				w.exec(audit.Touch{Kind: "park", ID: "p-jj"}, `UPDATE park SET name = '新园', org = '350583' WHERE city = $1 AND id = 'p-jj'`, tenancytest.City)
			}, false},
			{"another name of an enterprise", func() {
				w.exec(audit.Touch{Kind: "enterprise", ID: "e-a"}, `UPDATE enterprise SET name = '新厂' WHERE city = $1 AND id = 'e-a'`, tenancytest.City)
			}, false},
			{"an entry taken back", func() {
				w.exec(p("a"), `DELETE FROM project_milestone WHERE city = $1 AND project = 'a' AND stage = 'approved'`, tenancytest.City)
				w.exec(p("a"), `INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
					VALUES ($1, 'project', 'a', 'approved', 'claimed', 1, 20240201, 'declared', 'ledger', '', '', 1, '录错', 'x', 2)`, tenancytest.City)
			}, false},
			{"a project that is gone", func() {
				w.exec(p("b"), `DELETE FROM project_milestone WHERE city = $1 AND project = 'b'`, tenancytest.City)
				w.exec(p("b"), `DELETE FROM project WHERE city = $1 AND id = 'b'`, tenancytest.City)
			}, false},
			{"something else", func() { w.exec(audit.Touch{Kind: "filing", ID: "x"}, `SELECT 1`) }, false},
			{"a table of lights", func() {
				tenancytest.Write(t, d, func(ctx context.Context, x db.Writer) error {
					return pipeline.Choose(ctx, x, tenancytest.Act(whole()), "ouhai", "试用")
				})
			}, true},
		} {
			before := b.Loads()
			step.do()
			got, want := w.of(b), w.view()
			if x, y := shown(got), shown(want); x != y {
				t.Errorf("after %s the board shows\n%s\nwant\n%s", step.name, x, y)
			}
			if anew := b.Loads() != before; anew != step.anew {
				t.Errorf("after %s the ledger was read anew: %v, want %v", step.name, anew, step.anew)
			}
		}
	})
}

// shown is all that a view shows.
func shown(v *pipeline.View) string {
	var out strings.Builder
	fmt.Fprintln(&out, v.Sequence, v.Today, v.Template().Code)
	for _, r := range v.Select(pipeline.Query{Scope: whole()}) {
		fmt.Fprintln(&out, r.Ref, r.Head.Name, r.OrgPath, r.ParkName, r.EnterpriseName, r.Marks, r.Officer, r.Problems, r.Suspended, r.Stage, r.Light, r.LightWhy, r.Late)
	}
	return out.String()
}

func TestNow_movesToTheNextDay(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0}, said{"land", "planned", 1, 20250712, 0})
	at := clock
	b := pipeline.NewBoard(w.d, tenancytest.City, func() time.Time { return at })
	if r := row(t, w.of(b), "a"); r.Late {
		t.Error("a is late on the day itself")
	}
	at = time.Date(2025, 7, 12, 15, 59, 0, 0, time.UTC) // one minute before midnight in the offices
	if v := w.of(b); v.Today != today || row(t, v, "a").Late {
		t.Errorf("before midnight today = %v and late = %v", v.Today, row(t, v, "a").Late)
	}
	at = at.Add(time.Minute)
	if v := w.of(b); v.Today != 20250713 || !row(t, v, "a").Late {
		t.Errorf("after midnight today = %v and late = %v, want the next day and late", v.Today, row(t, v, "a").Late)
	}
}

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

func TestList_pagesEveryRowOnce(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for i := range 23 {
		w.project(fmt.Sprintf("p%02d", i), "construction", []string{"350582", "350583"}[i%2], "", "", said{"reserve", "claimed", 1, 20240101 + i%5, 0}, said{"land", "planned", 1, 20250700 + i%28, 0})
	}
	v := w.view()
	q := pipeline.Query{Scope: whole()}
	want := ids(v.Select(q))
	slices.Sort(want)
	for _, sort := range append([]string{"", "-since", "-name"}, pipeline.Sorts()...) {
		var got []string
		after := ""
		for range 10 {
			p, err := v.List(q, sort, after, 4)
			if err != nil || p.Total != len(want) {
				t.Fatalf("List(%q) = %d rows in all, %v, want %d", sort, p.Total, err, len(want))
			}
			got = append(got, ids(p.Rows)...)
			if after = p.Next; after == "" {
				break
			}
		}
		slices.Sort(got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("pages by %q give %v, want %v", sort, got, want)
		}
	}
	for _, x := range []struct {
		sort, after string
		limit       int
		want        string
	}{{"size", "", 5, "pipeline.bad_sort"}, {"", "x", 5, "cursor.invalid"}, {"", "", 0, "limit.invalid"}, {"", "", 1001, "limit.invalid"}} {
		if _, err := v.List(q, x.sort, x.after, x.limit); keyOf(err) != x.want {
			t.Errorf("List(%q, %q, %d) = %v, want %s", x.sort, x.after, x.limit, err, x.want)
		}
	}
	p, err := v.List(q, "-since", "", 3)
	if err != nil || p.Rows[0].Since < p.Rows[1].Since {
		t.Errorf("by -since = %v, %v, want the latest first", ids(p.Rows), err)
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

// A stage that a rule deems entered is shown with its day and counted nowhere: nobody said so.
func TestRow_showsWhatIsDeemedAndDoesNotCountIt(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	hand := func(id string, day int) {
		w.exec(audit.Touch{Kind: "tenancy", ID: id}, `INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, recorder, recorded_at, reason)
			SELECT city, enterprise, id, 'handed_over', 'claimed', 1, CAST($1 AS BIGINT), 'declared', 'ledger', '', 0, '' FROM tenancy WHERE city = $2 AND id = $3`, day, tenancytest.City, id)
	}
	hand("t-2", 20250112) // six months are over today
	hand("t-4", 20250113)
	v := w.view()
	for id, want := range map[string]string{"t-1": "production []", "t-2": "fitting_out [{production 2025-07-12 handed_over}]", "t-4": "handed_over []"} {
		r := row(t, v, id)
		if got := fmt.Sprint(r.Stage, " ", r.Deemed); got != want {
			t.Errorf("%s stands in %q, want %q", id, got, want)
		}
	}
	if n := len(v.Select(pipeline.Query{Scope: whole(), Stage: "production", Reached: true})); n != 2 {
		t.Errorf("%d reached production, want the two that said so", n)
	}
}

func TestSelect_putsTheMostUrgentFirst(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	base := said{"signed", "claimed", 1, 20240101, 0}
	add := func(id string, says ...said) {
		w.project(id, "investment", "350582", "", "", append([]said{base}, says...)...)
	}
	add("g-done", said{"enrolled", "claimed", 1, 20240601, 0})
	add("f-old")
	add("e-soon", said{"started", "planned", 1, 20250801, 0})
	add("d-later", said{"started", "planned", 1, 20250901, 0})
	add("c-late", said{"land", "planned", 1, 20250701, 0})
	add("b-yellow", said{"started", "planned", 1, 20250701, 0})
	add("a-red", said{"started", "planned", 1, 20240701, 0})
	add("h-withdrawn", said{"withdrawn", "claimed", 1, 20240601, 0}, said{"started", "planned", 1, 20240201, 0})
	want := []string{"a-red", "b-yellow", "c-late", "e-soon", "d-later", "f-old", "g-done", "h-withdrawn"}
	if got := ids(w.view().Select(pipeline.Query{Scope: whole(), Kind: "project"})); !slices.Equal(got, want) {
		t.Errorf("Select = %v, want %v", got, want)
	}
}

// Whoever asks after a commit sees it, however many ask while others write, and the ledger is read as a whole once.
func TestNow_showsEveryCommitToEverybody(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := pipeline.NewBoard(w.d, tenancytest.City, now)
	var wait sync.WaitGroup
	for n := range 4 {
		wait.Go(func() {
			for i := range 5 {
				id := fmt.Sprintf("p%d-%d", n, i)
				w.project(id, "construction", "350582", "", "", said{"reserve", "claimed", 1, 20240101, 0})
				v, err := b.Now(context.Background())
				if err != nil {
					t.Errorf("Now = %v", err)
					return
				}
				if found := v.Select(pipeline.Query{Scope: whole(), Text: "项目" + id}); len(found) != 1 {
					t.Errorf("after its commit %s is there %d times", id, len(found))
				}
			}
		})
	}
	wait.Wait()
	if b.Loads() != 1 {
		t.Errorf("the ledger was read as a whole %d times, want once", b.Loads())
	}
}
