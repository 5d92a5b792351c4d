package rule

import "testing"

func TestInEnglish_writesUnitsAsEnglishDoes(t *testing.T) {
	for text, want := range map[string]string{
		"12.5万元": "125,000 yuan", "-3元": "-3 yuan", "1.2亿元": "120,000,000 yuan", "0个": "0", "1234人": "1,234", "5 千瓦时": "5 kWh", "2万平方米": "20,000 m²",
		"131.2亩": "131.2 mu", "85%": "85%", "normal": "normal", "正常": "正常", "2024-06-01": "2024-06-01", "第3期": "第3期", "": "",
	} {
		if got := InEnglish(text); got != want {
			t.Errorf("InEnglish(%q) = %q, want %q", text, got, want)
		}
	}
}
