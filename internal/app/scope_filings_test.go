package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Who may do what with forms and filings, written down by hand like the table of scope_routes_test.go.
var (
	fillers   = []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator, auth.Enterprise}
	reviewers = []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator}
	bringers  = []auth.Role{auth.SystemAdmin, auth.CityOffice, auth.CountyOffice, auth.ParkOperator, auth.Enterprise}
	makers    = []auth.Role{auth.CityOffice} // of forms and closings
	finders   = []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator, auth.Enterprise, auth.Viewer}
)

// townMonth is the month whose forms are open on the town's day.
const townMonth = "2025-06"

// firmCells are what each firm of the town files: what the ledger says of it a year before, so that no rule has a question.
func firmCells(amount int64) filing.Cells {
	return filing.Cells{"production_status": "normal", "output": fmt.Sprint(amount * 100), "revenue": fmt.Sprint(amount * 100), "tax": "0", "jobs": "5", "electricity": "10", "investment": "0"}
}

func parkCells(built int64) filing.Cells {
	return filing.Cells{"construction_status": "opened", "investment": "0", "investment_total": "100000000", "area_started": fmt.Sprint(built), "area_completed": fmt.Sprint(built),
		"area_usable": fmt.Sprint(built / 2), "area_leased": "0", "tenants_signed": "1", "tenants_fitting_out": "0", "tenants_producing": "1", "tenants_enrolled": "0", "tenants_new": "0"}
}

// file fills in and hands in every firm's and every park's form of the month as the program itself.
func (n *town) file() {
	n.t.Helper()
	lib, err := form.LoadShipped()
	if err != nil {
		n.t.Fatal(err)
	}
	hand := func(ref filing.Ref, cells filing.Cells) {
		n.write(func(w db.Writer, act org.Act) error {
			f, err := filing.Save(n.ctx, w, act, lib, filing.Edit{Ref: ref, Changes: []filing.Change{{Cells: cells, Origin: filing.Origin{Way: filing.Typed}}}})
			if err == nil {
				_, err = filing.Submit(n.ctx, w, act, lib, filing.Submission{Ref: ref, Version: f.Version})
			}
			return err
		})
	}
	for _, p := range presences {
		hand(filing.Ref{Kind: form.OfEnterprise, Subject: n.firms[p.firm], Form: "enterprise_monthly", Period: townMonth}, firmCells(p.amount))
	}
	for name, built := range floorArea {
		hand(filing.Ref{Kind: form.OfPark, Subject: n.parks[name], Form: "park_monthly", Period: townMonth}, parkCells(built))
	}
}

// subject is the id behind a name of the town: of a firm, a park, or an org's own.
func (n *town) subject(name string) string {
	if id, ok := n.firms[name]; ok {
		return id
	}
	if id, ok := n.parks[name]; ok {
		return id
	}
	return name
}

// put brings a filing to a state without anybody's act.
func (n *town) put(code, name string, state filing.State, level int) {
	n.exec(`UPDATE filing SET state = $1, level = $2, confirmed = 0, submitted_by = 'somebody' WHERE form = $3 AND subject = $4`, string(state), level, code, n.subject(name))
}

// fillFilings puts the versions of filings into a text: {etag leads 350582} as a header wants it, {ver leads 350582} plain.
func (n *town) fillFilings(text string) string {
	for _, mark := range []string{"{etag ", "{ver "} {
		for strings.Contains(text, mark) {
			_, rest, _ := strings.Cut(text, mark)
			in, _, _ := strings.Cut(rest, "}")
			code, name, _ := strings.Cut(in, " ")
			version := "0"
			if rows := n.texts(`SELECT CAST(version AS TEXT) FROM filing WHERE form = '`+code+`' AND subject = '`+n.subject(name)+`'`, 1); len(rows) > 0 {
				version = rows[0][0]
			}
			if mark == "{etag " {
				version = `"` + version + `"`
			}
			text = strings.ReplaceAll(text, mark+in+"}", version)
		}
	}
	return text
}

// sees says whether a person may see a firm's filing; fills, whether it counts to the person's part of the tree.
func (n *town) sees(firm string) func(p person) bool {
	return func(p person) bool { return n.coversRow(p, "enterprise", n.firms[firm]) }
}

