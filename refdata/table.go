package refdata

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Cell is one value as the source states it, with the unit of its column or row.
type Cell struct {
	Text string // "131.2"
	Unit string // "亩"; empty where the value has none
}

// Canonical is the value in the canonical unit of its Unit (kit/unit): m², fen, ppm, ones. ok is false for an unknown
// value, which is never 0, and for one without a unit.
func (c Cell) Canonical() (value int64, ok bool) {
	u, err := unit.Of(c.Unit)
	if err != nil {
		return 0, false
	}
	value, err = u.Parse(c.Text)
	return value, err == nil
}

// table is a CSV file whose heading names its columns as "key" or "key(unit)".
type table struct {
	file  string
	keys  []string
	units []string
	rows  [][]string
	errs  []error
}

// readTable reads a table whose columns are exactly the given ones, in that order. Errors name the file.
func readTable(fsys fs.FS, file string, columns ...string) (*table, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, fmt.Errorf("refdata: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	rows, err := r.ReadAll() // refuses a row of another length than the heading
	if err != nil {
		return nil, fmt.Errorf("refdata: %s: %w", file, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], columns) {
		return nil, fmt.Errorf("refdata: %s: the heading must be %s", file, strings.Join(columns, ","))
	}
	t := &table{file: file, rows: rows[1:]}
	for _, c := range columns {
		key, u, _ := strings.Cut(strings.TrimSuffix(c, ")"), "(")
		t.keys, t.units = append(t.keys, key), append(t.units, u)
	}
	return t, nil
}

// fail notes an error of row i (0 is the first one below the heading) in a column.
func (t *table) fail(i int, column, format string, args ...any) {
	t.errs = append(t.errs, fmt.Errorf("refdata: %s row %d, column %s: %s", t.file, i+2, column, fmt.Sprintf(format, args...)))
}

func (t *table) err() error { return errors.Join(t.errs...) }

// text is the cell of a row; it must not be blank or carry blanks around it.
func (t *table) text(i int, key string) string {
	s := t.optional(i, key)
	if s == "" {
		t.fail(i, key, "must not be empty")
	}
	return s
}

func (t *table) optional(i int, key string) string {
	s := t.rows[i][slices.Index(t.keys, key)]
	if s != strings.TrimSpace(s) {
		t.fail(i, key, "%q has blanks around it", s)
	}
	return s
}

// cell is a measured value; an empty one is unknown and gives the zero Cell.
func (t *table) cell(i int, key string) Cell {
	c := Cell{Text: t.optional(i, key), Unit: t.units[slices.Index(t.keys, key)]}
	if c.Text == "" {
		return Cell{}
	}
	if v, ok := c.Canonical(); !ok || v < 0 {
		t.fail(i, key, "%q is not a number of %s", c.Text, c.Unit)
	}
	return c
}

func (t *table) date(i int, key string) period.Date {
	d, err := period.ParseDate(t.optional(i, key))
	if err != nil {
		t.fail(i, key, "%v", err)
	}
	return d
}

// oneOf is a word out of a closed list.
func (t *table) oneOf(i int, key string, words ...string) string {
	s := t.optional(i, key)
	if !slices.Contains(words, s) {
		t.fail(i, key, "%q is none of %q", s, words)
	}
	return s
}

// unique fails on the second row with the same values.
func (t *table) unique(i int, seen map[string]int, key string, values ...string) {
	k := strings.Join(values, "\x00")
	if first, ok := seen[k]; ok {
		t.fail(i, key, "repeats row %d", first+2)
	}
	seen[k] = i
}
