package org

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// maxOrgs bounds a city's tree: Quanzhou has 14 offices and about a hundred operators.
const maxOrgs = 20_000

const columns = `city, id, parent, kind, name_zh, name_en, division, path, sort, version`

func scan(row db.Scanner) (Org, error) {
	var (
		o                Org
		parent, division *string
	)
	err := row.Scan(&o.City, &o.ID, &parent, &o.Kind, &o.NameZH, &o.NameEN, &division, &o.Path, &o.Sort, &o.Version)
	if parent != nil {
		o.Parent = ID(*parent)
	}
	if division != nil {
		o.Division = *division
	}
	return o, err
}

// List gives the caller's part of the tree, parents before children and siblings in the office's order. A scope without a
// place sees nothing.
func List(ctx context.Context, r db.Reader, s auth.Scope) ([]Org, error) {
	return subtree(ctx, r, Reach(s, ""))
}

// All gives a whole city's tree in the order of List, for work that is not a person's: reading a list, deriving figures.
func All(ctx context.Context, r db.Reader, city string) ([]Org, error) {
	return subtree(ctx, r, auth.Whole(city))
}

func subtree(ctx context.Context, r db.Reader, s auth.Scope) ([]Org, error) {
	from, to := s.Range()
	orgs, err := db.Collect(ctx, r, scan, `SELECT `+columns+` FROM org
		WHERE city = $1 AND path >= $2 AND path < $3 ORDER BY path LIMIT $4`, s.City, from, to, maxOrgs+1)
	if err == nil && len(orgs) > maxOrgs {
		err = fault.New(fault.Invalid, "org.too_many", "limit", maxOrgs)
	}
	if err != nil {
		return nil, fault.Wrap("org.List", err)
	}
	return inOrder(orgs), nil
}

// Get gives one org that the scope covers. Error kind NotFound, key "org.not_found".
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Org, error) {
	from, to := Reach(s, "").Range()
	o, err := scan(r.QueryRow(ctx, `SELECT `+columns+` FROM org
		WHERE city = $1 AND id = $2 AND path >= $3 AND path < $4`, s.City, id, from, to))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Because(err, fault.NotFound, "org.not_found", "id", id)
	}
	if err != nil {
		return Org{}, fault.Wrap("org.Get", err)
	}
	return o, nil
}

// ByName gives the org in the scope that text names, as Names.Find does. Errors: NotFound "org.unknown_name".
func ByName(ctx context.Context, r db.Reader, s auth.Scope, text string, aliases map[string]string) (Org, error) {
	orgs, err := List(ctx, r, s)
	if err != nil {
		return Org{}, fault.Wrap("org.ByName", err)
	}
	o, err := NamesOf(orgs, aliases).Find(text)
	return o, fault.Wrap("org.ByName", err)
}

// Add adds orgs, parents before their children, computes their paths and writes one audit line. The root of a city is
// added by a scope that already names its path. It gives the orgs as stored.
//
// Errors: Invalid "org.bad_id", "org.bad_kind", "org.no_name", "org.no_parent", "org.bad_rank"; NotFound "org.not_found"
// for a parent that is not there or out of reach; Denied "org.out_of_reach"; Exists "org.exists".
func Add(ctx context.Context, w db.Writer, act Act, orgs ...Org) ([]Org, error) {
	stored := make([]Org, 0, len(orgs))
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "org.add", Kind: "org", At: act.At}
	for _, o := range orgs {
		added, err := add(ctx, w, act, o)
		if err != nil {
			return nil, fault.Wrap("org.Add", err)
		}
		stored = append(stored, added)
		entry.Touched = append(entry.Touched, audit.Touch{Kind: "org", ID: string(added.ID)})
	}
	if len(stored) == 0 {
		return nil, nil
	}
	entry.Entity, entry.Detail = string(stored[0].ID), map[string]any{"after": facts(stored)}
	if _, err := audit.Append(ctx, w, entry); err != nil {
		return nil, fault.Wrap("org.Add", err)
	}
	return stored, nil
}

func add(ctx context.Context, w db.Writer, act Act, o Org) (Org, error) {
	o.City, o.Version, o.Path = act.Scope.City, 1, string(o.ID)+"."
	var parent *Org
	if o.Parent != "" {
		p, err := Get(ctx, w.Reader, act.Scope, o.Parent)
		if err != nil {
			return Org{}, err
		}
		parent, o.Path = &p, p.Path+o.Path
	}
	if err := o.check(parent); err != nil {
		return Org{}, err
	}
	if !Reach(act.Scope, "").Within(o.Path) {
		return Org{}, fault.New(fault.Denied, "org.out_of_reach", "id", o.ID)
	}
	_, err := w.Exec(ctx, `INSERT INTO org (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		o.City, o.ID, orNull(string(o.Parent)), o.Kind, o.NameZH, o.NameEN, orNull(o.Division), o.Path, o.Sort, o.Version)
	if fault.KindOf(err) == fault.Exists {
		err = fault.Because(err, fault.Exists, "org.exists", "id", o.ID, "name", o.NameZH)
	}
	return o, err
}

func facts(orgs []Org) []map[string]any {
	out := make([]map[string]any, len(orgs))
	for i, o := range orgs {
		out[i] = map[string]any{"id": o.ID, "path": o.Path, "kind": o.Kind, "name_zh": o.NameZH, "name_en": o.NameEN, "division": o.Division, "sort": o.Sort}
	}
	return out
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
