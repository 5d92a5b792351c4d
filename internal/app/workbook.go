package app

import (
	"context"
	"io"
	"iter"

	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/export"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/template"
)

// say gives the words of message keys in a language.
func (h *host) say(language string) func(key string, args map[string]any) string {
	return func(key string, args map[string]any) string {
		text, _ := h.texts.Format(language, key, args)
		return text
	}
}

// makeTemplate hands the workbook edge's template to the API.
func (h *host) makeTemplate(ctx context.Context, w io.Writer, t api.Template) error {
	rows := func(yield func(template.Row, error) bool) {
		for _, row := range t.Rows {
			line := template.Row{Subject: row.Subject, Name: row.Name, Cells: row.Cells}
			if !yield(line, nil) {
				return
			}
		}
	}
	return template.Write(ctx, w, template.Spec{Form: t.Form, Org: t.Org, OrgName: t.OrgName, Period: t.Period, Subject: t.Subject, Language: t.Language,
		Sequence: t.Sequence, Rows: rows, Say: h.say(t.Language)})
}

// makeExport hands the workbook edge's export to the API.
func (h *host) makeExport(ctx context.Context, w io.Writer, e api.Export) error {
	say := h.say(e.Language)
	rows := iter.Seq2[export.Row, error](func(yield func(export.Row, error) bool) {
		for row, err := range e.Rows {
			line := export.Row{Subject: row.Subject, Name: row.SubjectName, Org: row.Org, Period: e.Period, State: say("filing.state."+row.State, nil), Cells: row.Cells}
			if !yield(line, err) {
				return
			}
		}
	})
	return export.Write(ctx, w, export.Spec{Form: e.Form, Format: export.Format(e.Format), Language: e.Language, Rows: rows, Say: say})
}
