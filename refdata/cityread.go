package refdata

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// parkColumns is the heading of parks.csv. A key with a unit is measured.
var parkColumns = []string{
	"name", "org", "pilot", "official_no", "mode", "developer", "leading_industry", "land_area(亩)", "floor_area(㎡)", "factory_area(㎡)",
	"investment(亿元)", "started", "opened", "tenants_signed(家)", "tenants_fitting_out(家)", "tenants_producing(家)", "tenants_enrolled(家)",
	"leasing_rate(%)", "expected_output(亿元)", "expected_tax(万元)", "photo_no", "as_of", "source", "other_sources",
}

type head struct {
	ID       string `yaml:"id"`
	NameZH   string `yaml:"name_zh"`
	NameEN   string `yaml:"name_en"`
	TimeZone string `yaml:"time_zone"`
}

func readHead(fsys fs.FS, dir string) (head, error) {
	var h head
	if err := readYAML(fsys, dir+"/city.yaml", &h); err != nil {
		return h, err
	}
	if h.TimeZone == "" || h.ID == "" || h.NameZH == "" || h.NameEN == "" {
		return h, fmt.Errorf("refdata: %s/city.yaml: id, name_zh, name_en and time_zone are needed", dir)
	}
	return h, nil
}

// reader reads one city's files; names knows what later files refer to.
type reader struct {
	fsys  fs.FS
	dir   string
	city  City
	parks map[string]bool
	zones map[string]bool
}

func readCity(fsys fs.FS, dir string) (City, error) {
	h, err := readHead(fsys, dir)
	if err != nil {
		return City{}, err
	}
	r := &reader{fsys: fsys, dir: dir, parks: map[string]bool{}, zones: map[string]bool{}}
	r.city = City{ID: h.ID, Folder: "refdata/" + dir, NameZH: h.NameZH, NameEN: h.NameEN, TimeZone: h.TimeZone}
	for _, read := range []func() error{
		r.readOrgs, r.readZones, r.readParks, r.readStatements, r.readPhases, r.readAliases, r.readNesting, r.readZoneLinks, r.readTargets,
	} {
		if err := read(); err != nil {
			return City{}, err
		}
	}
	return r.city, nil
}

func (r *reader) readOrgs() error {
	var doc struct {
		Orgs []Org `yaml:"orgs"`
	}
	if err := readYAML(r.fsys, r.dir+"/orgs.yaml", &doc); err != nil {
		return err
	}
	r.city.Orgs = doc.Orgs
	return errors.Join(checkOrgs(r.city)...)
}

func checkOrgs(c City) (errs []error) {
	fail := func(o Org, what string) { errs = append(errs, fmt.Errorf("refdata: orgs.yaml: org %q %s", o.ID, what)) }
	ids, names := map[string]bool{}, map[string]bool{}
	for i, o := range c.Orgs {
		switch {
		case o.ID == "" || strings.Trim(o.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
			fail(o, "must have an id of small letters, digits and hyphens")
		case o.NameZH == "" || o.NameEN == "" || o.Source == "":
			fail(o, "must have name_zh, name_en and source")
		case (i == 0) != (o.Kind == "city") || i == 0 && (o.ID != c.ID || o.Parent != ""):
			fail(o, "must be the city where it is the first, and only there")
		case i > 0 && !ids[o.Parent]:
			fail(o, "must stand below its parent "+strconv.Quote(o.Parent))
		case !slices.Contains([]string{"city", "county", "committee", "operator"}, o.Kind):
			fail(o, "has the unknown kind "+strconv.Quote(o.Kind))
		case ids[o.ID]:
			fail(o, "comes twice")
		}
		ids[o.ID] = true
		for _, name := range append([]string{o.NameZH}, o.Aliases...) {
			if names[name] {
				fail(o, "shares the name "+name)
			}
			names[name] = true
		}
	}
	if len(c.Orgs) == 0 {
		fail(Org{ID: c.ID}, "is missing")
	}
	return errs
}

func (r *reader) readZones() error {
	t, err := readTable(r.fsys, r.dir+"/zones.csv", "code", "name", "level", "kind", "approved", "area(公顷)", "industries", "source")
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		z := Zone{
			t.text(i, "code"), t.text(i, "name"), t.text(i, "level"), t.text(i, "kind"), t.date(i, "approved"), t.cell(i, "area"),
			t.text(i, "industries"), t.text(i, "source"),
		}
		t.unique(i, seen, "code", z.Code)
		r.zones[z.Code] = true
		r.city.Zones = append(r.city.Zones, z)
	}
	return t.err()
}

