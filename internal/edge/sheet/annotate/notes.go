package annotate

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// addNotes writes the notes of a worksheet's marks, into its notes where it has some. It gives the edit that ties a new
// drawing, which holds the notes' shapes, to the worksheet; nil when it has one.
func (b *book) addNotes(s sheetMarks, l *layout) (*edit, error) {
	marks := s.marks[:min(len(s.marks), max(0, MaxNotes-b.result.Noted))]
	if len(marks) == 0 {
		return nil, nil
	}
	rels, err := b.Relations(s.sheet.part)
	if err != nil {
		return nil, err
	}
	drawing, link, err := b.drawing(s.sheet.part, l, rels)
	if err != nil || drawing == nil {
		return nil, err
	}
	notes, err := b.readNotes(s.sheet.part, rels)
	if err != nil {
		return nil, err
	}
	var fresh []mark
	for _, m := range marks {
		switch i, found := notes.at[m.place]; {
		case !found:
			fresh = append(fresh, m)
			b.result.Noted++
		case notes.discussed(i):
		default:
			notes.extend(i, m)
			b.result.Noted++
		}
	}
	notes.add(fresh)
	b.put(notes.part, apply(notes.data, notes.edits))
	drawing.add(fresh)
	b.put(drawing.part, drawing.data)
	return link, nil
}

// notes is a worksheet's part of notes (comments) with the changes to it.
type notes struct {
	part     string
	data     []byte
	elements []element
	at       map[place]int // index of the note's element
	author   string
	authors  []string
	authorID int
	edits    []edit
}

const emptyNotes = xmlHead + `<comments xmlns="%s"><authors></authors><commentList></commentList></comments>`

func (b *book) readNotes(sheet string, rels map[string]opc.Relation) (*notes, error) {
	n := b.notesOf(rels)
	if n == nil {
		n = &notes{part: b.free("xl/comments%d.xml")}
		if _, err := b.relate(sheet, "comments", n.part); err != nil {
			return nil, err
		}
		if err := b.declare(n.part, notesType); err != nil {
			return nil, err
		}
		b.put(n.part, fmt.Appendf(nil, emptyNotes, b.frame.space))
	}
	n.author = b.job.Author
	if err := b.parseNotes(n); err != nil {
		return nil, err
	}
	n.claimAuthor()
	return n, nil
}

// notesOf finds a worksheet's notes; nil when it has none.
func (b *book) notesOf(rels map[string]opc.Relation) *notes {
	for _, id := range slices.Sorted(maps.Keys(rels)) {
		if rels[id].Kind == "comments" {
			return &notes{part: rels[id].Target}
		}
	}
	return nil
}

func (b *book) parseNotes(n *notes) error {
	data, ok, err := b.get(n.part)
	if err != nil {
		return err
	}
	if !ok {
		return b.Damaged(n.part, errMissing)
	}
	const text = 5 // comments > commentList > comment > text > r > t
	if n.data, n.elements, err = b.expanded(n.part, data, text); err != nil {
		return err
	}
	n.at = map[place]int{}
	for i, e := range n.elements {
		switch {
		case e.start.Name.Local == "author" && e.parent == "authors":
			n.authors = append(n.authors, plainText(n.data[e.to:max(e.to, e.end)]))
		case e.start.Name.Local == "comment" && e.parent == "commentList":
			if at, ok := parsePlace(opc.Attr(e.start, "ref")); ok {
				n.at[at] = i
			}
		}
	}
	return nil
}

// plainText is the text of an element without markup.
func plainText(raw []byte) string {
	var out strings.Builder
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := d.RawToken()
		if err != nil {
			return out.String()
		}
		if c, ok := t.(xml.CharData); ok {
			out.Write(c)
		}
	}
}

// claimAuthor finds the author of our notes in the list of authors, or adds it.
func (n *notes) claimAuthor() {
	n.authorID = len(n.authors)
	for i, a := range n.authors {
		if a == n.author {
			n.authorID = i
			return
		}
	}
	for _, e := range n.elements {
		if e.start.Name.Local == "authors" {
			tag := qualified(e.prefix, "author")
			n.edits = append(n.edits, e.into(nil, "<"+tag+">"+escape(n.author)+"</"+tag+">")...)
			return
		}
	}
}

// authorOf is who wrote a note.
func (n *notes) authorOf(i int) string {
	id, err := strconv.Atoi(opc.Attr(n.elements[i].start, "authorId"))
	if err != nil || id < 0 || id >= len(n.authors) {
		return ""
	}
	return n.authors[id]
}

// discussed says that a note stands in for a discussion (threaded comment), whose text is elsewhere.
func (n *notes) discussed(i int) bool { return strings.HasPrefix(n.authorOf(i), "tc={") }

// extend adds a mark's messages to a note that is there; our own earlier note is written anew.
func (n *notes) extend(i int, m mark) {
	note := n.elements[i]
	var text, last *element // the note's text; its last run
	for j := i + 1; j < len(n.elements) && n.elements[j].from < note.closed; j++ {
		e := &n.elements[j]
		if e.parent == "comment" && e.start.Name.Local == "text" {
			text = e
		}
		if e.parent == "text" && (e.start.Name.Local == "r" || e.start.Name.Local == "t") {
			last = e
		}
	}
	message := cellText(strings.Join(m.messages, "\n"))
	switch t := qualified(note.prefix, "t"); {
	case text == nil:
		tag := qualified(note.prefix, "text")
		n.edits = append(n.edits, note.into(n.data[note.from:note.to], fmt.Sprintf(`<%s>%s</%[1]s>`, tag, preserved(t, message)))...)
	case last == nil || n.author != "" && n.authorOf(i) == n.author:
		tag := qualified(text.prefix, "text")
		n.edits = append(n.edits, edit{from: text.from, to: text.closed, head: fmt.Sprintf(`<%s>%s</%[1]s>`, tag, preserved(t, message))})
	case last.start.Name.Local == "r":
		run := fmt.Sprintf(`<%s>%s</%[1]s>`, qualified(last.prefix, "r"), preserved(qualified(last.prefix, "t"), divider+message))
		n.edits = append(n.edits, edit{from: last.closed, to: last.closed, head: run})
	default: // the text is one plain t
		tag := setAttr(n.data[last.from:last.to], "xml:space", "preserve")
		n.edits = append(n.edits, last.into(tag, divider+message)...)
	}
}

