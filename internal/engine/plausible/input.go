package plausible

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Value is a filed number in the field's canonical unit, or unknown. The zero Value is unknown.
type Value struct {
	V     int64
	Known bool
}

// Some is a known value.
func Some(v int64) Value { return Value{v, true} }

// Measure is how a field's months relate.
type Measure uint8

// The measures.
const (
	Flow       Measure = iota // of the month itself; months add up
	Stock                     // what stands at the month's end
	YearToDate                // the running total since January of the field named in Of
)

// FirstMonths says how a flow's January and February are filed.
type FirstMonths uint8

// The ways. Either way both months are compared as one slot.
const (
	Separate   FirstMonths = iota
	InFebruary             // February's figure is that of both months, January is not filed
)

// Field is what the caller knows about a column of values.
type Field struct {
	Code        string
	Measure     Measure
	Of          string      // the flow that a YearToDate field adds up
	FirstMonths FirstMonths // flows only
	Step        int64       // smallest difference that can be typed, in the canonical unit: 100000 for 千元 in fen; ≥ 1
	Signed      bool        // negative values are possible: refunds, corrections
	NeverZero   bool        // zero is impossible where a value is filed at all
	Sticky      bool        // honest values often stay the same or are round: head counts, fixed amounts; not searched for copies and heaping
}

// Need says that months with If > 0 have Then > 0, and that Then at its usual level does not go with If = 0.
type Need struct{ If, Then string }

// Pair says that two fields move together and that their ratio is alike among peers. Window is the number of months that
// are added up before dividing: 1 for what is consumed at once, 12 for lumpy payments.
type Pair struct {
	Numerator, Denominator string
	Window                 int
}

// Origin is from where an entity's values of a month came. Month 0 means that it stands for all months. The caller leaves
// out origins that may serve many: an office's own collection, an operator that files for its tenants.
type Origin struct {
	Kind  string // "address", "device", "file": a word of the message group finding.origin
	Label string
	Month period.Month
}

// Target is a value that somebody wishes the sum of a field from From to Month to reach. Only a caller who may see targets
// passes them.
type Target struct {
	Entity, Field string
	From, Month   period.Month
	Value         int64
}

// Entity is one filer. Values has one row per field of Input.Fields and one column per month.
type Entity struct {
	ID      string
	Groups  []string // narrowest first: industry and size class, industry, section. Every group has one wider group.
	Origins []Origin
	Values  [][]Value
}

// Input is everything that Find looks at. Nothing of it is changed or kept.
type Input struct {
	First    period.Month // the month of column 0
	Months   int
	Fields   []Field
	Needs    []Need
	Pairs    []Pair
	Targets  []Target
	Entities []Entity // in any order
}

// check refuses an input that cannot be read in one way only. Error kind Invalid; keys plausible.shape,
// plausible.field_unknown, plausible.entity_twice.
func (in *Input) check() error {
	if in.Months < 0 || in.First <= 0 && in.Months > 0 {
		return fault.New(fault.Invalid, "plausible.shape", "part", "months")
	}
	codes := make([]string, len(in.Fields))
	for i, f := range in.Fields {
		if f.Code == "" || f.Step < 1 || slices.Contains(codes[:i], f.Code) {
			return fault.New(fault.Invalid, "plausible.shape", "part", "field "+f.Code)
		}
		codes[i] = f.Code
	}
	if err := in.checkLinks(codes); err != nil {
		return err
	}
	ids := make(map[string]bool, len(in.Entities))
	for i := range in.Entities {
		e := &in.Entities[i]
		if ids[e.ID] {
			return fault.New(fault.Invalid, "plausible.entity_twice", "entity", e.ID)
		}
		ids[e.ID] = true
		if len(e.Values) != len(in.Fields) {
			return fault.New(fault.Invalid, "plausible.shape", "part", "entity "+e.ID)
		}
		for _, row := range e.Values {
			if len(row) != in.Months {
				return fault.New(fault.Invalid, "plausible.shape", "part", "entity "+e.ID)
			}
		}
	}
	return nil
}

func (in *Input) checkLinks(codes []string) error {
	var named []string
	for _, f := range in.Fields {
		if f.Measure == YearToDate {
			named = append(named, f.Of)
		}
	}
	for _, n := range in.Needs {
		named = append(named, n.If, n.Then)
	}
	for _, p := range in.Pairs {
		named = append(named, p.Numerator, p.Denominator)
		if p.Window < 1 {
			return fault.New(fault.Invalid, "plausible.shape", "part", "pair "+p.Numerator)
		}
	}
	for _, t := range in.Targets {
		named = append(named, t.Field)
	}
	for _, name := range named {
		if !slices.Contains(codes, name) {
			return fault.New(fault.Invalid, "plausible.field_unknown", "field", name)
		}
	}
	return nil
}

func (in *Input) field(code string) int {
	return slices.IndexFunc(in.Fields, func(f Field) bool { return f.Code == code })
}

// frame is an input in a fixed order with what every check needs.
type frame struct {
	in       *Input
	o        Options
	entities []*Entity // by ID
	groups   groups
	grain    [][]int64 // [field][entity]: the unit in which the entity really files, see grains
	tracks   []*track  // [field]; nil for YearToDate
	flagged  [][]bool  // [field]: entity × month, cells that a check on own past refused
}

func newFrame(in *Input, o Options) (*frame, error) {
	fr := &frame{in: in, o: o}
	for i := range in.Entities {
		fr.entities = append(fr.entities, &in.Entities[i])
	}
	slices.SortFunc(fr.entities, func(a, b *Entity) int { return cmp.Compare(a.ID, b.ID) })
	var err error
	if fr.groups, err = newGroups(fr.entities, o); err != nil {
		return nil, err
	}
	return fr, nil
}

func (fr *frame) month(t int) period.Month { return fr.in.First + period.Month(t) }

// column is the column of a month; ok is false outside of the input.
func (fr *frame) column(m period.Month) (t int, ok bool) {
	t = int(m - fr.in.First)
	return t, t >= 0 && t < fr.in.Months
}
