package job

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// statements are the two that depend on which kinds the Worker has handlers for. A server that does not know a kind yet
// leaves it to those that do.
type statements struct {
	peek  string // $1 now, $2 city, then the kinds → whether one is ready
	claim string // $1 now, $2 worker, $3 city, then the kinds → the claimed job
}

func statementsFor(kinds int) statements {
	return statements{
		peek: `SELECT COUNT(*) FROM (` + ready("$1", "$2", 3, kinds) + `) AS one`,
		claim: `UPDATE job SET state = 'running', started_at = $1, worker = $2, attempts = attempts + 1, claims = claims + 1
			WHERE city = $3 AND id = (` + ready("$1", "$3", 4, kinds) + `)
			RETURNING id, kind, COALESCE(unique_key, ''), COALESCE(lane, ''), actor, args, attempts, max_attempts, claims`,
	}
}

// ready is the query for the job that is next: due, of a known kind, and of a lane in which none runs.
func ready(now, city string, first, kinds int) string {
	places := make([]string, kinds)
	for i := range places {
		places[i] = fmt.Sprintf("$%d", first+i)
	}
	return fmt.Sprintf(`SELECT q.id FROM job q
		WHERE q.city = %[1]s AND q.state = 'queued' AND q.run_at <= %[2]s AND q.kind IN (%[3]s)
			AND (q.lane IS NULL OR NOT EXISTS (
				SELECT 1 FROM job r WHERE r.city = %[1]s AND r.lane = q.lane AND r.state = 'running'))
		ORDER BY q.priority DESC, q.run_at, q.id LIMIT 1`, city, now, strings.Join(places, ", "))
}

// claim takes up to n ready jobs. A look in a reading transaction comes first: an idle server never takes SQLite's one
// writer and never races on PostgreSQL.
func (w *Worker) claim(ctx context.Context, n int) (runs []*Run, err error) {
	now := w.o.Now()
	var waiting int64
	err = w.db.Read(ctx, func(r db.Reader) error {
		return r.QueryRow(ctx, w.sql.peek, append([]any{now.UnixMicro(), w.o.City}, w.kinds...)...).Scan(&waiting)
	})
	if err != nil || waiting == 0 {
		return nil, err
	}
	err = w.db.Write(ctx, func(tx db.Writer) error {
		runs = nil
		for len(runs) < n {
			run, err := w.claimOne(ctx, tx, now)
			if err != nil && fault.KindOf(err) == fault.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			runs = append(runs, run)
		}
		return nil
	})
	switch {
	case err == nil:
		return runs, nil
	case fault.KindOf(err) == fault.Exists: // another server was first in the lane: the index says so, nothing was claimed
		return nil, nil
	}
	return nil, err
}

func (w *Worker) claimOne(ctx context.Context, tx db.Writer, now time.Time) (*Run, error) {
	r := &Run{City: w.o.City, now: w.o.Now, leaseUntil: now.Add(w.o.Lease)}
	var args string
	err := tx.QueryRow(ctx, w.sql.claim, append([]any{now.UnixMicro(), w.o.Name, w.o.City}, w.kinds...)...).
		Scan(&r.ID, &r.Kind, &r.Key, &r.Lane, &r.Actor, &args, &r.Attempt, &r.Attempts, &r.claims)
	if err != nil {
		return nil, err
	}
	r.args = json.RawMessage(args)
	_, err = tx.Exec(ctx, `INSERT INTO job_beat (city, id, claims, lease_until, seq, phase, done, note, note_args)
		VALUES ($1, $2, $3, $4, 0, '', 0, '', '{}')
		ON CONFLICT (city, id) DO UPDATE SET claims = excluded.claims, lease_until = excluded.lease_until, seq = 0,
			phase = '', phase_at = NULL, done = 0, total = NULL, note = '', note_args = '{}'`,
		r.City, r.ID, r.claims, r.leaseUntil.UnixMicro())
	return r, err
}

