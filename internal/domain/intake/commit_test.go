package intake_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCommit_sameFileTwiceMakesOneBatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in, r := w.bring(county, rooms, first)
		if len(r.Batches) != 1 || r.Batches[0] != in.ID || r.Written != 3 {
			t.Errorf("first Commit = batches %v, %d written, want %s and 3", r.Batches, r.Written, in.ID)
		}
		filings, lines := w.cells(rooms, "350582"), w.count("filing_past")
		_, r = w.bring(county, rooms, first)
		if len(r.Batches) != 0 || w.count("import_batch") != 1 {
			t.Errorf("second Commit = batches %v, %d in all, want none and 1", r.Batches, w.count("import_batch"))
		}
		if got := w.cells(rooms, "350582"); got != filings || w.count("filing_past") != lines {
			t.Errorf("records = %s, want %s and no new version", got, filings)
		}
	})
}

func TestCommit_refusesBadRowsUnlessOnlyTheGoodOnesAreWanted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := w.open(county, rooms)
		bad := table(1, "room,area\nA1,100\nA2,!many\nA3,300")
		if _, err := w.commit(county, in, w.check(county, rooms, bad), intake.How{}); keyOf(err) != "intake.has_problems" || w.count("filing") != 0 {
			t.Errorf("Commit = %v with %d filings, want intake.has_problems and none", err, w.count("filing"))
		}
		r, err := w.commit(county, in, w.check(county, rooms, bad), intake.How{OnlyGood: true})
		if err != nil || r.Written != 2 {
			t.Fatalf("Commit of good rows = %d, %v, want 2", r.Written, err)
		}
		// the mended file: only its own row is new, and the one that is mended counts for that of the file before
		mended := table(2, "room,area\nA1,100\nA2,200\nA3,333")
		p := w.check(county, rooms, bad, mended)
		if got, want := counts(p.Report), "3 rows: 1 new 1 changed 1 unchanged 0 conflicting 0 bad"; got != want {
			t.Errorf("mended = %s, want %s", got, want)
		}
		if err := w.write(county, func(ctx context.Context, tx db.Writer, act org.Act) error { // the mended file was mapped otherwise
			_, err := tx.Exec(ctx, `UPDATE intake SET mapping = '{"version":1}' WHERE city = $1 AND id = $2`, act.Scope.City, in.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		r, err = w.commit(county, in, p, intake.How{})
		for batch, want := range map[string]string{in.ID: "{}", in.ID + "-2": `{"version":1}`, "none": ""} {
			err := d.Read(t.Context(), func(r db.Reader) error {
				got, err := intake.MappingOf(t.Context(), r, county.City, batch)
				if got != want {
					t.Errorf("MappingOf(%s) = %q, want %q", batch, got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err != nil || len(r.Batches) != 2 || r.Batches[1] != in.ID+"-2" {
			t.Fatalf("Commit of the mended = %v, %v, want a second batch", r.Batches, err)
		}
		if got, want := w.cells(rooms, "350582"), "A1: area=100 room=A1; A2: area=200 room=A2; A3: area=333 room=A3"; got != want {
			t.Errorf("records = %s, want %s", got, want)
		}
	})
}

func TestCommit_refusesALedgerThatMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := w.open(county, rooms)
		p := w.check(county, rooms, table(1, first))
		w.bring(county, rooms, "room,area\nB1,50\n")
		before := w.cells(rooms, "350582")
		if _, err := w.commit(county, in, p, intake.How{}); keyOf(err) != "intake.moved" || fault.KindOf(err) != fault.Stale {
			t.Errorf("Commit = %v, want intake.moved", err)
		}
		if got := w.cells(rooms, "350582"); got != before || w.get(county, in.ID).State != intake.Mapping {
			t.Errorf("records = %s in state %s, want them untouched", got, w.get(county, in.ID).State)
		}
	})
}

func TestUndo_putsBackUnlessSomethingLaterDependsOnIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring(county, rooms, first)
		before := w.cells(rooms, "350582")
		in, _ := w.bring(county, rooms, "room,area\nA1,150\nA9,900\n")
		undo := func(in intake.Intake, reason string) error {
			return w.write(county, func(ctx context.Context, tx db.Writer, act org.Act) error {
				_, err := intake.Undo(ctx, tx, act, w.lib, in.ID, reason)
				return err
			})
		}
		if err := undo(in, ""); keyOf(err) != "intake.no_reason" {
			t.Errorf("Undo without a reason = %v, want intake.no_reason", err)
		}
		if err := undo(in, "wrong file"); err != nil {
			t.Fatalf("Undo = %v", err)
		}
		if got := w.cells(rooms, "350582"); got != before || w.get(county, in.ID).State != intake.Undone {
			t.Errorf("after Undo = %s, state %s, want %s", got, w.get(county, in.ID).State, before)
		}
		if err := undo(in, "again"); keyOf(err) != "intake.state" {
			t.Errorf("Undo twice = %v, want intake.state", err)
		}
		again, _ := w.bring(county, rooms, "room,area\nA1,160\n")
		w.bring(county, rooms, "room,area\nA1,170\n")
		if err := undo(again, "late"); fault.KindOf(err) != fault.Denied {
			t.Errorf("Undo of what changed since = %v, want denied", err)
		}
		err := w.d.Read(t.Context(), func(r db.Reader) error {
			return intake.Undoable(t.Context(), r, county, w.get(county, again.ID))
		})
		if fault.KindOf(err) != fault.Denied {
			t.Errorf("Undoable = %v, want denied", err)
		}
	})
}
