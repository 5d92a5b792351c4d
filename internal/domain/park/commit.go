package park

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Batch names an import and says who makes it, when, and where ids come from.
type Batch struct {
	ID    string // of the batch, an id of kit/id; batches of the same instant are told apart by it
	Actor string // username
	At    time.Time
	NewID func() string
}

// Commit writes what a plan says: parks, figures, the batch, each row of the list as it was written, and one audit line, all
// or nothing with the Write that it is part of. It gives the batch's id, or "" when the list says nothing that the ledger
// does not have: then nothing is written, so that the same file twice makes one batch.
//
// It reads the ledger again and refuses when somebody changed it so that the plan is no longer what would happen.
//
// Errors: Invalid "import.has_problems" (argument count); Stale "import.moved"; those of Prepare.
func Commit(ctx context.Context, w db.Writer, plan Plan, b Batch) (batch string, err error) {
	if n := len(plan.Problems); n > 0 {
		return "", fault.Wrap("park.Commit", fault.New(fault.Invalid, "import.has_problems", "count", n))
	}
	now, err := Prepare(ctx, w.Reader, plan.imp)
	if err == nil && !now.sameAs(plan) {
		err = fault.New(fault.Stale, "import.moved")
	}
	if err != nil || now.New+now.Changed == 0 {
		return "", fault.Wrap("park.Commit", err)
	}
	act := org.Act{Scope: plan.imp.scope(), Actor: b.Actor, At: b.At, NewID: b.NewID}
	if err := now.write(ctx, w, act, b.ID); err != nil {
		return "", fault.Wrap("park.Commit", err)
	}
	return b.ID, nil
}

// sameAs says whether two plans of one list would do the same.
func (p Plan) sameAs(q Plan) bool {
	return len(p.Problems) == 0 && len(q.Problems) == 0 && slices.EqualFunc(p.Rows, q.Rows, func(a, b PlannedRow) bool {
		return a.Row == b.Row && a.Park == b.Park && a.State == b.State && slices.Equal(a.Changes, b.Changes)
	})
}

func (p Plan) write(ctx context.Context, w db.Writer, act org.Act, batch string) error {
	if err := p.insertBatch(ctx, w, act, batch); err != nil {
		return err
	}
	touched, notes := map[ID]bool{}, map[string]any{}
	for _, row := range p.Rows {
		id, err := row.write(ctx, w, act, batch)
		if err == nil {
			err = insertRow(ctx, w, act.Scope.City, batch, row.entry.listed, id)
		}
		if err != nil {
			return err
		}
		if row.State != Unchanged {
			touched[id] = true
		}
		if row.State == Changed {
			notes[string(id)] = before(row.Changes)
		}
	}
	f := p.imp.File
	_, err := audit.Append(ctx, w, audit.Entry{
		City: act.Scope.City, Actor: act.Actor, Action: "park.import", Kind: "import_batch", Entity: batch, At: act.At,
		Detail: map[string]any{
			"file": f.File, "sheet": f.Sheet, "digest": f.Digest, "ignored": p.Ignored, "rows": len(p.Rows),
			"new": p.New, "changed": p.Changed, "unchanged": p.Unchanged, "changes": notes,
		},
		Touched: touches(touched),
	})
	return err
}

// before writes a row's changes as the audit trail keeps them.
func before(changes []FieldChange) map[string]change {
	out := make(map[string]change, len(changes))
	for _, c := range changes {
		out[c.Field] = change{Before: c.Before, After: c.After}
	}
	return out
}

// write writes one row's park and figures and gives the park's id.
func (row PlannedRow) write(ctx context.Context, w db.Writer, act org.Act, batch string) (ID, error) {
	p, _ := merge(row.was.Park, row.entry.park)
	switch row.State {
	case Unchanged:
		return row.Park, nil
	case New:
		added, err := insert(ctx, w, act, p)
		if err != nil {
			return "", err
		}
		p = added
	default:
		if err := bump(ctx, w, p); err != nil {
			return "", err
		}
	}
	_, err := newPen(w, act, batch).figures(ctx, p.ID, row.said, row.entry.figures)
	return p.ID, err
}

func (p Plan) insertBatch(ctx context.Context, w db.Writer, act org.Act, batch string) error {
	f := p.imp.File
	_, err := w.Exec(ctx, `INSERT INTO import_batch (city, id, kind, file, digest, actor, at, rows_read, rows_new, rows_changed, rows_same)
		VALUES ($1, $2, 'parks', $3, $4, $5, $6, $7, $8, $9, $10)`,
		act.Scope.City, batch, f.File, f.Digest, act.Actor, act.At.UnixMicro(), len(p.Rows), p.New, p.Changed, p.Unchanged)
	return existsAs(err, "import.batch_exists", "id", batch)
}

func insertRow(ctx context.Context, w db.Writer, city, batch string, l Listed, id ID) error {
	cells, err := json.Marshal(l.original())
	if err != nil {
		return err
	}
	_, err = w.Exec(ctx, `INSERT INTO import_row (city, batch, row_no, kind, entity, cells) VALUES ($1, $2, $3, 'park', $4, $5)`,
		city, batch, l.Row, id, string(cells))
	return err
}

// originalOf gives the cells of the list that last brought a park; nil when none did.
func originalOf(ctx context.Context, r db.Reader, city string, id ID) ([]OriginalCell, error) {
	texts, err := db.Collect(ctx, r, func(row db.Scanner) (s string, err error) { return s, row.Scan(&s) }, `SELECT x.cells
		FROM import_row x JOIN import_batch b ON b.city = x.city AND b.id = x.batch
		WHERE x.city = $1 AND x.kind = 'park' AND x.entity = $2 ORDER BY b.at DESC, b.id DESC, x.row_no LIMIT 1`, city, id)
	if err != nil || len(texts) == 0 {
		return nil, err
	}
	var cells []OriginalCell
	if err := json.Unmarshal([]byte(texts[0]), &cells); err != nil {
		return nil, fault.Because(err, fault.Internal, "import.row_unreadable", "id", id)
	}
	return cells, nil
}
