package api

import (
	"context"
	"net/http"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Used is the figure that the city uses of a field.
type Used struct {
	Value        float64 `json:"value" doc:"in unit; for dates yyyymmdd"`
	Unit         string  `json:"unit" enum:"m2,yuan,ratio,count,date,kwh"`
	Text         string  `json:"text,omitempty" doc:"of a date: 2024, 2024-06 or 2024-06-30, as precise as stated"`
	Stated       string  `json:"stated" doc:"as written by the source"`
	StatedUnit   string  `json:"stated_unit"`
	Nature       string  `json:"nature" enum:"declared,record,statistics,estimate,derived,simulated"`
	Source       string  `json:"source"`
	SourceRef    string  `json:"source_ref" doc:"where in the imported file"`
	AsOf         string  `json:"as_of"`
	Contradicted bool    `json:"contradicted" doc:"another standing figure says another value"`
}

// Park is a park as lists show it.
type Park struct {
	ID              string          `json:"id"`
	Name            string          `json:"name"`
	Aliases         []string        `json:"aliases"`
	Org             string          `json:"org"`
	OrgName         string          `json:"org_name"`
	OrgNameEN       string          `json:"org_name_en"`
	Parent          string          `json:"parent"`
	Pilot           *bool           `json:"pilot"`
	Mode            string          `json:"mode"`
	Developer       string          `json:"developer"`
	LeadingIndustry string          `json:"leading_industry"`
	OfficialNo      int64           `json:"official_no"`
	PhotoNo         string          `json:"photo_no"`
	Source          string          `json:"source"`
	Version         int64           `json:"version"`
	Figures         map[string]Used `json:"figures" doc:"the figures in use, by field; a field that nobody stated is absent"`
}

// Figure is one statement of a field.
type Figure struct {
	ID         string  `json:"id"`
	Value      float64 `json:"value"`
	Unit       string  `json:"unit"`
	Text       string  `json:"text,omitempty"`
	Stated     string  `json:"stated"`
	StatedUnit string  `json:"stated_unit"`
	Nature     string  `json:"nature"`
	Source     string  `json:"source"`
	SourceRef  string  `json:"source_ref"`
	AsOf       string  `json:"as_of"`
	Recorder   string  `json:"recorder"`
	RecordedAt string  `json:"recorded_at"`
	Replaced   string  `json:"replaced" doc:"the later figure of the same source; empty while this one stands"`
	Chosen     bool    `json:"chosen"`
}

// Statements are all that was stated of one field.
type Statements struct {
	Field        string   `json:"field"`
	Used         string   `json:"used" doc:"id of the figure in use"`
	Contradicted bool     `json:"contradicted"`
	Items        []Figure `json:"items"`
}

// Phase is a dated part of a park.
type Phase struct {
	No             int64  `json:"no"`
	Name           string `json:"name"`
	LandM2         *int64 `json:"land_m2"`
	FloorAreaBuilt *int64 `json:"floor_area_built_m2"`
	Lettable       *int64 `json:"lettable_area_m2"`
	Started        string `json:"started"`
	Completed      string `json:"completed"`
	Opened         string `json:"opened"`
	Nature         string `json:"nature"`
	Source         string `json:"source"`
}

// Zone is the legal development zone that a park lies in.
type Zone struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	AreaHa     *float64 `json:"area_ha"`
	Industries string   `json:"industries"`
	Source     string   `json:"source"`
}

// OriginalCell is a cell of the list that last brought the park.
type OriginalCell struct {
	Key    string `json:"key"`
	Column string `json:"column"`
	Ref    string `json:"ref"`
	Text   string `json:"text"`
	Unit   string `json:"unit,omitempty"`
}

// ParkDetail is a park as its own page shows it.
type ParkDetail struct {
	Park
	Statements []Statements   `json:"statements"`
	Phases     []Phase        `json:"phases"`
	Children   []Named        `json:"children"`
	Zone       *Zone          `json:"zone,omitempty" doc:"absent where it lies in none, or nobody said"`
	Original   []OriginalCell `json:"original_row" nullable:"true"`
}

type parkQuery struct {
	Paging
	Org   string `query:"org" maxLength:"40" doc:"only at and below this org"`
	Text  string `query:"q" maxLength:"200" doc:"occurs in the name or an alias"`
	Pilot string `query:"pilot" enum:"true,false" doc:"only pilots, or only those said not to be"`
	Sort  string `query:"sort" maxLength:"40" doc:"a field's key, with - for largest first"`
}

type parkBody struct {
	ETag string `header:"ETag"`
	Body ParkDetail
}

// ParkPath names a park.
type ParkPath struct {
	ID string `path:"id" maxLength:"40"`
}

