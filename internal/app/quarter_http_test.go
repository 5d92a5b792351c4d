package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// Two officers act on one problem at once: the second is told by whom and when it was changed, and loses nothing.
func TestProblems_secondOfTwoIsToldWhoWasFirst(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	first := n.sessionFor(n.account("county.a", auth.Place{Role: auth.CountyOffice, Org: countyB}))
	second := n.sessionFor(n.account("county.b", auth.Place{Role: auth.CountyOffice, Org: countyB}))
	a := n.ask(httpCall{method: "POST", path: "/problems", session: first, body: `{"kind":"project","subject":"` + n.projectOf("EX") + `","title":"用电增容未批","owner":"county.b","due":"2025-06-01"}`}).want(t, "open", 201, "")
	if a.body["late_days"] != 30.0 || a.body["level"] != 1.0 || a.body["level_org"] != n.c.ref.ID || a.body["level_basis"] != "assumed" || a.body["level_why"] == "" || a.header.Get("ETag") != `"1"` {
		t.Errorf("opened = %s, want it 30 days late and followed by the city", a.text)
	}
	path := "/problems/" + fmt.Sprint(a.body["id"]) + "/act"
	n.ask(httpCall{method: "POST", path: path, session: first, body: `{"version":1,"act":"note","text":"已协调供电公司"}`}).want(t, "note", 200, "")
	a = n.ask(httpCall{method: "POST", path: path, session: second, body: `{"version":1,"act":"solve","text":"已送电"}`}).want(t, "late solve", 412, "problem.changed")
	args, _ := a.body["args"].(map[string]any)
	if args["actor"] != "county.a" || args["version"] != 2.0 || args["at"] == "" || !strings.Contains(fmt.Sprint(a.body["detail"]), "county.a已于2025-07-01 09:00") {
		t.Errorf("problem = %s, want who changed it and when", a.text)
	}
	a = n.ask(httpCall{method: "POST", path: path, session: second, body: `{"version":2,"act":"solve","text":"已送电"}`}).want(t, "solve", 200, "")
	if events, _ := a.body["events"].([]any); len(events) != 3 || a.body["state"] != "solved" || a.body["late_days"] != nil {
		t.Errorf("solved = %s, want all three events", a.text)
	}
	n.ask(httpCall{method: "POST", path: path, session: second, body: `{"version":3,"act":"confirm","text":"好"}`}).want(t, "own confirmation", 403, "problem.own_work")
	n.ask(httpCall{method: "POST", path: path, session: first, body: `{"version":3,"act":"confirm","text":"现场核实"}`}).want(t, "confirmation", 200, "")
}

func TestOfficers_areNamedAndCounted(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	county := n.sessionFor(n.account("county.a", auth.Place{Role: auth.CountyOffice, Org: countyA}))
	n.account("operator.a", auth.Place{Role: auth.ParkOperator, Org: committee})
	path := "/subjects/tenancy/" + n.tenancyOf("EA2") + "/officer"
	for _, who := range []string{"county.a", "operator.a"} {
		a := n.ask(httpCall{method: "PUT", path: path, session: county, body: `{"username":"` + who + `","since":"2025-06-01","reason":"挂钩分工"}`}).want(t, "name "+who, 200, "")
		if a.body["username"] != who {
			t.Errorf("officer = %s, want %s", a.text, who)
		}
	}
	a := n.ask(httpCall{method: "GET", path: path, session: county}).want(t, "officer", 200, "")
	if history, _ := a.body["history"].([]any); len(history) != 2 || a.body["since"] != "2025-06-01" {
		t.Errorf("officer = %s, want both appointments", a.text)
	}
	if a = n.ask(httpCall{method: "GET", path: strings.TrimSuffix(path, "/officer"), session: county}).want(t, "track", 200, ""); a.body["officer"] != "operator.a" {
		t.Errorf("the tenancy's officer = %v, want operator.a", a.body["officer"])
	}
	firm := n.sessionFor(n.account("firm.a", auth.Place{Role: auth.Enterprise, Enterprise: n.firms["EA2"]}))
	a = n.ask(httpCall{method: "GET", path: path, session: firm}).want(t, "officer as the enterprise", 200, "")
	if history, _ := a.body["history"].([]any); len(history) != 0 || a.body["username"] != "operator.a" || a.body["reason"] != "" {
		t.Errorf("officer as the enterprise = %s, want whom to call and nothing more", a.text)
	}
	a = n.ask(httpCall{method: "GET", path: "/officers", session: county}).want(t, "officers", 200, "")
	for _, item := range a.items() {
		if want := map[string]float64{"operator.a": 1}[fmt.Sprint(item["username"])]; item["tenancies"] != want {
			t.Errorf("%v answers for %v, want %v", item["username"], item["tenancies"], want)
		}
	}
	n.ask(httpCall{method: "PUT", path: path, session: county, body: `{"username":"nobody.here","since":"2025-06-01","reason":"x"}`}).want(t, "nobody", 422, "officer.not_possible")
}

// digest is SHA-256 in hex.
func digest(text string) string {
	d := sha256.Sum256([]byte(text))
	return hex.EncodeToString(d[:])
}

