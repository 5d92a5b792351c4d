package target_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const seasonal = "0.02, 0.05,0.10,0.18,0.26,0.36,0.46,0.56,0.66,0.76,0.88,1"

// The city's 2025 plan: 1,000 newly producing enterprises, 100 bn yuan of output more (published targets).
func TestPace_followsTheCurve(t *testing.T) {
	commissioned := target.Target{Year: 2025, Value: 1000, Curve: target.Linear}
	output := target.Target{Year: 2025, Value: 10_000_000_000_000} // fen; no curve = linear
	curved := target.Target{Year: 2025, Value: 1000, Curve: seasonal}
	for _, x := range []struct {
		name string
		t    target.Target
		a    target.Accrual
		asOf period.Month
		want int64
	}{
		{"half of the year", commissioned, target.Flow, period.MonthOf(2025, 6), 500},
		{"a twelfth, rounded", commissioned, target.Flow, period.MonthOf(2025, 1), 83},
		{"two twelfths, rounded", commissioned, target.Flow, period.MonthOf(2025, 2), 167},
		{"all at the end", commissioned, target.Flow, period.MonthOf(2025, 12), 1000},
		{"nothing before", commissioned, target.Flow, period.MonthOf(2024, 12), 0},
		{"all after", commissioned, target.Flow, period.MonthOf(2026, 1), 1000},
		{"beyond 2^53", output, target.Flow, period.MonthOf(2025, 7), 5_833_333_333_333},
		{"largest value", target.Target{Year: 2025, Value: 1<<63 - 1}, target.Flow, period.MonthOf(2025, 6), 1 << 62},
		{"below zero", target.Target{Year: 2025, Value: -1000}, target.Flow, period.MonthOf(2025, 1), -83},
		{"seasonal", curved, target.Flow, period.MonthOf(2025, 2), 50},
		{"seasonal end", curved, target.Flow, period.MonthOf(2025, 12), 1000},
		{"a stock stands whole", commissioned, target.Stock, period.MonthOf(2025, 1), 1000},
		{"a stock before its year", curved, target.Stock, period.MonthOf(2024, 1), 1000},
	} {
		if got, err := x.t.Pace(x.a, x.asOf); got != x.want || err != nil {
			t.Errorf("%s: Pace = %d, %v, want %d", x.name, got, err, x.want)
		}
	}
}

func TestPace_neverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := target.Target{Year: 2025, Value: rapid.Int64Range(0, 1<<63-1).Draw(t, "value"), Curve: rapid.SampledFrom([]string{"", target.Linear, seasonal}).Draw(t, "curve")}
		before := int64(0)
		for m := period.MonthOf(2024, 11); m <= period.MonthOf(2026, 2); m++ {
			p, err := x.Pace(target.Flow, m)
			if err != nil || p < before || p > x.Value {
				t.Fatalf("Pace(%v) = %d, %v after %d of %d", m, p, err, before, x.Value)
			}
			before = p
		}
		if before != x.Value {
			t.Fatalf("Pace after the year = %d, want %d", before, x.Value)
		}
	})
}

func TestShares_refusesWhatIsNoCurve(t *testing.T) {
	if s, err := target.Shares(seasonal); err != nil || s[0] != 20_000 || s[11] != target.One {
		t.Errorf("Shares(%q) = %v, %v", seasonal, s, err)
	}
	eleven := strings.Repeat("0.1,", 11)
	for _, curve := range []string{"steep", "0.5,1", eleven + "0.9", eleven + "1.1", eleven + "1,1", "0.2," + eleven[4:] + "1", "-0.1," + eleven[4:] + "1",
		"0.0000001," + eleven[4:] + "1", "," + eleven[4:] + "1", "1e-1," + eleven[4:] + "1"} {
		if s, err := target.Shares(curve); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Shares(%q) = %v, %v, want an Invalid fault", curve, s, err)
		}
	}
}

func FuzzShares(f *testing.F) {
	f.Add(seasonal)
	f.Add("linear")
	f.Fuzz(func(t *testing.T, curve string) {
		s, err := target.Shares(curve)
		if err != nil {
			return
		}
		for i := range s {
			if s[i] < 0 || i > 0 && s[i] < s[i-1] || s[11] != target.One {
				t.Fatalf("Shares(%q) = %v", curve, s)
			}
		}
	})
}

func TestAttainment_inPartsPerMillion(t *testing.T) {
	for _, x := range []struct {
		reading, of, want int64
		ok                bool
	}{
		{1021, 1000, 1_021_000, true}, {1, 3, 333_333, true}, {2, 3, 666_667, true}, {0, 5, 0, true}, {-1, 3, -333_333, true},
		{5, 0, 0, false}, {1<<63 - 1, 1<<63 - 1, target.One, true}, {1<<63 - 1, 1, 0, false},
	} {
		if got, ok := target.Attainment(x.reading, x.of); got != x.want || ok != x.ok {
			t.Errorf("Attainment(%d, %d) = %d, %v, want %d, %v", x.reading, x.of, got, ok, x.want, x.ok)
		}
	}
	if target.AccrualOf(true) != target.Flow || target.AccrualOf(false) != target.Stock {
		t.Error("AccrualOf turns things round")
	}
}

