package problem_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// BenchmarkList reads a page of 50 out of 5,000 problems with four events each.
func BenchmarkList(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	tenancytest.Fill(b, d)
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		for i := range 5000 {
			id := fmt.Sprintf("q-%05d", i)
			if _, err := w.Exec(ctx, `INSERT INTO problem (city, id, subject_kind, subject, org, title, body, version, recorder, recorded_at)
				VALUES ($1, $2, 'tenancy', 't-1', 'op', '问题', '', 4, 'x', 1)`, tenancytest.City, id); err != nil {
				return err
			}
			for seq, act := range []string{"open", "note", "escalate", "note"} {
				if _, err := w.Exec(ctx, `INSERT INTO problem_event (city, problem, seq, act, state, owner, owner_org, due, text, actor, at)
					VALUES ($1, $2, $3, $4, 'open', '', 'op', $5, '', 'x', 1)`, tenancytest.City, id, seq+1, act, 20250601+i%28); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for b.Loop() {
		tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
			rows, _, err := problem.List(ctx, r, tenancytest.Scopes["city"], problem.Query{})
			if len(rows) != 50 {
				b.Fatalf("List = %d rows, want 50", len(rows))
			}
			return err
		})
	}
}
