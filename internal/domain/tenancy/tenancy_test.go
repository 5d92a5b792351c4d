package tenancy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestStage_namesGoBothWays(t *testing.T) {
	for i, s := range tenancy.Stages() {
		got, err := tenancy.ParseStage(s.String())
		if err != nil || got != s || int(s) != i+1 || s.String() == "" {
			t.Errorf("ParseStage(%q) = %d, %v, want %d", s, got, err, s)
		}
	}
	for _, w := range tenancy.Ways() {
		if got, err := tenancy.ParseWay(w.String()); err != nil || got != w {
			t.Errorf("ParseWay(%q) = %d, %v, want %d", w, got, err, w)
		}
	}
	for _, text := range []string{"", "done", "Production"} {
		if s, err := tenancy.ParseStage(text); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("ParseStage(%q) = %v, %v, want an Invalid fault", text, s, err)
		}
		if w, err := tenancy.ParseWay(text); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("ParseWay(%q) = %v, %v, want an Invalid fault", text, w, err)
		}
	}
	if tenancy.Stage(200).String() != "" || tenancy.Way(200).String() != "" {
		t.Error("a stage or way out of range has a name")
	}
}

func list(t *testing.T, d *db.DB, s auth.Scope, q tenancy.Query) string {
	t.Helper()
	return tenancytest.IDs(t, d, func(ctx context.Context, r db.Reader, limit int, after string) (ids []tenancy.ID, next string, err error) {
		q.Limit, q.After = limit, after
		rows, next, err := tenancy.List(ctx, r, s, q)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, next, err
	})
}

func TestList_showsOnlyWhatTheScopeCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		for name, want := range map[string]string{
			"city": "t-1 t-2 t-3 t-4", "350582": "t-1 t-3", "350583": "t-2 t-4", "op": "t-1", "e-a": "t-1",
			"elsewhere": "", "none": "", "no place": "", "no dot": "",
		} {
			s := tenancytest.Scopes[name]
			if got := list(t, d, s, tenancy.Query{}); got != want {
				t.Errorf("List(%s) = %q, want %q", name, got, want)
			}
			for _, id := range []tenancy.ID{"t-1", "t-2", "t-3", "t-4", "t-5", "\xff"} {
				err := d.Read(context.Background(), func(r db.Reader) error {
					_, err := tenancy.Get(context.Background(), r, s, id)
					return err
				})
				if sees := strings.Contains(want, string(id)); sees != (err == nil) || !sees && fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s: Get(%s) = %v, want sees = %v", name, id, err, sees)
				}
			}
		}
	})
}

func TestList_narrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		city := tenancytest.Scopes["city"]
		for _, x := range []struct {
			scope auth.Scope
			q     tenancy.Query
			want  string
		}{
			{city, tenancy.Query{Below: "350500.350582."}, "t-1 t-3"},
			{tenancytest.Scopes["350582"], tenancy.Query{Below: "350500.350583."}, ""},
			{tenancytest.Scopes["e-a"], tenancy.Query{Below: "350500.350583."}, ""},
			{city, tenancy.Query{Park: "p-na"}, "t-2 t-4"},
			{city, tenancy.Query{Enterprise: "e-d"}, "t-3 t-4"},
			{tenancytest.Scopes["e-a"], tenancy.Query{Enterprise: "e-d"}, ""},
			{city, tenancy.Query{Stage: tenancy.Production}, "t-1"},
			{city, tenancy.Query{Stage: tenancy.FittingOut}, "t-2"},
			{city, tenancy.Query{Stage: tenancy.Cleared}, "t-3"},
			{city, tenancy.Query{Stage: tenancy.Signed, Park: "p-na", Enterprise: "e-d"}, "t-4"},
		} {
			if got := list(t, d, x.scope, x.q); got != x.want {
				t.Errorf("List(%+v) = %q, want %q", x.q, got, x.want)
			}
		}
		for _, q := range []tenancy.Query{{Limit: -1}, {Limit: 501}, {After: "!"}, {Park: "\xff"}, {Stage: 99}} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				_, _, err := tenancy.List(context.Background(), r, city, q)
				return err
			})
			if fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("List(%+v) = %v, want an Invalid fault", q, err)
			}
		}
	})
}

func TestGet_givesTheHistoryInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], "t-1")
			if err != nil {
				return err
			}
			want := tenancytest.Tenancies()[0]
			if got.EnterpriseName != "甲鞋业有限公司" || got.ParkName != "运营园" || got.OrgPath != "350500.350582.op." ||
				got.AreaM2 == nil || *got.AreaM2 != 12_000 || got.Relocated || got.Version != 1 || len(got.Entries) != 3 {
				t.Errorf("Get = %+v", got)
			}
			for i, e := range got.Entries {
				w := want.Entries[i]
				w.Seq, w.Recorder, w.RecordedAt = 1, "tester", tenancytest.At.UnixMicro()
				if e != w {
					t.Errorf("entry %d = %+v, want %+v", i, e, w)
				}
			}
			other, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], "t-3")
			if other.AreaM2 != nil || !other.Relocated {
				t.Errorf("Get = %+v, want an unknown area, relocated", other)
			}
			return err
		})
	})
}

