package promise

import (
	"context"
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Rules is what promises are read by.
type Rules struct {
	Packs      []*Pack
	Lifecycles *lifecycle.Library
	Today      period.Date
}

// Judged is a subject with its promises and what became of them.
type Judged struct {
	Head  subject.Head
	Case  Case
	Land  Land
	Rows  []Row
	Ppm   int64 // Attained
	Known bool  // Ppm is
}

// Of judges one subject. Errors: those of subject.Get.
func Of(ctx context.Context, r db.Reader, s auth.Scope, rules Rules, ref subject.Ref) (Judged, error) {
	j, err := of(ctx, r, s, rules, ref)
	return j, fault.Wrap("promise.Of", err)
}

func of(ctx context.Context, r db.Reader, s auth.Scope, rules Rules, ref subject.Ref) (Judged, error) {
	head, err := subject.Get(ctx, r, s, ref)
	if err != nil {
		return Judged{}, err
	}
	all, err := All(ctx, r, s, ref)
	if err != nil {
		return Judged{}, err
	}
	land, err := LandOf(ctx, r, s, ref)
	if err != nil {
		return Judged{}, err
	}
	divisions, err := divisionsOf(ctx, r, s.City)
	if err != nil {
		return Judged{}, err
	}
	var packs []*Pack
	if ref.Kind == subject.Tenancy {
		packs = Holds(rules.Packs, divisions.of(head.OrgPath), rules.Today)
	}
	out := Judged{Head: head, Land: land, Case: Case{Promises: Current(all), Packs: packs, AreaM2: head.AreaM2, LandM2: land.M2}}
	if head.Enterprise != "" {
		ids := []enterprise.ID{head.Enterprise}
		returns, err := filed(ctx, r, s.City, ids)
		if err != nil {
			return Judged{}, err
		}
		out.Case.Filed = returns[head.Enterprise]
		if ref.Kind == subject.Tenancy {
			rows, err := tenants(ctx, r, s.City, ids)
			if err != nil {
				return Judged{}, err
			}
			out.Case.tenant(rules, rows[head.Enterprise], tenancy.ID(ref.ID))
		}
	}
	if ref.Kind == subject.Project {
		if err := out.Case.project(ctx, r, s, rules, head); err != nil {
			return Judged{}, err
		}
	}
	out.judge(rules.Today)
	return out, nil
}

func (j *Judged) judge(today period.Date) {
	j.Rows = Ramp(j.Case, today)
	j.Ppm, j.Known = Attained(j.Case, today)
}

// tenant fills in what a tenancy's own history says.
func (c *Case) tenant(rules Rules, all []tenant, id tenancy.ID) {
	i := slices.IndexFunc(all, func(t tenant) bool { return t.ID == id })
	if i < 0 {
		return
	}
	c.Filed = home(c.Filed, all, i)
	c.Days, c.Deemed = rules.days(string(subject.Tenancy), all[i].days)
	if since := all[i].Since; since != 0 && int(since)/100%100 != 0 {
		c.Since = since.Month()
	}
}

// project fills in what a project's milestones say. Of several projects of one enterprise none can be told by its returns.
func (c *Case) project(ctx context.Context, r db.Reader, s auth.Scope, rules Rules, head subject.Head) error {
	row, err := project.Get(ctx, r, s, project.ID(head.ID))
	if err != nil {
		return err
	}
	c.Days, c.Deemed = rules.days(head.Lifecycle, daysOf(row.Milestones))
	if d := c.Days["signed"]; int(d)/100%100 != 0 {
		c.Since = d.Month()
	}
	if head.Enterprise == "" {
		return nil
	}
	var n int64
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM project WHERE city = $1 AND enterprise = $2`, s.City, head.Enterprise).Scan(&n)
	c.Shared = n > 1
	return err
}

func daysOf(milestones []project.Milestone) map[string]period.Date {
	out := map[string]period.Date{}
	for _, d := range project.Dates(milestones) {
		if d.Actual.Day != 0 {
			out[string(d.Stage)] = d.Actual.Day
		}
	}
	return out
}

// days adds to the days of stages those that the lifecycle deems: who does not report production does not stop the clock.
func (r Rules) days(code string, days map[string]period.Date) (all map[string]period.Date, deemed map[string]bool) {
	p, err := r.Lifecycles.For(code, r.Today)
	if err != nil { // a lifecycle that is not there deems nothing
		return days, nil
	}
	s := course.Standing{Days: days}
	for _, stage := range p.Stages {
		if stage.End && days[stage.Code] != 0 {
			s.Ended = stage.Code
		}
	}
	all, deemed = maps.Clone(days), map[string]bool{}
	for _, d := range p.Course().Deemed(s, r.Today) {
		all[d.Stage], deemed[d.Stage] = d.Day, true
	}
	return all, deemed
}

// divisions are the counties' codes by the paths of their orgs.
type divisions map[string]string

func divisionsOf(ctx context.Context, r db.Reader, city string) (divisions, error) {
	orgs, err := org.All(ctx, r, city)
	out := divisions{}
	for _, o := range orgs {
		if o.Kind == org.County {
			out[o.Path] = o.Division
		}
	}
	return out, err
}

func (d divisions) of(path string) string {
	for county, code := range d {
		if org.Inside(path, county) {
			return code
		}
	}
	return ""
}

// parksOf are the ids of all parks that tenancies lie in.
func parksOf(all map[enterprise.ID][]tenant) (out []park.ID) {
	seen := map[park.ID]bool{}
	for _, rows := range all {
		for _, t := range rows {
			if !seen[t.Park] {
				seen[t.Park] = true
				out = append(out, t.Park)
			}
		}
	}
	return out
}
