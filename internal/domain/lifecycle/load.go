package lifecycle

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// raw is the file of a pack.
type raw struct {
	Lifecycle string    `yaml:"lifecycle"`
	Of        Of        `yaml:"of"`
	Name      pack.Text `yaml:"name"`
	Issuer    string    `yaml:"issuer"`
	Number    string    `yaml:"number"`
	From      string    `yaml:"from"`
	Suspended pack.Text `yaml:"suspended"`
	Fields    []Field   `yaml:"fields"`
	Stages    []Stage   `yaml:"stages"`
}

// maxBody bounds a pack's file, maxText a text of it, in bytes.
const (
	maxBody = 128 << 10
	maxText = 1000
)

// LoadFrom reads every *.yaml of fsys as a pack. Errors: those of Parse with the file's name before them; Invalid
// "lifecycle.twice" (lifecycle, from).
func LoadFrom(fsys fs.FS) (*Library, error) {
	files, err := pack.Files(fsys)
	if err != nil {
		return nil, fault.Wrap("lifecycle.LoadFrom", err)
	}
	l := &Library{shipped: map[string][]*Pack{}, city: map[string][]*Pack{}}
	for _, file := range files {
		p, err := Parse(file.Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		if l.shipped[p.Code], err = insert(l.shipped[p.Code], p); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		l.name(p.Code)
	}
	return l, nil
}

// Parse reads a pack's file, checks it and compiles its machine and guards.
//
// Errors: pack.Faults, all of them that can be told at once, kind Invalid, keys "lifecycle.too_long" (limit), those of
// pack.Read, "lifecycle.bad_head" (what), "lifecycle.bad_text" (about), "lifecycle.bad_code" (text), "lifecycle.bad_field" (field),
// "lifecycle.bad_basis" (stage), "lifecycle.no_source" (stage), "lifecycle.order" (stage, other), "lifecycle.no_message" (stage),
// "lifecycle.guard_period" (stage), "lifecycle.bad_plan", and those of rule.Compile.
func Parse(body []byte) (*Pack, error) {
	if len(body) > maxBody {
		return nil, pack.Faults{fault.New(fault.Invalid, "lifecycle.too_long", "limit", maxBody)}
	}
	c := &checker{}
	var err error
	if c.Document, err = pack.Read(body, &c.raw); err != nil {
		return nil, err
	}
	p := c.head()
	p.Body = string(body)
	env := c.fields()
	for i := range c.raw.Stages {
		c.stage(i)
	}
	if c.Sound() {
		c.compile(p, env)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// checker reads one file.
type checker struct {
	*pack.Document
	raw raw
}

func (c *checker) head() *Pack {
	r := &c.raw
	p := &Pack{Code: r.Lifecycle, Of: r.Of, Name: r.Name, Issuer: r.Issuer, Number: r.Number, Suspended: r.Suspended, Fields: r.Fields, Stages: r.Stages}
	if !pack.PlainName(r.Lifecycle, maxCode) {
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_code", "text", r.Lifecycle), "lifecycle")
	}
	if r.Of != OfTenancy && r.Of != OfProject {
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", "of"), "of")
	}
	for _, x := range []struct{ what, text string }{{"issuer", r.Issuer}, {"number", r.Number}} {
		if strings.TrimSpace(x.text) == "" || len(x.text) > maxText {
			c.Say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", x.what), x.what)
		}
	}
	var err error
	if p.From, err = period.ParseDate(r.From); err != nil || p.From%100 == 0 {
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", "from"), "from")
	}
	c.named(r.Name, r.Lifecycle, "name")
	c.named(r.Suspended, "suspended", "suspended")
	return p
}

// named refuses a name that is not there in both languages, is long, or has braces or several lines.
func (c *checker) named(t pack.Text, about string, path ...any) {
	if t.Flaw(maxText) != "" {
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_text", "about", about), path...)
	}
}

var kinds = map[string]rule.Kind{"quantity": rule.Quantity, "truth": rule.Truth, "date": rule.Date, "month": rule.Month, "word": rule.Word}

func (c *checker) fields() (env rule.Env) {
	for i, f := range c.raw.Fields {
		field := rule.Field{Name: f.Field, Kind: kinds[f.Kind], Unit: f.Unit}
		env.Fields = append(env.Fields, field)
		c.named(f.Name, f.Field, "fields", i, "name")
		if !pack.PlainName(f.Field, maxCode) || field.Kind == rule.None || (field.Kind == rule.Quantity) != (f.Unit != "") {
			c.Say(fault.New(fault.Invalid, "lifecycle.bad_field", "field", f.Field), "fields", i)
		} else if _, err := rule.Compile(env); err != nil {
			c.Say(asFault(err), "fields", i)
		}
	}
	return env
}

func (c *checker) stage(i int) {
	s := &c.raw.Stages[i]
	if !pack.PlainName(s.Code, maxCode) {
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_code", "text", s.Code), "stages", i)
	}
	c.named(s.Name, s.Code, "stages", i, "name")
	c.founded(s.Basis, s.Source, s.Code, "stages", i)
	if d := s.Deemed; d != nil {
		c.founded(d.Basis, d.Source, s.Code, "stages", i, "deemed")
	}
	earlier := c.raw.Stages[:i]
	for _, name := range s.After {
		known := slices.ContainsFunc(c.raw.Stages, func(x Stage) bool { return x.Code == name })
		if known && !slices.ContainsFunc(earlier, func(x Stage) bool { return x.Code == name }) {
			c.Say(fault.New(fault.Invalid, "lifecycle.order", "stage", s.Code, "other", name), "stages", i, "after")
		}
	}
	if (s.Guard == "") != (s.Message == pack.Text{}) {
		c.Say(fault.New(fault.Invalid, "lifecycle.no_message", "stage", s.Code), "stages", i)
	}
}

// founded refuses a line without a basis, and one that is established by nothing.
func (c *checker) founded(b pack.Basis, source, stage string, path ...any) {
	switch {
	case !b.Valid():
		c.Say(fault.New(fault.Invalid, "lifecycle.bad_basis", "stage", stage), append(path, "basis")...)
	case b == pack.Established && strings.TrimSpace(source) == "" || len(source) > maxText:
		c.Say(fault.New(fault.Invalid, "lifecycle.no_source", "stage", stage), append(path, "source")...)
	}
}

// compile makes the machine of a file whose lines are sound.
func (c *checker) compile(p *Pack, env rule.Env) {
	plan := course.Plan{Code: p.Code, Env: env}
	for _, s := range p.Stages {
		stage := course.Stage{Code: s.Code, After: s.After, Unless: s.Unless, Optional: s.Optional, End: s.End, Guard: s.Guard, Message: rule.Text(s.Message)}
		if s.Deemed != nil {
			stage.Deemed = course.Deemed{From: s.Deemed.From, Months: s.Deemed.Months, Days: s.Deemed.Days}
		}
		plan.Stages = append(plan.Stages, stage)
	}
	var err error
	if p.course, err = course.Compile(plan); err != nil {
		c.refused(err)
		return
	}
	for i, s := range p.Stages {
		if s.Guard == "" {
			continue
		}
		alone, err := rule.Compile(env, rule.Rule{Code: s.Code, Check: s.Guard, Severity: rule.Error, Message: rule.Text(s.Message)})
		if err != nil {
			continue // the whole compiled, so this does not happen
		}
		if slices.ContainsFunc(alone.Inputs(), func(in rule.Input) bool { return in.At != rule.Now || in.Source != "" }) {
			c.Say(fault.New(fault.Invalid, "lifecycle.guard_period", "stage", s.Code), "stages", i, "guard")
		}
	}
}

// refused puts what the machine or a guard refuses at the lines of the file.
func (c *checker) refused(err error) {
	var many rule.Faults
	if !errors.As(err, &many) {
		many = rule.Faults{asFault(err)}
	}
	for _, f := range many {
		code, _ := f.Args["stage"].(string)
		part := ""
		if guard, ok := f.Args["rule"].(string); ok {
			code, part = guard, "guard"
			if at, _ := f.Args["part"].(string); strings.HasPrefix(at, "message") {
				part = "message"
			}
		}
		i := slices.IndexFunc(c.raw.Stages, func(s Stage) bool { return s.Code == code })
		if i < 0 {
			c.Say(f, "stages")
			continue
		}
		c.Say(f, "stages", i, part)
	}
}

func asFault(err error) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f
	}
	return fault.Because(err, fault.Internal, "internal")
}

// maxCode bounds the code of a lifecycle or stage, as domain/project bounds a stage's.
const maxCode = 40
