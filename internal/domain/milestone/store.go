package milestone

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ledger is all that is kept of one subject's way.
type ledger struct {
	head     subject.Head
	pack     *lifecycle.Pack
	entries  []Entry // as recorded: by stage, way and seq
	voids    []Void
	pauses   []Pause
	papers   []evidence.Evidence // of the subject, withdrawn ones too
	borrowed []evidence.Evidence // of its enterprise, as far as entries or the step name them
	known    facts               // but for those of evidence
	listed   period.Month
	today    period.Date
}

// load reads a subject's ledger, without evidence and facts: see prove. Errors: those of subject.Get; NotFound
// "lifecycle.not_found".
func load(ctx context.Context, r db.Reader, s auth.Scope, lib *lifecycle.Library, ref subject.Ref, today period.Date) (*ledger, error) {
	head, err := subject.Get(ctx, r, s, ref)
	if err != nil {
		return nil, err
	}
	l := &ledger{head: head, today: today}
	if l.pack, err = lib.For(head.Lifecycle, today); err != nil {
		return nil, err
	}
	return l, l.read(ctx, r)
}

func (l *ledger) read(ctx context.Context, r db.Reader) (err error) {
	if l.entries, err = l.readEntries(ctx, r); err != nil {
		return err
	}
	ref := []any{l.head.City, string(l.head.Kind), l.head.ID}
	if l.voids, err = db.Collect(ctx, r, scanVoid, `SELECT `+entryColumns+`, void_reason, void_by, void_at FROM milestone_void
		WHERE city = $1 AND subject_kind = $2 AND subject = $3 ORDER BY stage, way, seq`, ref...); err != nil {
		return err
	}
	if l.pauses, err = db.Collect(ctx, r, scanPause, `SELECT seq, act, day, reason, recorder, recorded_at FROM milestone_pause
		WHERE city = $1 AND subject_kind = $2 AND subject = $3 ORDER BY seq`, ref...); err != nil {
		return err
	}
	return l.rests(ctx, r, ref)
}

const entryColumns = `stage, way, seq, day, nature, source, reason, recorder, recorded_at`

func (l *ledger) readEntries(ctx context.Context, r db.Reader) ([]Entry, error) {
	if l.head.Kind == subject.Tenancy {
		return db.Collect(ctx, r, scanEntry, `SELECT `+entryColumns+` FROM tenancy_stage WHERE city = $1 AND enterprise = $2 AND tenancy = $3
			ORDER BY stage, way, seq`, l.head.City, l.head.Enterprise, l.head.ID)
	}
	return db.Collect(ctx, r, scanEntry, `SELECT `+entryColumns+` FROM project_milestone WHERE city = $1 AND project = $2 ORDER BY stage, way, seq`,
		l.head.City, l.head.ID)
}

// fields are where the columns entryColumns go; way is read afterwards.
func (e *Entry) fields(way *string) []any {
	return []any{&e.Stage, way, &e.Seq, &e.Day, &e.Nature, &e.Source, &e.Reason, &e.Recorder, &e.RecordedAt}
}

func scanEntry(s db.Scanner) (e Entry, err error) {
	var way string
	if err = s.Scan(e.fields(&way)...); err == nil {
		e.Way, err = tenancy.ParseWay(way)
	}
	return e, err
}

func scanVoid(s db.Scanner) (v Void, err error) {
	var way string
	if err = s.Scan(append(v.fields(&way), &v.VoidReason, &v.VoidBy, &v.VoidAt)...); err == nil {
		v.Way, err = tenancy.ParseWay(way)
	}
	return v, err
}

func scanPause(s db.Scanner) (p Pause, err error) {
	err = s.Scan(&p.Seq, &p.Act, &p.Day, &p.Reason, &p.Recorder, &p.RecordedAt)
	return p, err
}

// rests fills in what entries, also those that were taken back, rest on.
func (l *ledger) rests(ctx context.Context, r db.Reader, ref []any) error {
	type key struct {
		stage, way string
		seq        int64
	}
	on := map[key][]string{}
	err := db.Each(ctx, r, func(s db.Scanner) error {
		var k key
		var id string
		err := s.Scan(&k.stage, &k.way, &k.seq, &id)
		on[k] = append(on[k], id)
		return err
	}, `SELECT stage, way, seq, evidence FROM milestone_evidence WHERE city = $1 AND subject_kind = $2 AND subject = $3
		ORDER BY stage, way, seq, evidence`, ref...)
	if err != nil || len(on) == 0 {
		return err
	}
	for i := range l.entries {
		e := &l.entries[i]
		e.Evidence = on[key{e.Stage, e.Way.String(), e.Seq}]
	}
	for i := range l.voids {
		e := &l.voids[i].Entry
		e.Evidence = on[key{e.Stage, e.Way.String(), e.Seq}]
	}
	return nil
}

