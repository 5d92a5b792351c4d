package indicator

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Thaw makes a view of what Freeze wrote: the closed month is its clock and its horizon, whatever is known later. It has no
// sequence and is not caught up with anything. Previous values of a change need a year that is not frozen.
//
// Error kind Invalid, key "vintage.bad_inputs" (arguments line and why) for any other text.
func Thaw(r io.Reader) (*View, error) {
	t := &thawer{in: bufio.NewScanner(r), view: &View{
		tables: map[string]*panel.Table{}, facts: map[string]tableFacts{}, places: map[string]int{}, paths: map[string]string{},
		parks: map[string]string{}, firms: map[enterprise.ID]*firm{}, months: map[period.Month]bool{},
	}}
	t.in.Buffer(make([]byte, 1<<16), maxFrozenLine)
	if err := t.everything(); err != nil {
		return nil, fault.Because(err, fault.Invalid, "vintage.bad_inputs", "line", t.at, "why", err.Error())
	}
	return t.view, nil
}

// maxFrozenLine bounds a line: a key has at most 32 KiB, the texts of a row far less.
const maxFrozenLine = 1 << 20

type thawer struct {
	in    *bufio.Scanner
	at    int // line
	view  *View
	clock period.Month
	cells []string
}

func (t *thawer) everything() error {
	if err := t.next(); err != nil {
		return err
	}
	if len(t.cells) != 1 || t.cells[0] != frozenHeader {
		return fmt.Errorf("the first line is not %q", frozenHeader)
	}
	if err := t.section(sectionCity, cityColumns, t.city); err != nil {
		return err
	}
	if err := t.section(sectionOrgs, orgColumns, t.org); err != nil {
		return err
	}
	if err := t.section(sectionParks, nameColumns, func(c []string) error { t.view.parks[c[0]] = c[1]; return nil }); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if err := t.table(name); err != nil {
			return err
		}
	}
	if t.in.Scan() {
		t.at++
		return fmt.Errorf("there is more than the tables")
	}
	if err := t.in.Err(); err != nil {
		return err
	}
	if err := t.view.finish(t.clock, slices.Collect(maps.Keys(t.view.tables))); err != nil {
		return err
	}
	t.view.Horizon = t.clock // the month is over: what it does not say did not happen
	return nil
}

// next reads a line into cells.
func (t *thawer) next() error {
	if !t.in.Scan() {
		if err := t.in.Err(); err != nil {
			return err
		}
		return io.ErrUnexpectedEOF
	}
	t.at++
	line := t.in.Text()
	t.cells = t.cells[:0]
	for cell := range strings.SplitSeq(line, "\t") {
		if strings.IndexByte(cell, '\\') >= 0 {
			cell = show.Replace(cell)
		}
		t.cells = append(t.cells, cell)
	}
	return nil
}

var show = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")

// section reads a section whose columns are known.
func (t *thawer) section(name string, columns []string, row func(cells []string) error) error {
	have, rows, err := t.head(name)
	if err != nil {
		return err
	}
	if !slices.Equal(have, columns) {
		return fmt.Errorf("section %s has other columns", name)
	}
	return t.rows(rows, len(columns), row)
}

func (t *thawer) head(name string) (columns []string, rows int, err error) {
	if err := t.next(); err != nil {
		return nil, 0, err
	}
	if len(t.cells) < 3 || t.cells[0] != sectionMark+name {
		return nil, 0, fmt.Errorf("section %s does not begin here", name)
	}
	rows, err = strconv.Atoi(t.cells[1])
	if err != nil || rows < 0 {
		return nil, 0, fmt.Errorf("section %s does not say how many rows it has", name)
	}
	return slices.Clone(t.cells[2:]), rows, nil
}

func (t *thawer) rows(n, columns int, row func(cells []string) error) error {
	for range n {
		if err := t.next(); err != nil {
			return err
		}
		if len(t.cells) != columns {
			return fmt.Errorf("%d cells, not %d", len(t.cells), columns)
		}
		if err := row(t.cells); err != nil {
			return err
		}
	}
	return nil
}

