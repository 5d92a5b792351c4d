package evidence

import (
	"cmp"
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Pair are two pieces of evidence that show one photo, or hold one file, and stand for different things.
type Pair struct {
	A, B     Evidence
	Exact    bool // the same bytes
	Distance int  // bits of the perceptual hashes that differ; 0 for the same bytes
}

const (
	maxTwice = 50      // other uses of one piece that are told
	maxPairs = 1000    // pairs of a city that are told at once
	maxUses  = 500_000 // pieces with a file that are looked at
)

// use is what decides whether two pieces are a pair.
type use struct {
	id     ID
	ref    subject.Ref
	stage  string
	grade  Grade
	digest string
}

func (e Evidence) use() use { return use{e.ID, e.Ref, e.Stage, e.Grade, e.Digest} }

// asks says whether two uses of one file or photo are a question: of a photo for another subject or stage, of any file for another
// subject when the bytes are the same.
func (u use) asks(other use, exact bool) bool {
	elsewhere, photo := u.ref != other.ref, u.grade == Photo || other.grade == Photo
	return photo && (elsewhere || u.stage != other.stage) || exact && elsewhere
}

// Twice gives the other uses of one piece's photo or file that the scope covers, nearest first, the piece itself as A. What was
// withdrawn is no use. Error kind NotFound, key "evidence.not_found".
func Twice(ctx context.Context, r db.Reader, s auth.Scope, id ID) ([]Pair, error) {
	e, err := Get(ctx, r, s, id)
	if err != nil {
		return nil, fault.Wrap("evidence.Twice", err)
	}
	all, err := TwiceOf(ctx, r, s, []Evidence{e})
	return all[id], fault.Wrap("evidence.Twice", err)
}

// TwiceOf is Twice of many pieces, by id.
func TwiceOf(ctx context.Context, r db.Reader, s auth.Scope, list []Evidence) (map[ID][]Pair, error) {
	const op = "evidence.TwiceOf"
	like, digests, err := alike(ctx, r, s.City, list)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	others, err := holding(ctx, r, s, "v.digest", digests)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := map[ID][]Pair{}
	for _, e := range list {
		if !e.Live() || e.Digest == "" {
			continue
		}
		var pairs []Pair
		for _, other := range others {
			distance, ok := like[e.Digest][other.Digest]
			if exact := other.Digest == e.Digest; ok && other.Live() && other.ID != e.ID && e.use().asks(other.use(), exact) {
				pairs = append(pairs, Pair{e, other, exact, distance})
			}
		}
		slices.SortFunc(pairs, func(a, b Pair) int {
			return cmp.Or(exactFirst(a, b), a.Distance-b.Distance, cmp.Compare(a.B.ID, b.B.ID))
		})
		if len(pairs) > 0 {
			out[e.ID] = pairs[:min(len(pairs), maxTwice)]
		}
	}
	return out, nil
}

func exactFirst(a, b Pair) int {
	switch {
	case a.Exact == b.Exact:
		return 0
	case a.Exact:
		return -1
	}
	return 1
}

// alike gives, for the digest of each piece that counts, the digests that show the same with their distances, itself included, and
// the list of all of them.
func alike(ctx context.Context, r db.Reader, city string, list []Evidence) (map[string]map[string]int, []string, error) {
	like := map[string]map[string]int{}
	var pictures []string
	for _, e := range list {
		if e.Live() && e.Digest != "" && like[e.Digest] == nil {
			like[e.Digest] = map[string]int{e.Digest: 0}
			if blob.IsPicture(e.Media) {
				pictures = append(pictures, e.Digest)
			}
		}
	}
	hashes, err := blob.Hashes(ctx, r, city, pictures)
	if err != nil {
		return nil, nil, err
	}
	pictures = slices.DeleteFunc(pictures, func(d string) bool { _, ok := hashes[d]; return !ok })
	asked := make([]uint64, len(pictures))
	for i, d := range pictures {
		asked[i] = hashes[d]
	}
	near, err := blob.Near(ctx, r, city, blob.Same, asked...)
	if err != nil {
		return nil, nil, err
	}
	for i, d := range pictures {
		for _, m := range near[i] {
			like[d][m.Digest] = m.Distance
		}
	}
	var all []string
	for _, found := range like {
		for d := range found {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return like, slices.Compact(all), nil
}

// holding reads the evidence in scope whose column is one of the values, by id within each part of the values.
func holding(ctx context.Context, r db.Reader, s auth.Scope, column string, values []string) (out []Evidence, err error) {
	for part := range slices.Chunk(values, page.Chunk) {
		var w page.Where
		if !visible(&w, s) {
			return nil, nil
		}
		page.AndIn(&w, column, part)
		list, err := db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY v.id LIMIT `+w.Arg(maxPairs*2), w.Args()...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// TwiceIn gives the photos and files in scope that stand for more than one thing: each later use (B) with the use before it that
// it repeats (A), the same bytes before a likeness and the earliest before others. The latest come first; more says how many are
// not told beyond a bound of 1,000. Both rows lie within the scope: a county does not learn of another's.
func TwiceIn(ctx context.Context, r db.Reader, s auth.Scope) (pairs []Pair, more int, err error) {
	const op = "evidence.TwiceIn"
	uses, err := usesIn(ctx, r, s)
	if err != nil {
		return nil, 0, fault.Wrap(op, err)
	}
	wanted := map[string]bool{}
	for _, u := range uses {
		wanted[u.digest] = true
	}
	hashes := map[string]uint64{}
	err = blob.EachHash(ctx, r, s.City, func(digest string, hash uint64) error {
		if wanted[digest] {
			hashes[digest] = hash
		}
		return nil
	})
	if err != nil {
		return nil, 0, fault.Wrap(op, err)
	}
	repeats := repeated(uses, hashes)
	slices.Reverse(repeats)
	if len(repeats) > maxPairs {
		repeats, more = repeats[:maxPairs], len(repeats)-maxPairs
	}
	pairs, err = told(ctx, r, s, repeats)
	return pairs, more, fault.Wrap(op, err)
}

// usesIn reads all files that count within a scope, in the order in which they came.
func usesIn(ctx context.Context, r db.Reader, s auth.Scope) ([]use, error) {
	var w page.Where
	if !visible(&w, s) {
		return nil, nil
	}
	w.And("v.digest IS NOT NULL AND v.withdrawn_at IS NULL")
	return db.Collect(ctx, r, func(row db.Scanner) (u use, err error) {
		return u, row.Scan(&u.id, &u.ref.Kind, &u.ref.ID, &u.stage, &u.grade, &u.digest)
	}, `SELECT v.id, v.subject_kind, v.subject, v.stage, v.grade, v.digest`+tables+w.SQL()+` ORDER BY v.recorded_at, v.id LIMIT `+w.Arg(maxUses), w.Args()...)
}

// repeat is a pair before its rows are read.
type repeat struct {
	a, b     ID
	exact    bool
	distance int
}

// bands is into how many parts a hash is cut: of two hashes with at most bands-1 different bits one part is equal, so only
// hashes with an equal part need be compared.
const bands = 8

// If Same grows beyond this, the line does not compile: then more and narrower parts are needed.
var _ [bands - 1 - blob.Same]struct{}

// repeated finds for each use the one before it that it repeats. uses are in their order of coming.
func repeated(uses []use, hashes map[string]uint64) (out []repeat) {
	before := map[string][]int{}    // digest → uses
	parts := map[[2]byte][]string{} // part and its value → digests
	first := func(u use, digest string, exact bool) (int, bool) {
		for _, i := range before[digest] {
			if u.asks(uses[i], exact) {
				return i, true
			}
		}
		return 0, false
	}
	for i, u := range uses {
		hash, pictured := hashes[u.digest]
		best, found := repeat{b: u.id}, false
		if at, ok := first(u, u.digest, true); ok {
			best.a, best.exact, found = uses[at].id, true, true
		} else if pictured {
			nearest, place := blob.Same+1, 0
			for _, digest := range sharing(parts, hash) {
				d := blob.Distance(hash, hashes[digest])
				if digest == u.digest || d > blob.Same {
					continue
				}
				if at, ok := first(u, digest, false); ok && (d < nearest || d == nearest && at < place) {
					nearest, place, found = d, at, true
					best.a, best.distance = uses[at].id, d
				}
			}
		}
		if found {
			out = append(out, best)
		}
		if before[u.digest] == nil && pictured {
			for band := range byte(bands) {
				key := [2]byte{band, byte(hash >> (8 * band))}
				parts[key] = append(parts[key], u.digest)
			}
		}
		before[u.digest] = append(before[u.digest], i)
	}
	return out
}

// sharing gives the digests whose hash has a part in common with hash; one may come several times.
func sharing(parts map[[2]byte][]string, hash uint64) (out []string) {
	for band := range byte(bands) {
		out = append(out, parts[[2]byte{band, byte(hash >> (8 * band))}]...)
	}
	return out
}

// told reads the rows of pairs.
func told(ctx context.Context, r db.Reader, s auth.Scope, repeats []repeat) ([]Pair, error) {
	var ids []ID
	for _, p := range repeats {
		ids = append(ids, p.a, p.b)
	}
	slices.Sort(ids)
	rows, err := holding(ctx, r, s, "v.id", slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := map[ID]Evidence{}
	for _, e := range rows {
		byID[e.ID] = e
	}
	pairs := make([]Pair, len(repeats))
	for i, p := range repeats {
		pairs[i] = Pair{byID[p.a], byID[p.b], p.exact, p.distance}
	}
	return pairs, nil
}
