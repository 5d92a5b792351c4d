package demo

import (
	"sort"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
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
}

// makeParks fills what no source states of the parks: land so that the published number of parks reaches 1,000 mu, phases so
// that the completed floor area adds up, opening dates so that the parks in use do.
func makeParks(known []Known, s source, last period.Month, src string) (sites []*site, figures []stated) {
	for _, k := range known {
		sites = append(sites, &site{Known: k, building: stillBuilding(k)})
	}
	figures = append(figures, makeLand(sites, s)...)
	makePhases(sites, s, last, src)
	figures = append(figures, makeOpenings(sites, s, last)...)
	return sites, figures
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

// makePhases builds one to three phases per park. A park whose whole floor area is stated gets about that much.
func makePhases(sites []*site, s source, last period.Month, src string) {
	var slots []*park.Phase
	var byYear [4][]int64 // weights of the slots per span of years; four spans are calibrated
	for _, p := range sites {
		if p.building {
			continue
		}
		weight := min(p.weight, 1_200_000)
		if v, ok := p.Values[park.FloorArea]; ok {
			weight = min(v, 900_000)
		}
		n := s.between(1, 3)
		for no := range n {
			span := int(s.between(0, 3))
			if opened := period.Date(p.Values[park.Opened]); no == 0 && opened != 0 {
				span = spanOf(opened.Year())
			}
			p.phases = append(p.phases, park.Phase{Park: p.ID, Completed: dayIn(s, completedByYear[span].first, completedByYear[span].last)})
			w := weight/n + s.between(1, 20_000)
			for i := range byYear {
				if i != span {
					byYear[i] = append(byYear[i], 0)
				} else {
					byYear[i] = append(byYear[i], w)
				}
			}
		}
	}
	for _, p := range sites {
		for i := range p.phases {
			slots = append(slots, &p.phases[i])
		}
	}
	for span, weights := range byYear {
		for i, m2 := range share(completedByYear[span].m2, weights) {
			built := m2
			if built > 0 {
				slots[i].FloorAreaBuiltM2 = &built
			}
		}
	}
	finishPhases(sites, s, last, src)
}

func spanOf(year int) int {
	for i, c := range completedByYear {
		if year <= c.last {
			return i
		}
	}
	return len(completedByYear) - 1
}

// finishPhases adds what follows from the floor area, and the phases completed after the calibrated year.
func finishPhases(sites []*site, s source, last period.Month, src string) {
	end := period.MonthOf(calibratedYear, 12)
	for _, p := range sites {
		sort.SliceStable(p.phases, func(i, j int) bool { return p.phases[i].Completed < p.phases[j].Completed })
		if after := int64(last - end); after > 0 && s.chance(180) {
			m2 := s.between(30, 160) * 1000
			p.phases = append(p.phases, park.Phase{Park: p.ID, FloorAreaBuiltM2: &m2, Completed: dayOf(s, end+period.Month(s.between(1, after)))})
		}
		for i := range p.phases {
			ph := &p.phases[i]
			ph.No, ph.Nature, ph.Source = p.Phases+int64(i)+1, figure.Simulated, src
			ph.Name = "模拟分期" + strconv.Itoa(i+1)
			if ph.FloorAreaBuiltM2 == nil {
				continue
			}
			lettable := *ph.FloorAreaBuiltM2 * lettablePermille / 1000
			ph.LettableM2 = &lettable
			ph.Opened = ph.Completed
			if ph.Completed.Month() <= end {
				p.lettable += lettable
			}
		}
	}
}

// makeOpenings states an opening day for parks that have none, so that the parks in use by the end of the calibrated year
// are parksInUse; a few more open after it.
func makeOpenings(sites []*site, s source, last period.Month) (figures []stated) {
	end := period.MonthOf(calibratedYear, 12)
	inUse := 0
	for _, p := range sites {
		if d := period.Date(p.Values[park.Opened]); d != 0 && d.Month() <= end {
			inUse++
		}
	}
	for _, p := range sites {
		if p.Values[park.Opened] != 0 {
			continue
		}
		var day period.Date
		switch first := firstCompleted(p); {
		case first != 0 && inUse < parksInUse:
			day = first
			inUse++
		case last > end && !p.building && s.chance(500):
			day = dayOf(s, end+period.Month(s.between(1, int64(last-end))))
		default:
			continue
		}
		figures = append(figures, stated{p.ID, park.Opened, day.String(), ""})
	}
	return figures
}

func firstCompleted(p *site) period.Date {
	if len(p.phases) == 0 || p.phases[0].Completed.Year() > calibratedYear {
		return 0
	}
	return p.phases[0].Completed
}

// dayIn is some day of the years first…last.
func dayIn(s source, first, last int) period.Date {
	return dayOf(s, period.MonthOf(int(s.between(int64(first), int64(last))), int(s.between(1, 12))))
}

// dayOf is some day of the month, never the 29th or later.
func dayOf(s source, m period.Month) period.Date {
	return period.DateOf(m.Year(), m.Month(), int(s.between(1, 28)))
}
