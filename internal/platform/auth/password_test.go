package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

var cheap = HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1}

// Source: test.c of the reference implementation of Argon2 (github.com/P-H-C/phc-winner-argon2), argon2id, version 0x13.
const referenceHash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestMatches_agreesWithTheReferenceImplementation(t *testing.T) {
	h := newHasher(cheap, rand.Reader, 1)
	for password, want := range map[string]bool{"password": true, "Password": false, "": false} {
		if got, err := h.matches(context.Background(), referenceHash, password); got != want || err != nil {
			t.Errorf("matches(%q) = %v, %v, want %v", password, got, err, want)
		}
	}
}

func TestHash_storesItsCostAndASaltOfItsOwn(t *testing.T) {
	ctx, h := context.Background(), newHasher(cheap, rand.Reader, 1)
	a, errA := h.hash(ctx, "correct horse")
	b, errB := h.hash(ctx, "correct horse")
	if errA != nil || errB != nil || a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("hash = %q, %q, want two different argon2id hashes with their cost", a, b)
	}
	dearer := newHasher(HashCost{MemoryKiB: 128, Passes: 2, Lanes: 1}, rand.Reader, 1)
	if ok, err := dearer.matches(ctx, a, "correct horse"); !ok || err != nil {
		t.Errorf("matches under another cost = %v, %v, want true: the stored cost counts", ok, err)
	}
}

func TestMatches_oneSpellingForEveryKeyboard(t *testing.T) {
	ctx, h := context.Background(), newHasher(cheap, rand.Reader, 1)
	stored, _ := h.hash(ctx, "cafe\u0301 泉州 2025") // e and a combining accent
	if ok, err := h.matches(ctx, stored, "caf\u00e9\u3000泉州 2025"); !ok || err != nil {
		t.Errorf("matches(composed, ideographic space) = %v, %v, want true", ok, err)
	}
}

func TestMatches_damagedHashMatchesNothing(t *testing.T) {
	h := newHasher(cheap, rand.Reader, 1)
	for _, stored := range []string{"", "x", "$argon2id$v=19$m=64,t=1,p=1$$", strings.Replace(referenceHash, "argon2id", "argon2i", 1),
		strings.Replace(referenceHash, "m=65536", "m=4294967295", 1), strings.Replace(referenceHash, "t=2", "t=0", 1),
		strings.Replace(referenceHash, "p=1", "p=0", 1), strings.Replace(referenceHash, "v=19", "v=16", 1), referenceHash + "A", referenceHash + "$"} {
		for _, password := range []string{"", "password", strings.Repeat("x", 5000)} {
			if got, err := h.matches(context.Background(), stored, password); got || err != nil {
				t.Errorf("matches(%q, %.10q) = %v, %v, want false, nil", stored, password, got, err)
			}
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(referenceHash)
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := parsePHC(s); ok && p.String() != s {
			t.Errorf("parsePHC(%q).String() = %q, want the same", s, p.String())
		}
	})
}

func TestCheckPassword_policy(t *testing.T) {
	for password, want := range map[string]string{
		"":                       "auth.password_short",
		"123456789":              "auth.password_short",
		"泉州泉州泉州泉州泉":              "auth.password_short", // nine characters, not bytes
		"1234567890":             "",
		"泉州泉州泉州泉州泉州":             "",
		strings.Repeat("x", 128): "",
		strings.Repeat("x", 129): "auth.password_long",
		"office.a.350582":        "auth.password_is_username",
		"OFFICE.A.３５０５８２":        "auth.password_is_username", // case and width do not make it another
		"office.a.350583":        "",
		"abcdefghij\n":           "auth.password_chars",
		"abcdefghij\xff":         "auth.password_chars",
	} {
		err := checkPassword("office.a.350582", password)
		f, _ := fault.Of(err)
		if got := keyOf(f); got != want {
			t.Errorf("checkPassword(%q) = %q, want %q", password, got, want)
		}
	}
}

func keyOf(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.Key
}

func TestFoldUsername_oneSpelling(t *testing.T) {
	for in, want := range map[string]string{
		"Admin": "admin", " office.a ": "office.a", "ＬＩ": "li", "市办": "市办", "a_b-c@d.e": "a_b-c@d.e", "9ab": "9ab",
		"": "", "a": "", "-ab": "", ".ab": "", "a b": "", "(system)": "", "a\x00b": "", "a\u200bb": "", "\xff\xfe": "",
		strings.Repeat("a", 65): "", strings.Repeat("a", 1<<20): "", strings.Repeat("王", 64): strings.Repeat("王", 64),
	} {
		got, err := foldUsername(in)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("foldUsername(%.20q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

func FuzzFoldUsername_isStable(f *testing.F) {
	f.Add("Office.A")
	f.Add("ＡＢ王")
	f.Fuzz(func(t *testing.T, s string) {
		once, err := foldUsername(s)
		if err != nil {
			return
		}
		if twice, err := foldUsername(once); err != nil || twice != once {
			t.Errorf("foldUsername(%q) = %q, folded again %q, %v, want the same", s, once, twice, err)
		}
	})
}

func TestTurn_refusesWhenTooManyWait(t *testing.T) {
	h := newHasher(cheap, rand.Reader, 1)
	started, release := make(chan bool), make(chan bool)
	results := make(chan error)
	go func() { results <- h.turn(context.Background(), func() { started <- true; <-release }) }()
	<-started
	for range waitersPerHash { // fill the queue without goroutines that would have to be waited for
		h.queue <- struct{}{}
	}
	busy := fault.New(fault.Busy, "auth.busy")
	if err := h.turn(context.Background(), func() { t.Error("ran") }); !errors.Is(err, busy) {
		t.Errorf("turn with a full queue = %v, want auth.busy", err)
	}
	<-h.queue
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.turn(ctx, func() { t.Error("ran") }); !errors.Is(err, busy) || !errors.Is(err, context.Canceled) {
		t.Errorf("turn of a caller that left = %v, want auth.busy because of context.Canceled", err)
	}
	close(release)
	if err := <-results; err != nil {
		t.Errorf("turn = %v, want nil", err)
	}
}

func TestOneTimePassword_meetsThePolicyAndUsesAllLetters(t *testing.T) {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	seen := map[rune]int{}
	source := bytes.NewReader(all[:240]) // twelve passwords
	for range 12 {
		p, err := oneTimePassword(source)
		if err != nil || len(p) != 23 || checkPassword("admin", p) != nil {
			t.Fatalf("oneTimePassword = %q, %v, want 4 groups of 5 that the policy takes", p, err)
		}
		for _, c := range p {
			seen[c]++
		}
	}
	if len(seen) != 33 { // 32 letters and the hyphen
		t.Errorf("used %d characters, want 33", len(seen))
	}
	if p, err := oneTimePassword(source); err == nil {
		t.Errorf("oneTimePassword without randomness = %q, want an error", p)
	}
}
