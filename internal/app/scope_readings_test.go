package app

import (
	"fmt"
	"strings"
	"testing"
)

// townReadings are indicators of every kind of row, with what one park (of phases and parks) or one presence (of the rest)
// adds to them. Known by heart from the town's digits, not asked of the product.
var townReadings = map[string]struct {
	perPark     func(park string) float64
	perPresence func(p presence) float64
	unknown     bool // no rows: nothing is known, rather than 0
}{
	"park.count":                    {perPark: func(string) float64 { return 1 }},
	"park.over_1000_mu":             {perPark: func(park string) float64 { return map[string]float64{"A1": 1, "B1": 1, "B2": 1}[park] }},
	"park.floor_area.cumulative":    {perPark: func(park string) float64 { return float64(floorArea[park]) }},
	"tenancy.production.cumulative": {perPresence: func(presence) float64 { return 1 }},
	"premises.leased_area":          {perPresence: func(p presence) float64 { return float64(p.amount) }},
	"filing.output.year":            {perPresence: func(p presence) float64 { return 12 * float64(p.amount) }, unknown: true},
	"project.investment.signed":     {perPresence: func(p presence) float64 { return float64(p.amount) }},
	"tenancy.settled_or_producing":  {perPresence: func(presence) float64 { return 0 }},
	"premises.lettable_area":        {perPark: func(park string) float64 { return float64(floorArea[park] / 2) }},
	"park.in_operation.new":         {perPark: func(string) float64 { return 0 }},
	"tenancy.signed.cumulative":     {perPresence: func(presence) float64 { return 1 }},
	"filing.output.above_scale":     {perPresence: func(presence) float64 { return 0 }, unknown: true},
	"park.floor_area.new":           {perPark: func(string) float64 { return 0 }},
	"tenancy.enrolled.cumulative":   {perPresence: func(presence) float64 { return 0 }},
	"tenancy.at_capacity.new":       {perPresence: func(presence) float64 { return 0 }},
	"park.in_use":                   {perPark: func(string) float64 { return 1 }},
}

// parkPaths is where each park lies.
var parkPaths = map[string]string{"A1": pathA, "A2": pathC, "B1": pathB, "B2": pathB}

// townSum is an indicator's value for a person, at and below an org path ("": all), in one park ("": all).
func (n *town) townSum(code string, p person, below, park string) (sum float64, rows int) {
	r := townReadings[code]
	add := func(name, firm string, v float64) {
		if !strings.HasPrefix(parkPaths[name], below) || park != "" && name != park || !p.covers(firm, parkPaths[name]) {
			return
		}
		sum += v
		if v != 0 {
			rows++
		}
	}
	if r.perPark != nil {
		for name := range parkPaths {
			add(name, "", r.perPark(name))
		}
		return sum, rows
	}
	for _, x := range presences {
		add(x.park, n.firms[x.firm], r.perPresence(x))
	}
	return sum, rows
}

// sumOf reads a value that may be null.
func sumOf(x any) (v float64, known bool) { v, known = x.(float64); return v, known }

func (n *town) readingVisits() (visits []visit) {
	for code := range townReadings {
		base := "/readings?period=2024&indicator=" + code
		check := func(below, park string) func(*testing.T, person, httpAnswer) {
			return func(t *testing.T, p person, a httpAnswer) { n.checkReading(t, code, below, park, p, a) }
		}
		visits = append(visits,
			visit{path: base, check: check("", "")},
			visit{path: base + "&org=350500", covers: wholeCity, outside: "404 org.not_found", check: check("", "")},
			visit{path: base + "&by=org", check: check("", "")},
			visit{path: base + "&by=park", check: check("", "")},
			visit{path: base + "&by=industry&org=" + countyA, covers: at(pathA), outside: "404 org.not_found", check: check(pathA, "")},
			visit{path: base + "&by=park&org=" + countyB, covers: at(pathB), outside: "404 org.not_found", check: check(pathB, "")},
			visit{path: base + "&park={B1}", check: check("", "B1")},
			visit{path: base + "&park={A2}&by=park", check: check("", "A2")})
	}
	none := func(person) bool { return false }
	return append(visits, visit{path: "/readings?indicator=none", covers: none, outside: "404 indicator.not_found"},
		visit{path: "/readings?indicator=park.count&org=none", covers: none, outside: "404 org.not_found"})
}

