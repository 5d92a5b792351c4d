package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/refdata"
)

// office is a city's ledger behind the handler that the server uses, asked without a network. Its clock stands still until
// a test turns it.
type office struct {
	t       *testing.T
	ctx     context.Context
	c       *city
	users   *auth.Service
	api     *api.API
	handler http.Handler
	clock   *sync.Mutex   // of now
	now     time.Time     // set by setNow
	said    *bytes.Buffer // what a command would print
	logged  *bytes.Buffer // what the operator would read
}

// setNow moves the clock.
func (o *office) setNow(t time.Time) {
	o.clock.Lock()
	defer o.clock.Unlock()
	o.now = t
}

// newOffice opens a city that has its reference data and nothing else.
func newOffice(t *testing.T, d *db.DB, edit ...func(s *config.Settings)) *office {
	t.Helper()
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	ref, err := refdata.LoadCity("350500")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, ctx: t.Context(), clock: &sync.Mutex{}, now: time.Date(2025, 7, 1, 1, 0, 0, 0, time.UTC), said: &bytes.Buffer{}, logged: &bytes.Buffer{}}
	clock := func() time.Time { // workers ask beside the test
		o.clock.Lock()
		defer o.clock.Unlock()
		return o.now
	}
	h := &host{stdout: o.said, stderr: o.logged, lookup: func(string) (string, bool) { return "", false }, now: clock, random: rand.Reader, texts: texts}
	s := config.Settings{City: ref.ID, SessionIdle: 30 * time.Minute}
	for _, f := range edit {
		f(&s)
	}
	o.c = &city{host: h, settings: s, logger: slog.New(slog.NewTextHandler(o.logged, nil)), db: d, ref: ref, ids: id.NewMaker(clock, rand.Reader)}
	if err := o.c.firstData(o.ctx); err != nil {
		t.Fatal(err)
	}
	cheap := auth.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1} // what a hash costs is tested where it is made
	o.users = auth.New(d, auth.Options{City: ref.ID, Now: clock, Random: rand.Reader, IDs: o.c.ids, Idle: s.SessionIdle, Cost: cheap})
	book, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	panels := indicator.NewPanels(d, ref.ID, clock)
	if o.api, err = o.c.api(o.users, book, panels); err != nil {
		t.Fatal(err)
	}
	if o.handler, err = o.c.handler(o.users, book, panels); err != nil {
		t.Fatal(err)
	}
	return o
}

// write runs f as the program itself.
func (o *office) write(f func(w db.Writer, act org.Act) error) {
	o.t.Helper()
	if err := o.c.db.Write(o.ctx, func(w db.Writer) error { return f(w, o.c.act()) }); err != nil {
		o.t.Fatal(err)
	}
}

// texts reads rows of text columns, in the query's order.
func (o *office) texts(query string, columns int) (rows [][]string) {
	o.t.Helper()
	err := o.c.db.Read(o.ctx, func(r db.Reader) error {
		return db.Each(o.ctx, r, func(s db.Scanner) error {
			row := make([]string, columns)
			dest := make([]any, columns)
			for i := range row {
				dest[i] = &row[i]
			}
			err := s.Scan(dest...)
			rows = append(rows, row)
			return err
		}, query)
	})
	if err != nil {
		o.t.Fatalf("%s = %v", query, err)
	}
	return rows
}

func (o *office) exec(query string, args ...any) {
	o.t.Helper()
	o.write(func(w db.Writer, _ org.Act) error {
		_, err := w.Exec(o.ctx, query, args...)
		return err
	})
}

// ledgerTables are all tables that a refused request must leave as they were; a session is no part of the ledger.
var ledgerTables = map[string]string{ // table → an expression that changes when a row does
	"audit_line": "seq", "audit_touch": "seq", "org": "version", "app_user": "version + must_change + disabled + failed_tries", "api_token": "expires_at",
	"import_batch": "at", "import_row": "row_no", "zone": "length(name)", "park": "version", "park_alias": "length(name)", "park_phase": "version",
	"figure": "value + length(COALESCE(replaced, ''))", "figure_choice": "seq", "enterprise": "version", "enterprise_name": "since",
	"tenancy": "version", "tenancy_stage": "day", "project": "version", "project_milestone": "day", "filing_value": "value", "target": "version",
	"form_version": "since", "filing": "version + level + confirmed", "filing_record": "version", "filing_past": "version", "filing_event": "seq", "filing_answer": "seq",
	"filing_remark": "seq", "intake": "version", "intake_file": "size", "intake_mapping": "at", "vintage": "sequence", "vintage_part": "chunk",
	"milestone_void": "seq", "milestone_pause": "seq", "pack_version": "version", "blob": "size", "blob_part": "part",
	"evidence": "COALESCE(withdrawn_at, 0) + recorded_at", "milestone_evidence": "seq", "baseline": "at", "promise": "seq", "promise_land": "seq",
	"enrolment_fact": "seq", "enrolment_paper": "seq", "light_choice": "seq",
	"officer": "seq", "problem": "version", "problem_event": "seq", "review": "at", "review_grade": "seq",
}

// ledger is a mark of everything written: rows and versions of every table, and the end of the audit chain.
func (o *office) ledger() string {
	o.t.Helper()
	var parts []string
	for _, table := range slices.Sorted(maps.Keys(ledgerTables)) {
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS name, CAST(COUNT(*) AS TEXT) || '/' || COALESCE(CAST(SUM(%s) AS TEXT), '-') FROM %s", table, ledgerTables[table], table))
	}
	var b strings.Builder
	for _, row := range o.texts(strings.Join(parts, " UNION ALL ")+" ORDER BY name", 2) {
		fmt.Fprintf(&b, "%s %s\n", row[0], row[1])
	}
	return b.String()
}

