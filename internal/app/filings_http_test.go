package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// clerk asks about one filing as somebody.
type clerk struct {
	*town
	session, path string
}

func (n *town) clerk(place auth.Place, name, path string) clerk {
	return clerk{n, n.sessionFor(n.account(name, place)), n.fill(path, person{})}
}

func (c clerk) do(method, below, etag, body string) httpAnswer {
	q := httpCall{method: method, path: c.path + below, session: c.session, header: map[string]string{"If-Match": etag, "Accept-Language": "en"}}
	if body != "" {
		q.body = body
	}
	return c.ask(q)
}

// said lists some members of a list in an answer.
func said(a httpAnswer, list string, members ...string) (out []string) {
	rows, _ := a.body[list].([]any)
	for _, row := range rows {
		row := row.(map[string]any)
		var parts []string
		for _, m := range members {
			parts = append(parts, fmt.Sprint(row[m]))
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestFiling_fromTheFirstCellToTheApprovalAndACorrection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		firm := n.clerk(auth.Place{Role: auth.Enterprise, Enterprise: n.firms["EB1"]}, "firm.a", firmPath("EB1"))
		county := n.clerk(auth.Place{Role: auth.CountyOffice, Org: countyB}, "county.a", firmPath("EB1"))
		city := n.clerk(auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}, "office.a", firmPath("EB1"))

		a := firm.do("GET", "", "", "").want(t, "a filing that nobody began", 200, "")
		if a.header.Get("ETag") != `"0"` || a.body["state"] != "owed" || fmt.Sprint(a.body["can"]) != "[fill]" || a.body["due"] != "2025-07-08" {
			t.Errorf("owed filing = %s", a.text)
		}
		if beside, _ := a.body["beside"].(map[string]any); fmt.Sprint(beside["year_ago"]) != "map[output:0.03]" || beside["last_period"] != "2025-05" {
			t.Errorf("beside = %v, want the output of a year ago in 万元", beside)
		}
		a = firm.do("PUT", "/records", `"0"`, `{"records":[{"cells":{"output":"viel","colour":"red","jobs":"1,5"}}]}`).want(t, "cells that cannot be read", 422, "request.invalid")
		if got := strings.Join(said(a, "errors", "location", "key"), "; "); !strings.Contains(got, "records[0].cells.colour filing.bad_field") ||
			!strings.Contains(got, "records[0].cells.output form.") {
			t.Errorf("places = %s, want the unknown field and the unreadable output", got)
		}
		a = firm.do("PUT", "/records", `"0"`, `{"records":[{"cells":`+typed(3000, "")+`}]}`).want(t, "save", 200, "")
		if got := strings.Join(said(a, "verdicts", "rule", "severity"), "; "); got != "output_against_last_year warning" || !strings.Contains(a.text, "0.03") {
			t.Errorf("verdicts = %s, want the warning that compares with last year; %s", got, a.text)
		}
		stale := county.do("PUT", "/records", `"0"`, `{"records":[{"cells":{"output":"1"}}]}`).want(t, "save what was read before", 412, "filing.stale")
		if args, _ := stale.body["args"].(map[string]any); args["actor"] != "firm.a" || args["version"] != 1.0 {
			t.Errorf("stale says %v, want who changed it and the version", args)
		}
		firm.do("POST", "/submit", `"1"`, `{"answers":[]}`).want(t, "submit without a reason", 422, "filing.unanswered")
		about := said(a, "verdicts", "about")[0]
		a = firm.do("POST", "/submit", `"1"`, `{"answers":[{"key":"","rule":"output_against_last_year","about":"`+about+`","reason":"新产线投产"}]}`).want(t, "submit", 200, "")
		if a.body["state"] != "submitted" || a.body["confirmed"] != true || !strings.Contains(a.text, "新产线投产") {
			t.Errorf("submitted = %s", a.text)
		}
		city.do("POST", "/approve", `"2"`, `{}`).want(t, "the city before the county", 403, "filing.not_reviewer")
		county.do("POST", "/approve", `"2"`, `{}`).want(t, "county approves", 200, "")
		city.do("POST", "/approve", `"3"`, `{}`).want(t, "city approves", 200, "")
		firm.do("PUT", "/records", `"4"`, `{"records":[{"cells":`+typed(3100, "")+`}]}`).want(t, "the enterprise corrects", 200, "")
		a = county.do("GET", "/diff", "", "").want(t, "diff", 200, "")
		if got := strings.Join(said(a, "items", "field", "before", "after", "who", "way"), "; "); got != "output 0.3 0.31 firm.a typed; revenue 0.3 0.31 firm.a typed" ||
			a.body["approved_version"] != 4.0 {
			t.Errorf("diff = %s since %v, want the two changed cells since version 4", got, a.body["approved_version"])
		}
		county.do("POST", "/remarks", "", `{"field":"output","text":"请附说明"}`).want(t, "remark", 201, "")
		n.ask(httpCall{method: "POST", path: n.fill("/enterprises/{EB1}/differing", person{}), session: county.session,
			body: `{"month":"2025-06","field":"electricity","value":"12","nature":"record","source":"供电公司","reason":"抄表"}`}).want(t, "differing", 201, "")
		a = firm.do("GET", "", "", "")
		if got := said(a, "remarks", "field", "text", "actor"); len(got) != 1 || got[0] != "output 请附说明 county.a" {
			t.Errorf("remarks = %v", got)
		}
		if got := said(a, "differing", "field", "stated", "nature"); len(got) != 1 || got[0] != "electricity 12 record" {
			t.Errorf("differing = %v, want the office's figure beside the enterprise's", got)
		}
		if got := said(a, "events", "action"); strings.Join(got, " ") != "submit approve approve" {
			t.Errorf("events = %v", got)
		}
	})
}
