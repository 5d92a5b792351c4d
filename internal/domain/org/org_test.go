package org

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestUnder_groupsByChild(t *testing.T) {
	for _, c := range []struct {
		path, under string
		want        ID
		ok          bool
	}{
		{"350500.350582.", "350500.", "350582", true},
		{"350500.350582.a.b.", "350500.", "350582", true},
		{"350500.350582.a.b.", "350500.350582.", "a", true},
		{"350500.350582.", "350500.350582.", "350582", true},
		{"350500.", "350500.350582.", "", false},
		{"350500.3505821.", "350500.350582.", "", false},
		{"350500.", "", "", false},
		{"", "350500.", "", false},
	} {
		if got, ok := Under(c.path, c.under); got != c.want || ok != c.ok {
			t.Errorf("Under(%q, %q) = %q, %v, want %q, %v", c.path, c.under, got, ok, c.want, c.ok)
		}
	}
}

func TestReach_isTheScopeNarrowedAndNeverWidened(t *testing.T) {
	county := auth.Scope{City: "350500", Path: "350500.350582."}
	for _, c := range []struct {
		scope auth.Scope
		below string
		want  string
	}{
		{auth.Whole("350500"), "", "350500."},
		{auth.Whole("350500"), "350500.350582.", "350500.350582."},
		{county, "350500.", "350500.350582."},
		{county, "350500.350582.a.", "350500.350582.a."},
		{county, "350500.350583.", ""},
		{county, "350500.350582", ""},
		{county, "350500.350582.a", ""},
		{auth.Scope{}, "350500.", ""},
		{auth.Scope{City: "350500"}, "350500.", ""},
		{auth.Scope{City: "350500", Enterprise: "E"}, "350500.", ""},
		{auth.Scope{City: "350500", Path: "350500.", Enterprise: "E"}, "", ""},
	} {
		if got := Reach(c.scope, c.below).Path; got != c.want {
			t.Errorf("Reach(%+v, %q) = %q, want %q", c.scope, c.below, got, c.want)
		}
	}
}

func TestVisible_isTheScopeOrTheEnterprisesOwn(t *testing.T) {
	const whole, within, own = "t.city = $1", "o.path >= $2 AND o.path < $3", "t.enterprise = $2"
	for _, c := range []struct {
		scope auth.Scope
		below string
		sql   string // empty: nothing is seen
		args  []any
	}{
		{auth.Whole("350500"), "", " WHERE (" + whole + ")", []any{"350500"}},
		{auth.Whole("350500"), "350500.350582.", " WHERE (" + whole + ") AND (" + within + ")", []any{"350500", "350500.350582.", "350500.350582/"}},
		{auth.Scope{City: "350500", Path: "350500.350582."}, "", " WHERE (" + whole + ") AND (" + within + ")", []any{"350500", "350500.350582.", "350500.350582/"}},
		{auth.Scope{City: "350500", Path: "350500.350582."}, "350500.350583.", "", nil},
		{auth.Scope{City: "350500", Enterprise: "E"}, "", " WHERE (" + whole + ") AND (" + own + ")", []any{"350500", "E"}},
		{auth.Scope{City: "350500", Enterprise: "E"}, "350500.350582.", " WHERE (" + whole + ") AND (" + own + ") AND (o.path >= $3 AND o.path < $4)",
			[]any{"350500", "E", "350500.350582.", "350500.350582/"}},
		{auth.Scope{City: "350500", Enterprise: "E"}, "350600.", "", nil},
		{auth.Scope{Enterprise: "E"}, "", "", nil},
		{auth.Scope{City: "350500"}, "", "", nil},
		{auth.Scope{City: "350500", Path: "350500.350582"}, "", "", nil},
		{auth.Scope{}, "", "", nil},
	} {
		var w page.Where
		if ok := Visible(&w, c.scope, c.below, "t"); ok != (c.sql != "") || w.SQL() != c.sql || !slices.Equal(w.Args(), c.args) {
			t.Errorf("Visible(%+v, %q) = %v%s %v, want%s %v", c.scope, c.below, ok, w.SQL(), w.Args(), c.sql, c.args)
		}
	}
}

