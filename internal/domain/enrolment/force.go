package enrolment

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	packs "github.com/parkbrain/parkbrain/refdata/enrolment"
)

// InForce gives the pack that holds in a city on a day for a division code: of those shipped and the city's own versions, where
// the latest version of a code stands for the shipped one of that code. Error kind NotFound, key "enrolment.no_pack"; Invalid
// "enrolment.bad_pack" for a version that cannot be read.
func InForce(ctx context.Context, r db.Reader, city, division string, day period.Date) (*Pack, error) {
	const op = "enrolment.InForce"
	all, err := Load(packs.FS)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	byCode := map[string]*Pack{}
	var codes []string
	put := func(p *Pack) {
		if byCode[p.Code] == nil {
			codes = append(codes, p.Code)
		}
		byCode[p.Code] = p
	}
	for _, p := range all {
		put(p)
	}
	own, err := versions(ctx, r, city)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	for _, p := range own {
		put(p)
	}
	var best *Pack
	for _, code := range codes {
		if p := byCode[code]; strings.HasPrefix(division, p.Province) && p.from <= day && (best == nil || p.from > best.from) {
			best = p
		}
	}
	if best == nil {
		return nil, fault.Wrap(op, fault.New(fault.NotFound, "enrolment.no_pack", "division", division, "day", day.String()))
	}
	return best, nil
}

// versionCount says how many versions of its own a city has put in; they are only ever added.
func versionCount(ctx context.Context, r db.Reader, city string) (n int64, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM pack_version WHERE city = $1 AND kind = 'enrolment'`, city).Scan(&n)
	return n, err
}

// versions reads a city's own versions, oldest first.
func versions(ctx context.Context, r db.Reader, city string) ([]*Pack, error) {
	return db.Collect(ctx, r, func(s db.Scanner) (*Pack, error) {
		var code, body string
		if err := s.Scan(&code, &body); err != nil {
			return nil, err
		}
		return read([]byte(body), code)
	}, `SELECT code, body FROM pack_version WHERE city = $1 AND kind = 'enrolment' ORDER BY code, version`, city)
}
