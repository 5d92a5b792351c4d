package form

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/forms"
)

// Library is the dictionary (数据项目录) and every form in every version that a city has. It is read once and never changes;
// safe for concurrent use.
type Library struct {
	fields []*Field // the dictionary's in its order, then those that forms define, by form and version
	byCode map[Code]*entry
	codes  []Code // of the forms: shipped ones in their order, then the city's own by code
	forms  map[Code][]*Form
}

type entry struct {
	field *Field
	form  Code // that defines it; "" the dictionary
}

var shipped = sync.OnceValues(func() (*Library, error) { return LoadFrom(forms.FS) })

// LoadShipped gives the dictionary and the forms that the product carries, read the first time. Errors: Invalid, as Parse
// gives them.
func LoadShipped() (*Library, error) { return shipped() }

// LoadFrom reads dictionary.yaml and the forms that its list names out of fsys. Errors: Invalid "form.bad_file" (arguments
// file and why), "form.bad_field", and those of Parse.
func LoadFrom(fsys fs.FS) (*Library, error) {
	raw, err := fs.ReadFile(fsys, "dictionary.yaml")
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "form.bad_file", "file", "dictionary.yaml", "why", err.Error())
	}
	var dict struct {
		Forms  []string `yaml:"forms"`
		Fields []Field  `yaml:"fields"`
	}
	if err := pack.Strict(raw, &dict); err != nil {
		return nil, fault.Because(err, fault.Invalid, "form.bad_file", "file", "dictionary.yaml", "why", err.Error())
	}
	l := &Library{byCode: map[Code]*entry{}, forms: map[Code][]*Form{}}
	for i := range dict.Fields {
		if err := l.define(&dict.Fields[i], ""); err != nil {
			return nil, fault.Wrap("form.LoadFrom", err)
		}
	}
	for _, code := range dict.Forms {
		body, err := fs.ReadFile(fsys, code+".yaml")
		if err != nil {
			return nil, fault.Because(err, fault.Invalid, "form.bad_file", "file", code+".yaml", "why", err.Error())
		}
		f, err := l.add(body)
		if err != nil {
			return nil, fmt.Errorf("%s.yaml: %w", code, err)
		}
		if f.Code != code {
			return nil, fault.New(fault.Invalid, "form.bad_file", "file", code+".yaml", "why", "it holds the form "+f.Code)
		}
	}
	return l, nil
}

// define puts a field into the dictionary. A later version of the form that defined it may define it again.
func (l *Library) define(f *Field, form Code) error {
	if err := f.sound(); err != nil {
		return err
	}
	if f.Nature == "" {
		f.Nature = figure.Declared
	}
	e := l.byCode[f.Code]
	if e == nil {
		l.byCode[f.Code] = &entry{field: f, form: form}
		l.fields = append(l.fields, f)
		return nil
	}
	if err := e.mayReplace(f, form); err != nil {
		return err
	}
	l.fields[slices.Index(l.fields, e.field)] = f
	e.field = f
	return nil
}

// mayReplace lets a form define its own field again as long as values that were filed keep their meaning.
func (e *entry) mayReplace(f *Field, form Code) error {
	switch {
	case e.form == "" || form == "":
		return fault.New(fault.Invalid, "form.field_in_dictionary", "field", f.Code, "name", e.field.Name.ZH)
	case e.form != form:
		return fault.New(fault.Invalid, "form.field_elsewhere", "field", f.Code, "name", e.field.Name.ZH, "form", e.form)
	case e.field.Kind != f.Kind || e.field.canonical() != f.canonical() || e.field.Measure != f.Measure:
		return fault.New(fault.Invalid, "form.field_changed", "field", f.Code, "name", e.field.Name.ZH)
	}
	for _, o := range e.field.Choices {
		if f.Option(o.Code) == nil {
			return fault.New(fault.Invalid, "form.option_gone", "field", f.Code, "name", e.field.Name.ZH, "option", o.Name.ZH)
		}
	}
	return nil
}

// add parses a form and puts it into the library as the newest version of its code.
func (l *Library) add(body []byte) (*Form, error) {
	f, own, err := l.parse(body)
	if err != nil {
		return nil, err
	}
	for _, d := range own {
		if err := l.define(d, f.Code); err != nil {
			return nil, err
		}
	}
	l.keep(f)
	return f, nil
}

func (l *Library) keep(f *Form) {
	if l.forms[f.Code] == nil {
		l.codes = append(l.codes, f.Code)
	}
	l.forms[f.Code] = append(l.forms[f.Code], f)
}

// stored is a row of form_version.
type stored struct {
	form    Code
	version int64
	since   period.Date
	body    string
	made    Made
}

// maxVersions bounds the versions of a city; thirty forms changed each month for ten years are fewer.
const maxVersions = 5000

