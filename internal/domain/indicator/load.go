package indicator

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// loading reads the ledger, or part of it, into rows of the panel's tables. put may keep a row, but not its slices.
type loading struct {
	ctx  context.Context
	r    db.Reader
	city string
	view *View
	put  map[string]func(panel.Row) error // by table
}

func (p *Panels) loading(ctx context.Context, r db.Reader, v *View) *loading {
	return &loading{ctx: ctx, r: r, city: p.city, view: v, put: map[string]func(panel.Row) error{}}
}

// load reads everything.
func (p *Panels) load(ctx context.Context, r db.Reader, sequence int64) (*View, error) {
	v := &View{
		Sequence: sequence, city: p.city, tables: map[string]*panel.Table{}, facts: map[string]tableFacts{},
		parks: map[string]string{}, firms: map[enterprise.ID]*firm{}, months: map[period.Month]bool{},
	}
	if err := v.readOrgs(ctx, r, p.city); err != nil {
		return nil, err
	}
	l := p.loading(ctx, r, v)
	builders := map[string]*panel.Builder{}
	for name, schema := range schemas {
		b, err := panel.NewBuilder(schema)
		if err != nil {
			return nil, err
		}
		builders[name], l.put[name] = b, b.Add
	}
	if err := l.everything(); err != nil {
		return nil, err
	}
	for name, b := range builders {
		t, err := b.Build()
		if err != nil {
			return nil, err
		}
		v.tables[name] = t
	}
	return v, v.finish(p.month(), slices.Collect(maps.Keys(v.tables)))
}

func (v *View) readOrgs(ctx context.Context, r db.Reader, city string) error {
	orgs, err := org.All(ctx, r, city)
	v.orgs, v.places, v.paths = orgs, map[string]int{}, map[string]string{}
	for i, o := range orgs {
		v.places[string(o.ID)], v.paths[string(o.ID)] = i, o.Path
	}
	return err
}

func (l *loading) everything() error {
	for _, step := range []func() error{
		func() error { return l.parks(nil) },
		func() error { return l.enterprises(nil) },
		func() error { return l.tenancies(tenancy.Only{}) },
		func() error { return l.projects(nil) },
		func() error { return l.filings(filing.Only{}) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// parks puts parks and their phases; nil means all.
//
// A park's row has no nature of its own: it is in the ledger because an office or a published list says that the park
// exists, which is a declaration, whatever is known of its land or its opening day. Those are figures with natures of
// their own, and the definitions that count by them name those columns.
func (l *loading) parks(ids []park.ID) error {
	err := park.EachFacts(l.ctx, l.r, l.city, ids, func(f park.Facts) error {
		if l.view.moved(f) {
			return errReadAnew
		}
		l.view.parks[string(f.ID)] = f.Name
		land, opened := f.Used[park.LandArea], f.Used[park.Opened]
		return l.put[tablePark](panel.Row{
			Key: string(f.ID),
			Dims: []string{f.OrgPath, string(f.ID), "", "", string(figure.Declared), f.Source,
				string(land.Nature), land.Source, string(opened.Nature), opened.Source},
			Ints:  []panel.Int{{V: land.Value, OK: land.ID != ""}},
			Dates: []period.Date{period.Date(opened.Value)},
		})
	})
	if err != nil {
		return err
	}
	return park.EachPhase(l.ctx, l.r, l.city, ids, func(f park.PhaseFacts) error {
		return l.put[tablePhase](panel.Row{
			Key:   string(f.Park) + "#" + strconv.FormatInt(f.No, 10),
			Dims:  []string{f.OrgPath, string(f.Park), "", "", string(f.Nature), f.Source},
			Ints:  []panel.Int{optional(f.FloorAreaBuiltM2), optional(f.LettableM2)},
			Dates: []period.Date{f.Completed},
		})
	})
}

func optional(v *int64) panel.Int {
	if v == nil {
		return panel.Int{}
	}
	return panel.Some(*v)
}

// enterprises gathers what their returns need.
func (l *loading) enterprises(ids []enterprise.ID) error {
	return enterprise.EachFacts(l.ctx, l.r, l.city, ids, func(f *enterprise.Facts) error {
		l.view.firms[f.ID] = &firm{industry: string(f.Industry), orgPath: f.OrgPath, above: certain(f.AboveScaleSince)}
		return nil
	})
}

func (l *loading) tenancies(only tenancy.Only) error {
	return tenancy.EachRow(l.ctx, l.r, l.city, only, func(t *tenancy.PanelRow) error {
		if f := l.view.firms[t.Enterprise]; f != nil {
			f.presences = append(f.presences, t.Presence())
			f.above = earlier(f.above, certain(t.Stages[tenancy.Enrolled].Day))
		}
		relocated := "0"
		if t.Relocated {
			relocated = "1"
		}
		day := func(s tenancy.Stage) period.Date { return t.Stages[s].Day }
		return l.put[tableTenancy](panel.Row{
			Key:  string(t.ID),
			Dims: []string{t.OrgPath, string(t.Park), string(t.Industry), string(t.Enterprise), string(t.Nature), t.Source, relocated},
			Ints: []panel.Int{{V: t.AreaM2, OK: t.AreaKnown}},
			Dates: []period.Date{day(tenancy.Signed), day(tenancy.HandedOver), day(tenancy.FittingOut), day(tenancy.Trial), day(tenancy.Production),
				day(tenancy.AtCapacity), day(tenancy.Enrolled), day(tenancy.Expanding), day(tenancy.Cleared)},
		})
	})
}

func (l *loading) projects(ids []project.ID) error {
	return project.EachRow(l.ctx, l.r, l.city, ids, func(p *project.PanelRow) error {
		return l.put[tableProject](panel.Row{
			Key:   string(p.ID),
			Dims:  []string{p.OrgPath, string(p.Park), string(p.Industry), string(p.Enterprise), string(p.Nature), p.Source, string(p.Kind)},
			Ints:  []panel.Int{optional(p.InvestmentFen)},
			Dates: []period.Date{p.Reached("signed"), p.Reached("started"), p.Reached("completed"), p.Reached("production")},
		})
	})
}
