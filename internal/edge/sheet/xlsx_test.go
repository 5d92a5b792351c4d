package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

func TestRead_readsCellsAsTheyWereTyped(t *testing.T) {
	styles := entry{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;;@"/>
		<numFmt numFmtId="165" formatCode="[$-804]yyyy/m/d\ h:mm"/><numFmt numFmtId="166" formatCode="[h]:mm:ss"/>
		<numFmt numFmtId="167" formatCode="0.00&quot;day&quot;"/><numFmt numFmtId="168" formatCode="0.0%"/><numFmt numFmtId="169" formatCode="[Red]General"/></numFmts>
		<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>
		<xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="9"/><xf numFmtId="20"/><xf numFmtId="17"/><xf numFmtId="169"/></cellXfs></styleSheet>`}
	shared := entry{"xl/sharedStrings.xml", `<sst><si><t>plain</t></si><si><r><t>晋</t></r><r><t>江</t></r><rPh><t>jin</t></rPh></si><si><t>a_x000D_b_x005F_x</t></si></sst>`}
	for _, c := range []struct{ cell, want string }{
		{`<c r="A2"><v>131.19999999999999</v></c>`, "131.2"}, // how Excel stores 131.2
		{`<c r="A2"><v>0.30000000000000004</v></c>`, "0.3"},
		{`<c r="A2"><v>47.48</v></c>`, "47.48"},
		{`<c r="A2"><v>1E-3</v></c>`, "0.001"},
		{`<c r="A2"><v>2.09E+6</v></c>`, "2090000"},
		{`<c r="A2"><v>3.5050012345678901E+17</v></c>`, "350500123456789000"}, // Excel keeps 15 digits
		{`<c r="A2"><v>-0</v></c>`, "-0"},
		{`<c r="A2"><v>1E+300</v></c>`, "1E+300"},
		{`<c r="A2"><v>NaN</v></c>`, "NaN"},
		{`<c r="A2" s="10"><v>12</v></c>`, "12"},
		{`<c r="A2" s="5"><v>12.5</v></c>`, "12.5"},
		{`<c r="A2" s="99"><v>12.5</v></c>`, "12.5"},
		{`<c r="A2" s="6"><v>0.875</v></c>`, "87.5%"},
		{`<c r="A2" s="7"><v>7.0000000000000007E-2</v></c>`, "7%"},
		{`<c r="A2" s="1"><v>45473</v></c>`, "2024-06-30"},
		{`<c r="A2" s="1"><v>1</v></c>`, "1900-01-01"},
		{`<c r="A2" s="1"><v>59</v></c>`, "1900-02-28"},
		{`<c r="A2" s="1"><v>60</v></c>`, "60"}, // the 29 February 1900 that Excel believes in
		{`<c r="A2" s="1"><v>61</v></c>`, "1900-03-01"},
		{`<c r="A2" s="1"><v>0</v></c>`, "0"},
		{`<c r="A2" s="1"><v>-1</v></c>`, "-1"},
		{`<c r="A2" s="1"><v>2958465</v></c>`, "9999-12-31"},
		{`<c r="A2" s="1"><v>2958466</v></c>`, "2958466"},
		{`<c r="A2" s="2"><v>45444</v></c>`, "2024-06"},
		{`<c r="A2" s="2"><v>45445</v></c>`, "2024-06-02"},
		{`<c r="A2" s="9"><v>45444</v></c>`, "2024-06"},
		{`<c r="A2" s="3"><v>45473.4375</v></c>`, "2024-06-30T10:30:00"},
		{`<c r="A2" s="3"><v>45473</v></c>`, "2024-06-30"},
		{`<c r="A2" s="4"><v>1.5</v></c>`, "1.5"},
		{`<c r="A2" s="8"><v>0.4375</v></c>`, "10:30:00"},
		{`<c r="A2" t="d"><v>2024-06-30T00:00:00</v></c>`, "2024-06-30"},
		{`<c r="A2" t="b"><v>1</v></c>`, "TRUE"},
		{`<c r="A2" t="b"><v>0</v></c>`, "FALSE"},
		{`<c r="A2" t="e"><v>#REF!</v></c>`, "#REF!"},
		{`<c r="A2" t="s"><v>0</v></c>`, "plain"},
		{`<c r="A2" t="s"><v>1</v></c>`, "晋江"},
		{`<c r="A2" t="s"><v>2</v></c>`, "a\rb_x"},
		{`<c t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve"> line</t></r></is></c>`, "in line"},
		{`<c r="A2" t="str"><v>result</v></c>`, "result"},
		{`<c r="A2" t="str"><f>B2&amp;C2</f><v>result</v></c>`, "=result"},
		{`<c r="A2"><f>[1]Sheet1!$A$1</f><v>7</v></c>`, "=7"},
		{`<c r="A2"><f t="shared" si="0"/><v>7</v></c>`, "=7"},
		{`<c r="A2"><f>B9</f></c>`, "==B9"}, // never computed
		{`<c r="A2"><f t="shared" si="0"/></c>`, "=="},
		{`<c r="A2"><extLst><ext><v>9</v></ext></extLst><v>7</v></c>`, "7"},
	} {
		data := book(t, inline(1, "id", "name")+`<row r="2">`+c.cell+`</row>`, styles, shared)
		rows, _, err := all(t, data, Options{Columns: people})
		if err != nil {
			t.Errorf("%s: %v", c.cell, err)
			continue
		}
		equal(t, c.cell, rows, []string{"2:" + c.want + "|"})
	}
}

