package enrolment_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const (
	today = period.Date(20250712)
	wan   = int64(1_000_000) // fen of 万元
)

// scene puts things into the small city.
type scene struct {
	t   testing.TB
	d   *db.DB
	ctx context.Context
}

func newScene(t testing.TB, d *db.DB) scene {
	tenancytest.Fill(t, d)
	s := scene{t, d, context.Background()}
	s.exec(`UPDATE org SET division = id WHERE id LIKE '3505__'`)
	return s
}

func act() org.Act {
	a := tenancytest.Act(auth.Whole(tenancytest.City))
	a.At = time.Date(2025, 7, 12, 2, 0, 0, 0, time.UTC)
	return a
}

func (s scene) write(fn func(w db.Writer) error) error {
	return s.d.Write(s.ctx, fn)
}

func (s scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s scene) exec(text string, args ...any) {
	s.t.Helper()
	s.must(s.write(func(w db.Writer) error { _, err := w.Exec(s.ctx, text, args...); return err }))
}

// file files fields of an enterprise from a month on; a negative value is left out.
func (s scene) file(id enterprise.ID, field filing.Field, from period.Month, values ...int64) {
	s.t.Helper()
	var rows []filing.Value
	for i, v := range values {
		if v >= 0 {
			rows = append(rows, filing.Value{Enterprise: id, Month: from + period.Month(i), Field: field, Value: v, Nature: figure.Declared, Source: "月报"})
		}
	}
	s.must(s.write(func(w db.Writer) error { _, err := filing.AddMany(s.ctx, w, act(), slices.Values(rows)); return err }))
}

func (s scene) fact(f enrolment.Fact) error {
	if f.Enterprise == "" {
		f.Enterprise = "e-a"
	}
	if f.Day == 0 {
		f.Day = today
	}
	if f.Nature == "" {
		f.Nature, f.Source = figure.Record, "统计局答复"
	}
	return s.write(func(w db.Writer) error { _, err := enrolment.Add(s.ctx, w, act(), f); return err })
}

func (s scene) view(b *enrolment.Board) (v *enrolment.View) {
	s.t.Helper()
	s.must(s.d.Read(s.ctx, func(r db.Reader) (err error) { v, err = b.Now(s.ctx, r, today); return err }))
	return v
}

func (s scene) row(id enterprise.ID) *enrolment.Row {
	s.t.Helper()
	r, ok := s.view(enrolment.NewBoard(tenancytest.City)).Row(id)
	if !ok {
		s.t.Fatalf("Row(%q) = none", id)
	}
	return r
}

func month(y, m int) period.Month { return period.MonthOf(y, m) }

func repeat(n int, v int64) []int64 { return slices.Repeat([]int64{v}, n) }

func noteKeys(r *enrolment.Row) (out []string) {
	for _, n := range r.Notes {
		out = append(out, n.Key[len("enrolment.note."):])
	}
	return out
}

func TestBoard_buildsTheCaseFromTheLedger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		s.file("e-a", filing.Revenue, month(2024, 7), repeat(12, 170*wan)...)
		s.file("e-a", filing.Output, month(2024, 1), repeat(18, 180*wan)...)
		r := s.row("e-a")
		if r.Case.Opened != 20240110 || r.Case.Relocated || r.Park != "p-op" || r.Org.ID != "op" {
			t.Errorf("case = opened %s relocated %v in %s at %s, want 2024-01-10 in p-op at op", r.Case.Opened, r.Case.Relocated, r.Park, r.Org.ID)
		}
		// in production for 18 months: the yearly path; November to October, of which the returns up to June are known
		if r.Path != enrolment.ByYear || r.Window.Closes != 20251104 || r.Known != 8 || r.Asked != 12 || r.Rolling != 8*170*wan {
			t.Errorf("readiness = %s closes %s, %d of %d, rolling %d", r.Path, r.Window.Closes, r.Known, r.Asked, r.Rolling)
		}
		if r.Case.LastYear == nil || *r.Case.LastYear != 12*180*wan {
			t.Errorf("last year = %v, want the sum of twelve months", r.Case.LastYear)
		}
		if got := r.Months(24); len(got) != 24 || got[23].Month != month(2025, 7) || got[22].Revenue == nil || got[23].Revenue != nil || *got[22].Output != 180*wan || got[22].Electricity != nil {
			t.Errorf("months = %+v", got[22:])
		}
		if moved := s.row("e-d"); !moved.Case.Relocated || moved.Case.Opened != 20220301 {
			t.Errorf("e-d = opened %s relocated %v, want 2022-03-01 and moved", moved.Case.Opened, moved.Case.Relocated)
		}
		if none := s.row("e-c"); none.Verdict != enrolment.Unknown || none.KnowsRevenue() || none.Park != "" {
			t.Errorf("e-c = %s, want unknown without a park", none.Verdict)
		}
	})
}

