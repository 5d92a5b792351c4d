package app

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// reading is one file as the command reads it, before anything is written.
func (o *office) reading(formCode, name, content string, edit func(m *mapping.Mapping)) (*formImport, error) {
	o.t.Helper()
	im := &formImport{city: o.c, o: formOptions{form: formCode, mapping: "auto", asJSON: true}, name: name, content: []byte(content)}
	err := o.c.db.Read(o.ctx, func(r db.Reader) error { return im.resolve(o.ctx, r) })
	if err == nil {
		err = im.choose(o.ctx)
	}
	if err == nil && edit != nil {
		edit(&im.mapping)
	}
	if err == nil {
		err = im.check(o.ctx)
	}
	return im, err
}

// told writes what would change as "field=value …" row by row, and the problems behind it.
func (im *formImport) told() string {
	r := api.IntakeReportOf(im.texts, "en", im.form, nil, im.plan.Report)
	var b strings.Builder
	row := 0
	for _, c := range r.Changes {
		if c.Row != row {
			row = c.Row
			fmt.Fprintf(&b, "%d:", row)
		}
		fmt.Fprintf(&b, " %s=%s", c.Field, c.After)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, " [%s %s]", p.Cell, p.Key)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, " -%d %s", s.Row, s.Why)
	}
	return b.String()
}

