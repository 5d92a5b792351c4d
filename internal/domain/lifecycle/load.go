package lifecycle

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Faults are all that is wrong with a pack's file, in its order; at least one. LineOf says where each stands.
type Faults []*fault.Fault

// Error is for operators.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, x := range f {
		texts[i] = x.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lets errors.As find the first fault.
func (f Faults) Unwrap() error { return f[0] }

// LineOf is the line of a file that a fault of Parse is about, from 1; 0 when it is about the whole.
func LineOf(f *fault.Fault) int {
	n, _ := f.Args["line"].(int)
	return n
}

// raw is the file of a pack.
type raw struct {
	Lifecycle string  `yaml:"lifecycle"`
	Of        Of      `yaml:"of"`
	Name      Text    `yaml:"name"`
	Issuer    string  `yaml:"issuer"`
	Number    string  `yaml:"number"`
	From      string  `yaml:"from"`
	Suspended Text    `yaml:"suspended"`
	Fields    []Field `yaml:"fields"`
	Stages    []Stage `yaml:"stages"`
}

// maxBody bounds a pack's file, maxText a text of it, in bytes.
const (
	maxBody = 128 << 10
	maxText = 1000
)

// LoadFrom reads every *.yaml of fsys as a pack. Errors: those of Parse with the file's name before them; Invalid
// "lifecycle.twice" (lifecycle, from).
func LoadFrom(fsys fs.FS) (*Library, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fault.Wrap("lifecycle.LoadFrom", err)
	}
	l := &Library{shipped: map[string][]*Pack{}, city: map[string][]*Pack{}}
	for _, name := range names {
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fault.Wrap("lifecycle.LoadFrom", err)
		}
		p, err := Parse(body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if l.shipped[p.Code], err = insert(l.shipped[p.Code], p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		l.name(p.Code)
	}
	return l, nil
}

// Parse reads a pack's file, checks it and compiles its machine and guards.
//
// Errors: Faults, all of them that can be told at once, kind Invalid, keys "lifecycle.too_long" (limit), "lifecycle.bad_yaml"
// (why), "lifecycle.bad_head" (what), "lifecycle.bad_text" (about), "lifecycle.bad_code" (text), "lifecycle.bad_field" (field),
// "lifecycle.bad_basis" (stage), "lifecycle.no_source" (stage), "lifecycle.order" (stage, other), "lifecycle.no_message" (stage),
// "lifecycle.guard_period" (stage), "lifecycle.bad_plan", and those of rule.Compile.
func Parse(body []byte) (*Pack, error) {
	if len(body) > maxBody {
		return nil, Faults{fault.New(fault.Invalid, "lifecycle.too_long", "limit", maxBody)}
	}
	c := &checker{root: &yaml.Node{}}
	if err := yaml.Load(body, &c.raw, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return nil, syntax(err)
	}
	if err := yaml.Load(body, c.root); err != nil {
		return nil, syntax(err)
	}
	p := c.head()
	p.Body = string(body)
	env := c.fields()
	for i := range c.raw.Stages {
		c.stage(i)
	}
	if len(c.faults) == 0 {
		c.compile(p, env)
	}
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b *fault.Fault) int { return LineOf(a) - LineOf(b) })
		return nil, c.faults
	}
	return p, nil
}

// syntax tells what the YAML reader refuses, line by line.
func syntax(err error) Faults {
	say := func(line int, why string) *fault.Fault {
		return fault.Because(err, fault.Invalid, "lifecycle.bad_yaml", "line", line, "why", why)
	}
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &many) && len(many.Errors) > 0:
		var out Faults
		for _, e := range many.Errors {
			out = append(out, say(e.Mark.Line, e.Message))
		}
		return out
	case errors.As(err, &one):
		return Faults{say(one.Mark.Line, one.Message)}
	default:
		return Faults{say(0, err.Error())}
	}
}

// checker reads one file.
type checker struct {
	raw    raw
	root   *yaml.Node
	faults Faults
}

// say notes a fault at the line of a node: keys and indices from the root.
func (c *checker) say(f *fault.Fault, path ...any) {
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	f.Args["line"] = lineAt(c.root, path...)
	c.faults = append(c.faults, f)
}

