package audit

import (
	"context"
	"sync/atomic"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Follow says how something that is derived from a city's ledger is read as a whole and how it is changed.
type Follow[V any] struct {
	City     string
	Limit    int              // of touches that are asked for at once
	Sequence func(v *V) int64 // up to which v holds the ledger
	Current  func(v *V) bool  // whether v is of today, where the clock matters
	Load     func(ctx context.Context, r db.Reader, sequence int64) (*V, error)
	Changes  func(old *V) Changes[V] // nil: old is of no use any more
}

// Changes gathers what was touched since a view and makes the next one.
type Changes[V any] interface {
	// Add takes touches. It reports false when everything must be read anew.
	Add(touches []Touch) bool
	// Apply gives the next view; nil when the change reaches further than the rows that it touched.
	Apply(ctx context.Context, r db.Reader, sequence int64) (*V, error)
}

// Follower keeps a view of a city's ledger and catches up with its changes. Safe for concurrent use: whoever asks after a
// commit sees it, one asker does the work, and readers of an older view are not disturbed.
type Follower[V any] struct {
	follow   Follow[V]
	database *db.DB
	catching chan struct{} // holds a token while one asker catches up; a channel, so that waiting ends with the asker
	current  atomic.Pointer[V]
	loads    atomic.Int64
}

// NewFollower makes one; the first Now loads.
func NewFollower[V any](database *db.DB, f Follow[V]) *Follower[V] {
	return &Follower[V]{follow: f, database: database, catching: make(chan struct{}, 1)}
}

// Loads says how often the ledger was read as a whole.
func (f *Follower[V]) Loads() int64 { return f.loads.Load() }

// Now gives the view that holds every change committed before the call. After an error the next call tries again; errors are
// those of the database, of Load and Apply, and of ctx.
func (f *Follower[V]) Now(ctx context.Context) (*V, error) {
	v, err := f.caughtUp(ctx)
	if v != nil || err != nil {
		return v, err
	}
	select {
	case f.catching <- struct{}{}:
		defer func() { <-f.catching }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if v, err = f.caughtUp(ctx); v != nil || err != nil { // somebody else did it meanwhile
		return v, err
	}
	err = f.database.Read(ctx, func(r db.Reader) (err error) {
		v, err = f.catchUp(ctx, r, f.current.Load())
		return err
	})
	if err != nil {
		return nil, err
	}
	f.current.Store(v)
	return v, nil
}

// caughtUp gives the current view if it holds all changes and is of today, else nil.
func (f *Follower[V]) caughtUp(ctx context.Context) (v *V, err error) {
	at := f.current.Load()
	if at == nil || !f.follow.Current(at) {
		return nil, nil
	}
	err = f.database.Read(ctx, func(r db.Reader) error {
		sequence, err := Seq(ctx, r, f.follow.City)
		if f.follow.Sequence(at) == sequence {
			v = at
		}
		return err
	})
	return v, err
}

// catchUp applies the changes since old, or reads everything where that is simpler.
func (f *Follower[V]) catchUp(ctx context.Context, r db.Reader, old *V) (*V, error) {
	sequence, err := Seq(ctx, r, f.follow.City)
	if err != nil {
		return nil, err
	}
	if old == nil || sequence < f.follow.Sequence(old) { // a ledger that went back is another one: a restored backup
		return f.load(ctx, r, sequence)
	}
	changes := f.follow.Changes(old)
	if changes == nil {
		return f.load(ctx, r, sequence)
	}
	for at := f.follow.Sequence(old); at < sequence; {
		touches, upto, err := Touched(ctx, r, f.follow.City, at, f.follow.Limit)
		if err != nil {
			return nil, err
		}
		if upto <= at || !changes.Add(touches) {
			return f.load(ctx, r, sequence)
		}
		at = upto
	}
	next, err := changes.Apply(ctx, r, sequence)
	if next == nil && err == nil {
		return f.load(ctx, r, sequence)
	}
	return next, err
}

func (f *Follower[V]) load(ctx context.Context, r db.Reader, sequence int64) (*V, error) {
	f.loads.Add(1)
	return f.follow.Load(ctx, r, sequence)
}
