package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// benchRows is the size of the table that the benchmarks read.
const benchRows = 100_000

const benchTable = `CREATE TABLE answer (city TEXT NOT NULL, id TEXT NOT NULL, month BIGINT NOT NULL, value BIGINT NOT NULL,
	nature TEXT NOT NULL, PRIMARY KEY (city, id))`

func benchID(i int) string { return fmt.Sprintf("E%09d", i) }

// bench runs fn on a filled table of each engine. The context can end, as a request's can.
func bench(b *testing.B, fn func(b *testing.B, ctx context.Context, d *db.DB)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			d := dbtest.At(b, dbtest.Empty(b, e))
			if err := db.MigrateTo(ctx, d, db.Step{Name: "bench", Text: benchTable}); err != nil {
				b.Fatal(err)
			}
			if err := insertRows(ctx, d, 0, benchRows); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			fn(b, ctx, d)
		})
	}
}

func insertRows(ctx context.Context, d *db.DB, from, to int) error {
	return d.Write(ctx, func(w db.Writer) error {
		st, err := w.Prepare(ctx, "INSERT INTO answer (city, id, month, value, nature) VALUES ($1, $2, $3, $4, $5)")
		if err != nil {
			return err
		}
		for i := from; i < to; i++ {
			if err := st.Exec(ctx, "泉州", benchID(i), 24288+i%36, i*7, "simulated"); err != nil {
				return err
			}
		}
		return st.Close()
	})
}

type answer struct {
	id, nature   string
	month, value int64
}

func scanAnswer(s db.Scanner) (a answer, err error) {
	return a, s.Scan(&a.id, &a.month, &a.value, &a.nature)
}

const pointQuery = "SELECT value FROM answer WHERE city = $1 AND id = $2"

func BenchmarkRead_point(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for i := 0; b.Loop(); i++ {
			err := d.Read(ctx, func(r db.Reader) error {
				return r.QueryRow(ctx, pointQuery, "泉州", benchID(i*7919%benchRows)).Scan(new(int64))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkRead_pointParallel(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		b.SetParallelism(2)
		b.RunParallel(func(p *testing.PB) {
			for i := 0; p.Next(); i++ {
				err := d.Read(ctx, func(r db.Reader) error {
					return r.QueryRow(ctx, pointQuery, "泉州", benchID(i*7919%benchRows)).Scan(new(int64))
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}

func BenchmarkRead_hundredPointsInOne(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for i := 0; b.Loop(); i++ {
			err := d.Read(ctx, func(r db.Reader) error {
				for j := range 100 {
					if err := r.QueryRow(ctx, pointQuery, "泉州", benchID((i+j)*7919%benchRows)).Scan(new(int64)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCollect_pageOf50(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for i := 0; b.Loop(); i++ {
			err := d.Read(ctx, func(r db.Reader) error {
				_, err := db.Collect(ctx, r, scanAnswer,
					"SELECT id, month, value, nature FROM answer WHERE city = $1 AND id > $2 ORDER BY id LIMIT $3",
					"泉州", benchID(i*7919%(benchRows-50)), 50)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEach_hundredThousandRows(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for b.Loop() {
			n := 0
			err := d.Read(ctx, func(r db.Reader) error {
				return db.Each(ctx, r, func(s db.Scanner) error {
					_, err := scanAnswer(s)
					n++
					return err
				}, "SELECT id, month, value, nature FROM answer WHERE city = $1 ORDER BY id", "泉州")
			})
			if err != nil || n != benchRows {
				b.Fatalf("Each = %d rows, %v", n, err)
			}
		}
		b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

func BenchmarkWrite_oneRow(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for i := benchRows; b.Loop(); i++ {
			if err := insertRows(ctx, d, i, i+1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWrite_thousandRows(b *testing.B) {
	bench(b, func(b *testing.B, ctx context.Context, d *db.DB) {
		for i := benchRows; b.Loop(); i += 1000 {
			if err := insertRows(ctx, d, i, i+1000); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
