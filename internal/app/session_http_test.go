package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const goodPassword = "correct horse battery"

// admin makes the first administrator with goodPassword.
func (o *office) admin() {
	o.t.Helper()
	if _, created, err := o.users.EnsureAdmin(o.ctx, goodPassword); err != nil || !created {
		o.t.Fatalf("EnsureAdmin = %v, %v", created, err)
	}
}

func (o *office) login(username, password string) httpAnswer {
	o.t.Helper()
	return o.ask(httpCall{method: "POST", path: "/session", body: map[string]string{"username": username, "password": password}})
}

// cookie is the session cookie that an answer sets; nil without one.
func (a httpAnswer) cookie() *http.Cookie {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "parkbrain_session" {
			return c
		}
	}
	return nil
}

func (o *office) me(session string) httpAnswer {
	o.t.Helper()
	return o.ask(httpCall{method: "GET", path: "/me", session: session})
}

func TestLogin_setsACookieThatScriptsCannotRead(t *testing.T) {
	for address, secure := range map[string]bool{"": false, "http://parks.example.cn": false, "https://parks.example.cn": true} {
		o := newOffice(t, dbtest.Open(t, db.SQLite), func(s *config.Settings) {
			if address != "" {
				s.PublicURL, _ = url.Parse(address)
			}
		})
		o.admin()
		c := o.login("Admin ", goodPassword).want(t, "login", 200, "").cookie()
		if c == nil {
			t.Fatalf("login at %q sets no cookie", address)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" || len(c.Value) < 40 || c.MaxAge <= 0 || c.MaxAge > 24*3600 {
			t.Errorf("cookie at %q = %+v, want HttpOnly, SameSite=Lax, Secure=%v, Path=/ and a long secret", address, c, secure)
		}
		r := o.me(c.Value).want(t, "me", 200, "")
		if hsts := r.header.Get("Strict-Transport-Security"); (hsts != "") != secure {
			t.Errorf("Strict-Transport-Security at %q = %q, want one = %v", address, hsts, secure)
		}
		if r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Cache-Control = %q, want no-store", r.header.Get("Cache-Control"))
		}
		out := o.ask(httpCall{method: "DELETE", path: "/session", session: c.Value}).want(t, "logout", 204, "").cookie()
		if out == nil || out.Value != "" || out.Expires.After(o.now) || !out.HttpOnly || out.Secure != secure {
			t.Errorf("logout sets the cookie %+v, want it forgotten", out)
		}
		o.me(c.Value).want(t, "me after logout", 401, "auth.required")
	}
}

func TestLogin_saysTheSameOfAWrongPasswordAndAnUnknownName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.admin()
		wrong := o.login("admin", "wrong").want(t, "wrong password", 401, "auth.wrong")
		for _, name := range []string{"nobody", "", "admin' OR '1'='1", strings.Repeat("长", 150), "a\x00b"} {
			if a := o.login(name, "wrong").want(t, "login as "+name, 401, "auth.wrong"); a.text != wrong.text || a.cookie() != nil {
				t.Errorf("login as %q says %s, a wrong password %s: must be the same", name, a.text, wrong.text)
			}
		}
		for range 4 { // the fifth locks
			o.login("admin", "wrong").want(t, "wrong password", 401, "auth.wrong")
		}
		if locked := o.login("admin", goodPassword).want(t, "right password while locked", 401, "auth.wrong"); locked.text != wrong.text {
			t.Errorf("a locked account says %s, want the same as a wrong password", locked.text)
		}
		o.setNow(o.now.Add(auth.LockTime))
		o.login("admin", goodPassword).want(t, "right password after the lock", 200, "")
	})
}

func TestLogin_isBoundedForEachAddress(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	o.admin()
	busy := 0
	for range auth.DefaultTriesPerMinute + 5 {
		if o.login("nobody", "wrong").code == http.StatusServiceUnavailable {
			busy++
		}
	}
	if busy != 5 {
		t.Errorf("%d of %d tries were refused as too many, want 5", busy, auth.DefaultTriesPerMinute+5)
	}
	o.login("admin", goodPassword).want(t, "login when too many tried", 503, "auth.busy")
	o.setNow(o.now.Add(time.Minute))
	o.login("admin", goodPassword).want(t, "login a minute later", 200, "")
}

