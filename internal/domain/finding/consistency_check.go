package finding

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// The fields of rows beside those of filings and of a park's figures.
const (
	outputYTD     = "output_ytd"
	revenueYTD    = "revenue_ytd"
	leasingRate   = "leasing_rate"
	areaLeased    = "area_leased"
	areaSold      = "area_sold"
	areaUsable    = "area_usable"
	areaCompleted = "area_completed"
	floorArea     = "floor_area"
)

const (
	idleMonths    = 3      // this many months and more without a trace of production
	rateTolerance = 20_000 // ppm: two points
)

// ofTenancy begins a finding that is told of a tenancy's enterprise.
func (l *statements) ofTenancy(c Code, t *tenancy.PanelRow) Inconsistency {
	p := l.parks[t.Park]
	return Inconsistency{Code: c, Enterprise: t.Enterprise, Park: t.Park, Name: l.firms[t.Enterprise], Owner: p.Org, Month: l.month, Until: l.month,
		Key: said[c].found, Resolve: said[c].resolve, Args: map[string]any{"name": l.firms[t.Enterprise], "park": p.Name}}
}

// ofPark begins a finding that is told of a park.
func (l *statements) ofPark(c Code, p *park.Facts) Inconsistency {
	return Inconsistency{Code: c, Park: p.ID, Name: p.Name, Owner: p.Org, Month: l.month, Until: l.month,
		Key: said[c].found, Resolve: said[c].resolve, Args: map[string]any{"name": p.Name}}
}

// stageRow is a tenancy's entry of a stage.
func (l *statements) stageRow(t *tenancy.PanelRow, s tenancy.Stage) Row {
	e, day := t.Stages[s], int64(t.Stages[s].Day)
	return Row{Kind: tenancy.Kind, ID: string(t.ID), Name: l.parks[t.Park].Name, Field: s.String(), Value: &day, Unit: unit.Day,
		Month: monthOf(e.Day, l.month), Source: e.Source, Nature: e.Nature, path: t.OrgPath}
}

// monthOf is the month of a day; of a day whose month nobody stated, the month that is looked at.
func monthOf(d period.Date, m period.Month) period.Month {
	if d == 0 || d/100%100 == 0 {
		return m
	}
	return period.MonthOf(int(d/10_000), int(d/100%100))
}

// idle: in production for three months and more, and in the last three months of which it filed anything no electricity, or
// no output. A month of which nothing was filed is unknown and not counted; a field that it never files is not asked of it.
func idle(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, t := range l.running() {
		for _, field := range []filing.Field{filing.Electricity, filing.Output} {
			rows := l.without(t, field)
			if len(rows) < idleMonths {
				continue
			}
			f := l.ofTenancy(Idle, t)
			f.Month, f.Until, f.Field = rows[len(rows)-1].Month, rows[0].Month, string(field)
			f.Args["field"], f.Args["months"], f.Args["month"], f.Args["until"] = FieldName(field), len(rows), f.Month.String(), f.Until.String()
			f.Rows = append(f.Rows, l.stageRow(t, tenancy.Production))
			slices.Reverse(rows)
			f.Rows = append(f.Rows, rows...)
			out = append(out, f)
		}
	}
	return out
}

// without gives the latest months that were filed and hold nothing of a field, the last first; none where the field was
// never filed or the production began within them.
func (l *statements) without(t *tenancy.PanelRow, field filing.Field) []Row {
	began, asked := t.Stages[tenancy.Production], false
	var rows []Row
	open := true
	for m := l.month; m > l.month-idleWindow; m-- {
		var of, something *filing.PanelRow
		values := l.filed[filing.Key{Enterprise: t.Enterprise, Month: m}]
		for i := range values {
			if v := &values[i]; oneKind(v.Nature, began.Nature) {
				something = v
				if v.Field == field {
					of = v
				}
			}
		}
		asked = asked || of != nil
		open = open && (of == nil || of.Value == 0) && monthOf(began.Day, 0) < m
		if !open || something == nil {
			continue
		}
		row := Row{Kind: enterprise.Kind, ID: string(t.Enterprise), Name: l.firms[t.Enterprise], Field: string(field), Unit: field.Unit(), Month: m,
			Source: something.Source, Nature: something.Nature, path: t.OrgPath}
		if of != nil {
			row.Value = &of.Value
		}
		rows = append(rows, row)
	}
	if !asked {
		return nil
	}
	return rows
}

