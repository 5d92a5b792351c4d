package mapping

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestRead_everyTrapOfAnOfficesTable(t *testing.T) {
	f := csvFile(t,
		"2024年3月园区统计表", "园区名称,县(市、区),土地面积(亩),厂房面积,总投资(万元),开工日期,招商率", "",
		"芯谷,晋江市,１３１．２,\"242,000\",3.5亿元,2006.03,87.5%", "乙园,,88 ,3.8万㎡,1200,2024年3月,／", " , ,,,,,",
		"2024年3月园区统计表", "园区名称,县(市、区),土地面积(亩),厂房面积,总投资(万元),开工日期,招商率", "丙园,石狮市,约100,-,,03/04/2024,0.5", "合计,,219.2,,,,", "注：面积以竣工测量为准", "丁园,南安市,1,2,3,1-1-1900,100%")
	m := propose(t, detect(t, f, parkFields), parkFields)
	wantEqual(t, "mapping", mapped(m), "A=name: B=org: C=land:亩 D=factory: E=investment:万元 F=started: G=leasing:")
	m.Columns[1].Down = true
	m.Columns[3].Unit = "平方米"
	m.Columns[5].Unknown = []string{"1900-01-01"}
	m.Columns[6].Unit = "比例"
	m.Unknown = []string{"/", "-"}
	if err := m.Check(parkFields); err != nil {
		t.Fatal(err)
	}
	got, report := records(t, m, f)
	wantEqual(t, "records", strings.Join(got, "\n"), "4:芯谷|晋江市|131.2|242000|3.5|2006-03|87.5\n5:乙园|晋江市|88|3.8|1200|2024-03|?\n9:丙园|石狮市|!|?||!|0.5\n12:丁园|南安市|1|2|3|?|100")
	wantEqual(t, "skipped", skips(report), "7 header, 8 header, 10 total, 11 note")
	wantEqual(t, "problems", problems(report), "C9 value.about, F9 value.two_dates")
	if p := report.Problems.List[1]; p.Args["first"] != "2024-04-03" || p.Args["second"] != "2024-03-04" || p.Column != "开工日期" || p.Args["text"] != "03/04/2024" {
		t.Errorf("problem = %+v, want both readings and the place", p)
	}
	m.Order = value.DMY
	got, _ = records(t, m, f)
	wantEqual(t, "with the order stated", got[2], "9:丙园|石狮市|!|?||2024-04-03|0.5")
}

func TestRead_cellsMergedDownAreCarried(t *testing.T) {
	f := xlsx(t, [][]any{{"县(市、区)", "园区名称"}, {"晋江市", "甲"}, {nil, "乙"}, {nil, "丙"}, {"石狮市", "丁"}}, "A2:A4")
	m := propose(t, detect(t, f, parkFields), parkFields)
	m.Columns[0].Down = true
	var report Report
	var from []string
	for r, err := range m.Read(context.Background(), f, &report) {
		if err != nil {
			t.Fatal(err)
		}
		from = append(from, fmt.Sprint(r.Items[0].Value.Text, r.Items[0].From, r.Items[0].Cell.Ref))
	}
	wantEqual(t, "carried", strings.Join(from, " "), "晋江市0A2 晋江市2A3 晋江市2A4 石狮市0A5")
}

func TestRead_tellsFormulasAndErrors(t *testing.T) {
	f := csvFile(t, "园区名称,土地面积", "甲,=1+1", "乙,#REF!")
	m := propose(t, detect(t, f, parkFields), parkFields)
	var report Report
	var items []Item
	for r, err := range m.Read(context.Background(), f, &report) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, r.Items[1])
	}
	if !items[0].Cell.Formula || !items[1].Bad || problems(report) != "B2 value.not_number, B3 sheet.error_value" {
		t.Errorf("items %+v, problems %s, want a formula and an error value", items, problems(report))
	}
}

func TestRead_nextMonthsFileIsRecognisedWhereItsHeaderMoved(t *testing.T) {
	march := csvFile(t, "表", "园区名称,2024年3月产值(亿元)", "甲,1", "乙,2")
	fields := []Field{{Code: "name", Names: []string{"园区名称"}}, {Code: "output", Names: []string{"产值"}, Kind: value.Quantity, Unit: "万元"}}
	l := detect(t, march, fields)
	m := propose(t, l, fields)
	wantEqual(t, "mapping", mapped(m), "A=name: B=output:亿元")
	april := csvFile(t, "表", "一行说明", "又一行", "园区名称,2024年4月产值(亿元)", "甲,3")
	if !m.Matches(detect(t, april, fields)) {
		t.Error("Matches = false, want the same form for the next month")
	}
	got, report := records(t, m, april)
	wantEqual(t, "records", strings.Join(got, " "), "5:甲|3")
	wantEqual(t, "Moved", report.Moved, 2)
}

