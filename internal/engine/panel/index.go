package panel

import (
	"hash/maphash"
	"slices"
)

// index finds the slot of a key: open addressing with linear probing over 8-byte entries. An entry holds the upper half
// of the key's hash and slot+1; zero is free. The half hash alone gives the entry's home, so the index grows and closes
// gaps without reading a key. The keys themselves stay in the chunks.
//
// The seed is random per process, as that of a Go map: it decides where entries lie, which no output shows.
type index struct {
	seed    maphash.Seed
	entries []uint64 // a power of two
	n       int
}

func newIndex(n int) *index {
	size := 16
	for size*3 < n*4 {
		size *= 2
	}
	return &index{seed: maphash.MakeSeed(), entries: make([]uint64, size)}
}

func (x *index) clone() *index {
	return &index{seed: x.seed, entries: slices.Clone(x.entries), n: x.n}
}

func (x *index) tag(key string) uint32 { return uint32(maphash.String(x.seed, key) >> 32) }

// find gives the slot of a key with this tag, for which is(slot) holds.
func (x *index) find(tag uint32, is func(slot uint32) bool) (uint32, bool) {
	mask := uint32(len(x.entries) - 1)
	for i := tag & mask; ; i = (i + 1) & mask {
		e := x.entries[i]
		if e == 0 {
			return 0, false
		}
		if uint32(e>>32) == tag && is(uint32(e)-1) {
			return uint32(e) - 1, true
		}
	}
}

// insert adds a slot whose key is not in the index.
func (x *index) insert(tag, slot uint32) {
	if (x.n+1)*4 > len(x.entries)*3 {
		old := x.entries
		x.entries = make([]uint64, 2*len(old))
		for _, e := range old {
			if e != 0 {
				x.place(e)
			}
		}
	}
	x.place(uint64(tag)<<32 | uint64(slot+1))
	x.n++
}

func (x *index) place(e uint64) {
	mask := uint32(len(x.entries) - 1)
	i := uint32(e>>32) & mask
	for x.entries[i] != 0 {
		i = (i + 1) & mask
	}
	x.entries[i] = e
}

// remove takes a slot out and moves later entries of the same run back, so that no grave stays behind.
func (x *index) remove(tag, slot uint32) {
	mask := uint32(len(x.entries) - 1)
	want := uint64(tag)<<32 | uint64(slot+1)
	hole := tag & mask
	for x.entries[hole] != want {
		hole = (hole + 1) & mask
	}
	for i := (hole + 1) & mask; x.entries[i] != 0; i = (i + 1) & mask {
		home := uint32(x.entries[i]>>32) & mask
		if (i-home)&mask >= (i-hole)&mask { // its way from home passes the hole
			x.entries[hole] = x.entries[i]
			hole = i
		}
	}
	x.entries[hole] = 0
	x.n--
}