// overlet: the tenants signed and not cleared take more area than the park has to let, or has built. Tenants whose area
// nobody stated only make it more.
func overlet(l *statements) []Inconsistency {
	taken := map[park.ID]map[bool]int64{}
	for i := range l.tenancies {
		t := &l.tenancies[i]
		if l.sits(t) && t.AreaKnown {
			if taken[t.Park] == nil {
				taken[t.Park] = map[bool]int64{}
			}
			taken[t.Park][simulated(t.Nature)] += t.AreaM2
		}
	}
	var out []Inconsistency
	for id, p := range l.parks {
		for _, limit := range []*Row{l.phaseArea(p, areaUsable), l.phaseArea(p, floorArea)} {
			if limit == nil || taken[id][simulated(limit.Nature)] <= *limit.Value {
				continue
			}
			sum := taken[id][simulated(limit.Nature)]
			f := l.ofPark(Overlet, p)
			f.Field = limit.Field
			f.Args["area"], f.Args["field"], f.Args["limit"] = Amount{sum, unit.AreaM2}, FieldName(limit.Field), Amount{*limit.Value, unit.AreaM2}
			f.Rows = append(f.Rows, *limit)
			f.Rows = append(f.Rows, l.areaRows(p, simulated(limit.Nature))...)
			out = append(out, f)
			break
		}
	}
	return out
}

// sits says whether a tenancy was signed and not cleared.
func (l *statements) sits(t *tenancy.PanelRow) bool {
	p := t.Presence()
	return p.Since != 0 && p.Since <= l.end && (p.Cleared == 0 || p.Cleared > l.end)
}

// maxRows bounds the tenancies that are listed one by one.
const maxRows = 50

// areaRows lists a park's tenancies of one kind with their areas, the largest first.
func (l *statements) areaRows(p *park.Facts, sim bool) []Row {
	var rows []Row
	for i := range l.tenancies {
		t := &l.tenancies[i]
		if t.Park != p.ID || !l.sits(t) || !t.AreaKnown || simulated(t.Nature) != sim {
			continue
		}
		rows = append(rows, Row{Kind: tenancy.Kind, ID: string(t.ID), Name: l.firms[t.Enterprise], Field: areaLeased, Value: &t.AreaM2, Unit: unit.AreaM2,
			Month: l.month, Source: t.Source, Nature: t.Nature, path: p.OrgPath})
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(cmp.Compare(*b.Value, *a.Value), cmp.Compare(a.ID, b.ID)) })
	return rows[:min(len(rows), maxRows)]
}

// phaseArea adds up an area of a park's phases; nil where one of them does not state it, or some are simulated and some
// are not. Without a phase that states its built area the park's own stated floor area is taken.
func (l *statements) phaseArea(p *park.Facts, field string) *Row {
	row := Row{Kind: park.Kind, ID: string(p.ID), Name: p.Name, Field: field, Unit: unit.AreaM2, Month: l.month, path: p.OrgPath}
	var sum int64
	known := len(l.phases[p.ID]) > 0
	for _, ph := range l.phases[p.ID] {
		v := ph.LettableM2
		if field == floorArea {
			v = ph.FloorAreaBuiltM2
		}
		if v == nil || !oneKind(ph.Nature, l.phases[p.ID][0].Nature) {
			known = false
			break
		}
		sum += *v
		row.Nature, row.Source = ph.Nature, ph.Source
	}
	if known {
		row.Value = &sum
		return &row
	}
	if field == floorArea {
		return l.figureRow(p, park.FloorArea)
	}
	return nil
}

// figureRow is the figure that the city uses of a park's field; nil where none is stated.
func (l *statements) figureRow(p *park.Facts, field string) *Row {
	u, ok := p.Used[field]
	if !ok {
		return nil
	}
	return &Row{Kind: park.Kind, ID: string(p.ID), Name: p.Name, Field: field, Value: &u.Value, Unit: u.Unit, Month: monthOf(u.AsOf, l.month),
		Source: u.Source, Nature: u.Nature, path: p.OrgPath}
}

