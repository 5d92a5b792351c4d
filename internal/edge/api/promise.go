package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/promise"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// PromiseItem is a value that was promised.
type PromiseItem struct {
	Measure    string `json:"measure" enum:"investment,output,tax,jobs"`
	Basis      string `json:"basis" enum:"total,per_mu,per_m2"`
	Year       int    `json:"year" doc:"since the clock: 1 is the first twelve months; 0: in all, or every year from the clock on"`
	Value      string `json:"value" doc:"in unit; empty: no longer promised"`
	Unit       string `json:"unit" doc:"万元, 元 (per m²) or 人"`
	Clock      string `json:"clock" doc:"stage from which the years count, with +6m for months after it and /year for the first full calendar year"`
	Source     string `json:"source"`
	Nature     string `json:"nature"`
	Reason     string `json:"reason"`
	Recorder   string `json:"recorder"`
	RecordedAt string `json:"recorded_at"`
	Counts     bool   `json:"counts" doc:"the latest of its measure, basis and year"`
}

// PromiseRow is one promised period with what was filed.
type PromiseRow struct {
	Origin     string   `json:"origin" doc:"contract, or the code of a pack of rules"`
	Line       string   `json:"line"`
	Name       string   `json:"name"`
	NameEN     string   `json:"name_en"`
	Measure    string   `json:"measure"`
	Basis      string   `json:"basis"`
	Value      string   `json:"value" doc:"promised per basis, in unit"`
	Unit       string   `json:"unit"`
	Year       int      `json:"year"`
	From       string   `json:"from" doc:"first month; empty: the clock has not begun"`
	To         string   `json:"to" doc:"last month; empty: without an end"`
	Clock      string   `json:"clock"`
	Deemed     bool     `json:"clock_deemed" doc:"nobody reported the clock's stage: a rule deems it"`
	Promised   *float64 `json:"promised" doc:"of the whole subject and period, yuan or persons; null: an area is not known"`
	Actual     *float64 `json:"actual" doc:"filed; a lower bound where months are missing; null: nothing"`
	Attainment *float64 `json:"attainment" doc:"actual in promised, percent"`
	Known      int      `json:"months_known"`
	Asked      int      `json:"months_asked"`
	State      string   `json:"state" enum:"met,on_course,breach_likely,breached,not_due,unknown"`
	Why        string   `json:"why"`
	WhyEN      string   `json:"why_en"`
	Source     string   `json:"source"`
	Certain    string   `json:"certain" enum:"established,assumed"`
}

// PromiseLand is the land that promises per mu are taken of.
type PromiseLand struct {
	How       string `json:"how" enum:"stated,share,unknown"`
	M2        *int64 `json:"m2"`
	Source    string `json:"source"`
	AreaM2    *int64 `json:"area_m2" doc:"of a share: floor area taken"`
	ParkLand  *int64 `json:"park_land_m2"`
	ParkFloor *int64 `json:"park_floor_m2"`
	Recorder  string `json:"recorder"`
}

// Promises is what a subject promised and what became of it.
type Promises struct {
	Items      []PromiseItem `json:"items" doc:"everything ever recorded"`
	Rows       []PromiseRow  `json:"rows"`
	Land       PromiseLand   `json:"land"`
	AreaM2     *int64        `json:"area_m2"`
	Attainment *float64      `json:"attainment" doc:"the least over what is promised now, percent; null: not known"`
	Can        []string      `json:"can"`
}

// BreachRow is a promise that is missed or will be.
type BreachRow struct {
	Kind      string     `json:"kind"`
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Park      string     `json:"park"`
	Org       string     `json:"org"`
	OrgName   string     `json:"org_name"`
	OrgNameEN string     `json:"org_name_en"`
	Row       PromiseRow `json:"row"`
}

// PromisePack is a place's rule.
type PromisePack struct {
	Code      string        `json:"code"`
	Place     string        `json:"place"`
	PlaceEN   string        `json:"place_en"`
	Divisions []string      `json:"divisions" doc:"of the counties that it holds for; none: a template"`
	Number    string        `json:"number"`
	From      string        `json:"from"`
	Source    string        `json:"source"`
	Note      string        `json:"note"`
	NoteEN    string        `json:"note_en"`
	Lines     []PromiseLine `json:"lines"`
}

// PromiseLine is one thing that a rule asks for.
type PromiseLine struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	NameEN  string `json:"name_en"`
	Measure string `json:"measure"`
	Basis   string `json:"basis"`
	AtLeast string `json:"at_least"`
	Clock   string `json:"clock"`
	First   int    `json:"first"`
	Last    int    `json:"last" doc:"0: for ever, or in all"`
	Over    string `json:"over" enum:"mean,each"`
	Certain string `json:"certain" enum:"established,assumed"`
}

