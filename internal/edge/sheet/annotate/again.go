package annotate

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// A copy that was annotated before is known by a defined name that leads to its summary sheet. In hidden columns of that sheet
// each mark has a row: a cell that refers to the marked cell by a formula and wears the style which that cell had before, and
// beside it a number made of the note's text. Spreadsheet programs number styles anew, forget who wrote a note and drop what
// they do not know; but formulas follow a cell that moves, a cell keeps how it looks, and a number stays itself.
const (
	markName   = sheet.SummaryName
	keepColumn = 23 // X: refers to the marked cell; the next one has the number of its note
	keepSign   = 7_127_001
)

// keep is what a mark has to be undone: the style under the colour, and the number of the note's text.
type keep struct {
	style int
	note  uint64
}

// kept is a keep to be written.
type kept struct {
	sheet string
	at    place
	style *wish
	note  uint64
}

// noteNumber is a number for a note's text that every program keeps exactly: 40 bits, at most 13 digits.
func noteNumber(text string) uint64 {
	const bits = 40
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(strings.Fields(text), " "))) // a hash does not fail
	return h.Sum64()>>(64-bits) | 1
}

// earlier is the summary of an earlier annotation.
type earlier struct {
	sheet sheetRef
	keeps map[string]map[place]keep // by sheet's name in lower case
}

// readEarlier finds the summary of an earlier annotation and takes it out of the sheets to be marked.
func (b *book) readEarlier(ctx context.Context) error {
	f := &b.frame
	for _, e := range f.elements {
		if e.start.Name.Local != "definedName" || e.parent != "definedNames" || opc.Attr(e.start, "name") != markName {
			continue
		}
		name, _, ok := parseReference(plainText(f.data[e.to:max(e.to, e.end)]))
		i := slices.IndexFunc(f.sheets, func(s sheetRef) bool { return strings.EqualFold(s.name, name) })
		if !ok || i < 0 || len(f.sheets) == 1 {
			continue
		}
		keeps, ours, err := b.readKeeps(ctx, f.sheets[i].part)
		if err != nil {
			return err
		}
		if ours {
			b.earlier = earlier{f.sheets[i], keeps}
			f.sheets = slices.Delete(f.sheets, i, i+1)
			return nil
		}
	}
	return nil
}

// parseReference reads 'a sheet'!$B$7.
func parseReference(s string) (sheet string, at place, ok bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "=")
	i := strings.LastIndexByte(s, '!')
	if i < 0 {
		return "", at, false
	}
	sheet = strings.TrimPrefix(s[:i], "$")
	if len(sheet) >= 2 && sheet[0] == '\'' && sheet[len(sheet)-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:len(sheet)-1], "''", "'")
	}
	at, ok = parsePlace(s[i+1:])
	return sheet, at, ok
}

// reference writes 'a sheet'!$B$7.
func reference(sheet string, at place) string {
	letters := strings.TrimRight(at.String(), "0123456789")
	return "'" + strings.ReplaceAll(sheet, "'", "''") + "'!$" + letters + "$" + strconv.Itoa(at.row)
}

// readKeeps reads the hidden columns of a summary; ours is false for another sheet.
func (b *book) readKeeps(ctx context.Context, part string) (keeps map[string]map[place]keep, ours bool, err error) {
	p, ok, err := b.Open(part)
	if err != nil || !ok {
		return nil, false, err
	}
	defer p.Close()
	r := keepReader{keeps: map[string]map[place]keep{}}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		tok, err := p.NextRaw()
		if errors.Is(err, io.EOF) {
			return r.keeps, r.ours, nil
		}
		if err != nil {
			return nil, false, err
		}
		r.take(tok)
	}
}

// keepReader collects the keeps of a summary from its tokens.
type keepReader struct {
	keeps   map[string]map[place]keep
	ours    bool
	count   int
	at      place // of the cell
	style   int
	inside  string // f or v
	formula strings.Builder
	value   strings.Builder
	sheet   string // of the row's keep
	of      place
}

func (r *keepReader) take(tok xml.Token) {
	switch e := tok.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "row":
			r.sheet = ""
		case "c":
			r.at, _ = parsePlace(opc.Attr(e, "r"))
			r.style, _ = strconv.Atoi(opc.Attr(e, "s"))
			r.formula.Reset()
			r.value.Reset()
		case "f", "v":
			r.inside = e.Name.Local
		}
	case xml.CharData:
		const longest = 1024
		if r.at.col != keepColumn && r.at.col != keepColumn+1 || r.formula.Len()+r.value.Len() > longest {
			return
		}
		switch r.inside {
		case "f":
			r.formula.Write(e)
		case "v":
			r.value.Write(e)
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "f", "v":
			r.inside = ""
		case "c":
			r.cell()
		}
	}
}

