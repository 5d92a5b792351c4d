package auth

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestLogin_opensASessionThatLogoutEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CountyOffice, Org: "350582"})
		s, got, err := w.Login(w.ctx, " Office.A ", password, address)
		if err != nil || got != u || got.OrgPath != jinjiang || len(s.Token) != 43 || !s.ExpiresAt.Equal(w.now.Add(DefaultAbsolute)) {
			t.Fatalf("Login = %+v, %+v, %v, want the account and a token of 256 bits for 12 hours", s, got, err)
		}
		if got, err := w.Authenticate(w.ctx, s.Token); got != u || err != nil {
			t.Errorf("Authenticate = %+v, %v, want %+v", got, err, u)
		}
		for range 2 { // the second has nothing to do
			wantKey(t, "Logout", w.Logout(w.ctx, s.Token), "")
		}
		_, err = w.Authenticate(w.ctx, s.Token)
		wantKey(t, "Authenticate after Logout", err, "auth.required")
		if want := []string{"(system) user.create", "office.a login", "office.a logout"}; !slices.Equal(w.trail(), want) {
			t.Errorf("trail = %q, want %q", w.trail(), want)
		}
	})
}

func TestLogin_storesOnlyADigestOfTheToken(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	w.person("office.a", Place{Role: CityOffice, Org: city})
	s := w.login("office.a")
	var digest []byte
	err := d.Read(w.ctx, func(r db.Reader) error { return r.QueryRow(w.ctx, `SELECT digest FROM session`).Scan(&digest) })
	if must(t, digest, err); len(digest) != 32 || bytes.Contains(digest, []byte(s.Token[:8])) || !bytes.Equal(digest, digestOf(s.Token)) {
		t.Errorf("digest = %x, want the SHA-256 of the token", digest)
	}
}

func TestLogin_oneAnswerForWrongUnknownAndLocked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.person("office.a", Place{Role: CityOffice, Org: city})
		locked := w.person("locked", Place{Role: CityOffice, Org: city})
		w.exec(`UPDATE app_user SET locked_until = 9000000000000000 WHERE id = '` + locked.ID + `'`)
		texts := map[string]bool{}
		for _, c := range []struct{ username, password string }{
			{"office.a", "wrong password"}, {"nobody", password}, {"", password}, {"(system)", password}, {"locked", password}, {"locked", "wrong"},
			{"\xff\x00", password}, {"office.a", ""}, {"office.a", strings.Repeat("x", 1<<20)}, {strings.Repeat("x", 1<<20), "x"},
		} {
			_, _, err := w.Login(w.ctx, c.username, c.password, address)
			wantKey(t, "Login("+c.username[:min(9, len(c.username))]+")", err, "auth.wrong")
			texts[err.Error()] = true
			if !Unauthenticated(err) {
				t.Errorf("Unauthenticated(%v) = false, want true", err)
			}
		}
		if len(texts) != 1 {
			t.Errorf("errors = %v, want one text", texts)
		}
	})
}

func TestLogin_unknownNameIsNotNoted(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	_, _, err := w.Login(w.ctx, "my.secret.password", "x", address)
	wantKey(t, "Login", err, "auth.wrong")
	if want := []string{"(unknown) login.failed"}; !slices.Equal(w.trail(), want) {
		t.Errorf("trail = %q, want %q", w.trail(), want)
	}
}

