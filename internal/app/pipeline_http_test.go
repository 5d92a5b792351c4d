package app

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// asker asks as the city office.
func (n *town) asker(t *testing.T) func(path string) httpAnswer {
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	return func(path string) httpAnswer {
		t.Helper()
		return n.ask(httpCall{method: "GET", path: path, session: session}).want(t, path, 200, "")
	}
}

// What the funnel and the lanes count, the table lists, page by page.
func TestPipeline_everyCountOpensItsRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.moments()
		ask := n.asker(t)
		rows := func(query string) (all int) {
			seen := map[string]bool{}
			next := ""
			for {
				a := ask("/pipeline/table?limit=2&" + query + "&cursor=" + url.QueryEscape(next))
				for _, item := range a.items() {
					seen[fmt.Sprint(item["id"])] = true
				}
				if next, _ = a.body["next"].(string); next == "" {
					if total, _ := a.body["total"].(float64); int(total) != len(seen) {
						t.Errorf("table of %s says %v in all and lists %d", query, total, len(seen))
					}
					return len(seen)
				}
			}
		}
		for _, of := range []string{"kind=tenancy&lifecycle=tenancy", "kind=project&lifecycle=investment"} {
			for _, month := range []string{"", "&month=2023-11"} {
				for _, by := range []string{"county", "park"} {
					a := ask("/pipeline/funnel?" + of + month + "&by=" + by)
					for _, item := range a.items() {
						place := map[string]string{"county": "&org=", "park": "&park="}[by] + fmt.Sprint(item["id"])
						for _, s := range item["stages"].([]any) {
							stage := s.(map[string]any)
							query := of + month + place + "&stage=" + fmt.Sprint(stage["stage"])
							if got := rows(query); float64(got) != stage["now"] {
								t.Errorf("%s: the funnel counts %v, the rows are %d", query, stage["now"], got)
							}
							if got := rows(query + "&reached=true"); float64(got) != stage["reached"] {
								t.Errorf("%s: the funnel counts %v that reached it, the rows are %d", query, stage["reached"], got)
							}
						}
					}
				}
				a := ask("/pipeline/kanban?" + of + month)
				for _, l := range a.body["lanes"].([]any) {
					lane := l.(map[string]any)
					query := of + month + "&stage=" + fmt.Sprint(lane["stage"])
					if got := rows(query); float64(got) != lane["count"] || len(lane["cards"].([]any)) != min(got, 30) {
						t.Errorf("%s: the lane counts %v, the rows are %d", query, lane["count"], got)
					}
				}
			}
		}
	})
}

func TestPipeline_saysWhatItCannotAnswer(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	for path, want := range map[string]string{
		"/pipeline/table?sort=size":              "422 pipeline.bad_sort",
		"/pipeline/table?cursor=x":               "422 cursor.invalid",
		"/pipeline/table?limit=1001":             "422 request.invalid",
		"/pipeline/funnel?month=2025":            "422 period.invalid",
		"/pipeline/funnel?by=stage":              "422 request.invalid",
		"/pipeline/gantt?from=soon":              "422 date.invalid",
		"/pipeline/kanban?lifecycle=none":        "404 lifecycle.not_found",
		"/pipeline/kanban?org=none":              "404 org.not_found",
		"/baselines/compare?a=now&b=2025-07-02":  "422 baseline.future",
		"/baselines/compare?a=now&b=2025-06":     "422 baseline.bad_moment",
		"/baselines/compare?a=now&b=none":        "404 baseline.not_found",
		"/baselines/compare?a=now":               "422 request.invalid",
		"/baselines/compare?a=now&b=now&by=park": "422 request.invalid",
	} {
		for _, lang := range []string{"zh-CN", "en"} {
			a := n.ask(httpCall{method: "GET", path: path, session: session, header: map[string]string{"Accept-Language": lang}})
			if got := fmt.Sprint(a.code, " ", a.key()); got != want {
				t.Errorf("GET %s = %s, want %s", path, got, want)
			}
			if detail, _ := a.body["detail"].(string); detail == "" || strings.Contains(detail, "{") {
				t.Errorf("GET %s says %q in %s", path, detail, lang)
			}
		}
	}
}