func TestRead_datesOf1904(t *testing.T) {
	parts := frame("清单")
	parts[1].text = strings.Replace(parts[1].text, "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
	parts = append(parts, entry{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`},
		entry{"xl/worksheets/sheet1.xml", sheetXML(inline(1, "id", "name") + `<row><c s="0"><v>44011</v></c></row>`)})
	rows, _, err := all(t, zipped(t, parts...), Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:2024-06-30|"}) // 1,462 days after the same number of the other system
}

func TestRows_marksAllCellsOfAnArrayFormula(t *testing.T) {
	data := book(t, inline(1, "id", "name")+`<row r="2"><c r="A2"><f t="array" ref="A2:A3">TRANSPOSE(X1:Y1)</f><v>1</v></c><c r="B2"><v>5</v></c></row>
		<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>6</v></c></row><row r="4"><c r="A4"><v>3</v></c></row>`)
	rows, _, err := all(t, data, Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:=1|5", "3:=2|6", "4:3|"})
}

func TestRows_reportsMergedCellsBelowTheTitle(t *testing.T) {
	merged := strings.Replace(sheetXML(inline(1, "标题")+inline(2, "id", "name")+inline(3, "1", "a")+inline(4, "", "b")),
		"</worksheet>", `<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A3:A4"/></mergeCells></worksheet>`, 1)
	data := zipped(t, append(frame("清单"), entry{"xl/worksheets/sheet1.xml", merged})...)
	rows, problems, err := all(t, data, Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"3:1|a", "4:|b"})
	equal(t, "problems", problems, []string{"sheet.merged@A3"})
}

func TestRead_choosesTheSheetWithTheHeader(t *testing.T) {
	parts := append(frame("说明", "-旧表", "清单", "副本"),
		entry{"xl/worksheets/sheet1.xml", sheetXML(inline(1, "填表说明"))},
		entry{"xl/worksheets/sheet2.xml", sheetXML(inline(1, "id", "name") + inline(2, "old", "old"))},
		entry{"xl/worksheets/sheet3.xml", sheetXML(inline(1, "二〇二四年") + inline(4, "ID ", "姓 名", "备注") + inline(6, "1", "a"))},
		entry{"xl/worksheets/sheet4.xml", sheetXML(inline(1, "id", "name") + inline(2, "2", "b"))},
		entry{"xl/externalLinks/externalLink1.xml", `<externalLink/>`})
	data := zipped(t, parts...)
	table, err := read(t, data, Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	if table.Sheet != "清单" || table.HeaderRow != 4 || !table.External || table.Label() != "list!清单" {
		t.Errorf("sheet %q, header row %d, external %v; want 清单, 4, true", table.Sheet, table.HeaderRow, table.External)
	}
	equal(t, "Header", table.Header, []string{"ID", "姓 名", "备注"})
	equal(t, "Ignored", table.Ignored, []string{"备注"})
	equal(t, "Hidden", table.Hidden, []string{"旧表"})
	equal(t, "Others", table.Others, []string{"副本"})
	for name, want := range map[string]string{"": "6:1|a|", "旧表": "2:old|old", "副本": "2:2|b"} {
		rows, _, err := all(t, data, Options{Columns: people, Sheet: name})
		if err != nil {
			t.Errorf("sheet %q: %v", name, err)
		}
		equal(t, "sheet "+name, rows, []string{want})
	}
	_, err = read(t, data, Options{Columns: people, Sheet: "说明"})
	wantFault(t, "sheet without the header", err, "sheet.missing_columns", "file=list!说明", "missing=id, name", "found=填表说明")
	_, err = read(t, data, Options{Columns: people, Sheet: "没有"})
	wantFault(t, "no such sheet", err, "sheet.no_such_sheet", "sheet=没有", "sheets=说明, 旧表, 清单, 副本")
	_, err = read(t, "id,name\n", Options{Columns: people, Sheet: "清单"})
	wantFault(t, "a sheet of a CSV", err, "sheet.no_sheets_in_csv")
}

func TestRead_refusesEvilWorkbooks(t *testing.T) {
	wide := func(row int) string {
		return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>1</v></c><c r="NTP%d"><v>1</v></c></row>`, row, row, row) // column 10,000
	}
	head := inline(1, "id", "name")
	doctype := `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`
	with := func(part, text string) string {
		return zipped(t, append(slices.DeleteFunc(append(frame("清单"), entry{"xl/worksheets/sheet1.xml", sheetXML(head)}),
			func(e entry) bool { return e.name == part }), entry{part, text})...)
	}
	many := make([]entry, opc.MaxEntries+1)
	for i := range many {
		many[i].name = fmt.Sprint("x", i)
	}
	for _, c := range []struct {
		name, data string
		want       []string
	}{
		{"10,000 columns", book(t, head+wide(2)), []string{"sheet.too_many_columns", "row=2", "columns=10000", "limit=500"}},
		{"10,000 columns in the header", book(t, wide(1)), []string{"sheet.too_many_columns", "row=1", "columns=10000"}},
		{"17-millionth row", book(t, head+inline(17_000_000, "1", "a")), []string{"sheet.row_beyond_sheet", "row=17000000", "limit=1048576"}},
		{"too many rows", book(t, head+strings.Repeat(`<row><c t="b"><v>1</v></c></row>`, 11)), []string{"sheet.too_many_rows", "limit=10"}},
		{"external entity in the sheet", with("xl/worksheets/sheet1.xml", doctype+sheetXML(inline(1, "id", "&e;"))), []string{"sheet.doctype"}},
		{"external entity in the texts", with("xl/sharedStrings.xml", doctype+`<sst><si><t>&e;</t></si></sst>`), []string{"sheet.doctype"}},
		{"unknown entity", with("xl/worksheets/sheet1.xml", sheetXML(inline(1, "id", "&e;"))), []string{"sheet.damaged"}},
		{"sheet cut off", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+head), []string{"sheet.damaged"}},
		{"sheet cut in a cell", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c><v>1`), []string{"sheet.damaged"}},
		{"rows backwards", book(t, head+inline(3, "1", "a")+inline(2, "2", "b")), []string{"sheet.damaged"}},
		{"cell of another row", book(t, head+`<row r="2"><c r="A3"><v>1</v></c></row>`), []string{"sheet.damaged"}},
		{"cell twice", book(t, head+`<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>`), []string{"sheet.damaged"}},
		{"no such shared text", book(t, head+`<row r="2"><c r="A2" t="s"><v>7</v></c></row>`), []string{"sheet.damaged"}},
		{"part twice", with("XL/Workbook.xml", ""), []string{"sheet.damaged"}},
		{"no sheet part", zipped(t, frame("清单")...), []string{"sheet.damaged"}},
		{"deep nesting", with("xl/worksheets/sheet1.xml", strings.Repeat("<a>", 1000)), []string{"sheet.damaged"}},
		{"cell without an end", with("xl/sharedStrings.xml", `<sst><si><t>`+strings.Repeat("a", maxRecord+9000)), []string{"sheet.cell_too_long"}},
		{"unpacks to too much", with("xl/media/a", strings.Repeat("ab\ncd\n", 1<<20)), []string{"sheet.unzipped_too_large", "limit_mb=5"}},
		{"too many parts", zipped(t, many...), []string{"sheet.too_many_parts"}},
		{"zip without a workbook", zipped(t, entry{"parks.csv", "id,name\n"}), []string{"sheet.not_workbook"}},
		{"empty zip", zipped(t), []string{"sheet.not_workbook"}},
		{"binary workbook", zipped(t, entry{"_rels/.rels", `<r><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></r>`}), []string{"sheet.other_format", "format=XLSB"}},
		{"OpenDocument", zipped(t, entry{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, entry{"content.xml", ""}), []string{"sheet.other_format", "format=ODS"}},
		{"half a file", book(t, head)[:200], []string{"sheet.damaged", "part=zip"}},
		{"no rows", book(t, ""), []string{"sheet.empty"}},
	} {
		_, _, err := all(t, c.data, Options{Columns: people, MaxRows: 10, MaxUnzipped: 4<<20 + 100_000})
		wantFault(t, c.name, err, c.want...)
	}
}

func TestRead_refusesZipBombs(t *testing.T) {
	data := book(t, inline(1, "id", "name"), entry{"xl/media/zeros", strings.Repeat("\x00", 17<<20)})
	if len(data) > 1<<20 {
		t.Fatalf("the bomb is %d bytes, want a small one", len(data))
	}
	_, err := read(t, data, Options{Columns: people})
	wantFault(t, "packed by 1:1000", err, "sheet.zip_bomb", "part=xl/media/zeros")

	// A sheet whose directory entry says 100 bytes and that unpacks to 1 MB.
	sheet := sheetXML(inline(1, "id", "name") + strings.Repeat(" ", 1<<20))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range frame("清单") {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(e.text))
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(sheet)),
		CompressedSize64: uint64(len(sheet)), UncompressedSize64: 100})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(sheet))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err = all(t, b.String(), Options{Columns: people})
	wantFault(t, "entry that lies about its size", err, "sheet.damaged")
}

