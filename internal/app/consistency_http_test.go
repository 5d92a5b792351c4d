package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// A park whose statements contradict each other is a finding with its owner, its rows and the way to resolve it; the other
// county hears nothing of it.
func TestFindings_tellWhatTheLedgerStatesAgainstItself(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	n.write(func(w db.Writer, act org.Act) error {
		for field, text := range map[string]string{"tenants_signed": "57", "tenants_producing": "33", "tenants_fitting_out": "25"} {
			s := park.Statement{Field: field, Text: text, Nature: figure.Declared, Source: "月报"}
			if _, err := park.Record(n.ctx, w, act, park.ID(n.parks["B1"]), s); err != nil {
				return err
			}
		}
		return nil
	})
	ask := func(session, query string) httpAnswer {
		return n.ask(httpCall{method: "GET", path: "/findings?check=overcounted" + query, session: session, header: map[string]string{"Accept-Language": "en"}}).want(t, "findings", 200, "")
	}
	city := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	a := ask(city, "")
	if got, want := said(a, "items", "check", "owner", "park"), []string{"overcounted " + countyB + " " + n.parks["B1"]}; !slices.Equal(got, want) {
		t.Fatalf("findings = %q, want %q", got, want)
	}
	item := a.items()[0]
	if message, _ := item["message"].(string); !strings.Contains(message, "33 tenants in production and 25 fitting out, together more than the 57 signed") {
		t.Errorf("message = %q, want the three numbers", message)
	}
	rows, _ := item["evidence"].([]any)
	if resolve, _ := item["resolve"].(string); !strings.HasPrefix(resolve, "The park checks") || len(rows) != 3 || rows[0].(map[string]any)["source"] != "月报" {
		t.Errorf("finding = %v, want a way to resolve it and three rows with their source", item)
	}
	if got := ask(city, "&org="+countyA).items(); len(got) != 0 {
		t.Errorf("findings below the other county = %v, want none", got)
	}
	if got := ask(city, "&period=2023").items(); len(got) != 1 {
		t.Errorf("findings of 2023 = %v, want the one", got)
	}
	county := n.sessionFor(n.account("county.a", auth.Place{Role: auth.CountyOffice, Org: countyA}))
	if got := ask(county, "").items(); len(got) != 0 {
		t.Errorf("the other county is told of %v", got)
	}
}

// Page by page, the findings of each severity are those of the whole list, whether they are of returns or of statements.
func TestFindings_areFilteredBySeverityOnEveryPage(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	n.write(func(w db.Writer, act org.Act) error {
		for field, text := range map[string]string{"tenants_signed": "57", "tenants_producing": "33", "tenants_fitting_out": "25"} {
			if _, err := park.Record(n.ctx, w, act, park.ID(n.parks["B1"]), park.Statement{Field: field, Text: text, Nature: figure.Declared, Source: "月报"}); err != nil {
				return err
			}
		}
		return nil
	})
	n.exec(`UPDATE filing_value SET value = -value WHERE enterprise = $1 AND month >= 202411`, n.firms["EX"]) // two errors
	session := n.sessionFor(n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID}))
	list := func(query string) (ids []string) {
		for next, pages := "", 0; pages == 0 || next != ""; pages++ {
			a := n.ask(httpCall{method: "GET", path: "/findings?cursor=" + next + query, session: session}).want(t, "findings", 200, "")
			ids = append(ids, said(a, "items", "id", "severity")...)
			next, _ = a.body["next"].(string)
		}
		slices.Sort(ids)
		return ids
	}
	want := map[string][]string{}
	for _, one := range list("") {
		severity := one[strings.LastIndex(one, " ")+1:]
		want[severity] = append(want[severity], one)
	}
	if len(want) < 2 {
		t.Fatalf("findings = %v, want some of at least two severities", want)
	}
	for _, severity := range []string{"error", "warning", "note"} {
		if got := list("&limit=1&severity=" + severity); !slices.Equal(got, want[severity]) {
			t.Errorf("findings that are %s = %v, want %v", severity, got, want[severity])
		}
	}
}

// Every check has its texts in every language.
func TestFindings_haveATextForEveryCheckOfConsistency(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	for _, c := range finding.Codes() {
		for _, key := range []string{"finding.consistency.", "finding.resolve."} {
			for _, lang := range []string{"zh-CN", "en"} {
				if text, ok := n.c.texts.Text(lang, key+string(c)); !ok || text == "" {
					t.Errorf("Text(%q, %q) = none", lang, key+string(c))
				}
			}
		}
	}
}
