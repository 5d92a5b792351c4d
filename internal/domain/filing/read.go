package filing

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Get gives a filing that the scope covers and its first page.Max records by key; Records gives the rest. One that nobody
// began is Owed with Version 0; whether its form is asked for at all is the form's matter.
//
// Errors: NotFound "enterprise.not_found", "park.not_found", "org.not_found", also for a subject out of reach; Invalid
// "filing.bad_subject", "period.invalid", "text.invalid".
func Get(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) (Filing, []Record, error) {
	f, err := find(ctx, r, s, ref)
	if err != nil || f.Version == 0 {
		return f, nil, fault.Wrap("filing.Get", err)
	}
	records, _, err := pageOf(ctx, r, s.City, ref, "", page.Max)
	return f, records, fault.Wrap("filing.Get", err)
}

// Records gives one page of a filing's records by key, without those removed, and the cursor of the page after it, "" at
// the end. Errors: as Get; Invalid "cursor.invalid", "limit.invalid".
func Records(ctx context.Context, r db.Reader, s auth.Scope, ref Ref, after string, limit int) (records []Record, next string, err error) {
	const op = "filing.Records"
	if limit, err = page.Size(limit); err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if _, err := find(ctx, r, s, ref); err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	records, next, err = pageOf(ctx, r, s.City, ref, after, limit)
	return records, next, fault.Wrap(op, err)
}

const recordColumns = `row_key, version, filing_version, cells, gone, nature, way, recorder, at, COALESCE(batch, ''), COALESCE(file_no, 0), COALESCE(row_no, 0)`

// scanRecord reads one record into rec, whose Cells it uses again when there are some.
func scanRecord(s db.Scanner, rec *Record) error {
	var cells string
	var gone, at, file, row int64
	if err := s.Scan(&rec.Key, &rec.Version, &rec.FilingVersion, &cells, &gone, &rec.Nature, &rec.Origin.Way, &rec.Recorder, &at,
		&rec.Origin.Batch, &file, &row); err != nil {
		return err
	}
	rec.Gone, rec.At = gone == 1, time.UnixMicro(at).UTC()
	rec.Origin.File, rec.Origin.Row = int(file), int(row)
	if rec.Cells == nil {
		rec.Cells = Cells{}
	}
	return decode(cells, rec.Cells)
}

func newRecord(s db.Scanner) (rec Record, err error) {
	err = scanRecord(s, &rec)
	return rec, err
}

// pageOf reads records by key, behind the one that a cursor names.
func pageOf(ctx context.Context, r db.Reader, city string, ref Ref, after string, limit int) ([]Record, string, error) {
	query, args := `SELECT `+recordColumns+` FROM filing_record WHERE `+ofRef+` AND gone = 0`, ref.args(city)
	if after != "" {
		place, err := page.Place(after, 1)
		if err != nil {
			return nil, "", err
		}
		query, args = query+` AND row_key > $7`, append(args, limit+1, place[0])
	} else {
		args = append(args, limit+1)
	}
	records, err := db.Collect(ctx, r, newRecord, query+` ORDER BY row_key LIMIT $6`, args...)
	if err != nil || len(records) <= limit {
		return records, "", err
	}
	return records[:limit], page.Cursor(records[limit-1].Key), nil
}

// EachRecord calls fn with every record of a filing by key, without those removed. The record is reused between calls:
// copy what is kept. fn must not use r. Errors: as Get, and what fn returns.
func EachRecord(ctx context.Context, r db.Reader, s auth.Scope, ref Ref, fn func(*Record) error) error {
	f, err := find(ctx, r, s, ref)
	if err == nil && f.Version > 0 {
		err = each(ctx, r, s.City, ref, fn)
	}
	return fault.Wrap("filing.EachRecord", err)
}

func each(ctx context.Context, r db.Reader, city string, ref Ref, fn func(*Record) error) error {
	var rec Record
	return db.Each(ctx, r, func(s db.Scanner) error {
		if err := scanRecord(s, &rec); err != nil {
			return err
		}
		return fn(&rec)
	}, `SELECT `+recordColumns+` FROM filing_record WHERE `+ofRef+` AND gone = 0 ORDER BY row_key`, ref.args(city)...)
}

// Event is what was done with a filing.
type Event struct {
	Seq           int64
	Action        string // submit, recall, approve, return, reopen, import, undo
	Level         int    // of the chain; of an approval the number of levels that approved with it
	FilingVersion int64  // after it
	Reason        string
	Actor         string
	ActorOrg      string // id of the actor's org; "" of an enterprise's own user
	At            time.Time
}

// The actions of events.
const (
	submitting = "submit"
	recalling  = "recall"
	approving  = "approve"
	returning  = "return"
	reopening  = "reopen"
	importing  = "import"
	undoing    = "undo"
)

// maxEvents bounds the events that are read of one filing; they are the latest.
const maxEvents = 1000

// Events lists what was done with a filing, oldest first; of very many the latest. Errors: as Get.
func Events(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) ([]Event, error) {
	f, err := find(ctx, r, s, ref)
	if err != nil || f.Version == 0 {
		return nil, fault.Wrap("filing.Events", err)
	}
	events, err := eventsOf(ctx, r, s.City, ref)
	return events, fault.Wrap("filing.Events", err)
}

func eventsOf(ctx context.Context, r db.Reader, city string, ref Ref) ([]Event, error) {
	events, err := db.Collect(ctx, r, func(s db.Scanner) (e Event, err error) {
		var level, at int64
		err = s.Scan(&e.Seq, &e.Action, &level, &e.FilingVersion, &e.Reason, &e.Actor, &e.ActorOrg, &at)
		e.Level, e.At = int(level), time.UnixMicro(at).UTC()
		return e, err
	}, `SELECT seq, action, level, filing_version, reason, actor, actor_org, at FROM filing_event
		WHERE `+ofRef+` ORDER BY seq DESC LIMIT $6`, append(ref.args(city), maxEvents)...)
	for i, j := 0, len(events)-1; i < j; i, j = i+1, j-1 {
		events[i], events[j] = events[j], events[i]
	}
	return events, err
}
