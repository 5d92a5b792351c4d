package filing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func value(e enterprise.ID, y, m int, f filing.Field, v int64) filing.Value {
	return filing.Value{Enterprise: e, Month: period.MonthOf(y, m), Field: f, Value: v, Nature: figure.Declared, Source: "return"}
}

func add(d *db.DB, s auth.Scope, values ...filing.Value) error {
	return tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
		_, err := filing.AddMany(ctx, w, tenancytest.Act(s), slices.Values(values))
		return err
	})
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	tenancytest.Fill(t, d)
	simulated := value("e-d", 2024, 1, filing.Jobs, 40)
	simulated.Nature, simulated.Source = figure.Simulated, "generator"
	if err := add(d, tenancytest.Scopes["city"],
		value("e-b", 2024, 1, filing.Output, 5), value("e-a", 2024, 2, filing.Output, 200), value("e-a", 2024, 1, filing.Output, 100),
		value("e-a", 2024, 1, filing.Tax, -7), value("e-a", 2023, 12, filing.Output, 90), simulated); err != nil {
		t.Fatalf("AddMany = %v", err)
	}
}

func TestField_unitsAndStocks(t *testing.T) {
	for f, want := range map[filing.Field]unit.Canonical{filing.Output: unit.Fen, filing.Tax: unit.Fen, filing.Jobs: unit.Count, filing.Electricity: unit.KWh} {
		if f.Unit() != want || f.Stock() != (f == filing.Jobs) || !f.Valid() {
			t.Errorf("%s: unit %s stock %v, want %s", f, f.Unit(), f.Stock(), want)
		}
	}
}

func TestValues_latestFirstAndOnlyInScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		read := func(s auth.Scope, q filing.Query) (text string, err error) {
			q.Limit = 1
			var out []string
			err = d.Read(context.Background(), func(r db.Reader) error {
				for {
					values, next, err := filing.Values(context.Background(), r, s, q)
					if err != nil {
						return err
					}
					for _, v := range values {
						out = append(out, fmt.Sprintf("%s/%s=%d", v.Month, v.Field, v.Value))
					}
					if q.After = next; next == "" {
						return nil
					}
				}
			})
			return strings.Join(out, " "), err
		}
		const all = "2024-02/output=200 2024-01/output=100 2024-01/tax=-7 2023-12/output=90"
		for name, s := range tenancytest.Scopes {
			got, err := read(s, filing.Query{Enterprise: "e-a"})
			switch name {
			case "city", "350582", "op", "e-a":
				if got != all || err != nil {
					t.Errorf("%s: Values = %q, %v, want %q", name, got, err, all)
				}
			default:
				if got != "" || fault.KindOf(err) != fault.NotFound || err == nil {
					t.Errorf("%s: Values = %q, %v, want NotFound", name, got, err)
				}
			}
		}
		for _, x := range []struct {
			q    filing.Query
			want string
		}{
			{filing.Query{From: period.MonthOf(2024, 1), To: period.MonthOf(2024, 1)}, "2024-01/output=100 2024-01/tax=-7"},
			{filing.Query{Fields: []filing.Field{filing.Tax, filing.Jobs}}, "2024-01/tax=-7"},
		} {
			x.q.Enterprise = "e-a"
			if got, err := read(tenancytest.Scopes["city"], x.q); got != x.want || err != nil {
				t.Errorf("Values(%+v) = %q, %v, want %q", x.q, got, err, x.want)
			}
		}
		for _, q := range []filing.Query{{After: "!"}, {Fields: []filing.Field{"size"}}} {
			q.Enterprise = "e-a"
			if _, err := read(tenancytest.Scopes["city"], q); fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("Values(%+v) = %v, want an Invalid fault", q, err)
			}
		}
	})
}

