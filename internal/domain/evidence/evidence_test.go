package evidence_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/blob/blobtest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

var (
	t1 = subject.Ref{Kind: subject.Tenancy, ID: "t-1"} // in county 350582, of e-a
	t2 = subject.Ref{Kind: subject.Tenancy, ID: "t-2"} // in county 350583, of e-b
	j1 = subject.Ref{Kind: subject.Project, ID: "j-1"} // of county 350582
	ea = subject.Ref{Kind: evidence.OfEnterprise, ID: "e-a"}
)

// world is the small city with one project, and somebody who acts in it.
type world struct {
	t   *testing.T
	d   *db.DB
	act org.Act
}

func each(t *testing.T, fn func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, `INSERT INTO project (city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version)
				VALUES ($1, 'j-1', '350582', 'p-jj', 'construction', '晋江园一期', NULL, NULL, 'record', 'list', 1)`, tenancytest.City)
			return err
		})
		fn(&world{t, d, tenancytest.Act(tenancytest.Scopes["city"])})
	})
}

func (w *world) as(place string) *world {
	other := *w
	other.act.Scope = tenancytest.Scopes[place]
	return &other
}

func (w *world) try(ref subject.Ref, n evidence.New) (e evidence.Evidence, err error) {
	err = tenancytest.Try(w.d, func(ctx context.Context, tx db.Writer) error {
		e, err = evidence.Add(ctx, tx, w.act, ref, n)
		return err
	})
	return e, err
}

func (w *world) add(ref subject.Ref, n evidence.New) evidence.Evidence {
	w.t.Helper()
	e, err := w.try(ref, n)
	if err != nil {
		w.t.Fatalf("Add(%v, %v) = %v", ref, n.Title, err)
	}
	return e
}

func (w *world) withdraw(id evidence.ID, reason string) error {
	return tenancytest.Try(w.d, func(ctx context.Context, tx db.Writer) error {
		_, err := evidence.Withdraw(ctx, tx, w.act, id, reason)
		return err
	})
}

func (w *world) read(fn func(ctx context.Context, r db.Reader) error) {
	w.t.Helper()
	tenancytest.Read(w.t, w.d, fn)
}

func (w *world) exec(text string, args ...any) {
	w.t.Helper()
	tenancytest.Write(w.t, w.d, func(ctx context.Context, tx db.Writer) error {
		_, err := tx.Exec(ctx, text, args...)
		return err
	})
}

func (w *world) counts(ref subject.Ref, stage string) (out string) {
	w.t.Helper()
	w.read(func(ctx context.Context, r db.Reader) error {
		p, c, f, s, err := evidence.Counts(ctx, r, w.act.Scope, ref, stage)
		out = fmt.Sprintf("%d permits, %d records, %d photos, %d statements", p, c, f, s)
		return err
	})
	return out
}

func fileOf(t testing.TB, content []byte) *blob.File {
	t.Helper()
	f, err := blob.Prepare(t.Context(), bytes.NewReader(content))
	if err != nil {
		t.Fatalf("Prepare = %v", err)
	}
	return f
}

// picture is a photo of a scene; save tells copies of it apart: 0 the first, others saved anew.
func picture(t testing.TB, seed uint64, save int) *blob.File {
	t.Helper()
	img := blobtest.Scene(seed, 240, 180)
	if save == 0 {
		return fileOf(t, blobtest.JPEG(t, img, 90))
	}
	return fileOf(t, blobtest.Resaved(t, img, 1-0.2*float64(save), 3*save, 80-10*save))
}

func photo(stage, title string, f *blob.File) evidence.New {
	return evidence.New{Stage: stage, Grade: evidence.Photo, Title: title, FileName: title + ".jpg", File: f}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Kind.String() + " " + f.Key
	}
	return fmt.Sprint(err)
}

