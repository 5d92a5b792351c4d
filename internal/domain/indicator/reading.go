package indicator

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// By is how a reading is split.
type By string

// The ways to split; ByNone gives the total only.
const (
	ByNone     By = ""
	ByOrg      By = "org"      // the children of the org that is asked for; rows of that org itself under its own id
	ByPark     By = "park"     // "" for rows that belong to no park
	ByIndustry By = "industry" // divisions of GB/T 4754 (two digits); "" where it is not stated
	ByMonth    By = "month"    // a value per month that the reading covers: flows in it, stocks at its end
)

// Query asks for a reading.
type Query struct {
	Code     string
	Scope    auth.Scope // nothing outside is counted; a scope that sees nothing is refused
	Path     string     // org path to count below; empty: all of the scope
	Park     string
	Industry string // a division
	Period   period.Period
	By       By
}

// Amount is a value in the indicator's unit, as a fraction of whole numbers: N fen over D = 100 are yuan.
type Amount struct{ N, D int64 }

// Float is the value for people and charts. Equal amounts give equal floats.
func (a Amount) Float() float64 { return float64(a.N) / float64(a.D) }

// Part is the numerator or the denominator of a ratio.
type Part struct {
	Definition *Definition
	Value      Amount
}

// Group is one value of the split.
type Group struct {
	Key     string
	Value   *Amount // nil: nothing is known
	Natures []string
}

// Reading is an indicator's value for a place and a period.
//
// What is not known is nil, never 0: a sum of which no row has a number, returns that nobody filed, a ratio without a
// denominator, a change without a year to compare with. A list that simply has no rows counts and adds up to 0.
//
// A period that is not over is cut at View.Horizon, and an indicator over returns at the last month that has any, so that
// Previous and a change compare the same months of both years. They leave out a month of which one of the years has no
// returns at all: a change is then of the other months, and Previous is nil, because half a year is no year before.
type Reading struct {
	Definition  *Definition
	AsOf        period.Month // the last month that the value covers; zero when nothing is known of the period's months
	Value       *Amount      // nil: nothing is known
	Previous    *Amount      // the same months of last year; of a stock, its value a year before AsOf
	Natures     []string
	Numerator   *Part // of a ratio; nil: nothing is known
	Denominator *Part
	Groups      []Group
	Sequence    int64 // the change of the ledger up to which the value is computed
}

// Read computes a reading. Errors: NotFound "indicator.not_found", "org.not_found" (Path outside of the scope);
// Denied "auth.no_scope"; Invalid "reading.bad_split", "period.invalid"; "panel.overflow".
func (b *Book) Read(v *View, q Query) (Reading, error) {
	d, err := b.Of(q.Code)
	if err != nil {
		return Reading{}, err
	}
	if err := q.check(v); err != nil {
		return Reading{}, err
	}
	out := Reading{Definition: d, Sequence: v.Sequence}
	w := b.window(v, d, q.Period)
	if w.empty() {
		return out, nil
	}
	out.AsOf = w.last()
	now, err := b.measure(v, d, q, w)
	if err != nil {
		return Reading{}, fault.Wrap("indicator.Read", err)
	}
	if out.Previous, err = b.previous(v, d, q, w); err != nil {
		return Reading{}, fault.Wrap("indicator.Read", err)
	}
	out.Value, out.Natures = now.total.amount(), now.total.natures
	if d.Kind() == "ratio" {
		out.Numerator, out.Denominator = b.part(d.Ratio.Numerator, now.top), b.part(d.Ratio.Denominator, now.bottom)
	}
	out.Groups, err = b.groups(v, d, q, w, now)
	return out, fault.Wrap("indicator.Read", err)
}

func (q Query) check(v *View) error {
	s := q.Scope
	switch {
	case s.None() || s.City != v.city || s.Path != "" && !s.Within(s.Path):
		return fault.New(fault.Denied, "auth.no_scope")
	case q.Period.IsZero():
		return fault.New(fault.Invalid, "period.invalid", "text", "")
	case q.By != ByNone && q.By != ByOrg && q.By != ByPark && q.By != ByIndustry && q.By != ByMonth:
		return fault.New(fault.Invalid, "reading.bad_split", "by", string(q.By))
	case q.Path != "" && s.Path != "" && !s.Within(q.Path):
		return fault.New(fault.NotFound, "org.not_found", "id", string(org.Leaf(q.Path)))
	}
	return nil
}

