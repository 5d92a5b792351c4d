package filing_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// attempts are all the ways in which somebody could change a filing or what it brought.
func (x *world) attempts(who string) map[string]error {
	act := x.act(who)
	do := func(fn func(ctx context.Context, w db.Writer) error) error { return x.try(fn) }
	bulk := func(nature figure.Nature) error {
		return do(func(ctx context.Context, w db.Writer) error {
			n, err := filing.SaveAll(ctx, w, act, x.lib, filing.Bulk{Ref: june, Batch: "b-" + who}, one(filing.Change{
				Cells: filing.Cells{"output": "999"}, Nature: nature, Origin: filing.Origin{Way: filing.Imported, Row: 2}}))
			if err == nil && n == 0 {
				err = fmt.Errorf("nothing was written")
			}
			return err
		})
	}
	return map[string]error{
		"save":            x.save(who, june, "output=999"),
		"remove":          x.edit(who, filing.Edit{Ref: june, Version: x.now(june).Version, Changes: []filing.Change{{Remove: true}}}),
		"import":          bulk(""),
		"import declared": bulk(figure.Declared),
		"submit":          x.submit(who, june),
		"recall":          x.step(who, filing.Recall, june, "mine"),
		"undo": do(func(ctx context.Context, w db.Writer) error {
			_, err := filing.Undo(ctx, w, act, x.lib, "b-firm", "mine")
			return err
		}),
		"correct": do(func(ctx context.Context, w db.Writer) error {
			_, err := filing.Correct(ctx, w, act, filing.Correction{Enterprise: "e-a", Month: period.MonthOf(2025, 6), Field: filing.Output, Version: 1, Value: 999, Source: "s", Reason: "r"})
			return err
		}),
		"add": do(func(ctx context.Context, w db.Writer) error {
			_, err := filing.AddMany(ctx, w, act, slices.Values([]filing.Value{value("e-a", 2025, 6, filing.Output, 999)}))
			return err
		}),
	}
}

func one(c filing.Change) iter.Seq[filing.Change] {
	return func(yield func(filing.Change) bool) { yield(c) }
}

// TestConfirmed_isTheEnterprisesAlone tries to change a confirmed filing as everybody else, in every state that it can be in.
func TestConfirmed_isTheEnterprisesAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		for _, state := range []string{"imported", "submitted", "half", "returned", "approved", "reopened", "changed"} {
			x.reset()
			if state == "imported" {
				x.must(x.try(func(ctx context.Context, w db.Writer) error {
					_, err := filing.SaveAll(ctx, w, x.act("firm"), x.lib, filing.Bulk{Ref: june, Batch: "b-firm"}, one(filing.Change{
						Cells: filing.Cells{"output": "100"}, Origin: filing.Origin{Way: filing.Imported, Row: 2}}))
					return err
				}))
				x.must(x.submit("firm", june))
				x.must(x.step("county", filing.Return, june, "look again"))
			} else {
				x.route(state)
			}
			before, ledger := x.trace(), x.ledger(period.MonthOf(2025, 6))
			for who := range people {
				if who == "firm" {
					continue
				}
				for how, err := range x.attempts(who) {
					if err == nil {
						t.Errorf("%s: %s by %s is done, want it refused", state, how, who)
					}
				}
				if got := x.trace(); got != before || x.ledger(period.MonthOf(2025, 6)) != ledger {
					t.Fatalf("%s: attempts of %s leave %s %s, want %s %s", state, who, got, x.ledger(period.MonthOf(2025, 6)), before, ledger)
				}
			}
		}
	})
}

