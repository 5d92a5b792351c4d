package auth

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// User is an account (账号) as it stands now. It holds no secret.
type User struct {
	ID         string
	City       string
	Username   string // folded: see foldUsername
	Name       string // how the person is called; may be empty
	Role       Role
	Org        string // where the role counts; empty for a role without a place
	OrgPath    string // path of Org, empty without one
	Enterprise string // for the role Enterprise
	MustChange bool   // the password is a one-time one: nothing else is allowed before it is changed
	Disabled   bool

	FailedTries int       // wrong passwords since the last right one
	LockedUntil time.Time // no login before; zero or past when not locked
	CreatedAt   time.Time
	Version     int64 // of the account as administrators edit it; logins do not change it
}

// Locked says whether the account is locked after too many failed tries.
func (u User) Locked(now time.Time) bool { return u.LockedUntil.After(now) }

// Bounds of a username and of a name, in characters.
const (
	minUsername = 2
	maxUsername = 64
	maxName     = 100
)

// foldUsername gives the one spelling of a username: case and width do not count (RFC 8265, UsernameCaseMapped). It has
// letters, digits and "._-@", and begins with a letter or digit. Errors: Invalid "auth.username_shape" (min, max).
func foldUsername(username string) (string, error) {
	bad := fault.New(fault.Invalid, "auth.username_shape", "min", minUsername, "max", maxUsername)
	if len(username) > 4*maxUsername {
		return "", bad
	}
	folded, err := precis.UsernameCaseMapped.String(strings.TrimSpace(username))
	if n := utf8.RuneCountInString(folded); err != nil || n < minUsername || n > maxUsername {
		return "", bad
	}
	for i, c := range folded {
		letter := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c) && i > 0
		if !letter && (i == 0 || !strings.ContainsRune("._-@", c)) {
			return "", bad
		}
	}
	return folded, nil
}

// checkName refuses a name that cannot be kept or shown. Errors: Invalid "auth.name_shape" (max).
func checkName(name string) (string, error) {
	name = strings.TrimSpace(name)
	ok := utf8.ValidString(name) && utf8.RuneCountInString(name) <= maxName && !strings.ContainsFunc(name, unicode.IsControl)
	if !ok {
		return "", fault.New(fault.Invalid, "auth.name_shape", "max", maxName)
	}
	return name, nil
}

const (
	userColumns = `u.city, u.id, u.username, u.name, u.role, COALESCE(u.org, ''), COALESCE(o.path, ''),
		COALESCE(u.enterprise, ''), u.must_change, u.disabled, u.failed_tries, COALESCE(u.locked_until, 0), u.created_at, u.version`
	userOrg = ` LEFT JOIN org o ON o.city = u.city AND o.id = u.org `
)

// userDest is where a row of userColumns is scanned to; user gives the User once it was.
type userDest struct {
	u                              User
	mustChange, disabled           int64
	lockedUntil, createdAt, failed int64
}

func (d *userDest) dest() []any {
	u := &d.u
	return []any{&u.City, &u.ID, &u.Username, &u.Name, &u.Role, &u.Org, &u.OrgPath, &u.Enterprise,
		&d.mustChange, &d.disabled, &d.failed, &d.lockedUntil, &d.createdAt, &u.Version}
}

func (d *userDest) user() User {
	u := d.u
	u.MustChange, u.Disabled, u.FailedTries = d.mustChange != 0, d.disabled != 0, int(d.failed)
	u.CreatedAt = time.UnixMicro(d.createdAt).UTC()
	if d.lockedUntil != 0 {
		u.LockedUntil = time.UnixMicro(d.lockedUntil).UTC()
	}
	return u
}

func scanUser(s db.Scanner) (User, error) {
	var d userDest
	err := s.Scan(d.dest()...)
	return d.user(), err
}

// userByID reads an account. Errors: NotFound "auth.user_not_found" (id).
func (s *Service) userByID(ctx context.Context, r db.Reader, id string) (User, error) {
	u, err := scanUser(r.QueryRow(ctx, `SELECT `+userColumns+` FROM app_user u`+userOrg+`WHERE u.city = $1 AND u.id = $2`, s.city, id))
	if fault.KindOf(err) == fault.NotFound {
		return User{}, fault.Because(err, fault.NotFound, "auth.user_not_found", "id", id)
	}
	return u, err
}

// credential is an account with the hash that its password is checked against. The zero credential is nobody's.
type credential struct {
	user User
	hash string
}

// credentialOf reads the account with a folded username; the zero credential when there is none.
func (s *Service) credentialOf(ctx context.Context, r db.Reader, username string) (credential, error) {
	var d userDest
	var c credential
	err := r.QueryRow(ctx, `SELECT `+userColumns+`, u.password_hash FROM app_user u`+userOrg+
		`WHERE u.username = $1 AND u.city = $2`, username, s.city).Scan(append(d.dest(), &c.hash)...)
	if fault.KindOf(err) == fault.NotFound {
		return credential{}, nil
	}
	c.user = d.user()
	return c, err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orNull stores an absent text as NULL.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
