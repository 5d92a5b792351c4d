package template

import (
	"context"
	"io"
	"iter"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Language of a template's words that are the form's.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Spec says what to make a template of.
type Spec struct {
	Form     *form.Form
	Org      string // office for which it is made
	OrgName  string
	Period   string // "2024-06"; empty for a standing form
	Shown    string // the period as people write it; empty: Period
	Subject  string // whose filing it is; empty: several subjects, which the rows name
	Language string // Chinese, else English
	Sequence int64  // change of the ledger at which the rows were read

	Rows  iter.Seq2[Row, error] // nil: none
	Spare int                   // rows of a list that can be filled in below; 0: 200

	// Say gives the words of the message keys "template.…" in the Language.
	Say func(key string, args map[string]any) string
}

// Row is one line that is there already: a subject, or a record of a list.
type Row struct {
	Subject string               // enterprise, park or org; empty: that of the Spec
	Name    string               // of the subject; shown beside it, but in the list of one subject
	Cells   map[form.Code]string // canonical texts, as in a filing's record
}

const (
	defaultSpare = 200
	maxRows      = 200_000 // of a template; a larger list is sent as an office's own workbook
)

// Write writes the template as an .xlsx workbook.
// Errors: that of the rows; kind Invalid, key "template.too_many_rows"; that of w.
func Write(ctx context.Context, w io.Writer, s Spec) (err error) {
	f, err := sheet.NewBook()
	if err != nil {
		return fault.Wrap("template.Write", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = fault.Wrap("template.Write", closeErr)
		}
	}()
	if s.Spare <= 0 {
		s.Spare = defaultSpare
	}
	if s.Shown == "" {
		s.Shown = s.Period
	}
	b := &builder{Spec: s, file: f, columns: columnsOf(s), sheet: sheetName(s.text(s.Form.Name))}
	if err := b.build(ctx); err != nil {
		return fault.Wrap("template.Write", err)
	}
	return fault.Wrap("template.Write", f.Write(w))
}

// text is a form's words in the template's language.
func (s Spec) text(t form.Text) string { return words(s.Language, t) }

func words(language string, t form.Text) string {
	if language != Chinese && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// rowsNamed says that the rows name their subjects: always but in the list of one subject.
func (s Spec) rowsNamed() bool { return !s.Form.List || s.Subject == "" }

// builder is a template in the making.
type builder struct {
	Spec
	file    *excelize.File
	out     *excelize.StreamWriter
	sheet   string
	columns []column
	names   []string // the line of names
	styles  styles
	row     int // last row written
	first   int // first row of the header
	head    int // last row of the header
}

func (b *builder) build(ctx context.Context) error {
	if err := b.file.SetSheetName(b.file.GetSheetName(0), b.sheet); err != nil {
		return err
	}
	if err := b.makeStyles(); err != nil {
		return err
	}
	stream := func() (err error) { // what is set for the whole sheet comes first
		b.out, err = b.file.NewStreamWriter(b.sheet)
		return err
	}
	body := func() error { return b.body(ctx) }
	flush := func() error { return b.out.Flush() }
	for _, step := range []func() error{b.page, stream, b.widths, b.header, body, b.rules, b.protect, flush, b.lists, b.meta, b.printed} {
		if err := step(); err != nil {
			return err
		}
	}
	b.file.SetActiveSheet(0)
	return nil
}

// body writes the rows, and of a list the spare ones, whose cells have the columns' formats.
func (b *builder) body(ctx context.Context) error {
	if b.Rows != nil {
		for row, err := range b.Rows {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil && b.row-b.head >= maxRows {
				err = fault.New(fault.Invalid, "template.too_many_rows", "limit", maxRows)
			}
			if err != nil {
				return err
			}
			if err := b.write(row); err != nil {
				return err
			}
		}
	}
	if !b.Form.List {
		return nil
	}
	for range b.Spare {
		if err := b.write(Row{}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) write(row Row) error {
	b.row++
	cells := make([]any, len(b.columns))
	for i, c := range b.columns {
		var text string
		switch c.code {
		case SubjectField:
			if text = row.Subject; text == "" {
				text = b.Subject
			}
		case NameField:
			text = row.Name
		default:
			text = row.Cells[c.code]
		}
		cells[i] = excelize.Cell{StyleID: b.styles.body[i], Value: c.value(text, b.Spec)}
	}
	return b.out.SetRow(sheet.Ref(0, b.row), cells)
}

// line writes a row of one style, each text as it is.
func (b *builder) line(style int, texts []string, opts ...excelize.RowOpts) error {
	b.row++
	cells := make([]any, len(texts))
	for i, t := range texts {
		cells[i] = excelize.Cell{StyleID: style, Value: t}
	}
	return b.out.SetRow(sheet.Ref(0, b.row), cells, opts...)
}

// last is the template's last row that can be filled in.
func (b *builder) last() int { return max(b.row, b.head+1) }

// span writes a range of one column's rows: B7:B9.
func (b *builder) span(col int) string {
	letters := sheet.ColumnName(col)
	return letters + strconv.Itoa(b.head+1) + ":" + letters + strconv.Itoa(b.last())
}
