package vintage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Complete is how far the month's forms were at its closing.
type Complete struct {
	Forms []FormComplete `json:"forms"`
}

// FormComplete is one form in the version that was in force.
type FormComplete struct {
	Form    string           `json:"form"`
	Period  string           `json:"period"`
	Version int64            `json:"version"`
	Offices []OfficeComplete `json:"offices"`
}

// OfficeComplete is one office's share, in numbers of filings.
type OfficeComplete struct {
	Org       string `json:"org"`
	Owed      int    `json:"owed"`
	Submitted int    `json:"submitted"`
	Approved  int    `json:"approved"`
	Timely    int    `json:"timely"`
}

func (c Complete) counts() map[string]Count {
	out := map[string]Count{}
	for _, f := range c.Forms {
		n := Count{}
		for _, o := range f.Offices {
			n.Owed, n.Approved = n.Owed+o.Owed, n.Approved+o.Approved
		}
		out[f.Form] = n
	}
	return out
}

// Count adds to a draft how far the month's forms are at an instant. It takes as long as looking through all filings, so it
// is done before the closing's transaction: that one sees whether the ledger changed since. Error: Stale
// "closing.ledger_moved" when it changed since the draft was taken.
func (d *Draft) Count(ctx context.Context, r db.Reader, lib *form.Library, at time.Time) error {
	if err := d.fits(ctx, r); err != nil {
		return fault.Wrap("vintage.Count", err)
	}
	list, err := filing.Progress(ctx, r, auth.Whole(d.City), lib, d.Month, period.DayOf(at))
	if err != nil {
		return fault.Wrap("vintage.Count", err)
	}
	d.complete, err = completeOf(list, lib)
	return fault.Wrap("vintage.Count", err)
}

// fits refuses a ledger that changed since the draft was taken.
func (d *Draft) fits(ctx context.Context, r db.Reader) error {
	sequence, err := audit.Seq(ctx, r, d.City)
	if err == nil && sequence != d.Sequence {
		err = fault.New(fault.Stale, "closing.ledger_moved", "period", d.Month.String())
	}
	return err
}

func completeOf(list []filing.OfficeProgress, lib *form.Library) (Complete, error) {
	out := Complete{Forms: []FormComplete{}}
	for _, p := range list {
		i := slices.IndexFunc(out.Forms, func(f FormComplete) bool { return f.Form == p.Form })
		if i < 0 {
			version, err := lib.Form(p.Form, p.Period)
			if err != nil {
				return out, err
			}
			i = len(out.Forms)
			out.Forms = append(out.Forms, FormComplete{Form: p.Form, Period: p.Period, Version: version.Version})
		}
		out.Forms[i].Offices = append(out.Forms[i].Offices, OfficeComplete{string(p.Org), p.Owed, p.Submitted, p.Approved, p.Timely})
	}
	slices.SortFunc(out.Forms, func(a, b FormComplete) int { return cmp.Compare(a.Form, b.Form) })
	for _, f := range out.Forms {
		slices.SortFunc(f.Offices, func(a, b OfficeComplete) int { return cmp.Compare(a.Org, b.Org) })
	}
	return out, nil
}
