package park

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Imported is an import that was made.
type Imported struct {
	ID        string
	File      string
	Digest    string
	Actor     string
	At        time.Time // UTC
	Rows      int64
	New       int64
	Changed   int64
	Unchanged int64
}

// Batches lists the imports that brought at least one park which the scope covers, latest first, and the cursor of the next
// page, "" at the end. limit is 1…MaxLimit, 0 means DefaultLimit. Errors: Invalid "cursor.invalid", "limit.invalid".
func Batches(ctx context.Context, r db.Reader, s auth.Scope, after string, limit int) ([]Imported, string, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	at, id, err := readBatchCursor(after)
	if err == nil && (limit < 1 || limit > MaxLimit) {
		err = fault.New(fault.Invalid, "limit.invalid", "limit", limit, "max", MaxLimit)
	}
	if err != nil {
		return nil, "", fault.Wrap("park.Batches", err)
	}
	from, to := org.Reach(s, "").Range()
	items, err := db.Collect(ctx, r, scanImported, `SELECT b.id, b.file, b.digest, b.actor, b.at, b.rows_read, b.rows_new, b.rows_changed, b.rows_same
		FROM import_batch b WHERE b.city = $1 AND b.kind = 'parks' AND (b.at, b.id) < ($2, $3)
		AND EXISTS (SELECT 1 FROM import_row x JOIN park p ON p.city = x.city AND p.id = x.entity
			JOIN org o ON o.city = p.city AND o.id = p.org
			WHERE x.city = b.city AND x.batch = b.id AND x.kind = 'park' AND o.path >= $4 AND o.path < $5)
		ORDER BY b.at DESC, b.id DESC LIMIT $6`, s.City, at, id, from, to, limit+1)
	if err != nil || len(items) <= limit {
		return items, "", fault.Wrap("park.Batches", err)
	}
	last := items[limit-1]
	return items[:limit], BatchCursor(last.At, last.ID), nil
}

// BatchCursor is the cursor of the page behind a batch. Whoever lays other imports together with these makes it of the last one
// shown.
func BatchCursor(at time.Time, id string) string {
	text := strconv.FormatInt(at.UnixMicro(), 10) + " " + id
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// BatchPlace reads a cursor; a zero time is the place before the first. Error kind Invalid, key "cursor.invalid".
func BatchPlace(cursor string) (at time.Time, id string, err error) {
	micros, id, err := readBatchCursor(cursor)
	if err != nil || cursor == "" {
		return time.Time{}, "", err
	}
	return time.UnixMicro(micros).UTC(), id, nil
}

func scanImported(row db.Scanner) (b Imported, err error) {
	var at int64
	err = row.Scan(&b.ID, &b.File, &b.Digest, &b.Actor, &at, &b.Rows, &b.New, &b.Changed, &b.Unchanged)
	b.At = time.UnixMicro(at).UTC()
	return b, err
}

func readBatchCursor(text string) (at int64, id string, err error) {
	if text == "" {
		return 1<<63 - 1, "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	first, id, ok := strings.Cut(string(b), " ")
	if err == nil {
		at, err = strconv.ParseInt(first, 10, 64)
	}
	if err != nil || !ok || strings.ContainsRune(id, 0) || strings.ToValidUTF8(id, "") != id {
		return 0, "", fault.New(fault.Invalid, "cursor.invalid")
	}
	return at, id, nil
}
