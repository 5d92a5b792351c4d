package period

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var iso = regexp.MustCompile(`^([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?$`)

// Words writes a day, month, quarter or year, given as this package writes it, as people of a language do: 2025-07-20 is
// 2025年7月20日 for one that begins with zh and 20 Jul 2025 for any other. What is none of them stays as it is.
func Words(lang, s string) string {
	m := iso.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	year, quarter, day := m[1], m[2], strings.TrimPrefix(m[4], "0")
	month, _ := strconv.Atoi(m[3]) // empty, or two digits
	if strings.HasPrefix(lang, "zh") {
		return inChinese(year, quarter, month, day)
	}
	switch {
	case quarter != "":
		return "Q" + quarter + " " + year
	case month == 0:
		return year
	case day == "":
		return time.Month(month).String()[:3] + " " + year
	default:
		return day + " " + time.Month(month).String()[:3] + " " + year
	}
}

func inChinese(year, quarter string, month int, day string) string {
	text := year + "年"
	switch {
	case quarter != "":
		return text + quarter + "季度"
	case month > 0:
		text += strconv.Itoa(month) + "月"
	}
	if day != "" {
		text += day + "日"
	}
	return text
}
