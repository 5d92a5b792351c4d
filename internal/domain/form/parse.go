package form

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

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
// Errors: pack.Faults, all of them that can be told at once, kind Invalid, keys "form.…" and those of rule.Compile.
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
		return nil, nil, pack.Faults{fault.New(fault.Invalid, "form.too_long", "limit", maxBody)} // not read, so no line
	}
	var raw rawForm
	doc, err := pack.Read(body, &raw)
	if err != nil {
		return nil, nil, err
	}
	c := &checker{Document: doc, dict: l, raw: &raw, own: map[Code]*Field{}, may: may}
	f := c.form()
	f.Body = string(body)
	if c.Sound() {
		c.compile(f)
	}
	if err := c.Err(); err != nil {
		return nil, nil, err
	}
	var own []*Field
	for i := range raw.Fields {
		own = append(own, &raw.Fields[i])
	}
	return f, own, nil
}

// checker reads one file.
type checker struct {
	*pack.Document
	dict *Library
	raw  *rawForm
	own  map[Code]*Field
	may  func(*entry, *Field, Code) error
}

// form checks all but the rules.
func (c *checker) form() *Form {
	r := c.raw
	f := &Form{Code: r.Form, Name: r.Name, Note: r.Note, Issuer: r.Issuer, Number: r.Number, Subject: r.Subject, Owed: r.Owed, Every: r.Every,
		Combined: r.Combined, List: r.List, Window: r.Window, Chain: r.Chain, at: map[Code]int{}}
	if !pack.PlainName(r.Form, maxCode) {
		c.Say(fault.New(fault.Invalid, "form.bad_name", "text", r.Form), "form")
	}
	var err error
	if f.Since, err = period.ParseDate(r.Since); err != nil || f.Since%100 == 0 && f.Since != 0 {
		c.Say(fault.New(fault.Invalid, "form.bad_since", "text", r.Since), "since")
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

// maxCode bounds a code, maxName a name, maxText a definition or note, in bytes.
const (
	maxCode = 60
	maxName = 200
	maxText = 4000
)

func (c *checker) named(t Text, path ...any) {
	if why := t.Flaw(maxName); why != "" {
		c.Say(fault.New(fault.Invalid, "form.bad_text", "why", why), path...)
	}
}

func (c *checker) head(f *Form) {
	if !slices.Contains([]SubjectKind{OfEnterprise, OfPark, OfOrg}, f.Subject) {
		c.Say(fault.New(fault.Invalid, "form.bad_subject", "text", f.Subject), "subject")
	}
	if !slices.Contains([]Every{Standing, Month, Quarter, Year}, f.Every) {
		c.Say(fault.New(fault.Invalid, "form.bad_every", "text", f.Every), "every")
	}
	if f.Owed != "" && (f.Owed != "producing" || f.Subject != OfEnterprise) {
		c.Say(fault.New(fault.Invalid, "form.bad_owed", "text", f.Owed), "owed")
	}
	if f.Combined && f.Every != Month {
		c.Say(fault.New(fault.Invalid, "form.bad_combined"), "combined")
	}
	w := f.Window
	switch {
	case f.Every == Standing && w != (Window{}):
		c.Say(fault.New(fault.Invalid, "form.standing_window"), "window")
	case w.Opens > w.Due || w.Grace < 0 || w.Locks < 0 || w.Locks != 0 && w.Locks < w.Due+w.Grace || max(w.Due, w.Grace, w.Locks, -w.Opens) > maxDays:
		c.Say(fault.New(fault.Invalid, "form.bad_window"), "window")
	}
	seen := -1
	for i, level := range f.Chain {
		rank := slices.Index(levels, level)
		if rank <= seen {
			c.Say(fault.New(fault.Invalid, "form.bad_chain", "text", level), "chain", i)
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
		c.Say(f, "fields", i)
		return
	}
	if c.own[d.Code] != nil {
		c.Say(fault.New(fault.Invalid, "form.field_twice", "field", d.Code), "fields", i)
		return
	}
	if e := c.dict.byCode[d.Code]; e != nil {
		if err := c.may(e, d, c.raw.Form); err != nil {
			f, _ := fault.Of(err)
			c.Say(f, "fields", i)
			return
		}
	}
	if d.Of != "" && c.dict.Field(d.Of) == nil && c.own[d.Of] == nil {
		c.Say(fault.New(fault.Invalid, "form.unknown_field", "field", d.Of), "fields", i, "of")
	}
	c.own[d.Code] = d
}

func (c *checker) section(f *Form, i int) {
	s := &c.raw.Sections[i]
	if !pack.PlainName(s.Code, maxCode) || slices.ContainsFunc(f.Sections, func(x Section) bool { return x.Code == s.Code }) {
		c.Say(fault.New(fault.Invalid, "form.bad_section", "text", s.Code), "sections", i)
	}
	c.named(s.Name, "sections", i, "name")
	f.Sections = append(f.Sections, Section{Code: s.Code, Name: s.Name})
	if len(s.Items) == 0 {
		c.Say(fault.New(fault.Invalid, "form.empty_section", "section", s.Code), "sections", i)
	}
	for j, it := range s.Items {
		field := c.own[it.Field]
		if field == nil {
			field = c.dict.Field(it.Field)
		}
		switch {
		case field == nil:
			c.Say(c.unknown(it.Field), "sections", i, "items", j)
			continue
		case f.Item(it.Field) != nil:
			c.Say(fault.New(fault.Invalid, "form.item_twice", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
			continue
		case it.Key && field.Kind != ID && field.Kind != Word && field.Kind != Choice && field.Kind != Date:
			c.Say(fault.New(fault.Invalid, "form.bad_key", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
		case it.ReadOnly && (it.Key || it.Required):
			c.Say(fault.New(fault.Invalid, "form.read_only_asked", "field", it.Field, "name", field.Name.ZH), "sections", i, "items", j)
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
	case len(f.Items) == 0 && c.Sound():
		c.Say(fault.New(fault.Invalid, "form.no_items"), "sections")
	case len(f.Items) > maxItems:
		c.Say(fault.New(fault.Invalid, "form.too_many_items", "limit", maxItems), "sections")
	case f.List && keys == 0:
		c.Say(fault.New(fault.Invalid, "form.no_key"), "list")
	case !f.List && keys > 0:
		c.Say(fault.New(fault.Invalid, "form.key_without_list"), "form")
	}
	for code, d := range c.own {
		if f.Item(code) == nil {
			i := slices.IndexFunc(c.raw.Fields, func(x Field) bool { return x.Code == code })
			c.Say(fault.New(fault.Invalid, "form.field_unused", "field", code, "name", d.Name.ZH), "fields", i)
		}
	}
}
