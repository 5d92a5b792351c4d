package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// FormHead is what lists and filings say of a form.
type FormHead struct {
	Code    string   `json:"code"`
	Version int64    `json:"version" doc:"0: as shipped; else the city's own"`
	Since   string   `json:"since" doc:"in force for periods that end on this day or later"`
	Name    string   `json:"name"`
	NameEN  string   `json:"name_en"`
	Subject string   `json:"subject" enum:"enterprise,park,org" doc:"for whom it is filed"`
	Every   string   `json:"every" enum:"standing,month,quarter,year"`
	List    bool     `json:"list" doc:"any number of rows, told apart by their key fields"`
	Owed    string   `json:"owed" doc:"who owes it: empty for every subject; producing: enterprises in production in the period"`
	Fields  int      `json:"fields" doc:"how many are asked"`
	Chain   []string `json:"chain" doc:"kinds of offices that approve, in order"`
	Opens   int      `json:"opens" doc:"days after the period from which it may be filed"`
	Due     int      `json:"due" doc:"last day that is timely, in days after the period"`
	Grace   int      `json:"grace" doc:"days after due in which it is still taken"`
	Locks   int      `json:"locks" doc:"days after the period behind which nobody changes it; 0: never"`
}

// FormSection is a heading of a form.
type FormSection struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// FormChoice is one answer of a choice.
type FormChoice struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// FormItem is a field as a form asks for it.
type FormItem struct {
	Field        string       `json:"field"`
	Section      string       `json:"section"`
	Required     bool         `json:"required"`
	Key          bool         `json:"key" doc:"the rows of a list are told apart by their key fields"`
	ReadOnly     bool         `json:"read_only"`
	Name         string       `json:"name"`
	NameEN       string       `json:"name_en"`
	Kind         string       `json:"kind" enum:"quantity,date,text,code,truth,choice"`
	Unit         string       `json:"unit" doc:"of a quantity: in which it is shown and typed"`
	UnitName     string       `json:"unit_name"`
	Definition   string       `json:"definition"`
	DefinitionEN string       `json:"definition_en"`
	Measure      string       `json:"measure" enum:",flow,stock,year_to_date"`
	Choices      []FormChoice `json:"choices"`
}

// FormRule is a check of a form; its message has placeholders.
type FormRule struct {
	Code      string   `json:"code"`
	Severity  string   `json:"severity" enum:"error,warning,note"`
	Message   string   `json:"message"`
	MessageEN string   `json:"message_en"`
	Fields    []string `json:"fields" doc:"that it reads"`
}

// FormVersion is a version of a form that is or was in force.
type FormVersion struct {
	Version int64  `json:"version"`
	Since   string `json:"since"`
	Reason  string `json:"reason"`
	Actor   string `json:"actor"`
	At      string `json:"at"`
}

// Form is a form in one version.
type Form struct {
	FormHead
	Note     string        `json:"note"`
	NoteEN   string        `json:"note_en"`
	Issuer   string        `json:"issuer"`
	Number   string        `json:"number"`
	Combined bool          `json:"combined" doc:"January is not filed; February's figures are those of both months"`
	Sections []FormSection `json:"sections"`
	Items    []FormItem    `json:"items"`
	Rules    []FormRule    `json:"rules"`
	Versions []FormVersion `json:"versions"`
	YAML     string        `json:"yaml" doc:"the form as its editor writes it"`
}

