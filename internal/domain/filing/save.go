package filing

import (
	"context"
	"iter"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Edit is what shall be saved of one filing.
type Edit struct {
	Ref     Ref
	Version int64 // that the caller read; 0 of one that nobody began
	Changes []Change
	Reason  string // needed where the period is closed
}

// maxEdit bounds the rows of one Edit.
const maxEdit = 5000

// Save writes rows into a filing and makes it a draft again; of a form that nobody approves it is in force at once. What
// says nothing new is not written, and the filing keeps its version when nothing is. Versions before are kept.
//
// Errors: those of Get; NotFound "form.not_found"; Stale "filing.stale" (arguments actor, at, version: who changed it since);
// Denied "filing.not_yours" (a confirmed filing of an enterprise, by somebody else), "filing.submitted", "filing.not_open",
// "filing.locked", "filing.closed", "filing.other_office"; Invalid "filing.not_asked", "filing.bad_field",
// "filing.no_key", "filing.key_differs", "filing.key_twice", "filing.too_many", "filing.closed_no_reason" and those of
// form.Field.Check, of a cell with the arguments key and field.
func Save(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, e Edit) (Filing, error) {
	f, err := save(ctx, w, act, lib, e)
	return f, fault.Wrap("filing.Save", err)
}

func save(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, e Edit) (Filing, error) {
	d, err := open(ctx, w, act, lib, e.Ref)
	if err != nil {
		return Filing{}, err
	}
	if err := d.mayEdit(e.Reason); err != nil {
		return d.f, err
	}
	if err := d.atVersion(e.Version); err != nil {
		return d.f, err
	}
	if len(e.Changes) > maxEdit {
		return d.f, fault.New(fault.Invalid, "filing.too_many", "limit", maxEdit)
	}
	p := newPen(d, "")
	defer p.close()
	if err := p.all(sliced(e.Changes)); err != nil || p.written == 0 {
		return d.f, err
	}
	return d.f, p.finish("save", e.Reason)
}

// mayEdit refuses whoever must not change the filing's records now.
func (d *desk) mayEdit(reason string) error {
	if err := d.mayChange(reason); err != nil {
		return err
	}
	if d.f.State == Submitted {
		return fault.New(fault.Denied, "filing.submitted", "actor", d.f.SubmittedBy)
	}
	return nil
}

func sliced(changes []Change) iter.Seq[*Change] {
	return func(yield func(*Change) bool) {
		for i := range changes {
			if !yield(&changes[i]) {
				return
			}
		}
	}
}

// made is a lot of lines that are ready to be written, or what keeps them from it.
type made struct {
	lines    []line
	err      error
	panicked any
}

// all writes all changes. Checking them and putting them into their stored form goes on beside the database, which takes as
// long.
func (p *pen) all(changes iter.Seq[*Change]) error {
	ctx, stop := context.WithCancel(p.d.ctx)
	ready := make(chan made, 4)
	defer func() { // changes are not iterated any more when all returns: a Write may run again
		stop()
		for range ready {
		}
	}()
	go p.feed(ctx, changes, ready)
	for lot := range ready {
		if lot.panicked != nil {
			panic(lot.panicked)
		}
		if err := p.lot(lot.lines); err != nil {
			return err
		}
		if lot.err != nil {
			return lot.err
		}
	}
	if err := p.d.ctx.Err(); err != nil {
		return fault.Because(err, fault.Busy, db.KeyCanceled)
	}
	return p.flush()
}

// feed hands on the lines of all changes in their order, until one is refused or ctx ends.
func (p *pen) feed(ctx context.Context, changes iter.Seq[*Change], ready chan<- made) {
	var lot made
	defer close(ready)
	defer func() {
		if lot.panicked = recover(); lot.panicked != nil || lot.err != nil || len(lot.lines) > 0 {
			select {
			case ready <- lot:
			case <-ctx.Done():
			}
		}
	}()
	for c := range changes {
		l, err := p.line(c)
		if err != nil {
			lot.err = err
			return
		}
		if lot.lines = append(lot.lines, l); len(lot.lines) < page.Chunk {
			continue
		}
		select {
		case ready <- lot:
			lot.lines = make([]line, 0, page.Chunk)
		case <-ctx.Done():
			lot.lines = nil
			return
		}
	}
}

// lot writes some lines. A filing that is new holds none of them, so nothing is looked up.
func (p *pen) lot(lines []line) error {
	if len(lines) == 0 {
		return nil
	}
	if p.d.was > 0 {
		return p.beside(lines)
	}
	for _, l := range lines {
		if err := p.write(l, was{}); err != nil {
			return err
		}
	}
	return nil
}

// beside writes lines of a filing that has records.
func (p *pen) beside(lines []line) error {
	keys := make([]string, len(lines))
	for i, l := range lines {
		keys[i] = l.key
	}
	now, err := p.current(keys)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := p.write(l, now[l.key]); err != nil {
			return err
		}
	}
	return nil
}

// finish does what follows written records: the trail, and the ledger where nobody approves.
func (p *pen) finish(action, reason string) error {
	detail := map[string]any{"rows": p.written}
	if reason != "" {
		detail["reason"] = reason
	}
	if p.batch != "" {
		detail["batch"] = p.batch
		if err := p.d.event(importing, reason); err != nil {
			return err
		}
	}
	if len(p.d.form.Chain) > 0 {
		return p.d.note(action, detail)
	}
	if !p.d.period.IsZero() { // when it was handed in for the first time stays known
		if err := p.d.event(submitting, reason); err != nil {
			return err
		}
	}
	changes, touched, err := p.d.project()
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		detail["ledger"] = changes
	}
	return p.d.note(action, detail, touched...)
}

// Bulk is a filing into which many rows go at once.
type Bulk struct {
	Ref    Ref
	Batch  string // of an import; becomes the Origin.Batch of each change that names none
	Reason string // needed where the period is closed
}

// SaveAll writes many rows into a filing whatever its version is, and says how many were new or changed. It holds none of
// them but their keys: rows may be a hundred thousand. Rows in the order of their keys are written in half the time of
// rows without order. A Write may run twice, so rows must be iterable twice. Errors: as Save, without "filing.stale" and
// "filing.too_many".
func SaveAll(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, b Bulk, rows iter.Seq[Change]) (written int64, err error) {
	written, err = saveAll(ctx, w, act, lib, b, rows)
	return written, fault.Wrap("filing.SaveAll", err)
}

func saveAll(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, b Bulk, rows iter.Seq[Change]) (int64, error) {
	d, err := open(ctx, w, act, lib, b.Ref)
	if err != nil {
		return 0, err
	}
	if err := d.mayEdit(b.Reason); err != nil {
		return 0, err
	}
	p := newPen(d, b.Batch)
	defer p.close()
	if err := p.all(pointed(rows)); err != nil || p.written == 0 {
		return 0, err
	}
	return p.written, p.finish("import", b.Reason)
}

func pointed(rows iter.Seq[Change]) iter.Seq[*Change] {
	return func(yield func(*Change) bool) {
		for c := range rows {
			if !yield(&c) {
				return
			}
		}
	}
}
