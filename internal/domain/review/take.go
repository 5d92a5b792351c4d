package review

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// New is a review to be held.
type New struct {
	Org     org.ID // a city's or a county's office
	Quarter string // "2025-Q2"
	Title   string
}

// Ledger is where a review reads.
type Ledger struct {
	DB       *db.DB
	City     string
	Panels   *indicator.Panels
	Book     *indicator.Book
	Board    *pipeline.Board
	Enrolled *enrolment.Board
}

// Taken is a review that was read and not yet kept.
type Taken struct {
	New
	Sequence int64
	Texts    Texts
	At       time.Time
}

// maxTitle bounds a title, in characters.
const maxTitle = 200

// attempts is how often Take begins anew because the ledger moved on meanwhile.
const attempts = 8

var errMoved = errors.New("the ledger moved on")

// Take reads everything that a review freezes, as it stands at one change of the ledger: the panel of the indicators, the
// board and the tables are those of the same sequence, the tables in one read transaction. It writes nothing.
//
// Errors: NotFound "org.not_found"; Invalid "review.bad_office" (argument org: neither a city's nor a county's),
// "review.bad_quarter" (argument text), "review.future" (argument quarter), "review.no_title", "text.too_long",
// "text.invalid"; Busy "review.busy" where the ledger does not stand still.
func (l Ledger) Take(ctx context.Context, s auth.Scope, at time.Time, n New) (Taken, error) {
	const op = "review.Take"
	t := Taken{New: n, At: at.UTC().Truncate(time.Microsecond)}
	for range attempts {
		v, err := l.Panels.Now(ctx)
		if err != nil {
			return Taken{}, fault.Wrap(op, err)
		}
		board, err := l.Board.Now(ctx)
		if err != nil {
			return Taken{}, fault.Wrap(op, err)
		}
		err = l.DB.Read(ctx, func(r db.Reader) error {
			seq, err := audit.Seq(ctx, r, l.City)
			if err == nil && (seq != v.Sequence || seq != board.Sequence) {
				err = errMoved
			}
			if err != nil {
				return err
			}
			t.Sequence = seq
			t.Texts, err = l.read(ctx, r, s, v, board, t)
			return err
		})
		if !errors.Is(err, errMoved) {
			return t, fault.Wrap(op, err)
		}
	}
	return Taken{}, fault.Wrap(op, fault.New(fault.Busy, "review.busy"))
}

// taking is one pass over the ledger.
type taking struct {
	ctx    context.Context
	r      db.Reader
	view   *indicator.View
	book   *indicator.Book
	board  *pipeline.View
	office org.Org
	whole  auth.Scope
	period period.Period
	orgs   map[org.ID]org.Org
	listed *enrolment.View
	body   Body
}

func (l Ledger) read(ctx context.Context, r db.Reader, s auth.Scope, v *indicator.View, board *pipeline.View, taken Taken) (t Texts, err error) {
	k := taking{ctx: ctx, r: r, view: v, book: l.Book, board: board, whole: auth.Whole(l.City), orgs: map[org.ID]org.Org{}}
	if k.office, err = org.Get(ctx, r, s, taken.Org); err != nil {
		return t, err
	}
	if k.period, err = taken.check(k.office, board.Today); err != nil {
		return t, err
	}
	if k.listed, err = l.Enrolled.Now(ctx, r, board.Today); err != nil {
		return t, err
	}
	for _, o := range board.Orgs() {
		k.orgs[o.ID] = o
	}
	k.body = Body{Format: 1, Org: string(k.office.ID), OrgName: k.office.NameZH, OrgNameEN: k.office.NameEN, OrgKind: string(k.office.Kind),
		Quarter: taken.Quarter, Title: strings.TrimSpace(taken.Title), At: taken.At.Format(time.RFC3339), Day: board.Today.String(), Sequence: taken.Sequence,
		Indicators: []Indicator{}, Lifecycles: []Lifecycle{}, Places: []Place{}, Sites: []Site{}, Elsewhere: []Project{}}
	for _, step := range []func() error{k.indicators, k.sites, k.readiness, k.since} {
		if err := step(); err != nil {
			return t, err
		}
	}
	if t.Main, err = line(k.body); err != nil {
		return t, err
	}
	targets, err := k.targets()
	if err == nil {
		t.Targets, err = line(targets)
	}
	return t, err
}

