package job

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// watchSlowest times Poll is how rarely a Watch looks at a job that does not change.
const watchSlowest = 4

// Watch gives the job now, and again whenever it changed, on any server; the channel is closed after a finished one was
// given or when ctx ends. A slow reader misses states between, never the last. It looks at the table every Poll, more
// rarely while nothing changes. Errors: NotFound KeyNotFound.
func (w *Worker) Watch(ctx context.Context, jobID string) (<-chan Job, error) {
	first, err := w.look(ctx, jobID)
	if err != nil {
		return nil, fault.Wrap("job.Watch", err)
	}
	out := make(chan Job)
	go func() {
		defer close(out)
		w.watch(ctx, first, out)
	}()
	return out, nil
}

// watch ends with ctx.
func (w *Worker) watch(ctx context.Context, j Job, out chan<- Job) {
	for {
		select {
		case out <- j:
		case <-ctx.Done():
			return
		}
		if j.State.Finished() {
			return
		}
		next, ok := w.changed(ctx, j)
		if !ok {
			return
		}
		j = next
	}
}

// changed waits until the job differs from what was given; false when ctx ends or the job was swept.
func (w *Worker) changed(ctx context.Context, given Job) (Job, bool) {
	pause := w.o.Poll
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return Job{}, false
		case <-timer.C:
		}
		j, err := w.look(ctx, given.ID)
		switch {
		case err == nil && j.claims == given.claims && j.seq < given.seq: // the attempt ended while its row was read: look again
		case err == nil && !j.same(given):
			return j, true
		case err != nil && fault.KindOf(err) == fault.NotFound:
			return Job{}, false
		}
		pause = min(pause+w.o.Poll/2, watchSlowest*w.o.Poll)
		timer.Reset(pause)
	}
}

// look reads the job. Of one that runs here, the progress is taken from the Run: the table may be behind.
func (w *Worker) look(ctx context.Context, jobID string) (j Job, err error) {
	err = w.db.Read(ctx, func(r db.Reader) error {
		j, err = Get(ctx, r, w.o.City, jobID)
		return err
	})
	if err != nil {
		return Job{}, err
	}
	if run := w.running(jobID, j.claims); run != nil {
		j.Progress, j.seq = run.snapshot()
	}
	return j, nil
}
