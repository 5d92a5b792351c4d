package filing_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestSave_keepsEveryVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		if f := x.now(june); f.State != filing.Owed || f.Version != 0 || f.Org != "op" || f.OrgPath != "350500.350582.op." {
			t.Errorf("before anybody began = %+v, want owed at op", f)
		}
		x.must(x.save("op", june, "output=100 jobs=3"))
		x.must(x.save("op", june, "output=100 jobs=3")) // says nothing new
		if f := x.now(june); f.State != filing.Draft || f.Version != 1 || f.Confirmed {
			t.Errorf("after the same twice = %+v, want version 1 of a draft", f)
		}
		x.must(x.save("firm", june, "output=120 note=晋江\"\\"))
		const want = " v2 map[note:晋江\"\\ output:120] declared typed firm.a"
		if got := x.records(june); got != want {
			t.Errorf("records = %q, want %q", got, want)
		}
		x.read(func(ctx context.Context, r db.Reader) error {
			o, err := filing.Provenance(ctx, r, people["city"].scope, june, "")
			if err != nil || len(o.History) != 2 || o.Cells["output"].Who != "firm.a" || o.Cells["output"].Version != 2 || o.Cells["jobs"].Value != "" {
				t.Errorf("Provenance = %+v, %v, want two versions, output by firm.a and no jobs", o, err)
			}
			if got := fmt.Sprint(o.History[1].Changes); got != `[{jobs 3 } {note  晋江"\} {output 100 120}]` {
				t.Errorf("changes of version 2 = %s", got)
			}
			return nil
		})
	})
}

func TestSave_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(x.save("city", county, "room=1 area=10"))
		ref := func(kind form.SubjectKind, subject, code, period string) filing.Ref {
			return filing.Ref{Kind: kind, Subject: subject, Form: code, Period: period}
		}
		for _, c := range []struct {
			who, want, cells string
			ref              filing.Ref
		}{
			{"firm", "form.not_found", "a=1", ref("enterprise", "e-a", "moon", "2025-06")},
			{"firm", "filing.bad_subject", "output=1", ref("park", "p-op", "monthly", "2025-06")},
			{"firm", "filing.bad_subject", "output=1", ref("moon", "p-op", "monthly", "2025-06")},
			{"firm", "filing.not_asked", "output=1", ref("enterprise", "e-a", "monthly", "")},
			{"firm", "filing.not_asked", "output=1", ref("enterprise", "e-a", "monthly", "2025-Q2")},
			{"firm", "filing.not_asked", "output=1", ref("enterprise", "e-a", "monthly", "2025-01")},
			{"firm", "period.invalid", "output=1", ref("enterprise", "e-a", "monthly", "soon")},
			{"city", "filing.not_asked", "room=1", ref("org", "350582", "book", "2025-06")},
			{"firm", "filing.not_open", "output=1", ref("enterprise", "e-a", "monthly", "2025-07")},
			{"firm", "filing.locked", "output=1", ref("enterprise", "e-a", "monthly", "2025-05")},
			{"firm", "filing.bad_field", "output=1 area=5", june},
			{"firm", "form.not_quantity", "output=x", june},
			{"city", "filing.no_key", "area=5", county},
			{"city", "filing.key_twice", "room=2; room=2", county},
			{"city", "filing.key_twice", "room=1; room=1 area=2", county},
			{"other", "enterprise.not_found", "output=1", june},
			{"away", "enterprise.not_found", "output=1", june},
			{"nobody", "enterprise.not_found", "output=1", june},
			{"firm", "park.not_found", "area=1", parkOp},
			{"away", "park.not_found", "area=1", parkOp},
			{"firm", "org.not_found", "room=1", county},
			{"op", "org.not_found", "room=1", county},
			{"city", "enterprise.not_found", "output=1", ref("enterprise", "moon", "monthly", "2025-06")},
		} {
			err := x.edit(c.who, filing.Edit{Ref: c.ref, Version: versionIf(c.ref == county), Changes: changesOf(c.cells)})
			if got := key(err); got != c.want && !(c.want == "form.not_quantity" && fault.KindOf(err) == fault.Invalid && err != nil) {
				t.Errorf("Save of %q to %s by %s = %v, want %q", c.cells, c.ref, c.who, err, c.want)
			}
		}
		if err := x.edit("city", filing.Edit{Ref: county, Version: 1, Changes: []filing.Change{{Key: "2", Cells: filing.Cells{"room": "3"}}}}); key(err) != "filing.key_differs" {
			t.Errorf("Save under another key = %v, want filing.key_differs", err)
		}
	})
}

