package plausible

// impossible looks for signs and zeros that the field cannot have. Each month is its own error.
func (fr *frame) impossible() (found []Finding) {
	for f, field := range fr.in.Fields {
		for i, e := range fr.entities {
			for t, v := range e.Values[f] {
				key := ""
				switch {
				case v.Known && v.V < 0 && !field.Signed:
					key = "finding.plausible.negative"
				case v.Known && v.V == 0 && field.NeverZero:
					key = "finding.plausible.zero"
				default:
					continue
				}
				found = append(found, Finding{
					Check: Impossible, Severity: Error, Entity: e.ID, Month: fr.month(t), Until: fr.month(t), Field: field.Code, Score: 1, Key: key,
					Args:     map[string]any{"field": field.Code, "month": fr.month(t).String(), "value": Amount{field.Code, v.V}},
					Evidence: []Row{fr.row(i, f, t)},
				})
			}
		}
	}
	return found
}
