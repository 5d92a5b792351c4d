package promise

import (
	"context"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// How says how land is known.
type How string

// The ways.
const (
	Stated  How = "stated"  // somebody recorded it
	Share   How = "share"   // the park's land by the share of its floor area (分摊)
	Nowhere How = "unknown" // neither
)

// Land is the land that a subject uses.
type Land struct {
	How       How
	M2        *int64 // nil: not known
	Source    string
	AreaM2    *int64 // of the share: floor area taken, the park's land and floor area
	ParkLand  *int64
	ParkFloor *int64
	Recorder  string
	At        int64
}

// LandOf gives the land of one subject. Errors: those of subject.Get.
func LandOf(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref) (Land, error) {
	const op = "promise.LandOf"
	head, err := subject.Get(ctx, r, s, ref)
	if err != nil {
		return Land{}, fault.Wrap(op, err)
	}
	stated, err := statedLand(ctx, r, s.City, ref)
	if err != nil {
		return Land{}, fault.Wrap(op, err)
	}
	var site parkSite
	if head.Park != "" {
		sites, err := sitesOf(ctx, r, s.City, []park.ID{head.Park})
		if err != nil {
			return Land{}, fault.Wrap(op, err)
		}
		site = sites[head.Park]
	}
	return landOf(stated[ref], head.AreaM2, site), nil
}

// parkSite is what a share is taken of.
type parkSite struct{ land, floor *int64 }

func sitesOf(ctx context.Context, r db.Reader, city string, ids []park.ID) (map[park.ID]parkSite, error) {
	out := map[park.ID]parkSite{}
	err := park.EachFacts(ctx, r, city, ids, func(f park.Facts) error {
		value := func(field string) *int64 {
			if u, ok := f.Used[field]; ok {
				v := u.Value
				return &v
			}
			return nil
		}
		out[f.ID] = parkSite{value(park.LandArea), value(park.FloorArea)}
		return nil
	})
	return out, err
}

func landOf(stated Land, area *int64, site parkSite) Land {
	if stated.M2 != nil {
		return stated
	}
	out := Land{How: Nowhere, AreaM2: area, ParkLand: site.land, ParkFloor: site.floor}
	if area == nil || site.land == nil || site.floor == nil || *site.floor <= 0 || *area > *site.floor {
		return out
	}
	v := new(big.Int).Mul(big.NewInt(*area), big.NewInt(*site.land))
	share := v.Quo(v, big.NewInt(*site.floor)).Int64()
	out.How, out.M2 = Share, &share
	return out
}

// statedLand reads what was recorded of one subject, or of all for the zero Ref.
func statedLand(ctx context.Context, r db.Reader, city string, ref subject.Ref) (map[subject.Ref]Land, error) {
	out := map[subject.Ref]Land{}
	var w page.Where
	w.And("city = %s", city)
	if ref.ID != "" {
		w.And("subject_kind = %s AND subject = %s", ref.Kind, ref.ID)
	}
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var of subject.Ref
		l := Land{How: Stated}
		err := row.Scan(&of.Kind, &of.ID, &l.M2, &l.Source, &l.Recorder, &l.At)
		out[of] = l // the latest comes last
		return err
	}, `SELECT subject_kind, subject, land_m2, source, recorder, recorded_at FROM promise_land`+w.SQL()+` ORDER BY subject_kind, subject, seq`, w.Args()...)
	return out, err
}

// SetLand records the land that a subject uses, or with nil that it is not known after all. Errors: those of subject.Get;
// Invalid "promise.no_source", "promise.bad_land", "text.too_long", "text.invalid".
func SetLand(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, m2 *int64, source string) error {
	const op = "promise.SetLand"
	if _, err := subject.Get(ctx, w.Reader, act.Scope, ref); err != nil {
		return fault.Wrap(op, err)
	}
	switch {
	case m2 != nil && *m2 <= 0:
		return fault.Wrap(op, fault.New(fault.Invalid, "promise.bad_land", "land", *m2))
	case strings.TrimSpace(source) == "":
		return fault.Wrap(op, fault.New(fault.Invalid, "promise.no_source"))
	case utf8.RuneCountInString(source) > maxText:
		return fault.Wrap(op, fault.New(fault.Invalid, "text.too_long", "limit", maxText))
	}
	if err := page.Clean(source); err != nil {
		return fault.Wrap(op, err)
	}
	before, err := statedLand(ctx, w.Reader, act.Scope.City, ref)
	if err != nil {
		return fault.Wrap(op, err)
	}
	var seq int64
	if err := w.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM promise_land WHERE city = $1 AND subject_kind = $2 AND subject = $3`,
		act.Scope.City, ref.Kind, ref.ID).Scan(&seq); err != nil {
		return fault.Wrap(op, err)
	}
	if _, err := w.Exec(ctx, `INSERT INTO promise_land (city, subject_kind, subject, seq, land_m2, source, recorder, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		act.Scope.City, ref.Kind, ref.ID, seq+1, m2, source, act.Actor, act.At.UnixMicro()); err != nil {
		return fault.Wrap(op, err)
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "promise.land", Kind: string(ref.Kind), Entity: ref.ID, At: act.At,
		Detail:  map[string]any{"before": map[string]any{"land_m2": before[ref].M2, "source": before[ref].Source}, "after": map[string]any{"land_m2": m2, "source": source}},
		Touched: []audit.Touch{{Kind: string(ref.Kind), ID: ref.ID}}})
	return fault.Wrap(op, err)
}
