package pack

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Faults are all that is wrong with a pack, in the order of its lines; at least one. LineOf says where each stands.
type Faults []*fault.Fault

// Error is for operators.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, one := range f {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lets errors.As find the first fault.
func (f Faults) Unwrap() error { return f[0] }

// LineOf is the line of the pack that a fault is about, from 1; 0 when it is about the whole.
func LineOf(f *fault.Fault) int {
	n, _ := f.Args["line"].(int)
	return n
}
