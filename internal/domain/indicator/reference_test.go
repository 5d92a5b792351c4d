package indicator_test

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// reference counts the indicators row by row over a world's plain values, as their definitions say in words. It shares no
// code with the panel.
type reference struct {
	*world
	horizon period.Month
	months  map[period.Month]bool // of which the city has returns
}

// fact is a row of the world that counts.
type fact struct {
	path, park, industry, enterprise string
	amount                           *big.Rat // nil: not known
}

func newReference(w *world) *reference {
	r := &reference{world: w, months: map[period.Month]bool{}}
	see := func(d period.Date) {
		if m := d.Month(); int(d)/100%100 != 0 && m <= period.MonthAt(clock) {
			r.horizon = max(r.horizon, m)
		}
	}
	for _, p := range w.parks {
		d, _ := period.ParseDate(p.opened)
		see(d)
		for _, ph := range p.phases {
			see(ph.Completed)
		}
	}
	for _, t := range w.tenancies {
		for s := tenancy.Signed; s <= tenancy.Cleared; s++ {
			see(day(t, s))
		}
	}
	for _, p := range w.projects {
		for _, m := range p.Milestones {
			see(m.Day)
		}
	}
	for _, v := range w.returns {
		if v.Field == filing.Output || v.Field == filing.Jobs {
			r.months[v.Month] = true
			see(v.Month.First())
		}
	}
	if r.horizon == 0 {
		r.horizon = period.MonthAt(clock)
	}
	return r
}

// day is the day of a stage that counts: of the most trusted way, what was said last; plans do not count.
func day(t tenancy.Tenancy, s tenancy.Stage) (d period.Date) {
	best := tenancy.Planned
	for _, e := range t.Entries {
		if e.Stage == s && e.Way > tenancy.Planned && e.Way >= best {
			best, d = e.Way, e.Day
		}
	}
	return d
}

// span is the first and the last month that a date can mean.
func span(d period.Date) (from, to period.Month) {
	if int(d)/100%100 == 0 {
		return period.MonthOf(d.Year(), 1), period.MonthOf(d.Year(), 12)
	}
	return d.Month(), d.Month()
}

func in(d period.Date, first, last period.Month) bool {
	from, to := span(d)
	return d != 0 && first <= from && to <= last
}

func by(d period.Date, end period.Month) bool {
	_, to := span(d)
	return d != 0 && to <= end
}

func rat(v int64) *big.Rat { return big.NewRat(v, 1) }

func maybeRat(v *int64, per int64) *big.Rat {
	if v == nil {
		return nil
	}
	return big.NewRat(*v, per)
}

func (r *reference) parkOf(id park.ID) worldPark {
	return r.parks[slices.IndexFunc(r.parks, func(p worldPark) bool { return p.ID == id })]
}

func (r *reference) firm(id enterprise.ID) enterprise.Enterprise {
	return r.firms[slices.IndexFunc(r.firms, func(e enterprise.Enterprise) bool { return e.ID == id })]
}

func (r *reference) pathOf(id org.ID) string {
	if string(id) == r.city {
		return r.path("")
	}
	return r.path(string(id))
}

func (r *reference) overParks(where func(worldPark) bool) (out []fact) {
	for _, p := range r.parks {
		if where(p) {
			out = append(out, fact{r.pathOf(p.Org), string(p.ID), "", "", rat(1)})
		}
	}
	return out
}

func (r *reference) overPhases(where func(park.Phase) bool, amount func(park.Phase) *int64) (out []fact) {
	for _, p := range r.parks {
		for _, ph := range p.phases {
			if where(ph) {
				out = append(out, fact{r.pathOf(p.Org), string(p.ID), "", "", maybeRat(amount(ph), 1)})
			}
		}
	}
	return out
}

func (r *reference) overTenancies(where func(tenancy.Tenancy) bool) (out []fact) {
	for _, t := range r.tenancies {
		if where(t) {
			out = append(out, fact{r.pathOf(r.parkOf(t.Park).Org), string(t.Park), string(r.firm(t.Enterprise).Industry), string(t.Enterprise), maybeRat(t.AreaM2, 1)})
		}
	}
	return out
}

