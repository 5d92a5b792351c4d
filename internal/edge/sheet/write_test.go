package sheet

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

var dangerous = [][]string{
	{"id", "name"},
	{"1", "=cmd|' /C calc'!A0"}, {"-12.5", "-1+1"}, {"+3", "+SUM(A1)"}, {"88%", "@x"}, {"5", "\tx"}, {"6", "\rx"}, {"", "晋江,\"集成\"\n电路"},
}

func TestWriteCSV_guardsAgainstFormulas(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, slices.Values(dangerous)); err != nil {
		t.Fatal(err)
	}
	rows, problems, err := all(t, b.String(), Options{Columns: people})
	if err != nil || len(problems) > 0 {
		t.Fatalf("problems %q, error %v", problems, err)
	}
	equal(t, "rows", rows, []string{"2:1|'=cmd|' /C calc'!A0", "3:-12.5|'-1+1", "4:+3|'+SUM(A1)", "5:88%|'@x", "6:5|'\tx", "7:6|'\rx", "8:|晋江,\"集成\"\n电路"})
	if !bytes.HasPrefix(b.Bytes(), []byte("\ufeff")) {
		t.Error("no byte order mark, without which Excel takes Chinese text for another encoding")
	}
}

func TestWriteXLSX_writesTextsThatAreNoFormulas(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, "清单", slices.Values(dangerous)); err != nil {
		t.Fatal(err)
	}
	rows, problems, err := all(t, b.String(), Options{Columns: people})
	if err != nil || len(problems) > 0 {
		t.Fatalf("problems %q, error %v", problems, err)
	}
	equal(t, "rows", rows[:4], []string{"2:1|=cmd|' /C calc'!A0", "3:-12.5|-1+1", "4:+3|+SUM(A1)", "5:88%|@x"})
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range dangerous {
		if formula, err := f.GetCellFormula("清单", ref(1, i+1)); formula != "" || err != nil {
			t.Errorf("formula of %s = %q, %v, want none", ref(1, i+1), formula, err)
		}
	}
	wantFault(t, "bad name", WriteXLSX(&b, "a/b", slices.Values(dangerous)), "sheet.sheet_name", "sheet=a/b")
}

// The library that wrote a workbook must read the same texts from it as this package does.
func TestRead_agreesWithTheLibrary(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{
		"A1": "id", "B1": "name", "A2": 131.2, "B2": "晋江", "A3": 0.1 + 0.2, "B3": true, "A4": 350500, "B4": int64(123456789012345), "A5": -2.5, "B5": 1e-7,
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, _, err := all(t, b.String(), Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:131.2|晋江", "3:0.3|TRUE", "4:350500|123456789012345", "5:-2.5|0.0000001"})
	for i, want := range []string{"131.2", "0.3", "350500", "-2.5"} {
		if got, err := f.GetCellValue("Sheet1", ref(0, i+2)); got != want || err != nil {
			t.Errorf("the library's A%d = %q, %v, want %q", i+2, got, err, want)
		}
	}
}
