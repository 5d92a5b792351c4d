package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// LifecycleHead is what a list says of a lifecycle.
type LifecycleHead struct {
	Code     string `json:"code"`
	Of       string `json:"of" enum:"tenancy,project"`
	Name     string `json:"name"`
	NameEN   string `json:"name_en"`
	From     string `json:"from" doc:"first day of the version in force"`
	Issuer   string `json:"issuer"`
	Number   string `json:"number"`
	City     bool   `json:"city" doc:"the version in force is the city's own"`
	Versions int    `json:"versions" doc:"how many there are that can be in force"`
}

// Lifecycle is one lifecycle in the version in force.
type Lifecycle struct {
	LifecycleHead
	Suspended   string             `json:"suspended" doc:"what a pause is called"`
	SuspendedEN string             `json:"suspended_en"`
	Stages      []LifecycleStage   `json:"stages"`
	Fields      []LifecycleField   `json:"fields" doc:"what guards may ask about"`
	YAML        string             `json:"yaml" doc:"the lifecycle as its editor writes it"`
	VersionList []LifecycleVersion `json:"version_list" doc:"as shipped, then the city's own as they were put"`
}

// LifecycleStage is one stage as the file says it.
type LifecycleStage struct {
	Code      string           `json:"code"`
	Name      string           `json:"name"`
	NameEN    string           `json:"name_en"`
	After     []string         `json:"after" doc:"what must have been entered before"`
	Unless    []string         `json:"unless" doc:"what must not have been entered"`
	Optional  bool             `json:"optional"`
	End       bool             `json:"end"`
	Guard     string           `json:"guard" doc:"an expression that must hold before it is entered"`
	Message   string           `json:"message"`
	MessageEN string           `json:"message_en"`
	Deemed    *LifecycleDeemed `json:"deemed"`
	Basis     string           `json:"basis" enum:"established,assumed"`
	Source    string           `json:"source"`
}

// LifecycleDeemed is a rule by which a stage counts as entered.
type LifecycleDeemed struct {
	From   string `json:"from"`
	Months int    `json:"months"`
	Days   int    `json:"days"`
	Basis  string `json:"basis" enum:"established,assumed"`
	Source string `json:"source"`
}

