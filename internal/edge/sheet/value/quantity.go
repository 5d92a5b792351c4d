package value

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

var (
	exponent = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?[Ee][+-]?[0-9]{1,3}$`)
	grouped  = regexp.MustCompile(`^[+-]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?$`)
	ranged   = regexp.MustCompile(`^[0-9.,]+\s*[^\s0-9.,]{0,4}\s*[-~至到]\s*[0-9.,]+`)
)

// spellings are other ways to write units of package unit.
var spellings = map[string]string{
	"平米": "m2", "平方": "m2", "平": "m2", "m^2": "m2", "M2": "m2", "sqm": "m2", "万平": "万平方米", "万平米": "万平方米", "万m2": "万平方米", "万方": "万平方米",
	"hm2": "公顷", "hm²": "公顷", "畝": "亩", "人民币元": "元", "元人民币": "元", "万元人民币": "万元", "亿元人民币": "亿元", "億元": "亿元", "萬元": "万元", "万": "万", "亿": "亿",
	"萬": "万", "億": "亿", "千万": "千万", "百万": "百万", "度": "千瓦时", "万度": "万千瓦时", "kwh": "kWh", "KWH": "kWh", "名": "人", "间": "个", "项": "个", "企业": "家",
}

// multiples are number words that stand for the unit's multiple: 3.5万 of a column in 元 is 3.5万元.
var multiples = []string{"万", "亿", "千万", "百万"}

// UnitSymbol gives the symbol of package unit for a unit as people write it: ㎡, 平米, (万元). ok is false for anything else.
func UnitSymbol(written string) (symbol string, ok bool) {
	s := strings.Trim(strings.Join(strings.Fields(halfWidth(written)), ""), "()[]【】")
	for _, lead := range []string{"单位", ":", "计量"} {
		s = strings.TrimPrefix(s, lead)
	}
	if u, err := unit.Of(s); err == nil {
		return u.Symbol, true
	}
	if other, found := spellings[s]; found && !slices.Contains(multiples, other) {
		return other, true
	}
	return "", false
}

func (v *Value) readQuantity(text string, s Spec) error {
	v.Unit = s.Unit
	if isDecimal(text) {
		return v.setNumber(text, text)
	}
	half := strings.TrimSpace(halfWidth(text))
	v.did(HalfWidth, text, half)
	number, err := v.cutUnit(half, s)
	if err != nil {
		return err
	}
	if inside, found := strings.CutPrefix(number, "("); found && strings.HasSuffix(inside, ")") {
		minus := "-" + strings.TrimSpace(strings.TrimSuffix(inside, ")"))
		v.did(Negative, number, minus)
		number = minus
	}
	switch {
	case isDecimal(number):
	case grouped.MatchString(number):
		bare := strings.NewReplacer(",", "", " ", "").Replace(number)
		v.did(Thousands, number, bare)
		number = bare
	case exponent.MatchString(number):
		written, ok := writeOut(number)
		if !ok {
			return refuse("value.number_size", text)
		}
		v.did(Exponent, number, written)
		number = written
	case ranged.MatchString(half):
		return refuse("value.range", text)
	case strings.HasPrefix(half, "约") || strings.HasPrefix(half, "近") || strings.HasPrefix(half, "超") || strings.HasSuffix(half, "左右") ||
		strings.HasSuffix(half, "余") || strings.HasSuffix(half, "多") || strings.HasPrefix(half, ">") || strings.HasPrefix(half, "<") || strings.HasPrefix(half, "~"):
		return refuse("value.about", text)
	default:
		return refuse("value.not_number", text)
	}
	return v.setNumber(number, text)
}

// isDecimal says that a text is a sign, digits and a fraction; only the digits must be there.
func isDecimal(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	point := -1
	for i := range len(s) {
		switch {
		case s[i] == '.' && point < 0 && i > 0:
			point = i
		case s[i] < '0' || s[i] > '9':
			return false
		}
	}
	return s != "" && point != len(s)-1
}

func (v *Value) setNumber(number, text string) error {
	const longest = 40 // digits that package unit takes
	if len(number) > longest {
		return refuse("value.number_size", text)
	}
	v.Text = strings.TrimPrefix(number, "+")
	return nil
}

// writeOut writes a number with an exponent as a plain decimal.
func writeOut(s string) (string, bool) {
	const largest = 30
	if e, err := strconv.Atoi(strings.TrimPrefix(s[strings.IndexAny(s, "Ee")+1:], "+")); err != nil || e < -largest || e > largest || len(s) > 40 {
		return "", false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return "", false
	}
	const places = 60
	text := r.FloatString(places)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), "."), true
}

// cutUnit takes a unit or currency sign off a number; the cell's own unit is stronger than the column's, and must be of its
// kind.
func (v *Value) cutUnit(text string, s Spec) (number string, err error) {
	number = text
	for _, sign := range []string{"¥", "￥", "RMB", "CNY"} {
		if rest, found := strings.CutPrefix(number, sign); found {
			number = strings.TrimSpace(rest)
			if v.Unit == "" {
				v.Unit = "元"
			}
			if !sameKind(v.Unit, "元") {
				return "", refuse("value.unit_kind", text, "unit", "元", "column_unit", s.Unit)
			}
			v.did(UnitInCell, text, number)
		}
	}
	end := strings.LastIndexAny(number, "0123456789)") + 1
	if strings.HasSuffix(number, "m2") || strings.HasSuffix(number, "M2") || strings.HasSuffix(number, "m^2") { // a unit that ends in a digit
		end = strings.LastIndexAny(strings.TrimRight(strings.TrimSuffix(number, "2"), "mM^万h"), "0123456789)") + 1
	}
	written := strings.TrimSpace(number[end:])
	if written == "" || end == 0 {
		return number, nil
	}
	symbol, err := v.symbol(written, text, s)
	if err != nil || symbol == "" {
		return number, err
	}
	bare := strings.TrimSpace(number[:end])
	v.did(UnitInCell, number, bare)
	v.Unit = symbol
	return bare, nil
}

// symbol understands what stands behind a number; empty when it is no unit.
func (v *Value) symbol(written, text string, s Spec) (string, error) {
	symbol := spellings[written]
	if u, err := unit.Of(written); err == nil {
		symbol = u.Symbol
	}
	if slices.Contains(multiples, symbol) {
		with := symbol + s.Unit
		switch _, err := unit.Of(with); {
		case err == nil && s.Unit != "":
			symbol = with
		case s.Unit == "万元" && symbol == "亿":
			symbol = "亿元"
		default:
			return "", refuse("value.multiple", text, "unit", written, "column_unit", s.Unit)
		}
	}
	if symbol != "" && s.Unit != "" && !sameKind(symbol, s.Unit) {
		return "", refuse("value.unit_kind", text, "unit", written, "column_unit", s.Unit)
	}
	return symbol, nil
}

func sameKind(a, b string) bool {
	ua, err1 := unit.Of(a)
	ub, err2 := unit.Of(b)
	return err1 == nil && err2 == nil && ua.To == ub.To
}
