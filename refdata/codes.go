package refdata

import (
	"io/fs"
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/kit/division"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
)

// Division is an administrative division (行政区划) with its names.
type Division struct {
	Code   division.Code
	NameZH string
	NameEN string
}

var (
	industries = sync.OnceValues(func() (*industry.Catalogue, error) {
		rows, err := readIndustries(files)
		if err != nil {
			return nil, err
		}
		return industry.NewCatalogue(slices.Values(rows))
	})
	divisions = sync.OnceValues(func() ([]Division, error) { return readDivisions(files) })
)

// Industries is the industry classification (国民经济行业分类, GB/T 4754-2017), 4 levels.
func Industries() (*industry.Catalogue, error) { return industries() }

// Divisions lists the divisions that the cities of this package need, each below the one that holds it. The caller owns
// the slice.
func Divisions() ([]Division, error) {
	list, err := divisions()
	return slices.Clone(list), err
}

func readIndustries(fsys fs.FS) ([]industry.Row, error) {
	t, err := readTable(fsys, "codes/industry.csv", "code", "parent", "section", "name")
	if err != nil {
		return nil, err
	}
	list := make([]industry.Row, 0, len(t.rows))
	for i := range t.rows {
		list = append(list, industry.Row{Code: t.text(i, "code"), Parent: t.optional(i, "parent"), Section: t.text(i, "section"), Name: t.text(i, "name")})
	}
	return list, t.err()
}

func readDivisions(fsys fs.FS) ([]Division, error) {
	t, err := readTable(fsys, "codes/divisions.csv", "code", "name_zh", "name_en")
	if err != nil {
		return nil, err
	}
	list := make([]Division, 0, len(t.rows))
	seen := map[string]int{}
	for i := range t.rows {
		code, err := division.Parse(t.text(i, "code"))
		if err != nil {
			t.fail(i, "code", "%v", err)
		}
		t.unique(i, seen, "code", string(code))
		if _, ok := seen[string(code.Parent())]; !ok && code.Level() != division.Province {
			t.fail(i, "code", "%s stands above the division %s that holds it", code, code.Parent())
		}
		list = append(list, Division{code, t.text(i, "name_zh"), t.text(i, "name_en")})
	}
	return list, t.err()
}
