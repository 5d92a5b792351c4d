package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// track is the path of a firm's tenancy.
func (n *town) trackPath(firm string) string {
	for _, row := range n.texts(`SELECT id, enterprise FROM tenancy ORDER BY id`, 2) {
		if row[1] == n.firms[firm] {
			return "/subjects/tenancy/" + row[0]
		}
	}
	n.t.Fatalf("no tenancy of %s", firm)
	return ""
}

// proof adds a piece of evidence for a stage of a subject, as another noun does, and gives its id.
func (n *town) proof(path, stage, grade string) string {
	parts := strings.Split(path, "/")
	id := n.c.ids.New()
	n.exec(`INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, file_name, note, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '1号', '', '', 'office.a', $8)`, n.c.ref.ID, id, parts[2], parts[3], stage, grade, "佐证", n.now.UnixMicro())
	return id
}

// stage is one stage of a track.
func stageIn(t *testing.T, a httpAnswer, code string) map[string]any {
	t.Helper()
	stages, _ := a.body["stages"].([]any)
	for _, s := range stages {
		if s := s.(map[string]any); s["code"] == code {
			return s
		}
	}
	t.Fatalf("no stage %s in %.300s", code, a.text)
	return nil
}

func TestTrack_fromThePlanToTheVerifiedDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		path := n.trackPath("EB1")
		county := n.clerk(auth.Place{Role: auth.CountyOffice, Org: countyB}, "county.a", path)
		operator := n.clerk(auth.Place{Role: auth.ParkOperator, Org: countyB}, "operator.a", path)

		a := county.do("GET", "", "", "").want(t, "track", 200, "")
		if a.header.Get("ETag") != `"1"` || a.body["name"] != "企业EB1" || a.body["org"] != countyB || a.body["org_name"] != "南安市" || a.body["suspended"] != false {
			t.Errorf("track = %.400s", a.text)
		}
		if s := stageIn(t, a, "production"); s["state"] != "entered" || s["day"] != "2023-12-01" || s["used"] != "claimed" || fmt.Sprint(s["can"]) != "[verify rollback]" {
			t.Errorf("production = %v", s)
		}
		if s := stageIn(t, a, "handed_over"); s["state"] != "skipped" || s["optional"] != true || fmt.Sprint(s["can"]) != "[plan claim verify]" {
			t.Errorf("handed_over = %v", s)
		}
		s := stageIn(t, a, "at_capacity")
		if blocked, _ := s["blocked"].(map[string]any); s["state"] != "open" || blocked["key"] != "milestone.guard" || !strings.Contains(fmt.Sprint(blocked["message"]), "100%") {
			t.Errorf("at_capacity = %v, want it open, and that its guard is not met", s)
		}

		step := func(c clerk, deed, body string) httpAnswer { // each a minute after the one before
			n.setNow(n.now.Add(time.Minute))
			return c.do("POST", "/"+deed, "", body)
		}
		step(operator, "plan", `{"version":1,"stage":"expanding","day":"2026-03"}`).want(t, "plan", 200, "")
		step(operator, "plan", `{"version":2,"stage":"expanding","day":"2026-06-30"}`).want(t, "plan anew without a reason", 422, "milestone.no_replan_reason")
		a = step(operator, "plan", `{"version":2,"stage":"expanding","day":"2026-06-30","reason":"设备未到"}`).want(t, "plan anew", 200, "")
		if s := stageIn(t, a, "expanding"); s["replans"] != 1.0 || fmt.Sprint(s["planned"]) == "<nil>" || s["slip_days"] != nil {
			t.Errorf("expanding = %v, want one re-plan and no slip against a month", s)
		}
		step(operator, "verify", `{"version":3,"stage":"production","day":"2023-12-05","evidence":["x"]}`).want(t, "an operator verifies", 403, "auth.denied")
		step(county, "verify", `{"version":3,"stage":"production","day":"2023-12-05","source":"现场"}`).want(t, "verify without evidence for the guard", 403, "milestone.guard")
		permit, photo := n.proof(path, "production", "permit"), n.proof(path, "expanding", "photo")
		step(county, "verify", `{"version":3,"stage":"production","day":"2023-12-05","source":"现场"}`).want(t, "verify without naming evidence", 422, "milestone.no_evidence")
		a = step(county, "verify", `{"version":3,"stage":"production","day":"2023-12-05","evidence":["`+permit+`"]}`).want(t, "verify", 200, "")
		if s := stageIn(t, a, "production"); s["used"] != "verified" || s["day"] != "2023-12-05" || fmt.Sprint(s["verified"].(map[string]any)["evidence"]) != "["+permit+"]" ||
			s["claimed"].(map[string]any)["day"] != "2023-12-01" || s["verified"].(map[string]any)["source"] != "佐证" {
			t.Errorf("production = %v, want both days and what the verified one rests on", s)
		}
		step(county, "claim", `{"version":4,"stage":"expanding","day":"2024-01-10","source":"企业","evidence":["`+photo+`"]}`).want(t, "claim with a photo only", 403, "milestone.guard")
		step(county, "claim", `{"version":4,"stage":"expanding","day":"2024-01-10","source":"企业","facts":{"permits":"1"}}`).want(t, "claim that states what the ledger knows", 422, "milestone.not_asked")
		step(county, "suspend", `{"version":4}`).want(t, "suspend without a reason", 422, "lifecycle.no_reason")
		step(county, "suspend", `{"version":4,"reason":"停产"}`).want(t, "suspend", 200, "")
		step(county, "resume", `{"version":5}`).want(t, "resume", 200, "")
		a = step(county, "rollback", `{"version":6,"stage":"signed","reason":"合同作废"}`).want(t, "rollback", 200, "")
		if got := strings.Join(said(a, "history", "act", "stage", "void"), "; "); !strings.Contains(got, "void signed false; void production false; void production false") ||
			!strings.Contains(got, "claim signed true") || !strings.Contains(got, "verify production true") || !strings.Contains(got, "plan expanding false; plan expanding false") {
			t.Errorf("history = %s", got)
		}
		if a.body["version"] != 7.0 || stageIn(t, a, "production")["state"] != "blocked" {
			t.Errorf("after the rollback version %v, production %v", a.body["version"], stageIn(t, a, "production"))
		}
	})
}

