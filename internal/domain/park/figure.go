package park

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Field is a thing that sources state of a park.
type Field struct {
	Key        string         // "land_area"; also the message key: park.field.land_area
	Unit       unit.Canonical // the unit of stored values
	StatedUnit string         // the unit of a statement that names none: what the programme's fact sheets write
	Max        int64          // the largest value that can be meant, in Unit; 0 = no bound
}

// The keys of the fields that code refers to by name.
const (
	LandArea    = "land_area"
	FloorArea   = "floor_area"
	Started     = "started"
	Opened      = "opened"
	LeasingRate = "leasing_rate"
)

// fields in the order in which a park's page and a list show them.
var fields = []Field{
	{Key: LandArea, Unit: unit.AreaM2, StatedUnit: "亩"},                 // 土地面积
	{Key: FloorArea, Unit: unit.AreaM2, StatedUnit: "m2"},               // 建筑面积
	{Key: "factory_area", Unit: unit.AreaM2, StatedUnit: "m2"},          // 厂房面积
	{Key: "investment", Unit: unit.Fen, StatedUnit: "亿元"},               // 投资额; the source says whether of the park or of its tenants
	{Key: Started, Unit: unit.Day},                                      // 开工
	{Key: Opened, Unit: unit.Day},                                       // 竣工或开园
	{Key: "tenants_signed", Unit: unit.Count, StatedUnit: "家"},          // 签约
	{Key: "tenants_fitting_out", Unit: unit.Count, StatedUnit: "家"},     // 装修
	{Key: "tenants_producing", Unit: unit.Count, StatedUnit: "家"},       // 投产
	{Key: "tenants_enrolled", Unit: unit.Count, StatedUnit: "家"},        // 纳统
	{Key: LeasingRate, Unit: unit.PPM, StatedUnit: "%", Max: 1_000_000}, // 招商率/去化率
	{Key: "expected_output", Unit: unit.Fen, StatedUnit: "亿元"},          // 预期年产值
	{Key: "expected_tax", Unit: unit.Fen, StatedUnit: "万元"},             // 预期年税收
}

// Fields lists the fields of a park in the order to show them.
func Fields() []Field { return append([]Field(nil), fields...) }

// FieldOf finds a field by its key. Error kind Invalid, key "park.unknown_field".
func FieldOf(key string) (Field, error) {
	for _, f := range fields {
		if f.Key == key {
			return f, nil
		}
	}
	return Field{}, fault.New(fault.Invalid, "park.unknown_field", "field", key)
}

// Parse reads what was written of a field in a unit (empty: the field's own). It gives the value in f.Unit and the unit
// that was meant. It guesses nothing.
//
// Errors, all Invalid: "unit.unknown"; "unit.not_of_field" for mu of money; "number.invalid", "number.too_large"; "number.negative";
// "number.not_whole" for half a tenant; "number.above" beyond Max (a leasing rate over 100 %); "date.invalid".
func (f Field) Parse(text, written string) (value int64, statedUnit string, err error) {
	text = strings.TrimSpace(text)
	if f.Unit == unit.Day {
		d, err := parseDate(text)
		return int64(d), string(unit.Day), err
	}
	if written = strings.TrimSpace(written); written == "" {
		written = f.StatedUnit
	}
	u, err := unit.Of(written)
	if err != nil {
		return 0, "", err
	}
	if u.To != f.Unit {
		return 0, "", fault.New(fault.Invalid, "unit.not_of_field", "unit", written, "field", f.Key)
	}
	v, err := u.Parse(text)
	switch {
	case err != nil:
		return 0, "", err
	case v < 0 || strings.HasPrefix(text, "-"):
		return 0, "", fault.New(fault.Invalid, "number.negative", "text", text)
	case f.Unit == unit.Count && strings.TrimRight(fraction(text), "0") != "":
		return 0, "", fault.New(fault.Invalid, "number.not_whole", "text", text)
	case f.Max > 0 && v > f.Max:
		return 0, "", fault.New(fault.Invalid, "number.above", "text", text, "limit", u.Format(f.Max), "unit", u.Symbol)
	}
	return v, u.Symbol, nil
}

func fraction(text string) string {
	_, frac, _ := strings.Cut(text, ".")
	return frac
}

// parseDate reads the ways in which lists write a day, a month or a year, always the year first: 2024-06-30, 2024/6,
// 2024.6.30, 2024年6月, 2024年. Error kind Invalid, key "date.invalid".
func parseDate(text string) (period.Date, error) {
	bad := fault.New(fault.Invalid, "date.invalid", "text", text)
	iso := strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-").Replace(text)
	if strings.HasSuffix(text, "年") || strings.HasSuffix(text, "月") {
		iso = strings.TrimSuffix(iso, "-")
	}
	parts := strings.Split(iso, "-")
	for i := 1; i < len(parts); i++ {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	d, err := period.ParseDate(strings.Join(parts, "-"))
	if err != nil || d == 0 || d.Year() < 1900 || d.Year() > 2199 {
		return 0, bad
	}
	return d, nil
}

// Statement is what a person or a list states of one field of a park, before it is a figure.
type Statement struct {
	Field     string
	Text      string // as written: "131.2"
	Unit      string // as written; empty means the field's own
	Nature    figure.Nature
	Source    string
	SourceRef string
	AsOf      period.Date // zero: the source does not say
}

// figure parses the statement. Errors: those of Field.Parse, "park.unknown_field", "figure.bad_nature", "figure.no_source",
// "park.text_too_long".
func (s Statement) figure() (figure.Figure, error) {
	f, err := FieldOf(s.Field)
	if err != nil {
		return figure.Figure{}, err
	}
	value, stated, err := f.Parse(s.Text, s.Unit)
	if err != nil {
		return figure.Figure{}, err
	}
	switch source := strings.TrimSpace(s.Source); {
	case !s.Nature.Valid():
		return figure.Figure{}, fault.New(fault.Invalid, "figure.bad_nature", "nature", s.Nature)
	case source == "":
		return figure.Figure{}, fault.New(fault.Invalid, "figure.no_source", "field", s.Field)
	default:
		return figure.Figure{
			Field: s.Field, Value: value, Unit: f.Unit, Stated: strings.TrimSpace(s.Text), StatedUnit: stated,
			Nature: s.Nature, Source: source, SourceRef: s.SourceRef, AsOf: s.AsOf,
		}, nil
	}
}
