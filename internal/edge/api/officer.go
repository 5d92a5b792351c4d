package api

import (
	"context"
	"net/http"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/officer"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// OfficerPerson is somebody who can answer for a tenancy or project.
type OfficerPerson struct {
	Username  string `json:"username"`
	Name      string `json:"name"`
	Role      string `json:"role" enum:"city_office,county_office,park_operator"`
	Org       string `json:"org"`
	OrgName   string `json:"org_name"`
	OrgNameEN string `json:"org_name_en"`
	Tenancies int    `json:"tenancies" doc:"that the person answers for, of those the caller sees"`
	Projects  int    `json:"projects"`
	Problems  int    `json:"problems" doc:"open ones that the person owns"`
	May       bool   `json:"may" doc:"the caller may name the person: an office names its own people and those below it"`
}

// Appointment says who answers for a subject since when.
type Appointment struct {
	Username   string `json:"username" doc:"empty: nobody"`
	Name       string `json:"name"`
	Since      string `json:"since"`
	Reason     string `json:"reason"`
	Recorder   string `json:"recorder"`
	RecordedAt string `json:"recorded_at"`
}

// SubjectOfficer is who answers for a subject now, and who did before.
type SubjectOfficer struct {
	Appointment
	History []Appointment `json:"history" doc:"the latest first; empty for an enterprise"`
}

func (a *API) officers() {
	register(a, operation{id: "list-officers", method: http.MethodGet, path: "/officers", tag: "officers", summary: "Who can answer for tenancies and projects, and for how many each does"}, a.listOfficers)
	register(a, operation{id: "get-officer", method: http.MethodGet, path: "/subjects/{kind}/{id}/officer", tag: "officers", summary: "Who answers for a tenancy or project, and who did before"}, a.getOfficer)
	register(a, operation{id: "set-officer", method: http.MethodPut, path: "/subjects/{kind}/{id}/officer", tag: "officers", summary: "Say who answers for a tenancy or project from a day on"}, a.setOfficer)
}

func (a *API) listOfficers(ctx context.Context, in *struct {
	Kind    string `query:"kind" enum:"tenancy,project" doc:"with subject: only those whose place covers it"`
	Subject string `query:"subject" maxLength:"40"`
}) (*struct{ Body listOf[OfficerPerson] }, error) {
	out := listOf[OfficerPerson]{Items: []OfficerPerson{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		covers := func(auth.Person) bool { return true }
		if in.Subject != "" {
			head, err := subject.Get(ctx, r, s, subject.Ref{Kind: subject.Kind(in.Kind), ID: in.Subject})
			if err != nil {
				return err
			}
			covers = func(p auth.Person) bool { return p.Covers(head.OrgPath) }
		}
		people, err := officer.People(ctx, r, s)
		if err != nil {
			return err
		}
		owned, err := problem.OwnerCounts(ctx, r, s)
		if err != nil {
			return err
		}
		orgs, err := org.All(ctx, r, a.City)
		byID := problem.ByID(orgs)
		for _, p := range people {
			if !covers(p.Person) {
				continue
			}
			o := byID[org.ID(p.Org)]
			out.Items = append(out.Items, OfficerPerson{Username: p.Username, Name: p.Name, Role: string(p.Role), Org: p.Org, OrgName: o.NameZH, OrgNameEN: o.NameEN,
				Tenancies: p.Tenancies, Projects: p.Projects, Problems: owned[p.Username], May: p.May})
		}
		return err
	})
	return &struct{ Body listOf[OfficerPerson] }{out}, err
}

func (a *API) getOfficer(ctx context.Context, in *SubjectPath) (*struct{ Body SubjectOfficer }, error) {
	out := SubjectOfficer{History: []Appointment{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		if _, err := subject.Get(ctx, r, s, in.ref()); err != nil {
			return err
		}
		list, err := officer.History(ctx, r, a.City, in.ref())
		if err != nil {
			return err
		}
		names, err := peopleNames(ctx, r, a.City)
		for i, o := range list {
			one := Appointment{o.Username, names[o.Username], o.Since.String(), o.Reason, o.Recorder, instant(time.UnixMicro(o.RecordedAt))}
			if s.Enterprise != "" { // whom to call, and no more of what offices told each other
				one.Reason, one.Recorder, one.RecordedAt = "", "", ""
			} else {
				out.History = append(out.History, one)
			}
			if i == 0 {
				out.Appointment = one
			}
		}
		return err
	})
	return &struct{ Body SubjectOfficer }{out}, err
}

func (a *API) setOfficer(ctx context.Context, in *struct {
	SubjectPath
	Body struct {
		Username string `json:"username" maxLength:"200" doc:"empty: nobody"`
		Since    string `json:"since" maxLength:"10" doc:"first day"`
		Reason   string `json:"reason" maxLength:"2000"`
	}
}) (*struct{ Body SubjectOfficer }, error) {
	since, err := period.ParseDate(in.Body.Since)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.ProblemEdit, func(w db.Writer, act org.Act) error {
		_, err := officer.Set(ctx, w, act, in.ref(), officer.New{Username: in.Body.Username, Since: since, Reason: in.Body.Reason})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.getOfficer(ctx, &in.SubjectPath)
}

// peopleNames gives what people of offices are called, by username; an account without a name is called by its username.
func peopleNames(ctx context.Context, r db.Reader, city string) (map[string]string, error) {
	people, err := auth.People(ctx, r, city)
	out := map[string]string{}
	for _, p := range people {
		if out[p.Username] = p.Name; p.Name == "" {
			out[p.Username] = p.Username
		}
	}
	return out, err
}
