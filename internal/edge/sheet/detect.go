package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

type kind uint8

const (
	kindText kind = iota
	kindXLSX
	kindXLS
)

// detect tells a workbook from text by the first bytes and refuses everything else by its name.
func detect(r io.ReaderAt, size int64, file string) (kind, error) {
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return kindXLSX, nil
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}):
		return detectCompound(r, size, file)
	case bytes.HasPrefix(head, []byte{0x09, 0x00, 0x04, 0x00}), bytes.HasPrefix(head, []byte{0x09, 0x02, 0x06, 0x00}),
		bytes.HasPrefix(head, []byte{0x09, 0x04, 0x06, 0x00}): // BOF records of Excel 2.1, 3.0 and 4.0
		return 0, fault.New(fault.Invalid, "sheet.old_xls", "file", file)
	case bytes.HasPrefix(head, []byte("PK\x05\x06")), bytes.HasPrefix(head, []byte("PK\x07\x08")):
		return 0, fault.New(fault.Invalid, "sheet.not_workbook", "file", file)
	}
	if name := otherFormat(head); name != "" {
		return 0, otherFormatFault(file, name)
	}
	return kindText, nil
}

func otherFormatFault(file, format string) error {
	return fault.New(fault.Invalid, "sheet.other_format", "file", file, "format", format)
}

// otherFormat names the formats that are often sent under a table's name. Many office systems export a web page as .xls.
func otherFormat(head []byte) string {
	for magic, name := range map[string]string{
		"\x89PNG": "image", "\xff\xd8\xff": "image", "GIF8": "image", "Rar!": "archive", "7z\xbc\xaf": "archive", "\x1f\x8b": "archive",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return name
		}
	}
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))))
	switch {
	case strings.HasPrefix(text, "%pdf"):
		return "PDF"
	case strings.HasPrefix(text, "{\\rtf"):
		return "RTF"
	case strings.HasPrefix(text, "mime-version:"), strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"),
		strings.HasPrefix(text, "<table"), strings.HasPrefix(text, "<meta"):
		return "HTML"
	case strings.HasPrefix(text, "<?xml"):
		return "XML"
	}
	return ""
}

// detectCompound tells an old workbook from the other things that an OLE2 compound file may be. It reads the names of all directory entries, which are
// 128 bytes long and start at multiples of 128, without trusting the file's sector chains.
// Source: [MS-CFB] 2.6.1 (directory entry), [MS-OFFCRYPTO] 2.3 (EncryptedPackage, EncryptionInfo), [MS-XLS] 2.1.2 (Workbook).
func detectCompound(r io.ReaderAt, size int64, file string) (kind, error) {
	const entry, header = 128, 512
	buf := make([]byte, 512*entry)
	oldExcel := false
	for off := int64(header); off < size; off += int64(len(buf)) {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		for at := 0; at+entry <= n; at += entry {
			switch streamName(buf[at : at+entry]) {
			case "EncryptedPackage", "EncryptionInfo":
				return 0, fault.New(fault.Invalid, "sheet.encrypted", "file", file)
			case "Workbook", "Book":
				oldExcel = true
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if oldExcel {
		return kindXLS, nil
	}
	return 0, otherFormatFault(file, "OLE2")
}

// streamName is the name of a directory entry of a stream, empty for anything else.
func streamName(entry []byte) string {
	const nameLength, objectType, stream = 64, 66, 2
	n := int(entry[nameLength]) | int(entry[nameLength+1])<<8
	if entry[objectType] != stream || n < 4 || n > 64 || n%2 != 0 {
		return ""
	}
	units := make([]uint16, n/2-1) // the length counts the closing zero
	for i := range units {
		units[i] = uint16(entry[2*i]) | uint16(entry[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}
