package filing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

const dictionary = `
forms: [monthly, quarterly, parkm, rooms, book, opinion, flash]
fields:
  - {code: output, name: {zh: 产值, en: Output}, kind: quantity, unit: 元, measure: flow, definition: {zh: 产值。, en: Output.}}
  - {code: tax, name: {zh: 税收, en: Tax}, kind: quantity, unit: 元, measure: flow, signed: true, definition: {zh: 税收。, en: Tax.}}
  - {code: jobs, name: {zh: 人数, en: Jobs}, kind: quantity, unit: 人, measure: stock, definition: {zh: 人数。, en: Jobs.}}
  - {code: area, name: {zh: 面积, en: Area}, kind: quantity, unit: 平方米, measure: stock, definition: {zh: 面积。, en: Area.}}
  - {code: room, name: {zh: 房号, en: Room}, kind: code, definition: {zh: 房号。, en: Room.}}
  - {code: started, name: {zh: 起始日期, en: Started}, kind: date, definition: {zh: 日期。, en: Date.}}
  - {code: note, name: {zh: 备注, en: Note}, kind: text, definition: {zh: 备注。, en: Note.}}
`

const monthly = `
form: monthly
name: {zh: 企业月报, en: Enterprise return}
note: {zh: 月报, en: Monthly}
issuer: 市办
number: "1"
subject: enterprise
owed: producing
every: month
combined: true
list: false
window: {opens: 1, due: 8, grace: 7, locks: 90}
chain: [county, city]
sections:
  - code: all
    name: {zh: 全部, en: All}
    items:
      - {field: output, required: true}
      - {field: jobs}
      - {field: tax}
      - {field: note}
rules:
  - {code: tax_within, check: tax <= output, severity: error, message: {zh: 税收大于产值。, en: Tax above output.}}
  - {code: jump, when: prev(output) > 0元, check: output <= prev(output) * 5, severity: warning, message: {zh: "产值{output}，上期{prev(output)}。", en: "Output {output}, before {prev(output)}."}}
  - {code: on_record, when: 'known(source("record", tax))', check: 'tax == source("record", tax)', severity: warning, message: {zh: 与记录不符。, en: Not as on record.}}
  - {code: year_down, check: ytd(output) >= ytd_year_ago(output), severity: note, message: {zh: "累计{ytd(output)}。", en: "{ytd(output)} so far."}}
`

// other makes a form out of its head and items.
func other(code, head, items string) string {
	return fmt.Sprintf(`
form: %s
name: {zh: %s, en: %s}
note: {zh: 说明, en: Note}
issuer: 市办
number: "2"
%s
sections:
  - {code: all, name: {zh: 全部, en: All}, items: [%s]}
`, code, code, code, head, items)
}

// shipped is a library small enough to see through: a monthly return, one of a quarter, one of a park with three levels, two
// lists of which nobody approves one, a return of every enterprise, and one that is in force at once.
func shipped(t testing.TB, without ...string) *form.Library {
	t.Helper()
	const window = "window: {opens: 1, due: 8, grace: 7, locks: 90}\n"
	list := dictionary
	for _, code := range without {
		list = strings.Replace(list, ", "+code, "", 1)
	}
	lib, err := form.LoadFrom(fstest.MapFS{
		"dictionary.yaml": {Data: []byte(list)},
		"monthly.yaml":    {Data: []byte(monthly)},
		"quarterly.yaml":  {Data: []byte(other("quarterly", "subject: enterprise\nevery: quarter\nlist: true\n"+window+"chain: [city]", "{field: room, key: true}, {field: area}"))},
		"parkm.yaml":      {Data: []byte(other("parkm", "subject: park\nevery: month\nlist: false\n"+window+"chain: [operator, county, city]", "{field: area}, {field: note}"))},
		"rooms.yaml":      {Data: []byte(other("rooms", "subject: park\nevery: standing\nlist: true\nchain: [county, city]", "{field: room, key: true}, {field: area}, {field: started}, {field: note}"))},
		"book.yaml":       {Data: []byte(other("book", "subject: org\nevery: standing\nlist: true\nchain: []", "{field: room, key: true}, {field: area}, {field: started}, {field: note}"))},
		"flash.yaml":      {Data: []byte(other("flash", "subject: enterprise\nowed: producing\nevery: month\nlist: false\n"+window+"chain: []", "{field: output}, {field: jobs}"))},
		"opinion.yaml":    {Data: []byte(other("opinion", "subject: enterprise\nevery: month\nlist: false\n"+window+"chain: [city]", "{field: jobs}, {field: note}"))},
	})
	if err != nil {
		t.Fatalf("LoadFrom = %v", err)
	}
	return lib
}

// person is somebody who acts.
type person struct {
	name  string
	role  auth.Role
	scope auth.Scope
}

// people are the city's people by what they are.
var people = map[string]person{
	"firm":   {"firm.a", auth.Enterprise, tenancytest.Scopes["e-a"]},
	"other":  {"firm.d", auth.Enterprise, auth.Scope{City: tenancytest.City, Enterprise: "e-d"}},
	"op":     {"op.a", auth.ParkOperator, tenancytest.Scopes["op"]},
	"county": {"county.a", auth.CountyOffice, tenancytest.Scopes["350582"]},
	"second": {"county.b", auth.CountyOffice, tenancytest.Scopes["350582"]},
	"away":   {"county.c", auth.CountyOffice, tenancytest.Scopes["350583"]},
	"keeper": {"keeper.a", auth.ParkOperator, tenancytest.Scopes["350582"]}, // an operator at the county
	"viewer": {"viewer.a", auth.Viewer, tenancytest.Scopes["city"]},
	"admin":  {"admin.a", auth.SystemAdmin, tenancytest.Scopes["city"]},
	"city":   {"city.a", auth.CityOffice, tenancytest.Scopes["city"]},
	"nobody": {"nobody.a", auth.RoleNone, auth.Scope{}},
}

