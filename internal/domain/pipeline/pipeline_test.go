package pipeline_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
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