// window is the months of the period that d can be read for: those of returns only where there are any, so that a month
// that nobody has filed yet is neither the last one of a stock nor compared with last year's.
func (b *Book) window(v *View, d *Definition, p period.Period) window {
	w := windowOf(p, v.Horizon)
	if b.filed(d) {
		w = w.only(v.returned)
	}
	return w
}

// comparable is the months of w whose counterparts a year earlier can be read as well.
func (b *Book) comparable(v *View, d *Definition, w window) window {
	if !b.filed(d) {
		return w
	}
	return w.only(func(m period.Month) bool { return v.returned(m - 12) })
}

// previous is the value for the same months of last year; nil when one of them has no returns.
func (b *Book) previous(v *View, d *Definition, q Query, w window) (*Amount, error) {
	q.By = ByNone
	if d.Kind() == "change" {
		w = b.comparable(v, d, w)
	}
	before := w.lastYear()
	comparable := before
	if b.filed(d) {
		comparable = before.only(v.returned)
	}
	if d.Kind() == "change" {
		comparable = b.comparable(v, d, comparable)
	}
	if w.empty() || !slices.Equal(comparable, before) {
		return nil, nil
	}
	then, err := b.measure(v, d, q, before)
	return then.total.amount(), err
}

func (b *Book) part(code string, x value) *Part {
	if !x.known {
		return nil
	}
	d := b.byCode[code]
	return &Part{d, Amount{x.over, d.scale()}}
}

// scale is how many canonical units make one written unit: 100 fen a yuan.
func (d *Definition) scale() int64 {
	switch d.unit.To {
	case unit.Fen:
		return 100
	case unit.PPM:
		return 1_000_000
	default:
		return 1
	}
}

// value is a measured cell before it is shown: over/under for ratios, over/scale otherwise.
type value struct {
	known       bool
	over, under int64
	natures     []string
}

func (x value) amount() *Amount {
	if !x.known {
		return nil
	}
	return &Amount{x.over, x.under}
}

// measured is a total with its cells by group key.
type measured struct {
	total       value
	cells       map[string]value
	none        value // of a group without rows
	top, bottom value // of a ratio: the totals that it divides
}

// measure computes d for one window that is not empty, split as q says unless by month.
func (b *Book) measure(v *View, d *Definition, q Query, w window) (measured, error) {
	switch d.Kind() {
	case "ratio":
		top, err := v.basic(b.byCode[d.Ratio.Numerator], q, w)
		if err != nil {
			return measured{}, err
		}
		bottom, err := v.basic(b.byCode[d.Ratio.Denominator], q, w)
		out := combine(top, bottom, divide)
		out.top, out.bottom = top.total, bottom.total
		return out, err
	case "change":
		w = b.comparable(v, d, w)
		if w.empty() {
			return measured{cells: map[string]value{}}, nil
		}
		this, err := v.basic(b.byCode[d.ChangeOf], q, w)
		if err != nil {
			return measured{}, err
		}
		last, err := v.basic(b.byCode[d.ChangeOf], q, w.lastYear())
		return combine(this, last, subtract), err
	default:
		return v.basic(d, q, w)
	}
}

// combine joins two measurements cell by cell over the union of their keys.
func combine(a, b measured, join func(a, b value) value) measured {
	out := measured{total: join(a.total, b.total), none: join(a.none, b.none), cells: map[string]value{}}
	for k, x := range a.cells {
		y, ok := b.cells[k]
		if !ok {
			y = b.none
		}
		out.cells[k] = join(x, y)
	}
	for k, y := range b.cells {
		if _, done := a.cells[k]; !done {
			out.cells[k] = join(a.none, y)
		}
	}
	return out
}

// divide is numerator over denominator; without a denominator nothing is known. A numerator without rows is 0 of it.
func divide(a, b value) value {
	if !a.known || !b.known || b.over <= 0 {
		return value{}
	}
	return value{known: true, over: a.over, under: b.over, natures: union(a.natures, b.natures)}
}

