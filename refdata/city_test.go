package refdata

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/refdata/indicators"
	"go.yaml.in/yaml/v4"
)

func quanzhou(t *testing.T) City {
	t.Helper()
	c, err := LoadCity("350500")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadCity_readsEveryCityOfThePackage(t *testing.T) {
	ids, err := CityIDs()
	if err != nil || len(ids) == 0 {
		t.Fatalf("CityIDs = %v, %v, want at least Quanzhou", ids, err)
	}
	for _, id := range ids {
		c, err := LoadCity(id)
		if err != nil {
			t.Errorf("LoadCity(%s): %v", id, err)
		}
		if _, err := time.LoadLocation(c.TimeZone); err != nil {
			t.Errorf("time zone of %s: %v", id, err)
		}
	}
	if _, err := LoadCity("000000"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("LoadCity(000000) = %v, want not found", err)
	}
}

func TestQuanzhou_reportsThroughThirteenUnits(t *testing.T) {
	c := quanzhou(t)
	divisions, err := Divisions()
	if err != nil {
		t.Fatal(err)
	}
	counties := map[string]string{}
	for _, d := range divisions {
		if string(d.Code.Parent()) == c.ID {
			counties[string(d.Code)] = d.NameZH
		}
	}
	units, without := 0, 0
	for _, o := range c.Orgs[1:] {
		if o.Kind != "county" || o.Parent != c.ID {
			continue
		}
		units++
		if o.Division == "" {
			without++
		} else if counties[o.Division] != o.NameZH || o.ID != o.Division {
			t.Errorf("unit %s %s has division %s %q", o.ID, o.NameZH, o.Division, counties[o.Division])
		}
	}
	// The 13 units that report at each review, of which the two zones are no division (review reports of 2022-12 and
	// 2024-09); the city has 12 county-level divisions (GB/T 2260), of which 金门县 does not report.
	if units != 13 || without != 2 || len(counties) != 12 {
		t.Errorf("%d units, %d without a division, %d divisions, want 13, 2, 12", units, without, len(counties))
	}
	if _, ok := c.OrgNamed("金门县"); ok || counties["350527"] != "金门县" {
		t.Error("金门县 is a division of the city and no reporting unit")
	}
}

func TestQuanzhou_namesOrgsAsOfficesWriteThem(t *testing.T) {
	c := quanzhou(t)
	for text, want := range map[string]string{
		"鲤城": "350502", "晋江市": "350582", "泉州经济技术开发区": "qz-edz", "泉州开发区": "qz-edz", "台商投资区": "qz-tic", "350581": "350581",
	} {
		if o, ok := c.OrgNamed(text); !ok || o.ID != want {
			t.Errorf("OrgNamed(%s) = %s, %v, want %s", text, o.ID, ok, want)
		}
	}
	if c.OrgAliases()["泉州经济技术开发区"] != "泉州开发区" {
		t.Error("OrgAliases must lead from an alias to the unit's name")
	}
}

func TestQuanzhou_carriesTheFactsOfTheSources(t *testing.T) {
	c := quanzhou(t)
	// 72 park projects; 11 rows flagged as pilots, of at most 10 distinct ones (programme.md 2); 13 catalogue zones.
	pilots := 0
	byName := map[string]ParkRow{}
	for _, p := range c.Parks {
		byName[p.Name] = p
		if p.Cells["pilot"].Text == "yes" {
			pilots++
		}
	}
	if len(c.Parks) != 72 || pilots != 11 || len(c.Zones) != 13 || len(c.Targets) != 17 {
		t.Errorf("%d parks, %d pilots, %d zones, %d targets, want 72, 11, 13, 17", len(c.Parks), pilots, len(c.Zones), len(c.Targets))
	}
	yinglin := byName["英林园服饰标准厂房一体化微工业园"]
	if v, ok := yinglin.Cells["land_area"].Canonical(); !ok || v != 87_333 || yinglin.Org != "350582" {
		t.Errorf("land of 英林园 = %d, %v in %s, want 131 mu = 87,333 m² in Jinjiang", v, ok, yinglin.Org)
	}
	if _, ok := yinglin.Cells["floor_area"]; ok {
		t.Error("an unknown floor area must have no cell")
	}
	contradicted := false
	for _, s := range c.Statements {
		contradicted = contradicted || s.Park == yinglin.Name && s.Field == "land_area" && s.Value == Cell{"109.28", "亩"}
	}
	if !contradicted {
		t.Error("the provincial investment site's 109.28 mu of 英林园 is missing")
	}
	for _, a := range c.Aliases {
		if strings.Contains(a.Park, "海天") {
			t.Errorf("%s and %s: no source confirms that they are one park", a.Park, a.Alias)
		}
	}
}

func TestQuanzhou_targetsAreOfIndicatorsThatExist(t *testing.T) {
	names, err := fs.Glob(indicators.FS, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("indicator packs = %v, %v", names, err)
	}
	known := map[string]bool{}
	for _, name := range names {
		b, err := fs.ReadFile(indicators.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		var pack struct {
			Indicators []struct {
				Code string `yaml:"code"`
			} `yaml:"indicators"`
		}
		if err := yaml.Load(b, &pack); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, x := range pack.Indicators {
			known[x.Code] = true
		}
	}
	for _, x := range quanzhou(t).Targets {
		if !known[x.Indicator] {
			t.Errorf("targets.csv row %d: no indicator pack defines %s", x.Row, x.Indicator)
		}
	}
}

func TestQuanzhou_phasesOfAParkNeverExceedIt(t *testing.T) {
	c := quanzhou(t)
	land, floor := map[string]int64{}, map[string]int64{}
	for _, p := range c.Phases {
		l, _ := p.LandArea.Canonical()
		f, _ := p.FloorArea.Canonical()
		land[p.Park], floor[p.Park] = land[p.Park]+l, floor[p.Park]+f
	}
	for _, p := range c.Parks {
		if whole, ok := p.Cells["land_area"].Canonical(); ok && land[p.Name] > whole+1 { // +1: each phase is rounded to 1 m²
			t.Errorf("phases of %s have %d m² of land, the park %d", p.Name, land[p.Name], whole)
		}
		if whole, ok := p.Cells["floor_area"].Canonical(); ok && floor[p.Name] > whole {
			t.Errorf("phases of %s have %d m² of floor, the park %d", p.Name, floor[p.Name], whole)
		}
	}
}

// broken is a city in memory whose named file has one text replaced.
func broken(t *testing.T, file, before, after string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(files, "cities/quanzhou/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if strings.HasSuffix(name, "/"+file) {
			if text = strings.Replace(text, before, after, 1); text == string(b) {
				t.Fatalf("%s does not have %q", file, before)
			}
		}
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestReadCity_refusesBrokenData(t *testing.T) {
	for _, c := range []struct{ file, before, after, want string }{
		{"city.yaml", "name_en: Quanzhou", "", "name_en"},
		{"city.yaml", "name_en:", "nameen:", "nameen"},
		{"orgs.yaml", `id: "350503"`, `id: "350502"`, "comes twice"},
		{"orgs.yaml", "[丰泽, ", "[鲤城, ", "shares the name 鲤城"},
		{"orgs.yaml", "name_en: Fengze District", "name_en: ''", "must have name_zh"},
		{"parks.csv", "land_area(亩)", "land_area", "heading must be"},
		{"parks.csv", ",131.2,", ",约131,", "row 10, column land_area"},
		{"parks.csv", ",2024-02,", ",2024-13,", "date.invalid"},
		{"parks.csv", "鲤城区高新区科创中心,鲤城区", "鲤城区高新区科创中心,某区", "no org is called"},
		{"parks.csv", "鲤城区,no,2,", "鲤城区,maybe,2,", "column pilot"},
		{"parks.csv", "泉州鲤城海天产业园", "泉州鲤城智创中心", "repeats row"},
		{"parks.csv", "\n海天科创园,", "\n海天科创园 ,", "blanks around it"},
		{"statements.csv", "109.28,亩", "109.28,亿元", "does not measure land_area"},
		{"statements.csv", "land_area", "leading_industry", "not a measured column"},
		{"statements.csv", "https://fdi.swt.fujian.gov.cn/show-17259.html", "", "column source: must not be empty"},
		{"phases.csv", "海天科创园,2,", "海天科创园,1,", "repeats row 2"},
		{"phases.csv", "topped_out", "almost", "column progress"},
		{"aliases.csv", "),芯智造产业园", "),海天科创园", "a park's own name"},
		{"nesting.csv", "苏闽高科数字智能产业园,厦门泉州(安溪)经济合作区思明园", "安溪高端装备制造产业园,安溪大成智慧产业园", "inside its own child"},
		{"zone_links.csv", "S357029", "S000000", "zones.csv has no zone"},
		{"targets.csv", "2100,万平方米,", "2100,平方公里,", "is not a number of"},
		{"targets.csv", "result,300,万平方米,", "result,300,万平方米,linear", "a result has no curve"},
		{"targets.csv", "2022,350500", "22,350500", "must be a year"},
	} {
		if _, err := readCity(broken(t, c.file, c.before, c.after), "cities/quanzhou"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q for %q: %v, want an error that says %q", c.file, c.after, c.before, err, c.want)
		}
	}
}

func TestPhase_datesKeepTheirPrecision(t *testing.T) {
	for _, p := range quanzhou(t).Phases {
		if strings.HasPrefix(p.Park, "石狮服装") && p.Completed != period.DateOf(2023, 2, 0) {
			t.Errorf("old park of %s accepted on %s, want 2023-02", p.Park, p.Completed)
		}
	}
}
