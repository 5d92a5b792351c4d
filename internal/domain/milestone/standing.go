package milestone

import (
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// standing is where the subject stands by the entries whose days count, whatever a lifecycle says of their order.
func (l *ledger) standing() course.Standing {
	s := course.Standing{Days: map[string]period.Date{}}
	for _, e := range l.entries {
		if e.Way > tenancy.Planned {
			s.Days[e.Stage] = used(l.entries, e.Stage).Day
		}
	}
	if n := len(l.pauses); n > 0 {
		s.Suspended = l.pauses[n-1].Act == Suspending
	}
	s.Ended = l.ended(s)
	return s
}

// ended is the first end that was entered.
func (l *ledger) ended(s course.Standing) string {
	for _, stage := range l.pack.Stages {
		if stage.End && s.Entered(stage.Code) {
			return stage.Code
		}
	}
	return ""
}

// against is the standing against which an entry of a stage in a way is judged: without the stage itself where it was so far
// entered in a weaker way only, and with the deemed days of what it builds on. What was claimed may be verified while it is
// suspended and after the end.
func (l *ledger) against(stage string, way tenancy.Way) course.Standing {
	all := l.standing()
	s := course.Standing{Days: maps.Clone(all.Days), Suspended: all.Suspended, Ended: all.Ended}
	if e := used(l.entries, stage); e != nil && e.Way < way {
		delete(s.Days, stage)
		s.Ended = l.ended(s)
		if e.Way == tenancy.Claimed {
			s.Suspended, s.Ended = false, ""
		}
	}
	c := l.pack.Course()
	under := c.BuildsOn(stage)
	def := l.pack.Stage(stage)
	for _, d := range c.Deemed(all, l.today) {
		if slices.Contains(under, d.Stage) && !slices.Contains(def.Unless, d.Stage) {
			s.Days[d.Stage] = d.Day
		}
	}
	return s
}

// enterable says whether a stage may be entered in a way on a day with the facts of its guard, or why not.
func (l *ledger) enterable(stage string, way tenancy.Way, day period.Date, known facts) error {
	err := l.pack.Course().Next(l.against(stage, way), course.Event{Act: course.Enter, Stage: stage, Day: day}, l.pack.Values(known))
	return l.inWords(err, known)
}

// guardOnly says that an error is the guard's alone: everything but the facts is there.
func guardOnly(err error) bool {
	f, ok := fault.Of(err)
	return ok && f.Key == guardKey
}

const guardKey = "milestone.guard"

// inWords gives a lifecycle's refusal the names of stages in both languages, and a guard's its own sentence.
func (l *ledger) inWords(err error, known facts) error {
	f, ok := fault.Of(err)
	if !ok {
		return err
	}
	args := map[string]any{}
	maps.Copy(args, f.Args)
	for _, name := range []string{"stage", "other", "missing"} {
		if code, ok := args[name].(string); ok {
			zh, en := l.name(code)
			args[name], args[name+"_en"] = zh, en
		}
	}
	if f.Key != "lifecycle.guard" {
		return &fault.Fault{Kind: f.Kind, Key: f.Key, Args: args, Err: err}
	}
	code, _ := f.Args["stage"].(string)
	zh, en := l.guard(code, known)
	return fault.Because(err, fault.Denied, guardKey, "stage", args["stage"], "stage_en", args["stage_en"], "text", zh, "text_en", en)
}

// name is a stage's name in both languages; the code of a stage that the lifecycle does not have.
func (l *ledger) name(code string) (zh, en string) {
	if s := l.pack.Stage(code); s != nil {
		return s.Name.ZH, s.Name.EN
	}
	return code, code
}

// guard is what a stage demands, with the facts as they are; empty for a stage without a guard.
func (l *ledger) guard(stage string, known facts) (zh, en string) {
	c := l.pack.Course()
	v, ok := c.Guard(stage, l.pack.Values(known))
	if !ok {
		return "", ""
	}
	return c.Sentence(stage, rule.ZH, v), c.Sentence(stage, rule.EN, v)
}
