package rule

import (
	"math/big"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// checker gives every node of an expression its type and its inputs.
type checker struct {
	env    Env
	inputs []Input
	slots  map[Input]int
	loops  []loop
}

// loop is a row variable in sight.
type loop struct {
	name    string
	section Section
}

// check types a node and what is below it. exact says that a number stands as factor or divisor.
// Errors, Invalid, each with line and column: see the calls of wrong and of fault.New below it.
func (c *checker) check(n *node, exact bool) error {
	err := c.types(n, exact)
	n.display = n.typ.displayIn(n.unit)
	return err
}

func (c *checker) types(n *node, exact bool) error {
	switch n.op {
	case opNumber:
		return n.number(exact)
	case opText:
		n.typ, n.value.s = kindType{kind: Word}, n.name
		return nil
	case opTruth:
		n.typ = kindType{kind: Truth}
		return nil
	case opName:
		return c.name(n)
	case opCall:
		return c.call(n)
	case opMember:
		return c.member(n)
	case opMethod:
		return c.method(n)
	case opList:
		return fault.New(fault.Invalid, "rule.list", n.at.args()...)
	default:
		return c.operator(n, exact)
	}
}

func (c *checker) operator(n *node, exact bool) error {
	if n.op == opIn {
		return c.in(n)
	}
	factors := n.op == opMultiply || n.op == opDivide || n.op == opNegate && exact
	for _, a := range n.args {
		if err := c.check(a, factors); err != nil {
			return err
		}
	}
	switch n.op {
	case opAnd, opOr, opNot:
		n.typ = kindType{kind: Truth}
		return want(Truth, n.args...)
	case opNegate:
		n.takes(n.args[0])
		return want(Quantity, n.args[0])
	case opAdd, opSubtract:
		return n.sum()
	case opMultiply, opDivide:
		return n.product()
	case opCond:
		if err := want(Truth, n.args[0]); err != nil {
			return err
		}
		return n.alike(n.args[1:])
	default:
		return n.comparison()
	}
}

// want refuses operands of another kind.
func want(k Kind, args ...*node) error {
	for _, a := range args {
		if a.typ.kind != k {
			return fault.New(fault.Invalid, "rule.kind", a.at.args("found", a.typ.String(), "want", k.String())...)
		}
	}
	return nil
}

// takes gives n the type and unit of a.
func (n *node) takes(a *node) { n.typ, n.plain, n.unit = a.typ, a.plain, a.unit }

// number reads a written number: exactly, or rounded to the whole canonical unit as a figure is.
func (n *node) number(exact bool) error {
	n.typ.kind = Quantity
	text, _ := new(big.Rat).SetString(n.name)
	if text == nil || len(n.name) > 40 {
		return fault.New(fault.Invalid, "rule.number", n.at.args("text", n.name)...)
	}
	one := number{1, 1}
	if n.unit == "" {
		n.plain = true
	} else {
		u, err := unit.Of(n.unit)
		if err != nil {
			return fault.Because(err, fault.Invalid, "rule.unit_unknown", n.at.args("unit", n.unit)...)
		}
		n.typ.dim, one = dimensionOf(u.To), oneOf(u)
	}
	v, o := lowest(text.Mul(text, one.rat()))
	if o == yes && n.unit != "" && !exact {
		v, o = v.round(figureScale(n.typ.dim))
	}
	if o != yes {
		return fault.New(fault.Invalid, "rule.number", n.at.args("text", n.name)...)
	}
	n.value.number = v
	return nil
}

// figureScale is the part of 1 in which figures of the dimension are stored: ratios in ppm, all else whole.
func figureScale(d dimension) int64 {
	if d == dimensionless {
		return ppm
	}
	return 1
}

// oneOf is one of a unit in its canonical unit, a ratio as a fraction. Three of any unit are a whole number of canonical
// ones (1亩 = 2000/3 m²), and kit/unit gives whole numbers only.
func oneOf(u unit.Unit) number {
	three, err := u.Parse("3")
	if err != nil {
		return number{1, 1}
	}
	if u.To == unit.PPM {
		return number{three, 3 * ppm}
	}
	if three%3 == 0 {
		return number{three / 3, 1}
	}
	return number{three, 3}
}

func (n *node) zero() bool { return n.op == opNumber && n.plain && n.value.n == 0 }

// alike demands one type of all args and gives it to n. A plain number is a count beside a count, and a plain 0 is 0 of anything.
func (n *node) alike(args []*node) error {
	most := args[0]
	for _, a := range args[1:] {
		if most.plain && !a.plain {
			most = a
		}
	}
	for _, a := range args {
		switch {
		case a.typ == most.typ && a.typ.kind != Rows:
		case a.typ.kind != most.typ.kind || a.typ.kind == Rows:
			return fault.New(fault.Invalid, "rule.kinds", n.at.args("left", most.typ.String(), "right", a.typ.String())...)
		case a.plain && (a.zero() || most.typ.dim == countOnly):
		default:
			return fault.New(fault.Invalid, "rule.dimensions", n.at.args("left", args[0].typ.String(), "right", other(args, a).typ.String())...)
		}
	}
	n.takes(most)
	for _, a := range args {
		if n.unit == "" {
			n.unit = a.unit
		}
	}
	return nil
}

// other is the operand that the fault names beside the first.
func other(args []*node, wrong *node) *node {
	if wrong == args[0] {
		return args[1]
	}
	return wrong
}

// sum types + and -, of quantities and of months.
func (n *node) sum() error {
	a, b := n.args[0], n.args[1]
	if a.typ.kind != Month {
		if err := want(Quantity, a, b); err != nil {
			return err
		}
		return n.alike(n.args)
	}
	if b.typ.kind == Month && n.op == opSubtract {
		n.op, n.typ = opMonths, kindType{kind: Quantity}
		return nil
	}
	if err := want(Quantity, b); err != nil {
		return err
	}
	if b.typ.dim != dimensionless {
		return fault.New(fault.Invalid, "rule.dimensions", n.at.args("left", a.typ.String(), "right", b.typ.String())...)
	}
	n.typ = a.typ
	n.op = map[op]op{opAdd: opMonthAdd, opSubtract: opMonthSubtract}[n.op]
	return nil
}

// product types * and /.
func (n *node) product() error {
	a, b := n.args[0], n.args[1]
	if err := want(Quantity, a, b); err != nil {
		return err
	}
	sign := int8(1)
	if n.op == opDivide {
		sign = -1
	}
	dim, ok := a.typ.dim.times(b.typ.dim, sign)
	if !ok {
		return fault.New(fault.Invalid, "rule.exponent", n.at.args()...)
	}
	n.typ, n.plain = kindType{Quantity, dim}, a.plain && b.plain
	for _, x := range n.args {
		if x.typ.dim == dim && n.unit == "" && dim != dimensionless {
			n.unit = x.unit
		}
	}
	return nil
}

func (n *node) comparison() error {
	k := n.args[0].typ.kind
	if n.op != opEqual && n.op != opNotEqual && k != Quantity && k != Date && k != Month {
		return fault.New(fault.Invalid, "rule.order", n.at.args("found", n.args[0].typ.String())...)
	}
	if err := n.alike(n.args); err != nil {
		return err
	}
	n.typ, n.plain, n.unit = kindType{kind: Truth}, false, ""
	return nil
}

// in types text in [texts].
func (c *checker) in(n *node) error {
	if err := c.check(n.args[0], false); err != nil {
		return err
	}
	if err := want(Word, n.args[0]); err != nil {
		return err
	}
	list := n.args[1]
	if list.op != opList {
		return fault.New(fault.Invalid, "rule.list", list.at.args()...)
	}
	for _, item := range list.args {
		if item.op != opText {
			return fault.New(fault.Invalid, "rule.list", item.at.args()...)
		}
		n.words = append(n.words, item.name)
	}
	n.args, n.typ = n.args[:1], kindType{kind: Truth}
	return nil
}

// name types a field or a section.
func (c *checker) name(n *node) error {
	for _, s := range c.env.Sections {
		if s.Name == n.name {
			n.op, n.typ = opInput, kindType{kind: Rows}
			c.reads(n, Input{Name: n.name})
			return nil
		}
	}
	f, err := c.field(n)
	if err != nil {
		return err
	}
	return c.asField(n, f, Input{Name: n.name})
}

func (c *checker) field(n *node) (Field, error) {
	i := slices.IndexFunc(c.env.Fields, func(f Field) bool { return f.Name == n.name })
	if i < 0 {
		return Field{}, unknownName(n, n.name, c.names())
	}
	return c.env.Fields[i], nil
}

// names are all that may stand where a field may.
func (c *checker) names() (names []string) {
	for _, l := range c.loops {
		names = append(names, l.name)
	}
	for _, s := range c.env.Sections {
		names = append(names, s.Name)
	}
	return append(names, fieldNames(c.env.Fields)...)
}

func fieldNames(fields []Field) (names []string) {
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}

// asField makes n an input with the field's type.
func (c *checker) asField(n *node, f Field, in Input) error {
	t, err := f.typeOf()
	if err != nil {
		return err
	}
	n.op, n.typ, n.unit, n.value.d = opInput, t, f.Unit, f.denominator()
	c.reads(n, in)
	return nil
}

// reads gives n the slot of its input.
func (c *checker) reads(n *node, in Input) {
	slot, ok := c.slots[in]
	if !ok {
		slot = len(c.inputs)
		c.slots[in] = slot
		c.inputs = append(c.inputs, in)
	}
	n.input, n.slot = in, slot
}

func unknownName(n *node, name string, known []string) error {
	if near := nearest(name, known); near != "" {
		return fault.New(fault.Invalid, "rule.unknown_name_nearest", n.at.args("name", name, "nearest", near)...)
	}
	return fault.New(fault.Invalid, "rule.unknown_name", n.at.args("name", name)...)
}

// nearest is the known name with the fewest edits, about a third of its letters at most, the first of equals; "" if there is none.
func nearest(name string, known []string) (near string) {
	if len(name) > 100 {
		return ""
	}
	best := len(name) + 1
	for _, k := range known {
		if d := edits(name, k); d < best && d <= (len(k)+1)/3 {
			near, best = k, d
		}
	}
	return near
}

// edits counts inserted, deleted, replaced and swapped neighbouring bytes (optimal string alignment).
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, before[j-1]+1)
			}
			row[j+1] = min(cost, last[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
