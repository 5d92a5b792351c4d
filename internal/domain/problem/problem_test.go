package problem_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/officer"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/problem"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// people are the accounts of the tests: username → role and org.
var people = map[string][2]string{
	"city.a": {"city_office", "350500"}, "jj.a": {"county_office", "350582"}, "jj.b": {"county_office", "350582"},
	"na.a": {"county_office", "350583"}, "op.a": {"park_operator", "op"}, "op.b": {"park_operator", "op"}, "viewer": {"viewer", "350582"},
}

var paths = map[string]string{"350500": "350500.", "350582": "350500.350582.", "350583": "350500.350583.", "op": "350500.350582.op."}

// who is an account as the one who acts.
func who(username string) problem.Actor {
	p := people[username]
	return problem.ActorOf(auth.User{City: tenancytest.City, Username: username, Role: auth.Role(p[0]), Org: p[1], OrgPath: paths[p[1]]})
}

var made int

// at is an act of a person on a day.
func at(username string, day int) org.Act {
	a := who(username)
	return org.Act{Scope: a.Scope, Actor: username, At: time.Date(day/10000, time.Month(day/100%100), day%100, 2, 0, 0, 0, time.UTC),
		NewID: func() string { made++; return fmt.Sprintf("q-%04d", made) }}
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	tenancytest.Fill(t, d)
	tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
		for name, p := range people {
			if _, err := w.Exec(ctx, `INSERT INTO app_user (city, id, username, name, role, org, password_hash, must_change, disabled, failed_tries, created_at, version)
				VALUES ($1, $2, $2, '', $3, $4, '', 0, 0, 0, 1, 1)`, tenancytest.City, name, p[0], p[1]); err != nil {
				return err
			}
		}
		return nil
	})
}

func open(d *db.DB, username string, n problem.New) (p problem.Problem, err error) {
	err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
		p, err = problem.Open(ctx, w, at(username, 20250701), n)
		return err
	})
	return p, err
}

func do(d *db.DB, username string, s problem.Step) (p problem.Problem, err error) {
	err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
		p, err = problem.Do(ctx, w, at(username, 20250702), who(username), s)
		return err
	})
	return p, err
}

func must(t *testing.T, p problem.Problem, err error) problem.Problem {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wants checks the key of an error.
func wants(t *testing.T, what string, err error, key string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Key != key {
		t.Errorf("%s = %v, want %s", what, err, key)
	}
}

var onT1 = problem.New{Kind: "tenancy", Subject: "t-1", Title: "用电增容未批", Body: "变压器容量不足"}

func TestDo_walksFromOpenToClosedAndKeepsEveryEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		n := onT1
		n.Owner, n.OwnerOrg, n.Due = "op.a", "op", 20250715
		p, err := open(d, "op.a", n)
		p = must(t, p, err)
		if p.State != problem.Opened || p.Version != 1 || p.SubjectName != "甲鞋业有限公司" || p.Org != "op" || p.OwnerPath != paths["op"] {
			t.Fatalf("Open = %+v, want it open with its owner", p)
		}
		for i, s := range []struct {
			by   string
			step problem.Step
			want problem.State
		}{
			{"op.a", problem.Step{Act: problem.Note, Text: "已递交申请"}, problem.Opened},
			{"jj.a", problem.Step{Act: problem.SetDue, Due: 20250801}, problem.Opened},
			{"op.a", problem.Step{Act: problem.Solve, Text: "已送电"}, problem.Solved},
			{"jj.a", problem.Step{Act: problem.Reopen, Text: "现场仍未通电"}, problem.Opened},
			{"op.a", problem.Step{Act: problem.Solve, Text: "已通电"}, problem.Solved},
			{"jj.a", problem.Step{Act: problem.Confirm, Text: "现场核实"}, problem.Closed},
			{"city.a", problem.Step{Act: problem.Note, Text: "抽查通过"}, problem.Closed},
		} {
			s.step.ID, s.step.Version = p.ID, p.Version
			if p, err = do(d, s.by, s.step); err != nil || p.State != s.want || p.Version != int64(i+2) || p.ChangedBy != s.by {
				t.Fatalf("Do(%s) by %s = %+v, %v, want %s", s.step.Act, s.by, p, err, s.want)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			events, err := problem.Events(ctx, r, tenancytest.Scopes["city"], p.ID)
			if len(events) != 8 || events[0].Act != problem.Begin || events[2].Due != 20250801 || events[7].Text != "抽查通过" {
				t.Errorf("Events = %+v, want all eight", events)
			}
			lines, err2 := audit.List(ctx, r, tenancytest.City, 0, 8)
			for i, e := range slices.Backward(events) {
				if line := lines[7-i]; line.Action != "problem."+string(e.Act) || line.Actor != e.Actor || line.Entity != p.ID {
					t.Errorf("line %d = %s by %s, want problem.%s by %s", i, line.Action, line.Actor, e.Act, e.Actor)
				}
			}
			if _, err := audit.Verify(ctx, r, tenancytest.City); err != nil {
				t.Errorf("Verify = %v, want nil", err)
			}
			return cmpErr(err, err2)
		})
	})
}

