package refdata

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/message"
)

func TestCatalogue_languagesAgree(t *testing.T) {
	c, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"zh-CN", "en"}) {
		t.Errorf("Languages = %v, want zh-CN and en", got)
	}
	for _, lang := range c.Languages() {
		texts, err := Messages(lang)
		if err != nil || len(texts) != len(c.Keys()) {
			t.Errorf("Messages(%s) = %d texts, %v, want %d", lang, len(texts), err, len(c.Keys()))
		}
	}
	if _, err := Messages("fr"); err == nil {
		t.Error("Messages(fr) must be refused")
	}
}

func TestCatalogue_chineseTextsUseChinesePunctuation(t *testing.T) {
	texts, err := Messages(DefaultLanguage)
	if err != nil {
		t.Fatal(err)
	}
	inBraces := regexp.MustCompile(`\{[^}]*\}`)
	for key, text := range texts {
		if strings.ContainsAny(inBraces.ReplaceAllString(text, ""), ",;:!?") {
			t.Errorf("%s: %q has half-width punctuation", key, text)
		}
	}
}

func TestCatalogue_groupsOfWordsExist(t *testing.T) {
	c, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	group := regexp.MustCompile(`\{[a-z0-9_]+:([a-z0-9_.]+)\}`)
	for _, key := range c.Keys() {
		text, _ := c.Text(DefaultLanguage, key)
		for _, m := range group.FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(c.Keys(), func(k string) bool { return strings.HasPrefix(k, m[1]+".") }) {
				t.Errorf("%s: no word begins with %s.", key, m[1])
			}
		}
	}
}

// said is one place in the source that speaks in a message key.
type said struct {
	at   string
	key  string
	args []string
	open bool // the values are passed on, so their names are not in this place
}

// TestCatalogue_hasEveryKeyOfTheSource reads the Go source and looks at each fault.New and fault.Because whose key is
// written out or a constant, and at each text that looks like a key of a cell, a sheet, a request or a report: the catalogue must have the key, and a
// fault must give every value that its text needs.
func TestCatalogue_hasEveryKeyOfTheSource(t *testing.T) {
	c, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	all := keysIn(t, "../internal", "../refdata")
	if len(all) < 100 {
		t.Fatalf("only %d keys were found: the search misses the tree", len(all))
	}
	for _, s := range all {
		text, ok := c.Text(DefaultLanguage, s.key)
		if !ok {
			t.Errorf("%s: the key %q has no text: add it to refdata/messages/zh-CN.yaml and en.yaml", s.at, s.key)
			continue
		}
		for _, name := range message.Placeholders(text) {
			if !s.open && !slices.Contains(s.args, name) {
				t.Errorf("%s: the text of %q needs {%s}, the fault gives %v", s.at, s.key, name, s.args)
			}
		}
	}
}

// source is the Go files that are not tests, with the constants of each folder.
type source struct {
	set    *token.FileSet
	files  map[string]*ast.File         // by path
	consts map[string]map[string]string // package name → constant → text
}

func keysIn(t *testing.T, folders ...string) (all []said) {
	t.Helper()
	src := source{token.NewFileSet(), map[string]*ast.File{}, map[string]map[string]string{}}
	for _, folder := range folders {
		if err := filepath.WalkDir(folder, src.read); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(src.files)) {
		all = append(all, src.keys(src.files[path])...)
	}
	return all
}

func (src source) read(path string, d fs.DirEntry, err error) error {
	if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
		return err
	}
	f, err := parser.ParseFile(src.set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	src.files[path] = f
	pkg := f.Name.Name
	if src.consts[pkg] == nil {
		src.consts[pkg] = map[string]string{}
	}
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i := range v.Values {
				if text, ok := literal(v.Values[i]); ok {
					src.consts[pkg][v.Names[i].Name] = text
				}
			}
		}
	}
	return nil
}

// elsewhere are keys that reach the catalogue through a list of problems, a status or a report and not through a fault.
var elsewhere = regexp.MustCompile(`^(cell|sheet|request|import|doctor)\.[a-z0-9_]+$`)

func (src source) keys(f *ast.File) (all []said) {
	inFault := map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, key, ok := src.fault(f.Name.Name, n); ok {
				s.at, inFault[key] = src.set.Position(n.Pos()).String(), true
				all = append(all, s)
			}
		case *ast.BasicLit:
			if text, ok := literal(n); ok && !inFault[n] && elsewhere.MatchString(text) {
				all = append(all, said{at: src.set.Position(n.Pos()).String(), key: text, open: true})
			}
		}
		return true
	})
	return all
}

// fault reads fault.New(kind, key, …) and fault.Because(cause, kind, key, …).
func (src source) fault(pkg string, call *ast.CallExpr) (s said, key ast.Expr, ok bool) {
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return said{}, nil, false
	}
	from, _ := fun.X.(*ast.Ident)
	at := map[string]int{"New": 1, "Because": 2}[fun.Sel.Name]
	if from == nil || from.Name != "fault" || at == 0 || len(call.Args) <= at {
		return said{}, nil, false
	}
	key = call.Args[at]
	if s.key, ok = src.text(pkg, key); !ok || s.key == "" { // fault.New(kind, "") is a pattern for errors.Is
		return said{}, nil, false
	}
	s.open = call.Ellipsis.IsValid()
	for i := at + 1; i < len(call.Args); i += 2 {
		if name, ok := src.text(pkg, call.Args[i]); ok {
			s.args = append(s.args, name)
		} else {
			s.open = true
		}
	}
	return s, key, true
}

// text is what an expression says where it is a literal or a constant of its own or of another package.
func (src source) text(pkg string, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		text, ok := src.consts[pkg][e.Name]
		return text, ok
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			text, ok := src.consts[x.Name][e.Sel.Name]
			return text, ok
		}
	}
	return literal(e)
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
