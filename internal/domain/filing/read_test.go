package filing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestRecords_pageByKeyWithoutWhatIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(x.save("county", county, "room=b; room=a; room=d; room=c1; room=e"))
		x.must(x.save("county", county, "-d; -moon"))
		const want = "a b c1 e"
		var paged, streamed []string
		x.read(func(ctx context.Context, r db.Reader) error {
			for after := ""; ; {
				records, next, err := filing.Records(ctx, r, people["city"].scope, county, after, 2)
				for _, rec := range records {
					paged = append(paged, rec.Key)
				}
				if after = next; err != nil || next == "" {
					return err
				}
			}
		})
		x.read(func(ctx context.Context, r db.Reader) error {
			return filing.EachRecord(ctx, r, people["city"].scope, county, func(rec *filing.Record) error {
				streamed = append(streamed, rec.Key)
				return nil
			})
		})
		if strings.Join(paged, " ") != want || strings.Join(streamed, " ") != want {
			t.Errorf("Records = %q, EachRecord = %q, want %q", paged, streamed, want)
		}
	})
}

// TestReading_staysInScope asks for everything of a filing as everybody.
func TestReading_staysInScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.route("half")
		x.must(x.save("op", rooms, "room=1"))
		reads := map[string]func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error{
			"Get": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, _, err := filing.Get(ctx, r, s, ref)
				return err
			},
			"Records": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, _, err := filing.Records(ctx, r, s, ref, "", 0)
				return err
			},
			"EachRecord": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				return filing.EachRecord(ctx, r, s, ref, func(*filing.Record) error { return nil })
			},
			"Events": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Events(ctx, r, s, ref)
				return err
			},
			"Remarks": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Remarks(ctx, r, s, ref)
				return err
			},
			"Differs": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Differs(ctx, r, s, ref)
				return err
			},
			"Provenance": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Provenance(ctx, r, s, ref, map[string]string{"rooms": "1"}[ref.Form])
				return err
			},
			"Judge": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Judge(ctx, r, s, x.lib, ref, nil)
				return err
			},
			"Beside": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Beside(ctx, r, s, x.lib, ref)
				return err
			},
			"Prefill": func(ctx context.Context, r db.Reader, s auth.Scope, ref filing.Ref) error {
				_, err := filing.Prefill(ctx, r, s, x.lib, ref)
				return err
			},
		}
		may := map[filing.Ref]string{june: " firm op county second keeper viewer admin city ", rooms: " op county second keeper viewer admin city "}
		for ref, who := range may {
			for name, p := range people {
				for what, read := range reads {
					err := d.Read(context.Background(), func(r db.Reader) error { return read(context.Background(), r, p.scope, ref) })
					if want := strings.Contains(who, " "+name+" "); (err == nil) != want || err != nil && key(err) != string(ref.Kind)+".not_found" {
						t.Errorf("%s of %s by %s = %v, want it given: %v", what, ref, name, err, want)
					}
				}
			}
		}
	})
}

// TestSave_isOfTheOfficeWhereItCounts: an office sees an enterprise that is registered with it, and leaves its return to the
// office of the park where it sits.
func TestSave_isOfTheOfficeWhereItCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ref := june
		ref.Subject = "e-b"
		if err := x.save("county", ref, "output=1"); key(err) != "filing.other_office" {
			t.Errorf("Save by the office of the register = %v, want filing.other_office", err)
		}
		x.must(x.save("away", ref, "output=1"))
		x.must(x.submit("away", ref))
		if err := x.step("county", filing.Approve, ref, ""); key(err) != "filing.other_office" {
			t.Errorf("Approve by the office of the register = %v, want filing.other_office", err)
		}
		x.read(func(ctx context.Context, r db.Reader) error {
			f, _, err := filing.Get(ctx, r, people["county"].scope, ref)
			if f.State != filing.Submitted {
				t.Errorf("Get by the office of the register = %+v, want it seen", f)
			}
			return err
		})
	})
}

func TestShippedForms_areFiledAndApproved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		lib, err := form.LoadShipped()
		x.must(err)
		x.lib = lib
		ref := june
		ref.Form = "enterprise_monthly"
		x.must(x.save("firm", ref, "production_status=normal output=10000000 revenue=9000000 tax=300000 jobs=30 electricity=5000 investment=0"))
		if judged := x.judge(ref); len(judged) != 0 {
			t.Errorf("Judge = %+v, want nothing to say", judged)
		}
		x.must(x.submit("firm", ref))
		x.must(x.step("county", filing.Approve, ref, ""))
		x.must(x.step("city", filing.Approve, ref, ""))
		var fields []string
		for _, v := range strings.Split(x.ledger(period.MonthOf(2025, 6)), ", ") {
			fields = append(fields, strings.Fields(v)[0])
		}
		const want = "[electricity=5000 investment=0 jobs=30 output=10000000 revenue=9000000 tax=300000]"
		if fmt.Sprint(fields) != want {
			t.Errorf("ledger = %s, want %s", fmt.Sprint(fields), want)
		}
	})
}

// TestSave_ofAFormThatNobodyApprovesIsInForce: it is handed in, confirmed and in the ledger when it is saved.
func TestSave_ofAFormThatNobodyApprovesIsInForce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.lib = shipped(t)
		ref := june
		ref.Form = "flash"
		x.must(x.save("county", ref, "output=90"))
		x.must(x.on("2025-07-02").save("firm", ref, "output=100"))
		x.must(x.on("2025-07-20").save("firm", ref, "output=101"))
		if f := x.now(ref); f.State != filing.Approved || !f.Confirmed || f.ApprovedVersion != 3 {
			t.Errorf("filing = %+v, want version 3 approved and confirmed", f)
		}
		if got, want := x.ledger(period.MonthOf(2025, 6)), "output=101 declared v3 报表 flash"; got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
		for _, who := range []string{"county", "city"} {
			if err := x.save(who, ref, "output=1"); key(err) != "filing.not_yours" {
				t.Errorf("Save by %s = %v, want filing.not_yours", who, err)
			}
		}
		x.must(x.submit("firm", ref)) // changes nothing
		if f := x.now(ref); f.Version != 3 {
			t.Errorf("version after Submit = %d, want 3", f.Version)
		}
		if got, want := x.list("city", filing.ListQuery{Form: "flash", Period: "2025-06", Today: 20250901}), "e-a 甲鞋业有限公司 op approved"; got != want {
			t.Errorf("List = %q, want %q: it was timely", got, want)
		}
		if err := x.on("2025-11-01").save("firm", ref, "output=102"); key(err) != "filing.locked" {
			t.Errorf("Save after the lock = %v, want filing.locked", err)
		}
		x.must(x.on("2025-11-01").step("city", filing.Reopen, ref, "letter"))
		x.must(x.on("2025-11-01").save("firm", ref, "output=102"))
	})
}