func TestAdd_keepsWhatWasSaidAndWhatThePhotoSays(t *testing.T) {
	each(t, func(w *world) {
		shot := fileOf(t, blobtest.Quanzhou(binary.LittleEndian).Photo(t, blobtest.Scene(1, 200, 150)))
		e := w.add(t1, evidence.New{Stage: "production", Grade: evidence.Photo, Title: " 投产现场 ", Note: "一号线", FileName: `C:\照片\..\投产.exe`, File: shot})
		if e.Title != "投产现场" || e.FileName != "投产.exe.jpg" || e.Media != blob.JPEG || e.Size != shot.Size || !e.Thumbnail || e.TakenAt == nil || e.Latitude == nil || *e.Latitude != 24_874_633 ||
			e.Recorder != "tester" || e.RecordedAt != tenancytest.At.UnixMicro() || e.SubjectName != "甲鞋业有限公司" || e.Org != "op" || !e.Live() || e.Used {
			t.Errorf("Add = %+v", e)
		}
		p := w.add(j1, evidence.New{Stage: "started", Grade: evidence.Permit, Title: "施工许可证", Number: "350582202401010101", Issued: 20240100, Expires: 20260630})
		if p.SubjectName != "晋江园一期" || p.Org != "350582" || p.Issued != 20240100 || p.Expires != 20260630 || p.Digest != "" || p.Thumbnail || p.FileName != "" {
			t.Errorf("Add = %+v", p)
		}
		w.add(t1, evidence.New{Stage: "production", Grade: evidence.Statement, Title: "企业说明"})
		w.add(ea, evidence.New{Grade: evidence.Record, Title: "营业执照", Number: "91350582MA"})
		for _, x := range []struct {
			ref   subject.Ref
			stage string
			want  string
		}{
			{t1, "production", "0 permits, 0 records, 1 photos, 1 statements"}, {t1, "signed", "0 permits, 0 records, 0 photos, 0 statements"},
			{j1, "started", "1 permits, 0 records, 0 photos, 0 statements"}, {ea, "", "0 permits, 1 records, 0 photos, 0 statements"},
		} {
			if got := w.counts(x.ref, x.stage); got != x.want {
				t.Errorf("Counts(%v, %q) = %s, want %s", x.ref, x.stage, got, x.want)
			}
		}
		w.read(func(ctx context.Context, r db.Reader) error {
			lines, err := audit.List(ctx, r, tenancytest.City, 0, 4)
			if err != nil {
				return err
			}
			for i, want := range []string{"enterprise e-a", "tenancy t-1", "project j-1", "tenancy t-1"} {
				l := lines[i]
				if got := l.Kind + " " + l.Entity; l.Action != "evidence.add" || got != want || strings.Contains(l.Detail, "24874633") || strings.Contains(l.Detail, "taken") {
					t.Errorf("line %d = %s %s %s, want evidence.add %s without place and time", i, l.Action, got, l.Detail, want)
				}
			}
			var version int
			err = r.QueryRow(ctx, `SELECT version FROM tenancy WHERE id = 't-1'`).Scan(&version)
			if version != 1 {
				t.Errorf("version of the tenancy = %d, want 1 as before", version)
			}
			return err
		})
	})
}