func TestBoard_aMoveIsOldOnlyWhereItsProductionBegan(t *testing.T) {
	for _, c := range []struct {
		name      string
		first     bool // the first tenancy is a move
		second    bool
		day       int // of the second's production; 0: none
		opened    period.Date
		relocated bool
	}{
		{"came from elsewhere", true, false, 0, 20240601, true},
		{"began here and moved on", false, true, 20250101, 20240601, false},
		{"came from elsewhere and opened a second shop", true, false, 20250101, 20240601, true},
		{"both on one day, one of them a move", false, true, 20240601, 20240601, true},
		{"moves, and produces elsewhere already", false, true, 0, 20240601, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, dbtest.Open(t, db.SQLite))
			add := func(id string, moved bool, day int) {
				x := tenancy.Tenancy{ID: tenancy.ID(id), Enterprise: "e-c", Park: "p-na", Relocated: moved, Nature: figure.Declared, Source: "ledger",
					Entries: []tenancy.Entry{tenancytest.Entry(tenancy.Signed, 20230101)}}
				if day != 0 {
					x.Entries = append(x.Entries, tenancytest.Entry(tenancy.Production, day))
				}
				s.must(s.write(func(w db.Writer) error { _, err := tenancy.AddMany(s.ctx, w, act(), []tenancy.Tenancy{x}); return err }))
			}
			add("t-8", c.first, 20240601)
			add("t-9", c.second, c.day)
			if r := s.row("e-c"); r.Case.Opened != c.opened || r.Case.Relocated != c.relocated {
				t.Errorf("case = opened %s relocated %v, want %s %v", r.Case.Opened, r.Case.Relocated, c.opened, c.relocated)
			}
		})
	}
}

func TestNotes_whereLedgerAndListDisagree(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	enter := func(day int) {
		s.exec(`INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
			VALUES ('350500', 'e-a', 't-1', 'enrolled', 'claimed', $1, $2, 'declared', 'ledger', '', 'x', 1)`, day, day)
	}
	enter(20250510)
	if got := noteKeys(s.row("e-a")); !slices.Equal(got, []string{"ledger_only"}) {
		t.Errorf("notes = %v, want ledger_only", got)
	}
	s.must(s.fact(enrolment.Fact{Word: enrolment.Listed, Month: month(2025, 6)}))
	if got := noteKeys(s.row("e-a")); !slices.Equal(got, []string{"other_month"}) {
		t.Errorf("notes = %v, want other_month", got)
	}
	enter(20250601)
	if got := noteKeys(s.row("e-a")); len(got) != 0 {
		t.Errorf("notes = %v, want none: both say June", got)
	}
}

