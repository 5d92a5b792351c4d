package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// benchWorld holds 5,000 projects with plans for eleven stages, some of them anew, of which they entered a part.
func benchWorld(b *testing.B) *world {
	w := newWorld(b, dbtest.Open(b, db.SQLite))
	src := rand.New(rand.NewPCG(1, 7))
	stages := []string{"reserve", "signed", "registered", "land", "approved", "started", "equipment", "completed", "production", "at_capacity", "enrolled"}
	var list []project.Project
	for i := range 5000 {
		p := project.Project{ID: project.ID(fmt.Sprintf("p%05d", i)), Kind: "investment", Name: fmt.Sprintf("招商引资项目%05d", i), Park: "p-jj", Nature: figure.Simulated, Source: "bench"}
		day, reached := time.Date(2022+src.IntN(3), 1, 1+src.IntN(300), 0, 0, 0, 0, time.UTC), src.IntN(len(stages)+1)
		for k, s := range stages {
			say := func(way tenancy.Way, at time.Time) {
				p.Milestones = append(p.Milestones, project.Milestone{Stage: project.Stage(s), Way: way, Day: period.DateOf(at.Year(), int(at.Month()), at.Day()), Nature: figure.Simulated, Source: "bench"})
			}
			for range 1 + src.IntN(3) {
				say(tenancy.Planned, day.AddDate(0, 0, src.IntN(90)))
			}
			if k < reached && day.Year() < 2025 {
				say(tenancy.Claimed, day)
			}
			day = day.AddDate(0, 0, 20+src.IntN(120))
		}
		list = append(list, p)
	}
	tenancytest.Write(b, w.d, func(ctx context.Context, x db.Writer) error {
		_, err := project.AddMany(ctx, x, tenancytest.Act(whole()), list)
		return err
	})
	return w
}

// BenchmarkView measures the board's questions over 5,000 projects.
func BenchmarkView(b *testing.B) {
	w := benchWorld(b)
	v := w.view()
	q := pipeline.Query{Scope: whole(), Kind: "project", Lifecycle: "investment"}
	for _, x := range []struct {
		name string
		ask  func() error
	}{
		{"kanban", func() error { _, _, err := v.Kanban(q); return err }},
		{"table", func() error { _, err := v.List(q, "", "", 100); return err }},
		{"sorted", func() error { _, err := v.List(q, "-name", "", 100); return err }},
		{"gantt", func() error { _, _, err := v.Gantt(q, pipeline.Span{}, "", 1000); return err }},
		{"funnel", func() error { _, _, _, err := v.Funnel(q, pipeline.ByCounty); return err }},
		{"compare", func() error { _, err := v.Compare(q, 0, clock.UnixMicro(), pipeline.ByStage); return err }},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if err := x.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNow measures reading the ledger as a whole, and catching up with one change.
func BenchmarkNow(b *testing.B) {
	w := benchWorld(b)
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			w.view()
		}
	})
	b.Run("change", func(b *testing.B) {
		board := pipeline.NewBoard(w.d, tenancytest.City, now)
		w.of(board)
		n := 0
		for b.Loop() {
			b.StopTimer()
			n++
			w.say("p00000", said{"enrolled", "planned", 10 + n, 20260101, 20250701})
			b.StartTimer()
			w.of(board)
		}
	})
}
