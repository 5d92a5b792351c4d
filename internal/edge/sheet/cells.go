package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	sheetRows    = 1 << 20 // rows and columns that a sheet can have: ECMA-376-1, 18.3.1.73 and Excel's specification
	sheetColumns = 1 << 14
	maxMerges    = 10_000 // merged ranges that are kept
	maxArrays    = 1_000  // array formulas whose range is open at one row
)

// sheetSource is one sheet of a workbook.
type sheetSource struct {
	w      *workbook
	entry  sheetEntry
	merged []area
}

func (s *sheetSource) merges() []area { return s.merged }

// area is a range of cells; columns from 0, rows from 1.
type area struct{ firstCol, firstRow, lastCol, lastRow int }

func (a area) String() string { return ref(a.firstCol, a.firstRow) + ":" + ref(a.lastCol, a.lastRow) }

// sheetReader is the state of one walk through a sheet.
type sheetReader struct {
	*opc.Part
	s      *sheetSource
	row    int
	arrays []area // ranges of array formulas: their cells hold results without a formula of their own
}

// each reads the sheet's rows, and at its end the merged ranges.
func (s *sheetSource) each(ctx context.Context, visit func(rawRow) error) error {
	p, ok, err := s.w.Open(s.entry.part)
	if err != nil {
		return err
	}
	if !ok {
		return s.w.Damaged(s.entry.part, errors.New("missing"))
	}
	defer p.Close()
	r, merged := &sheetReader{Part: p, s: s}, []area(nil)
	inData := false
	for {
		tok, err := p.Next()
		if errors.Is(err, io.EOF) {
			s.merged = merged
			return nil
		}
		if err != nil {
			return err
		}
		switch e := tok.(type) {
		case xml.EndElement:
			inData = inData && e.Name.Local != "sheetData"
		case xml.StartElement:
			switch {
			case e.Name.Local == "sheetData":
				inData = true
			case e.Name.Local == "mergeCell" && len(merged) < maxMerges:
				a, err := parseArea(opc.Attr(e, "ref"))
				if err != nil {
					return s.w.Damaged(s.entry.part, err)
				}
				merged = append(merged, a)
			case e.Name.Local == "row" && inData:
				if err := ctx.Err(); err != nil {
					return err
				}
				raw, err := r.readRow(e)
				if err != nil {
					return err
				}
				if err := visit(raw); err != nil {
					return err
				}
			}
		}
	}
}

// readRow reads a row element that has just begun, to its end.
func (r *sheetReader) readRow(e xml.StartElement) (rawRow, error) {
	if err := r.number(opc.Attr(e, "r")); err != nil {
		return rawRow{}, err
	}
	raw, col, text := rawRow{number: r.row}, -1, 0
	for depth := 1; ; {
		tok, err := r.Next()
		if err != nil {
			return raw, r.Cut(err)
		}
		switch e := tok.(type) {
		case xml.EndElement:
			if depth--; depth == 0 {
				return raw, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" || depth != 1 {
				depth++
				continue
			}
			if col, err = r.column(opc.Attr(e, "r"), col); err != nil {
				return raw, err
			}
			c, err := r.readCell(e, col)
			if err != nil {
				return raw, err
			}
			if text += len(c.Text); text > maxRecord {
				return raw, fault.New(fault.Invalid, "sheet.record_too_long", "file", label(r.s.w.File, r.s.entry.name),
					"line", r.row, "limit_mb", mb(maxRecord))
			}
			raw.put(col, c, r.s.w.o.MaxColumns)
		}
	}
}

// put places a cell that is not blank.
func (raw *rawRow) put(col int, c Cell, limit int) {
	if c.blank() {
		return
	}
	raw.width = col + 1
	if col >= limit {
		return
	}
	for i := len(raw.cells); i < col; i++ {
		raw.cells = append(raw.cells, Cell{Ref: ref(i, raw.number)})
	}
	raw.cells = append(raw.cells, c)
}

// number checks a row's number, which may be left out, and makes it the current one.
func (r *sheetReader) number(stated string) error {
	n := r.row + 1
	if stated != "" {
		var err error
		if n, err = strconv.Atoi(stated); err != nil || n <= r.row {
			return r.s.w.Damaged(r.Name, fmt.Errorf("row %q after row %d", clip(stated), r.row))
		}
	}
	if n > sheetRows {
		return fault.New(fault.Invalid, "sheet.row_beyond_sheet", "file", label(r.s.w.File, r.s.entry.name), "row", n, "limit", sheetRows)
	}
	r.row = n
	r.arrays = slices.DeleteFunc(r.arrays, func(a area) bool { return a.lastRow < n })
	return nil
}

