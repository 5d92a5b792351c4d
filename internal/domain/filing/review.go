package filing

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Approve approves a filing for the level at which it waits: that of an office of the chain's kind whose part of the tree
// the filing is in. After the last level it is approved. Where several levels approve, nobody approves what he submitted
// himself.
//
// Errors: as Get; Stale "filing.stale"; Denied "filing.not_submitted", "filing.not_reviewer" (argument level),
// "filing.own_submission", "filing.other_office".
func Approve(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Step) (Filing, error) {
	f, err := step(ctx, w, act, lib, s, (*desk).approve)
	return f, fault.Wrap("filing.Approve", err)
}

func (d *desk) approve(s Step) error {
	at, err := d.review(s)
	if err != nil {
		return err
	}
	if d.f.SubmittedBy == d.act.Actor && d.chain.count() > 1 {
		return fault.New(fault.Denied, "filing.own_submission")
	}
	d.f.Level = d.chain.from(at + 1)
	if d.chain.done(d.f.Level) {
		d.f.State, d.f.ApprovedVersion = Approved, d.was+1
	}
	return d.done(approving, s.Reason)
}

// review refuses whoever is not asked to judge the filing now, and gives the level for which he is.
func (d *desk) review(s Step) (level int, err error) {
	if err := d.submitted(s.Version); err != nil {
		return 0, err
	}
	p := Party{scope: d.act.Scope, role: s.Role, actor: d.act.Actor}
	if p.kinds, err = kindsOf(d.ctx, d.w.Reader, d.act.Scope.City, d.act.Scope.Path); err != nil {
		return 0, err
	}
	level = d.chain.from(d.f.Level)
	if !p.reviews(d.f, d.chain) {
		waits := ""
		if level < len(d.chain.levels) {
			waits = string(d.chain.levels[level])
		}
		return 0, fault.New(fault.Denied, "filing.not_reviewer", "level", waits)
	}
	return level, nil
}

// Return gives a filing back to whoever files it, with the reason; all its levels approve anew. Errors: as Approve, without
// "filing.own_submission"; Invalid "filing.no_reason".
func Return(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Step) (Filing, error) {
	f, err := step(ctx, w, act, lib, s, (*desk).giveBack)
	return f, fault.Wrap("filing.Return", err)
}

func (d *desk) giveBack(s Step) error {
	if _, err := d.review(s); err != nil {
		return err
	}
	if err := checkText("reason", s.Reason); err != nil {
		return err
	}
	d.f.State, d.f.Level = Returned, 0
	return d.done(returning, s.Reason)
}

// Reopen lets a filing be changed again that is approved or whose days are over, until it is approved anew. It is the city
// office's act. It changes no figure, so a confirmed filing stays its enterprise's.
//
// Errors: as Get; Stale "filing.stale"; Denied "filing.not_city", "filing.submitted"; Invalid "filing.no_reason".
func Reopen(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Step) (Filing, error) {
	f, err := step(ctx, w, act, lib, s, (*desk).reopen)
	return f, fault.Wrap("filing.Reopen", err)
}

func (d *desk) reopen(s Step) error {
	if s.Role != auth.CityOffice || !d.city() {
		return fault.New(fault.Denied, "filing.not_city")
	}
	if err := d.atVersion(s.Version); err != nil {
		return err
	}
	if d.f.State == Submitted {
		return fault.New(fault.Denied, "filing.submitted", "actor", d.f.SubmittedBy)
	}
	if err := checkText("reason", s.Reason); err != nil {
		return err
	}
	d.f.State, d.f.Level = Draft, 0
	return d.done(reopening, s.Reason)
}

// Outcome is what became of one of many steps.
type Outcome struct {
	Ref     Ref
	Version int64 // after the step; 0 where it was refused
	Err     error // nil: done; else a fault as Approve gives it
}

// maxSteps bounds the filings that are approved together.
const maxSteps = 1000

// ApproveMany approves each filing that can be approved and says of each other why not; one that is refused hinders none.
// Errors: Invalid "filing.too_many"; those of the database.
func ApproveMany(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, steps []Step) ([]Outcome, error) {
	const op = "filing.ApproveMany"
	if len(steps) > maxSteps {
		return nil, fault.Wrap(op, fault.New(fault.Invalid, "filing.too_many", "limit", maxSteps))
	}
	out := make([]Outcome, len(steps))
	for i, s := range steps {
		out[i].Ref = s.Ref
		f, err := Approve(ctx, w, act, lib, s)
		switch fault.KindOf(err) {
		case fault.Internal, fault.Busy:
			if err != nil {
				return nil, fault.Wrap(op, err)
			}
		}
		out[i].Version, out[i].Err = f.Version, err
	}
	return out, nil
}
