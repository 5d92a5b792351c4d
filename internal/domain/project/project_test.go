package project_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func milestone(s project.Stage, w tenancy.Way, day period.Date) project.Milestone {
	return project.Milestone{Stage: s, Way: w, Day: day, Nature: figure.Declared, Source: "report"}
}

func because(m project.Milestone, reason string) project.Milestone {
	m.Reason = reason
	return m
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	tenancytest.Fill(t, d)
	invest := int64(1_500_000_000_00)
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		_, err := project.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), []project.Project{
			{ID: "j-1", Kind: project.Construction, Name: "晋江园一期", Park: "p-jj", InvestmentFen: &invest, Nature: figure.Record, Source: "list",
				Milestones: []project.Milestone{milestone(project.Opened, tenancy.Planned, 20260601), milestone(project.Started, tenancy.Planned, 20230301),
					milestone(project.Started, tenancy.Planned, 20230401), milestone(project.Started, tenancy.Claimed, 20230415), milestone("handed_in", tenancy.Claimed, 20220000)}},
			{ID: "j-2", Kind: project.Retrofit, Name: "甲鞋业技改", Park: "p-op", Enterprise: "e-a", Nature: figure.Declared, Source: "report"},
			{ID: "j-3", Kind: project.Investment, Name: "丁水暖新厂", Park: "p-na", Enterprise: "e-d", Nature: figure.Declared, Source: "report"},
			{ID: "j-4", Kind: "planning", Name: "光伏项目", Org: "350582", Nature: figure.Record, Source: "list"},
			{ID: "j-5", Kind: project.Renewal, Name: "运营园旁地块", Org: "350582", Park: "p-op", Nature: figure.Declared, Source: "report"},
		})
		return err
	})
}

func list(t *testing.T, d *db.DB, s auth.Scope, q project.Query) string {
	t.Helper()
	return tenancytest.IDs(t, d, func(ctx context.Context, r db.Reader, limit int, after string) (ids []project.ID, next string, err error) {
		q.Limit, q.After = limit, after
		rows, next, err := project.List(ctx, r, s, q)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, next, err
	})
}

func TestList_showsOnlyWhatTheScopeCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		for name, want := range map[string]string{
			"city": "j-1 j-2 j-3 j-4 j-5", "350582": "j-1 j-2 j-4 j-5", "350583": "j-3", "op": "j-2", "e-a": "j-2",
			"elsewhere": "", "none": "", "no place": "", "no dot": "",
		} {
			s := tenancytest.Scopes[name]
			if got := list(t, d, s, project.Query{}); got != want {
				t.Errorf("List(%s) = %q, want %q", name, got, want)
			}
			for _, id := range []project.ID{"j-1", "j-2", "j-3", "j-4", "j-5", "j-6", "\xff"} {
				err := d.Read(context.Background(), func(r db.Reader) error {
					_, err := project.Get(context.Background(), r, s, id)
					return err
				})
				if sees := strings.Contains(want, string(id)); sees != (err == nil) || !sees && fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s: Get(%s) = %v, want sees = %v", name, id, err, sees)
				}
			}
		}
	})
}

func TestList_narrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		city := tenancytest.Scopes["city"]
		for _, x := range []struct {
			q    project.Query
			want string
		}{
			{project.Query{Below: "350500.350582."}, "j-1 j-2 j-4 j-5"}, {project.Query{Kind: "planning"}, "j-4"}, {project.Query{Park: "p-op"}, "j-2 j-5"}, {project.Query{Park: "p-na"}, "j-3"}, {project.Query{Enterprise: "e-a"}, "j-2"},
			{project.Query{Kind: project.Construction}, "j-1"}, {project.Query{Text: "水暖"}, "j-3"}, {project.Query{Text: "_"}, ""},
		} {
			if got := list(t, d, city, x.q); got != x.want {
				t.Errorf("List(%+v) = %q, want %q", x.q, got, x.want)
			}
		}
		for _, q := range []project.Query{{Limit: -1}, {After: "!"}, {Kind: "Other"}, {Text: "\x00"}} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				_, _, err := project.List(context.Background(), r, city, q)
				return err
			})
			if fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("List(%+v) = %v, want an Invalid fault", q, err)
			}
		}
	})
}

func TestGet_givesPlanAndActualOfEachStage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, err := project.Get(ctx, r, tenancytest.Scopes["city"], "j-1")
			var dates []string
			for _, x := range project.Dates(got.Milestones) {
				dates = append(dates, fmt.Sprintf("%s:%s/%s", x.Stage, x.Planned.Day, x.Actual.Day))
			}
			const want = "started:2023-04-01/2023-04-15 opened:2026-06-01/ handed_in:/2022"
			if s := strings.Join(dates, " "); s != want || got.ParkName != "晋江园" || got.EnterpriseName != "" || *got.InvestmentFen != 150_000_000_000 {
				t.Errorf("Get = %+v with %q, want %q", got, s, want)
			}
			other, err2 := project.Get(ctx, r, tenancytest.Scopes["e-a"], "j-2")
			if other.EnterpriseName != "甲鞋业有限公司" || other.InvestmentFen != nil || len(other.Milestones) != 0 {
				t.Errorf("Get = %+v", other)
			}
			if _, verr := audit.Verify(ctx, r, tenancytest.City); verr != nil {
				t.Errorf("Verify = %v", verr)
			}
			if err == nil {
				err = err2
			}
			return err
		})
	})
}