func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// The whole table of who may do what with a problem that the operator owns, beside its state: every other act is refused and
// writes nothing.
func TestDo_isForOwnerOfficerOfficeAndThoseAbove(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	fill(t, d)
	n := onT1
	n.Owner, n.OwnerOrg, n.Due = "op.a", "op", 20250715
	p, err := open(d, "op.a", n)
	p = must(t, p, err)
	all := func(acts ...problem.Act) []problem.Act { return acts }
	open := map[string][]problem.Act{
		"op.a":   all(problem.Assign, problem.Escalate, problem.Note, problem.Solve), // the owner does not move the own day
		"op.b":   all(problem.Assign, problem.SetDue, problem.Escalate, problem.Note, problem.Solve),
		"jj.a":   all(problem.Assign, problem.SetDue, problem.Escalate, problem.Note, problem.Solve),
		"city.a": all(problem.Assign, problem.SetDue, problem.Escalate, problem.Note, problem.Solve),
		"na.a":   all(), "viewer": all(),
	}
	for name, want := range open {
		if got := who(name).Can(p); !slices.Equal(got, append([]problem.Act{}, want...)) {
			t.Errorf("Can of an open one as %s = %v, want %v", name, got, want)
		}
		for _, act := range problem.Acts() {
			if slices.Contains(want, act) {
				continue
			}
			if _, err := do(d, name, problem.Step{ID: p.ID, Version: 1, Act: act, Text: "x", Due: 20250801}); err == nil {
				t.Errorf("Do(%s) as %s = nil, want it refused", act, name)
			}
		}
	}
	solved, err := do(d, "op.a", problem.Step{ID: p.ID, Version: 1, Act: problem.Solve, Text: "已送电"})
	must(t, solved, err)
	_, err = do(d, "op.a", problem.Step{ID: p.ID, Version: 2, Act: problem.Confirm, Text: "好"})
	wants(t, "the own work confirmed", err, "problem.own_work")
	_, err = do(d, "na.a", problem.Step{ID: p.ID, Version: 2, Act: problem.Confirm, Text: "好"})
	wants(t, "another county's confirmation", err, "problem.not_found")
	_, err = do(d, "viewer", problem.Step{ID: p.ID, Version: 2, Act: problem.Confirm, Text: "好"})
	wants(t, "a viewer's confirmation", err, "problem.not_yours")
}

// The subject's officer works on a problem that another office owns, and does not give it away.
func TestDo_isForTheSubjectsOfficer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		n := onT1
		n.OwnerOrg = "350582"
		p, err := open(d, "op.a", n)
		p = must(t, p, err)
		_, err = do(d, "op.a", problem.Step{ID: p.ID, Version: 1, Act: problem.Note, Text: "一"})
		wants(t, "a note before", err, "problem.not_yours")
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := officer.Set(ctx, w, at("jj.a", 20250701), subject.Ref{Kind: subject.Tenancy, ID: "t-1"}, officer.New{Username: "op.a", Since: 20250701, Reason: "分工"})
			return err
		})
		p, err = do(d, "op.a", problem.Step{ID: p.ID, Version: 1, Act: problem.Note, Text: "一"})
		p = must(t, p, err)
		if got := who("op.a").Can(p); !slices.Equal(got, []problem.Act{problem.Escalate, problem.Note, problem.Solve}) {
			t.Errorf("Can as the officer = %v, want escalate, note and solve", got)
		}
	})
}

func TestDo_tellsWhoChangedItMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		p, err := open(d, "op.a", onT1)
		p = must(t, p, err)
		step := problem.Step{ID: p.ID, Version: 1, Act: problem.Note, Text: "一"}
		if _, err := do(d, "jj.a", step); err != nil {
			t.Fatal(err)
		}
		_, err = do(d, "op.a", step)
		f, _ := fault.Of(err)
		if fault.KindOf(err) != fault.Stale || f.Key != "problem.changed" || f.Args["actor"] != "jj.a" || f.Args["at"] != "2025-07-02T02:00:00Z" || f.Args["version"] != int64(2) {
			t.Errorf("second act = %v %v, want problem.changed with who and when", err, f)
		}
	})
}