// column checks a cell's place, which may be left out, and gives its column.
func (r *sheetReader) column(stated string, previous int) (int, error) {
	if stated == "" && previous+1 < sheetColumns {
		return previous + 1, nil
	}
	col, row, err := parseRef(stated)
	if err != nil || row != r.row || col <= previous {
		return 0, r.s.w.Damaged(r.Name, fmt.Errorf("cell %q in row %d", clip(stated), r.row))
	}
	return col, nil
}

// readCell reads a cell element that has just begun, to its end.
func (r *sheetReader) readCell(e xml.StartElement, col int) (Cell, error) {
	c := Cell{Ref: ref(col, r.row), Formula: r.inArray(col)}
	var value, inline, formula []byte
	inValue, inFormula := false, false
	for depth := 1; ; {
		tok, err := r.Next()
		if err != nil {
			return c, r.Cut(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			inValue = depth == 1 && t.Name.Local == "v"
			inFormula = depth == 1 && t.Name.Local == "f"
			if inFormula {
				c.Formula = true
				if err := r.openArray(t); err != nil {
					return c, err
				}
			}
			if depth == 1 && t.Name.Local == "is" {
				s, err := richText(r.Part)
				if err != nil {
					return c, err
				}
				inline = []byte(s)
				continue
			}
			depth++
		case xml.EndElement:
			inValue, inFormula = false, false
			if depth--; depth == 0 {
				err := r.fill(&c, e, string(value), string(inline))
				if c.Formula && c.Text == "" { // never computed
					c.Text = "=" + string(formula)
				}
				return c, err
			}
		case xml.CharData:
			if inValue {
				value = append(value, t...)
			}
			if inFormula {
				formula = append(formula, t...)
			}
		}
		if len(value)+len(formula) > maxRecord {
			return c, r.TooLong()
		}
	}
}

// openArray remembers the range of an array formula or data table.
func (r *sheetReader) openArray(f xml.StartElement) error {
	if t := opc.Attr(f, "t"); t != "array" && t != "dataTable" {
		return nil
	}
	a, err := parseArea(opc.Attr(f, "ref"))
	if err != nil {
		return r.s.w.Damaged(r.Name, err)
	}
	if len(r.arrays) >= maxArrays {
		return r.s.w.Damaged(r.Name, errors.New("too many array formulas"))
	}
	r.arrays = append(r.arrays, a)
	return nil
}

func (r *sheetReader) inArray(col int) bool {
	return slices.ContainsFunc(r.arrays, func(a area) bool {
		return col >= a.firstCol && col <= a.lastCol && r.row >= a.firstRow && r.row <= a.lastRow
	})
}

// fill turns the stored value into text by the cell's type (ECMA-376-1, 18.18.11, ST_CellType).
func (r *sheetReader) fill(c *Cell, e xml.StartElement, value, inline string) error {
	switch opc.Attr(e, "t") {
	case "s":
		if value == "" {
			return nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(value))
		s, ok := r.s.w.shared.at(i)
		if err != nil || !ok {
			return r.s.w.Damaged(r.Name, fmt.Errorf("cell %s: no shared text %q", c.Ref, clip(value)))
		}
		c.Text = s
	case "inlineStr":
		c.Text = inline
	case "str":
		c.Text = unescape(value)
	case "b":
		c.Text = map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(strings.TrimSpace(value))]
	case "e":
		c.Text, c.Error = value, true
	case "d":
		c.Text = strings.TrimSuffix(strings.TrimSuffix(value, "Z"), "T00:00:00")
	default:
		c.Text = r.s.w.numberText(strings.TrimSpace(value), opc.Attr(e, "s"))
	}
	return nil
}

func (w *workbook) numberText(value, style string) string {
	i, err := strconv.Atoi(style)
	if style == "" || err != nil || i < 0 || i >= len(w.formats) {
		return plainNumber(value)
	}
	return w.formats[i].text(value, w.date1904)
}

// parseRef reads "B17" as column 1 (from 0) and row 17.
func parseRef(s string) (col, row int, err error) {
	i := 0
	for ; i < len(s) && i < 4; i++ {
		letter := s[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		col = col*26 + int(letter-'A') + 1
	}
	row, err = strconv.Atoi(s[i:])
	if err != nil || i == 0 || col > sheetColumns || row < 1 || row > sheetRows || s[i] == '+' {
		return 0, 0, fmt.Errorf("no cell %q", clip(s))
	}
	return col - 1, row, nil
}

// parseArea reads "B17:C20", or one cell.
func parseArea(s string) (area, error) {
	first, last, found := strings.Cut(strings.ReplaceAll(s, "$", ""), ":")
	if !found {
		last = first
	}
	var a area
	var err, err2 error
	a.firstCol, a.firstRow, err = parseRef(first)
	a.lastCol, a.lastRow, err2 = parseRef(last)
	if err = errors.Join(err, err2); err == nil && (a.lastCol < a.firstCol || a.lastRow < a.firstRow) {
		err = fmt.Errorf("no range %q", clip(s))
	}
	return a, err
}
