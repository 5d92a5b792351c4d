package app

import (
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// tenancyOf is the id of a firm's tenancy.
func (n *town) tenancyOf(firm string) string {
	return n.texts(`SELECT id FROM tenancy WHERE enterprise = '`+n.firms[firm]+`'`, 1)[0][0]
}

// projectOf is the id of a firm's project.
func (n *town) projectOf(firm string) string {
	return n.texts(`SELECT id FROM project WHERE enterprise = '`+n.firms[firm]+`'`, 1)[0][0]
}

// subjects are visits to something below each tenancy's and project's address.
func (n *town) subjects(visits func(kind, firm, path, outside string, covers func(p person) bool) visit) (out []visit) {
	for _, x := range presences {
		for kind, id := range map[string]string{"tenancy": n.tenancyOf(x.firm), "project": n.projectOf(x.firm)} {
			out = append(out, visits(kind, x.firm, "/subjects/"+kind+"/"+id, "404 "+kind+".not_found", func(p person) bool { return n.coversRow(p, kind, id) }))
		}
	}
	return append(out, visits("tenancy", "", "/subjects/tenancy/none", "404 tenancy.not_found", func(person) bool { return false }))
}

func (n *town) promiseRules() map[string]routeRule {
	keepers := []auth.Role{auth.CityOffice, auth.CountyOffice}
	promised := fmt.Sprintf(`{"items":[{"measure":"tax","basis":"total","year":1,"value":"%s","source":"合同","reason":"{new}"}]}`, "12")
	return map[string]routeRule{
		"get-promises": {roles: readers, visits: n.subjects(func(kind, _, path, outside string, covers func(p person) bool) visit {
			return visit{path: path + "/promises", covers: covers, outside: outside, check: func(t *testing.T, p person, a httpAnswer) {
				if a.body["rows"] == nil || a.body["land"] == nil {
					t.Errorf("promises of a %s as %s are %v, want rows and land", kind, p.name, a.body)
				}
			}}
		})},
		"record-promises": {roles: keepers, visits: n.subjects(func(_, _, path, outside string, covers func(p person) bool) visit {
			return visit{path: path + "/promises", body: promised, covers: covers, outside: outside, writes: true, before: func(person) { n.exec(`DELETE FROM promise`) }}
		})},
		"set-promise-land": {roles: keepers, visits: n.subjects(func(_, _, path, outside string, covers func(p person) bool) visit {
			return visit{path: path + "/promises/land", body: `{"land":"3","source":"{new}"}`, covers: covers, outside: outside, writes: true}
		})},
		"list-promise-breaches": {roles: readers, visits: []visit{
			{path: "/promises/breaches"}, {path: "/promises/breaches?state=breached"},
			{path: "/promises/breaches?org=" + countyA, covers: at(pathA), outside: "404 org.not_found", check: n.ownBreaches},
			{path: "/promises/breaches?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", check: n.ownBreaches},
			{path: "/promises/breaches?cursor=x", status: 422, key: "cursor.invalid"},
		}},
		"list-promise-packs": {roles: readers, visits: []visit{{path: "/promise-packs", check: func(t *testing.T, p person, a httpAnswer) {
			if len(a.items()) < 4 {
				t.Errorf("GET /promise-packs as %s gives %d, want all", p.name, len(a.items()))
			}
		}}}},
	}
}

// ownBreaches checks that nobody is told of a subject that he does not see.
func (n *town) ownBreaches(t *testing.T, p person, a httpAnswer) {
	for _, item := range a.items() {
		kind, id := fmt.Sprint(item["kind"]), fmt.Sprint(item["id"])
		if !n.coversRow(p, kind, id) {
			t.Errorf("breaches as %s tell of %s %s", p.name, kind, id)
		}
	}
}
