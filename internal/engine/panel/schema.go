package panel

import (
	"math"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Schema names a table and its columns. A column name is used once in the whole schema.
type Schema struct {
	Name  string
	Dims  []string // text, dictionary-coded; the empty text is unknown
	Ints  []string // int64 or unknown, in canonical units
	Dates []string // period.Date of any precision; zero is unknown
}

// Int is a whole number or, when not OK, unknown. The smallest int64 is not a value that a table can hold.
type Int struct {
	V  int64
	OK bool
}

// Some is the known number v.
func Some(v int64) Int { return Int{V: v, OK: true} }

// Row is one row; the values stand in the order of the Schema. Key identifies the row in its table and orders listings by
// its bytes.
type Row struct {
	Key   string
	Dims  []string
	Ints  []Int
	Dates []period.Date
}

// maxKey bounds a key, so that the keys of one chunk stay within 32-bit offsets.
const maxKey = 1 << 15

// unknown stands for a missing number inside an int column. It sorts below every value, so tests and zones treat it as
// an ordinary number: "is unknown" is the range [unknown, unknown].
const unknown = math.MinInt64

// layout is a checked schema with the position of each column. It never changes and is shared by all snapshots.
type layout struct {
	Schema
	dims, ints, dates map[string]int
}

func newLayout(s Schema) (*layout, error) {
	s.Dims, s.Ints, s.Dates = slices.Clone(s.Dims), slices.Clone(s.Ints), slices.Clone(s.Dates)
	l := &layout{Schema: s}
	seen := map[string]bool{}
	for _, part := range []struct {
		names []string
		at    *map[string]int
	}{{s.Dims, &l.dims}, {s.Ints, &l.ints}, {s.Dates, &l.dates}} {
		*part.at = make(map[string]int, len(part.names))
		for i, name := range part.names {
			if name == "" || seen[name] {
				return nil, fault.New(fault.Invalid, "panel.schema", "panel", s.Name, "column", name)
			}
			seen[name] = true
			(*part.at)[name] = i
		}
	}
	return l, nil
}

// position finds a column of one kind ("dim", "int", "date") in its map of positions.
func (l *layout) position(at map[string]int, kind, name string) (int, error) {
	i, ok := at[name]
	if !ok {
		return 0, fault.New(fault.Invalid, "panel.unknown_column", "panel", l.Name, "column", name, "kind", kind)
	}
	return i, nil
}

func (l *layout) dim(name string) (int, error)  { return l.position(l.dims, "dim", name) }
func (l *layout) int(name string) (int, error)  { return l.position(l.ints, "int", name) }
func (l *layout) date(name string) (int, error) { return l.position(l.dates, "date", name) }

// check refuses a row that does not fit the schema.
func (l *layout) check(r Row) error {
	if r.Key == "" || len(r.Key) > maxKey {
		return fault.New(fault.Invalid, "panel.key", "panel", l.Name, "length", len(r.Key))
	}
	if len(r.Dims) != len(l.Dims) || len(r.Ints) != len(l.Ints) || len(r.Dates) != len(l.Dates) {
		return fault.New(fault.Invalid, "panel.row_shape", "panel", l.Name, "row", r.Key)
	}
	for i, v := range r.Ints {
		if v.OK && v.V == unknown {
			return fault.New(fault.Invalid, "panel.overflow", "panel", l.Name, "row", r.Key, "column", l.Ints[i])
		}
	}
	for i, d := range r.Dates {
		if !validDate(d) {
			return fault.New(fault.Invalid, "panel.date", "panel", l.Name, "row", r.Key, "column", l.Dates[i], "value", int(d))
		}
	}
	return nil
}

// validDate accepts no date, and years 1…9999 with a month 0…12 and a day 0…31; a day needs a month.
func validDate(d period.Date) bool {
	year, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	if d == 0 {
		return true
	}
	return d > 0 && year >= 1 && year <= 9999 && month <= 12 && day <= 31 && (month > 0 || day == 0)
}
