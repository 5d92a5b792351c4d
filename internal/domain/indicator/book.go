package indicator

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/indicators"
)

// Book holds every definition in force. It is read once and never changes.
type Book struct {
	all    []*Definition // in the order of the packs
	byCode map[string]*Definition
	packs  []Pack
}

// raw is the file of a pack.
type raw struct {
	Pack       string        `yaml:"pack"`
	Issuer     string        `yaml:"issuer"`
	Number     string        `yaml:"number"`
	From       string        `yaml:"from"`
	Indicators []*Definition `yaml:"indicators"`
}

// Load reads the packs that the product carries.
func Load() (*Book, error) { return LoadFrom(indicators.FS) }

// LoadFrom reads every *.yaml of fsys as a pack and checks all definitions as LoadPacks does.
func LoadFrom(fsys fs.FS) (*Book, error) {
	files, err := pack.Files(fsys)
	if err != nil {
		return nil, fault.Wrap("indicator.LoadFrom", err)
	}
	packs := make([]Pack, len(files))
	for i, file := range files {
		packs[i] = Pack{File: file.Name, Body: string(file.Body)}
	}
	return LoadPacks(packs)
}

// Pack is a file of definitions with its text.
type Pack struct{ File, Number, Body string }

// LoadPacks reads packs by their texts and checks all definitions against the tables and against each other. Error kind
// Invalid: "indicator.bad_pack" (not the expected form), "indicator.bad_definition" (arguments code and why).
func LoadPacks(packs []Pack) (*Book, error) {
	b := &Book{byCode: map[string]*Definition{}}
	for _, p := range packs {
		if err := b.add(p); err != nil {
			return nil, err
		}
	}
	return b, b.check()
}

// Packs are the texts that the book was read from.
func (b *Book) Packs() []Pack { return slices.Clone(b.packs) }

func (b *Book) add(text Pack) error {
	var p raw
	dec := yaml.NewDecoder(strings.NewReader(text.Body))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil {
		return fault.Because(err, fault.Invalid, "indicator.bad_pack", "file", text.File)
	}
	text.Number = p.Number
	b.packs = append(b.packs, text)
	for _, d := range p.Indicators {
		d.Pack, d.From = p.Number, p.From
		if err := d.finish(); err != nil {
			return err
		}
		if b.byCode[d.Code] != nil {
			return fault.New(fault.Invalid, "indicator.bad_definition", "code", d.Code, "why", "the code is defined twice")
		}
		b.all, b.byCode[d.Code] = append(b.all, d), d
	}
	return nil
}

// check proves each definition against the columns of its table and against the definitions that it is made of.
func (b *Book) check() error {
	bad := func(d *Definition, why string) error {
		return fault.New(fault.Invalid, "indicator.bad_definition", "code", d.Code, "why", why)
	}
	for _, d := range b.all {
		for _, part := range []string{d.ChangeOf, d.Ratio.Numerator, d.Ratio.Denominator} {
			if p := b.byCode[part]; part != "" && (p == nil || p.Over == "") {
				return bad(d, part+" is not a basic indicator")
			}
		}
		if d.Over == "" {
			continue
		}
		schema, ok := schemas[d.Over]
		if !ok {
			return bad(d, "there is no table "+d.Over)
		}
		if err := provable(schema, d); err != nil {
			return bad(d, err.Error())
		}
	}
	return nil
}

// provable compiles the definition on an empty table, which refuses every column that is not there.
func provable(schema panel.Schema, d *Definition) error {
	empty, err := panel.NewTable(schema, func(func(panel.Row) bool) {})
	if err != nil {
		return err
	}
	sel, err := empty.Select(d.filter(month(1)))
	if err != nil {
		return err
	}
	if !slices.Contains(schema.Dims, d.Source) {
		return fmt.Errorf("there is no column %s", d.Source)
	}
	_, err = sel.Aggregate(panel.Query{Measure: d.measure(), Nature: d.Nature})
	return err
}

func (d *Definition) filter(w window) panel.Filter {
	var f panel.Filter
	for i := range d.Where {
		f = append(f, d.Where[i].predicate(w))
	}
	return f
}

// All lists the definitions in the order of their packs.
func (b *Book) All() []*Definition { return slices.Clone(b.all) }

// Of finds a definition. Error kind NotFound, key "indicator.not_found".
func (b *Book) Of(code string) (*Definition, error) {
	d := b.byCode[code]
	if d == nil {
		return nil, fault.New(fault.NotFound, "indicator.not_found", "code", code)
	}
	return d, nil
}

// Flow says whether the indicator's value belongs to its whole period (output, newly commissioned) or to the period's end
// (stocks and ratios of stocks).
func (b *Book) Flow(d *Definition) bool {
	switch {
	case d.ChangeOf != "":
		return true
	case d.Ratio != Ratio{}:
		return b.byCode[d.Ratio.Numerator].flow()
	default:
		return d.flow()
	}
}

// Parts are the basic definitions behind d: itself, the one it is the change of, or numerator and denominator.
func (b *Book) Parts(d *Definition) []*Definition {
	switch d.Kind() {
	case "change":
		return []*Definition{b.byCode[d.ChangeOf]}
	case "ratio":
		return []*Definition{b.byCode[d.Ratio.Numerator], b.byCode[d.Ratio.Denominator]}
	default:
		return []*Definition{d}
	}
}

// filed says whether the definition reads returns, of which months may be missing.
func (b *Book) filed(d *Definition) bool {
	for _, part := range b.Parts(d) {
		if part.Over == tableFiling {
			return true
		}
	}
	return false
}