// Two officers open the same tenancy. The second one's step is refused, and says who did what meanwhile and what it wanted.
func TestTrack_theSecondOfficerLearnsWhatTheFirstChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		path := n.trackPath("EB2")
		first := n.clerk(auth.Place{Role: auth.CountyOffice, Org: countyB}, "county.a", path)
		second := n.clerk(auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}, "office.a", path)
		first.do("POST", "/plan", "", `{"version":1,"stage":"expanding","day":"2026-05-01"}`).want(t, "the first plans", 200, "")
		first.do("POST", "/plan", "", `{"version":2,"stage":"expanding","day":"2026-09-01","reason":"资金未到位"}`).want(t, "the first plans anew", 200, "")
		before := n.ledger()
		a := second.do("POST", "/plan", "", `{"version":1,"stage":"expanding","day":"2026-07-01","source":"企业来函","reason":"企业提前"}`).want(t, "the second", 412, "milestone.changed")
		args, _ := a.body["args"].(map[string]any)
		if args["actor"] != "county.a" || args["version"] != 3.0 || args["at"] != "2025-07-01T09:00:00+08:00" || !strings.Contains(a.text, "county.a at 2025-07-01 09:00") {
			t.Errorf("problem says %v: %.300s", args, a.text)
		}
		if got := strings.Join(said(a, "changes", "version", "act", "stage", "day", "reason", "actor"), "; "); got !=
			"2 plan expanding 2026-05-01  county.a; 3 plan expanding 2026-09-01 资金未到位 county.a" {
			t.Errorf("changes = %s", got)
		}
		yours, _ := a.body["yours"].(map[string]any)
		if fmt.Sprintf("%v %v %v %v %v %v", yours["act"], yours["stage"], yours["day"], yours["source"], yours["reason"], yours["version"]) != "plan expanding 2026-07-01 企业来函 企业提前 1" {
			t.Errorf("yours = %v", yours)
		}
		if after := n.ledger(); after != before {
			t.Errorf("the refused step changed the ledger:\n%s\n%s", before, after)
		}
		second.do("POST", "/plan", "", `{"version":3,"stage":"expanding","day":"2026-07-01","source":"企业来函","reason":"企业提前"}`).want(t, "the second again", 200, "")
	})
}

func TestLifecycle_aCityPutsItsOwnVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		office := n.clerk(auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}, "office.a", "/lifecycles/tenancy")
		a := office.do("GET", "", "", "").want(t, "lifecycle", 200, "")
		body, _ := a.body["yaml"].(string)
		if a.body["city"] != false || len(a.body["stages"].([]any)) != 11 || body == "" {
			t.Fatalf("lifecycle = %.300s", a.text)
		}
		own := strings.NewReplacer(`from: "2021-01-01"`, `from: "2025-07-01"`, "lifecycle-tenancy-2026-1", "city-1", "zh: 意向,", "zh: 意向登记,").Replace(body)
		send := func(method, below, yaml, more string) httpAnswer {
			return office.do(method, below, "", fmt.Sprintf(`{"yaml":%q%s}`, yaml, more))
		}
		if a := send("POST", "/check", own, ""); a.body["ok"] != true {
			t.Errorf("check = %s", a.text)
		}
		a = send("POST", "/check", strings.Replace(own, "unknown: 1", "", 1)+"unknown: 1\n", "")
		if problems := said(a, "problems", "line", "message"); a.body["ok"] != false || len(problems) != 1 || strings.HasPrefix(problems[0], "0 ") {
			t.Errorf("check of a wrong file = %s", a.text)
		}
		send("PUT", "", own, `,"reason":""`).want(t, "put without a reason", 422, "lifecycle.no_reason")
		gone := strings.Replace(own, "  - code: trial", "  - code: trial_run", 1)
		gone = strings.Replace(gone, "after: [trial]", "after: [trial_run]", 1)
		send("PUT", "", gone, `,"reason":"x"`).want(t, "put without a stage", 422, "lifecycle.stage_gone")
		more := own + "  - code: moved\n    name: {zh: 搬迁, en: Moved}\n    basis: assumed\n"
		send("PUT", "", more, `,"reason":"x"`).want(t, "put with another stage", 422, "lifecycle.stage_new")
		a = send("PUT", "", own, `,"reason":"改名"`).want(t, "put", 200, "")
		if got := strings.Join(said(a, "version_list", "version", "from", "reason", "actor"), "; "); a.body["city"] != true || got != "0 2021-01-01  ; 1 2025-07-01 改名 office.a" {
			t.Errorf("versions = %s of %.200s", got, a.text)
		}
		a = n.ask(httpCall{method: "GET", path: n.trackPath("EA1"), session: office.session})
		if stageIn(t, a, "intent")["name"] != "意向登记" {
			t.Errorf("intent = %v, want the city's name", stageIn(t, a, "intent"))
		}
		if items := n.ask(httpCall{method: "GET", path: "/lifecycles", session: office.session}).items(); len(items) < 8 {
			t.Errorf("lifecycles = %v, want all", items)
		}
	})
}
