package pipeline

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Noun is the name of a baseline in audit lines.
const Noun = "baseline"

// Baseline (基准计划) names a moment: the plan of that moment is what had been recorded by then. It holds no plan of its own,
// since nothing that was planned is ever overwritten.
type Baseline struct {
	ID      string
	Org     org.ID
	OrgPath string
	Name    string
	Moment  time.Time
	Actor   string
	At      time.Time
}

// maxBaselines bounds a list.
const maxBaselines = 1000

// Baselines lists the named moments that concern a scope, at and below an org (empty: all of it): those of its own orgs and of
// the ones above, the latest moment first. An enterprise's scope has none.
func Baselines(ctx context.Context, r db.Reader, s auth.Scope, below string) ([]Baseline, error) {
	in := org.Reach(s, below)
	if in.None() {
		return nil, nil
	}
	from, to := in.Range()
	var w page.Where
	w.And("b.city = %s", in.City)
	above := ancestors(in.Path)
	args := make([]string, len(above))
	conditions := []any{from, to}
	for i, path := range above {
		args[i] = "%s"
		conditions = append(conditions, path)
	}
	w.And("o.path >= %s AND o.path < %s OR o.path IN ("+strings.Join(args, ", ")+")", conditions...)
	limit := w.Arg(maxBaselines)
	out, err := db.Collect(ctx, r, scanBaseline, selectBaseline+w.SQL()+` ORDER BY b.moment DESC, b.id LIMIT `+limit, w.Args()...)
	return out, fault.Wrap("pipeline.Baselines", err)
}

// ancestors lists a path and those above it: "a.b." is "a." and "a.b.". A tree is at most some levels deep.
func ancestors(path string) (out []string) {
	for i := range len(path) {
		if path[i] == '.' && len(out) < page.Chunk {
			out = append(out, path[:i+1])
		}
	}
	return out
}

const selectBaseline = `SELECT b.id, b.org, o.path, b.name, b.moment, b.actor, b.at FROM baseline b JOIN org o ON o.city = b.city AND o.id = b.org`

func scanBaseline(s db.Scanner) (b Baseline, err error) {
	var moment, at int64
	err = s.Scan(&b.ID, &b.Org, &b.OrgPath, &b.Name, &moment, &b.Actor, &at)
	b.Moment, b.At = time.UnixMicro(moment).UTC(), time.UnixMicro(at).UTC()
	return b, err
}

// GetBaseline gives one that concerns a scope. Error: NotFound "baseline.not_found".
func GetBaseline(ctx context.Context, r db.Reader, s auth.Scope, id string) (Baseline, error) {
	const op = "pipeline.GetBaseline"
	gone := fault.Wrap(op, fault.New(fault.NotFound, "baseline.not_found", "id", id))
	if page.Clean(id) != nil || org.Reach(s, "").None() {
		return Baseline{}, gone
	}
	b, err := scanBaseline(r.QueryRow(ctx, selectBaseline+` WHERE b.city = $1 AND b.id = $2`, s.City, id))
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound, err == nil && !s.Within(b.OrgPath) && !org.Inside(s.Path, b.OrgPath):
		return Baseline{}, gone
	case err != nil:
		return Baseline{}, fault.Wrap(op, err)
	}
	return b, nil
}

// AddBaseline keeps a baseline of an org at a moment and writes one audit line. A zero moment is that of the act.
//
// Errors: Invalid "baseline.no_name", "baseline.future", "text.too_long"; NotFound "org.not_found" for an org out of reach.
func AddBaseline(ctx context.Context, w db.Writer, act org.Act, b Baseline) (Baseline, error) {
	const op = "pipeline.AddBaseline"
	b.Name = strings.TrimSpace(b.Name)
	if b.Moment.IsZero() {
		b.Moment = act.At
	}
	o, err := org.Get(ctx, w.Reader, act.Scope, b.Org)
	switch {
	case err != nil:
	case b.Name == "":
		err = fault.New(fault.Invalid, "baseline.no_name")
	case utf8.RuneCountInString(b.Name) > maxText:
		err = fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	case b.Moment.After(act.At):
		err = fault.New(fault.Invalid, "baseline.future")
	default:
		err = page.Clean(b.Name)
	}
	if err != nil {
		return Baseline{}, fault.Wrap(op, err)
	}
	b.ID, b.OrgPath, b.Actor, b.At, b.Moment = act.NewID(), o.Path, act.Actor, act.At.UTC().Truncate(time.Microsecond), b.Moment.UTC().Truncate(time.Microsecond)
	_, err = w.Exec(ctx, `INSERT INTO baseline (city, id, org, name, moment, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		o.City, b.ID, b.Org, b.Name, b.Moment.UnixMicro(), b.Actor, b.At.UnixMicro())
	if err != nil {
		return Baseline{}, fault.Wrap(op, err)
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: o.City, Actor: act.Actor, Action: "baseline.name", Kind: Noun, Entity: b.ID, At: act.At,
		Detail:  map[string]any{"after": map[string]any{"org": b.Org, "name": b.Name, "moment": b.Moment.Format(time.RFC3339Nano)}},
		Touched: []audit.Touch{{Kind: Noun, ID: b.ID}}})
	return b, fault.Wrap(op, err)
}

// ParseMoment reads an instant (RFC 3339) or a day, which means its end in the offices, but not later than now: what of today
// was recorded so far. Errors: Invalid "baseline.bad_moment" (argument text), "baseline.future".
func ParseMoment(text string, now time.Time) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		day, err := period.ParseDate(text)
		if err != nil || day%100 == 0 {
			return time.Time{}, fault.New(fault.Invalid, "baseline.bad_moment", "text", text)
		}
		at = day.Over().Add(-time.Microsecond)
		if day == period.DayOf(now) {
			at = now
		}
	}
	if at.After(now) {
		return time.Time{}, fault.New(fault.Invalid, "baseline.future")
	}
	return at.UTC(), nil
}