// Load gives the shipped forms and the city's own versions. It compiles each of those; a Shelf does so once. Errors:
// Internal "form.stored" (arguments form, version) where a stored version can no longer be read.
func Load(ctx context.Context, r db.Reader, city string) (*Library, error) {
	base, err := LoadShipped()
	if err != nil {
		return nil, fault.Wrap("form.Load", err)
	}
	l := base.clone()
	rows, err := versions(ctx, r, city)
	if err != nil {
		return nil, fault.Wrap("form.Load", err)
	}
	if err := l.addStored(rows); err != nil {
		return nil, fault.Wrap("form.Load", err)
	}
	return l, nil
}

// addStored defines the fields of all versions before it reads the first form: a form may ask what another one defines.
func (l *Library) addStored(rows []stored) error {
	bad := func(v *stored, err error) error {
		return fault.Because(err, fault.Internal, "form.stored", "form", v.form, "version", v.version)
	}
	for i := range rows {
		var raw rawForm
		if err := pack.Strict([]byte(rows[i].body), &raw); err != nil {
			return bad(&rows[i], err)
		}
		for k := range raw.Fields {
			if err := l.define(&raw.Fields[k], rows[i].form); err != nil {
				return bad(&rows[i], err)
			}
		}
	}
	asItWas := func(*entry, *Field, Code) error { return nil } // Put looked at it; a later version may have more choices
	for i := range rows {
		f, _, err := l.read([]byte(rows[i].body), asItWas)
		if err != nil {
			return bad(&rows[i], err)
		}
		f.Version, f.Since, f.Made = rows[i].version, rows[i].since, rows[i].made
		l.keep(f)
	}
	return nil
}

// versions gives a city's versions by form, oldest first.
func versions(ctx context.Context, r db.Reader, city string) ([]stored, error) {
	rows, err := db.Collect(ctx, r, func(s db.Scanner) (v stored, err error) {
		var since, at int64
		err = s.Scan(&v.form, &v.version, &since, &v.body, &v.made.Reason, &v.made.Actor, &at)
		v.since, v.made.At = period.Date(since), time.UnixMicro(at).UTC()
		return v, err
	}, `SELECT form, version, since, body, reason, actor, at FROM form_version WHERE city = $1 ORDER BY form, version LIMIT $2`, city, maxVersions+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > maxVersions {
		return nil, fault.New(fault.Invalid, "form.too_many_versions", "limit", maxVersions)
	}
	return rows, nil
}

// Form gives the version of a form that is in force for a period, judged by its last day; for "" the newest. Errors:
// NotFound "form.not_found"; Invalid "period.invalid".
func (l *Library) Form(code Code, p string) (*Form, error) {
	all := l.forms[code]
	if len(all) == 0 {
		return nil, fault.New(fault.NotFound, "form.not_found", "form", code)
	}
	if p == "" {
		return all[len(all)-1], nil
	}
	when, err := period.Parse(p)
	if err != nil {
		return nil, fault.Wrap("form.Form", err)
	}
	for _, f := range slices.Backward(all) {
		if f.Since <= when.Last().Last() {
			return f, nil
		}
	}
	return nil, fault.New(fault.NotFound, "form.not_found", "form", code)
}

// Forms lists the newest version of each form: the shipped ones in their order, then the city's own.
func (l *Library) Forms() []*Form {
	out := make([]*Form, 0, len(l.codes))
	for _, c := range l.codes {
		all := l.forms[c]
		out = append(out, all[len(all)-1])
	}
	return out
}

// Versions lists a form's versions, oldest first; none for a form that is not there. The caller owns the slice.
func (l *Library) Versions(code Code) []*Form { return slices.Clone(l.forms[code]) }

// Field finds a field by its code; nil when no form and no dictionary defines it. The field must not be changed.
func (l *Library) Field(code Code) *Field {
	if e := l.byCode[code]; e != nil {
		return e.field
	}
	return nil
}

// Fields lists all fields: the dictionary's in its order, then those that forms define. The caller owns the slice.
func (l *Library) Fields() []*Field { return slices.Clone(l.fields) }

// clone is a library to which one more form can be added without touching l.
func (l *Library) clone() *Library {
	c := &Library{fields: slices.Clone(l.fields), byCode: make(map[Code]*entry, len(l.byCode)), codes: slices.Clone(l.codes), forms: make(map[Code][]*Form, len(l.forms))}
	for k, e := range l.byCode {
		copied := *e
		c.byCode[k] = &copied
	}
	for k, f := range l.forms {
		c.forms[k] = slices.Clone(f)
	}
	return c
}

// sameBody says whether two files say the same but for blanks at their end.
func sameBody(a, b string) bool {
	return bytes.Equal(bytes.TrimSpace([]byte(a)), bytes.TrimSpace([]byte(b)))
}
