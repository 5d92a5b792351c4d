package indicator_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func freeze(t fatal, b *indicator.Book, v *indicator.View, m period.Month) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Freeze(v, m, &out); err != nil {
		t.Fatalf("Freeze(%v) = %v", m, err)
	}
	return out.String()
}

func thaw(t fatal, text string) *indicator.View {
	t.Helper()
	v, err := indicator.Thaw(strings.NewReader(text))
	if err != nil {
		t.Fatalf("Thaw = %v of\n%s", err, text)
	}
	return v
}

func TestThaw_readsWhatTheLedgerReadsOfTheMonth(t *testing.T) {
	d, b := dbtest.Open(t, db.SQLite), book(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.save(t, d)
		live := view(t, indicator.NewPanels(d, w.city, now))
		m := period.MonthOf(2022, 1) + period.Month(rapid.IntRange(0, 37).Draw(t, "month"))
		text := freeze(t, b, live, m)
		frozen := thaw(t, text)
		if again := freeze(t, b, frozen, m); again != text {
			t.Fatalf("Freeze of the thawed = \n%s\nwant\n%s", again, text)
		}
		then := live.AsOf(m)
		for _, def := range b.All() {
			for _, p := range []period.Period{period.OfMonth(m), period.Year(m.Year())} {
				for _, by := range []indicator.By{indicator.ByOrg, indicator.ByPark, indicator.ByIndustry, indicator.ByMonth} {
					q := indicator.Query{Code: def.Code, Scope: auth.Whole(w.city), Period: p, By: by}
					got, want := reading(t, b, frozen, q), reading(t, b, then, q)
					got.Sequence, got.Previous, want.Previous = want.Sequence, nil, nil // a change's year before is not frozen
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("%s of %v by %q as of %v = %+v, want %+v", def.Code, p, by, m, got, want)
					}
				}
			}
		}
	})
}

func reading(t fatal, b *indicator.Book, v *indicator.View, q indicator.Query) indicator.Reading {
	t.Helper()
	r, err := b.Read(v, q)
	if err != nil {
		t.Fatalf("Read(%+v) = %v", q, err)
	}
	return r
}

func TestCounted_addsUpToTheReading(t *testing.T) {
	d, b := dbtest.Open(t, db.SQLite), book(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.save(t, d)
		v := view(t, indicator.NewPanels(d, w.city, now))
		for _, def := range b.All() {
			q := indicator.Query{Code: def.Code, Scope: auth.Whole(w.city), Period: period.Year(2024), Path: w.path(rapid.SampledFrom(places).Draw(t, "place"))}
			want := reading(t, b, v, q)
			for _, part := range []string{"numerator", "denominator"} {
				rows, sum, err := b.Counted(v, q, part)
				if err != nil {
					t.Fatalf("Counted(%s) = %v", def.Code, err)
				}
				value := want.Value
				if def.Kind() == "ratio" {
					value = partOf(want, part)
				}
				if value != nil && (sum == nil || *sum != *value) {
					t.Fatalf("Counted(%s, %s) = %v, want %v", def.Code, part, sum, value)
				}
				n := int64(0)
				for _, r := range rows {
					n += r.Amount
				}
				if sum != nil && n != sum.N || sum == nil && len(rows) > 0 {
					t.Fatalf("rows of %s %s add up to %d, want %v", def.Code, part, n, sum)
				}
			}
		}
	})
}

func partOf(r indicator.Reading, part string) *indicator.Amount {
	p := r.Numerator
	if part == "denominator" {
		p = r.Denominator
	}
	if p == nil {
		return nil
	}
	return &p.Value
}

