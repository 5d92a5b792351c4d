package filing

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// OfficeProgress is how far one form is with the subjects that count to one office.
type OfficeProgress struct {
	Form      form.Code
	Period    string // of the form: that which ends with the month; "" of a standing form
	Org       org.ID // right below the scope's own, or that for what stands there itself
	Owed      int    // subjects that owe it or began it: what the other numbers are parts of
	Begun     int    // drafts
	Submitted int
	Waiting   []int // of Submitted, by the level of the form's chain whose approval they wait for
	Returned  int
	Approved  int
	Timely    int // handed in for the first time by the due day; of a standing form none
	Late      int // the due day is over, and they were not
}

// Progress gives completeness and timeliness of every form that is filed for a month or ends with it, in the library's order
// and by office, for what counts to the scope; of an enterprise's user its own. today decides what is late. It costs a few
// statements for each form, however many subjects there are.
func Progress(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, m period.Month, today period.Date) ([]OfficeProgress, error) {
	out := []OfficeProgress{}
	if s.None() || s.Enterprise == "" && org.Reach(s, "").None() {
		return out, nil
	}
	for _, f := range lib.Forms() {
		p, ok := periodAt(f, m)
		if !ok || s.Enterprise != "" && f.Subject != form.OfEnterprise {
			continue
		}
		f, err := lib.Form(f.Code, p.String())
		if err != nil {
			return nil, fault.Wrap("filing.Progress", err)
		}
		rows, err := standing(ctx, r, s, f, p, today)
		if err != nil {
			return nil, fault.Wrap("filing.Progress", err)
		}
		out = append(out, counted(s, f, p, rows)...)
	}
	return out, nil
}

// periodAt gives the period of a form that ends with a month; zero of a standing form. ok is false where none does.
func periodAt(f *form.Form, m period.Month) (p period.Period, ok bool) {
	switch f.Every {
	case form.Standing:
		return period.Period{}, true
	case form.Month:
		p = period.OfMonth(m)
	case form.Quarter:
		p = period.Quarter(m.Year(), (m.Month()+2)/3)
	case form.Year:
		p = period.Year(m.Year())
	}
	return p, p.Last() == m && f.Asks(p)
}

// counted adds rows up by office.
func counted(s auth.Scope, f *form.Form, p period.Period, rows map[string]*Row) []OfficeProgress {
	by := map[org.ID]*OfficeProgress{}
	for _, row := range rows {
		office, ok := org.Under(row.OrgPath, s.Path)
		if !ok {
			office = org.ID(row.Org)
		}
		o := by[office]
		if o == nil {
			o = &OfficeProgress{Form: f.Code, Period: p.String(), Org: office, Waiting: make([]int, len(f.Chain))}
			by[office] = o
		}
		o.count(row)
	}
	out := make([]OfficeProgress, 0, len(by))
	for _, o := range by {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b OfficeProgress) int { return strings.Compare(string(a.Org), string(b.Org)) })
	return out
}

func (o *OfficeProgress) count(row *Row) {
	o.Owed++
	switch row.State {
	case Draft:
		o.Begun++
	case Submitted:
		o.Submitted++
		if row.Level < len(o.Waiting) {
			o.Waiting[row.Level]++
		}
	case Returned:
		o.Returned++
	case Approved:
		o.Approved++
	}
	switch {
	case row.Due == 0:
	case row.Late:
		o.Late++
	case !row.FirstSubmittedAt.IsZero():
		o.Timely++
	}
}
