package mapping

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Version is the version of the shape of a Mapping.
const Version = 1

// Mapping says how an office's table is read. It is plain data: kept as JSON or YAML, corrected by a person.
type Mapping struct {
	Version     int         `json:"version" yaml:"version"`
	Fingerprint string      `json:"fingerprint,omitempty" yaml:"fingerprint,omitempty"` // of the header; by it the mapping is found again
	Sheet       string      `json:"sheet,omitempty" yaml:"sheet,omitempty"`             // empty: CSV, or the only visible sheet
	First       int         `json:"first" yaml:"first"`                                 // first row of the header
	Last        int         `json:"last" yaml:"last"`                                   // last row of the header; the table begins below
	Unknown     []string    `json:"unknown,omitempty" yaml:"unknown,omitempty"`         // words for "unknown" in every column
	Order       value.Order `json:"order,omitempty" yaml:"order,omitempty"`             // of dates in every column that states none
	Totals      bool        `json:"totals,omitempty" yaml:"totals,omitempty"`           // rows of totals are kept; else they are left out and reported
	Columns     []ColumnMap `json:"columns" yaml:"columns"`
}

// ColumnMap says what one column is.
type ColumnMap struct {
	Column  string      `json:"column" yaml:"column"`                       // "B"
	Title   string      `json:"title" yaml:"title"`                         // as Detect joined it
	Field   string      `json:"field,omitempty" yaml:"field,omitempty"`     // empty: not read
	Kind    value.Kind  `json:"kind,omitempty" yaml:"kind,omitempty"`       // empty: text
	Unit    string      `json:"unit,omitempty" yaml:"unit,omitempty"`       // of numbers without a unit of their own
	Unknown []string    `json:"unknown,omitempty" yaml:"unknown,omitempty"` // words for "unknown", beside the mapping's
	Order   value.Order `json:"order,omitempty" yaml:"order,omitempty"`     // of dates
	ROC     bool        `json:"roc,omitempty" yaml:"roc,omitempty"`         // years of the Republic (民国)
	Down    bool        `json:"down,omitempty" yaml:"down,omitempty"`       // an open cell means what stands above it, as in cells merged down
}

// Check says whether a mapping can be used with the fields.
// Errors: kind Invalid, keys "mapping.version", "mapping.header", "mapping.column" (no such column, or twice), "mapping.field"
// (unknown, or twice), "mapping.kind", "mapping.unit", "mapping.order", "mapping.missing" (required fields without a column).
func (m Mapping) Check(fields []Field) error {
	if m.Version != Version {
		return fault.New(fault.Invalid, "mapping.version", "version", m.Version, "want", Version)
	}
	if m.First < 1 || m.Last < m.First || m.Last-m.First >= headerRows {
		return fault.New(fault.Invalid, "mapping.header", "first", m.First, "last", m.Last)
	}
	if m.Order != "" && m.Order != value.DMY && m.Order != value.MDY {
		return fault.New(fault.Invalid, "mapping.order", "column", "", "order", string(m.Order))
	}
	columns, taken := map[int]bool{}, map[string]bool{}
	for _, c := range m.Columns {
		i, ok := sheet.ColumnIndex(c.Column)
		if !ok || columns[i] {
			return fault.New(fault.Invalid, "mapping.column", "column", c.Column)
		}
		columns[i] = true
		if c.Field == "" {
			continue
		}
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Code == c.Field })
		if at < 0 || taken[c.Field] {
			return fault.New(fault.Invalid, "mapping.field", "column", c.Column, "field", c.Field)
		}
		taken[c.Field] = true
		if err := c.check(fields[at]); err != nil {
			return err
		}
	}
	var missing []string
	for _, f := range fields {
		if f.Required && !taken[f.Code] {
			missing = append(missing, f.title())
		}
	}
	if len(missing) > 0 {
		return fault.New(fault.Invalid, "mapping.missing", "fields", strings.Join(missing, ", "))
	}
	return nil
}

func (f Field) title() string {
	if len(f.Names) > 0 {
		return f.Names[0]
	}
	return f.Code
}

var kinds = []value.Kind{"", value.Text, value.Code, value.Quantity, value.Date, value.Truth}

func (c ColumnMap) check(f Field) error {
	if !slices.Contains(kinds, c.Kind) {
		return fault.New(fault.Invalid, "mapping.kind", "column", c.Column, "kind", string(c.Kind))
	}
	if c.Order != "" && c.Order != value.DMY && c.Order != value.MDY {
		return fault.New(fault.Invalid, "mapping.order", "column", c.Column, "order", string(c.Order))
	}
	if c.Unit == "" {
		return nil
	}
	if _, err := unit.Of(c.Unit); err != nil || f.Unit != "" && !sameKind(c.Unit, f.Unit) {
		return fault.New(fault.Invalid, "mapping.unit", "column", c.Column, "unit", c.Unit)
	}
	return nil
}

// spec is how the cells of a column are read.
func (m Mapping) spec(c ColumnMap, f *sheet.File) value.Spec {
	s := value.Spec{Kind: c.Kind, Unit: c.Unit, Order: c.Order, ROC: c.ROC, Date1904: f.Date1904}
	s.Unknown = append(slices.Clone(m.Unknown), c.Unknown...)
	if s.Order == "" {
		s.Order = m.Order
	}
	return s
}

// YAML writes a mapping for people.
func (m Mapping) YAML() ([]byte, error) {
	b, err := yaml.Marshal(m)
	return b, fault.Wrap("mapping.YAML", err)
}

// Parse reads a mapping from JSON or YAML; a key that it does not know is an error. It is not checked against fields.
// Errors: kind Invalid, key "mapping.unreadable".
func Parse(data []byte) (Mapping, error) {
	const largest = 1 << 20
	var m Mapping
	var err error
	trimmed := bytes.TrimSpace(data)
	switch {
	case len(data) > largest:
		err = errTooLong
	case bytes.HasPrefix(trimmed, []byte("{")):
		d := json.NewDecoder(bytes.NewReader(trimmed))
		d.DisallowUnknownFields()
		err = d.Decode(&m)
	default:
		err = yaml.Load(trimmed, &m, yaml.WithKnownFields(), yaml.WithUniqueKeys())
	}
	if err != nil {
		return Mapping{}, fault.Because(err, fault.Invalid, "mapping.unreadable")
	}
	return m, nil
}
