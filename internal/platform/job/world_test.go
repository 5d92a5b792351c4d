package job

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

const city = "350500"

// patience is how long a test waits for what must happen: much longer than it takes.
const patience = 30 * time.Second

// poll is that of the Workers in tests.
const poll = 5 * time.Millisecond

// clock is one that tests set. Safe for concurrent use.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2025, 6, 3, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a database, a clock and ids for a test.
type world struct {
	*testing.T
	db    *db.DB
	clock *clock
	ids   *id.Maker
}

func newWorld(t *testing.T, d *db.DB) *world {
	c := newClock()
	return &world{t, d, c, id.NewMaker(c.now, rand.NewChaCha8([32]byte{1}))}
}

// worker is a Worker that the test's end stops. Its log is shown when the test fails.
func (w *world) worker(d *db.DB, o Options) *Worker {
	w.Helper()
	o.City = city
	if o.Now == nil {
		o.Now = w.clock.now
	}
	if o.Poll == 0 {
		o.Poll = poll
	}
	if o.Name == "" {
		o.Name = "a"
	}
	var log lockedBuffer
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	worker := NewWorker(d, o)
	w.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		if err := worker.Stop(ctx); err != nil {
			w.Errorf("Stop = %v", err)
		}
		if w.Failed() {
			w.Logf("log of %s:\n%s", o.Name, log.String())
		}
	})
	return worker
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// spec is a job of a kind with what every Spec needs.
func (w *world) spec(kind string) Spec {
	return Spec{City: city, ID: w.ids.New(), Kind: kind, At: w.clock.now()}
}

func (w *world) enqueue(s Spec) string {
	w.Helper()
	got, err := w.tryEnqueue(s)
	if err != nil {
		w.Fatalf("Enqueue(%+v) = %v", s, err)
	}
	return got
}

func (w *world) tryEnqueue(s Spec) (got string, err error) {
	err = w.db.Write(context.Background(), func(tx db.Writer) error {
		got, err = Enqueue(context.Background(), tx, s)
		return err
	})
	return got, err
}

func (w *world) cancel(jobID string) error {
	return w.db.Write(context.Background(), func(tx db.Writer) error {
		return Cancel(context.Background(), tx, city, jobID, w.clock.now())
	})
}

func (w *world) get(jobID string) (j Job) {
	w.Helper()
	err := w.db.Read(context.Background(), func(r db.Reader) (err error) {
		j, err = Get(context.Background(), r, city, jobID)
		return err
	})
	if err != nil {
		w.Fatalf("Get(%s) = %v", jobID, err)
	}
	return j
}

func (w *world) measure() (d Depth) {
	w.Helper()
	err := w.db.Read(context.Background(), func(r db.Reader) (err error) {
		d, err = Measure(context.Background(), r, city, w.clock.now())
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return d
}

// until waits for a condition on a job.
func (w *world) until(jobID, what string, ok func(Job) bool) Job {
	w.Helper()
	deadline := time.Now().Add(patience)
	for {
		j := w.get(jobID)
		if ok(j) {
			return j
		}
		if time.Now().After(deadline) {
			w.Fatalf("job %s = %+v, failure %+v, want it %s", jobID, j, j.Failure, what)
		}
		time.Sleep(poll)
	}
}

func (w *world) untilState(jobID string, want State) Job {
	w.Helper()
	return w.until(jobID, string(want), func(j Job) bool { return j.State == want })
}

// receive takes one value from a channel.
func receive[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("waited too long for %s", what)
	}
	return v
}

func nothing(context.Context, *Run) (any, error) { return nil, nil }

func numbered(i int) string { return fmt.Sprintf("%04d", i) }
