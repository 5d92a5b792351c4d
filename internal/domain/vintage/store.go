package vintage

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// MaxList is the most vintages that List gives: twenty years of months, closed twice.
const MaxList = 500

const columns = `v.city, v.period, v.no, v.sequence, v.reason, v.actor, v.at, v.digest`

func scan(row db.Scanner) (Vintage, error) {
	var (
		v      Vintage
		period string
		at     int64
	)
	err := row.Scan(&v.City, &period, &v.No, &v.Sequence, &v.Reason, &v.Actor, &at, &v.Digest)
	if err != nil {
		return v, err
	}
	v.At = time.UnixMicro(at).UTC()
	v.Month, err = ParseMonth(period)
	return v, err
}

// List gives the latest vintages of the caller's city, the latest month and number first, at most MaxList. Everybody who
// may read the ledger may know which months are closed. Their texts are another thing: see Get.
func List(ctx context.Context, r db.Reader, s auth.Scope) ([]Vintage, error) {
	if s.None() {
		return nil, nil
	}
	out, err := db.Collect(ctx, r, scan, `SELECT `+columns+` FROM vintage v WHERE v.city = $1 ORDER BY v.period DESC, v.no DESC LIMIT $2`, s.City, MaxList)
	if err != nil || len(out) == 0 {
		return nil, fault.Wrap("vintage.List", err)
	}
	from := out[len(out)-1].Month
	digests, err := partDigests(ctx, r, s.City, from)
	if err != nil {
		return nil, fault.Wrap("vintage.List", err)
	}
	counts, err := completes(ctx, r, s.City, from)
	if err != nil {
		return nil, fault.Wrap("vintage.List", err)
	}
	for i := range out {
		out[i].Parts, out[i].Complete = digests[out[i].Name()], counts[out[i].Name()]
	}
	return out, nil
}

// partDigests gives the digests of the parts by name of the vintage and of the part, from a month on.
func partDigests(ctx context.Context, r db.Reader, city string, from period.Month) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var v Vintage
		var month, name, digest string
		if err := row.Scan(&month, &v.No, &name, &digest); err != nil {
			return err
		}
		m, err := ParseMonth(month)
		if v.Month = m; out[v.Name()] == nil {
			out[v.Name()] = map[string]string{}
		}
		out[v.Name()][name] = digest
		return err
	}, `SELECT period, no, name, digest FROM vintage_part WHERE city = $1 AND period >= $2 AND chunk = 0 ORDER BY period, no, name`, city, from.String())
	return out, err
}

// completes gives what was owed and approved, by name of the vintage and form.
func completes(ctx context.Context, r db.Reader, city string, from period.Month) (map[string]map[string]Count, error) {
	out := map[string]map[string]Count{}
	packed := map[string]part{}
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var v Vintage
		var month string
		p := part{name: Completeness}
		if err := row.Scan(&month, &v.No, &p.digest, &p.packed); err != nil {
			return err
		}
		m, err := ParseMonth(month)
		v.Month = m
		have := packed[v.Name()]
		p.packed = slices.Concat(have.packed, p.packed)
		packed[v.Name()] = p
		return err
	}, `SELECT period, no, digest, bytes FROM vintage_part WHERE city = $1 AND period >= $2 AND name = $3 ORDER BY period, no, chunk`, city, from.String(), Completeness)
	for name, p := range packed {
		var c Complete
		text, bad := p.text()
		if bad != nil || json.Unmarshal(text, &c) != nil {
			continue // the list says nothing of it; Check says what is wrong
		}
		out[name] = c.counts()
	}
	return out, err
}

// Get gives a vintage with its texts; no 0 is the month's latest. Only a scope that sees the whole city gets it. Errors:
// NotFound "vintage.not_found"; Denied "vintage.whole_city".
func Get(ctx context.Context, r db.Reader, s auth.Scope, m period.Month, no int64) (*Kept, error) {
	if err := whole(s); err != nil {
		return nil, fault.Wrap("vintage.Get", err)
	}
	v, err := head(ctx, r, s.City, m, no)
	if err != nil {
		return nil, fault.Wrap("vintage.Get", err)
	}
	k := &Kept{Vintage: v}
	if k.parts, err = parts(ctx, r, v, partNames...); err != nil {
		return nil, fault.Wrap("vintage.Get", err)
	}
	k.settle()
	k.Trail, err = trail(ctx, r, v)
	return k, fault.Wrap("vintage.Get", err)
}

// parts reads some of a vintage's texts, packed.
func parts(ctx context.Context, r db.Reader, v Vintage, names ...string) (out []part, err error) {
	var w page.Where
	w.And("city = %s AND period = %s AND no = %s", v.City, v.Month.String(), v.No)
	page.AndIn(&w, "name", names)
	err = db.Each(ctx, r, func(row db.Scanner) error {
		var p part
		if err := row.Scan(&p.name, &p.digest, &p.packed); err != nil {
			return err
		}
		if n := len(out); n > 0 && out[n-1].name == p.name {
			out[n-1].packed = append(out[n-1].packed, p.packed...)
			return nil
		}
		p.packed = slices.Clone(p.packed)
		out = append(out, p)
		return nil
	}, `SELECT name, digest, bytes FROM vintage_part`+w.SQL()+` ORDER BY name, chunk`, w.Args()...)
	return out, err
}

// trail looks up what the audit trail says of a vintage. Its line stands right behind the change up to which it was
// computed, for nothing came between; one that was carried here has none of its own.
func trail(ctx context.Context, r db.Reader, v Vintage) (Trail, error) {
	lines, err := audit.List(ctx, r, v.City, v.Sequence+2, 1)
	if err != nil || len(lines) == 0 || lines[0].Seq != v.Sequence+1 || lines[0].Kind != Noun || lines[0].Entity != v.Name() {
		return TrailSilent, err
	}
	var said struct{ Digest string }
	if json.Unmarshal([]byte(lines[0].Detail), &said) == nil && said.Digest == v.Digest {
		return TrailSame, nil
	}
	return TrailOther, nil
}

// settle puts the parts in order and sums up what the head says of them.
func (k *Kept) settle() {
	slices.SortStableFunc(k.parts, func(a, b part) int { return slices.Index(partNames, a.name) - slices.Index(partNames, b.name) })
	k.Parts = digestsOf(k.parts)
	var c Complete
	if err := k.readJSON(Completeness, &c); err == nil {
		k.Complete = c.counts()
	}
}

func head(ctx context.Context, r db.Reader, city string, m period.Month, no int64) (Vintage, error) {
	v, err := scan(r.QueryRow(ctx, `SELECT `+columns+` FROM vintage v WHERE v.city = $1 AND v.period = $2 AND (v.no = $3 OR $3 = 0)
		ORDER BY v.no DESC LIMIT 1`, city, m.String(), no))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "vintage.not_found", "period", m.String(), "no", no)
	}
	return v, err
}

// whole refuses who does not see the whole city.
func whole(s auth.Scope) error {
	if s.None() || s.Enterprise != "" || org.Reach(s, "").Path != auth.Whole(s.City).Path {
		return fault.New(fault.Denied, "vintage.whole_city")
	}
	return nil
}
