package mapping

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	sampleRows  = 300  // rows of a sheet that are looked at
	sampleDepth = 3000 // no row below this one is looked at
	headerRows  = 8    // lines that a header may take
	titleLength = 120  // characters beyond which a text is a note, not a title
)

// sample is the beginning of a sheet.
type sample struct {
	sheet  string
	rows   []line // not blank
	widest int    // how many cells the fullest row has
	merges []sheet.Range
	known  bool // merges are known: not so for CSV
	names  map[string]bool
}

// line is a row with what its cells look like.
type line struct {
	sheet.Row
	class []class
}

// Detect finds the table of each visible sheet, the surest first. fields may be empty; their names make a header sure.
// Sheets without a table are left out. The error is that of reading the file.
func Detect(ctx context.Context, f *sheet.File, fields []Field) ([]Layout, error) {
	names := map[string]bool{}
	for _, field := range fields {
		for _, n := range field.Names {
			names[sheet.Normalize(n)] = true
		}
	}
	var out []Layout
	for _, s := range f.Sheets {
		if s.Hidden {
			continue
		}
		p, err := take(ctx, f, s.Name)
		if err != nil {
			return nil, fault.Wrap("mapping.Detect", err)
		}
		p.names = names
		if l, ok := p.best(); ok {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b Layout) int { return cmp.Compare(b.Score, a.Score) })
	return out, nil
}

// At is the layout of a sheet whose header the user has pointed out. Error kind Invalid, key "mapping.no_header".
func At(ctx context.Context, f *sheet.File, name string, first, last int) (Layout, error) {
	p, err := take(ctx, f, name)
	if err != nil {
		return Layout{}, fault.Wrap("mapping.At", err)
	}
	var header []line
	end := 0
	for i, r := range p.rows {
		if r.Number >= first && r.Number <= last {
			header, end = append(header, r), i
		}
	}
	if len(header) == 0 || len(header) > headerRows {
		return Layout{}, fault.New(fault.Invalid, "mapping.no_header", "sheet", name, "first", first, "last", last)
	}
	l := p.layout(end-len(header)+1, end)
	l.First, l.Last = first, last
	return l, nil
}

// take reads the beginning of a sheet, and its merged ranges, which may stand at its end.
func take(ctx context.Context, f *sheet.File, name string) (*sample, error) {
	p, err := begin(ctx, f, name)
	if err == nil {
		p.merges, err = f.Merges(ctx, name)
	}
	return p, err
}

// begin reads the beginning of a sheet.
func begin(ctx context.Context, f *sheet.File, name string) (*sample, error) {
	p := &sample{sheet: name, known: f.Kind != "csv"}
	for row, err := range f.Rows(ctx, name) {
		if err != nil {
			return nil, err
		}
		if len(p.rows) >= sampleRows || row.Number > sampleDepth {
			break
		}
		l, filled := line{Row: row, class: make([]class, len(row.Cells))}, 0
		for i, c := range row.Cells {
			if l.class[i] = classOf(c); l.class[i] != blank {
				filled++
			}
		}
		p.rows, p.widest = append(p.rows, l), max(p.widest, filled)
	}
	return p, nil
}

// best tries every row as the header's last one.
func (p *sample) best() (Layout, bool) {
	var best Layout
	found := false
	for last := range p.rows {
		if !p.canEnd(last) {
			continue
		}
		l := p.layout(p.start(last), last)
		if len(l.Column) < 2 && p.widest > 1 || len(l.Column) == 0 {
			continue
		}
		if l.Score = p.score(l, last); !found || l.Score > best.Score+1e-9 {
			best, found = l, true
		}
	}
	return best, found
}

// canEnd says that a header may end with a row: it holds titles, and no merged range goes on below.
func (p *sample) canEnd(i int) bool {
	row := p.rows[i]
	if p.isTitle(i) && p.widest > 1 {
		return false
	}
	for _, m := range p.merges {
		if m.FirstRow <= row.Number && m.LastRow > row.Number && i+1 < len(p.rows) && p.rows[i+1].Number <= m.LastRow {
			return false
		}
	}
	return p.headerLike(i)
}

// headerLike says that a row may be of a header: words, short ones, and no values but years and months.
func (p *sample) headerLike(i int) bool {
	words, values := 0, 0
	for j, c := range p.rows[i].Cells {
		switch s := strings.TrimSpace(c.Text); {
		case s == "":
		case utf8.RuneCountInString(s) > titleLength, tableUnit.MatchString(s):
			return false
		case mayTitle(s, p.rows[i].class[j]):
			words++
		default:
			values++
		}
	}
	return words > values
}

// start goes up from a header's last row to its first: over rows that follow each other and of which one fills what the other
// leaves open, as bands and stacked words do. A line above that is one title over everything is not of the header.
func (p *sample) start(last int) int {
	first := last
	for first > 0 && last-first+1 < headerRows {
		above := first - 1
		if p.rows[above].Number != p.rows[first].Number-1 || !p.headerLike(above) || p.isTitle(above) || !p.complements(above, first) {
			break
		}
		first = above
	}
	return first
}

// isTitle says that a row holds one text for the whole table.
func (p *sample) isTitle(i int) bool {
	filled := p.filled(i)
	if len(filled) != 1 {
		return len(filled) == 0
	}
	m, merged := p.mergeAt(filled[0], p.rows[i].Number)
	return filled[0] == 0 && (!merged || m.LastCol-m.FirstCol+1 > p.widest/2) || merged && m.LastCol-m.FirstCol+1 > p.widest*3/4
}

// complements says that two rows of titles belong together.
func (p *sample) complements(above, below int) bool {
	for _, m := range p.merges {
		if m.FirstRow <= p.rows[above].Number && m.LastRow >= p.rows[below].Number {
			return true
		}
	}
	for _, c := range p.filled(above) {
		if _, merged := p.mergeAt(c, p.rows[above].Number); merged {
			return true
		}
	}
	a, b := p.filled(above), p.filled(below)
	only := 0
	for _, c := range b {
		if !slices.Contains(a, c) {
			only++
		}
	}
	for _, c := range a {
		if !slices.Contains(b, c) {
			only++
		}
	}
	return only*4 >= len(a)+len(b) || p.unitRow(below)
}

func (p *sample) filled(i int) []int {
	var out []int
	for c, k := range p.rows[i].class {
		if k != blank {
			out = append(out, c)
		}
	}
	return out
}

func (p *sample) mergeAt(col, row int) (sheet.Range, bool) {
	for _, m := range p.merges {
		if col >= m.FirstCol && col <= m.LastCol && row >= m.FirstRow && row <= m.LastRow {
			return m, true
		}
	}
	return sheet.Range{}, false
}

// unitRow says that a row holds units and nothing else.
func (p *sample) unitRow(i int) bool {
	units, other := 0, 0
	for _, c := range p.filled(i) {
		if _, ok := value.UnitSymbol(p.rows[i].Cells[c].Text); ok {
			units++
		} else if s := strings.TrimSpace(p.rows[i].Cells[c].Text); s != "-" && s != "/" && s != "—" {
			other++
		}
	}
	return units >= 2 && units > 3*other
}
