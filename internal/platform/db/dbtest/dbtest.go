// Package dbtest gives each test a fresh, migrated database on each engine.
//
//	func TestAdd_refusesSecondName(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, d *db.DB) { … })
//	}
//
// PARKBRAIN_TEST_PG says where PostgreSQL is: the postgres:// address of a server where databases may be created;
// "require", to fail when none can be had; unset, to try and to skip visibly. When it is no address, the test process
// starts a throw-away server of its own; the command withpg starts one for the tests of all packages. A database is a
// copy of a migrated template, which makes it cheap: about 10 ms on SQLite and 30 ms on PostgreSQL.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest/cluster"
)

// Variable is the environment variable that says where PostgreSQL is.
const Variable = "PARKBRAIN_TEST_PG"

// Each runs fn once for each engine as a subtest named after it, with a fresh database that is closed and removed after.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, Open(t, e)) })
	}
}

// Open gives a fresh, migrated database on one engine, for tests and benchmarks that need only that. The database goes
// with the test.
func Open(t testing.TB, e db.Engine) *db.DB {
	t.Helper()
	return At(t, URL(t, e))
}

// At opens the database at address for as long as the test runs.
func At(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{})
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return d
}

// URL gives the address of a fresh, migrated database that nobody has opened, for tests of whole programs.
func URL(t testing.TB, e db.Engine) string {
	t.Helper()
	if e == db.SQLite {
		bytes, err := sqliteTemplate()
		if err != nil {
			t.Fatalf("template = %v", err)
		}
		path := filepath.Join(t.TempDir(), "parkbrain.db")
		if err := os.WriteFile(path, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		return fileURL(path)
	}
	template, err := postgresTemplate(Server(t))
	if err != nil {
		t.Fatalf("template = %v", err)
	}
	return Create(t, "TEMPLATE "+template+" STRATEGY FILE_COPY")
}

// Empty gives the address of a fresh database without a schema.
func Empty(t testing.TB, e db.Engine) string {
	t.Helper()
	if e == db.SQLite {
		return fileURL(filepath.Join(t.TempDir(), "parkbrain.db"))
	}
	return Create(t, byteOrdered+" STRATEGY FILE_COPY")
}

func fileURL(path string) string { return (&url.URL{Scheme: "sqlite", Path: path}).String() }

// sqliteTemplate is the content of a migrated database file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parkbrain-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "parkbrain.db")
	if err := migrated(fileURL(path)); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrated(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx, d), d.Close())
}

// Server gives the address of a PostgreSQL server where databases may be created, or skips or fails the test as the
// environment says.
func Server(t testing.TB) string {
	t.Helper()
	wish := os.Getenv(Variable)
	if strings.HasPrefix(wish, "postgres") {
		return wish
	}
	if wish == "off" {
		t.Skipf("skipped on PostgreSQL: %s=off", Variable)
	}
	address, err := own()
	switch {
	case err == nil:
		return address
	case wish == "require" || !errors.Is(err, cluster.ErrNone):
		t.Fatalf("%s=%s: %v", Variable, wish, err)
	default:
		t.Skipf("skipped on PostgreSQL: %v", err)
	}
	return ""
}

// own starts the server of this test process. It stops when the process ends, however that happens.
var own = sync.OnceValues(func() (string, error) {
	c, err := cluster.Start()
	if err != nil {
		return "", err
	}
	running = c
	return c.URL, nil
})

// byteOrdered are the options of a database whose text sorts by bytes.
const byteOrdered = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"

// running keeps the server's pipe from being collected, which would stop the server.
//
//lint:ignore U1000 it is held, not read
var running *cluster.Cluster

// postgresTemplate makes the migrated template on the server once; test processes that share the server share it too.
func postgresTemplate(server string) (string, error) {
	templates.Lock()
	defer templates.Unlock()
	if name, ok := templates.made[server]; ok {
		return name, nil
	}
	name := "parkbrain_template_" + db.SchemaDigest()[:12]
	err := admin(server, func(a *session) error { return a.template(server, name) })
	if err == nil {
		templates.made[server] = name
	}
	return name, err
}

var templates = struct {
	sync.Mutex
	made map[string]string
}{made: map[string]string{}}

var serial atomic.Int64

// create makes a database with the given options and drops it after the test.
func Create(t testing.TB, options string) string {
	t.Helper()
	server := Server(t)
	name := fmt.Sprintf("parkbrain_test_%d_%d", os.Getpid(), serial.Add(1))
	exec := func(text string) {
		t.Helper()
		if err := admin(server, func(a *session) error { return a.exec(text) }); err != nil {
			t.Fatalf("%s = %v", text, err)
		}
	}
	exec("DROP DATABASE IF EXISTS " + name)
	exec("CREATE DATABASE " + name + " " + options)
	t.Cleanup(func() { exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	address, err := inDatabase(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func inDatabase(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", errors.New(Variable + " is not a URL")
	}
	u.Path = "/" + name
	return u.String(), nil
}
