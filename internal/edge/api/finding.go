package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// FindingRow is a value that a finding rests on.
type FindingRow struct {
	Enterprise string `json:"enterprise"`
	Name       string `json:"name"`
	Month      string `json:"month"`
	Field      string `json:"field"`
	Value      string `json:"value" doc:"in unit"`
	Unit       string `json:"unit"`
	Note       string `json:"note"`
	Kind       string `json:"kind,omitempty" doc:"of what states it, where that is not an enterprise's return: enterprise, park, tenancy, project"`
	ID         string `json:"id,omitempty" doc:"of what states it"`
	Label      string `json:"label,omitempty" doc:"the field's name"`
	Source     string `json:"source,omitempty"`
	Nature     string `json:"nature,omitempty"`
}

// FindingPeers sums up those with whom a value was compared.
type FindingPeers struct {
	Group    string `json:"group"`
	Entities int    `json:"entities"`
	Median   string `json:"median"`
	Low      string `json:"low"`
	High     string `json:"high"`
}

// Finding is a figure that can hardly be right: a question, no verdict.
type Finding struct {
	ID         string        `json:"id"`
	Check      string        `json:"check"`
	Severity   string        `json:"severity" enum:"error,warning,note"`
	Enterprise string        `json:"enterprise" doc:"empty for a finding about a whole group"`
	Name       string        `json:"name"`
	Org        string        `json:"org" doc:"of a finding about the sum of an org's enterprises"`
	Park       string        `json:"park,omitempty" doc:"where it is; what a finding without enterprise and org is about"`
	Owner      string        `json:"owner,omitempty" doc:"the org that resolves it"`
	OwnerName  string        `json:"owner_name,omitempty"`
	Resolve    string        `json:"resolve,omitempty" doc:"the way to resolve it"`
	Also       []Named       `json:"also" doc:"other enterprises concerned"`
	Month      string        `json:"month"`
	Until      string        `json:"until"`
	Field      string        `json:"field" doc:"empty where several are concerned"`
	Score      float64       `json:"score" doc:"how many times the threshold was passed"`
	Message    string        `json:"message"`
	Evidence   []FindingRow  `json:"evidence"`
	Peers      *FindingPeers `json:"peers,omitempty" doc:"absent where nobody was compared with"`
	Suggest    *string       `json:"suggest" doc:"what the value would be with the mistaken unit put right"`
}

// Findings is a page of findings over the returns as they were at a change of the ledger.
type Findings struct {
	ComputedAt string    `json:"computed_at"`
	Sequence   int64     `json:"sequence"`
	Items      []Finding `json:"items"`
	Next       string    `json:"next" doc:"cursor of the next page; empty at the end"`
}

func (a *API) findings() {
	register(a, operation{id: "list-findings", method: http.MethodGet, path: "/findings", tag: "findings", summary: "Figures that can hardly be right, each with the rows that it rests on"}, a.listFindings)
}

