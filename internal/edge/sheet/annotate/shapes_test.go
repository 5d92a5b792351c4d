package annotate

import (
	"archive/zip"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var (
	firstAttr = regexp.MustCompile(`<(?:x:)?(?:c|row) r="[A-Z]*[0-9]+"`)
	madeCell  = regexp.MustCompile(`<(?:x:)?c r="[A-Z]+[0-9]+" s="[0-9]+"/>`)
	madeRow   = regexp.MustCompile(`<(?:x:)?row r="[0-9]+">(?:<(?:x:)?c r="[A-Z]+[0-9]+" s="[0-9]+"/>)+</(?:x:)?row>`)
)

const relHead = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`

// pack makes a workbook of one sheet whose part is given, with further parts as name, text pairs.
func pack(t testing.TB, sheet string, more ...string) []byte {
	t.Helper()
	all := append([]string{
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + sheetType + `"/></Types>`,
		"_rels/.rels", relHead + `<Relationship Id="a" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels", relHead + `<Relationship Id="rId1" Type="` + relSpace + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheet,
	}, more...)
	if !strings.Contains(strings.Join(more, ""), "<workbook") && !strings.Contains(strings.Join(more, ""), ":workbook") {
		all = append(all, "xl/workbook.xml", `<workbook xmlns="`+mainSpace+`" xmlns:r="`+relSpace+`"><sheets><sheet name="表" sheetId="7" r:id="rId1"/></sheets></workbook>`)
	}
	return packAll(t, all)
}

// packAll makes an archive of parts as name, text pairs.
func packAll(t testing.TB, all []string) []byte { return packWith(t, all, zip.Deflate) }

