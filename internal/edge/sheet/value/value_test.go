package value

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// acts writes a trace as its acts.
func acts(v Value) string {
	var out []string
	for _, s := range v.Trace {
		out = append(out, string(s.What))
	}
	return strings.Join(out, " ")
}

func TestRead_quantities(t *testing.T) {
	for _, c := range []struct{ text, unit, want, wantUnit, trace string }{
		{"131.2", "亩", "131.2", "亩", ""}, {"  131.2\u00a0", "亩", "131.2", "亩", "trimmed"}, {"１３１．２", "亩", "131.2", "亩", "half_width"},
		{"1,234,567.8", "元", "1234567.8", "元", "thousands"}, {"1 234 567", "", "1234567", "", "thousands"}, {"１，２３４", "", "1234", "", "half_width thousands"},
		{"+5", "", "5", "", ""}, {"-3", "", "-3", "", ""}, {"−3", "", "-3", "", "half_width"}, {"(12.5)", "万元", "-12.5", "万元", "negative"}, {"（1,200）", "", "-1200", "", "half_width negative thousands"},
		{"'007", "", "007", "", "trimmed"}, {"87.5%", "", "87.5", "%", "unit_in_cell"}, {"87.5％", "%", "87.5", "%", "half_width unit_in_cell"}, {"88%", "比例", "88", "%", "unit_in_cell"},
		{"3.5亿元", "万元", "3.5", "亿元", "unit_in_cell"}, {"3.5 万元", "", "3.5", "万元", "unit_in_cell"}, {"3.5亿", "万元", "3.5", "亿元", "unit_in_cell"}, {"3.5万", "元", "3.5", "万元", "unit_in_cell"},
		{"2.4万", "平方米", "2.4", "万平方米", "unit_in_cell"}, {"131亩", "公顷", "131", "亩", "unit_in_cell"}, {"500㎡", "", "500", "㎡", "unit_in_cell"}, {"500m2", "亩", "500", "m2", "unit_in_cell"}, {"500 平米", "m2", "500", "m2", "unit_in_cell"},
		{"1.2万m2", "", "1.2", "万平方米", "unit_in_cell"}, {"41家", "家", "41", "家", "unit_in_cell"}, {"¥1,500", "", "1500", "元", "unit_in_cell thousands"}, {"￥1500元", "万元", "1500", "元", "unit_in_cell unit_in_cell"},
		{"1.2E+05", "", "120000", "", "exponent"}, {"1e-3", "", "0.001", "", "exponent"}, {"12hm²", "亩", "12", "公顷", "unit_in_cell"},
	} {
		v, err := Read(c.text, Spec{Kind: Quantity, Unit: c.unit})
		trace := strings.ReplaceAll(acts(v), "half_width half_width", "half_width")
		if err != nil || v.State != Known || v.Text != c.want || v.Unit != c.wantUnit || trace != c.trace {
			t.Errorf("Read(%q, unit %q) = %q %q [%s], %v, want %q %q [%s]", c.text, c.unit, v.Text, v.Unit, trace, err, c.want, c.wantUnit, c.trace)
		}
	}
}

func TestRead_refusesQuantitiesThatAreNoneOrTwo(t *testing.T) {
	for _, c := range []struct{ text, unit, key string }{
		{"约100", "亩", "value.about"}, {"100左右", "", "value.about"}, {"100余家", "", "value.not_number"}, {">100", "", "value.about"}, {"100-200", "", "value.range"}, {"100亩~200亩", "亩", "value.range"},
		{"abc", "", "value.not_number"}, {"1.2.3", "", "value.not_number"}, {"1,23", "", "value.not_number"}, {"1.234,56", "", "value.not_number"}, {"NaN", "", "value.not_number"}, {"三百", "", "value.not_number"}, {"亩", "亩", "value.not_number"},
		{"3.5亿元", "亩", "value.unit_kind"}, {"3.5亩", "万元", "value.unit_kind"}, {"¥3", "亩", "value.unit_kind"}, {"3.5万", "万元", "value.multiple"}, {"3.5万", "", "value.multiple"}, {"3.5亿", "亩", "value.multiple"},
		{"1E+300", "", "value.number_size"}, {"#REF!", "", "value.not_number"}, {strings.Repeat("9", 41), "", "value.number_size"}, {"-", "", "value.not_number"},
	} {
		v, err := Read(c.text, Spec{Kind: Quantity, Unit: c.unit})
		if f, ok := fault.Of(err); !ok || f.Key != c.key || f.Kind != fault.Invalid {
			t.Errorf("Read(%q, unit %q) = %+v, %v, want %s", c.text, c.unit, v, err, c.key)
		}
	}
}

