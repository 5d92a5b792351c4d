package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ReadinessWindow is one chance to enter the list.
type ReadinessWindow struct {
	Batch  string `json:"batch" doc:"month from which it is in the list"`
	Closes string `json:"closes" doc:"last day on which material is taken"`
}

// ReadinessSign is a county's leading sign.
type ReadinessSign struct {
	Sign  string   `json:"sign" enum:"electricity,taxable_sales,tax,revenue"`
	Over  string   `json:"over" enum:"year,month"`
	Value *float64 `json:"value" doc:"in unit; null where months are missing or nobody files it"`
	Above float64  `json:"above" doc:"in unit"`
	Unit  string   `json:"unit"`
	Known int      `json:"known" doc:"months that are known"`
	Asked int      `json:"asked"`
	Hit   bool     `json:"hit"`
}

// ReadinessBase is how ready an enterprise is, as lists and its own page show it. Amounts are yuan.
type ReadinessBase struct {
	Enterprise   string           `json:"enterprise"`
	Name         string           `json:"name"`
	USCC         string           `json:"uscc"`
	Org          string           `json:"org" doc:"the office that works on it"`
	OrgName      string           `json:"org_name"`
	OrgNameEN    string           `json:"org_name_en"`
	Park         string           `json:"park"`
	ParkName     string           `json:"park_name"`
	Industry     string           `json:"industry"`
	IndustryName string           `json:"industry_name"`
	Nature       string           `json:"nature"`
	Sector       string           `json:"sector"`
	SectorName   string           `json:"sector_name"`
	SectorNameEN string           `json:"sector_name_en"`
	Verdict      string           `json:"verdict" enum:"ready,preparing,misses,below,waiting,in_list,licence,unknown,no_sector"`
	Says         string           `json:"says" doc:"the verdict as a sentence"`
	SaysEN       string           `json:"says_en"`
	Path         string           `json:"path" enum:"monthly,yearly,"`
	Window       *ReadinessWindow `json:"window"`
	Reachable    *ReadinessWindow `json:"reachable" doc:"for one that misses its window: the first that it can make"`
	DaysLeft     *int             `json:"days_left"`
	Rolling      *float64         `json:"rolling" doc:"yuan, of the known months that count for the window; null where none is known"`
	Threshold    *float64         `json:"threshold" doc:"yuan; null where the sector has none"`
	From         string           `json:"from" doc:"first month that counts"`
	To           string           `json:"to" doc:"last month that counts"`
	Known        int              `json:"known"`
	Asked        int              `json:"asked"`
	Met          bool             `json:"met"`
	MetIn        string           `json:"met_in"`
	LateDays     *int             `json:"late_days"`
	ReadyOn      string           `json:"ready_on"`
	Opened       string           `json:"opened" doc:"in production since"`
	Relocated    bool             `json:"relocated"`
	InListSince  string           `json:"in_list_since"`
	Accepted     string           `json:"accepted"`
	Applied      string           `json:"applied"`
	NextTask     string           `json:"next_task"`
	NextTaskEN   string           `json:"next_task_en"`
	NextDue      string           `json:"next_due"`
	Signs        []ReadinessSign  `json:"signs"`
}

// ReadinessItem is an enterprise on the board.
type ReadinessItem struct {
	ReadinessBase
	Blocks int `json:"blocks" doc:"how many things are in the way"`
	Notes  int `json:"notes"`
}

// ReadinessSummary counts enterprises by verdict.
type ReadinessSummary struct {
	Ready     int `json:"ready"`
	Preparing int `json:"preparing"`
	Misses    int `json:"misses"`
	Below     int `json:"below"`
	Waiting   int `json:"waiting"`
	InList    int `json:"in_list"`
	Licence   int `json:"licence"`
	Unknown   int `json:"unknown"`
	NoSector  int `json:"no_sector"`
	Entered   int `json:"entered" doc:"came into the list by a window of the year; without moves inside the city"`
}

// ReadinessChance is a window of the year with those that have it next.
type ReadinessChance struct {
	ReadinessWindow
	Path      string `json:"path" enum:"monthly,yearly"`
	DaysLeft  *int   `json:"days_left" doc:"null when it is over"`
	Ready     int    `json:"ready"`
	Preparing int    `json:"preparing"`
	Misses    int    `json:"misses"`
	Waiting   int    `json:"waiting"`
}

