package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Task is what has to be done about one form and period in the caller's part of the city.
type Task struct {
	Form      string `json:"form"`
	Name      string `json:"name"`
	NameEN    string `json:"name_en"`
	Subject   string `json:"subject" enum:"enterprise,park,org"`
	Every     string `json:"every" enum:"standing,month,quarter,year"`
	Period    string `json:"period" doc:"- for a standing form"`
	Opens     string `json:"opens"`
	Due       string `json:"due"`
	Locks     string `json:"locks"`
	Owed      int    `json:"owed" doc:"asked for, and nobody began"`
	Draft     int    `json:"draft"`
	Submitted int    `json:"submitted"`
	Returned  int    `json:"returned"`
	Approved  int    `json:"approved"`
	Late      int    `json:"late" doc:"past the due day and not submitted, or submitted after it"`
	Mine      int    `json:"mine" doc:"filings on which the caller can act now"`
	Act       string `json:"act" enum:"fill,review,none"`
}

// Tasks are the caller's filings to do of a month.
type Tasks struct {
	Period string `json:"period"`
	Today  string `json:"today"`
	Items  []Task `json:"items"`
	Next   string `json:"next" doc:"cursor of the next page; empty at the end"`
}

// FilingRow is one form of one subject for one period, as lists show it.
type FilingRow struct {
	Kind                 string   `json:"kind" enum:"enterprise,park,org"`
	Subject              string   `json:"subject"`
	SubjectName          string   `json:"subject_name"`
	Form                 string   `json:"form"`
	Period               string   `json:"period" doc:"- for a standing form"`
	Org                  string   `json:"org"`
	OrgName              string   `json:"org_name"`
	OrgNameEN            string   `json:"org_name_en"`
	State                string   `json:"state" enum:"owed,draft,submitted,returned,approved"`
	Level                int      `json:"level" doc:"how many levels of the chain approved"`
	Confirmed            bool     `json:"confirmed" doc:"submitted by the subject's own user: nobody else changes it"`
	Version              int64    `json:"version" doc:"0: nobody began"`
	ChangedSinceApproval bool     `json:"changed_since_approval"`
	SubmittedAt          string   `json:"submitted_at"`
	SubmittedBy          string   `json:"submitted_by"`
	Due                  string   `json:"due"`
	Late                 bool     `json:"late"`
	Can                  []string `json:"can" doc:"what the caller may do now: fill, submit, recall, approve, return, reopen"`
}

