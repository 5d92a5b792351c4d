package milestone_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle/lifecycletest"
	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// plain is a lifecycle's file with what follows from its words: the reference that the walk compares the ledger with.
type plain struct{ lifecycletest.Plain }

// state is where a thing stands: the days that were claimed, and whether it is suspended.
type state struct {
	days      map[string]int
	suspended bool
}

// under is everything that a stage builds on.
func (p *plain) under(code string) map[string]bool {
	out := map[string]bool{}
	for _, a := range p.Stages[p.At(code)].After {
		out[a] = true
		maps.Copy(out, p.under(a))
	}
	return out
}

// needs is what must be there before a stage: an optional stage hands the demand on.
func (p *plain) needs(code string) map[string]bool {
	out := map[string]bool{}
	for _, a := range p.Stages[p.At(code)].After {
		if p.Stages[p.At(a)].Optional {
			maps.Copy(out, p.needs(a))
		} else {
			out[a] = true
		}
	}
	return out
}

func (p *plain) ended(s state) bool {
	for _, stage := range p.Stages {
		if stage.End && s.days[stage.Code] != 0 {
			return true
		}
	}
	return false
}

// deemed is what the rules of the file say was entered by a day. Every day of the walk is in the middle of a month.
func (p *plain) deemed(s state, today int) map[string]int {
	out := map[string]int{}
	if s.suspended || p.ended(s) {
		return out
	}
	for range p.Stages {
		for _, stage := range p.Stages {
			d := stage.Deemed
			if d == nil || s.days[stage.Code] != 0 || slices.ContainsFunc(stage.Unless, func(u string) bool { return s.days[u] != 0 || out[u] != 0 }) {
				continue
			}
			from := s.days[d.From] + out[d.From]
			if from == 0 {
				continue
			}
			t := time.Date(from/10000, time.Month(from/100%100), from%100, 0, 0, 0, 0, time.UTC).AddDate(0, d.Months, d.Days)
			if day := t.Year()*10000 + int(t.Month())*100 + t.Day(); day <= today {
				out[stage.Code] = day
			}
		}
	}
	return out
}

// enter is the answer to a claim or a verification.
func (p *plain) enter(s state, m move, today int) string {
	i := p.At(m.stage)
	if i < 0 {
		return "lifecycle.unknown_stage"
	}
	stage, deemed, ended, suspended := p.Stages[i], p.deemed(s, today), p.ended(s), s.suspended
	days := maps.Clone(s.days)
	if m.act == milestone.Verifying && days[m.stage] != 0 { // a word for what was claimed: neither a pause nor the end is against it
		delete(days, m.stage)
		ended, suspended = false, false
	}
	under := p.under(m.stage)
	switch {
	case ended:
		return "lifecycle.ended"
	case suspended && !stage.End:
		return "lifecycle.suspended"
	case days[m.stage] != 0:
		return "lifecycle.entered"
	}
	for n := range p.needs(m.stage) {
		if days[n] == 0 && deemed[n] == 0 {
			return "lifecycle.too_early"
		}
	}
	for _, u := range stage.Unless {
		if days[u] != 0 {
			return "lifecycle.excluded"
		}
	}
	for u := range under {
		if m.day < days[u] || m.day < deemed[u] {
			return "lifecycle.before"
		}
	}
	for other, d := range days {
		if p.under(other)[m.stage] && d < m.day {
			return "lifecycle.behind"
		}
	}
	switch {
	case stage.Guard != "" && !m.known:
		return "milestone.guard"
	case m.act == milestone.Verifying && !m.proof:
		return "milestone.no_evidence"
	}
	return ""
}

// answer is what a move must be answered by the words of the file and of the package's documentation alone; "" where it is taken.
func (p *plain) answer(s state, m move, today int) string {
	reasoned := m.act == milestone.TakingBack || m.act == milestone.Suspending
	if reasoned && m.reason == "" {
		return "lifecycle.no_reason"
	}
	switch m.act {
	case milestone.Planning:
		switch {
		case p.At(m.stage) < 0:
			return "lifecycle.unknown_stage"
		case s.days[m.stage] != 0:
			return "milestone.plan_entered"
		case p.ended(s):
			return "lifecycle.ended"
		}
	case milestone.TakingBack:
		switch {
		case p.At(m.stage) < 0:
			return "lifecycle.unknown_stage"
		case s.days[m.stage] == 0:
			return "lifecycle.not_entered"
		}
	case milestone.Suspending, milestone.Resuming:
		switch {
		case p.ended(s):
			return "lifecycle.ended"
		case m.act == milestone.Suspending && s.suspended:
			return "lifecycle.suspended"
		case m.act == milestone.Resuming && !s.suspended:
			return "lifecycle.not_suspended"
		}
	default:
		return p.enter(s, m, today)
	}
	return ""
}

// move is one try.
type move struct {
	act    milestone.Act
	stage  string
	day    int
	known  bool // the guard has all that it asks for
	proof  bool // evidence is named
	reason string
}

// facts tell the guards everything, or nothing at all.
func facts(all bool) milestone.Facts {
	return func(context.Context, db.Reader, auth.Scope, subject.Head, period.Date) (map[string]rule.Value, error) {
		out := map[string]rule.Value{"built_since": {}, "entering": {}, "handed_over_day": {}}
		for name, v := range lifecycletest.Facts() {
			if !all {
				v = rule.Value{}
			}
			out[name] = v
		}
		return out, nil
	}
}

func plainFiles(t *testing.T) (out []*plain) {
	t.Helper()
	for _, p := range lifecycletest.Files(t) {
		out = append(out, &plain{p})
	}
	return out
}