// subtract is this year's cell less last year's. What one of the years does not know counts as nothing there, because the
// city has returns of the months in both: an enterprise, a park, a county that began or ended.
func subtract(a, b value) value {
	if !a.known && !b.known {
		return value{}
	}
	return value{known: true, over: a.over - b.over, under: max(a.under, b.under), natures: union(a.natures, b.natures)}
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// selection is the rows that count for a basic definition: the definition's conditions, the caller's scope, the filters.
func (v *View) selection(d *Definition, q Query, w window) (*panel.Selection, error) {
	f := d.filter(w)
	if q.Scope.Enterprise != "" {
		f = append(f, panel.In(colEnterprise, q.Scope.Enterprise))
	}
	if q.Scope.Path != "" {
		f = append(f, panel.Prefix(colOrg, q.Scope.Path))
	}
	if q.Path != "" {
		f = append(f, panel.Prefix(colOrg, q.Path))
	}
	if q.Park != "" {
		f = append(f, panel.In(colPark, q.Park))
	}
	if q.Industry != "" {
		f = append(f, panel.Match(colIndustry, func(code string) bool { return division(code) == q.Industry }))
	}
	return v.tables[d.Over].Select(f)
}

func (v *View) basic(d *Definition, q Query, w window) (measured, error) {
	sel, err := v.selection(d, q, w)
	if err != nil {
		return measured{}, err
	}
	res, err := sel.Aggregate(panel.Query{Measure: d.measure(), By: q.group(), Nature: d.Nature})
	if err != nil {
		return measured{}, err
	}
	out := measured{total: d.value(res.Total), none: d.value(panel.Cell{}), cells: make(map[string]value, len(res.Cells))}
	for _, c := range res.Cells {
		out.cells[c.Key] = d.value(c)
	}
	return out, nil
}

// value reads a cell. A list without rows adds up to 0; rows of which no number is known, and returns that nobody filed,
// are not known.
func (d *Definition) value(c panel.Cell) value {
	switch {
	case c.Listed > 0:
	case d.Over == tableFiling, d.Measure.Sum != "" && c.Rows > 0:
		return value{}
	}
	return value{known: true, over: c.Value, under: d.scale(), natures: c.Natures}
}

// group is the panel's way to split. By month is not a split of rows but one measurement per month.
func (q Query) group() panel.Group {
	switch q.By {
	case ByOrg:
		base := q.base()
		return panel.Group{Column: colOrg, Map: func(path string) (string, bool) {
			child, ok := org.Under(path, base)
			return string(child), ok
		}}
	case ByPark:
		return panel.Group{Column: colPark}
	case ByIndustry:
		return panel.Group{Column: colIndustry, Map: func(code string) (string, bool) { return division(code), true }}
	default:
		return panel.Group{}
	}
}

// base is the path of the org whose children ByOrg shows.
func (q Query) base() string {
	return cmp.Or(q.Path, q.Scope.Path, auth.Whole(q.Scope.City).Path)
}

// division is the first two digits of an industry's code.
func division(code string) string { return code[:min(2, len(code))] }

// groups turns cells into the answer: every child org even without rows, every month of the window, in a fixed order.
func (b *Book) groups(v *View, d *Definition, q Query, w window, now measured) ([]Group, error) {
	switch q.By {
	case ByNone:
		return nil, nil
	case ByMonth:
		return b.months(v, d, q, w)
	case ByOrg:
		for _, child := range v.Children(q.base()) {
			if _, ok := now.cells[child]; !ok {
				now.cells[child] = now.none
			}
		}
	}
	out := make([]Group, 0, len(now.cells))
	for k, x := range now.cells {
		out = append(out, Group{Key: k, Value: x.amount(), Natures: x.natures})
	}
	order := func(a, b Group) int { return cmp.Compare(a.Key, b.Key) }
	if q.By == ByOrg {
		order = func(a, b Group) int {
			return cmp.Or(cmp.Compare(v.place(a.Key), v.place(b.Key)), cmp.Compare(a.Key, b.Key))
		}
	}
	slices.SortFunc(out, order)
	return out, nil
}

func (b *Book) months(v *View, d *Definition, q Query, w window) (out []Group, err error) {
	q.By = ByNone
	for _, m := range w.months() {
		one, err := b.measure(v, d, q, month(m))
		if err != nil {
			return nil, err
		}
		out = append(out, Group{Key: m.String(), Value: one.total.amount(), Natures: one.total.natures})
	}
	return out, nil
}
