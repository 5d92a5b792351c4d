package review

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/reviews"
)

// Scale is the words by which a review is graded, the best first.
type Scale struct {
	Issuer string
	Number string
	From   period.Date
	Note   pack.Text
	Grades []Word
}

// Word is one grade.
type Word struct {
	Code   string     `yaml:"code"`
	Name   pack.Text  `yaml:"name"`
	Basis  pack.Basis `yaml:"basis"`
	Source string     `yaml:"source"`
}

// Of finds a grade; nil when the scale does not have it.
func (s *Scale) Of(code string) *Word {
	if i := slices.IndexFunc(s.Grades, func(w Word) bool { return w.Code == code }); i >= 0 {
		return &s.Grades[i]
	}
	return nil
}

var shipped = sync.OnceValues(func() (*Scale, error) { return LoadScale(reviews.FS) })

// ShippedScale gives the scale of refdata/reviews. Errors: those of ParseScale.
func ShippedScale() (*Scale, error) { return shipped() }

// LoadScale reads grades.yaml of fsys. Errors: those of fsys and of ParseScale.
func LoadScale(fsys fs.FS) (*Scale, error) {
	body, err := fs.ReadFile(fsys, "grades.yaml")
	if err != nil {
		return nil, fault.Wrap("review.LoadScale", err)
	}
	return ParseScale(body)
}

// Bounds of the scale's file in bytes, of its codes and of its names.
const (
	maxBody = 64 << 10
	maxCode = 40
	maxName = 120
)

// ParseScale reads a scale and checks it. Error kind Invalid, key "review.bad_scale" (argument why).
func ParseScale(body []byte) (*Scale, error) {
	bad := func(why string) error { return fault.New(fault.Invalid, "review.bad_scale", "why", why) }
	if len(body) > maxBody {
		return nil, bad("too long")
	}
	var raw struct {
		Code   string    `yaml:"reviews"`
		Issuer string    `yaml:"issuer"`
		Number string    `yaml:"number"`
		From   string    `yaml:"from"`
		Note   pack.Text `yaml:"note"`
		Grades []Word    `yaml:"grades"`
	}
	if err := pack.Strict(body, &raw); err != nil {
		return nil, fault.Because(err, fault.Invalid, "review.bad_scale", "why", err.Error())
	}
	from, err := period.ParseDate(raw.From)
	if err != nil || from%100 == 0 || raw.Code != "grades" || raw.Issuer == "" || raw.Number == "" || len(raw.Grades) == 0 {
		return nil, bad("reviews, issuer, number, a day from which it holds and grades are needed")
	}
	s := &Scale{Issuer: raw.Issuer, Number: raw.Number, From: from, Note: raw.Note}
	for _, w := range raw.Grades {
		if !pack.PlainName(w.Code, maxCode) || w.Name.Flaw(maxName) != "" || !w.Basis.Valid() || strings.TrimSpace(w.Source) == "" || s.Of(w.Code) != nil {
			return nil, bad("a grade needs a code of its own, a name in both languages, a basis and a source")
		}
		s.Grades = append(s.Grades, w)
	}
	return s, nil
}

// Grade is a grade as it was given.
type Grade struct {
	Site   string // a park, an office below a city, or "" for the whole
	Seq    int64  // 1, 2, … of the site; the highest counts
	Grade  string // code
	Remark string
	Actor  string
	At     int64 // µs since 1970
}

// Grading is a grade to be given.
type Grading struct {
	Site   string
	Grade  string
	Remark string
}

// maxRemark bounds a remark, in characters.
const maxRemark = 2000

// Give records a grade of a review's site, or of the whole; the ones before stay.
//
// Errors: NotFound "review.not_found"; Invalid "review.bad_site" (argument site), "review.bad_grade" (argument grade),
// "text.too_long", "text.invalid".
func Give(ctx context.Context, w db.Writer, act org.Act, id string, g Grading) (Grade, error) {
	out, err := give(ctx, w, act, id, g)
	return out, fault.Wrap("review.Give", err)
}

func give(ctx context.Context, w db.Writer, act org.Act, id string, g Grading) (Grade, error) {
	v, t, err := Open(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return Grade{}, err
	}
	b, err := t.Body()
	if err != nil {
		return Grade{}, err
	}
	scale, err := ShippedScale()
	if err != nil {
		return Grade{}, err
	}
	switch {
	case !b.has(g.Site):
		return Grade{}, fault.New(fault.Invalid, "review.bad_site", "site", g.Site)
	case scale.Of(g.Grade) == nil:
		return Grade{}, fault.New(fault.Invalid, "review.bad_grade", "grade", g.Grade)
	case utf8.RuneCountInString(g.Remark) > maxRemark:
		return Grade{}, fault.New(fault.Invalid, "text.too_long", "limit", maxRemark)
	}
	if err := page.Clean(g.Remark); err != nil {
		return Grade{}, err
	}
	var before int64
	if err := w.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM review_grade WHERE city = $1 AND review = $2 AND site = $3`, v.City, v.ID, g.Site).Scan(&before); err != nil {
		return Grade{}, err
	}
	out := Grade{g.Site, before + 1, g.Grade, g.Remark, act.Actor, act.At.UnixMicro()}
	if _, err := w.Exec(ctx, `INSERT INTO review_grade (city, review, site, seq, grade, remark, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.City, v.ID, out.Site, out.Seq, out.Grade, out.Remark, out.Actor, out.At); err != nil {
		return Grade{}, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: v.City, Actor: act.Actor, Action: "review.grade", Kind: Noun, Entity: v.ID, At: act.At,
		Detail: map[string]any{"site": out.Site, "grade": out.Grade, "remark": out.Remark, "seq": out.Seq}, Touched: []audit.Touch{{Kind: Noun, ID: v.ID}}})
	return out, err
}

// has says whether a grade can be given to a site.
func (b Body) has(site string) bool {
	return site == "" || slices.ContainsFunc(b.Sites, func(s Site) bool { return s.Park == site }) ||
		slices.ContainsFunc(b.Places, func(p Place) bool { return p.Org == site })
}

// maxGrades bounds the grades of one review that are read.
const maxGrades = 10_000

// Grades gives all grades of a review, by site and the latest first. It knows no scope: ask Get first.
func Grades(ctx context.Context, r db.Reader, v Review) ([]Grade, error) {
	list, err := db.Collect(ctx, r, func(s db.Scanner) (g Grade, err error) {
		err = s.Scan(&g.Site, &g.Seq, &g.Grade, &g.Remark, &g.Actor, &g.At)
		return g, err
	}, `SELECT site, seq, grade, remark, actor, at FROM review_grade WHERE city = $1 AND review = $2 ORDER BY site, seq DESC LIMIT $3`, v.City, v.ID, maxGrades)
	return list, fault.Wrap("review.Grades", err)
}
