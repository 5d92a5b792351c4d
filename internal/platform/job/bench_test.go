package job

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// BenchmarkEnqueueAndRun is the whole way of a job with an empty handler: enqueued in a transaction of its own by one of
// four goroutines, claimed, run, settled. One worker with four slots.
func BenchmarkEnqueueAndRun(b *testing.B) {
	bench(b, func(b *testing.B, d *db.DB, worker *Worker, ids *id.Maker, ran *sync.WaitGroup) {
		next := make(chan struct{})
		var enqueuers sync.WaitGroup
		for range 4 {
			enqueuers.Go(func() {
				for range next {
					benchEnqueue(b, d, ids, 1)
					worker.Wake()
				}
			})
		}
		ran.Add(b.N)
		for range b.N {
			next <- struct{}{}
		}
		close(next)
		enqueuers.Wait()
		ran.Wait()
	})
}

// BenchmarkRun is what the worker does alone, on a queue that was filled before.
func BenchmarkRun(b *testing.B) {
	bench(b, func(b *testing.B, d *db.DB, worker *Worker, ids *id.Maker, ran *sync.WaitGroup) {
		b.StopTimer()
		ran.Add(b.N)
		benchEnqueue(b, d, ids, b.N)
		b.StartTimer()
		worker.Wake()
		ran.Wait()
	})
}

func bench(b *testing.B, fn func(*testing.B, *db.DB, *Worker, *id.Maker, *sync.WaitGroup)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			d := dbtest.Open(b, e)
			var ran sync.WaitGroup
			worker := NewWorker(d, Options{City: city, Now: time.Now, Slots: 4})
			worker.Register("x", Handler{Do: func(context.Context, *Run) (any, error) { ran.Done(); return nil, nil }})
			worker.Start(context.Background())
			b.ResetTimer()
			fn(b, d, worker, id.NewMaker(time.Now, rand.Reader), &ran)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
			if err := worker.Stop(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
}

func benchEnqueue(b *testing.B, d *db.DB, ids *id.Maker, jobs int) {
	ctx := context.Background()
	err := d.Write(ctx, func(tx db.Writer) error {
		for range jobs {
			if _, err := Enqueue(ctx, tx, Spec{City: city, ID: ids.New(), Kind: "x", At: time.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Error(err)
	}
}

// BenchmarkIdlePoll is what a worker without work costs the database at each Poll.
func BenchmarkIdlePoll(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			worker := NewWorker(dbtest.Open(b, e), Options{City: city, Now: time.Now})
			worker.Register("x", Handler{Do: nothing})
			worker.sql = statementsFor(1)
			for b.Loop() {
				if _, err := worker.claim(context.Background(), 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