func (t *thawer) city(c []string) error {
	p, err := period.Parse(c[1])
	if err != nil || p.Kind() != period.KindMonth || t.clock != 0 {
		return fmt.Errorf("%q is not the one month", c[1])
	}
	t.view.city, t.clock = c[0], p.First()
	return nil
}

func (t *thawer) org(c []string) error {
	sort, err := strconv.ParseInt(c[7], 10, 64)
	if err != nil {
		return err
	}
	v := t.view
	v.places[c[0]], v.paths[c[0]] = len(v.orgs), c[6]
	v.orgs = append(v.orgs, org.Org{City: v.city, ID: org.ID(c[0]), Parent: org.ID(c[1]), Kind: org.Kind(c[2]), NameZH: c[3], NameEN: c[4],
		Division: c[5], Path: c[6], Sort: sort})
	return nil
}

// table reads a table. A column that was not there when the text was written is unknown in every row; one that is no
// longer there refuses the text.
func (t *thawer) table(name string) error {
	columns, rows, err := t.head(tableSections + name)
	if err != nil {
		return err
	}
	p, err := newPlacing(schemas[name], columns)
	if err != nil {
		return err
	}
	b, err := panel.NewBuilder(schemas[name])
	if err != nil {
		return err
	}
	err = t.rows(rows, len(columns), func(cells []string) error {
		if err := p.place(cells); err != nil {
			return err
		}
		if name == tableFiling {
			t.returned(p.row.Dates[0].Month())
		}
		return b.Add(p.row)
	})
	if err != nil {
		return err
	}
	t.view.tables[name], err = b.Build()
	return err
}

func (t *thawer) returned(m period.Month) {
	if m != 0 {
		t.view.months[m], t.view.First = true, earlier(t.view.First, m)
	}
}

// placing puts the cells of a line into a row, which is used again for the next.
type placing struct {
	dims, ints, dates []int // column of the line; -1 for one that is not there
	row               panel.Row
}

func newPlacing(s panel.Schema, columns []string) (*placing, error) {
	if columns[0] != keyColumn {
		return nil, fmt.Errorf("table %s has no key", s.Name)
	}
	known := 1
	find := func(names []string) []int {
		at := make([]int, len(names))
		for i, name := range names {
			if at[i] = slices.Index(columns, name); at[i] > 0 {
				known++
			}
		}
		return at
	}
	p := &placing{dims: find(s.Dims), ints: find(s.Ints), dates: find(s.Dates)}
	if known != len(columns) {
		return nil, fmt.Errorf("table %s has columns that this program does not know", s.Name)
	}
	p.row = panel.Row{Dims: make([]string, len(s.Dims)), Ints: make([]panel.Int, len(s.Ints)), Dates: make([]period.Date, len(s.Dates))}
	return p, nil
}

func (p *placing) place(cells []string) (err error) {
	p.row.Key = cells[0]
	for i, at := range p.dims {
		if at > 0 {
			p.row.Dims[i] = cells[at]
		}
	}
	for i, at := range p.ints {
		p.row.Ints[i] = panel.Int{}
		if at <= 0 || cells[at] == "" {
			continue
		}
		v, err := strconv.ParseInt(cells[at], 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no whole number", cells[at])
		}
		p.row.Ints[i] = panel.Some(v)
	}
	for i, at := range p.dates {
		p.row.Dates[i] = 0
		if at <= 0 || cells[at] == "" {
			continue
		}
		if p.row.Dates[i], err = frozenDay(cells[at]); err != nil {
			return err
		}
	}
	return nil
}

// frozenDay reads what period.Date writes; whether the calendar has the day is asked where the row is added.
func frozenDay(s string) (period.Date, error) {
	parts := [3]int{}
	ok := len(s) == 4 || len(s) == 7 && s[4] == '-' || len(s) == 10 && s[4] == '-' && s[7] == '-'
	for i, at := 0, 0; ok && at < len(s); at++ {
		switch c := s[at]; {
		case at == 4 || at == 7:
			i++
		case c < '0' || c > '9':
			ok = false
		default:
			parts[i] = parts[i]*10 + int(c-'0')
		}
	}
	d := period.DateOf(parts[0], parts[1], parts[2])
	if !ok || d == 0 {
		return 0, fmt.Errorf("%q is no day", s)
	}
	return d, nil
}
