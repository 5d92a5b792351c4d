package form

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Faults are all that is wrong with a form's file, in its order; at least one. LineOf says where each stands.
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

// LineOf is the line of a form's file that a fault of Parse is about, from 1; 0 when it is about the whole.
func LineOf(f *fault.Fault) int {
	n, _ := f.Args["line"].(int)
	return n
}

// rawForm is the file of a form. refdata/README.md describes it for who writes one.
type rawForm struct {
	Form     Code        `yaml:"form"`
	Since    string      `yaml:"since"`
	Name     Text        `yaml:"name"`
	Note     Text        `yaml:"note"`
	Issuer   string      `yaml:"issuer"`
	Number   string      `yaml:"number"`
	Subject  SubjectKind `yaml:"subject"`
	Owed     string      `yaml:"owed"`
	Every    Every       `yaml:"every"`
	Combined bool        `yaml:"combined"`
	List     bool        `yaml:"list"`
	Window   Window      `yaml:"window"`
	Chain    []Level     `yaml:"chain"`
	Fields   []Field     `yaml:"fields"`
	Sections []struct {
		Code  Code `yaml:"code"`
		Name  Text `yaml:"name"`
		Items []struct {
			Field    Code `yaml:"field"`
			Required bool `yaml:"required"`
			Key      bool `yaml:"key"`
			ReadOnly bool `yaml:"read_only"`
		} `yaml:"items"`
	} `yaml:"sections"`
	Rules []rawRule `yaml:"rules"`
}

type rawRule struct {
	Code     string   `yaml:"code"`
	When     string   `yaml:"when"`
	Check    string   `yaml:"check"`
	Required []string `yaml:"required"`
	Range    struct {
		Of  string `yaml:"of"`
		Min string `yaml:"min"`
		Max string `yaml:"max"`
	} `yaml:"range"`
	Severity rule.Severity `yaml:"severity"`
	Message  Text          `yaml:"message"`
}

func (r *rawRule) rule() rule.Rule {
	return rule.Rule{Code: r.Code, When: r.When, Check: r.Check, Required: r.Required, Range: rule.Range(r.Range), Severity: r.Severity,
		Message: rule.Text(r.Message)}
}

// maxBody bounds a form's file.
const maxBody = 256 << 10

// Parse reads a form's file against a dictionary: syntax, names, fields, windows, and its rules, which are compiled against
// the form's Env. The form may define fields of its own under "fields"; the dictionary itself is not changed. Version is 0.
//
// Errors: Faults, all of them that can be told at once, kind Invalid, keys "form.…" and those of rule.Compile.
func Parse(dict *Library, body []byte) (*Form, error) {
	f, _, err := dict.parse(body)
	return f, err
}

// parse gives the form and the fields that it defines itself.
func (l *Library) parse(body []byte) (*Form, []*Field, error) {
	return l.read(body, (*entry).mayReplace)
}

// read is parse with its own idea of which fields of the library a file may define again.
func (l *Library) read(body []byte, may func(*entry, *Field, Code) error) (*Form, []*Field, error) {
	if len(body) > maxBody {
		return nil, nil, Faults{fault.New(fault.Invalid, "form.too_long", "limit", maxBody)} // not read, so no line
	}
	var raw rawForm
	var root yaml.Node
	if err := strict(body, &raw); err != nil {
		return nil, nil, syntax(err)
	}
	if err := yaml.Load(body, &root); err != nil {
		return nil, nil, syntax(err)
	}
	c := &checker{dict: l, raw: &raw, root: &root, own: map[Code]*Field{}, may: may}
	f := c.form()
	f.Body = string(body)
	if len(c.faults) == 0 {
		c.compile(f)
	}
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b *fault.Fault) int { return LineOf(a) - LineOf(b) })
		return nil, nil, c.faults
	}
	var own []*Field
	for i := range raw.Fields {
		own = append(own, &raw.Fields[i])
	}
	return f, own, nil
}

