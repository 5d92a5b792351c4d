package app

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// closer closes months of the town as the city's office.
type closer struct {
	*town
	session string
}

func newCloser(t *testing.T, d *db.DB) closer {
	n := newTown(t, d)
	return closer{n, n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))}
}

func (c closer) get(path string) httpAnswer {
	c.t.Helper()
	return c.ask(httpCall{method: "GET", path: path, session: c.session})
}

func (c closer) close(month, reason string) httpAnswer {
	c.t.Helper()
	return c.ask(httpCall{method: "POST", path: "/closings", session: c.session, body: map[string]any{"period": month, "reason": reason}})
}

// correct changes a firm's output of a month as the firm itself, in yuan.
func (c closer) correct(firm string, m period.Month, output int64) {
	c.t.Helper()
	c.write(func(w db.Writer, act org.Act) error {
		act.Scope, act.Actor = auth.Scope{City: act.Scope.City, Enterprise: c.firms[firm]}, firm
		q := filing.Query{Enterprise: enterprise.ID(c.firms[firm]), From: m, To: m, Fields: []filing.Field{filing.Output}}
		have, _, err := filing.Values(c.ctx, w.Reader, act.Scope, q)
		if err != nil {
			return err
		}
		_, err = filing.Correct(c.ctx, w, act, filing.Correction{Enterprise: q.Enterprise, Month: m, Field: filing.Output, Version: have[0].Version, Value: output * 100, Source: "月报", Reason: "更正"})
		return err
	})
}

// output is the report's output of an org: of the month and of the year.
func output(t *testing.T, a httpAnswer, place string) (month, year any) {
	t.Helper()
	report := a.body["report"].(map[string]any)
	for _, x := range report["indicators"].([]any) {
		in := x.(map[string]any)
		for _, y := range in["values"].([]any) {
			if v := y.(map[string]any); in["code"] == "filing.output.year" && v["org"] == place {
				if in["unit"] != "yuan" {
					t.Errorf("the unit of output = %v, want yuan", in["unit"])
				}
				return v["month"], v["year"]
			}
		}
	}
	t.Fatalf("the report has no output of %s", place)
	return nil, nil
}

func TestClosing_keepsTheReportAndExplainsWhatCameAfter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCloser(t, d)
		before := c.get("/closings").want(t, "list before", 200, "")
		if open, _ := before.body["open"].([]any); len(open) != 18 || open[0] != "2025-06" || open[17] != "2024-01" {
			t.Errorf("open months = %v, want 2025-06 … 2024-01", before.body["open"])
		}
		made := c.close("2024-06", "月度封账").want(t, "close", 201, "")
		if made.body["period"] != "2024-06" || made.body["no"] != 1.0 {
			t.Errorf("close = %s", made.text)
		}
		one := c.get("/closings/2024-06/1").want(t, "the closing", 200, "")
		if m, y := output(t, one, "350500"); m != 54321.0 || y != 6*54321.0 {
			t.Errorf("output of June and of the year = %v, %v, want 54321 and six times that", m, y)
		}
		if m, _ := output(t, one, countyB); m != 54300.0 {
			t.Errorf("output of county B = %v, want 54300", m)
		}
		if one.body["digest"] != made.body["digest"] || one.body["moved"] != false || len(one.body["digests"].(map[string]any)) != 4 {
			t.Errorf("the closing = %.300s", one.text)
		}
		c.close("2024-06", "再封").want(t, "close again", 409, "closing.no_difference")
		c.correct("EA1", period.MonthOf(2024, 6), 7)
		c.correct("EB1", period.MonthOf(2024, 8), 9) // of a later month
		if items := c.get("/closings").items(); len(items) != 1 || items[0]["moved"] != true || items[0]["reason"] != "月度封账" {
			t.Errorf("list after a correction = %v, want one that is moved", items)
		}
		now := c.get("/closings/2024-06/bridge?from=1&indicator=filing.output.year").want(t, "bridge to the present", 200, "")
		c.wantBridge(now, 54321, 54327, "corrected EA1 1 7 6")
		c.close("2024-06", "甲企业更正").want(t, "close again", 201, "")
		if items := c.get("/closings").items(); len(items) != 2 || items[0]["no"] != 2.0 || items[0]["moved"] != false || items[1]["moved"] != false {
			t.Errorf("list after closing again = %v", items)
		}
		for _, place := range []string{"", "&org=350500", "&org=" + countyA} {
			a := c.get("/closings/2024-06/bridge?from=1&to=2&indicator=filing.output.year"+place).want(t, "bridge"+place, 200, "")
			from := 54321.0
			if strings.Contains(place, countyA) {
				from = 21
			}
			c.wantBridge(a, from, from+6, "corrected EA1 1 7 6")
		}
		c.wantBridge(c.get("/closings/2024-06/bridge?from=1&to=2&indicator=filing.output.year&org="+countyB), 54300, 54300)
		c.wantBridge(c.get("/closings/2024-06/bridge?from=2&to=1&indicator=filing.output.year&span=year"), 6*54321+6, 6*54321, "corrected EA1 7 1 -6")
		v := c.get("/closings/2024-06/1/verify").want(t, "verify", 200, "")
		if v.body["ok"] != true || v.body["recomputed"] != made.body["digest"] {
			t.Errorf("verify = %s", v.text)
		}
	})
}