func (r *reader) readParks() error {
	t, err := readTable(r.fsys, r.dir+"/parks.csv", parkColumns...)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		p := ParkRow{Row: i + 2, Name: t.text(i, "name"), Cells: map[string]Cell{}}
		t.unique(i, seen, "name", p.Name)
		r.parks[p.Name] = true
		if o, ok := r.city.OrgNamed(t.text(i, "org")); ok {
			p.Org = o.ID
		} else {
			t.fail(i, "org", "no org is called %q", t.optional(i, "org"))
		}
		for n, key := range t.keys {
			if c := checkParkCell(t, i, key); c.Text != "" {
				p.Cells[key] = Cell{c.Text, t.units[n]}
			}
		}
		r.city.Parks = append(r.city.Parks, p)
	}
	return t.err()
}

func checkParkCell(t *table, i int, key string) Cell {
	text := t.optional(i, key)
	switch key {
	case "pilot":
		t.oneOf(i, key, "", "yes", "no")
	case "official_no":
		if n, err := strconv.Atoi(text); text != "" && (err != nil || n < 1) {
			t.fail(i, key, "%q is not a number of a list", text)
		}
	case "started", "opened", "as_of":
		t.date(i, key)
	case "source":
		t.text(i, key)
	default:
		if t.units[slices.Index(t.keys, key)] != "" {
			return t.cell(i, key)
		}
	}
	return Cell{Text: text}
}

// park is the name of a park of the list.
func (r *reader) park(t *table, i int, key string) string {
	name := t.text(i, key)
	if !r.parks[name] {
		t.fail(i, key, "parks.csv has no park %q", name)
	}
	return name
}

func (r *reader) readStatements() error {
	t, err := readTable(r.fsys, r.dir+"/statements.csv", "park", "field", "text", "unit", "bound", "as_of", "source", "remark")
	if err != nil {
		return err
	}
	for i := range t.rows {
		s := Statement{
			Row: i + 2, Park: r.park(t, i, "park"), Field: t.text(i, "field"), Value: Cell{t.text(i, "text"), t.text(i, "unit")},
			Bound: t.oneOf(i, "bound", "", "over", "about", "under"), AsOf: t.date(i, "as_of"), Source: t.text(i, "source"), Remark: t.optional(i, "remark"),
		}
		if listed, ok := measured(s.Field); !ok {
			t.fail(i, "field", "%q is not a measured column of parks.csv", s.Field)
		} else if stated, err := unit.Of(s.Value.Unit); err != nil || stated.To != listed {
			t.fail(i, "unit", "%q does not measure %s", s.Value.Unit, s.Field)
		}
		if v, ok := s.Value.Canonical(); !ok || v < 0 {
			t.fail(i, "text", "%q is not a number of %s", s.Value.Text, s.Value.Unit)
		}
		r.city.Statements = append(r.city.Statements, s)
	}
	return t.err()
}

// measured is the canonical unit of a measured column of parks.csv.
func measured(key string) (unit.Canonical, bool) {
	for _, c := range parkColumns {
		if name, written, ok := strings.Cut(strings.TrimSuffix(c, ")"), "("); ok && name == key {
			u, err := unit.Of(written)
			return u.To, err == nil
		}
	}
	return "", false
}

