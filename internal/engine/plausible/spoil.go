package plausible

import (
	"math"
	"math/rand/v2"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// spoiler seeds faults; no firm gets two.
type spoiler struct {
	*city
	r      *rand.Rand
	order  []int // firms in random order
	next   int
	faults []Fault
}

// kinds are the faults. make spoils one firm and says where; ok is false where the firm cannot have that fault.
var kinds = []struct {
	name  string
	check Check
	make  func(s *spoiler, e *firm) (Fault, bool)
}{
	{"jump up or down", Jump, (*spoiler).jump},
	{"unit slip ×10", Slip, func(s *spoiler, e *firm) (Fault, bool) { return s.slip(e, 10) }},
	{"unit slip ×100", Slip, func(s *spoiler, e *firm) (Fault, bool) { return s.slip(e, 100) }},
	{"unit slip ×10000", Slip, func(s *spoiler, e *firm) (Fault, bool) { return s.slip(e, 10_000) }},
	{"unit slip ÷10000", Slip, func(s *spoiler, e *firm) (Fault, bool) { return s.slip(e, 1e-4) }},
	{"copy of last month", Copy, (*spoiler).copy},
	{"copy, one field, a run", Copy, (*spoiler).copyRun},
	{"round numbers", Heap, (*spoiler).heap},
	{"running total falls", Sum, (*spoiler).totalFalls},
	{"month above year", Sum, (*spoiler).monthAbove},
	{"total does not add up", Sum, (*spoiler).totalBroken},
	{"output, no electricity", NeedUnmet, (*spoiler).noPower},
	{"electricity, no output", NeedUnmet, (*spoiler).idle},
	{"wrong unit throughout", Peers, (*spoiler).wrongUnit},
	{"output creeps away", Ratio, (*spoiler).creep},
	{"target met exactly", TargetHit, (*spoiler).meet},
	{"one device for many", Origins, (*spoiler).device},
	{"figures of another firm", Twins, (*spoiler).twin},
	{"negative", Impossible, (*spoiler).negative},
	{"zero jobs", Impossible, (*spoiler).zero},
}

func (c *city) spoil(seed uint64, each int) []Fault {
	s := &spoiler{city: c, r: rand.New(rand.NewPCG(seed, 0x6661756c74))}
	s.order = s.r.Perm(len(c.firms))
	for _, k := range kinds {
		for n := 0; n < each && s.next < len(s.order); {
			e := s.take()
			f, ok := k.make(s, e)
			if !ok {
				continue
			}
			f.Kind, f.Check = k.name, k.check
			if f.Entities == nil {
				f.Entities = []string{e.id}
			}
			s.faults = append(s.faults, f)
			n++
		}
	}
	return s.faults
}

func (s *spoiler) take() *firm {
	s.next++
	return s.firms[s.order[s.next-1]]
}

func (s *spoiler) month(t int) period.Month { return s.first + period.Month(t) }

// pick is a month in which the field is filed and positive and of which own past is long enough to know better.
func (s *spoiler) pick(e *firm, f, after int) (t int, ok bool) {
	for range 30 {
		t = max(6, e.start+6) + s.r.IntN(s.months)
		if t < after || t >= min(s.months, e.end) || !e.v[f][t].Known || e.v[f][t].V < 100*cityFields[f].Step {
			continue
		}
		return t, true
	}
	return 0, false
}

func (s *spoiler) single(t, f int) Fault {
	return Fault{From: s.month(t), To: s.month(t), Field: cityFields[f].Code}
}

func (s *spoiler) either() int { return []int{fOutput, fElectricity}[s.r.IntN(2)] }

// jump multiplies or divides one month by 2.5 to 6. January and February are one slot, so both are moved.
func (s *spoiler) jump(e *firm) (Fault, bool) {
	f := s.either()
	t, ok := s.pick(e, f, 0)
	if !ok {
		return Fault{}, false
	}
	factor := 2.5 + 3.5*s.r.Float64()
	if s.r.IntN(2) == 0 {
		factor = 1 / factor
	}
	from, to := t, t
	switch m := s.month(t).Month(); {
	case m == 1 && t+1 < s.months:
		to = t + 1
	case m == 2:
		from = t - 1
	}
	for u := from; u <= to; u++ {
		if e.v[f][u].Known {
			e.v[f][u] = round(float64(e.v[f][u].V)*factor, cityFields[f].Step)
		}
	}
	e.total(s.first)
	return Fault{From: s.month(from), To: s.month(to), Field: cityFields[f].Code}, true
}

func (s *spoiler) slip(e *firm, factor float64) (Fault, bool) {
	f := s.either()
	t, ok := s.pick(e, f, 0)
	if !ok {
		return Fault{}, false
	}
	if factor == 10 && s.r.IntN(2) == 0 {
		factor = 0.1
	}
	v := int64(math.Round(float64(e.v[f][t].V) * factor))
	if v <= 0 {
		return Fault{}, false
	}
	e.v[f][t] = Some(v)
	e.total(s.first)
	return s.single(t, f), true
}

func (s *spoiler) copy(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fOutput, 1)
	if !ok || !e.v[fElectricity][t-1].Known || e.v[fOutput][t-1].V < 1000*cityFields[fOutput].Step {
		return Fault{}, false
	}
	for f := range fTotal {
		e.v[f][t] = e.v[f][t-1]
	}
	e.total(s.first)
	return s.single(t, fOutput), true
}

