package demo

import (
	"fmt"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// largeLeft says how far the large parks are whose form of the last month is not approved: 40 of the 43 are.
var largeLeft = []course{returned, passed, draft}

// parkForms are the parks' monthly forms.
func (m *maker) parkForms(rows []filing.Row, month period.Month, sites []*site, tenants []tenant) (out []one) {
	at := map[string]*site{}
	for _, p := range sites {
		at[string(p.ID)] = p
	}
	large := 0
	for _, row := range rows {
		p := at[row.Subject]
		if p == nil {
			continue
		}
		x := one{ref: row.Ref, org: row.Org, due: row.Due, course: m.src.drawn(m.mix(month)), late: m.src.chance(latePermilleOfFilings), filer: "operator.demo",
			office: row.Org, reason: "投产企业数与入园企业台账不符，请核对。"}
		if p.weight >= largeM2 && month == m.last {
			x.course = approved
			if large < len(largeLeft) {
				x.course, x.late = largeLeft[large], true
			}
			large++
		}
		if x.course != owed {
			x.rows = []filled{{cells: m.parkCells(p, month, tenants)}}
			out = append(out, x)
		}
	}
	return out
}

// parkCells are what a park's operator fills in, counted from the park's own phases and tenancies.
func (m *maker) parkCells(p *site, month period.Month, tenants []tenant) filing.Cells {
	end := month.Last()
	var started, completed, usable, leased int64
	for _, ph := range p.phases {
		if ph.FloorAreaBuiltM2 == nil {
			continue
		}
		started += *ph.FloorAreaBuiltM2
		if ph.Completed != 0 && ph.Completed <= end {
			completed += *ph.FloorAreaBuiltM2
			if ph.LettableM2 != nil {
				usable += *ph.LettableM2
			}
		}
	}
	var signed, fitting, producing, enrolled, fresh int64
	for _, t := range tenants {
		by := func(stage string) bool { d := t.day(stage); return d != 0 && d <= end }
		if t.site != p || !by("signed") || by("cleared") {
			continue
		}
		signed++
		leased += t.areaM2
		switch {
		case by("production"):
			producing++
			if by("enrolled") {
				enrolled++
			}
			if t.day("production").Month() == month && !t.relocated {
				fresh++
			}
		case by("handed_over"):
			fitting++
		}
	}
	leased = min(leased, usable)
	planned, ok := p.Values["investment"]
	if !ok {
		planned = max(1, started) * 2800 * fenPerYuan
	}
	status := "started"
	if completed > 0 {
		status = "opened"
	}
	monthly := round(planned/400, fenPerWan)
	total := round(planned*3/4, fenPerWan) + monthly*int64(month-m.last+filedMonths)
	cells := filing.Cells{"construction_status": status, "investment": text(monthly), "investment_total": text(total), "planned_investment": text(planned),
		"land_area": text(max(p.weight, 1)), "area_started": text(started), "area_completed": text(completed), "factory_area": text(completed * 4 / 5),
		"support_area": text(completed - completed*4/5), "area_usable": text(usable), "area_leased": text(leased), "tenants_signed": text(signed),
		"tenants_fitting_out": text(fitting), "tenants_producing": text(producing), "tenants_enrolled": text(enrolled), "tenants_new": text(fresh)}
	if usable > 0 {
		cells["leasing_rate"] = text(mulDiv(leased, 1_000_000, usable))
	}
	return cells
}

// lists are a few standing ledgers: leads and problems of each county, the units of one park in each.
func (m *maker) lists(sites []*site) (out []one) {
	var orgs []string
	first := map[string]*site{}
	for _, p := range sites {
		if first[p.Org] == nil {
			orgs, first[p.Org] = append(orgs, p.Org), p
		}
		if !p.building && first[p.Org].building {
			first[p.Org] = p
		}
	}
	slices.Sort(orgs)
	for _, org := range orgs {
		p := first[org]
		list := func(code form.Code, c course, kind form.SubjectKind, subject string, rows []filled) {
			out = append(out, one{ref: filing.Ref{Kind: kind, Subject: subject, Form: code}, org: org, rows: rows, course: c, filer: "county.demo", office: org})
		}
		list("leads", inForce, form.OfOrg, org, m.leads(org, p))
		list("problems", inForce, form.OfOrg, org, m.problems(org, p))
		if len(p.phases) > 0 {
			list("premises_ledger", approved, form.OfPark, string(p.ID), m.premises())
		}
	}
	return out
}

func (m *maker) pick(from ...string) string { return from[m.src.between(0, int64(len(from))-1)] }

func (m *maker) day(month period.Month) string { return dayOf(m.src, month).String() }

func (m *maker) leads(org string, p *site) (rows []filled) {
	for i := range 4 {
		t := drawTrade(org, m.src)
		no := fmt.Sprintf("%s-L%02d", org, i+1)
		cells := filing.Cells{"lead_no": no, "enterprise_name": fmt.Sprintf("模拟%s意向企业%02d", t.word, i+1), "project_name": t.word + "生产基地", "industry": t.word,
			"lead_source": m.pick("visit", "fair", "referral", "agency", "own"), "lead_stage": m.pick("contact", "visited", "intent", "framework"), "park_name": p.Name,
			"planned_investment": text(m.src.between(2000, 60000) * fenPerWan), "area_wanted": text(m.src.between(2, 40) * 500),
			"first_contact": m.day(m.last - period.Month(m.src.between(3, 9))), "last_contact": m.day(m.last - 1), "next_step": "安排实地考察。"}
		if i == 0 {
			cells["lead_stage"], cells["signed_date"] = "signed", m.day(m.last)
			cells["last_contact"] = m.day(m.last - 1)
		}
		rows = append(rows, filled{no, cells})
	}
	return rows
}

var troubles = []struct{ kind, text string }{
	{"utility", "园区二期供电容量不足，新设备无法通电。"}, {"permit", "装修消防手续未办结，企业无法进场。"}, {"labour", "普工缺口约五十人。"},
	{"support", "职工宿舍不足。"}, {"finance", "设备融资尚未落实。"}, {"land", "道路红线内尚有未交付地块。"},
}

func (m *maker) problems(org string, p *site) (rows []filled) {
	for i := range 3 {
		t := troubles[m.src.between(0, int64(len(troubles))-1)]
		no := fmt.Sprintf("%s-P%02d", org, i+1)
		cells := filing.Cells{"problem_no": no, "problem": t.text, "problem_kind": t.kind, "park_name": p.Name, "raised_date": m.day(m.last - period.Month(m.src.between(2, 4))),
			"owner_office": m.pick("住建局", "供电公司", "人社局", "园区办"), "due_date": m.day(m.last), "problem_status": m.pick("open", "working")}
		if i == 0 {
			cells["problem_status"], cells["solved_date"], cells["result"] = "solved", m.day(m.last-1), "已协调解决。"
		}
		rows = append(rows, filled{no, cells})
	}
	return rows
}

func (m *maker) premises() (rows []filled) {
	for i := range 8 {
		no := fmt.Sprintf("%d-%d%02d", i/4+1, i%4+1, 1)
		gross := m.src.between(8, 40) * 100
		cells := filing.Cells{"premises_no": no, "building": fmt.Sprintf("%d号楼", i/4+1), "floor": fmt.Sprintf("%d层", i%4+1), "premises_use": "factory",
			"premises_status": "vacant", "gross_area": text(gross), "net_area": text(gross * 88 / 100)}
		if i%3 != 0 {
			begin := m.last - period.Month(m.src.between(6, 30))
			rent := gross * m.src.between(9, 16) * fenPerYuan
			cells["premises_status"], cells["enterprise_name"] = "leased", fmt.Sprintf("模拟承租企业%02d", i)
			cells["contract_start"], cells["contract_end"] = begin.First().String(), (begin + 35).Last().String()
			cells["leased_area"], cells["rent_due"], cells["rent_paid"] = text(gross), text(rent), text(rent)
		}
		rows = append(rows, filled{no, cells})
	}
	return rows
}
