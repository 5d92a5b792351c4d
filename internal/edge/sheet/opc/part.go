package opc

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const maxDepth = 256 // of elements in elements; the XML reader remembers all that are open

// Part is the XML of one part, read token by token.
type Part struct {
	Name  string
	of    *Package
	dec   *xml.Decoder
	in    *counted
	depth int
	close func() error
}

// OpenFrame opens a part of which all is kept in memory; one larger than MaxFrame is refused.
func (p *Package) OpenFrame(name string) (part *Part, ok bool, err error) {
	if f, ok := p.Parts[PartName(name)]; ok && f.UncompressedSize64 > MaxFrame {
		return nil, true, p.tooLarge(MaxFrame)
	}
	return p.Open(name)
}

// Open opens a part by its full name. ok is false when there is none.
func (p *Package) Open(name string) (part *Part, ok bool, err error) { return p.OpenTee(name, nil) }

// OpenTee is Open that also writes to tee every byte as it is taken in, ahead of the tokens.
func (p *Package) OpenTee(name string, tee io.Writer) (part *Part, ok bool, err error) {
	f, ok := p.Parts[PartName(name)]
	if !ok {
		return nil, false, nil
	}
	rc, err := p.open(f)
	if err != nil {
		return nil, true, err
	}
	in := &counted{in: rc, left: int64(f.UncompressedSize64)}
	var from io.Reader = in
	if tee != nil {
		from = io.TeeReader(in, tee)
	}
	return &Part{of: p, Name: name, dec: xml.NewDecoder(from), in: in, close: rc.Close}, true, nil
}

// Close ends the reading.
func (p *Part) Close() error { return p.close() }

// Offset is the place of the first byte after the last token.
func (p *Part) Offset() int64 { return p.dec.InputOffset() }

// Next gives the next token; its texts are valid until the one after it. io.EOF is the end of a well-formed part. A document
// type, which could define entities and name outside files, is refused; the standard forbids it (ECMA-376-2, 8.1.4).
func (p *Part) Next() (xml.Token, error) { return p.take(p.dec.Token) }

// NextRaw is Next without namespaces: names keep their prefix in Name.Space, and ends are not matched with beginnings.
func (p *Part) NextRaw() (xml.Token, error) { return p.take(p.dec.RawToken) }

func (p *Part) take(read func() (xml.Token, error)) (xml.Token, error) {
	p.in.token = 0
	tok, err := read()
	var f *fault.Fault
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.As(err, &f):
		return nil, err
	case errors.Is(err, errTooMuch):
		return nil, p.TooLong()
	default:
		return nil, p.of.Damaged(p.Name, err)
	}
	switch tok.(type) {
	case xml.Directive:
		return nil, fault.New(fault.Invalid, "sheet.doctype", "file", p.of.File, "part", p.Name)
	case xml.StartElement:
		if p.depth++; p.depth > maxDepth {
			return nil, p.of.Damaged(p.Name, errors.New("elements nested too deeply"))
		}
	case xml.EndElement:
		p.depth--
	}
	return tok, nil
}

// TooLong is the fault for a text longer than MaxRecord.
func (p *Part) TooLong() error {
	return fault.New(fault.Invalid, "sheet.cell_too_long", "file", p.of.File, "part", p.Name, "limit_mb", mb(MaxRecord))
}

// Cut makes the end of a part inside an element an error.
func (p *Part) Cut(err error) error {
	if errors.Is(err, io.EOF) {
		return p.of.Damaged(p.Name, io.ErrUnexpectedEOF)
	}
	return err
}

// counted stops a part that unpacks to more than its directory entry says, and a token that does not end.
type counted struct {
	in    io.Reader
	left  int64
	token int
}

var (
	errLies    = errors.New("larger than its directory entry says")
	errTooMuch = errors.New("more than one token may hold")
)

func (c *counted) Read(b []byte) (int, error) {
	if c.token > MaxRecord {
		return 0, errTooMuch
	}
	n, err := c.in.Read(b)
	c.token += n
	if c.left -= int64(n); c.left < 0 {
		return 0, errLies
	}
	return n, err
}

// Attr is the value of an attribute by its local name.
func Attr(e xml.StartElement, name string) string {
	if i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name }); i >= 0 {
		return e.Attr[i].Value
	}
	return ""
}

// Relations reads the relationships of a part by their ids; those that lead out of the package are left out.
func (p *Package) Relations(of string) (map[string]Relation, error) {
	part, ok, err := p.OpenFrame(RelationsOf(of))
	if err != nil || !ok {
		return nil, err
	}
	defer part.Close()
	out := map[string]Relation{}
	for {
		tok, err := part.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || strings.EqualFold(Attr(e, "TargetMode"), "External") {
			continue
		}
		kind := Attr(e, "Type")
		out[Attr(e, "Id")] = Relation{Kind: kind[strings.LastIndexByte(kind, '/')+1:], Target: Resolve(of, Attr(e, "Target")), Type: kind}
	}
}
