// Package filing is what is filed (填报): returns of enterprises, parks and offices, and out of them the values that
// indicators read.
//
// # Filings
//
// A filing is one form (domain/form) of one subject for one period, or of a standing form without one. Its records are the
// rows that it holds, one or, of a list, any number told apart by their key. Nothing is overwritten: a record that changes
// leaves its version before in filing_past, and each version knows who wrote it, when, whether it was typed or imported,
// and from which batch, file and row (Provenance).
//
//	owed ─ Save ─► draft ─ Submit ─► submitted ─ Approve, level by level ─► approved ─ Save ─► draft, and Differs shows it
//	                 ▲                   │ Recall: before the first approval      │
//	                 └─── Save ── returned ◄─ Return, with a reason               └ Reopen: the city office
//
// What is saved of a form that nobody approves is in force at once. Who approves is the form's chain, as far as the subject's
// place in the tree has such offices; where several levels approve, nobody approves what he submitted. Before its window
// opens nothing is saved, and after it nothing unless the city office reopens the filing. Where a month of the period is
// closed, a change is a correction with a reason, by the enterprise's own user or the city office.
//
//	f, err := filing.Save(ctx, w, act, lib, filing.Edit{Ref: ref, Version: f.Version, Changes: changes})
//	f, err = filing.Submit(ctx, w, act, lib, filing.Submission{Ref: ref, Version: f.Version, Answers: answers})
//	f, err = filing.Approve(ctx, w, act, lib, filing.Step{Ref: ref, Version: f.Version, Role: user.Role})
//
// # Whose figures
//
// What an enterprise's own user submitted is confirmed: nobody else changes it, whatever its state, and neither does anybody
// the values that it declared. Others remark on it (AddRemark), return it, or record what they know otherwise as a figure of
// another nature beside it (RecordDiffering). Which roles act at all is a matter of platform/auth; here it is who covers
// the subject, and of approvals the role as well.
//
// # Values
//
// A value is one number of one field, enterprise and month, in the field's canonical unit, with its nature and source.
// Submit brings those of an enterprise's monthly form to them, from where the panel reads. Where it is counted to (park,
// org) is not a part of it but follows from the enterprise's tenancies in that month (tenancy.Home). A month that was not
// filed is missing, not zero; of a form that combines January and February the latter's value is that of both.
//
//	n, err := filing.AddMany(ctx, w, act, slices.Values(values))
//	err = filing.EachRow(ctx, r, city, filing.Only{}, []filing.Field{filing.Output}, func(row *filing.PanelRow) error { … })
//
// It is not a form, not a file on its way in (domain/intake) and not a closed month (domain/vintage).
//
//	record.go     Ref, Filing, Record, Change  place.go  where a filing stands, who sees it
//	read.go       Get, EachRecord, Events      save.go   Save, SaveAll; pen.go writes, cells.go is how cells are stored
//	desk.go       who may change it, and when  bulk.go   Undo
//	lifecycle.go  Submit, Recall               review.go Approve, ApproveMany, Return, Reopen; chain.go: levels, Party.Can
//	list.go       List                         owed.go   who owes; progress.go: Progress
//	judge.go      Judge; around.go: its inputs prefill.go Prefill, Beside
//	provenance.go Provenance, Differs          differing.go AddRemark, RecordDiffering
//	ledger.go     from records to values       filing.go, store.go, write.go, feed.go: values
//
// Who sees a filing: the office at whose org, or above it, it counts; of an enterprise whoever sees the enterprise; the
// enterprise its own. Tables: filing, filing_record, filing_past, filing_event, filing_answer, filing_remark, filing_value,
// figure (kind 'enterprise').
package filing
