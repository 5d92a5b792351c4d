package annotate

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// maxStyles is how many cell styles a workbook can have.
const maxStyles = 65_490

// fillOf are the colours of the marks: light red, light amber.
var fillOf = [...]string{Error: "FFFFC7CE", Warning: "FFFFEB9C"}

// wish is a style that does not exist yet: that of a marked cell, which is the cell's own with another fill, or one of the
// summary. Its number is set when the styles are written.
type wish struct {
	base     int
	severity Severity
	like     int // of an unmarked cell: the style whose fill it gets instead of a colour; -1: none
	id       int
}

// styleSheet is the workbook's styles with what is to be added.
type styleSheet struct {
	part     string
	data     []byte
	elements []element
	xfs      []element // of cellXfs
	colours  []string  // of fills, as RRGGBB with two digits before; empty: another kind
	wishes   []*wish
	title    int // numbers of the summary's styles, once written
	text     int
	link     int
}

// emptyStyles are the styles of a workbook that has none.
const emptyStyles = xmlHead + `<styleSheet xmlns="%s"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>`

func (b *book) readStyles() error {
	s := &styleSheet{}
	for _, rel := range b.frame.rels {
		if rel.Kind == "styles" {
			s.part = rel.Target
		}
	}
	if s.part == "" {
		s.part = b.free("xl/styles%d.xml")
		if _, err := b.relate(b.main, "styles", s.part); err != nil {
			return err
		}
		if err := b.declare(s.part, stylesType); err != nil {
			return err
		}
		b.put(s.part, fmt.Appendf(nil, emptyStyles, b.frame.space))
	}
	data, ok, err := b.get(s.part)
	if err != nil {
		return err
	}
	if !ok {
		return b.Damaged(s.part, errMissing)
	}
	const fill = 4 // styleSheet > fills > fill > patternFill > fgColor
	if s.data, s.elements, err = b.expanded(s.part, data, fill); err != nil {
		return err
	}
	for _, e := range s.elements {
		switch name := e.start.Name.Local; {
		case name == "xf" && e.parent == "cellXfs":
			s.xfs = append(s.xfs, e)
		case name == "fill" && e.parent == "fills":
			s.colours = append(s.colours, "")
		case name == "fgColor" && e.parent == "patternFill" && len(s.colours) > 0:
			s.colours[len(s.colours)-1] = strings.ToUpper(opc.Attr(e.start, "rgb"))
		}
	}
	b.styles = s
	return nil
}

// want gives the style for a marked cell whose own style is base; nil when the workbook can hold no more styles.
func (s *styleSheet) want(base int, severity Severity) *wish {
	return s.add(wish{base: s.sound(base), severity: severity, like: -1})
}

// sound is a style's number, or 0 for one that does not exist.
func (s *styleSheet) sound(style int) int {
	if style < 0 || style >= len(s.xfs) {
		return 0
	}
	return style
}

// add gives the wish that is the same, or takes it in.
func (s *styleSheet) add(w wish) *wish {
	if i := slices.IndexFunc(s.wishes, func(have *wish) bool { return *have == w }); i >= 0 {
		return s.wishes[i]
	}
	const summary = 3
	if len(s.xfs)+len(s.wishes)+summary >= maxStyles {
		return nil
	}
	s.wishes = append(s.wishes, &w)
	return &w
}

// exactly is the wish for a style that is there.
func exactly(style int) *wish { return &wish{id: style} }

// colourOf is the mark's colour that a style has; ok is false for every other fill.
func (s *styleSheet) colourOf(style int) (Severity, bool) {
	if style < 0 || style >= len(s.xfs) {
		return 0, false
	}
	fill, err := strconv.Atoi(opc.Attr(s.xfs[style].start, "fillId"))
	if err != nil || fill < 0 || fill >= len(s.colours) {
		return 0, false
	}
	i := slices.Index(fillOf[:], s.colours[fill])
	return Severity(max(0, i)), i >= 0
}

// without gives the style of a marked cell without its colour: what the cell looks like now, with the fill of the style that
// it had before. It is that style itself unless the cell was formatted anew since.
func (s *styleSheet) without(current, before int) *wish {
	if len(s.xfs) == 0 {
		return exactly(0)
	}
	before = s.sound(before)
	if s.but(current) == s.but(before) {
		return exactly(before)
	}
	return s.add(wish{base: current, like: before})
}

