package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/template"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

// intakeFields are what the columns of a file may be: the form's items, and whose row it is where several subjects stand in one
// table. Only keys must have a column: an office's own list has what it has.
func intakeFields(f *form.Form, several bool) []mapping.Field {
	var out []mapping.Field
	if several {
		names := map[form.SubjectKind][2][]string{
			form.OfEnterprise: {{"统一社会信用代码", "Credit code", "信用代码", "社会信用代码", "uscc"}, {"企业名称", "Enterprise", "单位名称", "公司名称", "企业", "name"}},
			form.OfPark:       {{"园区编号", "Park id"}, {"园区名称", "Park", "园区", "Park name"}},
		}[f.Subject]
		out = append(out, mapping.Field{Code: intake.SubjectCode, Names: names[0], Kind: value.Code},
			mapping.Field{Code: intake.SubjectName, Names: names[1], Kind: value.Text})
	}
	for _, it := range f.Items {
		if it.ReadOnly {
			continue
		}
		one := mapping.Field{Code: it.Field.Code, Kind: template.ValueKind(it.Field.Kind), Unit: it.Field.Unit, Required: it.Key}
		for _, name := range append([]string{it.Field.Name.ZH, it.Field.Name.EN}, it.Field.Names...) {
			if name != "" {
				one.Names = append(one.Names, name)
			}
		}
		out = append(out, one)
	}
	return out
}

// intakeRows makes the rows of one file out of a mapping. It is used once.
type intakeRows struct {
	file    *sheet.File
	form    *form.Form
	mapping mapping.Mapping
	report  mapping.Report
	columns []intakeColumn // as the items of a record
	over    sheet.Problems // of rows that are given already, or of none
	read    *countedReader
	rows    atomic.Int64
}

type intakeColumn struct {
	field, title string
	kind         form.Kind
	unit         unit.Canonical // of a quantity
}

// newIntakeRows checks a mapping against a form. Errors: those of mapping.Check.
func newIntakeRows(book *sheet.File, f *form.Form, m mapping.Mapping, several bool, read *countedReader) (*intakeRows, error) {
	fields := intakeFields(f, several)
	if err := m.Check(fields); err != nil {
		return nil, err
	}
	r := &intakeRows{file: book, form: f, mapping: m, read: read}
	r.mapping.Columns = append([]mapping.ColumnMap{}, m.Columns...)
	for i := range r.mapping.Columns {
		c := &r.mapping.Columns[i]
		if c.Field == "" {
			continue
		}
		one := intakeColumn{field: c.Field, title: c.Title, kind: form.Word}
		if it := f.Item(c.Field); it != nil {
			one.kind = it.Field.Kind
			c.Kind = template.ValueKind(it.Field.Kind)
			if u, err := unit.Of(it.Field.Unit); err == nil && it.Field.Kind == form.Quantity {
				if one.unit = u.To; c.Unit == "" && u.To == unit.Count {
					c.Unit = it.Field.Unit // there is but one unit of counts
				}
			}
		}
		r.columns = append(r.columns, one)
	}
	return r, nil
}

// all gives the rows, unread: what a record's cells say is worked out by whoever calls the row.
func (r *intakeRows) all(ctx context.Context) iter.Seq2[func() intake.Row, error] {
	return func(yield func(func() intake.Row, error) bool) {
		for rec, err := range r.mapping.Read(ctx, r.file, &r.report) {
			if err != nil {
				yield(nil, err)
				return
			}
			var bad []sheet.Problem
			if len(r.report.Problems.List) > 0 {
				bad, r.report.Problems = r.report.Problems.List, sheet.Problems{}
			}
			r.rows.Add(1)
			if !yield(func() intake.Row { return r.row(rec, bad) }, nil) {
				return
			}
		}
		r.over = r.report.Problems
	}
}

// input is the file as intake wants it.
func (r *intakeRows) input(ctx context.Context, file intake.File, made time.Time) intake.Input {
	return intake.Input{File: file, MadeAt: made, Rows: r.all(ctx), Notes: r.notes, Total: r.total}
}

// total estimates the rows by how much of the file has been read.
func (r *intakeRows) total() int64 {
	if r.read == nil {
		return 0
	}
	done, share := r.rows.Load(), r.read.share()
	if done == 0 || share <= 0 {
		return 0
	}
	return int64(float64(done) / share)
}

func (r *intakeRows) notes() intake.Notes {
	out := intake.Notes{Sheet: r.sheet(), MoreSkipped: r.report.More}
	for _, s := range r.report.Skipped {
		out.Skipped = append(out.Skipped, intake.Skip{Row: s.Row, Why: string(s.Why), Text: s.Text})
	}
	for _, p := range r.over.List {
		out.Problems = append(out.Problems, intake.Problem{Row: p.Row, Column: p.Column, Cell: p.Cell, Text: p.Text, Severity: intake.Error, Key: p.Key, Args: p.Args})
	}
	return out
}

