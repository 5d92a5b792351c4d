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
		})
		return err
	})
}

func list(t *testing.T, d *db.DB, s auth.Scope, q project.Query) string {
	t.Helper()
	var ids []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		q.Limit = 1
		for {
			rows, next, err := project.List(ctx, r, s, q)
			if err != nil {
				return err
			}
			for _, row := range rows {
				ids = append(ids, string(row.ID))
			}
			if q.After = next; next == "" {
				return nil
			}
		}
	})
	return strings.Join(ids, " ")
}

func TestList_showsOnlyWhatTheScopeCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		for name, want := range map[string]string{
			"city": "j-1 j-2 j-3", "350582": "j-1 j-2", "350583": "j-3", "op": "j-2", "e-a": "j-2",
			"elsewhere": "", "none": "", "no place": "", "no dot": "",
		} {
			s := tenancytest.Scopes[name]
			if got := list(t, d, s, project.Query{}); got != want {
				t.Errorf("List(%s) = %q, want %q", name, got, want)
			}
			for _, id := range []project.ID{"j-1", "j-2", "j-3", "j-4", "\xff"} {
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
			{project.Query{Below: "350500.350582."}, "j-1 j-2"}, {project.Query{Park: "p-na"}, "j-3"}, {project.Query{Enterprise: "e-a"}, "j-2"},
			{project.Query{Kind: project.Construction}, "j-1"}, {project.Query{Text: "水暖"}, "j-3"}, {project.Query{Text: "_"}, ""},
		} {
			if got := list(t, d, city, x.q); got != x.want {
				t.Errorf("List(%+v) = %q, want %q", x.q, got, x.want)
			}
		}
		for _, q := range []project.Query{{Limit: -1}, {After: "!"}, {Kind: "other"}, {Text: "\x00"}} {
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