func (n *town) fills(firm string) func(p person) bool {
	return func(p person) bool { return n.coversRow(p, "return", n.firms[firm]) }
}

// beyond is the answer to who may not act upon a firm's filing: one that is seen and counts elsewhere is refused, any other
// is not there.
func (n *town) beyond(firm string) func(p person) string {
	return func(p person) string {
		if n.sees(firm)(p) {
			return "403 filing.other_office"
		}
		return "404 enterprise.not_found"
	}
}

func firmPath(firm string) string {
	return "/filings/enterprise_monthly/enterprise/{" + firm + "}/" + townMonth
}

func parkPath(park string) string { return "/filings/park_monthly/park/{" + park + "}/" + townMonth }

// reads are the visits to something below every filing's address.
func (n *town) reads(below string, check func(t *testing.T, p person, a httpAnswer)) (visits []visit) {
	for _, x := range presences {
		visits = append(visits, visit{path: firmPath(x.firm) + below, covers: n.sees(x.firm), outside: "404 enterprise.not_found", check: check})
	}
	for name, path := range parkPaths {
		visits = append(visits, visit{path: parkPath(name) + below, covers: at(path), outside: "404 park.not_found", check: check})
	}
	list := visit{path: "/filings/leads/org/" + countyB + "/-" + below, covers: at(pathB), outside: "404 org.not_found"}
	if below == "/cells" { // of a list that holds nothing yet
		list.status, list.key = 404, "filing.no_record"
	}
	return append(visits, list)
}

func (n *town) filingRules() map[string]routeRule {
	n.file()
	list := "/filings?form=enterprise_monthly&period=" + townMonth
	return map[string]routeRule{
		"list-filings": {roles: readers, visits: []visit{
			{path: list, rows: "return"},
			{path: list + "&limit=1", check: n.pagesOf("return", list)},
			{path: list + "&state=submitted", rows: "return"},
			{path: list + "&state=draft", rows: "return", none: true},
			{path: list + "&org=" + countyA, covers: at(pathA), outside: "404 org.not_found", rows: "return", below: pathA},
			{path: list + "&org=" + countyB, covers: at(pathB), outside: "404 org.not_found", rows: "return", below: pathB},
			{path: "/filings?form=park_monthly&period=" + townMonth, rows: "park"},
			{path: "/filings?form=none&period=" + townMonth, covers: func(person) bool { return false }, outside: "404 form.not_found"},
		}},
		"list-tasks":           {roles: readers, visits: []visit{{path: "/tasks?period=" + townMonth, check: n.countsAll("submitted")}, {path: "/tasks"}}},
		"list-filing-progress": {roles: readers, visits: []visit{{path: "/filings/progress?period=" + townMonth, check: n.countsAll("owed")}}},
		"get-filing": {roles: readers, visits: n.reads("", func(t *testing.T, p person, a httpAnswer) {
			if records, _ := a.body["records"].([]any); len(records) != 1 || a.header.Get("ETag") == "" {
				t.Errorf("filing as %s has %d records and ETag %q, want one and some", p.name, len(records), a.header.Get("ETag"))
			}
		})},
		"get-filing-cells":    {roles: readers, visits: n.reads("/cells", nil)},
		"list-filing-changes": {roles: readers, visits: n.reads("/diff", nil)},
		"get-template": {roles: readers, visits: append(n.reads("/template", func(t *testing.T, p person, a httpAnswer) {
			if !strings.HasPrefix(a.text, "PK") || !strings.Contains(a.header.Get("Content-Disposition"), townMonth+".xlsx") {
				t.Errorf("template as %s is %q… named %q", p.name, a.text[:min(4, len(a.text))], a.header.Get("Content-Disposition"))
			}
		}), visit{path: "/filings/enterprise_monthly/org/" + countyA + "/" + townMonth + "/template", covers: at(pathA), outside: "404 org.not_found"})},
		"export-filings": {roles: readers, visits: []visit{{path: "/filings/export?form=enterprise_monthly&format=csv&period=" + townMonth, check: n.exportsOwn},
			{path: "/filings/export?form=park_monthly&period=" + townMonth}}},
		"save-records":     {roles: fillers, visits: n.saves()},
		"submit-filing":    {roles: fillers, visits: n.submits()},
		"recall-filing":    {roles: fillers, visits: n.recalls()},
		"remark-filing":    {roles: fillers, visits: n.remarks()},
		"record-differing": {roles: recorders, visits: n.differings()},
		"list-findings":    {roles: finders, visits: []visit{{path: "/findings", check: n.ownFindings}, {path: "/findings?check=copy", check: n.ownFindings}}},
	}
}