// sheet is the sheet that was read: the mapping's, or the only visible one, whatever its name.
func (r *intakeRows) sheet() string {
	if r.file.Has(r.mapping.Sheet) {
		return r.mapping.Sheet
	}
	for _, s := range r.file.Sheets {
		if !s.Hidden {
			return s.Name
		}
	}
	return ""
}

func (r *intakeRows) row(rec mapping.Record, bad []sheet.Problem) intake.Row {
	row := intake.Row{No: rec.Row, Cells: make([]intake.Cell, len(rec.Items))}
	for i := range rec.Items {
		item, c := &rec.Items[i], &r.columns[i]
		cell := intake.Cell{Field: c.field, Column: c.title, Ref: item.Cell.Ref, Text: shortText(item.Cell.Text)}
		switch {
		case item.Bad:
			cell.Bad = &intake.Trouble{Key: "internal"}
			for _, p := range bad {
				if p.Cell == cell.Ref {
					cell.Bad = &intake.Trouble{Key: p.Key, Args: p.Args}
				}
			}
		case item.Value.State == value.Unknown:
			cell.Unknown = true
		case item.Value.State == value.Known && item.Cell.Formula && strings.HasPrefix(item.Cell.Text, "="):
			cell.Bad = &intake.Trouble{Key: "intake.formula"}
		case item.Value.State == value.Known:
			cell.Value, cell.Bad = c.canonical(item.Value)
		}
		row.Cells[i] = cell
	}
	return row
}

// canonical writes a value as filings hold it.
func (c *intakeColumn) canonical(v value.Value) (string, *intake.Trouble) {
	if c.kind != form.Quantity {
		return v.Text, nil
	}
	if v.Unit == "" {
		return "", &intake.Trouble{Key: "intake.no_unit"}
	}
	n, canonical, err := v.Amount()
	if err != nil {
		f, _ := fault.Of(err)
		return "", &intake.Trouble{Key: f.Key, Args: f.Args}
	}
	if canonical != c.unit {
		return "", &intake.Trouble{Key: "intake.other_unit", Args: map[string]any{"unit": v.Unit}}
	}
	return strconv.FormatInt(n, 10), nil
}

const maxShort = 100

func shortText(s string) string {
	if len(s) <= maxShort {
		return s
	}
	if r := []rune(s); len(r) > maxShort {
		return string(r[:maxShort]) + "…"
	}
	return s
}

// countedReader says how much of a file has been read, of which the rows are the most. Safe for concurrent use.
type countedReader struct {
	io.ReaderAt
	size int64
	read atomic.Int64
}

func (c *countedReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.read.Add(int64(n))
	return n, err
}

func (c *countedReader) share() float64 {
	return min(1, float64(c.read.Load())/float64(max(1, c.size)))
}

// restart forgets what was read to look at the file before its rows.
func (c *countedReader) restart() { c.read.Store(0) }

// openIntake opens a file for an intake (one that was cut off on its way gives what there is, and says so) and reads what a
// template says of itself; nil for an office's own file. A workbook that takes values from others is refused: what they held
// when it was saved, nobody can check.
func openIntake(ctx context.Context, name string, r io.ReaderAt, size int64) (*sheet.File, *template.Meta, error) {
	book, err := sheet.Open(ctx, r, size, sheet.Options{File: name, DropCutEnd: true})
	if err == nil && book.External {
		err = fault.New(fault.Invalid, "intake.external_links", "file", name)
	}
	if err != nil {
		return nil, nil, err
	}
	meta, err := template.Read(ctx, book)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return book, nil, nil
	case err != nil:
		return nil, nil, err
	}
	return book, &meta, nil
}

// madeAt is when the values in a template were taken out of the ledger; zero for an office's own file.
func madeAt(ctx context.Context, r db.Reader, city string, meta *template.Meta) (time.Time, error) {
	if meta == nil || meta.Sequence == 0 {
		return time.Time{}, nil
	}
	var at int64
	err := r.QueryRow(ctx, `SELECT at FROM audit_line WHERE city = $1 AND seq = $2`, city, meta.Sequence).Scan(&at)
	if fault.KindOf(err) == fault.NotFound {
		return time.Time{}, nil
	}
	return time.UnixMicro(at).UTC(), err
}

