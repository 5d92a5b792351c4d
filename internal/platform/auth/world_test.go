package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

const (
	city     = "350500"
	address  = "10.0.0.1:5000"
	password = "correct horse battery"
)

// A world is a city with orgs, an enterprise, and a service whose clock the test turns.
type world struct {
	t   testing.TB
	ctx context.Context
	db  *db.DB
	now time.Time
	*Service
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), db: d, now: time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.Service = New(d, Options{City: city, Now: clock, Random: rand.Reader, IDs: id.NewMaker(clock, rand.Reader), Cost: cheap})
	w.exec(orgRow("350500", "", "city", "350500."), orgRow("350582", "350500", "county", "350500.350582."),
		orgRow("350583", "350500", "county", "350500.350583."), orgRow("35058", "350500", "county", "350500.35058x."),
		orgRow("jjk", "350582", "committee", "350500.350582.jjk."), orgRow("op1", "jjk", "operator", "350500.350582.jjk.op1."),
		`INSERT INTO enterprise (city, id, uscc, name, org, nature, source, version)
			VALUES ('350500', 'E1', '91350582MA00000001', 'E1', '350582', 'simulated', 'test', 1)`)
	return w
}

func orgRow(id, parent, kind, path string) string {
	p := "NULL"
	if parent != "" {
		p = "'" + parent + "'"
	}
	return fmt.Sprintf(`INSERT INTO org (city, id, parent, kind, name_zh, name_en, path, sort, version)
		VALUES ('350500', '%s', %s, '%s', '%s', '', '%s', 0, 1)`, id, p, kind, id, path)
}

func (w *world) exec(statements ...string) {
	w.t.Helper()
	err := w.db.Write(w.ctx, func(tx db.Writer) error {
		for _, q := range statements {
			if _, err := tx.Exec(w.ctx, q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// must fails the test on err and gives v.
func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatalf("error = %v, want none", err)
	}
	return v
}

// wantKey checks the message key of an error; "" wants none.
func wantKey(t *testing.T, what string, err error, want string) {
	t.Helper()
	f, _ := fault.Of(err)
	if got := keyOf(f); got != want || (err == nil) != (want == "") {
		t.Errorf("%s = %v, want key %q", what, err, want)
	}
}

// person makes an account with a role and place, past its first password. It goes around the administrators.
func (w *world) person(username string, p Place) User {
	w.t.Helper()
	hash, err := w.hasher.hash(w.ctx, password)
	must(w.t, hash, err)
	id := w.ids.New()
	err = w.db.Write(w.ctx, func(tx db.Writer) error {
		if err := w.insert(w.ctx, tx, actorSystem, account{id: id, username: username, hash: hash, role: p.Role}); err != nil {
			return err
		}
		_, err := tx.Exec(w.ctx, `UPDATE app_user SET org = $1, enterprise = $2 WHERE id = $3`, orNull(p.Org), orNull(p.Enterprise), id)
		return err
	})
	must(w.t, id, err)
	return w.fresh(id)
}

func (w *world) fresh(id string) (u User) {
	w.t.Helper()
	err := w.db.Read(w.ctx, func(r db.Reader) (err error) { u, err = w.userByID(w.ctx, r, id); return err })
	return must(w.t, u, err)
}

func (u User) at() UserAt { return UserAt{u.ID, u.Version} }

func (w *world) login(username string) Session {
	w.t.Helper()
	s, _, err := w.Login(w.ctx, username, password, address)
	return must(w.t, s, err)
}

// trail gives the actions of the trail as "actor action" from the first, and checks the chain.
func (w *world) trail() []string {
	w.t.Helper()
	var out []string
	err := w.db.Read(w.ctx, func(r db.Reader) error {
		if _, err := audit.Verify(w.ctx, r, city); err != nil {
			return err
		}
		lines, err := audit.List(w.ctx, r, city, 0, audit.MaxPage)
		for i := range lines {
			l := lines[len(lines)-1-i]
			out = append(out, l.Actor+" "+l.Action)
			if strings.Contains(l.Detail, password) || strings.Contains(l.Detail, "argon2") {
				w.t.Errorf("line %d tells a secret: %s", l.Seq, l.Detail)
			}
		}
		return err
	})
	return must(w.t, out, err)
}
