// Package period is reporting time: months, quarters and years, without a time zone.
//
// A Month is a plain number of months, so arithmetic is arithmetic. A Period is a run of whole months with the name that
// people give it: "2024", "2024-Q2", "2024-06". It is not an instant; instants are time.Time in UTC.
//
//	p, err := period.Parse("2024-06")
//	p.LastYear() // 2023-06
package period

import (
	"fmt"
	"strconv"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Month counts months: year*12 + month-1. The zero value is no month.
type Month int32

// MonthOf makes the month m (1…12) of a year.
func MonthOf(year, m int) Month { return Month(year*12 + m - 1) }

// MonthAt is the month that contains t in t's own location.
func MonthAt(t time.Time) Month { return MonthOf(t.Year(), int(t.Month())) }

// Year is the calendar year.
func (m Month) Year() int { return int(m) / 12 }

// Month is the month of the year, 1…12.
func (m Month) Month() int { return int(m)%12 + 1 }

// String is ISO: 2024-06.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Month()) }

// First and Last are the month's first and last day.
func (m Month) First() Date { return DateOf(m.Year(), m.Month(), 1) }

// Last is the month's last day, leap years included.
func (m Month) Last() Date {
	t := time.Date(m.Year(), time.Month(m.Month())+1, 0, 0, 0, 0, 0, time.UTC)
	return DateOf(m.Year(), m.Month(), t.Day())
}

// Date is a calendar day, or a year or month whose rest nobody stated, as the number yyyymmdd: 20240600 is June 2024 with
// the day unknown, 20240000 the year alone. Numbers sort as time does; an unknown part sorts before every known one.
// The zero value is no date.
type Date int32

// DateOf makes a date; a zero month or day means not stated.
func DateOf(year, month, day int) Date { return Date(year*10000 + month*100 + day) }

// Year is the calendar year.
func (d Date) Year() int { return int(d) / 10000 }

// Month is the month the date falls in; for a year alone its first month. Zero for no date.
func (d Date) Month() Month {
	if d == 0 {
		return 0
	}
	return MonthOf(d.Year(), max(1, int(d)/100%100))
}

// String is ISO with only the stated parts: 2024, 2024-06, 2024-06-30; empty for no date.
func (d Date) String() string {
	y, m, day := int(d)/10000, int(d)/100%100, int(d)%100
	switch {
	case d == 0:
		return ""
	case m == 0:
		return fmt.Sprintf("%04d", y)
	case day == 0:
		return fmt.Sprintf("%04d-%02d", y, m)
	default:
		return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
	}
}

// ParseDate reads 2024, 2024-06 or 2024-06-30; the empty text is no date. Error kind Invalid, key "date.invalid".
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1 {
			break
		}
		return []Date{DateOf(t.Year(), int(t.Month()), t.Day()), DateOf(t.Year(), int(t.Month()), 0), DateOf(t.Year(), 0, 0)}[(10-len(s))/3], nil
	}
	return 0, fault.New(fault.Invalid, "date.invalid", "text", s)
}

// Kind is the length of a period.
type Kind uint8

// The kinds of period.
const (
	None Kind = iota
	KindMonth
	KindQuarter
	KindYear
)

// Period is a month, a quarter or a year. The zero value is no period.
type Period struct {
	kind  Kind
	first Month
}

// Year, Quarter and OfMonth make periods.
func Year(y int) Period { return Period{KindYear, MonthOf(y, 1)} }

// Quarter is quarter q (1…4) of a year.
func Quarter(y, q int) Period { return Period{KindQuarter, MonthOf(y, q*3-2)} }

// OfMonth is the period of one month.
func OfMonth(m Month) Period { return Period{KindMonth, m} }

// Parse reads "2024", "2024-Q2" or "2024-06", years 1900…2199. Error kind Invalid, key "period.invalid".
func Parse(s string) (Period, error) {
	bad := fault.New(fault.Invalid, "period.invalid", "text", s)
	if len(s) < 4 {
		return Period{}, bad
	}
	y, err := strconv.Atoi(s[:4])
	if err != nil || y < 1900 || y > 2199 {
		return Period{}, bad
	}
	switch rest := s[4:]; {
	case rest == "":
		return Year(y), nil
	case len(rest) == 3 && rest[:2] == "-Q" && rest[2] >= '1' && rest[2] <= '4':
		return Quarter(y, int(rest[2]-'0')), nil
	case len(rest) == 3 && rest[0] == '-':
		m, err := strconv.Atoi(rest[1:])
		if err == nil && m >= 1 && m <= 12 && rest[1] != '+' && rest[1] != '-' {
			return OfMonth(MonthOf(y, m)), nil
		}
	}
	return Period{}, bad
}

// Kind is the period's length.
func (p Period) Kind() Kind { return p.kind }

// IsZero says that there is no period.
func (p Period) IsZero() bool { return p.kind == None }

// String is the text that Parse reads.
func (p Period) String() string {
	switch p.kind {
	case KindYear:
		return fmt.Sprintf("%04d", p.first.Year())
	case KindQuarter:
		return fmt.Sprintf("%04d-Q%d", p.first.Year(), (p.first.Month()+2)/3)
	case KindMonth:
		return p.first.String()
	default:
		return ""
	}
}

// First is the period's first month.
func (p Period) First() Month { return p.first }

// Last is the period's last month.
func (p Period) Last() Month {
	switch p.kind {
	case KindYear:
		return p.first + 11
	case KindQuarter:
		return p.first + 2
	default:
		return p.first
	}
}

// Months lists the period's months in order.
func (p Period) Months() []Month {
	if p.IsZero() {
		return nil
	}
	out := make([]Month, 0, 12)
	for m := p.First(); m <= p.Last(); m++ {
		out = append(out, m)
	}
	return out
}

// LastYear is the same period one year earlier.
func (p Period) LastYear() Period { return Period{p.kind, p.first - 12} }

// Contains says whether the date falls in the period. A date of which only the year is known falls in a year, and in no
// shorter period; one without a day falls in its month.
func (p Period) Contains(d Date) bool {
	if d == 0 || p.IsZero() {
		return false
	}
	if int(d)/100%100 == 0 && p.kind != KindYear {
		return false
	}
	m := d.Month()
	return m >= p.First() && m <= p.Last()
}
