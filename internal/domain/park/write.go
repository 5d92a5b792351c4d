package park

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// change is a column before and after, as the audit trail keeps it.
type change struct {
	Before any `json:"before"`
	After  any `json:"after"`
}

// changed sets *field to value and notes it under name when that changes something.
func changed[T comparable](notes map[string]change, name string, field *T, value T) map[string]change {
	if *field != value {
		notes[name] = change{Before: *field, After: value}
		*field = value
	}
	return notes
}

// Add adds a park to an org that the scope covers; its id is made when p.ID is empty. It gives the park as stored.
//
// Errors: Invalid "park.no_name", "park.no_source", "park.bad_number", "park.text_too_long", "park.text_not_utf8"; NotFound
// "org.not_found", "zone.not_found", "park.not_found" for the parent; Exists "park.exists" when the city has a park of this
// name, "park.alias_taken" when one is also called so.
func Add(ctx context.Context, w db.Writer, act org.Act, p Park) (Park, error) {
	p, err := insert(ctx, w, act, p)
	if err == nil {
		_, err = audit.Append(ctx, w, audit.Entry{
			City: p.City, Actor: act.Actor, Action: "park.add", Kind: Kind, Entity: string(p.ID), At: act.At,
			Detail: map[string]any{"after": facts(p)}, Touched: []audit.Touch{{Kind: Kind, ID: string(p.ID)}},
		})
	}
	return p, fault.Wrap("park.Add", err)
}

// insert writes a park's row after checking it; the caller writes the audit line.
func insert(ctx context.Context, w db.Writer, act org.Act, p Park) (Park, error) {
	p.City, p.Version, p.Name = act.Scope.City, 1, strings.TrimSpace(p.Name)
	if err := p.check(); err != nil {
		return Park{}, err
	}
	if _, err := org.Get(ctx, w.Reader, act.Scope, p.Org); err != nil {
		return Park{}, err
	}
	if p.Parent != "" {
		if _, err := one(ctx, w.Reader, act.Scope, p.Parent); err != nil {
			return Park{}, err
		}
	}
	if p.Zone != "" {
		if _, err := zoneOf(ctx, w.Reader, p.City, p.Zone); err != nil {
			return Park{}, err
		}
	}
	if p.ID == "" {
		p.ID = ID(act.NewID())
	}
	if err := notAnAlias(ctx, w.Reader, p); err != nil {
		return Park{}, err
	}
	_, err := w.Exec(ctx, `INSERT INTO park (city, id, org, parent, name, pilot, official_no, photo_no, mode, developer,
			leading_industry, zone, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.City, p.ID, p.Org, orNull(string(p.Parent)), p.Name, flagOrNull(p.Pilot), numberOrNull(p.OfficialNo), orNull(p.PhotoNo),
		orNull(p.Mode), orNull(p.Developer), orNull(p.LeadingIndustry), orNull(p.Zone), p.Source, p.Version)
	return p, existsAs(err, "park.exists", "name", p.Name)
}

// notAnAlias refuses a name by which another park is known.
func notAnAlias(ctx context.Context, r db.Reader, p Park) error {
	var others int64
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM park_alias WHERE city = $1 AND name = $2 AND park <> $3`, p.City, p.Name, p.ID).Scan(&others)
	if err == nil && others > 0 {
		err = fault.New(fault.Exists, "park.alias_taken", "name", p.Name)
	}
	return err
}

// Update changes a park's own columns and gives its new version; an edit that changes nothing keeps the version.
// A park that is renamed keeps its former name as an alias, so that lists which still use it find the park.
//
// Errors: NotFound "park.not_found"; Stale "row.stale" when version is not the park's; Exists "park.exists",
// "park.alias_taken"; Invalid as Add.
func Update(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, e Edit) (int64, error) {
	next, err := editPark(ctx, w, act, id, version, "park.edit", func(p *Park) (map[string]change, error) {
		notes := map[string]change{}
		for _, c := range []struct {
			name  string
			field *string
			value *string
		}{{"name", &p.Name, e.Name}, {"mode", &p.Mode, e.Mode}, {"developer", &p.Developer, e.Developer}, {"leading_industry", &p.LeadingIndustry, e.LeadingIndustry}} {
			if c.value != nil {
				changed(notes, c.name, c.field, strings.TrimSpace(*c.value))
			}
		}
		if err := p.check(); err != nil {
			return nil, err
		}
		return notes, keepFormerName(ctx, w, *p, notes)
	})
	return next, fault.Wrap("park.Update", err)
}

