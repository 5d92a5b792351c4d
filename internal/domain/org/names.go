package org

import (
	"strings"
	"unicode"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Names finds orgs by the names that offices write. The zero value finds nothing.
type Names struct {
	by map[string]*Org // folded name; nil where two orgs share it
}

// NamesOf makes Names out of orgs and aliases (as written → the org's Chinese name). An alias of an org that is not among
// orgs is left out. A name beats an alias, and what two orgs share finds neither.
func NamesOf(orgs []Org, aliases map[string]string) Names {
	n := Names{by: map[string]*Org{}}
	byName := map[string]*Org{}
	for i := range orgs {
		n.by[Fold(orgs[i].NameZH)] = &orgs[i]
		byName[orgs[i].NameZH] = &orgs[i]
	}
	second := map[string]*Org{}
	add := func(text string, o *Org) {
		key := Fold(text)
		if was, taken := second[key]; taken && was != o {
			o = nil
		}
		second[key] = o
	}
	for written, name := range aliases {
		if o := byName[name]; o != nil {
			add(written, o)
		}
	}
	for i := range orgs {
		if orgs[i].NameEN != "" {
			add(orgs[i].NameEN, &orgs[i])
		}
	}
	for key, o := range second {
		if _, taken := n.by[key]; !taken {
			n.by[key] = o
		}
	}
	return n
}

// Find gives the org that text names. Error kind NotFound, key "org.unknown_name".
func (n Names) Find(text string) (Org, error) {
	if o := n.by[Fold(text)]; o != nil {
		return *o, nil
	}
	return Org{}, fault.New(fault.NotFound, "org.unknown_name", "text", text)
}

// Fold writes a name so that spellings which mean the same compare equal: without blanks, full-width letters, digits and
// brackets as their ASCII forms, small letters. It is for comparing, never for storing.
func Fold(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= '！' && c <= '～' {
			c -= '！' - '!'
		}
		if unicode.IsSpace(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, name)
}
