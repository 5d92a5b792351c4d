package db_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestWrite_fullDiskIsBusyAndKeepsNothing(t *testing.T) {
	ctx := context.Background()
	t.Run("sqlite", func(t *testing.T) {
		d := dbtest.At(t, dbtest.Empty(t, db.SQLite))
		if err := db.MigrateTo(ctx, d, db.Step{Name: "a", Text: "CREATE TABLE a (b BYTEA)"}); err != nil {
			t.Fatal(err)
		}
		err := d.Write(ctx, func(w db.Writer) error {
			var pages int64
			if err := w.QueryRow(ctx, "PRAGMA max_page_count = 20").Scan(&pages); err != nil {
				return err
			}
			_, err := w.Exec(ctx, "INSERT INTO a (b) VALUES ($1)", make([]byte, 1<<20))
			return err
		})
		wantFault(t, err, fault.Busy, db.KeyDiskFull)
		if n, err := countOf(t, d, "a"); n != 0 || err != nil {
			t.Errorf("rows = %d, %v, want 0", n, err)
		}
		if err := d.Write(ctx, func(w db.Writer) error {
			_, err := w.Exec(ctx, "INSERT INTO a (b) VALUES ($1)", []byte{1})
			return err
		}); err != nil {
			t.Errorf("a small Write afterwards = %v", err)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.At(t, dbtest.Empty(t, db.Postgres))
		err := d.Write(ctx, func(w db.Writer) error {
			_, err := w.Exec(ctx, "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END'")
			return err
		})
		wantFault(t, err, fault.Busy, db.KeyDiskFull)
	})
}

func TestWrite_lockHeldByAnotherProgramIsBusy(t *testing.T) {
	ctx, address := context.Background(), dbtest.URL(t, db.SQLite)
	d := dbtest.At(t, address)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", "file:"+u.Path+"?_txlock=immediate") // a person with the sqlite3 shell
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(db.Writer) error { return nil })
	wantFault(t, err, fault.Busy, db.KeyBusy)

	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err = d.Write(short, func(db.Writer) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
		t.Errorf("Write = %v after %v, want the context's error at once", err, time.Since(start))
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, func(db.Writer) error { return nil }); err != nil {
		t.Errorf("Write after the lock is free = %v", err)
	}
}

func TestWrite_brokenConnectionIsReplaced(t *testing.T) {
	ctx := context.Background()
	d := dbtest.Open(t, db.Postgres)
	for range 3 {
		err := d.Write(ctx, func(w db.Writer) error { // the server ends this very connection
			return w.QueryRow(ctx, "SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS TEXT)").Scan(new(string))
		})
		wantFault(t, err, fault.Busy, db.KeyUnreachable)
		if err := d.Write(ctx, func(w db.Writer) error { return w.QueryRow(ctx, "SELECT 1").Scan(new(int64)) }); err != nil {
			t.Fatalf("Write after a broken connection = %v", err)
		}
	}
}

// A caller that goes away in the middle of BEGIN must not leave the one writer inside a transaction that nobody ends.
func TestWrite_canceledWhileBeginningLeavesNothingOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for n := range 600 {
			ctx, cancel := context.WithCancel(t.Context())
			timer := time.AfterFunc(time.Duration(n%150)*time.Microsecond, cancel)
			err := d.Write(ctx, func(w db.Writer) error { return nil })
			timer.Stop()
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatalf("write %d = %v, want none or that its context ended", n, err)
			}
		}
		if err := d.Write(t.Context(), func(db.Writer) error { return nil }); err != nil {
			t.Errorf("a write after canceled ones = %v, want none", err)
		}
	})
}

func TestClose_waitsForTransactionsAndRefusesNewOnes(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, dbtest.Empty(t, db.SQLite), db.Options{Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	inside, closed := make(chan struct{}), make(chan error, 1)
	ended := false
	go func() {
		<-inside
		closed <- d.Close()
	}()
	if err := d.Read(ctx, func(r db.Reader) error {
		close(inside)
		time.Sleep(50 * time.Millisecond)
		ended = true
		return r.QueryRow(ctx, "SELECT 1").Scan(new(int64))
	}); err != nil {
		t.Errorf("Read during Close = %v", err)
	}
	if err := <-closed; err != nil || !ended {
		t.Errorf("Close = %v with the transaction ended: %v", err, ended)
	}
	wantFault(t, d.Read(ctx, func(db.Reader) error { return nil }), fault.Internal, db.KeyOver)
	if err := d.Close(); err != nil {
		t.Errorf("second Close = %v", err)
	}
}

func TestOpen_findsTheDriversInterrupt(t *testing.T) {
	ok, err := db.Interruptible(context.Background(), dbtest.At(t, dbtest.Empty(t, db.SQLite)))
	if !ok || err != nil {
		t.Errorf("interruptible = %v, %v: the driver changed inside; statements cost twice the time until sqlite.go follows", ok, err)
	}
}

func TestWrite_cancelledStatementLeavesWriterUsable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, own := range []bool{false, true} { // the statement's context is the transaction's, or a shorter one
			outer, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			ctx := outer
			if own {
				outer = context.Background()
			}
			err := d.Write(outer, func(w db.Writer) error {
				_, err := w.Exec(ctx, `INSERT INTO audit_head (city, seq, hash)
					WITH RECURSIVE up (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM up WHERE n < 100000000)
					SELECT 'c' || CAST(n AS TEXT), n, CAST('' AS BYTEA) FROM up`)
				return err
			})
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Write = %v, want the context's error", err)
			}
			err = d.Write(context.Background(), func(w db.Writer) error {
				_, err := w.Exec(context.Background(), "DELETE FROM audit_head")
				return err
			})
			if err != nil {
				t.Errorf("Write afterwards = %v", err)
			}
		}
	})
}

