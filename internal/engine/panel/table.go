package panel

import (
	"iter"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Table is an immutable snapshot of rows. All methods are safe for concurrent use, also while Apply makes newer
// snapshots.
type Table struct {
	layout *layout
	dicts  *dictionaries // shared by all snapshots
	views  []*view       // the dictionaries as this snapshot sees them
	chunks []*chunk
	size   int      // slots per chunk
	index  *index   // key → chunk*size + slot
	free   []uint32 // dead slots in rising order
	n      int      // live rows
}

// NewTable builds a table from rows. Errors are those of Builder.
func NewTable(s Schema, rows iter.Seq[Row]) (*Table, error) {
	b, err := NewBuilder(s)
	if err != nil {
		return nil, err
	}
	for r := range rows {
		if err := b.Add(r); err != nil {
			return nil, err
		}
	}
	return b.Build()
}

// Len is the number of rows.
func (t *Table) Len() int { return t.n }

// Schema gives the names of the columns. The caller must not change them.
func (t *Table) Schema() Schema { return t.layout.Schema }

// Bytes estimates the memory that the snapshot holds. What it shares with other snapshots is counted in each.
func (t *Table) Bytes() int64 {
	n := int64(8*len(t.index.entries) + 4*cap(t.free) + 8*len(t.chunks))
	for _, c := range t.chunks {
		n += c.bytes()
	}
	for _, v := range t.views {
		n += v.bytes()
	}
	return n
}

// Row gives the row with a key; false if there is none.
func (t *Table) Row(key string) (Row, bool) {
	slot, ok := t.index.find(t.index.tag(key), func(s uint32) bool { return t.key(s) == key })
	if !ok {
		return Row{}, false
	}
	return t.row(slot), true
}

func (t *Table) row(slot uint32) Row {
	return t.chunks[int(slot)/t.size].row(int(slot)%t.size, t.views)
}

func (t *Table) key(slot uint32) string {
	return t.chunks[int(slot)/t.size].key(int(slot) % t.size)
}

// Builder makes a Table row by row. Rows keep the order of Add inside; rows added in the order of the date that readings
// filter by (month after month) let a reading skip whole chunks. Not safe for concurrent use.
type Builder struct {
	layout *layout
	dicts  *dictionaries
	chunks []*chunk
	size   int
	open   *chunk
	keys   []string // of the open chunk
	n      int
}

// NewBuilder starts a table. Error: Invalid "panel.schema" for a column without a name or a name used twice.
func NewBuilder(s Schema) (*Builder, error) {
	l, err := newLayout(s)
	if err != nil {
		return nil, fault.Wrap("panel.NewBuilder", err)
	}
	return &Builder{layout: l, dicts: newDictionaries(len(l.Dims)), size: chunkRows}, nil
}

// Add appends a row. It copies the values: the caller may use the row's slices again.
// Errors, all Invalid: "panel.row_shape", "panel.key" (empty or over 32 KiB), "panel.date" (no calendar date),
// "panel.overflow" (the smallest int64).
func (b *Builder) Add(r Row) error {
	if err := b.layout.check(r); err != nil {
		return fault.Wrap("panel.Add", err)
	}
	if b.open == nil {
		b.open = b.layout.newChunk(b.size)
	}
	c := b.open
	for i, text := range r.Dims {
		c.dims[i] = append(c.dims[i], b.dicts.code(i, text)) // no lock: nobody else knows these dictionaries yet
	}
	for i, v := range r.Ints {
		c.ints[i] = append(c.ints[i], v.stored())
	}
	for i, d := range r.Dates {
		c.dates[i] = append(c.dates[i], int32(d))
	}
	b.keys = append(b.keys, r.Key)
	c.n++
	b.n++
	if c.n == b.size {
		b.seal()
	}
	return nil
}

func (v Int) stored() int64 {
	if !v.OK {
		return unknown
	}
	return v.V
}

// seal closes the open chunk.
func (b *Builder) seal() {
	c := b.open
	all := make([]uint16, c.n)
	for i := range all {
		all[i] = uint16(i)
	}
	c.setKeys(b.keys, all)
	c.setZones()
	b.chunks = append(b.chunks, c)
	b.open, b.keys = nil, b.keys[:0]
}

// Build gives the table. The builder must not be used again.
// Error: Exists "panel.duplicate_key" with the key that was added twice.
func (b *Builder) Build() (*Table, error) {
	if b.open != nil {
		b.seal()
	}
	t := &Table{
		layout: b.layout, dicts: b.dicts, views: b.dicts.views(nil),
		chunks: slices.Clip(b.chunks), size: b.size, index: newIndex(b.n), n: b.n,
	}
	for i, c := range t.chunks {
		for s := range c.n {
			key, slot := c.key(s), uint32(i*t.size+s)
			tag := t.index.tag(key)
			if _, ok := t.index.find(tag, func(other uint32) bool { return t.key(other) == key }); ok {
				return nil, fault.New(fault.Exists, "panel.duplicate_key", "panel", t.layout.Name, "row", key)
			}
			t.index.insert(tag, slot)
		}
	}
	return t, nil
}
