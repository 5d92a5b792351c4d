package demo

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// filedMonths is for how many of the last months the city has forms filled in.
const filedMonths = 2

// Amounts in canonical units.
const (
	fenPerYuan = 100
	fenPerWan  = 10_000 * fenPerYuan // 万元
	largeM2    = 666_667             // 1,000 mu: the least land of a large park
)

// filingStream is the stream of random numbers that filings are drawn from, so that they disturb no other.
const filingStream = 2

// course is how far a filing has come.
type course int

const (
	owed      course = iota // nobody began
	draft                   // begun
	submitted               // waits for the county
	passed                  // approved by the county, waits for the city
	returned                // given back by the county
	approved                // by everybody
	inForce                 // of a form that nobody approves
)

// mixes say how many filings of a thousand have come how far: nearly all of the month before, most of the last one.
var (
	mixBefore = [6]int64{owed: 4, draft: 0, submitted: 6, passed: 10, returned: 5, approved: 975}
	mixLast   = [6]int64{owed: 45, draft: 50, submitted: 120, passed: 190, returned: 30, approved: 565}
)

func (s source) drawn(mix [6]int64) course {
	at := s.between(0, 999)
	for c, n := range mix {
		if at -= n; at < 0 {
			return course(c)
		}
	}
	return approved
}

// latePermilleOfFilings are handed in after their due day.
const latePermilleOfFilings = 60

// one is a filing of the demo.
type one struct {
	ref    filing.Ref
	org    string
	rows   []filled
	course course
	late   bool
	due    period.Date // zero of a standing form
	filer  string      // username of who filled it in
	office string      // org of the filer; empty for the enterprise's own user
	reason string      // of a return
}

// filled is a row of a filing.
type filled struct {
	key   string
	cells filing.Cells
}

// writeFilings fills in the forms of the last months and a few standing lists. What indicators read stays as it is: the
// enterprises' forms say what their returns say.
func (m *maker) writeFilings(sites []*site, tenants []tenant, recent map[enterprise.ID]map[period.Month]filed) error {
	lib, err := form.LoadShipped()
	if err != nil {
		return err
	}
	m.src = newSource(m.o.Seed, filingStream)
	for month := m.last - filedMonths + 1; month <= m.last; month++ {
		firms, err := m.owing(lib, "enterprise_monthly", month)
		if err != nil {
			return err
		}
		if err := m.file(m.firmForms(firms, month, recent)); err != nil {
			return err
		}
		parks, err := m.owing(lib, "park_monthly", month)
		if err != nil {
			return err
		}
		if err := m.file(m.parkForms(parks, month, sites, tenants)); err != nil {
			return err
		}
	}
	return m.file(m.lists(sites))
}

// owing lists who owes a form for a month.
func (m *maker) owing(lib *form.Library, code form.Code, month period.Month) (all []filing.Row, err error) {
	f, err := lib.Form(code, month.String())
	if err != nil || !f.Asks(period.OfMonth(month)) {
		return nil, err
	}
	err = m.db.Read(m.ctx, func(r db.Reader) error {
		all = nil
		q := filing.ListQuery{Form: code, Period: month.String(), Limit: page.Max}
		for {
			rows, next, err := filing.List(m.ctx, r, m.act.Scope, lib, q)
			all = append(all, rows...)
			if q.After = next; err != nil || next == "" {
				return err
			}
		}
	})
	return all, err
}

func (m *maker) mix(month period.Month) [6]int64 {
	if month < m.last {
		return mixBefore
	}
	return mixLast
}

