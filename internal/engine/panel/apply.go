package panel

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Apply gives the next snapshot: deletes first, then upserts by Row.Key, the last one of a key winning; deleting a key
// that is not there is no error. The receiver and every older snapshot stay as they are, and share with the new one all
// columns of all chunks that did not change. Applies to one snapshot may run at the same time; each gives its own next.
//
// Deleted rows leave slots that later rows use again once they are an eighth of all; until then new rows go to the end,
// into one chunk. Memory is given back only by building anew.
// Errors are those of Builder.Add; nothing is applied then.
func (t *Table) Apply(upserts []Row, deletes []string) (*Table, error) {
	for _, r := range upserts {
		if err := t.layout.check(r); err != nil {
			return nil, fault.Wrap("panel.Apply", err)
		}
	}
	next := *t
	next.chunks = slices.Clone(t.chunks)
	next.free = slices.Clone(t.free)
	e := &edit{next: &next, touched: map[int]*chunkEdit{}}
	for _, key := range deletes {
		e.remove(key)
	}
	slices.Sort(next.free) // so that reuse fills one chunk after the other
	e.put(upserts)
	for _, ce := range e.touched {
		ce.seal()
	}
	return &next, nil
}

// reuseShare: dead slots are used again when they are one in so many. Filling them at once would touch, for every new row,
// another chunk with all its columns; an eighth of the memory is the price.
const reuseShare = 8

// edit is a snapshot in the making: chunks are copied when first touched, the index when a key comes or goes.
type edit struct {
	next     *Table
	touched  map[int]*chunkEdit
	ownIndex bool
}

func (e *edit) put(rows []Row) {
	t := e.next
	t.dicts.mu.Lock()
	defer t.dicts.mu.Unlock()
	for _, r := range rows {
		slot, ok := e.find(r.Key)
		if !ok {
			slot = e.place(r.Key)
		}
		e.touch(int(slot)/t.size).write(int(slot)%t.size, r, t.dicts)
	}
	t.views = t.dicts.views(t.views)
}

func (e *edit) remove(key string) {
	slot, ok := e.find(key)
	if !ok {
		return
	}
	t := e.next
	e.own()
	t.index.remove(t.index.tag(key), slot)
	e.touch(int(slot)/t.size).setLive(int(slot)%t.size, false)
	t.free = append(t.free, slot)
	t.n--
}

func (e *edit) find(key string) (uint32, bool) {
	x := e.next.index
	return x.find(x.tag(key), func(s uint32) bool { return e.key(s) == key })
}

// key is the key of a slot, with the changes so far.
func (e *edit) key(slot uint32) string {
	if ce := e.touched[int(slot)/e.next.size]; ce != nil && ce.keys != nil {
		return ce.keys[int(slot)%e.next.size]
	}
	return e.next.key(slot)
}

// touch gives the edit's own copy of a chunk.
func (e *edit) touch(i int) *chunkEdit {
	ce := e.touched[i]
	if ce == nil {
		ce = newChunkEdit(e.next.chunks[i])
		e.touched[i], e.next.chunks[i] = ce, ce.chunk
	}
	return ce
}

// own makes the index the edit's own before its first change.
func (e *edit) own() {
	if !e.ownIndex {
		e.next.index, e.ownIndex = e.next.index.clone(), true
	}
}

// place finds a slot for a new key: one more at the end, or a dead one.
func (e *edit) place(key string) uint32 {
	t := e.next
	e.own()
	var slot uint32
	if last := len(t.free) - 1; last >= 0 && len(t.free)*reuseShare > len(t.chunks)*t.size {
		slot, t.free = t.free[last], t.free[:last]
		e.touch(int(slot)/t.size).setLive(int(slot)%t.size, true)
	} else {
		slot = e.extend()
	}
	e.touch(int(slot)/t.size).setKey(int(slot)%t.size, key)
	t.index.insert(t.index.tag(key), slot)
	t.n++
	return slot
}

// extend adds a slot to the last chunk, or a chunk when that is full.
func (e *edit) extend() uint32 {
	t := e.next
	last := len(t.chunks) - 1
	if last < 0 || t.chunks[last].n == t.size {
		last++
		t.chunks = append(t.chunks, t.layout.newChunk(t.size))
	}
	ce := e.touch(last)
	ce.grow(t.size)
	return uint32(last*t.size + ce.n - 1)
}

