package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/parkbrain/parkbrain/"

// rule says what the packages below a folder may import from this project, and why. The longest matching prefix counts.
type rule struct {
	pkg     string   // folder from the module's root; a trailing /… is implied
	allowed []string // prefixes of this module's packages
	outside []string // prefixes of other modules; nil = any, empty = standard library only
	reason  string
}

// rules is the house: rings from the inside out, nouns from the ground up.
var rules = []rule{
	{"internal/kit", []string{"internal/kit"}, []string{"pgregory.net/rapid"},
		"kit holds values everyone shares: move what needs more than the standard library into platform, engine or a noun"},
	{"internal/engine", []string{"internal/kit"}, []string{"gonum.org/", "pgregory.net/rapid", "cel.dev/cel-go/"},
		"engines calculate and know no noun and no database: pass them values, return values"},
	{"internal/engine/lifecycle", []string{"internal/kit", "internal/engine/lifecycle", "internal/engine/rule"}, []string{"pgregory.net/rapid"},
		"a stage's guard is an expression; nothing else of an engine is needed here"},
	{"internal/platform", []string{"internal/kit", "internal/platform"}, nil,
		"platform carries every noun and knows none: let the noun call the platform"},
	{"internal/platform/pack", []string{"internal/kit"}, []string{"go.yaml.in/yaml/"},
		"a pack is read without knowing what its rules are about: the noun says what may stand in it and what is wrong"},
	{"refdata", []string{"internal/kit", "refdata"}, nil,
		"reference data is read by nouns, it does not read them: return typed rows"},
	{"web", nil, []string{},
		"web embeds the browser's files and nothing else"},
	{"internal/domain", nil, []string{"pgregory.net/rapid"},
		"every noun has its own line in this table: add one that names the nouns below it"},
	{"internal/edge/api", append(allNouns(), "internal/edge/api"), nil, edgeReason},
	{"internal/edge/sheet", append(allNouns(), "internal/edge/sheet"), nil, edgeReason},
	{"internal/edge/httpserver", append(allNouns(), "internal/edge/httpserver", "web"), nil, edgeReason},
	{"internal/edge/terminal", append(allNouns(), "internal/edge/terminal"), nil, edgeReason},
	{"internal/app", []string{""}, nil, "app wires everything"},
	{"cmd", []string{"internal/app"}, []string{}, "main only starts app"},
	{"test", []string{"internal/app", "internal/kit", "refdata"}, nil, "black-box tests use the binary, not its insides"},
	noun("org"),
	noun("park", "org"),
	noun("enterprise", "park", "org"),
	noun("tenancy", "enterprise", "park", "org"),
	noun("project", "tenancy", "enterprise", "park", "org"),
	noun("subject", underSubject...),
	noun("evidence", under("subject")...),
	noun("officer", under("subject")...),
	noun("problem", under("officer", "subject")...),
	with(noun("lifecycle", "org"), "go.yaml.in/yaml/"), // its tests read the packs by themselves
	noun("light", "org"),
	noun("form", "org"),
	noun("filing", "form", "tenancy", "enterprise", "park", "org"),
	noun("intake", "filing", "form", "tenancy", "enterprise", "park", "org"),
	noun("projectlist", under("filing", "form", "lifecycle")...),
	with(noun("enrolment", under("filing", "form", "evidence", "subject")...), "go.yaml.in/yaml/"), // and its cases
	noun("milestone", under("enrolment", "filing", "form", "lifecycle", "evidence", "subject")...),
	noun("promise", under("filing", "form", "lifecycle", "subject")...),
	noun("pipeline", under("light", "lifecycle", "problem", "officer", "subject")...),
	noun("target", "org"),
	noun("finding", under("target", "filing", "form", "lifecycle")...),
	with(noun("indicator", under("target", "filing", "form")...), "go.yaml.in/yaml/"), // definitions are data
	noun("vintage", under("indicator", "target", "filing", "form")...),
	noun("review", under("indicator", "target", "pipeline", "enrolment", "light", "lifecycle", "problem", "officer", "subject")...),
}

