package tenancy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
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

func entry(s tenancy.Stage, w tenancy.Way, seq int64, day period.Date) tenancy.Entry {
	return tenancy.Entry{Stage: s, Way: w, Seq: seq, Day: day, Nature: figure.Declared, Source: "s"}
}

func TestUsed_verifiedThenClaimedThenDeemedAndNeverPlanned(t *testing.T) {
	const p = tenancy.Production
	planned, deemed := entry(p, tenancy.Planned, 1, 20240101), entry(p, tenancy.Deemed, 1, 20240301)
	claimed, corrected := entry(p, tenancy.Claimed, 1, 20240201), entry(p, tenancy.Claimed, 2, 20240215)
	verified := entry(p, tenancy.Verified, 1, 20240401)
	for _, x := range []struct {
		name    string
		entries []tenancy.Entry
		want    period.Date
	}{
		{"nothing", nil, 0},
		{"a plan", []tenancy.Entry{planned}, 0},
		{"another stage", []tenancy.Entry{entry(tenancy.Signed, tenancy.Verified, 1, 20230101)}, 0},
		{"deemed", []tenancy.Entry{planned, deemed}, 20240301},
		{"claimed before deemed", []tenancy.Entry{deemed, claimed, planned}, 20240201},
		{"the correction", []tenancy.Entry{corrected, claimed, deemed}, 20240215},
		{"verified before all", []tenancy.Entry{planned, deemed, claimed, corrected, verified}, 20240401},
	} {
		e, ok := tenancy.Used(x.entries, p)
		if e.Day != x.want || ok != (x.want != 0) {
			t.Errorf("%s: Used = %d, %v, want %d", x.name, e.Day, ok, x.want)
		}
	}
	if e, ok := tenancy.PlannedFor([]tenancy.Entry{verified, planned, entry(p, tenancy.Planned, 2, 20240601)}, p); !ok || e.Day != 20240601 {
		t.Errorf("PlannedFor = %d, %v, want the latest plan 20240601", e.Day, ok)
	}
}

func TestUsed_doesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []tenancy.Entry
		seq := map[[2]uint8]int64{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			s := tenancy.Stage(rapid.Uint8Range(1, 11).Draw(t, "stage"))
			w := tenancy.Way(rapid.Uint8Range(1, 4).Draw(t, "way"))
			k := [2]uint8{uint8(s), uint8(w)}
			seq[k]++
			entries = append(entries, entry(s, w, seq[k], period.DateOf(2024, rapid.IntRange(1, 12).Draw(t, "month"), 1)))
		}
		shuffled := rapid.Permutation(entries).Draw(t, "shuffled")
		asOf := period.DateOf(2024, rapid.IntRange(1, 12).Draw(t, "as of"), 15)
		if a, b := tenancy.Current(entries, asOf), tenancy.Current(shuffled, asOf); a != b {
			t.Fatalf("Current = %v and %v of the same entries", a, b)
		}
		for _, s := range tenancy.Stages() {
			a, aok := tenancy.Used(entries, s)
			b, bok := tenancy.Used(shuffled, s)
			if a != b || aok != bok || aok && a.Way == tenancy.Planned {
				t.Fatalf("Used(%v) = %v and %v of the same entries", s, a, b)
			}
		}
	})
}

func TestCurrent_isTheFurthestByThatDay(t *testing.T) {
	entries := []tenancy.Entry{
		entry(tenancy.Signed, tenancy.Claimed, 1, 20230415), entry(tenancy.Production, tenancy.Claimed, 1, 20240110),
		entry(tenancy.Enrolled, tenancy.Planned, 1, 20240601), entry(tenancy.Cleared, tenancy.Claimed, 1, 20250000),
	}
	for day, want := range map[period.Date]tenancy.Stage{
		20230414: tenancy.NoStage, 20230415: tenancy.Signed, 20240109: tenancy.Signed, 20240110: tenancy.Production,
		20241231: tenancy.Production, 20250101: tenancy.Cleared, 0: tenancy.Cleared,
	} {
		if got := tenancy.Current(entries, day); got != want {
			t.Errorf("Current(%d) = %q, want %q", day, got, want)
		}
	}
}

