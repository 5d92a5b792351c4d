package filing

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// desk is one act upon one filing: who acts, by which form, and the filing as it is now.
type desk struct {
	ctx    context.Context
	w      db.Writer
	act    org.Act
	form   *form.Form
	period period.Period // zero of a standing form
	f      Filing        // Version 0: nobody began
	was    int64         // f.Version when the act began
	chain  chain
	closed bool
}

// open reads what an act upon a filing needs and refuses one out of the actor's reach.
func open(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, ref Ref) (*desk, error) {
	d := &desk{ctx: ctx, w: w, act: act}
	if err := ref.check(); err != nil {
		return nil, err
	}
	var err error
	if d.form, err = lib.Form(ref.Form, ref.Period); err != nil {
		return nil, err
	}
	if d.period, err = periodOf(d.form, ref); err != nil {
		return nil, err
	}
	if d.f, err = find(ctx, w.Reader, act.Scope, ref); err != nil {
		return nil, err
	}
	if d.act.Scope.Enterprise == "" && !d.act.Scope.Within(d.f.OrgPath) {
		return nil, fault.New(fault.Denied, "filing.other_office", "org", d.f.Org)
	}
	d.was = d.f.Version
	if d.closed, err = closed(ctx, w.Reader, act.Scope.City, d.period); err != nil {
		return nil, err
	}
	d.chain, err = chainOf(ctx, w.Reader, act.Scope.City, d.form, d.f.OrgPath)
	return d, err
}

// periodOf checks that a form is filed for the filing's kind of subject and period.
func periodOf(f *form.Form, ref Ref) (period.Period, error) {
	if f.Subject != ref.Kind {
		return period.Period{}, fault.New(fault.Invalid, "filing.bad_subject", "kind", ref.Kind)
	}
	if f.Every == form.Standing || ref.Period == "" {
		if f.Every != form.Standing || ref.Period != "" {
			return period.Period{}, fault.New(fault.Invalid, "filing.not_asked", "form", f.Code, "period", ref.Period)
		}
		return period.Period{}, nil
	}
	p, err := period.Parse(ref.Period)
	if err == nil && !f.Asks(p) {
		err = fault.New(fault.Invalid, "filing.not_asked", "form", f.Code, "period", ref.Period)
	}
	return p, err
}

