package park

import (
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestGet_otherCountysParkIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p := add(t, d, c, "jjedz", "英林园")
		for _, s := range []auth.Scope{whole, jinjiang, {City: "350500", Path: "350500.350582.jjedz."}} {
			if got := get(t, d, s, p); got.Name != "英林园" || got.OrgName != "晋江经济开发区管委会" || got.Version != 1 || got.Pilot != nil {
				t.Errorf("Get in %+v = %+v, want 英林园 with nothing else known", s, got)
			}
		}
		for _, s := range []auth.Scope{{}, nanan, {City: "350500"}, {City: "350500", Enterprise: "E"}, auth.Whole("350600")} {
			read(t, d, func(r db.Reader) error {
				if _, err := Get(ctx, r, s, p); fault.KindOf(err) != fault.NotFound {
					t.Errorf("Get in %+v = %v, want not found", s, err)
				}
				if rows, next, err := List(ctx, r, s, Query{}); err != nil || len(rows) != 0 || next != "" {
					t.Errorf("List in %+v = %d rows, %q, %v, want none", s, len(rows), next, err)
				}
				return nil
			})
		}
	})
}

func TestWrites_outOfReachAreNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p, mine := add(t, d, c, "350582", "英林园"), add(t, d, c, "350583", "南安园")
		before := count(t, d, "audit_line")
		for _, s := range []auth.Scope{nanan, {}, {City: "350500", Enterprise: "E"}} {
			act := c.act(s)
			name := "x"
			for what, fn := range map[string]func(db.Writer) error{
				"Update":   func(w db.Writer) error { _, err := Update(ctx, w, act, p, 1, Edit{Name: &name}); return err },
				"Nest":     func(w db.Writer) error { _, err := Nest(ctx, w, act, p, 1, mine); return err },
				"LinkZone": func(w db.Writer) error { _, err := LinkZone(ctx, w, act, p, 1, ""); return err },
				"AddAlias": func(w db.Writer) error { return AddAlias(ctx, w, act, Alias{Park: p, Name: "x", Source: "x"}) },
				"AddPhase": func(w db.Writer) error {
					return AddPhase(ctx, w, act, Phase{Park: p, No: 1, Nature: "declared", Source: "x"})
				},
				"Record": func(w db.Writer) error {
					_, err := Record(ctx, w, act, p, declared(LandArea, "1", "x"))
					return err
				},
				"Choose": func(w db.Writer) error {
					return Choose(ctx, w, act, p, Choice{Field: LandArea, Figure: "x", Reason: "x"})
				},
				"Load": func(w db.Writer) error {
					_, err := Load(ctx, w, act, Bulk{Figures: []Stated{{p, declared(LandArea, "1", "x")}}})
					return err
				},
			} {
				refused(t, d, what, fault.NotFound, "park.not_found", fn)
			}
			refused(t, d, "Add", fault.NotFound, "org.not_found", func(w db.Writer) error {
				_, err := Add(ctx, w, act, Park{Org: "350582", Name: "x", Source: "x"})
				return err
			})
		}
		refused(t, d, "Nest into another county's", fault.NotFound, "park.not_found", func(w db.Writer) error {
			_, err := Nest(ctx, w, c.act(nanan), mine, 1, p)
			return err
		})
		if after := count(t, d, "audit_line"); after != before {
			t.Errorf("%d audit lines after refusals, want %d", after, before)
		}
	})
}

