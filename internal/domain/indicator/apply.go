package indicator

import (
	"context"
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// apply reads the changed rows again and lays them over the view's tables. A change of an enterprise or a tenancy also
// concerns the enterprise's returns: where they count to, and whether it is above scale.
func (p *Panels) apply(ctx context.Context, r db.Reader, v *View, changed *touched) (*View, error) {
	rows := map[string][]panel.Row{}
	l := &loading{ctx: ctx, r: r, city: p.city, view: v, now: p.month(), put: map[string]func(panel.Row) error{}, firm: map[enterprise.ID]*firm{}}
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
	if len(rows) == 0 {
		return v, nil
	}
	return v, v.finish(l.now)
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
	needed := maps.Clone(whole)
	for k := range c.filings {
		needed[k.Enterprise] = true
	}
	if len(needed) == 0 {
		return nil
	}
	ids := keys(needed)
	if err := l.enterprises(ids); err != nil {
		return err
	}
	if err := l.tenancies(tenancy.Only{Enterprises: ids}); err != nil {
		return err
	}
	return l.filings(filing.Only{Enterprises: keys(whole), Keys: slices.Collect(maps.Keys(c.filings))})
}

// firmsOf gives the enterprises all of whose returns may count differently now: changed ones, and those whose tenancies
// changed.
func (l *loading) firmsOf(c *touched) (map[enterprise.ID]bool, error) {
	firms := maps.Clone(c.enterprises)
	if len(c.tenancies) == 0 {
		return firms, nil
	}
	err := tenancy.EachRow(l.ctx, l.r, l.city, tenancy.Only{Tenancies: keys(c.tenancies)}, func(t *tenancy.PanelRow) error {
		firms[t.Enterprise] = true
		return nil
	})
	return firms, err
}

func keys[K ~string](m map[K]bool) []K { return slices.Sorted(maps.Keys(m)) }
