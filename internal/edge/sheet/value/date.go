package value

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

var (
	clock      = regexp.MustCompile(`[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?Z?$`)
	yearFirst  = regexp.MustCompile(`^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})(?:\s*[-/.月]\s*([0-9]{1,2})\s*日?|\s*月)?$`)
	yearAlone  = regexp.MustCompile(`^([0-9]{4})\s*年?$`)
	digitsOnly = regexp.MustCompile(`^[0-9]{6,8}$`)
	yearLast   = regexp.MustCompile(`^([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4})$`)
	shortYear  = regexp.MustCompile(`^[0-9]{1,2}\s*[-/.年]\s*[0-9]{1,2}(\s*[-/.月]\s*[0-9]{1,2}\s*日?|\s*月)?$`)
	republic   = regexp.MustCompile(`^(民国|民國|中华民国|中華民國)?\s*([0-9]{1,3})\s*[-/.年]\s*(?:([0-9]{1,2})\s*[-/.月]?\s*(?:([0-9]{1,2})\s*日?)?)?$`)
	republicNo = regexp.MustCompile(`^([0-9]{2,3})([0-9]{2})([0-9]{2})$`)
	dayNumber  = regexp.MustCompile(`^[0-9]{1,5}(\.[0-9]+)?$`)
	named      = regexp.MustCompile(`^(?:([0-9]{1,2})[-\s/.]+)?([A-Za-z]{3,9})[-\s/.,]+(?:([0-9]{1,2})(?:st|nd|rd|th)?[-\s/.,]+)?([0-9]{4})$`)
)

const republicZero = 1911 // year 1 of the Republic is 1912

// parts are a date as written; 0 is not stated.
type parts struct{ year, month, day int }

func (p parts) date() period.Date { return period.DateOf(p.year, p.month, p.day) }

func (v *Value) readDate(text string, r *Reader) error {
	if p, ok := isoDay(text); ok && p.valid() && !placeholder(p) && !slices.Contains(r.days, p) { // quick, for most cells
		v.Date, v.Text = p.date(), text
		return nil
	}
	half := strings.TrimSpace(halfWidth(text))
	v.did(HalfWidth, text, half)
	bare := half
	if strings.Contains(half, ":") {
		if at := clock.FindStringIndex(half); at != nil {
			bare = half[:at[0]]
			v.did(TimeDropped, half, bare)
		}
	}
	p, act, err := readParts(bare, r.spec)
	if err != nil {
		return err
	}
	if p.day > 0 && slices.Contains(r.days, p) { // a spreadsheet shows 1-1-1900 and stores 1
		*v = v.unknown(text)
		return nil
	}
	if placeholder(p) {
		return refuse("value.placeholder", text)
	}
	if !p.valid() {
		return refuse("value.no_such_day", text)
	}
	v.Date = p.date()
	v.Text = v.Date.String()
	v.did(act, bare, v.Text)
	return nil
}

// placeholder says that a date is the zero of some program: its author did not know the day.
func placeholder(p parts) bool {
	switch {
	case p.year == 1900 && p.month <= 1 && p.day <= 1, p.year == 1899 && p.month == 12, p.year == 1904 && p.month == 1 && p.day == 1:
		return true
	case p.year == 9999, p.year == 1753 && p.month == 1 && p.day == 1, p.year <= 1:
		return true
	}
	return false
}

func (p parts) valid() bool {
	const firstYear, lastYear = 1901, 2199
	if p.year < firstYear || p.year > lastYear || p.month > 12 || p.month < 0 || p.day < 0 || p.month == 0 && p.day > 0 {
		return false
	}
	return p.day == 0 || time.Date(p.year, time.Month(p.month), p.day, 0, 0, 0, 0, time.UTC).Day() == p.day
}

// anyDay reads a word for "unknown" that is a day.
func (r *Reader) anyDay(word string) (parts, bool) {
	p, _, err := readParts(word, r.spec)
	return p, err == nil && p.day > 0
}

// readParts tries the ways to write a date from the most certain one.
func readParts(text string, s Spec) (parts, Act, error) {
	if p, ok := isoDay(text); ok {
		return p, Written, nil
	}
	if m := yearFirst.FindStringSubmatch(text); m != nil {
		if m[3] == "" && strings.HasSuffix(text, ".1") { // 2024.1
			return parts{}, "", refuse("value.month_lost_zero", text, "year", m[1])
		}
		return parts{number(m[1]), number(m[2]), number(m[3])}.nonzero(text, m[2], m[3])
	}
	if m := yearAlone.FindStringSubmatch(text); m != nil && (!s.ROC || number(m[1]) >= 1900) {
		return parts{year: number(m[1])}, Written, nil
	}
	if m := republic.FindStringSubmatch(text); m != nil && (m[1] != "" || s.ROC) {
		return parts{number(m[2]) + republicZero, number(m[3]), number(m[4])}, Republic, nil
	}
	if digitsOnly.MatchString(text) {
		return fromDigits(text, s)
	}
	if m := yearLast.FindStringSubmatch(text); m != nil {
		return yearAtTheEnd(text, number(m[1]), number(m[2]), number(m[3]), s)
	}
	if m := named.FindStringSubmatch(text); m != nil {
		return fromName(text, m)
	}
	if dayNumber.MatchString(text) {
		return fromDayNumber(text, s)
	}
	if shortYear.MatchString(text) {
		return parts{}, "", refuse("value.short_year", text)
	}
	return parts{}, "", refuse("value.not_date", text)
}

