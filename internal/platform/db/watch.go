package db

import (
	"context"
	"time"
)

// interruptEvery is how often a statement of an ended context is interrupted. Once is not enough: SQLite forgets an
// interrupt that arrives between two statements.
const interruptEvery = 10 * time.Millisecond

// watch calls interrupt from the moment that ctx ends until stop is called, which waits for it.
//
// It is there because SQLite's driver starts a goroutine for each statement whose context can end, and database/sql another
// one; both together took half of the time of a point read and of a prepared insert (docs/adr/0004). One watch for the
// whole transaction costs a microsecond.
func watch(ctx context.Context, interrupt func()) (stop func()) {
	over, finished := make(chan struct{}), make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(finished)
		tick := time.NewTicker(interruptEvery)
		defer tick.Stop()
		for {
			interrupt()
			select {
			case <-over:
				return
			case <-tick.C:
			}
		}
	})
	return func() {
		if !unhook() {
			close(over)
			<-finished
		}
	}
}
