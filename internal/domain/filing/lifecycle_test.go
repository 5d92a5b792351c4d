package filing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// ledger is what filing_value has of the enterprise's month.
func (x *world) ledger(m period.Month) string {
	x.t.Helper()
	var out []string
	x.read(func(ctx context.Context, r db.Reader) error {
		values, _, err := filing.Values(ctx, r, people["city"].scope, filing.Query{Enterprise: "e-a", From: m, To: m})
		for _, v := range values {
			out = append(out, fmt.Sprintf("%s=%d %s v%d %s", v.Field, v.Value, v.Nature, v.Version, v.Source))
		}
		return err
	})
	return strings.Join(out, ", ")
}

func TestSubmit_bringsItsValuesToTheLedger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		m := period.MonthOf(2025, 6)
		x.must(x.save("op", june, "output=100 jobs=3 tax=5"))
		if got := x.ledger(m); got != "" {
			t.Errorf("ledger after a draft = %q, want nothing", got)
		}
		x.must(x.submit("op", june))
		if got, want := x.ledger(m), "jobs=3 record v1 报表 monthly, output=100 record v1 报表 monthly, tax=5 record v1 报表 monthly"; got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
		x.must(x.step("op", filing.Recall, june, ""))
		x.must(x.save("firm", june, "output=120 tax=5")) // it does not know how many
		x.must(x.submit("firm", june))
		if got, want := x.ledger(m), "output=120 declared v2 报表 monthly, tax=5 declared v2 报表 monthly"; got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
		x.read(func(ctx context.Context, r db.Reader) error {
			touched, _, err := audit.Touched(ctx, r, tenancytest.City, 0, 1000)
			for _, id := range []string{"e-a/2025-06", audit.Every} {
				if !slices.Contains(touched, audit.Touch{Kind: "filing", ID: id}) {
					t.Errorf("touched = %v, want filing %s in it", touched, id)
				}
			}
			lines, err2 := audit.List(ctx, r, tenancytest.City, 0, 1)
			const want = `{"answers":0,"confirmed":true,"ledger":[{"field":"output","before":100,"after":120,"nature_before":"record","nature":"declared"},` +
				`{"field":"tax","before":5,"after":5,"nature_before":"record","nature":"declared"},{"field":"jobs","before":3,"after":null,"nature_before":"record"}],"state":"submitted","version":5}`
			if err == nil && err2 == nil && (lines[0].Detail != want || lines[0].Entity != "monthly/enterprise/e-a/2025-06" || lines[0].Action != "filing.submit") {
				t.Errorf("trail = %s %s\n%s, want\n%s", lines[0].Action, lines[0].Entity, lines[0].Detail, want)
			}
			return err
		})
		if f := x.now(june); !f.Confirmed || f.SubmittedBy != "firm.a" || f.Version != 5 {
			t.Errorf("filing = %+v, want it confirmed by firm.a at version 5", f)
		}
	})
}

func TestSubmit_neverReplacesWhatTheEnterpriseDeclared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		m := period.MonthOf(2025, 6)
		declared := value("e-a", 2025, 6, filing.Output, 90)
		simulated := value("e-a", 2025, 6, filing.Tax, 1)
		simulated.Nature = figure.Simulated
		x.must(add(d, people["city"].scope, declared, simulated))
		x.must(x.save("county", june, "output=100 tax=5"))
		if err := x.submit("county", june); key(err) != "filing.not_yours" {
			t.Errorf("Submit of another value by an office = %v, want filing.not_yours", err)
		}
		if got, want := x.ledger(m), "output=90 declared v1 return, tax=1 simulated v1 return"; got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
		x.must(x.save("county", june, "output=90 tax=5"))
		x.must(x.submit("county", june))
		if got, want := x.ledger(m), "output=90 declared v1 return, tax=5 record v2 报表 monthly"; got != want {
			t.Errorf("ledger = %q, want %q", got, want)
		}
	})
}

