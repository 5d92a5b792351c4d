package auth

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Person is an account as colleagues see it: who works where (办事人员). It says nothing of logins.
type Person struct {
	Username string
	Name     string // may be empty
	Role     Role
	Org      string
	OrgPath  string
}

// Covers says whether the rows of the org with this path are among those that the person sees: a place covers itself and
// what lies below it.
func (p Person) Covers(path string) bool {
	return isPath(p.OrgPath) && isPath(path) && strings.HasPrefix(path, p.OrgPath)
}

// maxPeople bounds the list of a city's office accounts.
const maxPeople = 5000

// People gives the accounts of a city's offices and operators that are in use, by username: those who can be asked to do
// something. Administrators, enterprises and viewers are not among them.
func People(ctx context.Context, r db.Reader, city string) ([]Person, error) {
	people, err := db.Collect(ctx, r, func(s db.Scanner) (p Person, err error) {
		err = s.Scan(&p.Username, &p.Name, &p.Role, &p.Org, &p.OrgPath)
		return p, err
	}, `SELECT u.username, u.name, u.role, o.id, o.path FROM app_user u JOIN org o ON o.city = u.city AND o.id = u.org
		WHERE u.city = $1 AND u.disabled = 0 AND u.role IN ($2, $3, $4) ORDER BY u.username LIMIT $5`, city, CityOffice, CountyOffice, ParkOperator, maxPeople)
	return people, fault.Wrap("auth.People", err)
}