// overcounted: a park's stated numbers of tenants producing and fitting out are more than those signed. A number signed
// that was stated of an earlier day contradicts nobody.
func overcounted(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, p := range l.parks {
		producing, fitting, signed := l.figureRow(p, "tenants_producing"), l.figureRow(p, "tenants_fitting_out"), l.figureRow(p, "tenants_signed")
		if producing == nil || fitting == nil || signed == nil || !oneKind(producing.Nature, fitting.Nature, signed.Nature) || *producing.Value+*fitting.Value <= *signed.Value {
			continue
		}
		day := p.Used["tenants_signed"].AsOf
		if day != 0 && (day < p.Used["tenants_producing"].AsOf || day < p.Used["tenants_fitting_out"].AsOf) {
			continue
		}
		f := l.ofPark(Overcounted, p)
		f.Args["producing"], f.Args["fitting"], f.Args["signed"] = *producing.Value, *fitting.Value, *signed.Value
		f.Rows = []Row{*producing, *fitting, *signed}
		out = append(out, f)
	}
	return out
}

// unproduced: enrolled, and in none of its parks did the enterprise enter production.
func unproduced(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, of := range l.byEnterprise() {
		var enrolled *tenancy.PanelRow
		produced := false
		for i := range of {
			if _, ok := entered(&of[i], tenancy.Production, l.end); ok {
				produced = true
			}
			if _, ok := entered(&of[i], tenancy.Enrolled, l.end); ok && enrolled == nil {
				enrolled = &of[i]
			}
		}
		if enrolled == nil || produced {
			continue
		}
		f := l.ofTenancy(Unproduced, enrolled)
		f.Field, f.Args["day"] = tenancy.Enrolled.String(), enrolled.Stages[tenancy.Enrolled].Day.String()
		missing := l.stageRow(enrolled, tenancy.Production)
		missing.Value, missing.Month = nil, l.month
		f.Rows = []Row{l.stageRow(enrolled, tenancy.Enrolled), missing}
		out = append(out, f)
	}
	return out
}

// byEnterprise gives the tenancies of each enterprise.
func (l *statements) byEnterprise() [][]tenancy.PanelRow {
	var out [][]tenancy.PanelRow
	for i := 0; i < len(l.tenancies); {
		j := i + 1
		for j < len(l.tenancies) && l.tenancies[j].Enterprise == l.tenancies[i].Enterprise {
			j++
		}
		out = append(out, l.tenancies[i:j])
		i = j
	}
	return out
}

// fallen: a total since January that is less than one filed for an earlier month of the year.
func fallen(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, field := range []string{outputYTD, revenueYTD} {
		before := map[string]record{} // by subject and kind: the last that stated the field
		for _, rec := range l.totals {
			v, ok := rec.cells[field]
			if !ok {
				continue
			}
			k := rec.subject
			if simulated(rec.nature) {
				k += "|simulated"
			}
			last, earlier := before[k]
			before[k] = rec
			if !earlier || v >= last.cells[field] {
				continue
			}
			name := l.firms[enterprise.ID(rec.subject)]
			f := Inconsistency{Code: Fallen, Enterprise: enterprise.ID(rec.subject), Name: name, Owner: rec.org, Month: last.month, Until: rec.month, Field: field,
				Key: said[Fallen].found, Resolve: said[Fallen].resolve, Args: map[string]any{"name": name, "field": FieldName(field), "month": last.month.String(),
					"until": rec.month.String(), "before": Amount{last.cells[field], unit.Fen}, "value": Amount{v, unit.Fen}}}
			f.Rows = []Row{last.row(enterprise.Kind, name, field, unit.Fen), rec.row(enterprise.Kind, name, field, unit.Fen)}
			out = append(out, f)
		}
	}
	return out
}

// row is one of a record's quantities.
func (rec record) row(kind, name, field string, u unit.Canonical) Row {
	out := Row{Kind: kind, ID: rec.subject, Name: name, Field: field, Unit: u, Month: rec.month, Source: rec.form, Nature: rec.nature, path: rec.path}
	if v, ok := rec.cells[field]; ok {
		out.Value = &v
	}
	return out
}

