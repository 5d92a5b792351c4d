package park

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestParse_readsWhatFactSheetsWrite(t *testing.T) {
	// 1 mu = 2000/3 m², 15 mu = 1 ha (GB 3100-93); 131 mu = 87,333.3 m²
	for _, c := range []struct {
		field, text, unit string
		want              int64
		stated            string
	}{
		{LandArea, "131", "", 87_333, "亩"}, {LandArea, "15", "亩", 10_000, "亩"}, {LandArea, "1.5", "公顷", 15_000, "公顷"},
		{FloorArea, "242000", "", 242_000, "m2"}, {FloorArea, "24.2", "万平方米", 242_000, "万平方米"}, {FloorArea, "1,200", "", 1200, "m2"},
		{"investment", "4.5744", "", 45_744_000_000, "亿元"}, {"expected_tax", "1500", "", 1_500_000_000, "万元"},
		{"tenants_signed", "41", "", 41, "家"}, {"tenants_signed", "41.0", "", 41, "家"}, {LeasingRate, "88", "", 880_000, "%"},
		{LeasingRate, "100", "", 1_000_000, "%"}, {LeasingRate, "0.88", "比例", 880_000, "比例"},
		{Opened, "2024-06", "", 20240600, "date"}, {Opened, "2024", "", 20240000, "date"}, {Opened, "2024年6月", "", 20240600, "date"},
		{Opened, "2024/6/3", "", 20240603, "date"}, {Opened, "2024.12.31", "", 20241231, "date"}, {Opened, "2024年6月3日", "", 20240603, "date"},
		{Opened, "2024年", "", 20240000, "date"},
	} {
		f, err := FieldOf(c.field)
		if err != nil {
			t.Fatal(err)
		}
		if v, stated, err := f.Parse(c.text, c.unit); err != nil || v != c.want || stated != c.stated {
			t.Errorf("%s.Parse(%q, %q) = %d %s, %v, want %d %s", c.field, c.text, c.unit, v, stated, err, c.want, c.stated)
		}
	}
}

func TestParse_neverGuesses(t *testing.T) {
	for _, c := range []struct{ field, text, unit, key string }{
		{LandArea, "约100", "", "number.invalid"}, {LandArea, "100亩", "", "number.invalid"}, {LandArea, "100-200", "", "number.invalid"},
		{LandArea, "-1", "", "number.negative"}, {LandArea, "-0", "", "number.negative"}, {LandArea, "1", "万元", "unit.not_of_field"}, {LandArea, "1", "顷亩", "unit.unknown"},
		{"investment", "99999999999", "", "number.too_large"}, {"tenants_signed", "1.5", "", "number.not_whole"},
		{LeasingRate, "100.1", "", "number.above"}, {LeasingRate, "1.01", "比例", "number.above"},
		{Opened, "2024年底", "", "date.invalid"}, {Opened, "2024-13", "", "date.invalid"}, {Opened, "6月", "", "date.invalid"},
		{Opened, "2024-02-30", "", "date.invalid"}, {Opened, "45444", "", "date.invalid"}, {Opened, "1/6/2024", "", "date.invalid"}, {Opened, "1-1-1900", "", "date.invalid"},
		{Opened, "0024", "", "date.invalid"}, {Opened, "2024-", "", "date.invalid"}, {Opened, "", "", "date.invalid"},
	} {
		f, _ := FieldOf(c.field)
		v, _, err := f.Parse(c.text, c.unit)
		if why, ok := fault.Of(err); !ok || why.Key != c.key || why.Kind != fault.Invalid {
			t.Errorf("%s.Parse(%q, %q) = %d, %v, want %s", c.field, c.text, c.unit, v, err, c.key)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"131.2", "约100", "2024年6月", "2024-06-30", "-1", "100.1", "1,200"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range fields {
			v, _, err := field.Parse(s, "")
			if err == nil && (v < 0 || field.Max > 0 && v > field.Max) {
				t.Errorf("%s.Parse(%q) = %d, want it within 0…%d", field.Key, s, v, field.Max)
			}
			if err == nil && field.StatedUnit == "" && period.Date(v).Year() < 1900 {
				t.Errorf("%s.Parse(%q) = %d, want a year from 1900", field.Key, s, v)
			}
			if why, ok := fault.Of(err); err != nil && (!ok || why.Kind != fault.Invalid) {
				t.Errorf("%s.Parse(%q) = %v, want an Invalid fault", field.Key, s, err)
			}
		}
	})
}

