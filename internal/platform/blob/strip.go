package blob

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Markers of JPEG segments, ITU-T T.81 table B.1.
const (
	markerTEM  = 0x01
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// Strip gives a picture with nothing but what it takes to show it: no EXIF, XMP, comments, previews, or bytes behind its end,
// where phones put films and further pictures. How it is to be turned is kept. Other media come back as they are; the input is
// not changed. Error kind Invalid, key "blob.damaged", never for a file that Prepare took.
func Strip(content []byte, media string) ([]byte, error) {
	if !IsPicture(media) {
		return content, nil
	}
	_, turn := readEXIF(exifBlock(content, media))
	var out []byte
	var err error
	switch media {
	case JPEG:
		out, err = stripJPEG(content, turn)
	case PNG:
		out, err = stripPNG(content, turn)
	default:
		out, err = stripWebP(content, turn)
	}
	return out, fault.Wrap("blob.Strip", err)
}

// turnOnly is an EXIF block that says how the picture is to be turned and nothing else.
func turnOnly(turn int) []byte {
	return []byte{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, tagOrientation >> 8, tagOrientation & 0xff, 0, typeShort, 0, 0, 0, 1, 0, byte(turn), 0, 0, 0, 0, 0, 0}
}

// eachSegment calls f with each segment from its 0xff on, a scan with its data, until the end of the picture. Bytes between
// segments are passed over, as decoders do.
func eachSegment(b []byte, f func(marker byte, segment []byte)) error {
	for at := 2; at+1 < len(b); {
		marker := b[at+1]
		if b[at] != 0xff || marker == 0xff || marker == 0 || marker == markerTEM || marker == markerSOI || marker >= markerRST0 && marker <= markerRST7 {
			at++
			continue
		}
		if marker == markerEOI {
			f(marker, b[at:at+2])
			return nil
		}
		if at+4 > len(b) {
			break
		}
		end := at + 2 + int(binary.BigEndian.Uint16(b[at+2:]))
		if end < at+4 || end > len(b) {
			break
		}
		if marker == markerSOS {
			end = scanEnd(b, end)
		}
		f(marker, b[at:end])
		at = end
	}
	return fault.New(fault.Invalid, "blob.damaged")
}

// scanEnd is where the data of a scan end: before the next marker that is no restart.
func scanEnd(b []byte, at int) int {
	for ; at+1 < len(b); at++ {
		if next := b[at+1]; b[at] == 0xff && next != 0 && next != 0xff && (next < markerRST0 || next > markerRST7) {
			return at
		}
	}
	return len(b)
}

// shows says whether a JPEG's segment is needed to show the picture.
func shows(marker byte, segment []byte) bool {
	begins := func(text string) bool { return bytes.HasPrefix(segment[4:], []byte(text)) }
	switch {
	case marker >= 0xc0 && marker <= 0xcf: // frames and tables
		return true
	case marker >= markerSOS && marker <= 0xdf: // scans, quantisation, restart interval
		return true
	case marker == 0xe0:
		return begins("JFIF\x00")
	case marker == 0xe2:
		return begins("ICC_PROFILE\x00")
	case marker == 0xee:
		return begins("Adobe")
	}
	return false
}

func stripJPEG(b []byte, turn int) ([]byte, error) {
	out := append(make([]byte, 0, len(b)), 0xff, markerSOI)
	if turn > 1 {
		block := append([]byte(exifHeader), turnOnly(turn)...)
		out = append(out, 0xff, markerAPP1)
		out = binary.BigEndian.AppendUint16(out, uint16(len(block)+2))
		out = append(out, block...)
	}
	err := eachSegment(b, func(marker byte, segment []byte) {
		if marker == markerEOI || shows(marker, segment) {
			out = append(out, segment...)
		}
	})
	return out, err
}

// shownPNG are the chunks that it takes to show a PNG; PNG third edition, section 11.
var shownPNG = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs"}

// eachPNG calls f with each chunk until the end of the picture.
func eachPNG(b []byte, f func(kind string, data []byte)) error {
	for at := len(pngSignature); at+12 <= len(b); {
		size := uint64(binary.BigEndian.Uint32(b[at:]))
		if uint64(at)+12+size > uint64(len(b)) {
			break
		}
		kind := string(b[at+4 : at+8])
		f(kind, b[at+8:at+8+int(size)])
		if kind == "IEND" {
			return nil
		}
		at += 12 + int(size)
	}
	return fault.New(fault.Invalid, "blob.damaged")
}

func stripPNG(b []byte, turn int) ([]byte, error) {
	out := append(make([]byte, 0, len(b)), pngSignature...)
	add := func(kind string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		from := len(out)
		out = append(append(out, kind...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	err := eachPNG(b, func(kind string, data []byte) {
		if !slices.Contains(shownPNG, kind) {
			return
		}
		add(kind, data)
		if kind == "IHDR" && turn > 1 {
			add("eXIf", turnOnly(turn))
		}
	})
	return out, err
}

// Chunks of WebP, RFC 9649 section 2. Moving pictures are not taken.
var shownWebP = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ICCP"}

// Flags of VP8X that announce EXIF and XMP.
const (
	webpEXIF = 0x08
	webpXMP  = 0x04
)

// eachWebP calls f with each chunk inside the container.
func eachWebP(b []byte, f func(kind string, data []byte)) error {
	bad := fault.New(fault.Invalid, "blob.damaged")
	if len(b) < 12 {
		return bad
	}
	end := 8 + uint64(binary.LittleEndian.Uint32(b[4:]))
	if end > uint64(len(b)) || end < 12 {
		return bad
	}
	for at := uint64(12); at+8 <= end; {
		size := uint64(binary.LittleEndian.Uint32(b[at+4:]))
		if at+8+size > end {
			return bad
		}
		f(string(b[at:at+4]), b[at+8:at+8+size])
		at += 8 + size + size%2
	}
	return nil
}

func stripWebP(b []byte, turn int) ([]byte, error) {
	out := append(make([]byte, 0, len(b)), "RIFF\x00\x00\x00\x00WEBP"...)
	announces := -1 // place of the flags
	add := func(kind string, data []byte) {
		out = binary.LittleEndian.AppendUint32(append(out, kind...), uint32(len(data)))
		if kind == "VP8X" && len(data) > 0 && announces < 0 {
			announces = len(out)
		}
		out = append(out, data...)
		if len(data)%2 == 1 {
			out = append(out, 0)
		}
	}
	err := eachWebP(b, func(kind string, data []byte) {
		if slices.Contains(shownWebP, kind) {
			add(kind, data)
		}
	})
	if announces >= 0 {
		out[announces] &^= webpEXIF | webpXMP
		if turn > 1 {
			out[announces] |= webpEXIF
			add("EXIF", turnOnly(turn))
		}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, err
}
