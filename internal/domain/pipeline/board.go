package pipeline

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Board keeps a city's subjects and catches up with the ledger. Safe for concurrent use; see audit.Follower.
type Board struct {
	city   string
	now    func() time.Time
	follow *audit.Follower[View]
}

// NewBoard makes the board of a city; the first Now loads it.
func NewBoard(database *db.DB, city string, now func() time.Time) *Board {
	b := &Board{city: city, now: now}
	b.follow = audit.NewFollower(database, audit.Follow[View]{
		City: city, Limit: maxTouched,
		Sequence: func(v *View) int64 { return v.Sequence },
		Current:  func(v *View) bool { return v.Today == b.today() },
		Load:     b.load,
		Changes: func(old *View) audit.Changes[View] {
			if old.Today != b.today() {
				return nil
			}
			return &touched{board: b, view: old, refs: map[subject.Ref]bool{}}
		},
	})
	return b
}

// maxTouched is how many changed rows are applied one by one; beyond that the ledger is read anew.
const maxTouched = 2_000

// Loads says how often the ledger was read as a whole.
func (b *Board) Loads() int64 { return b.follow.Loads() }

// Now gives the view that holds every change committed before the call, on the day that it is in the offices. After an error
// the next call tries again; errors are those of the database, of the city's packs and of ctx.
func (b *Board) Now(ctx context.Context) (*View, error) {
	v, err := b.follow.Now(ctx)
	return v, fault.Wrap("pipeline.Now", err)
}

func (b *Board) today() period.Date { return period.DayOf(b.now()) }

// touched is which subjects must be read again.
type touched struct {
	board *Board
	view  *View
	refs  map[subject.Ref]bool
}

// Add sorts touches by noun; pauses, officers and problems touch their subject. It reports false when everything must be read anew: a whole kind, the tree, the packs, or too many.
func (t *touched) Add(list []audit.Touch) bool {
	for _, one := range list {
		if one.ID == audit.Every {
			return false
		}
		switch one.Kind {
		case string(subject.Tenancy), string(subject.Project):
			t.refs[subject.Ref{Kind: subject.Kind(one.Kind), ID: one.ID}] = true
		case park.Kind:
			t.all(func(r *Row) bool { return string(r.Park) == one.ID })
		case enterprise.Kind:
			t.all(func(r *Row) bool { return string(r.Enterprise) == one.ID })
		case "org", lifecycle.Noun, Choice:
			return false
		}
	}
	return len(t.refs) <= maxTouched
}

func (t *touched) all(which func(*Row) bool) {
	for _, r := range t.view.rows {
		if which(r) {
			t.refs[r.Ref] = true
		}
	}
}

// Apply reads the touched subjects again.
func (t *touched) Apply(ctx context.Context, r db.Reader, sequence int64) (*View, error) {
	return t.board.apply(ctx, r, t.view, sequence, slices.Collect(maps.Keys(t.refs)))
}

// load reads everything.
func (b *Board) load(ctx context.Context, r db.Reader, sequence int64) (*View, error) {
	v := &View{Sequence: sequence, Today: b.today(), city: b.city, ways: map[string]*way{}, norms: map[string]map[string]int{}}
	var err error
	if v.orgs, err = org.All(ctx, r, b.city); err != nil {
		return nil, err
	}
	v.places = make(map[org.ID]int, len(v.orgs))
	for i, o := range v.orgs {
		v.places[o.ID] = i
	}
	if v.library, err = lifecycle.Load(ctx, r, b.city); err != nil {
		return nil, err
	}
	for _, code := range v.library.Codes() {
		p, err := v.library.For(code, v.Today)
		if err == nil { // one that has not begun is none yet
			v.ways[code] = newWay(p)
		}
	}
	if v.Chosen, err = chosen(ctx, r, b.city); err != nil {
		return nil, err
	}
	if v.template, err = templateOf(v.Chosen.Template); err != nil {
		return nil, err
	}
	f := feed{ctx: ctx, r: r, city: b.city, rows: map[subject.Ref]*Row{}}
	if err := f.all(); err != nil {
		return nil, err
	}
	v.rows = make([]*Row, 0, len(f.rows))
	for _, row := range f.rows {
		v.settle(row)
		v.rows = append(v.rows, row)
	}
	v.finish(v.rows)
	return v, nil
}

// apply reads the changed subjects again and lays them over the view's rows.
func (b *Board) apply(ctx context.Context, r db.Reader, old *View, sequence int64, refs []subject.Ref) (*View, error) {
	f := feed{ctx: ctx, r: r, city: b.city, rows: make(map[subject.Ref]*Row, len(refs))}
	if err := f.some(refs); err != nil {
		return nil, err
	}
	replaced := make(map[subject.Ref]bool, len(refs))
	for _, ref := range refs {
		replaced[ref] = true
	}
	v := *old
	v.Sequence = sequence
	v.rows = make([]*Row, 0, len(old.rows)+len(f.rows))
	changed := make([]*Row, 0, 2*len(refs))
	for _, row := range old.rows {
		if replaced[row.Ref] {
			changed = append(changed, row)
			continue
		}
		v.rows = append(v.rows, row)
	}
	for _, row := range f.rows {
		v.settle(row)
		v.rows, changed = append(v.rows, row), append(changed, row)
	}
	if len(changed) > 0 {
		v.norms = maps.Clone(old.norms)
		v.finish(changed)
	}
	return &v, nil
}

// templateOf finds the table of lights that a city chose; the default where it chose none.
func templateOf(code string) (*light.Template, error) {
	templates, err := light.Shipped()
	if err != nil {
		return nil, err
	}
	if code == "" {
		code = DefaultTemplate
	}
	for _, t := range templates {
		if t.Code == code {
			return t, nil
		}
	}
	return nil, fault.New(fault.NotFound, "light.unknown_template", "template", code)
}
