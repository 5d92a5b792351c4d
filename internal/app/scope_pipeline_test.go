package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// moments names a moment of the plan in each office as the program itself, plans every project and plans it anew.
func (n *town) moments() (baselines map[string]string) {
	n.t.Helper()
	baselines = map[string]string{}
	for path, of := range map[string]string{"350500.": n.c.ref.ID, pathA: countyA, pathB: countyB} {
		n.write(func(w db.Writer, act org.Act) error {
			b, err := pipeline.AddBaseline(n.ctx, w, act, pipeline.Baseline{Org: org.ID(of), Name: "基准" + of, Moment: act.At.Add(-time.Hour)})
			baselines[path] = b.ID
			return err
		})
	}
	for _, x := range presences {
		for i, day := range []int{20250801, 20250901} {
			n.write(func(w db.Writer, act org.Act) error {
				id := project.ID(n.projectOf(x.firm))
				version := int64(0)
				if err := w.QueryRow(n.ctx, `SELECT version FROM project WHERE city = $1 AND id = $2`, act.Scope.City, string(id)).Scan(&version); err != nil {
					return err
				}
				m := project.Milestone{Stage: "started", Way: tenancy.Planned, Day: period.Date(day), Nature: figure.Declared, Source: "台账", RecordedAt: act.At.AddDate(0, 0, i-10).UnixMicro()}
				_, err := project.Enter(n.ctx, w, act, id, version, m)
				return err
			})
		}
	}
	return baselines
}

