package rule

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Kind is what sort of thing an expression is.
type Kind uint8

// The kinds. The zero Kind is none: the kind of a missing Value.
const (
	None     Kind = iota
	Truth         // yes or no
	Quantity      // an exact number with a dimension
	Date          // period.Date
	Month         // period.Month
	Word          // text
	Rows          // a table section
)

// String is the kind's stable name, used in message keys (rule.kind.…).
func (k Kind) String() string {
	return [...]string{"none", "truth", "quantity", "date", "month", "word", "rows"}[min(k, Rows)]
}

// Env is what the expressions of a form may name.
type Env struct {
	Fields   []Field
	Sections []Section
	Sources  []string // names that source("…", field) may use
}

// Field is a field of the filing, or a column of a section.
type Field struct {
	Name string // letters, digits and _, not beginning with a digit
	Kind Kind   // all but None and Rows
	Unit string // of a Quantity: a symbol of kit/unit, in which its values are shown. Values are given in the canonical unit
}

// Section is a table of a form: rows with the same columns.
type Section struct {
	Name    string
	Columns []Field // a row's values come in this order
}

// At is the period of an input, as seen from the filing's own.
type At uint8

// The periods.
const (
	Now        At = iota
	Prev          // the period before
	YearAgo       // the same period of the year before
	YTD           // from January to this period
	YTDYearAgo    // from January of the year before to the same period of that year
)

// String is the name of the function that asks for it; "now" for the filing's own period.
func (a At) String() string {
	return [...]string{"now", "prev", "year_ago", "ytd", "ytd_year_ago"}[min(a, YTDYearAgo)]
}

// Input is one value, or one section, that the caller loads before evaluating.
type Input struct {
	Name   string // of the field or section
	At     At
	Source string // "" for the filing itself
}

// String writes the input as an expression does.
func (i Input) String() string {
	s := i.Name
	if i.At != Now {
		s = i.At.String() + "(" + s + ")"
	}
	if i.Source != "" {
		s = `source("` + i.Source + `", ` + s + ")"
	}
	return s
}

// dimension is the exponents of fen, m², kWh and count.
type dimension [4]int8

var dimensionless, countOnly = dimension{}, dimension{3: 1}

func dimensionOf(c unit.Canonical) dimension {
	switch c {
	case unit.Fen:
		return dimension{0: 1}
	case unit.AreaM2:
		return dimension{1: 1}
	case unit.KWh:
		return dimension{2: 1}
	case unit.Count:
		return countOnly
	default:
		return dimensionless
	}
}

// maxExponent bounds dimensions; what a city measures has no cube.
const maxExponent = 8

// times is the dimension of a product; sign -1 that of a quotient. ok is false where an exponent is beyond reason.
func (d dimension) times(e dimension, sign int8) (p dimension, ok bool) {
	for i := range d {
		p[i] = d[i] + sign*e[i]
		if p[i] > maxExponent || p[i] < -maxExponent {
			return p, false
		}
	}
	return p, true
}

// name writes a dimension with the given names of its bases: fen/m2, kwh·m2, 1/count.
func (d dimension) name(bases [4]string) string {
	var over, under []string
	for i, e := range d {
		for range max(e, 0) {
			over = append(over, bases[i])
		}
		for range max(-e, 0) {
			under = append(under, bases[i])
		}
	}
	s := strings.Join(over, "·")
	if len(under) == 0 {
		return s
	}
	if s == "" {
		s = "1"
	}
	return s + "/" + strings.Join(under, "/")
}

// kindType is a kind with its dimension.
type kindType struct {
	kind Kind
	dim  dimension
}

// String names the type for faults: ratio, fen, fen/m2, date.
func (t kindType) String() string {
	if t.kind != Quantity {
		return t.kind.String()
	}
	if t.dim == dimensionless {
		return "ratio"
	}
	return t.dim.name([4]string{"fen", "m2", "kwh", "count"})
}

// typeOf reads a field's type. Errors: "rule.field_kind", or those of unit.Of.
func (f Field) typeOf() (kindType, error) {
	switch f.Kind {
	case Truth, Date, Month, Word:
		return kindType{kind: f.Kind}, nil
	case Quantity:
		u, err := unit.Of(f.Unit)
		return kindType{Quantity, dimensionOf(u.To)}, err
	default:
		return kindType{}, fault.New(fault.Invalid, "rule.field_kind", "field", f.Name)
	}
}

// denominator is what a field's whole numbers are divided by: a ratio is given in parts per million.
func (f Field) denominator() int64 {
	if u, err := unit.Of(f.Unit); err == nil && u.To == unit.PPM {
		return ppm
	}
	return 1
}

// check refuses an environment in which names are not names, are taken twice or hide a function. Keys: "rule.env_name" and those of typeOf.
func (e Env) check() error {
	seen := map[string]bool{}
	fields := func(seen map[string]bool, fields []Field) error {
		for _, f := range fields {
			if err := newName(seen, f.Name); err != nil {
				return err
			}
			if _, err := f.typeOf(); err != nil {
				return err
			}
		}
		return nil
	}
	if err := fields(seen, e.Fields); err != nil {
		return err
	}
	for _, s := range e.Sections {
		if err := newName(seen, s.Name); err != nil {
			return err
		}
		if err := fields(map[string]bool{}, s.Columns); err != nil {
			return err
		}
	}
	return nil
}

func newName(seen map[string]bool, name string) error {
	if !isName(name) || reserved[name] || seen[name] {
		return fault.New(fault.Invalid, "rule.env_name", "name", name)
	}
	seen[name] = true
	return nil
}

var reserved = map[string]bool{"in": true, "true": true, "false": true, "as": true}

func isName(s string) bool {
	for i := range len(s) {
		if !letter(s[i]) && (i == 0 || !digit(s[i])) {
			return false
		}
	}
	return s != "" && len(s) <= 100
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
