package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
	"github.com/parkbrain/parkbrain/internal/platform/job"
)

// importing is an office with somebody who imports.
type importing struct {
	*office
	session string
}

func newImporting(t *testing.T, d *db.DB) *importing {
	t.Helper()
	o := newOffice(t, d)
	return &importing{o, o.sessionFor(o.account("office.a", auth.Place{Role: auth.CityOffice, Org: o.c.ref.ID}))}
}

// start lets the office's server do jobs until the test ends.
func (i *importing) start() {
	i.t.Helper()
	i.run(i.c.work())
}

func (i *importing) run(w *job.Worker) {
	w.Start(i.ctx)
	i.t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if err := w.Stop(ctx); err != nil {
			i.t.Errorf("Stop = %v", err)
		}
	})
}

func (i *importing) do(method, path string, body any, header ...string) httpAnswer {
	i.t.Helper()
	call := httpCall{method: method, path: path, session: i.session, body: body, header: map[string]string{"Accept-Language": "en"}}
	if len(header) > 0 {
		call.header["If-Match"] = header[0]
	}
	return i.ask(call)
}

func (i *importing) send(path, name, content string) httpAnswer {
	i.t.Helper()
	return i.ask(httpCall{method: "POST", path: path, session: i.session, name: name, file: content, header: map[string]string{"Accept-Language": "en"}})
}

func (i *importing) open(form, name, content string) (id string, a httpAnswer) {
	i.t.Helper()
	a = i.send("/intakes?form="+form, name, content).want(i.t, "open "+name, 201, "")
	id, _ = a.body["id"].(string)
	return id, a
}

// check says the proposed mapping and waits for what the check says.
func (i *importing) check(id string, edit func(m map[string]any)) httpAnswer {
	i.t.Helper()
	a := i.do("GET", "/intakes/"+id, nil).want(i.t, "get", 200, "")
	m, _ := a.body["mapping"].(map[string]any)
	if edit != nil {
		edit(m)
	}
	i.do("PUT", "/intakes/"+id+"/mapping", map[string]any{"mapping": m, "save": true}, a.header.Get("ETag")).want(i.t, "map", 200, "")
	return i.wait(id)
}

// wait follows the events to their end.
func (i *importing) wait(id string) httpAnswer {
	i.t.Helper()
	a := i.do("GET", "/intakes/"+id+"/events", nil).want(i.t, "events", 200, "")
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/event-stream") || !strings.Contains(a.text, "event: done\n") {
		i.t.Fatalf("events = %s %q, want a stream that ends with done", a.header.Get("Content-Type"), a.text)
	}
	return i.do("GET", "/intakes/"+id, nil).want(i.t, "get", 200, "")
}

func reportOf(a httpAnswer) string {
	r, _ := a.body["report"].(map[string]any)
	return fmt.Sprintf("%v: %v rows, %v new, %v changed, %v unchanged, %v bad, can commit %v", a.body["state"], r["rows"], r["new"], r["changed"], r["unchanged"], r["bad"], r["can_commit"])
}

func (i *importing) records(form string) string {
	i.t.Helper()
	var out []string
	for _, row := range i.texts(`SELECT row_key, cells FROM filing_record WHERE form = '`+form+`' AND gone = 0 ORDER BY row_key`, 2) {
		out = append(out, row[0]+" "+row[1])
	}
	return strings.Join(out, "\n")
}

