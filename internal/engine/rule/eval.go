package rule

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// maxSteps bounds the nodes that loops over rows may visit in one evaluation; without loops the text's length bounds it.
const maxSteps = 2_000_000

// frame is one evaluation.
type frame struct {
	vals  []Value
	rows  [maxLoops][]Value // the row of each loop, from the outermost
	at    [maxLoops]int     // its number, from 1
	level int               // loops around
	steps int
	trace *tracer // nil: only the outcome is asked for
}

// eval computes a node, and notes it where a trace is asked for.
func (n *node) eval(f *frame) (result, outcome) {
	if f.trace != nil {
		return f.trace.eval(n, f)
	}
	return n.compute(f)
}

func (n *node) compute(f *frame) (result, outcome) {
	switch n.op {
	case opNumber, opText, opConstant:
		return n.value, yes
	case opInput:
		return n.load(f.vals)
	case opColumn:
		return n.load(f.rows[n.level])
	case opAnd, opOr:
		return result{}, n.connect(f)
	case opLess, opLessEqual, opGreater, opGreaterEqual, opEqual, opNotEqual:
		return result{}, n.compare(f)
	case opAdd, opSubtract, opMultiply, opDivide:
		return n.arithmetic(f)
	case opCond:
		return n.cond(f)
	case opCoalesce:
		return n.coalesce(f)
	case opAll, opExists, opCount, opSum:
		return n.loop(f)
	case opMin, opMax:
		return n.extreme(f)
	case opMonthAdd, opMonthSubtract, opMonths, opDays:
		return n.pair(f)
	case opTruth:
		return result{}, outcomeOf(n.name == "true")
	default:
		return n.single(f)
	}
}

// load reads a value. A value of the wrong kind is the caller's error and breaks the rule; one that is not there is missing.
func (n *node) load(vals []Value) (result, outcome) {
	if n.slot >= len(vals) {
		return result{}, missing
	}
	v := &vals[n.slot]
	switch v.kind {
	case None:
		return result{}, missing
	case n.typ.kind:
		if v.kind == Truth {
			return result{}, outcomeOf(v.n != 0)
		}
		return result{number{v.n, n.value.d}, v.s}, yes
	default:
		return result{}, wrongKind
	}
}

// connect is && and ||, which do not look at the right side where the left decides.
func (n *node) connect(f *frame) outcome {
	_, a := n.args[0].eval(f)
	if n.op == opAnd {
		if a == no {
			return no
		}
		_, b := n.args[1].eval(f)
		return and(a, b)
	}
	if a == yes {
		return yes
	}
	_, b := n.args[1].eval(f)
	return or(a, b)
}

func (n *node) compare(f *frame) outcome {
	a, oa := n.args[0].eval(f)
	b, ob := n.args[1].eval(f)
	if o := max(oa, ob); o > yes {
		return o
	}
	var sign int
	switch n.args[0].typ.kind {
	case Truth:
		sign = int(oa) - int(ob)
	case Word:
		sign = 1
		if a.s == b.s {
			sign = 0
		}
	case Date:
		o := compareDates(n.op, period.Date(a.n), period.Date(b.n))
		if n.op == opNotEqual {
			return not(o)
		}
		return o
	case Month:
		sign = compareInt(a.n, b.n)
	default:
		sign = a.cmp(b.number)
	}
	switch n.op {
	case opLess:
		return outcomeOf(sign < 0)
	case opLessEqual:
		return outcomeOf(sign <= 0)
	case opGreater:
		return outcomeOf(sign > 0)
	case opGreaterEqual:
		return outcomeOf(sign >= 0)
	case opEqual:
		return outcomeOf(sign == 0)
	default:
		return outcomeOf(sign != 0)
	}
}

func (n *node) arithmetic(f *frame) (r result, o outcome) {
	a, oa := n.args[0].eval(f)
	b, ob := n.args[1].eval(f)
	if o := max(oa, ob); o > yes {
		return result{}, o
	}
	switch n.op {
	case opAdd:
		r.number, o = a.add(b.number)
	case opSubtract:
		r.number, o = a.sub(b.number)
	case opMultiply:
		r.number, o = a.mul(b.number)
	default:
		r.number, o = a.div(b.number)
	}
	return r, o
}

// cond looks only at the side that the test chooses.
func (n *node) cond(f *frame) (result, outcome) {
	switch _, o := n.args[0].eval(f); o {
	case yes:
		return n.args[1].eval(f)
	case no:
		return n.args[2].eval(f)
	default:
		return result{}, o
	}
}

// coalesce is the first argument that is not missing.
func (n *node) coalesce(f *frame) (r result, o outcome) {
	for _, a := range n.args {
		if r, o = a.eval(f); o != missing {
			break
		}
	}
	return r, o
}

