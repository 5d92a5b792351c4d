package filing

import (
	"context"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// String names the filing in audit lines: form/kind/subject/period, "-" for the period of a standing form.
func (r Ref) String() string {
	p := r.Period
	if p == "" {
		p = "-"
	}
	return r.Form + "/" + string(r.Kind) + "/" + r.Subject + "/" + p
}

// args are the arguments by which one statement names a filing, $1 to $5.
func (r Ref) args(city string) []any {
	return []any{city, string(r.Kind), r.Subject, r.Form, r.Period}
}

// ofRef is the condition that goes with args.
const ofRef = `city = $1 AND subject_kind = $2 AND subject = $3 AND form = $4 AND period = $5`

func (r Ref) check() error {
	if err := page.Clean(r.Subject, r.Form, r.Period); err != nil {
		return err
	}
	switch r.Kind {
	case form.OfEnterprise, form.OfPark, form.OfOrg:
	default:
		return fault.New(fault.Invalid, "filing.bad_subject", "kind", r.Kind)
	}
	if r.Period == "" {
		return nil
	}
	_, err := period.Parse(r.Period)
	return err
}

const filingColumns = `f.subject_kind, f.subject, f.form, f.period, f.org, o.path, f.form_version, f.state, f.level, f.confirmed, f.version,
	COALESCE(f.approved_version, 0), COALESCE(f.submitted_at, 0), COALESCE(f.submitted_by, ''), f.changed_at`

const filingTables = ` FROM filing f JOIN org o ON o.city = f.city AND o.id = f.org`

func scanFiling(s db.Scanner) (f Filing, err error) {
	var level, confirmed, submitted, changed int64
	err = s.Scan(&f.Kind, &f.Subject, &f.Form, &f.Period, &f.Org, &f.OrgPath, &f.FormVersion, &f.State, &level, &confirmed, &f.Version,
		&f.ApprovedVersion, &submitted, &f.SubmittedBy, &changed)
	f.Level, f.Confirmed, f.ChangedAt = int(level), confirmed == 1, time.UnixMicro(changed).UTC()
	if submitted != 0 {
		f.SubmittedAt = time.UnixMicro(submitted).UTC()
	}
	return f, err
}

// find gives a filing that the scope covers; one that nobody began is Owed and stands where its subject does.
func find(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) (Filing, error) {
	if err := ref.check(); err != nil {
		return Filing{}, err
	}
	if s.None() {
		return Filing{}, notFound(ref)
	}
	f, err := scanFiling(r.QueryRow(ctx, `SELECT `+filingColumns+filingTables+`
		WHERE f.city = $1 AND f.subject_kind = $2 AND f.subject = $3 AND f.form = $4 AND f.period = $5`, ref.args(s.City)...))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		f = Filing{Ref: ref, State: Owed}
		f.Org, f.OrgPath, err = standsAt(ctx, r, s.City, ref)
	}
	if err == nil && f.State != Owed {
		err = markReopened(ctx, r, s.City, []*Filing{&f})
	}
	if err != nil {
		return Filing{}, err
	}
	return f, visible(ctx, r, s, f)
}

// markReopened says of filings of one form and period whether they were reopened since they were approved.
func markReopened(ctx context.Context, r db.Reader, city string, filings []*Filing) error {
	for part := range slices.Chunk(filings, page.Chunk) {
		subjects := make([]string, len(part))
		for i, f := range part {
			subjects[i] = f.Subject
		}
		var w page.Where
		w.And("city = %s", city)
		w.And("subject_kind = %s", part[0].Kind)
		w.And("form = %s", part[0].Form)
		w.And("period = %s", part[0].Period)
		w.And("action = 'reopen'")
		page.AndIn(&w, "subject", subjects)
		at := map[string]int64{}
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var subject string
			var version int64
			err := s.Scan(&subject, &version)
			at[subject] = version
			return err
		}, `SELECT subject, MAX(filing_version) FROM filing_event`+w.SQL()+` GROUP BY subject ORDER BY subject`, w.Args()...)
		if err != nil {
			return err
		}
		for _, f := range part {
			f.Reopened = at[f.Subject] > f.ApprovedVersion
		}
	}
	return nil
}

func notFound(ref Ref) error {
	return fault.New(fault.NotFound, string(ref.Kind)+".not_found", "id", ref.Subject)
}

// visible refuses a filing that the scope does not cover. An office also sees those of enterprises that it sees.
func visible(ctx context.Context, r db.Reader, s auth.Scope, f Filing) error {
	switch {
	case s.Enterprise != "":
		if f.Kind != form.OfEnterprise || f.Subject != s.Enterprise {
			return notFound(f.Ref)
		}
		return nil
	case s.Within(f.OrgPath):
		return nil
	case f.Kind == form.OfEnterprise:
		_, err := enterprise.Get(ctx, r, s, enterprise.ID(f.Subject))
		return err
	default:
		return notFound(f.Ref)
	}
}

// standsAt gives the org at which a subject's filing counts: the subject's own, of an enterprise that of its home park in
// the period's last month.
func standsAt(ctx context.Context, r db.Reader, city string, ref Ref) (id, path string, err error) {
	const (
		ofOrg  = `SELECT o.id, o.path FROM org o WHERE o.city = $1 AND o.id = $2`
		ofPark = `SELECT o.id, o.path FROM park s JOIN org o ON o.city = s.city AND o.id = s.org WHERE s.city = $1 AND s.id = $2`
		ofFirm = `SELECT o.id, o.path FROM enterprise s JOIN org o ON o.city = s.city AND o.id = s.org WHERE s.city = $1 AND s.id = $2`
	)
	query := map[form.SubjectKind]string{form.OfOrg: ofOrg, form.OfPark: ofPark, form.OfEnterprise: ofFirm}[ref.Kind]
	err = r.QueryRow(ctx, query, city, ref.Subject).Scan(&id, &path)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = notFound(ref)
	}
	if err != nil || ref.Kind != form.OfEnterprise || ref.Period == "" {
		return id, path, err
	}
	home, ok, err := homeOf(ctx, r, city, ref)
	if err == nil && ok {
		return string(org.Leaf(home)), home, nil
	}
	return id, path, err
}

// homeOf gives the path of the org of an enterprise's home park.
func homeOf(ctx context.Context, r db.Reader, city string, ref Ref) (path string, ok bool, err error) {
	p, err := period.Parse(ref.Period)
	if err != nil {
		return "", false, err
	}
	rows, _, err := tenancy.List(ctx, r, auth.Whole(city), tenancy.Query{Enterprise: enterprise.ID(ref.Subject), Limit: page.Max})
	if err != nil {
		return "", false, err
	}
	all := make([]tenancy.Presence, len(rows))
	for i, t := range rows {
		all[i] = presence(t)
	}
	if i, ok := tenancy.Home(all, p.Last()); ok {
		return all[i].OrgPath, true, nil
	}
	return "", false, nil
}

func presence(t tenancy.Row) tenancy.Presence {
	p := tenancy.PanelRow{ID: t.ID, Park: t.Park, OrgPath: t.OrgPath}
	for _, s := range tenancy.Stages() {
		if e, ok := tenancy.Used(t.Entries, s); ok {
			p.Stages[s].Day = e.Day
		}
	}
	return p.Presence()
}
