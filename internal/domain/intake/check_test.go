package intake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCheck_saysWhatEachCellWouldChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		before := w.count("audit_line")
		p := w.check(county, rooms, table(1, first))
		if got, want := counts(p.Report), "3 rows: 3 new 0 changed 0 unchanged 0 conflicting 0 bad"; got != want || !p.Report.CanCommit() {
			t.Errorf("first check = %s, can commit %v, want %s", got, p.Report.CanCommit(), want)
		}
		if n := w.count("audit_line") - before + w.count("filing"); n != 0 {
			t.Errorf("a check wrote %d rows, want none", n)
		}
		w.bring(county, rooms, first)
		if got, want := w.cells(rooms, "350582"), "A1: area=100 room=A1 started=2024-01-01 ended=2025-01-01 usage=factory note=one; "+
			"A2: area=200 room=A2 started=2024-02 usage=shop note=two; A3: area=300 room=A3"; got != want {
			t.Errorf("records = %s, want %s", got, want)
		}
		again := w.check(county, rooms, table(1, "room,area,started,note\nA1,150,?,\nA2,200,,two\nA4,400,,\n"))
		if got, want := counts(again.Report), "3 rows: 1 new 1 changed 1 unchanged 0 conflicting 0 bad"; got != want {
			t.Errorf("second check = %s, want %s", got, want)
		}
		if got, want := changes(again.Report.Changes), "B2 area 100>150 changed; C2 started 2024-01-01> changed; B4 area >400 new; A4 room >A4 new"; sorted(got) != sorted(want) {
			t.Errorf("changes = %s, want %s", got, want)
		}
		in := w.open(county, rooms)
		if _, err := w.commit(county, in, again, intake.How{}); err != nil {
			t.Fatalf("Commit = %v", err)
		}
		if got, want := w.cells(rooms, "350582"), "A1: area=150 room=A1 ended=2025-01-01 usage=factory note=one; "+
			"A2: area=200 room=A2 started=2024-02 usage=shop note=two; A3: area=300 room=A3; A4: area=400 room=A4"; got != want {
			t.Errorf("records = %s, want %s: a blank cell takes nothing away, a word for unknown does, a row that is not there stays", got, want)
		}
	})
}

func sorted(list string) string {
	parts := strings.Split(list, "; ")
	for i := range parts {
		for j := range i {
			if parts[i] < parts[j] {
				parts[i], parts[j] = parts[j], parts[i]
			}
		}
	}
	return strings.Join(parts, "; ")
}

func TestCheck_refusesCellsAndSaysWhich(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, c := range []struct{ name, file, want, problems string }{
			{"a cell that cannot be read", "room,area\nA1,!x\nA2,5", "2 rows: 1 new 0 changed 0 unchanged 0 conflicting 1 bad", "B2 value.not_a_number error; B3 intake.rule warning"},
			{"no choice", "room,area,usage\nA1,20,garage", "1 rows: 0 new 0 changed 0 unchanged 0 conflicting 1 bad", "C2 intake.choice error"},
			{"a rule", "room,area,started,ended\nA1,20,2024-05,2024-03", "1 rows: 0 new 0 changed 0 unchanged 0 conflicting 1 bad", "D2 intake.rule error"},
			{"no key", "room,area\n,20", "1 rows: 0 new 0 changed 0 unchanged 0 conflicting 1 bad", "A2 intake.no_key error"},
			{"the same key twice", "room,area\nA1,20\nA2,20\nA1,30", "3 rows: 1 new 0 changed 0 unchanged 0 conflicting 2 bad", "A2 intake.duplicate error; A4 intake.duplicate error"},
			{"required in a form that nobody approves", "room,note\nA1,x", "1 rows: 0 new 0 changed 0 unchanged 0 conflicting 1 bad", " intake.required error"},
		} {
			r := w.check(county, rooms, table(1, c.file)).Report
			if got := counts(r); got != c.want || said(r.Problems) != c.problems {
				t.Errorf("%s = %s (%s), want %s (%s)", c.name, got, said(r.Problems), c.want, c.problems)
			}
			if r.CanCommit() {
				t.Errorf("%s can be committed", c.name)
			}
		}
		r := w.check(county, rooms, table(1, "room,area,started,ended\nA1,20,2024-05,2024-03")).Report
		if got := r.Problems[0].Said; got.ZH != "终止2024年3月早于起始2024年5月。" || got.EN != "Ended Mar 2024 before May 2024." {
			t.Errorf("said = %+v, want the rule's sentences with the values", got)
		}
		dup := w.check(county, rooms, table(1, "room,area\nA1,20\nA1,30")).Report.Problems
		if dup[0].Args["other"] != int32(3) || dup[1].Args["other"] != int32(2) {
			t.Errorf("duplicates name rows %v and %v, want 3 and 2", dup[0].Args["other"], dup[1].Args["other"])
		}
	})
}

