package auth

import (
	"fmt"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// everyRole makes one account of each role.
func (w *world) everyRole() map[Role]User {
	users := map[Role]User{}
	for _, r := range Roles() {
		p := Place{Role: r}
		switch r {
		case CityOffice:
			p.Org = city
		case CountyOffice, Viewer:
			p.Org = "350582"
		case ParkOperator:
			p.Org = "op1"
		case Enterprise:
			p.Enterprise = "E1"
		}
		users[r] = w.person(string(r), p)
	}
	return users
}

func TestAdministration_isForItsAdministratorOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		users := w.everyRole()
		target := w.person("target", Place{Role: RoleNone})
		calls := map[string]struct {
			role Role
			call func(actor User) error
		}{
			"CreateUser": {SystemAdmin, func(u User) error {
				_, _, err := w.CreateUser(w.ctx, u, NewUser{Username: "new." + string(u.Role)})
				return err
			}},
			"SetName":     {SystemAdmin, func(u User) error { _, err := w.SetName(w.ctx, u, w.fresh(target.ID).at(), "x"); return err }},
			"SetDisabled": {SystemAdmin, func(u User) error { _, err := w.SetDisabled(w.ctx, u, w.fresh(target.ID).at(), true); return err }},
			"Grant": {SecurityAdmin, func(u User) error {
				_, err := w.Grant(w.ctx, u, w.fresh(target.ID).at(), Place{Role: Viewer, Org: city})
				return err
			}},
			"Grant security_admin": {SecurityAdmin, func(u User) error {
				_, err := w.Grant(w.ctx, u, w.fresh(target.ID).at(), Place{Role: SecurityAdmin})
				return err
			}},
			"Unlock": {SecurityAdmin, func(u User) error { _, err := w.Unlock(w.ctx, u, w.fresh(target.ID).at()); return err }},
		}
		for name, c := range calls {
			for role, u := range users {
				want := "auth.denied"
				if role == c.role {
					want = ""
				}
				wantKey(t, fmt.Sprintf("%s by %s", name, role), c.call(u), want)
				disabled, first := u, u
				disabled.Disabled, first.MustChange = true, true
				wantKey(t, fmt.Sprintf("%s by a disabled %s", name, role), c.call(disabled), "auth.denied")
				if role == c.role {
					wantKey(t, fmt.Sprintf("%s by %s with a one-time password", name, role), c.call(first), "auth.must_change_password")
				}
			}
		}
		for role, u := range users {
			want := "auth.denied"
			if role == SystemAdmin || role == SecurityAdmin {
				want = ""
			}
			_, _, err := w.ListUsers(w.ctx, u, Query{})
			wantKey(t, fmt.Sprintf("ListUsers by %s", role), err, want)
			_, err = w.GetUser(w.ctx, u, target.ID)
			wantKey(t, fmt.Sprintf("GetUser by %s", role), err, want)
		}
	})
}

func TestGrant_givesRoleAndPlaceAndEndsSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		security := w.person("security", Place{Role: SecurityAdmin})
		u := w.person("office.a", Place{Role: RoleNone})
		s := w.login("office.a")
		got, err := w.Grant(w.ctx, security, u.at(), Place{Role: CountyOffice, Org: "350582"})
		if err != nil || got.Role != CountyOffice || got.OrgPath != jinjiang || got.Version != u.Version+1 {
			t.Fatalf("Grant = %+v, %v, want county_office at 350582", got, err)
		}
		_, err = w.Authenticate(w.ctx, s.Token)
		wantKey(t, "Authenticate with the session from before", err, "auth.required")
		_, err = w.Grant(w.ctx, security, u.at(), Place{Role: RoleNone})
		wantKey(t, "Grant on an old version", err, "row.stale")
		_, err = w.Grant(w.ctx, security, UserAt{"nobody", 1}, Place{Role: RoleNone})
		wantKey(t, "Grant to nobody", err, "auth.user_not_found")
		_, err = w.Grant(w.ctx, security, security.at(), Place{Role: CityOffice, Org: city})
		wantKey(t, "Grant to oneself", err, "auth.own_grant")
		got, err = w.Grant(w.ctx, security, got.at(), Place{Role: Enterprise, Enterprise: "E1"})
		if err != nil || got.Org != "" || got.OrgPath != "" || got.Scope() != (Scope{City: city, Enterprise: "E1"}) {
			t.Errorf("Grant = %+v, %v, want the enterprise alone", got, err)
		}
	})
}

func TestGrant_checksThatTheRoleFitsThePlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		security := w.person("security", Place{Role: SecurityAdmin})
		u := w.person("office.a", Place{Role: RoleNone})
		for _, c := range []struct {
			place Place
			want  string
		}{
			{Place{Role: "king"}, "auth.role_unknown"},
			{Place{Role: ""}, "auth.role_unknown"},
			{Place{Role: CityOffice}, "auth.place_needed"},
			{Place{Role: CityOffice, Org: city}, ""},
			{Place{Role: CityOffice, Org: "350582"}, "auth.place_unfit"},
			{Place{Role: CountyOffice, Org: city}, "auth.place_unfit"},
			{Place{Role: CountyOffice, Org: "jjk"}, "auth.place_unfit"},
			{Place{Role: CountyOffice, Org: "nowhere"}, "auth.place_unknown"},
			{Place{Role: CountyOffice, Org: "350582", Enterprise: "E1"}, "auth.place_unwanted"},
			{Place{Role: ParkOperator, Org: "op1"}, ""},
			{Place{Role: ParkOperator, Org: city}, "auth.place_unfit"},
			{Place{Role: Viewer, Org: city}, ""},
			{Place{Role: Enterprise}, "auth.place_needed"},
			{Place{Role: Enterprise, Org: "350582", Enterprise: "E1"}, "auth.place_unwanted"},
			{Place{Role: Enterprise, Enterprise: "E2"}, "auth.enterprise_unknown"},
			{Place{Role: Enterprise, Enterprise: "E1"}, ""},
			{Place{Role: AuditAdmin, Org: city}, "auth.place_unwanted"},
			{Place{Role: AuditAdmin}, ""},
			{Place{Role: RoleNone}, ""},
		} {
			_, err := w.Grant(w.ctx, security, w.fresh(u.ID).at(), c.place)
			wantKey(t, fmt.Sprintf("Grant(%+v)", c.place), err, c.want)
		}
	})
}

