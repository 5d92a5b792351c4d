package job

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestProgress_isMonotoneAndReachesTheTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		step := make(chan Progress)
		worker.Register("x", Handler{Do: func(_ context.Context, r *Run) (any, error) {
			for p := range step {
				r.Progress(p)
			}
			return nil, nil
		}})
		worker.Start(context.Background())
		jobID := w.enqueue(w.spec("x"))
		report := func(p Progress, want Progress) {
			t.Helper()
			step <- p
			want.Since = w.clock.now()
			w.until(jobID, fmt.Sprintf("at %+v", want), func(j Job) bool {
				return j.Progress.Phase == want.Phase && j.Progress.Done == want.Done && j.Progress.Total == want.Total && j.Progress.Note == want.Note
			})
		}
		report(Progress{Phase: "read", Done: 10}, Progress{Phase: "read", Done: 10})
		report(Progress{Phase: "read", Done: 20, Total: 100, Note: "import.rows"}, Progress{Phase: "read", Done: 20, Total: 100, Note: "import.rows"})
		report(Progress{Phase: "read", Done: 5, Total: 100}, Progress{Phase: "read", Done: 20, Total: 100, Note: "import.rows"})
		report(Progress{Phase: "read", Done: 120, Total: 100}, Progress{Phase: "read", Done: 120, Total: 120})
		report(Progress{Phase: "check", Done: 1, Total: 2}, Progress{Phase: "check", Done: 1, Total: 2})
		report(Progress{Phase: "check", Done: -1}, Progress{Phase: "check", Done: 1, Total: 2})
		report(Progress{Phase: "\xff", Done: 9}, Progress{Phase: "check", Done: 1, Total: 2})
		step <- Progress{Phase: "check", Done: 2, Total: 2, Args: map[string]any{"rows": 2}}
		close(step)
		if j := w.untilState(jobID, Done); j.Progress.Done != 2 || j.Progress.Args["rows"] != 2.0 || !j.Progress.Since.Equal(w.clock.now()) {
			t.Errorf("job = %+v, want its last progress kept", j.Progress)
		}
	})
}

func TestWatch_givesRisingProgressAndEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker, elsewhere := w.worker(d, Options{}), w.worker(d, Options{})
		goOn := make(chan struct{})
		worker.Register("x", Handler{Do: func(_ context.Context, r *Run) (any, error) {
			<-goOn
			for i := range int64(200) {
				r.Progress(Progress{Phase: "read", Done: i, Total: 200})
				time.Sleep(200 * time.Microsecond)
			}
			return "ok", nil
		}})
		jobID := w.enqueue(w.spec("x"))
		var watches []<-chan Job
		for _, by := range []*Worker{worker, elsewhere} {
			c, err := by.Watch(context.Background(), jobID)
			if err != nil {
				t.Fatalf("Watch = %v", err)
			}
			if j := receive(t, c, "the first"); j.State != Queued {
				t.Errorf("first of Watch = %+v, want it queued", j)
			}
			watches = append(watches, c)
		}
		worker.Start(context.Background())
		close(goOn)
		for i, c := range watches {
			var last Job
			given := 0
			for j := range c {
				if j.Progress.Done < last.Progress.Done {
					t.Errorf("watch %d: Done fell from %d to %d", i, last.Progress.Done, j.Progress.Done)
				}
				last = j
				given++
			}
			if last.State != Done || last.Progress.Done != 199 || given < 2 {
				t.Errorf("watch %d ended after %d with %+v, want done at 199", i, given, last)
			}
		}
	})
}

func TestWatch_endsWithItsContext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		ctx, cancel := context.WithCancel(context.Background())
		c, err := worker.Watch(ctx, w.enqueue(w.spec("x")))
		if err != nil {
			t.Fatal(err)
		}
		receive(t, c, "the first")
		cancel()
		if j, open := <-c; open {
			t.Errorf("Watch gave %+v after its context, want it closed", j)
		}
		if _, err := worker.Watch(context.Background(), "none"); !errors.Is(err, fault.New(fault.NotFound, KeyNotFound)) {
			t.Errorf("Watch of no job = %v, want %s", err, KeyNotFound)
		}
	})
}

// TestWatch_seesProgressInsideALongTransaction is what a person in front of a browser sees of an import that commits as a
// whole, on the engine with one writer.
func TestWatch_seesProgressInsideALongTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		goOn := make(chan struct{})
		worker.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
			return nil, d.Write(ctx, func(tx db.Writer) error {
				r.Progress(Progress{Phase: "write", Done: 50, Total: 100})
				select {
				case <-goOn:
				case <-ctx.Done():
				}
				return r.Complete(ctx, tx, nil)
			})
		}})
		worker.Start(context.Background())
		c, err := worker.Watch(context.Background(), w.enqueue(w.spec("x")))
		if err != nil {
			t.Fatal(err)
		}
		for {
			j := receive(t, c, "progress")
			if j.State.Finished() {
				t.Fatalf("job = %+v, want it to wait", j)
			}
			if j.Progress.Done == 50 {
				break
			}
		}
		close(goOn)
		for j := range c {
			if j.State.Finished() && j.State != Done {
				t.Errorf("job = %+v, want it done", j)
			}
		}
	})
}