func TestEnter_appendsAndNeverOverwrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		enter := func(scope string, version int64, e tenancy.Entry) (next int64, err error) {
			err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				next, err = tenancy.Enter(ctx, w, tenancytest.Act(tenancytest.Scopes[scope]), "t-1", version, e)
				return err
			})
			return next, err
		}
		corrected := tenancytest.Entry(tenancy.Production, 20240320)
		verified := tenancytest.Entry(tenancy.Production, 20240401)
		verified.Way = tenancy.Verified
		for i, e := range []tenancy.Entry{corrected, verified, tenancytest.Entry(tenancy.Enrolled, 20240700)} {
			if next, err := enter("op", int64(i+1), e); err != nil || next != int64(i+2) {
				t.Fatalf("Enter = %d, %v, want version %d", next, err, i+2)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], "t-1")
			var history []string
			for _, e := range got.Entries {
				history = append(history, fmt.Sprintf("%s/%s/%d=%d", e.Stage, e.Way, e.Seq, e.Day))
			}
			const want = "signed/claimed/1=20230415 fitting_out/claimed/1=20230700 production/claimed/1=20240110 " +
				"production/claimed/2=20240320 production/verified/1=20240401 enrolled/claimed/1=20240700"
			if s := strings.Join(history, " "); s != want || got.Version != 4 {
				t.Errorf("history = %q version %d, want %q", s, got.Version, want)
			}
			_, aerr := audit.Verify(ctx, r, tenancytest.City)
			return errors.Join(err, aerr)
		})
		future, plan := tenancytest.Entry(tenancy.AtCapacity, 20250702), tenancytest.Entry(tenancy.AtCapacity, 20260101)
		plan.Way = tenancy.Planned
		bad := func(change func(*tenancy.Entry)) tenancy.Entry { e := verified; change(&e); return e }
		for _, x := range []struct {
			scope   string
			version int64
			e       tenancy.Entry
			key     string
		}{
			{"op", 3, verified, "row.stale"}, {"350583", 4, verified, "tenancy.not_found"}, {"none", 4, verified, "tenancy.not_found"},
			{"op", 4, future, "date.in_future"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Day = 20240231 }), "date.invalid"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Day = 0 }), "date.invalid"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Stage = 0 }), "tenancy.bad_stage"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Way = 9 }), "tenancy.bad_way"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Nature = "" }), "figure.bad_nature"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Source = "" }), "tenancy.no_source"},
			{"op", 4, bad(func(e *tenancy.Entry) { e.Source = strings.Repeat("长", 501) }), "text.too_long"},
		} {
			_, err := enter(x.scope, x.version, x.e)
			if f, ok := fault.Of(err); !ok || f.Key != x.key {
				t.Errorf("Enter(%s, %d, %+v) = %v, want %s", x.scope, x.version, x.e, err, x.key)
			}
		}
		if _, err := enter("op", 4, plan); err != nil {
			t.Errorf("Enter of a plan = %v, want nil: a plan may lie ahead", err)
		}
	})
}

// The day ends at midnight in China: 2025-07-01 09:00 UTC is 17:00 there, 16:30 UTC the next day.
func TestCheckDay_usesTheDayInChina(t *testing.T) {
	late := tenancytest.At.Add(7*60*60*1e9 + 30*60*1e9)
	if err := tenancy.CheckDay(tenancy.Claimed, 20250702, late); err != nil {
		t.Errorf("CheckDay(20250702) at %v = %v, want nil", late, err)
	}
	if err := tenancy.CheckDay(tenancy.Claimed, 20250702, tenancytest.At); err == nil {
		t.Errorf("CheckDay(20250702) at %v = nil, want date.in_future", tenancytest.At)
	}
}

func TestAddMany_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		less := int64(-1)
		good := tenancy.Tenancy{Enterprise: "e-c", Park: "p-na", Nature: figure.Declared, Source: "ledger"}
		with := func(change func(*tenancy.Tenancy)) tenancy.Tenancy { x := good; change(&x); return x }
		for _, x := range []struct {
			key, scope string
			t          tenancy.Tenancy
		}{
			{"", "350583", good},
			{"park.not_found", "350582", good},
			{"park.not_found", "none", good},
			{"park.not_found", "e-a", good},
			{"enterprise.not_found", "city", with(func(x *tenancy.Tenancy) { x.ID, x.Enterprise = "t-9", "nobody" })},
			{"tenancy.exists", "city", with(func(x *tenancy.Tenancy) { x.ID = "t-1" })},
			{"tenancy.negative_area", "city", with(func(x *tenancy.Tenancy) { x.AreaM2 = &less })},
			{"tenancy.no_source", "city", with(func(x *tenancy.Tenancy) { x.Source = "" })},
			{"figure.bad_nature", "city", with(func(x *tenancy.Tenancy) { x.Nature = "" })},
			{"date.in_future", "city", with(func(x *tenancy.Tenancy) { x.Entries = []tenancy.Entry{tenancytest.Entry(tenancy.Signed, 20300000)} })},
		} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				_, err := tenancy.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes[x.scope]), []tenancy.Tenancy{x.t})
				return err
			})
			if f, _ := fault.Of(err); (x.key == "") != (err == nil) || f != nil && f.Key != x.key {
				t.Errorf("AddMany as %s = %v, want %q", x.scope, err, x.key)
			}
		}
	})
}
