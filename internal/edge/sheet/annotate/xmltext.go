package annotate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// edit replaces the bytes from…to of a part; from == to inserts. A style edit writes head, the number of the style that
// colours a cell of style base, and tail; the number is known when all sheets have been read.
type edit struct {
	from, to int64
	head     string
	style    *wish
	tail     string
}

func (e edit) text() string {
	if e.style == nil {
		return e.head
	}
	return e.head + strconv.Itoa(e.style.id) + e.tail
}

// apply makes the edits, which are ascending and do not overlap.
func apply(data []byte, edits []edit) []byte {
	var out bytes.Buffer
	at := int64(0)
	for _, e := range edits {
		out.Write(data[at:e.from])
		out.WriteString(e.text())
		at = e.to
	}
	out.Write(data[at:])
	return out.Bytes()
}

// token is an XML token with its place in the part.
type token struct {
	xml.Token
	from, to int64
	depth    int // of elements around it: 0 for the root's start and end
}

// scan reads a part in memory token by token. Self-closing elements have an end of no length.
func (b *book) scan(name string, data []byte, visit func(token) error) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		from := d.InputOffset()
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return b.Damaged(name, err)
		}
		if _, ok := t.(xml.EndElement); ok {
			depth--
		}
		if err := visit(token{t, from, d.InputOffset(), depth}); err != nil {
			return err
		}
		switch t.(type) {
		case xml.Directive:
			return b.Damaged(name, errors.New("document type"))
		case xml.StartElement:
			depth++
		}
	}
}

// element is where an element stands in a part in memory.
type element struct {
	start          xml.StartElement
	from, to       int64 // of its first tag
	end, closed    int64 // of its last tag: where it begins and after it
	selfClosing    bool
	prefix, parent string
}

