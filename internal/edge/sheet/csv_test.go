package sheet

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestRead_understandsEncodingsAndSeparators(t *testing.T) {
	gb := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16 := func(e unicode.Endianness, s string) string {
		out, err := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const table = "id,姓名\r\n1,石材园\r\n2,陶瓷园\r\n"
	want := []string{"2:1|石材园", "3:2|陶瓷园"}
	for name, data := range map[string]string{
		"UTF-8":             table,
		"UTF-8 with a mark": "\ufeff" + table,
		"UTF-16LE":          utf16(unicode.LittleEndian, table),
		"UTF-16BE":          utf16(unicode.BigEndian, table),
		"GB18030":           gb(table),
		"semicolons":        strings.ReplaceAll(table, ",", ";"),
		"tabs":              strings.ReplaceAll(table, ",", "\t"),
		"tabs in UTF-16":    utf16(unicode.LittleEndian, strings.ReplaceAll(table, ",", "\t")),
		"LF alone":          strings.ReplaceAll(table, "\r\n", "\n"),
		"CR alone":          strings.ReplaceAll(table, "\r\n", "\r"),
		"CR alone, GB18030": gb(strings.ReplaceAll(table, "\r\n", "\r")),
		"no last line end":  strings.TrimSpace(table),
	} {
		rows, problems, err := all(t, data, Options{Columns: people})
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: problems %q, error %v", name, problems, err)
		}
		equal(t, name, rows, want)
	}
	rare := gb("id,姓名\n1,㐀𠀀鞋业园\n2,石材园\n") // 㐀 and 𠀀 take four bytes
	rows, _, err := all(t, rare, Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "four-byte characters", rows, []string{"2:1|㐀𠀀鞋业园", "3:2|石材园"})
}

func TestRead_refusesWrongEncodingWithLineAndByte(t *testing.T) {
	broken := "id,姓名\n1,石材园\n2,陶\xE6\x22瓷园\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("id,姓名\n1,石材园\n2,陶瓷园")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, data string
		want       []string
	}{
		{"UTF-8 of a western text, damaged", "id,name\n1,caf\xC3\xA9 in M\xFCnchen, rue du Ch\xC3\xA2teau\n", []string{"sheet.encoding", "line=2", "position=13", "byte=0xFC"}},
		{"Big5", "id,name\n1,\xAA\xF9\xA4\xA4\xA5\xAB\xAE\xE9\xB6\xE9\n", []string{"sheet.encoding", "line=2"}},
		{"byte that Windows-1252 does not have", "id,name\n1,abcdefghi \x81 jkl\n", []string{"sheet.encoding", "line=2", "byte=0x81"}},
		{"damaged UTF-8", broken, []string{"sheet.encoding", "line=3", "position=6", "byte=0xE6"}},
		{"GB18030 cut inside a character", gb[:len(gb)-1], []string{"sheet.encoding", "line=3", "position=7", "byte=0xD4"}},
		{"UTF-8 mark before other bytes", "\ufeff" + gb, []string{"sheet.encoding", "line=1"}},
		{"UTF-16 with half a character", "\xFF\xFEi\x00d\x00\n\x00,", []string{"sheet.undecodable", "line=2"}},
		{"UTF-16 with a lone surrogate", "\xFF\xFEi\x00d\x00\x00\xD8d\x00", []string{"sheet.undecodable", "line=1"}},
		{"UTF-32", "\xFF\xFE\x00\x00i\x00\x00\x00", []string{"sheet.undecodable", "line=1"}},
		{"NUL", "id,name\n1,a\x00b\n", []string{"sheet.binary", "line=2", "position=4"}},
		{"UTF-16 without a mark", "i\x00d\x00", []string{"sheet.binary", "line=1", "position=2"}},
	} {
		_, err := read(t, c.data, Options{Columns: people})
		wantFault(t, c.name, err, c.want...)
	}
}

func TestRead_readsWesternTextsAndSaysSo(t *testing.T) {
	west, err := charmap.Windows1252.NewEncoder().String("id,name\n1,Müller – café\n2,\"say £5\rand more\"\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Columns: people}, {Columns: people, Encoding: Encoding1252}} {
		rows, _, err := all(t, west, o)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "rows", rows, []string{"2:1|Müller – café", "3:2|say £5\rand more"})
	}
	table, err := read(t, west, Options{Columns: people})
	if err != nil || table.Encoding != Encoding1252 {
		t.Errorf("Encoding = %q, %v, want %q", table.Encoding, err, Encoding1252)
	}
}

