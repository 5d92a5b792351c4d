package enrolment_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// benchEnterprises is how many a large city has; each with a tenancy and 30 months of four fields.
const benchEnterprises = 20_000

func large(b *testing.B, e db.Engine) *db.DB {
	d := dbtest.Open(b, e)
	tenancytest.Fill(b, d)
	firms := make([]enterprise.Enterprise, benchEnterprises)
	tenancies := make([]tenancy.Tenancy, benchEnterprises)
	for i := range firms {
		id := enterprise.ID(fmt.Sprintf("01JZENTERPRISE%012d", i))
		firms[i] = enterprise.Enterprise{ID: id, USCC: tenancytest.USCC(b, 1000+i), Name: fmt.Sprintf("企业%d有限公司", i), Org: "350582", Industry: "1952", Nature: figure.Simulated, Source: "generator"}
		tenancies[i] = tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("01JZTENANCY000%012d", i)), Enterprise: id, Park: "p-jj", Nature: figure.Simulated, Source: "generator",
			Entries: []tenancy.Entry{tenancytest.Entry(tenancy.Signed, 20220301), tenancytest.Entry(tenancy.Production, 20210801+100*(i%5)+10000*(i%4))}}
	}
	values := func(yield func(filing.Value) bool) {
		for i := range firms {
			for m := range period.Month(30) {
				for k, f := range []filing.Field{filing.Revenue, filing.Output, filing.Tax, filing.Electricity} {
					if !yield(filing.Value{Enterprise: firms[i].ID, Month: period.MonthOf(2023, 1) + m, Field: f, Value: int64(50+i%300) * wan / int64(1+k), Nature: figure.Simulated, Source: "generator"}) {
						return
					}
				}
			}
		}
	}
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		if _, err := enterprise.AddMany(ctx, w, act(), firms); err != nil {
			return err
		}
		if _, err := tenancy.AddMany(ctx, w, act(), tenancies); err != nil {
			return err
		}
		_, err := filing.AddMany(ctx, w, act(), values)
		return err
	})
	return d
}

// BenchmarkBoard measures a city of 20,000 enterprises: reading it as a whole, catching up with one fact, and a page.
func BenchmarkBoard(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			d := large(b, e)
			s := scene{b, d, context.Background()}
			b.Run("first", func(b *testing.B) {
				for b.Loop() {
					s.view(enrolment.NewBoard(tenancytest.City))
				}
			})
			board := enrolment.NewBoard(tenancytest.City)
			b.Run("caught up", func(b *testing.B) {
				s.view(board)
				for b.Loop() {
					b.StopTimer()
					s.must(s.fact(enrolment.Fact{Enterprise: "01JZENTERPRISE000000000007", Word: enrolment.Applied}))
					b.StartTimer()
					s.view(board)
				}
			})
			b.Run("page", func(b *testing.B) {
				for b.Loop() {
					if _, err := s.view(board).List(enrolment.Query{Scope: auth.Whole(tenancytest.City), Text: "企业19"}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