// twice: in production in two parks at the same time, of which neither lies in the other. It may be so.
func twice(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, of := range l.byEnterprise() {
		var at []*tenancy.PanelRow
		for i := range of {
			_, in := entered(&of[i], tenancy.Production, l.end)
			_, gone := entered(&of[i], tenancy.Cleared, l.end)
			if in && !gone && !slices.ContainsFunc(at, func(t *tenancy.PanelRow) bool { return !l.apart(t, &of[i]) }) {
				at = append(at, &of[i])
			}
		}
		if len(at) < 2 {
			continue
		}
		f := l.ofTenancy(Twice, at[0])
		f.Args["other"], f.Args["parks"] = l.parks[at[1].Park].Name, len(at)
		for _, t := range at {
			f.Rows = append(f.Rows, l.stageRow(t, tenancy.Production))
		}
		out = append(out, f)
	}
	return out
}

// apart says whether two tenancies are of one kind and in two parks of which neither lies in the other.
func (l *statements) apart(a, b *tenancy.PanelRow) bool {
	return oneKind(a.Stages[tenancy.Production].Nature, b.Stages[tenancy.Production].Nature) && !l.inside(a.Park, b.Park) && !l.inside(b.Park, a.Park)
}

func (l *statements) inside(id, outer park.ID) bool {
	for range len(l.parks) {
		p := l.parks[id]
		if id == outer || p == nil || p.Parent == "" {
			return id == outer
		}
		id = p.Parent
	}
	return false
}

// denominator: a stated leasing rate that lies two points and more from the area let over the area to let, and from the area
// let over all that is built. All of it must be stated, in the park's own return, or else in the ledger.
func denominator(l *statements) []Inconsistency {
	var out []Inconsistency
	for _, p := range l.parks {
		rate, let, usable, built := l.stated(p)
		if rate == nil || let == nil || usable == nil || built == nil || *usable.Value <= 0 || *built.Value <= 0 || !oneKind(rate.Nature, let.Nature, usable.Nature, built.Nature) {
			continue
		}
		byUsable, byBuilt := share(*let.Value, *usable.Value), share(*let.Value, *built.Value)
		if away(*rate.Value, byUsable) <= rateTolerance || away(*rate.Value, byBuilt) <= rateTolerance {
			continue
		}
		f := l.ofPark(Denominator, p)
		f.Month, f.Until, f.Field = rate.Month, rate.Month, leasingRate
		f.Args["rate"], f.Args["usable"], f.Args["built"] = Amount{*rate.Value, unit.PPM}, Amount{byUsable, unit.PPM}, Amount{byBuilt, unit.PPM}
		f.Rows = []Row{*rate, *let, *usable, *built}
		out = append(out, f)
	}
	return out
}

func share(part, whole int64) int64 { return int64(float64(part) / float64(whole) * 1e6) }

func away(a, b int64) int64 { return max(a-b, b-a) }

// stated gives a park's leasing rate and the areas that belong to it: of its latest return, else its figure with the areas of
// its tenancies and phases, if every tenancy's is known.
func (l *statements) stated(p *park.Facts) (rate, let, usable, built *Row) {
	if rec, ok := l.progress[p.ID]; ok {
		of := func(field string, u unit.Canonical) *Row {
			row := rec.row(park.Kind, p.Name, field, u)
			if row.Value == nil {
				return nil
			}
			return &row
		}
		let = of(areaLeased, unit.AreaM2)
		if sold, ok := rec.cells[areaSold]; ok && let != nil {
			sum := *let.Value + sold
			let.Value = &sum
		}
		return of(leasingRate, unit.PPM), let, of(areaUsable, unit.AreaM2), of(areaCompleted, unit.AreaM2)
	}
	rate = l.figureRow(p, park.LeasingRate)
	if rate == nil {
		return nil, nil, nil, nil
	}
	sum, some := int64(0), false
	for i := range l.tenancies {
		t := &l.tenancies[i]
		if t.Park != p.ID || !l.sits(t) {
			continue
		}
		if !t.AreaKnown || !oneKind(t.Nature, rate.Nature) {
			return rate, nil, nil, nil
		}
		sum, some = sum+t.AreaM2, true
	}
	if some {
		let = &Row{Kind: park.Kind, ID: string(p.ID), Name: p.Name, Field: areaLeased, Value: &sum, Unit: unit.AreaM2, Month: l.month, Nature: rate.Nature, path: p.OrgPath}
	}
	return rate, let, l.phaseArea(p, areaUsable), l.phaseArea(p, floorArea)
}
