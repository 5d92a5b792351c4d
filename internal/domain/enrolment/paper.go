package enrolment

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Sheet is one statement about a material of the check-list: whether it is there, how long it holds and where it lies. The
// latest of a material counts; earlier ones stay.
type Sheet struct {
	Enterprise enterprise.ID
	Code       string // Material.Code
	Seq        int64
	Have       bool
	Expires    period.Date // zero: as long as the material lasts
	Evidence   string      // id of the evidence that holds it; empty for none
	Issued     period.Date // of that evidence; zero where not known
	Source     string
	Recorder   string
	RecordedAt time.Time
}

// Put records a statement about a material of a pack.
//
// Errors: NotFound "enterprise.not_found", also for one that the scope does not cover; Invalid "enrolment.no_such_paper",
// "enrolment.no_source" (neither source nor evidence), "enrolment.bad_evidence" (none of this enterprise or of its tenancies,
// or withdrawn), "date.invalid", "text.too_long", "text.invalid".
func Put(ctx context.Context, w db.Writer, act org.Act, p *Pack, s Sheet) (Sheet, error) {
	const op = "enrolment.Put"
	if _, err := enterprise.Get(ctx, w.Reader, act.Scope, s.Enterprise); err != nil {
		return Sheet{}, fault.Wrap(op, err)
	}
	if err := s.check(p); err != nil {
		return Sheet{}, fault.Wrap(op, err)
	}
	if err := s.find(ctx, w.Reader, act.Scope.City); err != nil {
		return Sheet{}, fault.Wrap(op, err)
	}
	err := w.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM enrolment_paper WHERE city = $1 AND enterprise = $2 AND paper = $3`,
		act.Scope.City, string(s.Enterprise), s.Code).Scan(&s.Seq)
	if err != nil {
		return Sheet{}, fault.Wrap(op, err)
	}
	s.Recorder, s.RecordedAt = act.Actor, act.At.UTC()
	_, err = w.Exec(ctx, insertSheet, s.args(act.Scope.City)...)
	if err != nil {
		return Sheet{}, fault.Wrap(op, err)
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "enrolment.paper", Kind: Kind, Entity: string(s.Enterprise), At: act.At,
		Detail:  map[string]any{"paper": s.Code, "have": s.Have, "expires": s.Expires.String(), "evidence": s.Evidence, "source": s.Source},
		Touched: []audit.Touch{{Kind: Kind, ID: string(s.Enterprise)}}})
	return s, fault.Wrap(op, err)
}

const insertSheet = `INSERT INTO enrolment_paper (city, enterprise, paper, seq, have, expires, evidence, source, recorder, recorded_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

func (s *Sheet) args(city string) []any {
	return []any{city, string(s.Enterprise), s.Code, s.Seq, flag(s.Have), dateOrNull(s.Expires), textOrNull(s.Evidence), s.Source, s.Recorder, s.RecordedAt.UnixMicro()}
}

// PutMany records many first statements without evidence, in one audit line: a list that an office kept before, or a made-up
// city. Errors: those of Put; Exists for a material of which something was stated.
func PutMany(ctx context.Context, w db.Writer, act org.Act, p *Pack, sheets []Sheet) error {
	err := addMany(ctx, w, act, sheets, first[Sheet]{action: "enrolment.paper", insert: insertSheet,
		of: func(s Sheet) enterprise.ID { return s.Enterprise },
		args: func(s Sheet) ([]any, error) {
			s.Evidence = ""
			if err := s.check(p); err != nil {
				return nil, err
			}
			s.Seq, s.Recorder, s.RecordedAt = 1, act.Actor, act.At.UTC()
			return s.args(act.Scope.City), nil
		}})
	return fault.Wrap("enrolment.PutMany", err)
}

func (s *Sheet) check(p *Pack) error {
	s.Source = strings.TrimSpace(s.Source)
	if _, ok := p.Material(s.Code); !ok {
		return fault.New(fault.Invalid, "enrolment.no_such_paper", "paper", s.Code)
	}
	if again, err := period.ParseDate(s.Expires.String()); err != nil || again != s.Expires || s.Expires != 0 && s.Expires%100 == 0 {
		return fault.New(fault.Invalid, "date.invalid", "text", s.Expires.String())
	}
	if s.Source == "" && s.Evidence == "" {
		return fault.New(fault.Invalid, "enrolment.no_source")
	}
	if utf8.RuneCountInString(s.Source) > maxText {
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(s.Source, s.Evidence)
}

// find looks the evidence up: it belongs to the enterprise or to one of its tenancies and was not withdrawn.
func (s *Sheet) find(ctx context.Context, r db.Reader, city string) error {
	if s.Evidence == "" {
		return nil
	}
	var issued int64
	err := r.QueryRow(ctx, `SELECT COALESCE(v.issued, 0) FROM evidence v LEFT JOIN tenancy t ON v.subject_kind = 'tenancy' AND t.city = v.city AND t.id = v.subject
		WHERE v.city = $1 AND v.id = $2 AND v.withdrawn_at IS NULL AND (v.subject_kind = 'enterprise' AND v.subject = $3 OR t.enterprise = $4)`,
		city, s.Evidence, string(s.Enterprise), string(s.Enterprise)).Scan(&issued)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return fault.Because(err, fault.Invalid, "enrolment.bad_evidence", "id", s.Evidence)
	}
	s.Issued = period.Date(issued)
	return err
}

// Until is the last day on which a material holds: the day that was stated, else as many days as the pack says after the
// evidence was issued, or after the statement where no such day is known. Zero for one that does not end.
func (s Sheet) Until(m Material) period.Date {
	switch {
	case s.Expires != 0 || m.Lasts == 0:
		return s.Expires
	case s.Issued != 0 && s.Issued%100 != 0:
		return plus(s.Issued, m.Lasts)
	}
	return plus(period.DayOf(s.RecordedAt), m.Lasts)
}

// Material gives a material of the pack. ok is false for none.
func (p *Pack) Material(code string) (Material, bool) {
	for _, m := range p.Materials {
		if m.Code == code {
			return m, true
		}
	}
	return Material{}, false
}

// latest gives the statement that counts of each material. Those of a material come in the order of their seq.
func latest(all []Sheet) map[string]Sheet {
	out := map[string]Sheet{}
	for _, s := range all {
		out[s.Code] = s
	}
	return out
}

func dateOrNull(d period.Date) *int64 {
	if d == 0 {
		return nil
	}
	n := int64(d)
	return &n
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
