package db_test

import (
	"context"
	"sync"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// engines runs fn on an empty database of each engine.
func engines(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, dbtest.At(t, dbtest.Empty(t, e))) })
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) *fault.Fault {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Kind != kind || f.Key != key {
		t.Fatalf("error = %v, want %v %s", err, kind, key)
	}
	return f
}

func wantVersion(t *testing.T, d *db.DB, want int) {
	t.Helper()
	if got, err := db.SchemaVersion(context.Background(), d); err != nil || got != want {
		t.Errorf("SchemaVersion = %d, %v, want %d", got, err, want)
	}
}

func countOf(t *testing.T, d *db.DB, table string) (n int64, err error) {
	t.Helper()
	ctx := context.Background()
	err = d.Read(ctx, func(r db.Reader) error { return r.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n) })
	return n, err
}

var (
	first  = db.Step{Name: "first", Text: "CREATE TABLE a (n BIGINT NOT NULL PRIMARY KEY);\n-- 说明; with a semicolon\nINSERT INTO a (n) VALUES (1);"}
	second = db.Step{Name: "second", Text: "CREATE TABLE b (n BIGINT NOT NULL PRIMARY KEY); INSERT INTO b (n) SELECT n FROM a;"}
)

func TestMigrate_appliesStepsInOrderAndOnce(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		wantVersion(t, d, 0)
		for _, steps := range [][]db.Step{{first}, {first}, {first, second}, {first, second}} {
			if err := db.MigrateTo(ctx, d, steps...); err != nil {
				t.Fatalf("migrate to %d = %v", len(steps), err)
			}
			wantVersion(t, d, len(steps))
		}
		if n, err := countOf(t, d, "b"); n != 1 || err != nil {
			t.Errorf("rows of b = %d, %v, want 1", n, err)
		}
	})
}

func TestMigrate_ofThisProgramIsRepeatable(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		for range 2 {
			if err := db.Migrate(context.Background(), d); err != nil {
				t.Fatalf("Migrate = %v", err)
			}
		}
	})
}

func TestMigrate_olderProgramRefusesNewerSchema(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := db.MigrateTo(ctx, d, first, second); err != nil {
			t.Fatal(err)
		}
		f := wantFault(t, db.MigrateTo(ctx, d, first), fault.Invalid, db.KeySchemaNewer)
		if f.Args["found"] != 2 || f.Args["known"] != 1 {
			t.Errorf("arguments = %v, want found 2, known 1", f.Args)
		}
	})
}

func TestMigrate_refusesEditedStep(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := db.MigrateTo(ctx, d, first); err != nil {
			t.Fatal(err)
		}
		edited := db.Step{Name: "first", Text: first.Text + "\n-- edited"}
		f := wantFault(t, db.MigrateTo(ctx, d, edited, second), fault.Invalid, db.KeySchemaChanged)
		if f.Args["version"] != 1 || f.Args["name"] != "first" {
			t.Errorf("arguments = %v, want version 1, name first", f.Args)
		}
		wantVersion(t, d, 1)
	})
}

func TestMigrate_brokenStepLeavesNothing(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		broken := db.Step{Name: "broken", Text: second.Text + " INSERT INTO nowhere (n) VALUES (1);"}
		f := wantFault(t, db.MigrateTo(ctx, d, first, broken), fault.Internal, db.KeyMigration)
		if f.Args["version"] != 2 || f.Args["name"] != "broken" {
			t.Errorf("arguments = %v, want version 2, name broken", f.Args)
		}
		wantVersion(t, d, 1)
		if _, err := countOf(t, d, "b"); err == nil {
			t.Error("table b of the broken step exists")
		}
		if err := db.MigrateTo(ctx, d, first, second); err != nil { // mended
			t.Errorf("migrate = %v", err)
		}
	})
}

func TestMigrate_severalProgramsAtOnce(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		var group sync.WaitGroup
		for range 6 {
			group.Go(func() {
				if err := db.MigrateTo(context.Background(), d, first, second); err != nil {
					t.Errorf("migrate = %v", err)
				}
			})
		}
		group.Wait()
		wantVersion(t, d, 2)
	})
}
