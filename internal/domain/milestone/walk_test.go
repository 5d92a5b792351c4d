package milestone_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// From every standing of a walk that enters every stage of every shipped lifecycle, and from the same standing suspended, every
// stage is claimed, verified, planned and taken back, and the whole suspended and resumed: the ledger answers as the files' words
// say; what is taken writes one line of the trail with before and after; what is refused writes nothing.
func TestShipped_walksEveryMoveOverTheLedger(t *testing.T) {
	lib, err := lifecycle.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			var mu sync.Mutex
			all, began := counts{}, time.Now()
			t.Cleanup(func() {
				t.Logf("%s: %d standings, %d moves taken, %d refused, in %v", engine, all.standings, all.taken, all.refused, time.Since(began).Round(time.Millisecond))
			})
			for _, p := range plainFiles(t) {
				t.Run(p.Number, func(t *testing.T) {
					t.Parallel() // each in a database of its own
					w := &walk{t: t, d: dbtest.Open(t, engine), p: p, lib: lib, entered: map[string]bool{}}
					tenancytest.Fill(t, w.d)
					w.list()
					w.run()
					t.Logf("%d standings, %d moves taken, %d refused", w.standings, w.taken, w.refused)
					mu.Lock()
					defer mu.Unlock()
					all.standings, all.taken, all.refused = all.standings+w.standings, all.taken+w.taken, all.refused+w.refused
				})
			}
		})
	}
}

// list puts the enterprise of the walk's subjects into the statistics bureau's list.
func (w *walk) list() {
	tenancytest.Write(w.t, w.d, func(ctx context.Context, wr db.Writer) error {
		_, err := wr.Exec(ctx, `INSERT INTO enrolment_fact (city, enterprise, fact, seq, day, month, value, void, nature, source, recorder, recorded_at)
			VALUES ($1, 'e-c', 'listed', 1, 0, 202407, NULL, 0, 'statistics', '统计局', 'tester', 1)`, tenancytest.City)
		return err
	})
}

type counts struct{ standings, taken, refused int }

// walk is one lifecycle's.
type walk struct {
	counts
	t       *testing.T
	d       *db.DB
	p       *plain
	lib     *lifecycle.Library
	entered map[string]bool
	at      time.Time
	day     int // on which everything is entered
	n       int // subjects so far
}

func (w *walk) today() int {
	t := w.at.Add(8 * time.Hour)
	return t.Year()*10000 + int(t.Month())*100 + t.Day()
}

// moment is a time at which the file is in force, with the day on which everything is entered.
func (w *walk) moment() {
	w.at, w.day = time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC), 20240615
	if w.p.From > "2025-07-01" {
		w.at, w.day = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), 20260615
	}
}

// paths give for every stage a shortest way of claims to it, and the way that enters whatever can be entered in the file's order.
func (w *walk) paths() (out [][]string) {
	type node struct {
		s    state
		path []string
	}
	reached := map[string]bool{}
	seen := map[string]bool{"": true}
	for queue := []node{{s: state{days: map[string]int{}}}}; len(queue) > 0 && len(reached) < len(w.p.Stages); queue = queue[1:] {
		n := queue[0]
		for _, stage := range w.p.Stages {
			if w.p.answer(n.s, move{act: milestone.Claiming, stage: stage.Code, day: w.day, known: true}, w.today()) != "" {
				continue
			}
			next := node{state{days: maps.Clone(n.s.days)}, append(slices.Clone(n.path), stage.Code)}
			next.s.days[stage.Code] = w.day
			if !reached[stage.Code] {
				reached[stage.Code] = true
				out = append(out, next.path)
			}
			if key := fmt.Sprint(next.s.days); !seen[key] {
				seen[key] = true
				queue = append(queue, next)
			}
		}
	}
	var long []string
	s := state{days: map[string]int{}}
	for _, stage := range w.p.Stages {
		if !stage.End && w.p.answer(s, move{act: milestone.Claiming, stage: stage.Code, day: w.day, known: true}, w.today()) == "" {
			s.days[stage.Code] = w.day
			long = append(long, stage.Code)
		}
	}
	return append(out, long)
}

