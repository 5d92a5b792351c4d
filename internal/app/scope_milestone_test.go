package app

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/refdata/lifecycles"
)

// movers keep the days of tenancies and projects.
var movers = []auth.Role{auth.CityOffice, auth.CountyOffice, auth.ParkOperator}

// alone is by kind a stage that nothing of the town's subjects builds on, first one that comes before all and has no guard.
var (
	early = map[string]string{"tenancy": "intent", "project": "reserve"}
	alone = map[string]string{"tenancy": "expanding", "project": "registered"}
)

// still puts every subject back to its first version, without pauses, with one claim of the stage alone and without the early one.
func (n *town) still(person) {
	for _, query := range []string{
		`DELETE FROM milestone_evidence`, `DELETE FROM milestone_pause`, `DELETE FROM milestone_void`,
		`DELETE FROM tenancy_stage WHERE stage IN ('intent', 'expanding')`, `DELETE FROM project_milestone WHERE stage IN ('reserve', 'registered')`,
		`INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, recorder, recorded_at, reason)
			SELECT city, enterprise, id, 'expanding', 'claimed', 1, 20250301, 'declared', '台账', 'x', 1, '' FROM tenancy`,
		`INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, recorder, recorded_at, reason)
			SELECT city, id, 'registered', 'claimed', 1, 20250301, 'declared', '台账', 'x', 1, '' FROM project`,
		`UPDATE tenancy SET version = 1`, `UPDATE project SET version = 1`,
		`DELETE FROM evidence WHERE id LIKE 'borne-%'`,
		`INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, file_name, note, recorder, recorded_at)
			SELECT city, 'borne-' || id, 'tenancy', id, 'expanding', 'record', '记录', '1', '', '', 'x', 1 FROM tenancy
			UNION ALL SELECT city, 'borne-' || id, 'project', id, 'registered', 'record', '记录', '1', '', '', 'x', 1 FROM project`,
	} {
		n.exec(query)
	}
}

func (n *town) milestoneRules() map[string]routeRule {
	tenancy, err := lifecycles.FS.ReadFile("tenancy.yaml")
	if err != nil {
		n.t.Fatal(err)
	}
	own, _ := json.Marshal(strings.Replace(string(tenancy), `from: "2021-01-01"`, `from: "2025-06-01"`, 1) + "# {new}\n")
	step := func(deed string, body func(kind, path string) string) []visit {
		return n.subjects(func(kind, firm, path, outside string, covers func(p person) bool) visit {
			return visit{path: path + "/" + deed, body: body(kind, path), covers: covers, outside: outside, writes: firm != "", before: n.still}
		})
	}
	fixed := func(body string) func(string, string) string { return func(string, string) string { return body } }
	return map[string]routeRule{
		"get-track": {roles: readers, visits: n.subjects(func(kind, firm, path, outside string, covers func(p person) bool) visit {
			return visit{path: path, covers: covers, outside: outside, check: func(t *testing.T, p person, a httpAnswer) {
				can, _ := a.body["can"].([]any)
				if a.body["id"] != path[strings.LastIndex(path, "/")+1:] || a.header.Get("ETag") == "" || (len(can) > 0) != p.may(movers) {
					t.Errorf("track of %s of %s as %s: id %v, can %v", kind, firm, p.name, a.body["id"], can)
				}
			}}
		})},
		"plan-milestone": {roles: movers, visits: step("plan", func(kind, _ string) string {
			return `{"version":1,"stage":"` + early[kind] + `","day":"2023-06-01","source":"{who}","reason":"{new}"}`
		})},
		"claim-milestone": {roles: movers, visits: step("claim", func(kind, _ string) string {
			return `{"version":1,"stage":"` + early[kind] + `","day":"2023-06-01","source":"{who} {new}"}`
		})},
		"verify-milestone": {roles: editors, visits: step("verify", func(kind, path string) string {
			return `{"version":1,"stage":"` + alone[kind] + `","day":"2025-03-02","evidence":["borne-` + path[strings.LastIndex(path, "/")+1:] + `"]}`
		})},
		"rollback-milestone": {roles: movers, visits: step("rollback", func(kind, _ string) string { return `{"version":1,"stage":"` + alone[kind] + `","reason":"{new}"}` })},
		"suspend-milestone":  {roles: movers, visits: step("suspend", fixed(`{"version":1,"reason":"{new}"}`))},
		"resume-milestone": {roles: movers, visits: n.subjects(func(_, firm, path, outside string, covers func(p person) bool) visit {
			v := visit{path: path + "/resume", body: `{"version":1}`, covers: covers, outside: outside, before: n.still}
			if firm != "" { // nothing of the town is suspended
				v.status, v.key = 403, "lifecycle.not_suspended"
			}
			return v
		})},
		"list-lifecycles": {roles: readers, visits: []visit{{path: "/lifecycles", check: func(t *testing.T, p person, a httpAnswer) {
			if len(a.items()) < 8 {
				t.Errorf("GET /lifecycles as %s gives %d, want all", p.name, len(a.items()))
			}
		}}}},
		"get-lifecycle": {roles: readers, visits: append(get("/lifecycles/tenancy"), visit{path: "/lifecycles/none", status: 404, key: "lifecycle.unknown"})},
		"check-lifecycle": {roles: makers, visits: []visit{{path: "/lifecycles/tenancy/check", body: `{"yaml":` + string(own) + `}`, check: func(t *testing.T, p person, a httpAnswer) {
			if a.body["ok"] != true {
				t.Errorf("check of the shipped lifecycle as %s = %s", p.name, a.text)
			}
		}}, {path: "/lifecycles/tenancy/check", body: `{"yaml":"lifecycle: tenancy"}`, check: func(t *testing.T, p person, a httpAnswer) {
			if problems, _ := a.body["problems"].([]any); a.body["ok"] != false || len(problems) == 0 {
				t.Errorf("check of half a lifecycle as %s = %s, want problems", p.name, a.text)
			}
		}}}},
		"put-lifecycle": {roles: makers, visits: []visit{{path: "/lifecycles/tenancy", body: `{"yaml":` + string(own) + `,"reason":"{who}"}`, writes: true}}},
	}
}
