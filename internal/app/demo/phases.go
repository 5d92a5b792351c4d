package demo

import (
	"cmp"
	"slices"
	"sort"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// slot is a phase in the making.
type slot struct {
	site   *site
	phase  park.Phase
	span   int   // index in completedByYear
	weight int64 // of a phase whose park has no stated floor area: its share
	m2     int64 // of the others: what it has
}

// makePhases builds one to three phases per park, so that each span of years completes what completedByYear says. The
// phases of a park whose floor area is stated add up to that; the others share the rest as floorPermille says. It opens
// the parks as well: a park comes into use when its first phase is completed, unless a source states the day.
func makePhases(sites []*site, s source, last period.Month, src string) (openings []stated) {
	var slots []*slot
	weights := siteWeights(sites)
	for i, p := range sites {
		if p.building {
			continue
		}
		n := s.between(1, 3)
		parts := make([]int64, n)
		for k := range parts {
			parts[k] = s.between(60, 140)
		}
		for k, w := range share(weights[i], parts) {
			one := &slot{site: p, span: -1, weight: w}
			if _, ok := p.Values[park.FloorArea]; ok {
				one.weight, one.m2 = 0, w
			}
			slots = append(slots, one)
			if k == 0 {
				p.first = one
			}
		}
	}
	openings = openFirst(sites, s, last)
	spanLater(slots)
	build(slots, s)
	finishPhases(sites, s, last, src)
	return openings
}

// siteWeights is how much floor area each park has where a source says so, and elsewhere what its unit is still to have,
// shared by the parks' land.
func siteWeights(sites []*site) []int64 {
	var all int64
	for _, c := range completedByYear {
		all += c.m2
	}
	left, land := map[string]int64{}, map[string]int64{}
	out := make([]int64, len(sites))
	for i, p := range sites {
		if _, ok := left[p.Org]; !ok {
			left[p.Org] = all / 1000 * permilleOf(p.Org)
		}
		if v, ok := p.Values[park.FloorArea]; ok && !p.building {
			left[p.Org], out[i] = left[p.Org]-v, v
		} else if !p.building {
			land[p.Org] += min(p.weight, largeLand)
		}
	}
	for i, p := range sites {
		if out[i] == 0 && !p.building {
			out[i] = mulDiv(max(left[p.Org], smallest), min(p.weight, largeLand), land[p.Org])
		}
	}
	return out
}

const (
	largeLand = 800_000 // m²; a larger park is not built up at once
	smallest  = 50_000  // m² that a unit's parks without a stated floor area have together, at least
)

func permilleOf(org string) int64 {
	if v, ok := floorPermille[org]; ok {
		return v
	}
	return otherPermille
}

// openFirst gives each park's first phase its span, so that as many parks come into use in each as completedByYear says;
// those that are left over open after the calibrated year.
func openFirst(sites []*site, s source, last period.Month) (openings []stated) {
	left := make([]int, len(completedByYear))
	for i, c := range completedByYear {
		left[i] = c.opened
	}
	var free []*site
	for _, p := range sites {
		opened := period.Date(p.Values[park.Opened])
		switch {
		case p.first == nil:
		case opened != 0 && opened.Year() <= calibratedYear:
			p.first.span = spanOf(opened.Year())
			left[p.first.span]--
			p.first.phase.Completed = before(opened, s)
		default:
			free = append(free, p)
		}
	}
	s.r.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	slices.SortStableFunc(free, func(p, q *site) int { // whoever has the least choice chooses first
		return cmp.Or(q.earliest()-p.earliest(), hasTenants(q)-hasTenants(p))
	})
	after := 0
	for _, p := range free {
		span, late := p.earliest(), false
		for span < len(left)-1 && left[span] <= 0 {
			span++
		}
		if late = left[span] <= 0; !late {
			left[span]--
		}
		p.first.span = span
		p.first.phase.Completed = p.completedIn(span, s)
		day := p.first.phase.Completed
		if late {
			if after++; after > openedAfter || last <= calibratedEnd {
				continue
			}
			day = dayOf(s, calibratedEnd+period.Month(s.between(1, int64(last-calibratedEnd))))
		}
		if p.Values[park.Opened] == 0 {
			openings = append(openings, stated{p.ID, park.Opened, day.String(), ""})
		}
	}
	return openings
}

// hasTenants is 1 for a park of which a source says that it has tenants.
func hasTenants(p *site) int {
	if _, ok := p.declared(producing); ok {
		return 1
	}
	return 0
}

// building takes at least ten months from the start that a source states.
const building = 10

// earliest is the first span in which the park's first phase can have been completed.
func (p *site) earliest() int {
	started := period.Date(p.Values[park.Started])
	if started == 0 {
		return 0
	}
	return spanOf((started.Month() + building).Year())
}

// completedIn is a day of the span, not too soon after the start of building.
func (p *site) completedIn(span int, s source) period.Date {
	first, last := period.MonthOf(completedByYear[span].first, 1), period.MonthOf(completedByYear[span].last, 12)
	if started := period.Date(p.Values[park.Started]); started != 0 {
		first = min(max(first, started.Month()+building), last)
	}
	return dayOf(s, first+period.Month(s.between(0, int64(last-first))))
}

// before is the completion of a park's first phase: in the months before it opened, and in the same year.
func before(opened period.Date, s source) period.Date {
	year, month := opened.Year(), int64(opened)/100%100
	if month == 0 {
		return dayIn(s, year, year)
	}
	return period.DateOf(year, int(max(1, month-s.between(1, 3))), int(s.between(1, 9)))
}

func spanOf(year int) int {
	for i, c := range completedByYear {
		if year <= c.last {
			return i
		}
	}
	return len(completedByYear) - 1
}

// spanLater gives the later phases their spans: the largest first, each to the span that lacks most, so that the shares of
// the units hold although the spans' totals are given.
func spanLater(slots []*slot) {
	lacks := make([]int64, len(completedByYear))
	for i, c := range completedByYear {
		lacks[i] = c.m2
	}
	var later []*slot
	for _, one := range slots {
		if one.span >= 0 {
			lacks[one.span] -= one.weight + one.m2
		} else {
			later = append(later, one)
		}
	}
	sort.SliceStable(later, func(i, j int) bool { return later[i].weight+later[i].m2 > later[j].weight+later[j].m2 })
	for _, one := range later {
		one.span = one.site.first.span
		for i := one.span; i < len(lacks); i++ {
			if lacks[i] > lacks[one.span] {
				one.span = i
			}
		}
		lacks[one.span] -= one.weight + one.m2
	}
}

// build shares what each span completes among its phases and puts them into their parks.
func build(slots []*slot, s source) {
	for span, c := range completedByYear {
		left := c.m2
		weights := make([]int64, len(slots))
		for i, one := range slots {
			if one.span == span {
				weights[i] = one.weight
				left -= one.m2
			}
		}
		for i, m2 := range share(left, weights) {
			if one := slots[i]; one.span == span && one.weight > 0 {
				one.m2 = m2
			}
		}
	}
	for _, one := range slots {
		if one.phase.Completed == 0 {
			c := completedByYear[one.span]
			one.phase.Completed = dayIn(s, c.first, c.last)
			if first := one.site.first.phase.Completed; one.phase.Completed < first {
				one.phase.Completed = first
			}
		}
		one.phase.Park, one.phase.FloorAreaBuiltM2 = one.site.ID, &one.m2
		one.site.phases = append(one.site.phases, one.phase)
	}
}

// finishPhases adds what follows from the floor area, and the phases completed after the calibrated year.
func finishPhases(sites []*site, s source, last period.Month, src string) {
	for _, p := range sites {
		sort.SliceStable(p.phases, func(i, j int) bool { return p.phases[i].Completed < p.phases[j].Completed })
		_, whole := p.Values[park.FloorArea]
		if after := int64(last - calibratedEnd); after > 0 && s.chance(180) && !whole {
			m2 := s.between(30, 160) * 1000
			p.phases = append(p.phases, park.Phase{Park: p.ID, FloorAreaBuiltM2: &m2, Completed: dayOf(s, calibratedEnd+period.Month(s.between(1, after)))})
		}
		for i := range p.phases {
			ph := &p.phases[i]
			ph.No, ph.Nature, ph.Source = p.Phases+int64(i)+1, figure.Simulated, src
			ph.Name = "模拟分期" + strconv.Itoa(i+1)
			lettable := *ph.FloorAreaBuiltM2 * lettablePermille / 1000
			ph.LettableM2, ph.Opened = &lettable, ph.Completed
			if ph.Completed.Month() <= calibratedEnd {
				p.lettable += lettable
			}
		}
	}
}
