package pipeline_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCompare_ofMadeCases(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	a, b := moment(20250301), moment(20250601)
	for _, x := range []struct {
		name, want string
		says       []said
	}{
		{"later", "started 2025-06-01>2025-08-01 61", []said{{"started", "planned", 1, 20250601, 20250101}, {"started", "planned", 2, 20250801, 20250401}}},
		{"earlier", "started 2025-08-01>2025-07-01 -31", []said{{"started", "planned", 1, 20250801, 20250101}, {"started", "planned", 2, 20250701, 20250401}}},
		{"later and back again", "", []said{{"started", "planned", 1, 20250601, 20250101}, {"started", "planned", 2, 20250801, 20250401}, {"started", "planned", 3, 20250601, 20250501}}},
		{"added", "started >2025-08-01 ?", []said{{"started", "planned", 1, 20250801, 20250401}}},
		{"unchanged", "", []said{{"started", "planned", 1, 20250801, 20250101}}},
		{"always there", "started 2024-01-01>2024-03-01 60", []said{{"started", "planned", 1, 20240101, 0}, {"started", "planned", 2, 20240301, 20250501}}},
		{"planned anew after both", "", []said{{"started", "planned", 1, 20250601, 20250101}, {"started", "planned", 2, 20250801, 20250701}}},
		{"planned after both", "", []said{{"started", "planned", 1, 20250801, 20250701}}},
		{"at the moment itself", "started 2025-06-01>2025-08-01 61", []said{{"started", "planned", 1, 20250601, 20250301}, {"started", "planned", 2, 20250801, 20250601}}},
		{"only months are known", "started 2025-06>2025-08-01 ?", []said{{"started", "planned", 1, 20250600, 0}, {"started", "planned", 2, 20250801, 20250401}}},
		{"entered keeps its plan", "", []said{{"started", "planned", 1, 20250601, 0}, {"started", "claimed", 1, 20250501, 20250502}}},
		{"entered, after a later plan", "started 2025-04-01>2025-05-01 30", []said{{"started", "planned", 1, 20250401, 0}, {"started", "planned", 2, 20250501, 20250402}, {"started", "claimed", 1, 20250501, 20250502}}},
		{"dropped: what builds on it was entered", "topped_out 2025-04-01> ?", []said{{"topped_out", "planned", 1, 20250401, 0}, {"started", "claimed", 1, 20240101, 0}, {"completed", "claimed", 1, 20250501, 20250502}}},
		{"dropped: it ended", "started 2025-06-01> ?", []said{{"started", "planned", 1, 20250601, 0}, {"withdrawn", "claimed", 1, 20250501, 20250502}}},
		{"passed at both", "", []said{{"topped_out", "planned", 1, 20250401, 0}, {"completed", "claimed", 1, 20240501, 0}}},
		{"two stages", "land 2025-02-01>2025-02-11 10; started 2025-06-01>2025-06-02 1", []said{{"land", "planned", 1, 20250201, 0}, {"land", "planned", 2, 20250211, 20250402},
			{"started", "planned", 1, 20250601, 0}, {"started", "planned", 2, 20250602, 20250402}}},
		{"a stage that the lifecycle does not have", "flown 2025-02-01>2025-02-11 10", []said{{"flown", "planned", 1, 20250201, 0}, {"flown", "planned", 2, 20250211, 20250402}}},
	} {
		id := fmt.Sprintf("p-%x", x.name)
		w.project(id, "construction", "350582", "p-jj", "", x.says...)
		got, err := w.view().Compare(pipeline.Query{Scope: whole(), Text: "项目" + id}, a, b, pipeline.BySubject)
		if err != nil {
			t.Fatalf("Compare = %v", err)
		}
		var texts []string
		slices.SortFunc(got.Rows, func(a, b pipeline.Slipped) int { return cmp.Compare(a.Stage, b.Stage) })
		for _, r := range got.Rows {
			texts = append(texts, fmt.Sprint(r.Stage, " ", r.A, ">", r.B, " ", days(r.Days)))
		}
		if g := strings.Join(texts, "; "); g != x.want {
			t.Errorf("%s: Compare = %q, want %q", x.name, g, x.want)
		}
	}
}

