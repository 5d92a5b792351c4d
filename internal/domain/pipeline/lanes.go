package pipeline

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Lane is the subjects that stand in one stage.
type Lane struct {
	Stage         *lifecycle.Stage // nil for those that entered none yet
	Count         int
	AreaM2        int64 // of the AreaKnown ones
	AreaKnown     int
	InvestmentFen int64 // of the InvestedKnown ones
	InvestedKnown int
	Late          int
	MedianDays    *int     // of finished stays in the stage; nil without one
	Conversion    *float64 // share of those that entered what must come first which came this far; nil without one
	Rows          []*Row   // the first of them
	Next          string   // cursor of the others
}

// add counts a row.
func (l *Lane) add(r *Row) {
	if l.Count++; len(l.Rows) < laneRows {
		l.Rows = append(l.Rows, r)
	} else if l.Next == "" {
		last := l.Rows[laneRows-1]
		l.Next = page.Cursor(string(last.Kind), last.ID)
	}
	if r.AreaM2 != nil {
		l.AreaM2, l.AreaKnown = l.AreaM2+*r.AreaM2, l.AreaKnown+1
	}
	if r.InvestmentFen != nil {
		l.InvestmentFen, l.InvestedKnown = l.InvestmentFen+*r.InvestmentFen, l.InvestedKnown+1
	}
	if r.Late {
		l.Late++
	}
}

// Code is the lane's stage as queries name it.
func (l Lane) Code() string {
	if l.Stage == nil {
		return None
	}
	return l.Stage.Code
}

// laneRows is how many rows a lane shows at first.
const laneRows = 30

// Kanban gives a lifecycle's lanes in its order, before them one for subjects that entered no stage, if there are any. The
// query's Stage leaves that lane only. Lane.Count is the number of rows that Select gives with the lane's stage.
//
// Error: NotFound "lifecycle.not_found".
func (v *View) Kanban(q Query) (*lifecycle.Pack, []Lane, error) {
	p, err := v.Main(q)
	if err != nil {
		return nil, nil, fault.Wrap("pipeline.Kanban", err)
	}
	only := q.Stage
	q.Lifecycle, q.Stage, q.Reached = p.Code, "", false
	rows := v.Select(q)
	w := v.way(p.Code)
	counts := w.tally(rows, q.AsOf)
	lanes := make([]Lane, 0, len(p.Stages)+1)
	lanes = append(lanes, Lane{})
	for i := range p.Stages {
		lanes = append(lanes, Lane{Stage: &p.Stages[i], MedianDays: counts[i].MedianDays, Conversion: counts[i].Conversion})
	}
	for _, r := range rows {
		_, at := w.entered(r, q.AsOf)
		lanes[at+1].add(r)
	}
	return p, slices.DeleteFunc(lanes, func(l Lane) bool {
		return l.Stage == nil && l.Count == 0 || only != "" && l.Code() != only
	}), nil
}

// StageCount is a stage of a funnel.
type StageCount struct {
	Stage      *lifecycle.Stage
	Reached    int // entered it
	Now        int // stand there
	Conversion *float64
	MedianDays *int
}

// tally counts the stages over some of the lifecycle's subjects, at the end of a day.
func (w *way) tally(rows []*Row, asOf period.Date) []StageCount {
	n := len(w.Stages)
	out := make([]StageCount, n)
	base, came, days := make([]int, n), make([]int, n), make([][]int, n)
	for _, r := range rows {
		all, at := w.entered(r, asOf)
		all.each(func(i int) { out[i].Reached++ })
		if at >= 0 {
			out[at].Now++
		}
		for i, needs := range w.needs {
			if !needs.empty() && all.holds(needs) {
				base[i]++
				if all.has(i) {
					came[i]++
				}
			}
		}
		for _, s := range r.stays {
			days[s.rank] = append(days[s.rank], s.days)
		}
	}
	for i := range out {
		out[i].Stage, out[i].MedianDays = &w.Stages[i], median(days[i])
		if base[i] > 0 {
			share := float64(came[i]) / float64(base[i])
			out[i].Conversion = &share
		}
	}
	return out
}

// By is what a funnel or a comparison is split by.
type By string

