package target

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Noun is the name of this noun in audit lines and touches. A touch's id is "org/year/indicator/kind".
const Noun = "target"

// Kind says whether a number is wanted or was published as reached.
type Kind string

// The kinds.
const (
	Wanted Kind = "target" // 目标
	Result Kind = "result" // 公布结果
)

// Accrual is how an indicator grows during a year.
type Accrual uint8

// The two accruals. Stock stands at a month's end and does not begin anew in January (累计投产企业); Flow is gathered from
// January on (新增投产企业, 产值).
const (
	Stock Accrual = iota
	Flow
)

// AccrualOf is Flow for an indicator that says it is one.
func AccrualOf(flow bool) Accrual {
	if flow {
		return Flow
	}
	return Stock
}

// Linear is the curve of equal months; the empty curve means the same.
const Linear = "linear"

// Target is one wanted or published number.
type Target struct {
	City       string
	Org        org.ID
	Year       int
	Indicator  string // the indicator's code: "tenancy.production.new"
	Kind       Kind
	Value      int64 // in Unit
	Unit       unit.Canonical
	Stated     string // the text that was written: "1000"
	StatedUnit string // the unit that it was written in: "家"
	Curve      string // "linear", or twelve cumulative shares of the year: "0.02,0.05,…,1"
	Source     string
	Version    int64 // starts at 1, rises with each change
}

// One is a share of everything, in parts per million.
const One = 1_000_000

// Shares gives the share of the year that a curve wants by the end of each month, in parts per million.
// Errors: Invalid "target.bad_curve" (argument curve) unless there are twelve plain decimals from 0 to 1 with at most six
// places that never fall and end with 1.
func Shares(curve string) (out [12]int64, err error) {
	bad := fault.New(fault.Invalid, "target.bad_curve", "curve", curve)
	if curve == "" || curve == Linear {
		for i := range out {
			out[i] = muldiv(One, int64(i+1), 12)
		}
		return out, nil
	}
	parts := strings.Split(curve, ",")
	if len(parts) != len(out) {
		return out, bad
	}
	ratio := unit.MustOf("比例")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if _, frac, _ := strings.Cut(p, "."); len(frac) > 6 {
			return out, bad
		}
		if out[i], err = ratio.Parse(p); err != nil {
			return out, bad
		}
		if out[i] < 0 || out[i] > One || i > 0 && out[i] < out[i-1] {
			return out, bad
		}
	}
	if out[11] != One {
		return out, bad
	}
	return out, nil
}

// Pace says where the target's curve wants the indicator to be at the end of a month, in the target's unit, rounded half
// away from zero. A Flow is gathered along the curve: nothing before the year, all of it from its last month on. A Stock
// has no curve: the plans state where it shall stand at the year's end and not where it began, so its pace is the whole
// value in every month. Errors as Shares.
func (t Target) Pace(a Accrual, asOf period.Month) (int64, error) {
	if a == Stock || asOf.Year() > t.Year {
		return t.Value, nil
	}
	if asOf.Year() < t.Year {
		return 0, nil
	}
	if t.Curve == "" || t.Curve == Linear { // exact, not through a rounded share
		return muldiv(t.Value, int64(asOf.Month()), 12), nil
	}
	shares, err := Shares(t.Curve)
	if err != nil {
		return 0, err
	}
	return muldiv(t.Value, shares[asOf.Month()-1], One), nil
}

// Attainment is reading ÷ of in parts per million (完成率), rounded half away from zero; of is a target's value, or its pace
// for the attainment against the calendar. ok is false when of is zero or the ratio leaves int64.
func Attainment(reading, of int64) (ppm int64, ok bool) {
	if of == 0 {
		return 0, false
	}
	r := new(big.Int).Mul(big.NewInt(reading), big.NewInt(One))
	q := divide(r, big.NewInt(of))
	if !q.IsInt64() {
		return 0, false
	}
	return q.Int64(), true
}

// muldiv is v·num÷den rounded half away from zero, for 0 ≤ num ≤ den: it never leaves int64.
func muldiv(v, num, den int64) int64 {
	return divide(new(big.Int).Mul(big.NewInt(v), big.NewInt(num)), big.NewInt(den)).Int64()
}

func divide(n, d *big.Int) *big.Int {
	negative := n.Sign()*d.Sign() < 0
	n, d = new(big.Int).Abs(n), new(big.Int).Abs(d)
	q := n.Mul(n, big.NewInt(2)).Add(n, d)
	q.Quo(q, new(big.Int).Mul(d, big.NewInt(2)))
	if negative {
		q.Neg(q)
	}
	return q
}

// maxText bounds every text of a target, in characters.
const maxText = 500

func (t Target) check() error {
	switch {
	case t.Year < 1900 || t.Year > 2199:
		return fault.New(fault.Invalid, "target.bad_year", "year", t.Year)
	case t.Kind != Wanted && t.Kind != Result:
		return fault.New(fault.Invalid, "target.bad_kind", "kind", t.Kind)
	case strings.TrimSpace(t.Indicator) == "":
		return fault.New(fault.Invalid, "target.no_indicator")
	case len(unit.Symbols(t.Unit)) == 0:
		return fault.New(fault.Invalid, "unit.unknown", "unit", t.Unit)
	case strings.TrimSpace(t.Source) == "":
		return fault.New(fault.Invalid, "target.no_source", "indicator", t.Indicator, "year", t.Year)
	}
	for _, text := range []string{t.Indicator, t.Stated, t.StatedUnit, t.Curve, t.Source} {
		if utf8.RuneCountInString(text) > maxText {
			return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
		}
		if err := page.Clean(text); err != nil {
			return err
		}
	}
	_, err := Shares(t.Curve)
	return err
}
