package project

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
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
// is not changed. Milestones are numbered in the order given.
//
// Errors: Invalid "project.bad_kind", "project.bad_stage", "project.no_name", "project.no_source",
// "project.negative_investment", "tenancy.bad_way", "date.invalid", "date.in_future", "figure.bad_nature", "text.too_long",
// "text.invalid"; NotFound "park.not_found" for a park out of reach, "enterprise.not_found" for an enterprise that is not in
// the city; Exists "project.exists" (argument id).
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

func insert(ctx context.Context, w db.Writer, act org.Act, list []Project) ([]Project, error) {
	parks, err := tenancy.Parks(ctx, w.Reader, act.Scope)
	if err != nil {
		return nil, err
	}
	row, err := w.Prepare(ctx, `INSERT INTO project (city, park, id, kind, name, enterprise, investment_fen, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	if err != nil {
		return nil, err
	}
	defer row.Close()
	milestone, err := w.Prepare(ctx, `INSERT INTO project_milestone (city, park, project, stage, way, seq, day, nature, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	if err != nil {
		return nil, err
	}
	defer milestone.Close()
	stored := make([]Project, len(list))
	for i, p := range list {
		if p, err = prepared(p, act, parks); err != nil {
			return nil, err
		}
		var owner *enterprise.ID
		if p.Enterprise != "" {
			owner = &p.Enterprise
		}
		if err := row.Exec(ctx, p.City, p.Park, p.ID, p.Kind, p.Name, owner, p.InvestmentFen, p.Nature, p.Source, p.Version); err != nil {
			return nil, inWords(err, p)
		}
		for _, m := range p.Milestones {
			if err := milestone.Exec(ctx, p.City, p.Park, p.ID, m.Stage, m.Way.String(), m.Seq, m.Day, m.Nature, m.Source); err != nil {
				return nil, err
			}
		}
		stored[i] = p
	}
	return stored, nil
}

// prepared checks a project and fills in what the store gives: city, version, id and the milestones' numbers.
func prepared(p Project, act org.Act, parks map[park.ID]bool) (Project, error) {
	p.City, p.Version, p.Name = act.Scope.City, 1, strings.TrimSpace(p.Name)
	if err := p.check(); err != nil {
		return Project{}, err
	}
	if !parks[p.Park] {
		return Project{}, fault.New(fault.NotFound, "park.not_found", "id", p.Park)
	}
	if p.ID == "" {
		p.ID = ID(act.NewID())
	}
	type key struct {
		stage Stage
		way   tenancy.Way
	}
	seq := map[key]int64{}
	milestones := make([]Milestone, len(p.Milestones))
	for i, m := range p.Milestones {
		if err := m.check(act.At); err != nil {
			return Project{}, err
		}
		k := key{m.Stage, m.Way}
		seq[k]++
		m.Seq = seq[k]
		milestones[i] = m
	}
	p.Milestones = milestones
	return p, nil
}

// inWords gives a broken key the noun's own words.
func inWords(err error, p Project) error {
	f, ok := fault.Of(err)
	switch {
	case ok && f.Kind == fault.Exists:
		return fault.Because(err, fault.Exists, "project.exists", "id", p.ID)
	case ok && f.Key == db.KeyRowViolates && f.Args["constraint"] == "fk": // the park was found before
		return fault.Because(err, fault.NotFound, "enterprise.not_found", "id", p.Enterprise)
	}
	return err
}

// record writes the audit line of added projects: all facts of one, the number of many.
func record(ctx context.Context, w db.Writer, act org.Act, stored []Project) error {
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "project.add", Kind: Noun, At: act.At}
	if len(stored) == 1 {
		p := stored[0]
		milestones := make([]map[string]any, len(p.Milestones))
		for i, m := range p.Milestones {
			milestones[i] = map[string]any{"stage": m.Stage, "way": m.Way, "day": m.Day.String(), "nature": m.Nature, "source": m.Source}
		}
		entry.Entity = string(p.ID)
		entry.Detail = map[string]any{"after": map[string]any{
			"kind": p.Kind, "name": p.Name, "park": p.Park, "enterprise": p.Enterprise, "investment_fen": p.InvestmentFen,
			"nature": p.Nature, "source": p.Source, "milestones": milestones,
		}}
	} else {
		entry.Detail = map[string]any{"count": len(stored)}
	}
	if len(stored) > enterprise.MaxTouched {
		entry.Touched = []audit.Touch{{Kind: Noun, ID: audit.Every}}
	} else {
		for _, p := range stored {
			entry.Touched = append(entry.Touched, audit.Touch{Kind: Noun, ID: string(p.ID)})
		}
	}
	_, err := audit.Append(ctx, w, entry)
	return err
}
