package form_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
)

func shipped(t testing.TB) *form.Library {
	t.Helper()
	l, err := form.LoadShipped()
	if err != nil {
		t.Fatalf("LoadShipped = %v", err)
	}
	return l
}

func newest(t testing.TB, l *form.Library, code form.Code) *form.Form {
	t.Helper()
	f, err := l.Form(code, "")
	if err != nil {
		t.Fatalf("Form(%q) = %v", code, err)
	}
	return f
}

// filed makes a record of "output=120 prev(output)=10 …", each value as typed in its field's unit, ~ for a blank.
func filed(t testing.TB, f *form.Form, text string) func(rule.Input) rule.Value {
	t.Helper()
	values := map[string]rule.Value{}
	for _, part := range strings.Fields(text) {
		name, typed, _ := strings.Cut(part, "=")
		code := name
		if i := strings.IndexByte(name, '('); i >= 0 {
			code = strings.TrimSuffix(name[strings.LastIndexAny(name, "(,")+1:], ")")
		}
		it := f.Item(code)
		if it == nil {
			t.Fatalf("%s does not ask %q", f.Code, code)
		}
		canonical, err := it.Field.Read(strings.ReplaceAll(typed, "~", " "))
		if err != nil {
			t.Fatalf("Read(%q) of %s = %v", typed, code, err)
		}
		v, err := f.CellValue(code, canonical)
		if err != nil {
			t.Fatalf("CellValue(%q, %q) = %v", code, canonical, err)
		}
		values[name] = v
	}
	return func(in rule.Input) rule.Value {
		return values[strings.NewReplacer(`"`, "", " ", "").Replace(in.String())]
	}
}

func broken(verdicts []form.Verdict, code string) (form.Verdict, bool) {
	i := slices.IndexFunc(verdicts, func(v form.Verdict) bool { return v.Rule == code })
	if i < 0 {
		return form.Verdict{}, false
	}
	return verdicts[i], true
}

// ruleCase is one rule of a shipped form: a record that keeps it, one that does not and what is said of that, and one that
// lacks something, of which nothing is said.
type ruleCase struct{ form, rule, keeps, fails, zh, lacks string }

