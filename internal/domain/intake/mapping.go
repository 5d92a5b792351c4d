package intake

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Keep keeps a mapping for the office of an intake, under the fingerprint of the header that it is for. A later one replaces it.
func Keep(ctx context.Context, w db.Writer, act org.Act, in Intake, fingerprint, body string) error {
	if fingerprint == "" {
		return nil
	}
	_, err := w.Exec(ctx, `INSERT INTO intake_mapping (city, org, form, fingerprint, body, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (city, org, form, fingerprint) DO UPDATE SET body = excluded.body, actor = excluded.actor, at = excluded.at`,
		act.Scope.City, in.Org, in.Form, fingerprint, body, act.Actor, act.At.UnixMicro())
	return fault.Wrap("intake.Keep", err)
}

// Kept gives the mapping that the scope's office kept for a form and a header; "" when it kept none.
func Kept(ctx context.Context, r db.Reader, s auth.Scope, f form.Code, fingerprint string) (string, error) {
	at, err := orgOf(ctx, r, s, Target{})
	if err != nil {
		return "", fault.Wrap("intake.Kept", err)
	}
	var body string
	err = r.QueryRow(ctx, `SELECT body FROM intake_mapping WHERE city = $1 AND org = $2 AND form = $3 AND fingerprint = $4`,
		s.City, string(at), f, fingerprint).Scan(&body)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return body, fault.Wrap("intake.Kept", err)
}
