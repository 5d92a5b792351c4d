package audit_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// seen is a view that remembers how it came about: "load" and what was touched since.
type seen struct {
	sequence int64
	day      int
	story    string
}

// told gathers touches; "wide" reaches further than its row, "whole" needs everything anew, "broken" is an error.
type told struct {
	old *seen
	ids []string
}

var errBroken = errors.New("broken")

func (c *told) Add(touches []audit.Touch) bool {
	for _, one := range touches {
		if one.ID == "whole" {
			return false
		}
		c.ids = append(c.ids, one.ID)
	}
	return true
}

func (c *told) Apply(_ context.Context, _ db.Reader, sequence int64) (*seen, error) {
	switch all := strings.Join(c.ids, "+"); {
	case strings.Contains(all, "wide"):
		return nil, nil
	case strings.Contains(all, "broken"):
		return nil, errBroken
	default:
		return &seen{sequence, c.old.day, c.old.story + " " + all}, nil
	}
}

func TestFollower_catchesUpOrReadsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		day, useful := 1, true
		f := audit.NewFollower(d, audit.Follow[seen]{
			City: city, Limit: 10,
			Sequence: func(v *seen) int64 { return v.sequence },
			Current:  func(v *seen) bool { return v.day == day },
			Load: func(_ context.Context, _ db.Reader, sequence int64) (*seen, error) {
				return &seen{sequence, day, "load"}, nil
			},
			Changes: func(old *seen) audit.Changes[seen] {
				if !useful || old.day != day {
					return nil
				}
				return &told{old: old}
			},
		})
		touch := func(ids ...string) {
			var rows []audit.Touch
			for _, id := range ids {
				rows = append(rows, audit.Touch{Kind: "k", ID: id})
			}
			appendAll(t, d, entry(1, rows...))
		}
		for _, step := range []struct {
			what  string
			do    func()
			story string
			loads int64
		}{
			{"the first", func() {}, "load", 1},
			{"nothing new", func() {}, "load", 1},
			{"a row", func() { touch("a") }, "load a", 1},
			{"two lines", func() { touch("b"); touch("c", "d") }, "load a b+c+d", 1},
			{"a change that reaches further", func() { touch("wide") }, "load", 2},
			{"a whole kind", func() { touch("whole") }, "load", 3},
			{"another day", func() { day = 2 }, "load", 4},
			{"a row again", func() { touch("e") }, "load e", 4},
			{"a view of no use", func() { useful = false; touch("f") }, "load", 5},
		} {
			step.do()
			v, err := f.Now(context.Background())
			if err != nil || v.story != step.story || f.Loads() != step.loads {
				t.Errorf("Now after %s = %+v, %v with %d loads, want %q with %d", step.what, v, err, f.Loads(), step.story, step.loads)
			}
		}
		useful = true
		touch("broken")
		if _, err := f.Now(context.Background()); !errors.Is(err, errBroken) {
			t.Errorf("Now = %v, want the error of Apply", err)
		}
		touch("whole")
		if v, err := f.Now(context.Background()); err != nil || v.story != "load" {
			t.Errorf("Now after an error = %+v, %v, want another try", v, err)
		}
		if n := f.Loads(); n != 6 {
			t.Errorf("Loads = %d, want 6", n)
		}
	})
}
