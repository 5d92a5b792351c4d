package tenancy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// feed reads the panel rows as text.
func feed(t *testing.T, d *db.DB, only tenancy.Only) []string {
	t.Helper()
	var out []string
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		return tenancy.EachRow(ctx, r, tenancytest.City, only, func(row *tenancy.PanelRow) error {
			s := fmt.Sprintf("%s %s %s %s %q %d/%v %v", row.Enterprise, row.ID, row.Park, row.OrgPath, row.Industry, row.AreaM2, row.AreaKnown, row.Relocated)
			for _, stage := range tenancy.Stages() {
				if e := row.Stages[stage]; e.Day != 0 {
					s += fmt.Sprintf(" %s=%d(%s,%s,%s)", stage, e.Day, e.Way, e.Nature, e.Source)
				}
			}
			out = append(out, s)
			return nil
		})
	})
	return out
}

func TestEachRow_givesTheDatesThatCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		deemed, verified := tenancytest.Entry(tenancy.Production, 20240601), tenancytest.Entry(tenancy.FittingOut, 20240915)
		deemed.Way, deemed.Nature, deemed.Source = tenancy.Deemed, figure.Derived, "hand-over + 6 months"
		verified.Way, verified.Nature, verified.Source = tenancy.Verified, figure.Record, "permit"
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			act := tenancytest.Act(tenancytest.Scopes["city"])
			_, err := tenancy.Enter(ctx, w, act, "t-1", 1, deemed)
			if err == nil {
				_, err = tenancy.Enter(ctx, w, act, "t-2", 1, verified)
			}
			if err == nil {
				_, err = tenancy.Enter(ctx, w, act, "t-4", 1, tenancytest.Entry(tenancy.Signed, 20240215))
			}
			return err
		})
		want := []string{
			`e-a t-1 p-op 350500.350582.op. "1952" 12000/true false signed=20230415(claimed,declared,ledger) ` +
				`fitting_out=20230700(claimed,declared,ledger) production=20240110(claimed,declared,ledger)`,
			`e-b t-2 p-na 350500.350583. "17" 0/false false signed=20240601(claimed,declared,ledger) fitting_out=20240915(verified,record,permit)`,
			`e-d t-3 p-jj 350500.350582. "" 0/false true production=20220301(claimed,declared,ledger) cleared=20240331(claimed,declared,ledger)`,
			`e-d t-4 p-na 350500.350583. "" 0/false true signed=20240215(claimed,declared,ledger)`,
		}
		if got := feed(t, d, tenancy.Only{}); !slices.Equal(got, want) {
			t.Errorf("EachRow = %s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, x := range []struct {
			only tenancy.Only
			want []string
		}{
			{tenancy.Only{Tenancies: []tenancy.ID{}}, nil},
			{tenancy.Only{Tenancies: []tenancy.ID{"t-4", "gone", "t-1"}}, []string{want[0], want[3]}},
			{tenancy.Only{Enterprises: []enterprise.ID{"e-d", "e-d", "nobody"}}, want[2:]},
			{tenancy.Only{Tenancies: []tenancy.ID{"t-4"}, Enterprises: []enterprise.ID{"e-d", "e-b"}}, want[1:]},
		} {
			if got := feed(t, d, x.only); !slices.Equal(got, x.want) {
				t.Errorf("EachRow(%+v) = %q, want %q", x.only, got, x.want)
			}
		}
	})
}

// Whatever was recorded, the feed says what Used says of the history that Get gives, across page borders.
func TestEachRow_agreesWithUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		const n = 60
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			many := make([]tenancy.Tenancy, n)
			for i := range many {
				many[i] = tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("x-%05d", i*7919%n)), Enterprise: []enterprise.ID{"e-a", "e-c", "e-b"}[i%3],
					Park: "p-na", Nature: figure.Simulated, Source: "generator"}
				for k := range i % 6 {
					e := tenancytest.Entry(tenancy.Stage(1+(i+k*5)%11), 20230101+k)
					e.Way = tenancy.Ways()[(i/11+k)%4]
					many[i].Entries = append(many[i].Entries, e, e)
				}
			}
			_, err := tenancy.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), many)
			return err
		})
		var ids []tenancy.ID
		rows := map[tenancy.ID]tenancy.PanelRow{}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			return tenancy.EachRowBy(ctx, r, tenancytest.City, tenancy.Only{}, 16, func(row *tenancy.PanelRow) error { // 64 = 4 whole pages
				rows[row.ID] = *row
				ids = append(ids, row.ID)
				return nil
			})
		})
		if len(ids) != n+4 || len(rows) != n+4 {
			t.Fatalf("EachRow gave %d rows of %d tenancies, want %d", len(ids), len(rows), n+4)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			for _, id := range ids {
				got, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], id)
				if err != nil {
					return err
				}
				for _, s := range tenancy.Stages() {
					e, _ := tenancy.Used(got.Entries, s)
					row := rows[id]
					if want := (tenancy.Entered{Day: e.Day, Way: e.Way, Nature: e.Nature, Source: e.Source}); row.Stages[s] != want {
						t.Errorf("%s: stage %s = %+v, want %+v", id, s, row.Stages[s], want)
					}
				}
			}
			return nil
		})
	})
}

func TestEachRow_stopsWhenTheCallerSaysSo(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tenancytest.Fill(t, d)
	stop := errors.New("stop")
	err := d.Read(context.Background(), func(r db.Reader) error {
		return tenancy.EachRow(context.Background(), r, tenancytest.City, tenancy.Only{}, func(*tenancy.PanelRow) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("EachRow = %v, want the caller's error", err)
	}
}

func TestPresence_beginsWhenItWasSigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		var got []tenancy.Presence
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			return tenancy.EachRow(ctx, r, tenancytest.City, tenancy.Only{Enterprises: []enterprise.ID{"e-d"}}, func(row *tenancy.PanelRow) error {
				got = append(got, row.Presence())
				return nil
			})
		})
		want := []tenancy.Presence{
			{ID: "t-3", Park: "p-jj", OrgPath: "350500.350582.", Since: 20220301, Production: 20220301, Cleared: 20240331},
			{ID: "t-4", Park: "p-na", OrgPath: "350500.350583.", Since: 20240201},
		}
		if !slices.Equal(got, want) {
			t.Fatalf("Presence = %+v, want %+v", got, want)
		}
		for m, want := range map[int]string{1: "t-3", 2: "t-3", 3: "t-4", 12: "t-4"} { // moved at the end of March
			if i, ok := tenancy.Home(got, period.MonthOf(2024, m)); !ok || string(got[i].ID) != want {
				t.Errorf("Home in 2024-%02d = %v, %v, want %s", m, i, ok, want)
			}
		}
	})
}
