package form_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// survey is a city's own form: it asks what the return asks, and something of its own.
const survey = `form: energy_survey
since: 2025-01-01
name: {zh: 企业用能调查, en: Energy survey}
subject: enterprise
every: quarter
window: {opens: 1, due: 15, grace: 5, locks: 60}
chain: [county, city]
fields:
  - code: boiler_count
    name: {zh: 锅炉台数, en: Boilers}
    kind: quantity
    unit: 个
    measure: stock
    definition: {zh: 期末在用的锅炉台数。, en: Boilers in use at the end of the period.}
sections:
  - code: energy
    name: {zh: 用能, en: Energy}
    items:
      - {field: electricity, required: true}
      - {field: output}
      - {field: boiler_count}
rules:
  - code: boilers_need_power
    when: boiler_count > 0个
    check: |
      known(electricity) &&
      electricity > 0千瓦时
    severity: warning
    message:
      zh: 有锅炉{boiler_count}，用电量{electricity}。
      en: '{boiler_count} boilers and {electricity}.'
`

func TestParse_readsAFormOfTheCity(t *testing.T) {
	f, err := form.Parse(shipped(t), []byte(survey))
	if err != nil {
		t.Fatalf("Parse = %v", err)
	}
	if f.Code != "energy_survey" || f.Since != 20250101 || f.Every != form.Quarter || len(f.Items) != 3 || !f.Items[0].Required || f.Item("boiler_count").Field.Name.EN != "Boilers" {
		t.Errorf("Parse = %+v", f)
	}
	checks := f.Checks()
	if len(checks) != 2 || checks[1].Rule.Code != "required.electricity" || !checks[1].Made || !slices.Equal(checks[0].Fields, []form.Code{"electricity", "boiler_count"}) {
		t.Errorf("Checks = %+v", checks)
	}
}

// edit replaces the first old by new and fails the test where it is not there.
func edit(t testing.TB, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in the form", old)
	}
	return strings.Replace(text, old, new, 1)
}

