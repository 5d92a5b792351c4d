package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// number is a plain number, the only text that may begin with a sign and stay as it is.
var number = regexp.MustCompile(`^[+-]?[0-9][0-9,]*(\.[0-9]+)?%?$`)

// guard puts an apostrophe before a text that a spreadsheet program would take for a formula when it opens a CSV file.
func guard(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) || number.MatchString(s) {
		return s
	}
	return "'" + s
}

// WriteCSV writes rows as CSV in UTF-8 with a byte order mark, by which Excel knows the encoding. Texts that begin with
// = + - @, a tab or a line break get a leading apostrophe unless they are plain numbers, so that no program runs them.
func WriteCSV(w io.Writer, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fault.Wrap("sheet.WriteCSV", err)
	}
	out := csv.NewWriter(w)
	for row := range rows {
		safe := make([]string, len(row))
		for i, s := range row {
			safe[i] = guard(s)
		}
		if err := out.Write(safe); err != nil {
			return fault.Wrap("sheet.WriteCSV", err)
		}
	}
	out.Flush()
	return fault.Wrap("sheet.WriteCSV", out.Error())
}

// WriteXLSX writes rows as a workbook with one sheet. Every cell is of type text, so that nothing in it is a formula or
// turns into a date. Errors: kind Invalid, key "sheet.sheet_name" for a name that Excel does not allow.
func WriteXLSX(w io.Writer, sheet string, rows iter.Seq[[]string]) (err error) {
	f, err := NewBook()
	if err != nil {
		return fault.Wrap("sheet.WriteXLSX", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = fault.Wrap("sheet.WriteXLSX", closeErr)
		}
	}()
	if err := f.SetSheetName(f.GetSheetName(0), sheet); err != nil {
		return fault.Because(err, fault.Invalid, "sheet.sheet_name", "sheet", sheet)
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fault.Wrap("sheet.WriteXLSX", err)
	}
	n := 0
	for row := range rows {
		n++
		cells := make([]any, len(row))
		for i, s := range row {
			if s != "" {
				cells[i] = s
			}
		}
		if err := out.SetRow(ref(0, n), cells); err != nil {
			return fault.Wrap("sheet.WriteXLSX", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fault.Wrap("sheet.WriteXLSX", err)
	}
	return fault.Wrap("sheet.WriteXLSX", f.Write(w))
}
