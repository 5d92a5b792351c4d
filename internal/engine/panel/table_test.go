package panel

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

func testRow(key string) Row {
	return Row{Key: key, Dims: []string{"1.", "e1", "record"}, Ints: []Int{Some(1), {}}, Dates: []period.Date{20240600, 0}}
}

func wantFault(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Kind != kind || f.Key != key {
		t.Errorf("%s = %v, want %v %s", what, err, kind, key)
	}
}

func TestNewBuilder_refusesANameUsedTwice(t *testing.T) {
	for _, s := range []Schema{{Dims: []string{"a", "a"}}, {Dims: []string{"a"}, Dates: []string{"a"}}, {Ints: []string{""}}} {
		_, err := NewBuilder(s)
		wantFault(t, fmt.Sprintf("NewBuilder(%v)", s), err, fault.Invalid, "panel.schema")
	}
}

func TestAddAndApply_refuseARowThatDoesNotFit(t *testing.T) {
	table := newTest(t, 64, []Row{testRow("a")})
	for key, spoil := range map[string]func(*Row){
		"panel.key":       func(r *Row) { r.Key = "" },
		"panel.row_shape": func(r *Row) { r.Dims = r.Dims[1:] },
		"panel.overflow":  func(r *Row) { r.Ints[0] = Some(math.MinInt64) },
		"panel.date":      func(r *Row) { r.Dates[0] = 20241300 },
	} {
		r := testRow("b")
		spoil(&r)
		_, err := table.Apply([]Row{testRow("c"), r}, []string{"a"})
		wantFault(t, "Apply", err, fault.Invalid, key)
		_, err = NewTable(testSchema, slices.Values([]Row{r}))
		wantFault(t, "NewTable", err, fault.Invalid, key)
	}
	long := testRow(strings.Repeat("k", maxKey+1))
	_, err := table.Apply([]Row{long}, nil)
	wantFault(t, "Apply of a long key", err, fault.Invalid, "panel.key")
	for _, d := range []period.Date{-1, 1, 20240015, 20240632, 99} {
		r := testRow("b")
		r.Dates[0] = d
		_, err := table.Apply([]Row{r}, nil)
		wantFault(t, fmt.Sprintf("Apply of date %d", d), err, fault.Invalid, "panel.date")
	}
	if table.Len() != 1 {
		t.Errorf("Len = %d after refused changes, want 1", table.Len())
	}
}

func TestBuild_refusesAKeyTwice(t *testing.T) {
	_, err := NewTable(testSchema, slices.Values([]Row{testRow("a"), testRow("b"), testRow("a")}))
	wantFault(t, "NewTable", err, fault.Exists, "panel.duplicate_key")
}

func TestQuestions_refuseAnUnknownColumn(t *testing.T) {
	table := newTest(t, 64, []Row{testRow("a")})
	for _, p := range []Predicate{
		In("x", "1"), Prefix("output", ""), Compare("org", Equal, 1), IntKnown("month"), DateKnown("output"),
		Not(In("x")), Any(Filter{In("x")}), DateIn("x", period.Year(2024)),
	} {
		_, err := table.Select(Filter{p})
		wantFault(t, fmt.Sprintf("Select(%+v)", p), err, fault.Invalid, "panel.unknown_column")
	}
	for _, p := range []Predicate{{}, Compare("output", 0, 1)} {
		_, err := table.Select(Filter{p})
		wantFault(t, "Select of no predicate", err, fault.Invalid, "panel.predicate")
	}
	sel, err := table.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []Query{{Measure: Sum("org")}, {Measure: CountDistinct("output")}, {By: Group{Column: "output"}}, {Nature: "x"}} {
		_, err := sel.Aggregate(q)
		wantFault(t, fmt.Sprintf("Aggregate(%+v)", q), err, fault.Invalid, "panel.unknown_column")
	}
	_, err = sel.Within(Group{Column: "x"}, "")
	wantFault(t, "Within", err, fault.Invalid, "panel.unknown_column")
	_, err = sel.Rows(Sum("x"), Page{Limit: 1})
	wantFault(t, "Rows", err, fault.Invalid, "panel.unknown_column")
	for _, limit := range []int{-1, 0, MaxLimit + 1} {
		_, err = sel.Rows(Count(), Page{Limit: limit})
		wantFault(t, "Rows", err, fault.Invalid, "panel.limit")
	}
}

