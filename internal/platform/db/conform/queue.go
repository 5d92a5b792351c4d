package conform

import (
	"context"
	"errors"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var queueChecks = []check{
	{"queue_isSeenByLaterStatements", queueSeen},
	{"queue_isCommittedWithTransaction", queueCommitted},
	{"queue_failedRowDoomsTransaction", queueDoomed},
	{"queue_goesWithAFailedTransaction", queueUndone},
	{"queue_keepsOrderAcrossStatements", queueOrder},
	{"queue_refusedRowIsTheCallersFault", queueRefused},
}

const queued = 2500 // more than are sent at once

// fillQueue queues rows k0 … and gives the first error.
func fillQueue(ctx context.Context, w db.Writer, n int, key func(int) string) error {
	st, err := w.Prepare(ctx, "INSERT INTO counter (k, n) VALUES ($1, $2)")
	if err != nil {
		return err
	}
	for i := range n {
		if err := st.Queue(ctx, key(i), i); err != nil {
			return errors.Join(err, st.Close())
		}
	}
	return st.Close()
}

func number(i int) string { return string(rune('一' + i)) }

func queueSeen(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	write(t, d, func(ctx context.Context, w db.Writer) error {
		if err := fillQueue(ctx, w, queued, number); err != nil {
			return err
		}
		var n, sum int64
		if err := w.QueryRow(ctx, "SELECT COUNT(*), SUM(n) FROM counter").Scan(&n, &sum); err != nil {
			return err
		}
		if n != queued || sum != queued*(queued-1)/2 {
			t.Errorf("rows = %d with sum %d, want %d with %d", n, sum, queued, queued*(queued-1)/2)
		}
		return nil
	})
}

func queueCommitted(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	write(t, d, func(ctx context.Context, w db.Writer) error { return fillQueue(ctx, w, 7, number) })
	wantRows(t, d, 7)
}

func queueDoomed(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	for _, n := range []int{3, queued} {
		err := d.Write(ctx, func(w db.Writer) error {
			return fillQueue(ctx, w, n, func(i int) string { return number(i % (n - 1)) }) // the last repeats the first
		})
		if fault.KindOf(err) != fault.Exists || err == nil {
			t.Errorf("Write with a row twice among %d = %v, want an Exists fault", n, err)
		}
		wantRows(t, d, 0)
	}
}

func queueUndone(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx, mine := context.Background(), errors.New("mine")
	err := d.Write(ctx, func(w db.Writer) error {
		if err := fillQueue(ctx, w, queued, number); err != nil {
			return err
		}
		return mine
	})
	if !errors.Is(err, mine) {
		t.Errorf("Write = %v, want the closure's error", err)
	}
	wantRows(t, d, 0)
}

func queueOrder(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	write(t, d, func(ctx context.Context, w db.Writer) error {
		in, err := w.Prepare(ctx, "INSERT INTO counter (k, n) VALUES ($1, $2)")
		if err != nil {
			return err
		}
		up, err := w.Prepare(ctx, "UPDATE counter SET n = n * 2 + $1 WHERE k = $2")
		if err != nil {
			return err
		}
		if err := in.Queue(ctx, "a", 1); err != nil {
			return err
		}
		for i := range 3 { // ((1·2+0)·2+1)·2+2 = 12
			if err := up.Queue(ctx, i, "a"); err != nil {
				return err
			}
		}
		_, err = w.Exec(ctx, "UPDATE counter SET n = n + 100 WHERE k = 'a'")
		return err
	})
	if got := one[int64](t, d, "SELECT n FROM counter WHERE k = 'a'"); got != 112 {
		t.Errorf("n = %d, want 112", got)
	}
}

func queueRefused(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	err := d.Write(ctx, func(w db.Writer) error {
		st, err := w.Prepare(ctx, "INSERT INTO counter (k, n) VALUES ($1, $2)")
		if err != nil {
			return err
		}
		return st.Queue(ctx, "a", true)
	})
	if f, _ := fault.Of(err); f == nil || f.Key != db.KeyArgument {
		t.Errorf("Queue of a bool = %v, want %s", err, db.KeyArgument)
	}
	wantRows(t, d, 0)
}
