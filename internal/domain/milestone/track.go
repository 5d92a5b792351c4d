package milestone

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// State is how a stage stands.
type State string

// The states.
const (
	Entered State = "entered" // claimed or verified
	Deemed  State = "deemed"  // a rule, or an import by one, says so and nobody else
	Open    State = "open"    // may be entered next, if what its guard asks for is brought
	Blocked State = "blocked" // something else stands before it
	Skipped State = "skipped" // optional, and something that builds on it was entered
)

// DeemedDay is a stage that counts as entered by a rule.
type DeemedDay struct {
	Day  period.Date
	From string           // the stage whose day it follows; empty where a deemed entry was recorded
	Rule lifecycle.Deemed // zero where a deemed entry was recorded
	Said *Entry           // that entry
}

// Stage is one stage of a subject's way.
type Stage struct {
	Code     string
	Def      *lifecycle.Stage // nil for a stage that the ledger has and the lifecycle does not
	State    State
	First    *Entry // the first plan
	Planned  *Entry // the latest
	Plans    []Entry
	Claimed  *Entry
	Deemed   *DeemedDay
	Verified *Entry
	Used     tenancy.Way // whose day counts; NoWay where it was not entered
	Day      period.Date // the day that counts
	Evidence Counts      // live, of this stage
	Blocked  error       // why it cannot be entered now; nil where it was claimed, and where it may be
	GuardZH  string      // what its guard asks for, with the facts as they are; empty without a guard
	GuardEN  string
	Asks     []lifecycle.Field // what the guard wants to be told with the step
	Can      []Act             // as far as the order of stages goes: what a guard asks for may come with the step
}

