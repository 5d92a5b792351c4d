package park

import (
	"context"
	"fmt"
	mrand "math/rand/v2"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var (
	ctx      = context.Background()
	whole    = auth.Whole("350500")
	jinjiang = auth.Scope{City: "350500", Path: "350500.350582."}
	nanan    = auth.Scope{City: "350500", Path: "350500.350583."}
	office   = auth.User{City: "350500", Username: "office", Role: auth.CityOffice}
	county   = auth.User{City: "350500", Username: "jj", Role: auth.CountyOffice, Org: "350582", OrgPath: "350500.350582."}
)

// orgNames are Quanzhou's reporting units as the real list writes them, with two that have no division code.
var orgNames = []struct{ id, name string }{
	{"350502", "鲤城区"}, {"350503", "丰泽区"}, {"350504", "洛江区"}, {"350505", "泉港区"}, {"350582", "晋江市"}, {"350581", "石狮市"},
	{"350583", "南安市"}, {"350521", "惠安县"}, {"350524", "安溪县"}, {"350525", "永春县"}, {"350526", "德化县"},
	{"qzetdz", "泉州经济技术开发区"}, {"qztiz", "泉州台商投资区"},
}

// clock gives acts whose instants and ids rise.
type clock struct {
	now   time.Time
	maker *id.Maker
}

func newClock() *clock {
	c := &clock{now: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)}
	c.maker = id.NewMaker(func() time.Time { return c.now }, mrand.NewChaCha8([32]byte{1}))
	return c
}

func (c *clock) act(s auth.Scope) org.Act {
	c.now = c.now.Add(time.Second)
	return org.Act{Scope: s, Actor: "office", At: c.now, NewID: c.maker.New}
}

func (c *clock) batch() Batch {
	a := c.act(whole)
	return Batch{ID: a.NewID(), Actor: a.Actor, At: a.At, NewID: a.NewID}
}

// city writes the reporting tree into an empty database.
func city(t testing.TB, d *db.DB) *clock {
	t.Helper()
	c := newClock()
	orgs := []org.Org{{ID: "350500", Kind: org.City, NameZH: "泉州市", NameEN: "Quanzhou"}}
	for i, o := range orgNames {
		orgs = append(orgs, org.Org{ID: org.ID(o.id), Parent: "350500", Kind: org.County, NameZH: o.name, Sort: int64(i)})
	}
	orgs = append(orgs, org.Org{ID: "jjedz", Parent: "350582", Kind: org.Committee, NameZH: "晋江经济开发区管委会"})
	write(t, d, func(w db.Writer) error {
		_, err := org.Add(ctx, w, c.act(whole), orgs...)
		return err
	})
	return c
}

func write(t testing.TB, d *db.DB, fn func(db.Writer) error) {
	t.Helper()
	if err := d.Write(ctx, fn); err != nil {
		t.Fatalf("Write = %v", err)
	}
}

func read(t testing.TB, d *db.DB, fn func(db.Reader) error) {
	t.Helper()
	if err := d.Read(ctx, fn); err != nil {
		t.Fatalf("Read = %v", err)
	}
}

// refused says that a write fails with a kind and a key and leaves the audit trail as it was.
func refused(t *testing.T, d *db.DB, what string, kind fault.Kind, key string, fn func(db.Writer) error) {
	t.Helper()
	err := d.Write(ctx, fn)
	f, ok := fault.Of(err)
	if !ok || f.Kind != kind || f.Key != key {
		t.Errorf("%s = %v, want %v %s", what, err, kind, key)
	}
}

func add(t testing.TB, d *db.DB, c *clock, orgID org.ID, name string) ID {
	t.Helper()
	var p Park
	write(t, d, func(w db.Writer) (err error) {
		p, err = Add(ctx, w, c.act(whole), Park{Org: orgID, Name: name, Source: "test"})
		return err
	})
	return p.ID
}

func get(t testing.TB, d *db.DB, s auth.Scope, id ID) Detail {
	t.Helper()
	var out Detail
	read(t, d, func(r db.Reader) (err error) { out, err = Get(ctx, r, s, id); return err })
	return out
}

func declared(field, text, source string) Statement {
	return Statement{Field: field, Text: text, Nature: figure.Declared, Source: source}
}

// listOf makes a list whose rows are texts by key; figures have no unit in their heading.
func listOf(file string, rows ...map[string]string) ListFile {
	f := ListFile{File: file, Digest: "d"}
	for i, cells := range rows {
		l := Listed{Row: i + 2, Cells: map[string]ListedCell{}}
		for key, text := range cells {
			for col, k := range keys {
				if k == key {
					l.Cells[key] = ListedCell{Text: text, Column: key, Ref: fmt.Sprintf("%c%d", 'A'+col, l.Row)}
				}
			}
		}
		f.Rows = append(f.Rows, l)
	}
	return f
}

func prepare(t testing.TB, d *db.DB, i Import) Plan {
	t.Helper()
	var p Plan
	read(t, d, func(r db.Reader) (err error) { p, err = Prepare(ctx, r, i); return err })
	return p
}

// bring imports a list without problems.
func bring(t testing.TB, d *db.DB, c *clock, i Import) (Plan, string) {
	t.Helper()
	p := prepare(t, d, i)
	var batch string
	write(t, d, func(w db.Writer) (err error) { batch, err = Commit(ctx, w, p, c.batch()); return err })
	return p, batch
}

func count(t testing.TB, d *db.DB, table string) (n int64) {
	t.Helper()
	read(t, d, func(r db.Reader) error { return r.QueryRow(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n) })
	return n
}