func TestParse_refusalsNameThingAndLine(t *testing.T) {
	l := shipped(t)
	for _, x := range []struct {
		name, old, new string
		key            string
		line           int
		names          string // in the arguments
	}{
		{"no YAML", "form: energy_survey", "form: [", "pack.syntax", 0, ""},
		{"a key twice", "every: quarter", "every: quarter\nevery: month", "pack.twice", 6, "every"},
		{"an unknown key", "every: quarter", "evry: quarter", "pack.unknown_key", 5, "evry"},
		{"a wrong type", "due: 15", "due: soon", "pack.wrong_kind", 6, "soon"},
		{"a bad code", "form: energy_survey", "form: Energy", "form.bad_name", 1, "Energy"},
		{"a bad day", "since: 2025-01-01", "since: 2025-13-01", "form.bad_since", 2, "2025-13-01"},
		{"a month for a day", "since: 2025-01-01", "since: 2025-01", "form.bad_since", 2, "2025-01"},
		{"no English name", "en: Energy survey", "en: ''", "form.bad_text", 3, "languages"},
		{"a brace in a name", "en: Energy survey", "en: 'Energy {x}'", "form.bad_text", 3, "braces"},
		{"an unknown subject", "subject: enterprise", "subject: county", "form.bad_subject", 4, "county"},
		{"an unknown rhythm", "every: quarter", "every: week", "form.bad_every", 5, "week"},
		{"somebody else owes", "every: quarter", "owed: signed\nevery: quarter", "form.bad_owed", 5, "signed"},
		{"a combined quarter", "every: quarter", "every: quarter\ncombined: true", "form.bad_combined", 6, ""},
		{"due before it opens", "opens: 1,", "opens: 16,", "form.bad_window", 6, ""},
		{"locks before the grace ends", "locks: 60", "locks: 19", "form.bad_window", 6, ""},
		{"a window of a ledger", "every: quarter", "every: standing", "form.standing_window", 6, ""},
		{"a chain downwards", "chain: [county, city]", "chain: [city, county]", "form.bad_chain", 7, "county"},
		{"an unknown level", "chain: [county, city]", "chain: [town]", "form.bad_chain", 7, "town"},
		{"a bad field code", "code: boiler_count", "code: 锅炉", "form.bad_field", 9, "锅炉"},
		{"a field without English", "{zh: 锅炉台数, en: Boilers}", "{zh: 锅炉台数}", "form.bad_field", 9, "boiler_count"},
		{"an unknown unit", "unit: 个", "unit: 蒸吨", "form.bad_field", 9, "蒸吨"},
		{"no measure", "    measure: stock\n", "", "form.bad_field", 9, "measure"},
		{"an unknown kind", "kind: quantity", "kind: number", "form.bad_field", 9, "number"},
		{"a field of the dictionary", "code: boiler_count", "code: revenue", "form.field_in_dictionary", 9, "营业收入"},
		{"a field twice", "sections:\n", "  - {code: boiler_count, name: {zh: 又, en: Again}, kind: text}\nsections:\n", "form.field_twice", 15, "boiler_count"},
		{"a field that is not asked", "      - {field: boiler_count}\n", "", "form.field_unused", 9, "锅炉台数"},
		{"an unknown item", "{field: output}", "{field: kilowatts}", "form.unknown_field", 20, "kilowatts"},
		{"a misspelt item", "{field: output}", "{field: outputt}", "form.unknown_field_nearest", 20, "output"},
		{"an item twice", "{field: output}", "{field: electricity}", "form.item_twice", 20, "用电量"},
		{"a key of a form that is no list", "{field: output}", "{field: credit_code, key: true}", "form.key_without_list", 1, ""},
		{"a number as key", "{field: output}", "{field: output, key: true}", "form.bad_key", 20, "工业总产值"},
		{"a required read-only item", "{field: output}", "{field: output, required: true, read_only: true}", "form.read_only_asked", 20, "工业总产值"},
		{"a list without key", "every: quarter", "every: quarter\nlist: true", "form.no_key", 6, ""},
		{"a bad section", "code: energy\n", "code: Energy\n", "form.bad_section", 16, "Energy"},
		{"a section without items", "sections:\n", "sections:\n  - {code: empty, name: {zh: 空, en: Empty}, items: []}\n", "form.empty_section", 16, "empty"},
		{"nothing is asked", survey[strings.Index(survey, "sections:"):strings.Index(survey, "rules:")], "sections: []\n", "form.no_items", 15, ""},
		{"an unknown name in a rule", "boiler_count > 0个", "boiler_cont > 0个", "rule.unknown_name_nearest", 24, "boiler_count"},
		{"a unit that does not fit", "boiler_count > 0个", "boiler_count > 5万元", "rule.dimensions", 24, "boilers_need_power"},
		{"a fault in the second line of a block", "electricity > 0千瓦时\n", "electricity > 1万元\n", "rule.dimensions", 27, "boilers_need_power"},
		{"a rule that ends early", "boiler_count > 0个", "boiler_count >", "rule.ends_early", 24, "boilers_need_power"},
		{"an unknown severity", "severity: warning", "severity: fatal", "rule.severity", 28, "fatal"},
		{"a fault in a message", "zh: 有锅炉{boiler_count}", "zh: 有锅炉{boilers}", "rule.unknown_name", 30, "boilers"},
		{"no English message", "      en: '{boiler_count} boilers and {electricity}.'\n", "", "rule.message", 29, "boilers_need_power"},
		{"since January of a stock", "boiler_count > 0个", "ytd(boiler_count) > 0个", "form.ytd_of_flow", 23, "锅炉台数"},
		{"too long", "sections:\n", "#" + strings.Repeat("x", 256<<10) + "\nsections:\n", "form.too_long", 0, "262144"},
	} {
		f, err := form.Parse(l, []byte(edit(t, survey, x.old, x.new)))
		var faults pack.Faults
		if f != nil || !errors.As(err, &faults) {
			t.Errorf("%s: Parse = %v, %v, want Faults", x.name, f, err)
			continue
		}
		first := faults[0]
		for _, f := range faults {
			if f.Key == x.key {
				first = f
			}
		}
		if first.Kind != fault.Invalid || first.Key != x.key || x.line != 0 && pack.LineOf(first) != x.line || !strings.Contains(fmt.Sprint(first.Args), x.names) {
			t.Errorf("%s: Parse = %s at line %d with %v, want %s at %d with %q", x.name, first.Key, pack.LineOf(first), first.Args, x.key, x.line, x.names)
		}
	}
}

func TestParse_tellsAllFaultsAtOnce(t *testing.T) {
	body := edit(t, edit(t, edit(t, survey, "subject: enterprise", "subject: county"), "{field: output}", "{field: kilowatts}"), "chain: [county, city]", "chain: [town]")
	_, err := form.Parse(shipped(t), []byte(body))
	var faults pack.Faults
	if !errors.As(err, &faults) || len(faults) != 3 || pack.LineOf(faults[0]) != 4 || pack.LineOf(faults[1]) != 7 || pack.LineOf(faults[2]) != 20 {
		t.Errorf("Parse = %v, want faults at lines 4, 7 and 20", err)
	}
	if f, ok := fault.Of(err); !ok || f.Key != "form.bad_subject" {
		t.Errorf("fault.Of = %v, want the first fault", f)
	}
}

