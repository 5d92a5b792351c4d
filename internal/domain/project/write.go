package project

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Add adds a project with its milestones to a park that the scope covers; its id is made when p.ID is empty. It gives the
// project as stored. Errors as AddMany.
func Add(ctx context.Context, w db.Writer, act org.Act, p Project) (Project, error) {
	stored, err := AddMany(ctx, w, act, []Project{p})
	if err != nil {
		return Project{}, fault.Wrap("project.Add", err)
	}
	return stored[0], nil
}

// AddMany adds projects with their milestones and one audit line, and gives them as stored, in the same order; the input
// is not changed. Milestones are numbered in the order given; an empty Recorder or RecordedAt is the act's. A project in a
// park without an org is its park's org's; with one, it must be at or above that.
//
// Errors: Invalid "project.bad_kind", "project.bad_stage", "project.no_name", "project.no_source",
// "project.negative_investment", "tenancy.bad_way", "date.invalid", "date.in_future", "figure.bad_nature", "text.too_long",
// "text.invalid", "project.other_office" (name); NotFound "park.not_found" for a park out of reach, "org.not_found" for an org out of reach,
// "enterprise.not_found" for an enterprise that is not in the city; Exists "project.exists" (argument id).
func AddMany(ctx context.Context, w db.Writer, act org.Act, list []Project) ([]Project, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := insert(ctx, w, act, list)
	if err == nil {
		err = record(ctx, w, act, stored)
	}
	if err != nil {
		return nil, fault.Wrap("project.AddMany", err)
	}
	return stored, nil
}

const insertMilestone = `INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

func (m Milestone) args(city string, id ID) []any {
	return []any{city, id, m.Stage, m.Way.String(), m.Seq, m.Day, m.Nature, m.Source, m.Reason, m.Recorder, m.RecordedAt}
}

func insert(ctx context.Context, w db.Writer, act org.Act, list []Project) ([]Project, error) {
	at, err := placesOf(ctx, w.Reader, act.Scope)
	if err != nil {
		return nil, err
	}
	row, err := w.Prepare(ctx, `INSERT INTO project (city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	if err != nil {
		return nil, err
	}
	defer row.Close()
	stored := make([]Project, len(list))
	for i, p := range list {
		if p, err = prepared(p, act, at); err != nil {
			return nil, err
		}
		err := row.Exec(ctx, p.City, p.ID, p.Org, optional(p.Park), p.Kind, p.Name, optional(p.Enterprise), p.InvestmentFen, p.Nature, p.Source, p.Version)
		if err != nil {
			return nil, inWords(err, p)
		}
		stored[i] = p
	}
	milestone, err := w.Prepare(ctx, insertMilestone)
	if err != nil {
		return nil, err
	}
	defer milestone.Close()
	for _, p := range stored {
		for _, m := range p.Milestones {
			if err := milestone.Queue(ctx, m.args(p.City, p.ID)...); err != nil {
				return nil, err
			}
		}
	}
	return stored, nil
}

// optional is nil for an empty id.
func optional[T ~string](id T) *T {
	if id == "" {
		return nil
	}
	return &id
}

// places are what a scope covers.
type places struct {
	parks map[park.ID]org.ID
	orgs  map[org.ID]string // paths
}

func placesOf(ctx context.Context, r db.Reader, s auth.Scope) (places, error) {
	at := places{map[park.ID]org.ID{}, map[org.ID]string{}}
	in := org.Reach(s, "")
	if in.None() {
		return at, nil
	}
	from, to := in.Range()
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var o org.ID
		var p park.ID
		var path string
		err := row.Scan(&o, &path, &p)
		at.orgs[o] = path
		if p != "" {
			at.parks[p] = o
		}
		return err
	}, `SELECT o.id, o.path, COALESCE(p.id, '') FROM org o LEFT JOIN park p ON p.city = o.city AND p.org = o.id
		WHERE o.city = $1 AND o.path >= $2 AND o.path < $3 ORDER BY o.id, p.id`, in.City, from, to)
	return at, err
}

