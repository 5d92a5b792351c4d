package api

import (
	"context"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// filingReader gathers one filing's page.
type filingReader struct {
	a   *API
	ctx context.Context
	r   db.Reader
	s   auth.Scope
	d   desk
	ref filing.Ref
	out Filing
}

func (p *filingReader) filing(page Paging) (Filing, error) {
	fm, err := p.d.lib.Form(p.ref.Form, p.ref.Period)
	if err != nil {
		return Filing{}, err
	}
	f, _, err := filing.Get(p.ctx, p.r, p.s, p.ref)
	if err != nil {
		return Filing{}, err
	}
	records, next, err := filing.Records(p.ctx, p.r, p.s, p.ref, page.Cursor, page.Limit)
	if err != nil {
		return Filing{}, err
	}
	p.out = Filing{FilingRow: rowOf(f), Head: headOf(fm), Records: []FilingRecord{}, Next: next, Prefill: map[string]Prefilled{},
		Verdicts: []Verdict{}, Remarks: []FilingRemark{}, Differing: []DifferingFigure{}, Events: []FilingEvent{}}
	p.out.Can = p.d.can(f, fm)
	for _, rec := range records {
		p.out.Records = append(p.out.Records, p.record(rec))
	}
	for _, step := range []func() error{func() error { return p.names(f) }, func() error { return p.times(f, fm) }, p.beside, p.prefill,
		func() error { return p.verdicts(records) }, p.remarks, p.differing} {
		if err := step(); err != nil {
			return Filing{}, err
		}
	}
	return p.out, nil
}

func (p *filingReader) record(rec filing.Record) FilingRecord {
	return FilingRecord{rec.Key, rec.Version, p.shown(rec.Cells), string(rec.Nature), string(rec.Origin.Way)}
}

func (p *filingReader) shown(cells map[form.Code]string) map[string]string {
	out := map[string]string{}
	for code, text := range cells {
		out[code] = inUnits(p.d.lib, code, text)
	}
	return out
}

// names says what people call the subject and its org.
func (p *filingReader) names(f filing.Filing) error {
	orgs, err := org.All(p.ctx, p.r, p.a.City)
	for _, o := range orgs {
		if string(o.ID) == f.Org {
			p.out.OrgName, p.out.OrgNameEN = o.NameZH, o.NameEN
		}
		if f.Kind == form.OfOrg && string(o.ID) == f.Subject {
			p.out.SubjectName = o.NameZH
		}
	}
	if err != nil {
		return err
	}
	switch f.Kind {
	case form.OfEnterprise:
		e, err := enterprise.Get(p.ctx, p.r, p.s, enterprise.ID(f.Subject))
		p.out.SubjectName = e.Name
		return err
	case form.OfPark:
		d, err := park.Get(p.ctx, p.r, p.s, park.ID(f.Subject))
		p.out.SubjectName = d.Name
		return err
	default:
		return nil
	}
}

// times says when the filing is due, whether it is late, and what was done with it.
func (p *filingReader) times(f filing.Filing, fm *form.Form) error {
	events, err := filing.Events(p.ctx, p.r, p.s, p.ref)
	var first time.Time
	for _, e := range events {
		if e.Action == "submit" && first.IsZero() {
			first = e.At
		}
		p.out.Events = append(p.out.Events, FilingEvent{e.Action, e.Level, e.Reason, e.Actor, e.ActorOrg, instant(e.At)})
	}
	if err != nil || f.Period == "" {
		return err
	}
	per, err := period.Parse(f.Period)
	if err != nil {
		return err
	}
	_, due, _ := form.Owes(fm, per)
	p.out.Due = due.String()
	p.out.Late = due != 0 && (first.IsZero() && p.d.today > due || !first.IsZero() && period.DayOf(first) > due)
	changed, err := filing.Differs(p.ctx, p.r, p.s, p.ref)
	p.out.ChangedSinceApproval = len(changed) > 0
	return err
}

func (p *filingReader) beside() error {
	b, err := filing.Beside(p.ctx, p.r, p.s, p.d.lib, p.ref)
	p.out.Beside = FilingBeside{p.shown(b.Last), p.shown(b.YearAgo), b.LastPeriod, b.YearAgoPeriod}
	return err
}

func (p *filingReader) prefill() error {
	known, err := filing.Prefill(p.ctx, p.r, p.s, p.d.lib, p.ref)
	for code, v := range known.Fields {
		p.out.Prefill[code] = Prefilled{inUnits(p.d.lib, code, v.Canonical), v.From}
	}
	for _, rec := range known.Rows {
		p.out.Suggested = append(p.out.Suggested, p.record(rec))
	}
	return err
}

func (p *filingReader) verdicts(records []filing.Record) error {
	judged, err := filing.Judge(p.ctx, p.r, p.s, p.d.lib, p.ref, records)
	for _, j := range judged {
		v := Verdict{Key: j.Key, Rule: j.Rule, Severity: string(j.Severity), Fields: list(j.Fields), Message: sentence(p.ctx, j.Text), About: j.About, Trace: []VerdictStep{}}
		for _, s := range j.Trace {
			if s.Input != (rule.Input{}) && !s.Missing { // the values; what was made of them is the rule's business
				v.Trace = append(v.Trace, VerdictStep{s.Expr, s.Text})
			}
		}
		if j.Answer != nil {
			v.Answer = &VerdictAnswer{j.Answer.Reason, j.Answer.Actor, instant(j.Answer.At)}
		}
		p.out.Verdicts = append(p.out.Verdicts, v)
	}
	return err
}

func (p *filingReader) remarks() error {
	all, err := filing.Remarks(p.ctx, p.r, p.s, p.ref)
	for _, m := range all {
		p.out.Remarks = append(p.out.Remarks, FilingRemark{m.Key, m.Field, m.Text, m.Actor, instant(m.At)})
	}
	return err
}

func (p *filingReader) differing() error {
	month, err := period.Parse(p.ref.Period)
	if err != nil || p.ref.Kind != form.OfEnterprise || month.Kind() != period.KindMonth {
		return nil // a standing form, or one of another kind of subject
	}
	all, err := filing.Differings(p.ctx, p.r, p.s, enterprise.ID(p.ref.Subject), month.First())
	for _, f := range all {
		p.out.Differing = append(p.out.Differing, DifferingFigure{f.Field, figureOf(f)})
	}
	return err
}

// sentence is a text in the caller's language.
func sentence(ctx context.Context, t form.Text) string {
	if strings.HasPrefix(languageOf(ctx), rule.ZH) {
		return t.ZH
	}
	return t.EN
}
