package indicator_test

import (
	"maps"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// asked is a view of a world with what the tests compare it to.
type asked struct {
	*reference
	book *indicator.Book
	view *indicator.View
}

// drawAsked writes a random world and reads it.
func drawAsked(t *rapid.T, d *db.DB, b *indicator.Book) asked {
	w := drawWorld(t)
	w.save(t, d)
	return asked{newReference(w), b, view(t, indicator.NewPanels(d, w.city, now))}
}

func (a asked) query(t *rapid.T) indicator.Query {
	q := indicator.Query{Code: rapid.SampledFrom(a.book.All()).Draw(t, "indicator").Code, Scope: auth.Whole(a.city)}
	q.By = rapid.SampledFrom([]indicator.By{indicator.ByNone, indicator.ByOrg, indicator.ByPark, indicator.ByIndustry, indicator.ByMonth}).Draw(t, "by")
	q.Period = somePeriod(t)
	switch rapid.IntRange(0, 5).Draw(t, "scope") {
	case 0:
		q.Scope.Path = a.path("a")
	case 1:
		q.Scope.Path = a.path("b")
	case 2:
		q.Scope = auth.Scope{City: a.city, Enterprise: string(rapid.SampledFrom(a.firms).Draw(t, "own").ID)}
	}
	if maybe(t, "below an org", 25) {
		if q.Path = a.path(rapid.SampledFrom([]string{"a", "op", "b", "c"}).Draw(t, "path")); q.Scope.Path != "" && !q.Scope.Within(q.Path) {
			q.Path = q.Scope.Path
		}
	}
	if maybe(t, "one park", 15) {
		q.Park = string(rapid.SampledFrom(a.parks).Draw(t, "park").ID)
	}
	if maybe(t, "one industry", 15) {
		q.Industry = rapid.SampledFrom([]string{"19", "18", "G"}).Draw(t, "industry")
	}
	return q
}

func somePeriod(t *rapid.T) period.Period {
	year := rapid.IntRange(2021, 2026).Draw(t, "year")
	switch rapid.IntRange(0, 3).Draw(t, "length") {
	case 0:
		return period.Quarter(year, rapid.IntRange(1, 4).Draw(t, "quarter"))
	case 1:
		return period.OfMonth(period.MonthOf(year, rapid.IntRange(1, 12).Draw(t, "month")))
	default:
		return period.Year(year)
	}
}

func (a asked) read(t *rapid.T, q indicator.Query) indicator.Reading {
	r, err := a.book.Read(a.view, q)
	if err != nil {
		t.Fatalf("Read(%+v) = %v", q, err)
	}
	return r
}

func ratOf(a *indicator.Amount) *big.Rat {
	if a == nil {
		return nil
	}
	return big.NewRat(a.N, a.D)
}

func same(x, y *big.Rat) bool { return (x == nil) == (y == nil) && (x == nil || x.Cmp(y) == 0) }

// One world costs more to write than to ask, so that each is asked everything.
func TestReading_agreesWithItsRowsItsPartsAndItsDefinition(t *testing.T) {
	b := book(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(t *rapid.T) {
			a := drawAsked(t, d, b)
			if a.view.Horizon != a.horizon {
				t.Fatalf("Horizon = %v, want %v", a.view.Horizon, a.horizon)
			}
			for range 25 {
				q := a.query(t)
				r := a.read(t, q)
				a.checkReference(t, q, r)
				a.checkParts(t, q, r)
				a.checkOpens(t, q, r)
				a.checkNarrower(t, q)
			}
		})
	})
}

// checkOpens lists the rows of a reading, of each of its groups, and of what it divides by.
func (a asked) checkOpens(t *rapid.T, q indicator.Query, r indicator.Reading) {
	a.checkRows(t, q, indicator.Drill{}, r.Value, r.Natures)
	for _, g := range r.Groups {
		a.checkRows(t, q, indicator.Drill{Split: true, Group: g.Key}, g.Value, g.Natures)
	}
	if p := r.Denominator; p != nil {
		a.checkRows(t, q, indicator.Drill{Part: "denominator"}, &p.Value, nil)
	}
}

