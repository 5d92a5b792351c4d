package auth

import (
	"net/netip"
	"sync"
	"time"
)

// maxAddresses bounds the memory of a limiter; beyond, the address that was quiet longest is forgotten.
const maxAddresses = 4096

// A limiter lets each remote address try so many times a minute: a bucket of tries that refills evenly. It is this
// process's own; the lock-out of an account, which holds everywhere, is in the database.
type limiter struct {
	now       func() time.Time
	perMinute float64

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64 // tries left at the time of at
	at   time.Time
}

func newLimiter(now func() time.Time, perMinute int) *limiter {
	return &limiter{now: now, perMinute: float64(perMinute), buckets: map[string]bucket{}}
}

// take uses up one try of an address; false when none is left.
func (l *limiter) take(from string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key, now := addressKey(from), l.now()
	b, known := l.buckets[key]
	if !known {
		l.makeRoom()
		b = bucket{left: l.perMinute, at: now}
	}
	if passed := now.Sub(b.at); passed > 0 {
		b = bucket{left: min(l.perMinute, b.left+passed.Minutes()*l.perMinute), at: now}
	}
	ok := b.left >= 1
	if ok {
		b.left--
	}
	l.buckets[key] = b
	return ok
}

// giveBack returns a try that turned out right: people behind one address do not lock each other out.
func (l *limiter) giveBack(from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := addressKey(from)
	if b, ok := l.buckets[key]; ok {
		b.left = min(l.perMinute, b.left+1)
		l.buckets[key] = b
	}
}

// makeRoom forgets the address that was quiet longest when the map is full. The walk over it is nothing beside a hash.
func (l *limiter) makeRoom() {
	if len(l.buckets) < maxAddresses {
		return
	}
	oldest, at := "", time.Time{}
	for key, b := range l.buckets {
		if at.IsZero() || b.at.Before(at) || b.at.Equal(at) && key < oldest {
			oldest, at = key, b.at
		}
	}
	delete(l.buckets, oldest)
}

// addressKey gives what counts as one caller: an IPv4 address, or the /64 that one IPv6 caller owns; without the port.
func addressKey(from string) string {
	addr, err := netip.ParseAddr(from)
	if err != nil {
		with, err := netip.ParseAddrPort(from)
		if err != nil {
			return "?" // all who cannot be told apart share
		}
		addr = with.Addr()
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}
