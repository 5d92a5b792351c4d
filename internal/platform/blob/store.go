package blob

import (
	"context"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// partBytes is how a file is cut up in the database.
const partBytes = 1 << 20

// Put stores a file for a city, once however often it comes. at is when it came first.
func Put(ctx context.Context, w db.Writer, city string, f *File, at time.Time) (Blob, error) {
	const op = "blob.Put"
	var hash *int64
	if f.Hash != nil {
		h := int64(*f.Hash)
		hash = &h
	}
	n, err := w.Exec(ctx, `INSERT INTO blob (city, digest, size, media, thumbnail, hash, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (city, digest) DO NOTHING`, city, f.Digest, f.Size, f.Media, f.thumbnail, hash, at.UnixMicro())
	if err != nil || n == 0 {
		return f.Blob, fault.Wrap(op, err)
	}
	insert, err := w.Prepare(ctx, `INSERT INTO blob_part (city, digest, part, bytes) VALUES ($1, $2, $3, $4)`)
	if err != nil {
		return Blob{}, fault.Wrap(op, err)
	}
	no := 0
	for part := range slices.Chunk(f.content, partBytes) {
		if err := insert.Queue(ctx, city, f.Digest, no, part); err != nil {
			return Blob{}, fault.Wrap(op, err)
		}
		no++
	}
	return f.Blob, fault.Wrap(op, insert.Close())
}

// Get gives what is known of a stored file. Error kind NotFound, key "blob.not_found".
func Get(ctx context.Context, r db.Reader, city, digest string) (Blob, error) {
	b := Blob{Digest: digest}
	var thumbnail int64
	var hash *int64
	err := page.Clean(digest)
	if err == nil {
		err = r.QueryRow(ctx, `SELECT size, media, hash, CASE WHEN thumbnail IS NULL THEN 0 ELSE 1 END FROM blob WHERE city = $1 AND digest = $2`, city, digest).
			Scan(&b.Size, &b.Media, &hash, &thumbnail)
	}
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = fault.New(fault.NotFound, "blob.not_found")
	}
	if err != nil {
		return Blob{}, fault.Wrap("blob.Get", err)
	}
	b.HasThumbnail = thumbnail == 1
	if hash != nil {
		h := uint64(*hash)
		b.Hash = &h
	}
	return b, nil
}

// Content gives a stored file with its bytes as they came, at most MaxSize. Errors: NotFound "blob.not_found"; Internal
// "blob.changed" when the bytes are no longer those of the digest.
func Content(ctx context.Context, r db.Reader, city, digest string) (Blob, []byte, error) {
	const op = "blob.Content"
	b, err := Get(ctx, r, city, digest)
	if err != nil {
		return Blob{}, nil, fault.Wrap(op, err)
	}
	content := make([]byte, 0, min(b.Size, MaxSize))
	err = db.Each(ctx, r, func(row db.Scanner) error {
		var part []byte
		err := row.Scan(&part)
		content = append(content, part...)
		return err
	}, `SELECT bytes FROM blob_part WHERE city = $1 AND digest = $2 ORDER BY part LIMIT $3`, city, digest, MaxSize/partBytes+1)
	if err == nil && digestOf(content) != digest {
		err = fault.New(fault.Internal, "blob.changed", "digest", digest)
	}
	if err != nil {
		return Blob{}, nil, fault.Wrap(op, err)
	}
	return b, content, nil
}

// Thumbnail gives the small picture of a stored one, as JPEG, without EXIF. Error kind NotFound, key "blob.no_thumbnail".
func Thumbnail(ctx context.Context, r db.Reader, city, digest string) ([]byte, error) {
	var out []byte
	err := page.Clean(digest)
	if err == nil {
		err = r.QueryRow(ctx, `SELECT thumbnail FROM blob WHERE city = $1 AND digest = $2 AND thumbnail IS NOT NULL`, city, digest).Scan(&out)
	}
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = fault.New(fault.NotFound, "blob.no_thumbnail")
	}
	return out, fault.Wrap("blob.Thumbnail", err)
}

// Match is a stored picture that looks like another.
type Match struct {
	Digest   string
	Distance int
}

// Near gives, for each of the hashes, the city's pictures within a distance of it, nearest first and then by digest. It looks
// at every hash of the city once.
func Near(ctx context.Context, r db.Reader, city string, distance int, hashes ...uint64) ([][]Match, error) {
	out := make([][]Match, len(hashes))
	if len(hashes) == 0 {
		return out, nil
	}
	err := EachHash(ctx, r, city, func(digest string, hash uint64) error {
		for i, h := range hashes {
			if d := Distance(h, hash); d <= distance {
				out[i] = append(out[i], Match{digest, d})
			}
		}
		return nil
	})
	for _, found := range out {
		slices.SortStableFunc(found, func(a, b Match) int { return a.Distance - b.Distance })
	}
	return out, fault.Wrap("blob.Near", err)
}

// EachHash calls fn with the hash of each picture of a city, by digest. fn must not use the Reader.
func EachHash(ctx context.Context, r db.Reader, city string, fn func(digest string, hash uint64) error) error {
	return fault.Wrap("blob.EachHash", db.Each(ctx, r, func(row db.Scanner) error {
		var digest string
		var hash int64
		if err := row.Scan(&digest, &hash); err != nil {
			return err
		}
		return fn(digest, uint64(hash))
	}, `SELECT digest, hash FROM blob WHERE city = $1 AND hash IS NOT NULL ORDER BY digest`, city))
}

// Hashes gives the hashes of files, by digest; those without one are left out.
func Hashes(ctx context.Context, r db.Reader, city string, digests []string) (map[string]uint64, error) {
	out := map[string]uint64{}
	for part := range slices.Chunk(digests, page.Chunk) {
		var w page.Where
		w.And("city = %s", city)
		page.AndIn(&w, "digest", part)
		w.And("hash IS NOT NULL")
		err := db.Each(ctx, r, func(row db.Scanner) error {
			var digest string
			var hash int64
			err := row.Scan(&digest, &hash)
			out[digest] = uint64(hash)
			return err
		}, `SELECT digest, hash FROM blob`+w.SQL()+` ORDER BY digest`, w.Args()...)
		if err != nil {
			return nil, fault.Wrap("blob.Hashes", err)
		}
	}
	return out, nil
}
