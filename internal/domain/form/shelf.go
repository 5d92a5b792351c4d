package form

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Shelf keeps the libraries of cities and loads one again only when the city has another version: one short query instead of
// compiling every form. The zero Shelf is ready to use; safe for concurrent use. Not for a transaction that puts a form
// itself, which may still be rolled back: use Load there.
type Shelf struct{ kept pack.Shelf[*Library] }

// Load is Load of the package.
func (s *Shelf) Load(ctx context.Context, r db.Reader, city string) (*Library, error) {
	var now pack.Mark
	if err := r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(at), 0) FROM form_version WHERE city = $1`, city).Scan(&now.Count, &now.Latest); err != nil {
		return nil, fault.Wrap("form.Shelf.Load", err)
	}
	return s.kept.Get(city, now, func() (*Library, error) { return Load(ctx, r, city) })
}
