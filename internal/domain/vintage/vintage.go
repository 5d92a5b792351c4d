package vintage

import (
	"fmt"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Noun is the name of this noun in audit lines.
const Noun = "vintage"

// Vintage is one closing of a month without its texts.
type Vintage struct {
	City     string
	Month    period.Month
	No       int64 // 1, 2, … of the month
	Sequence int64 // the change of the ledger up to which it was computed
	Reason   string
	Actor    string
	At       time.Time
	Digest   string            // of all parts
	Parts    map[string]string // digest by the name of the part
	Complete map[string]Count  // of each form, at the closing
}

// Count is how many filings of a form were owed for the month, and how many were approved.
type Count struct{ Owed, Approved int }

// Name is the vintage in one word, "2024-06#2"; the id of its audit line.
func (v Vintage) Name() string { return fmt.Sprintf("%s#%d", v.Month, v.No) }

// Kept is a vintage with its texts. It never changes.
type Kept struct {
	Vintage
	Trail Trail
	parts []part // in the order of partNames
}

// Trail is what this server's audit trail says of a vintage.
type Trail string

// The answers of the trail.
const (
	TrailSilent Trail = ""      // nothing: it was made on another server
	TrailSame   Trail = "same"  // it was made with this digest
	TrailOther  Trail = "other" // it was made with another digest
)

// ParseMonth reads the period of a closing. Error kind Invalid, key "closing.not_a_month".
func ParseMonth(text string) (period.Month, error) {
	p, err := period.Parse(text)
	if err != nil || p.Kind() != period.KindMonth {
		return 0, fault.New(fault.Invalid, "closing.not_a_month", "text", text)
	}
	return p.First(), nil
}