func TestGrant_systemAdministratorAppointsTheFirstSecurityAdministratorOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		admin := w.person("admin", Place{Role: SystemAdmin})
		first, second := w.person("first", Place{Role: RoleNone}), w.person("second", Place{Role: RoleNone})
		grant := func(actor, to User, p Place, want string) {
			t.Helper()
			_, err := w.Grant(w.ctx, actor, w.fresh(to.ID).at(), p)
			wantKey(t, fmt.Sprintf("Grant(%s to %s by %s)", p.Role, to.Username, actor.Username), err, want)
		}
		grant(admin, first, Place{Role: CityOffice, Org: city}, "auth.denied")
		grant(admin, admin, Place{Role: SecurityAdmin}, "auth.own_grant")
		grant(admin, first, Place{Role: SecurityAdmin}, "")
		grant(admin, second, Place{Role: SecurityAdmin}, "auth.denied")
		_, err := w.SetDisabled(w.ctx, admin, w.fresh(first.ID).at(), true)
		wantKey(t, "SetDisabled", err, "")
		grant(admin, second, Place{Role: SecurityAdmin}, "auth.denied") // disabling the first does not help
	})
}

func TestGrant_keepsOneSystemAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		security := w.person("security", Place{Role: SecurityAdmin})
		a, b := w.person("a1", Place{Role: SystemAdmin}), w.person("b1", Place{Role: SystemAdmin})
		_, err := w.SetDisabled(w.ctx, a, a.at(), true)
		wantKey(t, "SetDisabled of oneself", err, "auth.own_account")
		b, err = w.SetDisabled(w.ctx, a, b.at(), true)
		wantKey(t, "SetDisabled", err, "")
		_, err = w.Grant(w.ctx, security, a.at(), Place{Role: RoleNone})
		wantKey(t, "Grant to the last who can log in", err, "auth.last_admin")
		_, err = w.Grant(w.ctx, security, b.at(), Place{Role: RoleNone})
		wantKey(t, "Grant to a disabled one", err, "")
	})
}

func TestSetDisabled_endsSessionsAndOpensAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		admin, u := w.person("admin", Place{Role: SystemAdmin}), w.person("office.a", Place{Role: CityOffice, Org: city})
		s := w.login("office.a")
		got, err := w.SetDisabled(w.ctx, admin, u.at(), true)
		if err != nil || !got.Disabled {
			t.Fatalf("SetDisabled = %+v, %v, want disabled", got, err)
		}
		if _, err := w.SetDisabled(w.ctx, admin, got.at(), false); err != nil {
			t.Fatalf("SetDisabled(false) = %v", err)
		}
		_, err = w.Authenticate(w.ctx, s.Token)
		wantKey(t, "Authenticate with the session from before", err, "auth.required")
		w.login("office.a")
		if trail := fmt.Sprint(w.trail()); trail == "" {
			t.Error("trail is empty")
		}
	})
}

func TestUnlock_letsInAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		security, u := w.person("security", Place{Role: SecurityAdmin}), w.person("office.a", Place{Role: CityOffice, Org: city})
		for range MaxFailedTries {
			_, _, err := w.Login(w.ctx, "office.a", "wrong", address)
			wantKey(t, "Login", err, "auth.wrong")
		}
		got, err := w.Unlock(w.ctx, security, u.at())
		if err != nil || got.Locked(w.now) {
			t.Fatalf("Unlock = %+v, %v, want unlocked", got, err)
		}
		w.login("office.a")
	})
}

func TestListUsers_pagesThroughAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		users := w.everyRole()
		seen := map[string]bool{}
		pages := 0
		for q := (Query{Limit: 4}); ; pages++ {
			list, next, err := w.ListUsers(w.ctx, users[SystemAdmin], q)
			for _, u := range list {
				if seen[u.ID] || u != users[u.Role] {
					t.Errorf("ListUsers gave %+v, want %+v once", u, users[u.Role])
				}
				seen[u.ID] = true
			}
			if q.After = next; must(t, next, err) == "" {
				break
			}
		}
		if len(seen) != len(users) || pages != 2 {
			t.Errorf("ListUsers gave %d users on %d pages, want %d on 3", len(seen), pages+1, len(users))
		}
	})
}

func TestSetName_isOnTheTrail(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	admin, u := w.person("admin", Place{Role: SystemAdmin}), w.person("office.a", Place{Role: RoleNone})
	w.now = w.now.Add(time.Hour)
	got, err := w.SetName(w.ctx, admin, u.at(), " 市办甲 ")
	if err != nil || got.Name != "市办甲" || got.Version != u.Version+1 {
		t.Fatalf("SetName = %+v, %v, want 市办甲", got, err)
	}
	trail := w.trail()
	if last := trail[len(trail)-1]; last != "admin user.edit" {
		t.Errorf("trail ends with %q, want admin user.edit", last)
	}
}
