package enrolment_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestAdd_onlyTheBureausWordCounts(t *testing.T) {
	type said struct {
		word  enrolment.Word
		day   period.Date
		month period.Month
		void  bool
	}
	for _, c := range []struct {
		name     string
		above    period.Date // what the enterprise's own entry says
		said     []said
		verdict  enrolment.Verdict
		since    period.Month
		accepted period.Month
		applied  period.Date
		notes    []string
	}{
		{name: "nothing", verdict: enrolment.Unknown},
		{name: "applied", said: []said{{enrolment.Applied, 20250701, 0, false}}, verdict: enrolment.Waiting, applied: 20250701},
		{name: "applied and returned", said: []said{{enrolment.Applied, 20250701, 0, false}, {enrolment.Returned, 20250705, 0, false}}, verdict: enrolment.Unknown},
		{name: "returned and applied again", said: []said{{enrolment.Applied, 20250601, 0, false}, {enrolment.Returned, 20250605, 0, false}, {enrolment.Applied, 20250610, 0, false}},
			verdict: enrolment.Waiting, applied: 20250610},
		{name: "applied by mistake", said: []said{{enrolment.Applied, 20250701, 0, false}, {enrolment.Applied, 20250702, 0, true}}, verdict: enrolment.Unknown},
		{name: "taking back the second leaves the first", said: []said{{enrolment.Applied, 20250601, 0, false}, {enrolment.Applied, 20250701, 0, false}, {enrolment.Applied, 20250702, 0, true}},
			verdict: enrolment.Waiting, applied: 20250601},
		{name: "accepted for a month to come", said: []said{{enrolment.Accepted, 20250710, month(2025, 8), false}}, verdict: enrolment.Waiting, accepted: month(2025, 8)},
		{name: "accepted, and the month has come", said: []said{{enrolment.Accepted, 20250610, month(2025, 7), false}}, verdict: enrolment.Waiting, accepted: month(2025, 7),
			notes: []string{"accepted_open"}},
		{name: "listed", said: []said{{enrolment.Listed, 20250710, month(2025, 7), false}}, verdict: enrolment.InList, since: month(2025, 7), notes: []string{"list_only"}},
		{name: "listed by mistake", said: []said{{enrolment.Listed, 20250710, month(2025, 7), false}, {enrolment.Listed, 20250711, 0, true}}, verdict: enrolment.Unknown},
		{name: "listed and delisted", said: []said{{enrolment.Listed, 20240110, month(2024, 1), false}, {enrolment.Delisted, 20250301, month(2025, 3), false}},
			verdict: enrolment.Unknown, notes: []string{"delisted"}},
		{name: "delisted from a month to come on", said: []said{{enrolment.Listed, 20240110, month(2024, 1), false}, {enrolment.Delisted, 20250701, month(2025, 9), false}},
			verdict: enrolment.InList, since: month(2024, 1), notes: []string{"list_only"}},
		{name: "listed again", said: []said{{enrolment.Listed, 20240110, month(2024, 1), false}, {enrolment.Delisted, 20250301, month(2025, 3), false},
			{enrolment.Listed, 20250701, month(2025, 6), false}}, verdict: enrolment.InList, since: month(2025, 6), notes: []string{"list_only"}},
		{name: "an application from before it was delisted is over", said: []said{{enrolment.Applied, 20231210, 0, false}, {enrolment.Listed, 20240110, month(2024, 1), false},
			{enrolment.Delisted, 20250301, month(2025, 3), false}}, verdict: enrolment.Unknown, notes: []string{"delisted"}},
		{name: "above scale by its own entry", above: 20190100, verdict: enrolment.InList, since: month(2019, 1), notes: []string{"list_only", "register_only"}},
		{name: "its own entry and delisted", above: 20190100, said: []said{{enrolment.Delisted, 20250301, month(2025, 3), false}}, verdict: enrolment.Unknown, notes: []string{"delisted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				s := newScene(t, d)
				if c.above != 0 {
					s.exec(`UPDATE enterprise SET above_scale_since = $1 WHERE id = 'e-a'`, int64(c.above))
				}
				for _, x := range c.said {
					s.must(s.fact(enrolment.Fact{Word: x.word, Day: x.day, Month: x.month, Void: x.void}))
				}
				r := s.row("e-a")
				if r.Verdict != c.verdict || r.Register.Since != c.since || r.Register.Accepted != c.accepted || r.Register.Applied != c.applied {
					t.Errorf("row = %s since %s accepted %s applied %s, want %s %s %s %s", r.Verdict, r.Register.Since, r.Register.Accepted, r.Register.Applied,
						c.verdict, c.since, c.accepted, c.applied)
				}
				if got := noteKeys(r); !slices.Equal(got, c.notes) {
					t.Errorf("notes = %v, want %v", got, c.notes)
				}
				var version int64
				s.must(s.d.Read(s.ctx, func(rd db.Reader) error {
					return rd.QueryRow(s.ctx, `SELECT version FROM tenancy WHERE id = 't-1'`).Scan(&version)
				}))
				if version != 1 {
					t.Errorf("the tenancy's version = %d, want 1: the bureau's word changes no tenancy", version)
				}
			})
		})
	}
}

