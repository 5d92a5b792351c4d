package auth

import (
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestEnsureAdmin_makesOneAdministratorOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		oneTime, created, err := w.EnsureAdmin(w.ctx, "")
		if err != nil || !created || len(oneTime) != 23 {
			t.Fatalf("EnsureAdmin = %q, %v, %v, want a one-time password", oneTime, created, err)
		}
		_, u, err := w.Login(w.ctx, "admin", oneTime, address)
		if err != nil || u.Role != SystemAdmin || !u.MustChange {
			t.Errorf("Login = %+v, %v, want a system administrator who must change the password", u, err)
		}
		for _, password := range []string{"", "another password"} {
			if again, created, err := w.EnsureAdmin(w.ctx, password); again != "" || created || err != nil {
				t.Errorf("EnsureAdmin again = %q, %v, %v, want nothing", again, created, err)
			}
		}
		if trail := w.trail(); trail[0] != "(system) user.create" || strings.Contains(strings.Join(trail, " "), oneTime) {
			t.Errorf("trail = %q, want the creation by (system) without the password", trail)
		}
	})
}

func TestEnsureAdmin_takesAGivenPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, created, err := w.EnsureAdmin(w.ctx, "short")
		wantKey(t, "EnsureAdmin(short)", err, "auth.password_short")
		if created {
			t.Error("created with a password that the policy refuses")
		}
		if oneTime, created, err := w.EnsureAdmin(w.ctx, password); oneTime != "" || !created || err != nil {
			t.Fatalf("EnsureAdmin = %q, %v, %v, want created without a one-time password", oneTime, created, err)
		}
		if _, u, err := w.Login(w.ctx, "admin", password, address); err != nil || u.MustChange {
			t.Errorf("Login = %+v, %v, want no need to change", u, err)
		}
	})
}

func TestEnsureAdmin_twoNodesMakeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := make(chan bool)
		const nodes = 4
		for range nodes {
			go func() {
				_, created, err := w.EnsureAdmin(w.ctx, "")
				if err != nil {
					t.Errorf("EnsureAdmin = %v", err)
				}
				made <- created
			}()
		}
		var n int64
		for range nodes {
			n += flag(<-made)
		}
		if n != 1 {
			t.Errorf("%d nodes made the administrator, want 1", n)
		}
	})
}

func TestCreateUser_startsWithoutRoleAndMustChangePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		admin := w.person("admin", Place{Role: SystemAdmin})
		u, oneTime, err := w.CreateUser(w.ctx, admin, NewUser{Username: "Office.A", Name: " 市办甲 "})
		if err != nil || u.Username != "office.a" || u.Name != "市办甲" || u.Role != RoleNone || !u.MustChange || !u.Scope().None() || u.Version != 1 {
			t.Fatalf("CreateUser = %+v, %v, want office.a with no role who must change the password", u, err)
		}
		if _, got, err := w.Login(w.ctx, "office.a", oneTime, address); got != u || err != nil {
			t.Errorf("Login with the one-time password = %+v, %v, want %+v", got, err, u)
		}
		_, given, err := w.CreateUser(w.ctx, admin, NewUser{Username: "wang", Password: password})
		if given != "" || err != nil {
			t.Errorf("CreateUser with a password = %q, %v, want no one-time password", given, err)
		}
		if _, got, err := w.Login(w.ctx, "wang", password, address); err != nil || !got.MustChange {
			t.Errorf("Login = %+v, %v, want to have to change the given password too", got, err)
		}
		for _, c := range []struct {
			n    NewUser
			want string
		}{
			{NewUser{Username: "OFFICE.A"}, "auth.username_taken"},
			{NewUser{Username: "x y"}, "auth.username_shape"},
			{NewUser{Username: "zhao", Password: "short"}, "auth.password_short"},
			{NewUser{Username: "zhao", Name: strings.Repeat("x", 101)}, "auth.name_shape"},
			{NewUser{Username: "zhao", Name: "a\nb"}, "auth.name_shape"},
		} {
			_, _, err := w.CreateUser(w.ctx, admin, c.n)
			wantKey(t, "CreateUser("+c.n.Username+")", err, c.want)
		}
	})
}

func TestChangePassword_endsAllSessionsAndBeginsOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CityOffice, Org: city})
		w.exec(`UPDATE app_user SET must_change = 1 WHERE id = '` + u.ID + `'`)
		a, b := w.login("office.a"), w.login("office.a")
		const next = "a better horse battery"
		s, err := w.ChangePassword(w.ctx, u, password, next)
		wantKey(t, "ChangePassword", err, "")
		for _, old := range []Session{a, b} {
			_, err := w.Authenticate(w.ctx, old.Token)
			wantKey(t, "Authenticate with an old session", err, "auth.required")
		}
		got, err := w.Authenticate(w.ctx, s.Token)
		if err != nil || got.MustChange || got.Version != u.Version+1 {
			t.Errorf("Authenticate with the new session = %+v, %v, want nothing to change", got, err)
		}
		_, _, err = w.Login(w.ctx, "office.a", password, address)
		wantKey(t, "Login with the old password", err, "auth.wrong")
		_, _, err = w.Login(w.ctx, "office.a", next, address)
		wantKey(t, "Login with the new password", err, "")
	})
}

