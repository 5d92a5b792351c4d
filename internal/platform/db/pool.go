package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
	"sync/atomic"
)

// maxStatements bounds the prepared statements that one connection keeps. Lists with optional filters make many texts.
const maxStatements = 500

// pool is a bounded set of connections of one role. Separate pools for reading and writing mean that a Read which starts
// a Write can never wait for a connection that other Reads hold.
type pool struct {
	db      *sql.DB
	tokens  chan struct{}
	keep    bool           // keep sessions with their prepared statements; false where the driver caches them itself
	opened  func(*session) // prepares a new session; may be nil
	tickets atomic.Uint64
	closed  chan struct{}
	once    sync.Once

	mu   sync.Mutex
	idle []*session // last used first out: its caches are warm
}

func newPool(db *sql.DB, size int, keep bool, salt uint64) *pool {
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	p := &pool{db: db, tokens: make(chan struct{}, size), keep: keep, closed: make(chan struct{})}
	p.tickets.Store(mix(salt))
	return p
}

// ticket gives a number that no other Write of this process has.
func (p *pool) ticket() uint64 { return p.tickets.Add(maxAttempts) }

// acquire waits for a free connection, for ctx to end or for the pool to be closed (sql.ErrConnDone).
func (p *pool) acquire(ctx context.Context) (*session, error) {
	select {
	case <-p.closed:
		return nil, sql.ErrConnDone
	case <-ctx.Done():
		return nil, ctx.Err()
	case p.tokens <- struct{}{}:
	}
	if s := p.pop(); s != nil {
		return s, nil
	}
	c, err := p.db.Conn(ctx)
	if err != nil {
		<-p.tokens
		return nil, err
	}
	s := &session{conn: c}
	if p.keep {
		s.stmts = map[string]*prepared{}
	}
	if p.opened != nil {
		p.opened(s)
	}
	return s, nil
}

func (p *pool) pop() *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	s := (p.idle)[n-1]
	p.idle = (p.idle)[:n-1]
	return s
}

// release gives s back; a session that is not healthy is thrown away with its connection.
func (p *pool) release(s *session, healthy bool) {
	switch {
	case !healthy:
		s.discard()
	case p.keep:
		p.mu.Lock()
		p.idle = append(p.idle, s)
		p.mu.Unlock()
	default:
		_ = s.conn.Close() // back to database/sql, which checks it before the next use
	}
	<-p.tokens
}

// close waits until every session is back. It may be called again.
func (p *pool) close() (err error) {
	p.once.Do(func() {
		close(p.closed)
		for range cap(p.tokens) {
			p.tokens <- struct{}{}
		}
		for s := p.pop(); s != nil; s = p.pop() {
			s.forget()
			_ = s.conn.Close()
		}
		err = p.db.Close()
	})
	return err
}

// session is one connection with its prepared statements. Used by one goroutine at a time.
type session struct {
	conn  *sql.Conn
	stmts map[string]*prepared // nil: the driver caches by text

	// interrupt ends the statement that is running, from another goroutine. nil where the driver watches contexts itself
	// at no great cost.
	interrupt func()
}

// prepared is a statement with the facts that are checked before it runs.
type prepared struct {
	stmt   *sql.Stmt
	params int
}

// statement gives the prepared form of text, or nil where the driver caches by text.
func (s *session) statement(ctx context.Context, text string) (*prepared, error) {
	if p, ok := s.stmts[text]; ok {
		return p, nil
	}
	n, err := inspect(text)
	if err != nil {
		return nil, err
	}
	if s.stmts == nil {
		return &prepared{params: n}, nil
	}
	st, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(s.stmts) >= maxStatements { // rare; starting afresh costs less than keeping an order of use
		s.forget()
	}
	p := &prepared{stmt: st, params: n}
	s.stmts[text] = p
	return p, nil
}

func (s *session) forget() {
	for text, p := range s.stmts {
		_ = p.stmt.Close()
		delete(s.stmts, text)
	}
}

// exec runs a statement of this package without arguments, BEGIN for instance.
func (s *session) exec(ctx context.Context, text string) error {
	p, err := s.statement(ctx, text)
	if err != nil {
		return err
	}
	if p.stmt != nil {
		_, err = p.stmt.ExecContext(ctx)
	} else {
		_, err = s.conn.ExecContext(ctx, text)
	}
	return err
}

// begin runs BEGIN. An SQLite statement whose context ended may have taken effect all the same, and would leave a transaction
// open that nobody knows of: it is rolled back, which is refused harmlessly when there is none. PostgreSQL's driver drops
// the connection instead.
func (s *session) begin(ctx context.Context, text string) error {
	err := s.exec(ctx, text)
	if err != nil && ctx.Err() != nil && s.interrupt != nil {
		_ = s.exec(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// end runs COMMIT or ROLLBACK, which the caller's context must not cut off: its outcome would be unknown.
func (s *session) end(ctx context.Context, text string) error {
	if s.interrupt != nil { // in this process, where nothing can hang
		return s.exec(context.Background(), text)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	return s.exec(ctx, text)
}

// discard closes the connection itself instead of giving it back to database/sql.
func (s *session) discard() {
	s.forget()
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}