func TestBaselines_freezeAMomentAndCompareIt(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	n.moments() // every project is planned on 21 June for August, on 22 June for September
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	post := func(body string) httpAnswer {
		return n.ask(httpCall{method: "POST", path: "/baselines", session: session, body: body})
	}
	a := post(`{"name":" 六月基准 ","moment":"2025-06-21"}`).want(t, "baseline", 201, "")
	id, _ := a.body["id"].(string)
	if a.body["name"] != "六月基准" || a.body["moment"] != "2025-06-21T15:59:59Z" || a.body["org"] != n.c.ref.ID || a.body["actor"] != "office.a" {
		t.Errorf("the baseline is %v, want the day's end, of the city", a.body)
	}
	post(`{"name":" "}`).want(t, "no name", 422, "baseline.no_name")
	post(`{"name":"x","moment":"2025-07-02"}`).want(t, "future", 422, "baseline.future")
	post(`{"name":"x","org":"none"}`).want(t, "foreign", 404, "org.not_found")
	for by, want := range map[string]string{
		"county":  countyA + " 2 31; " + countyB + " 3 31",
		"stage":   "investment.started 5 31",
		"officer": " 5 31",
	} {
		a := n.ask(httpCall{method: "GET", path: "/baselines/compare?kind=project&a=" + id + "&b=now&by=" + by, session: session}).want(t, by, 200, "")
		var got []string
		for _, item := range a.items() {
			got = append(got, fmt.Sprint(item["key"], " ", item["later"], " ", item["days_max"]))
		}
		if g := strings.Join(got, "; "); g != want {
			t.Errorf("slips by %s = %q, want %q", by, g, want)
		}
		if side, _ := a.body["a"].(map[string]any); side["name"] != "六月基准" {
			t.Errorf("the first side is %v, want the baseline's name", side)
		}
	}
}

func TestLights_followTheCitysChoice(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	n.moments()
	ask := n.asker(t)
	session := n.sessionFor(n.account("office.b", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	light := func() string {
		a := ask("/pipeline/cards?kind=project&limit=1")
		item := a.items()[0]
		return fmt.Sprint(item["light"], " ", item["light_rule"], " ", item["light_why"])
	}
	if a := ask("/lights"); a.body["chosen"] != "yinchuan" || a.body["reason"] != "" || len(a.body["templates"].([]any)) != 5 {
		t.Errorf("before any choice the lights are %v of %d tables", a.body["chosen"], len(a.body["templates"].([]any)))
	}
	if got := light(); got != "off start 未到计划开工时间" {
		t.Errorf("the light is %q, want none before the start is due", got)
	}
	put := func(body string) httpAnswer {
		return n.ask(httpCall{method: "PUT", path: "/lights/choice", session: session, body: body})
	}
	put(`{"template":"none","reason":"试用"}`).want(t, "unknown", 404, "light.unknown_template")
	put(`{"template":"ouhai","reason":" "}`).want(t, "no reason", 422, "light.no_reason")
	if a := put(`{"template":"ouhai","reason":"按任务亮灯"}`).want(t, "choose", 200, ""); a.body["chosen"] != "ouhai" || a.body["actor"] != "office.b" {
		t.Errorf("after the choice the lights are %v by %v", a.body["chosen"], a.body["actor"])
	}
	if got := light(); got != "off task 开工：未到节点2025年9月1日" {
		t.Errorf("after the choice the light is %q", got)
	}
	for _, item := range ask("/lights").body["templates"].([]any) {
		table := item.(map[string]any)
		for _, r := range table["rules"].([]any) {
			rule := r.(map[string]any)
			if fed, missing := rule["fed"] == true, len(rule["missing"].([]any)); fed != (missing == 0) {
				t.Errorf("%v.%v: fed %v with %d facts missing", table["code"], rule["code"], fed, missing)
			}
		}
	}
}