// EnrolmentPackName says which rules hold.
type EnrolmentPackName struct {
	Code   string `json:"code"`
	Number string `json:"number"`
	Issuer string `json:"issuer"`
}

// ReadinessBoard is a page of the board.
type ReadinessBoard struct {
	Year    int               `json:"year"`
	Today   string            `json:"today"`
	Pack    EnrolmentPackName `json:"pack"`
	Summary ReadinessSummary  `json:"summary"`
	Windows []ReadinessChance `json:"windows" doc:"of the year"`
	Items   []ReadinessItem   `json:"items"`
	Next    string            `json:"next"`
}

type readinessQuery struct {
	Paging
	Org     string `query:"org" maxLength:"40"`
	Park    string `query:"park" maxLength:"40"`
	Verdict string `query:"verdict" maxLength:"20" enum:"ready,preparing,misses,below,waiting,in_list,licence,unknown,no_sector"`
	Text    string `query:"q" maxLength:"200"`
	Year    int    `query:"year" minimum:"2000" maximum:"2199" doc:"that windows close in; without it this year, and those without a window too"`
}

// ReadinessPath names an enterprise.
type ReadinessPath struct {
	Enterprise string `path:"enterprise" maxLength:"40"`
}

func (a *API) readiness() {
	a.enrolled = enrolment.NewBoard(a.City)
	register(a, operation{id: "list-readiness", method: http.MethodGet, path: "/readiness", tag: "readiness", summary: "How near enterprises are to the bureau's list, what decides the year first"}, a.listReadiness)
	register(a, operation{id: "get-readiness", method: http.MethodGet, path: "/readiness/{enterprise}", tag: "readiness", summary: "One enterprise: what is in the way, what to do by when, facts and papers"},
		func(ctx context.Context, in *ReadinessPath) (*struct{ Body ReadinessDetail }, error) {
			return a.readinessPage(ctx, enterprise.ID(in.Enterprise))
		})
	register(a, operation{id: "add-enrolment-fact", method: http.MethodPost, path: "/readiness/{enterprise}/facts", tag: "readiness", status: http.StatusCreated, summary: "Record what the statistics bureau said, or take it back"}, a.addEnrolmentFact)
	register(a, operation{id: "add-enrolment-paper", method: http.MethodPost, path: "/readiness/{enterprise}/papers", tag: "readiness", status: http.StatusCreated, summary: "Record whether a material is there, and how long it holds"}, a.addEnrolmentPaper)
	register(a, operation{id: "get-enrolment-pack", method: http.MethodGet, path: "/enrolment-pack", tag: "readiness", summary: "The rules that hold today, each with its basis and source"}, a.enrolmentPack)
}

func (a *API) listReadiness(ctx context.Context, in *readinessQuery) (*struct{ Body ReadinessBoard }, error) {
	var out ReadinessBoard
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		v, err := a.enrolled.Now(ctx, r, a.today())
		if err != nil {
			return err
		}
		list, err := v.List(enrolment.Query{Scope: s, Below: path, Park: park.ID(in.Park), Verdict: enrolment.Verdict(in.Verdict), Text: in.Text, Year: in.Year,
			After: in.Cursor, Limit: in.Limit})
		if err != nil {
			return err
		}
		show := readinessView{a: a, v: v, scope: s}
		out = ReadinessBoard{Year: list.Year, Today: v.Today.String(), Pack: packName(v.Pack), Items: []ReadinessItem{}, Windows: []ReadinessChance{}, Next: list.Next}
		n := list.Counts
		out.Summary = ReadinessSummary{n[enrolment.Ready], n[enrolment.Preparing], n[enrolment.Misses], n[enrolment.Below], n[enrolment.Waiting], n[enrolment.InList],
			n[enrolment.Licence], n[enrolment.Unknown], n[enrolment.NoSector], list.Entered}
		for _, c := range list.Chances {
			out.Windows = append(out.Windows, show.chance(c))
		}
		for _, row := range list.Rows {
			out.Items = append(out.Items, ReadinessItem{show.base(row), len(row.Blocks), len(row.Notes)})
		}
		return nil
	})
	return &struct{ Body ReadinessBoard }{out}, err
}

