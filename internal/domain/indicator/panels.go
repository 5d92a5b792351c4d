package indicator

import (
	"context"
	"sync"
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
	catching sync.Mutex
	current  atomic.Pointer[View]
	loads    atomic.Int64
}

// NewPanels makes the panels of a city; the first Now loads them.
func NewPanels(database *db.DB, city string, now func() time.Time) *Panels {
	return &Panels{database: database, city: city, now: now}
}

// maxTouched is how many changed rows are applied one by one; beyond that the ledger is read anew.
const maxTouched = 20_000

// Loads says how often the ledger was read as a whole.
func (p *Panels) Loads() int64 { return p.loads.Load() }

// Now gives the view that holds every change committed before the call.
func (p *Panels) Now(ctx context.Context) (*View, error) {
	var sequence int64
	err := p.database.Read(ctx, func(r db.Reader) (err error) {
		sequence, err = audit.Seq(ctx, r, p.city)
		return err
	})
	if err != nil {
		return nil, fault.Wrap("indicator.Now", err)
	}
	if v := p.current.Load(); v != nil && v.Sequence == sequence {
		return v, nil
	}
	p.catching.Lock()
	defer p.catching.Unlock()
	if v := p.current.Load(); v != nil && v.Sequence >= sequence && sequence > 0 {
		return v, nil
	}
	var fresh *View
	err = p.database.Read(ctx, func(r db.Reader) (err error) {
		fresh, err = p.catchUp(ctx, r, p.current.Load())
		return err
	})
	if err != nil {
		return nil, fault.Wrap("indicator.Now", err)
	}
	p.current.Store(fresh)
	return fresh, nil
}

func (p *Panels) month() period.Month { return period.MonthAt(p.now().UTC()) }

// catchUp applies the changes since old, or reads everything where that is simpler.
func (p *Panels) catchUp(ctx context.Context, r db.Reader, old *View) (*View, error) {
	sequence, err := audit.Seq(ctx, r, p.city)
	if err != nil {
		return nil, err
	}
	if old == nil {
		return p.load(ctx, r, sequence)
	}
	changed := newTouched()
	for at := old.Sequence; at != sequence; {
		touches, upto, err := audit.Touched(ctx, r, p.city, at, maxTouched)
		if err != nil {
			return nil, err
		}
		if upto <= at && upto != sequence || !changed.add(touches) {
			return p.load(ctx, r, sequence)
		}
		at = upto
	}
	return p.apply(ctx, r, old.next(sequence), changed)
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
