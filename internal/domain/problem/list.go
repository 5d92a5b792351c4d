package problem

import (
	"context"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Query narrows the list.
type Query struct {
	Below   string // org path: problems of subjects at and below it
	State   State  // empty: all
	Owner   string // username
	Kind    string
	Subject string
	Review  string
	Late    period.Date // today: those whose due day passed before it and that are still open; zero: all
	Text    string      // in title, body or the subject's name
	After   string
	Limit   int
}

// The last event says how a problem stands; its number is the problem's version.
const columns = `p.city, p.id, p.subject_kind, p.subject, COALESCE(k.name, j.name, n.name, ''), p.org, o.path, COALESCE(p.review, ''), p.title, p.body, p.version,
	p.recorder, p.recorded_at, e.state, e.owner, e.owner_org, COALESCE(oo.path, ''), COALESCE(e.due, 0), e.actor, e.at,
	COALESCE((SELECT f.username FROM officer f WHERE f.city = p.city AND f.subject_kind = p.subject_kind AND f.subject = p.subject ORDER BY f.seq DESC LIMIT 1), ''),
	COALESCE((SELECT s.actor FROM problem_event s WHERE s.city = p.city AND s.problem = p.id AND s.act = 'solve' ORDER BY s.seq DESC LIMIT 1), ''),
	(SELECT COUNT(*) FROM problem_event u WHERE u.city = p.city AND u.problem = p.id AND u.act = 'escalate'
		AND u.seq > (SELECT MAX(v.seq) FROM problem_event v WHERE v.city = p.city AND v.problem = p.id AND v.act IN ('open', 'reopen')))`

const tables = ` FROM problem p JOIN problem_event e ON e.city = p.city AND e.problem = p.id AND e.seq = p.version
	JOIN org o ON o.city = p.city AND o.id = p.org LEFT JOIN org oo ON oo.city = p.city AND oo.id = e.owner_org
	LEFT JOIN park k ON p.subject_kind = 'park' AND k.city = p.city AND k.id = p.subject
	LEFT JOIN project j ON p.subject_kind = 'project' AND j.city = p.city AND j.id = p.subject
	LEFT JOIN tenancy t ON p.subject_kind = 'tenancy' AND t.city = p.city AND t.id = p.subject
	LEFT JOIN enterprise n ON n.city = t.city AND n.id = t.enterprise`

func scan(s db.Scanner) (p Problem, err error) {
	err = s.Scan(&p.City, &p.ID, &p.Kind, &p.Subject, &p.SubjectName, &p.Org, &p.OrgPath, &p.Review, &p.Title, &p.Body, &p.Version,
		&p.OpenedBy, &p.OpenedAt, &p.State, &p.Owner, &p.OwnerOrg, &p.OwnerPath, &p.Due, &p.ChangedBy, &p.ChangedAt, &p.Officer, &p.SolvedBy, &p.Escalated)
	return p, err
}

// visible adds the conditions under which a scope sees a problem: it covers the subject's org, or the office that owns it.
// An enterprise sees none: the list is the offices'.
func visible(w *page.Where, s auth.Scope) bool {
	if s.None() || s.Enterprise != "" || !s.Within(s.Path) {
		return false
	}
	from, to := s.Range()
	w.And("p.city = %s", s.City)
	w.And("o.path >= %s AND o.path < %s OR oo.path >= %s AND oo.path < %s", from, to, from, to)
	return true
}

// noDue is where a problem without a due day stands in the order.
const noDue = 99_999_999

// rank is the order of the states in SQL.
const rank = `CASE e.state WHEN 'open' THEN 0 WHEN 'solved' THEN 1 ELSE 2 END`

// List gives one page of the problems that a scope sees, open ones before solved and closed ones, those due first before
// others, and the cursor of the page after it, "" at the end. Errors: Invalid "cursor.invalid", "limit.invalid",
// "text.invalid".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Problem, next string, err error) {
	rows, next, err = list(ctx, r, s, q)
	return rows, next, fault.Wrap("problem.List", err)
}

func list(ctx context.Context, r db.Reader, s auth.Scope, q Query) ([]Problem, string, error) {
	limit, err := page.Size(q.Limit)
	if err != nil {
		return nil, "", err
	}
	if err := page.Clean(q.Below, q.Owner, q.Kind, q.Subject, q.Review, q.Text); err != nil {
		return nil, "", err
	}
	place, err := page.Place(q.After, 3)
	if err != nil {
		return nil, "", err
	}
	var w page.Where
	if !visible(&w, s) || !q.narrow(&w, s) {
		return nil, "", nil
	}
	if q.After != "" {
		state, err1 := strconv.ParseInt(place[0], 10, 64)
		due, err2 := strconv.ParseInt(place[1], 10, 64)
		if err1 != nil || err2 != nil {
			return nil, "", fault.New(fault.Invalid, "cursor.invalid")
		}
		w.And("("+rank+", COALESCE(e.due, "+strconv.Itoa(noDue)+"), p.id) > (%s, %s, %s)", state, due, place[2])
	}
	rows, err := db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY `+rank+`, COALESCE(e.due, `+strconv.Itoa(noDue)+`), p.id LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	rows = rows[:limit]
	return rows, rows[limit-1].cursor(), nil
}

