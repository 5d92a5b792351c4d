package xls

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestRead_workbookOfLibreOffice(t *testing.T) {
	b := open(t, sample(t))
	if len(b.Sheets) != 2 || b.Sheets[0].Name != "园区清单" || b.Sheets[0].Hidden {
		t.Fatalf("sheets = %+v, want 园区清单 and one more", b.Sheets)
	}
	equal(t, "cells", list(t, b, 0), []string{"A1=:2024年园区清单", "A2=:园区名称", "B2=:县(市、区)", "C2=:面积", "E2=:开工日期", "F2=:招商率", "C3=:土地(亩)", "D3=:厂房(㎡)",
		"A4=:晋江芯谷", "B4=:晋江市", "C4=n:131.2", "D4=n:242000", "E4=n:45473", "F4=n:0.875",
		"A5=:石狮园", "B5=:石狮市", "C5=:约100", "D5=n:-3", "E5=:去年", "F5=n=:0.000542", "A8=:合计", "C8=n=:131.2"})
	c, err := b.Read(context.Background(), 0)
	if err != nil || len(c.Merges) != 6 || c.Merges[0] != (Area{0, 0, 0, 5}) {
		t.Errorf("merges = %v, %v, want six, the first A1:F1", c.Merges, err)
	}
	for i := range c.Len() {
		if cell := c.At(i); cell.Row == 3 && cell.Col == 4 && !strings.Contains(strings.ToLower(cell.Format.Code), "yyyy") {
			t.Errorf("format of E4 = %+v, want a date's", cell.Format)
		}
	}
}

func TestRead_everyRecordOfCells(t *testing.T) {
	globals := [][]byte{rec(recDateMode, 1), rec(recFormat, 164, 4, byte(0), "0.0%"), rec(recXF, 0, 0), rec(recXF, 0, 164),
		rec(recSST, uint32(3), uint32(3), 2, byte(0), "ab", 2, byte(1), wide("晋江"), 1, byte(0x0C), 1, uint32(2), "c", uint32(0), "xx")}
	cells := [][]byte{
		rec(recLabelSST, 2, 1, 0, uint32(1)), rec(recLabelSST, 2, 0, 0, uint32(0)), rec(recLabelSST, 2, 2, 0, uint32(2)),
		rec(recRK, 3, 0, 1, uint32(13120<<2|3)), rec(recRK, 3, 1, 0, uint32(0x40280000)), rec(recMulRK, 3, 2, 0, uint32(5<<2|2), 0, uint32(7<<2|2), 3),
		rec(recNumber, 4, 0, 0, math.Float64bits(1.5)), rec(recBoolErr, 4, 1, 0, byte(1), byte(0)), rec(recBoolErr, 4, 2, 0, byte(0x17), byte(1)),
		rec(recBOF, 0x0600, 0x20, 0, 0), rec(recNumber, 9, 9, 0, math.Float64bits(9)), rec(recEOF), // a chart inside
		rec(recFormula, 5, 0, 0, math.Float64bits(2), 0, uint32(0), 0),
		rec(recFormula, 5, 1, 0, "\x00\x00\x00\x00\x00\x00\xff\xff", 0, uint32(0), 0), rec(0x04BC, 1), rec(recString, 3, byte(0), "sum"),
		rec(recFormula, 5, 2, 0, "\x01\x00\x01\x00\x00\x00\xff\xff", 0, uint32(0), 0),
		rec(recFormula, 5, 3, 0, "\x02\x00\x2a\x00\x00\x00\xff\xff", 0, uint32(0), 0),
		rec(recFormula, 5, 4, 0, "\x03\x00\x00\x00\x00\x00\xff\xff", 0, uint32(0), 0),
		rec(recLabel, 1, 0, 0, 2, byte(1), wide("园区")), rec(recMergedCells, 1, 0, 1, 0, 2),
	}
	b := open(t, container("Workbook", workbook(0x0600, globals, cells)))
	if !b.Date1904 {
		t.Error("Date1904 = false, want true")
	}
	equal(t, "cells", list(t, b, 0), []string{"A2=:园区", "A3=:ab", "B3=:晋江", "C3=:c", "A4=n:131.2", "B4=n:12", "C4=n:5", "D4=n:7",
		"A5=n:1.5", "B5=b:1", "C5=e:#REF!", "A6=n=:2", "B6==:sum", "C6=b=:1", "D6=e=:#N/A", "E6==:"})
	c, _ := b.Read(context.Background(), 0)
	if got := c.At(4).Format; got != (Format{164, "0.0%"}) {
		t.Errorf("format = %+v, want 0.0%%", got)
	}
}

func TestRead_textsThatGoOnInAnotherRecord(t *testing.T) {
	globals := [][]byte{rec(recSST, uint32(2), uint32(2), 6, byte(0), "abc"), rec(recContinue, byte(1), wide("晋江市"), 2, byte(8), 1, "d"), rec(recContinue, byte(0), "e\x00\x00\x00\x00")}
	b := open(t, container("Workbook", workbook(0x0600, globals, [][]byte{rec(recLabelSST, 0, 0, 0, uint32(0)), rec(recLabelSST, 0, 1, 0, uint32(1))})))
	equal(t, "cells", list(t, b, 0), []string{"A1=:abc晋江市", "B1=:de"})
}

