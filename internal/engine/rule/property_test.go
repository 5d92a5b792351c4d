package rule

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A second, naive evaluator: trees of closures over big.Rat, nil for missing, no short cuts. It shares no code with the
// package but kinds and states. Trees are drawn at random, written as text, compiled and compared.

type naiveTruth struct {
	text string
	eval func() State // Holds, Fails, Unknown, Broken
}

type naiveNumber struct {
	text string
	eval func() (*big.Rat, State) // nil unless Holds
}

type naiveRow map[string]*int64

// forest draws expressions over money fields a…d, truths p, q and a section s with columns x and y.
type forest struct {
	t     *rapid.T
	money map[string]*int64
	truth map[string]*bool
	rows  []naiveRow // nil: no section
	row   *naiveRow  // the loop's row; nil outside
	loop  bool
}

func fits(r *big.Rat) (*big.Rat, State) {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return r, Holds
	}
	return nil, Broken
}

// strictly is what arithmetic makes of its operands' states.
func strictly(a, b State) State {
	switch {
	case a == Broken || b == Broken:
		return Broken
	case a == Unknown || b == Unknown:
		return Unknown
	default:
		return Holds
	}
}

func (f *forest) leaf() naiveNumber {
	if f.loop && rapid.Bool().Draw(f.t, "column") {
		name := rapid.SampledFrom([]string{"x", "y"}).Draw(f.t, "col")
		return naiveNumber{"r." + name, func() (*big.Rat, State) { return given((*f.row)[name]) }}
	}
	switch rapid.IntRange(0, 3).Draw(f.t, "leaf") {
	case 0:
		n := rapid.Int64Range(0, 1000).Draw(f.t, "n")
		return naiveNumber{fmt.Sprintf("%d元", n), func() (*big.Rat, State) { return big.NewRat(n*100, 1), Holds }}
	default:
		name := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(f.t, "field")
		return naiveNumber{name, func() (*big.Rat, State) { return given(f.money[name]) }}
	}
}

func given(v *int64) (*big.Rat, State) {
	if v == nil {
		return nil, Unknown
	}
	return big.NewRat(*v, 1), Holds
}

// number draws a quantity of money.
func (f *forest) number(depth int) naiveNumber {
	if depth == 0 {
		return f.leaf()
	}
	switch rapid.IntRange(0, 8).Draw(f.t, "number") {
	case 0, 1:
		return f.arithmetic("+", f.number(depth-1), f.number(depth-1), (*big.Rat).Add)
	case 2, 3:
		return f.arithmetic("-", f.number(depth-1), f.number(depth-1), (*big.Rat).Sub)
	case 4: // x * (y / z), of money again
		return f.arithmetic("*", f.number(depth-1), f.quotient(depth-1), (*big.Rat).Mul)
	case 5:
		a, b := f.number(depth-1), f.number(depth-1)
		return naiveNumber{fmt.Sprintf("coalesce(%s, %s)", a.text, b.text), func() (*big.Rat, State) {
			if r, s := a.eval(); s != Unknown {
				return r, s
			}
			return b.eval()
		}}
	case 6:
		c, a, b := f.cond(depth-1), f.number(depth-1), f.number(depth-1)
		return naiveNumber{fmt.Sprintf("(%s ? %s : %s)", c.text, a.text, b.text), func() (*big.Rat, State) {
			switch s := c.eval(); s {
			case Holds:
				return a.eval()
			case Fails:
				return b.eval()
			default:
				return nil, s
			}
		}}
	case 7:
		if !f.loop {
			return f.rowSum(depth)
		}
		return f.leaf()
	default:
		return f.leaf()
	}
}

func (f *forest) arithmetic(op string, a, b naiveNumber, do func(z, x, y *big.Rat) *big.Rat) naiveNumber {
	return naiveNumber{"(" + a.text + " " + op + " " + b.text + ")", func() (*big.Rat, State) {
		x, sx := a.eval()
		y, sy := b.eval()
		if s := strictly(sx, sy); s != Holds {
			return nil, s
		}
		return fits(do(new(big.Rat), x, y))
	}}
}

func (f *forest) quotient(depth int) naiveNumber {
	a, b := f.number(depth), f.number(depth)
	q := f.arithmetic("/", a, b, nil)
	return naiveNumber{q.text, func() (*big.Rat, State) {
		x, sx := a.eval()
		y, sy := b.eval()
		if s := strictly(sx, sy); s != Holds {
			return nil, s
		}
		if y.Sign() == 0 {
			return nil, Broken
		}
		return fits(new(big.Rat).Quo(x, y))
	}}
}