// syntax tells what the YAML reader refuses, line by line.
func syntax(err error) Faults {
	say := func(line int, why string) *fault.Fault {
		f := fault.Because(err, fault.Invalid, "form.bad_yaml", "why", why)
		f.Args["line"] = line
		return f
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
	dict   *Library
	raw    *rawForm
	root   *yaml.Node
	own    map[Code]*Field
	may    func(*entry, *Field, Code) error
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

// lineAt is the line of the deepest node of a path that is there.
func lineAt(n *yaml.Node, path ...any) int {
	_, line := nodeAt(n, path...)
	return line
}

// nodeAt follows a path of keys and indices as far as it goes and gives the node there and its line, of a value its key's.
func nodeAt(n *yaml.Node, path ...any) (*yaml.Node, int) {
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
			return n, line
		}
		n = next
	}
	return n, line
}

// form checks all but the rules.
func (c *checker) form() *Form {
	r := c.raw
	f := &Form{Code: r.Form, Name: r.Name, Note: r.Note, Issuer: r.Issuer, Number: r.Number, Subject: r.Subject, Owed: r.Owed, Every: r.Every,
		Combined: r.Combined, List: r.List, Window: r.Window, Chain: r.Chain, at: map[Code]int{}}
	if !plainName(r.Form) {
		c.say(fault.New(fault.Invalid, "form.bad_name", "text", r.Form), "form")
	}
	var err error
	if f.Since, err = period.ParseDate(r.Since); err != nil || f.Since%100 == 0 && f.Since != 0 {
		c.say(fault.New(fault.Invalid, "form.bad_since", "text", r.Since), "since")
	}
	c.named(r.Name, "name")
	c.head(f)
	for i := range r.Fields {
		c.ownField(&r.Fields[i], i)
	}
	for i := range r.Sections {
		c.section(f, i)
	}
	c.shape(f)
	return f
}

// maxName bounds a name, maxText a definition or note, in bytes.
const (
	maxName = 200
	maxText = 4000
)

func (c *checker) named(t Text, path ...any) {
	if w := t.wrong(); w.why != "" {
		c.say(fault.New(fault.Invalid, "form.bad_text", "why", w.why), path...)
	}
}

func (c *checker) head(f *Form) {
	if !slices.Contains([]SubjectKind{OfEnterprise, OfPark, OfOrg}, f.Subject) {
		c.say(fault.New(fault.Invalid, "form.bad_subject", "text", f.Subject), "subject")
	}
	if !slices.Contains([]Every{Standing, Month, Quarter, Year}, f.Every) {
		c.say(fault.New(fault.Invalid, "form.bad_every", "text", f.Every), "every")
	}
	if f.Owed != "" && (f.Owed != "producing" || f.Subject != OfEnterprise) {
		c.say(fault.New(fault.Invalid, "form.bad_owed", "text", f.Owed), "owed")
	}
	if f.Combined && f.Every != Month {
		c.say(fault.New(fault.Invalid, "form.bad_combined"), "combined")
	}
	w := f.Window
	switch {
	case f.Every == Standing && w != (Window{}):
		c.say(fault.New(fault.Invalid, "form.standing_window"), "window")
	case w.Opens > w.Due || w.Grace < 0 || w.Locks < 0 || w.Locks != 0 && w.Locks < w.Due+w.Grace || max(w.Due, w.Grace, w.Locks, -w.Opens) > maxDays:
		c.say(fault.New(fault.Invalid, "form.bad_window"), "window")
	}
	seen := -1
	for i, level := range f.Chain {
		rank := slices.Index(levels, level)
		if rank <= seen {
			c.say(fault.New(fault.Invalid, "form.bad_chain", "text", level), "chain", i)
		}
		seen = max(seen, rank)
	}
}

// maxDays bounds a window.
const maxDays = 1000

// levels are the kinds of offices that approve, lowest first.
var levels = []Level{"operator", "committee", "county", "city"}