func (w *walk) run() {
	w.moment()
	visited := map[string]bool{}
	for _, path := range w.paths() {
		for n := range len(path) + 1 {
			key := strings.Join(slices.Sorted(slices.Values(path[:n])), " ")
			if visited[key] {
				continue
			}
			visited[key] = true
			for _, suspended := range []bool{false, true} {
				w.stand(path[:n], suspended)
			}
		}
	}
	for _, stage := range w.p.Stages {
		if !w.entered[stage.Code] {
			w.t.Errorf("%s: the walk never entered %s", w.p.Number, stage.Code)
		}
	}
}

// stand brings a new subject to a standing and tries every move from there. A standing that ended is not suspended.
func (w *walk) stand(path []string, suspended bool) {
	s := state{days: map[string]int{}}
	for _, stage := range path {
		s.days[stage] = w.day
	}
	if suspended && w.p.ended(s) {
		return
	}
	w.n++
	ref := subject.Ref{Kind: subject.Kind(w.p.Of), ID: fmt.Sprintf("%s-%d", strings.ReplaceAll(w.p.Number, "lifecycle-", "w-"), w.n)}
	version := int64(1)
	tenancytest.Write(w.t, w.d, func(ctx context.Context, wr db.Writer) error {
		add(w.t, ctx, wr, ref, w.p.Lifecycle)
		evidenceRow(w.t, ctx, wr, ref, "ev-"+ref.ID, "elsewhere", "record")
		return nil
	})
	moves := make([]move, 0, len(path)+1)
	for _, stage := range path {
		moves = append(moves, move{act: milestone.Claiming, stage: stage, day: w.day, known: true})
	}
	if suspended {
		moves = append(moves, move{act: milestone.Suspending, reason: "停工"})
	}
	way := state{days: map[string]int{}}
	for _, m := range moves {
		tenancytest.Write(w.t, w.d, func(ctx context.Context, wr db.Writer) error {
			return w.takes(ctx, wr, ref, version, way, m)
		})
		version++
		if m.act == milestone.Claiming {
			way.days[m.stage] = w.day
			w.entered[m.stage] = true
		}
		w.taken++
	}
	s.suspended = suspended
	w.standings++
	w.track(ref, version, s)
	w.tryAll(ref, version, s)
}

// moves lists what is tried from a standing.
func (w *walk) moves(s state) (out []move) {
	stages := []string{"no_such_stage"}
	for _, x := range w.p.Stages {
		stages = append(stages, x.Code)
	}
	for _, stage := range stages {
		claim := move{act: milestone.Claiming, stage: stage, day: w.day, known: true}
		verify := move{act: milestone.Verifying, stage: stage, day: w.day, known: true, proof: true}
		out = append(out, claim, move{act: milestone.TakingBack, stage: stage, reason: "录入错误"})
		if !s.suspended { // a pause keeps nobody from planning
			out = append(out, move{act: milestone.Planning, stage: stage, day: w.day})
		}
		if !s.suspended || s.days[stage] != 0 {
			out = append(out, verify)
		}
		if w.p.answer(s, claim, w.today()) == "" { // all that can be wrong with a move that is in order
			early, late, bare := claim, claim, claim
			early.day, late.day, bare.known = w.day-1, w.day+1, false
			for _, m := range []move{early, late, bare} {
				if w.p.answer(s, m, w.today()) != "" {
					out = append(out, m)
				}
			}
		}
		if !s.suspended && w.p.answer(s, verify, w.today()) == "" {
			bare := verify
			bare.proof = false
			out = append(out, bare)
		}
		if s.days[stage] != 0 {
			out = append(out, move{act: milestone.TakingBack, stage: stage})
		}
	}
	return append(out, move{act: milestone.Suspending, reason: "停工"}, move{act: milestone.Suspending}, move{act: milestone.Resuming})
}

var errBack = errors.New("rolled back")