func TestAddMany_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		good := value("e-c", 2024, 1, filing.Output, 1)
		with := func(change func(*filing.Value)) filing.Value { x := good; change(&x); return x }
		for _, x := range []struct {
			key, scope string
			v          filing.Value
		}{
			{"enterprise.not_found", "350582", good}, {"enterprise.not_found", "none", good}, {"enterprise.not_found", "e-a", good},
			{"filing.exists", "city", value("e-a", 2024, 1, filing.Output, 100)},
			{"filing.bad_field", "city", with(func(v *filing.Value) { v.Field = "size" })},
			{"filing.negative", "city", with(func(v *filing.Value) { v.Field, v.Value = filing.Jobs, -1 })},
			{"filing.no_source", "city", with(func(v *filing.Value) { v.Source = "" })},
			{"figure.bad_nature", "city", with(func(v *filing.Value) { v.Nature = "" })},
			{"period.invalid", "city", with(func(v *filing.Value) { v.Month = 0 })},
			{"", "350583", good}, {"", "e-a", value("e-a", 2024, 3, filing.Output, 1)},
		} {
			err := add(d, tenancytest.Scopes[x.scope], x.v)
			if f, _ := fault.Of(err); (x.key == "") != (err == nil) || f != nil && f.Key != x.key {
				t.Errorf("AddMany as %s of %+v = %v, want %q", x.scope, x.v, err, x.key)
			}
		}
	})
}

func TestCorrect_keepsBeforeAndAfter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		c := filing.Correction{Enterprise: "e-a", Month: period.MonthOf(2024, 1), Field: filing.Output, Version: 1, Value: 120, Source: "corrected return", Reason: "typing error"}
		office := filing.Correction{Enterprise: "e-d", Month: period.MonthOf(2024, 1), Field: filing.Jobs, Version: 1, Value: 41, Source: "generator", Reason: "seed"}
		with := func(change func(*filing.Correction)) filing.Correction { x := c; change(&x); return x }
		for _, x := range []struct {
			key, scope string
			c          filing.Correction
		}{
			{"filing.not_yours", "city", c}, {"filing.not_yours", "350582", c}, {"filing.not_yours", "op", c},
			{"enterprise.not_found", "350583", c}, {"enterprise.not_found", "none", c},
			{"row.stale", "e-a", with(func(c *filing.Correction) { c.Version = 2 })},
			{"filing.not_found", "e-a", with(func(c *filing.Correction) { c.Field = filing.Jobs })},
			{"filing.no_reason", "e-a", with(func(c *filing.Correction) { c.Reason = " " })},
			{"filing.no_source", "e-a", with(func(c *filing.Correction) { c.Source = "" })},
			{"", "e-a", c}, {"", "350583", office},
		} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				v, err := filing.Correct(ctx, w, tenancytest.Act(tenancytest.Scopes[x.scope]), x.c)
				if err == nil && v != 2 {
					t.Errorf("Correct = version %d, want 2", v)
				}
				return err
			})
			if f, _ := fault.Of(err); (x.key == "") != (err == nil) || f != nil && f.Key != x.key {
				t.Errorf("Correct as %s of %+v = %v, want %q", x.scope, x.c, err, x.key)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			values, _, err := filing.Values(ctx, r, tenancytest.Scopes["e-a"], filing.Query{Enterprise: "e-a", From: c.Month, To: c.Month, Fields: []filing.Field{filing.Output}})
			if len(values) != 1 || values[0].Value != 120 || values[0].Version != 2 || values[0].Source != "corrected return" || values[0].Nature != figure.Declared {
				t.Errorf("Values = %+v, want 120 in version 2", values)
			}
			lines, lerr := audit.List(ctx, r, tenancytest.City, 0, 2)
			const want = `{"after":{"source":"corrected return","value":120},"before":{"source":"return","value":100},"reason":"typing error"}`
			if len(lines) != 2 || lines[1].Detail != want || lines[1].Entity != "e-a/2024-01/output" {
				t.Errorf("audit line = %+v, want %s", lines, want)
			}
			return errors.Join(err, lerr)
		})
	})
}

func feed(t *testing.T, d *db.DB, only filing.Only, fields ...filing.Field) string {
	t.Helper()
	var out []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		return filing.EachRow(ctx, r, tenancytest.City, only, fields, func(row *filing.PanelRow) error {
			out = append(out, fmt.Sprintf("%s/%s/%s=%d(%s,%s)", row.Month, row.Enterprise, row.Field, row.Value, row.Nature, row.Source))
			return nil
		})
	})
	return strings.Join(out, " ")
}

