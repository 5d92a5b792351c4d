package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Enqueue adds a job in w's transaction: it is there when that commits and not otherwise. It gives the job's id.
//
// Errors: Exists KeyExists when a job of the kind and Key is unfinished; the id is then that one's, the transaction is not
// doomed, and a caller for whom one is enough goes on. Invalid KeyIncomplete, KeyArgs, KeyArgsSize.
func Enqueue(ctx context.Context, w db.Writer, s Spec) (string, error) {
	const op = "job.Enqueue"
	args, err := s.check()
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	if s.RunAt.IsZero() {
		s.RunAt = s.At
	}
	if s.Attempts == 0 {
		s.Attempts = DefaultAttempts
	}
	n, err := w.Exec(ctx, `INSERT INTO job (city, id, kind, unique_key, lane, args, priority, actor, state, run_at,
			attempts, max_attempts, claims, cancel, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, 0, $10, 0, 0, $11)
		ON CONFLICT (city, kind, unique_key) WHERE state IN ('queued', 'running') DO NOTHING`,
		s.City, s.ID, s.Kind, optional(s.Key), optional(s.Lane), args, s.Priority, s.Actor, s.RunAt.UnixMicro(),
		s.Attempts, s.At.UnixMicro())
	if err != nil || n == 1 {
		return s.ID, fault.Wrap(op, err)
	}
	var other string
	err = w.QueryRow(ctx, `SELECT id FROM job
		WHERE city = $1 AND kind = $2 AND unique_key = $3 AND state IN ('queued', 'running')`, s.City, s.Kind, s.Key).Scan(&other)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	return other, fault.Wrap(op, fault.New(fault.Exists, KeyExists, "kind", s.Kind, "id", other))
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Cancel ends a waiting job at once and asks a running one to end: its handler's context ends within the Worker's Poll.
// Cancelling twice is as good as once. Errors: NotFound KeyNotFound; Stale KeyFinished when the job has finished.
func Cancel(ctx context.Context, w db.Writer, city, jobID string, at time.Time) error {
	const op = "job.Cancel"
	row, err := readRow(ctx, w.Reader, city, jobID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	switch row.state {
	case Queued:
		_, err = w.Exec(ctx, `UPDATE job SET state = 'canceled', cancel = 1, finished_at = $1
			WHERE city = $2 AND id = $3 AND state = 'queued'`, at.UnixMicro(), city, jobID)
	case Running:
		_, err = w.Exec(ctx, `UPDATE job SET cancel = 1 WHERE city = $1 AND id = $2 AND state = 'running'`, city, jobID)
	default:
		err = fault.New(fault.Stale, KeyFinished, "id", jobID, "state", string(row.state))
	}
	return fault.Wrap(op, err)
}

// row is what decides about a job.
type row struct {
	state                         State
	claims, cancel, attempts, max int64
}

func readRow(ctx context.Context, r db.Reader, city, jobID string) (v row, err error) {
	err = r.QueryRow(ctx, `SELECT state, claims, cancel, attempts, max_attempts FROM job WHERE city = $1 AND id = $2`, city, jobID).
		Scan(&v.state, &v.claims, &v.cancel, &v.attempts, &v.max)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = fault.New(fault.NotFound, KeyNotFound, "id", jobID)
	}
	return v, err
}

// jobColumns are those that scanJob reads. The progress is that of the last claim.
const jobColumns = `j.city, j.id, j.kind, COALESCE(j.unique_key, ''), COALESCE(j.lane, ''), j.actor, j.args, j.state, j.cancel,
	j.priority, j.attempts, j.max_attempts, j.claims, COALESCE(j.worker, ''), j.created_at, j.run_at, j.started_at, j.finished_at,
	j.result, j.fault_key, COALESCE(j.fault_args, '{}'), COALESCE(j.fault_text, ''),
	COALESCE(b.seq, 0), COALESCE(b.phase, ''), b.phase_at, COALESCE(b.done, 0), COALESCE(b.total, 0), COALESCE(b.note, ''),
	COALESCE(b.note_args, '{}')
	FROM job j LEFT JOIN job_beat b ON b.city = j.city AND b.id = j.id AND b.claims = j.claims`

func scanJob(s db.Scanner) (j Job, err error) {
	var created, run, cancel int64
	var started, finished, since *int64
	var args, faultArgs, faultText, noteArgs string
	var result, faultKey *string
	err = s.Scan(&j.City, &j.ID, &j.Kind, &j.Key, &j.Lane, &j.Actor, &args, &j.State, &cancel,
		&j.Priority, &j.Attempts, &j.MaxAttempts, &j.claims, &j.Worker, &created, &run, &started, &finished,
		&result, &faultKey, &faultArgs, &faultText,
		&j.seq, &j.Progress.Phase, &since, &j.Progress.Done, &j.Progress.Total, &j.Progress.Note, &noteArgs)
	if err != nil {
		return Job{}, err
	}
	j.Cancel, j.Args = cancel == 1, json.RawMessage(args)
	j.CreatedAt, j.RunAt = time.UnixMicro(created).UTC(), time.UnixMicro(run).UTC()
	j.StartedAt, j.FinishedAt, j.Progress.Since = instant(started), instant(finished), instant(since)
	if result != nil {
		j.Result = json.RawMessage(*result)
	}
	if faultKey != nil {
		j.Failure = &Failure{Key: *faultKey, Text: faultText}
		err = errors.Join(err, json.Unmarshal([]byte(faultArgs), &j.Failure.Args))
	}
	return j, errors.Join(err, json.Unmarshal([]byte(noteArgs), &j.Progress.Args))
}

func instant(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return time.UnixMicro(*us).UTC()
}

// Get gives one job. Errors: NotFound KeyNotFound.
func Get(ctx context.Context, r db.Reader, city, jobID string) (Job, error) {
	j, err := scanJob(r.QueryRow(ctx, `SELECT `+jobColumns+` WHERE j.city = $1 AND j.id = $2`, city, jobID))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, KeyNotFound, "id", jobID)
	}
	return j, fault.Wrap("job.Get", err)
}

