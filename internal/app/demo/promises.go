package demo

import (
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/promise"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// promisedPermille is how many of a thousand signed tenants promised something.
const promisedPermille = 400

// outputPerM2 is what a tenant that files nothing yet promises of a year's output on a square metre: 6,000 yuan.
const outputPerM2 = 6_000 * 100

// writePromises lets some tenants have promised output, tax and jobs by year: most of them about what they came to make, some
// more than that.
func (m *maker) writePromises() error {
	src := newSource(m.o.Seed, 7)
	list := map[subject.Ref][]promise.Promise{}
	var order []subject.Ref
	err := m.db.Read(m.ctx, func(r db.Reader) error {
		made, err := m.lastYear(r)
		if err != nil {
			return err
		}
		return tenancy.EachRow(m.ctx, r, m.act.Scope.City, tenancy.Only{}, func(row *tenancy.PanelRow) error {
			if row.Stages[tenancy.Signed].Day == 0 || !row.AreaKnown || !src.chance(promisedPermille) {
				return nil
			}
			year := row.AreaM2 * outputPerM2
			if made[row.Enterprise] > 0 {
				year = made[row.Enterprise]
			}
			ref := subject.Ref{Kind: subject.Tenancy, ID: string(row.ID)}
			list[ref] = m.promised(src, mulDiv(year, src.between(70, 115), 100))
			order = append(order, ref)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return m.write(func(w db.Writer) error { return promise.AddMany(m.ctx, w, m.act, list, order) })
}

// lastYear adds up what each enterprise made in the last twelve months.
func (m *maker) lastYear(r db.Reader) (map[enterprise.ID]int64, error) {
	made := map[enterprise.ID]int64{}
	err := filing.EachRow(m.ctx, r, m.act.Scope.City, filing.Only{}, []filing.Field{filing.Output}, func(row *filing.PanelRow) error {
		if row.Month > m.last-12 {
			made[row.Enterprise] += row.Value
		}
		return nil
	})
	return made, err
}

// promised is a promise of three years on the way to a year's output, in full 10,000 yuan.
func (m *maker) promised(src source, output int64) (out []promise.Promise) {
	const wan = 1_000_000
	add := func(measure promise.Measure, year int, value int64) {
		if measure != promise.Jobs {
			value = max(value/wan, 1) * wan
		}
		out = append(out, promise.Promise{Measure: measure, Basis: promise.Total, Year: year, Value: &value, Nature: figure.Simulated, Source: m.source})
	}
	for year, percent := range []int64{60, 80, 100} {
		add(promise.Output, year+1, mulDiv(output, percent, 100))
		add(promise.Tax, year+1, mulDiv(output, percent*src.between(25, 40), 100*1000)) // 2.5 to 4 % of it
	}
	add(promise.Jobs, 3, max(output/(250*wan), 5)) // one for 2.5 million yuan
	return out
}