// checkRows walks all pages of a cell.
func (a asked) checkRows(t *rapid.T, q indicator.Query, dr indicator.Drill, cell *indicator.Amount, natures []string) {
	d, err := a.book.Of(q.Code)
	if err != nil {
		t.Fatal(err)
	}
	dr.Limit = rapid.IntRange(1, 7).Draw(t, "limit")
	seen, found := map[string]bool{}, map[string]bool{}
	var sum int64
	for {
		page, err := a.book.Rows(a.view, q, dr)
		if err != nil {
			t.Fatalf("Rows(%+v, %+v) = %v", q, dr, err)
		}
		if !same(ratOf(page.Sum), ratOf(cell)) {
			t.Fatalf("Rows(%+v, %+v) has the sum %v, the cell says %v", q, dr, page.Sum, cell)
		}
		counted := d.Kind() == "count" || d.Kind() == "count_distinct"
		if counted && dr.Part == "" && cell != nil && int64(page.Count) != cell.N || cell == nil && page.Count > 0 {
			t.Fatalf("Rows(%+v, %+v) counts %d, the cell says %v", q, dr, page.Count, cell)
		}
		for _, row := range page.Items {
			key := row.ID
			if row.Last {
				key += " of last year"
			}
			if seen[key] {
				t.Fatalf("Rows(%+v, %+v) lists %s twice", q, dr, key)
			}
			seen[key], found[row.Nature] = true, true
			if row.Amount.D != page.Sum.D || row.Source == "" {
				t.Fatalf("Rows(%+v, %+v): amount %v of %v, source %q", q, dr, row.Amount, *page.Sum, row.Source)
			}
			sum += row.Amount.N
			if s := q.Scope.Enterprise; s != "" && row.Enterprise != s {
				t.Fatalf("Rows(%+v) lists a row of %q", q, row.Enterprise)
			}
		}
		if dr.After = page.Next; page.Next != "" {
			continue
		}
		if len(seen) != page.Count || page.Sum != nil && sum != page.Sum.N {
			t.Fatalf("Rows(%+v, %+v) lists %d rows that add up to %d, of %d and %v", q, dr, len(seen), sum, page.Count, page.Sum)
		}
		break
	}
	if k := d.Kind(); (k == "count" || k == "sum" || k == "change") && dr.Part == "" && !slices.Equal(slices.Sorted(maps.Keys(found)), slices.Sorted(slices.Values(natures))) {
		t.Fatalf("Rows(%+v, %+v) has the natures %v, the cell says %v", q, dr, found, natures)
	}
}

// checkReference counts a reading and each of its groups again, row by row.
func (a asked) checkReference(t *rapid.T, q indicator.Query, r indicator.Reading) {
	if want := a.value(a.book, q, nil); !same(ratOf(r.Value), want) {
		t.Fatalf("Read(%+v) = %v, want %v", q, ratOf(r.Value), want)
	}
	if want := a.previous(a.book, q); !same(ratOf(r.Previous), want) {
		t.Fatalf("Read(%+v).Previous = %v, want %v", q, ratOf(r.Previous), want)
	}
	got := map[string]*big.Rat{}
	for _, g := range r.Groups {
		got[g.Key] = ratOf(g.Value)
	}
	keys := []string{"", a.city, "a", "b", "c", "op", "18", "19", "G"}
	for _, p := range a.parks {
		keys = append(keys, string(p.ID))
	}
	if q.By == indicator.ByNone && len(got) > 0 {
		t.Fatalf("Read(%+v) has groups without a split", q)
	}
	if q.By == indicator.ByNone || q.By == indicator.ByMonth {
		keys = nil
		for key, x := range got {
			month := q
			month.Period, _ = period.Parse(key)
			if want := a.value(a.book, month, nil); !same(x, want) {
				t.Fatalf("Read(%+v): %s = %v, want %v", q, key, x, want)
			}
		}
	}
	for _, key := range keys {
		want := a.value(a.book, q, &key)
		x, listed := got[key]
		if listed && !same(x, want) || !listed && want != nil && want.Sign() != 0 {
			t.Fatalf("Read(%+v): group %q = %v (listed: %v), want %v", q, key, x, listed, want)
		}
		delete(got, key)
	}
	if len(keys) > 0 && len(got) > 0 {
		t.Fatalf("Read(%+v) has groups that nobody knows: %v", q, got)
	}
}

