package app

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// Targets that nothing else in the town equals, each in every way in which its unit is written. A digit before or after
// would make it another number, so hits are looked for as numbers.
var telltales = []struct {
	indicator string
	value     int64
	unit      unit.Canonical
	stated    string
	in        string
	spelt     []string
}{
	{"filing.output.year", 98_765_432_100, unit.Fen, "98765.4321", "万元", []string{"98765432100", "987654321", "98765.4321", "9.87654321", "987,654,321", "98,765.4321", "9.87654321e+08", "9.87654321e+10", "9.8765"}},
	{"filing.jobs", 8_642_013, unit.Count, "8642013", "人", []string{"8642013", "864.2013", "8,642,013", "8.642013e+06"}},
	{"park.floor_area.cumulative", 13_579_246, unit.AreaM2, "1357.9246", "万平方米", []string{"13579246", "1357.9246", "13.579246", "13,579,246", "20368.869", "1.3579246e+07"}},
	{"tenancy.production.cumulative", 86_421, unit.Count, "86421", "家", []string{"86421", "8.6421", "86,421"}},
}

// tell puts the telltale targets into the ledger, for the city and for both counties.
func (n *town) tell() {
	n.write(func(w db.Writer, act org.Act) error {
		for _, at := range []org.ID{org.ID(n.c.ref.ID), countyA, countyB} {
			for _, x := range telltales {
				for _, year := range []int{2024, 2025} {
					one := target.Target{Org: at, Year: year, Indicator: x.indicator, Kind: target.Wanted, Value: x.value, Unit: x.unit, Stated: x.stated, StatedUnit: x.in, Curve: target.Linear, Source: "计划"}
					if _, err := target.Put(n.ctx, w, act, one); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// told gives the spellings of targets that a text holds.
func told(text string) (found []string) {
	for _, x := range telltales {
		for _, s := range x.spelt {
			if holdsNumber(text, s) {
				found = append(found, s)
			}
		}
	}
	return found
}

// holdsNumber says whether a number stands in a text, not as a part of a longer one or of a name.
func holdsNumber(text, number string) bool {
	for rest := text; ; {
		i := strings.Index(rest, number)
		if i < 0 {
			return false
		}
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = rest[i-1]
		}
		if end := i + len(number); end < len(rest) {
			after = rest[end]
		}
		if !partOfNumber(before) && !partOfNumber(after) {
			return true
		}
		rest = rest[i+1:]
	}
}

func partOfNumber(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// plain is an answer as text: that of a workbook is what is inside.
func plain(t *testing.T, a httpAnswer) string {
	t.Helper()
	if !strings.HasPrefix(a.text, "PK") {
		return a.text
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.text)), int64(len(a.text)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
		b.WriteByte(' ')
		_ = r.Close() // read to its end
	}
	return b.String()
}

// entryScreens are the routes that the screens load on which figures are entered and reviewed, and all that these do.
var entryScreens = map[string]bool{
	"list-forms": true, "get-form": true, "get-burden": true, "check-form": true, "put-form": true, "list-tasks": true, "list-filings": true,
	"list-filing-progress": true, "get-filing": true, "get-filing-cells": true, "list-filing-changes": true, "get-template": true, "export-filings": true,
	"save-records": true, "submit-filing": true, "recall-filing": true, "remark-filing": true, "record-differing": true, "approve-filing": true, "return-filing": true,
	"reopen-filing": true, "list-approvals": true, "list-intakes": true, "get-intake": true, "open-intake": true, "map-intake": true, "mend-intake": true, "commit-intake": true,
	"cancel-intake": true, "undo-intake": true, "watch-intake": true, "answer-intake": true, "get-me": true, "list-orgs": true,
}

// TestIntegrity_noTargetReachesWhoeverEntersFigures walks every route: nobody is told a target by what an entry screen
// loads, and park operators and enterprises by nothing at all.
func TestIntegrity_noTargetReachesWhoeverEntersFigures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.tell()
		n.read()
		people, rules := n.people(), n.routeRules()
		n.mark = n.ledger()
		asked := 0
		for _, op := range n.api.Routes() {
			for _, v := range rules[op.OperationID].visits {
				for _, p := range people {
					enters := p.place.Role == auth.ParkOperator || p.place.Role == auth.Enterprise
					if p.trouble != "" || v.fresh || !enters && !entryScreens[op.OperationID] {
						continue
					}
					asked++
					if found := told(plain(t, n.request(op.Method, v, p))); len(found) > 0 {
						t.Errorf("%s %s as %s tells the target %v", op.Method, n.fill(v.path, p), p.name, found)
					}
				}
			}
		}
		if asked < 500 {
			t.Errorf("only %d requests were made, want every route by every role", asked)
		}
		n.targetsAreThere(t, people)
	})
}

// request makes a visit's request as a person, whatever the answer.
func (n *town) request(method string, v visit, p person) httpAnswer {
	if v.before != nil {
		v.before(p)
	}
	q := httpCall{method: method, path: n.fill(v.path, p), session: p.session, bearer: p.bearer, body: v.body, header: map[string]string{}}
	if s, ok := v.body.(string); ok {
		q.body = n.fill(s, p)
	}
	if v.file != "" {
		q.name, q.file = "list.csv", n.fill(v.file, p)
	}
	for name, value := range v.header {
		q.header[name] = n.fill(value, p)
	}
	return n.ask(q)
}

// targetsAreThere shows that the search finds targets where they belong, and that entry roles are refused by what they may
// do and not by luck.
func (n *town) targetsAreThere(t *testing.T, people []person) {
	for _, p := range people {
		if p.trouble != "" || !p.may(readers) {
			continue
		}
		planner := p.may(planners)
		list := n.ask(httpCall{method: "GET", path: "/targets?limit=500", session: p.session, bearer: p.bearer})
		if got := len(told(list.text)) > 0; got != planner || (list.code == http.StatusForbidden) == planner {
			t.Errorf("targets as %s = %d with a target %v, want %v", p.name, list.code, got, planner)
		}
		reading := n.ask(httpCall{method: "GET", path: "/readings?indicator=filing.output.year&period=2024", session: p.session, bearer: p.bearer}).want(t, "reading as "+p.name, 200, "")
		if _, got := reading.body["target"]; got != planner {
			t.Errorf("reading as %s stands beside a target = %v, want %v", p.name, got, planner)
		}
	}
}

// TestIntegrity_aMetTargetIsFoundAndNotTold seeds a firm whose year equals a target: the offices that know targets hear of
// it, whoever enters figures does not.
func TestIntegrity_aMetTargetIsFoundAndNotTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.tell()
		n.exec(`UPDATE filing_value SET value = $1 WHERE enterprise = $2 AND month = 202412 AND field = 'output'`, telltales[0].value-11*5_000_000, n.firms["EX"])
		for _, p := range n.people() {
			if p.trouble != "" || !p.may(finders) {
				continue
			}
			a := n.ask(httpCall{method: "GET", path: "/findings?limit=500", session: p.session, bearer: p.bearer}).want(t, "findings as "+p.name, 200, "")
			got := strings.Contains(a.text, `"check":"target"`)
			knows := p.place.Role == auth.CityOffice || p.place.Role == auth.CountyOffice
			if want := knows && n.coversRow(p, "enterprise", n.firms["EX"]); got != want {
				t.Errorf("findings as %s tell of the met target = %v, want %v: %.400s", p.name, got, want, a.text)
			}
			if found := told(a.text); len(found) > 0 {
				t.Errorf("findings as %s tell the target %v", p.name, found)
			}
		}
	})
}

