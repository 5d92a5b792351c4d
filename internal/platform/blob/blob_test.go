package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func archive(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte("<x/>"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPrepare_knowsFilesByTheirBytes(t *testing.T) {
	img := scene(1, 60, 40)
	for _, x := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"JPEG", asJPEG(t, img, 80), JPEG}, {"PNG", asPNG(t, img), PNG}, {"WebP", solidWebP(20, 10), WebP}, {"PDF", []byte("%PDF-1.7\nx"), PDF},
		{"workbook", archive(t, "[Content_Types].xml", "xl/workbook.xml"), XLSX}, {"document", archive(t, "[Content_Types].xml", "word/document.xml"), DOCX},
		{"OFD", archive(t, "OFD.xml", "Doc_0/Document.xml"), OFD},
	} {
		f, err := Prepare(t.Context(), bytes.NewReader(x.content))
		if err != nil || f.Media != x.want || f.Size != int64(len(x.content)) || len(f.Digest) != 64 || f.HasThumbnail != IsPicture(x.want) {
			t.Errorf("Prepare(%s) = %+v, %v, want %s", x.name, f, err, x.want)
		}
	}
}

func TestPrepare_refusesWhatItDoesNotKnow(t *testing.T) {
	photo := asJPEG(t, scene(1, 60, 40), 80)
	for _, x := range []struct {
		name    string
		content []byte
		key     string
	}{
		{"nothing", nil, "blob.empty"}, {"a page", []byte("<html><script>alert(1)</script>"), "blob.bad_type"}, {"a program", []byte("MZ\x90\x00"), "blob.bad_type"},
		{"an SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "blob.bad_type"}, {"a GIF", []byte("GIF89a\x01\x00\x01\x00"), "blob.bad_type"},
		{"an archive", archive(t, "a.txt"), "blob.bad_type"}, {"macros", archive(t, "xl/workbook.xml", "xl/vbaProject.bin"), "blob.bad_type"},
		{"half an archive", archive(t, "xl/workbook.xml")[:40], "blob.bad_type"}, {"half a JPEG", photo[:len(photo)/2], "blob.damaged"},
		{"half a PNG", asPNG(t, scene(1, 60, 40))[:300], "blob.damaged"}, {"half a WebP", solidWebP(20, 10)[:40], "blob.damaged"},
		{"too much", append(photo, make([]byte, MaxSize)...), "blob.too_large"},
	} {
		_, err := Prepare(t.Context(), bytes.NewReader(x.content))
		if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || f.Key != x.key {
			t.Errorf("Prepare(%s) = %v, want %s", x.name, err, x.key)
		}
	}
	if _, err := Prepare(t.Context(), bytes.NewReader(append(photo, make([]byte, MaxSize-len(photo))...))); err != nil {
		t.Errorf("Prepare of exactly %d bytes = %v, want none refused", MaxSize, err)
	}
}

func TestNameFor_endsAsTheBytesSay(t *testing.T) {
	for _, x := range [][3]string{{"a.JPG", JPEG, "a.JPG"}, {"a.jpeg", JPEG, "a.jpeg"}, {"证.pdf.exe", PDF, "证.pdf.exe.pdf"}, {"a", PNG, "a.png"}, {"a.x", "x/y", "a.x"}} {
		if got := NameFor(x[0], x[1]); got != x[2] {
			t.Errorf("NameFor(%q, %q) = %q, want %q", x[0], x[1], got, x[2])
		}
	}
}

const city = "350500"

func put(t testing.TB, d *db.DB, f *File) Blob {
	t.Helper()
	var b Blob
	err := d.Write(t.Context(), func(w db.Writer) (err error) {
		b, err = Put(t.Context(), w, city, f, time.Unix(1, 0))
		return err
	})
	if err != nil {
		t.Fatalf("Put = %v", err)
	}
	return b
}

func reading(t testing.TB, d *db.DB, fn func(ctx context.Context, r db.Reader) error) error {
	t.Helper()
	return d.Read(t.Context(), func(r db.Reader) error { return fn(t.Context(), r) })
}

func TestPut_keepsTheBytesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		big := append([]byte("%PDF-1.7\n"), make([]byte, 2*partBytes+5)...)
		random := rand.New(rand.NewPCG(1, 2))
		for i := 9; i < len(big); i++ {
			big[i] = byte(random.Uint32())
		}
		photo := asJPEG(t, scene(4, 200, 100), 85)
		for _, content := range [][]byte{big, photo, big, photo} {
			f := prepared(t, content)
			b := put(t, d, f)
			err := reading(t, d, func(ctx context.Context, r db.Reader) error {
				got, back, err := Content(ctx, r, city, b.Digest)
				if err == nil && (!bytes.Equal(back, content) || got.Media != f.Media || got.Size != f.Size || got.HasThumbnail != f.HasThumbnail ||
					(got.Hash == nil) != (f.Hash == nil) || got.Hash != nil && *got.Hash != *f.Hash) {
					t.Errorf("Content = %+v with %d bytes, want %+v with %d", got, len(back), f.Blob, len(content))
				}
				return err
			})
			if err != nil {
				t.Errorf("Content = %v", err)
			}
		}
		err := reading(t, d, func(ctx context.Context, r db.Reader) error {
			var blobs, parts int
			err := r.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM blob), (SELECT COUNT(*) FROM blob_part)`).Scan(&blobs, &parts)
			if blobs != 2 || parts != 4 {
				t.Errorf("%d blobs in %d parts, want 2 in 4", blobs, parts)
			}
			small, terr := Thumbnail(ctx, r, city, prepared(t, photo).Digest)
			if terr != nil || sniff(small) != JPEG {
				t.Errorf("Thumbnail = %d bytes, %v, want a JPEG", len(small), terr)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestContent_refusesWhatIsNotThereOrNotWhatItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := put(t, d, prepared(t, []byte("%PDF-1.7\nx")))
		for _, x := range []struct{ city, digest, key string }{{city, strings.Repeat("0", 64), "blob.not_found"}, {"350600", b.Digest, "blob.not_found"}, {city, "a\x00", "text.invalid"}} {
			err := reading(t, d, func(ctx context.Context, r db.Reader) error {
				_, _, err := Content(ctx, r, x.city, x.digest)
				return err
			})
			if f, ok := fault.Of(err); !ok || f.Key != x.key {
				t.Errorf("Content(%q, %q) = %v, want %s", x.city, x.digest, err, x.key)
			}
		}
		err := reading(t, d, func(ctx context.Context, r db.Reader) error {
			_, err := Thumbnail(ctx, r, city, b.Digest)
			return err
		})
		if !errors.Is(err, fault.New(fault.NotFound, "blob.no_thumbnail")) {
			t.Errorf("Thumbnail of a PDF = %v, want blob.no_thumbnail", err)
		}
		if err := d.Write(t.Context(), func(w db.Writer) error {
			_, err := w.Exec(t.Context(), `UPDATE blob_part SET bytes = $1`, []byte("%PDF-1.7\ny"))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		err = reading(t, d, func(ctx context.Context, r db.Reader) error {
			_, _, err := Content(ctx, r, city, b.Digest)
			return err
		})
		if !errors.Is(err, fault.New(fault.Internal, "blob.changed")) {
			t.Errorf("Content of changed bytes = %v, want blob.changed", err)
		}
	})
}

func TestNear_findsTheSamePhotoInOtherBytes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		img := scene(11, 400, 300)
		first := prepared(t, asJPEG(t, img, 90))
		second := prepared(t, resaved(t, img, 0.6, 6, 55))
		other := prepared(t, asJPEG(t, scene(12, 400, 300), 90))
		for _, f := range []*File{first, second, other, prepared(t, []byte("%PDF-1.7\nx"))} {
			put(t, d, f)
		}
		err := reading(t, d, func(ctx context.Context, r db.Reader) error {
			found, err := Near(ctx, r, city, Same, *second.Hash, *other.Hash)
			if err != nil {
				return err
			}
			digests := map[string]bool{}
			for _, m := range found[0] {
				digests[m.Digest] = true
			}
			if len(found[0]) != 2 || !digests[first.Digest] || !digests[second.Digest] || len(found[1]) != 1 {
				t.Errorf("Near = %v, want the resaved one and its original, and the other alone", found)
			}
			hashes, err := Hashes(ctx, r, city, []string{first.Digest, strings.Repeat("0", 64)})
			if err == nil && (len(hashes) != 1 || hashes[first.Digest] != *first.Hash) {
				t.Errorf("Hashes = %v, want one", hashes)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzSniff(f *testing.F) {
	img := scene(2, 24, 16)
	f.Add(asJPEG(f, img, 70))
	f.Add(quanzhou(binary.BigEndian).Photo(f, img))
	f.Add(asPNG(f, img))
	f.Add(solidWebP(24, 16))
	f.Add(archive(f, "xl/workbook.xml"))
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Prepare(t.Context(), bytes.NewReader(b))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("Prepare = %v, want an Invalid fault", err)
			}
			return
		}
		if IsPicture(file.Media) != file.HasThumbnail || file.Hash != nil && !file.HasThumbnail {
			t.Errorf("%s has thumbnail %v and hash %v", file.Media, file.HasThumbnail, file.Hash)
		}
		if _, err := Strip(b, file.Media); err != nil {
			t.Errorf("Strip(%s) of a file that was taken = %v", file.Media, err)
		}
	})
}

func BenchmarkNear100000(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	random := rand.New(rand.NewPCG(3, 4))
	if err := d.Write(b.Context(), func(w db.Writer) error {
		insert, err := w.Prepare(b.Context(), `INSERT INTO blob (city, digest, size, media, thumbnail, hash, at) VALUES ($1, $2, 1, 'image/jpeg', $3, $4, 1)`)
		if err != nil {
			return err
		}
		thumbnail := make([]byte, 12_000)
		for i := range 100_000 {
			if err := insert.Queue(b.Context(), city, fmt.Sprintf("%064d", i), thumbnail, int64(random.Uint64())); err != nil {
				return err
			}
		}
		return insert.Close()
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := reading(b, d, func(ctx context.Context, r db.Reader) error {
			_, err := Near(ctx, r, city, Same, random.Uint64())
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
