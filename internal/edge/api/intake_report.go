package api

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

// IntakeReportOf says a report in a language.
func IntakeReportOf(texts *message.Catalogue, lang string, f *form.Form, files []intake.File, r intake.Report) IntakeReport {
	out := IntakeReport{Rows: r.Rows, New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Conflicting: r.Conflicting, Bad: r.Bad,
		CellsChanged: r.CellsChanged, Skipped: []IntakeSkip{}, MoreSkipped: r.MoreSkipped, Problems: []IntakeProblem{}, MoreProblems: r.MoreProblems,
		Changes: []IntakeChange{}, MoreChanges: r.MoreChanges, CanCommit: r.CanCommit(), Moved: r.Moved, Batches: r.Batches, Written: r.Written,
		Submitted: r.Submitted, CommittedAt: instant(r.Commit)}
	if out.Batches == nil {
		out.Batches = []string{}
	}
	if n := len(r.Batches); n > 0 {
		out.Batch = r.Batches[n-1]
	}
	if r.Failure != nil {
		text, _ := texts.Format(lang, r.Failure.Key, r.Failure.Args)
		out.Failure = &IntakeFailure{r.Failure.Key, text}
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, IntakeSkip{s.Row, s.Why, s.Text})
	}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, intakeProblem(texts, lang, files, p))
	}
	for _, c := range r.Changes {
		one := IntakeChange{Row: c.Row, Cell: c.Cell, Key: c.Key, SubjectName: c.Subject, Field: c.Field, State: string(c.State), Before: c.Before, After: c.After}
		if it := f.Item(c.Field); it != nil {
			one.FieldName, one.FieldNameEN = it.Field.Name.ZH, it.Field.Name.EN
			one.Before, one.After = formatted(it.Field, c.Before), formatted(it.Field, c.After)
		}
		out.Changes = append(out.Changes, one)
	}
	return out
}

func formatted(f *form.Field, canonical string) string {
	if canonical == "" {
		return ""
	}
	return f.Format(canonical)
}

func intakeProblem(texts *message.Catalogue, lang string, files []intake.File, p intake.Problem) IntakeProblem {
	out := IntakeProblem{Sheet: p.Sheet, Row: p.Row, Column: p.Column, Cell: p.Cell, Field: p.Field, Text: p.Text, Severity: string(p.Severity), Key: p.Key, Suggest: p.Suggest}
	for _, f := range files {
		if f.No == p.File {
			out.File = f.Name
		}
	}
	switch {
	case p.Said.ZH != "" && lang == "zh-CN":
		out.Message = p.Said.ZH
	case p.Said.EN != "":
		out.Message = p.Said.EN
	default:
		out.Message, _ = texts.Format(lang, p.Key, p.Args)
	}
	return out
}

// intakePhases are the words of a job's phases by the message keys that the job gives.
var intakePhases = map[string]string{"intake.phase.read": "read", "intake.phase.commit": "commit"}

func intakeJob(j job.Job, now time.Time) *IntakeJob {
	out := &IntakeJob{ID: j.ID, State: string(j.State), Phase: "read", Done: j.Progress.Done, Total: j.Progress.Total}
	if phase, ok := intakePhases[j.Progress.Phase]; ok {
		out.Phase = phase
	}
	switch n := j.Progress.Args["failed"].(type) {
	case int64:
		out.Failed = n
	case float64:
		out.Failed = int64(n)
	}
	if left, ok := j.Progress.Left(now); ok && j.State == job.Running {
		seconds := int64(left.Round(time.Second) / time.Second)
		out.ETASeconds = &seconds
	}
	return out
}
