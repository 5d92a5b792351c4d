package mapping

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
)

// below is how many rows under a header are compared with it.
const below = 40

// score says how well a layout explains the rows under it. Each part is a share from 0 to 1; the weights were set by hand on
// the forms in the tests: known names decide, then that the header itself holds words and no values, then width.
func (p *sample) score(l Layout, last int) float64 {
	rows := p.rows[last+1 : min(len(p.rows), last+1+below)]
	return 4*p.knownNames(l) + 2*p.words(l, last) + 1.5*p.share(l) + 1.5*contrast(l) + coverage(l, rows) + fit(l, rows) + distinct(l) +
		1.5*min(1, float64((len(p.rows)-last-1)*len(l.Column))/large)
}

// large is how many cells make a table surely the one that was sent, among smaller ones beside it.
const large = 5000

// knownNames is the share of columns that are called as a field is.
func (p *sample) knownNames(l Layout) float64 {
	if len(p.names) == 0 {
		return 0
	}
	hits := 0
	for _, c := range l.Column {
		if slices.ContainsFunc(variants(c), func(v string) bool { return p.names[v] }) {
			hits++
		}
	}
	return float64(hits) / float64(min(len(l.Column), len(p.names)))
}

// words is the share of the header's cells that are words or years, less where they are long.
func (p *sample) words(l Layout, last int) float64 {
	words, all, length := 0, 0, 0
	for _, r := range p.rows[:last+1] {
		if r.Number < l.First {
			continue
		}
		for i, c := range r.Cells {
			if r.class[i] != blank {
				all++
				length += utf8.RuneCountInString(c.Text)
				if mayTitle(strings.TrimSpace(c.Text), r.class[i]) {
					words++
				}
			}
		}
	}
	const usual = 30 // characters of a title
	return float64(words) / float64(max(1, all)) * min(1, usual*float64(all)/float64(max(1, length)))
}

// share is how much of the sheet's width has a title.
func (p *sample) share(l Layout) float64 {
	return min(1, float64(len(l.Column))/float64(max(1, p.widest)))
}

// contrast is the share of columns whose values are no words.
func contrast(l Layout) float64 {
	n := 0
	for _, c := range l.Column {
		if c.Kind != "" && c.Kind != "text" {
			n++
		}
	}
	return float64(n) / float64(len(l.Column))
}

// coverage is the share of the values below that stand under a title. No rows below speak neither for nor against.
func coverage(l Layout, rows []line) float64 {
	titled := map[int]bool{}
	for _, c := range l.Column {
		titled[c.Index] = true
	}
	in, all := 0, 0
	for _, r := range rows {
		for i, k := range r.class {
			if k != blank {
				all++
				if titled[i] {
					in++
				}
			}
		}
	}
	if all == 0 {
		return 0.5
	}
	return float64(in) / float64(all)
}

// fit is the share of the first row's values that look as the others of their column do: a line that is still of the header
// does not.
func fit(l Layout, rows []line) float64 {
	if len(rows) < 2 {
		return 0.5
	}
	same, all := 0, 0
	for _, c := range l.Column {
		if c.Index >= len(rows[0].Cells) {
			continue
		}
		if first := rows[0].class[c.Index]; first != blank {
			all++
			if first == majority(rows[1:], c.Index) {
				same++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(same) / float64(all)
}

// majority is what most cells of a column look like that are not blank; of equals what is not words.
func majority(rows []line, col int) class {
	var count [date + 1]int
	for _, r := range rows {
		if col < len(r.Cells) {
			count[r.class[col]]++
		}
	}
	best := blank
	for c := text; c <= date; c++ {
		if count[c] > 0 && (best == blank || count[c] >= count[best]) {
			best = c
		}
	}
	return best
}

// distinct is the share of titles that no other column has.
func distinct(l Layout) float64 {
	seen := map[string]bool{}
	for _, c := range l.Column {
		seen[sheet.Normalize(c.Title)] = true
	}
	return float64(len(seen)) / float64(len(l.Column))
}
