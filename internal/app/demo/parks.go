package demo

import (
	"sort"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Known is what the ledger states of a park before anything is simulated: values of the figures in use, by field.
type Known struct {
	ID     park.ID
	Org    string
	Name   string
	Values map[string]int64
	Phases int64 // highest number of its phases
}

// stated is a figure that the generator states of a park.
type stated struct {
	park  park.ID
	field string
	text  string
	unit  string
}

// site is a park while the city is being made.
type site struct {
	Known
	building bool  // still being built in the calibrated year: no phase is completed and no tenant has moved in
	weight   int64 // relative size
	lettable int64 // m² completed by the end of the calibrated year
	phases   []park.Phase
	first    *slot // its first phase; nil while it is being built
}

// calibratedEnd is the last month of the calibrated year.
const calibratedEnd = period.Month(calibratedYear*12 + 11)

// makeParks fills what no source states of the parks: land so that the published number of parks reaches 1,000 mu, phases so
// that the completed floor area adds up, opening dates so that the parks in use do.
func makeParks(known []Known, s source, last period.Month, src string) (sites []*site, figures []stated) {
	for _, k := range known {
		sites = append(sites, &site{Known: k, building: stillBuilding(k)})
	}
	figures = append(figures, makeLand(sites, s)...)
	return sites, append(figures, makePhases(sites, s, last, src)...)
}

// stillBuilding says whether what is known of a park rules out that it was in use in the calibrated year.
func stillBuilding(k Known) bool {
	if k.Values["tenants_producing"] > 0 {
		return false
	}
	started, opened := period.Date(k.Values[park.Started]), period.Date(k.Values[park.Opened])
	return opened == 0 && started != 0 && started.Year() >= calibratedYear || opened != 0 && opened.Year() > calibratedYear
}

func makeLand(sites []*site, s source) (figures []stated) {
	limit, _ := unit.MustOf("亩").Parse("1000") // a plain number always parses
	mu := unit.MustOf("亩")
	large := 0
	var unknown []*site
	for _, p := range sites {
		v, ok := p.Values[park.LandArea]
		switch {
		case !ok:
			unknown = append(unknown, p)
		case v >= limit:
			large++
		}
		p.weight = v
	}
	// the parks that are likeliest to be large come first: those that hold tenants, in a seeded order
	s.r.Shuffle(len(unknown), func(i, j int) { unknown[i], unknown[j] = unknown[j], unknown[i] })
	sort.SliceStable(unknown, func(i, j int) bool { return !unknown[i].building && unknown[j].building })
	for _, p := range unknown {
		size := s.between(80, 850)
		if large < over1000Mu {
			size = s.between(1010, 2600)
			large++
		}
		text := mu.Format(size * limit / 1000)
		p.weight, _ = mu.Parse(text) // the text was just written by the same unit
		figures = append(figures, stated{p.ID, park.LandArea, text, "亩"})
	}
	return figures
}

// dayIn is some day of the years first…last.
func dayIn(s source, first, last int) period.Date {
	return dayOf(s, period.MonthOf(int(s.between(int64(first), int64(last))), int(s.between(1, 12))))
}

// dayOf is some day of the month, never the 29th or later.
func dayOf(s source, m period.Month) period.Date {
	return period.DateOf(m.Year(), m.Month(), int(s.between(1, 28)))
}