func TestAdd_refusesWhatProvesNothing(t *testing.T) {
	pdf := fileOf(t, []byte("%PDF-1.7\nx"))
	long := strings.Repeat("长", 201)
	each(t, func(w *world) {
		for _, x := range []struct {
			name string
			ref  subject.Ref
			n    evidence.New
			want string
		}{
			{"grade", t1, evidence.New{Stage: "signed", Grade: "proof", Title: "x"}, "invalid evidence.bad_grade"},
			{"title", t1, evidence.New{Stage: "signed", Grade: evidence.Statement, Title: " "}, "invalid evidence.no_title"},
			{"long title", t1, evidence.New{Stage: "signed", Grade: evidence.Statement, Title: long}, "invalid text.too_long"},
			{"zero byte", t1, evidence.New{Stage: "signed", Grade: evidence.Statement, Title: "a\x00"}, "invalid text.invalid"},
			{"stage of a tenancy", t1, evidence.New{Stage: "started", Grade: evidence.Statement, Title: "x"}, "invalid tenancy.bad_stage"},
			{"stage of a project", j1, evidence.New{Stage: "A-1", Grade: evidence.Statement, Title: "x"}, "invalid tenancy.bad_stage"},
			{"stage of an enterprise", ea, evidence.New{Stage: "signed", Grade: evidence.Statement, Title: "x"}, "invalid tenancy.bad_stage"},
			{"permit", t1, evidence.New{Stage: "signed", Grade: evidence.Permit, Title: "证"}, "invalid evidence.no_number"},
			{"record", t1, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "证"}, "invalid evidence.no_number"},
			{"photo", t1, evidence.New{Stage: "signed", Grade: evidence.Photo, Title: "照"}, "invalid evidence.no_picture"},
			{"photo of paper", t1, photo("signed", "照", pdf), "invalid evidence.no_picture"},
			{"issued in the future", t1, evidence.New{Stage: "signed", Grade: evidence.Permit, Title: "证", Number: "1", Issued: 20250702}, "invalid date.in_future"},
			{"no day", t1, evidence.New{Stage: "signed", Grade: evidence.Permit, Title: "证", Number: "1", Expires: 20250230}, "invalid date.invalid"},
			{"expires early", t1, evidence.New{Stage: "signed", Grade: evidence.Permit, Title: "证", Number: "1", Issued: 20250601, Expires: 20250531}, "invalid evidence.expires_before"},
			{"no tenancy", subject.Ref{Kind: subject.Tenancy, ID: "t-9"}, evidence.New{Grade: evidence.Statement, Title: "x"}, "not_found tenancy.not_found"},
			{"no project", subject.Ref{Kind: subject.Project, ID: "j-9"}, evidence.New{Grade: evidence.Statement, Title: "x"}, "not_found project.not_found"},
			{"no enterprise", subject.Ref{Kind: evidence.OfEnterprise, ID: "e-9"}, evidence.New{Grade: evidence.Statement, Title: "x"}, "not_found enterprise.not_found"},
			{"no kind", subject.Ref{Kind: "park", ID: "p-jj"}, evidence.New{Grade: evidence.Statement, Title: "x"}, "invalid subject.bad_kind"},
		} {
			if _, err := w.try(x.ref, x.n); keyOf(err) != x.want {
				t.Errorf("%s: Add = %v, want %s", x.name, err, x.want)
			}
		}
		w.add(t1, photo("production", "一", picture(t, 1, 0)))
		if _, err := w.try(t1, photo("production", "二", picture(t, 1, 0))); keyOf(err) != "exists evidence.twice_here" {
			t.Errorf("the same photo for the same stage = %v, want exists evidence.twice_here", err)
		}
		if _, err := w.as("350583").try(t1, evidence.New{Grade: evidence.Statement, Title: "x"}); keyOf(err) != "not_found tenancy.not_found" {
			t.Errorf("Add to another county's tenancy = %v, want not_found", err)
		}
	})
}

func TestEvidence_isSeenWhereItsSubjectIs(t *testing.T) {
	each(t, func(w *world) {
		ids := map[string]evidence.ID{}
		for name, ref := range map[string]subject.Ref{"t-1": t1, "t-2": t2, "j-1": j1, "e-a": ea} {
			ids[name] = w.add(ref, evidence.New{Grade: evidence.Statement, Title: name}).ID
		}
		for place, sees := range map[string]string{"city": "e-a j-1 t-1 t-2", "350582": "e-a j-1 t-1", "350583": "t-2", "op": "e-a t-1", "e-a": "e-a t-1", "elsewhere": "", "none": "", "no place": "", "no dot": ""} {
			for name, id := range ids {
				w.read(func(ctx context.Context, r db.Reader) error {
					e, err := evidence.Get(ctx, r, tenancytest.Scopes[place], id)
					if want := strings.Contains(sees, name); want != (err == nil) || err != nil && keyOf(err) != "not_found evidence.not_found" || err == nil && e.Title != name {
						t.Errorf("Get(%s) at %s = %q, %v, want it seen = %v", name, place, e.Title, err, want)
					}
					return nil
				})
			}
		}
	})
}

