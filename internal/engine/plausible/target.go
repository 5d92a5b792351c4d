package plausible

// targets looks for values, or sums of months, that equal a target to the last digit although nearby values would have
// been as likely. The findings are Confidential and do not write the target out.
func (fr *frame) targets() (found []Finding) {
	at := make(map[string]int, len(fr.entities))
	for i, e := range fr.entities {
		at[e.ID] = i
	}
	seen := map[[3]int]bool{}
	for _, target := range fr.in.Targets {
		i, ok := at[target.Entity]
		if !ok {
			continue
		}
		f := fr.in.field(target.Field)
		if hit, from, until := fr.meets(i, f, target); hit && !seen[[3]int{i, f, from*fr.in.Months + until}] {
			seen[[3]int{i, f, from*fr.in.Months + until}] = true
			found = append(found, fr.targetFinding(i, f, from, until))
		}
	}
	return found
}

// meets adds up the field from target.From to target.Month; a missing month means that the sum is unknown.
func (fr *frame) meets(i, f int, target Target) (hit bool, from, until int) {
	first := target.From
	if first == 0 {
		first = target.Month
	}
	from, ok := fr.column(first)
	until, ok2 := fr.column(target.Month)
	if !ok || !ok2 || from > until || target.Value <= 0 {
		return false, 0, 0
	}
	sum := wide{}
	for t := from; t <= until; t++ {
		switch v := fr.entities[i].Values[f][t]; {
		case v.Known:
			sum = sum.add(v.V)
		case fr.in.Fields[f].FirstMonths != InFebruary || fr.month(t).Month() != 1:
			return false, 0, 0
		}
	}
	v, fits := sum.int64()
	return fits && v == target.Value && fr.steps(f, i, v) >= float64(fr.o.TargetSteps), from, until
}

func (fr *frame) targetFinding(i, f, from, until int) Finding {
	code := fr.in.Fields[f].Code
	return Finding{
		Check: TargetHit, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(from), Until: fr.month(until), Field: code, Score: 1,
		Key: "finding.plausible.target",
		Args: map[string]any{"field": code, "month": fr.month(from).String(), "until": fr.month(until).String(),
			"months": int(fr.month(until)-fr.month(from)) + 1},
		Evidence: fr.rows(i, []int{f}, from, until), Confidential: true,
	}
}
