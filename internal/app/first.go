package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/refdata"
)

// firstData gives a city that has nothing yet its reporting tree, the zones of the audited catalogue and the published
// targets. Parks are not among them: a list brings those.
func (c *city) firstData(ctx context.Context) error {
	return c.db.Write(ctx, func(w db.Writer) error {
		have, err := org.All(ctx, w.Reader, c.ref.ID)
		if err != nil || len(have) > 0 {
			return err
		}
		if _, err := org.Add(ctx, w, c.act(), c.orgs()...); err != nil {
			return err
		}
		zones, err := c.zones()
		if err != nil {
			return err
		}
		if _, err := park.Load(ctx, w, c.act(), park.Bulk{Zones: zones}); err != nil {
			return err
		}
		targets, err := c.targets()
		if err != nil {
			return err
		}
		_, err = target.Put(ctx, w, c.act(), targets...)
		return err
	})
}

func (c *city) orgs() (out []org.Org) {
	for _, o := range c.ref.Orgs {
		out = append(out, org.Org{City: c.ref.ID, ID: org.ID(o.ID), Parent: org.ID(o.Parent), Kind: org.Kind(o.Kind),
			NameZH: o.NameZH, NameEN: o.NameEN, Division: o.Division, Sort: int64(o.Sort)})
	}
	return out
}

func (c *city) zones() (out []park.Zone, err error) {
	for _, z := range c.ref.Zones {
		one := park.Zone{Code: z.Code, Name: z.Name, Level: z.Level, Kind: z.Kind, Approved: z.Approved, Industries: z.Industries, Source: z.Source}
		if z.Area.Text != "" {
			m2, ok := z.Area.Canonical()
			if !ok {
				return nil, badCell("zones.csv", z.Code, z.Area)
			}
			one.AreaM2 = &m2
		}
		out = append(out, one)
	}
	return out, nil
}

func badCell(file, row string, c refdata.Cell) error {
	return fault.New(fault.Internal, "refdata.bad_cell", "file", file, "row", row, "text", c.Text, "unit", c.Unit)
}

func (c *city) targets() (out []target.Target, err error) {
	for _, t := range c.ref.Targets {
		v, ok := t.Value.Canonical()
		if !ok {
			return nil, badCell("targets.csv", t.Indicator, t.Value)
		}
		out = append(out, target.Target{Org: org.ID(t.Org), Year: t.Year, Indicator: t.Indicator, Kind: target.Kind(t.Kind), Value: v,
			Unit: unit.MustOf(t.Value.Unit).To, Stated: t.Value.Text, StatedUnit: t.Value.Unit, Curve: t.Curve, Source: t.Source})
	}
	return out, nil
}

// publishedParks brings the published facts of the city's parks into the ledger: the list by the same path that an office's
// file takes, then what other sources say beside it.
func (c *city) publishedParks(ctx context.Context) error {
	file := c.publishedList()
	return c.db.Write(ctx, func(w db.Writer) error {
		plan, err := park.Prepare(ctx, w.Reader, park.Import{User: c.installer(), File: file, OrgAliases: c.ref.OrgAliases()})
		if err != nil {
			return err
		}
		if len(plan.Problems) > 0 {
			p := plan.Problems[0]
			return fault.New(fault.Internal, "refdata.bad_cell", "file", file.File, "row", p.Row, "text", p.Text, "unit", p.Key)
		}
		batch := park.Batch{ID: c.ids.New(), Actor: actor, At: c.now(), NewID: c.ids.New}
		if _, err := park.Commit(ctx, w, plan, batch); err != nil {
			return err
		}
		return c.besideTheList(ctx, w)
	})
}

// publishedList is the reference data's park list in the form of a file that was read.
func (c *city) publishedList() park.ListFile {
	digest := sha256.New()
	list := park.ListFile{File: c.ref.Folder + "/parks.csv"}
	for _, row := range c.ref.Parks {
		listed := park.Listed{Row: row.Row, Cells: map[string]park.ListedCell{}}
		for _, key := range park.Keys() {
			cell, ok := row.Cells[key]
			if !ok {
				continue
			}
			heading, _ := c.texts.Text(c.texts.Fallback(), "park.field."+key)
			listed.Cells[key] = park.ListedCell{Text: cell.Text, Unit: cell.Unit, Column: heading, Ref: fmt.Sprintf("%s:%d", key, row.Row)}
			digest.Write([]byte(key + "\x00" + cell.Text + "\x00"))
		}
		list.Rows = append(list.Rows, listed)
	}
	list.Digest = hex.EncodeToString(digest.Sum(nil))
	return list
}

// besideTheList records aliases, phases, nesting, zones and the statements of other sources.
func (c *city) besideTheList(ctx context.Context, w db.Writer) error {
	ids, err := parkIDs(ctx, w.Reader, c.ref.ID)
	if err != nil {
		return err
	}
	bulk := park.Bulk{}
	for _, a := range c.ref.Aliases {
		bulk.Aliases = append(bulk.Aliases, park.Alias{Park: ids[a.Park].ID, Name: a.Alias, Source: a.Source})
	}
	for _, p := range c.ref.Phases {
		bulk.Phases = append(bulk.Phases, phase(p, ids[p.Park].ID))
	}
	for _, s := range c.ref.Statements {
		if s.Bound != "" {
			continue // "over 2.6 bn" states no number
		}
		bulk.Figures = append(bulk.Figures, park.Stated{Park: ids[s.Park].ID, Statement: park.Statement{Field: s.Field, Text: s.Value.Text,
			Unit: s.Value.Unit, Nature: figure.Declared, Source: s.Source, SourceRef: c.ref.Folder + "/statements.csv", AsOf: s.AsOf}})
	}
	if _, err := park.Load(ctx, w, c.act(), bulk); err != nil {
		return err
	}
	return c.links(ctx, w)
}

func phase(p refdata.Phase, id park.ID) park.Phase {
	out := park.Phase{Park: id, No: int64(p.No), Name: p.Name, Started: p.Started, Completed: p.Completed, Opened: p.Opened, Nature: figure.Declared, Source: p.Source}
	if v, ok := p.LandArea.Canonical(); ok {
		out.LandM2 = &v
	}
	if v, ok := p.FloorArea.Canonical(); ok && (p.Progress == "completed" || p.Progress == "open" || p.Completed != 0) {
		out.FloorAreaBuiltM2 = &v // a floor area that nobody says is built is a plan
	}
	return out
}

func (c *city) links(ctx context.Context, w db.Writer) error {
	for _, n := range c.ref.Nesting {
		ids, err := parkIDs(ctx, w.Reader, c.ref.ID)
		if err != nil {
			return err
		}
		if _, err := park.Nest(ctx, w, c.act(), ids[n.Park].ID, ids[n.Park].Version, ids[n.Parent].ID); err != nil {
			return err
		}
	}
	for _, z := range c.ref.ZoneLinks {
		ids, err := parkIDs(ctx, w.Reader, c.ref.ID)
		if err != nil {
			return err
		}
		if _, err := park.LinkZone(ctx, w, c.act(), ids[z.Park].ID, ids[z.Park].Version, z.Zone); err != nil {
			return err
		}
	}
	return nil
}

// parkIDs finds the city's parks by name.
func parkIDs(ctx context.Context, r db.Reader, cityID string) (map[string]park.Park, error) {
	out := map[string]park.Park{}
	err := park.EachFacts(ctx, r, cityID, nil, func(f park.Facts) error {
		out[strings.TrimSpace(f.Name)] = f.Park
		return nil
	})
	return out, err
}
