package target

import (
	"context"
	"fmt"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Query narrows a list of targets.
type Query struct {
	Year      int // 0 = all
	Org       org.ID
	Indicator string
	Kind      Kind
	After     string // next of the page before
	Limit     int    // 1…page.Max, 0 = page.Default
}

const columns = `t.city, t.org, t.year, t.indicator, t.kind, t.value, t.unit, t.stated, t.stated_unit, t.curve, t.source, t.version`

func scan(s db.Scanner) (t Target, err error) {
	err = s.Scan(&t.City, &t.Org, &t.Year, &t.Indicator, &t.Kind, &t.Value, &t.Unit, &t.Stated, &t.StatedUnit, &t.Curve, &t.Source, &t.Version)
	return t, err
}

// List gives one page of the targets and results of the orgs that the scope covers, by year, org, indicator and kind, and
// the cursor of the page after it, "" at the end. Errors: Invalid "cursor.invalid", "limit.invalid", "text.invalid".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (items []Target, next string, err error) {
	items, next, err = list(ctx, r, s, q)
	return items, next, fault.Wrap("target.List", err)
}

func list(ctx context.Context, r db.Reader, s auth.Scope, q Query) ([]Target, string, error) {
	limit, err := page.Size(q.Limit)
	if err != nil {
		return nil, "", err
	}
	if err := page.Clean(string(q.Org), q.Indicator, string(q.Kind)); err != nil {
		return nil, "", err
	}
	place, err := page.Place(q.After, 4)
	if err != nil {
		return nil, "", err
	}
	in := org.Reach(s, "")
	if in.None() {
		return nil, "", nil
	}
	from, to := in.Range()
	var w page.Where
	w.And("t.city = %s", in.City)
	w.And("o.path >= %s AND o.path < %s", from, to)
	if q.Year != 0 {
		w.And("t.year = %s", q.Year)
	}
	for _, c := range []struct{ column, text string }{{"t.org", string(q.Org)}, {"t.indicator", q.Indicator}, {"t.kind", string(q.Kind)}} {
		if c.text != "" {
			w.And(c.column+" = %s", c.text)
		}
	}
	if q.After != "" {
		year, err := strconv.Atoi(place[0])
		if err != nil {
			return nil, "", fault.Because(err, fault.Invalid, "cursor.invalid")
		}
		w.And("(t.year, t.org, t.indicator, t.kind) > (%s, %s, %s, %s)", year, place[1], place[2], place[3])
	}
	items, err := db.Collect(ctx, r, scan, `SELECT `+columns+` FROM target t JOIN org o ON o.city = t.city AND o.id = t.org`+w.SQL()+
		` ORDER BY t.year, t.org, t.indicator, t.kind LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil || len(items) <= limit {
		return items, "", err
	}
	items = items[:limit]
	end := items[limit-1]
	return items, page.Cursor(strconv.Itoa(end.Year), string(end.Org), end.Indicator, string(end.Kind)), nil
}

// Outcome says what Put found.
type Outcome struct{ New, Changed, Same int }

// Put brings targets and results in: new ones are added, changed ones replaced with the one before in the audit trail,
// same ones left alone, so that the same list twice changes nothing the second time. One audit line, none without a change.
//
// Errors: Invalid "target.bad_year", "target.bad_kind", "target.no_indicator", "target.no_source", "target.bad_curve",
// "unit.unknown", "text.too_long", "text.invalid"; NotFound "org.not_found" for an org out of reach.
func Put(ctx context.Context, w db.Writer, act org.Act, list ...Target) (Outcome, error) {
	var out Outcome
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "target.put", Kind: Noun, At: act.At}
	var changes []map[string]any
	for _, t := range list {
		t.City = act.Scope.City
		before, verdict, err := put(ctx, w, act, t)
		if err != nil {
			return Outcome{}, fault.Wrap("target.Put", err)
		}
		switch verdict {
		case isNew:
			out.New++
		case isChanged:
			out.Changed++
		default:
			out.Same++
			continue
		}
		change := map[string]any{"target": t.id(), "after": t.facts()}
		if verdict == isChanged {
			change["before"] = before.facts()
		}
		changes = append(changes, change)
		entry.Touched = append(entry.Touched, audit.Touch{Kind: Noun, ID: t.id()})
	}
	if len(changes) == 0 {
		return out, nil
	}
	entry.Detail = map[string]any{"changes": changes}
	_, err := audit.Append(ctx, w, entry)
	return out, fault.Wrap("target.Put", err)
}

type verdict uint8

const (
	isSame verdict = iota
	isNew
	isChanged
)

func put(ctx context.Context, w db.Writer, act org.Act, t Target) (before Target, v verdict, err error) {
	if err := t.check(); err != nil {
		return Target{}, isSame, err
	}
	if _, err := org.Get(ctx, w.Reader, act.Scope, t.Org); err != nil {
		return Target{}, isSame, err
	}
	before, err = scan(w.QueryRow(ctx, `SELECT `+columns+` FROM target t
		WHERE t.city = $1 AND t.org = $2 AND t.year = $3 AND t.indicator = $4 AND t.kind = $5`, t.City, t.Org, t.Year, t.Indicator, t.Kind))
	switch {
	case err == nil:
		t.Version = before.Version
		if t == before {
			return before, isSame, nil
		}
		v = isChanged
	case fault.KindOf(err) == fault.NotFound:
		v = isNew
	default:
		return Target{}, isSame, err
	}
	t.Version++
	if v == isNew {
		t.Version = 1
	}
	_, err = w.Exec(ctx, `INSERT INTO target (city, org, year, indicator, kind, value, unit, stated, stated_unit, curve, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (city, org, year, indicator, kind) DO UPDATE SET value = excluded.value, unit = excluded.unit, stated = excluded.stated,
			stated_unit = excluded.stated_unit, curve = excluded.curve, source = excluded.source, version = excluded.version`,
		t.City, t.Org, t.Year, t.Indicator, t.Kind, t.Value, t.Unit, t.Stated, t.StatedUnit, t.Curve, t.Source, t.Version)
	return before, v, err
}

func (t Target) id() string { return fmt.Sprintf("%s/%d/%s/%s", t.Org, t.Year, t.Indicator, t.Kind) }

func (t Target) facts() map[string]any {
	return map[string]any{"value": t.Value, "unit": t.Unit, "stated": t.Stated, "stated_unit": t.StatedUnit, "curve": t.Curve, "source": t.Source}
}
