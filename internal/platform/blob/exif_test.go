package blob

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"golang.org/x/image/webp"
)

func pngSum(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// withChunk puts a chunk behind the header of a PNG.
func withChunk(b []byte, kind string, data []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(append(chunk, kind...), data...)
	chunk = binary.BigEndian.AppendUint32(chunk, pngSum(chunk[4:]))
	const header = 8 + 25
	return append(append(append([]byte{}, b[:header]...), chunk...), b[header:]...)
}

func same(got *int64, want int64) bool { return got != nil && *got == want }

func TestReadEXIF_readsTimeAndPlace(t *testing.T) {
	img := scene(3, 80, 60)
	taken := time.Date(2024, 5, 1, 1, 30, 0, 0, time.UTC).UnixMicro() // 09:30 in China
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		s := quanzhou(order)
		for name, content := range map[string][]byte{"JPEG": s.Photo(t, img), "PNG": withChunk(asPNG(t, img), "eXIf", s.EXIF()),
			"WebP": solidWebP(40, 30, riffChunk("EXIF", s.EXIF()))} {
			f := prepared(t, content).Facts
			if !same(f.TakenAt, taken) || !same(f.Latitude, 24_874_633) || !same(f.Longitude, 118_676_000) {
				t.Errorf("%s %v: facts = %v, want 2024-05-01 01:30 UTC at 24.874633, 118.676", name, order, f)
			}
		}
	}
	s := quanzhou(binary.LittleEndian)
	s.Offset, s.NorthRef, s.EastRef = "-03:00", "S", "W"
	f := prepared(t, s.Photo(t, img)).Facts
	if !same(f.TakenAt, time.Date(2024, 5, 1, 12, 30, 0, 0, time.UTC).UnixMicro()) || !same(f.Latitude, -24_874_633) || !same(f.Longitude, -118_676_000) {
		t.Errorf("south, west, three hours behind UTC: facts = %v", f)
	}
}

func TestReadEXIF_unknownStaysUnknown(t *testing.T) {
	img := scene(3, 40, 40)
	none := quanzhou(binary.LittleEndian)
	none.Taken, none.North, none.East = "    :  :     :  :  ", [3][2]uint32{{0, 1}, {0, 1}, {0, 1}}, [3][2]uint32{{0, 1}, {0, 1}, {0, 1}}
	wrong := quanzhou(binary.BigEndian)
	wrong.Taken, wrong.North = "2024:13:40 99:00:00", [3][2]uint32{{124, 1}, {0, 1}, {0, 1}}
	half := quanzhou(binary.BigEndian)
	half.Taken, half.EastRef = "", "?"
	for name, content := range map[string][]byte{"nothing": asJPEG(t, img, 80), "blank": none.Photo(t, img), "wrong": wrong.Photo(t, img), "half a place": half.Photo(t, img)} {
		if f := prepared(t, content).Facts; f.TakenAt != nil || f.Latitude != nil || f.Longitude != nil {
			t.Errorf("%s: facts = %v %v %v, want none", name, f.TakenAt, f.Latitude, f.Longitude)
		}
	}
}

func TestStrip_leavesThePictureAndNothingElse(t *testing.T) {
	img := scene(9, 120, 90)
	s := quanzhou(binary.LittleEndian)
	s.Turn = 6
	for media, content := range map[string][]byte{
		JPEG: s.Photo(t, img),
		PNG:  append(withChunk(withChunk(asPNG(t, img), "eXIf", s.EXIF()), "tEXt", []byte("Comment\x00GPS 24.87")), "film GPS 24.87"...),
		WebP: append(solidWebP(40, 30, riffChunk("EXIF", s.EXIF()), riffChunk("XMP ", []byte("<x GPS='24.87'/>"))), "film GPS 24.87"...),
	} {
		before := bytes.Clone(content)
		bare, err := Strip(content, media)
		if err != nil {
			t.Fatalf("Strip(%s) = %v", media, err)
		}
		if !bytes.Equal(before, content) {
			t.Errorf("Strip(%s) changed its input", media)
		}
		for _, secret := range []string{"24.87", "2024:05:01", "film", "ns.adobe.com"} {
			if bytes.Contains(bare, []byte(secret)) {
				t.Errorf("Strip(%s) still says %q", media, secret)
			}
		}
		facts, turn := readEXIF(exifBlock(bare, media))
		if facts != (Facts{}) || turn != 6 {
			t.Errorf("Strip(%s): facts %v, orientation %d, want none and 6", media, facts, turn)
		}
		if !samePixels(t, media, content, bare) {
			t.Errorf("Strip(%s) changed the picture", media)
		}
		if again, err := Strip(bare, media); err != nil || !bytes.Equal(again, bare) {
			t.Errorf("Strip(%s) of a stripped picture differs, %v", media, err)
		}
	}
	if got, err := Strip([]byte("%PDF-1.7 x"), PDF); err != nil || string(got) != "%PDF-1.7 x" {
		t.Errorf("Strip of a PDF = %q, %v, want it as it came", got, err)
	}
}

