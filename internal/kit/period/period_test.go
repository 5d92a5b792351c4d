package period

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestParse_readsWhatStringWrites(t *testing.T) {
	for _, s := range []string{"2024", "2024-Q1", "2024-Q4", "2024-01", "2024-12"} {
		p, err := Parse(s)
		if err != nil || p.String() != s {
			t.Errorf("Parse(%q) = %v, %v, want the same text back", s, p, err)
		}
	}
	for _, s := range []string{"", "24", "2024-13", "2024-00", "2024-Q5", "2024-Q0", "2024-6", "2024-+1", "abcd", "0024", "2024-06-01"} {
		if p, err := Parse(s); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Parse(%q) = %v, %v, want an Invalid fault", s, p, err)
		}
	}
}

func TestPeriod_monthsAndLastYear(t *testing.T) {
	q := Quarter(2024, 2)
	if q.First() != MonthOf(2024, 4) || q.Last() != MonthOf(2024, 6) || len(q.Months()) != 3 {
		t.Errorf("2024-Q2 covers %v…%v, want 2024-04…2024-06", q.First(), q.Last())
	}
	if got := q.LastYear().String(); got != "2023-Q2" {
		t.Errorf("LastYear = %s, want 2023-Q2", got)
	}
	if got := MonthOf(2024, 2).Last().String(); got != "2024-02-29" {
		t.Errorf("last day of 2024-02 = %s, want 2024-02-29 (2024 is a leap year)", got)
	}
}

func TestContains_neverGuessesAnUnknownPart(t *testing.T) {
	year, month, day := DateOf(2024, 0, 0), DateOf(2024, 6, 0), DateOf(2024, 6, 15)
	june, y := OfMonth(MonthOf(2024, 6)), Year(2024)
	if !y.Contains(year) || june.Contains(year) || OfMonth(MonthOf(2024, 1)).Contains(year) {
		t.Error("a year alone must fall in its year and in no month")
	}
	if !june.Contains(month) || !june.Contains(day) || Quarter(2024, 1).Contains(day) || y.Contains(0) {
		t.Error("2024-06 and 2024-06-15 fall in June 2024, not in Q1; no date falls nowhere")
	}
}

func TestParseDate_keepsTheStatedPrecision(t *testing.T) {
	for s, want := range map[string]Date{"": 0, "2024": 20240000, "2024-06": 20240600, "2024-02-29": 20240229} {
		d, err := ParseDate(s)
		if err != nil || d != want || d.String() != s {
			t.Errorf("ParseDate(%q) = %d %q, %v, want %d", s, d, d, err, want)
		}
	}
	for _, s := range []string{"2023-02-29", "2024-13", "24", "2024/06", "0000", "2024-6"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %d, want an error", s, d)
		}
	}
}

func TestWords_writeDatesAsALanguageDoes(t *testing.T) {
	for _, x := range []struct{ iso, zh, en string }{
		{"2025-07-20", "2025年7月20日", "20 Jul 2025"},
		{"2024-02-01", "2024年2月1日", "1 Feb 2024"},
		{"2025-12", "2025年12月", "Dec 2025"},
		{"2025-Q3", "2025年3季度", "Q3 2025"},
		{"2025", "2025年", "2025"},
		{"", "", ""},
		{"2025-13", "2025-13", "2025-13"},
		{"2025-07-32", "2025-07-32", "2025-07-32"},
		{"约2025-07", "约2025-07", "约2025-07"},
	} {
		if zh, en := Words("zh-CN", x.iso), Words("en", x.iso); zh != x.zh || en != x.en {
			t.Errorf("Words(%q) = %q and %q, want %q and %q", x.iso, zh, en, x.zh, x.en)
		}
	}
}
