package auth

import (
	"context"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Session is a login in a browser (会话). The token is all that the browser needs to keep, and is nowhere else.
type Session struct {
	Token     string
	ExpiresAt time.Time // at the latest; earlier when it is not used
}

// from is the detail of an event about a login.
type from struct {
	From string `json:"from"`
}

// Login checks a password and begins a session. address is the remote address of the caller.
//
// One answer for a wrong password, a name that nobody has and a locked account, after the same work, so that it tells
// nobody which names exist. The fifth wrong password in a row locks the account for LockTime; tries meanwhile count for
// nothing.
// Errors: Denied "auth.wrong", Denied "auth.disabled" (only to who knows the password), Busy "auth.busy".
func (s *Service) Login(ctx context.Context, username, password, address string) (Session, User, error) {
	const op = "auth.Login"
	if !s.limiter.take(address) {
		return Session{}, User{}, fault.Wrap(op, fault.New(fault.Busy, "auth.busy"))
	}
	c, right, err := s.attempt(ctx, username, password)
	if err != nil {
		return Session{}, User{}, fault.Wrap(op, err)
	}
	token, digest, err := s.secret("")
	if err != nil {
		return Session{}, User{}, fault.Wrap(op, err)
	}
	var session Session
	var user User
	var refusal error
	err = s.db.Write(ctx, func(w db.Writer) (err error) {
		user, refusal, err = s.judge(ctx, w, c, verdict{right: right, action: "login", detail: from{addressKey(address)}})
		if err != nil || refusal != nil {
			return err
		}
		session, err = s.begin(ctx, w, user, token, digest)
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Session{}, User{}, fault.Wrap(op, err)
	}
	s.limiter.giveBack(address)
	return session, user, nil
}

// attempt reads the account with a username and checks the password; it works as long for a name that nobody has.
func (s *Service) attempt(ctx context.Context, username, password string) (c credential, right bool, err error) {
	folded, shape := foldUsername(username)
	err = s.db.Read(ctx, func(r db.Reader) error {
		c, err = s.credentialOf(ctx, r, folded)
		return err
	})
	if err != nil {
		return credential{}, false, err
	}
	right, err = s.hasher.matches(ctx, c.hash, password)
	return c, right && shape == nil, err
}

// verdict is a checked password on its way into the database.
type verdict struct {
	right  bool
	action string // of the trail, when all is well
	detail any
}

// judge decides on a checked password with the account as it stands now, counts, locks and notes it. A refusal is not an
// error: what was counted must be kept. c is the account as it was when the password was checked.
func (s *Service) judge(ctx context.Context, w db.Writer, c credential, v verdict) (u User, refusal, err error) {
	wrong := fault.New(fault.Denied, "auth.wrong")
	if c.user.ID == "" {
		return User{}, wrong, s.log(ctx, w, event{actorUnknown, "login.failed", "", v.detail})
	}
	now, err := s.credentialOf(ctx, w.Reader, c.user.Username)
	if err != nil {
		return User{}, nil, err
	}
	u = now.user
	note := func(action string) error { return s.log(ctx, w, event{c.user.Username, action, c.user.ID, v.detail}) }
	switch {
	case u.Locked(s.now()):
		return User{}, wrong, note("login.locked")
	case !v.right || now.hash != c.hash:
		return User{}, wrong, s.countFailure(ctx, w, u, note)
	case u.Disabled:
		return User{}, fault.New(fault.Denied, "auth.disabled"), note("login.disabled")
	}
	if u.FailedTries > 0 || !u.LockedUntil.IsZero() {
		if err := s.clearTries(ctx, w, u.ID); err != nil {
			return User{}, nil, err
		}
		u.FailedTries, u.LockedUntil = 0, time.Time{}
	}
	return u, nil, note(v.action)
}

func (s *Service) countFailure(ctx context.Context, w db.Writer, u User, note func(action string) error) error {
	tries, until, action := u.FailedTries+1, any(nil), "login.failed"
	if tries >= MaxFailedTries {
		tries, until, action = 0, s.now().Add(LockTime).UnixMicro(), "login.lockout"
	}
	if _, err := w.Exec(ctx, `UPDATE app_user SET failed_tries = $1, locked_until = $2 WHERE city = $3 AND id = $4`,
		tries, until, s.city, u.ID); err != nil {
		return err
	}
	return note(action)
}

func (s *Service) clearTries(ctx context.Context, w db.Writer, id string) error {
	_, err := w.Exec(ctx, `UPDATE app_user SET failed_tries = 0, locked_until = NULL WHERE city = $1 AND id = $2`, s.city, id)
	return err
}

// begin stores a new session and removes the user's that ran out.
func (s *Service) begin(ctx context.Context, w db.Writer, u User, token string, digest []byte) (Session, error) {
	now := s.now()
	if _, err := w.Exec(ctx, `DELETE FROM session WHERE city = $1 AND app_user = $2 AND (expires_at <= $3 OR seen_at <= $4)`,
		s.city, u.ID, now.UnixMicro(), now.Add(-s.idle).UnixMicro()); err != nil {
		return Session{}, err
	}
	end := now.Add(s.absolute)
	_, err := w.Exec(ctx, `INSERT INTO session (digest, city, app_user, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, digest, s.city, u.ID, now.UnixMicro(), now.UnixMicro(), end.UnixMicro())
	return Session{Token: token, ExpiresAt: end.UTC()}, err
}

// endSessions logs a user out everywhere.
func (s *Service) endSessions(ctx context.Context, w db.Writer, user string) error {
	_, err := w.Exec(ctx, `DELETE FROM session WHERE city = $1 AND app_user = $2`, s.city, user)
	return err
}

// Logout ends the session of a token. It is no error when it has ended already.
func (s *Service) Logout(ctx context.Context, token string) error {
	digest := digestOf(token)
	err := s.db.Write(ctx, func(w db.Writer) error {
		var id, username string
		err := w.QueryRow(ctx, `SELECT u.id, u.username FROM session s JOIN app_user u ON u.city = s.city AND u.id = s.app_user
			WHERE s.digest = $1 AND s.city = $2`, digest, s.city).Scan(&id, &username)
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Exec(ctx, `DELETE FROM session WHERE digest = $1`, digest); err != nil {
			return err
		}
		return s.log(ctx, w, event{username, "logout", id, nil})
	})
	return fault.Wrap("auth.Logout", err)
}

// Authenticate gives the user, as the account stands now, whose session or API token this is.
// Errors: Denied "auth.required" for no token or one that nobody has, Denied "auth.session_ended" when it ran out, Denied
// "auth.disabled". A user who must change the password is given without error: MustChange says so.
func (s *Service) Authenticate(ctx context.Context, token string) (User, error) {
	const op = "auth.Authenticate"
	if token == "" {
		return User{}, fault.Wrap(op, fault.New(fault.Denied, "auth.required"))
	}
	query := sessionQuery
	if strings.HasPrefix(token, tokenPrefix) {
		query = tokenQuery
	}
	digest := digestOf(token)
	var d userDest
	var seen, expires int64
	err := s.db.Read(ctx, func(r db.Reader) error {
		return r.QueryRow(ctx, query, digest, s.city).Scan(append(d.dest(), &seen, &expires)...)
	})
	if fault.KindOf(err) == fault.NotFound {
		return User{}, fault.Wrap(op, fault.Because(err, fault.Denied, "auth.required"))
	}
	if err != nil {
		return User{}, fault.Wrap(op, err)
	}
	u, now := d.user(), s.now()
	idle := seen != 0 && now.Sub(time.UnixMicro(seen)) >= s.idle
	switch {
	case idle || expires <= now.UnixMicro():
		return User{}, fault.Wrap(op, fault.New(fault.Denied, "auth.session_ended"))
	case u.Disabled:
		return User{}, fault.Wrap(op, fault.New(fault.Denied, "auth.disabled"))
	}
	if seen != 0 && now.Sub(time.UnixMicro(seen)) >= seenStep {
		s.saw(ctx, digest, now)
	}
	return u, nil
}

const (
	sessionQuery = `SELECT ` + userColumns + `, s.seen_at, s.expires_at FROM session s
		JOIN app_user u ON u.city = s.city AND u.id = s.app_user` + userOrg + `WHERE s.digest = $1 AND s.city = $2`
	// a token has no idle time: seen is 0
	tokenQuery = `SELECT ` + userColumns + `, 0, t.expires_at FROM api_token t
		JOIN app_user u ON u.city = t.city AND u.id = t.app_user` + userOrg + `WHERE t.digest = $1 AND t.city = $2`
)

// saw notes that a session is in use. It is best effort: one request at a time tries, and not for long, because all would
// wait behind an import; the next request tries again.
func (s *Service) saw(ctx context.Context, digest []byte, now time.Time) {
	if !s.seeing.TryLock() {
		return
	}
	defer s.seeing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, seenPatience)
	defer cancel()
	_ = s.db.Write(ctx, func(w db.Writer) error { // its failure costs nobody anything
		_, err := w.Exec(ctx, `UPDATE session SET seen_at = $1 WHERE digest = $2 AND seen_at < $1`, now.UnixMicro(), digest)
		return err
	})
}

// Sweep removes sessions and API tokens that ran out, and says how many. Call it now and then.
func (s *Service) Sweep(ctx context.Context) (removed int64, err error) {
	now := s.now()
	err = s.db.Write(ctx, func(w db.Writer) error {
		sessions, err := w.Exec(ctx, `DELETE FROM session WHERE city = $1 AND (expires_at <= $2 OR seen_at <= $3)`,
			s.city, now.UnixMicro(), now.Add(-s.idle).UnixMicro())
		if err != nil {
			return err
		}
		tokens, err := w.Exec(ctx, `DELETE FROM api_token WHERE city = $1 AND expires_at <= $2`, s.city, now.UnixMicro())
		removed = sessions + tokens
		return err
	})
	return removed, fault.Wrap("auth.Sweep", err)
}
