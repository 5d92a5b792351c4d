package uscc

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// known are public codes: the worked example of GB 32100-2015 (Σ = 1640, remainder 28, check value 3) and entities whose
// codes stand in their own annual reports and invoices.
var known = []struct{ code, name, organisation string }{
	{"91350100M000100Y43", "worked example of the standard", "M000100Y4"},
	{"91350900587527783P", "宁德时代新能源科技股份有限公司", "587527783"},
	{"914403001922038216", "华为技术有限公司", "192203821"},
	{"9152000071430580XT", "贵州茅台酒股份有限公司", "71430580X"},
	{"91440400192548256N", "珠海格力电器股份有限公司", "192548256"},
	{"91440300192317458F", "比亚迪股份有限公司", "192317458"},
	{"91110108551385082Q", "小米科技有限责任公司", "551385082"},
	{"91110000802100433B", "北京百度网讯科技有限公司", "802100433"},
	{"91100000100003962T", "中国工商银行股份有限公司", "100003962"},
	{"911100007109250324", "中国移动通信有限公司", "710925032"},
	{"91110000710926094P", "中国石油化工股份有限公司", "710926094"},
	{"12100000400000624D", "清华大学", "400000624"},
	{"12100000400002259P", "北京大学", "400002259"},
}

func TestParse_acceptsRealCodes(t *testing.T) {
	for _, k := range known {
		c, err := Parse(k.code)
		if err != nil || string(c) != k.code || c.Organisation() != k.organisation || c.Division() != k.code[2:8] {
			t.Errorf("Parse(%q) = %q, %v, want it back (%s)", k.code, c, err, k.name)
		}
		if made, err := Make(k.code[:16]); err != nil || made != c {
			t.Errorf("Make(%q) = %q, %v, want %q", k.code[:16], made, err, c)
		}
	}
}

func TestParse_forgivesBlanksAndLowerCase(t *testing.T) {
	const s = " 9152000071430580xt\t"
	if c, err := Parse(s); err != nil || c != "9152000071430580XT" || Valid(s) {
		t.Errorf("Parse(%q) = %q, %v, want 9152000071430580XT, while Valid(%q) is false", s, c, err, s)
	}
}

func TestParse_namesWhatIsWrong(t *testing.T) {
	for s, want := range map[string]string{
		"":                    "uscc.length",
		"9144030019220382":    "uscc.length",
		"9144030019220382161": "uscc.length",
		"91350100M000100Y4Z":  "uscc.character", // the standard's own bad example
		"9144030O1922038216":  "uscc.character", // letter O
		"91440A001922038216":  "uscc.character", // a letter in the division
		"91440300192203821６":  "uscc.length",    // a full-width digit is three bytes
		"914403001922038217":  "uscc.check",
		"914403001922038261":  "uscc.check",
		"９１440300192203821":   "uscc.length",
	} {
		_, err := Parse(s)
		f, _ := fault.Of(err)
		if f == nil || f.Key != want || f.Kind != fault.Invalid {
			t.Errorf("Parse(%q) = %v, want Invalid %s", s, err, want)
		}
	}
}

func TestParse_checksTheOrganisationCodeToo(t *testing.T) {
	const prefix = "91440300192203822" // 华为's with another organisation check character
	s := prefix + string(check(prefix))
	_, err := Parse(s)
	if f, _ := fault.Of(err); f == nil || f.Key != "uscc.organisation_check" {
		t.Errorf("Parse(%q) = %v, want uscc.organisation_check", s, err)
	}
}

// 31 is prime and the weights are powers of its primitive root 3: one wrong character and one swap of neighbours are
// always found.
func TestParse_findsEverySingleErrorAndSwap(t *testing.T) {
	for _, k := range known {
		for i := range len(k.code) {
			for _, r := range alphabet {
				if bad := k.code[:i] + string(r) + k.code[i+1:]; bad != k.code && Valid(bad) {
					t.Errorf("Valid(%q) = true, want false: one character away from %q", bad, k.code)
				}
			}
			if i > 0 && k.code[i] != k.code[i-1] {
				if bad := k.code[:i-1] + k.code[i:i+1] + k.code[i-1:i] + k.code[i+1:]; Valid(bad) {
					t.Errorf("Valid(%q) = true, want false: a swap in %q", bad, k.code)
				}
			}
		}
	}
}

func TestMake_refusesWhatParseWouldRefuse(t *testing.T) {
	for _, prefix := range []string{"", "91350582", "91350582MA00000O", "9135A582MA000000", "91350582MA0000001", "９１3505"} {
		if c, err := Make(prefix); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Make(%q) = %q, %v, want an Invalid fault", prefix, c, err)
		}
	}
}

func TestCode_ofNothingHasNoParts(t *testing.T) {
	if d, o := Code("").Division(), Code("12").Organisation(); d != "" || o != "" {
		t.Errorf("parts of unchecked codes = %q, %q, want none", d, o)
	}
}

func FuzzParse(f *testing.F) {
	for _, k := range known {
		f.Add(k.code)
	}
	f.Add("91350100m000100y4z")
	f.Add("９１350100")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("Parse(%q) = %v, want an Invalid fault", s, err)
			}
			return
		}
		if again, err := Parse(string(c)); err != nil || again != c || !Valid(string(c)) {
			t.Fatalf("Parse(%q) = %q, which Parse gives back as %q, %v", s, c, again, err)
		}
		if made, err := Make(string(c[:17])); err != nil || made != c {
			t.Fatalf("Make(%q) = %q, %v, want %q", c[:17], made, err, c)
		}
	})
}

func FuzzMake(f *testing.F) {
	f.Add("91350582MA00000")
	f.Add("91350582MA000000")
	f.Fuzz(func(t *testing.T, prefix string) {
		if c, err := Make(prefix); err == nil && !Valid(string(c)) {
			t.Fatalf("Make(%q) = %q, which is not valid", prefix, c)
		}
	})
}
