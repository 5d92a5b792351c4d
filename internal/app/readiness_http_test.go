package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// earns files revenue and output of a firm from a month on, in 万元.
func (n *town) earns(firm string, from period.Month, amounts ...int64) {
	n.t.Helper()
	n.exec(`DELETE FROM filing_value WHERE enterprise = $1`, n.firms[firm])
	n.write(func(w db.Writer, act org.Act) error {
		var rows []filing.Value
		for i, v := range amounts {
			for _, f := range []filing.Field{filing.Revenue, filing.Output} {
				rows = append(rows, filing.Value{Enterprise: enterprise.ID(n.firms[firm]), Month: from + period.Month(i), Field: f, Value: v * 1_000_000, Nature: figure.Declared, Source: "月报"})
			}
		}
		_, err := filing.AddMany(n.ctx, w, act, slices.Values(rows))
		return err
	})
}

// desk is a county office that looks after the way of one enterprise into the list.
type desk struct {
	*town
	county string // its session
}

func (k *desk) ask(method, path, body string, code int, key string) httpAnswer {
	k.t.Helper()
	q := httpCall{method: method, path: k.fill(path, person{}), session: k.county}
	if body != "" {
		q.body = body
	}
	return k.town.ask(q).want(k.t, method+" "+path, code, key)
}

// An enterprise on its way into the list: the board names the window and what is missing, papers and the bureau's word change
// it at once, and nothing of it changes the tenancy.
func TestReadiness_fromTheBoardToTheBureausWord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		n.setNow(time.Date(2024, 10, 15, 1, 0, 0, 0, time.UTC)) // EA1 produces since 2023-12-01
		n.earns("EA1", period.MonthOf(2024, 1), 250, 250, 250, 250, 250, 250, 250, 250, 250)
		k := &desk{n, n.sessionFor(n.account("county.a", auth.Place{Role: auth.CountyOffice, Org: countyA}))}
		k.seesWhatIsMissing()
		k.handsInPapersAndPeriods()
		k.recordsUntilAccepted()
		k.recordsTheListing()
		k.isRefused()
	})
}

func (k *desk) seesWhatIsMissing() {
	a := k.ask("GET", "/readiness?q=EA1", "", 200, "")
	item := a.items()[0]
	if got, want := fmt.Sprintln(item["verdict"], item["path"], item["window"], item["rolling"], item["late_days"], item["met_in"]),
		"misses monthly map[batch:2024-11 closes:2024-10-20] 2.25e+07 10 2024-08\n"; got != want {
		k.t.Errorf("EA1 = %s, want %s", got, want)
	}
	if says := fmt.Sprint(item["says"]); !strings.HasPrefix(says, "赶不上2024年10月20日截止的窗口（2024年11月起入库），会晚 10 天，因为：") || !strings.Contains(says, "“项目备案或审批文件”没有登记") {
		k.t.Errorf("says = %q", says)
	}
	if says := fmt.Sprint(item["says_en"]); !strings.HasPrefix(says, "Will miss the window that closes on 20 Oct 2024 (in the list from Nov 2024 on) by 10 days, because ") {
		k.t.Errorf("says_en = %q", says)
	}
}

func (k *desk) handsInPapersAndPeriods() {
	var a httpAnswer
	for _, paper := range []string{"licence", "application", "income_statement", "balance_sheet", "vat_return", "commitment", "photos", "filing_record"} {
		a = k.ask("POST", "/readiness/{EA1}/papers", fmt.Sprintf(`{"paper":%q,"have":true,"source":"窗口"}`, paper), 201, "")
	}
	if a.body["verdict"] != "preparing" { // December 2023 was never filed
		k.t.Errorf("with all papers EA1 is %v: %v", a.body["verdict"], a.body["says"])
	}
	if got := said(a, "blocks", "key", "due", "done"); !slices.Equal(got, []string{"periods 2024-10-19 2024-10-16"}) {
		k.t.Errorf("blocks = %q, want the period that is missing", got)
	}
	if got := said(a, "tasks", "text", "due", "late"); len(got) != 2 || got[0] != "补报这些月份的收入和产值：2023-12 2024-10-19 false" {
		k.t.Errorf("tasks = %q", got)
	}
	if got := said(a, "papers", "code", "have", "expires", "derived"); got[1] != "application true 2025-01-13 true" || got[0] != "licence true  false" {
		k.t.Errorf("papers = %q", got)
	}
	k.write(func(w db.Writer, act org.Act) error {
		_, err := filing.AddMany(k.ctx, w, act, slices.Values([]filing.Value{
			{Enterprise: enterprise.ID(k.firms["EA1"]), Month: period.MonthOf(2023, 12), Field: filing.Revenue, Value: 1, Nature: figure.Declared, Source: "月报"},
			{Enterprise: enterprise.ID(k.firms["EA1"]), Month: period.MonthOf(2023, 12), Field: filing.Output, Value: 1, Nature: figure.Declared, Source: "月报"}}))
		return err
	})
	if a = k.ask("GET", "/readiness/{EA1}", "", 200, ""); a.body["verdict"] != "ready" {
		k.t.Errorf("with every period EA1 is %v: %v", a.body["verdict"], a.body["says"])
	}
}