func (p Problem) cursor() string {
	state, due := 2, int64(p.Due)
	switch p.State {
	case Opened:
		state = 0
	case Solved:
		state = 1
	}
	if due == 0 {
		due = noDue
	}
	return page.Cursor(strconv.Itoa(state), strconv.FormatInt(due, 10), p.ID)
}

// narrow adds the query's own conditions. It reports false when nothing can be left.
func (q Query) narrow(w *page.Where, s auth.Scope) bool {
	if q.Below != "" {
		in := org.Reach(s, q.Below)
		if in.None() {
			return false
		}
		from, to := in.Range()
		w.And("o.path >= %s AND o.path < %s", from, to)
	}
	for _, c := range []struct{ column, text string }{{"e.state", string(q.State)}, {"e.owner", q.Owner}, {"p.subject_kind", q.Kind}, {"p.subject", q.Subject}, {"p.review", q.Review}} {
		if c.text != "" {
			w.And(c.column+" = %s", c.text)
		}
	}
	if q.Late != 0 {
		w.And("e.state = 'open' AND e.due < %s", q.Late)
	}
	if q.Text != "" {
		text := page.Lower(q.Text)
		w.And("REPLACE(LOWER(p.title), %s, '') <> LOWER(p.title) OR REPLACE(LOWER(p.body), %s, '') <> LOWER(p.body)"+
			" OR REPLACE(LOWER(COALESCE(k.name, j.name, n.name, '')), %s, '') <> LOWER(COALESCE(k.name, j.name, n.name, ''))", text, text, text)
	}
	return true
}

// Get gives one problem. Error kind NotFound, key "problem.not_found", also for one that the scope does not see.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id string) (Problem, error) {
	p, err := get(ctx, r, s, id)
	return p, fault.Wrap("problem.Get", err)
}

func get(ctx context.Context, r db.Reader, s auth.Scope, id string) (Problem, error) {
	var w page.Where
	if page.Clean(id) != nil || !visible(&w, s) {
		return Problem{}, fault.New(fault.NotFound, "problem.not_found", "id", id)
	}
	w.And("p.id = %s", id)
	p, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "problem.not_found", "id", id)
	}
	return p, err
}

// maxEvents bounds the events of one problem that are read.
const maxEvents = 2000

// Events gives what was done with a problem, the first act first. Errors as Get.
func Events(ctx context.Context, r db.Reader, s auth.Scope, id string) ([]Event, error) {
	p, err := get(ctx, r, s, id)
	if err != nil {
		return nil, fault.Wrap("problem.Events", err)
	}
	list, err := db.Collect(ctx, r, func(s db.Scanner) (e Event, err error) {
		err = s.Scan(&e.Seq, &e.Act, &e.State, &e.Owner, &e.OwnerOrg, &e.Due, &e.Text, &e.Actor, &e.At)
		return e, err
	}, `SELECT seq, act, state, owner, owner_org, COALESCE(due, 0), text, actor, at FROM problem_event
		WHERE city = $1 AND problem = $2 ORDER BY seq LIMIT $3`, p.City, p.ID, maxEvents)
	return list, fault.Wrap("problem.Events", err)
}

// OpenCounts gives how many problems of each tenancy and project are not closed. It is a feed and knows no scope.
func OpenCounts(ctx context.Context, r db.Reader, city string) (map[subject.Ref]int, error) {
	out := map[subject.Ref]int{}
	err := db.Each(ctx, r, func(s db.Scanner) error {
		var ref subject.Ref
		var n int
		err := s.Scan(&ref.Kind, &ref.ID, &n)
		out[ref] = n
		return err
	}, `SELECT p.subject_kind, p.subject, COUNT(*) FROM problem p JOIN problem_event e ON e.city = p.city AND e.problem = p.id AND e.seq = p.version
		WHERE p.city = $1 AND e.state <> 'closed' AND p.subject_kind <> 'park' GROUP BY p.subject_kind, p.subject ORDER BY p.subject_kind, p.subject`, city)
	return out, fault.Wrap("problem.OpenCounts", err)
}

// OwnerCounts gives how many open problems that a scope sees each person owns.
func OwnerCounts(ctx context.Context, r db.Reader, s auth.Scope) (map[string]int, error) {
	out := map[string]int{}
	var w page.Where
	if !visible(&w, s) {
		return out, nil
	}
	w.And("e.state = 'open' AND e.owner <> ''")
	err := db.Each(ctx, r, func(s db.Scanner) error {
		var owner string
		var n int
		err := s.Scan(&owner, &n)
		out[owner] = n
		return err
	}, `SELECT e.owner, COUNT(*) FROM problem p JOIN problem_event e ON e.city = p.city AND e.problem = p.id AND e.seq = p.version
		JOIN org o ON o.city = p.city AND o.id = p.org LEFT JOIN org oo ON oo.city = p.city AND oo.id = e.owner_org`+w.SQL()+` GROUP BY e.owner ORDER BY e.owner`, w.Args()...)
	return out, fault.Wrap("problem.OwnerCounts", err)
}
