package pipeline

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Mark is one stage of a subject: what was planned first and last, and the day that counts.
type Mark struct {
	Stage          string
	First, Planned period.Date // zero without a plan
	Replans        int         // how often it was planned anew
	Day            period.Date // zero while nobody entered it
	Way            tenancy.Way // of Day

	rank int // in the lifecycle; the number of its stages for one that it does not have
}

// Row is one subject on the board. It belongs to its view and must not be changed.
type Row struct {
	subject.Head
	Marks     []Mark // in the order of the lifecycle; stages that it does not have last, by name
	Officer   string // username; empty for nobody
	Problems  int    // not closed yet
	Suspended bool

	Stage       string // the end that was entered, else the furthest stage; empty before the first
	Since       period.Date
	Way         tenancy.Way
	Days        *int   // since Since; nil where that is not known to the day
	Ended       string // the end; empty while it goes on
	Next        string // planned next and not entered; empty without one
	NextPlanned period.Date
	Slip        *int // days from the first plan of Next to its last; nil where one is not known to the day
	Late        bool // the day planned for Next is over
	Final       bool // it ended, or nothing builds on Stage

	Deemed []course.DeemedDay // stages that a rule of the lifecycle deems entered by today although nobody says so; not counted

	Light      light.Light
	LightWhy   pack.Text   // what its worst rule says; empty where none gives a light
	LightBasis pack.Basis  // of LightWhy
	LightRule  string      // code of that rule
	Missing    []pack.Text // names of the facts without which no rule gives a light

	entries []entry // live ones by stage, way and seq
	voided  []voided
	stays   []stay
	way     *way
	entered stages // by rank, as Marks say
	rank    int    // of Stage; -1 before the first
}

// entry is one statement about a stage. There are some thirty of each row, so it is kept small.
type entry struct {
	stage string
	at    int64 // µs; 0: always there
	day   period.Date
	mark  int16 // index of its stage in Marks
	way   tenancy.Way
}

// voided is an entry that was taken back; there are few.
type voided struct {
	entry
	until int64 // µs: when it was taken back
	rank  int   // of its stage, as Mark.rank; its mark is -1 where the stage has no other entry
}

// stay is how long a subject was in a stage that it left for one that builds on it.
type stay struct{ rank, days int }

// settle fills in what follows from the entries.
func (r *Row) settle(w *way, today period.Date) {
	r.way = w
	r.mark(w)
	at := w.last(r.Marks, 0)
	r.Stage, r.Since, r.Way, r.Ended, r.rank, r.entered = "", 0, tenancy.NoWay, "", -1, stages{}
	for _, m := range r.Marks {
		if m.Day != 0 && w.has(m) {
			r.entered.add(m.rank)
		}
	}
	if at != nil {
		r.Stage, r.Since, r.Way, r.rank = at.Stage, at.Day, at.Way, at.rank
		if w.Stages[at.rank].End {
			r.Ended = at.Stage
		}
	}
	r.Days = daysBetween(r.Since, today)
	r.Final = r.Ended != "" || at != nil && w.final[at.rank]
	r.next(w)
	r.Late = r.Next != "" && course.Latest(r.NextPlanned) < today
	r.stays = r.finished(w)
	r.Deemed = r.deemed(w, today)
}

// deemed asks the lifecycle's rules.
func (r *Row) deemed(w *way, today period.Date) []course.DeemedDay {
	if !w.deems {
		return nil
	}
	s := course.Standing{Days: map[string]period.Date{}, Suspended: r.Suspended, Ended: r.Ended}
	for _, m := range r.Marks {
		if m.Day != 0 {
			s.Days[m.Stage] = m.Day
		}
	}
	return w.Course().Deemed(s, today)
}