// firmForms are the enterprises' returns of a month as forms.
func (m *maker) firmForms(rows []filing.Row, month period.Month, recent map[enterprise.ID]map[period.Month]filed) (out []one) {
	for _, row := range rows {
		f, ok := recent[enterprise.ID(row.Subject)][month]
		c := m.src.drawn(m.mix(month))
		if !ok || c == owed {
			continue
		}
		x := one{ref: row.Ref, org: row.Org, due: row.Due, course: c, late: m.src.chance(latePermilleOfFilings), filer: "enterprise.demo",
			rows: []filled{{cells: m.firmCells(f)}}, reason: "用电量与产值的走势不一致，请核对后重报。"}
		if m.src.chance(300) { // the county fills in what was sent on paper
			x.filer, x.office = "county.demo", row.Org
		}
		out = append(out, x)
	}
	return out
}

// firmCells are what an enterprise fills in: its output and jobs as in its return, the rest in proportion.
func (m *maker) firmCells(f filed) filing.Cells {
	revenue := round(mulDiv(f.output, m.src.between(900, 1040), 1000), fenPerWan/10)
	status := "normal"
	if f.output == 0 {
		status = "stopped"
	}
	cells := filing.Cells{"production_status": status, "output": text(f.output), "jobs": text(max(1, f.jobs)), "revenue": text(revenue),
		"tax":         text(round(mulDiv(revenue, m.src.between(18, 55), 1000), fenPerWan/10)),
		"electricity": text(max(100, mulDiv(f.output/fenPerYuan, m.src.between(30, 90), 1000))),
		"wages":       text(round(max(1, f.jobs)*m.src.between(4200, 8800)*fenPerYuan, fenPerWan/10)), "investment": "0"}
	if status == "stopped" {
		cells["stop_reason"] = "设备检修，预计下月恢复。"
	}
	if m.src.chance(120) {
		cells["investment"] = text(round(mulDiv(revenue, m.src.between(50, 300), 1000), fenPerWan))
	}
	if m.src.chance(400) {
		cells["export_value"] = text(round(mulDiv(f.output, m.src.between(50, 600), 1000), fenPerWan/10))
	}
	return cells
}

func round(v, to int64) int64 { return v / to * to }

func text(v int64) string { return strconv.FormatInt(v, 10) }

