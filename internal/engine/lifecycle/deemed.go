package lifecycle

import (
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// DeemedDay is a stage that counts as entered by a rule of its plan.
type DeemedDay struct {
	Stage string
	Day   period.Date
	From  string // the stage whose day it follows
}

// Deemed lists the stages that count as entered by the end of a day although nobody entered them, in the order of the plan.
// A rule follows an entered stage, or one that is deemed itself. Of a stage of which only the month or the year is known
// the last possible day counts, so that nothing is deemed too early. Nothing is deemed while suspended or after an end.
func (c *Course) Deemed(s Standing, asOf period.Date) (out []DeemedDay) {
	if s.Suspended || s.Ended != "" {
		return nil
	}
	days := map[string]period.Date{}
	for stage, d := range s.Days {
		days[stage] = d
	}
	for changed := true; changed; { // a rule may stand before the one that it follows
		changed = false
		for _, stage := range c.stages {
			from, ok := days[stage.Deemed.From]
			if _, have := days[stage.Code]; have || !ok || stage.Deemed.From == "" {
				continue
			}
			if slices.ContainsFunc(stage.Unless, func(other string) bool { _, ok := days[other]; return ok }) {
				continue
			}
			if d := After(Latest(from), stage.Deemed.Months, stage.Deemed.Days); d <= asOf {
				days[stage.Code], changed = d, true
			}
		}
	}
	for _, stage := range c.stages {
		if d, ok := days[stage.Code]; ok && !s.Entered(stage.Code) {
			out = append(out, DeemedDay{stage.Code, d, stage.Deemed.From})
		}
	}
	return out
}

// After gives the day so many months and then days after a day. A day that the month does not have is its last:
// 31 August and six months is the last of February.
func After(d period.Date, months, days int) period.Date {
	m := d.Month() + period.Month(months)
	day := min(int(d)%100, int(m.Last())%100)
	t := time.Date(m.Year(), time.Month(m.Month()), day, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	return period.DateOf(t.Year(), int(t.Month()), t.Day())
}
