package pack_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

type menu struct {
	Name   pack.Text `yaml:"name"`
	Dishes []struct {
		Code string `yaml:"code"`
		When string `yaml:"when"`
	} `yaml:"dishes"`
}

const sound = `name:
  zh: 菜单
  en: Menu
dishes:
  - code: soup
    when: cold
  - code: ice
    when: |
      hot
      and dry
`

func TestRead_givesTheDocument(t *testing.T) {
	var m menu
	doc, err := pack.Read([]byte(sound), &m)
	if err != nil || m.Name != (pack.Text{ZH: "菜单", EN: "Menu"}) || len(m.Dishes) != 2 || m.Dishes[1].When != "hot\nand dry\n" {
		t.Fatalf("Read = %+v, %v, want the menu", m, err)
	}
	if !doc.Sound() || doc.Err() != nil {
		t.Errorf("Err of a sound document = %v, want nil", doc.Err())
	}
}

func TestRead_saysEveryLineThatItRefuses(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"unknown keys", "name: {zh: a, en: b}\ncolour: red\ndishes:\n  - price: 3\n", "2 pack.unknown_key colour; 4 pack.unknown_key price"},
		{"a key twice", "name: {zh: a, en: b}\nname: {zh: c, en: d}\n", "2 pack.twice name"},
		{"another kind", "name: {zh: a, en: b}\ndishes: none\n", "2 pack.wrong_kind none"},
		{"another shape", "name: {zh: a, en: b}\ndishes: {code: soup}\n", "2 pack.wrong_shape <nil>"},
		{"a quote that stays open", "name:\n  zh: \"a\n", "3 pack.syntax <nil>"},
		{"a bracket that stays open", "name: [\n", "2 pack.syntax <nil>"},
		{"a tab", "\tname: x\n", "1 pack.syntax <nil>"},
		{"two documents", "name: {zh: a, en: b}\n---\nname: {zh: a, en: b}\n", "0 pack.several <nil>"}, // of the whole
		{"nothing", "", "0 pack.empty <nil>"},
	} {
		doc, err := pack.Read([]byte(c.body), &menu{})
		var all pack.Faults
		if doc != nil || !errors.As(err, &all) {
			t.Errorf("%s: Read = %v, %v, want no document and Faults", c.name, doc, err)
			continue
		}
		var got []string
		for _, f := range all {
			got = append(got, fmt.Sprint(pack.LineOf(f), " ", f.Key, " ", f.Args["about"]))
			if f.Err == nil {
				t.Errorf("%s: fault = %v, want the reader's words as its cause", c.name, f)
			}
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: faults = %s (%v), want %s", c.name, got, err, c.want)
		}
	}
}

func TestSay_findsTheLine(t *testing.T) {
	for _, c := range []struct {
		path []any
		want int
	}{
		{nil, 1},
		{[]any{"name"}, 1},
		{[]any{"name", "en"}, 3},
		{[]any{"name", "fr"}, 1},
		{[]any{"dishes"}, 4},
		{[]any{"dishes", 0}, 5},
		{[]any{"dishes", 1, "when"}, 8},
		{[]any{"dishes", 2, "when"}, 4},
		{[]any{"dishes", "when"}, 4},
		{[]any{"price", 0}, 1},
	} {
		doc, err := pack.Read([]byte(sound), &menu{})
		if err != nil {
			t.Fatal(err)
		}
		f := fault.New(fault.Invalid, "menu.bad")
		doc.Say(f, c.path...)
		if got := pack.LineOf(f); got != c.want || doc.Sound() {
			t.Errorf("Say(%v) is at line %d, sound %v, want %d and not sound", c.path, got, doc.Sound(), c.want)
		}
	}
}

