package evidence_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// pairsIn gives the findings of a place as "later repeats earlier", latest first.
func (w *world) pairsIn(place string) []string {
	w.t.Helper()
	out := []string{}
	w.read(func(ctx context.Context, r db.Reader) error {
		pairs, more, err := evidence.TwiceIn(ctx, r, tenancytest.Scopes[place])
		for _, p := range pairs {
			how := "looks like"
			if p.Exact {
				how = "is"
			}
			if p.Exact && p.Distance != 0 || p.Distance > blob.Same || more != 0 {
				w.t.Errorf("pair %s %s %s has distance %d, %d more", p.B.Title, how, p.A.Title, p.Distance, more)
			}
			out = append(out, p.B.Title+" "+how+" "+p.A.Title)
		}
		return err
	})
	return out
}

// others gives the other uses of one piece.
func (w *world) others(id evidence.ID) []string {
	w.t.Helper()
	out := []string{}
	w.read(func(ctx context.Context, r db.Reader) error {
		pairs, err := evidence.Twice(ctx, r, w.act.Scope, id)
		for _, p := range pairs {
			out = append(out, fmt.Sprint(p.B.Title, " ", p.Exact))
		}
		return err
	})
	return out
}

func (w *world) later() { w.act.At = w.act.At.Add(time.Minute) }

func TestTwice_findsAPhotoUsedForTwoThings(t *testing.T) {
	paper := fileOf(t, []byte("%PDF-1.7\ncontract"))
	each(t, func(w *world) {
		add := func(title string, e evidence.Evidence) evidence.ID { w.later(); return e.ID }
		first := add("a", w.add(t1, photo("production", "a", picture(t, 1, 0))))
		add("other", w.add(t1, photo("production", "other", picture(t, 2, 0))))
		add("again here", w.add(t1, photo("production", "again here", picture(t, 1, 1)))) // two pictures of one thing are no question
		if got := w.pairsIn("city"); len(got) != 0 {
			t.Errorf("TwiceIn of photos of one stage = %v, want none", got)
		}
		add("stage", w.add(t1, photo("trial", "stage", picture(t, 1, 0))))
		copied := add("copied", w.add(t2, photo("production", "copied", picture(t, 1, 0))))
		saved := add("saved anew", w.add(j1, photo("started", "saved anew", picture(t, 1, 2))))
		add("contract", w.add(t1, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "contract", File: paper}))
		add("same contract", w.add(t1, evidence.New{Stage: "framework", Grade: evidence.Record, Title: "same contract", File: paper})) // one paper proves two stages
		add("their contract", w.add(t2, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "their contract", File: paper}))

		want := []string{"their contract is contract", "saved anew looks like", "copied is a", "stage is a"}
		got := w.pairsIn("city")
		for i := range want {
			if i >= len(got) || !strings.HasPrefix(got[i], want[i]) || len(got) != len(want) {
				t.Fatalf("TwiceIn(city) = %v, want %v", got, want)
			}
		}
		if got := w.pairsIn("350583"); len(got) != 0 { // its counterparts lie elsewhere
			t.Errorf("TwiceIn(350583) = %v, want none", got)
		}
		if got := w.pairsIn("e-a"); !slices.Equal(got, []string{"stage is a"}) {
			t.Errorf("TwiceIn(e-a) = %v, want its own", got)
		}
		if got := w.others(copied); len(got) != 4 || !slices.Contains(got, "a true") || !slices.Contains(got, "stage true") || !slices.Contains(got, "saved anew false") || !slices.Contains(got, "again here false") {
			t.Errorf("Twice(copied) = %v, want a, stage, again here and saved anew", got)
		}
		for _, id := range []evidence.ID{copied, saved} {
			if err := w.withdraw(id, "同一张照片"); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.pairsIn("city"); len(got) != 2 {
			t.Errorf("TwiceIn after two were withdrawn = %v, want two", got)
		}
		if got := w.others(first); !slices.Equal(got, []string{"stage true"}) {
			t.Errorf("Twice(a) = %v, want the stage alone", got)
		}
		if got := w.others(copied); len(got) != 0 {
			t.Errorf("Twice of what was withdrawn = %v, want none", got)
		}
	})
}

func TestTwice_findsAPhotoThatIsCalledARecord(t *testing.T) {
	each(t, func(w *world) {
		w.add(t1, photo("production", "a", picture(t, 3, 0)))
		w.later()
		w.add(t2, evidence.New{Stage: "production", Grade: evidence.Record, Title: "b", File: picture(t, 3, 1)})
		w.later()
		w.add(t2, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "form", File: picture(t, 4, 0)})
		w.later()
		w.add(t1, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "form too", File: picture(t, 4, 1)}) // two pages of one form look alike
		if got := w.pairsIn("city"); !slices.Equal(got, []string{"b looks like a"}) {
			t.Errorf("TwiceIn = %v, want b looks like a", got)
		}
	})
}

// fillCity brings n photos of different things, every hundredth of them used before.
func fillCity(b *testing.B, d *db.DB, n int) {
	tenancytest.Fill(b, d)
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		file, err := w.Prepare(ctx, `INSERT INTO blob (city, digest, size, media, thumbnail, hash, at) VALUES ($1, $2, 1, 'image/jpeg', $3, $4, 1)`)
		if err != nil {
			return err
		}
		row, err := w.Prepare(ctx, `INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, file_name, digest, note, recorder, recorded_at)
			VALUES ($1, $2, 'tenancy', $3, $4, 'photo', 'x', '', 'x.jpg', $5, '', 'tester', $6)`)
		if err != nil {
			return err
		}
		thumbnail := make([]byte, 12_000)
		for i := range n {
			hash := int64(uint64(i/100*100+i%99) * 0x9e3779b97f4a7c15) // the last of a hundred repeats the first
			if err := file.Queue(ctx, tenancytest.City, fmt.Sprintf("%064d", i), thumbnail, hash); err != nil {
				return err
			}
			if err := row.Queue(ctx, tenancytest.City, fmt.Sprintf("v-%07d", i), fmt.Sprintf("t-%d", 1+i%4), []string{"trial", "production"}[i/4%2], fmt.Sprintf("%064d", i), i); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkTwiceIn20000(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	fillCity(b, d, 20_000)
	for b.Loop() {
		tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
			pairs, _, err := evidence.TwiceIn(ctx, r, tenancytest.Scopes["city"])
			b.ReportMetric(float64(len(pairs)), "pairs")
			return err
		})
	}
}

func BenchmarkListOf20000(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	fillCity(b, d, 20_000)
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error { // one subject with an ordinary number of pieces
		_, err := w.Exec(ctx, `UPDATE evidence SET subject = 't-' || id WHERE id >= 'v-0000012'`)
		return err
	})
	for b.Loop() {
		tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
			list, err := evidence.List(ctx, r, tenancytest.Scopes["350582"], t1)
			b.ReportMetric(float64(len(list)), "pieces")
			return err
		})
	}
}
