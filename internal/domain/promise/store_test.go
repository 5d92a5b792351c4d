package promise_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/promise"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

var first = subject.Ref{Kind: subject.Tenancy, ID: "t-1"} // of e-a in p-op, in production since 2024-01-10, 12,000 m²

func value(n int64) *int64 { return &n }

func tax(year int, v *int64, reason string) promise.Promise {
	return promise.Promise{Measure: promise.Tax, Basis: promise.Total, Year: year, Value: v, Source: "合同第8条", Nature: figure.Declared, Reason: reason}
}

func rules(t *testing.T) promise.Rules {
	t.Helper()
	packs, err := promise.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := lifecycle.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return promise.Rules{Packs: packs, Lifecycles: lib, Today: 20250712}
}

func TestRecord_keepsEverythingThatWasPromised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		record := func(scope string, ref subject.Ref, list ...promise.Promise) (n int, err error) {
			err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				n, err = promise.Record(ctx, w, tenancytest.Act(tenancytest.Scopes[scope]), ref, list)
				return err
			})
			return n, err
		}
		if n, err := record("350582", first, tax(1, value(500), ""), tax(2, value(900), "")); n != 2 || err != nil {
			t.Fatalf("Record = %d, %v, want 2", n, err)
		}
		if n, err := record("350582", first, tax(1, value(500), "")); n != 0 || err != nil {
			t.Errorf("Record(the same) = %d, %v, want nothing", n, err)
		}
		if n, err := record("350582", first, tax(1, value(400), "补充协议"), tax(2, nil, "取消")); n != 2 || err != nil {
			t.Errorf("Record(changed) = %d, %v, want 2", n, err)
		}
		for name, c := range map[string]struct {
			scope string
			ref   subject.Ref
			list  []promise.Promise
			want  string
		}{
			"a change without a reason": {"city", first, []promise.Promise{tax(1, value(3), "")}, "promise.no_reason"},
			"the same year twice":       {"city", first, []promise.Promise{tax(5, value(3), ""), tax(5, value(4), "")}, "promise.twice"},
			"less than nothing":         {"city", first, []promise.Promise{tax(5, value(-1), "")}, "promise.negative"},
			"a year too far":            {"city", first, []promise.Promise{tax(31, value(1), "")}, "promise.bad_year"},
			"no source":                 {"city", first, []promise.Promise{{Measure: promise.Tax, Basis: promise.Total, Value: value(1), Nature: figure.Declared}}, "promise.no_source"},
			"no measure":                {"city", first, []promise.Promise{{Basis: promise.Total, Value: value(1), Source: "s", Nature: figure.Declared}}, "promise.bad_measure"},
			"a clock that nobody reads": {"city", first, []promise.Promise{{Measure: promise.Tax, Basis: promise.Total, Value: value(1), Source: "s", Nature: figure.Declared, Clock: "x+y"}}, "promise.bad_clock"},
			"another county's office":   {"350583", first, []promise.Promise{tax(3, value(1), "")}, "tenancy.not_found"},
			"a tenancy that is not":     {"city", subject.Ref{Kind: subject.Tenancy, ID: "no"}, []promise.Promise{tax(3, value(1), "")}, "tenancy.not_found"},
			"a thing that is neither":   {"city", subject.Ref{Kind: "park", ID: "p-op"}, []promise.Promise{tax(3, value(1), "")}, "subject.bad_kind"},
		} {
			_, err := record(c.scope, c.ref, c.list...)
			if f, ok := fault.Of(err); !ok || f.Key != c.want {
				t.Errorf("Record(%s) = %v, want %s", name, err, c.want)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			all, err := promise.All(ctx, r, tenancytest.Scopes["e-a"], first)
			if err != nil {
				return err
			}
			var got []string
			for _, p := range all {
				v := "-"
				if p.Value != nil {
					v = fmt.Sprint(*p.Value)
				}
				got = append(got, fmt.Sprintf("%d#%d %s %s %s", p.Year, p.Seq, v, p.Clock, p.Recorder))
			}
			want := []string{"1#1 500 production tester", "1#2 400 production tester", "2#1 900 production tester", "2#2 - production tester"}
			if !slices.Equal(got, want) {
				t.Errorf("All = %v, want %v", got, want)
			}
			if now := promise.Current(all); len(now) != 1 || now[0].Year != 1 || *now[0].Value != 400 {
				t.Errorf("Current = %v, want year 1 with 400", now)
			}
			var lines int
			err = r.QueryRow(ctx, `SELECT COUNT(*) FROM audit_line WHERE city = $1 AND action = 'promise.record' AND kind = 'tenancy' AND entity = 't-1'`, tenancytest.City).Scan(&lines)
			if lines != 2 {
				t.Errorf("%d lines in the audit trail, want 2: one for each change", lines)
			}
			return err
		})
	})
}

