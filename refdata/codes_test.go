package refdata

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/industry"
)

func TestIndustries_hasTheStandardsFourLevels(t *testing.T) {
	c, err := Industries()
	if err != nil {
		t.Fatal(err)
	}
	var levels [5]int
	var count func(industry.Code)
	count = func(parent industry.Code) {
		for _, code := range c.Children(parent) {
			levels[code.Level()]++
			count(code)
		}
	}
	count("")
	// GB/T 4754-2017: 20 门类, 97 大类, 473 中类, 1381 小类.
	if levels != [5]int{0, 20, 97, 473, 1381} || c.Len() != 20+97+473+1381 {
		t.Errorf("levels = %v of %d, want 20, 97, 473, 1381", levels[1:], c.Len())
	}
	for code, want := range map[industry.Code]string{"C": "制造业", "19": "皮革、毛皮、羽毛及其制品和制鞋业", "1952": "皮鞋制造", "3972": "半导体分立器件制造"} {
		if got := c.Name(code); got != want {
			t.Errorf("Name(%s) = %q, want %q", code, got, want)
		}
	}
}

func TestSources_coverEveryTable(t *testing.T) {
	sources, err := Sources()
	if err != nil {
		t.Fatal(err)
	}
	var listed, present []string
	for _, s := range sources {
		listed = append(listed, s.File)
		if s.Title == "" || s.Issuer == "" || s.Number == "" || s.Date == "" {
			t.Errorf("%s: title, issuer, number and date are needed, have %+v", s.File, s)
		}
	}
	for _, folder := range []string{"codes", "cities"} {
		err := fs.WalkDir(files, folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasSuffix(path, "city.yaml") {
				present = append(present, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(listed)
	slices.Sort(present)
	if !slices.Equal(listed, present) {
		t.Errorf("sources.yaml lists %v, want one line for each of %v", listed, present)
	}
}
