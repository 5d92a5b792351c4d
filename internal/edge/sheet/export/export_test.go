package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/template"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func say(key string, _ map[string]any) string { return key[strings.LastIndexByte(key, '.')+1:] }

func returns() *form.Form {
	field := func(code, name string, kind form.Kind, unit string) form.Item {
		return form.Item{Field: &form.Field{Code: code, Name: form.Text{ZH: name, EN: code}, Kind: kind, Unit: unit,
			Choices: []form.Option{{Code: "idle", Name: form.Text{ZH: "停产", EN: "idle"}}}}}
	}
	return &form.Form{Code: "m", Name: form.Text{ZH: "企业月报:表", EN: "Monthly"}, Subject: form.OfEnterprise, Items: []form.Item{
		field("output", "产值", form.Quantity, "万元"), field("jobs", "人数", form.Quantity, "人"), field("since", "投产", form.Date, ""),
		field("state", "状态", form.Choice, ""), field("listed", "纳统", form.Truth, ""), field("note", "备注", form.Word, "")}}
}

func rowsOf(rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var evil = Row{Subject: "@SUM(1)", Name: "=cmd|'/c calc'!A0", Org: "+县", Period: "-2024", State: "\tx",
	Cells: map[string]string{"output": "-1250000001", "jobs": "12", "since": "2024-06-30", "state": "idle", "listed": "true", "note": "=HYPERLINK(\"http://x\")"}}

func written(t testing.TB, s Spec) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(context.Background(), &out, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWrite_ofCSVGuardsAgainstFormulas(t *testing.T) {
	got := string(written(t, Spec{Form: returns(), Format: CSV, Language: template.Chinese, Rows: rowsOf(evil), Say: say}))
	want := "\ufeffsubject,name,org,period,state,产值(万元),人数(人),投产,状态,纳统,备注\n" +
		"'@SUM(1),'=cmd|'/c calc'!A0,'+县,-2024,'\tx,-1250.000001,12,2024-06-30,停产,yes,\"'=HYPERLINK(\"\"http://x\"\")\"\n"
	if got != want {
		t.Errorf("CSV = %q, want %q", got, want)
	}
}

func TestWrite_ofAWorkbookTypesItsCells(t *testing.T) {
	data := written(t, Spec{Form: returns(), Format: XLSX, Language: template.Chinese, Rows: rowsOf(evil), Say: say})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const name = "企业月报_表"
	for cell, want := range map[string]string{"A2": "@SUM(1)", "B2": "=cmd|'/c calc'!A0", "E2": "\tx", "F2": "-1250.000001", "G2": "12", "H2": "2024-06-30", "I2": "停产", "K2": `=HYPERLINK("http://x")`} {
		got, err := f.GetCellValue(name, cell)
		if formula, _ := f.GetCellFormula(name, cell); got != want || err != nil || formula != "" {
			t.Errorf("%s = %q, formula %q, %v, want %q", cell, got, formula, err, want)
		}
	}
	for cell, number := range map[string]bool{"F2": true, "H2": true, "A2": false, "D2": false, "K2": false} {
		kind, _ := f.GetCellType(name, cell)
		if got := kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber; got != number {
			t.Errorf("%s is a number: %v, want %v", cell, got, number)
		}
	}
}

func TestWrite_refusesWhatItCannotWrite(t *testing.T) {
	cause := errors.New("gone")
	failing := func(yield func(Row, error) bool) { yield(Row{}, cause) }
	for _, format := range []Format{XLSX, CSV} {
		if err := Write(context.Background(), io.Discard, Spec{Form: returns(), Format: format, Rows: failing, Say: say}); !errors.Is(err, cause) {
			t.Errorf("Write(%s) = %v, want the rows' error", format, err)
		}
	}
	err := Write(context.Background(), io.Discard, Spec{Form: returns(), Format: "pdf", Say: say})
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || f.Key != "export.format" {
		t.Errorf("Write(pdf) = %v, want export.format", err)
	}
}

// heaped watches the heap while rows are written.
func heaped(n int) (iter.Seq2[Row, error], *uint64) {
	var most uint64
	return func(yield func(Row, error) bool) {
		var m runtime.MemStats
		for i := range n {
			if i%(n/10) == 0 {
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			if !yield(Row{Subject: fmt.Sprintf("91350500%010d", i), Name: fmt.Sprint("企业", i), Org: "甲县", Period: "2024年6月", State: "已审核", Cells: evil.Cells}, nil) {
				return
			}
		}
	}, &most
}

func TestWrite_streams(t *testing.T) {
	for _, format := range []Format{CSV, XLSX} {
		const rows, limit = 20_000, 96 << 20
		all, most := heaped(rows)
		data := written(t, Spec{Form: returns(), Format: format, Language: template.Chinese, Rows: all, Say: say})
		if *most > limit {
			t.Errorf("%s needs %d MiB of heap, want at most %d", format, *most>>20, limit>>20)
		}
		f, err := sheet.Open(context.Background(), bytes.NewReader(data), int64(len(data)), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range f.Rows(context.Background(), f.Sheets[0].Name) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != rows+1 {
			t.Errorf("%s has %d rows, want %d", format, n, rows+1)
		}
	}
}

func TestName_isOneThatEverySystemTakes(t *testing.T) {
	for _, c := range []struct {
		parts []string
		want  string
	}{
		{[]string{"企业月报", "晋江市", "2024年6月"}, "企业月报_晋江市_2024年6月.xlsx"},
		{[]string{"a/b\\c:d", "..", "x\x00y\n"}, "a-b-c-d_x-y.xlsx"},
		{[]string{"", " ", "."}, "export.xlsx"},
		{[]string{"CON"}, "export_CON.xlsx"},
		{[]string{"nul.x"}, "export_nul.x.xlsx"},
		{[]string{"甲\u202Exslx\u200B", "\xff<>|\"?*"}, "甲xslx.xlsx"},
		{[]string{strings.Repeat("长", 200)}, strings.Repeat("长", 120) + ".xlsx"},
	} {
		if got := Name(XLSX, c.parts...); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.parts, got, c.want)
		}
	}
}

// BenchmarkWrite writes 100,000 rows and says how much heap it held at most.
func BenchmarkWrite(b *testing.B) {
	for _, format := range []Format{CSV, XLSX} {
		b.Run(string(format), func(b *testing.B) {
			var held uint64
			for b.Loop() {
				all, most := heaped(100_000)
				if err := Write(context.Background(), io.Discard, Spec{Form: returns(), Format: format, Rows: all, Say: say}); err != nil {
					b.Fatal(err)
				}
				held = max(held, *most)
			}
			b.ReportMetric(float64(held>>20), "MiB")
		})
	}
}
