package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const city = "350500"

var at = time.Date(2025, 6, 30, 8, 0, 0, 123456789, time.UTC)

func entry(n int, touched ...audit.Touch) audit.Entry {
	return audit.Entry{City: city, Actor: "office.a", Action: "park.edit", Kind: "park", Entity: fmt.Sprint("P", n), At: at.Add(time.Duration(n) * time.Second),
		Detail: map[string]any{"name": "晋江<芯>园 & Co", "n": n}, Touched: touched}
}

func appendAll(t *testing.T, d *db.DB, entries ...audit.Entry) {
	t.Helper()
	err := d.Write(context.Background(), func(w db.Writer) error {
		for _, e := range entries {
			if _, err := audit.Append(context.Background(), w, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("Append = %v", err)
	}
}

func exec(t *testing.T, d *db.DB, statements ...string) {
	t.Helper()
	err := d.Write(context.Background(), func(w db.Writer) error {
		for _, q := range statements {
			if _, err := w.Exec(context.Background(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("exec %q = %v", statements, err)
	}
}

// read gives what f reads, in a Read of its own.
func read[T any](t *testing.T, d *db.DB, f func(ctx context.Context, r db.Reader) (T, error)) T {
	t.Helper()
	ctx := context.Background()
	var v T
	if err := d.Read(ctx, func(r db.Reader) (err error) { v, err = f(ctx, r); return err }); err != nil {
		t.Fatalf("Read = %v", err)
	}
	return v
}

func verify(d *db.DB, city string) (n int64, err error) {
	ctx := context.Background()
	err = d.Read(ctx, func(r db.Reader) (err error) { n, err = audit.Verify(ctx, r, city); return err })
	return n, err
}

func seqOf(t *testing.T, d *db.DB, city string) int64 {
	t.Helper()
	return read(t, d, func(ctx context.Context, r db.Reader) (int64, error) { return audit.Seq(ctx, r, city) })
}

func TestAppend_countsFromOneForEachCity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if got := seqOf(t, d, city); got != 0 {
			t.Errorf("Seq of an empty chain = %d, want 0", got)
		}
		other := entry(9)
		other.City = "350200"
		appendAll(t, d, entry(1), entry(2), other)
		if a, b := seqOf(t, d, city), seqOf(t, d, "350200"); a != 2 || b != 1 {
			t.Errorf("Seq = %d and %d, want 2 and 1", a, b)
		}
		for _, c := range []string{city, "350200", "999999"} {
			want := map[string]int64{city: 2, "350200": 1, "999999": 0}[c]
			if n, err := verify(d, c); n != want || err != nil {
				t.Errorf("Verify(%s) = %d, %v, want %d, nil", c, n, err, want)
			}
		}
	})
}

func TestAppend_leavesNothingWhenTheWriteFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, boom := context.Background(), errors.New("boom")
		err := d.Write(ctx, func(w db.Writer) error {
			if _, err := audit.Append(ctx, w, entry(1, audit.Touch{Kind: "park", ID: "P1"})); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("Write = %v, want %v", err, boom)
		}
		if n, err := verify(d, city); n != 0 || err != nil {
			t.Errorf("Verify = %d, %v, want 0, nil", n, err)
		}
	})
}

func TestAppend_refusesWhatCannotBeKept(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	for field, spoil := range map[string]func(*audit.Entry){
		"city":    func(e *audit.Entry) { e.City = "" },
		"actor":   func(e *audit.Entry) { e.Actor = "" },
		"action":  func(e *audit.Entry) { e.Action = "a\x00b" },
		"kind":    func(e *audit.Entry) { e.Kind = "\xff" },
		"entity":  func(e *audit.Entry) { e.Entity = "\x00" },
		"at":      func(e *audit.Entry) { e.At = time.Time{} },
		"detail":  func(e *audit.Entry) { e.Detail = func() {} },
		"touched": func(e *audit.Entry) { e.Touched = []audit.Touch{{Kind: "park"}} },
	} {
		e := entry(1)
		spoil(&e)
		err := d.Write(context.Background(), func(w db.Writer) error {
			_, err := audit.Append(context.Background(), w, e)
			return err
		})
		f, _ := fault.Of(err)
		if !errors.Is(err, fault.New(fault.Invalid, "audit.incomplete")) || f.Args["field"] != field {
			t.Errorf("Append without %s = %v, want audit.incomplete of %s", field, err, field)
		}
	}
}

func TestList_pagesBackward(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for n := range 5 {
			appendAll(t, d, entry(n+1))
		}
		var seqs []int64
		for before := int64(0); ; {
			lines := read(t, d, func(ctx context.Context, r db.Reader) ([]audit.Line, error) {
				return audit.List(ctx, r, city, before, 2)
			})
			if len(lines) == 0 {
				break
			}
			for _, l := range lines {
				seqs = append(seqs, l.Seq)
				before = l.Seq
			}
		}
		if want := []int64{5, 4, 3, 2, 1}; !slices.Equal(seqs, want) {
			t.Errorf("List = %v, want %v", seqs, want)
		}
		l := read(t, d, func(ctx context.Context, r db.Reader) ([]audit.Line, error) { return audit.List(ctx, r, city, 2, 1) })[0]
		want := audit.Line{City: city, Seq: 1, At: at.Add(time.Second).Truncate(time.Microsecond), Actor: "office.a", Action: "park.edit", Kind: "park",
			Entity: "P1", Detail: `{"n":1,"name":"晋江<芯>园 & Co"}`, Hash: l.Hash}
		if fmt.Sprint(l) != fmt.Sprint(want) || len(l.Hash) != 32 {
			t.Errorf("List = %v, want %v with 32 bytes of hash", l, want)
		}
	})
}

