package indicator

import (
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// window is the months that a reading really covers, as runs of neighbouring months in order: mostly one run, more where
// months without returns lie between.
type window []run

// run is the months first…last, both included.
type run struct{ first, last period.Month }

// windowOf cuts the period at the month up to which the ledger knows anything. It is empty for a period after that.
func windowOf(p period.Period, horizon period.Month) window {
	if p.First() > horizon {
		return nil
	}
	return window{{p.First(), min(p.Last(), horizon)}}
}

func month(m period.Month) window { return window{{m, m}} }

func (w window) empty() bool        { return len(w) == 0 }
func (w window) last() period.Month { return w[len(w)-1].last }
func (w window) lastYear() window   { return w.shift(-12) }

// shift moves the window by n months.
func (w window) shift(n period.Month) window {
	out := make(window, len(w))
	for i, r := range w {
		out[i] = run{r.first + n, r.last + n}
	}
	return out
}

func (w window) months() (out []period.Month) {
	for _, r := range w {
		for m := r.first; m <= r.last; m++ {
			out = append(out, m)
		}
	}
	return out
}

// only keeps the months for which keep holds.
func (w window) only(keep func(period.Month) bool) (out window) {
	for _, m := range w.months() {
		switch last := len(out) - 1; {
		case !keep(m):
		case last >= 0 && out[last].last == m-1:
			out[last].last = m
		default:
			out = append(out, run{m, m})
		}
	}
	return out
}

// holds is the panel's test that a date falls in one of the window's runs.
func (w window) holds(field string) panel.Predicate {
	if len(w) == 1 {
		return panel.DateBetween(field, w[0].first, w[0].last)
	}
	runs := make([]panel.Filter, len(w))
	for i, r := range w {
		runs[i] = panel.Filter{panel.DateBetween(field, r.first, r.last)}
	}
	return panel.Any(runs...)
}