func TestOpen_refusesWhatCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		with := func(f func(n *problem.New)) problem.New { n := onT1; f(&n); return n }
		for _, c := range []struct {
			key, as string
			n       problem.New
		}{
			{"problem.bad_kind", "city.a", with(func(n *problem.New) { n.Kind = "enterprise" })},
			{"problem.no_title", "city.a", with(func(n *problem.New) { n.Title = " " })},
			{"text.too_long", "city.a", with(func(n *problem.New) { n.Title = strings.Repeat("长", 201) })},
			{"text.too_long", "city.a", with(func(n *problem.New) { n.Body = strings.Repeat("长", 4001) })},
			{"text.invalid", "city.a", with(func(n *problem.New) { n.Body = "a\x00" })},
			{"date.invalid", "city.a", with(func(n *problem.New) { n.Due = 20250700 })},
			{"date.invalid", "city.a", with(func(n *problem.New) { n.Due = 20250231 })},
			{"tenancy.not_found", "na.a", onT1},
			{"project.not_found", "city.a", with(func(n *problem.New) { n.Kind, n.Subject = "project", "none" })},
			{"park.not_found", "na.a", with(func(n *problem.New) { n.Kind, n.Subject = "park", "p-jj" })},
			{"problem.bad_office", "city.a", with(func(n *problem.New) { n.OwnerOrg = "350583" })}, // another county
			{"problem.bad_office", "city.a", with(func(n *problem.New) { n.OwnerOrg = "none" })},
			{"problem.bad_owner", "city.a", with(func(n *problem.New) { n.Owner = "jj.a" })},                           // works elsewhere
			{"problem.bad_owner", "op.a", with(func(n *problem.New) { n.Owner, n.OwnerOrg = "jj.a", "350582" })},       // above the actor
			{"problem.bad_owner", "city.a", with(func(n *problem.New) { n.Owner, n.OwnerOrg = "viewer", "350582" })},   // does not act
			{"problem.bad_owner", "city.a", with(func(n *problem.New) { n.Owner, n.OwnerOrg = "somebody", "350582" })}, // is nobody
		} {
			_, err := open(d, c.as, c.n)
			wants(t, fmt.Sprintf("Open(%+v) as %s", c.n, c.as), err, c.key)
		}
	})
}

// An operator hands a problem up: the county sees and owns it, names the owner and confirms; the operator still sees it,
// because it is about its park, and no longer acts.
func TestAssign_upwardsLeavesTheOperatorAsAReader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		p, err := open(d, "op.a", problem.New{Kind: "park", Subject: "p-op", Title: "宿舍不足"})
		p = must(t, p, err)
		p, err = do(d, "op.a", problem.Step{ID: p.ID, Version: 1, Act: problem.Assign, OwnerOrg: "350582"})
		p = must(t, p, err)
		_, err = do(d, "op.a", problem.Step{ID: p.ID, Version: 2, Act: problem.Note, Text: "请协调"})
		wants(t, "a note on what is the county's", err, "problem.not_yours")
		p, err = do(d, "jj.a", problem.Step{ID: p.ID, Version: 2, Act: problem.Assign, Owner: "jj.b"})
		if p = must(t, p, err); p.Owner != "jj.b" || p.OwnerOrg != "350582" {
			t.Errorf("assigned = %+v, want jj.b at the county", p)
		}
	})
}

func TestList_showsOwnProblemsInOrderPageByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		var ids []string
		for _, n := range []problem.New{
			{Kind: "tenancy", Subject: "t-1", Title: "一", Due: 20250801}, {Kind: "tenancy", Subject: "t-1", Title: "二 ABC", Due: 20250620, Owner: "op.a", OwnerOrg: "op"},
			{Kind: "park", Subject: "p-na", Title: "三"}, {Kind: "tenancy", Subject: "t-4", Title: "四"}, {Kind: "park", Subject: "p-jj", Title: "五", OwnerOrg: "op"},
		} {
			p, err := open(d, "city.a", n)
			ids = append(ids, must(t, p, err).ID)
		}
		if _, err := do(d, "na.a", problem.Step{ID: ids[3], Version: 1, Act: problem.Solve, Text: "办结"}); err != nil {
			t.Fatal(err)
		}
		titles := func(scope string, q problem.Query) string {
			var out []string
			for limit := 1; ; {
				q.Limit = limit
				rows, next := listed(t, d, scope, q)
				for _, p := range rows {
					out = append(out, p.Title)
				}
				if q.After = next; next == "" {
					return strings.Join(out, " ")
				}
			}
		}
		for _, c := range []struct {
			scope string
			q     problem.Query
			want  string
		}{
			{"city", problem.Query{}, "二 ABC 一 三 五 四"},
			{"350582", problem.Query{}, "二 ABC 一 五"},
			{"op", problem.Query{}, "二 ABC 一 五"}, // 五 is the county's park's, and the operator owns it
			{"350583", problem.Query{}, "三 四"},
			{"e-a", problem.Query{}, ""}, {"none", problem.Query{}, ""}, {"elsewhere", problem.Query{}, ""},
			{"city", problem.Query{State: problem.Solved}, "四"},
			{"city", problem.Query{Late: 20250701}, "二 ABC"},
			{"city", problem.Query{Owner: "op.a"}, "二 ABC"},
			{"city", problem.Query{Kind: "park"}, "三 五"},
			{"city", problem.Query{Subject: "t-1"}, "二 ABC 一"},
			{"city", problem.Query{Below: paths["350583"]}, "三 四"},
			{"350582", problem.Query{Below: paths["350583"]}, ""},
			{"city", problem.Query{Text: "abc"}, "二 ABC"},
			{"city", problem.Query{Text: "丁水暖"}, "四"},
		} {
			if got := titles(c.scope, c.q); got != c.want {
				t.Errorf("List(%+v) as %s = %q, want %q", c.q, c.scope, got, c.want)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			counts, err := problem.OpenCounts(ctx, r, tenancytest.City)
			if len(counts) != 2 || counts[subject.Ref{Kind: subject.Tenancy, ID: "t-1"}] != 2 || counts[subject.Ref{Kind: subject.Tenancy, ID: "t-4"}] != 1 {
				t.Errorf("OpenCounts = %v, want 2 of t-1 and 1 of t-4", counts)
			}
			owners, err2 := problem.OwnerCounts(ctx, r, tenancytest.Scopes["city"])
			if len(owners) != 1 || owners["op.a"] != 1 {
				t.Errorf("OwnerCounts = %v, want one of op.a", owners)
			}
			if _, _, err := problem.List(ctx, r, tenancytest.Scopes["city"], problem.Query{After: page.Cursor("x", "y", "z")}); fault.KindOf(err) != fault.Invalid {
				t.Errorf("List with a bad cursor = %v, want invalid", err)
			}
			return cmpErr(err, err2)
		})
	})
}

func listed(t *testing.T, d *db.DB, scope string, q problem.Query) (rows []problem.Problem, next string) {
	t.Helper()
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
		rows, next, err = problem.List(ctx, r, tenancytest.Scopes[scope], q)
		return err
	})
	return rows, next
}

func TestLevel_risesByRuleAndByHand(t *testing.T) {
	rules, err := problem.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	offices := problem.ByID([]org.Org{{ID: "350500", Kind: org.City}, {ID: "350582", Parent: "350500", Kind: org.County}, {ID: "c", Parent: "350582", Kind: org.Committee}, {ID: "op", Parent: "c", Kind: org.Operator}})
	opened := time.Date(2025, 6, 1, 17, 0, 0, 0, time.UTC).UnixMicro() // the 2nd in China
	for _, c := range []struct {
		name   string
		office org.ID
		state  problem.State
		due    int
		today  int
		hand   int
		level  int
		org    org.ID
		late   int
		byHand bool
	}{
		{"not due", "op", problem.Opened, 20250630, 20250630, 0, 0, "op", 0, false},
		{"a day late", "op", problem.Opened, 20250630, 20250701, 0, 0, "op", 1, false},
		{"29 days late", "op", problem.Opened, 20250601, 20250630, 0, 0, "op", 29, false},
		{"30 days late", "op", problem.Opened, 20250601, 20250701, 0, 1, "350582", 30, false},
		{"60 days late", "op", problem.Opened, 20250501, 20250630, 0, 2, "350500", 60, false},
		{"60 days late at the county", "350582", problem.Opened, 20250501, 20250630, 0, 1, "350500", 60, false},
		{"late at the city", "350500", problem.Opened, 20250501, 20250630, 0, 0, "350500", 60, false},
		{"14 days without a day", "op", problem.Opened, 0, 20250616, 0, 0, "op", 0, false},
		{"15 days without a day", "op", problem.Opened, 0, 20250617, 0, 1, "350582", 0, false},
		{"raised once", "op", problem.Opened, 20250630, 20250615, 1, 1, "350582", 0, true},
		{"raised once and a month late", "op", problem.Opened, 20250601, 20250701, 1, 1, "350582", 30, false},
		{"raised twice", "op", problem.Opened, 20250601, 20250701, 2, 2, "350500", 30, true},
		{"solved", "op", problem.Solved, 20250501, 20250630, 2, 0, "op", 0, false},
	} {
		p := problem.Problem{State: c.state, OwnerOrg: c.office, Due: period.Date(c.due), OpenedAt: opened, Escalated: c.hand}
		got := rules.Level(p, period.Date(c.today), offices)
		if got.Level != c.level || got.Org != c.org || got.Late != c.late || got.ByHand != c.byHand {
			t.Errorf("%s: Level = %+v, want level %d at %s, %d days late, by hand %v", c.name, got, c.level, c.org, c.late, c.byHand)
		}
	}
}

