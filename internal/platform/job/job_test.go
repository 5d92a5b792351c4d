package job

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestEnqueue_rollsBackWithItsCause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		s := w.spec("x")
		refused := errors.New("the cause is refused")
		err := d.Write(context.Background(), func(tx db.Writer) error {
			if _, err := Enqueue(context.Background(), tx, s); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatalf("Write = %v, want the cause's error", err)
		}
		err = d.Read(context.Background(), func(r db.Reader) error {
			_, err := Get(context.Background(), r, city, s.ID)
			return err
		})
		if !errors.Is(err, fault.New(fault.NotFound, KeyNotFound)) {
			t.Errorf("Get after the rollback = %v, want not found", err)
		}
	})
}

func TestEnqueue_refusesASecondUnfinishedJobOfItsKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		s := w.spec("x")
		s.Key = "batch-7"
		first := w.enqueue(s)
		again := s
		again.ID = w.ids.New()
		err := d.Write(context.Background(), func(tx db.Writer) error {
			got, err := Enqueue(context.Background(), tx, again)
			if got != first || !errors.Is(err, fault.New(fault.Exists, KeyExists)) {
				t.Errorf("Enqueue of the same key = %s, %v, want %s and that it exists", got, err, first)
			}
			other := w.spec("y") // the transaction goes on
			other.Key = s.Key
			_, err = Enqueue(context.Background(), tx, other)
			return err
		})
		if err != nil {
			t.Errorf("Enqueue of another kind = %v, want nil", err)
		}
		if err := w.cancel(first); err != nil {
			t.Fatal(err)
		}
		if got := w.enqueue(again); got != again.ID {
			t.Errorf("Enqueue after the first finished = %s, want %s", got, again.ID)
		}
	})
}

func TestEnqueue_letsOneOfManyThroughAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const many = 16
		var wg sync.WaitGroup
		var mu sync.Mutex
		fresh, ids := 0, map[string]bool{}
		for range many {
			s := w.spec("x")
			s.Key = "same"
			wg.Go(func() {
				got, err := w.tryEnqueue(s)
				mu.Lock()
				defer mu.Unlock()
				ids[got] = true
				switch {
				case err == nil:
					fresh++
				case !errors.Is(err, fault.New(fault.Exists, KeyExists)):
					t.Errorf("Enqueue = %v, want nil or that it exists", err)
				}
			})
		}
		wg.Wait()
		if fresh != 1 || len(ids) != 1 {
			t.Errorf("%d of %d were enqueued, ids %v, want one", fresh, many, ids)
		}
	})
}

func TestEnqueue_refusesWhatItCannotKeep(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for _, c := range []struct {
		name   string
		change func(*Spec)
		key    string
		field  any
	}{
		{"no city", func(s *Spec) { s.City = "" }, KeyIncomplete, "city"},
		{"no id", func(s *Spec) { s.ID = "7" }, KeyIncomplete, "id"},
		{"no kind", func(s *Spec) { s.Kind = "" }, KeyIncomplete, "kind"},
		{"long key", func(s *Spec) { s.Key = strings.Repeat("k", maxName+1) }, KeyIncomplete, "key"},
		{"zero byte in the lane", func(s *Spec) { s.Lane = "a\x00" }, KeyIncomplete, "lane"},
		{"actor that is not UTF-8", func(s *Spec) { s.Actor = "\xff" }, KeyIncomplete, "actor"},
		{"no time", func(s *Spec) { s.At = time.Time{} }, KeyIncomplete, "at"},
		{"too many attempts", func(s *Spec) { s.Attempts = MaxAttempts + 1 }, KeyIncomplete, "attempts"},
		{"arguments that are no JSON", func(s *Spec) { s.Args = math.NaN() }, KeyArgs, nil},
		{"large arguments", func(s *Spec) { s.Args = strings.Repeat("a", MaxArgs) }, KeyArgsSize, nil},
	} {
		s := w.spec("x")
		c.change(&s)
		_, err := w.tryEnqueue(s)
		f, ok := fault.Of(err)
		if !ok || f.Kind != fault.Invalid || f.Key != c.key || f.Args["field"] != c.field {
			t.Errorf("Enqueue with %s = %v, want %s of %v", c.name, err, c.key, c.field)
		}
	}
}

func TestCancel_endsAWaitingJobAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		jobID := w.enqueue(w.spec("x"))
		if err := w.cancel(jobID); err != nil {
			t.Fatalf("Cancel = %v", err)
		}
		if j := w.get(jobID); j.State != Canceled || !j.FinishedAt.Equal(w.clock.now()) || j.Attempts != 0 {
			t.Errorf("job = %+v, want it cancelled now and never begun", j)
		}
		if err := w.cancel(jobID); !errors.Is(err, fault.New(fault.Stale, KeyFinished)) {
			t.Errorf("Cancel of a finished job = %v, want %s", err, KeyFinished)
		}
		if err := w.cancel(w.ids.New()); !errors.Is(err, fault.New(fault.NotFound, KeyNotFound)) {
			t.Errorf("Cancel of no job = %v, want %s", err, KeyNotFound)
		}
	})
}

func TestList_pagesFromTheNewestAndNarrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []string
		for i := range 7 {
			s := w.spec([]string{"x", "y"}[i%2])
			s.Actor = []string{"li", "wang", "chen"}[i%3]
			s.Args = map[string]int{"i": i}
			all = append([]string{w.enqueue(s)}, all...)
		}
		list := func(q Query) (ids []string, next string) {
			q.City = city
			err := d.Read(context.Background(), func(r db.Reader) error {
				jobs, n, err := List(context.Background(), r, q)
				next = n
				for _, j := range jobs {
					ids = append(ids, j.ID)
				}
				return err
			})
			if err != nil {
				t.Fatalf("List(%+v) = %v", q, err)
			}
			return ids, next
		}
		var got []string
		for after := ""; ; {
			ids, next := list(Query{After: after, Limit: 3})
			got = append(got, ids...)
			if after = next; next == "" {
				break
			}
		}
		if strings.Join(got, " ") != strings.Join(all, " ") {
			t.Errorf("List page by page = %v, want %v", got, all)
		}
		if ids, _ := list(Query{Kind: "y", Actor: "wang"}); len(ids) != 1 || ids[0] != all[5] {
			t.Errorf("List of kind y by wang = %v, want %s", ids, all[5])
		}
		if err := w.cancel(all[0]); err != nil {
			t.Fatal(err)
		}
		if ids, _ := list(Query{State: Canceled}); len(ids) != 1 || ids[0] != all[0] {
			t.Errorf("List of the cancelled = %v, want %s", ids, all[0])
		}
		err := d.Read(context.Background(), func(r db.Reader) error {
			_, _, err := List(context.Background(), r, Query{City: city, After: "x' OR 1=1"})
			return err
		})
		if !errors.Is(err, fault.New(fault.Invalid, KeyCursor)) {
			t.Errorf("List after no cursor = %v, want %s", err, KeyCursor)
		}
		if got := string(w.get(all[0]).Args); got != `{"i":6}` {
			t.Errorf("Args = %s, want those of the Spec", got)
		}
	})
}

func TestMeasure_countsWhatWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if got := w.measure(); got != (Depth{}) {
			t.Errorf("Measure of nothing = %+v, want zeros", got)
		}
		w.enqueue(w.spec("x"))
		later := w.spec("x")
		later.RunAt = w.clock.now().Add(time.Hour)
		w.enqueue(later)
		w.clock.advance(90 * time.Second)
		if got, want := w.measure(), (Depth{Due: 1, Delayed: 1, Oldest: 90 * time.Second}); got != want {
			t.Errorf("Measure = %+v, want %+v", got, want)
		}
	})
}

func TestProgress_saysWhatIsLeft(t *testing.T) {
	begun := time.Date(2025, 6, 3, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		p     Progress
		after time.Duration
		want  time.Duration
		known bool
	}{
		{Progress{Since: begun, Done: 25, Total: 100}, 10 * time.Second, 30 * time.Second, true},
		{Progress{Since: begun, Done: 100, Total: 100}, 10 * time.Second, 0, true},
		{Progress{Since: begun, Done: 0, Total: 100}, time.Second, 0, false},
		{Progress{Since: begun, Done: 5}, time.Second, 0, false},
		{Progress{}, time.Second, 0, false},
	} {
		if got, ok := c.p.Left(begun.Add(c.after)); got != c.want || ok != c.known {
			t.Errorf("%+v.Left(after %v) = %v, %v, want %v, %v", c.p, c.after, got, ok, c.want, c.known)
		}
	}
}

func TestFailureOf_keepsKeyArgumentsAndStorableText(t *testing.T) {
	err := fault.Because(errors.New("a\x00b\xff"+strings.Repeat("园", maxText)), fault.Invalid, "cell.negative", "row", 7)
	f := failureOf(fault.Wrap("import.Check", err))
	if f.Key != "cell.negative" || argsJSON(f.Args) != `{"row":7}` || !storable(f.Text) || len(f.Text) > maxText {
		t.Errorf("failureOf = %q %s %d bytes, want the key, row 7 and at most %d bytes", f.Key, argsJSON(f.Args), len(f.Text), maxText)
	}
	if f := failureOf(errors.New("plain")); f.Key != "internal" || f.Text != "plain" {
		t.Errorf("failureOf(plain) = %+v, want internal", f)
	}
	if got := argsJSON(map[string]any{"x": math.Inf(1)}); got != "{}" {
		t.Errorf("argsJSON of infinity = %s, want {}", got)
	}
}

func TestBackoff_doublesWithinItsSpread(t *testing.T) {
	for attempt := int64(1); attempt < 70; attempt++ {
		whole := MaxBackoff
		if attempt < 10 {
			whole = min(time.Duration(math.Pow(2, float64(attempt-1)))*5*time.Second, MaxBackoff)
		}
		got := backoff(5*time.Second, "01J", attempt)
		if got < whole/2 || got > whole {
			t.Errorf("backoff(attempt %d) = %v, want between %v and %v", attempt, got, whole/2, whole)
		}
		if again := backoff(5*time.Second, "01J", attempt); again != got {
			t.Errorf("backoff(attempt %d) = %v, then %v, want the same", attempt, got, again)
		}
	}
	if backoff(time.Minute, "a", 1) == backoff(time.Minute, "b", 1) {
		t.Error("two jobs pause alike, want them spread")
	}
	if got := backoff(3*time.Hour, "a", 1); got > MaxBackoff {
		t.Errorf("backoff from three hours = %v, want at most %v", got, MaxBackoff)
	}
}

func TestJob_resultIsJSON(t *testing.T) {
	if _, err := resultText(strings.Repeat("a", MaxResult)); !errors.Is(err, fault.New(fault.Invalid, KeyResult)) {
		t.Errorf("resultText of a large one = %v, want %s", err, KeyResult)
	}
	if _, err := resultText(make(chan int)); !errors.Is(err, fault.New(fault.Invalid, KeyResult)) {
		t.Errorf("resultText of a channel = %v, want %s", err, KeyResult)
	}
	text, err := resultText(map[string]int{"rows": 3})
	if err != nil || !json.Valid([]byte(*text)) || *text != `{"rows":3}` {
		t.Errorf("resultText = %v, %v, want JSON", text, err)
	}
}
