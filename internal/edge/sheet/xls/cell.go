package xls

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells. A cell of kind Text may be empty when a formula gave an empty text.
const (
	Number Kind = iota
	Text
	Truth
	Failure // an error value such as #REF!, as text
)

// Cell is a cell that holds something.
type Cell struct {
	Row, Col int // from 0
	Kind     Kind
	Number   float64 // of kind Number; 1 or 0 of kind Truth
	Text     string
	Format   Format
	Formula  bool
}

// Area is a merged range: rows and columns from 0, the last ones included.
type Area struct{ FirstRow, LastRow, FirstCol, LastCol int }

// Content is what a worksheet holds.
type Content struct {
	cells  []stored
	texts  []string // of cells that hold their own
	Merges []Area
	book   *Book
}

// stored is a cell in the least memory.
type stored struct {
	number  float64
	text    int32 // index of a shared text; -1: none; below: own text -2-i
	row     uint16
	col     uint16
	xf      uint16
	kind    Kind
	formula bool
}

// Len is how many cells there are; At gives one, by row and column.
func (c *Content) Len() int { return len(c.cells) }

// At gives cell i, 0 ≤ i < Len.
func (c *Content) At(i int) Cell {
	s := c.cells[i]
	out := Cell{Row: int(s.row), Col: int(s.col), Kind: s.kind, Number: s.number, Formula: s.formula}
	if s.kind == Number {
		out.Format = c.book.format(int(s.xf))
	}
	switch {
	case s.text >= 0:
		out.Text = c.book.shared[s.text]
	case s.text <= -2:
		out.Text = c.texts[-2-s.text]
	}
	return out
}

// Kinds of records that hold cells.
const (
	recFormula     = 0x0006
	recMulRK       = 0x00BD
	recRString     = 0x00D6
	recMergedCells = 0x00E5
	recLabelSST    = 0x00FD
	recNumber      = 0x0203
	recLabel       = 0x0204
	recBoolErr     = 0x0205
	recString      = 0x0207
	recRK          = 0x027E
)

// Read reads sheet i: its cells by row and column, and its merged ranges.
// Errors: kind Invalid, keys "sheet.damaged" and "sheet.too_much_text"; that of ctx.
func (b *Book) Read(ctx context.Context, i int) (*Content, error) {
	w := walk{data: b.data, at: b.Sheets[i].offset}
	first, ok := w.next()
	if !ok || first.kind != recBOF {
		return nil, b.damaged(fmt.Errorf("no sheet %q where it should be", b.Sheets[i].Name))
	}
	s := &sheetReader{Book: b, walk: &w, content: &Content{book: b}, pending: -1}
	for inside, n := 0, 0; ; n++ { // charts in a sheet are sheets in the sheet
		r, ok := w.next()
		if !ok {
			return nil, b.damaged(io.ErrUnexpectedEOF)
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch {
		case r.kind == recBOF:
			inside++
		case r.kind == recEOF && inside > 0:
			inside--
		case r.kind == recEOF:
			return s.finish()
		case inside == 0:
			if err := s.take(r); err != nil {
				return nil, err
			}
		}
	}
}

// sheetReader is the state of one walk through a sheet.
type sheetReader struct {
	*Book
	walk    *walk
	content *Content
	pending int   // index of the formula whose text is still to come; -1: none
	texts   int64 // bytes of own texts
}

// errorTexts are the error values. Source: [MS-XLS] 2.5.10 (BErr).
var errorTexts = map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}

// shortest is how many bytes a record of a cell has at least.
func shortest(kind int) int {
	switch kind {
	case recLabelSST, recRK:
		return 10
	case recNumber:
		return 14
	case recFormula:
		return 20
	case recBoolErr, recLabel, recRString:
		return 8
	case recMulRK:
		return 6
	}
	return 0
}

// take reads one record.
func (s *sheetReader) take(r record) error {
	c := stored{row: uint16(r.u16(0)), col: uint16(r.u16(2)), xf: uint16(r.u16(4)), text: -1}
	if len(r.data) < shortest(r.kind) {
		return s.damaged(fmt.Errorf("cell record %#x of %d bytes", r.kind, len(r.data)))
	}
	switch r.kind {
	case recLabelSST:
		index := r.u32(6)
		if int64(index) >= int64(len(s.shared)) {
			return s.damaged(fmt.Errorf("no shared text %d", index))
		}
		c.kind, c.text = Text, int32(index)
		return s.add(c)
	case recLabel, recRString:
		return s.addText(c, s.cellText(r, 6))
	case recRK:
		c.number = rk(r.u32(6))
		return s.add(c)
	case recMulRK:
		return s.addMany(r, c)
	case recNumber:
		c.number = math.Float64frombits(binary.LittleEndian.Uint64(r.data[6:]))
		return s.add(c)
	case recBoolErr:
		return s.addBoolErr(c, r.data[6], r.data[7] != 0)
	case recFormula:
		return s.addFormula(r, c)
	case recString:
		return s.result(r)
	case recMergedCells:
		s.merge(r)
	}
	return nil
}