// overReturns gives the values of a field for the months, at the place where each counts.
func (r *reference) overReturns(field filing.Field, months []period.Month, where func(filing.Value) bool) (out []fact) {
	for _, v := range r.returns {
		if v.Field != field || !slices.Contains(months, v.Month) || !where(v) {
			continue
		}
		e := r.firm(v.Enterprise)
		per := int64(1)
		if field == filing.Output {
			per = 100
		}
		f := fact{r.pathOf(e.Org), "", string(e.Industry), string(e.ID), big.NewRat(v.Value, per)}
		if p, ok := r.home(v.Enterprise, v.Month); ok {
			f.path, f.park = r.pathOf(r.parkOf(p).Org), string(p)
		}
		out = append(out, f)
	}
	return out
}

// home is the park of the tenancy that an enterprise's return of a month counts to: signed and not cleared by then, the one
// longest in production, else that with the least id. Dates count from their beginning.
func (r *reference) home(e enterprise.ID, m period.Month) (at park.ID, ok bool) {
	began := func(d period.Date) bool { return d != 0 && d.Month() <= m }
	var best tenancy.Tenancy
	for _, t := range r.tenancies {
		signed := false
		for s := tenancy.Signed; s < tenancy.Cleared; s++ {
			signed = signed || began(day(t, s))
		}
		if t.Enterprise != e || !signed || began(day(t, tenancy.Cleared)) {
			continue
		}
		made, best1 := day(t, tenancy.Production), day(best, tenancy.Production)
		better := !ok || began(made) && !began(best1) ||
			began(made) && began(best1) && made < best1 ||
			(began(made) == began(best1) && (!began(made) || made == best1)) && t.ID < best.ID
		if better {
			best, ok = t, true
		}
	}
	return best.Park, ok
}

// enlisted says whether an enterprise is surely in the bureau's list by the end of a month.
func (r *reference) enlisted(id enterprise.ID, m period.Month) bool {
	if by(r.firm(id).AboveScaleSince, m) {
		return true
	}
	for _, t := range r.tenancies {
		if t.Enterprise == id && by(day(t, tenancy.Enrolled), m) {
			return true
		}
	}
	return false
}

// filedMonths are the period's months that the city has returns of.
func (r *reference) filedMonths(p period.Period) (out []period.Month) {
	for _, m := range p.Months() {
		if m <= r.horizon && r.months[m] {
			out = append(out, m)
		}
	}
	return out
}

func stage(s tenancy.Stage, test func(period.Date) bool) func(tenancy.Tenancy) bool {
	return func(t tenancy.Tenancy) bool { return test(day(t, s)) }
}

