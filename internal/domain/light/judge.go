package light

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Month is what is known of one month, by field. What is absent is missing, not zero and not "no".
type Month struct {
	Month period.Month
	Facts map[string]rule.Value
}

// Judgement is the light of one month with its reasons.
type Judgement struct {
	Month   period.Month
	Light   Light
	Rung    int        // which of the rule's lights, from 0; -1 where none holds or something is missing
	Why     pack.Text  // what the light says; empty without one
	Basis   pack.Basis // of the light
	Missing []string   // the names whose values would be needed; with them the light is not known
	Broken  string     // message key of what could not be computed; then the light is not known either
	Trace   []rule.Step
	Follows []string // codes of what follows from it
}

// Judge gives the light of the last of some months, judged on a day. It is the last of Run.
func (r *Rule) Judge(months []Month, asOf period.Date) (Judgement, error) {
	all, err := r.Run(months, asOf)
	if err != nil {
		return Judgement{}, err
	}
	if len(all) == 0 {
		return Judgement{}, fault.New(fault.Invalid, "light.no_months")
	}
	return all[len(all)-1], nil
}

// Run gives the light of each of some months with what is known on a day: a month that was missed may have been caught up since.
//
// In: months ascending, without one twice. What is remembered begins with the first of them, or with January where the rule's
// cycle is the year. A month that is left out, or of which it is not known whether it was kept, makes the counts that reach over
// it missing: they are never taken for zero.
// Out: one judgement per month, same order; the same for the same input. Errors: Invalid "light.months" (month). O(months²).
func (r *Rule) Run(months []Month, asOf period.Date) ([]Judgement, error) {
	for i := 1; i < len(months); i++ {
		if months[i].Month <= months[i-1].Month {
			return nil, fault.New(fault.Invalid, "light.months", "month", months[i].Month.String())
		}
	}
	m := memory{rule: r, months: months, kept: make([]rule.State, len(months)), out: make([]Judgement, 0, len(months))}
	for i := range months {
		facts := withDay(months[i].Facts, asOf)
		if r.met != nil {
			m.kept[i] = r.met.Programs()[0].EvalFast(values(r.met, facts))
			m.remember(i, facts)
		}
		j := r.light(months[i].Month, facts)
		m.out = append(m.out, j)
		m.follow(i, facts)
	}
	return m.out, nil
}

func withDay(given map[string]rule.Value, asOf period.Date) map[string]rule.Value {
	facts := make(map[string]rule.Value, len(given)+6)
	for name, v := range given {
		facts[name] = v
	}
	facts[asOfName] = rule.Day(asOf)
	return facts
}

func values(p *rule.Pack, facts map[string]rule.Value) []rule.Value {
	v := p.Values()
	for i, in := range p.Inputs() {
		v[i] = facts[in.Name]
	}
	return v
}

// light tries the rule's lights in their order; one that is not known to hold or not to hold ends the search.
func (r *Rule) light(month period.Month, facts map[string]rule.Value) Judgement {
	j := Judgement{Month: month, Rung: -1}
	v := values(r.rungs, facts)
	for i, p := range r.rungs.Programs() {
		verdict := p.Eval(v)
		j.Trace = append(j.Trace, verdict.Trace...)
		switch verdict.State {
		case rule.Holds:
			j.Light, j.Rung, j.Basis = r.Rungs[i].Light, i, r.Rungs[i].Basis
			j.Why = pack.Text{ZH: p.Sentence(rule.ZH, verdict), EN: p.Sentence(rule.EN, verdict)}
			return j
		case rule.Unknown:
			for _, m := range verdict.Missing {
				if !slices.Contains(j.Missing, m.Input.Name) {
					j.Missing = append(j.Missing, m.Input.Name)
				}
			}
			return j
		case rule.Broken:
			j.Broken = verdict.Fault.Key
			return j
		}
	}
	return j
}

// memory is what a run of months knows of those before.
type memory struct {
	rule   *Rule
	months []Month
	kept   []rule.State
	out    []Judgement
}

// begins is the first month of the cycle that the i-th month belongs to.
func (m *memory) begins(i int) period.Month {
	if m.rule.Cycle == "year" {
		return max(m.months[0].Month, period.MonthOf(m.months[i].Month.Year(), 1))
	}
	return m.months[0].Month
}

// remember puts the counts of missed months among the facts; those that are not known it leaves missing.
func (m *memory) remember(i int, facts map[string]rule.Value) {
	missed, run, running, known := int64(0), int64(0), true, true
	expect, begins := m.months[i].Month, m.begins(i)
	for k := i; k >= 0 && m.months[k].Month >= begins; k-- {
		if m.months[k].Month != expect || m.kept[k] != rule.Holds && m.kept[k] != rule.Fails {
			known = false
			break
		}
		if m.kept[k] == rule.Holds {
			running = false
		} else {
			missed++
			if running {
				run++
			}
		}
		expect--
	}
	known = known && expect < begins
	if known || !running {
		facts[missedInRowName] = rule.Whole(run)
	}
	if known {
		facts[missedInCycleName] = rule.Whole(missed)
	}
}

// follow says what follows from the i-th month's light. A count over a month without a known light is missing.
func (m *memory) follow(i int, facts map[string]rule.Value) {
	j := &m.out[i]
	if j.Rung < 0 {
		return
	}
	yellows, reds, expect := int64(0), int64(0), m.begins(i)
	for k := range m.out {
		if m.months[k].Month < expect {
			continue
		}
		if m.months[k].Month != expect || m.out[k].Rung < 0 {
			break
		}
		switch m.out[k].Light {
		case Yellow:
			yellows++
		case Red:
			reds++
		}
		expect++
	}
	facts[lightName] = rule.Said(j.Light.String())
	if expect > m.months[i].Month {
		facts[yellowsName], facts[redsName] = rule.Whole(yellows), rule.Whole(reds)
	}
	v := values(m.rule.follows, facts)
	for k, p := range m.rule.follows.Programs() {
		if p.EvalFast(v) == rule.Holds {
			j.Follows = append(j.Follows, m.rule.Follows[k].Code)
		}
	}
}