func TestWithdraw_countsNoMoreAndStaysInTheHistory(t *testing.T) {
	each(t, func(w *world) {
		e := w.add(t1, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "合同", Number: "1"})
		for reason, want := range map[string]string{"  ": "invalid evidence.no_reason", strings.Repeat("长", 501): "invalid text.too_long", "a\x00": "invalid text.invalid"} {
			if err := w.withdraw(e.ID, reason); keyOf(err) != want {
				t.Errorf("Withdraw for %.10q = %v, want %s", reason, err, want)
			}
		}
		if err := w.as("350583").withdraw(e.ID, "x"); keyOf(err) != "not_found evidence.not_found" {
			t.Errorf("Withdraw by another county = %v, want not_found", err)
		}
		if err := w.withdraw(e.ID, "传错了"); err != nil {
			t.Fatalf("Withdraw = %v", err)
		}
		if err := w.withdraw(e.ID, "again"); keyOf(err) != "stale evidence.withdrawn" {
			t.Errorf("Withdraw twice = %v, want stale", err)
		}
		if got := w.counts(t1, "signed"); got != "0 permits, 0 records, 0 photos, 0 statements" {
			t.Errorf("Counts = %s, want none", got)
		}
		w.read(func(ctx context.Context, r db.Reader) error {
			list, err := evidence.List(ctx, r, w.act.Scope, t1)
			if err != nil || len(list) != 1 || list[0].Live() || *list[0].Withdrawn != (evidence.Withdrawal{Reason: "传错了", By: "tester", At: tenancytest.At.UnixMicro()}) {
				t.Errorf("List = %+v, %v, want the withdrawn one", list, err)
			}
			lines, err := audit.List(ctx, r, tenancytest.City, 0, 1)
			if err == nil && (lines[0].Action != "evidence.withdraw" || lines[0].Kind != "tenancy" || lines[0].Entity != "t-1" || !strings.Contains(lines[0].Detail, "传错了")) {
				t.Errorf("line = %+v", lines[0])
			}
			return err
		})
	})
}

func TestWithdraw_isRefusedWhileSomethingRestsOnIt(t *testing.T) {
	each(t, func(w *world) {
		e := w.add(t1, evidence.New{Stage: "signed", Grade: evidence.Record, Title: "合同", Number: "1"})
		w.exec(`INSERT INTO milestone_evidence (city, subject_kind, subject, stage, way, seq, evidence) VALUES ($1, 'tenancy', 't-1', 'signed', 'claimed', 1, $2)`, tenancytest.City, e.ID)
		if err := w.withdraw(e.ID, "x"); keyOf(err) != "stale evidence.in_use" {
			t.Errorf("Withdraw under an entry = %v, want evidence.in_use", err)
		}
		w.exec(`INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at)
			VALUES ($1, 'tenancy', 't-1', 'signed', 'claimed', 1, 20230415, 'declared', 'ledger', '', 'tester', 1, 'wrong', 'tester', 2)`, tenancytest.City)
		if err := w.withdraw(e.ID, "x"); err != nil {
			t.Errorf("Withdraw after the entry was taken back = %v", err)
		}
		p := w.add(ea, evidence.New{Grade: evidence.Record, Title: "执照", Number: "1"})
		paper := `INSERT INTO enrolment_paper (city, enterprise, paper, seq, have, expires, evidence, source, recorder, recorded_at) VALUES ($1, 'e-a', 'licence', $2, $3, NULL, $4, 's', 'tester', 1)`
		w.exec(paper, tenancytest.City, 1, 1, p.ID)
		if err := w.withdraw(p.ID, "x"); keyOf(err) != "stale evidence.in_use" {
			t.Errorf("Withdraw under a paper = %v, want evidence.in_use", err)
		}
		w.exec(paper, tenancytest.City, 2, 0, nil)
		if err := w.withdraw(p.ID, "x"); err != nil {
			t.Errorf("Withdraw after the paper was given up = %v", err)
		}
	})
}
