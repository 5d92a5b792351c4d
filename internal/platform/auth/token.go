package auth

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// tokenPrefix begins every API token, so that people and secret scanners recognise one.
const tokenPrefix = "pbt_"

// Bounds of API tokens.
const (
	MaxTokenDays = 366
	MaxTokens    = 20 // of one user, those that ran out included until they are swept
)

// Token is an API token (访问令牌) without its secret. It can do what its user can, at that time.
type Token struct {
	ID        string
	Name      string // what it is for
	CreatedAt time.Time
	ExpiresAt time.Time
}

// NewToken is what CreateToken needs.
type NewToken struct {
	Name string // not empty
	Days int    // how long it holds, 1 to MaxTokenDays
}

// CreateToken makes an API token for the user u. The secret is given here and never again.
// Errors: Denied "auth.must_change_password"; Invalid "auth.token_name" (max), "auth.token_days" (min, max),
// "auth.tokens_many" (max).
func (s *Service) CreateToken(ctx context.Context, u User, n NewToken) (t Token, secret string, err error) {
	const op = "auth.CreateToken"
	name, nameErr := checkName(n.Name)
	switch {
	case u.MustChange:
		return Token{}, "", fault.Wrap(op, fault.New(fault.Denied, "auth.must_change_password"))
	case nameErr != nil || name == "":
		return Token{}, "", fault.Wrap(op, fault.New(fault.Invalid, "auth.token_name", "max", maxName))
	case n.Days < 1 || n.Days > MaxTokenDays:
		return Token{}, "", fault.Wrap(op, fault.New(fault.Invalid, "auth.token_days", "min", 1, "max", MaxTokenDays))
	}
	secret, digest, err := s.secret(tokenPrefix)
	if err != nil {
		return Token{}, "", fault.Wrap(op, err)
	}
	now := s.now().UTC().Truncate(time.Microsecond)
	t = Token{ID: s.ids.New(), Name: name, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, n.Days)}
	err = s.db.Write(ctx, func(w db.Writer) error {
		var have int
		if err := w.QueryRow(ctx, `SELECT COUNT(*) FROM api_token WHERE city = $1 AND app_user = $2`, s.city, u.ID).Scan(&have); err != nil {
			return err
		}
		if have >= MaxTokens {
			return fault.New(fault.Invalid, "auth.tokens_many", "max", MaxTokens)
		}
		if _, err := w.Exec(ctx, `INSERT INTO api_token (digest, city, app_user, id, name, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			digest, s.city, u.ID, t.ID, t.Name, t.CreatedAt.UnixMicro(), t.ExpiresAt.UnixMicro()); err != nil {
			return err
		}
		return s.log(ctx, w, event{u.Username, "token.create", u.ID, map[string]any{"token": t.ID, "name": t.Name, "expires_at": t.ExpiresAt}})
	})
	if err != nil {
		return Token{}, "", fault.Wrap(op, err)
	}
	return t, secret, nil
}

// ListTokens gives the user's own API tokens, oldest first.
func (s *Service) ListTokens(ctx context.Context, u User) (tokens []Token, err error) {
	err = s.db.Read(ctx, func(r db.Reader) error {
		tokens, err = db.Collect(ctx, r, func(row db.Scanner) (Token, error) {
			var t Token
			var created, expires int64
			err := row.Scan(&t.ID, &t.Name, &created, &expires)
			t.CreatedAt, t.ExpiresAt = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
			return t, err
		}, `SELECT id, name, created_at, expires_at FROM api_token WHERE city = $1 AND app_user = $2 ORDER BY id LIMIT $3`,
			s.city, u.ID, MaxTokens)
		return err
	})
	return tokens, fault.Wrap("auth.ListTokens", err)
}

// RevokeToken ends one of the user's own API tokens at once. Errors: NotFound "auth.token_not_found" (id).
func (s *Service) RevokeToken(ctx context.Context, u User, id string) error {
	err := s.db.Write(ctx, func(w db.Writer) error {
		n, err := w.Exec(ctx, `DELETE FROM api_token WHERE city = $1 AND app_user = $2 AND id = $3`, s.city, u.ID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "auth.token_not_found", "id", id)
		}
		return s.log(ctx, w, event{u.Username, "token.revoke", u.ID, map[string]any{"token": id}})
	})
	return fault.Wrap("auth.RevokeToken", err)
}
