package panel

import (
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Group says how rows are put into groups: by the text of a dimension, or by a date column, whose text is the month
// "2024-06", the year "2024" where no month is stated, and "" where no date is known. The zero Group makes no groups.
type Group struct {
	Column string

	// Map turns the column's text into the group's key; false leaves the rows out of every group (they still count in the
	// total). It is called once per distinct text, the empty one included and perhaps some that no row has any more, and must
	// give the same answer for the same text. Nil keeps the text.
	Map func(text string) (key string, ok bool)
}

// grouping is a Group bound to a table: group number by code, 0 for the rows outside of every group.
type grouping struct {
	view   *view // nil for a date column, and without groups
	col    int
	isDate bool
	mapped func(string) (string, bool)
	of     []uint32 // by code; unresolved where a date's text was not asked for yet
	keys   []string // by group number
	number map[string]uint32
}

const unresolved = ^uint32(0)

// outside is the number of no group.
const outside = 0

func (t *Table) grouping(by Group) (*grouping, error) {
	g := &grouping{mapped: by.Map, keys: []string{""}, number: map[string]uint32{}}
	if by.Column == "" {
		return g, nil
	}
	if col, ok := t.layout.dates[by.Column]; ok {
		g.col, g.isDate = col, true
		g.of = make([]uint32, dateCode(int32(t.latest(col)))/13*13+13)
		for i := range g.of {
			g.of[i] = unresolved
		}
		return g, nil
	}
	col, ok := t.layout.dims[by.Column]
	if !ok {
		return nil, fault.New(fault.Invalid, "panel.unknown_column", "panel", t.layout.Name, "column", by.Column, "kind", "dim|date")
	}
	g.col, g.view = col, t.views[col]
	g.of = make([]uint32, len(g.view.text))
	if g.mapped == nil {
		for c := range g.of {
			g.of[c] = uint32(c) + 1
		}
		g.keys = append(g.keys, g.view.text...)
		return g, nil
	}
	for c, text := range g.view.text {
		g.of[c] = g.resolve(text)
	}
	return g, nil
}

// latest is an upper bound of a date column.
func (t *Table) latest(col int) int64 {
	out := int64(0)
	for _, c := range t.chunks {
		out = max(out, c.zones.dates[col].hi)
	}
	return out
}

// resolve gives the group number of a text.
func (g *grouping) resolve(text string) uint32 {
	key, ok := text, true
	if g.mapped != nil {
		key, ok = g.mapped(text)
	}
	if !ok {
		return outside
	}
	n, ok := g.number[key]
	if !ok {
		n = uint32(len(g.keys))
		g.keys = append(g.keys, key)
		g.number[key] = n
	}
	return n
}

// dateCode numbers the months and the years alone: 13 a year, the year alone first.
func dateCode(d int32) uint32 { return uint32(d/10000*13 + d/100%100) }

// dateText is the text of a date code.
func dateText(code uint32) string {
	return period.DateOf(int(code/13), int(code%13), 0).String()
}

// groups writes the group numbers of the slots of a chunk into out.
func (g *grouping) groups(c *chunk, slots []uint16, out []uint32) []uint32 {
	out = out[:len(slots)]
	switch {
	case g.view != nil:
		for k, code := range gather(c.dims[g.col], slots, out) { // in place: a code is read before its group is written
			out[k] = g.of[code]
		}
	case g.isDate:
		col := c.dates[g.col]
		last, n := int32(-1), uint32(outside) // neighbours mostly have the same date
		for k, s := range slots {
			if d := col[s]; d != last {
				last, n = d, g.ofDate(d)
			}
			out[k] = n
		}
	default:
		clear(out)
	}
	return out
}

// ofDate gives the group number of a date, and asks for its text at the first.
func (g *grouping) ofDate(d int32) uint32 {
	code := dateCode(d)
	if g.of[code] == unresolved {
		g.of[code] = g.resolve(dateText(code))
	}
	return g.of[code]
}

// sorted gives the group numbers in the order of their keys, without outside.
func (g *grouping) sorted() []uint32 {
	out := make([]uint32, len(g.keys)-1)
	if g.view != nil && g.mapped == nil {
		for i, code := range g.view.sorted() {
			out[i] = code + 1
		}
		return out
	}
	for i := range out {
		out[i] = uint32(i) + 1
	}
	slices.SortFunc(out, func(a, b uint32) int { return strings.Compare(g.keys[a], g.keys[b]) })
	return out
}

// Within keeps the rows of one group: the rows behind the cell with that key. An unknown key gives no rows.
// Error: Invalid "panel.unknown_column".
func (s *Selection) Within(by Group, key string) (*Selection, error) {
	only := Group{Column: by.Column, Map: func(text string) (string, bool) {
		if by.Map == nil {
			return key, text == key
		}
		k, ok := by.Map(text)
		return k, ok && k == key
	}}
	g, err := s.t.grouping(only)
	if err != nil {
		return nil, fault.Wrap("panel.Within", err)
	}
	out := s.t.none()
	slots, groups := make([]uint16, s.t.size), make([]uint32, s.t.size)
	for i, c := range s.t.chunks {
		if s.counts[i] == 0 {
			continue
		}
		dst, chosen := out.words(i), s.slots(i, slots)
		for k, n := range g.groups(c, chosen, groups) {
			if n != outside {
				dst[chosen[k]/64] |= 1 << (chosen[k] % 64)
			}
		}
		out.count(i)
	}
	return out, nil
}
