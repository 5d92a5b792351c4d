package form_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestField_readsChecksAndFormats(t *testing.T) {
	l := shipped(t)
	for _, x := range []struct{ field, typed, canonical, shown, key string }{
		{"output", "12.5", "12500000", "12.5", ""}, // fen
		{"output", " 1,234.56 ", "1234560000", "1234.56", ""},
		{"output", "0", "0", "0", ""},
		{"output", "0.000001", "1", "0.000001", ""}, // one fen
		{"output", "-1", "", "", "form.negative"},
		{"output", "约100", "", "", "form.bad_quantity"},
		{"output", "1e5", "", "", "form.bad_quantity"},
		{"output", "99999999999999999999", "", "", "number.too_large"},
		{"tax", "-3.2", "-3200000", "-3.2", ""}, // a refund
		{"profit", "-0.05", "-50000", "-0.05", ""},
		{"land_area", "131.2", "87467", "131.2", ""}, // 亩: not a whole number of m²
		{"land_area", "0.96", "640", "0.96", ""},
		{"land_area", "1000", "666667", "1000", ""},
		{"rent_due", "1200.5", "120050", "1200.5", ""},
		{"leasing_rate", "87.5", "875000", "87.5", ""},
		{"jobs", "35", "35", "35", ""},
		{"jobs", "35.0", "35", "35", ""},
		{"jobs", "3.5", "", "", "form.not_whole"},
		{"electricity", "52000", "52000", "52000", ""},
		{"signed_date", "2024-06-30", "2024-06-30", "2024-06-30", ""},
		{"signed_date", "2024-06", "2024-06", "2024-06", ""},
		{"signed_date", "2024", "2024", "2024", ""},
		{"signed_date", "2024/6/30", "", "", "form.bad_date"},
		{"signed_date", "1900-02-30", "", "", "form.bad_date"},
		{"above_scale", "是", "true", "true", ""},
		{"above_scale", "No", "false", "false", ""},
		{"above_scale", "0", "", "", "form.bad_truth"},
		{"stage", "投产", "production", "production", ""},
		{"stage", "production", "production", "production", ""},
		{"stage", "Fitting Out", "fitting_out", "fitting_out", ""},
		{"stage", "已签约", "signed", "signed", ""},
		{"stage", "开工", "", "", "form.bad_choice"},
		{"credit_code", "91350582MA00000017", "91350582MA00000017", "91350582MA00000017", ""},
		{"premises_no", "A3#-402", "A3#-402", "A3#-402", ""},
		{"premises_no", "A3 402", "", "", "form.bad_code"},
		{"premises_no", "A/3", "", "", "form.bad_code"},
		{"premises_no", "${bill.billId}", "", "", "form.bad_code"},
		{"premises_no", strings.Repeat("9", 81), "", "", "form.bad_code"},
		{"note", " 说明 ", "说明", "说明", ""},
		{"note", strings.Repeat("长", 2001), "", "", "text.too_long"},
		{"note", "a\x00b", "", "", "text.invalid"},
		{"note", "   ", "", "", ""}, // unknown
	} {
		d := l.Field(x.field)
		got, err := d.Read(x.typed)
		if keyOf(err) != x.key || err == nil && got != x.canonical {
			t.Errorf("%s: Read(%q) = %q, %v, want %q, %q", x.field, x.typed, got, err, x.canonical, x.key)
		}
		if x.key != "" || x.canonical == "" {
			continue
		}
		if err := d.Check(x.canonical); err != nil {
			t.Errorf("%s: Check(%q) = %v", x.field, x.canonical, err)
		}
		if got := d.Format(x.canonical); got != x.shown {
			t.Errorf("%s: Format(%q) = %q, want %q", x.field, x.canonical, got, x.shown)
		}
	}
}

func TestField_checkRefusesWhatIsNotCanonical(t *testing.T) {
	l := shipped(t)
	for _, x := range []struct{ field, text, key string }{
		{"output", "12.5", "form.bad_quantity"}, {"output", "", "form.bad_quantity"}, {"output", "+5", "form.bad_quantity"}, {"output", "007", "form.bad_quantity"},
		{"profit", "-05", "form.bad_quantity"}, {"profit", "-0", "form.bad_quantity"}, {"output", "-5", "form.negative"}, {"output", "9223372036854775808", "form.bad_quantity"},
		{"signed_date", "", "form.bad_date"}, {"signed_date", "2024-6-1", "form.bad_date"}, {"above_scale", "是", "form.bad_truth"}, {"stage", "投产", "form.bad_choice"},
		{"credit_code", "", "form.bad_code"}, {"note", "", "form.empty"}, {"note", " a", "form.empty"},
	} {
		if err := l.Field(x.field).Check(x.text); keyOf(err) != x.key || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: Check(%q) = %v, want %s", x.field, x.text, err, x.key)
		}
	}
}

