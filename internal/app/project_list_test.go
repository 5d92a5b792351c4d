package app

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// planningColumns are the dated columns of the published list with the stages that they are.
var planningColumns = map[string]string{
	"Planning Application Submitted": "submitted", "Planning Application Withdrawn": "withdrawn", "Planning Permission Refused": "refused",
	"Appeal Lodged": "appeal_lodged", "Appeal Withdrawn": "appeal_withdrawn", "Appeal Refused": "appeal_refused", "Appeal Granted": "appeal_granted",
	"Planning Permission Granted": "granted", "Secretary of State - Intervened": "state_intervened", "Secretary of State - Refusal": "state_refused",
	"Secretary of State - Granted": "state_granted", "Planning Permission Expired": "expired", "Under Construction": "under_construction", "Operational": "operational",
}

// planningOrder lists, for each stage, those that cannot be later, as the process of planning has it; it is written out here.
var planningOrder = map[string][]string{
	"withdrawn": {"submitted"}, "refused": {"submitted"}, "appeal_lodged": {"submitted", "refused"}, "appeal_withdrawn": {"submitted", "refused", "appeal_lodged"},
	"appeal_refused": {"submitted", "refused", "appeal_lodged"}, "appeal_granted": {"submitted", "refused", "appeal_lodged"},
	"state_intervened": {"submitted"}, "state_refused": {"submitted", "state_intervened"}, "state_granted": {"submitted", "state_intervened"},
	"granted":            {"submitted", "refused", "appeal_lodged", "appeal_granted", "state_intervened", "state_granted"},
	"expired":            {"submitted", "refused", "appeal_lodged", "appeal_granted", "state_intervened", "state_granted", "granted"},
	"under_construction": {"submitted", "refused", "appeal_lodged", "appeal_granted", "state_intervened", "state_granted", "granted"},
	"operational":        {"submitted", "refused", "appeal_lodged", "appeal_granted", "state_intervened", "state_granted", "granted", "under_construction"},
}

// publishedPipeline gives the path of the published list, and of each row that is whole and has a name the days by stage; nothing
// of the product is asked.
func publishedPipeline(t *testing.T) (path string, rows map[int]map[string]string) {
	t.Helper()
	path = filepath.Join("..", "..", "..", "shared", "data", "pipelines", "repd_first_500_lines.csv")
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the collected data is not beside the project: no ../shared/data/pipelines/repd_first_500_lines.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	rows = map[int]map[string]string{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return path, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(head) || cells[slices.Index(head, "Site Name")] == "" {
			continue // the last one is cut off, and one has no name
		}
		days := map[string]string{}
		for title, stage := range planningColumns {
			if text := cells[slices.Index(head, title)]; text != "" {
				day, err := time.Parse("02/01/2006", text)
				if err != nil {
					t.Fatal(err)
				}
				days[stage] = day.Format(time.DateOnly)
			}
		}
		rows[line] = days
	}
}

// The published list becomes projects once, whole, with every date as it stands, and each interval that runs backwards is a
// finding with its row and both days.
func TestImport_aPublishedPipelineBecomesProjects(t *testing.T) {
	t.Parallel()
	path, rows := publishedPipeline(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) { loadsPipeline(t, d, path, rows) })
}