func (s *spoiler) copyRun(e *firm) (Fault, bool) {
	f := s.either()
	t, ok := s.pick(e, f, 1)
	if !ok || t+3 >= min(s.months, e.end) || e.v[f][t].V < 1000*cityFields[f].Step {
		return Fault{}, false
	}
	for u := t + 1; u <= t+3; u++ {
		e.v[f][u] = e.v[f][t]
	}
	e.total(s.first)
	return Fault{From: s.month(t + 1), To: s.month(t + 3), Field: cityFields[f].Code}, true
}

// heap rounds four values of five to two digits.
func (s *spoiler) heap(e *firm) (Fault, bool) {
	f := s.either()
	var months []int
	for t, v := range e.v[f] {
		if v.Known && v.V >= 2*minSteps*cityFields[f].Step {
			months = append(months, t)
		}
	}
	if len(months) < 24 {
		return Fault{}, false
	}
	for _, t := range months {
		if s.r.Float64() < 0.8 {
			v := float64(e.v[f][t].V)
			unit := math.Pow(10, math.Floor(math.Log10(v))-1)
			e.v[f][t] = round(math.Round(v/unit)*unit, cityFields[f].Step)
		}
	}
	e.total(s.first)
	return Fault{From: s.first, To: s.month(s.months - 1), Field: cityFields[f].Code}, true
}

func (s *spoiler) pickTotal(e *firm) (t int, ok bool) {
	for range 30 {
		t = 1 + s.r.IntN(s.months-1)
		if s.month(t).Month() > 3 && e.v[fTotal][t].Known && e.v[fTotal][t-1].Known && e.v[fTotal][t-1].V > 1000*cityFields[fTotal].Step && e.v[fOutput][t].V > 0 {
			return t, true
		}
	}
	return 0, false
}

func (s *spoiler) totalFalls(e *firm) (Fault, bool) {
	t, ok := s.pickTotal(e)
	if ok {
		e.v[fTotal][t] = round(float64(e.v[fTotal][t-1].V)*(0.5+0.45*s.r.Float64()), cityFields[fTotal].Step)
	}
	return Fault{From: s.month(t), To: s.month(min(t+1, s.months-1)), Field: "output_ytd"}, ok
}

func (s *spoiler) monthAbove(e *firm) (Fault, bool) {
	t, ok := s.pickTotal(e)
	if ok {
		e.v[fTotal][t] = round(float64(e.v[fOutput][t].V)*(0.3+0.5*s.r.Float64()), cityFields[fTotal].Step)
	}
	return Fault{From: s.month(t), To: s.month(min(t+1, s.months-1)), Field: "output_ytd"}, ok
}

func (s *spoiler) totalBroken(e *firm) (Fault, bool) {
	t, ok := s.pickTotal(e)
	if ok {
		e.v[fTotal][t] = round(float64(e.v[fTotal][t].V)*(1.1+0.4*s.r.Float64()), cityFields[fTotal].Step)
	}
	return Fault{From: s.month(t), To: s.month(min(t+1, s.months-1)), Field: "output_ytd"}, ok
}

func (s *spoiler) noPower(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fElectricity, 0)
	if !ok || !e.v[fOutput][t].Known || e.v[fOutput][t].V <= 0 {
		return Fault{}, false
	}
	to := min(t+s.r.IntN(4), min(s.months, e.end)-1)
	share := []float64{0, 0.005}[s.r.IntN(2)]
	for u := t; u <= to; u++ {
		if v := e.v[fElectricity][u]; v.Known {
			e.v[fElectricity][u] = round(share*float64(v.V), cityFields[fElectricity].Step)
		}
	}
	return Fault{From: s.month(t), To: s.month(to), Field: "electricity"}, true
}