// isoDay reads 2024-06-30, which is how the readers of workbooks write days; this is quick.
func isoDay(s string) (parts, bool) {
	if len(s) != len("2024-06-30") || s[4] != '-' || s[7] != '-' {
		return parts{}, false
	}
	for i := range len(s) {
		if i != 4 && i != 7 && (s[i] < '0' || s[i] > '9') {
			return parts{}, false
		}
	}
	p := parts{number(s[:4]), number(s[5:7]), number(s[8:])}
	return p, p.month > 0 && p.day > 0
}

// nonzero refuses a month or day that is written as 0.
func (p parts) nonzero(text string, written ...string) (parts, Act, error) {
	for _, w := range written {
		if w != "" && number(w) == 0 {
			return parts{}, "", refuse("value.no_such_day", text)
		}
	}
	return p, Written, nil
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// fromDigits reads 202406, 20240630 and, where the Spec says so, 1120305 and 0601026 of the Republic.
func fromDigits(text string, s Spec) (parts, Act, error) {
	if s.ROC && len(text) < 8 {
		m := republicNo.FindStringSubmatch(text)
		return parts{number(m[1]) + republicZero, number(m[2]), number(m[3])}, Republic, nil
	}
	switch len(text) {
	case 8:
		return parts{number(text[:4]), number(text[4:6]), number(text[6:])}.nonzero(text, text[4:6], text[6:])
	case 6:
		return parts{number(text[:4]), number(text[4:]), 0}.nonzero(text, text[4:])
	}
	return parts{}, "", refuse("value.not_date", text)
}

// yearAtTheEnd reads 03/04/2024 by the stated order, or where only one order gives a date.
func yearAtTheEnd(text string, a, b, year int, s Spec) (parts, Act, error) {
	dmy, mdy := parts{year, b, a}, parts{year, a, b}
	if placeholder(dmy) && placeholder(mdy) {
		return dmy, Written, nil
	}
	first, second := dmy.valid() && b > 0 && a > 0, mdy.valid() && a > 0 && b > 0
	switch {
	case s.Order == DMY && first:
		return dmy, OrderStated, nil
	case s.Order == MDY && second:
		return mdy, OrderStated, nil
	case s.Order != "":
		return parts{}, "", refuse("value.other_order", text, "order", string(s.Order))
	case first && second && a != b:
		return parts{}, "", refuse("value.two_dates", text, "first", dmy.date().String(), "second", mdy.date().String())
	case first:
		return dmy, OrderCertain, nil
	case second:
		return mdy, OrderCertain, nil
	}
	return parts{}, "", refuse("value.no_such_day", text)
}

// fromName reads 5 Mar 2024, March 5, 2024 and Mar 2024.
func fromName(text string, m []string) (parts, Act, error) {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	at := strings.Index(months, strings.ToLower(m[2][:3]))
	full := time.Month(at/3 + 1).String()
	name := strings.ToLower(m[2])
	if at < 0 || at%3 != 0 || !strings.HasPrefix(strings.ToLower(full), name) && name != "sept" || m[1] != "" && m[3] != "" {
		return parts{}, "", refuse("value.not_date", text)
	}
	return parts{number(m[4]), at/3 + 1, number(m[1] + m[3])}.nonzero(text, m[1], m[3])
}

// fromDayNumber reads the day number that a spreadsheet shows where a date has lost its format. Numbers of five digits from
// 1954 to 2099 are taken for it, and the zero of the count, which is a placeholder.
func fromDayNumber(text string, s Spec) (parts, Act, error) {
	const from, to = 20000, 73050
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n > 2 && n < from || n > to {
		return parts{}, "", refuse("value.not_date", text)
	}
	return fromSerial(n, s), Serial, nil
}

func fromSerial(n float64, s Spec) parts {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case s.Date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60: // before the 29 February 1900 that never was, the count is one short
		start = start.AddDate(0, 0, 1)
	}
	at := start.AddDate(0, 0, int(n))
	return parts{at.Year(), int(at.Month()), at.Day()}
}
