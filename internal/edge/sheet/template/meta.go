package template

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Version is the version of how a template is laid out.
const Version = 1

const (
	metaSheet = "parkbrain"
	metaKind  = "parkbrain form template"
)

// Meta is what a template says of itself on its hidden sheet, and where its table stands now.
type Meta struct {
	ID          string // of the template: the same for the same contents of the other fields
	Version     int
	Form        form.Code
	FormVersion int64
	Org         string
	Kind        form.SubjectKind
	Subject     string // empty: the rows name their subjects
	Period      string
	Language    string
	Sequence    int64 // change of the ledger at which it was made

	Sheet       string
	First, Last int // rows of the header
	Columns     []Column
	print       string
}

// Column is a column of a template as it stands now.
type Column struct {
	Letter string // "C"
	Code   form.Code
	Title  string // as it stands over the column, without the mark of what is required
}

// pairs are the lines of the hidden sheet, in its order.
func (m Meta) pairs() [][2]string {
	return [][2]string{
		{"template", metaKind}, {"version", strconv.Itoa(m.Version)}, {"form", m.Form}, {"form_version", strconv.FormatInt(m.FormVersion, 10)},
		{"org", m.Org}, {"subject_kind", string(m.Kind)}, {"subject", m.Subject}, {"period", m.Period}, {"language", m.Language},
		{"sequence", strconv.FormatInt(m.Sequence, 10)},
	}
}

