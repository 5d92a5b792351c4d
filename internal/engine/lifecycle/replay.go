package lifecycle

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Act is what an event does.
type Act string

// The acts.
const (
	Enter    Act = "enter"    // a stage is entered
	Rollback Act = "rollback" // a stage and all that build on it are void; needs a reason
	Suspend  Act = "suspend"  // nothing is entered until Resume; needs a reason
	Resume   Act = "resume"
)

// Event is one thing that was recorded.
type Event struct {
	Act    Act
	Stage  string      // of Enter and Rollback
	Day    period.Date // of Enter, as far as it is known
	Reason string
}

// Standing is where a thing stands after its events. The zero Standing is one without events.
type Standing struct {
	Days      map[string]period.Date // of the stages that are entered
	Suspended bool
	Ended     string // the end that was entered; empty while it goes on
}

// Entered says whether a stage is entered.
func (s Standing) Entered(stage string) bool { _, ok := s.Days[stage]; return ok }

// Replay derives the standing from events in the order in which they were recorded. Guards are not asked again: they were
// when the event came. Errors: those of Next but for guards, with the argument event, its number from 1.
func (c *Course) Replay(events []Event) (Standing, error) {
	s := Standing{Days: map[string]period.Date{}}
	for i, e := range events {
		if err := c.allowed(s, e); err != nil {
			if f, ok := fault.Of(err); ok {
				if f.Args == nil {
					f.Args = map[string]any{}
				}
				f.Args["event"] = i + 1
			}
			return Standing{}, err
		}
		c.apply(&s, e)
	}
	return s, nil
}

// Next says whether an event may follow on a standing. values are the guards' as Values makes them; nil: all missing.
//
// Errors: Invalid "lifecycle.unknown_stage", "lifecycle.unknown_act", "lifecycle.no_reason", "lifecycle.no_day"; Denied
// "lifecycle.ended" (stage), "lifecycle.suspended", "lifecycle.not_suspended", "lifecycle.entered" (stage),
// "lifecycle.not_entered" (stage), "lifecycle.too_early" (stage, missing: what must come first), "lifecycle.excluded"
// (stage, other: it is not entered once the other is), "lifecycle.before" (stage, day, other, other_day: it cannot lie
// before the stage that it builds on), "lifecycle.behind" (same arguments: entered late, an optional stage cannot lie behind
// one that builds on it), "lifecycle.guard" (stage, state; the sentences are those of the course's Guard).
func (c *Course) Next(s Standing, e Event, values []rule.Value) error {
	if err := c.allowed(s, e); err != nil {
		return err
	}
	if e.Act != Enter {
		return nil
	}
	if v, ok := c.Guard(e.Stage, values); ok && v.State != rule.Holds {
		return fault.New(fault.Denied, "lifecycle.guard", "stage", e.Stage, "state", v.State.String())
	}
	return nil
}

// Guard gives the verdict on a stage's guard; ok is false for a stage without one.
func (c *Course) Guard(stage string, values []rule.Value) (v rule.Verdict, ok bool) {
	i, known := c.at[stage]
	if !known || c.guards[i] == nil {
		return rule.Verdict{}, false
	}
	if values == nil {
		values = c.Values()
	}
	return c.guards[i].Eval(values), true
}

// Sentence writes what a failed guard says, in a language of package rule.
func (c *Course) Sentence(stage, lang string, v rule.Verdict) string {
	i, ok := c.at[stage]
	if !ok || c.guards[i] == nil {
		return ""
	}
	return c.guards[i].Sentence(lang, v)
}

