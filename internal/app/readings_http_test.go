package app

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/parkbrain/parkbrain/internal/app/demo"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// newDemo is an office with a small demonstration city and the session of a city office.
func newDemo(t *testing.T, d *db.DB) (o *office, session string) {
	t.Helper()
	o = newOffice(t, d)
	if err := o.c.publishedParks(o.ctx); err != nil {
		t.Fatal(err)
	}
	options, err := demo.Options{Seed: 7, Enterprises: 60, Months: 30}.Check()
	if err != nil {
		t.Fatal(err)
	}
	act := o.c.act()
	act.NewID = id.NewMaker(o.c.now, rand.NewChaCha8(seedBytes(7))).New
	if err := demo.Make(o.ctx, d, act, options); err != nil {
		t.Fatal(err)
	}
	return o, o.sessionFor(o.account("office", auth.Place{Role: auth.CityOffice, Org: o.c.ref.ID}))
}

// TestReadings_everyCellOpensTheRowsItWasCountedFrom asks for every indicator, period and split of a demo city, and for the
// rows behind the value and behind each group: their count (of what is counted) or their sum is the cell, to the last bit.
// The panel is the same over both engines, so one is enough here; the property test over random filters is the noun's.
func TestReadings_everyCellOpensTheRowsItWasCountedFrom(t *testing.T) {
	t.Parallel()
	o, session := newDemo(t, dbtest.Open(t, db.SQLite))
	get := func(path string) httpAnswer {
		return o.ask(httpCall{method: "GET", path: path, session: session}).want(t, path, 200, "")
	}
	cells, known := 0, map[string]bool{}
	for _, indicator := range get("/indicators").items() {
		code, measure := indicator["code"].(string), indicator["measure"].(string)
		for _, period := range []string{"2024", "2024-Q2", "2024-06", "2025"} {
			base := "indicator=" + code + "&period=" + period
			for _, by := range []string{"", "org", "park", "industry", "month"} {
				a := get("/readings?" + base + split(by, nil))
				value := a.body["value"]
				if by == "" {
					o.cell(t, session, measure, base, value)
					known[code] = known[code] || value != nil && value != 0.0
				}
				groups, _ := a.body["groups"].([]any)
				for _, g := range groups {
					g := g.(map[string]any)
					key := g["key"].(string)
					if by == "month" || len(groups) < 20 || g["value"] != 0.0 || cells%7 == 0 { // of many empty groups, some
						o.cell(t, session, measure, base+split(by, &key), g["value"])
					}
					cells++
				}
			}
		}
		if measure == "ratio" {
			o.parts(t, session, code)
		}
	}
	if cells < 2000 {
		t.Errorf("only %d cells were looked at", cells)
	}
	for code, ok := range known {
		if !ok {
			t.Errorf("%s is nothing in every period: this proves nothing about it", code)
		}
	}
}

func split(by string, group *string) string {
	if by == "" {
		return ""
	}
	out := "&by=" + by
	if group != nil {
		out += "&group=" + url.QueryEscape(*group)
	}
	return out
}

// cell walks all pages of the rows behind one cell and compares them with it.
func (o *office) cell(t *testing.T, session, measure, query string, value any) {
	t.Helper()
	seen, next, pages := map[string]bool{}, "", 0
	var first httpAnswer
	var added float64
	for {
		a := o.ask(httpCall{method: "GET", path: "/readings/rows?" + query + "&limit=" + strconv.Itoa(pageOf(pages)) + "&cursor=" + url.QueryEscape(next), session: session})
		a.want(t, "rows of "+query, 200, "")
		if pages++; pages == 1 {
			first = a
		}
		for _, item := range a.items() {
			key := fmt.Sprint(item["kind"], " ", item["id"], " ", item["subtracted"])
			if seen[key] {
				t.Errorf("rows of %s: %s comes twice", query, key)
			}
			seen[key] = true
			added += item["amount"].(float64)
		}
		if a.body["count"] != first.body["count"] || a.body["sum"] != first.body["sum"] {
			t.Errorf("rows of %s: count and sum of page %d are %v and %v, of the first %v and %v", query, pages, a.body["count"], a.body["sum"], first.body["count"], first.body["sum"])
		}
		if next, _ = a.body["next"].(string); next == "" || a.code != 200 {
			break
		}
	}
	total := first.body["sum"]
	if value != nil && slices.Contains([]string{"count", "count_distinct"}, measure) {
		total = first.body["count"]
	}
	if total != value {
		t.Errorf("rows of %s: count %v, sum %v, the cell says %v", query, first.body["count"], first.body["sum"], value)
	}
	if count, _ := first.body["count"].(float64); int(count) != len(seen) {
		t.Errorf("rows of %s: %d rows on %d pages, count says %v", query, len(seen), pages, count)
	}
	// amounts are shares of one denominator, so adding floats may lose the last bits of a long list
	if want, ok := value.(float64); ok && measure != "count_distinct" && (added < want-1e-6*max(1, want) || added > want+1e-6*max(1, want)) && want >= 0 {
		t.Errorf("rows of %s: the amounts add up to %v, the cell says %v", query, added, want)
	}
}

// pageOf makes the first page short, so that lists of few rows have several.
func pageOf(page int) int {
	if page == 0 {
		return 7
	}
	return 500
}

// parts opens numerator and denominator of a ratio.
func (o *office) parts(t *testing.T, session, code string) {
	t.Helper()
	a := o.ask(httpCall{method: "GET", path: "/readings?period=2024&indicator=" + code, session: session}).want(t, code, 200, "")
	numerator, denominator := a.body["numerator"].(map[string]any), a.body["denominator"].(map[string]any)
	if quotient := numerator["value"].(float64) / denominator["value"].(float64); quotient != a.body["value"] {
		t.Errorf("%s = %v, but its parts give %v", code, a.body["value"], quotient)
	}
	o.cell(t, session, "sum", "period=2024&part=denominator&indicator="+code, denominator["value"])
	o.cell(t, session, "ratio", "period=2024&part=numerator&indicator="+code, a.body["value"])
	o.cell(t, session, "sum", "period=2024&indicator="+numerator["code"].(string), numerator["value"])
}
