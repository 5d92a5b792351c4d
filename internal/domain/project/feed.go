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
	OrgPath  string        // of its org
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

// EachRow calls fn with every project of the city, or with those of ids that are there, by id. It is the feed of
// the panel and knows no scope: the panel's readings do. Memory is one chunk of projects.
func EachRow(ctx context.Context, r db.Reader, city string, ids []ID, fn func(*PanelRow) error) error {
	if ids == nil {
		return fault.Wrap("project.EachRow", eachOfCity(ctx, r, city, fn))
	}
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), page.Chunk) {
		var w page.Where
		w.And("p.city = %s", city)
		page.AndIn(&w, "p.id", part)
		if _, err := emit(ctx, r, &w, page.Chunk, true, fn); err != nil {
			return fault.Wrap("project.EachRow", err)
		}
	}
	return nil
}

func eachOfCity(ctx context.Context, r db.Reader, city string, fn func(*PanelRow) error) error {
	id := ""
	for {
		var w page.Where
		w.And("p.city = %s", city)
		w.And("p.id > %s", id)
		last, err := emit(ctx, r, &w, page.Max, false, fn)
		if err != nil || last == nil {
			return err
		}
		id = string(last.ID)
	}
}

// emit reads one chunk with its milestones and hands it out; it gives the last row, nil when there was none. few says that the
// rows do not follow each other in the ledger.
func emit(ctx context.Context, r db.Reader, w *page.Where, limit int, few bool, fn func(*PanelRow) error) (last *PanelRow, err error) {
	limitArg := w.Arg(limit)
	found, err := db.Collect(ctx, r, func(s db.Scanner) (v PanelRow, err error) {
		err = s.Scan(&v.City, &v.Org, &v.Park, &v.ID, &v.Kind, &v.Name, &v.Enterprise, &v.InvestmentFen, &v.Nature, &v.Source, &v.Version, &v.OrgPath, &v.Industry)
		return v, err
	}, `SELECT p.city, p.org, COALESCE(p.park, ''), p.id, p.kind, p.name, COALESCE(p.enterprise, ''), p.investment_fen, p.nature, p.source, p.version, o.path, COALESCE(e.industry, '')
		FROM project p JOIN org o ON o.city = p.city AND o.id = p.org
		LEFT JOIN enterprise e ON e.city = p.city AND e.id = p.enterprise`+w.SQL()+` ORDER BY p.id LIMIT `+limitArg, w.Args()...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i := range found {
		rows[i].Project = found[i].Project
	}
	var in page.Where
	in.And("m.city = %s", found[0].City)
	in.And("m.project >= %s AND m.project <= %s", found[0].ID, found[len(found)-1].ID)
	if few {
		err = fillMilestones(ctx, r, rows)
	} else {
		err = readMilestones(ctx, r, &in, byID(rows))
	}
	if err != nil {
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
