// Package sheet reads the tables that offices send — Excel workbooks, old (.xls) and new (.xlsx), and CSV text — into raw rows,
// and writes such tables.
//
// It finds out from the content, not from the file's name, what a file is; finds the header row by the columns that the
// caller wants, under any of their synonyms; and hands on every cell as text with its place ("B17"), whether a formula
// computed it, and the unit that the header states. It streams: a file of any size within the limits costs the memory of
// one row (and, for a workbook, of its text table). What could lead to a wrong number is refused with a sentence that says
// where and what to do: a wrong encoding, a column twice, a cell outside the header, a merged cell, a damaged archive.
//
// It does not know what a cell means: nothing is parsed, converted or guessed here. An adapter (parks.go) names the columns
// of one kind of table and passes the rows to the noun, which judges them.
//
//	t, err := sheet.Read(ctx, f, size, sheet.Options{File: "parks.xlsx", Columns: columns})
//	var problems sheet.Problems
//	for row, err := range t.Rows(ctx, &problems) {
//		…
//	}
//
// A form that nobody knows yet starts from Open, which gives all rows of a sheet and takes none for a header. Packages below:
// mapping finds the header and proposes what the columns are, value reads what people type into cells, annotate gives a
// workbook back with what is wrong marked in it, template makes the workbook in which a form is filled in and knows it again,
// export writes filings; xls and opc read the two kinds of containers.
//
// Sources: CSV as RFC 4180; encodings as GB 18030-2022 and Unicode; workbooks as ECMA-376 part 1 (SpreadsheetML) and part 2
// (packages); compound files as [MS-CFB] 2.6.1 (directory entries). The sheet's XML is read with encoding/xml and not with
// the Excel library because that one hides formulas and cell types from its streaming reader and takes a truncated sheet
// for a short one.
package sheet
