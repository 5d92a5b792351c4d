package pack

import "sync"

// Mark says which versions a city has put in. Versions are only ever added, so two equal marks are the same versions.
type Mark struct {
	Count  int64
	Latest int64 // when the last one came, µs UTC; 0 for none
}

// Shelf keeps what was made of each city's packs until the city has another version, because compiling them takes long and
// asking for their Mark does not. The zero Shelf is ready to use; safe for concurrent use. Not for a transaction that puts a
// version itself, which may still be rolled back.
type Shelf[T any] struct {
	mu     sync.Mutex
	cities map[string]shelved[T]
}

type shelved[T any] struct {
	at   Mark
	made T
}

// Get gives what is kept of a city where that was made at this mark, else what load makes now, which it keeps. Errors: those
// of load; then nothing is kept. Two callers who find it gone may both load.
func (s *Shelf[T]) Get(city string, now Mark, load func() (T, error)) (T, error) {
	s.mu.Lock()
	kept, ok := s.cities[city]
	s.mu.Unlock()
	if ok && kept.at == now {
		return kept.made, nil
	}
	made, err := load()
	if err != nil {
		var none T
		return none, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cities == nil {
		s.cities = map[string]shelved[T]{}
	}
	s.cities[city] = shelved[T]{now, made}
	return made, nil
}
