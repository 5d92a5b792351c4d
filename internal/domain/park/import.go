package park

import (
	"maps"
	"slices"
	"strings"
)

// Listed is one row of a park list as an office wrote it: text, with the place of each cell. Plan parses and judges it.
type Listed struct {
	Row   int // row of the file, counted from 1 as a spreadsheet shows it
	Cells map[string]ListedCell
}

// ListedCell is one cell of a park list.
type ListedCell struct {
	Text    string // as written; a cell that is absent or blank is unknown
	Unit    string // the unit that the column's heading names: 亩; empty when it names none
	Column  string // the heading as written: 土地面积(亩)
	Ref     string // the cell's address: H17
	Formula bool   // the cell holds a formula, so its text is not what a person wrote
}

// ListFile is a park list that was read from a file. An edge fills it: the noun opens no file.
type ListFile struct {
	File    string   // the file's name without a folder: parks.csv
	Sheet   string   // the sheet's name; empty for a CSV
	Digest  string   // SHA-256 of the file's bytes, in hex
	Rows    []Listed // data rows in the file's order
	Ignored []string // headings of columns that no key was found for
}

// keys are the columns that a park list may have, in the order in which an import keeps them.
var keys = []string{
	"name", "org", "pilot", "official_no", "mode", "developer", "leading_industry",
	LandArea, FloorArea, "factory_area", "investment", Started, Opened,
	"tenants_signed", "tenants_fitting_out", "tenants_producing", "tenants_enrolled", LeasingRate, "expected_output", "expected_tax",
	"photo_no", "as_of", "source", "other_sources", "note",
}

// Keys lists the columns that a park list may have: the keys of Listed.Cells.
func Keys() []string { return slices.Clone(keys) }

// text is the cell's text without blanks around it; empty when the cell is absent.
func (l Listed) text(key string) string { return strings.TrimSpace(l.Cells[key].Text) }

// blank says whether nothing stands in the row.
func (l Listed) blank() bool {
	for key := range l.Cells {
		if l.text(key) != "" {
			return false
		}
	}
	return true
}

// original gives the row's cells as they were written, in the order of keys, others after them by name. Blank cells are
// left out.
func (l Listed) original() []OriginalCell {
	order := slices.Clone(keys)
	for _, key := range slices.Sorted(maps.Keys(l.Cells)) {
		if !slices.Contains(keys, key) {
			order = append(order, key)
		}
	}
	out := []OriginalCell{}
	for _, key := range order {
		if c, ok := l.Cells[key]; ok && strings.TrimSpace(c.Text) != "" {
			out = append(out, OriginalCell{Key: key, Column: c.Column, Ref: c.Ref, Text: c.Text, Unit: c.Unit})
		}
	}
	return out
}

// ref says where a cell is: "parks.csv!H17", with a sheet "parks.xlsx!Sheet1!H17".
func (f ListFile) ref(c ListedCell) string {
	if f.Sheet == "" {
		return f.File + "!" + c.Ref
	}
	return f.File + "!" + f.Sheet + "!" + c.Ref
}