// TestConfirmed_whateverItsNature: a city of the demo has simulated figures, and they are guarded as well.
func TestConfirmed_whateverItsNature(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		for _, nature := range []figure.Nature{figure.Statistics, figure.Derived, "true", figure.Simulated} {
			want := "figure.bad_nature"
			if nature == figure.Simulated {
				want = ""
			}
			err := x.edit("firm", filing.Edit{Ref: june, Changes: []filing.Change{{Cells: filing.Cells{"output": "100"}, Nature: nature}}})
			if key(err) != want {
				t.Errorf("Save as %s = %v, want %q", nature, err, want)
			}
		}
		x.must(x.submit("firm", june))
		const want = "output=100 simulated v1 报表 monthly"
		for who := range people {
			if who != "firm" {
				if err := x.attempts(who)["correct"]; err == nil {
					t.Errorf("Correct by %s is done, want it refused", who)
				}
			}
		}
		if got := x.ledger(period.MonthOf(2025, 6)); got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
	})
}

// TestConfirmed_survivesTheCitysReopening: the city office may open the door, and only the enterprise may go through it.
func TestConfirmed_survivesTheCitysReopening(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.route("reopened")
		for _, who := range []string{"city", "county", "op", "other"} {
			if err := x.save(who, june, "output=1"); err == nil {
				t.Errorf("Save after reopening by %s is done, want it refused", who)
			}
		}
		x.must(x.save("firm", june, "output=90 tax=5"))
	})
}

func TestRecordDiffering_standsBesideWhatWasDeclared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.route("approved")
		before := x.ledger(period.MonthOf(2025, 6))
		good := filing.Differing{Enterprise: "e-a", Month: period.MonthOf(2025, 6), Field: "tax", Value: "7", Nature: figure.Record, Source: "税务局", Reason: "paid in June"}
		record := func(who string, v filing.Differing) error {
			return x.try(func(ctx context.Context, w db.Writer) error {
				_, err := filing.RecordDiffering(ctx, w, x.act(who), x.lib, v)
				return err
			})
		}
		with := func(change func(*filing.Differing)) filing.Differing { v := good; change(&v); return v }
		for _, c := range []struct {
			who, want string
			v         filing.Differing
		}{
			{"firm", "filing.own_declared", good}, {"other", "enterprise.not_found", good}, {"away", "enterprise.not_found", good}, {"nobody", "enterprise.not_found", good},
			{"county", "figure.bad_nature", with(func(v *filing.Differing) { v.Nature = figure.Declared })},
			{"county", "filing.bad_field", with(func(v *filing.Differing) { v.Field = "note" })},
			{"county", "filing.bad_field", with(func(v *filing.Differing) { v.Field = "moon" })},
			{"county", "filing.no_source", with(func(v *filing.Differing) { v.Source = "" })},
			{"county", "filing.no_reason", with(func(v *filing.Differing) { v.Reason = " " })},
			{"county", "period.invalid", with(func(v *filing.Differing) { v.Month = 0 })},
			{"county", "", good}, {"county", "", good}, {"op", "", with(func(v *filing.Differing) { v.Nature, v.Value = figure.Estimate, "6" })},
			{"county", "", with(func(v *filing.Differing) { v.Value = "8" })},
		} {
			if err := record(c.who, c.v); key(err) != c.want {
				t.Errorf("RecordDiffering(%+v) by %s = %v, want %q", c.v, c.who, err, c.want)
			}
		}
		x.read(func(ctx context.Context, r db.Reader) error {
			figures, err := filing.Differings(ctx, r, people["firm"].scope, "e-a", period.MonthOf(2025, 6))
			var got []string
			for _, f := range figures {
				got = append(got, fmt.Sprintf("%s=%d %s %s %s", f.Field, f.Value, f.Nature, f.AsOf, f.Stated+f.StatedUnit))
			}
			if want := "tax=6 estimate 2025-06-30 0.06元, tax=8 record 2025-06-30 0.08元"; strings.Join(got, ", ") != want {
				t.Errorf("Differings = %q, want %q", strings.Join(got, ", "), want)
			}
			return err
		})
		if got := x.ledger(period.MonthOf(2025, 6)); got != before {
			t.Errorf("ledger = %q, want %q", got, before)
		}
		if judged := x.judge(june); len(judged) != 1 || judged[0].Rule != "on_record" {
			t.Errorf("Judge = %+v, want the rule that asks for the record", judged)
		}
	})
}

