package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

func (a *API) parkWrites() {
	register(a, operation{id: "edit-park", method: http.MethodPatch, path: "/parks/{id}", tag: "parks", summary: "Change a park's own columns"}, a.editPark)
	register(a, operation{id: "record-figure", method: http.MethodPost, path: "/parks/{id}/figures", tag: "parks", status: http.StatusCreated, summary: "Record what somebody states of a park"}, a.recordFigure)
	register(a, operation{id: "choose-figure", method: http.MethodPut, path: "/parks/{id}/figures/{field}/choice", tag: "parks", summary: "Say which of several figures the city uses, and why"}, a.chooseFigure)
}

// write runs f in a write transaction as the caller's act, after asking that the caller may.
func (a *API) write(ctx context.Context, action auth.Action, f func(w db.Writer, act org.Act) error) error {
	if err := may(ctx, action); err != nil {
		return err
	}
	u := caller(ctx)
	act := org.Act{Scope: u.Scope(), Actor: u.Username, At: a.Now(), NewID: a.IDs.New}
	return a.DB.Write(ctx, func(w db.Writer) error { return f(w, act) })
}

type parkEdit struct {
	ParkPath
	IfMatchHeader
	Body struct {
		Name            *string `json:"name,omitempty" maxLength:"500"`
		Mode            *string `json:"mode,omitempty" maxLength:"500"`
		Developer       *string `json:"developer,omitempty" maxLength:"500"`
		LeadingIndustry *string `json:"leading_industry,omitempty" maxLength:"500"`
	}
}

func (a *API) editPark(ctx context.Context, in *parkEdit) (*parkBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.ParkEdit, func(w db.Writer, act org.Act) error {
		_, err := park.Update(ctx, w, act, park.ID(in.ID), version, park.Edit(in.Body))
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.parkPage(ctx, park.ID(in.ID))
}

func (a *API) recordFigure(ctx context.Context, in *struct {
	ParkPath
	Body struct {
		Field  string `json:"field" maxLength:"40"`
		Text   string `json:"text" maxLength:"100" doc:"as written: 131.2"`
		Unit   string `json:"unit,omitempty" maxLength:"20" doc:"as written: 亩; empty for the field's own"`
		Nature string `json:"nature" enum:"declared,record,statistics,estimate"`
		Source string `json:"source" maxLength:"1000"`
		AsOf   string `json:"as_of,omitempty" maxLength:"10" doc:"2024, 2024-06 or 2024-06-30"`
	}
}) (*struct{ Body Figure }, error) {
	if err := page.Clean(in.Body.Source); err != nil {
		return nil, err
	}
	asOf, err := period.ParseDate(in.Body.AsOf)
	if err != nil {
		return nil, err
	}
	var f figure.Figure
	err = a.write(ctx, auth.FigureRecord, func(w db.Writer, act org.Act) (err error) {
		f, err = park.Record(ctx, w, act, park.ID(in.ID), park.Statement{Field: in.Body.Field, Text: in.Body.Text, Unit: in.Body.Unit,
			Nature: figure.Nature(in.Body.Nature), Source: in.Body.Source, AsOf: asOf})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body Figure }{figureOf(f)}, nil
}

func (a *API) chooseFigure(ctx context.Context, in *struct {
	ParkPath
	Field string `path:"field" maxLength:"40"`
	Body  struct {
		Figure string `json:"figure" maxLength:"40"`
		Reason string `json:"reason" maxLength:"1000"`
	}
}) (*parkBody, error) {
	err := a.write(ctx, auth.FigureChoose, func(w db.Writer, act org.Act) error {
		return park.Choose(ctx, w, act, park.ID(in.ID), park.Choice{Field: in.Field, Figure: figure.ID(in.Body.Figure), Reason: in.Body.Reason})
	})
	if err != nil {
		return nil, err
	}
	return a.parkPage(ctx, park.ID(in.ID))
}
