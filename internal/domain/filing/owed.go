package filing

import (
	"context"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// owing gives the subjects that owe a form for a period and count to a scope, each with the path of its org there.
func owing(ctx context.Context, r db.Reader, s auth.Scope, f *form.Form, p period.Period) (map[string]string, error) {
	out := map[string]string{}
	if f.Every != form.Standing && !f.Asks(p) {
		return out, nil
	}
	keep := func(id, path string) {
		if s.Enterprise == id && f.Subject == form.OfEnterprise || s.Enterprise == "" && s.Within(path) {
			out[id] = path
		}
	}
	switch f.Subject {
	case form.OfOrg:
		return out, offices(ctx, r, s, keep)
	case form.OfPark:
		if s.Enterprise != "" {
			return out, nil
		}
		return out, db.Each(ctx, r, pair(keep), `SELECT p.id, o.path FROM park p JOIN org o ON o.city = p.city AND o.id = p.org
			WHERE p.city = $1 ORDER BY p.id`, s.City)
	}
	if f.Owed == owedProducing {
		return out, producing(ctx, r, s, p, keep)
	}
	return out, everyEnterprise(ctx, r, s, p, keep)
}

// owedProducing is form.Form.Owed of those that only enterprises in production owe.
const owedProducing = "producing"

func pair(keep func(id, path string)) func(db.Scanner) error {
	return func(s db.Scanner) error {
		var id, path string
		err := s.Scan(&id, &path)
		keep(id, path)
		return err
	}
}

// offices are the orgs that owe a form of offices: the county-level units. Any other office may keep one too.
func offices(ctx context.Context, r db.Reader, s auth.Scope, keep func(id, path string)) error {
	if s.Enterprise != "" {
		return nil
	}
	return db.Each(ctx, r, pair(keep), `SELECT id, path FROM org WHERE city = $1 AND kind = $2 ORDER BY id`, s.City, string(org.County))
}

// producing calls keep with each enterprise that is in production at the end of a period and with the org of its home
// park, as tenancy.Home says it. Only the two stages that decide it are read, in whatever order is cheapest (so without
// ORDER BY).
func producing(ctx context.Context, r db.Reader, s auth.Scope, p period.Period, keep func(id, path string)) error {
	paths, err := pathsOfParks(ctx, r, s.City)
	if err != nil {
		return err
	}
	var w page.Where
	w.And("st.city = %s", s.City)
	if s.Enterprise != "" {
		w.And("st.enterprise = %s", s.Enterprise)
	}
	w.And("st.stage IN ('production', 'cleared') AND st.way <> 'planned'")
	stays := map[string]*stay{}
	var firm, id, parkID string
	var code, seq, day int64
	err = db.Each(ctx, r, func(s db.Scanner) error {
		if err := s.Scan(&firm, &id, &parkID, &code, &seq, &day); err != nil {
			return err
		}
		t := stays[id]
		if t == nil {
			t = &stay{firm: firm, Presence: tenancy.Presence{ID: tenancy.ID(id), Park: park.ID(parkID), OrgPath: paths[parkID]}}
			stays[id] = t
		}
		t.entry(code, seq, period.Date(day))
		return nil
	}, `SELECT st.enterprise, st.tenancy, t.park, `+wayCode+`, st.seq, st.day FROM tenancy_stage st
		JOIN tenancy t ON t.city = st.city AND t.enterprise = st.enterprise AND t.id = st.tenancy`+w.SQL(), w.Args()...)
	if err != nil {
		return err
	}
	homes(stays, p.Last(), keep)
	return nil
}

// wayCode packs stage and way into one number: 8 for production, and the trust in the way.
var wayCode = `CASE st.stage WHEN 'production' THEN 8 ELSE 0 END + CASE st.way WHEN 'deemed' THEN ` + strconv.Itoa(int(tenancy.Deemed)) +
	` WHEN 'claimed' THEN ` + strconv.Itoa(int(tenancy.Claimed)) + ` ELSE ` + strconv.Itoa(int(tenancy.Verified)) + ` END`

// stay is a tenancy with what is used so far of its clearing and its production.
type stay struct {
	tenancy.Presence
	firm string
	used [2]struct{ way, seq int64 }
}

// entry takes an entry over where it counts more than the one before, as tenancy.Used decides.
func (t *stay) entry(code, seq int64, day period.Date) {
	stage, way := code/8, code%8
	used := &t.used[stage]
	if way < used.way || way == used.way && seq < used.seq {
		return
	}
	used.way, used.seq = way, seq
	if stage == 0 {
		t.Cleared = day
	} else {
		t.Production, t.Since = day, day
	}
}

// homes calls keep with each enterprise that is in production at the end of a month. Of its tenancies only those are asked
// that are: Home prefers them to any other.
func homes(stays map[string]*stay, m period.Month, keep func(id, path string)) {
	best := make(map[string]*stay, len(stays))
	var two [2]tenancy.Presence
	for _, t := range stays {
		if t.Production == 0 || t.Production > m.Last() {
			continue
		}
		ask := two[:1]
		if b := best[t.firm]; b != nil {
			ask, two[1] = two[:2], b.Presence
		}
		two[0] = t.Presence
		if i, ok := tenancy.Home(ask, m); ok && i == 0 {
			best[t.firm] = t
		}
	}
	for firm, t := range best {
		keep(firm, t.OrgPath)
	}
}

func pathsOfParks(ctx context.Context, r db.Reader, city string) (map[string]string, error) {
	paths := map[string]string{}
	err := db.Each(ctx, r, pair(func(id, path string) { paths[id] = path }), `SELECT p.id, o.path FROM park p
		JOIN org o ON o.city = p.city AND o.id = p.org WHERE p.city = $1 ORDER BY p.id`, city)
	return paths, err
}

// everyEnterprise calls keep with each enterprise and the org where it counts.
func everyEnterprise(ctx context.Context, r db.Reader, s auth.Scope, p period.Period, keep func(id, path string)) error {
	paths := map[string]string{}
	var ids []enterprise.ID
	if s.Enterprise != "" {
		ids = []enterprise.ID{enterprise.ID(s.Enterprise)}
	}
	err := enterprise.EachFacts(ctx, r, s.City, ids, func(f *enterprise.Facts) error {
		paths[string(f.ID)] = f.OrgPath
		return nil
	})
	if err != nil {
		return err
	}
	if !p.IsZero() {
		if err := homesOfAll(ctx, r, s.City, ids, p, paths); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(keysOf(paths)) {
		keep(id, paths[id])
	}
	return nil
}

// homesOfAll puts the path of each enterprise's home park in the place of that of its own org.
func homesOfAll(ctx context.Context, r db.Reader, city string, ids []enterprise.ID, p period.Period, paths map[string]string) error {
	var of string
	var all []tenancy.Presence
	flush := func() {
		if i, ok := tenancy.Home(all, p.Last()); ok {
			paths[of] = all[i].OrgPath
		}
		all = all[:0]
	}
	err := tenancy.EachRow(ctx, r, city, tenancy.Only{Enterprises: ids}, func(t *tenancy.PanelRow) error {
		if string(t.Enterprise) != of {
			flush()
			of = string(t.Enterprise)
		}
		all = append(all, t.Presence())
		return nil
	})
	flush()
	return err
}