func TestWeigh_aSourceHasOneStandingStatement(t *testing.T) {
	stated := func(value int64, source string, asOf period.Date) figure.Figure {
		return figure.Figure{ID: figure.ID(source), Field: LandArea, Value: value, Unit: "m2", Nature: figure.Declared, Source: source, AsOf: asOf}
	}
	gone := stated(90, "a", 20230000)
	gone.Replaced = "a"
	history := []figure.Figure{gone, stated(100, "a", 20240000), stated(109, "b", 0)}
	for _, c := range []struct {
		name string
		b    figure.Figure
		want verdict
	}{
		{"the same again", stated(100, "a", 20240000), repeats},
		{"another source", stated(100, "c", 20240000), beside},
		{"a correction for the same day", stated(101, "a", 20240000), replaces},
		{"a later day", stated(100, "a", 20250000), replaces},
		{"without a day", stated(101, "a", 0), replaces},
		{"an earlier day, new", stated(80, "a", 20220000), outdated},
		{"an earlier day, known", stated(90, "a", 20230000), repeats},
		{"the first dated one of a source", stated(110, "b", 20220000), replaces},
		{"another field", figure.Figure{Field: FloorArea, Source: "a", Value: 100}, beside},
	} {
		if got, _ := weigh(history, c.b); got != c.want {
			t.Errorf("%s: weigh = %d, want %d", c.name, got, c.want)
		}
	}
}

func TestRecord_twoSourcesContradictUntilAPersonChooses(t *testing.T) {
	// 英林园: 131 mu in one source, 109.28 mu on the provincial investment site
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p := add(t, d, c, "350582", "英林园")
		var a, b figure.Figure
		write(t, d, func(w db.Writer) (err error) {
			if a, err = Record(ctx, w, c.act(jinjiang), p, declared(LandArea, "131", "news")); err != nil {
				return err
			}
			b, err = Record(ctx, w, c.act(jinjiang), p, declared(LandArea, "109.28", "province"))
			return err
		})
		got := get(t, d, whole, p)
		if u := got.Used[LandArea]; !u.Contradicted || u.ID != b.ID || got.Statements[0].Used != b.ID || len(got.Statements[0].Items) != 2 || got.Version != 3 {
			t.Errorf("after two sources: used %+v, %+v, version %d, want the later, contradicted, both kept", u, got.Statements, got.Version)
		}
		refused(t, d, "Choose without a reason", fault.Invalid, "figure.no_reason", func(w db.Writer) error {
			return Choose(ctx, w, c.act(whole), p, Choice{LandArea, a.ID, " "})
		})
		refused(t, d, "Choose of another field's", fault.NotFound, "figure.not_found", func(w db.Writer) error {
			return Choose(ctx, w, c.act(whole), p, Choice{FloorArea, a.ID, "land certificate"})
		})
		refused(t, d, "Choose of no field", fault.Invalid, "park.unknown_field", func(w db.Writer) error {
			return Choose(ctx, w, c.act(whole), p, Choice{"colour", a.ID, "land certificate"})
		})
		write(t, d, func(w db.Writer) error {
			if err := Choose(ctx, w, c.act(whole), p, Choice{LandArea, b.ID, "first thought"}); err != nil {
				return err
			}
			return Choose(ctx, w, c.act(whole), p, Choice{LandArea, a.ID, "land certificate"})
		})
		if u := get(t, d, whole, p).Used[LandArea]; u.ID != a.ID || !u.Chosen || !u.Contradicted {
			t.Errorf("after choosing: %+v, want 131 mu, chosen, still contradicted", u)
		}
		write(t, d, func(w db.Writer) error { // the chosen source corrects itself: its old figure and the choice are history
			f, err := Record(ctx, w, c.act(whole), p, declared(LandArea, "109.28", "news"))
			if f.Value != 72_853 {
				t.Errorf("109.28 mu = %d m², want 72,853", f.Value)
			}
			return err
		})
		if u := get(t, d, whole, p); u.Used[LandArea].Chosen || u.Used[LandArea].Contradicted || len(u.Statements[0].Items) != 3 {
			t.Errorf("after the correction: %+v, want no choice and no contradiction, three statements", u.Statements)
		}
		refused(t, d, "Choose of a replaced figure", fault.NotFound, "figure.not_found", func(w db.Writer) error {
			return Choose(ctx, w, c.act(whole), p, Choice{LandArea, a.ID, "land certificate"})
		})
	})
}

func TestRecord_sameStatementChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		p := add(t, d, c, "350582", "英林园")
		record := func(s Statement) (f figure.Figure) {
			write(t, d, func(w db.Writer) (err error) { f, err = Record(ctx, w, c.act(whole), p, s); return err })
			return f
		}
		first := record(declared(LandArea, "131", "news"))
		lines := count(t, d, "audit_line")
		if again := record(declared(LandArea, " 131.0 ", " news ")); again.ID != first.ID {
			t.Errorf("Record of the same = figure %s, want %s", again.ID, first.ID)
		}
		if n, v := count(t, d, "audit_line"), get(t, d, whole, p).Version; n != lines || v != 2 {
			t.Errorf("the same statement wrote %d audit lines and made version %d, want none and 2", n-lines, v)
		}
		for key, s := range map[string]Statement{
			"park.unknown_field": declared("colour", "1", "x"), "number.invalid": declared(LandArea, "约100", "x"),
			"figure.no_source": declared(LandArea, "1", " "), "figure.bad_nature": {Field: LandArea, Text: "1", Source: "x"},
		} {
			refused(t, d, "Record", fault.Invalid, key, func(w db.Writer) error {
				_, err := Record(ctx, w, c.act(whole), p, s)
				return err
			})
		}
	})
}