func packWith(t testing.TB, all []string, method uint16) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(all); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: all[i], Method: method})
		if err == nil {
			_, err = w.Write([]byte(all[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func minimal(t testing.TB, head string) []byte {
	return pack(t, head+`<worksheet xmlns="`+mainSpace+`"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`)
}

func TestWorkbook_marksEveryShapeOfRows(t *testing.T) {
	const head, tail = `<worksheet xmlns="` + mainSpace + `">`, `</worksheet>`
	for _, c := range []struct{ name, sheet, cells, want string }{
		{"before, between and after cells", `<sheetData><row r="2" spans="2:4"><c r="B2"/><c r="D2" s="0" t="s"/></row></sheetData>`, "A2 C2 D2 F2",
			`<row r="2" spans="1:6"><c r="A2" s="N"/><c r="B2"/><c r="C2" s="N"/><c r="D2" s="N" t="s"/><c r="F2" s="N"/></row>`},
		{"before, between and after rows", `<sheetData><row r="2"/><row r="4"><c r="A4"/></row></sheetData>`, "A1 A3 B4 A9",
			`<row r="1"><c r="A1" s="N"/></row><row r="2"/><row r="3"><c r="A3" s="N"/></row><row r="4"><c r="A4"/><c r="B4" s="N"/></row><row r="9"><c r="A9" s="N"/></row>`},
		{"row without cells", `<sheetData><row r="2" ht="3"/></sheetData>`, "A2 B2", `<row r="2" ht="3"><c r="A2" s="N"/><c r="B2" s="N"/></row>`},
		{"no rows", `<sheetData/>`, "A2 B2", `<sheetData><row r="2"><c r="A2" s="N"/><c r="B2" s="N"/></row></sheetData>`},
		{"rows and cells without places", `<sheetData><row><c/><c/></row><row><c s='0'><v>1</v></c></row></sheetData>`, "B1 A2",
			`<row><c/><c s="N"/></row><row><c s='N'><v>1</v></c></row>`},
	} {
		var problems []Problem
		for _, cell := range strings.Fields(c.cells) {
			problems = append(problems, Problem{Cell: cell, Message: cell})
		}
		out, result := annotated(t, pack(t, head+c.sheet+tail), job(problems...))
		_, after, _ := parts(t, out)
		got := regexp.MustCompile(`s=(["'])[1-9][0-9]*["']`).ReplaceAllString(after["xl/worksheets/sheet1.xml"], "s=${1}N$1")
		if !strings.Contains(got, c.want) || result.Marked != len(problems) {
			t.Errorf("%s: %s, %+v, want %s", c.name, got, result, c.want)
		}
		open(t, out)
	}
}

func TestWorkbook_newCellsLookAsTheProgramShowedThem(t *testing.T) {
	styles := `<styleSheet xmlns="` + mainSpace + `"><fonts count="1"><font/></fonts><fills count="2"><fill/><fill/></fills><borders count="1"><border/></borders><cellXfs count="3"><xf/><xf numFmtId="14" fillId="1"><alignment wrapText="1"/></xf><xf numFmtId="9"/></cellXfs></styleSheet>`
	rels := relHead + `<Relationship Id="rId1" Type="` + relSpace + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relSpace + `/styles" Target="styles.xml"/></Relationships>`
	in := pack(t, `<worksheet xmlns="`+mainSpace+`"><cols><col min="2" max="3" style="1" width="9"/></cols><sheetData><row r="2" s="2" customFormat="1"/></sheetData></worksheet>`,
		"xl/styles.xml", styles)
	_, text, names := parts(t, in)
	text["xl/_rels/workbook.xml.rels"] = rels
	var flat []string
	for _, n := range names {
		if n != "xl/worksheets/sheet1.xml" {
			flat = append(flat, n, text[n])
		}
	}
	out, _ := annotated(t, packAll(t, append(flat, "xl/worksheets/sheet1.xml", text["xl/worksheets/sheet1.xml"])), job(Problem{Cell: "B1", Message: "x"}, Problem{Cell: "B2", Message: "x"}))
	_, after, _ := parts(t, out)
	for _, want := range []string{`<xf numFmtId="14" fillId="2" applyFill="1"><alignment wrapText="1"/></xf><xf numFmtId="9" fillId="2" applyFill="1"/>`, `<cellXfs count="8">`, `<fills count="4">`, `<fonts count="3">`} {
		if !strings.Contains(after["xl/styles.xml"], want) {
			t.Errorf("styles = %s, want %s", after["xl/styles.xml"], want)
		}
	}
	if want := `<row r="1"><c r="B1" s="3"/></row><row r="2" s="2" customFormat="1"><c r="B2" s="4"/></row>`; !strings.Contains(after["xl/worksheets/sheet1.xml"], want) {
		t.Errorf("sheet = %s, want %s", after["xl/worksheets/sheet1.xml"], want)
	}
}

func TestWorkbook_prefixedElementsAndStrictNamespaces(t *testing.T) {
	const strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	const strictRel = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	in := pack(t, `<x:worksheet xmlns:x="`+strict+`"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData><x:pageMargins left="1"/><x:tableParts/></x:worksheet>`,
		"xl/workbook.xml", `<x:workbook xmlns:x="`+strict+`" xmlns:q="`+strictRel+`"><x:sheets><x:sheet name="表" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>`)
	out, _ := annotated(t, in, job(Problem{Cell: "B1", Message: "x"}))
	_, after, _ := parts(t, out)
	if want := `<x:pageMargins left="1"/><x:legacyDrawing xmlns:r="` + strictRel + `" r:id="rId1"/><x:tableParts/>`; !strings.Contains(after["xl/worksheets/sheet1.xml"], want) {
		t.Errorf("sheet = %s, want %s", after["xl/worksheets/sheet1.xml"], want)
	}
	if want := `<x:sheets><x:sheet xmlns:r="` + strictRel + `" name="检查结果" sheetId="2" r:id="rId`; !strings.Contains(after["xl/workbook.xml"], want) {
		t.Errorf("workbook = %s, want %s", after["xl/workbook.xml"], want)
	}
	if !strings.Contains(after["xl/worksheets/sheet2.xml"], strict) || !strings.Contains(after["xl/workbook.xml"], `<x:workbookView activeTab="1"/>`) {
		t.Errorf("the summary is not of the workbook's namespace, or nothing says on which sheet it opens")
	}
}

func TestWorkbook_drawingGoesBeforeTheControls(t *testing.T) {
	in := pack(t, `<worksheet xmlns="`+mainSpace+`"><sheetData/><drawing/><mc:AlternateContent xmlns:mc="m"><mc:Choice><controls/></mc:Choice></mc:AlternateContent></worksheet>`)
	out, _ := annotated(t, in, job(Problem{Cell: "B1", Message: "x"}))
	_, after, _ := parts(t, out)
	if want := `<drawing/><legacyDrawing`; !strings.Contains(after["xl/worksheets/sheet1.xml"], want) {
		t.Errorf("sheet = %s, want %s", after["xl/worksheets/sheet1.xml"], want)
	}
}

func TestWorkbook_leavesDiscussionsAlone(t *testing.T) {
	notes := `<comments xmlns="` + mainSpace + `"><authors><author>tc={1}</author><author>我</author></authors><commentList>` +
		`<comment ref="A1" authorId="0"><text><t>[Threaded comment]</t></text></comment>` +
		`<comment ref="B1" authorId="1"><text><t>mine</t></text></comment><comment ref="C1" authorId="1"><text/></comment></commentList></comments>`
	in := pack(t, `<worksheet xmlns="`+mainSpace+`" xmlns:r="`+relSpace+`"><sheetData/><legacyDrawing r:id="r2"/></worksheet>`,
		"xl/worksheets/_rels/sheet1.xml.rels", relHead+`<Relationship Id="r1" Type="`+relSpace+`/comments" Target="../comments1.xml"/><Relationship Id="r2" Type="`+relSpace+`/vmlDrawing" Target="/xl/drawings/d.vml"/></Relationships>`,
		"xl/comments1.xml", notes, "xl/drawings/d.vml", `<xml xmlns:v="v"><o:idmap v:ext="edit" data="3"/><v:shape id="_x0000_s3080"><br></v:shape></xml>`)
	out, result := annotated(t, in, job(Problem{Cell: "A1", Message: "a"}, Problem{Cell: "B1", Message: "b"}, Problem{Cell: "C1", Message: "c"}, Problem{Cell: "D1", Message: "d _x0041_"}))
	_, after, _ := parts(t, out)
	if result.Marked != 4 || result.Noted != 3 {
		t.Errorf("Workbook = %+v, want 4 marked and 3 noted", result)
	}
	for _, want := range []string{`<text><t>[Threaded comment]</t></text>`, `<text><t xml:space="preserve">mine&#xA;————&#xA;b</t></text>`, `<text><t xml:space="preserve">c</t></text>`,
		`<author>园区大脑</author></authors>`, `<comment ref="D1" authorId="2"><text><r><t xml:space="preserve">d _x005F_x0041_</t></r></text></comment>`} {
		if !strings.Contains(after["xl/comments1.xml"], want) {
			t.Errorf("notes = %s, want %s", after["xl/comments1.xml"], want)
		}
	}
	if vml := after["xl/drawings/d.vml"]; !strings.Contains(vml, `<br></v:shape><v:shapetype`) || !strings.Contains(vml, `id="_x0000_s3081"`) || !strings.HasSuffix(vml, "</xml>") {
		t.Errorf("drawing = %s, want the old shape first and the next id", vml)
	}
}

func TestSummaryName_isAlwaysFree(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"检查结果", "检查结果 (2)"}, {"a/b:c", "a_b_c"}, {"", "Summary"}, {"'x'", "x"}, {strings.Repeat("长", 40), strings.Repeat("长", 31)},
	} {
		b := &book{job: Job{Summary: Summary{Sheet: c.name}}, frame: frame{names: []string{"检查结果"}}}
		wantEqual(t, fmt.Sprintf("summaryName(%q)", c.name), b.summaryName(), c.want)
	}
}