// readinessRow gives the row of an enterprise that the scope covers. Error kind NotFound, key "enterprise.not_found".
func (a *API) readinessRow(ctx context.Context, r db.Reader, s auth.Scope, id enterprise.ID) (*enrolment.View, *enrolment.Row, error) {
	if _, err := enterprise.Get(ctx, r, s, id); err != nil {
		return nil, nil, err
	}
	v, err := a.enrolled.Now(ctx, r, a.today())
	if err != nil {
		return nil, nil, err
	}
	row, ok := v.Row(id)
	if !ok {
		return nil, nil, fault.New(fault.NotFound, "enterprise.not_found", "id", id)
	}
	return v, row, nil
}

func (a *API) readinessPage(ctx context.Context, id enterprise.ID) (*struct{ Body ReadinessDetail }, error) {
	var out ReadinessDetail
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		v, row, err := a.readinessRow(ctx, r, s, id)
		if err == nil {
			out = readinessView{a: a, v: v, scope: s}.detail(row, may(ctx, auth.EnrolmentEdit) == nil)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body ReadinessDetail }{out}, nil
}

type factBody struct {
	ReadinessPath
	Body struct {
		Fact   string   `json:"fact" maxLength:"20" enum:"applied,returned,accepted,listed,delisted,base,last_year"`
		Day    string   `json:"day" maxLength:"10" doc:"on which it was said or done; not after today"`
		Month  string   `json:"month,omitempty" maxLength:"7" doc:"of the list, for accepted, listed and delisted; of base and last_year any month of the year they are of, last year without it"`
		Value  *float64 `json:"value,omitempty" doc:"yuan, of base and last_year"`
		Source string   `json:"source" maxLength:"500"`
		Nature string   `json:"nature,omitempty" maxLength:"20" doc:"record where empty"`
		Void   bool     `json:"void,omitempty" doc:"takes back the latest entry of this fact that stands"`
	}
}

func (a *API) addEnrolmentFact(ctx context.Context, in *factBody) (*struct{ Body ReadinessDetail }, error) {
	f := enrolment.Fact{Enterprise: enterprise.ID(in.Enterprise), Word: enrolment.Word(in.Body.Fact), Source: in.Body.Source, Void: in.Body.Void, Nature: figure.Nature(in.Body.Nature)}
	if f.Nature == "" {
		f.Nature = figure.Record
	}
	if in.Body.Value != nil {
		v, err := unit.MustOf("元").Parse(plain(*in.Body.Value))
		if err != nil {
			return nil, err
		}
		f.Value = &v
	}
	var err error
	if f.Day, err = period.ParseDate(in.Body.Day); err != nil {
		return nil, err
	}
	month, err := period.ParseDate(in.Body.Month)
	if err != nil {
		return nil, err
	}
	f.Month = month.Month()
	err = a.write(ctx, auth.EnrolmentEdit, func(w db.Writer, act org.Act) error {
		_, err := enrolment.Add(ctx, w, act, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.readinessPage(ctx, f.Enterprise)
}

type paperBody struct {
	ReadinessPath
	Body struct {
		Paper    string `json:"paper" maxLength:"40" doc:"code of a material of the pack"`
		Have     bool   `json:"have"`
		Expires  string `json:"expires,omitempty" maxLength:"10" doc:"last day on which it holds; without it as the pack says"`
		Evidence string `json:"evidence,omitempty" maxLength:"40" doc:"id of evidence of this enterprise or one of its tenancies"`
		Source   string `json:"source,omitempty" maxLength:"500"`
	}
}

func (a *API) addEnrolmentPaper(ctx context.Context, in *paperBody) (*struct{ Body ReadinessDetail }, error) {
	expires, err := period.ParseDate(in.Body.Expires)
	if err != nil {
		return nil, err
	}
	id := enterprise.ID(in.Enterprise)
	err = a.write(ctx, auth.EnrolmentEdit, func(w db.Writer, act org.Act) error {
		v, _, err := a.readinessRow(ctx, w.Reader, act.Scope, id)
		if err != nil {
			return err
		}
		_, err = enrolment.Put(ctx, w, act, v.Pack, enrolment.Sheet{Enterprise: id, Code: in.Body.Paper, Have: in.Body.Have, Expires: expires, Evidence: in.Body.Evidence, Source: in.Body.Source})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.readinessPage(ctx, id)
}
