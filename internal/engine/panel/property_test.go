package panel

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"pgregory.net/rapid"
)

var testSchema = Schema{
	Name: "test", Dims: []string{"org", "enterprise", "nature"}, Ints: []string{"output", "area"}, Dates: []string{"month", "opened"},
}

const natureDim = 2

var (
	orgs    = []string{"", "1.", "1.2.", "1.2.3.", "1.20.", "4.", "4.5."}
	natures = []string{"record", "simulated", "", "declared"}
)

func drawDate(t *rapid.T, label string) period.Date {
	year := rapid.IntRange(2022, 2025).Draw(t, label+" year")
	month := rapid.IntRange(0, 12).Draw(t, label+" month")
	day := 0
	if month > 0 {
		day = rapid.IntRange(0, int(period.MonthOf(year, month).Last())%100).Draw(t, label+" day")
	}
	if rapid.IntRange(0, 5).Draw(t, label+" known") == 0 {
		return 0
	}
	return period.DateOf(year, month, day)
}

func drawInt(t *rapid.T, label string) Int {
	switch rapid.IntRange(0, 9).Draw(t, label+" kind") {
	case 0, 1:
		return Int{}
	case 2:
		return Some(rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64 + 1, math.MaxInt64 / 2, 0}).Draw(t, label))
	default:
		return Some(rapid.Int64Range(-20, 20).Draw(t, label))
	}
}

func drawRow(t *rapid.T) Row {
	return Row{
		Key: fmt.Sprintf("k%d", rapid.IntRange(0, 400).Draw(t, "key")),
		Dims: []string{
			rapid.SampledFrom(orgs).Draw(t, "org"),
			rapid.SampledFrom([]string{"", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"}).Draw(t, "enterprise"),
			rapid.SampledFrom(natures).Draw(t, "nature"),
		},
		Ints:  []Int{drawInt(t, "output"), drawInt(t, "area")},
		Dates: []period.Date{drawDate(t, "month"), drawDate(t, "opened")},
	}
}

// drawn is a predicate and what it should mean.
type drawn struct {
	p    Predicate
	test func(Row) bool
}

func drawPredicate(t *rapid.T, depth int) drawn {
	top := 5
	if depth == 0 {
		top = 3
	}
	switch rapid.IntRange(0, top).Draw(t, "predicate") {
	case 0, 1:
		return drawText(t)
	case 2:
		return drawNumber(t)
	case 3:
		return drawDateTest(t)
	case 4:
		in := drawPredicate(t, depth-1)
		return drawn{Not(in.p), func(r Row) bool { return !in.test(r) }}
	default:
		var filters []Filter
		var tests []func(Row) bool
		for range rapid.IntRange(0, 3).Draw(t, "alternatives") {
			f, test := drawFilter(t, depth-1)
			filters, tests = append(filters, f), append(tests, test)
		}
		return drawn{Any(filters...), func(r Row) bool {
			return slices.ContainsFunc(tests, func(test func(Row) bool) bool { return test(r) })
		}}
	}
}

func drawFilter(t *rapid.T, depth int) (Filter, func(Row) bool) {
	var f Filter
	var tests []func(Row) bool
	for range rapid.IntRange(0, 3).Draw(t, "predicates") {
		d := drawPredicate(t, depth)
		f, tests = append(f, d.p), append(tests, d.test)
	}
	return f, func(r Row) bool {
		return !slices.ContainsFunc(tests, func(test func(Row) bool) bool { return !test(r) })
	}
}

func drawText(t *rapid.T) drawn {
	dim := rapid.IntRange(0, 2).Draw(t, "dim")
	name := testSchema.Dims[dim]
	prefix := rapid.SampledFrom([]string{"", "1.", "1.2.", "4.5.", "e", "x"}).Draw(t, "prefix")
	values := rapid.SliceOfN(rapid.SampledFrom(slices.Concat(orgs, natures, []string{"e1", "e2", "e3", "nowhere"})), 0, 5).Draw(t, "values")
	switch rapid.IntRange(0, 2).Draw(t, "text test") {
	case 0:
		return drawn{Prefix(name, prefix), func(r Row) bool { return strings.HasPrefix(r.Dims[dim], prefix) }}
	case 1:
		return drawn{In(name, values...), func(r Row) bool { return slices.Contains(values, r.Dims[dim]) }}
	default:
		return drawn{NotIn(name, values...), func(r Row) bool { return !slices.Contains(values, r.Dims[dim]) }}
	}
}

func drawNumber(t *rapid.T) drawn {
	col := rapid.IntRange(0, 1).Draw(t, "int column")
	name := testSchema.Ints[col]
	c := rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -7, 0, 1, 20, math.MaxInt64 - 1, math.MaxInt64}).Draw(t, "constant")
	known := func(is func(v int64) bool) func(Row) bool {
		return func(r Row) bool { return r.Ints[col].OK && is(r.Ints[col].V) }
	}
	return rapid.SampledFrom([]drawn{
		{IntKnown(name), known(func(int64) bool { return true })},
		{IntUnknown(name), func(r Row) bool { return !r.Ints[col].OK }},
		{Compare(name, Equal, c), known(func(v int64) bool { return v == c })},
		{Compare(name, NotEqual, c), known(func(v int64) bool { return v != c })},
		{Compare(name, Less, c), known(func(v int64) bool { return v < c })},
		{Compare(name, AtMost, c), known(func(v int64) bool { return v <= c })},
		{Compare(name, More, c), known(func(v int64) bool { return v > c })},
		{Compare(name, AtLeast, c), known(func(v int64) bool { return v >= c })},
	}).Draw(t, "number test")
}

