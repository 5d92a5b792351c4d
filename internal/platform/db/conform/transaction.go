package conform

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var transactionChecks = []check{
	{"write_rollsBackOnError", rollbackOnError},
	{"write_rollsBackOnPanicAndPanicsOn", rollbackOnPanic},
	{"write_rollsBackWhenGoroutineLeaves", rollbackOnExit},
	{"write_failedStatementDoomsTransaction", doomed},
	{"write_seesItsOwnRows", ownRows},
	{"read_cannotWrite", readOnly},
	{"read_missingRowIsNotFound", missingRow},
	{"read_refusesNestedQuery", nestedQuery},
	{"read_rowsLeftOpenAreClosed", leftOpen},
	{"read_readerEndsWithTransaction", keptReader},
	{"read_snapshotIsStable", stableSnapshot},
	{"read_seesNoUncommittedRows", noDirtyRead},
}

const counterTable = "CREATE TABLE counter (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)"

func insert(ctx context.Context, w db.Writer, k string) error {
	_, err := w.Exec(ctx, "INSERT INTO counter (k, n) VALUES ($1, 1)", k)
	return err
}

func wantRows(t *testing.T, d *db.DB, want int64) {
	t.Helper()
	if got := one[int64](t, d, "SELECT COUNT(*) FROM counter"); got != want {
		t.Errorf("rows = %d, want %d", got, want)
	}
}

func rollbackOnError(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx, mine := context.Background(), errors.New("mine")
	err := d.Write(ctx, func(w db.Writer) error {
		if err := insert(ctx, w, "a"); err != nil {
			return err
		}
		return mine
	})
	if !errors.Is(err, mine) {
		t.Errorf("Write = %v, want the closure's error", err)
	}
	wantRows(t, d, 0)
}

func rollbackOnPanic(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	func() {
		defer func() {
			if got := recover(); got != "mine" {
				t.Errorf("recovered %v, want the closure's panic", got)
			}
		}()
		_ = d.Write(ctx, func(w db.Writer) error {
			if err := insert(ctx, w, "a"); err != nil {
				return err
			}
			panic("mine")
		})
	}()
	wantRows(t, d, 0)
	write(t, d, func(ctx context.Context, w db.Writer) error { return insert(ctx, w, "a") }) // the writer is free again
}

func rollbackOnExit(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx, left := context.Background(), make(chan struct{})
	go func() {
		defer close(left)
		_ = d.Write(ctx, func(w db.Writer) error {
			_ = insert(ctx, w, "a")
			runtime.Goexit() // as t.Fatal does
			return nil
		})
	}()
	<-left
	wantRows(t, d, 0)
	write(t, d, func(ctx context.Context, w db.Writer) error { return insert(ctx, w, "a") })
}

func doomed(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	err := d.Write(ctx, func(w db.Writer) error {
		_ = insert(ctx, w, "a")
		if err := insert(ctx, w, "a"); fault.KindOf(err) != fault.Exists {
			t.Errorf("second insert = %v, want exists", err)
		}
		if err := insert(ctx, w, "b"); fault.KindOf(err) != fault.Exists {
			t.Errorf("insert after a failed statement = %v, want the first error", err)
		}
		return nil // swallowed
	})
	if fault.KindOf(err) != fault.Exists {
		t.Errorf("Write = %v, want exists: a swallowed error must not commit", err)
	}
	wantRows(t, d, 0)
}

func ownRows(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	write(t, d, func(ctx context.Context, w db.Writer) error {
		if err := insert(ctx, w, "a"); err != nil {
			return err
		}
		var n int64
		err := w.Reader.QueryRow(ctx, "SELECT n FROM counter WHERE k = $1", "a").Scan(&n)
		if n != 1 {
			t.Errorf("n = %d, want 1", n)
		}
		return err
	})
}