func TestAddMany_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		less := int64(-1)
		good := project.Project{ID: "j-9", Kind: project.Renewal, Name: "低效用地", Park: "p-na", Nature: figure.Declared, Source: "report"}
		with := func(change func(*project.Project)) project.Project { x := good; change(&x); return x }
		stage := func(m project.Milestone) func(*project.Project) {
			return func(x *project.Project) { x.Milestones = []project.Milestone{m} }
		}
		for _, x := range []struct {
			key, scope string
			p          project.Project
		}{
			{"park.not_found", "350582", good}, {"park.not_found", "none", good}, {"park.not_found", "e-a", good},
			{"org.not_found", "city", with(func(x *project.Project) { x.Park = "" })},
			{"project.other_office", "city", with(func(x *project.Project) { x.Org = "350582" })},
			{"org.not_found", "350583", with(func(x *project.Project) { x.Org = "350582" })},
			{"text.too_long", "city", with(stage(because(milestone(project.Started, tenancy.Planned, 20240101), strings.Repeat("长", 501))))},
			{"enterprise.not_found", "city", with(func(x *project.Project) { x.Enterprise = "nobody" })},
			{"project.exists", "city", with(func(x *project.Project) { x.ID = "j-1" })},
			{"project.bad_kind", "city", with(func(x *project.Project) { x.Kind = "" })},
			{"project.no_name", "city", with(func(x *project.Project) { x.Name = " " })},
			{"project.no_source", "city", with(func(x *project.Project) { x.Source = "" })},
			{"project.negative_investment", "city", with(func(x *project.Project) { x.InvestmentFen = &less })},
			{"figure.bad_nature", "city", with(func(x *project.Project) { x.Nature = "" })},
			{"text.invalid", "city", with(func(x *project.Project) { x.Name = "\xff" })},
			{"project.bad_stage", "city", with(stage(milestone("Started", tenancy.Claimed, 20240101)))},
			{"tenancy.bad_way", "city", with(stage(milestone(project.Started, 0, 20240101)))},
			{"date.in_future", "city", with(stage(milestone(project.Started, tenancy.Claimed, 20260101)))},
			{"date.invalid", "city", with(stage(milestone(project.Started, tenancy.Planned, 20261301)))},
			{"", "350583", good},
		} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				_, err := project.Add(ctx, w, tenancytest.Act(tenancytest.Scopes[x.scope]), x.p)
				return err
			})
			if f, _ := fault.Of(err); (x.key == "") != (err == nil) || f != nil && f.Key != x.key {
				t.Errorf("Add as %s = %v, want %q", x.scope, err, x.key)
			}
		}
	})
}

// said lists a project's milestones.
func said(t *testing.T, d *db.DB, id project.ID) (string, project.Row) {
	t.Helper()
	var row project.Row
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
		row, err = project.Get(ctx, r, tenancytest.Scopes["city"], id)
		return err
	})
	var out []string
	for _, m := range row.Milestones {
		out = append(out, fmt.Sprintf("%s %s %d %s [%s] %s", m.Stage, m.Way, m.Seq, m.Day, m.Reason, m.Recorder))
	}
	return strings.Join(out, "; "), row
}

func TestEnter_appendsAndOverwritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		version := int64(1)
		for _, m := range []project.Milestone{milestone(project.Started, tenancy.Planned, 20250801), because(milestone(project.Started, tenancy.Planned, 20250901), "批文晚"),
			milestone(project.Started, tenancy.Claimed, 20250601), milestone(project.Started, tenancy.Claimed, 20250615)} {
			tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) (err error) {
				version, err = project.Enter(ctx, w, tenancytest.Act(tenancytest.Scopes["350582"]), "j-4", version, m)
				return err
			})
		}
		const want = "started claimed 1 2025-06-01 [] tester; started claimed 2 2025-06-15 [] tester; " +
			"started planned 1 2025-08-01 [] tester; started planned 2 2025-09-01 [批文晚] tester"
		got, row := said(t, d, "j-4")
		if got != want || row.Version != 5 || version != 5 || row.Milestones[0].RecordedAt != tenancytest.At.UnixMicro() {
			t.Errorf("milestones = %s, version %d and %d, want %s, version 5", got, row.Version, version, want)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			_, err := audit.Verify(ctx, r, tenancytest.City)
			return err
		})
	})
}

