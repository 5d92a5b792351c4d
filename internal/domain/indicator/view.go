package indicator

import (
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// View is the ledger as indicators see it, at one sequence of changes. It never changes; a later view is another one.
type View struct {
	Sequence int64
	First    period.Month // first month with returns; zero without any
	Horizon  period.Month // last month of which the ledger knows anything; the clock's month for an empty ledger

	tables    map[string]*panel.Table
	orgs      []org.Org // in the office's order
	places    map[string]int
	paths     map[string]string // by org id
	parks     map[string]string // names by id
	months    map[period.Month]bool
	simulated bool
}

// Simulated says whether any row of the ledger is simulated.
func (v *View) Simulated() bool { return v.simulated }

// Rows is how many rows the panel holds, by table.
func (v *View) Rows() map[string]int {
	out := map[string]int{}
	for name, t := range v.tables {
		out[name] = t.Len()
	}
	return out
}

// Bytes estimates the panel's memory.
func (v *View) Bytes() (n int64) {
	for _, t := range v.tables {
		n += t.Bytes()
	}
	return n
}

// DefaultPeriod is the last year of which every month has returns, else the year of the horizon.
func (v *View) DefaultPeriod() period.Period {
	for y := v.Horizon.Year(); y >= v.First.Year() && v.First != 0; y-- {
		p := period.Year(y)
		if !slices.ContainsFunc(p.Months(), func(m period.Month) bool { return !v.months[m] }) {
			return p
		}
	}
	return period.Year(v.Horizon.Year())
}

// Orgs lists the reporting tree in the office's order.
func (v *View) Orgs() []org.Org { return slices.Clone(v.orgs) }

// Org finds an org by its id.
func (v *View) Org(id string) (o org.Org, ok bool) {
	i, ok := v.places[id]
	if !ok {
		return o, false
	}
	return v.orgs[i], true
}

// OrgAt finds an org by its path.
func (v *View) OrgAt(path string) (o org.Org, ok bool) { return v.Org(string(org.Leaf(path))) }

// Path is the path of an org; empty for one that is not there.
func (v *View) Path(id string) string { return v.paths[id] }

// ParkName is a park's name; empty for one that is not there.
func (v *View) ParkName(id string) string { return v.parks[id] }

// Children are the ids of the orgs right below the org with this path.
func (v *View) Children(path string) (ids []string) {
	for _, o := range v.orgs {
		if parent, ok := v.paths[string(o.Parent)]; ok && parent == path {
			ids = append(ids, string(o.ID))
		}
	}
	return ids
}

func (v *View) place(id string) int {
	if i, ok := v.places[id]; ok {
		return i
	}
	return len(v.places)
}

// next begins a view that differs from v in what the caller then sets.
func (v *View) next(sequence int64) *View {
	n := *v
	n.Sequence = sequence
	n.tables, n.parks, n.months = maps.Clone(v.tables), maps.Clone(v.parks), maps.Clone(v.months)
	return &n
}

// see widens the horizon to a month that the ledger knows something of.
func (v *View) see(m period.Month, now period.Month) {
	if m > v.Horizon && m <= now {
		v.Horizon = m
	}
}

// finish derives what depends on all tables.
func (v *View) finish(now period.Month) error {
	if v.Horizon == 0 {
		v.Horizon = now
	}
	v.simulated = false
	for _, t := range v.tables {
		sel, err := t.Select(panel.Filter{panel.In(colNature, string(figure.Simulated))})
		if err != nil {
			return err
		}
		v.simulated = v.simulated || sel.Len() > 0
	}
	return nil
}
