package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Hit is a row that a search found.
type Hit struct {
	Kind   string `json:"kind" enum:"org,park,enterprise"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Detail string `json:"detail" doc:"what tells it from others: its county, its credit code"`
}

// hitsPerKind bounds how many rows of a kind a search gives.
const hitsPerKind = 8

func (a *API) search() {
	register(a, operation{id: "search", method: http.MethodGet, path: "/search", tag: "search", summary: "Find a reporting unit, park or enterprise by name or credit code"},
		func(ctx context.Context, in *struct {
			Text string `query:"q" required:"true" minLength:"1" maxLength:"200"`
		}) (*struct{ Body listOf[Hit] }, error) {
			out := listOf[Hit]{Items: []Hit{}}
			text := strings.TrimSpace(in.Text)
			if text == "" {
				return &struct{ Body listOf[Hit] }{out}, nil
			}
			err := a.read(ctx, func(r db.Reader, s auth.Scope) (err error) {
				out.Items, err = a.find(ctx, r, s, text)
				return err
			})
			return &struct{ Body listOf[Hit] }{out}, err
		})
}

func (a *API) find(ctx context.Context, r db.Reader, s auth.Scope, text string) ([]Hit, error) {
	hits := []Hit{}
	orgs, err := org.List(ctx, r, s)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		if len(hits) < hitsPerKind && (strings.Contains(o.NameZH, text) || strings.Contains(strings.ToLower(o.NameEN), strings.ToLower(text)) || o.Division == text) {
			hits = append(hits, Hit{"org", string(o.ID), o.NameZH, o.NameEN})
		}
	}
	parks, _, err := park.List(ctx, r, s, park.Query{Text: text, Limit: hitsPerKind})
	if err != nil {
		return nil, err
	}
	for _, p := range parks {
		hits = append(hits, Hit{"park", string(p.ID), p.Name, p.OrgName})
	}
	firms, _, err := enterprise.List(ctx, r, s, enterprise.Query{Text: text, Limit: hitsPerKind})
	if err != nil {
		return nil, err
	}
	for _, e := range firms {
		hits = append(hits, Hit{"enterprise", string(e.ID), e.Name, string(e.USCC)})
	}
	return hits, nil
}