// lineAt follows a path of keys and indices as far as it goes and gives the line there, of a value its key's.
func lineAt(n *yaml.Node, path ...any) int {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	line := n.Line
	for _, step := range path {
		next := (*yaml.Node)(nil)
		switch at := step.(type) {
		case string:
			for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == at {
					next, line = n.Content[i+1], n.Content[i].Line
				}
			}
		case int:
			if n.Kind == yaml.SequenceNode && at < len(n.Content) {
				next, line = n.Content[at], n.Content[at].Line
			}
		}
		if next == nil {
			return line
		}
		n = next
	}
	return line
}

func (c *checker) head() *Pack {
	r := &c.raw
	p := &Pack{Code: r.Lifecycle, Of: r.Of, Name: r.Name, Issuer: r.Issuer, Number: r.Number, Suspended: r.Suspended, Fields: r.Fields, Stages: r.Stages}
	if !plainName(r.Lifecycle) {
		c.say(fault.New(fault.Invalid, "lifecycle.bad_code", "text", r.Lifecycle), "lifecycle")
	}
	if r.Of != OfTenancy && r.Of != OfProject {
		c.say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", "of"), "of")
	}
	for _, x := range []struct{ what, text string }{{"issuer", r.Issuer}, {"number", r.Number}} {
		if strings.TrimSpace(x.text) == "" || len(x.text) > maxText {
			c.say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", x.what), x.what)
		}
	}
	var err error
	if p.From, err = period.ParseDate(r.From); err != nil || p.From%100 == 0 {
		c.say(fault.New(fault.Invalid, "lifecycle.bad_head", "what", "from"), "from")
	}
	c.named(r.Name, r.Lifecycle, "name")
	c.named(r.Suspended, "suspended", "suspended")
	return p
}

// named refuses a name that is not there in both languages, is long, or has braces or several lines.
func (c *checker) named(t Text, about string, path ...any) {
	if strings.TrimSpace(t.ZH) == "" || strings.TrimSpace(t.EN) == "" || max(len(t.ZH), len(t.EN)) > maxText || strings.ContainsAny(t.ZH+t.EN, "{}\n") {
		c.say(fault.New(fault.Invalid, "lifecycle.bad_text", "about", about), path...)
	}
}

var kinds = map[string]rule.Kind{"quantity": rule.Quantity, "truth": rule.Truth, "date": rule.Date, "month": rule.Month, "word": rule.Word}

func (c *checker) fields() (env rule.Env) {
	for i, f := range c.raw.Fields {
		field := rule.Field{Name: f.Field, Kind: kinds[f.Kind], Unit: f.Unit}
		env.Fields = append(env.Fields, field)
		c.named(f.Name, f.Field, "fields", i, "name")
		if !plainName(f.Field) || field.Kind == rule.None || (field.Kind == rule.Quantity) != (f.Unit != "") {
			c.say(fault.New(fault.Invalid, "lifecycle.bad_field", "field", f.Field), "fields", i)
		} else if _, err := rule.Compile(env); err != nil {
			c.say(asFault(err), "fields", i)
		}
	}
	return env
}

func (c *checker) stage(i int) {
	s := &c.raw.Stages[i]
	if !plainName(s.Code) {
		c.say(fault.New(fault.Invalid, "lifecycle.bad_code", "text", s.Code), "stages", i)
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
			c.say(fault.New(fault.Invalid, "lifecycle.order", "stage", s.Code, "other", name), "stages", i, "after")
		}
	}
	if (s.Guard == "") != (s.Message == Text{}) {
		c.say(fault.New(fault.Invalid, "lifecycle.no_message", "stage", s.Code), "stages", i)
	}
}

// founded refuses a line without a basis, and one that is established by nothing.
func (c *checker) founded(b Basis, source, stage string, path ...any) {
	switch {
	case b != Established && b != Assumed:
		c.say(fault.New(fault.Invalid, "lifecycle.bad_basis", "stage", stage), append(path, "basis")...)
	case b == Established && strings.TrimSpace(source) == "" || len(source) > maxText:
		c.say(fault.New(fault.Invalid, "lifecycle.no_source", "stage", stage), append(path, "source")...)
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
			c.say(fault.New(fault.Invalid, "lifecycle.guard_period", "stage", s.Code), "stages", i, "guard")
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
			c.say(f, "stages")
			continue
		}
		c.say(f, "stages", i, part)
	}
}

func asFault(err error) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f
	}
	return fault.Because(err, fault.Invalid, "lifecycle.bad_yaml", "line", 0, "why", err.Error())
}

// maxCode bounds the code of a lifecycle or stage, as domain/project bounds a stage's.
const maxCode = 40

// plainName accepts lower-case letters, digits and _, beginning with a letter.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= maxCode
}
