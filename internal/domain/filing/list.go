package filing

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

func keysOf[K comparable, V any](m map[K]V) func(func(K) bool) { return maps.Keys(m) }

// ListQuery narrows the filings of one form and period.
type ListQuery struct {
	Form   form.Code
	Period string      // "" of a standing form
	Today  period.Date // decides what is late
	Below  string      // path of an org: filings that count at or below it; empty = all that the scope covers
	State  State       // "" = all
	Text   string      // occurs in the subject's name; ASCII case does not matter
	After  string      // next of the page before
	Limit  int         // 1…page.Max, 0 = page.Default
}

// Row is a filing as a list shows it.
type Row struct {
	Filing
	SubjectName      string
	OrgName          string
	OrgNameEN        string
	Due              period.Date // last day that is timely; zero of a standing form
	Late             bool        // Due is over, and it was not handed in by then
	ChangedSince     bool        // its records are not those that were approved last
	FirstSubmittedAt time.Time   // zero: never
}

// List gives one page of the filings of a form and period by subject, those that are owed and nobody began included, and
// the cursor of the page after it, "" at the end. An office sees what counts at or below its own org, an enterprise's user
// its own. Errors: NotFound "form.not_found"; Invalid "filing.not_asked", "cursor.invalid", "limit.invalid", "text.invalid".
func List(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, q ListQuery) (rows []Row, next string, err error) {
	rows, next, err = list(ctx, r, s, lib, q)
	return rows, next, fault.Wrap("filing.List", err)
}

func list(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, q ListQuery) ([]Row, string, error) {
	limit, err := page.Size(q.Limit)
	if err != nil {
		return nil, "", err
	}
	place, err := page.Place(q.After, 1)
	if err != nil {
		return nil, "", err
	}
	if err := page.Clean(q.Below, q.Text, string(q.State)); err != nil {
		return nil, "", err
	}
	f, p, err := askedOf(lib, q.Form, q.Period)
	if err != nil {
		return nil, "", err
	}
	in := s
	if s.Enterprise == "" {
		if in = org.Reach(s, q.Below); in.None() {
			return nil, "", nil
		}
	} else if f.Subject != form.OfEnterprise {
		return nil, "", nil
	}
	all, err := standing(ctx, r, in, f, p, q.Today)
	if err != nil {
		return nil, "", err
	}
	if q.Text != "" {
		if err := named(ctx, r, s.City, f.Subject, q.Text, all); err != nil {
			return nil, "", err
		}
	}
	rows, more := pick(all, place[0], q.State, limit)
	if err := fillRows(ctx, r, s.City, f, rows); err != nil || !more {
		return rows, "", err
	}
	return rows, page.Cursor(rows[len(rows)-1].Subject), nil
}

// askedOf gives the form of a code in force for a period, and the period.
func askedOf(lib *form.Library, code form.Code, text string) (*form.Form, period.Period, error) {
	if text != "" {
		if _, err := period.Parse(text); err != nil {
			return nil, period.Period{}, err
		}
	}
	f, err := lib.Form(code, text)
	if err != nil {
		return nil, period.Period{}, err
	}
	p, err := periodOf(f, Ref{Kind: f.Subject, Form: code, Period: text})
	return f, p, err
}

// pick gives the rows after a subject by subject, and says whether more follow.
func pick(all map[string]*Row, after string, state State, limit int) (rows []Row, more bool) {
	for _, id := range slices.Sorted(keysOf(all)) {
		row := all[id]
		if id <= after && after != "" || state != "" && row.State != state {
			continue
		}
		if len(rows) == limit {
			return rows, true
		}
		rows = append(rows, *row)
	}
	return rows, false
}

