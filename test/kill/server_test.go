// Package kill proves that the real binary loses nothing that it acknowledged and leaves nothing half done, however it ends.
package kill

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	password = "correct horse battery"
	patience = 20 * time.Second // for a start on a busy machine; a healthy one takes a tenth of a second
)

// built is the folder of the binary; empty before it is built.
var built string

// binary is the program, built once as it is shipped: without CGO.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "parkbrain-kill-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "parkbrain")
	build := exec.Command("go", "build", "-o", path, "github.com/parkbrain/parkbrain/cmd/parkbrain")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built) // the machine's clean-up finds it otherwise
	}
	os.Exit(code)
}

// program makes a command of the binary that says things in English.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("kill -9 and SIGTERM are tested where they are")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PARKBRAIN_") && !strings.HasPrefix(v, "L") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=en_US.UTF-8", "PARKBRAIN_ADMIN_PASSWORD="+password)
	return cmd
}

// run runs a command to its end and gives its exit code and all that it said.
func run(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	out, err := program(t, args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, string(out)
	case errors.As(err, &exit):
		return exit.ExitCode(), string(out)
	default:
		t.Fatalf("%v = %v", args, err)
		return 0, ""
	}
}

// server is a running `parkbrain serve`.
type server struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	stderr  *bytes.Buffer
	done    chan error
}

// start runs the server on a data directory and waits until it serves. It is killed with the test.
func start(t *testing.T, dir string) *server {
	t.Helper()
	s := &server{t: t, cmd: program(t, "serve", "--data", dir, "--listen", "127.0.0.1:0"), stderr: &bytes.Buffer{}, done: make(chan error, 1)}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout, s.cmd.Stderr = in, s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close() // the child has its own
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = out.Close() })
	lines := make(chan string, 1)
	go func() {
		defer close(lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			if _, address, ok := strings.Cut(scan.Text(), " serves "); ok {
				lines <- address
				return
			}
		}
	}()
	select {
	case address, ok := <-lines:
		if !ok {
			t.Fatalf("the server on %s ended at once: %v\n%s", dir, <-s.done, s.stderr)
		}
		s.address = address
	case <-time.After(patience):
		t.Fatalf("the server on %s does not start", dir)
	}
	return s
}

// stop sends a signal and waits for the end. It gives the exit code, -1 for a killed process.
func (s *server) stop(signal syscall.Signal) int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("the server does not end on %v", signal)
	}
	return s.cmd.ProcessState.ExitCode()
}

// call makes a request and reads the JSON answer.
func call(ctx context.Context, method, address, token, kind string, body io.Reader) (status int, answer map[string]any, err error) {
	return callIf(ctx, method, address, token, kind, body, "")
}

// callIf is call of a change to a version.
func callIf(ctx context.Context, method, address, token, kind string, body io.Reader, match string) (status int, answer map[string]any, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return 0, nil, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if match != "" {
		r.Header.Set("If-Match", match)
	}
	if c, ok := strings.CutPrefix(token, "cookie "); ok {
		r.AddCookie(&http.Cookie{Name: "parkbrain_session", Value: c})
	} else if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	for _, c := range res.Cookies() {
		answer = map[string]any{"cookie": c.Value}
	}
	text, err := io.ReadAll(res.Body)
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &answer)
	}
	return res.StatusCode, answer, err
}

// client keeps no connection: the server at its other end is killed again and again.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

// token logs in and makes an API token, which outlives the server.
func (s *server) token() string {
	s.t.Helper()
	login := fmt.Sprintf(`{"username":"admin","password":%q}`, password)
	status, me, err := call(s.t.Context(), "POST", s.address+"/api/v1/session", "", "application/json", strings.NewReader(login))
	if err != nil || status != 200 {
		s.t.Fatalf("login = %d %v %v", status, me, err)
	}
	status, made, err := call(s.t.Context(), "POST", s.address+"/api/v1/tokens", "cookie "+me["cookie"].(string), "application/json", strings.NewReader(`{"name":"kill","days":1}`))
	if err != nil || status != 201 {
		s.t.Fatalf("token = %d %v %v", status, made, err)
	}
	return made["token"].(string)
}

// get reads all pages of a list.
func (s *server) get(token, path string) (items []map[string]any) {
	s.t.Helper()
	for next := ""; ; {
		status, page, err := call(s.t.Context(), "GET", s.address+"/api/v1"+path+"?limit=500&cursor="+url.QueryEscape(next), token, "", nil)
		if err != nil || status != 200 {
			s.t.Fatalf("GET %s = %d %v %v", path, status, page, err)
		}
		for _, item := range page["items"].([]any) {
			items = append(items, item.(map[string]any))
		}
		if next, _ = page["next"].(string); next == "" {
			return items
		}
	}
}

// form wraps a list as a browser's upload.
func form(name, content string) (kind string, body []byte, err error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil {
		err = m.Close()
	}
	return m.FormDataContentType(), b.Bytes(), err
}

// list is a park list of so many rows under names that no other list has.
func list(tag string, rows int) string {
	var b strings.Builder
	b.WriteString("园区名称,县(市、区),土地面积(亩),建筑面积(m2),签约企业数\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s-%d,晋江市,%d,%d,%d\n", tag, i, i+1, 1000+i, i%50)
	}
	return b.String()
}