func TestEachRow_byMonthThenEnterprise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		const dec, janA, taxA, janB, jobsD, feb = "2023-12/e-a/output=90(declared,return)", "2024-01/e-a/output=100(declared,return)",
			"2024-01/e-a/tax=-7(declared,return)", "2024-01/e-b/output=5(declared,return)", "2024-01/e-d/jobs=40(simulated,generator)",
			"2024-02/e-a/output=200(declared,return)"
		jan := period.MonthOf(2024, 1)
		for _, x := range []struct {
			only   filing.Only
			fields []filing.Field
			want   []string
		}{
			{filing.Only{}, nil, []string{dec, janA, taxA, janB, jobsD, feb}},
			{filing.Only{}, []filing.Field{filing.Output}, []string{dec, janA, janB, feb}},
			{filing.Only{Enterprises: []enterprise.ID{}}, nil, nil},
			{filing.Only{Enterprises: []enterprise.ID{"e-d", "nobody", "e-b", "e-b"}}, nil, []string{janB, jobsD}},
			{filing.Only{Keys: []filing.Key{{"e-a", jan}, {"e-a", jan}, {"e-c", jan}}}, nil, []string{janA, taxA}},
			{filing.Only{Keys: []filing.Key{{"e-a", jan}, {"e-d", jan}}, Enterprises: []enterprise.ID{"e-a"}}, []filing.Field{filing.Output, filing.Jobs}, []string{dec, janA, jobsD, feb}},
		} {
			if got := feed(t, d, x.only, x.fields...); got != strings.Join(x.want, " ") {
				t.Errorf("EachRow(%+v, %v) = %q, want %q", x.only, x.fields, got, x.want)
			}
		}
		stop := errors.New("stop")
		err := d.Read(context.Background(), func(r db.Reader) error {
			return filing.EachRow(context.Background(), r, tenancytest.City, filing.Only{}, nil, func(*filing.PanelRow) error { return stop })
		})
		if !errors.Is(err, stop) {
			t.Errorf("EachRow = %v, want the caller's error", err)
		}
	})
}

// What was filed comes out of the feed once, in order, whatever the order of filing.
func TestEachRow_givesBackWhatWasFiled(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tenancytest.Fill(t, d)
	undo := errors.New("undo")
	rapid.Check(t, func(t *rapid.T) {
		want := map[string]int64{}
		var values []filing.Value
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			v := value(rapid.SampledFrom([]enterprise.ID{"e-a", "e-b", "e-c", "e-d"}).Draw(t, "enterprise"), 2024, rapid.IntRange(1, 5).Draw(t, "month"),
				rapid.SampledFrom(filing.Fields()).Draw(t, "field"), rapid.Int64Range(0, 1<<62).Draw(t, "value"))
			key := fmt.Sprintf("%s/%s/%s", v.Month, v.Enterprise, v.Field)
			if _, twice := want[key]; !twice {
				want[key] = v.Value
				values = append(values, v)
			}
		}
		err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
			if _, err := filing.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), slices.Values(values)); err != nil {
				return err
			}
			var keys []string
			err := filing.EachRow(ctx, w.Reader, tenancytest.City, filing.Only{}, nil, func(row *filing.PanelRow) error {
				key := fmt.Sprintf("%s/%s/%s", row.Month, row.Enterprise, row.Field)
				if v, ok := want[key]; !ok || v != row.Value {
					t.Fatalf("EachRow gave %s=%d, want %d, %v", key, row.Value, v, ok)
				}
				keys = append(keys, key)
				return nil
			})
			if len(keys) != len(want) || !slices.IsSorted(keys) {
				t.Fatalf("EachRow gave %q of %d values", keys, len(want))
			}
			return errors.Join(err, undo)
		})
		if !errors.Is(err, undo) {
			t.Fatalf("Write = %v", err)
		}
	})
}

func TestTouchID_goesBothWays(t *testing.T) {
	k := filing.Key{Enterprise: "01J/x", Month: period.MonthOf(2024, 6)}
	if got, ok := filing.ParseTouch(filing.TouchID(k)); !ok || got != k {
		t.Errorf("ParseTouch(%q) = %v, %v, want %v", filing.TouchID(k), got, ok, k)
	}
	for _, s := range []string{"", "*", "e-a", "/2024-06", "e-a/2024", "e-a/2024-13", "e-a/"} {
		if k, ok := filing.ParseTouch(s); ok {
			t.Errorf("ParseTouch(%q) = %v, want none", s, k)
		}
	}
}

