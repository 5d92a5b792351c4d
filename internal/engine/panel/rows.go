package panel

import (
	"container/heap"
	"math/bits"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// MaxLimit is the longest page.
const MaxLimit = 10_000

// Page asks for rows with a key greater than After, at most Limit of them (1…MaxLimit).
type Page struct {
	After string // "" from the start
	Limit int
}

// List is one page of the rows behind a number.
type List struct {
	Items []Item
	Next  string // Page.After of the next page; "" at the end
}

// Item is a row and what it adds to the number.
type Item struct {
	Row    Row
	Amount int64
}

// Rows lists what a measure of this selection is made of, by Row.Key in byte order: for Count every row with amount 1, for
// Sum the rows with a known value and that value, for CountDistinct for each known text the first row by key that has it,
// with amount 1. All pages together have as many items as the cell's Listed, and their amounts add up to its Value.
//
// A page costs a few comparisons per chunk and item; CountDistinct also reads the codes of the selected rows once.
// Errors, Invalid: "panel.unknown_column"; "panel.limit".
func (s *Selection) Rows(m Measure, p Page) (List, error) {
	if p.Limit < 1 || p.Limit > MaxLimit {
		return List{}, fault.New(fault.Invalid, "panel.limit", "limit", p.Limit, "max", MaxLimit)
	}
	w, err := s.walk(m, p.After)
	if err != nil {
		return List{}, fault.Wrap("panel.Rows", err)
	}
	var out List
	for {
		c, slot, ok := w.next()
		if !ok {
			return out, nil
		}
		if len(out.Items) == p.Limit {
			out.Next = out.Items[p.Limit-1].Row.Key
			return out, nil
		}
		amount := int64(1)
		if m.kind == sum {
			amount = c.ints[w.col][slot]
		}
		out.Items = append(out.Items, Item{Row: c.row(slot, s.t.views), Amount: amount})
	}
}

// walk goes through the chunks of a selection at once, always taking the least key: each chunk knows its own order.
type walk struct {
	s       *Selection
	measure measureKind
	col     int
	seen    []uint64 // distinct: the codes that have been listed, or stand before the page
	left    int      // distinct: codes still to come
	heads   []head   // a heap by key
}

// head is the next row of a chunk.
type head struct {
	chunk int
	at    int // in the chunk's order
	key   string
}

func (s *Selection) walk(m Measure, after string) (*walk, error) {
	w := &walk{s: s, measure: m.kind}
	var err error
	if w.col, err = s.t.measured(m); err != nil {
		return nil, err
	}
	starts := make([]int, len(s.t.chunks))
	for i, c := range s.t.chunks {
		if after != "" && s.counts[i] > 0 {
			starts[i] = c.after(after)
		}
	}
	if w.measure == distinct {
		w.prepareSeen(starts)
	}
	for i := range s.t.chunks {
		if s.counts[i] == 0 {
			continue
		}
		if h, ok := w.advance(head{chunk: i, at: starts[i]}); ok {
			w.heads = append(w.heads, h)
		}
	}
	heap.Init(w)
	return w, nil
}

// prepareSeen marks the codes of the rows before the page, and counts those that only come after.
func (w *walk) prepareSeen(starts []int) {
	words := (len(w.s.t.views[w.col].text) + 63) / 64
	w.seen = make([]uint64, words)
	w.seen[0] = 1 // the empty text is no value
	later := make([]uint64, words)
	for i, c := range w.s.t.chunks {
		if w.s.counts[i] == 0 {
			continue
		}
		chosen, col := w.s.words(i), c.dims[w.col]
		for at, slot := range c.order {
			if chosen[slot/64]>>(slot%64)&1 == 0 {
				continue
			}
			set, code := later, col[slot]
			if at < starts[i] {
				set = w.seen
			}
			set[code/64] |= 1 << (code % 64)
		}
	}
	for i := range later {
		w.left += bits.OnesCount64(later[i] &^ w.seen[i])
	}
}

// advance moves a head to the first row at or after it that is to be listed.
func (w *walk) advance(h head) (head, bool) {
	c := w.s.t.chunks[h.chunk]
	chosen := w.s.words(h.chunk)
	for ; h.at < len(c.order); h.at++ {
		slot := c.order[h.at]
		if chosen[slot/64]>>(slot%64)&1 == 1 && w.wants(c, int(slot)) {
			h.key = c.key(int(slot))
			return h, true
		}
	}
	return h, false
}

// wants says whether a selected row is to be listed, as far as is known now.
func (w *walk) wants(c *chunk, slot int) bool {
	switch w.measure {
	case sum:
		return c.ints[w.col][slot] != unknown
	case distinct:
		code := c.dims[w.col][slot]
		return w.seen[code/64]>>(code%64)&1 == 0
	default:
		return true
	}
}

// next takes the row with the least key.
func (w *walk) next() (c *chunk, slot int, ok bool) {
	for len(w.heads) > 0 && (w.measure != distinct || w.left > 0) {
		h := w.heads[0]
		c = w.s.t.chunks[h.chunk]
		slot = int(c.order[h.at])
		wanted := w.wants(c, slot) // another chunk may have listed the value since
		if wanted && w.measure == distinct {
			code := c.dims[w.col][slot]
			w.seen[code/64] |= 1 << (code % 64)
			w.left--
		}
		h.at++
		if h, ok = w.advance(h); ok {
			w.heads[0] = h
			heap.Fix(w, 0)
		} else {
			heap.Pop(w)
		}
		if wanted {
			return c, slot, true
		}
	}
	return nil, 0, false
}

// Len, Less, Swap, Push and Pop make the heads a heap.
func (w *walk) Len() int           { return len(w.heads) }
func (w *walk) Less(i, j int) bool { return w.heads[i].key < w.heads[j].key }
func (w *walk) Swap(i, j int)      { w.heads[i], w.heads[j] = w.heads[j], w.heads[i] }
func (w *walk) Push(x any)         { w.heads = append(w.heads, x.(head)) }

// Pop drops the last head.
func (w *walk) Pop() any {
	last := w.heads[len(w.heads)-1]
	w.heads = w.heads[:len(w.heads)-1]
	return last
}
