package filing

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Answer explains why a warning's values are right.
type Answer struct {
	Key    string // of the record
	Rule   string
	About  string // form.Verdict.About: the values that it explains
	Reason string
	Actor  string    // set when read
	At     time.Time // set when read
}

// Submission hands a filing in.
type Submission struct {
	Ref     Ref
	Version int64
	Answers []Answer
	Reason  string // needed where the period is closed
}

// Submit hands a filing in: it waits for the first office of its form's chain, or is approved where there is none, and its
// values that indicators read go to the ledger. By the subject's own user it is confirmed. A warning needs a reason that
// was given for these very values, now or before.
//
// Errors: as Save; Invalid "filing.empty", "filing.has_errors" (arguments count, key, rule), "filing.unanswered" (same), and
// "filing.no_reason" for an answer without one; Denied "filing.approved" where there is nothing to submit (of a form that nobody
// approves that is no error).
func Submit(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Submission) (Filing, error) {
	d, err := open(ctx, w, act, lib, s.Ref)
	if err == nil {
		err = d.submit(s)
	}
	if err != nil {
		return Filing{}, fault.Wrap("filing.Submit", err)
	}
	return d.f, nil
}

func (d *desk) submit(s Submission) error {
	if err := d.mayEdit(s.Reason); err != nil {
		return err
	}
	switch d.f.State {
	case Owed:
		return fault.New(fault.Invalid, "filing.empty")
	case Approved:
		if len(d.form.Chain) == 0 { // in force since it was saved
			return nil
		}
		return fault.New(fault.Denied, "filing.approved")
	}
	if err := d.atVersion(s.Version); err != nil {
		return err
	}
	answered, err := d.settle(s.Answers)
	if err != nil {
		return err
	}
	d.f.State, d.f.Level = Submitted, d.chain.from(0)
	d.f.Confirmed = d.f.Confirmed || d.f.Kind == form.OfEnterprise && d.own()
	d.f.SubmittedAt, d.f.SubmittedBy = d.act.At.UTC(), d.act.Actor
	if d.chain.done(0) {
		d.f.State, d.f.ApprovedVersion = Approved, d.was+1
	}
	if err := d.put(); err != nil {
		return err
	}
	if err := d.event(submitting, s.Reason); err != nil {
		return err
	}
	changes, touched, err := d.project()
	if err != nil {
		return err
	}
	detail := map[string]any{"answers": answered, "confirmed": d.f.Confirmed}
	if len(changes) > 0 {
		detail["ledger"] = changes
	}
	if s.Reason != "" {
		detail["reason"] = s.Reason
	}
	return d.note(submitting, detail, touched...)
}

// settle judges all records, writes the answers that explain a warning, and refuses the filing when an error or a warning
// without an answer is left. It says how many answers it wrote.
func (d *desk) settle(answers []Answer) (written int, err error) {
	given := map[[3]string]Answer{}
	for _, a := range answers {
		if err := checkText("reason", a.Reason); err != nil {
			return 0, err
		}
		given[[3]string{a.Key, a.Rule, a.About}] = a
	}
	judged, rows, err := judgeAll(d.ctx, d.w.Reader, d.act.Scope.City, d.form, d.period, d.f.Ref)
	if err != nil {
		return 0, err
	}
	if rows == 0 && !d.form.List {
		return 0, fault.New(fault.Invalid, "filing.empty")
	}
	var errs, open []Judged
	var use []Answer
	for _, j := range judged {
		a, ok := given[[3]string{j.Key, j.Rule, j.About}]
		switch {
		case j.Severity == rule.Error:
			errs = append(errs, j)
		case j.Severity == rule.Warning && ok:
			use = append(use, a)
		case j.Severity == rule.Warning && j.Answer == nil:
			open = append(open, j)
		}
	}
	if len(errs) > 0 {
		return 0, fault.New(fault.Invalid, "filing.has_errors", "count", len(errs), "key", errs[0].Key, "rule", errs[0].Rule)
	}
	if len(open) > 0 {
		return 0, fault.New(fault.Invalid, "filing.unanswered", "count", len(open), "key", open[0].Key, "rule", open[0].Rule)
	}
	for _, a := range use {
		if err := d.answer(a); err != nil {
			return 0, err
		}
	}
	return len(use), nil
}