func readOnly(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('a', 1)")
	for _, text := range []string{
		"INSERT INTO counter (k, n) VALUES ('b', 1) RETURNING n",
		"UPDATE counter SET n = 2 RETURNING n",
		"DELETE FROM counter RETURNING n",
		"CREATE TABLE other (n BIGINT)",
	} {
		ctx := context.Background()
		err := d.Read(ctx, func(r db.Reader) error { return r.QueryRow(ctx, text).Scan(new(int64)) })
		if f, ok := fault.Of(err); !ok || f.Key != db.KeyReadOnly {
			t.Errorf("%q through a Reader = %v, want %s", text, err, db.KeyReadOnly)
		}
	}
	wantRows(t, d, 1)
}

func missingRow(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) error {
		err := r.QueryRow(ctx, "SELECT n FROM counter WHERE k = $1", "x").Scan(new(int64))
		if !errors.Is(err, fault.New(fault.NotFound, db.KeyRowNotFound)) {
			t.Errorf("Scan = %v, want %s", err, db.KeyRowNotFound)
		}
		list, err := db.Collect(ctx, r, func(s db.Scanner) (n int64, err error) { return n, s.Scan(&n) }, "SELECT n FROM counter")
		if list == nil || len(list) != 0 {
			t.Errorf("Collect of nothing = %v, want an empty list that is not nil", list)
		}
		return err // not found is an answer, it dooms nothing
	})
	if err != nil {
		t.Errorf("Read = %v", err)
	}
}

func nestedQuery(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('a', 1), ('b', 2)")
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) error {
		return db.Each(ctx, r, func(s db.Scanner) error {
			return r.QueryRow(ctx, "SELECT COUNT(*) FROM counter").Scan(new(int64))
		}, "SELECT k FROM counter")
	})
	if f, ok := fault.Of(err); !ok || f.Key != db.KeyRowsOpen {
		t.Errorf("a query inside a loop = %v, want %s", err, db.KeyRowsOpen)
	}
}

func leftOpen(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('a', 1), ('b', 2)")
	ctx := context.Background()
	for range 3 * 16 { // more than there are connections
		err := d.Read(ctx, func(r db.Reader) error {
			rows, err := r.Query(ctx, "SELECT k FROM counter")
			if err == nil {
				rows.Next()
			}
			return err // without Close
		})
		if err != nil {
			t.Fatalf("Read = %v", err)
		}
	}
}

func keptReader(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	ctx := context.Background()
	var kept db.Reader
	if err := d.Read(ctx, func(r db.Reader) error { kept = r; return nil }); err != nil {
		t.Fatalf("Read = %v", err)
	}
	for _, r := range []db.Reader{kept, {}} {
		if f, ok := fault.Of(r.QueryRow(ctx, "SELECT 1").Scan(new(int64))); !ok || f.Key != db.KeyOver {
			t.Errorf("a Reader after its transaction = %v, want %s", f, db.KeyOver)
		}
	}
}

func stableSnapshot(t *testing.T, d *db.DB) {
	must(t, d, counterTable, "INSERT INTO counter (k, n) VALUES ('a', 1)")
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) error {
		count := func() (n int64) {
			if err := r.QueryRow(ctx, "SELECT COUNT(*) FROM counter").Scan(&n); err != nil {
				t.Errorf("COUNT = %v", err)
			}
			return n
		}
		before := count()
		write(t, d, func(ctx context.Context, w db.Writer) error { return insert(ctx, w, "b") })
		if after := count(); before != 1 || after != 1 {
			t.Errorf("rows before and after a commit elsewhere = %d, %d, want 1, 1", before, after)
		}
		return nil
	})
	if err != nil {
		t.Errorf("Read = %v", err)
	}
	wantRows(t, d, 2)
}

func noDirtyRead(t *testing.T, d *db.DB) {
	must(t, d, counterTable)
	write(t, d, func(ctx context.Context, w db.Writer) error {
		if err := insert(ctx, w, "a"); err != nil {
			return err
		}
		wantRows(t, d, 0) // reads on another connection while this one has not committed
		return nil
	})
	wantRows(t, d, 1)
}
