package api

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Batch is an import that was made.
type Batch struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" doc:"parks, or form: and the form's code"`
	Intake    string `json:"intake,omitempty" doc:"id of the intake, of forms"`
	File      string `json:"file"`
	Digest    string `json:"digest"`
	Actor     string `json:"actor"`
	At        string `json:"at"`
	Rows      int64  `json:"rows"`
	New       int64  `json:"new"`
	Changed   int64  `json:"changed"`
	Unchanged int64  `json:"unchanged"`
}

// ImportReport says what a list would do, or did.
type ImportReport struct {
	Batch      string          `json:"batch" doc:"id of the batch; empty when nothing was written"`
	File       string          `json:"file"`
	DryRun     bool            `json:"dry_run"`
	Rows       int             `json:"rows"`
	New        int             `json:"new"`
	Changed    int             `json:"changed"`
	Unchanged  int             `json:"unchanged"`
	Ignored    []string        `json:"ignored" doc:"headings of columns that mean nothing to the import"`
	Errors     []ImportProblem `json:"errors" doc:"any of them refuses the whole list"`
	MoreErrors int             `json:"more_errors" doc:"how many problems were found beyond those listed"`
	Changes    []ImportChange  `json:"changes"`
}

// ImportProblem is one cell that refuses a list.
type ImportProblem struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Cell    string `json:"cell"`
	Text    string `json:"text"`
	Key     string `json:"key"`
	Message string `json:"message" doc:"what is wrong and what would be right, in the caller's language"`
}

// ImportChange is one field that a row would write.
type ImportChange struct {
	Row    int    `json:"row"`
	State  string `json:"state" enum:"new,changed"`
	Park   string `json:"park"`
	ID     string `json:"id" doc:"empty for a new park before it is written"`
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type upload struct {
	DryRun  bool `query:"dry_run" doc:"only say what would happen"`
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func (a *API) imports() {
	register(a, operation{id: "list-imports", method: http.MethodGet, path: "/imports", tag: "imports", summary: "Imports that were made, latest first"},
		a.listImports)
	register(a, operation{id: "import-parks", method: http.MethodPost, path: "/imports/parks", tag: "imports", first: a.bounded(a.MaxUpload+1<<20, auth.ParkImport), summary: "Bring in a park list (.csv, .xlsx); with dry_run only say what it would do"}, a.importParks)
}

// listImports lays the imports of park lists and of forms together.
func (a *API) listImports(ctx context.Context, in *Paging) (*struct{ Body listOf[Batch] }, error) {
	out := listOf[Batch]{Items: []Batch{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		list, next, err := park.Batches(ctx, r, s, in.Cursor, in.Limit)
		if err != nil {
			return err
		}
		at, id, err := park.BatchPlace(in.Cursor)
		if err != nil {
			return err
		}
		forms, err := intake.Batches(ctx, r, s, at, id, in.Limit+1)
		for _, b := range list {
			out.Items = append(out.Items, Batch{b.ID, "parks", "", b.File, b.Digest, b.Actor, instant(b.At), b.Rows, b.New, b.Changed, b.Unchanged})
		}
		times := map[string]time.Time{}
		for _, b := range list {
			times[b.ID] = b.At
		}
		for _, b := range forms {
			times[b.ID] = b.At
			out.Items = append(out.Items, Batch{b.ID, "form:" + b.Form, b.Intake, b.File, b.Digest, b.Actor, instant(b.At), b.Rows, b.New, b.Changed, b.Unchanged})
		}
		slices.SortFunc(out.Items, func(x, y Batch) int { return cmp.Or(times[y.ID].Compare(times[x.ID]), strings.Compare(y.ID, x.ID)) })
		if more := len(out.Items) > in.Limit || next != ""; more && len(out.Items) > 0 {
			out.Items = out.Items[:min(in.Limit, len(out.Items))]
			last := out.Items[len(out.Items)-1]
			out.Next = park.BatchCursor(times[last.ID], last.ID)
		}
		return err
	})
	return &struct{ Body listOf[Batch] }{out}, err
}

// importParks reads the list, judges it, and unless it is a dry run writes it, all or nothing.
func (a *API) importParks(ctx context.Context, in *upload) (*struct{ Body ImportReport }, error) {
	if err := may(ctx, auth.ParkImport); err != nil {
		return nil, err
	}
	form := in.RawBody.Data().File
	defer form.Close()
	if form.Size > a.MaxUpload {
		return nil, fault.New(fault.Invalid, "sheet.too_large", "file", form.Filename, "size_mb", form.Size>>20, "limit_mb", a.MaxUpload>>20)
	}
	at, ok := form.File.(io.ReaderAt)
	if !ok {
		return nil, fault.New(fault.Internal, "internal")
	}
	file, problems, more, err := a.ParkList(ctx, form.Filename, at, form.Size)
	if err != nil {
		return nil, err
	}
	plan, err := a.planParks(ctx, file)
	if err != nil {
		return nil, err
	}
	report := Report(a.Texts, languageOf(ctx), file, plan, problems, more)
	report.DryRun = in.DryRun
	if in.DryRun || len(report.Errors) > 0 {
		return &struct{ Body ImportReport }{report}, nil
	}
	u := caller(ctx)
	batch := park.Batch{ID: a.IDs.New(), Actor: u.Username, At: a.Now(), NewID: a.IDs.New}
	err = a.DB.Write(ctx, func(w db.Writer) error {
		if report.Batch, err = park.Commit(ctx, w, plan, batch); err == nil {
			_, err = project.Follow(ctx, w, org.Act{Scope: u.Scope(), Actor: u.Username, At: batch.At, NewID: a.IDs.New})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body ImportReport }{report}, nil
}

func (a *API) planParks(ctx context.Context, file park.ListFile) (plan park.Plan, err error) {
	err = a.DB.Read(ctx, func(r db.Reader) (err error) {
		plan, err = park.Prepare(ctx, r, park.Import{User: caller(ctx), File: file, OrgAliases: a.OrgAliases})
		return err
	})
	return plan, err
}

// Report says a plan in a language: what each row would change, and which cells refuse it. unread are the cells that the
// reader of the file could not take for what they say, more how many of those it did not keep.
func Report(texts *message.Catalogue, lang string, file park.ListFile, plan park.Plan, unread []park.Problem, more int) ImportReport {
	out := ImportReport{File: file.File, Rows: len(plan.Rows), New: plan.New, Changed: plan.Changed, Unchanged: plan.Unchanged,
		Ignored: append([]string{}, plan.Ignored...), Errors: []ImportProblem{}, Changes: []ImportChange{}, MoreErrors: more}
	for _, p := range append(unread, plan.Problems...) {
		message, _ := texts.Format(lang, p.Key, p.Args)
		out.Errors = append(out.Errors, ImportProblem{Sheet: file.Sheet, Row: p.Row, Column: p.Column, Cell: p.Cell, Text: p.Text, Key: p.Key, Message: message})
	}
	for _, row := range plan.Rows {
		for _, c := range row.Changes {
			out.Changes = append(out.Changes, ImportChange{Row: row.Row, State: string(row.State), Park: row.Name, ID: string(row.Park), Field: c.Field, Before: c.Before, After: c.After})
		}
	}
	return out
}
