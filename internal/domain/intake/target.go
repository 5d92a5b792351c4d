package intake

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

func (t Target) ref(subject string) filing.Ref {
	return filing.Ref{Kind: t.Kind, Subject: subject, Form: t.Form, Period: t.Period}
}

// Resolve completes a target and checks it against the form and the scope: a standing form has no period and another one has
// one of its rhythm; a list has one subject, which for an office's list is the scope's own org where none is named.
//
// Errors: Invalid "intake.period" (argument form), "intake.subject"; NotFound "form.not_found" and that of the subject.
func Resolve(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, t Target) (Target, *form.Form, error) {
	f, err := lib.Form(t.Form, t.Period)
	if err != nil {
		return t, nil, fault.Wrap("intake.Resolve", err)
	}
	t.Kind = f.Subject
	if err := fits(f, t.Period); err != nil {
		return t, nil, fault.Wrap("intake.Resolve", err)
	}
	switch {
	case t.Subject == "" && t.Kind == form.OfEnterprise && s.Enterprise != "":
		t.Subject = s.Enterprise
	case t.Subject == "" && t.Kind == form.OfOrg && s.Enterprise == "":
		t.Subject = string(org.Leaf(s.Path))
	case t.Subject == "" && f.List:
		return t, nil, fault.New(fault.Invalid, "intake.subject", "form", f.Name.ZH, "form_en", f.Name.EN)
	}
	if t.Subject != "" {
		_, _, err = subjectOf(ctx, r, s, t.Kind, t.Subject)
	}
	return t, f, fault.Wrap("intake.Resolve", err)
}

func fits(f *form.Form, text string) error {
	bad := fault.New(fault.Invalid, "intake.period", "form", f.Name.ZH, "form_en", f.Name.EN, "period", text)
	if f.Every == form.Standing {
		if text != "" {
			return bad
		}
		return nil
	}
	p, err := period.Parse(text)
	if err != nil {
		return bad
	}
	months := map[form.Every]int{form.Month: 1, form.Quarter: 3, form.Year: 12}[f.Every]
	if p.String() != text || len(p.Months()) != months {
		return bad
	}
	return nil
}

// subjectOf gives the name of a subject that the scope covers and the org that it counts to.
func subjectOf(ctx context.Context, r db.Reader, s auth.Scope, kind form.SubjectKind, id string) (name string, at org.ID, err error) {
	switch kind {
	case form.OfEnterprise:
		d, err := enterprise.Get(ctx, r, s, enterprise.ID(id))
		return d.Name, d.Org, err
	case form.OfPark:
		d, err := park.Get(ctx, r, s, park.ID(id))
		return d.Name, d.Org, err
	default:
		o, err := org.Get(ctx, r, s, org.ID(id))
		return o.NameZH, o.ID, err
	}
}

// subjects finds the enterprise or the park that a row names.
type subjects struct {
	kind   form.SubjectKind
	byCode map[string]subject
	byName map[string][]subject // folded
}

type subject struct{ id, name string }

func readSubjects(ctx context.Context, r db.Reader, s auth.Scope, kind form.SubjectKind) (*subjects, error) {
	out := &subjects{kind: kind, byCode: map[string]subject{}, byName: map[string][]subject{}}
	if kind == form.OfPark {
		return out, out.readParks(ctx, r, s)
	}
	visible, err := enterprise.Visible(ctx, r, s)
	if err != nil {
		return nil, err
	}
	return out, enterprise.EachFacts(ctx, r, s.City, nil, func(f *enterprise.Facts) error {
		if visible[f.ID] {
			one := subject{string(f.ID), f.Name}
			out.byCode[string(f.USCC)], out.byCode[string(f.ID)] = one, one
			out.byName[org.Fold(f.Name)] = append(out.byName[org.Fold(f.Name)], one)
		}
		return nil
	})
}

func (s *subjects) readParks(ctx context.Context, r db.Reader, scope auth.Scope) error {
	q := park.Query{Limit: park.MaxLimit}
	for {
		rows, next, err := park.List(ctx, r, scope, q)
		if err != nil {
			return err
		}
		for _, p := range rows {
			one := subject{string(p.ID), p.Name}
			s.byCode[string(p.ID)] = one
			s.byName[org.Fold(p.Name)] = append(s.byName[org.Fold(p.Name)], one)
		}
		if next == "" {
			return nil
		}
		q.After = next
	}
}

// find gives the subject that a code or a name names. The code decides, and may be an exact name where there is no column of
// names; a name that two bear finds nothing.
func (s *subjects) find(code, name string) (subject, *Trouble) {
	code = strings.ToUpper(code)
	if one, ok := s.byCode[code]; ok && code != "" {
		return one, nil
	}
	if code != "" && name == "" && len(s.byName[org.Fold(code)]) > 0 {
		code, name = "", code
	}
	if code != "" {
		return subject{}, &Trouble{"intake.unknown_code", map[string]any{"text": code}}
	}
	switch found := s.byName[org.Fold(name)]; {
	case name == "":
		return subject{}, &Trouble{"intake.no_subject", nil}
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return subject{}, &Trouble{"intake.ambiguous_name", map[string]any{"text": name, "count": len(found)}}
	default:
		return subject{}, &Trouble{"intake.unknown_name", map[string]any{"text": name}}
	}
}

// NameOf is the name of a target's subject, as far as the scope covers it. Error kind NotFound.
func NameOf(ctx context.Context, r db.Reader, s auth.Scope, t Target) (string, error) {
	name, _, err := subjectOf(ctx, r, s, t.Kind, t.Subject)
	return name, fault.Wrap("intake.NameOf", err)
}
