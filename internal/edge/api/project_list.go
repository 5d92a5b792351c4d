package api

import (
	"context"
	"net/http"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/projectlist"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ProjectLoadProblem is a row of a project list that is left out, or what of a row is not taken.
type ProjectLoadProblem struct {
	Row     int    `json:"row" doc:"row of the file; 0 of a row that was typed"`
	Key     string `json:"key" doc:"the project's number in the list"`
	Message string `json:"message"`
}

// ProjectLoad says what loading a project list did, or would do.
type ProjectLoad struct {
	New       int                  `json:"new"`
	Changed   int                  `json:"changed"`
	Unchanged int                  `json:"unchanged"`
	Bad       []ProjectLoadProblem `json:"bad"`
}

type projectLoadRequest struct {
	Body struct {
		Org       string `json:"org" maxLength:"40" doc:"whose list of the form project_list is loaded"`
		Lifecycle string `json:"lifecycle" maxLength:"40" doc:"code of the lifecycle that the projects pass"`
		Dry       bool   `json:"dry,omitempty" doc:"only say what would happen"`
	}
}

func (a *API) projectList() {
	register(a, operation{id: "load-projects", method: http.MethodPost, path: "/projects/load", tag: "projects", summary: "Make projects of an org's project list"},
		func(ctx context.Context, in *projectLoadRequest) (*struct{ Body ProjectLoad }, error) {
			from := projectlist.From{Org: org.ID(in.Body.Org), Lifecycle: in.Body.Lifecycle}
			var report projectlist.Report
			var err error
			if in.Body.Dry {
				report, err = a.wouldLoad(ctx, from)
			} else {
				err = a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) error {
					lib, err := lifecycle.Load(ctx, w.Reader, a.City)
					if err == nil {
						report, err = projectlist.Load(ctx, w, act, lib, from)
					}
					return err
				})
			}
			if err != nil {
				return nil, err
			}
			out := ProjectLoad{report.New, report.Changed, report.Unchanged, []ProjectLoadProblem{}}
			for _, b := range report.Bad {
				message, _ := a.Texts.Format(languageOf(ctx), b.Fault.Key, b.Fault.Args)
				out.Bad = append(out.Bad, ProjectLoadProblem{b.Row, b.Key, message})
			}
			return &struct{ Body ProjectLoad }{out}, nil
		})
}

// wouldLoad says what a load would do.
func (a *API) wouldLoad(ctx context.Context, from projectlist.From) (report projectlist.Report, err error) {
	if err := may(ctx, auth.MilestoneEdit); err != nil {
		return report, err
	}
	err = a.read(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := lifecycle.Load(ctx, r, a.City)
		if err != nil {
			return err
		}
		act := org.Act{Scope: s, Actor: caller(ctx).Username, At: a.Now(), NewID: a.IDs.New}
		plan, err := projectlist.Prepare(ctx, r, act, lib, from)
		if err == nil {
			report = plan.Report
		}
		return err
	})
	return report, err
}
