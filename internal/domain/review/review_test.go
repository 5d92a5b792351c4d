package review_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/review"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// world is the small city with a phase, a project with a re-plan, a problem and a target, and where its review reads.
type world struct {
	t      *testing.T
	d      *db.DB
	now    time.Time
	ledger review.Ledger
	ids    int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	tenancytest.Fill(t, d)
	n := &world{t: t, d: d, now: tenancytest.At}
	book, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return n.now }
	n.ledger = review.Ledger{DB: d, City: tenancytest.City, Book: book, Panels: indicator.NewPanels(d, tenancytest.City, clock), Board: pipeline.NewBoard(d, tenancytest.City, clock), Enrolled: enrolment.NewBoard(tenancytest.City)}
	n.write(func(ctx context.Context, w db.Writer, act org.Act) error {
		built, lettable, fen := int64(30_000), int64(24_000), int64(12_000_000_000)
		if _, err := park.Load(ctx, w, act, park.Bulk{Phases: []park.Phase{{Park: "p-op", No: 1, Name: "一期", FloorAreaBuiltM2: &built, LettableM2: &lettable,
			Completed: 20250601, Nature: figure.Record, Source: "验收"}}}); err != nil {
			return err
		}
		said := func(stage project.Stage, way tenancy.Way, day int, reason string) project.Milestone {
			return project.Milestone{Stage: stage, Way: way, Day: period.Date(day), Nature: figure.Declared, Source: "台账", Reason: reason}
		}
		if _, err := project.Add(ctx, w, act, project.Project{ID: "j-1", Kind: project.Construction, Name: "二期<厂房>&配套", Org: "op", Park: "p-op", InvestmentFen: &fen, Nature: figure.Declared, Source: "台账",
			Milestones: []project.Milestone{said("started", tenancy.Claimed, 20240301, ""), said("completed", tenancy.Planned, 20250630, ""), said("completed", tenancy.Planned, 20250930, "雨季停工")}}); err != nil {
			return err
		}
		if _, err := target.Put(ctx, w, act, target.Target{Org: "350582", Year: 2025, Indicator: "tenancy.production.new", Kind: target.Wanted, Value: 987_654, Unit: unit.Count, Stated: "987654", StatedUnit: "家", Source: "计划"}); err != nil {
			return err
		}
		_, err := problem.Open(ctx, w, act, problem.New{Kind: "tenancy", Subject: "t-1", Title: "用电增容未批", Due: 20250601})
		return err
	})
	return n
}

// act is one of the city's office, with ids that are the same on every engine.
func (n *world) act() org.Act {
	return org.Act{Scope: tenancytest.Scopes["city"], Actor: "office.a", At: n.now, NewID: func() string { n.ids++; return fmt.Sprintf("made-%04d", n.ids) }}
}

func (n *world) write(fn func(ctx context.Context, w db.Writer, act org.Act) error) {
	n.t.Helper()
	tenancytest.Write(n.t, n.d, func(ctx context.Context, w db.Writer) error { return fn(ctx, w, n.act()) })
}

// freeze holds a review.
func (n *world) freeze(office org.ID) review.Review {
	n.t.Helper()
	taken, err := n.ledger.Take(n.t.Context(), tenancytest.Scopes["city"], n.now, review.New{Org: office, Quarter: "2025-Q2", Title: "二季度拉练"})
	if err != nil {
		n.t.Fatal(err)
	}
	var v review.Review
	n.write(func(ctx context.Context, w db.Writer, act org.Act) (err error) {
		v, err = review.Freeze(ctx, w, act, taken)
		return err
	})
	return v
}

func (n *world) open(id string) (v review.Review, text review.Texts, b review.Body) {
	n.t.Helper()
	tenancytest.Read(n.t, n.d, func(ctx context.Context, r db.Reader) (err error) {
		v, text, err = review.Open(ctx, r, tenancytest.Scopes["city"], id)
		return err
	})
	b, err := text.Body()
	if err != nil {
		n.t.Fatal(err)
	}
	return v, text, b
}

