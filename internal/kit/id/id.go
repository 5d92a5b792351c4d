// Package id makes sortable text identifiers.
//
// An id is 26 characters of Crockford's base32: 48 bits of milliseconds, then 80 bits of randomness that count up inside
// one millisecond, so ids of one Maker always rise. Text keeps both database engines and every log equal. Each noun
// declares its own string type (park.ID), so that a park's id cannot be passed for an enterprise's.
//
// The layout is the public ULID layout; a library was not taken because forty lines need none.
package id

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Maker makes rising ids from a clock and a source of randomness. Safe for concurrent use.
type Maker struct {
	mu     sync.Mutex
	now    func() time.Time
	random io.Reader
	last   uint64 // milliseconds of the last id
	hi     uint16 // upper 16 bits of the random part
	lo     uint64 // lower 64 bits of the random part
}

// NewMaker takes the clock and the source of randomness, so that a seeded demo gives the same ids twice.
func NewMaker(now func() time.Time, random io.Reader) *Maker {
	return &Maker{now: now, random: random}
}

// New gives the next id. It panics only when the source of randomness fails, which leaves nothing safe to do.
func (m *Maker) New() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ms := uint64(m.now().UnixMilli())
	if ms > m.last || (m.last == 0 && m.hi == 0 && m.lo == 0) {
		m.last = ms
		var b [10]byte
		if _, err := io.ReadFull(m.random, b[:]); err != nil {
			panic("id: source of randomness failed: " + err.Error())
		}
		m.hi = binary.BigEndian.Uint16(b[:2]) &^ 0x8000 // room to count up
		m.lo = binary.BigEndian.Uint64(b[2:])
	} else {
		m.lo++
		if m.lo == 0 {
			m.hi++
		}
	}
	return encode(m.last, m.hi, m.lo)
}

func encode(ms uint64, hi uint16, lo uint64) string {
	var out [26]byte
	for i := 9; i >= 0; i-- {
		out[i] = alphabet[ms&31]
		ms >>= 5
	}
	for i := 25; i >= 10; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | uint64(hi&31)<<59
		hi >>= 5
	}
	return string(out[:])
}

// Valid says whether s has the shape of an id of this package.
func Valid(s string) bool {
	if len(s) != 26 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		ok := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U'
		if !ok {
			return false
		}
	}
	return true
}
