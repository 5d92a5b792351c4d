package milestone_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// office is somebody's place at the ledger.
type office struct {
	t     *testing.T
	d     *db.DB
	lib   *lifecycle.Library
	scope string
	actor string
	ref   subject.Ref
	at    time.Time
}

const today period.Date = 20250701

// each gives the office of the city at a new tenancy with entries, on each engine.
func each(t *testing.T, entries []tenancy.Entry, fn func(t *testing.T, o *office)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		lib, err := lifecycle.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		o := &office{t, d, lib, "city", "office.a", subject.Ref{Kind: subject.Tenancy, ID: "t-new"}, tenancytest.At}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			add(t, ctx, w, o.ref, "tenancy", entries...)
			return nil
		})
		fn(t, o)
	})
}

// step takes a step on the version that is there, a minute after the one before.
func (o *office) step(act milestone.Act, s milestone.Step) error {
	o.t.Helper()
	if s.Version == 0 {
		s.Version = o.track().Head.Version
	}
	if s.Source == "" && act == milestone.Claiming {
		s.Source = "企业"
	}
	o.at = o.at.Add(time.Minute)
	return tenancytest.Try(o.d, func(ctx context.Context, w db.Writer) (err error) {
		a := tenancytest.Act(tenancytest.Scopes[o.scope])
		a.At, a.Actor = o.at, o.actor
		switch act {
		case milestone.Planning:
			_, err = milestone.Plan(ctx, w, a, o.lib, o.ref, s)
		case milestone.Claiming:
			_, err = milestone.Claim(ctx, w, a, o.lib, o.ref, s)
		case milestone.Verifying:
			_, err = milestone.Verify(ctx, w, a, o.lib, o.ref, s)
		case milestone.TakingBack:
			_, err = milestone.TakeBack(ctx, w, a, o.lib, o.ref, s)
		case milestone.Suspending:
			_, err = milestone.Suspend(ctx, w, a, o.lib, o.ref, s)
		case milestone.Resuming:
			_, err = milestone.Resume(ctx, w, a, o.lib, o.ref, s)
		}
		return err
	})
}

// want takes a step and wants a message key; "" where it must be taken.
func (o *office) want(act milestone.Act, s milestone.Step, key string) {
	o.t.Helper()
	if err := o.step(act, s); keyOf(err) != key {
		o.t.Errorf("%s %+v = %v, want %q", act, s, err, key)
	}
}

func (o *office) track() (track milestone.Track) {
	o.t.Helper()
	tenancytest.Read(o.t, o.d, func(ctx context.Context, r db.Reader) (err error) {
		track, err = milestone.Get(ctx, r, tenancytest.Scopes["city"], o.lib, o.ref, today)
		return err
	})
	return track
}

func (o *office) stage(code string) *milestone.Stage {
	o.t.Helper()
	track := o.track()
	i := slices.IndexFunc(track.Stages, func(s milestone.Stage) bool { return s.Code == code })
	if i < 0 {
		o.t.Fatalf("no stage %s", code)
	}
	return &track.Stages[i]
}

// proof adds evidence for a stage and gives its id.
func (o *office) proof(stage, grade string) string {
	id := stage + "-" + grade
	tenancytest.Write(o.t, o.d, func(ctx context.Context, w db.Writer) error {
		evidenceRow(o.t, ctx, w, o.ref, id, stage, grade)
		return nil
	})
	return id
}

func claimed(stage tenancy.Stage, day int) tenancy.Entry { return tenancytest.Entry(stage, day) }

