package template

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// records reads a template back: "row: field=text …" for each record.
func records(t testing.TB, data []byte, f *form.Form) (Meta, []string) {
	t.Helper()
	file := open(t, data)
	m, err := Read(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	how := m.Mapping(f)
	if err := how.Check(fieldsOf(f, m.Several())); err != nil {
		t.Fatal(err)
	}
	var out []string
	var report mapping.Report
	for r, err := range how.Read(context.Background(), file, &report) {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprint(r.Row, ":")
		for _, i := range r.Items {
			if i.Value.Text != "" {
				line += " " + i.Field + "=" + i.Value.Text
			}
			if i.Cell.Formula || i.Bad {
				t.Errorf("%s is a formula or cannot be read: %+v", i.Cell.Ref, i)
			}
		}
		out = append(out, line)
	}
	if n := report.Problems.Count(); n > 0 {
		t.Errorf("problems: %+v", report.Problems.List)
	}
	return m, out
}

var wantMonthly = []string{
	"7: @subject=91350500MA00000A1X output=1250.000001 land=131.2 jobs=120 state=停产 since=2024-06-30 listed=true note==HYPERLINK(\"http://x\",\"y\")",
	"8: @subject=91350500MA00000B2X since=2024-06 listed=false note=+1_x0041_",
	"9: @subject=91350500MA00000C3X",
}

var wantLeads = []string{"6: number=007 company=丁 money=12345678.9012345678"}

func checkMonthly(t *testing.T, data []byte) {
	t.Helper()
	m, got := records(t, data, monthly())
	if !slices.Equal(got, wantMonthly) {
		t.Errorf("records = %q, want %q", got, wantMonthly)
	}
	if m.Form != "enterprise_monthly" || m.FormVersion != 3 || m.Org != "o1" || m.Kind != form.OfEnterprise || m.Subject != "" || m.Period != "2024-06" ||
		m.Language != Chinese || m.Sequence != 4711 || !m.Several() || m.First != 4 || m.Last != 6 {
		t.Errorf("meta = %+v, want what the template was made for", m)
	}
	if i := slices.IndexFunc(m.Columns, func(c Column) bool { return c.Code == "output" }); i < 0 || m.Columns[i].Title != "工业总产值" {
		t.Errorf("columns = %+v, want output with its title", m.Columns)
	}
	f := book(t, data)
	lists := map[string]string{}
	rules, err := f.GetDataValidations("企业月报表")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rules {
		if v.Type == "list" {
			lists[v.Sqref] = v.Formula1
		}
	}
	for at, name := range map[string]string{"F7:F9": "parkbrain_state", "H7:H9": "parkbrain_listed"} {
		if !strings.Contains(lists[at], name) {
			t.Errorf("drop-downs = %v, want %s at %s", lists, name, at)
		}
	}
	for name, want := range map[string]string{"parkbrain_state": listSheet + "!$A$1:$A$60", "parkbrain_listed": listSheet + "!$B$1:$B$2"} {
		if i := slices.IndexFunc(f.GetDefinedName(), func(d excelize.DefinedName) bool {
			return d.Name == name && strings.ReplaceAll(d.RefersTo, "'", "") == want
		}); i < 0 {
			t.Errorf("names = %+v, want %s of %s", f.GetDefinedName(), name, want)
		}
	}
	if text, _ := f.GetCellValue(listSheet, "A60"); text != "其他情况第57种" {
		t.Errorf("last choice = %q, want the 60th", text)
	}
	checkPage(t, f)
}

// checkPage looks at what is no cell: hidden sheets and row, repeated rows, paper, footer, panes, protection, formats.
func checkPage(t *testing.T, f *excelize.File) {
	t.Helper()
	const name = "企业月报表"
	for _, hidden := range []string{metaSheet, listSheet} {
		if seen, err := f.GetSheetVisible(hidden); seen || err != nil {
			t.Errorf("sheet %s is visible, %v", hidden, err)
		}
	}
	if seen, _ := f.GetRowVisible(name, 1); seen {
		t.Error("the row of codes is visible")
	}
	if i := slices.IndexFunc(f.GetDefinedName(), func(d excelize.DefinedName) bool {
		return d.Name == "_xlnm.Print_Titles" && strings.Contains(d.RefersTo, "$4:$6")
	}); i < 0 {
		t.Errorf("names = %+v, want rows 4 to 6 on every page", f.GetDefinedName())
	}
	if p, err := f.GetPageLayout(name); err != nil || *p.Orientation != "landscape" || *p.Size != 9 {
		t.Errorf("page = %+v, %v, want A4 landscape", p, err)
	}
	if h, err := f.GetHeaderFooter(name); err != nil || !strings.Contains(h.OddFooter, "甲&&乙县") || !strings.Contains(h.OddFooter, "填表人") {
		t.Errorf("footer = %+v, %v, want office and people", h, err)
	}
	if p, err := f.GetSheetProtection(name); err != nil || !p.FormatCells || !p.Sort {
		t.Errorf("protection = %+v, %v, want formats and sorting allowed", p, err)
	}
	for cell, locked := range map[string]bool{"A7": true, "C7": false, "F8": false, "J7": true} {
		id, _ := f.GetCellStyle(name, cell)
		s, err := f.GetStyle(id)
		if err != nil || s.Protection != nil && s.Protection.Locked != locked || s.Protection == nil && !locked {
			t.Errorf("%s locked = %+v, %v, want %v", cell, s.Protection, err, locked)
		}
	}
	if text, _ := f.GetCellValue(name, "G7"); text != "2024-06-30" {
		t.Errorf("G7 shows %q, want the day as ISO", text)
	}
	if text, _ := f.GetCellValue(name, "A3"); !strings.HasPrefix(text, "填报单位：甲&乙县　　报告期：2024年6月") {
		t.Errorf("A3 = %q, want office and period", text)
	}
	if text, _ := f.GetCellValue(name, "C5"); text != "*工业总产值" {
		t.Errorf("C5 = %q, want the required field with its mark", text)
	}
}

func TestWrite_readsBackAsItWasWritten(t *testing.T) {
	data := written(t, monthlySpec())
	checkMonthly(t, data)
	if p, err := book(t, data).GetPanes("企业月报表"); err != nil || !p.Freeze || p.XSplit != 2 || p.YSplit != 6 {
		t.Errorf("panes = %+v, %v, want two columns and six rows frozen", p, err)
	}
	_, got := records(t, written(t, leadsSpec()), leads())
	if !slices.Equal(got, wantLeads) {
		t.Errorf("records = %q, want %q", got, wantLeads)
	}
}

func TestWrite_survivesASaveInLibreOffice(t *testing.T) {
	checkMonthly(t, saved(t, written(t, monthlySpec())))
	_, got := records(t, saved(t, written(t, leadsSpec())), leads())
	if !slices.Equal(got, wantLeads) {
		t.Errorf("records = %q, want %q", got, wantLeads)
	}
}

func TestWrite_ofOneSpecIsTheSameBytes(t *testing.T) {
	if a, b := written(t, monthlySpec()), written(t, monthlySpec()); !bytes.Equal(a, b) {
		t.Errorf("two templates of one spec differ: %d and %d bytes", len(a), len(b))
	}
}

func TestWrite_inEnglish(t *testing.T) {
	s := leadsSpec()
	s.Language = English
	f := book(t, written(t, s))
	if text, _ := f.GetCellValue("Leads", "A4"); text != "*The number" {
		t.Errorf("A4 = %q, want the English name", text)
	}
}

func TestWrite_stopsWithTheRowsError(t *testing.T) {
	cause := errors.New("gone")
	s := leadsSpec()
	s.Rows = func(yield func(Row, error) bool) { yield(Row{}, cause) }
	if err := Write(context.Background(), io.Discard, s); !errors.Is(err, cause) {
		t.Errorf("Write = %v, want the rows' error", err)
	}
}

func TestWrite_hasNoFormulaOfData(t *testing.T) {
	evil := map[string]string{"number": "=1+1", "company": "=cmd|'/c calc'!A0", "money": "=2*3"}
	s := leadsSpec()
	s.OrgName, s.Form.Name.ZH = "=evil()", "=[x]!"
	s.Rows = rowsOf(Row{Cells: evil})
	data := written(t, s)
	f := book(t, data)
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows {
			for c := range rows[r] {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(name, cell); formula != "" {
					t.Errorf("%s!%s is the formula %q, want text", name, cell, formula)
				}
			}
		}
	}
}

