package light

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// LoadFrom reads every *.yaml of fsys as a template, by file name. Errors: those of Parse with the file's name before them;
// Invalid "light.bad_template" for a code that is there twice.
func LoadFrom(fsys fs.FS) (Templates, error) {
	files, err := pack.Files(fsys)
	if err != nil {
		return nil, fault.Wrap("light.LoadFrom", err)
	}
	var out Templates
	for _, file := range files {
		t, err := Parse(file.Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		if slices.ContainsFunc(out, func(o *Template) bool { return o.Code == t.Code }) {
			return nil, fmt.Errorf("%s: %w", file.Name, bad(t.Code, "the template is there twice"))
		}
		out = append(out, t)
	}
	return out, nil
}

// maxBody bounds a template's file in bytes.
const maxBody = 128 << 10

func bad(about, why string) error {
	return fault.New(fault.Invalid, "light.bad_template", "about", about, "why", why)
}

// Parse reads a template's file, checks it and compiles its conditions.
//
// Errors: Invalid "light.bad_template" (about: the template, rule or line; why), and those of rule.Compile.
func Parse(body []byte) (*Template, error) {
	if len(body) > maxBody {
		return nil, bad("", fmt.Sprint("the file is longer than ", maxBody, " bytes"))
	}
	var raw struct {
		Light  string    `yaml:"light"`
		Place  pack.Text `yaml:"place"`
		Issuer string    `yaml:"issuer"`
		Number string    `yaml:"number"`
		From   string    `yaml:"from"`
		Source string    `yaml:"source"`
		Note   pack.Text `yaml:"note"`
		Rules  []Rule    `yaml:"rules"`
	}
	if err := pack.Strict(body, &raw); err != nil {
		return nil, fault.Because(err, fault.Invalid, "light.bad_template", "about", "", "why", err.Error())
	}
	t := &Template{Code: raw.Light, Place: raw.Place, Issuer: raw.Issuer, Number: raw.Number, Source: raw.Source, Note: raw.Note}
	if blank(t.Code, t.Issuer, t.Number, t.Source, t.Place.ZH, t.Place.EN) {
		return nil, bad(t.Code, "light, issuer, number, source and place in both languages are needed")
	}
	var err error
	if t.From, err = period.ParseDate(raw.From); err != nil || t.From%100 == 0 {
		return nil, bad(t.Code, "from must be a day")
	}
	if len(raw.Rules) == 0 {
		return nil, bad(t.Code, "it has no rules")
	}
	for i := range raw.Rules {
		r := &raw.Rules[i]
		if t.Rule(r.Code) != nil {
			return nil, bad(r.Code, "the rule is there twice")
		}
		if err := r.check(); err != nil {
			return nil, err
		}
		if err := r.compile(); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Code, err)
		}
		t.Rules = append(t.Rules, r)
	}
	return t, nil
}

func blank(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
}

var kinds = map[string]rule.Kind{"quantity": rule.Quantity, "truth": rule.Truth, "date": rule.Date}

func (r *Rule) check() error {
	if blank(r.Code, r.Name.ZH, r.Name.EN) || len(r.Fields) == 0 || len(r.Rungs) == 0 {
		return bad(r.Code, "a rule needs code, name in both languages, fields and lights")
	}
	if r.Cycle != "" && r.Cycle != "year" {
		return bad(r.Code, "the cycle is a year or none")
	}
	for _, f := range r.Fields {
		if blank(f.Name.ZH, f.Name.EN) || kinds[f.Kind] == rule.None || (f.Kind == "quantity") != (f.Unit != "") {
			return bad(r.Code, "the field "+f.Field+" needs a kind, a name in both languages and, as a quantity, a unit")
		}
	}
	bases := make([]pack.Basis, 0, len(r.Rungs)+len(r.Follows))
	for _, x := range r.Rungs {
		bases = append(bases, x.Basis)
	}
	for i, x := range r.Follows {
		bases = append(bases, x.Basis)
		if blank(x.Code, x.Name.ZH, x.Name.EN) || slices.ContainsFunc(r.Follows[:i], func(o Follow) bool { return o.Code == x.Code }) {
			return bad(r.Code, "what follows needs a code of its own and a name in both languages")
		}
	}
	for _, b := range bases {
		if !b.Valid() {
			return bad(r.Code, "every line says whether it is established or assumed")
		}
	}
	return nil
}

// Names that a rule's conditions may use beside its fields.
const (
	asOfName          = "as_of"            // the day of the judgement
	missedInRowName   = "missed_in_row"    // months missed in a row, up to and with this one; where Met is given
	missedInCycleName = "missed_in_cycle"  // months missed since the cycle began
	lightName         = "light"            // in what follows: this month's
	yellowsName       = "yellows_in_cycle" // in what follows: with this month's
	redsName          = "reds_in_cycle"
)

// compile makes three packs: facts say whether a month was kept, facts and memory which light it has, all and the lights what
// follows.
func (r *Rule) compile() (err error) {
	env := rule.Env{Fields: []rule.Field{{Name: asOfName, Kind: rule.Date}}}
	for _, f := range r.Fields {
		env.Fields = append(env.Fields, rule.Field{Name: f.Field, Kind: kinds[f.Kind], Unit: f.Unit})
	}
	count := func(name string) rule.Field { return rule.Field{Name: name, Kind: rule.Quantity, Unit: "个"} }
	line := func(code, check string, text pack.Text) rule.Rule {
		return rule.Rule{Code: code, Check: check, Severity: rule.Error, Message: rule.Text(text)}
	}
	if r.Met != "" {
		if r.met, err = rule.Compile(env, line("met", r.Met, r.Name)); err != nil {
			return err
		}
		env.Fields = append(env.Fields, count(missedInRowName), count(missedInCycleName))
	}
	var rungs, follows []rule.Rule
	for i, x := range r.Rungs {
		rungs = append(rungs, line(fmt.Sprint("light_", i+1), x.When, x.Text))
	}
	if r.rungs, err = rule.Compile(env, rungs...); err != nil {
		return err
	}
	env.Fields = append(env.Fields, rule.Field{Name: lightName, Kind: rule.Word}, count(yellowsName), count(redsName))
	for _, x := range r.Follows {
		follows = append(follows, line(x.Code, x.When, x.Name))
	}
	if r.follows, err = rule.Compile(env, follows...); err != nil {
		return err
	}
	for _, p := range []*rule.Pack{r.met, r.rungs, r.follows} {
		if p != nil && slices.ContainsFunc(p.Inputs(), func(in rule.Input) bool { return in.At != rule.Now || in.Source != "" }) {
			return bad(r.Code, "a condition cannot ask for another period; the months before are in missed_in_row and the like")
		}
	}
	return nil
}
