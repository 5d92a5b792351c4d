package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ReadingGroup is one value of a split reading.
type ReadingGroup struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	NameEN  string   `json:"name_en"`
	Value   *float64 `json:"value" doc:"null: nothing is known"`
	Natures []string `json:"natures"`
}

// ReadingPart is the numerator or the denominator of a ratio.
type ReadingPart struct {
	IndicatorName
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Reading is an indicator's value for a place and a period, with the target beside it where there is one.
type Reading struct {
	Indicator   string         `json:"indicator"`
	Org         string         `json:"org" doc:"the org asked for, else the top of what the caller may see"`
	Period      string         `json:"period"`
	AsOf        string         `json:"as_of" doc:"last month that the value covers; empty when the period lies after all that is known"`
	Value       *float64       `json:"value" doc:"null: nothing is known"`
	Unit        string         `json:"unit" enum:"m2,yuan,ratio,count"`
	Natures     []string       `json:"natures" doc:"natures of the rows that were counted"`
	RuleVersion string         `json:"rule_version"`
	Sequence    int64          `json:"sequence" doc:"the change of the ledger up to which this is computed"`
	Previous    *float64       `json:"previous" doc:"the same months of last year; null: nothing is known"`
	Numerator   *ReadingPart   `json:"numerator,omitempty"`
	Denominator *ReadingPart   `json:"denominator,omitempty"`
	Target      *ReadingTarget `json:"target,omitempty" doc:"absent where the place and the year have none, and for those who enter figures"`
	Groups      []ReadingGroup `json:"groups"`
}

// ReadingRow is one row of the ledger behind a number.
type ReadingRow struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind" enum:"park,phase,tenancy,filing,project"`
	Name       string   `json:"name"`
	Amount     float64  `json:"amount" doc:"what the row adds to the number, in its unit"`
	Quantity   *float64 `json:"quantity,omitempty" doc:"of a ratio: the row's own quantity"`
	QuantityIn string   `json:"quantity_unit,omitempty"`
	Nature     string   `json:"nature"`
	Source     string   `json:"source"`
	Org        string   `json:"org"`
	OrgName    string   `json:"org_name"`
	OrgNameEN  string   `json:"org_name_en"`
	Park       string   `json:"park"`
	ParkName   string   `json:"park_name"`
	Enterprise string   `json:"enterprise"`
	Date       string   `json:"date" doc:"the day that made the row count"`
	Subtracted bool     `json:"subtracted" doc:"a row of last year, of an indicator that compares years"`
}

// ReadingRows is a page of the rows behind a number; count and sum are of all of them.
type ReadingRows struct {
	Count int          `json:"count"`
	Sum   *float64     `json:"sum" doc:"null: nothing is known"`
	Unit  string       `json:"unit"`
	Items []ReadingRow `json:"items"`
	Next  string       `json:"next"`
}

// ReadingQuery says which reading is wanted.
type ReadingQuery struct {
	Indicator string `query:"indicator" required:"true" maxLength:"80" doc:"code"`
	Org       string `query:"org" maxLength:"40" doc:"count at and below this org; empty: all that the caller may see"`
	Park      string `query:"park" maxLength:"40"`
	Industry  string `query:"industry" maxLength:"10" doc:"a division of GB/T 4754: two digits"`
	Period    string `query:"period" maxLength:"10" doc:"2024, 2024-Q2 or 2024-06; empty: the last year of which every month has returns"`
	By        string `query:"by" enum:"org,park,industry,month"`
}

func (a *API) readings() {
	register(a, operation{id: "get-reading", method: http.MethodGet, path: "/readings", tag: "readings", summary: "An indicator's value, split if wanted"}, a.reading)
	register(a, operation{id: "list-reading-rows", method: http.MethodGet, path: "/readings/rows", tag: "readings", summary: "The rows behind a value or one of its groups"}, a.readingRows)
}

// query turns the request into the domain's question over a current view of the ledger.
func (in ReadingQuery) query(ctx context.Context, a *API) (*indicator.View, indicator.Query, error) {
	s, err := reader(ctx)
	if err != nil {
		return nil, indicator.Query{}, err
	}
	v, err := a.Panels.Now(ctx)
	if err != nil {
		return nil, indicator.Query{}, err
	}
	q := indicator.Query{Code: in.Indicator, Scope: s, Park: in.Park, By: indicator.By(in.By)}
	if in.Org != "" && (s.Enterprise == "" || in.Org != a.City) {
		if q.Path = v.Path(in.Org); q.Path == "" || s.Enterprise != "" {
			return nil, q, fault.New(fault.NotFound, "org.not_found", "id", in.Org)
		}
	}
	if in.Industry != "" {
		code, err := industry.Parse(in.Industry)
		if err != nil {
			return nil, q, err
		}
		q.Industry = string(code.Division())
	}
	q.Period = v.DefaultPeriod()
	if in.Period != "" {
		q.Period, err = period.Parse(in.Period)
	}
	return v, q, err
}

