package form_test

import (
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/form"
)

// asking is a form of one inline field.
func asking(t testing.TB, l *form.Library, code, field string) *form.Form {
	t.Helper()
	f, err := form.Parse(l, []byte(fmt.Sprintf(`form: %s
name: {zh: 商务月报, en: Commerce return}
subject: enterprise
every: month
fields:
  - %s
sections:
  - {code: s, name: {zh: 内容, en: Content}, items: [{field: asked}]}
`, code, field)))
	if err != nil {
		t.Fatalf("Parse = %v", err)
	}
	return f
}

func TestDuplicates_findsTheSameQuestion(t *testing.T) {
	l := shipped(t)
	field := func(zh, en, unit, measure, definition string) string {
		if definition != "" {
			definition = fmt.Sprintf(", definition: {zh: %s, en: %s}", definition, en)
		}
		return fmt.Sprintf("{code: asked, name: {zh: %s, en: %s}, kind: quantity, unit: '%s', measure: %s%s}", zh, en, unit, measure, definition)
	}
	for _, x := range []struct{ name, field, want string }{
		{"a synonym", field("主营业务收入", "Main business income", "万元", "flow", ""), "revenue enterprise_monthly same_name"},
		{"this month's", field("本月营业收入（万元）", "Month income", "元", "flow", ""), "revenue enterprise_monthly same_name"},
		{"another unit of money", field("营业收入总额", "Income", "亿元", "flow", ""), "revenue enterprise_monthly same_name"},
		{"letters in between", field("工业企业总产值", "Value made", "万元", "flow", ""), "output enterprise_monthly similar_name"},
		{"power", field("工业用电总量", "Power used", "千瓦时", "flow", ""), "electricity enterprise_monthly similar_name"},
		{"people", field("期末用工人数", "Staff", "人", "stock", ""), "jobs enterprise_monthly same_name"},
		{"the definition", field("企业缴税", "Levies", "万元", "flow", "报告期实际入库的各项税收，不含关税和社保费，退税为负。"), "tax enterprise_monthly similar_definition"},
		{"English only", field("收益项", "Revenue", "万元", "flow", ""), "revenue enterprise_monthly same_name"},
		{"another measure", field("用工人数", "Hours", "人", "flow", ""), ""},
		{"another dimension", field("营业收入", "Share of revenue", "%", "flow", ""), ""},
		{"a planned one", field("计划营业收入", "Planned income", "万元", "flow", ""), ""},
		{"last year's", field("上年营业收入", "Income of the year before", "万元", "flow", ""), ""},
		{"of which exports", field("出口营业收入", "Export income", "万元", "flow", ""), ""},
		{"something new", field("锅炉台数", "Boilers", "个", "stock", "期末在用的锅炉台数，含备用。"), ""},
	} {
		got := ""
		for _, d := range l.Duplicates(asking(t, l, "commerce_monthly", x.field)) {
			got = d.OtherField + " " + d.OtherForm + " " + d.Why
		}
		if got != x.want {
			t.Errorf("%s: Duplicates = %q, want %q", x.name, got, x.want)
		}
	}
}

func TestDuplicates_noneInTheShippedForms(t *testing.T) {
	l := shipped(t)
	for _, f := range l.Forms() {
		if d := l.Duplicates(f); len(d) > 0 {
			t.Errorf("Duplicates(%s) = %v, want none", f.Code, d)
		}
	}
}

func TestDuplicates_withinTheForm(t *testing.T) {
	l := shipped(t)
	f, err := form.Parse(l, []byte(`form: visits
name: {zh: 走访, en: Visits}
subject: org
every: month
fields:
  - {code: visit_note, name: {zh: 走访记录内容, en: What was seen}, kind: text}
  - {code: visit_text, name: {zh: 走访记录内容（补充）, en: More}, kind: text}
sections:
  - {code: s, name: {zh: 内容, en: Content}, items: [{field: visit_note}, {field: visit_text}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	if d := l.Duplicates(f); len(d) != 1 || d[0] != (form.Duplicate{Field: "visit_text", OtherField: "visit_note", OtherForm: "visits", Why: form.SameName}) {
		t.Errorf("Duplicates = %+v", d)
	}
}

// Counted by hand. enterprise_monthly holds 20 items in 11 filings a year, of which 2 are since January: 220/12 = 18.3 and
// 198/12 = 16.5. park_monthly holds 22 in 12. The ledgers of a park hold 29 and 36, those of an office 20, 12, 87 and 21;
// exchanged as workbooks they come whole each month.
func TestBurden_countedByHand(t *testing.T) {
	l := shipped(t)
	b := l.Burden()
	if got, want := fmt.Sprint(b.Subjects), fmt.Sprint([]form.SubjectBurden{
		{Subject: form.OfEnterprise, Before: 18.3, After: 16.5}, {Subject: form.OfPark, Before: 87, After: 22, Once: 65}, {Subject: form.OfOrg, Before: 140, After: 0, Once: 140}}); got != want {
		t.Errorf("Burden = %v, want %v", got, want)
	}
	if b.Before != 245.3 || b.After != 38.5 || b.Once != 205 {
		t.Errorf("Burden = %v before, %v after, %d once, want 245.3, 38.5, 205", b.Before, b.After, b.Once)
	}
}

// Another office asks for four figures each month, three of which the enterprise files already, and one each quarter.
func TestBurden_secondFormCostsOnlyWhatIsNew(t *testing.T) {
	l := shipped(t)
	_, l, err := l.Preview("commerce_monthly", []byte(`form: commerce_monthly
name: {zh: 商务月报, en: Commerce return}
subject: enterprise
every: month
combined: true
fields:
  - {code: shops, name: {zh: 门店数, en: Shops}, kind: quantity, unit: 个, measure: stock}
sections:
  - {code: s, name: {zh: 内容, en: Content}, items: [{field: revenue}, {field: tax}, {field: jobs}, {field: shops}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	got := l.Burden()
	f := got.Forms[len(got.Forms)-1]
	if f.Form != "commerce_monthly" || f.Cells != 4 || f.Shared != 3 || f.Before != 3.7 || f.After != 0.9 { // 4×11/12 and 1×11/12
		t.Errorf("Burden of the second form = %+v, want 4 cells of which 3 are shared: 3.7 before, 0.9 after", f)
	}
	if e := got.Subjects[0]; e.Before != 22 || e.After != 17.4 { // 24×11/12 and 19×11/12 = 17.42
		t.Errorf("Burden of an enterprise = %+v, want 22 before, 17.4 after", e)
	}
	_, l, err = l.Preview("energy_survey", []byte(survey))
	if err != nil {
		t.Fatal(err)
	}
	if f := l.Burden().Forms[len(got.Forms)]; f.Cells != 3 || f.Before != 1 || f.After != 1 { // another rhythm is another question
		t.Errorf("Burden of a quarterly form = %+v, want 3 cells in 4 of 12 months", f)
	}
}
