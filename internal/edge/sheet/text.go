package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// text is a text file whose encoding is known.
type text struct {
	r        io.ReaderAt
	size     int64
	file     string
	skip     int64             // bytes of the byte order mark
	encoding encoding.Encoding // nil: UTF-8
	crOnly   bool              // lines end with CR alone, as old Macintosh programs write them
	name     string            // of the encoding: one of the Encoding… constants
}

// The encodings of texts.
const (
	EncodingUTF8    = "utf-8"
	EncodingUTF16   = "utf-16"
	EncodingGB18030 = "gb18030"
	Encoding1252    = "windows-1252" // of western Europe
)

// spot is where a byte stands in a text file.
type spot struct {
	line, pos int // from 1
	b         byte
}

// openText finds a file's encoding: the wanted one where it is not empty, else by its byte order mark, else by reading all
// of it. Valid UTF-8 is UTF-8; else text that is valid GB18030 and mostly common Chinese characters is GB18030; else text
// with a few single letters beyond ASCII is Windows-1252; everything else is refused with the first bad byte.
func openText(ctx context.Context, r io.ReaderAt, size int64, file, wanted string) (*text, error) {
	head := make([]byte, min(size, 3))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	t := &text{r: r, size: size, file: file, name: EncodingUTF8}
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		t.skip = 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		t.skip, t.encoding, t.name = 2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), EncodingUTF16
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		t.skip, t.encoding, t.name = 2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), EncodingUTF16
	}
	if t.skip == size {
		return nil, fault.New(fault.Invalid, "sheet.empty", "file", file)
	}
	if t.skip == 0 && wanted != "" {
		if err := t.decodeAs(wanted); err != nil {
			return nil, err
		}
	}
	if t.encoding != nil {
		return t, t.checkDecoded(ctx)
	}
	plain, err := t.plainUTF8(ctx)
	if err == nil && !plain {
		err = t.sniff(ctx, wanted)
	}
	return t, err
}

// decodeAs sets the encoding that the caller knows.
func (t *text) decodeAs(name string) error {
	switch name {
	case EncodingUTF8:
	case EncodingUTF16:
		t.encoding = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM) // without a mark: as Windows writes it
	case EncodingGB18030:
		t.encoding = simplifiedchinese.GB18030
	case Encoding1252:
		t.encoding = charmap.Windows1252
	default:
		return fault.New(fault.Invalid, "sheet.unknown_encoding", "file", t.file, "encoding", clip(name))
	}
	t.name = name
	return nil
}

// plainUTF8 says whether all of the text is valid UTF-8 without a NUL; most files are, and this is quick.
func (t *text) plainUTF8(ctx context.Context) (bool, error) {
	buf := make([]byte, 0, 64<<10)
	in := io.NewSectionReader(t.r, t.skip, t.size-t.skip)
	lf, cr := false, false
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return false, err
		}
		buf = buf[:len(buf)+n]
		whole := len(buf)
		for i := 1; i < utf8.UTFMax && i <= len(buf) && !end; i++ { // a character may go on in the next block
			if utf8.RuneStart(buf[len(buf)-i]) {
				whole = len(buf) - i
				break
			}
		}
		if !utf8.Valid(buf[:whole]) || bytes.IndexByte(buf, 0) >= 0 {
			return false, nil
		}
		lf, cr = lf || bytes.IndexByte(buf, '\n') >= 0, cr || bytes.IndexByte(buf, '\r') >= 0
		if end {
			t.crOnly = cr && !lf
			return true, nil
		}
		buf = buf[:copy(buf, buf[whole:])]
	}
}