func TestMapping_proposesTheSameForWhoeverDoesNotKnowTemplates(t *testing.T) {
	f := monthly()
	file := open(t, written(t, monthlySpec()))
	fields := fieldsOf(f, true)
	layouts, err := mapping.Detect(context.Background(), file, fields)
	if err != nil || len(layouts) == 0 || layouts[0].First != 4 || layouts[0].Last != 6 || layouts[0].Units != 6 {
		t.Fatalf("Detect = %+v, %v, want the header in rows 4 to 6", layouts, err)
	}
	got := layouts[0].Mapping(mapping.Propose(layouts[0], fields), fields)
	for _, c := range got.Columns {
		if c.Column == "C" && (c.Field != "output" || c.Unit != "万元") || c.Column == "A" && c.Field != SubjectField {
			t.Errorf("column %+v, want output in 万元 and the subject", c)
		}
	}
}

func TestCell_readsBackAsTheSameInEveryUnit(t *testing.T) {
	for _, c := range []struct{ unit, canonical, want string }{
		{"万元", "1250000001", "1250.000001"}, {"亿元", "1", "0.0000000001"}, {"亿元", "-123456789012345678", "-12345678.9012345678"},
		{"亩", "87467", "131.2"}, {"%", "125000", "12.5"}, {"人", "120", "120"}, {"人", "x", "x"}, {"none", "7", "7"},
	} {
		if got := (Cell{Field: &form.Field{Kind: form.Quantity, Unit: c.unit}}).Text(c.canonical); got != c.want {
			t.Errorf("Text(%s %s) = %q, want %q", c.canonical, c.unit, got, c.want)
		}
	}
}