func TestRead_refusesAnotherHeader(t *testing.T) {
	fields := []Field{{Code: "name", Names: []string{"园区名称"}}, {Code: "land", Names: []string{"土地面积"}, Kind: value.Quantity, Unit: "亩"}}
	m := propose(t, detect(t, csvFile(t, "园区名称,备注,土地面积", "甲,x,1"), fields), fields)
	got, _ := records(t, m, csvFile(t, "园区名称,备  注(改),土地面积", "甲,x,1")) // a column that is not read has another name
	wantEqual(t, "records", strings.Join(got, " "), "2:甲|1")
	for _, lines := range [][]string{{"园区名称,土地面积,备注", "甲,1,x"}, {"甲,x,1"}} {
		var report Report
		for _, err := range m.Read(context.Background(), csvFile(t, lines...), &report) {
			wantFault(t, lines[0], err, "mapping.changed")
			break
		}
	}
}

func TestCheck_refusesMappingsThatCannotBe(t *testing.T) {
	good := Mapping{Version: 1, First: 1, Last: 1, Columns: []ColumnMap{{Column: "A", Field: "name"}, {Column: "B", Field: "land", Unit: "亩", Kind: value.Quantity}, {Column: "C"}}}
	if err := good.Check(parkFields); err != nil {
		t.Fatal(err)
	}
	for key, change := range map[string]func(m *Mapping){
		"mapping.version": func(m *Mapping) { m.Version = 2 }, "mapping.header": func(m *Mapping) { m.Last = 0 }, "mapping.order": func(m *Mapping) { m.Order = "ymd" },
		"mapping.column": func(m *Mapping) { m.Columns[1].Column = "A" }, "mapping.field": func(m *Mapping) { m.Columns[1].Field = "name" }, "mapping.kind": func(m *Mapping) { m.Columns[1].Kind = "colour" },
		"mapping.unit": func(m *Mapping) { m.Columns[1].Unit = "万元" }, "mapping.missing": func(m *Mapping) { m.Columns[0].Field = "" },
	} {
		m := good
		m.Columns = append([]ColumnMap(nil), good.Columns...)
		change(&m)
		wantFault(t, key, m.Check(parkFields), key)
	}
}

func TestParse_readsWhatIsWritten(t *testing.T) {
	m := Mapping{Version: 1, Fingerprint: "ab", Sheet: "表", First: 2, Last: 3, Unknown: []string{"/", "1-1-1900"}, Order: value.DMY, Totals: true,
		Columns: []ColumnMap{{Column: "B", Title: "面积/土地(亩)", Field: "land", Kind: value.Quantity, Unit: "亩", Unknown: []string{"-"}}, {Column: "C", Title: "日期: x", Kind: value.Date, Order: value.MDY, ROC: true, Down: true}}}
	y, err := m.YAML()
	if err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{y, j} {
		got, err := Parse(data)
		if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", m) {
			t.Errorf("Parse(%s) = %+v, %v, want %+v", data, got, err, m)
		}
	}
	for _, bad := range []string{`{"version":1,"colour":2}`, "version: 1\ncolour: 2\n", "version: [", strings.Repeat("a", 2<<20)} {
		_, err := Parse([]byte(bad))
		wantFault(t, bad[:min(len(bad), 20)], err, "mapping.unreadable")
	}
}

func TestPropose_saysWhy(t *testing.T) {
	l := Layout{Unit: "万元", Column: []Column{{Index: 0, Title: "园区名称", Leaf: "园区名称", Kind: value.Text}, {Index: 1, Title: "面积(亩)/土地", Leaf: "土地", Unit: "亩", Kind: value.Quantity},
		{Index: 2, Title: "计划总投资额", Leaf: "计划总投资额", Kind: value.Quantity}, {Index: 3, Title: "总投资(亩)", Leaf: "总投资(亩)", Unit: "亩", Kind: value.Quantity}, {Index: 4, Title: "开工日期", Leaf: "开工日期", Kind: value.Text}, {Index: 5, Title: "完全无关", Leaf: "完全无关"}}}
	var got []string
	for _, s := range Propose(l, parkFields) {
		var why []string
		for _, r := range s.Reasons {
			why = append(why, string(r.What)+" "+r.Text)
		}
		mark := ""
		if s.Chosen {
			mark = "*"
		}
		got = append(got, fmt.Sprintf("%d%s %s %.2f (%s)", s.Column, mark, s.Field, s.Score, strings.Join(why, ", ")))
	}
	wantEqual(t, "suggestions", strings.Join(got, "\n"), strings.Join([]string{
		"0* name 1.00 (name_same 园区名称)",
		"1* land 1.00 (name_same 土地面积, unit_fits 亩, values_fit quantity)",
		"2* investment 0.75 (name_part 总投资, unit_fits 万元, values_fit quantity)",
		"4* started 0.60 (name_same 开工日期, values_unfit text)"}, "\n"))
}