func TestRead_takesTheEncodingThatTheCallerKnows(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("id,name\n1,石材园\n")
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := all(t, gb, Options{Columns: people, Encoding: EncodingGB18030})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:1|石材园"})
	_, err = read(t, gb, Options{Columns: people, Encoding: EncodingUTF8})
	wantFault(t, "GB18030 called UTF-8", err, "sheet.encoding", "line=2")
	_, err = read(t, "id,name\n1,a\x81b\n", Options{Columns: people, Encoding: Encoding1252})
	wantFault(t, "byte that is not defined", err, "sheet.undecodable", "line=2")
	_, err = read(t, gb, Options{Columns: people, Encoding: "klingon"})
	wantFault(t, "unknown encoding", err, "sheet.unknown_encoding", "encoding=klingon")
}

func TestOpenText_findsBytesAcrossBlocks(t *testing.T) {
	for _, pad := range []int{64<<10 - 3, 64<<10 - 2, 64<<10 - 1, 64 << 10, 64<<10 + 1, 64<<10 + 2, 64<<10 + 3} {
		data := "id,name\n1," + strings.Repeat("x", pad-len("id,name\n1,")) + "中文\n"
		rows, _, err := all(t, data, Options{Columns: people})
		if err != nil || len(rows) != 1 || !strings.HasSuffix(rows[0], "x中文") {
			t.Errorf("a character at byte %d: %d rows, error %v, want it whole", pad, len(rows), err)
		}
		_, err = read(t, data+"\xFF", Options{Columns: people})
		wantFault(t, "bad byte at the end", err, "sheet.encoding", "line=3", "position=1", "byte=0xFF")
	}
}

func TestRows_countsLinesAsAnEditorDoes(t *testing.T) {
	data := "园区统计表\n\n制表:统计科,,\nid,name,note\n\n1,\"two\nlines\",x\n,,\n  , ,\n2,\"bare\rreturn\",\"say \"\"yes\"\"\"\n"
	rows, problems, err := all(t, data, Options{Columns: people})
	if err != nil || len(problems) > 0 {
		t.Fatalf("problems %q, error %v", problems, err)
	}
	equal(t, "rows", rows, []string{"6:1|two\nlines|x", "10:2|bare\rreturn|say \"yes\""})
}

func TestRows_reportsRaggedRows(t *testing.T) {
	rows, problems, err := all(t, "id,name,,x\n1\n2,b,c,d,e,f\n3,b,,d,,\n", Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:1|||", "3:2|b|c|d", "4:3|b||d"})
	equal(t, "problems", problems, []string{"sheet.no_header_above@C3", "sheet.row_too_wide@E3"})
}

func TestRead_refusesBrokenCSV(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       []string
	}{
		{"empty", "", []string{"sheet.empty"}},
		{"only a mark", "\ufeff", []string{"sheet.empty"}},
		{"blank", "\n \n,,\n", []string{"sheet.empty"}},
		{"quote never closed", "id,name\n1,a\n2,\"b\n3,c\n4,d\n", []string{"sheet.quote_open", "line=3"}},
		{"text after a quote", "id,name\n1,\"a\"b\n", []string{"sheet.quote_open", "line=2"}},
		{"quote inside", "id,name\n1,5\" pipe\n", []string{"sheet.quote_inside", "line=2", "position=4"}},
		{"quote never closed in the header", "id,\"name\n1,a\n", []string{"sheet.quote_open", "line=1"}},
		{"record without an end", "id,name\n1,\"" + strings.Repeat("a\n", maxRecord), []string{"sheet.record_too_long", "line=2"}},
		{"10,000 columns", "id,name" + strings.Repeat(",x", 9_998) + "\n", []string{"sheet.too_many_columns", "columns=10000", "limit=500"}},
		{"10,000 columns below", "id,name\n1,a" + strings.Repeat(",x", 9_998) + "\n", []string{"sheet.too_many_columns", "row=2", "columns=10000"}},
		{"too many rows", "id,name\n" + strings.Repeat("1,a\n", 11), []string{"sheet.too_many_rows", "limit=10"}},
		{"missing columns", "id;nom;âge\n1;a;2\n", []string{"sheet.missing_columns", "missing=name", "found=id, nom, âge"}},
		{"nothing fits", "a,b\n1,2\n", []string{"sheet.missing_columns", "missing=id, name", "found=a, b", "row=1"}},
		{"column twice", "id,name,ID\n", []string{"sheet.duplicate_columns", "first=id", "first_cell=A1", "second=ID", "second_cell=C1"}},
		{"one meaning twice", "id,name,姓名\n", []string{"sheet.duplicate_columns", "first=name", "second=姓名"}},
		{"unwanted column twice", "id,name,x,x\n", []string{"sheet.duplicate_columns", "first_cell=C1", "second_cell=D1"}},
	} {
		_, _, err := all(t, c.data, Options{Columns: people, MaxRows: 10})
		wantFault(t, c.name, err, append(c.want, "file=list")...)
	}
}