func TestAmount_isExactInTheCanonicalUnit(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want       int64
		to         unit.Canonical
	}{{"3.5亿元", "万元", 35_000_000_000, unit.Fen}, {"15亩", "公顷", 10_000, unit.AreaM2}, {"87.5%", "比例", 875_000, unit.PPM}} {
		v, err := Read(c.text, Spec{Kind: Quantity, Unit: c.unit})
		got, to, err2 := v.Amount()
		if err != nil || err2 != nil || got != c.want || to != c.to {
			t.Errorf("Amount(%q) = %d %s, %v, %v, want %d %s", c.text, got, to, err, err2, c.want, c.to)
		}
	}
}

func TestRead_dates(t *testing.T) {
	for _, c := range []struct {
		text        string
		spec        Spec
		want, trace string
	}{
		{"2024-06-30", Spec{}, "2024-06-30", ""}, {"2024/6/3", Spec{}, "2024-06-03", "written"}, {"2024.6.30", Spec{}, "2024-06-30", "written"}, {"2024年6月30日", Spec{}, "2024-06-30", "written"},
		{"2024年3月", Spec{}, "2024-03", "written"}, {"2006.03", Spec{}, "2006-03", "written"}, {"2024.10", Spec{}, "2024-10", "written"}, {"2024-06", Spec{}, "2024-06", ""}, {"2024 年 3 月", Spec{}, "2024-03", "written"},
		{"２０２４年３月", Spec{}, "2024-03", "half_width written"}, {"2024年", Spec{}, "2024", "written"}, {"2024", Spec{}, "2024", ""}, {"202406", Spec{}, "2024-06", "written"}, {"20240630", Spec{}, "2024-06-30", "written"},
		{"2024-06-30T10:30:00", Spec{}, "2024-06-30", "time_dropped"}, {"2024/6/30 0:00", Spec{}, "2024-06-30", "time_dropped written"},
		{"45473", Spec{}, "2024-06-30", "serial"}, {"45473.5", Spec{}, "2024-06-30", "serial"}, {"44011", Spec{Date1904: true}, "2024-06-30", "serial"},
		{"民國112年3月5日", Spec{}, "2023-03-05", "republic"}, {"民国112年", Spec{}, "2023", "republic"}, {"112/03/05", Spec{ROC: true}, "2023-03-05", "republic"}, {"112.3", Spec{ROC: true}, "2023-03", "republic"},
		{"0601026", Spec{ROC: true}, "1971-10-26", "republic"}, {"1120305", Spec{ROC: true}, "2023-03-05", "republic"}, {"990305", Spec{ROC: true}, "2010-03-05", "republic"}, {"2023/03/05", Spec{ROC: true}, "2023-03-05", "written"},
		{"03/04/2024", Spec{Order: DMY}, "2024-04-03", "order_stated"}, {"03/04/2024", Spec{Order: MDY}, "2024-03-04", "order_stated"}, {"16/04/2004", Spec{}, "2004-04-16", "order_certain"}, {"04-16-2004", Spec{}, "2004-04-16", "order_certain"},
		{"03.03.2024", Spec{}, "2024-03-03", "order_certain"}, {"5 Mar 2024", Spec{}, "2024-03-05", "written"}, {"March 5, 2024", Spec{}, "2024-03-05", "written"}, {"Sept-2024", Spec{}, "2024-09", "written"}, {"05-MAR-2024", Spec{}, "2024-03-05", "written"},
		{"29/02/2024", Spec{}, "2024-02-29", "order_certain"},
	} {
		c.spec.Kind = Date
		v, err := Read(c.text, c.spec)
		if err != nil || v.State != Known || v.Text != c.want || acts(v) != c.trace || v.Date.String() != c.want {
			t.Errorf("Read(%q, %+v) = %q [%s], %v, want %q [%s]", c.text, c.spec, v.Text, acts(v), err, c.want, c.trace)
		}
	}
}

