package project

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Enter appends to a project's history that it reached, or shall reach, a stage, or corrects what was said before of the same
// stage and way; nothing is overwritten. It gives the project's new version.
//
// Errors: NotFound "project.not_found"; Stale "row.stale" (argument version: the row's); Invalid "project.bad_stage",
// "project.no_source", "tenancy.bad_way", "date.invalid", "date.in_future", "figure.bad_nature", "text.too_long", "text.invalid".
func Enter(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, m Milestone) (int64, error) {
	next, err := enter(ctx, w, act, []More{{ID: id, Version: version, Milestones: []Milestone{m}}})
	if err != nil {
		return 0, fault.Wrap("project.Enter", err)
	}
	return next[0], nil
}

// More is what is said anew of a project: further milestones, and facts that replace those known; a nil one stays as it is.
type More struct {
	ID            ID
	Version       int64 // of the project as it was read
	Milestones    []Milestone
	Name          *string
	InvestmentFen *int64
}

// EnterMany is Enter for many projects with one audit line: all facts of one, the number of many. A project is named once.
// Each project's version rises by one.
//
// Errors: those of Enter; Invalid "project.no_name", "project.negative_investment".
func EnterMany(ctx context.Context, w db.Writer, act org.Act, list []More) error {
	if len(list) == 0 {
		return nil
	}
	_, err := enter(ctx, w, act, list)
	return fault.Wrap("project.EnterMany", err)
}

func enter(ctx context.Context, w db.Writer, act org.Act, list []More) ([]int64, error) {
	ids := make([]ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	rows, err := GetMany(ctx, w.Reader, act.Scope, ids)
	if err != nil {
		return nil, err
	}
	update, err := w.Prepare(ctx, `UPDATE project SET name = $1, investment_fen = $2, version = $3 WHERE city = $4 AND id = $5`)
	if err != nil {
		return nil, err
	}
	defer update.Close()
	milestone, err := w.Prepare(ctx, insertMilestone)
	if err != nil {
		return nil, err
	}
	defer milestone.Close()
	next := make([]int64, len(list))
	var detail map[string]any
	for i, more := range list {
		row := rows[more.ID]
		if row == nil {
			return nil, notFound(more.ID)
		}
		said, changed, err := row.take(ctx, w.Reader, act, more)
		if err != nil {
			return nil, err
		}
		for _, m := range said {
			if err := milestone.Queue(ctx, m.args(row.City, row.ID)...); err != nil {
				return nil, err
			}
		}
		if err := update.Queue(ctx, changed.Name, changed.InvestmentFen, changed.Version, row.City, row.ID); err != nil {
			return nil, err
		}
		next[i], detail = changed.Version, changes(row, changed, said)
	}
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "project.enter", Kind: Noun, At: act.At, Detail: detail, Touched: audit.Touches(Noun, ids)}
	if len(list) == 1 {
		entry.Entity, detail["version"] = string(ids[0]), next[0]
	} else {
		entry.Detail = map[string]any{"count": len(list)}
	}
	_, err = audit.Append(ctx, w, entry)
	return next, err
}

// take checks and numbers what is said anew, and gives the project as it is then.
func (row *Row) take(ctx context.Context, r db.Reader, act org.Act, more More) (said []Milestone, changed Project, err error) {
	if row.Version != more.Version {
		return nil, changed, fault.New(fault.Stale, "row.stale", "version", row.Version)
	}
	changed = row.Project
	changed.Version++
	if more.Name != nil {
		changed.Name = strings.TrimSpace(*more.Name)
	}
	if more.InvestmentFen != nil {
		changed.InvestmentFen = more.InvestmentFen
	}
	if err := changed.check(); err != nil {
		return nil, changed, err
	}
	seq := map[numberOf]int64{}
	for _, m := range row.Milestones {
		seq[numberOf{m.Stage, m.Way}] = m.Seq
	}
	for _, m := range more.Milestones {
		if err := m.check(act.At); err != nil {
			return nil, changed, err
		}
		k := numberOf{m.Stage, m.Way}
		if seq[k] == 0 { // all that was said of it may have been taken back
			if seq[k], err = tenancy.TakenBack(ctx, r, row.City, Noun, string(row.ID), string(m.Stage), m.Way); err != nil {
				return nil, changed, err
			}
		}
		seq[k]++
		m.Seq = seq[k]
		said = append(said, m.by(act))
	}
	return said, changed, nil
}

// changes is the audit line's account of one project.
func changes(was *Row, is Project, said []Milestone) map[string]any {
	var before []Milestone
	for _, m := range said {
		i := slices.IndexFunc(was.Milestones, func(x Milestone) bool { return x.Stage == m.Stage && x.Way == m.Way && x.Seq == m.Seq-1 })
		if i >= 0 {
			before = append(before, was.Milestones[i])
		}
	}
	out := map[string]any{"before": map[string]any{"milestones": facts(before)}, "after": map[string]any{"milestones": facts(said)}}
	note := func(name string, a, b any) {
		out["before"].(map[string]any)[name], out["after"].(map[string]any)[name] = a, b
	}
	if was.Name != is.Name {
		note("name", was.Name, is.Name)
	}
	if a, b := was.InvestmentFen, is.InvestmentFen; (a == nil) != (b == nil) || a != nil && *a != *b {
		note("investment_fen", a, b)
	}
	return out
}