// book makes a workbook with two lines above the header.
func book(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows = append([][]any{{"2025年招商线索台账"}, {}, {"编号", "企业名称", "阶段", "计划投资（亿元）", "首次接洽", "备注"}}, rows...)
	for n, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", n+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestIntakes_fromAnOfficesWorkbookToTheLedgerAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d)
		i.start()
		good := [][]any{{"L1", "甲鞋业", "意向", "3.5", "2025-03-01", ""}, {"L2", "乙纺织", "初步接洽", "５，０００万元", "2025年4月", "x"}}
		bad := []any{"L3", "丙物流", "闲聊", "many", "1900-01-01", ""}
		id, a := i.open("leads", "线索.xlsx", book(t, append(good, bad)...))
		layouts, _ := a.body["layouts"].([]any)
		if len(layouts) != 1 || a.body["state"] != "mapping" || layouts[0].(map[string]any)["first"] != float64(3) || a.body["saved_mapping"] != false {
			t.Fatalf("opened = %s, want one table from row 3", a.text)
		}
		a = i.check(id, nil)
		if got, want := reportOf(a), "checked: 3 rows, 2 new, 0 changed, 0 unchanged, 1 bad, can commit false"; got != want {
			t.Errorf("check = %s, want %s; %s", got, want, a.text)
		}
		cells := map[string]bool{}
		for _, p := range a.body["report"].(map[string]any)["problems"].([]any) {
			p := p.(map[string]any)
			if cells[p["cell"].(string)] = true; strings.ContainsAny(p["message"].(string), "{}") || p["message"] == p["key"] {
				t.Errorf("problem says %q, want a whole sentence", p["message"])
			}
		}
		for _, cell := range []string{"C6", "D6", "E6"} {
			if !cells[cell] {
				t.Errorf("no problem at %s: %v", cell, cells)
			}
		}
		i.answered6(id)
		i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit of bad rows", 422, "intake.has_problems")
		i.send("/intakes/"+id+"/files", "线索2.xlsx", book(t, append(good, []any{"L3", "丙物流", "意向", "1", "2025-05-01", ""})...)).want(t, "mend", 200, "")
		if got, want := reportOf(i.wait(id)), "checked: 3 rows, 3 new, 0 changed, 0 unchanged, 0 bad, can commit true"; got != want {
			t.Errorf("mended = %s, want %s", got, want)
		}
		i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
		a = i.wait(id)
		report := a.body["report"].(map[string]any)
		if a.body["state"] != "committed" || report["batch"] != id || report["undo"].(map[string]any)["possible"] != true {
			t.Errorf("committed = %s, want state committed, batch %s, undo possible", a.text, id)
		}
		if got := i.records("leads"); strings.Count(got, "\n") != 2 || !strings.Contains(got, `"planned_investment":"35000000000"`) || !strings.Contains(got, `"first_contact":"2025-04"`) || !strings.Contains(got, `"planned_investment":"5000000000"`) {
			t.Errorf("records = %s, want three with 3.5亿元 and 5000万元 in fen", got)
		}
		list := i.do("GET", "/imports", nil).want(t, "imports", 200, "").items()
		if len(list) != 1 || list[0]["kind"] != "form:leads" || list[0]["intake"] != id || list[0]["new"] != float64(3) {
			t.Errorf("imports = %v, want the batch", list)
		}
		// the same file again: the mapping is known, and nothing is new
		again, a := i.open("leads", "线索3.xlsx", book(t, append(good, []any{"L3", "丙物流", "意向", "1", "2025-05-01", ""})...))
		if a.body["saved_mapping"] != true {
			t.Errorf("second file of the office: saved_mapping = %v, want true", a.body["saved_mapping"])
		}
		if got, want := reportOf(i.check(again, nil)), "checked: 3 rows, 0 new, 0 changed, 3 unchanged, 0 bad, can commit false"; got != want {
			t.Errorf("same rows = %s, want %s", got, want)
		}
		i.do("DELETE", "/intakes/"+again, nil).want(t, "discard", 204, "")
		i.do("POST", "/intakes/"+id+"/undo", map[string]any{"reason": "wrong year"}).want(t, "undo", 200, "")
		if got := i.records("leads"); got != "" {
			t.Errorf("after undo = %s, want nothing", got)
		}
		if got := i.do("GET", "/intakes", nil).want(t, "list", 200, "").items(); len(got) != 1 || got[0]["state"] != "undone" {
			t.Errorf("intakes = %v, want the one, undone", got)
		}
	})
}

// answered6 looks at the workbook that comes back: row 6 is marked, the rest stands as it was sent.
func (i *importing) answered6(id string) {
	i.t.Helper()
	a := i.do("GET", "/intakes/"+id+"/answer", nil).want(i.t, "answer", 200, "")
	f, err := excelize.OpenReader(strings.NewReader(a.text))
	if err != nil {
		i.t.Fatalf("the answer is no workbook: %v", err)
	}
	defer f.Close()
	notes, err := f.GetComments("Sheet1")
	marked := map[string]bool{}
	for _, n := range notes {
		marked[n.Cell] = true
	}
	value, _ := f.GetCellValue("Sheet1", "D4")
	if err != nil || !marked["D6"] || marked["D4"] || value != "3.5" || len(f.GetSheetList()) != 2 {
		i.t.Errorf("answer: notes %v, D4 = %q, sheets %v, %v; want notes in row 6 and a summary in front", marked, value, f.GetSheetList(), err)
	}
}