func TestCheck_whatIsRequiredCanComeLaterWhereAnOfficeApproves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		own := june
		own.Subject = "e-a"
		r := w.check(county, own, table(1, "output,note\n,x")).Report
		if got := said(r.Problems); got != "A2 intake.required_later warning" || !r.CanCommit() {
			t.Errorf("problems = %s, can commit %v, want one warning that lets it be written", got, r.CanCommit())
		}
	})
}

func TestCheck_goodRowsOfTheFileBeforeStayStaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.check(county, rooms, table(1, "room,area\nA1,100\nA2,!many\n"), table(2, "room,area\nA2,200\n"))
		if got, want := counts(p.Report), "2 rows: 2 new 0 changed 0 unchanged 0 conflicting 0 bad"; got != want || len(p.Report.Problems) != 0 {
			t.Errorf("a file of the mended rows only = %s %s, want %s", got, said(p.Report.Problems), want)
		}
		p = w.check(county, rooms, table(1, "room,area\nA1,100\n"), table(2, "room,area\nA1,!worse\n"))
		if got, want := counts(p.Report), "1 rows: 0 new 0 changed 0 unchanged 0 conflicting 1 bad"; got != want {
			t.Errorf("a row that became bad = %s, want %s: the old one must not slip in", got, want)
		}
	})
}

func TestCheck_findsEnterprisesByCodeOrExactName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		file := fmt.Sprintf("@subject,@name,output,tax\n%s,,100,5\n,乙Ｔextile有限公司,200,6\n%s,,1,1\n,丙物流有限公司,1,1\n,甲鞋业,1,1\n,,1,1\n", tenancytest.USCC(t, 1), tenancytest.USCC(t, 3))
		p := w.check(county, june, table(1, file))
		if got, want := counts(p.Report), "6 rows: 1 new 0 changed 0 unchanged 0 conflicting 5 bad"; got != want {
			t.Errorf("check = %s, want %s", got, want)
		}
		if got, want := said(p.Report.Problems), " intake.other_office error; A4 intake.unknown_code error; B5 intake.unknown_name error; B6 intake.unknown_name error; B7 intake.no_subject error"; got != want {
			t.Errorf("problems = %s, want %s: another county's enterprises do not exist here, and one in its park counts to it", got, want)
		}
		in := w.open(county, june)
		if _, err := w.commit(county, in, p, intake.How{OnlyGood: true}); err != nil {
			t.Fatalf("Commit = %v", err)
		}
		w.bring(whole, june, "@subject,@name,output,tax\n,乙Ｔextile有限公司,200,6\n")
		if a, b := w.cells(june, "e-a"), w.cells(june, "e-b"); a != ": output=100 tax=5" || b != ": output=200 tax=6" {
			t.Errorf("filings = %q and %q, want each its own", a, b)
		}
		again := w.check(county, june, table(1, fmt.Sprintf("@subject,@name,output\n%s,,100\n,甲鞋业有限公司,101\n", tenancytest.USCC(t, 1))))
		if got, want := counts(again.Report), "2 rows: 0 new 0 changed 0 unchanged 0 conflicting 2 bad"; got != want || len(again.Report.Problems) != 2 {
			t.Errorf("the same enterprise by code and by name = %s %s, want %s", got, said(again.Report.Problems), want)
		}
	})
}

func TestCheck_asksRulesThatReadOtherMonths(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.at = time.Date(2025, 6, 3, 1, 0, 0, 0, time.UTC)
		may := intake.Target{Form: "monthly", Kind: form.OfEnterprise, Period: "2025-05"}
		in := w.open(county, may)
		if _, err := w.commit(county, in, w.check(county, may, table(1, "@name,output\n甲鞋业有限公司,100\n")), intake.How{Submit: true}); err != nil {
			t.Fatalf("Commit and submit = %v", err)
		}
		w.at = time.Date(2025, 7, 3, 1, 0, 0, 0, time.UTC)
		r := w.check(county, june, table(1, "@name,output,tax\n甲鞋业有限公司,501,502\n")).Report
		if got, want := said(r.Problems), "B2 intake.rule error; B2 intake.rule warning"; got != want {
			t.Errorf("problems = %s, want %s", got, want)
		}
		if r.Bad != 1 {
			t.Errorf("bad = %d, want 1", r.Bad)
		}
	})
}

