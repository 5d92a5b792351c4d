package rule

import (
	"regexp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// maxLoops bounds loops over rows within each other.
const maxLoops = 4

// functions are the names that a call may have, with what they need; args 0 is any number from two on.
var functions = map[string]struct {
	op   op
	args int
}{
	"known": {opKnown, 1}, "is_missing": {opMissing, 1}, "coalesce": {opCoalesce, 0},
	"abs": {opAbs, 1}, "min": {opMin, 0}, "max": {opMax, 0}, "round": {opRound, 1},
	"prev": {opInput, 1}, "year_ago": {opInput, 1}, "ytd": {opInput, 1}, "ytd_year_ago": {opInput, 1}, "source": {opInput, 2},
	"date": {opConstant, 1}, "month": {opMonthOf, 1}, "year": {opYear, 1}, "day": {opDay, 1}, "days": {opDays, 2},
	"matches": {opMatches, 2}, "count": {opCountRows, 1}, "sum": {opSum, 1},
}

// functionNames is in byte order, for suggestions.
var functionNames = func() (names []string) {
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

var shifts = map[string]At{"prev": Prev, "year_ago": YearAgo, "ytd": YTD, "ytd_year_ago": YTDYearAgo}

// methods are the loops over a section's rows.
var methods = map[string]op{"all": opAll, "exists": opExists, "count": opCount, "sum": opSum}

// call types name(args…).
func (c *checker) call(n *node) error {
	f, ok := functions[n.name]
	if !ok {
		return unknownName(n, n.name, functionNames)
	}
	if len(n.args) != f.args && (f.args > 0 || len(n.args) < 2) {
		least := f.args
		if least == 0 {
			least = 2
		}
		return fault.New(fault.Invalid, "rule.arguments", n.at.args("function", n.name, "want", least, "found", len(n.args))...)
	}
	switch f.op {
	case opInput:
		in, field, err := c.input(n)
		if err != nil {
			return err
		}
		n.args = nil
		return c.asField(n, field, in)
	case opSum:
		return c.columnSum(n)
	case opConstant:
		return n.constant(Date)
	}
	if n.name == "month" && n.args[0].op == opText {
		return n.constant(Month)
	}
	n.op = f.op
	for _, a := range n.args {
		if err := c.check(a, false); err != nil {
			return err
		}
	}
	return n.function()
}

// function types a call whose arguments are typed.
func (n *node) function() error {
	n.typ = kindType{kind: Truth}
	switch n.op {
	case opKnown, opMissing:
		return nil
	case opCoalesce:
		return n.alike(n.args)
	case opMin, opMax:
		if err := want(Quantity, n.args...); err != nil {
			return err
		}
		return n.alike(n.args)
	case opAbs, opRound:
		n.takes(n.args[0])
		return want(Quantity, n.args...)
	case opMonthOf:
		n.typ.kind = Month
		return want(Date, n.args...)
	case opYear:
		n.typ.kind = Quantity
		if n.args[0].typ.kind == Month {
			return nil
		}
		return want(Date, n.args...)
	case opDay, opDays:
		n.typ.kind = Quantity
		return want(Date, n.args...)
	case opCountRows:
		n.typ = kindType{Quantity, countOnly}
		return want(Rows, n.args...)
	default:
		return n.matches()
	}
}

// input reads prev(x), source("s", x) and the like down to the field.
func (c *checker) input(n *node) (Input, Field, error) {
	if n.op == opName {
		f, err := c.field(n)
		return Input{Name: n.name}, f, err
	}
	f, isFunction := functions[n.name]
	if n.op != opCall || !isFunction || f.op != opInput || len(n.args) != f.args {
		return Input{}, Field{}, fault.New(fault.Invalid, "rule.needs_field", n.at.args("text", n.text)...)
	}
	in, field, err := c.input(n.args[len(n.args)-1])
	if err != nil {
		return in, field, err
	}
	at, shifted := shifts[n.name]
	switch {
	case shifted && in.At != Now || !shifted && in.Source != "":
		return in, field, fault.New(fault.Invalid, "rule.shift_twice", n.at.args("text", n.text)...)
	case (at == YTD || at == YTDYearAgo) && field.Kind != Quantity:
		return in, field, fault.New(fault.Invalid, "rule.kind", n.at.args("found", field.Kind.String(), "want", Quantity.String())...)
	case shifted:
		in.At = at
		return in, field, nil
	}
	source := n.args[0]
	if source.op != opText {
		return in, field, fault.New(fault.Invalid, "rule.needs_text", source.at.args("function", n.name)...)
	}
	if !slices.Contains(c.env.Sources, source.name) {
		return in, field, unknownName(source, source.name, c.env.Sources)
	}
	in.Source = source.name
	return in, field, nil
}

// constant reads date("2024-06-30") and month("2024-06").
func (n *node) constant(k Kind) error {
	arg := n.args[0]
	if arg.op != opText {
		return fault.New(fault.Invalid, "rule.needs_text", arg.at.args("function", n.name)...)
	}
	d, err := period.ParseDate(arg.name)
	if err != nil || d == 0 || k == Month && len(arg.name) != len("2024-06") {
		return fault.New(fault.Invalid, "rule.date", arg.at.args("text", arg.name)...)
	}
	n.op, n.args, n.typ = opConstant, nil, kindType{kind: k}
	n.value.n = int64(d)
	if k == Month {
		n.value.n = int64(d.Month())
	}
	return nil
}

func (n *node) matches() error {
	pattern := n.args[1]
	if pattern.op != opText {
		return fault.New(fault.Invalid, "rule.needs_text", pattern.at.args("function", n.name)...)
	}
	re, err := regexp.Compile(pattern.name)
	if err != nil {
		return fault.Because(err, fault.Invalid, "rule.pattern", pattern.at.args("text", pattern.name)...)
	}
	n.pattern, n.args = re, n.args[:1]
	return want(Word, n.args[0])
}

// section finds the section that a node names.
func (c *checker) section(n *node) (Section, error) {
	i := -1
	if n.op == opName {
		i = slices.IndexFunc(c.env.Sections, func(s Section) bool { return s.Name == n.name })
	}
	if i < 0 {
		return Section{}, fault.New(fault.Invalid, "rule.needs_section", n.at.args("text", n.text)...)
	}
	return c.env.Sections[i], c.check(n, false)
}

// member types r.column.
func (c *checker) member(n *node) error {
	if row := n.args[0]; row.op == opName {
		for level, l := range c.loops {
			if l.name == row.name {
				return n.column(l.section, level, n.name)
			}
		}
	}
	return fault.New(fault.Invalid, "rule.needs_row", n.at.args("text", n.args[0].text)...)
}

// column makes n read a column of the loop's row.
func (n *node) column(s Section, level int, name string) error {
	i := slices.IndexFunc(s.Columns, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return unknownName(n, name, fieldNames(s.Columns))
	}
	f := s.Columns[i]
	t, err := f.typeOf()
	if err != nil {
		return err
	}
	n.op, n.args, n.name, n.typ, n.unit = opColumn, nil, name, t, f.Unit
	n.value.d, n.slot, n.level, n.input = f.denominator(), i, level, Input{Name: s.Name}
	return nil
}

// method types section.all(r, …) and the like.
func (c *checker) method(n *node) error {
	op, ok := methods[n.name]
	if !ok {
		return unknownName(n, n.name, []string{"all", "count", "exists", "sum"})
	}
	if len(n.args) != 3 || n.args[1].op != opName {
		return fault.New(fault.Invalid, "rule.loop", n.at.args("text", n.text)...)
	}
	s, err := c.section(n.args[0])
	if err != nil {
		return err
	}
	row := n.args[1]
	if slices.Contains(c.names(), row.name) {
		return fault.New(fault.Invalid, "rule.row_name", row.at.args("name", row.name)...)
	}
	if len(c.loops) == maxLoops {
		return fault.New(fault.Invalid, "rule.too_deep", n.at.args("limit", maxLoops)...)
	}
	c.loops = append(c.loops, loop{row.name, s})
	body := n.args[2]
	err = c.check(body, false)
	c.loops = c.loops[:len(c.loops)-1]
	if err != nil {
		return err
	}
	return n.over(op, n.args[0], body)
}

// over completes a loop.
func (n *node) over(op op, section, body *node) error {
	n.op, n.args, n.typ = op, []*node{section, body}, kindType{kind: Truth}
	switch op {
	case opSum:
		n.takes(body)
		n.plain = false
		return want(Quantity, body)
	case opCount:
		n.typ = kindType{Quantity, countOnly}
	}
	return want(Truth, body)
}

// columnSum types sum(section.column).
func (c *checker) columnSum(n *node) error {
	arg := n.args[0]
	if arg.op != opMember {
		return fault.New(fault.Invalid, "rule.needs_section", arg.at.args("text", arg.text)...)
	}
	section := arg.args[0]
	s, err := c.section(section)
	if err != nil {
		return err
	}
	if len(c.loops) == maxLoops {
		return fault.New(fault.Invalid, "rule.too_deep", n.at.args("limit", maxLoops)...)
	}
	if err := arg.column(s, len(c.loops), arg.name); err != nil {
		return err
	}
	arg.display = arg.typ.displayIn(arg.unit)
	return n.over(opSum, section, arg)
}
