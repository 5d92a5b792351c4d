package pipeline

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// DefaultTemplate is the table of lights of a city that chose none. Of its rules those of the start and of the listing can be
// fed from milestones; progress needs a schedule of investment that the ledger does not hold, and gives no light.
const DefaultTemplate = "yinchuan"

// feeds says which rules of the shipped tables can be judged from milestones alone. Every other rule asks for something that
// no milestone says — investment against its schedule, growth, bonds, a share of a month's task — and gives no light.
//
// That "start" is the stage "started" follows from its words. That "listing" (入库) is the stage "enrolled" (纳统) is assumed.
var feeds = map[string]struct {
	stage string // empty: every stage that is planned
	facts func(r *Row, m *Mark, today period.Date) []light.Month
}{
	"yinchuan.start":   {"started", func(r *Row, m *Mark, today period.Date) []light.Month { return due(r, m, "started", today) }},
	"yinchuan.listing": {"enrolled", func(r *Row, m *Mark, today period.Date) []light.Month { return due(r, m, "listed", today) }},
	"ouhai.task":       {"", task},
}

// Feed says whether a rule of a table can be judged from milestones, and of which stage; empty for every planned one.
func Feed(template, ruleCode string) (stage string, ok bool) {
	f, ok := feeds[template+"."+ruleCode]
	return f.stage, ok
}

// shine gives a row the worst light of the template's rules that can be fed. What ended has none.
func shine(r *Row, p *way, t *light.Template, today period.Date) {
	r.Light, r.LightWhy, r.LightBasis, r.LightRule, r.Missing = light.Off, pack.Text{}, "", "", nil
	if r.Ended != "" {
		return
	}
	for _, one := range t.Rules {
		f, ok := feeds[t.Code+"."+one.Code]
		if !ok {
			continue
		}
		if f.stage != "" {
			if s := p.Stage(f.stage); s != nil {
				m := r.markOf(f.stage)
				if m == nil {
					m = &Mark{Stage: f.stage}
				}
				r.take(one, f.facts(r, m, today), pack.Text{}, today)
			}
			continue
		}
		for i := range r.Marks {
			if s := p.Stage(r.Marks[i].Stage); s != nil && !s.End {
				r.take(one, f.facts(r, &r.Marks[i], today), s.Name, today)
			}
		}
	}
}

// take judges one rule and keeps it where it is the worst. of is what the rule is about, where it is about one of several.
func (r *Row) take(one *light.Rule, months []light.Month, of pack.Text, today period.Date) {
	if len(months) == 0 {
		return
	}
	j, err := one.Judge(months, today)
	if err != nil {
		return // months are ascending by how they are made
	}
	if j.Rung < 0 {
		facts := months[len(months)-1].Facts
		for _, f := range one.Fields {
			if _, ok := facts[f.Field]; !ok && !slices.Contains(r.Missing, f.Name) {
				r.Missing = append(r.Missing, f.Name)
			}
		}
	}
	if j.Rung < 0 || j.Light < r.Light || j.Light == r.Light && r.LightRule != "" {
		return
	}
	why := j.Why
	if of.ZH != "" {
		why = pack.Text{ZH: of.ZH + "：" + why.ZH, EN: of.EN + ": " + why.EN}
	}
	r.Light, r.LightWhy, r.LightBasis, r.LightRule = j.Light, why, j.Basis, one.Code
}

// maxMonths bounds how far back a missed month is looked for.
const maxMonths = 600

