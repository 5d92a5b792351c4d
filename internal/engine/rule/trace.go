package rule

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// maxTrace bounds a trace; a verdict with more says Truncated.
const maxTrace = 200

// Step is one variable or part of an expression that a verdict used, after the parts that it is made of.
//
// Of a loop over rows the trace keeps the rows that matter: the one that decided, else those that keep the answer open.
type Step struct {
	Part         string // "when", "check", "required" or "range"
	Expr         string // as written
	Line, Column int    // in the part's text, from 1, in characters
	Input        Input  // of a variable; zero for everything else
	Cell         string // of a value in a row: the column; Input is its section then
	Row          int    // the innermost loop's row, from 1; 0 outside of loops
	Kind         Kind
	Text         string // the value as it is shown; empty where Missing or Fault say why there is none
	Missing      bool
	Fault        string // message key of what broke: rule.overflow …
}

// Missing is a variable that kept a verdict from being known.
type Missing struct {
	Input     Input
	Cell      string // as in Step
	Row       int
	Imprecise bool // it is there, but its date is not precise enough
}

type tracer struct {
	part      string
	steps     []Step
	missing   []Missing
	truncated bool
}

// eval computes a node and notes it. What was missing below a known result did not matter.
func (t *tracer) eval(n *node, f *frame) (result, outcome) {
	mark := len(t.missing)
	r, o := n.compute(f)
	if n.written() {
		return r, o
	}
	t.note(n, f, r, o)
	switch {
	case o != missing:
		t.missing = t.missing[:mark]
	case len(t.missing) == mark:
		t.blame(n, f)
	}
	return r, o
}

// written says that the node is written out and reads nothing.
func (n *node) written() bool {
	switch n.op {
	case opNumber, opText, opTruth, opConstant:
		return true
	case opNegate:
		return n.args[0].written()
	}
	return false
}

func (t *tracer) note(n *node, f *frame, r result, o outcome) {
	if len(t.steps) == maxTrace {
		t.truncated = true
		return
	}
	s := Step{
		Part: t.part, Expr: n.text, Line: n.at.line, Column: n.at.column, Kind: n.typ.kind,
		Row: f.row(), Missing: o == missing, Fault: o.key(),
	}
	if n.op == opInput || n.op == opColumn {
		s.Input = n.input
	}
	if n.op == opColumn {
		s.Cell, s.Row = n.name, f.at[n.level]
	}
	switch {
	case n.typ.kind == Truth && o <= yes:
		s.Text = strconv.FormatBool(o == yes)
	case n.typ.kind == Rows && o == yes:
		s.Text = strconv.Itoa(len(f.vals[n.slot].rows))
	case o == yes:
		s.Text = n.show(r, n.display)
	}
	t.steps = append(t.steps, s)
}

func (f *frame) row() int {
	if f.level == 0 {
		return 0
	}
	return f.at[f.level-1]
}

// blame notes why a node is missing although nothing below it is: it is a variable without a value, or its dates are not
// precise enough.
func (t *tracer) blame(n *node, f *frame) {
	if len(t.missing) >= maxTrace {
		t.truncated = true
		return
	}
	switch n.op {
	case opInput:
		t.missing = append(t.missing, Missing{Input: n.input})
	case opColumn:
		t.missing = append(t.missing, Missing{Input: n.input, Cell: n.name, Row: f.at[n.level]})
	default:
		t.imprecise(n, f)
	}
}

// imprecise notes the dates below n that lack a day.
func (t *tracer) imprecise(n *node, f *frame) {
	for _, a := range n.args {
		t.imprecise(a, f)
	}
	if n.typ.kind != Date {
		return
	}
	switch r, o := n.compute(&frame{vals: f.vals, rows: f.rows, level: f.level}); {
	case o != yes || r.n%100 != 0:
	case n.op == opInput:
		t.missing = append(t.missing, Missing{Input: n.input, Imprecise: true})
	case n.op == opColumn:
		t.missing = append(t.missing, Missing{Input: n.input, Cell: n.name, Row: f.at[n.level], Imprecise: true})
	}
}

// mark is where the trace is now. A nil tracer notes nothing.
func (t *tracer) mark() int {
	if t == nil {
		return 0
	}
	return len(t.steps)
}

// maxKeptRows is how many rows of one loop a trace keeps.
const maxKeptRows = 10

// rowTrace is what a loop needs to keep the steps of the rows that matter.
type rowTrace struct{ start, mark, kept int }

// end takes a row's steps, those from mark on: one that decided stands for all since the loop's start, one that is open is
// kept, all others are dropped.
func (r *rowTrace) end(t *tracer, open, decided bool) {
	switch {
	case t == nil:
	case decided:
		t.steps = slices.Delete(t.steps, r.start, r.mark)
	case open && r.kept < maxKeptRows:
		r.kept++
	default:
		t.steps, t.truncated = t.steps[:r.mark], t.truncated || open
	}
}

// display is how a quantity is written: divided by one, with the name behind.
type display struct {
	one  number
	name string
}

// displayIn is the display in the unit of the symbol, or without one in the dimension's own: 元/m2.
func (t kindType) displayIn(symbol string) display {
	if t.kind != Quantity {
		return display{}
	}
	if u, err := unit.Of(symbol); err == nil {
		return display{oneOf(u), behind(symbol)}
	}
	one, name := t.dim.shown()
	return display{one, behind(name)}
}

// show writes a value for reading. Fractions that do not end are rounded at the sixth place.
func (n *node) show(r result, d display) string {
	switch n.typ.kind {
	case Date:
		return period.Date(r.n).String()
	case Month:
		return period.Month(r.n).String()
	case Word:
		return r.s
	case Quantity:
		if q, o := r.div(d.one); o == yes {
			return q.plain() + d.name
		}
		return trimZeros(new(big.Rat).Quo(r.rat(), d.one.rat()).FloatString(shownPlaces)) + d.name
	default:
		return ""
	}
}

// shown is the unit in which a dimension without a field's unit is shown: money in yuan.
func (d dimension) shown() (one number, name string) {
	one = number{1, 1}
	for range magnitude(int64(d[0])) {
		if d[0] > 0 {
			one.n *= fenPerYuan
		} else {
			one.d *= fenPerYuan
		}
	}
	if d == countOnly {
		return one, ""
	}
	return one, d.name([4]string{"元", "m2", "kWh", "count"})
}

const (
	fenPerYuan  = 100 // to the power of maxExponent it is within int64
	shownPlaces = 6
	shownScale  = 1_000_000
)

// plain writes a number without trailing zeros.
func (a number) plain() string {
	if n, ok := a.whole(); ok {
		return strconv.FormatInt(n, 10)
	}
	millionths, ok := mulInt(a.n, shownScale)
	if !ok || millionths%a.d != 0 {
		return trimZeros(a.rat().FloatString(shownPlaces))
	}
	millionths /= a.d
	var buf [24]byte
	s := strconv.AppendUint(buf[:0], magnitude(millionths), 10)
	for len(s) <= shownPlaces {
		s = slices.Insert(s, 0, '0')
	}
	s = slices.Insert(s, len(s)-shownPlaces, '.')
	if millionths < 0 {
		s = slices.Insert(s, 0, '-')
	}
	return trimZeros(string(s))
}

func trimZeros(s string) string {
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// behind writes a unit behind a number: after a space, before % without, nothing for a bare ratio or count.
func behind(name string) string {
	switch name {
	case "", "比例", "count":
		return ""
	case "%":
		return name
	default:
		return " " + name
	}
}