func (s *sheetReader) add(c stored) error {
	if len(s.content.cells) >= maxCells {
		return fault.New(fault.Invalid, "sheet.too_many_cells", "file", s.file, "limit", maxCells)
	}
	s.pending = -1
	s.content.cells = append(s.content.cells, c)
	return nil
}

// addText adds a cell with a text of its own.
func (s *sheetReader) addText(c stored, text string) error {
	const overhead = 16 // bytes of a string's header
	c.kind = Text
	if text != "" {
		if s.texts += int64(len(text)) + overhead; s.texts > s.limits.Text {
			return fault.New(fault.Invalid, "sheet.too_much_text", "file", s.file, "limit_mb", s.limits.Text>>20)
		}
		c.text = int32(-2 - len(s.content.texts))
		s.content.texts = append(s.content.texts, text)
	}
	return s.add(c)
}

func (s *sheetReader) addBoolErr(c stored, value byte, isError bool) error {
	if !isError {
		c.kind, c.number = Truth, float64(min(value, 1))
		return s.add(c)
	}
	text, ok := errorTexts[value]
	if !ok {
		text = "#N/A"
	}
	if err := s.addText(c, text); err != nil {
		return err
	}
	s.content.cells[len(s.content.cells)-1].kind = Failure
	return nil
}

func (s *sheetReader) addMany(r record, c stored) error {
	const each = 6
	for at := 4; at+each <= len(r.data)-2; at += each {
		c.xf, c.number = uint16(r.u16(at)), rk(r.u32(at+2))
		if err := s.add(c); err != nil {
			return err
		}
		if c.col++; c.col == 0 {
			return s.damaged(errors.New("cells beyond the last column"))
		}
	}
	return nil
}

// rk is the short form of numbers: the upper 30 bits of a float or a whole number, either divided by 100 or not.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// addFormula adds a cell with the result that the program stored when it last computed. A text follows in a record of its own.
func (s *sheetReader) addFormula(r record, c stored) error {
	c.formula = true
	value := r.data[6:14]
	if value[6] != 0xFF || value[7] != 0xFF {
		c.number = math.Float64frombits(binary.LittleEndian.Uint64(value))
		return s.add(c)
	}
	switch value[0] {
	case 0: // text
		c.kind = Text
		err := s.add(c)
		s.pending = len(s.content.cells) - 1
		return err
	case 1:
		return s.addBoolErr(c, value[2], false)
	case 2:
		return s.addBoolErr(c, value[2], true)
	default: // empty text
		c.kind = Text
		return s.add(c)
	}
}

// result reads the text of the formula before it.
func (s *sheetReader) result(r record) error {
	if s.pending < 0 {
		return nil
	}
	at := s.pending
	c := s.content.cells[at]
	s.content.cells = s.content.cells[:at]
	var text string
	if s.biff5 {
		text = s.cellText(r, 0)
	} else {
		p := &pieces{parts: s.walk.continued(r)}
		n, err1 := p.number(2)
		flags, err2 := p.byte()
		chars, err3 := p.characters(nil, n, flags)
		if err := errors.Join(err1, err2, err3); err != nil {
			return s.damaged(err)
		}
		text = string(chars)
	}
	return s.addText(c, text)
}

// cellText reads a text with a length of two bytes inside a record.
func (s *sheetReader) cellText(r record, at int) string {
	if !s.biff5 {
		return wideText(r.data[min(at, len(r.data)):], 2)
	}
	n := min(r.u16(at), len(r.data)-at-2)
	if n <= 0 {
		return ""
	}
	return s.decode(r.data[at+2 : at+2+n])
}

func (s *sheetReader) merge(r record) {
	const each, maxMerges = 8, 10_000
	for i := range r.u16(0) {
		at := 2 + i*each
		if at+each > len(r.data) || len(s.content.Merges) >= maxMerges {
			return
		}
		a := Area{r.u16(at), r.u16(at + 2), r.u16(at + 4), r.u16(at + 6)}
		if a.FirstRow <= a.LastRow && a.FirstCol <= a.LastCol {
			s.content.Merges = append(s.content.Merges, a)
		}
	}
}

// finish sorts the cells, which stand in blocks, and refuses a cell that is there twice.
func (s *sheetReader) finish() (*Content, error) {
	byPlace := func(a, b stored) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) }
	cells := s.content.cells
	if !slices.IsSortedFunc(cells, byPlace) {
		slices.SortStableFunc(cells, byPlace)
	}
	for i := 1; i < len(cells); i++ {
		if byPlace(cells[i-1], cells[i]) == 0 {
			return nil, s.damaged(fmt.Errorf("cell in row %d, column %d twice", cells[i].row+1, cells[i].col+1))
		}
	}
	return s.content, nil
}
