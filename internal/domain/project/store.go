package project

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Row is a project as a list shows it, with its milestones.
type Row struct {
	Project
	ParkName       string // empty where no park is known
	EnterpriseName string // empty without an enterprise
	OrgPath        string
	OrgName        string
	OrgNameEN      string // empty where there is none
}

// Query narrows a list of projects.
type Query struct {
	Below      string // path of an org: those at or below it; empty = all that the scope covers
	Park       park.ID
	Enterprise enterprise.ID
	Kind       Kind
	Text       string // occurs in the name
	After      string // next of the page before
	Limit      int    // 1…page.Max, 0 = page.Default
}

const columns = `j.city, j.id, j.kind, j.name, j.org, COALESCE(j.park, ''), COALESCE(j.enterprise, ''), j.investment_fen, j.nature, j.source, j.version,
	COALESCE(p.name, ''), COALESCE(e.name, ''), o.path, o.name_zh, o.name_en`

const tables = ` FROM project j JOIN org o ON o.city = j.city AND o.id = j.org LEFT JOIN park p ON p.city = j.city AND p.id = j.park
	LEFT JOIN enterprise e ON e.city = j.city AND e.id = j.enterprise`

func scan(s db.Scanner) (v Row, err error) {
	err = s.Scan(&v.City, &v.ID, &v.Kind, &v.Name, &v.Org, &v.Park, &v.Enterprise, &v.InvestmentFen, &v.Nature, &v.Source, &v.Version,
		&v.ParkName, &v.EnterpriseName, &v.OrgPath, &v.OrgName, &v.OrgNameEN)
	return v, err
}

// visible adds the conditions under which a scope sees a project j with its org o. It reports false when it sees none.
func visible(w *page.Where, s auth.Scope, below string) bool { return org.Visible(w, s, below, "j") }

// List gives one page of projects by id with their milestones, and the cursor of the page after it, "" at the end. A page
// costs a fixed number of statements. Errors: Invalid "cursor.invalid", "limit.invalid", "text.invalid", "project.bad_kind".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Row, next string, err error) {
	const op = "project.List"
	limit, after, err := q.check()
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	var w page.Where
	if !visible(&w, s, q.Below) {
		return nil, "", nil
	}
	q.conditions(&w)
	w.And("j.id > %s", after)
	rows, err = db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY j.id LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = page.Cursor(string(rows[limit-1].ID))
	}
	return rows, next, fault.Wrap(op, fillMilestones(ctx, r, rows))
}

func (q Query) check() (limit int, after string, err error) {
	if limit, err = page.Size(q.Limit); err != nil {
		return 0, "", err
	}
	if q.Kind != "" && !q.Kind.Valid() {
		return 0, "", fault.New(fault.Invalid, "project.bad_kind", "kind", q.Kind)
	}
	if err := page.Clean(q.Below, string(q.Park), string(q.Enterprise), q.Text); err != nil {
		return 0, "", err
	}
	place, err := page.Place(q.After, 1)
	if err != nil {
		return 0, "", err
	}
	return limit, place[0], nil
}

func (q Query) conditions(w *page.Where) {
	if q.Park != "" {
		w.And("j.park = %s", q.Park)
	}
	if q.Enterprise != "" {
		w.And("j.enterprise = %s", q.Enterprise)
	}
	if q.Kind != "" {
		w.And("j.kind = %s", q.Kind)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		w.And("REPLACE(j.name, %s, '') <> j.name", text)
	}
}

// fillMilestones reads the milestones of the rows.
func fillMilestones(ctx context.Context, r db.Reader, rows []Row) error {
	at := byID(rows)
	for part := range slices.Chunk(rows, page.Chunk) {
		ids := make([]ID, len(part))
		for i := range part {
			ids[i] = part[i].ID
		}
		var w page.Where
		w.And("m.city = %s", part[0].City)
		page.AndIn(&w, "m.project", ids)
		if err := readMilestones(ctx, r, &w, at); err != nil {
			return err
		}
	}
	return nil
}

func byID(rows []Row) map[ID]*Row {
	at := make(map[ID]*Row, len(rows))
	for i := range rows {
		at[rows[i].ID] = &rows[i]
	}
	return at
}

// readMilestones reads the milestones m under the conditions given into the rows whose they are.
func readMilestones(ctx context.Context, r db.Reader, w *page.Where, at map[ID]*Row) error {
	return db.Each(ctx, r, func(s db.Scanner) error {
		id, m, err := scanMilestone(s)
		if row := at[id]; err == nil && row != nil {
			row.Milestones = append(row.Milestones, m)
		}
		return err
	}, `SELECT m.project, `+milestoneColumns+` FROM project_milestone m`+w.SQL()+` ORDER BY m.project, m.stage, m.way, m.seq`, w.Args()...)
}

// milestoneColumns are those that a milestone m has wherever it stands, behind that of its project.
const milestoneColumns = `m.stage, m.way, m.seq, m.day, m.nature, m.source, m.reason, m.recorder, m.recorded_at`

func scanMilestone(s db.Scanner) (id ID, m Milestone, err error) {
	var way string
	if err = s.Scan(&id, &m.Stage, &way, &m.Seq, &m.Day, &m.Nature, &m.Source, &m.Reason, &m.Recorder, &m.RecordedAt); err == nil {
		m.Way, err = tenancy.ParseWay(way)
	}
	return id, m, err
}

// Get gives one project with its milestones. Error kind NotFound, key "project.not_found", also for one that the scope does
// not cover.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Row, error) {
	var w page.Where
	if page.Clean(string(id)) != nil || !visible(&w, s, "") {
		return Row{}, fault.Wrap("project.Get", notFound(id))
	}
	w.And("j.id = %s", id)
	row, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = notFound(id)
	}
	if err != nil {
		return Row{}, fault.Wrap("project.Get", err)
	}
	rows := []Row{row}
	err = fillMilestones(ctx, r, rows)
	return rows[0], fault.Wrap("project.Get", err)
}

// GetMany gives those projects of ids that are there and that the scope covers, with their milestones, by id.
func GetMany(ctx context.Context, r db.Reader, s auth.Scope, ids []ID) (map[ID]*Row, error) {
	out := map[ID]*Row{}
	for part := range slices.Chunk(ids, page.Chunk) {
		var w page.Where
		if !visible(&w, s, "") {
			return out, nil
		}
		page.AndIn(&w, "j.id", part)
		rows, err := db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY j.id`, w.Args()...)
		if err == nil {
			err = fillMilestones(ctx, r, rows)
		}
		if err != nil {
			return nil, fault.Wrap("project.GetMany", err)
		}
		for i := range rows {
			out[rows[i].ID] = &rows[i]
		}
	}
	return out, nil
}

// TakenBack gives the milestones of a city's projects that were taken back, by project and number. It knows no scope.
func TakenBack(ctx context.Context, r db.Reader, city string) (map[ID][]Milestone, error) {
	out := map[ID][]Milestone{}
	err := db.Each(ctx, r, func(s db.Scanner) error {
		id, m, err := scanMilestone(s)
		out[id] = append(out[id], m)
		return err
	}, `SELECT m.subject, `+milestoneColumns+` FROM milestone_void m
		WHERE m.city = $1 AND m.subject_kind = $2 ORDER BY m.subject, m.stage, m.way, m.seq`, city, Noun)
	return out, fault.Wrap("project.TakenBack", err)
}
