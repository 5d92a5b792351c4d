package mapping

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
)

func TestDetect_mergedHeaderOfThreeLines(t *testing.T) {
	for _, path := range []string{"../annotate/testdata/libreoffice.xlsx", "../xls/testdata/libreoffice.xls"} {
		l := detect(t, sample1(t, path), parkFields)
		wantEqual(t, path, columns(l), "A=园区名称[]text B=县(市、区)[]text C=面积/土地(亩)[亩]quantity D=面积/厂房(㎡)[㎡]quantity E=开工日期[]date F=招商率[]quantity")
		if l.First != 2 || l.Last != 3 || l.Sheet != "园区清单" || l.Title[0] != "2024年园区清单" {
			t.Errorf("header in rows %d–%d under %q, want 2–3 under the title", l.First, l.Last, l.Title)
		}
		wantEqual(t, "mapping", mapped(propose(t, l, parkFields)), "A=name: B=org: C=land:亩 D=factory:㎡ E=started: F=leasing:")
	}
}

func TestDetect_findsTheHeaderWhereverItIs(t *testing.T) {
	for _, c := range []struct {
		name        string
		lines       []string
		first, last int
		columns     string
	}{
		{"first line", []string{"园区名称,土地面积(亩)", "芯谷,131", "石狮园,88"}, 1, 1, "A=园区名称[]text B=土地面积(亩)[亩]quantity"},
		{"far down, under notes", []string{"2024年统计表", "填报单位：统计科", "", "说明：一二三", "", "园区名称,县,开工日期", "芯谷,晋江,2024-06-01", "乙,石狮,2024-07-01"}, 6, 6, "A=园区名称[]text B=县[]text C=开工日期[]date"},
		{"bands without merged cells", []string{"序号,名称,租金,,备注", ",,应收,实收,", "1,甲,100,90,x", "2,乙,200,180,y"}, 1, 2, "A=序号[]quantity B=名称[]text C=租金/应收[]quantity D=租金/实收[]quantity E=备注[]text"},
		{"row of units", []string{"单位名称,产值,用地", ",万元,亩", "甲,100,90", "乙,200,180"}, 1, 2, "A=单位名称[]text B=产值[万元]quantity C=用地[亩]quantity"},
		{"only words", []string{"name,county,industry", "A,B,C", "D,E,F", "G,H,I"}, 1, 1, "A=name[]text B=county[]text C=industry[]text"},
		{"years as titles", []string{"地区,2022,2023", "北京,12,13", "天津,14,15"}, 1, 1, "A=地区[]text B=2022[]quantity C=2023[]quantity"},
		{"a form without rows", []string{"园区名称,土地面积,厂房面积"}, 1, 1, "A=园区名称[] B=土地面积[] C=厂房面积[]"},
	} {
		l := detect(t, csvFile(t, c.lines...), nil)
		if l.First != c.first || l.Last != c.last {
			t.Errorf("%s: header in rows %d–%d, want %d–%d", c.name, l.First, l.Last, c.first, c.last)
		}
		wantEqual(t, c.name, columns(l), c.columns)
	}
}

func TestDetect_unitOfTheWholeTable(t *testing.T) {
	l := detect(t, csvFile(t, "2024年投资表,,单位：亿元", "园区名称,总投资", "芯谷,131", "石狮园,88"), parkFields)
	wantEqual(t, "Unit", l.Unit, "亿元")
	wantEqual(t, "mapping", mapped(propose(t, l, parkFields)), "A=name: B=investment:亿元")
}

func TestDetect_stackedWordsAreOneTitle(t *testing.T) {
	l := detect(t, xlsx(t, [][]any{{"Name", "Dates", nil, "Capacity"}, {nil, "Approval Date for", "Built", nil}, {nil, "Site Control", nil, nil}, {"a", "2024-01-01", "2024-02-01", 3}, {"b", "2024-03-01", "2024-04-01", 4}},
		"A1:A3", "B1:C1", "C2:C3", "D1:D3"), nil)
	wantEqual(t, "columns", columns(l), "A=Name[]text B=Dates/Approval Date for Site Control[]date C=Dates/Built[]date D=Capacity[]quantity")
}

func TestDetect_theSurestSheetComesFirst(t *testing.T) {
	f := sample1(t, "../annotate/testdata/libreoffice.xlsx")
	all, err := Detect(context.Background(), f, parkFields)
	if err != nil || all[0].Sheet != "园区清单" {
		t.Errorf("Detect = %v, %v, want 园区清单 first", all, err)
	}
}

func TestAt_takesTheHeaderThatTheUserPointsOut(t *testing.T) {
	f := csvFile(t, "园区名称,面积", "甲,1", "x,y", "乙,2")
	l, err := At(context.Background(), f, "", 3, 3)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "columns", columns(l), "A=x[]text B=y[]quantity")
	_, err = At(context.Background(), f, "", 9, 9)
	wantFault(t, "no such row", err, "mapping.no_header")
}

// gisFields are some of the columns of a monthly report on projects that wait for a connection to the grid.
var gisFields = []Field{{Code: "id", Names: []string{"INR"}, Kind: value.Code, Required: true}, {Code: "name", Names: []string{"Project Name"}, Kind: value.Text},
	{Code: "cod", Names: []string{"Projected COD"}, Kind: value.Date}, {Code: "capacity", Names: []string{"Capacity (MW)"}, Kind: value.Quantity},
	{Code: "site", Names: []string{"Approval Date for Submission of Proof of Site Control"}, Kind: value.Date}, {Code: "air", Names: []string{"Air Permit"}, Kind: value.Date}, {Code: "ia", Names: []string{"IA Signed"}, Kind: value.Date}}

func TestDetect_realFiles(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last int
		fields      []Field
		some        map[int]string // titles by column
	}{
		{"pipelines/GIS_Report_January_2023.xlsx", 30, 35, gisFields, map[int]string{0: "Project Attributes/INR", 10: "Project Attributes/Capacity (MW)",
			12: "GIM Project Milestone Dates/Approval Date for Submission of Proof of Site Control", 13: "GIM Project Milestone Dates/Screening Study Started", 30: "GIM Project Milestone Dates/Comment"}},
		{"pipelines/GIS_Report_February_2023.xlsx", 30, 35, gisFields, map[int]string{0: "Project Attributes/INR", 7: "Project Attributes/Projected COD"}},
		{"pipelines/repd_first_500_lines.csv", 1, 1, nil, map[int]string{1: "Ref ID", 2: "Record Last Updated (dd/mm/yyyy)", 8: "Installed Capacity (MWelec)"}},
		{"registries/factories_sample.csv", 1, 1, nil, map[int]string{0: "工廠名稱", 7: "工廠設立核准日期"}},
		{"workbooks/park_rent_form.xls", 2, 3, nil, map[int]string{0: "序号"}},
		{"workbooks/nbs_gbk_export.csv", 4, 4, nil, map[int]string{0: "地区", 2: "2024年"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := detect(t, sharedFile(t, c.name), c.fields)
			if l.First != c.first || l.Last != c.last {
				t.Errorf("header in rows %d–%d of %q, want %d–%d: %s", l.First, l.Last, l.Sheet, c.first, c.last, columns(l))
			}
			for i, want := range c.some {
				got := ""
				for _, col := range l.Column {
					if col.Index == i {
						got = col.Title
					}
				}
				wantEqual(t, "title", got, want)
			}
		})
	}
}
