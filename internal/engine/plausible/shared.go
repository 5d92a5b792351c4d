package plausible

import (
	"cmp"
	"math"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

type originKey struct {
	kind, label string
	month       period.Month
}

// origins looks for one address, device or file behind many entities. It is a note: book-keeping agents do this honestly;
// what they file is looked at by the other checks.
func (fr *frame) origins() (found []Finding) {
	by := map[originKey][]int{}
	for i, e := range fr.entities {
		for _, o := range e.Origins {
			if o.Label == "" {
				continue
			}
			k := originKey{o.Kind, o.Label, o.Month}
			if list := by[k]; len(list) == 0 || list[len(list)-1] != i {
				by[k] = append(list, i)
			}
		}
	}
	keys := make([]originKey, 0, len(by))
	for k, list := range by {
		if len(list) >= fr.o.OriginMany {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b originKey) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.label, b.label), cmp.Compare(a.month, b.month))
	})
	for _, k := range keys {
		found = fr.addOrigin(found, k, by[k])
	}
	return found
}

// addOrigin makes a finding, or prolongs the last one where the same entities filed from the same place a month earlier.
func (fr *frame) addOrigin(found []Finding, k originKey, list []int) []Finding {
	also := fr.ids(list[1:])
	if n := len(found); n > 0 && k.month > 0 {
		l := &found[n-1]
		if l.Entity == fr.entities[list[0]].ID && l.Args["kind"] == k.kind && l.Args["label"] == k.label && l.Until == k.month-1 && slices.Equal(l.Also, also) {
			l.Until = k.month
			l.Args["until"] = k.month.String()
			l.Evidence = append(l.Evidence, fr.filedAt(list, k.month)...)
			return found
		}
	}
	first, last := k.month, k.month
	if k.month == 0 {
		first, last = fr.in.First, fr.month(max(0, fr.in.Months-1))
	}
	return append(found, Finding{
		Check: Origins, Severity: Note, Entity: fr.entities[list[0]].ID, Also: also, Month: first, Until: last,
		Score: float64(len(list)) / float64(fr.o.OriginMany), Key: "finding.plausible.origin",
		Args:     map[string]any{"kind": k.kind, "label": k.label, "entities": len(list), "month": first.String(), "until": last.String()},
		Evidence: fr.filedAt(list, last),
	})
}

func (fr *frame) ids(list []int) (out []string) {
	for _, i := range list {
		out = append(out, fr.entities[i].ID)
	}
	return out
}

func (fr *frame) filedAt(list []int, m period.Month) (out []Row) {
	t, ok := fr.column(m)
	if !ok {
		return nil
	}
	for _, i := range list {
		out = append(out, fr.rows(i, fr.everyField(), t, t)...)
	}
	return out
}

func (fr *frame) everyField() []int {
	out := make([]int, len(fr.in.Fields))
	for f := range out {
		out[f] = f
	}
	return out
}

// twinBits is what a month must have in equal digits before two entities are looked at together at all.
const twinBits = 10

// twinFields is in how many fields two entities must be equal in the same month.
const twinFields = 2

type twin struct {
	bits   float64
	months []int
	fields int // of the first month
}

// twins looks for the same figures of different entities in the same months. Each equal field gives as many bits as its
// value has grains, later ones half, since fields go together; the bits must outweigh the number of pairs that could have
// met by accident.
func (fr *frame) twins() (found []Finding) {
	pairs := map[[2]int]*twin{}
	first := make(map[uint64]int, len(fr.entities))
	for t := range fr.in.Months {
		fr.twinsAt(t, first, pairs)
	}
	keys := make([][2]int, 0, len(pairs))
	n := float64(len(fr.entities))
	limit := math.Log2(n*(n-1)/2) - math.Log2(fr.o.TwinChance)
	for k, p := range pairs {
		if p.bits >= limit {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, k := range keys {
		found = append(found, fr.twinFinding(k, pairs[k], limit))
	}
	return found
}

// twinsAt finds equal vectors of one month. Vectors are of every flow and stock that is known, not zero and not sticky.
func (fr *frame) twinsAt(t int, first map[uint64]int, pairs map[[2]int]*twin) {
	clear(first)
	for i := range fr.entities {
		hash, fields := fr.vector(i, t)
		if fields < twinFields {
			continue
		}
		other, ok := first[hash]
		if !ok {
			first[hash] = i
			continue
		}
		bits := fr.bits(i, t)
		if bits < twinBits || !fr.equalAt(i, other, t) {
			continue
		}
		k := [2]int{other, i}
		if pairs[k] == nil {
			pairs[k] = &twin{fields: fields}
		}
		pairs[k].bits += bits
		pairs[k].months = append(pairs[k].months, t)
	}
}

func (fr *frame) counts(f, i, t int) bool {
	field, v := fr.in.Fields[f], fr.entities[i].Values[f][t]
	return field.Measure != YearToDate && !field.Sticky && v.Known && v.V != 0
}

func (fr *frame) vector(i, t int) (hash uint64, fields int) {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a (Fowler, Noll & Vo), by words
	hash = offset
	for f := range fr.in.Fields {
		if fr.counts(f, i, t) {
			hash = ((hash^uint64(f))*prime ^ uint64(fr.entities[i].Values[f][t].V)) * prime
			fields++
		}
	}
	return hash, fields
}

// bits is what the digits of a month's vector tell.
func (fr *frame) bits(i, t int) float64 {
	largest, sum := 0.0, 0.0
	for f := range fr.in.Fields {
		if fr.counts(f, i, t) {
			b := max(0, math.Log2(fr.steps(f, i, fr.entities[i].Values[f][t].V)))
			largest, sum = max(largest, b), sum+b
		}
	}
	return largest + (sum-largest)/2
}

func (fr *frame) equalAt(i, j, t int) bool {
	for f := range fr.in.Fields {
		if fr.counts(f, i, t) != fr.counts(f, j, t) || fr.counts(f, i, t) && fr.entities[i].Values[f][t] != fr.entities[j].Values[f][t] {
			return false
		}
	}
	return true
}

func (fr *frame) twinFinding(k [2]int, p *twin, limit float64) Finding {
	var evidence []Row
	for _, t := range p.months {
		for _, i := range k {
			for f := range fr.in.Fields {
				if fr.counts(f, i, t) {
					evidence = append(evidence, fr.row(i, f, t))
				}
			}
		}
	}
	first, last := fr.month(p.months[0]), fr.month(p.months[len(p.months)-1])
	a, b := fr.entities[k[0]].ID, fr.entities[k[1]].ID
	return Finding{
		Check: Twins, Severity: Warning, Entity: a, Also: []string{b}, Month: first, Until: last, Score: p.bits / max(1, limit),
		Key:      "finding.plausible.twins",
		Args:     map[string]any{"entity": a, "other": b, "month": first.String(), "until": last.String(), "months": len(p.months), "fields": p.fields},
		Evidence: evidence,
	}
}
