package template

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// partsOf unpacks a template.
func partsOf(t testing.TB, data []byte) (names []string, text map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	text = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, text[f.Name] = append(names, f.Name), string(b)
	}
	return names, text
}

// FuzzRead mutates the table and the hidden sheet of a template: it is none, is refused, or is read by its mapping.
func FuzzRead(f *testing.F) {
	spec := leadsSpec()
	spec.Spare = 1 // a small table, which changes at more places of interest
	names, text := partsOf(f, written(f, spec))
	const table, texts = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	hidden := "xl/worksheets/sheet2.xml"
	if !strings.Contains(text["xl/workbook.xml"], metaSheet) || text[hidden] == "" || text[texts] == "" {
		f.Fatalf("the template has the parts %q", names)
	}
	f.Add(text[table], text[hidden], text[texts])
	f.Add(strings.ReplaceAll(text[table], "number", "money"), text[hidden], strings.ReplaceAll(text[texts], "4", "-99999999999999999999"))
	own := leads()
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, sheetXML, hiddenXML, shared string) {
		defer check(t)
		var packed bytes.Buffer
		z := zip.NewWriter(&packed)
		for _, name := range names {
			part := text[name]
			switch name {
			case table:
				part = sheetXML
			case hidden:
				part = hiddenXML
			case texts:
				part = shared
			}
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err == nil {
				_, err = io.WriteString(w, part)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := sheet.Open(context.Background(), bytes.NewReader(packed.Bytes()), int64(packed.Len()), sheet.Options{File: "f", MaxRows: 5000, MaxColumns: 50})
		if err != nil {
			refused(t, err)
			return
		}
		m, err := Read(context.Background(), file)
		if err != nil {
			refused(t, err)
			return
		}
		if m.First < 2 || m.Last < m.First || len(m.Columns) == 0 {
			t.Fatalf("meta = %+v, want a table", m)
		}
		var report mapping.Report
		for _, err := range m.Mapping(own).Read(context.Background(), file, &report) {
			if err != nil {
				refused(t, err)
				return
			}
		}
	})
}

func refused(t *testing.T, err error) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid && f.Kind != fault.NotFound || f.Key == "" {
		t.Fatalf("error %v, want one that says what is wrong with the file", err)
	}
}
