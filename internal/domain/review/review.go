package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Noun is the name of this noun in audit lines.
const Noun = "review"

// Review is the head of a review: whose, of which quarter, frozen when.
type Review struct {
	City      string
	ID        string
	Org       org.ID
	OrgPath   string
	OrgName   string
	OrgNameEN string
	Quarter   string // "2025-Q2"
	Title     string
	Sequence  int64  // the change of the ledger up to which it was read
	Digest    string // of both texts, see Digest
	Actor     string
	At        int64 // µs since 1970
}

// Texts are what was frozen, each one line of JSON. They never change.
type Texts struct {
	Main    string // a Body
	Targets string // Targets: kept apart, because who enters figures does not see what plans want
}

// Digests are the SHA-256 of the texts in hex.
func (t Texts) Digests() (main, targets string) { return sum(t.Main), sum(t.Targets) }

// Digest is the digest of a review: that of the lines "main DIGEST" and "targets DIGEST", so that who sees only one of the
// texts can still check it.
func (t Texts) Digest() string {
	main, targets := t.Digests()
	return sum("main " + main + "\ntargets " + targets + "\n")
}

func sum(text string) string {
	d := sha256.Sum256([]byte(text))
	return hex.EncodeToString(d[:])
}

// The stored body is both texts, one on each line.
func (t Texts) stored() string { return t.Main + "\n" + t.Targets }

func textsOf(stored string) (Texts, bool) {
	main, targets, ok := strings.Cut(stored, "\n")
	return Texts{main, targets}, ok
}

const columns = `v.city, v.id, v.org, o.path, o.name_zh, COALESCE(o.name_en, ''), v.quarter, v.title, v.sequence, v.digest, v.actor, v.at`

const tables = ` FROM review v JOIN org o ON o.city = v.city AND o.id = v.org`

func (v *Review) dest() []any {
	return []any{&v.City, &v.ID, &v.Org, &v.OrgPath, &v.OrgName, &v.OrgNameEN, &v.Quarter, &v.Title, &v.Sequence, &v.Digest, &v.Actor, &v.At}
}

// visible adds the conditions under which a scope sees a review: it covers the whole office that is reviewed.
func visible(w *page.Where, s auth.Scope) bool {
	if s.Enterprise != "" || !s.Within(s.Path) {
		return false
	}
	from, to := s.Range()
	w.And("v.city = %s", s.City)
	w.And("o.path >= %s AND o.path < %s", from, to)
	return true
}

// Get gives the head of a review. Error kind NotFound, key "review.not_found", also for one that the scope does not see.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id string) (v Review, err error) {
	var w page.Where
	if page.Clean(id) != nil || !visible(&w, s) {
		return Review{}, fault.Wrap("review.Get", notFound(id))
	}
	w.And("v.id = %s", id)
	err = r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...).Scan(v.dest()...)
	return v, fault.Wrap("review.Get", missing(err, id))
}

// Open gives a review with its texts, exactly as they were frozen. Errors as Get; Internal "review.damaged" where the texts
// do not have the digest.
func Open(ctx context.Context, r db.Reader, s auth.Scope, id string) (v Review, t Texts, err error) {
	if v, err = Get(ctx, r, s, id); err != nil {
		return v, t, fault.Wrap("review.Open", err)
	}
	t, err = texts(ctx, r, v)
	return v, t, fault.Wrap("review.Open", err)
}

func texts(ctx context.Context, r db.Reader, v Review) (Texts, error) {
	var body string
	if err := r.QueryRow(ctx, `SELECT body FROM review WHERE city = $1 AND id = $2`, v.City, v.ID).Scan(&body); err != nil {
		return Texts{}, err
	}
	t, ok := textsOf(body)
	if !ok || t.Digest() != v.Digest {
		return Texts{}, fault.New(fault.Internal, "review.damaged", "id", v.ID)
	}
	return t, nil
}

func notFound(id string) error { return fault.New(fault.NotFound, "review.not_found", "id", id) }

func missing(err error, id string) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return notFound(id)
	}
	return err
}

// Query narrows a list of reviews.
type Query struct {
	Org     org.ID // whose; empty: all that the scope sees
	Quarter string
	After   string
	Limit   int
}

// List gives one page of reviews, the latest quarter first and the latest review first within it, and the cursor of the page
// after it, "" at the end. Errors: Invalid "cursor.invalid", "limit.invalid", "text.invalid".
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Review, next string, err error) {
	rows, next, err = list(ctx, r, s, q)
	return rows, next, fault.Wrap("review.List", err)
}

func list(ctx context.Context, r db.Reader, s auth.Scope, q Query) ([]Review, string, error) {
	limit, err := page.Size(q.Limit)
	if err != nil {
		return nil, "", err
	}
	if err := page.Clean(string(q.Org), q.Quarter); err != nil {
		return nil, "", err
	}
	place, err := page.Place(q.After, 2)
	if err != nil {
		return nil, "", err
	}
	var w page.Where
	if !visible(&w, s) {
		return nil, "", nil
	}
	if q.Org != "" {
		w.And("v.org = %s", q.Org)
	}
	if q.Quarter != "" {
		w.And("v.quarter = %s", q.Quarter)
	}
	if q.After != "" {
		w.And("(v.quarter, v.id) < (%s, %s)", place[0], place[1])
	}
	rows, err := db.Collect(ctx, r, func(s db.Scanner) (v Review, err error) { err = s.Scan(v.dest()...); return v, err },
		`SELECT `+columns+tables+w.SQL()+` ORDER BY v.quarter DESC, v.id DESC LIMIT `+w.Arg(limit+1), w.Args()...)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	rows = rows[:limit]
	end := rows[limit-1]
	return rows, page.Cursor(end.Quarter, end.ID), nil
}

// last gives the review of an office before now; ok is false for the first.
func last(ctx context.Context, r db.Reader, city string, id org.ID) (v Review, ok bool, err error) {
	rows, err := db.Collect(ctx, r, func(s db.Scanner) (v Review, err error) { err = s.Scan(v.dest()...); return v, err },
		`SELECT `+columns+tables+` WHERE v.city = $1 AND v.org = $2 ORDER BY v.at DESC, v.id DESC LIMIT 1`, city, id)
	if err != nil || len(rows) == 0 {
		return v, false, err
	}
	return rows[0], true, nil
}