// FilingOffice is an org in the progress of filings.
type FilingOffice struct {
	Org    string `json:"org"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// OfficeProgress is how far one form of one office is.
type OfficeProgress struct {
	Form      string `json:"form"`
	Org       string `json:"org"`
	Owed      int    `json:"owed" doc:"how many are asked for, in whatever state"`
	Draft     int    `json:"draft"`
	Submitted int    `json:"submitted"`
	Returned  int    `json:"returned"`
	Approved  int    `json:"approved"`
	Timely    int    `json:"timely"`
	Late      int    `json:"late"`
}

// FilingProgress is completeness and timeliness per form and office.
type FilingProgress struct {
	Period  string           `json:"period"`
	Offices []FilingOffice   `json:"offices"`
	Items   []OfficeProgress `json:"items"`
	Next    string           `json:"next" doc:"cursor of the next page; empty at the end"`
}

// FilingRecord is one row of a filing.
type FilingRecord struct {
	Key     string            `json:"key" doc:"empty for the only row of a form that is no list"`
	Version int64             `json:"version"`
	Cells   map[string]string `json:"cells" doc:"by field, in the field's unit; unknown is absent"`
	Nature  string            `json:"nature"`
	Way     string            `json:"way" enum:"typed,imported,generated,undone"`
}

// FilingBeside is what stands beside the cells of a form that is no list.
type FilingBeside struct {
	Last          map[string]string `json:"last" doc:"the period before"`
	YearAgo       map[string]string `json:"year_ago" doc:"the same period of last year"`
	LastPeriod    string            `json:"last_period"`
	YearAgoPeriod string            `json:"year_ago_period"`
}

// Prefilled is a value that was answered elsewhere.
type Prefilled struct {
	Value string `json:"value"`
	From  string `json:"from" doc:"ledger, or the code of the form that asked it"`
}

// VerdictAnswer is why a warning's values are right.
type VerdictAnswer struct {
	Reason string `json:"reason"`
	Actor  string `json:"actor"`
	At     string `json:"at"`
}

// VerdictStep is a value that a rule used.
type VerdictStep struct {
	Expr string `json:"expr"`
	Text string `json:"text" doc:"its value; empty where unknown"`
}

// Verdict is a rule that a record does not keep.
type Verdict struct {
	Key      string         `json:"key" doc:"of the record"`
	Rule     string         `json:"rule"`
	Severity string         `json:"severity" enum:"error,warning,note" doc:"an error cannot be submitted, a warning needs a reason"`
	Fields   []string       `json:"fields"`
	Message  string         `json:"message"`
	About    string         `json:"about" doc:"stands for the values that were judged; an answer repeats it"`
	Answer   *VerdictAnswer `json:"answer,omitempty"`
	Trace    []VerdictStep  `json:"trace"`
}

// FilingRemark is what somebody asks or notes about a cell.
type FilingRemark struct {
	Key   string `json:"key"`
	Field string `json:"field"`
	Text  string `json:"text"`
	Actor string `json:"actor"`
	At    string `json:"at"`
}

// FilingEvent is something that was done with a filing.
type FilingEvent struct {
	Action string `json:"action" enum:"submit,recall,approve,return,reopen,import,undo"`
	Level  int    `json:"level"`
	Reason string `json:"reason"`
	Actor  string `json:"actor"`
	Org    string `json:"org"`
	At     string `json:"at"`
}

// DifferingFigure is what an office knows otherwise than an enterprise filed it.
type DifferingFigure struct {
	Field string `json:"field"`
	Figure
}

// Filing is a filing with its records and everything that helps to fill it in or to review it.
type Filing struct {
	FilingRow
	Head      FormHead             `json:"head" doc:"the form"`
	Records   []FilingRecord       `json:"records"`
	Next      string               `json:"next" doc:"cursor of the next page of records; empty at the end"`
	Beside    FilingBeside         `json:"beside"`
	Prefill   map[string]Prefilled `json:"prefill" doc:"what was answered elsewhere, by field"`
	Suggested []FilingRecord       `json:"suggested,omitempty" doc:"of a list that begins: the rows of the period before"`
	Verdicts  []Verdict            `json:"verdicts"`
	Remarks   []FilingRemark       `json:"remarks"`
	Differing []DifferingFigure    `json:"differing" doc:"figures of another nature that offices recorded beside an enterprise's month; these replace nothing"`
	Events    []FilingEvent        `json:"events"`
}

// CellOrigin says who wrote a cell, when and how.
type CellOrigin struct {
	Value   string `json:"value"`
	Who     string `json:"who"`
	At      string `json:"at"`
	Way     string `json:"way" enum:"typed,imported,generated,undone"`
	Batch   string `json:"batch"`
	File    string `json:"file"`
	Sheet   string `json:"sheet"`
	Cell    string `json:"cell"`
	Version int64  `json:"version"`
}

// CellChange is a cell before and after.
type CellChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// RecordVersion is one version of a record with what it changed.
type RecordVersion struct {
	Version int64        `json:"version"`
	At      string       `json:"at"`
	Who     string       `json:"who"`
	Way     string       `json:"way"`
	Changes []CellChange `json:"changes"`
}

// FilingCells is where each cell of a record came from.
type FilingCells struct {
	Fields  map[string]CellOrigin `json:"fields"`
	History []RecordVersion       `json:"history"`
}

// FilingPath is a filing's address.
type FilingPath struct {
	Form    string `path:"form" maxLength:"40"`
	Kind    string `path:"kind" enum:"enterprise,park,org"`
	Subject string `path:"subject" maxLength:"40"`
	Period  string `path:"period" maxLength:"10" doc:"- for a standing form"`
}

type filingBody struct {
	ETag string `header:"ETag"`
	Body Filing
}

type filingQuery struct {
	Paging
	Form   string `query:"form" required:"true" maxLength:"40"`
	Period string `query:"period" maxLength:"10" doc:"empty or - for a standing form"`
	Org    string `query:"org" maxLength:"40" doc:"only at and below this org"`
	State  string `query:"state" enum:"owed,draft,submitted,returned,approved"`
	Text   string `query:"q" maxLength:"200" doc:"in the subject's name"`
}

func (a *API) filings() {
	const address = "/filings/{form}/{kind}/{subject}/{period}"
	register(a, operation{id: "list-tasks", method: http.MethodGet, path: "/tasks", tag: "filings", summary: "What has to be filed and reviewed"}, a.listTasks)
	register(a, operation{id: "list-filings", method: http.MethodGet, path: "/filings", tag: "filings", summary: "Filings of a form and period, with those that nobody began"}, a.listFilings)
	register(a, operation{id: "list-filing-progress", method: http.MethodGet, path: "/filings/progress", tag: "filings", summary: "Completeness and timeliness per form and office"}, a.listProgress)
	register(a, operation{id: "get-filing", method: http.MethodGet, path: address, tag: "filings", summary: "One filing with its records"}, a.getFiling)
	register(a, operation{id: "get-filing-cells", method: http.MethodGet, path: address + "/cells", tag: "filings", summary: "Who wrote each cell of a record, when and from which file"}, a.getCells)
	register(a, operation{id: "save-records", method: http.MethodPut, path: address + "/records", tag: "filings", summary: "Write or remove records of a filing"}, a.saveRecords)
	register(a, operation{id: "submit-filing", method: http.MethodPost, path: address + "/submit", tag: "filings", summary: "Hand a filing in, with a reason for each warning"}, a.submitFiling)
	register(a, operation{id: "recall-filing", method: http.MethodPost, path: address + "/recall", tag: "filings", summary: "Take a filing back that nobody approved"}, a.recallFiling)
	register(a, operation{id: "remark-filing", method: http.MethodPost, path: address + "/remarks", tag: "filings", status: http.StatusCreated, summary: "Ask or note something about a cell; changes nothing"}, a.remarkFiling)
	register(a, operation{id: "record-differing", method: http.MethodPost, path: "/enterprises/{id}/differing", tag: "filings", status: http.StatusCreated, summary: "A figure of another nature beside what an enterprise filed"}, a.recordDiffering)
}

func (p FilingPath) ref() filing.Ref {
	return filing.Ref{Kind: form.SubjectKind(p.Kind), Subject: p.Subject, Form: p.Form, Period: periodOf(p.Period)}
}

func (a *API) listFilings(ctx context.Context, in *filingQuery) (*struct{ Body listOf[FilingRow] }, error) {
	out := listOf[FilingRow]{Items: []FilingRow{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		d, err := a.desk(ctx, r, s)
		if err != nil {
			return err
		}
		f, err := d.lib.Form(in.Form, periodOf(in.Period))
		if err != nil {
			return err
		}
		rows, next, err := filing.List(ctx, r, s, d.lib, filing.ListQuery{Form: in.Form, Period: periodOf(in.Period), Today: d.today, Below: path,
			State: filing.State(in.State), Text: in.Text, After: in.Cursor, Limit: in.Limit})
		for _, row := range rows {
			out.Items = append(out.Items, d.row(row, f))
		}
		out.Next = next
		return err
	})
	return &struct{ Body listOf[FilingRow] }{out}, err
}

// desk is what one request about filings works with.
type desk struct {
	lib   *form.Library
	party filing.Party
	today period.Date
}

func (a *API) desk(ctx context.Context, r db.Reader, s auth.Scope) (d desk, err error) {
	d.today = a.today()
	if d.lib, err = a.library(ctx, r); err != nil {
		return d, err
	}
	u := caller(ctx)
	d.party, err = filing.PartyOf(ctx, r, s, u.Role, u.Username)
	return d, err
}

func (a *API) today() period.Date { return period.DayOf(a.Now()) }

func (d desk) row(row filing.Row, f *form.Form) FilingRow {
	out := rowOf(row.Filing)
	out.SubjectName, out.OrgName, out.OrgNameEN = row.SubjectName, row.OrgName, row.OrgNameEN
	out.ChangedSinceApproval, out.Due, out.Late = row.ChangedSince, row.Due.String(), row.Late
	out.Can = d.can(row.Filing, f)
	return out
}

func (d desk) can(f filing.Filing, fm *form.Form) []string {
	out := []string{}
	for _, doing := range d.party.Can(f, fm, d.today) {
		out = append(out, string(doing))
	}
	return out
}

func rowOf(f filing.Filing) FilingRow {
	return FilingRow{Kind: string(f.Kind), Subject: f.Subject, Form: f.Form, Period: periodText(f.Period), Org: f.Org, State: string(f.State), Level: f.Level,
		Confirmed: f.Confirmed, Version: f.Version, SubmittedAt: instant(f.SubmittedAt), SubmittedBy: f.SubmittedBy}
}

func (a *API) getFiling(ctx context.Context, in *struct {
	FilingPath
	Paging
}) (*filingBody, error) {
	return a.filingPage(ctx, in.ref(), in.Paging)
}

// filingPage is a filing as everybody who fills it in or reviews it sees it. It holds no target, whoever asks.
func (a *API) filingPage(ctx context.Context, ref filing.Ref, p Paging) (*filingBody, error) {
	var out Filing
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		d, err := a.desk(ctx, r, s)
		if err != nil {
			return err
		}
		page := filingReader{a: a, ctx: ctx, r: r, s: s, d: d, ref: ref}
		out, err = page.filing(p)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &filingBody{etag(out.Version), out}, nil
}

// getCells says of each cell of a record where it came from; that of an imported one with its place in the file.
func (a *API) getCells(ctx context.Context, in *struct {
	FilingPath
	Key string `query:"key" maxLength:"500" doc:"of the record; empty for the only one"`
}) (*struct{ Body FilingCells }, error) {
	out := FilingCells{Fields: map[string]CellOrigin{}, History: []RecordVersion{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		o, err := filing.Provenance(ctx, r, s, in.ref(), in.Key)
		if err != nil {
			return err
		}
		places := newPlaces(ctx, r, s)
		for code, c := range o.Cells {
			at, err := places.of(c.Origin, code)
			if err != nil {
				return err
			}
			out.Fields[code] = CellOrigin{inUnits(lib, code, c.Value), c.Who, instant(c.At), string(c.Way), c.Batch, at.file, at.sheet, at.cell, c.Version}
		}
		for _, v := range o.History {
			row := RecordVersion{Version: v.Version, At: instant(v.At), Who: v.Who, Way: string(v.Way), Changes: []CellChange{}}
			for _, c := range v.Changes {
				row.Changes = append(row.Changes, CellChange{c.Field, inUnits(lib, c.Field, c.Before), inUnits(lib, c.Field, c.After)})
			}
			out.History = append(out.History, row)
		}
		return nil
	})
	return &struct{ Body FilingCells }{out}, err
}

// inUnits is a canonical text in its field's unit.
func inUnits(lib *form.Library, code form.Code, canonical string) string {
	if f := lib.Field(code); f != nil && canonical != "" {
		return f.Format(canonical)
	}
	return canonical
}