func TestParse_refusesOtherPeriodsInALedger(t *testing.T) {
	body := newest(t, shipped(t), "premises_ledger").Body
	body = edit(t, body, "check: net_area <= gross_area", "check: net_area <= prev(gross_area)")
	if _, err := form.Parse(shipped(t), []byte(body)); keyOf(err) != "form.no_other_period" {
		t.Errorf("Parse = %v, want form.no_other_period", err)
	}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return ""
}

func TestLoadShipped_eightForms(t *testing.T) {
	l := shipped(t)
	var got []string
	for _, f := range l.Forms() {
		got = append(got, fmt.Sprintf("%s %s %s %v %d", f.Code, f.Subject, f.Every, f.List, f.Version))
		if f.Name.EN == "" || f.Note.ZH == "" || f.Issuer == "" || len(f.Sections) == 0 {
			t.Errorf("%s lacks a name, note, issuer or sections", f.Code)
		}
		if f.Subject != form.OfOrg && !slices.Equal(f.Chain, []form.Level{"county", "city"}) {
			t.Errorf("chain of %s = %v, want county and city", f.Code, f.Chain)
		}
	}
	want := []string{"enterprise_monthly enterprise month false 0", "park_monthly park month false 0", "tenant_ledger park standing true 0", "premises_ledger park standing true 0",
		"leads org standing true 0", "problems org standing true 0", "project_list org standing true 0", "enterprise_register org standing true 0"}
	if !slices.Equal(got, want) {
		t.Errorf("Forms = %q, want %q", got, want)
	}
	monthly := newest(t, l, "enterprise_monthly")
	if !monthly.Combined || monthly.Owed != "producing" {
		t.Errorf("enterprise_monthly: combined %v, owed %q", monthly.Combined, monthly.Owed)
	}
	for _, code := range form.Ledger {
		if it := monthly.Item(code); it == nil || !it.Required || it.Field.Kind != form.Quantity {
			t.Errorf("enterprise_monthly must ask %s", code)
		}
	}
}

// A column of an office's workbook must lead to one field of the form that it is read for.
func TestLoadShipped_namesAreUniqueInAForm(t *testing.T) {
	for _, f := range shipped(t).Forms() {
		seen := map[string]form.Code{}
		for _, it := range f.Items {
			for _, n := range append([]string{it.Field.Name.ZH, it.Field.Name.EN}, it.Field.Names...) {
				n = strings.ToLower(n)
				if other, ok := seen[n]; ok && other != it.Field.Code {
					t.Errorf("%s: %s and %s are both called %q", f.Code, other, it.Field.Code, n)
				}
				seen[n] = it.Field.Code
			}
		}
	}
}

func TestLoadFrom_namesTheFile(t *testing.T) {
	dict := "forms: [a]\nfields:\n  - {code: x, name: {zh: 甲, en: A}, kind: text}\n"
	ok := "form: a\nname: {zh: 甲, en: A}\nsubject: org\nevery: year\nsections:\n  - {code: s, name: {zh: 甲, en: A}, items: [{field: x}]}\n"
	for name, x := range map[string]struct{ dict, form, key, names string }{
		"fine":              {dict, ok, "", ""},
		"no such file":      {edit(t, dict, "[a]", "[b]"), ok, "form.bad_file", "b.yaml"},
		"another form":      {edit(t, dict, "[a]", "[b]"), edit(t, ok, "form: a", "form: c"), "form.bad_file", "b.yaml"},
		"an unknown key":    {edit(t, dict, "fields:", "fieds:"), ok, "form.bad_file", "dictionary.yaml"},
		"a bad field":       {edit(t, dict, "kind: text", "kind: text, unit: 亩"), ok, "form.bad_field", "x"},
		"a field twice":     {dict + "  - {code: x, name: {zh: 乙, en: B}, kind: text}\n", ok, "form.field_in_dictionary", "x"},
		"an unknown item":   {dict, edit(t, ok, "field: x", "field: y"), "form.unknown_field", "y"},
		"a choice of one":   {edit(t, dict, "kind: text", "kind: choice, choices: [{code: a, name: {zh: 甲, en: A}}]"), ok, "form.bad_field", "choices_few"},
		"two of one choice": {edit(t, dict, "kind: text", "kind: choice, choices: [{code: a, name: {zh: 甲, en: A}}, {code: b, name: {zh: 乙, en: B}, names: [甲]}]"), ok, "form.bad_field", "甲"},
		"a wild of":         {edit(t, dict, "kind: text", "kind: quantity, unit: 亩, measure: stock, of: x"), ok, "form.bad_field", "of_flow"},
		"half a definition": {edit(t, dict, "kind: text", "kind: text, definition: {zh: 甲}"), ok, "form.bad_field", "definition"},
		"a step of nothing": {edit(t, dict, "kind: text", "kind: quantity, unit: 亩, measure: stock, step: '0'"), ok, "form.bad_field", "step"},
		"a wrong nature":    {edit(t, dict, "kind: text", "kind: text, nature: rumour"), ok, "form.bad_field", "rumour"},
	} {
		files := fstest.MapFS{"dictionary.yaml": {Data: []byte(x.dict)}, "a.yaml": {Data: []byte(x.form)}}
		if name == "another form" {
			files["b.yaml"] = files["a.yaml"]
		}
		_, err := form.LoadFrom(files)
		if f, ok := fault.Of(err); keyOf(err) != x.key || ok && !strings.Contains(fmt.Sprint(f.Args), x.names) {
			t.Errorf("%s: LoadFrom = %v, want %q with %q", name, err, x.key, x.names)
		}
	}
}

