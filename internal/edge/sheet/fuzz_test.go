package sheet

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
)

// small are limits under which a fuzzer cannot make the reader slow.
var small = Options{File: "f", MaxBytes: 1 << 20, MaxUnzipped: 8 << 20, MaxRows: 5000, MaxColumns: 50}

// readAll reads a file under several sets of wanted columns and checks what holds for every table.
func readAll(t *testing.T, data []byte) {
	for _, columns := range [][]Column{nil, people, parkColumns} {
		o := small
		o.Columns = columns
		table, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), o)
		if err != nil {
			checkFault(t, err)
			continue
		}
		last := table.HeaderRow
		var problems Problems
		for row, err := range table.Rows(context.Background(), &problems) {
			if err != nil {
				checkFault(t, err)
				break
			}
			if row.Number <= last || len(row.Cells) != len(table.Header) {
				t.Fatalf("row %d after %d has %d cells under %d headers", row.Number, last, len(row.Cells), len(table.Header))
			}
			last = row.Number
			for i, c := range row.Cells {
				if !utf8.ValidString(c.Text) || c.Ref != ref(i, row.Number) {
					t.Fatalf("cell %s = %q in column %d, want valid UTF-8 at its place", c.Ref, c.Text, i)
				}
			}
		}
		if len(problems.List) > MaxProblems {
			t.Fatalf("%d problems, want at most %d", len(problems.List), MaxProblems)
		}
	}
}

func checkFault(t *testing.T, err error) {
	if !strings.Contains(err.Error(), "sheet.") || strings.Contains(err.Error(), "internal") {
		t.Fatalf("error %v, want one that says what is wrong with the file", err)
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{
		"id,name\n1,a\n", "id;name\r\n\"1\";\"a\nb\"\r\n", "\ufeffid\tname\n", "\xff\xfei\x00d\x00\n\x00", "\xd4\xb0\xc7\xf8\xc3\xfb\xb3\xc6,id,name\n", "id,name\r1,\"\r",
	} {
		f.Add([]byte(s))
	}
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer check(t)
		if !bytes.HasPrefix(data, []byte("PK")) {
			readAll(t, data)
		}
	})
}

// FuzzReadXLSX mutates the parts of a workbook, not the archive around them, whose checksums would stop every mutant.
func FuzzReadXLSX(f *testing.F) {
	parts := frame("清单")
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm"/></numFmts><cellXfs><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>`
	shared := `<sst><si><t>id</t></si><si><r><t>name</t></r></si><si><t>a_x000D_</t></si></sst>`
	f.Add(sheetXML(inline(1, "id", "name")+inline(2, "1", "a")), shared, styles, parts[1].text, parts[2].text)
	f.Add(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" s="1"><f t="array" ref="A3:B4">x</f><v>45444.5</v></c><c t="b"><v>1</v></c></row>`)+
		`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, shared, styles, parts[1].text, parts[2].text)
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, sheet, shared, styles, workbook, rels string) {
		defer check(t)
		entries := slices.Clone(parts[:1])
		entries = append(entries, entry{parts[1].name, workbook}, entry{parts[2].name, rels}, entry{"xl/styles.xml", styles},
			entry{"xl/sharedStrings.xml", shared}, entry{"xl/worksheets/sheet1.xml", sheet})
		readAll(t, []byte(zipped(t, entries...)))
	})
}

// FuzzReadArchive mutates the archive itself.
func FuzzReadArchive(f *testing.F) {
	f.Add([]byte(book(f, inline(1, "id", "name")+inline(2, "1", "a"))))
	f.Add([]byte(compound("EncryptedPackage")))
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer check(t)
		readAll(t, data)
	})
}