// wantBridge compares a bridge with "kind firm before after amount" of each step.
func (c closer) wantBridge(a httpAnswer, from, to float64, steps ...string) {
	c.t.Helper()
	end := func(name string) any { return a.body[name].(map[string]any)["value"] }
	var got []string
	list, _ := a.body["steps"].([]any)
	for _, x := range list {
		s := x.(map[string]any)
		got = append(got, fmt.Sprintf("%v %v %v %v %v", s["kind"], strings.TrimPrefix(s["name"].(string), "企业"), s["before"], s["after"], s["amount"]))
		if s["entity"] != c.firms[strings.TrimPrefix(s["name"].(string), "企业")] || s["month"] != "2024-06" {
			c.t.Errorf("step = %v, want the firm and the month", s)
		}
	}
	if end("from") != from || end("to") != to || strings.Join(got, "; ") != strings.Join(steps, "; ") || a.body["rest"] != 0.0 || a.body["more"] != 0.0 {
		c.t.Errorf("bridge = %s, want %v → %v by %v", a.text, from, to, steps)
	}
}

func TestClosing_bundleIsTheWholeClosing(t *testing.T) {
	c := newCloser(t, dbtest.Open(t, db.SQLite))
	made := c.close("2024-06", "月度封账").want(t, "close", 201, "")
	a := c.get("/closings/2024-06/1/bundle").want(t, "bundle", 200, "")
	if a.header.Get("Content-Type") != "application/zip" || !strings.Contains(a.header.Get("Content-Disposition"), `"parkbrain-vintage-350500-2024-06-1.zip"`) {
		t.Errorf("bundle has the header %v", a.header)
	}
	k, err := vintage.ReadBundle(bytes.NewReader([]byte(a.text)), int64(len(a.text)))
	if err != nil {
		t.Fatal(err)
	}
	if got := k.Check(); !got.OK || got.Recomputed != made.body["digest"] {
		t.Errorf("Check of the bundle = %+v, want %v", got, made.body["digest"])
	}
	c.exec(`UPDATE vintage_part SET bytes = $1 WHERE name = 'results'`, []byte("x"))
	v := c.get("/closings/2024-06/1/verify").want(t, "verify what was tampered with", 200, "")
	if v.body["ok"] != false || !strings.Contains(v.text, `"name":"results","ok":false`) || !strings.Contains(v.text, `"name":"inputs","ok":true`) {
		t.Errorf("verify = %s, want results named", v.text)
	}
	c.get("/closings/2024-06/1").want(t, "the report", 422, "vintage.damaged")
}

func TestClosing_refuses(t *testing.T) {
	c := newCloser(t, dbtest.Open(t, db.SQLite))
	c.close("2025-07", "r").want(t, "the present month", 422, "closing.not_over")
	c.close("2024-Q2", "r").want(t, "a quarter", 422, "closing.not_a_month")
	c.close("2024-06", "  ").want(t, "no reason", 422, "closing.no_reason")
	c.get("/closings/2024-06/1").want(t, "an open month", 404, "vintage.not_found")
	c.close("2024-06", "r").want(t, "close", 201, "")
	c.get("/closings/2024-06/2").want(t, "another number", 404, "vintage.not_found")
	c.get("/closings/2024-06/bridge?from=1&to=2&indicator=filing.jobs").want(t, "bridge to no closing", 404, "vintage.not_found")
	c.get("/closings/2024-06/bridge?from=1&to=1&indicator=none").want(t, "bridge of no indicator", 404, "indicator.not_found")
	c.get("/closings/2024-06/bridge?from=1&to=1&indicator=filing.jobs&org=350200").want(t, "bridge of no org", 404, "org.not_found")
}
