package sheet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func openFile(t testing.TB, data string) *File {
	t.Helper()
	f, err := Open(context.Background(), strings.NewReader(data), int64(len(data)), Options{File: "f", DropCutEnd: true})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// rawRows gives "number:text|text" for each row.
func rawRows(t testing.TB, f *File, sheet string) []string {
	t.Helper()
	var out []string
	for row, err := range f.Rows(context.Background(), sheet) {
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, c := range row.Cells {
			text := c.Text
			if c.Formula {
				text = "=" + text
			}
			texts = append(texts, text)
		}
		out = append(out, fmt.Sprintf("%d:%s", row.Number, strings.Join(texts, "|")))
	}
	return out
}

func TestOpen_oneTableInThreeKindsOfFileIsTheSame(t *testing.T) {
	want := []string{"1:2024年园区清单", "2:园区名称|县(市、区)|面积||开工日期|招商率", "3:||土地(亩)|厂房(㎡)", "4:晋江芯谷|晋江市|131.2|242000|2024-06-30|87.5%",
		"5:石狮园|石狮市|约100|-3|去年|=0.0542%", "8:合计||=131.2"}
	for kind, path := range map[string]string{"xlsx": "annotate/testdata/libreoffice.xlsx", "xls": "xls/testdata/libreoffice.xls"} {
		b, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		f := openFile(t, string(b))
		if f.Kind != kind || len(f.Sheets) != 2 || f.Sheets[0].Name != "园区清单" {
			t.Errorf("Open(%s) = %q %v, want %s with 园区清单 first", path, f.Kind, f.Sheets, kind)
		}
		equal(t, path, rawRows(t, f, "园区清单"), want)
		merges, err := f.Merges(context.Background(), "园区清单")
		if err != nil || len(merges) != 6 || merges[0] != (Range{0, 1, 5, 1}) {
			t.Errorf("Merges(%s) = %v, %v, want six, the first A1:F1", path, merges, err)
		}
	}
	f := openFile(t, "2024年园区清单\n园区名称,县\n\n晋江芯谷,\"晋江市")
	equal(t, "csv", rawRows(t, f, ""), []string{"1:2024年园区清单", "2:园区名称|县"})
	if f.Kind != "csv" || f.Encoding != EncodingUTF8 || f.CutEnd() == 0 {
		t.Errorf("Open = %q %q, cut at %d, want a CSV with a cut end", f.Kind, f.Encoding, f.CutEnd())
	}
}

func TestOpen_refusesSheetsThatAreNotThere(t *testing.T) {
	f := openFile(t, book(t, inline(1, "a")))
	for _, err := range f.Rows(context.Background(), "没有") {
		wantFault(t, "Rows", err, "sheet.no_such_sheet", "sheet=没有")
	}
	if f.Has("没有") || !f.Has("清单") {
		t.Error("Has = wrong, want 清单 alone")
	}
}

func TestColumnIndex_isTheWayBack(t *testing.T) {
	for _, i := range []int{0, 25, 26, 701, 702, 16383} {
		if got, ok := ColumnIndex(ColumnName(i)); got != i || !ok {
			t.Errorf("ColumnIndex(%q) = %d, %v, want %d", ColumnName(i), got, ok, i)
		}
	}
	for _, s := range []string{"", "1", "A1", "XFE", "AAAA", "A-"} {
		if _, ok := ColumnIndex(s); ok {
			t.Errorf("ColumnIndex(%q) is a column, want none", s)
		}
	}
}