type promisesBody struct{ Body Promises }

func (a *API) promises() {
	const path = "/subjects/{kind}/{id}/promises"
	register(a, operation{id: "get-promises", method: http.MethodGet, path: path, tag: "promises", summary: "What a tenancy or project promised and what became of it"},
		func(ctx context.Context, in *SubjectPath) (*promisesBody, error) { return a.promisesOf(ctx, in.ref()) })
	register(a, operation{id: "record-promises", method: http.MethodPost, path: path, tag: "promises", summary: "Record promises; one that changes needs a reason"}, a.recordPromises)
	register(a, operation{id: "set-promise-land", method: http.MethodPost, path: path + "/land", tag: "promises", summary: "Record the land that promises per mu are taken of"}, a.setPromiseLand)
	register(a, operation{id: "list-promise-breaches", method: http.MethodGet, path: "/promises/breaches", tag: "promises", summary: "Promises that are missed, or will be at the pace so far"}, a.promiseBreaches)
	register(a, operation{id: "list-promise-packs", method: http.MethodGet, path: "/promise-packs", tag: "promises", summary: "What counties ask of the enterprises in their parks"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body listOf[PromisePack] }, error) {
			if err := may(ctx, auth.BusinessRead); err != nil {
				return nil, err
			}
			packs, err := promise.Shipped()
			out := listOf[PromisePack]{Items: []PromisePack{}}
			for _, p := range packs {
				out.Items = append(out.Items, packOf(p))
			}
			return &struct{ Body listOf[PromisePack] }{out}, err
		})
}

// promiseRules is what promises are judged by today.
func (a *API) promiseRules(ctx context.Context, r db.Reader) (promise.Rules, error) {
	packs, err := promise.Shipped()
	if err != nil {
		return promise.Rules{}, err
	}
	lib, err := a.lifecycleLibrary(ctx, r)
	return promise.Rules{Packs: packs, Lifecycles: lib, Today: a.today()}, err
}

func (a *API) promisesOf(ctx context.Context, ref subject.Ref) (*promisesBody, error) {
	out := Promises{Items: []PromiseItem{}, Rows: []PromiseRow{}, Can: []string{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		rules, err := a.promiseRules(ctx, r)
		if err != nil {
			return err
		}
		j, err := promise.Of(ctx, r, s, rules, ref)
		if err != nil {
			return err
		}
		all, err := promise.All(ctx, r, s, ref)
		for i, p := range all {
			last := i+1 == len(all) || all[i+1].Measure != p.Measure || all[i+1].Basis != p.Basis || all[i+1].Year != p.Year
			out.Items = append(out.Items, promiseItem(p, last && p.Value != nil))
		}
		for _, row := range j.Rows {
			out.Rows = append(out.Rows, a.promiseRow(row, rules.Lifecycles, j.Head.Lifecycle))
		}
		l := j.Land
		out.Land = PromiseLand{string(l.How), l.M2, l.Source, l.AreaM2, l.ParkLand, l.ParkFloor, l.Recorder}
		out.AreaM2 = j.Head.AreaM2
		if j.Known {
			out.Attainment = percent(j.Ppm)
		}
		return err
	})
	if caller(ctx).May(auth.PromiseEdit) {
		out.Can = append(out.Can, "record")
	}
	return &promisesBody{out}, err
}

func percent(ppm int64) *float64 {
	v := float64(ppm) / 10_000
	return &v
}

// promiseUnit is the unit in which a promised value is shown and typed.
func promiseUnit(m promise.Measure, b promise.Basis) unit.Unit {
	switch {
	case m == promise.Jobs:
		return unit.MustOf("人")
	case b == promise.PerM2:
		return unit.MustOf("元")
	default:
		return unit.MustOf("万元")
	}
}

func promiseItem(p promise.Promise, counts bool) PromiseItem {
	u := promiseUnit(p.Measure, p.Basis)
	out := PromiseItem{Measure: string(p.Measure), Basis: string(p.Basis), Year: p.Year, Unit: u.Symbol, Clock: string(p.Clock), Source: p.Source, Nature: string(p.Nature),
		Reason: p.Reason, Recorder: p.Recorder, RecordedAt: instant(time.UnixMicro(p.RecordedAt)), Counts: counts}
	if p.Value != nil {
		out.Value = u.Format(*p.Value)
	}
	return out
}

