package api

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ClosingCount is how many filings of a form were owed and approved.
type ClosingCount struct {
	Owed     int `json:"owed"`
	Approved int `json:"approved"`
}

// Closing is one closing of a month.
type Closing struct {
	Period   string                  `json:"period"`
	No       int64                   `json:"no"`
	At       time.Time               `json:"at"`
	Actor    string                  `json:"actor"`
	Reason   string                  `json:"reason"`
	Digest   string                  `json:"digest"`
	Sequence int64                   `json:"sequence" doc:"the change of the ledger up to which it was computed"`
	Complete map[string]ClosingCount `json:"complete" doc:"by form, at the closing"`
	Moved    bool                    `json:"moved" doc:"of a month's latest closing: the ledger no longer gives its results"`
}

// Closings lists what is closed and what can be.
type Closings struct {
	Items []Closing `json:"items"`
	Next  string    `json:"next" doc:"always empty: every closing is in the list"`
	Open  []string  `json:"open" doc:"months that are over and were never closed, the latest first"`
}

// Vintage is a closing with its report.
type Vintage struct {
	Closing
	Digests map[string]string `json:"digests" doc:"SHA-256 by part"`
	Rules   []VintageRule     `json:"rules"`
	Report  VintageReport     `json:"report"`
}

// VintageRule is a pack of definitions that was in force.
type VintageRule struct {
	Pack   string `json:"pack"`
	Number string `json:"number"`
}

// VintageReport is what a closing says of the city and its counties.
type VintageReport struct {
	Orgs       []VintageOrg       `json:"orgs"`
	Indicators []VintageIndicator `json:"indicators"`
}

// VintageOrg is a place of the report.
type VintageOrg struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// VintageIndicator is a line of the report.
type VintageIndicator struct {
	Code   string         `json:"code"`
	Name   string         `json:"name"`
	NameEN string         `json:"name_en"`
	Unit   string         `json:"unit" enum:"m2,yuan,ratio,count"`
	Values []VintageValue `json:"values"`
}

// VintageValue is an indicator's value of a place: of the month, and of the year up to it.
type VintageValue struct {
	Org          string   `json:"org"`
	Month        *float64 `json:"month" doc:"null: nothing is known"`
	Year         *float64 `json:"year" doc:"null: nothing is known"`
	MonthNatures []string `json:"month_natures"`
	YearNatures  []string `json:"year_natures"`
}

// Verification is what computing a closing again found.
type Verification struct {
	OK         bool               `json:"ok"`
	Digest     string             `json:"digest"`
	Recomputed string             `json:"recomputed" doc:"empty when the parts could not be read"`
	Trail      string             `json:"trail" enum:"same,other,none" doc:"what this server's audit trail says of the digest; none: made on another server"`
	Parts      []VerificationPart `json:"parts"`
}

// VerificationPart says which part is not what was kept.
type VerificationPart struct {
	Name       string `json:"name"`
	OK         bool   `json:"ok"`
	Kept       string `json:"kept"`
	Found      string `json:"found"`
	Recomputed string `json:"recomputed" doc:"empty for a part that follows from no other"`
}

// ClosingPath names a closing.
type ClosingPath struct {
	Period string `path:"period" maxLength:"7"`
	No     int64  `path:"no" minimum:"1"`
}

func (a *API) closings() {
	register(a, operation{id: "list-closings", method: http.MethodGet, path: "/closings", tag: "closings", summary: "Which months are closed, and which can be"}, a.listClosings)
	register(a, operation{id: "close-month", method: http.MethodPost, path: "/closings", tag: "closings", summary: "Close a month, or close it again", status: http.StatusCreated}, a.closeMonth)
	register(a, operation{id: "get-closing", method: http.MethodGet, path: "/closings/{period}/{no}", tag: "closings", summary: "What a closing says"}, a.getClosing)
	register(a, operation{id: "verify-closing", method: http.MethodGet, path: "/closings/{period}/{no}/verify", tag: "closings", summary: "Compute a closing again from its own inputs"}, a.verifyClosing)
	register(a, operation{id: "get-closing-bundle", method: http.MethodGet, path: "/closings/{period}/{no}/bundle", tag: "closings", summary: "A closing as one file for another server"}, a.closingBundle)
	register(a, operation{id: "get-closing-bridge", method: http.MethodGet, path: "/closings/{period}/bridge", tag: "closings", summary: "Why two closings of a month differ, row by row"}, a.closingBridge)
}

