package evidence

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Add keeps evidence for a subject that the scope covers, with its file, and gives it as stored. One audit line; the subject's
// version stays.
//
// Errors: NotFound as List; Invalid "subject.bad_kind", "tenancy.bad_stage", "evidence.bad_grade", "evidence.no_title",
// "evidence.no_number" (a permit or record needs a number or a file), "evidence.no_picture" (a photo needs a picture),
// "evidence.expires_before", "evidence.too_many" (argument limit), "date.invalid", "date.in_future", "text.too_long",
// "text.invalid"; Exists "evidence.twice_here" (argument title) for a file that proves this very stage already.
func Add(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, n New) (Evidence, error) {
	e, err := add(ctx, w, act, ref, n.trimmed())
	return e, fault.Wrap("evidence.Add", err)
}

func add(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, n New) (Evidence, error) {
	if err := exists(ctx, w.Reader, act.Scope, ref); err != nil {
		return Evidence{}, err
	}
	if err := n.check(ref, act.At); err != nil {
		return Evidence{}, err
	}
	if err := room(ctx, w.Reader, act.Scope.City, ref, n); err != nil {
		return Evidence{}, err
	}
	var digest *string
	var facts blob.Facts
	if n.File != nil {
		b, err := blob.Put(ctx, w, act.Scope.City, n.File, act.At)
		if err != nil {
			return Evidence{}, err
		}
		digest, facts = &b.Digest, n.File.Facts
	}
	id := act.NewID()
	_, err := w.Exec(ctx, `INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, issued, expires, file_name, digest, taken_at, latitude, longitude,
		note, recorder, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		act.Scope.City, id, ref.Kind, ref.ID, n.Stage, n.Grade, n.Title, n.Number, orNull(n.Issued), orNull(n.Expires), n.FileName, digest, facts.TakenAt, facts.Latitude, facts.Longitude,
		n.Note, act.Actor, act.At.UnixMicro())
	if err != nil {
		return Evidence{}, err
	}
	e, err := Get(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return Evidence{}, err
	}
	return e, record(ctx, w, act, "evidence.add", e, map[string]any{"after": said(e)})
}

// room refuses one piece too many, and a file that the stage has already: twice the same photo would count as two.
func room(ctx context.Context, r db.Reader, city string, ref subject.Ref, n New) error {
	var count int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM evidence WHERE city = $1 AND subject_kind = $2 AND subject = $3`, city, ref.Kind, ref.ID).Scan(&count)
	if err != nil {
		return err
	}
	if count >= maxPerSubject {
		return fault.New(fault.Invalid, "evidence.too_many", "limit", maxPerSubject)
	}
	if n.File == nil {
		return nil
	}
	var title string
	err = r.QueryRow(ctx, `SELECT title FROM evidence WHERE city = $1 AND subject_kind = $2 AND subject = $3 AND stage = $4 AND digest = $5 AND withdrawn_at IS NULL
		ORDER BY id LIMIT 1`, city, ref.Kind, ref.ID, n.Stage, n.File.Digest).Scan(&title)
	switch {
	case err == nil:
		return fault.New(fault.Exists, "evidence.twice_here", "title", title)
	case fault.KindOf(err) == fault.NotFound:
		return nil
	}
	return err
}

func orNull(d period.Date) *period.Date {
	if d == 0 {
		return nil
	}
	return &d
}

// said is what the trail keeps of evidence; where and when a photo was taken is not in it, as not everybody who reads the trail
// may see that.
func said(e Evidence) map[string]any {
	return map[string]any{"evidence": e.ID, "stage": e.Stage, "grade": e.Grade, "title": e.Title, "number": e.Number, "issued": e.Issued.String(),
		"expires": e.Expires.String(), "file": e.FileName, "digest": e.Digest, "note": e.Note}
}

// record writes the line, which is the subject's. No figure is derived from evidence: the subject itself is not touched.
func record(ctx context.Context, w db.Writer, act org.Act, action string, e Evidence, detail map[string]any) error {
	_, err := audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: action, Kind: string(e.Ref.Kind), Entity: e.Ref.ID, At: act.At, Detail: detail,
		Touched: []audit.Touch{{Kind: Noun, ID: e.ID}}})
	return err
}

// Withdraw says that evidence counts no more, and why; it stays in the history. It gives the evidence as stored.
//
// Errors: NotFound "evidence.not_found"; Invalid "evidence.no_reason", "text.too_long", "text.invalid"; Stale
// "evidence.withdrawn" (argument by) for what is withdrawn already, "evidence.in_use" while something rests on it.
func Withdraw(ctx context.Context, w db.Writer, act org.Act, id ID, reason string) (Evidence, error) {
	e, err := withdraw(ctx, w, act, id, strings.TrimSpace(reason))
	return e, fault.Wrap("evidence.Withdraw", err)
}

func withdraw(ctx context.Context, w db.Writer, act org.Act, id ID, reason string) (Evidence, error) {
	e, err := Get(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return Evidence{}, err
	}
	switch {
	case !e.Live():
		return Evidence{}, fault.New(fault.Stale, "evidence.withdrawn", "by", e.Withdrawn.By)
	case e.Used:
		return Evidence{}, fault.New(fault.Stale, "evidence.in_use", "title", e.Title)
	case reason == "":
		return Evidence{}, fault.New(fault.Invalid, "evidence.no_reason")
	case utf8.RuneCountInString(reason) > maxReason:
		return Evidence{}, fault.New(fault.Invalid, "text.too_long", "limit", maxReason)
	}
	if err := page.Clean(reason); err != nil {
		return Evidence{}, err
	}
	_, err = w.Exec(ctx, `UPDATE evidence SET withdrawn_reason = $1, withdrawn_by = $2, withdrawn_at = $3 WHERE city = $4 AND id = $5 AND withdrawn_at IS NULL`,
		reason, act.Actor, act.At.UnixMicro(), act.Scope.City, id)
	if err != nil {
		return Evidence{}, err
	}
	e.Withdrawn = &Withdrawal{Reason: reason, By: act.Actor, At: act.At.UnixMicro()}
	return e, record(ctx, w, act, "evidence.withdraw", e, map[string]any{"before": said(e), "reason": reason})
}
