package demo

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// The streams of random numbers for readiness.
const (
	earningsStream = 11
	bureauStream   = 12
)

// line is the revenue of twelve months from which an industrial enterprise is above scale.
const line = 20 * million

// writeReadiness adds what the way into the bureau's list needs: revenue, tax and electricity beside the output of each month,
// the bureau's word on those whose tenancy is enrolled and on some that are about to be, and papers of candidates. The same
// options give the same rows.
func (m *maker) writeReadiness() error {
	earned, err := m.writeEarnings()
	if err != nil {
		return err
	}
	facts, candidates, err := m.bureau(earned)
	if err != nil {
		return err
	}
	return m.write(func(w db.Writer) error {
		if err := enrolment.AddMany(m.ctx, w, m.act, facts); err != nil {
			return err
		}
		p, err := enrolment.InForce(m.ctx, w.Reader, m.act.Scope.City, m.act.Scope.City, m.last.Last())
		if err != nil {
			return err
		}
		return enrolment.PutMany(m.ctx, w, m.act, p, m.papers(p, candidates))
	})
}

// writeEarnings writes revenue, tax and electricity of every month with output: in proportion to it, and of the last months as
// the enterprise's form says, or not at all where it was not handed in. It gives the revenue of the last twelve months.
func (m *maker) writeEarnings() (map[enterprise.ID]int64, error) {
	var batch []filing.Value
	src, earned := newSource(m.o.Seed, earningsStream), map[enterprise.ID]int64{}
	add := func(id enterprise.ID, month period.Month, field filing.Field, v int64) {
		batch = append(batch, filing.Value{Enterprise: id, Month: month, Field: field, Value: v, Nature: figure.Simulated, Source: m.source})
		if field == filing.Revenue && month > m.last-12 {
			earned[id] += v
		}
	}
	err := m.db.Read(m.ctx, func(r db.Reader) error {
		formed, err := m.formed(r)
		if err != nil {
			return err
		}
		return filing.EachRow(m.ctx, r, m.act.Scope.City, filing.Only{}, []filing.Field{filing.Output}, func(row *filing.PanelRow) error {
			if row.Value == 0 {
				return nil
			}
			if row.Month > m.last-filedMonths {
				for _, f := range []filing.Field{filing.Revenue, filing.Tax, filing.Electricity} {
					if v, ok := formed[filing.Key{Enterprise: row.Enterprise, Month: row.Month}][f]; ok {
						add(row.Enterprise, row.Month, f, v)
					}
				}
				return nil
			}
			revenue := round(mulDiv(row.Value, src.between(900, 1040), 1000), fenPerWan/10)
			add(row.Enterprise, row.Month, filing.Revenue, revenue)
			add(row.Enterprise, row.Month, filing.Tax, round(mulDiv(revenue, src.between(18, 55), 1000), fenPerWan/10))
			add(row.Enterprise, row.Month, filing.Electricity, max(100, mulDiv(row.Value/fenPerYuan, src.between(30, 90), 1000)))
			return nil
		})
	})
	for part := range slices.Chunk(batch, batchRows) {
		if err == nil {
			err = m.write(func(w db.Writer) error {
				_, err := filing.Load(m.ctx, w, m.act, slices.Values(part))
				return err
			})
		}
	}
	return earned, err
}