func TestLandOf_isStatedOrAShareOfThePark(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		land := func() (l promise.Land) {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
				l, err = promise.LandOf(ctx, r, tenancytest.Scopes["city"], first)
				return err
			})
			return l
		}
		if l := land(); l.How != promise.Nowhere || l.M2 != nil {
			t.Errorf("LandOf(nothing known) = %+v, want unknown", l)
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			act := tenancytest.Act(tenancytest.Scopes["city"])
			for field, stated := range map[string]string{park.LandArea: "60", park.FloorArea: "120000"} { // 60 mu = 40,000 m²
				if _, err := park.Record(ctx, w, act, "p-op", park.Statement{Field: field, Text: stated, Nature: figure.Record, Source: "list"}); err != nil {
					return err
				}
			}
			return nil
		})
		if l := land(); l.How != promise.Share || l.M2 == nil || *l.M2 != 4_000 { // 12,000 of 120,000 m² of floor: a tenth of the land
			t.Errorf("LandOf(share) = %+v, want 4,000 m²", l)
		}
		set := func(m2 *int64, source string) error {
			return tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				return promise.SetLand(ctx, w, tenancytest.Act(tenancytest.Scopes["op"]), first, m2, source)
			})
		}
		if err := set(value(5_000), "用地协议"); err != nil {
			t.Fatal(err)
		}
		if l := land(); l.How != promise.Stated || *l.M2 != 5_000 || l.Source != "用地协议" {
			t.Errorf("LandOf(stated) = %+v, want 5,000 m²", l)
		}
		if err := set(nil, "协议作废"); err != nil {
			t.Fatal(err)
		}
		if l := land(); l.How != promise.Share {
			t.Errorf("LandOf(taken back) = %+v, want the share again", l)
		}
		if err := set(value(0), "s"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("SetLand(0) = %v, want Invalid", err)
		}
		if err := set(value(1), " "); fault.KindOf(err) != fault.Invalid {
			t.Errorf("SetLand(no source) = %v, want Invalid", err)
		}
	})
}

// works adds projects that all promised more than anybody files.
func works(ctx context.Context, w db.Writer, act org.Act, signed promise.Promise) error {
	for i, id := range []string{"w-1", "w-2", "w-3"} { // two of e-a, which cannot be told apart, and one of e-d
		owner := []enterprise.ID{"e-a", "e-a", "e-d"}[i]
		if _, err := project.Add(ctx, w, act, project.Project{ID: project.ID(id), Kind: project.Investment, Name: id, Org: "350583", Enterprise: owner, Nature: figure.Declared, Source: "list",
			Milestones: []project.Milestone{{Stage: "signed", Way: tenancy.Claimed, Day: 20240101, Nature: figure.Declared, Source: "list"}}}); err != nil {
			return err
		}
		more := signed
		more.Value = value(10_000)
		if _, err := promise.Record(ctx, w, act, subject.Ref{Kind: subject.Project, ID: id}, []promise.Promise{more}); err != nil {
			return err
		}
	}
	return nil
}

