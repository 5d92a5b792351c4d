package lifecycle_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// columns are the dated columns of the published list in its order, with the stages that they are.
var columns = []struct{ title, stage string }{
	{"Planning Application Submitted", "submitted"}, {"Planning Application Withdrawn", "withdrawn"}, {"Planning Permission Refused", "refused"},
	{"Appeal Lodged", "appeal_lodged"}, {"Appeal Withdrawn", "appeal_withdrawn"}, {"Appeal Refused", "appeal_refused"}, {"Appeal Granted", "appeal_granted"},
	{"Planning Permission Granted", "granted"}, {"Secretary of State - Intervened", "state_intervened"}, {"Secretary of State - Refusal", "state_refused"},
	{"Secretary of State - Granted", "state_granted"}, {"Planning Permission Expired", "expired"}, {"Under Construction", "under_construction"}, {"Operational", "operational"},
}

// published reads the dates of the list, by title; nothing of the product is asked.
func published(t *testing.T) (rows []map[string]time.Time) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "pipelines", "repd_first_500_lines.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the collected data is not beside the project: no ../shared/data/pipelines/repd_first_500_lines.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true // the list is cut off in its last row
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		row := map[string]time.Time{}
		for _, c := range columns {
			i := slices.Index(head, c.title)
			if i < 0 {
				t.Fatalf("the list has no column %q", c.title)
			}
			if i >= len(cells) || cells[i] == "" {
				continue
			}
			day, err := time.Parse("02/01/2006", cells[i])
			if err != nil {
				t.Fatalf("row %d, %s: %v", len(rows)+1, c.title, err)
			}
			row[c.title] = day
		}
		rows = append(rows, row)
	}
}

// stands lists, for each title, the titles that cannot be later, as the process of planning has it. It is written out here, not
// taken from the lifecycle.
var stands = map[string][]string{
	"Planning Application Withdrawn": {"Planning Application Submitted"},
	"Planning Permission Refused":    {"Planning Application Submitted"},
	"Appeal Lodged":                  {"Planning Application Submitted", "Planning Permission Refused"},
	"Appeal Withdrawn":               {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged"},
	"Appeal Refused":                 {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged"},
	"Appeal Granted":                 {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged"},
	"Planning Permission Granted":    {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged", "Appeal Granted"},
	"Planning Permission Expired":    {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged", "Appeal Granted", "Planning Permission Granted"},
	"Under Construction":             {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged", "Appeal Granted", "Planning Permission Granted"},
	"Operational":                    {"Planning Application Submitted", "Planning Permission Refused", "Appeal Lodged", "Appeal Granted", "Planning Permission Granted", "Under Construction"},
}

// The real list loads whole; each of its intervals that runs backwards is a finding with row and dates, and no other is.
func TestCheck_reportsTheNegativeIntervalsOfAPublishedList(t *testing.T) {
	rows := published(t)
	p := shipped(t, "planning")
	stage := map[string]string{}
	for _, c := range columns {
		stage[c.title] = c.stage
		if p.Stage(c.stage) == nil {
			t.Fatalf("the lifecycle planning has no stage %q", c.stage)
		}
	}
	want := map[string]bool{}
	raw := 0
	got, contradicted := map[string]bool{}, map[string]bool{}
	count := map[lifecycle.Problem]int{}
	dates := 0
	for i, row := range rows {
		days := map[string]period.Date{}
		for title, d := range row {
			days[stage[title]] = period.DateOf(d.Year(), int(d.Month()), d.Day())
		}
		dates += len(days)
		for title, before := range stands {
			for _, other := range before {
				a, okA := row[title]
				b, okB := row[other]
				if okA && okB && a.Before(b) {
					want[fmt.Sprintln(i+2, stage[title], a.Format(time.DateOnly), stage[other], b.Format(time.DateOnly), int(b.Sub(a).Hours()/24))] = true
				}
			}
		}
		for _, f := range p.Check(i+2, days) {
			count[f.Problem]++
			if f.Problem == lifecycle.Negative {
				got[fmt.Sprintln(f.Row, f.Stage, f.Day, f.Other, f.OtherDay, f.Days)] = true
			}
			contradicted[fmt.Sprintln(f.Row, f.Stage, f.Other)], contradicted[fmt.Sprintln(f.Row, f.Other, f.Stage)] = true, true
		}
		for a, later := range columns { // in the order of the list's own columns, whatever the process
			for _, earlier := range columns[:a] {
				x, okX := row[earlier.title]
				y, okY := row[later.title]
				if !okX || !okY || !y.Before(x) {
					continue
				}
				raw++
				if !contradicted[fmt.Sprintln(i+2, earlier.stage, later.stage)] {
					t.Errorf("row %d: %s on %v and %s on %v contradict each other and nothing is found", i+2, earlier.title, x, later.title, y)
				}
			}
		}
	}
	t.Logf("%d rows, %d dates, %d negative intervals (%d by the order of the columns), findings %v", len(rows), dates, len(want), raw, count)
	if len(rows) < 450 || len(want) == 0 || raw == 0 {
		t.Fatalf("%d rows, %d and %d negative intervals, want at least 450 rows and some", len(rows), len(want), raw)
	}
	for k := range want {
		if !got[k] {
			t.Errorf("no finding for the negative interval %s", k)
		}
	}
	for k := range got {
		if !want[k] {
			t.Errorf("a finding that the list does not bear out: %s", k)
		}
	}
}
