package filing

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Undo puts every row that a batch wrote back to what it was before it, in a version of its own with the Way Undone, and
// says how many. It does all or nothing, for whoever may change all those filings.
//
// Errors: as Save; NotFound "filing.no_batch" for one that wrote nothing or was undone; Denied "filing.batch_used" (argument
// filing) when a row was changed since, or its filing was handed in; Invalid "filing.no_reason".
func Undo(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, batch, reason string) (rows int64, err error) {
	rows, err = undo(ctx, w, act, lib, batch, reason)
	return rows, fault.Wrap("filing.Undo", err)
}

func undo(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, batch, reason string) (rows int64, err error) {
	if err := checkText("reason", reason); err != nil {
		return 0, err
	}
	refs, err := undoable(ctx, w.Reader, act.Scope, batch)
	if err != nil {
		return 0, err
	}
	for _, ref := range refs {
		n, err := undoOne(ctx, w, act, lib, ref, batch, reason)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, nil
}

// Undoable says whether a batch can be undone as far as its filings go; otherwise why not, as Undo's errors do.
func Undoable(ctx context.Context, r db.Reader, s auth.Scope, batch string) error {
	_, err := undoable(ctx, r, s, batch)
	return fault.Wrap("filing.Undoable", err)
}

// undoable gives the filings of a batch that can be undone.
func undoable(ctx context.Context, r db.Reader, s auth.Scope, batch string) ([]Ref, error) {
	if err := page.Clean(batch); err != nil {
		return nil, err
	}
	refs, err := db.Collect(ctx, r, func(s db.Scanner) (ref Ref, err error) {
		return ref, s.Scan(&ref.Kind, &ref.Subject, &ref.Form, &ref.Period)
	}, `SELECT DISTINCT subject_kind, subject, form, period FROM filing_record WHERE city = $1 AND batch = $2 AND way = 'imported'
		ORDER BY subject_kind, subject, form, period`, s.City, batch)
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		return nil, fault.New(fault.NotFound, "filing.no_batch", "batch", batch)
	}
	var changed Ref
	err = r.QueryRow(ctx, `SELECT p.subject_kind, p.subject, p.form, p.period FROM filing_past p WHERE p.city = $1 AND p.batch = $2
		AND p.way = 'imported' ORDER BY p.subject_kind, p.subject, p.form, p.period LIMIT 1`, s.City, batch).
		Scan(&changed.Kind, &changed.Subject, &changed.Form, &changed.Period)
	if err == nil {
		return nil, fault.New(fault.Denied, "filing.batch_used", "filing", changed.String())
	}
	if fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	for _, ref := range refs {
		f, err := find(ctx, r, s, ref)
		if err != nil {
			return nil, err
		}
		if f.State == Submitted || f.State == Approved && !f.SubmittedAt.IsZero() && f.Level > 0 {
			return nil, fault.New(fault.Denied, "filing.batch_used", "filing", ref.String())
		}
	}
	return refs, nil
}

// undoOne takes a batch's rows of one filing back.
func undoOne(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, ref Ref, batch, reason string) (int64, error) {
	d, err := open(ctx, w, act, lib, ref)
	if err != nil {
		return 0, err
	}
	if err := d.mayEdit(reason); err != nil {
		return 0, err
	}
	p := newPen(d, batch)
	if err := p.bump(); err != nil {
		return 0, err
	}
	const ofBatch = ofRef + ` AND batch = $6 AND way = 'imported'`
	args := append(ref.args(act.Scope.City), batch)
	if _, err := w.Exec(ctx, `INSERT INTO filing_past (`+pastColumns+`) SELECT `+pastColumns+` FROM filing_record WHERE `+ofBatch, args...); err != nil {
		return 0, err
	}
	const former = `FROM filing_past p WHERE p.city = filing_record.city AND p.subject_kind = filing_record.subject_kind
		AND p.subject = filing_record.subject AND p.form = filing_record.form AND p.period = filing_record.period
		AND p.row_key = filing_record.row_key AND p.version = filing_record.version - 1`
	p.written, err = w.Exec(ctx, `UPDATE filing_record SET cells = COALESCE((SELECT p.cells `+former+`), '`+noCells+`'),
		gone = COALESCE((SELECT p.gone `+former+`), 1), nature = COALESCE((SELECT p.nature `+former+`), nature),
		version = version + 1, filing_version = $7, way = 'undone', recorder = $8, at = $9, file_no = NULL, row_no = NULL
		WHERE `+ofBatch, append(args, d.f.Version, act.Actor, act.At.UnixMicro())...)
	if err != nil {
		return 0, err
	}
	p.batch = ""
	if err := d.event(undoing, reason); err != nil {
		return 0, err
	}
	return p.written, p.finish("undo", reason)
}
