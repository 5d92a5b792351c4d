package demo

import (
	"fmt"

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
		places := placesFor(open, f, want[f])
		years := yearsOf(f, want[f], s)
		for k, p := range open {
			for range places[k] {
				t := tenant{enterprise: len(tenants), site: p, relocated: s.chance(relocatedPercent * 10)}
				t.stages, years = history(f, years[0], s, last), years[1:]
				tenants = append(tenants, t)
			}
		}
	}
	enrol(tenants, n*enrolled/defaultEnterprises, s, last)
	tenants = append(tenants, seconds(tenants, open, s)...)
	spread(tenants, open, s)
	return tenants
}

// placesFor shares want tenants of a fate among the parks: a park for which a source declares how many it has gets that many.
func placesFor(open []*site, f fate, want int64) []int64 {
	places, weights := make([]int64, len(open)), make([]int64, len(open))
	left := want
	for k, p := range open {
		declared, ok := p.declared(f)
		if ok && declared <= left/4 {
			places[k] = declared
			left -= declared
		} else {
			weights[k] = p.lettable
		}
	}
	for k, more := range share(left, weights) {
		places[k] += more
	}
	return places
}

// declared is how many tenants of a fate the park's own declared counts leave.
func (p *site) declared(f fate) (int64, bool) {
	signed, okSigned := p.Values["tenants_signed"]
	made, okMade := p.Values["tenants_producing"]
	fitting := p.Values["tenants_fitting_out"]
	switch {
	case f == producing && okMade:
		return made, true
	case f == settled && okMade:
		return fitting, true
	case f == contracted && okMade && okSigned:
		return max(0, signed-made-fitting), true
	default:
		return 0, okMade // its counts are declared: nobody else comes
	}
}

// yearsOf draws the span of years in which each tenant of a fate comes into production, in seeded order.
func yearsOf(f fate, n int64, s source) [][2]int {
	spans := make([][2]int, 0, n)
	if f == producing {
		weights := make([]int64, len(producedByYear))
		for i, y := range producedByYear {
			weights[i] = int64(y.permille)
		}
		for i, k := range share(n, weights) {
			for range k {
				spans = append(spans, [2]int{producedByYear[i].first, producedByYear[i].last})
			}
		}
		s.r.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
		return spans
	}
	for range n {
		spans = append(spans, [2]int{calibratedYear, calibratedYear})
	}
	return spans
}

// history makes the days of a tenant's stages, from the intention to where its fate ends.
func history(f fate, years [2]int, s source, last period.Month) []entered {
	end := period.MonthOf(calibratedYear, 12)
	var signed period.Month
	var produced period.Month
	switch f {
	case producing:
		produced = dayIn(s, years[0], years[1]).Month()
		signed = produced - period.Month(s.between(9, 20))
	case late:
		produced = end + period.Month(s.between(1, 6))
		signed = end - period.Month(s.between(4, 14))
	default:
		signed = end - period.Month(s.between(0, 9))
	}
	handed := signed + period.Month(s.between(2, 4))
	switch f {
	case settled:
		handed = min(handed, end)
		signed = min(signed, handed-1)
	case late:
		handed = min(handed, end)
	case contracted:
		handed = end + period.Month(s.between(1, 9))
	case intending:
		signed = end + period.Month(s.between(1, 12))
		handed = signed + 3
	}
	plan := []struct {
		stage string
		month period.Month
	}{
		{"intent", signed - period.Month(s.between(2, 6))}, {"framework", signed - 1}, {"signed", signed},
		{"handed_over", handed}, {"fitting_out", handed + 1}, {"trial", produced - 1}, {"production", produced},
		{"at_capacity", produced + period.Month(s.between(12, 24))},
	}
	var out []entered
	for _, p := range plan {
		waits := (p.stage == "trial" || p.stage == "production" || p.stage == "at_capacity") && produced == 0
		if p.month > last || waits || p.stage == "fitting_out" && produced != 0 && p.month >= produced-1 {
			continue
		}
		out = append(out, entered{p.stage, dayOf(s, p.month)})
	}
	if f == settled && s.chance(clearedPermille) && handed+2 <= end {
		out = append(out, entered{"cleared", dayOf(s, end)})
	}
	return out
}

// enrol lets n producing tenants be in the bureau's list by the end of the calibrated year, and a sixth as many after it.
// The larger ones first would be usual; here the order is seeded and the output follows the enrolment (returns.go).
func enrol(tenants []tenant, n int64, s source, last period.Month) {
	end := period.MonthOf(calibratedYear, 12)
	var able []int
	for i, t := range tenants {
		if d := t.day("production"); d != 0 && d.Month() <= end-2 {
			able = append(able, i)
		}
	}
	s.r.Shuffle(len(able), func(i, j int) { able[i], able[j] = able[j], able[i] })
	for k, i := range able {
		t := &tenants[i]
		from := t.day("production").Month() + 2
		var month period.Month
		switch {
		case int64(k) < n:
			month = min(end, from+period.Month(s.between(0, 14)))
		case int64(k) < n+n/6 && last > end:
			month = end + period.Month(s.between(1, int64(last-end)))
		default:
			return
		}
		t.stages = append(t.stages, entered{"enrolled", period.DateOf(month.Year(), month.Month(), 1)})
	}
}

// seconds gives some signed enterprises a second tenancy in another park, so that tenancies and enterprises differ.
func seconds(tenants []tenant, open []*site, s source) (more []tenant) {
	for _, t := range tenants {
		if signed := t.day("signed"); signed != 0 && len(open) > 1 && s.chance(secondPercent*10) {
			other := open[s.between(0, int64(len(open))-1)]
			if other != t.site && other.Values["tenants_producing"] == 0 {
				more = append(more, tenant{enterprise: t.enterprise, site: other, stages: []entered{{"signed", signed}}})
			}
		}
	}
	return more
}

// spread divides the let part of each park's area among its tenants that have signed.
func spread(tenants []tenant, open []*site, s source) {
	of := make(map[*site][]int, len(open))
	for i, t := range tenants {
		of[t.site] = append(of[t.site], i)
	}
	for _, p := range open {
		rate := s.between(700, 880)
		if v, ok := p.Values["leasing_rate"]; ok {
			rate = v / 1000
		}
		weights := make([]int64, 0, len(of[p]))
		for range of[p] {
			weights = append(weights, s.skewed())
		}
		let := share(p.lettable/1000*rate, signedByEnd(tenants, of[p], weights))
		for k, i := range of[p] {
			tenants[i].areaM2 = let[k]
			if let[k] == 0 {
				tenants[i].areaM2 = s.between(400, 2500)
			}
		}
	}
}

// signedByEnd keeps the weights of those that signed by the end of the calibrated year; the others take what is left.
func signedByEnd(tenants []tenant, of []int, weights []int64) []int64 {
	out := make([]int64, len(weights))
	for k, i := range of {
		if d := tenants[i].day("signed"); d != 0 && d.Month() <= period.MonthOf(calibratedYear, 12) {
			out[k] = weights[k]
		}
	}
	return out
}

// label is a name that nobody can take for a real enterprise.
func label(county, trade string, no int) string {
	return fmt.Sprintf("%s模拟%s%05d有限公司", county, trade, no+1)
}
