package app

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/platform/checkup"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
	"github.com/parkbrain/parkbrain/refdata"
)

// commandLine runs the program with arguments and an environment and gives its exit code and what it wrote.
func commandLine(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	h := &host{
		stdout: &out, stderr: &errs, now: time.Now, random: rand.Reader, texts: texts,
		lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}
	code = h.run(t.Context(), args)
	return code, out.String(), errs.String()
}

// newLedger makes a data directory with the city's reference data.
func newLedger(t *testing.T) string {
	t.Helper()
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	h := &host{stdout: io.Discard, stderr: io.Discard, now: time.Now, random: rand.Reader, texts: texts}
	c, err := h.openCity(t.Context(), config.Settings{Data: dir, City: "350500", LogFormat: "text", LogLevel: "info"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// behindItsBack changes a ledger as no constraint would allow.
func behindItsBack(t *testing.T, dir, statement string) {
	t.Helper()
	conns, err := sql.Open("sqlite", filepath.Join(dir, databaseFile)) // foreign keys are off unless asked for
	if err != nil {
		t.Fatal(err)
	}
	defer conns.Close()
	if _, err := conns.Exec(statement); err != nil {
		t.Fatalf("%s = %v", statement, err)
	}
}

func TestDoctor_findsADemoCitySoundAndChangesNothing(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"PARKBRAIN_ADMIN_PASSWORD": "a long enough password"}
	if code, _, stderr := commandLine(t, env, "demo", "--data", dir, "--enterprises", "60", "--months", "12"); code != exitOK {
		t.Fatalf("demo = %d: %s", code, stderr)
	}
	before, err := os.ReadFile(filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := commandLine(t, map[string]string{"LANG": "en_US.UTF-8"}, "doctor", "--data", dir)
	if code != exitOK || strings.Count(stdout, "✓") != 10 || !strings.HasSuffix(stdout, "The ledger is sound.\n") || stderr != "" {
		t.Errorf("doctor = %d: %s%s, want 10 sound checks", code, stdout, stderr)
	}
	after, err := os.ReadFile(filepath.Join(dir, databaseFile))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the ledger changed: %v", err)
	}
}

func TestDoctor_namesTheFirstBrokenRow(t *testing.T) {
	dir := newLedger(t)
	behindItsBack(t, dir, `UPDATE org SET path = '350582.' WHERE id = '350582'`)
	const where = "org[city=350500 id=350582].path"
	for lang, begin := range map[string]string{"": "第一处：", "en_US.UTF-8": "First broken row: "} {
		want := regexp.MustCompile("\n" + regexp.QuoteMeta(begin+where) + `: .*350582\..*\n$`)
		code, stdout, _ := commandLine(t, map[string]string{"LANG": lang}, "doctor", "--data", dir)
		if code != exitFailed || !want.MatchString(stdout) || strings.Count(stdout, "✗") != 1 {
			t.Errorf("doctor in %q = %d: %s, want it to end with %s", lang, code, stdout, want)
		}
	}
	code, stdout, _ := commandLine(t, nil, "doctor", "--data", dir, "--json")
	var said struct {
		OK     bool
		Count  int
		First  struct{ Table, Row, Column, Key, Where, Message string }
		Heads  []checkup.Head
		Checks []struct {
			Name, Outcome string
			Rows          int64
			Broken        []struct{ Where, Message string }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &said); err != nil {
		t.Fatalf("%v in %s", err, stdout)
	}
	if code != exitFailed || said.OK || said.Count != 1 || said.First.Where != where || said.First.Key != "doctor.org_path" || said.First.Message == "" {
		t.Errorf("doctor --json = %d: %+v, want %s", code, said, where)
	}
	if last := said.Checks[len(said.Checks)-1]; last.Outcome != "broken" || len(last.Broken) != 1 || last.Broken[0].Where != where || len(said.Heads) != 1 {
		t.Errorf("last check = %+v, want %s", last, where)
	}
}

func TestDoctor_makesNoLedgerWhereNoneIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{{"--data", dir}, {"--db", "sqlite://" + dir + "/x.db"}} {
		if code, stdout, stderr := commandLine(t, nil, append([]string{"doctor"}, args...)...); code != exitFailed || !strings.Contains(stderr, dir) {
			t.Errorf("doctor %v = %d: %s%s, want it to say that %s is not there", args, code, stdout, stderr, dir)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("doctor made %s", dir)
	}
	if code, _, _ := commandLine(t, nil, "doctor", "now"); code != exitUsage {
		t.Errorf("doctor with a word = %d, want %d", code, exitUsage)
	}
}

func TestDoctor_doesNotMigrate(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			address := dbtest.Empty(t, e)
			if u, err := url.Parse(address); err == nil && u.Scheme == "sqlite" {
				if err := os.WriteFile(u.Path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			code, stdout, stderr := commandLine(t, map[string]string{"LANG": "en_US.UTF-8"}, "doctor", "--db", address)
			if code != exitFailed || !strings.Contains(stdout, "no tables yet") || strings.Count(stdout, "–") != 9 {
				t.Errorf("doctor = %d: %s%s, want an empty database and 9 checks skipped", code, stdout, stderr)
			}
			if v, err := db.SchemaVersion(t.Context(), dbtest.At(t, address)); err != nil || v != 0 {
				t.Errorf("SchemaVersion = %d, %v, want 0", v, err)
			}
		})
	}
}

func TestDoctor_examinesPostgreSQL(t *testing.T) {
	address := dbtest.URL(t, db.Postgres)
	code, stdout, stderr := commandLine(t, map[string]string{"LANG": "en_US.UTF-8"}, "doctor", "--db", address)
	if code != exitOK || strings.Count(stdout, "kept by the database engine") != 3 {
		t.Errorf("doctor = %d: %s%s, want it sound and 3 checks left to the engine", code, stdout, stderr)
	}
}

func TestDoctor_hasATextForEverythingItSays(t *testing.T) {
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"doctor.day", "doctor.month", "doctor.instant"} // made of a column's meaning
	for _, o := range []checkup.Outcome{checkup.Sound, checkup.Damaged, checkup.Engine, checkup.Skipped} {
		keys = append(keys, "doctor."+string(o))
	}
	for _, class := range []string{"integer", "real", "text", "blob", "null"} {
		keys = append(keys, "doctor.storage."+class)
	}
	files, err := filepath.Glob("../platform/checkup/*.go")
	if err != nil {
		t.Fatal(err)
	}
	written, step := regexp.MustCompile(`"(doctor\.[a-z_0-9]+)"`), regexp.MustCompile(`\{"([a-z]+)", [a-zA-Z]+\},`)
	for _, file := range append(files, "doctor.go") {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range written.FindAllStringSubmatch(string(content), -1) {
			keys = append(keys, m[1])
		}
		if filepath.Base(file) == "run.go" {
			for _, m := range step.FindAllStringSubmatch(string(content), -1) {
				keys = append(keys, "doctor.check."+m[1])
			}
		}
	}
	if len(keys) < 40 {
		t.Fatalf("only %d keys were found", len(keys))
	}
	for _, key := range keys {
		if _, ok := texts.Text(texts.Fallback(), key); !ok {
			t.Errorf("the key %q has no text: add it to refdata/messages", key)
		}
	}
}