func TestFreeze_hidesWhatWouldBreakALine(t *testing.T) {
	d, b := dbtest.Open(t, db.SQLite), book(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.parks[0].Name = rapid.SampledFrom([]string{"a\tb", "a\nb", "\\t", "\\\\n\r", "@city", ""}).Draw(t, "name") + "园"
		w.parks[0].Source = "说\t明\\"
		w.save(t, d)
		v := view(t, indicator.NewPanels(d, w.city, now))
		frozen := thaw(t, freeze(t, b, v, period.MonthOf(2024, 6)))
		if got := frozen.ParkName("p0"); got != w.parks[0].Name {
			t.Fatalf("ParkName = %q, want %q", got, w.parks[0].Name)
		}
	})
}

func TestThaw_refusesAnotherText(t *testing.T) {
	d, b := dbtest.Open(t, db.SQLite), book(t)
	city := newCity()
	write(t, d, func(ctx context.Context, w db.Writer) error { return addOrgs(ctx, w, city) })
	text := freeze(t, b, view(t, indicator.NewPanels(d, city, now)), period.MonthOf(2024, 6))
	thaw(t, text)
	for name, bad := range map[string]string{
		"nothing":            "",
		"another header":     strings.Replace(text, "ledger 1", "ledger 2", 1),
		"no month":           strings.Replace(text, "2024-06", "2024", 1),
		"fewer rows":         strings.Replace(text, "@org\t5", "@org\t6", 1),
		"more rows":          strings.Replace(text, "@org\t5", "@org\t4", 1),
		"no count":           strings.Replace(text, "@org\t5", "@org\t-5", 1),
		"an unknown column":  strings.Replace(text, "\tland\t", "\tsea\t", 1),
		"a column of a name": strings.Replace(text, "\tname_zh\t", "\tname\t", 1),
		"cut":                text[:len(text)/2],
		"more":               text + "x\n",
	} {
		if bad == text {
			t.Fatalf("%s: the text is not changed", name)
		}
		if _, err := indicator.Thaw(strings.NewReader(bad)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Thaw of %s = %v, want Invalid", name, err)
		}
	}
	// A table may have gained a column since: what was written before is unknown.
	if older := strings.Replace(text, "\tland\topened", "\topened", 1); older == text {
		t.Error("the table of parks has no column land")
	} else {
		thaw(t, older)
	}
}

func FuzzThaw(f *testing.F) {
	f.Add([]byte("parkbrain ledger 1\n@city\t1\tcity\tmonth\n350500\t2024-06\n@org\t0\tid\tparent\tkind\tname_zh\tname_en\tdivision\tpath\tsort\n@park_name\t0\tid\tname\n@table filing\t0\tkey\n@table park\t1\tkey\tland\nx\t7\n@table phase\t0\tkey\n@table project\t0\tkey\n@table tenancy\t0\tkey\n"))
	b, err := indicator.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := indicator.Thaw(bytes.NewReader(text))
		if err != nil {
			return
		}
		once := freeze(t, b, v, v.Horizon)
		if again := freeze(t, b, thaw(t, once), v.Horizon); again != once {
			t.Fatalf("Freeze(Thaw) = %q, want %q", again, once)
		}
	})
}

func TestFreeze_ofACaughtUpViewIsThatOfAFreshOne(t *testing.T) {
	b := book(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(t *rapid.T) {
			w := drawWorld(t)
			w.save(t, d)
			l := &ledger{world: w, db: d, act: act(w.city)}
			l.act.NewID = func() string { l.n++; return fmt.Sprintf("%s-c-%06d", w.city, l.n) }
			panels := indicator.NewPanels(d, w.city, now)
			view(t, panels)
			var done []string
			for range rapid.IntRange(1, 6).Draw(t, "changes") {
				done = append(done, l.change(t))
			}
			m := period.MonthOf(2022, 1) + period.Month(rapid.IntRange(0, 37).Draw(t, "month"))
			got, want := freeze(t, b, view(t, panels), m), freeze(t, b, view(t, indicator.NewPanels(d, w.city, now)), m)
			if got != want {
				t.Fatalf("after %v Freeze(%v) = \n%s\nwant\n%s", done, m, got, want)
			}
		})
	})
}