// cell takes in a cell that has ended.
func (r *keepReader) cell() {
	number, err := strconv.ParseFloat(r.value.String(), 64)
	switch {
	case r.at.col == keepColumn && r.at.row == 1:
		r.ours = err == nil && number == keepSign
	case r.at.col == keepColumn:
		if name, of, ok := parseReference(r.formula.String()); ok {
			const most = 200_000
			if r.count++; r.count > most {
				return
			}
			name = strings.ToLower(name)
			r.sheet, r.of = name, of
			if r.keeps[name] == nil {
				r.keeps[name] = map[place]keep{}
			}
			r.keeps[name][of] = keep{style: r.style}
		}
	case r.at.col == keepColumn+1 && r.sheet != "" && err == nil && number > 0 && number < 1<<53:
		k := r.keeps[r.sheet][r.of]
		k.note = uint64(number)
		r.keeps[r.sheet][r.of] = k
	}
}

// keepsOf are the keeps of a sheet.
func (b *book) keepsOf(sheet string) map[place]keep { return b.earlier.keeps[strings.ToLower(sheet)] }

// keepCells are the two hidden cells of row n of the summary.
func (b *book) keepCells(n int) string {
	sign, number := place{keepColumn, n}, place{keepColumn + 1, n}
	if n == 1 {
		return fmt.Sprintf(`<c r="%s"><v>%d</v></c>`, sign, keepSign)
	}
	if n-2 >= len(b.kept) {
		return ""
	}
	k := b.kept[n-2]
	return fmt.Sprintf(`<c r="%s" s="%d"><f>%s</f></c><c r="%s"><v>%d</v></c>`, sign, k.style.id, escape(reference(k.sheet, k.at)), number, k.note)
}

// marked remembers what a mark covers.
func (p *painter) marked(m mark, style *wish) {
	p.b.kept = append(p.b.kept, kept{p.sheet, m.place, style, noteNumber(strings.Join(m.messages, "\n"))})
}

// unnote takes our earlier notes off a worksheet: whole ones with their shapes, and what we added to the user's.
func (b *book) unnote(s sheetRef, l *layout) error {
	keeps := b.keepsOf(s.name)
	if len(keeps) == 0 {
		return nil
	}
	rels, err := b.Relations(s.part)
	if err != nil {
		return err
	}
	n := b.notesOf(rels)
	if n == nil {
		return nil
	}
	if err := b.parseNotes(n); err != nil {
		return err
	}
	var gone []place
	for at, i := range n.at {
		k, ok := keeps[at]
		if !ok || k.note == 0 || n.discussed(i) {
			continue
		}
		if n.strip(i, k.note) {
			gone = append(gone, at)
		}
	}
	if len(n.edits) == 0 {
		return nil
	}
	sortEdits(n.edits)
	b.put(n.part, apply(n.data, n.edits))
	if rel, ok := rels[l.legacy]; ok && l.legacy != "" && len(gone) > 0 {
		data, ok, err := b.get(rel.Target)
		if err != nil || !ok {
			return err
		}
		b.put(rel.Target, withoutShapes(data, gone))
	}
	return nil
}

// plainDivider is the divider as it is read.
const plainDivider = "\n————\n"

// strip takes our text, which has a number, off a note; gone says that nothing was left of it.
func (n *notes) strip(i int, number uint64) (gone bool) {
	note := n.elements[i]
	var texts []element // of the note's runs
	all := ""
	for _, e := range n.elements[i+1:] {
		if e.from >= note.closed {
			break
		}
		if e.start.Name.Local == "t" && (e.parent == "r" || e.parent == "text") {
			texts = append(texts, e)
			all += plainText(n.data[e.to:max(e.to, e.end)])
		}
	}
	if noteNumber(all) == number {
		n.edits = append(n.edits, edit{from: note.from, to: note.closed})
		return true
	}
	cut := strings.LastIndex(all, plainDivider)
	if cut < 0 || noteNumber(all[cut+len(plainDivider):]) != number {
		return false
	}
	at := 0
	for _, e := range texts {
		text := plainText(n.data[e.to:max(e.to, e.end)])
		if stay := max(0, min(len(text), cut-at)); stay < len(text) && !e.selfClosing {
			n.edits = append(n.edits, edit{from: e.to, to: e.end, head: escape(text[:stay])})
		}
		at += len(text)
	}
	return false
}

var (
	shapeRow = regexp.MustCompile(`<x:Row>\s*([0-9]{1,7})\s*</x:Row>`)
	shapeCol = regexp.MustCompile(`<x:Column>\s*([0-9]{1,5})\s*</x:Column>`)
)

// withoutShapes takes the shapes of notes off a drawing.
func withoutShapes(data []byte, gone []place) []byte {
	const open, end = "<v:shape ", "</v:shape>"
	var out bytes.Buffer
	for {
		from := bytes.Index(data, []byte(open))
		if from < 0 {
			break
		}
		length := bytes.Index(data[from:], []byte(end))
		if length < 0 {
			break
		}
		to := from + length + len(end)
		shape := data[from:to]
		row, col := shapeRow.FindSubmatch(shape), shapeCol.FindSubmatch(shape)
		out.Write(data[:from])
		if row == nil || col == nil || !slices.Contains(gone, place{number(col[1]), number(row[1]) + 1}) {
			out.Write(shape)
		}
		data = data[to:]
	}
	out.Write(data)
	return out.Bytes()
}

func number(digits []byte) int {
	n, _ := strconv.Atoi(string(digits)) // at most seven digits
	return n
}