// A city's list is what each subject alone says: the same rows, whoever looks sees his own.
func TestBreaches_areThoseOfEachSubject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		lost := subject.Ref{Kind: subject.Tenancy, ID: "t-4"} // of e-d, whose returns count to t-3 until it was cleared
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			act := tenancytest.Act(tenancytest.Scopes["city"])
			signed := tax(1, value(10), "")
			signed.Clock = "signed"
			if _, err := promise.Record(ctx, w, act, first, []promise.Promise{tax(1, value(1_201), "")}); err != nil {
				return err
			}
			if _, err := promise.Record(ctx, w, act, lost, []promise.Promise{signed}); err != nil {
				return err
			}
			if err := works(ctx, w, act, signed); err != nil {
				return err
			}
			var values []filing.Value
			for m := period.MonthOf(2024, 1); m <= period.MonthOf(2025, 6); m++ {
				for _, id := range []string{"e-a", "e-d"} {
					values = append(values, filing.Value{Enterprise: enterprise.ID(id), Month: m, Field: filing.Tax, Value: 100, Nature: figure.Declared, Source: "return"})
				}
			}
			_, err := filing.AddMany(ctx, w, act, slices.Values(values))
			return err
		})
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			rules := rules(t)
			j, err := promise.Of(ctx, r, tenancytest.Scopes["city"], rules, lost)
			if err != nil {
				return err
			}
			// signed on 2024-02-01: February still belongs to t-3, which was cleared by the end of March
			if row := j.Rows[0]; row.From != period.MonthOf(2024, 2) || row.Known != 11 || *row.Actual != 1_100 || row.State != promise.Unknown {
				t.Errorf("Of(t-4) = %+v, want eleven months of twelve", row)
			}
			list := promise.NewBreaches(tenancytest.City)
			for scope, want := range map[string]int{"city": 2, "350582": 1, "op": 1, "e-a": 1, "350583": 1, "elsewhere": 0, "none": 0} {
				got, err := list.In(ctx, r, tenancytest.Scopes[scope], rules, "")
				if err != nil {
					return err
				}
				own := 0
				for _, b := range got {
					if b.Row.Origin == promise.Contract {
						own++
						if b.ID == "w-3" && b.Row.State == promise.Breached && *b.Row.Actual == 1_200 {
							continue
						}
						if b.Ref != first || b.Name != "甲鞋业有限公司" || b.Row.State != promise.Breached || *b.Row.Actual != 1_200 {
							t.Errorf("In(%s) = %+v, want the breach of t-1", scope, b)
						}
					}
				}
				if own != want {
					t.Errorf("In(%s) = %d breaches of a contract, want %d", scope, own, want)
				}
			}
			below, err := list.In(ctx, r, tenancytest.Scopes["city"], rules, "350500.350583.")
			if len(below) != 1 || below[0].ID != "w-3" {
				t.Errorf("In(below 350583) = %v, want that of w-3", below)
			}
			return err
		})
	})
}

// Who does not report production does not stop the clock: six months after the hand-over the lifecycle deems it.
func TestOf_countsFromADeemedDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		late := subject.Ref{Kind: subject.Tenancy, ID: "t-2"}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			act := tenancytest.Act(tenancytest.Scopes["city"])
			row, err := tenancy.Get(ctx, w.Reader, act.Scope, "t-2")
			if err != nil {
				return err
			}
			if _, err := tenancy.Enter(ctx, w, act, "t-2", row.Version, tenancytest.Entry(tenancy.HandedOver, 20240701)); err != nil {
				return err
			}
			_, err = promise.Record(ctx, w, act, late, []promise.Promise{tax(1, value(1), "")})
			return err
		})
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			for today, want := range map[period.Date]string{20241231: "0 false", 20250101: "2025-01 true", 20250712: "2025-01 true"} {
				rules := rules(t)
				rules.Today = today
				j, err := promise.Of(ctx, r, tenancytest.Scopes["city"], rules, late)
				if err != nil {
					return err
				}
				from := "0"
				if j.Rows[0].From != 0 {
					from = j.Rows[0].From.String()
				}
				if got := fmt.Sprint(from, " ", j.Rows[0].Deemed); got != want {
					t.Errorf("Of(t-2) on %s counts from %s, want %s", today, got, want)
				}
			}
			return nil
		})
	})
}
