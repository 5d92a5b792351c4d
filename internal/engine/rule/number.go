package rule

import (
	"math"
	"math/big"
	"math/bits"
)

// ppm is the denominator of ratios.
const ppm = 1_000_000

// number is the exact fraction n/d, d ≥ 1, not always in lowest terms.
type number struct{ n, d int64 }

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

func addInt(a, b int64) (s int64, ok bool) {
	s = a + b
	return s, (s > a) == (b > 0)
}

// mulInt multiplies where the product is within ±(2^63-1).
func mulInt(a, b int64) (p int64, ok bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// cmp is the sign of a-b, in 128 bits.
func (a number) cmp(b number) int {
	if a.d == b.d {
		return compareInt(a.n, b.n)
	}
	if (a.n < 0) != (b.n < 0) {
		return compareInt(a.n, b.n)
	}
	h1, l1 := bits.Mul64(magnitude(a.n), uint64(b.d))
	h2, l2 := bits.Mul64(magnitude(b.n), uint64(a.d))
	sign := 1
	if a.n < 0 {
		sign = -1
	}
	switch {
	case h1 < h2 || h1 == h2 && l1 < l2:
		return -sign
	case h1 == h2 && l1 == l2:
		return 0
	default:
		return sign
	}
}

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

func (a number) add(b number) (number, outcome) {
	if a.d == b.d {
		if s, ok := addInt(a.n, b.n); ok {
			return number{s, a.d}, yes
		}
	} else {
		x, okX := mulInt(a.n, b.d)
		y, okY := mulInt(b.n, a.d)
		d, okD := mulInt(a.d, b.d)
		if s, okS := addInt(x, y); okX && okY && okD && okS {
			return number{s, d}, yes
		}
	}
	return lowest(new(big.Rat).Add(a.rat(), b.rat()))
}

func (a number) sub(b number) (number, outcome) {
	if b.n == math.MinInt64 {
		return lowest(new(big.Rat).Sub(a.rat(), b.rat()))
	}
	return a.add(number{-b.n, b.d})
}

func (a number) mul(b number) (number, outcome) {
	n, okN := mulInt(a.n, b.n)
	d, okD := mulInt(a.d, b.d)
	if okN && okD {
		return number{n, d}, yes
	}
	return lowest(new(big.Rat).Mul(a.rat(), b.rat()))
}

func (a number) div(b number) (number, outcome) {
	if b.n == 0 {
		return number{}, zeroDivision
	}
	n, okN := mulInt(a.n, b.d)
	d, okD := mulInt(a.d, b.n)
	if okN && okD {
		if d < 0 {
			n, d = -n, -d
		}
		return number{n, d}, yes
	}
	return lowest(new(big.Rat).Quo(a.rat(), b.rat()))
}

func (a number) neg() (number, outcome) { return number{0, 1}.sub(a) }

// round is the nearest multiple of 1/scale, half away from zero.
func (a number) round(scale int64) (number, outcome) {
	if a.d == 1 || a.d == scale {
		return a, yes
	}
	r := a.rat()
	n := r.Mul(r, big.NewRat(scale, 1)).Num()
	d := r.Denom()
	half := new(big.Int).Abs(n)
	half.Lsh(half, 1).Add(half, d).Quo(half, new(big.Int).Lsh(d, 1))
	if n.Sign() < 0 {
		half.Neg(half)
	}
	if !half.IsInt64() {
		return number{}, overflow
	}
	return number{half.Int64(), scale}, yes
}

// whole is the number as an integer, if it is one.
func (a number) whole() (int64, bool) { return a.n / a.d, a.n%a.d == 0 }

func (a number) rat() *big.Rat { return big.NewRat(a.n, a.d) }

// lowest is the fraction in lowest terms, if they are int64s.
func lowest(r *big.Rat) (number, outcome) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return number{}, overflow
	}
	return number{r.Num().Int64(), r.Denom().Int64()}, yes
}

// total adds up numbers exactly, whatever their order: only a sum outside int64 is an overflow.
type total struct {
	lo    uint64 // the sum of numerators over d, in 128 bits, lower and
	hi    int64  // upper half
	d     int64  // 0: nothing added yet
	exact *big.Rat
}

func (t *total) add(a number) {
	if t.d == 0 {
		t.d = a.d
	}
	if t.exact != nil || t.d != a.d {
		t.exact = t.rat()
		t.exact.Add(t.exact, a.rat())
		return
	}
	lo, carry := bits.Add64(t.lo, uint64(a.n), 0)
	t.lo = lo
	t.hi += a.n>>63 + int64(carry)
}

func (t *total) rat() *big.Rat {
	if t.exact != nil {
		return t.exact
	}
	n := new(big.Int).Lsh(big.NewInt(t.hi), 64)
	n.Add(n, new(big.Int).SetUint64(t.lo))
	return new(big.Rat).SetFrac(n, big.NewInt(max(t.d, 1)))
}

func (t *total) sum() (number, outcome) {
	if t.exact == nil && t.hi == int64(t.lo)>>63 {
		return number{int64(t.lo), max(t.d, 1)}, yes
	}
	return lowest(t.rat())
}
