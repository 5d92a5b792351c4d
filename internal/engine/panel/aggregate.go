package panel

import (
	"math/bits"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Measure is what is added up over the selected rows.
type Measure struct {
	kind   measureKind
	column string
}

type measureKind uint8

const (
	count measureKind = iota
	sum
	distinct
)

// Count counts rows. It is the zero Measure.
func Count() Measure { return Measure{} }

// Sum adds up the known values of an int column.
func Sum(column string) Measure { return Measure{sum, column} }

// CountDistinct counts the different known texts of a dimension.
func CountDistinct(dim string) Measure { return Measure{distinct, dim} }

// Query is one question to a Selection.
type Query struct {
	Measure Measure
	By      Group  // zero: no groups, the total only
	Nature  string // a dimension with few values whose texts each cell names; "" for none
}

// Result answers a Query.
type Result struct {
	Total Cell   // of the whole selection; its Key is empty
	Cells []Cell // one per group that has a row, by Key in byte order
}

// Cell is the number of one group.
//
// Counts and sums of cells add up to the total if Map leaves no row out. Distinct counts need not: one enterprise in two
// parks is one enterprise of the county.
type Cell struct {
	Key     string
	Value   int64
	Rows    int      // selected rows of the group
	Listed  int      // rows that Rows lists for the cell; their amounts add up to Value. A Sum with 0 is unknown, not zero
	Natures []string // the nature dimension's texts in the rows that contribute to Value, in byte order
}

// Cell finds a cell by key. A group without a row has no cell.
func (r Result) Cell(key string) (Cell, bool) {
	lo, hi := 0, len(r.Cells)
	for lo < hi {
		if mid := (lo + hi) / 2; r.Cells[mid].Key < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(r.Cells) || r.Cells[lo].Key != key {
		return Cell{}, false
	}
	return r.Cells[lo], true
}

// Aggregate answers a query. O(selected rows + groups).
// Errors, Invalid: "panel.unknown_column"; "panel.overflow" for a sum that leaves int64. Sums are exact whatever the order
// of the rows: only a result outside int64 is refused, never a running sum on the way.
func (s *Selection) Aggregate(q Query) (Result, error) {
	a, err := s.t.aggregation(q)
	if err != nil {
		return Result{}, fault.Wrap("panel.Aggregate", err)
	}
	slots := make([]uint16, s.t.size)
	for i, c := range s.t.chunks {
		if s.counts[i] > 0 {
			a.add(c, s.slots(i, slots))
		}
	}
	res, err := a.result()
	return res, fault.Wrap("panel.Aggregate", err)
}

// aggregation is a query bound to a table, and its running state by group number; number 0 takes the rows outside of
// every group, so that the total is the sum over all numbers.
type aggregation struct {
	by      *grouping
	measure measureKind
	col     int
	table   string
	column  string

	natures    *view // nil: not asked
	natureCol  int
	natureSize int      // words per group
	seen       []uint64 // nature bits by group

	sums   []running
	values *distinctCount

	// Room for what one chunk's rows have in each column that the query reads.
	groups, codes, natureCodes []uint32
	numbers                    []int64
}

// running is what one group has so far.
type running struct {
	rows, listed int
	lo           uint64 // the sum in 128 bits, lower and
	hi           int64  // upper half
}

func (t *Table) aggregation(q Query) (*aggregation, error) {
	by, err := t.grouping(q.By)
	if err != nil {
		return nil, err
	}
	a := &aggregation{
		by: by, measure: q.Measure.kind, table: t.layout.Name, column: q.Measure.column,
		groups: make([]uint32, t.size), codes: make([]uint32, t.size),
		natureCodes: make([]uint32, t.size), numbers: make([]int64, t.size),
	}
	if a.col, err = t.measured(q.Measure); err != nil {
		return nil, err
	}
	if a.measure == distinct {
		a.values = newDistinctCount(len(t.views[a.col].text), maxSetWords)
	}
	if q.Nature != "" {
		if a.natureCol, err = t.layout.dim(q.Nature); err != nil {
			return nil, err
		}
		a.natures = t.views[a.natureCol]
		a.natureSize = (len(a.natures.text) + 63) / 64
	}
	return a, nil
}

// measured gives the position of the measure's column.
func (t *Table) measured(m Measure) (int, error) {
	switch m.kind {
	case sum:
		return t.layout.int(m.column)
	case distinct:
		return t.layout.dim(m.column)
	default:
		return 0, nil
	}
}

// grow makes room for the groups found so far: a date's groups are found on the way.
func (a *aggregation) grow() {
	n := len(a.by.keys)
	if n <= len(a.sums) {
		return
	}
	a.sums = append(a.sums, make([]running, n-len(a.sums))...)
	a.seen = append(a.seen, make([]uint64, n*a.natureSize-len(a.seen))...)
	if a.values != nil {
		a.values.grow(n)
	}
}

// add takes the slots of one chunk in.
func (a *aggregation) add(c *chunk, slots []uint16) {
	groups := a.by.groups(c, slots, a.groups)
	a.grow()
	for _, g := range groups {
		a.sums[g].rows++
	}
	var natures []uint32
	if a.natures != nil {
		natures = gather(c.dims[a.natureCol], slots, a.natureCodes)
	}
	switch a.measure {
	case sum:
		values := gather(c.ints[a.col], slots, a.numbers)
		a.sum(values, groups)
		see(a, natures, groups, values, unknown)
	case distinct:
		codes := gather(c.dims[a.col], slots, a.codes)
		a.values.add(codes, groups)
		see(a, natures, groups, codes, 0)
	default:
		see(a, natures, groups, natures, missingNever)
	}
}

// gather gives the column's values at the slots: the column itself if they are all, else a copy in buf.
func gather[T int32 | int64 | uint32](col []T, slots []uint16, buf []T) []T {
	if len(slots) == len(col) {
		return col
	}
	buf = buf[:len(slots)]
	for k, s := range slots {
		buf[k] = col[s]
	}
	return buf
}

// sum adds the known values in 128 bits.
func (a *aggregation) sum(values []int64, groups []uint32) {
	groups = groups[:len(values)]
	for k, v := range values {
		if v == unknown {
			continue
		}
		r := &a.sums[groups[k]]
		lo, carry := bits.Add64(r.lo, uint64(v), 0)
		r.lo = lo
		r.hi += v>>63 + int64(carry)
		r.listed++
	}
}

// missingNever is no code of any dictionary.
const missingNever = ^uint32(0)

// see notes the natures of the rows whose measured value is not missing.
func see[T int64 | uint32](a *aggregation, natures, groups []uint32, values []T, missing T) {
	words := uint32(a.natureSize)
	groups, values = groups[:len(natures)], values[:len(natures)]
	for k, code := range natures {
		if values[k] == missing {
			continue
		}
		bit, at := uint64(1)<<(code%64), groups[k]*words+code/64
		if a.seen[at]&bit == 0 { // nearly always set already, and reading is cheaper than writing
			a.seen[at] |= bit
		}
	}
}

func (a *aggregation) result() (Result, error) {
	a.grow()
	var counts []int64
	var different int64
	if a.values != nil {
		counts, different = a.values.counts()
	}
	var all running
	natures := make([]uint64, a.natureSize)
	for g, r := range a.sums {
		all.add(r)
		for i, w := range a.natureBits(g) {
			natures[i] |= w
		}
	}
	res, err := Result{}, error(nil)
	if res.Total, err = a.cell("", all, different, natures); err != nil {
		return Result{}, err
	}
	for _, g := range a.by.sorted() {
		if a.sums[g].rows == 0 {
			continue
		}
		n := int64(0)
		if counts != nil {
			n = counts[g]
		}
		c, err := a.cell(a.by.keys[g], a.sums[g], n, a.natureBits(int(g)))
		if err != nil {
			return Result{}, err
		}
		res.Cells = append(res.Cells, c)
	}
	return res, nil
}

// add takes another group in.
func (r *running) add(other running) {
	r.rows += other.rows
	r.listed += other.listed
	lo, carry := bits.Add64(r.lo, other.lo, 0)
	r.lo = lo
	r.hi += other.hi + int64(carry)
}

// cell reads a group's state by the measure; different is its distinct count.
func (a *aggregation) cell(key string, r running, different int64, natures []uint64) (Cell, error) {
	c := Cell{Key: key, Rows: r.rows, Natures: a.natureTexts(natures)}
	switch a.measure {
	case sum:
		if r.hi != int64(r.lo)>>63 { // the upper half is more than the sign
			return Cell{}, fault.New(fault.Invalid, "panel.overflow", "panel", a.table, "column", a.column)
		}
		c.Value, c.Listed = int64(r.lo), r.listed
	case distinct:
		c.Value, c.Listed = different, int(different)
	default:
		c.Value, c.Listed = int64(r.rows), r.rows
	}
	return c, nil
}

func (a *aggregation) natureBits(g int) []uint64 {
	return a.seen[g*a.natureSize : (g+1)*a.natureSize]
}

// natureTexts names the codes whose bits are set.
func (a *aggregation) natureTexts(set []uint64) []string {
	if a.natures == nil {
		return nil
	}
	var out []string
	for _, code := range a.natures.sorted() {
		if set[code/64]>>(code%64)&1 == 1 {
			out = append(out, a.natures.text[code])
		}
	}
	return out
}
