package api

import (
	"context"
	"net/http"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Baseline names a moment whose plan can be compared.
type Baseline struct {
	ID        string `json:"id"`
	Org       string `json:"org"`
	OrgName   string `json:"org_name"`
	OrgNameEN string `json:"org_name_en"`
	Name      string `json:"name"`
	Moment    string `json:"moment" doc:"RFC 3339"`
	Actor     string `json:"actor"`
	At        string `json:"at"`
}

// Moment is one side of a comparison.
type Moment struct {
	Name   string `json:"name" doc:"of the baseline; empty for a day or now"`
	Moment string `json:"moment" doc:"RFC 3339"`
}

// PlanSlips is how the plans of two moments differ over some milestones.
type PlanSlips struct {
	Key        string   `json:"key" doc:"id of the org, lifecycle and stage, username, or kind and id of the subject"`
	Name       string   `json:"name"`
	NameEN     string   `json:"name_en"`
	Subjects   int      `json:"subjects" doc:"with a plan at one of the moments"`
	Milestones int      `json:"milestones" doc:"planned at one of the moments"`
	Moved      int      `json:"moved" doc:"planned at both, for another day"`
	Later      int      `json:"later"`
	Earlier    int      `json:"earlier"`
	Added      int      `json:"added" doc:"planned at the second only"`
	Dropped    int      `json:"dropped" doc:"planned at the first only, or passed over or ended by the second"`
	DaysMean   *float64 `json:"days_mean" doc:"of the moved that are known to the day"`
	DaysMax    *int     `json:"days_max"`
}

// PlanSlip is one milestone whose plan differs.
type PlanSlip struct {
	Kind        string `json:"kind" enum:"tenancy,project"`
	ID          string `json:"id"`
	Name        string `json:"name"`
	Org         string `json:"org"`
	OrgName     string `json:"org_name"`
	OrgNameEN   string `json:"org_name_en"`
	Officer     string `json:"officer"`
	Stage       string `json:"stage"`
	StageName   string `json:"stage_name"`
	StageNameEN string `json:"stage_name_en"`
	A           string `json:"a" doc:"empty: not planned then"`
	B           string `json:"b" doc:"empty: not planned then, or no longer"`
	SlipDays    *int   `json:"slip_days" doc:"null where one is missing or not known to the day"`
}

// PlanComparison is two plans side by side.
type PlanComparison struct {
	A     Moment      `json:"a"`
	B     Moment      `json:"b"`
	Items []PlanSlips `json:"items"`
	Total PlanSlips   `json:"total"`
	Rows  []PlanSlip  `json:"rows" doc:"of by=subject: the milestones whose plan differs, the largest slip first"`
	More  int         `json:"more" doc:"how many more there are than rows and items hold"`
}

func (a *API) baselines() {
	const tag = "pipeline"
	register(a, operation{id: "list-baselines", method: http.MethodGet, path: "/baselines", tag: tag, summary: "Named moments of the plan"}, a.listBaselines)
	register(a, operation{id: "add-baseline", method: http.MethodPost, path: "/baselines", tag: tag, status: http.StatusCreated, summary: "Name a moment of the plan"}, a.addBaseline)
	register(a, operation{id: "compare-baselines", method: http.MethodGet, path: "/baselines/compare", tag: tag, summary: "The plans of two moments side by side"}, a.compareBaselines)
}

func baselineOf(b pipeline.Baseline, o org.Org) Baseline {
	return Baseline{b.ID, string(b.Org), o.NameZH, o.NameEN, b.Name, instant(b.Moment), b.Actor, instant(b.At)}
}

func (a *API) listBaselines(ctx context.Context, in *struct {
	Org string `query:"org" maxLength:"40"`
}) (*struct{ Body listOf[Baseline] }, error) {
	v, q, err := PipelineQuery{Org: in.Org}.query(ctx, a, "")
	if err != nil {
		return nil, err
	}
	out := listOf[Baseline]{Items: []Baseline{}}
	err = a.DB.Read(ctx, func(r db.Reader) error {
		found, err := pipeline.Baselines(ctx, r, q.Scope, q.Below)
		for _, b := range found {
			out.Items = append(out.Items, baselineOf(b, v.Org(b.Org)))
		}
		return err
	})
	return &struct{ Body listOf[Baseline] }{out}, err
}

func (a *API) addBaseline(ctx context.Context, in *struct {
	Body struct {
		Name   string `json:"name" maxLength:"200"`
		Moment string `json:"moment,omitempty" maxLength:"40" doc:"RFC 3339, or a day, which means its end; empty: now"`
		Org    string `json:"org,omitempty" maxLength:"40" doc:"empty: the caller's own"`
	}
}) (*struct{ Body Baseline }, error) {
	var out Baseline
	err := a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) error {
		b := pipeline.Baseline{Org: org.ID(in.Body.Org), Name: in.Body.Name}
		if b.Org == "" {
			b.Org = org.Leaf(act.Scope.Path)
		}
		if in.Body.Moment != "" {
			var err error
			if b.Moment, err = pipeline.ParseMoment(in.Body.Moment, act.At); err != nil {
				return err
			}
		}
		b, err := pipeline.AddBaseline(ctx, w, act, b)
		if err != nil {
			return err
		}
		o, err := org.Get(ctx, w.Reader, act.Scope, b.Org)
		out = baselineOf(b, o)
		return err
	})
	return &struct{ Body Baseline }{out}, err
}

