package demo

import (
	"math/bits"
	"math/rand/v2"
)

// source gives whole random numbers only, so that the city does not depend on how a machine rounds.
type source struct{ r *rand.Rand }

// newSource makes the stream with number n of a seed; streams do not disturb each other.
func newSource(seed, n uint64) source { return source{rand.New(rand.NewPCG(seed, n))} }

// between gives a number from lo to hi, both included.
func (s source) between(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + s.r.Int64N(hi-lo+1)
}

// chance is true in permille of 1000 cases.
func (s source) chance(permille int64) bool { return s.r.Int64N(1000) < permille }

// skewed gives a weight with a long right tail, as sizes of enterprises have: the product of four draws.
func (s source) skewed() int64 {
	w := int64(1)
	for range 4 {
		w *= s.between(6, 30)
	}
	return w
}

// share splits a total by weights so that the parts are whole and add up to it exactly. All weights zero gives all zero.
func share(total int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	out := make([]int64, len(weights))
	if sum == 0 {
		return out
	}
	var upto, given int64
	for i, w := range weights {
		upto += w
		part := mulDiv(total, upto, sum)
		out[i] = part - given
		given = part
	}
	return out
}

// mulDiv is a*b/c for non-negative numbers without overflow in between.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi%uint64(c), lo, uint64(c))
	return int64(q)
}
