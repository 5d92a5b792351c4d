package annotate

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// window keeps the bytes of a part from a place on, so that a tag just read can be looked at as it is written.
type window struct {
	buf  []byte
	from int64
}

func (w *window) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	return len(p), nil
}

func (w *window) bytes(from, to int64) []byte { return w.buf[from-w.from : to-w.from] }

func (w *window) forget(before int64) {
	const enough = 64 << 10
	if before-w.from > enough {
		w.buf = append(w.buf[:0], w.buf[before-w.from:]...)
		w.from = before
	}
}

// painter walks through a worksheet's rows and cells beside the marks and collects the edits that colour them.
type painter struct {
	b      *book
	l      *layout
	part   *opc.Part
	window *window
	sheet  string
	marks  []mark         // still to come
	keeps  map[place]keep // of an earlier annotation
	edits  []edit

	row      int
	col      int // of the last cell in the row
	rowStyle int // of the row's cells that do not exist; -1: the column's
}

// colour gives the edits that colour the marked cells. Cells and rows that do not exist are made, in the style that the
// program showed there.
func (b *book) colour(ctx context.Context, s sheetMarks, l *layout) ([]edit, error) {
	w := &window{}
	part, ok, err := b.OpenTee(s.sheet.part, w)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, b.Damaged(s.sheet.part, errMissing)
	}
	defer part.Close()
	p := &painter{b: b, l: l, part: part, window: w, sheet: s.sheet.name, marks: s.marks, keeps: b.keepsOf(s.sheet.name)}
	for depth := 0; ; {
		from := part.Offset()
		w.forget(from)
		tok, err := part.NextRaw()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			err = p.begin(ctx, e, depth, from)
			depth++
		case xml.EndElement:
			depth--
			p.end(e, depth, from)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(p.marks) > 0 { // no sheetData at all
		return nil, b.Damaged(s.sheet.part, errors.New("no cells"))
	}
	return p.edits, nil
}

const lastColumn = 1 << 14

const ( // depth of elements
	dataDepth = 1
	rowDepth  = 2
	cellDepth = 3
)

func (p *painter) begin(ctx context.Context, e xml.StartElement, depth int, from int64) error {
	switch {
	case depth == dataDepth && e.Name.Local == "sheetData":
		tag := p.tag(from)
		if bytes.HasSuffix(tag, []byte("/>")) {
			name := qualified(e.Name.Space, "sheetData")
			p.add(edit{from: from, to: p.part.Offset(), head: opened(tag)})
			p.newRows(func(int) bool { return true }, p.part.Offset())
			p.add(edit{from: p.part.Offset(), to: p.part.Offset(), head: "</" + name + ">"})
		}
	case depth == rowDepth && e.Name.Local == "row":
		return p.beginRow(ctx, e, from)
	case depth == cellDepth && e.Name.Local == "c" && p.row > 0:
		return p.cell(e, from)
	}
	return nil
}

func (p *painter) end(e xml.EndElement, depth int, from int64) {
	switch {
	case depth == dataDepth && e.Name.Local == "sheetData":
		p.newRows(func(int) bool { return true }, from)
	case depth == rowDepth && e.Name.Local == "row":
		p.newCells(lastColumn, from)
	}
}

// tag is the tag that has just been read, as written.
func (p *painter) tag(from int64) []byte { return bytes.Clone(p.window.bytes(from, p.part.Offset())) }

func (p *painter) add(e edit) { p.edits = append(p.edits, e) }

func (p *painter) beginRow(ctx context.Context, e xml.StartElement, from int64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	number := p.row + 1
	if r := opc.Attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= p.row {
			return p.b.Damaged(p.part.Name, fmt.Errorf("row %q after row %d", r, p.row))
		}
		number = n
	}
	p.newRows(func(row int) bool { return row < number }, from)
	p.row, p.col, p.rowStyle = number, -1, -1
	if style, err := strconv.Atoi(opc.Attr(e, "s")); err == nil && (opc.Attr(e, "customFormat") == "1" || opc.Attr(e, "customFormat") == "true") {
		p.rowStyle = style
	}
	if len(p.marks) == 0 || p.marks[0].row != number {
		return nil
	}
	tag := p.tag(from)
	wider := p.widen(tag, opc.Attr(e, "spans"))
	if bytes.HasSuffix(tag, []byte("/>")) {
		p.add(edit{from: from, to: p.part.Offset(), head: opened(wider)})
		p.newCells(lastColumn, p.part.Offset())
		p.add(edit{from: p.part.Offset(), to: p.part.Offset(), head: "</" + qualified(e.Name.Space, "row") + ">"})
	} else if !bytes.Equal(tag, wider) {
		p.add(edit{from: from, to: p.part.Offset(), head: string(wider)})
	}
	return nil
}