// closed says whether a month of the period is closed.
func closed(ctx context.Context, r db.Reader, city string, p period.Period) (bool, error) {
	if p.IsZero() {
		return false, nil
	}
	var n int64
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM vintage WHERE city = $1 AND (period = $2 OR period >= $3 AND period <= $4)`,
		city, p.String(), p.First().String(), p.Last().String()).Scan(&n)
	return n > 0, err
}

// own says whether the subject's own user acts: the enterprise's, or somebody at the very org that runs the park or that
// the filing is of.
func (d *desk) own() bool {
	if d.f.Kind == form.OfEnterprise {
		return d.act.Scope.Enterprise == d.f.Subject
	}
	return d.act.Scope.Path == d.f.OrgPath
}

// city says whether somebody of the city's root acts.
func (d *desk) city() bool { return d.act.Scope == auth.Whole(d.act.Scope.City) }

// mayChange refuses whoever must not change the filing, and when. reason is what he gave for changing a closed or locked one.
func (d *desk) mayChange(reason string) error {
	if d.f.Confirmed && !d.own() {
		return fault.New(fault.Denied, "filing.not_yours", "subject", d.f.Subject, "period", d.f.Period)
	}
	if err := d.inWindow(reason); err != nil {
		return err
	}
	if !d.closed {
		if reason == "" {
			return nil
		}
		return checkText("reason", reason)
	}
	if !d.own() && !d.city() {
		return fault.New(fault.Denied, "filing.closed", "period", d.f.Period)
	}
	if checkText("reason", reason) != nil {
		return fault.New(fault.Invalid, "filing.closed_no_reason", "period", d.f.Period)
	}
	return nil
}

// inWindow refuses days before the form opens and, unless the filing was reopened, after it locks: for one that was never
// handed in that is when its grace ends. The city office may file what is over all the same, with a reason: months of the
// time before the program, for instance.
func (d *desk) inWindow(reason string) error {
	if d.period.IsZero() {
		return nil
	}
	today := period.DayOf(d.act.At)
	opens, end := window(d.form, d.period, d.f)
	if today < opens {
		return fault.New(fault.Denied, "filing.not_open", "opens", opens.String())
	}
	if end == 0 || today <= end || d.f.Reopened || d.city() && checkText("reason", reason) == nil {
		return nil
	}
	return fault.New(fault.Denied, "filing.locked", "locks", end.String())
}

// window gives the first and the last day on which a filing may be changed; a zero last day never comes.
func window(f *form.Form, p period.Period, of Filing) (opens, end period.Date) {
	opens, _, end = form.Owes(f, p)
	if grace := f.Late(p); of.SubmittedAt.IsZero() && grace != 0 && (end == 0 || grace < end) {
		end = grace
	}
	return opens, end
}

// atVersion refuses an act by somebody who read another version, and says who changed the filing since.
func (d *desk) atVersion(version int64) error {
	if version == d.f.Version {
		return nil
	}
	who, err := d.lastActor()
	if err != nil {
		return err
	}
	return fault.New(fault.Stale, "filing.stale", "actor", who, "at", d.f.ChangedAt.In(period.Zone).Format("2006-01-02 15:04"), "version", d.f.Version)
}

// lastActor is who made the filing's present version.
func (d *desk) lastActor() (who string, err error) {
	if d.f.Version == 0 {
		return "", nil
	}
	args := append(d.f.args(d.act.Scope.City), d.f.Version)
	err = d.w.QueryRow(d.ctx, `SELECT recorder FROM filing_record WHERE `+ofRef+` AND filing_version = $6 ORDER BY row_key LIMIT 1`, args...).Scan(&who)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = d.w.QueryRow(d.ctx, `SELECT actor FROM filing_event WHERE `+ofRef+` AND filing_version <= $6 ORDER BY seq DESC LIMIT 1`, args...).Scan(&who)
	}
	return who, err
}

// put writes the filing with the next version; d.f holds what else changed.
func (d *desk) put() error {
	f := &d.f
	f.Version, f.FormVersion, f.ChangedAt = d.was+1, d.form.Version, d.act.At.UTC()
	var approved, submitted *int64
	var by *string
	if f.ApprovedVersion > 0 {
		approved = &f.ApprovedVersion
	}
	if !f.SubmittedAt.IsZero() {
		at := f.SubmittedAt.UnixMicro()
		submitted, by = &at, &f.SubmittedBy
	}
	confirmed := 0
	if f.Confirmed {
		confirmed = 1
	}
	args := append(f.args(d.act.Scope.City), f.FormVersion, string(f.State), f.Level, confirmed, f.Version, approved, submitted, by, f.ChangedAt.UnixMicro())
	if d.was == 0 {
		_, err := d.w.Exec(d.ctx, `INSERT INTO filing (city, subject_kind, subject, form, period, form_version, state, level, confirmed,
			version, approved_version, submitted_at, submitted_by, changed_at, org)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, append(args, f.Org)...)
		return err
	}
	n, err := d.w.Exec(d.ctx, `UPDATE filing SET form_version = $6, state = $7, level = $8, confirmed = $9, version = $10,
		approved_version = $11, submitted_at = $12, submitted_by = $13, changed_at = $14
		WHERE `+ofRef+` AND version = $15`, append(args, d.was)...)
	if err == nil && n != 1 {
		err = fault.New(fault.Stale, "row.stale", "version", d.was)
	}
	return err
}

// event notes what was done.
func (d *desk) event(action, reason string) error {
	city := d.act.Scope.City
	var seq int64
	if err := d.w.QueryRow(d.ctx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM filing_event WHERE `+ofRef, d.f.args(city)...).Scan(&seq); err != nil {
		return err
	}
	_, err := d.w.Exec(d.ctx, `INSERT INTO filing_event (city, subject_kind, subject, form, period, seq, action, level, filing_version,
			reason, actor, actor_org, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		append(d.f.args(city), seq, action, d.f.Level, d.f.Version, reason, d.act.Actor, d.actorOrg(), d.act.At.UnixMicro())...)
	return err
}

// actorOrg is the org for which the actor acts; empty of an enterprise's own user.
func (d *desk) actorOrg() string {
	if d.act.Scope.Enterprise != "" {
		return ""
	}
	return string(org.Leaf(d.act.Scope.Path))
}

// note writes the act's line into the audit trail.
func (d *desk) note(action string, detail map[string]any, touched ...audit.Touch) error {
	detail["version"], detail["state"] = d.f.Version, d.f.State
	_, err := audit.Append(d.ctx, d.w, audit.Entry{
		City: d.act.Scope.City, Actor: d.act.Actor, Action: "filing." + action, Kind: Kind, Entity: d.f.Ref.String(), At: d.act.At,
		Detail: detail, Touched: touched,
	})
	return err
}