func drawDateTest(t *rapid.T) drawn {
	col := rapid.IntRange(0, 1).Draw(t, "date column")
	name := testSchema.Dates[col]
	from := period.MonthOf(2021, 6) + period.Month(rapid.IntRange(0, 60).Draw(t, "from"))
	to := from + period.Month(rapid.IntRange(-2, 30).Draw(t, "length"))
	p := rapid.SampledFrom([]period.Period{
		{}, period.Year(from.Year()), period.Quarter(from.Year(), (from.Month()+2)/3), period.OfMonth(from),
	}).Draw(t, "period")
	on := func(is func(d period.Date) bool) func(Row) bool { return func(r Row) bool { return is(r.Dates[col]) } }
	return rapid.SampledFrom([]drawn{
		{DateIn(name, p), on(p.Contains)},
		{DateBetween(name, from, to), on(func(d period.Date) bool { return between(d, from, to) })},
		{DateUntil(name, to), on(func(d period.Date) bool { return d != 0 && latest(d) <= to.Last() })},
		{DateAfter(name, to), on(func(d period.Date) bool { return d != 0 && earliest(d) > to.Last() })},
		{DateKnown(name), on(func(d period.Date) bool { return d != 0 })},
		{DateUnknown(name), on(func(d period.Date) bool { return d == 0 })},
	}).Draw(t, "date test")
}

func drawQuestion(t *rapid.T) question {
	var q question
	switch q.measure = measureKind(rapid.IntRange(0, 2).Draw(t, "measure")); q.measure {
	case sum:
		q.col = rapid.IntRange(0, 1).Draw(t, "summed")
		q.query.Measure = Sum(testSchema.Ints[q.col])
	case distinct:
		q.col = rapid.IntRange(0, 2).Draw(t, "distinct")
		q.query.Measure = CountDistinct(testSchema.Dims[q.col])
	}
	if rapid.Bool().Draw(t, "with nature") {
		q.query.Nature = "nature"
	}
	top := func(s string) (string, bool) { // the first step of a path; no group for an unknown org
		head, _, ok := strings.Cut(s, ".")
		return head, ok
	}
	year := func(s string) (string, bool) { return s[:min(4, len(s))], true }
	text := func(r Row) string { return r.Dates[0].Month().String() }
	switch rapid.IntRange(0, 5).Draw(t, "group") {
	case 1:
		q.query.By, q.group = Group{Column: "org"}, func(r Row) (string, bool) { return r.Dims[0], true }
	case 2:
		q.query.By, q.group = Group{Column: "org", Map: top}, func(r Row) (string, bool) { return top(r.Dims[0]) }
	case 3:
		q.query.By, q.group = Group{Column: "enterprise"}, func(r Row) (string, bool) { return r.Dims[1], true }
	case 4:
		q.query.By, q.group = Group{Column: "month"}, func(r Row) (string, bool) {
			switch d := r.Dates[0]; {
			case d == 0:
				return "", true
			case int(d)/100%100 == 0:
				return text(r)[:4], true
			default:
				return text(r), true
			}
		}
	case 5:
		q.query.By, q.group = Group{Column: "opened", Map: year}, func(r Row) (string, bool) { return year(r.Dates[1].String()) }
	}
	return q
}

