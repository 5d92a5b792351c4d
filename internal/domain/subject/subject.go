package subject

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Kind says what a subject is; it is the noun's name in audit lines, too.
type Kind string

// The kinds.
const (
	Tenancy Kind = tenancy.Kind
	Project Kind = project.Noun
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Tenancy, Project} }

// Valid says whether k is one of the kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Ref names a subject in its city.
type Ref struct {
	Kind Kind
	ID   string
}

// Head is what everybody needs to know of a subject.
type Head struct {
	Ref
	City           string
	Lifecycle      string // code: of a project its kind
	Name           string // of the project, or of the enterprise in the park
	Org            org.ID
	OrgPath        string
	Park           park.ID // empty where no park is known
	ParkName       string
	Enterprise     enterprise.ID // empty for nobody's
	EnterpriseName string
	AreaM2         *int64 // of a tenancy
	InvestmentFen  *int64 // of a project, planned in all
	Relocated      bool   // of a tenancy
	Nature         string
	Source         string
	Version        int64
}

const ofTenancy = `SELECT t.city, 'tenancy', t.id, 'tenancy', e.name, o.id, o.path, p.id, p.name, e.id, e.name, t.area_m2, NULL, t.relocated, t.nature, t.source, t.version
	FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise
	JOIN park p ON p.city = t.city AND p.id = t.park JOIN org o ON o.city = p.city AND o.id = p.org`

const ofProject = `SELECT t.city, 'project', t.id, t.kind, t.name, o.id, o.path, COALESCE(t.park, ''), COALESCE(p.name, ''), COALESCE(t.enterprise, ''), COALESCE(e.name, ''),
	NULL, t.investment_fen, 0, t.nature, t.source, t.version
	FROM project t JOIN org o ON o.city = t.city AND o.id = t.org LEFT JOIN park p ON p.city = t.city AND p.id = t.park
	LEFT JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise`

// Get gives one subject. Error kind NotFound, keys "tenancy.not_found" and "project.not_found", also for one that the scope
// does not cover; Invalid "subject.bad_kind".
func Get(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) (Head, error) {
	const op = "subject.Get"
	from, key := ofTenancy, "tenancy.not_found"
	switch ref.Kind {
	case Tenancy:
	case Project:
		from, key = ofProject, "project.not_found"
	default:
		return Head{}, fault.Wrap(op, fault.New(fault.Invalid, "subject.bad_kind", "kind", ref.Kind))
	}
	var w page.Where
	if page.Clean(ref.ID) != nil || !org.Visible(&w, s, "", "t") {
		return Head{}, fault.Wrap(op, fault.New(fault.NotFound, key, "id", ref.ID))
	}
	w.And("t.id = %s", ref.ID)
	h, err := scan(r.QueryRow(ctx, from+w.SQL(), w.Args()...))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, key, "id", ref.ID)
	}
	if err != nil {
		return Head{}, fault.Wrap(op, err)
	}
	return h, nil
}

func scan(s db.Scanner) (h Head, err error) {
	var relocated int64
	err = s.Scan(&h.City, &h.Kind, &h.ID, &h.Lifecycle, &h.Name, &h.Org, &h.OrgPath, &h.Park, &h.ParkName, &h.Enterprise, &h.EnterpriseName,
		&h.AreaM2, &h.InvestmentFen, &relocated, &h.Nature, &h.Source, &h.Version)
	h.Relocated = relocated == 1
	return h, err
}
