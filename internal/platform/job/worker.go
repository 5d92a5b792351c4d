package job

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// MaxBackoff is the longest pause between attempts, before it is spread.
const MaxBackoff = time.Hour

const (
	maxKinds   = 50 // of one Worker; a statement has 63 placeholders
	sweepEvery = time.Hour
)

// Options of NewWorker. City, Name and Now are needed, the zero values of the others are right for a server.
type Options struct {
	City   string           // whose jobs it runs; one Worker for a city in a process
	Name   string           // of the server, for the status page; need not be unique
	Now    func() time.Time // servers' clocks must agree to within a quarter of Lease
	Slots  int              // jobs at the same time; 0 means 3; fewer than db.Options.Readers, or heartbeats find no connection
	Poll   time.Duration    // how often the tables are looked at and progress is written; 0 means 500 ms
	Lease  time.Duration    // how long a job of a dead server waits for another; 0 means a minute
	Grace  time.Duration    // how long Stop lets handlers go on before it ends their contexts; 0 means 10 s
	Keep   time.Duration    // how long finished jobs are kept; 0 means 30 days
	Logger *slog.Logger     // hears of failed attempts and lost leases; nil means silence
}

// Worker runs the jobs of one city on one server. Register, Start, Stop, in this order, once each; the other methods are
// safe for concurrent use at any time.
type Worker struct {
	o        Options
	db       *db.DB
	alone    bool // no other process can take a lease over
	handlers map[string]Handler
	kinds    []any // of handlers
	sql      statements
	wake     chan struct{}

	claimer sync.WaitGroup // dispatch
	loops   sync.WaitGroup // tend, guard
	runs    sync.WaitGroup // handlers
	started bool
	stopped atomic.Bool
	quit    context.CancelFunc      // ends dispatch
	hush    context.CancelFunc      // ends tend and guard
	base    context.CancelCauseFunc // ends handlers

	mu   sync.Mutex
	live map[*Run]struct{} // by run, not by job: one that was lost may still run beside the next

	reaped, swept time.Time // by dispatch only

	depth                                 atomic.Pointer[Depth]
	done, failed, retried, canceled, lost atomic.Uint64
}

// NewWorker gives a Worker that does not run yet; it can Watch.
func NewWorker(d *db.DB, o Options) *Worker {
	fill := func(v *time.Duration, usual time.Duration) {
		if *v <= 0 {
			*v = usual
		}
	}
	fill(&o.Poll, 500*time.Millisecond)
	fill(&o.Lease, time.Minute)
	fill(&o.Grace, 10*time.Second)
	fill(&o.Keep, 30*24*time.Hour)
	if o.Slots <= 0 {
		o.Slots = 3
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	w := &Worker{
		o: o, db: d, alone: d.Engine() == db.SQLite, handlers: map[string]Handler{}, wake: make(chan struct{}, 1), live: map[*Run]struct{}{},
	}
	w.depth.Store(&Depth{})
	return w
}

// Register says what runs jobs of a kind. It panics when the kind has a handler, when there are too many, and after
// Start: mistakes that a start shows.
func (w *Worker) Register(kind string, h Handler) {
	_, taken := w.handlers[kind]
	if taken || !named(kind) || h.Do == nil || w.started || len(w.handlers) == maxKinds {
		panic("job: cannot register " + kind)
	}
	if h.Backoff <= 0 {
		h.Backoff = 5 * time.Second
	}
	w.handlers[kind] = h
	w.kinds = append(w.kinds, kind)
}

// Start begins to run jobs. It gives ctx's values to the handlers but not its end: Stop ends them in good order.
func (w *Worker) Start(ctx context.Context) {
	if w.started {
		panic("job: a Worker starts once")
	}
	w.started = true
	if len(w.handlers) == 0 {
		return
	}
	w.sql = statementsFor(len(w.kinds))
	ctx = context.WithoutCancel(ctx)
	dispatching, quit := context.WithCancel(ctx)
	tending, hush := context.WithCancel(ctx)
	handling, base := context.WithCancelCause(ctx)
	w.quit, w.hush, w.base = quit, hush, base
	w.claimer.Go(func() { w.dispatch(dispatching, handling) })
	w.loops.Go(func() { every(tending, w.o.Poll, nil, func() { w.tend(tending) }) })
	w.loops.Go(func() { every(tending, w.o.Poll, nil, w.guard) })
}

// Wake makes the Worker look for jobs now rather than at the next Poll. Call it after the transaction that enqueued one.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Stop claims no more jobs, waits up to Grace for those that run, then ends their contexts with ErrStopping and waits for
// their handlers. Jobs that were cut off go back to the queue, without counting the attempt. It ends early with ctx.
// Errors: Busy KeyStuck when handlers still run then: their jobs are run again when their leases end.
func (w *Worker) Stop(ctx context.Context) error {
	if !w.started || len(w.handlers) == 0 || w.stopped.Swap(true) {
		return nil
	}
	w.quit()
	w.claimer.Wait()
	idle := make(chan struct{})
	go func() {
		w.runs.Wait()
		close(idle)
	}()
	grace := time.NewTimer(w.o.Grace)
	defer grace.Stop()
	select {
	case <-idle:
	case <-ctx.Done():
	case <-grace.C:
	}
	w.base(ErrStopping)
	select {
	case <-idle:
	case <-ctx.Done():
	}
	w.hush()
	w.loops.Wait()
	if n := len(w.snapshot()); n > 0 {
		return fault.Wrap("job.Stop", fault.New(fault.Busy, KeyStuck, "count", n))
	}
	return nil
}

// every calls fn now, at each tick and at each wake, until ctx ends.
func every(ctx context.Context, d time.Duration, wake <-chan struct{}, fn func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for ctx.Err() == nil {
		fn()
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-wake:
		}
	}
}

