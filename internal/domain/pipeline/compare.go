package pipeline

import (
	"cmp"
	"math"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Slips is how the plans of two moments differ over some milestones.
type Slips struct {
	Key        string // id of the org, code of the stage, username of the officer, or id of the subject
	Kind       subject.Kind
	Name       string
	NameEN     string
	Subjects   int // with a plan at one of the moments
	Milestones int // planned at one of the moments
	Moved      int // planned at both, for another day
	Later      int // surely later
	Earlier    int // surely earlier
	Added      int // planned at the second only
	Dropped    int // planned at the first only: see Compare
	DaysMean   *float64
	DaysMax    *int // the largest slip; negative where all moved were brought forward

	days []int
	last *Row // whose milestones were added last: they come together
}

// Slipped is one milestone whose plan differs.
type Slipped struct {
	Row   *Row
	Stage string
	A, B  period.Date // zero where it was not planned, or no longer
	Days  *int        // from A to B; nil where one is missing or not known to the day
}

// Comparison is what Compare found.
type Comparison struct {
	Groups []Slips
	Total  Slips
	Rows   []Slipped // by subject: every milestone whose plan differs, the largest slip first
}

// Compare sets the plans of two moments (µs) side by side over a query's subjects: of each stage the last plan recorded by
// then; entries without a time were always there. A plan is no longer one, and counts as dropped, once the subject came to an
// end without the stage or entered one that builds on it. An entered stage keeps the plan that it had.
//
// By county, stage, officer (of today; empty for nobody) or subject. Groups come in the order of the orgs, of the stages, or by
// key. Error: Invalid "pipeline.bad_split".
func (v *View) Compare(q Query, a, b int64, by By) (Comparison, error) {
	switch by {
	case ByCounty, ByStage, ByOfficer, BySubject:
	default:
		return Comparison{}, fault.Wrap("pipeline.Compare", fault.New(fault.Invalid, "pipeline.bad_split", "by", string(by)))
	}
	var out Comparison
	groups := map[slipKey]*Slips{}
	was, is := plans{moment: a}, plans{moment: b}
	for _, r := range v.Select(q) {
		both(r, &was, &is)
		key := slipKey{v.placeOf(r, by, &q), ""}
		g := groups[key]
		for i, m := range r.Marks {
			one := Slipped{Row: r, Stage: m.Stage, A: was.days[i], B: is.days[i]}
			if one.A == 0 && one.B == 0 {
				continue
			}
			if one.A != 0 && one.B != 0 && one.A != one.B {
				one.Days = daysBetween(one.A, one.B)
			}
			if by == ByStage {
				key.stage = m.Stage
				g = groups[key]
			}
			if g == nil {
				g = &Slips{Key: key.text(by), Kind: r.Kind}
				g.Name, g.NameEN = v.slipName(one, by, g.Key)
				groups[key] = g
			}
			g.add(one)
			out.Total.add(one)
			if one.A != one.B && by == BySubject {
				out.Rows = append(out.Rows, one)
			}
		}
	}
	for _, g := range groups {
		g.finish()
		out.Groups = append(out.Groups, *g)
	}
	out.Total.finish()
	slices.SortFunc(out.Groups, v.slipOrder(by, q))
	slices.SortStableFunc(out.Rows, func(a, b Slipped) int {
		return cmp.Or(-compareBool(a.Days != nil, b.Days != nil), cmp.Compare(daysOr0(b.Days), daysOr0(a.Days)), byRef(a.Row, b.Row))
	})
	return out, nil
}

func daysOr0(d *int) int {
	if d == nil {
		return 0
	}
	return *d
}

// plans are the plans that stood at a moment, by mark. It is used again for each row.
type plans struct {
	moment  int64
	days    []period.Date
	entered []bool // by mark
	passed  stages // entered
}

// both gives a row's plans at two moments; the entries are looked at once.
func both(r *Row, a, b *plans) {
	a.clear(r)
	b.clear(r)
	for i := range r.entries {
		e := &r.entries[i]
		a.say(r, e)
		b.say(r, e)
	}
	a.finish(r)
	b.finish(r)
}

func (p *plans) clear(r *Row) {
	p.days, p.entered, p.passed = zero(p.days, len(r.Marks)), zero(p.entered, len(r.Marks)), stages{}
}

func (p *plans) say(r *Row, e *entry) {
	switch {
	case e.at > p.moment:
	case e.way == tenancy.Planned:
		p.days[e.mark] = e.day // they come by seq
	default:
		p.enter(e, r.Marks[e.mark].rank, r.way)
	}
}

// finish adds what was taken back later, and takes out what was passed over by then or ended without it.
func (p *plans) finish(r *Row) {
	for i := range r.voided {
		if e := &r.voided[i]; e.at <= p.moment && p.moment < e.until {
			p.enter(&e.entry, e.rank, r.way)
		}
	}
	if p.passed.empty() {
		return
	}
	for i := range r.Marks {
		if p.days[i] == 0 || p.entered[i] {
			continue
		}
		m, w := &r.Marks[i], r.way
		p.passed.each(func(k int) {
			if w.Stages[k].End || w.has(*m) && w.under[k][m.rank] {
				p.days[i] = 0
			}
		})
	}
}

func (p *plans) enter(e *entry, rank int, w *way) {
	if e.mark >= 0 {
		p.entered[e.mark] = true
	}
	if rank < len(w.Stages) {
		p.passed.add(rank)
	}
}

// zero gives n zero values in the room of a slice.
func zero[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (g *Slips) add(one Slipped) {
	if g.last != one.Row {
		g.Subjects, g.last = g.Subjects+1, one.Row
	}
	g.Milestones++
	switch {
	case one.A == 0:
		g.Added++
	case one.B == 0:
		g.Dropped++
	case one.A != one.B:
		g.Moved++
		if course.SurelyBefore(one.A, one.B) {
			g.Later++
		} else if course.SurelyBefore(one.B, one.A) {
			g.Earlier++
		}
		if one.Days != nil {
			g.days = append(g.days, *one.Days)
		}
	}
}

// finish computes the mean and the largest of the slips that are known to the day.
func (g *Slips) finish() {
	g.last = nil
	if len(g.days) == 0 {
		return
	}
	sum, most := 0, math.MinInt
	for _, d := range g.days {
		sum, most = sum+d, max(most, d)
	}
	mean := float64(sum) / float64(len(g.days))
	g.DaysMean, g.DaysMax, g.days = &mean, &most, nil
}

// slipKey is a group: a place, officer, subject, or a lifecycle with its stage.
type slipKey struct{ place, stage string }

func (k slipKey) text(by By) string {
	if by == ByStage {
		return k.place + "." + k.stage
	}
	return k.place
}

// placeOf is the part of a key that all milestones of a row share.
func (v *View) placeOf(r *Row, by By, q *Query) string {
	switch by {
	case ByCounty:
		return v.groupOf(r, ByCounty, q)
	case ByStage:
		return r.Lifecycle
	case ByOfficer:
		return r.Officer
	default:
		return string(r.Kind) + "/" + r.ID
	}
}

func (v *View) slipName(one Slipped, by By, key string) (zh, en string) {
	switch by {
	case ByCounty:
		return v.groupName(by, key, one.Row)
	case ByStage:
		return v.StageName(one.Row.Lifecycle, one.Stage)
	case ByOfficer:
		return key, key
	default:
		return one.Row.Name, one.Row.Name
	}
}

// StageName gives a stage's names; its code for one that the lifecycle does not have.
func (v *View) StageName(lifecycleCode, stage string) (zh, en string) {
	if s := v.way(lifecycleCode).Stage(stage); s != nil {
		return s.Name.ZH, s.Name.EN
	}
	return stage, stage
}

func (v *View) slipOrder(by By, q Query) func(a, b Slips) int {
	switch by {
	case ByCounty:
		return func(a, b Slips) int { return cmp.Compare(v.places[org.ID(a.Key)], v.places[org.ID(b.Key)]) }
	case ByStage:
		rank := map[string]int{}
		for i, code := range v.library.Codes() {
			if w := v.ways[code]; w != nil {
				for j, s := range w.Stages {
					rank[code+"."+s.Code] = 1 + i*1000 + j
				}
			}
		}
		return func(a, b Slips) int {
			return cmp.Or(compareBool(rank[a.Key] == 0, rank[b.Key] == 0), cmp.Compare(rank[a.Key], rank[b.Key]), cmp.Compare(a.Key, b.Key))
		}
	case ByOfficer:
		return func(a, b Slips) int {
			return cmp.Or(compareBool(a.Key == "", b.Key == ""), cmp.Compare(a.Key, b.Key))
		}
	default: // the largest slip first
		return func(a, b Slips) int {
			return cmp.Or(-compareBool(a.DaysMax != nil, b.DaysMax != nil), cmp.Compare(daysOr0(b.DaysMax), daysOr0(a.DaysMax)), cmp.Compare(a.Key, b.Key))
		}
	}
}
