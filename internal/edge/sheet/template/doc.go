// Package template makes the workbook in which a form is filled in away from the product (填报模板), and knows it again when it
// comes back: one form, one office, one period, one row for each subject or record, with what is already known in the cells.
//
// The sheet is a table as offices print it: title, a line with office and period, sections over field names, a line of units.
// Choices are drop-downs whose texts stand on a hidden sheet behind named ranges, because a list inside a rule breaks beyond
// 255 characters. A second hidden sheet holds the Meta: which form in which version, for whom, for when, and at which change
// of the ledger it was made. The first row, hidden, holds the field codes: columns that were moved or hidden are found again.
//
// It does not judge a value and reads none: Read gives the Meta, and Meta.Mapping says to package mapping how the table is
// read. What a Meta says was in somebody's hands: whoever takes the file checks it against what that person may file. Words
// come from the caller. Every text is written as text, so that nothing in a template is a formula.
//
//	err := template.Write(ctx, w, template.Spec{Form: f, Org: "o1", OrgName: "晋江市", Period: "2024-06", Rows: rows, Say: say})
//	…
//	meta, err := template.Read(ctx, file) // NotFound "template.none": somebody's own workbook
//	m := meta.Mapping(f)
//
// What survives a save in LibreOffice is in the tests: values, drop-downs, hidden sheets and row, repeated rows, paper, footer,
// protection. (Frozen panes are lost where it saves without a window, and only there.)
// Sources: ECMA-376-1 (18.3.1.32 dataValidation, 18.2.5 definedName, 18.3.1.85 sheetProtection).
package template
