// Package annotate gives an office its own workbook back with what is wrong marked in it: bad cells are coloured and carry a
// note (批注), and a summary sheet stands in front.
//
// Everything else stays as it was, byte for byte: parts that are not touched are copied in their packed form, and in the
// touched ones only the marked cells' style numbers and the references to the notes change. A marked cell's style is its
// own style with another fill, so number formats, borders, fonts, alignment and protection stay. Notes of the user are kept;
// ours are added below their text. The workbook opens on the sheet on which it was saved.
//
// A copy that comes back is annotated as if it were the first time: cells that are right now lose our colour and note, and the
// summary is written anew where it stands. What that needs lies in hidden columns of the summary, in a form that a save in
// Excel, WPS or LibreOffice keeps (again.go). A cell that somebody formatted since keeps its new look. What somebody wrote into
// our summary is lost, what somebody wrote into one of our notes stays. Who deletes the summary keeps the colours.
//
// It does not know what a problem is about and has no words of its own: messages, titles and the author come from the caller
// in the user's language. It does not write numbers into cells and repairs nothing. What it does not keep: a digital
// signature of the workbook becomes invalid, as with any change.
//
//	result, err := annotate.Workbook(ctx, file, size, out, annotate.Job{
//		Problems: []annotate.Problem{{Sheet: "园区", Cell: "B7", Message: "…"}},
//		Summary:  annotate.Summary{Sheet: "检查结果", Title: "…", Lines: lines},
//		Author:   "…",
//	})
//
// A file that is no .xlsx workbook (.csv, .xls) cannot be given back as it was: Tables makes a new workbook of the same cells
// at the same places, as text, and marks that.
//
// Sources: ECMA-376-1 (SpreadsheetML: 18.3 worksheets, 18.7 comments, 18.8 styles; order of elements as in annex A),
// ECMA-376-4 (VML), ECMA-376-2 (packages).
package annotate
