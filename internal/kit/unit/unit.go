// Package unit turns the quantities that people write into whole numbers of one canonical unit, and back.
//
// Sums of whole numbers do not depend on their order, are equal on both database engines and equal their drill-down, so
// every figure is an int64 of its canonical unit: money in fen, areas in m², ratios in parts per million, counts in ones.
// The text that was stated is kept beside it; nothing is lost by rounding.
//
//	v, err := unit.MustOf("亩").Parse("131.2") // 87467 m²
package unit

import (
	"math/big"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Canonical is the unit in which a figure is stored.
type Canonical string

// The canonical units.
const (
	AreaM2 Canonical = "m2"    // 平方米
	Fen    Canonical = "fen"   // 分, 1/100 yuan
	PPM    Canonical = "ppm"   // parts per million of a ratio
	Count  Canonical = "count" // 个, 家, 人
	KWh    Canonical = "kwh"   // 千瓦时
	Day    Canonical = "date"  // yyyymmdd, see period.Date; not a quantity
)

// Unit is a unit that people write, with its exact factor to the canonical one.
type Unit struct {
	Symbol string    // as written: 亩, 万元
	To     Canonical // what it becomes
	num    int64     // canonical = stated * num / den
	den    int64
}

// The units of the programme. 1 mu (亩) = 2000/3 m² exactly: 15 mu are one hectare (公顷), which is 10,000 m².
var units = map[string]Unit{
	"m2": {"m2", AreaM2, 1, 1}, "㎡": {"㎡", AreaM2, 1, 1}, "m²": {"m²", AreaM2, 1, 1}, "平方米": {"平方米", AreaM2, 1, 1},
	"万平方米": {"万平方米", AreaM2, 10_000, 1}, "万㎡": {"万㎡", AreaM2, 10_000, 1},
	"亩": {"亩", AreaM2, 2000, 3}, "mu": {"mu", AreaM2, 2000, 3},
	"公顷": {"公顷", AreaM2, 10_000, 1}, "ha": {"ha", AreaM2, 10_000, 1},
	"元": {"元", Fen, 100, 1}, "万元": {"万元", Fen, 1_000_000, 1}, "亿元": {"亿元", Fen, 10_000_000_000, 1},
	"%": {"%", PPM, 10_000, 1}, "比例": {"比例", PPM, 1_000_000, 1},
	"个": {"个", Count, 1, 1}, "家": {"家", Count, 1, 1}, "人": {"人", Count, 1, 1}, "户": {"户", Count, 1, 1}, "count": {"count", Count, 1, 1},
	"千瓦时": {"千瓦时", KWh, 1, 1}, "kWh": {"kWh", KWh, 1, 1}, "万千瓦时": {"万千瓦时", KWh, 10_000, 1},
}

// Of finds a unit by its written symbol. Error kind Invalid, key "unit.unknown".
func Of(symbol string) (Unit, error) {
	u, ok := units[strings.TrimSpace(symbol)]
	if !ok {
		return Unit{}, fault.New(fault.Invalid, "unit.unknown", "unit", symbol)
	}
	return u, nil
}

// MustOf is Of for symbols that the program itself writes; it panics on one that it does not know.
func MustOf(symbol string) Unit {
	u, err := Of(symbol)
	if err != nil {
		panic(err)
	}
	return u
}

// Symbols lists every unit that Of knows to be written for the canonical one, in no order.
func Symbols(c Canonical) []string {
	var out []string
	for s, u := range units {
		if u.To == c {
			out = append(out, s)
		}
	}
	return out
}

// Parse reads a plain decimal number ("131.2", "-3", "1,200") of this unit and gives it in the canonical unit, rounded half
// away from zero to a whole number. It refuses anything else ("约100", "1e5", "NaN", ""): a number is never guessed.
// Errors: kind Invalid, key "number.invalid" or "number.too_large" (beyond int64).
func (u Unit) Parse(s string) (int64, error) {
	text := strings.TrimSpace(s)
	if v, ok := u.parseShort(text); ok {
		return v, nil
	}
	if !plainDecimal(text) {
		return 0, fault.New(fault.Invalid, "number.invalid", "text", s)
	}
	r, ok := new(big.Rat).SetString(strings.ReplaceAll(text, ",", ""))
	if !ok {
		return 0, fault.New(fault.Invalid, "number.invalid", "text", s)
	}
	r.Mul(r, big.NewRat(u.num, u.den))
	return roundHalfAway(r, s)
}

func roundHalfAway(r *big.Rat, s string) (int64, error) {
	n, d := new(big.Int).Set(r.Num()), r.Denom()
	neg := n.Sign() < 0
	n.Abs(n).Mul(n, big.NewInt(2)).Add(n, d).Quo(n, new(big.Int).Mul(d, big.NewInt(2)))
	if neg {
		n.Neg(n)
	}
	if !n.IsInt64() {
		return 0, fault.New(fault.Invalid, "number.too_large", "text", s)
	}
	return n.Int64(), nil
}

// plainDecimal accepts an optional sign, digits (thousands may be separated by commas) and an optional fraction.
func plainDecimal(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	whole, frac, dotted := strings.Cut(s, ".")
	if len(s) > 40 || !allDigits(frac) && frac != "" || dotted && frac == "" {
		return false
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if !allDigits(g) || len(groups) > 1 && (i == 0 && len(g) > 3 || i > 0 && len(g) != 3) {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Format writes a canonical value in this unit, exactly where the decimal expansion ends within six places and rounded
// half away from zero at the sixth place otherwise, without trailing zeros. It is for reading, not for storing.
func (u Unit) Format(v int64) string {
	r := new(big.Rat).Mul(big.NewRat(v, 1), big.NewRat(u.den, u.num))
	s := r.FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Float is the value in this unit as a float64, for charts and JSON numbers. It is exact up to 2^53 canonical units for
// factors that are powers of ten.
func (u Unit) Float(v int64) float64 {
	return float64(v) * float64(u.den) / float64(u.num)
}
