package finding_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// scene puts statements into the small city.
type scene struct {
	ctx context.Context
	w   db.Writer
	t   *testing.T
}

func (s scene) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// values files e-a's last three months of one field.
func (s scene) values(field filing.Field, nature figure.Nature, values ...int64) {
	var rows []filing.Value
	for i, v := range values {
		rows = append(rows, filing.Value{Enterprise: "e-a", Month: last - period.Month(len(values)-1-i), Field: field, Value: v, Nature: nature, Source: "月报"})
	}
	_, err := filing.AddMany(s.ctx, s.w, tenancytest.Act(auth.Whole(tenancytest.City)), slices.Values(rows))
	s.ok(err)
}

// tenancy adds a tenancy with the entries given.
func (s scene) tenancy(id string, firm enterprise.ID, in park.ID, nature figure.Nature, area *int64, entries ...tenancy.Entry) {
	for i := range entries {
		entries[i].Nature = nature
	}
	_, err := tenancy.AddMany(s.ctx, s.w, tenancytest.Act(auth.Whole(tenancytest.City)),
		[]tenancy.Tenancy{{ID: tenancy.ID(id), Enterprise: firm, Park: in, AreaM2: area, Nature: nature, Source: "ledger", Entries: entries}})
	s.ok(err)
}

// phase writes a phase of a park.
func (s scene) phase(in park.ID, nature figure.Nature, lettable, built any) {
	_, err := s.w.Exec(s.ctx, `INSERT INTO park_phase (city, park, no, name, lettable_area_m2, floor_area_built_m2, nature, source, version)
		VALUES ($1, $2, 1, '一期', $3, $4, $5, 'list', 1)`, tenancytest.City, in, lettable, built, nature)
	s.ok(err)
}

// figure states a field of a park.
func (s scene) figure(in park.ID, field, text string, nature figure.Nature, asOf period.Date) {
	_, err := park.Record(s.ctx, s.w, tenancytest.Act(auth.Whole(tenancytest.City)), in, park.Statement{Field: field, Text: text, Nature: nature, Source: "list", AsOf: asOf})
	s.ok(err)
}

// record writes a filing with one record.
func (s scene) record(kind, subject, org, form, in, cells, state string, nature figure.Nature) {
	_, err := s.w.Exec(s.ctx, `INSERT INTO filing (city, subject_kind, subject, form, period, org, form_version, state, level, confirmed, version, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, 0, 1, 1)`, tenancytest.City, kind, subject, form, in, org, state)
	s.ok(err)
	_, err = s.w.Exec(s.ctx, `INSERT INTO filing_record (city, subject_kind, subject, form, period, row_key, version, filing_version, cells, gone, nature, way, recorder, at)
		VALUES ($1, $2, $3, $4, $5, '', 1, 1, $6, 0, $7, 'typed', 'tester', 1)`, tenancytest.City, kind, subject, form, in, cells, nature)
	s.ok(err)
}

func (s scene) totals(state string, nature figure.Nature, cells ...string) {
	for i, c := range cells {
		s.record("enterprise", "e-a", "350582", "enterprise_monthly", fmt.Sprintf("2025-%02d", 6-len(cells)+1+i), c, state, nature)
	}
}

func entry(st tenancy.Stage, day int) tenancy.Entry { return tenancytest.Entry(st, day) }

const (
	declared  = figure.Declared
	simulated = figure.Simulated
)

