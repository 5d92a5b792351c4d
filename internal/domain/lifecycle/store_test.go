package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// put puts a version of a lifecycle as somebody with a scope; the acts of tests are of 2025-07-01.
func put(t *testing.T, d *db.DB, scope, code, body, reason string) (p *lifecycle.Pack, err error) {
	t.Helper()
	err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) (err error) {
		p, err = lifecycle.Put(ctx, w, tenancytest.Act(tenancytest.Scopes[scope]), code, []byte(body), reason)
		return err
	})
	return p, err
}

func TestPut_aCitysVersionIsInForceFromItsDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		base := shipped(t, "tenancy").Body
		version := func(from, number string) string {
			return strings.NewReplacer(`from: "2021-01-01"`, `from: "`+from+`"`, "lifecycle-tenancy-2026-1", number).Replace(base)
		}
		var shelf lifecycle.Shelf
		inForce := func(day period.Date) (number string) {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				l, err := shelf.Load(ctx, r, tenancytest.City)
				if err != nil {
					return err
				}
				p, err := l.For("tenancy", day)
				if err == nil {
					number = p.Number
				}
				return err
			})
			return number
		}
		if got := inForce(20250801); got != "lifecycle-tenancy-2026-1" {
			t.Errorf("before anything was put %s is in force", got)
		}
		gone := strings.Replace(strings.Replace(version("2025-08-01", "city-x"), "code: trial\n", "code: trials\n", 1), "after: [trial]", "after: [trials]", 1)
		for _, x := range []struct{ scope, code, body, reason, key string }{
			{"350582", "tenancy", version("2025-08-01", "city-1"), "x", "lifecycle.only_city"},
			{"e-a", "tenancy", version("2025-08-01", "city-1"), "x", "lifecycle.only_city"},
			{"none", "tenancy", version("2025-08-01", "city-1"), "x", "lifecycle.only_city"},
			{"city", "tenancy", version("2025-08-01", "city-1"), "  ", "lifecycle.no_reason"},
			{"city", "tenancy", version("2025-08-01", "city-1"), strings.Repeat("长", 501), "text.too_long"},
			{"city", "investment", version("2025-08-01", "city-1"), "x", "lifecycle.other_code"},
			{"city", "tenancy", "lifecycle: tenancy", "x", "lifecycle.bad_head"},
			{"city", "tenancy", strings.Replace(version("2025-08-01", "city-1"), "of: tenancy", "of: project", 1), "x", "lifecycle.other_of"},
			{"city", "tenancy", gone, "x", "lifecycle.stage_gone"},
			{"city", "tenancy", version("2025-08-01", "city-1") + "  - code: moved\n    name: {zh: 搬迁, en: Moved}\n    basis: assumed\n", "x", "lifecycle.stage_new"},
			{"city", "tenancy", version("2025-08-01", "city-1"), "试行", ""},
			{"city", "tenancy", version("2025-08-01", "city-1"), "again", ""}, // changes nothing
			{"city", "tenancy", version("2025-07-31", "city-2"), "x", "lifecycle.from_before"},
			{"city", "tenancy", version("2025-08-01", "city-2"), "更正", ""}, // in the place of the first
			{"city", "tenancy", version("2025-09-01", "city-3"), "新版", ""},
			{"city", "moving", strings.NewReplacer("lifecycle: tenancy", "lifecycle: moving", "of: tenancy", "of: project").Replace(base), "自定", ""},
		} {
			if _, err := put(t, d, x.scope, x.code, x.body, x.reason); keyOf(err) != x.key || (err == nil) != (x.key == "") {
				t.Errorf("Put(%s, %s, %.20q…, %.10q) = %v, want %q", x.scope, x.code, x.body, x.reason, err, x.key)
			}
		}
		for day, want := range map[period.Date]string{20250731: "lifecycle-tenancy-2026-1", 20250801: "city-2", 20250901: "city-3"} {
			if got := inForce(day); got != want {
				t.Errorf("on %v %s is in force, want %s", day, got, want)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			made, err := lifecycle.History(ctx, r, tenancytest.City, "tenancy")
			var got []string
			for _, m := range made {
				got = append(got, fmt.Sprint(m.Version, " ", m.From, " ", m.Pack.Number, " ", m.Reason, " ", m.Actor))
			}
			if want := "0 2021-01-01 lifecycle-tenancy-2026-1  ; 1 2025-08-01 city-1 试行 tester; 2 2025-08-01 city-2 更正 tester; 3 2025-09-01 city-3 新版 tester"; strings.Join(got, "; ") != want {
				t.Errorf("History = %s, want %s", strings.Join(got, "; "), want)
			}
			if _, err := lifecycle.History(ctx, r, tenancytest.City, "none"); keyOf(err) != "lifecycle.unknown" {
				t.Errorf("History(none) = %v, want lifecycle.unknown", err)
			}
			if other, err := lifecycle.Load(ctx, r, "350600"); err != nil || len(other.Versions("tenancy")) != 1 {
				t.Errorf("another city has %d versions, %v, want the shipped one", len(other.Versions("tenancy")), err)
			}
			lines, aerr := audit.List(ctx, r, tenancytest.City, 0, 4)
			if aerr == nil && (lines[0].Action != "lifecycle.put" || lines[0].Entity != "moving" || lines[1].Entity != "tenancy" || !strings.Contains(lines[1].Detail, `"number":"city-2"`)) {
				t.Errorf("trail = %+v", lines)
			}
			return errors.Join(err, aerr)
		})
	})
}
