package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// Whatever changes, the board that catches up shows what one that reads everything shows.
func TestNow_catchesUpWithEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.project("a", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0})
		b := pipeline.NewBoard(d, tenancytest.City, now)
		w.of(b)
		p := func(id string) audit.Touch { return audit.Touch{Kind: "project", ID: id} }
		for _, step := range []struct {
			name string
			do   func()
			anew bool
		}{
			{"a new project", func() { w.project("b", "investment", "350583", "", "e-a", said{"signed", "claimed", 1, 20240101, 0}) }, false},
			{"an entry", func() { w.say("a", said{"approved", "claimed", 1, 20240201, 20240202}) }, false},
			{"a pause", func() {
				w.exec(p("a"), `INSERT INTO milestone_pause (city, subject_kind, subject, seq, act, day, reason, recorder, recorded_at) VALUES ($1, 'project', 'a', 1, 'suspend', 20250101, '停', 'x', 1)`, tenancytest.City)
			}, false},
			{"its end", func() {
				w.exec(p("a"), `INSERT INTO milestone_pause (city, subject_kind, subject, seq, act, day, reason, recorder, recorded_at) VALUES ($1, 'project', 'a', 2, 'resume', 20250201, '', 'x', 1)`, tenancytest.City)
			}, false},
			{"an officer", func() {
				w.exec(audit.Touch{Kind: "tenancy", ID: "t-1"}, `INSERT INTO officer (city, subject_kind, subject, seq, username, since, reason, recorder, recorded_at) VALUES ($1, 'tenancy', 't-1', 1, 'office.a', 20250101, '', 'x', 1)`, tenancytest.City)
			}, false},
			{"a problem", func() {
				w.exec(p("a"), `INSERT INTO problem (city, id, subject_kind, subject, org, title, body, version, recorder, recorded_at) VALUES ($1, 'q1', 'project', 'a', '350582', '缺电', '', 1, 'x', 1)`, tenancytest.City)
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 1, 'open', 'open', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"its solution", func() {
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 2, 'solve', 'solved', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"its confirmation", func() {
				w.exec(p("a"), `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, text, actor, at) VALUES ($1, 'q1', 3, 'confirm', 'closed', '', '350582', '', 'x', 1)`, tenancytest.City)
			}, false},
			{"another name of a park", func() {
				w.exec(audit.Touch{Kind: "park", ID: "p-jj"}, `UPDATE park SET name = '新园', org = '350583' WHERE city = $1 AND id = 'p-jj'`, tenancytest.City)
			}, false},
			{"another name of an enterprise", func() {
				w.exec(audit.Touch{Kind: "enterprise", ID: "e-a"}, `UPDATE enterprise SET name = '新厂' WHERE city = $1 AND id = 'e-a'`, tenancytest.City)
			}, false},
			{"an entry taken back", func() {
				w.exec(p("a"), `DELETE FROM project_milestone WHERE city = $1 AND project = 'a' AND stage = 'approved'`, tenancytest.City)
				w.exec(p("a"), `INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
					VALUES ($1, 'project', 'a', 'approved', 'claimed', 1, 20240201, 'declared', 'ledger', '', '', 1, '录错', 'x', 2)`, tenancytest.City)
			}, false},
			{"a project that is gone", func() {
				w.exec(p("b"), `DELETE FROM project_milestone WHERE city = $1 AND project = 'b'`, tenancytest.City)
				w.exec(p("b"), `DELETE FROM project WHERE city = $1 AND id = 'b'`, tenancytest.City)
			}, false},
			{"something else", func() { w.exec(audit.Touch{Kind: "filing", ID: "x"}, `SELECT 1`) }, false},
			{"a table of lights", func() {
				tenancytest.Write(t, d, func(ctx context.Context, x db.Writer) error {
					return pipeline.Choose(ctx, x, tenancytest.Act(whole()), "ouhai", "试用")
				})
			}, true},
		} {
			before := b.Loads()
			step.do()
			got, want := w.of(b), w.view()
			if x, y := shown(got), shown(want); x != y {
				t.Errorf("after %s the board shows\n%s\nwant\n%s", step.name, x, y)
			}
			if anew := b.Loads() != before; anew != step.anew {
				t.Errorf("after %s the ledger was read anew: %v, want %v", step.name, anew, step.anew)
			}
		}
	})
}

// shown is all that a view shows.
func shown(v *pipeline.View) string {
	var out strings.Builder
	fmt.Fprintln(&out, v.Sequence, v.Today, v.Template().Code)
	for _, r := range v.Select(pipeline.Query{Scope: whole()}) {
		fmt.Fprintln(&out, r.Ref, r.Head.Name, r.OrgPath, r.ParkName, r.EnterpriseName, r.Marks, r.Officer, r.Problems, r.Suspended, r.Stage, r.Light, r.LightWhy, r.Late)
	}
	return out.String()
}

func TestNow_movesToTheNextDay(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0}, said{"land", "planned", 1, 20250712, 0})
	at := clock
	b := pipeline.NewBoard(w.d, tenancytest.City, func() time.Time { return at })
	if r := row(t, w.of(b), "a"); r.Late {
		t.Error("a is late on the day itself")
	}
	at = time.Date(2025, 7, 12, 15, 59, 0, 0, time.UTC) // one minute before midnight in the offices
	if v := w.of(b); v.Today != today || row(t, v, "a").Late {
		t.Errorf("before midnight today = %v and late = %v", v.Today, row(t, v, "a").Late)
	}
	at = at.Add(time.Minute)
	if v := w.of(b); v.Today != 20250713 || !row(t, v, "a").Late {
		t.Errorf("after midnight today = %v and late = %v, want the next day and late", v.Today, row(t, v, "a").Late)
	}
}

// Whoever asks after a commit sees it, however many ask while others write, and the ledger is read as a whole once.
func TestNow_showsEveryCommitToEverybody(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := pipeline.NewBoard(w.d, tenancytest.City, now)
	var wait sync.WaitGroup
	for n := range 4 {
		wait.Go(func() {
			for i := range 5 {
				id := fmt.Sprintf("p%d-%d", n, i)
				w.project(id, "construction", "350582", "", "", said{"reserve", "claimed", 1, 20240101, 0})
				v, err := b.Now(context.Background())
				if err != nil {
					t.Errorf("Now = %v", err)
					return
				}
				if found := v.Select(pipeline.Query{Scope: whole(), Text: "项目" + id}); len(found) != 1 {
					t.Errorf("after its commit %s is there %d times", id, len(found))
				}
			}
		})
	}
	wait.Wait()
	if b.Loads() != 1 {
		t.Errorf("the ledger was read as a whole %d times, want once", b.Loads())
	}
}