func (n *node) extreme(f *frame) (most result, all outcome) {
	for i, a := range n.args {
		r, o := a.eval(f)
		if all = max(all, o); all > yes {
			continue
		}
		if i == 0 || (n.op == opMin) == (r.cmp(most.number) < 0) {
			most = r
		}
	}
	return most, all
}

// pair computes what takes two dates, or a month and a number.
func (n *node) pair(f *frame) (result, outcome) {
	a, oa := n.args[0].eval(f)
	b, ob := n.args[1].eval(f)
	if o := max(oa, ob); o > yes {
		return result{}, o
	}
	switch n.op {
	case opDays:
		d, ok := daysBetween(period.Date(a.n), period.Date(b.n))
		if !ok {
			return result{}, missing
		}
		return whole(d), yes
	case opMonths:
		return whole(a.n - b.n), yes
	}
	k, ok := b.whole()
	if !ok {
		return result{}, notWhole
	}
	if n.op == opMonthSubtract {
		k = -k
	}
	m := a.n + k
	if magnitude(k) > maxMonths || m < 0 || m > maxMonths {
		return result{}, overflow
	}
	return whole(m), yes
}

// maxMonths is the last month that four digits of a year can write.
const maxMonths = 9999*12 + 11

func whole(n int64) result { return result{number: number{n, 1}} }

// single computes what takes one argument.
func (n *node) single(f *frame) (r result, o outcome) {
	a, o := n.args[0].eval(f)
	switch n.op {
	case opKnown, opMissing:
		if o > missing {
			return result{}, o
		}
		return result{}, outcomeOf((o == missing) == (n.op == opMissing))
	case opNot:
		return result{}, not(o)
	}
	if o > yes {
		return result{}, o
	}
	switch n.op {
	case opNegate:
		r.number, o = a.neg()
	case opAbs:
		r = a
		if a.n < 0 {
			r.number, o = a.neg()
		}
	case opRound:
		r.number, o = a.round(figureScale(n.typ.dim))
	case opIn:
		o = outcomeOf(slices.Contains(n.words, a.s))
	case opMatches:
		o = outcomeOf(n.pattern.MatchString(a.s))
	case opCountRows:
		r = whole(int64(len(f.vals[n.args[0].slot].rows)))
	default:
		return n.partOfDate(a)
	}
	return r, o
}

// partOfDate is a date's month, year or day, missing where it was not stated.
func (n *node) partOfDate(a result) (result, outcome) {
	if n.op == opYear && n.args[0].typ.kind == Month {
		return whole(int64(period.Month(a.n).Year())), yes
	}
	d := period.Date(a.n)
	switch {
	case n.op == opYear:
		return whole(int64(d.Year())), yes
	case n.op == opMonthOf && d/100%100 != 0:
		return whole(int64(d.Month())), yes
	case n.op == opDay && d%100 != 0:
		return whole(int64(d % 100)), yes
	default:
		return result{}, missing
	}
}

// loop goes over a section's rows. all and exists stop at the row that decides.
func (n *node) loop(f *frame) (result, outcome) {
	if _, o := n.args[0].eval(f); o != yes {
		return result{}, o
	}
	rows, level := f.vals[n.args[0].slot].rows, f.level
	l := rowLoop{n: n, all: outcomeOf(n.op != opExists), trace: rowTrace{start: f.trace.mark()}}
	f.level++
	for i, row := range rows {
		f.rows[level], f.at[level] = row, i+1
		if f.steps += n.args[1].size; f.steps > maxSteps {
			l.all = tooManySteps
			break
		}
		if l.row(f) {
			break
		}
	}
	f.level--
	return l.result()
}

// rowLoop is what a loop has found so far.
type rowLoop struct {
	n       *node
	all     outcome // Kleene's all or exists; of a count or sum whether every row was known
	holding int64
	total   total
	trace   rowTrace
}

// row takes one row in and says whether it decided.
func (l *rowLoop) row(f *frame) (done bool) {
	l.trace.mark = f.trace.mark()
	r, o := l.n.args[1].eval(f)
	switch l.n.op {
	case opAll:
		l.all, done = and(l.all, o), o == no
	case opExists:
		l.all, done = or(l.all, o), o == yes
	case opCount:
		l.all = max(l.all, o)
		if o == yes {
			l.holding++
		}
	default:
		if l.all = max(l.all, o); o == yes {
			l.total.add(r.number)
		}
	}
	l.trace.end(f.trace, o > yes, done)
	return done
}

func (l *rowLoop) result() (result, outcome) {
	if l.all != yes || l.n.op == opAll || l.n.op == opExists {
		return result{}, l.all
	}
	if l.n.op == opCount {
		return whole(l.holding), yes
	}
	sum, o := l.total.sum()
	return result{number: sum}, o
}
