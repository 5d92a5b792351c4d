package conform

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var orderChecks = []check{
	{"order_ofTextIsByteOrder", byteOrder},
	{"order_rangesFollowByteOrder", byteRanges},
	{"order_subtreeByPrefixRange", subtreeRange},
	{"order_ofNullsIsSaid", nullOrder},
	{"order_rowValuesCompareLeftToRight", rowValues},
	{"order_windowFunctions", windows},
}

// words hold what languages order in their own ways: case, punctuation, accents, Chinese by pinyin or stroke, full width.
var words = []string{
	"Zeta", "alpha", "Alpha", "zeta", "a b", "ab", "a-c", "aB", "éa", "e", "园区", "一", "丁", "安溪", "晋江", "泉州", "鲤城",
	"石狮", "南安", "𠀀", "Ａ", "", "1", "10", "2", "350500.", "350500.350582.", "350500/", "~",
}

func wordTable(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d, "CREATE TABLE word (v TEXT NOT NULL PRIMARY KEY)")
	write(t, d, func(ctx context.Context, w db.Writer) error {
		st, err := w.Prepare(ctx, "INSERT INTO word (v) VALUES ($1)")
		if err != nil {
			return err
		}
		for _, v := range words {
			if err := st.Exec(ctx, v); err != nil {
				return err
			}
		}
		return st.Close()
	})
}

func sorted() []string { return slices.Sorted(slices.Values(words)) }

func byteOrder(t *testing.T, d *db.DB) {
	wordTable(t, d)
	if got, want := column[string](t, d, "SELECT v FROM word ORDER BY v"), sorted(); !slices.Equal(got, want) {
		t.Errorf("ORDER BY v = %q, want %q", got, want)
	}
	got, want := column[string](t, d, "SELECT v FROM word ORDER BY v DESC"), sorted()
	slices.Reverse(want)
	if !slices.Equal(got, want) {
		t.Errorf("ORDER BY v DESC = %q, want %q", got, want)
	}
	if got := one[string](t, d, "SELECT MAX(v) FROM word"); got != want[0] {
		t.Errorf("MAX = %q, want %q", got, want[0])
	}
}

func byteRanges(t *testing.T, d *db.DB) {
	wordTable(t, d)
	for _, from := range words {
		want := slices.DeleteFunc(sorted(), func(v string) bool { return v <= from })
		got := column[string](t, d, "SELECT v FROM word WHERE v > $1 ORDER BY v", from)
		if !slices.Equal(got, want) {
			t.Errorf("v > %q = %q, want %q", from, got, want)
		}
	}
}

// subtreeRange pins how an org's subtree is found: every path that begins with P, by a range that an index serves. '/' is
// the byte after '.'.
func subtreeRange(t *testing.T, d *db.DB) {
	wordTable(t, d)
	got := column[string](t, d, "SELECT v FROM word WHERE v >= $1 AND v < $2 ORDER BY v", "350500.", "350500/")
	if want := []string{"350500.", "350500.350582."}; !slices.Equal(got, want) {
		t.Errorf("subtree = %q, want %q", got, want)
	}
}

func nullOrder(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY, n BIGINT)",
		"INSERT INTO item (id, n) VALUES (1, NULL), (2, 5), (3, NULL), (4, -5)")
	for order, want := range map[string][]int64{
		"n NULLS FIRST, id":      {1, 3, 4, 2},
		"n NULLS LAST, id":       {4, 2, 1, 3},
		"n DESC NULLS FIRST, id": {1, 3, 2, 4},
		"n DESC NULLS LAST, id":  {2, 4, 1, 3},
	} {
		if got := column[int64](t, d, "SELECT id FROM item ORDER BY "+order); !slices.Equal(got, want) {
			t.Errorf("ORDER BY %s = %v, want %v", order, got, want)
		}
	}
	// Without NULLS FIRST or LAST they disagree; documented here, banned in the stores.
	want := map[db.Engine]int64{db.SQLite: 1, db.Postgres: 4}[d.Engine()]
	if got := column[int64](t, d, "SELECT id FROM item ORDER BY n, id"); got[0] != want {
		t.Errorf("ORDER BY n begins with %d, want %d on %s", got[0], want, d.Engine())
	}
}

func rowValues(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE item (a TEXT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b))",
		"INSERT INTO item (a, b) VALUES ('乙', 1), ('乙', 2), ('丙', 1), ('甲', 9)")
	ctx := context.Background()
	var got []string
	err := d.Read(ctx, func(r db.Reader) error {
		return db.Each(ctx, r, func(s db.Scanner) error {
			var a string
			var b int64
			err := s.Scan(&a, &b)
			got = append(got, fmt.Sprint(a, b))
			return err
		}, "SELECT a, b FROM item WHERE (a, b) > ($1, $2) ORDER BY a, b", "乙", 1)
	})
	if want := []string{"乙2", "甲9"}; err != nil || !slices.Equal(got, want) { // 丙 U+4E19 < 乙 U+4E59 < 甲 U+7532
		t.Errorf("(a, b) > (乙, 1) = %q, %v, want %q", got, err, want)
	}
}

func windows(t *testing.T, d *db.DB) {
	must(t, d, "CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY, g TEXT NOT NULL, n BIGINT NOT NULL)",
		"INSERT INTO item (id, g, n) VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 5)")
	got := column[int64](t, d, `WITH ranked AS (
			SELECT id, n, ROW_NUMBER() OVER (PARTITION BY g ORDER BY n DESC, id) AS place FROM item)
		SELECT id FROM ranked WHERE place = 1 ORDER BY id`)
	if want := []int64{2, 3}; !slices.Equal(got, want) {
		t.Errorf("first of each group = %v, want %v", got, want)
	}
}
