package promise

import (
	"math/big"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// State says how a promise stands.
type State string

// The states.
const (
	Met      State = "met"
	OnCourse State = "on_course"
	Likely   State = "breach_likely" // at the pace so far it will be missed
	Breached State = "breached"
	NotDue   State = "not_due"
	Unknown  State = "unknown"
)

// Contract is the origin of what the subject itself promised; other origins are codes of packs.
const Contract = "contract"

// Why is the reason of a state: a message key with arguments. Money among them is Amount.
type Why struct {
	Key  string
	Args map[string]any
}

// Amount is an argument of a message: a value of a measure in its canonical unit.
type Amount struct {
	Of    Measure
	Value int64
}

// Row is one promised period.
type Row struct {
	Origin   string // Contract, or the code of a pack
	Line     string // of a pack
	Name     pack.Text
	Measure  Measure
	Per      Basis
	Value    int64        // promised, per Per
	Year     int          // since the clock; 0: in all, or the mean of several years
	From, To period.Month // zero From: the clock has not begun; zero To: without an end
	Clock    Clock
	Deemed   bool   // the clock's milestone is deemed by a rule; nobody reported it
	Promised *int64 // of the whole subject and period; nil: land or area is not known
	Actual   *int64 // filed, a lower bound where Known < Asked; nil: nothing
	Known    int    // months filed
	Asked    int
	State    State
	Why      Why
	Source   string
	Basis    pack.Basis
}

// Attainment is the share of what was promised that was filed, in parts per million. ok is false where either is not known.
func (r Row) Attainment() (ppm int64, ok bool) {
	if r.Promised == nil || r.Actual == nil || *r.Promised <= 0 {
		return 0, false
	}
	return share(*r.Actual, *r.Promised), true
}

func share(part, whole int64) int64 {
	v := new(big.Int).Mul(big.NewInt(part), big.NewInt(1_000_000))
	return v.Quo(v, big.NewInt(whole)).Int64()
}

// Case is everything that promises are judged by.
type Case struct {
	Promises []Promise // those that count
	Packs    []*Pack   // that hold
	Days     map[string]period.Date
	Deemed   map[string]bool // of Days those that a rule of the lifecycle deems
	AreaM2   *int64
	LandM2   *int64
	Filed    Filed
	Since    period.Month // from when investment counts; zero: from the first month that is filed
	Shared   bool         // what is filed cannot be told apart from other subjects'
}

// runs bounds the years that a promise without an end is shown for.
const runs = MaxYear

// Ramp judges everything promised on a day: the subject's own promises first, then the packs' lines, by measure and period.
func Ramp(c Case, today period.Date) []Row {
	j := judge{c, today.Month() - 1}
	var out []Row
	for _, p := range c.Promises {
		row := Row{Origin: Contract, Measure: p.Measure, Per: p.Basis, Value: *p.Value, Clock: p.Clock, Source: p.Source, Basis: pack.Established}
		if p.Year == 0 && p.Measure != Investment {
			out = append(out, j.years(row, j.lastExplicit(p)+1, 0)...)
			continue
		}
		out = append(out, j.year(row, p.Year, p.Year))
	}
	for _, p := range c.Packs {
		for _, l := range p.Lines {
			row := Row{Origin: p.Code, Line: l.Code, Name: l.Name, Measure: l.Measure, Per: l.Per, Value: l.Value, Clock: l.Clock, Source: p.Source, Basis: l.Basis}
			if l.Source != "" {
				row.Source = l.Source
			}
			if l.Over == "mean" {
				out = append(out, j.year(row, l.Years[0], l.Years[1]))
				continue
			}
			out = append(out, j.years(row, l.Years[0], l.Years[1])...)
		}
	}
	return out
}

// judge judges as of a month, the last one that is over.
type judge struct {
	Case
	last period.Month
}

// lastExplicit is the last year for which the same thing was promised by name: what was promised for every year holds after it.
func (j judge) lastExplicit(p Promise) (year int) {
	for _, q := range j.Promises {
		if q.Measure == p.Measure && q.Basis == p.Basis {
			year = max(year, q.Year)
		}
	}
	return year
}

// years gives a row for each year from first to last; without a last to the one that runs.
func (j judge) years(row Row, first, last int) (out []Row) {
	if first == 0 {
		return append(out, j.year(row, 0, 0))
	}
	open := last == 0
	if open {
		last = runs
	}
	for n := first; n <= last; n++ {
		one := j.year(row, n, n)
		out = append(out, one)
		if one.From == 0 || open && one.To > j.last { // not begun, or the one that runs
			break
		}
	}
	return out
}

// year judges the period from year first to year last; 0: without an end.
func (j judge) year(row Row, first, last int) Row {
	if first == last {
		row.Year = first
	}
	count := max(last-first+1, 1)
	row.Promised = j.promised(row, int64(count))
	begins, ok := row.Clock.Begins(j.Days)
	row.Deemed = ok && j.Deemed[row.Clock.Stage()]
	switch {
	case !ok:
		row.State, row.Why = NotDue, Why{"promise.why.no_clock", map[string]any{"stage": row.Clock.Stage()}}
		if j.Days[row.Clock.Stage()] != 0 {
			row.State, row.Why.Key = Unknown, "promise.why.no_month"
		}
	case first == 0:
		row.From = begins
	default:
		row.From = begins + period.Month(12*(first-1))
		row.To = row.From + period.Month(12*count) - 1
	}
	j.fill(&row)
	if row.State == "" {
		row.State, row.Why = j.state(row)
	}
	return row
}

// promised is what a value per mu or m² comes to; nil where the area is not known.
func (j judge) promised(row Row, years int64) *int64 {
	if row.Measure == Investment || row.Measure == Jobs {
		years = 1
	}
	v := new(big.Int).Mul(big.NewInt(row.Value), big.NewInt(years))
	switch {
	case row.Per == PerM2 && j.AreaM2 != nil:
		v.Mul(v, big.NewInt(*j.AreaM2))
	case row.Per == PerMu && j.LandM2 != nil: // 1 mu is 2000/3 m²
		v.Quo(v.Mul(v, big.NewInt(3**j.LandM2)), big.NewInt(2000))
	case row.Per != Total:
		return nil
	}
	if !v.IsInt64() {
		return nil
	}
	out := v.Int64()
	return &out
}

// fill puts what was filed into a row.
func (j judge) fill(row *Row) {
	if j.Shared {
		return
	}
	from, to := row.From, row.To
	if row.Measure == Investment {
		from = j.Since
		if from == 0 {
			from = j.Filed.First(Investment)
		}
	}
	if to == 0 || to > j.last {
		to = j.last
	}
	if from == 0 || row.From == 0 && row.Measure != Investment {
		return
	}
	if row.Measure == Jobs {
		row.Asked, row.Known = 1, 0
		for m := to; m >= from; m-- {
			if v, ok := j.Filed.At(Jobs, m); ok {
				row.Actual = &v
				if row.To == 0 || m == row.To {
					row.Known = 1
				}
				break
			}
		}
		return
	}
	if row.To != 0 {
		row.Asked = int(row.To-from) + 1
	} else {
		row.Asked = max(int(to-from)+1, 0)
	}
	var sum int64
	for m := from; m <= to; m++ {
		if v, ok := j.Filed.At(row.Measure, m); ok {
			sum += v
			row.Known++
		}
	}
	if row.Known > 0 {
		row.Actual = &sum
	}
}

// least is how many months say something of a pace.
const least = 3

func (j judge) state(row Row) (State, Why) {
	why := func(key string, kv ...any) Why {
		w := Why{"promise.why." + key, map[string]any{}}
		for i := 0; i+1 < len(kv); i += 2 {
			w.Args[kv[i].(string)] = kv[i+1]
		}
		return w
	}
	switch {
	case row.Promised == nil && row.Per == PerMu:
		return Unknown, why("no_land")
	case row.Promised == nil:
		return Unknown, why("no_area")
	case j.Shared:
		return Unknown, why("shared")
	case row.From > j.last && row.Measure != Investment:
		return NotDue, why("not_begun", "from", row.From.String())
	case row.Actual == nil:
		return Unknown, why("no_returns")
	}
	promised, actual := Amount{row.Measure, *row.Promised}, Amount{row.Measure, *row.Actual}
	reached := actual.Value >= promised.Value
	switch ended := row.To != 0 && row.To <= j.last; {
	case row.To == 0 && reached, ended && reached && row.Measure != Tax, ended && reached && row.Known == row.Asked:
		return Met, why("met", "actual", actual, "promised", promised)
	case row.To == 0:
		return NotDue, why("open", "actual", actual, "promised", promised)
	case ended && row.Known < row.Asked: // what is not filed could still make or, a refund of tax, break it
		return Unknown, why("months", "known", row.Known, "asked", row.Asked, "actual", actual, "promised", promised)
	case ended:
		return Breached, why("breached", "actual", actual, "promised", promised)
	case reached:
		return OnCourse, why("reached", "actual", actual, "promised", promised)
	case row.Measure == Jobs:
		return Likely, why("jobs", "actual", actual, "promised", promised)
	}
	return j.running(row, promised, actual, why)
}

// running judges a period that is not over by the pace of the months that are filed.
func (j judge) running(row Row, promised, actual Amount, why func(string, ...any) Why) (State, Why) {
	if row.Known < least {
		return Unknown, why("early", "known", row.Known, "least", least)
	}
	pace := big.NewInt(actual.Value)
	pace.Quo(pace.Mul(pace, big.NewInt(int64(row.Asked))), big.NewInt(int64(row.Known)))
	expected := Amount{row.Measure, pace.Int64()}
	if expected.Value >= promised.Value {
		return OnCourse, why("on_course", "expected", expected, "promised", promised, "known", row.Known)
	}
	return Likely, why("likely", "expected", expected, "promised", promised, "known", row.Known)
}

// Attained is the share of its own promises that a subject keeps: of output, tax and investment over the last twelve months
// that are over, and of its jobs now, the least of them against what was promised for the year that runs, in parts per
// million. ok is false as long as one of them is not known, or nothing was promised.
func Attained(c Case, today period.Date) (ppm int64, ok bool) {
	last := today.Month() - 1
	for _, m := range Measures() {
		promised, have := c.runningPromise(m, last)
		if !have {
			continue
		}
		actual, known := c.lately(m, last)
		if promised == nil || *promised <= 0 || !known || c.Shared {
			return 0, false
		}
		if s := share(actual, *promised); !ok || s < ppm {
			ppm, ok = s, true
		}
	}
	return ppm, ok
}

// runningPromise is what was promised of a measure for the year that runs, or, before and after all years, the nearest one.
func (c Case) runningPromise(m Measure, last period.Month) (value *int64, ok bool) {
	var best Promise
	for _, p := range c.Promises {
		begins, begun := p.Clock.Begins(c.Days)
		now := 1
		if begun && last >= begins {
			now = int(last-begins)/12 + 1
		}
		switch {
		case p.Measure != m:
		case !ok, p.Year == 0 && best.Year < now, p.Year != 0 && p.Year <= now && (best.Year == 0 || p.Year > best.Year):
			best, ok = p, true
		}
	}
	if !ok {
		return nil, false
	}
	return judge{Case: c}.promised(Row{Measure: m, Per: best.Basis, Value: *best.Value}, 1), true
}

// lately is what was filed of a measure in the last twelve months; of jobs in the last one, of investment since it counts.
func (c Case) lately(m Measure, last period.Month) (sum int64, known bool) {
	switch m {
	case Jobs:
		return c.Filed.At(Jobs, last)
	case Investment:
		from := c.Since
		if from == 0 {
			from = c.Filed.First(Investment)
		}
		for at := from; from != 0 && at <= last; at++ {
			if v, ok := c.Filed.At(m, at); ok {
				sum, known = sum+v, true
			}
		}
		return sum, known
	}
	for at := last - 11; at <= last; at++ {
		v, ok := c.Filed.At(m, at)
		if !ok {
			return 0, false
		}
		sum += v
	}
	return sum, true
}