func TestSubmit_asksForErrorsToBeMendedAndWarningsToBeExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(add(d, people["city"].scope, value("e-a", 2025, 5, filing.Output, 10), value("e-a", 2024, 12, filing.Output, 7)))
		x.must(x.save("firm", june, "output=100 tax=200"))
		err := x.submit("firm", june)
		if f, _ := fault.Of(err); key(err) != "filing.has_errors" || f.Args["count"] != 1 || f.Args["rule"] != "tax_within" {
			t.Errorf("Submit with an error = %v, want filing.has_errors of tax_within", err)
		}
		x.must(x.save("firm", june, "tax=-2"))
		if err := x.submit("firm", june); key(err) != "filing.has_errors" {
			t.Errorf("Submit without a required value = %v, want filing.has_errors", err)
		}
		x.must(x.save("firm", june, "output=100 tax=5"))
		if err := x.submit("firm", june); key(err) != "filing.unanswered" {
			t.Errorf("Submit with a warning = %v, want filing.unanswered", err)
		}
		judged := x.judge(june)
		if len(judged) != 1 || judged[0].Rule != "jump" || judged[0].Answer != nil || judged[0].Text.EN != "Output 1 yuan, before 0.1 yuan." {
			t.Fatalf("Judge = %+v, want the rule jump", judged)
		}
		answer := filing.Answer{Rule: "jump", About: judged[0].About, Reason: "new line"}
		for reason, want := range map[string]string{" ": "filing.no_reason"} {
			bad := answer
			bad.Reason = reason
			if err := x.submit("firm", june, bad); key(err) != want {
				t.Errorf("Submit with the reason %q = %v, want %s", reason, err, want)
			}
		}
		bad := answer
		bad.About = "other values"
		if err := x.submit("firm", june, bad); key(err) != "filing.unanswered" {
			t.Errorf("Submit with an answer to other values = %v, want filing.unanswered", err)
		}
		x.must(x.submit("firm", june, answer))
		if judged = x.judge(june); judged[0].Answer == nil || judged[0].Answer.Reason != "new line" || judged[0].Answer.Actor != "firm.a" {
			t.Errorf("Judge after the answer = %+v, want it there", judged[0].Answer)
		}
		x.must(x.step("county", filing.Return, june, "sure?"))
		x.must(x.submit("firm", june)) // the values are those that were explained
		x.must(x.step("county", filing.Return, june, "sure?"))
		x.must(x.save("firm", june, "output=101 tax=5"))
		if err := x.submit("firm", june); key(err) != "filing.unanswered" {
			t.Errorf("Submit of other values = %v, want filing.unanswered", err)
		}
	})
}

func (x *world) judge(ref filing.Ref) (out []filing.Judged) {
	x.t.Helper()
	x.read(func(ctx context.Context, r db.Reader) error {
		_, records, err := filing.Get(ctx, r, people["city"].scope, ref)
		if err != nil {
			return err
		}
		out, err = filing.Judge(ctx, r, people["city"].scope, x.lib, ref, records)
		return err
	})
	return out
}

func TestApprove_skipsLevelsThatDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		atCounty := parkOp
		atCounty.Subject = "p-jj"
		for _, c := range []struct {
			ref  filing.Ref
			by   string
			path string
		}{{parkOp, "city", "op county city"}, {atCounty, "city", "second city"}, {parkOp, "op", "op!own second city"}} {
			x.reset()
			x.must(x.save(c.by, c.ref, "area=5"))
			x.must(x.submit(c.by, c.ref))
			for _, step := range strings.Fields(c.path) {
				who, own, _ := strings.Cut(step, "!")
				err := x.step(who, filing.Approve, c.ref, "")
				if own != "" {
					if key(err) != "filing.own_submission" {
						t.Errorf("Approve of one's own by %s = %v, want filing.own_submission", who, err)
					}
					people["op2"] = person{"op.b", people["op"].role, people["op"].scope}
					err = x.step("op2", filing.Approve, c.ref, "")
					delete(people, "op2")
				}
				if err != nil && !(who == "city" && c.by == "city" && key(err) == "filing.own_submission") {
					t.Errorf("%s: Approve by %s = %v", c.ref, who, err)
				}
			}
			want := filing.Approved
			if c.by == "city" {
				want = filing.Submitted // its own submission waits for a colleague
			}
			if f := x.now(c.ref); f.State != want {
				t.Errorf("%s = %s, want %s", c.ref, f.State, want)
			}
		}
	})
}