// underSubject are the nouns that a subject is made of.
var underSubject = []string{"project", "tenancy", "enterprise", "park", "org"}

// under lists nouns and those that a subject is made of.
func under(names ...string) []string { return append(names, underSubject...) }

const edgeReason = "an edge speaks one outside language and never to another edge: let app pass one edge's function to the other"

var ground = []string{"internal/kit", "internal/engine", "internal/platform", "refdata"}

func noun(name string, under ...string) rule {
	allowed := append(slices.Clone(ground), "internal/domain/"+name)
	for _, n := range under {
		allowed = append(allowed, "internal/domain/"+n)
	}
	return rule{"internal/domain/" + name, allowed, []string{"pgregory.net/rapid"},
		"a noun imports only the nouns below it: turn the call around, or put the sentence into the higher noun"}
}

// with lets a rule's packages use other modules.
func with(r rule, outside ...string) rule {
	r.outside = append(r.outside, outside...)
	return r
}

func allNouns() []string { return append(slices.Clone(ground), "internal/domain") }

func TestImports_followTheRings(t *testing.T) {
	root := ".."
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || name == ".git" || name == ".cache" || name == "dist" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(path), "../")))
		if pkg == "internal" {
			return nil
		}
		seen++
		for _, broken := range check(t, pkg, path) {
			t.Error(broken)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Fatalf("only %d Go files were looked at: the walk misses the tree", seen)
	}
}

func check(t *testing.T, pkg, file string) (broken []string) {
	t.Helper()
	r, ok := ruleOf(pkg)
	if !ok {
		return []string{file + ": no rule covers package " + pkg + ": add one to the table in internal/arch_test.go that says what it may import and why"}
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		if !allows(r, pkg, path, strings.HasSuffix(file, "_test.go")) {
			broken = append(broken, file+": "+pkg+" must not import "+path+": "+r.reason)
		}
	}
	return broken
}

func ruleOf(pkg string) (best rule, ok bool) {
	for _, r := range rules {
		if (pkg == r.pkg || strings.HasPrefix(pkg, r.pkg+"/")) && (!ok || len(r.pkg) > len(best.pkg)) {
			best, ok = r, true
		}
	}
	return best, ok
}

func allows(r rule, pkg, path string, test bool) bool {
	if own, isOwn := strings.CutPrefix(path, module); isOwn {
		if own == pkg || test && testOnly(pkg, own) {
			return true
		}
		return slices.ContainsFunc(r.allowed, func(p string) bool { return p == "" || own == p || strings.HasPrefix(own, p+"/") })
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true // standard library
	}
	return r.outside == nil || slices.ContainsFunc(r.outside, func(p string) bool { return strings.HasPrefix(path, p) })
}

// testOnly says what a test may import beyond its package: fresh databases, and, for a noun's test, the nouns above it that
// set the stage (they cannot make a cycle of the code itself).
func testOnly(pkg, own string) bool {
	return strings.HasPrefix(own, "internal/platform/db/dbtest") ||
		strings.HasPrefix(pkg, "internal/domain/") && strings.HasPrefix(own, "internal/domain/")
}

func TestRules_catchAWrongImport(t *testing.T) {
	for _, c := range []struct {
		pkg, imports string
		want         bool
	}{
		{"internal/kit/unit", "internal/kit/fault", true},
		{"internal/kit/unit", "internal/platform/db", false},
		{"internal/engine/panel", "internal/domain/park", false},
		{"internal/platform/db", "internal/domain/org", false},
		{"internal/platform/db", "refdata", false},
		{"internal/domain/org", "internal/domain/park", false},
		{"internal/domain/park", "internal/domain/org", true},
		{"internal/domain/park", "internal/edge/api", false},
		{"internal/edge/api", "internal/edge/sheet", false},
		{"internal/edge/api", "internal/domain/park", true},
		{"cmd/parkbrain", "internal/edge/api", false},
	} {
		r, ok := ruleOf(c.pkg)
		if got := ok && allows(r, c.pkg, module+c.imports, false); got != c.want {
			t.Errorf("%s importing %s allowed = %v, want %v", c.pkg, c.imports, got, c.want)
		}
	}
}
