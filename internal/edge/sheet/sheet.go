package sheet

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Cell is one cell as the file holds it.
type Cell struct {
	Text    string // as written; numbers as typed (131.2), dates as ISO text (2024-06-30), truth values TRUE and FALSE
	Ref     string // "B17"; for CSV the column letter and the line
	Formula bool   // a formula computed Text, or is Text where nothing has computed it: not a statement of anybody
	Error   bool   // Text is an error value such as #REF!
}

// Row is one row of a table.
type Row struct {
	Number int    // line or row as the user sees it, from 1; for CSV the line where the record starts
	Cells  []Cell // one for each column of the header, in its order; a missing cell is empty
}

// Column is a column that the caller wants.
type Column struct {
	Key      string   // the caller's name for it
	Names    []string // what it may be called in a header; spaces, width of letters, case and a unit in brackets do not matter
	Required bool
}

// Place is where a wanted column was found.
type Place struct {
	Key   string // of the Column
	Index int    // of its cell in every row
	Name  string // the Column's name that matched, as in Column.Names
	Title string // the header as written
	Unit  string // the unit that the header states in brackets, in half-width letters; empty when it states none
}

// Options says what to look for and how much to accept. A zero limit means the default.
type Options struct {
	File  string // the file's name, for messages
	Sheet string // the sheet to read; empty: the first visible one with the wanted header
	// Encoding of a CSV file, one of the Encoding… constants; empty: found out. A byte order mark is stronger.
	Encoding string
	// DropCutEnd leaves out the last record of a CSV file that ends inside quotes, which is then a problem and no error: for a
	// file that was cut off on its way and of which the user wants what there is.
	DropCutEnd bool
	Columns    []Column // the columns wanted; empty: the first row that is not blank is the header, and nothing is matched

	MaxBytes    int64 // size of the file: 50 MiB
	MaxUnzipped int64 // size of a workbook's parts together when unpacked: 512 MiB
	MaxRows     int   // rows below the header that are not blank: 1,000,000
	MaxColumns  int   // 500
}

// The limits that hold where Options sets none.
const (
	DefaultMaxBytes    = 50 << 20
	DefaultMaxUnzipped = 512 << 20
	DefaultMaxRows     = 1_000_000
	DefaultMaxColumns  = 500
)

// maxRecord is the most text that one row, one cell or one XML token may hold; an unclosed quote would otherwise swallow the
// file into one cell. Excel itself allows 32,767 characters in a cell.
const maxRecord = opc.MaxRecord

func (o Options) withDefaults() Options {
	o.MaxBytes = orElse(o.MaxBytes, DefaultMaxBytes)
	o.MaxUnzipped = orElse(o.MaxUnzipped, DefaultMaxUnzipped)
	o.MaxRows = orElse(o.MaxRows, DefaultMaxRows)
	o.MaxColumns = orElse(o.MaxColumns, DefaultMaxColumns)
	if o.File == "" {
		o.File = "?"
	}
	return o
}

func orElse[T int | int64](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Table is a table whose header has been found and whose rows can be read, also more than once, as long as the file that it
// was made from stays open.
type Table struct {
	File      string
	Sheet     string   // empty for CSV
	Encoding  string   // of CSV, one of the Encoding… constants; worth telling the user when it is Windows-1252, which is a guess
	Header    []string // trimmed, otherwise as written; a column without a header is ""
	HeaderRow int
	Places    []Place  // the wanted columns that were found, in the header's order
	Ignored   []string // headers that nobody wanted
	Others    []string // further visible sheets with the wanted header, which are not read
	Hidden    []string // hidden sheets, which are not looked at unless named
	External  bool     // the workbook links to other workbooks; such cells are formulas

	source source
	limits Options
}

// source gives the rows of one table in order, from the first. It stops with the error that visit returns.
type source interface {
	each(ctx context.Context, visit func(rawRow) error) error
	// merges lists the merged ranges that the last complete each has seen.
	merges() []area
}

// rawRow is a row before its header is known.
type rawRow struct {
	number int
	cells  []Cell // up to the last cell that is not blank, at most Options.MaxColumns
	width  int    // number of the last column that is not blank, even beyond MaxColumns
}

// errStop ends a walk early; it never leaves the package.
var errStop = errors.New("stop")

// Read finds the table in a file of the given size: what kind of file it is, the sheet, the header row and the wanted
// columns. r must stay readable while the table is used.
// Errors are faults of kind Invalid with keys "sheet.…" that name the place and what to do; an error of r is Internal.
func Read(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Table, error) {
	o = o.withDefaults()
	if size > o.MaxBytes {
		return nil, fault.New(fault.Invalid, "sheet.too_large", "file", o.File, "size_mb", mb(size), "limit_mb", mb(o.MaxBytes))
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap("sheet.Read", err)
	}
	kind, err := detect(r, size, o.File)
	if err != nil {
		return nil, fault.Wrap("sheet.Read", err)
	}
	var t *Table
	switch kind {
	case kindXLSX:
		t, err = readWorkbook(ctx, r, size, o)
	case kindXLS:
		t, err = readOld(ctx, r, size, o)
	default:
		t, err = readCSV(ctx, r, size, o)
	}
	if err != nil {
		return nil, fault.Wrap("sheet.Read", err)
	}
	return t, nil
}

// mb is a size in MiB for a message, never 0 for something.
func mb(n int64) int64 { return (n + 1<<20 - 1) >> 20 }

// Label names the table for messages: "parks.csv", "parks.xlsx!园区".
func (t *Table) Label() string { return label(t.File, t.Sheet) }

func label(file, sheet string) string {
	if sheet == "" {
		return file
	}
	return file + "!" + sheet
}

// Rows reads the rows below the header, blank ones left out. What is wrong with single cells goes to problems (cells outside
// the header; merged cells, after the last row); the rows still come. The second value is an error that ends the reading:
// a damaged file, a limit, ctx. Every row is the caller's to keep.
func (t *Table) Rows(ctx context.Context, problems *Problems) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		count := 0
		err := t.source.each(ctx, func(raw rawRow) error {
			if raw.number <= t.HeaderRow || raw.width == 0 {
				return nil
			}
			if count++; count > t.limits.MaxRows {
				return fault.New(fault.Invalid, "sheet.too_many_rows", "file", t.Label(), "limit", t.limits.MaxRows)
			}
			if raw.width > t.limits.MaxColumns {
				return tooManyColumns(t.Label(), raw, t.limits)
			}
			if !yield(t.fit(raw, problems), nil) {
				return errStop
			}
			return nil
		})
		switch {
		case errors.Is(err, errStop):
		case err != nil:
			yield(Row{}, fault.Wrap("sheet.Rows", err))
		default:
			t.reportMerges(problems)
			t.reportCut(problems)
		}
	}
}

