package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/officer"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/review"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// demoWork gives the demo's accounts something to do: a table of lights, plans kept under a name, officers of one county's
// tenancies and projects, a list of problems in every state that an office meets, and a review of the quarter with grades and
// follow-ups. All of it says that it is simulated.
func (c *city) demoWork(ctx context.Context) error {
	book, err := indicator.Load()
	if err != nil {
		return err
	}
	ledger := review.Ledger{DB: c.db, City: c.ref.ID, Book: book, Panels: indicator.NewPanels(c.db, c.ref.ID, c.now), Board: pipeline.NewBoard(c.db, c.ref.ID, c.now), Enrolled: enrolment.NewBoard(c.ref.ID)}
	view, err := ledger.Board.Now(ctx)
	if err != nil {
		return err
	}
	rows := view.Select(pipeline.Query{Scope: auth.Whole(c.ref.ID), Below: c.ref.ID + "." + demoCounty + "."})
	rows = slices.DeleteFunc(rows, func(r *pipeline.Row) bool { return r.Ended != "" })
	slices.SortFunc(rows, func(a, b *pipeline.Row) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	if err := c.db.Write(ctx, func(w db.Writer) error { return c.demoPlans(ctx, w) }); err != nil {
		return err
	}
	if err := c.db.Write(ctx, func(w db.Writer) error { return c.demoOfficers(ctx, w, rows) }); err != nil {
		return err
	}
	if err := c.db.Write(ctx, func(w db.Writer) error { return c.demoProblems(ctx, w, rows) }); err != nil {
		return err
	}
	for _, office := range []string{c.ref.ID, demoCounty} {
		if err := c.demoReview(ctx, ledger, org.ID(office)); err != nil {
			return err
		}
	}
	return nil
}

// demoAct is an act of one of the demo's accounts.
func (c *city) demoAct(username string) (org.Act, problem.Actor) {
	u := auth.User{City: c.ref.ID, Username: username, Role: auth.CityOffice, Org: c.ref.ID, OrgPath: c.ref.ID + "."}
	switch username {
	case "county":
		u.Role, u.Org, u.OrgPath = auth.CountyOffice, demoCounty, c.ref.ID+"."+demoCounty+"."
	case "park":
		u.Role, u.Org, u.OrgPath = auth.ParkOperator, demoCounty, c.ref.ID+"."+demoCounty+"."
	}
	return org.Act{Scope: u.Scope(), Actor: username, At: demoRecorded, NewID: c.ids.New}, problem.ActorOf(u)
}

// demoPlans: every planned stage has its light, and the plans of two quarters' ends have names.
func (c *city) demoPlans(ctx context.Context, w db.Writer) error {
	act, _ := c.demoAct("city")
	if err := pipeline.Choose(ctx, w, act, "ouhai", "按节点日期亮灯，与月度调度一致（模拟）"); err != nil {
		return err
	}
	for _, b := range []struct{ name, day string }{{"2024年底计划（模拟）", "2024-12-31"}, {"2025年一季度末计划（模拟）", "2025-03-31"}} {
		moment, err := pipeline.ParseMoment(b.day, demoRecorded)
		if err != nil {
			return err
		}
		if _, err := pipeline.AddBaseline(ctx, w, act, pipeline.Baseline{Org: org.ID(c.ref.ID), Name: b.name, Moment: moment}); err != nil {
			return err
		}
	}
	return nil
}

// demoOfficers: of four subjects two are the county's, one the operator's, one nobody's.
func (c *city) demoOfficers(ctx context.Context, w db.Writer, rows []*pipeline.Row) error {
	act, _ := c.demoAct("county")
	for i, r := range rows {
		username := []string{"county", "county", "park", ""}[i%4]
		if username == "" {
			continue
		}
		if _, err := officer.Set(ctx, w, act, r.Ref, officer.New{Username: username, Since: period.DateOf(2025, 1, 1), Reason: "挂钩服务分工（模拟）"}); err != nil {
			return err
		}
	}
	return nil
}

// demoTroubles are the problems of the demo, as the dispatch meetings of counties name them, each with what was done since.
var demoTroubles = []struct {
	title, body string
	due         period.Date
	steps       []problem.Step
	by          []string
}{
	{"用电增容未批", "变压器容量不足，已向供电部门申请增容。", 20250720, nil, nil},
	{"装修许可未办结", "消防设计审查意见未回复。", 20250705, []problem.Step{{Act: problem.Note, Text: "已约审图机构现场沟通"}}, []string{"park"}},
	{"职工宿舍不足", "预计缺口三百床，需协调周边公租房。", 20250525, []problem.Step{{Act: problem.Note, Text: "住建部门答复正在排查房源"}}, []string{"park"}},
	{"道路未贯通影响设备进场", "市政道路缺二百米未通。", 20250425, []problem.Step{{Act: problem.Escalate, Text: "跨部门事项，请市级协调"}}, []string{"county"}},
	{"供水压力不足", "高峰时段水压不足。", 20250630, []problem.Step{{Act: problem.Solve, Text: "加压泵已投用"}}, []string{"park"}},
	{"竣工验收资料缺项", "缺人防验收意见。", 20250615, []problem.Step{{Act: problem.Solve, Text: "意见已补齐"}, {Act: problem.Confirm, Text: "现场核对无误，销号"}}, []string{"park", "county"}},
	{"食堂未开业", "运营单位尚未确定。", 0, nil, nil},
}

// demoProblemCount is how many of the county's subjects have a problem.
const demoProblemCount = 28

func (c *city) demoProblems(ctx context.Context, w db.Writer, rows []*pipeline.Row) error {
	if len(rows) == 0 {
		return nil
	}
	opener, _ := c.demoAct("county")
	for i := range min(demoProblemCount, len(rows)) {
		r, x := rows[i*len(rows)/min(demoProblemCount, len(rows))], demoTroubles[i%len(demoTroubles)]
		p, err := problem.Open(ctx, w, opener, problem.New{Kind: string(r.Kind), Subject: r.ID, Title: x.title, Body: x.body + "由原问题清单转入（模拟）。",
			Owner: "park", OwnerOrg: demoCounty, Due: x.due})
		if err != nil {
			return err
		}
		for k, s := range x.steps {
			act, who := c.demoAct(x.by[k])
			s.ID, s.Version = p.ID, p.Version
			if p, err = problem.Do(ctx, w, act, who, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// demoReview holds the second quarter's review of an office: the first sites are graded, the first of them has a follow-up.
func (c *city) demoReview(ctx context.Context, ledger review.Ledger, office org.ID) error {
	act, _ := c.demoAct("city")
	taken, err := ledger.Take(ctx, act.Scope, demoRecorded, review.New{Org: office, Quarter: "2025-Q2", Title: "2025年第二季度拉练（模拟）"})
	if err != nil {
		return err
	}
	body, err := taken.Texts.Body()
	if err != nil {
		return err
	}
	return c.db.Write(ctx, func(w db.Writer) error {
		v, err := review.Freeze(ctx, w, act, taken)
		if err != nil {
			return err
		}
		for i, grade := range []string{"excellent", "good", "fair", "average"} {
			if i >= len(body.Sites) {
				break
			}
			if _, err := review.Give(ctx, w, act, v.ID, review.Grading{Site: body.Sites[i].Park, Grade: grade, Remark: "现场评议（模拟）"}); err != nil {
				return err
			}
		}
		if office == org.ID(c.ref.ID) || len(body.Sites) == 0 {
			return nil
		}
		_, err = problem.Open(ctx, w, act, problem.New{Kind: problem.OfPark, Subject: body.Sites[0].Park, Title: "按拉练要求补齐招商台账", Body: "评议组现场提出（模拟）。",
			Owner: "county", OwnerOrg: demoCounty, Due: 20250731, Review: v.ID})
		return err
	})
}
