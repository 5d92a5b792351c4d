package form_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The published lists that nobody here wrote: each of their columns is called as a field of the form that takes them, so that
// a mapping finds it by itself. They are not part of the project.
func TestLoadShipped_takesTheColumnsOfPublishedLists(t *testing.T) {
	for _, x := range []struct {
		file, form string
		columns    int
	}{{"pipelines/repd_first_500_lines.csv", "project_list", 48}, {"registries/factories_sample.csv", "enterprise_register", 17}} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", filepath.FromSlash(x.file)))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("the collected data is not beside the project: no ../shared/data/%s", x.file)
		}
		if err != nil {
			t.Fatal(err)
		}
		heading, _, _ := strings.Cut(strings.TrimPrefix(string(raw), "\ufeff"), "\n")
		row, err := csv.NewReader(strings.NewReader(heading)).Read()
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, it := range newest(t, shipped(t), x.form).Items {
			for _, n := range append([]string{it.Field.Name.ZH, it.Field.Name.EN}, it.Field.Names...) {
				names[strings.ToLower(n)] = true
			}
		}
		n := 0
		for _, title := range row {
			if title = strings.TrimSpace(title); title == "" {
				continue
			}
			if n++; !names[strings.ToLower(title)] {
				t.Errorf("%s: no field of %s is called %q", x.file, x.form, title)
			}
		}
		if n != x.columns {
			t.Errorf("%s has %d columns, want %d", x.file, n, x.columns)
		}
	}
}
