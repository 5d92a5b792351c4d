package vintage_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCount_keepsWhatWasOwedAndApproved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		draft := w.take(june)
		want := map[string]vintage.Count{}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			lib, err := form.Load(ctx, r, tenancytest.City)
			if err != nil {
				return err
			}
			list, err := filing.Progress(ctx, r, tenancytest.Scopes["city"], lib, june, period.DateOf(2025, 7, 1))
			for _, p := range list {
				n := want[p.Form]
				want[p.Form] = vintage.Count{Owed: n.Owed + p.Owed, Approved: n.Approved + p.Approved}
			}
			if err != nil {
				return err
			}
			return draft.Count(ctx, r, lib, tenancytest.At)
		})
		tenancytest.Write(t, d, func(ctx context.Context, tx db.Writer) error {
			_, err := vintage.Close(ctx, tx, act(), draft, "月度封账")
			return err
		})
		if want["park_monthly"].Owed != 3 {
			t.Errorf("parks owe %v, want the town's three", want["park_monthly"])
		}
		list := []vintage.Vintage{}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
			list, err = vintage.List(ctx, r, tenancytest.Scopes["op"])
			return err
		})
		for what, got := range map[string]map[string]vintage.Count{"List": list[0].Complete, "Get": w.get(1).Complete} {
			for code, n := range want {
				if got[code] != n {
					t.Errorf("%s: %s = %v, want %v", what, code, got[code], n)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d forms, want %d", what, len(got), len(want))
			}
		}
		w.file("e-d", june, 300)
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			lib, err := form.Load(ctx, r, tenancytest.City)
			if err == nil {
				wantFault(t, "Count after a change", draft.Count(ctx, r, lib, tenancytest.At), fault.Stale, "closing.ledger_moved")
			}
			return err
		})
	})
}
