package park

import (
	"context"
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Bulk is many parks and what is known of them, for Load: the program's own reference data, and the demo's simulated rows.
type Bulk struct {
	Zones   []Zone
	Parks   []Park // an empty ID is made; a parent stands before its children
	Aliases []Alias
	Phases  []Phase  // of parks here or already in the ledger
	Figures []Stated // likewise
}

// Stated is a statement of one park.
type Stated struct {
	Park ID
	Statement
}

// Load writes a Bulk with one audit line and gives the parks as stored, in their order. All or nothing, as the Write it is
// part of. A statement that is already in the ledger is left out. Errors: as Add, AddAlias, AddPhase and Record.
func Load(ctx context.Context, w db.Writer, act org.Act, b Bulk) ([]Park, error) {
	parks, err := load(ctx, w, act, b)
	return parks, fault.Wrap("park.Load", err)
}

func load(ctx context.Context, w db.Writer, act org.Act, b Bulk) ([]Park, error) {
	for _, z := range b.Zones {
		if err := insertZone(ctx, w, act.Scope.City, z); err != nil {
			return nil, err
		}
	}
	parks, touched := make([]Park, 0, len(b.Parks)), map[ID]bool{}
	for _, p := range b.Parks {
		added, err := insert(ctx, w, act, p)
		if err != nil {
			return nil, err
		}
		parks = append(parks, added)
		touched[added.ID] = true
	}
	older, err := loadDetails(ctx, w, act, b, touched)
	if err != nil {
		return nil, err
	}
	for id := range touched {
		if p, ok := older[id]; ok {
			if err := bump(ctx, w, p); err != nil {
				return nil, err
			}
		}
	}
	if len(touched) == 0 && len(b.Zones) == 0 {
		return parks, nil
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: act.Scope.City, Actor: act.Actor, Action: "park.load", Kind: Kind, At: act.At, Touched: touches(touched),
		Detail: map[string]any{
			"zones": len(b.Zones), "parks": len(b.Parks), "aliases": len(b.Aliases), "phases": len(b.Phases), "figures": len(b.Figures),
		},
	})
	return parks, err
}

// loadDetails writes aliases, phases and figures, and notes whose they are. It gives those parks that were there before.
func loadDetails(ctx context.Context, w db.Writer, act org.Act, b Bulk, touched map[ID]bool) (older map[ID]Park, err error) {
	older = map[ID]Park{}
	within := func(id ID) error {
		if _, known := older[id]; known || touched[id] {
			return nil
		}
		row, err := one(ctx, w.Reader, act.Scope, id)
		older[id] = row.Park
		return err
	}
	for _, a := range b.Aliases {
		if err := within(a.Park); err != nil {
			return nil, err
		}
		n, err := insertAlias(ctx, w, act.Scope.City, a)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			touched[a.Park] = true
		}
	}
	for _, p := range b.Phases {
		if err := within(p.Park); err != nil {
			return nil, err
		}
		if err := insertPhase(ctx, w, act.Scope.City, p); err != nil {
			return nil, err
		}
		touched[p.Park] = true
	}
	return older, loadFigures(ctx, w, act, b.Figures, within, touched)
}

func loadFigures(ctx context.Context, w db.Writer, act org.Act, all []Stated, within func(ID) error, touched map[ID]bool) error {
	of := map[ID][]figure.Figure{}
	var parks []ID
	for _, s := range all {
		if err := within(s.Park); err != nil {
			return err
		}
		f, err := s.figure()
		if err != nil {
			return err
		}
		if of[s.Park] == nil {
			parks = append(parks, s.Park)
		}
		of[s.Park] = append(of[s.Park], f)
	}
	pen := newPen(w, act, "")
	stated, err := histories(ctx, w.Reader, act.Scope.City, parks, everStated)
	if err != nil {
		return err
	}
	for _, id := range parks {
		wrote, err := pen.figures(ctx, id, stated[id], of[id])
		if err != nil {
			return err
		}
		if wrote > 0 {
			touched[id] = true
		}
	}
	return nil
}

// figures writes statements of one park beside its history and says how many were new.
func (p pen) figures(ctx context.Context, park ID, history, stated []figure.Figure) (wrote int, err error) {
	for _, f := range stated {
		stored, isNew, err := p.figure(ctx, park, history, f)
		if err != nil {
			return wrote, err
		}
		if !isNew {
			continue
		}
		wrote++
		for i := range history {
			h := &history[i]
			if stored.Replaced == "" && h.Replaced == "" && h.Field == f.Field && h.Source == f.Source {
				h.Replaced = stored.ID
			}
		}
		history = append(history, stored)
	}
	return wrote, nil
}

func touches(parks map[ID]bool) []audit.Touch {
	return audit.Touches(Kind, slices.Sorted(maps.Keys(parks)))
}