// beat prolongs the lease of runs until the given instant and writes their progress.
func (w *Worker) beat(ctx context.Context, runs []*Run, until time.Time) error {
	seqs := make([]int64, len(runs))
	err := w.db.Write(ctx, func(tx db.Writer) error {
		for i, r := range runs {
			p, seq := r.snapshot()
			if err := writeBeat(ctx, tx, r, p, seq, until); err != nil {
				return err
			}
			seqs[i] = seq
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, r := range runs {
		r.beaten(seqs[i], until)
	}
	return nil
}

func writeBeat(ctx context.Context, tx db.Writer, r *Run, p Progress, seq int64, until time.Time) error {
	var since, total any
	if !p.Since.IsZero() {
		since = p.Since.UnixMicro()
	}
	if p.Total > 0 {
		total = p.Total
	}
	_, err := tx.Exec(ctx, `UPDATE job_beat SET lease_until = $1, seq = $2, phase = $3, phase_at = $4, done = $5, total = $6,
			note = $7, note_args = $8
		WHERE city = $9 AND id = $10 AND claims = $11`,
		until.UnixMicro(), seq, p.Phase, since, p.Done, total, p.Note, argsJSON(p.Args), r.City, r.ID, r.claims)
	return err
}

// reap gives the jobs whose lease has ended back to the queue, or ends those that were begun often enough. Own jobs are
// left alone: what they run is known here better than in the table, which a long transaction may keep from being written.
func (w *Worker) reap(ctx context.Context, now time.Time) error {
	const most = 100
	type ended struct {
		id     string
		claims int64
	}
	var list []ended
	err := w.db.Read(ctx, func(r db.Reader) (err error) {
		list, err = db.Collect(ctx, r, func(s db.Scanner) (e ended, err error) {
			return e, s.Scan(&e.id, &e.claims)
		}, `SELECT j.id, j.claims FROM job j JOIN job_beat b ON b.city = j.city AND b.id = j.id
			WHERE j.city = $1 AND j.state = 'running' AND b.lease_until <= $2 ORDER BY j.id LIMIT $3`, w.o.City, now.UnixMicro(), most)
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range list {
		if w.running(e.id, e.claims) != nil {
			continue
		}
		after := State("")
		if err := w.db.Write(ctx, func(tx db.Writer) (err error) {
			after, err = w.reapOne(ctx, tx, e.id, now)
			return err
		}); err != nil {
			return err
		}
		if after != "" {
			w.lost.Add(1)
			w.o.Logger.WarnContext(ctx, "job_lease_ended", "job", e.id, "state", string(after))
		}
	}
	return nil
}

func scanID(s db.Scanner) (v string, err error) { return v, s.Scan(&v) }

// reapOne gives the job's state after it, or "" when the job was not to be reaped any more.
func (w *Worker) reapOne(ctx context.Context, tx db.Writer, jobID string, now time.Time) (State, error) {
	v, err := readRow(ctx, tx.Reader, w.o.City, jobID)
	if err != nil {
		return "", err
	}
	var until int64
	err = tx.QueryRow(ctx, `SELECT lease_until FROM job_beat WHERE city = $1 AND id = $2`, w.o.City, jobID).Scan(&until)
	if err != nil || v.state != Running || until > now.UnixMicro() {
		return "", err
	}
	end := ending{state: Queued, runAt: now, attempts: v.attempts}
	switch {
	case v.cancel == 1:
		end.state = Canceled
	case v.attempts >= v.max:
		end.state = Failed
		f := failureOf(fault.New(fault.Internal, KeyAbandoned, "attempts", v.attempts))
		end.failure = &f
	}
	return end.state, end.write(ctx, tx, w.o.City, jobID, v.claims, now)
}

// ending is what becomes of a running job.
type ending struct {
	state    State
	runAt    time.Time // of a job that is queued again
	attempts int64
	result   *string
	failure  *Failure // nil keeps the one before
}

func (e ending) write(ctx context.Context, tx db.Writer, city, jobID string, claims int64, now time.Time) error {
	var finished, runAt, key, args, text any
	if e.state.Finished() {
		finished = now.UnixMicro()
	} else {
		runAt = e.runAt.UnixMicro()
	}
	if e.failure != nil {
		key, args, text = e.failure.Key, argsJSON(e.failure.Args), e.failure.Text
	}
	n, err := tx.Exec(ctx, `UPDATE job SET state = $1, finished_at = $2, run_at = COALESCE($3, run_at), attempts = $4, result = $5,
			fault_key = COALESCE($6, fault_key), fault_args = COALESCE($7, fault_args), fault_text = COALESCE($8, fault_text)
		WHERE city = $9 AND id = $10 AND claims = $11 AND state = 'running'`,
		string(e.state), finished, runAt, e.attempts, e.result, key, args, text, city, jobID, claims)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// sweep removes jobs that finished before the given instant, at most a few thousand at a time, and says how many.
func sweep(ctx context.Context, d *db.DB, city string, before time.Time) (removed int, err error) {
	const page, pages = 500, 20
	for range pages {
		var ids []string
		err = d.Read(ctx, func(r db.Reader) error {
			ids, err = db.Collect(ctx, r, scanID, `SELECT id FROM job
				WHERE city = $1 AND state IN ('done', 'failed', 'canceled') AND finished_at < $2
				ORDER BY finished_at, id LIMIT $3`, city, before.UnixMicro(), page)
			return err
		})
		if err != nil || len(ids) == 0 {
			return removed, err
		}
		if err := d.Write(ctx, func(tx db.Writer) error { return remove(ctx, tx, city, ids) }); err != nil {
			return removed, err
		}
		removed += len(ids)
		if len(ids) < page {
			break
		}
	}
	return removed, nil
}

func remove(ctx context.Context, tx db.Writer, city string, ids []string) error {
	for _, text := range []string{`DELETE FROM job_beat WHERE city = $1 AND id = $2`, `DELETE FROM job WHERE city = $1 AND id = $2`} {
		st, err := tx.Prepare(ctx, text)
		if err != nil {
			return err
		}
		for _, jobID := range ids {
			if err := st.Exec(ctx, city, jobID); err != nil {
				return err
			}
		}
		if err := st.Close(); err != nil {
			return err
		}
	}
	return nil
}
