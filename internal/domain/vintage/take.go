package vintage

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Draft is a month taken from the ledger and not yet closed.
type Draft struct {
	City     string
	Month    period.Month
	Sequence int64
	parts    []part   // without completeness
	complete Complete // as counted, if it was
}

// Take freezes a month as a view shows it and computes its results from what it froze. It reads no database.
func Take(v *indicator.View, b *indicator.Book, m period.Month) (*Draft, error) {
	inputs, err := newPart(Inputs, func(w io.Writer) error { return b.Freeze(v, m, w) })
	if err != nil {
		return nil, fault.Wrap("vintage.Take", err)
	}
	rules, err := newPart(Rules, func(w io.Writer) error { return writeJSON(w, rulesOf(b)) })
	if err != nil {
		return nil, fault.Wrap("vintage.Take", err)
	}
	k := Kept{parts: []part{inputs, rules}}
	frozen, err := k.Side()
	if err != nil {
		return nil, fault.Wrap("vintage.Take", err)
	}
	results, err := resultsPart(frozen.View, frozen.Book, m)
	if err != nil {
		return nil, fault.Wrap("vintage.Take", err)
	}
	return &Draft{City: v.City(), Month: m, Sequence: v.Sequence, parts: []part{inputs, rules, results}, complete: Complete{Forms: []FormComplete{}}}, nil
}

// Rule is a pack of definitions as it was in force at the closing.
type Rule struct {
	File   string `json:"file"`
	Number string `json:"number"`
	Body   string `json:"body"`
}

func rulesOf(b *indicator.Book) (out []Rule) {
	for _, p := range b.Packs() {
		out = append(out, Rule{p.File, p.Number, p.Body})
	}
	return out
}

func bookOf(rules []Rule) (*indicator.Book, error) {
	packs := make([]indicator.Pack, len(rules))
	for i, r := range rules {
		packs[i] = indicator.Pack{File: r.File, Body: r.Body}
	}
	return indicator.LoadPacks(packs)
}

// Report is the results of a closed month: every indicator for the city and each county.
type Report struct {
	City       string      `json:"city"`
	Month      string      `json:"month"`
	Orgs       []Place     `json:"orgs"` // the city first, then its counties in the office's order
	Indicators []Indicator `json:"indicators"`
}

// Place is an org of a report.
type Place struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// Indicator is an indicator's values, in the order of the report's orgs.
type Indicator struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEN string  `json:"name_en"`
	Unit   string  `json:"unit"` // as the definition writes it
	Pack   string  `json:"pack"`
	Values []Value `json:"values"`
}

// Value is an indicator's value for one org: of the month, and of the year up to it. Nil: nothing is known.
type Value struct {
	Org   string `json:"org"`
	Month *Exact `json:"month"`
	Year  *Exact `json:"year"`
}

// Exact is n ÷ d in the indicator's unit, with the natures of the rows that were counted.
type Exact struct {
	N       int64    `json:"n"`
	D       int64    `json:"d"`
	Natures []string `json:"natures"`
}

func resultsPart(v *indicator.View, b *indicator.Book, m period.Month) (part, error) {
	report, err := reportOf(v, b, m)
	if err != nil {
		return part{}, err
	}
	return newPart(Results, func(w io.Writer) error { return writeJSON(w, report) })
}

// reportOf computes everything that a view of the closed month says.
func reportOf(v *indicator.View, b *indicator.Book, m period.Month) (Report, error) {
	whole := auth.Whole(v.City())
	out := Report{City: v.City(), Month: m.String(), Orgs: []Place{}, Indicators: []Indicator{}}
	for _, id := range append([]string{v.City()}, v.Children(whole.Path)...) {
		o, ok := v.Org(id)
		if !ok {
			return out, fault.New(fault.NotFound, "org.not_found", "id", id)
		}
		out.Orgs = append(out.Orgs, Place{id, o.NameZH, o.NameEN})
	}
	for _, d := range b.All() {
		in := Indicator{Code: d.Code, Name: d.Name.ZH, NameEN: d.Name.EN, Unit: d.Unit, Pack: d.Pack, Values: make([]Value, len(out.Orgs))}
		for i, p := range []period.Period{period.OfMonth(m), period.Year(m.Year())} {
			read, err := b.Read(v, indicator.Query{Code: d.Code, Scope: whole, Period: p, By: indicator.ByOrg})
			if err != nil {
				return out, err
			}
			byOrg := map[string]*Exact{v.City(): exact(read.Value, read.Natures)}
			for _, g := range read.Groups {
				if g.Key != v.City() { // rows of the city's own are in the city's total
					byOrg[g.Key] = exact(g.Value, g.Natures)
				}
			}
			for k, o := range out.Orgs {
				in.Values[k].Org = o.ID
				if i == 0 {
					in.Values[k].Month = byOrg[o.ID]
				} else {
					in.Values[k].Year = byOrg[o.ID]
				}
			}
		}
		out.Indicators = append(out.Indicators, in)
	}
	return out, nil
}

func exact(a *indicator.Amount, natures []string) *Exact {
	if a == nil {
		return nil
	}
	return &Exact{a.N, a.D, append([]string{}, natures...)}
}

// writeJSON writes v in the one form that it has: fields in the order of their types, lists in theirs, one indicator or rule
// not split over lines.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// readJSON reads a part's text.
func (k *Kept) readJSON(name string, into any) error {
	text, err := k.Text(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(into); err != nil {
		return damaged(name, err)
	}
	return nil
}

// Report gives the results. Error kind Invalid, key "vintage.damaged".
func (k *Kept) Report() (r Report, err error) { return r, k.readJSON(Results, &r) }

// Rules gives the packs. Error kind Invalid, key "vintage.damaged".
func (k *Kept) Rules() (r []Rule, err error) { return r, k.readJSON(Rules, &r) }

// Book gives the definitions as they were. Errors: Invalid "vintage.damaged", and those of indicator.LoadPacks.
func (k *Kept) Book() (*indicator.Book, error) {
	rules, err := k.Rules()
	if err != nil {
		return nil, err
	}
	return bookOf(rules)
}

// View gives the ledger as it was. Errors: Invalid "vintage.damaged", and those of indicator.Thaw.
func (k *Kept) View() (*indicator.View, error) {
	p, err := k.part(Inputs)
	if err != nil {
		return nil, err
	}
	r, err := p.open()
	if err != nil {
		return nil, damaged(Inputs, err)
	}
	return indicator.Thaw(r)
}