var programme = []target.Target{
	{Org: "350500", Year: 2024, Indicator: "tenancy.production.cumulative", Kind: target.Result, Value: 1200, Unit: unit.Count, Stated: "1200", StatedUnit: "家", Source: "special page"},
	{Org: "350500", Year: 2025, Indicator: "tenancy.production.new", Kind: target.Wanted, Value: 1000, Unit: unit.Count, Stated: "1000", StatedUnit: "家", Curve: target.Linear, Source: "special page"},
	{Org: "350582", Year: 2025, Indicator: "tenancy.production.new", Kind: target.Wanted, Value: 400, Unit: unit.Count, Stated: "400", StatedUnit: "家", Curve: target.Linear, Source: "plan"},
	{Org: "350583", Year: 2025, Indicator: "tenancy.production.new", Kind: target.Wanted, Value: 200, Unit: unit.Count, Stated: "200", StatedUnit: "家", Curve: target.Linear, Source: "plan"},
}

func put(d *db.DB, s auth.Scope, list ...target.Target) (out target.Outcome, err error) {
	err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
		out, err = target.Put(ctx, w, tenancytest.Act(s), list...)
		return err
	})
	return out, err
}

func TestPut_sameListTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		city := tenancytest.Scopes["city"]
		seq := func() (n int64) {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
				n, err = audit.Verify(ctx, r, tenancytest.City)
				return err
			})
			return n
		}
		if out, err := put(d, city, programme...); err != nil || out != (target.Outcome{New: 4}) {
			t.Fatalf("Put = %+v, %v, want 4 new", out, err)
		}
		after := seq()
		if out, err := put(d, city, programme...); err != nil || out != (target.Outcome{Same: 4}) || seq() != after {
			t.Errorf("Put again = %+v, %v, audit lines %d, want 4 same and no line more than %d", out, err, seq(), after)
		}
		changed := programme[2]
		changed.Value, changed.Stated = 450, "450"
		if out, err := put(d, tenancytest.Scopes["350582"], changed); err != nil || out != (target.Outcome{Changed: 1}) {
			t.Errorf("Put = %+v, %v, want 1 changed", out, err)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, _, err := target.List(ctx, r, tenancytest.Scopes["350582"], target.Query{})
			changed.City, changed.Version = tenancytest.City, 2
			if len(got) != 1 || got[0] != changed {
				t.Errorf("List = %+v, want %+v", got, changed)
			}
			return err
		})
	})
}

func TestList_showsOnlyWhatTheScopeCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		if _, err := put(d, tenancytest.Scopes["city"], programme...); err != nil {
			t.Fatal(err)
		}
		list := func(s auth.Scope, q target.Query) (text string) {
			var out []string
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				q.Limit = 1
				for {
					items, next, err := target.List(ctx, r, s, q)
					if err != nil {
						return err
					}
					for _, x := range items {
						out = append(out, fmt.Sprintf("%d/%s=%d", x.Year, x.Org, x.Value))
					}
					if q.After = next; next == "" {
						return nil
					}
				}
			})
			return strings.Join(out, " ")
		}
		for name, want := range map[string]string{
			"city": "2024/350500=1200 2025/350500=1000 2025/350582=400 2025/350583=200", "350582": "2025/350582=400", "350583": "2025/350583=200",
			"op": "", "e-a": "", "elsewhere": "", "none": "", "no place": "", "no dot": "",
		} {
			if got := list(tenancytest.Scopes[name], target.Query{}); got != want {
				t.Errorf("List(%s) = %q, want %q", name, got, want)
			}
		}
		for _, x := range []struct {
			q    target.Query
			want string
		}{
			{target.Query{Year: 2024}, "2024/350500=1200"}, {target.Query{Org: "350583"}, "2025/350583=200"}, {target.Query{Kind: target.Result}, "2024/350500=1200"},
			{target.Query{Indicator: "tenancy.production.new", Org: "350500"}, "2025/350500=1000"},
		} {
			if got := list(tenancytest.Scopes["city"], x.q); got != x.want {
				t.Errorf("List(%+v) = %q, want %q", x.q, got, x.want)
			}
		}
	})
}

func TestPut_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		with := func(change func(*target.Target)) target.Target { x := programme[1]; change(&x); return x }
		for _, x := range []struct {
			key, scope string
			t          target.Target
		}{
			{"org.not_found", "350582", programme[1]}, {"org.not_found", "none", programme[1]}, {"org.not_found", "e-a", programme[1]},
			{"target.bad_year", "city", with(func(x *target.Target) { x.Year = 25 })},
			{"target.bad_kind", "city", with(func(x *target.Target) { x.Kind = "" })},
			{"target.no_indicator", "city", with(func(x *target.Target) { x.Indicator = "" })},
			{"target.no_source", "city", with(func(x *target.Target) { x.Source = " " })},
			{"target.bad_curve", "city", with(func(x *target.Target) { x.Curve = "0.5,1" })},
			{"unit.unknown", "city", with(func(x *target.Target) { x.Unit = "stones" })},
			{"text.invalid", "city", with(func(x *target.Target) { x.Stated = "\xff" })},
		} {
			_, err := put(d, tenancytest.Scopes[x.scope], x.t)
			if f, ok := fault.Of(err); !ok || f.Key != x.key {
				t.Errorf("Put as %s = %v, want %s", x.scope, err, x.key)
			}
		}
		for _, q := range []target.Query{{Limit: 501}, {After: "!"}, {Org: "\xff"}} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				_, _, err := target.List(context.Background(), r, tenancytest.Scopes["city"], q)
				return err
			})
			if fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("List(%+v) = %v, want an Invalid fault", q, err)
			}
		}
	})
}
