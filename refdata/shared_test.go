package refdata

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/division"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// collected reads a CSV file of the folder of collected public data beside the project, as rows of heading → text. The
// folder is not part of the project: the test is skipped where it is absent.
func collected(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", filepath.FromSlash(file)))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the collected data is not beside the project: no ../shared/data/%s", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d rows, %v", file, len(rows), err)
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	out := make([]map[string]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		m := make(map[string]string, len(row))
		for i, text := range row {
			m[rows[0][i]] = text
		}
		out = append(out, m)
	}
	return out
}

func TestParks_stateWhatTheCollectedListStates(t *testing.T) {
	list := collected(t, "quanzhou/parks.csv")
	c := quanzhou(t)
	if len(list) != 72 || len(c.Parks) != len(list) {
		t.Fatalf("%d rows in the list, %d here, want 72 each", len(list), len(c.Parks))
	}
	columns := map[string]string{
		"name": "name", "pilot": "pilot", "official_list_no": "official_no", "building_mode": "mode", "developer_or_operator": "developer",
		"leading_industry": "leading_industry", "land_area_mu": "land_area", "floor_area_m2": "floor_area", "factory_area_m2": "factory_area",
		"investment_yi_yuan": "investment", "started": "started", "completed_or_opened": "opened", "tenants_signed": "tenants_signed",
		"tenants_fitting_out": "tenants_fitting_out", "tenants_producing": "tenants_producing", "tenants_nashu": "tenants_enrolled",
		"leasing_rate_pct": "leasing_rate", "expected_output_yi_yuan": "expected_output", "expected_tax_wan_yuan": "expected_tax",
		"photo_no": "photo_no", "data_as_of": "as_of", "source_url": "source", "other_source_urls": "other_sources",
	}
	for i, row := range list {
		p := c.Parks[i]
		for theirs, ours := range columns {
			if got := p.Cells[ours].Text; got != row[theirs] {
				t.Errorf("row %d %s: %s = %q, the list has %q", p.Row, p.Name, ours, got, row[theirs])
			}
		}
		if o, ok := c.OrgNamed(row["county"]); !ok || o.ID != p.Org {
			t.Errorf("row %d %s: org %s, the list has %q", p.Row, p.Name, p.Org, row["county"])
		}
		if len(row) != len(columns)+2 { // and county and note; notes are not carried
			t.Fatalf("the list has %d columns, want %d", len(row), len(columns)+2)
		}
	}
}

func TestIndustries_areTheCollectedOnes(t *testing.T) {
	rows := collected(t, "codes/gbt4754_2017.csv")
	list, err := readIndustries(files)
	if err != nil || len(list) != len(rows) {
		t.Fatalf("%d industries, %v, want %d", len(list), err, len(rows))
	}
	brackets := strings.NewReplacer("(", "（", ")", "）")
	for i, row := range rows {
		x := list[i]
		if x.Code != row["code"] || x.Parent != row["parent"] || x.Section != row["section"] || x.Name != brackets.Replace(row["name"]) ||
			row["level"] != strconv.Itoa(int(industry.Code(x.Code).Level())) {
			t.Errorf("industry %d = %+v, want %v", i, x, row)
		}
	}
}

func TestDivisions_areTheCollectedOnes(t *testing.T) {
	names := map[string]string{}
	for _, row := range collected(t, "codes/fujian_areas.csv") {
		if row["cityCode"] == "3505" {
			names[row["code"]] = row["name"]
		}
	}
	list, err := Divisions()
	if err != nil {
		t.Fatal(err)
	}
	counties := 0
	for _, d := range list {
		if d.Code.Level() == division.County {
			if counties++; names[string(d.Code)] != d.NameZH {
				t.Errorf("division %s = %s, want %q", d.Code, d.NameZH, names[string(d.Code)])
			}
		}
	}
	if counties != len(names) {
		t.Errorf("%d counties, want %d", counties, len(names))
	}
}

func TestZones_areTheCatalogues(t *testing.T) {
	rows := map[string]map[string]string{}
	ofCity := 0
	for _, row := range collected(t, "quanzhou/zones_2018_fujian.csv") {
		rows[row["代码"]] = row
		if strings.Contains(row["格式化地址"], "泉州市") || strings.Contains(row["开发区名称"], "泉州") {
			ofCity++
		}
	}
	zones := quanzhou(t).Zones
	if len(zones) != ofCity || ofCity != 13 {
		t.Errorf("%d zones, the catalogue has %d of the city, want 13", len(zones), ofCity)
	}
	for _, z := range zones {
		row := rows[z.Code]
		area, err := unit.MustOf("公顷").Parse(row["核准面积_公顷"])
		ours, ok := z.Area.Canonical()
		if err != nil || !ok || area != ours || z.Name != row["开发区名称"] || z.Level != row["批准级别"] || z.Kind != row["开发区类型"] ||
			z.Approved.String() != strings.ReplaceAll(row["批准时间"], ".", "-") || z.Industries != row["主导产业"] {
			t.Errorf("zone %+v, the catalogue has %v", z, row)
		}
	}
}

func TestTargets_areThePublishedOnes(t *testing.T) {
	rows := collected(t, "quanzhou/programme.csv")
	targets := quanzhou(t).Targets
	if len(rows) != len(targets) {
		t.Fatalf("%d targets, published are %d", len(targets), len(rows))
	}
	for i, row := range rows {
		x := targets[i]
		published, ok := Cell{row["value"], row["unit"]}.Canonical()
		ours, okOurs := x.Value.Canonical()
		if !ok || !okOurs || ours != published || strconv.Itoa(x.Year) != row["year"] || x.Indicator != row["indicator"] || x.Kind != row["kind"] {
			t.Errorf("target %+v = %d, published %v = %d", x, ours, row, published)
		}
	}
}
