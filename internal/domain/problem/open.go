package problem

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Open puts a problem on the list of something that the scope covers.
//
// Errors: NotFound "tenancy.not_found", "project.not_found", "park.not_found"; Invalid "problem.bad_kind",
// "problem.no_title", "problem.bad_office" (argument org: neither the subject's org nor above or below it),
// "problem.bad_owner" (argument username: no account in use at that office, or one above the actor's own), "date.invalid",
// "text.too_long", "text.invalid".
func Open(ctx context.Context, w db.Writer, act org.Act, n New) (Problem, error) {
	p, err := open(ctx, w, act, n)
	return p, fault.Wrap("problem.Open", err)
}

func open(ctx context.Context, w db.Writer, act org.Act, n New) (Problem, error) {
	if err := n.check(); err != nil {
		return Problem{}, err
	}
	at, path, err := place(ctx, w.Reader, act.Scope, n.Kind, n.Subject)
	if err != nil {
		return Problem{}, err
	}
	first := Event{Seq: 1, Act: Begin, State: Opened, Owner: n.Owner, OwnerOrg: n.OwnerOrg, Due: n.Due, Actor: act.Actor, At: act.At.UnixMicro()}
	if first.OwnerOrg == "" {
		first.OwnerOrg = at
	}
	if err := given(ctx, w.Reader, act.Scope, path, first.OwnerOrg, n.Owner); err != nil {
		return Problem{}, err
	}
	id := act.NewID()
	if _, err := w.Exec(ctx, `INSERT INTO problem (city, id, subject_kind, subject, org, review, title, body, version, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)`,
		act.Scope.City, id, n.Kind, n.Subject, at, orNull(n.Review), strings.TrimSpace(n.Title), n.Body, act.Actor, first.At); err != nil {
		return Problem{}, err
	}
	if err := insert(ctx, w, act.Scope.City, id, first); err != nil {
		return Problem{}, err
	}
	p, err := get(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return Problem{}, err
	}
	return p, p.trail(ctx, w, act, "problem.open", map[string]any{"after": map[string]any{
		"kind": p.Kind, "subject": p.Subject, "org": p.Org, "title": p.Title, "review": p.Review, "stands": first.facts()}})
}

// place gives the org of what a problem is about.
func place(ctx context.Context, r db.Reader, s auth.Scope, kind, id string) (at org.ID, path string, err error) {
	if kind == OfPark {
		d, err := park.Get(ctx, r, s, park.ID(id))
		return d.Org, d.OrgPath, err
	}
	head, err := subject.Get(ctx, r, s, subject.Ref{Kind: subject.Kind(kind), ID: id})
	return head.Org, head.OrgPath, err
}

// given asks whether a problem of something at path can be an office's and a person's. The office lies on the way from the
// city to the subject or below it; the person works there and is not above the actor.
func given(ctx context.Context, r db.Reader, s auth.Scope, path string, office org.ID, owner string) error {
	o, err := org.Get(ctx, r, auth.Whole(s.City), office)
	if fault.KindOf(err) == fault.NotFound && err != nil || err == nil && !org.Inside(path, o.Path) && !org.Inside(o.Path, path) {
		return fault.New(fault.Invalid, "problem.bad_office", "org", string(office))
	}
	if err != nil || owner == "" {
		return err
	}
	people, err := auth.People(ctx, r, s.City)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Username == owner && p.Org == string(office) && s.Within(p.OrgPath) {
			return nil
		}
	}
	return fault.New(fault.Invalid, "problem.bad_owner", "username", owner)
}

func insert(ctx context.Context, w db.Writer, city, id string, e Event) error {
	_, err := w.Exec(ctx, `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, due, text, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		city, id, e.Seq, e.Act, e.State, e.Owner, e.OwnerOrg, dayOrNull(e.Due), e.Text, e.Actor, e.At)
	return err
}

func (e Event) facts() map[string]any {
	return map[string]any{"state": e.State, "owner": e.Owner, "owner_org": e.OwnerOrg, "due": e.Due.String()}
}

// trail writes the audit line. A tenancy's or project's pictures show its open problems, so it is touched as well.
func (p Problem) trail(ctx context.Context, w db.Writer, act org.Act, action string, detail map[string]any) error {
	touched := []audit.Touch{{Kind: Noun, ID: p.ID}}
	if p.Kind != OfPark {
		touched = append(touched, audit.Touch{Kind: p.Kind, ID: p.Subject})
	}
	_, err := audit.Append(ctx, w, audit.Entry{City: p.City, Actor: act.Actor, Action: action, Kind: Noun, Entity: p.ID, At: act.At, Detail: detail, Touched: touched})
	return err
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func dayOrNull(d period.Date) *int64 {
	if d == 0 {
		return nil
	}
	n := int64(d)
	return &n
}
