package vintage_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// largeCity is a city of 20,000 enterprises with 36 months of returns, as a view.
func largeCity(b *testing.B) (*indicator.View, *indicator.Book) {
	const firms, months = 20_000, 36
	var tenancies, filings []string
	for i := range firms {
		firm, place := fmt.Sprintf("01J%013dABCDEFGHJK", i), fmt.Sprintf("350500.35058%d.", 2+i%2)
		tenancies = append(tenancies, fmt.Sprintf("T%s\t%s\tP%03d\t3984\t%s\tdeclared\t台账\t0\t%d\t2022-03-01\t%04d-%02d-15", firm, place, i%200, firm, 1000+i%5000, 2022+i%3, 1+i%12))
		for m := period.MonthOf(2022, 1); m < period.MonthOf(2022, 1)+months; m++ {
			filings = append(filings, fmt.Sprintf("%s/%s\t%s\tP%03d\t3984\t%s\tdeclared\t月报\t%d\trecord\t月报\t%d\t%d\t%s", firm, m, place, i%200, firm, i%2, 1_000_000+(i*7919+int(m)*104_729)%90_000_000, 10+i%300, m))
		}
	}
	text := frozen(
		table{"tenancy", "org\tpark\tindustry\tenterprise\tnature\tsource\trelocated\tarea\tsigned\tproduction", tenancies},
		table{"filing", "org\tpark\tindustry\tenterprise\tnature\tsource\tabove_scale\tjobs_nature\tjobs_source\toutput\tjobs\tmonth", filings})
	v, err := indicator.Thaw(strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	book, err := indicator.Load()
	if err != nil {
		b.Fatal(err)
	}
	return v, book
}

// BenchmarkClose measures a closing of December 2024 in the large city by its steps: taking (freeze, read again, all
// results), writing on SQLite, and computing again. The bundle's size is reported as well.
func BenchmarkClose(b *testing.B) {
	v, book := largeCity(b)
	december := period.MonthOf(2024, 12)
	var draft *vintage.Draft
	b.Run("take", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if draft, err = vintage.Take(v, book, december); err != nil {
				b.Fatal(err)
			}
		}
	})
	d := dbtest.Open(b, db.SQLite)
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		_, err := org.Add(ctx, w, act(), org.Org{ID: "350500", Kind: org.City, NameZH: "市"})
		return err
	})
	draft.Sequence = 1 // of the tree; each closing's own line comes on top
	w := &town{b, d, book}
	no := int64(0)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			w.exec(`UPDATE vintage SET digest = ''`) // else there is no difference
			tenancytest.Write(b, d, func(ctx context.Context, tx db.Writer) error {
				_, err := vintage.Close(ctx, tx, act(), draft, "封账")
				return err
			})
			draft.Sequence++
			no++
		}
	})
	var kept *vintage.Kept
	tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) (err error) {
		kept, err = vintage.Get(ctx, r, tenancytest.Scopes["city"], december, no)
		return err
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			kept.Check()
		}
		var file bytes.Buffer
		if err := kept.Bundle(&file); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(file.Len()), "bundle-bytes")
	})
	b.Run("bridge", func(b *testing.B) {
		side := vintage.Side{View: v.AsOf(december), Book: book}
		for b.Loop() {
			if _, err := vintage.Compare(side, side, vintage.Question{Indicator: "filing.output.year", Period: period.Year(2024)}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("moved", func(b *testing.B) {
		for b.Loop() {
			tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
				_, err := vintage.Moved(ctx, r, v, book, kept.Vintage)
				return err
			})
		}
	})
}
