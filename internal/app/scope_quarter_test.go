package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// aProblem is a problem of the town and where it is.
type aProblem struct{ id, path string }

// troubles opens a problem of each kind of thing in each office, as the program itself, and adds them to the town's rows.
func (n *town) troubles() (out []aProblem) {
	n.t.Helper()
	for _, x := range []struct{ kind, subject, path string }{
		{"park", n.parks["A1"], pathA}, {"park", n.parks["B2"], pathB}, {"tenancy", n.tenancyOf("EA2"), pathC},
		{"tenancy", n.tenancyOf("EX"), pathB}, {"project", n.projectOf("EA1"), pathA}, {"project", n.projectOf("EB1"), pathB},
	} {
		n.write(func(w db.Writer, act org.Act) error {
			p, err := problem.Open(n.ctx, w, act, problem.New{Kind: x.kind, Subject: x.subject, Title: "问题", Due: 20250601})
			out = append(out, aProblem{p.ID, x.path})
			n.rows = append(n.rows, townRow{"problem", p.ID, []string{x.path}, ""})
			return err
		})
	}
	return out
}

// held freezes a review of the city and of each county, as its office would, and adds them to the town's rows.
func (n *town) held() (ids map[string]string) {
	n.t.Helper()
	session := n.sessionFor(n.account("reviewer", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	ids = map[string]string{}
	for office, path := range map[string]string{n.c.ref.ID: "350500.", countyA: pathA, countyB: pathB} {
		a := n.ask(httpCall{method: "POST", path: "/reviews-quarter", session: session, body: `{"org":"` + office + `","quarter":"2025-Q2","title":"二季度拉练"}`}).want(n.t, "freeze "+office, 201, "")
		ids[path] = fmt.Sprint(a.body["id"])
		n.rows = append(n.rows, townRow{"review", ids[path], []string{path}, ""})
	}
	return ids
}

func (n *town) quarterRules() map[string]routeRule {
	troubles, held := n.troubles(), n.held()
	rules := n.officerRules()
	lists := []visit{
		{path: "/problems", rows: "problem"}, {path: "/problems?state=open&limit=500", rows: "problem"}, {path: "/problems?late=true", rows: "problem"},
		{path: "/problems?state=closed", rows: "problem", none: true}, {path: "/problems?q=nothing-like-this", rows: "problem", none: true},
		{path: "/problems?org=" + countyA, covers: at(pathA), outside: "404 org.not_found", rows: "problem", below: pathA},
		{path: "/problems?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: "problem", below: pathB},
		{path: "/problems?limit=1", check: n.pagesOf("problem", "/problems?")},
	}
	var pages, acts, opens []visit
	for _, x := range troubles {
		one := visit{path: "/problems/" + x.id, covers: at(x.path), outside: "404 problem.not_found"}
		act := one
		act.path, act.body, act.writes = one.path+"/act", `{"version":1,"act":"note","text":"{who} {new}"}`, true
		act.before = func(person) {
			n.exec(`DELETE FROM problem_event WHERE problem = $1 AND seq > 1`, x.id)
			n.exec(`UPDATE problem SET version = 1 WHERE id = $1`, x.id)
		}
		one.check = func(t *testing.T, p person, a httpAnswer) {
			can, _ := a.body["can"].([]any)
			if may := p.may(recorders); may != (len(can) > 0) || a.header.Get("ETag") == "" {
				t.Errorf("problem as %s can %v, want something only for who handles problems", p.name, can)
			}
		}
		pages, acts = append(pages, one), append(acts, act)
	}
	for name, path := range parkPaths {
		opens = append(opens, visit{path: "/problems", body: `{"kind":"park","subject":"{` + name + `}","title":"{who} {new}"}`, covers: at(path), outside: "404 park.not_found", status: 201, writes: true})
	}
	for _, firm := range []string{"EA1", "EX"} {
		id := n.tenancyOf(firm)
		opens = append(opens, visit{path: "/problems", body: `{"kind":"tenancy","subject":"` + id + `","title":"{who} {new}"}`, status: 201, writes: true,
			covers: func(p person) bool { return n.coversRow(p, "tenancy", id) }, outside: "404 tenancy.not_found"})
	}
	rules["list-problems"] = routeRule{roles: readers, visits: lists}
	rules["get-problem"] = routeRule{roles: readers, visits: append(pages, visit{path: "/problems/none", status: 404, key: "problem.not_found"})}
	rules["act-on-problem"] = routeRule{roles: recorders, visits: acts}
	rules["open-problem"] = routeRule{roles: recorders, visits: opens}
	rules["get-problem-rules"] = routeRule{roles: readers, visits: []visit{{path: "/problem-rules"}}}
	rules["list-quarter-reviews"] = routeRule{roles: readers, visits: []visit{{path: "/reviews-quarter", rows: "review"}, {path: "/reviews-quarter?quarter=2025-Q2", rows: "review"},
		{path: "/reviews-quarter?quarter=2024-Q2", rows: "review", none: true},
		{path: "/reviews-quarter?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: "review", below: pathB}}}
	rules["get-quarter-review"] = routeRule{roles: readers, visits: n.reviewPages(held)}
	rules["freeze-quarter-review"] = routeRule{roles: makers, visits: []visit{{path: "/reviews-quarter", body: `{"org":"` + countyA + `","quarter":"2025-Q2","title":"{new}"}`, status: 201, writes: true}}}
	rules["grade-quarter-review"] = routeRule{roles: makers, visits: []visit{{path: "/reviews-quarter/" + held[pathB] + "/grades", body: `{"site":"{B1}","grade":"good","remark":"{new}"}`, writes: true},
		{path: "/reviews-quarter/" + held[pathB] + "/grades", body: `{"site":"{A1}","grade":"good"}`, status: 422, key: "review.bad_site"}}}
	return rules
}

// reviewPages: a review is seen by who sees the whole office, and its targets by nobody who enters figures.
func (n *town) reviewPages(held map[string]string) (visits []visit) {
	for path, id := range held {
		visits = append(visits, visit{path: "/reviews-quarter/" + id, covers: at(path), outside: "404 review.not_found", check: func(t *testing.T, p person, a httpAnswer) {
			_, has := a.body["targets"]
			if want := p.may(planners); has != want {
				t.Errorf("the review of %s as %s tells targets = %v, want %v", path, p.name, has, want)
			}
			body, _ := a.body["body"].(map[string]any)
			for _, site := range body["sites"].([]any) {
				if !p.covers("", n.parkPath(fmt.Sprint(site.(map[string]any)["park"]))) {
					t.Errorf("the review of %s as %s has the foreign site %v", path, p.name, site)
				}
			}
		}})
	}
	return append(visits, visit{path: "/reviews-quarter/none", status: 404, key: "review.not_found"})
}

// parkPath is where a park is, by its id.
func (n *town) parkPath(id string) string {
	for name, path := range parkPaths {
		if n.parks[name] == id {
			return path
		}
	}
	return ""
}

func (n *town) officerRules() map[string]routeRule {
	appoint := `{"username":"","since":"2025-01-01","reason":"{who} {new}"}`
	return map[string]routeRule{
		"list-officers": {roles: readers, visits: []visit{{path: "/officers", check: n.ownPeople}, {path: "/officers?kind=tenancy&subject=" + n.tenancyOf("EA2"), check: n.ownPeople,
			covers: func(p person) bool { return n.coversRow(p, "tenancy", n.tenancyOf("EA2")) }, outside: "404 tenancy.not_found"}}},
		"get-officer": {roles: readers, visits: n.subjects(func(_, _, path, outside string, covers func(p person) bool) visit {
			return visit{path: path + "/officer", covers: covers, outside: outside}
		})},
		"set-officer": {roles: recorders, visits: n.subjects(func(kind, _, path, outside string, covers func(p person) bool) visit {
			id := strings.TrimPrefix(path, "/subjects/"+kind+"/")
			return visit{path: path + "/officer", body: appoint, covers: covers, outside: outside, writes: true, before: func(person) {
				n.exec(`DELETE FROM officer`)
				n.exec(`INSERT INTO officer (city, subject_kind, subject, seq, username, since, reason, recorder, recorded_at) VALUES ($1, $2, $3, 1, 'somebody', 20240101, '分工', 'x', 1)`, n.c.ref.ID, kind, id)
			}}
		})},
	}
}

// ownPeople checks that a person is told of colleagues in the own place and of those above, of nobody beside.
func (n *town) ownPeople(t *testing.T, p person, a httpAnswer) {
	paths := map[string]string{n.c.ref.ID: "350500.", countyA: pathA, countyB: pathB, committee: pathC}
	for _, item := range a.items() {
		path := paths[fmt.Sprint(item["org"])]
		if p.path == "" || !strings.HasPrefix(path, p.path) && !strings.HasPrefix(p.path, path) {
			t.Errorf("officers as %s tell of %v at %s", p.name, item["username"], path)
		}
		if may := p.path != "" && strings.HasPrefix(path, p.path); item["may"] != may {
			t.Errorf("%v as %s may be named = %v, want %v", item["username"], p.name, item["may"], may)
		}
	}
}
