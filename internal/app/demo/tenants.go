package demo

import (
	"sort"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// tenant is one enterprise's presence in one park while the city is being made.
type tenant struct {
	enterprise int // index in the list of enterprises
	site       *site
	areaM2     int64
	relocated  bool
	stages     []entered // in order of time
}

type entered struct {
	stage string
	day   period.Date
}

func (t tenant) day(stage string) period.Date {
	for _, e := range t.stages {
		if e.stage == stage {
			return e.day
		}
	}
	return 0
}

// fate is how far a tenant has come by the end of the calibrated year.
type fate int

const (
	producing  fate = iota // in production
	late                   // comes into production in the months after
	settled                // handed over, fitting out
	contracted             // signed only
	intending              // framework agreement or intention
	fates
)

// counts says how many tenants meet each fate when n enterprises are made.
func counts(n int64) [fates]int64 {
	var c [fates]int64
	c[producing] = n * commissioned / defaultEnterprises
	c[late] = n * latePermille / 1000
	c[settled] = n*settledPermille/1000 - c[producing] - c[late]
	c[contracted] = n * (signedPermille - settledPermille) / 1000
	c[intending] = n - c[producing] - c[late] - c[settled] - c[contracted]
	return c
}

// makeTenants gives every enterprise a park, a fate and the days that follow from it.
func makeTenants(sites []*site, n int64, s source, last period.Month) []tenant {
	var open []*site
	for _, p := range sites {
		if p.lettable > 0 {
			open = append(open, p)
		}
	}
	want := counts(n)
	var tenants []tenant
	for f := range fates {
		var at []*site
		for k, places := range placesFor(open, f, want[f]) {
			for range places {
				at = append(at, open[k])
			}
		}
		years := make([]int, len(at))
		if f == producing {
			years = yearsOf(at, s)
		}
		for k, p := range at {
			t := tenant{enterprise: len(tenants), site: p, relocated: s.chance(relocatedPercent * 10)}
			t.stages = history(f, p.ready(), years[k], s, last)
			tenants = append(tenants, t)
		}
	}
	enrol(tenants, n*enrolled/defaultEnterprises, s, last)
	return append(tenants, seconds(tenants, open, s)...)
}

// ready is the month in which a park's first phase is completed.
func (p *site) ready() period.Month { return p.phases[0].Completed.Month() }

// placesFor shares want tenants of a fate among the parks: a park for which a source declares how many it has gets that
// many while they are few beside the whole, the others by the area that they let.
func placesFor(open []*site, f fate, want int64) []int64 {
	places, weights := make([]int64, len(open)), make([]int64, len(open))
	left := want
	for k, p := range open {
		ready := f != producing || p.ready()+fitOutMonths <= calibratedEnd
		declared, ok := p.declared(f)
		switch {
		case ok && declared <= left/4 && ready:
			places[k] = declared
			left -= declared
		case ready:
			weights[k] = p.lettable
		}
	}
	for k, more := range share(left, weights) {
		places[k] += more
	}
	return places
}

// declared is how many tenants of a fate the park's own declared counts leave. Who only says how many have signed has
// them at every point of the way, and nobody else comes.
func (p *site) declared(f fate) (int64, bool) {
	signed, okSigned := p.Values["tenants_signed"]
	made, okMade := p.Values["tenants_producing"]
	fitting := p.Values["tenants_fitting_out"]
	if okSigned && !okMade {
		made, fitting = signed*55/100, signed*30/100
		made = max(made, p.Values["tenants_enrolled"])
		fitting = min(fitting, signed-made)
	}
	switch {
	case !okMade && !okSigned:
		return 0, false
	case f == producing:
		return made, true
	case f == settled:
		return fitting, true
	case f == contracted && okSigned:
		return max(0, signed-made-fitting), true
	default:
		return 0, true
	}
}

// yearsOf gives each producing tenant the span of years in which it comes into production: as many to each as
// producedByYear says, the earliest first, each to tenants whose park was ready in time.
func yearsOf(at []*site, s source) []int {
	weights := make([]int64, len(producedByYear))
	for i, y := range producedByYear {
		weights[i] = y.permille
	}
	years, order := make([]int, len(at)), make([]int, len(at))
	for i := range at {
		years[i], order[i] = len(producedByYear)-1, i
	}
	s.r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	taken := make([]bool, len(at))
	for span, n := range share(int64(len(at)), weights) {
		end := period.MonthOf(producedByYear[span].last, 12)
		for _, i := range order {
			if n > 0 && !taken[i] && at[i].ready()+fitOutMonths <= end {
				years[i], taken[i] = span, true
				n--
			}
		}
	}
	return years
}

// history makes the days of a tenant's stages, from the intention to where its fate ends. Nobody moves into a park before
// its first phase is completed.
func history(f fate, ready period.Month, span int, s source, last period.Month) []entered {
	var signed, handed, produced period.Month
	switch f {
	case producing:
		y := producedByYear[span]
		from := max(period.MonthOf(y.first, 1), ready+fitOutMonths)
		produced = from + period.Month(s.between(0, int64(period.MonthOf(y.last, 12)-from)))
		signed = produced - period.Month(s.between(9, 20))
		handed = min(max(signed+period.Month(s.between(2, 4)), ready+1), produced-2)
	case late:
		produced = calibratedEnd + period.Month(s.between(2, 6))
		signed = calibratedEnd - period.Month(s.between(4, 14))
		handed = min(max(signed+period.Month(s.between(2, 4)), ready+1), calibratedEnd)
	case settled:
		signed = calibratedEnd - period.Month(s.between(2, 14))
		handed = min(max(signed+period.Month(s.between(2, 4)), ready+1), calibratedEnd)
	case contracted:
		signed = calibratedEnd - period.Month(s.between(0, 9))
		handed = calibratedEnd + period.Month(s.between(1, 9))
	case intending:
		signed = calibratedEnd + period.Month(s.between(1, 12))
		handed = signed + 3
	}
	plan := []struct {
		stage string
		month period.Month
		holds bool
	}{
		{"intent", signed - period.Month(s.between(2, 6)), true}, {"framework", signed - 1, true}, {"signed", signed, true},
		{"handed_over", handed, true}, {"fitting_out", handed + 1, produced == 0 || handed+1 < produced-1},
		{"trial", produced - 1, produced != 0}, {"production", produced, produced != 0},
		{"at_capacity", produced + period.Month(s.between(12, 24)), produced != 0},
	}
	var out []entered
	for _, p := range plan {
		if p.holds && p.month <= last {
			out = append(out, entered{p.stage, dayOf(s, p.month)})
		}
	}
	if f == settled && handed+2 < calibratedEnd && s.chance(clearedPermille) {
		out = append(out, entered{"cleared", dayOf(s, calibratedEnd)})
	}
	return out
}

// enrol lets n producing tenants be in the bureau's list by the end of the calibrated year, and a sixth as many after it.
// A park for which a source declares how many are enrolled has so many first.
func enrol(tenants []tenant, n int64, s source, last period.Month) {
	var able []int
	for i, t := range tenants {
		if d := t.day("production"); d != 0 && d.Month() <= calibratedEnd-2 {
			able = append(able, i)
		}
	}
	s.r.Shuffle(len(able), func(i, j int) { able[i], able[j] = able[j], able[i] })
	able = declaredFirst(able, tenants)
	for k, i := range able {
		t := &tenants[i]
		from := t.day("production").Month() + 2
		var month period.Month
		switch {
		case int64(k) < n:
			month = min(calibratedEnd, from+period.Month(s.between(0, 14)))
		case int64(k) < n+n/6 && last > calibratedEnd:
			month = calibratedEnd + period.Month(s.between(1, int64(last-calibratedEnd)))
		default:
			return
		}
		t.stages = append(t.stages, entered{"enrolled", period.DateOf(month.Year(), month.Month(), 1)})
		sort.SliceStable(t.stages, func(i, j int) bool { return t.stages[i].day < t.stages[j].day })
	}
}

// declaredFirst puts the declared number of each park's tenants to the front, and drops the others of such a park.
func declaredFirst(able []int, tenants []tenant) []int {
	var front, back []int
	left := map[*site]int64{}
	for _, i := range able {
		p := tenants[i].site
		n, ok := p.Values["tenants_enrolled"]
		if _, known := left[p]; ok && !known {
			left[p] = n
		}
		switch {
		case !ok:
			back = append(back, i)
		case left[p] > 0:
			left[p]--
			front = append(front, i)
		}
	}
	return append(front, back...)
}

// seconds gives some signed enterprises a second tenancy in another park, so that tenancies and enterprises differ.
func seconds(tenants []tenant, open []*site, s source) (more []tenant) {
	for _, t := range tenants {
		if signed := t.day("signed"); signed != 0 && signed.Month() <= calibratedEnd && len(open) > 1 && s.chance(secondPercent*10) {
			other := open[s.between(0, int64(len(open))-1)]
			if _, whole := other.declared(contracted); other != t.site && !whole {
				more = append(more, tenant{enterprise: t.enterprise, site: other, stages: []entered{{"signed", signed}}})
			}
		}
	}
	return more
}

// spread divides each park's area: the let part among the tenants that have signed by the end of the calibrated year, by
// the size of the enterprises, and half of the rest among those that come later, so that no park lets more than it has.
func spread(tenants []tenant, firms []firm, s source) {
	var order []*site
	of := map[*site][]int{}
	for i, t := range tenants {
		if of[t.site] == nil {
			order = append(order, t.site)
		}
		of[t.site] = append(of[t.site], i)
	}
	for _, p := range order {
		rate := s.between(700, 880)
		if v, ok := p.Values[park.LeasingRate]; ok {
			rate = v / 1000
		}
		now, then := make([]int64, len(of[p])), make([]int64, len(of[p]))
		for k, i := range of[p] {
			weight := 4*million + firms[tenants[i].enterprise].rate/8
			weight = weight / 100 * s.between(70, 130)
			if d := tenants[i].day("signed"); d != 0 && d.Month() <= calibratedEnd {
				now[k] = weight
			} else {
				then[k] = weight
			}
		}
		let := p.lettable * rate / 1000
		later := share((p.lettable-let)/2, then)
		for k, m2 := range share(let, now) {
			tenants[of[p][k]].areaM2 = m2 + later[k]
		}
	}
}