func TestFind_takesNamesAsOfficesWriteThem(t *testing.T) {
	orgs := []Org{{ID: "350582", NameZH: "晋江市", NameEN: "Jinjiang"}, {ID: "qzetdz", NameZH: "泉州经济技术开发区"}, {ID: "a", NameZH: "甲"}, {ID: "b", NameZH: "乙", NameEN: "Same"}, {ID: "c", NameZH: "丙", NameEN: "same"}}
	n := NamesOf(orgs, map[string]string{"晋江": "晋江市", "泉州开发区": "泉州经济技术开发区", "乙": "甲", "月球": "月球基地"})
	for text, want := range map[string]ID{
		"晋江市": "350582", " 晋江 ": "350582", "ＪＩＮＪＩＡＮＧ": "350582", "泉州开发区": "qzetdz", "泉州经济技术开发区": "qzetdz",
		"乙": "b", "same": "", "月球": "", "": "", "江": "",
	} {
		o, err := n.Find(text)
		if o.ID != want || (err == nil) != (want != "") || err != nil && fault.KindOf(err) != fault.NotFound {
			t.Errorf("Find(%q) = %q, %v, want %q", text, o.ID, err, want)
		}
	}
	if _, err := (Names{}).Find("晋江市"); err == nil {
		t.Error("the zero Names finds something")
	}
}

var at = time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)

func quanzhou(t *testing.T, d *db.DB) Act {
	t.Helper()
	act := Act{Scope: auth.Whole("350500"), Actor: "loader", At: at}
	err := d.Write(context.Background(), func(w db.Writer) error {
		_, err := Add(context.Background(), w, act,
			Org{ID: "350500", Kind: City, NameZH: "泉州市"},
			Org{ID: "350583", Parent: "350500", Kind: County, NameZH: "南安市", Division: "350583", Sort: 2},
			Org{ID: "350582", Parent: "350500", Kind: County, NameZH: "晋江市", Division: "350582", Sort: 3},
			Org{ID: "qzetdz", Parent: "350500", Kind: County, NameZH: "泉州经济技术开发区", Sort: 1},
			Org{ID: "jjedz", Parent: "350582", Kind: Committee, NameZH: "晋江经济开发区管委会"})
		return err
	})
	if err != nil {
		t.Fatalf("Add = %v", err)
	}
	return act
}

