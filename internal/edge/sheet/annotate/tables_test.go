package annotate

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
)

func TestTables_keepsEveryCellAtItsPlaceAsText(t *testing.T) {
	rows := func(yield func(Row, error) bool) {
		_ = yield(Row{1, []string{"编号", "名称"}}, nil) && yield(Row{4, []string{"007", "", "=1+1", "a<b _x0041_\n"}}, nil)
	}
	var out bytes.Buffer
	result, err := Tables(context.Background(), &out, []Table{{Rows: rows}}, job(Problem{Cell: "B4", Message: "缺名称"}))
	if err != nil || result.Marked != 1 || result.Noted != 1 {
		t.Fatalf("Tables = %+v, %v, want one mark", result, err)
	}
	f := open(t, out.Bytes())
	for cell, want := range map[string]string{"A1": "编号", "A4": "007", "C4": "=1+1", "D4": "a<b _x0041_\n", "A2": ""} {
		if got, err := f.GetCellValue("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", cell, got, err, want)
		}
		if formula, _ := f.GetCellFormula("Sheet1", cell); formula != "" {
			t.Errorf("%s is the formula %q, want text", cell, formula)
		}
	}
}

func TestTables_stopsWithTheRowsError(t *testing.T) {
	cause := errors.New("line 3 is cut")
	_, err := Tables(context.Background(), &bytes.Buffer{}, []Table{{Rows: func(yield func(Row, error) bool) { yield(Row{}, cause) }}}, Job{})
	if !errors.Is(err, cause) {
		t.Errorf("Tables = %v, want the rows' error", err)
	}
}

func TestTables_mendedCopyIsReadByTheMappingOfTheFirstFile(t *testing.T) {
	ctx := context.Background()
	const csv = "园区名称,面积(亩)\n甲,1.5\n乙,x\n"
	fields := []mapping.Field{{Code: "name", Names: []string{"园区名称"}}, {Code: "area", Names: []string{"面积"}, Kind: value.Quantity, Unit: "亩"}}
	first, err := sheet.Open(ctx, strings.NewReader(csv), int64(len(csv)), sheet.Options{File: "a.csv"})
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := mapping.Detect(ctx, first, fields)
	if err != nil || len(layouts) == 0 {
		t.Fatalf("Detect = %v, %v", layouts, err)
	}
	m := layouts[0].Mapping(mapping.Propose(layouts[0], fields), fields)
	rows := func(yield func(Row, error) bool) {
		for r, err := range first.Rows(ctx, "") {
			out := Row{Number: r.Number}
			for _, c := range r.Cells {
				out.Cells = append(out.Cells, c.Text)
			}
			if !yield(out, err) {
				return
			}
		}
	}
	var answer, mended bytes.Buffer
	if _, err := Tables(ctx, &answer, []Table{{Rows: rows}}, job(Problem{Cell: "B3", Message: "不是数字"})); err != nil {
		t.Fatal(err)
	}
	f := open(t, answer.Bytes())
	if err := f.SetCellValue("Sheet1", "B3", 2.5); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&mended); err != nil {
		t.Fatal(err)
	}
	second, err := sheet.Open(ctx, bytes.NewReader(mended.Bytes()), int64(mended.Len()), sheet.Options{File: "a.xlsx"})
	if err != nil {
		t.Fatal(err)
	}
	var report mapping.Report
	got := ""
	for r, err := range m.Read(ctx, second, &report) {
		if err != nil {
			t.Fatal(err)
		}
		got += r.Items[0].Value.Text + "=" + r.Items[1].Value.Text + " "
	}
	wantEqual(t, "records", got, "甲=1.5 乙=2.5 ")
}
