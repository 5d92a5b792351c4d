package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Options say how large the city is. Zero takes the calibrated size: 2,400 enterprises and 30 months.
type Options struct {
	Seed        uint64
	Enterprises int
	Months      int
}

// The bounds of Options. Codes are counted in four places of 31 characters.
const (
	maxEnterprises = 100_000
	maxMonths      = 120
)

// Check fills what is zero and refuses what cannot be made. Error kind Invalid, key "demo.bad_size".
func (o Options) Check() (Options, error) {
	if o.Enterprises == 0 {
		o.Enterprises = defaultEnterprises
	}
	if o.Months == 0 {
		o.Months = defaultMonths
	}
	if o.Enterprises < 1 || o.Enterprises > maxEnterprises || o.Months < 12 || o.Months > maxMonths {
		return o, fault.New(fault.Invalid, "demo.bad_size", "max_enterprises", maxEnterprises, "max_months", maxMonths)
	}
	return o, nil
}

// batchRows is how many rows one transaction holds at most, so that a large city needs no large memory.
const batchRows = 100_000

// maker writes one city.
type maker struct {
	ctx    context.Context
	db     *db.DB
	act    org.Act
	o      Options
	source string
	src    source
	last   period.Month
	first  period.Month
}

// Make adds the simulated rows to a city whose published parks are already in the ledger. The act gives the moment at which
// everything is recorded and makes the ids; with the same both, and the same options, the rows are the same.
func Make(ctx context.Context, d *db.DB, act org.Act, o Options) error {
	m := &maker{ctx: ctx, db: d, act: act, o: o, src: newSource(o.Seed, 1), source: fmt.Sprintf("模拟数据（parkbrain demo，种子 %d）", o.Seed)}
	m.first, m.last = Window(o.Months)
	known, counties, err := m.known()
	if err != nil {
		return err
	}
	sites, figures := makeParks(known, m.src, m.last, m.source)
	if err := m.writeParks(sites, figures); err != nil {
		return err
	}
	tenants := makeTenants(sites, int64(o.Enterprises), m.src, m.last)
	firms := makeFirms(tenants, o.Enterprises, counties, m.src)
	r := returns{seed: o.Seed, first: m.first, last: m.last, tenants: tenants, rest: -1}
	r = calibrate(r, firms, mulDiv(outputFen, int64(o.Enterprises), defaultEnterprises))
	spread(tenants, firms, m.src)
	ids, err := m.writeFirms(firms)
	if err != nil {
		return err
	}
	if err := m.writeTenancies(tenants, ids); err != nil {
		return err
	}
	if err := m.writeProjects(sites, tenants, firms, ids); err != nil {
		return err
	}
	recent, err := m.writeReturns(r, firms, ids)
	if err != nil {
		return err
	}
	if err := m.writePromises(); err != nil {
		return err
	}
	if err := m.writeFilings(sites, tenants, recent); err != nil {
		return err
	}
	return m.writeReadiness()
}

// known reads what the ledger states of the parks, in the order of their names, and the short names of the counties.
func (m *maker) known() (known []Known, counties map[string]string, err error) {
	counties = map[string]string{}
	err = m.db.Read(m.ctx, func(r db.Reader) error {
		orgs, err := org.All(m.ctx, r, m.act.Scope.City)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			counties[string(o.ID)] = short(o.NameZH)
		}
		byID := map[park.ID]int{}
		err = park.EachFacts(m.ctx, r, m.act.Scope.City, nil, func(f park.Facts) error {
			k := Known{ID: f.ID, Org: string(f.Org), Name: f.Name, Values: map[string]int64{}}
			for field, u := range f.Used {
				k.Values[field] = u.Value
			}
			byID[f.ID] = len(known)
			known = append(known, k)
			return nil
		})
		if err != nil {
			return err
		}
		return park.EachPhase(m.ctx, r, m.act.Scope.City, nil, func(f park.PhaseFacts) error {
			k := &known[byID[f.Park]]
			k.Phases = max(k.Phases, f.No)
			return nil
		})
	})
	return known, counties, err
}

// short is a county's name without its rank: 晋江 for 晋江市.
func short(name string) string {
	r := []rune(name)
	switch last := r[len(r)-1]; {
	case len(r) > 2 && (last == '市' || last == '县' || last == '区') && len(r) < 5:
		return string(r[:len(r)-1])
	default:
		return name
	}
}

func (m *maker) write(f func(w db.Writer) error) error { return m.db.Write(m.ctx, f) }

func (m *maker) writeParks(sites []*site, figures []stated) error {
	bulk := park.Bulk{}
	for _, p := range sites {
		bulk.Phases = append(bulk.Phases, p.phases...)
	}
	for _, f := range figures {
		bulk.Figures = append(bulk.Figures, park.Stated{Park: f.park, Statement: park.Statement{Field: f.field, Text: f.text, Unit: f.unit, Nature: figure.Simulated, Source: m.source}})
	}
	return m.write(func(w db.Writer) error {
		_, err := park.Load(m.ctx, w, m.act, bulk)
		return err
	})
}

