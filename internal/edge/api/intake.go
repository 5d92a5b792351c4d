package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

// IntakeTools is what intakes need of the workbook edge and of the jobs, handed over by app.
type IntakeTools struct {
	// Recognise gives what a template of ours says of itself; the zero IntakeSeen for any other file.
	Recognise func(ctx context.Context, name string, r io.ReaderAt, size int64) (IntakeSeen, error)
	Look      func(ctx context.Context, r io.ReaderAt, size int64, look IntakeLook) (IntakeSeen, error)
	Answer    func(ctx context.Context, r io.ReaderAt, size int64, w io.Writer, a IntakeAnswer) error
	Jobs      *job.Worker
	Closing   <-chan struct{} // closed when the server stops: streams end
}

// The kinds of jobs of intakes. Both take IntakeWork, and the intake's id as their key.
const (
	IntakeCheckJob  = "intake.check"
	IntakeCommitJob = "intake.commit"
)

// IntakeWork is what a job of an intake has to do, and as who.
type IntakeWork struct {
	Intake   string
	Scope    auth.Scope
	Actor    string
	OnlyGood bool
	Submit   bool
	Reason   string
}

// IntakePath is the address of an intake.
type IntakePath struct {
	ID string `path:"id" maxLength:"40"`
}

type intakeBody struct {
	ETag string `header:"ETag"`
	Body Intake
}

type intakeUpload struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func (a *API) intakes() {
	bounded := a.bounded(a.MaxUpload+1<<20, auth.FilingImport)
	register(a, operation{id: "open-intake", method: http.MethodPost, path: "/intakes", tag: "intakes", first: bounded, status: http.StatusCreated,
		summary: "Send an office's file (.xlsx, .xls, .csv) that shall become filings; it is looked at, nothing is written"}, a.openIntake)
	register(a, operation{id: "list-intakes", method: http.MethodGet, path: "/intakes", tag: "intakes", summary: "Files on their way into filings, latest first"}, a.listIntakes)
	register(a, operation{id: "get-intake", method: http.MethodGet, path: "/intakes/{id}", tag: "intakes", summary: "An intake with what its check says"},
		func(ctx context.Context, in *struct{ IntakePath }) (*intakeBody, error) {
			return a.intakePage(ctx, in.ID)
		})
	register(a, operation{id: "map-intake", method: http.MethodPut, path: "/intakes/{id}/mapping", tag: "intakes",
		summary: "Say what the columns are, which starts the check; or, without a mapping, which rows are the header"}, a.mapIntake)
	register(a, operation{id: "mend-intake", method: http.MethodPost, path: "/intakes/{id}/files", tag: "intakes", first: bounded,
		summary: "Send the mended file; the good rows of those before stay staged"}, a.mendIntake)
	register(a, operation{id: "commit-intake", method: http.MethodPost, path: "/intakes/{id}/commit", tag: "intakes", summary: "Write what the check said, all or nothing"}, a.commitIntake)
	register(a, operation{id: "cancel-intake", method: http.MethodPost, path: "/intakes/{id}/cancel", tag: "intakes", summary: "End the work under way; nothing of it stays"}, a.cancelIntake)
	register(a, operation{id: "undo-intake", method: http.MethodPost, path: "/intakes/{id}/undo", tag: "intakes", summary: "Take all back that the intake wrote, while nothing later depends on it"}, a.undoIntake)
	register(a, operation{id: "discard-intake", method: http.MethodDelete, path: "/intakes/{id}", tag: "intakes", status: http.StatusNoContent, summary: "Put away an intake that wrote nothing"}, a.discardIntake)
	register(a, operation{id: "watch-intake", method: http.MethodGet, path: "/intakes/{id}/events", tag: "intakes",
		summary: "How far the work is, as server-sent events: progress …, done"}, a.watchIntake)
	register(a, operation{id: "answer-intake", method: http.MethodGet, path: "/intakes/{id}/answer", tag: "intakes", summary: "The sender's own workbook with what is wrong marked in it"}, a.answerIntake)
}

// importer gives the caller's scope after asking that the caller may import filings.
func (a *API) importer(ctx context.Context, f func(r db.Reader, s auth.Scope) error) error {
	if err := may(ctx, auth.FilingImport); err != nil {
		return err
	}
	return a.read(ctx, f)
}