func TestRead_excel5WithItsCodePage(t *testing.T) {
	cells := [][]byte{rec(recLabel, 0, 0, 0, 4, "\xBD\xFA\xBD\xAD"), rec(recFormula, 0, 1, 0, "\x00\x00\x00\x00\x00\x00\xff\xff", 0, uint32(0), 0), rec(recString, 2, "\xCA\xD0")}
	b := open(t, container("Book", workbook(0x0500, [][]byte{rec(recCodePage, 936)}, cells)))
	equal(t, "cells", append(list(t, b, 0), b.Sheets[0].Name), []string{"A1=:晋江", "B1==:市", "表"})
}

func TestOpen_refusesWithTheReason(t *testing.T) {
	for _, c := range []struct {
		name, key string
		data      []byte
	}{
		{"encrypted", "sheet.encrypted", container("Workbook", workbook(0x0600, [][]byte{rec(recFilePass, 1)}, nil))},
		{"another program's file", "sheet.other_format", container("WordDocument", nil)},
		{"Excel 4", "sheet.old_xls", container("Workbook", workbook(0x0400, nil, nil))},
		{"cut in the frame", "sheet.damaged", container("Workbook", rec(recBOF, 0x0600, 5))},
		{"cut off", "sheet.damaged", sample(t)[:3000]},
		{"texts cut off", "sheet.damaged", container("Workbook", workbook(0x0600, [][]byte{rec(recSST, uint32(9), uint32(1<<31), 2, byte(0), "ab")}, nil))},
		{"sheet beyond the end", "sheet.damaged", container("Workbook", append(append(rec(recBOF, 0x0600, 5), rec(recBoundSheet, uint32(1<<30), 0, "\x01\x00a")...), rec(recEOF)...))},
	} {
		_, err := Open(bytes.NewReader(c.data), int64(len(c.data)), Limits{File: "f.xls"})
		wantFault(t, c.name, err, c.key)
	}
}

func TestRead_refusesDamagedSheets(t *testing.T) {
	for name, cells := range map[string][][]byte{
		"cell twice":                          {rec(recNumber, 1, 1, 0, uint64(0)), rec(recRK, 1, 1, 0, uint32(0))},
		"no such text":                        {rec(recLabelSST, 1, 1, 0, uint32(7))},
		"cell cut off":                        {rec(recNumber, 1, 1)},
		"formula cut off":                     {rec(recFormula, 1, 1, 0, 0)},
		"row of cells beyond the last column": {rec(recMulRK, 1, 0xFFFF, 0, uint32(0), 0, uint32(0), 1)},
	} {
		_, err := open(t, container("Workbook", workbook(0x0600, nil, cells))).Read(context.Background(), 0)
		wantFault(t, name, err, "sheet.damaged")
	}
}

func TestOpen_boundsTheTexts(t *testing.T) {
	data := container("Workbook", workbook(0x0600, [][]byte{rec(recSST, uint32(2), uint32(2), 4, byte(0), "abcd", 4, byte(0), "efgh")}, nil))
	_, err := Open(bytes.NewReader(data), int64(len(data)), Limits{File: "f.xls", Text: 30})
	wantFault(t, "texts", err, "sheet.too_much_text")
}

// FuzzStream mutates the workbook's stream, not the container around it.
func FuzzStream(f *testing.F) {
	f.Add(workbook(0x0600, [][]byte{rec(recFormat, 164, 2, byte(0), "0%"), rec(recXF, 0, 164), rec(recSST, uint32(1), uint32(1), 4, byte(0), "ab"), rec(recContinue, byte(1), wide("晋江"))},
		[][]byte{rec(recLabelSST, 0, 0, 0, uint32(0)), rec(recMulRK, 1, 0, 0, uint32(6), 0, uint32(6), 1), rec(recFormula, 2, 0, 0, "\x00\x00\x00\x00\x00\x00\xff\xff", 0, uint32(0), 0), rec(recString, 2, byte(0), "ab")}))
	f.Add(workbook(0x0500, [][]byte{rec(recCodePage, 936)}, [][]byte{rec(recLabel, 0, 0, 0, 2, "\xBD\xFA"), rec(recBoolErr, 0, 1, 0, byte(7), byte(1)), rec(recMergedCells, 1, 0, 1, 0, 1)}))
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, stream []byte) {
		defer check(t)
		readAll(t, container("Workbook", stream))
	})
}

// FuzzContainer mutates the container.
func FuzzContainer(f *testing.F) {
	f.Add(container("Workbook", workbook(0x0600, nil, [][]byte{rec(recRK, 1, 1, 0, uint32(2))})))
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer check(t)
		readAll(t, data)
	})
}

func readAll(t *testing.T, data []byte) {
	if len(data) > 1<<20 {
		return
	}
	b, err := Open(bytes.NewReader(data), int64(len(data)), Limits{File: "f", Text: 8 << 20})
	check := func(err error) {
		if fault.KindOf(err) != fault.Invalid {
			t.Fatalf("error %v, want one that says what is wrong with the file", err)
		}
	}
	if err != nil {
		check(err)
		return
	}
	for i := range b.Sheets {
		c, err := b.Read(context.Background(), i)
		if err != nil {
			check(err)
			continue
		}
		for j := range c.Len() {
			_ = c.At(j)
		}
	}
}