// newTest builds a table with chunks of size rows, few enough that small tables have several.
func newTest(t interface{ Fatalf(string, ...any) }, size int, rows []Row) *Table {
	b, err := NewBuilder(testSchema)
	if err != nil {
		t.Fatalf("NewBuilder = %v", err)
	}
	b.size = size
	for _, r := range rows {
		if err := b.Add(r); err != nil {
			t.Fatalf("Add(%v) = %v", r, err)
		}
	}
	out, err := b.Build()
	if err != nil {
		t.Fatalf("Build = %v", err)
	}
	return out
}

// drawTable draws a table and its reference.
func drawTable(t *rapid.T) (*Table, reference) {
	ref := reference{}
	var rows []Row
	n := rapid.SampledFrom([]int{0, 1, 5, 64, 130, 250}).Draw(t, "size")
	for _, r := range rapid.SliceOfN(rapid.Custom(drawRow), n, n).Draw(t, "rows") {
		if _, twice := ref[r.Key]; !twice {
			ref[r.Key] = r
			rows = append(rows, r)
		}
	}
	if rapid.Bool().Draw(t, "sorted by month") {
		slices.SortStableFunc(rows, func(a, b Row) int { return int(a.Dates[0]) - int(b.Dates[0]) })
	}
	return newTest(t, rapid.SampledFrom([]int{64, 128}).Draw(t, "chunk size"), rows), ref
}

// compare asks one random question of the table and the reference.
func compare(t *rapid.T, table *Table, ref reference) {
	filter, test := drawFilter(t, 2)
	q := drawQuestion(t)
	sel, err := table.Select(filter)
	if err != nil {
		t.Fatalf("Select = %v", err)
	}
	rows := ref.selected(test)
	if sel.Len() != len(rows) {
		t.Fatalf("Select chose %d rows, want %d", sel.Len(), len(rows))
	}
	want, groups, fits := q.result(rows)
	got, err := sel.Aggregate(q.query)
	if !fits {
		if f, ok := fault.Of(err); !ok || f.Key != "panel.overflow" {
			t.Fatalf("Aggregate = %v, %v, want panel.overflow", got, err)
		}
		return
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("Aggregate(%+v) = %+v, %v, want %+v", q.query, got, err, want)
	}
	checkList(t, sel, q, got.Total, rows)
	for _, cell := range got.Cells {
		part, err := sel.Within(q.query.By, cell.Key)
		if err != nil {
			t.Fatalf("Within(%q) = %v", cell.Key, err)
		}
		checkList(t, part, q, cell, groups[cell.Key])
		if found, ok := got.Cell(cell.Key); !ok || !reflect.DeepEqual(found, cell) {
			t.Fatalf("Cell(%q) = %v, %v, want %v", cell.Key, found, ok, cell)
		}
	}
}