func TestRead_realFiles(t *testing.T) {
	t.Run("two monthly reports by one mapping", func(t *testing.T) {
		january, february := sharedFile(t, "pipelines/GIS_Report_January_2023.xlsx"), sharedFile(t, "pipelines/GIS_Report_February_2023.xlsx")
		l := detect(t, january, gisFields)
		m := propose(t, l, gisFields)
		m.Unknown = []string{"Not Required", "1-1-1900"}
		wantEqual(t, "mapping", mapped(m), "A=id: B=name: H=cod: K=capacity: M=site: S=ia: U=air:")
		if !m.Matches(detect(t, february, gisFields)) {
			t.Error("the second report is not recognised by the first one's mapping")
		}
		for _, f := range []*sheet.File{january, february} {
			got, report := records(t, m, f)
			if len(got) < 1000 || report.Problems.Count() > 0 || strings.Contains(strings.Join(got, ""), "1900") {
				t.Errorf("%s: %d records, problems %s, skipped %s, want over 1,000 and none of 1900", f.Name, len(got), problems(report), skips(report))
			}
			if f == january {
				wantEqual(t, "first", got[0], "36:14INR0033|Goodnight Wind|2023-12-30|531|?|2019-08-18|?")
			}
		}
	})
	t.Run("planning list", func(t *testing.T) {
		fields := []Field{{Code: "id", Names: []string{"Ref ID"}, Kind: value.Code}, {Code: "name", Names: []string{"Site Name"}}, {Code: "mw", Names: []string{"Installed Capacity (MWelec)"}, Kind: value.Quantity},
			{Code: "updated", Names: []string{"Record Last Updated (dd/mm/yyyy)"}, Kind: value.Date}, {Code: "granted", Names: []string{"Planning Permission Granted"}, Kind: value.Date}}
		f := sharedFile(t, "pipelines/repd_first_500_lines.csv")
		m := propose(t, detect(t, f, fields), fields)
		wantEqual(t, "order that the title states", m.Order, value.DMY)
		m.Order = ""
		_, report := records(t, m, f)
		two := false
		for _, p := range report.Problems.List {
			two = two || p.Key == "value.two_dates"
		}
		if !two {
			t.Error("no date of the list was refused although its order is not stated")
		}
		m.Order = value.DMY
		got, report := records(t, m, f)
		wantEqual(t, "problems", problems(report), "A500 sheet.cut_end")
		wantEqual(t, "records", len(got), 451)
		wantEqual(t, "first", got[0], "2:1|2009-07-07|Aberthaw Power Station Biomass|35.00|2004-09-03")
	})
	t.Run("factory register", func(t *testing.T) {
		fields := []Field{{Code: "name", Names: []string{"工廠名稱"}}, {Code: "no", Names: []string{"工廠登記編號"}, Kind: value.Code}, {Code: "set_up", Names: []string{"工廠設立核准日期"}, Kind: value.Date}, {Code: "registered", Names: []string{"工廠登記核准日期"}, Kind: value.Date}}
		f := sharedFile(t, "registries/factories_sample.csv")
		m := propose(t, detect(t, f, fields), fields)
		for _, c := range m.Columns {
			wantEqual(t, "calendar of "+c.Title, c.ROC, c.Kind == value.Date)
		}
		got, report := records(t, m, f)
		wantEqual(t, "first", got[0], "2:松根美術設計印刷有限公司|63021651|1971-10-26|1972-04-26")
		if len(got) != 1036 || report.Problems.Count() > 3 {
			t.Errorf("%d records, problems %s, want 1,036 and at most three", len(got), problems(report))
		}
	})
	t.Run("statistics export", func(t *testing.T) {
		fields := []Field{{Code: "place", Names: []string{"地区"}}, {Code: "2024", Names: []string{"2024年"}, Kind: value.Quantity}}
		f := sharedFile(t, "workbooks/nbs_gbk_export.csv")
		got, report := records(t, propose(t, detect(t, f, fields), fields), f)
		if len(got) != 31 || report.Problems.Count() > 0 {
			t.Errorf("%d records, problems %s, skipped %s, want 31 provinces", len(got), problems(report), skips(report))
		}
	})
	t.Run("rent form", func(t *testing.T) {
		fields := []Field{{Code: "no", Names: []string{"序号"}}, {Code: "remark", Names: []string{"备注"}}}
		f := sharedFile(t, "workbooks/park_rent_form.xls")
		m := propose(t, detect(t, f, fields), fields)
		got, _ := records(t, m, f)
		wantEqual(t, "records", strings.Join(got, " "), "4:${bill.billId}|${bill.remark}")
	})
}