func TestTouched_catchesUpInBoundedSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		park := func(id string) audit.Touch { return audit.Touch{Kind: "park", ID: id} }
		appendAll(t, d,
			entry(1, park("B"), park("A"), park("B")), // sorted, once
			entry(2),
			entry(3, park("A"), audit.Touch{Kind: "filing", ID: audit.Every}),
			entry(4, park("C"), park("D"), park("E"), park("F")),
			entry(5))
		for _, c := range []struct {
			after int64
			limit int
			want  string
			upto  int64
		}{
			{0, 100, "park A,park B,filing *,park C,park D,park E,park F", 5},
			{0, 3, "park A,park B,filing *", 3}, // A again in line 3 counts towards the limit and is given once
			{3, 2, "park C,park D,park E,park F", 4},
			{0, 0, "park A,park B", 1},
			{4, 2, "", 5},
			{5, 2, "", 5},
			{9, 2, "", 5}, // the city went back
		} {
			var upto int64
			got := read(t, d, func(ctx context.Context, r db.Reader) (out []audit.Touch, err error) {
				out, upto, err = audit.Touched(ctx, r, city, c.after, c.limit)
				return out, err
			})
			var texts []string
			for _, x := range got {
				texts = append(texts, x.Kind+" "+x.ID)
			}
			if text := strings.Join(texts, ","); text != c.want || upto != c.upto {
				t.Errorf("Touched(after %d, limit %d) = %q to %d, want %q to %d", c.after, c.limit, text, upto, c.want, c.upto)
			}
		}
	})
}

func TestVerify_namesTheFirstBrokenLine(t *testing.T) {
	const line3 = ` WHERE city = '350500' AND seq = 3`
	// without the foreign key, as somebody with the database in hand would go about it
	unlink := []string{`ALTER TABLE audit_touch RENAME TO was`,
		`CREATE TABLE audit_touch (city TEXT, seq BIGINT, kind TEXT, entity TEXT)`, `INSERT INTO audit_touch SELECT city, seq, kind, entity FROM was`, `DROP TABLE was`}
	for name, c := range map[string]struct {
		tamper []string
		seq    int64
		why    string
	}{
		"at":             {[]string{`UPDATE audit_line SET at = at + 1` + line3}, 3, "hash"},
		"actor":          {[]string{`UPDATE audit_line SET actor = 'x'` + line3}, 3, "hash"},
		"action":         {[]string{`UPDATE audit_line SET action = 'x'` + line3}, 3, "hash"},
		"kind":           {[]string{`UPDATE audit_line SET kind = 'x'` + line3}, 3, "hash"},
		"entity":         {[]string{`UPDATE audit_line SET entity = 'x'` + line3}, 3, "hash"},
		"detail":         {[]string{`UPDATE audit_line SET detail = ''` + line3}, 3, "hash"},
		"hash":           {[]string{`UPDATE audit_line SET hash = (SELECT hash FROM audit_line WHERE seq = 2)` + line3}, 3, "hash"},
		"shifted text":   {[]string{`UPDATE audit_line SET actor = 'office.ap', action = 'ark.edit'` + line3}, 3, "hash"},
		"touch changed":  {[]string{`UPDATE audit_touch SET entity = 'Z'` + line3 + ` AND entity = 'A'`}, 3, "hash"},
		"touch removed":  {[]string{`DELETE FROM audit_touch` + line3 + ` AND entity = 'A'`}, 3, "hash"},
		"touch added":    {[]string{`INSERT INTO audit_touch (city, seq, kind, entity) VALUES ('350500', 5, 'park', 'A')`}, 5, "hash"},
		"middle removed": {append(unlink, `DELETE FROM audit_line`+line3), 3, "gap"},
		"first removed":  {[]string{`DELETE FROM audit_line WHERE seq = 1`}, 1, "gap"},
		"last removed":   {[]string{`DELETE FROM audit_line WHERE seq = 5`}, 5, "head"},
		"all removed":    {append(unlink, `DELETE FROM audit_line`), 1, "head"},
		"touch of none":  {append(unlink, `INSERT INTO audit_touch (city, seq, kind, entity) VALUES ('350500', 6, 'park', 'A')`), 6, "touch"},
		"head removed":   {[]string{`DELETE FROM audit_head`}, 1, "head"},
		"head hash":      {[]string{`UPDATE audit_head SET hash = (SELECT hash FROM audit_line WHERE seq = 2)`}, 5, "head"},
		"head set back":  {[]string{`UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_line WHERE seq = 4)`}, 5, "head"},
		"moved city":     {[]string{`UPDATE audit_line SET city = '350200' WHERE seq = 5`}, 5, "head"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				a, b := audit.Touch{Kind: "park", ID: "A"}, audit.Touch{Kind: "park", ID: "B"}
				appendAll(t, d, entry(1), entry(2), entry(3, a, b), entry(4), entry(5))
				if n, err := verify(d, city); n != 5 || err != nil {
					t.Fatalf("Verify before = %d, %v, want 5, nil", n, err)
				}
				exec(t, d, c.tamper...)
				n, err := verify(d, city)
				f, _ := fault.Of(err)
				if !errors.Is(err, fault.New(fault.Invalid, "audit.broken")) || f.Args["seq"] != c.seq || f.Args["why"] != c.why || f.Args["city"] != city {
					t.Fatalf("Verify = %v, want audit.broken of %s at line %d because of %s", err, city, c.seq, c.why)
				}
				if want := c.seq - 1; c.why != "head" && n != want {
					t.Errorf("Verify counted %d good lines, want %d", n, want)
				}
			})
		})
	}
}

