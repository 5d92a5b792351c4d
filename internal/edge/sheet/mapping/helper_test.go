package mapping

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

var parkFields = []Field{
	{Code: "name", Names: []string{"园区名称", "名称", "项目名称"}, Kind: value.Text, Required: true},
	{Code: "org", Names: []string{"县(市、区)", "县市区", "属地"}, Kind: value.Text},
	{Code: "land", Names: []string{"土地面积", "用地面积"}, Kind: value.Quantity, Unit: "亩"},
	{Code: "factory", Names: []string{"厂房面积", "标准厂房面积"}, Kind: value.Quantity, Unit: "m2"},
	{Code: "investment", Names: []string{"总投资", "投资额"}, Kind: value.Quantity, Unit: "万元"},
	{Code: "started", Names: []string{"开工日期", "开工时间"}, Kind: value.Date},
	{Code: "leasing", Names: []string{"招商率"}, Kind: value.Quantity, Unit: "%"},
}

func openFile(t testing.TB, name string, data []byte) *sheet.File {
	t.Helper()
	f, err := sheet.Open(context.Background(), bytes.NewReader(data), int64(len(data)), sheet.Options{File: name, DropCutEnd: true})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func csvFile(t testing.TB, lines ...string) *sheet.File {
	return openFile(t, "f.csv", []byte(strings.Join(lines, "\n")+"\n"))
}

// sharedFile reads a file of the shared data, which is no part of the project.
func sharedFile(t testing.TB, name string) *sheet.File {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", name))
	if err != nil {
		t.Skipf("%s is not here: %v", name, err)
	}
	return openFile(t, filepath.Base(name), b)
}

func sample1(t testing.TB, path string) *sheet.File {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return openFile(t, filepath.Base(path), b)
}

func detect(t testing.TB, f *sheet.File, fields []Field) Layout {
	t.Helper()
	all, err := Detect(context.Background(), f, fields)
	if err != nil || len(all) == 0 {
		t.Fatalf("Detect(%s) = %d layouts, %v, want one", f.Name, len(all), err)
	}
	return all[0]
}

// columns writes a layout as "B=title[unit]kind".
func columns(l Layout) string {
	var out []string
	for _, c := range l.Column {
		out = append(out, fmt.Sprintf("%s=%s[%s]%s", sheet.ColumnName(c.Index), c.Title, c.Unit, c.Kind))
	}
	return strings.Join(out, " ")
}

// mapped writes the chosen fields of a mapping as "B=field:unit".
func mapped(m Mapping) string {
	var out []string
	for _, c := range m.Columns {
		if c.Field != "" {
			out = append(out, fmt.Sprintf("%s=%s:%s", c.Column, c.Field, c.Unit))
		}
	}
	return strings.Join(out, " ")
}

func propose(t testing.TB, l Layout, fields []Field) Mapping {
	t.Helper()
	return l.Mapping(Propose(l, fields), fields)
}

// records reads a file by a mapping: "row:text|text"; unknown is ?, bad is !.
func records(t testing.TB, m Mapping, f *sheet.File) ([]string, Report) {
	t.Helper()
	var out []string
	var report Report
	for r, err := range m.Read(context.Background(), f, &report) {
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, item := range r.Items {
			text := item.Value.Text
			switch {
			case item.Bad:
				text = "!"
			case item.Value.State == value.Unknown:
				text = "?"
			}
			texts = append(texts, text)
		}
		out = append(out, fmt.Sprintf("%d:%s", r.Row, strings.Join(texts, "|")))
	}
	return out, report
}

func skips(r Report) string {
	var out []string
	for _, s := range r.Skipped {
		out = append(out, fmt.Sprintf("%d %s", s.Row, s.Why))
	}
	return strings.Join(out, ", ")
}

func problems(r Report) string {
	var out []string
	for _, p := range r.Problems.List {
		out = append(out, p.Cell+" "+p.Key)
	}
	return strings.Join(out, ", ")
}

func wantEqual[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s =\n%v, want\n%v", what, got, want)
	}
}

func wantFault(t testing.TB, what string, err error, key string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Key != key {
		t.Errorf("%s: error %v, want %s", what, err, key)
	}
}

// xlsx makes a workbook of one sheet with merged ranges.
func xlsx(t testing.TB, rows [][]any, merges ...string) *sheet.File {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range merges {
		first, last, _ := strings.Cut(m, ":")
		if err := f.MergeCell("Sheet1", first, last); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return openFile(t, "f.xlsx", b.Bytes())
}
