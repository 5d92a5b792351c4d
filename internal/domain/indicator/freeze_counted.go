package indicator

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Counted is one row that a reading counts, for comparing two readings row by row.
type Counted struct {
	Table      string
	ID         string // of the row
	Last       bool   // of a change: a row of last year, subtracted
	What       string // what was counted: the enterprise of a distinct count, else the row's id
	Amount     int64  // what it adds, over the sum's D; negative where it is subtracted
	Enterprise string // empty for none
	Park       string // empty for none
	Month      string // of a return; empty otherwise
}

// Counted gives all rows behind a reading's total, in a fixed order, and their sum: nil where nothing is known, and then
// there are no rows. A ratio has two readings, part says which: "numerator" (default) or "denominator". Errors as Read.
func (b *Book) Counted(v *View, q Query, part string) ([]Counted, *Amount, error) {
	const op = "indicator.Counted"
	d, err := b.Of(q.Code)
	if err != nil {
		return nil, nil, err
	}
	q.By = ByNone
	if err := q.check(v); err != nil {
		return nil, nil, err
	}
	w := b.window(v, d, q.Period)
	if d.Kind() == "ratio" { // the part by itself, over the ratio's months
		if d = b.byCode[d.Ratio.Numerator]; part == "denominator" {
			d = b.byCode[b.byCode[q.Code].Ratio.Denominator]
		}
	}
	l, err := b.listing(v, d, q, Drill{}, w)
	if err != nil {
		return nil, nil, fault.Wrap(op, err)
	}
	var out []Counted
	for _, one := range l.legs {
		if out, err = one.counted(out); err != nil {
			return nil, nil, fault.Wrap(op, err)
		}
	}
	return out, l.value.amount(), nil
}

func (l leg) counted(out []Counted) ([]Counted, error) {
	s, distinct := schemas[l.def.Over], slices.Index(schemas[l.def.Over].Dims, l.def.Measure.CountDistinct)
	firm, park := slices.Index(s.Dims, colEnterprise), slices.Index(s.Dims, colPark)
	for at := (panel.Page{Limit: panel.MaxLimit}); ; {
		list, err := l.sel.Rows(l.def.measure(), at)
		if err != nil {
			return nil, err
		}
		for _, it := range list.Items {
			c := Counted{Table: l.def.Over, ID: it.Row.Key, Last: l.last, What: it.Row.Key, Amount: it.Amount,
				Enterprise: it.Row.Dims[firm], Park: it.Row.Dims[park]}
			if l.last {
				c.Amount = -c.Amount
			}
			if distinct >= 0 {
				c.What = it.Row.Dims[distinct]
			}
			if l.def.Over == tableFiling {
				c.Month = it.Row.Dates[0].String()
			}
			out = append(out, c)
		}
		if list.Next == "" {
			return out, nil
		}
		at.After = list.Next
	}
}

// Held is a row of a view's table as it stands there.
type Held struct {
	OrgPath string
	row     panel.Row
}

// Held finds a row by table and id.
func (v *View) Held(table, id string) (Held, bool) {
	t := v.tables[table]
	if t == nil {
		return Held{}, false
	}
	row, ok := t.Row(id)
	if !ok {
		return Held{}, false
	}
	return Held{row.Dims[slices.Index(schemas[table].Dims, colOrg)], row}, true
}

// Same says whether two rows hold the same.
func (h Held) Same(o Held) bool {
	return h.row.Key == o.row.Key && slices.Equal(h.row.Dims, o.row.Dims) && slices.Equal(h.row.Ints, o.row.Ints) && slices.Equal(h.row.Dates, o.row.Dates)
}

// City is the city whose ledger the view is.
func (v *View) City() string { return v.city }