// checkList pages through a list and holds it against the cell and against the reference's rows.
func checkList(t *rapid.T, sel *Selection, q question, cell Cell, rows []Row) {
	want := q.listed(rows)
	var got []Item
	total, page := int64(0), Page{}
	for {
		page.Limit = rapid.IntRange(1, 60).Draw(t, "page")
		list, err := sel.Rows(q.query.Measure, page)
		if err != nil || len(list.Items) > page.Limit {
			t.Fatalf("Rows(%+v) = %d items, %v", page, len(list.Items), err)
		}
		got = append(got, list.Items...)
		if page.After = list.Next; page.After == "" {
			break
		}
	}
	for _, it := range got {
		total += it.Amount // may wrap on the way; the end is the cell's value all the same
	}
	if len(got) != cell.Listed || total != cell.Value {
		t.Fatalf("list of %+v has %d items adding up to %d", cell, len(got), total)
	}
	if len(want) != len(got) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("list of %+v = %v, want %v", cell, got, want)
	}
}

func TestPanel_answersAsThePlainReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, ref := drawTable(t)
		if table.Len() != len(ref) {
			t.Fatalf("Len = %d, want %d", table.Len(), len(ref))
		}
		for range 3 {
			compare(t, table, ref)
		}
	})
}

// dump is all rows of a table by key.
func dump(t *rapid.T, table *Table) []Row {
	sel, err := table.Select(nil)
	if err != nil {
		t.Fatalf("Select(nil) = %v", err)
	}
	list, err := sel.Rows(Count(), Page{Limit: MaxLimit})
	if err != nil {
		t.Fatalf("Rows = %v", err)
	}
	var out []Row
	for _, it := range list.Items {
		out = append(out, it.Row)
	}
	return out
}

func TestApply_givesTheReferenceAndLeavesOlderSnapshots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, ref := drawTable(t)
		tables, refs := []*Table{table}, []reference{ref}
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			from := rapid.IntRange(0, len(tables)-1).Draw(t, "from snapshot") // snapshots may branch
			upserts := rapid.SliceOfN(rapid.Custom(drawRow), 0, 40).Draw(t, "upserts")
			var deletes []string
			for _, r := range rapid.SliceOfN(rapid.Custom(drawRow), 0, 60).Draw(t, "deletes") {
				deletes = append(deletes, r.Key)
			}
			next, err := tables[from].Apply(upserts, deletes)
			if err != nil {
				t.Fatalf("Apply = %v", err)
			}
			tables, refs = append(tables, next), append(refs, refs[from].apply(upserts, deletes))
		}
		for i, table := range tables {
			want := refs[i].selected(func(Row) bool { return true })
			if got := dump(t, table); table.Len() != len(want) || !reflect.DeepEqual(got, want) {
				t.Fatalf("snapshot %d = %v, want %v", i, got, want)
			}
			for key := range 401 {
				k := fmt.Sprintf("k%d", key)
				got, ok := table.Row(k)
				if want, wanted := refs[i][k]; ok != wanted || !reflect.DeepEqual(got, want) {
					t.Fatalf("snapshot %d: Row(%q) = %v, %v, want %v, %v", i, k, got, ok, want, wanted)
				}
			}
			compare(t, table, refs[i])
		}
	})
}

func TestCells_addUpToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := drawTable(t)
		filter, _ := drawFilter(t, 1)
		sel, err := table.Select(filter)
		if err != nil {
			t.Fatalf("Select = %v", err)
		}
		column := rapid.SampledFrom(slices.Concat(testSchema.Dims, testSchema.Dates)).Draw(t, "by")
		for _, m := range []Measure{Count(), Sum("output")} {
			res, err := sel.Aggregate(Query{Measure: m, By: Group{Column: column}})
			if err != nil {
				continue // overflow; compared elsewhere
			}
			value, rows, listed := int64(0), 0, 0
			for _, c := range res.Cells {
				value, rows, listed = value+c.Value, rows+c.Rows, listed+c.Listed
			}
			if value != res.Total.Value || rows != res.Total.Rows || listed != res.Total.Listed {
				t.Fatalf("cells by %s add up to %d, %d, %d, want %+v", column, value, rows, listed, res.Total)
			}
		}
	})
}
