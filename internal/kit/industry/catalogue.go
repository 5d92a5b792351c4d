package industry

import (
	"cmp"
	"iter"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Row is one line of the classification as refdata holds it.
type Row struct {
	Code    string // "C", "13", "131", "1311", or with the letter
	Parent  string // empty for a section
	Section string // letter
	Name    string // Chinese name
	NameEN  string // may be empty
}

// Catalogue is the classification's list of codes with their names. It does not change after NewCatalogue and is safe for
// concurrent use.
type Catalogue struct {
	rows     map[Code]Row
	children map[Code][]Code // in code order; those of "" are the sections
}

// NewCatalogue checks the rows and makes a catalogue of them; their order does not matter. Errors, kind Invalid, argument
// "code": "industry.invalid" and "industry.section" as Parse, "industry.catalogue" (argument "reason": "duplicate",
// "parent", "section" or "name") for a row that does not fit the others.
func NewCatalogue(rows iter.Seq[Row]) (*Catalogue, error) {
	k := &Catalogue{rows: map[Code]Row{}, children: map[Code][]Code{}}
	for row := range rows {
		c, err := Parse(row.Code)
		if err != nil {
			return nil, err
		}
		if err := k.add(c, row); err != nil {
			return nil, err
		}
	}
	for parent := range k.children {
		slices.SortFunc(k.children[parent], func(a, b Code) int { return cmp.Compare(a, b) })
		if _, ok := k.rows[parent]; !ok && parent != "" {
			return nil, misfit(string(parent), "parent")
		}
	}
	return k, nil
}

func (k *Catalogue) add(c Code, row Row) error {
	var parent Code
	if row.Parent != "" {
		p, err := Parse(row.Parent)
		if err != nil {
			return err
		}
		parent = p
	}
	_, twice := k.rows[c]
	switch {
	case twice:
		return misfit(row.Code, "duplicate")
	case parent != c.Parent():
		return misfit(row.Code, "parent")
	case row.Section != string(c.Section()):
		return misfit(row.Code, "section")
	case row.Name == "":
		return misfit(row.Code, "name")
	}
	row.Code, row.Parent = string(c), string(parent)
	k.rows[c] = row
	k.children[parent] = append(k.children[parent], c)
	return nil
}

func misfit(code, reason string) error {
	return fault.New(fault.Invalid, "industry.catalogue", "code", code, "reason", reason)
}

// Parse reads a code as the function Parse does and refuses one that the catalogue does not hold. Error kind Invalid, key
// "industry.not_listed" besides those of Parse.
func (k *Catalogue) Parse(s string) (Code, error) {
	c, err := Parse(s)
	if err != nil {
		return "", err
	}
	if _, ok := k.rows[c]; !ok {
		return "", fault.New(fault.Invalid, "industry.not_listed", "text", s)
	}
	return c, nil
}

// Row gives a code's line. ok is false for a code that is not listed.
func (k *Catalogue) Row(c Code) (row Row, ok bool) {
	row, ok = k.rows[c]
	return row, ok
}

// Name is the Chinese name of a code; empty when it is not listed.
func (k *Catalogue) Name(c Code) string { return k.rows[c].Name }

// Children lists the codes directly below c in order; those of the empty code are the sections. The caller owns the slice.
func (k *Catalogue) Children(c Code) []Code { return slices.Clone(k.children[c]) }

// Len is the number of codes.
func (k *Catalogue) Len() int { return len(k.rows) }
