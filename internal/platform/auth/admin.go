package auth

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// UserAt names an account and the version at which the caller saw it.
type UserAt struct {
	ID      string
	Version int64
}

// change runs f on an account for an administrator, in one transaction with its line in the trail, and gives the account
// as it is then. Errors: Denied from require; NotFound "auth.user_not_found" (id); Stale "row.stale"; those of f.
func (s *Service) change(ctx context.Context, actor User, at UserAt, f func(w db.Writer, before User) (event, error)) (after User, err error) {
	if actor.MustChange {
		return User{}, fault.New(fault.Denied, "auth.must_change_password")
	}
	err = s.db.Write(ctx, func(w db.Writer) error {
		before, err := s.userByID(ctx, w.Reader, at.ID)
		if err != nil {
			return err
		}
		if before.Version != at.Version {
			return fault.New(fault.Stale, "row.stale")
		}
		e, err := f(w, before)
		if err != nil {
			return err
		}
		e.actor, e.user = actor.Username, before.ID
		if err := s.logTouching(ctx, w, e); err != nil {
			return err
		}
		after, err = s.userByID(ctx, w.Reader, at.ID)
		return err
	})
	return after, err
}

// beforeAfter is the detail of a change.
type beforeAfter struct {
	Before any `json:"before"`
	After  any `json:"after"`
}

// SetName changes how the person of an account is called. Only a system administrator may.
// Errors: Invalid "auth.name_shape" and those of change.
func (s *Service) SetName(ctx context.Context, actor User, at UserAt, name string) (User, error) {
	const op = "auth.SetName"
	if err := require(actor, UserEdit); err != nil {
		return User{}, fault.Wrap(op, err)
	}
	name, err := checkName(name)
	if err != nil {
		return User{}, fault.Wrap(op, err)
	}
	u, err := s.change(ctx, actor, at, func(w db.Writer, before User) (event, error) {
		_, err := w.Exec(ctx, `UPDATE app_user SET name = $1, version = version + 1 WHERE city = $2 AND id = $3`, name, s.city, at.ID)
		return event{action: "user.edit", detail: beforeAfter{before.Name, name}}, err
	})
	return u, fault.Wrap(op, err)
}

// SetDisabled closes an account, which ends its sessions and stops its API tokens, or opens it again. Only a system
// administrator may, and not their own, so one always remains. Errors: Denied "auth.own_account" and those of change.
func (s *Service) SetDisabled(ctx context.Context, actor User, at UserAt, disabled bool) (User, error) {
	const op = "auth.SetDisabled"
	if err := require(actor, UserEdit); err != nil {
		return User{}, fault.Wrap(op, err)
	}
	if actor.ID == at.ID {
		return User{}, fault.Wrap(op, fault.New(fault.Denied, "auth.own_account"))
	}
	action := "user.enable"
	if disabled {
		action = "user.disable"
	}
	u, err := s.change(ctx, actor, at, func(w db.Writer, _ User) (event, error) {
		if _, err := w.Exec(ctx, `UPDATE app_user SET disabled = $1, version = version + 1 WHERE city = $2 AND id = $3`,
			flag(disabled), s.city, at.ID); err != nil {
			return event{}, err
		}
		return event{action: action}, s.endSessions(ctx, w, at.ID)
	})
	return u, fault.Wrap(op, err)
}

// Unlock ends the lock-out of an account. Only a security administrator may. Errors: those of change.
func (s *Service) Unlock(ctx context.Context, actor User, at UserAt) (User, error) {
	const op = "auth.Unlock"
	if err := require(actor, UserUnlock); err != nil {
		return User{}, fault.Wrap(op, err)
	}
	u, err := s.change(ctx, actor, at, func(w db.Writer, _ User) (event, error) {
		_, err := w.Exec(ctx, `UPDATE app_user SET failed_tries = 0, locked_until = NULL, version = version + 1
			WHERE city = $1 AND id = $2`, s.city, at.ID)
		return event{action: "user.unlock"}, err
	})
	return u, fault.Wrap(op, err)
}

// Place is the role of an account and where it counts.
type Place struct {
	Role       Role   `json:"role"`
	Org        string `json:"org,omitempty"`        // needed by the roles that have a place, else empty
	Enterprise string `json:"enterprise,omitempty"` // needed by the role Enterprise, else empty
}

// Grant gives an account its role and place and ends its sessions. Only a security administrator may, and never to
// themselves; while no account is a security administrator, a system administrator may appoint the first one.
// Errors: Denied "auth.denied" (action), "auth.own_grant", "auth.last_admin"; Invalid "auth.role_unknown" (role),
// "auth.place_needed" (role), "auth.place_unwanted" (role), "auth.place_unknown" (org), "auth.place_unfit" (role, kind),
// "auth.enterprise_unknown" (enterprise); those of change.
func (s *Service) Grant(ctx context.Context, actor User, at UserAt, p Place) (User, error) {
	const op = "auth.Grant"
	switch {
	case !actor.May(UserGrant) && !actor.May(UserCreate): // the rest is for mayGrant, which looks at the accounts
		return User{}, fault.Wrap(op, denied(UserGrant))
	case actor.ID == at.ID:
		return User{}, fault.Wrap(op, fault.New(fault.Denied, "auth.own_grant"))
	}
	u, err := s.change(ctx, actor, at, func(w db.Writer, before User) (event, error) {
		if err := s.mayGrant(ctx, w.Reader, actor, p.Role); err != nil {
			return event{}, err
		}
		if err := s.checkPlace(ctx, w.Reader, p); err != nil {
			return event{}, err
		}
		if err := s.keepAdmin(ctx, w.Reader, before, p.Role); err != nil {
			return event{}, err
		}
		if _, err := w.Exec(ctx, `UPDATE app_user SET role = $1, org = $2, enterprise = $3, version = version + 1
			WHERE city = $4 AND id = $5`, p.Role, orNull(p.Org), orNull(p.Enterprise), s.city, at.ID); err != nil {
			return event{}, err
		}
		was := Place{Role: before.Role, Org: before.Org, Enterprise: before.Enterprise}
		return event{action: "user.grant", detail: beforeAfter{was, p}}, s.endSessions(ctx, w, at.ID)
	})
	return u, fault.Wrap(op, err)
}