func loadsPipeline(t *testing.T, d *db.DB, path string, rows map[int]map[string]string) {
	o := newOffice(t, d)
	into := formOptions{form: "project_list", mapping: "auto", org: o.c.ref.ID, asJSON: true, onlyGood: true, asProject: "planning"}
	load := func() map[string]any {
		o.said.Reset()
		if err := o.c.importForm(o.ctx, path, into); err != nil && !errors.Is(err, errSaid) {
			t.Fatal(err)
		}
		var last map[string]any
		for dec := json.NewDecoder(o.said); ; {
			var one map[string]any
			if err := dec.Decode(&one); err != nil {
				break
			}
			last = one
		}
		p, _ := last["projects"].(map[string]any)
		return p
	}
	if p := load(); p["new"] != float64(len(rows)) || len(rows) < 450 {
		t.Fatalf("first load = %v, want %d new", p, len(rows))
	}
	if p := load(); p["unchanged"] != float64(len(rows)) || p["new"] != 0. || p["changed"] != 0. {
		t.Errorf("second load = %v, want %d unchanged", p, len(rows))
	}
	office := o.sessionFor(o.account("office.a", auth.Place{Role: auth.CityOffice, Org: o.c.ref.ID}))
	ask := func(path string) httpAnswer {
		return o.ask(httpCall{method: "GET", path: path, session: office, header: map[string]string{"Accept-Language": "zh-CN"}}).want(t, path, 200, "")
	}
	dates, stored := 0, 0
	for _, days := range rows {
		dates += len(days)
	}
	for next := "-"; next != ""; {
		a := ask("/projects?kind=planning&limit=500&cursor=" + strings.TrimPrefix(next, "-"))
		for _, item := range a.items() {
			for _, m := range item["milestones"].([]any) {
				if m := m.(map[string]any); m["actual"] != "" {
					stored++
				}
			}
		}
		next, _ = a.body["next"].(string)
	}
	if stored != dates {
		t.Errorf("%d days are in the ledger, want the list's %d", stored, dates)
	}
	want := map[string]bool{}
	for line, days := range rows {
		for stage, before := range planningOrder {
			for _, other := range before {
				if a, b := days[stage], days[other]; a != "" && b != "" && a < b {
					want[fmt.Sprintf("第%d行 %s %s %s %s", line, stage, a, other, b)] = true
				}
			}
		}
	}
	got := negativeIntervals(t, ask)
	t.Logf("%d rows, %d dates, %d negative intervals", len(rows), dates, len(want))
	if !maps.Equal(got, want) || len(want) == 0 {
		t.Errorf("negative intervals found = %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// What cannot become projects is said before anything is written.
func TestImport_asProjectsRefusesBeforeItWrites(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("项目编号,项目名称\n1,光伏\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ form, lifecycle, key string }{
		{"leads", "planning", "projectlist.other_form"}, {"project_list", "nothing", "lifecycle.not_found"}, {"project_list", "tenancy", "project.bad_kind"},
		{"project_list", "renewal", "projectlist.no_table"},
	} {
		err := o.c.importForm(o.ctx, path, formOptions{form: x.form, mapping: "auto", org: o.c.ref.ID, asProject: x.lifecycle})
		if f, _ := fault.Of(err); f == nil || f.Key != x.key {
			t.Errorf("import --form %s --as-projects %s = %v, want %s", x.form, x.lifecycle, err, x.key)
		}
	}
	if n := o.texts("SELECT CAST(COUNT(*) AS TEXT) FROM filing_record", 1)[0][0]; n != "0" {
		t.Errorf("%s records were written", n)
	}
}

// negativeIntervals lists the findings of histories that run backwards as "第n行 stage day other day".
func negativeIntervals(t *testing.T, ask func(path string) httpAnswer) map[string]bool {
	t.Helper()
	got := map[string]bool{}
	for next := "-"; next != ""; {
		a := ask("/findings?check=history&limit=500&cursor=" + strings.TrimPrefix(next, "-"))
		for _, item := range a.items() {
			evidence, _ := item["evidence"].([]any)
			if !strings.Contains(item["message"].(string), "早于") {
				continue
			}
			a, b := evidence[0].(map[string]any), evidence[1].(map[string]any)
			source := a["source"].(string)
			if item["resolve"] == "" || item["owner"] == "" || a["kind"] != "project" || a["label"] == a["field"] || !strings.HasPrefix(source, "项目台账 repd_first_500_lines.csv 第") {
				t.Errorf("finding = %v, want an owner, a way to resolve it and rows with their source", item)
			}
			got[fmt.Sprintf("%s %s %s %s %s", source[strings.Index(source, "第"):], a["field"], a["value"], b["field"], b["value"])] = true
		}
		next, _ = a.body["next"].(string)
	}
	return got
}