func TestAddRemark_changesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		remark := func(who string, m filing.Remark) error {
			return x.try(func(ctx context.Context, w db.Writer) error { return filing.AddRemark(ctx, w, x.act(who), x.lib, m) })
		}
		good := filing.Remark{Ref: june, Field: "output", Text: "is this in 万元?"}
		if err := remark("county", good); key(err) != "filing.not_begun" {
			t.Errorf("AddRemark to what nobody began = %v, want filing.not_begun", err)
		}
		x.route("approved")
		before := fmt.Sprintf("%+v %s", x.now(june), x.records(june))
		x.must(remark("county", good))
		x.must(remark("firm", filing.Remark{Ref: june, Text: "no, in 元"}))
		for who, want := range map[string]string{"away": "enterprise.not_found", "other": "enterprise.not_found"} {
			if err := remark(who, good); key(err) != want {
				t.Errorf("AddRemark by %s = %v, want %s", who, err, want)
			}
		}
		for want, m := range map[string]filing.Remark{"filing.bad_field": {Ref: june, Field: "area", Text: "x"}, "filing.no_text": {Ref: june, Text: " "}} {
			if err := remark("county", m); key(err) != want {
				t.Errorf("AddRemark(%+v) = %v, want %s", m, err, want)
			}
		}
		x.read(func(ctx context.Context, r db.Reader) error {
			remarks, err := filing.Remarks(ctx, r, people["firm"].scope, june)
			if len(remarks) != 2 || remarks[0].Actor != "county.a" || remarks[1].Text != "no, in 元" {
				t.Errorf("Remarks = %+v, want both, the first by county.a", remarks)
			}
			return err
		})
		if got := fmt.Sprintf("%+v %s", x.now(june), x.records(june)); got != before {
			t.Errorf("after remarks = %s, want %s", got, before)
		}
	})
}

// TestHistory_losesNothing plays random acts and keeps books beside: every version that was written is still there, and the
// ledger is what was submitted last.
func TestHistory_losesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			x.reset()
			versions, submitted, latest := 0, "", ""
			for range rapid.IntRange(1, 25).Draw(rt, "acts") {
				who := rapid.SampledFrom([]string{"firm", "op", "county", "second", "city"}).Draw(rt, "who")
				switch rapid.SampledFrom([]string{"save", "save", "submit", "recall", "approve", "approve", "return", "reopen"}).Draw(rt, "act") {
				case "save":
					n := rapid.IntRange(1, 3).Draw(rt, "output")
					if before := x.records(june); x.save(who, june, fmt.Sprintf("output=%d tax=0", n)) == nil && x.records(june) != before {
						versions, latest = versions+1, fmt.Sprint(n)
					}
				case "submit":
					if x.submit(who, june) == nil {
						submitted = latest
					}
				case "recall":
					_ = x.step(who, filing.Recall, june, "")
				case "approve":
					_ = x.step(who, filing.Approve, june, "")
				case "return":
					_ = x.step(who, filing.Return, june, "r")
				case "reopen":
					_ = x.step(who, filing.Reopen, june, "r")
				}
			}
			x.kept(rt, versions, submitted)
		})
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			_, err := audit.Verify(ctx, r, tenancytest.City)
			return err
		})
	})
}

func (x *world) kept(rt *rapid.T, versions int, submitted string) {
	var present, past, top int64
	x.read(func(ctx context.Context, r db.Reader) error {
		if err := r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(version), 0) FROM filing_record`).Scan(&present, &top); err != nil {
			return err
		}
		return r.QueryRow(ctx, `SELECT COUNT(*) FROM filing_past`).Scan(&past)
	})
	if present+past != int64(versions) || top != int64(versions) {
		rt.Fatalf("%d records and %d past ones up to version %d, want %d", present, past, top, versions)
	}
	got := x.ledger(period.MonthOf(2025, 6))
	if want := "output=" + submitted + " "; submitted == "" && got != "" || submitted != "" && !strings.HasPrefix(got, want) {
		rt.Fatalf("ledger = %q, want %q", got, submitted)
	}
}