// pagesOf walks a list of one row a page and compares all of it.
func (n *town) pagesOf(kind, path string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		var items []any
		for {
			page, _ := a.body["items"].([]any)
			items = append(items, page...)
			next, _ := a.body["next"].(string)
			if next == "" || len(page) != 1 {
				break
			}
			a = n.ask(httpCall{method: "GET", path: path + "&limit=1&cursor=" + next, session: p.session, bearer: p.bearer})
		}
		a.body["items"] = items
		n.compareRows(t, path+" page by page as "+p.name, visit{rows: kind}, p, a)
	}
}

// countsAll checks that the counts of firms and parks are those of the person's own.
func (n *town) countsAll(count string) func(t *testing.T, p person, a httpAnswer) {
	return func(t *testing.T, p person, a httpAnswer) {
		got := map[string]float64{}
		for _, item := range a.items() {
			v, _ := item[count].(float64)
			got[item["form"].(string)] += v
		}
		for code, kind := range map[string]string{"enterprise_monthly": "return", "park_monthly": "park"} {
			want := 0.0
			for _, r := range n.rows {
				if r.kind == kind && p.covers(r.enterprise, r.paths...) {
					want++
				}
			}
			if got[code] != want {
				t.Errorf("%s of %s as %s = %v, want %v", count, code, p.name, got[code], want)
			}
		}
	}
}

func (n *town) exportsOwn(t *testing.T, p person, a httpAnswer) {
	for _, x := range presences {
		if has, want := strings.Contains(a.text, "企业"+x.firm+","), n.fills(x.firm)(p); has != want {
			t.Errorf("export as %s holds %s = %v, want %v", p.name, x.firm, has, want)
		}
	}
}

func (n *town) ownFindings(t *testing.T, p person, a httpAnswer) {
	for _, item := range a.items() {
		mine := func(kind string, id any) {
			if id, ok := id.(string); ok && id != "" && !n.coversRow(p, kind, id) {
				t.Errorf("findings as %s tell of the foreign %s %s: %v", p.name, kind, id, item["message"])
			}
		}
		mine("enterprise", item["enterprise"])
		for _, part := range []string{"also", "evidence"} {
			list, _ := item[part].([]any)
			for _, x := range list {
				x, kind := x.(map[string]any), "enterprise"
				if k, _ := x["kind"].(string); k != "" {
					kind = k
				}
				mine(kind, x["id"])
				mine("enterprise", x["enterprise"])
			}
		}
	}
}

