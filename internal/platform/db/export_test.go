package db

import "context"

// Step is a migration that a test makes up.
type Step struct{ Name, Text string }

// MigrateTo migrates as a program would that knows only steps.
func MigrateTo(ctx context.Context, d *DB, steps ...Step) error {
	list := make([]migration, len(steps))
	for i, s := range steps {
		list[i] = migration{version: i + 1, name: s.Name, text: s.Text}
	}
	return migrate(ctx, d, list)
}

// MigrateThrough migrates as the program did that knew only the first n steps of this one.
func MigrateThrough(ctx context.Context, d *DB, n int) error { return migrate(ctx, d, known()[:n]) }

var (
	Inspect    = inspect
	Backoff    = backoff
	EnoughRoom = enough
	PgTrouble  = func(err error) error { return postgresFault("host", err) }
)

// Interruptible says whether the sessions of d can be interrupted without a goroutine for each statement.
func Interruptible(ctx context.Context, d *DB) (bool, error) {
	s, err := d.reads.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer d.reads.release(s, true)
	return s.interrupt != nil, nil
}
