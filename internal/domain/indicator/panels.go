package indicator

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Panels keeps a city's ledger in columns and catches up with its changes. Safe for concurrent use: whoever asks after a
// commit sees it, one asker does the work, and readers of an older view are not disturbed.
type Panels struct {
	database *db.DB
	city     string
	now      func() time.Time
	catching chan struct{} // holds a token while one asker catches up; a channel, so that waiting ends with the asker
	current  atomic.Pointer[View]
	loads    atomic.Int64
}

// NewPanels makes the panels of a city; the first Now loads them.
func NewPanels(database *db.DB, city string, now func() time.Time) *Panels {
	return &Panels{database: database, city: city, now: now, catching: make(chan struct{}, 1)}
}

// maxTouched is how many changed rows are applied one by one; beyond that the ledger is read anew.
const maxTouched = 20_000

// Loads says how often the ledger was read as a whole.
func (p *Panels) Loads() int64 { return p.loads.Load() }

// Now gives the view that holds every change committed before the call. After an error the next call tries again; errors
// are those of the database and of ctx.
func (p *Panels) Now(ctx context.Context) (*View, error) {
	v, err := p.caughtUp(ctx)
	if v != nil || err != nil {
		return v, fault.Wrap("indicator.Now", err)
	}
	select {
	case p.catching <- struct{}{}:
		defer func() { <-p.catching }()
	case <-ctx.Done():
		return nil, fault.Wrap("indicator.Now", ctx.Err())
	}
	if v, err = p.caughtUp(ctx); v != nil || err != nil { // somebody else did it meanwhile
		return v, fault.Wrap("indicator.Now", err)
	}
	err = p.database.Read(ctx, func(r db.Reader) (err error) {
		v, err = p.catchUp(ctx, r, p.current.Load())
		return err
	})
	if err != nil {
		return nil, fault.Wrap("indicator.Now", err)
	}
	p.current.Store(v)
	return v, nil
}

// caughtUp gives the current view if it holds all changes and its horizon is of this month, else nil.
func (p *Panels) caughtUp(ctx context.Context) (v *View, err error) {
	err = p.database.Read(ctx, func(r db.Reader) error {
		sequence, err := audit.Seq(ctx, r, p.city)
		if at := p.current.Load(); at != nil && at.Sequence == sequence && at.clock == p.month() {
			v = at
		}
		return err
	})
	return v, err
}

func (p *Panels) month() period.Month { return period.MonthAt(p.now().UTC()) }

// catchUp applies the changes since old, or reads everything where that is simpler.
func (p *Panels) catchUp(ctx context.Context, r db.Reader, old *View) (*View, error) {
	sequence, err := audit.Seq(ctx, r, p.city)
	if err != nil {
		return nil, err
	}
	if old == nil || sequence < old.Sequence { // a ledger that went back is another one: a restored backup
		return p.load(ctx, r, sequence)
	}
	changed := newTouched()
	for at := old.Sequence; at < sequence; {
		touches, upto, err := audit.Touched(ctx, r, p.city, at, maxTouched)
		if err != nil {
			return nil, err
		}
		if upto <= at || !changed.add(touches) {
			return p.load(ctx, r, sequence)
		}
		at = upto
	}
	next, err := p.apply(ctx, r, old.next(sequence), changed)
	if errors.Is(err, errReadAnew) {
		return p.load(ctx, r, sequence)
	}
	return next, err
}

// touched is what changed since a view, by noun.
type touched struct {
	parks       map[park.ID]bool
	enterprises map[enterprise.ID]bool
	tenancies   map[tenancy.ID]bool
	projects    map[project.ID]bool
	filings     map[filing.Key]bool
	count       int
}

func newTouched() *touched {
	return &touched{map[park.ID]bool{}, map[enterprise.ID]bool{}, map[tenancy.ID]bool{}, map[project.ID]bool{}, map[filing.Key]bool{}, 0}
}

// add sorts touches by noun. It reports false when everything must be read anew: a whole kind, the tree, or too many rows.
func (t *touched) add(list []audit.Touch) bool {
	t.count += len(list)
	if t.count > maxTouched {
		return false
	}
	for _, one := range list {
		if one.ID == "*" {
			return false
		}
		switch one.Kind {
		case park.Kind:
			t.parks[park.ID(one.ID)] = true
		case enterprise.Kind:
			t.enterprises[enterprise.ID(one.ID)] = true
		case tenancy.Kind:
			t.tenancies[tenancy.ID(one.ID)] = true
		case project.Noun:
			t.projects[project.ID(one.ID)] = true
		case filing.Kind:
			k, ok := filing.ParseTouch(one.ID)
			if !ok {
				return false
			}
			t.filings[k] = true
		case "org":
			return false
		}
	}
	return true
}
