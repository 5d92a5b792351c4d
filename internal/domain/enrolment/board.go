package enrolment

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// View is the readiness of every enterprise of a city on a day, as the ledger was at a change of it. It never changes.
type View struct {
	Sequence int64
	Today    period.Date
	Pack     *Pack
	Rows     []*Row // what decides the year first; without blocks, tasks, signs and months, which Row and List give
	at       map[enterprise.ID]int
	places   *places
	versions int64 // of packs that the city had put in
}

// Row gives the row of an enterprise. ok is false for none.
func (v *View) Row(id enterprise.ID) (*Row, bool) {
	i, ok := v.at[id]
	if !ok {
		return nil, false
	}
	return v.full(v.Rows[i]), true
}

// full gives a row with all that it says: kept for every enterprise of a large city, that would be most of the memory.
func (v *View) full(r *Row) *Row {
	return v.Pack.row(&ledger{first: r.first}, v.places, r.firm, v.Today)
}

// Board keeps the view of a city and catches it up with the ledger when it is asked for. Safe for concurrent use.
type Board struct {
	city string
	mu   sync.Mutex
	view *View
}

// NewBoard makes one for a city; it reads nothing yet.
func NewBoard(city string) *Board { return &Board{city: city} }

// maxChanged is how many enterprises are read one by one; beyond that the ledger is read anew.
const maxChanged = 500

// Now gives the view of the ledger as the reader sees it, or a later one. Errors: NotFound "enrolment.no_pack" where no pack holds
// for the city; those of the database.
func (b *Board) Now(ctx context.Context, r db.Reader, today period.Date) (*View, error) {
	const op = "enrolment.Board"
	seq, err := audit.Seq(ctx, r, b.city)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.view != nil && b.view.Today == today && b.view.Sequence >= seq {
		return b.view, nil
	}
	v, err := b.compute(ctx, r, today, seq)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	b.view = v
	return v, nil
}

func (b *Board) compute(ctx context.Context, r db.Reader, today period.Date, seq int64) (*View, error) {
	at, err := readPlaces(ctx, r, b.city)
	if err != nil {
		return nil, err
	}
	versions, err := versionCount(ctx, r, b.city)
	if err != nil {
		return nil, err
	}
	if old := b.view; old != nil && old.Today == today && old.Sequence < seq && old.versions == versions && old.places.equal(at) {
		changed, some, err := b.changed(ctx, r, old.Sequence, seq)
		if err != nil {
			return nil, err
		}
		if some {
			return b.catchUp(ctx, r, old, changed, seq)
		}
	}
	p, err := InForce(ctx, r, b.city, at.of(b.city), today)
	if err != nil {
		return nil, err
	}
	l, err := readLedger(ctx, r, b.city, today, nil)
	if err != nil {
		return nil, err
	}
	v := &View{Sequence: seq, Today: today, Pack: p, places: at, versions: versions, Rows: make([]*Row, 0, len(l.firms))}
	for _, f := range l.firms {
		v.Rows = append(v.Rows, p.row(l, at, f, today).slim())
	}
	v.order()
	return v, nil
}

// catchUp reads some enterprises anew; nil changes nothing but the sequence.
func (b *Board) catchUp(ctx context.Context, r db.Reader, old *View, changed []enterprise.ID, seq int64) (*View, error) {
	v := *old
	v.Sequence = seq
	if len(changed) == 0 {
		return &v, nil
	}
	fresh, err := readLedger(ctx, r, b.city, old.Today, changed)
	if err != nil {
		return nil, err
	}
	gone := map[enterprise.ID]bool{}
	for _, id := range changed {
		gone[id] = true
	}
	v.Rows = slices.DeleteFunc(slices.Clone(old.Rows), func(r *Row) bool { return gone[r.ID] })
	for _, f := range fresh.firms {
		v.Rows = append(v.Rows, v.Pack.row(fresh, v.places, f, v.Today).slim())
	}
	v.order()
	return &v, nil
}

func (v *View) order() {
	slices.SortFunc(v.Rows, compareRows)
	v.at = make(map[enterprise.ID]int, len(v.Rows))
	for i, r := range v.Rows {
		v.at[r.ID] = i
	}
}

// changed lists the enterprises that were touched since. some is false where all must be read anew: too many were. What else may have
// been touched, no row depends on.
func (b *Board) changed(ctx context.Context, r db.Reader, since, until int64) (ids []enterprise.ID, some bool, err error) {
	touches, upto, err := audit.Touched(ctx, r, b.city, since, 20*maxChanged)
	if err != nil || upto < until {
		return nil, false, err
	}
	set := map[enterprise.ID]bool{}
	for _, t := range touches {
		var id enterprise.ID
		switch t.Kind {
		case filing.Kind:
			k, ok := filing.ParseTouch(t.ID)
			if !ok {
				return nil, false, nil
			}
			id = k.Enterprise
		case enterprise.Kind, Kind:
			id = enterprise.ID(t.ID)
		case tenancy.Kind:
			if id, err = ownerOf(ctx, r, b.city, t.ID); err != nil {
				return nil, false, err
			}
		default:
			continue
		}
		if id == "" || id == audit.Every {
			return nil, false, nil
		}
		if set[id] = true; len(set) > maxChanged {
			return nil, false, nil
		}
	}
	return slices.Sorted(maps.Keys(set)), true, nil
}

// ownerOf gives the enterprise of a tenancy; empty for none.
func ownerOf(ctx context.Context, r db.Reader, city, id string) (owner enterprise.ID, err error) {
	err = r.QueryRow(ctx, `SELECT enterprise FROM tenancy WHERE city = $1 AND id = $2`, city, id).Scan(&owner)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return owner, err
}