const list1 = "编号,企业名称,阶段\nL1,甲鞋业,意向\nL2,乙纺织,意向\n"

func TestIntakes_cancelLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d) // no server does jobs yet
		id, a := i.open("leads", "a.csv", list1)
		i.do("PUT", "/intakes/"+id+"/mapping", map[string]any{"mapping": a.body["mapping"], "save": false}, a.header.Get("ETag")).want(t, "map", 200, "")
		a = i.do("GET", "/intakes/"+id, nil)
		if a.body["state"] != "checking" || a.body["job"].(map[string]any)["state"] != "queued" {
			t.Fatalf("mapped = %s, want checking with a queued job", a.text)
		}
		a = i.do("POST", "/intakes/"+id+"/cancel", nil).want(t, "cancel", 200, "")
		if a.body["state"] != "mapping" || a.body["job"].(map[string]any)["state"] != "canceled" {
			t.Errorf("cancelled = %s, want mapping with a cancelled job", a.text)
		}
		i.start()
		if got := i.wait(id); got.body["state"] != "mapping" || got.body["report"] != nil {
			t.Errorf("after a server came = %s, want nothing done", got.text)
		}
		if got, want := reportOf(i.check(id, nil)), "checked: 2 rows, 2 new, 0 changed, 0 unchanged, 0 bad, can commit true"; got != want {
			t.Errorf("check after a cancel = %s, want %s", got, want)
		}
	})
}

func TestIntakes_cancelOfWorkUnderWayLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d)
		i.start()
		var id string
		var a httpAnswer
		for rows, ok := 200_000, false; !ok; rows *= 2 {
			if rows > 800_000 {
				t.Fatalf("the check of %d rows was over before it could be cancelled: %.400s", rows/2, a.text)
			}
			id, a, ok = i.cancelUnderWay(rows)
		}
		if a.want(t, "cancel", 200, ""); a.body["state"] != "mapping" {
			t.Errorf("cancelled = %v, want mapping", a.body["state"])
		}
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if a = i.do("GET", "/intakes/"+id, nil); a.body["job"].(map[string]any)["state"] != "running" {
				break
			}
		}
		if a.body["state"] != "mapping" || a.body["report"] != nil || a.body["job"].(map[string]any)["state"] != "canceled" || i.records("leads") != "" {
			t.Errorf("after the cancel = %.400s, want mapping, no report, a cancelled job and no record", a.text)
		}
	})
}

// cancelUnderWay cancels the check of a list as soon as it has begun; ok is false when the check was faster.
func (i *importing) cancelUnderWay(rows int) (id string, a httpAnswer, ok bool) {
	i.t.Helper()
	var list strings.Builder
	list.WriteString("编号,企业名称,阶段\n")
	for n := range rows {
		fmt.Fprintf(&list, "L%d,企业%d,意向\n", n, n)
	}
	id, a = i.open("leads", "big.csv", list.String())
	i.do("PUT", "/intakes/"+id+"/mapping", map[string]any{"mapping": a.body["mapping"], "save": false}, a.header.Get("ETag")).want(i.t, "map", 200, "")
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if a = i.do("GET", "/intakes/"+id, nil); a.body["job"].(map[string]any)["state"] != "queued" {
			break
		}
	}
	if a.body["state"] != "checking" {
		return id, a, false
	}
	a = i.do("POST", "/intakes/"+id+"/cancel", nil)
	return id, a, a.key() != job.KeyFinished
}

// another is a second server over the same ledger.
func (i *importing) another() *importing {
	i.t.Helper()
	c := *i.c
	c.jobs, c.closing, c.ids = nil, nil, id.NewMaker(c.now, rand.Reader)
	o := *i.office
	o.c = &c
	return &importing{&o, i.session}
}

func TestIntakes_anotherServerGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d) // it takes requests and never does a job: as one that was killed after each
		i.another().start()
		id, _ := i.open("leads", "a.csv", list1)
		if got, want := reportOf(i.check(id, nil)), "checked: 2 rows, 2 new, 0 changed, 0 unchanged, 0 bad, can commit true"; got != want {
			t.Errorf("check by another server = %s, want %s", got, want)
		}
		i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
		if a := i.wait(id); a.body["state"] != "committed" || strings.Count(i.records("leads"), "\n") != 1 {
			t.Errorf("commit by another server = %s, want two records", a.text)
		}
	})
}

