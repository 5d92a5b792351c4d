package sheet

import (
	"bytes"
	"context"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/refdata"
)

// opened reads every sheet of a file to its end, as an import does that knows no form.
func opened(data string) error {
	ctx := context.Background()
	f, err := Open(ctx, strings.NewReader(data), int64(len(data)), Options{File: "表.xlsx"})
	if err != nil {
		return err
	}
	for _, s := range f.Sheets {
		for _, err := range f.Rows(ctx, s.Name) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// encryptedOld is an old workbook whose second record says that the rest is encrypted ([MS-XLS] 2.4.117, FilePass).
func encryptedOld(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("xls/testdata/libreoffice.xls")
	if err != nil {
		t.Fatal(err)
	}
	const bof, length = "\x09\x08\x10\x00\x00\x06\x05\x00", 4 + 16 // a record's head and that of BIFF8's first record
	at := bytes.Index(b, []byte(bof))
	if at < 0 {
		t.Fatal("no workbook in the file")
	}
	b[at+length], b[at+length+1] = 0x2F, 0
	return string(b)
}

// wantSentence checks that an error says in every language what is wrong, with all its values.
func wantSentence(t *testing.T, texts *message.Catalogue, what string, err error, key string) {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Kind != fault.Invalid || f.Key != key {
		t.Errorf("%s: error %v, want %s", what, err, key)
		return
	}
	for _, lang := range texts.Languages() {
		text, ok := texts.Format(lang, f.Key, f.Args)
		if !ok || strings.Contains(text, "{") || !strings.Contains(text, "表.xlsx") {
			t.Errorf("%s: %q in %s, want a sentence about the file", what, text, lang)
		}
	}
}

func TestOpen_refusesAttacksWithASentence(t *testing.T) {
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	const doctype = `<?xml version="1.0"?><!-- x --><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`
	head := inline(1, "id", "name")
	locked := []byte(book(t, head))
	for _, sign := range []string{"PK\x03\x04", "PK\x01\x02"} { // the flag of encryption, in both records of the sheet
		at := strings.LastIndex(string(locked), sign)
		locked[at+map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8}[sign]] |= 1
	}
	billion := `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`
	cases := []struct{ what, data, key string }{
		{"zip bomb", book(t, head, entry{"xl/media/zeros", strings.Repeat("\x00", 17<<20)}), "sheet.zip_bomb"},
		{"encrypted xlsx", compound("EncryptedPackage"), "sheet.encrypted"},
		{"encrypted xls", encryptedOld(t), "sheet.encrypted"},
		{"encrypted zip entry", string(locked), "sheet.encrypted"},
		{"17-millionth row", book(t, head+inline(17_000_000, "1", "a")), "sheet.row_beyond_sheet"},
		{"a million and one rows", "id,name\n" + strings.Repeat("1,a\n", DefaultMaxRows+1), "sheet.too_many_rows"},
		{"17 million rows", strings.Repeat("a\n", 17_000_000), "sheet.too_many_rows"},
		{"entities of entities", book(t, head, entry{"xl/sharedStrings.xml", billion}), "sheet.doctype"},
		{"cut in the middle", book(t, head)[:300], "sheet.damaged"},
	}
	for _, part := range []string{"xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml", "[Content_Types].xml", "xl/comments1.xml", "xl/drawings/d.vml",
		"xl/externalLinks/externalLink1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "customXml/item1.xml"} {
		cases = append(cases, struct{ what, data, key string }{"document type in " + part, book(t, head, entry{part, doctype + `<x>&e;</x>`}), "sheet.doctype"})
	}
	for _, part := range frame("清单") {
		parts := []entry{{part.name, doctype + part.text}, {"xl/worksheets/sheet1.xml", sheetXML(head)}}
		for _, other := range frame("清单") {
			if other.name != part.name {
				parts = append(parts, other)
			}
		}
		cases = append(cases, struct{ what, data, key string }{"document type in " + part.name, zipped(t, parts...), "sheet.doctype"})
	}
	for _, c := range cases {
		debug.FreeOSMemory()
		before := sheettest.Held()
		wantSentence(t, texts, c.what, opened(c.data), c.key)
		if held := sheettest.Held(); held > before+sheettest.MaxMemory {
			t.Errorf("%s: %d MiB of memory are taken", c.what, (held-before)>>20)
		}
	}
}

func TestOpen_refusesTheEncryptedWorkbookOfARealProgram(t *testing.T) {
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	wantSentence(t, texts, "encryptAES.xlsx", opened(sharedFile(t, "workbooks/encryptAES.xlsx")), "sheet.encrypted")
}

// A link to another workbook is not followed: what it computed is a formula's result, which an import does not take for a
// statement, and the file says that it has such links.
func TestOpen_reportsLinksToOtherWorkbooks(t *testing.T) {
	const link = `<externalLink xmlns:r="r"><externalBook r:id="rId1"/></externalLink>`
	const rels = `<Relationships><Relationship Id="rId1" Type="x/externalLinkPath" Target="http://10.0.0.1/secret.xlsx" TargetMode="External"/></Relationships>`
	data := book(t, inline(1, "id", "name")+`<row r="2"><c r="A2"><f>[1]Sheet1!$A$1</f><v>7</v></c></row>`,
		entry{"xl/externalLinks/externalLink1.xml", link}, entry{"xl/externalLinks/_rels/externalLink1.xml.rels", rels})
	f, err := Open(context.Background(), strings.NewReader(data), int64(len(data)), Options{File: "f"})
	if err != nil || !f.External {
		t.Fatalf("Open: external %v, %v, want true", f.External, err)
	}
	for row, err := range f.Rows(context.Background(), "清单") {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number == 2 && (!row.Cells[0].Formula || row.Cells[0].Text != "7") {
			t.Errorf("A2 = %+v, want a formula's result", row.Cells[0])
		}
	}
}

// A sheet that lies outside the package is none.
func TestOpen_doesNotReadPartsOutsideThePackage(t *testing.T) {
	for _, target := range []string{`Target="http://10.0.0.1/sheet1.xml" TargetMode="External"`, `Target="../../../../etc/passwd"`, `Target="file:///etc/passwd"`} {
		parts := append(frame(), entry{"xl/worksheets/sheet1.xml", sheetXML(inline(1, "a"))})
		parts[1].text = `<workbook xmlns:r="r"><sheets><sheet name="s" sheetId="1" r:id="x"/></sheets></workbook>`
		parts[2].text = `<Relationships><Relationship Id="x" Type="x/worksheet" ` + target + `/></Relationships>`
		if err := opened(zipped(t, parts...)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("sheet of %s: error %v, want a refusal", target, err)
		}
	}
}

func TestOpen_refusesEveryCutOfAFile(t *testing.T) {
	for name, data := range map[string]string{"xlsx": book(t, inline(1, "id", "name")+inline(2, "1", "a")), "compound": compound("Workbook")} {
		for n := 1; n < len(data); n++ {
			if err := opened(data[:n]); fault.KindOf(err) != fault.Invalid && !(n < 8 && err == nil) {
				t.Errorf("%d bytes of %s: error %v, want a refusal", n, name, err)
			}
		}
	}
}
