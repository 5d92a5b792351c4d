package tenancy

import (
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Used gives the entry whose day a count uses for a stage: the latest verified one, else the latest claimed, else the
// latest deemed. A planned one never counts. ok is false when nothing but plans, or nothing at all, is known.
// Entries may come in any order.
func Used(entries []Entry, s Stage) (used Entry, ok bool) {
	for _, e := range entries {
		if e.Stage == s && e.Way > Planned && (e.Way > used.Way || e.Way == used.Way && e.Seq > used.Seq) {
			used, ok = e, true
		}
	}
	return used, ok
}

// PlannedFor gives the latest plan of a stage. ok is false without one.
func PlannedFor(entries []Entry, s Stage) (plan Entry, ok bool) {
	for _, e := range entries {
		if e.Stage == s && e.Way == Planned && e.Seq > plan.Seq {
			plan, ok = e, true
		}
	}
	return plan, ok
}

// Current gives the furthest stage that was entered by the end of a day; for no date, ever. NoStage when there is none.
// A date of which only the year or the month is known counts from its beginning.
func Current(entries []Entry, asOf period.Date) Stage {
	for s := last; s > NoStage; s-- {
		if e, ok := Used(entries, s); ok && (asOf == 0 || e.Day <= asOf) {
			return s
		}
	}
	return NoStage
}

// Presence is what is needed to say in which park an enterprise was.
type Presence struct {
	ID         ID
	Park       park.ID
	OrgPath    string
	Since      period.Date // first day of any stage from signed on, cleared apart; zero = never got that far
	Production period.Date // zero = not in production
	Cleared    period.Date // zero = still there
}

// Home gives the index of the tenancy to whose park an enterprise's return of a month is counted, out of all tenancies of
// that enterprise: of those signed by the end of the month and not cleared by then, the one that has been in production
// longest; where none is in production, the one with the least id, which also breaks ties. ok is false when there is none:
// the return then counts to the enterprise's own org and to no park.
//
// One return is never split over parks, so that the parks' sums add up to the city's. Dates without a day or month count
// from their beginning. The order of rows does not matter.
func Home(rows []Presence, m period.Month) (i int, ok bool) {
	end := m.Last()
	for j := range rows {
		if !entered(rows[j].Since, end) || entered(rows[j].Cleared, end) {
			continue
		}
		if !ok || rows[j].before(&rows[i], end) {
			i, ok = j, true
		}
	}
	return i, ok
}

func entered(d, end period.Date) bool { return d != 0 && d <= end }

func (p *Presence) before(q *Presence, end period.Date) bool {
	a, b := entered(p.Production, end), entered(q.Production, end)
	switch {
	case a != b:
		return a
	case a && p.Production != q.Production:
		return p.Production < q.Production
	default:
		return p.ID < q.ID
	}
}
