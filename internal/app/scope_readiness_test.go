package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// readinessRules: who sees an enterprise sees its readiness; the offices of city and county record what the bureau says.
func (n *town) readinessRules() map[string]routeRule {
	recorders := []auth.Role{auth.CityOffice, auth.CountyOffice}
	var pages, facts, papers []visit
	for _, x := range presences {
		path := "/readiness/{" + x.firm + "}"
		pages = append(pages, visit{path: path, covers: n.sees(x.firm), outside: "404 enterprise.not_found", check: n.readinessPage(x.firm)})
		facts = append(facts, visit{path: path + "/facts", body: `{"fact":"applied","day":"2025-06-30","source":"{new}"}`, status: 201,
			covers: n.sees(x.firm), outside: "404 enterprise.not_found", writes: true})
		papers = append(papers, visit{path: path + "/papers", body: `{"paper":"licence","have":true,"source":"{new}"}`, status: 201,
			covers: n.sees(x.firm), outside: "404 enterprise.not_found", writes: true})
	}
	none := func(person) bool { return false }
	pages = append(pages, visit{path: "/readiness/none", covers: none, outside: "404 enterprise.not_found"})
	return map[string]routeRule{
		"list-readiness": {roles: readers, visits: []visit{
			{path: "/readiness", check: n.ownReadiness("enterprise", "")},
			{path: "/readiness?org=350500", covers: wholeCity, outside: "404 org.not_found", check: n.ownReadiness("enterprise", "")},
			{path: "/readiness?org=" + countyA, covers: at(pathA), outside: "404 org.not_found", check: n.ownReadiness("return", pathA)},
			{path: "/readiness?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", check: n.ownReadiness("return", pathB)},
			{path: "/readiness?park={B2}", check: func(t *testing.T, p person, a httpAnswer) {
				for _, item := range a.items() {
					if item["enterprise"] != n.firms["EB2"] || !p.covers(n.firms["EB2"], pathB) {
						t.Errorf("readiness in park B2 as %s shows %v", p.name, item["name"])
					}
				}
			}},
			{path: "/readiness?limit=1&cursor=x", status: 422, key: "cursor.invalid"},
		}},
		"get-readiness":       {roles: readers, visits: pages},
		"add-enrolment-fact":  {roles: recorders, visits: facts},
		"add-enrolment-paper": {roles: recorders, visits: papers},
		"get-enrolment-pack": {roles: readers, visits: []visit{{path: "/enrolment-pack", check: func(t *testing.T, p person, a httpAnswer) {
			if sectors, _ := a.body["sectors"].([]any); a.body["code"] != "enrolment-fujian" || len(sectors) < 5 {
				t.Errorf("pack as %s = %.200s", p.name, a.text)
			}
		}}}},
	}
}

// ownReadiness checks that a board shows the person's enterprises, all of them, and counts no others.
func (n *town) ownReadiness(kind, below string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		var want, got []string
		for _, r := range n.rows {
			in := below == "" || slices.ContainsFunc(r.paths, func(path string) bool { return strings.HasPrefix(path, below) })
			if r.kind == kind && in && p.covers(r.enterprise, r.paths...) && !slices.Contains(want, r.enterprise) {
				want = append(want, r.enterprise)
			}
		}
		for _, item := range a.items() {
			got = append(got, fmt.Sprint(item["enterprise"]))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("readiness as %s shows %v, want %v", p.name, got, want)
		}
		sum := 0.0
		counts, _ := a.body["summary"].(map[string]any)
		for verdict, count := range counts {
			if verdict != "entered" {
				sum += count.(float64)
			}
		}
		if int(sum) != len(want) {
			t.Errorf("the summary as %s counts %v, want %d: %v", p.name, sum, len(want), counts)
		}
	}
}

// readinessPage checks one page: the park is shown to who sees the tenancy only.
func (n *town) readinessPage(firm string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		shown := false
		for _, r := range n.rows {
			shown = shown || r.kind == "tenancy" && r.enterprise == n.firms[firm] && p.covers(r.enterprise, r.paths...)
		}
		if got := a.body["park"] != ""; got != shown {
			t.Errorf("readiness of %s as %s shows the park = %v, want %v", firm, p.name, got, shown)
		}
		can, _ := a.body["can"].([]any)
		if mine := p.place.Role == auth.CityOffice || p.place.Role == auth.CountyOffice; mine != (len(can) == 1) {
			t.Errorf("readiness of %s as %s can %v", firm, p.name, can)
		}
	}
}
