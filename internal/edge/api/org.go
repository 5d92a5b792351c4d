package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Org is a node of the reporting tree.
type Org struct {
	ID       string `json:"id"`
	Parent   string `json:"parent"`
	Kind     string `json:"kind" enum:"city,county,committee,operator"`
	Name     string `json:"name"`
	NameEN   string `json:"name_en"`
	Division string `json:"division" doc:"GB/T 2260 code; empty for a unit that has none"`
	Path     string `json:"path"`
	Sort     int64  `json:"sort"`
}

func (a *API) orgs() {
	register(a, operation{id: "list-orgs", method: http.MethodGet, path: "/orgs", tag: "orgs", summary: "The caller's part of the reporting tree, parents first"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body listOf[Org] }, error) {
			out := listOf[Org]{Items: []Org{}}
			s, err := a.treeScope(ctx)
			if err != nil {
				return nil, err
			}
			err = a.DB.Read(ctx, func(r db.Reader) error {
				list, err := org.List(ctx, r, s)
				for _, o := range list {
					out.Items = append(out.Items, Org{string(o.ID), string(o.Parent), string(o.Kind), o.NameZH, o.NameEN, o.Division, o.Path, o.Sort})
				}
				return err
			})
			return &struct{ Body listOf[Org] }{out}, err
		})
}

// treeScope is what the caller sees of the tree: a reader of the ledger their part, and who grants places all of it, since
// a place cannot be granted that cannot be seen.
func (a *API) treeScope(ctx context.Context) (auth.Scope, error) {
	if caller(ctx).May(auth.UserGrant) {
		return auth.Whole(a.City), nil
	}
	return reader(ctx)
}

// nameOf is an org's name in a language.
func nameOf(o org.Org, lang string) string {
	if lang == rule.EN && o.NameEN != "" {
		return o.NameEN
	}
	return o.NameZH
}

// below turns the org of a query into its path, which must lie in the scope; no org means all of the scope. Error kind
// NotFound, key "org.not_found".
func below(ctx context.Context, r db.Reader, s auth.Scope, id string) (path string, err error) {
	if id == "" {
		return "", nil
	}
	o, err := org.Get(ctx, r, s, org.ID(id))
	return o.Path, err
}

// inside is below for lists that an enterprise may also ask: it has no place in the tree, so it cannot narrow by one.
func (a *API) inside(ctx context.Context, r db.Reader, s auth.Scope, id string) (string, error) {
	if s.Enterprise != "" && id == a.City {
		return "", nil
	}
	return below(ctx, r, s, id)
}