// file writes filings, with one audit line for each form and period.
func (m *maker) file(list []one) error {
	counts, order := map[string]int{}, []string{}
	for _, x := range list {
		of := x.ref.Form + " " + x.ref.Period
		if counts[of]++; counts[of] == 1 {
			order = append(order, of)
		}
	}
	return m.write(func(w db.Writer) error {
		p, err := newPress(m.ctx, w, m.act.Scope.City, m.act.At)
		if err != nil {
			return err
		}
		defer p.close()
		for _, x := range list {
			if err := p.print(x); err != nil {
				return err
			}
		}
		for _, of := range order {
			code, in, _ := strings.Cut(of, " ")
			_, err := audit.Append(m.ctx, w, audit.Entry{City: m.act.Scope.City, Actor: m.act.Actor, Action: "filing.generate", Kind: filing.Kind, At: m.act.At,
				Detail: map[string]any{"form": code, "period": in, "count": counts[of]}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// press writes filings as they would stand after all that is said to have happened with them. It goes past the rules of
// the form and of who may do what: the city is made up.
type press struct {
	ctx                   context.Context
	city                  string
	now                   time.Time
	filing, record, event *db.Stmt
}

func newPress(ctx context.Context, w db.Writer, city string, now time.Time) (*press, error) {
	p := &press{ctx: ctx, city: city, now: now}
	for _, x := range []struct {
		into *(*db.Stmt)
		sql  string
	}{
		{&p.filing, `INSERT INTO filing (city, subject_kind, subject, form, period, org, form_version, state, level, confirmed, version,
			approved_version, submitted_at, submitted_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, $14)`},
		{&p.record, `INSERT INTO filing_record (city, subject_kind, subject, form, period, row_key, version, filing_version, cells, gone, nature, way, recorder, at)
			VALUES ($1, $2, $3, $4, $5, $6, 1, 1, $7, 0, $8, $9, $10, $11)`},
		{&p.event, `INSERT INTO filing_event (city, subject_kind, subject, form, period, seq, action, level, filing_version, reason, actor, actor_org, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`},
	} {
		stmt, err := w.Prepare(ctx, x.sql)
		if err != nil {
			p.close()
			return nil, err
		}
		*x.into = stmt
	}
	return p, nil
}

func (p *press) close() {
	for _, s := range []*db.Stmt{p.filing, p.record, p.event} {
		if s != nil {
			s.Close()
		}
	}
}

// done is something that happened with a filing.
type done struct {
	action, actor, org, reason string
	level                      int
	at                         time.Time
}

// story is what happened with a filing, in order, and how it stands then.
func (x one) story(now time.Time) (events []done, state filing.State, level int) {
	county, city := done{actor: "county.demo", org: x.org}, done{actor: "city.demo", org: "350500"}
	at := x.handedIn(now)
	step := func(d done, action string, level int, after time.Duration) {
		d.action, d.level, at = action, level, at.Add(after)
		d.at = at
		events = append(events, d)
	}
	if x.course >= submitted && x.course != inForce {
		step(done{actor: x.filer, org: x.office}, "submit", 0, 0)
	}
	switch x.course {
	case submitted:
		return events, filing.Submitted, 0
	case passed:
		step(county, "approve", 1, 26*time.Hour)
		return events, filing.Submitted, 1
	case returned:
		county.reason = x.reason
		step(county, "return", 0, 30*time.Hour)
		return events, filing.Returned, 0
	case approved:
		step(county, "approve", 1, 26*time.Hour)
		step(city, "approve", 2, 50*time.Hour)
		return events, filing.Approved, 2
	case inForce:
		return nil, filing.Approved, 0
	default:
		return nil, filing.Draft, 0
	}
}

// handedIn is a moment before or after the due day, and that at which the city was made where there is none.
func (x one) handedIn(now time.Time) time.Time {
	if x.due == 0 {
		return now
	}
	day := time.Date(x.due.Year(), time.Month(int(x.due)/100%100), int(x.due)%100, 3, 0, 0, 0, time.UTC)
	spread := time.Duration(len(x.ref.Subject)+int(x.ref.Subject[len(x.ref.Subject)-1]))%4*24*time.Hour + 17*time.Minute
	if x.late {
		return day.Add(24*time.Hour + spread)
	}
	return day.Add(-spread)
}

func (p *press) print(x one) error {
	events, state, level := x.story(p.now)
	version := int64(1 + len(events))
	of := []any{p.city, string(x.ref.Kind), x.ref.Subject, x.ref.Form, x.ref.Period}
	var approvedAt, submittedAt *int64
	var by *string
	confirmed, changed := 0, p.now.UnixMicro()
	for _, e := range events {
		changed = e.at.UnixMicro()
		if e.action == "submit" {
			submittedAt, by = ptr(e.at.UnixMicro()), &x.filer
			if x.ref.Kind == form.OfEnterprise && x.office == "" {
				confirmed = 1
			}
		}
	}
	if state == filing.Approved {
		approvedAt = &version
	}
	if err := p.filing.Exec(p.ctx, append(of[:5:5], x.org, string(state), level, confirmed, version, approvedAt, submittedAt, by, changed)...); err != nil {
		return err
	}
	for _, row := range x.rows {
		cells, err := json.Marshal(row.cells)
		if err != nil {
			return err
		}
		if err := p.record.Exec(p.ctx, append(of[:5:5], row.key, string(cells), string(figure.Simulated), string(filing.Generated), x.filer, p.now.UnixMicro())...); err != nil {
			return err
		}
	}
	for i, e := range events {
		if err := p.event.Exec(p.ctx, append(of[:5:5], i+1, e.action, e.level, i+2, e.reason, e.actor, e.org, e.at.UnixMicro())...); err != nil {
			return err
		}
	}
	return nil
}

func ptr[T any](v T) *T { return &v }