// firmState is what a firm's filing and the ledger say of the town's month.
func (n *town) firmState(firm string) string {
	id := n.firms[firm]
	return fmt.Sprint(n.texts(`SELECT row_key, cells, CAST(version AS TEXT) FROM filing_record WHERE subject = '`+id+`' ORDER BY row_key`, 3),
		n.texts(`SELECT field, CAST(value AS TEXT), nature FROM filing_value WHERE enterprise = '`+id+`' AND month = 202506 ORDER BY field`, 3))
}

// TestIntegrity_nobodyButTheEnterpriseChangesWhatItConfirmed lets every role try every way that writes filings, in turn, so
// that a step which one of them may do (an approval, a reopening) opens no door for the next.
func TestIntegrity_nobodyButTheEnterpriseChangesWhatItConfirmed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.read()
		n.file()
		people := n.people()
		own := people[8]
		if own.place.Enterprise != n.firms["EX"] {
			t.Fatalf("person 8 is %s, want the enterprise EX", own.name)
		}
		(&importing{office: n.office}).start()
		n.put("enterprise_monthly", "EX", filing.Draft, 0)
		address := firmPath("EX")
		etag := map[string]string{"If-Match": "{etag enterprise_monthly EX}"}
		ask := func(p person, method, below, body string) httpAnswer {
			return n.request(method, visit{path: address + below, body: body, header: etag}, p)
		}
		other := `{"records":[{"cells":` + typed(123, "改") + `}],"reason":"改"}`
		ask(own, "PUT", "/records", `{"records":[{"cells":`+typed(50_000, "本企业")+`}]}`).want(t, "the enterprise saves", 200, "")
		ask(own, "POST", "/submit", `{"answers":[]}`).want(t, "the enterprise submits", 200, "")
		before := n.firmState("EX")
		for _, p := range people {
			if p.id == own.id {
				continue
			}
			for _, try := range [][3]string{
				{"PUT", "/records", other}, {"POST", "/recall", `{"reason":"改"}`}, {"PUT", "/records", other}, {"POST", "/return", `{"reason":"改"}`}, {"PUT", "/records", other},
				{"PUT", "/records", `{"records":[{"remove":true}],"reason":"改"}`}, {"POST", "/submit", `{"answers":[],"reason":"改"}`}, {"POST", "/approve", `{}`}, {"POST", "/approve", `{}`},
				{"PUT", "/records", other}, {"POST", "/reopen", `{"reason":"改"}`}, {"PUT", "/records", other}, {"POST", "/submit", `{"answers":[],"reason":"改"}`},
				{"POST", "/remarks", `{"field":"output","text":"应为 123"}`},
			} {
				a := ask(p, try[0], try[1], try[2])
				if after := n.firmState("EX"); after != before {
					t.Fatalf("%s %s as %s = %d changed the enterprise's figures\nbefore %s\nafter  %s", try[0], try[1], p.name, a.code, before, after)
				}
			}
			n.request("POST", visit{path: "/filings/approve", body: `{"items":[{"form":"enterprise_monthly","kind":"enterprise","subject":"{EX}","period":"` + townMonth + `","version":{ver enterprise_monthly EX}}]}`}, p)
			n.request("POST", visit{path: "/enterprises/{EX}/differing", body: `{"month":"2025-06","field":"output","value":"123","nature":"record","source":"供电","reason":"改"}`}, p)
			n.bring(t, p, "EX", "6")
			if after := n.firmState("EX"); after != before {
				t.Fatalf("an import or a differing figure of %s changed the enterprise's figures\nbefore %s\nafter  %s", p.name, before, after)
			}
		}
		n.put("enterprise_monthly", "EX", filing.Returned, 0)
		n.exec(`UPDATE filing SET confirmed = 1 WHERE form = 'enterprise_monthly' AND subject = $1`, n.firms["EX"])
		ask(own, "PUT", "/records", `{"records":[{"cells":`+typed(49_000, "更正")+`}]}`).want(t, "the enterprise corrects", 200, "")
		if n.firmState("EX") == before {
			t.Error("the enterprise's own correction changed nothing")
		}
	})
}

