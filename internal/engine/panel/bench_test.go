package panel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The benchmark table: the monthly returns of 20,000 enterprises over 36 months, 720,000 rows, as a city of 13 counties
// with 60 orgs and 72 parks would hold it.
const (
	benchEnterprises = 20_000
	benchMonths      = 36
)

var benchSchema = Schema{
	Name: "filing",
	Dims: []string{"org", "park", "industry", "enterprise", "nature", "source"},
	Ints: []string{"output", "tax"}, Dates: []string{"month"},
}

// benchRow is the return of enterprise e in month m. Enterprises have ids of 26 characters, as kit/id makes them.
func benchRow(e, m int, output int64) Row {
	id := fmt.Sprintf("01JZ%022d", e)
	month := period.MonthOf(2022, 7) + period.Month(m)
	return Row{
		Key: id + "/" + month.String(),
		Dims: []string{
			fmt.Sprintf("350500.3505%02d.%02d.", e%60%13, e%60), fmt.Sprintf("park%02d", e%72), fmt.Sprintf("C%02d", e%30), id,
			[]string{"simulated", "record"}[e%2], []string{"a", "b", "c"}[e%3],
		},
		Ints:  []Int{Some(output), {V: output / 10, OK: e%4 != 0}},
		Dates: []period.Date{period.DateOf(month.Year(), month.Month(), 0)},
	}
}

func benchRows() []Row {
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]Row, 0, benchEnterprises*benchMonths)
	for m := range benchMonths {
		for e := range benchEnterprises {
			rows = append(rows, benchRow(e, m, random.Int64N(1e12)))
		}
	}
	return rows
}

