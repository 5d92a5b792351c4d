package demo

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// plansStream is the stream of random numbers for plans and for the stages between those that the totals rest on.
const plansStream = 4

// reasons are why a day was planned anew.
var reasons = []string{"用地报批延后", "施工图审查补正", "设备到货晚", "资金到位晚", "雨季影响施工", "环评批复晚", "企业调整方案"}

// withdrawn is the end that nobody plans.
const withdrawn = "withdrawn"

// leg is a stage of a project or tenancy on its way: the day on which it was entered, or when it is due.
type leg struct {
	stage string
	day   period.Date // 0: not entered yet
	due   period.Date // of one not entered; 0: nobody planned it
}

// plan is one day that was planned for a stage, and when and why it was said.
type plan struct {
	stage  string
	day    period.Date
	at     int64 // µs UTC
	reason string
}

// dateOf is the beginning of a day of which some parts may not be known.
func dateOf(d period.Date) time.Time {
	year, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	return time.Date(year, time.Month(max(month, 1)), max(day, 1), 1, 30, 0, 0, time.UTC)
}

func plusDays(d period.Date, n int64) period.Date {
	t := dateOf(d).AddDate(0, 0, int(n))
	return period.DateOf(t.Year(), int(t.Month()), t.Day())
}

// monthOf is the month of a day; of a day of which only the year is known its January.
func monthOf(d period.Date) period.Month {
	return period.MonthOf(int(d)/10000, max(int(d)/100%100, 1))
}

// recordedAt is when a day was told of: some days after it, and never after the city was made.
func (m *maker) recordedAt(d period.Date, days int64) int64 {
	return min(dateOf(plusDays(d, days)).UnixMicro(), m.act.At.UnixMicro())
}

// plans makes the plans of the steps that come after begin: most held, some slipped once, a few twice.
func (m *maker) plans(s source, begin period.Date, steps []leg) (out []plan) {
	for _, one := range steps {
		last := one.due
		if one.day != 0 {
			last = plusDays(one.day, s.between(-8, 6))
		}
		if last == 0 || last <= begin || one.stage == withdrawn {
			continue
		}
		slips := s.between(0, 99)
		days := []period.Date{last}
		for n := range int64(2) {
			if slips >= 55+30*n {
				days = append([]period.Date{plusDays(days[0], -s.between(20, 75))}, days...)
			}
		}
		at := m.recordedAt(begin, s.between(3, 20))
		for i, day := range days {
			p := plan{stage: one.stage, day: day, at: at}
			if i > 0 {
				said := m.recordedAt(days[i-1], -s.between(3, 25))
				p.reason = reasons[s.between(0, int64(len(reasons)-1))]
				if said <= at { // it slipped before it was planned: the later day is the first plan
					out[len(out)-1].day = day
					continue
				}
				p.at, at = said, said
			}
			out = append(out, p)
		}
	}
	return out
}

// told puts steps and their plans into a project.
func (m *maker) told(s source, p *project.Project, begin period.Date, steps []leg) {
	for _, one := range m.plans(s, begin, steps) {
		p.Milestones = append(p.Milestones, project.Milestone{Stage: project.Stage(one.stage), Way: tenancy.Planned, Day: one.day, Nature: figure.Simulated, Source: m.source,
			Reason: one.reason, RecordedAt: one.at})
	}
	have := map[project.Stage]bool{}
	for i := range p.Milestones {
		if x := &p.Milestones[i]; x.Way == tenancy.Claimed {
			have[x.Stage] = true
			x.RecordedAt = m.recordedAt(x.Day, 5)
		}
	}
	for _, one := range steps {
		if one.day != 0 && !have[project.Stage(one.stage)] {
			p.Milestones = append(p.Milestones, project.Milestone{Stage: project.Stage(one.stage), Way: tenancy.Claimed, Day: one.day, Nature: figure.Simulated, Source: m.source,
				RecordedAt: m.recordedAt(one.day, 5)})
		}
	}
}

func reachedOn(p *project.Project, stage project.Stage) period.Date {
	for _, x := range p.Milestones {
		if x.Stage == stage && x.Way == tenancy.Claimed {
			return x.Day
		}
	}
	return 0
}

// by gives the leg that is entered in a month that is over, or surely was, and is due in a later one.
func (m *maker) by(s source, stage string, month period.Month, sure bool) leg {
	day := dayOf(s, month)
	if sure || month <= m.last {
		return leg{stage: stage, day: day}
	}
	return leg{stage: stage, due: day}
}

// dueAfter is a leg that is not entered, due around a month; of a month that is over some are late and the others put off.
func (m *maker) dueAfter(s source, stage string, month period.Month) leg {
	if month <= m.last && !s.chance(300) {
		month = m.last + period.Month(s.between(1, 5))
	}
	return leg{stage: stage, due: dayOf(s, month)}
}

