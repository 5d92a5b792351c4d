package kill

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// fate is what a client knows of a list that it sent.
type fate int

const (
	unknown      fate = iota // the connection broke: all of it or nothing
	acknowledged             // the server said that it is in
	refused                  // the server said that nothing is in
)

type sent struct {
	tag  string
	rows int
	fate fate
}

// ledger is a data directory with all that was ever sent to it.
type ledger struct {
	dir   string
	token string
	sent  []sent
}

// TestServe_killedInMidImportLosesNothingAcknowledged kills the server 20 times while several clients import, at moments
// drawn from a seed, and looks after each at what is there: every acknowledged list whole, every other one whole or absent,
// nothing for the doctor to find, and the data directory free at once.
func TestServe_killedInMidImportLosesNothingAcknowledged(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	l := &ledger{dir: t.TempDir()}
	s := start(t, l.dir)
	l.token = s.token()
	var whole, half, open int
	for round := range rounds {
		if round%7 == 6 { // a fresh directory now and then
			s.stop(syscall.SIGKILL)
			l = &ledger{dir: t.TempDir()}
			s = start(t, l.dir)
			l.token = s.token()
		}
		after := time.Duration(20+random.IntN(600)) * time.Millisecond
		news := s.importUntilKilled(l.token, round, random, after)
		l.sent = append(l.sent, news...)
		for _, x := range news {
			switch x.fate {
			case acknowledged:
				whole++
			case unknown:
				open++
			}
		}
		s = l.reopen(t, round%2 == 0)
		half += l.check(t, s, fmt.Sprintf("round %d, killed after %v", round, after))
	}
	s.stop(syscall.SIGTERM)
	l.doctor(t)
	t.Logf("%d lists acknowledged, %d under way when the server was killed, of which %d had been written", whole, open, half)
	if whole == 0 || open == 0 { // on a machine so slow or so fast that nothing was ever killed in between
		t.Errorf("%d lists acknowledged and %d under way in %d rounds: this proves nothing", whole, open, rounds)
	}
}

// importUntilKilled lets two or three clients send lists one after another, kills the server after a while, and gives what
// each client knows.
func (s *server) importUntilKilled(token string, round int, random *rand.Rand, after time.Duration) []sent {
	s.t.Helper()
	clients := 2 + random.IntN(2)
	results := make([][]sent, clients)
	var wg sync.WaitGroup
	for c := range clients {
		sizes := rand.New(rand.NewPCG(random.Uint64(), 2))
		wg.Go(func() {
			for n := 0; ; n++ {
				x := sent{tag: fmt.Sprintf("园k%dc%dn%d", round, c, n), rows: 30 + sizes.IntN(400)}
				x.fate = s.send(token, x)
				results[c] = append(results[c], x)
				if x.fate == unknown {
					return
				}
			}
		})
	}
	time.Sleep(after)
	s.stop(syscall.SIGKILL)
	wg.Wait()
	return slices.Concat(results...)
}

func (s *server) send(token string, x sent) fate {
	kind, body, err := form(x.tag+".csv", list(x.tag, x.rows))
	if err != nil {
		s.t.Error(err)
		return unknown
	}
	status, report, err := call(context.Background(), "POST", s.address+"/api/v1/imports/parks", token, kind, bytes.NewReader(body))
	switch {
	case err != nil:
		return unknown
	case status == http.StatusOK && report["batch"] != "" && report["new"] == float64(x.rows):
		return acknowledged
	case status == http.StatusServiceUnavailable: // two writers at once: "nothing was saved"
		return refused
	default:
		s.t.Errorf("import of %s = %d %v", x.tag, status, report)
		return refused
	}
}

// reopen starts the server again at once, with the doctor before it or after a first start, so that each of them finds the
// directory as the killed one left it.
func (l *ledger) reopen(t *testing.T, doctorFirst bool) *server {
	t.Helper()
	if doctorFirst {
		l.doctor(t)
		return start(t, l.dir)
	}
	s := start(t, l.dir)
	if code := s.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("the server ends with %d on SIGTERM, want 0: %s", code, s.stderr)
	}
	l.doctor(t)
	return start(t, l.dir)
}

func (l *ledger) doctor(t *testing.T) {
	t.Helper()
	if code, said := run(t, "doctor", "--data", l.dir); code != 0 {
		t.Fatalf("doctor = %d, want 0:\n%s", code, said)
	}
}

