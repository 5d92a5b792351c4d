package plausible

import "math"

// farBack is how many months back own past may lie: older levels say little about today.
const farBack = 12

// baseMonths is how many earlier months make the level of own past: the median of three ignores one wrong one.
const baseMonths = 3

// track is one field's logarithms, entity by entity. A slot is a month; for flows January and February are one slot, at
// February, that holds their mean.
type track struct {
	f      int
	months int
	flow   bool
	whole  bool      // February's figure is that of both months
	y      []float64 // ln of the value, unknown where there is none or it is not positive
	a      []float64 // y less the common course of the peers
	course [][]float64
	spread []float64   // entity: spread of the log ratio to own past, all months together
	season [][]float64 // [group][season]: spread of the group
	year   []float64   // entity: spread of the log ratio to last year's month
	centre [][]float64 // [month][group]: peers' median of that ratio
}

// pooled is the season of all months together; the others are the calendar months 1…12. A quarter's tax, the return after
// the Spring Festival and a year's end are rougher than other months, and which they are the data must say.
const (
	pooled  = 0
	seasons = 13
)

// slot is the month that stands for t: February for a January that was filed separately.
func (fr *frame) slot(tr *track, t int) int {
	if tr.flow && fr.month(t).Month() == 1 && t+1 < tr.months {
		return t + 1
	}
	return t
}

// opens is the first month of t's slot.
func (fr *frame) opens(tr *track, t int) int {
	if tr.flow && fr.month(t).Month() == 2 && t > 0 {
		return t - 1
	}
	return t
}

func (fr *frame) newTrack(f int) *track {
	field := fr.in.Fields[f]
	tr := &track{f: f, months: fr.in.Months, flow: field.Measure == Flow, whole: field.Measure == Flow && field.FirstMonths == InFebruary}
	tr.y = make([]float64, len(fr.entities)*tr.months)
	for i, e := range fr.entities {
		row := tr.y[i*tr.months : (i+1)*tr.months]
		for t, v := range e.Values[f] {
			row[t] = fr.logOf(tr, e.Values[f], t, v)
		}
	}
	fr.follow(tr)
	fr.measure(tr)
	return tr
}

func (fr *frame) logOf(tr *track, values []Value, t int, v Value) float64 {
	m := 0
	if tr.flow {
		m = fr.month(t).Month()
	}
	switch {
	case m == 1, !v.Known || v.V <= 0:
		return unknown
	case m != 2:
		return math.Log(float64(v.V))
	case tr.whole:
		return math.Log(float64(v.V) / 2)
	case t == 0 || !values[t-1].Known || values[t-1].V <= 0:
		return unknown
	default:
		return math.Log((float64(v.V) + float64(values[t-1].V)) / 2)
	}
}

// follow takes the peers' common course out: the chained medians of the month on month log ratios.
func (fr *frame) follow(tr *track) {
	n := len(fr.groups.label)
	tr.course = make([][]float64, n)
	for g := range tr.course {
		tr.course[g] = make([]float64, tr.months)
	}
	buffer := make([]float64, 0, len(fr.entities))
	for t := 1; t < tr.months; t++ {
		before := fr.opens(tr, t) - 1
		var step []float64
		if before >= 0 && fr.slot(tr, t) == t {
			step = fr.groups.centres(buffer, func(i int) float64 { return tr.y[i*tr.months+t] - tr.y[i*tr.months+before] })
		}
		for g := range tr.course {
			switch {
			case step == nil:
				tr.course[g][t] = tr.course[g][t-1]
			default:
				tr.course[g][t] = tr.course[g][before] + step[g]
			}
		}
	}
	tr.a = make([]float64, len(tr.y))
	for i := range fr.entities {
		course := tr.course[fr.groups.of[i]]
		for t := range tr.months {
			tr.a[i*tr.months+t] = tr.y[i*tr.months+t] - course[t]
		}
	}
}

