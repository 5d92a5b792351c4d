package finding

import (
	"context"
	"math"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Measures says of an indicator that adds up a field of the returns which field that is: only its targets can be met.
type Measures map[string]filing.Field

// orgMark begins the id of an entity that is an org: the sum of its enterprises' returns.
const orgMark = "org:"

// aim reads the targets: of each org, for the sum of its enterprises and for each of them.
func (rt *returns) aim(ctx context.Context, r db.Reader, city string, measures Measures) (orgs plausible.Input, err error) {
	orgs = plausible.Input{First: rt.in.First, Months: rt.in.Months, Fields: rt.in.Fields}
	if rt.in.Months == 0 {
		return orgs, nil
	}
	tree, err := org.All(ctx, r, city)
	if err != nil {
		return orgs, err
	}
	paths := map[org.ID]string{}
	for _, o := range tree {
		paths[o.ID] = o.Path
	}
	wanted, err := wanted(ctx, r, city, measures)
	if err != nil {
		return orgs, err
	}
	summed := map[org.ID]bool{}
	for _, t := range wanted {
		if !summed[t.Org] {
			summed[t.Org] = true
			orgs.Entities = append(orgs.Entities, rt.sum(orgMark+string(t.Org), paths[t.Org]))
		}
		for _, one := range rt.points(t, measures[t.Indicator]) {
			one.Entity = orgMark + string(t.Org)
			orgs.Targets = append(orgs.Targets, one)
			for i, f := range rt.firms {
				if strings.HasPrefix(f.OrgPath, paths[t.Org]) {
					one.Entity = rt.in.Entities[i].ID
					rt.in.Targets = append(rt.in.Targets, one)
				}
			}
		}
	}
	return orgs, nil
}

// wanted lists the targets of indicators that add up a field.
func wanted(ctx context.Context, r db.Reader, city string, measures Measures) (out []target.Target, err error) {
	for after := ""; ; {
		rows, next, err := target.List(ctx, r, auth.Whole(city), target.Query{Kind: target.Wanted, After: after, Limit: page.Max})
		if err != nil {
			return nil, err
		}
		for _, t := range rows {
			if _, ok := measures[t.Indicator]; ok {
				out = append(out, t)
			}
		}
		if after = next; next == "" {
			return out, nil
		}
	}
}

// points are the values that a target names: the year's, and by its curve those of each month's end. A stock is wanted at
// the year's end only.
func (rt *returns) points(t target.Target, field filing.Field) (out []plausible.Target) {
	if _, ok := rt.fields[field]; !ok {
		return nil
	}
	from, last := period.MonthOf(t.Year, 1), period.MonthOf(t.Year, 12)
	if field.Stock() {
		return []plausible.Target{{Field: string(field), From: last, Month: last, Value: t.Value}}
	}
	for m := from; m <= last; m++ {
		if pace, err := t.Pace(target.Flow, m); err == nil && pace > 0 { // a target without a readable curve names the year's value only
			out = append(out, plausible.Target{Field: string(field), From: from, Month: m, Value: pace})
		}
	}
	return out
}

// sum is an org as a filer: what its enterprises filed, added up. A month without any value stays unknown.
func (rt *returns) sum(id, path string) plausible.Entity {
	out := rt.entity(id)
	out.Groups = []string{"org"}
	for i, f := range rt.firms {
		if path == "" || !strings.HasPrefix(f.OrgPath, path) {
			continue
		}
		for field, row := range rt.in.Entities[i].Values {
			for t, v := range row {
				if at := &out.Values[field][t]; v.Known && fits(at.V, v.V) {
					at.V, at.Known = at.V+v.V, true
				}
			}
		}
	}
	return out
}

func fits(a, b int64) bool {
	return b >= 0 && a <= math.MaxInt64-b || b < 0 && a >= math.MinInt64-b
}
