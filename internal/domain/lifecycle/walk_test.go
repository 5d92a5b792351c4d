package lifecycle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle/lifecycletest"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// plain is a lifecycle's file with what follows from its words: the reference that the walk compares the machine with.
type plain struct{ lifecycletest.Plain }

// state is what has been entered, as bits by the file's order, and whether the thing is suspended.
type state struct {
	entered   uint32
	suspended bool
}

// builds is everything that a stage builds on, needs what must be there before it: an optional stage hands the demand on.
func (p *plain) builds(i int) (out uint32) {
	for _, a := range p.Stages[i].After {
		out |= 1<<p.At(a) | p.builds(p.At(a))
	}
	return out
}

func (p *plain) needs(i int) (out uint32) {
	for _, a := range p.Stages[i].After {
		if j := p.At(a); p.Stages[j].Optional {
			out |= p.needs(j)
		} else {
			out |= 1 << j
		}
	}
	return out
}

func (p *plain) ended(s state) bool {
	for i, stage := range p.Stages {
		if stage.End && s.entered>>i&1 == 1 {
			return true
		}
	}
	return false
}

// Every stage of the walk is entered on the same day; moves are also tried on the day before and after, and on none.
const theDay, dayBefore, dayAfter = 20240615, 20240614, 20240616

// answer is what a move must be answered, by the words of the file alone; "" where it is allowed. known says that every guard
// has what it asks for.
func (p *plain) answer(s state, e course.Event, known bool) string {
	if (e.Act == course.Suspend || e.Act == course.Rollback) && e.Reason == "" {
		return "lifecycle.no_reason"
	}
	i := p.At(e.Stage)
	switch e.Act {
	case course.Suspend, course.Resume:
		switch {
		case p.ended(s):
			return "lifecycle.ended"
		case e.Act == course.Suspend && s.suspended:
			return "lifecycle.suspended"
		case e.Act == course.Resume && !s.suspended:
			return "lifecycle.not_suspended"
		}
		return ""
	case course.Rollback:
		switch {
		case i < 0:
			return "lifecycle.unknown_stage"
		case s.entered>>i&1 == 0:
			return "lifecycle.not_entered"
		}
		return ""
	case course.Enter:
		if i < 0 {
			return "lifecycle.unknown_stage"
		}
		return p.enter(s, i, int(e.Day), known)
	}
	return "lifecycle.unknown_act"
}

func (p *plain) enter(s state, i, day int, known bool) string {
	stage := p.Stages[i]
	switch {
	case p.ended(s):
		return "lifecycle.ended"
	case s.suspended && !stage.End:
		return "lifecycle.suspended"
	case s.entered>>i&1 == 1:
		return "lifecycle.entered"
	case day == 0:
		return "lifecycle.no_day"
	case p.needs(i)&^s.entered != 0:
		return "lifecycle.too_early"
	}
	for _, u := range stage.Unless {
		if s.entered>>p.At(u)&1 == 1 {
			return "lifecycle.excluded"
		}
	}
	if day < theDay && p.builds(i)&s.entered != 0 {
		return "lifecycle.before"
	}
	for j := range p.Stages {
		if day > theDay && s.entered>>j&1 == 1 && p.builds(j)>>i&1 == 1 {
			return "lifecycle.behind"
		}
	}
	if stage.Guard != "" && !known {
		return "lifecycle.guard"
	}
	return ""
}

// after is the state that an allowed move leads to.
func (p *plain) after(s state, e course.Event) state {
	switch e.Act {
	case course.Suspend:
		s.suspended = true
	case course.Resume:
		s.suspended = false
	case course.Enter:
		s.entered |= 1 << p.At(e.Stage)
	case course.Rollback:
		i := p.At(e.Stage)
		s.entered &^= 1 << i
		for j := range p.Stages {
			if p.builds(j)>>i&1 == 1 {
				s.entered &^= 1 << j
			}
		}
	}
	return s
}

func plainFiles(t *testing.T) (out []plain, packs []*lifecycle.Pack) {
	t.Helper()
	for _, p := range lifecycletest.Files(t) {
		pack, err := lifecycle.Parse(p.Body)
		if err != nil {
			t.Fatalf("Parse(%s) = %v", p.Number, err)
		}
		out, packs = append(out, plain{p}), append(packs, pack)
	}
	return out, packs
}

