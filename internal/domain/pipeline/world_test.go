package pipeline_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// today is when the worlds are looked at, in the offices.
const today = 20250712

var clock = time.Date(2025, 7, 12, 2, 0, 0, 0, time.UTC)

func now() time.Time { return clock }

// moment is a day's noon in the offices, in µs; 0 stays 0.
func moment(day int) int64 {
	if day == 0 {
		return 0
	}
	return time.Date(day/10000, time.Month(day/100%100), day%100, 4, 0, 0, 0, time.UTC).UnixMicro()
}

// world is a city whose ledger a test writes into.
type world struct {
	t testing.TB
	d *db.DB
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	tenancytest.Fill(t, d)
	return &world{t, d}
}

// said is one statement: stage, way, seq, day, and the day on which it was recorded (0: always there).
type said struct {
	stage, way string
	seq, day   int
	recorded   int
}

// project writes a project with what was said of it; the id names org and park.
func (w *world) project(id, kind, org, park, enterprise string, says ...said) {
	w.t.Helper()
	w.write(func(ctx context.Context, x db.Writer) error {
		_, err := x.Exec(ctx, `INSERT INTO project (city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`, tenancytest.City, id, org, orNull(park), kind, "项目"+id, orNull(enterprise), int64(1_000_000), "declared", "ledger")
		if err != nil {
			return err
		}
		return w.insert(ctx, x, id, says)
	}, audit.Touch{Kind: "project", ID: id})
}

// say adds statements to a project.
func (w *world) say(id string, says ...said) {
	w.t.Helper()
	w.write(func(ctx context.Context, x db.Writer) error { return w.insert(ctx, x, id, says) }, audit.Touch{Kind: "project", ID: id})
}

func (w *world) insert(ctx context.Context, x db.Writer, id string, says []said) error {
	for _, s := range says {
		_, err := x.Exec(ctx, `INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, tenancytest.City, id, s.stage, s.way, s.seq, s.day, "declared", "ledger", "", "", moment(s.recorded))
		if err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement that touches something.
func (w *world) exec(touch audit.Touch, sql string, args ...any) {
	w.t.Helper()
	w.write(func(ctx context.Context, x db.Writer) error {
		_, err := x.Exec(ctx, sql, args...)
		return err
	}, touch)
}

func (w *world) write(f func(context.Context, db.Writer) error, touches ...audit.Touch) {
	w.t.Helper()
	tenancytest.Write(w.t, w.d, func(ctx context.Context, x db.Writer) error {
		if err := f(ctx, x); err != nil {
			return err
		}
		_, err := audit.Append(ctx, x, audit.Entry{City: tenancytest.City, Actor: "tester", Action: "test", Kind: "test", At: tenancytest.At, Touched: touches})
		return err
	})
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (w *world) view() *pipeline.View {
	w.t.Helper()
	return w.of(pipeline.NewBoard(w.d, tenancytest.City, now))
}

func (w *world) of(b *pipeline.Board) *pipeline.View {
	w.t.Helper()
	v, err := b.Now(context.Background())
	if err != nil {
		w.t.Fatalf("Now = %v", err)
	}
	return v
}

func whole() auth.Scope { return tenancytest.Scopes["city"] }

// row finds a subject in a view.
func row(t testing.TB, v *pipeline.View, id string) *pipeline.Row {
	t.Helper()
	for _, r := range v.Select(pipeline.Query{Scope: whole()}) {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("the view has no %s", id)
	return nil
}

func ids(rows []*pipeline.Row) (out []string) {
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

func days(d *int) string {
	if d == nil {
		return "?"
	}
	return fmt.Sprint(*d)
}