func tooManyColumns(label string, raw rawRow, o Options) error {
	return fault.New(fault.Invalid, "sheet.too_many_columns", "file", label, "row", raw.number,
		"columns", raw.width, "limit", o.MaxColumns)
}

// fit gives the row exactly the header's columns and reports what stands outside them.
func (t *Table) fit(raw rawRow, problems *Problems) Row {
	row := Row{Number: raw.number, Cells: raw.cells}
	for i, c := range raw.cells {
		if c.blank() {
			continue
		}
		if i >= len(t.Header) {
			problems.Add(t.problem(raw.number, "", c, "sheet.row_too_wide", "columns", len(t.Header), "cells", raw.width))
			break
		}
		if t.Header[i] == "" {
			problems.Add(t.problem(raw.number, "", c, "sheet.no_header_above"))
		}
	}
	if len(row.Cells) > len(t.Header) {
		row.Cells = row.Cells[:len(t.Header)]
	}
	for i := len(row.Cells); i < len(t.Header); i++ {
		row.Cells = append(row.Cells, Cell{Ref: ref(i, raw.number)})
	}
	return row
}

// reportMerges reports the merged ranges that touch the header or the rows below it: all but their first cell read as
// empty although the page shows a value there. Merged titles above the header harm nobody.
func (t *Table) reportMerges(problems *Problems) {
	for _, a := range t.source.merges() {
		if a.lastRow < t.HeaderRow || a.firstCol >= len(t.Header) {
			continue
		}
		cell := Cell{Ref: ref(a.firstCol, a.firstRow)}
		problems.Add(t.problem(a.firstRow, t.Header[a.firstCol], cell, "sheet.merged", "range", a.String()))
	}
}

// reportCut reports a last record that was left out.
func (t *Table) reportCut(problems *Problems) {
	if s, ok := t.source.(*csvSource); ok && s.cut > 0 {
		problems.Add(t.problem(s.cut, "", Cell{Ref: ref(0, s.cut)}, "sheet.cut_end", "line", s.cut))
	}
}

// problem makes a Problem of this table with the arguments that every message may use.
func (t *Table) problem(row int, column string, c Cell, key string, kv ...any) Problem {
	args := map[string]any{"file": t.Label(), "row": row, "column": column, "cell": c.Ref, "text": clip(c.Text)}
	for i := 0; i+1 < len(kv); i += 2 {
		args[kv[i].(string)] = kv[i+1]
	}
	return Problem{Sheet: t.Sheet, Row: row, Column: column, Cell: c.Ref, Text: clip(c.Text), Key: key, Args: args}
}

// At gives the place of a wanted column by its key.
func (t *Table) At(key string) (Place, bool) {
	i := slices.IndexFunc(t.Places, func(p Place) bool { return p.Key == key })
	if i < 0 {
		return Place{}, false
	}
	return t.Places[i], true
}

func (c Cell) blank() bool { return strings.TrimSpace(c.Text) == "" && !c.Formula }

// errorValues are what a spreadsheet shows where a formula failed; exported to CSV they are plain text.
// Source: ECMA-376-1, 18.17.3 (error values), and the later #SPILL! and #CALC!.
var errorValues = []string{"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}

func isErrorValue(s string) bool {
	return strings.HasPrefix(s, "#") && slices.Contains(errorValues, strings.TrimSpace(s))
}

// ref writes a cell's place from a column index (from 0) and a row number (from 1): ref(1, 17) is "B17".
func ref(col, row int) string { return columnName(col) + strconv.Itoa(row) }

var columnNames = func() [DefaultMaxColumns]string {
	var names [DefaultMaxColumns]string
	for i := range names {
		names[i] = letters(i)
	}
	return names
}()

func columnName(col int) string {
	if col < len(columnNames) {
		return columnNames[col]
	}
	return letters(col)
}

func letters(col int) string {
	var b []byte
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}