func TestIntakes_aLedgerThatMovedIsCheckedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d)
		i.start()
		first, _ := i.open("leads", "a.csv", list1)
		i.check(first, nil)
		second, _ := i.open("leads", "b.csv", "编号,企业名称,阶段\nL1,丙物流,意向\n")
		i.check(second, nil)
		i.do("POST", "/intakes/"+second+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
		i.wait(second)
		before := i.records("leads")
		i.do("POST", "/intakes/"+first+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
		a := i.wait(first)
		if got, want := reportOf(a), "checked: 2 rows, 1 new, 1 changed, 0 unchanged, 0 bad, can commit true"; got != want || a.body["report"].(map[string]any)["moved"] != true {
			t.Errorf("commit after the ledger moved = %s, want %s and moved", got, want)
		}
		if got := i.records("leads"); got != before {
			t.Errorf("records = %s, want %s", got, before)
		}
		i.do("POST", "/intakes/"+first+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
		if a := i.wait(first); a.body["state"] != "committed" || !strings.Contains(i.records("leads"), "甲鞋业") {
			t.Errorf("second commit = %s, want it written", a.text)
		}
	})
}

func TestIntakes_aFileThatCannotBeReadSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d)
		i.start()
		i.send("/intakes?form=leads", "a.pdf", "%PDF-1.4 ").want(t, "a PDF", 422, "")
		i.send("/intakes?form=leads", "a.csv", "").want(t, "an empty file", 422, "")
		i.send("/intakes?form=nothing", "a.csv", list1).want(t, "no such form", 404, "form.not_found")
		i.send("/intakes", "a.csv", list1).want(t, "no form and no template", 422, "intake.which_form")
		i.send("/intakes?form=leads&period=2025-06", "a.csv", list1).want(t, "a period of a standing form", 422, "intake.period")
		i.do("GET", "/intakes/none", nil).want(t, "no such intake", 404, "intake.not_found")
		id, _ := i.open("leads", "a.csv", list1)
		i.check(id, nil)
		i.send("/intakes/"+id+"/files", "b.csv", "Kennziffer,Firma\nL1,x\n").want(t, "another header", 200, "")
		a := i.wait(id)
		report, _ := a.body["report"].(map[string]any)
		failure, _ := report["failure"].(map[string]any)
		if a.body["state"] != "failed" || failure["key"] != "mapping.changed" {
			t.Errorf("a file with another header = %s, want failed with mapping.changed", a.text)
		}
		a = i.do("PUT", "/intakes/"+id+"/mapping", map[string]any{"layout": map[string]any{"sheet": "", "first": 1, "last": 1}, "save": false}, a.header.Get("ETag")).want(t, "point out the header", 200, "")
		if a.body["state"] != "mapping" {
			t.Errorf("after pointing out the header = %v, want mapping", a.body["state"])
		}
	})
}

// realFile is a file of the shared data; the test is skipped where it is absent.
func realFile(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, parts...)...)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is not here", path)
	}
	return string(text)
}

func TestIntakes_realProjectReportsShowOnlyWhatChanged(t *testing.T) {
	january, february := realFile(t, "pipelines", "GIS_Report_January_2023.xlsx"), realFile(t, "pipelines", "GIS_Report_February_2023.xlsx")
	d := dbtest.Open(t, db.SQLite)
	i := newImporting(t, d)
	i.start()
	words := func(m map[string]any) { m["unknown"] = []string{"1900-01-01", "Not Required"} }
	id, _ := i.open("project_list", "GIS_Report_January_2023.xlsx", january)
	a := i.check(id, nil)
	problems := a.body["report"].(map[string]any)
	if problems["bad"].(float64) == 0 || !strings.Contains(a.text, "1900-01-01") {
		t.Errorf("without words for unknown = %s, want 1900-01-01 refused", reportOf(a))
	}
	if got, want := reportOf(i.check(id, words)), "checked: 1114 rows, 1114 new, 0 changed, 0 unchanged, 0 bad, can commit true"; got != want {
		t.Fatalf("january = %s, want %s", got, want)
	}
	i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit", 200, "")
	i.wait(id)
	if got := i.records("project_list"); strings.Contains(got, "1900-01") || strings.Count(got, "\n") != 1113 {
		t.Errorf("%d records, one with 1900-01: %v", strings.Count(got, "\n")+1, strings.Contains(got, "1900-01"))
	}
	next, a := i.open("project_list", "GIS_Report_February_2023.xlsx", february)
	if a.body["saved_mapping"] != true {
		t.Errorf("february: saved_mapping = %v, want january's", a.body["saved_mapping"])
	}
	a = i.check(next, nil)
	r := a.body["report"].(map[string]any)
	if r["unchanged"].(float64) < 500 || r["changed"].(float64) < 100 || r["bad"].(float64) != 0 || r["rows"].(float64) != r["new"].(float64)+r["changed"].(float64)+r["unchanged"].(float64) {
		t.Errorf("february = %s, want mostly unchanged", reportOf(a))
	}
	for _, c := range r["changes"].([]any) {
		if c := c.(map[string]any); c["before"] == c["after"] {
			t.Errorf("change %v changes nothing", c)
		}
	}
}

