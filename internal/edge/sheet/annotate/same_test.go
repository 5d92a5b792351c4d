package annotate

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// styleNumbers lists the style of every cell of a worksheet's part.
func styleNumbers(t testing.TB, part string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for d := xml.NewDecoder(strings.NewReader(part)); ; {
		tok, err := d.RawToken()
		if err != nil {
			return out
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "c" && opc.Attr(e, "r") != "" {
			out[opc.Attr(e, "r")] = opc.Attr(e, "s")
		}
	}
}

// styleTexts lists the cell styles as they are written, without their fill.
func styleTexts(t testing.TB, part string) []string {
	t.Helper()
	b := &book{Package: &opc.Package{File: "?"}}
	all, err := b.elements("styles", []byte(part), 3)
	if err != nil {
		t.Fatal(err)
	}
	s := &styleSheet{data: []byte(part)}
	for _, e := range all {
		if e.start.Name.Local == "xf" && e.parent == "cellXfs" {
			s.xfs = append(s.xfs, e)
		}
	}
	var out []string
	for i := range s.xfs {
		out = append(out, s.but(i))
	}
	return out
}

// marks are the places of a job's problems on the sheet of a part; of a merged range the first cell.
func marks(t testing.TB, in []byte, j Job, part string) map[string]bool {
	t.Helper()
	p, err := opc.Open(bytes.NewReader(in), int64(len(in)), opc.Limits{File: "?", Unzipped: defaultUnzipped})
	if err != nil {
		t.Fatal(err)
	}
	b := &book{Package: p, job: j, changed: map[string][]byte{}}
	if err := b.readFrame(context.Background()); err != nil {
		t.Fatal(err)
	}
	l, err := b.readLayout(context.Background(), part)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, s := range b.marksBySheet() {
		if s.sheet.part == part {
			for _, m := range s.marks {
				out[l.shown(m.place).String()] = true
			}
		}
	}
	return out
}

// wantSameStyles compares the style of every cell: the same number but for marked cells, whose style is the same but for its
// fill; and every style that was there is still there under its number.
func wantSameStyles(t testing.TB, part string, before, after map[string]string, marked map[string]bool) {
	t.Helper()
	numbersBefore, numbersAfter := styleNumbers(t, before[part]), styleNumbers(t, after[part])
	textsBefore, textsAfter := styleTexts(t, before["xl/styles.xml"]), styleTexts(t, after["xl/styles.xml"])
	if len(textsAfter) < len(textsBefore) || !slices.Equal(textsAfter[:len(textsBefore)], textsBefore) {
		t.Errorf("styles that were there have changed")
	}
	number := func(s string) (n int) {
		_, _ = fmt.Sscan(s, &n) // none is 0
		return n
	}
	for cell, was := range numbersBefore {
		is := numbersAfter[cell]
		switch {
		case !marked[cell]:
			wantEqual(t, part+" "+cell+" style", is, was)
		case number(was) < len(textsBefore):
			wantEqual(t, part+" "+cell+" style but for its fill", textsAfter[number(is)], textsBefore[number(was)])
		}
	}
}

// converted opens a workbook in LibreOffice and saves it there.
func converted(t testing.TB, data []byte) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not here")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "in.xlsx")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
		"--outdir", filepath.Join(dir, "out"), in)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, text)
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "in.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const main = "企业'甲' 表" // the sheet of everything that is marked

// everything makes a workbook of what an office may have in one: styles, merged cells, formulas on the same and on other
// sheets, notes, names of the book and of a sheet, drop-downs, number rules, conditional formats, links, a hidden sheet and
// row, a filter, a protected sheet.
func everything(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	m := maker{t, f}
	m.check(f.SetSheetName("Sheet1", main))
	for _, name := range []string{"汇总", "字典"} {
		_, err := f.NewSheet(name)
		m.check(err)
	}
	m.cells()
	m.check(f.MergeCell(main, "A1", "F1"))
	m.check(f.MergeCell(main, "D10", "E11"))
	m.check(f.SetRowHeight(main, 5, 40))
	m.check(f.SetRowVisible(main, 7, false))
	m.check(f.SetCellHyperLink(main, "A4", "汇总!A1", "Location"))
	m.check(f.AddComment(main, excelize.Comment{Cell: "B5", Author: "我", Paragraph: []excelize.RichTextRun{{Text: "第一段 ", Font: &excelize.Font{Bold: true}}, {Text: "第二段"}}}))
	m.check(f.AddComment(main, excelize.Comment{Cell: "C6", Author: "我", Paragraph: []excelize.RichTextRun{{Text: "另一条"}}}))
	m.check(f.SetSheetCol("字典", "A1", &[]any{"正常", "停产"}))
	m.check(f.SetSheetVisible("字典", false))
	m.check(f.SetDefinedName(&excelize.DefinedName{Name: "状态", RefersTo: "字典!$A$1:$A$2"}))
	m.check(f.SetDefinedName(&excelize.DefinedName{Name: "本表合计", RefersTo: "汇总!$A$1", Scope: "汇总"}))
	m.rules()
	m.check(f.AutoFilter(main, "A2:F60", nil))
	m.check(f.SetCellFormula("汇总", "A1", "SUM('企业''甲'' 表'!B3:B60)"))
	m.check(f.SetCellFormula("汇总", "A2", "VLOOKUP(\"企业5\",'企业''甲'' 表'!A3:F60,2,FALSE)"))
	m.check(f.ProtectSheet("汇总", &excelize.SheetProtectionOptions{SelectLockedCells: true}))
	var out bytes.Buffer
	m.check(f.Write(&out))
	return out.Bytes()
}

