package filing

import (
	"context"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Neighbours are the values beside a filing's: of the period before and of the same period last year. A field that is not
// there is unknown.
type Neighbours struct {
	LastPeriod, YearAgoPeriod string // "" of a standing form
	Last, YearAgo             map[form.Code]string
}

// Beside gives the values beside those of a filing of one row, as canonical texts: handed in by the same form, else of the
// ledger. Of a list and of a standing form there are none. Errors: as Judge.
func Beside(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref) (Neighbours, error) {
	n, err := beside(ctx, r, s, lib, ref)
	return n, fault.Wrap("filing.Beside", err)
}

func beside(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref) (n Neighbours, err error) {
	if _, err := find(ctx, r, s, ref); err != nil {
		return n, err
	}
	f, p, err := asked(lib, ref)
	if err != nil || f.List || p.IsZero() {
		return n, err
	}
	a, err := loadAround(ctx, r, s.City, f, p, ref, []rule.Input{{At: rule.Prev}, {At: rule.YearAgo}})
	if err != nil {
		return n, err
	}
	last := before(f, p)
	n.LastPeriod, n.YearAgoPeriod = last.String(), p.LastYear().String()
	n.Last, n.YearAgo = a.texts(last), a.texts(p.LastYear())
	return n, nil
}

// texts gives what is known of all fields of a form of one row for another period.
func (a *around) texts(p period.Period) map[form.Code]string {
	out := map[form.Code]string{}
	for i := range a.form.Items {
		code := a.form.Items[i].Field.Code
		if text := a.text(p, "", code); text != "" {
			out[code] = text
		}
	}
	return out
}

// Ledgered is Suggestion.From of what no form asked but the ledger has.
const Ledgered = "ledger"

// Suggestion is a value that is known already.
type Suggestion struct {
	Canonical string
	From      string // code of the form by which it was answered, or Ledgered
}

// Prefilled is what is known of a filing before anybody types.
type Prefilled struct {
	Fields map[form.Code]Suggestion // of a form of one row: fields that the filing leaves unknown
	Rows   []Record                 // of a list that nobody began: the rows of the period before, at most page.Max
}

// Prefill gives what is known already of what a filing asks: the same field of the dictionary as it was answered in another
// form of the same subject and period (or in a standing one), else in the ledger; of a periodic list the rows of the period
// before. It writes nothing: a suggestion counts when somebody files it. Errors: as Judge.
func Prefill(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref) (Prefilled, error) {
	p, err := prefill(ctx, r, s, lib, ref)
	return p, fault.Wrap("filing.Prefill", err)
}

func prefill(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref) (out Prefilled, err error) {
	out.Fields = map[form.Code]Suggestion{}
	now, err := find(ctx, r, s, ref)
	if err != nil {
		return out, err
	}
	f, p, err := asked(lib, ref)
	switch {
	case err != nil:
		return out, err
	case f.List && (p.IsZero() || now.Version > 0):
		return out, nil
	case f.List:
		last := ref
		last.Period = before(f, p).String()
		out.Rows, _, err = pageOf(ctx, r, s.City, last, "", page.Max)
		return out, err
	}
	mine, err := out.answered(ctx, r, s.City, lib, f, ref)
	if err != nil {
		return out, err
	}
	return out, out.ledgered(ctx, r, s.City, f, p, ref, mine)
}

// answered takes over what was answered in other forms of one row, in the library's order, and gives the filing's own cells.
func (out *Prefilled) answered(ctx context.Context, r db.Reader, city string, lib *form.Library, f *form.Form, ref Ref) (mine Cells, err error) {
	given := map[form.Code]Cells{}
	err = db.Each(ctx, r, func(s db.Scanner) error {
		var code, cells string
		if err := s.Scan(&code, &cells); err != nil {
			return err
		}
		given[code] = Cells{}
		return decode(cells, given[code])
	}, `SELECT form, cells FROM filing_record WHERE city = $1 AND subject_kind = $2 AND subject = $3 AND (period = $4 OR period = '')
		AND row_key = '' AND gone = 0 ORDER BY form`, city, string(ref.Kind), ref.Subject, ref.Period)
	if err != nil {
		return nil, err
	}
	mine = given[f.Code]
	for _, other := range lib.Forms() {
		if other.Code == f.Code || other.Subject != f.Subject || other.List {
			continue
		}
		for code, text := range given[other.Code] {
			_, have := out.Fields[code]
			if item := f.Item(code); item != nil && !item.ReadOnly && !have && mine[code] == "" {
				out.Fields[code] = Suggestion{text, other.Code}
			}
		}
	}
	return mine, nil
}

// ledgered adds what the ledger has of the filing's own month.
func (out *Prefilled) ledgered(ctx context.Context, r db.Reader, city string, f *form.Form, p period.Period, ref Ref, mine Cells) error {
	if !projects(f) {
		return nil
	}
	a := &around{form: f, period: p, ledger: map[period.Month]map[Field]Value{}}
	if err := a.loadLedger(ctx, r, city, ref, []string{ref.Period}); err != nil {
		return err
	}
	for _, code := range form.Ledger {
		_, have := out.Fields[code]
		if v, ok := a.ofLedger(p, Field(code)); ok && !have && mine[code] == "" && f.Item(code) != nil {
			out.Fields[code] = Suggestion{strconv.FormatInt(v, 10), Ledgered}
		}
	}
	return nil
}
