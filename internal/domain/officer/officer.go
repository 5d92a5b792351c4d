package officer

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Officer is one appointment. The zero Officer is nobody's.
type Officer struct {
	Ref        subject.Ref
	Seq        int64  // 1, 2, … of the subject; the highest counts
	Username   string // empty: nobody from that day on
	Since      period.Date
	Reason     string
	Recorder   string
	RecordedAt int64 // µs since 1970
}

// New is an appointment to be made.
type New struct {
	Username string      // empty: nobody
	Since    period.Date // first day, not after the day of recording
	Reason   string
}

// maxReason bounds a reason, in characters.
const maxReason = 500

func (n New) check(act org.Act) error {
	switch {
	case strings.TrimSpace(n.Reason) == "":
		return fault.New(fault.Invalid, "officer.no_reason")
	case utf8.RuneCountInString(n.Reason) > maxReason:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxReason)
	}
	if err := page.Clean(n.Reason, n.Username); err != nil {
		return err
	}
	return tenancy.CheckDay(tenancy.Claimed, n.Since, act.At)
}

// Set says who answers for a subject from a day on. An office appoints its own people and those below it.
//
// Errors: NotFound "tenancy.not_found", "project.not_found"; Invalid "officer.no_reason", "officer.not_possible" (argument
// username: no account in use of an office or operator whose place covers the subject), "officer.same", "date.invalid",
// "date.in_future", "text.too_long", "text.invalid"; Denied "officer.above" for somebody of an office above the actor's.
func Set(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, n New) (Officer, error) {
	o, err := set(ctx, w, act, ref, n)
	return o, fault.Wrap("officer.Set", err)
}

func set(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, n New) (Officer, error) {
	head, err := subject.Get(ctx, w.Reader, act.Scope, ref)
	if err != nil {
		return Officer{}, err
	}
	if err := n.check(act); err != nil {
		return Officer{}, err
	}
	if err := possible(ctx, w.Reader, act.Scope, head, n.Username); err != nil {
		return Officer{}, err
	}
	was, err := Current(ctx, w.Reader, head.City, ref)
	if err != nil {
		return Officer{}, err
	}
	if was.Username == n.Username {
		return Officer{}, fault.New(fault.Invalid, "officer.same", "username", n.Username)
	}
	o := Officer{Ref: ref, Seq: was.Seq + 1, Username: n.Username, Since: n.Since, Reason: n.Reason, Recorder: act.Actor, RecordedAt: act.At.UnixMicro()}
	if _, err := w.Exec(ctx, `INSERT INTO officer (city, subject_kind, subject, seq, username, since, reason, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		head.City, ref.Kind, ref.ID, o.Seq, o.Username, o.Since, o.Reason, o.Recorder, o.RecordedAt); err != nil {
		return Officer{}, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: head.City, Actor: act.Actor, Action: "officer.set", Kind: string(ref.Kind), Entity: ref.ID, At: act.At,
		Detail: map[string]any{
			"before": map[string]any{"username": was.Username, "since": was.Since.String()},
			"after":  map[string]any{"username": o.Username, "since": o.Since.String(), "reason": o.Reason},
		},
		Touched: []audit.Touch{{Kind: string(ref.Kind), ID: ref.ID}},
	})
	return o, err
}

// possible asks whether the account can answer for the subject and the actor may say so.
func possible(ctx context.Context, r db.Reader, s auth.Scope, head subject.Head, username string) error {
	if username == "" {
		return nil
	}
	people, err := auth.People(ctx, r, head.City)
	if err != nil {
		return err
	}
	for _, p := range people {
		switch {
		case p.Username != username || !p.Covers(head.OrgPath):
			continue
		case !s.Within(p.OrgPath):
			return fault.New(fault.Denied, "officer.above", "username", username)
		}
		return nil
	}
	return fault.New(fault.Invalid, "officer.not_possible", "username", username)
}

const columns = `subject_kind, subject, seq, username, since, reason, recorder, recorded_at`

func scan(s db.Scanner) (o Officer, err error) {
	err = s.Scan(&o.Ref.Kind, &o.Ref.ID, &o.Seq, &o.Username, &o.Since, &o.Reason, &o.Recorder, &o.RecordedAt)
	return o, err
}

// Current gives who answers for a subject; the zero Officer where nobody was ever appointed. It knows no scope: ask
// subject.Get first.
func Current(ctx context.Context, r db.Reader, city string, ref subject.Ref) (Officer, error) {
	list, err := history(ctx, r, city, ref, 1)
	if err != nil || len(list) == 0 {
		return Officer{}, fault.Wrap("officer.Current", err)
	}
	return list[0], nil
}

// maxHistory bounds the appointments of one subject that are read.
const maxHistory = 500

// History gives the appointments of a subject, the latest first. It knows no scope, as Current.
func History(ctx context.Context, r db.Reader, city string, ref subject.Ref) ([]Officer, error) {
	list, err := history(ctx, r, city, ref, maxHistory)
	return list, fault.Wrap("officer.History", err)
}

func history(ctx context.Context, r db.Reader, city string, ref subject.Ref, limit int) ([]Officer, error) {
	return db.Collect(ctx, r, scan, `SELECT `+columns+` FROM officer WHERE city = $1 AND subject_kind = $2 AND subject = $3
		ORDER BY seq DESC LIMIT $4`, city, ref.Kind, ref.ID, limit)
}

// Latest gives who answers for each subject of a city that somebody answers for. It is a feed and knows no scope: who shows
// it does.
func Latest(ctx context.Context, r db.Reader, city string) (map[subject.Ref]string, error) {
	out := map[subject.Ref]string{}
	err := db.Each(ctx, r, func(s db.Scanner) error {
		var ref subject.Ref
		var username string
		err := s.Scan(&ref.Kind, &ref.ID, &username)
		out[ref] = username
		return err
	}, `SELECT f.subject_kind, f.subject, f.username FROM officer f
		WHERE f.city = $1 AND f.username <> '' AND NOT EXISTS (SELECT 1 FROM officer l WHERE l.city = f.city AND l.subject_kind = f.subject_kind
			AND l.subject = f.subject AND l.seq > f.seq) ORDER BY f.subject_kind, f.subject`, city)
	return out, fault.Wrap("officer.Latest", err)
}
