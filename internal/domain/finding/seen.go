package finding

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Eyes say what somebody may see.
type Eyes struct {
	Scope       auth.Scope
	Enterprises map[enterprise.ID]bool // that the scope covers
	Orgs        map[org.ID]string      // paths
	Targets     bool                   // may know of targets
}

// Whole says whether all of the city is seen.
func (e Eyes) Whole() bool { return !e.Scope.None() && e.Scope == auth.Whole(e.Scope.City) }

// Seen gives the findings that somebody may see, in their order. Of other enterprises than one's own scope's nothing is
// said: they are left out of Also and of the evidence.
func (s *Set) Seen(e Eyes) []Finding {
	var out []Finding
	for _, f := range s.Found {
		if f, ok := e.look(f); ok {
			out = append(out, f)
		}
	}
	return out
}

func (e Eyes) look(f Finding) (Finding, bool) {
	whole := e.Whole()
	switch {
	case f.Confidential && (!e.Targets || e.Scope.Enterprise != ""):
		return f, false
	case f.Org != "":
		return f, e.Scope.Within(e.Orgs[org.ID(f.Org)])
	case f.Entity == "":
		return f, whole
	case whole:
		return f, true
	}
	mine := func(id string) bool { return e.Enterprises[enterprise.ID(id)] }
	if !mine(f.Entity) {
		i := slices.IndexFunc(f.Also, mine)
		if i < 0 {
			return f, false
		}
		f.Entity = f.Also[i] // told to each of them as its own
	}
	first := f.Entity
	f.Also = slices.DeleteFunc(slices.Clone(f.Also), func(id string) bool { return id == first || !mine(id) })
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(r plausible.Row) bool { return !mine(r.Entity) })
	return f, true
}