// check gives the quarter.
func (n New) check(o org.Org, today period.Date) (period.Period, error) {
	p, err := period.Parse(n.Quarter)
	switch {
	case err != nil || p.Kind() != period.KindQuarter:
		err = fault.New(fault.Invalid, "review.bad_quarter", "text", n.Quarter)
	case o.Kind != org.City && o.Kind != org.County:
		err = fault.New(fault.Invalid, "review.bad_office", "org", string(o.ID))
	case p.First().First() > today:
		err = fault.New(fault.Invalid, "review.future", "quarter", n.Quarter)
	case strings.TrimSpace(n.Title) == "":
		err = fault.New(fault.Invalid, "review.no_title")
	case utf8.RuneCountInString(n.Title) > maxTitle:
		err = fault.New(fault.Invalid, "text.too_long", "limit", maxTitle)
	default:
		err = page.Clean(n.Title)
	}
	return p, err
}

// line writes v in the one form that it has: no blanks, nothing escaped that need not be.
func line(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// indicators reads every indicator of the office.
func (k *taking) indicators() error {
	for _, d := range k.book.All() {
		out := Indicator{Code: d.Code, Name: d.Name.ZH, NameEN: d.Name.EN, Unit: d.Unit, Pack: d.Pack}
		var err error
		if out.Quarter, err = k.value(d.Code, k.period); err == nil {
			out.Year, err = k.value(d.Code, period.Year(k.period.First().Year()))
		}
		if err != nil {
			return err
		}
		k.body.Indicators = append(k.body.Indicators, out)
	}
	return nil
}

func (k *taking) value(code string, p period.Period) (Value, error) {
	q := indicator.Query{Code: code, Scope: k.whole, Path: k.office.Path, Period: p}
	got, err := k.book.Read(k.view, q)
	if err != nil {
		return Value{}, err
	}
	rows, err := k.book.Rows(k.view, q, indicator.Drill{Limit: 1})
	out := Value{Value: number(got.Value), Previous: number(got.Previous), Rows: rows.Count, Natures: append([]string{}, got.Natures...)}
	if got.AsOf != 0 {
		out.AsOf = got.AsOf.String()
	}
	return out, err
}

func number(a *indicator.Amount) *float64 {
	if a == nil {
		return nil
	}
	f := a.Float()
	return &f
}

// readiness counts the enterprises of the office and of each site by how near they are to the bureau's list.
func (k *taking) readiness() error {
	all, verdicts, err := k.verdicts("")
	if err != nil {
		return err
	}
	k.body.Readiness = Readiness{Year: all.Year, Pack: k.listed.Pack.Number, Entered: all.Entered, Verdicts: verdicts}
	for i := range k.body.Sites {
		s := &k.body.Sites[i]
		if _, s.Readiness, err = k.verdicts(park.ID(s.Park)); err != nil {
			return err
		}
	}
	return nil
}

func (k *taking) verdicts(in park.ID) (enrolment.Listing, []Verdict, error) {
	list, err := k.listed.List(enrolment.Query{Scope: k.whole, Below: k.office.Path, Park: in, Limit: 1})
	out := []Verdict{}
	for verdict, n := range list.Counts {
		if n > 0 {
			out = append(out, Verdict{string(verdict), n})
		}
	}
	slices.SortFunc(out, func(a, b Verdict) int { return cmp.Compare(a.Verdict, b.Verdict) })
	return list, out, err
}

// targets reads what plans want of the office in the year of the quarter.
func (k *taking) targets() (Targets, error) {
	out := Targets{Targets: []Target{}}
	q := target.Query{Year: k.period.First().Year(), Org: k.office.ID, Limit: page.Max}
	for {
		list, next, err := target.List(k.ctx, k.r, k.whole, q)
		if err != nil {
			return out, err
		}
		for _, t := range list {
			one := Target{Indicator: t.Indicator, Kind: string(t.Kind), Year: t.Year, Value: t.Value, Unit: string(t.Unit), Stated: t.Stated, StatedUnit: t.StatedUnit, Source: t.Source}
			if d, err := k.book.Of(t.Indicator); err == nil && t.Kind == target.Wanted { // of an indicator that we compute
				if pace, err := t.Pace(target.AccrualOf(k.book.Flow(d)), k.period.Last()); err == nil {
					one.Pace = &pace
				}
			}
			out.Targets = append(out.Targets, one)
		}
		if q.After = next; next == "" {
			return out, nil
		}
	}
}
