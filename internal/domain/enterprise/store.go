package enterprise

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Row is an enterprise as a list shows it.
type Row struct {
	Enterprise
	OrgName   string
	OrgNameEN string
	Parks     []Park // where it has a tenancy that the caller may see, each park once, in order of the tenancies' ids
	// Stage is the furthest stage of those tenancies (of those in Query.Park, where that is set), as tenancy.Stage writes it:
	// planned dates do not count, and a cleared tenancy only when there is no other. Empty without a stage.
	Stage string
}

// Park names a park that an enterprise sits in.
type Park struct {
	ID   park.ID
	Name string
}

// Detail is an enterprise as its own page shows it.
type Detail struct {
	Row
	Names []Name // oldest first; the last is today's
}

// Query narrows a list of enterprises.
type Query struct {
	Below    string        // path of an org: registered, or with a tenancy, at or below it; empty = all that the scope covers
	Park     park.ID       // with a tenancy in this park
	Industry industry.Code // this code and all below it
	Stage    string        // Row.Stage is this
	Text     string        // occurs in the name or a former one, or begins the credit code; ASCII case does not matter
	After    string        // next of the page before
	Limit    int           // 1…page.Max, 0 = page.Default
}

// stages are the stages of a tenancy in their order, as the column tenancy_stage.stage holds them. Package tenancy, above
// this one, gives them meaning and tests that the two lists agree.
var stages = []string{"intent", "framework", "signed", "handed_over", "fitting_out", "trial", "production", "at_capacity", "enrolled", "expanding", "cleared"}

// rankOfStage is the SQL that gives a stage's place in that order, from 1.
var rankOfStage = func() string {
	var b strings.Builder
	b.WriteString("CASE st.stage")
	for i, s := range stages {
		b.WriteString(" WHEN '" + s + "' THEN " + strconv.Itoa(i+1))
	}
	return b.String() + " END"
}()

const columns = `e.city, e.id, e.uscc, e.name, e.org, COALESCE(e.industry, ''), COALESCE(e.above_scale_since, 0), e.nature, e.source, e.version,
	o.name_zh, o.name_en`

const tables = ` FROM enterprise e JOIN org o ON o.city = e.city AND o.id = e.org`

func scan(s db.Scanner) (v Row, err error) {
	err = s.Scan(&v.City, &v.ID, &v.USCC, &v.Name, &v.Org, &v.Industry, &v.AboveScaleSince, &v.Nature, &v.Source, &v.Version,
		&v.OrgName, &v.OrgNameEN)
	return v, err
}

// tenancies is a subquery over the tenancies of e in parks whose org lies in a range of paths.
const tenancies = `FROM tenancy t JOIN park p ON p.city = t.city AND p.id = t.park JOIN org po ON po.city = p.city AND po.id = p.org
	WHERE t.city = e.city AND t.enterprise = e.id AND po.path >= %s AND po.path < %s`

// visible adds the conditions under which a scope sees an enterprise e with its org o. It reports false when it sees none.
func visible(w *page.Where, s auth.Scope, below string) bool {
	in := org.Around(s, below)
	if in.None() {
		return false
	}
	w.And("e.city = %s", in.City)
	if s.Enterprise != "" {
		w.And("e.id = %s", s.Enterprise)
	}
	if in != auth.Whole(in.City) {
		from, to := in.Range()
		w.And("(o.path >= %s AND o.path < %s) OR EXISTS (SELECT 1 "+tenancies+")", from, to, from, to)
	}
	return true
}

// List gives one page of enterprises by id, and the cursor of the page after it, "" at the end. A page costs a fixed
// number of statements. Errors: Invalid "cursor.invalid", "limit.invalid", "text.invalid", "industry.invalid",
// "tenancy.bad_stage".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Row, next string, err error) {
	limit, after, err := q.check()
	if err != nil {
		return nil, "", fault.Wrap("enterprise.List", err)
	}
	var w page.Where
	if !visible(&w, s, q.Below) {
		return nil, "", nil
	}
	from, to := org.Around(s, q.Below).Range()
	q.conditions(&w, from, to)
	w.And("e.id > %s", after)
	rows, err = db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY e.id LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil {
		return nil, "", fault.Wrap("enterprise.List", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = page.Cursor(string(rows[limit-1].ID))
	}
	return rows, next, fault.Wrap("enterprise.List", fillWhere(ctx, r, rows, from, to, q.Park))
}

func (q Query) check() (limit int, after string, err error) {
	if limit, err = page.Size(q.Limit); err != nil {
		return 0, "", err
	}
	if q.Industry != "" {
		if _, err := industry.Parse(string(q.Industry)); err != nil {
			return 0, "", err
		}
	}
	if q.Stage != "" && !slices.Contains(stages, q.Stage) {
		return 0, "", fault.New(fault.Invalid, "tenancy.bad_stage", "stage", q.Stage)
	}
	if err := page.Clean(q.Below, string(q.Park), q.Text); err != nil {
		return 0, "", err
	}
	place, err := page.Place(q.After, 1)
	if err != nil {
		return 0, "", err
	}
	return limit, place[0], nil
}

