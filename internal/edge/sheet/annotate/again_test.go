package annotate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
)

const park = "园区清单" // the sheet of libreoffice.xlsx

// notesOf lists the notes of a sheet by cell.
func notesOf(t testing.TB, data []byte, sheet string) map[string]string {
	t.Helper()
	list, err := open(t, data).GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, n := range list {
		out[n.Cell] = noteText(n)
	}
	return out
}

// firstJob marks two cells, one of them with a note of the user; secondJob finds one of them mended.
func firstJob() Job {
	return job(Problem{Sheet: park, Cell: "C5", Message: "“约100”不是数字。"}, Problem{Sheet: park, Cell: "D4", Message: "与上月不同"},
		Problem{Sheet: park, Cell: "B8", Message: "缺"}, Problem{Sheet: park, Cell: "E5", Message: "日期", Severity: Warning}, Problem{Sheet: "Sheet2", Cell: "A1", Message: "x"})
}

func secondJob() Job {
	return job(Problem{Sheet: park, Cell: "E5", Message: "还是不对"}, Problem{Sheet: park, Cell: "A5", Message: "新的"})
}

// wantMended checks a copy that was annotated by both jobs, with the marked cells where they are now.
func wantMended(t *testing.T, in, out []byte, result Result) {
	t.Helper()
	if result.Marked != 2 || result.Cleared != 4 {
		t.Errorf("Workbook = %+v, want 2 marked and 4 cleared", result)
	}
	f := open(t, out)
	if got, want := f.GetSheetList(), append([]string{"检查结果"}, open(t, in).GetSheetList()...); !slices.Equal(got, want) {
		t.Errorf("sheets = %q, want %q", got, want)
	}
	names := 0
	for _, d := range f.GetDefinedName() {
		if d.Name == markName {
			names++
		}
	}
	wantEqual(t, "names of the summary", names, 1)
	notes := notesOf(t, out, park)
	for cell, want := range map[string]string{"E5": "还是不对", "A5": "新的", "D4": notesOf(t, in, park)["D4"], "C5": "", "B8": ""} {
		wantEqual(t, "note of "+cell, notes[cell], want)
	}
	_, after, _ := parts(t, out)
	_, before, _ := parts(t, in)
	partAfter, partBefore := partOf(t, out, park), partOf(t, in, park)
	for cell, want := range map[string]string{"E5": "FFFFC7CE", "A5": "FFFFC7CE"} {
		wantEqual(t, "fill of "+cell, fillColour(t, after, partAfter, cell), want)
	}
	for _, cell := range []string{"C5", "D4", "A4", "C4"} {
		wantEqual(t, "fill of "+cell, fillColour(t, after, partAfter, cell), fillColour(t, before, partBefore, cell))
		wantEqual(t, "style of "+cell, resolved(t, out, cell), resolved(t, in, cell))
	}
	if shapes, notes := strings.Count(after["xl/drawings/vmlDrawing1.vml"], "ObjectType=\"Note\""), len(notes); shapes != notes {
		t.Errorf("%d shapes of %d notes", shapes, notes)
	}
}

// partOf is the part of a sheet.
func partOf(t testing.TB, data []byte, sheet string) string {
	t.Helper()
	f := open(t, data)
	i := slices.Index(f.GetSheetList(), sheet)
	return fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
}

// resolved is everything that a cell's style says.
func resolved(t testing.TB, data []byte, cell string) string {
	t.Helper()
	f := open(t, data)
	id, err := f.GetCellStyle(park, cell)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.GetStyle(id)
	return text(t, s, err)
}

