package enterprise

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Known is the city's enterprise with a credit code: of one that the scope does not cover only that there is one.
type Known struct {
	ID    ID       // empty where there is none, or the scope does not cover it
	Name  string   // today's
	Names []string // all that it bore, today's among them
	Taken bool     // the city has an enterprise with the code
}

// ByCode looks for the city's enterprise with a credit code.
func ByCode(ctx context.Context, r db.Reader, s auth.Scope, code uscc.Code) (Known, error) {
	const op = "enterprise.ByCode"
	var id ID
	err := r.QueryRow(ctx, `SELECT id FROM enterprise WHERE city = $1 AND uscc = $2`, s.City, code).Scan(&id)
	if fault.KindOf(err) == fault.NotFound {
		return Known{}, nil
	}
	if err != nil {
		return Known{}, fault.Wrap(op, err)
	}
	seen, err := Get(ctx, r, s, id)
	if fault.KindOf(err) == fault.NotFound {
		return Known{Taken: true}, nil
	}
	k := Known{ID: id, Name: seen.Name, Taken: true}
	for _, n := range seen.Names {
		k.Names = append(k.Names, n.Name)
	}
	return k, fault.Wrap(op, err)
}