type compareQuery struct {
	A         string `query:"a" required:"true" maxLength:"40" doc:"id of a baseline, an instant, a day, or now"`
	B         string `query:"b" required:"true" maxLength:"40" doc:"id of a baseline, an instant, a day, or now"`
	Org       string `query:"org" maxLength:"40"`
	Park      string `query:"park" maxLength:"40"`
	Kind      string `query:"kind" enum:"tenancy,project"`
	Lifecycle string `query:"lifecycle" maxLength:"40"`
	By        string `query:"by" enum:"county,stage,officer,subject" default:"county"`
}

// maxSlips is how many groups or rows of a comparison are sent.
const maxSlips = 1000

func (a *API) compareBaselines(ctx context.Context, in *compareQuery) (*struct{ Body PlanComparison }, error) {
	v, q, err := PipelineQuery{Org: in.Org, Park: in.Park, Kind: in.Kind, Lifecycle: in.Lifecycle}.query(ctx, a, "")
	if err != nil {
		return nil, err
	}
	from, fromName, err := a.moment(ctx, in.A)
	if err != nil {
		return nil, err
	}
	to, toName, err := a.moment(ctx, in.B)
	if err != nil {
		return nil, err
	}
	got, err := v.Compare(q, from.UnixMicro(), to.UnixMicro(), pipeline.By(in.By))
	if err != nil {
		return nil, err
	}
	out := PlanComparison{A: Moment{fromName, instant(from)}, B: Moment{toName, instant(to)}, Items: []PlanSlips{}, Total: slipsOf(got.Total), Rows: []PlanSlip{}}
	for _, g := range got.Groups[:min(maxSlips, len(got.Groups))] {
		out.Items = append(out.Items, slipsOf(g))
	}
	if pipeline.By(in.By) == pipeline.BySubject {
		for _, s := range got.Rows[:min(maxSlips, len(got.Rows))] {
			out.Rows = append(out.Rows, slipOf(v, s))
		}
		out.More = max(len(got.Rows), len(got.Groups)) - min(maxSlips, max(len(got.Rows), len(got.Groups)))
	}
	return &struct{ Body PlanComparison }{out}, nil
}

// moment reads one side of a comparison: a baseline's id, else an instant, a day or now.
func (a *API) moment(ctx context.Context, text string) (at time.Time, name string, err error) {
	if text == "now" {
		return a.Now().UTC(), "", nil
	}
	if at, err = time.Parse(time.RFC3339, text); err == nil {
		return at.UTC(), "", nil
	}
	if _, err := period.ParseDate(text); err == nil {
		at, err = pipeline.ParseMoment(text, a.Now())
		return at, "", err
	}
	s, err := reader(ctx)
	if err != nil {
		return at, "", err
	}
	err = a.DB.Read(ctx, func(r db.Reader) error {
		b, err := pipeline.GetBaseline(ctx, r, s, text)
		at, name = b.Moment, b.Name
		return err
	})
	return at, name, err
}

func slipsOf(g pipeline.Slips) PlanSlips {
	return PlanSlips{g.Key, g.Name, g.NameEN, g.Subjects, g.Milestones, g.Moved, g.Later, g.Earlier, g.Added, g.Dropped, g.DaysMean, g.DaysMax}
}

func slipOf(v *pipeline.View, s pipeline.Slipped) PlanSlip {
	o := v.Org(s.Row.Org)
	out := PlanSlip{Kind: string(s.Row.Kind), ID: s.Row.ID, Name: s.Row.Name, Org: string(o.ID), OrgName: o.NameZH, OrgNameEN: o.NameEN, Officer: s.Row.Officer,
		Stage: s.Stage, A: s.A.String(), B: s.B.String(), SlipDays: s.Days}
	out.StageName, out.StageNameEN = v.StageName(s.Row.Lifecycle, s.Stage)
	return out
}
