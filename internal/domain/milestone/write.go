package milestone

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// desk is one step under way.
type desk struct {
	*ledger
	ctx  context.Context
	w    db.Writer
	act  org.Act
	step Step
	next int64 // the subject's version after the step
}

// begin raises the subject's version, before anything is written: of several officers at once all but one wait here, lose the
// race and find another version when they run again. Were it an entry, PostgreSQL would call the meeting a duplicate key.
func (d *desk) begin() (err error) {
	d.next, err = d.raise(d.ctx, d.w)
	return err
}

// do reads the subject, asks that it is as the caller read it, and takes one step. It gives the subject's next version.
func do(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step, what Act,
	f func(*desk) (before, after []Entry, err error)) (int64, error) {
	if err := s.check(); err != nil {
		return 0, err
	}
	l, err := load(ctx, w.Reader, act.Scope, lib, ref, period.DayOf(act.At))
	if err != nil {
		return 0, err
	}
	if s.Version != l.head.Version {
		return 0, conflict(ctx, w.Reader, l.head, s, what)
	}
	d := &desk{ledger: l, ctx: ctx, w: w, act: act, step: s}
	before, after, err := f(d)
	if err != nil {
		return 0, err
	}
	detail := map[string]any{"version": d.next, "before": told(before), "after": told(after)}
	if s.hasReason() {
		detail["reason"] = s.Reason
	}
	if len(s.Stated) > 0 {
		detail["stated"] = s.Stated
	}
	if s.Day != 0 && len(after) == 0 {
		detail["day"] = s.Day.String()
	}
	kind := string(l.head.Kind)
	_, err = audit.Append(ctx, w, audit.Entry{City: l.head.City, Actor: act.Actor, Action: "milestone." + string(what), Kind: kind, Entity: l.head.ID, At: act.At,
		Detail: detail, Touched: []audit.Touch{{Kind: kind, ID: l.head.ID}}})
	return d.next, err
}

// told is entries as the trail keeps them.
func told(entries []Entry) []map[string]any {
	out := make([]map[string]any, len(entries))
	for i, e := range entries {
		out[i] = map[string]any{"stage": e.Stage, "way": e.Way, "seq": e.Seq, "day": e.Day.String(), "nature": e.Nature, "source": e.Source}
		if e.Reason != "" {
			out[i]["reason"] = e.Reason
		}
		if len(e.Evidence) > 0 {
			out[i]["evidence"] = e.Evidence
		}
	}
	return out
}

// Plan says for which day a stage is planned, or planned anew: then with a reason. It gives the subject's next version, as all
// steps do. A plan without a source is its recorder's own word.
//
// Errors of all steps: those of Get; Stale "milestone.changed" (actor, at, when, version) as a *Conflict; Invalid
// "text.too_long", "text.invalid", "figure.bad_nature", "milestone.too_much_evidence".
//
// Errors of Plan: Invalid "date.invalid", "lifecycle.unknown_stage", "milestone.no_replan_reason", "milestone.same_plan" (day);
// Denied "lifecycle.ended", "milestone.plan_entered" (stage).
func Plan(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, Planning, (*desk).plan)
	return version, fault.Wrap("milestone.Plan", err)
}

func (d *desk) plan() (before, after []Entry, err error) {
	if err := d.plannable(d.step.Stage); err != nil {
		return nil, nil, err
	}
	if err := tenancy.CheckDay(tenancy.Planned, d.step.Day, d.act.At); err != nil {
		return nil, nil, err
	}
	if was := latest(d.entries, d.step.Stage, tenancy.Planned); was != nil {
		switch {
		case was.Day == d.step.Day:
			return nil, nil, fault.New(fault.Invalid, "milestone.same_plan", "day", was.Day.String())
		case !d.step.hasReason():
			return nil, nil, fault.New(fault.Invalid, "milestone.no_replan_reason")
		}
		before = []Entry{*was}
	}
	if strings.TrimSpace(d.step.Source) == "" {
		d.step.Source = d.act.Actor
	}
	e, err := d.append(tenancy.Planned, figure.Declared, nil)
	return before, []Entry{e}, err
}