func TestPlan_keepsTheFirstAndEveryOther(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115)}, func(t *testing.T, o *office) {
		o.want(milestone.Planning, milestone.Step{Stage: "production", Day: 20250301}, "")
		o.want(milestone.Planning, milestone.Step{Stage: "production", Day: 20250601}, "milestone.no_replan_reason")
		o.want(milestone.Planning, milestone.Step{Stage: "production", Day: 20250301, Reason: "同"}, "milestone.same_plan")
		o.want(milestone.Planning, milestone.Step{Stage: "production", Day: 20250601, Reason: "设备未到", Source: "企业来函"}, "")
		o.want(milestone.Planning, milestone.Step{Stage: "production", Day: 20250231, Reason: "x"}, "date.invalid")
		o.want(milestone.Planning, milestone.Step{Stage: "signed", Day: 20250301}, "milestone.plan_entered")
		o.want(milestone.Planning, milestone.Step{Stage: "flown", Day: 20250301}, "lifecycle.unknown_stage")
		s := o.stage("production")
		if len(s.Plans) != 2 || s.First.Day != 20250301 || s.Planned.Day != 20250601 || s.First.Source != "office.a" || s.Planned.Source != "企业来函" || s.Planned.Reason != "设备未到" {
			t.Errorf("plans = %+v, want both", s.Plans)
		}
		if days, ok := s.SlipDays(); !ok || days != 92 {
			t.Errorf("SlipDays = %d, %v, want 92: March, April and May", days, ok)
		}
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20250310, Evidence: []string{o.proof("production", "permit")}}, "")
		if s := o.stage("production"); s.State != milestone.Entered || len(s.Plans) != 2 {
			t.Errorf("production = %+v, want it entered with its plans", s)
		} else if days, ok := s.SlipDays(); !ok || days != 9 {
			t.Errorf("SlipDays = %d, %v, want 9: what was planned anew does not hide it", days, ok)
		}
		o.want(milestone.Planning, milestone.Step{Stage: "at_capacity", Day: 20260000}, "")
		if _, ok := o.stage("at_capacity").SlipDays(); ok {
			t.Error("a plan of a year has a slip in days")
		}
	})
}

// The tenancy of the deemed rule: handed over, and nobody said anything for more than six months.
func TestClaim_afterADeemedStage(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115), claimed(tenancy.HandedOver, 20240430)}, func(t *testing.T, o *office) {
		s := o.stage("production")
		if s.State != milestone.Deemed || s.Used != tenancy.NoWay || s.Day != 0 || s.Deemed == nil || s.Deemed.Day != 20241030 || s.Deemed.From != "handed_over" || s.Deemed.Rule.Months != 6 || s.Deemed.Rule.Basis == "" {
			t.Fatalf("production = %+v, want it deemed on 2024-10-30", s)
		}
		if !slices.Contains(s.Can, milestone.Claiming) || !slices.Contains(s.Can, milestone.Planning) || slices.Contains(s.Can, milestone.TakingBack) {
			t.Errorf("production can %v, want that it is claimed and planned, and not taken back", s.Can)
		}
		record := o.proof("expanding", "record")
		o.want(milestone.Claiming, milestone.Step{Stage: "expanding", Day: 20241029, Evidence: []string{record}}, "lifecycle.before")
		o.want(milestone.Claiming, milestone.Step{Stage: "expanding", Day: 20241030, Evidence: []string{record}}, "") // deemed production is what it builds on
		o.want(milestone.Claiming, milestone.Step{Stage: "fitting_out", Day: 20241201}, "lifecycle.behind")           // behind what was said, not behind what is deemed
		o.want(milestone.TakingBack, milestone.Step{Stage: "production", Reason: "x"}, "lifecycle.not_entered")
		o.want(milestone.TakingBack, milestone.Step{Stage: "expanding", Reason: "录错"}, "")
		o.want(milestone.Claiming, milestone.Step{Stage: "fitting_out", Day: 20241201}, "")
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20250110, Evidence: []string{o.proof("production", "record")}}, "")
		if s := o.stage("production"); s.State != milestone.Entered || s.Day != 20250110 || s.Deemed != nil {
			t.Errorf("production = %+v, want what was said instead of what is deemed", s)
		}
		o.want(milestone.Suspending, milestone.Step{Reason: "停产"}, "")
		o.want(milestone.TakingBack, milestone.Step{Stage: "fitting_out", Reason: "录错"}, "") // with production, which builds on it
		if s := o.stage("production"); s.State != milestone.Blocked || s.Deemed != nil || keyOf(s.Blocked) != "lifecycle.suspended" {
			t.Errorf("production while suspended = %+v, want nothing deemed", s)
		}
	})
}

// An import may have recorded a deemed entry: it stands until somebody claims the stage.
func TestClaim_insteadOfARecordedDeemedDay(t *testing.T) {
	deemed := claimed(tenancy.Production, 20240901)
	deemed.Way, deemed.Source = tenancy.Deemed, "导入"
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115), deemed}, func(t *testing.T, o *office) {
		if s := o.stage("production"); s.State != milestone.Deemed || s.Deemed.From != "" || s.Deemed.Said == nil || s.Day != 20240901 || !slices.Contains(s.Can, milestone.TakingBack) {
			t.Errorf("production = %+v, want the recorded deemed day", s)
		}
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20240701, Evidence: []string{o.proof("production", "permit")}}, "")
		if s := o.stage("production"); s.State != milestone.Entered || s.Day != 20240701 || s.Deemed == nil {
			t.Errorf("production = %+v, want the claim, and the deemed day beside it", s)
		}
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20240702}, "lifecycle.entered")
	})
}