// SlipDays is by how many days the stage lies later than the first plan: where it was entered the day that counts, else the
// latest plan. ok is false where one of them is not known to the day, or there is no plan.
func (s *Stage) SlipDays() (days int, ok bool) {
	if s.First == nil {
		return 0, false
	}
	day := s.Planned.Day
	if s.Used != tenancy.NoWay {
		day = s.Day
	}
	if day%100 == 0 || s.First.Day%100 == 0 {
		return 0, false
	}
	at := func(d period.Date) time.Time {
		return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	return int(at(day).Sub(at(s.First.Day)).Hours() / 24), true
}

// Track is a subject's whole way.
type Track struct {
	Head     subject.Head
	Pack     *lifecycle.Pack
	Standing course.Standing
	Stages   []Stage // of the lifecycle in its order, then those that only the ledger has
	History  []Event // the oldest first
	Can      []Act   // upon the whole
}

// Get gives a subject's way as of a day, with the version of its lifecycle that is in force then.
//
// Errors: NotFound "tenancy.not_found", "project.not_found", also for what the scope does not cover, "lifecycle.not_found";
// Invalid "subject.bad_kind".
func Get(ctx context.Context, r db.Reader, s auth.Scope, lib *lifecycle.Library, ref subject.Ref, today period.Date, more ...Facts) (Track, error) {
	l, err := load(ctx, r, s, lib, ref, today)
	if err == nil {
		err = l.prove(ctx, r, s, more)
	}
	if err != nil {
		return Track{}, fault.Wrap("milestone.Get", err)
	}
	return l.track(), nil
}

func (l *ledger) track() Track {
	t := Track{Head: l.head, Pack: l.pack, Standing: l.standing(), History: l.history()}
	deemed := map[string]course.DeemedDay{}
	for _, d := range l.pack.Course().Deemed(t.Standing, l.today) {
		deemed[d.Stage] = d
	}
	for i := range l.pack.Stages {
		def := &l.pack.Stages[i]
		s := l.told(def.Code)
		s.Def = def
		if d, ok := deemed[def.Code]; ok {
			s.Deemed = &DeemedDay{Day: d.Day, From: d.From, Rule: *def.Deemed}
		}
		l.judge(&s)
		t.Stages = append(t.Stages, s)
	}
	for _, code := range l.strangers() {
		s := l.told(code)
		s.State = Blocked
		if s.Used != tenancy.NoWay {
			s.State, s.Can = Entered, []Act{TakingBack}
		}
		t.Stages = append(t.Stages, s)
	}
	for _, act := range []Act{Planning, Claiming, Verifying, TakingBack} {
		for i := range t.Stages {
			if has(t.Stages[i].Can, act) {
				t.Can = append(t.Can, act)
				break
			}
		}
	}
	for act, e := range map[Act]course.Act{Suspending: course.Suspend, Resuming: course.Resume} {
		if l.pack.Course().Next(t.Standing, course.Event{Act: e, Reason: "-"}, nil) == nil {
			t.Can = append(t.Can, act) // one of the two at most
		}
	}
	return t
}

func has(acts []Act, act Act) bool {
	for _, a := range acts {
		if a == act {
			return true
		}
	}
	return false
}

// told is what was said of a stage.
func (l *ledger) told(code string) Stage {
	s := Stage{Code: code, Plans: plans(l.entries, code), Claimed: latest(l.entries, code, tenancy.Claimed), Verified: latest(l.entries, code, tenancy.Verified),
		Evidence: l.counts(code, nil)}
	if n := len(s.Plans); n > 0 {
		s.First, s.Planned = &s.Plans[0], &s.Plans[n-1]
	}
	if e := latest(l.entries, code, tenancy.Deemed); e != nil {
		s.Deemed = &DeemedDay{Day: e.Day, Said: e}
	}
	if e := used(l.entries, code); e != nil {
		s.Used, s.Day = e.Way, e.Day
	}
	return s
}

// strangers are the stages of entries that the lifecycle does not have, in the order of the entries.
func (l *ledger) strangers() (out []string) {
	for _, e := range l.entries {
		if l.pack.Stage(e.Stage) == nil && (len(out) == 0 || out[len(out)-1] != e.Stage) {
			out = append(out, e.Stage)
		}
	}
	return out
}

// judge says how a stage of the lifecycle stands and what may be done to it.
func (l *ledger) judge(s *Stage) {
	day := l.fitting(s.Code)
	known := l.factsFor(s.Code, nil, day)
	s.GuardZH, s.GuardEN = l.guard(s.Code, known)
	s.Asks = l.asks(s.Code)
	claim, verify := l.enterable(s.Code, tenancy.Claimed, day, known), l.enterable(s.Code, tenancy.Verified, day, known)
	if s.Claimed == nil && s.Verified == nil {
		s.Blocked = claim
	}
	switch {
	case s.Claimed != nil || s.Verified != nil:
		s.State = Entered
	case s.Deemed != nil:
		s.State = Deemed
	case s.Def.Optional && l.builtOn(s.Code):
		s.State = Skipped
	case claim == nil || guardOnly(claim):
		s.State = Open
	default:
		s.State = Blocked
	}
	if l.plannable(s.Code) == nil {
		s.Can = append(s.Can, Planning)
	}
	if claim == nil || guardOnly(claim) {
		s.Can = append(s.Can, Claiming)
	}
	if verify == nil || guardOnly(verify) {
		s.Can = append(s.Can, Verifying)
	}
	if used(l.entries, s.Code) != nil {
		s.Can = append(s.Can, TakingBack)
	}
}

// fitting is a day on which a stage can be entered as far as days go: today, or the first day of what builds on it.
func (l *ledger) fitting(stage string) period.Date {
	day := l.today
	if e := used(l.entries, stage); e != nil {
		return e.Day
	}
	for _, other := range l.builders(stage) {
		if e := used(l.entries, other); e != nil {
			day = min(day, course.Earliest(e.Day))
		}
	}
	return day
}

// builders lists the stages that build on one.
func (l *ledger) builders(stage string) (out []string) {
	for _, s := range l.pack.Stages {
		for _, under := range l.pack.Course().BuildsOn(s.Code) {
			if under == stage {
				out = append(out, s.Code)
				break
			}
		}
	}
	return out
}

// builtOn says whether something that builds on a stage was entered.
func (l *ledger) builtOn(stage string) bool {
	for _, other := range l.builders(stage) {
		if used(l.entries, other) != nil {
			return true
		}
	}
	return false
}
