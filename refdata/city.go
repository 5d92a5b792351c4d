package refdata

import (
	"io/fs"
	"path"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// City is what public sources state of one city's park programme.
type City struct {
	ID       string // GB/T 2260 code: "350500"
	Folder   string // where its tables lie, from the project's root: "refdata/cities/quanzhou"
	NameZH   string
	NameEN   string
	TimeZone string // IANA name

	Orgs       []Org // the city first, parents before children
	Zones      []Zone
	Parks      []ParkRow
	Statements []Statement
	Phases     []Phase
	Aliases    []Alias
	Nesting    []Nesting
	ZoneLinks  []ZoneLink
	Targets    []Target
}

// Org is a node of the reporting tree (组织单元): the city, and the units that report to it.
type Org struct {
	ID       string   `yaml:"id"` // the division code, or a readable id where the unit is no division
	Parent   string   `yaml:"parent"`
	Kind     string   `yaml:"kind"` // city, county, committee or operator
	NameZH   string   `yaml:"name_zh"`
	NameEN   string   `yaml:"name_en"`
	Aliases  []string `yaml:"aliases"`  // as offices write the unit
	Division string   `yaml:"division"` // GB/T 2260 code; empty where it has none
	Sort     int      `yaml:"sort"`
	Source   string   `yaml:"source"`
}

// Zone is a legal development zone (开发区) of the audited catalogue.
type Zone struct {
	Code       string
	Name       string
	Level      string // who approved it, as the catalogue writes: 国务院, 省政府
	Kind       string // as the catalogue writes: 经济技术开发区
	Approved   period.Date
	Area       Cell   // approved area (核准面积) in 公顷
	Industries string // leading industries, separated by 、
	Source     string
}

// ParkRow is one park of the published list, as text. Only cells that the source states are there; an absent key is
// unknown. Keys: name, org, pilot (yes or no), official_no, mode, developer, leading_industry, land_area, floor_area,
// factory_area, investment, started, opened, tenants_signed, tenants_fitting_out, tenants_producing, tenants_enrolled,
// leasing_rate, expected_output, expected_tax, photo_no, as_of, source, other_sources (addresses separated by " ; ").
type ParkRow struct {
	Row   int    // row of parks.csv as a spreadsheet counts: 2 is the first park
	Name  string // as the source writes it, unique in the city
	Org   string // id of the reporting unit that Cells["org"] names
	Cells map[string]Cell
}

// Statement is what another source, or the same source in passing, states of a field of a park beside the list.
type Statement struct {
	Row    int
	Park   string
	Field  string // a measured key of ParkRow: land_area
	Value  Cell
	Bound  string // over, about or under where the source does not state the number itself; else empty
	AsOf   period.Date
	Source string
	Remark string // what the number covers, where it is not the whole park
}

// Phase is a part of a park with its own land, area and dates (分期). A floor area is planned or built: only Progress
// "completed" or "open", or a Completed date, says that it is built.
type Phase struct {
	Row        int
	Park       string
	No         int
	Name       string
	LandArea   Cell
	FloorArea  Cell
	Investment Cell
	Started    period.Date
	Completed  period.Date
	Opened     period.Date
	Progress   string // under_construction, topped_out, completed or open as of AsOf; empty = not stated
	AsOf       period.Date
	Source     string
}

// Alias is another name of a park that a source uses.
type Alias struct{ Park, Alias, Source string }

// Nesting says that a park lies inside another one.
type Nesting struct{ Park, Parent, Source string }

// ZoneLink says in which catalogue zone a park lies, where a source makes that certain.
type ZoneLink struct{ Park, Zone, Source string }

// Target is a published target (目标) of a year, or the published result of one.
type Target struct {
	Row       int
	Year      int
	Org       string
	Indicator string // code of refdata/indicators
	Kind      string // target or result
	Value     Cell
	Curve     string // pace of a target through its year, as domain/target reads it: linear; empty for a state and a result
	Source    string
}

// CityIDs lists the cities that LoadCity knows.
func CityIDs() ([]string, error) {
	dirs, err := cityDirs(files)
	ids := make([]string, 0, len(dirs))
	for id := range dirs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, err
}

// LoadCity reads a city and checks it: ids and names are unique, references exist, numbers and dates can be read, sources
// are named. Errors: kind NotFound, key "city.not_found"; anything else means that the binary was built from broken data.
// The caller owns the result.
func LoadCity(id string) (City, error) {
	dirs, err := cityDirs(files)
	if err != nil {
		return City{}, err
	}
	dir, ok := dirs[id]
	if !ok {
		return City{}, fault.New(fault.NotFound, "city.not_found", "id", id)
	}
	return readCity(files, dir)
}

// cityDirs maps a city's id to its folder.
func cityDirs(fsys fs.FS) (map[string]string, error) {
	names, err := fs.Glob(fsys, "cities/*/city.yaml")
	if err != nil {
		return nil, err
	}
	dirs := make(map[string]string, len(names))
	for _, name := range names {
		h, err := readHead(fsys, path.Dir(name))
		if err != nil {
			return nil, err
		}
		dirs[h.ID] = path.Dir(name)
	}
	return dirs, nil
}

// OrgAliases maps every alias of an org to its Chinese name. The caller owns the map.
func (c City) OrgAliases() map[string]string {
	m := map[string]string{}
	for _, o := range c.Orgs {
		for _, a := range o.Aliases {
			m[a] = o.NameZH
		}
	}
	return m
}

// OrgNamed finds an org by its id, its Chinese name or an alias, exactly as written.
func (c City) OrgNamed(text string) (Org, bool) {
	for _, o := range c.Orgs {
		if text == o.ID || text == o.NameZH || slices.Contains(o.Aliases, text) {
			return o, true
		}
	}
	return Org{}, false
}