func (a *API) parks() {
	register(a, operation{id: "list-parks", method: http.MethodGet, path: "/parks", tag: "parks", summary: "Parks with the figures in use"}, a.listParks)
	register(a, operation{id: "get-park", method: http.MethodGet, path: "/parks/{id}", tag: "parks", summary: "One park with every statement about it"},
		func(ctx context.Context, in *ParkPath) (*parkBody, error) { return a.parkPage(ctx, park.ID(in.ID)) })
}

func (a *API) listParks(ctx context.Context, in *parkQuery) (*struct{ Body listOf[Park] }, error) {
	out := listOf[Park]{Items: []Park{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		q := park.Query{Below: path, Text: in.Text, Sort: in.Sort, After: in.Cursor, Limit: in.Limit}
		if in.Pilot != "" {
			pilot := in.Pilot == "true"
			q.Pilot = &pilot
		}
		rows, next, err := park.List(ctx, r, s, q)
		for _, row := range rows {
			out.Items = append(out.Items, parkRow(row))
		}
		out.Next = next
		return err
	})
	return &struct{ Body listOf[Park] }{out}, err
}

func (a *API) parkPage(ctx context.Context, id park.ID) (*parkBody, error) {
	var d park.Detail
	err := a.read(ctx, func(r db.Reader, s auth.Scope) (err error) {
		d, err = park.Get(ctx, r, s, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &parkBody{etag(d.Version), parkDetail(d)}, nil
}

func parkRow(row park.Row) Park {
	p := Park{ID: string(row.ID), Name: row.Name, Aliases: row.Aliases, Org: string(row.Org), OrgName: row.OrgName, OrgNameEN: row.OrgNameEN,
		Parent: string(row.Parent), Pilot: row.Pilot, Mode: row.Mode, Developer: row.Developer, LeadingIndustry: row.LeadingIndustry,
		OfficialNo: row.OfficialNo, PhotoNo: row.PhotoNo, Source: row.Source, Version: row.Version, Figures: map[string]Used{}}
	if p.Aliases == nil {
		p.Aliases = []string{}
	}
	for field, u := range row.Used {
		value, unitName, text := shown(u.Figure)
		p.Figures[field] = Used{Value: value, Unit: unitName, Text: text, Stated: u.Stated, StatedUnit: u.StatedUnit, Nature: string(u.Nature),
			Source: u.Source, SourceRef: u.SourceRef, AsOf: u.AsOf.String(), Contradicted: u.Contradicted}
	}
	return p
}

// shown turns a stored figure into the value, unit and date text that go over the wire.
func shown(f figure.Figure) (value float64, unitName, text string) {
	switch f.Unit {
	case unit.Fen:
		return float64(f.Value) / 100, "yuan", ""
	case unit.PPM:
		return float64(f.Value) / 1e6, "ratio", ""
	case unit.Day:
		return float64(f.Value), "date", period.Date(f.Value).String()
	default:
		return float64(f.Value), string(f.Unit), ""
	}
}

func parkDetail(d park.Detail) ParkDetail {
	out := ParkDetail{Park: parkRow(d.Row), Statements: []Statements{}, Phases: []Phase{}, Children: []Named{}}
	for _, s := range d.Statements {
		group := Statements{Field: s.Field, Used: string(s.Used), Contradicted: s.Contradicted, Items: []Figure{}}
		for _, f := range s.Items {
			group.Items = append(group.Items, figureOf(f))
		}
		out.Statements = append(out.Statements, group)
	}
	for _, p := range d.Phases {
		out.Phases = append(out.Phases, Phase{p.No, p.Name, p.LandM2, p.FloorAreaBuiltM2, p.LettableM2,
			p.Started.String(), p.Completed.String(), p.Opened.String(), string(p.Nature), p.Source})
	}
	for _, c := range d.Children {
		out.Children = append(out.Children, Named{string(c.ID), c.Name})
	}
	if z := d.LiesIn; z != nil {
		out.Zone = &Zone{Code: z.Code, Name: z.Name, Industries: z.Industries, Source: z.Source}
		if z.AreaM2 != nil {
			ha := float64(*z.AreaM2) / 10_000
			out.Zone.AreaHa = &ha
		}
	}
	for _, c := range d.Original {
		out.Original = append(out.Original, OriginalCell(c))
	}
	return out
}

func figureOf(f figure.Figure) Figure {
	value, unitName, text := shown(f)
	return Figure{ID: string(f.ID), Value: value, Unit: unitName, Text: text, Stated: f.Stated, StatedUnit: f.StatedUnit, Nature: string(f.Nature),
		Source: f.Source, SourceRef: f.SourceRef, AsOf: f.AsOf.String(), Recorder: f.Recorder,
		RecordedAt: instant(time.UnixMicro(f.RecordedAt)), Replaced: string(f.Replaced), Chosen: f.Chosen}
}
