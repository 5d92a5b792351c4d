package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Noun is the name of this noun in audit lines and touches, whose id is the lifecycle's code.
const Noun = "lifecycle"

// tenancyCode is the lifecycle of every tenancy. Its stages are the columns of counts everywhere, so a city keeps exactly these.
const tenancyCode = "tenancy"

// maxReason bounds a reason, in characters.
const maxReason = 500

// Made is one version of a lifecycle: shipped (Version 0), or who put it and why.
type Made struct {
	Version int64
	From    period.Date
	Reason  string
	Actor   string
	At      time.Time
	Pack    *Pack
}

// Load gives the lifecycles of a city: the shipped ones and its own. Of two own versions that begin on the same day the later
// one counts.
func Load(ctx context.Context, r db.Reader, city string) (*Library, error) {
	l, _, err := load(ctx, r, city)
	return l, fault.Wrap("lifecycle.Load", err)
}

func load(ctx context.Context, r db.Reader, city string) (*Library, []Made, error) {
	l, err := Shipped()
	if err != nil {
		return nil, nil, err
	}
	own, err := db.Collect(ctx, r, func(s db.Scanner) (m Made, err error) {
		var body string
		var at int64
		if err = s.Scan(&m.Version, &body, &m.Reason, &m.Actor, &at); err != nil {
			return m, err
		}
		m.At = time.UnixMicro(at).UTC()
		if m.Pack, err = Parse([]byte(body)); err == nil {
			m.From = m.Pack.From
		}
		return m, err
	}, `SELECT version, body, reason, actor, at FROM pack_version WHERE city = $1 AND kind = 'lifecycle' ORDER BY code, version`, city)
	if err != nil || len(own) == 0 {
		return l, nil, err
	}
	l, err = l.With(inForce(own)...)
	return l, own, err
}

// inForce are the packs of versions, without those that a later version of the same day replaced.
func inForce(own []Made) (out []*Pack) {
	for _, m := range own {
		i := slices.IndexFunc(out, func(p *Pack) bool { return p.Code == m.Pack.Code && p.From == m.From })
		if i >= 0 {
			out = slices.Delete(out, i, i+1)
		}
		out = append(out, m.Pack)
	}
	return out
}

// History lists all versions of a lifecycle, the shipped ones first, then the city's own as they were put, also those that
// were replaced. Error: NotFound "lifecycle.unknown" (lifecycle).
func History(ctx context.Context, r db.Reader, city, code string) ([]Made, error) {
	l, own, err := load(ctx, r, city)
	if err != nil {
		return nil, fault.Wrap("lifecycle.History", err)
	}
	var out []Made
	for _, p := range l.shipped[code] {
		out = append(out, Made{From: p.From, Pack: p})
	}
	for _, m := range own {
		if m.Pack.Code == code {
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return nil, fault.Wrap("lifecycle.History", fault.New(fault.NotFound, "lifecycle.unknown", "lifecycle", code))
	}
	return out, nil
}

// Put adds the city's own version of a lifecycle, shipped or new; it is in force from the day that its file names, which is
// not before that of the city's version before it. The same file again changes nothing. One line of the trail.
//
// Errors: those of Preview; Denied "lifecycle.only_city" unless the scope covers the whole city; Invalid "lifecycle.no_reason",
// "text.too_long", "text.invalid".
func Put(ctx context.Context, w db.Writer, act org.Act, code string, body []byte, reason string) (*Pack, error) {
	p, err := put(ctx, w, act, code, body, strings.TrimSpace(reason))
	return p, fault.Wrap("lifecycle.Put", err)
}

func put(ctx context.Context, w db.Writer, act org.Act, code string, body []byte, reason string) (*Pack, error) {
	city := act.Scope.City
	switch {
	case city == "" || act.Scope.Enterprise != "" || !act.Scope.Within(city+"."):
		return nil, fault.New(fault.Denied, "lifecycle.only_city")
	case reason == "":
		return nil, fault.New(fault.Invalid, "lifecycle.no_reason", "act", "put")
	case utf8.RuneCountInString(reason) > maxReason:
		return nil, fault.New(fault.Invalid, "text.too_long", "limit", maxReason)
	}
	if err := page.Clean(reason, string(body), code); err != nil {
		return nil, err
	}
	l, own, err := load(ctx, w.Reader, city)
	if err != nil {
		return nil, err
	}
	var last Made
	for _, m := range own {
		if m.Pack.Code == code {
			last = m
		}
	}
	if last.Pack != nil && last.Pack.Body == string(body) {
		return last.Pack, nil
	}
	p, err := l.Preview(code, body, period.DayOf(act.At))
	if err != nil {
		return nil, err
	}
	if _, err := w.Exec(ctx, `INSERT INTO pack_version (city, kind, code, version, body, reason, actor, at) VALUES ($1, 'lifecycle', $2, $3, $4, $5, $6, $7)`,
		city, code, last.Version+1, p.Body, reason, act.Actor, act.At.UnixMicro()); err != nil {
		return nil, err
	}
	detail := map[string]any{"version": last.Version + 1, "from": p.From.String(), "reason": reason, "after": digest(p.Body)}
	if before, err := l.For(code, max(p.From, period.DayOf(act.At))); err == nil {
		detail["before"] = map[string]any{"number": before.Number, "from": before.From.String(), "digest": digest(before.Body)}
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: city, Actor: act.Actor, Action: "lifecycle.put", Kind: Noun, Entity: code, At: act.At, Detail: detail,
		Touched: []audit.Touch{{Kind: Noun, ID: code}}})
	return p, err
}

