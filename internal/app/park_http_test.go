package app

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// cityOffice is the session of a city office of the town.
func (n *town) cityOffice() string {
	return n.sessionFor(n.account("cityoffice", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
}

// lastLine is the end of the audit trail.
func (o *office) lastLine() (l audit.Line) {
	o.t.Helper()
	err := o.c.db.Read(o.ctx, func(r db.Reader) error {
		lines, err := audit.List(o.ctx, r, o.c.ref.ID, 0, 1)
		if len(lines) == 1 {
			l = lines[0]
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

func TestEditPark_needsTheVersionThatTheCallerSaw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		session := n.cityOffice()
		path := "/parks/" + n.parks["A1"]
		page := n.ask(httpCall{method: "GET", path: path, session: session}).want(t, "GET park", 200, "")
		seen := page.header.Get("ETag")
		if seen == "" || seen[0] != '"' {
			t.Fatalf("ETag = %q, want a quoted version", seen)
		}
		patch := func(body any, etag string) httpAnswer {
			q := httpCall{method: "PATCH", path: path, session: session, body: body}
			if etag != "" {
				q.header = map[string]string{"If-Match": etag}
			}
			return n.ask(q)
		}
		mode := func(s string) map[string]any { return map[string]any{"mode": s} }
		before := n.ledger()
		patch(mode("国企"), "").want(t, "PATCH without If-Match", 422, "request.if_match")
		patch(mode("国企"), `"x"`).want(t, "PATCH with a strange If-Match", 422, "request.if_match")
		patch(mode("国企"), `"9999"`).want(t, "PATCH with a wrong version", 412, "row.stale")
		patch(map[string]any{"name": " "}, seen).want(t, "PATCH of an empty name", 422, "park.no_name")
		patch(map[string]any{"name": "园区B1"}, seen).want(t, "PATCH of a taken name", 409, "park.exists")
		patch(map[string]any{"org": countyB}, seen).want(t, "PATCH of a field that cannot be edited", 422, "request.invalid")
		if after := n.ledger(); after != before {
			t.Errorf("refused edits changed the ledger:\n%s\n%s", before, after)
		}
		first := patch(mode("国企"), seen).want(t, "PATCH with the version seen", 200, "")
		if first.header.Get("ETag") == seen || first.body["mode"] != "国企" {
			t.Errorf("PATCH gives mode %v and ETag %s, want 国企 and another than %s", first.body["mode"], first.header.Get("ETag"), seen)
		}
		patch(mode("民企"), seen).want(t, "PATCH with the version before", 412, "row.stale")
		patch(mode("民企"), "W/"+first.header.Get("ETag")).want(t, "PATCH with a weak new version", 200, "")
		line := n.lastLine()
		var detail map[string]struct{ Before, After string }
		if err := json.Unmarshal([]byte(line.Detail), &detail); err != nil {
			t.Fatalf("audit detail %s = %v", line.Detail, err)
		}
		if line.Action != "park.edit" || line.Actor != "cityoffice" || line.Entity != n.parks["A1"] || detail["mode"].Before != "国企" || detail["mode"].After != "民企" {
			t.Errorf("audit line = %+v, want cityoffice's park.edit from 国企 to 民企", line)
		}
	})
}

// statementsOf finds a field's statements on a park's page.
func statementsOf(a httpAnswer, field string) (used string, contradicted bool, items []map[string]any) {
	list, _ := a.body["statements"].([]any)
	for _, s := range list {
		s := s.(map[string]any)
		if s["field"] != field {
			continue
		}
		for _, x := range s["items"].([]any) {
			items = append(items, x.(map[string]any))
		}
		return s["used"].(string), s["contradicted"].(bool), items
	}
	return "", false, nil
}

func TestFigures_twoSourcesContradictUntilSomebodyChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		session := n.cityOffice()
		path := "/parks/" + n.parks["A1"]
		page := func() httpAnswer {
			return n.ask(httpCall{method: "GET", path: path, session: session}).want(t, "GET park", 200, "")
		}
		old := page()
		if used, contradicted, items := statementsOf(old, "land_area"); len(items) != 1 || contradicted || used != n.figures["A1"] || items[0]["stated"] != "1000" || items[0]["source_ref"] != "A.csv!C2" {
			t.Fatalf("land area = %v %v %v, want the list's one", used, contradicted, items)
		}
		record := func(body map[string]any) httpAnswer {
			return n.ask(httpCall{method: "POST", path: path + "/figures", session: session, body: body})
		}
		survey := map[string]any{"field": "land_area", "text": "60", "unit": "公顷", "nature": "record", "source": "测绘", "as_of": "2024-01"}
		said := record(survey).want(t, "POST figure", 201, "")
		if said.body["value"] != 600_000.0 || said.body["unit"] != "m2" || said.body["stated"] != "60" || said.body["recorder"] != "cityoffice" || said.body["as_of"] != "2024-01" {
			t.Errorf("figure = %s, want 600,000 m² stated as 60 公顷 by cityoffice", said.text)
		}
		if line := n.lastLine(); line.Action != "park.record" || line.Entity != n.parks["A1"] {
			t.Errorf("audit line = %+v, want park.record", line)
		}
		both := page()
		_, contradicted, items := statementsOf(both, "land_area")
		if !contradicted || len(items) != 2 || both.header.Get("ETag") == old.header.Get("ETag") {
			t.Errorf("after a second source: contradicted %v, %d items, ETag %s; want both visible and a new ETag", contradicted, len(items), both.header.Get("ETag"))
		}
		mark := n.ledger()
		record(survey).want(t, "the same figure again", 201, "")
		if n.ledger() != mark {
			t.Errorf("the same figure again changed the ledger")
		}
		n.choose(t, session, path)
	})
}