func TestRead_refusesBySizeBeforeReading(t *testing.T) {
	const size = 200 << 20
	_, err := Read(context.Background(), unreadable{}, size, Options{File: "big.xlsx"})
	wantFault(t, "200 MB", err, "sheet.too_large", "file=big.xlsx", "size_mb=200", "limit_mb=50")
}

type unreadable struct{}

func (unreadable) ReadAt([]byte, int64) (int, error) { return 0, errors.New("read") }

func TestRead_detectsWhatIsNoTable(t *testing.T) {
	for format, data := range map[string]string{
		"PDF": "%PDF-1.7\n", "HTML": " \r\n<HTML><table>", "XML": "\ufeff<?xml version=\"1.0\"?><Workbook>", "RTF": `{\rtf1`,
		"image": "\x89PNG\r\n", "archive": "Rar!\x1a",
	} {
		_, err := read(t, data, Options{})
		wantFault(t, format, err, "sheet.other_format", "format="+format)
	}
}

func TestRows_marksFormulasAndErrorsInCSV(t *testing.T) {
	table, err := read(t, "id,name\n=1+1,#REF!\n-1,@x\n", Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	var cells []Cell
	for row, err := range table.Rows(context.Background(), new(Problems)) {
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, row.Cells...)
	}
	want := []Cell{{Text: "=1+1", Ref: "A2", Formula: true}, {Text: "#REF!", Ref: "B2", Error: true}, {Text: "-1", Ref: "A3"}, {Text: "@x", Ref: "B3"}}
	for i := range want {
		if cells[i] != want[i] {
			t.Errorf("cell %d = %+v, want %+v", i, cells[i], want[i])
		}
	}
}

func TestRows_honoursContextAndEarlyEnd(t *testing.T) {
	data := "id,name\n" + strings.Repeat("1,a\n", 100)
	table, err := read(t, data, Options{Columns: people})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a table can be read again
		n := 0
		for range table.Rows(context.Background(), new(Problems)) {
			if n++; n == 3 {
				break
			}
		}
		if n != 3 {
			t.Errorf("rows before the break = %d, want 3", n)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range table.Rows(ctx, new(Problems)) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error after cancel = %v, want %v", err, context.Canceled)
		}
	}
	if _, err := Read(ctx, strings.NewReader(data), int64(len(data)), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Read after cancel: %v, want %v", err, context.Canceled)
	}
}

// endless is CSV of any size that takes no memory.
type endless struct{ head, line string }

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(e.head)) {
		n = copy(p, e.head[off:])
	}
	for n < len(p) {
		at := (off + int64(n) - int64(len(e.head))) % int64(len(e.line))
		n += copy(p[n:], e.line[at:])
	}
	return n, nil
}

func TestRows_readsALargeFileInLittleMemory(t *testing.T) {
	const size, bound = 24 << 20, 8 << 20
	in := endless{"id,name,area,note\n", "1,泉州洛江区数字经济产业园,131.2,\"note, with comma\"\n"}
	table, err := Read(context.Background(), in, size, Options{Columns: people, MaxBytes: size, MaxRows: 10_000_000})
	if err != nil {
		t.Fatal(err)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows, peak := 0, uint64(0)
	for _, err := range table.Rows(context.Background(), new(Problems)) {
		if err != nil {
			break // the last line is cut inside its quotes
		}
		if rows++; rows%100_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
	}
	if rows < 300_000 || peak > before.HeapAlloc+bound {
		t.Errorf("rows = %d, memory in use grew by %d bytes, want over 300,000 rows within %d", rows, int64(peak)-int64(before.HeapAlloc), bound)
	}
}

func TestRows_leavesOutACutEndWhenAsked(t *testing.T) {
	data := "id,name\n1,a\n2,\"b"
	_, _, err := all(t, data, Options{Columns: people})
	wantFault(t, "cut off", err, "sheet.quote_open", "line=3")
	rows, problems, err := all(t, data, Options{Columns: people, DropCutEnd: true})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows, []string{"2:1|a"})
	equal(t, "problems", problems, []string{"sheet.cut_end@A3"})
	_, _, err = all(t, "id,name\n1,\"a\"x\n2,b\n", Options{Columns: people, DropCutEnd: true})
	wantFault(t, "a quote in the middle", err, "sheet.quote_open", "line=2")
}
