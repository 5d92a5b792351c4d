package filing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestList_showsWhatIsOwedAndWhatWasFiled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		for _, c := range []struct {
			who  string
			q    filing.ListQuery
			want string
		}{
			{"city", filing.ListQuery{Form: "monthly", Period: "2025-06"}, "e-a 甲鞋业有限公司 op owed"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2025-05"}, "e-a 甲鞋业有限公司 op owed late"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2024-03"}, "e-a 甲鞋业有限公司 op owed late"}, // e-d left on its last day
			{"city", filing.ListQuery{Form: "monthly", Period: "2024-02"}, "e-a 甲鞋业有限公司 op owed late, e-d 丁水暖有限公司 350582 owed late"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2023-12"}, "e-d 丁水暖有限公司 350582 owed late"}, // e-a not in production yet
			{"op", filing.ListQuery{Form: "monthly", Period: "2024-02"}, "e-a 甲鞋业有限公司 op owed late"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2024-02", Below: "350500.350582.op."}, "e-a 甲鞋业有限公司 op owed late"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2024-02", Text: "水暖"}, "e-d 丁水暖有限公司 350582 owed late"},
			{"city", filing.ListQuery{Form: "monthly", Period: "2024-02", State: filing.Draft}, ""},
			{"away", filing.ListQuery{Form: "monthly", Period: "2024-02"}, ""},
			{"firm", filing.ListQuery{Form: "monthly", Period: "2024-02"}, "e-a 甲鞋业有限公司 op owed late"},
			{"firm", filing.ListQuery{Form: "rooms"}, ""},
			{"nobody", filing.ListQuery{Form: "monthly", Period: "2024-02"}, ""},
			{"city", filing.ListQuery{Form: "opinion", Period: "2025-06", Limit: 1}, "e-a 甲鞋业有限公司 op owed, e-b 乙Textile有限公司 350583 owed, e-c 丙物流有限公司 350583 owed, e-d 丁水暖有限公司 350583 owed"},
			{"city", filing.ListQuery{Form: "opinion", Period: "2025-06", Text: "tEXt"}, "e-b 乙Textile有限公司 350583 owed"},
			{"county", filing.ListQuery{Form: "rooms"}, "p-jj 晋江园 350582 owed, p-op 运营园 op owed"},
			{"city", filing.ListQuery{Form: "book"}, "350582 晋江市 350582 owed, 350583 南安市 350583 owed"},
		} {
			if got := x.list(c.who, c.q); got != c.want {
				t.Errorf("List(%+v) by %s = %q, want %q", c.q, c.who, got, c.want)
			}
		}
		x.route("half")
		if got, want := x.list("county", filing.ListQuery{Form: "monthly", Period: "2025-06", Today: 20250801}), "e-a 甲鞋业有限公司 op submitted"; got != want {
			t.Errorf("List = %q, want %q", got, want)
		}
		for _, q := range []filing.ListQuery{{Form: "moon"}, {Form: "monthly"}, {Form: "monthly", Period: "2025-01"}, {Form: "rooms", After: "!"}, {Form: "rooms", Limit: 501}, {Form: "rooms", Text: "\xff"}} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				_, _, err := filing.List(context.Background(), r, people["city"].scope, x.lib, q)
				return err
			})
			if err == nil {
				t.Errorf("List(%+v) = nil, want a fault", q)
			}
		}
	})
}

func TestProgress_countsByOffice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		progress := func(who string, m period.Month, today period.Date) string {
			var out []string
			x.read(func(ctx context.Context, r db.Reader) error {
				list, err := filing.Progress(ctx, r, people[who].scope, x.lib, m, today)
				for _, p := range list {
					out = append(out, fmt.Sprintf("%s/%s owed%d begun%d sub%d%v ret%d app%d timely%d late%d", p.Form, p.Org, p.Owed, p.Begun, p.Submitted, p.Waiting, p.Returned, p.Approved, p.Timely, p.Late))
				}
				return err
			})
			return strings.Join(out, "\n")
		}
		x.route("half")
		x.must(x.save("op", parkOp, "area=5"))
		x.must(x.save("city", county, "room=1"))
		const want = `monthly/350582 owed1 begun0 sub1[0 1] ret0 app0 timely1 late0
quarterly/350582 owed1 begun0 sub0[0] ret0 app0 timely0 late1
quarterly/350583 owed3 begun0 sub0[0] ret0 app0 timely0 late3
parkm/350582 owed2 begun1 sub0[0 0 0] ret0 app0 timely0 late2
parkm/350583 owed1 begun0 sub0[0 0 0] ret0 app0 timely0 late1
rooms/350582 owed2 begun0 sub0[0 0] ret0 app0 timely0 late0
rooms/350583 owed1 begun0 sub0[0 0] ret0 app0 timely0 late0
book/350582 owed1 begun0 sub0[] ret0 app1 timely0 late0
book/350583 owed1 begun0 sub0[] ret0 app0 timely0 late0
opinion/350582 owed1 begun0 sub0[0] ret0 app0 timely0 late1
opinion/350583 owed3 begun0 sub0[0] ret0 app0 timely0 late3`
		if got := progress("city", period.MonthOf(2025, 6), 20250709); got != want {
			t.Errorf("Progress = %s\nwant %s", got, want)
		}
		if got, want := progress("firm", period.MonthOf(2025, 6), 20250708), "monthly/op owed1 begun0 sub1[0 1] ret0 app0 timely1 late0\nquarterly/op owed1 begun0 sub0[0] ret0 app0 timely0 late0\nopinion/op owed1 begun0 sub0[0] ret0 app0 timely0 late0"; got != want {
			t.Errorf("Progress of an enterprise = %s\nwant %s", got, want)
		}
		if got := progress("nobody", period.MonthOf(2025, 6), 20250708); got != "" {
			t.Errorf("Progress of nobody = %s, want nothing", got)
		}
		if got := progress("city", period.MonthOf(2025, 1), 20250708); strings.Contains(got, "monthly/") || !strings.Contains(got, "opinion/") {
			t.Errorf("Progress of January = %s, want no combined return in it", got)
		}
	})
}

