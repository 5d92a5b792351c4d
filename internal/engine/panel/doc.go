// Package panel keeps a table in memory as columns, so that every number is fast and every number opens.
//
// A Table has text columns (dimensions), whole numbers and dates. A Filter chooses rows and gives a Selection; the
// Selection is added up by group (Aggregate) and listed row by row (Rows). Both read the same bits, so a number and the
// list behind it cannot disagree. A Table never changes: Apply makes the next one and shares with it everything that the
// change did not touch, so readers need no lock and keep the snapshot that they started with.
//
// Meaning of missing: an empty text, an Int that is not OK and a zero date are unknown. Unknown is not zero: it adds
// nothing to a sum, is no distinct value, and a sum without one known value has Listed 0.
//
// Everything is int64; there is no floating point in this package, and a sum that leaves int64 is an error.
//
// It is not a database (the durable truth is SQL), it knows no noun of the city, and it decides nothing about who may see
// a row: the caller's scope is one more predicate of the filter, and a caller without scope must not ask.
//
//	t, err := panel.NewTable(panel.Schema{
//		Name: "filing", Dims: []string{"org", "enterprise"}, Ints: []string{"output"}, Dates: []string{"month"},
//	}, rows)
//	sel, err := t.Select(panel.Filter{panel.Prefix("org", "350500."), panel.DateIn("month", period.Year(2024))})
//	res, err := sel.Aggregate(panel.Query{Measure: panel.Sum("output"), By: panel.Group{Column: "org"}})
//	cell, err := sel.Within(panel.Group{Column: "org"}, "350500.350582.")
//	list, err := cell.Rows(panel.Sum("output"), panel.Page{Limit: 50})
//
// The idea is that of column stores with chunked, copy-on-write snapshots, dictionary-coded text and per-chunk minima and
// maxima; docs/adr/0003-column-panels.md has the reasons and the measurements.
package panel
