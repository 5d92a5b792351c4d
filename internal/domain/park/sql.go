package park

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// chunk is how many parks are held in memory at once; maxNamed how many one statement names: platform/db allows 63
// placeholders.
const (
	chunk    = 512
	maxNamed = 32
)

// eachOf runs a query for some parks, maxNamed at a time, and calls scan for each row. $1 is the city; the query's "IN ids"
// becomes the list. Rows come in the query's order within each part of ids, so it must order by park first for callers
// that need the parks together.
func eachOf(ctx context.Context, r db.Reader, city string, ids []ID, scan func(db.Scanner) error, query string) error {
	for part := range slices.Chunk(ids, maxNamed) {
		list, args := inList(2, part)
		text := strings.Replace(query, "IN ids", "IN "+list, 1)
		if err := db.Each(ctx, r, scan, text, append([]any{city}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// inList writes "($from, …)" for ids and gives them as arguments. The list is padded to a power of two by repeating its
// last id, so that lists of any length share few statement texts. ids is not empty.
func inList(from int, ids []ID) (text string, args []any) {
	size := 1
	for size < len(ids) {
		size *= 2
	}
	var b strings.Builder
	for i := range size {
		b.WriteString(map[bool]string{true: "($", false: ", $"}[i == 0])
		b.WriteString(strconv.Itoa(from + i))
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return b.String() + ")", args
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func numberOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func dateOrNull(d period.Date) *int64 { return numberOrNull(int64(d)) }

func flagOrNull(b *bool) *int64 {
	if b == nil {
		return nil
	}
	var n int64
	if *b {
		n = 1
	}
	return &n
}

// existsAs gives a broken unique key the noun's own words.
func existsAs(err error, key string, kv ...any) error {
	if fault.KindOf(err) == fault.Exists {
		return fault.Because(err, fault.Exists, key, kv...)
	}
	return err
}
