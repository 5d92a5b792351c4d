package api

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// monthOf reads a month; none is the last one that is over.
func (a *API) monthOf(text string) (period.Month, error) {
	if text == "" {
		return a.today().Month() - 1, nil
	}
	p, err := period.Parse(text)
	if err == nil && p.Kind() != period.KindMonth {
		err = fault.New(fault.Invalid, "period.invalid", "text", text)
	}
	return p.First(), err
}

type monthQuery struct {
	Period string `query:"period" maxLength:"10" doc:"a month; empty: the last one"`
}

// progress is how far the offices of the caller are with what is due in a month.
type progress struct {
	month period.Month
	lib   *form.Library
	rows  []filing.OfficeProgress
}

// withProgress reads the progress of the month that is asked for and hands it to f within the transaction.
func (a *API) withProgress(ctx context.Context, q *monthQuery, f func(r db.Reader, s auth.Scope, p progress) error) error {
	m, err := a.monthOf(q.Period)
	if err != nil {
		return err
	}
	return a.read(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		rows, err := filing.Progress(ctx, r, s, lib, m, a.today())
		if err != nil {
			return err
		}
		return f(r, s, progress{m, lib, rows})
	})
}

func (a *API) listTasks(ctx context.Context, in *monthQuery) (*struct{ Body Tasks }, error) {
	var out Tasks
	err := a.withProgress(ctx, in, func(r db.Reader, s auth.Scope, p progress) error {
		out = Tasks{Period: p.month.String(), Today: a.today().String(), Items: []Task{}}
		w, err := a.worker(ctx, r, s)
		if err != nil {
			return err
		}
		out.Items, err = w.tasks(p.lib, p.rows)
		return err
	})
	return &struct{ Body Tasks }{out}, err
}

// worker is whose tasks are counted: what the caller may do and at which level of a chain.
type worker struct {
	user  auth.User
	kind  org.Kind // of the caller's org; empty for an enterprise
	own   org.ID
	today period.Date
}

func (a *API) worker(ctx context.Context, r db.Reader, s auth.Scope) (worker, error) {
	w := worker{user: caller(ctx), today: a.today()}
	if s.Enterprise != "" {
		return w, nil
	}
	o, err := org.Get(ctx, r, s, org.Leaf(s.Path))
	w.kind, w.own = o.Kind, o.ID
	return w, err
}

// tasks adds the offices' progress up to one line per form and period.
func (w worker) tasks(lib *form.Library, rows []filing.OfficeProgress) ([]Task, error) {
	out := []Task{}
	for _, row := range rows {
		f, err := lib.Form(row.Form, row.Period)
		if err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].Form != row.Form || out[n-1].Period != periodText(row.Period) {
			t, err := w.task(f, row.Period)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		t := &out[len(out)-1]
		t.Owed += row.Owed - row.Begun - row.Submitted - row.Returned - row.Approved
		t.Draft += row.Begun
		t.Submitted += row.Submitted
		t.Returned += row.Returned
		t.Approved += row.Approved
		t.Late += row.Late
		w.mine(t, f, row)
	}
	for i := range out {
		if out[i].Mine == 0 {
			out[i].Act = "none"
		}
	}
	return out, nil
}

func (w worker) task(f *form.Form, p string) (Task, error) {
	t := Task{Form: f.Code, Name: f.Name.ZH, NameEN: f.Name.EN, Subject: string(f.Subject), Every: string(f.Every), Period: periodText(p), Act: "fill"}
	if w.reviews(f) {
		t.Act = "review"
	}
	if p == "" {
		return t, nil
	}
	per, err := period.Parse(p)
	opens, due, locks := form.Owes(f, per)
	t.Opens, t.Due, t.Locks = opens.String(), due.String(), locks.String()
	return t, err
}

// level is the caller's place in the form's chain; ok is false when it has none. An operator may sit at a county, whose
// approval is the county's office's.
func (w worker) level(f *form.Form) (int, bool) {
	office := w.user.Role == auth.CityOffice && w.kind == org.City || w.user.Role == auth.CountyOffice && w.kind == org.County ||
		w.user.Role == auth.ParkOperator && (w.kind == org.Committee || w.kind == org.Operator)
	i := slices.Index(f.Chain, form.Level(w.kind))
	return i, office && i >= 0
}

func (w worker) reviews(f *form.Form) bool {
	_, ok := w.level(f)
	return ok && w.user.May(auth.FilingReview)
}

// mine counts what waits for the caller: for a reviewer what was handed in up to its level, else what is to be filled in.
func (w worker) mine(t *Task, f *form.Form, row filing.OfficeProgress) {
	if t.Act == "review" {
		if i, ok := w.level(f); ok && i < len(row.Waiting) {
			t.Mine += row.Waiting[i]
		}
		return
	}
	open := (t.Opens == "" || w.today.String() >= t.Opens) && (t.Locks == "" || w.today.String() <= t.Locks)
	own := f.Subject != form.OfOrg || row.Org == w.own
	if !w.user.May(auth.FilingFill) || !open || !own {
		return
	}
	t.Mine += row.Returned
	if t.Due == "" || w.today <= w.grace(f, row.Period) { // what was never handed in is closed when its grace ends
		t.Mine += row.Owed - row.Submitted - row.Approved - row.Returned
	}
}

// grace is the last day on which a filing of a period may be handed in for the first time.
func (w worker) grace(f *form.Form, p string) period.Date {
	per, err := period.Parse(p)
	if err != nil {
		return 0
	}
	return f.Late(per)
}

// listProgress is completeness and timeliness of the offices right below the caller's own.
func (a *API) listProgress(ctx context.Context, in *monthQuery) (*struct{ Body FilingProgress }, error) {
	var out FilingProgress
	err := a.withProgress(ctx, in, func(r db.Reader, _ auth.Scope, p progress) error {
		out = FilingProgress{Period: p.month.String(), Offices: []FilingOffice{}, Items: []OfficeProgress{}}
		seen := map[org.ID]bool{}
		for _, row := range p.rows {
			seen[row.Org] = true
			out.Items = append(out.Items, OfficeProgress{row.Form, string(row.Org), row.Owed, row.Begun, row.Submitted, row.Returned, row.Approved, row.Timely, row.Late})
		}
		orgs, err := org.All(ctx, r, a.City)
		for _, o := range orgs {
			if seen[o.ID] {
				out.Offices = append(out.Offices, FilingOffice{string(o.ID), o.NameZH, o.NameEN})
			}
		}
		return err
	})
	return &struct{ Body FilingProgress }{out}, err
}
