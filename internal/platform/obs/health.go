package obs

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// checkTime is how long one check may take; a balancer that asks does not wait long.
const checkTime = 2 * time.Second

// Health is the list of what must work for the program to answer: the checks behind GET /readyz. The zero Health has
// none and is well. Safe for concurrent use.
type Health struct {
	mu     sync.Mutex
	checks []check
}

type check struct {
	name string
	run  func(ctx context.Context) error
}

// Result of one check. Err is for the log; the others are for everybody.
type Result struct {
	Name string
	OK   bool
	Key  string // message key of what is wrong; empty when OK
	Err  error
}

// Add adds a check. It must watch ctx and be safe for concurrent use.
func (h *Health) Add(name string, run func(ctx context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks = append(h.checks, check{name, run})
}

// Check runs all checks at once and gives their results by name, and whether all are well.
func (h *Health) Check(ctx context.Context) (results []Result, ok bool) {
	h.mu.Lock()
	checks := slices.Clone(h.checks)
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	results = make([]Result, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { results[i] = resultOf(c.name, c.run(ctx)) })
	}
	wg.Wait()
	slices.SortStableFunc(results, func(a, b Result) int { return strings.Compare(a.Name, b.Name) })
	return results, !slices.ContainsFunc(results, func(r Result) bool { return !r.OK })
}

func resultOf(name string, err error) Result {
	if err == nil {
		return Result{Name: name, OK: true}
	}
	key := "internal"
	if f, ok := fault.Of(err); ok {
		key = f.Key
	}
	return Result{Name: name, Key: key, Err: err}
}
