package api

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// place is where in an imported file a cell stood; empty for what was typed.
type place struct{ file, sheet, cell string }

// places finds the places of cells and remembers the batches that it looked up. Whoever sees a cell may know the file that
// it came from, also when another office brought it.
type places struct {
	ctx   context.Context
	r     db.Reader
	city  auth.Scope
	known map[string]*source
}

// source is one batch: its intake's files by number, and in which column each field stood.
type source struct {
	files   map[int]string
	sheet   string
	columns map[form.Code]string
}

func newPlaces(ctx context.Context, r db.Reader, s auth.Scope) *places {
	return &places{ctx, r, auth.Whole(s.City), map[string]*source{}}
}

func (p *places) of(o filing.Origin, code form.Code) (place, error) {
	if o.Batch == "" || o.Row == 0 {
		return place{}, nil
	}
	src, err := p.source(o.Batch)
	if err != nil || src == nil {
		return place{}, err
	}
	return place{src.files[o.File], src.sheet, src.columns[code] + strconv.Itoa(o.Row)}, nil
}

// source reads the intake of a batch: a batch bears its intake's id, those after the first with a number behind it.
func (p *places) source(batch string) (*source, error) {
	if src, ok := p.known[batch]; ok {
		return src, nil
	}
	id, _, _ := strings.Cut(batch, "-")
	in, err := intake.Get(p.ctx, p.r, p.city, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		p.known[batch] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	mapping, err := intake.MappingOf(p.ctx, p.r, p.city.City, batch)
	if err != nil {
		return nil, err
	}
	src := &source{files: map[int]string{}, columns: map[form.Code]string{}}
	for _, f := range in.Files {
		src.files[f.No] = f.Name
	}
	var m struct {
		Sheet   string
		Columns []struct{ Column, Field string }
	}
	if err := json.Unmarshal([]byte(mapping), &m); err == nil { // without a mapping the row is all that is known
		src.sheet = m.Sheet
		for _, c := range m.Columns {
			src.columns[c.Field] = c.Column
		}
	}
	p.known[batch] = src
	return src, nil
}