// TestOwing_followsHome compares the quick reading of two stages with tenancy.Home over whole histories.
func TestOwing_followsHome(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	x, round := newWorld(t, d), 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		stays := x.randomStays(rt, round)
		of := map[enterprise.ID]bool{stays[0].Enterprise: true, stays[len(stays)-1].Enterprise: true}
		for _, m := range []int{3, 8, 12} {
			var want, got []string
			x.read(func(ctx context.Context, r db.Reader) error {
				all := map[enterprise.ID][]tenancy.Presence{}
				only := tenancy.Only{Enterprises: slices.Collect(keys(of))}
				err := tenancy.EachRow(ctx, r, tenancytest.City, only, func(row *tenancy.PanelRow) error {
					all[row.Enterprise] = append(all[row.Enterprise], row.Presence())
					return nil
				})
				for id, rows := range all {
					last := period.MonthOf(2024, m)
					if i, ok := tenancy.Home(rows, last); ok && rows[i].Production != 0 && rows[i].Production <= last.Last() {
						want = append(want, string(id)+" "+rows[i].OrgPath)
					}
				}
				return err
			})
			slices.Sort(want)
			x.read(func(ctx context.Context, r db.Reader) error {
				for _, id := range slices.Sorted(keys(of)) {
					own := filing.ListQuery{Form: "monthly", Period: period.MonthOf(2024, m).String()}
					rows, _, err := filing.List(ctx, r, auth.Scope{City: tenancytest.City, Enterprise: string(id)}, x.lib, own)
					if err != nil {
						return err
					}
					for _, row := range rows {
						got = append(got, row.Subject+" "+row.OrgPath)
						if f, _, err := filing.Get(ctx, r, people["city"].scope, row.Ref); err != nil || f.OrgPath != row.OrgPath {
							rt.Fatalf("Get(%s) at %s, %v, but List at %s", row.Ref, f.OrgPath, err, row.OrgPath)
						}
					}
				}
				return nil
			})
			if !slices.Equal(got, want) {
				rt.Fatalf("2024-%02d: List = %v, want %v\n%+v", m, got, want, stays)
			}
		}
	})
}

// randomStays adds two enterprises with tenancies of any history.
func (x *world) randomStays(rt *rapid.T, round int) (stays []tenancy.Tenancy) {
	ids := []enterprise.ID{enterprise.ID(fmt.Sprintf("r-%d-a", round)), enterprise.ID(fmt.Sprintf("r-%d-b", round))}
	firms := make([]enterprise.Enterprise, len(ids))
	for i, id := range ids {
		firms[i] = enterprise.Enterprise{ID: id, USCC: tenancytest.USCC(x.t, 1000+round*2+i), Name: "企业", Org: "350583", Nature: figure.Record, Source: "s"}
	}
	stages := []tenancy.Stage{tenancy.Signed, tenancy.Trial, tenancy.Production, tenancy.AtCapacity, tenancy.Cleared}
	for i := range rapid.IntRange(2, 8).Draw(rt, "tenancies") {
		stay := tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("x-%d-%d", round, i)), Enterprise: ids[i%2],
			Park: rapid.SampledFrom([]park.ID{"p-jj", "p-op", "p-na"}).Draw(rt, "park"), Nature: figure.Record, Source: "s"}
		for range rapid.IntRange(0, 5).Draw(rt, "entries") {
			e := tenancytest.Entry(rapid.SampledFrom(stages).Draw(rt, "stage"), int(period.MonthOf(2024, 1+rapid.IntRange(0, 11).Draw(rt, "month")).First()))
			e.Way = rapid.SampledFrom(tenancy.Ways()).Draw(rt, "way")
			stay.Entries = append(stay.Entries, e)
		}
		stays = append(stays, stay)
	}
	x.must(x.try(func(ctx context.Context, w db.Writer) error {
		if _, err := enterprise.AddMany(ctx, w, x.act("city"), firms); err != nil {
			return err
		}
		_, err := tenancy.AddMany(ctx, w, x.act("city"), stays)
		return err
	}))
	return stays
}

