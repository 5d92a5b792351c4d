package db_test

import (
	"bufio"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func open(t *testing.T, address string) (*db.DB, error) {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{})
	if err == nil {
		t.Cleanup(func() { _ = d.Close() })
	}
	return d, err
}

func file(path string) string { return (&url.URL{Scheme: "sqlite", Path: path}).String() }

func TestOpen_refusesWhatIsNoAddress(t *testing.T) {
	for _, address := range []string{
		"", "parkbrain.db", "/tmp/parkbrain.db", "mysql://x/y", "sqlite://relative.db", "sqlite:///", "sqlite:///tmp/x.db?mode=ro",
		"postgres://user:geheim@host:notaport/db", "sqlite://\x7f:geheim@x",
	} {
		_, err := open(t, address)
		f := wantFault(t, err, fault.Invalid, db.KeyURL)
		if strings.Contains(err.Error(), "geheim") || f.Args["reason"] == "" {
			t.Errorf("Open(%q) = %v: must give a reason and no password", address, err)
		}
	}
}

func TestOpen_pathMayHoldAnyCharacter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "数据 50% #1?&;'")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "园区.db")
	if _, err := open(t, file(path)); err != nil {
		t.Fatalf("Open(%q) = %v", path, err)
	}
	s, err := os.Stat(path)
	if err != nil || s.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file = %v, %v, want 0600: it holds password digests", s.Mode(), err)
	}
}

func TestOpen_refusesMissingDirectory(t *testing.T) {
	_, err := open(t, file(filepath.Join(t.TempDir(), "none", "x.db")))
	wantFault(t, err, fault.Invalid, db.KeyCannotOpen)
}

func TestOpen_refusesDirectoryThatIsHeld(t *testing.T) {
	address := dbtest.Empty(t, db.SQLite)
	d, err := open(t, address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = open(t, address)
	f := wantFault(t, err, fault.Busy, db.KeyDirectoryHeld)
	if f.Args["pid"] != strconv.Itoa(os.Getpid()) {
		t.Errorf("pid = %v, want %d", f.Args["pid"], os.Getpid())
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, address); err != nil {
		t.Errorf("Open after Close = %v", err)
	}
}

// holdVariable makes the test binary play the other process of TestOpen_afterKillNothingIsLost.
const holdVariable = "PARKBRAIN_TEST_HOLD"

func TestMain(m *testing.M) {
	if address := os.Getenv(holdVariable); address != "" {
		hold(address)
	}
	os.Exit(m.Run())
}

// hold commits a row, opens another transaction, says so and waits to be killed.
func hold(address string) {
	ctx := context.Background()
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		panic(err)
	}
	put := func(n int) func(w db.Writer) error {
		return func(w db.Writer) error {
			_, err := w.Exec(ctx, "INSERT INTO a (n) VALUES ($1)", n)
			return err
		}
	}
	if err := d.Write(ctx, put(2)); err != nil {
		panic(err)
	}
	_ = d.Write(ctx, func(w db.Writer) error {
		if err := put(3)(w); err != nil {
			panic(err)
		}
		_, _ = os.Stdout.WriteString("ready\n")
		select {}
	})
}