// basic gives the rows of an indicator that counts rows; ok is false for one that is made of others, or for a period of
// which nothing is known.
func (r *reference) basic(code string, p period.Period) (rows []fact, ok bool) {
	first, last := p.First(), min(p.Last(), r.horizon)
	inPeriod := func(d period.Date) bool { return in(d, first, last) }
	byEnd := func(d period.Date) bool { return by(d, last) }
	if first > last {
		return nil, false
	}
	switch code {
	case "park.count":
		return r.overParks(func(worldPark) bool { return true }), true
	case "park.over_1000_mu":
		return r.overParks(func(p worldPark) bool { return len(p.land) == 4 }), true
	case "park.in_use", "park.in_operation.new":
		return r.overParks(func(p worldPark) bool {
			d, _ := period.ParseDate(p.opened)
			return code == "park.in_use" && byEnd(d) || code != "park.in_use" && inPeriod(d)
		}), true
	case "park.floor_area.cumulative":
		return r.overPhases(func(p park.Phase) bool { return byEnd(p.Completed) }, func(p park.Phase) *int64 { return p.FloorAreaBuiltM2 }), true
	case "park.floor_area.new", "park.floor_area.built":
		return r.overPhases(func(p park.Phase) bool { return inPeriod(p.Completed) }, func(p park.Phase) *int64 { return p.FloorAreaBuiltM2 }), true
	case "premises.lettable_area":
		return r.overPhases(func(p park.Phase) bool { return byEnd(p.Completed) }, func(p park.Phase) *int64 { return p.LettableM2 }), true
	case "premises.leased_area":
		return r.overTenancies(func(t tenancy.Tenancy) bool { return byEnd(day(t, tenancy.Signed)) && !byEnd(day(t, tenancy.Cleared)) }), true
	case "tenancy.settled_or_producing":
		return r.overTenancies(func(t tenancy.Tenancy) bool {
			return byEnd(day(t, tenancy.HandedOver)) && !byEnd(day(t, tenancy.Cleared))
		}), true
	case "tenancy.signed.cumulative":
		return r.overTenancies(stage(tenancy.Signed, byEnd)), true
	case "tenancy.production.cumulative":
		return r.overTenancies(stage(tenancy.Production, byEnd)), true
	case "tenancy.at_capacity.cumulative":
		return r.overTenancies(stage(tenancy.AtCapacity, byEnd)), true
	case "tenancy.enrolled.cumulative":
		return r.overTenancies(stage(tenancy.Enrolled, byEnd)), true
	case "tenancy.production.new", "tenancy.at_capacity.new", "tenancy.enrolled.new":
		s := map[string]tenancy.Stage{"tenancy.production.new": tenancy.Production, "tenancy.at_capacity.new": tenancy.AtCapacity, "tenancy.enrolled.new": tenancy.Enrolled}[code]
		return r.overTenancies(func(t tenancy.Tenancy) bool { return !t.Relocated && inPeriod(day(t, s)) }), true
	case "project.investment.signed":
		return r.investments(inPeriod), true
	}
	return r.filed(code, r.filedMonths(p))
}

func (r *reference) investments(signed func(period.Date) bool) (out []fact) {
	for _, p := range r.projects {
		if p.Kind != project.Investment || len(p.Milestones) == 0 || !signed(p.Milestones[0].Day) {
			continue
		}
		at := p.Org
		if p.Park != "" {
			at = r.parkOf(p.Park).Org
		}
		f := fact{r.pathOf(at), string(p.Park), "", string(p.Enterprise), maybeRat(p.InvestmentFen, 100)}
		if p.Enterprise != "" {
			f.industry = string(r.firm(p.Enterprise).Industry)
		}
		out = append(out, f)
	}
	return out
}

func (r *reference) filed(code string, months []period.Month) ([]fact, bool) {
	if len(months) == 0 {
		return nil, false
	}
	switch code {
	case "filing.output.year":
		return r.overReturns(filing.Output, months, func(v filing.Value) bool { return v.Value > 0 }), true
	case "filing.output.above_scale":
		return r.overReturns(filing.Output, months, func(v filing.Value) bool { return v.Value > 0 && r.enlisted(v.Enterprise, v.Month) }), true
	case "filing.jobs":
		return r.overReturns(filing.Jobs, months[len(months)-1:], func(filing.Value) bool { return true }), true
	}
	panic("the reference does not know " + code)
}

// filter says which rows of a question count; group nil means the total.
func (r *reference) filter(q indicator.Query, group *string) func(fact) bool {
	return func(f fact) bool {
		key, inside := groupOf(f, q)
		return strings.HasPrefix(f.path, q.Scope.Path) && strings.HasPrefix(f.path, q.Path) &&
			(q.Scope.Enterprise == "" || f.enterprise == q.Scope.Enterprise) && (q.Park == "" || f.park == q.Park) &&
			(q.Industry == "" || strings.HasPrefix(f.industry, q.Industry)) && (group == nil || inside && key == *group)
	}
}

func groupOf(f fact, q indicator.Query) (key string, ok bool) {
	switch q.By {
	case indicator.ByPark:
		return f.park, true
	case indicator.ByIndustry:
		return f.industry[:min(2, len(f.industry))], true
	case indicator.ByOrg:
		base := q.Path
		if base == "" {
			base = q.Scope.Path
		}
		if base == "" {
			base = q.Scope.City + "."
		}
		rest, ok := strings.CutPrefix(f.path, base)
		if !ok {
			return "", false
		}
		if rest == "" {
			steps := strings.Split(strings.TrimSuffix(base, "."), ".")
			return steps[len(steps)-1], true
		}
		child, _, _ := strings.Cut(rest, ".")
		return child, true
	}
	return "", true
}

