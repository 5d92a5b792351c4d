package milestone_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

func TestStep_theSecondOfficerIsToldWhatChanged(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115)}, func(t *testing.T, o *office) {
		o.actor = "county.a"
		o.want(milestone.Planning, milestone.Step{Stage: "handed_over", Day: 20250901}, "")
		o.want(milestone.Claiming, milestone.Step{Stage: "fitting_out", Day: 20250101}, "")
		o.want(milestone.TakingBack, milestone.Step{Stage: "signed", Reason: "合同未签"}, "")
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error { // another way to write the same history
			a := tenancytest.Act(tenancytest.Scopes["city"])
			a.Actor = "importer"
			_, err := tenancy.Enter(ctx, w, a, "t-new", 4, claimed(tenancy.Intent, 20240101))
			return err
		})
		before := mark(t, o.d)
		o.actor = "office.b"
		mine := milestone.Step{Version: 2, Stage: "fitting_out", Day: 20250202, Source: "企业来函", Reason: "更正", Evidence: []string{"x"}}
		err := o.step(milestone.Claiming, mine)
		var c *milestone.Conflict
		f, _ := fault.Of(err)
		if !errors.As(err, &c) || f.Kind != fault.Stale || f.Key != "milestone.changed" || f.Args["actor"] != "importer" || f.Args["version"] != int64(5) || f.Args["at"] != "2025-07-01T17:00:00+08:00" {
			t.Fatalf("step on version 2 = %+v, want a Conflict that names the last change", f)
		}
		var got []string
		for _, x := range c.Changes {
			got = append(got, fmt.Sprintf("%d %s %s %s %s %s %s", x.Version, x.Act, x.Stage, x.Way, x.Day, x.Reason, x.Actor))
		}
		const want = "3 claim fitting_out claimed 2025-01-01  county.a; 4 rollback fitting_out claimed 2025-01-01 合同未签 county.a; " +
			"4 rollback signed claimed 2024-01-15 合同未签 county.a; 5 claim intent claimed 2024-01-01  importer"
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("changes = %s, want %s", s, want)
		}
		if c.Act != milestone.Claiming || fmt.Sprint(c.Yours) != fmt.Sprint(mine) {
			t.Errorf("yours = %s %+v, want %+v", c.Act, c.Yours, mine)
		}
		if now := mark(t, o.d); now != before {
			t.Errorf("the refused step changed the ledger from %s to %s", before, now)
		}
		err = o.step(milestone.Planning, milestone.Step{Version: 9, Stage: "production", Day: 20260101})
		if f, _ := fault.Of(err); !errors.As(err, &c) || f.Args["actor"] != "importer" || len(c.Changes) != 0 {
			t.Errorf("a version that never was = %v, want milestone.changed by who was last", err)
		}
		tenancytest.Write(t, o.d, func(ctx context.Context, w db.Writer) error { // a bulk act names no subject
			if _, err := w.Exec(ctx, `UPDATE tenancy SET version = 6 WHERE id = 't-new'`); err != nil {
				return err
			}
			_, err := audit.Append(ctx, w, audit.Entry{City: tenancytest.City, Actor: "loader", Action: "tenancy.bulk", Kind: "tenancy", At: o.at,
				Touched: []audit.Touch{{Kind: "tenancy", ID: "t-new"}}})
			return err
		})
		err = o.step(milestone.Planning, milestone.Step{Version: 5, Stage: "production", Day: 20260101})
		if !errors.As(err, &c) || len(c.Changes) == 0 {
			t.Errorf("after a bulk act = %v, %+v, want a Conflict with what may have changed", err, c)
		}
		for scope, key := range map[string]string{"350583": "tenancy.not_found", "none": "tenancy.not_found", "op": "tenancy.not_found", "elsewhere": "tenancy.not_found"} {
			o.scope = scope
			if err := o.step(milestone.Planning, milestone.Step{Version: 6, Stage: "production", Day: 20260101}); keyOf(err) != key {
				t.Errorf("step as %s = %v, want %s", scope, err, key)
			}
		}
	})
}

// Many officers send the same step on the same version at the same moment: one is taken, all others are told so.
func TestStep_ofManyAtOnceOneIsTaken(t *testing.T) {
	each(t, []tenancy.Entry{claimed(tenancy.Signed, 20240115)}, func(t *testing.T, o *office) {
		const many = 8
		keys := make(chan string, many)
		for i := range many {
			go func() {
				keys <- keyOf(tenancytest.Try(o.d, func(ctx context.Context, w db.Writer) error {
					a := tenancytest.Act(tenancytest.Scopes["city"])
					a.Actor = fmt.Sprintf("office.%d", i)
					_, err := milestone.Plan(ctx, w, a, o.lib, o.ref, milestone.Step{Version: 1, Stage: "production", Day: 20260101})
					return err
				}))
			}()
		}
		got := map[string]int{}
		for range many {
			got[<-keys]++
		}
		if got[""] != 1 || got["milestone.changed"] != many-1 {
			t.Errorf("%d at once = %v, want one taken and all others told", many, got)
		}
		if s := o.stage("production"); len(s.Plans) != 1 {
			t.Errorf("plans = %+v, want one", s.Plans)
		}
	})
}