// keepFormerName makes the former name of a renamed park an alias, and its new name none.
func keepFormerName(ctx context.Context, w db.Writer, p Park, notes map[string]change) error {
	name, renamed := notes["name"]
	if !renamed {
		return nil
	}
	if err := notAnAlias(ctx, w.Reader, p); err != nil {
		return err
	}
	if _, err := w.Exec(ctx, `DELETE FROM park_alias WHERE city = $1 AND park = $2 AND name = $3`, p.City, p.ID, p.Name); err != nil {
		return err
	}
	_, err := insertAlias(ctx, w, p.City, Alias{Park: p.ID, Name: name.Before.(string), Source: p.Source})
	return err
}

// Nest puts a park inside another; an empty parent takes it out. It gives the park's new version.
// Errors: NotFound "park.not_found" for either; Stale "row.stale"; Invalid "park.nest_cycle" when it would contain itself.
func Nest(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, parent ID) (int64, error) {
	next, err := editPark(ctx, w, act, id, version, "park.nest", func(p *Park) (map[string]change, error) {
		if err := checkNesting(ctx, w.Reader, act.Scope, id, parent); err != nil {
			return nil, err
		}
		return changed(map[string]change{}, "parent", &p.Parent, parent), nil
	})
	return next, fault.Wrap("park.Nest", err)
}

// maxDepth bounds nesting; the deepest real one is 2 (a cooperation zone with its parts).
const maxDepth = 8

func checkNesting(ctx context.Context, r db.Reader, s auth.Scope, id, parent ID) error {
	for depth := 0; parent != ""; depth++ {
		if parent == id || depth == maxDepth {
			return fault.New(fault.Invalid, "park.nest_cycle", "id", id)
		}
		p, err := one(ctx, r, s, parent)
		if fault.KindOf(err) == fault.NotFound && depth > 0 {
			return nil // the rest of the way up is another office's; id lies in the scope, so it cannot be there
		}
		if err != nil {
			return err
		}
		parent = p.Parent
	}
	return nil
}

// editPark reads a park, checks the version, lets edit change it, and writes row and audit line.
func editPark(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, action string, edit func(*Park) (map[string]change, error)) (int64, error) {
	row, err := one(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return 0, err
	}
	p := row.Park
	if p.Version != version {
		return 0, fault.New(fault.Stale, "row.stale", "version", p.Version)
	}
	notes, err := edit(&p)
	if err != nil || len(notes) == 0 {
		return p.Version, err
	}
	p.Version++
	if err := store(ctx, w, p); err != nil {
		return 0, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: p.City, Actor: act.Actor, Action: action, Kind: Kind, Entity: string(id), At: act.At,
		Detail: notes, Touched: []audit.Touch{{Kind: Kind, ID: string(id)}},
	})
	return p.Version, err
}

// store writes a park's row, p.Version being the new one.
func store(ctx context.Context, w db.Writer, p Park) error {
	n, err := w.Exec(ctx, `UPDATE park SET org = $1, parent = $2, name = $3, pilot = $4, official_no = $5, photo_no = $6,
			mode = $7, developer = $8, leading_industry = $9, zone = $10, version = $11
		WHERE city = $12 AND id = $13 AND version = $14`,
		p.Org, orNull(string(p.Parent)), p.Name, flagOrNull(p.Pilot), numberOrNull(p.OfficialNo), orNull(p.PhotoNo),
		orNull(p.Mode), orNull(p.Developer), orNull(p.LeadingIndustry), orNull(p.Zone), p.Version, p.City, p.ID, p.Version-1)
	if err == nil && n != 1 {
		return fault.New(fault.Stale, "row.stale", "version", p.Version-1)
	}
	return existsAs(err, "park.exists", "name", p.Name)
}

// bump raises the version of a park of which something was recorded, so that its page's ETag changes with its content.
func bump(ctx context.Context, w db.Writer, p Park) error {
	p.Version++
	return store(ctx, w, p)
}