func site(t *testing.T, b review.Body, id string) review.Site {
	t.Helper()
	for _, s := range b.Sites {
		if s.Park == id {
			return s
		}
	}
	t.Fatalf("the review of %s has no site %s", b.Org, id)
	return review.Site{}
}

func TestTake_tellsOfASiteWhatTheLedgerHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newWorld(t, d)
		_, text, b := n.open(n.freeze("350582").ID)
		if len(b.Sites) != 2 || b.Org != "350582" || b.Day != "2025-07-01" || b.Before != nil || b.Sequence == 0 || len(b.Places) != 0 {
			t.Fatalf("body = %+v, want the county's two sites and nothing before", b)
		}
		s := site(t, b, "p-op")
		if *s.BuiltM2 != 30_000 || *s.LettableM2 != 24_000 || s.LandM2 != nil || s.LetM2 != 12_000 || s.LetUnknown != 0 || *s.LetPPM != 500_000 || s.Phases != 1 {
			t.Errorf("areas = %+v, want half of 24000 m² let and no land", s)
		}
		if len(s.Tenants) != 1 || s.Tenants[0].Stage != "production" || s.Tenants[0].Since != "2024-01-10" || s.Tenants[0].Problems != 1 || strings.Join(s.Tenants[0].Entered, " ") != "signed fitting_out production" {
			t.Errorf("tenants = %+v, want t-1 in production with a problem", s.Tenants)
		}
		if p := s.Projects[0]; p.Name != "二期<厂房>&配套" || len(p.Milestones) != 2 || p.Milestones[1].First != "2025-06-30" || p.Milestones[1].Planned != "2025-09-30" || *p.Milestones[1].Slip != 92 || p.Milestones[1].Replans != 1 {
			t.Errorf("project = %+v, want its completion planned anew by 92 days", p)
		}
		if len(s.Problems) != 1 || s.Problems[0].LateDays != 30 || s.Problems[0].Level != 1 || s.Problems[0].SubjectName != "甲鞋业有限公司" {
			t.Errorf("problems = %+v, want one, 30 days late and followed by the county", s.Problems)
		}
		for _, c := range b.Funnel {
			if want := map[string]int{"signed": 1, "fitting_out": 1, "production": 2, "cleared": 1}[c.Stage]; c.Reached != want {
				t.Errorf("reached %s = %d, want %d", c.Stage, c.Reached, want)
			}
			if want := map[string]int{"production": 1, "cleared": 1}[c.Stage]; c.Now != want {
				t.Errorf("now in %s = %d, want %d", c.Stage, c.Now, want)
			}
		}
		if n := s.Readiness; len(n) == 0 || b.Readiness.Year != 2025 || b.Readiness.Pack == "" || len(b.Readiness.Verdicts) == 0 {
			t.Errorf("readiness = %+v and %+v, want verdicts of the office and of its site", b.Readiness, n)
		}
		found := false
		for _, in := range b.Indicators {
			if in.Code == "tenancy.production.cumulative" {
				found = in.Quarter.Value != nil && *in.Quarter.Value == float64(in.Quarter.Rows) && in.Quarter.Rows > 0
			}
		}
		if !found {
			t.Errorf("indicators = %+v, want as many producing as rows", b.Indicators)
		}
		if strings.Contains(text.Main, "987654") || !strings.Contains(text.Targets, "987654") {
			t.Error("the target stands in the main text, or not in its own")
		}
		if !strings.Contains(text.Main, "二期<厂房>&配套") || strings.Contains(text.Main, "\n") {
			t.Error("the main text is not one line as it was written")
		}
	})
}