func TestSigns_sayUnknownWhereMonthsAreMissing(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	s.exec(`UPDATE org SET division = '350505' WHERE id = '350582'`) // 泉港: electricity of a year, taxable sales of a month
	sign := func() enrolment.Sign {
		t.Helper()
		got := s.row("e-a").Signs
		if len(got) != 2 || got[0].Sign != "electricity" || got[1].Sign != "taxable_sales" {
			t.Fatalf("signs = %+v, want the county's two", got)
		}
		if got[1].Value != nil || got[1].Hit {
			t.Errorf("taxable sales = %+v, want not known: no return asks for them", got[1])
		}
		return got[0]
	}
	if x := sign(); x.Value != nil || x.Known != 0 || x.Asked != 12 {
		t.Errorf("electricity = %+v, want not known", x)
	}
	s.file("e-a", filing.Electricity, month(2024, 7), repeat(11, 30_000)...)
	if x := sign(); x.Value != nil || x.Hit || x.Known != 11 {
		t.Errorf("electricity of eleven months = %+v, want not known: the month before is missing", x)
	}
	s.file("e-a", filing.Electricity, month(2024, 6), 30_000)
	if x := sign(); x.Value == nil || *x.Value != 360_000 || !x.Hit {
		t.Errorf("electricity of twelve months = %+v, want 360,000 and above", x)
	}
	if other := s.row("e-b").Signs; len(other) != 0 {
		t.Errorf("signs of the other county = %+v, want none", other)
	}
}

func TestBoard_catchesUpAsIfItWereReadAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		board := enrolment.NewBoard(tenancytest.City)
		first := s.view(board)
		if again := s.view(board); again != first {
			t.Error("Now of an unchanged ledger computes anew")
		}
		s.file("e-a", filing.Revenue, month(2024, 10), repeat(9, 400*wan)...)
		for i, step := range []func(){
			func() {},
			func() { s.must(s.fact(enrolment.Fact{Word: enrolment.Applied})) },
			func() {
				s.must(s.write(func(w db.Writer) error {
					_, err := tenancy.Enter(s.ctx, w, act(), "t-2", 1, tenancytest.Entry(tenancy.Production, 20250105))
					return err
				}))
			},
			func() {
				s.must(s.write(func(w db.Writer) error {
					e := enterprise.Enterprise{USCC: tenancytest.USCC(t, 77), Name: "戊食品有限公司", Org: "350583", Industry: "14", Nature: figure.Record, Source: "registry"}
					_, err := enterprise.Add(s.ctx, w, act(), e)
					return err
				}))
			},
			func() {
				s.must(s.write(func(w db.Writer) error {
					_, err := org.Add(s.ctx, w, act(), org.Org{City: tenancytest.City, ID: "350503", Parent: tenancytest.City, Kind: org.County, NameZH: "丰泽区", Division: "350503"})
					return err
				}))
			},
		} {
			step()
			kept, fresh := s.view(board), s.view(enrolment.NewBoard(tenancytest.City))
			if got, want := picture(kept), picture(fresh); !reflect.DeepEqual(got, want) {
				t.Errorf("after step %d the kept board is\n%v\nwant\n%v", i, got, want)
			}
		}
	})
}

func TestBoard_readsOnlyWhatChanged(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	board := enrolment.NewBoard(tenancytest.City)
	rows := func() (a, b *enrolment.Row) {
		v := s.view(board)
		at := func(id enterprise.ID) *enrolment.Row {
			return v.Rows[slices.IndexFunc(v.Rows, func(r *enrolment.Row) bool { return r.ID == id })]
		}
		return at("e-a"), at("e-b")
	}
	a, b := rows()
	for _, x := range []struct {
		name      string
		do        func()
		sameA, sB bool
	}{
		{"a login", func() { s.line("user", "u-1") }, true, true},
		{"a project", func() { s.line("project", "j-1") }, true, true},
		{"a fact of e-a", func() { s.must(s.fact(enrolment.Fact{Word: enrolment.Applied})) }, false, true},
		{"a park's figure", func() { s.line("park", "p-op") }, true, true},
		{"a park's name", func() { s.exec(`UPDATE park SET name = '新园' WHERE id = 'p-op'`); s.line("park", "p-op") }, false, false},
		{"every return", func() { s.line(filing.Kind, "*") }, false, false},
		{"a pack of the city's own", func() {
			s.exec(`INSERT INTO pack_version (city, kind, code, version, body, reason, actor, at) SELECT '350500', 'enrolment', 'other', 1, $1, '试', 'x', 1`, ownPack)
			s.line("pack", "other")
		}, false, false},
	} {
		x.do()
		a2, b2 := rows()
		if a2 == a != x.sameA || b2 == b != x.sB {
			t.Errorf("after %s the rows are kept = %v %v, want %v %v", x.name, a2 == a, b2 == b, x.sameA, x.sB)
		}
		a, b = a2, b2
	}
}

