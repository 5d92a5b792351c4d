package api

import (
	"context"
	"net/http"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/review"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ProblemRow is a problem of the list as it stands.
type ProblemRow struct {
	ID             string   `json:"id"`
	Kind           string   `json:"kind" enum:"tenancy,project,park"`
	Subject        string   `json:"subject"`
	SubjectName    string   `json:"subject_name"`
	Org            string   `json:"org" doc:"of the subject"`
	OrgName        string   `json:"org_name"`
	OrgNameEN      string   `json:"org_name_en"`
	Title          string   `json:"title"`
	Body           string   `json:"body"`
	State          string   `json:"state" enum:"open,solved,closed"`
	Owner          string   `json:"owner" doc:"username; empty: nobody yet"`
	OwnerName      string   `json:"owner_name"`
	OwnerOrg       string   `json:"owner_org"`
	OwnerOrgName   string   `json:"owner_org_name"`
	OwnerOrgNameEN string   `json:"owner_org_name_en"`
	Officer        string   `json:"officer" doc:"of the subject"`
	Due            string   `json:"due"`
	LateDays       *int     `json:"late_days" doc:"days after the due day; 0 until then; null without one, and once solved"`
	Level          int      `json:"level" doc:"0: with its owner; 1 and 2: followed by the offices above"`
	LevelOrg       string   `json:"level_org" doc:"the office that follows it"`
	LevelOrgName   string   `json:"level_org_name"`
	LevelOrgNameEN string   `json:"level_org_name_en"`
	LevelWhy       string   `json:"level_why" doc:"the rule that applies, or that somebody raised it; empty for none"`
	LevelWhyEN     string   `json:"level_why_en"`
	LevelBasis     string   `json:"level_basis" enum:",established,assumed" doc:"of the rule"`
	OpenedAt       string   `json:"opened_at"`
	OpenedBy       string   `json:"opened_by"`
	ChangedAt      string   `json:"changed_at"`
	ChangedBy      string   `json:"changed_by"`
	Review         string   `json:"review" doc:"id of the review that it comes from"`
	Version        int64    `json:"version"`
	Can            []string `json:"can" doc:"acts that the caller may do now"`
}

// ProblemEvent is something that was done with a problem, with how it stands after it.
type ProblemEvent struct {
	Seq            int64  `json:"seq"`
	Act            string `json:"act" enum:"open,assign,due,escalate,note,solve,confirm,reopen"`
	State          string `json:"state" enum:"open,solved,closed"`
	Owner          string `json:"owner"`
	OwnerName      string `json:"owner_name"`
	OwnerOrg       string `json:"owner_org"`
	OwnerOrgName   string `json:"owner_org_name"`
	OwnerOrgNameEN string `json:"owner_org_name_en"`
	Due            string `json:"due"`
	Text           string `json:"text"`
	Actor          string `json:"actor"`
	At             string `json:"at"`
}

// ProblemPage is a problem with all that was done.
type ProblemPage struct {
	ProblemRow
	Events []ProblemEvent `json:"events" doc:"the first act first"`
}

// ProblemRule is a step by which problems rise to the offices above.
type ProblemRule struct {
	When   string `json:"when" enum:"late,undated" doc:"days after the due day, or since it was opened without one"`
	Days   int    `json:"days"`
	Level  int    `json:"level"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Basis  string `json:"basis" enum:"established,assumed"`
	Source string `json:"source"`
}

// ProblemRules are the rules in force.
type ProblemRules struct {
	Number string        `json:"number"`
	Issuer string        `json:"issuer"`
	From   string        `json:"from"`
	Steps  []ProblemRule `json:"steps"`
}

func (a *API) problems() {
	register(a, operation{id: "list-problems", method: http.MethodGet, path: "/problems", tag: "problems", summary: "Problems of tenancies, projects and parks, open and soonest due first"}, a.listProblems)
	register(a, operation{id: "open-problem", method: http.MethodPost, path: "/problems", tag: "problems", status: http.StatusCreated, summary: "Put a problem on the list"}, a.openProblem)
	register(a, operation{id: "get-problem", method: http.MethodGet, path: "/problems/{id}", tag: "problems", summary: "A problem and all that was done with it"}, a.getProblem)
	register(a, operation{id: "act-on-problem", method: http.MethodPost, path: "/problems/{id}/act", tag: "problems", summary: "Assign, set the due day, raise, note, report solved, confirm or open again"}, a.actOnProblem)
	register(a, operation{id: "get-problem-rules", method: http.MethodGet, path: "/problem-rules", tag: "problems", summary: "The rules by which problems rise to the offices above"}, a.problemRules)
}

// problemView writes problems for one caller on one day.
type problemView struct {
	rules *problem.Rules
	who   problem.Actor
	today period.Date
	orgs  map[org.ID]org.Org
	names map[string]string
	texts *message.Catalogue
}

func (a *API) problemView(ctx context.Context, r db.Reader) (v problemView, err error) {
	v = problemView{who: problem.ActorOf(caller(ctx)), today: a.today(), texts: a.Texts}
	if v.rules, err = problem.Shipped(); err != nil {
		return v, err
	}
	orgs, err := org.All(ctx, r, a.City)
	if err != nil {
		return v, err
	}
	v.orgs = problem.ByID(orgs)
	v.names, err = peopleNames(ctx, r, a.City)
	return v, err
}

func (v problemView) row(p problem.Problem) ProblemRow {
	at, owner := v.orgs[p.Org], v.orgs[p.OwnerOrg]
	out := ProblemRow{ID: p.ID, Kind: p.Kind, Subject: p.Subject, SubjectName: p.SubjectName, Org: string(p.Org), OrgName: at.NameZH, OrgNameEN: at.NameEN,
		Title: p.Title, Body: p.Body, State: string(p.State), Owner: p.Owner, OwnerName: v.names[p.Owner], OwnerOrg: string(p.OwnerOrg), OwnerOrgName: owner.NameZH,
		OwnerOrgNameEN: owner.NameEN, Officer: p.Officer, Due: p.Due.String(), OpenedAt: instant(time.UnixMicro(p.OpenedAt)), OpenedBy: p.OpenedBy,
		ChangedAt: instant(time.UnixMicro(p.ChangedAt)), ChangedBy: p.ChangedBy, Review: p.Review, Version: p.Version, Can: []string{}}
	for _, act := range v.who.Can(p) {
		out.Can = append(out.Can, string(act))
	}
	level := v.rules.Level(p, v.today, v.orgs)
	follows := v.orgs[level.Org]
	out.Level, out.LevelOrg, out.LevelOrgName, out.LevelOrgNameEN = level.Level, string(level.Org), follows.NameZH, follows.NameEN
	if p.Due != 0 && p.State == problem.Opened {
		out.LateDays = &level.Late
	}
	switch {
	case level.ByHand:
		args := map[string]any{"times": p.Escalated}
		out.LevelWhy, _ = v.texts.Format("zh-CN", "problem.raised_by_hand", args)
		out.LevelWhyEN, _ = v.texts.Format("en", "problem.raised_by_hand", args)
	case level.Step != nil:
		out.LevelWhy, out.LevelWhyEN, out.LevelBasis = level.Step.Name.ZH, level.Step.Name.EN, string(level.Step.Basis)
	}
	return out
}

func (a *API) listProblems(ctx context.Context, in *struct {
	Paging
	Org     string `query:"org" maxLength:"40" doc:"of subjects at and below this org"`
	State   string `query:"state" enum:"open,solved,closed"`
	Owner   string `query:"owner" maxLength:"200"`
	Kind    string `query:"kind" enum:"tenancy,project,park"`
	Subject string `query:"subject" maxLength:"40"`
	Review  string `query:"review" maxLength:"40"`
	Late    bool   `query:"late" doc:"only open ones whose due day has passed"`
	Text    string `query:"q" maxLength:"100"`
}) (*struct{ Body listOf[ProblemRow] }, error) {
	out := listOf[ProblemRow]{Items: []ProblemRow{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		v, err := a.problemView(ctx, r)
		if err != nil {
			return err
		}
		q := problem.Query{Below: path, State: problem.State(in.State), Owner: in.Owner, Kind: in.Kind, Subject: in.Subject, Review: in.Review, Text: in.Text, After: in.Cursor, Limit: in.Limit}
		if in.Late {
			q.Late = v.today
		}
		rows, next, err := problem.List(ctx, r, s, q)
		for _, p := range rows {
			out.Items = append(out.Items, v.row(p))
		}
		out.Next = next
		return err
	})
	return &struct{ Body listOf[ProblemRow] }{out}, err
}

type problemBody struct {
	ETag string `header:"ETag"`
	Body ProblemPage
}

func (a *API) getProblem(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"40"`
}) (*problemBody, error) {
	s, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	return a.problemPage(ctx, s, in.ID)
}