// chunkEdit is a chunk in the making. A column is shared with the old chunk until a value in it differs.
type chunkEdit struct {
	*chunk
	ownDims, ownInts, ownDates []bool          // the columns that are the edit's own
	ownLive                    bool            // so are the live bits
	keys                       []string        // every key, once one has changed
	changed                    map[uint16]bool // slots with a new key
}

func newChunkEdit(old *chunk) *chunkEdit {
	c := *old
	c.dims, c.ints, c.dates = slices.Clone(old.dims), slices.Clone(old.ints), slices.Clone(old.dates)
	c.zones = zones{ints: slices.Clone(old.zones.ints), dates: slices.Clone(old.zones.dates)}
	return &chunkEdit{
		chunk: &c, changed: map[uint16]bool{},
		ownDims: make([]bool, len(c.dims)), ownInts: make([]bool, len(c.ints)), ownDates: make([]bool, len(c.dates)),
	}
}

// grow adds a slot at the end: live, without key and values.
func (ce *chunkEdit) grow(size int) {
	ce.n++
	growColumns(ce.dims, ce.ownDims, size)
	growColumns(ce.ints, ce.ownInts, size)
	growColumns(ce.dates, ce.ownDates, size)
	if ce.keys != nil {
		ce.keys = append(ce.keys, "")
	}
	if ce.live != nil {
		if ce.n > 64*len(ce.live) {
			ce.live, ce.ownLive = append(slices.Clone(ce.live), 0), true
		}
		ce.setLive(ce.n-1, true)
	}
}

func growColumns[T any](cols [][]T, own []bool, size int) {
	var zero T
	for i := range cols {
		if !own[i] {
			cols[i], own[i] = append(make([]T, 0, size), cols[i]...), true
		}
		cols[i] = append(cols[i], zero)
	}
}

func (ce *chunkEdit) setLive(slot int, alive bool) {
	if ce.live == nil {
		ce.live, ce.ownLive = make([]uint64, (ce.n+63)/64), true
		fill(ce.live, ce.n)
	}
	if !ce.ownLive {
		ce.live, ce.ownLive = slices.Clone(ce.live), true
	}
	bit := uint64(1) << (slot % 64)
	if alive {
		ce.live[slot/64] |= bit
	} else {
		ce.live[slot/64] &^= bit
	}
}

func (ce *chunkEdit) setKey(slot int, key string) {
	if ce.keys == nil {
		ce.keys = make([]string, ce.n)
		for i := range ce.ends {
			ce.keys[i] = ce.key(i)
		}
	}
	ce.keys[slot] = key
	ce.changed[uint16(slot)] = true
}

// write sets the values of a slot. The caller holds the lock of the dictionaries.
func (ce *chunkEdit) write(slot int, r Row, d *dictionaries) {
	for i, text := range r.Dims {
		set(ce.dims, ce.ownDims, i, slot, d.code(i, text))
	}
	for i, v := range r.Ints {
		set(ce.ints, ce.ownInts, i, slot, v.stored())
	}
	for i, v := range r.Dates {
		set(ce.dates, ce.ownDates, i, slot, int32(v))
	}
}

// set writes one value, into a copy of the column if the column is not yet the edit's own.
func set[T comparable](cols [][]T, own []bool, i, slot int, v T) {
	if cols[i][slot] == v {
		return
	}
	if !own[i] {
		cols[i], own[i] = slices.Clone(cols[i]), true
	}
	cols[i][slot] = v
}

// seal brings keys, order and zones up to date.
func (ce *chunkEdit) seal() {
	if ce.keys != nil {
		changed := make([]uint16, 0, len(ce.changed))
		for s := range ce.changed {
			changed = append(changed, s)
		}
		ce.setKeys(ce.keys, changed)
	}
	for i, own := range ce.ownInts {
		if own {
			ce.zones.ints[i] = zoneOf(ce.ints[i])
		}
	}
	for i, own := range ce.ownDates {
		if own {
			ce.zones.dates[i] = zoneOf(ce.dates[i])
		}
	}
}
