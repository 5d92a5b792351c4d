package job

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// TestLane_runsOneAtATimeOnAllServers runs 1,000 jobs of 20 lanes by 8 slots of two servers, each with a handle of its own.
func TestLane_runsOneAtATimeOnAllServers(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			address := dbtest.URL(t, e)
			first := dbtest.At(t, address)
			second := first
			if e == db.Postgres { // a SQLite file belongs to one process and handle
				second = dbtest.At(t, address)
			}
			w := newWorld(t, first)
			const jobs, lanes = 1000, 20
			watch := newOneAtATime(jobs)
			handler := Handler{Do: func(_ context.Context, r *Run) (any, error) {
				watch.run(r.ID, r.Lane)
				return nil, nil
			}}
			for i, d := range []*db.DB{first, second} {
				worker := w.worker(d, Options{Name: numbered(i), Slots: 4})
				worker.Register("x", handler)
				worker.Start(context.Background())
			}
			err := first.Write(context.Background(), func(tx db.Writer) error {
				for i := range jobs {
					s := w.spec("x")
					s.Lane = numbered(i % lanes)
					if _, err := Enqueue(context.Background(), tx, s); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			watch.check(t)
			if d := w.measure(); d.Due != 0 {
				t.Errorf("Measure = %+v, want an empty queue", d)
			}
		})
	}
}

// TestKey_runsOneAtATimeOnAllServers enqueues each of 20 keys 50 times, as soon as the one before has finished.
func TestKey_runsOneAtATimeOnAllServers(t *testing.T) {
	address := dbtest.URL(t, db.Postgres)
	first, second := dbtest.At(t, address), dbtest.At(t, address)
	w := newWorld(t, first)
	const keys, rounds = 20, 50
	watch := newOneAtATime(keys * rounds)
	for i, d := range []*db.DB{first, second} {
		worker := w.worker(d, Options{Name: numbered(i), Slots: 4})
		worker.Register("x", Handler{Do: func(_ context.Context, r *Run) (any, error) {
			watch.run(r.ID, r.Key)
			return nil, nil
		}})
		worker.Start(context.Background())
	}
	var wg sync.WaitGroup
	for k := range keys {
		wg.Go(func() {
			for n := 0; n < rounds; {
				s := w.spec("x")
				s.Key = numbered(k)
				_, err := w.tryEnqueue(s)
				switch {
				case err == nil:
					n++
				case errors.Is(err, fault.New(fault.Exists, KeyExists)):
					time.Sleep(2 * time.Millisecond)
				default:
					t.Errorf("Enqueue = %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	watch.check(t)
}

// oneAtATime counts which names are being worked on.
type oneAtATime struct {
	mu      sync.Mutex
	now     map[string]int
	times   map[string]int // by job
	overlap []string
	left    int
	over    chan struct{}
}

func newOneAtATime(jobs int) *oneAtATime {
	return &oneAtATime{now: map[string]int{}, times: map[string]int{}, left: jobs, over: make(chan struct{})}
}

func (o *oneAtATime) run(jobID, name string) {
	o.mu.Lock()
	o.now[name]++
	o.times[jobID]++
	if o.now[name] > 1 {
		o.overlap = append(o.overlap, name)
	}
	o.mu.Unlock()
	time.Sleep(200 * time.Microsecond)
	o.mu.Lock()
	o.now[name]--
	if o.left--; o.left == 0 {
		close(o.over)
	}
	o.mu.Unlock()
}

func (o *oneAtATime) check(t *testing.T) {
	t.Helper()
	select {
	case <-o.over:
	case <-time.After(2 * time.Minute):
		o.mu.Lock()
		t.Fatalf("%d jobs are left after two minutes", o.left)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.overlap) > 0 {
		t.Errorf("at the same time: %v, want none", o.overlap)
	}
	for jobID, n := range o.times {
		if n != 1 {
			t.Errorf("job %s ran %d times, want once", jobID, n)
		}
	}
}
