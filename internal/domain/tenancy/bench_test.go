package tenancy_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// The size of the benchmark: what a city of 20,000 enterprises has.
const (
	benchEnterprises = 20_000
	benchTenancies   = 30_000
)

func manyEnterprises(b *testing.B) []enterprise.Enterprise {
	out := make([]enterprise.Enterprise, benchEnterprises)
	for i := range out {
		out[i] = enterprise.Enterprise{ID: enterprise.ID(fmt.Sprintf("01JZENTERPRISE%012d", i)), USCC: tenancytest.USCC(b, 1000+i), Name: fmt.Sprintf("企业%d有限公司", i),
			Org: "350582", Industry: "1952", Nature: figure.Simulated, Source: "generator"}
	}
	return out
}

func manyTenancies() []tenancy.Tenancy {
	out := make([]tenancy.Tenancy, benchTenancies)
	for i := range out {
		out[i] = tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("01JZTENANCY000%012d", i)), Enterprise: enterprise.ID(fmt.Sprintf("01JZENTERPRISE%012d", i*7%benchEnterprises)),
			Park: "p-jj", Nature: figure.Simulated, Source: "generator"}
		for s := tenancy.Intent; s <= tenancy.AtCapacity; s++ {
			e := tenancytest.Entry(s, 20230100+int(s)*100+1)
			e.Nature, e.Source = figure.Simulated, "generator"
			out[i].Entries = append(out[i].Entries, e)
		}
	}
	return out
}

// BenchmarkAddMany adds 30,000 tenancies with 8 entries each; BenchmarkEachRow streams them for the panel.
func BenchmarkAddMany(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := dbtest.Open(b, e)
				tenancytest.Fill(b, d)
				b.StartTimer()
				fill(b, d)
			}
		})
	}
}

func fill(b *testing.B, d *db.DB) {
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		act := tenancytest.Act(tenancytest.Scopes["city"])
		if _, err := enterprise.AddMany(ctx, w, act, manyEnterprises(b)); err != nil {
			return err
		}
		_, err := tenancy.AddMany(ctx, w, act, manyTenancies())
		return err
	})
}

func BenchmarkEachRow(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			d := dbtest.Open(b, e)
			tenancytest.Fill(b, d)
			fill(b, d)
			thousand := tenancy.Only{}
			for i := range 1000 {
				thousand.Tenancies = append(thousand.Tenancies, tenancy.ID(fmt.Sprintf("01JZTENANCY000%012d", i*29)))
			}
			for name, only := range map[string]tenancy.Only{"all": {}, "1000": thousand} {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						rows := 0
						tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
							return tenancy.EachRow(ctx, r, tenancytest.City, only, func(*tenancy.PanelRow) error { rows++; return nil })
						})
						b.ReportMetric(float64(rows), "rows")
					}
				})
			}
		})
	}
}

// BenchmarkLists reads a page as the office of a county and as the city, and the rarest stage.
func BenchmarkLists(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	tenancytest.Fill(b, d)
	fill(b, d)
	for name, f := range map[string]func(context.Context, db.Reader) error{
		"enterprises/city": func(ctx context.Context, r db.Reader) error {
			_, _, err := enterprise.List(ctx, r, tenancytest.Scopes["city"], enterprise.Query{})
			return err
		},
		"enterprises/county": func(ctx context.Context, r db.Reader) error {
			_, _, err := enterprise.List(ctx, r, tenancytest.Scopes["350582"], enterprise.Query{})
			return err
		},
		"enterprises/operator": func(ctx context.Context, r db.Reader) error {
			_, _, err := enterprise.List(ctx, r, tenancytest.Scopes["op"], enterprise.Query{})
			return err
		},
		"enterprises/text": func(ctx context.Context, r db.Reader) error {
			_, _, err := enterprise.List(ctx, r, tenancytest.Scopes["city"], enterprise.Query{Text: "9999有限"})
			return err
		},
		"enterprises/stage": func(ctx context.Context, r db.Reader) error {
			_, _, err := enterprise.List(ctx, r, tenancytest.Scopes["city"], enterprise.Query{Stage: "production"})
			return err
		},
		"tenancies/stage": func(ctx context.Context, r db.Reader) error {
			_, _, err := tenancy.List(ctx, r, tenancytest.Scopes["city"], tenancy.Query{Stage: tenancy.Production})
			return err
		},
		"tenancies/operator": func(ctx context.Context, r db.Reader) error {
			_, _, err := tenancy.List(ctx, r, tenancytest.Scopes["op"], tenancy.Query{})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tenancytest.Read(b, d, f)
			}
		})
	}
}