func (a *API) listFindings(ctx context.Context, in *struct {
	Paging
	Period   string `query:"period" maxLength:"10" doc:"findings that touch it; empty: all"`
	Org      string `query:"org" maxLength:"40" doc:"of enterprises at and below this org"`
	Check    string `query:"check" maxLength:"20"`
	Severity string `query:"severity" enum:"error,warning,note"`
}) (*struct{ Body Findings }, error) {
	if err := may(ctx, auth.FindingRead); err != nil {
		return nil, err
	}
	q := findingQuery{check: in.Check, severity: in.Severity, limit: in.Limit}
	var err error
	if in.Period != "" {
		if q.period, err = period.Parse(in.Period); err != nil {
			return nil, err
		}
	}
	if q.from, err = placeIn(in.Cursor); err != nil {
		return nil, err
	}
	var lib *form.Library
	var late, unlike, reused []Finding
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		if q.path, err = a.inside(ctx, r, s, in.Org); err != nil {
			return err
		}
		if lib, err = a.library(ctx, r); err != nil {
			return err
		}
		if err = q.look(ctx, r, s, a.City); err != nil {
			return err
		}
		if unlike, err = a.inconsistencies(ctx, r, s, q); err != nil {
			return err
		}
		if reused, err = a.reused(ctx, r, s, q); err != nil {
			return err
		}
		late, err = a.reminders(ctx, r, s, lib, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	set, err := a.watch.Now(ctx, lib)
	if err != nil {
		return nil, err
	}
	out := Findings{ComputedAt: instant(set.At), Sequence: set.Sequence, Items: []Finding{}}
	rows, next := q.page(set)
	v := findingView{a: a, lang: languageOf(ctx), lib: lib, set: set, eyes: q.eyes, orgs: q.orgs}
	for _, f := range rows {
		out.Items = append(out.Items, v.finding(f))
	}
	for _, f := range slices.Concat(unlike, reused, late) {
		if q.weighs(f.Severity) {
			out.Items = append(out.Items, f)
		}
	}
	out.Next = next
	return &struct{ Body Findings }{out}, nil
}

// placeIn reads how many findings the pages before held.
func placeIn(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	parts, err := page.Place(cursor, 1)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(parts[0])
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "cursor.invalid")
	}
	return n, nil
}

// findingQuery is which findings are wanted, and what the caller may see of them.
type findingQuery struct {
	check    string
	severity string
	period   period.Period
	path     string
	from     int
	limit    int
	eyes     finding.Eyes
	orgs     map[org.ID]org.Org
}

func (q *findingQuery) look(ctx context.Context, r db.Reader, s auth.Scope, city string) error {
	q.eyes = finding.Eyes{Scope: s, Orgs: map[org.ID]string{}}
	switch caller(ctx).Role {
	case auth.CityOffice, auth.CountyOffice: // a confidential finding tells a target: to nobody who enters figures
		q.eyes.Targets = true
	}
	orgs, err := org.All(ctx, r, city)
	if err != nil {
		return err
	}
	q.orgs = map[org.ID]org.Org{}
	for _, o := range orgs {
		q.orgs[o.ID], q.eyes.Orgs[o.ID] = o, o.Path
	}
	q.eyes.Enterprises, err = enterprise.Visible(ctx, r, s)
	return err
}

func (q *findingQuery) page(set *finding.Set) (rows []finding.Finding, next string) {
	n := 0
	for _, f := range set.Seen(q.eyes) {
		if !q.wants(set, f) {
			continue
		}
		if n++; n <= q.from {
			continue
		}
		if len(rows) == q.limit {
			return rows, page.Cursor(strconv.Itoa(q.from + q.limit))
		}
		rows = append(rows, f)
	}
	return rows, ""
}

func (q *findingQuery) wants(set *finding.Set, f finding.Finding) bool {
	if q.check != "" && string(f.Check) != q.check || !q.weighs(f.Severity.String()) || !q.period.IsZero() && (f.Until < q.period.First() || f.Month > q.period.Last()) {
		return false
	}
	path := set.Paths[enterprise.ID(f.Entity)]
	if f.Org != "" {
		path = q.eyes.Orgs[org.ID(f.Org)]
	}
	return q.path == "" || strings.HasPrefix(path, q.path)
}

// weighs says whether findings of a severity are wanted.
func (q *findingQuery) weighs(severity string) bool {
	return q.severity == "" || q.severity == severity
}

// findingView writes findings for one caller.
type findingView struct {
	a    *API
	lang string
	lib  *form.Library
	set  *finding.Set
	eyes finding.Eyes
	orgs map[org.ID]org.Org
}

