package app

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// projectListRules are the rules of making projects of a list: whoever enters milestones, of the lists of their own place.
func (n *town) projectListRules() map[string]routeRule {
	lib, err := form.LoadShipped()
	if err != nil {
		n.t.Fatal(err)
	}
	err = n.c.db.Write(n.ctx, func(w db.Writer) error {
		act := n.c.act()
		act.Scope = auth.Scope{City: n.c.ref.ID, Path: pathB}
		_, err := filing.Save(n.ctx, w, act, lib, filing.Edit{Ref: filing.Ref{Kind: form.OfOrg, Subject: countyB, Form: "project_list"}, Changes: []filing.Change{
			{Key: "B-1", Nature: figure.Declared, Origin: filing.Origin{Way: filing.Typed}, Cells: filing.Cells{"project_no": "B-1", "project_name": "光伏", "planning_submitted": "2024-03-01"}}}})
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	body := func(more string) string { return `{"org":"` + countyB + `","lifecycle":"planning"` + more + `}` }
	enters := []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator}
	one := func(want float64) func(t *testing.T, p person, a httpAnswer) {
		return func(t *testing.T, p person, a httpAnswer) {
			if a.body["new"] != want {
				t.Errorf("load as %s = %s, want %v new", p.name, a.text, want)
			}
		}
	}
	forget := func(person) {
		for _, statement := range []string{`DELETE FROM project_milestone WHERE stage = 'submitted'`, `DELETE FROM project WHERE kind = 'planning'`} {
			n.write(func(w db.Writer, _ org.Act) error {
				_, err := w.Exec(n.ctx, statement)
				return err
			})
		}
	}
	return map[string]routeRule{
		"load-projects": {roles: enters, visits: []visit{
			{method: "POST", path: "/projects/load", body: body(`,"dry":true`), covers: at(pathB), outside: "404 org.not_found", before: forget, check: one(1)},
			{method: "POST", path: "/projects/load", body: body(""), covers: at(pathB), outside: "404 org.not_found", before: forget, check: one(1), writes: true},
		}},
	}
}
