package promise

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Filed is what an enterprise filed, by measure and month, as far as it counts to the subject. What is absent is not known.
type Filed map[Measure]map[period.Month]int64

// At is the value of a month.
func (f Filed) At(m Measure, at period.Month) (int64, bool) { v, ok := f[m][at]; return v, ok }

// First is the first month of which a value is known; zero for none.
func (f Filed) First(m Measure) (first period.Month) {
	for at := range f[m] {
		if first == 0 || at < first {
			first = at
		}
	}
	return first
}

// in gives what counts by a condition on the month.
func (f Filed) in(counts func(period.Month) bool) Filed {
	out := Filed{}
	for m, months := range f {
		out[m] = map[period.Month]int64{}
		for at, v := range months {
			if counts(at) {
				out[m][at] = v
			}
		}
	}
	return out
}

var measured = map[filing.Field]Measure{filing.Investment: Investment, filing.Output: Output, filing.Tax: Tax, filing.Jobs: Jobs}

// filed reads what enterprises filed.
func filed(ctx context.Context, r db.Reader, city string, ids []enterprise.ID) (map[enterprise.ID]Filed, error) {
	out := map[enterprise.ID]Filed{}
	if len(ids) == 0 {
		return out, nil
	}
	fields := []filing.Field{filing.Investment, filing.Output, filing.Tax, filing.Jobs}
	err := filing.EachRow(ctx, r, city, filing.Only{Enterprises: ids}, fields, func(row *filing.PanelRow) error {
		f := out[row.Enterprise]
		if f == nil {
			f = Filed{}
			out[row.Enterprise] = f
		}
		m := measured[row.Field]
		if f[m] == nil {
			f[m] = map[period.Month]int64{}
		}
		f[m][row.Month] = row.Value
		return nil
	})
	return out, err
}

// tenant is what promises need of a tenancy.
type tenant struct {
	tenancy.Presence
	enterprise enterprise.ID
	area       *int64
	days       map[string]period.Date // by stage, those that count
}

func tenantOf(row *tenancy.PanelRow) tenant {
	t := tenant{Presence: row.Presence(), enterprise: row.Enterprise, days: map[string]period.Date{}}
	if row.AreaKnown {
		area := row.AreaM2
		t.area = &area
	}
	for _, s := range tenancy.Stages() {
		if d := row.Stages[s].Day; d != 0 {
			t.days[s.String()] = d
		}
	}
	return t
}

// tenants reads the tenancies of enterprises, of all for nil.
func tenants(ctx context.Context, r db.Reader, city string, ids []enterprise.ID) (map[enterprise.ID][]tenant, error) {
	out := map[enterprise.ID][]tenant{}
	err := tenancy.EachRow(ctx, r, city, tenancy.Only{Enterprises: ids}, func(row *tenancy.PanelRow) error {
		out[row.Enterprise] = append(out[row.Enterprise], tenantOf(row))
		return nil
	})
	return out, err
}

// home keeps of what an enterprise filed the months that count to its i-th tenancy.
func home(f Filed, all []tenant, i int) Filed {
	presences := make([]tenancy.Presence, len(all))
	for k := range all {
		presences[k] = all[k].Presence
	}
	return f.in(func(m period.Month) bool {
		k, ok := tenancy.Home(presences, m)
		return ok && k == i
	})
}