func versionIf(begun bool) int64 {
	if begun {
		return 1
	}
	return 0
}

func TestSave_staleSaysWhoAndWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.must(x.save("op", june, "output=100"))
		for version, want := range map[int64]string{0: "filing.stale", 2: "filing.stale", 1: ""} {
			err := x.edit("op", filing.Edit{Ref: june, Version: version, Changes: changesOf("output=100")})
			if key(err) != want {
				t.Errorf("Save at version %d = %v, want %q", version, err, want)
			}
			if f, ok := fault.Of(err); ok && (f.Kind != fault.Stale || f.Args["actor"] != "op.a" || f.Args["at"] != "2025-07-01 17:00" || f.Args["version"] != int64(1)) {
				t.Errorf("arguments = %v, want op.a, 2025-07-01 17:00 and 1", f.Args)
			}
		}
	})
}

func TestSaveAll_writesOnlyWhatChangedAndUndoPutsItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		bulk := func(batch string, n int, cells func(i int) filing.Cells) (written int64, err error) {
			err = x.try(func(ctx context.Context, w db.Writer) error {
				written, err = filing.SaveAll(ctx, w, x.act("county"), x.lib, filing.Bulk{Ref: county, Batch: batch}, rowsOf(n, cells))
				return err
			})
			return written, err
		}
		undo := func(batch string) (n int64, err error) {
			err = x.try(func(ctx context.Context, w db.Writer) error {
				n, err = filing.Undo(ctx, w, x.act("county"), x.lib, batch, "wrong file")
				return err
			})
			return n, err
		}
		row := func(i int) filing.Cells { return filing.Cells{"room": fmt.Sprintf("R%03d", i), "area": fmt.Sprint(i)} }
		if n, err := bulk("b-1", 100, row); n != 100 || err != nil {
			t.Fatalf("SaveAll of new rows = %d, %v, want 100", n, err)
		}
		before := x.records(county)
		if n, err := bulk("b-2", 100, row); n != 0 || err != nil || x.now(county).Version != 1 {
			t.Errorf("SaveAll of the same = %d, %v at version %d, want nothing", n, err, x.now(county).Version)
		}
		n, err := bulk("b-3", 103, func(i int) filing.Cells {
			c := row(i)
			if i%50 == 0 {
				c["note"] = "changed"
			}
			return c
		})
		if n != 2+3 || err != nil || x.now(county).Version != 2 || x.now(county).State != filing.Approved {
			t.Errorf("SaveAll with changes = %d, %v, %+v, want 5 and version 2 in force", n, err, x.now(county))
		}
		if _, err := undo("b-1"); key(err) != "filing.batch_used" {
			t.Errorf("Undo of a batch whose rows changed = %v, want filing.batch_used", err)
		}
		if n, err := undo("b-3"); n != 5 || err != nil {
			t.Errorf("Undo = %d, %v, want 5", n, err)
		}
		if n, err := undo("b-3"); key(err) != "filing.no_batch" {
			t.Errorf("Undo again = %d, %v, want filing.no_batch", n, err)
		}
		if got := stripped(x.records(county)); got != stripped(before) {
			t.Errorf("after Undo = %s\nwant %s", got, stripped(before))
		}
		for who, want := range map[string]string{"away": "org.not_found", "firm": "org.not_found"} {
			err := x.try(func(ctx context.Context, w db.Writer) error {
				_, err := filing.Undo(ctx, w, x.act(who), x.lib, "b-1", "mine")
				return err
			})
			if key(err) == "" {
				t.Errorf("Undo by %s = %v, want %s or no batch", who, err, want)
			}
		}
	})
}

// stripped leaves out what an undone row has of its own: version and way.
func stripped(records string) string {
	var out []string
	for _, line := range strings.Split(records, "\n") {
		words := strings.Fields(line)
		out = append(out, words[0]+strings.Join(words[2:len(words)-2], " "))
	}
	return strings.Join(out, "\n")
}

func rowsOf(n int, cells func(i int) filing.Cells) iter.Seq[filing.Change] {
	return func(yield func(filing.Change) bool) {
		for i := range n {
			if !yield(filing.Change{Cells: cells(i), Origin: filing.Origin{Way: filing.Imported, File: 1, Row: i + 2}}) {
				return
			}
		}
	}
}
