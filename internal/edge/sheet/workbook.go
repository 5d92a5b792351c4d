package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxSharedText is how much text the cells of a workbook may share; it is held in memory.
const maxSharedText = 128 << 20

// workbook is the frame of an .xlsx file: its sheets, and what their cells refer to.
type workbook struct {
	*opc.Package
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
	a, err := opc.Open(r, size, opc.Limits{File: o.File, Unzipped: o.MaxUnzipped})
	if err != nil {
		return nil, err
	}
	w := &workbook{Package: a, o: o}
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	t, err := choose(ctx, w.candidates(), o)
	if err != nil {
		return nil, err
	}
	t.External = a.Has("xl/externallinks/")
	return t, nil
}

// load reads everything but the sheets.
func (w *workbook) load(ctx context.Context) error {
	root, err := w.Relations("")
	if err != nil {
		return err
	}
	main := ""
	for _, rel := range root {
		if rel.Kind == "officeDocument" {
			main = rel.Target
		}
	}
	if main == "" || !strings.HasSuffix(strings.ToLower(main), ".xml") {
		return w.notWorkbook(main)
	}
	rels, err := w.Relations(main)
	if err != nil {
		return err
	}
	if err := w.readSheets(main, rels); err != nil {
		return err
	}
	for _, rel := range rels {
		switch rel.Kind {
		case "styles":
			err = w.readStyles(rel.Target)
		case "sharedStrings":
			err = w.readShared(ctx, rel.Target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notWorkbook says what a zip file without a readable workbook is.
func (w *workbook) notWorkbook(main string) error {
	_, mimetype := w.Parts["mimetype"]
	switch {
	case strings.HasSuffix(strings.ToLower(main), "workbook.bin"):
		return otherFormatFault(w.File, "XLSB")
	case mimetype && w.Has("content.xml"):
		return otherFormatFault(w.File, "ODS")
	default:
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", w.File)
	}
}

func (w *workbook) readSheets(main string, rels map[string]opc.Relation) error {
	p, ok, err := w.OpenFrame(main)
	if err != nil {
		return err
	}
	if !ok {
		return w.Damaged(main, errors.New("missing"))
	}
	defer p.Close()
	isWorkbook, parts, summary, inSummary := false, map[string]bool{}, "", false
	for {
		tok, err := p.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if text, ok := tok.(xml.CharData); ok && inSummary && len(summary) < maxName {
			summary += string(text)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		inSummary = e.Name.Local == "definedName" && opc.Attr(e, "name") == SummaryName
		switch e.Name.Local {
		case "workbook":
			isWorkbook = true
		case "workbookPr":
			w.date1904 = isTrue(opc.Attr(e, "date1904"))
		case "sheet":
			rel := rels[opc.Attr(e, "id")]
			if rel.Kind != "worksheet" {
				continue // chart sheets and macro sheets hold no table
			}
			if parts[opc.PartName(rel.Target)] {
				return w.Damaged(main, errors.New("two sheets of one part"))
			}
			parts[opc.PartName(rel.Target)] = true
			w.addSheet(e, rel.Target)
		}
	}
	if !isWorkbook || len(w.sheets) == 0 {
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", w.File)
	}
	w.hideSummary(summary)
	return nil
}

func (w *workbook) addSheet(e xml.StartElement, part string) {
	state := opc.Attr(e, "state")
	w.sheets = append(w.sheets, sheetEntry{opc.Attr(e, "name"), state == "hidden" || state == "veryHidden", part})
}

// SummaryName is the defined name that leads to the sheet which package annotate puts in front of a workbook. Such a sheet is
// ours and no table of anybody: it counts as hidden.
const SummaryName = "_parkbrain_summary"

const maxName = 1024 // characters of what a defined name says that are looked at

// hideSummary hides the sheet to which a reference leads: 'a sheet'!$A$1.
func (w *workbook) hideSummary(reference string) {
	name, _, _ := strings.Cut(strings.TrimSpace(reference), "!$A$1")
	if len(name) >= 2 && name[0] == '\'' && name[len(name)-1] == '\'' {
		name = strings.ReplaceAll(name[1:len(name)-1], "''", "'")
	}
	for i := range w.sheets {
		if w.sheets[i].name == name && len(w.sheets) > 1 {
			w.sheets[i].hidden = true
		}
	}
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// candidates are the workbook's sheets as the choice sees them.
func (w *workbook) candidates() []candidate {
	var out []candidate
	for _, e := range w.sheets {
		out = append(out, candidate{e.name, e.hidden, &sheetSource{w: w, entry: e}})
	}
	return out
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
	p, ok, err := w.Open(name)
	if err != nil || !ok {
		return err
	}
	defer p.Close()
	var all strings.Builder
	for {
		tok, err := p.Next()
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
		s, err := richText(p)
		if err != nil {
			return err
		}
		all.WriteString(s)
		w.shared.ends = append(w.shared.ends, all.Len())
		const overhead = 8 // bytes of an end
		if all.Len()+overhead*len(w.shared.ends) > maxSharedText {
			return fault.New(fault.Invalid, "sheet.too_much_text", "file", w.File, "limit_mb", mb(maxSharedText))
		}
		if len(w.shared.ends)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// richText reads the text of an element (si, is) that has just begun, to its end: all runs, without phonetic hints.
func richText(p *opc.Part) (string, error) {
	var text []byte
	phonetic, inText := 0, false
	for depth := 1; ; {
		tok, err := p.Next()
		if err != nil {
			return "", p.Cut(err)
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
			return "", p.TooLong()
		}
	}
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
	p, ok, err := w.OpenFrame(name)
	if err != nil || !ok {
		return err
	}
	defer p.Close()
	custom := map[int]numberFormat{}
	inCells := false
	for {
		tok, err := p.Next()
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
		switch id, _ := strconv.Atoi(opc.Attr(e, "numFmtId")); e.Name.Local {
		case "numFmt":
			custom[id] = parseFormat(opc.Attr(e, "formatCode"))
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
