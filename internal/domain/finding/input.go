package finding

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// months is how far back findings look: two years of own past beside the year that is judged.
const months = 36

// needs and pairs say which ledger fields belong together: who produces uses electricity and has people; tax is paid in
// lumps, so it is compared over a year.
var (
	needs = []plausible.Need{{If: "output", Then: "electricity"}, {If: "output", Then: "jobs"}}
	pairs = []plausible.Pair{{Numerator: "output", Denominator: "electricity", Window: 1}, {Numerator: "output", Denominator: "jobs", Window: 1},
		{Numerator: "tax", Denominator: "output", Window: 12}, {Numerator: "output", Denominator: "revenue", Window: 12}}
)

// returns are the ledger's returns on their way to plausible.
type returns struct {
	in      plausible.Input
	at      map[enterprise.ID]int
	fields  map[filing.Field]int
	firms   []enterprise.Facts
	january []bool // by field: a January was filed
}

// load reads every enterprise and its returns of the last months.
func load(ctx context.Context, r db.Reader, city string, lib *form.Library) (*returns, error) {
	rt := &returns{at: map[enterprise.ID]int{}, fields: map[filing.Field]int{}}
	if err := rt.columns(lib); err != nil {
		return nil, err
	}
	first, last, err := span(ctx, r, city)
	if err != nil || last == 0 {
		return rt, err
	}
	rt.in.First = max(first, last-months+1)
	rt.in.Months = int(last-rt.in.First) + 1
	err = enterprise.EachFacts(ctx, r, city, nil, func(f *enterprise.Facts) error {
		rt.at[f.ID] = len(rt.firms)
		rt.firms = append(rt.firms, *f)
		rt.in.Entities = append(rt.in.Entities, rt.entity(string(f.ID)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := filing.EachRow(ctx, r, city, filing.Only{}, nil, rt.value); err != nil {
		return nil, err
	}
	for i := range rt.in.Entities {
		rt.notBegun(&rt.in.Entities[i])
	}
	rt.group()
	rt.firstMonths(lib)
	return rt, rt.origins(ctx, r, city)
}

// span gives the first and last month that have returns; zero for a ledger without any.
func span(ctx context.Context, r db.Reader, city string) (first, last period.Month, err error) {
	var from, to int64
	err = r.QueryRow(ctx, `SELECT COALESCE(MIN(month), 0), COALESCE(MAX(month), 0) FROM filing_value WHERE city = $1`, city).Scan(&from, &to)
	if err != nil || to == 0 {
		return 0, 0, err
	}
	return period.MonthOf(int(from/100), int(from%100)), period.MonthOf(int(to/100), int(to%100)), nil
}

// columns makes one column per field that indicators read.
func (rt *returns) columns(lib *form.Library) error {
	for _, code := range form.Ledger {
		f := lib.Field(code)
		if f == nil {
			continue
		}
		step := int64(1)
		if f.Step != "" && f.Unit != "" {
			u, err := unit.Of(f.Unit)
			if err == nil {
				step, err = u.Parse(f.Step)
			}
			if err != nil {
				return err
			}
		}
		rt.fields[filing.Field(code)] = len(rt.in.Fields)
		rt.in.Fields = append(rt.in.Fields, plausible.Field{Code: code, Measure: measureOf(f), Step: max(1, step), Signed: f.Signed, NeverZero: f.NeverZero, Sticky: f.Sticky})
	}
	known := func(code string) bool { _, ok := rt.fields[filing.Field(code)]; return ok }
	for _, n := range needs {
		if known(n.If) && known(n.Then) {
			rt.in.Needs = append(rt.in.Needs, n)
		}
	}
	for _, p := range pairs {
		if known(p.Numerator) && known(p.Denominator) {
			rt.in.Pairs = append(rt.in.Pairs, p)
		}
	}
	rt.january = make([]bool, len(rt.in.Fields))
	return nil
}

func measureOf(f *form.Field) plausible.Measure {
	if f.Measure == form.Stock {
		return plausible.Stock
	}
	return plausible.Flow
}

// entity is a filer of whom nothing is known yet.
func (rt *returns) entity(id string) plausible.Entity {
	e := plausible.Entity{ID: id, Values: make([][]plausible.Value, len(rt.in.Fields))}
	all := make([]plausible.Value, len(rt.in.Fields)*rt.in.Months)
	for i := range e.Values {
		e.Values[i] = all[i*rt.in.Months : (i+1)*rt.in.Months]
	}
	return e
}

func (rt *returns) value(row *filing.PanelRow) error {
	i, known := rt.at[row.Enterprise]
	f, asked := rt.fields[row.Field]
	t := int(row.Month - rt.in.First)
	if known && asked && t >= 0 && t < rt.in.Months {
		rt.in.Entities[i].Values[f][t] = plausible.Some(row.Value)
		rt.january[f] = rt.january[f] || row.Month.Month() == 1
	}
	return nil
}

// notBegun takes out the months before an enterprise first filed an output, or, where it never did, anything but zero: who
// builds and fits out is no peer of who produces, and the first day of production no jump.
func (rt *returns) notBegun(e *plausible.Entity) {
	begins := func(of [][]plausible.Value) int {
		for t := range rt.in.Months {
			for _, row := range of {
				if row[t].Known && row[t].V != 0 {
					return t
				}
			}
		}
		return rt.in.Months
	}
	first := rt.in.Months
	if f, ok := rt.fields[filing.Output]; ok {
		first = begins(e.Values[f : f+1])
	}
	if first == rt.in.Months {
		first = begins(e.Values)
	}
	for _, row := range e.Values {
		clear(row[:first])
	}
}

// firstMonths says of a form that files January with February so, unless Januaries are in the ledger all the same.
func (rt *returns) firstMonths(lib *form.Library) {
	f, err := lib.Form("enterprise_monthly", "")
	if err != nil || !f.Combined {
		return
	}
	for i := range rt.in.Fields {
		if rt.in.Fields[i].Measure == plausible.Flow && !rt.january[i] {
			rt.in.Fields[i].FirstMonths = plausible.InFebruary
		}
	}
}

// The lines between sizes of industrial enterprises by people employed.
// Source: 中小企业划型标准规定, 工信部联企业〔2011〕300号, 四(二).
const (
	micro  = 20
	small  = 300
	medium = 1000
)

// group puts each enterprise among its peers: industry and size, industry, section. Groups are named "19/small", "19", "C".
func (rt *returns) group() {
	for i, f := range rt.firms {
		e := &rt.in.Entities[i]
		section, division := f.Industry.Section(), f.Industry.Division()
		if section == "" {
			section = "?"
		}
		if division == "" {
			division = section + "0"
		}
		e.Groups = []string{string(division) + "/" + rt.size(e), string(division), string(section)}
		if division == industry.Code(section) {
			e.Groups = e.Groups[2:]
		}
	}
}

func (rt *returns) size(e *plausible.Entity) string {
	f, ok := rt.fields[filing.Jobs]
	if !ok {
		return "unknown"
	}
	var heads []int64
	for _, v := range e.Values[f] {
		if v.Known {
			heads = append(heads, v.V)
		}
	}
	if len(heads) == 0 {
		return "unknown"
	}
	slices.Sort(heads)
	switch n := heads[len(heads)/2]; {
	case n < micro:
		return "micro"
	case n < small:
		return "small"
	case n < medium:
		return "medium"
	default:
		return "large"
	}
}

// origins says which file brought an enterprise's return, where the enterprise's own account brought it: an office or an
// operator that collects files of many enterprises is no sign of anything.
func (rt *returns) origins(ctx context.Context, r db.Reader, city string) error {
	return db.Each(ctx, r, func(s db.Scanner) error {
		var subject, in, digest, file string
		if err := s.Scan(&subject, &in, &digest, &file); err != nil {
			return err
		}
		p, err := period.Parse(in)
		i, known := rt.at[enterprise.ID(subject)]
		if err != nil || !known {
			return nil // of no month, or of an enterprise that is gone
		}
		e := &rt.in.Entities[i]
		e.Origins = append(e.Origins, plausible.Origin{Kind: "file", Label: file + " " + digest[:min(8, len(digest))], Month: p.First()})
		return nil
	}, `SELECT r.subject, r.period, b.digest, b.file FROM filing_record r
		JOIN import_batch b ON b.city = r.city AND b.id = r.batch
		JOIN app_user u ON u.city = r.city AND u.username = r.recorder AND u.role = 'enterprise'
		WHERE r.city = $1 AND r.subject_kind = 'enterprise' AND r.batch IS NOT NULL AND r.period <> ''
		ORDER BY r.subject, r.form, r.period, r.row_key`, city)
}
