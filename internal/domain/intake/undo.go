package intake

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Undo takes all that an intake wrote out of the ledger again, the latest batch first: each record is as it was before. It
// stays in the history. Errors: Invalid "intake.no_reason"; Stale "intake.state"; of filing.Undo when something later depends
// on it, which says what.
func Undo(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, id, reason string) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil && reason == "" {
		err = fault.New(fault.Invalid, "intake.no_reason")
	}
	if err == nil && (in.State != Committed || in.Report == nil || len(in.Report.Batches) == 0) {
		err = fault.New(fault.Stale, "intake.state", "state", string(in.State))
	}
	if err != nil {
		return Intake{}, fault.Wrap("intake.Undo", err)
	}
	var rows int64
	for _, batch := range slices.Backward(in.Report.Batches) {
		n, err := filing.Undo(ctx, w, act, lib, batch, reason)
		if err != nil {
			return Intake{}, fault.Wrap("intake.Undo", used(err, in))
		}
		rows += n
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "intake.undo", Kind: "import_batch", Entity: in.Report.Batches[0],
		At: act.At, Detail: map[string]any{"batches": in.Report.Batches, "rows": rows, "reason": reason}})
	if err == nil {
		err = setState(ctx, w, act, &in, Undone, in.Report)
	}
	return in, fault.Wrap("intake.Undo", err)
}

// Undoable says whether Undo would take an intake back; nil when it would.
func Undoable(ctx context.Context, r db.Reader, s auth.Scope, in Intake) error {
	if in.State != Committed || in.Report == nil || len(in.Report.Batches) == 0 {
		return fault.New(fault.Stale, "intake.state", "state", string(in.State))
	}
	for _, batch := range in.Report.Batches {
		if err := filing.Undoable(ctx, r, s, batch); err != nil {
			return fault.Wrap("intake.Undoable", used(err, in))
		}
	}
	return nil
}

// used says of a batch of which no record is left as it wrote it that all were changed since.
func used(err error, in Intake) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return fault.Because(err, fault.Denied, "intake.used", "file", in.Last().Name)
	}
	return err
}
