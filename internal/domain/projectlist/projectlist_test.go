package projectlist_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/projectlist"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const county = "350582"

// forms and courses are what the product ships.
func forms(t testing.TB) *form.Library {
	t.Helper()
	lib, err := form.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func courses(t testing.TB) *lifecycle.Library {
	t.Helper()
	lib, err := lifecycle.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// list writes rows of the county's project list.
func list(t testing.TB, d *db.DB, rows ...filing.Cells) {
	t.Helper()
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		ref := filing.Ref{Kind: form.OfOrg, Subject: county, Form: "project_list"}
		var changes []filing.Change
		for i, cells := range rows {
			key := cells["project_no"]
			changes = append(changes, filing.Change{Key: key, Cells: cells, Nature: figure.Declared, Origin: filing.Origin{Way: filing.Typed, Row: i + 2}})
		}
		_, err := filing.SaveAll(ctx, w, tenancytest.Act(tenancytest.Scopes[county]), forms(t), filing.Bulk{Ref: ref}, slices.Values(changes))
		return err
	})
}

func act(scope string) org.Act { return tenancytest.Act(tenancytest.Scopes[scope]) }

func load(t testing.TB, d *db.DB, scope, lifecycle string) (report projectlist.Report, err error) {
	t.Helper()
	err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) (err error) {
		report, err = projectlist.Load(ctx, w, act(scope), courses(t), projectlist.From{Org: county, Lifecycle: lifecycle})
		return err
	})
	return report, err
}

// told writes a report as "new changed unchanged: row key message; …".
func told(r projectlist.Report) string {
	var bad []string
	for _, b := range r.Bad {
		bad = append(bad, fmt.Sprintf("%s %s", b.Key, b.Fault.Key))
	}
	return fmt.Sprintf("%d %d %d: %s", r.New, r.Changed, r.Unchanged, strings.Join(bad, "; "))
}

// projects writes what the ledger holds.
func projects(t testing.TB, d *db.DB) string {
	t.Helper()
	var out []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		rows, _, err := project.List(ctx, r, tenancytest.Scopes["city"], project.Query{Limit: 500})
		for _, p := range rows {
			line := fmt.Sprintf("%s %s %s %s", p.Name, p.Org, p.Park, p.Kind)
			if p.InvestmentFen != nil {
				line += fmt.Sprint(" ", *p.InvestmentFen)
			}
			for _, m := range p.Milestones {
				line += fmt.Sprintf(" %s/%s/%d/%s/%s", m.Stage, m.Way, m.Seq, m.Day, m.Reason)
			}
			out = append(out, line)
		}
		_, verr := audit.Verify(ctx, r, tenancytest.City)
		return errors.Join(err, verr)
	})
	slices.Sort(out)
	return strings.Join(out, "\n")
}

var (
	sun  = filing.Cells{"project_no": "1", "project_name": "光伏一期", "planned_investment": "500000000", "park_name": "晋江园", "planning_submitted": "2020-03-01", "planning_granted": "2019-05", "operation_date": "2025-12-01"}
	wind = filing.Cells{"project_no": "2", "project_name": "风电", "park_name": "没有这个园", "planning_submitted": "2021-01-04", "planned_start": "2026-03"}
)

const sunLine = "光伏一期 350582 p-jj planning 500000000 granted/claimed/1/2019-05/ operational/planned/1/2025-12-01/ submitted/claimed/1/2020-03-01/"

func TestLoad_makesProjectsAndDoesSoOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		if _, err := load(t, d, "350582", "planning"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Load of no list = %v, want projectlist.empty", err)
		}
		list(t, d, sun, wind)
		for i, want := range []string{"2 0 0: ", "0 0 2: ", "0 0 2: "} {
			if r, err := load(t, d, "350582", "planning"); told(r) != want || err != nil {
				t.Errorf("load %d = %s, %v, want %s", i+1, told(r), err, want)
			}
		}
		want := sunLine + "\n风电 350582  planning submitted/claimed/1/2021-01-04/ under_construction/planned/1/2026-03/"
		if got := projects(t, d); got != want {
			t.Errorf("projects =\n%s\nwant\n%s", got, want)
		}
	})
}

