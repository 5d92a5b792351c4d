package indicator

import (
	"maps"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// View is the ledger as indicators see it, at one sequence of changes. It never changes; a later view is another one.
type View struct {
	Sequence int64
	First    period.Month // first month with returns; zero without any
	// Horizon is the last month, up to the clock's, that any date which indicators count by falls in; the clock's month for a
	// ledger without such a date. A day of which only the year is known says nothing of a month.
	Horizon period.Month

	city   string
	clock  period.Month // the month in which Horizon was found
	tables map[string]*panel.Table
	facts  map[string]tableFacts // by table
	orgs   []org.Org             // in the office's order
	places map[string]int
	paths  map[string]string // by org id
	parks  map[string]string // names by id
	firms  map[enterprise.ID]*firm
	months map[period.Month]bool // of which any return is filed
}

// tableFacts is what a view derives from one whole table.
type tableFacts struct {
	latest    period.Month // of all dates, up to the clock's month; zero without any
	simulated bool
}

// Simulated says whether any row of the ledger, or any figure that indicators use, is simulated.
func (v *View) Simulated() bool {
	for _, f := range v.facts {
		if f.simulated {
			return true
		}
	}
	return false
}

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

// returned says whether anybody filed a return of the month.
func (v *View) returned(m period.Month) bool { return v.months[m] }

// next begins a view that differs from v in what the caller then sets.
func (v *View) next(sequence int64) *View {
	n := *v
	n.Sequence = sequence
	n.tables, n.facts, n.parks, n.months = maps.Clone(v.tables), maps.Clone(v.facts), maps.Clone(v.parks), maps.Clone(v.months)
	return &n
}

// finish derives what depends on whole tables, of those that changed.
func (v *View) finish(clock period.Month, changed []string) error {
	if v.clock != clock {
		v.clock, changed = clock, slices.Collect(maps.Keys(v.tables)) // what lay in the future may not do so now
	}
	for _, name := range changed {
		f, err := factsOf(v.tables[name], clock)
		if err != nil {
			return err
		}
		v.facts[name] = f
	}
	v.Horizon = 0
	for _, f := range v.facts {
		v.Horizon = max(v.Horizon, f.latest)
	}
	if v.Horizon == 0 {
		v.Horizon = clock
	}
	return nil
}

func factsOf(t *panel.Table, clock period.Month) (f tableFacts, err error) {
	for _, column := range t.Schema().Dates {
		past, err := t.Select(panel.Filter{panel.DateUntil(column, clock)})
		if err != nil {
			return f, err
		}
		months, err := past.Aggregate(panel.Query{By: panel.Group{Column: column}})
		if err != nil {
			return f, err
		}
		for _, cell := range months.Cells {
			if p, err := period.Parse(cell.Key); err == nil && p.Kind() == period.KindMonth {
				f.latest = max(f.latest, p.First())
			}
		}
	}
	for _, column := range t.Schema().Dims {
		if !strings.HasSuffix(column, colNature) {
			continue
		}
		rows, err := t.Select(panel.Filter{panel.In(column, string(figure.Simulated))})
		if err != nil {
			return f, err
		}
		f.simulated = f.simulated || rows.Len() > 0
	}
	return f, nil
}
