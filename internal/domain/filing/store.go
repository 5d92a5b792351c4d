package filing

import (
	"context"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Query narrows the values of one enterprise.
type Query struct {
	Enterprise enterprise.ID
	From, To   period.Month // first and last month; zero = open
	Fields     []Field      // none = all
	After      string       // next of the page before
	Limit      int          // 1…page.Max, 0 = page.Default
}

// Values gives one page of an enterprise's values, latest month first and fields by name within it, and the cursor of the
// page after it, "" at the end. Errors: NotFound "enterprise.not_found", also for one that the scope does not cover;
// Invalid "cursor.invalid", "limit.invalid", "filing.bad_field".
func Values(ctx context.Context, r db.Reader, s auth.Scope, q Query) (values []Value, next string, err error) {
	values, next, err = series(ctx, r, s, q)
	return values, next, fault.Wrap("filing.Values", err)
}

func series(ctx context.Context, r db.Reader, s auth.Scope, q Query) ([]Value, string, error) {
	limit, err := page.Size(q.Limit)
	if err != nil {
		return nil, "", err
	}
	place, err := page.Place(q.After, 2)
	if err != nil {
		return nil, "", err
	}
	if _, err := enterprise.Get(ctx, r, s, q.Enterprise); err != nil {
		return nil, "", err
	}
	var w page.Where
	w.And("city = %s", s.City)
	w.And("enterprise = %s", q.Enterprise)
	if q.From != 0 {
		w.And("month >= %s", number(q.From))
	}
	if q.To != 0 {
		w.And("month <= %s", number(q.To))
	}
	if len(q.Fields) > 0 {
		if err := checkFields(q.Fields); err != nil {
			return nil, "", err
		}
		page.AndIn(&w, "field", q.Fields)
	}
	if q.After != "" {
		month, err := strconv.ParseInt(place[0], 10, 64)
		if err != nil {
			return nil, "", fault.Because(err, fault.Invalid, "cursor.invalid")
		}
		w.And("month < %s OR month = %s AND field > %s", month, month, place[1])
	}
	values, err := db.Collect(ctx, r, scan, `SELECT `+columns+` FROM filing_value`+w.SQL()+` ORDER BY month DESC, field LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil || len(values) <= limit {
		return values, "", err
	}
	values = values[:limit]
	end := values[limit-1]
	return values, page.Cursor(strconv.FormatInt(number(end.Month), 10), string(end.Field)), nil
}

func checkFields(fields []Field) error {
	for _, f := range fields {
		if !f.Valid() {
			return fault.New(fault.Invalid, "filing.bad_field", "field", f)
		}
	}
	if len(fields) > page.Chunk {
		return fault.New(fault.Invalid, "limit.invalid", "limit", len(fields), "max", page.Chunk)
	}
	return nil
}

const columns = `enterprise, month, field, value, nature, source, version`

func scan(s db.Scanner) (v Value, err error) {
	var month int64
	err = s.Scan(&v.Enterprise, &month, &v.Field, &v.Value, &v.Nature, &v.Source, &v.Version)
	v.Month = monthOf(month)
	return v, err
}