// mayGrant lets security administrators grant, and a system administrator appoint the first of those.
func (s *Service) mayGrant(ctx context.Context, r db.Reader, actor User, role Role) error {
	if actor.May(UserGrant) {
		return nil
	}
	if actor.May(UserCreate) && role == SecurityAdmin {
		// disabled ones count: else a system administrator could disable them and appoint a friend
		n, err := s.count(ctx, r, `SELECT COUNT(*) FROM app_user WHERE city = $1 AND role = $2`, s.city, SecurityAdmin)
		if err != nil || n == 0 {
			return err
		}
	}
	return denied(UserGrant)
}

// checkPlace checks that a role exists and that the place is one where it can sit.
func (s *Service) checkPlace(ctx context.Context, r db.Reader, p Place) error {
	if !p.Role.Valid() {
		return fault.New(fault.Invalid, "auth.role_unknown", "role", string(p.Role))
	}
	kinds := places[p.Role]
	needsOrg, needsEnterprise := len(kinds) > 0, p.Role == Enterprise
	switch {
	case needsOrg && p.Org == "" || needsEnterprise && p.Enterprise == "":
		return fault.New(fault.Invalid, "auth.place_needed", "role", string(p.Role))
	case !needsOrg && p.Org != "" || !needsEnterprise && p.Enterprise != "":
		return fault.New(fault.Invalid, "auth.place_unwanted", "role", string(p.Role))
	case needsEnterprise:
		n, err := s.count(ctx, r, `SELECT COUNT(*) FROM enterprise WHERE city = $1 AND id = $2`, s.city, p.Enterprise)
		if err == nil && n == 0 {
			err = fault.New(fault.Invalid, "auth.enterprise_unknown", "enterprise", p.Enterprise)
		}
		return err
	case !needsOrg:
		return nil
	}
	var kind string
	err := r.QueryRow(ctx, `SELECT kind FROM org WHERE city = $1 AND id = $2`, s.city, p.Org).Scan(&kind)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return fault.Because(err, fault.Invalid, "auth.place_unknown", "org", p.Org)
	case err == nil && !slices.Contains(kinds, kind):
		return fault.New(fault.Invalid, "auth.place_unfit", "role", string(p.Role), "kind", kind)
	}
	return err
}

// keepAdmin refuses to take the role from the last system administrator who can log in.
func (s *Service) keepAdmin(ctx context.Context, r db.Reader, before User, role Role) error {
	if before.Role != SystemAdmin || role == SystemAdmin || before.Disabled {
		return nil
	}
	others, err := s.count(ctx, r, `SELECT COUNT(*) FROM app_user WHERE city = $1 AND role = $2 AND disabled = 0 AND id <> $3`,
		s.city, SystemAdmin, before.ID)
	if err == nil && others == 0 {
		err = fault.New(fault.Denied, "auth.last_admin")
	}
	return err
}

// Query is a page of users.
type Query struct {
	After string // cursor of the page before; empty begins
	Limit int    // held between 1 and 500; 0 means 50
}

// ListUsers gives the accounts of the city by id, and the cursor of the next page, empty at the end. Only system and
// security administrators may. Errors: Denied "auth.denied".
func (s *Service) ListUsers(ctx context.Context, actor User, q Query) (users []User, next string, err error) {
	const op, defaultPage, maxPage = "auth.ListUsers", 50, 500
	if err := require(actor, UserRead); err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	limit := min(q.Limit, maxPage)
	if limit <= 0 {
		limit = defaultPage
	}
	err = s.db.Read(ctx, func(r db.Reader) error {
		users, err = db.Collect(ctx, r, scanUser, `SELECT `+userColumns+` FROM app_user u`+userOrg+
			`WHERE u.city = $1 AND u.id > $2 ORDER BY u.id LIMIT $3`, s.city, q.After, limit+1)
		return err
	})
	if len(users) > limit {
		users = users[:limit]
		next = users[limit-1].ID
	}
	return users, next, fault.Wrap(op, err)
}

// GetUser gives one account. Only system and security administrators may.
// Errors: Denied "auth.denied", NotFound "auth.user_not_found" (id).
func (s *Service) GetUser(ctx context.Context, actor User, id string) (u User, err error) {
	const op = "auth.GetUser"
	if err := require(actor, UserRead); err != nil {
		return User{}, fault.Wrap(op, err)
	}
	err = s.db.Read(ctx, func(r db.Reader) error { u, err = s.userByID(ctx, r, id); return err })
	return u, fault.Wrap(op, err)
}