// consistencyCases has of each check a case that fires, one that must not, and one with something unknown or simulated.
var consistencyCases = []struct {
	name  string
	code  finding.Code
	fires bool
	set   func(s scene)
}{
	{"no output in three months that were filed", finding.Idle, true, func(s scene) {
		s.values(filing.Output, declared, 0, 0, 0)
		s.values(filing.Jobs, declared, 5, 5, 5)
	}},
	{"a month that nobody filed is skipped", finding.Idle, true, func(s scene) {
		s.values(filing.Output, declared, 0)
		_, err := filing.AddMany(s.ctx, s.w, tenancytest.Act(auth.Whole(tenancytest.City)), slices.Values([]filing.Value{
			{Enterprise: "e-a", Month: last - 2, Field: filing.Output, Value: 0, Nature: declared, Source: "月报"},
			{Enterprise: "e-a", Month: last - 3, Field: filing.Output, Value: 0, Nature: declared, Source: "月报"}}))
		s.ok(err)
	}},
	{"left open since it was last filed", finding.Idle, true, func(s scene) {
		s.values(filing.Electricity, declared, 9, 0, 0, 0)
		s.values(filing.Jobs, declared, 5, 5, 5, 5)
	}},
	{"output in the last month", finding.Idle, false, func(s scene) { s.values(filing.Output, declared, 0, 0, 7) }},
	{"two months only were filed", finding.Idle, false, func(s scene) { s.values(filing.Output, declared, 0, 0) }},
	{"electricity was never filed", finding.Idle, false, func(s scene) { s.values(filing.Output, declared, 7, 7, 7) }},
	{"simulated zeros", finding.Idle, false, func(s scene) { s.values(filing.Output, simulated, 0, 0, 0) }},

	{"tenants over the lettable area", finding.Overlet, true, func(s scene) { s.phase("p-op", declared, 11_000, nil) }},
	{"tenants over the built area", finding.Overlet, true, func(s scene) { s.phase("p-op", declared, nil, 11_000) }},
	{"tenants over the stated floor area", finding.Overlet, true, func(s scene) { s.figure("p-op", park.FloorArea, "11000", declared, 0) }},
	{"tenants within the area", finding.Overlet, false, func(s scene) { s.phase("p-op", declared, 12_000, 12_000) }},
	{"no area is known", finding.Overlet, false, func(s scene) { s.phase("p-op", declared, nil, nil) }},
	{"the area is simulated", finding.Overlet, false, func(s scene) { s.phase("p-op", simulated, 11_000, 11_000) }},
	{"the tenant's area is not known", finding.Overlet, false, func(s scene) { s.phase("p-na", declared, 1, 1) }},

	{"more producing and fitting out than signed", finding.Overcounted, true, func(s scene) {
		s.figure("p-na", "tenants_signed", "57", declared, 20250600)
		s.figure("p-na", "tenants_producing", "33", declared, 20250600)
		s.figure("p-na", "tenants_fitting_out", "25", declared, 20250600)
	}},
	{"as many as signed", finding.Overcounted, false, func(s scene) {
		s.figure("p-na", "tenants_signed", "57", declared, 20250600)
		s.figure("p-na", "tenants_producing", "33", declared, 20250600)
		s.figure("p-na", "tenants_fitting_out", "24", declared, 20250600)
	}},
	{"signed was stated of an earlier day", finding.Overcounted, false, func(s scene) {
		s.figure("p-na", "tenants_signed", "49", declared, 20231100)
		s.figure("p-na", "tenants_producing", "33", declared, 20250600)
		s.figure("p-na", "tenants_fitting_out", "24", declared, 20250600)
	}},
	{"fitting out is not known", finding.Overcounted, false, func(s scene) {
		s.figure("p-na", "tenants_signed", "5", declared, 0)
		s.figure("p-na", "tenants_producing", "33", declared, 0)
	}},
	{"signed is simulated", finding.Overcounted, false, func(s scene) {
		s.figure("p-na", "tenants_signed", "5", simulated, 0)
		s.figure("p-na", "tenants_producing", "33", declared, 0)
		s.figure("p-na", "tenants_fitting_out", "24", declared, 0)
	}},

	{"enrolled without production", finding.Unproduced, true, func(s scene) {
		s.tenancy("t-9", "e-c", "p-na", declared, nil, entry(tenancy.Signed, 20240101), entry(tenancy.Enrolled, 20250101))
	}},
	{"enrolled after production", finding.Unproduced, false, func(s scene) {
		s.tenancy("t-9", "e-c", "p-na", declared, nil, entry(tenancy.Production, 20240101), entry(tenancy.Enrolled, 20250101))
	}},
	{"produced in another park", finding.Unproduced, false, func(s scene) {
		s.tenancy("t-9", "e-a", "p-na", declared, nil, entry(tenancy.Enrolled, 20250101))
	}},
	{"production only planned", finding.Unproduced, true, func(s scene) {
		plan := entry(tenancy.Production, 20240101)
		plan.Way = tenancy.Planned
		s.tenancy("t-9", "e-c", "p-na", declared, nil, plan, entry(tenancy.Enrolled, 20250101))
	}},

	{"a total falls", finding.Fallen, true, func(s scene) { s.totals("submitted", declared, `{"output_ytd":"500"}`, `{"output_ytd":"499"}`) }},
	{"a total falls over a month that does not state it", finding.Fallen, true, func(s scene) {
		s.totals("approved", declared, `{"revenue_ytd":"500"}`, `{"revenue":"5"}`, `{"revenue_ytd":"400"}`)
	}},
	{"a total stands still", finding.Fallen, false, func(s scene) { s.totals("submitted", declared, `{"output_ytd":"500"}`, `{"output_ytd":"500"}`) }},
	{"a draft states nothing", finding.Fallen, false, func(s scene) { s.totals("draft", declared, `{"output_ytd":"500"}`, `{"output_ytd":"499"}`) }},

	{"producing in two parks", finding.Twice, true, func(s scene) {
		s.tenancy("t-9", "e-a", "p-jj", declared, nil, entry(tenancy.Production, 20240601))
	}},
	{"cleared from the other", finding.Twice, false, func(s scene) {
		s.tenancy("t-9", "e-a", "p-jj", declared, nil, entry(tenancy.Production, 20240601), entry(tenancy.Cleared, 20250101))
	}},
	{"not yet producing in the other", finding.Twice, false, func(s scene) {
		s.tenancy("t-9", "e-a", "p-jj", declared, nil, entry(tenancy.Signed, 20240601))
	}},
	{"the other is simulated", finding.Twice, false, func(s scene) {
		s.tenancy("t-9", "e-a", "p-jj", simulated, nil, entry(tenancy.Production, 20240601))
	}},

	{"a rate of neither area", finding.Denominator, true, func(s scene) {
		s.progress(`{"leasing_rate":"950000","area_leased":"60","area_usable":"100","area_completed":"200"}`, declared)
	}},
	{"a rate of no area in the ledger", finding.Denominator, true, func(s scene) {
		s.phase("p-op", declared, 20_000, 30_000)
		s.figure("p-op", park.LeasingRate, "90", declared, 0)
	}},
	{"a rate of the area to let", finding.Denominator, false, func(s scene) {
		s.progress(`{"leasing_rate":"615000","area_leased":"50","area_sold":"10","area_usable":"100","area_completed":"200"}`, declared)
	}},
	{"a rate of all that is built", finding.Denominator, false, func(s scene) {
		s.phase("p-op", declared, 20_000, 30_000)
		s.figure("p-op", park.LeasingRate, "40", declared, 0)
	}},
	{"one area is not known", finding.Denominator, false, func(s scene) {
		s.progress(`{"leasing_rate":"950000","area_leased":"60","area_usable":"100"}`, declared)
	}},
	{"the areas are simulated", finding.Denominator, false, func(s scene) {
		s.phase("p-op", simulated, 20_000, 30_000)
		s.figure("p-op", park.LeasingRate, "90", declared, 0)
	}},
}

