package panel

import (
	"slices"
	"strings"
	"sync"
)

// dictionaries turn text into codes, one dictionary per dimension. They only grow, and all snapshots of a table share
// them. Code 0 is the empty text everywhere.
//
// The lock guards the growing side (codes and the tails of values). A snapshot reads its own views without the lock:
// the part of a values slice that a view covers is never written again.
type dictionaries struct {
	mu    sync.RWMutex
	codes []map[string]uint32
	text  [][]string
}

func newDictionaries(n int) *dictionaries {
	d := &dictionaries{codes: make([]map[string]uint32, n), text: make([][]string, n)}
	for i := range n {
		d.codes[i] = map[string]uint32{"": 0}
		d.text[i] = []string{""}
	}
	return d
}

// code gives the code of a text and adds it if it is new. The caller holds the lock for writing.
func (d *dictionaries) code(dim int, text string) uint32 {
	c, ok := d.codes[dim][text]
	if !ok {
		c = uint32(len(d.text[dim]))
		text = strings.Clone(text) // the caller's text may be a slice of something large
		d.codes[dim][text] = c
		d.text[dim] = append(d.text[dim], text)
	}
	return c
}

// find gives the code of a text within a view; false if the view's snapshot does not know the text.
func (d *dictionaries) find(dim int, v *view, text string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c, ok := d.codes[dim][text]
	return c, ok && int(c) < len(v.text)
}

// views gives what a new snapshot sees, and keeps the old views of dimensions that did not grow. The caller holds the
// lock.
func (d *dictionaries) views(old []*view) []*view {
	out := make([]*view, len(d.text))
	for i, text := range d.text {
		if old != nil && len(old[i].text) == len(text) {
			out[i] = old[i]
			continue
		}
		out[i] = &view{text: text[:len(text):len(text)]}
	}
	return out
}

// view is one dictionary as a snapshot sees it: text by code.
type view struct {
	text []string
	once sync.Once
	rank []uint32
}

// sorted gives the codes in the order of their texts, made at the first call.
func (v *view) sorted() []uint32 {
	v.once.Do(func() {
		v.rank = make([]uint32, len(v.text))
		for i := range v.rank {
			v.rank[i] = uint32(i)
		}
		slices.SortFunc(v.rank, func(a, b uint32) int { return strings.Compare(v.text[a], v.text[b]) })
	})
	return v.rank
}

// bytes estimates the memory of a dictionary: text, header, map entry.
func (v *view) bytes() int64 {
	const header, entry = 16, 32
	n := int64(0)
	for _, s := range v.text {
		n += int64(len(s)) + header + entry
	}
	return n
}
