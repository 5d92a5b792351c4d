package annotate

import (
	"archive/zip"
	"context"
	"io"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/opc"
)

// write copies the package: untouched parts as they are packed, changed ones anew, added ones at the end.
func (b *book) write(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	for _, f := range b.Order {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := opc.PartName(f.Name)
		var err error
		if data, ok := b.changed[name]; ok {
			err = writePart(z, f.Name, func(out io.Writer) error { return writeAll(out, data) })
		} else if edits, ok := b.edits[name]; ok {
			err = writePart(z, f.Name, func(out io.Writer) error { return b.splice(ctx, out, f, edits) })
		} else {
			err = z.Copy(f)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range b.added {
		data := b.changed[opc.PartName(name)]
		if err := writePart(z, name, func(out io.Writer) error { return writeAll(out, data) }); err != nil {
			return err
		}
	}
	return z.Close()
}

func writePart(z *zip.Writer, name string, write func(io.Writer) error) error {
	out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	return write(out)
}

func writeAll(w io.Writer, data []byte) error {
	_, err := w.Write(data)
	return err
}

// splice copies a worksheet with its edits, without holding it.
func (b *book) splice(ctx context.Context, w io.Writer, f *zip.File, edits []edit) error {
	in, err := f.Open()
	if err != nil {
		return b.Damaged(f.Name, err)
	}
	defer in.Close()
	at, out := int64(0), &sink{w: w}
	w = out
	for _, e := range edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.copyPart(w, in, f, e.from-at); err != nil {
			return err
		}
		if err := b.copyPart(io.Discard, in, f, e.to-e.from); err != nil {
			return err
		}
		at = e.to
		if _, err := io.WriteString(w, e.text()); err != nil {
			return err
		}
	}
	return b.copyPart(w, in, f, int64(f.UncompressedSize64)-at)
}

func (b *book) copyPart(w io.Writer, in io.Reader, f *zip.File, n int64) error {
	if _, err := io.CopyN(w, in, n); err != nil {
		if s, ok := w.(*sink); ok && s.err != nil {
			return s.err
		}
		return b.Damaged(f.Name, err)
	}
	return nil
}

// sink remembers that it was the writer that failed.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}
