package api

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

type saveRecords struct {
	FilingPath
	IfMatchHeader
	Body struct {
		Records []struct {
			Key    string            `json:"key,omitempty" maxLength:"500" doc:"of an existing row of a list; empty: made of the key fields"`
			Cells  map[string]string `json:"cells,omitempty" doc:"the whole row: a field that is absent becomes unknown"`
			Remove bool              `json:"remove,omitempty"`
		} `json:"records" maxItems:"5000"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed where the period is closed"`
	}
}

// saveRecords writes rows as they were typed. A text that is no value of its field refuses them all, each with its place.
func (a *API) saveRecords(ctx context.Context, in *saveRecords) (*filingBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.FilingFill, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err != nil {
			return err
		}
		f, err := lib.Form(in.Form, periodOf(in.Period))
		if err != nil {
			return err
		}
		changes, err := in.changes(f)
		if err != nil {
			return err
		}
		_, err = filing.Save(ctx, w, act, lib, filing.Edit{Ref: in.ref(), Version: version, Changes: changes, Reason: in.Body.Reason})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.filingPage(ctx, in.ref(), Paging{})
}

// changes reads the typed rows. The row of a list whose key fields were typed anew is another row.
func (in *saveRecords) changes(f *form.Form) ([]filing.Change, error) {
	var out []filing.Change
	var bad badCells
	origin := filing.Origin{Way: filing.Typed}
	for i, rec := range in.Body.Records {
		if rec.Remove {
			out = append(out, filing.Change{Key: rec.Key, Remove: true, Origin: origin})
			continue
		}
		cells := filing.Cells{}
		for _, code := range slices.Sorted(maps.Keys(rec.Cells)) {
			text, err := cellOf(f, code, rec.Cells[code])
			if err != nil {
				bad.add(fmt.Sprintf("records[%d].cells.%s", i, code), err)
			} else if text != "" {
				cells[code] = text
			}
		}
		key, ok := f.KeyOf(cells)
		if !ok {
			bad.add(fmt.Sprintf("records[%d]", i), fault.New(fault.Invalid, "filing.no_key"))
			continue
		}
		if rec.Key != "" && rec.Key != key {
			out = append(out, filing.Change{Key: rec.Key, Remove: true, Origin: origin})
		}
		out = append(out, filing.Change{Key: key, Cells: cells, Origin: origin})
	}
	return out, bad.err()
}

// cellOf is a typed text in the one canonical text of its field; "" for unknown.
func cellOf(f *form.Form, code, text string) (string, error) {
	it := f.Item(code)
	if it == nil {
		return "", fault.New(fault.Invalid, "filing.bad_field", "field", code)
	}
	if text == "" {
		return "", nil
	}
	if err := page.Clean(text); err != nil {
		return "", err
	}
	return it.Field.Read(text)
}

func (a *API) submitFiling(ctx context.Context, in *struct {
	FilingPath
	IfMatchHeader
	Body struct {
		Answers []struct {
			Key    string `json:"key,omitempty" maxLength:"500"`
			Rule   string `json:"rule" maxLength:"80"`
			About  string `json:"about" maxLength:"200"`
			Reason string `json:"reason" maxLength:"500"`
		} `json:"answers,omitempty" maxItems:"5000" doc:"a reason for each warning"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed where the period is closed"`
	}
}) (*filingBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	sub := filing.Submission{Ref: in.ref(), Version: version, Reason: in.Body.Reason}
	for _, x := range in.Body.Answers {
		sub.Answers = append(sub.Answers, filing.Answer{Key: x.Key, Rule: x.Rule, About: x.About, Reason: x.Reason})
	}
	err = a.write(ctx, auth.FilingFill, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err == nil {
			_, err = filing.Submit(ctx, w, act, lib, sub)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.filingPage(ctx, in.ref(), Paging{})
}

// filingStep is what a step of the approval needs.
type filingStep struct {
	FilingPath
	IfMatchHeader
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

// stepFunc is one act of approval.
type stepFunc func(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, s filing.Step) (filing.Filing, error)

func (a *API) step(ctx context.Context, action auth.Action, in *filingStep, do stepFunc) (*filingBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, action, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err == nil {
			_, err = do(ctx, w, act, lib, filing.Step{Ref: in.ref(), Version: version, Reason: in.Body.Reason, Role: caller(ctx).Role})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.filingPage(ctx, in.ref(), Paging{})
}

func (a *API) recallFiling(ctx context.Context, in *filingStep) (*filingBody, error) {
	return a.step(ctx, auth.FilingFill, in, filing.Recall)
}

func (a *API) remarkFiling(ctx context.Context, in *struct {
	FilingPath
	Body struct {
		Key   string `json:"key,omitempty" maxLength:"500"`
		Field string `json:"field,omitempty" maxLength:"40"`
		Text  string `json:"text" maxLength:"500"`
	}
}) (*struct{ Body FilingRemark }, error) {
	m := filing.Remark{Ref: in.ref(), Key: in.Body.Key, Field: in.Body.Field, Text: in.Body.Text}
	err := a.write(ctx, auth.FilingFill, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err == nil {
			err = filing.AddRemark(ctx, w, act, lib, m)
		}
		m.Actor, m.At = act.Actor, act.At
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body FilingRemark }{FilingRemark{m.Key, m.Field, m.Text, m.Actor, instant(m.At)}}, nil
}

// recordDiffering puts a figure of an office's own nature beside what the enterprise filed; that one stays as it is.
func (a *API) recordDiffering(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Month  string `json:"month" maxLength:"7"`
		Field  string `json:"field" maxLength:"40"`
		Value  string `json:"value" maxLength:"40" doc:"in the field's unit"`
		Nature string `json:"nature" enum:"record,estimate,statistics"`
		Source string `json:"source" maxLength:"500"`
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*struct{ Body DifferingFigure }, error) {
	p, err := period.Parse(in.Body.Month)
	if err == nil && p.Kind() != period.KindMonth {
		err = fault.New(fault.Invalid, "period.invalid", "text", in.Body.Month)
	}
	if err != nil {
		return nil, err
	}
	var out figure.Figure
	err = a.write(ctx, auth.FigureRecord, func(w db.Writer, act org.Act) error {
		lib, err := a.library(ctx, w.Reader)
		if err != nil {
			return err
		}
		f := lib.Field(in.Body.Field)
		if f == nil {
			return fault.New(fault.Invalid, "filing.bad_field", "field", in.Body.Field)
		}
		text, err := f.Read(in.Body.Value)
		if err != nil {
			return err
		}
		out, err = filing.RecordDiffering(ctx, w, act, lib, filing.Differing{Enterprise: enterprise.ID(in.ID), Month: p.First(), Field: in.Body.Field, Value: text,
			Nature: figure.Nature(in.Body.Nature), Source: in.Body.Source, Reason: in.Body.Reason})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body DifferingFigure }{DifferingFigure{out.Field, figureOf(out)}}, nil
}