func TestHome_picksOnePark(t *testing.T) {
	june := period.MonthOf(2024, 6)
	for _, x := range []struct {
		name string
		rows []tenancy.Presence
		want string
	}{
		{"none", nil, ""},
		{"never signed", []tenancy.Presence{{ID: "a"}}, ""},
		{"signed later", []tenancy.Presence{{ID: "a", Since: 20240701}}, ""},
		{"signed in the month", []tenancy.Presence{{ID: "a", Since: 20240630}}, "a"},
		{"cleared by the end of the month", []tenancy.Presence{{ID: "a", Since: 20200101, Production: 20200101, Cleared: 20240630}}, ""},
		{"cleared later", []tenancy.Presence{{ID: "a", Since: 20200101, Cleared: 20240701}}, "a"},
		{"cleared in a month whose day nobody stated", []tenancy.Presence{{ID: "a", Since: 20200101, Cleared: 20240600}}, ""},
		{"in production first", []tenancy.Presence{{ID: "a", Since: 20230101, Production: 20240101}, {ID: "b", Since: 20230101, Production: 20230601}}, "b"},
		{"the producing one before the lesser id", []tenancy.Presence{{ID: "a", Since: 20230101}, {ID: "b", Since: 20240101, Production: 20240601}}, "b"},
		{"not yet in production", []tenancy.Presence{{ID: "a", Since: 20230101}, {ID: "b", Since: 20230101, Production: 20240701}}, "a"},
		{"same day", []tenancy.Presence{{ID: "b", Since: 20230101, Production: 20230601}, {ID: "a", Since: 20230101, Production: 20230601}}, "a"},
		{"the first one was cleared", []tenancy.Presence{{ID: "a", Since: 20200101, Production: 20200101, Cleared: 20240101}, {ID: "b", Since: 20231201}}, "b"},
	} {
		i, ok := tenancy.Home(x.rows, june)
		got := ""
		if ok {
			got = string(x.rows[i].ID)
		}
		if got != x.want {
			t.Errorf("%s: Home = %q, want %q", x.name, got, x.want)
		}
	}
}

func TestHome_doesNotDependOnTheOrder(t *testing.T) {
	days := []period.Date{0, 20230000, 20230601, 20240600, 20240615, 20240701}
	rapid.Check(t, func(t *rapid.T) {
		var rows []tenancy.Presence
		for i := range rapid.IntRange(0, 5).Draw(t, "n") {
			day := func(name string) period.Date { return rapid.SampledFrom(days).Draw(t, name) }
			rows = append(rows, tenancy.Presence{ID: tenancy.ID(fmt.Sprint(i)), Since: day("since"), Production: day("production"), Cleared: day("cleared")})
		}
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		i, ok := tenancy.Home(rows, period.MonthOf(2024, 6))
		j, sok := tenancy.Home(shuffled, period.MonthOf(2024, 6))
		if ok != sok || ok && rows[i].ID != shuffled[j].ID {
			t.Fatalf("Home = %d, %v of %v and %d, %v of %v", i, ok, rows, j, sok, shuffled)
		}
	})
}

func list(t *testing.T, d *db.DB, s auth.Scope, q tenancy.Query) string {
	t.Helper()
	var ids []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		q.Limit = 1
		for {
			rows, next, err := tenancy.List(ctx, r, s, q)
			if err != nil {
				return err
			}
			for _, row := range rows {
				ids = append(ids, string(row.ID))
			}
			if q.After = next; next == "" {
				return nil
			}
		}
	})
	return strings.Join(ids, " ")
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

// feed reads the panel rows as text.
func feed(t *testing.T, d *db.DB, only tenancy.Only) []string {
	t.Helper()
	var out []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		return tenancy.EachRow(ctx, r, tenancytest.City, only, func(row *tenancy.PanelRow) error {
			s := fmt.Sprintf("%s %s %s %s %q %d/%v %v", row.Enterprise, row.ID, row.Park, row.OrgPath, row.Industry, row.AreaM2, row.AreaKnown, row.Relocated)
			for _, stage := range tenancy.Stages() {
				if e := row.Stages[stage]; e.Day != 0 {
					s += fmt.Sprintf(" %s=%d(%s,%s,%s)", stage, e.Day, e.Way, e.Nature, e.Source)
				}
			}
			out = append(out, s)
			return nil
		})
	})
	return out
}

