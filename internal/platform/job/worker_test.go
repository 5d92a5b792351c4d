package job

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestWorker_keepsTheResult(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Name: "srv-1"})
		worker.Register("sum", Handler{Do: func(_ context.Context, r *Run) (any, error) {
			var args struct{ A, B int }
			if err := r.Args(&args); err != nil {
				return nil, err
			}
			return map[string]int{"sum": args.A + args.B}, nil
		}})
		worker.Start(context.Background())
		s := w.spec("sum")
		s.Args = map[string]int{"A": 2, "B": 3, "new_field": 9}
		s.Actor = "li"
		j := w.untilState(w.enqueue(s), Done)
		if string(j.Result) != `{"sum":5}` || j.Attempts != 1 || j.Worker != "srv-1" || j.Actor != "li" || j.Failure != nil || !j.FinishedAt.Equal(w.clock.now()) {
			t.Errorf("job = %+v, want the sum after one attempt of srv-1", j)
		}
		s = w.spec("sum")
		s.Args = "no object"
		if j := w.untilState(w.enqueue(s), Failed); j.Failure.Key != KeyArgs || j.Attempts != 1 {
			t.Errorf("job with wrong arguments = %+v %+v, want %s after one attempt", j, j.Failure, KeyArgs)
		}
		if got := worker.Stats(); got.Done != 1 || got.Failed != 1 {
			t.Errorf("Stats = %+v, want one done and one failed", got)
		}
	})
}

func TestWorker_beginsByPriorityThenByTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var order []string
		worker := w.worker(d, Options{Slots: 1})
		done := make(chan struct{}, 10)
		worker.Register("x", Handler{Do: func(_ context.Context, r *Run) (any, error) {
			order = append(order, r.Key)
			done <- struct{}{}
			return nil, nil
		}})
		add := func(key string, priority int, after time.Duration) {
			s := w.spec("x")
			s.Key, s.Priority, s.RunAt = key, priority, s.At.Add(after)
			w.enqueue(s)
		}
		add("low", -5, 0)
		add("second", 0, 0)
		add("third", 0, time.Second)
		add("first", 9, time.Second)
		add("much later", 99, time.Hour)
		unknown := w.spec("of a newer server")
		w.enqueue(unknown)
		w.clock.advance(time.Minute)
		worker.Start(context.Background())
		for range 4 {
			receive(t, done, "a job")
		}
		if want := []string{"first", "second", "third", "low"}; !slices.Equal(order, want) {
			t.Errorf("order = %v, want %v", order, want)
		}
		w.clock.advance(2 * time.Hour)
		receive(t, done, "the job of a later time")
		if j := w.get(unknown.ID); j.State != Queued || j.Attempts != 0 {
			t.Errorf("job of an unknown kind = %+v, want it left alone", j)
		}
	})
}

func TestWorker_triesAgainAfterAPause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		var begun atomic.Int64
		worker.Register("x", Handler{Backoff: time.Minute, Do: func(context.Context, *Run) (any, error) {
			return nil, fault.New(fault.Busy, "db.busy", "attempts", begun.Add(1))
		}})
		worker.Start(context.Background())
		s := w.spec("x")
		s.Attempts = 3
		jobID := w.enqueue(s)
		for attempt := 1; attempt <= 2; attempt++ {
			j := w.until(jobID, "waiting for another attempt", func(j Job) bool { return j.State == Queued && j.Attempts == attempt })
			pause, whole := j.RunAt.Sub(w.clock.now()), time.Minute<<(attempt-1)
			if pause < whole/2 || pause > whole || j.Failure == nil || j.Failure.Key != "db.busy" || j.Failure.Args["attempts"] != float64(attempt) {
				t.Errorf("after attempt %d: pause %v, failure %+v, want about %v and db.busy", attempt, pause, j.Failure, whole)
			}
			w.clock.advance(pause - time.Microsecond)
			time.Sleep(5 * poll)
			if n := begun.Load(); n != int64(attempt) {
				t.Errorf("begun %d times before the pause was over, want %d", n, attempt)
			}
			w.clock.advance(time.Microsecond)
		}
		j := w.untilState(jobID, Failed)
		if j.Attempts != 3 || begun.Load() != 3 || !strings.Contains(j.Failure.Text, "db.busy") {
			t.Errorf("job = %+v %+v, begun %d times, want it failed after 3", j, j.Failure, begun.Load())
		}
		if got := worker.Stats(); got.Retried != 2 || got.Failed != 1 {
			t.Errorf("Stats = %+v, want two retried and one failed", got)
		}
	})
}

func TestWorker_doesNotRepeatWhatCannotSucceed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		worker.Register("x", Handler{Do: func(context.Context, *Run) (any, error) {
			return nil, fault.Wrap("import.Commit", fault.New(fault.Invalid, "import.moved"))
		}})
		worker.Start(context.Background())
		if j := w.untilState(w.enqueue(w.spec("x")), Failed); j.Attempts != 1 || j.Failure.Key != "import.moved" {
			t.Errorf("job = %+v %+v, want it failed at once with its key", j, j.Failure)
		}
	})
}

func TestWorker_countsAPanicAsAFailedAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		worker.Register("panic", Handler{Do: func(context.Context, *Run) (any, error) { panic("poison") }})
		worker.Register("exit", Handler{Do: func(context.Context, *Run) (any, error) { runtime.Goexit(); return nil, nil }})
		worker.Register("fine", Handler{Do: nothing})
		worker.Start(context.Background())
		for _, kind := range []string{"panic", "exit"} {
			s := w.spec(kind)
			s.Attempts = 1
			j := w.untilState(w.enqueue(s), Failed)
			if j.Failure.Key != KeyPanic || kind == "panic" && !strings.Contains(j.Failure.Text, "poison") {
				t.Errorf("job %s = %+v, want %s with the text", kind, j.Failure, KeyPanic)
			}
		}
		w.untilState(w.enqueue(w.spec("fine")), Done)
	})
}

