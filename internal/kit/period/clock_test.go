package period

import (
	"testing"
	"time"
)

func TestDayOf_countsInTheOfficesZone(t *testing.T) {
	for _, x := range []struct {
		at   string
		want Date
	}{
		{"2025-06-30T15:59:59Z", 20250630}, {"2025-06-30T16:00:00Z", 20250701}, {"2024-12-31T16:00:00Z", 20250101},
		{"2025-07-01T00:00:00+08:00", 20250701}, {"2025-06-30T23:59:59-08:00", 20250701},
	} {
		at, err := time.Parse(time.RFC3339, x.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(at); got != x.want {
			t.Errorf("DayOf(%s) = %v, want %v", x.at, got, x.want)
		}
	}
}

func TestOver_isTheFirstInstantOfTheNextDay(t *testing.T) {
	for day, want := range map[Date]string{20250630: "2025-06-30T16:00:00Z", 20240229: "2024-02-29T16:00:00Z", 20241231: "2024-12-31T16:00:00Z"} {
		if got := day.Over().UTC().Format(time.RFC3339); got != want {
			t.Errorf("%v is over at %s, want %s", day, got, want)
		}
		if DayOf(day.Over()) == day || DayOf(day.Over().Add(-time.Nanosecond)) != day {
			t.Errorf("%v is not over exactly then", day)
		}
	}
}