var ruleCases = []ruleCase{
	{"enterprise_monthly", "stop_needs_reason", "production_status=停产 stop_reason=检修", "production_status=部分停产", "请填写停减产原因", "stop_reason=检修"},
	{"enterprise_monthly", "stopped_with_output", "production_status=停产 output=0", "production_status=停产 output=12.5", "却为12.5 万元", "production_status=停产"},
	{"enterprise_monthly", "power_of_production", "output=100 electricity=8000", "output=100 electricity=0", "有工业总产值100 万元，用电量却为0 千瓦时", "output=100"},
	{"enterprise_monthly", "people_of_production", "output=0 jobs=0", "output=100 jobs=0", "期末从业人数却为0 人", "output=100"},
	{"enterprise_monthly", "export_within_output", "export_value=80 output=100", "export_value=130.5 output=100", "多出30.5 万元", "export_value=130"},
	{"enterprise_monthly", "tax_within_revenue", "tax=-3 revenue=0", "tax=3 revenue=2", "入库税收3 万元大于营业收入2 万元", "tax=3"},
	{"enterprise_monthly", "profit_within_revenue", "profit=-50 revenue=10", "profit=50 revenue=10", "利润总额50 万元", "profit=50"},
	{"enterprise_monthly", "equipment_within_investment", "equipment_investment=5 investment=5", "equipment_investment=6 investment=5", "设备投资6 万元大于完成投资5 万元", "equipment_investment=6"},
	{"enterprise_monthly", "capacity_range", "capacity_used=88", "capacity_used=880", "产能利用率880%", ""},
	{"enterprise_monthly", "pay_per_person", "wages=60 jobs=100", "wages=600 jobs=100", "月人均不在0.1万至5万元之间", "wages=600"},
	{"enterprise_monthly", "output_against_last_month", "output=100 prev(output)=90", "output=1000 prev(output)=90", "上期90 万元", "output=1000"},
	{"enterprise_monthly", "output_against_last_year", "output=100 year_ago(output)=90", "output=100 year_ago(output)=900", "去年同期900 万元", "output=100"},
	{"enterprise_monthly", "jobs_against_last_month", "jobs=90 prev(jobs)=100", "jobs=40 prev(jobs)=100", "由100 人变为40 人", "jobs=40"},
	{"enterprise_monthly", "output_ytd_agrees", "output_ytd=300 ytd(output)=300.9", "output_ytd=300 ytd(output)=310", "累计产值300 万元与各月合计310 万元不符", "output_ytd=300"},
	{"enterprise_monthly", "revenue_ytd_agrees", "revenue_ytd=300 ytd(revenue)=300", "revenue_ytd=300 ytd(revenue)=310", "各月合计310 万元", "ytd(revenue)=310"},
	{"enterprise_monthly", "year_below_half", "ytd(output)=50 ytd_year_ago(output)=100", "ytd(output)=49 ytd_year_ago(output)=100", "不到去年同期100 万元的一半", "ytd(output)=49"},
	{"enterprise_monthly", "tax_on_record", "tax=10.5 source(record,tax)=10", "tax=11 source(record,tax)=10", "与行政记录10 万元相差超过5%", "tax=11"},
	{"enterprise_monthly", "electricity_on_record", "electricity=100 source(record,electricity)=100", "electricity=80 source(record,electricity)=100", "供电记录100 千瓦时", "source(record,electricity)=100"},
	{"enterprise_monthly", "research_within_revenue", "research_expense=1 revenue=2", "research_expense=3 revenue=2", "研发费用3 万元", "research_expense=3"},

	{"park_monthly", "let_within_usable", "area_leased=90 area_usable=100", "area_leased=90 area_sold=20 area_usable=100", "已出租90 平方米与已出售20 平方米之和大于可招商面积100 平方米", "area_leased=90"},
	{"park_monthly", "usable_within_completed", "area_usable=100 area_completed=100", "area_usable=101 area_completed=100", "可招商面积101 平方米", "area_usable=101"},
	{"park_monthly", "completed_within_started", "area_completed=1 area_started=2", "area_completed=3 area_started=2", "累计竣工面积3 平方米", "area_completed=3"},
	{"park_monthly", "parts_of_completed", "factory_area=70 support_area=30 area_completed=100", "factory_area=70 support_area=20 area_completed=100", "合计90 平方米", "factory_area=70 area_completed=100"},
	{"park_monthly", "rate_agrees", "leasing_rate=75 area_leased=75 area_usable=100", "leasing_rate=90 area_leased=75 area_usable=100", "招商率90%与按面积计算的75%不符", "leasing_rate=90 area_usable=100"},
	// 33 producing and 24 fitting out of 50 signed: the kind of sum that a published report got wrong.
	{"park_monthly", "tenants_within_signed", "tenants_producing=33 tenants_fitting_out=24 tenants_signed=57", "tenants_producing=33 tenants_fitting_out=24 tenants_signed=50", "投产33 家与装修24 家之和大于签约50 家", "tenants_producing=33 tenants_signed=50"},
	{"park_monthly", "enrolled_within_producing", "tenants_enrolled=7 tenants_producing=33", "tenants_enrolled=40 tenants_producing=33", "纳统40 家大于投产33 家", "tenants_enrolled=40"},
	{"park_monthly", "new_within_producing", "tenants_new=2 tenants_producing=2", "tenants_new=3 tenants_producing=2", "本月新增投产3 家", "tenants_new=3"},
	{"park_monthly", "producing_needs_completed", "tenants_producing=1 area_completed=100", "tenants_producing=1 area_completed=0", "已有1 家投产", "tenants_producing=1"},
	{"park_monthly", "completed_never_falls", "area_completed=100 prev(area_completed)=100", "area_completed=90 prev(area_completed)=100", "由上期100 平方米降为90 平方米", "area_completed=90"},
	{"park_monthly", "started_never_falls", "area_started=100 prev(area_started)=99", "area_started=90 prev(area_started)=100", "由上期100 平方米降为90 平方米", "area_started=90"},
	{"park_monthly", "investment_adds_up", "investment_total=110 prev(investment_total)=100 investment=10", "investment_total=130 prev(investment_total)=100 investment=10", "应为上期100 万元加本月10 万元", "investment_total=130 investment=10"},
	{"park_monthly", "within_planned_investment", "investment_total=120 planned_investment=100", "investment_total=121 planned_investment=100", "超过总投资100 万元的120%", "investment_total=121"},
	{"park_monthly", "producing_against_last_month", "tenants_producing=9 prev(tenants_producing)=10 tenants_cleared=1", "tenants_producing=8 prev(tenants_producing)=10 tenants_cleared=1", "由10 家变为8 家，减少数大于清退数1 家", "tenants_producing=8"},
	{"park_monthly", "rate_jump", "leasing_rate=60 prev(leasing_rate)=50", "leasing_rate=90 prev(leasing_rate)=50", "由50%变为90%", "leasing_rate=90"},

	{"tenant_ledger", "credit_code_form", "credit_code=91350582MA00000017", "credit_code=91350582ma0000001", "“91350582ma0000001”不是18位", ""},
	{"tenant_ledger", "signed_needs_date", "stage=签约 signed_date=2024-06", "stage=装修", "请填写签约日期", "signed_date=2024-06"},
	{"tenant_ledger", "producing_needs_date", "stage=投产 production_date=2024-06-30", "stage=达产", "请填写投产日期", ""},
	{"tenant_ledger", "enrolled_needs_date", "stage=纳统 enrolled_date=2024-09", "stage=已纳统", "请填写统计部门公布的纳统年月", ""},
	{"tenant_ledger", "cleared_needs_reason", "stage=清退 cleared_date=2024 clear_reason=搬迁", "stage=清退 cleared_date=2024", "请填写清退日期和原因", ""},
	{"tenant_ledger", "handover_after_signing", "handover_date=2024-07-01 signed_date=2024-06-30", "handover_date=2024-05-01 signed_date=2024-06-30", "交付日期2024年5月1日早于签约日期2024年6月30日", "handover_date=2024 signed_date=2024-06-30"},
	{"tenant_ledger", "production_after_handover", "production_date=2025 handover_date=2024-12-31", "production_date=2024-03 handover_date=2024-12-31", "投产日期2024年3月早于", "production_date=2024-03"},
	{"tenant_ledger", "enrolled_after_production", "enrolled_date=2024-09 production_date=2024-06-30", "enrolled_date=2023-09 production_date=2024-06-30", "纳统年月2023年9月早于", "enrolled_date=2023-09"},
	{"tenant_ledger", "contract_order", "contract_start=2024-01-01 contract_end=2026-12-31", "contract_start=2024-01-01 contract_end=2023-12-31", "合同到期日2023年12月31日", "contract_end=2023-12-31"},
	{"tenant_ledger", "space_of_tenant", "stage=投产 leased_area=800", "stage=投产 leased_area=0", "租赁面积0 平方米和购置面积—都没有数", "leased_area=0"},
	{"tenant_ledger", "tax_within_output", "expected_tax=5 expected_output=100", "expected_tax=51 expected_output=100", "达产年税收51 万元", "expected_tax=51"},

	{"premises_ledger", "net_within_gross", "net_area=90 gross_area=100", "net_area=110 gross_area=100", "套内面积110 平方米", "net_area=110"},
	{"premises_ledger", "leased_within_gross", "leased_area=100 gross_area=100", "leased_area=110 gross_area=100", "租赁面积110 平方米", "leased_area=110"},
	{"premises_ledger", "leased_needs_tenant", "premises_status=在租 enterprise_name=甲公司", "premises_status=已出租", "请填写企业名称", ""},
	{"premises_ledger", "vacant_has_no_tenant", "premises_status=空置", "premises_status=空置 enterprise_name=甲公司", "却登记有企业“甲公司”", "enterprise_name=甲公司"},
	{"premises_ledger", "contract_order", "contract_start=2024-01-01 contract_end=2026-12-31", "contract_start=2024-01-01 contract_end=2023-12-31", "合同到期日2023年12月31日", "contract_start=2024-01-01"},
	{"premises_ledger", "rent_within_due", "rent_paid=1200.5 rent_due=1200.5", "rent_paid=1300 rent_due=1200.5", "已收租金1300 元大于应收租金1200.5 元", "rent_paid=1300"},
	{"premises_ledger", "overdue_is_owed", "overdue=是 rent_paid=0 rent_due=100", "overdue=是 rent_paid=100 rent_due=100", "没有欠款", "overdue=是 rent_due=100"},

	{"leads", "signed_needs_date", "lead_stage=签约 signed_date=2025-01-02", "lead_stage=正式签约", "请填写签约日期", ""},
	{"leads", "dropped_needs_reason", "lead_stage=终止 dropped_reason=用地不足", "lead_stage=放弃", "请填写终止原因", ""},
	{"leads", "contact_order", "first_contact=2025-01 last_contact=2025-02", "first_contact=2025-03 last_contact=2025-02", "最近跟进日期2025年2月早于首次接洽日期2025年3月", "last_contact=2025-02"},
	{"leads", "signed_after_contact", "first_contact=2025-01 signed_date=2025-02", "first_contact=2025-03 signed_date=2025-02", "签约日期2025年2月早于", "signed_date=2025-02"},
	{"leads", "tax_within_output", "expected_tax=5 expected_output=100", "expected_tax=51 expected_output=100", "达产年税收51 万元", "expected_output=100"},

	{"problems", "solved_needs_result", "problem_status=已办结 solved_date=2025-02-01 result=已接通", "problem_status=办结 solved_date=2025-02-01", "请填写办结日期和办理结果", ""},
	{"problems", "refused_needs_result", "problem_status=不予办理 result=不符合规划", "problem_status=不予办理", "写明理由", ""},
	{"problems", "solved_after_raised", "raised_date=2025-01-01 solved_date=2025-02-01", "raised_date=2025-03-01 solved_date=2025-02-01", "办结日期2025年2月1日早于提出日期2025年3月1日", "solved_date=2025-02-01"},
	{"problems", "due_after_raised", "raised_date=2025-01-01 due_date=2025-02-01", "raised_date=2025-03-01 due_date=2025-02-01", "办结期限2025年2月1日早于", "due_date=2025-02-01"},
	{"problems", "solved_late", "due_date=2025-02-01 solved_date=2025-02-01", "due_date=2025-02-01 solved_date=2025-02-03", "办结日期2025年2月3日晚于期限2025年2月1日", "solved_date=2025-02-03"},

	{"project_list", "end_after_start", "construction_start=2016-09-01 construction_end=2019-12-20", "construction_start=2019-12-20 construction_end=2016-09-01", "竣工日期2016年9月1日早于开工日期2019年12月20日", "construction_end=2016-09-01"},
	{"project_list", "operation_after_start", "construction_start=2006-05-01 operation_date=2007-05-01", "construction_start=2020-10-28 operation_date=2019-12-20", "投运日期2019年12月20日早于", "operation_date=2019-12-20"},
	{"project_list", "granted_after_submitted", "planning_submitted=2004-04-16 planning_granted=2004-09-03", "planning_submitted=2004-09-03 planning_granted=2004-04-16", "规划许可日期2004年4月16日早于", "planning_granted=2004-04-16"},
	{"project_list", "start_after_granted", "planning_granted=2004-09-03 construction_start=2006-05-01", "planning_granted=2006-09-03 construction_start=2006-05-01", "开工日期2006年5月1日早于规划许可日期", "construction_start=2006-05-01"},
	{"project_list", "screening_order", "screening_started=2012-07-24 screening_completed=2012-09-19", "screening_started=2012-09-19 screening_completed=2012-07-24", "初审完成日期2012年7月24日早于", "screening_completed=2012-07-24"},
	{"project_list", "study_order", "study_requested=2013-03-04 study_approved=2021-04-29", "study_requested=2021-04-29 study_approved=2013-03-04", "可研批准日期2013年3月4日早于", "study_approved=2013-03-04"},
	{"project_list", "synchronised_after_energised", "energised=2021-12-10 synchronised=2022-01-04", "energised=2022-01-04 synchronised=2021-12-10", "并网日期2021年12月10日早于", "energised=2022-01-04"},
	{"project_list", "made_within_planned", "investment_made=120 planned_investment=100", "investment_made=121 planned_investment=100", "累计完成投资121 万元超过", "investment_made=121"},
	{"project_list", "planned_order", "planned_start=2025-01 planned_completion=2026-12", "planned_start=2027-01 planned_completion=2026-12", "计划竣工日期2026年12月早于", "planned_start=2027-01"},
	{"project_list", "one_outcome", "planning_granted=2004-01-01 planning_withdrawn=2005-01-01", "planning_granted=2004-01-01 planning_withdrawn=2003-01-01", "于2003年1月1日撤回，却又于2004年1月1日获得许可", "planning_granted=2004-01-01"},

	{"enterprise_register", "registered_after_set_up", "set_up_date=1971-10-26 registered_date=1972-04-26", "set_up_date=1972-10-26 registered_date=1972-04-26", "登记核准日期1972年4月26日早于", "set_up_date=1972-10-26"},
	{"enterprise_register", "closed_has_no_park", "operating_status=注销", "operating_status=注销 park_name=海峡园", "仍登记在园区“海峡园”", "park_name=海峡园"},
}