// compound is an OLE2 file of two sectors: the header and a directory with one stream of the given name.
func compound(stream string) string {
	b := make([]byte, 1024)
	copy(b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	entry := b[512+128:]
	units := utf16.Encode([]rune(stream))
	for i, u := range units {
		binary.LittleEndian.PutUint16(entry[2*i:], u)
	}
	binary.LittleEndian.PutUint16(entry[64:], uint16(2*len(units)+2))
	entry[66] = 2
	return string(b)
}

func TestRead_tellsEncryptedFromOldWorkbooks(t *testing.T) {
	for stream, want := range map[string]string{
		"EncryptedPackage": "sheet.encrypted", "EncryptionInfo": "sheet.encrypted", "Workbook": "sheet.damaged", "Book": "sheet.damaged",
		"WordDocument": "sheet.other_format",
	} {
		_, err := read(t, compound(stream), Options{})
		wantFault(t, stream, err, want)
	}
}

func TestRead_realWorkbooks(t *testing.T) {
	for _, c := range []struct {
		name string
		want []string
	}{
		{"workbooks/encryptAES.xlsx", []string{"sheet.encrypted"}},
		{"workbooks/park_rent_form.xls", []string{"sheet.missing_columns", "missing=id, name"}},
		{"workbooks/duplicate-headers.csv", []string{"sheet.duplicate_columns", "first_cell=A1", "second_cell=C1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, sharedFile(t, c.name), Options{Columns: people})
			wantFault(t, c.name, err, c.want...)
		})
	}
	t.Run("MergeCell.xlsx", func(t *testing.T) {
		_, problems, err := all(t, sharedFile(t, "workbooks/MergeCell.xlsx"), Options{})
		if err != nil || !slices.Contains(problems, "sheet.merged@A1") {
			t.Errorf("problems %q, error %v, want merged cells", problems, err)
		}
	})
}

func TestRead_realTexts(t *testing.T) {
	for _, c := range []struct {
		name           string
		columns        []Column
		rows, problems int
		first          string
	}{
		{"workbooks/bom.csv", people, 2, 0, "2:1|english"},
		{"workbooks/blank-rows-multiple.csv", people, 2, 0, "2:1101|John|30"},
		{"workbooks/defective-rows.csv", people, 2, 1, "2:1101|John|"},
		{"pipelines/repd_first_500_lines.csv", []Column{{Key: "id", Names: []string{"Ref ID"}, Required: true}}, 451, 1, "2:N00053B|1|07/07/2009|RWE npower|"},
		{"workbooks/nbs_gbk_export.csv", []Column{{Key: "place", Names: []string{"地区"}, Required: true}, {Key: "2024", Names: []string{"2024年"}, Required: true}}, 0, 0, "5:北京市||3703|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, problems, err := all(t, sharedFile(t, c.name), Options{Columns: c.columns, DropCutEnd: true})
			if err != nil || c.rows > 0 && len(rows) != c.rows || len(problems) != c.problems || !strings.HasPrefix(rows[0], c.first) {
				t.Errorf("%d rows, first %q, problems %q, error %v; want %d rows, first %q", len(rows), rows[:1], problems, err, c.rows, c.first)
			}
		})
	}
}
