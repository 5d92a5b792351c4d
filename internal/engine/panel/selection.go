package panel

import (
	"math/bits"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Selection is a set of rows of one table. It is immutable and safe for concurrent use.
type Selection struct {
	t      *Table
	bits   []uint64 // a bit per slot; each chunk has t.size/64 words
	counts []int    // selected rows per chunk
	n      int
}

// Len is the number of selected rows.
func (s *Selection) Len() int { return s.n }

// Select finds the rows that a filter chooses. O(rows) at worst; chunks whose dates or numbers cannot match are skipped.
// Errors, all Invalid: "panel.unknown_column", "panel.predicate" for a zero predicate or comparison.
func (t *Table) Select(f Filter) (*Selection, error) {
	tests, err := t.compile(f)
	if err != nil {
		return nil, fault.Wrap("panel.Select", err)
	}
	s := t.none()
	e := evaluation{words: t.size / 64}
	for i, c := range t.chunks {
		if all(tests, c) == never {
			continue
		}
		dst := s.words(i)
		c.mask(dst)
		e.all(tests, c, dst, 0)
		s.count(i)
	}
	return s, nil
}

// none is the empty selection, to be filled.
func (t *Table) none() *Selection {
	return &Selection{t: t, bits: make([]uint64, len(t.chunks)*(t.size/64)), counts: make([]int, len(t.chunks))}
}

// words are the bits of chunk i.
func (s *Selection) words(i int) []uint64 {
	at := i * (s.t.size / 64)
	return s.bits[at : at+(s.t.chunks[i].n+63)/64]
}

// count takes the bits of chunk i into the counts.
func (s *Selection) count(i int) {
	n := 0
	for _, w := range s.words(i) {
		n += bits.OnesCount64(w)
	}
	s.counts[i] = n
	s.n += n
}

// slots writes the selected slots of chunk i into buf in rising order.
func (s *Selection) slots(i int, buf []uint16) []uint16 {
	buf = buf[:s.counts[i]]
	if len(buf) == s.t.chunks[i].n {
		for k := range buf {
			buf[k] = uint16(k)
		}
		return buf
	}
	k := 0
	for w, word := range s.words(i) {
		for ; word != 0; word &= word - 1 {
			buf[k] = uint16(w*64 + bits.TrailingZeros64(word))
			k++
		}
	}
	return buf
}

// test is a predicate bound to a table: columns by position, texts by code.
type test struct {
	kind   predicateKind
	col    int
	member []uint8 // byText: 1 for the codes that match
	some   verdict // byText: what member says about any row
	spans  []span
	inner  [][]test
}

// verdict is what can be said about all rows of a chunk without reading them.
type verdict uint8

const (
	maybe verdict = iota
	never
	always
)

func (t *Table) compile(f Filter) ([]test, error) {
	out := make([]test, 0, len(f))
	for _, p := range f {
		x, err := t.compileOne(p)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func (t *Table) compileOne(p Predicate) (test, error) {
	x := test{kind: p.kind, spans: p.spans}
	var err error
	switch p.kind {
	case byValue, byText:
		x.kind = byText
		if x.col, err = t.layout.dim(p.column); err == nil {
			x.member = t.members(x.col, p)
			x.some = verdictOf(x.member)
		}
	case byInt:
		x.col, err = t.layout.int(p.column)
	case byDate:
		x.col, err = t.layout.date(p.column)
	case not, anyOf:
		for _, f := range p.inner {
			tests, err := t.compile(f)
			if err != nil {
				return test{}, err
			}
			x.inner = append(x.inner, tests)
		}
	default:
		err = fault.New(fault.Invalid, "panel.predicate", "panel", t.layout.Name)
	}
	return x, err
}

// members says for each code of a dimension whether a predicate holds.
func (t *Table) members(dim int, p Predicate) []uint8 {
	v := t.views[dim]
	out := make([]uint8, len(v.text))
	if p.kind == byValue {
		for _, text := range p.values {
			if c, ok := t.dicts.find(dim, v, text); ok {
				out[c] = 1
			}
		}
		return out
	}
	for c, text := range v.text {
		if p.match(text) {
			out[c] = 1
		}
	}
	return out
}

func verdictOf(member []uint8) verdict {
	switch {
	case !slices.Contains(member, 1):
		return never
	case !slices.Contains(member, 0):
		return always
	default:
		return maybe
	}
}

// verdict looks at a chunk's zones only.
func (x *test) verdict(c *chunk) verdict {
	switch x.kind {
	case byText:
		return x.some
	case byInt:
		return within(c.zones.ints[x.col], x.spans)
	case byDate:
		return within(c.zones.dates[x.col], x.spans)
	case not:
		return [...]verdict{maybe: maybe, never: always, always: never}[all(x.inner[0], c)]
	default:
		out := never
		for _, tests := range x.inner {
			switch all(tests, c) {
			case always:
				return always
			case maybe:
				out = maybe
			}
		}
		return out
	}
}

// all is the verdict on a conjunction.
func all(tests []test, c *chunk) verdict {
	out := always
	for i := range tests {
		switch tests[i].verdict(c) {
		case never:
			return never
		case maybe:
			out = maybe
		}
	}
	return out
}

func within(zone span, spans []span) verdict {
	out := never
	for _, s := range spans {
		if s.lo <= zone.lo && zone.hi <= s.hi {
			return always
		}
		if s.lo <= zone.hi && zone.lo <= s.hi {
			out = maybe
		}
	}
	return out
}

// evaluation runs tests over chunks; it keeps one scratch bitset per level of nesting.
type evaluation struct {
	words   int
	scratch [][]uint64
}

// all clears the bits of dst for which one of the tests fails.
func (e *evaluation) all(tests []test, c *chunk, dst []uint64, depth int) {
	for i := range tests {
		switch tests[i].verdict(c) {
		case never:
			clear(dst)
			return
		case maybe:
			e.one(&tests[i], c, dst, depth)
		}
	}
}

func (e *evaluation) one(x *test, c *chunk, dst []uint64, depth int) {
	switch x.kind {
	case byText:
		andMember(dst, c.dims[x.col], x.member)
	case byInt:
		andSpans(dst, c.ints[x.col], x.spans)
	case byDate:
		andSpans(dst, c.dates[x.col], x.spans)
	case not:
		sub := e.copyOf(dst, 2*depth)
		e.all(x.inner[0], c, sub, depth+1)
		for w := range dst {
			dst[w] &^= sub[w]
		}
	case anyOf:
		sum := e.copyOf(dst, 2*depth)
		clear(sum)
		for _, tests := range x.inner {
			sub := e.copyOf(dst, 2*depth+1)
			e.all(tests, c, sub, depth+1)
			for w := range sum {
				sum[w] |= sub[w]
			}
		}
		copy(dst, sum)
	}
}

// copyOf copies dst into scratch bitset i.
func (e *evaluation) copyOf(dst []uint64, i int) []uint64 {
	for len(e.scratch) <= i {
		e.scratch = append(e.scratch, make([]uint64, e.words))
	}
	out := e.scratch[i][:len(dst)]
	copy(out, dst)
	return out
}

// andMember keeps the bits of the rows whose code is a member.
func andMember(dst []uint64, col []uint32, member []uint8) {
	for w := range dst {
		if dst[w] == 0 {
			continue
		}
		m := uint64(0)
		for j, code := range col[w*64 : min(w*64+64, len(col))] {
			m |= uint64(member[code]) << (j & 63)
		}
		dst[w] &= m
	}
}

// andSpans keeps the bits of the rows whose value lies in one of the spans.
func andSpans[T int32 | int64](dst []uint64, col []T, in []span) {
	for w := range dst {
		if dst[w] == 0 {
			continue
		}
		part, m := col[w*64:min(w*64+64, len(col))], uint64(0)
		for _, s := range in {
			lo, width := s.lo, uint64(s.hi)-uint64(s.lo)
			for j, v := range part {
				hit := uint64(0)
				if uint64(int64(v))-uint64(lo) <= width {
					hit = 1
				}
				m |= hit << (j & 63)
			}
		}
		dst[w] &= m
	}
}