func TestFirstPassword_mustBeChangedBeforeAnythingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		if err := o.c.firstAdmin(o.ctx, o.users); err != nil {
			t.Fatal(err)
		}
		_, said, _ := strings.Cut(o.said.String(), "one-time password ")
		once, _, _ := strings.Cut(said, " ")
		if strings.Contains(o.logged.String(), once) || once == "" {
			t.Fatalf("one-time password %q: it must be said on the terminal and stand in no log", once)
		}
		in := o.login("admin", once).want(t, "login with the one-time password", 200, "")
		session := in.cookie().Value
		if in.body["must_change_password"] != true {
			t.Errorf("me = %s, want must_change_password", in.text)
		}
		for _, path := range []string{"/orgs", "/parks", "/users", "/tokens", "/indicators"} {
			o.ask(httpCall{method: "GET", path: path, session: session}).want(t, "GET "+path, 403, "auth.must_change_password")
		}
		change := func(current, next string) httpAnswer {
			return o.ask(httpCall{method: "POST", path: "/me/password", session: session, body: map[string]string{"current": current, "new": next}})
		}
		change(once, "short").want(t, "a short password", 422, "auth.password_short")
		change(once, once).want(t, "the same password", 422, "auth.password_same")
		change("wrong", goodPassword).want(t, "a wrong current password", 422, "auth.password_current")
		done := change(once, goodPassword).want(t, "a good password", 204, "")
		o.me(session).want(t, "the session of before", 401, "auth.required")
		if me := o.me(done.cookie().Value).want(t, "the new session", 200, ""); me.body["must_change_password"] != false {
			t.Errorf("me = %s, want no need to change", me.text)
		}
		o.ask(httpCall{method: "GET", path: "/orgs", session: done.cookie().Value}).want(t, "GET /orgs", 200, "")
		o.login("admin", once).want(t, "login with the one-time password again", 401, "auth.wrong")
	})
}

func TestSession_endsWhenItIsNotUsed(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	o.admin()
	session := o.login("admin", goodPassword).want(t, "login", 200, "").cookie().Value
	for range 3 {
		o.setNow(o.now.Add(20 * time.Minute))
		o.me(session).want(t, "me after 20 minutes", 200, "")
	}
	o.setNow(o.now.Add(31 * time.Minute))
	o.me(session).want(t, "me after 31 minutes", 401, "auth.session_ended")
}

func TestToken_isShownOnceAndWorksAsItsUser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.admin()
		session := o.login("admin", goodPassword).want(t, "login", 200, "").cookie().Value
		made := o.ask(httpCall{method: "POST", path: "/tokens", session: session, body: map[string]any{"name": "脚本", "days": 7}}).want(t, "POST token", 201, "")
		secret, _ := made.body["token"].(string)
		if !strings.HasPrefix(secret, "pbt_") || len(secret) < 40 {
			t.Fatalf("token = %q, want pbt_… with a long secret", secret)
		}
		if list := o.ask(httpCall{method: "GET", path: "/tokens", session: session}); len(list.items()) != 1 || strings.Contains(list.text, "pbt_") || strings.Contains(list.text, `"token"`) {
			t.Errorf("tokens = %s, want one without its secret", list.text)
		}
		if me := o.ask(httpCall{method: "GET", path: "/me", bearer: secret}).want(t, "me by token", 200, ""); me.body["username"] != "admin" || me.cookie() != nil {
			t.Errorf("me by token = %s, want admin and no cookie", me.text)
		}
		o.ask(httpCall{method: "GET", path: "/me", bearer: secret + "x"}).want(t, "me by another token", 401, "auth.required")
		o.ask(httpCall{method: "GET", path: "/me", session: secret + "x", bearer: secret}).want(t, "token beats cookie", 200, "")
		for _, row := range o.texts(`SELECT detail FROM audit_line ORDER BY seq`, 1) {
			if strings.Contains(row[0], secret) || strings.Contains(row[0], goodPassword) {
				t.Errorf("the audit trail holds a secret: %s", row[0])
			}
		}
		o.ask(httpCall{method: "DELETE", path: "/tokens/" + made.body["id"].(string), session: session}).want(t, "revoke", 204, "")
		o.ask(httpCall{method: "GET", path: "/me", bearer: secret}).want(t, "me by a revoked token", 401, "auth.required")
		for _, days := range []int{0, 367} {
			o.ask(httpCall{method: "POST", path: "/tokens", session: session, body: map[string]any{"name": "x", "days": days}}).want(t, "a token of bad days", 422, "request.invalid")
		}
	})
}

func TestWrites_fromForeignPagesAreRefused(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite))
	o.admin()
	session := o.login("admin", goodPassword).want(t, "login", 200, "").cookie().Value
	mark := o.ledger()
	for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}} {
		for _, q := range []httpCall{{method: "POST", path: "/session", body: map[string]string{"username": "admin", "password": goodPassword}},
			{method: "POST", path: "/tokens", body: map[string]any{"name": "x", "days": 1}}, {method: "DELETE", path: "/session"},
			{method: "POST", path: "/imports/parks", name: "a.csv", file: "园区名称,县(市、区)\n甲,晋江市\n"}} {
			q.session, q.header = session, header
			if a := o.ask(q); a.code != http.StatusForbidden || a.cookie() != nil {
				t.Errorf("%s %s with %v = %d, want 403", q.method, q.path, header, a.code)
			}
		}
	}
	if o.ledger() != mark {
		t.Errorf("refused requests changed the ledger")
	}
	for _, header := range []map[string]string{{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://example.com"}} { // httptest's host
		o.ask(httpCall{method: "POST", path: "/tokens", session: session, header: header, body: map[string]any{"name": "x", "days": 1}}).want(t, "own page", 201, "")
	}
	o.ask(httpCall{method: "GET", path: "/me", session: session, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}).want(t, "a link from elsewhere", 200, "")
}
