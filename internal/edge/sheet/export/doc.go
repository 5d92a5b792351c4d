// Package export writes filings as a table that people work on elsewhere: .xlsx with typed cells, or CSV. It streams: a
// hundred thousand rows cost the memory of a few.
//
// Nothing in an export is a formula: in a workbook every text is a text cell, and in CSV a text that a program could run gets a
// leading apostrophe, as sheet.WriteCSV does. Quantities are plain decimals in the unit of the heading, days are ISO. Words come
// from the caller. What may be exported is decided before: the rows are already those that the caller may see.
//
//	err := export.Write(ctx, w, export.Spec{Form: f, Format: export.XLSX, Rows: rows, Say: say})
//	name := export.Name(export.XLSX, "企业月报表", "晋江市", "2024年6月") // 企业月报表_晋江市_2024年6月.xlsx
package export