func TestStrip_findsWhatIsHiddenBetweenTheTables(t *testing.T) {
	block := exifHeader + string(quanzhou(binary.LittleEndian).EXIF())
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xff, markerAPP1}, uint16(len(block)+2)), block...) // with a byte of filling
	plain := asJPEG(t, scene(6, 64, 48), 85)
	scan := bytes.Index(plain, []byte{0xff, markerSOS})
	content := append(append(bytes.Clone(plain[:scan]), segment...), plain[scan:]...)
	if f := prepared(t, content).Facts; f.Latitude == nil {
		t.Error("a block behind the tables was not read")
	}
	bare, err := Strip(content, JPEG)
	if err != nil || !bytes.Equal(bare, plain) {
		t.Errorf("Strip = %d bytes, %v, want the %d of the plain picture", len(bare), err, len(plain))
	}
}

func samePixels(t *testing.T, media string, a, b []byte) bool {
	t.Helper()
	decode := func(b []byte) image.Image {
		var img image.Image
		var err error
		switch media {
		case JPEG:
			img, err = jpeg.Decode(bytes.NewReader(b))
		case PNG:
			img, err = png.Decode(bytes.NewReader(b))
		default:
			img, err = webp.Decode(bytes.NewReader(b))
		}
		if err != nil {
			t.Fatalf("decode %s = %v", media, err)
		}
		return img
	}
	x, y := decode(a), decode(b)
	if x.Bounds() != y.Bounds() {
		return false
	}
	for py := range x.Bounds().Dy() {
		for px := range x.Bounds().Dx() {
			if x.At(px, py) != y.At(px, py) {
				return false
			}
		}
	}
	return true
}

func FuzzExif(f *testing.F) {
	f.Add(quanzhou(binary.LittleEndian).EXIF())
	f.Add(quanzhou(binary.BigEndian).EXIF())
	f.Add([]byte("II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, block []byte) {
		facts, turn := readEXIF(block)
		if turn < 1 || turn > 8 {
			t.Errorf("orientation %d", turn)
		}
		if (facts.Latitude == nil) != (facts.Longitude == nil) {
			t.Error("half a place")
		}
		if facts.Latitude != nil && (*facts.Latitude < -90e6 || *facts.Latitude > 90e6 || *facts.Longitude < -180e6 || *facts.Longitude > 180e6) {
			t.Errorf("no place on Earth: %d, %d", *facts.Latitude, *facts.Longitude)
		}
	})
}

func FuzzStrip(f *testing.F) {
	img := scene(2, 24, 16)
	s := quanzhou(binary.LittleEndian)
	f.Add(s.Photo(f, img))
	f.Add(withChunk(asPNG(f, img), "eXIf", s.EXIF()))
	f.Add(solidWebP(24, 16, riffChunk("EXIF", s.EXIF())))
	f.Fuzz(func(t *testing.T, b []byte) {
		media := sniff(b)
		if !IsPicture(media) {
			return
		}
		bare, err := Strip(b, media)
		if err != nil {
			return
		}
		if facts, _ := readEXIF(exifBlock(bare, media)); facts != (Facts{}) {
			t.Errorf("%s still says %v", media, facts)
		}
		if again, err := Strip(bare, media); err != nil || !bytes.Equal(again, bare) {
			t.Errorf("%s: stripped twice differs, %v", media, err)
		}
	})
}
