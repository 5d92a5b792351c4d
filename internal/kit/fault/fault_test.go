package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestWrap_keepsKindKeyAndCause(t *testing.T) {
	cause := errors.New("disk")
	err := Wrap("park.Get", Wrap("db.Row", Because(cause, NotFound, "park.not_found", "id", "P1")))
	if KindOf(err) != NotFound || !errors.Is(err, cause) {
		t.Fatalf("KindOf = %v, Is(cause) = %v, want not_found, true", KindOf(err), errors.Is(err, cause))
	}
	f, ok := Of(err)
	if !ok || f.Key != "park.not_found" || f.Args["id"] != "P1" {
		t.Fatalf("Of = %+v, want the key and arguments of the innermost fault", f)
	}
	if got, want := err.Error(), "park.Get: db.Row: not_found park.not_foundmap[id:P1]: disk"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestKindOf_unclassifiedIsInternal(t *testing.T) {
	if KindOf(fmt.Errorf("x")) != Internal || Wrap("op", nil) != nil {
		t.Error("an unclassified error must be internal, and wrapping nil must give nil")
	}
	if !errors.Is(New(Stale, "row.stale"), New(Stale, "")) || errors.Is(New(Stale, "a"), New(Stale, "b")) {
		t.Error("Is must match kind, and key where the target has one")
	}
}
