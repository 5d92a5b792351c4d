package app

import (
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/uscc"
)

// openingRules are the rules of entering who comes into a park, and projects: whoever enters milestones, in their own place.
func (n *town) openingRules() map[string]routeRule {
	code, err := uscc.Make("91350599MA777777")
	if err != nil {
		n.t.Fatal(err)
	}
	forget := func(person) {
		n.exec(`DELETE FROM tenancy WHERE enterprise IN (SELECT id FROM enterprise WHERE uscc = $1)`, string(code))
		n.exec(`DELETE FROM enterprise_name WHERE enterprise IN (SELECT id FROM enterprise WHERE uscc = $1)`, string(code))
		n.exec(`DELETE FROM enterprise WHERE uscc = $1`, string(code))
	}
	body := func(park string) string {
		return fmt.Sprintf(`{"park":%q,"uscc":%q,"name":"新来机械有限公司","industry":"34","area_m2":900,"source":"入驻协议"}`, n.parks[park], code)
	}
	opened := func(t *testing.T, p person, a httpAnswer) {
		if got := n.texts(`SELECT t.id, t.enterprise, e.name FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise WHERE e.uscc = '`+string(code)+`'`, 3); len(got) != 1 ||
			got[0][0] != a.body["id"] || got[0][1] != a.body["enterprise"] || got[0][2] != "新来机械有限公司" {
			t.Errorf("opened as %s: %v, answered %s", p.name, got, a.text)
		}
	}
	project := func(park string) string {
		return fmt.Sprintf(`{"kind":"retrofit","name":"新技改","park":%q,"investment":5000000,"source":"备案"}`, n.parks[park])
	}
	gone := func(person) { n.exec(`DELETE FROM project WHERE name = '新技改'`) }
	begun := func(t *testing.T, p person, a httpAnswer) {
		if got := n.texts(`SELECT id, CAST(investment_fen AS TEXT) FROM project WHERE name = '新技改'`, 2); len(got) != 1 || got[0][0] != a.body["id"] || got[0][1] != "500000000" {
			t.Errorf("project opened as %s: %v, answered %s", p.name, got, a.text)
		}
	}
	return map[string]routeRule{"open-project": {roles: movers, visits: []visit{
		{method: "POST", path: "/projects", body: project("A1"), covers: at(pathA), outside: "404 park.not_found", before: gone, check: begun, writes: true},
		{method: "POST", path: "/projects", body: project("B1"), covers: at(pathB), outside: "404 park.not_found", before: gone, check: begun, writes: true},
		{method: "POST", path: "/projects", body: `{"kind":"tenancy","name":"x","source":"x"}`, status: 422, key: "project.bad_kind", before: gone},
	}}, "open-tenancy": {roles: movers, visits: []visit{
		{method: "POST", path: "/tenancies", body: body("A1"), covers: at(pathA), outside: "404 park.not_found", before: forget, check: opened, writes: true},
		{method: "POST", path: "/tenancies", body: body("B1"), covers: at(pathB), outside: "404 park.not_found", before: forget, check: opened, writes: true},
		// the last one leaves the town as it was
		{method: "POST", path: "/tenancies", body: fmt.Sprintf(`{"park":%q,"uscc":"1","source":"x"}`, n.parks["A1"]), status: 422, key: "uscc.length", before: forget},
	}}}
}