// maxOpenMonths is how far back months are offered for a closing.
const maxOpenMonths = 36

func (a *API) listClosings(ctx context.Context, _ *struct{}) (*struct{ Body Closings }, error) {
	if _, err := reader(ctx); err != nil {
		return nil, err
	}
	v, err := a.Panels.Now(ctx)
	if err != nil {
		return nil, err
	}
	out := Closings{Items: []Closing{}}
	closed := map[period.Month]bool{}
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		list, err := vintage.List(ctx, r, s)
		if err != nil {
			return err
		}
		for _, one := range list {
			item := closingOf(one)
			if !closed[one.Month] {
				if item.Moved, err = a.vintages.Moved(ctx, r, v, a.Book, one); err != nil {
					return err
				}
			}
			closed[one.Month] = true
			out.Items = append(out.Items, item)
		}
		return nil
	})
	out.Open = a.openMonths(v, closed)
	return &struct{ Body Closings }{out}, err
}

// openMonths are the months with returns that are over and not closed.
func (a *API) openMonths(v *indicator.View, closed map[period.Month]bool) []string {
	out := []string{}
	last := period.MonthAt(a.Now().UTC()) - 1
	for m := last; v.First != 0 && m >= max(v.First, last-maxOpenMonths+1); m-- {
		if !closed[m] {
			out = append(out, m.String())
		}
	}
	return out
}

func closingOf(v vintage.Vintage) Closing {
	out := Closing{Period: v.Month.String(), No: v.No, At: v.At, Actor: v.Actor, Reason: v.Reason, Digest: v.Digest, Sequence: v.Sequence, Complete: map[string]ClosingCount{}}
	for name, c := range v.Complete {
		out.Complete[name] = ClosingCount{c.Owed, c.Approved}
	}
	return out
}

// closingTries is how often a closing is taken again because the ledger changed while it was computed.
const closingTries = 5

func (a *API) closeMonth(ctx context.Context, in *struct {
	Body struct {
		Period string `json:"period" maxLength:"7" doc:"2024-06"`
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*struct {
	Body struct {
		Period string `json:"period"`
		No     int64  `json:"no"`
		Digest string `json:"digest"`
	}
}, error) {
	if err := may(ctx, auth.ClosingMake); err != nil {
		return nil, err
	}
	m, err := vintage.ParseMonth(in.Body.Period)
	if err != nil {
		return nil, err
	}
	var made vintage.Vintage
	for range closingTries {
		made, err = a.closeOnce(ctx, m, in.Body.Reason)
		if f, ok := fault.Of(err); !ok || f.Key != "closing.ledger_moved" {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Period string `json:"period"`
			No     int64  `json:"no"`
			Digest string `json:"digest"`
		}
	}{}
	out.Body.Period, out.Body.No, out.Body.Digest = made.Month.String(), made.No, made.Digest
	return out, nil
}

func (a *API) closeOnce(ctx context.Context, m period.Month, reason string) (made vintage.Vintage, err error) {
	v, err := a.Panels.Now(ctx)
	if err != nil {
		return made, err
	}
	draft, err := vintage.Take(v, a.Book, m)
	if err != nil {
		return made, err
	}
	err = a.read(ctx, func(r db.Reader, _ auth.Scope) error {
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		return draft.Count(ctx, r, lib, a.Now())
	})
	if err != nil {
		return made, err
	}
	err = a.write(ctx, auth.ClosingMake, func(w db.Writer, act org.Act) error {
		made, err = vintage.Close(ctx, w, act, draft, reason)
		return err
	})
	return made, err
}

// kept reads a closing; number 0 is the month's latest.
func (a *API) kept(ctx context.Context, text string, no int64) (k *vintage.Kept, err error) {
	m, err := vintage.ParseMonth(text)
	if err != nil {
		return nil, err
	}
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		k, err = vintage.Get(ctx, r, s, m, no)
		return err
	})
	return k, err
}

