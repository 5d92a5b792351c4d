package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// LightField is a fact that a rule asks about.
type LightField struct {
	Field  string `json:"field"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// LightRung is one light with its condition.
type LightRung struct {
	Light  string `json:"light" enum:"off,green,watched,yellow,red"`
	When   string `json:"when"`
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
	Basis  string `json:"basis" enum:"established,assumed"`
}

// LightFollow is what follows from a light.
type LightFollow struct {
	Code   string `json:"code"`
	When   string `json:"when"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Basis  string `json:"basis" enum:"established,assumed"`
}

// LightRule gives lights for one thing that is watched.
type LightRule struct {
	Code    string        `json:"code"`
	Name    string        `json:"name"`
	NameEN  string        `json:"name_en"`
	Fed     bool          `json:"fed" doc:"milestones say all that it asks; a rule that is not fed gives no light"`
	Stage   string        `json:"stage" doc:"the stage that feeds it; empty: every planned one"`
	Missing []LightField  `json:"missing" doc:"the facts that the ledger does not hold"`
	Lights  []LightRung   `json:"lights"`
	Follows []LightFollow `json:"follows"`
}

// LightTemplate is one place's practice.
type LightTemplate struct {
	Code    string      `json:"code"`
	Place   string      `json:"place"`
	PlaceEN string      `json:"place_en"`
	Issuer  string      `json:"issuer"`
	Number  string      `json:"number"`
	From    string      `json:"from"`
	Source  string      `json:"source"`
	Note    string      `json:"note"`
	NoteEN  string      `json:"note_en"`
	Rules   []LightRule `json:"rules"`
}

// Lights are the tables of lights, and the one that the city uses.
type Lights struct {
	Templates []LightTemplate `json:"templates"`
	Chosen    string          `json:"chosen" doc:"code of the table in use"`
	Reason    string          `json:"reason" doc:"empty where nobody chose: the default is in use"`
	Actor     string          `json:"actor"`
	At        string          `json:"at"`
}

func (a *API) lights() {
	const tag = "pipeline"
	register(a, operation{id: "get-lights", method: http.MethodGet, path: "/lights", tag: tag, summary: "Tables of lights, and the one in use"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Lights }, error) {
			if _, err := reader(ctx); err != nil {
				return nil, err
			}
			return a.lightTables(ctx)
		})
	register(a, operation{id: "choose-lights", method: http.MethodPut, path: "/lights/choice", tag: tag, summary: "Say which table of lights the city uses, and why"},
		func(ctx context.Context, in *struct {
			Body struct {
				Template string `json:"template" maxLength:"40"`
				Reason   string `json:"reason" maxLength:"500"`
			}
		}) (*struct{ Body Lights }, error) {
			err := a.write(ctx, auth.LifecycleEdit, func(w db.Writer, act org.Act) error {
				return pipeline.Choose(ctx, w, act, in.Body.Template, in.Body.Reason)
			})
			if err != nil {
				return nil, err
			}
			return a.lightTables(ctx)
		})
}

func (a *API) lightTables(ctx context.Context) (*struct{ Body Lights }, error) {
	v, err := a.board.Now(ctx)
	if err != nil {
		return nil, err
	}
	templates, err := light.Shipped()
	if err != nil {
		return nil, err
	}
	out := Lights{Templates: []LightTemplate{}, Chosen: v.Template().Code, Reason: v.Chosen.Reason, Actor: v.Chosen.Actor}
	if v.Chosen.Template != "" {
		out.At = instant(v.Chosen.At)
	}
	for _, t := range templates {
		item := LightTemplate{t.Code, t.Place.ZH, t.Place.EN, t.Issuer, t.Number, t.From.String(), t.Source, t.Note.ZH, t.Note.EN, []LightRule{}}
		for _, r := range t.Rules {
			item.Rules = append(item.Rules, lightRule(t, r))
		}
		out.Templates = append(out.Templates, item)
	}
	return &struct{ Body Lights }{out}, nil
}

func lightRule(t *light.Template, r *light.Rule) LightRule {
	out := LightRule{Code: r.Code, Name: r.Name.ZH, NameEN: r.Name.EN, Missing: []LightField{}, Lights: []LightRung{}, Follows: []LightFollow{}}
	out.Stage, out.Fed = pipeline.Feed(t.Code, r.Code)
	if !out.Fed {
		for _, f := range r.Fields {
			out.Missing = append(out.Missing, LightField{f.Field, f.Name.ZH, f.Name.EN})
		}
	}
	for _, x := range r.Rungs {
		out.Lights = append(out.Lights, LightRung{x.Light.String(), x.When, x.Text.ZH, x.Text.EN, string(x.Basis)})
	}
	for _, x := range r.Follows {
		out.Follows = append(out.Follows, LightFollow{x.Code, x.When, x.Name.ZH, x.Name.EN, string(x.Basis)})
	}
	return out
}
