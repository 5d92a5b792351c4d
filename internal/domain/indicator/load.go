package indicator

import (
	"context"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// loading reads the ledger, or part of it, into rows of the panel's tables.
type loading struct {
	ctx  context.Context
	r    db.Reader
	city string
	view *View
	now  period.Month
	put  map[string]func(panel.Row) error // by table
	firm map[enterprise.ID]*firm
}

// firm is what a return needs to know of its enterprise: where it counts to, and since when it is above scale.
type firm struct {
	industry   string
	orgPath    string // where it is registered
	aboveSince period.Date
	presences  []tenancy.Presence
}

// load reads everything.
func (p *Panels) load(ctx context.Context, r db.Reader, sequence int64) (*View, error) {
	p.loads.Add(1)
	v := &View{Sequence: sequence, tables: map[string]*panel.Table{}, parks: map[string]string{}, months: map[period.Month]bool{}}
	if err := v.readOrgs(ctx, r, p.city); err != nil {
		return nil, err
	}
	l := &loading{ctx: ctx, r: r, city: p.city, view: v, now: p.month(), put: map[string]func(panel.Row) error{}, firm: map[enterprise.ID]*firm{}}
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
	return v, v.finish(l.now)
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
func (l *loading) parks(ids []park.ID) error {
	err := park.EachFacts(l.ctx, l.r, l.city, ids, func(f park.Facts) error {
		l.view.parks[string(f.ID)] = f.Name
		land, opened := f.Used[park.LandArea], f.Used[park.Opened]
		nature := "declared"
		if land.ID == "" && opened.ID != "" {
			nature = string(opened.Nature)
		}
		row := panel.Row{
			Key:   string(f.ID),
			Dims:  []string{f.OrgPath, string(f.ID), "", "", nature, f.Source, string(land.Nature), land.Source, string(opened.Nature), opened.Source},
			Ints:  []panel.Int{{V: land.Value, OK: land.ID != ""}},
			Dates: []period.Date{period.Date(opened.Value)},
		}
		return l.put[tablePark](row)
	})
	if err != nil {
		return err
	}
	return park.EachPhase(l.ctx, l.r, l.city, ids, func(f park.PhaseFacts) error {
		l.view.see(f.Completed.Month(), l.now)
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
		l.firm[f.ID] = &firm{industry: string(f.Industry), orgPath: f.OrgPath, aboveSince: f.AboveScaleSince}
		return nil
	})
}

func (l *loading) tenancies(only tenancy.Only) error {
	return tenancy.EachRow(l.ctx, l.r, l.city, only, func(t *tenancy.PanelRow) error {
		if f := l.firm[t.Enterprise]; f != nil {
			f.presences = append(f.presences, t.Presence())
			if d := t.Stages[tenancy.Enrolled].Day; d != 0 && (f.aboveSince == 0 || d < f.aboveSince) {
				f.aboveSince = d
			}
		}
		for _, s := range t.Stages {
			l.view.see(s.Day.Month(), l.now)
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

// filings puts one row per enterprise and month; the feed gives the fields of one together, months in order.
func (l *loading) filings(only filing.Only) error {
	var row filed
	flush := func() error {
		if row.enterprise == "" {
			return nil
		}
		return l.put[tableFiling](l.filingRow(&row))
	}
	err := filing.EachRow(l.ctx, l.r, l.city, only, filingFields, func(v *filing.PanelRow) error {
		if v.Enterprise != row.enterprise || v.Month != row.month {
			if err := flush(); err != nil {
				return err
			}
			row = filed{enterprise: v.Enterprise, month: v.Month, nature: string(v.Nature), source: v.Source}
			l.seeReturns(v.Month)
		}
		row.values[slices.Index(filingFields, v.Field)] = panel.Some(v.Value)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// filingFields are the columns of the table of returns, in its order.
var filingFields = []filing.Field{filing.Output, filing.Jobs}

type filed struct {
	enterprise enterprise.ID
	month      period.Month
	values     [2]panel.Int
	nature     string
	source     string
}

func (l *loading) seeReturns(m period.Month) {
	v := l.view
	v.months[m] = true
	v.see(m, l.now)
	if v.First == 0 || m < v.First {
		v.First = m
	}
}

func (l *loading) filingRow(f *filed) panel.Row {
	orgPath, parkID, code, above := "", "", "", "0"
	if e := l.firm[f.enterprise]; e != nil {
		orgPath, code = e.orgPath, e.industry
		if i, ok := tenancy.Home(e.presences, f.month); ok {
			orgPath, parkID = e.presences[i].OrgPath, string(e.presences[i].Park)
		}
		if e.aboveSince != 0 && e.aboveSince <= f.month.Last() {
			above = "1"
		}
	}
	return panel.Row{
		Key:   string(f.enterprise) + "/" + f.month.String(),
		Dims:  []string{orgPath, parkID, code, string(f.enterprise), f.nature, f.source, above},
		Ints:  f.values[:],
		Dates: []period.Date{period.DateOf(f.month.Year(), f.month.Month(), 0)},
	}
}
