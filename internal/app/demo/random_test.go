package demo

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestShare_addsUpAndFollowsTheWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1e9), 1, 50).Draw(t, "weights")
		total := rapid.Int64Range(0, 1e15).Draw(t, "total")
		parts := share(total, weights)
		var sum, weight int64
		for i, p := range parts {
			sum += p
			weight += weights[i]
		}
		if weight > 0 && sum != total {
			t.Fatalf("share(%d, %v) adds up to %d", total, weights, sum)
		}
		for i, p := range parts {
			if weight == 0 {
				break
			}
			exact, _ := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(weights[i])), big.NewInt(weight)).Float64()
			if d := float64(p) - exact; d > 1.001 || d < -1.001 {
				t.Fatalf("part %d of share(%d, %v) = %d, exact %g", i, total, weights, p, exact)
			}
		}
	})
}

func TestWindow_alwaysHoldsTheCalibratedYear(t *testing.T) {
	for months, want := range map[int][2]string{12: {"2024-01", "2024-12"}, 24: {"2023-01", "2024-12"}, 30: {"2023-01", "2025-06"}, 36: {"2022-07", "2025-06"}} {
		first, last := Window(months)
		if got := [2]string{first.String(), last.String()}; !slices.Equal(got[:], want[:]) {
			t.Errorf("Window(%d) = %v, want %v", months, got, want)
		}
	}
}
