package problem

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Do appends an act to a problem and gives it as it stands then. Who may do what: its owner and the subject's officer say how
// it goes, raise it and report it solved; the office that owns it and those above also give it to others, set the day and
// confirm. Nobody moves the own due day or confirms the own work.
//
// Errors: NotFound "problem.not_found"; Stale "problem.changed" (arguments actor, at, time, version: who acted meanwhile and when); Denied
// "problem.not_yours", "problem.own_due", "problem.own_work"; Invalid "problem.bad_act", "problem.no_text",
// "problem.wrong_state", "problem.at_top", "problem.bad_office", "problem.bad_owner", "date.invalid", "text.too_long",
// "text.invalid".
func Do(ctx context.Context, w db.Writer, act org.Act, who Actor, s Step) (Problem, error) {
	p, err := do(ctx, w, act, who, s)
	return p, fault.Wrap("problem.Do", err)
}

func do(ctx context.Context, w db.Writer, act org.Act, who Actor, s Step) (Problem, error) {
	if err := s.check(); err != nil {
		return Problem{}, err
	}
	p, err := get(ctx, w.Reader, act.Scope, s.ID)
	if err != nil {
		return Problem{}, err
	}
	if p.Version != s.Version {
		at := time.UnixMicro(p.ChangedAt)
		return Problem{}, fault.New(fault.Stale, "problem.changed", "actor", p.ChangedBy, "at", at.UTC().Format(time.RFC3339),
			"time", at.In(period.Zone).Format("2006-01-02 15:04"), "version", p.Version)
	}
	if err := who.refused(p, s.Act); err != nil {
		return Problem{}, err
	}
	e, err := p.after(ctx, w.Reader, act, s)
	if err != nil {
		return Problem{}, err
	}
	if err := insert(ctx, w, p.City, p.ID, e); err != nil {
		return Problem{}, err
	}
	if _, err := w.Exec(ctx, `UPDATE problem SET version = $1 WHERE city = $2 AND id = $3`, e.Seq, p.City, p.ID); err != nil {
		return Problem{}, err
	}
	if err := p.trail(ctx, w, act, "problem."+string(s.Act), map[string]any{"before": p.last().facts(), "after": e.facts(), "text": s.Text}); err != nil {
		return Problem{}, err
	}
	return get(ctx, w.Reader, auth.Whole(p.City), s.ID) // the actor may have given it out of sight
}

// last is the event by which the problem stands.
func (p Problem) last() Event {
	return Event{Seq: p.Version, State: p.State, Owner: p.Owner, OwnerOrg: p.OwnerOrg, Due: p.Due, Actor: p.ChangedBy, At: p.ChangedAt}
}

// after makes the event of an act that is allowed.
func (p Problem) after(ctx context.Context, r db.Reader, act org.Act, s Step) (Event, error) {
	e := p.last()
	e.Seq, e.Act, e.Text, e.Actor, e.At = p.Version+1, s.Act, s.Text, act.Actor, act.At.UnixMicro()
	if state, moves := next[s.Act]; moves {
		e.State = state
	}
	switch s.Act {
	case Assign:
		e.Owner = s.Owner
		if s.OwnerOrg != "" {
			e.OwnerOrg = s.OwnerOrg
		}
		return e, given(ctx, r, act.Scope, p.OrgPath, e.OwnerOrg, e.Owner)
	case SetDue:
		e.Due = s.Due
	case Escalate:
		offices, err := org.All(ctx, r, p.City)
		if err != nil {
			return e, err
		}
		if p.Escalated >= len(Above(p.OwnerOrg, ByID(offices))) {
			return e, fault.New(fault.Invalid, "problem.at_top")
		}
	}
	return e, nil
}
