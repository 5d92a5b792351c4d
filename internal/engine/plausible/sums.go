package plausible

import "math"

// sums holds running totals against themselves and against the months they are made of.
func (fr *frame) sums() (found []Finding) {
	for y, field := range fr.in.Fields {
		if field.Measure != YearToDate {
			continue
		}
		f := fr.in.field(field.Of)
		for i := range fr.entities {
			for from := 0; from < fr.in.Months; {
				until := from
				for until+1 < fr.in.Months && fr.month(until+1).Year() == fr.month(from).Year() {
					until++
				}
				found = append(found, fr.sumsOf(i, f, y, from, until)...)
				from = until + 1
			}
		}
	}
	return found
}

// sumsOf looks at one year. A total that was refused is no measure for the next one, unless the next one agrees with it and
// not with what was before: one mistake, one finding.
func (fr *frame) sumsOf(i, f, y, from, until int) (found []Finding) {
	good, refused := -1, -1
	for t := from; t <= until; t++ {
		if !fr.entities[i].Values[y][t].Known {
			continue
		}
		wrong, ok := fr.totalWrong(i, f, y, good, t)
		if ok && refused >= 0 {
			_, again := fr.totalWrong(i, f, y, refused, t)
			ok = again
		}
		if !ok {
			wrong, ok = fr.aboveYear(i, f, y, from, t)
		}
		if ok {
			found = append(found, wrong)
			refused = t
			continue
		}
		good, refused = t, -1
	}
	return found
}

// totalWrong compares a total with an earlier one (-1 for the year's beginning) and the months between.
func (fr *frame) totalWrong(i, f, y, last, t int) (Finding, bool) {
	if last >= 0 && !fr.in.Fields[f].Signed {
		if before := fr.entities[i].Values[y][last].V; fr.entities[i].Values[y][t].V < before {
			return fr.sumFinding(i, f, y, last, t, "finding.plausible.total_falls", before), true
		}
	}
	return fr.broken(i, f, y, last, t)
}

// broken says that a total grew by something else than the months since the last one. Every month since must be known.
func (fr *frame) broken(i, f, y, last, t int) (Finding, bool) {
	values := fr.entities[i].Values
	start := last + 1
	sum, n := wide{}, 0
	if last < 0 {
		start = t - fr.month(t).Month() + 1 // January
	} else {
		sum = sum.add(values[y][last].V)
	}
	if start < 0 {
		return Finding{}, false
	}
	for s := start; s <= t; s++ {
		switch v := values[f][s]; {
		case v.Known:
			sum = sum.add(v.V)
			n++
		case fr.in.Fields[f].FirstMonths != InFebruary || fr.month(s).Month() != 1:
			return Finding{}, false
		}
	}
	want, ok := sum.int64()
	if !ok || n == 0 {
		return Finding{}, false
	}
	got := values[y][t].V
	slack := fr.o.SumShare*math.Abs(float64(want)) + float64(n+1)*float64(max(fr.in.Fields[f].Step, fr.in.Fields[y].Step))
	off := math.Abs(float64(got) - float64(want))
	if off <= slack {
		return Finding{}, false
	}
	b := fr.sumFinding(i, f, y, start, t, "finding.plausible.total_broken", want)
	b.Score = math.Min(off/slack, maxScore)
	return b, true
}

// aboveYear says that a month is larger than the total at t that contains it.
func (fr *frame) aboveYear(i, f, y, from, t int) (Finding, bool) {
	if fr.in.Fields[f].Signed {
		return Finding{}, false
	}
	total, at, largest := fr.entities[i].Values[y][t].V, -1, int64(0)
	for s := from; s <= t; s++ {
		if v := fr.entities[i].Values[f][s]; v.Known && v.V > largest {
			largest, at = v.V, s
		}
	}
	if at < 0 || float64(largest)-float64(total) <= float64(max(fr.in.Fields[f].Step, fr.in.Fields[y].Step)) {
		return Finding{}, false
	}
	a := fr.sumFinding(i, f, y, at, t, "finding.plausible.month_above_year", total)
	a.Args["value"] = Amount{fr.in.Fields[f].Code, largest}
	return a, true
}

// maxScore bounds scores, so that they can be stored and compared.
const maxScore = 1e6

func (fr *frame) sumFinding(i, f, y, from, t int, key string, expected int64) Finding {
	code := fr.in.Fields[y].Code
	return Finding{
		Check: Sum, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(t), Until: fr.month(t), Field: code, Score: 1, Key: key,
		Args: map[string]any{"field": fr.in.Fields[f].Code, "total": code, "month": fr.month(from).String(), "until": fr.month(t).String(),
			"value": Amount{code, fr.entities[i].Values[y][t].V}, "expected": Amount{code, expected}},
		Evidence: fr.rows(i, []int{f, y}, from, t),
	}
}