// The splits.
const (
	ByCounty  By = "county" // the orgs right below the one that is looked at
	ByPark    By = "park"
	ByStage   By = "stage"   // of a comparison
	ByOfficer By = "officer" // of a comparison
	BySubject By = "subject" // of a comparison
)

// Funnel is the stages of one place.
type Funnel struct {
	Key    string // id of the org or park; empty for subjects without a park
	Name   string
	NameEN string
	Count  int // subjects
	Stages []StageCount
}

// Funnel counts how far a query's subjects came, in all and by county or park, in the order of the orgs or by the parks'
// names. StageCount.Now is the number of rows that Select gives with that Stage and AsOf, Reached with Reached as well.
//
// Errors: NotFound "lifecycle.not_found"; Invalid "pipeline.bad_split" (argument by).
func (v *View) Funnel(q Query, by By) (*lifecycle.Pack, []Funnel, Funnel, error) {
	const op = "pipeline.Funnel"
	p, err := v.Main(q)
	if err != nil {
		return nil, nil, Funnel{}, fault.Wrap(op, err)
	}
	if by != ByCounty && by != ByPark {
		return nil, nil, Funnel{}, fault.Wrap(op, fault.New(fault.Invalid, "pipeline.bad_split", "by", string(by)))
	}
	q.Lifecycle, q.Stage, q.Reached = p.Code, "", false
	rows := v.Select(q)
	var keys []string
	groups := map[string][]*Row{}
	for _, r := range rows {
		k := v.groupOf(r, by, &q)
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], r)
	}
	w, out := v.way(p.Code), make([]Funnel, 0, len(keys))
	for _, k := range keys {
		name, nameEN := v.groupName(by, k, groups[k][0])
		out = append(out, Funnel{k, name, nameEN, len(groups[k]), w.tally(groups[k], q.AsOf)})
	}
	slices.SortFunc(out, func(a, b Funnel) int {
		if by == ByCounty {
			return cmp.Compare(v.places[org.ID(a.Key)], v.places[org.ID(b.Key)])
		}
		return cmp.Or(compareBool(a.Key == "", b.Key == ""), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
	return p, out, Funnel{Count: len(rows), Stages: w.tally(rows, q.AsOf)}, nil
}

// groupOf is the key of the group that a row belongs to.
func (v *View) groupOf(r *Row, by By, q *Query) string {
	if by == ByPark {
		return string(r.Park)
	}
	top := q.Scope.Path
	if q.Below != "" && (top == "" || org.Inside(q.Below, top)) {
		top = q.Below
	}
	if top == "" {
		top = v.city + "."
	}
	child, _ := org.Under(r.OrgPath, top)
	return string(child)
}

func (v *View) groupName(by By, key string, one *Row) (zh, en string) {
	if by == ByPark {
		return one.ParkName, one.ParkName
	}
	o := v.Org(org.ID(key))
	return o.NameZH, o.NameEN
}

// Span is some days; a zero end is open.
type Span struct{ From, To period.Date }

func (s Span) holds(d period.Date) bool {
	return d != 0 && (s.From == 0 || course.Latest(d) >= s.From) && (s.To == 0 || course.Earliest(d) <= s.To)
}

// Gantt gives a page of a lifecycle's subjects which have a plan or a day within a span, most urgent first. Errors: those of
// List; NotFound "lifecycle.not_found".
func (v *View) Gantt(q Query, span Span, after string, limit int) (*lifecycle.Pack, Page, error) {
	const op = "pipeline.Gantt"
	p, err := v.Main(q)
	if err != nil {
		return nil, Page{}, fault.Wrap(op, err)
	}
	if limit < 1 || limit > MaxRows {
		return nil, Page{}, fault.Wrap(op, fault.New(fault.Invalid, "limit.invalid", "limit", limit, "max", MaxRows))
	}
	q.Lifecycle = p.Code
	rows := v.Select(q)
	if span != (Span{}) {
		rows = slices.DeleteFunc(rows, func(r *Row) bool {
			return !slices.ContainsFunc(r.Marks, func(m Mark) bool {
				return span.holds(m.First) || span.holds(m.Planned) || span.holds(m.Day)
			})
		})
	}
	got, err := v.cut(rows, urgency, after, limit)
	return p, got, fault.Wrap(op, err)
}
