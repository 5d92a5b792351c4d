package sheet

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// File is a file whose kind and sheets are known and of which nothing is taken for a header: what an import starts from when
// it does not know the office's form. Its rows can be read more than once, as long as the file that it was made from stays
// open. It is not for several goroutines at a time.
type File struct {
	Name     string
	Kind     string // "xlsx", "xls" or "csv"
	Encoding string // of CSV, one of the Encoding… constants
	Sheets   []SheetInfo
	External bool // the workbook links to other workbooks
	Date1904 bool // day numbers without a date's format count from 1904

	sheets []candidate
	limits Options
}

// SheetInfo is a sheet of a File. CSV has one without a name.
type SheetInfo struct {
	Name   string
	Hidden bool
}

// Range is a range of cells: columns from 0, rows from 1, the last ones included.
type Range struct{ FirstCol, FirstRow, LastCol, LastRow int }

// Open finds out what kind of file it is and which sheets it has. Of o the file's name, the encoding and the limits count.
// Errors: as Read, but for those of headers.
func Open(ctx context.Context, r io.ReaderAt, size int64, o Options) (*File, error) {
	o = o.withDefaults()
	o.Columns = nil
	if size > o.MaxBytes {
		return nil, fault.New(fault.Invalid, "sheet.too_large", "file", o.File, "size_mb", mb(size), "limit_mb", mb(o.MaxBytes))
	}
	kind, err := detect(r, size, o.File)
	if err != nil {
		return nil, fault.Wrap("sheet.Open", err)
	}
	f := &File{Name: o.File, limits: o}
	switch kind {
	case kindXLSX:
		err = f.openNew(ctx, r, size)
	case kindXLS:
		err = f.openOldFile(r, size)
	default:
		err = f.openCSV(ctx, r, size)
	}
	if err != nil {
		return nil, fault.Wrap("sheet.Open", err)
	}
	for _, c := range f.sheets {
		f.Sheets = append(f.Sheets, SheetInfo{c.name, c.hidden})
	}
	return f, nil
}

func (f *File) openNew(ctx context.Context, r io.ReaderAt, size int64) error {
	a, err := opc.Open(r, size, opc.Limits{File: f.Name, Unzipped: f.limits.MaxUnzipped})
	if err != nil {
		return err
	}
	w := &workbook{Package: a, o: f.limits}
	if err := w.load(ctx); err != nil {
		return err
	}
	f.Kind, f.sheets, f.External, f.Date1904 = "xlsx", w.candidates(), a.Has("xl/externallinks/"), w.date1904
	return nil
}

func (f *File) openOldFile(r io.ReaderAt, size int64) (err error) {
	f.Kind = "xls"
	f.sheets, err = openOld(r, size, f.limits)
	if len(f.sheets) > 0 {
		f.Date1904 = f.sheets[0].source.(*oldSource).book.Date1904
	}
	return err
}

func (f *File) openCSV(ctx context.Context, r io.ReaderAt, size int64) error {
	if size == 0 {
		return fault.New(fault.Invalid, "sheet.empty", "file", f.Name)
	}
	t, err := openText(ctx, r, size, f.Name, f.limits.Encoding)
	if err != nil {
		return err
	}
	order, err := separatorsByUse(t)
	if err != nil {
		return err
	}
	f.Kind, f.Encoding = "csv", t.name
	f.sheets = []candidate{{source: &csvSource{text: t, comma: order[0], o: f.limits}}}
	return nil
}

// Has says whether there is a sheet of the name.
func (f *File) Has(sheet string) bool {
	return slices.ContainsFunc(f.sheets, func(c candidate) bool { return c.name == sheet })
}

// Rows reads all rows of a sheet that are not blank, from the first; of CSV the sheet is "". Cells reach to the last one that
// is not blank; none are trimmed. The second value is an error that ends the reading, keys as in Table.Rows, or "sheet.empty"
// for a sheet that is not there. Every row is the caller's to keep.
func (f *File) Rows(ctx context.Context, sheet string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		at := slices.IndexFunc(f.sheets, func(c candidate) bool { return c.name == sheet })
		if at < 0 {
			yield(Row{}, noSheet(f.sheets, nil, Options{File: f.Name, Sheet: sheet}))
			return
		}
		count, place := 0, label(f.Name, sheet)
		err := f.sheets[at].source.each(ctx, func(raw rawRow) error {
			if raw.width == 0 {
				return nil
			}
			if raw.width > f.limits.MaxColumns {
				return tooManyColumns(place, raw, f.limits)
			}
			if count++; count > f.limits.MaxRows {
				return fault.New(fault.Invalid, "sheet.too_many_rows", "file", place, "limit", f.limits.MaxRows)
			}
			if !yield(Row{raw.number, raw.cells}, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Row{}, fault.Wrap("sheet.Rows", err))
		}
	}
}

// Merges lists the merged ranges of a sheet, at most 10,000. Those of an .xlsx sheet stand behind its cells, so that it is
// read to its end unless it was before.
func (f *File) Merges(ctx context.Context, sheet string) ([]Range, error) {
	at := slices.IndexFunc(f.sheets, func(c candidate) bool { return c.name == sheet })
	if at < 0 {
		return nil, nil
	}
	s := f.sheets[at].source
	if _, csv := s.(*csvSource); csv {
		return nil, nil
	}
	if s.merges() == nil {
		if err := s.each(ctx, func(rawRow) error { return nil }); err != nil {
			return nil, fault.Wrap("sheet.Merges", err)
		}
	}
	var out []Range
	for _, a := range s.merges() {
		out = append(out, Range{a.firstCol, a.firstRow, a.lastCol, a.lastRow})
	}
	return out, nil
}

// CutEnd gives the line of the last record that the last complete Rows left out because the CSV file ends inside quotes; 0
// when there is none. See Options.DropCutEnd.
func (f *File) CutEnd() int {
	if s, ok := f.sheets[0].source.(*csvSource); ok {
		return s.cut
	}
	return 0
}

// Ref writes a cell's place from a column index (from 0) and a row number (from 1): Ref(1, 17) is "B17".
func Ref(col, row int) string { return ref(col, row) }

// ColumnName writes a column index (from 0) as its letters.
func ColumnName(col int) string { return columnName(col) }

// ColumnIndex is the index (from 0) of a column by its letters; ok is false for what is no column.
func ColumnIndex(name string) (col int, ok bool) {
	col, _, err := parseRef(name + "1")
	return col, err == nil && columnName(col) == strings.ToUpper(name)
}

// Normalize writes a title in the one way in which titles are compared: half width, lower case, round brackets, without
// blanks, invisible signs and the asterisk of required columns.
func Normalize(title string) string { return normalize(title) }

// CutBracket splits a title at its last bracket: 土地面积（单位：亩） is 土地面积 and 亩. The second is empty without a bracket at the
// end. Both are in half width and without blanks; letters keep their case.
func CutBracket(title string) (bare, inside string) { return cutBracket(squeeze(title)) }
