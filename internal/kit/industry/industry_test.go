package industry

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestParse_givesOneSpelling(t *testing.T) {
	for s, want := range map[string]Code{
		"C1952": "1952", "1952": "1952", "195": "195", "c19": "19", "19": "19", " C ": "C", "t": "T", "01": "01", "A0111": "0111", "T97": "97", "9700": "9700",
	} {
		if c, err := Parse(s); err != nil || c != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", s, c, err, want)
		}
	}
}

func TestParse_refusesOtherShapes(t *testing.T) {
	for s, want := range map[string]string{
		"": "industry.invalid", "U": "industry.invalid", "1": "industry.invalid", "C1": "industry.invalid", "00": "industry.invalid", "98": "industry.invalid",
		"13111": "industry.invalid", "C 13": "industry.invalid", "制造业": "industry.invalid", "C13A": "industry.invalid", "CC13": "industry.invalid",
		"A1952": "industry.section", "D43": "industry.section", "U19": "industry.section",
	} {
		_, err := Parse(s)
		if f, _ := fault.Of(err); f == nil || f.Key != want || f.Kind != fault.Invalid {
			t.Errorf("Parse(%q) = %v, want Invalid %s", s, err, want)
		}
	}
}

// Table 1 of GB/T 4754-2017: C 制造业 13–43, D 44–46, K 房地产业 70, T 国际组织 97.
func TestCode_partsComeFromTheDigits(t *testing.T) {
	for _, x := range []struct {
		code, section, division, parent Code
		level                           Level
	}{
		{"1311", "C", "13", "131", Class}, {"131", "C", "13", "13", Group}, {"13", "C", "13", "C", Division}, {"C", "C", "", "", Section}, {"", "", "", "", Unknown},
		{"0111", "A", "01", "011", Class}, {"05", "A", "05", "A", Division}, {"06", "B", "06", "B", Division}, {"12", "B", "12", "B", Division},
		{"43", "C", "43", "C", Division}, {"44", "D", "44", "D", Division}, {"70", "K", "70", "K", Division}, {"97", "T", "97", "T", Division},
	} {
		if x.code.Section() != x.section || x.code.Division() != x.division || x.code.Parent() != x.parent || x.code.Level() != x.level {
			t.Errorf("%q: section %q division %q parent %q level %d, want %q %q %q %d", x.code, x.code.Section(), x.code.Division(),
				x.code.Parent(), x.code.Level(), x.section, x.division, x.parent, x.level)
		}
	}
}

func TestContains_andSpanAgree(t *testing.T) {
	all := []Code{"A", "C", "T", "01", "12", "13", "131", "1311", "1319", "132", "19", "195", "1952", "1959", "196", "43", "44", "97", "9700"}
	for _, c := range all {
		from, to := c.Span()
		for _, d := range all {
			inSpan := string(d) >= from && string(d) < to || c.Level() == Section && d == c
			if got := c.Contains(d); got != inSpan {
				t.Errorf("Contains(%q, %q) = %v, while the span %q…%q says %v", c, d, got, from, to, inSpan)
			}
		}
	}
	if Code("").Contains("13") || Code("C").Contains("") {
		t.Error("an unknown industry contains something or is in something")
	}
	if from, to := Code("").Span(); from != to {
		t.Errorf("Span of the unknown industry = %q…%q, want an empty range", from, to)
	}
}

var small = []Row{
	{Code: "C", Section: "C", Name: "制造业", NameEN: "Manufacturing"},
	{Code: "1952", Parent: "195", Section: "C", Name: "皮鞋制造"},
	{Code: "195", Parent: "19", Section: "C", Name: "制鞋业"},
	{Code: "C19", Parent: "C", Section: "C", Name: "皮革、毛皮、羽毛及其制品和制鞋业"},
	{Code: "18", Parent: "C", Section: "C", Name: "纺织服装、服饰业"},
}

func TestCatalogue_namesAndChildren(t *testing.T) {
	k, err := NewCatalogue(slices.Values(small))
	if err != nil {
		t.Fatal(err)
	}
	if got := k.Name("1952"); got != "皮鞋制造" {
		t.Errorf("Name(1952) = %q, want 皮鞋制造", got)
	}
	if got := k.Children("C"); !slices.Equal(got, []Code{"18", "19"}) {
		t.Errorf("Children(C) = %v, want [18 19]", got)
	}
	if got := k.Children(""); !slices.Equal(got, []Code{"C"}) || k.Len() != len(small) {
		t.Errorf("sections = %v of %d rows, want [C] of %d", got, k.Len(), len(small))
	}
	if _, err := k.Parse("1953"); fault.KindOf(err) != fault.Invalid || err == nil {
		t.Errorf("Parse(1953) = %v, want Invalid: not listed", err)
	}
	if row, ok := k.Row("19"); !ok || row.Parent != "C" || row.Code != "19" {
		t.Errorf("Row(19) = %+v, %v", row, ok)
	}
}

func TestNewCatalogue_refusesRowsThatDoNotFit(t *testing.T) {
	for name, rows := range map[string][]Row{
		"duplicate":     {small[0], small[0]},
		"wrong parent":  {small[0], {Code: "18", Parent: "19", Section: "C", Name: "x"}},
		"absent parent": {{Code: "18", Parent: "C", Section: "C", Name: "x"}},
		"wrong section": {{Code: "D", Section: "C", Name: "x"}},
		"no name":       {{Code: "D", Section: "D"}},
		"no code":       {{Code: "ZZ"}},
		"bad parent":    {{Code: "18", Parent: "ZZ", Section: "C", Name: "x"}},
	} {
		if _, err := NewCatalogue(slices.Values(rows)); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("%s: NewCatalogue = %v, want an Invalid fault", name, err)
		}
	}
}

// The whole classification: 20 sections, 97 divisions, 473 groups, 1,381 classes (GB/T 4754-2017 with amendment 1).
func TestNewCatalogue_takesTheWholeClassification(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "codes", "gbt4754_2017.csv"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the classification's table is not beside the project (../shared/data/codes/gbt4754_2017.csv)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	k, err := NewCatalogue(func(yield func(Row) bool) {
		r := csv.NewReader(f)
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			if cells[0] != "code" && !yield(Row{Code: cells[0], Parent: cells[2], Section: cells[3], Name: cells[4]}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var count [5]int
	for c := range k.rows {
		count[c.Level()]++
	}
	if count != [5]int{0, 20, 97, 473, 1381} {
		t.Errorf("codes per level = %v, want [0 20 97 473 1381]", count)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"C1952", "1952", "195", "C", "t97", "A1952"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(string(c)); err != nil || again != c || c.Section() == "" || c.Level() == Unknown {
			t.Fatalf("Parse(%q) = %q, which Parse gives back as %q, %v", s, c, again, err)
		}
		for p := c; p != ""; p = p.Parent() {
			if !p.Contains(c) {
				t.Fatalf("%q does not contain %q", p, c)
			}
		}
	})
}
