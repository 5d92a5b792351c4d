package demo_test

import (
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// countsTheLedger: what the cockpit says of signed, commissioned, at capacity and enrolled is what a plain count of the stages
// of tenancies gives, plans left out, and each number opens as many rows as it counts.
func countsTheLedger(t *testing.T, d city) {
	const used = `(SELECT x.enterprise, x.tenancy, x.day FROM tenancy_stage x WHERE x.stage = '%s' AND x.way <> 'planned' AND NOT EXISTS
		(SELECT 1 FROM tenancy_stage y WHERE y.city = x.city AND y.tenancy = x.tenancy AND y.stage = x.stage AND y.way <> 'planned' AND (y.way = 'verified' AND x.way <> 'verified'
			OR y.way = 'claimed' AND x.way = 'deemed' OR y.way = x.way AND y.seq > x.seq)))`
	for _, x := range []struct {
		code, stage string
		new         bool
	}{
		{"tenancy.signed.cumulative", "signed", false}, {"tenancy.production.cumulative", "production", false}, {"tenancy.production.new", "production", true},
		{"tenancy.at_capacity.cumulative", "at_capacity", false}, {"tenancy.at_capacity.new", "at_capacity", true},
		{"tenancy.enrolled.cumulative", "enrolled", false}, {"tenancy.enrolled.new", "enrolled", true},
	} {
		for _, p := range []string{"2023", "2024", "2025-03"} {
			of, err := period.Parse(p)
			if err != nil {
				t.Fatal(err)
			}
			query := `SELECT COUNT(DISTINCT u.enterprise) FROM ` + fmt.Sprintf(used, x.stage) + fmt.Sprintf(` u JOIN tenancy t ON t.id = u.tenancy WHERE u.day <= %d`, int(of.Last().Last()))
			if x.new {
				query += fmt.Sprintf(` AND u.day >= %d AND t.relocated = 0`, int(of.First().First()))
			}
			want := number(t, list(t, d, 1, query)[0][0])
			q := indicator.Query{Code: x.code, Period: of, Scope: auth.Whole(quanzhou)}
			got := d.read(t, q)
			rows, err := d.book.Rows(d.view, q, indicator.Drill{Limit: 1})
			if err != nil || got.Value.N != int64(want) || rows.Count != want || want == 0 {
				t.Errorf("%s of %s = %d with %d rows, %v, a plain count gives %d", x.code, p, got.Value.N, rows.Count, err, want)
			}
		}
	}
}
