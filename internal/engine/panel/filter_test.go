package panel

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// chosen says whether a predicate on "month" chooses a row with that date.
func chosen(t *testing.T, p Predicate, d period.Date) bool {
	t.Helper()
	table := newTest(t, 64, []Row{{Key: "k", Dims: []string{"", "", ""}, Ints: []Int{{}, {}}, Dates: []period.Date{d, 0}}})
	sel, err := table.Select(Filter{p})
	if err != nil {
		t.Fatalf("Select = %v", err)
	}
	return sel.Len() == 1
}

func TestDateTests_neverGuessAnUnstatedPart(t *testing.T) {
	const year, month, day = period.Date(20240000), period.Date(20240600), period.Date(20240615)
	may, june, december := period.MonthOf(2024, 5), period.MonthOf(2024, 6), period.MonthOf(2024, 12)
	for _, c := range []struct {
		name string
		p    Predicate
		d    period.Date
		want bool
	}{
		{"a year alone is in its year", DateIn("month", period.Year(2024)), year, true},
		{"a year alone is in no half of it", DateBetween("month", june, december), year, false},
		{"a year alone is in two years", DateBetween("month", period.MonthOf(2023, 1), december), year, true},
		{"a year alone is not in a range that ends inside it", DateBetween("month", period.MonthOf(2023, 1), june), year, false},
		{"a year alone is in no quarter", DateIn("month", period.Quarter(2024, 1)), year, false},
		{"a year alone is not until June: it may mean December", DateUntil("month", june), year, false},
		{"a year alone is until December", DateUntil("month", december), year, true},
		{"a year alone is not after May: it may mean January", DateAfter("month", may), year, false},
		{"a year alone is after the year before", DateAfter("month", period.MonthOf(2023, 12)), year, true},
		{"a month is until its own end", DateUntil("month", june), month, true},
		{"a month is not until the month before", DateUntil("month", may), month, false},
		{"a month is after the month before", DateAfter("month", may), month, true},
		{"a day is in its month", DateIn("month", period.OfMonth(june)), day, true},
		{"a day is not after its own month", DateAfter("month", june), day, false},
		{"no date is not until", DateUntil("month", december), 0, false},
		{"no date is not after", DateAfter("month", may), 0, false},
		{"what is not known to be until is the rest", Not(DateUntil("month", june)), 0, true},
		{"the zero period holds nothing", DateIn("month", period.Period{}), day, false},
		{"no date is unknown", DateUnknown("month"), 0, true},
		{"a year alone is known", DateKnown("month"), year, true},
	} {
		if got := chosen(t, c.p, c.d); got != c.want {
			t.Errorf("%s: chosen = %v, want %v", c.name, got, c.want)
		}
	}
}

// FuzzDateTests holds the number ranges against kit/period and against a calendar of days.
func FuzzDateTests(f *testing.F) {
	for _, d := range []int{0, 20240000, 20240600, 20240630, 20231231, 10000, 99991231} {
		f.Add(d, 2024, 6, 5)
		f.Add(d, 2023, 1, 23)
		f.Add(d, 2024, 1, 11)
	}
	f.Fuzz(func(t *testing.T, n, year, month, length int) {
		d := period.Date(n)
		if !validDate(d) || int(d) != n || year < 1 || year > 9999 || month < 1 || month > 12 || length < 0 || length > 2400 {
			t.Skip("not a date or not a range")
		}
		if day := n % 100; day > 0 && day > int(d.Month().Last())%100 {
			t.Skip("not a calendar day")
		}
		from := period.MonthOf(year, month)
		to := min(from+period.Month(length), lastMonth)
		in := func(spans []span) bool { return within(span{int64(d), int64(d)}, spans) == always }
		if got, want := in(DateBetween("", from, to).spans), between(d, from, to); got != want {
			t.Errorf("DateBetween(%v, %v) chooses %v: %v, want %v", from, to, d, got, want)
		}
		if got, want := in(DateUntil("", to).spans), d != 0 && latest(d) <= to.Last(); got != want {
			t.Errorf("DateUntil(%v) chooses %v: %v, want %v", to, d, got, want)
		}
		if got, want := in(DateAfter("", to).spans), d != 0 && earliest(d) > to.Last(); got != want {
			t.Errorf("DateAfter(%v) chooses %v: %v, want %v", to, d, got, want)
		}
		for _, p := range []period.Period{period.Year(year), period.Quarter(year, (month+2)/3), period.OfMonth(from)} {
			if got, want := in(DateIn("", p).spans), p.Contains(d); got != want {
				t.Errorf("DateIn(%v) chooses %v: %v, want %v as Period.Contains", p, d, got, want)
			}
		}
	})
}