// sessionFor begins a session of an account without its password.
func (o *office) sessionFor(user string) string {
	o.t.Helper()
	return o.sessionSeen(user, o.now, o.now.Add(12*time.Hour))
}

func (o *office) sessionSeen(user string, seen, expires time.Time) string {
	o.t.Helper()
	token := o.c.ids.New()
	digest := sha256.Sum256([]byte(token))
	o.exec(`INSERT INTO session (digest, city, app_user, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`,
		digest[:], o.c.ref.ID, user, seen.UnixMicro(), expires.UnixMicro())
	return token
}

func (o *office) apiTokenFor(user string, expires time.Time) string {
	o.t.Helper()
	token := "pbt_" + o.c.ids.New()
	digest := sha256.Sum256([]byte(token))
	o.exec(`INSERT INTO api_token (digest, city, app_user, id, name, created_at, expires_at) VALUES ($1, $2, $3, $4, 'script', $5, $6)`,
		digest[:], o.c.ref.ID, user, o.c.ids.New(), o.now.UnixMicro(), expires.UnixMicro())
	return token
}

// account makes an account with a role and a place, without a password. It gives the account's id.
func (o *office) account(username string, p auth.Place, flags ...string) string {
	o.t.Helper()
	has := func(f string) int {
		if slices.Contains(flags, f) {
			return 1
		}
		return 0
	}
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	user := o.c.ids.New()
	o.exec(`INSERT INTO app_user (city, id, username, name, role, org, enterprise, password_hash, must_change, disabled, failed_tries, locked_until, created_at, version)
		VALUES ($1, $2, $3, '', $4, $5, $6, 'none', $7, $8, 0, NULL, $9, 1)`,
		o.c.ref.ID, user, username, string(p.Role), orNull(p.Org), orNull(p.Enterprise), has("must_change"), has("disabled"), o.now.UnixMicro())
	return user
}

// httpCall is a request. Path is below /api/v1; without one of session and bearer nobody asks.
type httpCall struct {
	method, path string
	session      string
	bearer       string
	body         any    // marshalled as JSON; a string is sent as it is
	file, name   string // content and name of an uploaded file
	header       map[string]string
}

// httpAnswer is a response whose JSON body was read.
type httpAnswer struct {
	code   int
	header http.Header
	text   string
	body   map[string]any
}

func (a httpAnswer) key() string { s, _ := a.body["key"].(string); return s }

// items gives the list of a body.
func (a httpAnswer) items() []map[string]any {
	list, _ := a.body["items"].([]any)
	out := make([]map[string]any, len(list))
	for i, x := range list {
		out[i] = x.(map[string]any)
	}
	return out
}

func (o *office) ask(q httpCall) httpAnswer {
	o.t.Helper()
	var body bytes.Buffer
	kind := "application/json"
	switch b := q.body.(type) {
	case nil:
	case string:
		body.WriteString(b)
	default:
		if err := json.NewEncoder(&body).Encode(b); err != nil {
			o.t.Fatal(err)
		}
	}
	if q.name != "" {
		kind = upload(o.t, &body, q.name, q.file)
	}
	r := httptest.NewRequestWithContext(o.ctx, q.method, "/api/v1"+q.path, &body)
	if body.Len() > 0 {
		r.Header.Set("Content-Type", kind)
	}
	if q.session != "" {
		r.AddCookie(&http.Cookie{Name: "parkbrain_session", Value: q.session})
	}
	if q.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+q.bearer)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // net/http's server does this; no server is here
	}
	return o.answered(q, w)
}

func (o *office) answered(q httpCall, w *httptest.ResponseRecorder) httpAnswer {
	o.t.Helper()
	a := httpAnswer{code: w.Code, header: w.Header(), text: w.Body.String()}
	kind := w.Header().Get("Content-Type")
	if w.Body.Len() > 0 && strings.Contains(kind, "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			o.t.Fatalf("%s %s: body is not JSON: %v: %s", q.method, q.path, err, a.text)
		}
	}
	if a.code >= 400 {
		o.checkProblem(q, a, kind)
	}
	if a.header.Get("Link") != "" || a.body["$schema"] != nil {
		o.t.Errorf("%s %s names the address of a schema: %q %v", q.method, q.path, a.header.Get("Link"), a.body["$schema"])
	}
	return a
}

// checkProblem looks at what every error body must have, and at what none may have.
func (o *office) checkProblem(q httpCall, a httpAnswer, kind string) {
	o.t.Helper()
	detail, _ := a.body["detail"].(string)
	said := detail != ""
	if kind != "application/problem+json" || a.key() == "" || !said || strings.ContainsAny(detail, "{}") || a.body["status"] != float64(a.code) {
		o.t.Errorf("%s %s = %d %s: %s, want a problem document with status, key and a whole sentence", q.method, q.path, a.code, kind, a.text)
	}
	for _, secret := range []string{"SELECT ", "INSERT ", "goroutine", ".go:", "sqlite", "SQLSTATE", "constraint \"", "panic"} {
		if strings.Contains(a.text, secret) {
			o.t.Errorf("%s %s says %q to the caller: %s", q.method, q.path, secret, a.text)
		}
	}
}

func upload(t *testing.T, body *bytes.Buffer, name, content string) (kind string) {
	t.Helper()
	m := multipart.NewWriter(body)
	f, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType()
}

// want fails the test unless the answer has the status, and the key where one is given.
func (a httpAnswer) want(t *testing.T, what string, code int, key string) httpAnswer {
	t.Helper()
	if a.code != code || key != "" && a.key() != key {
		t.Errorf("%s = %d %s, want %d %s; body %.400s", what, a.code, a.key(), code, key, a.text)
	}
	return a
}