func TestEachRow_givesTheDatesThatCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		deemed, verified := tenancytest.Entry(tenancy.Production, 20240601), tenancytest.Entry(tenancy.FittingOut, 20240915)
		deemed.Way, deemed.Nature, deemed.Source = tenancy.Deemed, figure.Derived, "hand-over + 6 months"
		verified.Way, verified.Nature, verified.Source = tenancy.Verified, figure.Record, "permit"
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			act := tenancytest.Act(tenancytest.Scopes["city"])
			_, err := tenancy.Enter(ctx, w, act, "t-1", 1, deemed)
			if err == nil {
				_, err = tenancy.Enter(ctx, w, act, "t-2", 1, verified)
			}
			if err == nil {
				_, err = tenancy.Enter(ctx, w, act, "t-4", 1, tenancytest.Entry(tenancy.Signed, 20240215))
			}
			return err
		})
		want := []string{
			`e-a t-1 p-op 350500.350582.op. "1952" 12000/true false signed=20230415(claimed,declared,ledger) ` +
				`fitting_out=20230700(claimed,declared,ledger) production=20240110(claimed,declared,ledger)`,
			`e-b t-2 p-na 350500.350583. "17" 0/false false signed=20240601(claimed,declared,ledger) fitting_out=20240915(verified,record,permit)`,
			`e-d t-3 p-jj 350500.350582. "" 0/false true production=20220301(claimed,declared,ledger) cleared=20240331(claimed,declared,ledger)`,
			`e-d t-4 p-na 350500.350583. "" 0/false true signed=20240215(claimed,declared,ledger)`,
		}
		if got := feed(t, d, tenancy.Only{}); !slices.Equal(got, want) {
			t.Errorf("EachRow = %s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, x := range []struct {
			only tenancy.Only
			want []string
		}{
			{tenancy.Only{Tenancies: []tenancy.ID{}}, nil},
			{tenancy.Only{Tenancies: []tenancy.ID{"t-4", "gone", "t-1"}}, []string{want[0], want[3]}},
			{tenancy.Only{Enterprises: []enterprise.ID{"e-d", "e-d", "nobody"}}, want[2:]},
			{tenancy.Only{Tenancies: []tenancy.ID{"t-4"}, Enterprises: []enterprise.ID{"e-d", "e-b"}}, want[1:]},
		} {
			if got := feed(t, d, x.only); !slices.Equal(got, x.want) {
				t.Errorf("EachRow(%+v) = %q, want %q", x.only, got, x.want)
			}
		}
	})
}

// Whatever was recorded, the feed says what Used says of the history that Get gives, across page borders.
func TestEachRow_agreesWithUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		const n = 60
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			many := make([]tenancy.Tenancy, n)
			for i := range many {
				many[i] = tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("x-%05d", i*7919%n)), Enterprise: []enterprise.ID{"e-a", "e-c", "e-b"}[i%3],
					Park: "p-na", Nature: figure.Simulated, Source: "generator"}
				for k := range i % 6 {
					e := tenancytest.Entry(tenancy.Stage(1+(i+k*5)%11), 20230101+k)
					e.Way = tenancy.Ways()[(i/11+k)%4]
					many[i].Entries = append(many[i].Entries, e, e)
				}
			}
			_, err := tenancy.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), many)
			return err
		})
		var ids []tenancy.ID
		rows := map[tenancy.ID]tenancy.PanelRow{}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			return tenancy.EachRowBy(ctx, r, tenancytest.City, tenancy.Only{}, 16, func(row *tenancy.PanelRow) error { // 64 = 4 whole pages
				rows[row.ID] = *row
				ids = append(ids, row.ID)
				return nil
			})
		})
		if len(ids) != n+4 || len(rows) != n+4 {
			t.Fatalf("EachRow gave %d rows of %d tenancies, want %d", len(ids), len(rows), n+4)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			for _, id := range ids {
				got, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], id)
				if err != nil {
					return err
				}
				for _, s := range tenancy.Stages() {
					e, _ := tenancy.Used(got.Entries, s)
					row := rows[id]
					if want := (tenancy.Entered{Day: e.Day, Way: e.Way, Nature: e.Nature, Source: e.Source}); row.Stages[s] != want {
						t.Errorf("%s: stage %s = %+v, want %+v", id, s, row.Stages[s], want)
					}
				}
			}
			return nil
		})
	})
}

func TestEachRow_stopsWhenTheCallerSaysSo(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tenancytest.Fill(t, d)
	stop := errors.New("stop")
	err := d.Read(context.Background(), func(r db.Reader) error {
		return tenancy.EachRow(context.Background(), r, tenancytest.City, tenancy.Only{}, func(*tenancy.PanelRow) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("EachRow = %v, want the caller's error", err)
	}
}

func TestPresence_beginsWhenItWasSigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		var got []tenancy.Presence
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			return tenancy.EachRow(ctx, r, tenancytest.City, tenancy.Only{Enterprises: []enterprise.ID{"e-d"}}, func(row *tenancy.PanelRow) error {
				got = append(got, row.Presence())
				return nil
			})
		})
		want := []tenancy.Presence{
			{ID: "t-3", Park: "p-jj", OrgPath: "350500.350582.", Since: 20220301, Production: 20220301, Cleared: 20240331},
			{ID: "t-4", Park: "p-na", OrgPath: "350500.350583.", Since: 20240201},
		}
		if !slices.Equal(got, want) {
			t.Fatalf("Presence = %+v, want %+v", got, want)
		}
		for m, want := range map[int]string{1: "t-3", 2: "t-3", 3: "t-4", 12: "t-4"} { // moved at the end of March
			if i, ok := tenancy.Home(got, period.MonthOf(2024, m)); !ok || string(got[i].ID) != want {
				t.Errorf("Home in 2024-%02d = %v, %v, want %s", m, i, ok, want)
			}
		}
	})
}