// choose picks the list's figure against the better nature, looks at page, list and audit trail, and tries what is refused.
func (n *town) choose(t *testing.T, session, path string) {
	t.Helper()
	put := func(field, figure, reason string) httpAnswer {
		return n.ask(httpCall{method: "PUT", path: path + "/figures/" + field + "/choice", session: session, body: map[string]any{"figure": figure, "reason": reason}})
	}
	chosen := put("land_area", n.figures["A1"], "以名单为准").want(t, "PUT choice", 200, "")
	used, contradicted, items := statementsOf(chosen, "land_area")
	marks := 0
	for _, f := range items {
		if f["chosen"] == true {
			marks++
		}
	}
	if used != n.figures["A1"] || !contradicted || marks != 1 {
		t.Errorf("after the choice: used %s, contradicted %v, %d chosen; want the list's, still contradicted, one", used, contradicted, marks)
	}
	if line := n.lastLine(); line.Action != "park.choose" || !strings.Contains(line.Detail, "以名单为准") {
		t.Errorf("audit line = %+v, want park.choose with the reason", line)
	}
	list := n.ask(httpCall{method: "GET", path: "/parks?q=园区A1", session: session}).want(t, "list", 200, "")
	figures, _ := list.items()[0]["figures"].(map[string]any)
	if land, _ := figures["land_area"].(map[string]any); land["stated"] != "1000" || land["contradicted"] != true {
		t.Errorf("the list shows %v, want the chosen 1000 mu, contradicted", figures["land_area"])
	}
	mark := n.ledger()
	put("land_area", n.figures["A1"], " ").want(t, "choice without a reason", 422, "figure.no_reason")
	put("land_area", n.figures["B1"], "x").want(t, "choice of another park's figure", 404, "figure.not_found")
	put("no_such_field", n.figures["A1"], "x").want(t, "choice of an unknown field", 422, "park.unknown_field")
	for _, c := range []struct{ key, field, text, unit, nature string }{
		{"number.invalid", "land_area", "约100", "亩", "declared"},
		{"unit.not_of_field", "land_area", "100", "万元", "declared"},
		{"unit.unknown", "land_area", "100", "平方英尺", "declared"},
		{"number.above", "leasing_rate", "120", "", "declared"},
		{"request.invalid", "land_area", "100", "亩", "simulated"},
	} {
		n.ask(httpCall{method: "POST", path: path + "/figures", session: session, body: map[string]any{"field": c.field, "text": c.text, "unit": c.unit, "nature": c.nature, "source": "x"}}).
			want(t, "POST figure "+c.text+c.unit, 422, c.key)
	}
	if n.ledger() != mark {
		t.Errorf("refused figures and choices changed the ledger")
	}
}