// uploaded reads a file that was sent, and bounds it.
func (a *API) uploaded(in *intakeUpload) (name string, content []byte, err error) {
	file := in.RawBody.Data().File
	defer file.Close()
	if file.Size > a.MaxUpload {
		return "", nil, fault.New(fault.Invalid, "sheet.too_large", "file", file.Filename, "size_mb", file.Size>>20, "limit_mb", a.MaxUpload>>20)
	}
	content, err = io.ReadAll(file)
	return file.Filename, content, err
}

func (a *API) openIntake(ctx context.Context, in *struct {
	Form        string `query:"form" maxLength:"60" doc:"empty: that of the template"`
	SubjectKind string `query:"subject_kind" maxLength:"20"`
	Subject     string `query:"subject" maxLength:"60" doc:"whose list it is; empty where each row names its own"`
	Period      string `query:"period" maxLength:"10"`
	Org         string `query:"org" maxLength:"60"`
	intakeUpload
}) (*intakeBody, error) {
	name, content, err := a.uploaded(&in.intakeUpload)
	if err != nil {
		return nil, err
	}
	t := intake.Target{Form: in.Form, Subject: in.Subject, Period: periodOf(in.Period)}
	if t.Form == "" {
		seen, err := a.Intakes.Recognise(ctx, name, bytes.NewReader(content), int64(len(content)))
		if err == nil && seen.Form == "" {
			err = fault.New(fault.Invalid, "intake.which_form", "file", name)
		}
		if err != nil {
			return nil, err
		}
		t = intake.Target{Form: seen.Form, Subject: seen.Subject, Period: seen.Period}
	}
	var f *form.Form
	err = a.importer(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		if head, err := lib.Form(t.Form, t.Period); err == nil && t.Subject == "" && head.Subject == form.OfOrg {
			t.Subject = in.Org
		}
		t, f, err = intake.Resolve(ctx, r, s, lib, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	u, err := a.lookInto(ctx, t, f, name, content)
	if err != nil {
		return nil, err
	}
	var opened intake.Intake
	err = a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		opened, err = intake.Open(ctx, w, act, t, u)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.intakePage(ctx, opened.ID)
}

// lookInto sees what is in a file, and finds the mapping that the office kept for its header.
func (a *API) lookInto(ctx context.Context, t intake.Target, f *form.Form, name string, content []byte) (intake.Upload, error) {
	u := intake.Upload{Name: name, Content: content}
	seen, err := a.Intakes.Look(ctx, bytes.NewReader(content), int64(len(content)), IntakeLook{Name: name, Form: f, Several: t.Subject == ""})
	if err != nil {
		return u, err
	}
	if len(seen.Layouts) == 0 {
		return u, fault.New(fault.Invalid, "intake.no_table", "file", name)
	}
	if !seen.SavedMapping {
		err = a.importer(ctx, func(r db.Reader, s auth.Scope) error {
			for _, l := range seen.Layouts {
				text, err := intake.Kept(ctx, r, s, t.Form, l.Fingerprint)
				if err != nil || text == "" {
					if err != nil {
						return err
					}
					continue
				}
				var kept IntakeMapping
				if err := json.Unmarshal([]byte(text), &kept); err == nil { // what cannot be read is not taken
					seen.Proposal, seen.SavedMapping = &kept, true
				}
				return nil
			}
			return nil
		})
		if err != nil {
			return u, err
		}
	}
	text, err := json.Marshal(seen)
	u.Seen = string(text)
	return u, err
}

func (a *API) listIntakes(ctx context.Context, in *Paging) (*struct{ Body listOf[IntakeHead] }, error) {
	out := listOf[IntakeHead]{Items: []IntakeHead{}}
	err := a.importer(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		list, next, err := intake.List(ctx, r, s, in.Cursor, in.Limit)
		if err != nil {
			return err
		}
		for _, one := range list {
			head, err := intakeHead(ctx, r, s, lib, one)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, head)
		}
		out.Next = next
		return nil
	})
	return &struct{ Body listOf[IntakeHead] }{out}, err
}