// A frozen review is the same on both engines and stays what it was whatever is written later.
func TestFreeze_neverChangesAndIsTheSameOnBothEngines(t *testing.T) {
	digests := map[string]string{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newWorld(t, d)
		head := n.freeze("350500")
		_, text, _ := n.open(head.ID)
		if head.Digest != text.Digest() || len(head.Digest) != 64 {
			t.Fatalf("digest = %s, want that of the texts %s", head.Digest, text.Digest())
		}
		digests[string(d.Engine())] = head.Digest
		n.now = n.now.Add(30 * 24 * time.Hour)
		n.write(func(ctx context.Context, w db.Writer, act org.Act) error {
			_, err := tenancy.Enter(ctx, w, act, "t-2", 1, tenancytest.Entry(tenancy.Production, 20250710))
			if err == nil {
				_, err = problem.Open(ctx, w, act, problem.New{Kind: "park", Subject: "p-op", Title: "新问题", Review: head.ID})
			}
			if err == nil {
				_, err = w.Exec(ctx, `UPDATE park SET name = 'x' WHERE id = 'p-op'`)
			}
			return err
		})
		again, later, _ := n.open(head.ID)
		if again != head || later != text {
			t.Errorf("the review after the ledger moved on = %+v, want it unchanged", again)
		}
		second := n.freeze("350500")
		if second.Digest == head.Digest {
			t.Error("a later review has the digest of the first")
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			list, next, err := review.List(ctx, r, tenancytest.Scopes["city"], review.Query{Limit: 1})
			if len(list) != 1 || list[0].ID != second.ID || next == "" {
				t.Errorf("List = %+v, %q, want the later review and more", list, next)
			}
			if list, _, _ = review.List(ctx, r, tenancytest.Scopes["city"], review.Query{Limit: 1, After: next}); len(list) != 1 || list[0].ID != head.ID {
				t.Errorf("second page = %+v, want the first review", list)
			}
			_, err2 := audit.Verify(ctx, r, tenancytest.City)
			if err == nil {
				err = err2
			}
			return err
		})
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `UPDATE review SET body = REPLACE(body, '晋江', '南安') WHERE id = $1`, head.ID)
			return err
		})
		err := d.Read(t.Context(), func(r db.Reader) error {
			_, _, err := review.Open(t.Context(), r, tenancytest.Scopes["city"], head.ID)
			return err
		})
		if f, ok := fault.Of(err); !ok || f.Key != "review.damaged" {
			t.Errorf("Open of a forged review = %v, want review.damaged", err)
		}
	})
	if len(digests) == 2 && digests["sqlite"] != digests["postgres"] {
		t.Errorf("digests = %v, want the same on both engines", digests)
	}
}

func TestTake_tellsWhatChangedSinceTheReviewBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newWorld(t, d)
		first := n.freeze("350500")
		n.now = n.now.Add(10 * 24 * time.Hour)
		n.write(func(ctx context.Context, w db.Writer, act org.Act) error {
			if _, err := tenancy.Enter(ctx, w, act, "t-2", 1, tenancytest.Entry(tenancy.Production, 20250710)); err != nil {
				return err
			}
			if _, err := tenancy.Add(ctx, w, act, tenancy.Tenancy{ID: "t-9", Enterprise: "e-c", Park: "p-na", Nature: figure.Declared, Source: "ledger", Entries: []tenancy.Entry{tenancytest.Entry(tenancy.Signed, 20250705)}}); err != nil {
				return err
			}
			_, err := project.Enter(ctx, w, act, "j-1", 1, project.Milestone{Stage: "completed", Way: tenancy.Claimed, Day: 20250709, Nature: figure.Declared, Source: "台账"})
			return err
		})
		_, _, b := n.open(n.freeze("350500").ID)
		if b.Before == nil || b.Before.ID != first.ID || b.Before.Digest != first.Digest || len(b.Places) != 2 {
			t.Fatalf("before = %+v, want the first review, and two counties", b.Before)
		}
		for _, s := range b.Before.Bridge {
			if s.Before+len(s.Came)-len(s.Went) != s.After {
				t.Errorf("bridge of %s = %+v, want it to add up", s.Stage, s)
			}
			want := map[string]string{"signed": "丙物流有限公司", "production": "乙Textile有限公司"}[s.Stage]
			if want != "" && (len(s.Came) != 1 || s.Came[0].Name != want) || want == "" && len(s.Came) != 0 {
				t.Errorf("came to %s = %+v, want %q", s.Stage, s.Came, want)
			}
		}
		want := "tenancy t-9 came :→signed|tenancy t-2 stage :fitting_out→production"
		if got := told(site(t, b, "p-na")); got != want && got != "tenancy t-2 stage :fitting_out→production|tenancy t-9 came :→signed" {
			t.Errorf("changes of p-na = %s, want %s", got, want)
		}
		if got := told(site(t, b, "p-op")); got != "project j-1 reached completed:→2025-07-09" {
			t.Errorf("changes of p-op = %s, want the completion", got)
		}
		if got := told(site(t, b, "p-jj")); got != "" {
			t.Errorf("changes of p-jj = %s, want none", got)
		}
	})
}

