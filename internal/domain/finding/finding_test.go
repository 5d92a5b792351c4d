package finding_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const (
	first  = 24 // months back from the last
	oneWan = 1_000_000
)

var last = period.MonthOf(2025, 6)

// output is an honest firm's month: its level, a season, a little noise that differs from firm to firm and never repeats.
func output(firm, t int) int64 {
	noise := int64((t*7919+firm*104729)%97) - 48
	return (300+40*int64(t%12))*oneWan + noise*3*oneWan/10
}

// file gives four firms returns of two years; spoil changes one of them.
func file(t *testing.T, d *db.DB, spoil func(firm, month int, v int64) int64) {
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		var values []filing.Value
		for firm, id := range []enterprise.ID{"e-a", "e-b", "e-c", "e-d"} {
			for i := range first {
				v := output(firm, i)
				if spoil != nil {
					v = spoil(firm, i, v)
				}
				values = append(values, filing.Value{Enterprise: id, Month: last - period.Month(first-1-i), Field: filing.Output, Value: v, Nature: figure.Declared, Source: "月报"})
			}
		}
		_, err := filing.AddMany(ctx, w, tenancytest.Act(auth.Whole(tenancytest.City)), slices.Values(values))
		return err
	})
}

func library(t *testing.T) *form.Library {
	t.Helper()
	lib, err := form.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func clock() time.Time { return tenancytest.At }

func TestWatch_findsASlipAndComputesOncePerChangeOfTheLedger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		file(t, d, func(firm, month int, v int64) int64 {
			if firm == 0 && month == first-1 {
				return v * 10_000
			}
			return v
		})
		w, lib := finding.NewWatch(d, tenancytest.City, nil, clock), library(t)
		set, err := w.Now(t.Context(), lib)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(set.Found, func(f finding.Finding) bool {
			return f.Check == plausible.Slip && f.Entity == "e-a" && f.Month == last && f.Field == "output" && len(f.Evidence) > 0 && f.ID != ""
		}) {
			t.Errorf("Now found %v, want the slip of e-a in %v", set.Found, last)
		}
		if again, err := w.Now(t.Context(), lib); again != set || err != nil {
			t.Errorf("Now of an unchanged ledger = %p, %v, want the same set %p", again, err, set)
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := filing.Correct(ctx, w, tenancytest.Act(auth.Scope{City: tenancytest.City, Enterprise: "e-a"}), filing.Correction{Enterprise: "e-a", Month: last, Field: filing.Output,
				Version: 1, Value: output(0, first-1), Source: "月报", Reason: "单位填错"})
			return err
		})
		mended, err := w.Now(t.Context(), lib)
		if err != nil || mended.Sequence <= set.Sequence || slices.ContainsFunc(mended.Found, func(f finding.Finding) bool { return f.Check == plausible.Slip }) {
			t.Errorf("Now after the correction = %+v, %v, want a later set without the slip", mended, err)
		}
	})
}

func TestWatch_findsTheSumOfAnOfficeThatMeetsItsTarget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		file(t, d, nil)
		var year int64 // what the enterprises registered in the county filed for 2024
		for i := range first {
			if m := last - period.Month(first-1-i); m.Year() == 2024 {
				year += output(0, i) + output(1, i)
			}
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := target.Put(ctx, w, tenancytest.Act(auth.Whole(tenancytest.City)), target.Target{Org: "350582", Year: 2024, Indicator: "filing.output.year", Kind: target.Wanted, Value: year,
				Unit: unit.Fen, Stated: "1", StatedUnit: "元", Source: "计划"})
			return err
		})
		w := finding.NewWatch(d, tenancytest.City, finding.Measures{"filing.output.year": filing.Output}, clock)
		set, err := w.Now(t.Context(), library(t))
		if err != nil {
			t.Fatal(err)
		}
		hits := slices.DeleteFunc(slices.Clone(set.Found), func(f finding.Finding) bool { return f.Check != plausible.TargetHit })
		if len(hits) != 1 || hits[0].Org != "350582" || hits[0].Entity != "" || !hits[0].Confidential {
			t.Fatalf("target hits = %+v, want the county's sum, confidential", hits)
		}
		orgs := map[org.ID]string{"350582": "350500.350582.", "350583": "350500.350583."}
		for _, x := range []struct {
			name string
			eyes finding.Eyes
			want int
		}{
			{"the city's office", finding.Eyes{Scope: auth.Whole(tenancytest.City), Orgs: orgs, Targets: true}, 1},
			{"the county's office", finding.Eyes{Scope: tenancytest.Scopes["350582"], Orgs: orgs, Targets: true}, 1},
			{"another county's office", finding.Eyes{Scope: tenancytest.Scopes["350583"], Orgs: orgs, Targets: true}, 0},
			{"an operator", finding.Eyes{Scope: tenancytest.Scopes["350582"], Orgs: orgs}, 0},
			{"an enterprise", finding.Eyes{Scope: auth.Scope{City: tenancytest.City, Enterprise: "e-a"}, Orgs: orgs, Targets: true}, 0},
			{"nobody", finding.Eyes{Orgs: orgs, Targets: true}, 0},
		} {
			n := 0
			for _, f := range set.Seen(x.eyes) {
				if f.Check == plausible.TargetHit {
					n++
				}
			}
			if n != x.want {
				t.Errorf("%s sees %d target hits, want %d", x.name, n, x.want)
			}
		}
	})
}

func TestSeen_namesNoForeignEnterprise(t *testing.T) {
	set := &finding.Set{Found: []finding.Finding{
		{Finding: plausible.Finding{Check: plausible.Twins, Entity: "e-a", Also: []string{"e-c"}, Evidence: []plausible.Row{{Entity: "e-a"}, {Entity: "e-c"}}}},
		{Finding: plausible.Finding{Check: plausible.Benford}},
		{Finding: plausible.Finding{Check: plausible.Jump, Entity: "e-d"}},
	}}
	eyes := finding.Eyes{Scope: auth.Scope{City: tenancytest.City, Enterprise: "e-c"}, Enterprises: map[enterprise.ID]bool{"e-c": true}}
	got := set.Seen(eyes)
	if len(got) != 1 || got[0].Entity != "e-c" || len(got[0].Also) != 0 || len(got[0].Evidence) != 1 || got[0].Evidence[0].Entity != "e-c" {
		t.Errorf("Seen by e-c = %+v, want the twins told as its own, with its own rows only", got)
	}
	if all := set.Seen(finding.Eyes{Scope: auth.Whole(tenancytest.City)}); len(all) != 3 || len(all[0].Also) != 1 {
		t.Errorf("Seen by the city's office = %+v, want all", all)
	}
	if none := set.Seen(finding.Eyes{}); len(none) != 0 {
		t.Errorf("Seen by nobody = %+v, want none", none)
	}
}
