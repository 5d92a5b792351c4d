package park

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// The sizes of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Query narrows a list of parks.
type Query struct {
	Below  string // path of an org: only the parks at and below it; empty = all that the scope covers
	Text   string // occurs in the name or an alias, whatever its width and case
	Pilot  *bool
	Parent ID     // only the parks directly inside this one
	Sort   string // "" by place (org's path, then name); a field's key, or "-" and the key for largest first; not stated = last
	After  string // next of the page before
	Limit  int    // 1…MaxLimit, 0 = DefaultLimit
}

// List gives one page of parks with the figures that the city uses, and the cursor of the page after it, "" at the end. A
// scope without a place sees nothing. A page costs a few statements, each for 32 parks or more; sorting by a field reads all
// matching parks, of which a city has hundreds. Errors: Invalid "cursor.invalid", "limit.invalid", "park.unknown_field" for the sort.
func List(ctx context.Context, r db.Reader, s auth.Scope, q Query) (rows []Row, next string, err error) {
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	after, err := readCursor(q.After)
	if err == nil && (q.Limit < 1 || q.Limit > MaxLimit) {
		err = fault.New(fault.Invalid, "limit.invalid", "limit", q.Limit, "max", MaxLimit)
	}
	key := strings.TrimPrefix(q.Sort, "-")
	if err == nil && key != "" {
		_, err = FieldOf(key)
	}
	if err != nil {
		return nil, "", fault.Wrap("park.List", err)
	}
	if key == "" {
		rows, next, err = byPlace(ctx, r, s, q, after)
	} else {
		rows, next, err = byFigure(ctx, r, s, q, after)
	}
	return rows, next, fault.Wrap("park.List", err)
}

func byPlace(ctx context.Context, r db.Reader, s auth.Scope, q Query, after cursor) ([]Row, string, error) {
	rows := []Row{}
	more := false
	err := walk(ctx, r, s, q, after, func(v Row) bool {
		more = len(rows) == q.Limit
		if !more {
			rows = append(rows, v)
		}
		return !more
	})
	if err == nil {
		err = fillUsed(ctx, r, s.City, rows)
	}
	if err != nil || !more {
		return rows, "", err
	}
	last := rows[len(rows)-1]
	return rows, cursor{Path: last.OrgPath, Name: last.Name}.text(), nil
}

func byFigure(ctx context.Context, r db.Reader, s auth.Scope, q Query, after cursor) ([]Row, string, error) {
	key := strings.TrimPrefix(q.Sort, "-")
	rows := []Row{}
	err := walk(ctx, r, s, q, cursor{}, func(v Row) bool { rows = append(rows, v); return true })
	if err == nil {
		err = fillUsed(ctx, r, s.City, rows)
	}
	if err != nil {
		return nil, "", err
	}
	place := func(v Row) cursor {
		c := cursor{Path: v.OrgPath, Name: v.Name}
		if u, ok := v.Used[key]; ok {
			c.Value = &u.Value
		}
		return c
	}
	order := func(a, b cursor) int { return a.compare(b, q.Sort != key) }
	slices.SortFunc(rows, func(a, b Row) int { return order(place(a), place(b)) })
	if q.After != "" {
		rows = slices.DeleteFunc(rows, func(v Row) bool { return order(place(v), after) <= 0 })
	}
	if len(rows) <= q.Limit {
		return rows, "", nil
	}
	return rows[:q.Limit], place(rows[q.Limit-1]).text(), nil
}

// walk calls fn with each park that the scope and the query cover, with its aliases and without its figures, by place and
// after a cursor, until fn says no. It reads a chunk at a time and fn runs between statements.
func walk(ctx context.Context, r db.Reader, s auth.Scope, q Query, after cursor, fn func(Row) bool) error {
	from, to := org.Reach(s, q.Below).Range()
	pilot := int64(-1)
	if p := flagOrNull(q.Pilot); p != nil {
		pilot = *p
	}
	for {
		rows, err := db.Collect(ctx, r, scanRow, `SELECT `+rowColumns+rowTables+`
			WHERE p.city = $1 AND o.path >= $2 AND o.path < $3
			AND (CAST($4 AS BIGINT) = -1 OR p.pilot = $4) AND (CAST($5 AS TEXT) = '' OR p.parent = $5)
			AND (o.path, p.name) > ($6, $7) ORDER BY o.path, p.name LIMIT $8`,
			s.City, from, to, pilot, q.Parent, after.Path, after.Name, chunk)
		if err != nil {
			return err
		}
		aliases, err := aliasesOf(ctx, r, s.City, idsOf(rows))
		if err != nil {
			return err
		}
		for _, v := range rows {
			v.Aliases = aliases[v.ID]
			if v.matches(q.Text) && !fn(v) {
				return nil
			}
			after.Path, after.Name = v.OrgPath, v.Name
		}
		if len(rows) < chunk {
			return nil
		}
	}
}

func idsOf(rows []Row) []ID {
	ids := make([]ID, len(rows))
	for i, v := range rows {
		ids[i] = v.ID
	}
	return ids
}

// fillUsed reads the standing figures of the rows and sets Used.
func fillUsed(ctx context.Context, r db.Reader, city string, rows []Row) error {
	stated, err := histories(ctx, r, city, idsOf(rows), onlyStanding)
	for i := range rows {
		rows[i].Used = use(stated[rows[i].ID])
	}
	return err
}

// cursor is the place of a row in a list.
type cursor struct {
	Path  string `json:"p"`
	Name  string `json:"n"`
	Value *int64 `json:"v,omitempty"` // of the field that the list is sorted by; nil = not stated
}

func (c cursor) text() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // two texts and a number always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(text string) (c cursor, err error) {
	if text == "" {
		return cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err == nil && strings.ContainsRune(c.Path+c.Name, 0) { // JSON gives valid UTF-8, but it can hold a zero byte
		err = fault.New(fault.Invalid, "cursor.invalid")
	}
	if err != nil {
		return cursor{}, fault.Because(err, fault.Invalid, "cursor.invalid")
	}
	return c, nil
}

// compare orders by value, then by place; what has no value comes last in either direction.
func (c cursor) compare(d cursor, descending bool) int {
	byValue := 0
	switch {
	case c.Value != nil && d.Value != nil:
		if byValue = cmp.Compare(*c.Value, *d.Value); descending {
			byValue = -byValue
		}
	case c.Value != nil:
		byValue = -1
	case d.Value != nil:
		byValue = 1
	}
	return cmp.Or(byValue, cmp.Compare(c.Path, d.Path), cmp.Compare(c.Name, d.Name))
}
