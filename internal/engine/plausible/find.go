package plausible

import "context"

// Find looks at the input with every check (合理性审核).
//
// In: see Input; values are whole numbers in the canonical unit of their field, unknown ones are not read.
// Out: findings ordered by entity, month, field and check; the same for every order of the entities and of their peers.
// Scores and arguments are finite. The first Options.MinHistory known months of a series are judged by no own past, and
// the first six ratios by no own course.
// Errors: Invalid with key plausible.shape, plausible.field_unknown, plausible.entity_twice, plausible.group_nesting or
// plausible.option; ctx's error. Never panics. The input is not changed. O(values × depth of groups).
// Source: docs/adr/0009-plausibility.md; check values: testdata/robust.csv.
func Find(ctx context.Context, in Input, o Options) ([]Finding, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	fr, err := newFrame(&in, o)
	if err != nil {
		return nil, err
	}
	fr.grain = fr.grains()
	fr.tracks = make([]*track, len(in.Fields))
	for f, field := range in.Fields {
		if field.Measure != YearToDate {
			fr.tracks[f] = fr.newTrack(f)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	var found []Finding
	// jumps comes first: what it refuses the ratios leave out.
	for _, check := range []func() []Finding{
		fr.jumps, fr.ratios, fr.needs, fr.sums, fr.copies, fr.heaps, fr.firstDigits, fr.targets, fr.origins, fr.twins, fr.impossible,
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, check()...)
	}
	order(found)
	return found, nil
}