// standing gives the filings of a form and period that count to a scope, by subject: as they stand, or owed.
func standing(ctx context.Context, r db.Reader, s auth.Scope, f *form.Form, p period.Period, today period.Date) (map[string]*Row, error) {
	owed, err := owing(ctx, r, s, f, p)
	if err != nil {
		return nil, err
	}
	var due period.Date
	if !p.IsZero() {
		_, due, _ = form.Owes(f, p)
	}
	rows := make(map[string]*Row, len(owed))
	block := make([]Row, 0, len(owed))
	for id, path := range owed {
		block = append(block, Row{Due: due, Late: due != 0 && today > due, Filing: Filing{State: Owed, Org: string(org.Leaf(path)), OrgPath: path,
			Ref: Ref{Kind: f.Subject, Subject: id, Form: f.Code, Period: p.String()}}})
		rows[id] = &block[len(block)-1]
	}
	if err := begun(ctx, r, s, f, p, due, today, rows); err != nil {
		return nil, err
	}
	return rows, nil
}

// begun puts the filings that somebody began into rows.
func begun(ctx context.Context, r db.Reader, s auth.Scope, f *form.Form, p period.Period, due, today period.Date, rows map[string]*Row) error {
	paths := map[string]string{}
	if err := db.Each(ctx, r, pair(func(id, path string) { paths[id] = path }), `SELECT id, path FROM org WHERE city = $1 ORDER BY id`, s.City); err != nil {
		return err
	}
	var w page.Where
	w.And("f.city = %s AND f.form = %s AND f.period = %s", s.City, f.Code, p.String())
	if s.Enterprise != "" {
		w.And("f.subject = %s", s.Enterprise)
	}
	timely := endOf(cmp.Or(due, endless)).UnixMicro()
	first := firstSubmitted(&w, timely)
	return db.Each(ctx, r, func(sc db.Scanner) error {
		row := Row{Due: due, Filing: Filing{Ref: Ref{Kind: f.Subject, Form: f.Code, Period: p.String()}}}
		at, err := scanRow(sc, &row.Filing)
		row.OrgPath = paths[row.Org]
		if err != nil {
			return err
		}
		if s.Enterprise == "" && !s.Within(row.OrgPath) { // it was begun where the subject stood then
			delete(rows, row.Subject)
			return nil
		}
		if at != 0 {
			row.FirstSubmittedAt = time.UnixMicro(at).UTC()
		}
		row.Late = at > timely || at == 0 && due != 0 && today > due
		rows[row.Subject] = &row
		return nil
	}, `SELECT f.subject, f.org, f.form_version, f.state, f.level, f.confirmed, f.version, COALESCE(f.approved_version, 0),
		COALESCE(f.submitted_at, 0), COALESCE(f.submitted_by, ''), f.changed_at, `+first+` FROM filing f`+w.SQL(), w.Args()...)
}

// scanRow reads what differs between the filings of one form and period, and when each was handed in for the first time.
func scanRow(s db.Scanner, f *Filing) (first int64, err error) {
	var level, confirmed, submitted, changed int64
	err = s.Scan(&f.Subject, &f.Org, &f.FormVersion, &f.State, &level, &confirmed, &f.Version, &f.ApprovedVersion, &submitted, &f.SubmittedBy, &changed, &first)
	f.Level, f.Confirmed, f.ChangedAt = int(level), confirmed == 1, time.UnixMicro(changed).UTC()
	if submitted != 0 {
		f.SubmittedAt = time.UnixMicro(submitted).UTC()
	}
	return first, err
}

// endless is a day that never comes.
const endless period.Date = 99991231

// endOf is the last instant of a day.
func endOf(d period.Date) time.Time {
	return d.Over().Add(-time.Microsecond)
}

// firstSubmitted is the SQL of the instant at which a filing was handed in for the first time, 0 for never. The events are
// asked only where the last time was not timely.
func firstSubmitted(w *page.Where, due int64) string {
	return `CASE WHEN f.submitted_at IS NULL THEN 0 WHEN f.submitted_at <= ` + w.Arg(due) + ` THEN f.submitted_at
		ELSE COALESCE((SELECT MIN(e.at) FROM filing_event e WHERE e.city = f.city AND e.subject_kind = f.subject_kind AND e.subject = f.subject
			AND e.form = f.form AND e.period = f.period AND e.action = 'submit'), f.submitted_at) END`
}

// names are the queries that give subjects' names by kind.
var names = map[form.SubjectKind]string{
	form.OfEnterprise: `SELECT id, name FROM enterprise`,
	form.OfPark:       `SELECT id, name FROM park`,
	form.OfOrg:        `SELECT id, name_zh FROM org`,
}