// elements lists the elements of a part in memory, in the order of their first tags, down to maxLevel levels below the root.
func (b *book) elements(name string, data []byte, maxLevel int) ([]element, error) {
	var all []element
	var open []int
	err := b.scan(name, data, func(t token) error {
		switch x := t.Token.(type) {
		case xml.StartElement:
			if t.depth > maxLevel {
				return nil
			}
			e := element{start: x.Copy(), from: t.from, to: t.to, prefix: x.Name.Space,
				selfClosing: bytes.HasSuffix(data[t.from:t.to], []byte("/>"))}
			if len(open) > 0 {
				e.parent = all[open[len(open)-1]].start.Name.Local
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			if t.depth > maxLevel {
				return nil
			}
			if t.depth != len(open)-1 || t.depth < 0 {
				return b.Damaged(name, errors.New("an end without a beginning"))
			}
			e := &all[open[len(open)-1]]
			e.end, e.closed = t.from, t.to
			open = open[:len(open)-1]
		}
		return nil
	})
	if err == nil && (len(open) > 0 || len(all) == 0) {
		err = b.Damaged(name, io.ErrUnexpectedEOF)
	}
	return all, err
}

// expanded is elements of a part in which the root and its children do not close themselves, so that more can be put into
// them; it gives the part's bytes as well.
func (b *book) expanded(name string, data []byte, maxLevel int) ([]byte, []element, error) {
	all, err := b.elements(name, data, 1)
	if err != nil {
		return nil, nil, err
	}
	var edits []edit
	for _, e := range all {
		if e.selfClosing {
			edits = append(edits, edit{from: e.from, to: e.to, head: opened(data[e.from:e.to]) + "</" + qualified(e.prefix, e.start.Name.Local) + ">"})
		}
	}
	data = apply(data, edits)
	all, err = b.elements(name, data, maxLevel)
	return data, all, err
}

// into is the edit that puts text at the end of an element; tag is the element's first tag where it changes,
// or is self-closing; else nil.
func (e element) into(tag []byte, text string) []edit {
	switch {
	case e.selfClosing:
		return []edit{{from: e.from, to: e.to, head: opened(tag) + text + "</" + qualified(e.prefix, e.start.Name.Local) + ">"}}
	case tag == nil:
		return []edit{{from: e.end, to: e.end, head: text}}
	default:
		return []edit{{from: e.from, to: e.to, head: string(tag)}, {from: e.end, to: e.end, head: text}}
	}
}

// opened makes a self-closing tag into an opening one.
func opened(tag []byte) string {
	if s, found := strings.CutSuffix(string(tag), "/>"); found {
		return strings.TrimRight(s, " \t\r\n") + ">"
	}
	return string(tag)
}

func qualified(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + ":" + name
}

// setAttr gives a start tag with one attribute set: changed where it is there, else added as the last.
func setAttr(tag []byte, name, value string) []byte {
	if from, to, ok := attrSpan(tag, name); ok {
		return fmt.Appendf(nil, "%s%s%s", tag[:from], escape(value), tag[to:])
	}
	end := len(tag) - 1
	if end > 0 && tag[end-1] == '/' {
		end--
	}
	for end > 0 && isSpace(tag[end-1]) {
		end--
	}
	return fmt.Appendf(nil, `%s %s="%s"%s`, tag[:end], name, escape(value), tag[end:])
}

// attrSpan finds an attribute's value inside its quotes in a well-formed start tag.
func attrSpan(tag []byte, name string) (from, to int, ok bool) {
	i := 1
	for i < len(tag) && !isSpace(tag[i]) && tag[i] != '>' && tag[i] != '/' {
		i++
	}
	for i < len(tag) {
		for i < len(tag) && (isSpace(tag[i]) || tag[i] == '/') {
			i++
		}
		start := i
		for i < len(tag) && !isSpace(tag[i]) && tag[i] != '=' && tag[i] != '>' {
			i++
		}
		found := string(tag[start:i]) == name
		for i < len(tag) && tag[i] != '"' && tag[i] != '\'' && tag[i] != '>' {
			i++
		}
		if i >= len(tag) || tag[i] == '>' {
			return 0, 0, false
		}
		quote := tag[i]
		from = i + 1
		length := bytes.IndexByte(tag[from:], quote)
		if length < 0 {
			return 0, 0, false
		}
		if to = from + length; found {
			return from, to, true
		}
		i = to + 1
	}
	return 0, 0, false
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// escape writes a text for XML; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// cellText writes a text as a workbook holds it: the underscore of what looks like an escape (_x000D_) is escaped, and the
// text is cut at the 32,767 characters that a cell and a note can hold.
// Source: ECMA-376-1, 22.9.2.19 (ST_Xstring).
func cellText(s string) string {
	const limit = 32767
	units := 0
	for i, r := range s {
		if units++; r > 0xFFFF {
			units++
		}
		if units > limit {
			s = s[:i]
			break
		}
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '_' && i+6 < len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			b.WriteString("_x005F")
		}
		b.WriteByte(s[i])
	}
	return escape(b.String())
}

// parsePlace reads "B7", also "$B$7".
func parsePlace(s string) (place, bool) {
	const columns, rows = 1 << 14, 1 << 20
	s = strings.ReplaceAll(s, "$", "")
	col, i := 0, 0
	for ; i < len(s) && i < 4; i++ {
		letter := s[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		col = col*26 + int(letter-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	if err != nil || i == 0 || col > columns || row < 1 || row > rows || s[i] == '+' {
		return place{}, false
	}
	return place{col - 1, row}, true
}

// String writes "B7".
func (p place) String() string {
	var letters []byte
	for n := p.col + 1; n > 0; n = (n - 1) / 26 {
		letters = append([]byte{byte('A' + (n-1)%26)}, letters...)
	}
	return string(letters) + strconv.Itoa(p.row)
}

// get gives a part's bytes as they are by now. ok is false when there is none.
func (b *book) get(name string) (data []byte, ok bool, err error) {
	if data, ok := b.changed[opc.PartName(name)]; ok {
		return data, true, nil
	}
	return b.Read(name)
}

// put sets a part's new bytes; a part that was not there is added.
func (b *book) put(name string, data []byte) {
	key := opc.PartName(name)
	_, old := b.Parts[key]
	_, before := b.changed[key]
	if !old && !before {
		b.added = append(b.added, name)
	}
	b.changed[key] = data
}

// free gives the first name of the pattern, with a number from 1 on, that no part has.
func (b *book) free(pattern string) string {
	for n := 1; ; n++ {
		name := fmt.Sprintf(pattern, n)
		_, old := b.Parts[opc.PartName(name)]
		_, added := b.changed[opc.PartName(name)]
		if !old && !added {
			return name
		}
	}
}
