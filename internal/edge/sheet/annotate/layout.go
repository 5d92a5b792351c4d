package annotate

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

var errMissing = errors.New("missing")

// layout is what of a worksheet decides where a mark goes, found in a first walk.
type layout struct {
	part    string
	prefix  string // of the worksheet's elements
	merges  []area
	columns []columnStyle
	legacy  string // relationship of the drawing that holds the shapes of notes; empty: none
	insert  int64  // where the reference to such a drawing goes
}

type area struct{ first, last place }

type columnStyle struct{ first, last, style int }

// afterDrawing are the elements of a worksheet that come after legacyDrawing (ECMA-376-1, annex A, CT_Worksheet).
var afterDrawing = []string{"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}

// readLayout walks through a worksheet without looking at its cells.
func (b *book) readLayout(ctx context.Context, name string) (*layout, error) {
	p, ok, err := b.Open(name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, b.Damaged(name, errMissing)
	}
	defer p.Close()
	l := &layout{part: name, insert: -1}
	depth, choice := 0, int64(-1)
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		from := p.Offset()
		tok, err := p.NextRaw()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local == "AlternateContent" && depth == 1 {
				choice = from
			}
			if depth == 0 {
				l.prefix = e.Name.Space
			}
			if err := b.layOut(l, e, depth, from, choice); err != nil {
				return nil, err
			}
			depth++
		case xml.EndElement:
			if depth--; depth == 0 && l.insert < 0 {
				l.insert = from
			}
			if depth == 1 {
				choice = -1
			}
		}
	}
	if depth != 0 || l.insert < 0 {
		return nil, b.Damaged(name, io.ErrUnexpectedEOF)
	}
	return l, nil
}

// layOut takes in one element. choice is where a wrapper of alternatives around it began, or -1: controls stand in such.
func (b *book) layOut(l *layout, e xml.StartElement, depth int, from, choice int64) error {
	const maxMerges = 100_000
	top := depth == 1 || choice >= 0
	switch name := e.Name.Local; {
	case name == "mergeCell" && len(l.merges) < maxMerges:
		a, ok := parseArea(opc.Attr(e, "ref"))
		if !ok {
			return b.Damaged(l.part, errors.New("merged range"))
		}
		l.merges = append(l.merges, a)
	case name == "col" && depth == 2:
		first, err1 := strconv.Atoi(opc.Attr(e, "min"))
		last, err2 := strconv.Atoi(opc.Attr(e, "max"))
		if style, err := strconv.Atoi(opc.Attr(e, "style")); errors.Join(err, err1, err2) == nil {
			l.columns = append(l.columns, columnStyle{first - 1, last - 1, style})
		}
	case name == "legacyDrawing" && depth == 1:
		l.legacy = idOf(e)
	case top && l.insert < 0 && slices.Contains(afterDrawing, name):
		l.insert = from
		if choice >= 0 {
			l.insert = choice
		}
	}
	return nil
}

func parseArea(s string) (area, bool) {
	first, last, found := strings.Cut(s, ":")
	if !found {
		last = first
	}
	var a area
	var ok1, ok2 bool
	a.first, ok1 = parsePlace(first)
	a.last, ok2 = parsePlace(last)
	return a, ok1 && ok2 && a.first.col <= a.last.col && a.first.row <= a.last.row
}

// shown is the cell that shows what stands in p: the first one of a merged range.
func (l *layout) shown(p place) place {
	for _, a := range l.merges {
		if p.col >= a.first.col && p.col <= a.last.col && p.row >= a.first.row && p.row <= a.last.row {
			return a.first
		}
	}
	return p
}

// columnStyle is the style of cells that do not exist in a column.
func (l *layout) columnStyle(col int) int {
	for _, c := range l.columns {
		if col >= c.first && col <= c.last {
			return c.style
		}
	}
	return 0
}