func (a *API) reading(ctx context.Context, in *ReadingQuery) (*struct{ Body Reading }, error) {
	v, q, err := in.query(ctx, a)
	if err != nil {
		return nil, err
	}
	got, err := a.Book.Read(v, q)
	if err != nil {
		return nil, err
	}
	u, _, _ := unitOf(got.Definition)
	out := Reading{Indicator: q.Code, Org: placeOf(q), Period: q.Period.String(), AsOf: monthText(got.AsOf), Value: float(got.Value), Unit: u,
		Natures: list(got.Natures), RuleVersion: got.Definition.Pack, Sequence: got.Sequence, Previous: float(got.Previous),
		Numerator: part(got.Numerator), Denominator: part(got.Denominator), Groups: []ReadingGroup{}}
	for _, g := range got.Groups {
		name, nameEN := a.groupName(v, q.By, g.Key)
		out.Groups = append(out.Groups, ReadingGroup{g.Key, name, nameEN, float(g.Value), list(g.Natures)})
	}
	if q.Park == "" && q.Industry == "" && caller(ctx).May(auth.TargetRead) {
		out.Target, err = a.targetOf(ctx, q, v, got)
	}
	return &struct{ Body Reading }{out}, err
}

// placeOf is the org that a reading is of: the one asked for, else the top of what the caller may see; empty for an
// enterprise, which has none.
func placeOf(q indicator.Query) string {
	if q.Path != "" {
		return string(org.Leaf(q.Path))
	}
	return string(org.Leaf(q.Scope.Path))
}

func monthText(m period.Month) string {
	if m == 0 {
		return ""
	}
	return m.String()
}

func float(x *indicator.Amount) *float64 {
	if x == nil {
		return nil
	}
	f := x.Float()
	return &f
}

// list is never null on the wire.
func list(s []string) []string { return append([]string{}, s...) }

func part(p *indicator.Part) *ReadingPart {
	if p == nil {
		return nil
	}
	u, _, _ := unitOf(p.Definition)
	return &ReadingPart{*named(p.Definition), p.Value.Float(), u}
}

// groupName is what people call a group; empty for the group of rows that belong to none.
func (a *API) groupName(v *indicator.View, by indicator.By, key string) (zh, en string) {
	switch by {
	case indicator.ByOrg:
		o, _ := v.Org(key)
		return o.NameZH, o.NameEN
	case indicator.ByPark:
		name := v.ParkName(key)
		return name, name
	case indicator.ByIndustry:
		name := a.Industries.Name(industry.Code(key))
		return name, name
	default:
		return key, key
	}
}

func (a *API) readingRows(ctx context.Context, in *struct {
	ReadingQuery
	Paging
	Group string `query:"group" maxLength:"80" doc:"key of a group of the split; the empty key is a group too; needs by"`
	Part  string `query:"part" enum:"numerator,denominator" doc:"of a ratio"`
	Grouped
}) (*struct{ Body ReadingRows }, error) {
	v, q, err := in.query(ctx, a)
	if err != nil {
		return nil, err
	}
	split := in.Given && q.By != indicator.ByNone
	got, err := a.Book.Rows(v, q, indicator.Drill{Group: in.Group, Split: split, Part: in.Part, After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	u, _, _ := unitOf(got.Definition)
	out := ReadingRows{Count: got.Count, Sum: float(got.Sum), Unit: u, Items: []ReadingRow{}, Next: got.Next}
	names, err := a.rowNames(ctx, v, got.Items)
	if err != nil {
		return nil, err
	}
	for i, row := range got.Items {
		o, _ := v.OrgAt(row.OrgPath)
		item := ReadingRow{ID: row.ID, Kind: row.Table, Name: names[i], Amount: row.Amount.Float(), Nature: row.Nature, Source: row.Source,
			Org: string(o.ID), OrgName: o.NameZH, OrgNameEN: o.NameEN, Park: row.Park, ParkName: v.ParkName(row.Park),
			Enterprise: row.Enterprise, Date: row.Date.String(), Subtracted: row.Last}
		if row.Raw != nil {
			item.Quantity, item.QuantityIn = float(row.Raw), "m2"
		}
		out.Items = append(out.Items, item)
	}
	return &struct{ Body ReadingRows }{out}, nil
}

// Grouped says whether the request names a group at all: the empty key is a group as well.
type Grouped struct{ Given bool }

// Resolve looks at the raw query.
func (g *Grouped) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	g.Given = u.Query().Has("group")
	return nil
}

// rowNames gives what people call the rows: the enterprise of a tenancy or a return, the park of a phase.
func (a *API) rowNames(ctx context.Context, v *indicator.View, rows []indicator.Row) ([]string, error) {
	firms, projects := map[enterprise.ID]string{}, map[project.ID]string{}
	for _, row := range rows {
		switch row.Table {
		case "tenancy", "filing":
			firms[enterprise.ID(row.Enterprise)] = ""
		case "project":
			projects[project.ID(row.ID)] = ""
		}
	}
	err := a.DB.Read(ctx, func(r db.Reader) error {
		err := enterprise.EachFacts(ctx, r, a.City, keysOf(firms), func(f *enterprise.Facts) error {
			firms[f.ID] = f.Name
			return nil
		})
		if err != nil {
			return err
		}
		return project.EachRow(ctx, r, a.City, keysOf(projects), func(p *project.PanelRow) error {
			projects[p.ID] = p.Name
			return nil
		})
	})
	out := make([]string, len(rows))
	for i, row := range rows {
		switch row.Table {
		case "tenancy", "filing":
			out[i] = firms[enterprise.ID(row.Enterprise)]
		case "project":
			out[i] = projects[project.ID(row.ID)]
		default:
			out[i] = v.ParkName(row.Park)
		}
	}
	return out, err
}

// keysOf is never nil: to a feed, nil means every row.
func keysOf[K ~string](m map[K]string) []K {
	return append(make([]K, 0, len(m)), slices.Collect(maps.Keys(m))...)
}