func TestOwes_countsFromThePeriodsEnd(t *testing.T) {
	l := shipped(t)
	monthly, park, ledger := newest(t, l, "enterprise_monthly"), newest(t, l, "park_monthly"), newest(t, l, "leads")
	quarterly, err := form.Parse(l, []byte(edit(t, survey, "opens: 1", "opens: -5")))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		f                        *form.Form
		p                        string
		opens, due, locks, grace period.Date
	}{
		{monthly, "2024-01", 0, 0, 0, 0}, // filed with February
		{monthly, "2024-02", 20240301, 20240308, 20240529, 20240315},
		{monthly, "2023-02", 20230301, 20230308, 20230529, 20230315},
		{monthly, "2024-12", 20250101, 20250108, 20250331, 20250115},
		{monthly, "2024-Q1", 0, 0, 0, 0},
		{park, "2024-01", 20240201, 20240205, 20240430, 20240210},
		{quarterly, "2024-Q4", 20241226, 20250115, 20250301, 20250120},
		{quarterly, "2024-10", 0, 0, 0, 0},
		{ledger, "2024-01", 0, 0, 0, 0},
	} {
		p, err := period.Parse(x.p)
		if err != nil {
			t.Fatal(err)
		}
		opens, due, locks := form.Owes(x.f, p)
		if opens != x.opens || due != x.due || locks != x.locks || x.f.Late(p) != x.grace {
			t.Errorf("Owes(%s, %s) = %v %v %v, late until %v, want %v %v %v, %v", x.f.Code, x.p, opens, due, locks, x.f.Late(p), x.opens, x.due, x.locks, x.grace)
		}
	}
}

func TestPeriods_areThoseThatAreAsked(t *testing.T) {
	l := shipped(t)
	quarterly, err := form.Parse(l, []byte(survey))
	if err != nil {
		t.Fatal(err)
	}
	yearly, err := form.Parse(l, []byte(edit(t, survey, "every: quarter", "every: year")))
	if err != nil {
		t.Fatal(err)
	}
	from, to := period.MonthOf(2023, 12), period.MonthOf(2024, 4)
	for _, x := range []struct {
		f    *form.Form
		want string
	}{
		{newest(t, l, "enterprise_monthly"), "2023-12 2024-02 2024-03 2024-04"}, {newest(t, l, "park_monthly"), "2023-12 2024-01 2024-02 2024-03 2024-04"},
		{quarterly, "2023-Q4 2024-Q1"}, {yearly, "2023"}, {newest(t, l, "leads"), ""},
	} {
		var got []string
		for p := range x.f.Periods(from, to) {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("Periods of %s = %v, want %s", x.f.Code, got, x.want)
		}
	}
}

func TestParse_refusesAliasesThatGrow(t *testing.T) {
	many := func(alias string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(alias+", ", 3000), ", ") + "]"
	}
	body := "form: x\nfields: [&f {code: aa, names: " + strings.ReplaceAll(many("n"), "[n", "[&n n") + "}]\nsections: [&s {code: s, items: [&i {field: f}, " + many("*i")[1:] + "}, " +
		many("*s")[1:] + "\n"
	start := time.Now()
	if _, err := form.Parse(shipped(t), []byte(body)); keyOf(err) != "pack.syntax" || !strings.Contains(err.Error(), "alias") {
		t.Errorf("Parse = %.300v, want pack.syntax", err)
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
}
