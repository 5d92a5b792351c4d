package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// routeRule says who may use a route and which requests prove it. Every route of the API needs one.
type routeRule struct {
	roles  []auth.Role // others get 403; nil: everybody who is logged in
	public bool        // even nobody
	first  bool        // also with a one-time password
	visits []visit
}

// visit is one request that everybody makes, and what comes of it.
type visit struct {
	method, path string
	body         any
	header       map[string]string
	file         string
	covers       func(p person) bool // whether the person's place covers what is asked for; nil: no place is asked for
	status       int                 // for who may and covers; 200 where zero
	key          string
	outside      string                // "404 key" for who may and does not cover; "200" where the answer itself says it
	outsideFor   func(p person) string // the same where it depends on who asks
	before       func(p person)        // makes the ledger ready for one request
	rows         string                // the items are exactly the person's rows of this kind
	below        string                // … at or below this org path
	none         bool                  // … no rows at all, whoever asks: a filter by something foreign to them
	check        func(t *testing.T, p person, a httpAnswer)
	writes       bool // changes the ledger for who may and covers
	loose        bool // may write lines of the audit trail even when refused (a wrong password)
	fresh        bool // ends the session: asked with a new one
}

// TestRoutes_showOnlyOwnRowsToEachRole walks every route × everybody × own and foreign places. A route without a rule
// fails: say in routeRules who may use it and how its rows are told apart.
func TestRoutes_showOnlyOwnRowsToEachRole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		people, rules := n.people(), n.routeRules()
		n.mark = n.ledger()
		known := map[string]bool{}
		routes, rank := n.api.Routes(), map[string]int{"GET": -1}
		slices.SortFunc(routes, func(a, b huma.Operation) int { // reading first: the writes bring more rows
			return cmp.Or(cmp.Compare(rank[a.Method], rank[b.Method]), cmp.Compare(a.OperationID, b.OperationID))
		})
		for _, op := range routes {
			known[op.OperationID] = true
			rule, ok := rules[op.OperationID]
			if !ok || len(rule.visits) == 0 {
				t.Errorf("%s %s (%s) has no rule: add one to routeRules that says who may use it and whose rows it shows", op.Method, op.Path, op.OperationID)
				continue
			}
			if rule.public != (len(op.Security) == 0) {
				t.Errorf("%s: public = %v, want %v", op.OperationID, len(op.Security) == 0, rule.public)
			}
			for _, v := range rule.visits {
				if v.method == "" {
					v.method = op.Method
				}
				if !fits("/api/v1"+strings.SplitN(v.path, "?", 2)[0], op.Path) || v.method != op.Method {
					t.Errorf("%s: the visit %s %s is not to %s %s", op.OperationID, v.method, v.path, op.Method, op.Path)
				}
				for _, p := range people {
					n.visit(t, op.OperationID, rule, v, p)
				}
				if now := n.ledger(); now != n.mark { // a request that writes looks itself
					t.Errorf("%s: %s %s changed the ledger\nbefore:\n%safter:\n%s", op.OperationID, v.method, v.path, n.mark, now)
					n.mark = now
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(rules)) {
			if !known[id] {
				t.Errorf("the rule %s belongs to no route: remove it", id)
			}
		}
	})
}

// fits says whether a path is of a route's pattern.
func fits(path, pattern string) bool {
	a, b := strings.Split(path, "/"), strings.Split(pattern, "/")
	return slices.EqualFunc(a, b, func(x, y string) bool { return x == y || strings.HasPrefix(y, "{") })
}

// visit makes one request as one person and compares status, rows and what was written.
func (n *town) visit(t *testing.T, op string, rule routeRule, v visit, p person) {
	t.Helper()
	if v.before != nil && p.trouble == "" && (rule.roles == nil || p.may(rule.roles)) { // others are refused before anything is looked at
		v.before(p)
		n.mark = n.ledger()
	}
	q := httpCall{method: v.method, path: n.fill(v.path, p), session: p.session, bearer: p.bearer, body: v.body, header: map[string]string{}}
	if s, ok := v.body.(string); ok {
		q.body = n.fill(s, p)
	}
	if v.file != "" {
		q.name, q.file = "list.csv", n.fill(v.file, p)
	}
	for name, value := range v.header {
		q.header[name] = n.fill(value, p)
	}
	if v.fresh && p.session != "" && !strings.HasPrefix(p.trouble, "401") {
		q.session = n.sessionFor(p.id)
	}
	what := fmt.Sprintf("%s %s as %s", v.method, q.path, p.name)
	before := n.mark
	a := n.ask(q)
	if v.writes || v.loose {
		n.mark = n.ledger()
	}
	code, key := expected(rule, v, p)
	if a.code != code || key != "" && a.key() != key {
		t.Errorf("%s: %s = %d %s, want %d %s: %.300s", op, what, a.code, a.key(), code, key, a.text)
		return
	}
	wrote := v.writes && code < 300 && (v.covers == nil || v.covers(p))
	if (n.mark != before) != wrote && !v.loose {
		t.Errorf("%s: %s changed the ledger = %v, want %v\nbefore:\n%safter:\n%s", op, what, !wrote, wrote, before, n.mark)
	}
	if code >= 300 {
		return
	}
	if v.rows != "" {
		n.compareRows(t, what, v, p, a)
	}
	if v.check != nil {
		v.check(t, p, a)
	}
}

