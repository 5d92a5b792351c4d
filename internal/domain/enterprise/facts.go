package enterprise

import (
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Facts is what indicators need to know of an enterprise.
type Facts struct {
	Enterprise
	OrgPath string // where it is registered in the reporting tree
}

// EachFacts calls fn with every enterprise of the city, or with those of ids that are there, by id and each once. It is the
// feed of the panel and knows no scope: the panel's readings do. fn must not use r.
func EachFacts(ctx context.Context, r db.Reader, city string, ids []ID, fn func(*Facts) error) error {
	var f Facts
	paths := map[string]string{} // one text for all enterprises of an org
	var path string
	scanOne := func(s db.Scanner) error {
		err := s.Scan(&f.City, &f.ID, &f.USCC, &f.Name, &f.Org, &f.Industry, &f.AboveScaleSince, &f.Nature, &f.Source, &f.Version, &path)
		if err != nil {
			return err
		}
		known, ok := paths[path]
		if !ok {
			known, paths[path] = path, path
		}
		f.OrgPath = known
		return fn(&f)
	}
	read := func(w *page.Where) error {
		return db.Each(ctx, r, scanOne, `SELECT e.city, e.id, e.uscc, e.name, e.org, COALESCE(e.industry, ''), COALESCE(e.above_scale_since, 0),
			e.nature, e.source, e.version, o.path`+tables+w.SQL()+` ORDER BY e.id`, w.Args()...)
	}
	if ids == nil {
		var w page.Where
		w.And("e.city = %s", city)
		return fault.Wrap("enterprise.EachFacts", read(&w))
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for part := range slices.Chunk(ids, page.Chunk) {
		var w page.Where
		w.And("e.city = %s", city)
		page.AndIn(&w, "e.id", part)
		if err := read(&w); err != nil {
			return fault.Wrap("enterprise.EachFacts", err)
		}
	}
	return nil
}

// Visible gives the ids of all enterprises that a scope covers, for bulk writes that must stay inside it.
func Visible(ctx context.Context, r db.Reader, s auth.Scope) (map[ID]bool, error) {
	out := map[ID]bool{}
	var w page.Where
	if !visible(&w, s, "") {
		return out, nil
	}
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var id ID
		err := row.Scan(&id)
		out[id] = true
		return err
	}, `SELECT e.id`+tables+w.SQL()+` ORDER BY e.id`, w.Args()...)
	return out, fault.Wrap("enterprise.Visible", err)
}