func TestWorkbook_annotatedAgainLeavesOnlyTheNewMarks(t *testing.T) {
	in := sample(t, "libreoffice.xlsx")
	once, first := annotated(t, in, firstJob())
	if first.Marked != 5 || first.Cleared != 0 {
		t.Errorf("Workbook = %+v, want 5 marked", first)
	}
	twice, second := annotated(t, once, secondJob())
	if second.Marked != 2 || second.Cleared != 4 {
		t.Errorf("Workbook = %+v, want 2 marked and 4 cleared", second)
	}
	// Of the parts that are not of the package's frame, only the marks of the second time differ from what was sent first.
	_, before, _ := parts(t, in)
	_, after, _ := parts(t, twice)
	const sheet = "xl/worksheets/sheet1.xml"
	wantSame(t, sheet, tokens(t, stripMarks(after[sheet], before[sheet]), "legacyDrawing", "c@s", "row@spans"), tokens(t, before[sheet], "legacyDrawing", "c@s", "row@spans"))
	numbersBefore, numbersAfter := styleNumbers(t, before[sheet]), styleNumbers(t, after[sheet])
	for cell, was := range numbersBefore {
		if is := numbersAfter[cell]; is != was && cell != "E5" && cell != "A5" {
			t.Errorf("style of %s = %s, want %s as at first", cell, is, was)
		}
	}
	notes := notesOf(t, twice, park)
	for cell, want := range map[string]string{"E5": "还是不对", "A5": "新的", "D4": "以竣工测量为准", "C5": "", "B8": ""} {
		wantEqual(t, "note of "+cell, notes[cell], want)
	}
	wantEqual(t, "notes of Sheet2", len(notesOf(t, twice, "Sheet2")), 0)
	if got := open(t, twice).GetSheetList(); !slices.Equal(got, []string{"检查结果", park, "Sheet2"}) {
		t.Errorf("sheets = %q, want one summary", got)
	}
	clean, third := annotated(t, twice, Job{File: "f.xlsx", Author: "园区大脑", Summary: Summary{Sheet: "检查结果", Title: "全部通过"}})
	if third.Marked != 0 || third.Cleared != 2 {
		t.Errorf("Workbook = %+v, want all cleared", third)
	}
	_, after, _ = parts(t, clean)
	for cell, was := range styleNumbers(t, before[sheet]) {
		wantEqual(t, "style of "+cell, styleNumbers(t, after[sheet])[cell], was)
	}
	for cell, want := range notesOf(t, in, park) {
		wantEqual(t, "note of "+cell, notesOf(t, clean, park)[cell], want)
	}
}

func TestWorkbook_annotatedAgainAfterASaveInLibreOffice(t *testing.T) {
	in := converted(t, sample(t, "libreoffice.xlsx")) // what LibreOffice itself changes is not looked at
	once, _ := annotated(t, in, firstJob())
	saved := converted(t, once)
	file, err := sheet.Open(context.Background(), bytes.NewReader(saved), int64(len(saved)), sheet.Options{})
	if err != nil || !file.Sheets[0].Hidden || file.Sheets[1].Hidden {
		t.Errorf("sheets = %+v, %v, want the summary to count as hidden", file.Sheets, err)
	}
	out, result := annotated(t, saved, secondJob())
	wantMended(t, in, out, result)
}

func TestWorkbook_marksFollowCellsThatMove(t *testing.T) {
	once, _ := annotated(t, minimal(t, ""), job(Problem{Sheet: "表", Cell: "A1", Message: "x"}))
	_, text, names := parts(t, once)
	var all []string
	for _, name := range names { // what a program does when two rows are put in above: cell, note and reference move
		moved := strings.NewReplacer(`<row r="1"><c r="A1"`, `<row r="3"><c r="A3"`).Replace(text[name])
		switch name {
		case "xl/worksheets/sheet2.xml":
			moved = strings.ReplaceAll(text[name], "&#39;表&#39;!$A$1<", "表!$A$3<")
		case "xl/comments1.xml":
			moved = strings.ReplaceAll(moved, `ref="A1"`, `ref="A3"`)
		}
		all = append(all, name, moved)
	}
	out, result := annotated(t, packAll(t, all), job(Problem{Sheet: "表", Cell: "B3", Message: "y"}))
	wantEqual(t, "cleared", result.Cleared, 1)
	_, after, _ := parts(t, out)
	if got := after["xl/worksheets/sheet1.xml"]; !strings.Contains(got, `<c r="A3" s="0"><v>1</v></c><c r="B3" s="`) {
		t.Errorf("sheet = %s, want A3 as it was", got)
	}
	if got := after["xl/comments1.xml"]; strings.Contains(got, `ref="A3"`) || !strings.Contains(got, `ref="B3"`) {
		t.Errorf("notes = %s, want only that of B3", got)
	}
}

func TestWorkbook_keepsWhatTheUserMadeOfAMark(t *testing.T) {
	once, _ := annotated(t, sample(t, "libreoffice.xlsx"), job(Problem{Sheet: park, Cell: "C5", Message: "错"}, Problem{Sheet: park, Cell: "A5", Message: "也错"}))
	f := open(t, once)
	green, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"70AD47"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle(park, "C5", "C5", green); err != nil {
		t.Fatal(err)
	}
	id, err := f.GetCellStyle(park, "A5")
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	s.Font, s.Fill = &excelize.Font{Bold: true, Size: 20}, excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}} // the library forgets the colour
	bold, err := f.NewStyle(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle(park, "A5", "A5", bold); err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	if err := f.Write(&changed); err != nil {
		t.Fatal(err)
	}
	out, result := annotated(t, changed.Bytes(), job(Problem{Sheet: park, Cell: "E4", Message: "x"}))
	wantEqual(t, "cleared", result.Cleared, 2)
	_, after, _ := parts(t, out)
	const part = "xl/worksheets/sheet1.xml" // the library keeps the names of parts
	wantEqual(t, "fill of C5", fillColour(t, after, part, "C5"), "FF70AD47")
	wantEqual(t, "fill of A5", fillColour(t, after, part, "A5"), "")
	if got := resolved(t, out, "A5"); !strings.Contains(got, `"Size":20`) {
		t.Errorf("style of A5 = %s, want the user's font", got)
	}
}

