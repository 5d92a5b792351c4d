package panel

import (
	"maps"
	"math/big"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// reference is the same table done plainly: a map of rows, read from end to end for every question. It shares no code
// with the columns; the property tests hold the two against each other.
type reference map[string]Row

func (ref reference) apply(upserts []Row, deletes []string) reference {
	next := maps.Clone(ref)
	for _, key := range deletes {
		delete(next, key)
	}
	for _, r := range upserts {
		next[r.Key] = r
	}
	return next
}

// selected are the rows for which test holds, by key.
func (ref reference) selected(test func(Row) bool) []Row {
	var out []Row
	for _, key := range slices.Sorted(maps.Keys(ref)) {
		if test(ref[key]) {
			out = append(out, ref[key])
		}
	}
	return out
}

// question is a Query in the reference's terms.
type question struct {
	query   Query
	group   func(Row) (string, bool) // nil: no groups
	measure measureKind
	col     int
}

// listed are the rows that a measure is made of, from rows by key, with their amounts.
func (q question) listed(rows []Row) []Item {
	var out []Item
	seen := map[string]bool{"": true}
	for _, r := range rows {
		switch q.measure {
		case count:
			out = append(out, Item{r, 1})
		case sum:
			if r.Ints[q.col].OK {
				out = append(out, Item{r, r.Ints[q.col].V})
			}
		case distinct:
			if text := r.Dims[q.col]; !seen[text] {
				seen[text] = true
				out = append(out, Item{r, 1})
			}
		}
	}
	return out
}

// cell adds up rows; false if the sum leaves int64.
func (q question) cell(key string, rows []Row) (Cell, bool) {
	total, items := new(big.Int), q.listed(rows)
	for _, it := range items {
		total.Add(total, big.NewInt(it.Amount))
	}
	natures := map[string]bool{}
	for _, r := range rows {
		known := q.measure == count || q.measure == sum && r.Ints[q.col].OK || q.measure == distinct && r.Dims[q.col] != ""
		if known && q.query.Nature != "" {
			natures[r.Dims[natureDim]] = true
		}
	}
	c := Cell{Key: key, Value: total.Int64(), Rows: len(rows), Listed: len(items), Natures: slices.Sorted(maps.Keys(natures))}
	return c, total.IsInt64()
}

// result answers the question; false if a sum leaves int64.
func (q question) result(rows []Row) (Result, map[string][]Row, bool) {
	total, ok := q.cell("", rows)
	res, groups := Result{Total: total}, map[string][]Row{}
	if q.group == nil {
		return res, groups, ok
	}
	for _, r := range rows {
		if key, in := q.group(r); in {
			groups[key] = append(groups[key], r)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		c, fits := q.cell(key, groups[key])
		ok = ok && fits
		res.Cells = append(res.Cells, c)
	}
	return res, groups, ok
}

// earliest and latest are the first and last day that a date may mean, by the calendar of kit/period.
func earliest(d period.Date) period.Date {
	year, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	return period.DateOf(year, max(month, 1), max(day, 1))
}

func latest(d period.Date) period.Date {
	year, month, day := int(d)/10000, int(d)/100%100, int(d)%100
	switch {
	case month == 0:
		return period.DateOf(year, 12, 31)
	case day == 0:
		return period.MonthOf(year, month).Last()
	default:
		return d
	}
}

// between is the precision rule said in days: every day that the date may mean lies in the months.
func between(d period.Date, from, to period.Month) bool {
	return d != 0 && earliest(d) >= from.First() && latest(d) <= to.Last()
}
