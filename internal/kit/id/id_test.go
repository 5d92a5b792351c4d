package id

import (
	"crypto/rand"
	"math/big"
	mrand "math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestNew_risesInsideOneMillisecondAndAcross(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	m := NewMaker(func() time.Time { return at }, rand.Reader)
	prev := ""
	for i := range 5000 {
		if i == 2500 {
			at = at.Add(-time.Second) // a clock that steps back must not make ids fall
		}
		got := m.New()
		if !Valid(got) || got <= prev {
			t.Fatalf("id %d = %q after %q, want a larger valid id", i, got, prev)
		}
		prev = got
	}
}

func TestNew_sameSeedSameIDs(t *testing.T) {
	mk := func() *Maker {
		return NewMaker(func() time.Time { return time.UnixMilli(1) }, mrand.NewChaCha8([32]byte{7}))
	}
	a, b := mk(), mk()
	for range 10 {
		if x, y := a.New(), b.New(); x != y {
			t.Fatalf("New() = %q and %q from the same seed, want equal", x, y)
		}
	}
}

func TestEncode_isBase32OfTheWhole128Bits(t *testing.T) {
	// reference: the number written in base 32 by math/big, then digits mapped to Crockford's letters
	n := new(big.Int).SetUint64(0x0123456789AB)
	n.Lsh(n, 16).Or(n, big.NewInt(0x1CDE)).Lsh(n, 64).Or(n, new(big.Int).SetUint64(0xF0123456789ABCDE))
	want := strings.Map(func(r rune) rune { return rune(alphabet[strings.IndexRune("0123456789abcdefghijklmnopqrstuv", r)]) }, n.Text(32))
	want = strings.Repeat("0", 26-len(want)) + want
	if got := encode(0x0123456789AB, 0x1CDE, 0xF0123456789ABCDE); got != want {
		t.Errorf("encode = %q, want %q", got, want)
	}
}
