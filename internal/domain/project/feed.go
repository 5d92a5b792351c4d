package project

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// PanelRow is what indicators need to know of a project.
type PanelRow struct {
	Project
	OrgPath  string        // of the park's org
	Industry industry.Code // of its enterprise; empty = not known
}

// Reached is the day on which the project reached a stage, as counts use it; zero when it has not, or is only planned.
func (r *PanelRow) Reached(s Stage) period.Date {
	for _, d := range Dates(r.Milestones) {
		if d.Stage == s {
			return d.Actual.Day
		}
	}
	return 0
}

// EachRow calls fn with every project of the city, or with those of ids that are there, by park and id. It is the feed of
// the panel and knows no scope: the panel's readings do. Memory is one chunk of projects.
func EachRow(ctx context.Context, r db.Reader, city string, ids []ID, fn func(*PanelRow) error) error {
	if ids == nil {
		return fault.Wrap("project.EachRow", eachOfCity(ctx, r, city, fn))
	}
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), page.Chunk) {
		var w page.Where
		w.And("p.city = %s", city)
		page.AndIn(&w, "p.id", part)
		if _, err := emit(ctx, r, &w, page.Chunk, fn); err != nil {
			return fault.Wrap("project.EachRow", err)
		}
	}
	return nil
}

func eachOfCity(ctx context.Context, r db.Reader, city string, fn func(*PanelRow) error) error {
	var parkID, id string
	for {
		var w page.Where
		w.And("p.city = %s", city)
		w.And("(p.park, p.id) > (%s, %s)", parkID, id)
		last, err := emit(ctx, r, &w, page.Max, fn)
		if err != nil || last == nil {
			return err
		}
		parkID, id = string(last.Park), string(last.ID)
	}
}

// emit reads one chunk with its milestones and hands it out; it gives the last row, nil when there was none.
func emit(ctx context.Context, r db.Reader, w *page.Where, limit int, fn func(*PanelRow) error) (last *PanelRow, err error) {
	limitArg := w.Arg(limit)
	found, err := db.Collect(ctx, r, func(s db.Scanner) (v PanelRow, err error) {
		err = s.Scan(&v.City, &v.Park, &v.ID, &v.Kind, &v.Name, &v.Enterprise, &v.InvestmentFen, &v.Nature, &v.Source, &v.Version, &v.OrgPath, &v.Industry)
		return v, err
	}, `SELECT p.city, p.park, p.id, p.kind, p.name, COALESCE(p.enterprise, ''), p.investment_fen, p.nature, p.source, p.version, o.path, COALESCE(e.industry, '')
		FROM project p JOIN park k ON k.city = p.city AND k.id = p.park JOIN org o ON o.city = k.city AND o.id = k.org
		LEFT JOIN enterprise e ON e.city = p.city AND e.id = p.enterprise`+w.SQL()+` ORDER BY p.park, p.id LIMIT `+limitArg, w.Args()...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i := range found {
		rows[i].Project = found[i].Project
	}
	if err := fillMilestones(ctx, r, rows); err != nil {
		return nil, err
	}
	for i := range found {
		found[i].Milestones = rows[i].Milestones
		if err := fn(&found[i]); err != nil {
			return nil, err
		}
	}
	return &found[len(found)-1], nil
}
