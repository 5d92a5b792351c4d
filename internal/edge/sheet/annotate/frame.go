package annotate

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	mainSpace   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relSpace    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	sheetType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
	stylesType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
	notesType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
	vmlType     = "application/vnd.openxmlformats-officedocument.vmlDrawing"
	contentPart = "[Content_Types].xml"
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// frame is what holds the workbook together.
type frame struct {
	data     []byte // the workbook's part
	elements []element
	sheets   []sheetRef // worksheets only
	names    []string   // of all sheets
	maxID    int
	prefix   string // of the workbook's elements
	space    string // namespace of SpreadsheetML that the workbook uses, transitional or strict
	relSpace string
	rels     map[string]opc.Relation
}

type sheetRef struct{ name, part string }

func (b *book) readFrame(ctx context.Context) error {
	root, err := b.Relations("")
	if err != nil {
		return err
	}
	for _, rel := range root {
		if rel.Kind == "officeDocument" {
			b.main = rel.Target
		}
	}
	if b.main == "" || !strings.HasSuffix(strings.ToLower(b.main), ".xml") {
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", b.File)
	}
	f := &b.frame
	if f.rels, err = b.Relations(b.main); err != nil {
		return err
	}
	data, ok, err := b.Read(b.main)
	if err != nil {
		return err
	}
	if !ok {
		return b.Damaged(b.main, errors.New("missing"))
	}
	f.data = data
	const definedName = 2 // workbook > definedNames > definedName
	if f.elements, err = b.elements(b.main, data, definedName); err != nil {
		return err
	}
	if err := b.readSheets(); err != nil {
		return err
	}
	return b.readEarlier(ctx)
}

func (b *book) readSheets() error {
	f := &b.frame
	rootTag := f.elements[0]
	f.prefix, f.space, f.relSpace = rootTag.prefix, mainSpace, relSpace
	for _, a := range rootTag.start.Attr {
		own := f.prefix == "" && a.Name.Space == "" && a.Name.Local == "xmlns" || a.Name.Space == "xmlns" && a.Name.Local == f.prefix
		if own {
			f.space = a.Value
		}
	}
	if strings.Contains(f.space, "purl.oclc.org") {
		f.relSpace = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	}
	seen := map[string]bool{}
	for _, e := range f.elements {
		if e.parent != "sheets" || e.start.Name.Local != "sheet" {
			continue
		}
		name := opc.Attr(e.start, "name")
		f.names = append(f.names, name)
		if id, err := strconv.Atoi(opc.Attr(e.start, "sheetId")); err == nil {
			f.maxID = max(f.maxID, id)
		}
		rel := f.rels[idOf(e.start)]
		if rel.Kind != "worksheet" {
			continue
		}
		if _, ok := b.Parts[opc.PartName(rel.Target)]; !ok || seen[opc.PartName(rel.Target)] {
			return b.Damaged(rel.Target, errors.New("missing, or of two sheets"))
		}
		seen[opc.PartName(rel.Target)] = true
		f.sheets = append(f.sheets, sheetRef{name, rel.Target})
	}
	if rootTag.start.Name.Local != "workbook" || len(f.sheets) == 0 {
		return fault.New(fault.Invalid, "sheet.not_workbook", "file", b.File)
	}
	return nil
}