func TestWorkbook_summaryThatSomebodyDeletedIsMadeAnew(t *testing.T) {
	once, _ := annotated(t, sample(t, "libreoffice.xlsx"), firstJob())
	f := open(t, once)
	if err := f.DeleteSheet("检查结果"); err != nil {
		t.Fatal(err)
	}
	var without bytes.Buffer
	if err := f.Write(&without); err != nil {
		t.Fatal(err)
	}
	out, result := annotated(t, without.Bytes(), secondJob())
	if got := open(t, out).GetSheetList(); !slices.Equal(got, []string{"检查结果", park, "Sheet2"}) || result.Cleared != 0 {
		t.Errorf("sheets = %q, %+v, want the summary in front", got, result)
	}
}

func TestWorkbook_doesNotTakeAnotherSheetForItsSummary(t *testing.T) {
	in := sample(t, "libreoffice.xlsx")
	f := open(t, in)
	if err := f.SetDefinedName(&excelize.DefinedName{Name: markName, RefersTo: "Sheet2!$A$1"}); err != nil {
		t.Fatal(err)
	}
	var named bytes.Buffer
	if err := f.Write(&named); err != nil {
		t.Fatal(err)
	}
	out, _ := annotated(t, named.Bytes(), firstJob())
	if got := open(t, out).GetSheetList(); !slices.Equal(got, []string{"检查结果", park, "Sheet2"}) {
		t.Errorf("sheets = %q, want Sheet2 kept", got)
	}
	for _, d := range open(t, out).GetDefinedName() {
		if d.Name == markName {
			wantEqual(t, "name", d.RefersTo, "'检查结果'!$A$1")
		}
	}
}

func TestParseReference_readsWhatProgramsWrite(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"'甲 ''乙'!$B$7", "甲 '乙 B7"}, {"=Sheet2!B7", "Sheet2 B7"}, {"$园区.x!$A$1", "园区.x A1"}, {"'a!b'!$AA$1048576", "a!b AA1048576"},
	} {
		sheet, at, ok := parseReference(c.text)
		if got := sheet + " " + at.String(); !ok || got != c.want {
			t.Errorf("parseReference(%q) = %q, %v, want %q", c.text, got, ok, c.want)
		}
	}
	for _, s := range []string{"", "#REF!", "A1", "x!#REF!", "'a'!$A$1:$B$2"} {
		if _, _, ok := parseReference(s); ok {
			t.Errorf("parseReference(%q) is a place, want none", s)
		}
	}
	if sheet, at, ok := parseReference(reference("甲 '!", place{27, 9})); sheet != "甲 '!" || at != (place{27, 9}) || !ok {
		t.Errorf("reference does not read back: %q %v %v", sheet, at, ok)
	}
}

func TestWorkbook_realReportAnnotatedAgainIsAsItCame(t *testing.T) {
	in := sharedFile(t, "pipelines/GIS_Report_January_2023.xlsx")
	const sheet, part = "Project Details - Large Gen", "xl/worksheets/sheet5.xml"
	once, _ := annotated(t, in, job(Problem{Sheet: sheet, Cell: "M36", Message: "1-1-1900"}, Problem{Sheet: sheet, Cell: "B31", Message: "title"}, Problem{Sheet: "Summary", Cell: "A1", Message: "x"}))
	clean, result := annotated(t, once, Job{File: "f.xlsx", Author: "园区大脑", Summary: Summary{Sheet: "检查结果", Title: "全部通过"}})
	wantEqual(t, "cleared", result.Cleared, 3)
	_, before, _ := parts(t, in)
	_, after, _ := parts(t, clean)
	wantEqual(t, "notes", len(notesOf(t, clean, sheet)), len(notesOf(t, in, sheet)))
	wantSame(t, part, tokens(t, after[part], "legacyDrawing"), tokens(t, before[part], "legacyDrawing"))
}
