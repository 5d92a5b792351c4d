package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/park"
)

func parkList(t testing.TB, file, data string) (park.ListFile, []Problem) {
	t.Helper()
	list, problems, err := ParkList(context.Background(), file, strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("ParkList(%s): %v", file, err)
	}
	return list, problems.List
}

func TestParkList_readsAnOfficesOwnTable(t *testing.T) {
	list, problems := parkList(t, "清单.csv", "泉州市园区建设情况表\n,,,2024年12月\n序号,园区名称,县(市、区),土地面积(亩),建筑面积(㎡),投资(亿元),开工时间,竣工/投用时间,签约企业数,招商率(%),预计年税收(万元),数据时间,来源\n"+
		"1,洛江数字经济产业园,洛江区,131.2,214000,9,2022-01,,41,88%,=A1,2024-04,市政府\n"+
		"2,,,,,,,,,,,,\n3,园二,晋江市,约100,,,,,,,#REF!,,\n")
	if list.File != "清单.csv" || list.Sheet != "" || len(list.Digest) != 64 || !slices.Equal(list.Ignored, []string{"序号"}) {
		t.Errorf("file %q, sheet %q, digest %q, ignored %q", list.File, list.Sheet, list.Digest, list.Ignored)
	}
	if len(list.Rows) != 2 || list.Rows[0].Row != 4 || list.Rows[1].Row != 6 {
		t.Fatalf("rows = %+v, want those of lines 4 and 6", list.Rows)
	}
	for key, want := range map[string]park.ListedCell{
		"name":         {Text: "洛江数字经济产业园", Column: "园区名称", Ref: "B4"},
		"org":          {Text: "洛江区", Column: "县(市、区)", Ref: "C4"},
		"land_area":    {Text: "131.2", Unit: "亩", Column: "土地面积(亩)", Ref: "D4"},
		"floor_area":   {Text: "214000", Unit: "㎡", Column: "建筑面积(㎡)", Ref: "E4"},
		"investment":   {Text: "9", Unit: "亿元", Column: "投资(亿元)", Ref: "F4"},
		"opened":       {Column: "竣工/投用时间", Ref: "H4"},
		"leasing_rate": {Text: "88", Unit: "%", Column: "招商率(%)", Ref: "J4"},
		"expected_tax": {Text: "=A1", Unit: "万元", Column: "预计年税收(万元)", Ref: "K4", Formula: true},
		"as_of":        {Text: "2024-04", Column: "数据时间", Ref: "L4"},
		"source":       {Text: "市政府", Column: "来源", Ref: "M4"},
	} {
		if got := list.Rows[0].Cells[key]; got != want {
			t.Errorf("cell %q = %+v, want %+v", key, got, want)
		}
	}
	if len(problems) != 1 || problems[0].Key != "sheet.error_value" || problems[0].Row != 6 || problems[0].Column != "预计年税收(万元)" || problems[0].Text != "#REF!" {
		t.Errorf("problems = %+v, want the error value in line 6", problems)
	}
}

func TestParkList_namesMissingColumnsAsOfficesDo(t *testing.T) {
	data := "项目,土地面积(亩)\na,1\n"
	_, _, err := ParkList(context.Background(), "x.csv", strings.NewReader(data), int64(len(data)))
	wantFault(t, "no names", err, "sheet.missing_columns", "missing=园区名称, 县(市、区)", "found=项目, 土地面积(亩)")
}

func TestParkColumns_nameEveryKeyOnce(t *testing.T) {
	seen, names := map[string]bool{}, map[string]string{}
	for _, c := range parkColumns {
		if seen[c.Key] {
			t.Errorf("key %q twice", c.Key)
		}
		seen[c.Key] = true
		for _, n := range c.Names {
			if other, found := names[normalize(n)]; found && other != c.Key {
				t.Errorf("name %q stands for %q and %q", n, other, c.Key)
			}
			names[normalize(n)] = c.Key
		}
	}
	for _, key := range park.Keys() {
		if !seen[key] {
			t.Errorf("the noun's key %q has no column", key)
		}
		delete(seen, key)
	}
	if len(seen) > 0 {
		t.Errorf("columns %v, which the noun does not know", seen)
	}
	for name := range parkUnits {
		if _, found := names[name]; !found {
			t.Errorf("unit for the unknown name %q", name)
		}
	}
}

func TestParkListOf_asksWhichOfSeveralSheets(t *testing.T) {
	head := inline(1, "园区名称", "县(市、区)")
	data := zipped(t, append(frame("鲤城区", "丰泽区"), entry{"xl/worksheets/sheet1.xml", sheetXML(head + inline(2, "a", "鲤城区"))},
		entry{"xl/worksheets/sheet2.xml", sheetXML(head + inline(2, "b", "丰泽区"))})...)
	_, problems := parkList(t, "清单.xlsx", data)
	if len(problems) != 1 || problems[0].Key != "sheet.other_sheets" || problems[0].Args["sheets"] != "丰泽区" {
		t.Errorf("problems = %+v, want the other sheet", problems)
	}
	list, found, err := ParkListOf(context.Background(), strings.NewReader(data), int64(len(data)), Options{File: "清单.xlsx", Sheet: "丰泽区"})
	if err != nil || found.Count() > 0 || len(list.Rows) != 1 || list.Rows[0].Cells["name"].Text != "b" {
		t.Errorf("named sheet: %+v, problems %+v, error %v, want park b alone", list.Rows, found.List, err)
	}
}

// The real list has 72 parks (its own README); as a workbook it must give the same rows.
func TestParkList_realListInBothForms(t *testing.T) {
	text := sharedFile(t, "quanzhou/parks.csv")
	fromCSV, problems := parkList(t, "parks.csv", text)
	if len(fromCSV.Rows) != 72 || len(problems) > 0 || len(fromCSV.Ignored) > 0 {
		t.Fatalf("CSV: %d rows, problems %+v, ignored %q, want 72 and none", len(fromCSV.Rows), problems, fromCSV.Ignored)
	}
	if got := fromCSV.Rows[8].Cells["land_area"]; got.Text != "131.2" || got.Unit != "亩" {
		t.Errorf("land area of row 10 = %+v, want 131.2 亩", got)
	}
	fromXLSX, problems := parkList(t, "parks.xlsx", asWorkbook(t, text))
	if len(fromXLSX.Rows) != 72 || len(problems) > 0 || fromXLSX.Sheet != "园区" {
		t.Fatalf("workbook: %d rows, problems %+v, sheet %q, want 72, none, 园区", len(fromXLSX.Rows), problems, fromXLSX.Sheet)
	}
	for i, row := range fromCSV.Rows {
		if !maps.Equal(row.Cells, fromXLSX.Rows[i].Cells) {
			t.Errorf("row %d: CSV %+v\nworkbook %+v", row.Row, row.Cells, fromXLSX.Rows[i].Cells)
		}
	}
}

// asWorkbook writes CSV text as a person would have it in Excel: numbers as numbers, the rest as text.
func asWorkbook(t testing.TB, text string) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "园区"); err != nil {
		t.Fatal(err)
	}
	for i, record := range records {
		for j, s := range record {
			var v any = s
			if n, err := strconv.ParseFloat(s, 64); err == nil {
				v = n
			}
			if s == "" {
				continue
			}
			if err := f.SetCellValue("园区", ref(j, i+1), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
