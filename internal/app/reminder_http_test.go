package app

import (
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// Offices whose filings were due and are not handed in are findings, each seen by who sees the office.
func TestFindings_remindOfficesAfterTheDueDay(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	city := n.account("office.a", auth.Place{Role: auth.CityOffice, Org: n.c.ref.ID})
	county := n.account("county.a", auth.Place{Role: auth.CountyOffice, Org: countyB})
	ask := func(user string) []string {
		a := n.ask(httpCall{method: "GET", path: "/findings?check=overdue", session: n.sessionFor(user), header: map[string]string{"Accept-Language": "en"}}).want(t, "findings", 200, "")
		return said(a, "items", "org", "message")
	}
	n.setNow(time.Date(2025, 7, 5, 1, 0, 0, 0, time.UTC)) // the park's return is due on the 5th, the enterprise's on the 8th
	if got := ask(city); len(got) != 0 {
		t.Errorf("findings on the due day = %q, want none", got)
	}
	n.setNow(time.Date(2025, 7, 9, 1, 0, 0, 0, time.UTC))
	all, own := strings.Join(ask(city), "\n"), ask(county)
	if !strings.Contains(all, countyA) || !strings.Contains(all, countyB) || !strings.Contains(all, "due on 8 Jul 2025") || !strings.Contains(all, "due on 5 Jul 2025") {
		t.Errorf("findings after the due days =\n%s\nwant both counties with both forms", all)
	}
	for _, line := range own {
		if strings.Contains(line, countyA) {
			t.Errorf("the county is told of the other one: %s", line)
		}
	}
	if len(own) == 0 {
		t.Error("the county is told nothing of its own")
	}
}