// divider stands between what the user wrote and what we add.
const divider = "&#xA;————&#xA;"

func preserved(tag, text string) string {
	return fmt.Sprintf(`<%s xml:space="preserve">%s</%[1]s>`, tag, text)
}

// add writes the notes of cells that have none.
func (n *notes) add(marks []mark) {
	var text strings.Builder
	var list element
	for _, e := range n.elements {
		if e.start.Name.Local == "commentList" {
			list = e
		}
	}
	name := func(s string) string { return qualified(list.prefix, s) }
	for _, m := range marks {
		message := preserved(name("t"), cellText(strings.Join(m.messages, "\n")))
		fmt.Fprintf(&text, `<%[1]s ref="%[2]s" authorId="%[3]d"><%[4]s><%[5]s>%[6]s</%[5]s></%[4]s></%[1]s>`,
			name("comment"), m.place, n.authorID, name("text"), name("r"), message)
	}
	if list.to > 0 && text.Len() > 0 {
		n.edits = append(n.edits, list.into(nil, text.String())...)
	}
	sortEdits(n.edits)
}

// drawing is a part of shapes (VML); every note has one, without which programs do not show it.
type drawing struct {
	part string
	data []byte
}

// vmlHead is a drawing without shapes. Ids of shapes are 1024·n+1 … 1024·n+1023 for block n.
const vmlHead = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" ` +
	`xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>`

const noteType = `<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" ` +
	`id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">` +
	`<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`

// drawing finds the worksheet's drawing of notes or makes one; link ties a new one to the worksheet. It is nil where the
// worksheet has one that cannot be added to.
func (b *book) drawing(sheet string, l *layout, rels map[string]opc.Relation) (d *drawing, link *edit, err error) {
	if rel, ok := rels[l.legacy]; ok && l.legacy != "" {
		data, ok, err := b.get(rel.Target)
		if err != nil || !ok || vmlEnd(data) < 0 {
			return nil, nil, err
		}
		return &drawing{rel.Target, data}, nil, nil
	}
	if l.legacy != "" {
		return nil, nil, nil
	}
	part := b.free("xl/drawings/vmlDrawing%d.vml")
	id, err := b.relate(sheet, "vmlDrawing", part)
	if err != nil {
		return nil, nil, err
	}
	if err := b.declare(part, vmlType); err != nil {
		return nil, nil, err
	}
	data := fmt.Appendf(nil, vmlHead, len(b.added))
	b.put(part, data)
	text := fmt.Sprintf(`<%s xmlns:r="%s" r:id="%s"/>`, qualified(l.prefix, "legacyDrawing"), b.frame.relSpace, id)
	return &drawing{part, data}, &edit{from: l.insert, to: l.insert, head: text}, nil
}

// vmlEnd is where the drawing's last tag begins, or -1. A drawing is not read as XML: old programs wrote it as HTML.
func vmlEnd(data []byte) int { return bytes.LastIndex(data, []byte("</xml>")) }

var (
	shapeID = regexp.MustCompile(`_x0000_s([0-9]{1,9})\b`)
	idBlock = regexp.MustCompile(`<o:idmap\b[^>]*\bdata="([0-9]+)`)
)

// add puts a shape for each note at the end of the drawing.
func (d *drawing) add(marks []mark) {
	end := vmlEnd(d.data)
	if end < 0 || len(marks) == 0 {
		return
	}
	next := 1024
	if m := idBlock.FindSubmatch(d.data); m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil && n < 1<<20 {
			next = 1024 * n
		}
	}
	for _, m := range shapeID.FindAllSubmatch(d.data, -1) {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			next = max(next, n)
		}
	}
	var text strings.Builder
	if !bytes.Contains(d.data, []byte(`id="_x0000_t202"`)) {
		text.WriteString(noteType)
	}
	for _, m := range marks {
		next++
		text.WriteString(shape(next, m))
	}
	d.data = fmt.Appendf(nil, "%s%s%s", d.data[:end], text.String(), d.data[end:])
}

// shape is the box of a note, to the right of its cell and high enough for its text.
func shape(id int, m mark) string {
	const width, perLine, maxLines, lastColumn = 3, 18, 40, 1<<14 - 1
	lines := 1
	for _, message := range m.messages {
		lines += 1 + utf8.RuneCountInString(message)/perLine
	}
	left, top := min(m.col+1, lastColumn-width), max(m.row-2, 0)
	return fmt.Sprintf(`<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" `+
		`xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s%d" type="#_x0000_t202" `+
		`style="position:absolute;margin-left:60pt;margin-top:2pt;width:160pt;height:%dpt;z-index:1;visibility:hidden" `+
		`fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>`+
		`<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`+
		`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 15, %d, 4</x:Anchor>`+
		`<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
		id, 15*min(lines+1, maxLines), left, top, left+width, top+min(lines+1, maxLines), m.row-1, m.col)
}
