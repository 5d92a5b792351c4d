package job

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Func does a job's work. It must be idempotent and watch ctx, whose cause says why it ended: ErrCanceled, ErrStopping,
// ErrLost or KeyTimeout. What it gives is kept as JSON, at most MaxResult bytes. An error of the kinds Internal, Busy and
// Stale is tried again later, one of Invalid, NotFound, Exists and Denied would be the same again and ends the job. A
// panic is an Internal error.
type Func func(ctx context.Context, r *Run) (result any, err error)

// Handler is how jobs of a kind are run.
type Handler struct {
	Do      Func
	Backoff time.Duration // pause after the first failed attempt, doubling up to MaxBackoff, spread; 0 means 5 s
	Timeout time.Duration // of one attempt; 0 means none
}

// Run is one attempt at a job. Safe for concurrent use; of no use after the handler returned.
type Run struct {
	City, ID, Kind, Key, Lane, Actor string

	Attempt  int // 1 for the first
	Attempts int // how many there are at most

	args   json.RawMessage
	claims int64 // fencing number: rises with each claim of the job
	now    func() time.Time
	end    context.CancelCauseFunc // set before the handler starts

	mu         sync.Mutex
	progress   Progress
	seq        int64 // of progress
	written    int64 // seq that is in the table
	leaseUntil time.Time
	gone       bool // lost: no heartbeat any more
	returned   bool // the handler has
}

// Args decodes the job's arguments into v. Fields that v lacks are ignored: a newer server may have enqueued the job.
// Errors: Invalid KeyArgs.
func (r *Run) Args(v any) error {
	if err := json.Unmarshal(r.args, v); err != nil {
		return fault.Because(err, fault.Invalid, KeyArgs)
	}
	return nil
}

// Progress says how far the work is. It is cheap, may be called for each row, and never waits: the Worker writes the
// latest at every Poll. Within a phase Done never falls: a smaller one is ignored. On SQLite, where one transaction
// writes at a time, others than the watchers of this Worker see nothing new during a long transaction.
func (r *Run) Progress(p Progress) {
	if !named(p.Phase) && p.Phase != "" || len(p.Note) > maxName || !storable(p.Note) || p.Done < 0 || p.Total < 0 {
		return // a report must not fail the work it reports on
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Phase == r.progress.Phase && !r.progress.Since.IsZero() {
		if p.Done < r.progress.Done {
			return
		}
		p.Since = r.progress.Since
	} else {
		p.Since = r.now().UTC().Truncate(time.Microsecond)
	}
	if p.Total > 0 {
		p.Total = max(p.Total, p.Done)
	}
	p.Args = maps.Clone(p.Args)
	r.progress = p
	r.seq++
}

// Fence fails when the job is not this Run's any more: ErrLost when its lease was taken over, ErrCanceled when somebody
// cancelled it. Called in each transaction that writes, it keeps a handler that lost its lease from writing.
func (r *Run) Fence(ctx context.Context, w db.Writer) error {
	_, err := r.fenced(ctx, w)
	return fault.Wrap("job.Fence", err)
}

func (r *Run) fenced(ctx context.Context, w db.Writer) (row, error) {
	v, err := readRow(ctx, w.Reader, r.City, r.ID)
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return row{}, err
	case err != nil || v.state != Running || v.claims != r.claims:
		return row{}, ErrLost
	case v.cancel == 1:
		return row{}, ErrCanceled
	}
	return v, nil
}

// Complete ends the job as done in w's transaction, so that the work written there and its end are one. Errors as of
// Fence; Invalid KeyResult. The handler returns nil after its transaction committed; what it gives then is not kept.
func (r *Run) Complete(ctx context.Context, w db.Writer, result any) error {
	const op = "job.Complete"
	text, err := resultText(result)
	if err != nil {
		return fault.Wrap(op, err)
	}
	v, err := r.fenced(ctx, w)
	if err != nil {
		return fault.Wrap(op, err)
	}
	end := ending{state: Done, attempts: v.attempts, result: text}
	return fault.Wrap(op, end.write(ctx, w, r.City, r.ID, r.claims, r.now()))
}

// resultText is nil for no result.
func resultText(result any) (*string, error) {
	if result == nil {
		return nil, nil
	}
	b, err := json.Marshal(result)
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, KeyResult, "max", MaxResult)
	}
	if len(b) > MaxResult {
		return nil, fault.New(fault.Invalid, KeyResult, "max", MaxResult)
	}
	text := string(b)
	return &text, nil
}

func (r *Run) snapshot() (Progress, int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress, r.seq
}

// beaten notes that the table has the progress seq and the lease.
func (r *Run) beaten(seq int64, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.written = seq
	r.leaseUntil = until
}

// due says whether the table should hear of the run: it reported progress, or its lease has less left than least.
func (r *Run) due(now time.Time, least time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.gone && (r.seq != r.written || r.leaseUntil.Sub(now) < least)
}

// expired says whether no more than margin is left of the lease.
func (r *Run) expired(now time.Time, margin time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.leaseUntil.Sub(now) <= margin
}

// lose ends the handler's context for good and says whether that is news.
func (r *Run) lose() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone || r.returned {
		return false
	}
	r.gone = true
	r.end(ErrLost)
	return true
}

// over notes that the handler has returned: what becomes of the job is being written.
func (r *Run) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.returned = true
}
