package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func date(d int) period.Date { return period.Date(d) }

func parkID(s string) park.ID { return park.ID(s) }

func keyOf(err error) string {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}

// Today is 2025-07-12.
func TestLight_ofTheStartAndTheListing(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	base := said{"signed", "claimed", 1, 20240101, 0}
	plan := func(day, recorded int) said { return said{"started", "planned", 1, day, recorded} }
	again := func(day, recorded int) said { return said{"started", "planned", 2, day, recorded} }
	for _, x := range []struct {
		name, want string
		says       []said
	}{
		{"no plan", "off  Planned to have started by the month's end", nil},
		{"planned ahead", "off start ", []said{plan(20251001, 0)}},
		{"planned for today", "off start ", []said{plan(20250712, 0)}},
		{"planned for yesterday", "yellow start ", []said{plan(20250711, 0)}},
		{"planned for this month, the day unknown", "off start ", []said{plan(20250700, 0)}},
		{"June missed, July too", "yellow start ", []said{plan(20250630, 0)}},
		{"May, June, July missed", "red start ", []said{plan(20250531, 0)}},
		{"missed by the year", "red start ", []said{plan(20240000, 0)}},
		{"started in time", "green start ", []said{plan(20250531, 0), {"started", "claimed", 1, 20250530, 0}}},
		{"started late", "green start ", []said{plan(20250331, 0), {"started", "claimed", 1, 20250630, 0}}},
		{"started, never planned", "green start ", []said{{"started", "claimed", 1, 20250630, 0}}},
		{"planned anew before it was due", "off start ", []said{plan(20250531, 0), again(20251001, 20250510)}},
		{"planned anew after two missed months", "off start ", []said{plan(20250430, 0), again(20251001, 20250701)}},
		{"planned anew to the last month, recorded today", "yellow start ", []said{plan(20250201, 0), again(20250620, 20250310)}},
		{"planned anew too late to help", "red start ", []said{plan(20250430, 0), again(20250710, 20250710)}},
		{"withdrawn", "off  ", []said{plan(20250101, 0), {"withdrawn", "claimed", 1, 20250301, 0}}},
		{"listing missed twice", "red listing ", []said{plan(20250530, 0), {"started", "claimed", 1, 20250530, 0}, {"enrolled", "planned", 1, 20250601, 0}}},
		{"listing missed once", "yellow listing ", []said{plan(20250530, 0), {"started", "claimed", 1, 20250530, 0}, {"enrolled", "planned", 1, 20250701, 0}}},
		{"enrolled", "green start ", []said{plan(20250530, 0), {"started", "claimed", 1, 20250530, 0}, {"enrolled", "verified", 1, 20250701, 0}}},
	} {
		t.Run(x.name, func(t *testing.T) {
			w.t = t
			id := fmt.Sprintf("p-%x", x.name)
			w.project(id, "investment", "350582", "", "", append([]said{base}, x.says...)...)
			r := row(t, w.view(), id)
			missing := ""
			if len(r.Missing) > 0 && r.LightRule == "" {
				missing = r.Missing[0].EN
			}
			if got := fmt.Sprint(r.Light, " ", r.LightRule, " ", missing); got != x.want {
				t.Errorf("light = %q (%s), want %q", got, r.LightWhy.ZH, x.want)
			}
			if (r.LightWhy.ZH == "") != (r.LightRule == "") || (r.LightBasis == "") != (r.LightRule == "") {
				t.Errorf("why %q on basis %q by rule %q: all or none", r.LightWhy.ZH, r.LightBasis, r.LightRule)
			}
		})
	}
}

