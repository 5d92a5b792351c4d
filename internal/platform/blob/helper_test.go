package blob

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/blob/blobtest"
)

// Short names of what every test here needs.
var (
	scene    = blobtest.Scene
	asJPEG   = blobtest.JPEG
	resaved  = blobtest.Resaved
	quanzhou = blobtest.Quanzhou
)

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// solidWebP is a lossless WebP of one colour: five codes of a single symbol, which take no bits for a pixel.
func solidWebP(w, h int, extra ...[]byte) []byte {
	var bitsOut []byte
	n := 0
	put := func(value uint64, width int) {
		for i := range width {
			if n%8 == 0 {
				bitsOut = append(bitsOut, 0)
			}
			bitsOut[n/8] |= byte(value>>i&1) << (n % 8)
			n++
		}
	}
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 4) // no alpha, version 0
	put(0, 3) // no transform, no colour cache, one group of codes
	for _, symbol := range []uint64{120, 60, 200, 255} {
		put(1, 1)
		put(0, 1)
		put(1, 1)
		put(symbol, 8)
	}
	put(1, 1)
	put(0, 1)
	put(0, 1)
	put(0, 1)
	for len(bitsOut)%2 == 0 {
		bitsOut = append(bitsOut, 0) // with the signature an even length
	}
	frame := riffChunk("VP8L", append([]byte{0x2f}, bitsOut...))
	canvas := make([]byte, 10)
	if len(extra) > 0 {
		canvas[0] = webpEXIF
	}
	canvas[4], canvas[5], canvas[6] = byte(w-1), byte((w-1)>>8), byte((w-1)>>16)
	canvas[7], canvas[8], canvas[9] = byte(h-1), byte((h-1)>>8), byte((h-1)>>16)
	body := append([]byte("WEBP"), riffChunk("VP8X", canvas)...)
	body = append(body, frame...)
	for _, e := range extra {
		body = append(body, e...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(kind string, data []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return out
}
