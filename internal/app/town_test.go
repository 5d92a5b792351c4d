package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// The places of the town, in the tree of the real city.
const (
	countyA   = "350582"
	countyB   = "350583"
	committee = "jjk" // below county A
)

// town is a ledger small enough to know by heart:
//
//	county A ── park A1: EA1              county B ── park B1: EB1, EX (registered in A)
//	   └ committee ── park A2: EA2                    park B2: EB2
//
// Every amount is one digit at a place of its own (EA1 1, EA2 20, EB1 300, EB2 4000, EX 50000), so that a sum says whose
// rows are in it.
type town struct {
	*office
	parks   map[string]string // A1 → id
	firms   map[string]string // EA1 → id
	batches map[string]string // A → id of the import that brought county A's parks
	figures map[string]string // A1 → id of its land area
	rows    []townRow
	intake  string // id of an intake of county B
	month   string // that is closed next
	mark    string // the ledger after the last request that was looked at
}

// townRow is one row of the ledger and whose it is.
type townRow struct {
	kind, id   string
	paths      []string // org paths whose offices see it
	enterprise string
}

// presence is a firm's place in the town and its digit.
type presence struct {
	firm, registered, park string
	amount                 int64
}

var presences = []presence{
	{"EA1", countyA, "A1", 1}, {"EA2", committee, "A2", 20}, {"EB1", countyB, "B1", 300}, {"EB2", countyB, "B2", 4000}, {"EX", countyA, "B1", 50_000},
}

// floorArea is what is built in each park, in m².
var floorArea = map[string]int64{"A1": 1000, "A2": 20_000, "B1": 300_000, "B2": 4_000_000}

func newTown(t *testing.T, d *db.DB, edit ...func(s *config.Settings)) *town {
	t.Helper()
	n := &town{office: newOffice(t, d, edit...), parks: map[string]string{}, firms: map[string]string{}, batches: map[string]string{}, figures: map[string]string{}}
	n.write(func(w db.Writer, act org.Act) error {
		_, err := org.Add(n.ctx, w, act, org.Org{City: n.c.ref.ID, ID: committee, Parent: countyA, Kind: org.Committee, NameZH: "金井园管委会", NameEN: "Jinjing", Sort: 1})
		return err
	})
	n.importParks()
	n.write(n.phases)
	n.write(n.enterprises)
	n.write(n.projects)
	n.write(n.targets)
	n.read()
	return n
}

