package auth

import (
	"errors"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const (
	cityPath    = "350500."
	jinjiang    = "350500.350582."
	jinjiangDev = "350500.350582.jjk."
)

func TestScope_failsClosed(t *testing.T) {
	for _, s := range []Scope{{}, {Path: cityPath}, {Enterprise: "E1"}, {City: "350500"}, Whole("")} {
		if from, to := s.Range(); !s.None() || from != "" || to != "" || s.Within(jinjiang) {
			t.Errorf("%+v: None = %v, Range = %q %q, Within = %v, want true, empty, false", s, s.None(), from, to, s.Within(jinjiang))
		}
	}
	// these see something, but no subtree
	for _, s := range []Scope{{City: "350500", Enterprise: "E1"}, {City: "350500", Path: "350500"}, {City: "350500", Path: "."}} {
		if from, to := s.Range(); from != "" || to != "" || s.Within(jinjiang) {
			t.Errorf("%+v: Range = %q %q, Within = %v, want empty, false", s, from, to, s.Within(jinjiang))
		}
	}
}

func TestRange_boundsTheSubtreeInSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, c := range []struct {
			scope Scope
			want  int
		}{
			{Whole(city), 6},
			{Scope{City: city, Path: "350500.350582."}, 3},
			{Scope{City: city, Path: "350500.350582.jjk."}, 2},
			{Scope{City: city, Path: "350500.35058."}, 0}, // a prefix of the id is not an ancestor
			{Scope{City: "350200", Path: "350500."}, 0},
			{Scope{}, 0},
			{Scope{City: city, Enterprise: "E1"}, 0},
		} {
			var got int
			from, to := c.scope.Range()
			err := d.Read(w.ctx, func(r db.Reader) error {
				return r.QueryRow(w.ctx, `SELECT COUNT(*) FROM org WHERE city = $1 AND path >= $2 AND path < $3`,
					c.scope.City, from, to).Scan(&got)
			})
			if err != nil || got != c.want {
				t.Errorf("%+v: rows = %d, %v, want %d", c.scope, got, err, c.want)
			}
		}
	})
}

func TestNarrow_neverWidens(t *testing.T) {
	county := Scope{City: "350500", Path: jinjiang}
	for _, c := range []struct {
		scope Scope
		path  string
		want  Scope
	}{
		{Whole("350500"), jinjiang, county},
		{county, jinjiang, county},
		{county, jinjiangDev, Scope{City: "350500", Path: jinjiangDev}},
		{county, cityPath, Scope{}},
		{county, "350500.350583.", Scope{}},
		{county, "350500.3505820.", Scope{}},
		{county, "350500.350582.jjk", Scope{}}, // not a path
		{county, "", Scope{}},
		{Scope{}, jinjiang, Scope{}},
		{Scope{City: "350500", Enterprise: "E1"}, jinjiang, Scope{}},
	} {
		got, err := c.scope.Narrow(c.path)
		if got != c.want || (err == nil) != (c.want != Scope{}) {
			t.Errorf("%+v.Narrow(%q) = %+v, %v, want %+v", c.scope, c.path, got, err, c.want)
		}
		if err != nil && !errors.Is(err, fault.New(fault.NotFound, "org.not_found")) {
			t.Errorf("Narrow(%q) = %v, want org.not_found", c.path, err)
		}
	}
}

func TestScope_ofEveryRole(t *testing.T) {
	at := func(r Role) User {
		return User{City: "350500", Role: r, Org: "350582", OrgPath: jinjiang, Enterprise: "E1"}
	}
	for role, want := range map[Role]Scope{
		RoleNone: {}, SecurityAdmin: {}, AuditAdmin: {}, "": {}, "unheard_of": {},
		SystemAdmin:  {City: "350500", Path: cityPath},
		CityOffice:   {City: "350500", Path: cityPath},
		CountyOffice: {City: "350500", Path: jinjiang},
		ParkOperator: {City: "350500", Path: jinjiang},
		Viewer:       {City: "350500", Path: jinjiang},
		Enterprise:   {City: "350500", Enterprise: "E1"},
	} {
		u := at(role)
		if got := u.Scope(); got != want {
			t.Errorf("Scope of %s = %+v, want %+v", role, got, want)
		}
		u.Disabled = true
		if got := u.Scope(); !got.None() {
			t.Errorf("Scope of a disabled %s = %+v, want nothing", role, got)
		}
		lost := User{City: "350500", Role: role} // a place that is not there
		if got := lost.Scope(); role != SystemAdmin && role != CityOffice && !got.None() {
			t.Errorf("Scope of a %s without a place = %+v, want nothing", role, got)
		}
	}
}

func TestMay_isThisTable(t *testing.T) {
	const table = ` business.read park.edit park.import figure.record figure.choose target.read filing.fill filing.review filing.import form.edit closing.make finding.read milestone.edit milestone.verify evidence.place lifecycle.edit promise.edit enrolment.edit problem.edit review.make user.read user.create user.edit user.grant user.unlock audit.read`
	want := map[Role]string{ // one letter for each action above
		RoleNone:      "--------------------------",
		SystemAdmin:   "r-i--t--i-----------rce---",
		SecurityAdmin: "--------------------r--gu-",
		AuditAdmin:    "-------------------------a",
		CityOffice:    "reirctfvieCFmvplsnbw------",
		CountyOffice:  "reirctfvi--Fmvp-snb-------",
		ParkOperator:  "r--r--fvi--Fm-----b-------",
		Enterprise:    "r-----f-i--F--------------",
		Viewer:        "r----t-----F--------------",
	}
	if len(want) != len(Roles()) || len(Actions()) != len(want[RoleNone]) {
		t.Fatalf("the table has %d roles and %d actions, want %d and %d (%s)", len(want), len(want[RoleNone]), len(Roles()), len(Actions()), table)
	}
	for _, role := range Roles() {
		for i, action := range Actions() {
			if got, want := (User{Role: role}).May(action), want[role][i] != '-'; got != want {
				t.Errorf("May(%s, %s) = %v, want %v", role, action, got, want)
			}
			if (User{Role: role, Disabled: true}).May(action) {
				t.Errorf("May(disabled %s, %s) = true, want false", role, action)
			}
		}
		if (User{Role: role}).May("unheard.of") {
			t.Errorf("May(%s, unheard.of) = true, want false", role)
		}
	}
}

func TestPermissions_keepTheThreeAdministratorsApart(t *testing.T) {
	for _, role := range Roles() {
		u := User{Role: role}
		creates, grants, audits := u.May(UserCreate), u.May(UserGrant), u.May(AuditRead)
		if n := flag(creates) + flag(grants) + flag(audits); n > 1 {
			t.Errorf("%s has %d of the three administrators' powers, want at most 1", role, n)
		}
		if audits && u.May(UserRead) {
			t.Errorf("%s reads the trail and the accounts, want the trail alone", role)
		}
	}
}
