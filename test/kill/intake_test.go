package kill

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// leads is a list of recruitment leads of an office.
func leads(rows int) string {
	var b strings.Builder
	b.WriteString("编号,企业名称,阶段,计划投资（万元）\n")
	for i := range rows {
		fmt.Fprintf(&b, "L%06d,企业%d,意向,%d\n", i, i, i+1)
	}
	return b.String()
}

// do makes a request of JSON and fails the test on another answer than 2xx.
func (s *server) do(method, path, token, kind string, body []byte, match string) map[string]any {
	s.t.Helper()
	status, answer, err := callIf(s.t.Context(), method, s.address+"/api/v1"+path, token, kind, bytes.NewReader(body), match)
	if err != nil || status/100 != 2 {
		s.t.Fatalf("%s %s = %d %v %v", method, path, status, answer, err)
	}
	return answer
}

// intake waits until an intake is no longer in one of the states.
func (s *server) intake(token, id string, busy ...string) map[string]any {
	s.t.Helper()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		a := s.do("GET", "/intakes/"+id, token, "", nil, "")
		waiting := false
		for _, state := range busy {
			waiting = waiting || a["state"] == state
		}
		if !waiting {
			return a
		}
	}
	s.t.Fatalf("the intake %s does not get on", id)
	return nil
}

// TestServe_killedBetweenCheckAndCommitGoesOn kills the server after it checked and while it commits. The next start goes on
// where it was; a list is in the ledger as a whole and once, or not at all.
func TestServe_killedBetweenCheckAndCommitGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a dead server's leases")
	}
	const rows = 20_000
	dir := t.TempDir()
	s := start(t, dir)
	token := s.token()
	kind, body, err := form("leads.csv", leads(rows))
	if err != nil {
		t.Fatal(err)
	}
	a := s.do("POST", "/intakes?form=leads", token, kind, body, "")
	id := a["id"].(string)
	sent, err := json.Marshal(map[string]any{"mapping": a["mapping"], "save": false})
	if err != nil {
		t.Fatal(err)
	}
	s.do("PUT", "/intakes/"+id+"/mapping", token, "application/json", sent, `"1"`)
	a = s.intake(token, id, "checking")
	report, _ := a["report"].(map[string]any)
	if a["state"] != "checked" || report["new"] != float64(rows) {
		t.Fatalf("check = %v %v, want checked with %d new rows", a["state"], report["new"], rows)
	}
	s.stop(syscall.SIGKILL) // between check and commit
	s = start(t, dir)
	s.do("POST", "/intakes/"+id+"/commit", token, "application/json", []byte(`{"only_good":false,"submit":false}`), "")
	time.Sleep(700 * time.Millisecond) // in the middle of the reading or the writing
	s.stop(syscall.SIGKILL)
	s = start(t, dir)
	a = s.intake(token, id, "committing")
	report, _ = a["report"].(map[string]any)
	if a["state"] != "committed" || report["written"] != float64(rows) || report["batch"] != id {
		t.Fatalf("after a kill in the commit = %v, %v written as %v, want all %d as %s", a["state"], report["written"], report["batch"], rows, id)
	}
	if batches := s.get(token, "/imports"); len(batches) != 1 || batches[0]["new"] != float64(rows) {
		t.Errorf("imports = %v, want one of %d rows", batches, rows)
	}
	if code := s.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("SIGTERM ends with %d, want 0; %s", code, s.stderr)
	}
	if code, said := run(t, "doctor", "--data", dir); code != 0 {
		t.Errorf("doctor = %d: %s", code, said)
	}
}