func (a *API) promiseRow(r promise.Row, lib *lifecycle.Library, code string) PromiseRow {
	u := promiseUnit(r.Measure, r.Per)
	out := PromiseRow{Origin: r.Origin, Line: r.Line, Name: r.Name.ZH, NameEN: r.Name.EN, Measure: string(r.Measure), Basis: string(r.Per), Value: u.Format(r.Value), Unit: u.Symbol,
		Year: r.Year, Clock: string(r.Clock), Deemed: r.Deemed, Known: r.Known, Asked: r.Asked, State: string(r.State), Source: r.Source, Certain: string(r.Basis)}
	if r.From != 0 {
		out.From = r.From.String()
	}
	if r.To != 0 {
		out.To = r.To.String()
	}
	whole := func(v *int64) *float64 {
		if v == nil {
			return nil
		}
		f := float64(*v)
		if r.Measure != promise.Jobs {
			f /= 100
		}
		return &f
	}
	out.Promised, out.Actual = whole(r.Promised), whole(r.Actual)
	if ppm, ok := r.Attainment(); ok {
		out.Attainment = percent(ppm)
	}
	out.Why, out.WhyEN = a.promiseWhy(rule.ZH, r.Why, lib, code), a.promiseWhy(rule.EN, r.Why, lib, code)
	return out
}

// promiseWhy is the reason of a state as a sentence.
func (a *API) promiseWhy(lang string, w promise.Why, lib *lifecycle.Library, code string) string {
	args := map[string]any{}
	for name, v := range w.Args {
		switch x := v.(type) {
		case promise.Amount:
			v = amountOf(languageTag[lang], x)
		case string:
			if name == "stage" {
				v = stageName(lib, code, x, lang, a.today())
			}
		}
		args[name] = v
	}
	text, _ := a.Texts.Format(languageTag[lang], w.Key, args)
	return text
}

// amountOf writes a value of a measure as people of a language read it.
func amountOf(lang string, x promise.Amount) string {
	switch {
	case x.Of != promise.Jobs:
		return money(lang, x.Value)
	case lang == english:
		return grouped(strconv.FormatInt(x.Value, 10)) + " people"
	default:
		return strconv.FormatInt(x.Value, 10) + " 人"
	}
}

// languageTag is the catalogue's name of a language of package rule.
var languageTag = map[string]string{rule.ZH: "zh-CN", rule.EN: "en"}

// stageName is a stage's name; its code where the lifecycle has none of it.
func stageName(lib *lifecycle.Library, code, stage, lang string, day period.Date) string {
	p, err := lib.For(code, day)
	if err != nil || p.Stage(stage) == nil {
		return stage
	}
	return p.Stage(stage).Name.In(lang)
}

