package division

import (
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Codes of GB/T 2260: 福建省 350000, 泉州市 350500, 晋江市 350582; 青阳街道 350582001; 东莞 has no counties (441900).
func TestParse_readsEveryLength(t *testing.T) {
	for s, want := range map[string]Code{
		"35": "350000", "3505": "350500", "350000": "350000", "350582": "350582", " 350582001 ": "350582001", "441900003": "441900003",
	} {
		if c, err := Parse(s); err != nil || c != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", s, c, err, want)
		}
	}
	for _, s := range []string{"", "3", "350", "35058", "3505820", "35058A", "３５", "050000", "950000", "350082", "350000001", "350582000"} {
		if c, err := Parse(s); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Parse(%q) = %q, %v, want an Invalid fault", s, c, err)
		}
	}
}

func TestCode_levelsAndParents(t *testing.T) {
	chain := []struct {
		c Code
		l Level
	}{{"350582001", Township}, {"350582", County}, {"350500", Prefecture}, {"350000", Province}, {"", None}}
	for i, x := range chain {
		if x.c.Level() != x.l {
			t.Errorf("Level(%q) = %d, want %d", x.c, x.c.Level(), x.l)
		}
		if i > 0 && chain[i-1].c.Parent() != x.c {
			t.Errorf("Parent(%q) = %q, want %q", chain[i-1].c, chain[i-1].c.Parent(), x.c)
		}
		if got := Code("350582001").At(x.l); got != x.c {
			t.Errorf("At(%d) = %q, want %q", x.l, got, x.c)
		}
	}
	if got := Code("441900003").Parent(); got != "441900" {
		t.Errorf("Parent(441900003) = %q, want 441900: 东莞 has no counties", got)
	}
	if got := Code("350500").At(County); got != "" {
		t.Errorf("At(County) of a prefecture = %q, want none", got)
	}
}

func TestContains_followsTheDigits(t *testing.T) {
	for _, x := range []struct {
		a, b Code
		want bool
	}{
		{"350000", "350582001", true}, {"350500", "350582", true}, {"350582", "350582", true}, {"350582", "350582001", true},
		{"350582", "350500", false}, {"350581", "350582", false}, {"350582001", "350582", false}, {"", "350582", false}, {"350000", "", false},
	} {
		if got := x.a.Contains(x.b); got != x.want {
			t.Errorf("Contains(%q, %q) = %v, want %v", x.a, x.b, got, x.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"35", "3505", "350582", "350582001", "000000", "abc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(string(c)); err != nil || again != c {
			t.Fatalf("Parse(%q) = %q, which Parse gives back as %q, %v", s, c, again, err)
		}
		for p := c; p != ""; p = p.Parent() {
			if !p.Contains(c) || !strings.HasPrefix(string(c), p.Prefix()) {
				t.Fatalf("%q does not contain %q", p, c)
			}
		}
	})
}
