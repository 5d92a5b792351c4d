package xls

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/richardlehane/mscfb"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxCells bounds what one sheet may hold: 65,536 rows of 61 columns. A cell costs 24 bytes in memory.
const maxCells = 4_000_000

// Limits says what to accept.
type Limits struct {
	File string // the file's name, for messages
	Text int64  // bytes of all texts together; 0: 128 MiB
}

// Book is a workbook whose frame has been read. It holds the file's stream in memory.
type Book struct {
	Sheets   []Sheet
	Date1904 bool // days count from 1904-01-01

	file    string
	data    []byte
	biff5   bool
	decode  func([]byte) string // of BIFF5's single-byte texts
	shared  []string
	formats map[int]string // codes of the workbook's own number formats
	xfs     []int          // number format of each cell style
	limits  Limits
}

// Sheet is a worksheet of a Book.
type Sheet struct {
	Name   string
	Hidden bool
	offset int
}

// Format is a number format: its number, and its code where the workbook itself defines it.
type Format struct {
	ID   int
	Code string
}

// Open reads the workbook's frame: sheets, texts, number formats. size is that of the file, which is read into memory.
// Errors: kind Invalid, keys "sheet.encrypted", "sheet.other_format" (no workbook in the container), "sheet.old_xls" (older
// than Excel 5.0), "sheet.too_much_text", "sheet.damaged".
func Open(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	if l.Text <= 0 {
		l.Text = 128 << 20
	}
	b := &Book{file: l.File, limits: l, formats: map[int]string{}}
	c, err := mscfb.New(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, b.damaged(err)
	}
	if err := b.load(c, size); err != nil {
		return nil, err
	}
	return b, b.readFrame()
}

func (b *Book) damaged(cause error) error {
	return fault.Because(cause, fault.Invalid, "sheet.damaged", "file", b.file, "part", "Workbook")
}

// load takes the stream of the workbook out of its container. Excel 97 calls it Workbook, Excel 5.0 Book; a file with both
// holds the same for both.
func (b *Book) load(c *mscfb.Reader, size int64) error {
	var stream *mscfb.File
	for _, f := range c.File {
		switch f.Name {
		case "EncryptedPackage", "EncryptionInfo":
			return b.encrypted()
		case "Workbook":
			if len(f.Path) == 0 {
				stream = f
			}
		case "Book":
			if len(f.Path) == 0 && stream == nil {
				stream = f
			}
		}
	}
	if stream == nil {
		return fault.New(fault.Invalid, "sheet.other_format", "file", b.file, "format", "OLE2")
	}
	if stream.Size > size {
		return b.damaged(errors.New("stream larger than the file"))
	}
	b.data = make([]byte, 0, stream.Size)
	block := make([]byte, 32<<10) // the container's reader takes long for large blocks
	for {
		n, err := stream.Read(block)
		b.data = append(b.data, block[:n]...)
		if errors.Is(err, io.EOF) || err == nil && n == 0 {
			return nil
		}
		if err != nil {
			return b.damaged(err)
		}
	}
}

func (b *Book) encrypted() error { return fault.New(fault.Invalid, "sheet.encrypted", "file", b.file) }

// Kinds of records that the frame consists of.
const (
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recCodePage   = 0x0042
	recBoundSheet = 0x0085
	recXF         = 0x00E0
	recSST        = 0x00FC
	recFormat     = 0x041E
	recBOF        = 0x0809
)

func (b *Book) readFrame() error {
	w := walk{data: b.data}
	first, ok := w.next()
	if !ok || first.kind != recBOF {
		return b.damaged(errors.New("no beginning of the workbook"))
	}
	switch first.u16(0) {
	case 0x0600:
	case 0x0500:
		b.biff5 = true
	default:
		return fault.New(fault.Invalid, "sheet.old_xls", "file", b.file)
	}
	b.decode = decoder(0)
	var bound []record
	for {
		r, ok := w.next()
		if !ok {
			return b.damaged(io.ErrUnexpectedEOF)
		}
		switch r.kind {
		case recEOF:
			return b.readSheets(bound)
		case recFilePass:
			return b.encrypted()
		case recDateMode:
			b.Date1904 = r.u16(0) == 1
		case recCodePage:
			b.decode = decoder(r.u16(0))
		case recFormat:
			b.formats[r.u16(0)] = b.shortText(r, 2)
		case recXF:
			b.xfs = append(b.xfs, r.u16(2))
		case recBoundSheet:
			bound = append(bound, r)
		case recSST:
			if err := b.readShared(r, &w); err != nil {
				return err
			}
		}
	}
}

// readSheets reads the list of sheets, which may stand before the code page of its names.
func (b *Book) readSheets(bound []record) error {
	const worksheet = 0
	for _, r := range bound {
		if len(r.data) < 7 {
			return b.damaged(errors.New("sheet entry cut off"))
		}
		if r.data[5] != worksheet {
			continue // charts and macros hold no table
		}
		s := Sheet{Hidden: r.data[4]&3 != 0, offset: int(r.u32(0))}
		if b.biff5 {
			s.Name = b.narrow(r.data, 6)
		} else {
			s.Name = wideText(r.data[6:], 1)
		}
		same := func(other Sheet) bool { return other.offset == s.offset }
		if s.offset >= len(b.data) || slices.ContainsFunc(b.Sheets, same) {
			return b.damaged(fmt.Errorf("sheet %q at %d", s.Name, s.offset))
		}
		b.Sheets = append(b.Sheets, s)
	}
	return nil
}

// format gives the number format of a cell style.
func (b *Book) format(xf int) Format {
	if xf >= len(b.xfs) {
		return Format{}
	}
	id := b.xfs[xf]
	return Format{ID: id, Code: b.formats[id]}
}

// shortText reads the text of a FORMAT record.
func (b *Book) shortText(r record, at int) string {
	if len(r.data) <= at {
		return ""
	}
	if b.biff5 {
		return b.narrow(r.data, at)
	}
	return wideText(r.data[at:], 2)
}