func TestClaim_asksTheGuardWithWhatTheLedgerKnows(t *testing.T) {
	each(t, nil, func(t *testing.T, o *office) {
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240115}, "milestone.guard")
		statement := o.proof("signed", "statement")
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240115, Evidence: []string{statement}}, "milestone.guard")
		record := o.proof("signed", "record")
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20250702, Evidence: []string{record}}, "date.in_future")
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240115, Evidence: []string{"foreign"}}, "evidence.not_found")
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240115}, "") // the record of the stage counts without being named
		photo := o.proof("elsewhere", "photo")
		err := o.step(milestone.Claiming, milestone.Step{Stage: "production", Day: 20250601, Evidence: []string{photo}})
		if f, _ := fault.Of(err); f == nil || f.Key != "milestone.guard" || !strings.Contains(fmt.Sprint(f.Args["text"]), "许可0 个、记录0 个、照片1 个，用电—") || f.Args["stage"] != "投产" || f.Args["stage_en"] != "In production" ||
			!strings.Contains(fmt.Sprint(f.Args["text_en"]), "which is —") {
			t.Errorf("claim with a photo alone = %v, want the guard's sentence with what is there", f.Args)
		}
		o.file(map[string]int64{"2025-04": 0, "2025-06": 1200, "2025-07": 0})
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20250601, Evidence: []string{photo}}, "")
		if err := o.step(milestone.Claiming, milestone.Step{Stage: "at_capacity", Day: 20250620, Source: "企业"}); keyOf(err) != "milestone.guard" {
			t.Errorf("at capacity while nobody knows the attainment = %v, want the guard", err)
		}
	})
}

// file puts the electricity of months into the returns of e-c.
func (o *office) file(months map[string]int64) {
	o.t.Helper()
	tenancytest.Write(o.t, o.d, func(ctx context.Context, w db.Writer) error {
		var values []filing.Value
		for text, kwh := range months {
			p, err := period.Parse(text)
			if err != nil {
				return err
			}
			values = append(values, filing.Value{Enterprise: "e-c", Month: p.First(), Field: filing.Electricity, Value: kwh, Nature: figure.Declared, Source: "月报"})
		}
		_, err := filing.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), slices.Values(values))
		return err
	})
}

func TestVerify_restsOnEvidenceBetterThanAStatement(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115), claimed(tenancy.Production, 20240901)}, func(t *testing.T, o *office) {
		record, statement := o.proof("production", "record"), o.proof("production", "statement")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240905, Source: "现场"}, "milestone.no_evidence")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240905, Evidence: []string{statement}}, "milestone.no_evidence")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240105, Evidence: []string{record}}, "lifecycle.before")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240905, Evidence: []string{statement, record, record}}, "")
		s := o.stage("production")
		if s.Used != tenancy.Verified || s.Day != 20240905 || s.Verified.Nature != figure.Record || s.Verified.Source != "佐证production-record" ||
			!slices.Equal(s.Verified.Evidence, []string{"production-record", "production-statement"}) || s.Claimed.Day != 20240901 {
			t.Errorf("production = %+v %+v, want the verified day on both, and the claim beside it", s, s.Verified)
		}
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240906, Evidence: []string{record}}, "lifecycle.entered")
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20240906}, "lifecycle.entered")
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `UPDATE evidence SET withdrawn_reason = '作废', withdrawn_by = 'x', withdrawn_at = 1 WHERE id = $1`, statement)
			return err
		})
		o.want(milestone.Claiming, milestone.Step{Stage: "expanding", Day: 20250101, Evidence: []string{statement}}, "milestone.evidence_withdrawn")
	})
}

func TestVerify_enrolledOnlyByTheBureausList(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115), claimed(tenancy.Production, 20240901)}, func(t *testing.T, o *office) {
		record := o.proof("enrolled", "record")
		o.want(milestone.Verifying, milestone.Step{Stage: "enrolled", Day: 20241200, Evidence: []string{record}}, "milestone.guard")
		say := func(fact string, seq, month, void int) {
			tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error {
				_, err := w.Exec(ctx, `INSERT INTO enrolment_fact (city, enterprise, fact, seq, day, month, value, void, nature, source, recorder, recorded_at)
					VALUES ($1, 'e-c', $2, $3, 0, $4, NULL, $5, 'statistics', '统计局', 'x', 1)`, tenancytest.City, fact, seq, month, void)
				return err
			})
		}
		say("applied", 1, 202411, 0)
		o.want(milestone.Verifying, milestone.Step{Stage: "enrolled", Day: 20241200, Evidence: []string{record}}, "milestone.guard")
		say("listed", 1, 202412, 0)
		say("listed", 2, 202412, 1) // taken back
		o.want(milestone.Verifying, milestone.Step{Stage: "enrolled", Day: 20241200, Evidence: []string{record}}, "milestone.guard")
		say("listed", 3, 202501, 0)
		say("delisted", 1, 202503, 0)
		o.want(milestone.Verifying, milestone.Step{Stage: "enrolled", Day: 20250100, Evidence: []string{record}}, "milestone.guard")
		say("listed", 4, 202506, 0)
		o.want(milestone.Verifying, milestone.Step{Stage: "enrolled", Day: 20250600, Evidence: []string{record}}, "")
	})
}