func (v findingView) finding(f finding.Finding) Finding {
	out := Finding{ID: f.ID, Check: string(f.Check), Severity: f.Severity.String(), Enterprise: f.Entity, Name: v.name(f.Entity), Org: f.Org, Also: []Named{},
		Month: f.Month.String(), Until: f.Until.String(), Field: f.Field, Score: f.Score, Evidence: []FindingRow{}}
	if o, ok := v.orgs[org.ID(f.Org)]; ok {
		out.Name = o.NameZH
	}
	for _, id := range f.Also {
		out.Also = append(out.Also, Named{id, v.name(id)})
	}
	for _, row := range f.Evidence {
		value, unit := v.amount(row.Field, row.Value)
		item := FindingRow{Enterprise: row.Entity, Name: v.name(row.Entity), Month: row.Month.String(), Field: row.Field, Value: value, Unit: unit}
		if f.Org != "" {
			item.Enterprise, item.Name = "", out.Name
		}
		out.Evidence = append(out.Evidence, item)
	}
	if b := f.Peers; b != nil {
		out.Peers = &FindingPeers{v.group(b.Group), b.Entities, number(b.Median), number(b.Low), number(b.High)}
	}
	if f.Suggest != nil {
		text := v.quantity(*f.Suggest)
		out.Suggest = &text
	}
	out.Message, _ = v.a.Texts.Format(v.lang, f.Key, v.args(f.Args))
	return out
}

// number writes a ratio or a factor with three digits that count, and never with an exponent.
func number(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil { // it was written just now
		short = x
	}
	return plain(short)
}

// amount is a quantity in its field's unit.
func (v findingView) amount(code string, value int64) (text, unit string) {
	text = strconv.FormatInt(value, 10)
	if f := v.lib.Field(code); f != nil {
		return f.Format(text), f.Unit
	}
	return text, ""
}

// quantity is an amount with its unit, as a sentence of the language has it.
func (v findingView) quantity(a plausible.Amount) string {
	value, unit := v.amount(a.Field, a.V)
	if v.lang == english {
		return rule.InEnglish(value + unit)
	}
	return value + unit
}

// large is a count of which only the size matters: 1,000,000 in English, 100万 in Chinese.
func large(lang string, n int64) string {
	if lang == english {
		return grouped(strconv.FormatInt(n, 10))
	}
	for _, step := range []struct {
		size int64
		word string
	}{{100_000_000, "亿"}, {10_000, "万"}} {
		if n >= step.size && n%step.size == 0 {
			return strconv.FormatInt(n/step.size, 10) + step.word
		}
	}
	return strconv.FormatInt(n, 10)
}

// args are a message's values as people read them: quantities with their unit, enterprises by name, groups in words.
func (v findingView) args(in map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range in {
		switch x := value.(type) {
		case plausible.Amount:
			value = v.quantity(x)
		case int64:
			value = large(v.lang, x)
		case float64:
			value = number(x)
		case string:
			switch name {
			case "entity", "other":
				value = v.name(x)
			case "group":
				value = v.group(x)
			}
		}
		out[name] = value
	}
	return out
}

// name is an enterprise's; of one that the caller does not see it says only that it is another one.
func (v findingView) name(id string) string {
	if id == "" {
		return ""
	}
	if !v.eyes.Whole() && !v.eyes.Enterprises[enterprise.ID(id)] {
		text, _ := v.a.Texts.Text(v.lang, "finding.other_enterprise")
		return text
	}
	return v.set.Names[enterprise.ID(id)]
}

// group says "19/small" in words.
func (v findingView) group(name string) string {
	code, size, sized := strings.Cut(name, "/")
	if text := v.a.Industries.Name(industry.Code(code)); text != "" {
		code = text
	}
	if !sized {
		return code
	}
	word, _ := v.a.Texts.Text(v.lang, "finding.size."+size)
	return code + " · " + word
}

// measures says which ledger field the targets of an indicator are about.
func measures(b *indicator.Book) finding.Measures {
	out := finding.Measures{}
	if b == nil {
		return out // the operations are only described
	}
	for _, d := range b.All() {
		if f := filing.Field(d.Measure.Sum); d.Over == "filing" && d.Kind() == "sum" && f.Valid() {
			out[d.Code] = f
		}
	}
	return out
}