func TestSayWithin_countsInABlockOnly(t *testing.T) {
	doc, err := pack.Read([]byte(sound), &menu{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dish, within, want int }{{1, 2, 10}, {1, 0, 8}, {0, 1, 6}} {
		f := fault.New(fault.Invalid, "menu.bad", "line", c.within)
		doc.SayWithin(c.within, f, "dishes", c.dish, "when")
		if got := pack.LineOf(f); got != c.want {
			t.Errorf("line %d within dish %d is line %d, want %d", c.within, c.dish, got, c.want)
		}
	}
}

func TestErr_sortsByLineAndKeepsTheOrderWithinOne(t *testing.T) {
	doc, err := pack.Read([]byte(sound), &menu{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ key, place string }{{"third", "dishes"}, {"first", "name"}, {"second", "name"}} {
		doc.Say(fault.New(fault.Invalid, x.key), x.place)
	}
	err = doc.Err()
	var all pack.Faults
	if !errors.As(err, &all) || len(all) != 3 || all[0].Key != "first" || all[1].Key != "second" || all[2].Key != "third" {
		t.Errorf("Err = %v, want first, second, third", err)
	}
	if f, ok := fault.Of(err); !ok || f.Key != "first" || strings.Count(err.Error(), "; ") != 2 {
		t.Errorf("Err = %v, want a fault that tells all and unwraps to the first", err)
	}
}

func TestFlaw_tellsTheFirst(t *testing.T) {
	for _, c := range []struct {
		text pack.Text
		want string
	}{
		{pack.Text{ZH: "菜单", EN: "Menu"}, ""},
		{pack.Text{ZH: "菜单", EN: " "}, pack.OneLanguage},
		{pack.Text{EN: "Menu"}, pack.OneLanguage},
		{pack.Text{ZH: "菜单", EN: "Menu of a day"}, pack.TooLong},
		{pack.Text{ZH: "菜单", EN: "M {x}"}, pack.Braces},
		{pack.Text{ZH: "菜\n单", EN: "Menu"}, pack.Braces},
	} {
		if got := c.text.Flaw(7); got != c.want {
			t.Errorf("%q.Flaw(7) = %q, want %q", c.text, got, c.want)
		}
	}
	if x := (pack.Text{ZH: "菜单", EN: "Menu"}); x.In("en") != "Menu" || x.In("zh") != "菜单" || x.In("fr") != "菜单" {
		t.Errorf("In = %q %q %q, want English for en only", x.In("en"), x.In("zh"), x.In("fr"))
	}
}

func TestPlainName_isALowerCaseWord(t *testing.T) {
	for name, want := range map[string]bool{"a": true, "a_1": true, "abcd": true, "": false, "abcde": false, "1a": false, "_a": false, "A": false, "a-b": false, "园": false} {
		if got := pack.PlainName(name, 4); got != want {
			t.Errorf("PlainName(%q, 4) = %v, want %v", name, got, want)
		}
	}
	if !pack.Established.Valid() || !pack.Assumed.Valid() || pack.Basis("").Valid() {
		t.Error("Valid must accept the two bases and nothing else")
	}
}

func TestFiles_areSortedYAML(t *testing.T) {
	files, err := pack.Files(fstest.MapFS{"b.yaml": {Data: []byte("2")}, "a.yaml": {Data: []byte("1")}, "README.md": {}, "in/c.yaml": {}})
	if err != nil || fmt.Sprintf("%s", files) != "[{a.yaml 1} {b.yaml 2}]" {
		t.Errorf("Files = %s, %v, want a.yaml and b.yaml", files, err)
	}
	if _, err := pack.Files(unreadable{fstest.MapFS{"a.yaml": {}}}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Files of what cannot be read = %v, want the error of the file system", err)
	}
}

// unreadable lists its files and opens none.
type unreadable struct{ fstest.MapFS }

func (unreadable) ReadFile(string) ([]byte, error) { return nil, fs.ErrPermission }

func FuzzRead(f *testing.F) {
	f.Add(sound)
	f.Add("name: [")
	f.Add("&a [*a]")
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := pack.Read([]byte(body), &menu{})
		if (doc == nil) == (err == nil) {
			t.Fatalf("Read(%q) = %v, %v, want one of both", body, doc, err)
		}
		if err == nil {
			doc.Say(fault.New(fault.Invalid, "menu.bad"), "dishes", 0, "code")
			err = doc.Err()
		}
		var all pack.Faults
		if !errors.As(err, &all) || len(all) == 0 {
			t.Fatalf("Read(%q) = %v, want Faults", body, err)
		}
	})
}
