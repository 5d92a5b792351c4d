package value

import (
	"regexp"
	"strings"
)

// orderWritten is an order of day and month that a title states.
var orderWritten = regexp.MustCompile(`(?i)\b(dd?[-/.]mm?|mm?[-/.]dd?)[-/.]yy(yy)?\b`)

// OrderIn gives the order of day and month that a title states: (dd/mm/yyyy).
func OrderIn(title string) (o Order, ok bool) {
	m := orderWritten.FindString(halfWidth(title))
	switch {
	case m == "":
		return "", false
	case strings.EqualFold(m[:1], "d"):
		return DMY, true
	default:
		return MDY, true
	}
}

// OrderOf gives the order in which alone a text is a date: 31/12/2024 is a day of December. ok is false for all others.
func OrderOf(text string) (o Order, ok bool) {
	m := yearLast.FindStringSubmatch(strings.TrimSpace(halfWidth(text)))
	if m == nil {
		return "", false
	}
	a, b, year := number(m[1]), number(m[2]), number(m[3])
	dmy, mdy := parts{year, b, a}.valid() && a*b > 0, parts{year, a, b}.valid() && a*b > 0
	switch {
	case dmy && !mdy:
		return DMY, true
	case mdy && !dmy:
		return MDY, true
	}
	return "", false
}

// RepublicDay says whether a text is a day in the digits of the Republic's calendar, 0601026 or 1120305, and in no other way
// of writing dates.
func RepublicDay(text string) bool {
	text = strings.TrimSpace(halfWidth(text))
	if len(text) != 7 || !digitsOnly.MatchString(text) {
		return false
	}
	p, _, err := fromDigits(text, Spec{ROC: true})
	return err == nil && p.month > 0 && p.day > 0 && p.valid()
}