func TestEscalate_stopsAtTheTop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		p, err := open(d, "op.a", onT1)
		p = must(t, p, err)
		for range 2 {
			p, err = do(d, "op.a", problem.Step{ID: p.ID, Version: p.Version, Act: problem.Escalate, Text: "需上级协调"})
			p = must(t, p, err)
		}
		if p.Escalated != 2 || p.OwnerOrg != "op" {
			t.Errorf("raised twice = %+v, want two steps and the owner as before", p)
		}
		_, err = do(d, "op.a", problem.Step{ID: p.ID, Version: p.Version, Act: problem.Escalate, Text: "需上级协调"})
		wants(t, "a third step", err, "problem.at_top")
		for _, s := range []problem.Step{{Act: problem.Solve, Text: "办结"}, {Act: problem.Reopen, Text: "未办结"}} {
			s.ID, s.Version = p.ID, p.Version
			p, err = do(d, "jj.a", s)
			p = must(t, p, err)
		}
		if p.Escalated != 0 {
			t.Errorf("opened again = %+v, want it to begin below", p)
		}
	})
}

func TestParseRules_refusesWhatItCannotFollow(t *testing.T) {
	const head = "escalation: problems\nissuer: a\nnumber: b\nfrom: \"2025-01-01\"\nsteps:\n"
	step := func(when string, days, level int, basis, name string) string {
		return fmt.Sprintf("%s  - {when: %s, days: %d, level: %d, basis: %s, source: x, name: {zh: %s, en: a}}\n", head, when, days, level, basis, name)
	}
	if _, err := problem.ParseRules([]byte(step("late", 1, 2, "assumed", "甲"))); err != nil {
		t.Fatalf("ParseRules = %v, want nil", err)
	}
	for _, body := range []string{"", "steps: [", head + "  - {unknown: 1}\n", strings.Replace(step("late", 1, 1, "assumed", "甲"), "2025-01-01", "2025-01", 1),
		step("soon", 1, 1, "assumed", "甲"), step("late", 0, 1, "assumed", "甲"), step("late", 1, 3, "assumed", "甲"), step("late", 1, 1, "guessed", "甲"), step("late", 1, 1, "assumed", "''")} {
		if _, err := problem.ParseRules([]byte(body)); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("ParseRules(%q) = %v, want invalid", body, err)
		}
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add("escalation: problems\nsteps:\n  - {when: late, days: 1}\n")
	f.Fuzz(func(t *testing.T, body string) {
		rules, err := problem.ParseRules([]byte(body))
		if (rules == nil) == (err == nil) {
			t.Fatalf("ParseRules(%q) = %v, %v, want one of both", body, rules, err)
		}
	})
}

// Of many who act upon the same version at once one is heard, and the others are told.
func TestDo_hearsOneOfManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		p, err := open(d, "op.a", onT1)
		p = must(t, p, err)
		const many = 8
		errs := make(chan error, many)
		for i := range many {
			go func() {
				errs <- d.Write(t.Context(), func(w db.Writer) error {
					a := at("jj.a", 20250702)
					_, err := problem.Do(t.Context(), w, a, who("jj.a"), problem.Step{ID: p.ID, Version: 1, Act: problem.Note, Text: fmt.Sprint("第", i, "人")})
					return err
				})
			}()
		}
		heard := 0
		for range many {
			switch err := <-errs; {
			case err == nil:
				heard++
			case fault.KindOf(err) != fault.Stale:
				t.Errorf("Do = %v, want it told of the change", err)
			}
		}
		if heard != 1 {
			t.Errorf("%d of %d were heard, want one", heard, many)
		}
	})
}
