package indicator

import (
	"slices"
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
// value, for all others Sum is. A cell of which nothing is known has no rows.
type Rows struct {
	Definition *Definition // whose unit the amounts have
	Count      int
	Sum        *Amount // nil: nothing is known
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

// listing is what a cell is made of: its value, the legs whose rows are listed, and the definition in whose unit.
type listing struct {
	shown *Definition
	value value
	legs  []leg
}

// Rows lists the rows behind a cell. Errors as Read, and Invalid "reading.bad_group" (not a month of the period, or no split),
// "reading.bad_part", "reading.bad_cursor", "reading.bad_limit".
func (b *Book) Rows(v *View, q Query, dr Drill) (Rows, error) {
	d, err := b.Of(q.Code)
	if err != nil {
		return Rows{}, err
	}
	if err := q.check(v); err != nil {
		return Rows{}, err
	}
	if err := dr.check(q); err != nil {
		return Rows{}, err
	}
	w := b.window(v, d, q.Period)
	if q.By == ByMonth && dr.Split {
		m, _ := period.Parse(dr.Group) // checked above
		w, dr.Split = w.only(func(have period.Month) bool { return have == m.First() }), false
	}
	l, err := b.listing(v, d, q, dr, w)
	if err != nil {
		return Rows{}, fault.Wrap("indicator.Rows", err)
	}
	out := Rows{Definition: l.shown, Sum: l.value.amount()}
	for _, one := range l.legs {
		out.Count += one.cell.Listed
	}
	err = out.page(l, dr)
	return out, fault.Wrap("indicator.Rows", err)
}

func (dr Drill) check(q Query) error {
	if dr.Limit < 1 || dr.Limit > MaxRows {
		return fault.New(fault.Invalid, "reading.bad_limit", "limit", MaxRows)
	}
	if dr.Part != "" && dr.Part != "numerator" && dr.Part != "denominator" {
		return fault.New(fault.Invalid, "reading.bad_part", "part", dr.Part)
	}
	p, err := period.Parse(dr.Group)
	inPeriod := err == nil && p.Kind() == period.KindMonth && p.First() >= q.Period.First() && p.First() <= q.Period.Last()
	if dr.Split && (q.By == ByNone || q.By == ByMonth && !inPeriod) {
		return fault.New(fault.Invalid, "reading.bad_group", "group", dr.Group)
	}
	return nil
}

// listing resolves which selections are listed and in whose unit. It follows measure step by step, for one cell.
func (b *Book) listing(v *View, d *Definition, q Query, dr Drill, w window) (listing, error) {
	l := listing{shown: d}
	if d.Kind() == "ratio" && dr.Part == "denominator" {
		l.shown = b.byCode[d.Ratio.Denominator]
	}
	if d.Kind() == "change" {
		w = b.comparable(v, d, w)
	}
	if w.empty() {
		return l, nil
	}
	var err error
	switch {
	case d.Kind() == "change":
		err = l.change(v, b.byCode[d.ChangeOf], q, dr, w)
	case d.Kind() == "ratio" && dr.Part != "denominator":
		err = l.ratio(v, b.byCode[d.Ratio.Numerator], b.byCode[d.Ratio.Denominator], q, dr, w)
	default:
		var one leg
		if one, err = v.leg(l.shown, q, dr, w); err == nil {
			l.value, l.legs = l.shown.value(one.cell), []leg{one}
		}
	}
	if !l.value.known {
		l.legs = nil
	}
	return l, err
}

func (l *listing) change(v *View, of *Definition, q Query, dr Drill, w window) error {
	this, err := v.leg(of, q, dr, w)
	if err != nil {
		return err
	}
	last, err := v.leg(of, q, dr, w.lastYear())
	if err != nil {
		return err
	}
	last.last, last.prefix = true, "l"
	l.value, l.legs = subtract(of.value(this.cell), of.value(last.cell)), []leg{this, last}
	return nil
}

func (l *listing) ratio(v *View, top, bottom *Definition, q Query, dr Drill, w window) error {
	over, err := v.leg(top, q, dr, w)
	if err != nil {
		return err
	}
	under, err := v.leg(bottom, q, dr, w)
	if err != nil {
		return err
	}
	l.value, l.legs = divide(top.value(over.cell), bottom.value(under.cell)), []leg{over}
	return nil
}

// leg selects the rows of one basic definition in one cell.
func (v *View) leg(d *Definition, q Query, dr Drill, w window) (leg, error) {
	sel, err := v.selection(d, q, w)
	if err == nil && dr.Split {
		sel, err = sel.Within(q.group(), dr.Group)
	}
	if err != nil {
		return leg{}, err
	}
	res, err := sel.Aggregate(panel.Query{Measure: d.measure(), Nature: d.Nature})
	return leg{def: d, sel: sel, cell: res.Total, prefix: "t"}, err
}

// page fills Items: the first leg's rows by key, then the second's. A cursor is the leg's prefix and the last key.
func (out *Rows) page(l listing, dr Drill) error {
	from, after := 0, ""
	if dr.After != "" && len(l.legs) > 0 {
		prefix, key, ok := strings.Cut(dr.After, ":")
		from = slices.IndexFunc(l.legs, func(one leg) bool { return one.prefix == prefix })
		if !ok || from < 0 {
			return fault.New(fault.Invalid, "reading.bad_cursor")
		}
		after = key
	}
	for _, one := range l.legs[from:] {
		if one.cell.Listed == 0 {
			continue
		}
		room := dr.Limit - len(out.Items)
		if room == 0 {
			out.Next = one.prefix + ":"
			return nil
		}
		list, err := one.sel.Rows(one.def.measure(), panel.Page{After: after, Limit: room})
		if err != nil {
			return err
		}
		for _, it := range list.Items {
			out.Items = append(out.Items, l.row(one, it))
		}
		if list.Next != "" {
			out.Next = one.prefix + ":" + list.Next
			return nil
		}
		after = ""
	}
	return nil
}

func (l listing) row(from leg, it panel.Item) Row {
	d, s := from.def, schemas[from.def.Over]
	dim := func(name string) string { return it.Row.Dims[slices.Index(s.Dims, name)] }
	n := it.Amount
	if from.last {
		n = -n
	}
	r := Row{
		Table: d.Over, ID: it.Row.Key, Amount: Amount{n, l.value.under}, Last: from.last, Nature: dim(d.Nature), Source: dim(d.Source),
		OrgPath: dim(colOrg), Park: dim(colPark), Enterprise: dim(colEnterprise),
	}
	if l.shown.Kind() == "ratio" {
		r.Raw = &Amount{it.Amount, d.scale()}
	}
	for _, c := range d.Where {
		if i := slices.Index(s.Dates, c.Field); i >= 0 && c.NotUntil == "" {
			r.Date = it.Row.Dates[i]
		}
	}
	return r
}