// expected is the status that a person must get, and the message key where it tells two reasons apart.
func expected(rule routeRule, v visit, p person) (code int, key string) {
	status := v.status
	if status == 0 {
		status = 200
	}
	if rule.public {
		return status, v.key
	}
	if p.trouble != "" && !(rule.first && p.trouble == "403 auth.must_change_password") {
		return statusAndKey(p.trouble)
	}
	if rule.roles != nil && !p.may(rule.roles) {
		return 403, "auth.denied"
	}
	if v.covers != nil && !v.covers(p) {
		if v.outsideFor != nil {
			return statusAndKey(v.outsideFor(p))
		}
		return statusAndKey(v.outside)
	}
	return status, v.key
}

// statusAndKey reads "404 park.not_found".
func statusAndKey(text string) (code int, key string) {
	number, key, _ := strings.Cut(text, " ")
	code, err := strconv.Atoi(number)
	if err != nil {
		panic(err) // the table's own text
	}
	return code, key
}

// compareRows checks that a list holds exactly the person's rows, by what the tables say and not by what the API says.
func (n *town) compareRows(t *testing.T, what string, v visit, p person, a httpAnswer) {
	t.Helper()
	var want []string
	for _, r := range n.rows {
		mine := p.covers(r.enterprise, r.paths...)
		if v.below != "" { // seen, and there: an office's own part of the tree
			mine = mine && slices.ContainsFunc(r.paths, func(path string) bool {
				return strings.HasPrefix(path, v.below) && (p.path == "" || strings.HasPrefix(path, p.path))
			})
		}
		if r.kind == v.rows && mine && !v.none {
			want = append(want, r.id)
		}
	}
	got := []string{}
	for _, item := range a.items() {
		id, ok := item["id"].(string)
		if !ok { // a filing is named by its subject
			id, ok = item["subject"].(string)
		}
		if !ok { // a target has no id of its own
			id = fmt.Sprintf("%v/%v/%v/%v", item["org"], item["year"], item["indicator"], item["kind"])
		}
		got = append(got, id)
	}
	slices.Sort(want)
	slices.Sort(got)
	if want = slices.Compact(want); !slices.Equal(want, got) {
		t.Errorf("%s gives %d %ss %v, want %d: %v", what, len(got), v.rows, got, len(want), want)
	}
}

// fill puts the town's ids, and what is unique to each request, into a text.
func (n *town) fill(text string, p person) string {
	if !strings.Contains(text, "{") {
		return text
	}
	text = n.fillFilings(text)
	names := map[string]string{"who": p.name, "intake": n.intake, "month": n.month}
	for name, id := range n.parks {
		names[name] = id
	}
	for name, id := range n.firms {
		names[name] = id
	}
	for name, id := range n.figures {
		names["land "+name] = id
	}
	for name, value := range names {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	if strings.Contains(text, "{new}") {
		text = strings.ReplaceAll(text, "{new}", n.c.ids.New())
	}
	for _, table := range []string{"park", "app_user"} {
		for strings.Contains(text, "{version "+table+" ") {
			_, rest, _ := strings.Cut(text, "{version "+table+" ")
			id, _, _ := strings.Cut(rest, "}")
			version := n.texts(`SELECT CAST(version AS TEXT) FROM `+table+` WHERE id = '`+n.named(id)+`'`, 1)[0][0]
			text = strings.ReplaceAll(text, "{version "+table+" "+id+"}", `"`+version+`"`)
		}
	}
	if strings.Contains(text, "{victim}") {
		text = strings.ReplaceAll(text, "{victim}", n.named("victim"))
	}
	return text
}

// named is the id of a park, or of an account by its username.
func (n *town) named(name string) string {
	if id, ok := n.parks[name]; ok {
		return id
	}
	return n.texts(`SELECT id FROM app_user WHERE username = '`+name+`'`, 1)[0][0]
}
