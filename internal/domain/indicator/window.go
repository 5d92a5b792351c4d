package indicator

import "github.com/parkbrain/parkbrain/internal/kit/period"

// window is the run of months that a reading really covers: its period, cut at the month up to which the ledger knows
// anything. first > last means that the period lies wholly after that month.
type window struct{ first, last period.Month }

// windowOf cuts the period at the horizon.
func windowOf(p period.Period, horizon period.Month) window {
	return window{p.First(), min(p.Last(), horizon)}
}

func (w window) empty() bool { return w.first > w.last }

// lastYear is the same run of months one year earlier, so that half a year is compared with half a year.
func (w window) lastYear() window { return window{w.first - 12, w.last - 12} }

func (w window) month(m period.Month) window { return window{m, m} }