func TestAddMany_touchesEnterprisesMonths(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			seq, err := audit.Seq(ctx, r, tenancytest.City)
			if err != nil {
				return err
			}
			touched, _, err := audit.Touched(ctx, r, tenancytest.City, seq-1, 100)
			var ids []string
			for _, x := range touched {
				ids = append(ids, x.Kind+":"+x.ID)
			}
			const want = "filing:e-a/2023-12 filing:e-a/2024-01 filing:e-a/2024-02 filing:e-b/2024-01 filing:e-d/2024-01"
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("touched = %q, want %q", got, want)
			}
			return err
		})
	})
}

// The size of the benchmark: 20,000 enterprises × 36 months.
const (
	benchEnterprises = 20_000
	benchMonths      = 36
)

func benchCity(b *testing.B, e db.Engine, fields ...filing.Field) *db.DB {
	d := dbtest.Open(b, e)
	tenancytest.Fill(b, d)
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		many := make([]enterprise.Enterprise, benchEnterprises)
		for i := range many {
			many[i] = enterprise.Enterprise{ID: benchID(i), USCC: tenancytest.USCC(b, 1000+i), Name: "企业", Org: "350582", Nature: figure.Simulated, Source: "generator"}
		}
		act := tenancytest.Act(tenancytest.Scopes["city"])
		if _, err := enterprise.AddMany(ctx, w, act, many); err != nil {
			return err
		}
		_, err := filing.AddMany(ctx, w, act, benchValues(fields))
		return err
	})
	return d
}

func benchID(i int) enterprise.ID { return enterprise.ID(fmt.Sprintf("01JZENTERPRISE%012d", i)) }

func benchValues(fields []filing.Field) func(func(filing.Value) bool) {
	return func(yield func(filing.Value) bool) {
		for i := range benchEnterprises {
			for m := range benchMonths {
				for _, f := range fields {
					if !yield(filing.Value{Enterprise: benchID(i), Month: period.MonthOf(2022, 1) + period.Month(m), Field: f, Value: int64(i*m) * 1000,
						Nature: figure.Simulated, Source: "generator"}) {
						return
					}
				}
			}
		}
	}
}

// BenchmarkEachRow streams 720,000 values of one field; "scan" is the driver alone, reading the same columns in the same
// order; "1000" refreshes 1,000 enterprises' months after a change.
func BenchmarkEachRow(b *testing.B) {
	d := benchCity(b, db.SQLite, filing.Output)
	keys := filing.Only{}
	for i := range 1000 {
		keys.Keys = append(keys.Keys, filing.Key{Enterprise: benchID(i * 19), Month: period.MonthOf(2024, 6)})
	}
	for name, only := range map[string]filing.Only{"all": {}, "1000": keys} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
					return filing.EachRow(ctx, r, tenancytest.City, only, []filing.Field{filing.Output}, func(*filing.PanelRow) error { n++; return nil })
				})
				b.ReportMetric(float64(n), "rows")
			}
		})
	}
	b.Run("scan", func(b *testing.B) {
		for b.Loop() {
			tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
				var id, source string
				var month, v int64
				return db.Each(ctx, r, func(s db.Scanner) error { return s.Scan(&id, &month, &v, &source) },
					`SELECT enterprise, month, value, source FROM filing_value WHERE city = $1`, tenancytest.City)
			})
		}
	})
}

func BenchmarkAddMany(b *testing.B) {
	for b.Loop() {
		benchCity(b, db.SQLite, filing.Output)
	}
	b.ReportMetric(float64(benchEnterprises*benchMonths*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// Load takes what AddMany takes, and a value that is there refuses all of them, whichever the engine tells of.
func TestLoad_isAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		load := func(values ...filing.Value) (n int64, err error) {
			err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				n, err = filing.Load(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), slices.Values(values))
				return err
			})
			return n, err
		}
		if _, err := load(value("e-c", 2024, 5, filing.Output, 1), value("e-a", 2024, 1, filing.Output, 100)); fault.KindOf(err) != fault.Exists {
			t.Errorf("Load of a value that is there = %v, want Exists", err)
		}
		if n, err := load(value("e-c", 2024, 5, filing.Output, 1), value("e-c", 2024, 6, filing.Output, 2)); n != 2 || err != nil { // nothing of the first stayed
			t.Errorf("Load = %d, %v, want 2", n, err)
		}
	})
}
