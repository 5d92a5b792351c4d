package vintage

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// chunkBytes bounds a row of a part: neither engine holds more of it in memory at once than one row.
const chunkBytes = 1 << 20

// maxReason bounds a reason, in characters.
const maxReason = 500

// Close makes the next vintage of a month from a draft. One audit line, which holds every digest.
//
// Errors: Denied "vintage.whole_city"; Invalid "closing.not_over" (the month has not ended), "closing.no_reason",
// "text.too_long", "text.invalid"; Stale "closing.ledger_moved" when the ledger changed since the draft: take it again;
// Exists "closing.no_difference" (arguments period and no) when the latest vintage of the month holds the same texts.
func Close(ctx context.Context, w db.Writer, act org.Act, d *Draft, reason string) (Vintage, error) {
	v, err := closeMonth(ctx, w, act, d, strings.TrimSpace(reason))
	return v, fault.Wrap("vintage.Close", err)
}

func closeMonth(ctx context.Context, w db.Writer, act org.Act, d *Draft, reason string) (Vintage, error) {
	if err := mayClose(act, d.City, d.Month, reason); err != nil {
		return Vintage{}, err
	}
	if err := d.fits(ctx, w.Reader); err != nil {
		return Vintage{}, err
	}
	last, err := newPart(Completeness, func(w io.Writer) error { return writeJSON(w, d.complete) })
	if err != nil {
		return Vintage{}, err
	}
	k := &Kept{Vintage: Vintage{City: d.City, Month: d.Month, No: 1, Sequence: d.Sequence, Reason: reason, Actor: act.Actor, At: act.At.UTC().Truncate(time.Microsecond)},
		parts: append(slices.Clone(d.parts), last)}
	k.Digest, k.Parts, k.Complete = digestOf(k.parts), digestsOf(k.parts), d.complete.counts()
	switch before, err := head(ctx, w.Reader, d.City, d.Month, 0); {
	case err == nil && before.Digest == k.Digest:
		return Vintage{}, fault.New(fault.Exists, "closing.no_difference", "period", d.Month.String(), "no", before.No)
	case err == nil:
		k.No = before.No + 1
	case fault.KindOf(err) != fault.NotFound:
		return Vintage{}, err
	}
	return k.Vintage, k.insert(ctx, w, act, "closing.make")
}

// mayClose refuses an act that cannot close the month.
func mayClose(act org.Act, city string, m period.Month, reason string) error {
	switch {
	case act.Scope.City != city || whole(act.Scope) != nil:
		return fault.New(fault.Denied, "vintage.whole_city")
	case m >= period.MonthAt(act.At.UTC()):
		return fault.New(fault.Invalid, "closing.not_over", "period", m.String())
	case reason == "":
		return fault.New(fault.Invalid, "closing.no_reason")
	case utf8.RuneCountInString(reason) > maxReason:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxReason)
	}
	return page.Clean(reason)
}

// insert writes the vintage with its parts and the audit line.
func (k *Kept) insert(ctx context.Context, w db.Writer, act org.Act, action string) error {
	if _, err := w.Exec(ctx, `INSERT INTO vintage (city, period, no, sequence, reason, actor, at, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.City, k.Month.String(), k.No, k.Sequence, k.Reason, k.Actor, k.At.UnixMicro(), k.Digest); err != nil {
		return err
	}
	stmt, err := w.Prepare(ctx, `INSERT INTO vintage_part (city, period, no, name, chunk, digest, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, p := range k.parts {
		chunk := int64(0)
		for bytes := range slices.Chunk(p.packed, chunkBytes) {
			if err := stmt.Exec(ctx, k.City, k.Month.String(), k.No, p.name, chunk, p.digest, bytes); err != nil {
				return err
			}
			chunk++
		}
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: k.City, Actor: act.Actor, Action: action, Kind: Noun, Entity: k.Name(), At: act.At,
		Detail: map[string]any{"period": k.Month.String(), "no": k.No, "reason": k.Reason, "actor": k.Actor, "digest": k.Digest, "parts": k.Parts}})
	return err
}
