package blob

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The tags that are read; everything else is passed over. CIPA DC-008-2019, tables 4, 8 and 15.
const (
	tagOrientation  = 0x0112
	tagEXIF         = 0x8769 // place of the next directory
	tagGPS          = 0x8825
	tagTaken        = 0x9003 // DateTimeOriginal, "2024:05:01 09:30:00"
	tagTakenOffset  = 0x9011 // "+08:00"
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
)

const (
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

// maxEntries bounds a directory; cameras write fewer than a hundred entries.
const maxEntries = 512

// exifHeader begins the block inside a JPEG.
const exifHeader = "Exif\x00\x00"

// exifBlock finds the EXIF block of a picture; nil without one.
func exifBlock(b []byte, media string) (block []byte) {
	take := func(found []byte) {
		if block == nil {
			block = bytes.TrimPrefix(found, []byte(exifHeader))
		}
	}
	switch media {
	case JPEG:
		_ = eachSegment(b, func(marker byte, segment []byte) {
			if marker == markerAPP1 && bytes.HasPrefix(segment[4:], []byte(exifHeader)) {
				take(segment[4:])
			}
		})
	case PNG:
		_ = eachPNG(b, func(kind string, data []byte) {
			if kind == "eXIf" {
				take(data)
			}
		})
	case WebP:
		_ = eachWebP(b, func(kind string, data []byte) {
			if kind == "EXIF" {
				take(data)
			}
		})
	}
	return block
}

// tiff is the block with its byte order. Every read is checked against its end; places are followed twice at most, so that
// no block makes the reader go in circles.
type tiff struct {
	b     []byte
	order binary.ByteOrder
}

// entry is one line of a directory.
type entry struct {
	kind  uint16
	count uint32
	value []byte // the four bytes, or what they point at
}

// readEXIF gives the facts of a block, and how the picture is to be turned (1…8, 1: not at all). A block that is broken says
// nothing where it is broken.
func readEXIF(block []byte) (f Facts, turn int) {
	turn = 1
	t := tiff{b: block}
	switch {
	case bytes.HasPrefix(block, []byte("II*\x00")):
		t.order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		t.order = binary.BigEndian
	default:
		return Facts{}, turn
	}
	first, ok := t.long(4)
	if !ok {
		return Facts{}, turn
	}
	root := t.directory(first)
	if n, ok := t.number(root[tagOrientation]); ok && n >= 1 && n <= 8 {
		turn = int(n)
	}
	if at, ok := t.number(root[tagEXIF]); ok {
		f.TakenAt = t.taken(t.directory(at))
	}
	if at, ok := t.number(root[tagGPS]); ok {
		f.Latitude, f.Longitude = t.place(t.directory(at))
	}
	return f, turn
}

func (t tiff) long(at uint32) (uint32, bool) {
	if uint64(at)+4 > uint64(len(t.b)) {
		return 0, false
	}
	return t.order.Uint32(t.b[at:]), true
}

// directory reads the entries at a place; of a tag that occurs twice the first counts.
func (t tiff) directory(at uint32) map[uint16]entry {
	if uint64(at)+2 > uint64(len(t.b)) {
		return nil
	}
	out := map[uint16]entry{}
	n := min(int(t.order.Uint16(t.b[at:])), maxEntries)
	for i := range n {
		from := uint64(at) + 2 + uint64(i)*12
		if from+12 > uint64(len(t.b)) {
			break
		}
		line := t.b[from : from+12]
		e := entry{kind: t.order.Uint16(line[2:]), count: t.order.Uint32(line[4:]), value: line[8:]}
		size := uint64(e.count) * uint64(map[uint16]uint32{typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8}[e.kind])
		if size == 0 {
			continue
		}
		if size > 4 {
			place := uint64(t.order.Uint32(line[8:]))
			if place+size > uint64(len(t.b)) {
				continue
			}
			e.value = t.b[place : place+size]
		}
		if tag := t.order.Uint16(line); out[tag].value == nil {
			out[tag] = e
		}
	}
	return out
}

func (t tiff) number(e entry) (uint32, bool) {
	switch e.kind {
	case typeShort:
		return uint32(t.order.Uint16(e.value)), true
	case typeLong:
		return t.order.Uint32(e.value), true
	}
	return 0, false
}

func (e entry) text() string {
	if e.kind != typeASCII {
		return ""
	}
	b := e.value[:min(uint64(len(e.value)), uint64(e.count))]
	text, _, _ := strings.Cut(string(b), "\x00")
	return strings.TrimSpace(text)
}

// taken is when the shutter was released. The time of the last change says nothing about that and is not taken for it.
func (t tiff) taken(dir map[uint16]entry) *int64 {
	in := period.Zone // of a camera that names none
	if zone, err := time.Parse("-07:00", dir[tagTakenOffset].text()); err == nil {
		in = zone.Location()
	}
	at, err := time.ParseInLocation("2006:01:02 15:04:05", dir[tagTaken].text(), in)
	if err != nil || at.Year() < 1 {
		return nil
	}
	us := at.UnixMicro()
	return &us
}

// place is where the camera was, both or neither. A camera that writes 0° 0′ has no signal.
func (t tiff) place(dir map[uint16]entry) (latitude, longitude *int64) {
	north, ok := t.degrees(dir[tagLatitude], dir[tagLatitudeRef].text(), "N", "S", 90)
	east, also := t.degrees(dir[tagLongitude], dir[tagLongitudeRef].text(), "E", "W", 180)
	if !ok || !also || north == 0 && east == 0 {
		return nil, nil
	}
	return &north, &east
}

// degrees reads degrees, minutes and seconds into millionths of a degree.
func (t tiff) degrees(e entry, ref, plus, minus string, limit float64) (int64, bool) {
	if e.kind != typeRational || e.count < 3 || ref != plus && ref != minus {
		return 0, false
	}
	sum := 0.0
	for i, per := range []float64{1, 60, 3600} {
		over, under := t.order.Uint32(e.value[8*i:]), t.order.Uint32(e.value[8*i+4:])
		if under == 0 {
			if over == 0 && i > 0 { // some cameras leave out what they do not use
				continue
			}
			return 0, false
		}
		sum += float64(over) / float64(under) / per
	}
	if sum > limit {
		return 0, false
	}
	if ref == minus {
		sum = -sum
	}
	return int64(math.Round(sum * 1e6)), true
}
