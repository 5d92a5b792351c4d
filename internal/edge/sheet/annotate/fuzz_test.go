package annotate

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
)

// FuzzWorkbook mutates the parts of a workbook: what comes out is refused or is a sound package again, which can be
// annotated once more.
func FuzzWorkbook(f *testing.F) {
	const styles = `<styleSheet xmlns="m"><fonts count="1"><font><sz val="9"/><name val="A"/></font></fonts><fills count="1"><fill/></fills><cellXfs><xf numFmtId="14" fillId='0'><alignment/></xf><xf/></cellXfs><dxfs/></styleSheet>`
	const workbook = `<workbook xmlns="m" xmlns:r="r"><bookViews><workbookView activeTab="0" firstSheet="1"/></bookViews><sheets><sheet name="s" sheetId="1" r:id="a"/></sheets><definedNames><definedName localSheetId="0">x</definedName></definedNames></workbook>`
	const rels = `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="x/styles" Target="styles.xml"/></Relationships>`
	const notes = `<comments><authors><author>a</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>x</t></r></text></comment></commentList></comments>`
	f.Add(`<worksheet><cols><col min="1" max="3" style="1"/></cols><sheetData><row r="2" spans="1:1"><c r="A2" s="1" t="s"><v>1</v></c></row><row r="4"/></sheetData><legacyDrawing r:id="v"/></worksheet>`, styles, workbook, notes, `<xml><v:shape id="_x0000_s7"/></xml>`, rels)
	f.Add(`<worksheet><sheetData><row/><row r="4"><c/></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, `<styleSheet/>`, workbook, `<comments/>`, `</xml>`, rels)
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, sheet, styles, workbook, notes, vml, rels string) {
		defer check(t)
		all := []string{"_rels/.rels", relHead + `<Relationship Id="a" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"[Content_Types].xml", `<Types/>`, "xl/worksheets/_rels/sheet1.xml.rels", relHead + `<Relationship Id="c" Type="x/comments" Target="../comments1.xml"/><Relationship Id="v" Type="x/vmlDrawing" Target="../v.vml"/></Relationships>`,
			"xl/worksheets/sheet1.xml", sheet, "xl/styles.xml", styles, "xl/workbook.xml", workbook, "xl/comments1.xml", notes, "xl/v.vml", vml, "xl/_rels/workbook.xml.rels", rels}
		in := store(t, all)
		j := job(Problem{Cell: "B2", Message: "a"}, Problem{Cell: "D4", Message: "b"}, Problem{Cell: "C9", Message: "c", Severity: Warning})
		j.MaxUnzipped = 16 << 20
		for range 2 {
			var out bytes.Buffer
			if _, err := Workbook(context.Background(), bytes.NewReader(in), int64(len(in)), &out, j); err != nil {
				if !strings.Contains(err.Error(), "invalid") || strings.Contains(err.Error(), "internal") {
					t.Fatalf("error %v, want one that says what is wrong with the file", err)
				}
				return
			}
			in = out.Bytes()
		}
	})
}

// store packs parts without compression, which takes long.
func store(t testing.TB, all []string) []byte { return packWith(t, all, zip.Store) }

// FuzzAgain mutates a copy that was annotated before: what comes out is refused or is a sound package with one summary.
func FuzzAgain(f *testing.F) {
	once, _ := annotated(f, minimal(f, ""), job(Problem{Sheet: "表", Cell: "A1", Message: "x"}, Problem{Sheet: "表", Cell: "C3", Message: "y"}))
	_, text, names := parts(f, once)
	const cells, summary, notes, vml, styles = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/styles1.xml"
	for _, part := range []string{cells, summary, notes, vml, styles} {
		if text[part] == "" {
			f.Fatalf("no part %s among %q", part, names)
		}
	}
	f.Add(text[cells], text[summary], text[notes], text[vml], text[styles], text["xl/workbook.xml"])
	f.Add(text[cells], text[summary], strings.Replace(text[notes], "<t xml:space=\"preserve\">x", "<t>mine</t></r><r><t>\n————\nx", 1), text[vml], text[styles], text["xl/workbook.xml"])
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, c, s, n, v, st, w string) {
		defer check(t)
		var all []string
		for _, name := range names {
			part := text[name]
			if changed, ok := map[string]string{cells: c, summary: s, notes: n, vml: v, styles: st, "xl/workbook.xml": w}[name]; ok {
				part = changed
			}
			all = append(all, name, part)
		}
		in := store(t, all)
		j := job(Problem{Cell: "A1", Message: "a"}, Problem{Cell: "D4", Message: "b"})
		j.MaxUnzipped = 16 << 20
		for range 2 {
			var out bytes.Buffer
			if _, err := Workbook(context.Background(), bytes.NewReader(in), int64(len(in)), &out, j); err != nil {
				if !strings.Contains(err.Error(), "invalid") || strings.Contains(err.Error(), "internal") {
					t.Fatalf("error %v, want one that says what is wrong with the file", err)
				}
				return
			}
			in = out.Bytes()
		}
	})
}