// FormProblem is a line that keeps a form from being one.
type FormProblem struct {
	Line    int    `json:"line" doc:"0 where no line is to blame"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// FormDuplicate is a question that is asked elsewhere already.
type FormDuplicate struct {
	Field      string `json:"field"`
	OtherForm  string `json:"other_form" doc:"empty where the field is of the dictionary only"`
	OtherField string `json:"other_field"`
	Why        string `json:"why" doc:"in the caller's language"`
}

// FormBurden is how many cells are asked in a month: each form on its own, and with what is asked once.
type FormBurden struct {
	Before   float64             `json:"before" doc:"of one enterprise, one park and one office together"`
	After    float64             `json:"after"`
	Once     int                 `json:"once" doc:"cells of standing forms: answered once, then only when something changes"`
	Subjects []FormBurdenSubject `json:"subjects"`
	Forms    []FormBurdenLine    `json:"forms"`
}

// FormBurdenSubject is the burden of one subject of a kind.
type FormBurdenSubject struct {
	Subject string  `json:"subject" enum:"enterprise,park,org"`
	Before  float64 `json:"before"`
	After   float64 `json:"after"`
	Once    int     `json:"once"`
}

// FormBurdenLine is one form's share of the burden.
type FormBurdenLine struct {
	Form    string  `json:"form"`
	Name    string  `json:"name"`
	NameEN  string  `json:"name_en"`
	Subject string  `json:"subject" enum:"enterprise,park,org"`
	Cells   int     `json:"cells" doc:"asked in one filing; of a list in one row"`
	Before  float64 `json:"before" doc:"per month, where every form is filled in whole"`
	After   float64 `json:"after" doc:"per month, where what is known is not asked again"`
	Once    int     `json:"once" doc:"of a standing form"`
	Shared  int     `json:"shared" doc:"of cells: answered in an earlier form"`
	Derived int     `json:"derived" doc:"of cells: computed or only shown"`
}

// FormCheck says what a form that somebody writes would be; nothing is written.
type FormCheck struct {
	OK         bool            `json:"ok"`
	Problems   []FormProblem   `json:"problems"`
	Duplicates []FormDuplicate `json:"duplicates"`
	Burden     FormBurden      `json:"burden"`
	Form       *Form           `json:"form,omitempty" doc:"absent while it is none"`
}

// FormPath is the address of a form.
type FormPath struct {
	Code string `path:"code" maxLength:"40"`
}

type formBody struct {
	Body Form
}

func (a *API) forms() {
	register(a, operation{id: "list-forms", method: http.MethodGet, path: "/forms", tag: "forms", summary: "The forms, each in its newest version"}, a.listForms)
	register(a, operation{id: "get-form", method: http.MethodGet, path: "/forms/{code}", tag: "forms", summary: "One form with fields, rules and versions"}, a.getForm)
	register(a, operation{id: "check-form", method: http.MethodPost, path: "/forms/{code}/check", tag: "forms", summary: "What a changed form would be; writes nothing"}, a.checkForm)
	register(a, operation{id: "put-form", method: http.MethodPut, path: "/forms/{code}", tag: "forms", summary: "A new version of a form for the city"}, a.putForm)
	register(a, operation{id: "get-burden", method: http.MethodGet, path: "/burden", tag: "forms", summary: "How many cells are asked for, before and after asking once"}, a.getBurden)
}

// shelf keeps the forms between requests: reading them compiles every rule of every version.
type shelf struct {
	mu       sync.Mutex
	sequence int64
	lib      *form.Library
}

// shelfTouches is how many touched rows are looked through before the forms are read anew.
const shelfTouches = 1000

// library is the forms as the transaction sees them.
func (a *API) library(ctx context.Context, r db.Reader) (*form.Library, error) {
	a.shelf.mu.Lock()
	defer a.shelf.mu.Unlock()
	seq, err := audit.Seq(ctx, r, a.City)
	if err != nil {
		return nil, err
	}
	if a.shelf.lib != nil && seq >= a.shelf.sequence {
		touched, upto, err := audit.Touched(ctx, r, a.City, a.shelf.sequence, shelfTouches)
		if err != nil {
			return nil, err
		}
		changed := slices.ContainsFunc(touched, func(t audit.Touch) bool { return t.Kind == form.Noun })
		if upto == seq && !changed {
			a.shelf.sequence = seq
			return a.shelf.lib, nil
		}
	}
	lib, err := form.Load(ctx, r, a.City)
	if err == nil {
		a.shelf.sequence, a.shelf.lib = seq, lib
	}
	return lib, err
}

func (a *API) listForms(ctx context.Context, _ *struct{}) (*struct{ Body listOf[FormHead] }, error) {
	out := listOf[FormHead]{Items: []FormHead{}}
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		for _, f := range lib.Forms() {
			out.Items = append(out.Items, headOf(f))
		}
		return nil
	})
	return &struct{ Body listOf[FormHead] }{out}, err
}

func (a *API) getForm(ctx context.Context, in *struct {
	FormPath
	Period string `query:"period" maxLength:"10" doc:"the version in force for it; empty: the newest"`
}) (*formBody, error) {
	var out Form
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		f, err := lib.Form(in.Code, periodOf(in.Period))
		if err == nil {
			out = formOf(lib, f)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &formBody{out}, nil
}

// checkForm says what a text would be as a form, with its faults as the answer: a draft that is wrong is no error.
func (a *API) checkForm(ctx context.Context, in *struct {
	FormPath
	Body struct {
		YAML string `json:"yaml" maxLength:"200000"`
	}
}) (*struct{ Body FormCheck }, error) {
	if err := may(ctx, auth.FormEdit); err != nil {
		return nil, err
	}
	out := FormCheck{Problems: []FormProblem{}, Duplicates: []FormDuplicate{}, Burden: burdenOf(form.Burden{})}
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		f, with, err := lib.Preview(in.Code, []byte(in.Body.YAML))
		if err != nil {
			if fault.KindOf(err) == fault.Invalid {
				out.Problems, err = a.formProblems(ctx, err), nil
			}
			return err
		}
		out.OK = true
		out.Duplicates = a.duplicates(ctx, with, f)
		out.Burden = burdenOf(with.Burden())
		shown := formOf(with, f)
		out.Form = &shown
		return nil
	})
	return &struct{ Body FormCheck }{out}, err
}

func (a *API) formProblems(ctx context.Context, err error) []FormProblem {
	out := []FormProblem{}
	var all pack.Faults
	if !errors.As(err, &all) {
		one, _ := fault.Of(err)
		all = pack.Faults{one}
	}
	for _, f := range all {
		p := FormProblem{Line: pack.LineOf(f), Key: f.Key}
		p.Message, _ = a.Texts.Format(languageOf(ctx), f.Key, f.Args)
		out = append(out, p)
	}
	return out
}

func (a *API) duplicates(ctx context.Context, lib *form.Library, f *form.Form) []FormDuplicate {
	out := []FormDuplicate{}
	for _, d := range lib.Duplicates(f) {
		why, _ := a.Texts.Format(languageOf(ctx), "form.duplicate."+d.Why, map[string]any{"field": d.Field, "other_form": d.OtherForm, "other_field": d.OtherField})
		out = append(out, FormDuplicate{Field: d.Field, OtherForm: d.OtherForm, OtherField: d.OtherField, Why: why})
	}
	return out
}

func (a *API) putForm(ctx context.Context, in *struct {
	FormPath
	Body struct {
		YAML   string `json:"yaml" maxLength:"200000"`
		Since  string `json:"since" maxLength:"10" doc:"first day on which a period may end to be asked by it"`
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*formBody, error) {
	since, err := period.ParseDate(in.Body.Since)
	if err != nil {
		return nil, err
	}
	var out Form
	err = a.write(ctx, auth.FormEdit, func(w db.Writer, act org.Act) error {
		f, err := form.Put(ctx, w, act, in.Code, []byte(in.Body.YAML), since, in.Body.Reason)
		if err != nil {
			return err
		}
		lib, err := form.Load(ctx, w.Reader, a.City)
		if err == nil {
			out = formOf(lib, f)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &formBody{out}, nil
}

func (a *API) getBurden(ctx context.Context, _ *struct{}) (*struct{ Body FormBurden }, error) {
	var out FormBurden
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err == nil {
			out = burdenOf(lib.Burden())
		}
		return err
	})
	return &struct{ Body FormBurden }{out}, err
}

func burdenOf(b form.Burden) FormBurden {
	out := FormBurden{Before: b.Before, After: b.After, Once: b.Once, Subjects: []FormBurdenSubject{}, Forms: []FormBurdenLine{}}
	for _, s := range b.Subjects {
		out.Subjects = append(out.Subjects, FormBurdenSubject{string(s.Subject), s.Before, s.After, s.Once})
	}
	for _, f := range b.Forms {
		out.Forms = append(out.Forms, FormBurdenLine{f.Form, f.Name.ZH, f.Name.EN, string(f.Subject), f.Cells, f.Before, f.After, f.Once, f.Shared, f.Derived})
	}
	return out
}

// periodOf is a period as the domain writes it: in an address "-" stands for that of a standing form.
func periodOf(text string) string {
	if text == "-" {
		return ""
	}
	return text
}

func periodText(p string) string {
	if p == "" {
		return "-"
	}
	return p
}

func headOf(f *form.Form) FormHead {
	out := FormHead{Code: f.Code, Version: f.Version, Since: f.Since.String(), Name: f.Name.ZH, NameEN: f.Name.EN, Subject: string(f.Subject), Every: string(f.Every),
		List: f.List, Owed: f.Owed, Chain: []string{}, Opens: f.Window.Opens, Due: f.Window.Due, Grace: f.Window.Grace, Locks: f.Window.Locks}
	for _, it := range f.Items {
		if !it.ReadOnly {
			out.Fields++
		}
	}
	for _, l := range f.Chain {
		out.Chain = append(out.Chain, string(l))
	}
	return out
}

func formOf(lib *form.Library, f *form.Form) Form {
	out := Form{FormHead: headOf(f), Note: f.Note.ZH, NoteEN: f.Note.EN, Issuer: f.Issuer, Number: f.Number, Combined: f.Combined,
		Sections: []FormSection{}, Items: []FormItem{}, Rules: []FormRule{}, Versions: []FormVersion{}, YAML: f.Body}
	for _, s := range f.Sections {
		out.Sections = append(out.Sections, FormSection{s.Code, s.Name.ZH, s.Name.EN})
	}
	for _, it := range f.Items {
		out.Items = append(out.Items, itemOf(it))
	}
	for _, c := range f.Checks() {
		if !c.Made {
			out.Rules = append(out.Rules, FormRule{c.Rule.Code, string(c.Rule.Severity), c.Rule.Message.ZH, c.Rule.Message.EN, list(c.Fields)})
		}
	}
	for _, v := range lib.Versions(f.Code) {
		out.Versions = append(out.Versions, FormVersion{v.Version, v.Since.String(), v.Made.Reason, v.Made.Actor, instant(v.Made.At)})
	}
	return out
}

func itemOf(it form.Item) FormItem {
	f := it.Field
	out := FormItem{Field: f.Code, Section: it.Section, Required: it.Required, Key: it.Key, ReadOnly: it.ReadOnly, Name: f.Name.ZH, NameEN: f.Name.EN,
		Kind: string(f.Kind), Unit: f.Unit, UnitName: f.Unit, Definition: f.Definition.ZH, DefinitionEN: f.Definition.EN, Measure: string(f.Measure), Choices: []FormChoice{}}
	for _, o := range f.Choices {
		out.Choices = append(out.Choices, FormChoice{o.Code, o.Name.ZH, o.Name.EN})
	}
	return out
}
