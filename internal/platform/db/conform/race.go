package conform

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var raceChecks = []check{
	{"race_eightWritersLoseNothing", eightWriters},
	{"race_writeSkewIsRefused", writeSkew},
	{"race_cancelWhileRetryingReturnsAtOnce", cancelRetry},
	{"race_busyAfterBoundedRetries", boundedRetries},
	{"cancel_endsALongStatement", cancelStatement},
	{"cancel_beforeCommitKeepsNothing", cancelBeforeCommit},
}

// quickly is how soon a cancelled call must be back; generous, because the machines that run tests are busy.
const quickly = 2 * time.Second

// eightWriters reads, adds and writes back, the pattern that loses increments wherever isolation is weaker.
func eightWriters(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('k', 0)")
	const writers, each = 8, 25
	var group sync.WaitGroup
	var runs atomic.Int64
	for range writers {
		group.Go(func() {
			for range each {
				write(t, d, func(ctx context.Context, w db.Writer) error {
					runs.Add(1)
					var n int64
					if err := w.QueryRow(ctx, "SELECT n FROM counter WHERE k = $1", "k").Scan(&n); err != nil {
						return err
					}
					_, err := w.Exec(ctx, "UPDATE counter SET n = $1 WHERE k = $2", n+1, "k")
					return err
				})
			}
		})
	}
	group.Wait()
	if got := one[int64](t, d, "SELECT n FROM counter"); got != writers*each {
		t.Errorf("n = %d, want %d: increments were lost", got, writers*each)
	}
	t.Logf("%d commits took %d runs", writers*each, runs.Load())
}

// writeSkew: two transactions each check a rule over rows that the other changes. Exactly one may keep the rule's promise.
func writeSkew(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('a', 1), ('b', 1)")
	var group sync.WaitGroup
	for _, k := range []string{"a", "b"} {
		group.Go(func() {
			write(t, d, func(ctx context.Context, w db.Writer) error {
				var on int64
				if err := w.QueryRow(ctx, "SELECT CAST(SUM(n) AS BIGINT) FROM counter").Scan(&on); err != nil {
					return err
				}
				time.Sleep(20 * time.Millisecond) // both have read
				if on < 2 {
					return nil // one must stay on
				}
				_, err := w.Exec(ctx, "UPDATE counter SET n = 0 WHERE k = $1", k)
				return err
			})
		})
	}
	group.Wait()
	if got := one[int64](t, d, "SELECT CAST(SUM(n) AS BIGINT) FROM counter"); got != 1 {
		t.Errorf("on = %d, want 1: both saw the old state and both wrote", got)
	}
}

// collide is a Write that can never win on PostgreSQL: each run is overtaken by another commit. On SQLite nothing can
// overtake the one writer; there the call is made to wait behind another one.
func collide(ctx context.Context, d *db.DB) (runs int64, err error) {
	bump := func(ctx context.Context, w db.Writer) error {
		_, err := w.Exec(ctx, "UPDATE counter SET n = n + 1 WHERE k = 'k'")
		return err
	}
	if d.Engine() == db.SQLite {
		held, free, gone := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(gone)
			_ = d.Write(context.Background(), func(db.Writer) error { close(held); <-free; return nil })
		}()
		<-held
		err = d.Write(ctx, func(w db.Writer) error { runs++; return bump(ctx, w) })
		close(free)
		<-gone
		return runs, err
	}
	err = d.Write(ctx, func(w db.Writer) error {
		runs++
		if err := w.QueryRow(ctx, "SELECT n FROM counter WHERE k = 'k'").Scan(new(int64)); err != nil {
			return err
		}
		other := context.WithoutCancel(ctx)
		if err := d.Write(other, func(w db.Writer) error { return bump(other, w) }); err != nil {
			return err
		}
		return bump(ctx, w)
	})
	return runs, err
}

func cancelRetry(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('k', 0)")
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	runs, err := collide(ctx, d)
	if !errors.Is(err, context.DeadlineExceeded) || fault.KindOf(err) != fault.Busy {
		t.Errorf("Write = %v, want the context's error as busy", err)
	}
	if took := time.Since(start); took > quickly {
		t.Errorf("Write took %v after its context ended", took)
	}
	if d.Engine() == db.Postgres && runs < 2 {
		t.Errorf("the closure ran %d times, want several", runs)
	}
}

func boundedRetries(t *testing.T, d *db.DB) {
	if d.Engine() == db.SQLite {
		t.Skip("the one writer of SQLite cannot lose a race; a lock that another program holds is tested in package db")
	}
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('k', 0)")
	runs, err := collide(context.Background(), d)
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Busy || f.Key != db.KeyBusy || f.Args["attempts"] != int(runs) {
		t.Errorf("Write = %v after %d runs, want %s with their number", err, runs, db.KeyBusy)
	}
}

// cancelStatement counts to a number that takes minutes.
func cancelStatement(t *testing.T, d *db.DB) {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := d.Read(ctx, func(r db.Reader) error {
		return r.QueryRow(ctx, `WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 1000000000)
			SELECT COUNT(*) FROM up`).Scan(new(int64))
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Read = %v, want the context's error", err)
	}
	if took := time.Since(start); took > quickly {
		t.Errorf("Read took %v after its context ended", took)
	}
	if got := one[int64](t, d, "SELECT 7"); got != 7 { // the connection, or another one, still works
		t.Errorf("SELECT 7 = %d", got)
	}
}

func cancelBeforeCommit(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx, cancel := context.WithCancel(context.Background())
	err := d.Write(ctx, func(w db.Writer) error {
		err := insert(ctx, w, "a")
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Write = %v, want the context's error", err)
	}
	wantRows(t, d, 0)
}
