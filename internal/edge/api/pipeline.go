package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// PipelineQuery says which subjects are meant.
type PipelineQuery struct {
	Kind      string `query:"kind" enum:"tenancy,project"`
	Lifecycle string `query:"lifecycle" maxLength:"40" doc:"code; empty: of tenancies, or the one that most of the projects pass; in lists: all"`
	Org       string `query:"org" maxLength:"40" doc:"at and below this org"`
	Park      string `query:"park" maxLength:"40"`
	Officer   string `query:"officer" maxLength:"80" doc:"username"`
	Light     string `query:"light" enum:"off,green,watched,yellow,red"`
	Text      string `query:"q" maxLength:"200" doc:"in the name, or that of the enterprise or park"`
	Late      bool   `query:"late"`
	Stage     string `query:"stage" maxLength:"40" doc:"stands there; none: entered no stage yet"`
}

// PipelineAt judges stages at a month's end.
type PipelineAt struct {
	Month string `query:"month" maxLength:"7" doc:"judge stages at the end of this month; empty: now"`
}

// PipelinePaging is the paging of the board's lists, whose rows are short.
type PipelinePaging struct {
	Cursor string `query:"cursor" maxLength:"2000" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (a *API) pipeline() {
	const tag = "pipeline"
	register(a, operation{id: "get-pipeline-kanban", method: http.MethodGet, path: "/pipeline/kanban", tag: tag, summary: "A lifecycle as lanes of cards"}, a.pipelineKanban)
	register(a, operation{id: "list-pipeline-cards", method: http.MethodGet, path: "/pipeline/cards", tag: tag, summary: "Cards of a lane, or of all"}, a.pipelineCards)
	register(a, operation{id: "list-pipeline-rows", method: http.MethodGet, path: "/pipeline/table", tag: tag, summary: "Subjects with their milestones; the rows behind every count of the board"}, a.pipelineTable)
	register(a, operation{id: "list-pipeline-lines", method: http.MethodGet, path: "/pipeline/gantt", tag: tag, summary: "Plans and days of a lifecycle's subjects, compact"}, a.pipelineGantt)
	register(a, operation{id: "get-pipeline-funnel", method: http.MethodGet, path: "/pipeline/funnel", tag: tag, summary: "How far subjects came, by county or park"}, a.pipelineFunnel)
}

// query turns the request into the domain's question over a current view of the board.
func (in PipelineQuery) query(ctx context.Context, a *API, month string) (*pipeline.View, pipeline.Query, error) {
	s, err := reader(ctx)
	if err != nil {
		return nil, pipeline.Query{}, err
	}
	v, err := a.board.Now(ctx)
	if err != nil {
		return nil, pipeline.Query{}, err
	}
	q := pipeline.Query{Scope: s, Park: park.ID(in.Park), Kind: subject.Kind(in.Kind), Lifecycle: in.Lifecycle, Officer: in.Officer,
		Light: in.Light, Text: in.Text, Late: in.Late, Stage: in.Stage}
	if in.Org != "" && (s.Enterprise == "" || in.Org != a.City) { // an enterprise has no place in the tree
		o := v.Org(org.ID(in.Org))
		if o.ID == "" || s.Enterprise != "" || !s.Within(o.Path) {
			return nil, q, fault.New(fault.NotFound, "org.not_found", "id", in.Org)
		}
		q.Below = o.Path
	}
	if month != "" {
		p, err := period.Parse(month)
		if err != nil || p.Kind() != period.KindMonth {
			return nil, q, fault.New(fault.Invalid, "period.invalid", "text", month)
		}
		q.AsOf = p.Last().Last()
	}
	if in.Lifecycle != "" {
		_, err = v.Pack(in.Lifecycle)
	}
	return v, q, err
}

func (a *API) pipelineKanban(ctx context.Context, in *struct {
	PipelineQuery
	PipelineAt
}) (*struct{ Body PipelineKanban }, error) {
	v, q, err := in.query(ctx, a, in.Month)
	if err != nil {
		return nil, err
	}
	p, lanes, err := v.Kanban(q)
	if err != nil {
		return nil, err
	}
	out := PipelineKanban{Lifecycle: lifecycleName(p, 0), Lifecycles: []PipelineLifecycle{}, AsOf: v.Today.String(), Lanes: []PipelineLane{}}
	for _, l := range v.Lifecycles(q) {
		out.Lifecycles = append(out.Lifecycles, lifecycleName(l.Pack, l.Count))
	}
	write := a.cards(v)
	for _, l := range lanes {
		lane := PipelineLane{Stage: l.Code(), Count: l.Count, AreaKnown: l.AreaKnown, Invested: l.InvestedKnown, Late: l.Late,
			MedianDays: l.MedianDays, Conversion: l.Conversion, Cards: make([]PipelineCard, 0, len(l.Rows)), Next: l.Next}
		if l.AreaKnown > 0 || l.Count == 0 {
			lane.AreaM2 = &l.AreaM2
		}
		if l.InvestedKnown > 0 || l.Count == 0 {
			yuan := float64(l.InvestmentFen) / 100
			lane.Investment = &yuan
		}
		if l.Stage != nil {
			lane.Name, lane.NameEN, lane.End = l.Stage.Name.ZH, l.Stage.Name.EN, l.Stage.End
		} else {
			lane.Name, lane.NameEN = a.both("pipeline.not_begun", nil)
		}
		for _, r := range l.Rows {
			lane.Cards = append(lane.Cards, write.of(r))
		}
		out.Lifecycle.Count += l.Count
		out.Lanes = append(out.Lanes, lane)
	}
	return &struct{ Body PipelineKanban }{out}, nil
}

func lifecycleName(p *lifecycle.Pack, count int) PipelineLifecycle {
	return PipelineLifecycle{p.Code, p.Name.ZH, p.Name.EN, count}
}

// both gives a message in Chinese and English.
func (a *API) both(key string, args map[string]any) (zh, en string) {
	zh, _ = a.Texts.Format("zh-CN", key, args)
	en, _ = a.Texts.Format("en", key, args)
	return zh, en
}

// cards writes rows as cards.
type cards struct {
	a       *API
	v       *pipeline.View
	missing map[string][2]string // sentences by what is missing, which many rows share
}

func (a *API) cards(v *pipeline.View) *cards {
	return &cards{a, v, map[string][2]string{}}
}

func (c *cards) of(r *pipeline.Row) PipelineCard {
	o := c.v.Org(r.Org)
	out := PipelineCard{Kind: string(r.Kind), ID: r.ID, Lifecycle: r.Lifecycle, Name: r.Name, Park: string(r.Park), ParkName: r.ParkName, Org: string(r.Org),
		OrgName: o.NameZH, OrgNameEN: o.NameEN, Enterprise: string(r.Enterprise), AreaM2: r.AreaM2, Stage: r.Stage, Since: r.Since.String(),
		Days: r.Days, NormDays: c.v.Norm(r.Lifecycle, r.Stage), Way: r.Way.String(), NextStage: r.Next, NextPlanned: r.NextPlanned.String(),
		SlipDays: r.Slip, Late: r.Late, Light: r.Light.String(), LightWhy: r.LightWhy.ZH, LightWhyEN: r.LightWhy.EN, LightBasis: string(r.LightBasis),
		LightRule: r.LightRule, Officer: r.Officer, Problems: r.Problems, Suspended: r.Suspended, Ended: r.Ended, Version: r.Version, Nature: r.Nature}
	if r.InvestmentFen != nil {
		yuan := float64(*r.InvestmentFen) / 100
		out.Investment = &yuan
	}
	if r.LightRule == "" && len(r.Missing) > 0 {
		out.LightWhy, out.LightWhyEN = c.lacking(r.Missing)
	}
	return out
}

// lacking says which facts a light would need.
func (c *cards) lacking(names []pack.Text) (zh, en string) {
	var inZH, inEN []string
	for _, n := range names {
		inZH, inEN = append(inZH, n.ZH), append(inEN, n.EN)
	}
	key := strings.Join(inZH, "\n")
	text, ok := c.missing[key]
	if !ok {
		text[0], _ = c.a.Texts.Format("zh-CN", "light.missing", map[string]any{"names": inZH})
		text[1], _ = c.a.Texts.Format("en", "light.missing", map[string]any{"names": inEN})
		c.missing[key] = text
	}
	return text[0], text[1]
}

type pipelineListQuery struct {
	PipelineQuery
	PipelineAt
	PipelinePaging
	Sort    string `query:"sort" maxLength:"20" doc:"name, park, org, officer, stage, since, next_planned, slip, problems, area, investment or light, with - before it for descending; empty: most urgent first"`
	Reached bool   `query:"reached" doc:"of stage: entered it, whatever came after"`
}

func (in *pipelineListQuery) list(ctx context.Context, a *API) (*pipeline.View, pipeline.Page, error) {
	v, q, err := in.query(ctx, a, in.Month)
	if err != nil {
		return nil, pipeline.Page{}, err
	}
	q.Reached = in.Reached
	p, err := v.List(q, in.Sort, in.Cursor, in.Limit)
	return v, p, err
}

func (a *API) pipelineCards(ctx context.Context, in *pipelineListQuery) (*struct{ Body PipelineCards }, error) {
	v, p, err := in.list(ctx, a)
	if err != nil {
		return nil, err
	}
	out := PipelineCards{AsOf: v.Today.String(), Total: p.Total, Items: make([]PipelineCard, 0, len(p.Rows)), Next: p.Next}
	write := a.cards(v)
	for _, r := range p.Rows {
		out.Items = append(out.Items, write.of(r))
	}
	return &struct{ Body PipelineCards }{out}, nil
}

func (a *API) pipelineTable(ctx context.Context, in *pipelineListQuery) (*struct{ Body PipelineTable }, error) {
	v, p, err := in.list(ctx, a)
	if err != nil {
		return nil, err
	}
	out := PipelineTable{AsOf: v.Today.String(), Total: p.Total, Items: make([]PipelineRow, 0, len(p.Rows)), Next: p.Next}
	write := a.cards(v)
	for _, r := range p.Rows {
		row := PipelineRow{write.of(r), make([]PipelineMilestone, 0, len(r.Marks))}
		for _, m := range r.Marks {
			row.Milestones = append(row.Milestones, PipelineMilestone{m.Stage, m.Planned.String(), m.First.String(), m.Day.String(), m.Way.String(), m.Replans, ""})
		}
		for _, d := range r.Deemed {
			i := slices.IndexFunc(row.Milestones, func(m PipelineMilestone) bool { return m.Stage == d.Stage })
			if i < 0 {
				i = len(row.Milestones)
				row.Milestones = append(row.Milestones, PipelineMilestone{Stage: d.Stage})
			}
			row.Milestones[i].Deemed = d.Day.String()
		}
		out.Items = append(out.Items, row)
	}
	return &struct{ Body PipelineTable }{out}, nil
}

func (a *API) pipelineGantt(ctx context.Context, in *struct {
	PipelineQuery
	PipelinePaging
	From string `query:"from" maxLength:"10" doc:"only subjects with a plan or a day from this day on"`
	To   string `query:"to" maxLength:"10" doc:"and up to this one"`
}) (*struct{ Body PipelineGantt }, error) {
	v, q, err := in.query(ctx, a, "")
	if err != nil {
		return nil, err
	}
	var span pipeline.Span
	for _, one := range []struct {
		text string
		into *period.Date
	}{{in.From, &span.From}, {in.To, &span.To}} {
		if one.text != "" {
			if *one.into, err = period.ParseDate(one.text); err != nil {
				return nil, err
			}
		}
	}
	p, got, err := v.Gantt(q, span, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := PipelineGantt{Lifecycle: lifecycleName(p, got.Total), Stages: stageNames(p), AsOf: v.Today.String(), Total: got.Total,
		Items: make([]PipelineLine, 0, len(got.Rows)), Next: got.Next}
	at := map[string]int{}
	for i, s := range p.Stages {
		at[s.Code] = i
	}
	for _, r := range got.Rows {
		o := v.Org(r.Org)
		line := PipelineLine{Kind: string(r.Kind), ID: r.ID, Name: r.Name, ParkName: r.ParkName, OrgName: o.NameZH, OrgNameEN: o.NameEN,
			Officer: r.Officer, Light: r.Light.String(), Suspended: r.Suspended, Ended: r.Ended, Marks: make(GanttMarks, 0, len(r.Marks))}
		for _, m := range r.Marks {
			if i, ok := at[m.Stage]; ok {
				line.Marks = append(line.Marks, GanttMark{i, m.First, m.Planned, m.Day, m.Way.String()})
			}
		}
		out.Items = append(out.Items, line)
	}
	return &struct{ Body PipelineGantt }{out}, nil
}

func stageNames(p *lifecycle.Pack) []PipelineStage {
	out := make([]PipelineStage, 0, len(p.Stages))
	for _, s := range p.Stages {
		out = append(out, PipelineStage{s.Code, s.Name.ZH, s.Name.EN, s.End})
	}
	return out
}

func (a *API) pipelineFunnel(ctx context.Context, in *struct {
	PipelineQuery
	PipelineAt
	By string `query:"by" enum:"county,park" default:"county"`
}) (*struct{ Body PipelineFunnel }, error) {
	v, q, err := in.query(ctx, a, in.Month)
	if err != nil {
		return nil, err
	}
	p, groups, total, err := v.Funnel(q, pipeline.By(in.By))
	if err != nil {
		return nil, err
	}
	out := PipelineFunnel{Lifecycle: lifecycleName(p, total.Count), AsOf: v.Today.String(), Stages: stageNames(p), Items: make([]FunnelGroup, 0, len(groups)),
		Total: FunnelTotal{total.Count, funnelStages(total)}}
	if q.AsOf != 0 {
		out.AsOf = q.AsOf.String()
	}
	kind := map[string]string{"county": "org", "park": "park"}[in.By]
	for _, g := range groups {
		out.Items = append(out.Items, FunnelGroup{g.Key, kind, g.Name, g.NameEN, g.Count, funnelStages(g)})
	}
	return &struct{ Body PipelineFunnel }{out}, nil
}

func funnelStages(f pipeline.Funnel) []FunnelStage {
	out := make([]FunnelStage, 0, len(f.Stages))
	for _, s := range f.Stages {
		out = append(out, FunnelStage{s.Stage.Code, s.Reached, s.Now, s.Conversion, s.MedianDays})
	}
	return out
}