func TestVerify_walksManyPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const lines = 1234
		entries := make([]audit.Entry, lines)
		for n := range entries {
			entries[n] = entry(n, audit.Touch{Kind: "park", ID: fmt.Sprint("P", n)})
		}
		appendAll(t, d, entries...)
		if n, err := verify(d, city); n != lines || err != nil {
			t.Errorf("Verify = %d, %v, want %d, nil", n, err, lines)
		}
		exec(t, d, `UPDATE audit_line SET actor = 'x' WHERE seq = 1100`)
		if n, err := verify(d, city); n != 1099 || err == nil {
			t.Errorf("Verify = %d, %v, want 1099 and audit.broken", n, err)
		}
	})
}

func TestAppend_manyWritersKeepTheChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, each = 12, 10
		done := make(chan error, writers)
		for range writers {
			go func() {
				for n := range each {
					err := d.Write(context.Background(), func(w db.Writer) error {
						_, err := audit.Append(context.Background(), w, entry(n, audit.Touch{Kind: "park", ID: "A"}))
						return err
					})
					if err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Fatalf("Append = %v", err)
			}
		}
		if n, err := verify(d, city); n != writers*each || err != nil {
			t.Errorf("Verify = %d, %v, want %d, nil", n, err, writers*each)
		}
	})
}

func manyTouches(n int) []audit.Touch {
	touched := make([]audit.Touch, n)
	for i := range touched {
		touched[i] = audit.Touch{Kind: "enterprise", ID: fmt.Sprintf("01JZ%022d", i)}
	}
	return touched
}

func TestAppend_keepsTwentyThousandTouches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		appendAll(t, d, entry(1, manyTouches(20_000)...))
		got := read(t, d, func(ctx context.Context, r db.Reader) ([]audit.Touch, error) {
			touched, _, err := audit.Touched(ctx, r, city, 0, 100)
			return touched, err
		})
		if n, err := verify(d, city); len(got) != 20_000 || n != 1 || err != nil {
			t.Errorf("Touched = %d rows, Verify = %d, %v, want 20000, 1, nil", len(got), n, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	for _, touches := range []int{0, 20_000} {
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			b.Run(fmt.Sprintf("%s/touches=%d", engine, touches), func(b *testing.B) {
				d := dbtest.Open(b, engine)
				touched := manyTouches(touches)
				for b.Loop() {
					err := d.Write(context.Background(), func(w db.Writer) error {
						_, err := audit.Append(context.Background(), w, entry(1, touched...))
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestTouches_nameEveryRowBeyondTheLimit(t *testing.T) {
	ids := make([]string, audit.MaxTouched+1)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	if got := audit.Touches("park", ids); !slices.Equal(got, []audit.Touch{{Kind: "park", ID: audit.Every}}) {
		t.Errorf("Touches(%d rows) = %d touches, want every row", len(ids), len(got))
	}
	got := audit.Touches("park", ids[1:])
	if len(got) != audit.MaxTouched || got[0] != (audit.Touch{Kind: "park", ID: "1"}) || got[len(got)-1].ID != ids[len(ids)-1] {
		t.Errorf("Touches(%d rows) = %d touches, want one each", len(ids)-1, len(got))
	}
	if got := audit.Touches[string]("park", nil); len(got) != 0 {
		t.Errorf("Touches(nil) = %v, want none", got)
	}
}
