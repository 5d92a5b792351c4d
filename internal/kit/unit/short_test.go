package unit

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The short way gives what an exact fraction gives, for every unit.
func TestParse_shortWayEqualsTheLongOne(t *testing.T) {
	symbols := make([]string, 0, len(units))
	for s := range units {
		symbols = append(symbols, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,15}(\.[0-9]{1,8})?`).Draw(t, "text")
		u := units[rapid.SampledFrom(symbols).Draw(t, "unit")]
		got, ok := u.parseShort(text)
		if !ok {
			return
		}
		r, _ := new(big.Rat).SetString(text)
		want, err := roundHalfAway(r.Mul(r, big.NewRat(u.num, u.den)), text)
		if err != nil || got != want {
			t.Fatalf("parseShort(%q %s) = %d, want %d, %v", text, u.Symbol, got, want, err)
		}
	})
}

func TestParseShort_leavesTheRestToTheLongWay(t *testing.T) {
	for _, text := range []string{"", "-", "+1", "1,000", "1.", ".5", "1.2.3", "1e5", " 1", "１", "1234567890123456", "--1", "-.5"} {
		if v, ok := MustOf("元").parseShort(text); ok {
			t.Errorf("parseShort(%q) = %d, want it left", text, v)
		}
	}
	if v, ok := MustOf("亿元").parseShort("999999999999999"); ok {
		t.Errorf("parseShort of what does not fit = %d, want it left", v)
	}
	for text, want := range map[string]int64{"0.005": 1, "-0.005": -1, "0.0049": 0, "12.34": 1234, "-12.34": -1234, "0": 0, "-0": 0} {
		if v, ok := MustOf("元").parseShort(text); !ok || v != want {
			t.Errorf("parseShort(%q 元) = %d, %v, want %d", text, v, ok, want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"1234.56", strings.Repeat("1", 16)} {
		b.Run(text, func(b *testing.B) {
			u := MustOf("万元")
			for b.Loop() {
				_, _ = u.Parse(text)
			}
		})
	}
}