func TestApproveMany_saysOfEachWhatBecameOfIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		var steps []filing.Step
		for i, subject := range []string{"p-op", "p-jj", "p-na"} {
			ref := rooms
			ref.Subject = subject
			x.must(x.save("city", ref, "room=1 area=2"))
			x.must(x.submit("city", ref))
			version := x.now(ref).Version
			if i == 1 { // somebody was quicker
				x.must(x.step("second", filing.Return, ref, "wrong"))
			}
			steps = append(steps, filing.Step{Ref: ref, Version: version, Role: people["county"].role})
		}
		var out []filing.Outcome
		x.must(x.try(func(ctx context.Context, w db.Writer) (err error) {
			out, err = filing.ApproveMany(ctx, w, x.act("county"), x.lib, steps)
			return err
		}))
		var got []string
		for _, o := range out {
			got = append(got, fmt.Sprintf("%s %d %s", o.Ref.Subject, o.Version, key(o.Err)))
		}
		const want = "p-op 3 , p-jj 0 filing.stale, p-na 0 park.not_found"
		if strings.Join(got, ", ") != want {
			t.Errorf("ApproveMany = %q, want %q", got, want)
		}
	})
}

func TestDiffers_showsEachCellSinceTheApproval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		differs := func() string {
			var out []string
			x.read(func(ctx context.Context, r db.Reader) error {
				cells, err := filing.Differs(ctx, r, people["city"].scope, rooms)
				for _, c := range cells {
					out = append(out, fmt.Sprintf("%s.%s %s>%s %s", c.Key, c.Field, c.Approved, c.Now, c.Who))
				}
				return err
			})
			return strings.Join(out, ", ")
		}
		x.must(x.save("op", rooms, "room=1 area=10; room=2 area=20; room=3 area=30"))
		if got := differs(); got != "" {
			t.Errorf("Differs before any approval = %q, want nothing", got)
		}
		x.must(x.submit("op", rooms))
		x.must(x.step("county", filing.Approve, rooms, ""))
		x.must(x.step("city", filing.Approve, rooms, ""))
		x.must(x.save("op", rooms, "room=1 area=11; room=4 area=40; -3"))
		x.must(x.save("county", rooms, "room=1 area=12 note=x; room=2 area=21"))
		x.must(x.save("op", rooms, "room=2 area=20"))
		const want = "1.area 10>12 county.a, 1.note >x county.a, 3.area 30> op.a, 3.room 3> op.a, 4.area >40 op.a, 4.room >4 op.a"
		if got := differs(); got != want {
			t.Errorf("Differs = %q, want %q", got, want)
		}
		rows := x.list("city", filing.ListQuery{Form: "rooms"})
		if !strings.Contains(rows, "p-op 运营园 op draft changed") {
			t.Errorf("List = %q, want p-op changed", rows)
		}
		x.must(x.submit("op", rooms))
		x.must(x.step("county", filing.Approve, rooms, ""))
		x.must(x.step("city", filing.Approve, rooms, ""))
		if got := differs(); got != "" {
			t.Errorf("Differs after approval = %q, want nothing", got)
		}
	})
}