// LifecycleField is something that guards may ask about.
type LifecycleField struct {
	Field  string `json:"field"`
	Kind   string `json:"kind" enum:"quantity,truth,date,month,word"`
	Unit   string `json:"unit"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// LifecycleVersion is one version of a lifecycle.
type LifecycleVersion struct {
	Version int64  `json:"version" doc:"0: as shipped; else the city's own"`
	From    string `json:"from"`
	Number  string `json:"number"`
	Reason  string `json:"reason"`
	Actor   string `json:"actor"`
	At      string `json:"at"`
}

// LifecycleCheck says what a text would be as a lifecycle; nothing is written.
type LifecycleCheck struct {
	OK       bool          `json:"ok"`
	Problems []FormProblem `json:"problems"`
}

// LifecyclePath is the address of a lifecycle.
type LifecyclePath struct {
	Code string `path:"code" maxLength:"40"`
}

type lifecycleBody struct {
	Body Lifecycle
}

func (a *API) lifecycles() {
	register(a, operation{id: "list-lifecycles", method: http.MethodGet, path: "/lifecycles", tag: "lifecycles", summary: "The lifecycles, each in the version in force"}, a.listLifecycles)
	register(a, operation{id: "get-lifecycle", method: http.MethodGet, path: "/lifecycles/{code}", tag: "lifecycles", summary: "One lifecycle with stages, guards and versions"},
		func(ctx context.Context, in *LifecyclePath) (*lifecycleBody, error) {
			return a.lifecyclePage(ctx, in.Code)
		})
	register(a, operation{id: "check-lifecycle", method: http.MethodPost, path: "/lifecycles/{code}/check", tag: "lifecycles", summary: "What a changed lifecycle would be; writes nothing"}, a.checkLifecycle)
	register(a, operation{id: "put-lifecycle", method: http.MethodPut, path: "/lifecycles/{code}", tag: "lifecycles", summary: "A new version of a lifecycle for the city"}, a.putLifecycle)
}

func (a *API) listLifecycles(ctx context.Context, _ *struct{}) (*struct{ Body listOf[LifecycleHead] }, error) {
	out := listOf[LifecycleHead]{Items: []LifecycleHead{}}
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.lifecycleLibrary(ctx, r)
		if err != nil {
			return err
		}
		for _, code := range lib.Codes() {
			if p := a.inForce(lib, code); p != nil {
				out.Items = append(out.Items, lifecycleHead(lib, p))
			}
		}
		return nil
	})
	return &struct{ Body listOf[LifecycleHead] }{out}, err
}

// inForce is today's version of a lifecycle, or the first one where none has begun; nil for an unknown code.
func (a *API) inForce(lib *lifecycle.Library, code string) *lifecycle.Pack {
	if p, err := lib.For(code, a.today()); err == nil {
		return p
	}
	if all := lib.Versions(code); len(all) > 0 {
		return all[0]
	}
	return nil
}

func lifecycleHead(lib *lifecycle.Library, p *lifecycle.Pack) LifecycleHead {
	return LifecycleHead{Code: p.Code, Of: string(p.Of), Name: p.Name.ZH, NameEN: p.Name.EN, From: p.From.String(), Issuer: p.Issuer, Number: p.Number, City: lib.Own(p), Versions: len(lib.Versions(p.Code))}
}

func (a *API) lifecyclePage(ctx context.Context, code string) (*lifecycleBody, error) {
	var out Lifecycle
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.lifecycleLibrary(ctx, r)
		if err != nil {
			return err
		}
		made, err := lifecycle.History(ctx, r, a.City, code)
		if err != nil {
			return err
		}
		out = lifecycleOf(lib, a.inForce(lib, code), made)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &lifecycleBody{out}, nil
}

func lifecycleOf(lib *lifecycle.Library, p *lifecycle.Pack, made []lifecycle.Made) Lifecycle {
	out := Lifecycle{LifecycleHead: lifecycleHead(lib, p), Suspended: p.Suspended.ZH, SuspendedEN: p.Suspended.EN, Stages: []LifecycleStage{}, Fields: lifecycleFields(p.Fields),
		YAML: p.Body, VersionList: []LifecycleVersion{}}
	for _, s := range p.Stages {
		stage := LifecycleStage{Code: s.Code, Name: s.Name.ZH, NameEN: s.Name.EN, After: list(s.After), Unless: list(s.Unless), Optional: s.Optional, End: s.End,
			Guard: s.Guard, Message: s.Message.ZH, MessageEN: s.Message.EN, Basis: string(s.Basis), Source: s.Source}
		if d := s.Deemed; d != nil {
			stage.Deemed = &LifecycleDeemed{d.From, d.Months, d.Days, string(d.Basis), d.Source}
		}
		out.Stages = append(out.Stages, stage)
	}
	for _, m := range made {
		out.VersionList = append(out.VersionList, LifecycleVersion{m.Version, m.From.String(), m.Pack.Number, m.Reason, m.Actor, instant(m.At)})
	}
	return out
}

func lifecycleFields(fields []lifecycle.Field) []LifecycleField {
	out := []LifecycleField{}
	for _, f := range fields {
		out = append(out, LifecycleField{f.Field, f.Kind, f.Unit, f.Name.ZH, f.Name.EN})
	}
	return out
}

// checkLifecycle says what a text would be as a lifecycle, with its faults as the answer: a draft that is wrong is no error.
func (a *API) checkLifecycle(ctx context.Context, in *struct {
	LifecyclePath
	Body struct {
		YAML string `json:"yaml" maxLength:"200000"`
	}
}) (*struct{ Body LifecycleCheck }, error) {
	if err := may(ctx, auth.LifecycleEdit); err != nil {
		return nil, err
	}
	out := LifecycleCheck{Problems: []FormProblem{}}
	err := a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.lifecycleLibrary(ctx, r)
		if err != nil {
			return err
		}
		_, err = lib.Preview(in.Code, []byte(in.Body.YAML), a.today())
		if err != nil && fault.KindOf(err) == fault.Invalid {
			out.Problems, err = a.formProblems(ctx, err), nil
		}
		return err
	})
	out.OK = err == nil && len(out.Problems) == 0
	return &struct{ Body LifecycleCheck }{out}, err
}

func (a *API) putLifecycle(ctx context.Context, in *struct {
	LifecyclePath
	Body struct {
		YAML   string `json:"yaml" maxLength:"200000"`
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*lifecycleBody, error) {
	err := a.write(ctx, auth.LifecycleEdit, func(w db.Writer, act org.Act) error {
		_, err := lifecycle.Put(ctx, w, act, in.Code, []byte(in.Body.YAML), in.Body.Reason)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.lifecyclePage(ctx, in.Code)
}
