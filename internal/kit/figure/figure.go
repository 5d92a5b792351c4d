// Package figure is a number that somebody stated: what it is of, how much, who says so, as of when, and who recorded it.
//
// A figure is never edited. A later statement of the same source replaces it (the old one stays, marked); a statement of
// another source stands beside it, and the two may contradict each other. Which one the city uses is a rule (Use), unless
// a person has chosen. It is not a derived reading: those come from indicators and carry rule versions instead.
package figure

import (
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// ID identifies one recorded figure.
type ID string

// Nature says what kind of statement a figure is (口径性质). Natures are never mixed in one sum without saying so.
type Nature string

// The natures, strongest first in the order of use; simulated only ever exists in a demo city.
const (
	Statistics Nature = "statistics" // 统计: the statistics bureau's
	Record     Nature = "record"     // 行政记录: an administrative record, permit or published government text
	Declared   Nature = "declared"   // 申报: stated by the operator or the enterprise
	Estimate   Nature = "estimate"   // 估计
	Derived    Nature = "derived"    // 派生: computed by the product
	Simulated  Nature = "simulated"  // 模拟: made by the demo's generator, always said in words
)

// Natures lists all natures, strongest first.
func Natures() []Nature {
	return []Nature{Statistics, Record, Declared, Estimate, Derived, Simulated}
}

// Valid says whether n is one of the natures.
func (n Nature) Valid() bool { return slices.Contains(Natures(), n) }

func (n Nature) rank() int {
	if i := slices.Index(Natures(), n); i >= 0 {
		return i
	}
	return len(Natures())
}

// Figure is one statement.
type Figure struct {
	ID         ID
	Field      string         // what it is of: "land_area"; the noun lists its fields
	Value      int64          // in Unit
	Unit       unit.Canonical // canonical unit of Value
	Stated     string         // the text that was written: "131.2"
	StatedUnit string         // the unit that it was written in: "亩"
	Nature     Nature
	Source     string      // who says so: an address or a document
	SourceRef  string      // where in what was brought: "parks.csv!H17"; empty when typed
	AsOf       period.Date // the day the statement is about; zero when the source does not say
	Recorder   string      // user who recorded it
	RecordedAt int64       // µs UTC
	Batch      string      // import batch; empty when typed
	Replaced   ID          // the later figure of the same source that replaces it; empty while it stands
	Chosen     bool        // a person chose it over others
}

// Use picks the figure that the city uses out of those stated for one field: the chosen one, else the strongest nature,
// else the latest as-of date (one without a date is oldest), else the latest recorded, else the largest id. Replaced
// figures are never used. ok is false when nothing stands.
func Use(stated []Figure) (f Figure, ok bool) {
	for _, c := range stated {
		if c.Replaced == "" && (!ok || before(c, f)) {
			f, ok = c, true
		}
	}
	return f, ok
}

func before(a, b Figure) bool {
	switch {
	case a.Chosen != b.Chosen:
		return a.Chosen
	case a.Nature.rank() != b.Nature.rank():
		return a.Nature.rank() < b.Nature.rank()
	case a.AsOf != b.AsOf:
		return a.AsOf > b.AsOf
	case a.RecordedAt != b.RecordedAt:
		return a.RecordedAt > b.RecordedAt
	default:
		return a.ID > b.ID
	}
}

// Contradicted says whether two standing figures of one field cannot both be right: they state different values of the same
// day, or at least one of them does not say of which day. 49 tenants in 2023 and 57 in 2025 contradict nobody, and
// neither does a simulated figure.
func Contradicted(stated []Figure) bool {
	for i, a := range stated {
		for _, b := range stated[:i] {
			if a.speaks() && b.speaks() && a.Value != b.Value && (a.AsOf == b.AsOf || a.AsOf == 0 || b.AsOf == 0) {
				return true
			}
		}
	}
	return false
}

func (f Figure) speaks() bool { return f.Replaced == "" && f.Nature != Simulated }

// SameStatement says whether b repeats a: same field, value, unit, nature, source and as-of date.
func SameStatement(a, b Figure) bool {
	return a.Field == b.Field && a.Value == b.Value && a.Unit == b.Unit && a.Nature == b.Nature &&
		strings.TrimSpace(a.Source) == strings.TrimSpace(b.Source) && a.AsOf == b.AsOf
}