func told(s review.Site) string {
	var out []string
	for _, c := range s.Changes {
		out = append(out, fmt.Sprintf("%s %s %s %s:%s→%s", c.Kind, c.ID, c.What, c.Stage, c.Before, c.After))
	}
	return strings.Join(out, "|")
}

func TestTake_refusesWhatIsNoReview(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	n := newWorld(t, d)
	for _, c := range []struct {
		who string
		n   review.New
		key string
	}{
		{"city", review.New{Org: "op", Quarter: "2025-Q2", Title: "x"}, "review.bad_office"},
		{"city", review.New{Org: "none", Quarter: "2025-Q2", Title: "x"}, "org.not_found"},
		{"350583", review.New{Org: "350582", Quarter: "2025-Q2", Title: "x"}, "org.not_found"},
		{"city", review.New{Org: "350582", Quarter: "2025", Title: "x"}, "review.bad_quarter"},
		{"city", review.New{Org: "350582", Quarter: "x", Title: "x"}, "review.bad_quarter"},
		{"city", review.New{Org: "350582", Quarter: "2025-Q4", Title: "x"}, "review.future"},
		{"city", review.New{Org: "350582", Quarter: "2025-Q2", Title: " "}, "review.no_title"},
		{"city", review.New{Org: "350582", Quarter: "2025-Q2", Title: strings.Repeat("长", 201)}, "text.too_long"},
	} {
		_, err := n.ledger.Take(t.Context(), tenancytest.Scopes[c.who], n.now, c.n)
		if f, ok := fault.Of(err); !ok || f.Key != c.key {
			t.Errorf("Take(%+v) as %s = %v, want %s", c.n, c.who, err, c.key)
		}
	}
}

func TestOpen_isForWhoSeesTheWholeOffice(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	n := newWorld(t, d)
	county, city := n.freeze("350582"), n.freeze("350500")
	for who, want := range map[string][2]bool{"city": {true, true}, "350582": {true, false}, "350583": {}, "op": {}, "e-a": {}, "none": {}, "elsewhere": {}, "no dot": {}} {
		for i, id := range []string{county.ID, city.ID} {
			err := d.Read(t.Context(), func(r db.Reader) error {
				_, _, err := review.Open(t.Context(), r, tenancytest.Scopes[who], id)
				return err
			})
			if (err == nil) != want[i] || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("Open(%s) as %s = %v, want seen %v", id, who, err, want[i])
			}
		}
	}
}