// conditions adds what the query asks for; from and to is the range of paths of the parks whose tenancies count.
func (q Query) conditions(w *page.Where, from, to string) {
	if q.Park != "" {
		w.And("EXISTS (SELECT 1 "+tenancies+" AND t.park = %s)", from, to, q.Park)
	}
	if lo, hi := q.Industry.Span(); q.Industry.Level() == industry.Section {
		w.And("e.industry >= %s AND e.industry < %s OR e.industry = %s", lo, hi, q.Industry)
	} else if q.Industry != "" {
		w.And("e.industry >= %s AND e.industry < %s", lo, hi)
	}
	if text := page.Lower(strings.TrimSpace(q.Text)); text != "" {
		w.And("REPLACE(LOWER(e.name), %s, '') <> LOWER(e.name) OR SUBSTR(e.uscc, 1, %s) = %s"+
			" OR EXISTS (SELECT 1 FROM enterprise_name n WHERE n.city = e.city AND n.enterprise = e.id AND REPLACE(LOWER(n.name), %s, '') <> LOWER(n.name))",
			text, len(text), strings.ToUpper(text), text)
	}
	if q.Stage != "" {
		q.atStage(w, from, to)
	}
}

// atStage compares the furthest stage of e's tenancies, a cleared tenancy counting below every other (as fillWhere does).
func (q Query) atStage(w *page.Where, from, to string) {
	inPark, args := "", []any{from, to}
	if q.Park != "" {
		inPark, args = " AND t.park = %s", append(args, q.Park)
	}
	rank := slices.Index(stages, q.Stage) + 1
	if rank == len(stages) {
		rank = 0
	}
	w.And("(SELECT MAX(CASE WHEN top.furthest = %s THEN 0 ELSE top.furthest END) FROM (SELECT (SELECT MAX("+rankOfStage+") FROM tenancy_stage st"+
		" WHERE st.city = t.city AND st.enterprise = t.enterprise AND st.tenancy = t.id AND st.way <> 'planned') AS furthest "+
		tenancies+inPark+") top) = %s", append(append([]any{len(stages)}, args...), rank)...)
}

// fillWhere reads the tenancies of the rows in parks within a range of paths and sets Parks and Stage.
func fillWhere(ctx context.Context, r db.Reader, rows []Row, from, to string, in park.ID) error {
	at := make(map[ID]*Row, len(rows))
	for i := range rows {
		at[rows[i].ID] = &rows[i]
	}
	for part := range slices.Chunk(rows, page.Chunk) {
		ids := make([]ID, len(part))
		for i := range part {
			ids[i] = part[i].ID
		}
		var w page.Where
		w.And("t.city = %s", part[0].City)
		page.AndIn(&w, "t.enterprise", ids)
		w.And("po.path >= %s AND po.path < %s", from, to)
		best := map[ID]int{}
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var (
				id   ID
				p    Park
				rank int
			)
			if err := s.Scan(&id, &p.ID, &p.Name, &rank); err != nil {
				return err
			}
			row := at[id]
			if !slices.Contains(row.Parks, p) {
				row.Parks = append(row.Parks, p)
			}
			if in == "" || p.ID == in {
				row.Stage, best[id] = further(row.Stage, best[id], rank)
			}
			return nil
		}, `SELECT t.enterprise, t.park, p.name, COALESCE((SELECT MAX(`+rankOfStage+`) FROM tenancy_stage st
				WHERE st.city = t.city AND st.enterprise = t.enterprise AND st.tenancy = t.id AND st.way <> 'planned'), 0)
			FROM tenancy t JOIN park p ON p.city = t.city AND p.id = t.park JOIN org po ON po.city = p.city AND po.id = p.org`+
			w.SQL()+` ORDER BY t.enterprise, t.id`, w.Args()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// further gives the further of a stage and of the stage at a rank; cleared is the last stage of one tenancy and the least
// of several.
func further(stage string, best, rank int) (string, int) {
	if rank == 0 {
		return stage, best
	}
	name := stages[rank-1]
	if rank == len(stages) {
		rank = 0
	}
	if stage == "" || rank > best {
		return name, rank
	}
	return stage, best
}

// Get gives one enterprise with its names. Error kind NotFound, key "enterprise.not_found", also for one that the scope
// does not cover.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Detail, error) {
	var w page.Where
	if page.Clean(string(id)) != nil || !visible(&w, s, "") {
		return Detail{}, fault.Wrap("enterprise.Get", notFound(id))
	}
	w.And("e.id = %s", id)
	row, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = notFound(id)
		}
		return Detail{}, fault.Wrap("enterprise.Get", err)
	}
	rows := []Row{row}
	from, to := org.Around(s, "").Range()
	if err := fillWhere(ctx, r, rows, from, to, ""); err != nil {
		return Detail{}, fault.Wrap("enterprise.Get", err)
	}
	d := Detail{Row: rows[0]}
	d.Names, err = namesOf(ctx, r, s.City, id)
	return d, fault.Wrap("enterprise.Get", err)
}

// maxNames bounds the names of one enterprise; real ones have changed theirs a handful of times.
const maxNames = 200

func namesOf(ctx context.Context, r db.Reader, city string, id ID) ([]Name, error) {
	names, err := db.Collect(ctx, r, func(s db.Scanner) (n Name, err error) {
		return n, s.Scan(&n.Since, &n.Name, &n.Source)
	}, `SELECT since, name, source FROM enterprise_name WHERE city = $1 AND enterprise = $2 ORDER BY since LIMIT $3`, city, id, maxNames)
	for i := 1; i < len(names); i++ {
		names[i-1].Until = names[i].Since
	}
	return names, err
}
