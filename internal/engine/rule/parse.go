package rule

import (
	"regexp"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxDepth bounds how deep an expression nests, so that no text can exhaust the stack.
const maxDepth = 100

// op is what a node does. The parser makes the first group; the checker turns calls into the second.
type op uint8

const (
	opNumber op = iota
	opText
	opTruth
	opName
	opList
	opCall   // name(args…)
	opMember // args[0].name
	opMethod // args[0].name(args[1:]…)
	opAnd
	opOr
	opNot
	opNegate
	opAdd
	opSubtract
	opMultiply
	opDivide
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opEqual
	opNotEqual
	opIn
	opCond

	opConstant // a date or month
	opMonthAdd // month + quantity
	opMonthSubtract
	opMonths // month - month
	opInput
	opColumn
	opKnown
	opMissing
	opCoalesce
	opAbs
	opMin
	opMax
	opRound
	opMonthOf
	opYear
	opDay
	opDays
	opMatches
	opCountRows
	opAll
	opExists
	opCount
	opSum
)

// node is a part of an expression: made by the parser, completed by the checker, then never changed.
type node struct {
	op    op
	args  []*node
	name  string // of a name, call, member or method; the content of a text
	unit  string // of a number: as written; then of every quantity: the unit to show it in, "" for the canonical one
	at    place
	text  string // the source of this part
	depth int
	size  int // nodes

	// Set by the checker, as far as the op needs them.
	typ     kindType
	plain   bool   // a number without unit, or arithmetic of such
	value   result // of a constant
	display display
	input   Input // of an input; of a column its section
	slot    int   // of an input: its place in the values; of a column: its place in the row
	level   int   // of a column: how many loops are around the one whose row it reads
	words   []string
	pattern *regexp.Regexp
}

type binary struct {
	op    op
	power int
}

// binaries are the operators between two operands and how tightly they bind.
var binaries = map[string]binary{
	"||": {opOr, 2}, "&&": {opAnd, 3},
	"==": {opEqual, 4}, "!=": {opNotEqual, 4}, "<": {opLess, 4}, "<=": {opLessEqual, 4}, ">": {opGreater, 4}, ">=": {opGreaterEqual, 4}, "in": {opIn, 4},
	"+": {opAdd, 5}, "-": {opSubtract, 5}, "*": {opMultiply, 6}, "/": {opDivide, 6},
}

const (
	powerCond  = 1
	powerUnary = 7
)

type parser struct {
	lex   lexer
	tok   token
	end   int // where the last token ended
	depth int
}

// parse reads an expression. Errors, Invalid, each with line and column: "rule.too_long", "rule.too_deep", "rule.empty",
// "rule.unexpected", "rule.ends_early" and those of the lexer.
func parse(src string) (*node, error) {
	if len(src) > maxLength {
		return nil, fault.New(fault.Invalid, "rule.too_long", place{1, 1}.args("limit", maxLength)...)
	}
	p := &parser{lex: lexer{src: src, at: place{1, 1}}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenEnd {
		return nil, fault.New(fault.Invalid, "rule.empty", p.tok.at.args()...)
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenEnd {
		return nil, p.unexpected()
	}
	return n, nil
}

func (p *parser) advance() (err error) {
	p.end = p.tok.to
	p.tok, err = p.lex.next()
	return err
}

func (p *parser) unexpected() error {
	if p.tok.kind == tokenEnd {
		return fault.New(fault.Invalid, "rule.ends_early", p.tok.at.args()...)
	}
	return fault.New(fault.Invalid, "rule.unexpected", p.tok.at.args("found", p.lex.src[p.tok.from:p.tok.to])...)
}

func (p *parser) sign(s string) bool { return p.tok.kind == tokenSign && p.tok.text == s }

func (p *parser) expect(s string) error {
	if !p.sign(s) {
		return p.unexpected()
	}
	return p.advance()
}

// node makes a node that began at token t and ends with the last token read.
func (p *parser) node(op op, t token, name string, args ...*node) (*node, error) {
	n := &node{op: op, args: args, name: name, at: t.at, text: p.lex.src[t.from:p.end], depth: 1, size: 1}
	for _, a := range args {
		n.depth = max(n.depth, a.depth+1)
		n.size += a.size
	}
	if n.depth > maxDepth {
		return nil, fault.New(fault.Invalid, "rule.too_deep", n.at.args("limit", maxDepth)...)
	}
	return n, nil
}

// expression reads operators that bind tighter than power.
func (p *parser) expression(power int) (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fault.New(fault.Invalid, "rule.too_deep", p.tok.at.args("limit", maxDepth)...)
	}
	defer func() { p.depth-- }()
	start := p.tok
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	for {
		if p.sign("?") && power < powerCond {
			left, err = p.cond(start, left)
		} else if b, ok := binaries[p.tok.text]; ok && b.power > power && (p.tok.kind == tokenSign || p.tok.kind == tokenName) {
			left, err = p.binary(start, left, b)
		} else {
			return left, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) binary(start token, left *node, b binary) (*node, error) {
	at := p.tok.at
	if err := p.advance(); err != nil {
		return nil, err
	}
	right, err := p.expression(b.power)
	if err != nil {
		return nil, err
	}
	n, err := p.node(b.op, start, "", left, right)
	if n != nil {
		n.at = at // a wrong pair is reported at its operator
	}
	return n, err
}

func (p *parser) cond(start token, test *node) (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	a, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	b, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	return p.node(opCond, start, "", test, a, b)
}

func (p *parser) operand() (*node, error) {
	start := p.tok
	switch {
	case p.sign("!"):
		return p.unary(start, opNot)
	case p.sign("-"):
		return p.unary(start, opNegate)
	}
	n, err := p.primary()
	for err == nil && p.sign(".") {
		n, err = p.member(start, n)
	}
	return n, err
}

func (p *parser) unary(start token, op op) (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	arg, err := p.expression(powerUnary)
	if err != nil {
		return nil, err
	}
	return p.node(op, start, "", arg)
}

func (p *parser) member(start token, of *node) (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	name := p.tok
	if name.kind != tokenName {
		return nil, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	op, args := opMember, []*node{of}
	if p.sign("(") {
		more, err := p.list("(", ")")
		if err != nil {
			return nil, err
		}
		op, args = opMethod, append(args, more...)
	}
	n, err := p.node(op, start, name.text, args...)
	if n != nil {
		n.at = name.at
	}
	return n, err
}

func (p *parser) primary() (*node, error) {
	t := p.tok
	switch {
	case t.kind == tokenNumber:
		if err := p.advance(); err != nil {
			return nil, err
		}
		n, err := p.node(opNumber, t, t.text)
		if n != nil {
			n.unit = t.unit
		}
		return n, err
	case t.kind == tokenText:
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.node(opText, t, t.text)
	case t.kind == tokenName && t.text != "in":
		return p.named()
	case p.sign("["):
		items, err := p.list("[", "]")
		if err != nil {
			return nil, err
		}
		return p.node(opList, t, "", items...)
	case p.sign("("):
		return p.group()
	default:
		return nil, p.unexpected()
	}
}

func (p *parser) group() (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	return n, p.expect(")")
}

func (p *parser) named() (*node, error) {
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case t.text == "true" || t.text == "false":
		return p.node(opTruth, t, t.text)
	case p.sign("("):
		args, err := p.list("(", ")")
		if err != nil {
			return nil, err
		}
		return p.node(opCall, t, t.text, args...)
	default:
		return p.node(opName, t, t.text)
	}
}

// list reads expressions between two brackets.
func (p *parser) list(open, closing string) (items []*node, err error) {
	if err := p.expect(open); err != nil {
		return nil, err
	}
	for !p.sign(closing) {
		if len(items) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, p.advance()
}