func (s *spoiler) idle(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fElectricity, 0)
	if !ok || s.month(t).Month() <= 2 {
		return Fault{}, false
	}
	to := min(t+s.r.IntN(3), min(s.months, e.end)-1)
	for u := t; u <= to; u++ {
		e.v[fOutput][u] = Some(0)
	}
	e.total(s.first)
	return Fault{From: s.month(t), To: s.month(to), Field: "output"}, true
}

// wrongUnit has all electricity filed in kWh where 万千瓦时 is asked for, or the reverse.
func (s *spoiler) wrongUnit(e *firm) (Fault, bool) {
	var months []int
	for t, v := range e.v[fElectricity] {
		if v.Known && v.V > 0 {
			months = append(months, t)
		}
	}
	if len(months) < 12 {
		return Fault{}, false
	}
	factor := []float64{10_000, 1e-4}[s.r.IntN(2)]
	for _, t := range months {
		e.v[fElectricity][t] = Some(int64(math.Round(float64(e.v[fElectricity][t].V) * factor)))
	}
	return Fault{From: s.first, To: s.month(s.months - 1), Field: "electricity"}, true
}

// creep inflates output step by step to 2 to 4 times over half a year, and nothing else.
func (s *spoiler) creep(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fOutput, 12)
	if !ok || t+8 >= min(s.months, e.end) || t-e.start < 14 || !e.v[fElectricity][t].Known {
		return Fault{}, false
	}
	factor := math.Log(2 + 2*s.r.Float64())
	for u := t; u < s.months; u++ {
		if v := e.v[fOutput][u]; v.Known {
			e.v[fOutput][u] = round(float64(v.V)*math.Exp(factor*min(1, float64(u-t+1)/6)), cityFields[fOutput].Step)
		}
	}
	e.total(s.first)
	return Fault{From: s.month(t), To: s.month(s.months - 1), Field: "output"}, true
}

// meet makes December fill the year's target exactly.
func (s *spoiler) meet(e *firm) (Fault, bool) {
	for _, target := range s.targets {
		if target.Entity != e.id {
			continue
		}
		from, to := int(target.From-s.first), int(target.Month-s.first)
		if from < 0 || to >= s.months {
			return Fault{}, false
		}
		sum := int64(0)
		for t := from; t <= to; t++ {
			if !e.v[fOutput][t].Known {
				return Fault{}, false
			}
			sum += e.v[fOutput][t].V
		}
		last := e.v[fOutput][to].V
		v := target.Value - sum + last
		if v <= last/2 || v > 2*last || target.Value < 1000*cityFields[fOutput].Step {
			return Fault{}, false
		}
		e.v[fOutput][to] = Some(v)
		e.total(s.first)
		return Fault{From: target.From, To: target.Month, Field: "output"}, true
	}
	return Fault{}, false
}

func (s *spoiler) device(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fOutput, 0)
	if !ok {
		return Fault{}, false
	}
	label := "device-" + e.id
	ids := []string{}
	for n := 0; n < 6 && s.next < len(s.order); n++ {
		o := e
		if n > 0 {
			o = s.take()
		}
		o.origins = append(o.origins, Origin{"device", label, s.month(t)})
		ids = append(ids, o.id)
	}
	return Fault{From: s.month(t), To: s.month(t), Entities: ids}, len(ids) == 6
}

// twin gives a firm the figures of another one of its branch for two months, scaled to nothing: typed in again.
func (s *spoiler) twin(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fOutput, 0)
	if !ok || t+1 >= min(s.months, e.end) || !e.v[fElectricity][t].Known || e.v[fOutput][t].V < 1000*cityFields[fOutput].Step {
		return Fault{}, false
	}
	for s.next < len(s.order) {
		o := s.take()
		if o.branch != e.branch || o.start > t-6 || o.end <= t+1 {
			continue
		}
		for u := t; u <= t+1; u++ {
			for f := range fTotal {
				o.v[f][u] = e.v[f][u]
			}
		}
		o.total(s.first)
		return Fault{From: s.month(t), To: s.month(t + 1), Entities: []string{e.id, o.id}}, true
	}
	return Fault{}, false
}

func (s *spoiler) negative(e *firm) (Fault, bool) {
	f := s.either()
	t, ok := s.pick(e, f, 0)
	if ok {
		e.v[f][t].V = -e.v[f][t].V
		e.total(s.first)
	}
	return s.single(t, f), ok
}

func (s *spoiler) zero(e *firm) (Fault, bool) {
	t, ok := s.pick(e, fOutput, 0)
	if !ok || !e.v[fJobs][t].Known {
		return Fault{}, false
	}
	e.v[fJobs][t] = Some(0)
	return s.single(t, fJobs), true
}
