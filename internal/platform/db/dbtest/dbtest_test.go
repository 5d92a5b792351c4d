package dbtest_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestEach_givesFreshMigratedDatabase(t *testing.T) {
	ctx := context.Background()
	for range 2 { // the second round must not see the first one's row
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			v, err := db.SchemaVersion(ctx, d)
			if err != nil || v < 1 {
				t.Fatalf("SchemaVersion = %d, %v, want at least 1", v, err)
			}
			err = d.Write(ctx, func(w db.Writer) error {
				n, err := w.Exec(ctx, "INSERT INTO audit_head (city, seq, hash) VALUES ($1, $2, $3)", "c", 1, []byte{1})
				if n != 1 {
					t.Errorf("Exec = %d rows, want 1", n)
				}
				return err
			})
			if err != nil {
				t.Fatalf("Write = %v", err)
			}
		})
	}
}
