package park

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Zone is a legal development zone (开发区) as the audited national catalogue (中国开发区审核公告目录) lists it. Several
// programme parks may lie in one zone, and most parks lie in none.
type Zone struct {
	Code       string // of the catalogue
	Name       string
	Level      string // national or provincial, in the catalogue's words
	Kind       string
	Approved   period.Date
	AreaM2     *int64 // 核准面积; nil = not stated
	Industries string // 主导产业
	Source     string
}

// Zones lists a city's zones by code.
func Zones(ctx context.Context, r db.Reader, city string) ([]Zone, error) {
	zones, err := db.Collect(ctx, r, scanZone, `SELECT `+zoneColumns+` FROM zone WHERE city = $1 ORDER BY code LIMIT 1000`, city)
	return zones, fault.Wrap("park.Zones", err)
}

const zoneColumns = `code, name, level, kind, COALESCE(approved, 0), area_m2, industries, source`

func scanZone(row db.Scanner) (z Zone, err error) {
	err = row.Scan(&z.Code, &z.Name, &z.Level, &z.Kind, &z.Approved, &z.AreaM2, &z.Industries, &z.Source)
	return z, err
}

func insertZone(ctx context.Context, w db.Writer, city string, z Zone) error {
	if z.Code == "" || z.Name == "" || z.Source == "" || negative(z.AreaM2) {
		return fault.New(fault.Invalid, "zone.incomplete", "code", z.Code)
	}
	_, err := w.Exec(ctx, `INSERT INTO zone (city, code, name, level, kind, approved, area_m2, industries, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		city, z.Code, z.Name, z.Level, z.Kind, dateOrNull(z.Approved), z.AreaM2, z.Industries, z.Source)
	return existsAs(err, "zone.exists", "code", z.Code)
}

// LinkZone says in which zone a park lies; an empty code takes the link away. It gives the park's new version.
// Errors: NotFound "park.not_found", "zone.not_found"; Stale "row.stale".
func LinkZone(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, code string) (int64, error) {
	next, err := editPark(ctx, w, act, id, version, "park.link_zone", func(p *Park) (map[string]change, error) {
		if code != "" {
			if _, err := zoneOf(ctx, w.Reader, act.Scope.City, code); err != nil {
				return nil, err
			}
		}
		return changed(map[string]change{}, "zone", &p.Zone, code), nil
	})
	return next, fault.Wrap("park.LinkZone", err)
}

func zoneOf(ctx context.Context, r db.Reader, city, code string) (Zone, error) {
	z, err := scanZone(r.QueryRow(ctx, `SELECT `+zoneColumns+` FROM zone WHERE city = $1 AND code = $2`, city, code))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Because(err, fault.NotFound, "zone.not_found", "code", code)
	}
	return z, err
}