// world is a small city with a library, acted upon by people on days.
type world struct {
	t   testing.TB
	d   *db.DB
	lib *form.Library
	at  time.Time
	ids *int
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	tenancytest.Fill(t, d)
	return &world{t, d, shipped(t, "flash"), tenancytest.At, new(int)}
}

// on is the world on a day.
func (x *world) on(day string) *world {
	x.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		x.t.Fatal(err)
	}
	y := *x
	y.at = at.Add(2 * time.Hour)
	return &y
}

var (
	june    = filing.Ref{Kind: form.OfEnterprise, Subject: "e-a", Form: "monthly", Period: "2025-06"}
	parkOp  = filing.Ref{Kind: form.OfPark, Subject: "p-op", Form: "parkm", Period: "2025-06"}
	rooms   = filing.Ref{Kind: form.OfPark, Subject: "p-op", Form: "rooms"}
	county  = filing.Ref{Kind: form.OfOrg, Subject: "350582", Form: "book"}
	opinion = filing.Ref{Kind: form.OfEnterprise, Subject: "e-a", Form: "opinion", Period: "2025-06"}
)

func (x *world) act(who string) org.Act {
	act := tenancytest.Act(people[who].scope)
	act.Actor, act.At = people[who].name, x.at
	act.NewID = func() string { *x.ids++; return fmt.Sprintf("id-%04d", *x.ids) }
	return act
}

func (x *world) try(fn func(ctx context.Context, w db.Writer) error) error {
	return tenancytest.Try(x.d, fn)
}

func (x *world) now(ref filing.Ref) filing.Filing {
	x.t.Helper()
	var f filing.Filing
	x.read(func(ctx context.Context, r db.Reader) (err error) {
		f, _, err = filing.Get(ctx, r, people["city"].scope, ref)
		return err
	})
	return f
}

func (x *world) read(fn func(ctx context.Context, r db.Reader) error) {
	x.t.Helper()
	tenancytest.Read(x.t, x.d, fn)
}

// save writes cells, "output=500 jobs=3", into rows told apart by "; ", at the filing's present version. "-key" removes.
func (x *world) save(who string, ref filing.Ref, text string) error {
	return x.edit(who, filing.Edit{Ref: ref, Version: x.now(ref).Version, Changes: changesOf(text)})
}

// back files a row of the past in bulk.
func (x *world) back(who string, ref filing.Ref, reason string) error {
	return x.try(func(ctx context.Context, w db.Writer) error {
		_, err := filing.SaveAll(ctx, w, x.act(who), x.lib, filing.Bulk{Ref: ref, Reason: reason}, slices.Values(changesOf("output=1")))
		return err
	})
}

func (x *world) edit(who string, e filing.Edit) error {
	return x.try(func(ctx context.Context, w db.Writer) error {
		_, err := filing.Save(ctx, w, x.act(who), x.lib, e)
		return err
	})
}

func changesOf(text string) (out []filing.Change) {
	for row := range strings.SplitSeq(text, "; ") {
		if key, gone := strings.CutPrefix(row, "-"); gone {
			out = append(out, filing.Change{Key: key, Remove: true})
			continue
		}
		cells := filing.Cells{}
		for cell := range strings.FieldsSeq(row) {
			code, value, _ := strings.Cut(cell, "=")
			cells[code] = value
		}
		out = append(out, filing.Change{Cells: cells})
	}
	return out
}

func (x *world) submit(who string, ref filing.Ref, answers ...filing.Answer) error {
	s := filing.Submission{Ref: ref, Version: x.now(ref).Version, Answers: answers}
	return x.try(func(ctx context.Context, w db.Writer) error {
		_, err := filing.Submit(ctx, w, x.act(who), x.lib, s)
		return err
	})
}

type stepFunc = func(context.Context, db.Writer, org.Act, *form.Library, filing.Step) (filing.Filing, error)

func (x *world) step(who string, do stepFunc, ref filing.Ref, reason string) error {
	s := filing.Step{Ref: ref, Version: x.now(ref).Version, Reason: reason, Role: people[who].role}
	return x.try(func(ctx context.Context, w db.Writer) error {
		_, err := do(ctx, w, x.act(who), x.lib, s)
		return err
	})
}

// must fails the test on an error.
func (x *world) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// records are a filing's rows as text.
func (x *world) records(ref filing.Ref) string {
	x.t.Helper()
	var out []string
	x.read(func(ctx context.Context, r db.Reader) error {
		return filing.EachRecord(ctx, r, people["city"].scope, ref, func(rec *filing.Record) error {
			out = append(out, fmt.Sprintf("%s v%d %v %s %s %s", rec.Key, rec.Version, rec.Cells, rec.Nature, rec.Origin.Way, rec.Recorder))
			return nil
		})
	})
	return strings.Join(out, "\n")
}

// key is the message key of an error, "" without one.
func key(err error) string {
	if err == nil {
		return ""
	}
	f, _ := fault.Of(err)
	return f.Key
}
