package annotate

import (
	"bytes"
	"context"
	"errors"
	"testing"
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