func (c *checker) ownField(d *Field, i int) {
	if err := d.sound(); err != nil {
		f, _ := fault.Of(err)
		c.say(f, "fields", i)
		return
	}
	if c.own[d.Code] != nil {
		c.say(fault.New(fault.Invalid, "form.field_twice", "field", d.Code), "fields", i)
		return
	}
	if e := c.dict.byCode[d.Code]; e != nil {
		if err := c.may(e, d, c.raw.Form); err != nil {
			f, _ := fault.Of(err)
			c.say(f, "fields", i)
			return
		}
	}
	if d.Of != "" && c.dict.Field(d.Of) == nil && c.own[d.Of] == nil {
		c.say(fault.New(fault.Invalid, "form.unknown_field", "field", d.Of), "fields", i, "of")
	}
	c.own[d.Code] = d
}

func (c *checker) section(f *Form, i int) {
	s := &c.raw.Sections[i]
	if !plainName(s.Code) || slices.ContainsFunc(f.Sections, func(x Section) bool { return x.Code == s.Code }) {
		c.say(fault.New(fault.Invalid, "form.bad_section", "text", s.Code), "sections", i)
	}
	c.named(s.Name, "sections", i, "name")
	f.Sections = append(f.Sections, Section{Code: s.Code, Name: s.Name})
	if len(s.Items) == 0 {
		c.say(fault.New(fault.Invalid, "form.empty_section", "section", s.Code), "sections", i)
	}
	for j, it := range s.Items {
		field := c.own[it.Field]
		if field == nil {
			field = c.dict.Field(it.Field)
		}
		switch {
		case field == nil:
			c.say(c.unknown(it.Field), "sections", i, "items", j)
			continue
		case f.Item(it.Field) != nil:
			c.say(fault.New(fault.Invalid, "form.item_twice", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
			continue
		case it.Key && field.Kind != ID && field.Kind != Word && field.Kind != Choice && field.Kind != Date:
			c.say(fault.New(fault.Invalid, "form.bad_key", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
		case it.ReadOnly && (it.Key || it.Required):
			c.say(fault.New(fault.Invalid, "form.read_only_asked", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
		}
		f.at[it.Field] = len(f.Items)
		f.Items = append(f.Items, Item{Field: field, Section: s.Code, Required: it.Required || it.Key, Key: it.Key, ReadOnly: it.ReadOnly})
	}
}

// unknown names a field that nobody defines, and the one that may have been meant.
func (c *checker) unknown(code Code) *fault.Fault {
	best, near := 0.6, ""
	for _, d := range c.dict.fields {
		if s := alike(grams(code), grams(d.Code)); s > best {
			best, near = s, d.Code
		}
	}
	if near == "" {
		return fault.New(fault.Invalid, "form.unknown_field", "field", code)
	}
	return fault.New(fault.Invalid, "form.unknown_field_nearest", "field", code, "nearest", near)
}

// maxItems bounds what one form asks.
const maxItems = 200

func (c *checker) shape(f *Form) {
	keys := len(f.Keys())
	switch {
	case len(f.Items) == 0 && len(c.faults) == 0:
		c.say(fault.New(fault.Invalid, "form.no_items"), "sections")
	case len(f.Items) > maxItems:
		c.say(fault.New(fault.Invalid, "form.too_many_items", "limit", maxItems), "sections")
	case f.List && keys == 0:
		c.say(fault.New(fault.Invalid, "form.no_key"), "list")
	case !f.List && keys > 0:
		c.say(fault.New(fault.Invalid, "form.key_without_list"), "form")
	}
	for code, d := range c.own {
		if f.Item(code) == nil {
			i := slices.IndexFunc(c.raw.Fields, func(x Field) bool { return x.Code == code })
			c.say(fault.New(fault.Invalid, "form.field_unused", "field", code, "name", d.Name.ZH), "fields", i)
		}
	}
}

// plainName accepts 1…60 lower-case letters, digits and _, beginning with a letter.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 60
}