func TestLogin_locksAfterFiveFailuresForAQuarterOfAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CityOffice, Org: city})
		try := func(p, want string) {
			t.Helper()
			_, _, err := w.Login(w.ctx, "office.a", p, address)
			wantKey(t, "Login("+p+")", err, want)
		}
		for range MaxFailedTries - 1 {
			try("wrong", "auth.wrong")
		}
		try(password, "") // a right one in time forgets the wrong ones
		for i := range MaxFailedTries {
			if got := w.fresh(u.ID); got.FailedTries != i || got.Locked(w.now) {
				t.Fatalf("after %d failures: tries %d, locked %v", i, got.FailedTries, got.Locked(w.now))
			}
			try("wrong", "auth.wrong")
		}
		if got := w.fresh(u.ID); !got.Locked(w.now) || !got.LockedUntil.Equal(w.now.Add(LockTime)) || got.Version != u.Version {
			t.Fatalf("after five failures: %+v, want locked for %v and the version unchanged", got, LockTime)
		}
		try(password, "auth.wrong")
		w.now = w.now.Add(LockTime - time.Microsecond)
		try("wrong", "auth.wrong") // does not make it longer
		try(password, "auth.wrong")
		w.now = w.now.Add(time.Microsecond)
		try("wrong", "auth.wrong") // five new tries
		try(password, "")
		if got := w.fresh(u.ID); got.FailedTries != 0 || !got.LockedUntil.IsZero() {
			t.Errorf("after login: %+v, want no failures and no lock", got)
		}
		trail := strings.Join(w.trail(), "\n")
		for action, want := range map[string]int{"login.failed": 4 + 4 + 1, "login.lockout": 1, "login.locked": 3} {
			if got := strings.Count(trail, "office.a "+action+"\n"); got != want {
				t.Errorf("%s in the trail %d times, want %d", action, got, want)
			}
		}
	})
}

func TestLogin_parallelGuessesCountEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CityOffice, Org: city})
		const guesses = 12
		done := make(chan error, guesses)
		for range guesses {
			go func() {
				_, _, err := w.Login(w.ctx, "office.a", "wrong", address)
				done <- err
			}()
		}
		for range guesses {
			wantKey(t, "Login", <-done, "auth.wrong")
		}
		if !w.fresh(u.ID).Locked(w.now) {
			t.Error("not locked after 12 parallel guesses, want locked")
		}
		if n := strings.Count(strings.Join(w.trail(), "\n"), "login.locked"); n != guesses-MaxFailedTries {
			t.Errorf("%d guesses were refused by the lock, want %d", n, guesses-MaxFailedTries)
		}
	})
}

func TestLogin_limitsWrongTriesOfOneAddress(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	w.person("office.a", Place{Role: CityOffice, Org: city})
	w.limiter = newLimiter(w.Service.now, 3)
	for range 10 {
		w.login("office.a") // right ones cost nothing
	}
	for range 3 {
		_, _, err := w.Login(w.ctx, "nobody", "x", address)
		wantKey(t, "Login", err, "auth.wrong")
	}
	_, _, err := w.Login(w.ctx, "office.a", password, address)
	wantKey(t, "Login", err, "auth.busy")
	_, _, err = w.Login(w.ctx, "office.a", password, "10.0.0.2:5000")
	wantKey(t, "Login from elsewhere", err, "")
}

func TestLogin_disabledIsToldOnlyWithTheRightPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.person("office.a", Place{Role: CityOffice, Org: city})
		s := w.login("office.a")
		w.exec(`UPDATE app_user SET disabled = 1 WHERE id = '` + u.ID + `'`)
		_, _, err := w.Login(w.ctx, "office.a", "wrong", address)
		wantKey(t, "Login(wrong)", err, "auth.wrong")
		_, _, err = w.Login(w.ctx, "office.a", password, address)
		wantKey(t, "Login(right)", err, "auth.disabled")
		_, err = w.Authenticate(w.ctx, s.Token)
		wantKey(t, "Authenticate", err, "auth.disabled")
	})
}

func TestAuthenticate_endsIdleAndOldSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.person("office.a", Place{Role: CityOffice, Org: city})
		idle, busy := w.login("office.a"), w.login("office.a")
		begun := w.now
		for w.now.Sub(begun) < DefaultAbsolute-10*time.Minute {
			w.now = w.now.Add(10 * time.Minute)
			if _, err := w.Authenticate(w.ctx, busy.Token); err != nil {
				t.Fatalf("Authenticate after %v of use = %v, want nil", w.now.Sub(begun), err)
			}
			want := ""
			if w.now.Sub(begun) >= DefaultIdle {
				want = "auth.session_ended"
			}
			if w.now.Sub(begun) > DefaultIdle-10*time.Minute { // before, looking would keep it alive
				_, err := w.Authenticate(w.ctx, idle.Token)
				wantKey(t, "Authenticate(idle)", err, want)
			}
		}
		w.now = begun.Add(DefaultAbsolute)
		_, err := w.Authenticate(w.ctx, busy.Token)
		wantKey(t, "Authenticate after 12 hours", err, "auth.session_ended")
		if n, err := w.Sweep(w.ctx); n != 2 || err != nil {
			t.Errorf("Sweep = %d, %v, want 2", n, err)
		}
	})
}