// typed are a firm's cells as they are typed.
func typed(amount int64, more string) string {
	return fmt.Sprintf(`{"production_status":"normal","output":"%s","revenue":"%[1]s","tax":"0","jobs":"5","electricity":"10","investment":"0","note":"%s"}`,
		strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.4f", float64(amount)/10000), "0"), "."), more)
}

func (n *town) saves() (visits []visit) {
	for _, x := range presences {
		visits = append(visits, visit{path: firmPath(x.firm) + "/records", body: `{"records":[{"cells":` + typed(x.amount, "{new}") + `}]}`,
			header: map[string]string{"If-Match": "{etag enterprise_monthly " + x.firm + "}"}, covers: n.fills(x.firm), outsideFor: n.beyond(x.firm), writes: true,
			before: func(person) { n.put("enterprise_monthly", x.firm, filing.Draft, 0) }})
	}
	return append(visits,
		visit{path: parkPath("A2") + "/records", body: `{"records":[{"cells":{"construction_status":"opened","difficulties":"{new}"}}]}`,
			header: map[string]string{"If-Match": "{etag park_monthly A2}"}, covers: at(pathC), outside: "404 park.not_found", writes: true,
			before: func(person) { n.put("park_monthly", "A2", filing.Draft, 0) }},
		visit{path: "/filings/leads/org/" + countyB + "/-/records", body: `{"records":[{"cells":{"lead_no":"{new}","enterprise_name":"甲厂","lead_stage":"contact"}}]}`,
			header: map[string]string{"If-Match": "{etag leads " + countyB + "}"}, covers: at(pathB), outside: "404 org.not_found", writes: true})
}

func (n *town) submits() (visits []visit) {
	for _, firm := range []string{"EA1", "EX"} {
		visits = append(visits, visit{path: firmPath(firm) + "/submit", body: `{"answers":[]}`, header: map[string]string{"If-Match": "{etag enterprise_monthly " + firm + "}"},
			covers: n.fills(firm), outsideFor: n.beyond(firm), writes: true, before: func(person) { n.put("enterprise_monthly", firm, filing.Draft, 0) }})
	}
	return append(visits, visit{path: parkPath("B1") + "/submit", body: `{}`, header: map[string]string{"If-Match": "{etag park_monthly B1}"},
		covers: at(pathB), outside: "404 park.not_found", writes: true, before: func(person) {
			n.put("park_monthly", "B1", filing.Draft, 0)
		}})
}

// recalls: the program handed the filings in for the whole city, so the city office may take them back, and the enterprise
// its own.
func (n *town) recalls() (visits []visit) {
	for _, firm := range []string{"EA2", "EB2"} {
		visits = append(visits, visit{path: firmPath(firm) + "/recall", body: `{}`, header: map[string]string{"If-Match": "{etag enterprise_monthly " + firm + "}"}, writes: true,
			before: func(person) { n.put("enterprise_monthly", firm, filing.Submitted, 0) },
			covers: func(p person) bool { return p.place.Role == auth.CityOffice },
			outsideFor: func(p person) string {
				if n.fills(firm)(p) {
					return "403 filing.not_yours"
				}
				return n.beyond(firm)(p)
			}})
	}
	return append(visits, visit{path: firmPath("EX") + "/recall", body: `{}`, header: map[string]string{"If-Match": "{etag enterprise_monthly EX}"}, writes: true,
		before: func(person) {
			n.put("enterprise_monthly", "EX", filing.Submitted, 0)
			n.exec(`UPDATE filing SET confirmed = 1 WHERE form = 'enterprise_monthly' AND subject = $1`, n.firms["EX"])
		},
		covers: func(p person) bool { return p.place.Role == auth.Enterprise },
		outsideFor: func(p person) string {
			if n.fills("EX")(p) {
				return "403 filing.not_yours"
			}
			return n.beyond("EX")(p)
		}})
}

func (n *town) remarks() (visits []visit) {
	for _, x := range presences {
		visits = append(visits, visit{path: firmPath(x.firm) + "/remarks", body: `{"field":"output","text":"{who}：请核对 {new}"}`, covers: n.sees(x.firm),
			outside: "404 enterprise.not_found", status: 201, writes: true})
	}
	return visits
}

func (n *town) differings() (visits []visit) {
	for _, x := range presences {
		visits = append(visits, visit{path: "/enterprises/{" + x.firm + "}/differing", covers: n.sees(x.firm), outside: "404 enterprise.not_found", status: 201, writes: true,
			body: `{"month":"2024-06","field":"tax","value":"1.5","nature":"record","source":"税务 {new}","reason":"{who}"}`})
	}
	return visits
}

func (n *town) reviewRules() map[string]routeRule {
	step := func(firm, deed string, level int, role auth.Role, refusal string) visit {
		state := filing.Submitted
		if deed == "reopen" {
			state = filing.Approved
		}
		return visit{path: firmPath(firm) + "/" + deed, body: `{"reason":"{who} {new}"}`, header: map[string]string{"If-Match": "{etag enterprise_monthly " + firm + "}"}, writes: true,
			before: func(person) { n.put("enterprise_monthly", firm, state, level) },
			covers: func(p person) bool { return p.place.Role == role && n.fills(firm)(p) },
			outsideFor: func(p person) string {
				if n.fills(firm)(p) {
					return refusal
				}
				return n.beyond(firm)(p)
			}}
	}
	const waits = "403 filing.not_reviewer"
	return map[string]routeRule{
		"approve-filing": {roles: reviewers, visits: []visit{step("EA1", "approve", 0, auth.CountyOffice, waits), step("EA1", "approve", 1, auth.CityOffice, waits),
			step("EX", "approve", 0, auth.CountyOffice, waits), step("EB1", "approve", 0, auth.CountyOffice, waits)}},
		"return-filing":  {roles: reviewers, visits: []visit{step("EA2", "return", 0, auth.CountyOffice, waits), step("EX", "return", 1, auth.CityOffice, waits)}},
		"reopen-filing":  {roles: reviewers, visits: []visit{step("EA2", "reopen", 2, auth.CityOffice, "403 filing.not_city"), step("EX", "reopen", 2, auth.CityOffice, "403 filing.not_city")}},
		"list-approvals": {roles: reviewers, visits: []visit{n.manyApprovals()}},
	}
}

// manyApprovals approves one filing of each county at once: each office's own is approved, the other is refused.
func (n *town) manyApprovals() visit {
	firms := []string{"EA1", "EB1"}
	item := func(firm string) string {
		return `{"form":"enterprise_monthly","kind":"enterprise","subject":"{` + firm + `}","period":"` + townMonth + `","version":{ver enterprise_monthly ` + firm + `}}`
	}
	county := func(p person, firm string) bool { return p.place.Role == auth.CountyOffice && n.fills(firm)(p) }
	return visit{path: "/filings/approve", body: `{"items":[` + item(firms[0]) + `,` + item(firms[1]) + `]}`, writes: true,
		before: func(person) {
			for _, firm := range firms {
				n.put("enterprise_monthly", firm, filing.Submitted, 0)
			}
		},
		covers:  func(p person) bool { return county(p, firms[0]) || county(p, firms[1]) },
		outside: "200",
		check: func(t *testing.T, p person, a httpAnswer) {
			for i, item := range a.items() {
				if ok, want := item["ok"].(bool), county(p, firms[i]); ok != want || ok == (item["message"] != "") {
					t.Errorf("approval of %s as %s = %v, want %v", firms[i], p.name, item, want)
				}
			}
		}}
}

func (n *town) formRules() map[string]routeRule {
	lib, err := form.LoadShipped()
	if err != nil {
		n.t.Fatal(err)
	}
	leads, err := lib.Form("leads", "")
	if err != nil {
		n.t.Fatal(err)
	}
	body := func(extra string) string {
		text, _ := json.Marshal(leads.Body + "# {new}\n")
		return `{"yaml":` + string(text) + extra + `}`
	}
	return map[string]routeRule{
		"list-forms": {roles: readers, visits: get("/forms")},
		"get-form": {roles: readers, visits: append(get("/forms/enterprise_monthly?period="+townMonth), visit{path: "/forms/none", covers: func(person) bool { return false },
			outside: "404 form.not_found"})},
		"get-burden": {roles: readers, visits: get("/burden")},
		"check-form": {roles: makers, visits: []visit{{path: "/forms/leads/check", body: body(""), check: func(t *testing.T, p person, a httpAnswer) {
			if a.body["ok"] != true {
				t.Errorf("check of the shipped form as %s = %s", p.name, a.text)
			}
		}}, {path: "/forms/leads/check", body: `{"yaml":"form: leads\nname: 1"}`, check: func(t *testing.T, p person, a httpAnswer) {
			if problems, _ := a.body["problems"].([]any); a.body["ok"] != false || len(problems) == 0 {
				t.Errorf("check of half a form as %s = %s, want problems", p.name, a.text)
			}
		}}}},
		"put-form": {roles: makers, visits: []visit{{path: "/forms/leads", body: body(`,"since":"2025-08-01","reason":"{who}"`), writes: true}}},
	}
}

// fresh opens an intake as county B's office, which nobody else does anything with.
func (n *town) fresh() {
	n.t.Helper()
	if n.texts(`SELECT username FROM app_user WHERE username = 'sender'`, 1) == nil {
		n.account("sender", auth.Place{Role: auth.CountyOffice, Org: countyB})
	}
	a := n.ask(httpCall{method: "POST", path: "/intakes?form=leads", session: n.sessionFor(n.named("sender")), name: "leads.csv", file: leadsFile("甲厂")})
	n.intake, _ = a.want(n.t, "open an intake", 201, "").body["id"].(string)
}

func leadsFile(name string) string {
	return "线索编号,企业名称,线索阶段\nL-1," + name + ",初步接洽\n"
}

func (n *town) intakeRules() map[string]routeRule {
	n.fresh()
	own := func(path string, v visit) visit {
		v.path, v.covers = "/intakes/{intake}"+path, at(pathB)
		if v.outside == "" {
			v.outside = "404 intake.not_found"
		}
		return v
	}
	again := func(person) { n.fresh() }
	office := func(p person) bool { return p.place.Role != auth.Enterprise }
	return map[string]routeRule{
		"list-intakes": {roles: bringers, visits: []visit{{path: "/intakes", check: func(t *testing.T, p person, a httpAnswer) {
			if mine := at(pathB)(p); mine != strings.Contains(a.text, n.intake) {
				t.Errorf("intakes as %s hold county B's = %v, want %v", p.name, !mine, mine)
			}
		}}}},
		"get-intake":    {roles: bringers, visits: []visit{own("", visit{})}},
		"watch-intake":  {roles: bringers, visits: []visit{own("/events", visit{})}},
		"answer-intake": {roles: bringers, visits: []visit{own("/answer", visit{status: 404, key: "intake.no_problems"})}},
		"open-intake":   {roles: bringers, visits: []visit{{path: "/intakes?form=leads", file: leadsFile("{new}"), status: 201, writes: true, covers: office, outside: "422 intake.subject"}}},
		"map-intake": {roles: bringers, visits: []visit{own("/mapping", visit{body: `{"layout":{"sheet":"","first":1,"last":1},"save":false}`, before: again, writes: true,
			header: map[string]string{"If-Match": `"1"`}})}},
		"mend-intake":    {roles: bringers, visits: []visit{own("/files", visit{file: leadsFile("{new}"), before: again, writes: true})}},
		"commit-intake":  {roles: bringers, visits: []visit{own("/commit", visit{body: `{"only_good":false,"submit":false}`, before: again, status: 412, key: "intake.state"})}},
		"cancel-intake":  {roles: bringers, visits: []visit{own("/cancel", visit{before: again, loose: true})}},
		"undo-intake":    {roles: bringers, visits: []visit{own("/undo", visit{body: `{"reason":"{who}"}`, before: again, status: 412, key: "intake.state"})}},
		"discard-intake": {roles: bringers, visits: []visit{own("", visit{before: again, status: 204, writes: true})}},
	}
}

// get is one visit without anything to it.
func get(path string) []visit { return []visit{{path: path}} }

func (n *town) closingRules() map[string]routeRule {
	n.account("closer", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID})
	n.ask(httpCall{method: "POST", path: "/closings", session: n.sessionFor(n.named("closer")), body: `{"period":"2024-06","reason":"月报封账"}`}).want(n.t, "close 2024-06", 201, "")
	whole := func(path string) []visit {
		return []visit{{path: path, covers: at("350500."), outside: "403 vintage.whole_city"}}
	}
	month := period.MonthOf(2024, 7)
	n.month = month.String()
	return map[string]routeRule{
		"list-closings":      {roles: readers, visits: get("/closings")},
		"get-closing":        {roles: readers, visits: whole("/closings/2024-06/1")},
		"verify-closing":     {roles: readers, visits: whole("/closings/2024-06/1/verify")},
		"get-closing-bundle": {roles: readers, visits: whole("/closings/2024-06/1/bundle")},
		"get-closing-bridge": {roles: readers, visits: whole("/closings/2024-06/bridge?from=1&to=1&indicator=filing.output.year")},
		"close-month": {roles: makers, visits: []visit{{path: "/closings", body: `{"period":"{month}","reason":"{who}"}`, status: 201, writes: true,
			before: func(person) {
				month++
				n.month = month.String()
			}}}},
	}
}