// Imports hold what no guard was asked about, in whatever order. It is shown as it stands.
func TestGet_showsBulkDataAsItStands(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Production, 20240901), claimed(tenancy.AtCapacity, 20240301)}, func(t *testing.T, o *office) {
		track := o.track()
		if track.Standing.Days["production"] != 20240901 || track.Standing.Days["at_capacity"] != 20240301 || len(track.Stages) != 11 {
			t.Errorf("track = %+v, want the claims as they are", track.Standing)
		}
		if s := o.stage("signed"); s.State != milestone.Open || !slices.Contains(s.Can, milestone.Claiming) {
			t.Errorf("signed = %+v, want that it can be said late", s)
		}
		days := map[string]period.Date{}
		for stage, d := range track.Standing.Days {
			days[stage] = d
		}
		var got []string
		for _, f := range track.Pack.Check(1, days) {
			got = append(got, string(f.Problem)+" "+f.Stage)
		}
		if strings.Join(got, "; ") != "missing production; negative at_capacity" {
			t.Errorf("findings = %v", got)
		}
		record := o.proof("signed", "record")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240901, Evidence: []string{o.proof("production", "permit")}}, "lifecycle.too_early")
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240401, Evidence: []string{record}}, "lifecycle.behind") // behind at_capacity
		o.want(milestone.Claiming, milestone.Step{Stage: "signed", Day: 20240201, Evidence: []string{record}}, "")
		o.want(milestone.TakingBack, milestone.Step{Stage: "at_capacity", Reason: "日期有误"}, "")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240901, Evidence: []string{"production-permit"}}, "")
	})
}

func TestTakeBack_movesBesideWhatCountsAndNumbersGoOn(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115), claimed(tenancy.Production, 20240901), claimed(tenancy.Production, 20240910), claimed(tenancy.Expanding, 20250101)}, func(t *testing.T, o *office) {
		permit := o.proof("production", "permit")
		o.want(milestone.Planning, milestone.Step{Stage: "at_capacity", Day: 20260101}, "")
		o.want(milestone.Verifying, milestone.Step{Stage: "production", Day: 20240912, Evidence: []string{permit}}, "")
		o.want(milestone.TakingBack, milestone.Step{Stage: "production"}, "lifecycle.no_reason")
		o.want(milestone.TakingBack, milestone.Step{Stage: "production", Reason: " 企业未投产 "}, "")
		track := o.track()
		if len(track.Standing.Days) != 1 || o.stage("at_capacity").Planned == nil {
			t.Errorf("after the rollback %v, want signed alone, with the plan", track.Standing.Days)
		}
		var voids []string
		for _, e := range track.History {
			if e.Act == milestone.TakingBack {
				voids = append(voids, fmt.Sprintf("%s/%s/%s %s", e.Stage, e.Way, e.Day, e.Reason))
			}
			if e.Act == milestone.Verifying && (!e.Void || len(e.Evidence) != 1 || e.Evidence[0].ID != permit) {
				t.Errorf("the verification in the history = %+v, want it void, with its evidence", e)
			}
		}
		if strings.Join(voids, "; ") != "production/claimed/2024-09-01 企业未投产; production/claimed/2024-09-10 企业未投产; production/verified/2024-09-12 企业未投产; expanding/claimed/2025-01-01 企业未投产" {
			t.Errorf("taken back: %v", voids)
		}
		o.want(milestone.Claiming, milestone.Step{Stage: "production", Day: 20241001}, "") // its permit still stands
		tenancytest.Read(t, o.d, func(ctx context.Context, r db.Reader) error {
			got, err := tenancy.Get(ctx, r, tenancytest.Scopes["city"], "t-new")
			if used, ok := tenancy.Used(got.Entries, tenancy.Production); err == nil && (!ok || used.Seq != 3 || used.Day != 20241001) {
				t.Errorf("claimed anew as %+v, want number 3", used)
			}
			return err
		})
		o.want(milestone.TakingBack, milestone.Step{Stage: "production", Reason: "又录错"}, "")
	})
}