func TestCompare_countsAStageThatWasTakenBack(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "p-jj", "", said{"topped_out", "planned", 1, 20250401, 0})
	w.exec(audit.Touch{Kind: "project", ID: "a"}, `INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
		VALUES ($1, 'project', 'a', 'completed', 'claimed', 1, 20250301, 'declared', 'ledger', '', '', $2, '录错', 'x', $3)`, tenancytest.City, moment(20250302), moment(20250502))
	v := w.view()
	for _, x := range []struct {
		a, b           int
		added, dropped int
	}{{20250101, 20250401, 0, 1}, {20250401, 20250601, 1, 0}, {20250101, 20250601, 0, 0}} {
		got, err := v.Compare(pipeline.Query{Scope: whole()}, moment(x.a), moment(x.b), pipeline.ByStage)
		if err != nil || got.Total.Added != x.added || got.Total.Dropped != x.dropped {
			t.Errorf("from %d to %d: added %d and dropped %d, %v, want %d and %d", x.a, x.b, got.Total.Added, got.Total.Dropped, err, x.added, x.dropped)
		}
	}
}

func TestCompare_groupsAddUp(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "p-jj", "", said{"started", "planned", 1, 20250601, 0}, said{"started", "planned", 2, 20250611, 20250401}, said{"land", "planned", 1, 20250101, 0})
	w.project("b", "construction", "op", "p-op", "", said{"started", "planned", 1, 20250601, 0}, said{"started", "planned", 2, 20250531, 20250401})
	w.project("c", "investment", "350583", "", "", said{"signed", "planned", 1, 20250601, 20250401})
	w.exec(audit.Touch{Kind: "project", ID: "a"}, `INSERT INTO officer (city, subject_kind, subject, seq, username, since, reason, recorder, recorded_at) VALUES ($1, 'project', 'a', 1, 'office.a', 20250101, '', 'x', 1)`, tenancytest.City)
	v := w.view() // the tenancy's plan was recorded on 2025-07-01
	for by, want := range map[pipeline.By]string{
		pipeline.ByCounty:  "350582 晋江市 2/3 moved 2 +1 -1 added 0 mean 4.5 max 10; 350583 南安市 2/2 moved 0 +0 -0 added 2 mean ? max ?",
		pipeline.ByStage:   "construction.land 供地 1/1 moved 0 +0 -0 added 0 mean ? max ?; construction.started 开工 2/2 moved 2 +1 -1 added 0 mean 4.5 max 10; investment.signed 签约 1/1 moved 0 +0 -0 added 1 mean ? max ?; tenancy.production 投产 1/1 moved 0 +0 -0 added 1 mean ? max ?",
		pipeline.ByOfficer: "office.a office.a 1/2 moved 1 +1 -0 added 0 mean 10.0 max 10;   3/3 moved 1 +0 -1 added 2 mean -1.0 max -1",
		pipeline.BySubject: "project/a 项目a 1/2 moved 1 +1 -0 added 0 mean 10.0 max 10; project/b 项目b 1/1 moved 1 +0 -1 added 0 mean -1.0 max -1; project/c 项目c 1/1 moved 0 +0 -0 added 1 mean ? max ?; tenancy/t-2 乙Textile有限公司 1/1 moved 0 +0 -0 added 1 mean ? max ?",
	} {
		got, err := v.Compare(pipeline.Query{Scope: whole()}, moment(20250301), moment(20250712), by)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, g := range got.Groups {
			mean := "?"
			if g.DaysMean != nil {
				mean = fmt.Sprintf("%.1f", *g.DaysMean)
			}
			texts = append(texts, fmt.Sprintf("%s %s %d/%d moved %d +%d -%d added %d mean %s max %s", g.Key, g.Name, g.Subjects, g.Milestones, g.Moved, g.Later, g.Earlier, g.Added, mean, days(g.DaysMax)))
		}
		if g := strings.Join(texts, "; "); g != want {
			t.Errorf("by %s:\n%s\nwant\n%s", by, g, want)
		}
		if got.Total.Moved != 2 || got.Total.Added != 2 || got.Total.Milestones != 5 || got.Total.Subjects != 4 {
			t.Errorf("total by %s = %+v", by, got.Total)
		}
	}
	if _, err := v.Compare(pipeline.Query{Scope: whole()}, 0, 0, pipeline.ByPark); keyOf(err) != "pipeline.bad_split" {
		t.Errorf("Compare by park = %v, want pipeline.bad_split", err)
	}
}

