package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	maxEntries   = 10_000  // parts of a workbook; real ones have some dozens
	maxDirectory = 4 << 20 // bytes of the archive's directory, which the zip reader holds in memory
	// A part that is larger than bombSize and was packed by more than bombRatio is a bomb: sheets of formatted blank rows
	// reach about 1:100, deflate can do 1:1032.
	bombRatio = 300
	bombSize  = 16 << 20
	maxFrame  = 32 << 20 // bytes of the parts that are kept: lists of sheets, relationships and styles
	maxDepth  = 256      // of elements in elements; the XML reader remembers all that are open
)

// archive is a zip file whose directory has been checked against the limits.
type archive struct {
	file  string // for messages
	parts map[string]*zip.File
}

func openArchive(r io.ReaderAt, size int64, o Options) (*archive, error) {
	if err := checkDirectory(r, size, o.File); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault.Because(err, fault.Invalid, "sheet.damaged", "file", o.File, "part", "zip")
	}
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.Invalid, "sheet.too_many_parts", "file", o.File, "parts", len(z.File), "limit", maxEntries)
	}
	a := &archive{file: o.File, parts: make(map[string]*zip.File, len(z.File))}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; f.UncompressedSize64 > uint64(o.MaxUnzipped) || total > uint64(o.MaxUnzipped) {
			return nil, fault.New(fault.Invalid, "sheet.unzipped_too_large", "file", o.File, "limit_mb", mb(o.MaxUnzipped))
		}
		if f.UncompressedSize64 > bombSize && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
			return nil, fault.New(fault.Invalid, "sheet.zip_bomb", "file", o.File, "part", f.Name)
		}
		name := partName(f.Name)
		if _, twice := a.parts[name]; twice {
			return nil, a.damaged(f.Name, errors.New("part twice"))
		}
		a.parts[name] = f
	}
	return a, nil
}

// partName is how parts are compared: without regard to case (ECMA-376-2, 6.2.2) and with forward slashes, which some
// writers do not use.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// checkDirectory bounds the archive's directory before the zip reader loads it. It needs no zip64 records: those begin at
// sizes that are refused anyway.
func checkDirectory(r io.ReaderAt, size int64, file string) error {
	const record, comment = 22, 64<<10 - 1
	tail := make([]byte, min(size, record+comment))
	from := size - int64(len(tail))
	if _, err := r.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	damaged := func(why string) error {
		return fault.Because(errors.New(why), fault.Invalid, "sheet.damaged", "file", file, "part", "zip")
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < record {
		return damaged("no end of directory: the file is cut off")
	}
	start := int64(binary.LittleEndian.Uint32(tail[at+16:]))
	if end := from + int64(at); start > end || end-start > maxDirectory {
		return damaged("directory out of bounds")
	}
	return nil
}

func (a *archive) damaged(part string, cause error) error {
	return fault.Because(cause, fault.Invalid, "sheet.damaged", "file", a.file, "part", part)
}

// has says whether some part's name begins with prefix.
func (a *archive) has(prefix string) bool {
	for name := range a.parts {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// part is the XML of one part, read token by token.
type part struct {
	a     *archive
	name  string
	dec   *xml.Decoder
	in    *counted
	depth int
	close func() error
}

// openFrame opens a part of the workbook's frame, all of which is kept in memory.
func (a *archive) openFrame(name string) (p *part, ok bool, err error) {
	if f, ok := a.parts[partName(name)]; ok && f.UncompressedSize64 > maxFrame {
		return nil, true, fault.New(fault.Invalid, "sheet.unzipped_too_large", "file", a.file, "limit_mb", mb(maxFrame))
	}
	return a.open(name)
}

// open opens a part by its full name. ok is false when there is none.
func (a *archive) open(name string) (p *part, ok bool, err error) {
	f, ok := a.parts[partName(name)]
	if !ok {
		return nil, false, nil
	}
	if f.Flags&1 != 0 {
		return nil, true, fault.New(fault.Invalid, "sheet.encrypted", "file", a.file)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, true, a.damaged(name, err)
	}
	in := &counted{in: rc, left: int64(f.UncompressedSize64)}
	return &part{a: a, name: name, dec: xml.NewDecoder(in), in: in, close: rc.Close}, true, nil
}

// next gives the next token; its texts are valid until the one after it. io.EOF is the end of a well-formed part. A document
// type, which could define entities and name outside files, is refused; the standard forbids it (ECMA-376-2, 8.1.4).
func (p *part) next() (xml.Token, error) {
	p.in.token = 0
	tok, err := p.dec.Token()
	var f *fault.Fault
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.As(err, &f):
		return nil, err
	case errors.Is(err, errTooMuch):
		return nil, fault.New(fault.Invalid, "sheet.cell_too_long", "file", p.a.file, "part", p.name, "limit_mb", mb(maxRecord))
	default:
		return nil, p.a.damaged(p.name, err)
	}
	switch tok.(type) {
	case xml.Directive:
		return nil, fault.New(fault.Invalid, "sheet.doctype", "file", p.a.file, "part", p.name)
	case xml.StartElement:
		if p.depth++; p.depth > maxDepth {
			return nil, p.a.damaged(p.name, errors.New("elements nested too deeply"))
		}
	case xml.EndElement:
		p.depth--
	}
	return tok, nil
}

// counted stops a part that unpacks to more than its directory entry says, and a token that does not end.
type counted struct {
	in    io.Reader
	left  int64
	token int
}

var errLies = errors.New("larger than its directory entry says")

func (c *counted) Read(b []byte) (int, error) {
	if c.token > maxRecord {
		return 0, errTooMuch
	}
	n, err := c.in.Read(b)
	c.token += n
	if c.left -= int64(n); c.left < 0 {
		return 0, errLies
	}
	return n, err
}

// attr is the value of an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	if i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name }); i >= 0 {
		return e.Attr[i].Value
	}
	return ""
}

// relations reads the relationships of a part: id → kind and target. The kind is the last word of its type, so that both
// the strict and the transitional namespace are understood.
func (a *archive) relations(of string) (map[string]relation, error) {
	dir, base := path.Split(of)
	p, ok, err := a.openFrame(dir + "_rels/" + base + ".rels")
	if err != nil || !ok {
		return nil, err
	}
	defer p.close()
	out := map[string]relation{}
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || strings.EqualFold(attr(e, "TargetMode"), "External") {
			continue
		}
		target := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/"+dir, target)
		}
		out[attr(e, "Id")] = relation{path.Base(attr(e, "Type")), strings.TrimPrefix(path.Clean(target), "/")}
	}
}

type relation struct{ kind, target string }
