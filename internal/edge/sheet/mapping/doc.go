// Package mapping finds out how an office's own table is laid out, proposes which of its columns are which fields, and reads
// the table by a mapping that a person has corrected and that is kept for the next file of the same office.
//
// A header may stand anywhere, take several lines with bands over columns (合并表头), be repeated in the middle, and give units
// in brackets or in a line of their own. Detect joins it to one title for each column: "面积/土地(亩)". Propose compares titles,
// units and the look of the values with the fields and says why. A Mapping is plain data that can be kept as JSON or YAML; its
// fingerprint is that of the header, without digits, so that next month's file is recognised. Read gives the rows by it:
// values as package value reads them, and a report of what was left out and what cannot be read.
//
// It writes nothing, knows no noun and decides nothing for the user: what a proposal leaves open stays unmapped.
//
//	layouts, err := mapping.Detect(ctx, file, fields)
//	m := layouts[0].Mapping(mapping.Propose(layouts[0], fields))
//	… the user corrects m …
//	for record, err := range m.Read(ctx, file, &report) {
//		…
//	}
package mapping