func (d *desk) answer(a Answer) error {
	args := append(d.f.args(d.act.Scope.City), a.Key, a.Rule)
	var seq int64
	if err := d.w.QueryRow(d.ctx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM filing_answer WHERE `+ofRef+` AND row_key = $6 AND rule = $7`,
		args...).Scan(&seq); err != nil {
		return err
	}
	_, err := d.w.Exec(d.ctx, `INSERT INTO filing_answer (city, subject_kind, subject, form, period, row_key, rule, seq, about, reason, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, append(args, seq, a.About, a.Reason, d.act.Actor, d.act.At.UnixMicro())...)
	return err
}

// Step is one act upon a filing that was handed in.
type Step struct {
	Ref     Ref
	Version int64 // that the caller read
	Reason  string
	Role    auth.Role // of who acts
}

// step is what Recall, Approve, Return and Reopen have in common.
func step(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Step, do func(*desk, Step) error) (Filing, error) {
	if s.Reason != "" {
		if err := checkText("reason", s.Reason); err != nil {
			return Filing{}, err
		}
	}
	d, err := open(ctx, w, act, lib, s.Ref)
	if err == nil {
		err = do(d, s)
	}
	if err != nil {
		return Filing{}, err
	}
	return d.f, nil
}

// Recall takes a filing back to a draft before anybody approved it: by the enterprise's own user, or by the office that
// submitted it. What it brought to the ledger stays until it is submitted again.
//
// Errors: as Get; Stale "filing.stale"; Denied "filing.not_submitted", "filing.partly_approved", "filing.not_yours",
// "filing.locked", "filing.closed", "filing.other_office"; Invalid "filing.closed_no_reason".
func Recall(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s Step) (Filing, error) {
	f, err := step(ctx, w, act, lib, s, (*desk).recall)
	return f, fault.Wrap("filing.Recall", err)
}

func (d *desk) recall(s Step) error {
	if err := d.mayChange(s.Reason); err != nil {
		return err
	}
	if err := d.submitted(s.Version); err != nil {
		return err
	}
	if d.f.Level != d.chain.from(0) {
		return fault.New(fault.Denied, "filing.partly_approved")
	}
	filer, err := d.filer()
	if err != nil {
		return err
	}
	if !(d.f.Kind == form.OfEnterprise && d.own()) && filer != d.actorOrg() {
		return fault.New(fault.Denied, "filing.not_yours", "subject", d.f.Subject, "period", d.f.Period)
	}
	d.f.State, d.f.Level = Draft, 0
	return d.done(recalling, s.Reason)
}

// submitted refuses an act upon a filing that was not handed in, or that is not as the actor read it.
func (d *desk) submitted(version int64) error {
	if err := d.atVersion(version); err != nil {
		return err
	}
	if d.f.State != Submitted {
		return fault.New(fault.Denied, "filing.not_submitted", "state", d.f.State)
	}
	return nil
}

// filer is the org that handed the filing in; empty of an enterprise's own user.
func (d *desk) filer() (id string, err error) {
	err = d.w.QueryRow(d.ctx, `SELECT actor_org FROM filing_event WHERE `+ofRef+` AND action = 'submit' ORDER BY seq DESC LIMIT 1`,
		d.f.args(d.act.Scope.City)...).Scan(&id)
	return id, err
}

// done writes the filing, its event and the trail's line.
func (d *desk) done(action, reason string, touched ...audit.Touch) error {
	if err := d.put(); err != nil {
		return err
	}
	if err := d.event(action, reason); err != nil {
		return err
	}
	detail := map[string]any{"level": d.f.Level}
	if reason != "" {
		detail["reason"] = reason
	}
	return d.note(action, detail, touched...)
}
