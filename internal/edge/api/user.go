package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// User is an account as administrators see it.
type User struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	Name       string `json:"name"`
	Role       string `json:"role"`
	Org        string `json:"org,omitempty"`
	Enterprise string `json:"enterprise,omitempty"`
	MustChange bool   `json:"must_change_password"`
	Disabled   bool   `json:"disabled"`
	Locked     bool   `json:"locked"`
	CreatedAt  string `json:"created_at"`
	Version    int64  `json:"version"`
}

// Token is an API token of the caller; Secret is there only in the answer that made it.
type Token struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Secret    string `json:"token,omitempty"`
	CreatedAt string `json:"created_at"`
	ExpiresAt string `json:"expires_at"`
}

// AuditLine is one line of the audit trail.
type AuditLine struct {
	Seq    int64  `json:"seq"`
	At     string `json:"at"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Kind   string `json:"kind"`
	Entity string `json:"entity"`
	Detail string `json:"detail" doc:"JSON: before and after"`
}

// Paging is the part of a list's query that every list has.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"2000" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// listOf is a page of rows.
type listOf[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"cursor of the next page; empty at the end"`
}

// IfMatchHeader is the version that the caller saw.
type IfMatchHeader struct {
	IfMatch string `header:"If-Match" doc:"the row's ETag"`
}

// version reads the ETag "7". Error kind Invalid, key "request.if_match".
func (m IfMatchHeader) version() (int64, error) {
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(m.IfMatch, "W/"), `"`), 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "request.if_match")
	}
	return v, nil
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// instant writes a time for people and programs: ISO, UTC, to the second.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (a *API) users() {
	register(a, operation{id: "list-users", method: http.MethodGet, path: "/users", tag: "users", summary: "Accounts"},
		func(ctx context.Context, in *Paging) (*struct{ Body listOf[User] }, error) {
			list, next, err := a.Auth.ListUsers(ctx, caller(ctx), auth.Query{After: in.Cursor, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			out := listOf[User]{Items: []User{}, Next: next}
			for _, u := range list {
				out.Items = append(out.Items, a.user(u))
			}
			return &struct{ Body listOf[User] }{out}, nil
		})
	register(a, operation{id: "create-user", method: http.MethodPost, path: "/users", tag: "users", status: http.StatusCreated, summary: "Create an account without a role; the password is shown once"}, a.createUser)
	register(a, operation{id: "edit-user", method: http.MethodPatch, path: "/users/{id}", tag: "users", summary: "Rename, disable, unlock an account, or grant its role and place"}, a.editUser)
	register(a, operation{id: "list-tokens", method: http.MethodGet, path: "/tokens", tag: "session", summary: "My API tokens"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body listOf[Token] }, error) {
			list, err := a.Auth.ListTokens(ctx, caller(ctx))
			out := listOf[Token]{Items: []Token{}}
			for _, t := range list {
				out.Items = append(out.Items, token(t, ""))
			}
			return &struct{ Body listOf[Token] }{out}, err
		})
	register(a, operation{id: "create-token", method: http.MethodPost, path: "/tokens", tag: "session", status: http.StatusCreated, summary: "Make an API token; it is shown once"},
		func(ctx context.Context, in *newToken) (*struct{ Body Token }, error) {
			t, secret, err := a.Auth.CreateToken(ctx, caller(ctx), auth.NewToken{Name: in.Body.Name, Days: in.Body.Days})
			return &struct{ Body Token }{token(t, secret)}, err
		})
	register(a, operation{id: "revoke-token", method: http.MethodDelete, path: "/tokens/{id}", tag: "session", status: http.StatusNoContent, summary: "End an API token"},
		func(ctx context.Context, in *struct {
			ID string `path:"id" maxLength:"40"`
		}) (*struct{}, error) {
			return nil, a.Auth.RevokeToken(ctx, caller(ctx), in.ID)
		})
}

type newToken struct {
	Body struct {
		Name string `json:"name" maxLength:"100"`
		Days int    `json:"days" minimum:"1" maximum:"366"`
	}
}

func token(t auth.Token, secret string) Token {
	return Token{ID: t.ID, Name: t.Name, Secret: secret, CreatedAt: instant(t.CreatedAt), ExpiresAt: instant(t.ExpiresAt)}
}