// lookAtIntake hands the workbook edge's detection to the API in its terms.
func lookAtIntake(ctx context.Context, r io.ReaderAt, size int64, look api.IntakeLook) (api.IntakeSeen, error) {
	book, meta, err := openIntake(ctx, look.Name, r, size)
	if err != nil {
		return api.IntakeSeen{}, err
	}
	fields := intakeFields(look.Form, look.Several)
	var layouts []mapping.Layout
	if look.First > 0 {
		l, err := mapping.At(ctx, book, look.Sheet, look.First, max(look.First, look.Last))
		if err != nil {
			return api.IntakeSeen{}, err
		}
		layouts = []mapping.Layout{l}
	} else if layouts, err = mapping.Detect(ctx, book, fields); err != nil {
		return api.IntakeSeen{}, err
	}
	out := api.IntakeSeen{Sheets: []api.IntakeSheet{}, Layouts: []api.IntakeLayout{}, Suggestions: []api.IntakeSuggestion{}}
	for _, s := range book.Sheets {
		out.Sheets = append(out.Sheets, api.IntakeSheet{Name: s.Name, Hidden: s.Hidden})
	}
	for _, l := range layouts {
		out.Layouts = append(out.Layouts, apiLayout(l))
	}
	if len(layouts) == 0 {
		return out, nil
	}
	chosen := mapping.Propose(layouts[0], fields)
	for _, s := range chosen {
		out.Suggestions = append(out.Suggestions, apiSuggestion(s))
	}
	proposal := layouts[0].Mapping(chosen, fields)
	if meta != nil && look.First == 0 && meta.Form == look.Form.Code {
		proposal, out.SavedMapping = meta.Mapping(look.Form), true
		out.Form, out.Subject, out.Period = meta.Form, meta.Subject, meta.Period
	}
	out.Proposal = new(api.IntakeMapping)
	return out, through(proposal, out.Proposal)
}

func apiLayout(l mapping.Layout) api.IntakeLayout {
	out := api.IntakeLayout{Sheet: l.Sheet, First: l.First, Last: l.Last, Units: l.Units, Unit: l.Unit, Title: orEmpty(l.Title), Score: l.Score, Fingerprint: l.Print, Order: string(l.Order()), Columns: []api.IntakeColumn{}}
	for _, c := range l.Column {
		out.Columns = append(out.Columns, api.IntakeColumn{Index: c.Index, Letter: sheet.ColumnName(c.Index), Title: c.Title, Unit: c.Unit, Kind: string(c.Kind),
			Filled: c.Filled, Samples: orEmpty(c.Samples), Odd: orEmpty(c.Odd), ROC: c.ROC})
	}
	return out
}

func apiSuggestion(s mapping.Suggestion) api.IntakeSuggestion {
	out := api.IntakeSuggestion{Column: s.Column, Field: s.Field, Score: s.Score, Chosen: s.Chosen, Reasons: []string{}}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, string(r.What))
	}
	return out
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// through copies plain data from one edge's type to another's of the same JSON.
func through(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// intakeSource is one file with what reading it takes.
type intakeSource struct {
	file    intake.File
	content io.ReaderAt
}

// bytesSource is a source of a file that the ledger keeps.
func bytesSource(f intake.File, content []byte) intakeSource {
	return intakeSource{f, bytes.NewReader(content)}
}

// intakeInputs opens files and makes them readable by a mapping.
func (c *city) intakeInputs(ctx context.Context, f *form.Form, several bool, m mapping.Mapping, sources []intakeSource) ([]intake.Input, error) {
	var out []intake.Input
	for _, s := range sources {
		counted := &countedReader{ReaderAt: s.content, size: s.file.Size}
		book, meta, err := openIntake(ctx, s.file.Name, counted, s.file.Size)
		if err != nil {
			return nil, err
		}
		var made time.Time
		err = c.db.Read(ctx, func(r db.Reader) (err error) {
			made, err = madeAt(ctx, r, c.ref.ID, meta)
			return err
		})
		if err != nil {
			return nil, err
		}
		rows, err := newIntakeRows(book, f, m, several, counted)
		if err != nil {
			return nil, err
		}
		counted.restart()
		out = append(out, rows.input(ctx, s.file, made))
	}
	return out, nil
}

// recogniseIntake gives what a template of ours says of itself; the zero IntakeSeen for any other file.
func recogniseIntake(ctx context.Context, name string, r io.ReaderAt, size int64) (api.IntakeSeen, error) {
	_, meta, err := openIntake(ctx, name, r, size)
	if err != nil || meta == nil {
		return api.IntakeSeen{}, err
	}
	return api.IntakeSeen{Form: meta.Form, Subject: meta.Subject, Period: meta.Period}, nil
}

// intakeTools is what the API needs for intakes.
func (c *city) intakeTools(jobs *job.Worker, closing <-chan struct{}) api.IntakeTools {
	return api.IntakeTools{
		Recognise: recogniseIntake, Look: lookAtIntake, Jobs: jobs, Closing: closing,
		Answer: func(ctx context.Context, r io.ReaderAt, size int64, w io.Writer, a api.IntakeAnswer) error {
			return answerIntake(ctx, c.texts, r, size, w, a)
		},
	}
}
