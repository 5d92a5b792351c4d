package officer

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Person is somebody who can be an officer, with what that person answers for as far as the asker sees it.
type Person struct {
	auth.Person
	Tenancies int
	Projects  int
	May       bool // whether the asker may appoint: one's own people and those below
}

// People lists those who can be officers and have to do with the scope: whose place lies in it, or covers all of it. An
// enterprise is told of nobody.
func People(ctx context.Context, r db.Reader, s auth.Scope) ([]Person, error) {
	in := org.Reach(s, "")
	if in.None() {
		return nil, nil
	}
	all, err := auth.People(ctx, r, in.City)
	if err != nil {
		return nil, fault.Wrap("officer.People", err)
	}
	held, err := held(ctx, r, in)
	if err != nil {
		return nil, fault.Wrap("officer.People", err)
	}
	var out []Person
	for _, p := range all {
		if may := in.Within(p.OrgPath); may || p.Covers(in.Path) {
			n := held[p.Username]
			out = append(out, Person{Person: p, Tenancies: n[subject.Tenancy], Projects: n[subject.Project], May: may})
		}
	}
	return out, nil
}

// held counts the subjects of a scope by officer and kind.
func held(ctx context.Context, r db.Reader, in auth.Scope) (map[string]map[subject.Kind]int, error) {
	latest, err := Latest(ctx, r, in.City)
	if err != nil {
		return nil, err
	}
	from, to := in.Range()
	out := map[string]map[subject.Kind]int{}
	err = db.Each(ctx, r, func(s db.Scanner) error {
		var ref subject.Ref
		if err := s.Scan(&ref.Kind, &ref.ID); err != nil {
			return err
		}
		if username := latest[ref]; username != "" {
			if out[username] == nil {
				out[username] = map[subject.Kind]int{}
			}
			out[username][ref.Kind]++
		}
		return nil
	}, `SELECT 'tenancy', t.id FROM tenancy t JOIN park p ON p.city = t.city AND p.id = t.park JOIN org o ON o.city = p.city AND o.id = p.org
			WHERE t.city = $1 AND o.path >= $2 AND o.path < $3
		UNION ALL SELECT 'project', j.id FROM project j JOIN org o ON o.city = j.city AND o.id = j.org
			WHERE j.city = $1 AND o.path >= $2 AND o.path < $3 ORDER BY 1, 2`, in.City, from, to)
	return out, err
}
