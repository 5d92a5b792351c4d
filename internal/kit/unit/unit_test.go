package unit

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestParse_conversions(t *testing.T) {
	// 1 ha = 15 mu = 10,000 m² (GB 3100-93 and the programme's usage); 1000 mu = 66.6667 ha.
	for _, c := range []struct {
		unit, text string
		want       int64
	}{
		{"亩", "15", 10_000}, {"亩", "1000", 666_667}, {"亩", "131.2", 87_467}, {"亩", "999.999", 666_666}, {"公顷", "1480.9102", 14_809_102},
		{"亿元", "4.5744", 45_744_000_000}, {"亿元", "1000", 10_000_000_000_000}, {"万元", "1,500", 1_500_000_000}, {"元", "0.005", 1}, {"元", "-0.005", -1},
		{"%", "88", 880_000}, {"比例", "0.75", 750_000}, {"家", " 41 ", 41}, {"m2", "242000", 242_000}, {"万㎡", "3.8", 38_000},
	} {
		if got, err := MustOf(c.unit).Parse(c.text); err != nil || got != c.want {
			t.Errorf("%s %s = %d, %v, want %d", c.text, c.unit, got, err, c.want)
		}
	}
}

func TestParse_refusesWhatIsNotANumber(t *testing.T) {
	for _, s := range []string{"", " ", "约100", "1e5", "NaN", "Inf", "1/3", "0x10", "1,2", "1,2000", "12,", ",12", "1.", ".5", "--1", "1 2", "１２", "99999999999999999999"} {
		if got, err := MustOf("亩").Parse(s); err == nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("Parse(%q) = %d, %v, want an Invalid fault", s, got, err)
		}
	}
}

func TestFormat_isExactWhereItCan(t *testing.T) {
	for _, c := range []struct {
		unit string
		v    int64
		want string
	}{{"亿元", 45_744_000_000, "4.5744"}, {"亩", 10_000, "15"}, {"亩", 1, "0.0015"}, {"%", 333_333, "33.3333"}, {"家", 1200, "1200"}, {"亩", 0, "0"}} {
		if got := MustOf(c.unit).Format(c.v); got != c.want {
			t.Errorf("Format(%d) in %s = %s, want %s", c.v, c.unit, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("131.2")
	f.Add("1,200.5")
	f.Add("约100")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := MustOf("家").Parse(s)
		if err == nil {
			if again, err := MustOf("家").Parse(MustOf("家").Format(v)); err != nil || again != v {
				t.Errorf("Parse(Format(%d)) = %d, %v", v, again, err)
			}
		}
	})
}