// line adds a line to the trail that touches one row.
func (s scene) line(kind, id string) {
	s.t.Helper()
	s.must(s.write(func(w db.Writer) error {
		_, err := audit.Append(s.ctx, w, audit.Entry{City: tenancytest.City, Actor: "x", Action: "test", Kind: kind, At: act().At, Touched: []audit.Touch{{Kind: kind, ID: id}}})
		return err
	}))
}

func picture(v *enrolment.View) (out []string) {
	for _, x := range v.Rows {
		r, _ := v.Row(x.ID)
		out = append(out, fmt.Sprint(r.ID, r.Name, r.Org, r.Park, r.Register, r.Readiness, r.Signs, r.Notes, r.Tasks, len(r.Recorded())))
	}
	return out
}

func TestList_whatDecidesTheYearComesFirst(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	s.file("e-a", filing.Revenue, month(2024, 7), repeat(12, 170*wan)...) // yearly, on its way
	s.file("e-a", filing.Output, month(2024, 7), repeat(12, 170*wan)...)
	s.must(s.write(func(w db.Writer) error {
		_, err := tenancy.Enter(s.ctx, w, act(), "t-2", 1, tenancytest.Entry(tenancy.Production, 20250105))
		return err
	}))
	s.file("e-b", filing.Revenue, month(2025, 1), repeat(6, 400*wan)...) // monthly, over the line
	s.file("e-b", filing.Output, month(2025, 1), repeat(6, 400*wan)...)
	s.must(s.fact(enrolment.Fact{Enterprise: "e-d", Word: enrolment.Listed, Month: month(2025, 4)}))
	v := s.view(enrolment.NewBoard(tenancytest.City))
	list := func(q enrolment.Query) enrolment.Listing {
		t.Helper()
		out, err := v.List(q)
		s.must(err)
		return out
	}
	ids := func(l enrolment.Listing) (out []enterprise.ID) {
		for _, r := range l.Rows {
			out = append(out, r.ID)
		}
		return out
	}
	city := auth.Whole(tenancytest.City)
	all := list(enrolment.Query{Scope: city})
	if got, want := ids(all), []enterprise.ID{"e-b", "e-a", "e-c", "e-d"}; !slices.Equal(got, want) {
		t.Errorf("order = %v, want %v", got, want)
	}
	if all.Counts[enrolment.Preparing] != 2 && all.Counts[enrolment.Misses] != 1 || all.Counts[enrolment.InList] != 1 {
		t.Errorf("counts = %v", all.Counts)
	}
	if all.Entered != 0 {
		t.Errorf("entered = %d, want 0: e-d moved inside the city", all.Entered)
	}
	if n := len(all.Chances); n != 12 || all.Chances[0].Closes != 20250105 || all.Chances[n-1].Closes != 20251205 {
		t.Errorf("windows of the year = %+v, want ten months and two batches", all.Chances)
	}
	var paged []enterprise.ID
	for q := (enrolment.Query{Scope: city, Limit: 1}); ; {
		l := list(q)
		paged = append(paged, ids(l)...)
		if q.After = l.Next; l.Next == "" {
			break
		}
	}
	if !slices.Equal(paged, ids(all)) {
		t.Errorf("pages = %v, want %v", paged, ids(all))
	}
	for name, c := range map[string]struct {
		q    enrolment.Query
		want []enterprise.ID
	}{
		"county":      {enrolment.Query{Scope: tenancytest.Scopes["350583"]}, []enterprise.ID{"e-b", "e-c", "e-d"}},
		"operator":    {enrolment.Query{Scope: tenancytest.Scopes["op"]}, []enterprise.ID{"e-a"}},
		"itself":      {enrolment.Query{Scope: tenancytest.Scopes["e-a"]}, []enterprise.ID{"e-a"}},
		"elsewhere":   {enrolment.Query{Scope: tenancytest.Scopes["elsewhere"]}, nil},
		"nobody":      {enrolment.Query{}, nil},
		"office":      {enrolment.Query{Scope: city, Below: "350500.350583."}, []enterprise.ID{"e-b", "e-c", "e-d"}},
		"park":        {enrolment.Query{Scope: city, Park: "p-op"}, []enterprise.ID{"e-a"}},
		"hidden park": {enrolment.Query{Scope: tenancytest.Scopes["350582"], Park: "p-na"}, nil},
		"verdict":     {enrolment.Query{Scope: city, Verdict: enrolment.InList}, []enterprise.ID{"e-d"}},
		"text":        {enrolment.Query{Scope: city, Text: "乙text"}, []enterprise.ID{"e-b"}},
		"next year":   {enrolment.Query{Scope: city, Year: 2026}, nil},
	} {
		if got := ids(list(c.q)); !slices.Equal(got, c.want) {
			t.Errorf("List of %s = %v, want %v", name, got, c.want)
		}
	}
	if _, err := v.List(enrolment.Query{Scope: city, After: "x"}); err == nil {
		t.Error("List of a wrong cursor = nil, want a fault")
	}
}

