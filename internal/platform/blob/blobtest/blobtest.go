// Package blobtest draws pictures for tests, and writes them as telephones and chat programs do. Nothing of it is taken from
// anywhere: a seed gives the same picture twice.
package blobtest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"
)

// Scene draws a picture of its own for each seed: a sky, a ground, buildings and grain.
func Scene(seed uint64, w, h int) *image.RGBA {
	random := rand.New(rand.NewPCG(seed, 7))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	shade := func() float64 { return 30 + 200*random.Float64() }
	top, bottom, lean := shade(), shade(), random.Float64()*2-1
	for y := range h {
		for x := range w {
			at := float64(y)/float64(h) + lean*(float64(x)/float64(w)-0.5)
			v := top + (bottom-top)*math.Min(1, math.Max(0, at))
			img.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v * 0.95), uint8(v * 0.9), 255})
		}
	}
	for range 12 {
		x, y := random.IntN(w), random.IntN(h)
		box := image.Rect(x, y, x+w/12+random.IntN(w/3), y+h/12+random.IntN(h/3))
		c := color.RGBA{uint8(random.IntN(256)), uint8(random.IntN(256)), uint8(random.IntN(256)), 255}
		draw.Draw(img, box.Intersect(img.Rect), image.NewUniform(c), image.Point{}, draw.Src)
	}
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = uint8(min(255, max(0, int(img.Pix[i])+random.IntN(13)-6)))
		}
	}
	return img
}

// JPEG writes a picture.
func JPEG(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Resaved is a photo as it comes back from a chat program: another size, a little brighter, compressed harder.
func Resaved(t testing.TB, img image.Image, scale float64, brighter int, quality int) []byte {
	t.Helper()
	w, h := int(float64(img.Bounds().Dx())*scale), int(float64(img.Bounds().Dy())*scale)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	for i := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = uint8(min(255, max(0, int(out.Pix[i])+brighter)))
		}
	}
	return JPEG(t, out, quality)
}

// Tags and types of EXIF that are written.
const (
	tagOrientation  = 0x0112
	tagEXIF         = 0x8769
	tagGPS          = 0x8825
	tagTaken        = 0x9003
	tagTakenOffset  = 0x9011
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
	typeASCII       = 2
	typeShort       = 3
	typeLong        = 4
	typeRational    = 5
	markerAPP1      = 0xe1
	exifHeader      = "Exif\x00\x00"
)

// Shot is what a camera writes.
type Shot struct {
	Taken, Offset     string // as EXIF writes them: "2024:05:01 09:30:00", "+08:00"
	North, East       [3][2]uint32
	NorthRef, EastRef string
	Turn              uint16
	Order             binary.AppendByteOrder
}

// Quanzhou is a shot at 24°52′28.68″ N 118°40′33.6″ E.
func Quanzhou(order binary.AppendByteOrder) Shot {
	return Shot{Taken: "2024:05:01 09:30:00", North: [3][2]uint32{{24, 1}, {52, 1}, {2868, 100}}, East: [3][2]uint32{{118, 1}, {40, 1}, {336, 10}}, NorthRef: "N", EastRef: "E", Turn: 1, Order: order}
}

// EXIF writes a block: the directories one behind the other, each followed by its values.
func (s Shot) EXIF() []byte {
	type line struct {
		tag, kind uint16
		value     []byte
	}
	text := func(tag uint16, v string) line { return line{tag, typeASCII, append([]byte(v), 0)} }
	number := func(tag uint16, v uint32) line { return line{tag, typeLong, s.Order.AppendUint32(nil, v)} }
	angle := func(tag uint16, v [3][2]uint32) line {
		var b []byte
		for _, r := range v {
			b = s.Order.AppendUint32(s.Order.AppendUint32(b, r[0]), r[1])
		}
		return line{tag, typeRational, b}
	}
	sizes := map[uint16]uint32{typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8}
	write := func(at uint32, lines []line) []byte {
		dir := s.Order.AppendUint16(nil, uint16(len(lines)))
		behind := at + 2 + uint32(len(lines))*12 + 4
		var values []byte
		for _, l := range lines {
			dir = s.Order.AppendUint16(s.Order.AppendUint16(dir, l.tag), l.kind)
			dir = s.Order.AppendUint32(dir, uint32(len(l.value))/sizes[l.kind])
			if len(l.value) <= 4 {
				dir = append(dir, append(l.value, make([]byte, 4-len(l.value))...)...)
				continue
			}
			dir = s.Order.AppendUint32(dir, behind+uint32(len(values)))
			values = append(values, l.value...)
		}
		return append(append(dir, 0, 0, 0, 0), values...)
	}
	turn := line{tagOrientation, typeShort, s.Order.AppendUint16(nil, s.Turn)}
	shotLines := []line{text(tagTaken, s.Taken)}
	if s.Offset != "" {
		shotLines = append(shotLines, text(tagTakenOffset, s.Offset))
	}
	const rootAt = 8
	rootSize := uint32(len(write(rootAt, []line{turn, number(tagEXIF, 0), number(tagGPS, 0)})))
	taken := write(rootAt+rootSize, shotLines)
	gpsAt := rootAt + rootSize + uint32(len(taken))
	place := write(gpsAt, []line{text(tagLatitudeRef, s.NorthRef), angle(tagLatitude, s.North), text(tagLongitudeRef, s.EastRef), angle(tagLongitude, s.East)})
	head := []byte("II*\x00")
	if s.Order == binary.BigEndian {
		head = []byte("MM\x00*")
	}
	out := s.Order.AppendUint32(head, rootAt)
	out = append(out, write(rootAt, []line{turn, number(tagEXIF, rootAt+rootSize), number(tagGPS, gpsAt)})...)
	return append(append(out, taken...), place...)
}

// Photo is a JPEG with an EXIF block, an XMP packet, a comment, and a film behind its end.
func (s Shot) Photo(t testing.TB, img image.Image) []byte {
	t.Helper()
	plain := JPEG(t, img, 85)
	segment := func(marker byte, data string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
	}
	out := append([]byte{}, plain[:2]...)
	out = append(out, segment(markerAPP1, exifHeader+string(s.EXIF()))...)
	out = append(out, segment(markerAPP1, "http://ns.adobe.com/xap/1.0/\x00<x GPSLatitude='24.87'/>")...)
	out = append(out, segment(0xfe, "GPS 24.87")...)
	out = append(out, plain[2:]...)
	return append(out, "film GPS 24.87"...)
}
