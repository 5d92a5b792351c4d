package api

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// PipelineStage is a stage of a lifecycle by name.
type PipelineStage struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	End    bool   `json:"end" doc:"nothing follows it"`
}

// PipelineLifecycle is a lifecycle that the caller's subjects pass.
type PipelineLifecycle struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Count  int    `json:"count" doc:"subjects of the query that pass it"`
}

// PipelineCard is a tenancy or project on the board.
type PipelineCard struct {
	Kind        string   `json:"kind" enum:"tenancy,project"`
	ID          string   `json:"id"`
	Lifecycle   string   `json:"lifecycle"`
	Name        string   `json:"name"`
	Park        string   `json:"park" doc:"empty where no park is known"`
	ParkName    string   `json:"park_name"`
	Org         string   `json:"org"`
	OrgName     string   `json:"org_name"`
	OrgNameEN   string   `json:"org_name_en"`
	Enterprise  string   `json:"enterprise"`
	AreaM2      *int64   `json:"area_m2"`
	Investment  *float64 `json:"investment" doc:"yuan"`
	Stage       string   `json:"stage" doc:"where it stands; empty before the first stage"`
	Since       string   `json:"since"`
	Days        *int     `json:"days" doc:"since then; null where that is not known to the day"`
	NormDays    *int     `json:"norm_days" doc:"median of the city's finished stays in the stage; null for fewer than ten"`
	Way         string   `json:"way"`
	NextStage   string   `json:"next_stage" doc:"planned next; empty without a plan"`
	NextPlanned string   `json:"next_planned"`
	SlipDays    *int     `json:"slip_days" doc:"from the first plan of next_stage to its last; null where one is not known to the day"`
	Late        bool     `json:"late" doc:"next_planned is over"`
	Light       string   `json:"light" enum:"off,green,watched,yellow,red"`
	LightWhy    string   `json:"light_why"`
	LightWhyEN  string   `json:"light_why_en"`
	LightBasis  string   `json:"light_basis" enum:",established,assumed"`
	LightRule   string   `json:"light_rule" doc:"code of the rule that gave it"`
	Officer     string   `json:"officer"`
	Problems    int      `json:"problems" doc:"not closed yet"`
	Suspended   bool     `json:"suspended"`
	Ended       string   `json:"ended" doc:"the end that was entered; empty while it goes on"`
	Version     int64    `json:"version"`
	Nature      string   `json:"nature"`
}

// PipelineLane is the subjects that stand in one stage.
type PipelineLane struct {
	Stage      string         `json:"stage" doc:"none: subjects that entered no stage yet"`
	Name       string         `json:"name"`
	NameEN     string         `json:"name_en"`
	End        bool           `json:"end"`
	Count      int            `json:"count"`
	AreaM2     *int64         `json:"area_m2" doc:"of those whose area is known; null where it is of none"`
	AreaKnown  int            `json:"area_known" doc:"subjects whose area is known"`
	Investment *float64       `json:"investment" doc:"yuan, of those whose investment is known; null where it is of none"`
	Invested   int            `json:"investment_known" doc:"subjects whose investment is known"`
	Late       int            `json:"late"`
	MedianDays *int           `json:"median_days" doc:"of finished stays in the stage"`
	Conversion *float64       `json:"conversion" doc:"share of those that entered what must come first which entered this stage"`
	Cards      []PipelineCard `json:"cards" doc:"the first thirty"`
	Next       string         `json:"next" doc:"cursor of the others in /pipeline/cards"`
}

// PipelineKanban is a lifecycle as lanes.
type PipelineKanban struct {
	Lifecycle  PipelineLifecycle   `json:"lifecycle"`
	Lifecycles []PipelineLifecycle `json:"lifecycles" doc:"all that the query's subjects pass"`
	AsOf       string              `json:"as_of"`
	Lanes      []PipelineLane      `json:"lanes"`
}

// PipelineMilestone is a stage of a subject's way.
type PipelineMilestone struct {
	Stage        string `json:"stage"`
	Planned      string `json:"planned"`
	FirstPlanned string `json:"first_planned"`
	Day          string `json:"day" doc:"the day that counts"`
	Way          string `json:"way"`
	Replans      int    `json:"replans"`
	Deemed       string `json:"deemed" doc:"the day on which a rule deems it entered although nobody says so; it is not counted"`
}

// PipelineRow is a row of the table.
type PipelineRow struct {
	PipelineCard
	Milestones []PipelineMilestone `json:"milestones"`
}