// checkReading compares a value and its groups with what is known by heart: nothing foreign is in any sum.
func (n *town) checkReading(t *testing.T, code, below, park string, p person, a httpAnswer) {
	t.Helper()
	what := fmt.Sprintf("%s below %q in %q as %s", code, below, park, p.name)
	want, rows := n.townSum(code, p, below, park)
	got, known := sumOf(a.body["value"])
	if wantKnown := rows > 0 || !townReadings[code].unknown; got != want || known != wantKnown {
		t.Errorf("%s = %v (known %v), want %v (known %v)", what, got, known, want, wantKnown)
	}
	if target, ok := a.body["target"].(map[string]any); ok && target["value"] == 5.0 && p.path == "350500." && below == "" {
		t.Errorf("%s stands beside a county's target", what)
	}
	groups, _ := a.body["groups"].([]any)
	var sum float64
	for _, g := range groups {
		g := g.(map[string]any)
		v, _ := sumOf(g["value"])
		sum += v
		for name, id := range n.parks {
			if g["key"] == id && !p.covers(n.firmIn(p, name), parkPaths[name]) {
				t.Errorf("%s names the foreign park %s", what, name)
			}
		}
	}
	if len(groups) > 0 && sum != want { // every firm of the town sits in one park only
		t.Errorf("%s: groups add up to %v, want %v", what, sum, want)
	}
}

// firmIn is the person's own enterprise when it sits in a park.
func (n *town) firmIn(p person, park string) string {
	for _, x := range presences {
		if x.park == park && n.firms[x.firm] == p.place.Enterprise {
			return p.place.Enterprise
		}
	}
	return ""
}

func (n *town) rowVisits() (visits []visit) {
	for code := range townReadings {
		base := "/readings/rows?period=2024&indicator=" + code
		check := func(below, park string) func(*testing.T, person, httpAnswer) {
			return func(t *testing.T, p person, a httpAnswer) { n.checkRows(t, code, below, park, p, a) }
		}
		visits = append(visits,
			visit{path: base, check: check("", "")},
			visit{path: base + "&limit=1", check: check("", "")},
			visit{path: base + "&org=" + countyB, covers: at(pathB), outside: "404 org.not_found", check: check(pathB, "")},
			visit{path: base + "&by=park&group={B2}", check: check("", "B2")},
			visit{path: base + "&by=park&group={A2}", check: check("", "A2")},
			visit{path: base + "&park={A1}", check: check("", "A1")},
			visit{path: base + "&by=org&org=" + countyA + "&group=" + committee, covers: at(pathA), outside: "404 org.not_found", check: check(pathC, "")})
	}
	none := func(person) bool { return false }
	return append(visits, visit{path: "/readings/rows?indicator=none", covers: none, outside: "404 indicator.not_found"})
}

// checkRows compares count or sum with what is known by heart, and looks whose each row is.
func (n *town) checkRows(t *testing.T, code, below, park string, p person, a httpAnswer) {
	t.Helper()
	what := fmt.Sprintf("rows of %s below %q in %q as %s", code, below, park, p.name)
	want, rows := n.townSum(code, p, below, park)
	sum, _ := sumOf(a.body["sum"])
	if sum != want {
		t.Errorf("%s add up to %v, want %v: %.300s", what, sum, want, a.text)
	}
	if len(a.items()) > rows*12 {
		t.Errorf("%s: %d items of %d rows", what, len(a.items()), rows)
	}
	for _, item := range a.items() {
		name := ""
		for park, id := range n.parks {
			if item["park"] == id {
				name = park
			}
		}
		firm, _ := item["enterprise"].(string)
		if name == "" || !p.covers(firm, parkPaths[name]) || !strings.HasPrefix(parkPaths[name], below) {
			t.Errorf("%s hold a foreign row: park %q, %v", what, name, item)
		}
	}
}