func TestLight_ofEachTask(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	tenancytest.Write(t, w.d, func(ctx context.Context, x db.Writer) error {
		return pipeline.Choose(ctx, x, tenancytest.Act(whole()), "ouhai", "按任务亮灯")
	})
	for _, x := range []struct {
		name, want string
		says       []said
	}{
		{"nothing planned", "off ", nil},
		{"not due", "off 开工：未到节点2025年7月12日", []said{{"started", "planned", 1, 20250712, 0}}},
		{"overdue", "red 开工：应于2025年7月11日完成，尚未完成", []said{{"started", "planned", 1, 20250711, 0}}},
		{"overdue beside one that is not due", "red 审批：应于2025年6月1日完成，尚未完成", []said{{"approved", "planned", 1, 20250601, 0}, {"started", "planned", 1, 20251201, 0}}},
		{"done in time this month", "green 开工：2025年7月3日按期完成", []said{{"started", "planned", 1, 20250705, 0}, {"started", "claimed", 1, 20250703, 0}}},
		{"caught up this month", "yellow 开工：应于2025年7月1日完成，2025年7月3日补上", []said{{"started", "planned", 1, 20250701, 0}, {"started", "claimed", 1, 20250703, 0}}},
		{"of a month that is over", "off ", []said{{"started", "planned", 1, 20250501, 0}, {"started", "claimed", 1, 20250603, 0}}},
		{"nobody knows whether in time", "off ", []said{{"started", "planned", 1, 20250705, 0}, {"started", "claimed", 1, 20250700, 0}}},
	} {
		id := fmt.Sprintf("p-%x", x.name)
		w.project(id, "construction", "350582", "", "", x.says...)
		r := row(t, w.view(), id)
		if got := r.Light.String() + " " + r.LightWhy.ZH; got != x.want {
			t.Errorf("%s: light = %q, want %q", x.name, got, x.want)
		}
	}
}

func TestLight_noneWhereTheFactsAreMissing(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.project("a", "construction", "350582", "", "", said{"started", "planned", 1, 20240101, 0})
	for _, template := range []string{"sanya", "tianjin", "xinhuang"} {
		tenancytest.Write(t, w.d, func(ctx context.Context, x db.Writer) error {
			return pipeline.Choose(ctx, x, tenancytest.Act(whole()), template, "试用")
		})
		if r := row(t, w.view(), "a"); r.Light.String() != "off" || r.LightRule != "" {
			t.Errorf("light by %s = %v of %q, want none: the ledger does not hold its facts", template, r.Light, r.LightRule)
		}
	}
}

func TestChoose_keepsEveryChoice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if v := w.view(); v.Template().Code != pipeline.DefaultTemplate || v.Chosen.Template != "" {
			t.Errorf("before any choice the table is %s, chosen %+v", v.Template().Code, v.Chosen)
		}
		choose := func(scope, template, reason string) error {
			return tenancytest.Try(d, func(ctx context.Context, x db.Writer) error {
				return pipeline.Choose(ctx, x, tenancytest.Act(tenancytest.Scopes[scope]), template, reason)
			})
		}
		for _, x := range []struct{ scope, template, reason, want string }{
			{"city", "nowhere", "试用", "light.unknown_template"}, {"city", "", "试用", "light.unknown_template"}, {"city", "ouhai", " ", "light.no_reason"},
			{"350582", "ouhai", "试用", "light.whole_city"}, {"e-a", "ouhai", "试用", "light.whole_city"},
			{"city", "ouhai", "试用", ""}, {"city", "yinchuan", "恢复", ""},
		} {
			if err := choose(x.scope, x.template, x.reason); keyOf(err) != x.want || (err == nil) != (x.want == "") {
				t.Errorf("Choose(%s, %q, %q) = %v, want %q", x.scope, x.template, x.reason, err, x.want)
			}
		}
		if v := w.view(); v.Chosen.Template != "yinchuan" || v.Chosen.Reason != "恢复" || v.Chosen.Actor != "tester" || !v.Chosen.At.Equal(tenancytest.At) {
			t.Errorf("chosen = %+v, want the last choice", v.Chosen)
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			var n int64
			err := r.QueryRow(ctx, `SELECT COUNT(*) FROM light_choice WHERE city = $1`, tenancytest.City).Scan(&n)
			if n != 2 {
				t.Errorf("%d choices are kept, want 2", n)
			}
			lines, _ := audit.List(ctx, r, tenancytest.City, 0, 2)
			if lines[0].Action != "light.choose" || lines[0].Entity != "yinchuan" {
				t.Errorf("the last line of the trail is %+v", lines[0])
			}
			return err
		})
	})
}
