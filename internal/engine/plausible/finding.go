package plausible

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Check names what was looked for. The code is stable: stored findings and message keys use it.
type Check string

// The checks.
const (
	Jump       Check = "jump"       // out of line with own past, seen through what peers did
	Slip       Check = "slip"       // a unit was mistaken: about 10, 100, 1,000 or 10,000 times the usual
	Copy       Check = "copy"       // an unchanged copy of an earlier month
	Heap       Check = "heap"       // last digits that books do not have
	Benford    Check = "benford"    // first digits of a whole group; a note
	Sum        Check = "sum"        // month above year, running total that falls or does not add up
	NeedUnmet  Check = "need"       // producing without what producing needs, or the reverse
	Peers      Check = "peers"      // a ratio out of line with peers
	Ratio      Check = "ratio"      // a ratio that left its own course while the peers' did not
	TargetHit  Check = "target"     // meets a target to the last digit
	Origins    Check = "origin"     // one address, device or file for many entities
	Twins      Check = "twins"      // the same figures for different entities
	Impossible Check = "impossible" // negative or zero where it cannot be
)

// Checks lists the checks in the order in which they are reported.
func Checks() []Check {
	return []Check{Jump, Slip, Copy, Heap, Benford, Sum, NeedUnmet, Peers, Ratio, TargetHit, Origins, Twins, Impossible}
}

// Severity is how a finding is to be treated.
type Severity uint8

// The severities.
const (
	Note    Severity = iota // worth knowing; needs no answer
	Warning                 // needs an explanation or a correction
	Error                   // cannot be right
)

// String is the severity's stable name.
func (s Severity) String() string { return [...]string{"note", "warning", "error"}[min(s, Error)] }

// Amount is an argument that is a quantity of a field, so that the edge can write it in the unit of that field.
type Amount struct {
	Field string
	V     int64
}

// String is the plain number in the canonical unit.
func (a Amount) String() string { return strconv.FormatInt(a.V, 10) }

// Row is a filed value that a finding rests on.
type Row struct {
	Entity string
	Month  period.Month
	Field  string
	Value  int64
}

// Band sums up the peers that a value was compared with. Median, Low and High are factors to the entity's own expected
// level for Jump and Slip, and the ratio itself (canonical units) for Peers and Ratio.
type Band struct {
	Group             string // narrowest group; "" when it is everybody
	Entities          int
	Median, Low, High float64
}

// Finding is one thing noticed.
type Finding struct {
	Check    Check
	Severity Severity
	Entity   string   // the first of them by id where several are concerned; "" for a whole group
	Also     []string // the others
	Month    period.Month
	Until    period.Month // last month concerned; = Month for a single one
	Field    string       // "" where several fields are concerned
	Score    float64      // ≥ 1: how many times the threshold was passed; comparable within a check only
	Key      string       // message key finding.plausible.*
	Args     map[string]any
	Evidence []Row
	Peers    *Band
	Suggest  *Amount // what the value would be with the mistaken unit put right

	// Confidential findings must not reach whoever enters figures: they would tell the target.
	Confidential bool
}

func (fr *frame) row(i, f, t int) Row {
	e := fr.entities[i]
	return Row{e.ID, fr.month(t), fr.in.Fields[f].Code, e.Values[f][t].V}
}

// rows are the known values of an entity's fields in the months from…to.
func (fr *frame) rows(i int, fields []int, from, to int) (out []Row) {
	for t := max(0, from); t <= to; t++ {
		for _, f := range fields {
			if fr.entities[i].Values[f][t].Known {
				out = append(out, fr.row(i, f, t))
			}
		}
	}
	return out
}

// order is total: no two findings of one check share entity, months, field and key.
func order(found []Finding) {
	rank := map[Check]int{}
	for i, c := range Checks() {
		rank[c] = i
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Field, b.Field),
			cmp.Compare(rank[a.Check], rank[b.Check]), cmp.Compare(a.Until, b.Until), cmp.Compare(a.Key, b.Key),
			slices.Compare(a.Also, b.Also), cmp.Compare(a.Score, b.Score))
	})
}
