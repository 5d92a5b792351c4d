package park

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Facts is what indicators need to know of a park.
type Facts struct {
	Park                    // identity, org, pilot
	OrgPath string          // where in the reporting tree
	Used    map[string]Used // by field key, with nature and source; an absent field is unknown, not 0
}

// PhaseFacts is what indicators need to know of a phase.
type PhaseFacts struct {
	Phase
	OrgPath string
}

// EachFacts calls fn with every park of the city, or with those of ids that are there, by id. It is the feed of the panel
// and knows no scope: the panel's readings do. Memory is one chunk of parks; fn may use r.
func EachFacts(ctx context.Context, r db.Reader, city string, ids []ID, fn func(Facts) error) error {
	err := eachChunk(ctx, r, city, ids, func(rows []Row) error {
		if err := fillUsed(ctx, r, city, rows); err != nil {
			return err
		}
		for _, v := range rows {
			if err := fn(Facts{Park: v.Park, OrgPath: v.OrgPath, Used: v.Used}); err != nil {
				return err
			}
		}
		return nil
	})
	return fault.Wrap("park.EachFacts", err)
}

// EachPhase calls fn with every phase of the city, or of the parks given, by park and number. As EachFacts otherwise.
func EachPhase(ctx context.Context, r db.Reader, city string, parks []ID, fn func(PhaseFacts) error) error {
	err := eachChunk(ctx, r, city, parks, func(rows []Row) error {
		phases, err := phasesOf(ctx, r, city, idsOf(rows))
		if err != nil {
			return err
		}
		paths := make(map[ID]string, len(rows))
		for _, v := range rows {
			paths[v.ID] = v.OrgPath
		}
		for _, p := range phases {
			if err := fn(PhaseFacts{Phase: p, OrgPath: paths[p.Park]}); err != nil {
				return err
			}
		}
		return nil
	})
	return fault.Wrap("park.EachPhase", err)
}

// eachChunk calls fn with the parks of a city, by id and at most chunk at a time; nil ids mean all.
func eachChunk(ctx context.Context, r db.Reader, city string, ids []ID, fn func([]Row) error) error {
	if ids != nil {
		ids = slices.Clone(ids)
		slices.Sort(ids)
		for part := range slices.Chunk(slices.Compact(ids), chunk) {
			var rows []Row
			err := eachOf(ctx, r, city, part, func(row db.Scanner) error {
				v, err := scanRow(row)
				rows = append(rows, v)
				return err
			}, `SELECT `+rowColumns+rowTables+`WHERE p.city = $1 AND p.id IN ids ORDER BY p.id`)
			if err == nil {
				err = fn(rows)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	for after := ID(""); ; {
		rows, err := db.Collect(ctx, r, scanRow, `SELECT `+rowColumns+rowTables+`
			WHERE p.city = $1 AND p.id > $2 ORDER BY p.id LIMIT $3`, city, after, chunk)
		if err == nil {
			err = fn(rows)
		}
		if err != nil || len(rows) < chunk {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}
