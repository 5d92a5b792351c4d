package finding

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Kind is the name of this noun.
const Kind = "finding"

// Finding is one of them with an id that stays the same as long as the same figures raise it.
type Finding struct {
	plausible.Finding
	ID  string
	Org string // where the entity is the sum of an org's enterprises: its id; Entity is empty then
}

// Set is everything that was found in the returns as they were at a change of the ledger: the latest months first, within
// them what is gravest. It never changes.
type Set struct {
	Sequence int64
	At       time.Time
	Found    []Finding
	Names    map[enterprise.ID]string // of the enterprises that findings name
	Paths    map[enterprise.ID]string // where they are registered
}

// rest is how much longer than it took a computing is left alone, so that a ledger that changes all the time costs at most
// a tenth of one processor.
const rest = 9

// Watch computes the findings of a city when they are asked for and the ledger has changed. One asker at a time computes;
// others get the former set meanwhile. Safe for concurrent use.
type Watch struct {
	db       *db.DB
	city     string
	measures Measures
	now      func() time.Time
	turn     chan struct{} // held by who computes
	last     atomic.Pointer[computed]
}

type computed struct {
	set   *Set
	until time.Time // not computed anew before
}

// NewWatch makes one; it computes nothing yet.
func NewWatch(d *db.DB, city string, measures Measures, now func() time.Time) *Watch {
	return &Watch{db: d, city: city, measures: measures, now: now, turn: make(chan struct{}, 1)}
}

// Now gives the findings over the ledger as it is, or, while somebody computes them or shortly after, as it was a little
// before. Set.Sequence says which. Errors: those of the database; ctx's.
func (w *Watch) Now(ctx context.Context, lib *form.Library) (*Set, error) {
	last := w.last.Load()
	if last != nil && (w.now().Before(last.until) || w.fresh(ctx, last.set)) {
		return last.set, nil
	}
	if last != nil {
		select {
		case w.turn <- struct{}{}:
		default:
			return last.set, nil
		}
	} else {
		select {
		case w.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer func() { <-w.turn }()
	if last = w.last.Load(); last != nil && w.fresh(ctx, last.set) {
		return last.set, nil
	}
	began := w.now()
	set, err := w.compute(ctx, lib)
	if err != nil {
		return nil, fault.Wrap("finding.Now", err)
	}
	ended := w.now()
	w.last.Store(&computed{set, ended.Add(rest * ended.Sub(began))})
	return set, nil
}

func (w *Watch) fresh(ctx context.Context, s *Set) bool {
	var seq int64
	err := w.db.Read(ctx, func(r db.Reader) (err error) {
		seq, err = audit.Seq(ctx, r, w.city)
		return err
	})
	return err == nil && seq == s.Sequence
}

func (w *Watch) compute(ctx context.Context, lib *form.Library) (*Set, error) {
	set := &Set{At: w.now().UTC(), Names: map[enterprise.ID]string{}, Paths: map[enterprise.ID]string{}}
	var rt *returns
	var orgs plausible.Input
	err := w.db.Read(ctx, func(r db.Reader) (err error) {
		if set.Sequence, err = audit.Seq(ctx, r, w.city); err != nil {
			return err
		}
		if rt, err = load(ctx, r, w.city, lib); err != nil {
			return err
		}
		orgs, err = rt.aim(ctx, r, w.city, w.measures)
		return err
	})
	if err != nil || rt.in.Months == 0 {
		return set, err
	}
	found, err := plausible.Find(ctx, rt.in, plausible.Default())
	if err != nil {
		return nil, err
	}
	sums, err := plausible.Find(ctx, orgs, plausible.Default())
	if err != nil {
		return nil, err
	}
	for _, f := range sums {
		if f.Check == plausible.TargetHit { // sums of offices are looked at for nothing else
			found = append(found, f)
		}
	}
	for _, f := range found {
		set.add(f, rt)
	}
	slices.SortFunc(set.Found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Until, a.Until), cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return set, nil
}

func (s *Set) add(f plausible.Finding, rt *returns) {
	out := Finding{Finding: f, ID: idOf(f)}
	if id, ok := strings.CutPrefix(f.Entity, orgMark); ok {
		out.Org, out.Entity = id, ""
	}
	for _, id := range append([]string{f.Entity}, f.Also...) {
		if i, ok := rt.at[enterprise.ID(id)]; ok {
			s.Names[enterprise.ID(id)], s.Paths[enterprise.ID(id)] = rt.firms[i].Name, rt.firms[i].OrgPath
		}
	}
	s.Found = append(s.Found, out)
}

// idOf names a finding by what raised it.
func idOf(f plausible.Finding) string {
	h := sha256.New()
	fmt.Fprintln(h, f.Check, f.Entity, f.Also, f.Month, f.Until, f.Field, f.Key)
	for _, row := range f.Evidence {
		fmt.Fprintln(h, row.Entity, row.Month, row.Field, row.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
