package sheet

import (
	"fmt"
	"testing"
)

func TestMatch_findsColumnsAndTheirUnits(t *testing.T) {
	columns := []Column{
		{Key: "land", Names: []string{"土地面积", "land_area_mu"}}, {Key: "org", Names: []string{"县(市、区)"}},
		{Key: "rate", Names: []string{"招商率"}}, {Key: "power", Names: []string{"用电量"}}, {Key: "opened", Names: []string{"竣工/投用时间"}},
	}
	m := newMatcher(columns)
	for _, c := range []struct{ title, key, unit string }{
		{"土地面积", "land", ""},
		{"土地面积(亩)", "land", "亩"},
		{" 土地 面积\n(亩) ", "land", "亩"},
		{"*土地面积[万亩]", "land", "万亩"},
		{"土地面积(单位:公顷)", "land", "公顷"},
		{"\ufeffLAND_AREA_MU", "land", ""},
		{"land_area_mu", "land", ""},
		{"县(市、区)", "org", ""},
		{"县(市、区)", "org", ""},
		{"招商率(%)", "rate", "%"},
		{"用电量(kWh)", "power", "kWh"},
		{"竣工/投用时间", "opened", ""},
		{"土地面积(亩)合计", "", ""},
		{"面积", "", ""},
		{"(亩)", "", ""},
		{"", "", ""},
	} {
		f, unit, ok := m.find(trimTitle(c.title))
		if f.key != c.key || ok && unit != c.unit || ok != (c.key != "") {
			t.Errorf("find(%q) = %q, %q, want %q, %q", c.title, f.key, unit, c.key, c.unit)
		}
	}
}

func TestProblems_areBounded(t *testing.T) {
	var p Problems
	for i := range MaxProblems + 7 {
		p.Add(Problem{Row: i})
	}
	if len(p.List) != MaxProblems || p.More != 7 || p.Count() != MaxProblems+7 {
		t.Errorf("kept %d, more %d, want %d, 7", len(p.List), p.More, MaxProblems)
	}
}

func TestRef_writesColumnsAsSpreadsheetsDo(t *testing.T) {
	for col, want := range map[int]string{0: "A7", 25: "Z7", 26: "AA7", 701: "ZZ7", 702: "AAA7", 9_999: "NTP7", 16_383: "XFD7"} {
		if got := ref(col, 7); got != want {
			t.Errorf("ref(%d, 7) = %q, want %q", col, got, want)
		}
		if back, row, err := parseRef(want); back != col || row != 7 || err != nil {
			t.Errorf("parseRef(%q) = %d, %d, %v, want %d, 7", want, back, row, err, col)
		}
	}
	for _, bad := range []string{"", "A", "7", "A0", "A-1", "A+1", "XFE1", "AAAAA1", "A1048577", "A1x", "中1"} {
		if _, _, err := parseRef(bad); err == nil {
			t.Errorf("parseRef(%q) was accepted", bad)
		}
	}
}

func TestClip_keepsMessagesShort(t *testing.T) {
	long := fmt.Sprintf("%0200d", 0)
	if got := clip(long); len([]rune(got)) != 80 {
		t.Errorf("clip of 200 characters has %d, want 80", len([]rune(got)))
	}
	if got := clip("约100"); got != "约100" {
		t.Errorf("clip(约100) = %q", got)
	}
}