func TestRead_refusesDatesThatAreNoneOrTwo(t *testing.T) {
	for _, c := range []struct {
		text string
		spec Spec
		key  string
	}{
		{"03/04/2024", Spec{}, "value.two_dates"}, {"16/04/2004", Spec{Order: MDY}, "value.other_order"}, {"2024.1", Spec{}, "value.month_lost_zero"}, {"24/3/5", Spec{}, "value.short_year"}, {"24年3月", Spec{}, "value.short_year"},
		{"112/03/05", Spec{}, "value.not_date"}, {"1120305", Spec{}, "value.not_date"}, {"2024-02-30", Spec{}, "value.no_such_day"}, {"2024-13", Spec{}, "value.no_such_day"}, {"2024-00-00", Spec{}, "value.no_such_day"}, {"32/13/2024", Spec{}, "value.no_such_day"},
		{"去年", Spec{}, "value.not_date"}, {"2024年上半年", Spec{}, "value.not_date"}, {"2024Q1", Spec{}, "value.not_date"}, {"12", Spec{}, "value.not_date"}, {"99999", Spec{}, "value.not_date"}, {"5 Foo 2024", Spec{}, "value.not_date"}, {"1850-01-01", Spec{}, "value.no_such_day"},
	} {
		c.spec.Kind = Date
		v, err := Read(c.text, c.spec)
		if f, ok := fault.Of(err); !ok || f.Key != c.key {
			t.Errorf("Read(%q, %+v) = %+v, %v, want %s", c.text, c.spec, v, err, c.key)
		}
	}
}

func TestRead_placeholdersNeverBecomeDates(t *testing.T) {
	for _, text := range []string{"1-1-1900", "1900-01-01", "1900/1/1", "01/01/1900", "1900-01", "1900", "1", "0", "2", "1899-12-30", "1904-01-01", "1900-01-01T00:00:00", "9999-12-31", "1900年1月1日"} {
		v, err := Read(text, Spec{Kind: Date})
		if f, ok := fault.Of(err); !ok || f.Key != "value.placeholder" && f.Key != "value.no_such_day" {
			t.Errorf("Read(%q) = %+v, %v, want a refusal", text, v, err)
		}
	}
	for _, text := range []string{"1-1-1900", "1900-01-01", "1900/1/1", "1", "1900-01-01T00:00:00", "Not Required", "not  required", "-", "－"} {
		v, err := Read(text, Spec{Kind: Date, Unknown: []string{"1-1-1900", "Not Required", "-"}})
		if err != nil || v.State != Unknown || v.Text != "" || v.Date != 0 || !strings.HasSuffix(acts(v), "sentinel") {
			t.Errorf("Read(%q) = %+v, %v, want unknown", text, v, err)
		}
	}
}

func TestRead_blankUnknownAndZeroAreThreeThings(t *testing.T) {
	spec := Spec{Kind: Quantity, Unit: "家", Unknown: []string{"/", "无"}}
	for text, want := range map[string]State{"": Blank, " \u00a0\t": Blank, "\u200b": Blank, "/": Unknown, " 无 ": Unknown, "／": Unknown, "0": Known} {
		if v, err := Read(text, spec); err != nil || v.State != want {
			t.Errorf("Read(%q) = %+v, %v, want state %d", text, v, err, want)
		}
	}
	if v, err := Read("-", Spec{Kind: Text}); err != nil || v.State != Known || v.Text != "-" {
		t.Errorf("Read(-) = %+v, %v, want the text where nobody named it", v, err)
	}
}

