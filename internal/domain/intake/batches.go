package intake

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Batch is what one commit of an intake wrote.
type Batch struct {
	ID        string
	Intake    string
	Form      form.Code
	File      string
	Digest    string
	Actor     string
	At        time.Time // UTC
	Rows      int64
	New       int64
	Changed   int64
	Unchanged int64
}

// Batches lists at most limit batches of the intakes that the scope covers, latest first, that are earlier than an instant and
// id; both may be those of any batch, so that the list can be laid together with another kind's.
func Batches(ctx context.Context, r db.Reader, s auth.Scope, before time.Time, id string, limit int) ([]Batch, error) {
	var w page.Where
	if !visible(&w, s) {
		return nil, nil
	}
	at := int64(1<<63 - 1)
	if !before.IsZero() {
		at = before.UnixMicro()
	}
	w.And("b.kind <> 'parks'")
	w.And("(b.at, b.id) < (%s, %s)", at, id)
	list, err := db.Collect(ctx, r, func(row db.Scanner) (b Batch, err error) {
		var at int64
		err = row.Scan(&b.ID, &b.Intake, &b.Form, &b.File, &b.Digest, &b.Actor, &at, &b.Rows, &b.New, &b.Changed, &b.Unchanged)
		b.At = time.UnixMicro(at).UTC()
		return b, err
	}, `SELECT b.id, i.id, i.form, b.file, b.digest, b.actor, b.at, b.rows_read, b.rows_new, b.rows_changed, b.rows_same`+tables+
		` JOIN import_batch b ON b.city = i.city AND substr(b.id, 1, 26) = i.id`+w.SQL()+` ORDER BY b.at DESC, b.id DESC LIMIT `+w.Arg(limit), w.Args()...)
	return list, fault.Wrap("intake.Batches", err)
}

// MappingOf gives how the files of a batch were read, as the edge wrote it; empty where nobody kept it. Who sees a record may
// know where it came from, so that it takes no scope.
func MappingOf(ctx context.Context, r db.Reader, city, batch string) (string, error) {
	var mapping *string
	err := r.QueryRow(ctx, `SELECT mapping FROM import_batch WHERE city = $1 AND id = $2`, city, batch).Scan(&mapping)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	if err != nil || mapping == nil {
		return "", fault.Wrap("intake.MappingOf", err)
	}
	return *mapping, nil
}