// due gives, month by month since the stage was first planned for, whether it should have been entered by the month's end and
// whether it was. Of the running month a plan is due once its day is over. The plan of a month is the last one that was
// recorded by its end, so that planning anew does not wipe out what was missed; before the first record that one counts, since
// a ledger begins later than its projects. Without a plan nothing is due or not due: the fact is missing.
func due(r *Row, m *Mark, entered string, today period.Date) []light.Month {
	this := today.Month()
	if m.Day != 0 {
		facts := map[string]rule.Value{entered: rule.Is(true)}
		if m.Planned != 0 {
			facts["due"] = rule.Is(course.Latest(m.Planned) < today)
		}
		return []light.Month{{Month: this, Facts: facts}}
	}
	if m.Planned == 0 {
		return []light.Month{{Month: this, Facts: map[string]rule.Value{entered: rule.Is(false)}}}
	}
	var plans []entry
	first := this
	for _, e := range r.entries {
		if e.stage == m.Stage && e.way == tenancy.Planned {
			plans, first = append(plans, e), min(first, course.Latest(e.day).Month())
		}
	}
	first = max(first, this-maxMonths)
	out := make([]light.Month, 0, this-first+1)
	for month := first; month <= this; month++ {
		end, limit := month.Last(), month.Last().Over().UnixMicro()
		if month == this {
			limit = today.Over().UnixMicro()
		}
		day := plans[0].day
		for _, e := range plans {
			if e.at < limit {
				day = e.day
			}
		}
		is := course.Latest(day) <= end
		if month == this {
			is = course.Latest(day) < today
		}
		out = append(out, light.Month{Month: month, Facts: map[string]rule.Value{"due": rule.Is(is), entered: rule.Is(false)}})
	}
	return out
}

// task gives the due day and the day of entering of a planned stage, if it is a task of the running month: due in it, or not
// done yet. A stage of which it is not known whether it was entered in time is none.
func task(_ *Row, m *Mark, today period.Date) []light.Month {
	if m.Planned == 0 {
		return nil
	}
	last := course.Latest(m.Planned)
	facts := map[string]rule.Value{"due": rule.Day(last)}
	if m.Day != 0 {
		if last.Month() != today.Month() || course.Earliest(m.Day) <= last && course.Latest(m.Day) > last {
			return nil
		}
		facts["done"] = rule.Day(min(course.Latest(m.Day), today))
	}
	return []light.Month{{Month: today.Month(), Facts: facts}}
}

// Choice is the name of the noun in audit lines.
const Choice = "light_choice"

// Chosen is which table of lights a city uses, and who said so; the zero Chosen is nobody's choice.
type Chosen struct {
	Template, Reason, Actor string
	At                      time.Time
	seq                     int64
}

func chosen(ctx context.Context, r db.Reader, city string) (c Chosen, err error) {
	var at int64
	err = r.QueryRow(ctx, `SELECT template, reason, actor, at, seq FROM light_choice WHERE city = $1 ORDER BY seq DESC LIMIT 1`, city).
		Scan(&c.Template, &c.Reason, &c.Actor, &at, &c.seq)
	c.At = time.UnixMicro(at).UTC()
	if fault.KindOf(err) == fault.NotFound {
		err = nil
	}
	return c, err
}

// Choose makes a shipped table of lights the city's and writes one audit line; earlier choices stay. Errors: NotFound
// "light.unknown_template" (template); Invalid "light.no_reason", "text.too_long"; Denied "light.whole_city" for who does not
// act for the whole city.
func Choose(ctx context.Context, w db.Writer, act org.Act, template, reason string) error {
	const op = "pipeline.Choose"
	reason = strings.TrimSpace(reason)
	before, err := chosen(ctx, w.Reader, act.Scope.City)
	switch {
	case err != nil:
	case !known(template):
		err = fault.New(fault.NotFound, "light.unknown_template", "template", template)
	case !act.Scope.Within(act.Scope.City + "."):
		err = fault.New(fault.Denied, "light.whole_city")
	case reason == "":
		err = fault.New(fault.Invalid, "light.no_reason")
	case len([]rune(reason)) > maxText:
		err = fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	default:
		err = page.Clean(reason)
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	_, err = w.Exec(ctx, `INSERT INTO light_choice (city, seq, template, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		act.Scope.City, before.seq+1, template, reason, act.Actor, act.At.UnixMicro())
	if err != nil {
		return fault.Wrap(op, err)
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "light.choose", Kind: Choice, Entity: template, At: act.At,
		Detail:  map[string]any{"before": before.Template, "after": template, "reason": reason},
		Touched: []audit.Touch{{Kind: Choice, ID: template}}})
	return fault.Wrap(op, err)
}

func known(template string) bool {
	t, err := templateOf(template)
	return err == nil && t.Code == template
}

// maxText bounds a reason or a name, in characters.
const maxText = 500
