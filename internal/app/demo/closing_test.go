package demo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/parkbrain/parkbrain/internal/app"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// program runs a command of the program and fails unless it exits with code.
func program(t *testing.T, code int, args ...string) {
	t.Helper()
	if got := app.Main(append(args, "--log-level", "error")); got != code {
		t.Fatalf("parkbrain %v = exit code %d, want %d", args, got, code)
	}
}

func bundle(t *testing.T, file string) ([]byte, *vintage.Kept) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	k, err := vintage.ReadBundle(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("ReadBundle(%s) = %v", file, err)
	}
	return b, k
}

func TestClose_ofTheDemoIsRegeneratedByteForByteOnTheOtherEngine(t *testing.T) {
	t.Parallel()
	dbtest.Server(t) // skips first where there is none
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	at := map[db.Engine]string{}
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		at[e] = dbtest.URL(t, e)
		program(t, 0, "demo", "--db", at[e], "--enterprises", "300", "--months", "24")
		program(t, 0, "close", "--db", at[e], "--period", "2024-12", "--reason", "年度封账")
		program(t, 1, "close", "--db", at[e], "--period", "2024-12", "--reason", "再封一次")
		program(t, 0, "close", "export", "--db", at[e], "--period", "2024-12", "--out", file(string(e)))
	}
	lite, one := bundle(t, file("sqlite"))
	_, other := bundle(t, file("postgres"))
	if one.Digest != other.Digest {
		t.Errorf("the same seed closed on both engines has the digests %s and %s, want one", one.Digest, other.Digest)
	}
	for _, part := range []string{vintage.Inputs, vintage.Rules, vintage.Results, vintage.Completeness} {
		a, errA := one.Text(part)
		b, errB := other.Text(part)
		if errA != nil || errB != nil || !bytes.Equal(a, b) || len(a) == 0 {
			t.Errorf("%s: %d bytes on SQLite and %d on PostgreSQL (%v, %v), want the same", part, len(a), len(b), errA, errB)
		}
	}
	// Carried to a server of the other engine, where nothing was closed, it is computed again and given back unchanged.
	empty := dbtest.URL(t, db.Postgres)
	program(t, 0, "close", "import", file("sqlite"), "--db", empty)
	program(t, 0, "close", "verify", "--db", empty)
	program(t, 0, "close", "export", "--db", empty, "--period", "2024-12", "--out", file("back"))
	if back, _ := bundle(t, file("back")); !bytes.Equal(back, lite) {
		t.Error("the bundle that came back from the other engine is another file")
	}
	program(t, 0, "close", "verify", "--bundle", file("back"))
	bad := bytes.Clone(lite)
	bad[len(bad)/2] ^= 1
	if err := os.WriteFile(file("bad"), bad, 0o600); err != nil {
		t.Fatal(err)
	}
	program(t, 1, "close", "verify", "--bundle", file("bad"))
	program(t, 1, "close", "import", file("bad"), "--db", empty)
}