func intakeHead(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, in intake.Intake) (IntakeHead, error) {
	out := IntakeHead{ID: in.ID, Form: in.Form, FormName: in.Form, Kind: string(in.Kind), Subject: in.Subject, Period: in.Period, Org: in.Org, File: in.Latest, State: string(in.State),
		Actor: in.Actor, At: instant(in.At), Version: in.Version}
	if f, err := lib.Form(in.Form, in.Period); err == nil {
		out.FormName, out.FormNameEN = f.Name.ZH, f.Name.EN
	}
	if in.Subject != "" {
		name, err := intake.NameOf(ctx, r, s, in.Target)
		if err != nil && fault.KindOf(err) != fault.NotFound { // without a name the id says it
			return out, err
		}
		out.SubjectName = name
	}
	return out, nil
}

// intakePage is an intake as the caller may see it.
func (a *API) intakePage(ctx context.Context, id string) (*intakeBody, error) {
	out := &intakeBody{}
	err := a.importer(ctx, func(r db.Reader, s auth.Scope) error {
		in, err := intake.Get(ctx, r, s, id)
		if err != nil {
			return err
		}
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		f, err := lib.Form(in.Form, in.Period)
		if err != nil {
			return err
		}
		out.ETag = etag(in.Version)
		out.Body, err = a.intakeOf(ctx, r, s, lib, f, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (a *API) intakeOf(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, f *form.Form, in intake.Intake) (Intake, error) {
	head, err := intakeHead(ctx, r, s, lib, in)
	if err != nil {
		return Intake{}, err
	}
	out := Intake{IntakeHead: head, Files: []IntakeFile{}, Sheets: []IntakeSheet{}, Layouts: []IntakeLayout{}, Suggestions: []IntakeSuggestion{},
		Fields: intakeFields(f, in.Subject == "")}
	for _, one := range in.Files {
		out.Files = append(out.Files, IntakeFile{No: one.No, Name: one.Name, Size: one.Size, Digest: one.Digest, At: instant(one.At)})
	}
	var seen IntakeSeen
	if in.Seen != "" {
		if err := json.Unmarshal([]byte(in.Seen), &seen); err != nil {
			return out, err
		}
		out.Sheets, out.Layouts, out.Suggestions, out.SavedMapping = seen.Sheets, seen.Layouts, seen.Suggestions, seen.SavedMapping
	}
	out.Mapping = seen.Proposal
	if in.Mapping != "" {
		out.Mapping = new(IntakeMapping)
		if err := json.Unmarshal([]byte(in.Mapping), out.Mapping); err != nil {
			return out, err
		}
	}
	if in.Job != "" {
		j, err := job.Get(ctx, r, a.City, in.Job)
		if err != nil && fault.KindOf(err) != fault.NotFound { // finished ones are swept after a while
			return out, err
		}
		if err == nil {
			out.Job = intakeJob(j, a.Now())
		}
	}
	if in.Report != nil {
		report := IntakeReportOf(a.Texts, languageOf(ctx), f, in.Files, *in.Report)
		if in.State == intake.Committed && len(in.Report.Batches) > 0 {
			err := intake.Undoable(ctx, r, s, in)
			if report.Undo.Possible = err == nil; err != nil {
				report.Undo.Why = a.problem(languageOf(ctx), err).Detail
			}
		}
		out.Report = &report
	}
	return out, nil
}

func intakeFields(f *form.Form, several bool) []IntakeField {
	out := []IntakeField{}
	if several {
		names := map[form.SubjectKind][2]form.Text{
			form.OfEnterprise: {{ZH: "统一社会信用代码", EN: "Credit code"}, {ZH: "企业名称", EN: "Enterprise"}},
			form.OfPark:       {{ZH: "园区编号", EN: "Park id"}, {ZH: "园区名称", EN: "Park"}},
		}[f.Subject]
		out = append(out, IntakeField{Code: intake.SubjectCode, Name: names[0].ZH, NameEN: names[0].EN, Kind: string(form.ID)},
			IntakeField{Code: intake.SubjectName, Name: names[1].ZH, NameEN: names[1].EN, Kind: string(form.Word)})
	}
	for _, it := range f.Items {
		if !it.ReadOnly {
			out = append(out, IntakeField{Code: it.Field.Code, Name: it.Field.Name.ZH, NameEN: it.Field.Name.EN, Kind: string(it.Field.Kind), Unit: it.Field.Unit, Required: it.Key, Key: it.Key})
		}
	}
	return out
}