// importParks brings the parks in as an office does, each county's list on its own.
func (n *town) importParks() {
	n.t.Helper()
	session := n.sessionFor(n.account("importer", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	const head = "园区名称,县(市、区),土地面积(亩),投用时间,数据时间\n"
	for county, list := range map[string]string{
		"A": head + "园区A1,晋江市,1000,2023-06,2024-01\n园区A2,金井园管委会,999,2023-06,2024-01\n",
		"B": head + "园区B1,南安市,1500,2023-06,2024-01\n园区B2,南安市,2000,2023-06,2024-01\n",
	} {
		a := n.ask(httpCall{method: "POST", path: "/imports/parks", session: session, name: county + ".csv", file: list}).want(n.t, "import "+county, 200, "")
		n.batches[county], _ = a.body["batch"].(string)
	}
	for _, row := range n.texts(`SELECT p.name, p.id, f.id FROM park p JOIN figure f ON f.city = p.city AND f.subject = p.id AND f.field = 'land_area' ORDER BY p.name`, 3) {
		name := strings.TrimPrefix(row[0], "园区")
		n.parks[name], n.figures[name] = row[1], row[2]
	}
	if len(n.parks) != 4 || n.batches["A"] == "" || n.batches["B"] == "" {
		n.t.Fatalf("imported parks %v in batches %v, want A1, A2, B1, B2 in two", n.parks, n.batches)
	}
}

func (n *town) phases(w db.Writer, act org.Act) error {
	bulk := park.Bulk{}
	for name, built := range floorArea {
		lettable := built / 2
		bulk.Phases = append(bulk.Phases, park.Phase{Park: park.ID(n.parks[name]), No: 1, Name: "一期", FloorAreaBuiltM2: &built, LettableM2: &lettable,
			Completed: period.DateOf(2023, 5, 1), Nature: figure.Record, Source: "验收"})
	}
	_, err := park.Load(n.ctx, w, act, bulk)
	return err
}

func (n *town) enterprises(w db.Writer, act org.Act) error {
	var returns []filing.Value
	for i, p := range presences {
		code, err := uscc.Make(fmt.Sprintf("91350599MA%06d", i))
		if err != nil {
			return err
		}
		e, err := enterprise.Add(n.ctx, w, act, enterprise.Enterprise{USCC: code, Name: "企业" + p.firm, Org: org.ID(p.registered), Industry: "C1952", Nature: figure.Declared, Source: "登记"})
		if err != nil {
			return err
		}
		n.firms[p.firm] = string(e.ID)
		area := p.amount
		if _, err := tenancy.Add(n.ctx, w, act, tenancy.Tenancy{Enterprise: e.ID, Park: park.ID(n.parks[p.park]), AreaM2: &area, Nature: figure.Declared, Source: "台账", Entries: []tenancy.Entry{
			{Stage: tenancy.Signed, Way: tenancy.Claimed, Day: period.DateOf(2023, 7, 1), Nature: figure.Declared, Source: "台账"},
			{Stage: tenancy.Production, Way: tenancy.Claimed, Day: period.DateOf(2023, 12, 1), Nature: figure.Declared, Source: "台账"},
		}}); err != nil {
			return err
		}
		for m := period.MonthOf(2024, 1); m <= period.MonthOf(2024, 12); m++ {
			returns = append(returns, filing.Value{Enterprise: e.ID, Month: m, Field: filing.Output, Value: p.amount * 100, Nature: figure.Declared, Source: "月报"})
		}
	}
	_, err := filing.AddMany(n.ctx, w, act, slices.Values(returns))
	return err
}

func (n *town) projects(w db.Writer, act org.Act) error {
	for _, p := range presences {
		fen := p.amount * 100
		if _, err := project.Add(n.ctx, w, act, project.Project{Kind: project.Investment, Name: "项目" + p.firm, Park: park.ID(n.parks[p.park]), Enterprise: enterprise.ID(n.firms[p.firm]),
			InvestmentFen: &fen, Nature: figure.Declared, Source: "台账", Milestones: []project.Milestone{{Stage: "signed", Way: tenancy.Claimed, Day: period.DateOf(2024, 5, 1), Nature: figure.Declared, Source: "台账"}}}); err != nil {
			return err
		}
	}
	return nil
}

func (n *town) targets(w db.Writer, act org.Act) error {
	for _, county := range []org.ID{countyA, countyB} {
		if _, err := target.Put(n.ctx, w, act, target.Target{Org: county, Year: 2024, Indicator: "tenancy.production.cumulative", Kind: target.Wanted, Value: 5,
			Unit: unit.Count, Stated: "5", StatedUnit: "家", Source: "计划"}); err != nil {
			return err
		}
	}
	return nil
}

// read lists every row that somebody may see, straight from the tables, with whose it is.
func (n *town) read() {
	n.rows = nil
	add := func(kind, query string) {
		for _, row := range n.texts(query, 3) {
			paths := slices.DeleteFunc(strings.Split(row[1], " "), func(p string) bool { return p == "" })
			n.rows = append(n.rows, townRow{kind, row[0], paths, row[2]})
		}
	}
	add("org", `SELECT id, path, '' FROM org ORDER BY id`)
	add("park", `SELECT p.id, o.path, '' FROM park p JOIN org o ON o.city = p.city AND o.id = p.org ORDER BY p.id`)
	add("enterprise", `SELECT e.id, o.path || ' ' || po.path, e.id FROM enterprise e JOIN org o ON o.city = e.city AND o.id = e.org
		JOIN tenancy t ON t.city = e.city AND t.enterprise = e.id JOIN park p ON p.city = t.city AND p.id = t.park JOIN org po ON po.city = p.city AND po.id = p.org ORDER BY e.id`)
	add("tenancy", `SELECT t.id, o.path, t.enterprise FROM tenancy t JOIN park p ON p.city = t.city AND p.id = t.park JOIN org o ON o.city = p.city AND o.id = p.org ORDER BY t.id`)
	add("project", `SELECT j.id, o.path, j.enterprise FROM project j JOIN org o ON o.city = j.city AND o.id = j.org ORDER BY j.id`)
	add("target", `SELECT t.org || '/' || CAST(t.year AS TEXT) || '/' || t.indicator || '/' || t.kind, o.path, '' FROM target t JOIN org o ON o.city = t.city AND o.id = t.org ORDER BY t.org, t.year, t.indicator, t.kind`)
	add("return", `SELECT e.id, o.path, e.id FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise JOIN park p ON p.city = t.city AND p.id = t.park
		JOIN org o ON o.city = p.city AND o.id = p.org ORDER BY e.id`)
	add("batch", `SELECT DISTINCT x.batch, o.path, '' FROM import_row x JOIN park p ON p.city = x.city AND p.id = x.entity JOIN org o ON o.city = p.city AND o.id = p.org ORDER BY x.batch`)
}

// person is somebody who asks.
type person struct {
	name    string
	place   auth.Place
	path    string // org path of the place; the city's for those who see the whole city
	id      string
	session string
	bearer  string
	trouble string // "401 auth.required": the answer to everything that needs a caller; empty for a good caller
}

// may says whether the person has one of the roles.
func (p person) may(roles []auth.Role) bool { return slices.Contains(roles, p.place.Role) }

// covers says whether the person's place covers something: an org path, or an enterprise's own.
func (p person) covers(enterprise string, paths ...string) bool {
	if p.place.Role == auth.Enterprise {
		return enterprise != "" && enterprise == p.place.Enterprise
	}
	return p.path != "" && slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, p.path) })
}