func (a *API) recordPromises(ctx context.Context, in *struct {
	SubjectPath
	Body struct {
		Items []struct {
			Measure string `json:"measure" enum:"investment,output,tax,jobs"`
			Basis   string `json:"basis" enum:"total,per_mu,per_m2"`
			Year    int    `json:"year" minimum:"0" maximum:"30"`
			Value   string `json:"value" maxLength:"40" doc:"a plain number; empty: no longer promised"`
			Unit    string `json:"unit,omitempty" maxLength:"10"`
			Clock   string `json:"clock,omitempty" maxLength:"60"`
			Source  string `json:"source" maxLength:"500"`
			Nature  string `json:"nature,omitempty" maxLength:"20"`
			Reason  string `json:"reason,omitempty" maxLength:"500"`
		} `json:"items" minItems:"1" maxItems:"200"`
	}
}) (*promisesBody, error) {
	var list []promise.Promise
	var bad badCells
	for i, x := range in.Body.Items {
		p := promise.Promise{Measure: promise.Measure(x.Measure), Basis: promise.Basis(x.Basis), Year: x.Year, Clock: promise.Clock(x.Clock), Source: x.Source,
			Nature: figure.Nature(x.Nature), Reason: x.Reason}
		if p.Nature == "" {
			p.Nature = figure.Declared
		}
		if x.Value != "" {
			v, err := promisedValue(p, x.Value, x.Unit)
			if err != nil {
				bad.add(fmt.Sprintf("items[%d].value", i), err)
				continue
			}
			p.Value = &v
		}
		list = append(list, p)
	}
	if err := bad.err(); err != nil {
		return nil, err
	}
	err := a.write(ctx, auth.PromiseEdit, func(w db.Writer, act org.Act) error {
		_, err := promise.Record(ctx, w, act, in.ref(), list)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.promisesOf(ctx, in.ref())
}

func promisedValue(p promise.Promise, text, symbol string) (int64, error) {
	u := promiseUnit(p.Measure, p.Basis)
	if symbol != "" {
		var err error
		if u, err = unit.Of(symbol); err != nil {
			return 0, err
		}
	}
	if u.To != p.Measure.Unit() {
		return 0, fault.New(fault.Invalid, "unit.not_of_field", "unit", symbol, "field", string(p.Measure))
	}
	return u.Parse(text)
}

func (a *API) setPromiseLand(ctx context.Context, in *struct {
	SubjectPath
	Body struct {
		Land   string `json:"land" maxLength:"40" doc:"a plain number; empty: not known after all"`
		Unit   string `json:"unit,omitempty" maxLength:"10" doc:"亩 where it is left out"`
		Source string `json:"source" maxLength:"500"`
	}
}) (*promisesBody, error) {
	var m2 *int64
	if in.Body.Land != "" {
		symbol := in.Body.Unit
		if symbol == "" {
			symbol = "亩"
		}
		u, err := unit.Of(symbol)
		if err == nil && u.To != unit.AreaM2 {
			err = fault.New(fault.Invalid, "unit.not_of_field", "unit", symbol, "field", "land")
		}
		if err != nil {
			return nil, err
		}
		v, err := u.Parse(in.Body.Land)
		if err != nil {
			return nil, err
		}
		m2 = &v
	}
	err := a.write(ctx, auth.PromiseEdit, func(w db.Writer, act org.Act) error {
		return promise.SetLand(ctx, w, act, in.ref(), m2, in.Body.Source)
	})
	if err != nil {
		return nil, err
	}
	return a.promisesOf(ctx, in.ref())
}

func (a *API) promiseBreaches(ctx context.Context, in *struct {
	Paging
	Org   string `query:"org" maxLength:"40"`
	State string `query:"state" enum:"breached,breach_likely"`
}) (*struct{ Body listOf[BreachRow] }, error) {
	out := listOf[BreachRow]{Items: []BreachRow{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		rules, err := a.promiseRules(ctx, r)
		if err != nil {
			return err
		}
		found, err := a.breaches.In(ctx, r, s, rules, path)
		if err != nil {
			return err
		}
		orgs, err := a.orgNames(ctx, r)
		if err != nil {
			return err
		}
		return a.breachPage(&out, found, in.Paging, in.State, func(b promise.Breach) BreachRow {
			o := orgs[org.Leaf(b.OrgPath)]
			row := BreachRow{Kind: string(b.Kind), ID: b.ID, Name: b.Name, Park: b.Park, Org: string(o.ID), OrgName: o.NameZH, OrgNameEN: o.NameEN}
			code := string(b.Kind)
			if b.Kind == subject.Project {
				code = ""
			}
			row.Row = a.promiseRow(b.Row, rules.Lifecycles, code)
			return row
		})
	})
	return &struct{ Body listOf[BreachRow] }{out}, err
}

// breachPage cuts a page out of a list in its order; the cursor is the number of rows before it.
func (a *API) breachPage(out *listOf[BreachRow], found []promise.Breach, in Paging, state string, row func(promise.Breach) BreachRow) error {
	at, err := page.Place(in.Cursor, 1)
	if err != nil {
		return err
	}
	skip := 0
	if at[0] != "" {
		if skip, err = strconv.Atoi(at[0]); err != nil || skip < 0 {
			return fault.New(fault.Invalid, "cursor.invalid")
		}
	}
	n := 0
	for _, b := range found {
		if state != "" && string(b.Row.State) != state {
			continue
		}
		if n++; n <= skip {
			continue
		}
		if len(out.Items) == in.Limit {
			out.Next = page.Cursor(strconv.Itoa(n - 1))
			return nil
		}
		out.Items = append(out.Items, row(b))
	}
	return nil
}

// orgNames gives the city's orgs by their ids: their names are no secret.
func (a *API) orgNames(ctx context.Context, r db.Reader) (map[org.ID]org.Org, error) {
	list, err := org.All(ctx, r, a.City)
	out := map[org.ID]org.Org{}
	for _, o := range list {
		out[o.ID] = o
	}
	return out, err
}

func packOf(p *promise.Pack) PromisePack {
	out := PromisePack{Code: p.Code, Place: p.Place.ZH, PlaceEN: p.Place.EN, Divisions: []string{}, Number: p.Number, From: p.From.String(), Source: p.Source,
		Note: p.Note.ZH, NoteEN: p.Note.EN, Lines: []PromiseLine{}}
	out.Divisions = append(out.Divisions, p.Divisions...)
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, PromiseLine{l.Code, l.Name.ZH, l.Name.EN, string(l.Measure), string(l.Per), l.Stated, string(l.Clock), l.Years[0], l.Years[1], l.Over, string(l.Basis)})
	}
	return out
}

// attainment is the fact that the guard of 达效 asks about; missing as long as it is not known.
func (a *API) attainment(ctx context.Context, r db.Reader, s auth.Scope, h subject.Head, _ period.Date) (map[string]rule.Value, error) {
	rules, err := a.promiseRules(ctx, r)
	if err != nil {
		return nil, err
	}
	j, err := promise.Of(ctx, r, s, rules, h.Ref)
	if err != nil || !j.Known {
		return nil, err
	}
	return map[string]rule.Value{"attainment": rule.Whole(j.Ppm)}, nil
}
