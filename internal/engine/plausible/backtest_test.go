package plausible

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The thresholds were chosen on seeds 1 to 6. The test uses others, so that it says how the engine does on a city that
// nobody looked at.
var testSeeds = []uint64{101, 102, 103, 104, 105}

func TestBackTest_reachesRecallAndPrecision(t *testing.T) {
	for _, seed := range testSeeds {
		r, err := BackTest(t.Context(), seed, BackTestOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if seed == testSeeds[0] {
			t.Log(r.String())
		} else {
			t.Log(r.String()[strings.LastIndex(r.String(), "recall"):])
		}
		if r.Recall() < 0.9 || r.Precision() < 0.8 {
			t.Errorf("seed %d: recall %.3f, precision %.3f, want at least 0.9 and 0.8\n%s", seed, r.Recall(), r.Precision(), r)
		}
		if r.FalseAlarms() > 0.01 {
			t.Errorf("seed %d: %.4f of the honest entity-months raise an alarm, want at most 0.01", seed, r.FalseAlarms())
		}
		if r.Faults < 190 || len(r.Kinds) != len(kinds) {
			t.Errorf("seed %d: only %d faults of %d kinds were seeded", seed, r.Faults, len(r.Kinds))
		}
	}
}

// A rougher city than the thresholds were made for: what the numbers are worth where series are half as rough again.
func TestBackTest_degradesGently(t *testing.T) {
	r, err := BackTest(t.Context(), 101, BackTestOptions{Noise: 1.5})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r.String()[strings.LastIndex(r.String(), "recall"):])
	if r.Recall() < 0.85 || r.FalseAlarms() > 0.02 {
		t.Errorf("noise ×1.5: recall %.3f, false alarms %.4f, want at least 0.85 and at most 0.02\n%s", r.Recall(), r.FalseAlarms(), r)
	}
}

func TestBackTest_sameSeedSameAnswer(t *testing.T) {
	o := BackTestOptions{Entities: 200, Faults: 3}
	a, err := BackTest(t.Context(), 9, o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := BackTest(t.Context(), 9, o)
	if err != nil || a.String() != b.String() {
		t.Errorf("two back-tests with one seed differ (%v):\n%s\n%s", err, a, b)
	}
}

func TestFindings_everyKeyHasTextsThatTheArgumentsFill(t *testing.T) {
	c := makeCity(101, BackTestOptions{}.filled())
	c.spoil(101, 10)
	found, err := Find(t.Context(), c.input(), Default())
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`\{([a-z_]+)(:[a-z.]+)?\}`)
	seen := map[string]bool{}
	for _, lang := range []string{"zh-CN", "en"} {
		texts, err := os.ReadFile("../../../refdata/messages/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			seen[x.Key] = true
			_, text, ok := strings.Cut("\n"+string(texts), "\n"+x.Key+": ")
			if !ok {
				t.Fatalf("%s has no text for %q", lang, x.Key)
			}
			text, _, _ = strings.Cut(text, "\n")
			for _, m := range place.FindAllStringSubmatch(text, -1) {
				if _, ok := x.Args[m[1]]; !ok {
					t.Errorf("%s: the text of %q needs {%s}, the finding gives %v", lang, x.Key, m[1], x.Args)
				}
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d keys were seen: %v", len(seen), seen)
	}
}

func TestFindings_restOnFiledValues(t *testing.T) {
	c := makeCity(102, BackTestOptions{}.filled())
	c.spoil(102, 5)
	in := c.input()
	found, err := Find(t.Context(), in, Default())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*Entity{}
	for i := range in.Entities {
		by[in.Entities[i].ID] = &in.Entities[i]
	}
	for _, x := range found {
		if len(x.Evidence) == 0 {
			t.Errorf("%s of %s %s has no evidence", x.Check, x.Entity, x.Month)
		}
		for _, row := range x.Evidence {
			v := by[row.Entity].Values[in.field(row.Field)][int(row.Month-in.First)]
			if v != Some(row.Value) {
				t.Errorf("%s rests on %+v, filed was %+v", x.Check, row, v)
			}
			if row.Entity != x.Entity && !slices.Contains(x.Also, row.Entity) {
				t.Errorf("%s of %s shows a row of %s", x.Check, x.Entity, row.Entity)
			}
		}
	}
}
