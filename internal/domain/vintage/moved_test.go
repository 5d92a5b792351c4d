package vintage_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestShelf_movedByWhatTheMonthReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		v := w.close("月度封账")
		var shelf vintage.Shelf
		moved := func(want bool, what string) {
			t.Helper()
			view := w.view()
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				plain, err := vintage.Moved(ctx, r, view, w.book, v)
				if err != nil || plain != want {
					t.Errorf("Moved after %s = %v, %v, want %v", what, plain, err, want)
				}
				got, err := shelf.Moved(ctx, r, view, w.book, v)
				if err != nil || got != want {
					t.Errorf("Moved of the shelf after %s = %v, %v, want %v", what, got, err, want)
				}
				return nil
			})
		}
		correct := func(to int64) {
			t.Helper()
			tenancytest.Write(t, d, func(ctx context.Context, tx db.Writer) error {
				values, _, err := filing.Values(ctx, tx.Reader, tenancytest.Scopes["city"], filing.Query{Enterprise: "e-a", From: june, To: june, Fields: []filing.Field{filing.Output}, Limit: 10})
				if err != nil {
					return err
				}
				_, err = filing.Correct(ctx, tx, tenancytest.Act(tenancytest.Scopes["e-a"]), filing.Correction{Enterprise: "e-a", Month: june, Field: filing.Output, Version: values[0].Version, Value: to * yuan, Source: "returns", Reason: "更正"})
				return err
			})
		}
		moved(false, "the closing")
		w.file("e-a", june+2, 900)
		moved(false, "a later month")
		w.file("e-a", period.MonthOf(2022, 12), 900)
		moved(false, "a month too long ago")
		correct(1200)
		moved(true, "a correction")
		correct(1000)
		moved(false, "taking the correction back")
		w.file("e-d", june, 1)
		moved(true, "a late return")
		v = w.close("补报")
		moved(false, "closing again")
		w.exec(`UPDATE org SET name_zh = '晋江' WHERE id = '350582'`)
		w.book = otherRules(t, w.book, "number: programme-2026-1", "number: programme-2027-1")
		shelf = vintage.Shelf{}
		moved(false, "names that changed")
		w.exec(`UPDATE filing_value SET nature = 'estimate' WHERE enterprise = 'e-a' AND month = 202406 AND field = 'output'`)
		shelf = vintage.Shelf{}
		moved(true, "another nature")
		w.exec(`UPDATE filing_value SET nature = 'declared' WHERE enterprise = 'e-a' AND month = 202406 AND field = 'output'`)
		shelf = vintage.Shelf{}
		moved(false, "putting that back")
	})
}

func TestShelf_explainsThePresentLedger(t *testing.T) {
	w := newTown(t, dbtest.Open(t, db.SQLite))
	w.close("月度封账")
	w.file("e-d", june, 300)
	w.file("e-d", june+1, 800)
	var shelf vintage.Shelf
	for range 3 { // opened, and from the shelf
		from, err := shelf.Side(w.get(1))
		if err != nil {
			t.Fatal(err)
		}
		to, err := shelf.Present(w.view(), w.book, june)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []period.Period{period.OfMonth(june), period.Year(2024)} {
			b := compare(t, from, to, "filing.output.year", "", p)
			if len(b.Steps) != 1 || b.Steps[0].Kind != vintage.LateStep || b.Steps[0].Enterprise != "e-d" || b.Steps[0].Month != "2024-06" {
				t.Errorf("bridge of %v = %s, want e-d's late return alone", p, said(b))
			}
		}
	}
}