// TestIntegrity_nobodyUndoesWhatTheEnterpriseBroughtAndConfirmed lets the enterprise import and confirm, and everybody else
// try to take the import back.
func TestIntegrity_nobodyUndoesWhatTheEnterpriseBroughtAndConfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.read()
		people := n.people()
		own := people[8]
		(&importing{office: n.office}).start()
		n.bring(t, own, "EX", "6")
		before := n.firmState("EX")
		rows := n.texts(`SELECT id FROM intake WHERE state = 'committed'`, 1)
		if len(rows) != 1 || !strings.Contains(before, `"jobs":"7"`) {
			t.Fatalf("the enterprise's import left %s in %v, want its figures", before, rows)
		}
		for _, p := range people {
			if p.id == own.id {
				continue
			}
			a := n.request("POST", visit{path: "/intakes/" + rows[0][0] + "/undo", body: `{"reason":"改"}`}, p)
			if after := n.firmState("EX"); a.code < 300 || after != before {
				t.Fatalf("undo as %s = %d left %s, want a refusal and %s", p.name, a.code, after, before)
			}
		}
	})
}

// bring tries to import another output of a firm, and to commit it in whatever way.
func (n *town) bring(t *testing.T, p person, firm, output string) (file string) {
	t.Helper()
	code := n.texts(`SELECT uscc FROM enterprise WHERE id = '`+n.firms[firm]+`'`, 1)[0][0]
	content := "统一社会信用代码,企业名称,生产状况,工业总产值(万元),营业收入(万元),入库税收(万元),期末从业人数,用电量(千瓦时),完成投资(万元)\n" +
		code + ",企业" + firm + ",正常生产," + output + "," + output + ",0,7,10,0\n"
	i := &importing{office: n.office, session: p.session}
	a := n.ask(httpCall{method: "POST", path: "/intakes?form=enterprise_monthly&period=" + townMonth, session: p.session, bearer: p.bearer, name: "六月月报.csv", file: content})
	id, _ := a.body["id"].(string)
	if a.code != http.StatusCreated || p.session == "" {
		return ""
	}
	i.check(id, nil)
	for _, way := range []string{`{"only_good":false,"submit":true,"reason":"改"}`, `{"only_good":true,"submit":true,"reason":"改"}`, `{"only_good":true,"submit":false,"reason":"改"}`} {
		if n.ask(httpCall{method: "POST", path: "/intakes/" + id + "/commit", session: p.session, body: way}).code == http.StatusOK {
			i.wait(id)
		}
	}
	return "六月月报.csv"
}

