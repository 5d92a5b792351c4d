package annotate

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func annotated(t testing.TB, in []byte, job Job) ([]byte, Result) {
	t.Helper()
	var out bytes.Buffer
	result, err := Workbook(context.Background(), bytes.NewReader(in), int64(len(in)), &out, job)
	if err != nil {
		t.Fatalf("Workbook: %v", err)
	}
	return out.Bytes(), result
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sharedFile reads a file of the shared data, which is no part of the project.
func sharedFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", name))
	if err != nil {
		t.Skipf("%s is not here: %v", name, err)
	}
	return b
}

// parts unpacks a package: raw packed bytes and contents by name, and the names in order.
func parts(t testing.TB, data []byte) (raw, text map[string]string, names []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	raw, text = map[string]string{}, map[string]string{}
	for _, f := range z.File {
		r, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		packed, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		raw[f.Name], text[f.Name] = fmt.Sprint(f.Method, f.CRC32, f.Modified, string(packed)), string(plain)
		names = append(names, f.Name)
	}
	return raw, text, names
}

// tokens writes a part as one line per token. Of the elements named in drop nothing is written, and attributes named
// "element@attribute" are left out.
func tokens(t testing.TB, part string, drop ...string) []string {
	t.Helper()
	var out []string
	d := xml.NewDecoder(strings.NewReader(part))
	skip := 0
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v in %.300s", err, part)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if skip > 0 || slices.Contains(drop, e.Name.Local) {
				skip++
				continue
			}
			line := e.Name.Local
			for _, a := range e.Attr {
				if !slices.Contains(drop, e.Name.Local+"@"+a.Name.Local) {
					line += " " + a.Name.Local + "=" + a.Value
				}
			}
			out = append(out, line)
		case xml.EndElement:
			if skip > 0 {
				skip--
				continue
			}
			out = append(out, "/"+e.Name.Local)
		case xml.CharData:
			if skip == 0 {
				out = append(out, string(e))
			}
		}
	}
}

// wantSame compares two token lists and shows the first difference.
func wantSame(t testing.TB, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s differs at token %d: %q, want %q", what, i, near(got, i), near(want, i))
			return
		}
	}
}

func near(list []string, i int) []string {
	return list[min(max(0, i-2), len(list)):min(len(list), i+3)]
}

func open(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// wantSameBook compares every cell (value, formula, style but for the fill), the merged ranges, the notes, the names, the
// widths and the rules of all sheets of two workbooks; marked holds "sheet!cell" of the cells that may have another fill.
func wantSameBook(t testing.TB, before, after *excelize.File, marked map[string]bool) {
	t.Helper()
	sheets := before.GetSheetList()
	if got := after.GetSheetList()[1:]; !slices.Equal(got, sheets) {
		t.Fatalf("sheets = %q, want the summary and %q", after.GetSheetList(), sheets)
	}
	for _, s := range sheets {
		for cell := range marked { // the parts of other sheets are the same bytes
			if strings.HasPrefix(cell, s+"!") {
				wantSameCells(t, before, after, s, marked)
				break
			}
		}
		b, err1 := before.GetMergeCells(s)
		a, err2 := after.GetMergeCells(s)
		wantEqual(t, s+" merges", fmt.Sprint(a, err2), fmt.Sprint(b, err1))
		bv, err1 := before.GetDataValidations(s)
		av, err2 := after.GetDataValidations(s)
		wantEqual(t, s+" validations", text(t, av, err2), text(t, bv, err1))
		bc, err1 := before.GetConditionalFormats(s)
		ac, err2 := after.GetConditionalFormats(s)
		wantEqual(t, s+" conditional formats", text(t, ac, err2), text(t, bc, err1))
		bn, _ := before.GetComments(s)
		an, _ := after.GetComments(s)
		for _, note := range bn {
			same := slices.ContainsFunc(an, func(c excelize.Comment) bool {
				return c.Cell == note.Cell && c.Author == note.Author && strings.HasPrefix(noteText(c), noteText(note))
			})
			if !same {
				t.Errorf("%s!%s: the note %q is gone", s, note.Cell, noteText(note))
			}
		}
	}
	names := func(f *excelize.File) string {
		return fmt.Sprint(slices.DeleteFunc(f.GetDefinedName(), func(d excelize.DefinedName) bool { return d.Name == markName }))
	}
	wantEqual(t, "names", names(after), names(before))
}

// text writes a value with what its pointers lead to.
func text(t testing.TB, v any, err error) string {
	t.Helper()
	b, jsonErr := json.Marshal(v)
	if err := errors.Join(err, jsonErr); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func noteText(c excelize.Comment) string {
	text := c.Text
	for _, p := range c.Paragraph {
		text += p.Text
	}
	return text
}

func wantSameCells(t testing.TB, before, after *excelize.File, sheet string, marked map[string]bool) {
	t.Helper()
	b, err1 := before.GetRows(sheet, excelize.Options{RawCellValue: true})
	a, err2 := after.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for r := range max(len(a), len(b)) {
		const looked = 45 // every cell's tokens are compared elsewhere; looking cells up one by one is slow
		if r > looked {
			break
		}
		width := 0
		for _, rows := range [][][]string{a, b} {
			if r < len(rows) {
				width = max(width, len(rows[r]))
			}
		}
		for c := range width {
			cell := place{c, r + 1}.String()
			vb, _ := before.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
			va, _ := after.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
			fb, _ := before.GetCellFormula(sheet, cell)
			fa, _ := after.GetCellFormula(sheet, cell)
			wantEqual(t, sheet+"!"+cell, va+" ="+fa, vb+" ="+fb)
			wantEqual(t, sheet+"!"+cell+" style", style(t, after, sheet, cell, marked), style(t, before, sheet, cell, marked))
		}
	}
}

func style(t testing.TB, f *excelize.File, sheet, cell string, marked map[string]bool) string {
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		return err.Error()
	}
	if !marked[sheet+"!"+cell] {
		return fmt.Sprint(id)
	}
	s, err := f.GetStyle(id)
	if err != nil {
		return err.Error()
	}
	s.Fill = excelize.Fill{}
	return text(t, s, nil)
}

func wantEqual[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// fillColour is the colour of a cell's fill as the parts say; empty for none.
func fillColour(t testing.TB, parts map[string]string, sheet, cell string) string {
	t.Helper()
	m := regexp.MustCompile(`<c r="` + cell + `"[^>]* s="([0-9]+)"`).FindStringSubmatch(parts[sheet])
	if m == nil {
		t.Fatalf("no cell %s with a style", cell)
	}
	xf, _ := strconv.Atoi(m[1])
	styles := parts["xl/styles.xml"]
	xfs := regexp.MustCompile(`<xf [^>]*fillId="([0-9]+)"`).FindAllStringSubmatch(styles[strings.Index(styles, "<cellXfs"):], -1)
	fill, _ := strconv.Atoi(xfs[xf][1])
	fills := strings.SplitAfter(styles[strings.Index(styles, "<fills"):strings.Index(styles, "</fills>")], "</fill>")
	if m = regexp.MustCompile(`fgColor rgb="([0-9A-F]+)"`).FindStringSubmatch(fills[fill]); m == nil {
		return ""
	}
	return m[1]
}
