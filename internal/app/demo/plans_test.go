package demo_test

import (
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// goesWays: every project and tenancy goes the way of its lifecycle, has plans that were told of before the city was made, and
// some of them slipped, are late or rest.
func goesWays(t *testing.T, d city) {
	lib, err := lifecycle.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	days, codes := map[string]map[string]period.Date{}, map[string]string{}
	for _, row := range list(t, d, 4, `SELECT j.kind, j.id, m.stage, m.day FROM project j JOIN project_milestone m ON m.city = j.city AND m.project = j.id WHERE m.way <> 'planned'
		UNION ALL SELECT 'tenancy', tenancy, stage, day FROM tenancy_stage WHERE way <> 'planned' ORDER BY 2, 3`) {
		if days[row[1]] == nil {
			days[row[1]], codes[row[1]] = map[string]period.Date{}, row[0]
		}
		days[row[1]][row[2]] = period.Date(number(t, row[3]))
	}
	for id, of := range days {
		p, err := lib.For(codes[id], 20250701)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Check(0, of) {
			t.Errorf("%s %s: %+v", codes[id], id, f)
		}
	}
	if len(days) < 2500 {
		t.Errorf("only %d ways were looked at", len(days))
	}
	for what, query := range map[string]string{
		"plan of a project":           `SELECT project FROM project_milestone WHERE way = 'planned'`,
		"plan of a tenancy":           `SELECT tenancy FROM tenancy_stage WHERE way = 'planned'`,
		"second plan with its reason": `SELECT project FROM project_milestone WHERE way = 'planned' AND seq = 2 AND reason <> ''`,
		"plan that is overdue": `SELECT m.project FROM project_milestone m WHERE m.way = 'planned' AND m.day < 20250601
			AND NOT EXISTS (SELECT 1 FROM project_milestone n WHERE n.city = m.city AND n.project = m.project AND n.stage = m.stage AND (n.way <> 'planned' OR n.seq > m.seq))`,
		"rest":      `SELECT subject FROM milestone_pause WHERE act = 'suspend'`,
		"withdrawn": `SELECT project FROM project_milestone WHERE stage = 'withdrawn' AND way = 'claimed'`,
	} {
		n := len(list(t, d, 1, query))
		t.Logf("%s: %d", what, n)
		if n == 0 {
			t.Errorf("the city has no %s", what)
		}
	}
	none(t, d, "plan told after a later one", 1, `SELECT a.project FROM project_milestone a JOIN project_milestone b ON b.city = a.city AND b.project = a.project AND b.stage = a.stage
		AND b.way = a.way AND b.seq = a.seq + 1 WHERE b.recorded_at <= a.recorded_at`)
	none(t, d, "second plan without a reason", 1, `SELECT project FROM project_milestone WHERE way = 'planned' AND seq > 1 AND reason = ''`)
	none(t, d, "entry told after the city was made", 1, `SELECT project FROM project_milestone WHERE recorded_at > 1751331600000000 UNION ALL SELECT tenancy FROM tenancy_stage WHERE recorded_at > 1751331600000000`)
	if reasons := list(t, d, 1, `SELECT DISTINCT reason FROM tenancy_stage WHERE reason <> '' ORDER BY reason`); len(reasons) < 3 || strings.Contains(reasons[0][0], "?") {
		t.Errorf("reasons = %v", reasons)
	}
}
