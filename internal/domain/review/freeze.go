package review

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Freeze keeps what was taken, for good, and gives the review's head. Errors: NotFound "org.not_found"; those of the database.
func Freeze(ctx context.Context, w db.Writer, act org.Act, t Taken) (Review, error) {
	v, err := freeze(ctx, w, act, t)
	return v, fault.Wrap("review.Freeze", err)
}

func freeze(ctx context.Context, w db.Writer, act org.Act, t Taken) (Review, error) {
	o, err := org.Get(ctx, w.Reader, act.Scope, t.Org)
	if err != nil {
		return Review{}, err
	}
	v := Review{City: o.City, ID: act.NewID(), Org: o.ID, OrgPath: o.Path, OrgName: o.NameZH, OrgNameEN: o.NameEN, Quarter: t.Quarter, Title: strings.TrimSpace(t.Title),
		Sequence: t.Sequence, Digest: t.Texts.Digest(), Actor: act.Actor, At: t.At.UnixMicro()}
	if _, err := w.Exec(ctx, `INSERT INTO review (city, id, org, quarter, title, sequence, body, digest, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		v.City, v.ID, v.Org, v.Quarter, v.Title, v.Sequence, t.Texts.stored(), v.Digest, v.Actor, v.At); err != nil {
		return Review{}, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: v.City, Actor: act.Actor, Action: "review.freeze", Kind: Noun, Entity: v.ID, At: act.At,
		Detail: map[string]any{"org": v.Org, "quarter": v.Quarter, "title": v.Title, "sequence": v.Sequence, "digest": v.Digest}, Touched: []audit.Touch{{Kind: Noun, ID: v.ID}}})
	return v, err
}
