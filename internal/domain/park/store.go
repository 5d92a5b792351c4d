package park

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Row is a park as a list shows it.
type Row struct {
	Park
	OrgPath   string
	OrgName   string
	OrgNameEN string
	Aliases   []string
	Used      map[string]Used // by field key; a field that nobody stated is absent
}

// Used is the figure that the city uses of a field.
type Used struct {
	figure.Figure
	Contradicted bool // another standing figure states another value
}

// Detail is a park as its own page shows it.
type Detail struct {
	Row
	Statements []Statements // fields of which something was stated, in the order of Fields
	Phases     []Phase
	Children   []Child        // parks inside this one that the scope covers, by name
	LiesIn     *Zone          // the zone it lies in, nil when it lies in none
	Original   []OriginalCell // the cells of the list that last brought it, nil when none did
}

// Statements is all that was ever stated of one field.
type Statements struct {
	Field        string
	Used         figure.ID // empty when nothing stands
	Contradicted bool
	Items        []figure.Figure // as recorded, oldest first
}

// Child names a park inside another.
type Child struct {
	ID   ID
	Name string
}

// OriginalCell is one cell of a list as an office wrote it.
type OriginalCell struct {
	Key    string `json:"key"`
	Column string `json:"column"`
	Ref    string `json:"ref"`
	Text   string `json:"text"`
	Unit   string `json:"unit,omitempty"`
}

const rowColumns = `p.city, p.id, p.org, COALESCE(p.parent, ''), p.name, p.pilot, COALESCE(p.official_no, 0),
	COALESCE(p.photo_no, ''), COALESCE(p.mode, ''), COALESCE(p.developer, ''), COALESCE(p.leading_industry, ''),
	COALESCE(p.zone, ''), p.source, p.version, o.path, o.name_zh, o.name_en`

const rowTables = ` FROM park p JOIN org o ON o.city = p.city AND o.id = p.org `

func scanRow(row db.Scanner) (Row, error) {
	var (
		v     Row
		pilot *int64
	)
	err := row.Scan(&v.City, &v.ID, &v.Org, &v.Parent, &v.Name, &pilot, &v.OfficialNo, &v.PhotoNo, &v.Mode, &v.Developer,
		&v.LeadingIndustry, &v.Zone, &v.Source, &v.Version, &v.OrgPath, &v.OrgName, &v.OrgNameEN)
	if pilot != nil {
		yes := *pilot == 1
		v.Pilot = &yes
	}
	return v, err
}

// Get gives one park with all that was recorded of it. Error kind NotFound, key "park.not_found", also for a park that the
// scope does not cover.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Detail, error) {
	row, err := one(ctx, r, s, id)
	if err != nil {
		return Detail{}, fault.Wrap("park.Get", err)
	}
	d := Detail{Row: row}
	stated, err := histories(ctx, r, s.City, []ID{id}, everStated)
	if err != nil {
		return Detail{}, fault.Wrap("park.Get", err)
	}
	d.Used, d.Statements = use(stated[id]), byField(stated[id])
	if err := d.surroundings(ctx, r, s); err != nil {
		return Detail{}, fault.Wrap("park.Get", err)
	}
	return d, nil
}

// one gives a park's row without its aliases and figures.
func one(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Row, error) {
	from, to := org.Reach(s, "").Range()
	row, err := scanRow(r.QueryRow(ctx, `SELECT `+rowColumns+rowTables+`
		WHERE p.city = $1 AND p.id = $2 AND o.path >= $3 AND o.path < $4`, s.City, id, from, to))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Because(err, fault.NotFound, "park.not_found", "id", id)
	}
	return row, err
}

// surroundings reads what hangs on the park: aliases, phases, children, zone, and the row of the list that brought it.
func (d *Detail) surroundings(ctx context.Context, r db.Reader, s auth.Scope) error {
	aliases, err := aliasesOf(ctx, r, d.City, []ID{d.ID})
	if err != nil {
		return err
	}
	d.Aliases = aliases[d.ID]
	if d.Phases, err = phasesOf(ctx, r, d.City, []ID{d.ID}); err != nil {
		return err
	}
	from, to := org.Reach(s, "").Range()
	d.Children, err = db.Collect(ctx, r, func(row db.Scanner) (c Child, err error) {
		return c, row.Scan(&c.ID, &c.Name)
	}, `SELECT p.id, p.name`+rowTables+`WHERE p.city = $1 AND p.parent = $2 AND o.path >= $3 AND o.path < $4
		ORDER BY p.name LIMIT 500`, d.City, d.ID, from, to)
	if err != nil {
		return err
	}
	if d.Zone != "" {
		z, err := zoneOf(ctx, r, d.City, d.Zone)
		if err != nil {
			return err
		}
		d.LiesIn = &z
	}
	d.Original, err = originalOf(ctx, r, d.City, d.ID)
	return err
}

// aliasesOf gives the aliases of some parks, each park's in byte order.
func aliasesOf(ctx context.Context, r db.Reader, city string, ids []ID) (map[ID][]string, error) {
	out := map[ID][]string{}
	err := eachOf(ctx, r, city, ids, func(row db.Scanner) error {
		var (
			id   ID
			name string
		)
		err := row.Scan(&id, &name)
		out[id] = append(out[id], name)
		return err
	}, `SELECT park, name FROM park_alias WHERE city = $1 AND park IN ids ORDER BY park, name`)
	return out, err
}

const phaseColumns = `ph.park, ph.no, ph.name, ph.land_m2, ph.floor_area_built_m2, ph.lettable_area_m2, COALESCE(ph.started, 0),
	COALESCE(ph.completed, 0), COALESCE(ph.opened, 0), ph.nature, ph.source, ph.version`

func scanPhase(row db.Scanner) (p Phase, err error) {
	err = row.Scan(&p.Park, &p.No, &p.Name, &p.LandM2, &p.FloorAreaBuiltM2, &p.LettableM2, &p.Started, &p.Completed,
		&p.Opened, &p.Nature, &p.Source, &p.Version)
	return p, err
}

// phasesOf gives the phases of some parks, by park and number when ids rise.
func phasesOf(ctx context.Context, r db.Reader, city string, ids []ID) (phases []Phase, err error) {
	err = eachOf(ctx, r, city, ids, func(row db.Scanner) error {
		p, err := scanPhase(row)
		phases = append(phases, p)
		return err
	}, `SELECT `+phaseColumns+` FROM park_phase ph WHERE ph.city = $1 AND ph.park IN ids ORDER BY ph.park, ph.no`)
	return phases, err
}

// matches says whether text occurs in a park's name or in one of its aliases, however the two are spelt.
func (v Row) matches(text string) bool {
	want := org.Fold(text)
	if strings.Contains(org.Fold(v.Name), want) {
		return true
	}
	for _, a := range v.Aliases {
		if strings.Contains(org.Fold(a), want) {
			return true
		}
	}
	return false
}