// problemPage shows a problem to its caller. After an act the scope is the whole city: who gave a problem away still sees
// what came of it once.
func (a *API) problemPage(ctx context.Context, s auth.Scope, id string) (*problemBody, error) {
	out := &problemBody{Body: ProblemPage{Events: []ProblemEvent{}}}
	err := a.DB.Read(ctx, func(r db.Reader) error {
		p, err := problem.Get(ctx, r, s, id)
		if err != nil {
			return err
		}
		v, err := a.problemView(ctx, r)
		if err != nil {
			return err
		}
		out.ETag, out.Body.ProblemRow = etag(p.Version), v.row(p)
		events, err := problem.Events(ctx, r, s, id)
		for _, e := range events {
			o := v.orgs[e.OwnerOrg]
			out.Body.Events = append(out.Body.Events, ProblemEvent{Seq: e.Seq, Act: string(e.Act), State: string(e.State), Owner: e.Owner, OwnerName: v.names[e.Owner],
				OwnerOrg: string(e.OwnerOrg), OwnerOrgName: o.NameZH, OwnerOrgNameEN: o.NameEN, Due: e.Due.String(), Text: e.Text, Actor: e.Actor, At: instant(time.UnixMicro(e.At))})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (a *API) openProblem(ctx context.Context, in *struct {
	Body struct {
		Kind     string `json:"kind" enum:"tenancy,project,park"`
		Subject  string `json:"subject" maxLength:"40"`
		Title    string `json:"title" maxLength:"800"`
		Body     string `json:"body,omitempty" maxLength:"16000"`
		Owner    string `json:"owner,omitempty" maxLength:"200" doc:"username; empty: nobody yet"`
		OwnerOrg string `json:"owner_org,omitempty" maxLength:"40" doc:"empty: the subject's org"`
		Due      string `json:"due,omitempty" maxLength:"10"`
		Review   string `json:"review,omitempty" maxLength:"40" doc:"id of the review that it comes from"`
	}
}) (*problemBody, error) {
	due, err := period.ParseDate(in.Body.Due)
	if err != nil {
		return nil, err
	}
	var id string
	err = a.write(ctx, auth.ProblemEdit, func(w db.Writer, act org.Act) error {
		if in.Body.Review != "" {
			if _, err := review.Get(ctx, w.Reader, act.Scope, in.Body.Review); err != nil {
				return err
			}
		}
		p, err := problem.Open(ctx, w, act, problem.New{Kind: in.Body.Kind, Subject: in.Body.Subject, Title: in.Body.Title, Body: in.Body.Body, Owner: in.Body.Owner,
			OwnerOrg: org.ID(in.Body.OwnerOrg), Due: due, Review: in.Body.Review})
		id = p.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.problemPage(ctx, auth.Whole(a.City), id)
}

func (a *API) actOnProblem(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Version  int64  `json:"version" doc:"that the caller has seen"`
		Act      string `json:"act" enum:"assign,due,escalate,note,solve,confirm,reopen"`
		Owner    string `json:"owner,omitempty" maxLength:"200" doc:"of assign; empty: nobody yet"`
		OwnerOrg string `json:"owner_org,omitempty" maxLength:"40" doc:"of assign; empty: as it is"`
		Due      string `json:"due,omitempty" maxLength:"10" doc:"of due"`
		Text     string `json:"text,omitempty" maxLength:"16000" doc:"needed but for assign and due"`
	}
}) (*problemBody, error) {
	due, err := period.ParseDate(in.Body.Due)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, auth.ProblemEdit, func(w db.Writer, act org.Act) error {
		_, err := problem.Do(ctx, w, act, problem.ActorOf(caller(ctx)), problem.Step{ID: in.ID, Version: in.Body.Version, Act: problem.Act(in.Body.Act),
			Owner: in.Body.Owner, OwnerOrg: org.ID(in.Body.OwnerOrg), Due: due, Text: in.Body.Text})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.problemPage(ctx, auth.Whole(a.City), in.ID)
}

func (a *API) problemRules(ctx context.Context, _ *struct{}) (*struct{ Body ProblemRules }, error) {
	if _, err := reader(ctx); err != nil {
		return nil, err
	}
	rules, err := problem.Shipped()
	if err != nil {
		return nil, err
	}
	out := ProblemRules{Number: rules.Number, Issuer: rules.Issuer, From: rules.From.String(), Steps: []ProblemRule{}}
	for _, s := range rules.Steps {
		out.Steps = append(out.Steps, ProblemRule{s.When, s.Days, s.Level, s.Name.ZH, s.Name.EN, string(s.Basis), s.Source})
	}
	return &struct{ Body ProblemRules }{out}, nil
}
