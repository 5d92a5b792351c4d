package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// separators of values that offices use; the first is preferred where nothing tells them apart.
var separators = []rune{',', ';', '\t'}

// csvSource is CSV text with its separator.
type csvSource struct {
	text  *text
	comma rune
	o     Options
	cut   int // line of a last record that was left out because the file ends inside its quotes; 0: none
}

func readCSV(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Table, error) {
	if size == 0 {
		return nil, fault.New(fault.Invalid, "sheet.empty", "file", o.File)
	}
	t, err := openText(ctx, r, size, o.File, o.Encoding)
	if err != nil {
		return nil, err
	}
	if o.Sheet != "" {
		return nil, fault.New(fault.Invalid, "sheet.no_sheets_in_csv", "file", o.File, "sheet", o.Sheet)
	}
	h, s, err := separate(ctx, t, o)
	if err != nil {
		return nil, err
	}
	table, err := h.table(o.File, "", o.Columns, s, o)
	if err == nil {
		table.Encoding = t.name
	}
	return table, err
}

// separate finds the header, trying the separators from the most frequent one. A complete header decides; without one, what
// is wrong under the most frequent separator is the error, else the header with the most wanted columns is the file's.
func separate(ctx context.Context, t *text, o Options) (best header, s *csvSource, err error) {
	order, err := separatorsByUse(t)
	if err != nil {
		return header{}, nil, err
	}
	var first error
	for i, comma := range order {
		try := &csvSource{text: t, comma: comma, o: o}
		h, ok, err := findHeader(ctx, try, o.Columns, o, o.File)
		if i == 0 && err == nil && !ok {
			return header{}, nil, fault.New(fault.Invalid, "sheet.empty", "file", o.File)
		}
		if i == 0 {
			first = err
		}
		if err == nil && ok && (s == nil || h.better(best)) {
			best, s = h, try
		}
		if ctx.Err() != nil {
			return header{}, nil, ctx.Err()
		}
	}
	if first != nil && !best.complete {
		return header{}, nil, first
	}
	return best, s, nil
}

// separatorsByUse orders the separators by how often they stand in the beginning of the text.
func separatorsByUse(t *text) ([]rune, error) {
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(t.reader(), sample)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	count := func(r rune) int { return bytes.Count(sample[:n], []byte(string(r))) }
	order := slices.Clone(separators)
	slices.SortStableFunc(order, func(a, b rune) int { return count(b) - count(a) })
	return order, nil
}

func (h header) better(than header) bool {
	if h.complete != than.complete {
		return h.complete
	}
	return len(h.places) > len(than.places)
}

func (s *csvSource) merges() []area { return nil }

// each reads the records. Lines are counted as an editor shows them; a record has the number of the line it starts on.
func (s *csvSource) each(ctx context.Context, visit func(rawRow) error) error {
	in := &metered{in: s.text.reader()}
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = s.comma, -1, true
	last := 0
	s.cut = 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		in.used = 0
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && s.o.DropCutEnd && errors.Is(err, csv.ErrQuote) {
			var p *csv.ParseError
			if _, after := r.Read(); errors.Is(after, io.EOF) && errors.As(err, &p) {
				s.cut = p.StartLine
				return nil
			}
		}
		if err != nil {
			return s.fault(err, last+1)
		}
		last, _ = r.FieldPos(0)
		if err := visit(s.row(last, record)); err != nil {
			return err
		}
	}
}

// row copies a record's fields up to the last that is not blank.
func (s *csvSource) row(line int, record []string) rawRow {
	raw := rawRow{number: line}
	for i, f := range record {
		if strings.TrimSpace(f) != "" {
			raw.width = i + 1
		}
	}
	if raw.width == 0 {
		return raw
	}
	raw.cells = make([]Cell, min(raw.width, s.o.MaxColumns))
	for i := range raw.cells {
		f := record[i]
		raw.cells[i] = Cell{Text: f, Ref: ref(i, line), Formula: strings.HasPrefix(f, "="), Error: isErrorValue(f)}
	}
	return raw
}

func (s *csvSource) fault(err error, after int) error {
	var p *csv.ParseError
	switch {
	case errors.Is(err, errTooMuch):
		return fault.New(fault.Invalid, "sheet.record_too_long", "file", s.o.File, "line", after, "limit_mb", mb(maxRecord))
	case !errors.As(err, &p):
		return err
	case errors.Is(err, csv.ErrBareQuote):
		return fault.Because(err, fault.Invalid, "sheet.quote_inside", "file", s.o.File, "line", p.Line, "position", p.Column)
	default: // csv.ErrQuote: text after a closing quote, or the end of the file inside quotes
		return fault.Because(err, fault.Invalid, "sheet.quote_open", "file", s.o.File, "line", p.StartLine, "until", p.Line)
	}
}

var errTooMuch = errors.New("more than one record may hold")

// metered ends the reading when more than maxRecord bytes were read since used was set to 0.
type metered struct {
	in   io.Reader
	used int
}

func (m *metered) Read(p []byte) (int, error) {
	if m.used > maxRecord {
		return 0, errTooMuch
	}
	n, err := m.in.Read(p)
	m.used += n
	return n, err
}
