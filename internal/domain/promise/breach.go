package promise

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Breach is a promise that is missed, or will be at the pace so far.
type Breach struct {
	subject.Ref
	Name       string
	Park       string
	Org        string
	OrgPath    string
	Enterprise enterprise.ID
	Row        Row
}

// Breaches keeps the promises of a city that are or will be missed, until the ledger changes or the day. Safe for concurrent use.
type Breaches struct {
	city string
	mu   sync.Mutex
	seq  int64
	day  period.Date
	kept []Breach
}

// NewBreaches makes one for a city; it reads nothing yet.
func NewBreaches(city string) *Breaches { return &Breaches{city: city} }

// In gives the breaches that a scope sees below an org (empty: everywhere), missed ones first, then the furthest behind.
func (b *Breaches) In(ctx context.Context, r db.Reader, s auth.Scope, rules Rules, below string) ([]Breach, error) {
	if s.None() || s.City != b.city {
		return nil, nil
	}
	all, err := b.all(ctx, r, rules)
	if err != nil {
		return nil, fault.Wrap("promise.Breaches", err)
	}
	var out []Breach
	for _, one := range all {
		mine := s.Within(one.OrgPath)
		if s.Enterprise != "" {
			mine = string(one.Enterprise) == s.Enterprise
		}
		if mine && strings.HasPrefix(one.OrgPath, below) {
			out = append(out, one)
		}
	}
	return out, nil
}

func (b *Breaches) all(ctx context.Context, r db.Reader, rules Rules) ([]Breach, error) {
	seq, err := audit.Seq(ctx, r, b.city)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	kept, ok := b.kept, b.kept != nil && b.seq == seq && b.day == rules.Today
	b.mu.Unlock()
	if ok {
		return kept, nil
	}
	fresh, err := breaches(ctx, r, b.city, rules)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if seq >= b.seq {
		b.kept, b.seq, b.day = fresh, seq, rules.Today
	}
	return fresh, nil
}

// breaches judges everything in the city that has promises or lies in a county with a rule.
func breaches(ctx context.Context, r db.Reader, city string, rules Rules) ([]Breach, error) {
	g := gather{ctx: ctx, r: r, city: city, rules: rules, promises: map[subject.Ref][]Promise{}}
	for _, step := range []func() error{g.read, g.tenancies, g.projects} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(g.out, func(a, b Breach) int {
		missed := func(x Breach) int {
			if x.Row.State == Breached {
				return 0
			}
			return 1
		}
		short := func(x Breach) int64 { p, _ := x.Row.Attainment(); return p }
		return cmp.Or(cmp.Compare(missed(a), missed(b)), cmp.Compare(short(a), short(b)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	if g.out == nil {
		g.out = []Breach{}
	}
	return g.out, nil
}

// gather judges a whole city with a fixed number of statements.
type gather struct {
	ctx       context.Context
	r         db.Reader
	city      string
	rules     Rules
	promises  map[subject.Ref][]Promise
	land      map[subject.Ref]Land
	divisions divisions
	out       []Breach
}

func (g *gather) read() (err error) {
	if err = each(g.ctx, g.r, g.city, subject.Ref{}, func(ref subject.Ref, p Promise) { g.promises[ref] = append(g.promises[ref], p) }); err != nil {
		return err
	}
	for ref, all := range g.promises {
		g.promises[ref] = Current(all)
	}
	if g.land, err = statedLand(g.ctx, g.r, g.city, subject.Ref{}); err != nil {
		return err
	}
	g.divisions, err = divisionsOf(g.ctx, g.r, g.city)
	return err
}

// packs are the rules of the county of a path.
func (g *gather) packs(path string) []*Pack {
	return Holds(g.rules.Packs, g.divisions.of(path), g.rules.Today)
}

func (g *gather) tenancies() error {
	all, err := tenants(g.ctx, g.r, g.city, nil)
	if err != nil {
		return err
	}
	var owners []enterprise.ID
	for id, rows := range all {
		if !slices.ContainsFunc(rows, func(t tenant) bool {
			return len(g.promises[subject.Ref{Kind: subject.Tenancy, ID: string(t.ID)}]) > 0 || len(g.packs(t.OrgPath)) > 0
		}) {
			delete(all, id)
			continue
		}
		owners = append(owners, id)
	}
	returns, err := filed(g.ctx, g.r, g.city, owners)
	if err != nil {
		return err
	}
	sites, err := sitesOf(g.ctx, g.r, g.city, parksOf(all))
	if err != nil {
		return err
	}
	names, err := g.names(owners)
	if err != nil {
		return err
	}
	for id, rows := range all {
		for _, t := range rows {
			ref := subject.Ref{Kind: subject.Tenancy, ID: string(t.ID)}
			c := Case{Promises: g.promises[ref], Packs: g.packs(t.OrgPath), AreaM2: t.area, LandM2: landOf(g.land[ref], t.area, sites[t.Park]).M2, Filed: returns[id]}
			if t.Cleared != 0 || len(c.Promises)+len(c.Packs) == 0 {
				continue
			}
			c.tenant(g.rules, rows, t.ID)
			g.keep(Breach{Ref: ref, Name: names[id], Park: string(t.Park), OrgPath: t.OrgPath, Enterprise: id}, c)
		}
	}
	return nil
}

func (g *gather) names(ids []enterprise.ID) (map[enterprise.ID]string, error) {
	out := map[enterprise.ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	err := enterprise.EachFacts(g.ctx, g.r, g.city, ids, func(f *enterprise.Facts) error { out[f.ID] = f.Name; return nil })
	return out, err
}

// projects judges the projects that promised something themselves; no county's rule is about them.
func (g *gather) projects() error {
	var ids []project.ID
	for ref := range g.promises {
		if ref.Kind == subject.Project {
			ids = append(ids, project.ID(ref.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(slices.Values(ids)) {
		ref := subject.Ref{Kind: subject.Project, ID: string(id)}
		j, err := of(g.ctx, g.r, auth.Whole(g.city), g.rules, ref)
		if err != nil {
			return err
		}
		g.keep(Breach{Ref: ref, Name: j.Head.Name, Park: string(j.Head.Park), OrgPath: j.Head.OrgPath, Enterprise: j.Head.Enterprise}, j.Case)
	}
	return nil
}

func (g *gather) keep(b Breach, c Case) {
	for _, row := range Ramp(c, g.rules.Today) {
		if row.State == Breached || row.State == Likely {
			b.Row = row
			g.out = append(g.out, b)
		}
	}
}