// but writes a style without its fill, so that two can be compared.
func (s *styleSheet) but(style int) string {
	e := s.xfs[style]
	var out []string
	for _, a := range e.start.Attr {
		if a.Name.Local != "fillId" && a.Name.Local != "applyFill" {
			out = append(out, a.Name.Local+"="+a.Value)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ") + string(s.data[e.to:max(e.to, e.end)])
}

// writeStyles appends fills, fonts and styles; what was there keeps its number.
func (b *book) writeStyles() error {
	s := b.styles
	prefix := s.elements[0].prefix
	tag := func(name string) string { return qualified(prefix, name) }
	fills, fonts, xfs := s.count("fills", "fill"), s.count("fonts", "font"), len(s.xfs)

	var fillText, xfText strings.Builder
	if fills == 0 { // the first two fills are reserved
		fmt.Fprintf(&fillText, `<%[1]s><%[2]s patternType="none"/></%[1]s><%[1]s><%[2]s patternType="gray125"/></%[1]s>`, tag("fill"), tag("patternFill"))
		fills = 2
	}
	for _, colour := range fillOf {
		fmt.Fprintf(&fillText, `<%[1]s><%[2]s patternType="solid"><%[3]s rgb="%[5]s"/><%[4]s indexed="64"/></%[2]s></%[1]s>`,
			tag("fill"), tag("patternFill"), tag("fgColor"), tag("bgColor"), colour)
	}
	if xfs == 0 {
		fmt.Fprintf(&xfText, `<%s numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, tag("xf"))
		xfs = 1
	}
	for i, w := range s.wishes {
		w.id = xfs + i
		xfText.WriteString(s.derived(w, fills, tag("xf")))
	}
	s.title = xfs + len(s.wishes)
	s.text, s.link = s.title+1, s.title+2
	const own = `<%[1]s numFmtId="%[5]d" fontId="%[2]d" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><%[3]s vertical="top"%[4]s/></%[1]s>`
	const general, text = 0, 49 // number formats
	fmt.Fprintf(&xfText, own, tag("xf"), fonts, tag("alignment"), "", general)
	fmt.Fprintf(&xfText, own, tag("xf"), 0, tag("alignment"), ` wrapText="1"`, text)
	fmt.Fprintf(&xfText, own, tag("xf"), fonts+1, tag("alignment"), "", text)

	edits := s.append("fonts", s.fonts(tag), fonts+2)
	edits = append(edits, s.append("fills", fillText.String(), fills+len(fillOf))...)
	edits = append(edits, s.append("cellXfs", xfText.String(), s.link+1)...)
	sortEdits(edits)
	b.put(s.part, apply(s.data, edits))
	return nil
}

func (s *styleSheet) count(parent, name string) int {
	n := 0
	for _, e := range s.elements {
		if e.start.Name.Local == name && e.parent == parent {
			n++
		}
	}
	return n
}

// derived is the style of a marked cell: the bytes of the cell's own style with another fill.
func (s *styleSheet) derived(w *wish, firstFill int, tag string) string {
	fill := strconv.Itoa(firstFill + int(w.severity))
	if w.like >= 0 {
		if fill = opc.Attr(s.xfs[w.like].start, "fillId"); fill == "" {
			fill = "0"
		}
	}
	if w.base >= len(s.xfs) {
		return fmt.Sprintf(`<%s numFmtId="0" fontId="0" fillId="%s" borderId="0" xfId="0" applyFill="1"/>`, tag, fill)
	}
	e := s.xfs[w.base]
	first := setAttr(setAttr(s.data[e.from:e.to], "fillId", fill), "applyFill", "1")
	return string(first) + string(s.data[e.to:e.closed])
}

// fonts are the summary's: bold and larger for the title, underlined for links; name and size as the workbook's first font.
func (s *styleSheet) fonts(tag func(string) string) string {
	name, size := "", 11.0
	for _, e := range s.elements {
		if e.parent != "font" {
			continue
		}
		switch e.start.Name.Local {
		case "name":
			name = opc.Attr(e.start, "val")
		case "sz":
			if v, err := strconv.ParseFloat(opc.Attr(e.start, "val"), 64); err == nil && v >= 6 && v <= 40 {
				size = v
			}
		}
		if name != "" {
			break
		}
	}
	if name == "" {
		name = "Calibri"
	}
	font := func(first string, size float64, colour string) string {
		return fmt.Sprintf(`<%s><%s/><%s val="%g"/>%s<%s val="%s"/></%[1]s>`, tag("font"), tag(first), tag("sz"), size, colour, tag("name"), escape(name))
	}
	return font("b", size+3, "") + font("u", size, fmt.Sprintf(`<%s rgb="FF0563C1"/>`, tag("color")))
}

// styleOrder is the order in which a style sheet holds its parts (ECMA-376-1, annex A, CT_Stylesheet).
var styleOrder = []string{"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst"}

// append puts text at the end of a list of the style sheet and sets its count; a list that is not there is made.
func (s *styleSheet) append(list, text string, count int) []edit {
	root := s.elements[0]
	for _, e := range s.elements {
		if e.parent != root.start.Name.Local || e.start.Name.Local != list {
			continue
		}
		tag := s.data[e.from:e.to]
		if _, _, ok := attrSpan(tag, "count"); ok {
			tag = setAttr(tag, "count", strconv.Itoa(count))
		}
		return e.into(bytes.Clone(tag), text)
	}
	name := qualified(root.prefix, list)
	text = fmt.Sprintf(`<%s count="%d">%s</%[1]s>`, name, count, text)
	before := styleOrder[slices.Index(styleOrder, list)+1:]
	for _, e := range s.elements {
		if e.parent == root.start.Name.Local && slices.Contains(before, e.start.Name.Local) {
			return []edit{{from: e.from, to: e.from, head: text}}
		}
	}
	return root.into(nil, text)
}