// nextSeq is the number of the next entry of a stage and way; numbers of entries that were taken back are not used again.
func (l *ledger) nextSeq(stage string, way tenancy.Way) (seq int64) {
	for _, e := range l.entries {
		if e.Stage == stage && e.Way == way {
			seq = max(seq, e.Seq)
		}
	}
	for _, v := range l.voids {
		if v.Stage == stage && v.Way == way {
			seq = max(seq, v.Seq)
		}
	}
	return seq + 1
}

// insert appends an entry with what it rests on.
func (l *ledger) insert(ctx context.Context, w db.Writer, e Entry) error {
	row := []any{e.Stage, e.Way.String(), e.Seq, e.Day, e.Nature, e.Source, e.Reason, e.Recorder, e.RecordedAt}
	text, args := `INSERT INTO project_milestone (`+entryColumns+`, city, project) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		append(row, l.head.City, l.head.ID)
	if l.head.Kind == subject.Tenancy {
		text, args = `INSERT INTO tenancy_stage (`+entryColumns+`, city, enterprise, tenancy) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			append(row, l.head.City, l.head.Enterprise, l.head.ID)
	}
	if _, err := w.Exec(ctx, text, args...); err != nil {
		return err
	}
	for _, id := range e.Evidence {
		if _, err := w.Exec(ctx, `INSERT INTO milestone_evidence (city, subject_kind, subject, stage, way, seq, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			l.head.City, string(l.head.Kind), l.head.ID, e.Stage, e.Way.String(), e.Seq, id); err != nil {
			return err
		}
	}
	return nil
}

// void moves an entry beside what counts.
func (l *ledger) void(ctx context.Context, w db.Writer, v Void) error {
	if _, err := w.Exec(ctx, `INSERT INTO milestone_void (city, subject_kind, subject, `+entryColumns+`, void_reason, void_by, void_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, l.head.City, string(l.head.Kind), l.head.ID,
		v.Stage, v.Way.String(), v.Seq, v.Day, v.Nature, v.Source, v.Reason, v.Recorder, v.RecordedAt, v.VoidReason, v.VoidBy, v.VoidAt); err != nil {
		return err
	}
	text, args := `DELETE FROM project_milestone WHERE city = $1 AND project = $2 AND stage = $3 AND way = $4 AND seq = $5`,
		[]any{l.head.City, l.head.ID, v.Stage, v.Way.String(), v.Seq}
	if l.head.Kind == subject.Tenancy {
		text, args = `DELETE FROM tenancy_stage WHERE city = $1 AND enterprise = $2 AND tenancy = $3 AND stage = $4 AND way = $5 AND seq = $6`,
			[]any{l.head.City, l.head.Enterprise, l.head.ID, v.Stage, v.Way.String(), v.Seq}
	}
	_, err := w.Exec(ctx, text, args...)
	return err
}

func (l *ledger) insertPause(ctx context.Context, w db.Writer, p Pause) error {
	_, err := w.Exec(ctx, `INSERT INTO milestone_pause (city, subject_kind, subject, seq, act, day, reason, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, l.head.City, string(l.head.Kind), l.head.ID, p.Seq, string(p.Act), p.Day, p.Reason, p.Recorder, p.RecordedAt)
	return err
}

// raise gives the subject its next version.
func (l *ledger) raise(ctx context.Context, w db.Writer) (int64, error) {
	was := l.head.Version
	text, args := `UPDATE project SET version = $1 WHERE city = $2 AND id = $3 AND version = $4`, []any{was + 1, l.head.City, l.head.ID, was}
	if l.head.Kind == subject.Tenancy {
		text, args = `UPDATE tenancy SET version = $1 WHERE city = $2 AND enterprise = $3 AND id = $4 AND version = $5`,
			[]any{was + 1, l.head.City, l.head.Enterprise, l.head.ID, was}
	}
	n, err := w.Exec(ctx, text, args...)
	if err == nil && n != 1 {
		err = fault.New(fault.Stale, "row.stale", "version", was)
	}
	return was + 1, err
}