func TestUpdate_refusesStaleVersionAndKeepsTheFormerName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p := add(t, d, c, "350582", "集成电路小微工业园")
		name, mode, empty := "芯智造产业园", "国企", " "
		write(t, d, func(w db.Writer) error {
			v, err := Update(ctx, w, c.act(jinjiang), p, 1, Edit{Name: &name, Mode: &mode})
			if v != 2 {
				t.Errorf("Update = version %d, want 2", v)
			}
			return err
		})
		refused(t, d, "Update of version 1", fault.Stale, "row.stale", func(w db.Writer) error {
			_, err := Update(ctx, w, c.act(jinjiang), p, 1, Edit{Name: &name})
			return err
		})
		refused(t, d, "Update to no name", fault.Invalid, "park.no_name", func(w db.Writer) error {
			_, err := Update(ctx, w, c.act(jinjiang), p, 2, Edit{Name: &empty})
			return err
		})
		long := strings.Repeat("园", maxText+1)
		refused(t, d, "Update to a long text", fault.Invalid, "park.text_too_long", func(w db.Writer) error {
			_, err := Update(ctx, w, c.act(jinjiang), p, 2, Edit{Mode: &long})
			return err
		})
		lines := count(t, d, "audit_line")
		write(t, d, func(w db.Writer) error {
			v, err := Update(ctx, w, c.act(jinjiang), p, 2, Edit{Name: &name})
			if v != 2 {
				t.Errorf("Update that changes nothing = version %d, want 2", v)
			}
			return err
		})
		if n := count(t, d, "audit_line"); n != lines {
			t.Errorf("an edit that changes nothing wrote %d audit lines", n-lines)
		}
		got := get(t, d, whole, p)
		if got.Name != name || got.Mode != mode || len(got.Aliases) != 1 || got.Aliases[0] != "集成电路小微工业园" {
			t.Errorf("Get = %q %q %v, want the new name and mode, and the former name as alias", got.Name, got.Mode, got.Aliases)
		}
		read(t, d, func(r db.Reader) error {
			last, err := audit.List(ctx, r, "350500", 0, 1)
			if err == nil && (last[0].Action != "park.edit" || !strings.Contains(last[0].Detail, `"before":"集成电路小微工业园"`)) {
				t.Errorf("last audit line = %s %s, want park.edit with the former name", last[0].Action, last[0].Detail)
			}
			return err
		})
	})
}

func TestAdd_namesAreUniqueInTheCity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p := add(t, d, c, "350582", "英林园")
		other := add(t, d, c, "350583", "南安园")
		write(t, d, func(w db.Writer) error {
			return AddAlias(ctx, w, c.act(whole), Alias{Park: p, Name: "英林服饰园", Source: "test"})
		})
		write(t, d, func(w db.Writer) error { // again: nothing happens
			return AddAlias(ctx, w, c.act(whole), Alias{Park: p, Name: "英林服饰园", Source: "test"})
		})
		if v := get(t, d, whole, p).Version; v != 2 {
			t.Errorf("version after the same alias twice = %d, want 2", v)
		}
		for _, c2 := range []struct {
			park Park
			kind fault.Kind
			key  string
		}{
			{Park{Org: "350583", Name: "英林园", Source: "x"}, fault.Exists, "park.exists"},
			{Park{Org: "350583", Name: "英林服饰园", Source: "x"}, fault.Exists, "park.alias_taken"},
			{Park{Org: "350583", Name: " ", Source: "x"}, fault.Invalid, "park.no_name"},
			{Park{Org: "350583", Name: "甲"}, fault.Invalid, "park.no_source"},
			{Park{Org: "moon", Name: "甲", Source: "x"}, fault.NotFound, "org.not_found"},
			{Park{Org: "350583", Parent: "moon", Name: "甲", Source: "x"}, fault.NotFound, "park.not_found"},
			{Park{Org: "350583", Zone: "moon", Name: "甲", Source: "x"}, fault.NotFound, "zone.not_found"},
			{Park{Org: "350583", Name: "甲\x00", Source: "x"}, fault.Invalid, "park.text_not_utf8"},
		} {
			refused(t, d, "Add("+c2.park.Name+")", c2.kind, c2.key, func(w db.Writer) error {
				_, err := Add(ctx, w, c.act(whole), c2.park)
				return err
			})
		}
		for _, name := range []string{"英林园", "英林服饰园"} {
			refused(t, d, "AddAlias("+name+")", fault.Exists, "park.alias_taken", func(w db.Writer) error {
				return AddAlias(ctx, w, c.act(whole), Alias{Park: other, Name: name, Source: "x"})
			})
		}
	})
}

func TestNest_refusesAParkInsideItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		a, b, e := add(t, d, c, "350524", "安溪高端装备制造产业园"), add(t, d, c, "350524", "安溪大成智慧产业园"), add(t, d, c, "350524", "三")
		nest := func(id ID, version int64, parent ID) func(db.Writer) error {
			return func(w db.Writer) error { _, err := Nest(ctx, w, c.act(whole), id, version, parent); return err }
		}
		write(t, d, nest(b, 1, a))
		write(t, d, nest(e, 1, b))
		refused(t, d, "Nest in a grandchild", fault.Invalid, "park.nest_cycle", nest(a, 1, e))
		refused(t, d, "Nest in itself", fault.Invalid, "park.nest_cycle", nest(a, 1, a))
		refused(t, d, "Nest of a stale version", fault.Stale, "row.stale", nest(b, 1, ""))
		if got := get(t, d, whole, a); len(got.Children) != 1 || got.Children[0] != (Child{b, "安溪大成智慧产业园"}) {
			t.Errorf("children = %v, want 安溪大成智慧产业园", got.Children)
		}
		write(t, d, nest(b, 2, ""))
		if got := get(t, d, whole, b); got.Parent != "" || got.Version != 3 {
			t.Errorf("after taking out: parent %q version %d, want none, 3", got.Parent, got.Version)
		}
	})
}