// checkParts compares a total with the sum of its groups. An enterprise in two parks is one enterprise of the county, so
// that distinct counts of groups may be more together. Months add up for returns, whose month is always known.
func (a asked) checkParts(t *rapid.T, q indicator.Query, r indicator.Reading) {
	d := r.Definition
	if q.By == indicator.ByNone || r.Value == nil || d.Kind() == "ratio" || q.By == indicator.ByMonth && (d.Over != "filing" && d.Kind() != "change" || d.Code == "filing.jobs") {
		return
	}
	sum := new(big.Rat)
	for _, g := range r.Groups {
		if g.Value != nil {
			sum.Add(sum, ratOf(g.Value))
		}
	}
	cmp := ratOf(r.Value).Cmp(sum)
	if d.Kind() == "count_distinct" && cmp > 0 || d.Kind() != "count_distinct" && cmp != 0 {
		t.Fatalf("Read(%+v) = %v, its groups add up to %v", q, ratOf(r.Value), sum)
	}
}

// checkNarrower: a county's office sees what the city's office sees of the county.
func (a asked) checkNarrower(t *rapid.T, q indicator.Query) {
	q.Scope, q.Path, q.By = auth.Whole(a.city), "", indicator.ByOrg
	for _, g := range a.read(t, q).Groups {
		if g.Key == a.city {
			continue
		}
		own, below := q, q
		own.By, own.Scope.Path = indicator.ByNone, a.path(g.Key)
		below.By, below.Path = indicator.ByNone, a.path(g.Key)
		if x, y := a.read(t, own).Value, a.read(t, below).Value; !same(ratOf(x), ratOf(g.Value)) || !same(ratOf(x), ratOf(y)) {
			t.Fatalf("Read(%+v) = %v, as a place of the city %v, as a group %v", own, ratOf(x), ratOf(y), ratOf(g.Value))
		}
	}
}

func TestRead_refusesAScopeThatSeesNothing(t *testing.T) {
	b := book(t)
	d := dbtest.Open(t, db.SQLite)
	city := newCity()
	w := &world{city: city}
	w.save(t, d)
	v := view(t, indicator.NewPanels(d, city, now))
	q := indicator.Query{Code: "park.count", Period: period.Year(2024)}
	for name, s := range map[string]auth.Scope{
		"zero": {}, "no place": {City: city}, "no city": {Path: city + "."}, "no dot at the end": {City: city, Path: city + ".a"},
		"another city": auth.Whole("350600"), "an enterprise of another city": {City: "350600", Enterprise: "e0"},
	} {
		q.Scope = s
		if _, err := b.Read(v, q); fault.KindOf(err) != fault.Denied || err == nil {
			t.Errorf("Read with the scope %q = %v, want Denied", name, err)
		}
		if _, err := b.Rows(v, q, indicator.Drill{Limit: 1}); fault.KindOf(err) != fault.Denied || err == nil {
			t.Errorf("Rows with the scope %q = %v, want Denied", name, err)
		}
	}
	q.Scope, q.Path = auth.Scope{City: city, Path: city + ".a."}, city+".b."
	_, err := b.Read(v, q)
	if f, ok := fault.Of(err); !ok || f.Kind != fault.NotFound || f.Key != "org.not_found" {
		t.Errorf("Read below another county = %v, want NotFound", err)
	}
}
