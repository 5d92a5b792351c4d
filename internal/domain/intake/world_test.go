package intake_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

const dictionary = `
forms: [monthly, book]
fields:
  - {code: output, name: {zh: 产值, en: Output}, kind: quantity, unit: 元, measure: flow, definition: {zh: 产值。, en: Output.}}
  - {code: tax, name: {zh: 税收, en: Tax}, kind: quantity, unit: 元, measure: flow, signed: true, definition: {zh: 税收。, en: Tax.}}
  - {code: area, name: {zh: 面积, en: Area}, kind: quantity, unit: 平方米, measure: stock, definition: {zh: 面积。, en: Area.}}
  - {code: room, name: {zh: 房号, en: Room}, kind: code, definition: {zh: 房号。, en: Room.}}
  - {code: started, name: {zh: 起始日期, en: Started}, kind: date, definition: {zh: 日期。, en: Date.}}
  - {code: ended, name: {zh: 终止日期, en: Ended}, kind: date, definition: {zh: 日期。, en: Date.}}
  - {code: usage, name: {zh: 用途, en: Use}, kind: choice, definition: {zh: 用途。, en: Use.}, choices: [{code: factory, name: {zh: 厂房, en: Factory}, names: [标准厂房]}, {code: shop, name: {zh: 商铺, en: Shop}}]}
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
list: false
window: {opens: 1, due: 8, grace: 7, locks: 90}
chain: [county]
sections:
  - {code: all, name: {zh: 全部, en: All}, items: [{field: output, required: true}, {field: tax}, {field: note}]}
rules:
  - {code: tax_within, check: tax <= output, severity: error, message: {zh: "税收{tax}大于产值{output}。", en: "Tax {tax} above output {output}."}}
  - {code: jump, when: prev(output) > 0元, check: output <= prev(output) * 5, severity: warning, message: {zh: "产值{output}，上期{prev(output)}。", en: "Output {output}, before {prev(output)}."}}
`

const book = `
form: book
name: {zh: 房源台账, en: Book}
note: {zh: 台账, en: Book}
issuer: 市办
number: "2"
subject: org
every: standing
list: true
chain: []
sections:
  - {code: all, name: {zh: 全部, en: All}, items: [{field: room, key: true}, {field: area, required: true}, {field: started}, {field: ended}, {field: usage}, {field: note}]}
rules:
  - {code: order, check: ended >= started, severity: error, message: {zh: "终止{ended}早于起始{started}。", en: "Ended {ended} before {started}."}}
  - {code: small, check: area >= 10平方米, severity: warning, message: {zh: "面积只有{area}。", en: "Only {area}."}}
`

// first is a file of rooms.
const first = `
room,area,started,ended,usage,note
A1,100,2024-01-01,2025-01-01,标准厂房,one
A2,200,2024-02,,shop,two
A3,300,,,,`

// world is a small city with two forms: a monthly return of enterprises and a book of rooms of an office.
type world struct {
	*testing.T
	d   *db.DB
	lib *form.Library
	ids *id.Maker
	at  time.Time
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	tenancytest.Fill(t, d)
	lib, err := form.LoadFrom(fstest.MapFS{"dictionary.yaml": {Data: []byte(dictionary)}, "monthly.yaml": {Data: []byte(monthly)}, "book.yaml": {Data: []byte(book)}})
	if err != nil {
		t.Fatalf("LoadFrom = %v", err)
	}
	w := &world{T: t, d: d, lib: lib, at: time.Date(2025, 7, 3, 1, 0, 0, 0, time.UTC)}
	w.ids = id.NewMaker(func() time.Time { return w.at }, rand.NewChaCha8([32]byte{1}))
	return w
}

var (
	rooms  = intake.Target{Form: "book", Kind: form.OfOrg, Subject: "350582"}
	june   = intake.Target{Form: "monthly", Kind: form.OfEnterprise, Period: "2025-06"}
	county = tenancytest.Scopes["350582"]
	whole  = tenancytest.Scopes["city"]
)

func (w *world) act(s auth.Scope) org.Act {
	w.at = w.at.Add(time.Minute)
	actor := "office.a"
	if s.Enterprise != "" {
		actor = "firm.a"
	}
	return org.Act{Scope: s, Actor: actor, At: w.at, NewID: w.ids.New}
}

func (w *world) write(s auth.Scope, f func(ctx context.Context, tx db.Writer, act org.Act) error) error {
	act := w.act(s)
	return w.d.Write(w.Context(), func(tx db.Writer) error { return f(w.Context(), tx, act) })
}

