package indicator

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// errReadAnew says that a change reaches further than the rows that it touched: a park that another org reports from now on
// takes its tenancies, projects and returns along, an enterprise of another industry its tenancies and projects. Both are
// rare, so the ledger is read anew.
var errReadAnew = errors.New("indicator: the change reaches further than its rows")

// apply reads the changed rows again and lays them over the view's tables. A change of an enterprise or a tenancy also
// concerns the enterprise's returns: where they count to, and whether it is above scale.
func (p *Panels) apply(ctx context.Context, r db.Reader, v *View, changed *touched) (*View, error) {
	rows := map[string][]panel.Row{}
	l := p.loading(ctx, r, v)
	for name := range schemas {
		l.put[name] = func(row panel.Row) error {
			row.Ints, row.Dims, row.Dates = slices.Clone(row.Ints), slices.Clone(row.Dims), slices.Clone(row.Dates)
			rows[name] = append(rows[name], row)
			return nil
		}
	}
	if err := l.changed(changed); err != nil {
		return nil, err
	}
	for name, upserts := range rows {
		t, err := v.tables[name].Apply(upserts, nil)
		if err != nil {
			return nil, err
		}
		v.tables[name] = t
	}
	return v, v.finish(p.month(), slices.Collect(maps.Keys(rows)))
}

func (l *loading) changed(c *touched) error {
	if len(c.parks) > 0 {
		if err := l.parks(keys(c.parks)); err != nil {
			return err
		}
	}
	if len(c.projects) > 0 {
		if err := l.projects(keys(c.projects)); err != nil {
			return err
		}
	}
	whole, err := l.firmsOf(c)
	if err != nil {
		return err
	}
	if len(whole) > 0 {
		if err := l.firms(whole); err != nil {
			return err
		}
	}
	if len(whole)+len(c.filings) == 0 {
		return nil // to the feed, nothing asked for is everything
	}
	return l.filings(filing.Only{Enterprises: whole, Keys: slices.Collect(maps.Keys(c.filings))})
}

// firms reads enterprises and their tenancies anew.
func (l *loading) firms(ids []enterprise.ID) error {
	before := l.view.firms
	l.view.firms = maps.Clone(before) // should the catching up fail, the view before stays as it is
	for _, id := range ids {
		delete(l.view.firms, id)
	}
	if err := l.enterprises(ids); err != nil {
		return err
	}
	for _, id := range ids {
		was, is := before[id], l.view.firms[id]
		if was != nil && (is == nil || was.industry != is.industry) {
			return errReadAnew
		}
	}
	return l.tenancies(tenancy.Only{Enterprises: ids})
}

// firmsOf gives the enterprises all of whose returns may count differently now: changed ones, and those whose tenancies
// changed.
func (l *loading) firmsOf(c *touched) ([]enterprise.ID, error) {
	firms := maps.Clone(c.enterprises)
	if len(c.tenancies) > 0 {
		err := tenancy.EachRow(l.ctx, l.r, l.city, tenancy.Only{Tenancies: keys(c.tenancies)}, func(t *tenancy.PanelRow) error {
			firms[t.Enterprise] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return keys(firms), nil
}

// moved says whether a park that the view knows is reported by another org now.
func (v *View) moved(f park.Facts) bool {
	t := v.tables[tablePark]
	if t == nil {
		return false // still loading
	}
	row, ok := t.Row(string(f.ID))
	return ok && row.Dims[slices.Index(schemas[tablePark].Dims, colOrg)] != f.OrgPath
}

func keys[K ~string](m map[K]bool) []K { return slices.Sorted(maps.Keys(m)) }
