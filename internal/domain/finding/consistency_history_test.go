package finding_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func reached(stage project.Stage, way tenancy.Way, day period.Date, nature figure.Nature) project.Milestone {
	return project.Milestone{Stage: stage, Way: way, Day: day, Nature: nature, Source: "台账 第7行"}
}

// histories lists the findings of histories as "name owner key stage day < other day", without the key's beginning.
func histories(t *testing.T, d *db.DB, s auth.Scope) (out []string) {
	t.Helper()
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		found, err := finding.Consistency(ctx, r, s, last)
		for _, f := range found {
			if f.Code != finding.History {
				continue
			}
			line := fmt.Sprintf("%s %s %s", f.Name, f.Owner, strings.TrimPrefix(f.Key, "finding.consistency.history_"))
			for _, row := range f.Rows {
				line += fmt.Sprintf(" %s:%s=%s", row.Kind, row.Label.ZH, period.Date(*row.Value))
			}
			if f.Resolve == "" || f.Rows[0].Source == "" || f.Rows[0].Nature == "" {
				t.Errorf("finding %+v has no way to resolve it, source or nature", f)
			}
			out = append(out, line)
		}
		return err
	})
	slices.Sort(out)
	return out
}

func TestConsistency_holdsDaysAgainstTheirLifecycle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		claimed, planned := tenancy.Claimed, tenancy.Planned
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			scene{ctx, w, t}.tenancy("t-9", "e-c", "p-na", figure.Declared, nil, tenancytest.Entry(tenancy.Signed, 20240310), tenancytest.Entry(tenancy.HandedOver, 20240301),
				tenancytest.Entry(tenancy.Production, 20240300)) // in March: it may be in order
			_, err := project.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), []project.Project{
				{ID: "j-1", Kind: project.Planning, Org: "350582", Name: "光伏", Nature: figure.Record, Source: "台账 第7行", Milestones: []project.Milestone{
					reached("submitted", claimed, 20200501, figure.Record), reached("granted", claimed, 20200401, figure.Record), reached("expired", claimed, 20230401, figure.Record),
					reached("operational", claimed, 20210101, figure.Record), reached("withdrawn", claimed, 20200601, figure.Record), reached("handed_in", claimed, 20200101, figure.Record)}},
				{ID: "j-2", Kind: project.Construction, Park: "p-op", Name: "一期", Nature: figure.Declared, Source: "报表", Milestones: []project.Milestone{
					reached("completed", claimed, 20240105, figure.Declared), reached("started", claimed, 20240110, figure.Simulated), // of two kinds
					reached("opened", planned, 20230101, figure.Declared)}}, // a plan states nothing
				{ID: "j-3", Kind: "of_its_own", Org: "350583", Name: "没有生命周期", Nature: figure.Declared, Source: "报表", Milestones: []project.Milestone{reached("a", claimed, 20240105, figure.Declared)}},
				{ID: "j-4", Kind: project.PilotPlatform, Park: "p-na", Enterprise: "e-d", Name: "早于规则", Nature: figure.Declared, Source: "报表", Milestones: []project.Milestone{
					reached("reserve", claimed, 20240202, figure.Declared), reached("started", claimed, 20240201, figure.Declared)}},
				{ID: "j-5", Kind: project.Planning, Org: "350583", Name: "还没到", Nature: figure.Declared, Source: "报表", Milestones: []project.Milestone{
					reached("submitted", claimed, 20250701, figure.Declared), reached("granted", claimed, 20240201, figure.Declared)}}, // after the month
			})
			return err
		})
		want := []string{
			"丙物流有限公司 350583 negative tenancy:交付=2024-03-01 tenancy:签约=2024-03-10",
			"光伏 350582 after_end project:投运=2021-01-01 project:撤回申请=2020-06-01",
			"光伏 350582 excluded project:撤回申请=2020-06-01 project:许可=2020-04-01",
			"光伏 350582 excluded project:许可失效=2023-04-01 project:投运=2021-01-01",
			"光伏 350582 negative project:许可=2020-04-01 project:提交申请=2020-05-01",
			"光伏 350582 two_ends project:撤回申请=2020-06-01 project:许可失效=2023-04-01",
			"光伏 350582 unknown_stage project:handed_in=2020-01-01",
			"早于规则 350583 negative project:开工建设=2024-02-01 project:谋划储备=2024-02-02",
		}
		got := histories(t, d, tenancytest.Scopes["city"])
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("no finding %q", line)
			}
		}
		for _, line := range got {
			if !slices.Contains(want, line) {
				t.Errorf("a finding that is not wanted: %q", line)
			}
		}
		for scope, n := range map[string]int{"350582": 6, "350583": 2, "op": 0, "e-a": 0, "elsewhere": 0} {
			if got := histories(t, d, tenancytest.Scopes[scope]); len(got) != n {
				t.Errorf("%s is told of %q, want %d", scope, got, n)
			}
		}
		mine := auth.Scope{City: tenancytest.City, Enterprise: "e-d"}
		if got := histories(t, d, mine); len(got) != 1 {
			t.Errorf("the enterprise is told of %q, want its own project", got)
		}
	})
}