// TestIntegrity_everyCellSaysWhereItCameFrom types a filing and brings another by a file.
func TestIntegrity_everyCellSaysWhereItCameFrom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.read()
		people := n.people()
		own, county := people[8], people[6]
		(&importing{office: n.office}).start()
		n.request("PUT", visit{path: firmPath("EX") + "/records", body: `{"records":[{"cells":` + typed(50_000, "手填") + `}]}`, header: map[string]string{"If-Match": `"0"`}}, own).want(t, "type", 200, "")
		n.cells(t, own, "EX", map[string]string{"output": "5 by enterprise typed  ", "note": "手填 by enterprise typed  "})
		file := n.bring(t, county, "EB1", "0.03")
		n.cells(t, county, "EB1", map[string]string{"output": "0.03 by county-B imported " + file + " D2", "jobs": "7 by county-B imported " + file + " G2"})
	})
}

// cells compares where some cells of a firm's filing came from: value, who, way, file and cell.
func (n *town) cells(t *testing.T, p person, firm string, want map[string]string) {
	t.Helper()
	a := n.ask(httpCall{method: "GET", path: n.fill(firmPath(firm), p) + "/cells", session: p.session}).want(t, "cells of "+firm, 200, "")
	fields, _ := a.body["fields"].(map[string]any)
	for code, want := range want {
		c, _ := fields[code].(map[string]any)
		got := fmt.Sprintf("%v by %v %v %v %v", c["value"], c["who"], c["way"], c["file"], c["cell"])
		if got != want || c["at"] == "" || c["version"] != 1.0 {
			t.Errorf("%s of %s = %q at %v in version %v, want %q", code, firm, got, c["at"], c["version"], want)
		}
	}
	if history, _ := a.body["history"].([]any); len(history) != 1 {
		t.Errorf("history of %s has %d versions, want 1", firm, len(history))
	}
}