// Query says which jobs List gives. Empty fields do not narrow.
type Query struct {
	City  string // not empty
	State State
	Kind  string
	Actor string
	After string // cursor of the page before
	Limit int    // 1 to MaxPage; 0 means 50
}

// List gives jobs of a city, the newest id first, and the cursor of the next page; "" at the end. Errors: Invalid KeyCursor.
func List(ctx context.Context, r db.Reader, q Query) (jobs []Job, next string, err error) {
	const op = "job.List"
	if q.After != "" && !id.Valid(q.After) {
		return nil, "", fault.Wrap(op, fault.New(fault.Invalid, KeyCursor))
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, MaxPage)
	args := []any{q.City}
	var where strings.Builder
	narrow := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			fmt.Fprintf(&where, " AND "+condition, len(args))
		}
	}
	narrow("j.state = $%d", string(q.State))
	narrow("j.kind = $%d", q.Kind)
	narrow("j.actor = $%d", q.Actor)
	narrow("j.id < $%d", q.After)
	args = append(args, q.Limit+1)
	text := fmt.Sprintf(`SELECT %s WHERE j.city = $1%s ORDER BY j.id DESC LIMIT $%d`, jobColumns, where.String(), len(args))
	jobs, err = db.Collect(ctx, r, scanJob, text, args...)
	if err == nil && len(jobs) > q.Limit {
		jobs = jobs[:q.Limit]
		next = jobs[q.Limit-1].ID
	}
	return jobs, next, fault.Wrap(op, err)
}

// Depth is how full a city's queue is.
type Depth struct {
	Due     int64         // waiting and ready to run
	Delayed int64         // waiting for their time
	Running int64         // begun, on all servers
	Oldest  time.Duration // how long the oldest due job has been ready; 0 when none is
}

// Measure counts the unfinished jobs of a city.
func Measure(ctx context.Context, r db.Reader, city string, now time.Time) (d Depth, err error) {
	var oldest *int64
	err = r.QueryRow(ctx, `SELECT COUNT(*) FILTER (WHERE run_at <= $1), COUNT(*) FILTER (WHERE run_at > $1), MIN(run_at)
		FROM job WHERE city = $2 AND state = 'queued'`, now.UnixMicro(), city).Scan(&d.Due, &d.Delayed, &oldest)
	if err != nil {
		return Depth{}, fault.Wrap("job.Measure", err)
	}
	if d.Due > 0 {
		d.Oldest = now.Sub(instant(oldest))
	}
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE city = $1 AND state = 'running'`, city).Scan(&d.Running)
	return d, fault.Wrap("job.Measure", err)
}