// people are one of each kind that may come: every role at own and other places, and everybody who is nobody.
func (n *town) people() []person {
	city, pathA := n.c.ref.ID, n.c.ref.ID+"."+countyA+"."
	at := func(role auth.Role, org string) auth.Place { return auth.Place{Role: role, Org: org} }
	list := []person{
		{name: "role none", place: auth.Place{Role: auth.RoleNone}},
		{name: "system admin", place: auth.Place{Role: auth.SystemAdmin}, path: city + "."},
		{name: "security admin", place: auth.Place{Role: auth.SecurityAdmin}},
		{name: "audit admin", place: auth.Place{Role: auth.AuditAdmin}},
		{name: "city office", place: at(auth.CityOffice, city), path: city + "."},
		{name: "county A", place: at(auth.CountyOffice, countyA), path: pathA},
		{name: "county B", place: at(auth.CountyOffice, countyB), path: city + "." + countyB + "."},
		{name: "operator", place: at(auth.ParkOperator, committee), path: pathA + committee + "."},
		{name: "enterprise", place: auth.Place{Role: auth.Enterprise, Enterprise: n.firms["EX"]}},
		{name: "viewer A", place: at(auth.Viewer, countyA), path: pathA},
	}
	for i := range list {
		p := &list[i]
		p.id = n.account(strings.ReplaceAll(p.name, " ", "-"), p.place)
		p.session = n.sessionFor(p.id)
	}
	office := list[4]
	bad := func(name, trouble string, flags ...string) person {
		p := person{name: name, place: office.place, path: office.path, trouble: trouble}
		p.id = n.account(name, p.place, flags...)
		p.session = n.sessionFor(p.id)
		return p
	}
	idle, ended := bad("idle", "401 auth.session_ended"), bad("ended", "401 auth.session_ended")
	idle.session = n.sessionSeen(idle.id, n.now.Add(-31*time.Minute), n.now.Add(time.Hour))
	ended.session = n.sessionSeen(ended.id, n.now, n.now.Add(-time.Second))
	late, script := bad("late-token", "401 auth.session_ended"), bad("script", "")
	late.session, late.bearer = "", n.apiTokenFor(late.id, n.now.Add(-time.Second))
	script.session, script.bearer = "", n.apiTokenFor(script.id, n.now.Add(time.Hour))
	return append(list, bad("disabled", "403 auth.disabled", "disabled"), bad("one-time", "403 auth.must_change_password", "must_change"), idle, ended, late, script,
		person{name: "nobody", trouble: "401 auth.required"},
		person{name: "garbage", session: "garbage'--", trouble: "401 auth.required"},
		person{name: "garbage token", bearer: "pbt_garbage", trouble: "401 auth.required"})
}
