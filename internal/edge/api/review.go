package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// CellDiff is a cell that differs from what was approved.
type CellDiff struct {
	Key    string `json:"key"`
	Field  string `json:"field"`
	Before string `json:"before" doc:"as approved; empty for unknown"`
	After  string `json:"after"`
	Who    string `json:"who"`
	At     string `json:"at"`
	Way    string `json:"way"`
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Cell   string `json:"cell"`
}

// FilingDiff is what changed since the last approval.
type FilingDiff struct {
	ApprovedVersion int64      `json:"approved_version" doc:"0: never approved"`
	ApprovedAt      string     `json:"approved_at"`
	Items           []CellDiff `json:"items"`
	Next            string     `json:"next" doc:"cursor of the next page; empty at the end"`
}

// ApprovalOutcome is what became of one filing of many.
type ApprovalOutcome struct {
	Form    string `json:"form"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Period  string `json:"period"`
	OK      bool   `json:"ok"`
	Key     string `json:"key" doc:"message key of the refusal"`
	Message string `json:"message"`
	Version int64  `json:"version"`
}

type approveMany struct {
	Body struct {
		Items []struct {
			Form    string `json:"form" maxLength:"40"`
			Kind    string `json:"kind" enum:"enterprise,park,org"`
			Subject string `json:"subject" maxLength:"40"`
			Period  string `json:"period" maxLength:"10"`
			Version int64  `json:"version"`
		} `json:"items" minItems:"1" maxItems:"500"`
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (a *API) reviews() {
	const address = "/filings/{form}/{kind}/{subject}/{period}"
	register(a, operation{id: "approve-filing", method: http.MethodPost, path: address + "/approve", tag: "filings", summary: "Approve a filing at the caller's level"}, a.approveFiling)
	register(a, operation{id: "return-filing", method: http.MethodPost, path: address + "/return", tag: "filings", summary: "Give a filing back, with a reason"}, a.returnFiling)
	register(a, operation{id: "reopen-filing", method: http.MethodPost, path: address + "/reopen", tag: "filings", summary: "Take an approval back or open a locked filing, with a reason"}, a.reopenFiling)
	register(a, operation{id: "list-approvals", method: http.MethodPost, path: "/filings/approve", tag: "filings", summary: "Approve many filings, each with its own result"}, a.approveMany)
	register(a, operation{id: "list-filing-changes", method: http.MethodGet, path: address + "/diff", tag: "filings", summary: "What changed since the last approval, cell by cell"}, a.filingDiff)
}

func (a *API) approveFiling(ctx context.Context, in *filingStep) (*filingBody, error) {
	return a.step(ctx, auth.FilingReview, in, filing.Approve)
}

func (a *API) returnFiling(ctx context.Context, in *filingStep) (*filingBody, error) {
	return a.step(ctx, auth.FilingReview, in, filing.Return)
}

func (a *API) reopenFiling(ctx context.Context, in *filingStep) (*filingBody, error) {
	return a.step(ctx, auth.FilingReview, in, filing.Reopen)
}

// approveMany approves what can be approved: 40 of 43 parks are 40 approvals and three refusals, each with its reason.
func (a *API) approveMany(ctx context.Context, in *approveMany) (*struct{ Body listOf[ApprovalOutcome] }, error) {
	var done []filing.Outcome
	err := a.write(ctx, auth.FilingReview, func(w db.Writer, act org.Act) error {
		var steps []filing.Step
		for _, x := range in.Body.Items {
			path := FilingPath{Form: x.Form, Kind: x.Kind, Subject: x.Subject, Period: x.Period}
			steps = append(steps, filing.Step{Ref: path.ref(), Version: x.Version, Reason: in.Body.Reason, Role: caller(ctx).Role})
		}
		lib, err := a.library(ctx, w.Reader)
		if err == nil {
			done, err = filing.ApproveMany(ctx, w, act, lib, steps)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := listOf[ApprovalOutcome]{Items: []ApprovalOutcome{}}
	for _, o := range done {
		item := ApprovalOutcome{Form: o.Ref.Form, Kind: string(o.Ref.Kind), Subject: o.Ref.Subject, Period: periodText(o.Ref.Period), OK: o.Err == nil, Version: o.Version}
		if o.Err != nil {
			p := a.problem(languageOf(ctx), o.Err)
			item.Key, item.Message = p.Key, p.Detail
		}
		out.Items = append(out.Items, item)
	}
	return &struct{ Body listOf[ApprovalOutcome] }{out}, nil
}

func (a *API) filingDiff(ctx context.Context, in *struct{ FilingPath }) (*struct{ Body FilingDiff }, error) {
	out := FilingDiff{Items: []CellDiff{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		f, _, err := filing.Get(ctx, r, s, in.ref())
		if err != nil {
			return err
		}
		out.ApprovedVersion = f.ApprovedVersion
		events, err := filing.Events(ctx, r, s, in.ref())
		for _, e := range events {
			if e.Action == "approve" && e.FilingVersion <= f.ApprovedVersion {
				out.ApprovedAt = instant(e.At)
			}
		}
		if err != nil {
			return err
		}
		cells, err := filing.Differs(ctx, r, s, in.ref())
		places := newPlaces(ctx, r, s)
		for _, c := range cells {
			at, err := places.of(c.Origin, c.Field)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, CellDiff{c.Key, c.Field, inUnits(lib, c.Field, c.Approved), inUnits(lib, c.Field, c.Now), c.Who, instant(c.At), string(c.Way),
				at.file, at.sheet, at.cell})
		}
		return err
	})
	return &struct{ Body FilingDiff }{out}, err
}
