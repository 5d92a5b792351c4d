package form

import (
	"context"
	"sync"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Shelf keeps the libraries of cities and loads one again only when the city has another version: one short query instead of
// compiling every form. The zero Shelf is ready to use; safe for concurrent use. Not for a transaction that puts a form
// itself, which may still be rolled back: use Load there.
type Shelf struct {
	mu     sync.Mutex
	cities map[string]shelved
}

type shelved struct {
	count, latest int64 // versions are only ever added
	library       *Library
}

// Load is Load of the package.
func (s *Shelf) Load(ctx context.Context, r db.Reader, city string) (*Library, error) {
	var now shelved
	if err := r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(at), 0) FROM form_version WHERE city = $1`, city).Scan(&now.count, &now.latest); err != nil {
		return nil, fault.Wrap("form.Shelf.Load", err)
	}
	s.mu.Lock()
	kept, ok := s.cities[city]
	s.mu.Unlock()
	if ok && kept.count == now.count && kept.latest == now.latest {
		return kept.library, nil
	}
	l, err := Load(ctx, r, city)
	if err != nil {
		return nil, err
	}
	now.library = l
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cities == nil {
		s.cities = map[string]shelved{}
	}
	s.cities[city] = now
	return l, nil
}