func (s scene) progress(cells string, nature figure.Nature) {
	s.record("park", "p-op", "op", "park_monthly", "2025-06", cells, "submitted", nature)
}

func TestConsistency_firesWhereTheLedgerContradictsItselfAndNowhereElse(t *testing.T) {
	for _, c := range consistencyCases {
		t.Run(string(c.code)+"/"+c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				got := consistent(t, d, auth.Whole(tenancytest.City), c.set)
				var want []finding.Code
				if c.fires {
					want = []finding.Code{c.code}
				}
				if codes := codesOf(got); !slices.Equal(codes, want) {
					t.Fatalf("Consistency = %v, want %v", codes, want)
				}
				for _, f := range got {
					if f.Owner == "" || f.Key == "" || f.Resolve == "" || len(f.Rows) < 2 || f.Name == "" {
						t.Errorf("finding %+v lacks an owner, a text or rows", f)
					}
				}
			})
		})
	}
}

func codesOf(in []finding.Inconsistency) (out []finding.Code) {
	for _, f := range in {
		out = append(out, f.Code)
	}
	return out
}

func consistent(t *testing.T, d *db.DB, s auth.Scope, set func(scene)) (got []finding.Inconsistency) {
	t.Helper()
	tenancytest.Fill(t, d)
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		set(scene{ctx, w, t})
		return nil
	})
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
		got, err = finding.Consistency(ctx, r, s, last)
		return err
	})
	return got
}

// Who sees a park or an enterprise is told of it; a county hears nothing of another's park, nor that its tenant produces there.
func TestConsistency_isToldWithinItsScopeOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := consistent(t, d, auth.Whole(tenancytest.City), func(s scene) {
			s.phase("p-op", declared, 11_000, nil)                                              // 350582, op
			s.tenancy("t-9", "e-a", "p-na", declared, nil, entry(tenancy.Production, 20240601)) // 350582 and 350583
			s.tenancy("t-8", "e-c", "p-na", declared, nil, entry(tenancy.Enrolled, 20250101))   // 350583
			s.totals("submitted", declared, `{"output_ytd":"500"}`, `{"output_ytd":"499"}`)     // e-a, 350582
		})
		if want := []finding.Code{finding.Overlet, finding.Unproduced, finding.Fallen, finding.Twice}; !slices.Equal(codesOf(all), want) {
			t.Fatalf("Consistency of the city = %v, want %v", codesOf(all), want)
		}
		kept := finding.NewConsistent(tenancytest.City)
		for name, want := range map[string][]finding.Code{
			"city": codesOf(all), "350582": {finding.Overlet, finding.Fallen}, "350583": {finding.Unproduced}, "op": {finding.Overlet},
			"e-a": {finding.Fallen, finding.Twice}, "none": nil, "elsewhere": nil, "no place": nil, "no dot": nil,
		} {
			for range 2 {
				var got []finding.Inconsistency
				tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
					got, err = kept.In(ctx, r, tenancytest.Scopes[name], last)
					return err
				})
				if !slices.Equal(codesOf(got), want) {
					t.Errorf("findings told to %s = %v, want %v", name, codesOf(got), want)
				}
			}
		}
	})
}

func TestConsistent_looksAgainWhenTheLedgerChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		kept, city := finding.NewConsistent(tenancytest.City), auth.Whole(tenancytest.City)
		look := func() (got []finding.Inconsistency) {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
				got, err = kept.In(ctx, r, city, last)
				return err
			})
			return got
		}
		tenancytest.Fill(t, d)
		if got := look(); len(got) != 0 {
			t.Fatalf("In = %v, want nothing yet", codesOf(got))
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			scene{ctx, w, t}.figure("p-op", park.FloorArea, "11000", declared, 0)
			return nil
		})
		if got := codesOf(look()); !slices.Equal(got, []finding.Code{finding.Overlet}) {
			t.Errorf("In after a change = %v, want what it brought", got)
		}
	})
}