// sniff decides between GB18030, Windows-1252 and a refusal for a text that is not plain UTF-8.
func (t *text) sniff(ctx context.Context, wanted string) error {
	u, g, w := utf8Census{}, gbCensus{}, westCensus{}
	err := t.scan(ctx, func(b []byte, at spot) error {
		if b[0] == 0 {
			return fault.New(fault.Invalid, "sheet.binary", "file", t.file, "line", at.line, "position", at.pos)
		}
		g.add(b[0], at)
		u.add(b, at)
		w.add(b)
		return nil
	})
	if err != nil {
		return err
	}
	g.end()
	switch {
	case t.skip > 0 || wanted != "":
		return t.wrongEncoding(u.first)
	case g.chinese() && u.chinese <= u.bad:
		if g.bad != (spot{}) {
			return t.wrongEncoding(g.bad)
		}
		t.encoding, t.name = simplifiedchinese.GB18030, EncodingGB18030
		return t.checkDecoded(ctx)
	case w.western() && u.several == 0:
		t.encoding, t.name = charmap.Windows1252, Encoding1252
		return t.checkDecoded(ctx)
	default:
		return t.wrongEncoding(u.first)
	}
}

func (t *text) wrongEncoding(at spot) error {
	return fault.New(fault.Invalid, "sheet.encoding", "file", t.file, "line", at.line, "position", at.pos,
		"byte", fmt.Sprintf("0x%02X", at.b))
}

// scan calls visit for every byte of the file with the up to three bytes after it.
func (t *text) scan(ctx context.Context, visit func(b []byte, at spot) error) error {
	const block, ahead = 64 << 10, utf8.UTFMax - 1
	buf := make([]byte, 0, block+ahead)
	in := io.NewSectionReader(t.r, t.skip, t.size-t.skip)
	at := spot{line: 1, pos: 1}
	for end := false; !end; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		if end = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !end {
			return err
		}
		buf = buf[:len(buf)+n]
		keep := ahead
		if end {
			keep = 0
		}
		i := 0
		for ; i < len(buf)-keep; i++ {
			at.b = buf[i]
			if err := visit(buf[i:min(len(buf), i+utf8.UTFMax)], at); err != nil {
				return err
			}
			if at.pos++; buf[i] == '\n' {
				at.line, at.pos = at.line+1, 1
			}
		}
		buf = buf[:copy(buf, buf[i:])]
	}
	return nil
}

// utf8Census counts what of a text is UTF-8.
type utf8Census struct {
	inside  int  // bytes of the current character still to come
	bad     int  // bytes that are no UTF-8
	chinese int  // valid three-byte characters; other encodings give few of them by chance
	several int  // all valid characters of several bytes
	first   spot // of the first bad byte
}

func (u *utf8Census) add(b []byte, at spot) {
	if u.inside > 0 {
		u.inside--
		return
	}
	if b[0] < utf8.RuneSelf {
		return
	}
	r, n := utf8.DecodeRune(b)
	switch {
	case r == utf8.RuneError && n == 1:
		if u.bad++; u.bad == 1 {
			u.first = at
		}
		return
	case n == 3:
		u.chinese++
	}
	u.several++
	u.inside = n - 1
}

// westCensus counts what of a text is western: letters with accents, pound signs and dashes stand alone between ASCII, where
// the characters of Asian encodings come in pairs and runs.
type westCensus struct {
	all, high int
	alone     int // high bytes between ASCII
	undefined int // bytes that Windows-1252 does not define
	before    byte
}

func (w *westCensus) add(b []byte) {
	w.all++
	if c := b[0]; c >= utf8.RuneSelf {
		w.high++
		if w.before < utf8.RuneSelf && (len(b) < 2 || b[1] < utf8.RuneSelf) {
			w.alone++
		}
		if c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D {
			w.undefined++
		}
	}
	w.before = b[0]
}

// western says that the text reads as western: at most every sixth byte is beyond ASCII, and three of four of those stand
// alone.
func (w *westCensus) western() bool {
	return w.undefined == 0 && w.high*6 <= w.all && w.alone*4 >= w.high*3
}

