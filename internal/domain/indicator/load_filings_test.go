package indicator

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The nouns decide where a return counts to; firm.home only has a shorter way for one tenancy.
func TestHome_isThatOfTheTenancies(t *testing.T) {
	date := rapid.Custom(func(t *rapid.T) period.Date {
		return rapid.SampledFrom([]period.Date{0, 20230000, 20230300, 20230301, 20230331, 20230400, 20230415, 20240000, 20240229}).Draw(t, "date")
	})
	rapid.Check(t, func(t *rapid.T) {
		f := firm{orgPath: "registered."}
		for i := range rapid.IntRange(0, 3).Draw(t, "tenancies") {
			id := string(rune('a' + i))
			f.presences = append(f.presences, tenancy.Presence{ID: tenancy.ID(id), Park: park.ID(id), OrgPath: id + ".",
				Since: date.Draw(t, "since"), Production: date.Draw(t, "production"), Cleared: date.Draw(t, "cleared")})
		}
		m := period.MonthOf(2023, 1) + period.Month(rapid.IntRange(0, 15).Draw(t, "month"))
		wantPath, wantPark := f.orgPath, ""
		if i, ok := tenancy.Home(f.presences, m); ok {
			wantPath, wantPark = f.presences[i].OrgPath, string(f.presences[i].Park)
		}
		if path, at := f.home(m); path != wantPath || at != wantPark {
			t.Fatalf("home(%v) of %+v = %q, %q, want %q, %q", m, f.presences, path, at, wantPath, wantPark)
		}
	})
}

func TestCertain_countsAYearAloneFromItsDecember(t *testing.T) {
	for d, want := range map[period.Date]period.Month{0: 0, 20230000: period.MonthOf(2023, 12), 20230500: period.MonthOf(2023, 5), 20230531: period.MonthOf(2023, 5)} {
		if got := certain(d); got != want {
			t.Errorf("certain(%v) = %v, want %v", d, got, want)
		}
	}
}

func TestRow_keepsTheNatureOfEachField(t *testing.T) {
	jobs := filed{enterprise: "e", month: period.MonthOf(2024, 6), text: "/2024-06", ints: [2]panel.Int{{}, panel.Some(7)},
		nature: [2]string{"", "record"}, source: [2]string{"", "insurance"}}
	both := jobs
	both.ints[0], both.nature[0], both.source[0] = panel.Some(5), "declared", "portal"
	for _, c := range []struct {
		row  filed
		want [2]string // of the row, of the jobs
	}{{jobs, [2]string{"record", "record"}}, {both, [2]string{"declared", "record"}}} {
		got := c.row.row(&firm{orgPath: "o."})
		if [2]string{got.Dims[4], got.Dims[7]} != c.want || got.Key != "e/2024-06" {
			t.Errorf("row %s has natures %q and %q, want %q", got.Key, got.Dims[4], got.Dims[7], c.want)
		}
	}
}
