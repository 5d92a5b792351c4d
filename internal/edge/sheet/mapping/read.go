package mapping

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

var errTooLong = errors.New("longer than a mapping can be")

// Record is a row of the table.
type Record struct {
	Row   int
	Items []Item // one for each column of the mapping with a field, in the mapping's order
}

// Item is what a record holds for one field.
type Item struct {
	Field string
	Cell  sheet.Cell // where it stands; Formula says that a formula made it
	Value value.Value
	Bad   bool // it cannot be read: Value is blank, and the report says why
	From  int  // row above from which it was carried down; 0: its own
}

// Report collects what happened while a table was read. The zero value is ready to use.
type Report struct {
	Rows     int // records given
	Moved    int // how many rows further down the header stands than the mapping says; negative: further up
	Problems sheet.Problems
	Skipped  []Skip // at most sheet.MaxProblems
	More     int    // skipped rows beyond Skipped
}

// Skip is a row that was left out.
type Skip struct {
	Row  int    `json:"row"`
	Why  Why    `json:"why"`
	Text string `json:"text"` // its first cell that is not blank
}

// Why names why a row was left out.
type Why string

// The reasons to leave out a row.
const (
	Header Why = "header" // the header repeated in the middle, or the title above it
	Total  Why = "total"  // 合计, 小计
	Note   Why = "note"   // a remark below the table
	Empty  Why = "empty"  // nothing in the columns that are read
)

func (r *Report) skip(row sheet.Row, why Why) {
	if len(r.Skipped) >= sheet.MaxProblems {
		r.More++
		return
	}
	r.Skipped = append(r.Skipped, Skip{row.Number, why, shorten(clean(first(row).Text))})
}

// first is the row's first cell that is not blank.
func first(row sheet.Row) sheet.Cell {
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return c
		}
	}
	return sheet.Cell{}
}

// Matches says whether a mapping is that of a layout: the headers are the same but for digits.
func (m Mapping) Matches(l Layout) bool { return m.Fingerprint != "" && m.Fingerprint == l.Print }

// Read reads the table by the mapping. Rows that are no records are left out and reported; cells that cannot be read are
// problems, and their records come all the same. The header is looked for where the mapping says, and, if it has moved up or
// down, by its fingerprint. The second value is an error that ends the reading: kind Invalid with key "mapping.changed" when the
// header is another one, or an error of the file.
func (m Mapping) Read(ctx context.Context, f *sheet.File, report *Report) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		r, err := m.reader(ctx, f, report)
		if err != nil {
			yield(Record{}, fault.Wrap("mapping.Read", err))
			return
		}
		for row, err := range f.Rows(ctx, r.sheet) {
			if err != nil {
				yield(Record{}, fault.Wrap("mapping.Read", err))
				return
			}
			if row.Number <= r.last {
				continue
			}
			if why := r.skips(row); why != "" {
				report.skip(row, why)
				continue
			}
			report.Rows++
			if !yield(r.record(row), nil) {
				return
			}
		}
		if line := f.CutEnd(); line > 0 {
			report.Problems.Add(sheet.Problem{Sheet: r.sheet, Row: line, Cell: sheet.Ref(0, line), Key: "sheet.cut_end",
				Args: map[string]any{"file": f.Name, "line": line}})
		}
	}
}

// reader is the state of one reading.
type reader struct {
	m       Mapping
	file    *sheet.File
	report  *Report
	sheet   string
	last    int // of the header's rows
	columns []column
	headers []map[int]string // masked titles of the header's rows, by column
	above   map[string]bool  // what stands above the header
}

type column struct {
	ColumnMap
	index  int
	values *value.Reader
	cell   sheet.Cell // last one that was not blank, to carry down
	row    int
}