// widen makes a row's hint on its first and last column (from 1) include the row's marks.
func (p *painter) widen(tag []byte, spans string) []byte {
	first, last, found := strings.Cut(spans, ":")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if !found || errors.Join(err1, err2) != nil {
		return tag
	}
	wideFrom, wideTo := from, to
	for _, m := range p.marks {
		if m.row != p.row {
			break
		}
		wideFrom, wideTo = min(wideFrom, m.col+1), max(wideTo, m.col+1)
	}
	if wideFrom == from && wideTo == to {
		return tag
	}
	return setAttr(tag, "spans", fmt.Sprintf("%d:%d", wideFrom, wideTo))
}

// cell colours a cell that exists, after the marks before it.
func (p *painter) cell(e xml.StartElement, from int64) error {
	col := p.col + 1
	if r := opc.Attr(e, "r"); r != "" {
		at, ok := parsePlace(r)
		if !ok || at.row != p.row || at.col <= p.col {
			return p.b.Damaged(p.part.Name, fmt.Errorf("cell %q in row %d", r, p.row))
		}
		col = at.col
	}
	p.newCells(col, from)
	p.col = col
	current, err := strconv.Atoi(opc.Attr(e, "s"))
	if err != nil {
		current = 0
	}
	if len(p.marks) > 0 && p.marks[0].place == (place{col, p.row}) {
		p.paint(p.marks[0], current, from)
		p.marks = p.marks[1:]
		return nil
	}
	k, was := p.keeps[place{col, p.row}]
	if !was {
		return nil
	}
	if _, ours := p.b.styles.colourOf(current); ours {
		p.restyle(p.b.styles.without(current, k.style), from)
	}
	p.b.result.Cleared++
	return nil
}

// paint colours a cell that exists. One that has our colour from an earlier annotation keeps the style that it had before that.
func (p *painter) paint(m mark, current int, from int64) {
	styles := p.b.styles
	before := exactly(styles.sound(current))
	k, was := p.keeps[m.place]
	colour, ours := styles.colourOf(current)
	if ours = ours && was; ours {
		before = styles.without(current, k.style)
	}
	if before == nil {
		before = exactly(k.style)
	}
	p.marked(m, before)
	if !ours || colour != m.severity {
		p.restyle(styles.want(current, m.severity), from)
	}
}

// restyle gives the cell whose tag was just read another style; nil leaves it.
func (p *painter) restyle(w *wish, from int64) {
	if w == nil {
		return
	}
	tag := setAttr(p.tag(from), "s", "0")
	first, last, _ := attrSpan(tag, "s")
	p.add(edit{from: from, to: p.part.Offset(), head: string(tag[:first]), style: w, tail: string(tag[last:])})
}

// newCells makes the marked cells of the current row that stand before a column and do not exist.
func (p *painter) newCells(before int, at int64) {
	for len(p.marks) > 0 && p.marks[0].row == p.row && p.marks[0].col < before {
		p.newCell(p.marks[0], p.rowStyle, at)
		p.marks = p.marks[1:]
	}
}

func (p *painter) newCell(m mark, style int, at int64) {
	if style < 0 {
		style = p.l.columnStyle(m.col)
	}
	tag := qualified(p.l.prefix, "c")
	if w := p.b.styles.want(style, m.severity); w != nil {
		p.marked(m, exactly(p.b.styles.sound(style)))
		p.add(edit{from: at, to: at, head: fmt.Sprintf(`<%s r="%s" s="`, tag, m.place), style: w, tail: `"/>`})
	}
}

// newRows makes the rows of marks that do not exist, as long as they are wanted.
func (p *painter) newRows(wanted func(row int) bool, at int64) {
	tag := qualified(p.l.prefix, "row")
	for len(p.marks) > 0 && wanted(p.marks[0].row) {
		row := p.marks[0].row
		p.add(edit{from: at, to: at, head: fmt.Sprintf(`<%s r="%d">`, tag, row)})
		for len(p.marks) > 0 && p.marks[0].row == row {
			p.newCell(p.marks[0], -1, at)
			p.marks = p.marks[1:]
		}
		p.add(edit{from: at, to: at, head: "</" + tag + ">"})
	}
}
