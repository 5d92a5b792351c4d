package demo_test

import (
	"context"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// The board of the made-up city shows something of everything that an office meets.
func TestReadiness_theBoardHasSomethingOfEverything(t *testing.T) {
	d, ctx := made(t, db.SQLite), context.Background()
	var v *enrolment.View
	err := d.Read(ctx, func(r db.Reader) (err error) {
		v, err = enrolment.NewBoard(quanzhou).Now(ctx, r, 20250712)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.List(enrolment.Query{Scope: auth.Whole(quanzhou)})
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]int{}
	for _, r := range v.Rows {
		for _, n := range r.Notes {
			notes[n.Key]++
		}
	}
	t.Log(got.Counts, got.Entered, notes)
	for _, verdict := range []enrolment.Verdict{enrolment.Ready, enrolment.Preparing, enrolment.Misses, enrolment.Waiting, enrolment.Below, enrolment.InList} {
		if got.Counts[verdict] == 0 {
			t.Errorf("nobody is %s", verdict)
		}
	}
	for _, key := range []string{"ledger_only", "other_month", "delisted"} {
		if notes["enrolment.note."+key] == 0 {
			t.Errorf("nobody has the note %s", key)
		}
	}
	if !slices.ContainsFunc(got.Rows, func(r *enrolment.Row) bool { return r.Verdict == enrolment.Misses && len(r.Because()) > 0 }) {
		t.Error("nobody on the first page misses a window for a reason")
	}
}
