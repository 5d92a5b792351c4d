package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
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
