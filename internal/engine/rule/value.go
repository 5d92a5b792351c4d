package rule

import "github.com/parkbrain/parkbrain/internal/kit/period"

// Value is one input's value. The zero Value is missing.
type Value struct {
	kind Kind
	n    int64
	s    string
	rows [][]Value
}

// Whole is a quantity in its canonical unit: fen, m², kWh, ones, ppm.
func Whole(n int64) Value { return Value{kind: Quantity, n: n} }

// Day is a date in its stated precision; missing for no date.
func Day(d period.Date) Value {
	if d == 0 {
		return Value{}
	}
	return Value{kind: Date, n: int64(d)}
}

// InMonth is a month; missing for no month.
func InMonth(m period.Month) Value {
	if m == 0 {
		return Value{}
	}
	return Value{kind: Month, n: int64(m)}
}

// Said is a text; missing for an empty one.
func Said(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{kind: Word, s: s}
}

// Is is a yes or no.
func Is(yes bool) Value {
	v := Value{kind: Truth}
	if yes {
		v.n = 1
	}
	return v
}

// Table is a section's rows, each with its values in the order of the section's columns. A table without rows is known
// and empty; a section that was not filed is the zero Value. The rows are kept, not copied.
func Table(rows [][]Value) Value { return Value{kind: Rows, rows: rows} }

// outcome says how a computation ended: truth values are the outcome itself; a quantity, date or word that is known is yes.
// The order counts: combining strictly is taking the greatest.
type outcome uint8

const (
	no outcome = iota
	yes
	missing
	zeroDivision
	overflow
	notWhole
	wrongKind
	tooManySteps
)

func outcomeOf(b bool) outcome {
	if b {
		return yes
	}
	return no
}

func not(o outcome) outcome {
	if o <= yes {
		return yes - o
	}
	return o
}

// and is Kleene's conjunction; of missing and broken it gives missing.
func and(a, b outcome) outcome {
	switch {
	case a == no || b == no:
		return no
	case a == missing || b == missing:
		return missing
	default:
		return max(a, b)
	}
}

func or(a, b outcome) outcome { return not(and(not(a), not(b))) }

// result is the value of a computation whose outcome is yes.
type result struct {
	number        // Quantity; n alone holds a Date or Month
	s      string // Word
}