func TestAuthenticate_notesUseAtMostOnceAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.person("office.a", Place{Role: CityOffice, Org: city})
		s := w.login("office.a")
		begun := w.now
		for _, c := range []struct{ after, want time.Duration }{
			{30 * time.Second, 0}, {time.Minute, time.Minute}, {time.Minute + 59*time.Second, time.Minute}, {2 * time.Minute, 2 * time.Minute},
		} {
			w.now = begun.Add(c.after)
			_, err := w.Authenticate(w.ctx, s.Token)
			wantKey(t, "Authenticate", err, "")
			var seen int64
			err = d.Read(w.ctx, func(r db.Reader) error { return r.QueryRow(w.ctx, `SELECT seen_at FROM session`).Scan(&seen) })
			if got := time.UnixMicro(must(t, seen, err)).Sub(begun); got != c.want {
				t.Errorf("seen after %v = %v, want %v", c.after, got, c.want)
			}
		}
	})
}

func TestAuthenticate_doesNotWaitForAnImport(t *testing.T) {
	d := dbtest.Open(t, db.SQLite) // one writer at a time
	w := newWorld(t, d)
	w.person("office.a", Place{Role: CityOffice, Org: city})
	s := w.login("office.a")
	w.now = w.now.Add(10 * time.Minute)
	begun, finish, finished := make(chan bool), make(chan bool), make(chan error)
	go func() {
		finished <- d.Write(w.ctx, func(db.Writer) error { begun <- true; <-finish; return nil })
	}()
	<-begun
	_, err := w.Authenticate(w.ctx, s.Token)
	wantKey(t, "Authenticate beside a long write", err, "")
	close(finish)
	must(t, true, <-finished)
}

func TestAuthenticate_refusesWhatIsNoToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.person("office.a", Place{Role: CityOffice, Org: city})
		s := w.login("office.a")
		for _, token := range []string{"", "x", "pbt_", "pbt_" + s.Token, s.Token[1:], s.Token + "A", strings.ToLower(s.Token), string(digestOf(s.Token))} {
			u, err := w.Authenticate(w.ctx, token)
			wantKey(t, "Authenticate("+token+")", err, "auth.required")
			if u != (User{}) || !Unauthenticated(err) {
				t.Errorf("Authenticate(%q) = %+v, want nobody", token, u)
			}
		}
	})
}

func TestAuthenticate_knowsOnlyItsCity(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	w.person("office.a", Place{Role: CityOffice, Org: city})
	s := w.login("office.a")
	w.city = "350200"
	_, err := w.Authenticate(w.ctx, s.Token)
	wantKey(t, "Authenticate in another city", err, "auth.required")
	_, _, err = w.Login(w.ctx, "office.a", password, address)
	wantKey(t, "Login in another city", err, "auth.wrong")
}

func BenchmarkAuthenticate(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			w := newWorld(b, dbtest.Open(b, engine))
			w.person("office.a", Place{Role: CountyOffice, Org: "350582"})
			s := w.login("office.a")
			for b.Loop() {
				if _, err := w.Authenticate(w.ctx, s.Token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLogin is with the cost that is shipped.
func BenchmarkLogin(b *testing.B) {
	w := newWorld(b, dbtest.Open(b, db.SQLite))
	w.hasher.cost = DefaultCost
	w.person("wang", Place{Role: CountyOffice, Org: "350582"})
	for b.Loop() {
		w.login("wang")
	}
}