// dispatch claims jobs while there are free slots.
func (w *Worker) dispatch(ctx, handling context.Context) {
	every(ctx, w.o.Poll, w.wake, func() {
		w.keepHouse(ctx)
		for {
			free := w.o.Slots - len(w.snapshot())
			if free <= 0 {
				return
			}
			runs, err := w.claim(ctx, free)
			if err != nil && ctx.Err() == nil {
				w.o.Logger.WarnContext(ctx, "job_claim", "error", err)
			}
			for _, r := range runs {
				w.begin(handling, r)
			}
			if len(runs) == 0 || ctx.Err() != nil {
				return
			}
		}
	})
}

// keepHouse reaps, measures and sweeps when it is time.
func (w *Worker) keepHouse(ctx context.Context) {
	now := w.o.Now()
	warn := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			w.o.Logger.WarnContext(ctx, what, "error", err)
		}
	}
	if now.Sub(w.reaped) >= w.o.Lease/4 {
		w.reaped = now
		warn("job_reap", w.reap(ctx, now))
		warn("job_measure", w.db.Read(ctx, func(r db.Reader) error {
			d, err := Measure(ctx, r, w.o.City, now)
			if err == nil {
				w.depth.Store(&d)
			}
			return err
		}))
	}
	if now.Sub(w.swept) >= sweepEvery {
		w.swept = now
		_, err := sweep(ctx, w.db, w.o.City, now.Add(-w.o.Keep))
		warn("job_sweep", err)
	}
}

// tend hears of cancels, prolongs leases and writes progress.
func (w *Worker) tend(ctx context.Context) {
	runs := w.snapshot()
	if len(runs) == 0 {
		return
	}
	limited, stop := context.WithTimeout(ctx, w.o.Lease/4)
	defer stop()
	err := w.db.Read(limited, func(r db.Reader) error {
		for _, run := range runs {
			v, err := readRow(limited, r, run.City, run.ID)
			switch {
			case err != nil && fault.KindOf(err) != fault.NotFound:
				return err
			case err != nil || v.claims != run.claims || v.state == Queued || v.state == Failed || v.state == Canceled:
				w.lose(run)
			case v.cancel == 1:
				run.end(ErrCanceled)
			}
		}
		return nil
	})
	now := w.o.Now()
	var due []*Run
	for _, run := range runs {
		if run.due(now, w.o.Lease*3/4) {
			due = append(due, run)
		}
	}
	if err == nil && len(due) > 0 {
		err = w.beat(limited, due, now.Add(w.o.Lease))
	}
	if err != nil && ctx.Err() == nil {
		w.o.Logger.WarnContext(ctx, "job_heartbeat", "jobs", len(runs), "error", err)
	}
}

// guard ends the runs whose lease could not be prolonged, a quarter of it before others may take them over. It touches
// no database, which may be what hangs. Where no other process can take over, a run goes on.
func (w *Worker) guard() {
	if w.alone {
		return
	}
	now := w.o.Now()
	for _, run := range w.snapshot() {
		if run.expired(now, w.o.Lease/4) {
			w.lose(run)
		}
	}
}

func (w *Worker) lose(run *Run) {
	if !run.lose() {
		return
	}
	w.o.Logger.Warn("job_lost", "job", run.ID, "kind", run.Kind, "attempt", run.Attempt)
}

func (w *Worker) snapshot() []*Run {
	w.mu.Lock()
	defer w.mu.Unlock()
	runs := make([]*Run, 0, len(w.live))
	for r := range w.live {
		runs = append(runs, r)
	}
	return runs
}

// running gives the run of a job's claim if it is here, else nil.
func (w *Worker) running(jobID string, claims int64) *Run {
	w.mu.Lock()
	defer w.mu.Unlock()
	for r := range w.live {
		if r.ID == jobID && r.claims == claims {
			return r
		}
	}
	return nil
}

// Stats are what a monitoring system asks a Worker. Depth is at most a quarter of a Lease old and counts all servers; the
// others count what this Worker did since it started.
type Stats struct {
	Depth
	Done, Failed, Retried, Canceled uint64
	Lost                            uint64 // leases of others that ended
}

// Stats gives them without asking the database.
func (w *Worker) Stats() Stats {
	return Stats{*w.depth.Load(), w.done.Load(), w.failed.Load(), w.retried.Load(), w.canceled.Load(), w.lost.Load()}
}
