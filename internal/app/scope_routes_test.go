package app

import (
	"maps"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Who may do what, written down a second time and by hand: the tests would prove nothing if they asked the product.
var (
	readers   = []auth.Role{auth.SystemAdmin, auth.CityOffice, auth.CountyOffice, auth.ParkOperator, auth.Enterprise, auth.Viewer}
	planners  = []auth.Role{auth.SystemAdmin, auth.CityOffice, auth.CountyOffice, auth.Viewer} // who sees targets: nobody who enters figures
	editors   = []auth.Role{auth.CityOffice, auth.CountyOffice}
	recorders = []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator}
	importers = []auth.Role{auth.SystemAdmin, auth.CityOffice, auth.CountyOffice}
	accounts  = []auth.Role{auth.SystemAdmin, auth.SecurityAdmin}
	systems   = []auth.Role{auth.SystemAdmin}
	security  = []auth.Role{auth.SecurityAdmin}
	auditors  = []auth.Role{auth.AuditAdmin}
)

const (
	pathA = "350500.350582."
	pathB = "350500.350583."
	pathC = "350500.350582.jjk."
)

// at covers an org's place; an enterprise has none in the tree.
func at(path string) func(p person) bool {
	return func(p person) bool { return p.covers("", path) }
}

// wholeCity covers a question about the city as a whole, which an enterprise may ask too: its answer is its own rows.
func wholeCity(p person) bool { return p.covers("", "350500.") || p.place.Role == auth.Enterprise }

// routeRules is the table: operation → who may use it, and the requests that prove it.
func (n *town) routeRules() map[string]routeRule {
	n.account("victim", auth.Place{Role: auth.RoleNone})
	rules := map[string]routeRule{
		"list-orgs":        {roles: append([]auth.Role{auth.SecurityAdmin}, readers...), visits: []visit{{path: "/orgs", check: n.ownOrgs}}},
		"list-parks":       {roles: readers, visits: n.parkLists()},
		"get-park":         {roles: readers, visits: n.parkPages()},
		"list-enterprises": {roles: readers, visits: n.firmLists("/enterprises", "enterprise")},
		"get-enterprise":   {roles: readers, visits: n.firmPages()},
		"list-tenancies":   {roles: readers, visits: n.firmLists("/tenancies", "tenancy")},
		"list-projects":    {roles: readers, visits: n.firmLists("/projects", "project")},
		"list-targets": {roles: planners, visits: []visit{{path: "/targets?limit=500", rows: "target"},
			{path: "/targets?org=" + countyB, rows: "target", below: pathB}}},
		"list-imports": {roles: readers, visits: []visit{{path: "/imports", rows: "batch"}}},
		"list-indicators": {roles: readers, visits: []visit{{path: "/indicators", check: func(t *testing.T, p person, a httpAnswer) {
			if len(a.items()) < 20 {
				t.Errorf("GET /indicators as %s gives %d, want all", p.name, len(a.items()))
			}
		}}}},
		"search":            {roles: readers, visits: n.searches()},
		"get-reading":       {roles: readers, visits: n.readingVisits()},
		"list-reading-rows": {roles: readers, visits: n.rowVisits()},
	}
	for _, more := range []map[string]routeRule{n.writeRules(), n.filingRules(), n.reviewRules(), n.formRules(), n.intakeRules(), n.closingRules(), n.milestoneRules(), n.evidenceRules(), n.projectListRules(), n.openingRules(), n.promiseRules(), n.readinessRules(), n.quarterRules(), n.pipelineRules()} {
		maps.Copy(rules, more)
	}
	for id, rule := range n.accountRules() {
		rules[id] = rule
	}
	return rules
}

// ownOrgs compares the tree with the person's part of it; a security administrator sees all of it, to grant places in it.
func (n *town) ownOrgs(t *testing.T, p person, a httpAnswer) {
	if p.may(security) {
		p.path = "350500."
	}
	n.compareRows(t, "GET /orgs as "+p.name, visit{rows: "org"}, p, a)
}