func TestList_givesTheCallersPartInTheOfficesOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		quanzhou(t, d)
		for scope, want := range map[auth.Scope]string{
			auth.Whole("350500"):                           "350500 qzetdz 350583 350582 jjedz",
			{City: "350500", Path: "350500.350582."}:       "350582 jjedz",
			{City: "350500", Path: "350500.350582.jjedz."}: "jjedz",
			{City: "350500", Path: "350500.35058"}:         "",
			{City: "350600", Path: "350500."}:              "",
			{City: "350500", Enterprise: "E"}:              "",
			{}:                                             "",
		} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				orgs, err := List(context.Background(), r, scope)
				var ids []string
				for _, o := range orgs {
					ids = append(ids, string(o.ID))
					if !strings.HasSuffix(o.Path, string(o.ID)+".") {
						t.Errorf("path of %s = %q, want it to end in the id", o.ID, o.Path)
					}
				}
				if got := strings.Join(ids, " "); got != want {
					t.Errorf("List(%+v) = %q, want %q", scope, got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestGet_outOfReachIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		quanzhou(t, d)
		jinjiang := auth.Scope{City: "350500", Path: "350500.350582."}
		err := d.Read(context.Background(), func(r db.Reader) error {
			if o, err := Get(context.Background(), r, jinjiang, "jjedz"); err != nil || o.NameZH != "晋江经济开发区管委会" || o.Division != "" || o.Parent != "350582" {
				t.Errorf("Get(jjedz) = %+v, %v, want the committee", o, err)
			}
			for _, c := range []struct {
				scope auth.Scope
				id    ID
			}{{jinjiang, "350583"}, {jinjiang, "350500"}, {auth.Scope{}, "350582"}, {jinjiang, "nowhere"}} {
				if _, err := Get(context.Background(), r, c.scope, c.id); fault.KindOf(err) != fault.NotFound {
					t.Errorf("Get(%+v, %s) = %v, want not found", c.scope, c.id, err)
				}
			}
			if o, err := ByName(context.Background(), r, jinjiang, "晋江", map[string]string{"晋江": "晋江市"}); err != nil || o.ID != "350582" {
				t.Errorf("ByName(晋江) = %v, %v, want 350582", o.ID, err)
			}
			if _, err := ByName(context.Background(), r, jinjiang, "南安市", nil); fault.KindOf(err) != fault.NotFound {
				t.Errorf("ByName of another county's = %v, want not found", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAdd_refusesWhatBreaksTheTree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		act := quanzhou(t, d)
		county := Act{Scope: auth.Scope{City: "350500", Path: "350500.350582."}, Actor: "jj", At: at}
		for _, c := range []struct {
			name string
			act  Act
			org  Org
			want fault.Kind
		}{
			{"an id with a dot", act, Org{ID: "a.b", Parent: "350500", Kind: County, NameZH: "甲"}, fault.Invalid},
			{"an id with a slash", act, Org{ID: "a/b", Parent: "350500", Kind: County, NameZH: "甲"}, fault.Invalid},
			{"no id", act, Org{Parent: "350500", Kind: County, NameZH: "甲"}, fault.Invalid},
			{"an unknown kind", act, Org{ID: "a", Parent: "350500", Kind: "moon", NameZH: "甲"}, fault.Invalid},
			{"no name", act, Org{ID: "a", Parent: "350500", Kind: County}, fault.Invalid},
			{"a second root", act, Org{ID: "a", Kind: City, NameZH: "甲"}, fault.Invalid},
			{"a county under a committee", act, Org{ID: "a", Parent: "jjedz", Kind: County, NameZH: "甲"}, fault.Invalid},
			{"a parent that is not there", act, Org{ID: "a", Parent: "moon", Kind: County, NameZH: "甲"}, fault.NotFound},
			{"a parent out of reach", county, Org{ID: "a", Parent: "350583", Kind: Operator, NameZH: "甲"}, fault.NotFound},
			{"the id of another", act, Org{ID: "350582", Parent: "350500", Kind: County, NameZH: "甲"}, fault.Exists},
			{"the name of another", act, Org{ID: "a", Parent: "350500", Kind: County, NameZH: "晋江市"}, fault.Exists},
		} {
			err := d.Write(context.Background(), func(w db.Writer) error {
				_, err := Add(context.Background(), w, c.act, c.org)
				return err
			})
			if err == nil || fault.KindOf(err) != c.want {
				t.Errorf("%s: Add = %v, want %v", c.name, err, c.want)
			}
		}
		err := d.Write(context.Background(), func(w db.Writer) error {
			if stored, err := Add(context.Background(), w, county, Org{ID: "op", Parent: "350582", Kind: Operator, NameZH: "晋园"}); err != nil || stored[0].Path != "350500.350582.op." {
				t.Errorf("Add in reach = %+v, %v, want path 350500.350582.op.", stored, err)
			}
			touches, _, err := audit.Touched(context.Background(), w.Reader, "350500", 0, 100)
			if !slices.Contains(touches, audit.Touch{Kind: "org", ID: "op"}) || len(touches) != 6 {
				t.Errorf("Touched = %v, want the five orgs and op", touches)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