func (k *desk) recordsUntilAccepted() {
	k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"base","day":"2024-10-10","value":12345.67,"source":"统计系统"}`, 201, "")
	a := k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"last_year","day":"2024-10-10","value":12000,"source":"年报"}`, 201, "")
	if got := said(a, "blocks", "key"); a.body["verdict"] != "misses" || !slices.Equal(got, []string{"base"}) || a.body["base"] != 12345.67 {
		k.t.Errorf("with another base EA1 is %v because of %v", a.body["verdict"], got)
	}
	k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"base","day":"2024-10-12","value":12000,"source":"统计系统更正"}`, 201, "")
	a = k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"applied","day":"2024-10-15","source":"回执"}`, 201, "")
	if a.body["verdict"] != "waiting" || a.body["applied"] != "2024-10-15" {
		k.t.Errorf("handed in, EA1 is %v since %v", a.body["verdict"], a.body["applied"])
	}
	k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"listed","day":"2024-10-15","month":"2024-11","source":"统计局"}`, 422, "enrolment.listed_ahead")
	a = k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"accepted","day":"2024-10-15","month":"2024-11","source":"统计局"}`, 201, "")
	if a.body["verdict"] != "waiting" || a.body["accepted"] != "2024-11" || a.body["in_list_since"] != "" {
		k.t.Errorf("accepted, EA1 is %v, in the list since %v", a.body["verdict"], a.body["in_list_since"])
	}
}

func (k *desk) recordsTheListing() {
	k.setNow(time.Date(2024, 11, 20, 1, 0, 0, 0, time.UTC))
	k.county = k.sessionFor(k.named("county.a"))
	a := k.ask("GET", "/readiness/{EA1}", "", 200, "")
	if a.body["verdict"] != "waiting" || len(said(a, "notes", "text")) != 1 {
		k.t.Errorf("when the month has come EA1 is %v with notes %v, want waiting and a note to ask", a.body["verdict"], a.body["notes"])
	}
	a = k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"listed","day":"2024-11-20","month":"2024-11","source":"统计局名录"}`, 201, "")
	if a.body["verdict"] != "in_list" || a.body["in_list_since"] != "2024-11" || !strings.Contains(strings.Join(said(a, "notes", "text"), ""), "没有进入“纳统”阶段") {
		k.t.Errorf("listed, EA1 is %v since %v with notes %v", a.body["verdict"], a.body["in_list_since"], a.body["notes"])
	}
	if got := k.texts(`SELECT stage FROM tenancy_stage WHERE enterprise = '`+k.firms["EA1"]+`' AND stage = 'enrolled'`, 1); len(got) != 0 {
		k.t.Errorf("the tenancy entered enrolled: only its own milestone does that")
	}
	a = k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"listed","day":"2024-11-20","source":"录错了","void":true}`, 201, "")
	if got := said(a, "facts", "fact", "seq", "state"); a.body["verdict"] != "waiting" || !slices.Contains(got, "listed 1 taken_back") || !slices.Contains(got, "listed 2 void") {
		k.t.Errorf("taken back, EA1 is %v with facts %q", a.body["verdict"], got)
	}
	board := k.ask("GET", "/readiness", "", 200, "")
	if sum := board.body["summary"].(map[string]any); sum["waiting"] != 1.0 || sum["entered"] != 0.0 {
		k.t.Errorf("summary = %v, want EA1 waiting", sum)
	}
	k.ask("GET", "/readiness?verdict=ready&year=2031", "", 200, "")
}

func (k *desk) isRefused() {
	k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"seen","day":"2024-11-20","source":"x"}`, 422, "")
	k.ask("POST", "/readiness/{EA1}/facts", `{"fact":"applied","day":"soon","source":"x"}`, 422, "date.invalid")
	k.ask("POST", "/readiness/{EA1}/papers", `{"paper":"poem","have":true,"source":"x"}`, 422, "enrolment.no_such_paper")
	k.ask("POST", "/readiness/{EB1}/facts", `{"fact":"applied","day":"2024-11-20","source":"x"}`, 404, "enterprise.not_found")
}

// Every sentence of readiness has its text in every language, and no argument is left open.
func TestReadiness_hasATextForEverySentence(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	keys := map[string][]string{
		"enrolment.says.":  {"ready", "preparing", "misses", "below", "unknown", "waiting", "accepted", "in_list", "licence", "no_sector"},
		"enrolment.block.": {"threshold", "threshold_unknown", "periods", "material", "material_unrecorded", "expired", "base"},
		"enrolment.task.":  {"revenue", "file", "file_next", "base", "material", "material_unrecorded", "renew", "submit", "ask", "list"},
		"enrolment.note.":  {"ledger_only", "list_only", "other_month", "delisted", "register_only", "accepted_open", "relocated"},
		"enrolment.rule.":  {"licence", "threshold", "monthly", "new_for", "yearly", "periods", "young", "base", "mend", "materials", "leading"},
	}
	for group, names := range keys {
		for _, name := range names {
			for _, lang := range []string{"zh-CN", "en"} {
				if text, ok := n.c.texts.Text(lang, group+name); !ok || text == "" {
					t.Errorf("Text(%q, %q) = none", lang, group+name)
				}
			}
		}
	}
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	for _, x := range presences {
		a := n.ask(httpCall{method: "GET", path: "/readiness/" + n.firms[x.firm], session: session}).want(t, x.firm, 200, "")
		for _, text := range textsIn(a.body) {
			if strings.ContainsAny(text, "{}") || strings.HasPrefix(text, "enrolment.") {
				t.Errorf("readiness of %s says %q: an open argument, or a key without a text", x.firm, text)
			}
		}
	}
}

// textsIn lists every text of a body.
func textsIn(v any) (out []string) {
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, x := range v {
			out = append(out, textsIn(x)...)
		}
	case map[string]any:
		for _, x := range v {
			out = append(out, textsIn(x)...)
		}
	}
	return out
}