// plannable says whether a day may be planned for a stage, or why not.
func (l *ledger) plannable(stage string) error {
	if l.pack.Stage(stage) == nil {
		return fault.New(fault.Invalid, "lifecycle.unknown_stage", "stage", stage)
	}
	zh, en := l.name(stage)
	if used(l.entries, stage) != nil {
		return fault.New(fault.Denied, "milestone.plan_entered", "stage", zh, "stage_en", en)
	}
	if s := l.standing(); s.Ended != "" {
		return l.inWords(fault.New(fault.Denied, "lifecycle.ended", "stage", s.Ended), nil)
	}
	return nil
}

// Claim says that a stage was entered on a day, by who runs or uses the park or the project.
//
// Errors: those of all steps (see Plan); Invalid "date.invalid", "date.in_future", "milestone.no_source",
// "milestone.not_asked" (field) and what else is wrong with a stated fact,
// "lifecycle.unknown_stage"; NotFound "evidence.not_found"; Denied "milestone.evidence_withdrawn", "milestone.guard" (stage,
// text: what is missing) and those of the lifecycle's order: "lifecycle.ended", "lifecycle.suspended", "lifecycle.entered",
// "lifecycle.too_early", "lifecycle.excluded", "lifecycle.before", "lifecycle.behind".
func Claim(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step, more ...Facts) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, Claiming, func(d *desk) ([]Entry, []Entry, error) { return d.enter(tenancy.Claimed, more) })
	return version, fault.Wrap("milestone.Claim", err)
}

// Verify says that evidence bears out that a stage was entered on a day, whether somebody claimed it or not. Who may verify is
// the caller's to ask.
//
// Errors: as Claim; Invalid "milestone.no_evidence" unless a piece of the step's evidence is better than a statement; Denied
// "milestone.not_listed" for 纳统 of an enterprise that the statistics bureau does not have in its list.
func Verify(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step, more ...Facts) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, Verifying, func(d *desk) ([]Entry, []Entry, error) { return d.enter(tenancy.Verified, more) })
	return version, fault.Wrap("milestone.Verify", err)
}

// enter claims or verifies the step's stage.
func (d *desk) enter(way tenancy.Way, more []Facts) (before, after []Entry, err error) {
	stage := d.step.Stage
	if d.pack.Stage(stage) == nil {
		return nil, nil, fault.New(fault.Invalid, "lifecycle.unknown_stage", "stage", stage)
	}
	if err := tenancy.CheckDay(way, d.step.Day, d.act.At); err != nil {
		return nil, nil, err
	}
	if err := d.enterable(stage, way, d.step.Day, nil); err != nil && !guardOnly(err) { // before anything else is read
		return nil, nil, err
	}
	if err := d.prove(d.ctx, d.w.Reader, d.act.Scope, more); err != nil {
		return nil, nil, err
	}
	handed, err := d.handed()
	if err != nil {
		return nil, nil, err
	}
	if strings.TrimSpace(d.step.Source) == "" {
		b := best(handed)
		if b == nil {
			return nil, nil, fault.New(fault.Invalid, "milestone.no_source")
		}
		d.step.Source = b.Title
	}
	known := d.factsFor(stage, handed, d.step.Day)
	if err := d.state(known); err != nil {
		return nil, nil, err
	}
	if err := d.enterable(stage, way, d.step.Day, known); err != nil {
		return nil, nil, err
	}
	nature := figure.Declared
	if way == tenancy.Verified {
		nature = figure.Record
		if err := d.verifiable(stage, handed); err != nil {
			return nil, nil, err
		}
	}
	if was := used(d.entries, stage); was != nil {
		before = []Entry{*was}
	}
	e, err := d.append(way, nature, handed)
	return before, []Entry{e}, err
}

// append writes the step as an entry.
func (d *desk) append(way tenancy.Way, nature figure.Nature, handed []evidence.Evidence) (Entry, error) {
	if figure.Nature(d.head.Nature) == figure.Simulated {
		nature = figure.Simulated // what is made up stays marked as made up
	} else if d.step.Nature != "" {
		nature = d.step.Nature
	}
	e := Entry{Stage: d.step.Stage, Way: way, Seq: d.nextSeq(d.step.Stage, way), Day: d.step.Day, Nature: nature, Source: strings.TrimSpace(d.step.Source),
		Reason: strings.TrimSpace(d.step.Reason), Recorder: d.act.Actor, RecordedAt: d.act.At.UnixMicro()}
	for _, p := range handed {
		e.Evidence = append(e.Evidence, p.ID)
	}
	if err := d.begin(); err != nil {
		return Entry{}, err
	}
	return e, d.insert(d.ctx, d.w, e)
}
