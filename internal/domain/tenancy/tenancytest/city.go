// Package tenancytest is a small city for the tests of nouns: two counties, an operator, three parks, four enterprises.
//
//	城: 350500 ─┬─ 350582 ── op (operator)   parks: p-jj (350582), p-op (op), p-na (350583)
//	            └─ 350583
//	e-a registered 350582, in p-op: producing         e-b registered 350582, in p-na: fitting out
//	e-c registered 350583, nowhere                    e-d registered 350583, in p-jj: cleared, and in p-na: signed
package tenancytest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// City is the city's code.
const City = "350500"

// At is when everything in the city was recorded.
var At = time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC)

// Act is the act of somebody with a scope at At.
func Act(s auth.Scope) org.Act {
	n := 0
	return org.Act{Scope: s, Actor: "tester", At: At, NewID: func() string { n++; return fmt.Sprintf("id-%04d", n) }}
}

// Scopes are the scopes of the city's places, by name.
var Scopes = map[string]auth.Scope{
	"city":      auth.Whole(City),
	"350582":    {City: City, Path: "350500.350582."},
	"350583":    {City: City, Path: "350500.350583."},
	"op":        {City: City, Path: "350500.350582.op."},
	"e-a":       {City: City, Enterprise: "e-a"},
	"elsewhere": {City: "350600", Path: "350600."},
	"none":      {},
	"no place":  {City: City},
	"no dot":    {City: City, Path: "350500.350582"},
}

// USCC is the credit code of the n-th enterprise.
func USCC(t testing.TB, n int) uscc.Code {
	t.Helper()
	c, err := uscc.Make(fmt.Sprintf("91350582MA%06d", n))
	if err != nil {
		t.Fatalf("Make = %v", err)
	}
	return c
}

// Entry is a claimed entry.
func Entry(s tenancy.Stage, day int) tenancy.Entry {
	return tenancy.Entry{Stage: s, Way: tenancy.Claimed, Day: period.Date(day), Nature: figure.Declared, Source: "ledger"}
}

// Fill puts the city into an empty database.
func Fill(t testing.TB, d *db.DB) {
	t.Helper()
	Write(t, d, func(ctx context.Context, w db.Writer) error {
		act := Act(Scopes["city"])
		if _, err := org.Add(ctx, w, act,
			org.Org{ID: City, Kind: org.City, NameZH: "泉州市"},
			org.Org{ID: "350582", Parent: City, Kind: org.County, NameZH: "晋江市", NameEN: "Jinjiang"},
			org.Org{ID: "350583", Parent: City, Kind: org.County, NameZH: "南安市", NameEN: "Nan'an"},
			org.Org{ID: "op", Parent: "350582", Kind: org.Operator, NameZH: "园区运营公司"}); err != nil {
			return err
		}
		for _, p := range []park.Park{
			{ID: "p-jj", Org: "350582", Name: "晋江园", Source: "list"},
			{ID: "p-op", Org: "op", Name: "运营园", Source: "list"},
			{ID: "p-na", Org: "350583", Name: "南安园", Source: "list"},
		} {
			if _, err := park.Add(ctx, w, act, p); err != nil {
				return err
			}
		}
		if _, err := enterprise.AddMany(ctx, w, act, []enterprise.Enterprise{
			{ID: "e-a", USCC: USCC(t, 1), Name: "甲鞋业有限公司", Org: "350582", Industry: "1952", Nature: figure.Record, Source: "registry"},
			{ID: "e-b", USCC: USCC(t, 2), Name: "乙Textile有限公司", Org: "350582", Industry: "17", Nature: figure.Record, Source: "registry"},
			{ID: "e-c", USCC: USCC(t, 3), Name: "丙物流有限公司", Org: "350583", Industry: "G", Nature: figure.Record, Source: "registry"},
			{ID: "e-d", USCC: USCC(t, 4), Name: "丁水暖有限公司", Org: "350583", AboveScaleSince: 20190100, Nature: figure.Record, Source: "registry"},
		}); err != nil {
			return err
		}
		_, err := tenancy.AddMany(ctx, w, act, Tenancies())
		return err
	})
}

// Tenancies are the city's tenancies as Fill adds them.
func Tenancies() []tenancy.Tenancy {
	area := int64(12_000)
	plan := Entry(tenancy.Production, 20260101)
	plan.Way = tenancy.Planned
	return []tenancy.Tenancy{
		{ID: "t-1", Enterprise: "e-a", Park: "p-op", AreaM2: &area, Nature: figure.Declared, Source: "ledger",
			Entries: []tenancy.Entry{Entry(tenancy.Signed, 20230415), Entry(tenancy.FittingOut, 20230700), Entry(tenancy.Production, 20240110)}},
		{ID: "t-2", Enterprise: "e-b", Park: "p-na", Nature: figure.Declared, Source: "ledger",
			Entries: []tenancy.Entry{Entry(tenancy.Signed, 20240601), Entry(tenancy.FittingOut, 20240901), plan}},
		{ID: "t-3", Enterprise: "e-d", Park: "p-jj", Relocated: true, Nature: figure.Declared, Source: "ledger",
			Entries: []tenancy.Entry{Entry(tenancy.Production, 20220301), Entry(tenancy.Cleared, 20240331)}},
		{ID: "t-4", Enterprise: "e-d", Park: "p-na", Relocated: true, Nature: figure.Declared, Source: "ledger",
			Entries: []tenancy.Entry{Entry(tenancy.Signed, 20240201)}},
	}
}

// Read runs fn in a read transaction and fails the test on an error.
func Read(t testing.TB, d *db.DB, fn func(context.Context, db.Reader) error) {
	t.Helper()
	if err := d.Read(context.Background(), func(r db.Reader) error { return fn(context.Background(), r) }); err != nil {
		t.Fatalf("Read = %v", err)
	}
}

// IDs gives the ids of a list in its order, joined by blanks: of all its pages, each of one row. of lists the page after a
// cursor and gives the next one.
func IDs[ID ~string](t testing.TB, d *db.DB, of func(ctx context.Context, r db.Reader, limit int, after string) ([]ID, string, error)) string {
	t.Helper()
	var ids []string
	Read(t, d, func(ctx context.Context, r db.Reader) error {
		for after := ""; ; {
			page, next, err := of(ctx, r, 1, after)
			if err != nil {
				return err
			}
			for _, id := range page {
				ids = append(ids, string(id))
			}
			if after = next; next == "" {
				return nil
			}
		}
	})
	return strings.Join(ids, " ")
}

// Write runs fn in a write transaction and fails the test on an error.
func Write(t testing.TB, d *db.DB, fn func(context.Context, db.Writer) error) {
	t.Helper()
	if err := Try(d, fn); err != nil {
		t.Fatalf("Write = %v", err)
	}
}

// Try runs fn in a write transaction and gives its error.
func Try(d *db.DB, fn func(context.Context, db.Writer) error) error {
	return d.Write(context.Background(), func(w db.Writer) error { return fn(context.Background(), w) })
}
