package park

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Import is a list that somebody wants to bring into the ledger.
type Import struct {
	User auth.User
	File ListFile
	// OrgAliases are names that offices write for orgs (晋江 → 晋江市), from refdata.
	OrgAliases map[string]string
	// Nature of the list's figures; empty means declared. A number on a public page, even a government's, is what the
	// operator told it unless whoever imports knows better: only then say record or statistics.
	Nature figure.Nature
	// Source says who states the rows that name no source; empty means the file's name. An office that sends its list
	// each month gives one name for all of them, so that each month's figures replace the last month's.
	Source string
}

func (i Import) scope() auth.Scope { return org.Reach(i.User.Scope(), "") }

func (i Import) nature() figure.Nature {
	if i.Nature == "" {
		return figure.Declared
	}
	return i.Nature
}

func (i Import) source() string {
	if s := strings.TrimSpace(i.Source); s != "" {
		return s
	}
	return i.File.File
}

// maxRows bounds a list; the programme's library has about a hundred.
const maxRows = 20_000

// State is what a row of a list means for the ledger.
type State string

// The states of a row.
const (
	New       State = "new"       // the ledger has no such park
	Changed   State = "changed"   // it says something of a known park that the ledger does not have
	Unchanged State = "unchanged" // the ledger has all that it says
	Refused   State = "refused"   // a cell of it is a problem
)

// Plan is what a list would do to the ledger.
type Plan struct {
	Rows      []PlannedRow // rows with something in them, in the file's order
	Problems  []Problem    // by row; any of them refuses the whole list
	Ignored   []string     // headings that mean nothing to an import
	New       int
	Changed   int
	Unchanged int

	imp Import
}

// PlannedRow is what one row would do.
type PlannedRow struct {
	Row     int
	Park    ID     // empty for a new park
	Name    string // as the ledger has it, for a new park as written
	State   State
	Changes []FieldChange

	entry entry
	was   Row // as the ledger has it; zero for a new park
	said  []figure.Figure
}

// FieldChange is one field that a row would write. Before is what the same source said before, or the park's own column;
// empty when it said nothing, even if others did.
type FieldChange struct {
	Field  string
	Before string
	After  string
}

// Prepare reads a list and says what it would do, without writing. Parks are matched by name, then by alias, whatever
// their width and blanks; a name is never taken apart, and an empty cell is unknown: it takes nothing away.
//
// Errors: Denied "auth.denied" for who may not import; Invalid "figure.bad_nature", "import.too_many_rows". What is wrong
// with single cells is in Plan.Problems.
func Prepare(ctx context.Context, r db.Reader, i Import) (Plan, error) {
	if err := i.check(); err != nil {
		return Plan{}, fault.Wrap("park.Prepare", err)
	}
	orgs, err := org.All(ctx, r, i.User.City)
	if err != nil {
		return Plan{}, fault.Wrap("park.Prepare", err)
	}
	known, err := readLedger(ctx, r, i.User.City)
	if err != nil {
		return Plan{}, fault.Wrap("park.Prepare", err)
	}
	rd := reader{imp: i, orgs: org.NamesOf(orgs, i.OrgAliases)}
	plan := Plan{Ignored: i.File.Ignored, imp: i}
	for _, l := range i.File.Rows {
		if !l.blank() {
			plan.Rows = append(plan.Rows, PlannedRow{Row: l.Row, entry: rd.read(l)})
		}
	}
	rd.match(plan.Rows, known)
	if err := readSaid(ctx, r, i.User.City, plan.Rows); err != nil {
		return Plan{}, fault.Wrap("park.Prepare", err)
	}
	plan.judge()
	plan.Problems = rd.problems
	slices.SortStableFunc(plan.Problems, func(a, b Problem) int { return a.Row - b.Row })
	return plan, nil
}

func (i Import) check() error {
	switch n := i.nature(); {
	case !i.User.May(auth.ParkImport) || i.scope().None():
		return fault.New(fault.Denied, "auth.denied", "action", string(auth.ParkImport))
	case !n.Valid() || n == figure.Simulated || n == figure.Derived:
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", n)
	case len(i.File.Rows) > maxRows:
		return fault.New(fault.Invalid, "import.too_many_rows", "rows", len(i.File.Rows), "limit", maxRows)
	}
	return nil
}

// known is the parks of a city by folded name and by folded alias.
type known struct {
	byName  map[string][]Row
	byAlias map[string][]Row
}

func readLedger(ctx context.Context, r db.Reader, city string) (known, error) {
	k := known{byName: map[string][]Row{}, byAlias: map[string][]Row{}}
	err := eachChunk(ctx, r, city, nil, func(rows []Row) error {
		aliases, err := aliasesOf(ctx, r, city, idsOf(rows))
		for _, v := range rows {
			name := org.Fold(v.Name)
			k.byName[name] = append(k.byName[name], v)
			for _, a := range aliases[v.ID] {
				k.byAlias[org.Fold(a)] = append(k.byAlias[org.Fold(a)], v)
			}
		}
		return err
	})
	return k, err
}

func (k known) find(name string) []Row {
	if rows := k.byName[org.Fold(name)]; len(rows) > 0 {
		return rows
	}
	return k.byAlias[org.Fold(name)]
}

