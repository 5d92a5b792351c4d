package form_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
)

func TestJudge_required(t *testing.T) {
	f := newest(t, shipped(t), "enterprise_monthly")
	var got []string
	for _, v := range f.Judge(filed(t, f, "production_status=正常 output=0 revenue=0 jobs=3 electricity=1 investment=0")) {
		got = append(got, fmt.Sprint(v.Rule, " ", v.Severity, " ", v.Fields, " ", v.Text.ZH, " ", v.Text.EN))
	}
	if want := []string{"required.tax error [tax] 请填写“入库税收”。 Taxes paid must be answered."}; !slices.Equal(got, want) {
		t.Errorf("Judge = %q, want %q", got, want)
	}
}

func TestJudge_ofAWrongKindIsBroken(t *testing.T) {
	f := newest(t, shipped(t), "enterprise_monthly")
	verdicts := f.Judge(func(in rule.Input) rule.Value {
		if in.String() == "equipment_investment" || in.String() == "investment" {
			return rule.Said("五万")
		}
		return rule.Value{}
	})
	v, ok := broken(verdicts, "equipment_within_investment")
	if !ok || v.State != rule.Broken || v.Fault == nil || v.Fault.Key != "rule.wrong_kind" {
		t.Errorf("Judge of a word for a number = %+v, want a broken rule", v)
	}
}

// An answer counts for the values that it explained: About follows them and nothing else.
func TestJudge_aboutFollowsTheValues(t *testing.T) {
	f := newest(t, shipped(t), "enterprise_monthly")
	about := func(text string) string {
		v, _ := broken(f.Judge(filed(t, f, text)), "output_against_last_year")
		return v.About
	}
	first := about("output=100 year_ago(output)=900")
	if first == "" || about("output=100 year_ago(output)=900 jobs=7 tax=3") != first {
		t.Errorf("About changes with what the rule does not read")
	}
	for _, other := range []string{"output=101 year_ago(output)=900", "output=100 year_ago(output)=901", "output=100.000001 year_ago(output)=900"} {
		if about(other) == first {
			t.Errorf("About of %q is that of other values", other)
		}
	}
}

func TestJudge_bulkSaysWhatOneSays(t *testing.T) {
	f := newest(t, shipped(t), "tenant_ledger")
	j := form.NewJudge(f)
	rows := []map[form.Code]string{
		{"credit_code": "91350582MA00000017", "enterprise_name": "甲", "stage": "production", "production_date": "2024", "signed_date": "2023", "leased_area": "100"},
		{"credit_code": "bad", "stage": "cleared"},
		{"credit_code": "91350582MA00000017", "enterprise_name": "甲", "stage": "intent"},
	}
	for i, cells := range rows {
		got, err := j.Cells(cells, nil)
		if err != nil {
			t.Fatalf("Cells(%v) = %v", cells, err)
		}
		want := f.Judge(func(in rule.Input) rule.Value {
			v, err := f.CellValue(in.Name, cells[in.Name])
			if err != nil {
				t.Fatal(err)
			}
			return v
		})
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("row %d: Cells = %+v, Judge = %+v", i, got, want)
		}
		if i == 1 && (form.Worst(got) != rule.Error || len(got) != 4) || i == 2 && got != nil {
			t.Errorf("row %d: %d verdicts %+v", i, len(got), got)
		}
	}
	if _, err := j.Cells(map[form.Code]string{"leased_area": "12.5"}, nil); keyOf(err) != "form.bad_quantity" {
		t.Errorf("Cells of a text that is not canonical = %v, want form.bad_quantity", err)
	}
}

func TestJudge_goodRowsDoNotAllocate(t *testing.T) {
	f := newest(t, shipped(t), "tenant_ledger")
	j := form.NewJudge(f)
	cells := goodTenant()
	if v, err := j.Cells(cells, nil); err != nil || v != nil {
		t.Fatalf("Cells = %v, %v, want no verdict", v, err)
	}
	for i := range j.Inputs() {
		j.Set(i, rule.Value{})
	}
	j.Clear()
	if n := testing.AllocsPerRun(100, func() { _, _ = j.Cells(cells, nil) }); n > 0 {
		t.Errorf("a good row allocates %v times", n)
	}
}

func goodTenant() map[form.Code]string {
	return map[form.Code]string{"credit_code": "91350582MA00000017", "enterprise_name": "甲鞋业有限公司", "industry": "制鞋业", "stage": "production", "signed_date": "2023-04-15",
		"handover_date": "2023-06-01", "fitting_out_date": "2023-07", "production_date": "2024-01-10", "unit_name": "A3-402", "leased_area": "12000", "contract_no": "HT-77",
		"contract_start": "2023-06-01", "contract_end": "2028-05-31", "planned_investment": "500000000", "expected_output": "800000000", "expected_tax": "30000000", "expected_jobs": "120"}
}

// BenchmarkJudge judges one row of a form with 30 rules and 20 fields, as the check of a file does.
func BenchmarkJudge(b *testing.B) {
	f := thirty(b)
	cells := goodTenant()
	bad := goodTenant()
	bad["production_date"] = "2022-01-10"
	for name, row := range map[string]map[form.Code]string{"good": cells, "bad": bad} {
		b.Run(name, func(b *testing.B) {
			j := form.NewJudge(f)
			for b.Loop() {
				if v, err := j.Cells(row, nil); err != nil || (v == nil) != (name == "good") {
					b.Fatal(v, err)
				}
			}
		})
	}
}

// thirty is the tenant ledger with rules up to 30.
func thirty(t testing.TB) *form.Form {
	l := shipped(t)
	body := newest(t, l, "tenant_ledger").Body
	var more strings.Builder
	checks := []string{"expected_tax <= expected_output", "contract_end > signed_date", "leased_area > 0平方米", "expected_jobs <= 100000人", "planned_investment / leased_area <= 100万元/1平方米"}
	for i := range 30 - len(newest(t, l, "tenant_ledger").Checks()) {
		fmt.Fprintf(&more, "  - {code: more_%d, check: '%s', severity: warning, message: {zh: 不符, en: wrong}}\n", i, checks[i%len(checks)])
	}
	f, err := form.Parse(l, []byte(body+more.String()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Checks()); n != 30 {
		t.Fatalf("%d rules, want 30", n)
	}
	return f
}
