package project_test

import (
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestOpen_addsAProjectWithoutStages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		ids := tenancytest.Act(tenancytest.Scopes["city"]).NewID
		money, negative := int64(3_000_000_00), int64(-1)
		for _, x := range []struct {
			name, place string
			o           project.Opening
			want        string // org park enterprise, or the fault's key
		}{
			{"of a park's office", "350582", project.Opening{Kind: project.Retrofit, Name: " 甲鞋业二期 ", Park: "p-op", USCC: string(tenancytest.USCC(t, 1)), InvestmentFen: &money}, "op p-op e-a 甲鞋业二期"},
			{"in no park", "350582", project.Opening{Kind: project.Planning, Name: "风电", Org: "350582"}, "350582   风电"},
			{"the same again", "350582", project.Opening{Kind: project.Planning, Name: "风电", Org: "350582"}, "project.already_there"},
			{"the same of another kind", "350582", project.Opening{Kind: project.Investment, Name: "风电", Org: "350582"}, "350582   风电"},
			{"the same of another office", "350583", project.Opening{Kind: project.Planning, Name: "风电", Org: "350583"}, "350583   风电"},
			{"out of reach", "350583", project.Opening{Kind: project.Planning, Name: "光伏", Org: "350582"}, "org.not_found"},
			{"in a park out of reach", "350583", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-jj"}, "park.not_found"},
			{"by an enterprise", "e-a", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-op"}, "park.not_found"},
			{"of an enterprise that nobody knows", "350582", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-jj", USCC: string(tenancytest.USCC(t, 99))}, "enterprise.unknown_code"},
			{"of an enterprise that the office does not see", "350583", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-na", USCC: string(tenancytest.USCC(t, 1))}, "enterprise.unknown_code"},
			{"a bad code", "350582", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-jj", USCC: "1"}, "uscc.length"},
			{"without a name", "350582", project.Opening{Kind: project.Retrofit, Name: " ", Park: "p-jj"}, "project.no_name"},
			{"less than nothing", "350582", project.Opening{Kind: project.Retrofit, Name: "技改", Park: "p-jj", InvestmentFen: &negative}, "project.negative_investment"},
		} {
			x.o.Source = "备案"
			act := tenancytest.Act(tenancytest.Scopes[x.place])
			act.NewID = ids
			var p project.Project
			err := d.Write(t.Context(), func(w db.Writer) (err error) {
				p, err = project.Open(t.Context(), w, act, x.o)
				return err
			})
			got := fmt.Sprint(p.Org, " ", p.Park, " ", p.Enterprise, " ", p.Name)
			if f, ok := fault.Of(err); ok {
				got = f.Key
			} else if err != nil {
				t.Fatal(err)
			}
			if got != x.want {
				t.Errorf("%s: Open = %q, want %q", x.name, got, x.want)
			}
		}
	})
}
