package conform

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var constraintChecks = []check{
	{"constraint_errorsHaveTheirKind", errorKinds},
	{"constraint_partialUniqueIndex", partialUnique},
	{"upsert_countsAndReturns", upserts},
	{"update_countsMatchedRows", matchedRows},
}

func parentAndChild(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d, "CREATE TABLE parent (city TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (city, id))",
		`CREATE TABLE child (id BIGINT NOT NULL PRIMARY KEY, city TEXT NOT NULL, parent TEXT,
			name TEXT NOT NULL UNIQUE CHECK (name <> ''), flag BIGINT NOT NULL CHECK (flag IN (0, 1)),
			FOREIGN KEY (city, parent) REFERENCES parent (city, id))`,
		"INSERT INTO parent (city, id) VALUES ('c', 'p')",
		"INSERT INTO child (id, city, parent, name, flag) VALUES (1, 'c', 'p', '甲', 1)")
}

func errorKinds(t *testing.T, d *db.DB) {
	parentAndChild(t, d)
	for _, c := range []struct {
		text       string
		kind       fault.Kind
		key        string
		constraint any
	}{
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (1, 'c', 'p', '乙', 0)", fault.Exists, db.KeyRowExists, nil},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'p', '甲', 0)", fault.Exists, db.KeyRowExists, nil},
		{"UPDATE parent SET id = 'q' WHERE id = 'p'", fault.Invalid, db.KeyRowViolates, "fk"},
		{"DELETE FROM parent WHERE id = 'p'", fault.Invalid, db.KeyRowViolates, "fk"},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'x', '乙', 0)", fault.Invalid, db.KeyRowViolates, "fk"},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'p', '', 0)", fault.Invalid, db.KeyRowViolates, "check"},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'p', '乙', 2)", fault.Invalid, db.KeyRowViolates, "check"},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'p', NULL, 0)", fault.Invalid, db.KeyRowViolates, "not_null"},
		{"INSERT INTO child (id, city, parent, name, flag) VALUES (2, 'c', 'p', '乙', NULL)", fault.Invalid, db.KeyRowViolates, "not_null"},
	} {
		ctx := context.Background()
		err := d.Write(ctx, func(w db.Writer) error { _, err := w.Exec(ctx, c.text); return err })
		f, ok := fault.Of(err)
		if !ok || f.Kind != c.kind || f.Key != c.key || f.Args["constraint"] != c.constraint {
			t.Errorf("Exec(%q) = %v, want %v %s %v", c.text, err, c.kind, c.key, c.constraint)
		}
	}
	must(t, d, "INSERT INTO child (id, city, parent, name, flag) VALUES (3, 'x', NULL, '丙', 0)") // a NULL part refers to nothing
}

func partialUnique(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE figure (id BIGINT NOT NULL PRIMARY KEY, field TEXT NOT NULL, replaced BIGINT)",
		"CREATE UNIQUE INDEX figure_current ON figure (field) WHERE replaced IS NULL",
		"INSERT INTO figure (id, field, replaced) VALUES (1, 'a', 2), (2, 'a', 3), (3, 'a', NULL)")
	ctx := context.Background()
	err := d.Write(ctx, func(w db.Writer) error {
		_, err := w.Exec(ctx, "INSERT INTO figure (id, field) VALUES (4, 'a')")
		return err
	})
	if fault.KindOf(err) != fault.Exists {
		t.Errorf("second current figure = %v, want exists", err)
	}
}

func upserts(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE counter (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
	for want := int64(1); want <= 3; want++ {
		write(t, d, func(ctx context.Context, w db.Writer) error {
			var got int64
			err := w.QueryRow(ctx, `INSERT INTO counter (k, n) VALUES ($1, 1)
				ON CONFLICT (k) DO UPDATE SET n = counter.n + excluded.n RETURNING n`, "k").Scan(&got)
			if got != want {
				t.Errorf("RETURNING n = %d, want %d", got, want)
			}
			return err
		})
	}
	write(t, d, func(ctx context.Context, w db.Writer) error {
		n, err := w.Exec(ctx, "INSERT INTO counter (k, n) VALUES ('k', 9), ('l', 9) ON CONFLICT (k) DO NOTHING")
		if n != 1 {
			t.Errorf("DO NOTHING affected %d rows, want 1", n)
		}
		return err
	})
}

func matchedRows(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE counter (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)",
		"INSERT INTO counter (k, n) VALUES ('a', 1), ('b', 1)")
	write(t, d, func(ctx context.Context, w db.Writer) error {
		same, err := w.Exec(ctx, "UPDATE counter SET n = 1")
		if err != nil || same != 2 {
			t.Errorf("UPDATE to the same value = %d, %v, want 2: matched rows count", same, err)
		}
		none, err := w.Exec(ctx, "UPDATE counter SET n = 2 WHERE k = $1 AND n = $2", "a", 7)
		if none != 0 {
			t.Errorf("UPDATE of a stale version = %d, want 0", none)
		}
		return err
	})
}
