package api

import (
	"context"
	"math"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// MilestoneDates are a stage's planned and actual day.
type MilestoneDates struct {
	Stage   string `json:"stage"`
	Planned string `json:"planned"`
	Actual  string `json:"actual"`
	Way     string `json:"way" doc:"how the actual day is known: deemed, claimed or verified; empty without one"`
}

// Project is a work with its milestones.
type Project struct {
	ID             string           `json:"id"`
	Kind           string           `json:"kind" doc:"code of its lifecycle"`
	Name           string           `json:"name"`
	Org            string           `json:"org"`
	OrgName        string           `json:"org_name"`
	OrgNameEN      string           `json:"org_name_en"`
	Park           string           `json:"park" doc:"empty where no park is known"`
	ParkName       string           `json:"park_name"`
	Enterprise     string           `json:"enterprise"`
	EnterpriseName string           `json:"enterprise_name"`
	Investment     *float64         `json:"investment" doc:"total planned, yuan; null: not known"`
	Milestones     []MilestoneDates `json:"milestones"`
	Nature         string           `json:"nature"`
	Source         string           `json:"source"`
	Version        int64            `json:"version"`
}

func (a *API) projects() {
	register(a, operation{id: "list-projects", method: http.MethodGet, path: "/projects", tag: "projects", summary: "Projects with their milestones"},
		func(ctx context.Context, in *struct {
			Paging
			Org        string `query:"org" maxLength:"40"`
			Park       string `query:"park" maxLength:"40"`
			Enterprise string `query:"enterprise" maxLength:"40"`
			Kind       string `query:"kind" maxLength:"40" doc:"code of a lifecycle of projects"`
			Text       string `query:"q" maxLength:"200" doc:"occurs in the name"`
		}) (*struct{ Body listOf[Project] }, error) {
			out := listOf[Project]{Items: []Project{}}
			err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
				path, err := a.inside(ctx, r, s, in.Org)
				if err != nil {
					return err
				}
				rows, next, err := project.List(ctx, r, s, project.Query{Below: path, Park: park.ID(in.Park), Enterprise: enterprise.ID(in.Enterprise),
					Kind: project.Kind(in.Kind), Text: in.Text, After: in.Cursor, Limit: in.Limit})
				for _, p := range rows {
					out.Items = append(out.Items, projectOf(p))
				}
				out.Next = next
				return err
			})
			return &struct{ Body listOf[Project] }{out}, err
		})
	register(a, operation{id: "open-project", method: http.MethodPost, path: "/projects", tag: "projects", summary: "Enter a project, which has reached no stage yet"}, a.openProject)
}

type projectOpening struct {
	Body struct {
		Kind       string   `json:"kind" maxLength:"40" doc:"code of a lifecycle of projects"`
		Name       string   `json:"name" maxLength:"500"`
		Org        string   `json:"org,omitempty" maxLength:"40" doc:"who answers for it; left out: whose the park is"`
		Park       string   `json:"park,omitempty" maxLength:"40" doc:"left out where none is known"`
		USCC       string   `json:"uscc,omitempty" maxLength:"40" doc:"credit code of the enterprise whose it is"`
		Investment *float64 `json:"investment,omitempty" minimum:"0" maximum:"10000000000000" doc:"total planned, yuan; left out where it is not known"`
		Source     string   `json:"source" maxLength:"500" doc:"where this is from"`
	}
}

// OpenedProject is a project that was entered.
type OpenedProject struct {
	ID string `json:"id"`
}

func (a *API) openProject(ctx context.Context, in *projectOpening) (*struct{ Body OpenedProject }, error) {
	b := in.Body
	o := project.Opening{Kind: project.Kind(b.Kind), Name: b.Name, Org: org.ID(b.Org), Park: park.ID(b.Park), USCC: b.USCC, Source: b.Source}
	if b.Investment != nil {
		fen := int64(math.Round(*b.Investment * 100))
		o.InvestmentFen = &fen
	}
	var p project.Project
	err := a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) error {
		lib, err := lifecycle.Load(ctx, w.Reader, a.City)
		if err != nil {
			return err
		}
		course, err := lib.For(b.Kind, a.today())
		if err == nil && course.Of != lifecycle.OfProject {
			err = fault.New(fault.Invalid, "project.bad_kind", "kind", b.Kind)
		}
		if err != nil {
			return err
		}
		p, err = project.Open(ctx, w, act, o)
		return err
	})
	return &struct{ Body OpenedProject }{OpenedProject{string(p.ID)}}, err
}

func projectOf(row project.Row) Project {
	p := Project{ID: string(row.ID), Kind: string(row.Kind), Name: row.Name, Org: string(row.Org), OrgName: row.OrgName,
		OrgNameEN: row.OrgNameEN, Park: string(row.Park), ParkName: row.ParkName, Enterprise: string(row.Enterprise),
		EnterpriseName: row.EnterpriseName, Milestones: []MilestoneDates{}, Nature: string(row.Nature), Source: row.Source, Version: row.Version}
	if row.InvestmentFen != nil {
		yuan := float64(*row.InvestmentFen) / 100
		p.Investment = &yuan
	}
	for _, d := range project.Dates(row.Milestones) {
		p.Milestones = append(p.Milestones, MilestoneDates{string(d.Stage), d.Planned.Day.String(), d.Actual.Day.String(), d.Actual.Way.String()})
	}
	return p
}