func (a *API) user(u auth.User) User {
	return User{ID: u.ID, Username: u.Username, Name: u.Name, Role: string(u.Role), Org: u.Org, Enterprise: u.Enterprise,
		MustChange: u.MustChange, Disabled: u.Disabled, Locked: u.Locked(a.Now()), CreatedAt: instant(u.CreatedAt), Version: u.Version}
}

// NewUser is the answer to creating an account.
type NewUser struct {
	User     User   `json:"user"`
	Password string `json:"password" doc:"one-time password, shown here and never again; empty when the caller gave one"`
}

func (a *API) createUser(ctx context.Context, in *struct {
	Body struct {
		Username string `json:"username" maxLength:"100"`
		Name     string `json:"name,omitempty" maxLength:"200"`
		Password string `json:"password,omitempty" maxLength:"1000" doc:"first password; empty lets the server make one"`
	}
}) (*struct{ Body NewUser }, error) {
	u, once, err := a.Auth.CreateUser(ctx, caller(ctx), auth.NewUser{Username: in.Body.Username, Name: in.Body.Name, Password: in.Body.Password})
	if err != nil {
		return nil, err
	}
	return &struct{ Body NewUser }{NewUser{a.user(u), once}}, nil
}

type userEdit struct {
	ID string `path:"id" maxLength:"40"`
	IfMatchHeader
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"200"`
		Disabled *bool   `json:"disabled,omitempty"`
		Unlock   bool    `json:"unlock,omitempty"`
		Grant    *struct {
			Role       string `json:"role" maxLength:"40"`
			Org        string `json:"org,omitempty" maxLength:"40"`
			Enterprise string `json:"enterprise,omitempty" maxLength:"40"`
		} `json:"grant,omitempty" doc:"role and place"`
	}
}

type userBody struct {
	ETag string `header:"ETag"`
	Body User
}

// editUser makes exactly one change: each belongs to one administrator and is one line of the audit trail.
func (a *API) editUser(ctx context.Context, in *userEdit) (*userBody, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	at, who, b := auth.UserAt{ID: in.ID, Version: version}, caller(ctx), in.Body
	set := 0
	for _, wanted := range []bool{b.Name != nil, b.Disabled != nil, b.Unlock, b.Grant != nil} {
		if wanted {
			set++
		}
	}
	if set != 1 {
		return nil, fault.New(fault.Invalid, "request.one_change")
	}
	var u auth.User
	switch {
	case b.Name != nil:
		u, err = a.Auth.SetName(ctx, who, at, *b.Name)
	case b.Disabled != nil:
		u, err = a.Auth.SetDisabled(ctx, who, at, *b.Disabled)
	case b.Unlock:
		u, err = a.Auth.Unlock(ctx, who, at)
	default:
		u, err = a.Auth.Grant(ctx, who, at, auth.Place{Role: auth.Role(b.Grant.Role), Org: b.Grant.Org, Enterprise: b.Grant.Enterprise})
	}
	if err != nil {
		return nil, err
	}
	return &userBody{etag(u.Version), a.user(u)}, nil
}

func (a *API) auditTrail() {
	register(a, operation{id: "list-audit", method: http.MethodGet, path: "/audit", tag: "audit", summary: "The audit trail, latest first"},
		func(ctx context.Context, in *struct {
			Before int64 `query:"before" minimum:"0" doc:"only lines before this one"`
			Limit  int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
		}) (*struct{ Body listOf[AuditLine] }, error) {
			if err := may(ctx, auth.AuditRead); err != nil {
				return nil, err
			}
			out := listOf[AuditLine]{Items: []AuditLine{}}
			err := a.DB.Read(ctx, func(r db.Reader) error {
				lines, err := audit.List(ctx, r, a.City, in.Before, in.Limit)
				for _, l := range lines {
					out.Items = append(out.Items, AuditLine{l.Seq, instant(l.At), l.Actor, l.Action, l.Kind, l.Entity, l.Detail})
				}
				if len(lines) == in.Limit && lines[len(lines)-1].Seq > 1 {
					out.Next = strconv.FormatInt(lines[len(lines)-1].Seq, 10)
				}
				return err
			})
			return &struct{ Body listOf[AuditLine] }{out}, err
		})
}