// past is what a month is compared with.
type past struct {
	level  float64 // median of the last known months that nothing refused
	last   float64 // the latest known month, refused or not
	n      int     // how many months make the level, at most baseMonths
	months [baseMonths]int
}

// base is own past before month t.
func (fr *frame) base(tr *track, i, t int, refused []bool) past {
	var x [baseMonths]float64
	p := past{level: unknown, last: unknown}
	for b := fr.opens(tr, t) - 1; b >= 0 && b >= t-farBack && p.n < baseMonths; b-- {
		v := tr.a[i*tr.months+b]
		if !known(v) {
			continue
		}
		if !known(p.last) {
			p.last = v
		}
		if refused == nil || !refused[b] {
			x[p.n], p.months[p.n] = v, b
			p.n++
		}
	}
	switch p.n {
	case 0:
	case baseMonths:
		p.level = middle(x[0], x[1], x[2])
	default:
		p.level = median(x[:p.n])
	}
	return p
}

// measure finds the spreads of the log ratios to own past and to last year's month.
func (fr *frame) measure(tr *track) {
	d := make([]float64, len(tr.y))
	for i := range fr.entities {
		for t := range tr.months {
			at := i*tr.months + t
			d[at] = unknown
			if !known(tr.a[at]) {
				continue
			}
			if p := fr.base(tr, i, t, nil); p.n == baseMonths {
				d[at] = tr.a[at] - p.level
			}
		}
	}
	fr.measurePast(tr, d)
	fr.measureYear(tr)
}

func (fr *frame) measurePast(tr *track, d []float64) {
	tr.season = make([][]float64, len(fr.groups.label))
	for g := range tr.season {
		tr.season[g] = make([]float64, seasons)
	}
	for s := range seasons {
		first, step := 0, 1
		if s != pooled {
			first, step = (s-fr.in.First.Month()+12)%12, 12
		}
		for g, v := range fr.groups.spreads(fr.o.SpreadPrior, d, tr.months, first, step) {
			tr.season[g][s] = v
		}
	}
	tr.spread = make([]float64, len(fr.entities))
	x := make([]float64, 0, tr.months)
	for i := range fr.entities {
		tr.spread[i] = fr.own(d[i*tr.months:(i+1)*tr.months], x, tr.season[fr.groups.of[i]][pooled])
	}
}

// own is the spread of one entity's values, borrowing from its group: variances are weighted.
func (fr *frame) own(d, buffer []float64, group float64) float64 {
	x := buffer[:0]
	for _, v := range d {
		if known(v) {
			x = append(x, v)
		}
	}
	n := len(x)
	s := mad(x, 0)
	return max(fr.o.SpreadFloor, math.Sqrt(shrink(s*s, n, group*group, fr.o.OwnWeight)))
}

func (fr *frame) measureYear(tr *track) {
	tr.centre = make([][]float64, tr.months)
	tr.year = make([]float64, len(fr.entities))
	buffer := make([]float64, 0, len(fr.entities))
	r := make([]float64, len(tr.y))
	for at := range r {
		r[at] = unknown
	}
	for t := 12; t < tr.months; t++ {
		tr.centre[t] = fr.groups.centres(buffer, func(i int) float64 { return tr.a[i*tr.months+t] - tr.a[i*tr.months+t-12] })
		for i := range fr.entities {
			at := i*tr.months + t
			r[at] = tr.a[at] - tr.a[at-12] - tr.centre[t][fr.groups.of[i]]
		}
	}
	of := fr.groups.spreads(fr.o.SpreadPrior, r, tr.months, 0, 1)
	x := make([]float64, 0, tr.months)
	for i := range fr.entities {
		tr.year[i] = fr.own(r[i*tr.months:(i+1)*tr.months], x, of[fr.groups.of[i]])
	}
}

// spreadAt is an entity's spread in the season of month t: its own, wider where its group's is.
func (fr *frame) spreadAt(tr *track, i, t int) float64 {
	group := tr.season[fr.groups.of[i]]
	return tr.spread[i] * max(1, group[fr.month(fr.slot(tr, t)).Month()]/group[pooled])
}