// named takes out of rows what has not the text in its subject's name.
func named(ctx context.Context, r db.Reader, city string, kind form.SubjectKind, text string, rows map[string]*Row) error {
	text = page.Lower(strings.TrimSpace(text))
	hit := map[string]bool{}
	err := db.Each(ctx, r, pair(func(id, name string) {
		if strings.Contains(page.Lower(name), text) {
			hit[id] = true
		}
	}), names[kind]+` WHERE city = $1 ORDER BY id`, city)
	maps.DeleteFunc(rows, func(id string, _ *Row) bool { return !hit[id] })
	return err
}

// fillRows sets the names of a page's rows and whether they changed since they were approved.
func fillRows(ctx context.Context, r db.Reader, city string, f *form.Form, rows []Row) error {
	subjects, orgs, approved := map[string]string{}, map[string][2]string{}, []string{}
	for i := range rows {
		subjects[rows[i].Subject], orgs[rows[i].Org] = "", [2]string{}
		if rows[i].ApprovedVersion > 0 && rows[i].Version > rows[i].ApprovedVersion {
			approved = append(approved, rows[i].Subject)
		}
	}
	if err := lookUp(ctx, r, city, names[f.Subject], subjects); err != nil {
		return err
	}
	if err := orgNames(ctx, r, city, orgs); err != nil {
		return err
	}
	changed, err := changedSince(ctx, r, city, f, rows, approved)
	if err != nil {
		return err
	}
	begun := make([]*Filing, 0, len(rows))
	for i := range rows {
		if rows[i].State != Owed {
			begun = append(begun, &rows[i].Filing)
		}
	}
	if err := markReopened(ctx, r, city, begun); err != nil {
		return err
	}
	for i := range rows {
		rows[i].SubjectName, rows[i].ChangedSince = subjects[rows[i].Subject], changed[rows[i].Subject]
		rows[i].OrgName, rows[i].OrgNameEN = orgs[rows[i].Org][0], orgs[rows[i].Org][1]
	}
	return nil
}

// lookUp sets the names of the ids of a map.
func lookUp(ctx context.Context, r db.Reader, city, query string, ids map[string]string) error {
	for part := range slices.Chunk(slices.Sorted(keysOf(ids)), page.Chunk) {
		var w page.Where
		w.And("city = %s", city)
		page.AndIn(&w, "id", part)
		if err := db.Each(ctx, r, pair(func(id, name string) { ids[id] = name }), query+w.SQL()+` ORDER BY id`, w.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func orgNames(ctx context.Context, r db.Reader, city string, ids map[string][2]string) error {
	for part := range slices.Chunk(slices.Sorted(keysOf(ids)), page.Chunk) {
		var w page.Where
		w.And("city = %s", city)
		page.AndIn(&w, "id", part)
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var id, zh, en string
			err := s.Scan(&id, &zh, &en)
			ids[id] = [2]string{zh, en}
			return err
		}, `SELECT id, name_zh, name_en FROM org`+w.SQL()+` ORDER BY id`, w.Args()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// changedSince says which of some subjects' filings have records younger than their last approval.
func changedSince(ctx context.Context, r db.Reader, city string, f *form.Form, rows []Row, subjects []string) (map[string]bool, error) {
	changed := map[string]bool{}
	for part := range slices.Chunk(subjects, page.Chunk) {
		var w page.Where
		w.And("f.city = %s", city)
		w.And("f.subject_kind = %s AND f.form = %s AND f.period = %s", string(f.Subject), f.Code, rows[0].Period)
		page.AndIn(&w, "f.subject", part)
		w.And(`EXISTS (SELECT 1 FROM filing_record r WHERE r.city = f.city AND r.subject_kind = f.subject_kind AND r.subject = f.subject
			AND r.form = f.form AND r.period = f.period AND r.filing_version > f.approved_version)`)
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var id string
			err := s.Scan(&id)
			changed[id] = true
			return err
		}, `SELECT f.subject FROM filing f`+w.SQL()+` ORDER BY f.subject`, w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return changed, nil
}
