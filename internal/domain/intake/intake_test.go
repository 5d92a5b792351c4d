package intake_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestIntake_keepsItsFilesAndIsSeenByItsOffice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		content := bytes.Repeat([]byte("0123456789"), 60_000) // three chunks
		var in intake.Intake
		err := w.write(county, func(ctx context.Context, tx db.Writer, act org.Act) (err error) {
			in, err = intake.Open(ctx, tx, act, rooms, intake.Upload{Name: "房源.xlsx", Content: content, Seen: `{"layouts":[]}`})
			return err
		})
		if err != nil {
			t.Fatalf("Open = %v", err)
		}
		got := w.get(whole, in.ID)
		if got.Org != "350582" || got.State != intake.Mapping || got.Seen != `{"layouts":[]}` || len(got.Files) != 1 || got.Files[0].Size != int64(len(content)) {
			t.Errorf("Get = %+v, want what was opened", got)
		}
		err = d.Read(t.Context(), func(r db.Reader) error {
			back, err := intake.Content(t.Context(), r, county, got, 1)
			if !bytes.Equal(back, content) {
				t.Errorf("Content = %d bytes, want %d", len(back), len(content))
			}
			if err != nil {
				return err
			}
			list, _, err := intake.List(t.Context(), r, tenancytest.Scopes["350583"], "", 0)
			if len(list) != 0 {
				t.Errorf("another county's List = %v, want none", list)
			}
			if _, err := intake.Get(t.Context(), r, tenancytest.Scopes["350583"], in.ID); keyOf(err) != "intake.not_found" {
				t.Errorf("another county's Get = %v, want intake.not_found", err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		steps := func(f func(ctx context.Context, tx db.Writer, act org.Act) error) string {
			if err := w.write(county, f); err != nil {
				return keyOf(err)
			}
			return string(w.get(county, in.ID).State)
		}
		begin := func(to intake.State, mapping string) func(ctx context.Context, tx db.Writer, act org.Act) error {
			return func(ctx context.Context, tx db.Writer, act org.Act) error {
				_, err := intake.Begin(ctx, tx, act, in.ID, 0, to, mapping, "job")
				return err
			}
		}
		for i, step := range []struct {
			do   func(ctx context.Context, tx db.Writer, act org.Act) error
			want string
		}{
			{begin(intake.Checking, ""), "intake.no_mapping"},
			{begin(intake.Committing, "{}"), "intake.state"},
			{begin(intake.Checking, "{}"), "checking"},
			{begin(intake.Checking, "{}"), "intake.state"},
			{func(ctx context.Context, tx db.Writer, act org.Act) error {
				_, err := intake.Cancel(ctx, tx, act, in.ID)
				return err
			}, "mapping"},
			{begin(intake.Checking, ""), "checking"},
			{func(ctx context.Context, tx db.Writer, act org.Act) error {
				_, err := intake.End(ctx, tx, act, in.ID, intake.Checked, intake.Report{Rows: 7})
				return err
			}, "checked"},
			{func(ctx context.Context, tx db.Writer, act org.Act) error { return intake.Discard(ctx, tx, act, in.ID) }, "discarded"},
			{begin(intake.Checking, ""), "intake.state"},
		} {
			if got := steps(step.do); got != step.want {
				t.Errorf("step %d = %s, want %s", i, got, step.want)
			}
		}
		if n := w.count("intake_chunk"); n != 0 {
			t.Errorf("a discarded intake keeps %d chunks, want none", n)
		}
	})
}

func TestKeep_findsAnOfficesMappingByItsHeader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := w.open(county, rooms)
		for _, body := range []string{`{"a":1}`, `{"a":2}`} {
			err := w.write(county, func(ctx context.Context, tx db.Writer, act org.Act) error {
				return intake.Keep(ctx, tx, act, in, "print", body)
			})
			if err != nil {
				t.Fatalf("Keep = %v", err)
			}
		}
		_ = d.Read(t.Context(), func(r db.Reader) error {
			for _, c := range []struct{ scope, print, want string }{{"350582", "print", `{"a":2}`}, {"350582", "other", ""}, {"350583", "print", ""}} {
				if got, err := intake.Kept(t.Context(), r, tenancytest.Scopes[c.scope], "book", c.print); got != c.want || err != nil {
					t.Errorf("Kept(%s, %s) = %q, %v, want %q", c.scope, c.print, got, err, c.want)
				}
			}
			return nil
		})
	})
}

func TestResolve_refusesPeriodsAndSubjectsThatDoNotFit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_ = d.Read(t.Context(), func(r db.Reader) error {
			for _, c := range []struct {
				target intake.Target
				scope  string
				want   string
			}{
				{intake.Target{Form: "book", Period: "2025-06"}, "350582", "intake.period"},
				{intake.Target{Form: "monthly", Period: "2025"}, "350582", "intake.period"},
				{intake.Target{Form: "monthly", Period: "June"}, "350582", "period.invalid"},
				{intake.Target{Form: "nothing"}, "350582", "form.not_found"},
				{intake.Target{Form: "book", Subject: "350583"}, "350582", "org.not_found"},
				{intake.Target{Form: "book"}, "350582", ""},
				{intake.Target{Form: "monthly", Period: "2025-06"}, "e-a", ""},
			} {
				got, _, err := intake.Resolve(t.Context(), r, tenancytest.Scopes[c.scope], w.lib, c.target)
				if keyOf(err) != c.want && (c.want != "" || err != nil) {
					t.Errorf("Resolve(%+v) by %s = %+v, %v, want %q", c.target, c.scope, got, err, c.want)
				}
				if c.scope == "e-a" && got.Subject != "e-a" {
					t.Errorf("an enterprise's own file is of %q, want its own", got.Subject)
				}
			}
			return nil
		})
	})
}