func TestJudge_everyShippedRule(t *testing.T) {
	l := shipped(t)
	covered := map[string]bool{}
	for _, c := range ruleCases {
		f := newest(t, l, c.form)
		covered[c.form+"."+c.rule] = true
		for name, text := range map[string]string{"keeps": c.keeps, "lacks": c.lacks} {
			if v, bad := broken(f.Judge(filed(t, f, text)), c.rule); bad {
				t.Errorf("%s of %s (%s): Judge(%q) says %q, want nothing", c.rule, c.form, name, text, v.Text.ZH)
			}
		}
		v, bad := broken(f.Judge(filed(t, f, c.fails)), c.rule)
		switch {
		case !bad:
			t.Errorf("%s of %s: Judge(%q) says nothing, want %q", c.rule, c.form, c.fails, c.zh)
		case v.State != rule.Fails || !strings.Contains(v.Text.ZH, c.zh):
			t.Errorf("%s of %s: Judge(%q) = %v %q, want %q", c.rule, c.form, c.fails, v.State, v.Text.ZH, c.zh)
		case v.Text.EN == "" || strings.Contains(v.Text.EN, "{") || len(v.Fields) == 0 || len(v.Trace) == 0 || len(v.About) != 24:
			t.Errorf("%s of %s: verdict %+v lacks something", c.rule, c.form, v)
		}
	}
	rules := 0
	for _, f := range l.Forms() {
		for _, r := range f.RuleSet {
			if rules++; !covered[f.Code+"."+r.Code] {
				t.Errorf("rule %s of %s has no case", r.Code, f.Code)
			}
		}
	}
	if rules < 15 || rules != len(ruleCases) {
		t.Errorf("%d rules and %d cases, want as many and at least 15", rules, len(ruleCases))
	}
}