// tryAll tries every move in transactions that are rolled back: the refused ones together, each taken one alone.
func (w *walk) tryAll(ref subject.Ref, version int64, s state) {
	var good []move
	before := mark(w.t, w.d)
	try := func(fn func(context.Context, db.Writer) error) {
		if err := tenancytest.Try(w.d, func(ctx context.Context, wr db.Writer) error { return errors.Join(fn(ctx, wr), errBack) }); !errors.Is(err, errBack) {
			w.t.Fatalf("%s: %v", ref.ID, err)
		}
	}
	refused := 0
	try(func(ctx context.Context, wr db.Writer) error {
		good, refused = nil, 0 // it may run twice
		was := markIn(w.t, ctx, wr.Reader)
		for _, m := range w.moves(s) {
			want := w.p.answer(s, m, w.today())
			if want == "" {
				good = append(good, m)
				continue
			}
			if _, err := w.do(ctx, wr, ref, version, m); keyOf(err) != want || err == nil {
				w.t.Errorf("%s at %v: %+v = %q (%v), want %q", w.p.Number, s, m, keyOf(err), err, want)
			}
			refused++
		}
		if now := markIn(w.t, ctx, wr.Reader); now != was {
			w.t.Errorf("%s at %v: refused moves changed the ledger from %s to %s", w.p.Number, s, was, now)
		}
		return nil
	})
	w.refused += refused
	for _, m := range good {
		try(func(ctx context.Context, wr db.Writer) error { return w.takes(ctx, wr, ref, version, s, m) })
		w.taken++
	}
	if now := mark(w.t, w.d); now != before {
		w.t.Errorf("%s at %v: tries that were rolled back changed the ledger from %s to %s", w.p.Number, s, before, now)
	}
}

func (w *walk) do(ctx context.Context, wr db.Writer, ref subject.Ref, version int64, m move) (int64, error) {
	act := tenancytest.Act(tenancytest.Scopes["city"])
	act.At = w.at
	step := milestone.Step{Version: version, Stage: m.stage, Day: period.Date(m.day), Source: "台账", Reason: m.reason}
	if m.proof {
		step.Evidence = []string{"ev-" + ref.ID}
	}
	switch m.act {
	case milestone.Planning:
		return milestone.Plan(ctx, wr, act, w.lib, ref, step)
	case milestone.Claiming:
		return milestone.Claim(ctx, wr, act, w.lib, ref, step, facts(m.known))
	case milestone.Verifying:
		return milestone.Verify(ctx, wr, act, w.lib, ref, step, facts(m.known))
	case milestone.TakingBack:
		return milestone.TakeBack(ctx, wr, act, w.lib, ref, step)
	case milestone.Suspending:
		return milestone.Suspend(ctx, wr, act, w.lib, ref, step)
	default:
		return milestone.Resume(ctx, wr, act, w.lib, ref, step)
	}
}

// takes takes a move that must be taken and looks at what it wrote: the standing, the version and one line of the trail.
func (w *walk) takes(ctx context.Context, wr db.Writer, ref subject.Ref, version int64, s state, m move) error {
	seq := seqOf(w.t, ctx, wr.Reader)
	next, err := w.do(ctx, wr, ref, version, m)
	if err != nil || next != version+1 {
		return fmt.Errorf("%s at %v: %+v = %d, %w, want it to be taken as version %d", w.p.Number, s, m, next, err, version+1)
	}
	line := lastLine(w.t, ctx, wr.Reader)
	wantBefore, wantAfter, after := w.effect(s, m)
	if got := line.detail; line.seq != seq+1 || line.action != "milestone."+string(m.act) || line.kind != string(ref.Kind) || line.entity != ref.ID ||
		line.actor != "tester" || line.touched != string(ref.Kind)+"/"+ref.ID || got.Version != next || strings.Join(entries(got.Before), " ") != wantBefore ||
		strings.Join(entries(got.After), " ") != wantAfter || got.Reason != m.reason {
		w.t.Errorf("%s at %v: %+v wrote line %+v after %d, want one more with before %q and after %q", w.p.Number, s, m, line, seq, wantBefore, wantAfter)
	}
	if now, v := rows(w.t, ctx, wr.Reader, ref); !maps.Equal(now.days, after.days) || now.suspended != after.suspended || v != next {
		w.t.Errorf("%s at %v: %+v leads to %v of version %d, want %v", w.p.Number, s, m, now, v, after)
	}
	return nil
}