func TestWorker_endsAnAttemptThatTakesTooLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		worker.Register("x", Handler{Timeout: 10 * time.Millisecond, Do: func(ctx context.Context, _ *Run) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		worker.Start(context.Background())
		s := w.spec("x")
		s.Attempts = 1
		if j := w.untilState(w.enqueue(s), Failed); j.Failure.Key != KeyTimeout {
			t.Errorf("failure = %+v, want %s", j.Failure, KeyTimeout)
		}
	})
}

func TestStop_leavesNothingRunning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Grace: 30 * time.Millisecond, Slots: 2})
		var live atomic.Int64
		begun := make(chan struct{}, 9)
		worker.Register("endless", Handler{Do: func(ctx context.Context, _ *Run) (any, error) {
			live.Add(1)
			defer live.Add(-1)
			begun <- struct{}{}
			<-ctx.Done()
			if !errors.Is(context.Cause(ctx), ErrStopping) {
				t.Errorf("Cause = %v, want %v", context.Cause(ctx), ErrStopping)
			}
			return nil, ctx.Err()
		}})
		worker.Register("short", Handler{Do: func(context.Context, *Run) (any, error) {
			begun <- struct{}{}
			time.Sleep(10 * time.Millisecond)
			return nil, nil
		}})
		endless, short, waiting := w.enqueue(w.spec("endless")), w.enqueue(w.spec("short")), ""
		worker.Start(context.Background())
		receive(t, begun, "the first handler")
		receive(t, begun, "the second handler")
		later := w.spec("short")
		later.RunAt = w.clock.now().Add(time.Hour)
		waiting = w.enqueue(later)
		if err := worker.Stop(context.Background()); err != nil {
			t.Fatalf("Stop = %v", err)
		}
		if n := live.Load(); n != 0 {
			t.Errorf("%d handlers run after Stop, want none", n)
		}
		if j := w.get(endless); j.State != Queued || j.Attempts != 0 || j.Failure != nil || !j.RunAt.Equal(w.clock.now()) {
			t.Errorf("job that was cut off = %+v, want it back in the queue, no attempt counted", j)
		}
		if j := w.get(short); j.State != Done {
			t.Errorf("job that ended in the grace = %+v, want it done", j)
		}
		w.clock.advance(2 * time.Hour)
		time.Sleep(5 * poll)
		if j := w.get(waiting); j.State != Queued {
			t.Errorf("job = %+v, want nothing begun after Stop", j)
		}
	})
}

func TestStop_saysWhatIsStuck(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Grace: time.Millisecond})
		begun, goOn := make(chan struct{}), make(chan struct{})
		worker.Register("deaf", Handler{Do: func(context.Context, *Run) (any, error) {
			close(begun)
			<-goOn
			return nil, nil
		}})
		worker.Start(context.Background())
		jobID := w.enqueue(w.spec("deaf"))
		receive(t, begun, "the handler")
		ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer stop()
		if err := worker.Stop(ctx); !errors.Is(err, fault.New(fault.Busy, KeyStuck)) {
			t.Errorf("Stop = %v, want %s", err, KeyStuck)
		}
		close(goOn)
		w.untilState(jobID, Done) // it ended after all, before the process did
	})
}

// TestWorker_claimsAgainWhatItJustSettled has no pause between attempts: the next begins while the one before is leaving.
func TestWorker_claimsAgainWhatItJustSettled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Slots: 2})
		worker.Register("x", Handler{Backoff: 1, Do: func(_ context.Context, r *Run) (any, error) {
			if r.Attempt < r.Attempts {
				return nil, errors.New("again")
			}
			return nil, nil
		}})
		worker.Start(context.Background())
		s := w.spec("x")
		s.Attempts = MaxAttempts
		jobID := w.enqueue(s)
		j := w.until(jobID, "finished", func(j Job) bool {
			w.clock.advance(2 * MaxBackoff)
			return j.State.Finished()
		})
		if j.State != Done || j.Attempts != MaxAttempts {
			t.Errorf("job = %s after %d attempts, want it done after %d", j.State, j.Attempts, MaxAttempts)
		}
		if err := worker.Stop(context.Background()); err != nil {
			t.Errorf("Stop = %v", err)
		}
		if got := worker.snapshot(); len(got) != 0 {
			t.Errorf("%d runs are left, want none", len(got))
		}
	})
}

func TestSweep_removesWhatFinishedLongAgo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Keep: 24 * time.Hour})
		worker.Register("x", Handler{Do: nothing})
		worker.Start(context.Background())
		old := w.enqueue(w.spec("x"))
		w.untilState(old, Done)
		waiting := w.spec("of another server")
		w.enqueue(waiting)
		w.clock.advance(23 * time.Hour)
		young := w.enqueue(w.spec("x"))
		w.untilState(young, Done)
		w.clock.advance(2 * time.Hour)
		deadline := time.Now().Add(patience)
		for {
			var jobs []Job
			err := d.Read(context.Background(), func(r db.Reader) (err error) {
				jobs, _, err = List(context.Background(), r, Query{City: city})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(jobs) == 2 && jobs[0].ID == young && jobs[1].ID == waiting.ID {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d jobs are left, want the young one and the waiting one", len(jobs))
			}
			time.Sleep(poll)
		}
	})
}
