package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// MaxSize is the most bytes that a file may have.
const MaxSize = 20 << 20

// Blob is a stored file.
type Blob struct {
	Digest       string // SHA-256 of the bytes, in hex
	Size         int64
	Media        string  // media type: JPEG …
	Hash         *uint64 // perceptual hash; nil for what is no picture, or one of a single colour
	HasThumbnail bool
}

// Facts are what a photo says of itself. Nil: it does not say.
type Facts struct {
	TakenAt             *int64 // µs UTC; a camera that names no time zone is taken to keep Chinese time
	Latitude, Longitude *int64 // millionths of a degree, north and east
}

// File is what Prepare made of a file, ready to be stored.
type File struct {
	Blob
	Facts     Facts
	content   []byte
	thumbnail []byte // JPEG
}

// Prepare reads a file to its end and finds out what it is. It needs no transaction, so that the slow work holds none up.
// The number of pictures that are decoded at the same time is bounded; ctx ends the wait.
//
// Errors, all Invalid: "blob.empty", "blob.too_large" (argument limit_mb), "blob.bad_type", "blob.too_many_pixels" (argument
// limit_mpx), "blob.damaged" for a picture that cannot be decoded.
func Prepare(ctx context.Context, r io.Reader) (*File, error) {
	const op = "blob.Prepare"
	content, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return nil, fault.Wrap(op, err)
	case len(content) == 0:
		return nil, fault.Wrap(op, fault.New(fault.Invalid, "blob.empty"))
	case len(content) > MaxSize:
		return nil, fault.Wrap(op, fault.New(fault.Invalid, "blob.too_large", "limit_mb", MaxSize>>20))
	}
	f := &File{Blob: Blob{Digest: digestOf(content), Size: int64(len(content)), Media: sniff(content)}, content: content}
	if f.Media == "" {
		return nil, fault.Wrap(op, fault.New(fault.Invalid, "blob.bad_type"))
	}
	if IsPicture(f.Media) {
		err = f.look(ctx)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return f, nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// look finds what is particular to pictures.
func (f *File) look(ctx context.Context) error {
	block := exifBlock(f.content, f.Media)
	facts, turn := readEXIF(block)
	f.Facts = facts
	if _, err := Strip(f.content, f.Media); err != nil { // what cannot be shown without its place is not taken
		return err
	}
	small, err := decodeSmall(ctx, f.content, f.Media)
	if err != nil {
		return err
	}
	small = turned(small, turn)
	f.Hash = hashOf(small)
	f.thumbnail, err = encodeThumbnail(small)
	f.HasThumbnail = err == nil
	return err
}

func damaged(err error) error { return fault.Because(err, fault.Invalid, "blob.damaged") }
