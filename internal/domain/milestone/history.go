package milestone

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Event is one thing that happened to a subject's way.
type Event struct {
	At       int64 // µs UTC; 0 where nobody recorded when
	Actor    string
	Act      Act
	Stage    string
	Way      tenancy.Way // of an entry, also of one that is taken back
	Day      period.Date
	Reason   string
	Source   string
	Nature   figure.Nature
	Void     bool // an entry that was taken back since
	Evidence []evidence.Evidence
	seq      int64
}

var acts = map[tenancy.Way]Act{tenancy.Planned: Planning, tenancy.Deemed: Deeming, tenancy.Claimed: Claiming, tenancy.Verified: Verifying}

// history merges everything in the order in which it was recorded; what was recorded at once by the order of the stages.
func (l *ledger) history() (out []Event) {
	for _, e := range l.entries {
		out = append(out, l.event(e, false))
	}
	for _, v := range l.voids {
		out = append(out, l.event(v.Entry, true), Event{At: v.VoidAt, Actor: v.VoidBy, Act: TakingBack, Stage: v.Stage, Way: v.Way, Day: v.Day, Reason: v.VoidReason, seq: v.Seq})
	}
	for _, p := range l.pauses {
		out = append(out, Event{At: p.RecordedAt, Actor: p.Recorder, Act: p.Act, Day: p.Day, Reason: p.Reason, seq: p.Seq})
	}
	for _, p := range l.papers {
		out = append(out, Event{At: p.RecordedAt, Actor: p.Recorder, Act: Attaching, Stage: p.Stage, Evidence: []evidence.Evidence{p}, Void: !p.Live()})
		if !p.Live() {
			out = append(out, Event{At: p.Withdrawn.At, Actor: p.Withdrawn.By, Act: Withdrawing, Stage: p.Stage, Reason: p.Withdrawn.Reason, Evidence: []evidence.Evidence{p}})
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(l.order(a.Stage), l.order(b.Stage)), cmp.Compare(a.Stage, b.Stage),
			cmp.Compare(a.Way, b.Way), cmp.Compare(a.seq, b.seq))
	})
	return out
}

func (l *ledger) event(e Entry, void bool) Event {
	out := Event{At: e.RecordedAt, Actor: e.Recorder, Act: acts[e.Way], Stage: e.Stage, Way: e.Way, Day: e.Day, Reason: e.Reason, Source: e.Source,
		Nature: e.Nature, Void: void, seq: e.Seq}
	for _, id := range e.Evidence {
		if p := l.paper(id); p != nil {
			out.Evidence = append(out.Evidence, *p)
		}
	}
	return out
}

// order is a stage's place in the lifecycle; -1 for none.
func (l *ledger) order(stage string) int {
	for i := range l.pack.Stages {
		if l.pack.Stages[i].Code == stage {
			return i
		}
	}
	return -1
}
