package tenancy

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Opening is a tenancy that somebody enters: who comes into which park. It has entered no stage yet.
type Opening struct {
	Park      park.ID
	USCC      string        // of the enterprise
	Name      string        // of the enterprise; may be empty for one that the city has
	Industry  industry.Code // of an enterprise that is new; empty where nobody said
	AreaM2    *int64
	Relocated bool
	Source    string
}

// Open adds a tenancy without entries. The enterprise is the one with the credit code; where the city has none, it is added to
// the park's org, as declared. Whoever does not see the enterprise cannot bring it in, and so come to see it.
//
// Errors: those of Add and enterprise.Add; Denied "tenancy.enterprise_elsewhere" (argument uscc) for an enterprise that the
// scope does not cover; Invalid "tenancy.other_name" (arguments uscc, name, known) for a code that belongs to an enterprise
// which never bore that name; Exists "tenancy.already_there" (name, park) where it is in that park and has not been cleared.
func Open(ctx context.Context, w db.Writer, act org.Act, o Opening) (Tenancy, error) {
	t, err := open(ctx, w, act, o)
	return t, fault.Wrap("tenancy.Open", err)
}

func open(ctx context.Context, w db.Writer, act org.Act, o Opening) (Tenancy, error) {
	code, err := uscc.Parse(o.USCC)
	if err != nil {
		return Tenancy{}, err
	}
	place, err := park.Get(ctx, w.Reader, act.Scope, o.Park)
	if err != nil {
		return Tenancy{}, err
	}
	known, err := enterprise.ByCode(ctx, w.Reader, act.Scope, code)
	if err != nil {
		return Tenancy{}, err
	}
	name := strings.TrimSpace(o.Name)
	switch {
	case !known.Taken:
		e := enterprise.Enterprise{USCC: code, Name: name, Org: place.Org, Industry: o.Industry, Nature: figure.Declared, Source: o.Source}
		if e, err = enterprise.Add(ctx, w, act, e); err == nil {
			known.ID = e.ID
		}
	case known.ID == "":
		err = fault.New(fault.Denied, "tenancy.enterprise_elsewhere", "uscc", string(code))
	case name != "" && !slices.Contains(known.Names, name):
		err = fault.New(fault.Invalid, "tenancy.other_name", "uscc", string(code), "name", name, "known", known.Name)
	default:
		err = notThere(ctx, w.Reader, act.Scope.City, known, place.Park)
	}
	if err != nil {
		return Tenancy{}, err
	}
	return Add(ctx, w, act, Tenancy{Enterprise: known.ID, Park: o.Park, AreaM2: o.AreaM2, Relocated: o.Relocated, Nature: figure.Declared, Source: o.Source})
}

// notThere refuses an enterprise that is in a park and has not been cleared from it.
func notThere(ctx context.Context, r db.Reader, city string, e enterprise.Known, p park.Park) error {
	var there int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM tenancy t WHERE t.city = $1 AND t.enterprise = $2 AND t.park = $3 AND NOT EXISTS (
			SELECT 1 FROM tenancy_stage s WHERE s.city = t.city AND s.enterprise = t.enterprise AND s.tenancy = t.id AND s.stage = $4 AND s.way <> $5)`,
		city, e.ID, p.ID, Cleared.String(), Planned.String()).Scan(&there)
	if err != nil || there == 0 {
		return err
	}
	return fault.New(fault.Exists, "tenancy.already_there", "name", e.Name, "park", p.Name)
}