func TestIntakes_realListsAreMappedCheckedAndImported(t *testing.T) {
	for _, c := range []struct {
		form, name string
		path       []string
		edit       func(m map[string]any)
		rows, bad  float64
	}{
		{"project_list", "repd.csv", []string{"pipelines", "repd_first_500_lines.csv"}, func(m map[string]any) { m["order"] = "dmy" }, 0, 2},
		{"enterprise_register", "factories.csv", []string{"registries", "factories_sample.csv"}, func(m map[string]any) {
			for _, c := range m["columns"].([]any) {
				if c := c.(map[string]any); c["field"] == "set_up_date" || c["field"] == "registered_date" {
					c["roc"] = true
				}
			}
		}, 1036, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			content := realFile(t, c.path...)
			i := newImporting(t, dbtest.Open(t, db.SQLite))
			i.start()
			id, _ := i.open(c.form, c.name, content)
			a := i.check(id, c.edit)
			r := a.body["report"].(map[string]any)
			if r["bad"] != c.bad || c.rows > 0 && r["rows"] != c.rows {
				t.Fatalf("check = %s, want %v rows, %v bad: %v", reportOf(a), c.rows, c.bad, r["problems"])
			}
			i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": true, "submit": false}).want(t, "commit", 200, "")
			if a := i.wait(id); a.body["state"] != "committed" || float64(strings.Count(i.records(c.form), "\n")+1) != r["new"] {
				t.Errorf("committed = %s with %d records, want %v", reportOf(a), strings.Count(i.records(c.form), "\n")+1, r["new"])
			}
		})
	}
}

func TestIntakes_aTemplateIsRecognisedAndAnOlderOneConflicts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		i := newImporting(t, d)
		i.start()
		commit := func(name, content string) {
			id, _ := i.open("leads", name, content)
			i.check(id, nil)
			i.do("POST", "/intakes/"+id+"/commit", map[string]any{"only_good": false, "submit": false}).want(t, "commit "+name, 200, "")
			i.wait(id)
		}
		commit("a.csv", list1)
		out := i.do("GET", "/filings/leads/org/"+i.c.ref.ID+"/-/template", nil).want(t, "template", 200, "")
		f, err := excelize.OpenReader(strings.NewReader(out.text))
		if err != nil {
			t.Fatalf("the template is no workbook: %v", err)
		}
		defer f.Close()
		sheet := f.GetSheetName(f.GetActiveSheetIndex())
		cells, err := f.SearchSheet(sheet, "甲鞋业")
		if err != nil || len(cells) != 1 {
			t.Fatalf("甲鞋业 stands at %v, %v, want once", cells, err)
		}
		if err := f.SetCellValue(sheet, cells[0], "甲鞋业新名"); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		a := i.send("/intakes", "leads.xlsx", b.String()).want(t, "open a template", 201, "")
		if a.body["form"] != "leads" || a.body["subject"] != i.c.ref.ID || a.body["saved_mapping"] != true {
			t.Errorf("a template = form %v of %v, saved mapping %v; want it recognised", a.body["form"], a.body["subject"], a.body["saved_mapping"])
		}
		id := a.body["id"].(string)
		if got, want := reportOf(i.check(id, nil)), "checked: 2 rows, 0 new, 1 changed, 1 unchanged, 0 bad, can commit true"; got != want {
			t.Errorf("the template sent back = %s, want %s", got, want)
		}
		i.office.setNow(i.office.now.Add(time.Minute)) // somebody changes the row after the template was made
		commit("b.csv", "编号,企业名称,阶段\nL1,甲鞋业二,意向\n")
		if a := i.check(id, nil); !strings.Contains(a.text, `"state":"conflicting"`) || a.body["report"].(map[string]any)["conflicting"] != float64(1) {
			t.Errorf("the same template after a change = %s, want a conflict", reportOf(a))
		}
	})
}