func TestWindow_lateLockedReopened(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		late, locked, later := x.on("2025-07-14"), x.on("2025-08-20"), x.on("2025-10-20")
		x.must(x.on("2025-07-08").save("firm", june, "output=100"))
		if err := x.on("2025-07-16").save("firm", june, "output=101"); key(err) != "filing.locked" {
			t.Errorf("Save after the grace = %v, want filing.locked", err)
		}
		x.must(late.submit("firm", june)) // late and still taken
		x.must(locked.step("county", filing.Return, june, "wrong"))
		x.must(locked.save("firm", june, "output=102")) // handed in once: until it locks
		x.must(locked.submit("firm", june))
		x.must(later.step("county", filing.Return, june, "wrong"))
		if err := later.save("firm", june, "output=103"); key(err) != "filing.locked" {
			t.Errorf("Save after the lock = %v, want filing.locked", err)
		}
		x.must(later.step("city", filing.Reopen, june, "asked by letter"))
		x.must(later.save("firm", june, "output=103"))
		x.must(later.submit("firm", june))
		x.must(later.step("county", filing.Approve, june, ""))
		x.must(later.step("city", filing.Return, june, "still wrong"))
		x.must(later.save("firm", june, "output=104"))
		x.must(later.submit("firm", june))
		x.must(later.step("county", filing.Approve, june, ""))
		x.must(later.step("city", filing.Approve, june, ""))
		if err := later.save("firm", june, "output=105"); key(err) != "filing.locked" {
			t.Errorf("Save after the reopened filing was approved = %v, want filing.locked", err)
		}
		third := june
		third.Subject = "e-d" // nobody began it
		for who, x := range map[string]struct{ reason, want string }{"city": {"", "filing.locked"}, "away": {"补录历史", "filing.locked"}} {
			if err := later.back(who, third, x.reason); key(err) != x.want {
				t.Errorf("SaveAll by %s after the lock with reason %q = %v, want %s", who, x.reason, err, x.want)
			}
		}
		x.must(later.back("city", third, "补录历史")) // months of the time before
		other := june
		other.Subject = "e-b" // nobody began it
		x.must(later.step("city", filing.Reopen, other, "was forgotten"))
		x.must(later.save("city", other, "output=1"))
	})
}

func TestClosedPeriod_changesWithAReasonOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(x.save("county", june, "output=100"))
		x.must(x.try(func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `INSERT INTO vintage (city, period, no, sequence, reason, actor, at, digest) VALUES ('350500', '2025-06', 1, 1, 'month', 'city.a', 1, 'x')`)
			return err
		}))
		for _, c := range []struct{ who, reason, want string }{
			{"county", "late paper", "filing.closed"}, {"op", "late paper", "filing.closed"}, {"city", "", "filing.closed_no_reason"},
			{"firm", " ", "filing.closed_no_reason"}, {"city", "late paper", ""}, {"firm", "mistyped", ""},
		} {
			err := x.edit(c.who, filing.Edit{Ref: june, Version: x.now(june).Version, Changes: changesOf("output=10" + fmt.Sprint(len(c.who))), Reason: c.reason})
			if key(err) != c.want {
				t.Errorf("Save in a closed month by %s with %q = %v, want %q", c.who, c.reason, err, c.want)
			}
		}
		if err := x.submit("firm", june); key(err) != "filing.closed_no_reason" {
			t.Errorf("Submit = %v, want filing.closed_no_reason", err)
		}
	})
}

func TestEvents_tellTheStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.route("approved")
		x.must(x.step("city", filing.Reopen, june, "letter"))
		var got []string
		x.read(func(ctx context.Context, r db.Reader) error {
			events, err := filing.Events(ctx, r, people["firm"].scope, june)
			for _, e := range events {
				got = append(got, fmt.Sprintf("%d %s %d v%d %s %s %s", e.Seq, e.Action, e.Level, e.FilingVersion, e.Actor, e.ActorOrg, e.Reason))
			}
			return err
		})
		const want = "1 submit 0 v2 firm.a  |2 approve 1 v3 county.a 350582 |3 approve 2 v4 city.a 350500 |4 reopen 0 v5 city.a 350500 letter"
		if strings.Join(got, "|") != want {
			t.Errorf("Events = %q, want %q", strings.Join(got, "|"), want)
		}
	})
}

// list is a list as text.
func (x *world) list(who string, q filing.ListQuery) string {
	x.t.Helper()
	if q.Today == 0 {
		q.Today = 20250701
	}
	var out []string
	x.read(func(ctx context.Context, r db.Reader) error {
		for {
			rows, next, err := filing.List(ctx, r, people[who].scope, x.lib, q)
			for _, row := range rows {
				text := fmt.Sprintf("%s %s %s %s", row.Subject, row.SubjectName, row.Org, row.State)
				if row.ChangedSince {
					text += " changed"
				}
				if row.Late {
					text += " late"
				}
				out = append(out, text)
			}
			if q.After = next; err != nil || next == "" {
				return err
			}
		}
	})
	return strings.Join(out, ", ")
}