// AddAlias records another name of a park, which is then found by it in searches and lists. The same alias again changes
// nothing. Errors: NotFound "park.not_found"; Invalid "park.no_name", "park.no_source"; Exists "park.alias_taken" when
// another park of the city has the name.
func AddAlias(ctx context.Context, w db.Writer, act org.Act, a Alias) error {
	p, err := one(ctx, w.Reader, act.Scope, a.Park)
	if err != nil {
		return fault.Wrap("park.AddAlias", err)
	}
	n, err := insertAlias(ctx, w, p.City, a)
	if err == nil && n > 0 {
		err = bump(ctx, w, p.Park)
	}
	if err == nil && n > 0 {
		_, err = audit.Append(ctx, w, audit.Entry{
			City: p.City, Actor: act.Actor, Action: "park.alias", Kind: Kind, Entity: string(a.Park), At: act.At,
			Detail: map[string]any{"alias": a.Name, "source": a.Source}, Touched: []audit.Touch{{Kind: Kind, ID: string(a.Park)}},
		})
	}
	return fault.Wrap("park.AddAlias", err)
}

func insertAlias(ctx context.Context, w db.Writer, city string, a Alias) (int64, error) {
	a.Name = strings.TrimSpace(a.Name)
	switch {
	case a.Name == "":
		return 0, fault.New(fault.Invalid, "park.no_name")
	case blank(a.Source):
		return 0, fault.New(fault.Invalid, "park.no_source", "name", a.Name)
	}
	if err := checkText("alias", a.Name); err != nil {
		return 0, err
	}
	var taken int64
	if err := w.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM park WHERE city = $1 AND name = $2 AND id <> $3)
		+ (SELECT COUNT(*) FROM park_alias WHERE city = $1 AND name = $2 AND park <> $3)`, city, a.Name, a.Park).Scan(&taken); err != nil {
		return 0, err
	}
	if taken > 0 {
		return 0, fault.New(fault.Exists, "park.alias_taken", "name", a.Name)
	}
	return w.Exec(ctx, `INSERT INTO park_alias (city, park, name, source) VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, park, name) DO NOTHING`, city, a.Park, a.Name, a.Source)
}

// AddPhase adds a phase to a park. Errors: NotFound "park.not_found"; Exists "phase.exists"; Invalid "phase.bad_number",
// "phase.negative_area", "figure.bad_nature", "figure.no_source".
func AddPhase(ctx context.Context, w db.Writer, act org.Act, ph Phase) error {
	p, err := one(ctx, w.Reader, act.Scope, ph.Park)
	if err == nil {
		err = insertPhase(ctx, w, p.City, ph)
	}
	if err == nil {
		err = bump(ctx, w, p.Park)
	}
	if err == nil {
		_, err = audit.Append(ctx, w, audit.Entry{
			City: p.City, Actor: act.Actor, Action: "park.phase", Kind: Kind, Entity: string(ph.Park), At: act.At,
			Detail: map[string]any{"after": phaseFacts(ph)}, Touched: []audit.Touch{{Kind: Kind, ID: string(ph.Park)}},
		})
	}
	return fault.Wrap("park.AddPhase", err)
}

func insertPhase(ctx context.Context, w db.Writer, city string, p Phase) error {
	if err := p.check(); err != nil {
		return err
	}
	_, err := w.Exec(ctx, `INSERT INTO park_phase (city, park, no, name, land_m2, floor_area_built_m2, lettable_area_m2, started,
			completed, opened, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
		city, p.Park, p.No, p.Name, p.LandM2, p.FloorAreaBuiltM2, p.LettableM2, dateOrNull(p.Started),
		dateOrNull(p.Completed), dateOrNull(p.Opened), p.Nature, p.Source)
	return existsAs(err, "phase.exists", "no", p.No)
}

func phaseFacts(p Phase) map[string]any {
	return map[string]any{
		"no": p.No, "name": p.Name, "land_m2": p.LandM2, "floor_area_built_m2": p.FloorAreaBuiltM2, "lettable_area_m2": p.LettableM2,
		"started": p.Started.String(), "completed": p.Completed.String(), "opened": p.Opened.String(), "nature": p.Nature, "source": p.Source,
	}
}

func facts(p Park) map[string]any {
	return map[string]any{
		"name": p.Name, "org": p.Org, "parent": p.Parent, "pilot": p.Pilot, "official_no": p.OfficialNo, "photo_no": p.PhotoNo,
		"mode": p.Mode, "developer": p.Developer, "leading_industry": p.LeadingIndustry, "zone": p.Zone, "source": p.Source,
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