type maker struct {
	t testing.TB
	f *excelize.File
}

func (m maker) check(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m maker) cells() {
	money := "#,##0.00_);[Red](#,##0.00)"
	var styles []int
	for _, one := range []*excelize.Style{
		{Font: &excelize.Font{Bold: true, Color: "C00000", Family: "SimSun", Size: 14}, Alignment: &excelize.Alignment{Horizontal: "center", WrapText: true}},
		{CustomNumFmt: &money, Border: []excelize.Border{{Type: "left", Color: "0000FF", Style: 2}}, Protection: &excelize.Protection{Locked: false}},
		{NumFmt: 14, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E2EFDA"}}},
		{Fill: excelize.Fill{Type: "gradient", Color: []string{"FFFFFF", "4472C4"}, Shading: 1}, Alignment: &excelize.Alignment{TextRotation: 45}},
		{Font: &excelize.Font{Italic: true, Strike: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 5, Color: []string{"FFFF00"}}},
	} {
		id, err := m.f.NewStyle(one)
		m.check(err)
		styles = append(styles, id)
	}
	m.check(m.f.SetSheetRow(main, "A1", &[]any{"企业月报"}))
	m.check(m.f.SetSheetRow(main, "A2", &[]any{"名称", "产值", "日期", "说明", "状态", "合计"}))
	for r := 3; r <= 60; r++ {
		m.check(m.f.SetSheetRow(main, fmt.Sprint("A", r), &[]any{fmt.Sprint("企业", r), float64(r) * 1.5, 45000 + r, "x <&> \n", "正常"}))
		m.check(m.f.SetCellFormula(main, fmt.Sprint("F", r), fmt.Sprintf("SUM(B$3:B%d)", r)))
		for c, id := range styles {
			cell := fmt.Sprint(string(rune('B'+c)), r)
			m.check(m.f.SetCellStyle(main, cell, cell, id))
		}
	}
}

func (m maker) rules() {
	v := excelize.NewDataValidation(true)
	v.SetSqref("E3:E60")
	v.SetSqrefDropList("状态")
	m.check(m.f.AddDataValidation(main, v))
	v = excelize.NewDataValidation(true)
	v.SetSqref("B3:B60")
	m.check(v.SetRange(0, 1000, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
	v.SetInput("产值", "万元")
	m.check(m.f.AddDataValidation(main, v))
	red, err := m.f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "FF0000"}})
	m.check(err)
	m.check(m.f.SetConditionalFormat(main, "B3:B60", []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: ">", Value: "50", Format: &red},
		{Type: "data_bar", Criteria: "=", MinType: "min", MaxType: "max", BarColor: "#638EC6"}}))
}

// wantOnlyMarks annotates a workbook with the sheets of everything and proves that nothing but the marks has changed.
func wantOnlyMarks(t *testing.T, in []byte) []byte {
	t.Helper()
	_, before, names := parts(t, in)
	may := slices.DeleteFunc(names, func(n string) bool {
		return n != "xl/worksheets/sheet1.xml" && n != "xl/worksheets/sheet2.xml" && !strings.HasPrefix(n, "xl/comments") &&
			!strings.HasPrefix(n, "xl/drawings/vml") && !strings.HasPrefix(n, "xl/worksheets/_rels")
	})
	out, result := check(t, in, job(Problem{Sheet: main, Cell: "B5", Message: "数值偏大"}, Problem{Sheet: main, Cell: "C8", Message: "日期不对", Severity: Warning},
		Problem{Sheet: main, Cell: "D10", Message: "合并"}, Problem{Sheet: main, Cell: "E59", Message: "没有这个状态"}, Problem{Sheet: main, Cell: "F60", Message: "公式"},
		Problem{Sheet: main, Cell: "A7", Message: "隐藏行"}, Problem{Sheet: main, Cell: "H70", Message: "缺"}, Problem{Sheet: "汇总", Cell: "A1", Message: "不符"}), may...)
	wantEqual(t, "marked", result.Marked, 8)
	if len(before["xl/worksheets/sheet1.xml"]) < 5000 {
		t.Errorf("the workbook is too small to prove anything")
	}
	return out
}

func TestWorkbook_keepsEverythingOfAWorkbook(t *testing.T) {
	t.Run("made by excelize", func(t *testing.T) { wantOnlyMarks(t, everything(t)) })
	t.Run("made by LibreOffice now", func(t *testing.T) {
		in := converted(t, everything(t))
		if path := os.Getenv("ANNOTATE_OUT"); path != "" { // to make testdata/everything.xlsx anew
			if err := os.WriteFile(filepath.Join(path, "everything.xlsx"), in, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		wantOnlyMarks(t, in)
	})
	t.Run("made by LibreOffice once", func(t *testing.T) { wantOnlyMarks(t, sample(t, "everything.xlsx")) })
}
