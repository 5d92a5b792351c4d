// Package conform pins what the two engines must agree on, so that one SQL text means one thing. A driver, an engine or a
// server version is fit for the product when Run passes on it; a doubt about a construct of SQL becomes a check here
// before a store uses it.
//
// It is not a test of the stores: those run on both engines by dbtest.Each.
//
// # The portable subset
//
// Allowed: RETURNING, ON CONFLICT … DO UPDATE or DO NOTHING, common table expressions, window functions, FILTER, row
// values, partial indexes, CHECK, foreign keys, NULLS FIRST and NULLS LAST, CASE, COALESCE, SUM and COUNT over BIGINT.
//
// Banned, because the engines disagree: COLLATE in DDL, LIKE for case, ORDER BY a column that may be NULL without NULLS
// FIRST or LAST, ILIKE, GREATEST, JSON operators, now(), round(), untyped AVG, CAST of a fraction to an integer (2.7
// becomes 2 on SQLite and 3 on PostgreSQL, see the check), division of integers that are not both BIGINT columns, REAL
// (four bytes on PostgreSQL), and double quotes around text.
package conform

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// check is one thing that the engines must agree on.
type check struct {
	name string
	run  func(t *testing.T, d *db.DB)
}

// Run checks the engine behind open. open gives a fresh database for each check; it needs no schema, and goes with t.
func Run(t *testing.T, open func(t testing.TB) *db.DB) {
	for _, list := range [][]check{valueChecks, orderChecks, constraintChecks, transactionChecks, queueChecks, raceChecks, pageChecks} {
		for _, c := range list {
			t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
		}
	}
}

// must runs statements without arguments, each in a transaction of its own.
func must(t *testing.T, d *db.DB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		err := d.Write(context.Background(), func(w db.Writer) error {
			_, err := w.Exec(context.Background(), text)
			return err
		})
		if err != nil {
			t.Fatalf("Exec(%q) = %v", text, err)
		}
	}
}

// write runs fn in a transaction that must succeed.
func write(t *testing.T, d *db.DB, fn func(ctx context.Context, w db.Writer) error) {
	t.Helper()
	ctx := context.Background()
	if err := d.Write(ctx, func(w db.Writer) error { return fn(ctx, w) }); err != nil {
		t.Fatalf("Write = %v", err)
	}
}

// one gives the single value of a query.
func one[T any](t *testing.T, d *db.DB, text string, args ...any) (v T) {
	t.Helper()
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) error { return r.QueryRow(ctx, text, args...).Scan(&v) })
	if err != nil {
		t.Fatalf("QueryRow(%q, %v) = %v", text, args, err)
	}
	return v
}

// column gives the values of the query's only column.
func column[T any](t *testing.T, d *db.DB, text string, args ...any) (list []T) {
	t.Helper()
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) (err error) {
		list, err = db.Collect(ctx, r, func(s db.Scanner) (v T, err error) { return v, s.Scan(&v) }, text, args...)
		return err
	})
	if err != nil {
		t.Fatalf("Collect(%q, %v) = %v", text, args, err)
	}
	return list
}