func (m *maker) writeFirms(firms []firm) ([]enterprise.ID, error) {
	list := make([]enterprise.Enterprise, len(firms))
	for i, f := range firms {
		list[i] = enterprise.Enterprise{ID: enterprise.ID(m.act.NewID()), USCC: f.code, Name: f.name, Org: org.ID(f.org), Industry: industry.Code(f.trade.class), Nature: figure.Simulated, Source: m.source}
	}
	ids := make([]enterprise.ID, len(list))
	err := m.write(func(w db.Writer) error {
		stored, err := enterprise.AddMany(m.ctx, w, m.act, list)
		for i, e := range stored {
			ids[i] = e.ID
		}
		return err
	})
	return ids, err
}

func (m *maker) writeTenancies(tenants []tenant, ids []enterprise.ID) error {
	list, later := make([]tenancy.Tenancy, len(tenants)), newSource(m.o.Seed, plansStream)
	for i, t := range tenants {
		area := t.areaM2
		list[i] = tenancy.Tenancy{ID: tenancy.ID(m.act.NewID()), Enterprise: ids[t.enterprise], Park: t.site.ID, AreaM2: &area, Relocated: t.relocated, Nature: figure.Simulated, Source: m.source}
		for _, e := range t.stages {
			stage, err := tenancy.ParseStage(e.stage)
			if err != nil {
				return err
			}
			list[i].Entries = append(list[i].Entries, tenancy.Entry{Stage: stage, Way: tenancy.Claimed, Day: e.day, Nature: figure.Simulated, Source: m.source,
				RecordedAt: m.recordedAt(e.day, 5)})
		}
		list[i].Entries = append(list[i].Entries, m.moveIn(later, t)...)
	}
	return m.write(func(w db.Writer) error {
		_, err := tenancy.AddMany(m.ctx, w, m.act, list)
		return err
	})
}

// writeProjects makes each park's construction and the investment of every fourth tenant that signed; a few of them rest.
func (m *maker) writeProjects(sites []*site, tenants []tenant, firms []firm, ids []enterprise.ID) error {
	var list []project.Project
	later := newSource(m.o.Seed, plansStream+1)
	for _, p := range sites {
		one := m.project(project.Construction, p.Name+"（园区建设）", p)
		if v, ok := p.Values["investment"]; ok {
			one.InvestmentFen = &v
		}
		if len(p.phases) > 0 && p.Values[park.Started] == 0 {
			m.reached(&one, project.Started, p.ready()-period.Month(m.src.between(14, 26)))
		}
		if len(p.phases) > 0 {
			m.reached(&one, project.Completed, p.ready())
		}
		m.build(later, p, &one)
		list = append(list, one)
	}
	for _, t := range tenants {
		signed := t.day("signed")
		if signed == 0 || !m.src.chance(250) {
			continue
		}
		one := m.project(project.Investment, firms[t.enterprise].name+"（招商项目）", t.site)
		fen := m.src.skewed() / 50 * 1_000_000 * 100 / 10
		one.Enterprise, one.InvestmentFen = ids[t.enterprise], &fen
		m.reached(&one, "signed", signed.Month())
		if d := t.day("production"); d != 0 {
			m.reached(&one, project.Production, d.Month())
		}
		m.invest(later, &one)
		list = append(list, one)
	}
	return m.write(func(w db.Writer) error {
		stored, err := project.AddMany(m.ctx, w, m.act, list)
		if err != nil {
			return err
		}
		return m.pause(w, stored)
	})
}

func (m *maker) project(kind project.Kind, name string, p *site) project.Project {
	return project.Project{ID: project.ID(m.act.NewID()), Kind: kind, Name: name, Park: p.ID, Nature: figure.Simulated, Source: m.source}
}

func (m *maker) reached(p *project.Project, stage project.Stage, month period.Month) {
	p.Milestones = append(p.Milestones, project.Milestone{Stage: stage, Way: tenancy.Claimed, Day: dayOf(m.src, month), Nature: figure.Simulated, Source: m.source})
}

// writeReturns writes every month of every enterprise and gives the last ones, of which the forms tell as well.
func (m *maker) writeReturns(r returns, firms []firm, ids []enterprise.ID) (recent map[enterprise.ID]map[period.Month]filed, err error) {
	recent = map[enterprise.ID]map[period.Month]filed{}
	var batch []filing.Value
	flush := func() error {
		err := m.write(func(w db.Writer) error {
			_, err := filing.Load(m.ctx, w, m.act, slices.Values(batch))
			return err
		})
		batch = batch[:0]
		return err
	}
	for i, f := range firms {
		r.of(i, f, func(v filed) {
			if v.month > m.last-filedMonths {
				if recent[ids[i]] == nil {
					recent[ids[i]] = map[period.Month]filed{}
				}
				recent[ids[i]][v.month] = v
			}
			one := filing.Value{Enterprise: ids[i], Month: v.month, Nature: figure.Simulated, Source: m.source}
			for _, x := range []struct {
				field filing.Field
				value int64
			}{{filing.Output, v.output}, {filing.Jobs, v.jobs}} {
				one.Field, one.Value = x.field, x.value
				batch = append(batch, one)
			}
		})
		if len(batch) >= batchRows {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	return recent, flush()
}
