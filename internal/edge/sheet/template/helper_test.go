package template

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// catalogue holds a few of the texts; others show their key.
var catalogue = map[string]string{
	"template.subject.enterprise": "统一社会信用代码", "template.name.enterprise": "企业名称", "template.yes": "是", "template.no": "否",
	"template.org": "填报单位：{org}", "template.period": "报告期：{period}", "template.required": "带 * 的为必填项", "template.footer_org": "填报单位：{org}",
	"template.footer_people": "填表人：　　审核人：", "template.footer_day": "日期：",
}

func say(key string, args map[string]any) string {
	text, ok := catalogue[key]
	if !ok {
		return key
	}
	for k, v := range args {
		text = strings.ReplaceAll(text, "{"+k+"}", fmt.Sprint(v))
	}
	return text
}

func field(code, name string, kind form.Kind, unit string) *form.Field {
	return &form.Field{Code: code, Name: form.Text{ZH: name, EN: "The " + code}, Kind: kind, Unit: unit, Definition: form.Text{ZH: name + "的定义"}}
}

// states are more choices than fit into a rule: 60 of 8 letters.
func states() *form.Field {
	f := field("state", "生产状态", form.Choice, "")
	f.Choices = []form.Option{{Code: "running", Name: form.Text{ZH: "正常生产", EN: "running"}}, {Code: "idle", Name: form.Text{ZH: "停产", EN: "idle"}}}
	for i := range 58 {
		f.Choices = append(f.Choices, form.Option{Code: fmt.Sprint("s", i), Name: form.Text{ZH: fmt.Sprintf("其他情况第%02d种", i), EN: fmt.Sprint("other ", i)}})
	}
	return f
}

// monthly is a form of one row for each enterprise.
func monthly() *form.Form {
	return &form.Form{Code: "enterprise_monthly", Version: 3, Name: form.Text{ZH: "企业月报表", EN: "Monthly return"}, Number: "园企1表", Issuer: "市办",
		Subject: form.OfEnterprise, Every: form.Month, Sections: []form.Section{{Code: "make", Name: form.Text{ZH: "生产", EN: "Production"}}, {Code: "people", Name: form.Text{ZH: "人员与状态", EN: "People"}}},
		Items: []form.Item{
			{Field: field("output", "工业总产值", form.Quantity, "万元"), Section: "make", Required: true},
			{Field: field("land", "用地面积", form.Quantity, "亩"), Section: "make"},
			{Field: field("jobs", "从业人数", form.Quantity, "人"), Section: "people"},
			{Field: states(), Section: "people"},
			{Field: field("since", "投产日期", form.Date, ""), Section: "people"},
			{Field: field("listed", "是否纳统", form.Truth, ""), Section: "people"},
			{Field: field("note", "备注", form.Word, ""), Section: "people"},
			{Field: field("last_output", "上月产值", form.Quantity, "万元"), Section: "people", ReadOnly: true},
		}}
}

// leads is a form of any number of rows.
func leads() *form.Form {
	return &form.Form{Code: "leads", Name: form.Text{ZH: "招商线索", EN: "Leads"}, Subject: form.OfOrg, List: true, Items: []form.Item{
		{Field: field("number", "线索编号", form.ID, ""), Required: true, Key: true},
		{Field: field("company", "企业名称", form.Word, ""), Required: true},
		{Field: field("money", "意向投资", form.Quantity, "亿元")},
	}}
}

func rowsOf(rows ...Row) func(func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var enterprises = []Row{
	{Subject: "91350500MA00000A1X", Name: "=甲企业", Cells: map[string]string{"output": "1250000001", "land": "87467", "jobs": "120", "state": "idle",
		"since": "2024-06-30", "listed": "true", "note": "=HYPERLINK(\"http://x\",\"y\")", "last_output": "100"}},
	{Subject: "91350500MA00000B2X", Name: "乙企业", Cells: map[string]string{"since": "2024-06", "note": "+1_x0041_", "listed": "false"}},
	{Subject: "91350500MA00000C3X", Name: "丙企业"},
}

func monthlySpec() Spec {
	return Spec{Form: monthly(), Org: "o1", OrgName: "甲&乙县", Period: "2024-06", Shown: "2024年6月", Language: Chinese, Sequence: 4711, Rows: rowsOf(enterprises...), Say: say}
}

func leadsSpec() Spec {
	return Spec{Form: leads(), Org: "o1", OrgName: "甲县", Subject: "o1", Language: Chinese, Sequence: 9, Spare: 5, Say: say,
		Rows: rowsOf(Row{Cells: map[string]string{"number": "007", "company": "丁", "money": "123456789012345678"}})}
}

func written(t testing.TB, s Spec) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(context.Background(), &out, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, data []byte) *sheet.File {
	t.Helper()
	f, err := sheet.Open(context.Background(), bytes.NewReader(data), int64(len(data)), sheet.Options{File: "t.xlsx"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func book(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// edited opens a template, lets change work on it and gives its bytes.
func edited(t testing.TB, data []byte, change func(*excelize.File) error) []byte {
	t.Helper()
	f := book(t, data)
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// saved opens a workbook in LibreOffice and saves it there.
func saved(t testing.TB, data []byte) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not here")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.xlsx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	cmd := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
		"--outdir", out, filepath.Join(dir, "in.xlsx"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, text)
	}
	b, err := os.ReadFile(filepath.Join(out, "in.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantKey(t testing.TB, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Kind != kind || f.Key != key {
		t.Errorf("%s: error %v, want %v %s", what, err, kind, key)
	}
}

// fieldsOf are what the columns of a template of a form may be, as an import has them.
func fieldsOf(f *form.Form, several bool) []mapping.Field {
	var out []mapping.Field
	if several {
		out = append(out, mapping.Field{Code: SubjectField, Names: []string{"统一社会信用代码"}, Kind: value.Code, Required: true})
	}
	for i := range f.Items {
		it := &f.Items[i]
		if it.ReadOnly {
			continue
		}
		c := column{code: it.Field.Code, item: it}
		out = append(out, mapping.Field{Code: it.Field.Code, Names: append([]string{it.Field.Name.ZH}, it.Field.Names...), Kind: c.valueKind(),
			Unit: it.Field.Unit, Required: it.Key || it.Required})
	}
	return out
}
