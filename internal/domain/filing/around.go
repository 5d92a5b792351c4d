package filing

import (
	"context"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// around is what is known of a filing's subject beside the filing itself: what it handed in by the same form for other
// periods, what the ledger has of an enterprise's months, and what other sources state of it.
type around struct {
	form    *form.Form
	period  period.Period
	filed   map[string]map[string]Cells         // by period and key of the record
	ledger  map[period.Month]map[Field]Value    // of an enterprise's monthly form
	figures map[string]map[form.Code]rule.Value // by nature and period, as figureKey writes it
}

// before gives the period before p for which a form is filed; zero of a standing form.
func before(f *form.Form, p period.Period) period.Period {
	for range 3 { // a combined form leaves out one month
		switch p.Kind() {
		case period.KindMonth:
			p = period.OfMonth(p.First() - 1)
		case period.KindQuarter:
			m := p.First() - 3
			p = period.Quarter(m.Year(), (m.Month()+2)/3)
		case period.KindYear:
			p = period.Year(p.First().Year() - 1)
		default:
			return period.Period{}
		}
		if f.Asks(p) {
			return p
		}
	}
	return period.Period{}
}

// thisYear lists the periods of a form from January to p.
func thisYear(f *form.Form, p period.Period) []period.Period {
	if p.IsZero() {
		return nil
	}
	return slices.Collect(f.Periods(period.MonthOf(p.First().Year(), 1), p.Last()))
}

// at lists the periods that an input reaches for, its own period apart.
func (a *around) at(at rule.At) []period.Period {
	if a.period.IsZero() {
		return nil
	}
	switch at {
	case rule.Prev:
		return []period.Period{before(a.form, a.period)}
	case rule.YearAgo:
		return []period.Period{a.period.LastYear()}
	case rule.YTD:
		return thisYear(a.form, a.period)
	case rule.YTDYearAgo:
		return thisYear(a.form, a.period.LastYear())
	default:
		return nil
	}
}

// loadAround reads what some inputs of a filing's judgement need.
func loadAround(ctx context.Context, r db.Reader, city string, f *form.Form, p period.Period, ref Ref, inputs []rule.Input) (*around, error) {
	a := &around{form: f, period: p, filed: map[string]map[string]Cells{}, ledger: map[period.Month]map[Field]Value{},
		figures: map[string]map[form.Code]rule.Value{}}
	var periods []string
	sources := false
	for _, in := range inputs {
		sources = sources || in.Source != ""
		for _, q := range a.at(in.At) {
			if !q.IsZero() && q != p {
				periods = append(periods, q.String())
			}
		}
	}
	slices.Sort(periods)
	periods = slices.Compact(periods)
	if err := a.loadFiled(ctx, r, city, ref, periods); err != nil {
		return nil, err
	}
	if err := a.loadLedger(ctx, r, city, ref, periods); err != nil {
		return nil, err
	}
	if !sources || p.IsZero() {
		return a, nil
	}
	return a, a.loadFigures(ctx, r, city, ref)
}

// loadFiled reads the records of filings that were handed in at least once.
func (a *around) loadFiled(ctx context.Context, r db.Reader, city string, ref Ref, periods []string) error {
	for part := range slices.Chunk(periods, page.Chunk) {
		var w page.Where
		w.And("f.city = %s", city)
		w.And("f.subject_kind = %s AND f.subject = %s AND f.form = %s", string(ref.Kind), ref.Subject, ref.Form)
		page.AndIn(&w, "f.period", part)
		w.And("f.submitted_at IS NOT NULL AND r.gone = 0")
		err := db.Each(ctx, r, func(s db.Scanner) error {
			var at, key, cells string
			if err := s.Scan(&at, &key, &cells); err != nil {
				return err
			}
			if a.filed[at] == nil {
				a.filed[at] = map[string]Cells{}
			}
			a.filed[at][key] = Cells{}
			return decode(cells, a.filed[at][key])
		}, `SELECT f.period, r.row_key, r.cells FROM filing f JOIN filing_record r ON r.city = f.city AND r.subject_kind = f.subject_kind
			AND r.subject = f.subject AND r.form = f.form AND r.period = f.period`+w.SQL()+` ORDER BY f.period, r.row_key`, w.Args()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// loadLedger reads what the ledger has of the months of the periods; of a combined form January as well.
func (a *around) loadLedger(ctx context.Context, r db.Reader, city string, ref Ref, periods []string) error {
	if !projects(a.form) {
		return nil
	}
	var months []period.Month
	for _, text := range periods {
		p, err := period.Parse(text)
		if err != nil {
			return err
		}
		months = append(months, monthsOf(a.form, p)...)
	}
	for part := range slices.Chunk(months, page.Chunk) {
		var w page.Where
		w.And("city = %s", city)
		w.And("enterprise = %s", ref.Subject)
		w.And("month >= %s AND month <= %s", number(slices.Min(part)), number(slices.Max(part)))
		values, err := db.Collect(ctx, r, scan, `SELECT `+columns+` FROM filing_value`+w.SQL()+` ORDER BY month, field`, w.Args()...)
		if err != nil {
			return err
		}
		for _, v := range values {
			if a.ledger[v.Month] == nil {
				a.ledger[v.Month] = map[Field]Value{}
			}
			a.ledger[v.Month][v.Field] = v
		}
	}
	return nil
}

// monthsOf lists the months that a filing of a period covers: February of a combined form covers January too.
func monthsOf(f *form.Form, p period.Period) []period.Month {
	if f.Combined && p.Kind() == period.KindMonth && p.First().Month() == 2 {
		return []period.Month{p.First() - 1, p.First()}
	}
	return p.Months()
}

// loadFigures reads what other sources state of the subject as of days in the filing's period.
func (a *around) loadFigures(ctx context.Context, r db.Reader, city string, ref Ref) error {
	if ref.Kind == form.OfOrg {
		return nil
	}
	first, last := a.period.First().First(), a.period.Last().Last()
	return db.Each(ctx, r, func(s db.Scanner) error {
		var field, nature string
		var value int64
		if err := s.Scan(&field, &nature, &value); err != nil {
			return err
		}
		if a.figures[nature] == nil {
			a.figures[nature] = map[form.Code]rule.Value{}
		}
		if v, err := a.form.CellValue(field, strconv.FormatInt(value, 10)); err == nil {
			a.figures[nature][field] = v // the latest recorded stays
		}
		return nil
	}, `SELECT field, nature, value FROM figure WHERE city = $1 AND kind = $2 AND subject = $3 AND replaced IS NULL
		AND as_of >= $4 AND as_of <= $5 ORDER BY field, nature, recorded_at, id`, city, string(ref.Kind), ref.Subject, first, last)
}

// lookup gives the inputs of one record's judgement. What is not known is the zero Value.
func (a *around) lookup(key string, cells Cells) func(rule.Input) rule.Value {
	return func(in rule.Input) rule.Value {
		switch {
		case in.Source != "":
			if in.At != rule.Now {
				return rule.Value{}
			}
			return a.figures[in.Source][in.Name]
		case in.At == rule.Now:
			return a.value(in.Name, cells[in.Name])
		case in.At == rule.YTD || in.At == rule.YTDYearAgo:
			return a.sum(a.at(in.At), key, in.Name, cells)
		}
		if at := a.at(in.At); len(at) == 1 {
			return a.value(in.Name, a.text(at[0], key, in.Name))
		}
		return rule.Value{}
	}
}

func (a *around) value(code form.Code, text string) rule.Value {
	if text == "" {
		return rule.Value{}
	}
	v, err := a.form.CellValue(code, text)
	if err != nil {
		return rule.Value{}
	}
	return v
}

// text gives the canonical text of a cell of another period, from what was handed in or else from the ledger; "" is unknown.
func (a *around) text(p period.Period, key string, code form.Code) string {
	if p.IsZero() {
		return ""
	}
	if records, filed := a.filed[p.String()]; filed {
		return records[key][code]
	}
	if v, ok := a.ofLedger(p, Field(code)); ok {
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// ofLedger gives the ledger's value of a field for a period of the form; of both months where one filing covers two and the
// ledger has each.
func (a *around) ofLedger(p period.Period, field Field) (sum int64, ok bool) {
	months := monthsOf(a.form, p)
	last, ok := a.ledger[months[len(months)-1]][field]
	if !ok || len(months) == 1 || field.Stock() {
		return last.Value, ok
	}
	first := a.ledger[months[0]][field] // not there: what stands in February is of both
	return first.Value + last.Value, true
}

// sum adds a flow up; unknown where one of the periods is.
func (a *around) sum(periods []period.Period, key string, code form.Code, cells Cells) rule.Value {
	item := a.form.Item(code)
	if item == nil || item.Field.Kind != form.Quantity || item.Field.Measure != form.Flow || len(periods) == 0 {
		return rule.Value{}
	}
	var total int64
	for _, p := range periods {
		text := cells[code]
		if p != a.period {
			text = a.text(p, key, code)
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > 0 && total+n < total || n < 0 && total+n > total {
			return rule.Value{}
		}
		total += n
	}
	return rule.Whole(total)
}
