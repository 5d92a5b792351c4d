package annotate

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// touched are the parts that may change; everything else must be copied in its packed form.
var touched = []string{"xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}

func job(problems ...Problem) Job {
	lines := []Line{{Text: "共 2 处"}, {Text: "不是数字 <&>", Sheet: problems[0].Sheet, Cell: problems[0].Cell}}
	return Job{File: "f.xlsx", Author: "园区大脑", Problems: problems, Summary: Summary{Sheet: "检查结果", Title: "检查结果", Lines: lines}}
}

// check annotates a workbook and proves that nothing but the marks has changed.
func check(t *testing.T, in []byte, j Job, sheetParts ...string) ([]byte, Result) {
	t.Helper()
	out, result := annotated(t, in, j)
	if path := os.Getenv("ANNOTATE_OUT"); path != "" {
		if err := os.WriteFile(path+"/"+strings.ReplaceAll(t.Name(), "/", "_")+".xlsx", out, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rawBefore, before, _ := parts(t, in)
	rawAfter, after, _ := parts(t, out)
	may := map[string]bool{}
	for _, name := range append(sheetParts, touched...) {
		may[name] = true
	}
	for name, raw := range rawBefore {
		if !may[name] && rawAfter[name] != raw {
			t.Errorf("part %s is not the same packed bytes", name)
		}
	}
	for _, name := range sheetParts {
		if strings.HasPrefix(name, "xl/worksheets/sheet") {
			wantSameStyles(t, name, before, after, marks(t, in, j, name))
			wantSame(t, name, tokens(t, stripMarks(after[name], before[name]), "legacyDrawing", "c@s", "row@spans"), tokens(t, before[name], "legacyDrawing", "c@s", "row@spans"))
		}
	}
	marked := map[string]bool{}
	for _, p := range j.Problems {
		marked[p.Sheet+"!"+p.Cell] = true
	}
	wantSameBook(t, open(t, in), open(t, out), marked)
	return out, result
}

// stripMarks removes the cells and rows that were not there before.
func stripMarks(sheet, before string) string {
	old := map[string]bool{}
	for _, tag := range firstAttr.FindAllString(before, -1) { // <c r="B7"
		old[tag] = true
	}
	fresh := func(made string) string {
		if old[firstAttr.FindString(made)] {
			return made
		}
		return ""
	}
	return madeCell.ReplaceAllStringFunc(madeRow.ReplaceAllStringFunc(sheet, fresh), fresh)
}

func TestWorkbook_changesNothingButTheMarks(t *testing.T) {
	j := job(Problem{Sheet: "园区清单", Cell: "C5", Message: "“约100”不是数字。"}, Problem{Sheet: "园区清单", Cell: "D5", Message: "面积不能为负。"},
		Problem{Sheet: "园区清单", Cell: "D5", Message: "第二条", Severity: Warning}, Problem{Sheet: "园区清单", Cell: "E5", Message: "日期不完整", Severity: Warning},
		Problem{Sheet: "园区清单", Cell: "D4", Message: "与上月不同"}, Problem{Sheet: "园区清单", Cell: "B8", Message: "缺"}, Problem{Sheet: "园区清单", Cell: "B20", Message: "缺行"},
		Problem{Sheet: "没有", Cell: "A1", Message: "x"}, Problem{Sheet: "园区清单", Cell: "第7行", Message: "x"})
	out, result := check(t, sample(t, "libreoffice.xlsx"), j, "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml")
	if result.Marked != 6 || result.Noted != 6 || len(result.Missed) != 2 {
		t.Errorf("Workbook = %+v, want 6 marked, 6 noted, 2 missed", result)
	}
	_, after, _ := parts(t, out)
	f := open(t, out)
	notes, err := f.GetComments("园区清单")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, n := range notes {
		got[n.Cell] = noteText(n)
	}
	for cell, want := range map[string]string{"C5": "“约100”不是数字。", "D5": "面积不能为负。\n第二条", "D4": "以竣工测量为准\n————\n与上月不同", "B20": "缺行"} {
		if got[cell] != want {
			t.Errorf("note of %s = %q, want %q", cell, got[cell], want)
		}
	}
	for cell, want := range map[string]string{"C5": "FFFFC7CE", "E5": "FFFFEB9C", "D4": "FFFFC7CE", "B8": "FFFFC7CE", "B20": "FFFFC7CE", "A5": ""} {
		if colour := fillColour(t, after, "xl/worksheets/sheet1.xml", cell); colour != want {
			t.Errorf("fill of %s = %q, want %q", cell, colour, want)
		}
	}
	if v, _ := f.GetCellValue("检查结果", "B4"); v != "不是数字 <&>" {
		t.Errorf("summary B4 = %q, want the line's text", v)
	}
	if ok, to, _ := f.GetCellHyperLink("检查结果", "A4"); !ok || to != "'园区清单'!C5" {
		t.Errorf("summary A4 leads to %q, want '园区清单'!C5", to)
	}
	if got := f.GetSheetName(f.GetActiveSheetIndex()); got != "园区清单" {
		t.Errorf("the workbook opens on %q, want the sheet on which it was saved", got)
	}
}

func TestWorkbook_marksTheCellThatShowsOfAMergedRange(t *testing.T) {
	out, result := check(t, sample(t, "libreoffice.xlsx"),
		job(Problem{Sheet: "园区清单", Cell: "D2", Message: "a"}, Problem{Sheet: "园区清单", Cell: "C2", Message: "b"}),
		"xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml")
	_, after, _ := parts(t, out)
	if result.Marked != 1 || !strings.Contains(after["xl/comments1.xml"], `ref="C2"`) || strings.Contains(after["xl/comments1.xml"], `ref="D2"`) {
		t.Errorf("marked %d cells, want C2 alone", result.Marked)
	}
}

func TestWorkbook_keepsRealReports(t *testing.T) {
	for _, month := range []string{"January", "February"} {
		t.Run(month, func(t *testing.T) {
			in := sharedFile(t, "pipelines/GIS_Report_"+month+"_2023.xlsx")
			const sheet = "Project Details - Large Gen"
			_, before, _ := parts(t, in)
			out, result := check(t, in, job(Problem{Sheet: sheet, Cell: "M36", Message: "1-1-1900"}, Problem{Sheet: sheet, Cell: "K38", Message: "MW"},
				Problem{Sheet: sheet, Cell: "B31", Message: "title"}, Problem{Sheet: sheet, Cell: "AH40", Message: "outside"},
				Problem{Sheet: "Summary", Cell: "A1", Message: "x", Severity: Warning}), "xl/worksheets/sheet5.xml", "xl/worksheets/sheet4.xml",
				"xl/worksheets/_rels/sheet5.xml.rels", "xl/worksheets/_rels/sheet4.xml.rels")
			if result.Marked != 5 || result.Noted != 5 {
				t.Errorf("Workbook = %+v, want 5 marked", result)
			}
			_, after, _ := parts(t, out)
			wantLocal := regexp.MustCompile(`localSheetId="[0-9]+"`).FindString(before["xl/workbook.xml"])
			if wantLocal != "" && (strings.Contains(after["xl/workbook.xml"], wantLocal) || !strings.Contains(after["xl/workbook.xml"], `localSheetId="5"`)) {
				t.Errorf("the filter's name stayed at %s, want it to move with its sheet", wantLocal)
			}
		})
	}
}

func TestWorkbook_keepsARealSheetOfMergedCells(t *testing.T) {
	in := sharedFile(t, "workbooks/MergeCell.xlsx")
	_, before, _ := parts(t, in)
	j := job(Problem{Cell: "B2", Message: "x"}, Problem{Cell: "A1", Message: "y", Severity: Warning}, Problem{Cell: "Z99", Message: "z"})
	name := open(t, in).GetSheetName(0)
	for i := range j.Problems {
		j.Problems[i].Sheet = name
	}
	j.Summary.Lines = nil
	sheets := []string{"xl/worksheets/sheet1.xml"}
	if _, ok := before["xl/worksheets/_rels/sheet1.xml.rels"]; ok {
		sheets = append(sheets, "xl/worksheets/_rels/sheet1.xml.rels")
	}
	check(t, in, j, sheets...)
}

func TestWorkbook_writtenTwiceReplacesItsOwnNotes(t *testing.T) {
	once, _ := annotated(t, sample(t, "libreoffice.xlsx"), job(Problem{Sheet: "园区清单", Cell: "C5", Message: "first"}))
	twice, _ := annotated(t, once, job(Problem{Sheet: "园区清单", Cell: "C5", Message: "second"}))
	notes, err := open(t, twice).GetComments("园区清单")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		if n.Cell == "C5" && noteText(n) != "second" {
			t.Errorf("note of C5 = %q, want only the second", noteText(n))
		}
	}
}

func TestWorkbook_refusesWhatIsNoSoundWorkbook(t *testing.T) {
	for name, data := range map[string]string{"sheet.damaged": "PK\x03\x04 cut off", "sheet.not_workbook": string(minimal(t, "")[:0])} {
		_, err := Workbook(context.Background(), strings.NewReader(data), int64(len(data)), &bytes.Buffer{}, Job{})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: error %v, want Invalid", name, err)
		}
	}
	evil := minimal(t, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`)
	_, err := Workbook(context.Background(), bytes.NewReader(evil), int64(len(evil)), &bytes.Buffer{}, job(Problem{Cell: "A1", Message: "x"}))
	if f, ok := fault.Of(err); !ok || f.Key != "sheet.doctype" {
		t.Errorf("external entity: error %v, want sheet.doctype", err)
	}
}