func (c *Course) allowed(s Standing, e Event) error {
	denied := func(key string, kv ...any) error { return fault.New(fault.Denied, "lifecycle."+key, kv...) }
	if (e.Act == Rollback || e.Act == Suspend) && e.Reason == "" {
		return fault.New(fault.Invalid, "lifecycle.no_reason", "act", string(e.Act))
	}
	switch e.Act {
	case Suspend, Resume:
		switch {
		case s.Ended != "":
			return denied("ended", "stage", s.Ended)
		case e.Act == Suspend && s.Suspended:
			return denied("suspended")
		case e.Act == Resume && !s.Suspended:
			return denied("not_suspended")
		}
		return nil
	case Rollback, Enter:
	default:
		return fault.New(fault.Invalid, "lifecycle.unknown_act", "act", string(e.Act))
	}
	i, ok := c.at[e.Stage]
	if !ok {
		return fault.New(fault.Invalid, "lifecycle.unknown_stage", "stage", e.Stage)
	}
	if e.Act == Rollback {
		if !s.Entered(e.Stage) {
			return denied("not_entered", "stage", e.Stage)
		}
		return nil
	}
	return c.enterable(s, i, e)
}

func (c *Course) enterable(s Standing, i int, e Event) error {
	denied := func(key string, kv ...any) error { return fault.New(fault.Denied, "lifecycle."+key, kv...) }
	switch {
	case s.Ended != "":
		return denied("ended", "stage", s.Ended)
	case s.Suspended && !c.stages[i].End:
		return denied("suspended")
	case s.Entered(e.Stage):
		return denied("entered", "stage", e.Stage)
	case e.Day == 0:
		return fault.New(fault.Invalid, "lifecycle.no_day", "stage", e.Stage)
	}
	for _, j := range c.before[i] {
		if !s.Entered(c.stages[j].Code) {
			return denied("too_early", "stage", e.Stage, "missing", c.stages[j].Code)
		}
	}
	for _, name := range c.stages[i].Unless {
		if s.Entered(name) {
			return denied("excluded", "stage", e.Stage, "other", name)
		}
	}
	return c.inTime(s, i, e)
}

// inTime looks at the days of what stage i builds on and of what builds on it.
func (c *Course) inTime(s Standing, i int, e Event) error {
	denied := func(key, other string) error {
		return fault.New(fault.Denied, "lifecycle."+key, "stage", e.Stage, "day", e.Day.String(), "other", other, "other_day", s.Days[other].String())
	}
	for _, j := range c.under[i] {
		if other := c.stages[j].Code; s.Entered(other) && SurelyBefore(e.Day, s.Days[other]) {
			return denied("before", other)
		}
	}
	for j, other := range c.stages {
		if s.Entered(other.Code) && SurelyBefore(s.Days[other.Code], e.Day) && slices.Contains(c.under[j], i) {
			return denied("behind", other.Code)
		}
	}
	return nil
}

// SurelyBefore says whether a day lies before another one, whatever their unknown parts are.
func SurelyBefore(a, b period.Date) bool {
	return Latest(a) < Earliest(b)
}

// Earliest is the first day that a date can mean: of June 2024 the first.
func Earliest(d period.Date) period.Date {
	if int(d)/100%100 == 0 {
		return period.DateOf(d.Year(), 1, 1)
	}
	if int(d)%100 == 0 {
		return d.Month().First()
	}
	return d
}

// Latest is the last day that a date can mean: of June 2024 the thirtieth.
func Latest(d period.Date) period.Date {
	if int(d)/100%100 == 0 {
		return period.DateOf(d.Year(), 12, 31)
	}
	if int(d)%100 == 0 {
		return d.Month().Last()
	}
	return d
}

func (c *Course) apply(s *Standing, e Event) {
	switch e.Act {
	case Suspend:
		s.Suspended = true
	case Resume:
		s.Suspended = false
	case Enter:
		s.Days[e.Stage] = e.Day
		if c.stages[c.at[e.Stage]].End {
			s.Ended = e.Stage
		}
	case Rollback:
		c.void(s, e.Stage)
	}
}

// void takes back a stage, all that build on it, and the end.
func (c *Course) void(s *Standing, stage string) {
	delete(s.Days, stage)
	for j, other := range c.stages {
		if slices.Contains(c.under[j], c.at[stage]) {
			delete(s.Days, other.Code)
		}
	}
	if s.Ended != "" && !s.Entered(s.Ended) {
		s.Ended = ""
	}
}