func TestPrepare_forgottenStatementIsClosedWithTransaction(t *testing.T) {
	ctx := context.Background()
	d := dbtest.Open(t, db.Postgres)
	for want := range 3 {
		var left int
		err := d.Write(ctx, func(w db.Writer) error {
			if err := w.QueryRow(ctx, "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE 'DELETE%'").Scan(&left); err != nil {
				return err
			}
			_, err := w.Prepare(ctx, "DELETE FROM audit_head WHERE seq = $1")
			return err
		})
		if err != nil || left > 0 {
			t.Errorf("after %d transactions %d statements are left, %v, want 0", want, left, err)
		}
	}
}

func TestInspect_countsPlaceholdersOutsideQuotesAndComments(t *testing.T) {
	for text, want := range map[string]int{
		"SELECT 1":                                       0,
		"SELECT $1, $2, $1":                              2,
		"SELECT $2 + $1":                                 2,
		"SELECT '$9', \"$8\", $1 -- $7":                  1,
		"SELECT '$9''$8' /* $7 ; */ , $1 ; ":             1,
		"SELECT 'it''s; one', $1;\n-- end":               1,
		"SELECT $10, $9, $8, $7, $6, $5, $4, $3, $2, $1": 10,
		"": 0,
	} {
		if got, err := db.Inspect(text); got != want || err != nil {
			t.Errorf("inspect(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"SELECT ?", "SELECT $0", "SELECT $2", "SELECT $64", "SELECT $x", "SELECT 1; SELECT 2", "SELECT $1, $3"} {
		if got, err := db.Inspect(text); err == nil {
			t.Errorf("inspect(%q) = %d, want an error", text, got)
		}
	}
}

func FuzzInspect(f *testing.F) {
	for _, seed := range []string{"SELECT $1", "'", "--", "/*", "\"$1", "$", "$99999999999", "a;b", "/**/;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := db.Inspect(text); err == nil && (n < 0 || n > 63) {
			t.Errorf("inspect(%q) = %d, want 0 to 63", text, n)
		}
	})
}

func TestBackoff_doublesIsBoundedAndSpread(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: 2 * time.Millisecond, 2: 4 * time.Millisecond, 5: 32 * time.Millisecond, 25: 250 * time.Millisecond, 1000: 250 * time.Millisecond} {
		seen := map[time.Duration]bool{}
		for salt := range uint64(100) {
			d := db.Backoff(attempt, salt)
			if d < most/2 || d > most {
				t.Fatalf("backoff(%d, %d) = %v, want %v to %v", attempt, salt, d, most/2, most)
			}
			seen[d] = true
		}
		if len(seen) < 90 {
			t.Errorf("backoff(%d) gave %d different delays for 100 salts", attempt, len(seen))
		}
	}
}

// The SQLSTATE codes are those of PostgreSQL's manual, appendix A.
func TestPostgres_errorCodesHaveTheirKind(t *testing.T) {
	for code, want := range map[string]struct {
		kind fault.Kind
		key  string
	}{
		"23505": {fault.Exists, db.KeyRowExists}, "23P01": {fault.Exists, db.KeyRowExists},
		"23503": {fault.Invalid, db.KeyRowViolates}, "23514": {fault.Invalid, db.KeyRowViolates}, "23502": {fault.Invalid, db.KeyRowViolates},
		"40001": {fault.Busy, db.KeyBusy}, "40P01": {fault.Busy, db.KeyBusy}, "55P03": {fault.Busy, db.KeyBusy}, "53300": {fault.Busy, db.KeyBusy},
		"25006": {fault.Internal, db.KeyReadOnly}, "53100": {fault.Busy, db.KeyDiskFull}, "57P01": {fault.Busy, db.KeyUnreachable},
		"28P01": {fault.Invalid, db.KeyRefused}, "42601": {fault.Internal, "internal"},
	} {
		err := db.PgTrouble(&pgconn.PgError{Code: code})
		wantFault(t, err, want.kind, want.key)
	}
}
