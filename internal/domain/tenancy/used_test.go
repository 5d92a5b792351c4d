package tenancy_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

func entry(s tenancy.Stage, w tenancy.Way, seq int64, day period.Date) tenancy.Entry {
	return tenancy.Entry{Stage: s, Way: w, Seq: seq, Day: day, Nature: figure.Declared, Source: "s"}
}

func TestUsed_verifiedThenClaimedThenDeemedAndNeverPlanned(t *testing.T) {
	const p = tenancy.Production
	planned, deemed := entry(p, tenancy.Planned, 1, 20240101), entry(p, tenancy.Deemed, 1, 20240301)
	claimed, corrected := entry(p, tenancy.Claimed, 1, 20240201), entry(p, tenancy.Claimed, 2, 20240215)
	verified := entry(p, tenancy.Verified, 1, 20240401)
	for _, x := range []struct {
		name    string
		entries []tenancy.Entry
		want    period.Date
	}{
		{"nothing", nil, 0},
		{"a plan", []tenancy.Entry{planned}, 0},
		{"another stage", []tenancy.Entry{entry(tenancy.Signed, tenancy.Verified, 1, 20230101)}, 0},
		{"deemed", []tenancy.Entry{planned, deemed}, 20240301},
		{"claimed before deemed", []tenancy.Entry{deemed, claimed, planned}, 20240201},
		{"the correction", []tenancy.Entry{corrected, claimed, deemed}, 20240215},
		{"verified before all", []tenancy.Entry{planned, deemed, claimed, corrected, verified}, 20240401},
	} {
		e, ok := tenancy.Used(x.entries, p)
		if e.Day != x.want || ok != (x.want != 0) {
			t.Errorf("%s: Used = %d, %v, want %d", x.name, e.Day, ok, x.want)
		}
	}
	if e, ok := tenancy.PlannedFor([]tenancy.Entry{verified, planned, entry(p, tenancy.Planned, 2, 20240601)}, p); !ok || e.Day != 20240601 {
		t.Errorf("PlannedFor = %d, %v, want the latest plan 20240601", e.Day, ok)
	}
}

func TestUsed_doesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []tenancy.Entry
		seq := map[[2]uint8]int64{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			s := tenancy.Stage(rapid.Uint8Range(1, 11).Draw(t, "stage"))
			w := tenancy.Way(rapid.Uint8Range(1, 4).Draw(t, "way"))
			k := [2]uint8{uint8(s), uint8(w)}
			seq[k]++
			entries = append(entries, entry(s, w, seq[k], period.DateOf(2024, rapid.IntRange(1, 12).Draw(t, "month"), 1)))
		}
		shuffled := rapid.Permutation(entries).Draw(t, "shuffled")
		asOf := period.DateOf(2024, rapid.IntRange(1, 12).Draw(t, "as of"), 15)
		if a, b := tenancy.Current(entries, asOf), tenancy.Current(shuffled, asOf); a != b {
			t.Fatalf("Current = %v and %v of the same entries", a, b)
		}
		for _, s := range tenancy.Stages() {
			a, aok := tenancy.Used(entries, s)
			b, bok := tenancy.Used(shuffled, s)
			if a != b || aok != bok || aok && a.Way == tenancy.Planned {
				t.Fatalf("Used(%v) = %v and %v of the same entries", s, a, b)
			}
		}
	})
}

func TestCurrent_isTheFurthestByThatDay(t *testing.T) {
	entries := []tenancy.Entry{
		entry(tenancy.Signed, tenancy.Claimed, 1, 20230415), entry(tenancy.Production, tenancy.Claimed, 1, 20240110),
		entry(tenancy.Enrolled, tenancy.Planned, 1, 20240601), entry(tenancy.Cleared, tenancy.Claimed, 1, 20250000),
	}
	for day, want := range map[period.Date]tenancy.Stage{
		20230414: tenancy.NoStage, 20230415: tenancy.Signed, 20240109: tenancy.Signed, 20240110: tenancy.Production,
		20241231: tenancy.Production, 20250101: tenancy.Cleared, 0: tenancy.Cleared,
	} {
		if got := tenancy.Current(entries, day); got != want {
			t.Errorf("Current(%d) = %q, want %q", day, got, want)
		}
	}
}

func TestHome_picksOnePark(t *testing.T) {
	june := period.MonthOf(2024, 6)
	for _, x := range []struct {
		name string
		rows []tenancy.Presence
		want string
	}{
		{"none", nil, ""},
		{"never signed", []tenancy.Presence{{ID: "a"}}, ""},
		{"signed later", []tenancy.Presence{{ID: "a", Since: 20240701}}, ""},
		{"signed in the month", []tenancy.Presence{{ID: "a", Since: 20240630}}, "a"},
		{"cleared by the end of the month", []tenancy.Presence{{ID: "a", Since: 20200101, Production: 20200101, Cleared: 20240630}}, ""},
		{"cleared later", []tenancy.Presence{{ID: "a", Since: 20200101, Cleared: 20240701}}, "a"},
		{"cleared in a month whose day nobody stated", []tenancy.Presence{{ID: "a", Since: 20200101, Cleared: 20240600}}, ""},
		{"in production first", []tenancy.Presence{{ID: "a", Since: 20230101, Production: 20240101}, {ID: "b", Since: 20230101, Production: 20230601}}, "b"},
		{"the producing one before the lesser id", []tenancy.Presence{{ID: "a", Since: 20230101}, {ID: "b", Since: 20240101, Production: 20240601}}, "b"},
		{"not yet in production", []tenancy.Presence{{ID: "a", Since: 20230101}, {ID: "b", Since: 20230101, Production: 20240701}}, "a"},
		{"same day", []tenancy.Presence{{ID: "b", Since: 20230101, Production: 20230601}, {ID: "a", Since: 20230101, Production: 20230601}}, "a"},
		{"the first one was cleared", []tenancy.Presence{{ID: "a", Since: 20200101, Production: 20200101, Cleared: 20240101}, {ID: "b", Since: 20231201}}, "b"},
	} {
		i, ok := tenancy.Home(x.rows, june)
		got := ""
		if ok {
			got = string(x.rows[i].ID)
		}
		if got != x.want {
			t.Errorf("%s: Home = %q, want %q", x.name, got, x.want)
		}
	}
}

func TestHome_doesNotDependOnTheOrder(t *testing.T) {
	days := []period.Date{0, 20230000, 20230601, 20240600, 20240615, 20240701}
	rapid.Check(t, func(t *rapid.T) {
		var rows []tenancy.Presence
		for i := range rapid.IntRange(0, 5).Draw(t, "n") {
			day := func(name string) period.Date { return rapid.SampledFrom(days).Draw(t, name) }
			rows = append(rows, tenancy.Presence{ID: tenancy.ID(fmt.Sprint(i)), Since: day("since"), Production: day("production"), Cleared: day("cleared")})
		}
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		i, ok := tenancy.Home(rows, period.MonthOf(2024, 6))
		j, sok := tenancy.Home(shuffled, period.MonthOf(2024, 6))
		if ok != sok || ok && rows[i].ID != shuffled[j].ID {
			t.Fatalf("Home = %d, %v of %v and %d, %v of %v", i, ok, rows, j, sok, shuffled)
		}
	})
}
