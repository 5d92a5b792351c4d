package filing

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// chain is a form's levels of approval as they are for one filing: a level counts where an org of its kind stands at or
// above the filing's.
type chain struct {
	levels []form.Level
	there  []bool
}

// chainAt makes the chain of a form for a filing at a path, out of the kinds of the orgs on it.
func chainAt(f *form.Form, path string, kinds map[string]org.Kind) chain {
	c := chain{f.Chain, make([]bool, len(f.Chain))}
	for id := range strings.SplitSeq(strings.TrimSuffix(path, "."), ".") {
		for i, l := range f.Chain {
			c.there[i] = c.there[i] || string(kinds[id]) == string(l)
		}
	}
	return c
}

func chainOf(ctx context.Context, r db.Reader, city string, f *form.Form, path string) (chain, error) {
	if len(f.Chain) == 0 {
		return chain{}, nil
	}
	kinds, err := kindsOf(ctx, r, city, path)
	return chainAt(f, path, kinds), err
}

// kindsOf gives the kinds of the orgs on a path by id.
func kindsOf(ctx context.Context, r db.Reader, city, path string) (map[string]org.Kind, error) {
	kinds := map[string]org.Kind{}
	ids := strings.Split(strings.TrimSuffix(path, "."), ".")
	for part := range slices.Chunk(ids, page.Chunk) {
		var w page.Where
		w.And("city = %s", city)
		page.AndIn(&w, "id", part)
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var id string
			var kind org.Kind
			err := s.Scan(&id, &kind)
			kinds[id] = kind
			return err
		}, `SELECT id, kind FROM org`+w.SQL()+` ORDER BY id`, w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return kinds, nil
}

// from gives the first level at or after i that counts; len(c.levels) when none is left.
func (c chain) from(i int) int {
	for i < len(c.levels) && !c.there[i] {
		i++
	}
	return i
}

// done says whether a filing that waits for a level waits for nobody.
func (c chain) done(level int) bool { return c.from(level) == len(c.levels) }

// count is how many levels approve.
func (c chain) count() (n int) {
	for _, there := range c.there {
		if there {
			n++
		}
	}
	return n
}

// reviewer gives the role that approves at a level of the chain.
func reviewer(l form.Level) auth.Role {
	switch l {
	case form.Level(org.City):
		return auth.CityOffice
	case form.Level(org.County):
		return auth.CountyOffice
	default:
		return auth.ParkOperator
	}
}

// Doing is something that somebody does with a filing.
type Doing string

// The doings.
const (
	ToFill    Doing = "fill"
	ToSubmit  Doing = "submit"
	ToRecall  Doing = "recall"
	ToApprove Doing = "approve"
	ToReturn  Doing = "return"
	ToReopen  Doing = "reopen"
)

// Party is somebody with all that decides what he can do with filings; made once for many of them. The zero Party can do
// nothing.
type Party struct {
	scope auth.Scope
	role  auth.Role
	actor string
	kinds map[string]org.Kind // of all orgs of the city
}

// PartyOf makes the party of somebody with a scope, a role and a username.
func PartyOf(ctx context.Context, r db.Reader, s auth.Scope, role auth.Role, actor string) (Party, error) {
	p := Party{scope: s, role: role, actor: actor, kinds: map[string]org.Kind{}}
	if s.None() {
		return p, nil
	}
	orgs, err := org.All(ctx, r, s.City)
	for _, o := range orgs {
		p.kinds[string(o.ID)] = o.Kind
	}
	return p, err
}

// Can lists what the party can do with a filing of a form on a day, in the order of the doings, as far as the filing's row
// tells: whether its period is closed, and what its warnings are, only the act itself knows.
func (p Party) Can(f Filing, fm *form.Form, today period.Date) []Doing {
	var can []Doing
	add := func(d Doing, ok bool) {
		if ok {
			can = append(can, d)
		}
	}
	c := chainAt(fm, f.OrgPath, p.kinds)
	fills, open := p.fills(f), opened(f, fm, today)
	editable := f.State != Submitted
	add(ToFill, fills && open && editable)
	add(ToSubmit, fills && open && len(fm.Chain) > 0 && (f.State == Draft || f.State == Returned))
	add(ToRecall, fills && open && f.State == Submitted && f.Level == c.from(0))
	reviews := f.State == Submitted && p.reviews(f, c)
	add(ToApprove, reviews && (c.count() == 1 || f.SubmittedBy != p.actor))
	add(ToReturn, reviews)
	add(ToReopen, p.role == auth.CityOffice && p.scope == auth.Whole(p.scope.City) && (f.State == Approved || editable && !open))
	return can
}

// fills says whether the party is one of those who file it.
func (p Party) fills(f Filing) bool {
	if p.scope.Enterprise != "" {
		return f.Kind == form.OfEnterprise && f.Subject == p.scope.Enterprise
	}
	switch p.role {
	case auth.CityOffice, auth.CountyOffice, auth.ParkOperator:
		return !f.Confirmed && p.scope.Within(f.OrgPath)
	default:
		return false
	}
}

// reviews says whether the filing waits for the party.
func (p Party) reviews(f Filing, c chain) bool {
	at := c.from(f.Level)
	if at == len(c.levels) || p.scope.Enterprise != "" || !p.scope.Within(f.OrgPath) {
		return false
	}
	l := c.levels[at]
	return p.role == reviewer(l) && string(p.kinds[string(org.Leaf(p.scope.Path))]) == string(l)
}

// opened says whether a day lies in the days on which a filing may be changed.
func opened(f Filing, fm *form.Form, today period.Date) bool {
	if f.Period == "" {
		return true
	}
	p, err := period.Parse(f.Period)
	if err != nil {
		return false
	}
	opens, end := window(fm, p, f)
	return today >= opens && (end == 0 || today <= end || f.Reopened)
}
