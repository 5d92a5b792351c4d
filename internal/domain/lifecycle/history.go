package lifecycle

import (
	"maps"
	"slices"
	"time"

	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Problem is what cannot be in a history.
type Problem string

// The problems.
const (
	Negative     Problem = "negative"      // a stage lies before one that it builds on
	Missing      Problem = "missing"       // a stage is dated, and one without which it cannot be entered is not
	Excluded     Problem = "excluded"      // a stage that is not entered once the other is
	AfterEnd     Problem = "after_end"     // a stage lies after the end
	TwoEnds      Problem = "two_ends"      // it ended in two ways
	UnknownStage Problem = "unknown_stage" // the lifecycle has no such stage
)

// Finding is one thing that cannot be, with the dates that say so.
type Finding struct {
	Row      int // as given to Check
	Problem  Problem
	Stage    string
	Day      period.Date
	Other    string      // the stage that it contradicts, or that is missing
	OtherDay period.Date // zero where it is missing
	Days     int         // between the two; where one is not known to the day the fewest that it can be
	Exact    bool        // both are known to the day
}

// Check looks at the dated milestones of one thing, which somebody recorded in whatever order, and tells what cannot be. It
// reports only what is sure: a month that could still be in order is in order. Nothing is changed or left out; a zero day is
// no date. Guards are not asked. The findings follow the order of the stages, unknown ones last by name.
func (p *Pack) Check(row int, days map[string]period.Date) (out []Finding) {
	h := history{p, row, days}
	for i := range p.Stages {
		if s := &p.Stages[i]; days[s.Code] != 0 {
			out = append(out, h.forerunners(s)...)
			out = append(out, h.exclusions(s)...)
			if s.End {
				out = append(out, h.ends(i)...)
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(days)) {
		if p.Stage(code) == nil && days[code] != 0 {
			out = append(out, Finding{Row: row, Problem: UnknownStage, Stage: code, Day: days[code]})
		}
	}
	return out
}

// history is one thing's days while they are checked.
type history struct {
	pack *Pack
	row  int
	days map[string]period.Date
}

func (h history) forerunners(s *Stage) (out []Finding) {
	day := h.days[s.Code]
	for _, other := range h.pack.course.BuildsOn(s.Code) {
		if d := h.days[other]; d != 0 && course.SurelyBefore(day, d) {
			out = append(out, h.finding(Negative, s.Code, other))
		}
	}
	for _, other := range h.pack.course.Needs(s.Code) {
		if h.days[other] == 0 {
			out = append(out, h.finding(Missing, s.Code, other))
		}
	}
	return out
}

// exclusions looks at what shuts a stage out. An end and what shuts it out are never both true, in whichever order; of another
// stage only the one that came first shuts the other out.
func (h history) exclusions(s *Stage) (out []Finding) {
	day := h.days[s.Code]
	for _, other := range s.Unless {
		d := h.days[other]
		switch {
		case d == 0 || s.End && h.pack.Stage(other).End: // two ends are told as such
		case s.End && !course.SurelyBefore(day, d), !s.End && course.SurelyBefore(d, day):
			out = append(out, h.finding(Excluded, s.Code, other))
		}
	}
	return out
}

// ends looks at what lies after the i-th stage, an end, and at the ends listed behind it.
func (h history) ends(i int) (out []Finding) {
	end := h.pack.Stages[i].Code
	for j, other := range h.pack.Stages {
		d := h.days[other.Code]
		switch {
		case d == 0:
		case other.End && j > i:
			out = append(out, h.finding(TwoEnds, end, other.Code))
		case !other.End && course.SurelyBefore(h.days[end], d) && !slices.Contains(h.pack.course.BuildsOn(end), other.Code):
			out = append(out, h.finding(AfterEnd, other.Code, end))
		}
	}
	return out
}

func (h history) finding(what Problem, stage, other string) Finding {
	f := Finding{Row: h.row, Problem: what, Stage: stage, Day: h.days[stage], Other: other, OtherDay: h.days[other]}
	if f.OtherDay == 0 {
		return f
	}
	f.Exact = f.Day%100 != 0 && f.OtherDay%100 != 0
	switch a, b := f.Day, f.OtherDay; {
	case course.SurelyBefore(a, b):
		f.Days = daysBetween(course.Latest(a), course.Earliest(b))
	case course.SurelyBefore(b, a):
		f.Days = daysBetween(course.Latest(b), course.Earliest(a))
	}
	return f
}

func daysBetween(a, b period.Date) int {
	at := func(d period.Date) time.Time {
		return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	return int(at(b).Sub(at(a)).Hours() / 24)
}

// Message gives the key and arguments of the sentence for a finding, with the stages' names in a language of package rule.
// Keys: "lifecycle.history." and the problem.
func (p *Pack) Message(f Finding, lang string) (key string, args map[string]any) {
	name := func(code string) string {
		if s := p.Stage(code); s != nil {
			return s.Name.In(lang)
		}
		return code
	}
	return messageKeys[f.Problem], map[string]any{"row": f.Row, "stage": name(f.Stage), "day": f.Day.String(), "other": name(f.Other),
		"other_day": f.OtherDay.String(), "days": f.Days}
}

var messageKeys = map[Problem]string{
	Negative:     "lifecycle.history.negative",
	Missing:      "lifecycle.history.missing",
	Excluded:     "lifecycle.history.excluded",
	AfterEnd:     "lifecycle.history.after_end",
	TwoEnds:      "lifecycle.history.two_ends",
	UnknownStage: "lifecycle.history.unknown_stage",
}
