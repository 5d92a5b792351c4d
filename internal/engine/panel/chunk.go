package panel

import (
	"slices"
	"sort"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// chunkRows is the number of rows in a full chunk: a multiple of 64, so that chunks own whole words of a selection, and
// small enough that copying one column of a chunk costs microseconds.
const chunkRows = 4096

// chunk is a run of rows stored by column. A chunk that belongs to a Table never changes.
type chunk struct {
	n     int        // slots in use, dead ones included
	keys  string     // the keys, one after the other
	ends  []uint32   // where each key ends in keys
	order []uint16   // slots in the order of their keys
	live  []uint64   // bit per slot; nil: every slot is live
	dims  [][]uint32 // codes
	ints  [][]int64  // values or unknown
	dates [][]int32  // period.Date
	zones zones
}

// zones hold the least and greatest value per int and date column of a chunk, dead slots included: wide enough to be
// safe.
type zones struct{ ints, dates []span }

// span is a closed range of numbers.
type span struct{ lo, hi int64 }

// newChunk is an empty chunk with room for size rows.
func (l *layout) newChunk(size int) *chunk {
	c := &chunk{
		dims:  make([][]uint32, len(l.Dims)),
		ints:  make([][]int64, len(l.Ints)),
		dates: make([][]int32, len(l.Dates)),
		zones: zones{ints: make([]span, len(l.Ints)), dates: make([]span, len(l.Dates))},
	}
	for i := range c.dims {
		c.dims[i] = make([]uint32, 0, size)
	}
	for i := range c.ints {
		c.ints[i] = make([]int64, 0, size)
	}
	for i := range c.dates {
		c.dates[i] = make([]int32, 0, size)
	}
	return c
}

func (c *chunk) key(slot int) string {
	start := uint32(0)
	if slot > 0 {
		start = c.ends[slot-1]
	}
	return c.keys[start:c.ends[slot]]
}

// mask writes the chunk's live slots into dst, which has one bit per slot.
func (c *chunk) mask(dst []uint64) {
	if c.live != nil {
		copy(dst, c.live)
		return
	}
	fill(dst, c.n)
}

// fill sets the first n bits of dst.
func fill(dst []uint64, n int) {
	for w := range dst {
		dst[w] = ^uint64(0)
	}
	if n%64 != 0 {
		dst[len(dst)-1] = 1<<(n%64) - 1
	}
}

// after gives the position in c.order of the first key greater than key.
func (c *chunk) after(key string) int {
	return sort.Search(len(c.order), func(i int) bool { return c.key(int(c.order[i])) > key })
}

// row copies one row out.
func (c *chunk) row(slot int, views []*view) Row {
	r := Row{
		Key:   c.key(slot),
		Dims:  make([]string, len(c.dims)),
		Ints:  make([]Int, len(c.ints)),
		Dates: make([]period.Date, len(c.dates)),
	}
	for i, col := range c.dims {
		r.Dims[i] = views[i].text[col[slot]]
	}
	for i, col := range c.ints {
		if v := col[slot]; v != unknown {
			r.Ints[i] = Some(v)
		}
	}
	for i, col := range c.dates {
		r.Dates[i] = period.Date(col[slot])
	}
	return r
}

// setKeys packs the keys and orders the slots by them. changed are the slots whose key is new; the rest of the old order
// is kept, so that a few new keys in a chunk cost no sort of all.
func (c *chunk) setKeys(keys []string, changed []uint16) {
	size := 0
	for _, k := range keys {
		size += len(k)
	}
	var b strings.Builder
	b.Grow(size)
	c.ends = make([]uint32, len(keys))
	for i, k := range keys {
		b.WriteString(k)
		c.ends[i] = uint32(b.Len())
	}
	c.keys = b.String()

	byKey := func(x, y uint16) int { return strings.Compare(c.key(int(x)), c.key(int(y))) }
	if !slices.IsSortedFunc(changed, byKey) {
		slices.SortFunc(changed, byKey)
	}
	c.order = c.merge(c.order, changed, len(keys))
}

// merge puts the ordered slots of changed into old, from which it drops them first.
func (c *chunk) merge(old, changed []uint16, n int) []uint16 {
	isNew := make([]bool, n)
	for _, s := range changed {
		isNew[s] = true
	}
	kept := make([]uint16, 0, len(old))
	for _, s := range old {
		if !isNew[s] {
			kept = append(kept, s)
		}
	}
	out := make([]uint16, 0, n)
	for _, s := range changed {
		k := c.key(int(s))
		cut := sort.Search(len(kept), func(i int) bool { return c.key(int(kept[i])) > k })
		out = append(append(out, kept[:cut]...), s)
		kept = kept[cut:]
	}
	return append(out, kept...)
}

func (c *chunk) setZones() {
	for i, col := range c.ints {
		c.zones.ints[i] = zoneOf(col)
	}
	for i, col := range c.dates {
		c.zones.dates[i] = zoneOf(col)
	}
}

// zoneOf is the range of a column.
func zoneOf[T int32 | int64](col []T) span {
	if len(col) == 0 {
		return span{}
	}
	lo, hi := col[0], col[0]
	for _, v := range col {
		lo, hi = min(lo, v), max(hi, v)
	}
	return span{int64(lo), int64(hi)}
}

// bytes is the memory of a chunk.
func (c *chunk) bytes() int64 {
	const fixed = 256
	n := int64(fixed + len(c.keys) + 4*cap(c.ends) + 2*cap(c.order) + 8*cap(c.live))
	for _, col := range c.dims {
		n += int64(4 * cap(col))
	}
	for _, col := range c.ints {
		n += int64(8*cap(col)) + 16
	}
	for _, col := range c.dates {
		n += int64(4*cap(col)) + 16
	}
	return n
}
