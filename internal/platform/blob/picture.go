package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/bits"
	"slices"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

const (
	// maxPixels is a little more than the largest camera of a common telephone; maxMemory is what decoding may take, which deep
	// and progressive pictures need more of than others.
	maxPixels = 64 << 20
	maxMemory = 256 << 20
	// thumbnailSide is the longer side of a thumbnail, in pixels.
	thumbnailSide    = 320
	thumbnailQuality = 80
)

// decoding bounds how many pictures are unpacked at the same time, in the whole process.
var decoding = make(chan struct{}, 2)

// decodeSmall gives the picture as a thumbnail, white where it is transparent, not turned yet.
func decodeSmall(ctx context.Context, b []byte, media string) (*image.RGBA, error) {
	if err := affordable(b, media); err != nil {
		return nil, err
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return nil, fault.Because(ctx.Err(), fault.Busy, "db.canceled")
	}
	decode := map[string]func(*bytes.Reader) (image.Image, error){
		JPEG: func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		PNG:  func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		WebP: func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
	}
	whole, err := decode[media](bytes.NewReader(b))
	if err != nil {
		return nil, damaged(err)
	}
	return scaled(whole, thumbnailSide), nil
}

// affordable refuses a picture that would unpack to more than the limits, before anything is unpacked.
func affordable(b []byte, media string) error {
	width, height, perPixel, err := measure(b, media)
	if err != nil {
		return err
	}
	if width <= 0 || height <= 0 {
		return fault.New(fault.Invalid, "blob.damaged")
	}
	if pixels := int64(width) * int64(height); pixels > maxPixels || pixels*int64(perPixel) > maxMemory {
		return fault.New(fault.Invalid, "blob.too_many_pixels", "limit_mpx", maxPixels/1_000_000)
	}
	return nil
}

// measure gives the size that a picture announces, and the bytes that decoding takes for each pixel.
func measure(b []byte, media string) (width, height, perPixel int, err error) {
	var c image.Config
	switch media {
	case JPEG:
		if c, err = jpeg.DecodeConfig(bytes.NewReader(b)); err != nil {
			return 0, 0, 0, damaged(err)
		}
		perPixel = map[bool]int{true: 1, false: 3}[c.ColorModel == color.GrayModel]
		if c.ColorModel == color.CMYKModel {
			perPixel = 4
		}
		if progressive(b) {
			perPixel *= 5 // a coefficient of four bytes for each sample
		}
	case PNG:
		if c, err = png.DecodeConfig(bytes.NewReader(b)); err != nil {
			return 0, 0, 0, damaged(err)
		}
		perPixel = 4
		if c.ColorModel == color.NRGBA64Model || c.ColorModel == color.RGBA64Model {
			perPixel = 8
		}
	default: // the container's own size is that of the canvas; what is decoded says it again
		err = eachWebP(b, func(kind string, data []byte) {
			w, h := frameSize(kind, data)
			width, height = max(width, w), max(height, h)
		})
		return width, height, 4, err
	}
	return c.Width, c.Height, perPixel, nil
}

func progressive(b []byte) (yes bool) {
	_ = eachSegment(b, func(marker byte, _ []byte) { yes = yes || marker == 0xc2 })
	return yes
}

// frameSize reads the size out of a WebP's chunk; zeros for chunks without one. RFC 6386 section 9.1, RFC 9649 sections 2.7, 3.4.
func frameSize(kind string, d []byte) (width, height int) {
	switch {
	case kind == "VP8 " && len(d) >= 10:
		return int(binary.LittleEndian.Uint16(d[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(d[8:]) & 0x3fff)
	case kind == "VP8L" && len(d) >= 5:
		v := binary.LittleEndian.Uint32(d[1:])
		return int(v&0x3fff) + 1, int(v>>14&0x3fff) + 1
	case kind == "VP8X" && len(d) >= 10:
		return 1 + int(d[4]) + int(d[5])<<8 + int(d[6])<<16, 1 + int(d[7]) + int(d[8])<<8 + int(d[9])<<16
	}
	return 0, 0
}

// scaled gives the picture with a longer side of at most side pixels, on white.
func scaled(src image.Image, side int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(1, w*side/longer), max(1, h*side/longer)
	}
	return fitted(src, w, h)
}

func fitted(src image.Image, w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Over, nil)
	return dst
}

// turned gives the picture as people see it; turn is the EXIF orientation: 2 mirrored, 3 upside down, 4 both, 5…8 lying on
// its side.
func turned(src *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 || turn > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var to image.Point
			switch turn {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			case 8:
				to = image.Pt(y, w-1-x)
			}
			out.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return out
}

func encodeThumbnail(small *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbnailQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

const (
	hashSide     = 32 // pixels that the transform sees
	hashBits     = 64
	leastSpread  = 3.0 // standard deviation of brightness, of 255, below which a picture shows nothing to compare
	hashDiagonal = 10  // u+v of the last frequencies that 64 bits may need
)

// frequencies are the pairs (u, v) whose signs make the hash: the lowest 64 without the mean, by u+v and then u.
var frequencies = func() (out [hashBits][2]int) {
	n := 0
	for sum := 1; sum <= hashDiagonal; sum++ {
		for u := 0; u <= sum && n < hashBits; u++ {
			out[n] = [2]int{u, sum - u}
			n++
		}
	}
	return out
}()

// cosines[u][x] is the u-th cosine at pixel x.
var cosines = func() (out [hashDiagonal + 1][hashSide]float64) {
	for u := range out {
		for x := range out[u] {
			out[u][x] = math.Cos(math.Pi * float64(u) * (2*float64(x) + 1) / (2 * hashSide))
		}
	}
	return out
}()

// hashOf gives the perceptual hash; nil for a picture of a single colour.
func hashOf(small *image.RGBA) *uint64 {
	light, spread := brightness(fitted(small, hashSide, hashSide))
	if spread < leastSpread {
		return nil
	}
	var across [hashDiagonal + 1][hashSide]float64 // [u][y]
	for u := range across {
		for y := range hashSide {
			for x := range hashSide {
				across[u][y] += cosines[u][x] * light[y][x]
			}
		}
	}
	var found [hashBits]float64
	for i, f := range frequencies {
		for y := range hashSide {
			found[i] += cosines[f[1]][y] * across[f[0]][y]
		}
	}
	sorted := slices.Clone(found[:])
	slices.Sort(sorted)
	median := (sorted[hashBits/2-1] + sorted[hashBits/2]) / 2
	var hash uint64
	for i, v := range found {
		if v > median {
			hash |= 1 << i
		}
	}
	return &hash
}

// brightness gives the luma of each pixel (ITU-R BT.601) and its standard deviation.
func brightness(img *image.RGBA) (light [hashSide][hashSide]float64, spread float64) {
	sum, squares := 0.0, 0.0
	for y := range hashSide {
		for x := range hashSide {
			c := img.RGBAAt(x, y)
			v := 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
			light[y][x] = v
			sum, squares = sum+v, squares+v*v
		}
	}
	const n = hashSide * hashSide
	return light, math.Sqrt(max(0, squares/n-(sum/n)*(sum/n)))
}

// Distance is how many bits of two perceptual hashes differ, 0…64. The same photo in other bytes lies within Same; of two
// different photos about 32 bits differ.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// Same is the distance up to which two pictures are taken for the same photo.
const Same = 7