// match finds the park of each row and refuses what cannot be one row of one park that the importer reaches.
func (r *reader) match(rows []PlannedRow, k known) {
	byName, byPark := map[string]int{}, map[ID]int{}
	for i := range rows {
		p := &rows[i]
		e := &p.entry
		p.Name = e.park.Name
		if p.Name == "" {
			continue
		}
		if first, again := byName[org.Fold(p.Name)]; again {
			r.refuse(e, "name", "cell.duplicate_name", "other", first)
			continue
		}
		byName[org.Fold(p.Name)] = p.Row
		found := k.find(p.Name)
		switch {
		case len(found) == 0 && e.listed.text("org") == "":
			r.refuse(e, "org", "cell.no_org")
		case len(found) == 0:
		case len(found) > 1:
			r.refuse(e, "name", "cell.ambiguous_name", "first", found[0].Name, "second", found[1].Name)
		case !r.imp.scope().Within(found[0].OrgPath):
			r.refuse(e, "name", "cell.park_out_of_reach")
		case byPark[found[0].ID] > 0:
			r.refuse(e, "name", "cell.same_park", "other", byPark[found[0].ID], "park", found[0].Name)
		default:
			p.was, p.Park, p.Name = found[0], found[0].ID, found[0].Name
			byPark[p.Park] = p.Row
			if org.Inside(found[0].OrgPath, e.org.Path) {
				e.park.Org = "" // the ledger says it as exactly or more so: an org below the one in the list
			}
		}
	}
}

// readSaid reads what is stated already of the parks that rows were matched with.
func readSaid(ctx context.Context, r db.Reader, city string, rows []PlannedRow) error {
	var ids []ID
	for _, p := range rows {
		if p.Park != "" {
			ids = append(ids, p.Park)
		}
	}
	said, err := histories(ctx, r, city, ids, everStated)
	for i := range rows {
		rows[i].said = said[rows[i].Park]
	}
	return err
}

// judge compares each row with the ledger and counts.
func (p *Plan) judge() {
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.entry.bad {
			row.State = Refused
			continue
		}
		_, notes := merge(row.was.Park, row.entry.park)
		if _, ok := notes["org"]; ok {
			notes["org"] = change{Before: row.was.OrgName, After: row.entry.org.NameZH}
		}
		row.Changes = append(changesOf(notes), figureChanges(row.said, row.entry.figures)...)
		switch {
		case row.Park == "":
			row.State = New
			p.New++
		case len(row.Changes) > 0:
			row.State = Changed
			p.Changed++
		default:
			row.State = Unchanged
			p.Unchanged++
		}
	}
}

// merge lays what a row says of a park's own columns over what the ledger has. What the row does not say stays, and so do
// the name and the source of a park that is there already.
func merge(was, says Park) (Park, map[string]change) {
	p, notes := was, map[string]change{}
	if was.ID == "" {
		changed(notes, "name", &p.Name, says.Name)
		p.Source = says.Source
	}
	if says.Org != "" {
		changed(notes, "org", &p.Org, says.Org)
	}
	if says.Pilot != nil && (p.Pilot == nil || *p.Pilot != *says.Pilot) {
		notes["pilot"] = change{Before: p.Pilot, After: says.Pilot}
		p.Pilot = says.Pilot
	}
	if says.OfficialNo != 0 {
		changed(notes, "official_no", &p.OfficialNo, says.OfficialNo)
	}
	for _, c := range []struct {
		name  string
		field *string
		value string
	}{{"photo_no", &p.PhotoNo, says.PhotoNo}, {"mode", &p.Mode, says.Mode}, {"developer", &p.Developer, says.Developer}, {"leading_industry", &p.LeadingIndustry, says.LeadingIndustry}} {
		if c.value != "" {
			changed(notes, c.name, c.field, c.value)
		}
	}
	return p, notes
}

// changesOf writes notes in the order of keys.
func changesOf(notes map[string]change) []FieldChange {
	var out []FieldChange
	for _, key := range keys {
		if c, ok := notes[key]; ok {
			out = append(out, FieldChange{Field: key, Before: show(c.Before), After: show(c.After)})
		}
	}
	return out
}

func show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		if v == 0 {
			return ""
		}
		return strconv.FormatInt(v, 10)
	case *bool:
		if v == nil {
			return ""
		}
		return map[bool]string{true: "yes", false: "no"}[*v]
	default:
		return ""
	}
}

func figureChanges(said, stated []figure.Figure) []FieldChange {
	var out []FieldChange
	for _, f := range stated {
		switch says, other := weigh(said, f); says {
		case repeats:
		case replaces:
			out = append(out, FieldChange{Field: f.Field, Before: showFigure(other), After: showFigure(f)})
		default:
			out = append(out, FieldChange{Field: f.Field, After: showFigure(f)})
		}
	}
	return out
}

// showFigure writes a figure as it was stated: "131 亩 (2023-10)".
func showFigure(f figure.Figure) string {
	text := strings.TrimSpace(f.Stated + " " + f.StatedUnit)
	if f.Unit == unit.Day {
		text = period.Date(f.Value).String()
	}
	if f.AsOf != 0 {
		text += " (" + f.AsOf.String() + ")"
	}
	return text
}
