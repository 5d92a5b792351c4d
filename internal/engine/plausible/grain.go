package plausible

// grainShare is the share of an entity's values that must be whole multiples of its grain.
const grainShare = 0.9

// grains finds, per field and entity, the unit in which the entity really files: the largest power of ten times the
// field's step of which nearly all its values are multiples. Whoever rounds to 10万元 repeats values by chance more often.
func (fr *frame) grains() [][]int64 {
	out := make([][]int64, len(fr.in.Fields))
	for f, field := range fr.in.Fields {
		out[f] = make([]int64, len(fr.entities))
		for i, e := range fr.entities {
			out[f][i] = grainOf(e.Values[f], field.Step)
		}
	}
	return out
}

func grainOf(values []Value, step int64) int64 {
	const powers = 19 // an int64 has at most 19 digits
	var divided [powers]int
	total := 0
	for _, v := range values {
		if !v.Known || v.V == 0 {
			continue
		}
		total++
		m := magnitude(v.V)
		if m%uint64(step) != 0 {
			continue
		}
		m /= uint64(step)
		for k := 1; k < powers && m%10 == 0; k++ {
			divided[k]++
			m /= 10
		}
	}
	grain := step
	for k := 1; k < powers && total > 0 && float64(divided[k]) >= grainShare*float64(total); k++ {
		if grain > (1<<62)/10 {
			break
		}
		grain *= 10
	}
	return grain
}

// steps is how many grains a value has: how many digits of it could have been different.
func (fr *frame) steps(f, i int, v int64) float64 {
	return float64(magnitude(v)) / float64(fr.grain[f][i])
}