func TestOpen_afterKillNothingIsLostAndDirectoryIsFree(t *testing.T) {
	ctx, address := context.Background(), dbtest.Empty(t, db.SQLite)
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.MigrateTo(ctx, d, first), d.Close()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	_, err = open(t, address)
	if f := wantFault(t, err, fault.Busy, db.KeyDirectoryHeld); f.Args["pid"] != strconv.Itoa(cmd.Process.Pid) {
		t.Errorf("pid = %v, want %d", f.Args["pid"], cmd.Process.Pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	d, err = open(t, address)
	if err != nil {
		t.Fatalf("Open after kill = %v", err)
	}
	if n, err := countOf(t, d, "a"); n != 2 || err != nil {
		t.Errorf("rows = %d, %v, want 2: the committed ones and no other", n, err)
	}
}

func TestOpen_refusesFileThatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("园区,面积\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, file(path))
	f := wantFault(t, err, fault.Invalid, db.KeyNotADatabase)
	if f.Args["path"] != path {
		t.Errorf("path = %v, want %s", f.Args["path"], path)
	}
}

// damaged gives the path of a database whose bytes change has worked on.
func damaged(t *testing.T, change func([]byte) []byte) string {
	t.Helper()
	u, err := url.Parse(dbtest.URL(t, db.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(u.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(u.Path, change(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return u.Path
}

func TestOpen_refusesFileCutShort(t *testing.T) {
	path := damaged(t, func(b []byte) []byte { return b[:len(b)/2] })
	_, err := open(t, file(path))
	wantFault(t, err, fault.Internal, db.KeyCorrupt)
}

func TestOpen_refusesDamagedSchema(t *testing.T) {
	path := damaged(t, func(b []byte) []byte { return append(b[:100:100], append(make([]byte, 8000), b[8100:]...)...) })
	_, err := open(t, file(path))
	wantFault(t, err, fault.Internal, db.KeyCorrupt)
}

func TestRead_damagedPageIsCorrupt(t *testing.T) {
	path := damaged(t, func(b []byte) []byte {
		for i := 8192; i < len(b); i++ {
			b[i] ^= 0x5a
		}
		return b
	})
	d, err := open(t, file(path))
	if err == nil {
		_, err = db.SchemaVersion(context.Background(), d)
	}
	wantFault(t, err, fault.Internal, db.KeyCorrupt)
}

func TestOpen_refusesFullDisk(t *testing.T) {
	if err := db.EnoughRoom("/data", 1<<40); err != nil {
		t.Errorf("a terabyte is not enough: %v", err)
	}
	f := wantFault(t, db.EnoughRoom("/data", 1<<20), fault.Busy, db.KeyDiskFull)
	if f.Args["directory"] != "/data" || f.Args["free"] != uint64(1<<20) {
		t.Errorf("arguments = %v, want directory and free space", f.Args)
	}
}

func TestOpen_refusesPostgresThatSortsByLanguage(t *testing.T) {
	for name, options := range map[string]string{
		"icu":      "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN' LOCALE 'C'",
		"icu_root": "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, dbtest.Create(t, options))
			f := wantFault(t, err, fault.Invalid, db.KeyCollation)
			if remedy, _ := f.Args["remedy"].(string); !strings.Contains(remedy, "LC_COLLATE 'C'") || !strings.Contains(remedy, `"parkbrain_test_`) {
				t.Errorf("remedy = %q, want the exact CREATE DATABASE", remedy)
			}
		})
	}
}

func TestOpen_acceptsPostgresThatSortsByCodePoint(t *testing.T) {
	for _, collation := range []string{"C", "POSIX", "C.UTF-8"} {
		_, err := open(t, dbtest.Create(t, "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE '"+collation+"' LC_CTYPE 'C'"))
		if err != nil {
			t.Errorf("Open with %s = %v", collation, err)
		}
	}
}

func TestOpen_refusesPostgresThatIsNotUTF8(t *testing.T) {
	_, err := open(t, dbtest.Create(t, "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"))
	wantFault(t, err, fault.Invalid, db.KeyEncoding)
}

func TestOpen_postgresNotThere(t *testing.T) {
	_, err := open(t, "postgres://user:geheim@127.0.0.1:1/db?sslmode=disable&connect_timeout=2")
	wantFault(t, err, fault.Busy, db.KeyUnreachable)
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("error shows the password: %v", err)
	}
	missing := strings.Replace(dbtest.Empty(t, db.Postgres), "/parkbrain_test_", "/parkbrain_none_", 1)
	_, err = open(t, missing)
	wantFault(t, err, fault.Invalid, db.KeyRefused)
}