// formed reads what the enterprises' forms say that were handed in.
func (m *maker) formed(r db.Reader) (map[filing.Key]map[filing.Field]int64, error) {
	out := map[filing.Key]map[filing.Field]int64{}
	return out, db.Each(m.ctx, r, func(s db.Scanner) error {
		var id, in, text string
		if err := s.Scan(&id, &in, &text); err != nil {
			return err
		}
		p, err := period.Parse(in)
		if err != nil {
			return err
		}
		var cells map[string]string
		if err := json.Unmarshal([]byte(text), &cells); err != nil {
			return err
		}
		values := map[filing.Field]int64{}
		for _, f := range []filing.Field{filing.Revenue, filing.Tax, filing.Electricity} {
			if v, err := strconv.ParseInt(cells[string(f)], 10, 64); err == nil {
				values[f] = v
			}
		}
		out[filing.Key{Enterprise: enterprise.ID(id), Month: p.First()}] = values
		return nil
	}, `SELECT r.subject, r.period, r.cells FROM filing_record r JOIN filing f ON f.city = r.city AND f.subject_kind = r.subject_kind AND f.subject = r.subject
		AND f.form = r.form AND f.period = r.period
		WHERE r.city = $1 AND r.form = 'enterprise_monthly' AND r.gone = 0 AND f.state IN ('submitted', 'approved') ORDER BY r.subject, r.period`, m.act.Scope.City)
}

// bureau lets the statistics bureau have a word on who is enrolled, but for a few where the ledger runs ahead of it, and on some
// of those whose revenue passed the line; the others of these are the candidates, the largest first.
func (m *maker) bureau(earned map[enterprise.ID]int64) (facts []enrolment.Fact, candidates []enterprise.ID, err error) {
	src := newSource(m.o.Seed, bureauStream)
	listed, producing := map[enterprise.ID]period.Date{}, []enterprise.ID{}
	err = m.db.Read(m.ctx, func(r db.Reader) error {
		return tenancy.EachRow(m.ctx, r, m.act.Scope.City, tenancy.Only{}, func(row *tenancy.PanelRow) error {
			if d := row.Stages[tenancy.Enrolled].Day; d != 0 && (listed[row.Enterprise] == 0 || d < listed[row.Enterprise]) {
				listed[row.Enterprise] = d
			}
			if row.Stages[tenancy.Production].Day != 0 && earned[row.Enterprise] >= line {
				producing = append(producing, row.Enterprise)
			}
			return nil
		})
	})
	if err != nil {
		return nil, nil, err
	}
	end := m.last.Last()
	add := func(id enterprise.ID, word enrolment.Word, day period.Date, month period.Month) {
		facts = append(facts, enrolment.Fact{Enterprise: id, Word: word, Day: min(day, end), Month: month, Nature: figure.Simulated, Source: m.source})
	}
	ids := make([]enterprise.ID, 0, len(listed))
	for id := range listed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		month := listed[id].Month()
		switch {
		case src.chance(20): // the ledger says so, the bureau does not
			continue
		case src.chance(20): // the bureau says another month
			month = min(month+1, m.last)
		}
		add(id, enrolment.Listed, month.First()+4, month)
		if src.chance(8) && month < m.last-2 {
			add(id, enrolment.Delisted, (m.last-1).First()+9, m.last)
		}
	}
	slices.Sort(producing)
	for _, id := range slices.Compact(producing) {
		switch {
		case listed[id] != 0:
		case src.chance(200):
			add(id, enrolment.Applied, m.last.First()+period.Date(src.between(0, 18)), 0)
			if src.chance(250) {
				add(id, enrolment.Returned, m.last.First()+period.Date(src.between(19, 27)), 0)
			} else if src.chance(400) {
				add(id, enrolment.Accepted, m.last.First()+period.Date(src.between(19, 27)), m.last+1+period.Month(src.between(0, 1)))
			}
		default:
			candidates = append(candidates, id)
		}
	}
	slices.SortStableFunc(candidates, func(a, b enterprise.ID) int { return cmp.Compare(earned[b], earned[a]) })
	return facts, candidates, nil
}

// papers lets a third of the candidates have all papers, and another third most of them.
func (m *maker) papers(p *enrolment.Pack, candidates []enterprise.ID) (out []enrolment.Sheet) {
	src := newSource(m.o.Seed, bureauStream+1)
	for _, id := range candidates {
		share := []int64{1000, 700, 0}[src.between(0, 2)]
		for _, x := range p.Materials {
			if src.chance(share) {
				out = append(out, enrolment.Sheet{Enterprise: id, Code: x.Code, Have: true, Source: m.source})
			}
		}
	}
	return out
}
