package enterprise

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Known is what the city's register of credit codes says of an enterprise, whoever asks: the caller hands it on to nobody who
// does not see the enterprise.
type Known struct {
	ID    ID
	Name  string   // today's
	Names []string // all that it bore, today's among them
}

// Sees says whether a scope covers an enterprise.
func Sees(ctx context.Context, r db.Reader, s auth.Scope, id ID) (bool, error) {
	_, err := Get(ctx, r, s, id)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, fault.Wrap("enterprise.Sees", err)
}

// ByCode gives the city's enterprise with a credit code; the zero Known where there is none.
func ByCode(ctx context.Context, r db.Reader, city string, code uscc.Code) (k Known, err error) {
	err = r.QueryRow(ctx, `SELECT id, name FROM enterprise WHERE city = $1 AND uscc = $2`, city, code).Scan(&k.ID, &k.Name)
	if fault.KindOf(err) == fault.NotFound {
		return Known{}, nil
	}
	var names []Name
	if err == nil {
		names, err = namesOf(ctx, r, city, k.ID)
	}
	for _, n := range names {
		k.Names = append(k.Names, n.Name)
	}
	return k, fault.Wrap("enterprise.ByCode", err)
}