func (m Mapping) reader(ctx context.Context, f *sheet.File, report *Report) (*reader, error) {
	r := &reader{m: m, file: f, report: report, above: map[string]bool{}}
	for _, c := range m.Columns {
		i, ok := sheet.ColumnIndex(c.Column)
		if !ok {
			return nil, fault.New(fault.Invalid, "mapping.column", "column", c.Column)
		}
		if c.Field != "" {
			r.columns = append(r.columns, column{ColumnMap: c, index: i, values: value.New(m.spec(c, f))})
		}
	}
	var err error
	if r.sheet, err = m.findSheet(f); err != nil {
		return nil, err
	}
	p, err := begin(ctx, f, r.sheet) // without merged ranges: reading to the end of a large sheet takes long
	if err != nil {
		return nil, err
	}
	return r, r.locate(ctx, p)
}

// findSheet is the mapping's sheet; a file with one visible sheet has its table there, whatever its name.
func (m Mapping) findSheet(f *sheet.File) (string, error) {
	var visible []string
	for _, s := range f.Sheets {
		if s.Name == m.Sheet {
			return s.Name, nil
		}
		if !s.Hidden {
			visible = append(visible, s.Name)
		}
	}
	if len(visible) == 1 {
		return visible[0], nil
	}
	return "", fault.New(fault.Invalid, "sheet.no_such_sheet", "file", f.Name, "sheet", m.Sheet, "sheets", strings.Join(visible, ", "))
}

// locate finds the header: the rows with the mapping's fingerprint, from where the mapping says outwards; else those where the
// mapping says, if the columns that are read have their titles.
func (r *reader) locate(ctx context.Context, p *sample) error {
	height := r.m.Last - r.m.First
	best := -1
	for i := range p.rows {
		if j := p.within(i, p.rows[i].Number+height); r.m.Fingerprint != "" && fingerprint(p.rows[i:j+1]) == r.m.Fingerprint {
			if best < 0 || distance(p.rows[i].Number, r.m.First) < distance(p.rows[best].Number, r.m.First) {
				best = i
			}
		}
	}
	if best < 0 {
		best = slices.IndexFunc(p.rows, func(row line) bool { return row.Number >= r.m.First })
		if best < 0 || p.rows[best].Number > r.m.Last {
			return fault.New(fault.Invalid, "mapping.changed", "file", r.file.Name, "sheet", r.sheet, "row", r.m.First, "missing", r.titles())
		}
		var err error
		if p.merges, err = r.file.Merges(ctx, r.sheet); err != nil {
			return err
		}
		if err := r.compare(p.layout(best, p.within(best, r.m.Last))); err != nil {
			return err
		}
		r.setHeader(p, best, r.m.Last)
		return nil
	}
	r.report.Moved = p.rows[best].Number - r.m.First
	r.setHeader(p, best, p.rows[best].Number+height)
	return nil
}

func distance(a, b int) int { return max(a-b, b-a) }

// within is the index of the last row up to a number, from row i on.
func (p *sample) within(i, last int) int {
	j := i
	for j+1 < len(p.rows) && p.rows[j+1].Number <= last {
		j++
	}
	return j
}

func (r *reader) titles() string {
	var out []string
	for _, c := range r.columns {
		out = append(out, c.Title)
	}
	return strings.Join(out, ", ")
}

// compare checks that the columns that are read have the titles that the mapping was made for.
func (r *reader) compare(l Layout) error {
	var missing []string
	for _, c := range r.columns {
		if !slices.ContainsFunc(l.Column, func(have Column) bool { return have.Index == c.index && masked(have.Title) == masked(c.Title) }) {
			missing = append(missing, c.Column+" "+c.Title)
		}
	}
	if len(missing) > 0 {
		return fault.New(fault.Invalid, "mapping.changed", "file", r.file.Name, "sheet", r.sheet, "row", l.First, "missing", strings.Join(missing, ", "))
	}
	return nil
}

func (r *reader) setHeader(p *sample, i, last int) {
	r.last = last
	for _, row := range p.rows[:i] {
		if len(row.Cells) > 0 {
			r.above[masked(first(row.Row).Text)] = true
		}
	}
	for ; i < len(p.rows) && p.rows[i].Number <= last; i++ {
		titles := map[int]string{}
		for c, cell := range p.rows[i].Cells {
			if t := masked(cell.Text); t != "" {
				titles[c] = t
			}
		}
		r.headers = append(r.headers, titles)
	}
}

