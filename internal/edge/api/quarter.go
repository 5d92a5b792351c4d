package api

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/review"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// QuarterReview is the head of a quarter's review.
type QuarterReview struct {
	ID        string `json:"id"`
	Org       string `json:"org"`
	OrgName   string `json:"org_name"`
	OrgNameEN string `json:"org_name_en"`
	Quarter   string `json:"quarter"`
	Title     string `json:"title"`
	Sequence  int64  `json:"sequence" doc:"the change of the ledger up to which it was read"`
	Digest    string `json:"digest" doc:"SHA-256 of the lines “main DIGEST” and “targets DIGEST”"`
	Actor     string `json:"actor"`
	At        string `json:"at"`
}

// ReviewGrade is a grade as it was given.
type ReviewGrade struct {
	Site   string `json:"site" doc:"id of a park, of an office below a city, or empty for the whole"`
	Seq    int64  `json:"seq"`
	Counts bool   `json:"counts" doc:"the latest of its site"`
	Grade  string `json:"grade"`
	Name   string `json:"grade_name"`
	NameEN string `json:"grade_name_en"`
	Remark string `json:"remark"`
	Actor  string `json:"actor"`
	At     string `json:"at"`
}

// GradeWord is one word of the scale.
type GradeWord struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Basis  string `json:"basis" enum:"established,assumed"`
	Source string `json:"source"`
}

// QuarterReviewPage is a review with what was frozen, grades and follow-ups.
type QuarterReviewPage struct {
	QuarterReview
	MainDigest    string         `json:"main_digest" doc:"SHA-256 of body as it stands here"`
	TargetsDigest string         `json:"targets_digest" doc:"of targets"`
	Body          frozenBody     `json:"body" doc:"exactly the text that was frozen"`
	Targets       *frozenTargets `json:"targets,omitempty" doc:"exactly the text that was frozen; absent for who does not see targets"`
	Grades        []ReviewGrade  `json:"grades" doc:"by site, the latest first"`
	Scale         []GradeWord    `json:"scale" doc:"the best first"`
	ScaleNote     string         `json:"scale_note"`
	ScaleNoteEN   string         `json:"scale_note_en"`
	Problems      []ProblemRow   `json:"problems" doc:"follow-ups that the caller sees"`
	May           bool           `json:"may" doc:"the caller may grade"`
}

// frozenBody and frozenTargets are texts that leave as they were kept, described by what they were written from.
type (
	frozenBody    string
	frozenTargets string
)

// MarshalJSON gives the text itself.
func (f frozenBody) MarshalJSON() ([]byte, error) { return []byte(f), nil }

// MarshalJSON gives the text itself.
func (f frozenTargets) MarshalJSON() ([]byte, error) { return []byte(f), nil }

// Schema describes the text.
func (frozenBody) Schema(r huma.Registry) *huma.Schema {
	return frozenSchema(r, reflect.TypeFor[review.Body]())
}

// Schema describes the text.
func (frozenTargets) Schema(r huma.Registry) *huma.Schema {
	return frozenSchema(r, reflect.TypeFor[review.Targets]())
}

// frozenSchema describes a type of domain/review under names of its own: other types of the API have the same.
func frozenSchema(r huma.Registry, t reflect.Type) *huma.Schema {
	own := huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string { return "Quarter" + huma.DefaultSchemaNamer(t, hint) })
	s := own.Schema(t, true, "")
	maps.Copy(r.Map(), own.Map())
	return s
}

func (a *API) quarters() {
	register(a, operation{id: "list-quarter-reviews", method: http.MethodGet, path: "/reviews-quarter", tag: "quarter reviews", summary: "Quarter reviews, the latest first"}, a.listQuarters)
	register(a, operation{id: "freeze-quarter-review", method: http.MethodPost, path: "/reviews-quarter", tag: "quarter reviews", status: http.StatusCreated, summary: "Freeze an office's numbers as they stand now"}, a.freezeQuarter)
	register(a, operation{id: "get-quarter-review", method: http.MethodGet, path: "/reviews-quarter/{id}", tag: "quarter reviews", summary: "A review with what was frozen, its grades and follow-ups"}, a.getQuarter)
	register(a, operation{id: "grade-quarter-review", method: http.MethodPost, path: "/reviews-quarter/{id}/grades", tag: "quarter reviews", summary: "Grade a site of a review, or the whole"}, a.gradeQuarter)
}

func quarterOf(v review.Review) QuarterReview {
	return QuarterReview{v.ID, string(v.Org), v.OrgName, v.OrgNameEN, v.Quarter, v.Title, v.Sequence, v.Digest, v.Actor, instant(time.UnixMicro(v.At))}
}