func TestRead_findsColumnsThatWereMoved(t *testing.T) {
	data := edited(t, written(t, leadsSpec()), func(f *excelize.File) error {
		if err := f.InsertCols("招商线索", "B", 1); err != nil {
			return err
		}
		if err := f.InsertRows("招商线索", 2, 1); err != nil {
			return err
		}
		return errors.Join(f.SetCellStr("招商线索", "B5", "自己加的列"), f.SetSheetName("招商线索", "我的表"))
	})
	m, got := records(t, data, leads())
	if want := []string{"7: number=007 company=丁 money=12345678.9012345678"}; !slices.Equal(got, want) || m.Sheet != "我的表" || m.Columns[1].Letter != "C" {
		t.Errorf("records = %q of %+v, want %q", got, m, want)
	}
}

func TestRead_refusesWhatIsNoTemplateOrWasChanged(t *testing.T) {
	data := written(t, leadsSpec())
	set := func(name, cell, text string) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellStr(name, cell, text) }
	}
	for _, c := range []struct {
		what   string
		change func(*excelize.File) error
		kind   fault.Kind
		key    string
	}{
		{"no hidden sheet", func(f *excelize.File) error { return f.DeleteSheet(metaSheet) }, fault.NotFound, "template.none"},
		{"another hidden sheet", set(metaSheet, "B3", "something"), fault.NotFound, "template.none"},
		{"another period", set(metaSheet, "B10", "2024-07"), fault.Invalid, "template.damaged"},
		{"another org", set(metaSheet, "B7", "o2"), fault.Invalid, "template.damaged"},
		{"no header", set(metaSheet, "B2", "9"), fault.Invalid, "template.damaged"},
		{"later version", set(metaSheet, "B4", "2"), fault.Invalid, "template.version"},
		{"no line of names", func(f *excelize.File) error { return f.RemoveRow("招商线索", 4) }, fault.Invalid, "template.changed"},
		{"no codes", func(f *excelize.File) error { return f.RemoveRow("招商线索", 1) }, fault.Invalid, "template.changed"},
		{"code twice", set("招商线索", "B1", "number"), fault.Invalid, "template.changed"},
		{"foreign code", set("招商线索", "B1", "tax"), fault.Invalid, "template.changed"},
	} {
		_, err := Read(context.Background(), open(t, edited(t, data, c.change)))
		wantKey(t, c.what, err, c.kind, c.key)
	}
}
