package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// inconsistencies are what does not agree in the ledger, as findings: at the end of the last month that is over, or of the
// period that is asked for.
func (a *API) inconsistencies(ctx context.Context, r db.Reader, s auth.Scope, q findingQuery) ([]Finding, error) {
	if q.from > 0 {
		return nil, nil
	}
	m := a.today().Month() - 1
	if !q.period.IsZero() {
		m = min(m, q.period.Last())
	}
	found, err := a.consistent.In(ctx, r, s, m)
	if err != nil {
		return nil, err
	}
	v := consistencyView{a: a, lang: languageOf(ctx)}
	var out []Finding
	for _, f := range found {
		if q.check != "" && string(f.Code) != q.check || !q.period.IsZero() && (f.Until < q.period.First() || f.Month > q.period.Last()) ||
			q.path != "" && !strings.HasPrefix(q.eyes.Orgs[f.Owner], q.path) {
			continue
		}
		item := v.finding(f)
		item.OwnerName = nameOf(q.orgs[f.Owner], v.lang)
		out = append(out, item)
	}
	return out, nil
}

// consistencyView writes inconsistencies in a language.
type consistencyView struct {
	a    *API
	lang string
}

func (v consistencyView) finding(f finding.Inconsistency) Finding {
	out := Finding{Check: string(f.Code), Severity: string(rule.Warning), Enterprise: string(f.Enterprise), Park: string(f.Park), Name: f.Name,
		Owner: string(f.Owner), Also: []Named{}, Month: f.Month.String(), Until: f.Until.String(), Field: f.Field, Score: 1, Evidence: []FindingRow{}}
	if f.Code == finding.Twice || f.Code == finding.Denominator {
		out.Severity = string(rule.Note)
	}
	out.Message, _ = v.a.Texts.Format(v.lang, f.Key, v.args(f.Args))
	out.Resolve, _ = v.a.Texts.Text(v.lang, f.Resolve)
	h := sha256.New()
	fmt.Fprintln(h, f.Code, f.Enterprise, f.Park, f.Field)
	for _, row := range f.Rows {
		item := v.row(row)
		fmt.Fprintln(h, item.Kind, item.ID, item.Field, item.Value)
		if f.Enterprise != "" {
			item.Enterprise = string(f.Enterprise)
		}
		out.Evidence = append(out.Evidence, item)
	}
	out.ID = out.Check + "-" + hex.EncodeToString(h.Sum(nil)[:12])
	return out
}

func (v consistencyView) row(row finding.Row) FindingRow {
	item := FindingRow{Kind: row.Kind, ID: row.ID, Name: row.Name, Month: row.Month.String(), Field: row.Field, Source: row.Source, Nature: string(row.Nature)}
	if row.Kind == enterprise.Kind {
		item.Enterprise = row.ID
	}
	if item.Label = row.Label.In(v.lang); item.Label == "" {
		item.Label, _ = v.a.Texts.Text(v.lang, "finding.field."+row.Field)
	}
	if row.Value == nil {
		item.Note, _ = v.a.Texts.Text(v.lang, "finding.left_open")
		return item
	}
	item.Value, item.Unit = v.amount(*row.Value, row.Unit)
	return item
}

// amount is a quantity as people read it.
func (v consistencyView) amount(value int64, in unit.Canonical) (text, of string) {
	shown := map[unit.Canonical]string{unit.Fen: "万元", unit.PPM: "%", unit.AreaM2: "平方米"}[in]
	switch {
	case in == unit.Day:
		return period.Date(value).String(), ""
	case shown != "":
		u := unit.MustOf(shown)
		return u.Format(value), u.Symbol
	case in == unit.Count:
		return strconv.FormatInt(value, 10), ""
	default:
		return strconv.FormatInt(value, 10), string(in)
	}
}

func (v consistencyView) args(in map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range in {
		switch x := value.(type) {
		case finding.Amount:
			text, of := v.amount(x.Value, x.Unit)
			value = text + of
		case finding.FieldName:
			value = string(x)
		case finding.Named:
			value = pack.Text(x).In(v.lang)
		}
		out[name] = value
	}
	return out
}
