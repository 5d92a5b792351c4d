package filing

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Kind is the name of this noun in audit lines and touches. A touch's id is made by TouchID.
const Kind = "filing"

// Field is what a value is of.
type Field string

// The fields. All but Jobs are of the month itself; Jobs is the head count at its end.
const (
	Output      Field = "output"      // 产值, fen
	Revenue     Field = "revenue"     // 营业收入, fen
	Tax         Field = "tax"         // 入库税收, fen
	Jobs        Field = "jobs"        // 期末从业人数
	Electricity Field = "electricity" // 用电量, kWh
	Investment  Field = "investment"  // 完成投资, fen
)

// Fields lists the fields.
func Fields() []Field { return []Field{Output, Revenue, Tax, Jobs, Electricity, Investment} }

// Valid says whether f is one of the fields.
func (f Field) Valid() bool { return slices.Contains(Fields(), f) }

// Unit is the canonical unit of the field's values.
func (f Field) Unit() unit.Canonical {
	switch f {
	case Jobs:
		return unit.Count
	case Electricity:
		return unit.KWh
	default:
		return unit.Fen
	}
}

// Stock says that the values of different months must not be added up: they tell what stands at the month's end.
func (f Field) Stock() bool { return f == Jobs }

// Value is one number that an enterprise filed.
type Value struct {
	Enterprise enterprise.ID
	Month      period.Month
	Field      Field
	Value      int64 // in Field.Unit
	Nature     figure.Nature
	Source     string
	Version    int64 // starts at 1, rises with each correction
}

// maxText bounds a source and a reason, in characters.
const maxText = 500

func (v Value) check() error {
	switch {
	case !v.Field.Valid():
		return fault.New(fault.Invalid, "filing.bad_field", "field", v.Field)
	case v.Month.Year() < 1900 || v.Month.Year() > 2199:
		return fault.New(fault.Invalid, "period.invalid", "text", v.Month.String())
	case v.Value < 0 && v.Field.Unit() != unit.Fen: // money may go back: a tax refund, a returned sale
		return fault.New(fault.Invalid, "filing.negative", "field", v.Field, "month", v.Month.String())
	case !v.Nature.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", v.Nature)
	}
	return checkText("source", v.Source)
}

func checkText(what, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return fault.New(fault.Invalid, "filing.no_"+what)
	case utf8.RuneCountInString(text) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(text)
}

// number is a month as the database holds it: yyyymm.
func number(m period.Month) int64 { return int64(m.Year()*100 + m.Month()) }

func monthOf(yyyymm int64) period.Month { return period.MonthOf(int(yyyymm/100), int(yyyymm%100)) }
