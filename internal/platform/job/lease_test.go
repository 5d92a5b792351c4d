package job

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCancel_endsARunningHandler(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		begun, cause := make(chan string, 1), make(chan error, 1)
		worker.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
			begun <- r.ID
			<-ctx.Done()
			cause <- context.Cause(ctx)
			return nil, ctx.Err()
		}})
		worker.Start(context.Background())
		jobID := w.enqueue(w.spec("x"))
		receive(t, begun, "the handler")
		if err := w.cancel(jobID); err != nil {
			t.Fatalf("Cancel = %v", err)
		}
		if err := receive(t, cause, "the end of the context"); !errors.Is(err, ErrCanceled) {
			t.Errorf("Cause = %v, want %v", err, ErrCanceled)
		}
		if j := w.untilState(jobID, Canceled); !j.Cancel || j.Failure != nil {
			t.Errorf("job = %+v, want it cancelled and no failure", j)
		}
	})
}

// TestComplete_orCancel lets a cancel and the commit meet again and again: either there is no row and the job is
// cancelled, or the row is there and the cancel was told that it came too late.
func TestComplete_orCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{})
		begun := make(chan struct{})
		var pause atomic.Int64
		worker.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
			begun <- struct{}{}
			time.Sleep(time.Duration(pause.Load()))
			return nil, d.Write(ctx, func(tx db.Writer) error {
				if err := putRow(ctx, tx, r.ID); err != nil {
					return err
				}
				return r.Complete(ctx, tx, "written")
			})
		}})
		worker.Start(context.Background())
		outcomes := map[State]int{}
		for i := range 40 {
			jobID := w.enqueue(w.spec("x"))
			pause.Store(int64(i%4) * int64(300*time.Microsecond))
			receive(t, begun, "the handler")
			time.Sleep(time.Duration(i%8) * 100 * time.Microsecond)
			err := w.cancel(jobID)
			j := w.until(jobID, "finished", func(j Job) bool { return j.State.Finished() })
			outcomes[j.State]++
			late := errors.Is(err, fault.New(fault.Stale, KeyFinished))
			if written := w.rows(jobID) == 1; written != (j.State == Done) || late != written || err != nil && !late {
				t.Fatalf("job %s, written %v, Cancel = %v, want them to agree", j.State, written, err)
			}
			if j.State == Done && string(j.Result) != `"written"` {
				t.Fatalf("result = %s, want what Complete was given", j.Result)
			}
		}
		if outcomes[Done] == 0 || outcomes[Canceled] == 0 {
			t.Logf("outcomes %v: one of the ways was not met", outcomes)
		}
	})
}

