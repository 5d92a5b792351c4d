package blob

import (
	"archive/zip"
	"bytes"
	"strings"
)

// The media types that are taken.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
	PDF  = "application/pdf"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	OFD  = "application/ofd" // GB/T 33190, the layout format of Chinese offices
)

// endings are the usual endings of file names, the first of each is the one to give.
var endings = map[string][]string{
	JPEG: {".jpg", ".jpeg"}, PNG: {".png"}, WebP: {".webp"}, PDF: {".pdf"}, XLSX: {".xlsx"}, DOCX: {".docx"}, OFD: {".ofd"},
}

// IsPicture says whether files of a media type are pictures.
func IsPicture(media string) bool { return media == JPEG || media == PNG || media == WebP }

// NameFor gives a file name whose ending fits the media type: one that does not is kept, and the right one comes behind it.
func NameFor(name, media string) string {
	fitting := endings[media]
	for _, e := range fitting {
		if strings.HasSuffix(strings.ToLower(name), e) {
			return name
		}
	}
	if len(fitting) == 0 {
		return name
	}
	return name + fitting[0]
}

// sniff gives the media type by the file's bytes; "" for everything that is not taken.
func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		return JPEG
	case bytes.HasPrefix(b, []byte(pngSignature)):
		return PNG
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return office(b)
	}
	return ""
}

// office tells archives apart by the parts that the formats ask for. Files with macros are not taken.
func office(b []byte) string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return ""
	}
	media := ""
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return ""
		case name == "xl/workbook.xml":
			media = XLSX
		case name == "word/document.xml":
			media = DOCX
		case name == "ofd.xml":
			media = OFD
		}
	}
	return media
}