func TestRead_textsCodesAndTruths(t *testing.T) {
	for _, c := range []struct {
		kind             Kind
		text, want, errs string
	}{
		{Text, " 晋江 芯谷\u00a0", "晋江 芯谷", ""}, {Text, "Aberthaw\r, The Leys\r", "Aberthaw , The Leys", ""}, {Text, "全角Ａ１", "全角Ａ１", ""},
		{Code, " ９１３５０５８２ma2xxxx0 7 ", "91350582ma2xxxx07", ""}, {Code, "00123", "00123", ""}, {Code, "9.13505E+17", "", "value.code_lost_digits"}, {Code, "350500123456789000", "", "value.code_lost_digits"}, {Code, "350500123456789", "350500123456789", ""},
		{Truth, "是", "true", ""}, {Truth, "×", "false", ""}, {Truth, "Ｙ", "true", ""}, {Truth, "也许", "", "value.not_truth"},
	} {
		v, err := Read(c.text, Spec{Kind: c.kind})
		key := ""
		if f, ok := fault.Of(err); ok {
			key = f.Key
		}
		if v.Text != c.want || key != c.errs {
			t.Errorf("Read(%q) as %s = %q, %v, want %q, %s", c.text, c.kind, v.Text, err, c.want, c.errs)
		}
	}
}

func TestUnitSymbol_understandsUnitsAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]string{"（万元）": "万元", "㎡": "㎡", "单位：亩": "亩", "平米": "m2", "（单位:家）": "家", "MW": "", "万": "", "": "", "%": "%"} {
		if got, ok := UnitSymbol(written); got != want || ok != (want != "") {
			t.Errorf("UnitSymbol(%q) = %q, %v, want %q", written, got, ok, want)
		}
	}
}

// FuzzRead checks that what is read is read again as itself, without any further step but that of its form.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"3.5亿元", "１，２００", "03/04/2024", "2024年3月", "民國112年3月5日", "1.2E+05", "1-1-1900", "5 Mar 2024", "(3)", "￥1500元", "\u202e2024-06-30\u00a0"} {
		f.Add(s, "万元", true)
	}
	kinds := []Kind{Text, Code, Quantity, Date, Truth}
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, s, u string, roc bool) {
		defer check(t)
		for _, k := range kinds {
			spec := Spec{Kind: k, Unit: u, ROC: roc, Unknown: []string{"1-1-1900", "-"}}
			v, err := Read(s, spec)
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					t.Fatalf("Read(%q) as %s: %v, want a refusal", s, k, err)
				}
				continue
			}
			if v.State != Known {
				continue
			}
			if utf8.ValidString(s) && !utf8.ValidString(v.Text) {
				t.Fatalf("Read(%q) as %s = %q, want valid UTF-8", s, k, v.Text)
			}
			again, err := Read(v.Text, Spec{Kind: k, Unit: v.Unit, ROC: roc})
			if k != Text && (err != nil || again.Text != v.Text || fmt.Sprint(again.Date) != fmt.Sprint(v.Date)) {
				t.Fatalf("Read(%q) as %s = %+v, and that = %+v, %v", s, k, v, again, err)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for name, c := range map[string]struct {
		text string
		spec Spec
	}{"number": {"131.2", Spec{Kind: Quantity, Unit: "亩"}}, "day": {"2024-06-30", Spec{Kind: Date, Unknown: []string{"1-1-1900"}}}, "text": {"晋江芯谷", Spec{Kind: Text}}} {
		b.Run(name, func(b *testing.B) {
			r := New(c.spec)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Read(c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