func (f *forest) rowSum(depth int) naiveNumber {
	f.loop = true
	body := f.number(depth - 1)
	f.loop = false
	return naiveNumber{"s.sum(r, " + body.text + ")", func() (*big.Rat, State) {
		if f.rows == nil {
			return nil, Unknown
		}
		sum, all := new(big.Rat), Holds
		for i := range f.rows {
			f.row = &f.rows[i]
			r, s := body.eval()
			if all = strictly(all, s); s == Holds {
				sum.Add(sum, r)
			}
		}
		if all != Holds {
			return nil, all
		}
		return fits(sum)
	}}
}

func (f *forest) cond(depth int) naiveTruth {
	if depth == 0 {
		name := rapid.SampledFrom([]string{"p", "q"}).Draw(f.t, "truth")
		return naiveTruth{name, func() State {
			if f.truth[name] == nil {
				return Unknown
			}
			return stateOf(*f.truth[name])
		}}
	}
	switch rapid.IntRange(0, 7).Draw(f.t, "cond") {
	case 0, 1:
		return f.compare(depth)
	case 2, 3:
		a, b := f.cond(depth-1), f.cond(depth-1)
		return naiveTruth{"(" + a.text + " && " + b.text + ")", func() State { return naiveAnd(a.eval(), b.eval()) }}
	case 4, 5:
		a, b := f.cond(depth-1), f.cond(depth-1)
		return naiveTruth{"(" + a.text + " || " + b.text + ")", func() State { return opposite(naiveAnd(opposite(a.eval()), opposite(b.eval()))) }}
	case 6:
		if f.loop {
			return f.compare(depth)
		}
		return f.quantifier(depth)
	default:
		a := f.number(depth - 1)
		return naiveTruth{"!known(" + a.text + ")", func() State {
			_, s := a.eval()
			if s == Broken {
				return s
			}
			return stateOf(s == Unknown)
		}}
	}
}

func (f *forest) quantifier(depth int) naiveTruth {
	f.loop = true
	body := f.cond(depth - 1)
	f.loop = false
	all := rapid.Bool().Draw(f.t, "all")
	name := map[bool]string{true: "all", false: "exists"}[all]
	return naiveTruth{"s." + name + "(r, " + body.text + ")", func() State {
		if f.rows == nil {
			return Unknown
		}
		result := Holds
		for i := range f.rows {
			f.row = &f.rows[i]
			s := body.eval()
			if !all {
				s = opposite(s)
			}
			result = naiveAnd(result, s)
		}
		if !all {
			return opposite(result)
		}
		return result
	}}
}

func (f *forest) compare(depth int) naiveTruth {
	a, b := f.number(depth-1), f.number(depth-1)
	op := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(f.t, "op")
	return naiveTruth{"(" + a.text + " " + op + " " + b.text + ")", func() State {
		x, sx := a.eval()
		y, sy := b.eval()
		if s := strictly(sx, sy); s != Holds {
			return s
		}
		c := x.Cmp(y)
		return stateOf(map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0, "==": c == 0, "!=": c != 0}[op])
	}}
}

func stateOf(b bool) State {
	if b {
		return Holds
	}
	return Fails
}

// naiveAnd is Kleene's table with Broken as the specification of CEL has errors.
func naiveAnd(a, b State) State {
	switch {
	case a == Fails || b == Fails:
		return Fails
	case a == Unknown || b == Unknown:
		return Unknown
	case a == Broken || b == Broken:
		return Broken
	default:
		return Holds
	}
}

func drawMoney(t *rapid.T, name string) *int64 {
	switch rapid.IntRange(0, 4).Draw(t, name+" kind") {
	case 0:
		return nil
	case 1: // near the ends, so that sums and products overflow
		n := rapid.Int64().Draw(t, name)
		return &n
	default:
		n := rapid.Int64Range(-300, 300).Draw(t, name)
		return &n
	}
}

func valueOf(n *int64) Value {
	if n == nil {
		return Value{}
	}
	return Whole(*n)
}