func TestGive_keepsEveryGrade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newWorld(t, d)
		v := n.freeze("350500")
		for _, g := range []review.Grading{{Site: "p-op", Grade: "good"}, {Site: "p-op", Grade: "excellent", Remark: "整改到位"}, {Site: "350583", Grade: "fair"}, {Grade: "average"}} {
			n.write(func(ctx context.Context, w db.Writer, act org.Act) error {
				_, err := review.Give(ctx, w, act, v.ID, g)
				return err
			})
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			list, err := review.Grades(ctx, r, v)
			var got []string
			for _, g := range list {
				got = append(got, fmt.Sprint(g.Site, " ", g.Seq, " ", g.Grade))
			}
			if s := strings.Join(got, "|"); s != " 1 average|350583 1 fair|p-op 2 excellent|p-op 1 good" {
				t.Errorf("Grades = %s, want all four", s)
			}
			return err
		})
		for key, g := range map[string]review.Grading{"review.bad_site": {Site: "p-none", Grade: "good"}, "review.bad_grade": {Grade: "superb"}, "text.too_long": {Grade: "good", Remark: strings.Repeat("长", 2001)}} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				_, err := review.Give(ctx, w, n.act(), v.ID, g)
				return err
			})
			if f, ok := fault.Of(err); !ok || f.Key != key {
				t.Errorf("Give(%.40v) = %v, want %s", g, err, key)
			}
		}
	})
}

func TestParseScale_refusesWhatNobodyCanGrade(t *testing.T) {
	const head = "reviews: grades\nissuer: a\nnumber: b\nfrom: \"2025-01-01\"\n"
	const word = "  - {code: good, name: {zh: 好, en: Good}, basis: assumed, source: x}\n"
	if s, err := review.ParseScale([]byte(head + "grades:\n" + word)); err != nil || s.Of("good") == nil || s.Of("bad") != nil {
		t.Fatalf("ParseScale = %+v, %v, want one word", s, err)
	}
	for _, body := range []string{"", "grades: [", head, head + "grades:\n" + word + word, head + "grades:\n" + strings.Replace(word, "好", "''", 1), head + "grades:\n" + strings.Replace(word, "assumed", "maybe", 1),
		head + "grades:\n" + strings.Replace(word, "source: x", "source: ''", 1), head + "more: 1\ngrades:\n" + word} {
		if _, err := review.ParseScale([]byte(body)); err == nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseScale(%q) = %v, want invalid", body, err)
		}
	}
}

func FuzzParseScale(f *testing.F) {
	f.Add("reviews: grades\ngrades:\n  - {code: good}\n")
	f.Fuzz(func(t *testing.T, body string) {
		s, err := review.ParseScale([]byte(body))
		if (s == nil) == (err == nil) {
			t.Fatalf("ParseScale(%q) = %v, %v, want one of both", body, s, err)
		}
	})
}

// While others write, a review still shows one moment: as many parks by the indicator as sheets.
func TestTake_isOfOneMomentWhileOthersWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newWorld(t, d)
		done := make(chan error, 1)
		go func() {
			var err error
			for i := range 60 {
				err = d.Write(t.Context(), func(w db.Writer) error {
					act := tenancytest.Act(tenancytest.Scopes["city"])
					_, err := park.Add(t.Context(), w, act, park.Park{ID: park.ID(fmt.Sprintf("p-%03d", i)), Org: "350582", Name: fmt.Sprint("新园", i), Source: "list"})
					return err
				})
				if err != nil {
					break
				}
				time.Sleep(2 * time.Millisecond) // a moment in which the ledger stands still
			}
			done <- err
		}()
		taken := 0
		for writing := true; writing; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				writing = false
			default:
			}
			got, err := n.ledger.Take(t.Context(), tenancytest.Scopes["city"], n.now, review.New{Org: "350500", Quarter: "2025-Q2", Title: "x"})
			if fault.KindOf(err) == fault.Busy && err != nil {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			b, err := got.Texts.Body()
			if err != nil {
				t.Fatal(err)
			}
			taken++
			for _, in := range b.Indicators {
				if in.Code == "park.count" && (in.Quarter.Rows != len(b.Sites) || got.Sequence != b.Sequence) {
					t.Errorf("at %d: %d parks by the indicator and %d sheets", b.Sequence, in.Quarter.Rows, len(b.Sites))
				}
			}
		}
		if taken == 0 {
			t.Error("no review was taken")
		}
	})
}