func TestCombinedMonths_februaryIsOfBoth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(add(d, people["city"].scope, value("e-a", 2024, 1, filing.Output, 10), value("e-a", 2024, 2, filing.Output, 20), value("e-a", 2024, 3, filing.Output, 40),
			value("e-a", 2024, 1, filing.Jobs, 7), value("e-a", 2024, 2, filing.Jobs, 8), value("e-a", 2024, 12, filing.Output, 5)))
		february, march := june, june
		february.Period, march.Period = "2025-02", "2025-03"
		beside := func(ref filing.Ref) (n filing.Neighbours) {
			x.read(func(ctx context.Context, r db.Reader) (err error) {
				n, err = filing.Beside(ctx, r, people["firm"].scope, x.lib, ref)
				return err
			})
			return n
		}
		if n := beside(february); fmt.Sprint(n) != "{2024-12 2024-02 map[output:5] map[jobs:8 output:30]}" {
			t.Errorf("Beside(2025-02) = %v, want December and both months of last year", n)
		}
		y := x.on("2025-03-05")
		x.must(y.save("firm", february, "output=24"))
		x.must(y.submit("firm", february))
		if n := beside(march); fmt.Sprint(n) != "{2025-02 2024-03 map[output:24] map[output:40]}" {
			t.Errorf("Beside(2025-03) = %v, want February as filed", n)
		}
		z := x.on("2025-04-05")
		x.must(z.save("firm", march, "output=30"))
		judged := x.judge(march) // 24 + 30 against 30 + 40
		if len(judged) != 1 || judged[0].Rule != "year_down" || judged[0].Text.EN != "0.54 yuan so far." {
			t.Errorf("Judge = %+v, want the year so far to be 0.54 yuan", judged)
		}
		if got, want := y.ledger(period.MonthOf(2025, 2)), "output=24 declared v1 报表 monthly"; got != want {
			t.Errorf("ledger of February = %q, want %q", got, want)
		}
	})
}

func TestPrefill_asksNothingTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		prefill := func(ref filing.Ref) (p filing.Prefilled) {
			x.read(func(ctx context.Context, r db.Reader) (err error) {
				p, err = filing.Prefill(ctx, r, people["firm"].scope, x.lib, ref)
				return err
			})
			return p
		}
		x.must(add(d, people["city"].scope, value("e-a", 2025, 6, filing.Output, 50), value("e-a", 2025, 6, filing.Jobs, 9)))
		x.must(x.save("firm", opinion, "jobs=7 note=a"))
		if got := fmt.Sprint(prefill(june).Fields); got != "map[jobs:{7 opinion} note:{a opinion} output:{50 ledger}]" {
			t.Errorf("Prefill = %s, want jobs and note of the other form and output of the ledger", got)
		}
		x.must(x.save("firm", june, "jobs=8"))
		if got := fmt.Sprint(prefill(june).Fields); got != "map[note:{a opinion} output:{50 ledger}]" {
			t.Errorf("Prefill of what is begun = %s, want jobs left alone", got)
		}
		first := filing.Ref{Kind: form.OfEnterprise, Subject: "e-a", Form: "quarterly", Period: "2025-Q1"}
		second := first
		second.Period = "2025-Q2"
		x.must(x.on("2025-04-05").save("firm", first, "room=1 area=2; room=2"))
		if rows := prefill(second).Rows; len(rows) != 2 || rows[0].Cells["area"] != "2" {
			t.Errorf("Prefill of a list = %+v, want the two rows of the quarter before", rows)
		}
	})
}

func TestCan_agreesWithTheActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		acts := map[string]filing.Doing{"save": filing.ToFill, "submit": filing.ToSubmit, "recall": filing.ToRecall, "approve": filing.ToApprove, "return": filing.ToReturn, "reopen": filing.ToReopen}
		fm, err := x.lib.Form("monthly", "2025-06")
		x.must(err)
		for _, c := range transitions {
			x.reset()
			x.route(c.state)
			f := x.now(june)
			for who, p := range people {
				var can []filing.Doing
				x.read(func(ctx context.Context, r db.Reader) error {
					party, err := filing.PartyOf(ctx, r, p.scope, p.role, p.name)
					can = party.Can(f, fm, 20250701)
					return err
				})
				may := strings.Contains(" "+c.may, " "+who+">")
				switch {
				case who == "admin" || who == "viewer": // whose role lets them fill nothing in; the acts do not ask for it
				case c.act == "reopen" && (c.state == "owed" || c.state == "draft" || c.state == "changed"): // is possible before the days are over, and of no use
				case who != "op" && c.state == "by office" && c.act == "recall" && who != "firm": // whose submission it is the row does not tell
				case c.state == "by county" && c.act == "recall":
				case slices.Contains(can, acts[c.act]) != may:
					t.Errorf("Can of %s in %s = %v, but %s is %v", who, c.state, can, c.act, may)
				}
			}
		}
	})
}
