package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Scanner is one row: *Rows inside a loop, or *Row.
type Scanner interface {
	// Scan copies the columns into dest, one pointer each, with database/sql's conversions. A column that may be NULL
	// needs a pointer to a pointer or a sql.Null; NULL never becomes a zero.
	Scan(dest ...any) error
}

// tx is a transaction under way; Reader, Writer, Rows and Stmt are views of it. One goroutine at a time.
type tx struct {
	session *session
	dialect *dialect
	open    *sql.Rows // the rows that are being read
	err     error     // the first statement error: the transaction is doomed
	begun   bool
	over    bool

	owned   []*sql.Stmt     // of Prepare; closed with the transaction at the latest
	queue   []queued        // of Queue: not sent yet
	stop    func()          // ends the watch over the transaction's context; nil without one
	watched <-chan struct{} // Done of that context
}

// Reader reads in a transaction. It is a small value: pass it down, do not keep it, do not share it between goroutines.
type Reader struct{ tx *tx }

// Writer reads and writes in a transaction. Its Reader is for functions that only read. Rules as for Reader.
type Writer struct{ Reader }

// Query runs a statement that gives rows. Close the rows, or read them to the end, before the next statement; Collect and
// Each do that and are the usual way.
func (r Reader) Query(ctx context.Context, text string, args ...any) (*Rows, error) {
	rows, err := r.tx.query(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return &Rows{tx: r.tx, rows: rows, ctx: ctx}, nil
}

// QueryRow runs a statement that gives at most one row of interest. Errors wait for Scan, which must be called.
func (r Reader) QueryRow(ctx context.Context, text string, args ...any) *Row {
	rows, err := r.Query(ctx, text, args...)
	return &Row{rows: rows, err: err}
}

// Exec runs a statement and says how many rows it inserted, changed or deleted.
func (w Writer) Exec(ctx context.Context, text string, args ...any) (affected int64, err error) {
	p, values, err := w.tx.ready(ctx, text, args)
	if err != nil {
		return 0, err
	}
	return w.tx.exec(ctx, p, text, values)
}

// Prepare is for a statement that runs many times with different arguments: an import, a bulk insert. Both engines are
// faster with one prepared row in a loop than with VALUES of many rows. It is closed with the transaction at the latest.
func (w Writer) Prepare(ctx context.Context, text string) (*Stmt, error) {
	if err := w.tx.usable(ctx); err != nil {
		return nil, err
	}
	p, err := w.tx.session.statement(ctx, text)
	if err != nil {
		return nil, w.tx.fail(ctx, err)
	}
	s := &Stmt{tx: w.tx, p: p, text: text}
	if p.stmt == nil {
		st, err := w.tx.session.conn.PrepareContext(ctx, text)
		if err != nil {
			return nil, w.tx.fail(ctx, err)
		}
		s.p = &prepared{stmt: st, params: p.params}
		s.own = true
		w.tx.owned = append(w.tx.owned, st)
	}
	return s, nil
}

// Stmt is a prepared statement of one transaction.
type Stmt struct {
	tx   *tx
	p    *prepared
	text string
	own  bool // made for this Stmt alone
}

// Exec runs the statement with args.
func (s *Stmt) Exec(ctx context.Context, args ...any) error {
	if err := s.tx.usable(ctx); err != nil {
		return err
	}
	values, err := bind(s.p.params, args)
	if err != nil {
		return s.tx.fail(ctx, err)
	}
	_, err = s.tx.exec(ctx, s.p, s.text, values)
	return err
}

// Close gives the statement's resources back. What it queued is sent later, with the next statement or at the end.
func (s *Stmt) Close() error {
	if !s.own {
		return nil
	}
	return s.tx.dialect.fault(s.p.stmt.Close())
}

// watch lets the end of ctx interrupt the statements that run on the session.
func (t *tx) watch(ctx context.Context) {
	if t.session.interrupt != nil && ctx.Done() != nil {
		t.watched, t.stop = ctx.Done(), watch(ctx, t.session.interrupt)
	}
}

// driverContext is the context to run a statement with: one that never ends where the transaction's watch does the work.
func (t *tx) driverContext(ctx context.Context) context.Context {
	if t.watched != nil && ctx.Done() == t.watched {
		return context.Background()
	}
	return ctx
}

// usable says whether a statement may run now, after those that are queued.
func (t *tx) usable(ctx context.Context) error {
	if err := t.free(ctx); err != nil {
		return err
	}
	return t.flush(ctx)
}

// free says whether the transaction can take a statement.
func (t *tx) free(ctx context.Context) error {
	switch {
	case t == nil || t.over:
		return fault.New(fault.Internal, KeyOver)
	case t.err != nil:
		return t.dialect.fault(t.err)
	case t.open != nil:
		return fault.New(fault.Internal, KeyRowsOpen)
	}
	if err := ctx.Err(); err != nil {
		return canceled(err)
	}
	return nil
}

func (t *tx) ready(ctx context.Context, text string, args []any) (*prepared, []any, error) {
	if err := t.usable(ctx); err != nil {
		return nil, nil, err
	}
	p, err := t.session.statement(ctx, text)
	if err != nil {
		return nil, nil, t.fail(ctx, err)
	}
	values, err := bind(p.params, args)
	if err != nil {
		return nil, nil, t.fail(ctx, err)
	}
	return p, values, nil
}

func (t *tx) query(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	p, values, err := t.ready(ctx, text, args)
	if err != nil {
		return nil, err
	}
	if p.stmt != nil {
		rows, err = p.stmt.QueryContext(t.driverContext(ctx), values...)
	} else {
		rows, err = t.session.conn.QueryContext(ctx, text, values...)
	}
	if err != nil {
		return nil, t.fail(ctx, err)
	}
	t.open = rows
	return rows, nil
}

func (t *tx) exec(ctx context.Context, p *prepared, text string, values []any) (int64, error) {
	var res sql.Result
	var err error
	if p.stmt != nil {
		res, err = p.stmt.ExecContext(t.driverContext(ctx), values...)
	} else {
		res, err = t.session.conn.ExecContext(ctx, text, values...)
	}
	if err != nil {
		return 0, t.fail(ctx, err)
	}
	n, err := res.RowsAffected()
	return n, t.dialect.fault(err)
}

// fail remembers the first error of the transaction and gives its fault.
func (t *tx) fail(ctx context.Context, err error) error {
	if t.err == nil {
		t.err = err
	}
	if c := ctx.Err(); c != nil {
		return canceled(c)
	}
	return t.dialect.fault(err)
}

// close ends the use of Readers, Writers and Rows, and the watch. It may be called twice.
func (t *tx) close() {
	t.over = true
	if t.open != nil {
		_ = t.open.Close()
		t.open = nil
	}
	for _, st := range t.owned {
		_ = st.Close() // again, for most of them: harmless
	}
	t.owned = nil
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// Rows are the rows of a Query, read one after the other.
type Rows struct {
	tx   *tx
	rows *sql.Rows
	ctx  context.Context // of the query, to tell its end from other errors; not used for anything else
	err  error
}

// Next steps to the next row. False at the end and on an error: ask Err.
func (r *Rows) Next() bool {
	if r.rows == nil {
		return false
	}
	if r.rows.Next() {
		return true
	}
	_ = r.Close()
	return false
}

// Scan copies the current row's columns.
func (r *Rows) Scan(dest ...any) error {
	if r.rows == nil {
		return fault.New(fault.Internal, KeyOver)
	}
	if err := r.rows.Scan(dest...); err != nil {
		return fault.Because(err, fault.Internal, KeyScan)
	}
	return nil
}

// Err is the error that ended Next, or nil at a true end.
func (r *Rows) Err() error { return r.err }

// Close ends the query early. It may be called again, and after the end.
func (r *Rows) Close() error {
	if r.rows == nil {
		return nil
	}
	rows := r.rows
	r.rows = nil
	err := errors.Join(rows.Err(), rows.Close())
	if r.tx.open == rows {
		r.tx.open = nil
	}
	if err != nil {
		r.err = r.tx.fail(r.ctx, err)
	}
	return r.err
}

// Row is the result of QueryRow.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the row's columns. No row is the fault NotFound KeyRowNotFound.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	found := r.rows.Next()
	var err error
	if found {
		err = r.rows.Scan(dest...)
	}
	if cerr := r.rows.Close(); cerr != nil {
		return cerr
	}
	switch {
	case err != nil:
		return err
	case r.rows.err != nil:
		return r.rows.err
	case !found:
		return fault.New(fault.NotFound, KeyRowNotFound)
	}
	return nil
}

// Collect runs a query and gives what scan makes of each row, in the query's order; never nil without an error. The query
// must be bounded. scan must not use the Reader.
func Collect[T any](ctx context.Context, r Reader, scan func(Scanner) (T, error), text string, args ...any) ([]T, error) {
	out := []T{}
	err := Each(ctx, r, func(s Scanner) error {
		v, err := scan(s)
		if err == nil {
			out = append(out, v)
		}
		return err
	}, text, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Each runs a query and calls scan for each row until it returns an error, which Each returns. For results too large for
// Collect. scan must not use the Reader.
func Each(ctx context.Context, r Reader, scan func(Scanner) error, text string, args ...any) error {
	rows, err := r.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			_ = rows.Close()
			return err
		}
	}
	return rows.Err()
}