func TestLoad_whatChangedBecomesAFurtherEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		list(t, d, sun)
		if _, err := load(t, d, "350582", "planning"); err != nil {
			t.Fatal(err)
		}
		later := filing.Cells{"project_no": "1", "project_name": "光伏一期工程", "planned_investment": "600000000", "park_name": "晋江园", "planning_submitted": "2020-04-01", "operation_date": "2025-12-01"}
		list(t, d, later)
		if r, err := load(t, d, "350582", "planning"); told(r) != "0 1 0: 1 projectlist.day_gone" || err != nil {
			t.Errorf("load = %s, %v", told(r), err)
		}
		const want = "光伏一期工程 350582 p-jj planning 600000000 granted/claimed/1/2019-05/ operational/planned/1/2025-12-01/ submitted/claimed/1/2020-03-01/ submitted/claimed/2/2020-04-01/项目台账更新"
		if got := projects(t, d); got != want {
			t.Errorf("projects =\n%s\nwant\n%s", got, want)
		}
	})
}

func TestLoad_leavesWhatPeopleSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		list(t, d, sun)
		if _, err := load(t, d, "350582", "planning"); err != nil {
			t.Fatal(err)
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			rows, _, err := project.List(ctx, w.Reader, tenancytest.Scopes["city"], project.Query{})
			if err != nil {
				return err
			}
			// The officer corrects one day and takes another back.
			_, err = project.Enter(ctx, w, act("350582"), rows[0].ID, 1, project.Milestone{Stage: "submitted", Way: tenancy.Claimed, Day: 20200315, Nature: figure.Declared, Source: "受理通知"})
			for _, statement := range []string{`INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
				SELECT city, 'project', project, stage, way, seq, day, nature, source, reason, recorder, recorded_at, '填错', 'office.a', 1 FROM project_milestone WHERE stage = 'granted'`,
				`DELETE FROM project_milestone WHERE stage = 'granted'`} {
				if err == nil {
					_, err = w.Exec(ctx, statement)
				}
			}
			return err
		})
		if r, err := load(t, d, "350582", "planning"); told(r) != "0 0 1: " || err != nil {
			t.Errorf("load = %s, %v, want nothing new", told(r), err)
		}
		again := filing.Cells{}
		for code, text := range sun {
			again[code] = text
		}
		again["planning_granted"] = "2021-05-06"
		list(t, d, again)
		if r, err := load(t, d, "350582", "planning"); told(r) != "0 1 0: " || err != nil {
			t.Errorf("load = %s, %v, want one changed", told(r), err)
		}
		const want = "光伏一期 350582 p-jj planning 500000000 granted/claimed/2/2021-05-06/项目台账更新 operational/planned/1/2025-12-01/ submitted/claimed/1/2020-03-01/ submitted/claimed/2/2020-03-15/"
		if got := projects(t, d); got != want {
			t.Errorf("projects =\n%s\nwant\n%s", got, want)
		}
	})
}

func TestLoad_aDayAheadIsAPlanUntilItHasCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		row := func(day string) filing.Cells {
			return filing.Cells{"project_no": "1", "project_name": "储能", "planned_operation": "2026-06-30", "operation_date": day}
		}
		for _, x := range []struct{ day, told, want string }{
			{"2025-12-01", "1 0 0: ", "储能 350582  planning operational/planned/1/2025-12-01/"},
			{"2025-12-01", "0 0 1: ", "储能 350582  planning operational/planned/1/2025-12-01/"},
			{"2025-06-30", "0 1 0: ", "储能 350582  planning operational/claimed/1/2025-06-30/ operational/planned/1/2025-12-01/ operational/planned/2/2026-06-30/项目台账更新"},
			{"2025-11-01", "0 1 0: 1 projectlist.day_gone", "储能 350582  planning operational/claimed/1/2025-06-30/ operational/planned/1/2025-12-01/ operational/planned/2/2026-06-30/项目台账更新 " +
				"operational/planned/3/2025-11-01/项目台账更新"},
		} {
			list(t, d, row(x.day))
			if r, err := load(t, d, "350582", "planning"); told(r) != x.told || err != nil {
				t.Errorf("load with %s = %s, %v, want %s", x.day, told(r), err, x.told)
			}
			if got := projects(t, d); got != x.want {
				t.Errorf("with %s the ledger has\n%s\nwant\n%s", x.day, got, x.want)
			}
		}
	})
}

