// Package page is what every list shares: how large a page may be, what a cursor looks like, which texts a query may hold,
// and how conditions and lists of ids get into one SQL statement with its arguments.
//
// It knows no table and no noun, and it is no query builder: a store function writes its own SQL and adds conditions.
//
//	var w page.Where
//	w.And("e.city = %s", s.City)
//	w.And("e.id > %s", after)
//	rows, err := db.Collect(ctx, r, scan, `SELECT … FROM enterprise e`+w.SQL()+` ORDER BY e.id LIMIT 51`, w.Args()...)
package page

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// The sizes of a page.
const (
	Default = 50
	Max     = 500
)

// Chunk is how many ids one statement names at most; with the other arguments it stays below the 63 placeholders that
// platform/db allows.
const Chunk = 32

// Size gives the size of a page: Default for 0. Error kind Invalid, key "limit.invalid", outside 1…Max.
func Size(limit int) (int, error) {
	if limit == 0 {
		return Default, nil
	}
	if limit < 1 || limit > Max {
		return 0, fault.New(fault.Invalid, "limit.invalid", "limit", limit, "max", Max)
	}
	return limit, nil
}

// Cursor makes the opaque text of a place in a list out of the last row's ordering values.
func Cursor(parts ...string) string {
	b, err := json.Marshal(parts)
	if err != nil {
		panic(err) // texts always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Place reads a cursor of n parts; an empty cursor is n empty texts, the place before the first row. Error kind Invalid, key
// "cursor.invalid".
func Place(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return make([]string, n), nil
	}
	var parts []string
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &parts)
	}
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "cursor.invalid")
	}
	if len(parts) != n || Clean(parts...) != nil {
		return nil, fault.New(fault.Invalid, "cursor.invalid")
	}
	return parts, nil
}

// Clean refuses texts that no column can hold: not UTF-8, or with a zero byte. Error kind Invalid, key "text.invalid".
func Clean(texts ...string) error {
	for _, t := range texts {
		if !utf8.ValidString(t) || strings.IndexByte(t, 0) >= 0 {
			return fault.New(fault.Invalid, "text.invalid")
		}
	}
	return nil
}

// Lower is SQL's LOWER as both engines compute it for us, which changes ASCII letters only.
func Lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// Where collects the conditions of one statement with their arguments. The zero Where has none.
type Where struct {
	conditions []string
	args       []any
}

// And adds a condition; each %s in it stands for the next argument and becomes $1, $2 … of the whole statement.
func (w *Where) And(condition string, args ...any) {
	parts := strings.Split(condition, "%s")
	var b strings.Builder
	b.WriteString(parts[0])
	for i, arg := range args {
		b.WriteString(w.Arg(arg) + parts[i+1])
	}
	w.conditions = append(w.conditions, b.String())
}

// Arg adds an argument that stands outside of the conditions and gives its placeholder: LIMIT, for example.
func (w *Where) Arg(arg any) string {
	w.args = append(w.args, arg)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL is " WHERE …", with all conditions required; empty without one.
func (w *Where) SQL() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE (" + strings.Join(w.conditions, ") AND (") + ")"
}

// Args are the arguments in the order of their placeholders.
func (w *Where) Args() []any { return w.args }

// AndIn adds "column IN (…)". The list is padded to a power of two by repeating its last id, so that lists of any length
// share a few statement texts. ids has 1…Chunk elements.
func AndIn[T ~string](w *Where, column string, ids []T) {
	size := 1
	for size < len(ids) {
		size *= 2
	}
	args := make([]any, size)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	w.And(column+" IN (%s"+strings.Repeat(", %s", size-1)+")", args...)
}
