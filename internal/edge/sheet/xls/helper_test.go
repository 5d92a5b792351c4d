package xls

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const sector = 512

// container is a compound file of version 3 with one stream, padded to whole sectors beyond the 4,096 bytes under which a
// stream would lie in the mini stream.
func container(name string, stream []byte) []byte {
	size := max(len(stream), 4096)
	stream = append(bytes.Clone(stream), make([]byte, (size+sector-1)/sector*sector-len(stream))...)
	n := len(stream) / sector
	fats := 1
	for fats*sector/4 < n+fats+1 {
		fats++
	}
	h := make([]byte, sector)
	copy(h, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	put16 := func(b []byte, at, v int) { binary.LittleEndian.PutUint16(b[at:], uint16(v)) }
	put32 := func(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	put16(h, 24, 0x3E)
	put16(h, 26, 3)
	put16(h, 28, 0xFFFE)
	put16(h, 30, 9)
	put16(h, 32, 6)
	put32(h, 44, uint32(fats))
	put32(h, 48, uint32(fats)) // the directory comes after the allocation table
	put32(h, 56, 4096)
	const end, free = 0xFFFFFFFE, 0xFFFFFFFF
	put32(h, 60, end)
	put32(h, 68, end)
	for i := range 109 {
		v := uint32(free)
		if i < fats {
			v = uint32(i)
		}
		put32(h, 76+4*i, v)
	}
	fat := bytes.Repeat([]byte{0xFF}, fats*sector)
	for i := range fats {
		put32(fat, 4*i, 0xFFFFFFFD)
	}
	put32(fat, 4*fats, end)
	for i := range n {
		next := uint32(fats + 2 + i)
		if i == n-1 {
			next = end
		}
		put32(fat, 4*(fats+1+i), next)
	}
	dir := make([]byte, sector)
	entry := func(i int, name string, kind byte, child, start, size uint32) {
		b := dir[128*i:]
		units := utf16.Encode([]rune(name))
		for j, u := range units {
			put16(b, 2*j, int(u))
		}
		put16(b, 64, 2*len(units)+2)
		b[66] = kind
		put32(b, 68, free)
		put32(b, 72, free)
		put32(b, 76, child)
		put32(b, 116, start)
		put32(b, 120, size)
	}
	entry(0, "Root Entry", 5, 1, end, 0)
	entry(1, name, 2, free, uint32(fats+1), uint32(size))
	return bytes.Join([][]byte{h, fat, dir, stream}, nil)
}

// rec writes a record; its parts are numbers of two bytes (int), texts as they are (string) and bytes.
func rec(kind int, parts ...any) []byte {
	var body []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			body = binary.LittleEndian.AppendUint16(body, uint16(p))
		case uint32:
			body = binary.LittleEndian.AppendUint32(body, p)
		case uint64:
			body = binary.LittleEndian.AppendUint64(body, p)
		case byte:
			body = append(body, p)
		case string:
			body = append(body, p...)
		case []byte:
			body = append(body, p...)
		default:
			panic(fmt.Sprintf("%T", p))
		}
	}
	out := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(body)))
	return append(out, body...)
}

// workbook is the stream of a workbook with one sheet, 表, of the given version; globals and cells are records.
func workbook(version int, globals, cells [][]byte) []byte {
	head := rec(recBOF, version, 5, 0, 0)
	tail := rec(recEOF)
	name := []byte("\x01\x01\x68\x88") // 表
	if version == 0x0500 {
		name = []byte("\x02\xB1\xED")
	}
	boundSize := len(rec(recBoundSheet, uint32(0), 0, name))
	body := bytes.Join(globals, nil)
	offset := len(head) + len(body) + boundSize + len(tail)
	stream := bytes.Join([][]byte{head, body, rec(recBoundSheet, uint32(offset), 0, name), tail, rec(recBOF, version, 16, 0, 0)}, nil)
	return append(append(stream, bytes.Join(cells, nil)...), rec(recEOF)...)
}

func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// list reads sheet i and writes each cell as "B2=text", with its kind's letter for what is not text and = for formulas.
func list(t testing.TB, b *Book, i int) []string {
	t.Helper()
	c, err := b.Read(context.Background(), i)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range c.Len() {
		cell := c.At(i)
		value := cell.Text
		if cell.Kind == Number || cell.Kind == Truth {
			value = fmt.Sprint(cell.Number)
		}
		sign := [...]string{Number: "n", Text: "", Truth: "b", Failure: "e"}[cell.Kind]
		if cell.Formula {
			sign += "="
		}
		out = append(out, fmt.Sprintf("%c%d=%s:%s", 'A'+cell.Col, cell.Row+1, sign, value))
	}
	return out
}

func open(t testing.TB, data []byte) *Book {
	t.Helper()
	b, err := Open(bytes.NewReader(data), int64(len(data)), Limits{File: "f.xls"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sample(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/libreoffice.xls")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantFault(t testing.TB, what string, err error, key string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Key != key || f.Kind != fault.Invalid {
		t.Errorf("%s: error %v, want %s", what, err, key)
	}
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if g, w := strings.Join(got, " | "), strings.Join(want, " | "); g != w {
		t.Errorf("%s =\n%s, want\n%s", what, g, w)
	}
}
