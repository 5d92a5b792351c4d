package milestone

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// TakeBack moves all that was said of a stage, and of every stage that builds on it, beside what counts (撤回), with the
// reason. Plans and evidence stay. A stage that the lifecycle does not have is taken back alone.
//
// Errors: those of all steps (see Plan); Invalid "lifecycle.no_reason", "lifecycle.unknown_stage"; Denied
// "lifecycle.not_entered" (stage), also of a stage that only a rule deems entered.
func TakeBack(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, TakingBack, (*desk).takeBack)
	return version, fault.Wrap("milestone.TakeBack", err)
}

func (d *desk) takeBack() (before, after []Entry, err error) {
	stage := d.step.Stage
	e := course.Event{Act: course.Rollback, Stage: stage, Reason: strings.TrimSpace(d.step.Reason)}
	if known := d.pack.Stage(stage) != nil; known || used(d.entries, stage) == nil || e.Reason == "" {
		if err := d.inWords(d.pack.Course().Next(d.standing(), e, nil), nil); err != nil {
			return nil, nil, err
		}
	}
	if err := d.begin(); err != nil {
		return nil, nil, err
	}
	gone := append(d.builders(stage), stage)
	for _, e := range d.entries {
		if e.Way == tenancy.Planned || !slices.Contains(gone, e.Stage) {
			continue
		}
		v := Void{Entry: e, VoidReason: strings.TrimSpace(d.step.Reason), VoidBy: d.act.Actor, VoidAt: d.act.At.UnixMicro()}
		if err := d.void(d.ctx, d.w, v); err != nil {
			return nil, nil, err
		}
		before = append(before, e)
	}
	return before, nil, nil
}

// Suspend says that the way pauses (停工, 停产停建) from a day on, today where the step names none: nothing is entered or deemed
// until Resume, but an end.
//
// Errors: those of all steps (see Plan); Invalid "date.invalid", "date.in_future", "lifecycle.no_reason"; Denied
// "lifecycle.ended", "lifecycle.suspended".
func Suspend(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, Suspending, func(d *desk) ([]Entry, []Entry, error) { return d.pause(Suspending, course.Suspend) })
	return version, fault.Wrap("milestone.Suspend", err)
}

// Resume ends the pause. Errors: as Suspend, without "lifecycle.no_reason"; Denied "lifecycle.not_suspended".
func Resume(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s Step) (int64, error) {
	version, err := do(ctx, w, act, lib, ref, s, Resuming, func(d *desk) ([]Entry, []Entry, error) { return d.pause(Resuming, course.Resume) })
	return version, fault.Wrap("milestone.Resume", err)
}

func (d *desk) pause(act Act, e course.Act) (before, after []Entry, err error) {
	reason := strings.TrimSpace(d.step.Reason)
	if err := d.inWords(d.pack.Course().Next(d.standing(), course.Event{Act: e, Reason: reason}, nil), nil); err != nil {
		return nil, nil, err
	}
	day := d.step.Day
	if day == 0 {
		day = d.today
	}
	if err := tenancy.CheckDay(tenancy.Claimed, day, d.act.At); err != nil {
		return nil, nil, err
	}
	p := Pause{Seq: 1, Act: act, Day: day, Reason: reason, Recorder: d.act.Actor, RecordedAt: d.act.At.UnixMicro()}
	if n := len(d.pauses); n > 0 {
		p.Seq = d.pauses[n-1].Seq + 1
	}
	if err := d.begin(); err != nil {
		return nil, nil, err
	}
	return nil, nil, d.insertPause(d.ctx, d.w, p)
}