// plain is the comparison as one would write it down from its sentence: for every stage the last plan that was recorded by a
// moment, unless an end or a stage that builds on it was entered by then and it was not.
func plain(says []said, builds map[string][]string, at int64) map[string]int {
	plan, seq, entered := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, s := range says {
		if moment(s.recorded) > at {
			continue
		}
		if s.way != "planned" {
			entered[s.stage] = true
		} else if s.seq > seq[s.stage] {
			plan[s.stage], seq[s.stage] = s.day, s.seq
		}
	}
	for stage := range plan {
		if entered[stage] {
			continue
		}
		for other := range entered {
			if other == "withdrawn" || slices.Contains(builds[other], stage) {
				delete(plan, stage)
			}
		}
	}
	return plan
}

func TestCompare_agreesWithThePlainWay(t *testing.T) {
	builds := map[string][]string{"land": {"reserve"}, "approved": {"reserve"}, "started": {"reserve", "land", "approved"},
		"completed": {"reserve", "land", "approved", "started", "topped_out"}, "topped_out": {"reserve", "land", "approved", "started"}}
	stages := []string{"reserve", "land", "approved", "started", "topped_out", "completed", "withdrawn", "other"}
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		id := fmt.Sprintf("x%04d", n)
		var says []said
		for _, stage := range stages {
			recorded := 0
			for seq := range rapid.IntRange(0, 3).Draw(rt, "plans") {
				recorded = max(recorded, rapid.SampledFrom([]int{0, 20250101, 20250201, 20250301}).Draw(rt, "recorded"))
				says = append(says, said{stage, "planned", seq + 1, 20250100 + rapid.IntRange(1, 28).Draw(rt, "day"), recorded})
			}
			if rapid.IntRange(0, 3).Draw(rt, "entered") == 0 {
				says = append(says, said{stage, "claimed", 1, 20250105, rapid.SampledFrom([]int{0, 20250201, 20250301}).Draw(rt, "claimed")})
			}
		}
		w.project(id, "construction", "350582", "", "", says...)
		a := moment(rapid.SampledFrom([]int{20241231, 20250101, 20250215}).Draw(rt, "a"))
		b := moment(rapid.SampledFrom([]int{20250201, 20250301, 20241231}).Draw(rt, "b"))
		got, err := w.view().Compare(pipeline.Query{Scope: whole(), Text: "项目" + id}, a, b, pipeline.BySubject)
		if err != nil {
			rt.Fatal(err)
		}
		was, is := plain(says, builds, a), plain(says, builds, b)
		want, have := map[string]string{}, map[string]string{}
		for _, s := range stages {
			if was[s] != is[s] {
				want[s] = fmt.Sprint(was[s], ">", is[s])
			}
		}
		for _, r := range got.Rows {
			have[r.Stage] = fmt.Sprint(int(r.A), ">", int(r.B))
		}
		if fmt.Sprint(have) != fmt.Sprint(want) {
			rt.Fatalf("Compare of %v = %v, want %v", says, have, want)
		}
	})
}