func TestCheck_whatTheEnterpriseConfirmedConflicts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ref := filing.Ref{Kind: form.OfEnterprise, Subject: "e-a", Form: "monthly", Period: "2025-06"}
		err := w.write(tenancytest.Scopes["e-a"], func(ctx context.Context, tx db.Writer, act org.Act) error {
			f, err := filing.Save(ctx, tx, act, w.lib, filing.Edit{Ref: ref, Changes: []filing.Change{{Cells: filing.Cells{"output": "700", "tax": "7"}, Origin: filing.Origin{Way: filing.Typed}}}})
			if err == nil {
				_, err = filing.Submit(ctx, tx, act, w.lib, filing.Submission{Ref: ref, Version: f.Version})
			}
			return err
		})
		if err != nil {
			t.Fatalf("the enterprise's own return = %v", err)
		}
		p := w.check(whole, june, table(1, "@name,output,tax\n甲鞋业有限公司,900,7\n丙物流有限公司,10,1\n"))
		if got, want := counts(p.Report), "2 rows: 1 new 0 changed 0 unchanged 1 conflicting 0 bad"; got != want || p.Report.CanCommit() {
			t.Errorf("an office's file = %s, can commit %v, want %s", got, p.Report.CanCommit(), want)
		}
		if got, want := changes(p.Report.Changes[:1]), "B2 output 700>900 conflicting"; got != want {
			t.Errorf("changes = %s, want %s", got, want)
		}
		in := w.open(whole, june)
		if _, err := w.commit(whole, in, p, intake.How{OnlyGood: true}); err != nil {
			t.Fatalf("Commit = %v", err)
		}
		if got := w.cells(june, "e-a"); got != ": output=700 tax=7" {
			t.Errorf("the confirmed return = %s, want it untouched", got)
		}
		if r := w.check(county, june, table(1, "@name,output\n甲鞋业有限公司,700\n")).Report; r.Unchanged != 1 {
			t.Errorf("the same value = %s, want unchanged", counts(r))
		}
	})
}

func TestCheck_whatChangedAfterTheTemplateConflicts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring(county, rooms, first)
		made := w.at.Add(time.Second)
		w.bring(county, rooms, "room,area\nA1,111\n")
		in := table(1, "room,area,note\nA1,100,one\nA2,222,two\n")
		in.MadeAt = made
		p := w.check(county, rooms, in)
		if got, want := counts(p.Report), "2 rows: 0 new 1 changed 0 unchanged 1 conflicting 0 bad"; got != want {
			t.Errorf("a template made before a change = %s, want %s", got, want)
		}
	})
}

func TestCheck_aFileThatBreaksInTheMiddleWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		broken := errors.New("broken")
		in := table(1, first)
		rows := in.Rows
		in.Rows = func(yield func(func() intake.Row, error) bool) {
			for row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			yield(nil, broken)
		}
		if _, err := intake.Check(t.Context(), d, county, w.lib, rooms, []intake.Input{in}, nil); !errors.Is(err, broken) {
			t.Errorf("Check = %v, want the reader's error", err)
		}
		ctx, stop := context.WithCancel(t.Context())
		endless := table(1, first)
		endless.Rows = func(yield func(func() intake.Row, error) bool) {
			for i := 0; ; i++ {
				if i == 5000 {
					stop()
				}
				if !yield(func() intake.Row {
					return intake.Row{No: i + 2, Cells: []intake.Cell{{Field: "room", Ref: "A2", Value: fmt.Sprint("R", i)}}}
				}, nil) {
					return
				}
			}
		}
		if _, err := intake.Check(ctx, d, county, w.lib, rooms, []intake.Input{endless}, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("Check of a file without an end = %v, want canceled", err)
		}
		if n := w.count("filing") + w.count("intake"); n != 0 {
			t.Errorf("%d rows were written, want none", n)
		}
	})
}
