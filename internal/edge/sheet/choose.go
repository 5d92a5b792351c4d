package sheet

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// candidate is a sheet of a workbook.
type candidate struct {
	name   string
	hidden bool
	source source
}

// choose finds the sheet: the named one, else the first visible one with the wanted header, else the visible one that comes
// nearest, whose missing columns are then the error.
func choose(ctx context.Context, sheets []candidate, o Options) (*Table, error) {
	var best header
	var from *candidate
	var hidden, others []string
	for i, c := range sheets {
		if o.Sheet == "" && c.hidden {
			hidden = append(hidden, c.name)
			continue
		}
		if o.Sheet != "" && c.name != o.Sheet {
			continue
		}
		h, ok, err := findHeader(ctx, c.source, o.Columns, o, label(o.File, c.name))
		switch {
		case err != nil:
			return nil, err
		case !ok:
		case from != nil && best.complete && h.complete:
			others = append(others, c.name)
		case from == nil || h.better(best):
			best, from = h, &sheets[i]
		}
	}
	if from == nil {
		return nil, noSheet(sheets, hidden, o)
	}
	t, err := best.table(o.File, from.name, o.Columns, from.source, o)
	if err != nil {
		return nil, err
	}
	t.Hidden, t.Others = hidden, others
	return t, nil
}

func noSheet(sheets []candidate, hidden []string, o Options) error {
	if o.Sheet == "" || slices.ContainsFunc(sheets, func(c candidate) bool { return c.name == o.Sheet }) {
		return fault.New(fault.Invalid, "sheet.empty", "file", label(o.File, o.Sheet), "hidden", strings.Join(hidden, ", "))
	}
	var names []string
	for _, c := range sheets {
		names = append(names, c.name)
	}
	return fault.New(fault.Invalid, "sheet.no_such_sheet", "file", o.File, "sheet", o.Sheet, "sheets", clip(strings.Join(names, ", ")))
}
