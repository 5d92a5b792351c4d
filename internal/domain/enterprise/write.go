package enterprise

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Add adds an enterprise to an org that the scope covers; its id is made when e.ID is empty. It gives the enterprise as
// stored. Errors as AddMany.
func Add(ctx context.Context, w db.Writer, act org.Act, e Enterprise) (Enterprise, error) {
	stored, err := AddMany(ctx, w, act, []Enterprise{e})
	if err != nil {
		return Enterprise{}, fault.Wrap("enterprise.Add", err)
	}
	return stored[0], nil
}

// AddMany adds enterprises with one audit line and gives them as stored, in the same order; the input is not changed.
//
// Errors: Invalid "uscc.…", "industry.…", "date.invalid", "figure.bad_nature", "enterprise.no_name", "enterprise.no_source",
// "text.too_long", "text.invalid"; NotFound "org.not_found" for an org out of reach; Exists "enterprise.exists" (argument
// uscc) when the city has one with that code or id.
func AddMany(ctx context.Context, w db.Writer, act org.Act, list []Enterprise) ([]Enterprise, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := insert(ctx, w, act, list)
	if err == nil {
		err = record(ctx, w, act, "enterprise.add", stored)
	}
	if err != nil {
		return nil, fault.Wrap("enterprise.AddMany", err)
	}
	return stored, nil
}

func insert(ctx context.Context, w db.Writer, act org.Act, list []Enterprise) ([]Enterprise, error) {
	reach := map[org.ID]bool{}
	orgs, err := org.List(ctx, w.Reader, act.Scope)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		reach[o.ID] = true
	}
	row, err := w.Prepare(ctx, `INSERT INTO enterprise (city, id, uscc, name, org, industry, above_scale_since, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	if err != nil {
		return nil, err
	}
	defer row.Close()
	name, err := w.Prepare(ctx, `INSERT INTO enterprise_name (city, enterprise, since, name, source) VALUES ($1, $2, $3, $4, $5)`)
	if err != nil {
		return nil, err
	}
	defer name.Close()
	stored := make([]Enterprise, len(list))
	for i, e := range list {
		e.City, e.Version = act.Scope.City, 1
		if err := e.check(); err != nil {
			return nil, err
		}
		if !reach[e.Org] {
			return nil, fault.New(fault.NotFound, "org.not_found", "id", e.Org)
		}
		if e.ID == "" {
			e.ID = ID(act.NewID())
		}
		err := row.Exec(ctx, e.City, e.ID, e.USCC, e.Name, e.Org, industryOrNull(e.Industry), dateOrNull(e.AboveScaleSince), e.Nature, e.Source, e.Version)
		if err != nil {
			return nil, existsAs(err, "enterprise.exists", "uscc", string(e.USCC))
		}
		if err := name.Exec(ctx, e.City, e.ID, 0, e.Name, e.Source); err != nil {
			return nil, err
		}
		stored[i] = e
	}
	return stored, nil
}

// record writes the audit line of added enterprises: all facts of one, the number of many.
func record(ctx context.Context, w db.Writer, act org.Act, action string, stored []Enterprise) error {
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: action, Kind: Kind, At: act.At}
	if len(stored) == 1 {
		e := stored[0]
		entry.Entity = string(e.ID)
		entry.Detail = map[string]any{"after": map[string]any{
			"uscc": e.USCC, "name": e.Name, "org": e.Org, "industry": e.Industry, "above_scale_since": e.AboveScaleSince.String(),
			"nature": e.Nature, "source": e.Source,
		}}
	} else {
		entry.Detail = map[string]any{"count": len(stored)}
	}
	ids := make([]ID, len(stored))
	for i, e := range stored {
		ids[i] = e.ID
	}
	entry.Touched = audit.Touches(Kind, ids)
	_, err := audit.Append(ctx, w, entry)
	return err
}

// Renaming is a new name of an enterprise.
type Renaming struct {
	ID      ID
	Version int64 // that the caller read
	Name    string
	Since   period.Date // first day of the new name; a month or a year where the day is not stated
	Source  string
}

// Rename gives an enterprise a new name; the former one is kept with the days that it held. It gives the new version.
//
// Errors: NotFound "enterprise.not_found"; Stale "row.stale" (argument version: the row's); Invalid "date.invalid" without a
// date, "enterprise.rename_order" (arguments since, latest) unless Since is later than that of the name before,
// "enterprise.no_name", "enterprise.no_source", "enterprise.same_name", "text.too_long", "text.invalid".
func Rename(ctx context.Context, w db.Writer, act org.Act, n Renaming) (int64, error) {
	version, err := rename(ctx, w, act, n)
	return version, fault.Wrap("enterprise.Rename", err)
}

func rename(ctx context.Context, w db.Writer, act org.Act, n Renaming) (int64, error) {
	d, err := Get(ctx, w.Reader, act.Scope, n.ID)
	if err != nil {
		return 0, err
	}
	n.Name = strings.TrimSpace(n.Name)
	if err := n.check(d); err != nil {
		return 0, err
	}
	if _, err := w.Exec(ctx, `INSERT INTO enterprise_name (city, enterprise, since, name, source) VALUES ($1, $2, $3, $4, $5)`,
		d.City, n.ID, n.Since, n.Name, n.Source); err != nil {
		return 0, err
	}
	affected, err := w.Exec(ctx, `UPDATE enterprise SET name = $1, version = $2 WHERE city = $3 AND id = $4 AND version = $5`,
		n.Name, n.Version+1, d.City, n.ID, n.Version)
	if err == nil && affected != 1 {
		err = fault.New(fault.Stale, "row.stale", "version", d.Version)
	}
	if err != nil {
		return 0, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: d.City, Actor: act.Actor, Action: "enterprise.rename", Kind: Kind, Entity: string(n.ID), At: act.At,
		Detail:  map[string]any{"name": map[string]string{"before": d.Name, "after": n.Name}, "since": n.Since.String(), "source": n.Source},
		Touched: []audit.Touch{{Kind: Kind, ID: string(n.ID)}},
	})
	return n.Version + 1, err
}

func (n Renaming) check(d Detail) error {
	if n.Version != d.Version {
		return fault.New(fault.Stale, "row.stale", "version", d.Version)
	}
	if err := checkTexts(n.Name, n.Source); err != nil {
		return err
	}
	if err := checkDate(n.Since); err != nil || n.Since == 0 {
		return fault.New(fault.Invalid, "date.invalid", "text", n.Since.String())
	}
	if n.Name == d.Name {
		return fault.New(fault.Invalid, "enterprise.same_name", "name", n.Name)
	}
	if latest := d.Names[len(d.Names)-1].Since; n.Since <= latest {
		return fault.New(fault.Invalid, "enterprise.rename_order", "since", n.Since.String(), "latest", latest.String())
	}
	return nil
}

// existsAs gives a broken unique key the noun's own words.
func existsAs(err error, key string, kv ...any) error {
	if fault.KindOf(err) == fault.Exists && err != nil {
		return fault.Because(err, fault.Exists, key, kv...)
	}
	return err
}

func industryOrNull(c industry.Code) *string {
	if c == "" {
		return nil
	}
	s := string(c)
	return &s
}

func dateOrNull(d period.Date) *int64 {
	if d == 0 {
		return nil
	}
	n := int64(d)
	return &n
}
