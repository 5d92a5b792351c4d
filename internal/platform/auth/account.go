package auth

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// NewUser is what CreateUser needs.
type NewUser struct {
	Username string // folded before it is kept
	Name     string
	Password string // the first password; empty lets the service make one
}

// CreateUser makes an account with the role RoleNone and no place, whose password must be changed at first login. Only a
// system administrator may. oneTime is the password where the service made one, shown here and never again.
// Errors: Denied "auth.denied"; Invalid "auth.username_shape", "auth.name_shape", those of the password policy; Exists
// "auth.username_taken" (username).
func (s *Service) CreateUser(ctx context.Context, actor User, n NewUser) (u User, oneTime string, err error) {
	const op = "auth.CreateUser"
	if err := require(actor, UserCreate); err != nil {
		return User{}, "", fault.Wrap(op, err)
	}
	name, err := checkName(n.Name)
	if err != nil {
		return User{}, "", fault.Wrap(op, err)
	}
	password := n.Password
	if password == "" {
		if oneTime, err = oneTimePassword(s.random); err != nil {
			return User{}, "", fault.Wrap(op, err)
		}
		password = oneTime
	}
	a, err := s.prepare(ctx, account{username: n.Username, name: name, password: password, role: RoleNone, mustChange: true})
	if err != nil {
		return User{}, "", fault.Wrap(op, err)
	}
	err = s.db.Write(ctx, func(w db.Writer) error {
		if err := s.insert(ctx, w, actor.Username, a); err != nil {
			return err
		}
		u, err = s.userByID(ctx, w.Reader, a.id)
		return err
	})
	if fault.KindOf(err) == fault.Exists {
		err = fault.Because(err, fault.Exists, "auth.username_taken", "username", a.username)
	}
	if err != nil {
		return User{}, "", fault.Wrap(op, err)
	}
	return u, oneTime, nil
}

// account is a new row of app_user.
type account struct {
	id         string
	username   string
	name       string
	password   string
	hash       string
	role       Role
	mustChange bool
}

// prepare folds the username, applies the policy and hashes the password: the slow part, outside of the transaction.
func (s *Service) prepare(ctx context.Context, a account) (account, error) {
	var err error
	if a.username, err = foldUsername(a.username); err != nil {
		return account{}, err
	}
	if err = checkPassword(a.username, a.password); err != nil {
		return account{}, err
	}
	a.id = s.ids.New()
	a.hash, err = s.hasher.hash(ctx, a.password)
	return a, err
}

func (s *Service) insert(ctx context.Context, w db.Writer, actor string, a account) error {
	if _, err := w.Exec(ctx, `INSERT INTO app_user (city, id, username, name, role, org, enterprise, password_hash,
			must_change, disabled, failed_tries, locked_until, created_at, version)
		VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6, $7, 0, 0, NULL, $8, 1)`,
		s.city, a.id, a.username, a.name, a.role, a.hash, flag(a.mustChange), s.now().UnixMicro()); err != nil {
		return err
	}
	return s.logTouching(ctx, w, event{actor, "user.create", a.id, map[string]any{"username": a.username, "name": a.name, "role": a.role}})
}

// logTouching is log for a change that lists of users show.
func (s *Service) logTouching(ctx context.Context, w db.Writer, e event) error {
	_, err := audit.Append(ctx, w, audit.Entry{City: s.city, Actor: e.actor, Action: e.action, Kind: "user", Entity: e.user,
		At: s.now(), Detail: e.detail, Touched: []audit.Touch{{Kind: "user", ID: e.user}}})
	return err
}

// EnsureAdmin makes the first account, "admin" with the role SystemAdmin, where the city has no account at all; created
// says whether. With a password it is used as it is; without one a one-time password is made, which must be changed at
// first login and is given here and never again. Errors: those of the password policy.
func (s *Service) EnsureAdmin(ctx context.Context, password string) (oneTime string, created bool, err error) {
	const op = "auth.EnsureAdmin"
	var found bool
	if err := s.db.Read(ctx, func(r db.Reader) error { found, err = s.anyUser(ctx, r); return err }); err != nil || found {
		return "", false, fault.Wrap(op, err)
	}
	a := account{username: "admin", password: password, role: SystemAdmin}
	if password == "" {
		if oneTime, err = oneTimePassword(s.random); err != nil {
			return "", false, fault.Wrap(op, err)
		}
		a.password, a.mustChange = oneTime, true
	}
	if a, err = s.prepare(ctx, a); err != nil {
		return "", false, fault.Wrap(op, err)
	}
	err = s.db.Write(ctx, func(w db.Writer) error {
		found, err := s.anyUser(ctx, w.Reader) // another node may have been first
		if created = !found; err != nil || found {
			return err
		}
		return s.insert(ctx, w, actorSystem, a)
	})
	if err != nil || !created {
		return "", false, fault.Wrap(op, err)
	}
	return oneTime, true, nil
}

func (s *Service) anyUser(ctx context.Context, r db.Reader) (bool, error) {
	n, err := s.count(ctx, r, `SELECT COUNT(*) FROM (SELECT 1 FROM app_user WHERE city = $1 LIMIT 1) AS first`, s.city)
	return n > 0, err
}

func (s *Service) count(ctx context.Context, r db.Reader, query string, args ...any) (n int64, err error) {
	return n, r.QueryRow(ctx, query, args...).Scan(&n)
}

// ChangePassword replaces the user's password, ends all of their sessions and begins a new one for the caller. API tokens
// stay. A wrong current password counts as a failed login.
// Errors: Invalid "auth.password_current", "auth.password_same", those of the password policy; Busy "auth.busy".
func (s *Service) ChangePassword(ctx context.Context, u User, current, next string) (Session, error) {
	const op = "auth.ChangePassword"
	if err := checkPassword(u.Username, next); err != nil {
		return Session{}, fault.Wrap(op, err)
	}
	if normal(current) == normal(next) {
		return Session{}, fault.Wrap(op, fault.New(fault.Invalid, "auth.password_same"))
	}
	c, right, err := s.attempt(ctx, u.Username, current)
	if err != nil {
		return Session{}, fault.Wrap(op, err)
	}
	var hash string
	if right {
		if hash, err = s.hasher.hash(ctx, next); err != nil {
			return Session{}, fault.Wrap(op, err)
		}
	}
	token, digest, err := s.secret("")
	if err != nil {
		return Session{}, fault.Wrap(op, err)
	}
	var session Session
	var refusal error
	err = s.db.Write(ctx, func(w db.Writer) error {
		_, refused, err := s.judge(ctx, w, c, verdict{right: right, action: "password.change"})
		if refusal = refused; err != nil || refused != nil {
			return err
		}
		session, err = s.replacePassword(ctx, w, c.user, hash, Session{Token: token}, digest)
		return err
	})
	switch {
	case err != nil:
		return Session{}, fault.Wrap(op, err)
	case refusal != nil:
		return Session{}, fault.Wrap(op, fault.Because(refusal, fault.Invalid, "auth.password_current"))
	}
	return session, nil
}

func (s *Service) replacePassword(ctx context.Context, w db.Writer, u User, hash string, session Session, digest []byte) (Session, error) {
	if _, err := w.Exec(ctx, `UPDATE app_user SET password_hash = $1, must_change = 0, version = version + 1
		WHERE city = $2 AND id = $3`, hash, s.city, u.ID); err != nil {
		return Session{}, err
	}
	if err := s.endSessions(ctx, w, u.ID); err != nil {
		return Session{}, err
	}
	return s.begin(ctx, w, u, session.Token, digest)
}
