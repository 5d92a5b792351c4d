package api

import (
	"context"
	"math/big"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// BridgeEnd is one side of a bridge.
type BridgeEnd struct {
	No    int64    `json:"no" doc:"0: the ledger as it stands"`
	Value *float64 `json:"value" doc:"null: nothing is known; counts as 0"`
}

// BridgeStep is one reason of a difference.
type BridgeStep struct {
	Kind   string   `json:"kind" enum:"late,corrected,withdrawn,moved,rule"`
	Entity string   `json:"entity" doc:"the enterprise; empty where the row has none"`
	Name   string   `json:"name"`
	Table  string   `json:"table" doc:"park, phase, tenancy, project, filing; empty for a rule"`
	Row    string   `json:"row"`
	Month  string   `json:"month" doc:"of a return"`
	Part   string   `json:"part" doc:"of a ratio: numerator or denominator"`
	Last   bool     `json:"last_year" doc:"a row of last year, of an indicator that compares years"`
	Before *float64 `json:"before" doc:"null for the rows of a ratio"`
	After  *float64 `json:"after" doc:"null for the rows of a ratio"`
	Amount float64  `json:"amount" doc:"what it adds to the difference"`
}

// Bridge explains the difference of two closings: from plus all amounts plus rest is to.
type Bridge struct {
	From  BridgeEnd    `json:"from"`
	To    BridgeEnd    `json:"to"`
	Unit  string       `json:"unit" enum:"m2,yuan,ratio,count"`
	Steps []BridgeStep `json:"steps" doc:"the largest first"`
	More  int          `json:"more" doc:"smaller steps, which are in rest"`
	Rest  float64      `json:"rest"`
}

// bridgeSteps is how many steps are shown; the smaller ones are added up in the rest.
const bridgeSteps = 200

func (a *API) closingBridge(ctx context.Context, in *struct {
	Period    string `path:"period" maxLength:"7"`
	From      int64  `query:"from" minimum:"1" required:"true"`
	To        int64  `query:"to" minimum:"0" doc:"0 or absent: the ledger as it stands"`
	Indicator string `query:"indicator" maxLength:"80" required:"true"`
	Org       string `query:"org" maxLength:"40" doc:"the city, or one of its counties; empty: the city"`
	Span      string `query:"span" enum:"month,year" default:"month" doc:"the month, or its year up to it"`
}) (*struct{ Body Bridge }, error) {
	m, err := vintage.ParseMonth(in.Period)
	if err != nil {
		return nil, err
	}
	from, err := a.bridgeEnd(ctx, m, in.From)
	if err != nil {
		return nil, err
	}
	to, err := a.bridgeEnd(ctx, m, in.To)
	if err != nil {
		return nil, err
	}
	q := vintage.Question{Indicator: in.Indicator, Period: period.OfMonth(m)}
	if in.Span == "year" {
		q.Period = period.Year(m.Year())
	}
	if in.Org != "" {
		if q.Path = to.View.Path(in.Org); q.Path == "" {
			return nil, fault.New(fault.NotFound, "org.not_found", "id", in.Org)
		}
	}
	bridge, err := vintage.Compare(from, to, q)
	if err != nil {
		return nil, err
	}
	out, err := a.bridge(ctx, to, q, bridge.Shorten(bridgeSteps))
	out.From.No, out.To.No = in.From, in.To
	return &struct{ Body Bridge }{out}, err
}

func (a *API) bridgeEnd(ctx context.Context, m period.Month, no int64) (vintage.Side, error) {
	if no > 0 {
		k, err := a.kept(ctx, m.String(), no)
		if err != nil {
			return vintage.Side{}, err
		}
		return a.vintages.Side(k)
	}
	v, err := a.Panels.Now(ctx)
	if err != nil {
		return vintage.Side{}, err
	}
	return a.vintages.Present(v, a.Book, m)
}

func (a *API) bridge(ctx context.Context, to vintage.Side, q vintage.Question, b vintage.Bridge) (Bridge, error) {
	out := Bridge{From: BridgeEnd{Value: ratFloat(b.From)}, To: BridgeEnd{Value: ratFloat(b.To)}, Unit: "count", Steps: []BridgeStep{}, More: b.More, Rest: *ratFloat(b.Rest)}
	d, err := to.Book.Of(q.Indicator)
	if err == nil {
		out.Unit, _, _ = unitOf(d)
	} else if fault.KindOf(err) != fault.NotFound { // the later definitions no longer have it
		return out, err
	}
	rows := make([]indicator.Row, len(b.Steps))
	for i, s := range b.Steps {
		rows[i] = indicator.Row{Table: s.Table, ID: s.ID, Enterprise: s.Enterprise, Park: s.Park}
	}
	names, err := a.rowNames(ctx, to.View, rows)
	if err != nil {
		return out, err
	}
	for i, s := range b.Steps {
		step := BridgeStep{Kind: string(s.Kind), Entity: s.Enterprise, Name: names[i], Table: s.Table, Row: s.ID, Month: s.Month, Part: s.Part, Last: s.Last, Amount: *ratFloat(s.Amount)}
		if s.Part == "" {
			step.Before, step.After = ratFloat(s.Before), ratFloat(s.After)
		}
		if s.Kind == vintage.RuleStep && d != nil {
			step.Name = d.Name.ZH
			if strings.HasPrefix(languageOf(ctx), "en") {
				step.Name = d.Name.EN
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// ratFloat is an exact value for people and charts.
func ratFloat(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}
