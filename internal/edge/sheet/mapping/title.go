package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
)

var tableUnit = regexp.MustCompile(`单位\s*[:\x{FF1A}]\s*([^\s,;)\x{FF09}\x{FF0C}\x{FF1B}]+)`)

// layout joins the rows first…last (indices of the sample) to a header.
func (p *sample) layout(first, last int) Layout {
	l := Layout{Sheet: p.sheet, First: p.rows[first].Number, Last: p.rows[last].Number}
	for _, m := range p.merges { // lines of the header may be blank but for merged cells that reach into them
		if m.FirstRow >= l.First && m.FirstRow <= p.rows[last].Number {
			l.Last = max(l.Last, m.LastRow)
		}
	}
	titles := last
	if first < last && p.unitRow(last) {
		l.Units, titles = p.rows[last].Number, last-1
	}
	rows := p.rows[last+1 : min(len(p.rows), last+1+below)]
	bands := p.bands(first, titles)
	for col := range p.headerWidth(first, last) {
		c := Column{Index: col}
		p.title(&c, bands, first, titles)
		if l.Units > 0 && col < len(p.rows[last].Cells) {
			if _, ok := value.UnitSymbol(p.rows[last].Cells[col].Text); ok {
				c.Unit = strings.Trim(strings.TrimSpace(p.rows[last].Cells[col].Text), "()\uFF08\uFF09")
			}
		}
		if c.Title == "" {
			continue
		}
		c.look(rows)
		l.Column = append(l.Column, c)
	}
	for i := range first {
		for _, col := range p.filled(i) {
			s := strings.TrimSpace(p.rows[i].Cells[col].Text)
			if m := tableUnit.FindStringSubmatch(s); m != nil {
				l.Unit = m[1]
			}
			const kept = 10
			if len(l.Title) < kept {
				l.Title = append(l.Title, shorten(s))
			}
		}
	}
	l.Print = fingerprint(p.rows[first : last+1])
	return l
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= titleLength {
		return s
	}
	return string([]rune(s)[:titleLength-1]) + "…"
}

func (p *sample) headerWidth(first, last int) int {
	w := 0
	for _, r := range p.rows[first : last+1] {
		w = max(w, len(r.Cells))
	}
	for _, m := range p.merges {
		if m.FirstRow >= p.rows[first].Number && m.FirstRow <= p.rows[last].Number && m.FirstCol < w {
			w = max(w, min(m.LastCol+1, sheet.DefaultMaxColumns))
		}
	}
	return w
}

// bands gives for each row of titles the text that stands over each column although it is written in one to the left: merged
// cells, and, where nothing is merged or the row is mostly open, an open cell to the right of a title that has titles below.
func (p *sample) bands(first, last int) []map[int]string {
	out := make([]map[int]string, last-first+1)
	width := p.headerWidth(first, last)
	for i := range out {
		out[i] = map[int]string{}
		row := p.rows[first+i]
		for _, m := range p.merges {
			if m.FirstRow == row.Number && m.LastCol > m.FirstCol && m.FirstCol < len(row.Cells) {
				if s := clean(row.Cells[m.FirstCol].Text); s != "" {
					for c := m.FirstCol; c <= min(m.LastCol, width-1); c++ {
						out[i][c] = s
					}
				}
			}
		}
		if first+i == last || p.known && len(p.merges) > 0 && len(p.filled(first+i))*2 >= width {
			continue
		}
		p.spread(out[i], first+i, last, width)
	}
	return out
}

// spread carries the titles of a row to the right over open cells, as far as both have something below.
func (p *sample) spread(bands map[int]string, i, last, width int) {
	current, from := "", -1
	for col := range width {
		if s := p.textAt(i, col); s != "" {
			current, from = s, col
			if b, ok := bands[col]; ok {
				current = b
			}
			continue
		}
		if bands[col] != "" {
			current, from = bands[col], -1
			continue
		}
		if current == "" || !p.titleBelow(i, last, col) || from >= 0 && !p.titleBelow(i, last, from) {
			current = ""
			continue
		}
		bands[col] = current
		if from >= 0 {
			bands[from] = current
		}
	}
}

func (p *sample) textAt(i, col int) string {
	if col >= len(p.rows[i].Cells) {
		return ""
	}
	return clean(p.rows[i].Cells[col].Text)
}

