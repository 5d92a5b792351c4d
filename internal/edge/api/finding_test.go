package api

import "testing"

func TestNumber_hasThreeDigitsAndNoExponent(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 1.2345: "1.23", 12.345: "12.3", 1234.5: "1230", 98765432: "98800000", 0.000123456: "0.000123"} {
		if got := number(x); got != want {
			t.Errorf("number(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestLarge_saysTheSizeOfACount(t *testing.T) {
	for _, x := range []struct {
		n      int64
		zh, en string
	}{{7, "7", "7"}, {9_000, "9000", "9,000"}, {20_000, "2万", "20,000"}, {1_000_000, "100万", "1,000,000"}, {100_000_000_000, "1000亿", "100,000,000,000"}, {12_345, "12345", "12,345"}} {
		if zh, en := large(chinese, x.n), large(english, x.n); zh != x.zh || en != x.en {
			t.Errorf("large(%d) = %q and %q, want %q and %q", x.n, zh, en, x.zh, x.en)
		}
	}
}
