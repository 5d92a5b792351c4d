package plausible

import (
	"math"
)

// minSteps is how many grains a value must have before its repetition or its last digit says anything: three digits.
const minSteps = 100

// equalChance is how often two honest values happen to be equal: the density at 0 of the difference of two values with
// spread sigma each, times the grain, as a share of the value.
func equalChance(steps, sigma float64) float64 {
	return min(1, 1/(steps*sigma*2*math.SqrtPi))
}

// copies looks for months that repeat the month before, or the same month of last year, where chance would not.
func (fr *frame) copies() (found []Finding) {
	for i := range fr.entities {
		for _, back := range []int{1, 12} {
			found = append(found, fr.copiesOf(i, back)...)
		}
	}
	return found
}

// copiesOf walks an entity's months once; a run of copies is one finding.
func (fr *frame) copiesOf(i, back int) (found []Finding) {
	var run copyRun
	for t := back; t <= fr.in.Months; t++ {
		fields, chance := fr.repeated(i, t, back)
		if len(run.fields) > 0 && !sameFields(run.fields, fields) {
			if run.chance <= fr.o.CopyChance {
				found = append(found, fr.copyFinding(i, back, run))
			}
			run = copyRun{}
		}
		if len(fields) == 0 {
			continue
		}
		if len(run.fields) == 0 {
			run = copyRun{fields: fields, from: t, chance: 1}
		}
		run.until, run.chance = t, run.chance*chance
	}
	return found
}

type copyRun struct {
	fields      []int
	from, until int
	chance      float64
}

func sameFields(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// repeated are the fields whose value at t equals the one back months before, and how often chance does that.
func (fr *frame) repeated(i, t, back int) (fields []int, chance float64) {
	if t >= fr.in.Months {
		return nil, 1
	}
	chance = 1
	for f, tr := range fr.tracks {
		if tr == nil || fr.in.Fields[f].Sticky {
			continue
		}
		now, then := fr.entities[i].Values[f][t], fr.entities[i].Values[f][t-back]
		if !now.Known || now != then {
			continue
		}
		if steps := fr.steps(f, i, now.V); steps >= minSteps {
			fields = append(fields, f)
			chance *= equalChance(steps, tr.spread[i])
		}
	}
	return fields, chance
}

func (fr *frame) copyFinding(i, back int, run copyRun) Finding {
	codes := make([]string, len(run.fields))
	for k, f := range run.fields {
		codes[k] = fr.in.Fields[f].Code
	}
	field := ""
	if len(codes) == 1 {
		field = codes[0]
	}
	key := "finding.plausible.copy_month"
	if back == 12 {
		key = "finding.plausible.copy_year"
	}
	chance := max(run.chance, 1e-300)
	return Finding{
		Check: Copy, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(run.from), Until: fr.month(run.until), Field: field,
		Score: math.Log(chance) / math.Log(fr.o.CopyChance), Key: key,
		Args: map[string]any{"fields": codes, "month": fr.month(run.from).String(), "until": fr.month(run.until).String(),
			"months": run.until - run.from + 1, "odds": odds(chance)},
		Evidence: append(fr.rows(i, run.fields, run.from-back, min(run.from-1, run.until-back)), fr.rows(i, run.fields, run.from, run.until)...),
	}
}

// odds writes a chance as "one in …" with one significant digit.
func odds(chance float64) int64 {
	x := math.Log10(1 / chance)
	return whole(math.Pow(10, math.Floor(min(x, 15))))
}
