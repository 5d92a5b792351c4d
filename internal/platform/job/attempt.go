package job

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// begin runs the handler of a claimed job in a goroutine that Stop waits for.
func (w *Worker) begin(ctx context.Context, run *Run) {
	h := w.handlers[run.Kind]
	ctx, run.end = context.WithCancelCause(ctx)
	w.mu.Lock()
	w.live[run] = struct{}{}
	w.mu.Unlock()
	w.runs.Go(func() {
		defer run.end(nil)
		result, err := attempt(ctx, h, run)
		run.over()
		w.settle(ctx, run, result, err)
		w.mu.Lock()
		delete(w.live, run)
		w.mu.Unlock()
		w.Wake() // a slot is free, perhaps a lane too
	})
}

// attempt calls the handler in a goroutine of its own, so that one which panics or ends its goroutine is a failed attempt.
func attempt(ctx context.Context, h Handler, run *Run) (result any, err error) {
	if h.Timeout > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, h.Timeout, fault.New(fault.Busy, KeyTimeout, "seconds", int64(h.Timeout/time.Second)))
		defer stop()
	}
	over := make(chan struct{})
	go func() {
		returned := false
		defer func() {
			if p := recover(); p != nil || !returned {
				result, err = nil, fault.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()), fault.Internal, KeyPanic)
			}
			close(over)
		}()
		result, err = h.Do(ctx, run)
		returned = true
	}()
	<-over
	if cause := context.Cause(ctx); err != nil && cause != nil && errors.Is(err, ctx.Err()) {
		err = fault.Because(err, fault.KindOf(cause), keyOf(cause), argsOf(cause)...) // "context canceled" says nothing to anybody
	}
	return result, err
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return "internal"
}

func argsOf(err error) (kv []any) {
	if f, ok := fault.Of(err); ok {
		for k, v := range f.Args {
			kv = append(kv, k, v)
		}
	}
	return kv
}

// settle writes what became of the attempt. While the database cannot be reached it tries again, until the lease is over
// and the job is another's, or Stop has ended the context.
func (w *Worker) settle(ctx context.Context, run *Run, result any, err error) {
	text, rerr := resultText(result)
	if err == nil {
		err = rerr
	}
	cause := context.Cause(ctx)
	giveUp := time.NewTimer(w.o.Lease)
	defer giveUp.Stop()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		end, werr := w.writeEnd(context.WithoutCancel(ctx), run, text, err, cause)
		if werr == nil {
			w.count(ctx, run, end, err)
			return
		}
		if errors.Is(werr, ErrLost) {
			return
		}
		w.o.Logger.WarnContext(ctx, "job_settle", "job", run.ID, "error", werr)
		select {
		case <-giveUp.C:
			return
		case <-ctx.Done():
			if pause > time.Second || errors.Is(context.Cause(ctx), ErrLost) {
				return
			}
			time.Sleep(pause)
		case <-time.After(pause):
		}
	}
}

// writeEnd gives ErrLost when the job is not the run's any more.
func (w *Worker) writeEnd(ctx context.Context, run *Run, result *string, failure, cause error) (end ending, err error) {
	ctx, stop := context.WithTimeout(ctx, w.o.Lease)
	defer stop()
	err = w.db.Write(ctx, func(tx db.Writer) error {
		v, err := readRow(ctx, tx.Reader, run.City, run.ID)
		switch {
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return err
		case err != nil || v.claims != run.claims || v.state != Running && v.state != Done:
			return ErrLost
		}
		now := w.o.Now()
		p, seq := run.snapshot()
		if err := writeBeat(ctx, tx, run, p, seq, now.Add(w.o.Lease)); err != nil {
			return err
		}
		if v.state == Done { // by Complete
			end = ending{state: Done}
			return nil
		}
		end = w.ending(run, v, result, failure, cause, now)
		return end.write(ctx, tx, run.City, run.ID, run.claims, now)
	})
	return end, err
}

// ending decides what becomes of a job after an attempt.
func (w *Worker) ending(run *Run, v row, result *string, failure, cause error, now time.Time) ending {
	end := ending{state: Done, attempts: v.attempts, result: result}
	if failure == nil {
		return end
	}
	end.result = nil
	switch {
	case v.cancel == 1:
		end.state = Canceled
		return end
	case errors.Is(cause, ErrStopping) && again(failure):
		end.state, end.runAt, end.attempts = Queued, now, max(v.attempts-1, 0)
		return end
	}
	f := failureOf(failure)
	end.state, end.failure = Failed, &f
	if again(failure) && v.attempts < v.max {
		end.state = Queued
		end.runAt = now.Add(backoff(w.handlers[run.Kind].Backoff, run.ID, v.attempts))
	}
	return end
}

// again says whether another attempt may end differently.
func again(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Exists, fault.Denied:
		return false
	}
	return true
}

// backoff is the pause after a failed attempt (1 for the first): between half and the whole of a doubling delay. The
// spread is a hash of job and attempt and no random source, so that jobs which failed together do not come back together
// and a test gets the same pause twice.
func backoff(first time.Duration, jobID string, attempt int64) time.Duration {
	d := MaxBackoff
	if shift := attempt - 1; shift < 40 && first < MaxBackoff>>shift {
		d = first << shift
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(jobID + "/" + strconv.FormatInt(attempt, 10))) // never fails
	return d/2 + time.Duration(h.Sum64()%uint64(d/2+1))
}

// count keeps the statistics and tells the log of failures.
func (w *Worker) count(ctx context.Context, run *Run, end ending, err error) {
	switch end.state {
	case Done:
		w.done.Add(1)
		return
	case Canceled:
		w.canceled.Add(1)
		return
	case Failed:
		w.failed.Add(1)
	case Queued:
		if end.failure == nil { // Stop cut it off
			return
		}
		w.retried.Add(1)
	}
	w.o.Logger.WarnContext(ctx, "job_attempt_failed", "job", run.ID, "kind", run.Kind, "attempt", run.Attempt,
		"state", string(end.state), "error", err)
}