func (a *API) listQuarters(ctx context.Context, in *struct {
	Paging
	Org     string `query:"org" maxLength:"40" doc:"of this office alone"`
	Quarter string `query:"quarter" maxLength:"10"`
}) (*struct{ Body listOf[QuarterReview] }, error) {
	out := listOf[QuarterReview]{Items: []QuarterReview{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		if _, err := a.inside(ctx, r, s, in.Org); err != nil {
			return err
		}
		rows, next, err := review.List(ctx, r, s, review.Query{Org: org.ID(in.Org), Quarter: in.Quarter, After: in.Cursor, Limit: in.Limit})
		for _, v := range rows {
			out.Items = append(out.Items, quarterOf(v))
		}
		out.Next = next
		return err
	})
	return &struct{ Body listOf[QuarterReview] }{out}, err
}

func (a *API) freezeQuarter(ctx context.Context, in *struct {
	Body struct {
		Org     string `json:"org" maxLength:"40" doc:"a city's or a county's office"`
		Quarter string `json:"quarter" maxLength:"10" example:"2025-Q2"`
		Title   string `json:"title" maxLength:"800"`
	}
}) (*struct{ Body QuarterReviewPage }, error) {
	if err := may(ctx, auth.ReviewMake); err != nil {
		return nil, err
	}
	ledger := review.Ledger{DB: a.DB, City: a.City, Panels: a.Panels, Book: a.Book, Board: a.board, Enrolled: a.enrolled}
	taken, err := ledger.Take(ctx, caller(ctx).Scope(), a.Now(), review.New{Org: org.ID(in.Body.Org), Quarter: in.Body.Quarter, Title: in.Body.Title})
	if err != nil {
		return nil, err
	}
	var v review.Review
	err = a.write(ctx, auth.ReviewMake, func(w db.Writer, act org.Act) error {
		v, err = review.Freeze(ctx, w, act, taken)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.quarterPage(ctx, v.ID)
}

func (a *API) getQuarter(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"40"`
}) (*struct{ Body QuarterReviewPage }, error) {
	return a.quarterPage(ctx, in.ID)
}

func (a *API) gradeQuarter(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Site   string `json:"site,omitempty" maxLength:"40" doc:"id of a park, of an office below a city; empty for the whole"`
		Grade  string `json:"grade" maxLength:"40" doc:"code of the scale"`
		Remark string `json:"remark,omitempty" maxLength:"8000"`
	}
}) (*struct{ Body QuarterReviewPage }, error) {
	err := a.write(ctx, auth.ReviewMake, func(w db.Writer, act org.Act) error {
		_, err := review.Give(ctx, w, act, in.ID, review.Grading{Site: in.Body.Site, Grade: in.Body.Grade, Remark: in.Body.Remark})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.quarterPage(ctx, in.ID)
}

func (a *API) quarterPage(ctx context.Context, id string) (*struct{ Body QuarterReviewPage }, error) {
	out := QuarterReviewPage{Grades: []ReviewGrade{}, Scale: []GradeWord{}, Problems: []ProblemRow{}, May: caller(ctx).May(auth.ReviewMake)}
	scale, err := review.ShippedScale()
	if err != nil {
		return nil, err
	}
	out.ScaleNote, out.ScaleNoteEN = scale.Note.ZH, scale.Note.EN
	for _, w := range scale.Grades {
		out.Scale = append(out.Scale, GradeWord{w.Code, w.Name.ZH, w.Name.EN, string(w.Basis), w.Source})
	}
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		v, t, err := review.Open(ctx, r, s, id)
		if err != nil {
			return err
		}
		out.QuarterReview, out.Body = quarterOf(v), frozenBody(t.Main)
		out.MainDigest, out.TargetsDigest = t.Digests()
		if caller(ctx).May(auth.TargetRead) {
			targets := frozenTargets(t.Targets)
			out.Targets = &targets
		}
		grades, err := review.Grades(ctx, r, v)
		if err != nil {
			return err
		}
		out.Grades = gradesOf(grades, scale)
		view, err := a.problemView(ctx, r)
		if err != nil {
			return err
		}
		rows, _, err := problem.List(ctx, r, s, problem.Query{Review: id, Limit: page.Max})
		for _, p := range rows {
			out.Problems = append(out.Problems, view.row(p))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body QuarterReviewPage }{out}, nil
}

func gradesOf(list []review.Grade, scale *review.Scale) []ReviewGrade {
	out := []ReviewGrade{}
	for i, g := range list {
		one := ReviewGrade{Site: g.Site, Seq: g.Seq, Counts: i == 0 || list[i-1].Site != g.Site, Grade: g.Grade, Remark: g.Remark, Actor: g.Actor, At: instant(time.UnixMicro(g.At))}
		if w := scale.Of(g.Grade); w != nil {
			one.Name, one.NameEN = w.Name.ZH, w.Name.EN
		}
		out = append(out, one)
	}
	return out
}
