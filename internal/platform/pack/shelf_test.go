package pack_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

func TestShelf_loadsOncePerCityAndMark(t *testing.T) {
	var shelf pack.Shelf[string]
	loads := 0
	for _, c := range []struct {
		city string
		now  pack.Mark
		want string
	}{
		{"a", pack.Mark{}, "a1"},
		{"a", pack.Mark{}, "a1"},
		{"b", pack.Mark{}, "b2"},
		{"a", pack.Mark{Count: 1, Latest: 7}, "a3"},
		{"a", pack.Mark{Count: 1, Latest: 7}, "a3"},
		{"a", pack.Mark{Count: 2, Latest: 7}, "a4"}, // two within a microsecond
		{"b", pack.Mark{}, "b2"},
	} {
		got, err := shelf.Get(c.city, c.now, func() (string, error) {
			loads++
			return fmt.Sprint(c.city, loads), nil
		})
		if got != c.want || err != nil {
			t.Errorf("Get(%s, %+v) = %q, %v, want %q", c.city, c.now, got, err, c.want)
		}
	}
}

func TestShelf_keepsNothingOfAFailedLoad(t *testing.T) {
	var shelf pack.Shelf[string]
	gone := errors.New("gone")
	for _, want := range []error{gone, nil} {
		if _, err := shelf.Get("a", pack.Mark{}, func() (string, error) { return "a", want }); !errors.Is(err, want) {
			t.Errorf("Get = %v, want %v", err, want)
		}
	}
}
