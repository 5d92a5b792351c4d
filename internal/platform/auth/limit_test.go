package auth

import (
	"fmt"
	"testing"
	"time"
)

func TestTake_refillsWithTime(t *testing.T) {
	now := time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now }, 3)
	take := func(from string, want bool) {
		t.Helper()
		if got := l.take(from); got != want {
			t.Errorf("take(%s) = %v, want %v", from, got, want)
		}
	}
	for range 3 {
		take("10.0.0.1:5000", true)
	}
	take("10.0.0.1:5001", false) // another port is the same caller
	take("10.0.0.2:5000", true)
	now = now.Add(20 * time.Second) // a third of a minute: one try
	take("10.0.0.1:5000", true)
	take("10.0.0.1:5000", false)
	l.giveBack("10.0.0.1:5000")
	take("10.0.0.1:5000", true)
	now = now.Add(-time.Hour) // a clock that steps back gives nothing and takes nothing
	take("10.0.0.1:5000", false)
	now = now.Add(3 * time.Hour)
	for range 3 {
		take("10.0.0.1:5000", true)
	}
	take("10.0.0.1:5000", false)
}

func TestTake_memoryIsBounded(t *testing.T) {
	now := time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now }, 1)
	for i := range maxAddresses + 100 {
		now = now.Add(time.Millisecond)
		l.take(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
	}
	if len(l.buckets) != maxAddresses {
		t.Errorf("buckets = %d, want %d", len(l.buckets), maxAddresses)
	}
	if _, kept := l.buckets["10.0.0.0"]; kept {
		t.Error("the address that was quiet longest is still known, want it forgotten")
	}
}

func TestAddressKey_isOneCaller(t *testing.T) {
	for from, want := range map[string]string{
		"10.0.0.1":               "10.0.0.1",
		"10.0.0.1:80":            "10.0.0.1",
		"[::ffff:10.0.0.1]:80":   "10.0.0.1",
		"2001:db8:1:2:3::4":      "2001:db8:1:2::/64",
		"[2001:db8:1:2:9::]:443": "2001:db8:1:2::/64",
		"fe80::1%eth0":           "fe80::/64",
		"":                       "?",
		"@":                      "?",
	} {
		if got := addressKey(from); got != want {
			t.Errorf("addressKey(%q) = %q, want %q", from, got, want)
		}
	}
}