func (p *sample) titleBelow(i, last, col int) bool {
	for j := i + 1; j <= last; j++ {
		if p.textAt(j, col) != "" {
			return true
		}
	}
	return false
}

// title joins what stands over a column: bands with "/", lines of one title with a blank between words.
func (p *sample) title(c *Column, bands []map[int]string, first, last int) {
	var over []string
	for i := first; i <= last; i++ {
		if band := bands[i-first][c.Index]; band != "" {
			if len(over) == 0 || over[len(over)-1] != band {
				over = append(over, band)
			}
			continue
		}
		if s := p.textAt(i, c.Index); s != "" {
			c.Leaf = glue(c.Leaf, s)
		}
	}
	if c.Leaf == "" && len(over) > 0 {
		c.Leaf, over = over[len(over)-1], over[:len(over)-1]
	}
	c.Title = strings.Join(append(over, c.Leaf), "/")
	for _, s := range slices.Backward(append(over, c.Leaf)) {
		_, inside := sheet.CutBracket(s)
		if _, ok := value.UnitSymbol(inside); ok && c.Unit == "" {
			c.Unit = inside
		}
	}
}

// glue puts two lines of one title together; Chinese needs no blank between them.
func glue(a, b string) string {
	if a == "" {
		return b
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if unicode.Is(unicode.Han, last) || unicode.Is(unicode.Han, first) || first == '(' || first == '\uFF08' {
		return a + b
	}
	return a + " " + b
}

// clean writes a title on one line.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// look says what the cells of a column look like.
func (c *Column) look(rows []line) {
	kind := majority(rows, c.Index)
	c.Kind = map[class]value.Kind{blank: "", text: value.Text, number: value.Quantity, date: value.Date}[kind]
	const samples = 5
	filled := 0
	for _, r := range rows {
		if c.Index >= len(r.Cells) {
			continue
		}
		k := r.class[c.Index]
		if k == blank {
			continue
		}
		s := clean(r.Cells[c.Index].Text)
		filled++
		if len(c.Samples) < samples && !slices.Contains(c.Samples, shorten(s)) {
			c.Samples = append(c.Samples, shorten(s))
		}
		odd := kind != text && k == text || kind == date && strings.HasPrefix(s, "1900-01") || kind == date && s == "1-1-1900"
		if odd && len(c.Odd) < samples && !slices.Contains(c.Odd, shorten(s)) {
			c.Odd = append(c.Odd, shorten(s))
		}
	}
	if len(rows) > 0 {
		c.Filled = float64(filled) / float64(len(rows))
	}
	c.calendar(rows)
}

// republicRows is how many days of the Republic's calendar a column must show: fewer sevens of digits may be numbers.
const republicRows = 5

// calendar says how a column writes its days, where its title and cells leave no doubt.
func (c *Column) calendar(rows []line) {
	see := func(o value.Order, ok bool) {
		c.orders[0] = c.orders[0] || ok && o == value.DMY
		c.orders[1] = c.orders[1] || ok && o == value.MDY
	}
	see(value.OrderIn(c.Title))
	republic, other := 0, 0
	for _, r := range rows {
		if c.Index >= len(r.Cells) || r.class[c.Index] == blank {
			continue
		}
		see(value.OrderOf(r.Cells[c.Index].Text))
		if value.RepublicDay(r.Cells[c.Index].Text) {
			republic++
		} else {
			other++
		}
	}
	c.Order = orderOf(c.orders)
	c.ROC = republic >= republicRows && other == 0
}

// orderOf is the one order that was seen; empty for none and for both.
func orderOf(seen [2]bool) value.Order {
	switch seen {
	case [2]bool{true, false}:
		return value.DMY
	case [2]bool{false, true}:
		return value.MDY
	}
	return ""
}

// masked writes a title in the form in which those of two months are equal: normalised, digits as one #.
func masked(title string) string {
	var b strings.Builder
	digit := false
	for _, r := range sheet.Normalize(title) {
		if r >= '0' && r <= '9' {
			if !digit {
				b.WriteByte('#')
			}
			digit = true
			continue
		}
		digit = false
		b.WriteRune(r)
	}
	return b.String()
}

// fingerprint of the rows of a header: their titles and columns, whatever the month.
func fingerprint(rows []line) string {
	h := sha256.New()
	for i, r := range rows {
		for c, cell := range r.Cells {
			if m := masked(cell.Text); m != "" {
				fmt.Fprintf(h, "%d.%d=%s\n", i, c, m)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
