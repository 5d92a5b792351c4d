package db

import (
	"context"
	"time"
)

// Delays between attempts double from baseDelay to maxDelay.
const (
	baseDelay = 2 * time.Millisecond
	maxDelay  = 250 * time.Millisecond
)

// backoff is the pause after an attempt (1 for the first): between half and the whole of a doubling delay, spread by salt
// so that transactions which collided do not meet again. The spread is a hash and no random source, which keeps the
// package free of hidden state; different connections pass different salts.
func backoff(attempt int, salt uint64) time.Duration {
	d := min(baseDelay<<min(attempt-1, 16), maxDelay)
	return d/2 + time.Duration(mix(salt)%uint64(d/2+1))
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of x changes about half of the result's.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pause waits for d, or less when ctx ends, and then returns the fault for it.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return canceled(ctx.Err())
	case <-t.C:
		return nil
	}
}