func TestBaseline_concernsThoseBelowAndAbove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newWorld(t, d)
		at := tenancytest.At
		add := func(scope, of, name string, moment time.Time) (b pipeline.Baseline, err error) {
			err = tenancytest.Try(d, func(ctx context.Context, x db.Writer) error {
				act := tenancytest.Act(tenancytest.Scopes[scope])
				act.NewID = func() string { return "b-" + name }
				b, err = pipeline.AddBaseline(ctx, x, act, pipeline.Baseline{Org: org.ID(of), Name: name, Moment: moment})
				return err
			})
			return b, err
		}
		for _, x := range []struct {
			scope, org, name string
			moment           time.Time
			want             string
		}{
			{"city", "350500", "city", at.AddDate(0, -1, 0), ""},
			{"350582", "350582", "jj", time.Time{}, ""},
			{"op", "op", "op", at.AddDate(0, -2, 0), ""},
			{"350583", "350583", "na", at.AddDate(0, -3, 0), ""},
			{"350582", "350583", "other", at, "org.not_found"},
			{"350582", "350500", "above", at, "org.not_found"},
			{"e-a", "350582", "firm", at, "org.not_found"},
			{"city", "350500", " ", at, "baseline.no_name"},
			{"city", "350500", "soon", at.Add(time.Microsecond), "baseline.future"},
			{"city", "350500", strings.Repeat("长", 501), at, "text.too_long"},
		} {
			b, err := add(x.scope, x.org, x.name, x.moment)
			if keyOf(err) != x.want || (err == nil) != (x.want == "") {
				t.Errorf("AddBaseline(%s, %q as %s) = %v, want %q", x.org, x.name, x.scope, err, x.want)
			}
			if err == nil && x.moment.IsZero() && !b.Moment.Equal(at) {
				t.Errorf("a baseline without a moment is of %v, want that of the act, %v", b.Moment, at)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			for scope, want := range map[string]string{"city": "jj city op na", "350582": "jj city op", "350583": "city na", "op": "jj city op", "e-a": "", "none": "", "elsewhere": ""} {
				list, err := pipeline.Baselines(ctx, r, tenancytest.Scopes[scope], "")
				if err != nil {
					return err
				}
				var names []string
				for _, b := range list {
					names = append(names, b.Name)
				}
				if got := strings.Join(names, " "); got != want {
					t.Errorf("Baselines(%s) = %q, want %q", scope, got, want)
				}
				for _, id := range []string{"b-city", "b-jj", "b-op", "b-na", "b-none"} {
					_, err := pipeline.GetBaseline(ctx, r, tenancytest.Scopes[scope], id)
					if there := slices.Contains(names, id[2:]); there != (err == nil) || err != nil && keyOf(err) != "baseline.not_found" {
						t.Errorf("GetBaseline(%s, %s) = %v, want it there: %v", scope, id, err, there)
					}
				}
			}
			list, err := pipeline.Baselines(ctx, r, whole(), "350500.350583.")
			if err != nil || len(list) != 2 {
				t.Errorf("Baselines below 南安 = %d, %v, want its own and the city's", len(list), err)
			}
			return nil
		})
	})
}

func TestParseMoment_takesTheEndOfADay(t *testing.T) {
	for text, want := range map[string]string{
		"2025-06-30":           "2025-06-30T15:59:59.999999Z",
		"2025-07-12":           "2025-07-12T02:00:00Z", // today: so far
		"2025-06-30T08:00:00Z": "2025-06-30T08:00:00Z",
		"2025-07-13":           "baseline.future",
		"2025-07-12T02:00:01Z": "baseline.future",
		"2025-06":              "baseline.bad_moment",
		"soon":                 "baseline.bad_moment",
		"":                     "baseline.bad_moment",
	} {
		at, err := pipeline.ParseMoment(text, clock)
		got := keyOf(err)
		if err == nil {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("ParseMoment(%q) = %s, want %s", text, got, want)
		}
	}
}