func (m Meta) digest() string {
	h := sha256.New()
	for _, p := range m.pairs() {
		fmt.Fprintf(h, "%s=%q\n", p[0], p[1])
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// meta writes the hidden sheet.
func (b *builder) meta() error {
	m := Meta{Version: Version, Form: b.Form.Code, FormVersion: b.Form.Version, Org: b.Org, Kind: b.Form.Subject, Subject: b.Subject,
		Period: b.Period, Language: b.Language, Sequence: b.Sequence}
	if _, err := b.file.NewSheet(metaSheet); err != nil {
		return err
	}
	lines := [][]string{{"id", m.digest()}, {"header", strconv.Itoa(b.head - b.first + 1)}}
	for _, p := range m.pairs() {
		lines = append(lines, p[:])
	}
	for i, c := range b.columns {
		lines = append(lines, []string{"column", c.code, b.names[i]})
	}
	for i, line := range lines {
		for j, text := range line {
			if err := b.file.SetCellStr(metaSheet, sheet.Ref(j, i+1), text); err != nil {
				return err
			}
		}
	}
	return b.file.SetSheetVisible(metaSheet, false, true)
}

// Read finds out whether a file is a template and gives what it says of itself, with the columns where they stand now.
// Errors: kind NotFound, key "template.none", for any other file; kind Invalid, keys "template.version" (made by a later
// version of the product), "template.damaged" (the hidden sheet was changed) and "template.changed" (the table is no longer
// the template's: its row of codes is gone or does not fit); those of reading the file.
func Read(ctx context.Context, f *sheet.File) (Meta, error) {
	none := fault.New(fault.NotFound, "template.none", "file", f.Name)
	if f.Kind != "xlsx" || !f.Has(metaSheet) {
		return Meta{}, none
	}
	h, err := readHidden(ctx, f)
	if err != nil {
		return Meta{}, fault.Wrap("template.Read", err)
	}
	if h.said["template"] != metaKind {
		return Meta{}, none
	}
	m, err := h.meta(f.Name)
	if err != nil {
		return Meta{}, err
	}
	return m, fault.Wrap("template.Read", m.locate(ctx, f, h))
}

// hidden is what stands on the hidden sheet.
type hidden struct {
	said   map[string]string
	titles map[form.Code]string // of the columns, as the line of names has them; empty where a name stands in the line above
	height int                  // of the header
}

func readHidden(ctx context.Context, f *sheet.File) (hidden, error) {
	const lines = 2 * sheet.DefaultMaxColumns
	h := hidden{map[string]string{}, map[form.Code]string{}, 0}
	for row, err := range f.Rows(ctx, metaSheet) {
		if err != nil {
			return h, err
		}
		var text [3]string
		for i, c := range row.Cells[:min(len(row.Cells), len(text))] {
			text[i] = c.Text
		}
		if row.Number > lines {
			break
		}
		if text[0] == "column" {
			h.titles[text[1]] = text[2]
		} else {
			h.said[text[0]] = text[1]
		}
	}
	return h, nil
}

func (h *hidden) meta(file string) (m Meta, err error) {
	damaged := func(why error) error { return fault.Because(why, fault.Invalid, "template.damaged", "file", file) }
	version, err1 := strconv.Atoi(h.said["version"])
	if err1 == nil && version > Version {
		return m, fault.New(fault.Invalid, "template.version", "file", file, "version", version, "limit", Version)
	}
	formVersion, err2 := strconv.ParseInt(h.said["form_version"], 10, 64)
	sequence, err3 := strconv.ParseInt(h.said["sequence"], 10, 64)
	var err4 error
	h.height, err4 = strconv.Atoi(h.said["header"])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return m, damaged(err)
	}
	m = Meta{Version: version, Form: h.said["form"], FormVersion: formVersion, Org: h.said["org"],
		Kind: form.SubjectKind(h.said["subject_kind"]), Subject: h.said["subject"], Period: h.said["period"], Language: h.said["language"], Sequence: sequence}
	m.ID = m.digest()
	const tallest = 3
	if m.ID != h.said["id"] || m.Form == "" || version < 1 || h.height < 1 || h.height > tallest {
		return m, damaged(errors.New("the lines do not belong together"))
	}
	return m, nil
}

// locate finds the row of codes on a visible sheet, and below it the header.
func (m *Meta) locate(ctx context.Context, f *sheet.File, h hidden) error {
	changed := fault.New(fault.Invalid, "template.changed", "file", f.Name)
	for _, s := range f.Sheets {
		if s.Hidden {
			continue
		}
		columns, names, err := h.find(ctx, f, s.Name)
		if err != nil {
			return err
		}
		if columns == nil {
			continue
		}
		bands := h.height - 2 // sections above the line of names, units below it
		m.Sheet, m.First, m.Last = s.Name, names-bands, names+1
		l, err := mapping.At(ctx, f, s.Name, m.First, m.Last)
		if err != nil || names == 0 {
			return changed
		}
		m.print = l.Print
		for _, c := range columns {
			i := slices.IndexFunc(l.Column, func(have mapping.Column) bool { return sheet.ColumnName(have.Index) == c.Letter })
			if i < 0 {
				return changed
			}
			c.Title = strings.TrimLeft(l.Column[i].Leaf, "*＊")
			m.Columns = append(m.Columns, c)
		}
		return nil
	}
	return changed
}

// find looks among the first rows of a sheet for the row of codes and, below it, for the line of names: the one that has most
// of the columns' titles, at least half of them. A column without a code was put in by somebody and is not read.
func (h hidden) find(ctx context.Context, f *sheet.File, name string) (columns []Column, names int, err error) {
	const rows = 30
	best := 0
	for row, err := range f.Rows(ctx, name) {
		if err != nil {
			return nil, 0, err
		}
		if row.Number > rows {
			break
		}
		if columns == nil {
			columns = h.codes(row)
			continue
		}
		same, all := 0, 0
		for _, c := range columns {
			title := sheet.Normalize(h.titles[c.Code])
			if title == "" {
				continue
			}
			all++
			if i, _ := sheet.ColumnIndex(c.Letter); i < len(row.Cells) && sheet.Normalize(row.Cells[i].Text) == title {
				same++
			}
		}
		if same > best && same*2 >= all {
			best, names = same, row.Number
		}
	}
	return columns, names, nil
}

// codes gives the columns of a row of codes; nil for another row, also for one with a code twice or a code that is none of the
// template's.
func (h hidden) codes(row sheet.Row) []Column {
	var out []Column
	for i, c := range row.Cells {
		text := strings.TrimSpace(c.Text)
		if text == "" {
			continue
		}
		_, known := h.titles[text]
		taken := slices.ContainsFunc(out, func(have Column) bool { return have.Code == text })
		if taken || !known || c.Formula {
			return nil
		}
		out = append(out, Column{Letter: sheet.ColumnName(i), Code: text})
	}
	return out
}

// Several says that the rows name their subjects, in the column SubjectField.
func (m Meta) Several() bool { return m.Subject == "" }

// Mapping is how the template's table is read: the fields of f, and SubjectField where the rows name their subjects. f is the
// form in the version that the Meta names. Columns that f does not ask for, and those that are shown only, are not read.
func (m Meta) Mapping(f *form.Form) mapping.Mapping {
	out := mapping.Mapping{Version: mapping.Version, Fingerprint: m.print, Sheet: m.Sheet, First: m.First, Last: m.Last}
	for _, c := range m.Columns {
		one := mapping.ColumnMap{Column: c.Letter, Title: c.Title}
		if it := itemOf(f, c.Code); it != nil && !it.ReadOnly {
			own := column{code: c.Code, item: it}
			one.Field, one.Kind = c.Code, own.valueKind()
			if it.Field.Kind == form.Quantity {
				one.Unit = it.Field.Unit
			}
		} else if c.Code == SubjectField && m.Several() {
			one.Field, one.Kind = SubjectField, value.Text // ids are compared as written
			if f.Subject == form.OfEnterprise {
				one.Kind = value.Code
			}
		}
		out.Columns = append(out.Columns, one)
	}
	return out
}

func itemOf(f *form.Form, code form.Code) *form.Item {
	for i := range f.Items {
		if f.Items[i].Field.Code == code {
			return &f.Items[i]
		}
	}
	return nil
}
