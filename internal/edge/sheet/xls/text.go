package xls

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// codePages are the code pages of BIFF5 texts; others are taken for 1252. Source: [MS-XLS] 2.4.52 (CodePage).
var codePages = map[int]encoding.Encoding{
	367: charmap.Windows1252, 437: charmap.CodePage437, 850: charmap.CodePage850, 932: japanese.ShiftJIS, 936: simplifiedchinese.GB18030,
	949: korean.EUCKR, 950: traditionalchinese.Big5, 1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252,
	10000: charmap.Macintosh, 32768: charmap.Macintosh, 32769: charmap.Windows1252,
}

func decoder(codePage int) func([]byte) string {
	e, ok := codePages[codePage]
	if !ok {
		e = charmap.Windows1252
	}
	return func(b []byte) string {
		s, err := e.NewDecoder().Bytes(b)
		if err != nil {
			return strings.ToValidUTF8(string(b), "\ufffd")
		}
		return string(s)
	}
}

// narrow reads a BIFF5 text with a length of one byte.
func (b *Book) narrow(data []byte, at int) string {
	if at >= len(data) {
		return ""
	}
	n := min(int(data[at]), len(data)-at-1)
	return b.decode(data[at+1 : at+1+n])
}

// wideText reads a BIFF8 text that lies in one record: a length of one or two bytes, a byte of flags, the characters. A text
// that is cut off is as long as there is of it.
func wideText(data []byte, lengthBytes int) string {
	if len(data) < lengthBytes+1 {
		return ""
	}
	n := int(data[0])
	if lengthBytes == 2 {
		n = int(binary.LittleEndian.Uint16(data))
	}
	p := &pieces{parts: [][]byte{data[lengthBytes:]}}
	flags, _ := p.byte()
	var out []byte
	s, _ := p.characters(out, n, flags)
	return string(s)
}

// pieces reads a text table across the records over which it is spread.
type pieces struct {
	parts [][]byte
	i, at int
}

var errShort = errors.New("text cut off")

// left is how many bytes the current record still has; it moves on to the next one that is not empty.
func (p *pieces) left() int {
	for p.i < len(p.parts) && p.at >= len(p.parts[p.i]) {
		p.i, p.at = p.i+1, 0
	}
	if p.i >= len(p.parts) {
		return 0
	}
	return len(p.parts[p.i]) - p.at
}

func (p *pieces) byte() (byte, error) {
	if p.left() == 0 {
		return 0, errShort
	}
	b := p.parts[p.i][p.at]
	p.at++
	return b, nil
}

func (p *pieces) number(bytes int) (n int, err error) {
	for i := range bytes {
		b, err := p.byte()
		if err != nil {
			return 0, err
		}
		n |= int(b) << (8 * i)
	}
	return n, nil
}

func (p *pieces) skip(n int) error {
	for n > 0 {
		step := min(n, p.left())
		if step == 0 {
			return errShort
		}
		p.at, n = p.at+step, n-step
	}
	return nil
}

// characters appends n characters as UTF-8. Flag 1 says that each has two bytes, else it is the low byte of one. Where the
// text goes on in another record, that begins with new flags.
func (p *pieces) characters(out []byte, n int, flags byte) ([]byte, error) {
	var units []uint16
	for n > 0 {
		if p.i < len(p.parts) && p.at >= len(p.parts[p.i]) {
			if p.left() == 0 {
				return out, errShort
			}
			flags = p.parts[p.i][p.at]
			p.at++
			continue
		}
		if p.i >= len(p.parts) {
			return out, errShort
		}
		rest := p.parts[p.i][p.at:]
		if flags&1 == 0 {
			step := min(n, len(rest))
			for _, c := range rest[:step] {
				out = utf8.AppendRune(out, rune(c))
			}
			p.at, n = p.at+step, n-step
			continue
		}
		step := min(n, len(rest)/2)
		if step == 0 {
			return out, errShort // half a character
		}
		units = units[:0]
		for i := range step {
			units = append(units, binary.LittleEndian.Uint16(rest[2*i:]))
		}
		for _, r := range utf16.Decode(units) {
			out = utf8.AppendRune(out, r)
		}
		p.at, n = p.at+2*step, n-step
	}
	return out, nil
}

// text reads a text of the table: its length, flags, and how much formatting and phonetic text follows it.
func (p *pieces) text() (string, error) {
	n, err := p.number(2)
	if err != nil {
		return "", err
	}
	flags, err := p.byte()
	if err != nil {
		return "", err
	}
	const phonetic, rich, run = 4, 8, 4
	after, more := 0, 0
	if flags&rich != 0 {
		if after, err = p.number(2); err != nil {
			return "", err
		}
		after *= run
	}
	if flags&phonetic != 0 {
		if more, err = p.number(4); err != nil {
			return "", err
		}
	}
	s, err := p.characters(nil, n, flags)
	if err != nil {
		return "", err
	}
	return string(s), p.skip(after + more)
}

// readShared reads the workbook's table of texts.
func (b *Book) readShared(r record, w *walk) error {
	p := &pieces{parts: w.continued(r)}
	if err := p.skip(4); err != nil { // how often the texts are used
		return b.damaged(err)
	}
	count, err := p.number(4)
	if err != nil {
		return b.damaged(err)
	}
	const overhead = 16 // bytes of a string's header
	total := int64(0)
	for len(b.shared) < count {
		s, err := p.text()
		if err != nil {
			return b.damaged(err)
		}
		b.shared = append(b.shared, s)
		if total += int64(len(s)) + overhead; total > b.limits.Text {
			return fault.New(fault.Invalid, "sheet.too_much_text", "file", b.file, "limit_mb", b.limits.Text>>20)
		}
	}
	return nil
}
