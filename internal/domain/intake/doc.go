// Package intake is an office's file on its way into filings (导入): what it would change, cell by cell, before anything is
// written; then one batch, all or nothing; and the way back.
//
//	in, err := intake.Open(ctx, w, act, intake.New{Form: "project_list", Kind: form.OfOrg, Subject: city, Name: "GIS.xlsx"}, bytes)
//	plan, err := intake.Check(ctx, d, act.Scope, lib, in.Target, inputs, watch)   // writes nothing
//	err = d.Write(ctx, func(w db.Writer) error { done, err := intake.Commit(ctx, w, act, lib, plan, batch); … })
//	_, err = intake.Undo(ctx, w, act, lib, in.ID, reason)
//
// A row of the file is a record of one filing (a list: 项目台账), or the filing of another enterprise or park for each row,
// found by its credit code or by its exact name. Of each cell the ledger is asked: new, changed, unchanged, or conflicting,
// which is never written: the enterprise confirmed another value, or somebody changed it after the file was made. A cell that
// is blank takes nothing away; what the user named as a word for "unknown" does. A row that is not in the file stays.
//
// A file with bad cells can be mended and sent again into the same intake: the good rows of the files before stay staged, a
// later file's row counts for an earlier one of the same key, and what is in the ledger already is unchanged, so that the same
// file twice writes nothing.
//
// It opens no file and knows no workbook: an edge gives the rows (Input). Who may do what: callers ask for the action
// filing.import; rows outside the scope are not found.
//
//	intake.go  the session and its files   store.go   reading and writing it     target.go  whose filing a row is
//	check.go   judging a file              merge.go   comparing with the ledger  report.go  what the check says
//	commit.go  the batch                   undo.go    the way back               mapping.go  mappings that offices keep
//
// Tables: intake, intake_file, intake_chunk, intake_mapping; a batch is a row of import_batch whose id begins with the intake's.
package intake
