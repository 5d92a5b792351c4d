package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// StageEntry says that a stage was entered, or is planned, and who says so.
type StageEntry struct {
	Stage  string `json:"stage"`
	Way    string `json:"way" enum:"planned,deemed,claimed,verified"`
	Date   string `json:"date"`
	Counts bool   `json:"counts" doc:"the entry that counts use for this stage"`
	Nature string `json:"nature"`
	Source string `json:"source"`
}

// Tenancy is one enterprise's presence in one park with its history.
type Tenancy struct {
	ID             string       `json:"id"`
	Enterprise     string       `json:"enterprise"`
	EnterpriseName string       `json:"enterprise_name"`
	Park           string       `json:"park"`
	ParkName       string       `json:"park_name"`
	AreaM2         *int64       `json:"area_m2"`
	Stage          string       `json:"stage" doc:"furthest stage entered"`
	Stages         []StageEntry `json:"stages"`
	Relocated      bool         `json:"relocated" doc:"moved inside the city, so not new"`
	Nature         string       `json:"nature"`
	Source         string       `json:"source"`
	Version        int64        `json:"version"`
}

func (a *API) tenancies() {
	register(a, operation{id: "list-tenancies", method: http.MethodGet, path: "/tenancies", tag: "tenancies", summary: "Tenancies with their stage history"},
		func(ctx context.Context, in *struct {
			Paging
			Org        string `query:"org" maxLength:"40"`
			Park       string `query:"park" maxLength:"40"`
			Enterprise string `query:"enterprise" maxLength:"40"`
			Stage      string `query:"stage" maxLength:"20"`
		}) (*struct{ Body listOf[Tenancy] }, error) {
			out := listOf[Tenancy]{Items: []Tenancy{}}
			err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
				path, err := a.inside(ctx, r, s, in.Org)
				if err != nil {
					return err
				}
				q := tenancy.Query{Below: path, Park: park.ID(in.Park), Enterprise: enterprise.ID(in.Enterprise), After: in.Cursor, Limit: in.Limit}
				if in.Stage != "" {
					if q.Stage, err = tenancy.ParseStage(in.Stage); err != nil {
						return err
					}
				}
				rows, next, err := tenancy.List(ctx, r, s, q)
				for _, t := range rows {
					out.Items = append(out.Items, tenancyOf(t))
				}
				out.Next = next
				return err
			})
			return &struct{ Body listOf[Tenancy] }{out}, err
		})
	register(a, operation{id: "open-tenancy", method: http.MethodPost, path: "/tenancies", tag: "tenancies", summary: "Enter who comes into a park; an enterprise that the city does not have is added"}, a.openTenancy)
}

type tenancyOpening struct {
	Body struct {
		Park      string `json:"park" maxLength:"40"`
		USCC      string `json:"uscc" maxLength:"40" doc:"unified social credit code of the enterprise"`
		Name      string `json:"name,omitempty" maxLength:"500" doc:"of the enterprise; may be left out for one that the city has"`
		Industry  string `json:"industry,omitempty" maxLength:"10" doc:"code of GB/T 4754-2017, of an enterprise that is new"`
		AreaM2    *int64 `json:"area_m2,omitempty" minimum:"0" doc:"floor area taken; left out where it is not known"`
		Relocated bool   `json:"relocated,omitempty" doc:"moved inside the city, so not new"`
		Source    string `json:"source" maxLength:"500" doc:"where this is from"`
	}
}

// OpenedTenancy is a tenancy that was entered.
type OpenedTenancy struct {
	ID         string `json:"id"`
	Enterprise string `json:"enterprise"`
}

func (a *API) openTenancy(ctx context.Context, in *tenancyOpening) (*struct{ Body OpenedTenancy }, error) {
	b := in.Body
	o := tenancy.Opening{Park: park.ID(b.Park), USCC: b.USCC, Name: b.Name, AreaM2: b.AreaM2, Relocated: b.Relocated, Source: b.Source}
	if b.Industry != "" {
		var err error
		if o.Industry, err = a.Industries.Parse(b.Industry); err != nil {
			return nil, err
		}
	}
	var t tenancy.Tenancy
	err := a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) (err error) {
		t, err = tenancy.Open(ctx, w, act, o)
		return err
	})
	return &struct{ Body OpenedTenancy }{OpenedTenancy{string(t.ID), string(t.Enterprise)}}, err
}

func tenancyOf(row tenancy.Row) Tenancy {
	t := Tenancy{ID: string(row.ID), Enterprise: string(row.Enterprise), EnterpriseName: row.EnterpriseName, Park: string(row.Park), ParkName: row.ParkName,
		AreaM2: row.AreaM2, Stage: tenancy.Current(row.Entries, 0).String(), Stages: []StageEntry{}, Relocated: row.Relocated,
		Nature: string(row.Nature), Source: row.Source, Version: row.Version}
	for _, e := range row.Entries {
		used, ok := tenancy.Used(row.Entries, e.Stage)
		t.Stages = append(t.Stages, StageEntry{e.Stage.String(), e.Way.String(), e.Day.String(), ok && used.Way == e.Way && used.Seq == e.Seq, string(e.Nature), e.Source})
	}
	return t
}