func TestAdd_refusesWhatIsNoFact(t *testing.T) {
	s := newScene(t, dbtest.Open(t, db.SQLite))
	amount := int64(5)
	for _, c := range []struct {
		fact enrolment.Fact
		key  string
	}{
		{enrolment.Fact{Word: "seen"}, "enrolment.bad_fact"},
		{enrolment.Fact{Word: enrolment.Applied, Day: 20250713}, "enrolment.future_day"},
		{enrolment.Fact{Word: enrolment.Applied, Day: 20250231}, "date.invalid"},
		{enrolment.Fact{Word: enrolment.Listed}, "enrolment.no_month"},
		{enrolment.Fact{Word: enrolment.Listed, Month: month(2025, 8)}, "enrolment.listed_ahead"},
		{enrolment.Fact{Word: enrolment.Base}, "enrolment.no_value"},
		{enrolment.Fact{Word: enrolment.Applied, Void: true}, "enrolment.nothing_to_void"},
		{enrolment.Fact{Word: enrolment.Applied, Nature: "rumour", Source: "x"}, "figure.bad_nature"},
		{enrolment.Fact{Word: enrolment.Applied, Nature: figure.Record, Source: " "}, "enrolment.no_source"},
		{enrolment.Fact{Word: enrolment.Applied, Enterprise: "e-z"}, "enterprise.not_found"},
		{enrolment.Fact{Word: enrolment.Base, Value: &amount}, ""},
	} {
		err := s.fact(c.fact)
		if f, _ := fault.Of(err); (f == nil) != (c.key == "") || f != nil && f.Key != c.key {
			t.Errorf("Add(%+v) = %v, want %q", c.fact, err, c.key)
		}
	}
	other := act()
	other.Scope = tenancytest.Scopes["350583"]
	err := s.write(func(w db.Writer) error {
		_, err := enrolment.Add(s.ctx, w, other, enrolment.Fact{Enterprise: "e-a", Word: enrolment.Applied, Day: today, Nature: figure.Record, Source: "x"})
		return err
	})
	if f, _ := fault.Of(err); f == nil || f.Key != "enterprise.not_found" {
		t.Errorf("Add as the other county = %v, want enterprise.not_found", err)
	}
}

func TestAdd_keepsEverythingAndSaysWho(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		a, b := 100*wan, 120*wan
		s.must(s.fact(enrolment.Fact{Word: enrolment.Base, Value: &a}))
		s.must(s.fact(enrolment.Fact{Word: enrolment.Base, Value: &b, Month: month(2024, 6)}))
		s.must(s.fact(enrolment.Fact{Word: enrolment.Base, Void: true}))
		s.must(s.fact(enrolment.Fact{Word: enrolment.Base, Value: &b, Month: month(2022, 1)}))
		r := s.row("e-a")
		if r.Case.Base == nil || *r.Case.Base != a {
			t.Errorf("base = %v, want the first: the second was taken back, the last is of another year", r.Case.Base)
		}
		var got []string
		for i, m := range enrolment.Marks(r.Recorded()) {
			f := r.Recorded()[i]
			got = append(got, fmt.Sprintf("%d %s %s %s", f.Seq, f.Month, m, f.Recorder))
		}
		want := []string{"1 2024-01 earlier tester", "2 2024-01 taken_back tester", "3 2024-01 void tester", "4 2022-01 counts tester"}
		if !slices.Equal(got, want) {
			t.Errorf("facts = %q, want %q", got, want)
		}
		var lines int
		s.must(s.d.Read(s.ctx, func(rd db.Reader) error {
			return rd.QueryRow(s.ctx, `SELECT COUNT(*) FROM audit_line WHERE action = 'enrolment.fact' AND entity = 'e-a'`).Scan(&lines)
		}))
		if lines != 4 {
			t.Errorf("%d audit lines, want 4", lines)
		}
	})
}

