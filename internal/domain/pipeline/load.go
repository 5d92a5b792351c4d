package pipeline

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// feed reads subjects with everything that is kept of them.
type feed struct {
	ctx  context.Context
	r    db.Reader
	city string
	rows map[subject.Ref]*Row
}

// feedPage is how many subjects are read at once.
const feedPage = 2048

// heads are the columns of a subject's head, its order and how its entries are found.
type heads struct {
	kind          subject.Kind
	from          string // SELECT … FROM …
	order         []string
	entries       string // SELECT … FROM …
	entryOrder    string
	first, second func(*Row) string // what a page is ordered by
}

var kinds = []heads{{
	kind: subject.Tenancy,
	from: `SELECT t.id, 'tenancy', e.name, o.id, o.path, p.id, p.name, e.id, e.name, t.area_m2, CAST(NULL AS BIGINT), t.relocated, t.nature, t.source, t.version
		FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise
		JOIN park p ON p.city = t.city AND p.id = t.park JOIN org o ON o.city = p.city AND o.id = p.org`,
	order:      []string{"t.enterprise", "t.id"},
	entries:    `SELECT t.tenancy, t.stage, t.way, t.day, t.recorded_at FROM tenancy_stage t`,
	entryOrder: `t.enterprise, t.tenancy, t.stage, t.way, t.seq`,
	first:      func(r *Row) string { return string(r.Enterprise) }, second: func(r *Row) string { return r.ID },
}, {
	kind: subject.Project,
	from: `SELECT t.id, t.kind, t.name, o.id, o.path, COALESCE(t.park, ''), COALESCE(p.name, ''), COALESCE(t.enterprise, ''), COALESCE(e.name, ''),
		CAST(NULL AS BIGINT), t.investment_fen, 0, t.nature, t.source, t.version
		FROM project t JOIN org o ON o.city = t.city AND o.id = t.org LEFT JOIN park p ON p.city = t.city AND p.id = t.park
		LEFT JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise`,
	order:      []string{"t.id"},
	entries:    `SELECT t.project, t.stage, t.way, t.day, t.recorded_at FROM project_milestone t`,
	entryOrder: `t.project, t.stage, t.way, t.seq`,
	first:      func(r *Row) string { return r.ID }, second: func(*Row) string { return "" },
}}

// all reads the whole city.
func (f *feed) all() error {
	for i := range kinds {
		if err := f.every(&kinds[i]); err != nil {
			return err
		}
	}
	return f.beside(nil)
}

func (f *feed) every(k *heads) error {
	var first, second string
	for {
		var w page.Where
		w.And("t.city = %s", f.city)
		if len(k.order) == 2 {
			w.And("t.enterprise >= %s", first)
			w.And("(t.enterprise, t.id) > (%s, %s)", first, second)
		} else {
			w.And("t.id > %s", first)
		}
		got, err := f.heads(k, &w, feedPage)
		if err != nil || len(got) == 0 {
			return err
		}
		from, to := k.first(got[0]), k.first(got[len(got)-1])
		column := map[subject.Kind]string{subject.Tenancy: "t.enterprise", subject.Project: "t.project"}[k.kind]
		var in page.Where
		in.And("t.city = %s", f.city)
		in.And(column+" >= %s AND "+column+" <= %s", from, to)
		if err := f.entries(k, &in, inPage(k, got)); err != nil {
			return err
		}
		if len(got) < feedPage {
			return nil
		}
		first, second = to, k.second(got[len(got)-1])
	}
}

// inPage says which subjects belong to a page: an enterprise's tenancies may lie in two.
func inPage(k *heads, got []*Row) map[string]*Row {
	out := make(map[string]*Row, len(got))
	for _, r := range got {
		out[r.ID] = r
	}
	return out
}