// pipelineRules are who may see the board: everybody who reads, their own.
func (n *town) pipelineRules() map[string]routeRule {
	baselines := n.moments()
	lists := func(path string) (visits []visit) {
		for _, kind := range []string{"tenancy", "project"} {
			all := path + "?kind=" + kind + "&limit=1000"
			visits = append(visits,
				visit{path: all, rows: kind},
				visit{path: all + "&org=350500", covers: wholeCity, outside: "404 org.not_found", rows: kind},
				visit{path: all + "&org=" + countyA, covers: at(pathA), outside: "404 org.not_found", rows: kind, below: pathA},
				visit{path: all + "&org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: kind, below: pathB},
				visit{path: all + "&park={B2}", check: n.onlyWhere("park", "B2", pathB, "EB2")},
				visit{path: all + "&q=EA2", check: n.onlyWhere("q", "EA2", pathC, "EA2")})
		}
		return append(visits, visit{path: path + "?org=350599", covers: func(person) bool { return false }, outside: "404 org.not_found"},
			visit{path: path + "?lifecycle=none", covers: func(person) bool { return false }, outside: "404 lifecycle.not_found"})
	}
	sides := "&b=now&by=subject&kind=project"
	return map[string]routeRule{
		"list-pipeline-rows":  {roles: readers, visits: lists("/pipeline/table")},
		"list-pipeline-cards": {roles: readers, visits: lists("/pipeline/cards")},
		"list-pipeline-lines": {roles: readers, visits: []visit{{path: "/pipeline/gantt?limit=1000", rows: "tenancy"}, {path: "/pipeline/gantt?kind=project&lifecycle=investment&limit=1000", rows: "project"},
			{path: "/pipeline/gantt?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: "tenancy", below: pathB}}},
		"get-pipeline-kanban": {roles: readers, visits: []visit{{path: "/pipeline/kanban", check: n.ownLanes("tenancy")}, {path: "/pipeline/kanban?kind=project", check: n.ownLanes("project")},
			{path: "/pipeline/kanban?org=" + countyA, covers: at(pathA), outside: "404 org.not_found"}}},
		"get-pipeline-funnel": {roles: readers, visits: []visit{{path: "/pipeline/funnel", check: n.ownFunnel}, {path: "/pipeline/funnel?by=park", check: n.ownFunnel},
			{path: "/pipeline/funnel?org=" + countyB, covers: at(pathB), outside: "404 org.not_found"}}},
		"list-baselines": {roles: readers, visits: []visit{{path: "/baselines", check: func(t *testing.T, p person, a httpAnswer) {
			for path, id := range baselines {
				if got, want := strings.Contains(a.text, id), concerns(p, path); got != want {
					t.Errorf("baselines as %s hold that of %s: %v, want %v", p.name, path, got, want)
				}
			}
		}}, {path: "/baselines?org=" + countyA, covers: at(pathA), outside: "404 org.not_found"}}},
		"add-baseline": {roles: recorders, visits: []visit{{path: "/baselines", body: `{"name":"{who} {new}","org":"` + countyB + `"}`, covers: at(pathB), outside: "404 org.not_found", status: 201, writes: true}}},
		"compare-baselines": {roles: readers, visits: []visit{
			{path: "/baselines/compare?a=2025-06-21" + sides, check: n.ownSlips},
			{path: "/baselines/compare?a=" + baselines["350500."] + sides, covers: func(p person) bool { return concerns(p, "350500.") }, outside: "404 baseline.not_found"},
			{path: "/baselines/compare?a=" + baselines[pathB] + sides, covers: func(p person) bool { return concerns(p, pathB) }, outside: "404 baseline.not_found"},
			{path: "/baselines/compare?a=now&org=" + countyB + sides, covers: at(pathB), outside: "404 org.not_found"}}},
		"get-lights":    {roles: readers, visits: get("/lights")},
		"choose-lights": {roles: makers, visits: []visit{{path: "/lights/choice", body: `{"template":"ouhai","reason":"{who}"}`, writes: true}}},
	}
}

// concerns says whether something of an office is shown to a person: of one at or below theirs, or above it.
func concerns(p person, path string) bool {
	return p.path != "" && (strings.HasPrefix(path, p.path) || strings.HasPrefix(p.path, path))
}

// count is how many of the town's rows of a kind a person sees.
func (n *town) count(p person, kind string) (rows int) {
	for _, r := range n.rows {
		if r.kind == kind && p.covers(r.enterprise, r.paths...) {
			rows++
		}
	}
	return rows
}

func (n *town) ownLanes(kind string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		sum := 0
		lanes, _ := a.body["lanes"].([]any)
		for _, l := range lanes {
			lane, _ := l.(map[string]any)
			count, _ := lane["count"].(float64)
			sum += int(count)
			cards, _ := lane["cards"].([]any)
			for _, c := range cards {
				if card, _ := c.(map[string]any); !n.coversRow(p, kind, fmt.Sprint(card["id"])) {
					t.Errorf("the lanes as %s show the foreign %s %v", p.name, kind, card["name"])
				}
			}
		}
		if want := n.count(p, kind); sum != want {
			t.Errorf("the lanes as %s hold %d of %s, want %d", p.name, sum, kind, want)
		}
	}
}

func (n *town) ownFunnel(t *testing.T, p person, a httpAnswer) {
	total, _ := a.body["total"].(map[string]any)
	sum := 0
	for _, item := range a.items() {
		count, _ := item["count"].(float64)
		sum += int(count)
	}
	if want := n.count(p, "tenancy"); total["count"] != float64(want) || sum != want {
		t.Errorf("the funnel as %s is of %v, its groups of %d, want %d", p.name, total["count"], sum, want)
	}
}

func (n *town) ownSlips(t *testing.T, p person, a httpAnswer) {
	rows, _ := a.body["rows"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		if !n.coversRow(p, "project", fmt.Sprint(row["id"])) || row["stage"] != "started" || row["slip_days"] != float64(31) {
			t.Errorf("the comparison as %s shows %v, want own projects whose start moved by 31 days", p.name, row)
		}
	}
	if want := n.count(p, "project"); len(rows) != want {
		t.Errorf("the comparison as %s has %d rows, want %d", p.name, len(rows), want)
	}
}