func (a *API) getClosing(ctx context.Context, in *ClosingPath) (*struct{ Body Vintage }, error) {
	k, err := a.kept(ctx, in.Period, in.No)
	if err != nil {
		return nil, err
	}
	out := Vintage{Closing: closingOf(k.Vintage), Digests: k.Parts, Rules: []VintageRule{}}
	rules, err := k.Rules()
	if err != nil {
		return nil, err
	}
	for _, r := range rules {
		out.Rules = append(out.Rules, VintageRule{strings.TrimSuffix(r.File, ".yaml"), r.Number})
	}
	report, err := k.Report()
	if err != nil {
		return nil, err
	}
	if out.Report, err = reportOf(report); err != nil {
		return nil, err
	}
	if out.Moved, err = a.movedSince(ctx, k.Vintage); err != nil {
		return nil, err
	}
	return &struct{ Body Vintage }{out}, nil
}

func (a *API) movedSince(ctx context.Context, of vintage.Vintage) (moved bool, err error) {
	v, err := a.Panels.Now(ctx)
	if err != nil {
		return false, err
	}
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		list, err := vintage.List(ctx, r, s)
		latest := slices.ContainsFunc(list, func(o vintage.Vintage) bool { return o.Month == of.Month && o.No > of.No })
		if err != nil || latest {
			return err
		}
		moved, err = a.vintages.Moved(ctx, r, v, a.Book, of)
		return err
	})
	return moved, err
}

func reportOf(r vintage.Report) (VintageReport, error) {
	out := VintageReport{Orgs: []VintageOrg{}, Indicators: []VintageIndicator{}}
	for _, o := range r.Orgs {
		out.Orgs = append(out.Orgs, VintageOrg{o.ID, o.Name, o.NameEN})
	}
	for _, in := range r.Indicators {
		u, err := unit.Of(in.Unit)
		if err != nil {
			return out, err
		}
		line := VintageIndicator{in.Code, in.Name, in.NameEN, unitWord(u), []VintageValue{}}
		for _, v := range in.Values {
			line.Values = append(line.Values, VintageValue{v.Org, exactFloat(v.Month), exactFloat(v.Year), naturesOf(v.Month), naturesOf(v.Year)})
		}
		out.Indicators = append(out.Indicators, line)
	}
	return out, nil
}

func unitWord(u unit.Unit) string {
	switch u.To {
	case unit.Fen:
		return "yuan"
	case unit.PPM:
		return "ratio"
	case unit.AreaM2:
		return "m2"
	default:
		return "count"
	}
}

func exactFloat(e *vintage.Exact) *float64 {
	if e == nil {
		return nil
	}
	f := indicator.Amount{N: e.N, D: e.D}.Float()
	return &f
}

func naturesOf(e *vintage.Exact) []string {
	if e == nil {
		return []string{}
	}
	return list(e.Natures)
}

func (a *API) verifyClosing(ctx context.Context, in *ClosingPath) (*struct{ Body Verification }, error) {
	k, err := a.kept(ctx, in.Period, in.No)
	if err != nil {
		return nil, err
	}
	c := k.Check()
	out := Verification{OK: c.OK, Digest: c.Digest, Recomputed: c.Recomputed, Trail: cmp.Or(string(c.Trail), "none"), Parts: []VerificationPart{}}
	for _, p := range c.Parts {
		out.Parts = append(out.Parts, VerificationPart{p.Name, p.OK, p.Kept, p.Found, p.Recomputed})
	}
	return &struct{ Body Verification }{out}, nil
}

func (a *API) closingBundle(ctx context.Context, in *ClosingPath) (*download, error) {
	k, err := a.kept(ctx, in.Period, in.No)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := k.Bundle(&b); err != nil {
		return nil, err
	}
	return &download{"application/zip", `attachment; filename="` + k.BundleName() + `"`, b.Bytes()}, nil
}
