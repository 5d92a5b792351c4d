package blob

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func prepared(t testing.TB, content []byte) *File {
	t.Helper()
	f, err := Prepare(t.Context(), bytes.NewReader(content))
	if err != nil {
		t.Fatalf("Prepare = %v", err)
	}
	return f
}

func hashed(t testing.TB, content []byte) uint64 {
	t.Helper()
	f := prepared(t, content)
	if f.Hash == nil {
		t.Fatal("a scene has no hash")
	}
	return *f.Hash
}

func TestHash_staysNearWhenAPhotoIsSavedAnew(t *testing.T) {
	far := 0
	for seed := range uint64(10) {
		img := scene(seed, 320, 240)
		original := hashed(t, asJPEG(t, img, 90))
		for _, x := range []struct {
			scale             float64
			brighter, quality int
		}{{1, 0, 40}, {0.5, 8, 60}, {0.33, -8, 70}, {1.7, 5, 50}} {
			d := Distance(original, hashed(t, resaved(t, img, x.scale, x.brighter, x.quality)))
			far = max(far, d)
			if d > Same {
				t.Errorf("scene %d at %v: distance %d, want at most %d", seed, x, d, Same)
			}
		}
	}
	t.Logf("farthest of 40 resaved photos: %d bits", far)
}

func TestHash_tellsDifferentPhotosApart(t *testing.T) {
	const n = 200
	hashes := make([]uint64, n)
	for seed := range uint64(n) {
		h := hashOf(scaled(scene(1000+seed, 96, 72), thumbnailSide))
		if h == nil {
			t.Fatalf("scene %d has no hash", seed)
		}
		hashes[seed] = *h
	}
	nearest := 64
	for i := range hashes {
		for j := range i {
			nearest = min(nearest, Distance(hashes[i], hashes[j]))
		}
	}
	t.Logf("nearest of %d pairs of different photos: %d bits", n*(n-1)/2, nearest)
	if nearest <= Same {
		t.Errorf("two different photos are %d bits apart, want more than %d", nearest, Same)
	}
}

func TestHash_isMissingWhereAPictureShowsNothing(t *testing.T) {
	white := image.NewGray(image.Rect(0, 0, 200, 100))
	for i := range white.Pix {
		white.Pix[i] = 250
	}
	if f := prepared(t, asPNG(t, white)); f.Hash != nil || !f.HasThumbnail {
		t.Errorf("white picture: hash %v, thumbnail %v, want none and one", f.Hash, f.HasThumbnail)
	}
}

func TestHash_isThatOfThePictureAsItIsSeen(t *testing.T) {
	upright := scene(5, 320, 200)
	want := hashed(t, asJPEG(t, upright, 90))
	for turn := uint16(2); turn <= 8; turn++ {
		lying := turned(upright, map[uint16]int{2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[turn]) // the way back
		s := quanzhou(binary.LittleEndian)
		s.Turn = turn
		photo := s.Photo(t, lying)
		if d := Distance(want, hashed(t, photo)); d > Same {
			t.Errorf("orientation %d: distance %d from the upright picture, want at most %d", turn, d, Same)
		}
		bare, err := Strip(photo, JPEG)
		if err != nil {
			t.Fatalf("Strip = %v", err)
		}
		if d := Distance(want, hashed(t, bare)); d > Same {
			t.Errorf("orientation %d: the stripped picture is turned otherwise: distance %d", turn, d)
		}
	}
}

func TestThumbnail_isASmallJPEG(t *testing.T) {
	for _, x := range []struct {
		w, h, wantW, wantH int
	}{{1600, 1200, 320, 240}, {100, 50, 100, 50}, {3000, 2, 320, 1}} {
		f := prepared(t, asPNG(t, image.NewGray(image.Rect(0, 0, x.w, x.h))))
		c, err := jpeg.DecodeConfig(bytes.NewReader(f.thumbnail))
		if err != nil || c.Width != x.wantW || c.Height != x.wantH {
			t.Errorf("thumbnail of %d×%d = %d×%d, %v, want %d×%d", x.w, x.h, c.Width, c.Height, err, x.wantW, x.wantH)
		}
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 40)) // transparent black
	small, err := jpeg.Decode(bytes.NewReader(prepared(t, asPNG(t, clear)).thumbnail))
	if err != nil {
		t.Fatal(err)
	}
	if got := color.GrayModel.Convert(small.At(20, 20)).(color.Gray).Y; got < 250 {
		t.Errorf("a transparent picture has brightness %d, want white", got)
	}
}

// bombs are small files that would unpack to gigabytes.
func bombs(t testing.TB) map[string][]byte {
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 4, 4)))
	binary.BigEndian.PutUint32(huge[16:], 60_000)
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	again := append([]byte(nil), huge...)
	binary.BigEndian.PutUint32(again[29:], pngSum(again[12:29]))
	wide := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)), 50)
	at := bytes.Index(wide, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(wide[at+5:], 65_000)
	binary.BigEndian.PutUint16(wide[at+7:], 65_000)
	deep := asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 2, 2)))
	binary.BigEndian.PutUint32(deep[16:], 7000)
	binary.BigEndian.PutUint32(deep[20:], 7000)
	deep[24], deep[25] = 16, 6
	binary.BigEndian.PutUint32(deep[29:], pngSum(deep[12:29]))
	lying := solidWebP(16_000, 16_000)
	for i := 24; i < 30; i++ { // the canvas says 1×1
		lying[i] = 0
	}
	return map[string][]byte{"PNG": again, "JPEG": wide, "16 bits a sample": deep, "WebP": solidWebP(16_000, 16_000), "WebP with a canvas of one pixel": lying}
}

func TestPrepare_refusesPicturesThatUnpackToTooMuch(t *testing.T) {
	for name, b := range bombs(t) {
		_, err := Prepare(t.Context(), bytes.NewReader(b))
		if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || f.Key != "blob.too_many_pixels" {
			t.Errorf("%s: Prepare = %v, want blob.too_many_pixels", name, err)
		}
	}
}

func BenchmarkPrepare12Megapixels(b *testing.B) {
	photo := asJPEG(b, scene(1, 4000, 3000), 85)
	b.SetBytes(int64(len(photo)))
	for b.Loop() {
		prepared(b, photo)
	}
}
