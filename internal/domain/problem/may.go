package problem

import (
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Actor is who acts or looks.
type Actor struct {
	Username string
	Scope    auth.Scope
	May      bool // the role allows auth.ProblemEdit
}

// ActorOf makes an Actor of an account.
func ActorOf(u auth.User) Actor {
	return Actor{Username: u.Username, Scope: u.Scope(), May: u.May(auth.ProblemEdit)}
}

// office says whether the actor belongs to the office that owns a problem or to one above it.
func (a Actor) office(p Problem) bool {
	return a.Scope.Enterprise == "" && a.Scope.Within(p.OwnerPath)
}

// party says whether a problem is the actor's at all: of its owner, of the subject's officer, of the office that owns it and
// of those above.
func (a Actor) party(p Problem) bool {
	return a.May && a.Username != "" && (a.Username == p.Owner || a.Username == p.Officer || a.office(p))
}

// refused gives why an actor may not do an act; nil where it may. Errors: Denied "problem.not_yours", "problem.own_due",
// "problem.own_work"; Invalid "problem.wrong_state" (arguments act, state).
func (a Actor) refused(p Problem, act Act) error {
	switch {
	case !a.party(p):
		return fault.New(fault.Denied, "problem.not_yours")
	case !slices.Contains(follows[act], p.State):
		return fault.New(fault.Invalid, "problem.wrong_state", "act", string(act), "state", string(p.State))
	case (act == Assign || act == SetDue) && !a.office(p):
		return fault.New(fault.Denied, "problem.not_yours")
	case act == SetDue && p.Due != 0 && a.Username == p.Owner: // who works on it does not put its own day off
		return fault.New(fault.Denied, "problem.own_due")
	case act == Confirm && a.Username == p.SolvedBy: // four eyes
		return fault.New(fault.Denied, "problem.own_work")
	}
	return nil
}

// Can lists what an actor may do with a problem now, in the order of Acts; never nil. Escalate is left out once it
// was raised past all orgs above.
func (a Actor) Can(p Problem) []Act {
	out := []Act{}
	for _, act := range Acts() {
		if a.refused(p, act) == nil && (act != Escalate || p.Escalated < strings.Count(p.OwnerPath, ".")-1) {
			out = append(out, act)
		}
	}
	return out
}