func TestPut_papersHoldAsLongAsTheySay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		s.exec(`INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, issued, file_name, note, recorder, recorded_at)
			VALUES ('350500', 'v-1', 'tenancy', 't-1', 'enrolled', 'record', '利润表', '1', 20250601, '', '', 'x', 1), ('350500', 'v-2', 'tenancy', 't-2', 'enrolled', 'record', '别家的', '1', NULL, '', '', 'x', 1)`)
		p := s.view(enrolment.NewBoard(tenancytest.City)).Pack
		put := func(x enrolment.Sheet) error {
			x.Enterprise = "e-a"
			return s.write(func(w db.Writer) error { _, err := enrolment.Put(s.ctx, w, act(), p, x); return err })
		}
		s.must(put(enrolment.Sheet{Code: "licence", Have: true, Source: "窗口"}))
		s.must(put(enrolment.Sheet{Code: "photos", Have: true, Expires: 20250801, Source: "窗口"}))
		s.must(put(enrolment.Sheet{Code: "income_statement", Have: true, Evidence: "v-1"}))
		s.must(put(enrolment.Sheet{Code: "vat_return", Have: true, Source: "窗口"}))
		s.must(put(enrolment.Sheet{Code: "application", Have: true, Source: "窗口"}))
		s.must(put(enrolment.Sheet{Code: "application", Have: false, Source: "盖错章"}))
		got := s.row("e-a").Case.Papers
		want := map[string]enrolment.Paper{
			"licence": {Have: true}, "photos": {Have: true, Expires: 20250801},
			"income_statement": {Have: true, Expires: 20250731}, // 60 days after it was issued
			"vat_return":       {Have: true, Expires: 20250910}, // 60 days after it was recorded
			"application":      {Have: false, Expires: 20251010},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("papers = %v, want %v", got, want)
		}
		for key, x := range map[string]enrolment.Sheet{
			"enrolment.no_such_paper": {Code: "poem", Source: "x"},
			"enrolment.no_source":     {Code: "licence"},
			"enrolment.bad_evidence":  {Code: "licence", Evidence: "v-2"},
			"date.invalid":            {Code: "licence", Source: "x", Expires: 20250800},
		} {
			if f, _ := fault.Of(put(x)); f == nil || f.Key != key {
				t.Errorf("Put(%+v) = %v, want %s", x, f, key)
			}
		}
	})
}

func TestAddMany_aListInOneLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		p := s.view(enrolment.NewBoard(tenancytest.City)).Pack
		fact := func(id enterprise.ID) enrolment.Fact {
			return enrolment.Fact{Enterprise: id, Word: enrolment.Listed, Day: 20250601, Month: month(2025, 5), Nature: figure.Statistics, Source: "名录"}
		}
		sheet := enrolment.Sheet{Enterprise: "e-a", Code: "licence", Have: true, Source: "清单"}
		both := func(facts []enrolment.Fact, sheets []enrolment.Sheet) error {
			return s.write(func(w db.Writer) error {
				if err := enrolment.AddMany(s.ctx, w, act(), facts); err != nil {
					return err
				}
				return enrolment.PutMany(s.ctx, w, act(), p, sheets)
			})
		}
		s.must(both([]enrolment.Fact{fact("e-a"), fact("e-b")}, []enrolment.Sheet{sheet}))
		if a, b := s.row("e-a"), s.row("e-b"); a.Verdict != enrolment.InList || b.Register.Since != month(2025, 5) || !a.Sheets()["licence"].Have {
			t.Errorf("after the list e-a is %s and e-b in it since %s", a.Verdict, b.Register.Since)
		}
		if err := both([]enrolment.Fact{fact("e-c"), fact("e-a")}, nil); fault.KindOf(err) != fault.Exists {
			t.Errorf("AddMany of a second word = %v, want Exists", err)
		}
		if err := both(nil, []enrolment.Sheet{sheet}); fault.KindOf(err) != fault.Exists {
			t.Errorf("PutMany of a second statement = %v, want Exists", err)
		}
		if r := s.row("e-c"); r.Register.Since != 0 {
			t.Error("a list that was refused left something behind")
		}
		if err := both([]enrolment.Fact{fact("e-z")}, nil); fault.KindOf(err) != fault.NotFound {
			t.Errorf("AddMany of a stranger = %v, want NotFound", err)
		}
	})
}
