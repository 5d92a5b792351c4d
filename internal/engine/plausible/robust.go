package plausible

import (
	"math"
	"math/bits"
)

// madToSigma makes the median absolute deviation comparable with a standard deviation: 1/Φ⁻¹(3/4) (Hampel 1974).
const madToSigma = 1.4826

// median of x, the mean of the two middle values for an even count; x is reordered. 0 for none. x holds no NaN.
func median(x []float64) float64 {
	n := len(x)
	if n == 0 {
		return 0
	}
	upper := nth(x, n/2)
	if n%2 == 1 {
		return upper
	}
	lower := x[0]
	for _, v := range x[1 : n/2] {
		lower = max(lower, v)
	}
	return lower + (upper-lower)/2
}

// mad is the median absolute deviation from centre, made comparable with a standard deviation; x is overwritten.
func mad(x []float64, centre float64) float64 {
	for i, v := range x {
		x[i] = math.Abs(v - centre)
	}
	return madToSigma * median(x)
}

// nth puts the k-th smallest at x[k] with the smaller ones before it (Hoare 1961), in expected linear time.
func nth(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for hi-lo > 12 {
		pivot := middle(x[lo], x[lo+(hi-lo)/2], x[hi])
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return x[k]
		}
	}
	for i := lo + 1; i <= hi; i++ {
		for j := i; j > lo && x[j] < x[j-1]; j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
	return x[k]
}

func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// binomialTail is P(X ≥ k) for X binomial with n trials of chance p, 0 < p < 1.
func binomialTail(n, k int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	all, _ := math.Lgamma(float64(n + 1))
	hit, _ := math.Lgamma(float64(k + 1))
	miss, _ := math.Lgamma(float64(n - k + 1))
	term := math.Exp(all - hit - miss + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	sum := term
	for x := k; x < n; x++ {
		term *= float64(n-x) / float64(x+1) * p / (1 - p)
		sum += term
	}
	return min(sum, 1)
}

// shrink moves an estimate from n observations towards a wider one that counts as weight observations.
func shrink(own float64, n int, wider, weight float64) float64 {
	return (float64(n)*own + weight*wider) / (float64(n) + weight)
}

// magnitude is |v|, right for the least int64 too.
func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-(v + 1)) + 1
	}
	return uint64(v)
}

// whole rounds to int64 and stops at its ends.
func whole(x float64) int64 {
	switch {
	case x >= math.MaxInt64:
		return math.MaxInt64
	case x <= math.MinInt64:
		return math.MinInt64
	default:
		return int64(math.Round(x))
	}
}

// wide is a sum of int64 that cannot overflow.
type wide struct{ hi, lo uint64 }

func (w wide) add(v int64) wide {
	lo, carry := bits.Add64(w.lo, uint64(v), 0)
	hi, _ := bits.Add64(w.hi, uint64(v>>63), carry)
	return wide{hi, lo}
}

// int64 is the sum if it fits.
func (w wide) int64() (v int64, ok bool) {
	v = int64(w.lo)
	return v, w.hi == uint64(v>>63)
}

// tidy keeps three significant digits of a factor for people.
func tidy(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}

// exp is e^x for an x that may be absurd: beyond e^±100 nothing of this package means anything.
func exp(x float64) float64 { return math.Exp(max(-100, min(100, x))) }
