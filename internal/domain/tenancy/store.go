package tenancy

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Row is a tenancy as a list shows it, with its whole history.
type Row struct {
	Tenancy
	EnterpriseName string
	ParkName       string
	OrgPath        string // of the park's org
}

// Query narrows a list of tenancies.
type Query struct {
	Below      string // path of an org: in parks at or below it; empty = all that the scope covers
	Park       park.ID
	Enterprise enterprise.ID
	Stage      Stage  // the furthest stage entered is this
	After      string // next of the page before
	Limit      int    // 1…page.Max, 0 = page.Default
}

const columns = `t.city, t.id, t.enterprise, t.park, t.area_m2, t.relocated, t.nature, t.source, t.version, e.name, p.name, o.path`

const tables = ` FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise
	JOIN park p ON p.city = t.city AND p.id = t.park JOIN org o ON o.city = p.city AND o.id = p.org`

func scan(s db.Scanner) (v Row, err error) {
	var relocated int64
	err = s.Scan(&v.City, &v.ID, &v.Enterprise, &v.Park, &v.AreaM2, &relocated, &v.Nature, &v.Source, &v.Version,
		&v.EnterpriseName, &v.ParkName, &v.OrgPath)
	v.Relocated = relocated == 1
	return v, err
}

// rankOf is the SQL that turns the column st.stage into the number of its Stage.
var rankOf = func() string {
	var b strings.Builder
	b.WriteString("CASE st.stage")
	for _, s := range Stages() {
		b.WriteString(" WHEN '" + s.String() + "' THEN " + strconv.Itoa(int(s)))
	}
	return b.String() + " END"
}()

// visible adds the conditions under which a scope sees a tenancy t in a park p with its org o. It reports false when it
// sees none.
func visible(w *page.Where, s auth.Scope, below string) bool { return org.Visible(w, s, below, "t") }

// List gives one page of tenancies by id with their histories, and the cursor of the page after it, "" at the end. A page
// costs a fixed number of statements. Errors: Invalid "cursor.invalid", "limit.invalid", "text.invalid", "tenancy.bad_stage".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Row, next string, err error) {
	const op = "tenancy.List"
	limit, after, err := q.check()
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	var w page.Where
	if !visible(&w, s, q.Below) {
		return nil, "", nil
	}
	if q.Park != "" {
		w.And("t.park = %s", q.Park)
	}
	if q.Enterprise != "" {
		w.And("t.enterprise = %s", q.Enterprise)
	}
	if q.Stage != NoStage {
		w.And("(SELECT MAX("+rankOf+") FROM tenancy_stage st WHERE st.city = t.city AND st.enterprise = t.enterprise"+
			" AND st.tenancy = t.id AND st.way <> 'planned') = %s", int64(q.Stage))
	}
	w.And("t.id > %s", after)
	rows, err = db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY t.id LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = page.Cursor(string(rows[limit-1].ID))
	}
	return rows, next, fault.Wrap(op, fillEntries(ctx, r, rows))
}

func (q Query) check() (limit int, after string, err error) {
	if limit, err = page.Size(q.Limit); err != nil {
		return 0, "", err
	}
	if q.Stage > last {
		return 0, "", fault.New(fault.Invalid, "tenancy.bad_stage", "stage", int(q.Stage))
	}
	if err := page.Clean(q.Below, string(q.Park), string(q.Enterprise)); err != nil {
		return 0, "", err
	}
	place, err := page.Place(q.After, 1)
	if err != nil {
		return 0, "", err
	}
	return limit, place[0], nil
}

// fillEntries reads the histories of the rows.
func fillEntries(ctx context.Context, r db.Reader, rows []Row) error {
	at := make(map[ID]*Row, len(rows))
	var enterprises []enterprise.ID
	for i := range rows {
		at[rows[i].ID] = &rows[i]
		enterprises = append(enterprises, rows[i].Enterprise)
	}
	slices.Sort(enterprises)
	for part := range slices.Chunk(slices.Compact(enterprises), page.Chunk) {
		var w page.Where
		w.And("st.city = %s", rows[0].City)
		page.AndIn(&w, "st.enterprise", part)
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var (
				id         ID
				e          Entry
				stage, way string
			)
			if err := s.Scan(&id, &stage, &way, &e.Seq, &e.Day, &e.Nature, &e.Source, &e.Reason, &e.Recorder, &e.RecordedAt); err != nil {
				return err
			}
			row := at[id]
			if row == nil { // another tenancy of the enterprise
				return nil
			}
			var err error
			if e.Stage, err = ParseStage(stage); err != nil {
				return err
			}
			if e.Way, err = ParseWay(way); err != nil {
				return err
			}
			row.Entries = append(row.Entries, e)
			return nil
		}, `SELECT st.tenancy, st.stage, st.way, st.seq, st.day, st.nature, st.source, st.reason, st.recorder, st.recorded_at
			FROM tenancy_stage st`+w.SQL()+` ORDER BY st.enterprise, st.tenancy, `+rankOf+`, st.way, st.seq`, w.Args()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Get gives one tenancy with its history. Error kind NotFound, key "tenancy.not_found", also for one that the scope does
// not cover.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Row, error) {
	var w page.Where
	if page.Clean(string(id)) != nil || !visible(&w, s, "") {
		return Row{}, fault.Wrap("tenancy.Get", notFound(id))
	}
	w.And("t.id = %s", id)
	row, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = notFound(id)
	}
	if err != nil {
		return Row{}, fault.Wrap("tenancy.Get", err)
	}
	rows := []Row{row}
	err = fillEntries(ctx, r, rows)
	return rows[0], fault.Wrap("tenancy.Get", err)
}