// table is a file: the first line has the fields, a cell "?" is a word for unknown, "!x" cannot be read.
func table(no int, text string) intake.Input {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	fields := strings.Split(lines[0], ",")
	return intake.Input{File: intake.File{No: no, Name: fmt.Sprintf("file%d.csv", no), Digest: strconv.Itoa(no)}, Rows: rowsOf(fields, lines[1:])}
}

func rowsOf(fields, lines []string) iter.Seq2[func() intake.Row, error] {
	return func(yield func(func() intake.Row, error) bool) {
		for i, line := range lines {
			row := intake.Row{No: i + 2}
			for c, text := range strings.Split(line, ",") {
				cell := intake.Cell{Field: fields[c], Column: fields[c], Ref: fmt.Sprintf("%c%d", 'A'+c, i+2), Text: text, Value: text}
				switch {
				case text == "?":
					cell.Value, cell.Unknown = "", true
				case strings.HasPrefix(text, "!"):
					cell.Value, cell.Bad = "", &intake.Trouble{Key: "value.not_a_number"}
				}
				row.Cells = append(row.Cells, cell)
			}
			if !yield(func() intake.Row { return row }, nil) {
				return
			}
		}
	}
}

func (w *world) check(s auth.Scope, t intake.Target, inputs ...intake.Input) *intake.Plan {
	w.Helper()
	p, err := intake.Check(w.Context(), w.d, s, w.lib, t, inputs, nil)
	if err != nil {
		w.Fatalf("Check = %v", err)
	}
	return p
}

// open keeps an intake of one file, which a commit needs.
func (w *world) open(s auth.Scope, t intake.Target) (in intake.Intake) {
	w.Helper()
	err := w.write(s, func(ctx context.Context, tx db.Writer, act org.Act) (err error) {
		in, err = intake.Open(ctx, tx, act, t, intake.Upload{Name: "file.csv", Content: []byte("a,b\n"), Mapping: "{}"})
		return err
	})
	if err != nil {
		w.Fatalf("Open = %v", err)
	}
	return in
}

func (w *world) get(s auth.Scope, id string) (in intake.Intake) {
	w.Helper()
	err := w.d.Read(w.Context(), func(r db.Reader) (err error) {
		in, err = intake.Get(w.Context(), r, s, id)
		return err
	})
	if err != nil {
		w.Fatalf("Get(%q) = %v", id, err)
	}
	return in
}

func (w *world) commit(s auth.Scope, in intake.Intake, p *intake.Plan, how intake.How) (r intake.Report, err error) {
	err = w.write(s, func(ctx context.Context, tx db.Writer, act org.Act) (err error) {
		in, err := intake.Get(ctx, tx.Reader, s, in.ID)
		if err == nil {
			r, err = intake.Commit(ctx, tx, act, w.lib, in, p, how)
		}
		return err
	})
	return r, err
}

// bring checks and commits one file.
func (w *world) bring(s auth.Scope, t intake.Target, text string) (intake.Intake, intake.Report) {
	w.Helper()
	in := w.open(s, t)
	r, err := w.commit(s, in, w.check(s, t, table(1, text)), intake.How{})
	if err != nil {
		w.Fatalf("Commit = %v", err)
	}
	return in, r
}

// cells gives a filing's records as "key: field=value …".
func (w *world) cells(t intake.Target, subject string) string {
	w.Helper()
	var out []string
	err := w.d.Read(w.Context(), func(r db.Reader) error {
		return filing.EachRecord(w.Context(), r, whole, filing.Ref{Kind: t.Kind, Subject: subject, Form: t.Form, Period: t.Period}, func(rec *filing.Record) error {
			var b strings.Builder
			fmt.Fprintf(&b, "%s:", rec.Key)
			for _, f := range w.lib.Fields() {
				if v := rec.Cells[f.Code]; v != "" {
					fmt.Fprintf(&b, " %s=%s", f.Code, v)
				}
			}
			out = append(out, b.String())
			return nil
		})
	})
	if err != nil {
		w.Fatalf("EachRecord = %v", err)
	}
	return strings.Join(out, "; ")
}

func (w *world) count(table string) (n int64) {
	w.Helper()
	err := w.d.Read(w.Context(), func(r db.Reader) error { return r.QueryRow(w.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n) })
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func counts(r intake.Report) string {
	return fmt.Sprintf("%d rows: %d new %d changed %d unchanged %d conflicting %d bad", r.Rows, r.New, r.Changed, r.Unchanged, r.Conflicting, r.Bad)
}

func said(problems []intake.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprint(p.Cell, " ", p.Key, " ", p.Severity))
	}
	return strings.Join(out, "; ")
}

func changes(list []intake.Change) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %s %s>%s %s", c.Cell, c.Field, c.Before, c.After, c.State))
	}
	return strings.Join(out, "; ")
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	return fmt.Sprint(err)
}