// What is shown is what was stored: a figure that nobody touched does not change by being shown and read again.
func TestField_formatReadsBack(t *testing.T) {
	l := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		d := l.Field(rapid.SampledFrom([]string{"profit", "land_area", "leased_area", "rent_due", "leasing_rate", "jobs", "electricity"}).Draw(t, "field"))
		n := rapid.Int64Range(-9_000_000_000_000_000, 9_000_000_000_000_000).Draw(t, "n")
		if !d.Signed {
			n = max(n, -n)
		}
		canonical := strconv.FormatInt(n, 10)
		shown := d.Format(canonical)
		if got, err := d.Read(shown); got != canonical || err != nil {
			t.Fatalf("%s: Read(Format(%s)) = Read(%q) = %q, %v", d.Code, canonical, shown, got, err)
		}
	})
}

func TestCellValue_isWhatRulesCompare(t *testing.T) {
	f := newest(t, shipped(t), "tenant_ledger")
	for code, x := range map[string]struct {
		text string
		want rule.Value
	}{"leased_area": {"120", rule.Whole(120)}, "signed_date": {"2024-06", rule.Day(20240600)}, "above_scale": {"false", rule.Is(false)}, "stage": {"signed", rule.Said("signed")}, "note": {"", rule.Value{}}} {
		if v, err := f.CellValue(code, x.text); err != nil || !equal(v, x.want) {
			t.Errorf("CellValue(%q, %q) = %v, %v, want %v", code, x.text, v, err, x.want)
		}
	}
	if _, err := f.CellValue("output", "1"); keyOf(err) != "form.no_field" {
		t.Errorf("CellValue of a field that is not asked = %v, want form.no_field", err)
	}
	if _, err := f.CellValue("leased_area", "12.5"); keyOf(err) != "form.bad_quantity" {
		t.Errorf("CellValue(12.5) = %v, want form.bad_quantity", err)
	}
}

func equal(a, b rule.Value) bool {
	pack, err := rule.Compile(rule.Env{Fields: []rule.Field{{Name: "q", Kind: rule.Quantity, Unit: "个"}, {Name: "d", Kind: rule.Date}, {Name: "b", Kind: rule.Truth}, {Name: "w", Kind: rule.Word}}},
		rule.Rule{Code: "x", Check: "known(q)", Severity: rule.Error, Message: rule.Text{ZH: "x", EN: "x"}})
	if err != nil {
		return false
	}
	in := pack.Values()
	in[0] = a
	s := pack.Programs()[0].EvalFast(in)
	in[0] = b
	return s == pack.Programs()[0].EvalFast(in)
}

func TestKeyOf_joinsTheKeyFields(t *testing.T) {
	l := shipped(t)
	two := edit(t, newest(t, l, "premises_ledger").Body, "{field: building}", "{field: building, key: true}")
	f, err := form.Parse(l, []byte(two))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		f     *form.Form
		cells map[form.Code]string
		key   string
		ok    bool
	}{
		{newest(t, l, "enterprise_monthly"), nil, "", true},
		{newest(t, l, "leads"), map[form.Code]string{"lead_no": "L-7"}, "L-7", true},
		{newest(t, l, "leads"), map[form.Code]string{"enterprise_name": "甲"}, "", false},
		{f, map[form.Code]string{"premises_no": "402", "building": "A/B 100%"}, "402/A%2FB 100%25", true},
		{f, map[form.Code]string{"premises_no": "402"}, "", false},
	} {
		if key, ok := x.f.KeyOf(x.cells); key != x.key || ok != x.ok {
			t.Errorf("KeyOf(%v) = %q, %v, want %q, %v", x.cells, key, ok, x.key, x.ok)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"1,234.56", "-0", "2024-06", "是", "A3#-402", "１２", "99999999999999999999999", "0.5"} {
		f.Add(s)
	}
	l := shipped(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range l.Fields() {
			c, err := d.Read(s)
			if err != nil || c == "" {
				continue
			}
			if err := d.Check(c); err != nil {
				t.Fatalf("%s: Read(%q) = %q, which Check refuses: %v", d.Code, s, c, err)
			}
			if again, err := d.Read(d.Format(c)); err != nil || again != c {
				t.Fatalf("%s: Read(%q) = %q, shown as %q, read back as %q, %v", d.Code, s, c, d.Format(c), again, err)
			}
		}
	})
}
