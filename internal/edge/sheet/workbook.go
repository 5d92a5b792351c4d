package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxSharedText is how much text the cells of a workbook may share; it is held in memory.
const maxSharedText = 128 << 20

// workbook is the frame of an .xlsx file: its sheets, and what their cells refer to.
type workbook struct {
	*archive
	sheets   []sheetEntry
	shared   sharedStrings
	formats  []numberFormat // by cell style
	date1904 bool
	o        Options
}

type sheetEntry struct {
	name   string
	hidden bool
	part   string
}

func readWorkbook(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Table, error) {
	a, err := openArchive(r, size, o)
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: a, o: o}
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	t, err := w.choose(ctx)
	if err != nil {
		return nil, err
	}
	t.External = a.has("xl/externallinks/")
	return t, nil
}

// load reads everything but the sheets.
func (w *workbook) load(ctx context.Context) error {
	root, err := w.relations("")
	if err != nil {
		return err
	}
	main := ""
	for _, rel := range root {
		if rel.kind == "officeDocument" {
			main = rel.target
		}
	}
	if main == "" || !strings.HasSuffix(strings.ToLower(main), ".xml") {
		return w.notWorkbook(main)
	}
	rels, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.readSheets(main, rels); err != nil {
		return err
	}
	for _, rel := range rels {
		switch rel.kind {
		case "styles":
			err = w.readStyles(rel.target)
		case "sharedStrings":
			err = w.readShared(ctx, rel.target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notWorkbook says what a zip file without a readable workbook is.
func (w *workbook) notWorkbook(main string) error {
	_, mimetype := w.parts["mimetype"]
	switch {
	case strings.HasSuffix(strings.ToLower(main), "workbook.bin"):
		return otherFormatFault(w.file, "XLSB")
	case mimetype && w.has("content.xml"):
		return otherFormatFault(w.file, "ODS")
	default:
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", w.file)
	}
}

func (w *workbook) readSheets(main string, rels map[string]relation) error {
	p, ok, err := w.openFrame(main)
	if err != nil {
		return err
	}
	if !ok {
		return w.damaged(main, errors.New("missing"))
	}
	defer p.close()
	isWorkbook, parts := false, map[string]bool{}
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "workbook":
			isWorkbook = true
		case "workbookPr":
			w.date1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			rel := rels[attr(e, "id")]
			if rel.kind != "worksheet" {
				continue // chart sheets and macro sheets hold no table
			}
			if parts[partName(rel.target)] {
				return w.damaged(main, errors.New("two sheets of one part"))
			}
			parts[partName(rel.target)] = true
			state := attr(e, "state")
			w.sheets = append(w.sheets, sheetEntry{attr(e, "name"), state == "hidden" || state == "veryHidden", rel.target})
		}
	}
	if !isWorkbook || len(w.sheets) == 0 {
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", w.file)
	}
	return nil
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// choose finds the sheet: the named one, else the first visible one with the wanted header, else the visible one that comes
// nearest, whose missing columns are then the error.
func (w *workbook) choose(ctx context.Context) (*Table, error) {
	var best header
	var from *sheetSource
	var hidden, others []string
	for _, e := range w.sheets {
		if w.o.Sheet == "" && e.hidden {
			hidden = append(hidden, e.name)
			continue
		}
		if w.o.Sheet != "" && e.name != w.o.Sheet {
			continue
		}
		s := &sheetSource{w: w, entry: e}
		h, ok, err := findHeader(ctx, s, w.o.Columns, w.o, label(w.file, e.name))
		switch {
		case err != nil:
			return nil, err
		case !ok:
		case from != nil && best.complete && h.complete:
			others = append(others, e.name)
		case from == nil || h.better(best):
			best, from = h, s
		}
	}
	if from == nil {
		return nil, w.noSheet(hidden)
	}
	t, err := best.table(w.file, from.entry.name, w.o.Columns, from, w.o)
	if err != nil {
		return nil, err
	}
	t.Hidden, t.Others = hidden, others
	return t, nil
}

func (w *workbook) noSheet(hidden []string) error {
	if w.o.Sheet == "" || slices.ContainsFunc(w.sheets, func(e sheetEntry) bool { return e.name == w.o.Sheet }) {
		return fault.New(fault.Invalid, "sheet.empty", "file", label(w.file, w.o.Sheet), "hidden", strings.Join(hidden, ", "))
	}
	var names []string
	for _, e := range w.sheets {
		names = append(names, e.name)
	}
	return fault.New(fault.Invalid, "sheet.no_such_sheet", "file", w.file, "sheet", w.o.Sheet, "sheets", clip(strings.Join(names, ", ")))
}

// sharedStrings is the workbook's text table in one piece of memory.
type sharedStrings struct {
	text string
	ends []int
}

// at gives text i. ok is false when there is none.
func (s sharedStrings) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.text[from:s.ends[i]], true
}

func (w *workbook) readShared(ctx context.Context, name string) error {
	p, ok, err := w.open(name)
	if err != nil || !ok {
		return err
	}
	defer p.close()
	var all strings.Builder
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			w.shared.text = all.String()
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); !ok || e.Name.Local != "si" {
			continue
		}
		s, err := p.richText()
		if err != nil {
			return err
		}
		all.WriteString(s)
		w.shared.ends = append(w.shared.ends, all.Len())
		const overhead = 8 // bytes of an end
		if all.Len()+overhead*len(w.shared.ends) > maxSharedText {
			return fault.New(fault.Invalid, "sheet.too_much_text", "file", w.file, "limit_mb", mb(maxSharedText))
		}
		if len(w.shared.ends)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// richText reads the text of an element (si, is) that has just begun, to its end: all runs, without phonetic hints.
func (p *part) richText() (string, error) {
	var text []byte
	phonetic, inText := 0, false
	for depth := 1; ; {
		tok, err := p.next()
		if err != nil {
			return "", p.cut(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			depth++
			if e.Name.Local == "rPh" {
				phonetic = depth
			}
			inText = e.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			if depth--; depth == 0 {
				return unescape(string(text)), nil
			}
			inText = false
		case xml.CharData:
			if inText {
				text = append(text, e...)
			}
		}
		if len(text) > maxRecord {
			return "", fault.New(fault.Invalid, "sheet.cell_too_long", "file", p.a.file, "part", p.name, "limit_mb", mb(maxRecord))
		}
	}
}

// cut makes the end of a part inside an element an error.
func (p *part) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return p.a.damaged(p.name, io.ErrUnexpectedEOF)
	}
	return err
}

// unescape turns _x000D_ and its like into the character (ECMA-376-1, 22.9.2.19, ST_Xstring).
func unescape(s string) string {
	const length = len("_x0000_")
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+length <= len(s) && s[i] == '_' && s[i+1] == 'x' && s[i+length-1] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && n != 0 && (n < 0xD800 || n > 0xDFFF) {
				b.WriteRune(rune(n))
				i += length
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// readStyles reads which number format each cell style has.
func (w *workbook) readStyles(name string) error {
	p, ok, err := w.openFrame(name)
	if err != nil || !ok {
		return err
	}
	defer p.close()
	custom := map[int]numberFormat{}
	inCells := false
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.EndElement); ok && e.Name.Local == "cellXfs" {
			inCells = false
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch id, _ := strconv.Atoi(attr(e, "numFmtId")); e.Name.Local {
		case "numFmt":
			custom[id] = parseFormat(attr(e, "formatCode"))
		case "cellXfs":
			inCells = true
		case "xf":
			if !inCells {
				continue
			}
			f, ok := custom[id]
			if !ok {
				f = builtinFormat(id)
			}
			w.formats = append(w.formats, f)
		}
	}
}
