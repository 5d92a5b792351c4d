package project

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Opening is a project that somebody enters. It has reached no stage yet.
type Opening struct {
	Kind          Kind
	Name          string
	Org           org.ID  // who answers for it; empty: whose the park is
	Park          park.ID // empty where none is known
	USCC          string  // of the enterprise whose it is; empty for nobody's in particular
	InvestmentFen *int64
	Source        string
}

// Open adds a project without milestones; that a park is opened is a stage, Opened, and none of its business.
//
// Errors: those of Add; NotFound "enterprise.unknown_code" (argument uscc) for a credit code that the city does not have or the
// scope does not cover; Exists "project.already_there" (name) where the same office has one of that kind and name in that park.
func Open(ctx context.Context, w db.Writer, act org.Act, o Opening) (Project, error) {
	p, err := open(ctx, w, act, o)
	return p, fault.Wrap("project.Open", err)
}

func open(ctx context.Context, w db.Writer, act org.Act, o Opening) (Project, error) {
	p := Project{Kind: o.Kind, Name: strings.TrimSpace(o.Name), Org: o.Org, Park: o.Park, InvestmentFen: o.InvestmentFen, Nature: figure.Declared, Source: o.Source}
	if o.USCC != "" {
		code, err := uscc.Parse(o.USCC)
		if err != nil {
			return p, err
		}
		known, err := enterprise.ByCode(ctx, w.Reader, act.Scope, code)
		if err != nil {
			return p, err
		}
		if p.Enterprise = known.ID; p.Enterprise == "" {
			return p, fault.New(fault.NotFound, "enterprise.unknown_code", "uscc", string(code))
		}
	}
	p, err := Add(ctx, w, act, p)
	if err != nil {
		return p, err
	}
	var same int
	err = w.QueryRow(ctx, `SELECT COUNT(*) FROM project WHERE city = $1 AND org = $2 AND kind = $3 AND name = $4 AND COALESCE(park, '') = $5 AND id <> $6`,
		p.City, p.Org, p.Kind, p.Name, p.Park, p.ID).Scan(&same)
	if err == nil && same > 0 {
		err = fault.New(fault.Exists, "project.already_there", "name", p.Name)
	}
	return p, err
}