// gbCensus follows a text as GB18030: one byte, two bytes (lead 81–FE, trail 40–7E or 80–FE) or four bytes (81–FE, 30–39,
// 81–FE, 30–39). Source: GB 18030-2022, clause 5.
type gbCensus struct {
	state  int // bytes of the current character already read
	lead   byte
	start  spot
	common int  // pairs of the zone of GB 2312, which holds the characters in daily use
	rare   int  // other pairs, which western text in a single-byte encoding also gives
	bad    spot // the first byte that is no GB18030
}

func (g *gbCensus) add(b byte, at spot) {
	switch g.state {
	case 0:
		if b < 0x80 {
			return
		}
		g.lead, g.start, g.state = b, at, 1
		if b == 0x80 || b == 0xFF {
			g.fail()
		}
	case 1:
		switch {
		case b >= '0' && b <= '9':
			g.state = 2
		case b >= 0x40 && b <= 0xFE && b != 0x7F:
			g.state = 0
			g.pair(b)
		default:
			g.fail()
		}
	case 2, 3:
		if high := b >= 0x81 && b <= 0xFE; g.state == 2 && !high || g.state == 3 && (b < '0' || b > '9') {
			g.fail()
			return
		}
		g.state = (g.state + 1) % 4
	}
}

// pair counts a character of two bytes; the zone of GB 2312 has both from A1 on, its letters in rows A1–A9, its hanzi in B0–F7.
func (g *gbCensus) pair(trail byte) {
	if trail >= 0xA1 && (g.lead >= 0xB0 && g.lead <= 0xF7 || g.lead >= 0xA1 && g.lead <= 0xA9) {
		g.common++
		return
	}
	g.rare++
}

func (g *gbCensus) fail() {
	if g.bad == (spot{}) {
		g.bad = g.start
	}
	g.state = 0
}

func (g *gbCensus) end() {
	if g.state != 0 {
		g.fail()
	}
}

// chinese says that the text, as GB18030, is mostly Chinese in daily use.
func (g *gbCensus) chinese() bool { return g.common > 2*g.rare }

// checkDecoded reads a text to its end to find what its encoding cannot decode.
func (t *text) checkDecoded(ctx context.Context) error {
	in, buf := t.reader(), make([]byte, 32<<10)
	lf, cr := false, false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := in.Read(buf)
		lf, cr = lf || bytes.IndexByte(buf[:n], '\n') >= 0, cr || bytes.IndexByte(buf[:n], '\r') >= 0
		if errors.Is(err, io.EOF) {
			t.crOnly = cr && !lf
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// reader gives the text as UTF-8 without its mark, from the beginning.
func (t *text) reader() io.Reader {
	var in io.Reader = io.NewSectionReader(t.r, t.skip, t.size-t.skip)
	if t.encoding != nil {
		in = &lossless{in: t.encoding.NewDecoder().Reader(in), t: t, line: 1}
	}
	if t.crOnly {
		in = newlines{in}
	}
	return in
}

// lossless refuses decoded text that holds a replacement character, which stands for lost bytes, or a NUL.
type lossless struct {
	in   io.Reader
	t    *text
	line int
	tail []byte // beginning of a replacement character at the end of the last block
}

func (l *lossless) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	block := append(l.tail, p[:n]...)
	lost := bytes.Index(block, []byte("\ufffd"))
	if lost < 0 {
		lost = bytes.IndexByte(block, 0)
	}
	if lost >= 0 {
		line := l.line - bytes.Count(l.tail, []byte{'\n'}) + bytes.Count(block[:lost], []byte{'\n'})
		return 0, fault.New(fault.Invalid, "sheet.undecodable", "file", l.t.file, "line", line)
	}
	l.line += bytes.Count(p[:n], []byte{'\n'})
	l.tail = bytes.Clone(block[max(0, len(block)-2):])
	return n, err
}

// newlines turns CR into LF.
type newlines struct{ in io.Reader }

func (c newlines) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