const ownPack = "pack: enrolment-fujian\nissuer: 泉州市\nnumber: q-1\nprovince: \"35\"\nfrom: \"2025-01-01\"\nperiods: 12\nperiods_basis: assumed\nyoung_basis: assumed\n" +
	"sectors: [{code: industry, name: {zh: 工业, en: Industry}, industries: [C], threshold: 3000 万元, basis: assumed, source: 试验}]\n" +
	"monthly: {new_for_months: 6, new_basis: assumed, basis: assumed, batches: [{month: 5, closes_months_before: 1, closes_day: 20}]}\n" +
	"yearly: {basis: assumed, batches: [{month: 1, closes_months_before: 1, closes_day: 5}]}\nmaterials_basis: assumed\nmend_basis: assumed\nleading_basis: assumed\n"

func TestInForce_theCitysVersionComesFirst(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	get := func() (p *enrolment.Pack, err error) {
		_ = s.d.Read(s.ctx, func(r db.Reader) error {
			p, err = enrolment.InForce(s.ctx, r, tenancytest.City, "350500", today)
			return nil
		})
		return p, err
	}
	shipped, err := get()
	s.must(err)
	put := func(version int, body string) {
		s.exec(`INSERT INTO pack_version (city, kind, code, version, body, reason, actor, at) VALUES ('350500', 'enrolment', 'enrolment-fujian', $1, $2, '试', 'x', 1)`, version, body)
	}
	put(1, ownPack)
	own, err := get()
	s.must(err)
	if shipped.Issuer != "parkbrain" || own.Number != "q-1" || own.Sectors[0].Threshold != 3000*wan {
		t.Errorf("InForce = %s then %s, want the shipped one and the city's", shipped.Number, own.Number)
	}
	put(2, "pack: x")
	if _, err := get(); !errors.Is(err, fault.New(fault.Invalid, "enrolment.bad_pack")) {
		t.Errorf("InForce with a bad version = %v, want enrolment.bad_pack", err)
	}
}

func TestBecause_namesOnlyWhatDecides(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	s.file("e-a", filing.Revenue, month(2024, 7), repeat(12, 20*wan)...)
	s.file("e-a", filing.Output, month(2024, 7), repeat(12, 20*wan)...)
	r := s.row("e-a")
	if r.Verdict != enrolment.Below || len(r.Blocks) < 9 {
		t.Fatalf("e-a is %s with %d blocks, want below with papers and the threshold", r.Verdict, len(r.Blocks))
	}
	if why := r.Because(); len(why) != 1 || why[0].Key != "enrolment.block.threshold" || why[0].Args["filed"] != true {
		t.Errorf("Because = %v, want the threshold alone: papers can be got", why)
	}
	unknown := s.row("e-c")
	if why := unknown.Because(); len(why) != 1 || why[0].Args["filed"] != false {
		t.Errorf("Because of one that never filed = %v, want the threshold with filed = false", why)
	}
	for _, task := range unknown.Tasks {
		if task.Key == "enrolment.task.revenue" {
			t.Errorf("one that never filed is told to earn %v more", task.Args["short"])
		}
	}
}
