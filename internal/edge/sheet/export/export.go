package export

import (
	"context"
	"io"
	"iter"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/template"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Format of an export.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// Spec says what to export.
type Spec struct {
	Form     *form.Form
	Format   Format
	Language string // template.Chinese, else English
	Rows     iter.Seq2[Row, error]

	// Say gives the words of the message keys "export.…" and "template.yes", "template.no" in the Language.
	Say func(key string, args map[string]any) string
}

// Row is one record with whose it is.
type Row struct {
	Subject, Name string // of the subject
	Org           string // name of the office to which it counts
	Period        string // as people write it
	State         string // in words
	Cells         map[form.Code]string
}

// MaxRows is how many records fit into a workbook's sheet below the heading.
const MaxRows = 1<<20 - 1

// Write writes the heading and one line for each row.
// Errors: that of the rows, that of w; kind Invalid, key "export.too_many_rows" for a workbook, "export.format".
func Write(ctx context.Context, w io.Writer, s Spec) error {
	switch s.Format {
	case XLSX:
		return fault.Wrap("export.Write", s.workbook(ctx, w))
	case CSV:
		return fault.Wrap("export.Write", s.csv(ctx, w))
	}
	return fault.New(fault.Invalid, "export.format", "format", string(s.Format))
}

var about = []string{"export.subject", "export.name", "export.org", "export.period", "export.state"}

func (r Row) about() []string { return []string{r.Subject, r.Name, r.Org, r.Period, r.State} }

// titles are the headings; a unit stands in brackets behind its field.
func (s Spec) titles() []string {
	var out []string
	for _, key := range about {
		out = append(out, s.Say(key, nil))
	}
	for _, c := range s.columns() {
		out = append(out, c.Title())
	}
	return out
}

func (s Spec) columns() []template.Cell {
	out := make([]template.Cell, len(s.Form.Items))
	for i := range s.Form.Items {
		out[i] = template.Cell{Field: s.Form.Items[i].Field, Language: s.Language, Say: s.Say}
	}
	return out
}

func (s Spec) csv(ctx context.Context, w io.Writer) error {
	columns := s.columns()
	var failed error
	err := sheet.WriteCSV(w, func(yield func([]string) bool) {
		if !yield(s.titles()) || s.Rows == nil {
			return
		}
		for row, err := range s.Rows {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				failed = err
				return
			}
			line := row.about()
			for _, c := range columns {
				line = append(line, c.Text(row.Cells[c.Field.Code]))
			}
			if !yield(line) {
				return
			}
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

func (s Spec) workbook(ctx context.Context, w io.Writer) (err error) {
	f, err := sheet.NewBook()
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	name := template.SheetName(s.Language, s.Form.Name)
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return err
	}
	b := &book{Spec: s, columns: s.columns()}
	if err := b.begin(f, name); err != nil {
		return err
	}
	if s.Rows != nil {
		for row, err := range s.Rows {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil && b.row > MaxRows {
				err = fault.New(fault.Invalid, "export.too_many_rows", "limit", MaxRows)
			}
			if err != nil {
				return err
			}
			if err := b.write(row); err != nil {
				return err
			}
		}
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// Name makes the name of a file from what is in it: the parts joined by _, without what a file cannot be called on any system,
// at most 120 characters, with the format's ending.
func Name(format Format, parts ...string) string {
	const longest = 120
	var kept []string
	for _, p := range parts {
		clean := strings.Map(func(r rune) rune {
			switch {
			case r < ' ', r == 0x7F, r == '\uFFFD', strings.ContainsRune(`/\:*?"<>|%`, r):
				return '-'
			case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF:
				return -1 // unseen signs, also those that turn the reading direction
			}
			return r
		}, strings.ToValidUTF8(p, "-"))
		if clean = strings.Trim(clean, " .-_"); clean != "" {
			kept = append(kept, clean)
		}
	}
	base := []rune(strings.Join(kept, "_"))
	name := strings.Trim(string(base[:min(len(base), longest)]), " .-_")
	if first, _, _ := strings.Cut(name, "."); name == "" || reserved[strings.ToUpper(first)] {
		name = "export_" + name
	}
	return strings.TrimSuffix(name, "_") + "." + string(format)
}

// reserved are names of devices, which Windows does not take for files.
var reserved = map[string]bool{"CON": true, "PRN": true, "AUX": true, "NUL": true, "COM1": true, "COM2": true, "COM3": true, "COM4": true,
	"COM5": true, "COM6": true, "COM7": true, "COM8": true, "COM9": true, "LPT1": true, "LPT2": true, "LPT3": true, "LPT4": true,
	"LPT5": true, "LPT6": true, "LPT7": true, "LPT8": true, "LPT9": true}