func TestLoad_saysWhatItCannotTake(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		list(t, d, sun, filing.Cells{"project_no": "3", "planning_submitted": "2020-01-01"})
		if r, err := load(t, d, "350582", "planning"); told(r) != "1 0 0: 3 project.no_name" || err != nil {
			t.Errorf("load = %s, %v", told(r), err)
		}
		if r, err := load(t, d, "350582", "construction"); told(r) != "0 0 0: 1 projectlist.other_lifecycle; 3 project.no_name" || err != nil {
			t.Errorf("load with another lifecycle = %s, %v", told(r), err)
		}
		for _, x := range []struct{ scope, lifecycle, key string }{
			{"350583", "planning", "org.not_found"}, {"none", "planning", "org.not_found"}, {"e-a", "planning", "org.not_found"},
			{"city", "nothing", "lifecycle.not_found"}, {"city", "tenancy", "project.bad_kind"}, {"city", "renewal", "projectlist.no_table"},
		} {
			_, err := load(t, d, x.scope, x.lifecycle)
			if f, _ := fault.Of(err); f == nil || f.Key != x.key {
				t.Errorf("Load of %s as %s = %v, want %s", x.lifecycle, x.scope, err, x.key)
			}
		}
	})
}

// Every stage of the table is one of its lifecycle, and every field one of the form and of the kind it is used for.
func TestShipped_namesStagesAndFieldsThatAreThere(t *testing.T) {
	table, err := projectlist.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	f, err := forms(t).Form(table.Form, "")
	if err != nil {
		t.Fatal(err)
	}
	kind := map[form.Code]form.Kind{}
	for _, it := range f.Items {
		kind[it.Field.Code] = it.Field.Kind
	}
	if kind[table.Name] != form.Word || kind[table.Park] != form.Word || kind[table.Investment] != form.Quantity {
		t.Errorf("name, park, investment are %v, %v, %v", kind[table.Name], kind[table.Park], kind[table.Investment])
	}
	for _, l := range table.Lifecycles {
		p, err := courses(t).For(l.Lifecycle, 20250701)
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []map[project.Stage]form.Code{l.Claimed, l.Planned} {
			for stage, field := range way {
				if p.Stage(string(stage)) == nil || kind[field] != form.Date {
					t.Errorf("%s: stage %q from field %q of kind %v", l.Lifecycle, stage, field, kind[field])
				}
			}
		}
		if l.Lifecycle == "planning" {
			for _, s := range p.Stages {
				if l.Claimed[project.Stage(s.Code)] == "" {
					t.Errorf("no field is the stage %q of planning", s.Code)
				}
			}
		}
	}
}

// BenchmarkLoad loads a list of 5,000 projects and then once more.
func BenchmarkLoad(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := dbtest.Open(b, e)
				tenancytest.Fill(b, d)
				rows := make([]filing.Cells, 5000)
				for i := range rows {
					rows[i] = filing.Cells{"project_no": fmt.Sprint(i), "project_name": "项目", "planning_submitted": "2020-03-01", "planning_granted": "2020-05-01", "construction_start": "2021-01-01", "operation_date": "2022-01-01"}
				}
				list(b, d, rows...)
				b.StartTimer()
				for i := range 2 {
					began := time.Now()
					if _, err := load(b, d, "city", "planning"); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(time.Since(began).Seconds(), []string{"s/first", "s/again"}[i])
				}
			}
		})
	}
}