// Preview reads a file as the city's next version of a lifecycle and writes nothing. It must keep the stages of what is in
// force, on its first day and today; one of the tenancy must have exactly these.
//
// Errors: those of Parse; Invalid "lifecycle.other_code" (lifecycle, want), "lifecycle.from_before" (from, before),
// "lifecycle.stage_gone", "lifecycle.other_of", "lifecycle.stage_new" (lifecycle, stage).
func (l *Library) Preview(code string, body []byte, today period.Date) (*Pack, error) {
	p, err := Parse(body)
	if err != nil {
		return nil, err
	}
	if p.Code != code {
		return nil, fault.New(fault.Invalid, "lifecycle.other_code", "lifecycle", p.Code, "want", code)
	}
	if n := len(l.city[code]); n > 0 && p.From < l.city[code][n-1].From {
		return nil, fault.New(fault.Invalid, "lifecycle.from_before", "from", p.From.String(), "before", l.city[code][n-1].From.String())
	}
	for _, day := range []period.Date{p.From, max(p.From, today)} {
		before, err := l.For(code, day)
		if err != nil {
			continue // the first of its code
		}
		if err := p.follows(before); err != nil {
			return nil, err
		}
		for _, s := range p.Stages {
			if code == tenancyCode && before.Stage(s.Code) == nil {
				return nil, fault.New(fault.Invalid, "lifecycle.stage_new", "lifecycle", code, "stage", s.Code)
			}
		}
	}
	return p, nil
}

// Own says that a version is the city's own.
func (l *Library) Own(p *Pack) bool { return slices.Contains(l.city[p.Code], p) }

// digest names a file's content in the trail; the file itself is in pack_version.
func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Shelf keeps the libraries of cities and reads one anew only when the city has another version. The zero Shelf is ready to
// use; safe for concurrent use. Not for a transaction that puts a lifecycle itself: use Load there.
type Shelf struct{ kept pack.Shelf[*Library] }

// Load is Load of the package.
func (s *Shelf) Load(ctx context.Context, r db.Reader, city string) (*Library, error) {
	var now pack.Mark
	if err := r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(at), 0) FROM pack_version WHERE city = $1 AND kind = 'lifecycle'`, city).
		Scan(&now.Count, &now.Latest); err != nil {
		return nil, fault.Wrap("lifecycle.Shelf.Load", err)
	}
	return s.kept.Get(city, now, func() (*Library, error) { return Load(ctx, r, city) })
}