func TestEval_agreesWithANaiveEvaluator(t *testing.T) {
	env := Env{Sections: []Section{{Name: "s", Columns: []Field{{"x", Quantity, "元"}, {"y", Quantity, "元"}}}}}
	for _, name := range []string{"a", "b", "c", "d"} {
		env.Fields = append(env.Fields, Field{name, Quantity, "元"})
	}
	env.Fields = append(env.Fields, Field{Name: "p", Kind: Truth}, Field{Name: "q", Kind: Truth})
	seen := map[State]int{}
	rapid.Check(t, func(t *rapid.T) {
		f := &forest{t: t, money: map[string]*int64{}, truth: map[string]*bool{}}
		v := values{}
		for _, name := range []string{"a", "b", "c", "d"} {
			f.money[name] = drawMoney(t, name)
			v[name] = valueOf(f.money[name])
		}
		for _, name := range []string{"p", "q"} {
			if rapid.IntRange(0, 2).Draw(t, name+" known") > 0 {
				b := rapid.Bool().Draw(t, name)
				f.truth[name], v[name] = &b, Is(b)
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "section") > 0 {
			f.rows = []naiveRow{}
			table := [][]Value{}
			for range rapid.IntRange(0, 3).Draw(t, "rows") {
				r := naiveRow{"x": drawMoney(t, "x"), "y": drawMoney(t, "y")}
				f.rows = append(f.rows, r)
				table = append(table, []Value{valueOf(r["x"]), valueOf(r["y"])})
			}
			v["s"] = Table(table)
		}
		tree := f.cond(rapid.IntRange(2, 5).Draw(t, "depth"))
		if len(tree.text) > maxLength {
			return
		}
		pack, err := Compile(env, Rule{Code: "r", Check: tree.text, Severity: Error, Message: Text{"坏", "bad"}})
		if err != nil {
			t.Fatalf("Compile(%s): %v", tree.text, err)
		}
		want := tree.eval()
		p, in := pack.Programs()[0], row(pack, v)
		verdict := p.Eval(in)
		if fast := p.EvalFast(in); verdict.State != want || fast != want {
			t.Fatalf("%s with %v = %v, fast %v, want %v", tree.text, v, verdict.State, fast, want)
		}
		checkReasons(t, tree.text, verdict, f)
		seen[want]++
	})
	t.Logf("verdicts: %v", seen)
	if seen[Holds] == 0 || seen[Fails] == 0 || seen[Unknown] == 0 { // Broken needs more draws than the default
		t.Errorf("drawn verdicts are %v, want some of each", seen)
	}
}

// checkReasons: Missing is given exactly with Unknown and names variables that are really missing.
func checkReasons(t *rapid.T, text string, v Verdict, f *forest) {
	if (v.State == Unknown) != (len(v.Missing) > 0) || (v.State == Broken) != (v.Fault != nil) {
		t.Fatalf("%s is %v with missing %v and fault %v", text, v.State, v.Missing, v.Fault)
	}
	for _, m := range v.Missing {
		known := f.money[m.Input.Name] != nil || f.truth[m.Input.Name] != nil
		if m.Input.Name == "s" && m.Cell == "" {
			known = f.rows != nil
		}
		if m.Cell != "" {
			known = f.rows[m.Row-1][m.Cell] != nil
		}
		if known {
			t.Fatalf("%s says that %+v is missing", text, m)
		}
	}
	if last := v.Trace[len(v.Trace)-1]; !v.Truncated && last.Missing != (v.State == Unknown) {
		t.Fatalf("%s ends its trace with %+v", text, last)
	}
	for _, s := range v.Trace {
		if !strings.Contains(text, s.Expr) {
			t.Fatalf("%s has a trace of %q", text, s.Expr)
		}
	}
}

// Arithmetic of numbers against math/big, at the ends of int64 too.
func TestNumber_agreesWithBigRat(t *testing.T) {
	ends := []int64{0, 1, -1, 2, 3, ppm, 1<<31 - 1, 1 << 32, 1<<62 - 1, 1 << 62, 1<<63 - 1, -1 << 63, -1<<63 + 1}
	num := rapid.OneOf(rapid.SampledFrom(ends), rapid.Int64(), rapid.Int64Range(-1000, 1000))
	den := rapid.OneOf(rapid.Just(int64(1)), rapid.Just(int64(ppm)), rapid.Int64Range(1, 1000), rapid.Int64Range(1, 1<<63-1))
	rapid.Check(t, func(t *rapid.T) {
		a, b := number{num.Draw(t, "n"), den.Draw(t, "d")}, number{num.Draw(t, "m"), den.Draw(t, "e")}
		if got, want := a.cmp(b), a.rat().Cmp(b.rat()); got != want {
			t.Fatalf("%v cmp %v = %d, want %d", a, b, got, want)
		}
		check := func(name string, got number, o outcome, want *big.Rat) {
			exact, s := fits(want)
			if (o == yes) != (s == Holds) || o == yes && (got.d < 1 || got.rat().Cmp(exact) != 0) {
				t.Fatalf("%v %s %v = %v (%v), want %v", a, name, b, got, o, want)
			}
		}
		sum, o := a.add(b)
		check("+", sum, o, new(big.Rat).Add(a.rat(), b.rat()))
		diff, o := a.sub(b)
		check("-", diff, o, new(big.Rat).Sub(a.rat(), b.rat()))
		prod, o := a.mul(b)
		check("*", prod, o, new(big.Rat).Mul(a.rat(), b.rat()))
		if b.n != 0 {
			quo, o := a.div(b)
			check("/", quo, o, new(big.Rat).Quo(a.rat(), b.rat()))
		}
		var all total
		for _, x := range []number{a, b, a, b, {-1, 3}} {
			all.add(x)
		}
		want := new(big.Rat).Add(a.rat(), b.rat())
		want.Add(want, want).Add(want, big.NewRat(-1, 3))
		s, o := all.sum()
		check("total", s, o, want)
	})
}