// What was frozen leaves the server byte by byte as it was kept, with digests that anybody can check, and with no target for
// who enters figures.
func TestQuarterReview_leavesExactlyAsItWasFrozen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		city := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
		operator := n.sessionFor(n.account("operator.a", auth.Place{Role: auth.ParkOperator, Org: countyA}))
		n.exec(`UPDATE target SET stated = '7654321', value = 7654321, year = 2025 WHERE org = $1`, countyA)
		n.exec(`UPDATE project SET name = 'A&B<厂房>' WHERE id = $1`, n.projectOf("EA1"))
		a := n.ask(httpCall{method: "POST", path: "/reviews-quarter", session: city, body: `{"org":"` + countyA + `","quarter":"2025-Q2","title":"二季度拉练"}`}).want(t, "freeze", 201, "")
		path := "/reviews-quarter/" + fmt.Sprint(a.body["id"])
		stored := n.texts(`SELECT body, digest FROM review`, 2)[0]
		main, targets, _ := strings.Cut(stored[0], "\n")
		check := func(when string) {
			t.Helper()
			a := n.ask(httpCall{method: "GET", path: path, session: city}).want(t, when, 200, "")
			var raw struct {
				Body, Targets                              json.RawMessage
				Digest, MainDigest, TargetsDigest, Quarter string
			}
			if err := json.Unmarshal([]byte(strings.NewReplacer("main_digest", "maindigest", "targets_digest", "targetsdigest").Replace(a.text)), &raw); err != nil {
				t.Fatal(err)
			}
			if string(raw.Body) != main || string(raw.Targets) != targets || !strings.Contains(main, "A&B<厂房>") {
				t.Errorf("%s: body = %.200s…, want what was stored", when, raw.Body)
			}
			if raw.MainDigest != digest(main) || raw.TargetsDigest != digest(targets) || raw.Digest != stored[1] ||
				raw.Digest != digest("main "+digest(main)+"\ntargets "+digest(targets)+"\n") {
				t.Errorf("%s: digests = %s %s %s, want those of the texts", when, raw.MainDigest, raw.TargetsDigest, raw.Digest)
			}
		}
		check("at once")
		n.exec(`UPDATE park SET name = '改名' WHERE id = $1`, n.parks["A1"])
		n.ask(httpCall{method: "POST", path: "/problems", session: city, body: `{"kind":"park","subject":"` + n.parks["A1"] + `","title":"拉练后续","review":"` + fmt.Sprint(a.body["id"]) + `"}`}).want(t, "follow-up", 201, "")
		n.ask(httpCall{method: "POST", path: path + "/grades", session: city, body: `{"site":"` + n.parks["A1"] + `","grade":"good","remark":"进度正常"}`}).want(t, "grade", 200, "")
		check("after the ledger moved on")
		a = n.ask(httpCall{method: "GET", path: path, session: operator}).want(t, "as an operator", 200, "")
		if strings.Contains(a.text, "7654321") || !strings.Contains(targets, "7654321") || strings.Contains(main, "7654321") {
			t.Error("who enters figures is told of a target")
		}
		problems, _ := a.body["problems"].([]any)
		grades, _ := a.body["grades"].([]any)
		if len(problems) != 1 || len(grades) != 1 || a.body["may"] != false {
			t.Errorf("follow-ups and grades = %v %v, want one of each", problems, grades)
		}
	})
}

// Every number of a review is the one that the ledger's readings give, with as many rows as they open.
func TestQuarterReview_hasTheNumbersOfTheReadings(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	for _, office := range []string{n.c.ref.ID, countyA, countyB} {
		a := n.ask(httpCall{method: "POST", path: "/reviews-quarter", session: session, body: `{"org":"` + office + `","quarter":"2024-Q4","title":"四季度拉练"}`}).want(t, "freeze", 201, "")
		body, _ := a.body["body"].(map[string]any)
		list, _ := body["indicators"].([]any)
		known := 0
		for _, item := range list {
			in, _ := item.(map[string]any)
			for part, p := range map[string]string{"quarter": "2024-Q4", "year": "2024"} {
				got, _ := in[part].(map[string]any)
				ask := fmt.Sprintf("indicator=%v&org=%s&period=%s", in["code"], office, p)
				reading := n.ask(httpCall{method: "GET", path: "/readings?" + ask, session: session}).want(t, ask, 200, "")
				rows := n.ask(httpCall{method: "GET", path: "/readings/rows?" + ask, session: session}).want(t, ask, 200, "")
				if got["value"] != reading.body["value"] || got["previous"] != reading.body["previous"] || got["as_of"] != reading.body["as_of"] || got["rows"] != rows.body["count"] {
					t.Errorf("%v of %s in %s = %v, want %s with %v rows", in["code"], office, p, got, reading.text, rows.body["count"])
				}
				if got["value"] != nil {
					known++
				}
			}
		}
		if len(list) < 20 || known < 10 {
			t.Errorf("the review of %s has %d indicators with %d known values, want all", office, len(list), known)
		}
	}
}
