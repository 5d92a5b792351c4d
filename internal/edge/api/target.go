package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/target"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Target is what a city wants to reach in a year, or published that it reached.
type Target struct {
	Year       int     `json:"year"`
	Org        string  `json:"org"`
	Indicator  string  `json:"indicator"`
	Kind       string  `json:"kind" enum:"target,result"`
	Value      float64 `json:"value"`
	Unit       string  `json:"unit" enum:"m2,yuan,ratio,count"`
	Stated     string  `json:"stated"`
	StatedUnit string  `json:"stated_unit"`
	Curve      string  `json:"curve" doc:"linear, or twelve cumulative shares"`
	Source     string  `json:"source"`
}

// ReadingTarget is the target or the published result beside a reading.
type ReadingTarget struct {
	Value      float64  `json:"value"`
	Pace       *float64 `json:"pace" doc:"where the curve says the year should be at the end of as_of; null for a published result"`
	Attainment *float64 `json:"attainment" doc:"reading ÷ value; null where nothing is known"`
	Kind       string   `json:"kind" enum:"target,result"`
	Source     string   `json:"source"`
	Published  *float64 `json:"published" doc:"the result that was published for the year; null where none was"`
}

func (a *API) targets() {
	register(a, operation{id: "list-targets", method: http.MethodGet, path: "/targets", tag: "targets", summary: "Targets and published results"},
		func(ctx context.Context, in *struct {
			Paging
			Year      int    `query:"year" minimum:"0" maximum:"2199"`
			Org       string `query:"org" maxLength:"40"`
			Indicator string `query:"indicator" maxLength:"80"`
		}) (*struct{ Body listOf[Target] }, error) {
			out := listOf[Target]{Items: []Target{}}
			if err := may(ctx, auth.TargetRead); err != nil {
				return nil, err
			}
			err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
				rows, next, err := target.List(ctx, r, s, target.Query{Year: in.Year, Org: org.ID(in.Org), Indicator: in.Indicator, After: in.Cursor, Limit: in.Limit})
				for _, t := range rows {
					value, unitName := inUnit(t.Unit, t.Value)
					out.Items = append(out.Items, Target{t.Year, string(t.Org), t.Indicator, string(t.Kind), value, unitName, t.Stated, t.StatedUnit, t.Curve, t.Source})
				}
				out.Next = next
				return err
			})
			return &struct{ Body listOf[Target] }{out}, err
		})
}

// targetOf finds the target of the year and place that a reading is of. A target belongs to a year: it stands beside the
// year's reading and its months' (by its pace), never beside a place that has none of its own.
func (a *API) targetOf(ctx context.Context, q indicator.Query, v *indicator.View, got indicator.Reading) (*ReadingTarget, error) {
	place := placeOf(q)
	if q.Period.Kind() != period.KindYear && a.Book.Flow(got.Definition) {
		return nil, nil
	}
	var rows []target.Target
	err := a.DB.Read(ctx, func(r db.Reader) (err error) {
		rows, _, err = target.List(ctx, r, q.Scope, target.Query{Year: q.Period.First().Year(), Org: org.ID(place), Indicator: q.Code})
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := &ReadingTarget{}
	for _, t := range rows {
		value, _ := inUnit(t.Unit, t.Value)
		if t.Kind == target.Result {
			out.Published = &value
		}
		if t.Kind == target.Wanted || out.Kind == "" {
			out.Value, out.Kind, out.Source = value, string(t.Kind), t.Source
		}
		if t.Kind == target.Wanted && got.AsOf != 0 {
			pace, err := t.Pace(target.AccrualOf(a.Book.Flow(got.Definition)), got.AsOf)
			if err != nil {
				return nil, err
			}
			shown, _ := inUnit(t.Unit, pace)
			out.Pace = &shown
		}
	}
	if got.Value != nil && out.Value != 0 {
		share := got.Value.Float() / out.Value
		out.Attainment = &share
	}
	return out, nil
}
