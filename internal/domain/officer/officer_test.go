package officer_test

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/officer"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// accounts are one of each kind: username, role, org, disabled.
var accounts = [][]any{
	{"city.a", "city_office", "350500", 0}, {"jj.a", "county_office", "350582", 0}, {"na.a", "county_office", "350583", 0},
	{"op.a", "park_operator", "op", 0}, {"gone", "county_office", "350582", 1}, {"viewer", "viewer", "350582", 0},
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	tenancytest.Fill(t, d)
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		for _, a := range accounts {
			if _, err := w.Exec(ctx, `INSERT INTO app_user (city, id, username, name, role, org, password_hash, must_change, disabled, failed_tries, created_at, version)
				VALUES ($1, $2, $2, '', $3, $4, '', 0, $5, 0, 1, 1)`, tenancytest.City, a[0], a[1], a[2], a[3]); err != nil {
				return err
			}
		}
		return nil
	})
}

var ref = subject.Ref{Kind: subject.Tenancy, ID: "t-1"} // in a park of op, which is below 350582

func set(d *db.DB, who, username string, since int, reason string) error {
	return tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
		_, err := officer.Set(ctx, w, tenancytest.Act(tenancytest.Scopes[who]), ref, officer.New{Username: username, Since: period.Date(since), Reason: reason})
		return err
	})
}

func TestSet_keepsEveryAppointment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		for _, c := range []struct {
			who, username string
			since         int
		}{{"350582", "jj.a", 20250601}, {"op", "op.a", 20250700}, {"city", "", 20250701}, {"city", "city.a", 20250701}} {
			if err := set(d, c.who, c.username, c.since, "分工"); err != nil {
				t.Fatalf("Set(%q) as %s = %v, want nil", c.username, c.who, err)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			list, err := officer.History(ctx, r, tenancytest.City, ref)
			if len(list) != 4 || list[0].Username != "city.a" || list[3].Username != "jj.a" || list[3].Since != 20250601 || list[0].Seq != 4 {
				t.Errorf("History = %+v, want the four appointments, the latest first", list)
			}
			if now, err := officer.Current(ctx, r, tenancytest.City, ref); err != nil || now != list[0] {
				t.Errorf("Current = %+v, %v, want the latest", now, err)
			}
			if none, err := officer.Current(ctx, r, tenancytest.City, subject.Ref{Kind: subject.Tenancy, ID: "t-2"}); err != nil || none.Username != "" {
				t.Errorf("Current of nobody's = %+v, %v, want the zero Officer", none, err)
			}
			latest, err2 := officer.Latest(ctx, r, tenancytest.City)
			if len(latest) != 1 || latest[ref] != "city.a" || err2 != nil {
				t.Errorf("Latest = %v, %v, want city.a for t-1 only", latest, err2)
			}
			lines, err3 := audit.List(ctx, r, tenancytest.City, 0, 1)
			if err3 != nil || lines[0].Action != "officer.set" || lines[0].Kind != "tenancy" || lines[0].Entity != "t-1" {
				t.Errorf("last line = %+v, %v, want officer.set of t-1", lines, err3)
			}
			_, err4 := audit.Verify(ctx, r, tenancytest.City)
			if err4 != nil {
				t.Errorf("Verify = %v, want nil", err4)
			}
			return err
		})
	})
}

func TestSet_namesOnlyWhoCoversTheSubjectAndIsNotAboveTheActor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		for _, c := range []struct {
			who, username string
			since         int
			reason, key   string
		}{
			{"city", "na.a", 20250601, "分工", "officer.not_possible"}, // another county's
			{"city", "gone", 20250601, "分工", "officer.not_possible"}, // not in use
			{"city", "viewer", 20250601, "分工", "officer.not_possible"},
			{"city", "nobody", 20250601, "分工", "officer.not_possible"},
			{"op", "jj.a", 20250601, "分工", "officer.above"},
			{"350582", "city.a", 20250601, "分工", "officer.above"},
			{"350583", "na.a", 20250601, "分工", "tenancy.not_found"}, // not its subject
			{"e-a", "op.a", 20250601, "分工", "officer.above"},        // an enterprise sees its tenancy and names nobody
			{"city", "op.a", 20250601, " ", "officer.no_reason"},
			{"city", "op.a", 20250702, "分工", "date.in_future"},
			{"city", "op.a", 0, "分工", "date.invalid"},
			{"city", "", 20250601, "分工", "officer.same"},
		} {
			err := set(d, c.who, c.username, c.since, c.reason)
			if f, ok := fault.Of(err); !ok || f.Key != c.key {
				t.Errorf("Set(%q) as %s = %v, want %s", c.username, c.who, err, c.key)
			}
		}
	})
}

func TestPeople_tellsOfOwnAndAbove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		if err := set(d, "city", "op.a", 20250601, "分工"); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[string]map[string]bool{ // username → may be named
			"city": {"city.a": true, "jj.a": true, "na.a": true, "op.a": true}, "350582": {"city.a": false, "jj.a": true, "op.a": true},
			"op": {"city.a": false, "jj.a": false, "op.a": true}, "e-a": {}, "none": {}, "elsewhere": {},
		} {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				people, err := officer.People(ctx, r, tenancytest.Scopes[who])
				got := map[string]bool{}
				for _, p := range people {
					got[p.Username] = p.May
					if p.Username == "op.a" && p.Tenancies != 1 {
						t.Errorf("op.a as %s answers for %d, want 1", who, p.Tenancies)
					}
				}
				if len(got) != len(want) {
					t.Errorf("People as %s = %v, want %v", who, got, want)
				}
				for name, may := range want {
					if got[name] != may {
						t.Errorf("%s as %s may be named = %v, want %v", name, who, got[name], may)
					}
				}
				return err
			})
		}
	})
}
