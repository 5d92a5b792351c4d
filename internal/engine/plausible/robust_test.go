package plausible

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestRobust_meetsTheCheckValues(t *testing.T) {
	text, err := os.ReadFile("testdata/robust.csv")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		cell := strings.Split(line, ";")
		x := numbers(t, cell[1])
		want := numbers(t, cell[3])[0]
		var got float64
		switch cell[0] {
		case "median":
			got = median(x)
		case "mad":
			got = mad(x, median(slices.Clone(x)))
		case "binomial":
			got = binomialTail(int(x[0]), int(x[1]), numbers(t, cell[2])[0])
		default:
			t.Fatalf("unknown statistic %q", cell[0])
		}
		if math.Abs(got-want) > 1e-9*max(1, want) && math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s(%s) = %v, want %v (%s)", cell[0], cell[1], got, want, cell[4])
		}
	}
	if n < 10 {
		t.Fatalf("only %d check values were read", n)
	}
}

func numbers(t *testing.T, s string) (out []float64) {
	t.Helper()
	for _, f := range strings.Fields(s) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestNth_agreesWithSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for n := 1; n < 400; n += 7 {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(r.IntN(n/3 + 1)) // many ties
		}
		sorted := slices.Sorted(slices.Values(x))
		k := r.IntN(n)
		if got := nth(x, k); got != sorted[k] {
			t.Fatalf("nth(%d values, %d) = %v, want %v", n, k, got, sorted[k])
		}
	}
}

func TestWide_sumsWithoutOverflow(t *testing.T) {
	w := wide{}.add(math.MaxInt64).add(math.MaxInt64)
	if v, ok := w.int64(); ok {
		t.Errorf("twice the largest int64 = %d, want it refused", v)
	}
	if v, ok := w.add(math.MinInt64).add(-math.MaxInt64).int64(); !ok || v != -1 {
		t.Errorf("sum back in range = %d, %v, want -1", v, ok)
	}
}

func TestGrain_isTheUnitReallyUsed(t *testing.T) {
	for _, x := range []struct {
		values []int64
		step   int64
		want   int64
	}{
		{[]int64{123, 457, 881}, 1, 1},
		{[]int64{1200, 4500, 8800}, 1, 100},
		{[]int64{1200, 4500, 8800}, 100, 100},
		{[]int64{0, 0}, 10, 10},
		{[]int64{math.MinInt64}, 1, 1},
		{[]int64{1_000_000_000_000_000_000}, 1_000_000_000, 1_000_000_000_000_000_000},
	} {
		var values []Value
		for _, v := range x.values {
			values = append(values, Some(v))
		}
		if got := grainOf(values, x.step); got != x.want {
			t.Errorf("grainOf(%v, %d) = %d, want %d", x.values, x.step, got, x.want)
		}
	}
}
