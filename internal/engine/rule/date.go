package rule

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// between is the first and last day that a date can be.
func between(d period.Date) (lo, hi period.Date) {
	switch {
	case d%100 != 0:
		return d, d
	case d/100%100 != 0:
		m := d.Month()
		return m.First(), m.Last()
	default:
		return period.DateOf(d.Year(), 1, 1), period.DateOf(d.Year(), 12, 31)
	}
}

// compareDates answers a op b where every day that a and b can be gives the same answer; else it is missing.
func compareDates(op op, a, b period.Date) outcome {
	if op == opGreater || op == opGreaterEqual {
		a, b = b, a
	}
	aLo, aHi := between(a)
	bLo, bHi := between(b)
	switch op {
	case opLess, opGreater:
		return decided(aHi < bLo, aLo >= bHi)
	case opLessEqual, opGreaterEqual:
		return decided(aHi <= bLo, aLo > bHi)
	default:
		return decided(aLo == aHi && bLo == bHi && aLo == bLo, aHi < bLo || bHi < aLo)
	}
}

func decided(surely, surelyNot bool) outcome {
	switch {
	case surely:
		return yes
	case surelyNot:
		return no
	default:
		return missing
	}
}

// daysBetween counts the days from a to b; ok is false if one has no day.
func daysBetween(a, b period.Date) (n int64, ok bool) {
	if a%100 == 0 || b%100 == 0 {
		return 0, false
	}
	const daySeconds = 24 * 60 * 60
	at := func(d period.Date) int64 {
		return time.Date(d.Year(), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC).Unix()
	}
	return (at(b) - at(a)) / daySeconds, true
}