func (r *reader) readPhases() error {
	t, err := readTable(r.fsys, r.dir+"/phases.csv", "park", "no", "name", "land_area(亩)", "floor_area(㎡)", "investment(亿元)",
		"started", "completed", "opened", "progress", "as_of", "source")
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		p := Phase{
			Row: i + 2, Park: r.park(t, i, "park"), Name: t.text(i, "name"),
			LandArea: t.cell(i, "land_area"), FloorArea: t.cell(i, "floor_area"), Investment: t.cell(i, "investment"),
			Started: t.date(i, "started"), Completed: t.date(i, "completed"), Opened: t.date(i, "opened"),
			Progress: t.oneOf(i, "progress", "", "under_construction", "topped_out", "completed", "open"), AsOf: t.date(i, "as_of"), Source: t.text(i, "source"),
		}
		if p.No, err = strconv.Atoi(t.text(i, "no")); err != nil || p.No < 1 {
			t.fail(i, "no", "must be 1 or more")
		}
		t.unique(i, seen, "no", p.Park, strconv.Itoa(p.No))
		r.city.Phases = append(r.city.Phases, p)
	}
	return t.err()
}

func (r *reader) readAliases() error {
	t, err := readTable(r.fsys, r.dir+"/aliases.csv", "park", "alias", "source")
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		a := Alias{r.park(t, i, "park"), t.text(i, "alias"), t.text(i, "source")}
		if t.unique(i, seen, "alias", a.Alias); r.parks[a.Alias] {
			t.fail(i, "alias", "%q is a park's own name", a.Alias)
		}
		r.city.Aliases = append(r.city.Aliases, a)
	}
	return t.err()
}

func (r *reader) readNesting() error {
	t, err := readTable(r.fsys, r.dir+"/nesting.csv", "park", "parent", "source")
	if err != nil {
		return err
	}
	seen, inside := map[string]int{}, map[string]string{}
	for i := range t.rows {
		n := Nesting{r.park(t, i, "park"), r.park(t, i, "parent"), t.text(i, "source")}
		t.unique(i, seen, "park", n.Park)
		inside[n.Park] = n.Parent
		for p := n.Parent; p != ""; p = inside[p] {
			if p == n.Park {
				t.fail(i, "parent", "lies inside its own child")
				delete(inside, n.Park)
			}
		}
		r.city.Nesting = append(r.city.Nesting, n)
	}
	return t.err()
}

func (r *reader) readZoneLinks() error {
	t, err := readTable(r.fsys, r.dir+"/zone_links.csv", "park", "zone", "source")
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		l := ZoneLink{r.park(t, i, "park"), t.text(i, "zone"), t.text(i, "source")}
		if t.unique(i, seen, "park", l.Park); !r.zones[l.Zone] {
			t.fail(i, "zone", "zones.csv has no zone %q", l.Zone)
		}
		r.city.ZoneLinks = append(r.city.ZoneLinks, l)
	}
	return t.err()
}

func (r *reader) readTargets() error {
	t, err := readTable(r.fsys, r.dir+"/targets.csv", "year", "org", "indicator", "kind", "value", "unit", "curve", "source")
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range t.rows {
		x := Target{
			Row: i + 2, Org: t.text(i, "org"), Indicator: t.text(i, "indicator"), Kind: t.oneOf(i, "kind", "target", "result"),
			Value: Cell{t.text(i, "value"), t.text(i, "unit")}, Curve: t.optional(i, "curve"), Source: t.text(i, "source"),
		}
		t.unique(i, seen, "indicator", t.text(i, "year"), x.Org, x.Indicator, x.Kind)
		year, err := period.Parse(t.text(i, "year"))
		if x.Year = year.First().Year(); err != nil || year.Kind() != period.KindYear {
			t.fail(i, "year", "must be a year")
		}
		if _, ok := x.Value.Canonical(); !ok {
			t.fail(i, "value", "%q is not a number of %s", x.Value.Text, x.Value.Unit)
		}
		if x.Kind == "result" && x.Curve != "" {
			t.fail(i, "curve", "a result has no curve")
		}
		if o, ok := r.city.OrgNamed(x.Org); !ok || o.ID != x.Org {
			t.fail(i, "org", "orgs.yaml has no id %q", x.Org)
		}
		r.city.Targets = append(r.city.Targets, x)
	}
	return t.err()
}