func TestChangePassword_refuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a.350582", Place{Role: CityOffice, Org: city})
		for _, c := range []struct{ current, next, want string }{
			{password, "short", "auth.password_short"},
			{password, "Office.A.350582", "auth.password_is_username"},
			{password, password, "auth.password_same"},
			{"wrong", "a better horse battery", "auth.password_current"},
		} {
			_, err := w.ChangePassword(w.ctx, u, c.current, c.next)
			wantKey(t, "ChangePassword("+c.next+")", err, c.want)
			if Unauthenticated(err) {
				t.Errorf("Unauthenticated(%v) = true, want false: the session is good", err)
			}
		}
		for range MaxFailedTries - 1 { // a stolen session does not help to guess
			_, err := w.ChangePassword(w.ctx, u, "wrong", "a better horse battery")
			wantKey(t, "ChangePassword", err, "auth.password_current")
		}
		_, err := w.ChangePassword(w.ctx, u, password, "a better horse battery")
		wantKey(t, "ChangePassword while locked", err, "auth.password_current")
	})
}

func TestToken_worksUntilRevokedExpiredOrDisabled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CountyOffice, Org: "350582"})
		made, secret, err := w.CreateToken(w.ctx, u, NewToken{Name: "nightly", Days: 30})
		if err != nil || !strings.HasPrefix(secret, "pbt_") || len(secret) != 47 || !made.ExpiresAt.Equal(w.now.AddDate(0, 0, 30)) {
			t.Fatalf("CreateToken = %+v, %q, %v, want 30 days of pbt_ and 256 bits", made, secret, err)
		}
		if list, err := w.ListTokens(w.ctx, u); err != nil || !slices.Equal(list, []Token{made}) {
			t.Errorf("ListTokens = %+v, %v, want %+v", list, err, made)
		}
		check := func(want string) {
			t.Helper()
			_, err := w.Authenticate(w.ctx, secret)
			wantKey(t, "Authenticate", err, want)
		}
		check("")
		w.exec(`UPDATE app_user SET role = 'viewer' WHERE id = '` + u.ID + `'`)
		if got, err := w.Authenticate(w.ctx, secret); err != nil || got.Role != Viewer {
			t.Errorf("Authenticate after a change of role = %+v, %v, want the role viewer at once", got, err)
		}
		w.exec(`UPDATE app_user SET disabled = 1 WHERE id = '` + u.ID + `'`)
		check("auth.disabled")
		w.exec(`UPDATE app_user SET disabled = 0 WHERE id = '` + u.ID + `'`)
		w.now = made.ExpiresAt.Add(-1)
		check("")
		w.now = made.ExpiresAt
		check("auth.session_ended")
		w.now = made.CreatedAt
		other := w.person("wang", Place{Role: CityOffice, Org: city})
		wantKey(t, "RevokeToken of another", w.RevokeToken(w.ctx, other, made.ID), "auth.token_not_found")
		check("")
		wantKey(t, "RevokeToken", w.RevokeToken(w.ctx, u, made.ID), "")
		check("auth.required")
		wantKey(t, "RevokeToken again", w.RevokeToken(w.ctx, u, made.ID), "auth.token_not_found")
		if trail := w.trail(); strings.Contains(strings.Join(trail, " "), secret) || !slices.Contains(trail, "office.a token.create") || !slices.Contains(trail, "office.a token.revoke") {
			t.Errorf("trail = %q, want creation and revocation without the secret", trail)
		}
	})
}

func TestCreateToken_refuses(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	u := w.person("office.a", Place{Role: CountyOffice, Org: "350582"})
	for _, c := range []struct {
		n    NewToken
		want string
	}{
		{NewToken{"", 1}, "auth.token_name"}, {NewToken{"  ", 1}, "auth.token_name"}, {NewToken{"a\x00", 1}, "auth.token_name"},
		{NewToken{"a", 0}, "auth.token_days"}, {NewToken{"a", 367}, "auth.token_days"}, {NewToken{"a", 366}, ""},
	} {
		_, _, err := w.CreateToken(w.ctx, u, c.n)
		wantKey(t, "CreateToken", err, c.want)
	}
	for range MaxTokens - 1 {
		_, _, err := w.CreateToken(w.ctx, u, NewToken{"a", 1})
		wantKey(t, "CreateToken", err, "")
	}
	_, _, err := w.CreateToken(w.ctx, u, NewToken{"a", 1})
	wantKey(t, "CreateToken, one too many", err, "auth.tokens_many")
	u.MustChange = true
	_, _, err = w.CreateToken(w.ctx, u, NewToken{"a", 1})
	wantKey(t, "CreateToken before the password was changed", err, "auth.must_change_password")
}