// check compares what the server lists with what the clients know. It gives how many lists of unknown fate were written.
func (l *ledger) check(t *testing.T, s *server, when string) (written int) {
	t.Helper()
	parks, batches := map[string]int{}, map[string]map[string]any{}
	for _, p := range s.get(l.token, "/parks") {
		tag, _, _ := strings.Cut(p["name"].(string), "-")
		parks[tag]++
		if figures := p["figures"].(map[string]any); len(figures) != 3 {
			t.Errorf("%s: park %v has the figures %v, want three", when, p["name"], figures)
		}
	}
	for _, b := range s.get(l.token, "/imports") {
		batches[strings.TrimSuffix(b["file"].(string), ".csv")] = b
	}
	for i, x := range l.sent {
		b, found := batches[x.tag]
		whole := found && parks[x.tag] == x.rows && b["new"] == float64(x.rows)
		if nothing := !found && parks[x.tag] == 0; !whole && (x.fate == acknowledged || !nothing) || whole && x.fate == refused {
			t.Errorf("%s: list %s of %d rows (fate %d) has %d parks and the batch %v", when, x.tag, x.rows, x.fate, parks[x.tag], b)
		}
		if whole && x.fate == unknown {
			written++
			l.sent[i].fate = acknowledged // from now on it must stay
		} else if x.fate == unknown {
			l.sent[i].fate = refused
		}
		delete(parks, x.tag)
	}
	for tag, n := range parks {
		t.Errorf("%s: %d parks of the list %s, which nobody sent", when, n, tag)
	}
	return written
}

func TestServe_refusesADirectoryThatAnotherProcessHolds(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	pid := fmt.Sprint(s.cmd.Process.Pid)
	for _, args := range [][]string{{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, {"import", "parks", "none.csv", "--data", dir}} {
		code, said := run(t, args...)
		if code != 1 || !strings.Contains(said, "is in use by another process") || !strings.Contains(said, pid) || !strings.Contains(said, dir) || strings.Contains(said, "goroutine") {
			t.Errorf("%v = %d %q, want 1 and a sentence that names %s and process %s", args, code, said, dir, pid)
		}
	}
	if code := s.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("the first server ends with %d, want 0", code)
	}
	s = start(t, dir)
	s.stop(syscall.SIGINT)
}

// TestServe_finishesRequestsUnderWayOnSIGTERM sends half of a list, asks the server to end, and sends the rest.
func TestServe_finishesRequestsUnderWayOnSIGTERM(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	token := s.token()
	kind, body, err := form("园slow.csv", list("园slow", 300))
	if err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe()
	type result struct {
		status int
		report map[string]any
		err    error
	}
	answered := make(chan result, 1)
	go func() {
		status, report, err := call(context.Background(), "POST", s.address+"/api/v1/imports/parks", token, kind, out)
		answered <- result{status, report, err}
	}()
	if _, err := in.Write(body[:len(body)/2]); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // until the server reads
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // until it drains
	if _, _, err := call(t.Context(), "GET", s.address+"/healthz", "", "", nil); err == nil {
		t.Errorf("a draining server takes new connections")
	}
	if _, err := in.Write(body[len(body)/2:]); err != nil {
		t.Fatal(err)
	}
	_ = in.Close() // the body's end
	if r := <-answered; r.err != nil || r.status != 200 || r.report["new"] != 300.0 {
		t.Errorf("the import under way = %d %v %v, want it done", r.status, r.report, r.err)
	}
	select {
	case <-s.done:
	case <-time.After(patience):
		t.Fatal("the server does not end")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the server ends with %d, want 0: %s", code, s.stderr)
	}
	l := &ledger{dir: dir, token: token, sent: []sent{{"园slow", 300, acknowledged}}}
	l.doctor(t)
	l.check(t, start(t, dir), "after SIGTERM")
}

func TestProgram_saysByItsExitCodeWhatWentWrong(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"version"}, 0}, {[]string{"help"}, 0}, {[]string{"nonsense"}, 2}, {[]string{"serve", "--nonsense"}, 2}, {[]string{"import"}, 2},
		{[]string{"doctor", "--data", empty}, 1}, {[]string{"import", "parks", "none.csv", "--data", empty}, 1},
	} {
		if got, said := run(t, c.args...); got != c.want || strings.Contains(said, "goroutine") {
			t.Errorf("%v = %d, want %d: %s", c.args, got, c.want, said)
		}
	}
}