// total adds up the rows that keep takes; nil when nothing is known.
func total(d *indicator.Definition, rows []fact, keep func(fact) bool) *big.Rat {
	sum, seen, known := new(big.Rat), 0, 0
	firms := map[string]bool{}
	for _, f := range rows {
		if !keep(f) {
			continue
		}
		seen++
		firms[f.enterprise] = true
		if f.amount != nil {
			known++
			sum.Add(sum, f.amount)
		}
	}
	switch {
	case d.Kind() == "count":
		return rat(int64(seen))
	case d.Kind() == "count_distinct":
		return rat(int64(len(firms)))
	case known == 0 && (seen > 0 || strings.HasPrefix(d.Code, "filing.")):
		return nil
	}
	return sum
}

// value answers a question, or one group of it.
func (r *reference) value(b *indicator.Book, q indicator.Query, group *string) *big.Rat {
	d, err := b.Of(q.Code)
	if err != nil {
		panic(err)
	}
	switch d.Kind() {
	case "ratio":
		over, under := r.part(b, d.Ratio.Numerator, q, group), r.part(b, d.Ratio.Denominator, q, group)
		if over == nil || under == nil || under.Sign() == 0 {
			return nil
		}
		return new(big.Rat).Quo(over, under)
	case "change":
		return r.change(b, q, group)
	}
	rows, ok := r.basic(q.Code, q.Period)
	if !ok {
		return nil
	}
	return total(d, rows, r.filter(q, group))
}

func (r *reference) part(b *indicator.Book, code string, q indicator.Query, group *string) *big.Rat {
	q.Code = code
	return r.value(b, q, group)
}

// change is new output: this year's months less last year's, of the months that the city has in both.
func (r *reference) change(b *indicator.Book, q indicator.Query, group *string) *big.Rat {
	d, _ := b.Of("filing.output.year")
	var months, before []period.Month
	for _, m := range r.filedMonths(q.Period) {
		if r.months[m-12] {
			months, before = append(months, m), append(before, m-12)
		}
	}
	this, ok := r.filed(d.Code, months)
	last, _ := r.filed(d.Code, before)
	if !ok {
		return nil
	}
	x, y := total(d, this, r.filter(q, group)), total(d, last, r.filter(q, group))
	switch {
	case x == nil && y == nil:
		return nil
	case x == nil:
		return new(big.Rat).Neg(y)
	case y == nil:
		return x
	}
	return new(big.Rat).Sub(x, y)
}

// previous is the value for the same months of last year, where the city has all of them.
func (r *reference) previous(b *indicator.Book, q indicator.Query) *big.Rat {
	last := *r
	last.world = r.world
	d, _ := b.Of(q.Code)
	cut := min(q.Period.Last(), r.horizon)
	if q.Period.First() > cut {
		return nil
	}
	if !strings.HasPrefix(q.Code, "filing.") {
		last.horizon = cut - 12
		q.Period = q.Period.LastYear()
		return last.value(b, q, nil)
	}
	months := r.filedMonths(q.Period)
	if d.Kind() == "change" {
		months = slices.DeleteFunc(months, func(m period.Month) bool { return !r.months[m-12] })
	}
	for _, m := range months {
		if !r.months[m-12] || d.Kind() == "change" && !r.months[m-24] {
			return nil
		}
	}
	last.months = maps.Clone(r.months) // last year as if it had been filed for these months only
	for m := range r.months {
		if m >= q.Period.First()-12 && m <= q.Period.Last()-12 && !slices.Contains(months, m+12) {
			delete(last.months, m)
		}
	}
	if len(months) == 0 {
		return nil
	}
	q.Period = q.Period.LastYear()
	return last.value(b, q, nil)
}
