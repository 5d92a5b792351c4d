package app

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/annotate"
	"github.com/parkbrain/parkbrain/internal/kit/message"
)

// answerIntake gives an office its own workbook back with what is wrong marked in it; a file that is no .xlsx workbook becomes
// one of the same cells.
func answerIntake(ctx context.Context, texts *message.Catalogue, r io.ReaderAt, size int64, w io.Writer, a api.IntakeAnswer) error {
	book, err := sheet.Open(ctx, r, size, sheet.Options{File: a.Name, DropCutEnd: true})
	if err != nil {
		return err
	}
	job := answerJob(texts, a)
	if book.Kind == "xlsx" {
		_, err = annotate.Workbook(ctx, r, size, w, job)
		return err
	}
	var tables []annotate.Table
	for _, s := range book.Sheets {
		if !s.Hidden {
			tables = append(tables, annotate.Table{Sheet: s.Name, Rows: answerRows(ctx, book, s.Name)})
		}
	}
	_, err = annotate.Tables(ctx, w, tables, job)
	return err
}

func answerRows(ctx context.Context, book *sheet.File, name string) iter.Seq2[annotate.Row, error] {
	return func(yield func(annotate.Row, error) bool) {
		for row, err := range book.Rows(ctx, name) {
			out := annotate.Row{Number: row.Number}
			for _, c := range row.Cells {
				out.Cells = append(out.Cells, c.Text)
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}
}

func answerJob(texts *message.Catalogue, a api.IntakeAnswer) annotate.Job {
	say := func(key string, args map[string]any) string {
		text, _ := texts.Format(a.Language, key, args)
		return text
	}
	r := a.Report
	job := annotate.Job{File: a.Name, Author: say("intake.answer.author", nil), Summary: annotate.Summary{
		Sheet: say("intake.answer.sheet", nil), Title: say("intake.answer.title", map[string]any{"form": a.FormName, "file": a.Name}),
		Lines: []annotate.Line{
			{Text: say("intake.answer.counts", map[string]any{"rows": r.Rows, "new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "conflicting": r.Conflicting, "bad": r.Bad})},
			{Text: say("intake.answer.how", nil)},
		},
	}}
	for _, p := range r.Problems {
		cell := p.Cell
		if cell == "" && p.Row > 0 {
			cell = sheet.Ref(0, p.Row)
		}
		severity := annotate.Error
		if p.Severity == "warning" {
			severity = annotate.Warning
		}
		if cell != "" {
			job.Problems = append(job.Problems, annotate.Problem{Sheet: p.Sheet, Cell: cell, Message: p.Message, Severity: severity})
		}
		job.Summary.Lines = append(job.Summary.Lines, annotate.Line{Text: fmt.Sprint(cell, "  ", p.Message), Sheet: p.Sheet, Cell: cell})
	}
	if r.MoreProblems > 0 {
		job.Summary.Lines = append(job.Summary.Lines, annotate.Line{Text: say("import.more_problems", map[string]any{"count": r.MoreProblems})})
	}
	return job
}
