package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a cell's number format says about the meaning of its number.
type numberFormat struct {
	percent                bool
	year, month, day, hour bool // which parts a date format shows; hour stands for any part of the day
}

func (f numberFormat) date() bool { return f.year || f.month || f.day || f.hour }

// builtinFormat gives the formats that have a number and no code; 27–36 and 50–58 as in Chinese workbooks.
// Source: ECMA-376-1, 18.8.30 (numFmt), general and zh-cn.
func builtinFormat(id int) numberFormat {
	full := numberFormat{year: true, month: true, day: true}
	switch id {
	case 9, 10:
		return numberFormat{percent: true}
	case 14, 15, 16, 28, 29, 30, 31, 51, 53, 54, 58:
		return full
	case 17, 27, 36, 50, 52, 57:
		return numberFormat{year: true, month: true}
	case 18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56:
		return numberFormat{hour: true}
	case 22:
		full.hour = true
		return full
	}
	return numberFormat{} // 46, [h]:mm:ss, is a duration: a number
}

// parseFormat reads a format code's first section: the letters outside quotes, brackets and escapes.
func parseFormat(code string) numberFormat {
	var f numberFormat
	month, clock := false, false
	s := strings.ToLower(code)
	for i := 0; i < len(s) && s[i] != ';'; i++ {
		rest := s[i:]
		switch {
		case s[i] == '"':
			i += max(0, strings.IndexByte(s[i+1:], '"')) + 1
		case s[i] == '\\' || s[i] == '_' || s[i] == '*':
			i++
		case s[i] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return f
			}
			if end > 1 && strings.Trim(rest[1:end], rest[1:2]) == "" && strings.Contains("hms", rest[1:2]) {
				return numberFormat{} // a duration
			}
			i += end
		case strings.HasPrefix(rest, "general"):
			i += len("general") - 1
		case strings.HasPrefix(rest, "am/pm"):
			clock, i = true, i+len("am/pm")-1
		case strings.HasPrefix(rest, "e+"), strings.HasPrefix(rest, "e-"):
			i++
		case s[i] == '%':
			f.percent = true
		case s[i] == 'y', s[i] == 'e':
			f.year = true
		case s[i] == 'm':
			month = true
		case s[i] == 'd':
			f.day = true
		case s[i] == 'h', s[i] == 's':
			clock = true
		}
	}
	f.hour = clock
	f.month = month && (!clock || f.year || f.day) // beside a clock alone, m is minutes
	if f.date() {
		f.percent = false
	}
	return f
}

// text writes a stored number as its format means it: a date as ISO text, a percentage with its sign, else the number.
func (f numberFormat) text(value string, date1904 bool) string {
	if f.date() {
		if s, ok := f.dateText(value, date1904); ok {
			return s
		}
	}
	if f.percent {
		if v, err := strconv.ParseFloat(value, 64); err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
			return fifteen(v*100) + "%"
		}
	}
	return plainNumber(value)
}

// plainNumber writes a stored number as it was typed. Excel keeps 15 digits but stores the nearest binary number with up to
// 17: 131.2 may stand in the file as 131.19999999999999.
func plainNumber(value string) string {
	if len(value) <= 15 && !strings.ContainsAny(value, ".eE+") {
		return value
	}
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return value
	}
	return fifteen(v)
}

// fifteen writes a number with at most 15 digits, without an exponent where its size allows.
func fifteen(v float64) string {
	const digits = 15
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if size := math.Abs(r); size != 0 && (size < 1e-15 || size >= 1e21) {
		return strconv.FormatFloat(r, 'E', -1, 64)
	}
	return strconv.FormatFloat(r+0, 'f', -1, 64)
}

// dateText writes a day number as ISO text. A format that shows only year and month means a month where the day is the
// first, as Excel stores a typed 2024-06; the same for a year. ok is false for numbers that are no date: negative ones, day 0,
// the 29 February 1900 that never was, and years after 9999.
func (f numberFormat) dateText(value string, date1904 bool) (string, bool) {
	const lastDay, daySeconds = 2958465, 86400 // 9999-12-31
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || !(v >= 0) || v > lastDay+1 {
		return "", false
	}
	days, frac := math.Modf(v)
	seconds := math.Round(frac * daySeconds)
	clock := f.hour && !f.year && !f.month && !f.day
	if clock && days == 0 {
		return time.Unix(int64(seconds), 0).UTC().Format("15:04:05"), true
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0 || days == 60:
		return "", false
	case days < 60: // before the day that never was, the count is one short
		start = start.AddDate(0, 0, 1)
	}
	at := start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	if at.Year() > 9999 {
		return "", false
	}
	return at.Format(f.layout(at, seconds)), true
}

func (f numberFormat) layout(at time.Time, seconds float64) string {
	switch {
	case seconds != 0:
		return "2006-01-02T15:04:05"
	case f.year && !f.month && !f.day && at.YearDay() == 1:
		return "2006"
	case f.year && f.month && !f.day && at.Day() == 1:
		return "2006-01"
	}
	return "2006-01-02"
}