func TestEnter_goesOnCountingOverWhatWasTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
				VALUES ($1, 'project', 'j-4', 'started', 'claimed', 3, 20250101, 'declared', 'report', '', 'tester', 1, '填错', 'tester', 2)`, tenancytest.City)
			if err == nil {
				_, err = project.Enter(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), "j-4", 1, milestone(project.Started, tenancy.Claimed, 20250601))
			}
			return err
		})
		if got, _ := said(t, d, "j-4"); got != "started claimed 4 2025-06-01 [] tester" {
			t.Errorf("milestones = %s, want the number 4", got)
		}
	})
}

func TestEnterMany_changesFactsAndRefusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		text := func(s string) *string { return &s }
		fen, less := int64(700), int64(-1)
		m := []project.Milestone{milestone(project.Started, tenancy.Claimed, 20250601)}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			return project.EnterMany(ctx, w, tenancytest.Act(tenancytest.Scopes["350582"]), []project.More{{ID: "j-4", Version: 1, Name: text(" 光伏二期 "), InvestmentFen: &fen, Milestones: m}, {ID: "j-5", Version: 1, Milestones: m}})
		})
		if got, row := said(t, d, "j-4"); got != "started claimed 1 2025-06-01 [] tester" || row.Name != "光伏二期" || *row.InvestmentFen != 700 || row.Version != 2 {
			t.Errorf("project = %+v, %s", row.Project, got)
		}
		for _, x := range []struct {
			key, scope string
			more       project.More
		}{
			{"project.not_found", "350583", project.More{ID: "j-4", Version: 2}}, {"project.not_found", "none", project.More{ID: "j-4", Version: 2}},
			{"project.not_found", "city", project.More{ID: "j-9", Version: 1}}, {"row.stale", "city", project.More{ID: "j-4", Version: 1}},
			{"project.no_name", "city", project.More{ID: "j-4", Version: 2, Name: text(" ")}}, {"project.negative_investment", "city", project.More{ID: "j-4", Version: 2, InvestmentFen: &less}},
			{"date.in_future", "city", project.More{ID: "j-4", Version: 2, Milestones: []project.Milestone{milestone(project.Started, tenancy.Claimed, 20260101)}}},
		} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				return project.EnterMany(ctx, w, tenancytest.Act(tenancytest.Scopes[x.scope]), []project.More{x.more})
			})
			if f, _ := fault.Of(err); f == nil || f.Key != x.key {
				t.Errorf("EnterMany(%+v) as %s = %v, want %s", x.more, x.scope, err, x.key)
			}
		}
	})
}

func TestEachRow_givesEveryProjectWithItsMilestones(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		read := func(ids []project.ID) string {
			var out []string
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				return project.EachRow(ctx, r, tenancytest.City, ids, func(p *project.PanelRow) error {
					out = append(out, fmt.Sprintf("%s %s %s %s %d", p.ID, p.OrgPath, p.Park, p.Industry, len(p.Milestones)))
					return nil
				})
			})
			return strings.Join(out, "; ")
		}
		const want = "j-1 350500.350582. p-jj  5; j-2 350500.350582.op. p-op 1952 0; j-3 350500.350583. p-na  0; j-4 350500.350582.   0; j-5 350500.350582. p-op  0"
		if got := read(nil); got != want {
			t.Errorf("EachRow = %s, want %s", got, want)
		}
		if got, want := read([]project.ID{"j-4", "j-1", "j-4", "j-8"}), "j-1 350500.350582. p-jj  5; j-4 350500.350582.   0"; got != want {
			t.Errorf("EachRow = %s, want %s", got, want)
		}
	})
}

func TestFollow_projectsGoAlongWithTheirParks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		move := func(park, to string) (n int) {
			tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
				if _, err := w.Exec(ctx, `UPDATE park SET org = $1 WHERE city = $2 AND id = $3`, to, tenancytest.City, park); err != nil {
					return err
				}
				var err error
				n, err = project.Follow(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]))
				return err
			})
			return n
		}
		if n := move("p-jj", "op"); n != 0 { // an operator below the county: the county still covers it
			t.Errorf("Follow = %d, want none", n)
		}
		if n := move("p-op", "350583"); n != 2 {
			t.Errorf("Follow = %d, want the two of the park", n)
		}
		if got, want := list(t, d, tenancytest.Scopes["350583"], project.Query{}), "j-2 j-3 j-5"; got != want {
			t.Errorf("the other county sees %s, want %s", got, want)
		}
		if _, row := said(t, d, "j-2"); row.Org != "350583" || row.Version != 2 {
			t.Errorf("project = %+v, want it in the other county", row.Project)
		}
		if n := move("p-op", "350583"); n != 0 {
			t.Errorf("Follow again = %d, want none", n)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			_, err := audit.Verify(ctx, r, tenancytest.City)
			return err
		})
	})
}
