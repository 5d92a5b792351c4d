package annotate

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Severity says how bad a problem is; each has its own colour.
type Severity uint8

// The severities. A cell with several problems has the colour of the worst.
const (
	Error   Severity = iota // the cell must be mended
	Warning                 // the cell can stay, with an explanation
)

// Problem is one thing that is wrong with one cell. Of a merged range its first cell is marked, which is the one that shows.
type Problem struct {
	Sheet    string // empty: the first worksheet
	Cell     string // "B7"
	Message  string // what is wrong and what would be right
	Severity Severity
}

// Line is one line of the summary. One that names a cell is a link to it.
type Line struct {
	Text  string
	Sheet string
	Cell  string // empty: no link
}

// Summary is the sheet in front.
type Summary struct {
	Sheet string // its name; another sheet's name, or what a sheet cannot be called, is changed until it is free
	Title string
	Lines []Line
}

// Job is what to put into a workbook.
type Job struct {
	File     string // the workbook's name, for messages
	Problems []Problem
	Summary  Summary
	Author   string // of the notes; a note that this author wrote before is replaced, not continued

	MaxUnzipped int64 // size of the workbook's parts together when unpacked; 0: 512 MiB
}

// MaxNotes is how many cells of a workbook get a note; the rest is only coloured. Notes are shapes, and a spreadsheet program
// becomes slow with many.
const MaxNotes = 5000

const defaultUnzipped = 512 << 20

// Result says what was done.
type Result struct {
	Marked  int       // cells that were coloured
	Noted   int       // cells that carry a note; less than Marked beyond MaxNotes, and where a discussion (threaded comment) stands
	Cleared int       // cells that an earlier annotation had marked and that are right now
	Missed  []Problem // problems without a cell in this workbook: no such worksheet, no such place
}

// Workbook writes to w the .xlsx or .xlsm workbook in r with the job's problems marked. r must be what the problems were
// found in.
// Errors: kind Invalid, keys "sheet.…" as in package opc for a file that is no sound workbook; an error of w as it is.
func Workbook(ctx context.Context, r io.ReaderAt, size int64, w io.Writer, job Job) (Result, error) {
	if job.MaxUnzipped <= 0 {
		job.MaxUnzipped = defaultUnzipped
	}
	if job.File == "" {
		job.File = "?"
	}
	p, err := opc.Open(r, size, opc.Limits{File: job.File, Unzipped: job.MaxUnzipped})
	if err != nil {
		return Result{}, fault.Wrap("annotate.Workbook", err)
	}
	b := &book{Package: p, job: job, changed: map[string][]byte{}, edits: map[string][]edit{}}
	if err := b.annotate(ctx); err != nil {
		return Result{}, fault.Wrap("annotate.Workbook", err)
	}
	if err := b.write(ctx, w); err != nil {
		return Result{}, fault.Wrap("annotate.Workbook", err)
	}
	return b.result, nil
}

// book is a workbook on which work is done.
type book struct {
	*opc.Package
	job    Job
	result Result

	main    string // name of the workbook's part
	frame   frame
	changed map[string][]byte // new contents of parts by PartName, or of new parts
	added   []string          // names of new parts in order
	edits   map[string][]edit // changes of worksheets by PartName, ascending
	styles  *styleSheet
	earlier earlier
	kept    []kept // what the marks cover, in their order
}

func (b *book) annotate(ctx context.Context) error {
	for _, f := range b.Order {
		if f.Flags&1 != 0 {
			return fault.New(fault.Invalid, "sheet.encrypted", "file", b.File)
		}
	}
	if err := b.readFrame(ctx); err != nil {
		return err
	}
	if err := b.readStyles(); err != nil {
		return err
	}
	for _, m := range b.marksBySheet() {
		if err := b.mark(ctx, m); err != nil {
			return err
		}
	}
	if err := b.writeStyles(); err != nil {
		return err
	}
	return b.writeFrame()
}

// sheetMarks are the marked cells of one worksheet.
type sheetMarks struct {
	sheet sheetRef
	marks []mark // by row and column, every cell once
}

// mark is a cell with what is said about it.
type mark struct {
	place
	messages []string
	severity Severity
}

// place is a cell: column from 0, row from 1.
type place struct{ col, row int }

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
}

// marksBySheet groups the problems in the workbook's order of sheets.
func (b *book) marksBySheet() []sheetMarks {
	bySheet := make([]sheetMarks, len(b.frame.sheets))
	for i, s := range b.frame.sheets {
		bySheet[i].sheet = s
	}
	for _, p := range b.job.Problems {
		i := slices.IndexFunc(b.frame.sheets, func(s sheetRef) bool {
			return p.Sheet == "" || strings.EqualFold(s.name, p.Sheet)
		})
		at, ok := parsePlace(p.Cell)
		if i < 0 || !ok {
			b.result.Missed = append(b.result.Missed, p)
			continue
		}
		bySheet[i].marks = append(bySheet[i].marks, mark{at, []string{p.Message}, p.Severity})
	}
	return slices.DeleteFunc(bySheet, func(m sheetMarks) bool { return len(m.marks) == 0 && len(b.keepsOf(m.sheet.name)) == 0 })
}

// join sorts marks and makes those of one cell into one.
func join(marks []mark) []mark {
	slices.SortStableFunc(marks, func(a, b mark) int { return a.compare(b.place) })
	var out []mark
	for _, m := range marks {
		last := len(out) - 1
		if last < 0 || out[last].place != m.place {
			out = append(out, m)
			continue
		}
		if !slices.Contains(out[last].messages, m.messages[0]) {
			out[last].messages = append(out[last].messages, m.messages[0])
		}
		out[last].severity = min(out[last].severity, m.severity)
	}
	return out
}

// mark colours the cells of one worksheet and writes their notes.
func (b *book) mark(ctx context.Context, s sheetMarks) error {
	layout, err := b.readLayout(ctx, s.sheet.part)
	if err != nil {
		return err
	}
	for i, m := range s.marks {
		s.marks[i].place = layout.shown(m.place)
	}
	s.marks = join(s.marks)
	edits, err := b.colour(ctx, s, layout)
	if err != nil {
		return err
	}
	if err := b.unnote(s.sheet, layout); err != nil {
		return err
	}
	link, err := b.addNotes(s, layout)
	if err != nil {
		return err
	}
	if link != nil {
		edits = append(edits, *link)
	}
	b.edits[opc.PartName(s.sheet.part)] = edits
	b.result.Marked += len(s.marks)
	return nil
}
