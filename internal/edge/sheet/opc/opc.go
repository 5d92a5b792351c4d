// Package opc opens the zip container of an Office file (Open Packaging Conventions) and reads its XML parts, guarded
// against bombs, false sizes, encryption, document types and texts that never end.
//
// It does not know what a part means: package sheet reads the cells, package annotate copies and patches the parts.
//
//	p, err := opc.Open(r, size, opc.Limits{File: "parks.xlsx", Unzipped: 512 << 20})
//	part, ok, err := p.Open("xl/workbook.xml")
//	for tok, err := part.Next(); err == nil; tok, err = part.Next() {
//		…
//	}
//
// Errors are faults of kind Invalid with keys "sheet.…", which say what is wrong with the file.
// Sources: ECMA-376-2 (packages), APPNOTE.TXT 6.3 (zip).
package opc

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	MaxEntries   = 10_000  // parts of a package; real ones have some dozens
	MaxRecord    = 4 << 20 // bytes of one XML token; Excel itself allows 32,767 characters in a cell
	MaxFrame     = 32 << 20
	maxDirectory = 4 << 20 // bytes of the archive's directory, which the zip reader holds in memory
	// A part that is larger than bombSize and was packed by more than bombRatio is a bomb: sheets of formatted blank rows
	// reach about 1:100, deflate can do 1:1032.
	bombRatio = 300
	bombSize  = 16 << 20
)

// Limits says what to accept.
type Limits struct {
	File     string // the file's name, for messages
	Unzipped int64  // bytes of all parts together when unpacked
}

// Package is an archive whose directory has been checked against the limits.
type Package struct {
	File  string
	Parts map[string]*zip.File // by PartName
	Order []*zip.File          // as in the archive
}

// Open reads the archive's directory and the beginnings of its parts. r must stay readable while the package is used.
func Open(r io.ReaderAt, size int64, l Limits) (*Package, error) {
	if err := checkDirectory(r, size, l.File); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault.Because(err, fault.Invalid, "sheet.damaged", "file", l.File, "part", "zip")
	}
	if len(z.File) > MaxEntries {
		return nil, fault.New(fault.Invalid, "sheet.too_many_parts", "file", l.File, "parts", len(z.File), "limit", MaxEntries)
	}
	p := &Package{File: l.File, Parts: make(map[string]*zip.File, len(z.File)), Order: z.File}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; f.UncompressedSize64 > uint64(l.Unzipped) || total > uint64(l.Unzipped) {
			return nil, p.tooLarge(l.Unzipped)
		}
		if f.UncompressedSize64 > bombSize && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
			return nil, fault.New(fault.Invalid, "sheet.zip_bomb", "file", l.File, "part", f.Name)
		}
		name := PartName(f.Name)
		if _, twice := p.Parts[name]; twice {
			return nil, p.Damaged(f.Name, errors.New("part twice"))
		}
		p.Parts[name] = f
	}
	return p, p.refuseTypes()
}

// refuseTypes refuses a document type in any part of XML, also in one that nobody here reads: who gets the file back, or opens
// it elsewhere, may read it.
func (p *Package) refuseTypes() error {
	for _, f := range p.Order {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".xml", ".rels", ".vml":
		default:
			continue
		}
		if f.Flags&1 != 0 || f.UncompressedSize64 == 0 {
			continue
		}
		typed, err := hasType(f)
		if err != nil {
			return p.Damaged(f.Name, err)
		}
		if typed {
			return fault.New(fault.Invalid, "sheet.doctype", "file", p.File, "part", f.Name)
		}
	}
	return nil
}

// hasType looks for a document type before a part's first element. What is no XML there has none; who reads it finds out.
func hasType(f *zip.File) (bool, error) {
	rc, err := f.Open()
	if err != nil {
		return false, err
	}
	defer rc.Close()
	const prolog = 64 << 10 // bytes before the first element
	d := xml.NewDecoder(io.LimitReader(rc, prolog))
	for {
		tok, err := d.RawToken()
		if err != nil {
			return false, nil
		}
		switch tok.(type) {
		case xml.Directive:
			return true, nil
		case xml.StartElement:
			return false, nil
		}
	}
}

// PartName is how parts are compared: without regard to case (ECMA-376-2, 6.2.2) and with forward slashes, which some
// writers do not use.
func PartName(s string) string {
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

// Damaged is the fault for a part that is not what it has to be.
func (p *Package) Damaged(part string, cause error) error {
	return fault.Because(cause, fault.Invalid, "sheet.damaged", "file", p.File, "part", part)
}

func (p *Package) tooLarge(limit int64) error {
	return fault.New(fault.Invalid, "sheet.unzipped_too_large", "file", p.File, "limit_mb", mb(limit))
}

// mb is a size in MiB for a message, never 0 for something.
func mb(n int64) int64 { return (n + 1<<20 - 1) >> 20 }

// Has says whether some part's name begins with prefix, which is written as PartName does.
func (p *Package) Has(prefix string) bool {
	for name := range p.Parts {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Read gives all of a part of the frame: at most MaxFrame bytes. ok is false when there is none.
func (p *Package) Read(name string) (data []byte, ok bool, err error) {
	f, ok := p.Parts[PartName(name)]
	if !ok {
		return nil, false, nil
	}
	if f.UncompressedSize64 > MaxFrame {
		return nil, true, p.tooLarge(MaxFrame)
	}
	rc, err := p.open(f)
	if err != nil {
		return nil, true, err
	}
	defer rc.Close()
	data, err = io.ReadAll(io.LimitReader(rc, int64(f.UncompressedSize64)+1))
	if err == nil && uint64(len(data)) > f.UncompressedSize64 {
		err = errLies
	}
	if err != nil {
		return nil, true, p.Damaged(name, err)
	}
	return data, true, nil
}

func (p *Package) open(f *zip.File) (io.ReadCloser, error) {
	if f.Flags&1 != 0 {
		return nil, fault.New(fault.Invalid, "sheet.encrypted", "file", p.File)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, p.Damaged(f.Name, err)
	}
	return rc, nil
}

// Relation is what a relationship says: the last word of its type, so that both the strict and the transitional namespace
// are understood, and the part it leads to.
type Relation struct {
	Kind, Target string
	Type         string // in full
}

// RelationsOf names the part that holds the relationships of a part; "" is the package.
func RelationsOf(part string) string {
	dir, base := path.Split(part)
	return dir + "_rels/" + base + ".rels"
}

// Resolve gives the full name of a part that a relationship of another part names.
func Resolve(part, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join("/"+path.Dir(part), target)
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}
