package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Indicator is a definition as people read it.
type Indicator struct {
	Code         string         `json:"code"`
	Name         string         `json:"name"`
	NameEN       string         `json:"name_en"`
	Unit         string         `json:"unit" enum:"m2,yuan,ratio,count"`
	UnitName     string         `json:"unit_name"`
	UnitNameEN   string         `json:"unit_name_en"`
	Over         string         `json:"over" doc:"the ledger whose rows count"`
	Measure      string         `json:"measure" enum:"count,count_distinct,sum,change,ratio"`
	Flow         bool           `json:"flow" doc:"the value belongs to the whole period; else to its end"`
	Definition   string         `json:"definition"`
	DefinitionEN string         `json:"definition_en"`
	Numerator    *IndicatorName `json:"numerator,omitempty"`
	Denominator  *IndicatorName `json:"denominator,omitempty"`
	From         string         `json:"effective_from"`
	To           string         `json:"effective_to"`
	Version      string         `json:"version" doc:"number of the rule pack"`
}

// IndicatorName names an indicator.
type IndicatorName struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

func (a *API) indicators() {
	register(a, operation{id: "list-indicators", method: http.MethodGet, path: "/indicators", tag: "indicators", summary: "Every indicator with its definition"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body listOf[Indicator] }, error) {
			if _, err := reader(ctx); err != nil {
				return nil, err
			}
			out := listOf[Indicator]{Items: []Indicator{}}
			for _, d := range a.Book.All() {
				out.Items = append(out.Items, a.indicator(d))
			}
			return &struct{ Body listOf[Indicator] }{out}, nil
		})
}

func (a *API) indicator(d *indicator.Definition) Indicator {
	u, zh, en := unitOf(d)
	parts := a.Book.Parts(d)
	out := Indicator{Code: d.Code, Name: d.Name.ZH, NameEN: d.Name.EN, Unit: u, UnitName: zh, UnitNameEN: en, Over: parts[0].Over, Measure: d.Kind(),
		Flow: a.Book.Flow(d), Definition: d.Definition.ZH, DefinitionEN: d.Definition.EN, From: d.From, Version: d.Pack}
	if d.Kind() == "ratio" {
		out.Numerator, out.Denominator = named(parts[0]), named(parts[1])
	}
	return out
}

func named(d *indicator.Definition) *IndicatorName {
	return &IndicatorName{d.Code, d.Name.ZH, d.Name.EN}
}

// unitOf gives the unit's name for programs and for people.
func unitOf(d *indicator.Definition) (name, zh, en string) {
	switch u := d.UnitOf(); u.To {
	case unit.Fen:
		return "yuan", "元", "yuan"
	case unit.PPM:
		return "ratio", "%", "%"
	case unit.AreaM2:
		return "m2", "平方米", "m²"
	default:
		return "count", u.Symbol, ""
	}
}

// inUnit turns a stored whole number into the value and unit that go over the wire.
func inUnit(c unit.Canonical, v int64) (float64, string) {
	switch c {
	case unit.Fen:
		return float64(v) / 100, "yuan"
	case unit.PPM:
		return float64(v) / 1e6, "ratio"
	default:
		return float64(v), string(c)
	}
}
