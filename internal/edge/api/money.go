package api

import (
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// money writes fen as people of a language read it.
func money(lang string, fen int64) string {
	if lang == english {
		return grouped(unit.MustOf("元").Format(fen)) + " yuan"
	}
	return rounded(unit.MustOf("万元").Format(fen)) + " 万元"
}

// rounded cuts a decimal number to two places, for sentences; tables have all of them.
func rounded(number string) string {
	whole, fraction, _ := strings.Cut(number, ".")
	if len(fraction) <= 2 {
		return number
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil { // as it is, then
		return whole + "." + fraction
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}

// grouped puts commas between thousands.
func grouped(number string) string {
	whole, fraction, dotted := strings.Cut(number, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + fraction
	}
	return sign + whole
}

// plain writes a number without an exponent.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