// putRow writes a row of another noun, whose number says how often.
func putRow(ctx context.Context, tx db.Writer, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO zone (city, code, name, level, kind, area_m2, industries, source)
		VALUES ($1, $2, '', '', '', 1, '', '') ON CONFLICT (city, code) DO UPDATE SET area_m2 = zone.area_m2 + 1`, city, name)
	return err
}

func (w *world) rows(name string) (n int64) {
	w.Helper()
	err := w.db.Read(context.Background(), func(r db.Reader) error {
		return r.QueryRow(context.Background(), `SELECT COALESCE(MAX(area_m2), 0) FROM zone WHERE city = $1 AND code = $2`, city, name).Scan(&n)
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func TestReap_runsTheJobOfADeadServerAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		dead := w.worker(d, Options{Name: "dead", Lease: time.Minute}) // claims and is never heard of again
		dead.Register("x", Handler{Do: nothing})
		dead.sql = statementsFor(1)
		s := w.spec("x")
		s.Key = "k"
		jobID := w.enqueue(s)
		if runs, err := dead.claim(context.Background(), 1); err != nil || len(runs) != 1 {
			t.Fatalf("claim = %v, %v, want the job", runs, err)
		}
		live := w.worker(d, Options{Name: "live", Lease: time.Minute})
		begun := make(chan *Run, 1)
		live.Register("x", Handler{Do: func(_ context.Context, r *Run) (any, error) { begun <- r; return nil, nil }})
		live.Start(context.Background())
		w.clock.advance(59 * time.Second)
		time.Sleep(10 * poll)
		if j := w.get(jobID); j.State != Running || j.Worker != "dead" {
			t.Errorf("before the lease ended: %+v, want it still dead's", j)
		}
		w.clock.advance(20 * time.Second)
		if r := receive(t, begun, "the second attempt"); r.Attempt != 2 || r.ID != jobID {
			t.Errorf("run = %+v, want the second attempt", r)
		}
		if j := w.untilState(jobID, Done); j.Worker != "live" || live.Stats().Lost != 1 {
			t.Errorf("job = %+v, want it done by live", j)
		}
	})
}

func TestReap_endsWhatWasBegunOftenEnoughOrCancelled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		dead := w.worker(d, Options{Lease: time.Minute})
		dead.Register("x", Handler{Do: nothing})
		dead.sql = statementsFor(1)
		once, unwanted := w.spec("x"), w.spec("x")
		once.Attempts = 1
		w.enqueue(once)
		w.enqueue(unwanted)
		if runs, err := dead.claim(context.Background(), 2); err != nil || len(runs) != 2 {
			t.Fatalf("claim = %v, %v, want both", runs, err)
		}
		if err := w.cancel(unwanted.ID); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(2 * time.Minute)
		live := w.worker(d, Options{Lease: time.Minute})
		live.Register("x", Handler{Do: nothing})
		live.Start(context.Background())
		if j := w.untilState(once.ID, Failed); j.Failure.Key != KeyAbandoned {
			t.Errorf("failure = %+v, want %s", j.Failure, KeyAbandoned)
		}
		w.untilState(unwanted.ID, Canceled)
	})
}

// TestFence_refusesAServerThatLostItsLease has a handler that ignores the end of its context, on a server whose clock is
// right, and another server whose clock is two leases ahead, which takes the job over. The late one writes nothing.
func TestFence_refusesAServerThatLostItsLease(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.Postgres))
	slow, ahead := w.worker(w.db, Options{Name: "slow"}), w.worker(w.db, Options{Name: "ahead", Now: func() time.Time {
		return w.clock.now().Add(2 * time.Minute)
	}})
	begun, goOn, refused, lost := make(chan struct{}), make(chan struct{}), make(chan error, 2), make(chan error, 1)
	write := func(ctx context.Context, r *Run) error {
		return w.db.Write(ctx, func(tx db.Writer) error {
			if err := putRow(ctx, tx, r.ID); err != nil {
				return err
			}
			return r.Complete(ctx, tx, r.Attempt)
		})
	}
	slow.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
		begun <- struct{}{}
		<-goOn
		ctx2 := context.WithoutCancel(ctx)
		refused <- w.db.Write(ctx2, func(tx db.Writer) error { return r.Fence(ctx2, tx) })
		refused <- write(ctx2, r)
		<-ctx.Done()
		lost <- context.Cause(ctx)
		return "late", nil
	}})
	ahead.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) { return nil, write(ctx, r) }})
	slow.Start(context.Background())
	jobID := w.enqueue(w.spec("x"))
	receive(t, begun, "the slow server")
	ahead.Start(context.Background())
	w.untilState(jobID, Done)
	close(goOn)
	for range 2 {
		if err := receive(t, refused, "the refusal"); !errors.Is(err, ErrLost) {
			t.Errorf("Fence and Complete of the slow server = %v, want %v", err, ErrLost)
		}
	}
	if err := receive(t, lost, "the end of the slow context"); !errors.Is(err, ErrLost) {
		t.Errorf("Cause = %v, want %v", err, ErrLost)
	}
	if j := w.get(jobID); w.rows(jobID) != 1 || string(j.Result) != "2" || j.Worker != "ahead" {
		t.Errorf("written %d times, job %+v, want once, by ahead", w.rows(jobID), j)
	}
}

// TestGuard_endsAHandlerBeforeItsLease keeps the heartbeat from the table, as a broken network does.
func TestGuard_endsAHandlerBeforeItsLease(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.Postgres))
	worker := w.worker(w.db, Options{Lease: time.Minute})
	worker.Register("x", Handler{Do: nothing})
	ctx, end := context.WithCancelCause(context.Background())
	run := &Run{City: city, ID: "a", now: w.clock.now, end: end, leaseUntil: w.clock.now().Add(time.Minute)}
	worker.live[run] = struct{}{}
	w.clock.advance(44 * time.Second)
	if worker.guard(); ctx.Err() != nil {
		t.Error("the handler ended after 44 s, want it to run until three quarters of the lease")
	}
	w.clock.advance(time.Second)
	if worker.guard(); !errors.Is(context.Cause(ctx), ErrLost) {
		t.Errorf("Cause after 45 s = %v, want %v", context.Cause(ctx), ErrLost)
	}
	delete(worker.live, run)
}

func TestTend_prolongsTheLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := Options{Lease: time.Minute}
		a, b := w.worker(d, o), w.worker(d, o)
		begun, goOn := make(chan struct{}, 2), make(chan struct{})
		do := func(ctx context.Context, _ *Run) (any, error) {
			begun <- struct{}{}
			select {
			case <-goOn:
			case <-ctx.Done():
			}
			return nil, ctx.Err()
		}
		a.Register("x", Handler{Do: do})
		b.Register("x", Handler{Do: do})
		a.Start(context.Background())
		jobID := w.enqueue(w.spec("x"))
		receive(t, begun, "the handler")
		b.Start(context.Background())
		for range 15 { // five leases in all
			w.clock.advance(20 * time.Second)
			w.untilLease(jobID, w.clock.now().Add(o.Lease))
		}
		close(goOn)
		if j := w.untilState(jobID, Done); j.Attempts != 1 {
			t.Errorf("job = %+v, want one attempt in spite of five leases", j)
		}
	})
}

// TestSettle_givesUpWithItsLease closes the database under a job that is ending.
func TestSettle_givesUpWithItsLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		worker := w.worker(d, Options{Lease: 100 * time.Millisecond})
		begun, goOn := make(chan struct{}), make(chan struct{})
		worker.Register("x", Handler{Do: func(context.Context, *Run) (any, error) {
			close(begun)
			<-goOn
			return nil, nil
		}})
		worker.Start(context.Background())
		w.enqueue(w.spec("x"))
		receive(t, begun, "the handler")
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		if err := worker.Stop(context.Background()); err != nil {
			t.Errorf("Stop = %v, want nil: the next server runs the job again", err)
		}
	})
}

// untilLease waits until a job's lease reaches an instant.
func (w *world) untilLease(jobID string, want time.Time) {
	w.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(poll) {
		var us int64
		err := w.db.Read(context.Background(), func(r db.Reader) error {
			return r.QueryRow(context.Background(), `SELECT lease_until FROM job_beat WHERE city = $1 AND id = $2`, city, jobID).Scan(&us)
		})
		if err != nil {
			w.Fatal(err)
		}
		if got := time.UnixMicro(us); !got.Before(want) {
			return
		} else if time.Now().After(deadline) {
			w.Fatalf("lease until %v, want %v", got, want)
		}
	}
}