// idOf is the relationship that an element names: r:id, whatever the prefix.
func idOf(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// relate adds a relationship to a part and gives its id.
func (b *book) relate(part, kind, target string) (id string, err error) {
	name := opc.RelationsOf(part)
	data, ok, err := b.get(name)
	if err != nil {
		return "", err
	}
	if !ok {
		data = []byte(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`)
	}
	data, all, err := b.expanded(name, data, 1)
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, e := range all {
		taken[opc.Attr(e.start, "Id")] = true
	}
	n := len(all)
	for id = "rId" + strconv.Itoa(n); taken[id]; id = "rId" + strconv.Itoa(n) {
		n++
	}
	root := all[0]
	text := fmt.Sprintf(`<%s Id="%s" Type="%s/%s" Target="%s"/>`, qualified(root.prefix, "Relationship"), id, b.frame.relSpace, kind,
		escape("/"+target))
	b.put(name, apply(data, root.into(nil, text)))
	return id, nil
}

// declare names the content type of a new part.
func (b *book) declare(part, contentType string) error {
	data, ok, err := b.get(contentPart)
	if err != nil {
		return err
	}
	if !ok {
		return b.Damaged(contentPart, errors.New("missing"))
	}
	data, all, err := b.expanded(contentPart, data, 1)
	if err != nil {
		return err
	}
	root := all[0]
	extension := strings.TrimPrefix(path.Ext(part), ".")
	byExtension := slices.ContainsFunc(all, func(e element) bool {
		return e.start.Name.Local == "Default" && strings.EqualFold(opc.Attr(e.start, "Extension"), extension) &&
			opc.Attr(e.start, "ContentType") == contentType
	})
	if byExtension {
		return nil
	}
	text := fmt.Sprintf(`<%s PartName="%s" ContentType="%s"/>`, qualified(root.prefix, "Override"), escape("/"+part), contentType)
	b.put(contentPart, apply(data, root.into(nil, text)))
	return nil
}

// writeFrame writes the summary: in the place of an earlier one, else in front of the sheets, with the name by which it is
// found again.
func (b *book) writeFrame() error {
	if b.earlier.sheet.part != "" {
		b.put(b.earlier.sheet.part, b.summarySheet())
		return nil
	}
	f := &b.frame
	part := b.free("xl/worksheets/sheet%d.xml")
	b.put(part, b.summarySheet())
	if err := b.declare(part, sheetType); err != nil {
		return err
	}
	id, err := b.relate(b.main, "worksheet", part)
	if err != nil {
		return err
	}
	name := b.summaryName()
	tag := fmt.Sprintf(`<%s xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>`, qualified(f.prefix, "sheet"), f.relSpace, escape(name), f.maxID+1, id)
	edits := b.moveOn()
	placed := false
	for _, e := range f.elements {
		if e.start.Name.Local != "sheets" {
			continue
		}
		if placed {
			return b.Damaged(b.main, errors.New("two lists of sheets"))
		}
		placed = true
		edits = append(edits, edit{from: e.to, to: e.to, head: tag})
	}
	edits = append(edits, b.nameSummary(name)...)
	sortEdits(edits)
	b.put(b.main, apply(f.data, edits))
	return nil
}

// moveOn moves what counts sheets from the front: names that belong to one sheet, and the sheet on which the workbook opens.
func (b *book) moveOn() []edit {
	f := &b.frame
	var edits []edit
	views := slices.ContainsFunc(f.elements, func(e element) bool { return e.start.Name.Local == "workbookView" })
	for _, e := range f.elements {
		raw := f.data[e.from:e.to]
		switch e.start.Name.Local {
		case "sheets":
			if !views {
				edits = append(edits, edit{from: e.from, to: e.from, head: b.openOnFirst()})
			}
		case "workbookView":
			raw = setAttr(raw, "activeTab", shifted(opc.Attr(e.start, "activeTab")))
			if opc.Attr(e.start, "firstSheet") != "" {
				raw = setAttr(raw, "firstSheet", "0")
			}
			edits = append(edits, edit{from: e.from, to: e.to, head: string(raw)})
		case "definedName":
			if stale(e) {
				edits = append(edits, edit{from: e.from, to: e.closed})
			} else if local := opc.Attr(e.start, "localSheetId"); local != "" {
				edits = append(edits, edit{from: e.from, to: e.to, head: string(setAttr(raw, "localSheetId", shifted(local)))})
			}
		}
	}
	return edits
}

// stale says that an element is the name of an earlier summary that is gone.
func stale(e element) bool {
	return e.parent == "definedNames" && opc.Attr(e.start, "name") == markName
}

// nameSummary adds the name by which the summary is found again.
func (b *book) nameSummary(sheet string) []edit {
	f := &b.frame
	tag := qualified(f.prefix, "definedName")
	text := fmt.Sprintf(`<%s name="%s" hidden="1">%s</%[1]s>`, tag, markName, escape(reference(sheet, place{0, 1})))
	after := int64(0)
	for _, e := range f.elements {
		if e.parent != "workbook" {
			continue
		}
		switch e.start.Name.Local {
		case "definedNames":
			if e.selfClosing {
				return e.into(f.data[e.from:e.to], text)
			}
			return e.into(nil, text)
		case "sheets", "functionGroups", "externalReferences":
			after = max(after, e.closed)
		}
	}
	list := qualified(f.prefix, "definedNames")
	return []edit{{from: after, to: after, head: "<" + list + ">" + text + "</" + list + ">"}}
}

// openOnFirst is the view of a workbook that states none: it opens on what was its first sheet.
func (b *book) openOnFirst() string {
	p := b.frame.prefix
	return fmt.Sprintf(`<%s><%s activeTab="1"/></%s>`, qualified(p, "bookViews"), qualified(p, "workbookView"), qualified(p, "bookViews"))
}

// shifted is a sheet's place after one more sheet stands in front; none is the first.
func shifted(index string) string {
	n, err := strconv.Atoi(index)
	if err != nil || n < 0 {
		n = 0
	}
	return strconv.Itoa(n + 1)
}

// summaryName makes the summary's name one that Excel takes and no other sheet has: at most 31 characters, none of []:*?/\,
// no apostrophe at its ends.
func (b *book) summaryName() string {
	const limit = 31
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(b.job.Summary.Sheet, "_"))
	clean = strings.Trim(clean, "' ")
	if clean == "" {
		clean = "Summary"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" (%d)", n)
		}
		name := cut(clean, limit-len(suffix)) + suffix
		if !slices.ContainsFunc(b.frame.names, func(s string) bool { return strings.EqualFold(s, name) }) {
			return name
		}
	}
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:limit]), "' ")
}
