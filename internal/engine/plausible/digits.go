package plausible

import (
	"math"
	"slices"
)

// minDigits is how many values a test of last digits needs: twelve months.
const minDigits = 12

// heaps looks for last digits that books do not have. In values of three and more digits the last one is as good as
// evenly spread (Preece 1981; Mosimann et al. 2002); estimates end in 0 and 5. Few values make the chi-square wrong, so
// the exact binomial tail is used: of the most frequent digit, ten times, and of 0 and 5 together.
func (fr *frame) heaps() (found []Finding) {
	for f, field := range fr.in.Fields {
		if field.Sticky || field.Measure == YearToDate {
			continue
		}
		for i := range fr.entities {
			if h, ok := fr.heap(f, i); ok {
				found = append(found, h)
			}
		}
	}
	return found
}

func (fr *frame) heap(f, i int) (Finding, bool) {
	unit := fr.digitUnit(f, i)
	var count [10]int
	n, top := 0, 0
	for t := range fr.in.Months {
		if d, ok := fr.lastDigit(f, i, t, unit); ok {
			n++
			count[d]++
		}
	}
	if n < minDigits {
		return Finding{}, false
	}
	for d := range count {
		if count[d] > count[top] {
			top = d
		}
	}
	digits, k := []int{top}, count[top]
	chance := 10 * binomialTail(n, k, 0.1)
	if both := binomialTail(n, count[0]+count[5], 0.2); both < chance {
		digits, k, chance = []int{0, 5}, count[0]+count[5], both
	}
	if chance > fr.o.HeapChance {
		return Finding{}, false
	}
	h := heaped{digits: digits, k: k, n: n, chance: max(chance, 1e-300), unit: unit, first: -1}
	for t := range fr.in.Months {
		if _, ok := fr.lastDigit(f, i, t, unit); ok {
			h.evidence = append(h.evidence, fr.row(i, f, t))
			if h.last = t; h.first < 0 {
				h.first = t
			}
		}
	}
	return fr.heapFinding(f, i, h), true
}

// lastDigit is the last digit of a value in its unit; ok is false where it has fewer than three, and for a copy of the month
// before, which is no second witness.
func (fr *frame) lastDigit(f, i, t int, unit int64) (d int, ok bool) {
	values := fr.entities[i].Values[f]
	v := values[t]
	if !v.Known || t > 0 && values[t-1] == v {
		return 0, false
	}
	steps := magnitude(v.V) / uint64(unit)
	return int(steps % 10), steps >= minSteps
}

type heaped struct {
	digits      []int
	k, n        int
	chance      float64
	first, last int
	unit        int64
	evidence    []Row
}

func (fr *frame) heapFinding(f, i int, h heaped) Finding {
	code := fr.in.Fields[f].Code
	names := make([]string, len(h.digits))
	for k, d := range h.digits {
		names[k] = string(rune('0' + d))
	}
	return Finding{
		Check: Heap, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(h.first), Until: fr.month(h.last), Field: code,
		Score: math.Log(h.chance) / math.Log(fr.o.HeapChance), Key: "finding.plausible.heap",
		Args: map[string]any{"field": code, "digits": names, "count": h.k, "of": h.n,
			"expected": tidy(float64(h.n*len(h.digits)) / 10), "unit": Amount{code, h.unit}, "odds": odds(h.chance)},
		Evidence: h.evidence,
	}
}

// digitUnit is the unit whose digit is looked at: the coarsest one of which nearly all values are multiples and of which
// a usual value still has three digits. Filing in ten times the form's step is a habit (books in 万元, a form in 千元) and
// is not looked behind; filing 1200, 1500 and 2300 is an estimate.
func (fr *frame) digitUnit(f, i int) int64 {
	unit := fr.grain[f][i]
	habit := fr.in.Fields[f].Step
	if habit < unit {
		habit *= 10
	}
	var x []float64
	for _, v := range fr.entities[i].Values[f] {
		if v.Known && v.V != 0 {
			x = append(x, float64(magnitude(v.V)))
		}
	}
	usual := median(x)
	for unit > habit && usual/float64(unit) < minSteps {
		unit /= 10
	}
	return unit
}

// The first digit of a log-normal quantity follows Benford's law closely only when its logarithm is spread by 1.2 or more
// (Scott & Fasli 2001), and above a mean absolute deviation of 0.015 it is said not to conform (Nigrini 2012, table 7.1).
const (
	benfordSpread = 1.2
	benfordMAD    = 0.015
)

// firstDigits looks at the first digits of whole groups in the last month only: that is the one under review, and an
// entity's months are not independent of each other. It never speaks about one enterprise and is a note.
func (fr *frame) firstDigits() (found []Finding) {
	for f, field := range fr.in.Fields {
		if field.Measure != Flow || fr.in.Months == 0 {
			continue
		}
		for g, members := range fr.groups.members {
			if len(members) < fr.o.BenfordCount {
				continue
			}
			if b, ok := fr.benford(f, g, fr.in.Months-1); ok {
				found = append(found, b)
			}
		}
	}
	return found
}

func (fr *frame) benford(f, g, t int) (Finding, bool) {
	var count [10]int
	logs := make([]float64, 0, len(fr.groups.members[g]))
	for _, i := range fr.groups.members[g] {
		v := fr.entities[i].Values[f][t]
		if !v.Known || v.V <= 0 || fr.steps(f, int(i), v.V) < minSteps {
			continue
		}
		logs = append(logs, math.Log(float64(v.V)))
		d := v.V
		for d > 9 {
			d /= 10
		}
		count[d]++
	}
	n := len(logs)
	if n < fr.o.BenfordCount || mad(slices.Clone(logs), median(logs)) < benfordSpread {
		return Finding{}, false
	}
	off := 0.0
	for d := 1; d <= 9; d++ {
		off += math.Abs(float64(count[d])/float64(n) - math.Log10(1+1/float64(d)))
	}
	off /= 9
	if off < benfordMAD {
		return Finding{}, false
	}
	code, group := fr.in.Fields[f].Code, fr.groups.label[g]
	if group == "" {
		group = "*"
	}
	return Finding{
		Check: Benford, Severity: Note, Month: fr.month(t), Until: fr.month(t), Field: code, Score: off / benfordMAD,
		Key:   "finding.plausible.benford",
		Args:  map[string]any{"field": code, "month": fr.month(t).String(), "group": group, "entities": n, "deviation": tidy(off), "limit": benfordMAD},
		Peers: &Band{Group: fr.groups.label[g], Entities: n},
	}, true
}
