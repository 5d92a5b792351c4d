// Package plausible finds filed figures that can hardly be right, and says with which rows and which range in mind.
//
// The input is monthly whole numbers by entity and field, with the groups an entity belongs to, from where it filed, and
// what the caller knows about the fields: what is a flow, what a running total, which two belong together. The output is
// findings in a fixed order. A finding is a question to be answered, never a verdict and never a correction: a good
// explanation ends it.
//
// Skewed, growing and seasonal series make plain z-scores flood people with alarms. Here everything is compared as a
// logarithm of a ratio, centred on what the peers did in the same month, with medians and median deviations instead of
// means, and a small group borrows from the wider one. January and February are one slot for flows, because the Spring
// Festival moves between them. Missing is missing: an unknown value is never read as zero and never raises a finding.
//
//	found, err := plausible.Find(ctx, plausible.Input{
//		First: period.MonthOf(2023, 1), Months: 24,
//		Fields:   []plausible.Field{{Code: "output", Step: 100_000}, {Code: "electricity", Step: 100}},
//		Pairs:    []plausible.Pair{{Numerator: "output", Denominator: "electricity", Window: 1}},
//		Needs:    []plausible.Need{{If: "output", Then: "electricity"}},
//		Entities: entities,
//	}, plausible.Default())
//
// It knows no noun of the city and no target that the caller did not pass; a finding about a target is marked Confidential
// and names no target. It is not a rule language: what a form's author can write down as a sentence belongs there.
//
// Methods, with their authors, thresholds and the back-test: docs/adr/0009-plausibility.md.
package plausible