func TestLoad_bringsZonesPhasesAndFiguresWithOneLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		old := add(t, d, c, "350582", "老园")
		lines := count(t, d, "audit_line")
		area, m2 := int64(90_340_000), int64(100_000)
		var parks []Park
		bulk := Bulk{
			Zones: []Zone{{Code: "S357028", Name: "福建晋江经济开发区", Level: "省级", Approved: 20060000, AreaM2: &area, Source: "catalogue 2018"}},
			Parks: []Park{
				{ID: "P1", Org: "350582", Name: "英林园", Zone: "S357028", Source: "x"},
				{ID: "P2", Org: "350582", Parent: "P1", Name: "英林园二期", Source: "x"},
			},
			Aliases: []Alias{{"P1", "英林园服饰园", "x"}},
			Phases:  []Phase{{Park: "P1", No: 1, Name: "一期", FloorAreaBuiltM2: &m2, Opened: 20231000, Nature: "declared", Source: "x"}, {Park: old, No: 2, Nature: "simulated", Source: "x"}},
			Figures: []Stated{{"P1", declared(LandArea, "131", "a")}, {"P1", declared(LandArea, "109.28", "a")}, {"P1", declared(LandArea, "109.28", "a")}, {old, declared(Opened, "2023年10月", "a")}},
		}
		write(t, d, func(w db.Writer) (err error) { parks, err = Load(ctx, w, c.act(whole), bulk); return err })
		if n := count(t, d, "audit_line"); n != lines+1 || len(parks) != 2 {
			t.Errorf("Load wrote %d audit lines and gave %d parks, want 1 and 2", n-lines, len(parks))
		}
		p := get(t, d, whole, "P1")
		if p.LiesIn == nil || *p.LiesIn.AreaM2 != area || len(p.Phases) != 1 || *p.Phases[0].FloorAreaBuiltM2 != m2 || p.Phases[0].LandM2 != nil {
			t.Errorf("P1 = %+v, want its zone and phase", p)
		}
		if s := p.Statements[0]; len(s.Items) != 2 || s.Contradicted || p.Used[LandArea].Stated != "109.28" {
			t.Errorf("land of P1 = %+v, want the second statement of the source to stand alone", s)
		}
		if got := get(t, d, whole, old); got.Version != 2 || got.Used[Opened].Value != 20231000 {
			t.Errorf("the older park = version %d opened %d, want 2 and 20231000", got.Version, got.Used[Opened].Value)
		}
		write(t, d, func(w db.Writer) error { // the same statements again are left out
			_, err := Load(ctx, w, c.act(whole), Bulk{Figures: bulk.Figures[2:]})
			return err
		})
		if n := count(t, d, "audit_line"); n != lines+1 {
			t.Errorf("loading the same statements wrote %d audit lines", n-lines-1)
		}
		refused(t, d, "the same phase", fault.Exists, "phase.exists", func(w db.Writer) error {
			return AddPhase(ctx, w, c.act(whole), bulk.Phases[0])
		})
		refused(t, d, "the same zone", fault.Exists, "zone.exists", func(w db.Writer) error {
			_, err := Load(ctx, w, c.act(whole), Bulk{Zones: bulk.Zones})
			return err
		})
		write(t, d, func(w db.Writer) error {
			_, err := LinkZone(ctx, w, c.act(whole), old, 2, "S357028")
			return err
		})
		if z := get(t, d, whole, old).LiesIn; z == nil || z.Name != "福建晋江经济开发区" {
			t.Errorf("zone after LinkZone = %+v", z)
		}
	})
}

func TestAddPhase_refusesWhatCannotBe(t *testing.T) {
	minus := int64(-1)
	for key, p := range map[string]Phase{
		"phase.bad_number":    {Nature: "declared", Source: "x"},
		"phase.negative_area": {No: 1, Nature: "declared", Source: "x", LandM2: &minus},
		"figure.bad_nature":   {No: 1, Nature: "true", Source: "x"},
		"figure.no_source":    {No: 1, Nature: "declared"},
	} {
		if f, ok := fault.Of(p.check()); !ok || f.Key != key {
			t.Errorf("check(%+v) = %v, want %s", p, f, key)
		}
	}
}
