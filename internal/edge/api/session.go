package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Me is who the caller is and what the screens need to begin.
type Me struct {
	ID                 string   `json:"id"`
	Username           string   `json:"username"`
	Name               string   `json:"name"`
	Role               string   `json:"role"`
	Actions            []string `json:"actions" doc:"what the caller may do"`
	Org                *OrgName `json:"org,omitempty"`
	City               OrgName  `json:"city"`
	Enterprise         *Named   `json:"enterprise,omitempty"`
	MustChangePassword bool     `json:"must_change_password"`
	DefaultPeriod      string   `json:"default_period" doc:"the last year of which every month has returns, else the current one"`
	FirstPeriod        string   `json:"first_period" doc:"first month with returns; empty without any"`
	LastPeriod         string   `json:"last_period" doc:"last month of which the ledger knows anything"`
	Simulated          bool     `json:"simulated" doc:"the ledger holds simulated rows"`
	Version            string   `json:"version"`
}

// OrgName names an org.
type OrgName struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Kind   string `json:"kind"`
}

// Named names a row.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type credentials struct {
	Remote
	Body struct {
		Username string `json:"username" maxLength:"200"`
		Password string `json:"password" maxLength:"1000"`
	}
}

// Remote is the caller's address, from the connection and never from the body.
type Remote struct{ Address string }

// Resolve looks at the connection.
func (r *Remote) Resolve(ctx huma.Context) []error {
	r.Address = ctx.RemoteAddr()
	return nil
}

type withCookie struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

type onlyCookie struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) sessions() {
	register(a, operation{id: "login", method: http.MethodPost, path: "/session", tag: "session", public: true, summary: "Log in and get the session cookie"}, a.login)
	register(a, operation{id: "logout", method: http.MethodDelete, path: "/session", tag: "session", status: http.StatusNoContent, summary: "Log out"}, a.logout)
	register(a, operation{id: "get-me", method: http.MethodGet, path: "/me", tag: "session", summary: "Who am I"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Me }, error) {
			me, err := a.me(ctx, caller(ctx))
			return &struct{ Body Me }{me}, err
		})
	register(a, operation{id: "change-password", method: http.MethodPost, path: "/me/password", tag: "session", status: http.StatusNoContent, summary: "Change my password; other sessions end"}, a.changePassword)
}

func (a *API) login(ctx context.Context, in *credentials) (*withCookie, error) {
	session, user, err := a.Auth.Login(ctx, in.Body.Username, in.Body.Password, in.Address)
	if err != nil {
		return nil, err
	}
	me, err := a.me(ctx, user)
	return &withCookie{a.cookie(session.Token, session.ExpiresAt), me}, err
}

func (a *API) logout(ctx context.Context, _ *struct{}) (*onlyCookie, error) {
	err := a.Auth.Logout(ctx, tokenOf(ctx))
	return &onlyCookie{a.cookie("", time.Unix(0, 0))}, err
}

type passwordChange struct {
	Body struct {
		Current string `json:"current" maxLength:"1000"`
		New     string `json:"new" maxLength:"1000"`
	}
}

func (a *API) changePassword(ctx context.Context, in *passwordChange) (*onlyCookie, error) {
	session, err := a.Auth.ChangePassword(ctx, caller(ctx), in.Body.Current, in.Body.New)
	if err != nil {
		return nil, err
	}
	return &onlyCookie{a.cookie(session.Token, session.ExpiresAt)}, nil
}

// cookie holds a session's token; the browser forgets it when the session must end, or at once where that is past. It is told
// how long that is and not when, because its clock may be another.
func (a *API) cookie(token string, until time.Time) http.Cookie {
	lasts := int(until.Sub(a.Now()).Seconds())
	if lasts <= 0 {
		lasts = -1
	}
	return http.Cookie{Name: sessionCookie, Value: token, Path: "/", MaxAge: lasts, HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteLaxMode}
}

func (a *API) me(ctx context.Context, u auth.User) (Me, error) {
	me := Me{ID: u.ID, Username: u.Username, Name: u.Name, Role: string(u.Role), MustChangePassword: u.MustChange, Version: a.Version, Actions: []string{}}
	for _, action := range auth.Actions() {
		if u.May(action) {
			me.Actions = append(me.Actions, string(action))
		}
	}
	err := a.DB.Read(ctx, func(r db.Reader) error {
		city, err := org.Get(ctx, r, auth.Whole(a.City), org.ID(a.City))
		if err != nil {
			return err
		}
		me.City = orgName(city)
		if u.Org != "" {
			own, err := org.Get(ctx, r, u.Scope(), org.ID(u.Org))
			if err != nil {
				return err
			}
			name := orgName(own)
			me.Org = &name
		}
		if u.Enterprise != "" {
			e, err := enterprise.Get(ctx, r, u.Scope(), enterprise.ID(u.Enterprise))
			if err != nil {
				return err
			}
			me.Enterprise = &Named{string(e.ID), e.Name}
		}
		return nil
	})
	if err != nil {
		return Me{}, err
	}
	view, err := a.Panels.Now(ctx)
	if err != nil {
		return Me{}, err
	}
	me.DefaultPeriod, me.FirstPeriod, me.LastPeriod = view.DefaultPeriod().String(), monthText(view.First), view.Horizon.String()
	me.Simulated = view.Simulated()
	return me, nil
}

func orgName(o org.Org) OrgName {
	return OrgName{ID: string(o.ID), Name: o.NameZH, NameEN: o.NameEN, Kind: string(o.Kind)}
}
