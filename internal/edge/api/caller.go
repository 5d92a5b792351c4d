package api

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

type (
	apiKey      struct{}
	callerKey   struct{}
	languageKey struct{}
	tokenKey    struct{}
)

// mayBeforeChange are the operations that a user with a one-time password can reach.
var mayBeforeChange = map[string]bool{"get-me": true, "change-password": true, "logout": true}

// withCaller finds out who asks, in which language, and refuses who is not known. It fails closed: an operation without
// security is one that says so itself (public).
func (a *API) withCaller(ctx huma.Context, next func(huma.Context)) {
	lang := a.language(ctx.Header("Accept-Language"))
	ctx = huma.WithValue(huma.WithValue(ctx, apiKey{}, a), languageKey{}, lang)
	op := ctx.Operation()
	if err := clean(ctx.URL()); err != nil {
		p := a.problem(lang, err)
		_ = huma.WriteErr(a.huma, ctx, p.Status, p.Detail, p) // the client may be gone
		return
	}
	if len(op.Security) == 0 {
		next(ctx)
		return
	}
	token := bearer(ctx.Header("Authorization"))
	if token == "" {
		if c, err := huma.ReadCookie(ctx, sessionCookie); err == nil {
			token = c.Value
		}
	}
	user, err := a.Auth.Authenticate(ctx.Context(), token)
	if err == nil && user.MustChange && !mayBeforeChange[op.OperationID] {
		err = fault.New(fault.Denied, "auth.must_change_password")
	}
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			a.Logger.Error("authenticate", "error", err)
		}
		p := a.problem(lang, err)
		_ = huma.WriteErr(a.huma, ctx, p.Status, p.Detail, p) // the client may be gone
		return
	}
	next(huma.WithValue(huma.WithValue(ctx, callerKey{}, user), tokenKey{}, token))
}

// clean refuses an address with bytes that are no text, which neither a row's id nor a filter can hold. Error kind Invalid,
// key "text.invalid".
func clean(u url.URL) error {
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil {
		return nil // of the router
	}
	if text := u.Path + query; strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return fault.New(fault.Invalid, "text.invalid")
	}
	return nil
}

func bearer(header string) string {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// caller is the user of the request; the zero User of a public operation sees and may nothing.
func caller(ctx context.Context) auth.User {
	u, _ := ctx.Value(callerKey{}).(auth.User)
	return u
}

func tokenOf(ctx context.Context) string {
	t, _ := ctx.Value(tokenKey{}).(string)
	return t
}

func languageOf(ctx context.Context) string {
	l, _ := ctx.Value(languageKey{}).(string)
	return l
}

func (a *API) language(acceptLanguage string) string { return a.Texts.Negotiate(acceptLanguage) }

// reader gives the caller's scope after asking that the caller may read the ledger at all.
func reader(ctx context.Context) (auth.Scope, error) {
	u := caller(ctx)
	if err := may(ctx, auth.BusinessRead); err != nil {
		return auth.Scope{}, err
	}
	return u.Scope(), nil
}

func may(ctx context.Context, action auth.Action) error {
	if !caller(ctx).May(action) {
		return fault.New(fault.Denied, "auth.denied", "action", string(action))
	}
	return nil
}

// read runs f in a read transaction with the caller's scope.
func (a *API) read(ctx context.Context, f func(r db.Reader, s auth.Scope) error) error {
	s, err := reader(ctx)
	if err != nil {
		return err
	}
	return a.DB.Read(ctx, func(r db.Reader) error { return f(r, s) })
}
