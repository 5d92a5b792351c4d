package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// people are the columns of the small tables in these tests.
var people = []Column{{Key: "id", Names: []string{"id"}, Required: true}, {Key: "name", Names: []string{"name", "姓名"}, Required: true}}

func read(t testing.TB, data string, o Options) (*Table, error) {
	t.Helper()
	if o.File == "" {
		o.File = "list"
	}
	return Read(context.Background(), strings.NewReader(data), int64(len(data)), o)
}

// all reads a file to its end and gives "number:text|text" for each row, and the keys of the problems with their cells.
func all(t testing.TB, data string, o Options) (rows, problems []string, err error) {
	t.Helper()
	table, err := read(t, data, o)
	if err != nil {
		return nil, nil, err
	}
	var found Problems
	for row, err := range table.Rows(context.Background(), &found) {
		if err != nil {
			return rows, nil, err
		}
		var texts []string
		for _, c := range row.Cells {
			text := c.Text
			if c.Formula {
				text = "=" + text
			}
			texts = append(texts, text)
		}
		rows = append(rows, fmt.Sprintf("%d:%s", row.Number, strings.Join(texts, "|")))
	}
	for _, p := range found.List {
		problems = append(problems, p.Key+"@"+p.Cell)
	}
	return rows, problems, nil
}

// wantFault checks key and arguments; want is the key and "arg=value" pairs.
func wantFault(t testing.TB, what string, err error, want ...string) {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Key != want[0] || f.Kind == fault.Internal {
		t.Errorf("%s: error = %v, want %s", what, err, want[0])
		return
	}
	for _, pair := range want[1:] {
		name, value, _ := strings.Cut(pair, "=")
		if got := fmt.Sprint(f.Args[name]); got != value {
			t.Errorf("%s: argument %s = %q, want %q", what, name, got, value)
		}
	}
}

// sharedFile reads a file of the shared data, which is no part of the project.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is not here: %v", name, err)
	}
	return string(b)
}

type entry struct{ name, text string }

func zipped(t testing.TB, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if len(e.text) < 1024 {
			h.Method = zip.Store // a compressor for each small part takes long
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const relType = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`

// frame is a workbook without sheets' contents: names[i] is the sheet of part sheet<i+1>.xml; a name that begins with "-" is
// a hidden sheet's.
func frame(names ...string) []entry {
	var sheets, rels strings.Builder
	for i, n := range names {
		state := ""
		if strings.HasPrefix(n, "-") {
			n, state = n[1:], ` state="hidden"`
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, n, i+1, state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relType, i+1)
	}
	return []entry{
		{"_rels/.rels", `<Relationships><Relationship Id="a" Type="` + relType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships>` + rels.String() +
			`<Relationship Id="st" Type="` + relType + `styles" Target="styles.xml"/>` +
			`<Relationship Id="ss" Type="` + relType + `sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`},
	}
}

// book is a workbook with one sheet, 清单, whose sheetData is given, and further entries.
func book(t testing.TB, data string, more ...entry) string {
	t.Helper()
	return zipped(t, slices.Concat(frame("清单"), []entry{{"xl/worksheets/sheet1.xml", sheetXML(data)}}, more)...)
}

func sheetXML(data string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + data + `</sheetData></worksheet>`
}

// inline is a row of text cells.
func inline(row int, texts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, row)
	for i, s := range texts {
		fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref(i, row), s)
	}
	return b.String() + `</row>`
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}