// build makes the way of a park's construction around the days that are known of it.
func (m *maker) build(s source, p *site, one *project.Project) {
	started, completed := reachedOn(one, project.Started), reachedOn(one, project.Completed)
	if stated := period.Date(p.Values[park.Started]); started == 0 && stated != 0 {
		started = stated
		if completed != 0 && monthOf(stated) > monthOf(completed)-8 {
			started = dayOf(s, monthOf(completed)-period.Month(s.between(14, 26)))
		}
	}
	begun := m.last + period.Month(s.between(1, 6)) // nobody has begun yet
	if started != 0 {
		begun = monthOf(started)
	}
	ahead := period.Date(0)
	if begun > period.MonthAt(m.act.At)-1 { // a source states a day that lies ahead
		started, ahead = 0, started
	}
	approved := begun - period.Month(s.between(1, 3))
	land := begun - period.Month(s.between(1, 4))
	reserve := dayOf(s, min(approved, land, m.last)-period.Month(s.between(3, 9)))
	steps := []leg{{stage: "reserve", day: reserve}, m.by(s, "land", land, started != 0), m.by(s, "approved", approved, started != 0)}
	begin := leg{stage: "started", day: started}
	if started == 0 {
		begin = m.dueAfter(s, "started", begun)
		if ahead != 0 {
			begin.due = ahead
		}
	}
	steps = append(steps, begin)
	switch {
	case completed != 0:
		if top := monthOf(completed) - period.Month(s.between(3, 6)); top > begun {
			steps = append(steps, leg{stage: "topped_out", day: dayOf(s, top)})
		}
		steps = append(steps, leg{stage: "completed", day: completed}, m.by(s, "opened", monthOf(completed)+period.Month(s.between(1, 4)), false))
	default:
		ready := begun + period.Month(s.between(14, 24))
		steps = append(steps, m.dueAfter(s, "topped_out", ready-4), m.dueAfter(s, "completed", max(ready, m.last+2)), m.dueAfter(s, "opened", max(ready, m.last+2)+3))
	}
	m.told(s, one, reserve, steps)
}

// invest makes the way of an investment from the contract to production.
func (m *maker) invest(s source, one *project.Project) {
	signed, produced := reachedOn(one, project.Signed), reachedOn(one, project.Production)
	approved := monthOf(signed) + period.Month(s.between(1, 2))
	started := approved + period.Month(s.between(1, 3))
	if produced != 0 {
		m.told(s, one, signed, []leg{m.by(s, "approved", approved, false), m.by(s, "started", started, false), m.by(s, "equipment", max(started, monthOf(produced)-2)+1, true), {stage: "production", day: produced}})
		return
	}
	equipment := started + period.Month(s.between(4, 9))
	steps := []leg{m.by(s, "approved", approved, false), m.by(s, "started", started, false), m.by(s, "equipment", equipment, false)}
	if equipment > m.last && s.chance(40) && started < m.last-1 {
		steps = append(steps[:2], leg{stage: withdrawn, day: dayOf(s, m.last)})
	} else {
		steps = append(steps, m.dueAfter(s, "production", equipment+period.Month(s.between(2, 5))))
	}
	m.told(s, one, signed, steps)
}

// moveIn makes the plans of a tenancy that has a contract: when it is handed over and when it produces.
func (m *maker) moveIn(s source, t tenant) []tenancy.Entry {
	signed, handed, produced := t.day("signed"), t.day("handed_over"), t.day("production")
	percent := int64(700)
	if produced != 0 {
		percent = 250
	}
	if signed == 0 || t.day("cleared") != 0 || !s.chance(percent) {
		return nil
	}
	steps := []leg{{stage: "handed_over", day: handed}, {stage: "production", day: produced}}
	at := monthOf(signed) + 4
	if handed == 0 {
		steps[0] = m.dueAfter(s, "handed_over", at)
	} else {
		at = monthOf(handed)
	}
	if produced == 0 {
		steps[1] = m.dueAfter(s, "production", at+period.Month(s.between(5, 10)))
	}
	var out []tenancy.Entry
	for _, one := range m.plans(s, signed, steps) {
		stage, err := tenancy.ParseStage(one.stage)
		if err != nil {
			continue // all are stages of tenancies
		}
		out = append(out, tenancy.Entry{Stage: stage, Way: tenancy.Planned, Day: one.day, Nature: figure.Simulated, Source: m.source, Reason: one.reason, RecordedAt: one.at})
	}
	return out
}

// pausedEvery is every how manyth of the investments under way that rests.
const pausedEvery = 12

// pause lets a few investments that are under way rest.
func (m *maker) pause(w db.Writer, stored []project.Project) error {
	lib, err := lifecycle.Shipped()
	if err != nil {
		return err
	}
	seen := 0
	for _, p := range stored {
		started := reachedOn(&p, project.Started)
		if p.Kind != project.Investment || started == 0 || reachedOn(&p, project.Production) != 0 || reachedOn(&p, withdrawn) != 0 {
			continue
		}
		if seen++; seen%pausedEvery != 0 {
			continue
		}
		day := min(plusDays(started, 60), period.DateOf(m.last.Year(), m.last.Month(), 20))
		_, err := milestone.Suspend(m.ctx, w, m.act, lib, subject.Ref{Kind: subject.Project, ID: string(p.ID)}, milestone.Step{Version: p.Version, Day: day,
			Reason: reasons[seen/pausedEvery%len(reasons)] + "，暂停建设（模拟）"})
		if err != nil {
			return err
		}
	}
	return nil
}
