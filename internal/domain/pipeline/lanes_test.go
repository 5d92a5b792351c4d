package pipeline_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// A sum says of how many it is: what nobody knows is not nothing.
func TestKanban_saysOfHowManyASumIs(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for _, id := range []string{"a", "b", "c"} {
		w.project(id, "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0})
	}
	w.project("d", "construction", "350582", "p-jj", "", said{"reserve", "claimed", 1, 20240101, 0}, said{"land", "claimed", 1, 20240105, 0})
	w.write(func(ctx context.Context, x db.Writer) error {
		_, err := x.Exec(ctx, `UPDATE project SET investment_fen = NULL WHERE city = $1 AND id IN ('b', 'd')`, tenancytest.City)
		return err
	}, audit.Touch{Kind: "project", ID: "b"}, audit.Touch{Kind: "project", ID: "d"})
	_, lanes, err := w.view().Kanban(pipeline.Query{Scope: whole(), Lifecycle: "construction"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]int64{"reserve": {3, 2, 2_000_000}, "land": {1, 0, 0}, "opened": {0, 0, 0}}
	for _, l := range lanes {
		got := [3]int64{int64(l.Count), int64(l.InvestedKnown), l.InvestmentFen}
		if x, ok := want[l.Code()]; ok && got != x {
			t.Errorf("lane %s counts, knows and adds %v, want %v", l.Code(), got, x)
		}
		if l.AreaKnown != 0 || l.AreaM2 != 0 {
			t.Errorf("lane %s knows the areas of %d, want of none", l.Code(), l.AreaKnown)
		}
	}
}