// PipelineCards is a page of cards.
type PipelineCards struct {
	AsOf  string         `json:"as_of"`
	Total int            `json:"total"`
	Items []PipelineCard `json:"items"`
	Next  string         `json:"next"`
}

// PipelineTable is a page of the table.
type PipelineTable struct {
	AsOf  string        `json:"as_of"`
	Total int           `json:"total"`
	Items []PipelineRow `json:"items"`
	Next  string        `json:"next"`
}

// GanttMark is one stage of a line: which of the stages, the first plan, the last one, the day that counts and its way.
type GanttMark struct {
	Stage               int
	First, Planned, Day period.Date
	Way                 string
}

// GanttMarks is written as one array of five for each mark: a chart has a dozen of them in each of a thousand lines.
type GanttMarks []GanttMark

// MarshalJSON writes the arrays.
func (marks GanttMarks) MarshalJSON() ([]byte, error) { return marks.append(nil), nil }

func (marks GanttMarks) append(b []byte) []byte {
	b = append(b, '[')
	for i, m := range marks {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '['), int64(m.Stage), 10)
		for _, d := range [...]period.Date{m.First, m.Planned, m.Day} {
			b = append(appendDate(append(b, ',', '"'), d), '"')
		}
		b = append(append(append(b, ',', '"'), m.Way...), '"', ']') // a way's name has nothing to escape
	}
	return append(b, ']')
}

// appendDate writes what Date.String gives.
func appendDate(b []byte, d period.Date) []byte {
	if d == 0 {
		return b
	}
	digits := func(n int) { b = append(b, '-', byte('0'+n/10), byte('0'+n%10)) }
	y := d.Year()
	b = append(b, byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
	if m := int(d) / 100 % 100; m != 0 {
		digits(m)
	}
	if day := int(d) % 100; day != 0 {
		digits(day)
	}
	return b
}

// Schema describes the arrays.
func (GanttMarks) Schema(huma.Registry) *huma.Schema {
	five := 5
	return &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeArray, MinItems: &five, MaxItems: &five,
		Description: "index of the stage, first planned, planned, the day that counts, its way",
		Items:       &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeInteger}}}}}
}

// PipelineLine is a subject's line of the Gantt chart.
type PipelineLine struct {
	Kind      string     `json:"kind" enum:"tenancy,project"`
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	ParkName  string     `json:"park_name"`
	OrgName   string     `json:"org_name"`
	OrgNameEN string     `json:"org_name_en"`
	Officer   string     `json:"officer"`
	Light     string     `json:"light" enum:"off,green,watched,yellow,red"`
	Suspended bool       `json:"suspended"`
	Ended     string     `json:"ended"`
	Marks     GanttMarks `json:"marks"`
}

// PipelineGantt is a page of the Gantt chart.
type PipelineGantt struct {
	Lifecycle PipelineLifecycle `json:"lifecycle"`
	Stages    []PipelineStage   `json:"stages"`
	AsOf      string            `json:"as_of"`
	Total     int               `json:"total"`
	Items     []PipelineLine    `json:"items"`
	Next      string            `json:"next"`
}

// FunnelStage is a stage of a funnel.
type FunnelStage struct {
	Stage      string   `json:"stage"`
	Reached    int      `json:"reached" doc:"entered it; the rows: /pipeline/table with stage and reached=true"`
	Now        int      `json:"now" doc:"stand there; the rows: /pipeline/table with stage"`
	Conversion *float64 `json:"conversion" doc:"share of those that entered what must come first which entered this stage"`
	MedianDays *int     `json:"median_days" doc:"of finished stays in the stage"`
}

// FunnelGroup is the funnel of a place.
type FunnelGroup struct {
	ID     string        `json:"id" doc:"empty for subjects without a park"`
	Kind   string        `json:"kind" enum:"org,park"`
	Name   string        `json:"name"`
	NameEN string        `json:"name_en"`
	Count  int           `json:"count" doc:"subjects"`
	Stages []FunnelStage `json:"stages"`
}

// FunnelTotal is the funnel of all.
type FunnelTotal struct {
	Count  int           `json:"count" doc:"subjects"`
	Stages []FunnelStage `json:"stages"`
}

// PipelineFunnel is how far subjects came, by place.
type PipelineFunnel struct {
	Lifecycle PipelineLifecycle `json:"lifecycle"`
	AsOf      string            `json:"as_of"`
	Stages    []PipelineStage   `json:"stages"`
	Items     []FunnelGroup     `json:"items"`
	Total     FunnelTotal       `json:"total"`
}
