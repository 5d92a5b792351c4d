package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Enterprise is an enterprise as lists show it.
type Enterprise struct {
	ID           string  `json:"id"`
	USCC         string  `json:"uscc"`
	Name         string  `json:"name"`
	Org          string  `json:"org"`
	OrgName      string  `json:"org_name"`
	OrgNameEN    string  `json:"org_name_en"`
	Industry     string  `json:"industry" doc:"GB/T 4754-2017; empty where not known"`
	IndustryName string  `json:"industry_name"`
	Parks        []Named `json:"parks"`
	Stage        string  `json:"stage" doc:"furthest stage of its tenancies that the caller may see"`
	AboveScale   string  `json:"above_scale_since"`
	Nature       string  `json:"nature"`
	Source       string  `json:"source"`
	Version      int64   `json:"version"`
}

// FormerName is a name that an enterprise bore.
type FormerName struct {
	Name   string `json:"name"`
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source"`
}

// Return is a value that an enterprise filed for a month.
type Return struct {
	Month  string  `json:"month"`
	Field  string  `json:"field"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Nature string  `json:"nature"`
	Source string  `json:"source"`
}

// EnterpriseDetail is an enterprise as its own page shows it.
type EnterpriseDetail struct {
	Enterprise
	Names     []FormerName `json:"names"`
	Tenancies []Tenancy    `json:"tenancies"`
	Returns   []Return     `json:"returns" doc:"output and jobs of the latest months, latest first"`
}

type enterpriseQuery struct {
	Paging
	Org      string `query:"org" maxLength:"40"`
	Park     string `query:"park" maxLength:"40"`
	Industry string `query:"industry" maxLength:"10" doc:"a GB/T 4754 code and all below it"`
	Stage    string `query:"stage" maxLength:"20"`
	Text     string `query:"q" maxLength:"200" doc:"in the name or a former one, or the beginning of the credit code"`
}

func (a *API) enterprises() {
	register(a, operation{id: "list-enterprises", method: http.MethodGet, path: "/enterprises", tag: "enterprises", summary: "Enterprises"}, a.listEnterprises)
	register(a, operation{id: "get-enterprise", method: http.MethodGet, path: "/enterprises/{id}", tag: "enterprises", summary: "One enterprise with names, tenancies and returns"}, a.getEnterprise)
}

func (a *API) listEnterprises(ctx context.Context, in *enterpriseQuery) (*struct{ Body listOf[Enterprise] }, error) {
	out := listOf[Enterprise]{Items: []Enterprise{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		code, err := industryOf(in.Industry)
		if err != nil {
			return err
		}
		rows, next, err := enterprise.List(ctx, r, s, enterprise.Query{Below: path, Park: park.ID(in.Park), Industry: code,
			Stage: in.Stage, Text: in.Text, After: in.Cursor, Limit: in.Limit})
		for _, row := range rows {
			out.Items = append(out.Items, a.enterprise(row))
		}
		out.Next = next
		return err
	})
	return &struct{ Body listOf[Enterprise] }{out}, err
}

func industryOf(text string) (industry.Code, error) {
	if text == "" {
		return "", nil
	}
	return industry.Parse(text)
}

func (a *API) enterprise(row enterprise.Row) Enterprise {
	e := Enterprise{ID: string(row.ID), USCC: string(row.USCC), Name: row.Name, Org: string(row.Org), OrgName: row.OrgName, OrgNameEN: row.OrgNameEN,
		Industry: string(row.Industry), IndustryName: a.Industries.Name(row.Industry), Parks: []Named{}, Stage: row.Stage,
		AboveScale: row.AboveScaleSince.String(), Nature: string(row.Nature), Source: row.Source, Version: row.Version}
	for _, p := range row.Parks {
		e.Parks = append(e.Parks, Named{string(p.ID), p.Name})
	}
	return e
}

type enterpriseBody struct {
	ETag string `header:"ETag"`
	Body EnterpriseDetail
}

func (a *API) getEnterprise(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"40"`
}) (*enterpriseBody, error) {
	var out EnterpriseDetail
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		d, err := enterprise.Get(ctx, r, s, enterprise.ID(in.ID))
		if err != nil {
			return err
		}
		out = EnterpriseDetail{Enterprise: a.enterprise(d.Row), Names: []FormerName{}, Tenancies: []Tenancy{}, Returns: []Return{}}
		for _, n := range d.Names {
			out.Names = append(out.Names, FormerName{n.Name, n.Since.String(), n.Until.String(), n.Source})
		}
		rows, _, err := tenancy.List(ctx, r, s, tenancy.Query{Enterprise: d.ID, Limit: page.Max})
		if err != nil {
			return err
		}
		for _, t := range rows {
			out.Tenancies = append(out.Tenancies, tenancyOf(t))
		}
		values, _, err := filing.Values(ctx, r, s, filing.Query{Enterprise: d.ID, Fields: []filing.Field{filing.Output, filing.Jobs}, Limit: page.Max})
		for _, v := range values {
			value, unitName := inUnit(v.Field.Unit(), v.Value)
			out.Returns = append(out.Returns, Return{v.Month.String(), string(v.Field), value, unitName, string(v.Nature), v.Source})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &enterpriseBody{etag(out.Version), out}, nil
}
