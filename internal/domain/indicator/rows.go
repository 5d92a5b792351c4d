package indicator

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Drill asks for the rows behind one cell of a reading.
type Drill struct {
	Group string // a key of the split; only with Split
	Split bool   // rows of that group; false: the rows of the total
	Part  string // of a ratio: "numerator" (default) or "denominator"
	After string // cursor of the page before
	Limit int    // 1…500
}

// Row is one row of the ledger that was counted.
type Row struct {
	Table      string // park, phase, tenancy, filing, project
	ID         string
	Amount     Amount  // what the row adds to the cell
	Raw        *Amount // of a ratio: the row's own quantity, in the unit of the part
	Nature     string
	Source     string
	OrgPath    string
	Park       string
	Enterprise string
	Date       period.Date // the day that made it count; zero where no day did
	Last       bool        // of a change: a row of last year, subtracted
}

// Rows is a page of the rows behind a cell, with count and sum of all of them. For counted indicators Count is the cell's
// value, for all others Sum is.
type Rows struct {
	Definition *Definition // whose unit the amounts have
	Count      int
	Sum        *Amount
	Items      []Row
	Next       string
}

// MaxRows is the largest page.
const MaxRows = 500

// leg is one selection that a cell is made of.
type leg struct {
	def    *Definition
	sel    *panel.Selection
	cell   panel.Cell
	last   bool   // subtracted
	prefix string // of the cursor
}

// Rows lists the rows behind a cell. Errors as Read, and Invalid "reading.bad_part", "reading.bad_cursor", "reading.bad_limit".
func (b *Book) Rows(v *View, q Query, dr Drill) (Rows, error) {
	d, err := b.Of(q.Code)
	if err != nil {
		return Rows{}, err
	}
	if err := q.check(); err != nil {
		return Rows{}, err
	}
	if dr.Limit < 1 || dr.Limit > MaxRows {
		return Rows{}, fault.New(fault.Invalid, "reading.bad_limit", "limit", MaxRows)
	}
	w := windowOf(q.Period, v.Horizon)
	if q.By == ByMonth && dr.Split {
		p, err := period.Parse(dr.Group)
		if err != nil || p.Kind() != period.KindMonth || p.First() < w.first || p.First() > w.last {
			return Rows{}, fault.New(fault.Invalid, "reading.bad_group", "group", dr.Group)
		}
		w, dr.Split = w.month(p.First()), false
	}
	if w.empty() {
		return Rows{Definition: d}, nil
	}
	legs, shown, under, err := b.legs(v, d, q, dr, w)
	if err != nil {
		return Rows{}, fault.Wrap("indicator.Rows", err)
	}
	out := total(d, legs, shown, under)
	err = out.page(legs, dr, shown, under)
	return out, fault.Wrap("indicator.Rows", err)
}

// legs resolves which selections are listed, in whose unit, and over which denominator (0: none).
func (b *Book) legs(v *View, d *Definition, q Query, dr Drill, w window) (legs []leg, shown *Definition, under int64, err error) {
	one := func(def *Definition, w window, prefix string) (leg, error) {
		sel, err := v.selection(def, q, w)
		if err == nil && dr.Split {
			sel, err = sel.Within(q.group(), dr.Group)
		}
		if err != nil {
			return leg{}, err
		}
		res, err := sel.Aggregate(panel.Query{Measure: def.measure(), Nature: def.Nature})
		return leg{def: def, sel: sel, cell: res.Total, prefix: prefix}, err
	}
	switch d.Kind() {
	case "change":
		this, err := one(b.byCode[d.ChangeOf], w, "t")
		if err != nil {
			return nil, nil, 0, err
		}
		last, err := one(b.byCode[d.ChangeOf], w.lastYear(), "l")
		last.last = true
		if whole, failed := b.measure(v, d, Query{Scope: q.Scope, Path: q.Path, Park: q.Park, Industry: q.Industry}, w); failed != nil || !whole.total.known {
			return nil, d, 0, failed
		}
		return []leg{this, last}, d, d.scale(), err
	case "ratio":
		top, err := one(b.byCode[d.Ratio.Numerator], w, "t")
		if err != nil {
			return nil, nil, 0, err
		}
		bottom, err := one(b.byCode[d.Ratio.Denominator], w, "t")
		switch dr.Part {
		case "", "numerator":
			return []leg{top}, d, bottom.cell.Value, err
		case "denominator":
			return []leg{bottom}, bottom.def, bottom.def.scale(), err
		}
		return nil, nil, 0, fault.New(fault.Invalid, "reading.bad_part", "part", dr.Part)
	default:
		l, err := one(d, w, "t")
		return []leg{l}, d, d.scale(), err
	}
}

// total gives count and sum of all legs. A ratio without a denominator and a change without a last year have no sum.
func total(d *Definition, legs []leg, shown *Definition, under int64) Rows {
	out := Rows{Definition: shown}
	if len(legs) == 0 {
		return out
	}
	var sum int64
	for _, l := range legs {
		out.Count += l.cell.Listed
		if l.last {
			sum -= l.cell.Value
		} else {
			sum += l.cell.Value
		}
	}
	filed := legs[0].def.Over != tableFiling || legs[0].cell.Listed > 0
	if under > 0 && (filed || d.Kind() == "change") {
		out.Sum = &Amount{sum, under}
	}
	return out
}

// page fills Items: the first leg's rows by key, then the second's.
func (out *Rows) page(legs []leg, dr Drill, shown *Definition, under int64) error {
	after, from := "", 0
	if dr.After != "" && len(legs) > 0 {
		prefix, key, ok := strings.Cut(dr.After, ":")
		for from = range legs {
			if legs[from].prefix == prefix {
				break
			}
		}
		if !ok || legs[from].prefix != prefix {
			return fault.New(fault.Invalid, "reading.bad_cursor")
		}
		after = key
	}
	for i := from; i < len(legs); i++ {
		l := legs[i]
		list, err := l.sel.Rows(l.def.measure(), panel.Page{After: after, Limit: dr.Limit - len(out.Items)})
		if err != nil {
			return err
		}
		for _, it := range list.Items {
			out.Items = append(out.Items, l.row(it, shown, under))
		}
		if list.Next != "" {
			out.Next = l.prefix + ":" + list.Next
			return nil
		}
		after = ""
		if len(out.Items) == dr.Limit && i+1 < len(legs) {
			if legs[i+1].cell.Listed > 0 {
				out.Next = legs[i+1].prefix + ":"
			}
			return nil
		}
	}
	return nil
}

func (l leg) row(it panel.Item, shown *Definition, under int64) Row {
	s := schemas[l.def.Over]
	dim := func(name string) string {
		for i, n := range s.Dims {
			if n == name {
				return it.Row.Dims[i]
			}
		}
		return ""
	}
	n := it.Amount
	if l.last {
		n = -n
	}
	r := Row{
		Table: l.def.Over, ID: it.Row.Key, Amount: Amount{n, max(under, 1)}, Last: l.last,
		Nature: dim(l.def.Nature), Source: dim(l.def.Source), OrgPath: dim(colOrg), Park: dim(colPark), Enterprise: dim(colEnterprise),
	}
	if shown != l.def && shown.Kind() == "ratio" {
		r.Raw = &Amount{it.Amount, l.def.scale()}
	}
	for _, c := range l.def.Where {
		for i, n := range s.Dates {
			if n == c.Field && (c.In != "" || c.Until != "") {
				r.Date = it.Row.Dates[i]
			}
		}
	}
	return r
}
