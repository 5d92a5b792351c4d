package sheet

import (
	"context"
	"io"
	"math"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/xls"
)

// openOld opens an .xls workbook.
func openOld(r io.ReaderAt, size int64, o Options) ([]candidate, error) {
	b, err := xls.Open(r, size, xls.Limits{File: o.File, Text: maxSharedText})
	if err != nil {
		return nil, err
	}
	formats := map[xls.Format]numberFormat{}
	var out []candidate
	for i, s := range b.Sheets {
		out = append(out, candidate{s.Name, s.Hidden, &oldSource{book: b, index: i, formats: formats, o: o}})
	}
	return out, nil
}

func readOld(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Table, error) {
	sheets, err := openOld(r, size, o)
	if err != nil {
		return nil, err
	}
	return choose(ctx, sheets, o)
}

// oldSource is one sheet of an .xls workbook.
type oldSource struct {
	book    *xls.Book
	index   int
	content *xls.Content // once read
	formats map[xls.Format]numberFormat
	o       Options
}

func (s *oldSource) merges() []area {
	if s.content == nil {
		return nil
	}
	var out []area
	for _, a := range s.content.Merges {
		out = append(out, area{a.FirstCol, a.FirstRow + 1, a.LastCol, a.LastRow + 1})
	}
	return out
}

// each makes rows of the cells. Rows without cells do not come.
func (s *oldSource) each(ctx context.Context, visit func(rawRow) error) error {
	if s.content == nil {
		content, err := s.book.Read(ctx, s.index)
		if err != nil {
			return err
		}
		s.content = content
	}
	for i := 0; i < s.content.Len(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		first := s.content.At(i)
		raw := rawRow{number: first.Row + 1}
		for ; i < s.content.Len(); i++ {
			c := s.content.At(i)
			if c.Row != first.Row {
				break
			}
			raw.put(c.Col, s.cell(c), s.o.MaxColumns)
		}
		if err := visit(raw); err != nil {
			return err
		}
	}
	return nil
}

// cell writes a cell as the .xlsx reader does: numbers as typed, dates as ISO text.
func (s *oldSource) cell(c xls.Cell) Cell {
	out := Cell{Ref: ref(c.Col, c.Row+1), Formula: c.Formula, Error: c.Kind == xls.Failure, Text: c.Text}
	switch c.Kind {
	case xls.Truth:
		out.Text = "FALSE"
		if c.Number != 0 {
			out.Text = "TRUE"
		}
	case xls.Number:
		if math.IsNaN(c.Number) || math.IsInf(c.Number, 0) {
			out.Text, out.Error = "#NUM!", true
			break
		}
		f, ok := s.formats[c.Format]
		if !ok {
			f = builtinFormat(c.Format.ID)
			if c.Format.Code != "" {
				f = parseFormat(c.Format.Code)
			}
			s.formats[c.Format] = f
		}
		out.Text = f.text(strconv.FormatFloat(c.Number, 'g', -1, 64), s.book.Date1904)
	}
	return out
}
