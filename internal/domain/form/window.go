package form

import (
	"iter"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Asks says whether the form is filed for a period: one of its rhythm, and no January where that is filed with February. A
// standing form is filed for no period.
func (f *Form) Asks(p period.Period) bool {
	kind, ok := map[Every]period.Kind{Month: period.KindMonth, Quarter: period.KindQuarter, Year: period.KindYear}[f.Every]
	return ok && p.Kind() == kind && !(f.Every == Month && f.Combined && p.First().Month() == 1)
}

// Periods lists the periods that the form is filed for and that end in a month from…to, both included, in order.
func (f *Form) Periods(from, to period.Month) iter.Seq[period.Period] {
	return func(yield func(period.Period) bool) {
		for m := from; m <= to; m++ {
			p := period.OfMonth(m)
			switch {
			case f.Every == Quarter && m.Month()%3 == 0:
				p = period.Quarter(m.Year(), m.Month()/3)
			case f.Every == Year && m.Month() == 12:
				p = period.Year(m.Year())
			}
			if f.Asks(p) && !yield(p) {
				return
			}
		}
	}
}

// Owes gives the first day on which a form may be filed for a period, the last day that counts as timely and the last day on
// which it may be filed or changed at all. All are zero for a period that the form does not ask for (see Asks), and locks is
// zero for a form that never locks. Window.Grace days after due it is late and still taken without a reopening: see Late.
func Owes(f *Form, p period.Period) (opens, due, locks period.Date) {
	if !f.Asks(p) {
		return 0, 0, 0
	}
	end := p.Last().Last()
	opens, due = after(end, f.Window.Opens), after(end, f.Window.Due)
	if f.Window.Locks > 0 {
		locks = after(end, f.Window.Locks)
	}
	return opens, due, locks
}

// Late gives the last day on which a late filing for a period is still taken without a reopening; zero for a period that
// the form does not ask for.
func (f *Form) Late(p period.Period) period.Date {
	_, due, _ := Owes(f, p)
	if due == 0 {
		return 0
	}
	return after(due, f.Window.Grace)
}

// after is n days after a day, before it for a negative n.
func after(d period.Date, n int) period.Date {
	t := time.Date(d.Year(), time.Month(d/100%100), int(d%100)+n, 0, 0, 0, 0, time.UTC)
	return period.DateOf(t.Year(), int(t.Month()), t.Day())
}