var benchTable = sync.OnceValue(func() *Table {
	t, err := NewTable(benchSchema, func(yield func(Row) bool) {
		for _, r := range benchRows() {
			if !yield(r) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	return t
})

// county is the county's path: the first two steps.
func county(path string) (string, bool) {
	parts := strings.SplitAfterN(path, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ""), true
}

// reading is one question of the cockpit.
type reading struct {
	name   string
	filter Filter
	query  Query
}

func (r reading) answer(t *Table) error {
	sel, err := t.Select(r.filter)
	if err != nil {
		return err
	}
	_, err = sel.Aggregate(r.query)
	return err
}

func benchReadings() []reading {
	year := Filter{Prefix("org", "350500."), DateIn("month", period.Year(2024))}
	until := Filter{Prefix("org", "350500."), DateUntil("month", period.MonthOf(2025, 6))}
	return []reading{
		{"year/sum/total", year, Query{Measure: Sum("output"), Nature: "nature"}},
		{"year/sum/county", year, Query{Measure: Sum("output"), By: Group{"org", county}, Nature: "nature"}},
		{"year/sum/park", year, Query{Measure: Sum("output"), By: Group{Column: "park"}, Nature: "nature"}},
		{"year/sum/month", year, Query{Measure: Sum("output"), By: Group{Column: "month"}, Nature: "nature"}},
		{"year/distinct/county", year, Query{Measure: CountDistinct("enterprise"), By: Group{"org", county}, Nature: "nature"}},
		{"month/sum/county", Filter{DateIn("month", period.OfMonth(period.MonthOf(2024, 6)))}, Query{Measure: Sum("output"), By: Group{"org", county}, Nature: "nature"}},
		{"all/count/county", until, Query{By: Group{"org", county}, Nature: "nature"}},
		{"all/sum/county", until, Query{Measure: Sum("output"), By: Group{"org", county}, Nature: "nature"}},
		{"all/sum/enterprise", until, Query{Measure: Sum("output"), By: Group{Column: "enterprise"}, Nature: "nature"}},
		{"all/distinct/county", until, Query{Measure: CountDistinct("enterprise"), By: Group{"org", county}, Nature: "nature"}},
		{"all/distinct/enterprise", until, Query{Measure: CountDistinct("enterprise"), By: Group{Column: "enterprise"}}},
		{"one-park/sum/month", Filter{In("park", "park07")}, Query{Measure: Sum("output"), By: Group{Column: "month"}, Nature: "nature"}},
		{"above/count/county", Filter{Compare("output", AtLeast, 5e11), IntKnown("tax")}, Query{By: Group{"org", county}}},
	}
}

func BenchmarkReading(b *testing.B) {
	t := benchTable()
	for _, r := range benchReadings() {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := r.answer(t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkClients has 8 clients ask in turn all readings that the city asks (by enterprise is none of them), and reports
// the latency that they see.
func BenchmarkClients(b *testing.B) {
	const clients = 8
	t := benchTable()
	readings := slices.DeleteFunc(benchReadings(), func(r reading) bool { return r.query.By.Column == "enterprise" })
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range b.N {
				start := time.Now()
				runtime.Gosched() // as a request does: it arrives, and waits for its turn
				if err := readings[(i+client)%len(readings)].answer(t); err != nil {
					b.Error(err)
				}
				mu.Lock()
				took = append(took, time.Since(start))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkList opens a cell: select, keep one county, list a page of 50 in the middle of the keys.
func BenchmarkList(b *testing.B) {
	t := benchTable()
	for _, m := range []struct {
		name    string
		measure Measure
	}{{"sum", Sum("output")}, {"distinct", CountDistinct("enterprise")}, {"distinct-few", CountDistinct("park")}} {
		for _, after := range []string{"", fmt.Sprintf("01JZ%022d", benchEnterprises/2)} {
			b.Run(fmt.Sprintf("%s/after=%v", m.name, after != ""), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sel, err := t.Select(Filter{DateUntil("month", period.MonthOf(2025, 6))})
					if err != nil {
						b.Fatal(err)
					}
					if sel, err = sel.Within(Group{"org", county}, "350500.350507."); err != nil {
						b.Fatal(err)
					}
					if _, err := sel.Rows(m.measure, Page{After: after, Limit: 50}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkApply changes 1,000 rows in one commit.
func BenchmarkApply(b *testing.B) {
	t := benchTable()
	random := rand.New(rand.NewPCG(3, 4))
	spread, last, inserts, moved := make([]Row, 1000), make([]Row, 1000), make([]Row, 1000), make([]Row, 1000)
	deletes := make([]string, 1000)
	for i := range 1000 {
		spread[i] = benchRow(random.IntN(benchEnterprises), random.IntN(benchMonths), int64(i))
		last[i] = benchRow(random.IntN(benchEnterprises), benchMonths-1, int64(i))
		inserts[i] = benchRow(i, benchMonths, int64(i))
		moved[i] = benchRow(random.IntN(benchEnterprises), random.IntN(benchMonths), int64(i))
		moved[i].Dims[0], moved[i].Dims[1], moved[i].Dims[2], moved[i].Dims[5] = "x.", "x", "x", "x"
		deletes[i] = benchRow(random.IntN(benchEnterprises), random.IntN(benchMonths), 0).Key
	}
	for _, c := range []struct {
		name    string
		upserts []Row
		deletes []string
	}{
		{"update-last-month", last, nil}, {"update-spread", spread, nil}, {"update-spread-all-columns", moved, nil},
		{"insert", inserts, nil}, {"delete-spread", nil, deletes}, {"replace-spread", inserts, deletes},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Apply(c.upserts, c.deletes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBuild loads the table, and reports what it takes in memory: by the heap and by Bytes.
func BenchmarkBuild(b *testing.B) {
	rows := benchRows()
	var before, after runtime.MemStats
	var t *Table
	for b.Loop() {
		t = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		builder, err := NewBuilder(benchSchema)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rows {
			if err := builder.Add(r); err != nil {
				b.Fatal(err)
			}
		}
		if t, err = builder.Build(); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(t.Len()), "heap-B/row")
	b.ReportMetric(float64(t.Bytes())/float64(t.Len()), "B/row")
	runtime.KeepAlive(rows)
}