func (n *town) parkLists() []visit {
	return []visit{
		{path: "/parks", rows: "park"},
		{path: "/parks?org=350500", covers: wholeCity, outside: "404 org.not_found", rows: "park"},
		{path: "/parks?org=" + countyA, covers: at(pathA), outside: "404 org.not_found", rows: "park", below: pathA},
		{path: "/parks?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: "park", below: pathB},
		{path: "/parks?org=" + committee, covers: at(pathC), outside: "404 org.not_found", rows: "park", below: pathC},
		{path: "/parks?sort=-land_area", rows: "park"},
		{path: "/parks?q=园区", rows: "park"},
		{path: "/parks?org=350599", covers: func(person) bool { return false }, outside: "404 org.not_found"},
	}
}

func (n *town) parkPages() (visits []visit) {
	for name, path := range map[string]string{"A1": pathA, "A2": pathC, "B1": pathB, "B2": pathB} {
		visits = append(visits, visit{path: "/parks/{" + name + "}", covers: at(path), outside: "404 park.not_found", check: func(t *testing.T, p person, a httpAnswer) {
			if a.body["id"] != n.parks[name] || a.header.Get("ETag") == "" {
				t.Errorf("park %s as %s has id %v and ETag %q", name, p.name, a.body["id"], a.header.Get("ETag"))
			}
		}})
	}
	return append(visits, visit{path: "/parks/none", covers: func(person) bool { return false }, outside: "404 park.not_found"})
}

// firmLists are the lists that an enterprise may ask for too, which has no place in the tree and cannot narrow by one.
func (n *town) firmLists(path, kind string) []visit {
	visits := []visit{
		{path: path, rows: kind},
		{path: path + "?org=350500", covers: wholeCity, outside: "404 org.not_found", rows: kind},
		{path: path + "?org=" + countyA, covers: at(pathA), outside: "404 org.not_found", rows: kind, below: pathA},
		{path: path + "?org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: kind, below: pathB},
		{path: path + "?park={B2}", rows: kind, check: n.onlyWhere("park", "B2", pathB, "EB2")},
		{path: path + "?park={A2}", rows: kind, check: n.onlyWhere("park", "A2", pathC, "EA2")},
	}
	for i := range visits[4:] {
		visits[4+i].rows = "" // one row or none: the check says which
	}
	if kind != "enterprise" {
		visits = append(visits, visit{path: path + "?enterprise={EB2}", check: n.onlyWhere("enterprise", "EB2", pathB, "EB2")},
			visit{path: path + "?enterprise={EX}", check: n.onlyWhere("enterprise", "EX", pathB, "EX")})
	}
	return visits
}

// onlyWhere checks that a filter by one thing gives its one row to those who cover it, and nothing to others.
func (n *town) onlyWhere(filter, name, path, firm string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		want := 0
		if p.covers(n.firms[firm], path) {
			want = 1
		}
		if len(a.items()) != want {
			t.Errorf("list with %s=%s as %s gives %d rows, want %d: %s", filter, name, p.name, len(a.items()), want, a.text)
		}
	}
}

// firmPages are the pages of every enterprise. EX sits in B and is registered in A: both see it, A without its tenancy.
func (n *town) firmPages() (visits []visit) {
	for _, x := range presences {
		visits = append(visits, visit{path: "/enterprises/{" + x.firm + "}", outside: "404 enterprise.not_found",
			covers: func(p person) bool { return n.coversRow(p, "enterprise", n.firms[x.firm]) },
			check: func(t *testing.T, p person, a httpAnswer) {
				tenancies, _ := a.body["tenancies"].([]any)
				want := 0
				for _, r := range n.rows {
					if r.kind == "tenancy" && r.enterprise == n.firms[x.firm] && p.covers(r.enterprise, r.paths...) {
						want++
					}
				}
				if len(tenancies) != want {
					t.Errorf("enterprise %s as %s shows %d tenancies, want %d", x.firm, p.name, len(tenancies), want)
				}
			}})
	}
	return visits
}

// coversRow says whether a person may see a row of the town.
func (n *town) coversRow(p person, kind, id string) bool {
	for _, r := range n.rows {
		if r.kind == kind && r.id == id && p.covers(r.enterprise, r.paths...) {
			return true
		}
	}
	return false
}

func (n *town) searches() (visits []visit) {
	for _, text := range []string{"园区", "企业", "市", "EB2", "91350599"} {
		visits = append(visits, visit{path: "/search?q=" + text, check: func(t *testing.T, p person, a httpAnswer) {
			for _, item := range a.items() {
				kind, id := item["kind"].(string), item["id"].(string)
				if !n.coversRow(p, kind, id) {
					t.Errorf("search for %s as %s finds the foreign %s %v", text, p.name, kind, item["name"])
				}
			}
			if text == "企业" && p.place.Role != auth.Enterprise && len(a.items()) == 0 {
				t.Errorf("search for %s as %s finds nothing", text, p.name)
			}
		}})
	}
	return visits
}

func (n *town) writeRules() map[string]routeRule {
	edit := func(park, path string) visit {
		return visit{path: "/parks/{" + park + "}", body: `{"mode":"{who} {new}"}`, header: map[string]string{"If-Match": "{version park " + park + "}"},
			covers: at(path), outside: "404 park.not_found", writes: true}
	}
	record := func(park, path string) visit {
		return visit{path: "/parks/{" + park + "}/figures", body: `{"field":"investment","text":"9","unit":"亿元","nature":"declared","source":"{who} {new}"}`,
			covers: at(path), outside: "404 park.not_found", status: 201, writes: true}
	}
	choose := func(park, path string) visit {
		return visit{path: "/parks/{" + park + "}/figures/land_area/choice", body: `{"figure":"{land ` + park + `}","reason":"{who}"}`,
			covers: at(path), outside: "404 park.not_found", writes: true}
	}
	bring := func(county, path string) visit {
		return visit{path: "/imports/parks", file: "园区名称,县(市、区)\n新园{new}," + county + "\n", covers: at(path), outside: "200", writes: true,
			check: func(t *testing.T, p person, a httpAnswer) {
				errors, _ := a.body["errors"].([]any)
				if mine := p.covers("", path); mine != (len(errors) == 0) || mine != (a.body["batch"] != "") {
					t.Errorf("import into %s as %s: %d problems and batch %v", county, p.name, len(errors), a.body["batch"])
				}
			}}
	}
	dry := bring("南安市", pathB)
	dry.path, dry.writes, dry.check = "/imports/parks?dry_run=true", false, nil
	return map[string]routeRule{
		"edit-park":     {roles: editors, visits: []visit{edit("A1", pathA), edit("A2", pathC), edit("B1", pathB)}},
		"record-figure": {roles: recorders, visits: []visit{record("A1", pathA), record("A2", pathC), record("B1", pathB)}},
		"choose-figure": {roles: editors, visits: []visit{choose("A1", pathA), choose("A2", pathC), choose("B1", pathB)}},
		"import-parks":  {roles: importers, visits: []visit{bring("晋江市", pathA), bring("南安市", pathB), dry}},
	}
}

func (n *town) accountRules() map[string]routeRule {
	victim := func(body string, key string, status int) visit {
		return visit{path: "/users/{victim}", body: body, header: map[string]string{"If-Match": "{version app_user victim}"}, writes: status < 300, status: status, key: key}
	}
	rules := map[string]routeRule{
		"login": {public: true, visits: []visit{{path: "/session", body: `{"username":"nobody-has-this","password":"wrong"}`, status: 401, key: "auth.wrong", loose: true}}},
		"get-me": {first: true, visits: []visit{{path: "/me", check: func(t *testing.T, p person, a httpAnswer) {
			if a.body["id"] != p.id || a.body["role"] != string(p.place.Role) {
				t.Errorf("me as %s = %s", p.name, a.text)
			}
		}}}},
		"logout": {first: true, visits: []visit{{path: "/session", status: 204, fresh: true, loose: true}}},
		"change-password": {first: true, visits: []visit{{path: "/me/password", body: `{"current":"x","new":"short"}`, status: 422, key: "auth.password_short"},
			{path: "/me/password", body: `{"current":"x","new":"long enough to be one"}`, status: 422, key: "auth.password_current", loose: true}}},
		"list-tokens": {visits: []visit{{path: "/tokens", check: func(t *testing.T, p person, a httpAnswer) {
			want := 0
			if p.bearer != "" {
				want = 1
			}
			if len(a.items()) != want {
				t.Errorf("tokens as %s = %s, want %d: one's own", p.name, a.text, want)
			}
		}}}},
		"create-token": {visits: []visit{{path: "/tokens", body: `{"name":"{who}","days":1}`, status: 201, writes: true}}},
		"revoke-token": {visits: []visit{{path: "/tokens/" + n.foreignToken(), status: 404, key: "auth.token_not_found"}}},
		"list-users":   {roles: accounts, visits: []visit{{path: "/users"}}},
		"create-user":  {roles: systems, visits: []visit{{path: "/users", body: `{"username":"u-{new}","password":"long enough to be one"}`, status: 201, writes: true}}},
		"list-audit":   {roles: auditors, visits: []visit{{path: "/audit"}}},
	}
	// one route, four acts, each of one administrator: the rule's roles are those of both, the visits say whose each is
	acts := []visit{victim(`{"name":"{new}"}`, "", 200), victim(`{"disabled":false}`, "", 200), victim(`{"unlock":true}`, "", 200),
		victim(`{"grant":{"role":"viewer","org":"`+countyA+`"}}`, "", 200)}
	for i := range acts {
		roles := systems
		if i >= 2 {
			roles = security
		}
		acts[i].covers, acts[i].outside = func(p person) bool { return p.may(roles) }, "403 auth.denied"
	}
	rules["edit-user"] = routeRule{roles: accounts, visits: append(acts, visit{path: "/users/none", body: `{"unlock":true}`, header: map[string]string{"If-Match": `"1"`},
		status: 404, key: "auth.user_not_found", covers: func(p person) bool { return p.may(security) }, outside: "403 auth.denied"})}
	return rules
}

// foreignToken is the id of a token of an account that nobody in the town is.
func (n *town) foreignToken() string {
	user := n.named("victim")
	n.apiTokenFor(user, n.now.AddDate(0, 1, 0))
	return n.texts(`SELECT id FROM api_token WHERE app_user = '`+user+`'`, 1)[0][0]
}