// mark gathers the entries by stage.
func (r *Row) mark(w *way) {
	r.Marks = make([]Mark, 0, 12)
	for i := range r.entries {
		e := &r.entries[i]
		if i == 0 || e.stage != r.entries[i-1].stage { // they come by stage
			r.Marks = append(r.Marks, Mark{Stage: e.stage, rank: w.rank(e.stage)})
		}
		m := &r.Marks[len(r.Marks)-1]
		switch { // and those of a way by seq
		case e.way == tenancy.Planned && m.First == 0:
			m.First, m.Planned = e.day, e.day
		case e.way == tenancy.Planned:
			m.Planned, m.Replans = e.day, m.Replans+1
		case e.way >= m.Way:
			m.Day, m.Way = e.day, e.way
		}
	}
	slices.SortFunc(r.Marks, func(a, b Mark) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Stage, b.Stage)) })
	for i := range r.entries {
		e := &r.entries[i]
		if i > 0 && e.stage == r.entries[i-1].stage {
			e.mark = r.entries[i-1].mark
		} else {
			e.mark = r.indexOf(e.stage)
		}
	}
	for i := range r.voided {
		r.voided[i].mark, r.voided[i].rank = r.indexOf(r.voided[i].stage), w.rank(r.voided[i].stage)
	}
}

// indexOf finds a stage's mark; -1 without one. A stage's name is unique in a few dozen.
func (r *Row) indexOf(stage string) int16 {
	return int16(slices.IndexFunc(r.Marks, func(m Mark) bool { return m.Stage == stage }))
}

// next finds the stage that is planned next: not entered, no end, and not left out by one that builds on it.
func (r *Row) next(w *way) {
	r.Next, r.NextPlanned, r.Slip = "", 0, nil
	if r.Ended != "" {
		return
	}
	for _, m := range r.Marks {
		if m.Planned == 0 || m.Day != 0 || !w.has(m) || w.Stages[m.rank].End || r.passed(w, m) {
			continue
		}
		if r.Next == "" || course.Latest(m.Planned) < course.Latest(r.NextPlanned) {
			r.Next, r.NextPlanned, r.Slip = m.Stage, m.Planned, daysBetween(m.First, m.Planned)
		}
	}
}

// passed says whether a stage that builds on a mark's was entered.
func (r *Row) passed(w *way, m Mark) bool {
	return slices.ContainsFunc(r.Marks, func(other Mark) bool { return other.Day != 0 && w.has(other) && w.under[other.rank][m.rank] })
}

// finished lists the stays that ended in a stage that builds on theirs, where both days are known and in order. Leaving for
// an end is no finishing.
func (r *Row) finished(w *way) (out []stay) {
	for _, m := range r.Marks {
		if m.Day == 0 || !w.has(m) || w.Stages[m.rank].End {
			continue
		}
		var until period.Date
		for _, o := range r.Marks {
			if o.Day != 0 && w.has(o) && !w.Stages[o.rank].End && w.under[o.rank][m.rank] && (until == 0 || o.Day < until) {
				until = o.Day
			}
		}
		if d := daysBetween(m.Day, until); d != nil && *d >= 0 {
			out = append(out, stay{m.rank, *d})
		}
	}
	return out
}

// by says whether a stage was entered by the end of a day; for no day, ever. A date of which only the year or the month is
// known counts from its beginning, as for indicators.
func (m *Mark) by(asOf period.Date) bool { return m.Day != 0 && (asOf == 0 || m.Day <= asOf) }

// markOf finds what is known of a stage; nil when nothing is.
func (r *Row) markOf(stage string) *Mark {
	if i := r.indexOf(stage); i >= 0 {
		return &r.Marks[i]
	}
	return nil
}

// daysBetween counts the days from a to b; nil unless both are known to the day.
func daysBetween(a, b period.Date) *int {
	if a%100 == 0 || b%100 == 0 {
		return nil
	}
	n := dayNumber(b) - dayNumber(a)
	return &n
}

// dayNumber numbers the days of the calendar without gaps: whole years from March on, so that a leap day ends one.
func dayNumber(d period.Date) int {
	y, m, day := d.Year(), int(d)/100%100, int(d)%100
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day
}
