package review

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// sites reads the sheet of every park of the office, and of the projects that lie in none.
func (k *taking) sites() error {
	at, err := k.parks()
	if err != nil {
		return err
	}
	where := map[string]*Site{} // by "kind/id"
	rows := k.board.Select(pipeline.Query{Scope: k.whole, Below: k.office.Path})
	slices.SortFunc(rows, func(a, b *pipeline.Row) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	codes := map[string]bool{string(subject.Tenancy): true}
	for _, row := range rows {
		site := at[row.Park]
		if site != nil {
			where[string(row.Kind)+"/"+row.ID] = site
			site.Lights.add(row.Light)
		}
		codes[row.Lifecycle] = true
		switch {
		case row.Kind == subject.Tenancy && site != nil:
			site.Tenants = append(site.Tenants, tenantOf(row))
			site.let(row)
		case row.Kind == subject.Project && site != nil:
			site.Projects = append(site.Projects, projectOf(row))
		case row.Kind == subject.Project:
			k.body.Elsewhere = append(k.body.Elsewhere, projectOf(row))
		}
	}
	if err := k.lifecycles(codes); err != nil {
		return err
	}
	if err := k.problems(at, where); err != nil {
		return err
	}
	k.settle(at, rows)
	return nil
}

// lifecycles names the stages of those that occur.
func (k *taking) lifecycles(codes map[string]bool) error {
	for _, code := range sorted(codes) {
		p, err := k.board.Pack(code)
		if err != nil {
			continue // of a project whose lifecycle is no longer there: its stages have no names
		}
		out := Lifecycle{Code: code, Name: p.Name.ZH, NameEN: p.Name.EN, Number: p.Number, Stages: []Stage{}}
		for _, s := range p.Stages {
			out.Stages = append(out.Stages, Stage{s.Code, s.Name.ZH, s.Name.EN})
		}
		k.body.Lifecycles = append(k.body.Lifecycles, out)
	}
	return nil
}

func sorted(set map[string]bool) (out []string) {
	for s := range set {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// parks reads the facts of the office's parks.
func (k *taking) parks() (map[park.ID]*Site, error) {
	at := map[park.ID]*Site{}
	err := park.EachFacts(k.ctx, k.r, k.whole.City, nil, func(f park.Facts) error {
		if !org.Inside(f.OrgPath, k.office.Path) {
			return nil
		}
		o := k.orgs[f.Org]
		at[f.ID] = &Site{Park: string(f.ID), Name: f.Name, Org: string(f.Org), OrgName: o.NameZH, OrgNameEN: o.NameEN, Mode: f.Mode, Developer: f.Developer,
			LeadingIndustry: f.LeadingIndustry, Pilot: f.Pilot, Figures: figures(f.Used), Tenants: []Tenant{}, Projects: []Project{}, Problems: []Problem{}, Changes: []Change{}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = park.EachPhase(k.ctx, k.r, k.whole.City, nil, func(p park.PhaseFacts) error {
		s := at[p.Park]
		if s == nil {
			return nil
		}
		first := s.Phases == 0
		s.Phases++
		s.LandM2, s.BuiltM2, s.LettableM2 = plus(s.LandM2, p.LandM2, first), plus(s.BuiltM2, p.FloorAreaBuiltM2, first), plus(s.LettableM2, p.LettableM2, first)
		return nil
	})
	return at, err
}

// plus adds up what every phase states; nil once one of them does not.
func plus(sum, v *int64, first bool) *int64 {
	if v == nil || !first && (sum == nil || *sum > math.MaxInt64-*v) {
		return nil
	}
	n := *v
	if !first {
		n += *sum
	}
	return &n
}

func figures(used map[string]park.Used) []Figure {
	out := []Figure{}
	for field, u := range used {
		out = append(out, Figure{field, u.Value, string(u.Unit), string(u.Nature), u.Source, u.AsOf.String()})
	}
	slices.SortFunc(out, func(a, b Figure) int { return cmp.Compare(a.Field, b.Field) })
	return out
}

func (l *Lights) add(one light.Light) {
	switch one {
	case light.Red:
		l.Red++
	case light.Yellow:
		l.Yellow++
	case light.Green:
		l.Green++
	default:
		l.Off++
	}
}

// let adds the area of a tenant that was signed and not cleared.
func (s *Site) let(r *pipeline.Row) {
	in := slices.ContainsFunc(r.Marks, func(m pipeline.Mark) bool {
		stage, err := tenancy.ParseStage(m.Stage)
		return err == nil && m.Day != 0 && stage >= tenancy.Signed && stage < tenancy.Cleared
	})
	switch {
	case !in || r.Ended != "":
	case r.AreaM2 == nil:
		s.LetUnknown++
	default:
		s.LetM2 += *r.AreaM2
	}
}

func headOf(r *pipeline.Row) Head {
	return Head{ID: r.ID, Name: r.Name, Stage: r.Stage, Since: r.Since.String(), Way: r.Way.String(), Next: r.Next, NextPlanned: r.NextPlanned.String(), Late: r.Late,
		Suspended: r.Suspended, Light: r.Light.String(), LightWhy: r.LightWhy.ZH, LightWhyEN: r.LightWhy.EN, Officer: r.Officer, Problems: r.Problems, Nature: r.Nature}
}

func tenantOf(r *pipeline.Row) Tenant {
	t := Tenant{Head: headOf(r), Enterprise: string(r.Enterprise), Entered: []string{}, AreaM2: r.AreaM2, Relocated: r.Relocated}
	for _, m := range r.Marks {
		if m.Day != 0 {
			t.Entered = append(t.Entered, m.Stage)
		}
	}
	return t
}

func projectOf(r *pipeline.Row) Project {
	p := Project{Head: headOf(r), Lifecycle: r.Lifecycle, Org: string(r.Org), EnterpriseName: r.EnterpriseName, InvestmentFen: r.InvestmentFen, Milestones: []Milestone{}}
	for _, m := range r.Marks {
		slip := days(m.First, m.Planned)
		if m.Day != 0 {
			slip = days(m.First, m.Day)
		}
		p.Milestones = append(p.Milestones, Milestone{m.Stage, m.First.String(), m.Planned.String(), m.Replans, m.Day.String(), m.Way.String(), slip})
	}
	return p
}

// days counts from one day to another; nil unless both are known to the day.
func days(from, to period.Date) *int {
	if from%100 == 0 || to%100 == 0 {
		return nil
	}
	at := func(d period.Date) time.Time {
		return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	n := int(at(to).Sub(at(from)) / (24 * time.Hour))
	return &n
}

// problems puts those that are not closed on the sheets.
func (k *taking) problems(at map[park.ID]*Site, where map[string]*Site) error {
	rules, err := problem.Shipped()
	if err != nil {
		return err
	}
	for _, state := range []problem.State{problem.Opened, problem.Solved} {
		q := problem.Query{Below: k.office.Path, State: state, Limit: page.Max}
		for {
			rows, next, err := problem.List(k.ctx, k.r, k.whole, q)
			if err != nil {
				return err
			}
			for _, p := range rows {
				site := where[p.Kind+"/"+p.Subject]
				if p.Kind == problem.OfPark {
					site = at[park.ID(p.Subject)]
				}
				if site == nil {
					continue // of a project in no park: it counts in the project
				}
				level := rules.Level(p, k.board.Today, k.orgs)
				site.Problems = append(site.Problems, Problem{p.ID, p.Kind, p.Subject, p.SubjectName, p.Title, string(p.State), p.Owner, string(p.OwnerOrg),
					k.orgs[p.OwnerOrg].NameZH, p.Due.String(), level.Late, level.Level})
			}
			if q.After = next; next == "" {
				break
			}
		}
	}
	return nil
}

// settle finishes the sheets: counts and order, and the offices of a city.
func (k *taking) settle(at map[park.ID]*Site, rows []*pipeline.Row) {
	stages := k.stages()
	rank := map[string]int{}
	for i, o := range k.board.Orgs() {
		rank[string(o.ID)] = i
	}
	var all []Tenant
	for _, s := range at {
		s.Funnel = funnel(stages, s.Tenants)
		if s.LettableM2 != nil && *s.LettableM2 > 0 && s.LetUnknown == 0 {
			ppm := int64(math.Round(float64(s.LetM2) / float64(*s.LettableM2) * 1e6))
			s.LetPPM = &ppm
		}
		k.body.Sites = append(k.body.Sites, *s)
		all = append(all, s.Tenants...)
	}
	slices.SortFunc(k.body.Sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(rank[a.Org], rank[b.Org]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Park, b.Park))
	})
	k.body.Funnel = funnel(stages, all)
	if k.office.Kind == org.City {
		k.places(stages, rows)
	}
}

func (k *taking) stages() []lifecycle.Stage {
	p, err := k.board.Pack(string(subject.Tenancy))
	if err != nil {
		return nil
	}
	return p.Stages
}

// funnel counts tenants by stage.
func funnel(stages []lifecycle.Stage, tenants []Tenant) []Count {
	out := make([]Count, len(stages))
	for i, s := range stages {
		out[i].Stage = s.Code
		for _, t := range tenants {
			if slices.Contains(t.Entered, s.Code) {
				out[i].Reached++
			}
			if t.Stage == s.Code {
				out[i].Now++
				if t.AreaM2 != nil {
					out[i].AreaM2 += *t.AreaM2
				}
			}
		}
	}
	return out
}

// places sums up the offices right below a city.
func (k *taking) places(stages []lifecycle.Stage, rows []*pipeline.Row) {
	for _, o := range k.board.Orgs() {
		if o.Parent != k.office.ID {
			continue
		}
		p := Place{Org: string(o.ID), OrgName: o.NameZH, OrgNameEN: o.NameEN}
		var tenants []Tenant
		for _, s := range k.body.Sites {
			if org.Inside(k.orgs[org.ID(s.Org)].Path, o.Path) {
				p.Sites++
				p.Problems += len(s.Problems)
				tenants = append(tenants, s.Tenants...)
			}
		}
		for _, r := range rows {
			if !org.Inside(r.OrgPath, o.Path) {
				continue
			}
			if r.Kind == subject.Project {
				if p.Projects++; r.Park == "" {
					p.Problems += r.Problems
				}
			}
			if r.Late {
				p.Late++
			}
		}
		p.Tenants, p.Funnel = len(tenants), funnel(stages, tenants)
		k.body.Places = append(k.body.Places, p)
	}
}
