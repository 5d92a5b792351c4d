package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"reflect"

	"modernc.org/libc"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// This file is all that knows the SQLite driver (see docs/adr/0004); another one is swapped in here.

// minFree is the space below which a server does not start: a write-ahead log at its usual size, its growth during one
// large import, and room to delete something.
const minFree = 64 << 20

// openSQLite opens one writer and a pool of read-only connections on the file of u.
func openSQLite(ctx context.Context, u *url.URL, o Options) (*DB, error) {
	path, err := sqlitePath(u)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	free, err := freeBytes(dir)
	if err != nil {
		return nil, err
	}
	if err := enough(dir, free); err != nil {
		return nil, err
	}
	hold, err := holdDirectory(dir)
	if err != nil {
		return nil, err
	}
	if err := makePrivate(path); err != nil {
		return nil, errors.Join(err, hold.Close())
	}
	d := &DB{dialect: sqliteDialect(path), logger: o.Logger}
	d.closers = append(d.closers, hold)
	w, err1 := sql.Open("sqlite", sqliteDSN(path, "rwc", "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"))
	r, err2 := sql.Open("sqlite", sqliteDSN(path, "ro", "_pragma=query_only(1)"))
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(err, hold.Close())
	}
	d.writes = newPool(w, 1, true, 0)
	d.reads = newPool(r, o.Readers, true, 0)
	d.writes.opened, d.reads.opened = learnInterrupt, learnInterrupt
	if err := d.greetSQLite(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// makePrivate makes the file when absent, readable by its owner alone: it holds password digests. SQLite gives its log the
// same rights.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return hostFault(err, path)
	}
	return f.Close()
}

// learnInterrupt gives the session sqlite3_interrupt on its own connection, the way the driver calls it (sqlite.go,
// conn.interrupt), for which it has no exported name. Should the driver's field change, interrupt stays nil and the
// driver's own, slower watching of contexts is used; a test notices.
func learnInterrupt(s *session) {
	_ = s.conn.Raw(func(dc any) error {
		v := reflect.ValueOf(dc)
		if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
			return nil
		}
		f := v.Elem().FieldByName("db")
		if f.Kind() != reflect.Uintptr || f.Uint() == 0 {
			return nil
		}
		handle := uintptr(f.Uint())
		s.interrupt = func() {
			tls := libc.NewTLS()
			codes.Xsqlite3_interrupt(tls, handle)
			tls.Close()
		}
		return nil
	})
}

// greetSQLite opens the writer first, which makes the file and its log, and reads the schema: a file that is no database
// or is cut short shows itself here and not in the middle of the day.
func (d *DB) greetSQLite(ctx context.Context) error {
	err := d.Write(ctx, func(w Writer) error {
		var n, mode any
		if err := w.QueryRow(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n); err != nil {
			return err
		}
		return w.QueryRow(ctx, "PRAGMA journal_mode").Scan(&mode)
	})
	if err != nil {
		return err
	}
	return d.Read(ctx, func(r Reader) error {
		var n any
		return r.QueryRow(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
	})
}

func sqlitePath(u *url.URL) (string, error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) || filepath.Base(u.Path) == "/" || u.RawQuery != "" {
		return "", fault.New(fault.Invalid, KeyURL, "reason", "must be sqlite:///absolute/path/file.db")
	}
	path := filepath.Clean(u.Path)
	if s, err := os.Stat(filepath.Dir(path)); err != nil || !s.IsDir() {
		return "", fault.Because(err, fault.Invalid, KeyCannotOpen, "path", filepath.Dir(path))
	}
	return path, nil
}

// sqliteDSN is the driver's address. Double-quoted text is off because PostgreSQL reads it as a name.
func sqliteDSN(path, mode, more string) string {
	u := url.URL{Scheme: "file", Path: path}
	return u.String() + "?mode=" + mode + "&_busy_timeout=5000&_foreign_keys=1&_dqs=0&_defensive=1&_error_rc=1&" +
		"_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)&_pragma=cache_size(-16384)&_pragma=journal_size_limit(67108864)&" + more
}

func enough(dir string, free uint64) error {
	if free < minFree {
		return fault.New(fault.Busy, KeyDiskFull, "directory", dir, "free", free, "need", minFree)
	}
	return nil
}

func sqliteDialect(path string) dialect {
	return dialect{
		engine:     SQLite,
		beginRead:  "BEGIN",
		beginWrite: "BEGIN IMMEDIATE",
		hasTable:   "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
		classify:   func(err error) error { return sqliteFault(path, err) },
		transient:  func(err error) bool { return sqliteCode(err) == codes.SQLITE_BUSY_SNAPSHOT },
		lost:       func(err error) bool { return errors.Is(err, sql.ErrConnDone) },
		script: func(ctx context.Context, c *sql.Conn, text string) error {
			_, err := c.ExecContext(ctx, text)
			return err
		},
		exclusive: func(context.Context, *sql.Conn) (func() error, error) { // the one writer is exclusive already
			return func() error { return nil }, nil
		},
	}
}

// sqliteCode is the extended result code of err, 0 when there is none.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func sqliteFault(path string, err error) error {
	code := sqliteCode(err)
	switch code {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
		return fault.Because(err, fault.Exists, KeyRowExists)
	case codes.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "fk")
	case codes.SQLITE_CONSTRAINT_CHECK:
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "check")
	case codes.SQLITE_CONSTRAINT_NOTNULL:
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "not_null")
	case codes.SQLITE_CONSTRAINT_DATATYPE:
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "type")
	}
	switch code & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fault.Because(err, fault.Busy, KeyBusy, "attempts", 1)
	case codes.SQLITE_INTERRUPT:
		return fault.Because(err, fault.Busy, KeyCanceled)
	case codes.SQLITE_READONLY:
		return fault.Because(err, fault.Internal, KeyReadOnly)
	case codes.SQLITE_FULL:
		return fault.Because(err, fault.Busy, KeyDiskFull, "directory", filepath.Dir(path), "free", 0, "need", minFree)
	case codes.SQLITE_NOTADB:
		return fault.Because(err, fault.Invalid, KeyNotADatabase, "path", path)
	case codes.SQLITE_CORRUPT:
		return fault.Because(err, fault.Internal, KeyCorrupt, "path", path)
	case codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return fault.Because(err, fault.Invalid, KeyCannotOpen, "path", path)
	}
	return fault.Because(err, fault.Internal, "internal")
}