// some reads the named subjects; those that are not there are left out.
func (f *feed) some(refs []subject.Ref) error {
	for i := range kinds {
		k := &kinds[i]
		var ids []string
		for _, ref := range refs {
			if ref.Kind == k.kind {
				ids = append(ids, ref.ID)
			}
		}
		slices.Sort(ids)
		for part := range slices.Chunk(slices.Compact(ids), page.Chunk) {
			if err := f.part(k, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *feed) part(k *heads, ids []string) error {
	var w page.Where
	w.And("t.city = %s", f.city)
	page.AndIn(&w, "t.id", ids)
	got, err := f.heads(k, &w, page.Chunk)
	if err != nil {
		return err
	}
	var in page.Where
	in.And("t.city = %s", f.city)
	if k.kind == subject.Tenancy {
		var firms []string
		for _, r := range got {
			firms = append(firms, string(r.Enterprise))
		}
		slices.Sort(firms)
		if firms = slices.Compact(firms); len(firms) > 0 {
			page.AndIn(&in, "t.enterprise", firms)
		}
	} else {
		page.AndIn(&in, "t.project", ids)
	}
	if len(got) > 0 {
		if err := f.entries(k, &in, inPage(k, got)); err != nil {
			return err
		}
	}
	return f.beside(func(w *page.Where, column string) {
		w.And("subject_kind = %s", string(k.kind))
		page.AndIn(w, column, ids)
	})
}

func (f *feed) heads(k *heads, w *page.Where, limit int) ([]*Row, error) {
	order := k.order[0]
	if len(k.order) == 2 {
		order += ", " + k.order[1]
	}
	limitArg := w.Arg(limit)
	got, err := db.Collect(f.ctx, f.r, func(s db.Scanner) (*Row, error) {
		r := &Row{}
		r.City, r.Kind = f.city, k.kind
		var relocated int64
		err := s.Scan(&r.ID, &r.Lifecycle, &r.Name, &r.Org, &r.OrgPath, &r.Park, &r.ParkName, &r.Enterprise, &r.EnterpriseName,
			&r.AreaM2, &r.InvestmentFen, &relocated, &r.Nature, &r.Source, &r.Version)
		r.Relocated = relocated == 1
		return r, err
	}, k.from+w.SQL()+` ORDER BY `+order+` LIMIT `+limitArg, w.Args()...)
	for _, r := range got {
		f.rows[r.Ref] = r
	}
	return got, err
}

func (f *feed) entries(k *heads, w *page.Where, of map[string]*Row) error {
	stages := map[string]string{}
	return db.Each(f.ctx, f.r, func(s db.Scanner) error {
		var id, stage, way string
		var e entry
		var day int64
		if err := s.Scan(&id, &stage, &way, &day, &e.at); err != nil {
			return err
		}
		r := of[id]
		if r == nil {
			return nil
		}
		var err error
		if e.way, err = tenancy.ParseWay(way); err != nil {
			return err
		}
		if _, ok := stages[stage]; !ok {
			stages[stage] = stage // one copy of each name
		}
		e.stage, e.day = stages[stage], period.Date(day)
		r.entries = append(r.entries, e)
		return nil
	}, k.entries+w.SQL()+` ORDER BY `+k.entryOrder, w.Args()...)
}

// beside reads what is kept beside the entries: what was taken back, pauses, officers and problems. narrow adds conditions on
// subject_kind and the column that names the subject; nil reads the city's.
func (f *feed) beside(narrow func(w *page.Where, column string)) error {
	for _, one := range []struct{ sql, order string }{{sqlVoid, ` ORDER BY subject_kind, subject, stage, way, seq`},
		{sqlPause, ` ORDER BY subject_kind, subject, seq`}, {sqlOfficer, ` ORDER BY subject_kind, subject, seq`}, {sqlProblem, ` ORDER BY subject_kind, subject, problem.id`}} {
		var w page.Where
		city := "city"
		if one.sql == sqlProblem {
			city = "problem.city"
		}
		w.And(city+" = %s", f.city)
		if narrow != nil {
			narrow(&w, "subject")
		}
		take := f.takers()[one.sql]
		if err := db.Each(f.ctx, f.r, take, one.sql+w.SQL()+one.order, w.Args()...); err != nil {
			return err
		}
	}
	return nil
}

const (
	sqlVoid    = `SELECT subject_kind, subject, stage, way, day, recorded_at, void_at FROM milestone_void`
	sqlPause   = `SELECT subject_kind, subject, act FROM milestone_pause`
	sqlOfficer = `SELECT subject_kind, subject, username FROM officer`
	sqlProblem = `SELECT subject_kind, subject, (SELECT e.state FROM problem_event e WHERE e.city = problem.city AND e.problem = problem.id
		ORDER BY e.seq DESC LIMIT 1) FROM problem`
)

// takers say what a row of each of the statements changes; the latest of a subject come last.
func (f *feed) takers() map[string]func(db.Scanner) error {
	return map[string]func(db.Scanner) error{
		sqlVoid: func(s db.Scanner) error {
			var ref subject.Ref
			var e voided
			var way string
			var day int64
			err := s.Scan(&ref.Kind, &ref.ID, &e.stage, &way, &day, &e.at, &e.until)
			if err != nil {
				return err
			}
			e.day = period.Date(day)
			if e.way, err = tenancy.ParseWay(way); err == nil && f.rows[ref] != nil {
				f.rows[ref].voided = append(f.rows[ref].voided, e)
			}
			return err
		},
		sqlPause: func(s db.Scanner) error {
			var ref subject.Ref
			var act string
			err := s.Scan(&ref.Kind, &ref.ID, &act)
			if r := f.rows[ref]; r != nil {
				r.Suspended = act == "suspend"
			}
			return err
		},
		sqlOfficer: func(s db.Scanner) error {
			var ref subject.Ref
			var name string
			err := s.Scan(&ref.Kind, &ref.ID, &name)
			if r := f.rows[ref]; r != nil {
				r.Officer = name
			}
			return err
		},
		sqlProblem: func(s db.Scanner) error {
			var ref subject.Ref
			var state *string
			err := s.Scan(&ref.Kind, &ref.ID, &state)
			if r := f.rows[ref]; r != nil && state != nil && *state != "closed" {
				r.Problems++
			}
			return err
		},
	}
}