var totals = []string{"合计", "小计", "总计", "共计", "总合计", "合计:", "小计:", "total", "subtotal", "grandtotal", "sum", "總計", "合計", "小計"}

var noteHeads = []string{"注", "备注", "说明", "填表", "审核", "制表", "单位负责人", "数据来源", "资料来源", "来源", "note", "source", "*", "※"}

// skips says why a row is no record; empty when it is one.
func (r *reader) skips(row sheet.Row) Why {
	if r.repeats(row) {
		return Header
	}
	filled, lead := 0, first(row)
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) != "" {
			filled++
		}
	}
	if !r.m.Totals && len(lead.Text) <= 20 && slices.Contains(totals, sheet.Normalize(lead.Text)) {
		return Total
	}
	if filled <= 1 && !lead.Formula {
		text := sheet.Normalize(lead.Text)
		if slices.ContainsFunc(noteHeads, func(head string) bool { return strings.HasPrefix(text, head) }) {
			return Note
		}
	}
	if !slices.ContainsFunc(r.columns, func(c column) bool {
		return c.index < len(row.Cells) && (strings.TrimSpace(row.Cells[c.index].Text) != "" || row.Cells[c.index].Formula)
	}) {
		return Empty
	}
	return ""
}

// repeats says that a row is a row of the header once more, or the title above it.
func (r *reader) repeats(row sheet.Row) bool {
	lead := first(row)
	if len(lead.Text) == 0 {
		return false
	}
	for _, titles := range r.headers {
		same, other := 0, 0
		for c, cell := range row.Cells {
			if blankText(cell.Text) {
				continue
			}
			if t, ok := titles[c]; ok && len(cell.Text) >= len(t) && len(cell.Text) <= 3*len(t)+8 && masked(cell.Text) == t {
				same++
			} else if other++; other > 2 && same == 0 {
				break // as in almost every row
			}
		}
		if same > 0 && same*10 >= (same+other)*6 && (same > 1 || len(titles) == 1 && other == 0) {
			return true
		}
	}
	alone := !slices.ContainsFunc(row.Cells, func(c sheet.Cell) bool { return c.Ref != lead.Ref && !blankText(c.Text) })
	return alone && r.above[masked(lead.Text)]
}

func blankText(s string) bool { return strings.TrimSpace(s) == "" }

// record reads the cells of a row.
func (r *reader) record(row sheet.Row) Record {
	out := Record{Row: row.Number, Items: make([]Item, len(r.columns))}
	for i := range r.columns {
		c := &r.columns[i]
		item := &out.Items[i]
		item.Field = c.Field
		if c.index < len(row.Cells) {
			item.Cell = row.Cells[c.index]
		} else {
			item.Cell.Ref = sheet.Ref(c.index, row.Number)
		}
		if c.Down {
			c.carry(item, row.Number)
		}
		if item.Cell.Error {
			item.Bad = true
			r.problem(row.Number, c, item.Cell, "sheet.error_value", nil)
			continue
		}
		v, err := c.values.Read(item.Cell.Text)
		if err != nil {
			item.Bad = true
			f, _ := fault.Of(err)
			r.problem(row.Number, c, item.Cell, f.Key, f.Args)
			continue
		}
		item.Value = v
	}
	return out
}

// carry takes the cell above for an open one.
func (c *column) carry(item *Item, row int) {
	if !blankText(item.Cell.Text) || item.Cell.Formula {
		c.cell, c.row = item.Cell, row
		return
	}
	if c.row > 0 {
		own := item.Cell.Ref
		item.Cell, item.From = c.cell, c.row
		item.Cell.Ref = own
	}
}

func (r *reader) problem(row int, c *column, cell sheet.Cell, key string, args map[string]any) {
	label := r.file.Name
	if r.sheet != "" {
		label += "!" + r.sheet
	}
	all := map[string]any{"file": label, "row": row, "column": c.Title, "cell": cell.Ref, "text": shorten(cell.Text)}
	for k, v := range args {
		all[k] = v
	}
	r.report.Problems.Add(sheet.Problem{Sheet: r.sheet, Row: row, Column: c.Title, Cell: cell.Ref, Text: shorten(cell.Text), Key: key, Args: all})
}