// FuzzRead reads any text by the mapping that is proposed for it.
func FuzzRead(f *testing.F) {
	f.Add("表\n园区名称,面积(亩),开工日期\n甲,1,2024-01\n园区名称,面积(亩),开工日期\n合计,2,\n", 1, 1)
	f.Add("a,b,,\n,c,d,\n1,2,3\n", 1, 2)
	f.Add(",亩,万元\n单位：亩\n", 2, 2)
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, text string, first, last int) {
		defer check(t)
		ctx := context.Background()
		file, err := sheet.Open(ctx, strings.NewReader(text), int64(len(text)), sheet.Options{File: "f", MaxBytes: 1 << 16, MaxColumns: 50, MaxRows: 1000, Encoding: sheet.EncodingUTF8})
		if err != nil {
			return
		}
		all, err := Detect(ctx, file, parkFields)
		if err != nil {
			return
		}
		if l, err := At(ctx, file, "", first, last); err == nil {
			all = append(all, l)
		}
		for _, l := range all {
			m := l.Mapping(Propose(l, parkFields), parkFields)
			for i := range m.Columns {
				m.Columns[i].Down = true
			}
			var report Report
			before := l.Last
			for r, err := range m.Read(ctx, file, &report) {
				if err != nil {
					if fault.KindOf(err) != fault.Invalid {
						t.Fatalf("Read: %v, want a refusal", err)
					}
					break
				}
				if r.Row <= before {
					t.Fatalf("row %d after %d", r.Row, before)
				}
				before = r.Row
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("version: 1\ncolumns:\n  - {column: A, field: name}\n"))
	f.Add([]byte(`{"version":1,"columns":[{"column":"A"}]}`))
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer check(t)
		m, err := Parse(data)
		if err != nil {
			return
		}
		_ = m.Check(parkFields)
	})
}

// BenchmarkRead reads 100,000 rows of 20 columns of CSV.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	var fields []Field
	for c := range 20 {
		fmt.Fprintf(&text, "字段%c,", 'A'+c)
		kind := []value.Kind{value.Text, value.Quantity, value.Date, value.Code}[c%4]
		fields = append(fields, Field{Code: fmt.Sprint(c), Names: []string{fmt.Sprintf("字段%c", 'A'+c)}, Kind: kind})
	}
	text.WriteByte('\n')
	for r := range 100_000 {
		for c := range 20 {
			text.WriteString([]string{"晋江芯谷", fmt.Sprint(r, ".5"), "2024-06-30", fmt.Sprint("QZ", r)}[c%4])
			text.WriteByte(',')
		}
		text.WriteByte('\n')
	}
	data := text.String()
	ctx := context.Background()
	open := func() *sheet.File {
		f, err := sheet.Open(ctx, strings.NewReader(data), int64(len(data)), sheet.Options{File: "f"})
		if err != nil {
			b.Fatal(err)
		}
		return f
	}
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			for _, err := range open().Rows(ctx, "") {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("mapped", func(b *testing.B) {
		for b.Loop() {
			f := open()
			all, err := Detect(ctx, f, fields)
			if err != nil {
				b.Fatal(err)
			}
			m := all[0].Mapping(Propose(all[0], fields), fields)
			var report Report
			for _, err := range m.Read(ctx, f, &report) {
				if err != nil {
					b.Fatal(err)
				}
			}
			if report.Rows != 100_000 || report.Problems.Count() > 0 {
				b.Fatalf("%d rows, %d problems %+v", report.Rows, report.Problems.Count(), report.Problems.List[:1])
			}
		}
	})
}