func gb18030(s string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func cp1252(s string) string {
	out, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func TestImportForm_readsWhatOfficesWrite(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	const head = "编号,企业名称,阶段,计划投资（万元）,用地面积（亩）,首次接洽\n"
	unknown := func(words ...string) func(m *mapping.Mapping) { return func(m *mapping.Mapping) { m.Unknown = words } }
	for _, c := range []struct {
		name, file string
		edit       func(m *mapping.Mapping)
		want       string
	}{
		{"full width, thousands, blanks", head + "L1,甲 ,意向, １，２００ ,３．５,2024-03-01\n", nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1200 land_area=3.5 first_contact=2024-03-01"},
		{"a unit in the cell counts", head + "L1,甲,意向,3.5亿元,1公顷,2006.03\n", nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=35000 land_area=15 first_contact=2006-03"},
		{"a month in words, formatted blank rows, a total, a remark", head + "L1,甲,意向,1,1,2024年3月\n,,,,,\n合计,,,1,1,\n备注：数据截至年底,,,,,\n", nil,
			"2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2024-03 -4 total -5 note"},
		{"the header again in the middle", head + "L1,甲,意向,1,1,2024\n" + head + "L2,乙,意向,2,2,2024\n", nil,
			"2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=20244: lead_no=L2 enterprise_name=乙 lead_stage=intent planned_investment=2 land_area=2 first_contact=2024 -3 header"},
		{"1-1-1900 is never a date", head + "L1,甲,意向,1,1,1-1-1900\nL2,乙,意向,1,1,1900-01-01\n", nil, " [F2 value.placeholder] [F3 value.placeholder]"},
		{"words for unknown are the user's", head + "L1,甲,意向,-,/,1-1-1900\n", unknown("1-1-1900", "-", "/"), "2: lead_no=L1 enterprise_name=甲 lead_stage=intent"},
		{"two meanings are refused", head + "L1,甲,意向,1,1,03/04/2024\n", nil, " [F2 value.two_dates]"},
		{"the order that the user says", head + "L1,甲,意向,1,1,03/04/2024\n", func(m *mapping.Mapping) { m.Order = "dmy" },
			"2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2024-04-03"},
		{"years of the Republic", head + "L1,甲,意向,1,1,民国112年3月5日\n", nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2023-03-05"},
		{"GB18030", gb18030(head + "L1,甲,意向,1,1,2024\n"), nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2024"},
		{"a byte order mark", "\ufeff" + head + "L1,甲,意向,1,1,2024\n", nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2024"},
		{"cp1252", cp1252("Lead number,Enterprise,Stage of the lead\nL1,Müller & Söhne – Zürich,Intent\n"), nil, "2: lead_no=L1 enterprise_name=Müller & Söhne – Zürich lead_stage=intent"},
		{"cut off inside quotes", head + "L1,甲,意向,1,1,2024\nL2,\"乙", nil, "2: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=1 land_area=1 first_contact=2024 [A3 sheet.cut_end]"},
		{"a number without a unit", "编号,企业名称,阶段,计划投资\nL1,甲,意向,5\nL2,乙,意向,5万元\n", nil, "3: lead_no=L2 enterprise_name=乙 lead_stage=intent planned_investment=5 [D2 intake.no_unit]"},
		{"a unit of another kind", head + "L1,甲,意向,5亩,1,2024\n", nil, " [D2 value.unit_kind]"},
		{"no choice", head + "L1,甲,吃饭,5,1,2024\n", nil, " [C2 intake.choice]"},
		{"a line of units below the header", "编号,企业名称,阶段,计划投资,用地面积\n,,,万元,公顷\nL1,甲,意向,5,2\n", nil, "3: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=5 land_area=30"},
	} {
		im, err := o.reading("leads", "list.csv", c.file, c.edit)
		if err != nil {
			t.Errorf("%s = %v", c.name, err)
		} else if got := im.told(); got != c.want {
			t.Errorf("%s = %s, want %s", c.name, got, c.want)
		}
	}
}

func TestImportForm_formulasAndMergedCells(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "编号", "B1": "企业名称", "C1": "阶段", "D1": "投资", "D2": "计划投资(万元)", "E2": "预计产值(万元)",
		"A3": "L1", "B3": "甲", "C3": "意向", "D3": 5, "E3": 7, "A4": "L2", "B4": "乙", "C4": "意向", "D4": 6} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "C2"}, {"D1", "E1"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "E4", "D4*2"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	im, err := o.reading("leads", "list.xlsx", b.String(), nil)
	if err != nil {
		t.Fatalf("reading = %v", err)
	}
	got := im.told()
	if !strings.HasPrefix(got, "3: lead_no=L1 enterprise_name=甲 lead_stage=intent planned_investment=5 expected_output=7") || !strings.Contains(got, "[E4 ") {
		t.Errorf("a header of two lines and a formula that nothing computed = %s, want row 3 and a problem at E4", got)
	}
}

func TestImportForm_theRealRentForm(t *testing.T) {
	content := realFile(t, "workbooks", "park_rent_form.xls")
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	o.c.settings.Data = t.TempDir()
	name := ""
	session := o.sessionFor(o.account("importer", placeOfCity(o)))
	o.ask(httpCall{method: "POST", path: "/imports/parks", session: session, name: "parks.csv", file: "园区名称,县(市、区)\n园区甲,晋江市\n"}).want(t, "a park", 200, "")
	for _, row := range o.texts(`SELECT id FROM park ORDER BY id`, 1) {
		name = row[0]
	}
	im := &formImport{city: o.c, o: formOptions{form: "premises_ledger", mapping: "auto", asJSON: true, park: name}, name: "park_rent_form.xls", content: []byte(content)}
	err := o.c.db.Read(o.ctx, func(r db.Reader) error { return im.resolve(o.ctx, r) })
	if err == nil {
		err = im.choose(o.ctx)
	}
	if err == nil {
		err = im.check(o.ctx)
	}
	if err != nil {
		t.Fatalf("reading = %v", err)
	}
	mapped := map[string]bool{}
	for _, c := range im.mapping.Columns {
		if c.Field != "" {
			mapped[c.Title] = true
		}
	}
	// the form is empty but for one row of a program's placeholders, which are no values and are refused, each with its cell
	if len(mapped) < 20 || im.plan.Report.Bad != 1 || im.plan.Report.New != 0 || len(im.plan.Report.Problems) < 10 {
		t.Errorf("the rent form: %d columns mapped, %+v, want at least 20 and its placeholders refused", len(mapped), im.plan.Report)
	}
	var out bytes.Buffer
	report := api.IntakeReportOf(im.texts, "zh-CN", im.form, []intake.File{{No: 1, Name: im.name}}, im.plan.Report)
	if err := answerIntake(context.Background(), im.texts, strings.NewReader(content), int64(len(content)), &out,
		api.IntakeAnswer{Name: im.name, Language: "zh-CN", Report: report, FormName: im.form.Name.ZH}); err != nil {
		t.Fatalf("answer = %v", err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatalf("the answer is no workbook: %v", err)
	}
	defer f.Close()
	if len(f.GetSheetList()) != 2 {
		t.Errorf("sheets = %v, want the summary and the form", f.GetSheetList())
	}
}

func placeOfCity(o *office) auth.Place { return auth.Place{Role: auth.CityOffice, Org: o.c.ref.ID} }
