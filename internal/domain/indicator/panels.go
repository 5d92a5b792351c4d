package indicator

import (
	"context"
	"errors"
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

// Panels keeps a city's ledger in columns and catches up with its changes. Safe for concurrent use; see audit.Follower.
type Panels struct {
	city   string
	now    func() time.Time
	follow *audit.Follower[View]
}

// NewPanels makes the panels of a city; the first Now loads them.
func NewPanels(database *db.DB, city string, now func() time.Time) *Panels {
	p := &Panels{city: city, now: now}
	p.follow = audit.NewFollower(database, audit.Follow[View]{
		City: city, Limit: maxTouched,
		Sequence: func(v *View) int64 { return v.Sequence },
		Current:  func(v *View) bool { return v.clock == p.month() }, // its horizon is of this month
		Load:     p.load,
		Changes:  func(old *View) audit.Changes[View] { return newTouched(p, old) },
	})
	return p
}

// maxTouched is how many changed rows are applied one by one; beyond that the ledger is read anew.
const maxTouched = 20_000

// Loads says how often the ledger was read as a whole.
func (p *Panels) Loads() int64 { return p.follow.Loads() }

// Now gives the view that holds every change committed before the call. After an error the next call tries again; errors
// are those of the database and of ctx.
func (p *Panels) Now(ctx context.Context) (*View, error) {
	v, err := p.follow.Now(ctx)
	return v, fault.Wrap("indicator.Now", err)
}

func (p *Panels) month() period.Month { return period.MonthAt(p.now().UTC()) }

// touched is what changed since a view, by noun.
type touched struct {
	in          *Panels
	old         *View
	parks       map[park.ID]bool
	enterprises map[enterprise.ID]bool
	tenancies   map[tenancy.ID]bool
	projects    map[project.ID]bool
	filings     map[filing.Key]bool
	count       int
}

func newTouched(p *Panels, old *View) *touched {
	return &touched{p, old, map[park.ID]bool{}, map[enterprise.ID]bool{}, map[tenancy.ID]bool{}, map[project.ID]bool{}, map[filing.Key]bool{}, 0}
}

// Add sorts touches by noun. It reports false when everything must be read anew: a whole kind, the tree, or too many rows.
func (t *touched) Add(list []audit.Touch) bool {
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

// Apply reads the touched rows again.
func (t *touched) Apply(ctx context.Context, r db.Reader, sequence int64) (*View, error) {
	next, err := t.in.apply(ctx, r, t.old.next(sequence), t)
	if errors.Is(err, errReadAnew) {
		return nil, nil
	}
	return next, err
}
