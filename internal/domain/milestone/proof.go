package milestone

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Counts is how much live evidence there is, by grade.
type Counts struct{ Permits, Records, Photos, Statements int }

func (c *Counts) add(g evidence.Grade) {
	switch g {
	case evidence.Permit:
		c.Permits++
	case evidence.Record:
		c.Records++
	case evidence.Photo:
		c.Photos++
	case evidence.Statement:
		c.Statements++
	}
}

// prove reads the evidence and the facts that guards ask about.
func (l *ledger) prove(ctx context.Context, r db.Reader, s auth.Scope, more []Facts) error {
	err := l.gather(ctx, r, s)
	if err == nil {
		l.known, err = l.learn(ctx, r, s, more)
	}
	return err
}

// gather reads the subject's evidence, and what of its enterprise's its entries rest on.
func (l *ledger) gather(ctx context.Context, r db.Reader, s auth.Scope) (err error) {
	if l.papers, err = evidence.List(ctx, r, s, l.head.Ref); err != nil {
		return err
	}
	for _, e := range l.said() {
		for _, id := range e.Evidence {
			if err := l.borrow(ctx, r, s, id); err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
		}
	}
	return nil
}

// said are all entries, also those that were taken back.
func (l *ledger) said() []Entry {
	out := slices.Clone(l.entries)
	for _, v := range l.voids {
		out = append(out, v.Entry)
	}
	return out
}

// borrow adds a piece of evidence of the subject's enterprise to those that steps may name. Error: NotFound "evidence.not_found",
// also for one of another subject.
func (l *ledger) borrow(ctx context.Context, r db.Reader, s auth.Scope, id string) error {
	if l.paper(id) != nil {
		return nil
	}
	e, err := evidence.Get(ctx, r, s, id)
	if err != nil {
		return err
	}
	if e.Ref.Kind != evidence.OfEnterprise || e.Ref.ID != string(l.head.Enterprise) {
		return fault.New(fault.NotFound, "evidence.not_found", "id", id)
	}
	l.borrowed = append(l.borrowed, e)
	return nil
}

// paper finds a piece of evidence that steps may name; nil for none.
func (l *ledger) paper(id string) *evidence.Evidence {
	for _, list := range [][]evidence.Evidence{l.papers, l.borrowed} {
		if i := slices.IndexFunc(list, func(e evidence.Evidence) bool { return e.ID == id }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// counts are the live papers of a stage, and those handed with a step for it, each once.
func (l *ledger) counts(stage string, handed []evidence.Evidence) (c Counts) {
	for _, e := range handed {
		c.add(e.Grade)
	}
	for _, e := range l.papers {
		if e.Stage == stage && e.Live() && !slices.ContainsFunc(handed, func(h evidence.Evidence) bool { return h.ID == e.ID }) {
			c.add(e.Grade)
		}
	}
	return c
}

// handed finds the evidence that a step names, of the subject or of its enterprise, each piece once. Errors: NotFound
// "evidence.not_found" (id); Denied "milestone.evidence_withdrawn" (title).
func (d *desk) handed() (out []evidence.Evidence, err error) {
	ids := slices.Clone(d.step.Evidence)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if err := d.borrow(d.ctx, d.w.Reader, d.act.Scope, id); err != nil {
			return nil, err
		}
		e := d.paper(id)
		if !e.Live() {
			return nil, fault.New(fault.Denied, "milestone.evidence_withdrawn", "title", e.Title)
		}
		out = append(out, *e)
	}
	return out, nil
}

// best is the first piece of evidence of the best grade; nil without evidence.
func best(list []evidence.Evidence) *evidence.Evidence {
	for _, g := range evidence.Grades() {
		if i := slices.IndexFunc(list, func(e evidence.Evidence) bool { return e.Grade == g }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}
