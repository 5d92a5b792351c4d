package app

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestPromises_areRecordedWithTheirUnitsAndJudged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		session := n.sessionFor(n.account("office", auth.Place{Role: auth.CityOffice, Org: "350500"}))
		path := "/subjects/tenancy/" + n.tenancyOf("EA1") + "/promises"
		post := func(path, body string) httpAnswer {
			return n.ask(httpCall{method: "POST", path: path, body: body, session: session})
		}
		item := func(extra string) string {
			return `{"items":[{"measure":"output","basis":"total","year":1,"source":"合同第8条",` + extra + `}]}`
		}
		for body, want := range map[string]string{
			item(`"value":"约3"`):                       "items[0].value number.invalid",
			item(`"value":"3","unit":"人"`):             "items[0].value unit.not_of_field",
			item(`"value":"3","unit":"斤"`):             "items[0].value unit.unknown",
			item(`"value":"3","clock":"production+x"`): " promise.bad_clock",
		} {
			a := post(path, body)
			key := " " + a.text
			if list, ok := a.body["errors"].([]any); ok && len(list) == 1 {
				first := list[0].(map[string]any)
				key = first["location"].(string) + " " + first["key"].(string)
			} else if a.body["key"] != nil {
				key = " " + a.body["key"].(string)
			}
			if a.code != 422 || key != want {
				t.Errorf("POST %s = %d %q, want 422 %q", body, a.code, key, want)
			}
		}
		// EA1 produces since 2023-12-01 and filed 12 months of 2024; its first year is 2023-12 to 2024-11
		a := post(path, item(`"value":"0.01","unit":"万元"`))
		if a.code != 200 {
			t.Fatalf("POST = %d %s", a.code, a.text)
		}
		row := a.body["rows"].([]any)[0].(map[string]any)
		if row["from"] != "2023-12" || row["to"] != "2024-11" || row["promised"] != 100.0 || row["months_known"] != 11.0 || row["months_asked"] != 12.0 || row["why"] == "" || row["why_en"] == "" {
			t.Errorf("row = %v, want the first year with 11 months of 12", row)
		}
		if a := post(path, item(`"value":"0.02"`)); a.code != 422 || a.body["key"] != "promise.no_reason" {
			t.Errorf("POST of another value = %d %v, want promise.no_reason", a.code, a.body["key"])
		}
		if a := post(path+"/land", `{"land":"3","source":"用地协议"}`); a.code != 200 || a.body["land"].(map[string]any)["m2"] != 2000.0 {
			t.Errorf("POST land = %d %v, want 3 mu as 2,000 m²", a.code, a.body["land"])
		}
	})
}
