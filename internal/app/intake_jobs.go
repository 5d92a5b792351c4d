package app

import (
	"context"
	"errors"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

// The phases of the jobs.
const (
	phaseRead   = "intake.phase.read"
	phaseCommit = "intake.phase.commit"
)

// registerIntakes says what does the jobs of intakes.
func (c *city) registerIntakes(jobs *job.Worker) {
	jobs.Register(api.IntakeCheckJob, job.Handler{Do: c.checkJob})
	jobs.Register(api.IntakeCommitJob, job.Handler{Do: c.commitJob})
}

// intakeJob is one run of a job.
type intakeJob struct {
	*city
	run  *job.Run
	work api.IntakeWork
	in   intake.Intake
	lib  *form.Library
}

func (j *intakeJob) act() org.Act {
	return org.Act{Scope: j.work.Scope, Actor: j.work.Actor, At: j.now(), NewID: j.ids.New}
}

// plan reads the intake's files and checks them. err is a fault of the file or of its mapping when it is of kind Invalid.
func (c *city) plan(ctx context.Context, r *job.Run) (*intakeJob, *intake.Plan, error) {
	j := &intakeJob{city: c, run: r}
	if err := r.Args(&j.work); err != nil {
		return j, nil, err
	}
	var f *form.Form
	var sources []intakeSource
	err := c.db.Read(ctx, func(reader db.Reader) (err error) {
		sources = nil
		if j.in, err = intake.Get(ctx, reader, j.work.Scope, j.work.Intake); err != nil {
			return err
		}
		if j.lib, err = form.Load(ctx, reader, c.ref.ID); err != nil {
			return err
		}
		if f, err = j.lib.Form(j.in.Form, j.in.Period); err != nil {
			return err
		}
		for _, file := range j.in.Files {
			content, err := intake.Content(ctx, reader, j.work.Scope, j.in, file.No)
			if err != nil {
				return err
			}
			sources = append(sources, bytesSource(file, content))
		}
		return nil
	})
	if err != nil {
		return j, nil, err
	}
	m, err := mapping.Parse([]byte(j.in.Mapping))
	if err != nil {
		return j, nil, err
	}
	inputs, err := c.intakeInputs(ctx, f, j.in.Subject == "", m, sources)
	if err != nil {
		return j, nil, err
	}
	plan, err := intake.Check(ctx, c.db, j.work.Scope, j.lib, j.in.Target, inputs, func(done, total, failed int64) {
		r.Progress(job.Progress{Phase: phaseRead, Done: done, Total: total, Note: "intake.failed_rows", Args: map[string]any{"failed": failed}})
	})
	return j, plan, err
}

// checkJob says what the files would do.
func (c *city) checkJob(ctx context.Context, r *job.Run) (any, error) {
	j, plan, err := c.plan(ctx, r)
	to, report := intake.Checked, intake.Report{}
	if err != nil {
		if !j.final(ctx, err) {
			return nil, err
		}
		to, report = intake.Failed, intake.Report{Failure: failureOf(err)}
	} else {
		report = plan.Report
	}
	return nil, j.end(ctx, to, report)
}

// end keeps a report and ends the job, in one transaction.
func (j *intakeJob) end(ctx context.Context, to intake.State, report intake.Report) error {
	return j.db.Write(ctx, func(w db.Writer) error {
		if err := j.run.Complete(ctx, w, nil); err != nil {
			return err
		}
		_, err := intake.End(ctx, w, j.act(), j.work.Intake, to, report)
		if fault.KindOf(err) == fault.Stale && err != nil { // somebody put it away meanwhile
			return nil
		}
		return err
	})
}

// final says that a run that failed shall not be repeated: the file is to blame, or it was the last attempt.
func (j *intakeJob) final(ctx context.Context, err error) bool {
	if ctx.Err() != nil || j.work.Intake == "" {
		return false
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Denied, fault.Exists:
		return true
	default:
		return j.run.Attempt >= j.run.Attempts
	}
}

func failureOf(err error) *intake.Trouble {
	if f, ok := fault.Of(err); ok && f.Kind != fault.Internal {
		return &intake.Trouble{Key: f.Key, Args: f.Args}
	}
	return &intake.Trouble{Key: "internal"}
}

// commitJob reads the files again and writes what they say, if that is what the check said; else it keeps the fresh report.
func (c *city) commitJob(ctx context.Context, r *job.Run) (any, error) {
	j, plan, err := c.plan(ctx, r)
	if err != nil {
		if !j.final(ctx, err) {
			return nil, err
		}
		return nil, j.end(ctx, intake.Failed, intake.Report{Failure: failureOf(err)})
	}
	fresh := plan.Report
	if said := j.in.Report; said == nil || said.Digest != fresh.Digest || said.Bad != fresh.Bad || said.Conflicting != fresh.Conflicting {
		fresh.Moved = true
		return nil, j.end(ctx, intake.Checked, fresh)
	}
	rows := int64(fresh.New + fresh.Changed)
	r.Progress(job.Progress{Phase: phaseCommit, Total: rows})
	err = j.db.Write(ctx, func(w db.Writer) error {
		if err := r.Complete(ctx, w, nil); err != nil {
			return err
		}
		in, err := intake.Get(ctx, w.Reader, j.work.Scope, j.work.Intake)
		if err != nil {
			return err
		}
		_, err = intake.Commit(ctx, w, j.act(), j.lib, in, plan, intake.How{OnlyGood: j.work.OnlyGood, Submit: j.work.Submit, Reason: j.work.Reason,
			Watch: func(done int64) { r.Progress(job.Progress{Phase: phaseCommit, Done: done, Total: rows}) }})
		return err
	})
	var moved *fault.Fault
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &moved) && moved.Key == "intake.moved":
		fresh.Moved = true
		return nil, j.end(ctx, intake.Checked, fresh)
	case j.final(ctx, err):
		fresh.Failure = failureOf(err)
		return nil, j.end(ctx, intake.Checked, fresh)
	}
	return nil, err
}
