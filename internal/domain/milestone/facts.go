package milestone

import (
	"context"
	"maps"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// facts are what guards ask about, by field; what is not in it is not known.
type facts = map[string]rule.Value

// Facts tells more facts of a subject by the fields of its lifecycle than the ledger of milestones knows: the attainment of
// promises, for instance. What it gives goes before what this package knows.
type Facts func(ctx context.Context, r db.Reader, s auth.Scope, h subject.Head, today period.Date) (map[string]rule.Value, error)

// learn gathers what is known of the subject whatever stage is asked about.
func (l *ledger) learn(ctx context.Context, r db.Reader, s auth.Scope, more []Facts) (facts, error) {
	known := facts{"relocated": rule.Is(l.head.Relocated)}
	if l.head.InvestmentFen != nil {
		known["investment"] = rule.Whole(*l.head.InvestmentFen)
	}
	if l.head.Enterprise != "" {
		var err error
		if l.listed, err = l.listedSince(ctx, r); err != nil {
			return nil, err
		}
		known["listed_since"] = rule.InMonth(l.listed)
		if known["electricity"], err = l.electricity(ctx, r, s); err != nil {
			return nil, err
		}
	}
	for _, f := range more {
		if f == nil {
			continue
		}
		told, err := f(ctx, r, s, l.head, l.today)
		if err != nil {
			return nil, err
		}
		maps.Copy(known, told)
	}
	return known, nil
}

// factsFor are the facts for one stage, with what is handed with a step and the day that it names (zero: not yet).
func (l *ledger) factsFor(stage string, handed []evidence.Evidence, day period.Date) facts {
	known := facts{}
	c, signed := l.counts(stage, handed), l.counts("signed", nil)
	if stage == "signed" {
		signed = c
	}
	known["permits"], known["records"], known["photos"] = rule.Whole(int64(c.Permits)), rule.Whole(int64(c.Records)), rule.Whole(int64(c.Photos))
	known["contract_signed"] = rule.Is(signed.Permits+signed.Records > 0)
	s := l.standing()
	producing := s.Entered("production")
	for _, d := range l.pack.Course().Deemed(s, l.today) {
		producing = producing || d.Stage == "production"
	}
	known["producing"] = rule.Is(producing)
	known["handed_over_day"] = rule.Day(s.Days["handed_over"])
	known["built_since"] = rule.Day(s.Days["started"])
	known["entering"] = rule.Day(day)
	maps.Copy(known, l.known)
	return known
}

// electricity is what the enterprise filed for the three months before the present one, in kWh, as far as they are known;
// missing where none is, and where the scope does not cover the enterprise. A month that nobody filed adds nothing: the guards
// ask whether there was any.
func (l *ledger) electricity(ctx context.Context, r db.Reader, s auth.Scope) (rule.Value, error) {
	now := l.today.Month()
	values, _, err := filing.Values(ctx, r, s, filing.Query{Enterprise: l.head.Enterprise, From: now - 3, To: now - 1,
		Fields: []filing.Field{filing.Electricity}})
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = nil
	}
	if err != nil || len(values) == 0 {
		return rule.Value{}, err
	}
	var sum int64
	for _, v := range values {
		sum += v.Value
	}
	return rule.Whole(sum), nil
}

// listedSince is the month since which the statistics bureau has the enterprise in its list; zero where it does not say so.
func (l *ledger) listedSince(ctx context.Context, r db.Reader) (period.Month, error) {
	facts, err := enrolment.Facts(ctx, r, l.head.City, l.head.Enterprise)
	return enrolment.ListedSince(facts, l.today), err
}

// verifiable refuses a verification without evidence that is better than a statement, and one of 纳统 that the bureau's list
// does not bear out.
func (l *ledger) verifiable(stage string, handed []evidence.Evidence) error {
	if b := best(handed); b == nil || b.Grade == evidence.Statement {
		return fault.New(fault.Invalid, "milestone.no_evidence")
	}
	if stage == tenancy.Enrolled.String() && l.listed == 0 {
		return fault.New(fault.Denied, "milestone.not_listed")
	}
	return nil
}
