package demo_test

import (
	"context"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

func TestMake_filesTheLastMonthsOfWhoeverOwesThem(t *testing.T) {
	t.Parallel()
	d := made(t, db.SQLite)
	count := func(query string) string { return list(t, d, 1, query)[0][0] }
	for state, want := range map[string]string{"approved": "40", "returned": "1", "draft": "1", "submitted": "1"} {
		if got := count(`SELECT COUNT(*) FROM filing f WHERE f.form = 'park_monthly' AND f.period = '2025-06' AND f.state = '` + state + `'
			AND (SELECT CAST(SUBSTR(r.cells, INSTR(r.cells, '"land_area":"') + 13, 9) AS BIGINT) FROM filing_record r WHERE r.form = f.form AND r.period = f.period AND r.subject = f.subject) >= 666667`); got != want {
			t.Errorf("%s forms of large parks are %s in the last month, want %s of 43", got, state, want)
		}
	}
	for _, period := range []string{"2025-05", "2025-06"} {
		for _, code := range []string{"enterprise_monthly", "park_monthly"} {
			if got := count(`SELECT COUNT(*) FROM filing WHERE form = '` + code + `' AND period = '` + period + `' AND state = 'approved'`); len(got) < 2 {
				t.Errorf("%s filings of %s in %s are approved, want most", got, code, period)
			}
		}
	}
	none(t, d, "a filed output or head count that the ledger says otherwise", 3, `SELECT r.subject, r.period, v.field FROM filing_record r
		JOIN filing_value v ON v.city = r.city AND v.enterprise = r.subject AND v.field IN ('output', 'jobs')
			AND v.month = CAST(SUBSTR(r.period, 1, 4) AS BIGINT) * 100 + CAST(SUBSTR(r.period, 6, 2) AS BIGINT)
		WHERE r.form = 'enterprise_monthly' AND r.cells NOT LIKE '%"' || v.field || '":"' || CAST(v.value AS TEXT) || '"%' AND v.value > 0`)
	none(t, d, "a record that is not marked as made up", 1, `SELECT subject FROM filing_record WHERE nature <> 'simulated' OR way <> 'generated'`)
	for _, code := range []string{"leads", "problems", "premises_ledger"} {
		if got := count(`SELECT COUNT(*) FROM filing WHERE form = '` + code + `' AND period = ''`); got < "10" && len(got) < 2 {
			t.Errorf("%s filings of %s, want one for each county", got, code)
		}
	}
}

// TestMake_filingsBreakNoRule judges what the demo files by the forms themselves: errors would be filings that nobody could
// have handed in.
func TestMake_filingsBreakNoRule(t *testing.T) {
	t.Parallel()
	d := made(t, db.SQLite, "--enterprises", "300")
	lib, err := form.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	ctx, scope := context.Background(), auth.Whole(quanzhou)
	judged, broken := 0, map[string]int{}
	err = d.Read(ctx, func(r db.Reader) error {
		for _, code := range []string{"enterprise_monthly 2025-06", "park_monthly 2025-06", "leads ", "problems ", "premises_ledger "} {
			name, in, _ := strings.Cut(code, " ")
			rows, _, err := filing.List(ctx, r, scope, lib, filing.ListQuery{Form: name, Period: in, Limit: page.Max})
			if err != nil {
				return err
			}
			for _, row := range rows {
				if row.State == filing.Owed {
					continue
				}
				_, records, err := filing.Get(ctx, r, scope, row.Ref)
				if err != nil {
					return err
				}
				verdicts, err := filing.Judge(ctx, r, scope, lib, row.Ref, records)
				if err != nil {
					return err
				}
				judged++
				for _, v := range verdicts {
					if v.Severity == rule.Error {
						broken[name+" "+v.Rule]++
					}
				}
			}
		}
		return nil
	})
	if err != nil || judged < 100 || len(broken) > 0 {
		t.Errorf("of %d filings these rules are broken: %v (%v), want none", judged, broken, err)
	}
}