// rows reads from the tables alone where a subject stands, and its version.
func rows(t *testing.T, ctx context.Context, r db.Reader, ref subject.Ref) (s state, version int64) {
	t.Helper()
	s.days = map[string]int{}
	table, of := "project_milestone", "project"
	if ref.Kind == subject.Tenancy {
		table, of = "tenancy_stage", "tenancy"
	}
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var stage, way, rank string
		var day, seq int
		err := row.Scan(&stage, &way, &day, &seq, &rank)
		switch {
		case stage == "":
			version = int64(day)
		case stage == "-":
			s.suspended = way == "suspend"
		default:
			s.days[stage] = day // claimed before verified
		}
		return err
	}, `SELECT stage, way, day, seq, way AS rank FROM `+table+` WHERE city = $1 AND `+of+` = $2 AND way <> 'planned'
		UNION ALL SELECT '-', act, day, seq, '' FROM milestone_pause WHERE city = $1 AND subject_kind = $3 AND subject = $2
		UNION ALL SELECT '', '', version, 0, '' FROM `+of+` WHERE city = $1 AND id = $2 ORDER BY stage, rank, seq`, tenancytest.City, ref.ID, string(ref.Kind))
	if err != nil {
		t.Fatal(err)
	}
	return s, version
}

// track compares what Get says of a standing with the reference.
func (w *walk) track(ref subject.Ref, version int64, s state) {
	tenancytest.Read(w.t, w.d, func(ctx context.Context, r db.Reader) error {
		track, err := milestone.Get(ctx, r, tenancytest.Scopes["city"], w.lib, ref, period.Date(w.today()), facts(true))
		if err != nil {
			return err
		}
		if track.Standing.Suspended != s.suspended || (track.Standing.Ended != "") != w.p.ended(s) || track.Head.Version != version || len(track.Stages) != len(w.p.Stages) {
			w.t.Errorf("%s at %v: Get = %+v of version %d", w.p.Number, s, track.Standing, track.Head.Version)
		}
		deemed := w.p.deemed(s, w.today())
		for _, stage := range track.Stages {
			var ruled period.Date
			if stage.Deemed != nil {
				ruled = stage.Deemed.Day
			}
			if int(stage.Day) != s.days[stage.Code] || int(ruled) != deemed[stage.Code] || (stage.State == milestone.Entered) != (s.days[stage.Code] != 0) || (stage.State == milestone.Deemed) != (deemed[stage.Code] != 0) {
				w.t.Errorf("%s at %v: stage %s is %s on %s, deemed %s, want %d or deemed %d", w.p.Number, s, stage.Code, stage.State, stage.Day, ruled, s.days[stage.Code], deemed[stage.Code])
			}
			for _, m := range []move{{act: milestone.Claiming, proof: true}, {act: milestone.Verifying, proof: true}, {act: milestone.Planning}, {act: milestone.TakingBack, reason: "-"}} {
				m.stage, m.day, m.known = stage.Code, w.day, true
				if can, want := slices.Contains(stage.Can, m.act), w.p.answer(s, m, w.today()); can != (want == "" || want == "lifecycle.before") {
					w.t.Errorf("%s at %v: %s of %s can be done = %v, want %q", w.p.Number, s, m.act, stage.Code, can, want)
				}
			}
		}
		return nil
	})
}

// effect is what a move must write, and where it must lead.
func (w *walk) effect(s state, m move) (before, after string, next state) {
	next = state{maps.Clone(s.days), s.suspended}
	said := func(stage, way string, day int) string { return fmt.Sprintf("%s/%s/%d", stage, way, day) }
	switch m.act {
	case milestone.Planning:
		return "", said(m.stage, "planned", m.day), next
	case milestone.Claiming:
		next.days[m.stage] = m.day
		return "", said(m.stage, "claimed", m.day), next
	case milestone.Verifying:
		if d := s.days[m.stage]; d != 0 {
			before = said(m.stage, "claimed", d)
		}
		next.days[m.stage] = m.day
		return before, said(m.stage, "verified", m.day), next
	case milestone.TakingBack:
		var gone []string
		for stage, d := range s.days {
			if stage == m.stage || w.p.under(stage)[m.stage] {
				gone = append(gone, said(stage, "claimed", d))
				delete(next.days, stage)
			}
		}
		slices.Sort(gone)
		return strings.Join(gone, " "), "", next
	}
	next.suspended = m.act == milestone.Suspending
	return "", "", next
}