// From every standing that can be reached, every act on every stage, with and without reasons, guards' facts and days, is
// answered as the file's words say, and what is allowed leads where they say.
func TestShipped_walksEveryLegalAndIllegalMove(t *testing.T) {
	files, packs := plainFiles(t)
	total := 0
	for i := range files {
		p, c := &files[i], packs[i].Course()
		t.Run(p.Number, func(t *testing.T) {
			w := walk{t: t, p: p, c: c, values: packs[i].Values(lifecycletest.Facts()), seen: map[state]bool{{}: true}}
			w.run()
			t.Logf("%s: %d standings, %d moves, %d of them legal", p.Number, len(w.seen), w.legal+w.illegal, w.legal)
			total += w.legal + w.illegal
			if w.legal == 0 || w.illegal == 0 {
				t.Errorf("the walk saw %d legal and %d illegal moves, want some of each", w.legal, w.illegal)
			}
		})
	}
	t.Logf("%d lifecycles, %d moves", len(files), total)
}

type walk struct {
	t              *testing.T
	p              *plain
	c              *course.Course
	values         []rule.Value
	seen           map[state]bool
	legal, illegal int
}

// maxStandings bounds the walk; the widest shipped lifecycle has fewer.
const maxStandings = 50_000

func (w *walk) run() {
	type node struct {
		at     state
		events []course.Event
	}
	for queue := []node{{}}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		standing, err := w.c.Replay(n.events)
		if err != nil {
			w.t.Fatalf("Replay(%v) = %v", n.events, err)
		}
		w.compare(n.at, standing, n.events)
		for _, e := range w.moves() {
			w.try(n.at, standing, e, n.events)
			if w.p.answer(n.at, e, true) != "" || e.Act == course.Enter && e.Day != theDay {
				continue
			}
			if next := w.p.after(n.at, e); !w.seen[next] {
				w.seen[next] = true
				queue = append(queue, node{next, append(slices.Clone(n.events), e)})
			}
		}
		if len(w.seen) > maxStandings {
			w.t.Fatalf("more than %d standings", maxStandings)
		}
	}
}

// moves lists every act on every stage, on one that is not there, and an act that is none.
func (w *walk) moves() (out []course.Event) {
	stages := []string{"no_such_stage"}
	for _, s := range w.p.Stages {
		stages = append(stages, s.Code)
	}
	for _, s := range stages {
		for _, d := range []period.Date{theDay, dayBefore, dayAfter, 0} {
			out = append(out, course.Event{Act: course.Enter, Stage: s, Day: d})
		}
		out = append(out, course.Event{Act: course.Rollback, Stage: s, Reason: "录入错误"}, course.Event{Act: course.Rollback, Stage: s})
	}
	return append(out, course.Event{Act: course.Suspend, Reason: "停工"}, course.Event{Act: course.Suspend}, course.Event{Act: course.Resume},
		course.Event{Act: "jump", Stage: stages[1]})
}

// try asks the machine about one move, with the facts that guards want and without them.
func (w *walk) try(at state, s course.Standing, e course.Event, way []course.Event) {
	for _, known := range []bool{true, false} {
		values := w.values
		if !known {
			values = nil
		}
		err := w.c.Next(s, e, values)
		want := w.p.answer(at, e, known)
		if got := keyOf(err); got != want || (err == nil) != (want == "") {
			w.t.Errorf("after %v: Next(%v, facts known: %v) = %q (%v), want %q", way, e, known, got, err, want)
		}
		if want == "" {
			w.legal++
		} else {
			w.illegal++
		}
	}
	if w.p.answer(at, e, true) != "" {
		return
	}
	next, err := w.c.Replay(append(slices.Clone(way), e))
	if err != nil {
		w.t.Errorf("Replay(%v, %v) = %v, want what Next allows", way, e, err)
		return
	}
	w.compare(w.p.after(at, e), next, append(slices.Clone(way), e))
}

func (w *walk) compare(want state, got course.Standing, way []course.Event) {
	var g state
	for stage := range got.Days {
		g.entered |= 1 << w.p.At(stage)
	}
	g.suspended = got.Suspended
	if g != want || (got.Ended != "") != w.p.ended(want) {
		w.t.Errorf("after %v: standing %+v, want %b suspended %v ended %v", way, got, want.entered, want.suspended, w.p.ended(want))
	}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return strings.TrimPrefix(fmt.Sprint(err), "<nil>")
}
