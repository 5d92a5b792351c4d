package db

import "context"

// maxQueued is how many queued executions are sent together.
const maxQueued = 1000

// queued is one execution that waits.
type queued struct {
	text   string
	values []any
}

// Queue is Exec for a row whose outcome the caller need not know before the next: on PostgreSQL many are sent together,
// which saves a round trip for each; SQLite runs it at once. Every later statement of the transaction sees what was queued,
// in its order.
//
// An error of a queued row may come from a later Queue, from any later statement, or from the Write itself, and it dooms the
// transaction like any other. Who must say which row was refused uses Exec. The arguments must not be changed afterwards.
func (s *Stmt) Queue(ctx context.Context, args ...any) error {
	if s.tx != nil && s.tx.dialect.batch == nil {
		return s.Exec(ctx, args...)
	}
	if err := s.tx.free(ctx); err != nil {
		return err
	}
	values, err := bind(s.p.params, args)
	if err != nil {
		return s.tx.fail(ctx, err)
	}
	s.tx.queue = append(s.tx.queue, queued{s.text, values})
	if len(s.tx.queue) < maxQueued {
		return nil
	}
	return s.tx.flush(ctx)
}

// flush sends what is queued.
func (t *tx) flush(ctx context.Context) error {
	if len(t.queue) == 0 {
		return nil
	}
	items := t.queue
	t.queue = t.queue[:0]
	if err := t.dialect.batch(ctx, t.session.conn, items); err != nil {
		return t.fail(ctx, err)
	}
	clear(items) // lets go of the values
	return nil
}