// A stage that the lifecycle does not have can be taken back, and nothing else.
func TestTakeBack_ofAStageThatTheLifecycleDoesNotHave(t *testing.T) {
	each(t, nil, func(t *testing.T, o *office) {
		o.ref = subject.Ref{Kind: subject.Project, ID: "j-new"}
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error {
			add(t, ctx, w, o.ref, "investment")
			_, err := w.Exec(ctx, `INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
				VALUES ($1, 'j-new', 'opened', 'claimed', 1, 20240101, 'declared', '台账', '', '', 0)`, tenancytest.City)
			return err
		})
		if s := o.stage("opened"); s.Def != nil || s.State != milestone.Entered || !slices.Equal(s.Can, []milestone.Act{milestone.TakingBack}) {
			t.Errorf("opened = %+v", s)
		}
		o.want(milestone.Claiming, milestone.Step{Stage: "opened", Day: 20240101}, "lifecycle.unknown_stage")
		o.want(milestone.TakingBack, milestone.Step{Stage: "opened"}, "lifecycle.no_reason")
		o.want(milestone.TakingBack, milestone.Step{Stage: "opened", Reason: "应为投产"}, "")
		if track := o.track(); len(track.Standing.Days) != 0 || len(track.History) != 2 {
			t.Errorf("track = %+v", track)
		}
	})
}

func TestStep_ofWhatIsMadeUpStaysMadeUp(t *testing.T) {
	each(t, nil, func(t *testing.T, o *office) {
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `UPDATE tenancy SET nature = 'simulated' WHERE id = 't-new'`)
			return err
		})
		o.want(milestone.Claiming, milestone.Step{Stage: "intent", Day: 20240115, Nature: figure.Record}, "")
		if s := o.stage("intent"); s.Claimed.Nature != figure.Simulated {
			t.Errorf("nature = %s, want simulated", s.Claimed.Nature)
		}
	})
}

// The investment that a retrofit plans this year stands in no table: who enters it into the reserve says it.
func TestClaim_takesWhatOnlyTheOfficerCanTell(t *testing.T) {
	each(t, nil, func(t *testing.T, o *office) {
		o.ref = subject.Ref{Kind: subject.Project, ID: "j-new"}
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error { add(t, ctx, w, o.ref, "retrofit"); return nil })
		s := o.stage("reserve")
		if len(s.Asks) != 1 || s.Asks[0].Field != "planned_this_year" || s.Asks[0].Unit != "万元" || len(o.stage("approved").Asks) != 0 || !slices.Contains(s.Can, milestone.Claiming) {
			t.Errorf("reserve asks %v, want the investment planned this year", s.Asks)
		}
		step := func(stated ...string) milestone.Step {
			out := milestone.Step{Stage: "reserve", Day: 20250301, Stated: map[string]string{}}
			for i := 0; i < len(stated); i += 2 {
				out.Stated[stated[i]] = stated[i+1]
			}
			return out
		}
		o.want(milestone.Claiming, step(), "milestone.guard")
		o.want(milestone.Claiming, step("planned_this_year", "499.9"), "milestone.guard")
		o.want(milestone.Claiming, step("planned_this_year", "viel"), "form.bad_quantity")
		o.want(milestone.Claiming, step("planned_this_year", "600", "permits", "9"), "milestone.not_asked")
		o.want(milestone.Claiming, step("planned_this_year", " 600 "), "")
		if s := o.stage("reserve"); s.State != milestone.Entered || s.Claimed.Reason != "年度计划投资：600万元" {
			t.Errorf("reserve = %+v, want what was stated in its reason", s.Claimed)
		}
		permit := o.proof("approved", "permit")
		o.want(milestone.Claiming, milestone.Step{Stage: "approved", Day: 20250302, Evidence: []string{permit}}, "")
		listed := milestone.Step{Stage: "key_listed", Day: 20250303, Stated: map[string]string{"investment": "1500", "favoured": "是"}, Reason: "专精特新"}
		o.want(milestone.Claiming, listed, "")
		if s := o.stage("key_listed"); s.Claimed.Reason != "专精特新；总投资：1500万元；专精特新、高新技术等企业：是" {
			t.Errorf("key_listed = %+v", s.Claimed)
		}
	})
}
