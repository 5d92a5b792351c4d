package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

type mapIntake struct {
	IntakePath
	IfMatchHeader
	Body struct {
		Mapping *IntakeMapping `json:"mapping,omitempty"`
		Layout  *struct {
			Sheet string `json:"sheet" maxLength:"200"`
			First int    `json:"first" minimum:"1"`
			Last  int    `json:"last" minimum:"1"`
		} `json:"layout,omitempty" doc:"where the header stands, for a proposal of what its columns are"`
		Save bool `json:"save" doc:"keep the mapping for the office's next file with this header"`
	}
}

// mapIntake takes the mapping and starts the check; without one it proposes for the header that was pointed out.
func (a *API) mapIntake(ctx context.Context, in *mapIntake) (*intakeBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if in.Body.Mapping == nil {
		if in.Body.Layout == nil {
			return nil, fault.New(fault.Invalid, "intake.no_mapping")
		}
		return a.proposeAnew(ctx, in, version)
	}
	text, err := json.Marshal(in.Body.Mapping)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		started, err := a.begin(ctx, w, act, intakeStart{id: in.ID, version: version, to: intake.Checking, mapping: string(text)})
		if err == nil && in.Body.Save {
			err = intake.Keep(ctx, w, act, started, in.Body.Mapping.Fingerprint, string(text))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a.Intakes.Jobs.Wake()
	return a.intakePage(ctx, in.ID)
}

// intakeStart is a job of an intake that shall begin.
type intakeStart struct {
	id      string
	version int64 // that the caller read; 0 takes any
	to      intake.State
	mapping string
	work    IntakeWork
}

// begin puts the intake into the state of work and enqueues the job that does it, in one transaction.
func (a *API) begin(ctx context.Context, w db.Writer, act org.Act, s intakeStart) (intake.Intake, error) {
	kind := IntakeCheckJob
	if s.to == intake.Committing {
		kind = IntakeCommitJob
	}
	s.work.Intake, s.work.Scope, s.work.Actor = s.id, act.Scope, act.Actor
	id := act.NewID()
	in, err := intake.Begin(ctx, w, act, s.id, s.version, s.to, s.mapping, id)
	if err == nil {
		_, err = job.Enqueue(ctx, w, job.Spec{City: act.Scope.City, ID: id, Kind: kind, Args: s.work, At: act.At, Key: id, Lane: "intake/" + s.id, Actor: act.Actor})
	}
	return in, err
}

// formOf gives an intake with its form.
func (a *API) formOf(ctx context.Context, id string) (in intake.Intake, f *form.Form, content []byte, err error) {
	err = a.importer(ctx, func(r db.Reader, s auth.Scope) error {
		if in, err = intake.Get(ctx, r, s, id); err != nil {
			return err
		}
		lib, err := a.library(ctx, r)
		if err == nil {
			f, err = lib.Form(in.Form, in.Period)
		}
		if err == nil && in.State != intake.Discarded {
			content, err = intake.Content(ctx, r, s, in, in.Last().No)
		}
		return err
	})
	return in, f, content, err
}

func (a *API) proposeAnew(ctx context.Context, in *mapIntake, version int64) (*intakeBody, error) {
	has, f, content, err := a.formOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	at := in.Body.Layout
	seen, err := a.Intakes.Look(ctx, bytes.NewReader(content), int64(len(content)), IntakeLook{Name: has.Last().Name, Form: f, Several: has.Subject == "",
		Sheet: at.Sheet, First: at.First, Last: at.Last})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(seen)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		_, err := intake.See(ctx, w, act, in.ID, version, string(text))
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.intakePage(ctx, in.ID)
}

// mendIntake takes the mended file and checks it by the mapping of the one before.
func (a *API) mendIntake(ctx context.Context, in *struct {
	IntakePath
	intakeUpload
}) (*intakeBody, error) {
	name, content, err := a.uploaded(&in.intakeUpload)
	if err != nil {
		return nil, err
	}
	has, f, _, err := a.formOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	u, err := a.lookInto(ctx, has.Target, f, name, content)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		mended, err := intake.AddFile(ctx, w, act, in.ID, u)
		if err == nil && mended.Mapping != "" {
			_, err = a.begin(ctx, w, act, intakeStart{id: in.ID, to: intake.Checking})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a.Intakes.Jobs.Wake()
	return a.intakePage(ctx, in.ID)
}

func (a *API) commitIntake(ctx context.Context, in *struct {
	IntakePath
	Body struct {
		OnlyGood bool   `json:"only_good" doc:"leave out rows that are bad or conflict; else they refuse the whole"`
		Submit   bool   `json:"submit" doc:"hand the filings in as well"`
		Reason   string `json:"reason,omitempty" maxLength:"500" doc:"needed where the period is closed"`
	}
}) (*intakeBody, error) {
	err := a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		started, err := a.begin(ctx, w, act, intakeStart{id: in.ID, to: intake.Committing,
			work: IntakeWork{OnlyGood: in.Body.OnlyGood, Submit: in.Body.Submit, Reason: in.Body.Reason}})
		if err != nil {
			return err
		}
		if r := started.Report; r == nil || r.Failure != nil || !in.Body.OnlyGood && r.Bad+r.Conflicting > 0 {
			bad, conflicting := 0, 0
			if r != nil {
				bad, conflicting = r.Bad, r.Conflicting
			}
			return fault.New(fault.Invalid, "intake.has_problems", "bad", bad, "conflicting", conflicting)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.Intakes.Jobs.Wake()
	return a.intakePage(ctx, in.ID)
}

func (a *API) cancelIntake(ctx context.Context, in *struct{ IntakePath }) (*intakeBody, error) {
	err := a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		was, err := intake.Cancel(ctx, w, act, in.ID)
		if err != nil || was.Job == "" {
			return err
		}
		return job.Cancel(ctx, w, act.Scope.City, was.Job, act.At)
	})
	if err != nil {
		return nil, err
	}
	a.Intakes.Jobs.Wake()
	return a.intakePage(ctx, in.ID)
}

func (a *API) undoIntake(ctx context.Context, in *struct {
	IntakePath
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*intakeBody, error) {
	err := a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err == nil {
			_, err = intake.Undo(ctx, w, act, lib, in.ID, strings.TrimSpace(in.Body.Reason))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.intakePage(ctx, in.ID)
}

func (a *API) discardIntake(ctx context.Context, in *struct{ IntakePath }) (*struct{}, error) {
	return nil, a.write(ctx, auth.FilingImport, func(w db.Writer, act org.Act) error { return intake.Discard(ctx, w, act, in.ID) })
}

// answerIntake gives the sender's workbook back with what is wrong marked in it.
func (a *API) answerIntake(ctx context.Context, in *struct{ IntakePath }) (*download, error) {
	has, f, content, err := a.formOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if has.Report == nil || len(has.Report.Problems) == 0 || content == nil {
		return nil, fault.New(fault.NotFound, "intake.no_problems")
	}
	report := IntakeReportOf(a.Texts, languageOf(ctx), f, has.Files, *has.Report)
	var out bytes.Buffer
	err = a.Intakes.Answer(ctx, bytes.NewReader(content), int64(len(content)), &out,
		IntakeAnswer{Name: has.Last().Name, Language: languageOf(ctx), Report: report, FormName: sentence(ctx, f.Name)})
	if err != nil {
		return nil, err
	}
	word, _ := a.Texts.Format(languageOf(ctx), "intake.answer.sheet", nil)
	base := strings.TrimSuffix(path.Base(has.Last().Name), path.Ext(has.Last().Name))
	return fileOf(out.Bytes(), "xlsx", base, word), nil
}

// watchIntake tells how far the work is until it ends: at once where none is under way, so that a page that is loaded again
// begins with how things stand. It looks at the tables, so that the work may be done by another server.
func (a *API) watchIntake(ctx context.Context, in *struct{ IntakePath }) (*huma.StreamResponse, error) {
	was, err := a.intakeState(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "text/event-stream")
		c.SetHeader("Cache-Control", "no-store")
		c.SetHeader("X-Accel-Buffering", "no")
		c.SetStatus(http.StatusOK)
		a.stream(ctx, c.BodyWriter(), was)
	}}, nil
}

func (a *API) intakeState(ctx context.Context, id string) (in intake.Intake, err error) {
	err = a.importer(ctx, func(r db.Reader, s auth.Scope) error {
		in, err = intake.Get(ctx, r, s, id)
		return err
	})
	return in, err
}

func (a *API) stream(ctx context.Context, w io.Writer, in intake.Intake) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if in.Job != "" && (in.State == intake.Checking || in.State == intake.Committing) {
		jobs, err := a.Intakes.Jobs.Watch(ctx, in.Job)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return
		}
		for jobs != nil {
			select {
			case j, open := <-jobs:
				if !open {
					jobs = nil
					break
				}
				if !event(w, "progress", intakeJob(j, a.Now())) {
					return
				}
			case <-a.Intakes.Closing: // the browser asks again, and reaches another server or this one anew
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		if now, err := a.intakeState(ctx, in.ID); err == nil {
			in = now
		}
	}
	event(w, "done", map[string]any{"id": in.ID, "state": string(in.State), "version": in.Version})
}

// event writes one server-sent event; false when nobody listens any more.
func event(w io.Writer, name string, data any) bool {
	text, err := json.Marshal(data)
	if err == nil {
		_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, text)
	}
	if rw, ok := w.(http.ResponseWriter); ok && err == nil {
		err = http.NewResponseController(rw).Flush()
	}
	return err == nil
}
