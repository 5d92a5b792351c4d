package db

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Engine names the database behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options of Open. The zero value is right for a server.
type Options struct {
	Readers int          // connections that read at the same time; 0 means two for each processor, at least 4
	Logger  *slog.Logger // hears of retries; nil means silence
}

// Limits that are the same for every installation.
const (
	endTimeout  = 30 * time.Second // for COMMIT and ROLLBACK, which must not be cut off by the caller's context
	minReaders  = 4
	maxAttempts = 25 // of one Write; with the delays of backoff about 4 s
)

// DB is an open database. Safe for concurrent use. Close it when the last transaction is over.
type DB struct {
	dialect dialect
	reads   *pool
	writes  *pool
	closers []io.Closer
	logger  *slog.Logger
}

// dialect is what differs between the engines beside opening. Statements do not.
type dialect struct {
	engine     Engine
	beginRead  string
	beginWrite string
	hasTable   string                                                       // $1 = name → count
	classify   func(error) error                                            // driver error → fault
	transient  func(error) bool                                             // a lost race: run the closure again
	lost       func(error) bool                                             // the connection is gone
	script     func(ctx context.Context, c *sql.Conn, text string) error    // many statements, no arguments
	exclusive  func(ctx context.Context, c *sql.Conn) (func() error, error) // keeps other migrators out
	batch      func(ctx context.Context, c *sql.Conn, items []queued) error // sends many at once; nil where that gains nothing
}

// Open opens the database at address and checks that it can be worked with; it does not migrate (see Migrate).
//
// The address is sqlite:///absolute/file.db (the file is made when absent, its directory is not) or postgres://….
// Refused, each with what to do about it in the arguments: KeyURL, KeyDirectoryHeld, KeyDiskFull, KeyNotADatabase,
// KeyCorrupt, KeyCannotOpen for SQLite; KeyURL, KeyUnreachable, KeyRefused, KeyServerOld, KeyEncoding, KeyCollation for
// PostgreSQL. A password in the address appears in no error.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	if o.Readers <= 0 {
		o.Readers = max(minReaders, 2*runtime.GOMAXPROCS(0))
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	u, err := url.Parse(address)
	if err != nil { // the parser's error quotes the address, which may hold a password
		return nil, fault.New(fault.Invalid, KeyURL, "reason", "cannot be parsed")
	}
	var d *DB
	switch u.Scheme {
	case "sqlite":
		d, err = openSQLite(ctx, u, o)
	case "postgres", "postgresql":
		d, err = openPostgres(ctx, address, o)
	default:
		err = fault.New(fault.Invalid, KeyURL, "reason", "must begin with sqlite:// or postgres://")
	}
	if err != nil {
		return nil, fault.Wrap("db.Open", err)
	}
	return d, nil
}

// Engine says which engine is behind d.
func (d *DB) Engine() Engine { return d.dialect.engine }

// Close waits for the transactions that are under way and closes the connections; new ones are refused with KeyOver. It
// may be called again.
func (d *DB) Close() error {
	errs := []error{d.reads.close(), d.writes.close()} // the writer last: closing it moves SQLite's log into the file
	for _, c := range d.closers {
		if err := c.Close(); !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return fault.Wrap("db.Close", errors.Join(errs...))
}

// Read runs fn in a read-only transaction that sees one unchanging state of the database, whatever is written meanwhile.
// It returns what fn returns. fn must not keep the Reader.
func (d *DB) Read(ctx context.Context, fn func(Reader) error) error {
	for attempt := 1; ; attempt++ {
		err, again := d.run(ctx, d.reads, d.dialect.beginRead, func(t *tx) error { return fn(Reader{t}) })
		if !again || attempt == maxAttempts {
			return err
		}
		if err := pause(ctx, backoff(attempt, uint64(attempt))); err != nil {
			return err
		}
	}
}

// Write runs fn in a transaction and commits when fn returns nil. When fn returns an error or panics, nothing of it
// remains, and the error is returned or the panic goes on.
//
// On SQLite there is one writer at a time; on PostgreSQL the transaction is SERIALIZABLE and fn is run again when it lost
// a race, so fn must have no effect but on the database and must start afresh each time. After maxAttempts the fault is
// KeyBusy. A Write inside a Write of the same goroutine waits for itself until ctx ends: pass the Writer down instead.
func (d *DB) Write(ctx context.Context, fn func(Writer) error) error {
	ticket := d.writes.ticket()
	for attempt := 1; ; attempt++ {
		err, again := d.run(ctx, d.writes, d.dialect.beginWrite, func(t *tx) error { return fn(Writer{Reader{t}}) })
		if !again {
			return err
		}
		if attempt == maxAttempts {
			return fault.Because(err, fault.Busy, KeyBusy, "attempts", attempt)
		}
		delay := backoff(attempt, ticket+uint64(attempt))
		d.logger.DebugContext(ctx, "write_retry", "attempt", attempt, "delay", delay)
		if err := pause(ctx, delay); err != nil {
			return err
		}
	}
}

// run is one attempt. again says that the attempt lost a race and left nothing behind.
func (d *DB) run(ctx context.Context, p *pool, begin string, fn func(*tx) error) (err error, again bool) {
	s, err := p.acquire(ctx)
	if err != nil {
		return d.ended(ctx, err), false
	}
	t := &tx{session: s, dialect: &d.dialect}
	committed := false
	defer func() { // also when fn panics or leaves the goroutine
		t.close()
		healthy := true
		if !committed && t.begun {
			healthy = s.end(ctx, "ROLLBACK") == nil
		}
		p.release(s, healthy && t.err == nil || healthy && !d.dialect.lost(t.err))
	}()
	if err := s.begin(ctx, begin); err != nil {
		t.err = err
		return d.ended(ctx, err), d.dialect.transient(err) || d.dialect.lost(err) && ctx.Err() == nil
	}
	t.begun = true
	t.watch(ctx)
	err = fn(t)
	if err == nil && t.err == nil {
		err = t.flush(ctx)
	}
	t.close()
	if t.err != nil { // a statement failed: fn's own error, or the statement's if fn kept silent
		if err == nil {
			err = d.ended(ctx, t.err)
		}
		return err, d.dialect.transient(t.err)
	}
	if err != nil {
		return err, false
	}
	if err := ctx.Err(); err != nil {
		return d.ended(ctx, err), false
	}
	if err := s.end(ctx, "COMMIT"); err != nil {
		t.err = err
		if d.dialect.lost(err) {
			return fault.Because(err, fault.Internal, KeyUnknown), false
		}
		return d.ended(ctx, err), d.dialect.transient(err)
	}
	committed = true
	return nil, false
}

// ended makes a fault of a driver's error; when the caller's context ended, that is the cause, whatever the driver says.
func (d *DB) ended(ctx context.Context, err error) error {
	if c := ctx.Err(); c != nil {
		return canceled(c)
	}
	return d.dialect.fault(err)
}

func (l *dialect) fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.Of(err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return canceled(err)
	}
	if errors.Is(err, sql.ErrConnDone) {
		return fault.Because(err, fault.Internal, KeyOver)
	}
	return l.classify(err)
}

func canceled(err error) error { return fault.Because(err, fault.Busy, KeyCanceled) }
