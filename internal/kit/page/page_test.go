package page

import (
	"slices"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestSize_hasADefaultAndALimit(t *testing.T) {
	for limit, want := range map[int]int{0: Default, 1: 1, Max: Max} {
		if n, err := Size(limit); err != nil || n != want {
			t.Errorf("Size(%d) = %d, %v, want %d", limit, n, err, want)
		}
	}
	for _, limit := range []int{-1, Max + 1} {
		if n, err := Size(limit); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Size(%d) = %d, %v, want an Invalid fault", limit, n, err)
		}
	}
}

func TestPlace_readsWhatCursorWrites(t *testing.T) {
	parts := []string{"350500.350582.", "晋江", ""}
	if got, err := Place(Cursor(parts...), 3); err != nil || !slices.Equal(got, parts) {
		t.Errorf("Place(Cursor(%q)) = %q, %v", parts, got, err)
	}
	if got, err := Place("", 2); err != nil || !slices.Equal(got, []string{"", ""}) {
		t.Errorf("Place of the empty cursor = %q, %v, want two empty texts", got, err)
	}
	for _, c := range []string{"!", "eHg", Cursor("a"), Cursor("a", "b\x00"), Cursor("a", "b", "c")} {
		if got, err := Place(c, 2); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Place(%q) = %q, %v, want an Invalid fault", c, got, err)
		}
	}
}

func TestClean_refusesWhatNoColumnHolds(t *testing.T) {
	if err := Clean("", "晋江", "a b"); err != nil {
		t.Errorf("Clean = %v, want nil", err)
	}
	for _, s := range []string{"a\x00", "\xff"} {
		if err := Clean("a", s); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("Clean(%q) = %v, want an Invalid fault", s, err)
		}
	}
}

func TestLower_changesASCIIOnly(t *testing.T) {
	if got, want := Lower("AZaz09 ÄÉ园Ａ"), "azaz09 ÄÉ园Ａ"; got != want {
		t.Errorf("Lower = %q, want %q", got, want)
	}
}

func TestWhere_numbersArgumentsInOrder(t *testing.T) {
	var w Where
	if w.SQL() != "" {
		t.Errorf("SQL without conditions = %q, want none", w.SQL())
	}
	w.And("a = %s", 1)
	w.And("b IS NULL")
	w.And("c >= %s AND c < %s", 2, 3)
	AndIn(&w, "d", []string{"x", "y", "z"})
	if got := w.Arg(51); got != "$8" {
		t.Errorf("Arg = %s, want $8", got)
	}
	const want = " WHERE (a = $1) AND (b IS NULL) AND (c >= $2 AND c < $3) AND (d IN ($4, $5, $6, $7))"
	if w.SQL() != want || !slices.Equal(w.Args(), []any{1, 2, 3, "x", "y", "z", "z", 51}) {
		t.Errorf("SQL = %q with %v, want %q", w.SQL(), w.Args(), want)
	}
}

func FuzzPlace(f *testing.F) {
	f.Add(Cursor("a", "b"), 2)
	f.Add("", 1)
	f.Fuzz(func(t *testing.T, cursor string, n int) {
		if n < 0 || n > 9 {
			return
		}
		parts, err := Place(cursor, n)
		if err == nil && (len(parts) != n || Clean(parts...) != nil) {
			t.Fatalf("Place(%q, %d) = %q", cursor, n, parts)
		}
	})
}
