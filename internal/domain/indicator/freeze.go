package indicator

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The form of a frozen ledger: lines of cells between tabs. "@" begins a section: its name, how many rows follow, the names
// of its columns. A table's rows stand by key in byte order and the orgs in the office's order; numbers are whole, days are
// ISO as far as stated, and an empty cell is unknown. A backslash hides a tab, a line end or a backslash.
const (
	frozenHeader  = "parkbrain ledger 1"
	sectionMark   = "@"
	sectionCity   = "city"
	sectionOrgs   = "org"
	sectionParks  = "park_name"
	tableSections = "table "
	keyColumn     = "key"
)

var (
	cityColumns = []string{"city", "month"}
	orgColumns  = []string{"id", "parent", "kind", "name_zh", "name_en", "division", "path", "sort"}
	nameColumns = []string{"id", "name"}
)

// Freeze writes what the definitions of b need to read a month and its year as they stand in v, in one canonical text: the
// same ledger gives the same bytes on every server, and Thaw reads them again.
//
// What a reading of the month cannot see is left out: days after the month become unknown, rows that count only by a day
// and have none up to the month are not there, and returns go back to January of the year before. So neither what is
// recorded of later months nor the time at which it is asked changes the text.
func (b *Book) Freeze(v *View, m period.Month, w io.Writer) error {
	f := &freezer{book: b, view: v, month: m, out: bufio.NewWriterSize(w, 1<<16)}
	if _, err := f.out.WriteString(frozenHeader + "\n"); err != nil {
		return fault.Wrap("indicator.Freeze", err)
	}
	f.section(sectionCity, 1, cityColumns)
	f.line(v.city, m.String())
	f.places()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if err := f.table(name); err != nil {
			return fault.Wrap("indicator.Freeze", err)
		}
	}
	return fault.Wrap("indicator.Freeze", f.out.Flush())
}

// freezer writes one ledger. Errors of writing are kept by out and come with its Flush.
type freezer struct {
	book  *Book
	view  *View
	month period.Month
	out   *bufio.Writer
	buf   []byte
}

func (f *freezer) section(name string, rows int, columns []string) {
	f.line(append([]string{sectionMark + name, strconv.Itoa(rows)}, columns...)...)
}

func (f *freezer) line(cells ...string) {
	f.buf = f.buf[:0]
	for i, c := range cells {
		if i > 0 {
			f.buf = append(f.buf, '\t')
		}
		f.buf = appendCell(f.buf, c)
	}
	f.buf = append(f.buf, '\n')
	_, _ = f.out.Write(f.buf)
}

func (f *freezer) places() {
	f.section(sectionOrgs, len(f.view.orgs), orgColumns)
	for _, o := range f.view.orgs {
		f.line(string(o.ID), string(o.Parent), string(o.Kind), o.NameZH, o.NameEN, o.Division, o.Path, strconv.FormatInt(o.Sort, 10))
	}
	f.section(sectionParks, len(f.view.parks), nameColumns)
	for _, id := range slices.Sorted(maps.Keys(f.view.parks)) {
		f.line(id, f.view.parks[id])
	}
}

func (f *freezer) table(name string) error {
	s := schemas[name]
	sel, err := f.view.tables[name].Select(f.kept(name))
	if err != nil {
		return err
	}
	f.section(tableSections+name, sel.Len(), slices.Concat([]string{keyColumn}, s.Dims, s.Ints, s.Dates))
	for at := (panel.Page{Limit: panel.MaxLimit}); ; {
		list, err := sel.Rows(panel.Count(), at)
		if err != nil {
			return err
		}
		for i := range list.Items {
			f.row(&list.Items[i].Row)
		}
		if list.Next == "" {
			return nil
		}
		at.After = list.Next
	}
}

// row writes one row. A return's key says enterprise and month, and half of all cells say them again: they stay, because
// the text is read without knowing that, and compression takes them away.
func (f *freezer) row(r *panel.Row) {
	f.buf = appendCell(f.buf[:0], r.Key)
	for _, d := range r.Dims {
		f.buf = appendCell(append(f.buf, '\t'), d)
	}
	for _, n := range r.Ints {
		f.buf = append(f.buf, '\t')
		if n.OK {
			f.buf = strconv.AppendInt(f.buf, n.V, 10)
		}
	}
	for _, d := range r.Dates {
		f.buf = append(f.buf, '\t')
		if d != 0 && certain(d) <= f.month {
			f.buf = append(f.buf, d.String()...)
		}
	}
	f.buf = append(f.buf, '\n')
	_, _ = f.out.Write(f.buf)
}

// kept chooses the rows of a table that some definition could count.
func (f *freezer) kept(table string) panel.Filter {
	dated, within := f.book.dated(table)
	dates := schemas[table].Dates
	if table == tableFiling && within {
		return panel.Filter{panel.DateBetween(dates[0], period.MonthOf(f.month.Year()-1, 1), f.month)}
	}
	if !dated {
		return nil
	}
	any := make([]panel.Filter, len(dates))
	for i, d := range dates {
		any[i] = panel.Filter{panel.DateUntil(d, f.month)}
	}
	return panel.Filter{panel.Any(any...)}
}

// dated says whether every definition over a table asks for a day up to some month, and whether every one asks for a day
// within its period.
func (b *Book) dated(table string) (dated, within bool) {
	dated, within = true, true
	for _, d := range b.all {
		if d.Over != table {
			continue
		}
		in := slices.ContainsFunc(d.Where, func(c Condition) bool { return c.In != "" })
		until := slices.ContainsFunc(d.Where, func(c Condition) bool { return c.Until != "" })
		dated, within = dated && (in || until), within && in
	}
	return dated, within
}

// AsOf is the view as a closed month sees it: nothing after the month is read. What is frozen of v for the month reads the
// same.
func (v *View) AsOf(m period.Month) *View {
	n := *v
	n.clock, n.Horizon = m, m
	return &n
}

func appendCell(b []byte, s string) []byte {
	if !strings.ContainsAny(s, "\t\n\r\\") {
		return append(b, s...)
	}
	return append(b, hide.Replace(s)...)
}

var hide = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")