func TestSum_isExactWhateverTheOrder(t *testing.T) {
	rows := func(values ...int64) []Row {
		var out []Row
		for i, v := range values {
			r := testRow(fmt.Sprint(i))
			r.Ints[0] = Some(v)
			out = append(out, r)
		}
		return out
	}
	total := func(rows []Row) (int64, error) {
		sel, err := newTest(t, 64, rows).Select(nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := sel.Aggregate(Query{Measure: Sum("output")})
		return res.Total.Value, err
	}
	if got, err := total(rows(math.MaxInt64, math.MaxInt64, -math.MaxInt64)); err != nil || got != math.MaxInt64 {
		t.Errorf("a sum that leaves int64 on the way = %d, %v, want %d", got, err, int64(math.MaxInt64))
	}
	if got, err := total(rows(-math.MaxInt64, -1)); err != nil || got != math.MinInt64 {
		t.Errorf("the least sum = %d, %v, want %d", got, err, int64(math.MinInt64))
	}
	for _, v := range []int64{1, -1} {
		_, err := total(rows(v*math.MaxInt64, v, v))
		wantFault(t, "a sum outside int64", err, fault.Invalid, "panel.overflow")
	}
}

func TestSum_ofNothingKnownIsNotZero(t *testing.T) {
	sel, err := newTest(t, 64, []Row{testRow("a")}).Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := sel.Aggregate(Query{Measure: Sum("area"), By: Group{Column: "org"}, Nature: "nature"})
	c, ok := res.Cell("1.")
	if err != nil || !ok || c.Rows != 1 || c.Listed != 0 || c.Natures != nil {
		t.Errorf("cell = %+v, %v, %v, want one row, none listed and no nature", c, ok, err)
	}
}

func TestDistinctCount_isTheSameAsBitsetsAndAsList(t *testing.T) {
	table := newTest(t, 64, nil)
	var rows []Row
	for i := range 1000 {
		r := testRow(fmt.Sprint("k", i))
		r.Dims[1] = fmt.Sprint("e", i*i%331)
		r.Dims[0] = fmt.Sprint(i % 17)
		rows = append(rows, r)
	}
	table, err := table.Apply(rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(budget int) string {
		d := newDistinctCount(len(table.views[1].text), budget)
		d.grow(len(table.views[0].text))
		for _, c := range table.chunks {
			d.add(c.dims[1], c.dims[0])
		}
		return fmt.Sprint(d.counts())
	}
	want := answer(maxSetWords)
	for _, budget := range []int{0, 7, 30} {
		if got := answer(budget); got != want {
			t.Errorf("counts with a budget of %d words = %s, want %s", budget, got, want)
		}
	}
}

func TestApply_usesDeadSlotsAgain(t *testing.T) {
	var rows []Row
	for i := range 640 {
		rows = append(rows, testRow(fmt.Sprint("a", i)))
	}
	table := newTest(t, 64, rows)
	for round := range 50 {
		var deletes []string
		var upserts []Row
		for i := range 100 {
			deletes = append(deletes, fmt.Sprint("a", round*100+i))
			upserts = append(upserts, testRow(fmt.Sprint("a", 640+round*100+i)))
		}
		var err error
		if table, err = table.Apply(upserts, deletes); err != nil {
			t.Fatal(err)
		}
	}
	if table.Len() != 640 || len(table.chunks) > 13 {
		t.Errorf("%d rows in %d chunks of 64 after 5,000 replacements, want 640 in at most 13", table.Len(), len(table.chunks))
	}
}

func TestApply_sharesWhatItDoesNotTouch(t *testing.T) {
	var rows []Row
	for i := range 128 {
		rows = append(rows, testRow(fmt.Sprintf("a%03d", i)))
	}
	old := newTest(t, 64, rows)
	r := testRow("a000")
	r.Ints[0] = Some(2)
	next, err := old.Apply([]Row{r}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, b := old.chunks[0], next.chunks[0]
	if next.chunks[1] != old.chunks[1] || next.index != old.index || &a.ints[1][0] != &b.ints[1][0] || &a.dims[0][0] != &b.dims[0][0] {
		t.Error("Apply copied a chunk, a column or the index that the change does not touch")
	}
	if a.ints[0][0] != 1 || b.ints[0][0] != 2 {
		t.Errorf("values = %d before and %d after, want 1 and 2", a.ints[0][0], b.ints[0][0])
	}
}

func TestBytes_growsWithTheRows(t *testing.T) {
	small := newTest(t, 64, []Row{testRow("a")})
	var rows []Row
	for i := range 1000 {
		rows = append(rows, testRow(fmt.Sprint("k", i)))
	}
	if large := newTest(t, 64, rows); small.Bytes() <= 0 || large.Bytes() < 1000*40 {
		t.Errorf("Bytes = %d and %d, want more than 0 and at least 40 per row", small.Bytes(), large.Bytes())
	}
}

// Moving amounts between rows keeps the sum: a reader that mixed two snapshots would see another one.
func TestTable_readersAndWriterAtTheSameTime(t *testing.T) {
	var rows []Row
	for i := range 500 {
		rows = append(rows, testRow(fmt.Sprintf("k%03d", i)))
	}
	var current atomic.Pointer[Table]
	current.Store(newTest(t, 64, rows))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 150 {
				readOnce(t, current.Load(), fmt.Sprint("e", i))
			}
		})
	}
	wg.Go(func() {
		for i := range 200 {
			from, to, fresh := testRow(fmt.Sprintf("k%03d", i)), testRow(fmt.Sprintf("k%03d", i+200)), testRow(fmt.Sprint("n", i))
			from.Ints[0], to.Ints[0], fresh.Ints[0] = Some(-9), Some(11), Some(0)
			to.Dims[1], fresh.Dims[0] = fmt.Sprint("e", i), fmt.Sprint(i, ".")
			next, err := current.Load().Apply([]Row{from, to, fresh}, []string{fmt.Sprint("n", i-5)})
			if err != nil {
				t.Error(err)
				return
			}
			current.Store(next)
		}
	})
	wg.Wait()
}

// readOnce asks one snapshot for a number in several ways.
func readOnce(t *testing.T, table *Table, enterprise string) {
	sel, err := table.Select(nil)
	if err != nil {
		t.Error(err)
		return
	}
	res, err := sel.Aggregate(Query{Measure: Sum("output"), By: Group{Column: "org"}, Nature: "nature"})
	if err != nil || res.Total.Value != 500 {
		t.Errorf("total = %d, %v, want 500", res.Total.Value, err)
	}
	few, err := table.Select(Filter{In("enterprise", enterprise)})
	if err != nil || few.Len() > table.Len() {
		t.Errorf("Select = %v, %v", few, err)
	}
	sum, page := int64(0), Page{Limit: 77}
	for {
		list, err := sel.Rows(Sum("output"), page)
		if err != nil {
			t.Error(err)
			return
		}
		for _, it := range list.Items {
			sum += it.Amount
		}
		if page.After = list.Next; page.After == "" {
			break
		}
	}
	if sum != res.Total.Value {
		t.Errorf("the list adds up to %d, the number is %d", sum, res.Total.Value)
	}
}
