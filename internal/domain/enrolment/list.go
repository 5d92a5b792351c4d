package enrolment

import (
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Query narrows the board.
type Query struct {
	Scope   auth.Scope
	Below   string  // path of an org: rows that its offices work on; empty: all
	Park    park.ID // home park
	Verdict Verdict
	Text    string // occurs in the name, or begins the credit code
	Year    int    // that the windows close in; 0: today's, and then rows without a window stay
	After   string // next of the page before
	Limit   int    // 1…page.Max, 0 = page.Default
}

// Chance is a window of the year with the enterprises that have it next.
type Chance struct {
	Window
	Path   Path
	Counts map[Verdict]int
}

// Listing is a page of the board, with what all pages come to.
type Listing struct {
	Year    int
	Rows    []*Row
	Next    string
	Counts  map[Verdict]int // all rows of the query, whatever Query.Verdict
	Entered int             // came into the list by a window of the year, without who moved inside the city
	Chances []Chance        // the windows of the year, the earliest first
}

// List gives a page of the board. Errors: Invalid "limit.invalid", "cursor.invalid".
func (v *View) List(q Query) (Listing, error) {
	const op = "enrolment.List"
	limit, err := page.Size(q.Limit)
	if err != nil {
		return Listing{}, fault.Wrap(op, err)
	}
	start, err := v.after(q.After)
	if err != nil {
		return Listing{}, fault.Wrap(op, err)
	}
	out := Listing{Year: q.Year, Counts: map[Verdict]int{}}
	if q.Year == 0 {
		out.Year = v.Today.Year()
	}
	entered := map[period.Month]bool{}
	for _, c := range v.Pack.chances(out.Year) {
		out.Chances = append(out.Chances, c)
		entered[c.Batch] = true
	}
	text := strings.ToLower(q.Text)
	more := false
	for i, r := range v.Rows {
		if !q.wants(r, text) {
			continue
		}
		if entered[r.Register.Since] && !r.Case.Relocated {
			out.Entered++
		}
		if r.Window.Closes.Year() != out.Year && (q.Year != 0 && q.Year != v.Today.Year()) {
			continue
		}
		out.count(r)
		switch {
		case i < start || q.Verdict != "" && q.Verdict != r.Verdict:
		case len(out.Rows) < limit:
			out.Rows = append(out.Rows, v.full(r))
		default:
			more = true
		}
	}
	if more {
		out.Next = page.Cursor(string(out.Rows[limit-1].ID))
	}
	return out, nil
}

// after gives the place behind the row that a cursor names.
func (v *View) after(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	parts, err := page.Place(cursor, 1)
	if err != nil {
		return 0, err
	}
	i, ok := v.at[enterprise.ID(parts[0])]
	if !ok {
		return 0, fault.New(fault.Invalid, "cursor.invalid")
	}
	return i + 1, nil
}

func (q *Query) wants(r *Row, text string) bool {
	return r.Seen(q.Scope) && strings.HasPrefix(r.Org.Path, q.Below) && (q.Park == "" || r.Park == q.Park && r.ShowsPark(q.Scope)) &&
		(text == "" || strings.Contains(strings.ToLower(r.Name), text) || strings.HasPrefix(strings.ToLower(string(r.USCC)), text))
}

func (l *Listing) count(r *Row) {
	l.Counts[r.Verdict]++
	i := slices.IndexFunc(l.Chances, func(c Chance) bool { return c.Path == r.Path && c.Window == r.Window })
	if i >= 0 {
		l.Chances[i].Counts[r.Verdict]++
	}
}

// chances lists the windows that close in a year.
func (p *Pack) chances(year int) (out []Chance) {
	add := func(batches []Batch, by Path) {
		for _, w := range windows(batches, period.DateOf(year, 1, 1)) {
			if w.Closes.Year() == year {
				out = append(out, Chance{Window: w, Path: by, Counts: map[Verdict]int{}})
			}
		}
	}
	add(p.Monthly.Batches, ByMonth)
	add(p.Yearly.Batches, ByYear)
	slices.SortStableFunc(out, func(a, b Chance) int { return int(a.Closes) - int(b.Closes) })
	return out
}

// Closes lists the days of a year on which the windows of a path close.
func (p *Pack) Closes(by Path, year int) (out []string) {
	for _, c := range p.chances(year) {
		if c.Path == by {
			out = append(out, c.Closes.String())
		}
	}
	return out
}