// put fills in the org of a project in a park, and refuses a place out of reach and an org that does not cover the park.
func (at places) put(p *Project) error {
	if p.Park != "" {
		of, ok := at.parks[p.Park]
		if !ok {
			return fault.New(fault.NotFound, "park.not_found", "id", p.Park)
		}
		if p.Org == "" {
			p.Org = of
		}
	}
	path, ok := at.orgs[p.Org]
	switch {
	case !ok:
		return fault.New(fault.NotFound, "org.not_found", "id", p.Org)
	case p.Park != "" && !org.Inside(at.orgs[at.parks[p.Park]], path):
		return fault.New(fault.Invalid, "project.other_office", "name", p.Name)
	}
	return nil
}

// prepared checks a project and fills in what the store gives: city, org, version, id and the milestones' numbers.
func prepared(p Project, act org.Act, at places) (Project, error) {
	p.City, p.Version, p.Name = act.Scope.City, 1, strings.TrimSpace(p.Name)
	if err := p.check(); err != nil {
		return Project{}, err
	}
	if err := at.put(&p); err != nil {
		return Project{}, err
	}
	if p.ID == "" {
		p.ID = ID(act.NewID())
	}
	seq := map[numberOf]int64{}
	milestones := make([]Milestone, len(p.Milestones))
	for i, m := range p.Milestones {
		if err := m.check(act.At); err != nil {
			return Project{}, err
		}
		k := numberOf{m.Stage, m.Way}
		seq[k]++
		m.Seq = seq[k]
		milestones[i] = m.by(act)
	}
	p.Milestones = milestones
	return p, nil
}

// numberOf is within which milestones are numbered.
type numberOf struct {
	stage Stage
	way   tenancy.Way
}

func (m Milestone) by(act org.Act) Milestone {
	if m.Recorder == "" {
		m.Recorder = act.Actor
	}
	if m.RecordedAt == 0 {
		m.RecordedAt = act.At.UnixMicro()
	}
	return m
}

// inWords gives a broken key the noun's own words.
func inWords(err error, p Project) error {
	f, ok := fault.Of(err)
	switch {
	case ok && f.Kind == fault.Exists:
		return fault.Because(err, fault.Exists, "project.exists", "id", p.ID)
	case ok && f.Key == db.KeyRowViolates && f.Args["constraint"] == "fk": // org and park were found before
		return fault.Because(err, fault.NotFound, "enterprise.not_found", "id", p.Enterprise)
	}
	return err
}

// record writes the audit line of added projects: all facts of one, the number of many.
func record(ctx context.Context, w db.Writer, act org.Act, stored []Project) error {
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "project.add", Kind: Noun, At: act.At}
	if len(stored) == 1 {
		p := stored[0]
		entry.Entity = string(p.ID)
		entry.Detail = map[string]any{"after": map[string]any{
			"kind": p.Kind, "name": p.Name, "org": p.Org, "park": p.Park, "enterprise": p.Enterprise, "investment_fen": p.InvestmentFen,
			"nature": p.Nature, "source": p.Source, "milestones": facts(p.Milestones),
		}}
	} else {
		entry.Detail = map[string]any{"count": len(stored)}
	}
	ids := make([]ID, len(stored))
	for i, p := range stored {
		ids[i] = p.ID
	}
	entry.Touched = audit.Touches(Noun, ids)
	_, err := audit.Append(ctx, w, entry)
	return err
}

func facts(milestones []Milestone) []map[string]any {
	out := make([]map[string]any, len(milestones))
	for i, m := range milestones {
		out[i] = map[string]any{"stage": m.Stage, "way": m.Way, "seq": m.Seq, "day": m.Day.String(), "nature": m.Nature, "source": m.Source}
		if m.Reason != "" {
			out[i]["reason"] = m.Reason
		}
	}
	return out
}
